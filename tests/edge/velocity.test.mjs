// The velocity controls of document 001: 3 checks of one mobile number or bank account a minute, 4 an hour, 5 a day, enforced by the gateway before the vendor would.
// Resetting the sandbox clears the vendor's own count.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { eventually, get, post, startGateway, startSandbox } from "./harness.mjs";
import { accountPlaceOf, stored } from "./state.mjs";

const KEY = "error_velocity_controls_verification_failed";
const title = (numbers, word = "mobile_number") => `Transaction failed due to velocity controls for combination: ${word}. Limit is ${numbers}. Please try again later.`;
const digest = (text) => createHash("sha256").update(text).digest("hex");
const tenant = (id, key) => ({ id, keys: [digest(key)], scopes: ["*"], origins: [] });
const OTHER = { authorization: "Bearer other_key" };
const VARS = {
  TENANTS: JSON.stringify([tenant("dev", "toran_dev_key"), tenant("other", "other_key")]),
  LOOKUPS_MS: "100,200,300,400,500", LOOKUP_EVERY_MS: "1000",
};
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

let sandbox, gateway;
let references = 0;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: VARS });
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

const account = (number, reference = `VELOCITY_${(references += 1)}`) => ({ reference_id: reference, mobile_number: number, is_consent_granted: true });
const check = (to, body, headers) => post(to.url, "/v1/mobile/account", body, headers);
const posts = async (from) => (await from.calls()).filter((call) => call.kind === "post");

async function verified(to, body, headers) {
  const answer = await check(to, body, headers);
  assert.equal(answer.json?.outcome, "verified", answer.text);
  return answer;
}

/** Has a number verified; between which times its permit was taken. */
async function permitted(to, number) {
  const before = Date.now();
  await verified(to, account(number));
  return [before, Date.now()];
}

const later = (times, length) => times.map((time) => time + length);

/** Asserts a 429 of the limit. `windows`: their lengths, as they are set. `freed`: the earliest and the latest time at which the window has room again. */
async function refused(to, body, { numbers, unit, freed, windows = [MINUTE, HOUR, DAY] }, headers) {
  const sentAt = Date.now();
  const answer = await check(to, body, headers);
  const answeredAt = Date.now();
  assert.equal(answer.status, 429, answer.text);
  assert.equal(answer.headers["content-type"], "application/problem+json");
  assert.equal(answer.json.key, KEY);
  assert.equal(answer.json.title, title(numbers));
  const seconds = Number(answer.headers["retry-after"]);
  if (freed !== undefined) {
    const [least, most] = [Math.ceil((freed[0] - answeredAt) / 1000), Math.ceil((freed[1] - sentAt) / 1000)];
    assert.ok(seconds >= least && seconds <= most, `${seconds} s, of ${least} to ${most}`);
  }
  assert.equal(answer.headers.ratelimit, `"${unit}";r=0;t=${seconds}`);
  const [minute, hour, day] = windows.map((window) => Math.max(1, Math.floor(window / 1000)));
  assert.equal(answer.headers["ratelimit-policy"], `"minute";q=3;w=${minute}, "hour";q=4;w=${hour}, "day";q=5;w=${day}`);
  return answer;
}

test("the fourth check of a number within a minute is refused before the vendor is called", async () => {
  await sandbox.reset();
  const first = await permitted(gateway, "9876500001");
  for (let turn = 2; turn <= 3; turn += 1) await verified(gateway, account("9876500001"));
  const body = account("9876500001");
  await refused(gateway, body, { numbers: "3 hits per minute", unit: "minute", freed: later(first, MINUTE) });
  assert.equal((await sandbox.calls()).length, 3, "the vendor does not see it");
  assert.equal((await sandbox.money()).length, 3);
  const shown = await get(gateway.url, `/v1/checks/${body.reference_id}`);
  assert.deepEqual([shown.status, shown.json.key, shown.json.title], [429, KEY, title("3 hits per minute")]);
  await verified(gateway, account("9876500002"));
});

