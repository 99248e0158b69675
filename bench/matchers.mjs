// Matchers of names side by side, on both halves of the labelled pairs (bench/names.mjs), and pairs per second. Ours runs as wasm in Node, those of Python
// natively in its interpreter, every one on the pairs of the kept half.
import { COLUMNS, cells, decisionOf, halves, judge, pairsOf } from "./names.mjs";
import { pythonMatchers } from "./peers.mjs";
import { rate, ratio } from "./rate.mjs";
import { toran } from "./toran.mjs";

export const title = "Names: decisions on the labelled pairs, and pairs per second";

const HALVES = Object.keys(halves);

function ours() {
  const { matchMany, matchNames } = toran;
  const kept = pairsOf(halves.kept);
  const one = rate(() => kept.forEach(({ a, b, policy }) => matchNames(a, b, policy)), kept.length);
  const many = rate(() => matchMany(kept), kept.length);
  const answers = (half) => pairsOf(halves[half]).map(({ a, b, policy }) => matchNames(a, b, policy));
  return [
    { matcher: "toran", answers, per_second: one },
    { matcher: "toran, all in one call", per_second: many },
  ];
}

// Both halves in one process: the development pairs first.
async function theirs() {
  const both = HALVES.flatMap((half) => pairsOf(halves[half]));
  const first = pairsOf(halves[HALVES[0]]).length;
  const measured = await pythonMatchers(both.map(({ a, b }) => [a, b]));
  return measured.map(({ matcher, answers, per_second }) => ({
    matcher, per_second: Math.round(per_second), answers: (half) => (half === HALVES[0] ? answers.slice(0, first) : answers.slice(first)),
  }));
}

function row({ matcher, answers, per_second: perSecond }, half, base) {
  const pairs = pairsOf(halves[half]);
  const decisions = answers(half).map((answer, index) => decisionOf(answer, pairs[index].policy));
  const values = cells(judge(pairs, decisions).all);
  const counted = Object.fromEntries(COLUMNS.map((name, index) => [name, values[index]]));
  return { half, matcher, ...counted, per_second: perSecond, ratio: ratio(perSecond, base) };
}

export async function measure() {
  const all = [...(toran.matchNames ? ours() : []), ...(await theirs())];
  const base = all[0].per_second;
  const fast = all.filter(({ answers }) => !answers);
  const rows = HALVES.flatMap((half) => all.filter(({ answers }) => answers).map((matcher) => row(matcher, half, base)));
  return [...rows, ...fast.map(({ matcher, per_second }) => ({ ...Object.fromEntries(Object.keys(rows[0]).map((key) => [key, ""])), matcher, per_second, ratio: ratio(per_second, base) }))];
}
