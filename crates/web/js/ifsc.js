// The IFSC registry: loaded when it is asked for, once, and then answered by the wasm. `pack` is the entry's own way to its bytes.
//
// Codes cross together, joined by U+0000; back come numbers, and what a number means crosses once. So the same answers are the same frozen
// objects, and a hundred thousand codes cost two crossings and one for each bank.
import { pack } from "toran:pack";
import { start } from "toran:start";
import * as core from "./toran_web.js";

/** More than any code; a text beyond it is none, and is not sent across. */
const LONGEST = 100;
/** More than any list; a proxy may claim any length. */
const MOST_CODES = 1_000_000;

const answers = new Map();
let encoder, loading;

const text = (code) => (typeof code === "string" && code.length <= LONGEST ? code : "");
const whole = (code) => (code.includes("\0") ? "" : code);

/** The texts of a list; none where it cannot be read, for anybody's code may stand behind it. */
function read(codes) {
  const texts = [];
  try {
    const length = Array.isArray(codes) && codes.length <= MOST_CODES ? codes.length : 0;
    for (let index = 0; index < length; index += 1) texts.push(text(codes[index]));
    return texts;
  } catch {
    return [];
  }
}

/** A number for each of these texts. One that has a separator inside, which is no code, would count as two. */
function find(texts) {
  encoder ??= new TextEncoder();
  const found = core.ifscFind(encoder.encode(texts.join("\0")));
  return found.length === texts.length ? found : find(texts.map(whole));
}

function meaning(finding) {
  const [status, bank, into, prefix] = core.ifscAnswer(finding).split("\n");
  return Object.freeze({ status, ...(bank && { bank }), ...(prefix && { successor: Object.freeze({ bank: into, prefix }) }) });
}

function answer(finding) {
  let known = answers.get(finding);
  if (known === undefined) answers.set(finding, (known = meaning(finding)));
  return known;
}

async function load() {
  start();
  if (!core.ifscOpen(await pack())) throw new Error("it is damaged, or of another version than this script");
}

export function loadIfsc() {
  loading ??= load().catch((cause) => {
    // The next call tries again: a connection comes back.
    loading = undefined;
    throw new Error(`toran could not load its IFSC registry. (${cause})`, { cause });
  });
  return loading;
}

export function lookupIfsc(code) {
  return lookupIfscMany([code])[0];
}

export function lookupIfscMany(codes) {
  start();
  const texts = read(codes);
  if (texts.length === 0) return [];
  const found = find(texts);
  const all = new Array(found.length);
  for (let index = 0; index < found.length; index += 1) all[index] = answer(found[index]);
  return all;
}
