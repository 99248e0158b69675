// The packed package in Jest 29 as it comes: CommonJS, without a setting, in Node's environment and in jsdom's, which has no TextDecoder.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { CONSUMERS } from "../../tools/consumers.mjs";
import { application, ran, vectors } from "./consumer.mjs";

const JEST = join(CONSUMERS, "node_modules", "jest", "bin", "jest.js");

const SUITE = `
const { attach, loadIfsc, lookupIfsc, mask, schema, validate, validateMany } = require("toran");
const { matchNames } = require("toran/names");
const vectors = require("./vectors.json");

test("values are judged", () => {
  expect(validate("pan", "abcpe1234f").value).toBe("ABCPE1234F");
  expect(mask("mobile", "9876543210")).toBe("XXXXXX3210");
  expect(schema({ pan: "pan" })["~standard"].validate({ pan: "x" }).issues[0].key).toBe("error_pan_length");
  expect(validateMany(vectors).map(({ value }) => value)).toEqual(vectors.map(({ value }) => value));
});

test("texts of every script go in and come out", () => {
  expect(validate("person_name", "\u0930\u093e\u0939\u0941\u0932 \u{20000}").value).toBe("\u0930\u093e\u0939\u0941\u0932 \u{20000}");
  expect(validate("email", "\ud800@example.in").issues[0].span).toEqual([0, 1]);
});

test("names are compared", () => {
  expect(matchNames("Rahul Sharma", "SHARMA RAHUL").decision).toBe("match");
});

test("branches are looked up", async () => {
  await loadIfsc();
  expect(lookupIfsc("SBIN0000001").status).toBe("listed");
});
`;

const DOM = `
test("a form is bound", () => {
  expect(globalThis.TextDecoder).toBe(undefined);
  document.body.innerHTML = '<form><input name="mobile"></form>';
  const [input] = document.forms[0].elements;
  attach(document.forms[0], { mobile: "mobile" });
  input.value = "+91 98765 43210";
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
  expect(input.value).toBe("9876543210");
});
`;

const TESTS = { node: 4, jsdom: 5 };
const whole = ({ input, repeat }) => typeof input === "string" && input.length < 100 && !repeat;

for (const [environment, suite] of [["node", SUITE], ["jsdom", SUITE + DOM]]) {
  test(`Jest runs it in the environment "${environment}"`, async () => {
    const items = vectors().flatMap(({ kind, valid }) => valid.filter(whole).map(({ input, value }) => ({ kind, input, value })));
    const folder = application({ "package.json": '{"name":"app","private":true}', "vectors.json": JSON.stringify(items), "toran.test.js": suite });
    const { stderr } = await ran(process.execPath, [JEST, "--env", environment, "--ci", "--no-cache", "--rootDir", folder], folder).catch((error) => ({ stderr: `${error.stderr}${error.stdout}` }));
    assert.match(stderr, new RegExp(`Tests: +${TESTS[environment]} passed, ${TESTS[environment]} total`), stderr);
  });
}
