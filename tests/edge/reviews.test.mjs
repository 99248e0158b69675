// Uploads that the vendor refuses: each says why, and each way out of its review works (document 003 section 4.3; contract sections 2.7 and 5).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, eventually, get, post, send, settled, startGateway, startSandbox } from "./harness.mjs";
import { ASHA, fresh, reviewed, SOON } from "./review.mjs";
import { idOf, placeOf } from "./state.mjs";

const ROUTE = "/v1/ckyc/upload";
const VARS = { ...SOON, ATTEMPT_MS: "4000", LOOKUPS_MS: "150,300,600,900", LOOKUP_EVERY_MS: "500", HORIZON_MS: "60000" };

let sandbox, gateway, scenarios, sample;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: VARS });
  scenarios = (await send(sandbox.url, "/_sandbox/scenarios")).json.filter(({ operation }) => operation === "ckyc.upload");
  sample = scenarios.find(({ id }) => id === "ckyc.upload.http.200").request;
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

let people = 0;
const person = () => [{ id_type: "PAN", id_number: `AAAPV${String((people += 1)).padStart(4, "0")}A` }];

/** A record under a reference of its own. */
function upload(body = { ids: person() }) {
  const reference_id = fresh("UPLOAD");
  const request = { ...sample, ...body, reference_id };
  return {
    reference_id,
    post: (more, headers) => post(gateway.url, ROUTE, { ...request, ...more }, headers),
    settled: () => settled(gateway.url, reference_id),
    posts: async () => (await sandbox.calls()).filter(({ operation, kind, wire_reference }) => operation === "ckyc.upload" && kind === "post" && wire_reference?.startsWith(placeOf(reference_id))),
    ...reviewed(gateway, reference_id),
  };
}

/** One that the vendor refused with this status. */
async function refused(status = 401, headers) {
  await sandbox.fault({ operation: "ckyc.upload", fault: "status", status });
  const one = upload();
  await one.post({}, headers);
  assert.equal((await one.settled()).json.key, "pending_review");
  return one;
}

const noteCodes = ({ json }) => json.notes.map(({ code }) => code);

test("every refusal of the key tables says why, is corrected, and is decided", async () => {
  const refusals = scenarios.filter(({ expect }) => expect.key === "pending_review");
  assert.ok(["E00002", "E00006", "E00008", "E00009"].every((code) => refusals.some(({ expect }) => expect.vendor_key === code)));
  assert.ok(["400", "401", "404", "422"].every((status) => refusals.some(({ id }) => id.includes(status))));
  for (const { id, request: { ids } } of refusals) {
    const [first, second] = [upload({ ids }), upload({ ids })];
    await Promise.all([first.post(), second.post()]);
    const [{ json, text }] = [await first.settled(), await second.settled()];
    assert.deepEqual([json.outcome, json.key, json.action, json.next_check_at], ["pending", "pending_review", "review", null], id);
    const { of, key, message } = json.refusal;
    assert.deepEqual(json.data, {}, id);
    assert.ok(of === "account" || of === "request", text);
    assert.match(key, /^(E\d{5}|error_\w+|http_\d{3})$/);
    assert.ok(key.startsWith("http_") || message.length > 0, text);
    assert.doesNotMatch(json.message, /could not be found out/);
    assert.deepEqual(noteCodes({ json }), [of === "account" ? "retry_when_settled" : "correct_and_replace"]);
    const corrected = upload();
    assert.ok((await corrected.post({ replaces: first.reference_id })).status < 300, id);
    assert.deepEqual([(await corrected.settled()).json.key, (await first.get()).json.key], ["success_ckyc_upload", "failure_replaced"], id);
    assert.equal((await second.decide("failed", ASHA)).json.key, "failure_decided", id);
  }
});

test("the vendor's faults of single fields are told, to servers only", async () => {
  const { request: { ids } } = scenarios.find(({ id }) => id === "ckyc.upload.case.field_errors");
  const one = upload({ ids });
  const session = await browser(gateway.url, { operations: ["ckyc.upload"] });
  await one.post({}, session);
  const { json } = await one.settled();
  assert.deepEqual([json.vendor.code, json.refusal.of, json.refusal.key], ["E00009", "request", "error_invalid_payload"]);
  assert.equal(json.refusal.message, "Issues detected with the request payload.");
  assert.deepEqual(json.refusal.errors.map(({ key }) => key), ["error_invalid_father_name", "error_invalid_pincode"]);
  assert.equal((await one.get(session)).json.refusal, undefined);
  assert.ok(!gateway.logs().join("\n").includes("122001"), "no log quotes the vendor");
});

