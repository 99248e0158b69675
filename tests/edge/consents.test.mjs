// Consents and operations (contract section 2.14): where a tenant requires consent no vendor is asked without one, and nowhere under one that is not good; a check that waits asks nothing new
// after a withdrawal, and what was sent before is still found.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { consent, FREE, OTHER, record, show, TENANTS, withdraw } from "./consents.mjs";
import { browser, eventually, get, post, send, settled, startGateway, startSandbox } from "./harness.mjs";
import { bank, freshNumber } from "./subject.mjs";

const REFUSED = [403, "error_consent_required"];
const NAMES = ["bank.collect", "bank.verify", "ckyc.download", "ckyc.search", "ckyc.upload", "customer.prefill", "dmt.customer", "mobile.account", "pan.verify", "prepaid.customer"];

let sandbox, gateway, operations;
let count = 0;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: { TENANTS, WAIT_MS: "700", RETRIES_MS: "2500,2500,2500", LOOKUPS_MS: "1500,1500,1500,1500", LOOKUP_EVERY_MS: "1500" } });
  const scenarios = (await send(sandbox.url, "/_sandbox/scenarios")).json.filter(({ repeat, expect }) => !repeat && expect.status < 300);
  // What a scenario has to be set up for does not matter here: what counts is whether the vendor is called. (Payment links have no other.)
  scenarios.sort((one, other) => Number(Boolean(one.setup)) - Number(Boolean(other.setup)));
  operations = [...Map.groupBy(scenarios, ({ operation }) => operation).values()].map(([{ operation, route, request }]) => ({ operation, route, request }));
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

const fresh = () => `CONSENT_${(count += 1)}`;
const said = ({ status, json }) => [status, json.key];
const calls = async (operation) => (await sandbox.calls()).filter((call) => call.operation === operation);
// The vendor counts how often somebody is paid, so each request is about somebody else.
const SUBJECTS = { "mobile.account": () => ({ mobile_number: freshNumber() }), "bank.verify": () => bank(`44${freshNumber()}`) };
// A session asks about the one number that was proved in it.
const numbers = new Map();
const about = (operation, headers) => (operation === "mobile.account" && numbers.has(headers) ? { mobile_number: numbers.get(headers) } : SUBJECTS[operation]?.());
const ask = ({ operation, route, request }, consent_record, headers, reference_id = fresh()) =>
  post(gateway.url, route, { ...request, ...about(operation, headers), reference_id, ...(consent_record !== undefined && { consent_record }) }, headers);
