// GET /v1/events: every end and every wait of a tenant's checks, each once and in one order, with nothing personal.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, eventually, get, post, settled, startGateway, startSandbox } from "./harness.mjs";
import { as, ASHA, DEV, fresh, lostMoney, OTHER, reviewed, SOON } from "./review.mjs";
import { idOf } from "./state.mjs";
import { bank } from "./subject.mjs";

let sandbox, gateway;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: { ...SOON, RETRIES_MS: "10,10,10" } });
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

const pan = (reference_id) => ({ reference_id, document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC" });
const verify = (reference_id, headers) => post(gateway.url, "/v1/pan/verify", pan(reference_id), headers);

/** All that is told after a cursor, page by page. */
async function read(after, { limit = 100, headers } = {}) {
  const events = [];
  for (;;) {
    const { status, json, text } = await get(gateway.url, `/v1/events?limit=${limit}${after ? `&after=${encodeURIComponent(after)}` : ""}`, headers);
    assert.equal(status, 200, text);
    events.push(...json.events);
    after = json.next;
    if (json.events.length < limit) return { events, after };
  }
}

/** What is told after a cursor, once so many events are there. */
async function news(after, count, more) {
  let told;
  await eventually(`${count} events`, async () => (told = await read(after, more)).events.length >= count);
  assert.equal(told.events.length, count, JSON.stringify(told.events));
  return told;
}

test("each end is told once, in the order of a cursor that goes on", async () => {
  const { after: start } = await read();
  const references = Array.from({ length: 12 }, () => fresh("EVENT"));
  await Promise.all(references.map((reference) => verify(reference)));
  const { events, after } = await news(start, 12);
  assert.deepEqual(events.map(({ data }) => data.reference_id).sort(), [...references].sort());
  assert.equal(new Set(events.map(({ id }) => id)).size, 12);
  const { id, type, timestamp, data } = events.find((event) => event.data.reference_id === references[0]);
  assert.deepEqual([type, data], ["check.finished", { check: idOf(references[0]), operation: "pan.verify", vendor: "decentro", key: "success_pan", outcome: "verified", reference_id: references[0] }]);
  assert.match(id, new RegExp(`^evt_${idOf(references[0]).slice(4)}_\\d+$`));
  assert.match(timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  // A replay is no end.
  await verify(references[0]);
  assert.deepEqual((await read(after)).events, []);
  // Page by page it is the same.
  assert.deepEqual((await read(start, { limit: 5 })).events, events);
});

test("what waits, what a person decides and what is without an answer are told, with nothing personal", async () => {
  const { after: start } = await read();
  const lost = fresh(), refused = fresh("EVENT"), named = `PAN_${fresh()}_ABCPE1234F`;
  await post(gateway.url, "/v1/bank-accounts/verify", lostMoney(lost));
  await settled(gateway.url, lost);
  await news(start, 2);
  await reviewed(gateway, lost).decide("verified", ASHA);
  await sandbox.fault({ operation: "pan.verify", fault: "status", status: 401, times: 1 });
  assert.equal((await verify(refused)).status, 502);
  assert.equal((await verify(named)).status, 200);
  const { events } = await news(start, 5);
  const of = (reference) => events.filter(({ data }) => data.check === idOf(reference)).map(({ type, data }) => [type, data.key, data.outcome]);
  assert.deepEqual(of(lost), [["check.unsettled", "pending_unknown", undefined], ["check.review", "unknown", undefined], ["check.finished", "success_decided", "verified"]]);
  assert.deepEqual(of(refused), [["check.ended", "error_service_unavailable", undefined]]);
  assert.deepEqual(of(named), [["check.finished", "success_pan", "verified"]]);
  assert.ok(!("reference_id" in events.find(({ data }) => data.check === idOf(named)).data), "a key that holds a PAN is not told");
  assert.doesNotMatch(JSON.stringify(events), /ABCPE1234F|Rahul|statement/i);
});

test("an end that nobody has heard of is told at once, and after the runtime was killed", async () => {
  const { after: start } = await read();
  const account = bank("490000077001");
  const reference = fresh("EVENT");
  assert.equal((await post(gateway.url, "/v1/bank-accounts/verify", { reference_id: reference, ...account })).status, 200);
  // Its entry waits for the next alarm.
  await gateway.killRuntime();
  const { events } = await news(start, 1);
  assert.equal(events[0].data.reference_id, reference);
});

test("a tenant hears of its own checks alone, and a key of the operations that it may see", async () => {
  const { after } = await read(undefined, { headers: OTHER });
  await post(gateway.url, "/v1/pan/verify", pan(fresh("EVENT")), OTHER);
  const { events } = await news(after, 1, { headers: OTHER });
  assert.equal(events[0].data.operation, "pan.verify");
  for (const [headers, status] of [[{ authorization: null }, 401], [as("wrong"), 401], [await browser(gateway.url), 403]]) {
    assert.equal((await get(gateway.url, "/v1/events", headers)).status, status);
  }
});

test("a cursor that was altered, or is another tenant's or another list's, is refused", async () => {
  const { after } = await read();
  const { json: others } = await get(gateway.url, "/v1/events", OTHER);
  const altered = `${after.slice(0, -3)}${after.at(-3) === "A" ? "B" : "A"}${after.slice(-2)}`;
  for (const cursor of [altered, others.next, "1.1", "s1..", "x"]) {
    const { status, json } = await get(gateway.url, `/v1/events?after=${encodeURIComponent(cursor)}`);
    assert.deepEqual([status, json.key, json.errors[0].field], [400, "error_malformed_request", "after"], cursor);
  }
  for (const query of ["limit=0", "limit=101", "limit=x", "since=1", "limit=1&limit=2"]) {
    assert.equal((await get(gateway.url, `/v1/events?${query}`)).status, 400, query);
  }
  assert.equal((await get(gateway.url, "/v1/reviews", DEV)).status, 200);
});
