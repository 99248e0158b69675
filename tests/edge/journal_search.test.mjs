// GET /v1/ops/journal: a tenant's journal by time, operation, outcome, key and vendor, page by page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, get, post, startGateway, startSandbox } from "./harness.mjs";
import { DEV, fresh, OPERATOR, SOON } from "./review.mjs";
import { idOf } from "./state.mjs";
import { bank } from "./subject.mjs";

let sandbox, gateway;
const references = Array.from({ length: 5 }, () => fresh("SEARCH"));
const [invalid, secret] = [fresh("SEARCH"), "PAN_20261201_ABCPE1234F"];

const search = (query = "", headers = OPERATOR) => get(gateway.url, `/v1/ops/journal${query}`, headers);
const listed = async (query) => (await search(query)).json.entries;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: SOON });
  const verify = (reference_id, number) => post(gateway.url, "/v1/bank-accounts/verify", { ...bank(number), reference_id });
  for (const [index, reference] of references.entries()) await verify(reference, `421000000${index}`);
  await verify(invalid, "9610000001");
  await post(gateway.url, "/v1/pan/verify", { reference_id: secret, document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC" });
  await eventually("the journal", async () => (await listed("")).length === 7);
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

test("an entry says what a total is made of, and nothing personal", async () => {
  const [entry] = await listed("?operation=bank.verify&outcome=verified");
  const { at, began, wire_reference, ...rest } = entry;
  assert.ok(Date.parse(at) >= Date.parse(began) && wire_reference.length === 66);
  assert.deepEqual(rest, {
    kind: "finished", check: idOf(references[0]), operation: "bank.verify", vendor: "decentro", account: null, outcome: "verified",
    key: "success_bank_account", vendor_key: null, reference_id: references[0], paise: 100, cost: 400,
  });
  const [pan] = await listed("?operation=pan.verify");
  assert.deepEqual([pan.reference_id, pan.check, pan.wire_reference], [null, idOf(secret), null]);
});

test("the log line of a check says outcome, vendor account, attempt and milliseconds", () => {
  const lines = gateway.logs().filter((line) => line.includes('"event":"check"')).map((line) => JSON.parse(line));
  const { ms, ...line } = lines.find(({ check }) => check === idOf(invalid));
  assert.ok(ms >= 0 && ms < 60_000);
  assert.deepEqual(line, {
    level: "info", event: "check", check: idOf(invalid), tenant: "dev", operation: "bank.verify", kind: "finished", outcome: "negative",
    key: "failure_bank_account_invalid", account: "decentro", attempt: 1,
  });
  assert.equal(lines.length, 7, "one for each end");
});

test("it is searched by time, operation, outcome, key and vendor", async () => {
  const ids = async (query) => (await listed(query)).map(({ check }) => check);
  assert.deepEqual(await ids("?outcome=negative"), [idOf(invalid)]);
  assert.deepEqual(await ids("?key=failure_bank_account_invalid"), [idOf(invalid)]);
  assert.equal((await ids("?vendor=decentro")).length, 7);
  assert.deepEqual(await ids("?vendor=cashfree"), []);
  const ago = (days) => `${new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 19)}Z`;
  assert.equal((await ids(`?from=${ago(20)}`)).length, 7, "over days in which nothing stands");
  const { json } = await search(`?from=${ago(90)}`);
  assert.deepEqual([json.entries, typeof json.next], [[], "string"], "a request looks at a few of many days");
  assert.deepEqual(await ids(`?from=${new Date(Date.now() + 60_000).toISOString().slice(0, 19)}Z`), []);
  assert.deepEqual(await ids("?to=2026-01-01T00:00:00Z&from=2025-12-31T00:00:00Z"), []);
});

test("pages follow each other, and a cursor that was altered or is another's is refused", async () => {
  const found = [];
  let next = "";
  for (let turn = 0; turn < 10 && next !== null; turn += 1) {
    const { json } = await search(`?limit=2${next && `&after=${encodeURIComponent(next)}`}`);
    assert.ok(json.entries.length <= 2);
    found.push(...json.entries.map(({ check }) => check));
    next = json.next;
  }
  assert.equal(next, null);
  assert.equal(new Set(found).size, 7);
  const { json: events } = await get(gateway.url, "/v1/events");
  for (const cursor of [events.next, "1.1", "s1.x.y"]) {
    const { status, json } = await search(`?after=${encodeURIComponent(cursor)}`);
    assert.deepEqual([status, json.errors[0].field], [400, "after"], cursor);
  }
  assert.equal((await search("", DEV)).status, 403);
});
