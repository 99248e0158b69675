// GET /v1/checks/{reference_id}: the check as it stands, in each of its states, to whom it belongs.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { browser, eventually, get, KEY, post, send, settled, startGateway, startSandbox } from "./harness.mjs";
import { assertPending } from "./subject.mjs";

const OTHER = { authorization: "Bearer toran_other_key" };
const tenant = (id, key) => ({ id, keys: [createHash("sha256").update(key).digest("hex")], scopes: ["*"], origins: [] });
const scoped = (key, ...scopes) => ({ digest: createHash("sha256").update(key).digest("hex"), scopes });
const VARS = {
  TENANTS: JSON.stringify([{ ...tenant("dev", KEY), keys: [...tenant("dev", KEY).keys, scoped("toran_pan_key", "pan.verify"), scoped("toran_review_key", "review")] }, tenant("other", "toran_other_key")]),
  WAIT_MS: "300", ATTEMPT_MS: "1500", RETRIES_MS: "100", LOOKUPS_MS: "200,400,800",
};

let sandbox, gateway;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: VARS });
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

const pan = (reference_id) => ({ reference_id, document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC" });
const show = (reference, headers) => get(gateway.url, `/v1/checks/${reference}`, headers);

test("a check that nobody made is a 404, and asking makes none", async () => {
  for (const reference of ["NEVER_MADE", "NEVER_MADE", "a", "x".repeat(101), "%20", "with%20blank", "%252e%252e", "REF%231", "%EF%BC%AD2A", "%F0%9F%92%B8"]) {
    const { status, json } = await show(reference);
    assert.deepEqual([status, json.key], [404, "error_reference_id_not_found"], reference);
  }
  assert.deepEqual(await sandbox.calls(), []);
  assert.equal((await post(gateway.url, "/v1/pan/verify", pan("NEVER_MADE"))).headers["idempotent-replayed"], undefined);
});

test("it needs credentials, and takes GET only", async () => {
  for (const headers of [{ authorization: null }, { authorization: "Bearer wrong" }, { authorization: `Basic ${KEY}` }]) {
    const { status, json } = await show("NEVER_MADE", headers);
    assert.deepEqual([status, json.key], [401, "error_unauthorized"]);
  }
  const { status, headers } = await post(gateway.url, "/v1/checks/NEVER_MADE", {});
  assert.deepEqual([status, headers.allow], [405, "GET, HEAD"]);
});

test("another tenant's check is as unknown as one that was never made", async () => {
  await post(gateway.url, "/v1/pan/verify", pan("MINE"));
  const [mine, theirs, nobodys] = [await show("MINE"), await show("MINE", OTHER), await show("NOBODYS", OTHER)];
  assert.equal(mine.status, 200);
  assert.deepEqual([theirs.status, theirs.json.key], [404, "error_reference_id_not_found"]);
  assert.deepEqual({ ...theirs.json, request_id: "" }, { ...nobodys.json, request_id: "" });
});

test("while a read runs it is a 202 as of now, then the answer that the POST would have given", async () => {
  await sandbox.fault({ operation: "pan.verify", fault: "delay", ms: 1000 });
  assertPending(await post(gateway.url, "/v1/pan/verify", pan("RUNS")), "RUNS");
  assertPending(await show("RUNS"), "RUNS");
  const answer = await settled(gateway.url, "RUNS");
  assert.deepEqual([answer.status, answer.json.outcome, answer.headers["retry-after"]], [200, "verified", undefined]);
  assert.equal((await post(gateway.url, "/v1/pan/verify", pan("RUNS"))).text, answer.text);
});

test("while money is unsettled it is a 202, then the answer", async () => {
  assertPending(await post(gateway.url, "/v1/mobile/account", { reference_id: "WORKS", mobile_number: "9811000001" }), "WORKS", "pending_vendor");
  assertPending(await show("WORKS"), "WORKS", "pending_vendor");
  assert.equal((await settled(gateway.url, "WORKS")).json.outcome, "verified");
});

test("a check that ended as a problem shows the problem itself, until the reference is used again", async () => {
  await sandbox.fault({ operation: "pan.verify", fault: "status", status: 503, times: 2 });
  const body = pan("ENDS_BADLY");
  const sent = await post(gateway.url, "/v1/pan/verify", body);
  const shown = await eventually("the problem", async () => {
    const answer = await show("ENDS_BADLY");
    return answer.status !== 202 && answer;
  });
  assert.deepEqual([shown.status, shown.json.key], [503, "error_source_unavailable"]);
  assert.match(shown.headers["retry-after"], /^[1-9]\d*$/);
  assert.ok([202, 503].includes(sent.status));
  assert.equal((await post(gateway.url, "/v1/pan/verify", body)).json.outcome, "verified");
  assert.equal((await show("ENDS_BADLY")).json.outcome, "verified");
});

test("a browser session sees it masked, the server whole, and neither disturbs the other", async () => {
  const session = await browser(gateway.url, { verified: "9825000002" });
  await post(gateway.url, "/v1/mobile/account", { reference_id: "SEEN", mobile_number: "9825000002" }, session);
  const [whole, masked] = [await show("SEEN"), await show("SEEN", session)];
  assert.match(masked.json.data.account_number, /^XXXXXX\d{4}$/);
  assert.ok(!masked.text.includes(whole.json.data.account_number));
  assert.deepEqual([(await show("SEEN")).text, (await show("SEEN", session)).text], [whole.text, masked.text]);
  // A browser leaves Origin out of a same-origin GET and says so in Sec-Fetch-Site.
  const { origin, ...token } = session;
  assert.equal((await show("SEEN", { ...token, "sec-fetch-site": "same-origin" })).text, masked.text);
  for (const headers of [token, { ...token, "sec-fetch-site": "cross-site" }, { ...token, origin: "https://evil.example" }]) {
    assert.equal((await show("SEEN", headers)).json.key, "error_forbidden");
  }
  assert.ok(origin);
});

test("a key sees the checks of its operations, and a reviewer's all of them", async () => {
  await post(gateway.url, "/v1/pan/verify", pan("OF_PAN"));
  await post(gateway.url, "/v1/mobile/account", { reference_id: "OF_ACCOUNT", mobile_number: "9825000003" });
  const seen = async (key) => Promise.all(["OF_PAN", "OF_ACCOUNT", "OF_NOBODY"].map(async (reference) => (await show(reference, { authorization: `Bearer ${key}` })).status));
  assert.deepEqual(await seen("toran_pan_key"), [200, 403, 404]);
  assert.deepEqual(await seen("toran_review_key"), [200, 200, 404]);
});

test("nothing of the gateway may be kept by a cache", async () => {
  for (const path of ["/v1/checks/MINE", "/v1/checks/NOBODYS"]) {
    assert.equal((await get(gateway.url, path)).headers["cache-control"], "no-store");
  }
  assert.equal((await send(gateway.url, "/v1/checks/MINE")).headers["cache-control"], "no-store");
});
