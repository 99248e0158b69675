// The same request many times is one check: one vendor call, at most one rupee, one answer, also across crashes and
// restarts (contract section 2.3).
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browser, eventually, get, KEY, post, startGateway, startSandbox } from "./harness.mjs";
import { opened } from "./state.mjs";
import { bank, others } from "./subject.mjs";

const OTHER_KEY = "toran_other_key";
const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const tenant = (id, key) => ({ id, keys: [sha256(key)], scopes: ["*"], origins: [] });
const VARS = { TENANTS: JSON.stringify([tenant("dev", KEY), tenant("other", OTHER_KEY)]), ATTEMPT_MS: "8000", WAIT_MS: "15000", RETRIES_MS: "50" };

const account = (reference_id, mobile_number) => ({ reference_id, mobile_number, fetch_branch_details: true, is_consent_granted: true });
const pan = (reference_id, id_number) => ({ reference_id, document_type: "PAN_DETAILED", id_number, consent: "Y", purpose: "KYC onboarding" });

const BANK = "/v1/bank-accounts/verify";
const OPERATIONS = [
  { operation: "mobile.account", route: "/v1/mobile/account", rupees: 1, request: (reference) => account(reference, reference.startsWith("BOTH") ? "9822000006" : "9822000001") },
  { operation: "bank.verify", route: BANK, rupees: 1, request: (reference_id) => ({ reference_id, ...bank("440000100001") }) },
  { operation: "pan.verify", route: "/v1/pan/verify", rupees: 0, request: (reference) => pan(reference, "ABCPE1234F") },
];

let sandbox, gateway;
const first = new Map();

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: VARS });
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

const burst = (count, route, body, headers) => Promise.all(Array.from({ length: count }, () => post(gateway.url, route, body, headers)));

/** What happened at the vendor while `work` ran: its result, the calls and the rupees. */
async function observed(work) {
  const [calls, money] = [(await sandbox.calls()).length, (await sandbox.money()).length];
  const result = await work();
  return { result, calls: (await sandbox.calls()).slice(calls), money: (await sandbox.money()).slice(money) };
}

function assertReplayed(answer, text) {
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.headers["idempotent-replayed"], "true");
  assert.equal(answer.text, text);
}

for (const { operation, route, rupees, request } of OPERATIONS) {
  for (const delay of [0, 400]) {
    test(`100 concurrent identical requests of ${operation} are one call and 100 equal answers (the vendor takes ${delay} ms)`, async () => {
      const body = request(`ONCE_${delay}_${operation.replace(".", "_")}`);
      if (delay) await sandbox.fault({ operation, fault: "delay", ms: delay });
      const { result, calls, money } = await observed(() => burst(100, route, body));
      assert.deepEqual([...new Set(result.map(({ status }) => status))], [200]);
      assert.equal(new Set(result.map(({ text }) => text)).size, 1);
      assert.equal(result[0].json.outcome, "verified");
      assert.deepEqual(calls.map(({ operation, kind }) => [operation, kind]), [[operation, "post"]]);
      assert.equal(money.length, rupees);
      assert.match(calls[0].wire_reference, /^[0-9a-f]{64}01$/);
      first.set(body.reference_id, { route, body, text: result[0].text });
    });
  }
}

test("100 concurrent identical requests of any other operation are one call and 100 equal answers", async (t) => {
  const subjects = await others(sandbox);
  assert.deepEqual(subjects.map(({ operation }) => operation).sort(), ["ckyc.download", "ckyc.search", "customer.prefill", "dmt.customer", "prepaid.customer"]);
  for (const { operation, route, request } of subjects) {
    await t.test(operation, async () => {
      const body = { ...request, reference_id: `ONCE_${operation.replace(".", "_")}` };
      const { result, calls } = await observed(() => burst(100, route, body));
      assert.deepEqual([...new Set(result.map(({ status, json }) => `${status} ${json.outcome}`))], ["200 verified"]);
      assert.equal(new Set(result.map(({ text }) => text)).size, 1);
      assert.deepEqual(calls.map(({ operation, kind }) => [operation, kind]), [[operation, "post"]]);
    });
  }
});

async function assertAllReplayed() {
  assert.equal(first.size, 2 * OPERATIONS.length);
  const { calls, money } = await observed(async () => {
    for (const { route, body, text } of first.values()) {
      for (const answer of await burst(10, route, body)) assertReplayed(answer, text);
      const seen = await get(gateway.url, `/v1/checks/${body.reference_id}`);
      assert.deepEqual([seen.status, seen.text], [200, text]);
    }
  });
  assert.deepEqual([calls, money], [[], []]);
}

