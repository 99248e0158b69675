// The IFSC registry: loaded when it is asked for, once, and then answered by the wasm. `pack` is the entry's own way to its bytes.
//
// Codes cross together, eleven bytes each; back come numbers, and what a number means crosses once. So the same answers are the same frozen
// objects, and a hundred thousand codes cost two crossings and one for each bank.
import { pack } from "toran:pack";
import { start } from "toran:start";
import * as core from "toran:core";

const CHARACTERS = 11;
/** What a field of the gateway does not count around a value. */
const BLANKS = "\t\n\f\r ";
/** More than any list; a proxy may claim any length. */
const MOST_CODES = 1_000_000;

const answers = new Map();
let loading;

/** A code without what stands around it; what is no text is empty. */
function trimmed(code) {
  if (typeof code !== "string") return "";
  if (code.length === CHARACTERS) return code;
  let [from, to] = [0, code.length];
  while (from < to && BLANKS.includes(code[from])) from += 1;
  while (from < to && BLANKS.includes(code[to - 1])) to -= 1;
  return code.slice(from, to);
}

function write(bytes, from, code) {
  for (let at = 0; at < CHARACTERS; at += 1) {
    const unit = code.charCodeAt(at);
    bytes[from + at] = unit < 128 ? unit : 0;
  }
}

/**
 * Eleven bytes for each code, zeroes for what is none: no character of a code is above ASCII. Of a list that cannot be read, for anybody's
 * code may stand behind it, nothing.
 */
function written(codes) {
  try {
    const length = Array.isArray(codes) && codes.length <= MOST_CODES ? codes.length : 0;
    const bytes = new Uint8Array(length * CHARACTERS);
    for (let index = 0; index < length; index += 1) {
      const code = trimmed(codes[index]);
      if (code.length === CHARACTERS) write(bytes, index * CHARACTERS, code);
    }
    return bytes;
  } catch {
    return new Uint8Array();
  }
}

function meaning(finding) {
  const [status, bank, into, prefix, since, withdrawn] = core.ask(`i#${finding};`).split("\n");
  const successor = into && Object.freeze({ bank: into, ...(prefix && { prefix }), since });
  return Object.freeze({ status, ...(bank && { bank }), ...(withdrawn && { withdrawn: true }), ...(successor && { successor }) });
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
  const found = core.ifscFind(written(codes));
  const all = new Array(found.length);
  for (let index = 0; index < found.length; index += 1) all[index] = answer(found[index]);
  return all;
}
