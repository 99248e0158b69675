// What a proof asks: inputs of every kind and bodies of every operation, drawn from the vectors, mutated, and out of thin air. A seed
// draws the same ones everywhere. Nobody's data: the vectors are synthetic, and what is drawn from them is noise.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { at } from "../../tools/project.mjs";
import { vectors } from "./consumer.mjs";

/** Draws: `below(n)`, `pick(list)` and `odds(p)`, the same for the same seed (mulberry32). */
export function draws(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count) => Math.floor(next() * count);
  return { below, pick: (list) => list[below(list.length)], odds: (chance) => next() < chance };
}

const KINDS = vectors();
const INPUTS = KINDS.flatMap(({ valid, invalid }) => [...valid, ...invalid].map(({ input }) => input)).filter((input) => typeof input === "string");

// Characters that mean something to one rule or another, and those that pass for others; lone surrogates among them.
const TELLING = [..." -/.@_+'&(),:0O1Il\t\n\r\0\u007f\u00a0\u00ad\u0130\u0131\u017f\u0301\u0410\u0415\u0660\u0966\u09e6\u0ae8\u0970\u200b\u200c\u200d\u200e\u200f\u2010\u2019\u2028\u202e\u2060\u212a\u3000\ufeff\uff10\uff21\ufffd\u{1d7ce}\u{1f600}", "\ud800", "\udbff", "\udc00"];
const BLANKS = ["", " ", "\t", "  ", "\n", "\u00a0", "\u3000", "\u200b"];
/** Where each script's digits begin. */
const ZEROS = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0be6, 0x0ce6, 0x0d66, 0xff10, 0x1d7ce];
const VALUES = [null, undefined, true, false, 0, -0, 1, 2, 3, 1.5, -1, 1 + 2 ** -52, 1 - 2 ** -53, 9876543210, 2 ** 53 + 2, 1e21, 5e-324, [], {}, [null], ["9876543210"], { length: 10 }, { kind: "pan" }];
/** One of them, of its own: what is edited in one body is in no other. */
const odd = (draw) => structuredClone(draw.pick(VALUES));
const LONGEST = 4096;

const within = (draw, text) => draw.below(text.length + 1);
const character = (draw) => (draw.odds(0.3) ? String.fromCharCode(draw.below(0x80)) : draw.odds(0.7) ? draw.pick(TELLING) : String.fromCharCode(draw.below(0x10000)));
const replaced = (text, from, to, middle) => text.slice(0, from) + middle + text.slice(to);
const letter = (draw, first) => String.fromCharCode(first + draw.below(26));

/** Other digits and letters in their places. */
const alike = (draw, text) => text.replace(/\d/g, () => draw.below(10)).replace(/[A-Z]/g, () => letter(draw, 65)).replace(/[a-z]/g, () => letter(draw, 97));

const CHANGES = [
  (draw, text) => replaced(text, within(draw, text), within(draw, text), ""),
  (draw, text, place = within(draw, text)) => replaced(text, place, place, character(draw)),
  (draw, text, place = within(draw, text)) => replaced(text, place, place + 1, character(draw)),
  (draw, text, place = within(draw, text)) => replaced(text, place, place + 1, ""),
  (draw, text, place = within(draw, text)) => replaced(text, place, place + 2, text.slice(place, place + 2).split("").reverse().join("")),
  (draw, text) => text + text.slice(within(draw, text)),
  (draw, text) => text + draw.pick(INPUTS),
  (draw, text) => draw.pick(BLANKS) + text + draw.pick(BLANKS),
  (draw, text) => (draw.odds(0.5) ? text.toLowerCase() : text.toUpperCase()),
  (draw, text, zero = draw.pick(ZEROS)) => text.replace(/\d/g, (digit) => (draw.odds(0.9) ? String.fromCodePoint(zero + Number(digit)) : digit)),
  (draw, text) => text.split("").join(draw.pick(TELLING)),
  (draw, text) => text.replace(/[^\w]/g, ""),
  alike,
];

function changed(draw, text) {
  const times = 1 + draw.below(3);
  for (let time = 0; time < times; time += 1) text = draw.pick(CHANGES)(draw, text);
  // Doubling upon doubling has an end.
  return text.slice(0, 2 * LONGEST);
}

const noise = (draw) => Array.from({ length: draw.below(40) }, () => character(draw)).join("");

/** A few characters, often all the same, of which hardly any says anything. */
const little = (draw) => (draw.odds(0.5) ? draw.pick(TELLING).repeat(1 + draw.below(6)) : Array.from({ length: 1 + draw.below(6) }, () => draw.pick(TELLING)).join(""));

/** About as long as the longest that is read, in whatever units. */
const long = (draw) => draw.pick(["9", "A", "\u0966", "\u{1f600}", "\ud800", " "]).repeat(LONGEST + draw.below(5) - 2).slice(0, LONGEST + draw.below(4)) + draw.pick(BLANKS);

