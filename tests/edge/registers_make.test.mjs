// POST /v1/ops/registers and `npm run provision`: every register is made at once, by whoever runs the gateway; then a cron trigger wakes them, and readiness knows
// for which settings they were made.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { promisify } from "node:util";
import { at, FAILPOINTS } from "../../tools/project.mjs";
import { browser, eventually, get, KEY, post, send, startGateway, startSandbox } from "./harness.mjs";
import { placeOf, stored } from "./state.mjs";
import { check as fresh } from "./subject.mjs";

// The data centre that the local runtime plays.
const COLO = "DFW";
const PLAIN_KEY = "toran_plain_key";
const tenant = (id, key, scopes) => ({ id, keys: [createHash("sha256").update(key).digest("hex")], scopes, origins: [] });
const TENANTS = JSON.stringify([tenant("dev", KEY, ["*", "operator"]), tenant("plain", PLAIN_KEY, ["*"])]);

async function withGateway(options, work) {
  const sandbox = await startSandbox();
  let gateway = await startGateway({ sandbox, ...options, vars: { TENANTS, ...options.vars } });
  const restart = async (vars) => {
    const { state } = gateway;
    await gateway.stop({ keep: true });
    gateway = await startGateway({ sandbox, state, vars: { TENANTS, ...vars } });
  };
  try {
    await work(() => gateway, sandbox, restart);
  } finally {
    await gateway.stop();
    await sandbox.stop();
  }
}

const program = promisify(execFile);
const provision = (gateway) => program(process.execPath, [at("tools", "provision.mjs"), gateway.url], { env: { ...process.env, TORAN_OPERATOR_KEY: KEY } });

test("only a server key whose scopes name operator may make registers, so many at a time", async () => {
  await withGateway({}, async (gateway) => {
    const { url } = gateway();
    const session = (await browser(url)).authorization;
    for (const [authorization, status] of [[`Bearer ${PLAIN_KEY}`, 403], [session, 403], ["Bearer wrong", 401]]) {
      assert.equal((await post(url, "/v1/ops/registers", { from: 0, count: 8 }, { authorization })).status, status, authorization);
    }
    for (const body of [{}, { from: 0 }, { from: -1, count: 1 }, { from: 0, count: 65 }, { from: 0, count: 0 }, { from: 0, count: 1, more: 1 }, { from: 8, count: 1 }]) {
      const { status, json } = await post(url, "/v1/ops/registers", body);
      assert.deepEqual([status, json.key], [400, "error_malformed_request"], JSON.stringify(body));
    }
    assert.deepEqual(stored(gateway().state, "SELECT 1 FROM register"), []);
    assert.equal((await get(url, "/readyz")).json.registers, null);
    assert.deepEqual((await post(url, "/v1/ops/registers", { from: 6, count: 64 })).json, { registers: 8, from: 6, to: 8, colo: COLO });
    assert.deepEqual(stored(gateway().state, "SELECT registers FROM register").map(({ registers }) => registers), [8, 8]);
  });
});

test("npm run provision makes all of both kinds, again if it is run again, and readiness notices other settings", async () => {
  await withGateway({}, async (gateway, sandbox, restart) => {
    for (let round = 0; round < 2; round += 1) assert.match((await provision(gateway())).stdout, /8 of 8 registers[^]*Made near: DFW \(8\)/);
    for (const kind of ["CheckRegister", "SubjectRegister", "SessionRegister", "ModuleRegister", "ProofRegister", "ConsentRegister"]) assert.equal(stored(gateway().state, "SELECT 1 FROM register", kind).length, 8);
    const ready = async () => (await get(gateway().url, "/readyz")).json;
    assert.deepEqual([(await ready()).status, (await ready()).registers.count, (await ready()).registers.colo], ["ready", 8, COLO]);
    for (const [setting, value] of Object.entries({ REGISTERS: "16", INDEX_KEY: "deadbeef05".padEnd(64, "0"), SEAL_KEYS: JSON.stringify({ current: "x", keys: { x: "deadbeef06".padEnd(64, "0") } }) })) {
      await restart({ [setting]: value });
      assert.deepEqual([(await ready()).status, (await ready()).missing], ["not_ready", [setting]]);
    }
    await restart({});
    assert.equal((await ready()).status, "ready");
  });
});

for (const [name, isCron] of [["any request to its register", false], ["the cron trigger", true]]) {
  test(`a check whose alarm the platform lost goes on by ${name}`, async () => {
    await withGateway({ worker: FAILPOINTS, vars: { REGISTERS: "1", LOOKUPS_MS: "200", LOOKUP_EVERY_MS: "200" } }, async (gateway, sandbox) => {
      await provision(gateway());
      await sandbox.fault({ operation: "bank.verify", fault: "truncate" });
      const subject = fresh({ gateway, sandbox }, "bank.verify", { reference_id: `FAILPOINT_DISARM_2_${isCron ? "CRON" : "ENTRY"}` });
      subject.post().catch(() => {});
      const phase = () => stored(gateway().state, `SELECT phase FROM machines WHERE place = '${placeOf(subject.reference_id)}'`)[0]?.phase;
      await eventually("the unsettled check", () => phase() === "unsettled");
      const wake = isCron ? () => send(gateway().url, "/cdn-cgi/local/scheduled") : () => get(gateway().url, "/v1/checks/ANOTHER");
      await eventually("the end", async () => {
        await wake();
        return phase() === "finished";
      });
      assert.deepEqual([(await subject.get()).json.outcome, (await subject.posts()).length, await subject.rupees()], ["verified", 1, 1]);
    });
  });
}
