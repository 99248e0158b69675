// The reverse penny drop (document 003 section 3.5): a payment link at once, one a check, at the vendor that can make one; its end by a callback or a look-up; what is told to whom.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { freePort } from "../../tools/process.mjs";
import { browser, eventually, get, post, send, settled, startGateway, startSandbox } from "./harness.mjs";
import { placeOf } from "./state.mjs";

const ROUTE = "/v1/bank-accounts/collect";
const TIMES = { ATTEMPT_MS: "3000", WAIT_MS: "8000", RETRIES_MS: "20,40,60", LOOKUP_EVERY_MS: "600000", VELOCITY_WINDOWS_MS: "1,1,1" };
const ACCOUNT = "50100123457890";

let sandbox, calledBack, looking;
let count = 0;

before(async () => {
  const port = await freePort();
  sandbox = await startSandbox({ gatewayPort: port });
  // At the first nothing but a callback tells what became of a payment, at the second nothing but a look-up.
  [calledBack, looking] = await Promise.all([
    startGateway({ sandbox, port, vars: { ...TIMES, LOOKUPS_MS: "600000" }, secondVendor: true }),
    startGateway({ sandbox, vars: { ...TIMES, LOOKUPS_MS: "60,120,240,480,960,1920", LOOKUP_EVERY_MS: "500" }, secondVendor: true }),
  ]);
});

beforeEach(() => sandbox.reset());

after(async () => {
  await calledBack?.stop();
  await looking?.stop();
  await sandbox?.stop();
});

/** A check whose customer is to pay: what was answered, and what follows. */
async function asked(gateway, { name = "RAHUL SHARMA", headers } = {}) {
  const body = { reference_id: `COLLECT_${(count += 1)}`, name };
  const { reference_id } = body;
  const answer = await post(gateway.url, ROUTE, body, headers);
  const ours = ({ wire_reference }) => wire_reference?.startsWith(placeOf(reference_id));
  const calls = async () => (await sandbox.calls()).filter(ours);
  const link = async () => (await calls()).findLast(({ kind }) => kind === "post").wire_reference;
  return {
    answer,
    body,
    again: () => post(gateway.url, ROUTE, body, headers),
    get: (more = headers) => get(gateway.url, `/v1/checks/${reference_id}`, more),
    settled: () => settled(gateway.url, reference_id, headers),
    calls: async () => (await calls()).map(({ vendor, kind }) => `${vendor} ${kind}`),
    link,
    references: async () => (await calls()).filter(({ kind }) => kind === "post").map(({ wire_reference }) => wire_reference),
    pay: async (order) => {
      const paid = await post(sandbox.url, "/_sandbox/pay", { wire_reference: await link(), ...order });
      assert.equal(paid.status, 200, paid.text);
      return paid.json;
    },
  };
}

function isLink({ status, json, headers, text }) {
  assert.deepEqual([status, json.outcome, json.key, json.action], [202, "pending", "pending_payment", "wait"], text);
  const { vpa, upi_uri, amount, expires_at } = json.data.payment;
  assert.deepEqual([vpa, amount], ["success@upi", 100]);
  assert.match(upi_uri, /^upi:\/\/pay\?pa=success@upi&.*am=1\.00/);
  assert.ok(Date.parse(expires_at) > Date.now() && Date.parse(json.next_check_at) > 0, text);
  assert.ok(Number(headers["retry-after"]) > 0 && headers.location === `/v1/checks/${json.id}`);
}

