// The IFSC registry: loaded when it is asked for, once, and then answered by the wasm. `pack` is the entry's own way to its bytes.
//
// Codes cross together, joined by U+0000; back come numbers, and what a number means crosses once. So the same answers are the same frozen
// objects, and a hundred thousand codes cost two crossings and one for each bank.
import { pack } from "toran:pack";
import { start } from "toran:start";
import * as core from "./toran_web.js";

/** More than any code; a text beyond it is none, and is not sent across. */
const LONGEST = 100;

const answers = new Map();
let loading;

const text = (code) => (typeof code === "string" && code.length <= LONGEST && !code.includes("\0") ? code : "");

function meaning(finding) {
  const [status, bank, into, prefix] = core.ifscAnswer(finding).split("\n");
  return Object.freeze({ status, ...(bank && { bank }), ...(prefix && { successor: Object.freeze({ bank: into, prefix }) }) });
}

function answer(finding) {
  if (!answers.has(finding)) answers.set(finding, meaning(finding));
  return answers.get(finding);
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
  if (!Array.isArray(codes) || codes.length === 0) return [];
  return Array.from(core.ifscFind(codes.map(text).join("\0")), answer);
}