test("what was refused for our credentials is sent again as it is once they are right, under a fresh reference", async () => {
  const one = await refused(401);
  assert.equal((await one.get()).json.refusal.of, "account");
  const retried = await one.decide("retry", ASHA);
  assert.deepEqual([retried.status, retried.json.outcome, retried.json.action], [202, "pending", "wait"]);
  assert.equal((await one.settled()).json.key, "success_ckyc_upload");
  assert.deepEqual((await one.posts()).map(({ wire_reference }) => wire_reference.slice(64)), ["01", "02"]);
  const told = (await one.timeline(ASHA)).json.map(({ kind }) => kind);
  assert.deepEqual(told, ["claimed", "sent", "replied", "alarm", "alarm", "decided", "sent", "replied", "published"]);
  // Still wrong, it waits anew, and the next retry is another decision.
  const other = await refused(403);
  await sandbox.fault({ operation: "ckyc.upload", fault: "status", status: 403 });
  for (const end of ["pending_review", "success_ckyc_upload"]) {
    await other.decide("retry", ASHA);
    await eventually("the reply", async () => (await other.timeline(ASHA)).json.filter(({ kind }) => kind === "replied").length === (end === "pending_review" ? 2 : 3));
    assert.equal((await other.settled()).json.key, end);
  }
});

test("a corrected upload takes the place of the refused one, once, and may be sent again", async () => {
  const one = await refused(422);
  const [corrected, rival] = [upload(), upload()];
  // It may be done by the time that it is answered.
  const accepted = await corrected.post({ replaces: one.reference_id });
  assert.ok([200, 202].includes(accepted.status), accepted.text);
  const replaced = await one.get();
  assert.deepEqual([replaced.status, replaced.json.outcome, replaced.json.key], [200, "failed", "failure_replaced"]);
  assert.deepEqual([replaced.json.data, noteCodes(replaced)], [{ replaced_by: idOf(corrected.reference_id) }, ["follow_replacement"]]);
  const end = await corrected.settled();
  const again = await corrected.post({ replaces: one.reference_id });
  assert.deepEqual([again.status, again.text], [200, end.text]);
  const late = await rival.post({ replaces: one.reference_id });
  assert.deepEqual([late.status, late.json.key, late.json.id], [409, "error_check_is_final", idOf(one.reference_id)]);
  assert.equal((await rival.get()).status, 404, "nothing was taken");
  assert.equal((await one.decide("verified", ASHA)).json.key, "error_check_is_final");
  assert.equal((await sandbox.calls()).filter(({ wire_reference }) => wire_reference?.startsWith(placeOf(one.reference_id))).length, 1);
});

test("of two corrections at once one is taken", async () => {
  const one = await refused(422);
  const rivals = [upload(), upload(), upload()];
  const answers = await Promise.all(rivals.map((rival) => rival.post({ replaces: one.reference_id })));
  assert.deepEqual(answers.map(({ status }) => status < 300).sort(), [false, false, true]);
});

test("what is unknown, another's, running or no refused upload is not replaced", async () => {
  const [done, session] = [upload(), await browser(gateway.url, { operations: ["ckyc.upload"] })];
  await done.post();
  await done.settled();
  const one = await refused(422);
  for (const [replaces, headers, status, key] of [
    ["NEVER_MADE", {}, 404, "error_reference_id_not_found"],
    [done.reference_id, {}, 409, "error_check_is_final"],
    [one.reference_id, session, 404, "error_reference_id_not_found"],
    [idOf(one.reference_id), {}, 404, "error_reference_id_not_found"],
    ["x".repeat(256), {}, 400, "error_replaces_length"],
  ]) {
    const other = upload();
    const answer = await other.post({ replaces }, headers);
    assert.deepEqual([answer.status, answer.json.key], [status, key], replaces);
    assert.equal((await get(gateway.url, `/v1/checks/${other.reference_id}`)).status, 404);
  }
  assert.equal((await one.get()).json.key, "pending_review");
  // A reference that belongs to another request replaces nothing.
  assert.equal((await done.post({ replaces: one.reference_id })).status, 409);
  assert.equal((await one.get()).json.key, "pending_review");
});

test("killed between the end of the refused one and the start of the corrected one, the same request goes on", async () => {
  for (const instant of [0, 5, 15]) {
    const [one, corrected] = [await refused(422), upload()];
    const sent = corrected.post({ replaces: one.reference_id }).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, instant));
    await gateway.killRuntime();
    await sent;
    const again = await eventually("an answer", () => corrected.post({ replaces: one.reference_id }).catch(() => undefined));
    assert.ok([200, 202].includes(again.status), again.text);
    assert.deepEqual([(await corrected.settled()).json.key, (await one.get()).json.key], ["success_ckyc_upload", "failure_replaced"]);
  }
});
