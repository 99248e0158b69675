// The runtime dies, the machine sleeps, the caller hangs up: every check ends right by itself, with one POST and at most
// one rupee (decision 0003).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { FAILPOINTS, WORKER } from "../../tools/project.mjs";
import { eventually, KEY, post, settled, startGateway, startSandbox } from "./harness.mjs";
import { placeOf } from "./state.mjs";
import { assertEndsByItself, assertPending, check as fresh, MONEY, others } from "./subject.mjs";

const ATTEMPT_MS = 4000;
const WATCHDOG_MS = ATTEMPT_MS + 1000;
const VARS = {
  ATTEMPT_MS: String(ATTEMPT_MS), WAIT_MS: "500", RETRIES_MS: "200,400,800", LOOKUPS_MS: "300,800,1500,3000", LOOKUP_EVERY_MS: "1000", HORIZON_MS: "60000",
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

const check = (operation, subject) => fresh({ gateway: () => gateway, sandbox }, operation, { subject });
const slow = (operation, kind = "post") => sandbox.fault({ operation, kind, fault: "delay", ms: 3500 });

for (const operation of MONEY) {
  test(`killed between the send and the answer of ${operation}, the check ends right by itself, with one rupee`, async () => {
    await slow(operation);
    const subject = check(operation);
    await subject.launch();
    await gateway.killRuntime();
    await assertEndsByItself(subject);
  });
}

test("a deploy in the middle of sending: the new code goes on with what the old one saved, with one rupee each", async () => {
  const subjects = [...MONEY, "pan.verify"].map((operation) => check(operation));
  for (const operation of [...MONEY, "pan.verify"]) await slow(operation);
  await Promise.all(subjects.map((subject) => subject.launch()));
  // Another build of the same source, with other code in it.
  await gateway.deploy(FAILPOINTS);
  for (const subject of subjects.filter(({ money }) => money)) await assertEndsByItself(subject);
  const read = subjects.at(-1);
  assert.equal((await read.settled()).json.outcome, "verified");
  assert.equal((await read.posts()).length, 2);
  await gateway.deploy(WORKER);
});

test("killed between the send and the answer, a caller who asks at once is told 202, then the right end", async () => {
  await sandbox.fault({ operation: "mobile.account", fault: "drop_response" });
  await sandbox.fault({ operation: "mobile.account", kind: "status", fault: "drop_request", times: 3 });
  const subject = check("mobile.account");
  await subject.launch();
  await gateway.killRuntime();
  assertPending(await subject.get(), subject.reference_id);
  assertPending(await subject.post(), subject.reference_id);
  await assertEndsByItself(subject);
});

test("stopped between the send and the answer and started again later, the check ends right by itself", async () => {
  await sandbox.fault({ operation: "mobile.account", fault: "drop_response" });
  await sandbox.fault({ operation: "mobile.account", kind: "status", fault: "drop_request", times: 2 });
  const subject = check("mobile.account");
  await subject.launch();
  await gateway.stop({ keep: true });
  await sleep(WATCHDOG_MS);
  gateway = await startGateway({ sandbox, vars: VARS, state: gateway.state });
  await assertEndsByItself(subject);
});

test("killed while lookups are due and while one is in flight, the lookups go on", async () => {
  const subject = check("mobile.account", "9811000004");
  assertPending(await subject.post(), subject.reference_id, "pending_vendor");
  await gateway.killRuntime();
  await eventually("a lookup after the first death", async () => (await subject.lookups()).length > 0);
  await slow("mobile.account", "status");
  const known = (await subject.lookups()).length;
  await eventually("a slow lookup", async () => (await subject.lookups()).length > known);
  await gateway.killRuntime();
  await assertEndsByItself(subject);
});

test("killed during pan.verify, the read is tried again by itself and ends verified", async () => {
  await slow("pan.verify");
  const subject = check("pan.verify");
  await subject.launch();
  await gateway.killRuntime();
  await eventually("the second try", async () => (await subject.posts()).length > 1);
  const answer = await subject.settled();
  assert.deepEqual([answer.status, answer.json.outcome], [200, "verified"], answer.text);
  assert.deepEqual((await subject.posts()).map(({ wire_reference }) => wire_reference.slice(64)), ["01", "02"]);
  assert.equal((await subject.post()).text, answer.text);
});

test("killed during any other read, each is tried again by itself and ends verified", async () => {
  const subjects = (await others(sandbox)).map((subject) => ({ ...subject, reference: `KILLED_${subject.operation.replace(".", "_")}` }));
  const arrived = async ({ operation, reference }) =>
    (await sandbox.calls()).filter((call) => call.operation === operation && call.wire_reference?.startsWith(placeOf(reference))).length;
  for (const { operation, route, request, reference } of subjects) {
    await slow(operation);
    post(gateway.url, route, { ...request, reference_id: reference }).catch(() => {});
  }
  for (const subject of subjects) await eventually("the call", () => arrived(subject));
  await gateway.killRuntime();
  for (const subject of subjects) {
    const { status, json, text } = await settled(gateway.url, subject.reference);
    assert.deepEqual([status, json.outcome], [200, "verified"], text);
    assert.equal(await arrived(subject), 2, subject.operation);
  }
});

test("killed while a read waits for its next try, it is tried again by itself", async () => {
  await sandbox.fault({ operation: "pan.verify", fault: "status", status: 503, times: 2 });
  const subject = check("pan.verify");
  await subject.launch();
  await gateway.killRuntime();
  await eventually("the third try", async () => (await subject.posts()).length > 2);
  assert.equal((await subject.settled()).json.outcome, "verified");
});

// When the runtime dies, in multiples of the time that a single request takes: before the claim, between claim, permit, send and answer, and after.
const INSTANTS = [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4];

test("killed at any instant, no check sends a second rupee, and every one ends", async (context) => {
  await gateway.killRuntime();
  const begun = Date.now();
  await check("mobile.account").post();
  const whole = Math.min(Date.now() - begun, 200);
  const subjects = [];
  for (const instant of INSTANTS) {
    const round = [...MONEY, "pan.verify"].map((operation) => check(operation));
    const answers = round.map((subject) => subject.post().catch(() => {}));
    await sleep(instant * whole);
    await gateway.killRuntime();
    await Promise.all(answers);
    subjects.push(...round);
  }
  const arrived = await Promise.all(subjects.map(async (subject) => (await subject.posts()).length > 0));
  // A caller that got no answer sends the same again.
  const ends = await Promise.all(subjects.map(ended));
  for (const [index, subject] of subjects.entries()) {
    if (subject.money) assert.ok((await subject.posts()).length <= 1);
    assert.equal(await subject.rupees(), subject.money && ends[index] === "verified" ? 1 : 0);
  }
  const wire = (await sandbox.calls()).filter(({ kind }) => kind === "post").map(({ wire_reference }) => wire_reference);
  assert.equal(new Set(wire).size, wire.length, "no wire reference is sent twice");
  context.diagnostic(`${arrived.filter(Boolean).length} of ${subjects.length} had reached the vendor before a kill (one request: ${whole} ms), ${ends.filter((end) => end !== "verified").length} died between claim and send`);
});

/** Verified; or pending for good reason: claimed but never arrived, which no lookup can prove. */
async function ended(subject) {
  let answer = await subject.post();
  // 503: no connection was free while it waited. Nothing was sent, and the same may be sent again.
  for (const until = Date.now() + 20_000; [202, 503].includes(answer.status) && Date.now() < until; await sleep(100)) {
    answer = answer.status === 503 ? await subject.post() : await subject.get();
    if ((await subject.lookups()).length >= 2 && (await subject.posts()).length === 0) break;
  }
  assert.ok([200, 202].includes(answer.status), answer.text);
  if (answer.status === 202) assert.deepEqual([subject.money, (await subject.posts()).length], [true, 0], answer.text);
  return answer.json.outcome;
}

test("a caller that hangs up changes nothing: the check goes on, once", async () => {
  const headers = { "content-type": "application/json", authorization: `Bearer ${KEY}` };
  for (const patience of [1, 4, 10, 20, 40, 150]) {
    await sandbox.fault({ operation: "mobile.account", fault: "delay", ms: 250 });
    const subject = check("mobile.account");
    const options = { method: "POST", body: JSON.stringify(subject.request), headers, signal: AbortSignal.timeout(patience) };
    await fetch(gateway.url + subject.route, options).catch(() => {});
    const answer = await subject.post();
    const last = answer.status === 202 ? await subject.settled() : answer;
    assert.equal(last.json.outcome, "verified", last.text);
    assert.deepEqual([(await subject.posts()).length, await subject.rupees()], [1, 1], `${patience} ms`);
  }
  const subject = check("mobile.account");
  const caller = new AbortController();
  const options = { method: "POST", body: JSON.stringify(subject.request), headers, signal: caller.signal };
  await sandbox.fault({ operation: "mobile.account", fault: "delay", ms: 250 });
  fetch(gateway.url + subject.route, options).catch(() => {});
  await eventually("the POST at the vendor", async () => (await subject.posts()).length > 0);
  caller.abort();
  assert.equal((await subject.settled()).json.outcome, "verified", "by itself");
  assert.deepEqual([(await subject.posts()).length, await subject.rupees()], [1, 1]);
});
