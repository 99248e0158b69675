// The maintenance that a vendor announces (document 003 section 8.9): in its window nothing is sent. Reads say when to come back, uploads wait, money is refused or goes to the next vendor.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { get, post, send, settled, startGateway, startSandbox } from "./harness.mjs";
import { bank, freshNumber } from "./subject.mjs";

const INDIA = 330;
const DAY = 24 * 60;
/** A minute of the day in India, so many minutes from now, as `HH:MM`. */
const clock = (minutes) => {
  const at = (Math.floor(Date.now() / 60_000) + INDIA + minutes) % DAY;
  return `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
};
/** The end of a window that ends in so many minutes, in milliseconds. */
const endIn = (minutes) => (Math.floor(Date.now() / 60_000) + minutes) * 60_000;
const window = (module, from, to, account = "decentro") => ({ account, module, from: clock(from), to: clock(to) });

let sandbox, gateway, end, record;
let count = 0;

before(async () => {
  sandbox = await startSandbox();
  end = endIn(90);
  const windows = [window("ckyc", -30, 90), window("banking", -30, 90), window("payments", -30, 90), window("kyc", 60, 90), window("financial_services", -90, -30)];
  gateway = await startGateway({ sandbox, vars: { MAINTENANCE: JSON.stringify(windows), BANK_VERIFY_WAIT_MS: "1500", LOOKUPS_MS: "60,120,240,480" }, secondVendor: true });
  record = (await send(sandbox.url, "/_sandbox/scenarios")).json.find(({ id }) => id === "ckyc.upload.http.200").request;
});

beforeEach(() => sandbox.reset());

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

const fresh = () => `MAINTENANCE_${(count += 1)}`;
const vendors = async () => (await sandbox.calls()).map(({ vendor }) => vendor);

/** The end as `Retry-After` says it; a request may take a second or two. */
function assertUntilTheEnd({ headers }) {
  const told = Date.now() + Number(headers["retry-after"]) * 1000;
  assert.ok(Math.abs(told - end) < 3000, `${headers["retry-after"]} s`);
}

test("a search of the registry is 503 with the time, says that onboarding goes on, and is not sent", async () => {
  const answer = await post(gateway.url, "/v1/ckyc/search", { reference_id: fresh(), document_type: "PAN", id_number: "ABCPV1234D", consent: "Y", consent_purpose: "KYC onboarding" });
  assert.deepEqual([answer.status, answer.json.key, answer.json.action], [503, "error_source_unavailable", "wait"], answer.text);
  assert.match(answer.json.detail, /Nothing was sent\..*onboarding/i);
  assertUntilTheEnd(answer);
  assert.deepEqual(await vendors(), []);
});

test("an upload is accepted, waits for the end, and says so", async () => {
  const reference_id = fresh();
  const answer = await post(gateway.url, "/v1/ckyc/upload", { ...record, reference_id });
  assert.deepEqual([answer.status, answer.json.key, answer.json.action], [202, "pending_unknown", "wait"], answer.text);
  const known = await get(gateway.url, `/v1/checks/${reference_id}`);
  for (const { json } of [answer, known]) assert.equal(Date.parse(json.next_check_at), end, json.next_check_at);
  assertUntilTheEnd(known);
  assert.deepEqual(await vendors(), []);
});

test("money is refused and moves nothing, or goes to the next vendor", async () => {
  const mobile = await post(gateway.url, "/v1/mobile/account", { reference_id: fresh(), mobile_number: freshNumber() });
  assert.deepEqual([mobile.status, mobile.json.key], [503, "error_source_unavailable"], mobile.text);
  assertUntilTheEnd(mobile);
  assert.deepEqual([await vendors(), await sandbox.money()], [[], []]);
  const body = { reference_id: fresh(), ...bank("470000000001") };
  const first = await post(gateway.url, "/v1/bank-accounts/verify", body);
  const verified = first.status === 202 ? await settled(gateway.url, body.reference_id) : first;
  assert.deepEqual([verified.json.outcome, verified.json.vendor.name], ["verified", "cashfree"], verified.text);
  assert.deepEqual([[...new Set(await vendors())], (await sandbox.money()).length], [["cashfree"], 1]);
});

test("outside of its window a module is called, and the overview says until when another is not", async () => {
  const answer = await post(gateway.url, "/v1/pan/verify", { reference_id: fresh(), document_type: "PAN", id_number: "ABCPV1234D", consent: "Y", purpose: "KYC onboarding" });
  assert.deepEqual([answer.status, answer.json.vendor.name], [200, "decentro"], answer.text);
  const { json } = await get(gateway.url, "/v1/ops/overview");
  const until = (name) => json.vendors.find(({ vendor, module }) => vendor === "decentro" && module === name).paused_until;
  assert.deepEqual([Date.parse(until("ckyc")), until("kyc"), until("financial_services")], [end, undefined, undefined]);
});