test("they are replayed, without a call", assertAllReplayed);

test("they are replayed after the runtime was killed and came back", async () => {
  await gateway.killRuntime();
  await assertAllReplayed();
});

test("they are replayed after a stop and a start on the same state", async () => {
  await gateway.stop({ keep: true });
  gateway = await startGateway({ sandbox, vars: VARS, state: gateway.state });
  await assertAllReplayed();
});

test("the copy in KV answers by itself, without the register", async () => {
  const state = join(gateway.state, "..", "copy");
  await gateway.stop({ keep: true });
  cpSync(gateway.state, state, { recursive: true });
  rmSync(join(state, "v3", "do", "toran-CheckRegister"), { recursive: true });
  const original = gateway.state;
  gateway = await startGateway({ sandbox, vars: VARS, state });
  const { calls } = await observed(async () => {
    for (const { route, body, text } of first.values()) assertReplayed(await post(gateway.url, route, body), text);
  });
  assert.deepEqual(calls, []);
  await gateway.stop({ keep: true });
  gateway = await startGateway({ sandbox, vars: VARS, state: original });
});

// What is another meaning under the same reference, and what is the same.
const MEANINGS = [
  {
    route: "/v1/mobile/account",
    base: { reference_id: "MEANS_ACCOUNT", mobile_number: "9822000002" },
    others: [{ mobile_number: "9822000003" }, { fetch_branch_details: true }, { is_consent_granted: true }],
    same: [
      { mobile_number: " 9822000002\t" }, { reference_id: "  MEANS_ACCOUNT " }, { fetch_branch_details: false }, { consumer_urn: "SOMEBODY_ELSE" },
      { consent_record: { text_version: "v1", granted_at: "2026-11-21T20:18:52Z", channel: "web" } }, { consent_record: {} },
    ],
  },
  {
    route: BANK,
    base: { reference_id: "MEANS_BANK", ...bank("440000100002") },
    others: [
      bank("440000100003"), { validation_type: "hybrid" }, { validation_type: "penniless" }, { perform_name_match: false }, { purpose_message: "KYC bank verification" },
      { beneficiary_details: { account_number: "440000100002", ifsc: "SBIN0001078", name: "Rahul Sharma" } },
      { beneficiary_details: { account_number: "440000100002", ifsc: "SBIN0001077", name: "RAHUL SHARMA" } },
    ],
    same: [
      { transfer_amount: 1 }, { transfer_amount: 1.0 }, { validation_type: "pennydrop" }, { perform_name_match: true }, { purpose_message: " KYC Bank Verification\n" },
      { beneficiary_details: { name: " Rahul Sharma", ifsc: "sbin0001077 ", account_number: "440000100002" } }, { consent_record: { channel: "web" } },
    ],
  },
  {
    route: "/v1/pan/verify",
    base: { reference_id: "MEANS_PAN", document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC" },
    others: [{ id_number: "ABCPE1235F" }, { document_type: "PAN_DETAILED" }, { purpose: "kyc" }, { name: "RAHUL SHARMA" }, { dob: "15/06/1999" }],
    same: [
      { id_number: " abcpe1234f " }, { id_number: "abcPE1234f" }, { consent: true }, { purpose: " KYC\n" }, { reference_id: "MEANS_PAN\n" },
      { document_type: " PAN " }, { consent_record: { channel: "branch" } },
    ],
  },
];

for (const { route, base, others, same } of MEANINGS) {
  test(`${route}: what normalises to the same request is the same check`, async () => {
    const answer = await post(gateway.url, route, base);
    assert.equal(answer.json.outcome, "verified", answer.text);
    const { calls } = await observed(async () => {
      for (const change of same) assertReplayed(await post(gateway.url, route, { ...base, ...change }), answer.text);
      const reversed = Object.fromEntries(Object.entries(base).reverse());
      assertReplayed(await post(gateway.url, route, JSON.stringify(reversed, null, 3)), answer.text);
    });
    assert.deepEqual(calls, []);
  });

  test(`${route}: another meaning under the same reference is a 409 and nothing else`, async () => {
    const { calls } = await observed(async () => {
      for (const change of others) {
        const answer = await post(gateway.url, route, { ...base, ...change });
        assert.deepEqual([answer.status, answer.json.key], [409, "error_duplicate_reference_id"], JSON.stringify(change));
        assert.equal(answer.headers["content-type"], "application/problem+json");
      }
    });
    assert.deepEqual(calls, []);
    assert.equal((await get(gateway.url, `/v1/checks/${base.reference_id}`)).json.outcome, "verified");
  });
}

test("another operation under the same reference is a 409", async () => {
  const [accounts, pans] = MEANINGS;
  for (const [taken, { route, base }] of [[accounts, pans], [pans, accounts]]) {
    const { result, calls } = await observed(() => post(gateway.url, route, { ...base, reference_id: taken.base.reference_id }));
    assert.deepEqual([result.status, result.json.key, calls], [409, "error_duplicate_reference_id", []]);
  }
});

test("another meaning is refused while the first still runs, and the first is not disturbed", async () => {
  await sandbox.fault({ operation: "mobile.account", fault: "delay", ms: 1500 });
  const before = (await sandbox.calls()).length;
  const { result, calls, money } = await observed(async () => {
    const running = post(gateway.url, "/v1/mobile/account", account("RUNNING", "9822000004"));
    await eventually("the call", async () => (await sandbox.calls()).length > before);
    const others = [account("RUNNING", "9822000005"), { ...account("RUNNING", "9822000004"), fetch_branch_details: false }];
    const refused = await Promise.all(others.map((body) => post(gateway.url, "/v1/mobile/account", body)));
    const other = await post(gateway.url, "/v1/pan/verify", pan("RUNNING", "ABCPE1234F"));
    return { first: await running, refused: [...refused, other] };
  });
  assert.deepEqual(result.refused.map(({ status }) => status), [409, 409, 409]);
  assert.equal(result.first.json.outcome, "verified");
  assert.deepEqual([calls.length, money.length], [1, 1]);
});

test("a browser session and a server see one check: masked and whole, each the same bytes every time", async () => {
  for (const { operation, route, request } of OPERATIONS) {
    const body = request(`BOTH_${operation.replace(".", "_")}`);
    const session = await browser(gateway.url, { verified: body.mobile_number });
    const { result, calls } = await observed(async () => {
      const masked = await post(gateway.url, route, body, session);
      const whole = await post(gateway.url, route, body);
      for (const answer of await burst(5, route, body, session)) assertReplayed(answer, masked.text);
      for (const answer of await burst(5, route, body)) assertReplayed(answer, whole.text);
      assert.equal((await get(gateway.url, `/v1/checks/${body.reference_id}`, session)).text, masked.text);
      assert.equal((await get(gateway.url, `/v1/checks/${body.reference_id}`)).text, whole.text);
      return { masked, whole };
    });
    assert.equal(calls.length, 1);
    assertMasked(result.masked.json, result.whole.json);
  }
});

const PERSONAL = [
  "account_number", "bank_reference_number", "bank_verify_name_at_bank", "bank_verify_utr", "beneficiary_name", "dob", "email", "father_name", "id_number", "mobile", "name", "name_as_per_bank", "pan_verify_name", "upi_vpa", "utr",
];

function assertMasked(masked, whole) {
  const personal = Object.entries({ ...whole.data, ...whole.record }).filter(([field]) => PERSONAL.includes(field));
  assert.ok(personal.length >= 4, Object.keys(whole.data).join());
  for (const [field, value] of personal) assert.ok(!JSON.stringify(masked).includes(value), field);
  const transaction = whole.vendor.transaction_id;
  assert.ok(!JSON.stringify(masked).includes(transaction), "the vendor's transaction");
  assert.deepEqual([masked.cost, Number.isInteger(whole.cost)], [undefined, true], "what it costs is the server's to know");
  const rest = ({ data, record, vendor, cost, ...others }) => ({ ...others, vendor: { ...vendor, transaction_id: null } });
  assert.deepEqual(rest(masked), rest(whole));
  assert.deepEqual(Object.keys(masked.data), Object.keys(whole.data));
  if (masked.data.account_number) assert.match(masked.data.account_number, /^XXXXXX\d{4}$/);
  if (masked.data.id_number) assert.equal(masked.data.id_number, "XXXXXX234F");
  if (masked.data.upi_vpa) assert.match(masked.data.upi_vpa, /^\w\*\*\*@okbank$/);
}

test("two tenants do not share references", async () => {
  const other = { authorization: `Bearer ${OTHER_KEY}` };
  const body = account("TENANTS", "9822000007");
  const { result, calls, money } = await observed(async () => {
    const mine = await post(gateway.url, "/v1/mobile/account", body);
    assert.equal((await get(gateway.url, "/v1/checks/TENANTS", other)).json.key, "error_reference_id_not_found");
    return [mine, await post(gateway.url, "/v1/mobile/account", body, other)];
  });
  assert.deepEqual(result.map(({ json }) => json.outcome), ["verified", "verified"]);
  assert.notEqual(result[0].json.vendor.transaction_id, result[1].json.vendor.transaction_id);
  assert.deepEqual([calls.length, money.length], [2, 2]);
  assert.notEqual(calls[0].wire_reference.slice(0, 64), calls[1].wire_reference.slice(0, 64));
});

test("the vendor sees wire references: a place, a nonce and a count, never the caller's reference and never one twice", async () => {
  await sandbox.fault({ operation: "pan.verify", fault: "status", status: 401 });
  const body = pan("CALLERS_OWN", "ABCPE1234F");
  const { result, calls } = await observed(async () => [await post(gateway.url, "/v1/pan/verify", body), await post(gateway.url, "/v1/pan/verify", body)]);
  assert.deepEqual(result.map(({ status }) => status), [502, 200]);
  assert.deepEqual(calls.map(({ wire_reference }) => wire_reference.slice(64)), ["01", "02"]);
  assert.equal(calls[0].wire_reference.slice(0, 64), calls[1].wire_reference.slice(0, 64));
  const all = (await sandbox.calls()).map(({ wire_reference }) => wire_reference);
  for (const reference of all) assert.match(reference, /^[0-9a-f]{64}\d{2}$/);
  assert.equal(new Set(all).size, all.length);
});

test("after the keeping time only a tombstone stays: for ever for money, for its own time for a read", async () => {
  await gateway.stop();
  const vars = { KEEP_MS: "5000", TOMBSTONE_MS: "10000" };
  gateway = await startGateway({ sandbox, vars });
  const [accounts, pans] = [account("FORGET_ACCOUNT", "9822000008"), pan("FORGET_PAN", "ABCPE1234F")];
  const { result: answers, calls: sent } = await observed(async () => ({
    FORGET_ACCOUNT: await post(gateway.url, "/v1/mobile/account", accounts),
    FORGET_PAN: await post(gateway.url, "/v1/pan/verify", pans),
  }));
  const told = (text) => ["9822000008", "ABCPE1234F", answers.FORGET_ACCOUNT.json.data.name_as_per_bank, answers.FORGET_PAN.json.data.name].filter((word) => text.includes(word));
  assert.equal(opened(gateway.state).flatMap(told).length, 3, "what is kept can be opened by whoever has the keys");

  for (const [reference, { json }] of Object.entries(answers)) {
    const forgotten = await eventually("the forgetting", async () => {
      const answer = await get(gateway.url, `/v1/checks/${reference}`);
      return answer.json.data === null && answer;
    });
    assert.equal(forgotten.status, 200);
    for (const field of ["reference_id", "operation", "outcome", "key", "action", "checked_at"]) assert.equal(forgotten.json[field], json[field], field);
    assert.equal(forgotten.json.record, null);
  }
  assert.deepEqual(opened(gateway.state).flatMap(told), [], "not even with the keys");

  const { result, calls } = await observed(async () => [await post(gateway.url, "/v1/mobile/account", accounts), await post(gateway.url, "/v1/pan/verify", pans)]);
  assert.deepEqual(result.map(({ status, json }) => [status, json.key]), Array(2).fill([409, "error_duplicate_reference_id"]));
  assert.deepEqual(calls, []);

  await eventually("the end of the read's tombstone", async () => (await get(gateway.url, "/v1/checks/FORGET_PAN")).status === 404);
  await eventually("only the money's tombstone is stored", () => opened(gateway.state).length === 1);
  await gateway.killRuntime();
  const money = await post(gateway.url, "/v1/mobile/account", accounts);
  assert.equal(money.status, 409);
  assert.equal((await get(gateway.url, "/v1/checks/FORGET_ACCOUNT")).json.data, null);
  assert.equal((await post(gateway.url, "/v1/pan/verify", pans)).status, 200, "a read's reference is free again");
  const begin = sent[0].wire_reference.slice(0, 64);
  assert.equal((await sandbox.calls()).filter(({ wire_reference }) => wire_reference.startsWith(begin)).length, 1);
});
