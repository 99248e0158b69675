// How well a matcher of names decides the labelled pairs of tests/vectors/names (what is counted: the README there).
//
//   node bench/names.mjs [FILE] MODULE [EXPORT]
//
// FILE is a file of pairs (default: the development half). MODULE exports the matcher, `matchNames` unless EXPORT names another:
// (a, b, policy) => {decision}, the decision itself, or a score of 0 to 100, which the thresholds of document 003 decide.
// A package that must be started first exports `ready`, a promise. With `--wrong` every pair that was decided otherwise is printed, too.
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const FOLDER = join(dirname(dirname(fileURLToPath(import.meta.url))), "tests", "vectors", "names");

// The score from which a pair is a match, and from which a person looks at it (document 003, sections 2.7 and 3.2).
const THRESHOLDS = { pan_customer: [85, 60], pan_bank: [85, 20] };

export const halves = { development: join(FOLDER, "development.json"), kept: join(FOLDER, "kept.json") };
export const pairsOf = (path) => JSON.parse(readFileSync(path, "utf8")).pairs;
export const isHard = ({ label, class: kind }) => label === "no_match" && kind !== "different";

export function decisionOf(answer, policy = "pan_customer") {
  if (typeof answer !== "number") return answer.decision ?? answer;
  const [match, review] = THRESHOLDS[policy];
  if (answer >= match) return "match";
  return answer >= review ? "review" : "no_match";
}

function tally(cases) {
  const count = (test) => cases.filter(test).length;
  const hard = cases.filter(({ pair }) => isHard(pair));
  const matches = count(({ pair }) => pair.label === "match");
  const share = (part, whole) => (whole === 0 ? 0 : part / whole);
  const falseRejects = count(({ pair, decision }) => pair.label === "match" && decision === "no_match");
  return {
    pairs: cases.length,
    hard_negatives: hard.length,
    hard_false_approvals: hard.filter(({ decision }) => decision === "match").length,
    false_approvals: count(({ pair, decision }) => pair.label === "no_match" && decision === "match"),
    hasty_approvals: count(({ pair, decision }) => pair.label === "review" && decision === "match"),
    matches,
    false_rejects: falseRejects,
    false_reject_share: share(falseRejects, matches),
    agreement: share(count(({ pair, decision }) => decision === pair.label), cases.length),
    review: share(count(({ decision }) => decision === "review"), cases.length),
  };
}

// What `decisions`, one for each pair, are worth: in all, by class, and the pairs that were decided otherwise.
export function judge(pairs, decisions) {
  const cases = pairs.map((pair, index) => ({ pair, decision: decisions[index] }));
  const classes = [...new Set(pairs.map((pair) => pair.class))];
  return {
    all: tally(cases),
    classes: Object.fromEntries(classes.map((name) => [name, tally(cases.filter(({ pair }) => pair.class === name))])),
    wrong: cases.filter(({ pair, decision }) => decision !== pair.label),
  };
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;

export const COLUMNS = ["pairs", "hard false approvals", "false rejects", "hasty approvals", "agreement", "review"];
export const cells = (tally) => [
  tally.pairs, `${tally.hard_false_approvals} of ${tally.hard_negatives}`, `${tally.false_rejects} of ${tally.matches}`,
  tally.hasty_approvals, percent(tally.agreement), percent(tally.review),
];

function print({ all, classes, wrong }, { verbose }) {
  const row = (name, values) => process.stdout.write(`${name.padEnd(20)}${values.map((value) => String(value).padStart(22)).join("")}\n`);
  row("class", COLUMNS);
  for (const [name, tally] of Object.entries(classes)) row(name, cells(tally));
  row("all", cells(all));
  if (!verbose) return;
  for (const { pair, decision } of wrong) process.stdout.write(`${pair.class}: ${pair.a} | ${pair.b}: ${decision}, not ${pair.label}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const words = process.argv.slice(2).filter((word) => word !== "--wrong");
  const file = words[0]?.endsWith(".json") ? words.shift() : halves.development;
  const [module, name = "matchNames"] = words;
  if (module === undefined) throw new Error("usage: node bench/names.mjs [FILE] MODULE [EXPORT] [--wrong]");
  const matcher = await import(pathToFileURL(resolve(module)));
  await matcher.ready;
  const pairs = pairsOf(file);
  print(judge(pairs, pairs.map(({ a, b, policy }) => decisionOf(matcher[name](a, b, policy), policy))), { verbose: process.argv.includes("--wrong") });
}
