// POST /v1/names/match: the published pairs of names in workerd, and the limits of the route.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { at } from "../../tools/project.mjs";
import { post, startGateway } from "./harness.mjs";

const vectors = (name) => JSON.parse(readFileSync(at("tests", "vectors", "names", name), "utf8")).pairs;

let gateway;

before(async () => {
  gateway = await startGateway();
});

after(() => gateway?.stop());

const match = (body) => post(gateway.url, "/v1/names/match", body, { authorization: null });
const asked = ({ a, b, policy }) => ({ a, b, ...(policy && { policy }) });

test("the published pairs are decided as the documents want", async () => {
  const pairs = vectors("published.json");
  const { status, json, text } = await match({ pairs: pairs.map(asked) });
  assert.equal(status, 200, text);
  for (const [index, { a, b, score: [low, high], decision }] of pairs.entries()) {
    const found = json.matches[index];
    assert.equal(found.decision, decision, `${a} ${b}`);
    assert.ok(low <= found.score && found.score <= high, `${a} ${b}: ${found.score}`);
  }
});

test("names that are only spelt otherwise are approved, names that only look alike never", async () => {
  const pairs = vectors("development.json");
  const { json } = await match({ pairs: pairs.map(asked) });
  const decided = pairs.map((pair, index) => ({ ...pair, decision: json.matches[index].decision }));
  assert.deepEqual(decided.filter(({ label, decision }) => label === "no_match" && decision === "match"), []);
  const agreed = decided.filter(({ label, decision }) => label === decision).length;
  assert.ok(agreed >= 0.92 * decided.length, `${agreed} of ${decided.length}`);
});

test("one pair is a match with its reasons, the same as in a list", async () => {
  const pair = { a: "R SHARMA", b: "RAHUL SHARMA", policy: "pan_bank" };
  const { status, json } = await match(pair);
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(json), ["score", "optimistic", "pessimistic", "band", "decision", "reasons"]);
  assert.deepEqual([json.band, json.decision, json.score], ["PARTIAL_MATCH", "review", json.pessimistic]);
  assert.deepEqual(json.reasons, [{ code: "initial_only", a: "R", b: "RAHUL" }]);
  assert.deepEqual((await match({ pairs: [pair] })).json, { matches: [json] });
  assert.deepEqual((await match({ pairs: [] })).json, { matches: [] });
});

test("the policy decides, and is pan_customer where it is left out", async () => {
  const decision = async (policy) => (await match({ a: "RAHUL SEN", b: "RAHUL RAO", ...(policy && { policy }) })).json.decision;
  const policies = [undefined, "pan_customer", "pan_bank", "pan_aadhaar", "pan_kra", "pan_ckyc"];
  assert.deepEqual(await Promise.all(policies.map(decision)), ["no_match", "no_match", "review", "review", "review", "review"]);
});

test("any two texts have an answer", async () => {
  for (const text of ["", " ", "\u0000", "💸", "S/O", "\ufffd", "\ud800", "a\udc00", "x".repeat(10_000), "ab ".repeat(5_000), "क्ष".repeat(3_000)]) {
    const { status, json } = await match({ a: text, b: "RAHUL SHARMA" });
    assert.deepEqual([status, json.decision], [200, "no_match"], JSON.stringify(text).slice(0, 20));
  }
});

test("a request beyond the route's limits is refused with the reason", async () => {
  const pair = { a: "RAHUL SHARMA", b: "R SHARMA" };
  const pairs = (count) => Array.from({ length: count }, () => pair);
  assert.equal((await match({ pairs: pairs(1000) })).json.matches.length, 1000);
  const malformed = [
    { pairs: pairs(1001) }, { pairs: {} }, { pairs: [7] }, { pairs: [[]] }, { pairs: [{ a: "x" }] }, { pairs: [pair], policy: "pan_bank" }, { ...pair, locale: "hi" },
    { ...pair, policy: "pan" }, { ...pair, policy: null }, { ...pair, policy: ["pan_bank"] }, { a: 7, b: "x" }, { a: "x", b: null }, { a: "x" }, { pairs: [{ ...pair, x: 1 }] }, {}, [],
  ];
  for (const body of malformed) {
    const { status, json } = await match(JSON.stringify(body));
    assert.deepEqual([status, json.key], [400, "error_malformed_request"], JSON.stringify(body).slice(0, 60));
  }
  const padded = (size) => JSON.stringify(pair).padEnd(size);
  assert.equal((await match(padded(256 * 1024))).status, 200);
  const { status, json } = await match(padded(256 * 1024 + 1));
  assert.deepEqual([status, json.key], [413, "error_body_too_large"]);
});

test("a refusal does not repeat the names", async () => {
  const { text } = await match({ a: "RAHUL CANARY", b: 7 });
  assert.ok(!text.includes("CANARY"), text);
});
