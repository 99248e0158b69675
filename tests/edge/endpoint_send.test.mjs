// What endpoints receive: every event once by id, signed, also after they were down; pings and events sent again.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { change, clear, endpoint, show, tried, verify } from "./endpoints.mjs";
import { eventually, get, post, startGateway, startSandbox } from "./harness.mjs";
import { startReceiver } from "./receiver.mjs";
import { fresh, lostMoney, SOON } from "./review.mjs";
import { idOf } from "./state.mjs";

let sandbox, gateway, receiver;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: { ...SOON, RETRIES_MS: "10,10,10" } });
  receiver = await startReceiver();
});

afterEach(async () => {
  receiver.answer(204);
  receiver.received.length = 0;
  await clear(gateway);
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
  await receiver?.stop();
});

const about = (reference) => receiver.received.filter(({ event }) => event.data.check === idOf(reference));
const arrived = (reference) => eventually(`an event of ${reference}`, () => about(reference)[0]);
const ping = (id, headers) => post(gateway.url, `/v1/endpoints/${id}/ping`, undefined, headers);
const replay = (id, body, headers) => post(gateway.url, `/v1/endpoints/${id}/replay`, body, headers);
const disabled = (id) => eventually("that it is disabled", async () => (await show(gateway, id)).status === "disabled" && show(gateway, id));

test("an event is delivered as GET /v1/events tells it, signed by Standard Webhooks", async () => {
  const { id, secret } = await endpoint(gateway, receiver.url);
  const reference = await verify(gateway);
  const { method, headers, event } = await arrived(reference);
  assert.deepEqual([method, headers["content-type"], headers["webhook-id"]], ["POST", "application/json", event.id]);
  assert.deepEqual(receiver.verified(secret), [event]);
  const { json } = await get(gateway.url, "/v1/events");
  assert.deepEqual(json.events.find(({ id }) => id === event.id), event);
  const [attempt] = await eventually("the attempt", async () => ((await tried(gateway, id)).length ? tried(gateway, id) : undefined));
  const { at, ms, ...rest } = attempt;
  assert.deepEqual(rest, { event: event.id, type: "check.finished", attempt: 1, result: "delivered", status: 204, fault: null, given_up: false, next_attempt_at: null, replay: false, number: 1 });
  assert.ok(Date.parse(at) && ms >= 0);
  assert.ok((await show(gateway, id)).last_delivery_at);
});

test("a delivery that was altered on its way is refused by its receiver", async () => {
  const { secret } = await endpoint(gateway, receiver.url);
  const delivery = await arrived(await verify(gateway));
  for (const altered of [{ ...delivery, body: delivery.body.replace("verified", "negative") }, { ...delivery, headers: { ...delivery.headers, "webhook-id": "evt_other" } }]) {
    receiver.received.splice(0, receiver.received.length, altered);
    assert.throws(() => receiver.verified(secret));
  }
});

test("an endpoint hears of the types that it chose, and nothing personal", async () => {
  const reviews = await startReceiver();
  try {
    await endpoint(gateway, receiver.url);
    await endpoint(gateway, reviews.url, { types: ["check.review"] });
    const lost = fresh(), named = `PAN_${fresh()}_ABCPE1234F`;
    await post(gateway.url, "/v1/bank-accounts/verify", lostMoney(lost));
    await verify(gateway, named);
    await arrived(named);
    await eventually("the review", () => reviews.received.length > 0);
    await eventually("both events of the check", () => about(lost).length === 2);
    assert.deepEqual(about(lost).map(({ event }) => event.type), ["check.unsettled", "check.review"]);
    assert.deepEqual(reviews.received.map(({ event }) => [event.type, event.data.check]), [["check.review", idOf(lost)]]);
    const told = JSON.stringify([receiver.received, reviews.received]);
    assert.doesNotMatch(told, /ABCPE1234F|Rahul|statement/i);
    assert.doesNotMatch(JSON.stringify(gateway.logs()), /\/hook/, "addresses are in no log");
  } finally {
    await reviews.stop();
  }
});