test("the fifth within an hour and the sixth within a day are refused, until Retry-After, and a refusal takes no permit", async (t) => {
  // A restart with that window set to 1 ms stands in for waiting until it has passed.
  const limits = [
    { unit: "minute", numbers: "3 hits per minute", windows: [MINUTE, HOUR, DAY], length: MINUTE },
    { unit: "hour", numbers: "4 hits per hour", windows: [1, HOUR, DAY], length: HOUR },
    { unit: "day", numbers: "5 hits per day", windows: [1, 1, DAY], length: DAY },
    { windows: [1, 1, 1] },
  ];
  const number = "9876500003";
  let own, first, waiting;
  t.after(() => own?.stop());

  await sandbox.reset();
  for (const { unit, numbers, windows, length } of limits) {
    const state = own?.state;
    await own?.stop({ keep: true });
    own = await startGateway({ sandbox, state, vars: { ...VARS, VELOCITY_WINDOWS_MS: windows.join() } });
    if (first === undefined) {
      first = await permitted(own, number);
      for (let turn = 2; turn <= 3; turn += 1) await verified(own, account(number));
    } else {
      // The reference was released: the same request is a new attempt.
      const answer = await verified(own, waiting);
      assert.equal(answer.headers["idempotent-replayed"], undefined);
      assert.equal((await posts(sandbox)).length, 1);
    }
    if (unit === undefined) break;
    waiting = account(number);
    await sandbox.reset();
    for (let turn = 1; turn <= 4; turn += 1) await refused(own, waiting, { numbers, unit, windows, freed: later(first, length) });
    assert.deepEqual(await sandbox.calls(), []);
  }
});

test("ten duplicates at once use one permit", async () => {
  await sandbox.reset();
  const body = account("9876500004");
  const answers = await Promise.all(Array.from({ length: 10 }, () => check(gateway, body)));
  assert.deepEqual([...new Set(answers.map((answer) => `${answer.status} ${answer.text}`))].length, 1);
  assert.equal(answers[0].json.outcome, "verified");
  for (let turn = 2; turn <= 3; turn += 1) await verified(gateway, account("9876500004"));
  await refused(gateway, account("9876500004"), { numbers: "3 hits per minute", unit: "minute" });
  assert.equal((await posts(sandbox)).length, 3);
});

test("replays, GET and status lookups use none", async () => {
  await sandbox.reset();
  // Pending for three lookups.
  const body = account("9811000004");
  await verified(gateway, body);
  assert.ok((await sandbox.calls()).filter((call) => call.kind === "status").length >= 3);
  for (let turn = 1; turn <= 4; turn += 1) {
    assert.equal((await verified(gateway, body)).headers["idempotent-replayed"], "true");
    assert.equal((await get(gateway.url, `/v1/checks/${body.reference_id}`)).status, 200);
  }
  for (let turn = 2; turn <= 3; turn += 1) await verified(gateway, account("9811000004"));
  await refused(gateway, account("9811000004"), { numbers: "3 hits per minute", unit: "minute" });
});

test("a request that is refused as it stands uses none", async () => {
  await sandbox.reset();
  const body = account("9876500005");
  await verified(gateway, body);
  for (let turn = 1; turn <= 3; turn += 1) {
    assert.equal((await check(gateway, { ...account("9876500005"), is_consent_granted: false })).status, 400);
    assert.equal((await check(gateway, { ...body, fetch_branch_details: true })).status, 409);
  }
  for (let turn = 2; turn <= 3; turn += 1) await verified(gateway, account("9876500005"));
  await refused(gateway, account("9876500005"), { numbers: "3 hits per minute", unit: "minute" });
});

test("the limit is the number's, whoever asks", async () => {
  await sandbox.reset();
  await verified(gateway, account("9876500006"));
  await verified(gateway, account("9876500006", "SHARED"));
  await verified(gateway, account("9876500006", "SHARED"), OTHER);
  await refused(gateway, account("9876500006"), { numbers: "3 hits per minute", unit: "minute" });
  await refused(gateway, account("9876500006"), { numbers: "3 hits per minute", unit: "minute" }, OTHER);
  assert.equal((await posts(sandbox)).length, 3);
});

