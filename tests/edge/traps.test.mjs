// A trap in the wasm (a panic, an instruction that must not be reached, a full stack, an exception that unwinds it) costs what is under way in its instance and
// nothing else: the next request is served, and every check still ends right and with one rupee. The Worker is the release with the feature `failpoints`.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { FAILPOINTS, WORKER } from "../../tools/project.mjs";
import { eventually, get, KEY, post, startGateway, startSandbox } from "./harness.mjs";
import { assertEndsByItself, check as fresh, freshNumber } from "./subject.mjs";

// Nothing here waits for a deadline: what is under way ends by the trap.
const TENANTS = JSON.stringify([{ id: "dev", keys: [createHash("sha256").update(KEY).digest("hex")], scopes: ["*"], origins: ["https://onboarding.example"] }]);
const VARS = { TENANTS, ATTEMPT_MS: "300000", WAIT_MS: "300000", LOOKUPS_MS: "100,200,400,800,1600", LOOKUP_EVERY_MS: "1000", CALLS_AT_ONCE: "20" };
// How the wasm traps, and the engine's word for it.
const KINDS = { panic: "unreachable", unreachable: "unreachable", stack: /stack|out of bounds/, throw: "Error" };
const UNDER_WAY = 20;

let sandbox, gateway;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: VARS, worker: FAILPOINTS });
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

const check = (operation, reference_id, subject) => fresh({ gateway: () => gateway, sandbox }, operation, { reference_id, subject });
const trap = (kind) => get(gateway.url, "/v1/keys/success_pan", { "toran-failpoint": kind });
const trapInObject = (kind) => post(gateway.url, "/v1/pan/verify", { ...check("pan.verify").request, reference_id: `FAILPOINT_${kind.toUpperCase()}` });
const logged = (event) => gateway.logs().filter((line) => line.startsWith("{")).map((line) => JSON.parse(line)).filter((line) => line.event === event);

function assertFailed({ status, json, headers, text }) {
  assert.deepEqual([status, json?.key, headers["content-type"]], [500, "error_internal", "application/problem+json"], text);
  assert.match(headers["x-request-id"], /^[0-9a-f]{32}$/);
}

async function assertServed() {
  const { status, json } = await get(gateway.url, "/v1/keys/success_pan");
  assert.deepEqual([status, json.key], [200, "success_pan"]);
}

/** What `work` leads to, and the alert of the trap. */
async function alerted(work) {
  const before = logged("wasm_trapped").length;
  const result = await work();
  await eventually("the alert", () => logged("wasm_trapped").length > before);
  const lines = logged("wasm_trapped").slice(before);
  assert.equal(lines.length, 1, JSON.stringify(lines));
  return { result, line: lines[0] };
}

for (const [kind, word] of Object.entries(KINDS)) {
  test(`a request that ends in a trap (${kind}) is answered 500, and the next one is served`, async () => {
    for (let round = 0; round < 3; round += 1) {
      const { result, line } = await alerted(() => trap(kind));
      assertFailed(result);
      assert.match(line.error, new RegExp(word));
      assert.deepEqual([line.level, line.under_way], ["alert", 1]);
      await assertServed();
    }
  });

  test(`an object that ends in a trap (${kind}) answers 500, and serves its next request`, async () => {
    const { result, line } = await alerted(() => trapInObject(kind));
    assertFailed(result);
    assert.match(line.error, new RegExp(word));
    const subject = check("pan.verify");
    assert.equal((await subject.post()).json.outcome, "verified");
    assert.equal((await get(gateway.url, `/v1/checks/FAILPOINT_${kind.toUpperCase()}`)).status, 404);
  });

  test(`an alarm that ends in a trap (${kind}) rings again by itself, and its check ends right, with one rupee`, async () => {
    // The POST's answer breaks off, so the lookup is the alarm's to make.
    await sandbox.fault({ operation: "mobile.account", fault: "truncate", times: 1 });
    const subject = check("mobile.account", `FAILPOINT_ALARM_${kind.toUpperCase()}`);
    const { line } = await alerted(() => subject.launch());
    assert.match(line.error, new RegExp(word));
    await assertEndsByItself(subject);
  });

  test(`a trap (${kind}) costs the ${UNDER_WAY} requests under way, which are answered then; the next is served, and each check ends with one rupee`, async () => {
    // The vendor has the rupee's order and does not answer in this test's time.
    await sandbox.fault({ operation: "mobile.account", fault: "delay", ms: 240_000, times: UNDER_WAY });
    const subjects = Array.from({ length: UNDER_WAY }, () => check("mobile.account"));
    const sent = async () => (await sandbox.calls()).filter((call) => call.operation === "mobile.account" && call.kind === "post").length;
    const before = await sent();
    const answers = subjects.map((subject) => subject.post());
    await eventually("all POSTs at the vendor", async () => (await sent()) === before + UNDER_WAY);
    const { result, line } = await alerted(() => trap(kind));
    assertFailed(result);
    assert.ok(line.under_way > UNDER_WAY, `${line.under_way}: each request, and its object`);
    await assertServed();
    for (const answer of await Promise.all(answers)) assertFailed(answer);
    for (const subject of subjects) {
      const { status, json, text } = await subject.settled();
      assert.deepEqual([status, json.outcome, json.key], [200, "verified", subject.key], text);
      assert.deepEqual([(await subject.posts()).length, await subject.rupees()], [1, 1]);
    }
  });
}

