// What the core is asked, behind the wasm: every decision is there. `start` is the entry's own, and does its work once.
import { start } from "toran:start";
import { spoken } from "./locale.js";
import { body, leaf, lists, name } from "./question.js";
import * as core from "./toran_web.js";

function each(letter, items, properties) {
  start();
  return [...lists(items, properties)].flatMap((list) => JSON.parse(core.ask(letter + list)));
}

export function validate(kind, input) {
  start();
  return spoken(JSON.parse(core.ask("v" + leaf(kind) + leaf(input))));
}

export function validateMany(items) {
  return each("V", items, [["kind", leaf], ["input", leaf]]).map(spoken);
}

export function validateRequest(operation, value) {
  start();
  return JSON.parse(core.ask("r" + leaf(operation) + body(value)));
}

export function matchNames(a, b, policy) {
  start();
  return JSON.parse(core.ask("m" + name(a) + name(b) + leaf(policy)));
}

export function matchMany(pairs) {
  return each("M", pairs, [["a", name], ["b", name], ["policy", leaf]]);
}

export function mask(kind, input) {
  start();
  return core.ask("k" + leaf(kind) + leaf(input));
}
