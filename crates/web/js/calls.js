// What the core is asked, behind the wasm: every decision is there. `start` is the entry's own, and does its work once.
import { start } from "toran:start";
import * as core from "toran:core";
import { spoken } from "./locale.js";
import { body, leaf, lists } from "./question.js";

export function validate(kind, input) {
  start();
  return spoken(JSON.parse(core.ask("v" + leaf(kind) + leaf(input))));
}

export function validateMany(items) {
  start();
  return [...lists(items, [["kind", leaf], ["input", leaf]])].flatMap((list) => JSON.parse(core.ask("V" + list))).map(spoken);
}

export function validateRequest(operation, value) {
  start();
  return JSON.parse(core.ask("r" + leaf(operation) + body(value)));
}

export function mask(kind, input) {
  start();
  return core.ask("k" + leaf(kind) + leaf(input));
}
