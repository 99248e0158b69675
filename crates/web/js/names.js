// How names are compared, behind the wasm of `crates/names`: the entry "toran/names".
import { start } from "toran:start";
import * as core from "toran:core";
import { leaf, lists, name } from "./question.js";

export function matchNames(a, b, policy) {
  start();
  return JSON.parse(core.ask("m" + name(a) + name(b) + leaf(policy)));
}

const PAIR = [["a", name], ["b", name], ["policy", leaf]];

export function matchMany(pairs) {
  start();
  return [...lists(pairs, PAIR)].flatMap((list) => JSON.parse(core.ask("M" + list)));
}