test("a payment link is answered at once, and the callback of the payment ends the check with the account that paid", async () => {
  const check = await asked(calledBack);
  isLink(check.answer);
  assert.deepEqual([check.answer.json.vendor.name, await check.calls()], ["setu", ["setu post"]]);
  const { deliveries } = await check.pay();
  assert.deepEqual(deliveries.map(({ status }) => status), [200]);
  const { status, json } = await check.get();
  assert.deepEqual([status, json.outcome, json.key, json.action], [200, "verified", "success_bank_account", "proceed"]);
  const { beneficiary_name, account_number, ifsc, upi_vpa, payment_mode, validation_type, name_match_result } = json.data;
  assert.deepEqual([beneficiary_name, account_number, ifsc, upi_vpa, payment_mode], ["RAHUL SHARMA", ACCOUNT, "SBIN0001077", "rahul@okbank", "UPI"]);
  assert.deepEqual([validation_type, name_match_result, json.record.bank_verify_status, json.cost], ["Reverse Penny Drop", "FULL_MATCH", "Success", 250]);
  assert.deepEqual(await check.calls(), ["setu post"], "no look-up was needed");
  assert.deepEqual(await sandbox.money(), [], "no rupee of ours moved");
});

test("without a callback a look-up ends it, at either vendor", async () => {
  for (const vendor of ["setu", "cashfree"]) {
    if (vendor === "cashfree") await sandbox.fault({ operation: "bank.collect", fault: "status", status: 503 });
    const check = await asked(looking);
    isLink(check.answer);
    await check.pay({ callback: false });
    const { status, json } = await check.settled();
    assert.deepEqual([status, json.key, json.vendor.name, json.data.account_number], [200, "success_bank_account", vendor, ACCOUNT]);
    assert.ok((await check.calls()).includes(`${vendor} status`));
  }
});

test("a link that expires, a payment that fails, a wallet and another's account say what to do next", async () => {
  for (const [act, outcome, action, key, note] of [
    ["expired", "negative", "retry", "failure_payment_expired", "use_penny_drop"],
    ["failed", "negative", "retry", "failure_payment_failed", "use_penny_drop"],
    ["paid_from_wallet", "negative", "review", "failure_bank_account_unknown_status", "pay_from_bank_account"],
    ["paid_by_another", "negative", "reject", "failure_bank_account_no_match", "joint_account"],
    ["paid_with_initial", "verified", "review", "success_bank_account", "statement_or_passbook"],
    ["paid_from_nre", "verified", "review", "success_bank_account", "nre_nro"],
  ]) {
    const check = await asked(calledBack);
    await check.pay({ act });
    const { status, json, text } = await check.get();
    assert.deepEqual([status, json.outcome, json.action, json.key], [200, outcome, action, key], `${act}: ${text}`);
    assert.ok(json.notes.some(({ code }) => code === note), `${act}: ${text}`);
    if (act === "paid_by_another") assert.ok(!text.includes(ACCOUNT), "of somebody else nothing is told");
  }
});

test("with the first vendor's collect down, or where it refuses us, the other one makes the link", async () => {
  for (const fault of [{ fault: "status", status: 503 }, { fault: "status", status: 500 }, { fault: "status", status: 401 }, { fault: "status", status: 429, retry_after: 60 }]) {
    await sandbox.reset();
    await sandbox.fault({ operation: "bank.collect", ...fault });
    const check = await asked(looking);
    isLink(check.answer);
    assert.deepEqual([check.answer.json.vendor.name, (await check.calls()).slice(0, 2)], ["cashfree", ["setu post", "cashfree post"]], JSON.stringify(fault));
  }
  await sandbox.fault({ operation: "bank.collect", fault: "status", status: 503, times: 5 });
  const { answer } = await asked(looking);
  assert.deepEqual([answer.status, answer.json.key], [503, "error_source_unavailable"], answer.text);
});

test("a request whose fate is unknown is repeated at the same vendor, and never moves to the other", async () => {
  for (const fault of ["drop_response", "drop_request", "reset"]) {
    await sandbox.reset();
    await sandbox.fault({ operation: "bank.collect", fault });
    const check = await asked(looking);
    isLink(check.answer);
    assert.deepEqual((await check.calls()).filter((call) => call.endsWith("post")), ["setu post", "setu post"], fault);
    assert.equal(new Set(await check.references()).size, 2, "each under a reference of its own");
  }
  await sandbox.reset();
  await sandbox.fault({ operation: "bank.collect", fault: "drop_response", times: 1 });
  await sandbox.fault({ operation: "bank.collect", fault: "status", status: 503, times: 10 });
  const down = await asked(looking);
  assert.deepEqual([down.answer.status, [...new Set(await down.calls())]], [503, ["setu post"]], "not even where it is down afterwards");
  await sandbox.reset();
  await sandbox.fault({ operation: "bank.collect", fault: "drop_response", times: 10 });
  const lost = await asked(looking);
  assert.deepEqual([lost.answer.status, lost.answer.json.key], [504, "error_source_timeout"], lost.answer.text);
});

