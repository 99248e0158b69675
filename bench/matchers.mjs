// Matchers of names side by side, on both halves of the labelled pairs and on those that indic-namematch publishes: what is counted says bench/names.mjs.
import { COLUMNS, cells, decisionOf, halves, judge, pairsOf } from "./names.mjs";
import { indicPairs, pythonMatchers } from "./peers.mjs";
import { names } from "./toran.mjs";

export const title = "Names: decisions on the labelled pairs";

function row(set, matcher, tally) {
  const values = cells(tally);
  return { pairs_of: set, matcher, ...Object.fromEntries(COLUMNS.map((name, index) => [name, values[index]])) };
}

const judged = (pairs, answers) => judge(pairs, answers.map((answer, index) => decisionOf(answer, pairs[index].policy)));

async function ofSet(set, pairs) {
  const theirs = await pythonMatchers(pairs, { timed: false });
  return [{ matcher: "toran", answers: names.matchMany(pairs) }, ...theirs].map(({ matcher, answers }) => row(set, matcher, judged(pairs, answers).all));
}

// Its categories one by one, for ours: what it takes for one person from initials is a review to document 003.
async function ofIndic() {
  const pairs = await indicPairs();
  if (pairs.length === 0) return [];
  const { classes } = judged(pairs, names.matchMany(pairs));
  const each = Object.entries(classes).map(([name, tally]) => row(`indic-namematch: ${name}`, "toran", tally));
  return [...(await ofSet("indic-namematch", pairs)), ...each];
}

export async function measure() {
  const rows = await Promise.all(Object.entries(halves).map(([half, path]) => ofSet(half, pairsOf(path))));
  return [...rows.flat(), ...(await ofIndic())];
}
