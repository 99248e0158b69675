// The package's functions. Every decision is the core's, behind the wasm; `start` is the entry's own, and does its work once.
import { start } from "toran:start";
import { spoken } from "./locale.js";
import * as core from "./toran_web.js";

export { attach } from "./attach.js";
export { loadIfsc, lookupIfsc, lookupIfscMany } from "./ifsc.js";
export { setLocale } from "./locale.js";
export { schema } from "./schema.js";

export function validate(kind, input) {
  start();
  return spoken(core.validate(kind, input));
}

export function validateMany(items) {
  start();
  const verdicts = core.validateMany(items);
  verdicts.forEach(spoken);
  return verdicts;
}

export function validateRequest(operation, body) {
  start();
  return core.validateRequest(operation, body);
}

export function matchNames(a, b, policy) {
  start();
  return core.matchNames(a, b, policy);
}

export function matchMany(pairs) {
  start();
  return core.matchMany(pairs);
}

export function mask(kind, input) {
  start();
  return core.mask(kind, input);
}
