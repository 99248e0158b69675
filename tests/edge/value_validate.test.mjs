// POST /v1/validate: the identifiers' vectors in workerd, and the limits of the route.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { at } from "../../tools/project.mjs";
import { get, post, startGateway } from "./harness.mjs";

const BATCH = 1000;
const FOLDER = at("tests", "vectors");
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith(".json")).map((name) => JSON.parse(readFileSync(`${FOLDER}/${name}`, "utf8")));
// The registry of branches has vectors of its own, which are no kind's.
const VECTORS = FILES.filter(({ kind }) => kind);

// A row's input: a text with `repeat` stands so often; half a character crosses as its escape.
const input = (row) => (typeof row.input === "string" ? row.input.repeat(row.repeat ?? 1) : row.input);

let gateway;

before(async () => {
  gateway = await startGateway();
});

after(() => gateway?.stop());

const validate = (body) => post(gateway.url, "/v1/validate", body, { authorization: null });

async function verdicts(items) {
  const all = [];
  for (let from = 0; from < items.length; from += BATCH) {
    const { status, json, text } = await validate({ items: items.slice(from, from + BATCH) });
    assert.equal(status, 200, text);
    all.push(...json.verdicts);
  }
  assert.equal(all.length, items.length);
  return all;
}

const keys = (issues) => issues.map(({ key }) => key);

test("every file has at least sixty valid and sixty invalid values", () => {
  for (const { kind, valid, invalid } of VECTORS) assert.ok(Math.min(valid.length, invalid.length) >= 60, `${kind}: ${valid.length}, ${invalid.length}`);
});

for (const { kind, valid, invalid } of VECTORS) {
  test(`the ${valid.length} valid ${kind} vectors pass`, async () => {
    const all = await verdicts(valid.map((row) => ({ kind, input: input(row) })));
    for (const [index, { input, value, masked, info = {}, warnings = [] }] of valid.entries()) {
      const verdict = all[index];
      assert.deepEqual([verdict.ok, verdict.kind, verdict.value, keys(verdict.warnings)], [true, kind, value, warnings], JSON.stringify(input));
      assert.deepEqual([verdict.masked, verdict.info], [masked, info], JSON.stringify(input));
    }
  });

  test(`the ${invalid.length} invalid ${kind} vectors are refused under their keys`, async () => {
    const all = await verdicts(invalid.map((row) => ({ kind, input: input(row) })));
    for (const [index, { input, key, span }] of invalid.entries()) {
      const verdict = all[index];
      assert.deepEqual([verdict.ok, verdict.kind, verdict.issues[0].key], [false, kind, key], JSON.stringify(input));
      assert.deepEqual(verdict.issues[0].span, span, JSON.stringify(input));
    }
  });
}

test("one item is a verdict, the same as in a batch", async () => {
  const item = { kind: "pan", input: "abcpe1234f" };
  const { status, json } = await validate(item);
  assert.deepEqual([status, json.ok, json.value, json.masked], [200, true, "ABCPE1234F", "XXXXXX234F"]);
  assert.deepEqual((await validate({ items: [item] })).json, { verdicts: [json] });
  assert.deepEqual((await validate({ items: [] })).json, { verdicts: [] });
});

test("any input has a verdict, also none and one that is no text", async () => {
  for (const input of [undefined, null, true, 7, 1e308, [], {}, "", "\u0000", "💸", "x".repeat(10_000)]) {
    const { status, json } = await validate({ kind: "mobile", input });
    assert.deepEqual([status, json.ok], [200, false], JSON.stringify(input)?.slice(0, 20));
  }
});

test("an unknown kind is an issue, not a failure, and does not spoil its batch", async () => {
  const unknown = ["passport_of_mars", "", "PAN", "__proto__", 7, null, ["pan"]];
  const all = await verdicts([...unknown.map((kind) => ({ kind, input: "x" })), { kind: "pan", input: "ABCPE1234F" }]);
  for (const verdict of all.slice(0, -1)) assert.equal(verdict.ok, false, JSON.stringify(verdict));
  assert.equal(all.at(-1).ok, true);
});

test("a request beyond the route's limits is refused with the reason", async () => {
  const item = { kind: "pan", input: "ABCPE1234F" };
  const items = (count) => Array.from({ length: count }, () => item);
  assert.equal((await validate({ items: items(1000) })).json.verdicts.length, 1000);
  const malformed = [{ items: items(1001) }, { items: {} }, { items: [7] }, { items: [[]] }, { items: [{ input: "x" }] }, { items: [item], kind: "pan" }, { ...item, locale: "hi" }, { items: [{ ...item, x: 1 }] }, {}, { input: "x" }, []];
  for (const body of malformed) {
    const { status, json } = await validate(JSON.stringify(body));
    assert.deepEqual([status, json.key], [400, "error_malformed_request"], JSON.stringify(body).slice(0, 60));
  }
  const padded = (size) => JSON.stringify(item).padEnd(size);
  assert.equal((await validate(padded(256 * 1024))).status, 200);
  const { status, json } = await validate(padded(256 * 1024 + 1));
  assert.deepEqual([status, json.key], [413, "error_body_too_large"]);
});

test("half a character is a fault of its value, as in the package, and does not spoil its batch", async () => {
  const item = { kind: "pan", input: "ABCPE1234F" };
  const { status, json } = await validate({ items: [item, { kind: "person_name", input: "Rahul \ud800" }, { kind: "person_name", input: "\udc00\ud800" }] });
  assert.equal(status, 200);
  assert.deepEqual(json.verdicts.map(({ ok }) => ok), [true, false, false]);
  assert.deepEqual(json.verdicts[1].issues[0].span, [6, 7]);
  assert.equal((await validate(Buffer.concat([Buffer.from('{"kind":"pan","input":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')]))).status, 400);
});

test("what was sent is not repeated where it is not asked for", async () => {
  const { text } = await validate({ kind: "pan", input: "CANPA7391" });
  assert.ok(!text.includes("CANPA7391"), text);
});

test("every public tool counts its requests by address, and refuses those beyond the limit", async () => {
  const tools = [
    (url) => post(url, "/v1/validate", { items: [] }, { authorization: null }),
    (url) => post(url, "/v1/names/match", { pairs: [] }, { authorization: null }),
    (url) => get(url, "/v1/ifsc/SBIN0001077", { authorization: null }),
    (url) => get(url, "/v1/keys", { authorization: null }),
    (url) => get(url, "/v1/keys/success_pan", { authorization: null }),
  ];
  const routes = readFileSync(at("src", "routes", "table.rs"), "utf8").match(/^ {4}(?:get|post)\(.*Access::Limited\(Limit::Tools\)/gm);
  assert.equal(tools.length, routes.length, "each of the table");
  for (const tool of tools) {
    const limited = await startGateway({ toolsLimit: 1 });
    try {
      assert.notEqual((await tool(limited.url)).status, 429);
      const { status, json, headers } = await tool(limited.url);
      assert.deepEqual([status, json.key, headers["retry-after"]], [429, "error_rate_limited", "60"]);
      assert.deepEqual([headers.ratelimit, headers["ratelimit-policy"]], ['"address";r=0;t=60', '"address";q=1;w=60']);
    } finally {
      await limited.stop();
    }
  }
});
