// The second vendor of an operation: asked where the first refuses us or is down, for money only where it is certain that the first sent nothing, and in the order
// that the tenant says. Shown by who answers, by the calls that each vendor received, and by the rupees that moved.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import { eventually, get, KEY, post, settled, startGateway, startSandbox } from "./harness.mjs";
import { stored } from "./state.mjs";
import { bank } from "./subject.mjs";

const TIMES = { ATTEMPT_MS: "20000", WAIT_MS: "50000", BANK_VERIFY_WAIT_MS: "1500", RETRIES_MS: "20,40,60", LOOKUPS_MS: "60,120,240,480", LOOKUP_EVERY_MS: "500" };
const PAN = "/v1/pan/verify";
const BANK = "/v1/bank-accounts/verify";

let sandbox, gateway;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: TIMES, secondVendor: true });
});

beforeEach(() => sandbox.reset());

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

let count = 0;
const fresh = () => `SECOND_${(count += 1)}`;
const pan = (more) => ({ reference_id: fresh(), document_type: "PAN", id_number: "ABCPV1234D", consent: "Y", purpose: "KYC onboarding", ...more });
const account = (more) => ({ reference_id: fresh(), ...bank(`4500000${String((count += 1)).padStart(5, "0")}`), ...more });
const status = (operation, code, times = 1) => sandbox.fault({ operation, fault: "status", status: code, times });
const asked = async () => (await sandbox.calls()).map(({ vendor, kind, status: code }) => `${vendor} ${kind} ${code}`);
const alerts = (of, from = 0) =>
  of.logs().slice(from).filter((line) => line.startsWith("{")).map((line) => JSON.parse(line)).filter(({ level }) => level === "alert");

async function verify(route, body, of = gateway) {
  const answer = await post(of.url, route, body);
  return answer.status === 202 ? settled(of.url, body.reference_id) : answer;
}

test("where Decentro refuses us, Cashfree verifies a PAN and is named in the answer", async () => {
  const from = gateway.logs().length;
  await status("pan.verify", 401);
  const body = pan();
  const answer = await verify(PAN, body);
  assert.deepEqual([answer.status, answer.json.outcome, answer.json.key, answer.json.vendor.name], [200, "verified", "success_pan", "cashfree"], answer.text);
  assert.deepEqual([answer.json.data.status, answer.json.data.name, answer.json.data.aadhaar_seeding_status], ["valid", "JOHN DOE", "Successful"], "in the document's words");
  assert.deepEqual(await asked(), ["decentro post 401", "cashfree post 200"]);
  const refused = await eventually("the alert", () => alerts(gateway, from).length > 0 && alerts(gateway, from));
  assert.deepEqual(refused.map(({ event, vendor, vendor_key }) => [event, vendor, vendor_key]), [["vendor_rejected_us", "decentro", "http_401"]]);
  const again = await post(gateway.url, PAN, body);
  assert.deepEqual([again.text, again.headers["idempotent-replayed"]], [answer.text, "true"]);
});

test("where Decentro is down, Cashfree verifies a PAN after two tries", async () => {
  await status("pan.verify", 503, 2);
  const answer = await verify(PAN, pan());
  assert.deepEqual([answer.status, answer.json.vendor.name], [200, "cashfree"], answer.text);
  assert.deepEqual(await asked(), ["decentro post 503", "decentro post 503", "cashfree post 200"]);
  const references = (await sandbox.calls()).map(({ wire_reference }) => wire_reference);
  assert.equal(new Set(references).size, 3, "each try has a wire reference of its own");
});

test("where both are down, a PAN check is 503 with Retry-After", async () => {
  await status("pan.verify", 503, 10);
  const answer = await verify(PAN, pan());
  assert.deepEqual([answer.status, answer.json.key], [503, "error_source_unavailable"], answer.text);
  assert.ok(Number(answer.headers["retry-after"]) > 0);
  assert.deepEqual((await asked()).map((call) => call.split(" ")[0]), ["decentro", "decentro", "cashfree", "cashfree", "cashfree", "cashfree"]);
});

test("where one refuses us and the other is down, the answer is 503, which may pass", async () => {
  await status("pan.verify", 401);
  await status("pan.verify", 503, 10);
  const answer = await verify(PAN, pan());
  assert.deepEqual([answer.status, answer.json.key], [503, "error_source_unavailable"], answer.text);
});

test("Cashfree compares name and date of birth by PAN Lite", async () => {
  const compared = (name) => pan({ document_type: "PAN_COMPARE", id_number: "CFRPV0001A", name, dob: "30/06/1993" });
  await status("pan.verify", 401);
  const answer = await verify(PAN, compared("SOMEBODY ELSE"));
  assert.deepEqual([answer.status, answer.json.key, answer.json.vendor.name], [200, "failure_pan_mismatch", "cashfree"], answer.text);
});