// The claim, its POST and its answer; more statements of each than there are.
const VERSIONS = [1, 2];
const STATEMENTS = [1, 2, 3, 4, 5, 6, 7];

for (const version of VERSIONS) {
  test(`a trap after any statement of the save of version ${version} leaves the state of before or the new one, and the check ends right`, async () => {
    for (const statement of STATEMENTS) {
      const subject = check("mobile.account", `FAILPOINT_SAVE_${version}_${statement}`);
      const before = logged("wasm_trapped").length;
      const first = await subject.post();
      const name = `version ${version}, statement ${statement}`;
      assert.ok([200, 500].includes(first.status), `${name}: ${first.text}`);
      if (first.status === 500) await eventually(`the alert of ${name}`, () => logged("wasm_trapped").length > before);
      else assert.ok(statement > 1, `${name}: no trap`);
      // A claim that was not saved is made by the second POST; whatever was saved goes on by itself.
      await subject.post();
      const { status, json, text } = await subject.settled();
      assert.deepEqual([status, json.outcome, json.key], [200, "verified", subject.key], `${name}: ${text}`);
      assert.deepEqual([(await subject.posts()).length, await subject.rupees()], [1, 1], name);
    }
  });
}

test("killed in the middle of an alarm, its check ends right by itself", async () => {
  await sandbox.fault({ operation: "bank.verify", fault: "drop_response" });
  const subject = check("bank.verify", "FAILPOINT_ALARM_SPIN");
  // Nobody waits for the answer: the alarm keeps the whole isolate busy.
  subject.post().catch(() => {});
  await eventually("the alarm", () => logged("spinning").length > 0);
  await gateway.killRuntime();
  await assertEndsByItself(subject);
});

test("a claim that died before it was saved has its permit: made again, it takes no second one", async () => {
  const number = freshNumber();
  for (const reference_id of ["PERMIT_1", "PERMIT_2"]) assert.equal((await check("mobile.account", reference_id, number).post()).status, 200);
  // The document's limit is three a minute.
  const third = check("mobile.account", "FAILPOINT_SAVE_1_01", number);
  assert.equal((await third.post()).status, 500);
  const { status, text } = await third.post();
  assert.equal(status, 200, text);
  assert.deepEqual([(await third.posts()).length, await third.rupees()], [1, 1]);
  assert.equal((await check("mobile.account", "PERMIT_4", number).post()).status, 429);
});

test("a request whose body was still being sent when another one trapped is served", async () => {
  const body = JSON.stringify(check("pan.verify").request);
  const head = `POST /v1/pan/verify HTTP/1.1\r\nHost: 127.0.0.1:${gateway.port}\r\nAuthorization: Bearer ${KEY}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
  const socket = connect(gateway.port, "127.0.0.1");
  const chunks = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.write(head + body.slice(0, 10));
  await alerted(() => trap("panic"));
  socket.write(body.slice(10));
  await once(socket, "close");
  assert.match(Buffer.concat(chunks).toString(), /^HTTP\/1\.1 200 [^]*"outcome":"verified"/);
});

test("a tenant's page may read the response to a request that trapped", async () => {
  const [{ origins: [origin] }] = JSON.parse(TENANTS);
  const { headers } = await get(gateway.url, "/v1/keys/success_pan", { "toran-failpoint": "panic", origin });
  assert.deepEqual([headers["access-control-allow-origin"], headers.vary], [origin, "origin"]);
});

test("a panic is logged by its place, and nothing logs the text of a panic or an exception", async () => {
  await trap("panic");
  await trap("throw");
  await eventually("the line", () => logged("panic").length > 0);
  assert.match(logged("panic").at(-1).place, /^src\/failpoints\.rs:\d+$/);
  assert.equal(logged("panic").at(-1).level, "alert");
  assert.deepEqual(gateway.logs().filter((line) => line.includes("ABCPE1234F")), []);
});

test("the Worker that is deployed has no such points", () => {
  const hasFailpoints = (folder) => readFileSync(join(folder, "toran_bg.wasm"), "latin1").includes("toran-failpoint");
  assert.deepEqual([hasFailpoints(WORKER), hasFailpoints(FAILPOINTS)], [false, true]);
});