test("who asks again is shown the same link, and after the end the same answer", async () => {
  const check = await asked(calledBack);
  const again = await check.again();
  isLink(again);
  assert.deepEqual(again.json.data, check.answer.json.data);
  assert.deepEqual((await check.get()).json.data, check.answer.json.data);
  assert.deepEqual(await check.calls(), ["setu post"], "one link a check");
  await check.pay();
  const [one, two] = [await check.again(), await check.again()];
  assert.deepEqual([one.status, one.text, one.headers["idempotent-replayed"]], [200, two.text, "true"]);
  const other = await post(calledBack.url, ROUTE, { ...check.body, name: "ANANYA BHAT" });
  assert.deepEqual([other.status, other.json.key], [409, "error_duplicate_reference_id"]);
});

test("a browser sees the link as it is, and of the account that paid its masks", async () => {
  const headers = await browser(calledBack.url);
  const check = await asked(calledBack, { headers });
  isLink(check.answer);
  await check.pay();
  const { status, json, text } = await check.get();
  assert.deepEqual([status, json.outcome], [200, "verified"], text);
  assert.deepEqual([json.data.account_number, json.data.upi_vpa, json.data.beneficiary_name, json.data.ifsc], ["XXXXXX7890", "r***@okbank", "R*** S***", "SBIN0001077"]);
  for (const personal of [ACCOUNT, "rahul@okbank", "RAHUL"]) assert.ok(!text.includes(personal), `${personal}: ${text}`);
});

test("a yes after the expiry waits for a person, and a notification that nobody proved only makes us look", async () => {
  const check = await asked(calledBack);
  const wire_reference = await check.link();
  const callBack = (order) => post(sandbox.url, "/_sandbox/callback", { vendor: "setu", wire_reference, ...order });
  const forged = await callBack({ tamper: "signature" });
  assert.deepEqual(forged.json.deliveries.map(({ status }) => status), [401]);
  assert.equal((await check.get()).json.key, "pending_payment");
  await check.pay({ act: "expired" });
  assert.equal((await check.get()).json.key, "failure_payment_expired");
  assert.deepEqual((await callBack({ tamper: "opposite" })).json.deliveries.map(({ status }) => status), [200]);
  const { status, json } = await check.get();
  assert.deepEqual([status, json.key, json.action], [202, "pending_review", "review"]);
});

test("nothing of the customer or of their account is in a log, and the name reaches no vendor", async () => {
  const name = "ZARINA QURESHIWALA";
  const check = await asked(calledBack, { name });
  await check.pay({ act: "paid_by_another" });
  assert.equal((await check.get()).json.key, "failure_bank_account_no_match");
  const logs = await eventually("the log of the request", () => calledBack.logs().length > 0 && calledBack.logs().join("\n"));
  for (const personal of [name, ACCOUNT, "ANANYA", "rahul@okbank"]) assert.ok(!logs.includes(personal), personal);
  assert.ok(!JSON.stringify(await sandbox.calls()).includes("ZARINA"));
});

test("the name is required, and an account is not asked for", async () => {
  for (const [body, key] of [[{ reference_id: "COLLECT_A" }, "error_name_missing"], [{ reference_id: "COLLECT_A", name: " " }, "error_name_empty"], [{ reference_id: "COLLECT_A", name: "RAHUL", ifsc: "SBIN0001077" }, "error_malformed_request"]]) {
    const { status, json } = await post(calledBack.url, ROUTE, body);
    assert.deepEqual([status, json.key], [400, key]);
  }
  const { status, json } = await send(calledBack.url, ROUTE);
  assert.deepEqual([status, json.key], [405, "error_method_not_allowed"]);
});
