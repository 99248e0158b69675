// Matchers of names side by side, on both halves of the labelled pairs: what is counted says bench/names.mjs.
import { COLUMNS, cells, decisionOf, halves, judge, pairsOf } from "./names.mjs";
import { pythonMatchers } from "./peers.mjs";
import { names } from "./toran.mjs";

export const title = "Names: decisions on the labelled pairs";

const HALVES = Object.keys(halves);

function row(half, matcher, pairs, answers) {
  const decisions = answers.map((answer, index) => decisionOf(answer, pairs[index].policy));
  const values = cells(judge(pairs, decisions).all);
  return { half, matcher, ...Object.fromEntries(COLUMNS.map((name, index) => [name, values[index]])) };
}

async function ofHalf(half) {
  const pairs = pairsOf(halves[half]);
  const theirs = await pythonMatchers(pairs, { timed: false });
  const ours = { matcher: "toran", answers: names.matchMany(pairs) };
  return [ours, ...theirs].map(({ matcher, answers }) => row(half, matcher, pairs, answers));
}

export const measure = async () => (await Promise.all(HALVES.map(ofHalf))).flat();
