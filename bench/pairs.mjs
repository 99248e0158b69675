// Pairs of names per second, over the kept half of the labelled pairs. Ours runs as wasm in Node, those of Python natively in its interpreter.
import { halves, pairsOf } from "./names.mjs";
import { pythonMatchers } from "./peers.mjs";
import { ratio, rates } from "./rate.mjs";
import { toran } from "./toran.mjs";

export const title = "Pairs of names per second, and the ratio to toran's of one call each";

export async function measure() {
  const pairs = pairsOf(halves.kept);
  const units = pairs.length;
  const [one, many] = rates([
    { units, work: () => pairs.forEach(({ a, b, policy }) => toran.matchNames(a, b, policy)) },
    { units, work: () => toran.matchMany(pairs) },
  ]);
  const ours = [{ matcher: "toran", per_second: one }, { matcher: "toran, all in one call", per_second: many }];
  const theirs = await pythonMatchers(pairs, { timed: true });
  return [...ours, ...theirs].map(({ matcher, per_second: perSecond }) => ({ by: matcher, per_second: Math.round(perSecond), ratio: ratio(perSecond, one) }));
}
