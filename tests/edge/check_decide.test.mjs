// POST /v1/checks/{...}/decision: a person ends what waits for manual review, once, under credentials of their own.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, eventually, KEY, post, settled, startGateway, startSandbox } from "./harness.mjs";
import { as, ASHA, CAREFUL, DEV, fresh, lostMoney, MIRA, NOBODY, OPERATOR, OTHER, RAVI, reviewed, SOON } from "./review.mjs";
import { idOf, placeOf } from "./state.mjs";

const ROUTE = "/v1/bank-accounts/verify";

let sandbox, gateway;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: SOON });
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

/** A check that waits for a person. */
async function waiting(headers) {
  const reference_id = fresh();
  await post(gateway.url, ROUTE, lostMoney(reference_id), headers);
  const { json } = await settled(gateway.url, reference_id, headers);
  assert.equal(json.key, "pending_review");
  return { reference_id, ...reviewed(gateway, reference_id) };
}

const postsOf = async (reference_id) => (await sandbox.calls()).filter(({ kind, wire_reference }) => kind === "post" && wire_reference?.startsWith(placeOf(reference_id)));
const told = ({ status, json }) => [status, json.outcome ?? json.key, json.action];

test("a decision is a person's, with the scope review, and nothing in the body says whose", async () => {
  const check = await waiting();
  for (const [who, status] of [[{ authorization: null }, 401], [as("wrong"), 401], [as(KEY), 403], [OPERATOR, 403], [await browser(gateway.url), 403]]) {
    assert.equal((await check.decide("verified", who)).status, status, JSON.stringify(who));
  }
  const { status, json } = await check.decide("verified", NOBODY);
  assert.deepEqual([status, json.key, /must name one person/.test(json.detail)], [403, "error_forbidden", true]);
  for (const more of [{ by: "ravi" }, { reason: "" }, { reason: "x".repeat(501) }, { reason: 7 }, { evidence: {} }, { decision: "yes" }]) {
    assert.deepEqual([(await check.decide("verified", ASHA, more)).json.key], ["error_malformed_request"], JSON.stringify(more));
  }
  assert.equal((await check.get()).json.key, "pending_review", "nothing was decided");
});

test("a decision ends the check, and the same of the same person is answered the same", async () => {
  for (const [decision, outcome, action, key] of [
    ["verified", "verified", "proceed", "success_decided"], ["negative", "negative", "reject", "failure_decided"], ["failed", "failed", "retry", "failure_decided"],
  ]) {
    const check = await waiting();
    const decided = await check.decide(decision, ASHA, { evidence: "Statement of 2026-11-20" });
    assert.deepEqual([told(decided), decided.json.key, decided.json.reference_id], [[200, outcome, action], key, check.reference_id]);
    const again = await check.decide(decision, ASHA);
    assert.deepEqual([again.status, again.text, again.headers["idempotent-replayed"]], [200, decided.text, "true"]);
    for (const [other, by] of [[decision, RAVI], [decision === "failed" ? "verified" : "failed", ASHA]]) {
      assert.deepEqual(told(await check.decide(other, by)), [409, "error_check_is_final", "fix"]);
    }
    assert.equal((await check.get()).text, decided.text);
    const replay = await post(gateway.url, ROUTE, lostMoney(check.reference_id));
    assert.deepEqual([replay.status, replay.text], [200, decided.text]);
  }
});

test("money that is to be tried again ends as failed, and its reference is never sent again", async () => {
  const check = await waiting();
  const decided = await reviewed(gateway, idOf(check.reference_id)).decide("retry", ASHA);
  assert.deepEqual([told(decided), decided.json.key], [[200, "failed", "retry"], "failure_decided"]);
  await post(gateway.url, ROUTE, lostMoney(check.reference_id));
  assert.equal((await postsOf(check.reference_id)).length, 1);
});

test("what is final by itself, runs, or is unknown is not decided", async () => {
  const done = fresh();
  const body = { ...lostMoney(done), beneficiary_details: { account_number: "440000012345", ifsc: "SBIN0001077", name: "Rahul Sharma" } };
  assert.equal((await post(gateway.url, ROUTE, body)).status, 200);
  assert.deepEqual(told(await reviewed(gateway, done).decide("negative", ASHA)), [409, "error_check_is_final", "fix"]);
  await sandbox.fault({ operation: "pan.verify", fault: "delay", ms: 1000 });
  const runs = fresh();
  await post(gateway.url, "/v1/pan/verify", { reference_id: runs, document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC" });
  assert.deepEqual(told(await reviewed(gateway, runs).decide("verified", ASHA)), [409, "error_check_not_in_review", "fix"]);
  for (const unknown of ["NEVER_MADE", "a", idOf("NEVER_MADE")]) {
    assert.deepEqual(told(await reviewed(gateway, unknown).decide("verified", ASHA)), [404, "error_reference_id_not_found", "fix"]);
  }
  const theirs = await waiting(OTHER);
  for (const name of [theirs.reference_id, idOf(theirs.reference_id, "other")]) {
    assert.equal((await reviewed(gateway, name).decide("verified", ASHA)).status, 404, "another tenant's");
  }
});

test("of many decisions at once one counts", async () => {
  const check = await waiting();
  const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => check.decide(index % 2 ? "verified" : "negative", index % 4 < 2 ? ASHA : RAVI)));
  const texts = new Set(answers.filter(({ status }) => status === 200).map(({ text }) => text));
  assert.equal(texts.size, 1);
  assert.equal(answers.filter(({ status }) => status === 200).length, 5, "the one who was first, as often as they asked");
  assert.ok(answers.every(({ status, json }) => status === 200 || json.key === "error_check_is_final"));
});

test("where the tenant asks for four eyes, a second person decides the same", async () => {
  const check = await waiting(CAREFUL);
  for (const repeat of [undefined, "true"]) {
    const first = await check.decide("verified", MIRA);
    assert.deepEqual([first.status, first.json.key, first.headers["idempotent-replayed"]], [202, "pending_review", repeat]);
    assert.deepEqual(first.json.notes.map(({ code }) => code).sort(), ["await_review", "second_decision"]);
    assert.equal(first.headers.location, `/v1/checks/${idOf(check.reference_id, "careful")}`);
  }
  assert.deepEqual(told(await check.decide("negative", DEV)), [202, "pending", "review"], "who decides otherwise needs a second person too");
  assert.deepEqual(told(await check.decide("verified", MIRA)), [202, "pending", "review"]);
  const second = await check.decide("verified", DEV);
  assert.deepEqual([told(second), second.json.key], [[200, "verified", "proceed"], "success_decided"]);
  assert.equal((await check.decide("verified", MIRA)).text, second.text);
});

test("a decision is there after the runtime died, and why is in no log and no answer", async () => {
  const [ended, first] = [await waiting(), await waiting(CAREFUL)];
  const reason = "CANARY_REASON", evidence = "CANARY_EVIDENCE";
  const decided = await ended.decide("verified", ASHA, { reason, evidence });
  await first.decide("failed", MIRA, { reason, evidence });
  await gateway.killRuntime();
  const shown = await eventually("the check", () => ended.get().catch(() => undefined));
  assert.equal(shown.text, decided.text);
  assert.equal((await first.decide("failed", DEV, { reason, evidence })).json.outcome, "failed");
  const texts = [...gateway.logs(), shown.text, (await ended.timeline(ASHA)).text, (await first.get(CAREFUL)).text].join("\n");
  assert.ok(!texts.includes("CANARY") && !texts.includes("asha"));
});
