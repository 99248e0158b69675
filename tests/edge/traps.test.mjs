// A trap in the wasm (a panic, an instruction that must not be reached, a full stack) ends what is under way in its instance and nothing else: the
// next request is served, and every check ends right by itself, with one rupee. The Worker is the release with the feature `failpoints`.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { FAILPOINTS, WORKER } from "../../tools/project.mjs";
import { eventually, get, post, startGateway, startSandbox } from "./harness.mjs";
import { assertEndsByItself, check as fresh } from "./subject.mjs";

const VARS = { ATTEMPT_MS: "4000", WAIT_MS: "20000", RETRIES_MS: "200,400,800", LOOKUPS_MS: "300,800,1500,3000", LOOKUP_EVERY_MS: "1000" };
const WAYS = ["panic", "unreachable", "stack"];
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

const check = (operation) => fresh({ gateway: () => gateway, sandbox }, operation);
const trap = (way) => get(gateway.url, "/v1/keys/success_pan", { "toran-failpoint": way });
const trapInObject = (way) => post(gateway.url, "/v1/pan/verify", { ...check("pan.verify").request, reference_id: `FAILPOINT_${way.toUpperCase()}` });
const lines = (event) => gateway.logs().filter((line) => line.includes(`"event":"${event}"`)).map((line) => JSON.parse(line.slice(line.indexOf("{"))));

function assertFailed({ status, json, headers, text }) {
  assert.deepEqual([status, json?.key, headers["content-type"]], [500, "error_internal", "application/problem+json"], text);
}

async function assertServed() {
  const { status, json } = await get(gateway.url, "/v1/keys/success_pan");
  assert.deepEqual([status, json.key], [200, "success_pan"]);
}

for (const way of WAYS) {
  test(`a request that ends in a trap (${way}) is answered 500, and the next one is served`, async () => {
    for (let round = 0; round < 3; round += 1) {
      assertFailed(await trap(way));
      await assertServed();
    }
  });

  test(`an object that ends in a trap (${way}) answers 500, and serves its next request`, async () => {
    assertFailed(await trapInObject(way));
    const subject = check("pan.verify");
    assert.equal((await subject.post()).json.outcome, "verified");
  });

  test(`a trap (${way}) costs at most the ${UNDER_WAY} requests under way: they are answered at once, the next is served, each check ends with one rupee`, async (context) => {
    await sandbox.fault({ operation: "mobile.account", fault: "delay", ms: 3000, times: UNDER_WAY });
    const subjects = Array.from({ length: UNDER_WAY }, () => check("mobile.account"));
    const answers = subjects.map((subject) => subject.post());
    await Promise.all(subjects.map((subject) => eventually("the POST at the vendor", async () => (await subject.posts()).length > 0)));
    assertFailed(await trap(way));
    await assertServed();
    const ends = await Promise.all(answers);
    for (const end of ends) if (end.status !== 200) assertFailed(end);
    context.diagnostic(`${ends.filter(({ status }) => status !== 200).length} of ${UNDER_WAY} were answered 500`);
    for (const subject of subjects) await assertEndsByItself(subject);
  });
}

test("a trap is logged with its place and how many were under way, and without the text of a panic", async () => {
  await trap("panic");
  await eventually("the lines", () => lines("wasm_trapped").length > 0 && lines("panic").length > 0);
  assert.match(lines("panic").at(-1).place, /^src\/failpoints\.rs:\d+$/);
  assert.deepEqual([lines("panic").at(-1).level, lines("wasm_trapped").at(-1).level], ["alert", "alert"]);
  assert.ok(gateway.logs().every((line) => !line.includes("ABCPE1234F")), "no data");
});

test("the Worker that is deployed has no such points", () => {
  const names = (folder) => readFileSync(join(folder, "toran_bg.wasm"), "latin1").includes("toran-failpoint");
  assert.deepEqual([names(WORKER), names(FAILPOINTS)], [false, true]);
});
