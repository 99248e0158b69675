// Many operations, half of them moving a rupee, while everything goes wrong at once: vendors that drop, delay, break off and refuse; callers that send twice; callbacks that come
// twice, out of order, forged or contradicting; alarms that are lost; new code; and a runtime that is killed. What goes wrong follows from a seed alone.
//
// Whatever happens: at most one rupee a check, and its verdict is that of the sandbox's books; no wire reference is posted twice; no upload is lost; and every check has
// ended, waits with a next time, or waits for manual review, and is read by its id. The journal agrees: each event is told once, the last one of a check is how it stands,
// and the list of reviews has those that wait for a person and no other. Reconciliation of the day finds no difference but those. An endpoint that is down for half of the run
// has each event of the journal once by its id.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../tools/process.mjs";
import { FAILPOINTS, WORKER } from "../../tools/project.mjs";
import { change, endpoint, show } from "./endpoints.mjs";
import { eventually, get, post, send, startGateway, startSandbox } from "./harness.mjs";
import { startReceiver } from "./receiver.mjs";
import { reconciled } from "./reconciliation.mjs";
import { ASHA, TENANTS } from "./review.mjs";
import { idOf, placeOf, stored } from "./state.mjs";
import { bank } from "./subject.mjs";

const ATTEMPT_MS = 1500;
const VARS = {
  ATTEMPT_MS: String(ATTEMPT_MS), WAIT_MS: "800", RETRIES_MS: "100,200,400", LOOKUPS_MS: "200,500,1000", LOOKUP_EVERY_MS: "1000", HORIZON_MS: "8000",
  DEADLINE_MS: "20000", VELOCITY_WINDOWS_MS: "1,1,1", TENANTS,
};
const CALLERS = 24;
const PATIENCE_MS = 180_000;

/** Numbers that follow from a seed: 0 up to 1. */
function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

const FAULTS = [
  { fault: "drop_request" }, { fault: "drop_response" }, { fault: "reset" }, { fault: "truncate" }, { fault: "garble" }, { fault: "empty" }, { fault: "html" },
  { fault: "status", status: 500 }, { fault: "status", status: 503 }, { fault: "status", status: 429, retry_after: 1 }, { fault: "status", status: 401 },
  { fault: "delay", ms: 300 }, { fault: "delay", ms: ATTEMPT_MS + 600 },
];
const FORGERIES = ["signature", "unsigned", "secret", "body", "reserialised", "doubled", "encoding", "not_json"];
// Twice each: half of the operations move money.
const OPERATIONS = ["bank.verify", "mobile.account", "bank.verify", "mobile.account", "pan.verify", "pan.verify", "ckyc.search", "ckyc.upload"];

/** What a seed does to so many operations: `[{ operation, reference_id, faults, twice, callbacks, contradicts }]`. The alarm of some is deleted behind their register's back. */
export function plan(seed, operations) {
  const number = numbers(seed);
  const one = (list) => list[Math.floor(number() * list.length)];
  const happens = (share) => number() < share;
  return Array.from({ length: operations }, (_, index) => {
    const operation = OPERATIONS[index % OPERATIONS.length];
    const faults = Array.from({ length: happens(0.6) ? (happens(0.3) ? 2 : 1) : 0 }, () => ({ ...one(FAULTS), kind: operation !== "pan.verify" && happens(0.3) ? "status" : "post" }));
    const calls = ["bank.verify", "mobile.account", "ckyc.upload"].includes(operation);
    const callbacks = Array.from({ length: calls && happens(0.5) ? 1 + Math.floor(number() * 2) : 0 }, () => ({
      delay_ms: Math.floor(number() * 1200), times: 1 + Math.floor(number() * 3), order: one(["forward", "reverse"]), ...(happens(0.4) && { tamper: one(FORGERIES) }),
    }));
    const disarmed = happens(0.05) ? `FAILPOINT_DISARM_2_CHAOS${index}` : undefined;
    return { operation, index, reference_id: disarmed ?? `CHAOS_${index}`, faults, twice: happens(0.2), callbacks, contradicts: calls && happens(0.1) };
  });
}

