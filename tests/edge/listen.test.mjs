// `npm run listen`: events of the log reach a program on this machine, signed, once, and again where an endpoint is sent them again.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, afterEach, before, test } from "node:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { launch } from "../../tools/process.mjs";
import { at } from "../../tools/project.mjs";
import { clear, endpoint, verify } from "./endpoints.mjs";
import { eventually, get, KEY, post, startGateway, startSandbox } from "./harness.mjs";
import { startReceiver } from "./receiver.mjs";
import { SOON } from "./review.mjs";
import { idOf } from "./state.mjs";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const TOOL = at("tools", "listen.mjs");
let sandbox, gateway, receiver, state;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: SOON });
  receiver = await startReceiver();
  state = mkdtempSync(join(tmpdir(), "toran-listen-"));
});

afterEach(async () => {
  receiver.received.length = 0;
  await clear(gateway);
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
  await receiver?.stop();
  rmSync(state, { recursive: true, force: true });
});

const env = () => ({ TORAN_GATEWAY: gateway.url, TORAN_KEY: KEY, TORAN_STATE: state, TORAN_LISTEN_SECRET: SECRET });

/** Starts it; answers once it forwards. */
async function listen() {
  const lines = [];
  const program = launch(process.execPath, [TOOL, receiver.url], { env: env(), onLine: (line) => lines.push(line) });
  await eventually("that it forwards", () => lines.some((line) => line.startsWith("Forwarding")));
  return { lines, stop: () => program.stop() };
}

const about = (reference) => receiver.received.filter(({ event }) => event.data.check === idOf(reference));
const told = (reference) => eventually("the log", async () => (await get(gateway.url, "/v1/events")).json.events.find(({ data }) => data.reference_id === reference));

test("what is new is forwarded once, signed, from where it left off, and what the program answered is printed", async () => {
  const old = await verify(gateway);
  await told(old);
  let listening = await listen();
  const first = await verify(gateway);
  await eventually("the event", () => about(first).length > 0);
  assert.deepEqual(about(first)[0].event, await told(first));
  assert.equal(receiver.verified(SECRET).length, 1);
  await eventually("its line", () => listening.lines.some((line) => /check\.finished chk_[0-9a-f]{32} verified -> 204/.test(line)));
  await listening.stop();
  const missed = await verify(gateway);
  await told(missed);
  listening = await listen();
  await eventually("what it missed", () => about(missed).length > 0);
  await listening.stop();
  assert.deepEqual([about(old).length, about(first).length, about(missed).length], [0, 1, 1]);
});

test("what an endpoint is sent again reaches the program again", async () => {
  const other = await startReceiver();
  const listening = await listen();
  try {
    const { id } = await endpoint(gateway, other.url);
    const reference = await verify(gateway);
    await eventually("the event", () => about(reference).length === 1 && other.received.length === 1);
    assert.equal((await post(gateway.url, `/v1/endpoints/${id}/replay`, { event: other.ids()[0] })).status, 202);
    await eventually("it again", () => about(reference).length === 2);
    assert.equal(new Set(about(reference).map(({ body, headers }) => body + headers["webhook-id"])).size, 1);
    await eventually("its line", () => listening.lines.some((line) => /\(sent again\) -> 204/.test(line)));
  } finally {
    await listening.stop();
    await other.stop();
  }
});

test("an event waits for a program that is not there", async () => {
  const listening = await listen();
  try {
    await receiver.down();
    const reference = await verify(gateway);
    await eventually("that it says so", () => listening.lines.some((line) => /no answer from .* \(ECONNREFUSED\)\. Trying/.test(line)));
    await receiver.up();
    await eventually("the event", () => about(reference).length === 1);
  } finally {
    await listening.stop();
  }
});

test("what is wrong is said in words", async () => {
  const run = (args, more = {}) => promisify(execFile)(process.execPath, [TOOL, ...args], { env: { ...process.env, ...env(), ...more } }).then(() => "", ({ code, stderr }) => `${code} ${stderr}`);
  assert.match(await run([]), /^1 npm run listen -- URL/);
  assert.match(await run(["localhost:3000"]), /^1 npm run listen -- URL/);
  assert.match(await run([receiver.url], { TORAN_KEY: "wrong" }), /^1 The gateway does not know this key/);
  assert.match(await run([receiver.url], { TORAN_KEY: "" }), /^1 TORAN_KEY is missing/);
  assert.match(await run([receiver.url], { TORAN_LISTEN_SECRET: "secret" }), /^1 TORAN_LISTEN_SECRET should be whsec_/);
});

test("the sandbox receives events, too, and fails on request", async () => {
  const name = `mine${Date.now()}`;
  const { id, secret } = await endpoint(gateway, `${sandbox.url}/_sandbox/receive/${name}`);
  const list = async () => (await get(sandbox.url, `/_sandbox/received?name=${name}`)).json;
  assert.equal((await post(sandbox.url, "/_sandbox/receiver", { name, status: 503, delay_ms: 20, times: 1 })).status, 200);
  const ping = async () => (await post(gateway.url, `/v1/endpoints/${id}/ping`)).json.status;
  assert.deepEqual([await ping(), await ping()], [503, 204]);
  const { Webhook } = await import("standardwebhooks");
  assert.deepEqual((await list()).map(({ status, headers, body }) => [status, new Webhook(secret).verify(body, headers).type]), [[503, "endpoint.ping"], [204, "endpoint.ping"]]);
  assert.equal((await post(sandbox.url, "/_sandbox/receiver", { name, status: 99 })).status, 400);
});
