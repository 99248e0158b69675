// Pairs of names per second, over the kept half of the labelled pairs. Ours runs as wasm in Node and natively, those of Python natively in its interpreter.
import { execFileSync } from "node:child_process";
import { NAMES_RATE } from "../tools/project.mjs";
import { halves, pairsOf } from "./names.mjs";
import { pythonMatchers } from "./peers.mjs";
import { ratio, rates } from "./rate.mjs";
import { names } from "./toran.mjs";

export const needs = ["names"];

export const title = "Pairs of names per second, and the ratio to toran's of one call each";

export async function measure() {
  const pairs = pairsOf(halves.kept);
  const units = pairs.length;
  const [one, many] = rates([
    { units, work: () => pairs.forEach(({ a, b, policy }) => names.matchNames(a, b, policy)) },
    { units, work: () => names.matchMany(pairs) },
  ]);
  const ours = [{ matcher: "toran", per_second: one }, { matcher: "toran, all in one call", per_second: many }];
  const input = JSON.stringify(pairs.map(({ a, b, policy }) => [a, b, policy ?? ""]));
  ours.push({ matcher: "toran, natively", per_second: Number(execFileSync(NAMES_RATE, { input, encoding: "utf8" })) });
  const theirs = await pythonMatchers(pairs, { timed: true });
  return [...ours, ...theirs].map(({ matcher, per_second: perSecond }) => ({ by: matcher, per_second: Math.round(perSecond), ratio: ratio(perSecond, one) }));
}