const MONEY = ["bank.verify", "mobile.account"];

/** The request of a plan's entry. */
function request({ operation, index, reference_id }, samples) {
  const digits = String(index).padStart(5, "0");
  const bodies = {
    "bank.verify": ["/v1/bank-accounts/verify", bank(`4500000${digits}`, { validation_type: "pennydrop" })],
    "mobile.account": ["/v1/mobile/account", { mobile_number: `98240${digits}` }],
    "pan.verify": ["/v1/pan/verify", { document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC" }],
    "ckyc.search": ["/v1/ckyc/search", samples.search],
    "ckyc.upload": ["/v1/ckyc/upload", { ...samples.upload, ids: [{ id_type: "PAN", id_number: `AAAPT${digits.slice(-4)}A` }] }],
  };
  const [path, body] = bodies[operation];
  return { path, body: { ...body, reference_id } };
}

/**
 * Runs a plan. `kills`: how often the runtime is killed, `deploys`: how often other code takes its place, both evenly over the run.
 * Answers a summary, after it has asserted what must hold.
 */
export async function chaos({ seed, operations, kills, deploys }) {
  const port = await freePort();
  const sandbox = await startSandbox({ gatewayPort: port });
  const gateway = await startGateway({ sandbox, port, vars: VARS, secondVendor: true, worker: FAILPOINTS, limits: { FAILURES_LIMIT: 1_000_000 } });
  const receiver = await startReceiver();
  try {
    const { id } = await endpoint(gateway, receiver.url);
    const scenarios = (await send(sandbox.url, "/_sandbox/scenarios")).json;
    const sample = (id) => scenarios.find((scenario) => scenario.id === id).request;
    const samples = { search: scenarios.find(({ operation, expect, setup }) => operation === "ckyc.search" && expect.outcome === "verified" && !setup).request, upload: sample("ckyc.upload.http.200") };
    const entries = plan(seed, operations);
    receiver.answer(moody(seed));
    await play(entries, samples, { sandbox, gateway, kills, deploys, halfway: () => receiver.down() });
    const summary = await judged(entries, { sandbox, gateway });
    return { ...summary, deliveries: await delivered(id, summary.events, { gateway, receiver, kills, deploys }) };
  } finally {
    await receiver.stop();
    await gateway.stop();
    await sandbox.stop();
  }
}

/** A receiver that refuses some events as they come. */
function moody(seed) {
  const number = numbers(seed + 1);
  return () => (number() < 0.1 ? 500 : 204);
}

/** Lets the endpoint come back, and compares what it took with the journal. Answers how many deliveries that took. */
async function delivered(id, events, { gateway, receiver, kills, deploys }) {
  await receiver.up();
  receiver.answer(204);
  const all = await pages(gateway, "/v1/events", "events");
  assert.equal(all.length, events);
  // It would come back by itself, at the latest when its next attempt is due.
  await eventually("that it is enabled", async () => (await change(gateway, id, { status: "enabled" }).catch(() => undefined))?.status === 200);
  const taken = () => receiver.taken.map(({ event }) => event.id);
  await eventually("every event at its endpoint", () => new Set(taken()).size >= all.length, 120).catch(() => {});
  assert.deepEqual([...new Set(taken())].sort(), all.map(({ id }) => id).sort());
  await eventually("that nothing waits", async () => (await show(gateway, id)).waiting === 0);
  // What was under way when the runtime was killed comes again, under its id.
  assert.ok(taken().length - all.length <= (kills + deploys) * 4, `${taken().length} deliveries of ${all.length} events`);
  return taken().length;
}

async function play(entries, samples, { sandbox, gateway, kills, deploys, halfway }) {
  const waiting = [...entries].reverse();
  let [begun, beginning] = [0, () => {}];
  const once = (count) => begun >= count || new Promise((resolve) => (beginning = () => begun >= count && resolve()));
  const callers = Array.from({ length: CALLERS }, async () => {
    for (let entry = waiting.pop(); entry; entry = waiting.pop()) {
      begun += 1;
      beginning();
      await one(entry, samples, { sandbox, gateway });
    }
  });
  // After which share of the operations each comes.
  const evenly = (event, count) => Array.from({ length: count }, (_, index) => ({ event, at: (index + (event === "kill" ? 1 : 0.5)) / (count + (event === "kill" ? 1 : 0)) }));
  const events = [...evenly("kill", kills), ...evenly("deploy", deploys), { event: "down", at: 0.5 }].sort((first, second) => first.at - second.at);
  let other = false;
  const all = Promise.all(callers);
  for (const { event, at } of events) {
    await Promise.race([once(entries.length * at), all]);
    if (event === "kill") await gateway.killRuntime();
    else if (event === "down") await halfway();
    else await gateway.deploy((other = !other) ? WORKER : FAILPOINTS);
  }
  await all;
}

/** One operation as its caller and its vendor play it, until the caller is told an end, or that the check waits for manual review. */
async function one(entry, samples, { sandbox, gateway }) {
  const { path, body } = request(entry, samples);
  const check = idOf(entry.reference_id);
  for (const { kind, ...fault } of entry.faults) await sandbox.fault({ operation: entry.operation, kind, check, ...fault });
  const callBack = (order) => post(sandbox.url, "/_sandbox/callback", { vendor: "decentro", reference_id: entry.reference_id, ...order }).catch(() => {});
  const callbacks = entry.callbacks.map((order) => callBack(order));
  if (entry.twice) post(gateway.url, path, body).catch(() => {});
  entry.end = await ended(() => post(gateway.url, path, body), entry.reference_id);
  await Promise.all(callbacks);
  // What the vendor says against its own word, rightly signed, after it was believed.
  if (entry.contradicts && ["verified", "negative", "failed"].includes(entry.end)) {
    entry.contradicted = true;
    await callBack({ tamper: "opposite" });
  }
}

async function ended(ask, reference_id) {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(60)) {
    const answer = await ask().catch(() => undefined);
    if (answer?.status === 200) return answer.json.outcome;
    if (answer?.json?.key === "pending_review") return "review";
    // A 4xx that no time will change would be a fault of this test.
    if (answer && answer.status >= 400 && answer.status < 500 && answer.status !== 429) throw new Error(`${reference_id}: ${answer.text}`);
  }
  throw new Error(`${reference_id} never ended`);
}

async function judged(entries, { sandbox, gateway }) {
  const [calls, money] = [await sandbox.calls(), await sandbox.money()];
  const [callsOf, moneyOf] = [calls, money].map((list) => Map.groupBy(list, ({ wire_reference }) => wire_reference?.slice(0, 32)));
  let rupees = 0;
  const ends = {};
  for (const entry of entries) {
    const place = placeOf(entry.reference_id);
    const paid = (moneyOf.get(place) ?? []).length;
    const answer = await get(gateway.url, `/v1/checks/${idOf(entry.reference_id)}`);
    const about = `${entry.reference_id} ${entry.operation}: ${entry.end}, ${paid} rupees, now ${answer.text}, ${JSON.stringify(entry)}, ${gateway.logs().filter((line) => line.includes(idOf(entry.reference_id)) && line.includes("alert")).join()}`;
    const state = answer.status === 200 ? answer.json.outcome : answer.json.key === "pending_review" ? "review" : answer.json.outcome;
    ends[state] = (ends[state] ?? 0) + 1;
    entry.state = state;
    rupees += paid;
    assert.ok(answer.status === 200 || (answer.status === 202 && (answer.json.next_check_at || state === "review")), about);
    // A contradiction may have met a runtime that was being killed, or a check that ended at the other vendor.
    if (!entry.contradicted) assert.equal(state, entry.end, about);
    if (entry.contradicted) assert.ok(["review", entry.end].includes(state), about);
    if (MONEY.includes(entry.operation)) {
      assert.ok(paid <= 1, about);
      assert.ok(({ verified: [1], review: [0, 1] }[entry.end] ?? [0]).includes(paid), about);
    } else {
      assert.equal(paid, 0, about);
      assert.ok(["verified", "negative", "review"].includes(entry.end), about);
    }
    if (entry.operation === "ckyc.upload") {
      const taken = (callsOf.get(place) ?? []).filter(({ kind, operation, status, key }) => operation === "ckyc.upload" && kind === "post" && status === 200 && key === "S00000");
      // An answer that was dropped has no status.
      const mayHave = (callsOf.get(place) ?? []).some(({ operation, status }) => operation === "ckyc.upload" && (status === 200 || status === null));
      assert.ok(entry.end !== "verified" || mayHave, about);
      assert.ok(new Set(taken.map(({ wire_reference }) => wire_reference)).size <= 1, about);
    }
  }
  assert.equal(money.length, rupees, "every rupee is a check's");
  // An upload that may have arrived is posted again under the same reference (decision 0006), so that it is taken once.
  const posts = calls.filter(({ kind, operation }) => kind === "post" && operation !== "ckyc.upload").map(({ wire_reference }) => wire_reference);
  assert.equal(new Set(posts).size, posts.length, "a wire reference twice");
  const open = stored(gateway.state, "SELECT place, phase, wake_at FROM machines WHERE phase NOT IN ('finished', 'review') AND wake_at IS NULL");
  assert.deepEqual(open, [], "what has no next time");
  const events = await journaled(entries, gateway);
  const closed = await agreed(entries, { sandbox, gateway });
  return { calls: calls.length, rupees, events, closed, ends, contradicted: entries.filter(({ contradicted }) => contradicted).length };
}

/** Reconciles the day: what differs is what a person has to settle, and no other; the rupees are the books'. Answers how many checks it closed. */
async function agreed(entries, { sandbox, gateway }) {
  const open = new Set(entries.filter(({ state, contradicted }) => state === "review" || contradicted).map(({ reference_id }) => idOf(reference_id)));
  const lines = [];
  let told;
  for (let next = ""; next !== null; next = told.json.next) {
    told = await reconciled(gateway, { query: next && `?after=${encodeURIComponent(next)}` });
    lines.push(...told.json.lines);
  }
  const { totals } = told.json;
  assert.deepEqual(lines.filter(({ check, closed }) => !closed && !open.has(check)), [], "a difference that the run did not make");
  assert.deepEqual([totals.unchecked, totals.missing_here], [0, 0]);
  assert.equal(totals.paise_there, (await sandbox.money()).length * 100, "the vendors' books");
  const undecided = lines.filter(({ here, there }) => here === "open" && there === "credited").length;
  assert.equal(totals.paise_here + undecided * 100, totals.paise_there, "to the paisa, but for what waits for a person");
  return lines.filter(({ closed }) => closed).length;
}

/** Every line of a list, page by page, until a page is not full. */
async function pages(gateway, path, name, headers) {
  const lines = [];
  for (let after = ""; ; ) {
    const { status, json, text } = await get(gateway.url, `${path}?limit=100${after && `&after=${encodeURIComponent(after)}`}`, headers);
    assert.equal(status, 200, text);
    lines.push(...json[name]);
    if (json[name].length < 100) return lines;
    after = json.next;
  }
}

/** Compares the journal with how the checks stand. Answers how many events it told. */
async function journaled(entries, gateway) {
  const word = ({ type, data }) => (type === "check.review" ? "review" : data.outcome);
  const waiting = entries.filter(({ state }) => state === "review").map(({ reference_id }) => idOf(reference_id));
  let events, last, reviews;
  const wrong = () => entries.filter(({ reference_id, state }) => word(last.get(idOf(reference_id)) ?? { data: {} }) !== state);
  await eventually("the journal of each check", async () => {
    events = await pages(gateway, "/v1/events", "events");
    last = new Map(events.map((event) => [event.data.check, event]));
    return wrong().length === 0;
  }).catch(() => assert.deepEqual(wrong().map(({ reference_id, state }) => [reference_id, state, last.get(idOf(reference_id))]), []));
  assert.equal(new Set(events.map(({ id }) => id)).size, events.length, "an event twice");
  await eventually("the list of reviews", async () => {
    reviews = (await pages(gateway, "/v1/reviews", "reviews", ASHA)).map(({ id }) => id);
    return reviews.length === waiting.length;
  }).catch(() => {});
  assert.deepEqual(reviews.sort(), waiting.sort());
  return events.length;
}
