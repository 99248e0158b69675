// GET /v1/ops/overview: how each module of each vendor stands and does, for whoever runs the gateway.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { browser, eventually, get, KEY, post, startGateway, startSandbox } from "./harness.mjs";

const tenant = (id, key, scopes, accounts) => ({ id, keys: [createHash("sha256").update(key).digest("hex")], scopes, origins: [], ...(accounts && { accounts }) });
const TENANTS = JSON.stringify([tenant("dev", KEY, ["*", "operator"]), tenant("plain", "plain_key", ["*", "ops"], ["decentro/acme"])]);

let sandbox, gateway;
let count = 0;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: { TENANTS, RETRIES_MS: "20,20,20" }, secondVendor: true });
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

const pan = () => ({ reference_id: `OVERVIEW_${(count += 1)}`, document_type: "PAN", id_number: "ABCPV1234D", consent: "Y", purpose: "KYC onboarding" });
const overview = async () => (await get(gateway.url, "/v1/ops/overview")).json.vendors;

test("every module of every vendor in use has a line, and so has each account of a tenant's own", async () => {
  const names = (await overview()).map(({ vendor, account, module }) => [vendor, account, module].join(" "));
  assert.deepEqual(names, [
    "decentro  banking", "decentro  ckyc", "decentro  financial_services", "decentro  kyc", "decentro  payments",
    "iserveu  dmt.customer", "wibmo  prepaid.customer", "cashfree  bank.collect", "cashfree  bank.verify", "cashfree  pan.verify", "setu  bank.collect",
    "decentro acme banking", "decentro acme ckyc", "decentro acme financial_services", "decentro acme kyc", "decentro acme payments",
  ]);
  const untouched = { circuit: "closed", since: null, calls: 0, failed: 0, success_rate: null, target_success: 0.999, p95_ms: null };
  assert.deepEqual((await overview())[0], { vendor: "decentro", account: null, module: "banking", ...untouched });
});

test("calls, failures and latencies are counted beside document 003's targets", async () => {
  for (let turn = 0; turn < 3; turn += 1) assert.equal((await post(gateway.url, "/v1/pan/verify", pan())).status, 200);
  await sandbox.fault({ operation: "pan.verify", fault: "status", status: 503 });
  assert.equal((await post(gateway.url, "/v1/pan/verify", pan())).status, 200, "the second try");
  // A failure is reported at once, together with what went well before it.
  const kyc = async () => (await overview()).find(({ vendor, account, module }) => [vendor, account, module].join() === "decentro,,kyc");
  const line = await eventually("the report", async () => {
    const line = await kyc();
    return line.failed > 0 && line;
  });
  assert.equal(line.failed, 1);
  assert.ok(line.calls >= 2 && line.calls <= 5, JSON.stringify(line));
  assert.ok(line.p95_ms > 0 && line.p95_ms <= 2000 && line.success_rate < 1, JSON.stringify(line));
  assert.ok(line.p50_ms > 0 && line.p50_ms <= line.p95_ms, JSON.stringify(line));
  assert.equal(line.target_p95_ms, 2000);
  const target = (name) => overview().then((lines) => lines.find(({ module }) => module === name).target_p95_ms);
  assert.deepEqual([await target("payments"), await target("ckyc"), await target("banking")], [5000, 5000, undefined]);
});

test("only whoever runs the gateway sees it", async () => {
  const session = (await browser(gateway.url)).authorization;
  for (const [authorization, status] of [["Bearer plain_key", 403], [session, 403], ["Bearer wrong", 401], [null, 401]]) {
    assert.equal((await get(gateway.url, "/v1/ops/overview", { authorization })).status, status, authorization);
  }
});

test("settings of protection that are malformed are named", async () => {
  const malformed = { CIRCUIT: '{"consecutive":0}', PLANS: '[{"account":"decentro","module":"nothing","calls_a_second":5}]', MAINTENANCE: '[{"account":"decentro","module":"ckyc","from":"25:00","to":"01:00"}]' };
  const other = await startGateway({ sandbox, vars: malformed });
  try {
    const { status, json } = await get(other.url, "/readyz");
    assert.deepEqual([status, json.missing.sort()], [503, ["CIRCUIT", "MAINTENANCE", "PLANS"]]);
  } finally {
    await other.stop();
  }
});