test("many checks of one number at once: three reach the vendor, the others are refused", async () => {
  await sandbox.reset();
  const answers = await Promise.all(Array.from({ length: 12 }, () => check(gateway, account("9876500007"))));
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 200, 200, ...Array(9).fill(429)]);
  assert.equal((await sandbox.calls()).length, 3);
  assert.equal((await sandbox.money()).length, 3);
});

test("a PAN may be verified as often as one likes", async () => {
  await sandbox.reset();
  for (let turn = 1; turn <= 8; turn += 1) {
    const body = { reference_id: `PAN_${turn}`, document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC onboarding" };
    assert.equal((await post(gateway.url, "/v1/pan/verify", body)).status, 200);
  }
  assert.equal((await sandbox.calls()).length, 8);
});

const verifyBank = (account_number, { ifsc = "SBIN0001077", validation_type = "pennydrop" } = {}, headers) =>
  post(gateway.url, "/v1/bank-accounts/verify", {
    reference_id: `VELOCITY_${(references += 1)}`, purpose_message: "KYC Bank Verification", validation_type,
    beneficiary_details: { account_number, ifsc, name: "Rahul Sharma" },
  }, headers);

/** Asserts that an account was paid as often as it may be within a minute. */
function refusedAccount(answer) {
  assert.equal(answer.status, 429, answer.text);
  assert.deepEqual([answer.json.key, answer.json.title], [KEY, title("3 hits per minute", "account_number")]);
  assert.match(answer.headers.ratelimit, /^"minute";r=0;t=[1-9]\d?$/);
  assert.ok(answer.json.retry_after > 0 && answer.json.retry_after <= 60, answer.text);
}

test("the fourth penny drop to an account within a minute is refused, whoever asks, whatever its branch and zeros are called", async () => {
  await sandbox.reset();
  assert.equal((await verifyBank("460000000001")).json.outcome, "verified");
  assert.equal((await verifyBank("00460000000001", { ifsc: "SBIN0001078", validation_type: "hybrid" })).json.outcome, "verified");
  assert.equal((await verifyBank("460000000001", { ifsc: "sbhy0000001" }, OTHER)).json.outcome, "verified", "a bank that merged into it");
  for (const how of [{}, { ifsc: "SBIN0001078" }, { validation_type: "hybrid" }]) refusedAccount(await verifyBank("460000000001", how));
  refusedAccount(await verifyBank("0460000000001", {}, OTHER));
  assert.equal((await sandbox.money()).length, 3);
  assert.equal((await sandbox.calls()).length, 3, "the vendor does not see it");
  assert.equal((await verifyBank("460000000001", { validation_type: "penniless" })).json.outcome, "verified", "no rupee, no limit");
  assert.equal((await verifyBank("460000000001", { ifsc: "HDFC0001234" })).json.outcome, "verified", "another bank's account");
});

test("many penny drops to one account at once move three rupees", async () => {
  await sandbox.reset();
  const answers = await Promise.all(Array.from({ length: 12 }, () => verifyBank("460000000002")));
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 200, 200, ...Array(9).fill(429)]);
  assert.equal((await sandbox.money()).length, 3);
});

test("an account that a mobile number led to counts each rupee once, also where the runtime is killed before that is noted", async () => {
  await sandbox.reset();
  const number = "9876500020";
  let data;
  for (let turn = 1; turn <= 3; turn += 1) {
    ({ data } = (await verified(gateway, account(number))).json);
    await gateway.killRuntime();
  }
  const place = accountPlaceOf(data.ifsc.slice(0, 4), data.account_number);
  const noted = () => stored(gateway.state, `SELECT version FROM machines WHERE place = '${place}'`, "SubjectRegister").at(0)?.version;
  await eventually("the third note", () => noted() === 3);
  assert.equal((await sandbox.money()).length, 3);
  refusedAccount(await verifyBank(data.account_number, { ifsc: data.ifsc }));
  // What was noted is noted again where its check did not hear of it.
  assert.equal(noted(), 3);
});
