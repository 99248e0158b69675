// A read is tried again when the trouble may pass, and only then (document 003 section 6.7): after 1 s, 2 s and 4 s, with a
// fresh wire reference each, as long as the caller's and the check's time last. The contract's own pauses are seen once.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { get, post, settled, startGateway, startSandbox } from "./harness.mjs";
import { idOf } from "./state.mjs";
import { bank } from "./subject.mjs";

const ROUTE = "/v1/pan/verify";
const PAUSES = [1000, 2000, 4000];
// What a pause may be longer than its schedule: a fifth for the jitter, the rest for a busy machine.
const slack = (pause) => pause * 0.2 + 1500;

let count = 0;
const fresh = (name) => `${name}_${(count += 1)}`;
const pan = (reference_id) => ({ reference_id, document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC onboarding" });
const verify = (gateway, reference) => post(gateway.url, ROUTE, pan(reference));
const check = (gateway, reference) => get(gateway.url, `/v1/checks/${reference}`);
const gaps = (calls) => calls.slice(1).map((call, index) => Date.parse(call.at) - Date.parse(calls[index].at));

/** Orders a fault for the next `times` calls of pan.verify. */
const order = async (sandbox, fault) => assert.equal((await sandbox.fault({ operation: "pan.verify", ...fault })).status, 200);

/** Each with a wire reference of its own: one check, consecutive attempts. */
function compareReferences(calls) {
  const references = calls.map((call) => call.wire_reference);
  assert.equal(new Set(references).size, references.length, "no wire reference twice");
  assert.equal(new Set(references.map((reference) => reference.slice(0, 64))).size, 1, "one check");
  for (const [index, reference] of references.entries()) assert.equal(reference.slice(64), String(index + 1).padStart(2, "0"));
}

let sandbox, gateway, impatient, patient, hasty, real;

before(async () => {
  sandbox = await startSandbox();
  const other = await startSandbox();
  const started = await Promise.all([
    startGateway({ sandbox, vars: { RETRIES_MS: "100,200,400", ATTEMPT_MS: "20000", WAIT_MS: "50000", DEADLINE_MS: "100000" } }),
    startGateway({ sandbox, vars: { RETRIES_MS: "100,200,400", ATTEMPT_MS: "1500", WAIT_MS: "50000", DEADLINE_MS: "100000" } }),
    startGateway({ sandbox, vars: { RETRIES_MS: "700,700,700", ATTEMPT_MS: "20000", WAIT_MS: "300" } }),
    startGateway({ sandbox, vars: { RETRIES_MS: "100,100,60000", DEADLINE_MS: "20000", WAIT_MS: "50000" } }),
    startGateway({ sandbox: other }),
  ]);
  [gateway, impatient, patient, hasty] = started;
  real = { ...started[4], sandbox: other };
});

after(async () => {
  await Promise.all([gateway, impatient, patient, hasty, real].map((one) => one?.stop()));
  await Promise.all([sandbox, real?.sandbox].map((one) => one?.stop()));
});

// The long pauses have a vendor of their own, so that everything else goes on beside them.
describe("a read that meets trouble", { concurrency: true }, () => {
  describe("with the contract's own times", { concurrency: false }, () => {
    test("a 503 is tried again after 1 s, 2 s and 4 s, each under a fresh wire reference", async () => {
      await order(real.sandbox, { fault: "status", status: 503, times: 3 });
      const answer = await verify(real, "REAL_503");
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.json.outcome, "verified");
      const calls = await real.sandbox.calls();
      assert.deepEqual(calls.map((call) => call.status), [503, 503, 503, 200]);
      compareReferences(calls);
      for (const [index, gap] of gaps(calls).entries()) {
        assert.ok(gap >= PAUSES[index], `pause ${index + 1}: ${gap} ms`);
        assert.ok(gap <= PAUSES[index] + slack(PAUSES[index]), `pause ${index + 1}: ${gap} ms`);
      }
    });

    test("Retry-After is honoured where it asks for more than the pause", async () => {
      await real.sandbox.reset();
      await order(real.sandbox, { fault: "status", status: 429, retry_after: 2 });
      const answer = await verify(real, "REAL_429");
      assert.equal(answer.json.outcome, "verified", answer.text);
      const [gap, ...others] = gaps(await real.sandbox.calls());
      assert.deepEqual(others, []);
      assert.ok(gap >= 2000 && gap <= 2000 + slack(2000), `${gap} ms`);
    });

    test("Retry-After beyond the caller's wait ends at once, and is passed on", async () => {
      await real.sandbox.reset();
      await order(real.sandbox, { fault: "status", status: 503, retry_after: 30 });
      const began = Date.now();
      const answer = await verify(real, "REAL_LATER");
      assert.equal(answer.status, 503, answer.text);
      assert.equal(answer.json.key, "error_source_unavailable");
      assert.equal(answer.headers["retry-after"], "30");
      assert.ok(Date.now() - began < 5000);
      assert.equal((await real.sandbox.calls()).length, 1);
    });

    // Document 003 sections 4.1 and 8.9.
    test("a search of the CKYC registry that is put off says that onboarding does not wait", async () => {
      await real.sandbox.reset();
      assert.equal((await real.sandbox.fault({ operation: "ckyc.search", fault: "status", status: 503, retry_after: 30 })).status, 200);
      const search = { reference_id: "REAL_CKYC", document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", consent_purpose: "KYC onboarding" };
      const ended = await post(real.url, "/v1/ckyc/search", search);
      const shown = await get(real.url, "/v1/checks/REAL_CKYC");
      for (const { status, json } of [ended, shown]) {
        assert.deepEqual([status, json.key, json.action, json.retry_after], [503, "error_source_unavailable", "wait", 30]);
        assert.equal(
          json.detail,
          "Onboarding does not wait for CKYC: go on without the prefill, and ask again later. Nothing was decided. Send the same request again after the time in Retry-After.",
        );
      }
    });
  });

  describe("with short pauses", { concurrency: false }, () => {
    const PASSING = [
      ["429", { fault: "status", status: 429 }, "error_source_unavailable", 503],
      ["500", { fault: "status", status: 500 }, "error_unexpected_response", 502],
      ["503", { fault: "status", status: 503 }, "error_source_unavailable", 503],
      ["an answer that comes too late", { fault: "delay", ms: 5000 }, "error_source_timeout", 504],
      ["a connection that is reset", { fault: "reset" }, "error_source_unavailable", 503],
      ["a lost request", { fault: "drop_request" }, "error_source_unavailable", 503],
      ["a lost answer", { fault: "drop_response" }, "error_source_unavailable", 503],
      ["an answer that breaks off", { fault: "truncate" }, "error_source_unavailable", 503],
    ];

    // Only a gateway that does not wait for the answer sees that it is late.
    const meets = ({ fault }) => (fault === "delay" ? impatient : gateway);

    for (const [name, fault, key, status] of PASSING) {
      test(`${name} is tried again`, async () => {
        await sandbox.reset();
        await order(sandbox, { ...fault, times: 2 });
        const answer = await verify(meets(fault), fresh("AGAIN"));
        assert.equal(answer.json.outcome, "verified", answer.text);
        const calls = await sandbox.calls();
        assert.equal(calls.length, 3);
        compareReferences(calls);
        for (const [index, gap] of gaps(calls).entries()) assert.ok(gap >= [100, 200][index], `${gap} ms`);
      });

      test(`${name} that stays ends after three retries as ${status}, and releases the reference`, async () => {
        await sandbox.reset();
        const reference = fresh("RELEASED");
        await order(sandbox, { ...fault, times: 4 });
        const to = meets(fault);
        const answer = await verify(to, reference);
        assert.equal(answer.status, status, answer.text);
        assert.equal(answer.json.key, key);
        if (status === 503) assert.match(answer.headers["retry-after"], /^[1-9]\d*$/);
        const shown = await check(to, reference);
        assert.deepEqual([shown.status, shown.json.key], [status, key], "GET shows what it ended as");

        const again = await verify(to, reference);
        assert.equal(again.json.outcome, "verified", again.text);
        assert.equal(again.headers["idempotent-replayed"], undefined);
        const calls = await sandbox.calls();
        assert.equal(calls.length, 5);
        compareReferences(calls);
        assert.equal((await check(to, reference)).text, again.text);
      });
    }

    for (const [name, fault] of [["a timeout", { fault: "delay", ms: 5000 }], ["a lost answer", { fault: "drop_response" }], ["503", { fault: "status", status: 503 }]]) {
      test(`a penniless bank verification is a read: ${name} is tried again, and no rupee moves`, async () => {
        await sandbox.reset();
        await order(sandbox, { operation: "bank.verify", ...fault, times: 2 });
        const answer = await post(meets(fault).url, "/v1/bank-accounts/verify", { reference_id: fresh("PENNILESS"), ...bank("440000300001", { validation_type: "penniless" }) });
        assert.deepEqual([answer.json.outcome, answer.json.action], ["verified", "proceed"], answer.text);
        const calls = await sandbox.calls();
        assert.deepEqual(calls.map(({ kind }) => kind), ["post", "post", "post"]);
        compareReferences(calls);
        assert.deepEqual(await sandbox.money(), []);
      });
    }

    const STAYING = [
      [400, 502, "error_service_unavailable"],
      [401, 502, "error_service_unavailable"],
      [403, 502, "error_service_unavailable"],
      [404, 200, "failure_record_not_found"],
      [422, 200, "failure_pan_invalid"],
    ];

    for (const [said, status, key] of STAYING) {
      test(`${said} is not tried again`, async () => {
        await sandbox.reset();
        const reference = fresh("ONCE");
        await order(sandbox, { fault: "status", status: said });
        const answer = await verify(gateway, reference);
        assert.deepEqual([answer.status, answer.json.key], [status, key], answer.text);
        if (status === 200) assert.deepEqual([answer.json.outcome, answer.json.action], ["negative", "reject"]);
        // Another check is tried again meanwhile: this one would have been too.
        await order(sandbox, { fault: "status", status: 503 });
        assert.equal((await verify(gateway, fresh("MEANWHILE"))).json.outcome, "verified");
        const begin = (await sandbox.calls())[0].wire_reference.slice(0, 64);
        assert.equal((await sandbox.calls()).filter((call) => call.wire_reference.startsWith(begin)).length, 1);
        const again = await verify(gateway, reference);
        if (status === 200) assert.equal(again.text, answer.text, "an answer is remembered");
        else assert.equal(again.json.outcome, "verified", "a 502 releases the reference");
      });
    }

    describe("longer than the caller waits: 202, it goes on by itself, and GET shows the answer", () => {
      test("that it came to", async () => {
        await sandbox.reset();
        await order(sandbox, { fault: "status", status: 503, times: 2 });
        const answer = await verify(patient, "LATER_1");
        assert.equal(answer.status, 202, answer.text);
        assert.deepEqual([answer.json.outcome, answer.json.key, answer.json.action], ["pending", "pending_unknown", "wait"]);
        assert.equal(answer.headers.location, `/v1/checks/${idOf("LATER_1")}`);
        assert.match(answer.headers["retry-after"], /^[1-9]$/);
        assert.ok(Date.parse(answer.json.next_check_at) > 0);
        const joined = await verify(patient, "LATER_1");
        assert.equal(joined.status, 202, "the same request joins");
        const final = await settled(patient.url, "LATER_1");
        assert.equal(final.status, 200);
        assert.equal(final.json.outcome, "verified");
        assert.equal((await sandbox.calls()).length, 3);
        assert.equal((await verify(patient, "LATER_1")).text, final.text, "the same request is answered with it");
      });

      test("or the problem that it ended as; the same request then begins again", async () => {
        await sandbox.reset();
        await order(sandbox, { fault: "status", status: 503, times: 4 });
        assert.equal((await verify(patient, "LATER_2")).status, 202);
        const final = await settled(patient.url, "LATER_2");
        assert.deepEqual([final.status, final.json.key], [503, "error_source_unavailable"]);
        assert.equal(final.headers["content-type"], "application/problem+json");
        assert.match(final.headers["retry-after"], /^[1-9]/);
        const again = await verify(patient, "LATER_2");
        assert.equal(again.json.outcome, "verified", again.text);
        const calls = await sandbox.calls();
        assert.equal(calls.length, 5);
        compareReferences(calls);
      });
    });

    test("no new try begins after the deadline", async () => {
      await sandbox.reset();
      await order(sandbox, { fault: "status", status: 503, times: 3 });
      const answer = await verify(hasty, "DEADLINE");
      assert.deepEqual([answer.status, answer.json.key], [503, "error_source_unavailable"]);
      assert.equal((await sandbox.calls()).length, 3);
    });
  });
});
