// Many mixed checks in few registers while the runtime dies again and again: at most one rupee each, every verdict is that of the sandbox's books, nothing is stuck, and
// no wire reference is sent twice. Each size of storm is a file of tests, so that they run side by side.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startGateway, startSandbox } from "./harness.mjs";
import { placeOf, stored } from "./state.mjs";
import { check as fresh, MONEY } from "./subject.mjs";

const VARS = {
  ATTEMPT_MS: "3000", WAIT_MS: "1500", RETRIES_MS: "100,200,400", LOOKUPS_MS: "200,500,1000", LOOKUP_EVERY_MS: "1000", HORIZON_MS: "20000", VELOCITY_WINDOWS_MS: "1,1,1",
};
const CALLERS = 24;
const PATIENCE_MS = 120_000;

// A caller that sends the same again until it is told an end, or that the check waits for manual review.
async function ended(subject) {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(50)) {
    const answer = await subject.post().catch(() => undefined);
    if (answer?.status === 200) return answer.json.outcome;
    if (answer?.json?.key === "pending_review") return "review";
  }
  throw new Error(`${subject.reference_id} never ended`);
}

/** Declares the test: so many checks, so many kills. */
export function storm({ checks: count, kills }) {
  let sandbox, gateway;

  before(async () => {
    sandbox = await startSandbox();
    gateway = await startGateway({ sandbox, vars: VARS });
  });

  after(async () => {
    await gateway?.stop();
    await sandbox?.stop();
  });

  test(`${count} mixed checks while the runtime is killed ${kills} times`, async (context) => {
    const operations = [...MONEY, "pan.verify"];
    const subjects = Array.from({ length: count }, (_, index) => {
      return fresh({ gateway: () => gateway, sandbox }, operations[index % operations.length], { reference_id: `STORM_${index}` });
    });
    const [waiting, ends] = [[...subjects], new Map()];
    const callers = Array.from({ length: CALLERS }, async () => {
      for (let subject = waiting.pop(); subject; subject = waiting.pop()) ends.set(subject, await ended(subject));
    });
    // Evenly over the run: each time a further share of the checks has been begun.
    for (let kill = 1; kill <= kills; kill += 1) {
      while (waiting.length > count - (count * kill) / (kills + 1)) await sleep(5);
      await gateway.killRuntime();
    }
    await Promise.all(callers);

    const [calls, money] = [await sandbox.calls(), await sandbox.money()];
    const byPlace = [calls, money].map((list) => Map.groupBy(list, ({ wire_reference }) => wire_reference?.slice(0, 32)));
    let rupeesOfChecks = 0;
    for (const subject of subjects) {
      const [callsOf, moneyOf] = byPlace.map((places) => places.get(placeOf(subject.reference_id)) ?? []);
      const rupees = moneyOf.length;
      rupeesOfChecks += rupees;
      if (subject.money) {
        // Manual review is no verdict: on a slow machine the horizon may pass before a look-up is answered.
        const allowed = { verified: [1], review: [0, 1] }[ends.get(subject)] ?? [0];
        assert.ok(allowed.includes(rupees), `${subject.reference_id}: ${ends.get(subject)}, ${rupees} rupees`);
        assert.ok(callsOf.filter(({ kind }) => kind === "post").length <= 1, subject.reference_id);
      } else {
        assert.equal(ends.get(subject), "verified", subject.reference_id);
      }
    }
    assert.equal(money.length, rupeesOfChecks, "every rupee is a check's");
    const posts = calls.filter(({ kind }) => kind === "post").map(({ wire_reference }) => wire_reference);
    assert.equal(new Set(posts).size, posts.length, "a wire reference twice");
    assert.deepEqual(stored(gateway.state, "SELECT place, phase FROM machines WHERE phase NOT IN ('finished', 'review')"), []);
    context.diagnostic(`${posts.length} POSTs, ${money.length} rupees, ${[...ends.values()].filter((end) => end === "review").length} in review`);
  });
}