test("an endpoint that was down gets everything once by id when it is back, also over a crash", async () => {
  const { id } = await endpoint(gateway, receiver.url);
  await receiver.down();
  const references = [];
  for (let count = 0; count < 12; count += 1) references.push(await verify(gateway));
  const [attempt] = await eventually("three attempts", async () => ((await tried(gateway, id)).length >= 3 ? tried(gateway, id) : undefined));
  assert.deepEqual([attempt.result, attempt.status, attempt.fault], ["failed", null, "unreachable"]);
  assert.ok((await show(gateway, id)).failing_since);
  await gateway.killRuntime();
  await receiver.up();
  // Its owner says that it is back; by itself it would be tried by the schedule.
  assert.equal((await eventually("a response", () => change(gateway, id, { status: "enabled" }).catch(() => undefined))).status, 200);
  await eventually("all events", () => references.every((reference) => about(reference).length > 0));
  await eventually("that nothing waits", async () => (await show(gateway, id)).waiting === 0);
  assert.deepEqual([...receiver.ids()].sort(), [...new Set(receiver.ids())].sort(), "each once");
  assert.deepEqual(receiver.received.map(({ event }) => event.data.reference_id).sort(), [...references].sort());
  assert.equal((await show(gateway, id)).failing_since, null);
});

test("a failure is tried again by itself after five seconds, and holds up no other event", async () => {
  const { id } = await endpoint(gateway, receiver.url);
  const bad = fresh("HOOK");
  let failures = 0;
  receiver.answer((event) => (event.data.reference_id === bad && (failures += 1) === 1 ? 500 : 204));
  await verify(gateway, bad);
  await arrived(bad);
  await arrived(await verify(gateway));
  await eventually("the second attempt", () => about(bad).length === 2);
  const attempts = (await eventually("both attempts", async () => {
    const all = (await tried(gateway, id)).filter(({ event }) => event === about(bad)[0].event.id);
    return all.length === 2 && all;
  }));
  assert.deepEqual(attempts.map(({ attempt, status }) => [attempt, status]), [[2, 204], [1, 500]]);
  const pause = Date.parse(attempts[1].next_attempt_at) - Date.parse(attempts[1].at);
  assert.ok(pause >= 4_000 && pause <= 7_000, `${pause}`);
});

test("an endpoint that says that it is gone is disabled, which an alert, the list and an event say", async () => {
  const other = await startReceiver();
  try {
    await endpoint(gateway, other.url, { types: ["endpoint.disabled"] });
    const { id } = await endpoint(gateway, receiver.url);
    receiver.answer(410);
    const reference = await verify(gateway);
    assert.equal((await disabled(id)).disabled_reason, "gone");
    const { event } = await eventually("the event", () => other.received[0]);
    assert.deepEqual([event.type, event.data], ["endpoint.disabled", { endpoint: id, reason: "gone" }]);
    assert.deepEqual((await get(gateway.url, "/v1/events")).json.events.find(({ id }) => id === event.id), event);
    const alert = gateway.logs().map((line) => line.startsWith("{") && JSON.parse(line)).find((line) => line?.event === "endpoint_disabled");
    assert.deepEqual([alert.level, alert.endpoint, alert.reason], ["alert", id, "gone"]);
    receiver.answer(204);
    const missed = await verify(gateway);
    await eventually("what others hear", async () => (await get(gateway.url, "/v1/events")).json.events.some(({ data }) => data.reference_id === missed));
    assert.equal(about(missed).length, 0);
    await change(gateway, id, { status: "enabled" });
    await arrived(missed);
    assert.equal(about(reference).length, 2, "what it had refused comes again");
  } finally {
    await other.stop();
  }
});

test("a redirect is a failure and is not followed", async () => {
  const trap = await startReceiver();
  try {
    const { id } = await endpoint(gateway, receiver.url);
    receiver.answer((_, __, response) => void response.writeHead(307, { location: trap.url }).end());
    await verify(gateway);
    const [attempt] = await eventually("an attempt", async () => ((await tried(gateway, id)).length ? tried(gateway, id) : undefined));
    assert.deepEqual([attempt.result, attempt.status, attempt.fault], ["failed", 307, "redirected"]);
    assert.equal(trap.received.length, 0);
  } finally {
    await trap.stop();
  }
});