test("a request that only Decentro offers goes to no other vendor", async () => {
  await status("pan.verify", 401);
  const detailed = await verify(PAN, pan({ document_type: "PAN_DETAILED" }));
  assert.deepEqual([detailed.status, detailed.json.key], [502, "error_service_unavailable"], detailed.text);
  await status("bank.verify", 401, 3);
  const at = (ifsc) => ({ beneficiary_details: { account_number: "123456789011", ifsc, name: "Rahul Sharma" } });
  for (const more of [{ validation_type: "penniless" }, { validation_type: "hybrid" }, at("PYTM0123456")]) {
    const answer = await verify(BANK, account(more));
    assert.deepEqual([answer.status, answer.json.key], [502, "error_service_unavailable"], answer.text);
  }
  assert.deepEqual(new Set((await sandbox.calls()).map(({ vendor }) => vendor)), new Set(["decentro"]));
  assert.deepEqual(await sandbox.money(), []);
});

test("where Decentro certainly sent no rupee, Cashfree sends one", async () => {
  await status("bank.verify", 401);
  const body = account();
  const answer = await verify(BANK, body);
  assert.deepEqual([answer.status, answer.json.outcome, answer.json.vendor.name], [200, "verified", "cashfree"], answer.text);
  assert.deepEqual([answer.json.data.beneficiary_name, answer.json.data.transaction_status], ["RAHUL SHARMA", "Success"]);
  const calls = await asked();
  assert.deepEqual(calls.slice(0, 2), ["decentro post 401", "cashfree post 200"]);
  assert.ok(calls.slice(2).length > 0 && calls.slice(2).every((call) => call === "cashfree status 200"), calls.join());
  const [{ wire_reference }, ...more] = await sandbox.money();
  assert.deepEqual([wire_reference, more], [(await sandbox.calls())[1].wire_reference, []]);
});

test("a lost reply of Cashfree leads to a look-up and no second rupee", async () => {
  await status("bank.verify", 401);
  await sandbox.fault({ operation: "bank.verify", fault: "drop_response" });
  const answer = await verify(BANK, account());
  assert.deepEqual([answer.status, answer.json.outcome, answer.json.vendor.name], [200, "verified", "cashfree"], answer.text);
  assert.deepEqual((await sandbox.calls()).filter(({ kind }) => kind === "post").length, 2);
  assert.equal((await sandbox.money()).length, 1);
});

test("a check whose rupee is in doubt at Decentro never moves to Cashfree", async () => {
  for (const fault of [{ fault: "drop_response" }, { fault: "status", status: 500 }, { fault: "status", status: 400 }, { fault: "garble" }]) {
    await sandbox.reset();
    await sandbox.fault({ operation: "bank.verify", ...fault });
    const body = account();
    const answer = await post(gateway.url, BANK, body);
    assert.ok([200, 202].includes(answer.status), answer.text);
    await eventually("look-ups", async () => (await sandbox.calls()).filter(({ kind }) => kind === "status").length >= 2 || answer.status === 200);
    assert.deepEqual(new Set((await sandbox.calls()).map(({ vendor }) => vendor)), new Set(["decentro"]), JSON.stringify(fault));
    assert.ok((await sandbox.money()).length <= 1);
  }
});

test("a tenant's accounts are asked in its order, with their own credentials", async () => {
  const digest = createHash("sha256").update(KEY).digest("hex");
  const tenants = (accounts) => JSON.stringify([{ id: "dev", keys: [digest], scopes: ["*", "operator"], origins: [], accounts }]);
  const own = { ...TIMES, TENANTS: tenants(["cashfree/acme", "decentro"]), CASHFREE_CLIENT_ID: "somebody", CASHFREE_CLIENT_SECRET: "somebody_elses", CASHFREE_CLIENT_ID__ACME: "development_client", CASHFREE_CLIENT_SECRET__ACME: "development_client_secret" };
  const other = await startGateway({ sandbox, vars: own, secondVendor: true });
  try {
    const answer = await verify(PAN, pan(), other);
    assert.deepEqual([answer.status, answer.json.vendor.name], [200, "cashfree"], answer.text);
    await status("pan.verify", 401);
    assert.equal((await verify(PAN, pan(), other)).json.vendor.name, "decentro");
    // An earlier test's look-ups may still go on.
    const posts = (await asked()).filter((call) => call.split(" ")[1] === "post");
    assert.deepEqual(posts, ["cashfree post 200", "cashfree post 401", "decentro post 200"]);
    const detailed = await verify(PAN, pan({ document_type: "PAN_DETAILED" }), other);
    assert.equal(detailed.json.vendor.name, "decentro");
    const ledger = stored(other.state, "SELECT account FROM calls").map(({ account: name }) => name);
    assert.deepEqual(new Set(ledger), new Set(["cashfree/acme", "decentro"]));
  } finally {
    await other.stop();
  }
  const misspelt = await startGateway({ sandbox, vars: { TENANTS: tenants(["decntro"]) } });
  try {
    assert.equal((await post(misspelt.url, PAN, pan())).status, 502, "a misspelt account is no order");
  } finally {
    await misspelt.stop();
  }
});

test("readyz names what a second vendor lacks that has some of its settings", async () => {
  const ready = async (vars, secondVendor) => {
    const other = await startGateway({ sandbox, vars, secondVendor });
    try {
      const { status: code, json } = await get(other.url, "/readyz");
      return [code, json.missing ?? []];
    } finally {
      await other.stop();
    }
  };
  assert.deepEqual(await ready({ CASHFREE_CLIENT_SECRET: "" }, true), [503, ["CASHFREE_CLIENT_SECRET"]]);
  assert.deepEqual(await ready({}, false), [200, []]);
});