/** What might stand in place of `text`. */
function other(draw, text) {
  const chance = draw.below(100);
  if (chance < 15) return draw.pick(INPUTS);
  if (chance < 30) return alike(draw, text);
  if (chance < 75) return changed(draw, text);
  if (chance < 80) return little(draw);
  if (chance < 88) return noise(draw);
  return chance < 99 ? odd(draw) : long(draw);
}

/** An input and the kind that it is said to be: `{ kind, input }`. */
export function value(draw) {
  const { kind, valid, invalid } = draw.pick(KINDS);
  const { input } = draw.pick(draw.odds(0.7) ? valid : invalid);
  const named = draw.odds(0.02) ? draw.pick([noise(draw), kind.toUpperCase(), "ration_card", "__proto__", undefined, 7]) : kind;
  return { kind: named, input: draw.odds(0.2) ? input : other(draw, typeof input === "string" ? input : "") };
}

const { pairs: PAIRS } = JSON.parse(readFileSync(at("tests", "vectors", "names", "development.json"), "utf8"));
const POLICIES = ["pan_customer", "pan_bank", "pan_aadhaar", "pan_kra", "pan_ckyc", undefined, "PAN_BANK", 7];

/** Two names and a policy. */
export function names(draw) {
  const pair = draw.pick(PAIRS);
  const name = (text) => (draw.odds(0.5) ? text : draw.odds(0.2) ? draw.pick(PAIRS).a : other(draw, text));
  return [name(pair.a), name(pair.b), draw.pick(POLICIES)];
}

const FOLDER = at("tests", "vectors", "operations");

/** The operations and their vectors' sound bodies. */
export const OPERATIONS = readdirSync(FOLDER)
  .map((name) => JSON.parse(readFileSync(join(FOLDER, name), "utf8")))
  .map(({ operation, cases }) => ({ operation, bodies: cases.filter(({ body, ok }) => ok && body).map(({ body }) => body) }));

/** A place in a body: the object or list that holds it, and its name there. */
function place(draw, body) {
  let [holder, name] = [body, draw.pick(Object.keys(body))];
  while (typeof holder[name] === "object" && holder[name] !== null && Object.keys(holder[name]).length > 0 && draw.odds(0.9)) {
    [holder, name] = [holder[name], draw.pick(Object.keys(holder[name]))];
  }
  return [holder, name];
}

// What may become of one place of a body; the donor is another sound one.
const EDITS = [
  (draw, holder, name) => (holder[name] = typeof holder[name] === "string" ? alike(draw, holder[name]) : odd(draw)),
  (draw, holder, name) => (holder[name] = typeof holder[name] === "string" ? changed(draw, holder[name]) : !holder[name]),
  (draw, holder, name) => (holder[name] = other(draw, typeof holder[name] === "string" ? holder[name] : "")),
  (draw, holder, name) => (holder[name] = draw.pick(BLANKS) + holder[name] + draw.pick(BLANKS)),
  (draw, holder, name) => (holder[name] = little(draw)),
  (draw, holder, name) => (holder[name] = odd(draw)),
  (draw, holder, name) => delete holder[name],
  (draw, holder, name, donor) => Object.assign(holder, donor),
  (draw, holder, name, donor) => (holder[name] = draw.pick(Object.values(donor))),
  (draw, holder) => (holder[draw.pick(["no_such_field", "__proto__", "7", "", "constructor", noise(draw)])] = odd(draw)),
];
/** The first few keep most bodies sound. */
const GENTLE = EDITS.slice(0, 5);

/** A body of an operation that is sound, or was before it was edited: `{ operation, body }`. */
export function request(draw, { operation, bodies } = draw.pick(OPERATIONS)) {
  const body = structuredClone(draw.pick(bodies));
  const gentle = draw.odds(0.7);
  const edits = draw.below(4);
  for (let edit = 0; edit < edits && Object.keys(body).length > 0; edit += 1) {
    draw.pick(gentle ? GENTLE : EDITS)(draw, ...place(draw, body), structuredClone(draw.pick(bodies)));
  }
  return { operation, body };
}

/** What is no request of anything, or as large and deep as one may be. */
export function oddity(draw) {
  const { operation, bodies } = draw.pick(OPERATIONS);
  const body = structuredClone(draw.pick(bodies));
  const within = (count) => Array(count).fill().reduce((inner) => (draw.odds(0.5) ? { inner } : [inner]), odd(draw));
  return draw.pick([
    () => ({ operation, body: odd(draw) }),
    () => ({ operation: noise(draw), body }),
    () => ({ operation, body: { ...body, [draw.pick(Object.keys(body))]: within(122 + draw.below(8)) } }),
    () => ({ operation, body: { ...body, consent_record: { channel: draw.pick(["x", "\u0966", "\ud800", "\n"]).repeat(draw.below(70_000)) } } }),
    () => ({ operation, body: Object.fromEntries(Array.from({ length: 30 }, () => [noise(draw), 1])) }),
  ])();
}
