// Hindi: whatever a kind can say, it says in Hindi too. Asked of the vectors, of values near them, and of the keys in the core's source.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { HINTS, KEYS, KINDS, REASONS } from "../../crates/web/js/hindi.js";
import { at } from "../../tools/project.mjs";
import { PACKAGE, vectors } from "./consumer.mjs";

const DEVANAGARI = /[\u0900-\u097f]/;
const PIECES = ["", " ", "-", "/", ".", "@", "0", "O", "I", "9", "5", "A", "z", "P", "+91", "IN", "\u200b", "\u0430", "\u0967", "\ufffd", "\u{1f600}", ".com", "@gmial.com"];

let toran;

before(async () => {
  toran = await import(pathToFileURL(join(PACKAGE, "index.js")).href);
});

afterEach(() => toran.setLocale("en"));

// The same numbers in every run (xorshift).
function numbers(seed) {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** A value near one: a piece in the place of up to two of its characters. */
function near(input, draw) {
  const from = draw(input.length + 1);
  return input.slice(0, from) + PIECES[draw(PIECES.length)] + input.slice(from + draw(3));
}

function everything() {
  const draw = numbers(20261121);
  return vectors().flatMap(({ kind, valid, invalid }) => {
    const inputs = [...valid, ...invalid].map(({ input }) => input);
    const texts = inputs.filter((input) => typeof input === "string" && input.length < 200);
    const mutated = Array.from({ length: 1500 }, () => near(texts[draw(texts.length)], draw));
    return [...inputs, ...mutated, undefined, null, 7, "", " "].map((input) => ({ kind, input }));
  });
}

const said = (verdict) => verdict.issues ?? verdict.warnings;

test("every message and hint has its Hindi words, and nothing else changes", () => {
  const items = [...everything(), { kind: "no_kind", input: "" }];
  const english = toran.validateMany(items);
  toran.setLocale("hi");
  const hindi = toran.validateMany(items);
  for (const [index, verdict] of hindi.entries()) {
    for (const [place, issue] of said(verdict).entries()) {
      const original = said(english[index])[place];
      assert.equal(issue.key, original.key);
      for (const part of ["message", "hint"]) {
        assert.equal(part in issue, part in original);
        if (!(part in issue)) continue;
        assert.match(issue[part], DEVANAGARI, `${issue.key}: ${original[part]}`);
        assert.doesNotMatch(issue[part], /\{\}|undefined/, `${issue.key}: ${original[part]}`);
        issue[part] = original[part];
      }
    }
    assert.deepEqual(verdict, english[index]);
  }
});

const CORE = at("crates", "core", "src");
const folder = (name) => readdirSync(join(CORE, name)).filter((file) => file.endsWith(".rs")).map((file) => join(name, file));
const sources = [...folder("ids"), ...folder("ifsc"), "banks.rs"].map((path) => readFileSync(join(CORE, path), "utf8").split("#[cfg(test)]")[0]);

test("no key of the core's source is without words", () => {
  const keys = new Set(sources.flatMap((source) => [...source.matchAll(/"((?:warning|error)_\w+|merged_ifsc)"/g)].map(([, key]) => key)));
  assert.ok(keys.size > 10);
  assert.deepEqual([...keys].filter((key) => !(key in KEYS)), []);
  const types = readFileSync(join(PACKAGE, "toran.d.ts"), "utf8").match(/export type Kind =([^;]*);/)[1];
  assert.deepEqual(Object.keys(KINDS), [...types.matchAll(/"(\w+)"/g)].map(([, kind]) => kind));
  for (const kind of Object.values(KINDS)) for (const words of Object.values(REASONS)) assert.doesNotMatch(words(kind), /undefined/);
});

test("no hint begins like another, and each is one of the core's", () => {
  const starts = Object.keys(HINTS);
  assert.deepEqual(starts.filter((start) => !sources.some((source) => source.includes(`"${start}`))), []);
  for (const start of starts) assert.deepEqual(starts.filter((other) => other.startsWith(start)), [start]);
});

test("what is suggested stands in the hint", () => {
  toran.setLocale("hi");
  assert.match(toran.validate("ifsc", "SBINO001234").issues[0].hint, /SBIN0001234\?$/);
  assert.match(toran.validate("pan", "").issues[0].message, /^पैन /);
});

test("the language is Hindi for Hindi's tags only", () => {
  const message = (name) => (toran.setLocale(name), toran.validate("pan", "").issues[0].message);
  const english = message("en");
  for (const name of ["hi", "hi-IN", "hi_IN", "HI"]) assert.notEqual(message(name), english);
  for (const name of ["en", "en-IN", "hil", "fr", "", undefined, null]) assert.equal(message(name), english);
});

test("what is left out is asked for, whatever key the documents have for it", () => {
  for (const kind of Object.keys(KINDS)) {
    const message = (input) => toran.validate(kind, input).issues[0].message;
    toran.setLocale("hi");
    const [left, empty, number] = [undefined, "", 7].map(message);
    assert.deepEqual([left, empty], [REASONS.missing(KINDS[kind]), left]);
    assert.equal(number, REASONS.type(KINDS[kind]));
  }
});

test("a customer is not told of parameters, in either language", () => {
  for (const locale of ["en", "hi"]) {
    toran.setLocale(locale);
    for (const kind of ["mobile", "reference_id"]) {
      for (const input of [undefined, 7, "", "9", "!!", "58765x3210"]) {
        const verdict = toran.validate(kind, input);
        for (const { key, message } of verdict.issues ?? []) assert.doesNotMatch(message, /arameter|mobile_|reference_/, `${key}: ${message}`);
      }
    }
  }
  toran.setLocale("en");
  assert.deepEqual(toran.validate("mobile", "5876543210").issues[0].message, "A mobile number has 10 digits and begins with 6, 7, 8 or 9.");
  assert.equal(toran.validateRequest("mobile.account", { reference_id: "M2A_0001", mobile_number: "5876543210" }).errors[0].message.slice(0, 9), "Parameter");
});

test("a schema speaks the language of the moment", () => {
  const { validate } = toran.schema("pan")["~standard"];
  toran.setLocale("hi");
  assert.match(validate("").issues[0].message, DEVANAGARI);
  assert.match(toran.schema({ pan: "pan" })["~standard"].validate(7).issues[0].message, DEVANAGARI);
});
