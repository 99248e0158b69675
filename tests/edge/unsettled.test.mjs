// Money whose fate is not known: 202, status lookups by alarm, and an end that the vendor has confirmed, or a person
// (contract section 2.3, decision 0003). "Not found" proves nothing, and nothing sends a second rupee.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eventually, startGateway, startSandbox } from "./harness.mjs";
import { idOf } from "./state.mjs";
import { assertEndsByItself, assertPending, check as fresh, MONEY } from "./subject.mjs";

const SCHEDULE = [300, 800, 1500, 3000];
const VARS = { ATTEMPT_MS: "1500", WAIT_MS: "500", LOOKUPS_MS: SCHEDULE.join(), LOOKUP_EVERY_MS: "1000", HORIZON_MS: "60000" };
// The vendor's special subjects (docs/SANDBOX.md): what those settle to that are PENDING or whose answer is lost, who never settles, and the key that
// a lookup carries when it finds the rupee.
const SUBJECTS = {
  "mobile.account": {
    waiting: { 9811000001: ["verified", "success_account_details_retrieved"], 9811000002: ["negative", "failure_account_closed"] },
    lost: { 9800000021: ["negative", "error_invalid_mobile_number"], 9800000020: ["failed", "error_decentro_error"] },
    forEver: "9811000003",
    foundKey: "success_account_details_retrieved",
  },
  "bank.verify": {
    waiting: {
      9611000001: ["verified", "success_bank_account"], 9611000002: ["negative", "failure_bank_account_invalid"], 9611000003: ["failed", "error_validation_failed"],
    },
    lost: { 9610000001: ["negative", "failure_bank_account_invalid"], 9610000004: ["failed", "error_validation_failed"] },
    forEver: "123456789012",
    foundKey: null,
  },
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

const FAULTS = [
  { fault: "drop_response" },
  { fault: "delay", ms: 4000 },
  { fault: "truncate" },
  { fault: "drop_request", undone: true },
  { fault: "reset", undone: true },
  { fault: "status", status: 500, undone: true },
  { fault: "status", status: 503, undone: true },
];

// Each operation's faults wait in a queue of their own, so all can be played at once.
describe("money whose fate is not known", { concurrency: true }, () => {
  for (const operation of MONEY) {
    describe(operation, { concurrency: false }, () => {
      const check = (subject) => fresh({ gateway: () => gateway, sandbox }, operation, { subject });

      /** A check whose POST met a fault, and its 202. */
      async function lost(fault, subject = check()) {
        await sandbox.fault({ operation, ...fault });
        assertPending(await subject.post(), subject.reference_id);
        return subject;
      }

      test("a lost answer is a 202; what was done is found out, what was not is never taken for undone", async (context) => {
        const subjects = [];
        for (const { undone, ...fault } of FAULTS) subjects.push(await lost(fault));
        for (const [index, { undone, ...fault }] of FAULTS.entries()) {
          const subject = subjects[index];
          await context.test(Object.values(fault).join(" "), () => (undone ? assertStaysOpen(subject) : assertEndsByItself(subject)));
        }
      });

      async function assertStaysOpen(subject) {
        await eventually("three lookups", async () => (await subject.lookups()).length >= 3);
        assert.deepEqual([...new Set((await subject.lookups()).map(({ key }) => key))], ["error_transaction_not_found"]);
        assertPending(await subject.get(), subject.reference_id);
        assertPending(await subject.post(), subject.reference_id);
        assert.deepEqual([(await subject.posts()).length, await subject.rupees()], [1, 0]);
      }

      test("\"not found\" at the first lookup is not taken as proof: the second finds the rupee", async () => {
        const subject = await lost({ fault: "drop_response" });
        await assertEndsByItself(subject);
        assert.deepEqual((await subject.lookups()).map(({ key }) => key), ["error_transaction_not_found", SUBJECTS[operation].foundKey]);
      });

      test("a lost answer whose truth is negative or failed ends so, and no rupee moved", async (context) => {
        for (const [special, expected] of Object.entries(SUBJECTS[operation].lost)) {
          const subject = await lost({ fault: "drop_response" }, check(special));
          await context.test(expected.join(" "), () => assertEndsByItself(subject, expected));
        }
      });

      test("what is PENDING at the vendor is a 202 and then what it settles to", async (context) => {
        for (const [special, expected] of Object.entries(SUBJECTS[operation].waiting)) {
          const subject = check(special);
          assertPending(await subject.post(), subject.reference_id, "pending_vendor");
          await context.test(expected.join(" "), () => assertEndsByItself(subject, expected));
        }
      });

      test("lookups keep their schedule, however often a caller asks", async () => {
        const subject = await lost({ fault: "drop_request" });
        let asked = 0;
        await eventually("the whole schedule", async () => {
          await subject.get();
          asked += 1;
          return (await subject.lookups()).length >= SCHEDULE.length;
        });
        const [sent] = (await subject.posts()).map(({ at }) => Date.parse(at));
        const times = (await subject.lookups()).map(({ at }) => Date.parse(at) - sent);
        for (const [index, due] of SCHEDULE.entries()) assert.ok(times[index] >= due - 20, `${times} and not before ${SCHEDULE}`);
        assert.ok(asked > SCHEDULE.length);
      });

      test("what nobody can settle within the horizon waits for a person: an alert, no lookup, no second POST", async () => {
        const other = await startGateway({ sandbox, vars: { ...VARS, HORIZON_MS: "1600" } });
        try {
          const mine = (subject) => fresh({ gateway: () => other, sandbox }, operation, { subject });
          const subjects = [await lost({ fault: "drop_request" }, mine())];
          const working = mine(SUBJECTS[operation].forEver);
          assertPending(await working.post(), working.reference_id, "pending_vendor");
          subjects.push(working);
          for (const subject of subjects) await assertReview(subject);
          await eventually("an alert for each", () => alerts(other).length >= 2);
          assert.deepEqual(alerts(other), Array(2).fill(["alert", "decentro", operation]));
          await other.killRuntime();
          const before = await Promise.all(subjects.map(async (subject) => (await subject.lookups()).length));
          for (const subject of subjects) await assertReview(subject);
          // A lookup would have come before this one's whole schedule has passed.
          await assertReview(await lost({ fault: "drop_request" }, mine()));
          assert.deepEqual(await Promise.all(subjects.map(async (subject) => (await subject.lookups()).length)), before);
        } finally {
          await other.stop();
        }
      });

      function alerts(other) {
        const lines = other.logs().filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
        return lines.filter(({ event }) => event === "check_needs_review").map(({ level, vendor, operation }) => [level, vendor, operation]);
      }

      async function assertReview(subject) {
        const first = await eventually("the review", async () => {
          const answer = await subject.get();
          return answer.json.key === "pending_review" && answer;
        });
        for (const { status, json, headers } of [first, await subject.post()]) {
          assert.deepEqual([status, json.outcome, json.action, json.next_check_at], [202, "pending", "review", null]);
          assert.equal(headers.location, `/v1/checks/${idOf(subject.reference_id)}`);
          assert.match(headers["retry-after"], /^[1-9]\d*$/);
        }
        assert.deepEqual([(await subject.posts()).length, await subject.rupees()], [1, 0]);
      }
    });
  }
});
