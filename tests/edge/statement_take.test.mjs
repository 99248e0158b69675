// POST /v1/ops/statements: a vendor's statement of a day, as CSV.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startGateway, startSandbox } from "./harness.mjs";
import { reconciled, stated, today } from "./reconciliation.mjs";
import { DEV, SOON } from "./review.mjs";

let sandbox, gateway;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: SOON });
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

test("a statement counts once, however often it is sent", async () => {
  const text = "Date,wire_reference,amount,status\r\n1,REF-A,1.00,SUCCESS\r\n2,9876543210,2.50,success\r\n3,REF-B,1.00,failed\r\n";
  const first = await stated(sandbox, gateway, { text });
  assert.equal(first.status, 200, first.text);
  const { statement, ...rest } = first.json;
  assert.match(statement, /^stm_[0-9a-f]{32}$/);
  assert.deepEqual(rest, { date: today(), vendor: "decentro", account: null, rows: 3, paise: 350 });
  const second = await stated(sandbox, gateway, { text });
  assert.deepEqual([second.json, second.headers["idempotent-replayed"], first.headers["idempotent-replayed"]], [first.json, "true", undefined]);
  const { json, text: told } = await reconciled(gateway);
  assert.deepEqual([json.totals.missing_here, json.totals.paise_there], [2, 350]);
  assert.ok(!told.includes("9876543210"), "what may name a person is not kept");
});

test("what is no statement, of no day or of no vendor is refused, and so is one that is too large", async () => {
  for (const [text, query] of [
    ["amount\n1", undefined], ["wire_reference,amount\nA,one", undefined], ["wire_reference,amount\nA,1", "date=2999-01-01&vendor=decentro"],
    ["wire_reference,amount\nA,1", `date=${today()}&vendor=wibmo`], ["wire_reference,amount\nA,1", `date=${today()}`], ["wire_reference,amount\nA,1", "vendor=decentro"],
  ]) {
    const { status, json } = await stated(sandbox, gateway, { text, query });
    assert.deepEqual([status, json.key], [400, "error_malformed_request"], text);
  }
  assert.equal((await stated(sandbox, gateway, { text: "x".repeat(1_048_577) })).status, 413);
  assert.equal((await stated(sandbox, gateway, { text: "wire_reference,amount\n", headers: DEV })).status, 403);
});
