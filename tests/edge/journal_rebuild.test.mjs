// POST /v1/ops/journal/rebuild and `npm run journal -- rebuild`: a tenant's journal is made again from its registers.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { at } from "../../tools/project.mjs";
import { eventually, get, KEY, post, startGateway, startSandbox } from "./harness.mjs";
import { drop } from "./reconciliation.mjs";
import { as, ASHA, fresh, lostMoney, OPERATOR, SOON, TENANTS } from "./review.mjs";

const RUNS = as("toran_runs_it");
const tenant = { id: "house", keys: [createHash("sha256").update("toran_runs_it").digest("hex")], scopes: ["operator"], origins: [] };
const VARS = { ...SOON, TENANTS: JSON.stringify([...JSON.parse(TENANTS), tenant]) };

const program = promisify(execFile);
const rebuild = async (gateway) => (await program(process.execPath, [at("tools", "journal.mjs"), "rebuild", "dev", gateway.url], { env: { ...process.env, TORAN_OPERATOR_KEY: "toran_runs_it" } })).stdout;
const listed = async (gateway) => (await get(gateway.url, "/v1/ops/journal", OPERATOR)).json.entries;
const reviews = async (gateway) => (await get(gateway.url, "/v1/reviews", ASHA)).json.reviews;

test("a journal that was lost is made again from the registers: the latest entry of each check, and what waits", async () => {
  const sandbox = await startSandbox();
  let gateway = await startGateway({ sandbox, vars: VARS });
  try {
    for (let number = 0; number < 3; number += 1) await drop(gateway, fresh("BUILD"), `424000000${number}`);
    await drop(gateway, fresh("BUILD"), "9610000001");
    const waits = fresh("BUILD");
    await post(gateway.url, "/v1/bank-accounts/verify", lostMoney(waits));
    await post(gateway.url, "/v1/pan/verify", { reference_id: fresh("BUILD"), document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC" });
    // Six checks; the one that waits has an entry more.
    await eventually("the journal", async () => (await listed(gateway)).length === 7 && (await reviews(gateway)).length === 1);
    const [before, waiting] = [await listed(gateway), await reviews(gateway)];
    const latest = (entries) => [...new Map(entries.map((entry) => [entry.check, entry])).values()].sort((one, other) => one.check.localeCompare(other.check));
    assert.match(await rebuild(gateway), /^6 checks have an entry; 0 entries were missing/);
    assert.deepEqual(await listed(gateway), before, "what is there stays as it is");
    const { state } = gateway;
    await gateway.stop({ keep: true });
    rmSync(join(state, "v3", "do", "toran-Journal"), { recursive: true });
    gateway = await startGateway({ sandbox, vars: VARS, state });
    assert.deepEqual([await listed(gateway), await reviews(gateway)], [[], []]);
    assert.match(await rebuild(gateway), /^6 checks have an entry; 6 entries were missing/);
    assert.deepEqual(latest(await listed(gateway)), latest(before));
    assert.deepEqual(await reviews(gateway), waiting);
    assert.match(await rebuild(gateway), /; 0 entries were missing/);
    assert.equal((await get(gateway.url, "/v1/ops/totals", OPERATOR)).json.paise, 300);
  } finally {
    await gateway.stop();
    await sandbox.stop();
  }
});

test("only whoever runs the gateway makes journals again, of a tenant and a register that there are", async () => {
  const sandbox = await startSandbox();
  const gateway = await startGateway({ sandbox, vars: VARS });
  try {
    const ask = (body, headers = RUNS) => post(gateway.url, "/v1/ops/journal/rebuild", body, headers);
    for (const headers of [OPERATOR, as(KEY)]) assert.equal((await ask({ tenant: "dev", register: 0 }, headers)).status, 403);
    for (const body of [{}, { tenant: "nobody", register: 0 }, { tenant: "dev", register: 8 }, { tenant: "dev", register: "0" }, { tenant: "dev", register: 0, more: 1 }]) {
      assert.equal((await ask(body)).status, 400, JSON.stringify(body));
    }
    assert.deepEqual((await ask({ tenant: "dev", register: 0 })).json, { registers: 8, register: 0, checks: 0, restored: 0, next: null });
  } finally {
    await gateway.stop();
    await sandbox.stop();
  }
});