const pan = (more) => ({ reference_id: fresh(), document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC", ...more });

/** Whether an answer came of the vendor's word, or of what is on its way to it. */
async function assertReaches(one, consent_record, headers) {
  const before = (await calls(one.operation)).length;
  const answer = await ask(one, consent_record, headers);
  assert.ok([200, 202].includes(answer.status), `${one.operation}: ${answer.text}`);
  await eventually(`a call of ${one.operation}`, async () => (await calls(one.operation)).length > before);
}

test("no operation reaches a vendor without a consent that is good, each does with one, and none after a withdrawal", async () => {
  assert.deepEqual(operations.map(({ operation }) => operation).sort(), NAMES);
  const wanted = { operations: NAMES, budget: { calls: 1000, paise: 100_000 } };
  const [servers, others, withdrawn] = [await consent(gateway), await consent(gateway, OTHER), await consent(gateway)];
  const expired = await consent(gateway, undefined, { expires_at: new Date(Date.now() + 1_000).toISOString() });
  await withdraw(gateway, withdrawn);
  await eventually("an expired consent", async () => (await show(gateway, expired)).json.state === "expired");
  const owns = [];
  for (const one of operations) {
    // Sessions whose customer proved the number that the request names.
    const proved = { ...wanted, verified: one.request.mobile_number ?? one.request.mobile ?? "9876543210" };
    const [session, stranger] = [await browser(gateway.url, proved), await browser(gateway.url, proved)];
    for (const headers of [session, stranger]) numbers.set(headers, proved.verified);
    const own = await consent(gateway, session);
    owns.push([one, own, session]);
    // Of this operation alone: what was asked of another may still be looked up.
    const before = (await calls(one.operation)).length;
    const partial = await ask(one, { channel: "web" });
    assert.deepEqual([said(partial), partial.json.errors.length, partial.json.action], [REFUSED, 6, "fix"], one.operation);
    assert.match(partial.json.detail, /POST \/v1\/consents/);
    for (const [given, headers] of [
      [undefined], [{}], [record({ granted_at: "2999-01-01T00:00:00Z" })], [`con_${"0".repeat(32)}`], [withdrawn], [expired], [others],
      [undefined, session], [own, stranger], [servers, session], [withdrawn, session],
    ]) {
      assert.deepEqual(said(await ask(one, given, headers)), REFUSED, `${one.operation} ${JSON.stringify(given)}`);
    }
    assert.equal((await calls(one.operation)).length, before, one.operation);
    await assertReaches(one, servers);
    await assertReaches(one, own, session);
    await assertReaches(one, own);
    await assertReaches(one, record());
  }
  for (const [one, own, session] of owns) {
    await withdraw(gateway, own, session);
    for (const headers of [session, undefined]) assert.deepEqual(said(await ask(one, own, headers)), REFUSED, one.operation);
  }
});

test("a replay names a consent that stands, and an answer that is there is read without one", async () => {
  const id = await consent(gateway);
  const body = pan({ consent_record: id });
  assert.equal((await post(gateway.url, "/v1/pan/verify", body)).json.outcome, "verified");
  assert.equal((await post(gateway.url, "/v1/pan/verify", body)).headers["idempotent-replayed"], "true");
  await withdraw(gateway, id);
  const before = (await sandbox.calls()).length;
  assert.deepEqual(said(await post(gateway.url, "/v1/pan/verify", body)), REFUSED);
  assert.equal((await get(gateway.url, `/v1/checks/${body.reference_id}`)).json.outcome, "verified");
  assert.equal((await sandbox.calls()).length, before);
});

test("each item of a batch has a consent of its own", async () => {
  const [good, bad] = [await consent(gateway), await consent(gateway)];
  await withdraw(gateway, bad);
  const before = (await calls("pan.verify")).length;
  const { json } = await post(gateway.url, "/v1/pan/verify-batch", { items: [pan(), pan({ consent_record: good }), pan({ consent_record: bad }), pan({ consent_record: record() })] });
  assert.deepEqual(json.results.map(({ status, body }) => [status, body.key]), [REFUSED, [200, "success_pan"], REFUSED, [200, "success_pan"]]);
  assert.equal((await calls("pan.verify")).length, before + 2);
});

test("where consent is only recorded a request comes without one, but an id that is given must be good", async () => {
  const id = await consent(gateway, FREE);
  for (const more of [{}, { consent_record: {} }, { consent_record: { channel: "web" } }, { consent_record: id }]) {
    assert.equal((await post(gateway.url, "/v1/pan/verify", pan(more), FREE)).json.outcome, "verified", JSON.stringify(more));
  }
  await withdraw(gateway, id, FREE);
  const before = (await sandbox.calls()).length;
  for (const given of [id, await consent(gateway)]) assert.deepEqual(said(await post(gateway.url, "/v1/pan/verify", pan({ consent_record: given }), FREE)), REFUSED);
  assert.equal((await sandbox.calls()).length, before);
});

test("a read that waits for its next try asks nothing more after a withdrawal, and its reference is free", async () => {
  const [id, before] = [await consent(gateway), (await calls("pan.verify")).length];
  await sandbox.fault({ operation: "pan.verify", fault: "status", status: 503, times: 1 });
  const body = pan({ consent_record: id });
  assert.equal((await post(gateway.url, "/v1/pan/verify", body)).status, 202);
  await withdraw(gateway, id);
  const end = await settled(gateway.url, body.reference_id);
  assert.deepEqual(said(end), REFUSED, end.text);
  assert.equal((await calls("pan.verify")).length, before + 1);
  const again = await post(gateway.url, "/v1/pan/verify", { ...body, consent_record: await consent(gateway) });
  assert.equal(again.json.outcome, "verified", again.text);
});

test("money that was sent is looked up after a withdrawal, and is not sent again", async () => {
  const id = await consent(gateway);
  await sandbox.fault({ operation: "bank.verify", fault: "drop_response", times: 1 });
  const body = { reference_id: fresh(), ...bank(`44${freshNumber()}`), consent_record: id };
  const [before, money] = [(await calls("bank.verify")).length, (await sandbox.money()).length];
  assert.equal((await post(gateway.url, "/v1/bank-accounts/verify", body)).status, 202);
  await withdraw(gateway, id);
  const end = await settled(gateway.url, body.reference_id);
  assert.equal(end.json.outcome, "verified", end.text);
  const kinds = (await calls("bank.verify")).slice(before).map(({ kind }) => kind);
  assert.deepEqual([kinds[0], kinds.slice(1).every((kind) => kind === "status"), kinds.length > 1], ["post", true, true]);
  assert.equal((await sandbox.money()).length, money + 1);
});

test("an upload that has not arrived ends as failed after a withdrawal, and is not sent again", async () => {
  const [id, upload] = [await consent(gateway), operations.find(({ operation }) => operation === "ckyc.upload")];
  await sandbox.fault({ operation: "ckyc.upload", fault: "status", status: 429, times: 1 });
  const [reference, before] = [fresh(), (await calls("ckyc.upload")).length];
  assert.equal((await ask(upload, id, undefined, reference)).status, 202);
  await eventually("the first sending", async () => (await calls("ckyc.upload")).length === before + 1);
  await withdraw(gateway, id);
  const { json } = await settled(gateway.url, reference);
  assert.deepEqual([json.outcome, json.key, json.action, json.notes.map(({ code }) => code), json.cost], ["failed", "failure_consent_ended", "retry", ["ask_consent_again"], 0]);
  assert.equal((await calls("ckyc.upload")).length, before + 1);
});
