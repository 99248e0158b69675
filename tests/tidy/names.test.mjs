// The labelled pairs of names, and what counts them: a benchmark is worth nothing when its halves leak into each other.
import assert from "node:assert/strict";
import test from "node:test";
import { decisionOf, halves, isHard, judge, pairsOf } from "../../bench/names.mjs";

const LABELS = ["match", "review", "no_match"];
const words = (name) => name.toLowerCase().split(/[^\p{L}\p{M}\p{N}]+/u).filter(Boolean).sort().join(" ");
const pairKey = ({ a, b }) => [words(a), words(b)].sort().join(" | ");
const { development, kept } = Object.fromEntries(Object.entries(halves).map(([half, path]) => [half, pairsOf(path)]));
const all = [...development, ...kept];

test("there are at least 1,200 pairs, half of them kept aside, with 200 hard negatives", () => {
  assert.ok(all.length >= 1200 && kept.length >= 600 && development.length >= 600, `${development.length} and ${kept.length}`);
  assert.ok(kept.filter(isHard).length >= 200);
});

test("every pair has a class, a label and no field that nobody reads", () => {
  for (const pair of all) {
    assert.ok(LABELS.includes(pair.label) && pair.class.length > 0 && pair.a.length > 0 && pair.b.length > 0, JSON.stringify(pair));
    assert.deepEqual(Object.keys(pair).filter((field) => !["a", "b", "class", "label", "policy", "note"].includes(field)), []);
    assert.ok(["pan_bank", undefined].includes(pair.policy), pair.policy);
  }
});

test("no pair is there twice, whatever its case, punctuation and order", () => {
  const keys = all.map(pairKey);
  assert.deepEqual(keys.filter((key, index) => keys.indexOf(key) !== index), []);
});

test("both halves have every class", () => {
  const classes = (half) => [...new Set(half.map((pair) => pair.class))].sort();
  assert.deepEqual(classes(development), classes(kept));
});

test("at most a quarter of the pairs is for manual review", () => {
  for (const half of [development, kept]) assert.ok(half.filter(({ label }) => label === "review").length <= half.length / 4);
});

test("a score is decided by the thresholds of document 003, a decision is taken as it is", () => {
  assert.deepEqual([85, 84, 60, 59].map((score) => decisionOf(score)), ["match", "review", "review", "no_match"]);
  assert.deepEqual([85, 84, 20, 19].map((score) => decisionOf(score, "pan_bank")), ["match", "review", "review", "no_match"]);
  assert.equal(decisionOf({ decision: "review", score: 100 }), "review");
  assert.equal(decisionOf("no_match"), "no_match");
});

test("what is counted is what the words say", () => {
  const pairs = [["match", "form"], ["match", "form"], ["no_match", "sibling"], ["no_match", "different"], ["review", "typo"]].map(([label, kind]) => ({ label, class: kind }));
  const { all: tally, wrong } = judge(pairs, ["match", "no_match", "match", "match", "match"]);
  assert.deepEqual(
    [tally.pairs, tally.hard_negatives, tally.hard_false_approvals, tally.false_approvals, tally.hasty_approvals, tally.matches, tally.false_rejects],
    [5, 1, 1, 2, 1, 2, 1],
  );
  assert.deepEqual([tally.agreement, tally.false_reject_share, tally.review, wrong.length], [0.2, 0.5, 0, 4]);
});
