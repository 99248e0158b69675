// GET /v1/ops/totals: what a tenant's day came to: checks, rupees, cost.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, get, post, startGateway, startSandbox } from "./harness.mjs";
import { DEV, fresh, lostMoney, OPERATOR, OTHER, SOON } from "./review.mjs";
import { bank } from "./subject.mjs";

let sandbox, gateway;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: SOON });
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

const totals = async (headers = OPERATOR, query = "") => get(gateway.url, `/v1/ops/totals${query}`, headers);
const india = (days = 0) => new Date(Date.now() + 19_800_000 + days * 86_400_000).toISOString().slice(0, 10);

test("a day is added up to the paisa: by operation, vendor, outcome and key", async () => {
  const pennies = [1, 2, 3].map((number) => post(gateway.url, "/v1/bank-accounts/verify", { ...bank(`430000000${number}`), reference_id: fresh("TOTAL") }));
  const invalid = post(gateway.url, "/v1/bank-accounts/verify", { ...bank("9610000001"), reference_id: fresh("TOTAL") });
  const penniless = post(gateway.url, "/v1/bank-accounts/verify", { ...bank("4300000099", { validation_type: "penniless" }), reference_id: fresh("TOTAL") });
  const pan = post(gateway.url, "/v1/pan/verify", { reference_id: fresh("TOTAL"), document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC" });
  for (const answer of await Promise.all([...pennies, invalid, penniless, pan])) assert.equal(answer.status, 200, answer.text);
  await post(gateway.url, "/v1/bank-accounts/verify", lostMoney(fresh("TOTAL")));
  const { json } = await eventually("the day", async () => {
    const told = await totals();
    return told.json.checks === 6 && told.json.waiting === 1 && told;
  });
  assert.deepEqual([json.tenant, json.date, json.complete, json.kins], ["dev", india(), true, 0]);
  assert.equal(json.paise, (await sandbox.money()).length * 100, "the vendor's books");
  assert.deepEqual(json.operations, [
    { operation: "bank.verify", checks: 5, paise: 300, cost: 3 * 400 + 400 + 150 },
    { operation: "pan.verify", checks: 1, paise: 0, cost: 200 },
  ]);
  const line = json.lines.find(({ kind, outcome }) => kind === "finished" && outcome === "negative");
  const about = { kind: "finished", operation: "bank.verify", vendor: "decentro", account: null };
  assert.deepEqual(line, { ...about, outcome: "negative", key: "failure_bank_account_invalid", count: 1, paise: 0, cost: 400 });
  assert.deepEqual((await totals(OPERATOR, `?date=${india(-1)}`)).json.lines, []);
});

test("only an operator of the tenant sees it, and a day that is none is refused", async () => {
  for (const headers of [DEV, OTHER, {}]) assert.equal((await totals(headers)).status, 403);
  assert.equal((await totals({ authorization: null })).status, 401);
  for (const query of ["?date=yesterday", "?date=2026-13-01", "?day=1"]) {
    assert.deepEqual([(await totals(OPERATOR, query)).status, (await totals(OPERATOR, query)).json.key], [400, "error_malformed_request"], query);
  }
});