test("an endpoint that asks for time gets it", async () => {
  const { id } = await endpoint(gateway, receiver.url);
  receiver.answer((_, __, response) => void response.writeHead(429, { "retry-after": "3600" }).end());
  await verify(gateway);
  const [attempt] = await eventually("an attempt", async () => ((await tried(gateway, id)).length ? tried(gateway, id) : undefined));
  assert.ok(Date.parse(attempt.next_attempt_at) - Date.parse(attempt.at) >= 3_590_000);
  receiver.answer(204);
  const ignored = await verify(gateway);
  await eventually("what others hear", async () => (await get(gateway.url, "/v1/events")).json.events.some(({ data }) => data.reference_id === ignored));
  assert.equal(receiver.received.length, 1);
  assert.ok(Date.parse((await show(gateway, id)).next_attempt_at) > Date.now() + 3_000_000);
});

test("a ping tells what the endpoint answered, and ends its pause where it is taken", async () => {
  const { id, secret } = await endpoint(gateway, receiver.url);
  receiver.answer(503);
  const reference = await verify(gateway);
  await arrived(reference);
  const failed = await ping(id);
  assert.deepEqual([failed.status, failed.json.type, failed.json.result, failed.json.status], [200, "endpoint.ping", "failed", 503]);
  receiver.answer(204);
  const { json } = await ping(id, { "idempotency-key": "ping-1" });
  assert.deepEqual([json.result, json.status], ["delivered", 204]);
  const pings = () => receiver.received.filter(({ event }) => event.type === "endpoint.ping");
  assert.deepEqual(pings().at(-1).event.data, { endpoint: id });
  assert.equal(receiver.verified(secret).length, receiver.received.length);
  const again = await ping(id, { "idempotency-key": "ping-1" });
  assert.deepEqual([again.json, again.headers["idempotent-replayed"], pings().length], [json, "true", 2]);
  await eventually("what waited", () => about(reference).length === 2);
  assert.equal((await ping("ep_nobody")).status, 404);
});

test("one event is sent again under its id, or all since a time", async () => {
  const { id } = await endpoint(gateway, receiver.url);
  const first = await verify(gateway);
  const { event } = await arrived(first);
  const since = new Date(Date.now() - 1_000).toISOString().replace(/\.\d+/, "");
  const rest = [await verify(gateway), await verify(gateway)];
  await Promise.all(rest.map(arrived));
  const { status, json } = await replay(id, { event: event.id }, { "idempotency-key": "again-1" });
  assert.deepEqual([status, json], [202, { id, event: event.id }]);
  await eventually("it again", () => about(first).length === 2);
  assert.equal((await replay(id, { event: event.id }, { "idempotency-key": "again-1" })).headers["idempotent-replayed"], "true");
  assert.deepEqual(new Set(about(first).map(({ headers }) => headers["webhook-id"])), new Set([event.id]));
  assert.equal((await replay(id, { since })).status, 202);
  await eventually("all again", () => rest.every((reference) => about(reference).length >= 2));
  assert.ok((await tried(gateway, id)).some(({ replay }) => replay));
  for (const body of [{}, { event: "evt_1" }, { since: "yesterday" }, { event: event.id, since }]) assert.equal((await replay(id, body)).status, 400, JSON.stringify(body));
  const unknown = await replay(id, { event: `evt_${"0".repeat(32)}_1` });
  assert.deepEqual([unknown.status, unknown.json.key], [404, "error_event_not_found"]);
});

test("an event from before an endpoint was made is sent to it on request", async () => {
  const reference = await verify(gateway);
  const told = await eventually("the event", async () => (await get(gateway.url, "/v1/events")).json.events.find(({ data }) => data.reference_id === reference));
  const { id } = await endpoint(gateway, receiver.url);
  assert.equal((await replay(id, { event: told.id })).status, 202);
  assert.deepEqual((await arrived(reference)).event, told);
});
