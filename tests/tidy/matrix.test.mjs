// The list of requirements (tests/matrix.json) held to the tree: each has exactly one thing that shows it, and that thing exists. That the
// page made from it is current, and that every row of the catalogue has a scenario, is a native test (crates/core/tests/pages).
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const PROOFS = ["test", "operator", "later"];

const read = (path) => readFileSync(join(ROOT, path), "utf8");
const { scenarios, later, sections } = JSON.parse(read("tests/matrix.json"));
const rows = sections.flatMap(({ document, section, rows }) => rows.map((row) => ({ ...row, place: `${document}, ${section}` })));
const named = ({ place, requirements }) => `${place}: ${requirements?.join("; ")}`;
const none = (faults, rule) => assert.deepEqual(faults, [], rule);
const given = (proof) => rows.filter((row) => row[proof] !== undefined);

// The tests of a file by name: in Rust the functions under a test attribute, in JavaScript what stands in `test(...)`, as it is written. One that is
// ignored, skipped or yet to be written shows nothing.
const RUST = /((?:#\[[^\]]*\]\s*)*)(?:pub )?(?:async )?fn (\w+)/g;
const RUST_TEST = /#\[(?:\w+::)*(?:test|wasm_bindgen_test)\]/;
const JAVASCRIPT = /(?<![.\w])test\(\s*(?:"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)(?!,\s*\{[^}]*\b(?:skip|todo)\b)/g;

const rustTests = (text) => [...text.matchAll(RUST)].filter(([, marks]) => RUST_TEST.test(marks) && !/#\[ignore\b/.test(marks)).map(([, , name]) => name);
const scriptTests = (text) => [...text.matchAll(JAVASCRIPT)].map(([, quoted, template]) => quoted ?? template);

function testsOf(path) {
  if (!existsSync(join(ROOT, path))) return [];
  return (path.endsWith(".rs") ? rustTests : scriptTests)(read(path));
}

const exists = (reference) => {
  const [, path, name] = reference.match(/^([^:]+): (.+)$/) ?? [];
  return path !== undefined && testsOf(path).includes(name);
};

test("every requirement is shown by exactly one of a test, the operator, or a capability to come", () => {
  none(rows.filter((row) => PROOFS.filter((proof) => row[proof]).length !== 1).map(named), PROOFS.join(", "));
  none(rows.filter((row) => Object.keys(row).some((field) => !["place", "requirements", ...PROOFS].includes(field))).map(named), "no other field");
});

test("every requirement is there once, with words", () => {
  const all = rows.flatMap(({ place, requirements }) => (requirements?.length ? requirements : [""]).map((words) => `${place}: ${words}`));
  assert.notEqual(all.length, 0);
  none(all.filter((words) => words.endsWith(": ")), "words");
  none(all.filter((words, index) => all.indexOf(words) !== index), "once");
});

test("every named test exists by that name in that file", () => {
  none([...new Set([scenarios, ...given("test").map((row) => row.test)])].filter((reference) => !exists(reference)), "FILE: NAME");
});

test("every named heading of the runbook exists", () => {
  const headings = [...read("docs/RUNBOOK.md").matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading);
  none(given("operator").filter((row) => !headings.includes(row.operator)).map(named), "docs/RUNBOOK.md");
});

test("every capability to come is described, and none is that nothing waits for", () => {
  assert.deepEqual([...new Set(given("later").map((row) => row.later))].sort(), Object.keys(later).sort());
});

test("a test that is ignored, skipped or yet to be written is none", () => {
  const rust = "#[test]\nfn one() {}\n\n#[test]\n#[ignore]\nfn two() {}\n\n#[ignore = \"slow\"]\n#[test]\nfn three() {}\n\n#[tokio::test]\nasync fn four() {}\n\nfn five() {}\n";
  assert.deepEqual(rustTests(rust), ["one", "four"]);
  const script = 'test("one", () => {});\ntest.skip("two", () => {});\ntest("three", { skip: true }, () => {});\ntest.todo("four");\n  test(`five ${way}`, async () => {});\ntest("six", { todo: "later" }, () => {});\n';
  assert.deepEqual(scriptTests(script), ["one", "five ${way}"]);
});

test("a test is found by its whole name only, in the file that has it", () => {
  assert.ok(exists("tests/tidy/matrix.test.mjs: every named heading of the runbook exists"));
  assert.ok(exists("crates/core/tests/pages/mod.rs: the_page_of_the_keys_is_current"));
  for (const wrong of [
    "tests/tidy/matrix.test.mjs: every named heading", "tests/tidy/tidy.test.mjs: every named heading of the runbook exists",
    "crates/core/tests/pages/mod.rs: demand", "crates/core/tests/nowhere.rs: the_page_of_the_keys_is_current", "every named heading of the runbook exists",
  ]) {
    assert.ok(!exists(wrong), wrong);
  }
});
