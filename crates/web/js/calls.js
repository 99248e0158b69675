// What the core is asked, behind the wasm: every decision is there. `start` is the entry's own, and does its work once.
import { start } from "toran:start";
import { spoken } from "./locale.js";
import { body, leaf, leaves } from "./question.js";
import * as core from "./toran_web.js";

export function validate(kind, input) {
  start();
  return spoken(JSON.parse(core.ask("v" + leaf(kind) + leaf(input))));
}

export function validateMany(items) {
  start();
  const verdicts = JSON.parse(core.ask("V" + leaves(items, ["kind", "input"])));
  verdicts.forEach(spoken);
  return verdicts;
}

export function validateRequest(operation, value) {
  start();
  return JSON.parse(core.ask("r" + leaf(operation) + body(value)));
}

export function matchNames(a, b, policy) {
  start();
  return JSON.parse(core.ask("m" + leaf(a) + leaf(b) + leaf(policy)));
}

export function matchMany(pairs) {
  start();
  return JSON.parse(core.ask("M" + leaves(pairs, ["a", "b", "policy"])));
}

export function mask(kind, input) {
  start();
  return core.ask("k" + leaf(kind) + leaf(input));
}
