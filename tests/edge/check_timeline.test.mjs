// GET /v1/checks/{...}/timeline: what happened to a check, in order, with nothing personal in it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, KEY, post, settled, startGateway, startSandbox } from "./harness.mjs";
import { as, ASHA, fresh, lostMoney, OPERATOR, OTHER, reviewed, SOON } from "./review.mjs";
import { idOf, placeOf } from "./state.mjs";

let sandbox, gateway;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: SOON });
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

const pan = (reference_id) => ({ reference_id, document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC" });
const kinds = ({ json }) => json.map(({ kind }) => kind);

test("a check that is answered at once was claimed, sent, replied to and published", async () => {
  const reference_id = fresh();
  await post(gateway.url, "/v1/pan/verify", pan(reference_id));
  for (const [name, who] of [[reference_id, OPERATOR], [idOf(reference_id), ASHA]]) {
    const timeline = await reviewed(gateway, name).timeline(who);
    assert.deepEqual([timeline.status, kinds(timeline)], [200, ["claimed", "sent", "replied", "published"]]);
    const [claimed, sent, replied, published] = timeline.json;
    assert.deepEqual(Object.keys(claimed), ["at", "kind", "vendor", "wire_reference", "key"]);
    assert.ok(timeline.json.every(({ at }) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(at)));
    assert.deepEqual([sent.vendor, sent.call, sent.wire_reference.startsWith(placeOf(reference_id)), sent.wire_reference.slice(64)], ["decentro", "post", true, "01"]);
    assert.deepEqual([replied.wire_reference, replied.reply, replied.key, published.key], [sent.wire_reference, "final", "success_pan", "success_pan"]);
  }
});

test("retries, look-ups, alarms and decisions are told, and nobody's data", async () => {
  const reference_id = fresh();
  await sandbox.fault({ operation: "bank.verify", fault: "status", status: 400 });
  await post(gateway.url, "/v1/bank-accounts/verify", lostMoney(reference_id));
  await settled(gateway.url, reference_id);
  await reviewed(gateway, reference_id).decide("failed", ASHA, { reason: "CANARY" });
  const timeline = await reviewed(gateway, reference_id).timeline(ASHA);
  const told = kinds(timeline);
  assert.deepEqual(told.slice(0, 4), ["claimed", "sent", "replied", "alarm"]);
  assert.deepEqual(told.slice(-3), ["alarm", "decided", "published"]);
  const [, , replied, alarm] = timeline.json;
  assert.deepEqual([replied.reply, replied.key, alarm.event, alarm.key, alarm.vendor], ["unknown", "http_400", "vendor_rejected_us", "http_400", "decentro"]);
  const looked = timeline.json.filter(({ kind, call }) => kind === "sent" && call === "status").length;
  const seen = (await sandbox.calls()).filter(({ kind, wire_reference }) => kind === "status" && wire_reference?.startsWith(placeOf(reference_id))).length;
  assert.deepEqual([looked > 0, looked], [true, seen]);
  const [review, decided, published] = timeline.json.slice(-3);
  assert.deepEqual([review.event, decided.decision, published.key], ["check_needs_review", "failed", "failure_decided"]);
  for (const secret of ["CANARY", "asha", "96900000", "SBIN0001077", /rahul/i, reference_id]) assert.doesNotMatch(timeline.text, new RegExp(secret));
});

test("it is for who operates or reviews the tenant's checks", async () => {
  const reference_id = fresh();
  await post(gateway.url, "/v1/pan/verify", pan(reference_id));
  for (const [who, status] of [[{ authorization: null }, 401], [as(KEY), 403], [await browser(gateway.url), 403], [OTHER, 403]]) {
    assert.equal((await reviewed(gateway, reference_id).timeline(who)).status, status);
  }
  for (const unknown of ["NEVER_MADE", idOf("NEVER_MADE"), idOf(reference_id, "other")]) {
    const { status, json } = await reviewed(gateway, unknown).timeline(ASHA);
    assert.deepEqual([status, json.key], [404, "error_reference_id_not_found"]);
  }
  assert.equal((await reviewed(gateway, idOf(reference_id)).timeline(as("toran_others_review_key"))).status, 404, "another tenant's");
});
