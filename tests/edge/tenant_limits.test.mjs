// What a tenant may cost in a day and how often it may call (contract section 5, Callers): its row of TENANTS says so, its register counts it exactly, and what was not sent costs nothing.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { browser, eventually, get, post, startGateway, startSandbox } from "./harness.mjs";
import { dayPlaceOf, stored } from "./state.mjs";
import { bank, freshNumber } from "./subject.mjs";

const ACCOUNT = "/v1/bank-accounts/verify";
const digest = (text) => createHash("sha256").update(text).digest("hex");
const tenant = (id, key, limits) => ({ id, keys: [digest(key)], scopes: ["*"], origins: [], ...(limits && { limits }) });
const as = (id) => ({ authorization: `Bearer ${id}_key` });
// `poor` has five rupees a day, `slow` three calls a second, and `free` no limits.
const TENANTS = JSON.stringify([
  tenant("dev", "toran_dev_key", { rupees_a_day: 3 }),
  tenant("poor", "poor_key", { rupees_a_day: 5 }),
  tenant("slow", "slow_key", { calls_a_second: { "pan.verify": 3 } }),
  tenant("free", "free_key"),
]);
const LIMITED = [429, "error_rate_limited"];

let sandbox, gateway;
let count = 0;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: { TENANTS, RETRIES_MS: "50,50,50" } });
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

const reference = () => `LIMITS_${(count += 1)}`;
const verify = (headers, more) => post(gateway.url, ACCOUNT, { reference_id: reference(), ...bank(`4900000${String((count += 1)).padStart(5, "0")}`), ...more }, headers);
const pan = () => ({ reference_id: reference(), document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC" });
const said = ({ status, json }) => [status, json.key];
const limit = ({ headers }) => [headers.ratelimit?.split(";")[0], headers["ratelimit-policy"]];
const rupees = async () => (await sandbox.money()).length;

/** How many rupees a tenant may still send today, by sending them. */
async function left(headers) {
  const before = await rupees();
  for (;;) {
    const answer = await verify(headers);
    if (answer.status === 429) return (await rupees()) - before;
    assert.equal(answer.json.outcome, "verified", answer.text);
  }
}

test("a tenant's rupees of a day are exact under many requests at once, and what was not sent costs none", async () => {
  const before = await rupees();
  // Each of these ends without a rupee, and gives what it booked back.
  await sandbox.fault({ operation: "bank.verify", fault: "status", status: 401, times: 3 });
  for (let turn = 0; turn < 3; turn += 1) assert.equal((await verify(as("poor"))).status, 502);
  assert.deepEqual((await verify(as("poor"), { validation_type: "penniless" })).json.outcome, "verified");
  const body = { reference_id: reference(), ...bank("490000099001") };
  assert.equal((await post(gateway.url, ACCOUNT, body, as("poor"))).json.outcome, "verified");
  // A replay and a conflict cost nothing either.
  assert.equal((await post(gateway.url, ACCOUNT, body, as("poor"))).status, 200);
  assert.equal((await post(gateway.url, ACCOUNT, { ...body, perform_name_match: false }, as("poor"))).status, 409);
  assert.equal(await rupees(), before + 1);
  await eventually("the rupees are back", () => saves("poor") === 7);
  const answers = await Promise.all(Array.from({ length: 12 }, () => verify(as("poor"))));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [...Array(4).fill(200), ...Array(8).fill(429)]);
  assert.equal(await rupees(), before + 5);
  const over = answers.find(({ status }) => status === 429);
  assert.deepEqual([said(over), limit(over)], [LIMITED, ['"rupees_a_day"', '"rupees_a_day";q=5;w=86400']], over.text);
  const seconds = Number(over.headers["retry-after"]);
  const midnight = 86_400 - (Math.floor(Date.now() / 1000) + 19_800) % 86_400;
  assert.ok(Math.abs(seconds - midnight) <= 5, `${seconds} s, until midnight in India ${midnight}`);
  assert.equal((await verify(as("poor"), { validation_type: "penniless" })).status, 200, "what moves none goes on");
  assert.equal((await post(gateway.url, "/v1/mobile/account", { reference_id: reference(), mobile_number: freshNumber() }, as("poor"))).status, 429);
  assert.equal((await verify(as("free"))).json.outcome, "verified");
});

/** How often a tenant's day was saved: once for each rupee that is booked, once for each that comes back. */
const saves = (tenant) => stored(gateway.state, `SELECT version FROM machines WHERE place = '${dayPlaceOf(tenant)}'`, "SessionRegister").at(0)?.version;

test("a velocity refusal and a session's own budget give the tenant's rupee back", async () => {
  const session = await browser(gateway.url, { budget: { paise: 100 } });
  const first = await verify(session);
  assert.equal(first.json.outcome, "verified", first.text);
  const over = await verify(session);
  assert.deepEqual([said(over), limit(over)[0]], [LIMITED, '"paise"'], over.text);
  assert.equal((await get(gateway.url, `/v1/checks/${over.json.id}`)).status, 429);
  const account = bank("490000099002");
  const again = (headers) => post(gateway.url, ACCOUNT, { reference_id: reference(), ...account }, headers);
  for (let turn = 0; turn < 3; turn += 1) assert.equal((await again(as("free"))).json.outcome, "verified");
  assert.equal((await again()).json.key, "error_velocity_controls_verification_failed");
  // Three rupees a day: one is spent, and the refused ones are back.
  await eventually("the rupee is back", () => saves("dev") === 3);
  assert.equal(await left(), 2);
});

test("calls a second are counted where a tenant has such a limit, and a browser's and a batch's among them", async () => {
  const call = (headers = as("slow")) => post(gateway.url, "/v1/pan/verify", pan(), headers);
  const answers = await Promise.all(Array.from({ length: 10 }, () => call()));
  const passed = answers.filter(({ status }) => status === 200).length;
  assert.ok(passed >= 3 && passed <= 6, `${passed} of ten at once`);
  const over = answers.find(({ status }) => status === 429);
  assert.deepEqual([said(over), limit(over), over.headers["retry-after"]], [LIMITED, ['"calls_a_second"', '"calls_a_second";q=3;w=1'], "1"], over.text);
  await eventually("another second", async () => (await call()).status === 200);
  const batch = await post(gateway.url, "/v1/pan/verify-batch", { items: Array.from({ length: 5 }, pan) }, as("slow"));
  assert.ok([200, 429].includes(batch.status), batch.text);
  assert.equal((await verify(as("slow"))).json.outcome, "verified", "another operation");
  const others = await Promise.all(Array.from({ length: 10 }, () => call(as("free"))));
  assert.deepEqual([...new Set(others.map(({ status }) => status))], [200]);
});
