// The bounded chaos run; `npm run chaos` plays a longer one, of any seed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { chaos, plan } from "./chaos.mjs";

const SEED = Number(process.env.TORAN_CHAOS_SEED ?? 20261130);
const OPERATIONS = Number(process.env.TORAN_CHAOS_OPERATIONS ?? 160);

test("the same seed makes the same faults, and another one makes others", () => {
  assert.deepEqual(plan(SEED, 100), plan(SEED, 100));
  assert.notDeepEqual(plan(SEED, 100), plan(SEED + 1, 100));
  const all = plan(SEED, 1000);
  assert.equal(all.filter(({ operation }) => ["bank.verify", "mobile.account"].includes(operation)).length, 500);
});

test("whatever goes wrong, no rupee moves twice, every verdict is that of the books, and nothing is stuck", async (context) => {
  // Of a thousand operations twenty are killed in the middle, and code changes four times.
  const kills = Math.max(3, Math.round(OPERATIONS / 50));
  const summary = await chaos({ seed: SEED, operations: OPERATIONS, kills, deploys: Math.max(2, Math.round(OPERATIONS / 250)) });
  context.diagnostic(`seed ${SEED}, ${OPERATIONS} operations, ${kills} kills: ${JSON.stringify(summary)}`);
});
