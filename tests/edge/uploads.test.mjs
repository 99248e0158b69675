// CKYC upload, a write: accepted at once, sent by the alarm, repeated until the registry has it, taken once, and never lost (contract
// sections 2.1 and 2.3, document 003 sections 4.3, 8.9 and 11.3).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { browser, eventually, get, KEY, post, send, settled, startGateway, startSandbox } from "./harness.mjs";
import { exchange } from "./socket.mjs";
import { idOf, opened, placeOf } from "./state.mjs";

const ROUTE = "/v1/ckyc/upload";
const MIB = 1_048_576;
const VARS = { ATTEMPT_MS: "4000", LOOKUPS_MS: "150,300,600,900,1200,1500,2000,3000", LOOKUP_EVERY_MS: "500", HORIZON_MS: "60000" };

let sandbox, gateway, sample;
let count = 0;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: VARS });
  const scenarios = (await send(sandbox.url, "/_sandbox/scenarios")).json;
  sample = scenarios.find(({ id }) => id === "ckyc.upload.http.200").request;
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

/** A record of a person of its own: reference, body, and what the vendor saw of it. */
function record(change = {}, pan = `AAAPT${String((count += 1)).padStart(4, "0")}A`) {
  const reference_id = `UPLOAD_${(count += 1)}`;
  const body = { ...sample, reference_id, ids: [{ id_type: "PAN", id_number: pan }], ...change };
  const place = placeOf(reference_id);
  const calls = async (operation) =>
    (await sandbox.calls()).filter((call) => call.operation === operation && call.wire_reference?.startsWith(place));
  return {
    reference_id, body,
    post: (more, headers) => post(gateway.url, ROUTE, { ...body, ...more }, headers),
    get: (headers) => get(gateway.url, `/v1/checks/${reference_id}`, headers),
    settled: () => settled(gateway.url, reference_id),
    uploads: () => calls("ckyc.upload"),
    downloads: () => calls("ckyc.download"),
    // A record is taken at most once under a reference; of an answer that was dropped only the reference is known.
    taken: async () => {
      const taken = (await calls("ckyc.upload")).filter(({ status, key }) => status === null || (status === 200 && key === "S00000"));
      return new Set(taken.map(({ wire_reference }) => wire_reference)).size;
    },
    sent: () => eventually("the upload at the vendor", async () => (await calls("ckyc.upload")).length > 0),
  };
}

const order = (fault, more = {}) => sandbox.fault({ operation: "ckyc.upload", fault, ...more });

function assertAccepted({ status, headers, json, text }, reference_id) {
  assert.equal(status, 202, text);
  assert.deepEqual([json.reference_id, json.outcome, json.key, json.action, json.data], [reference_id, "pending", "pending_unknown", "wait", {}]);
  assert.equal(headers.location, `/v1/checks/${idOf(reference_id)}`);
  assert.match(headers["retry-after"], /^[1-9]\d*$/);
}

function assertUploaded({ status, json, text }) {
  assert.deepEqual([status, json.outcome, json.key, json.action], [200, "verified", "success_ckyc_upload", "proceed"], text);
  assert.deepEqual(Object.keys(json.data), ["ckyc_id"]);
  assert.match(json.data.ckyc_id, /^\d{14}$/);
}

test("an upload is accepted at once, and ends with the number by itself", async () => {
  await order("delay", { ms: 1000 });
  const subject = record();
  const accepted = await subject.post();
  assertAccepted(accepted, subject.reference_id);
  assert.match(accepted.json.message, /^Accepted, and on its way to the registry\./);
  assertAccepted(await subject.get(), subject.reference_id);
  const end = await subject.settled();
  assertUploaded(end);
  assert.deepEqual((await subject.uploads()).map(({ wire_reference }) => wire_reference.slice(64)), ["01"]);
  const again = await subject.post();
  assert.deepEqual([again.status, again.text, again.headers["idempotent-replayed"]], [200, end.text, "true"]);
  assert.equal((await subject.post({ disability_info: { is_disabled: true } })).status, 409, "another meaning");
});

test("twenty at once are one upload", async () => {
  const subject = record();
  const answers = await Promise.all(Array.from({ length: 20 }, () => subject.post()));
  for (const { status } of answers) assert.ok(status === 202 || status === 200);
  assertUploaded(await subject.settled());
  assert.equal((await subject.uploads()).length, 1);
});

test("a browser sees the number masked", async () => {
  const subject = record();
  const session = await browser(gateway.url, { operations: ["ckyc.upload"] });
  await subject.post({}, session);
  const { json: { data: { ckyc_id: whole } } } = await subject.settled();
  const { json } = await subject.get(session);
  assert.notEqual(json.data.ckyc_id, whole);
  assert.ok(json.data.ckyc_id.includes(whole.slice(-4)) && !json.data.ckyc_id.includes(whole.slice(-5)), json.data.ckyc_id);
});

test("killed at any instant from accepting on, every upload is taken once and has its number", async () => {
  for (const instant of [0, 10, 20, 40, 80, 160]) {
    const round = [record(), record()];
    const answers = round.map((subject) => subject.post().catch(() => {}));
    await sleep(instant);
    await gateway.killRuntime();
    await Promise.all(answers);
    for (const subject of round) {
      // A caller that got no answer sends the same again.
      if ((await subject.get()).status === 404) await subject.post();
      assertUploaded(await subject.settled());
      assert.equal(await subject.taken(), 1);
    }
  }
});

test("killed right after it was accepted, before anything was sent, it is sent by itself", async () => {
  // The registry is down until after the death, so that nothing can have been taken before it.
  await order("status", { status: 503, times: 2 });
  const subject = record();
  assertAccepted(await subject.post(), subject.reference_id);
  await gateway.killRuntime();
  assertUploaded(await subject.settled());
  assert.equal(await subject.taken(), 1);
});

test("killed between sending and the answer, the upload is taken once and its number is found", async () => {
  await order("delay", { ms: 3500 });
  const subject = record();
  await subject.post();
  await subject.sent();
  await gateway.killRuntime();
  assertUploaded(await subject.settled());
  assert.equal(await subject.taken(), 1);
  const references = (await subject.uploads()).map(({ wire_reference }) => wire_reference.slice(64));
  assert.ok(references.length > 1 && references.every((reference) => reference === "01"), `the same wire reference again: ${references}`);
  assert.equal((await subject.downloads()).length, 1, "search tells the masked number, download the whole one");
});

test("killed while the registry is asked for the number, it is asked again", async () => {
  await order("drop_response");
  await sandbox.fault({ operation: "ckyc.search", fault: "delay", ms: 3500 });
  const subject = record();
  await subject.post();
  const place = placeOf(subject.reference_id);
  await eventually("a search", async () =>
    (await sandbox.calls()).some(({ operation, wire_reference }) => operation === "ckyc.search" && wire_reference?.startsWith(place)));
  await gateway.killRuntime();
  assertUploaded(await subject.settled());
  assert.equal(await subject.taken(), 1);
});

test("a registry that is down for the whole early schedule is tried until it is up", async () => {
  await order("status", { status: 503, times: 7 });
  const subject = record();
  assertAccepted(await subject.post(), subject.reference_id);
  assertUploaded(await subject.settled());
  const uploads = await subject.uploads();
  assert.deepEqual(uploads.map(({ status }) => status), [503, 503, 503, 503, 503, 503, 503, 200]);
  assert.equal(new Set(uploads.map(({ wire_reference }) => wire_reference)).size, 1, "a bare 503 proves nothing: the same wire reference");
  assert.equal(await subject.taken(), 1);
});

test("what the vendor itself refuses is sent afresh, for it burns the reference", async () => {
  const down = record({}, "AAAPQ0005A");
  await down.post();
  assertUploaded(await down.settled());
  const uploads = await down.uploads();
  assert.deepEqual(uploads.map(({ key, wire_reference }) => `${key} ${wire_reference.slice(64)}`), ["E00004 01", "E00004 02", "S00000 03"]);
});

test("answers that get lost, again and again, are one upload", async () => {
  await order("drop_response", { times: 3 });
  const subject = record();
  await subject.post();
  assertUploaded(await subject.settled());
  assert.equal(await subject.taken(), 1);
});

test("a record that the registry will never take waits for a person, where GET shows it", async () => {
  const poison = record({}, "AAAPQ0003A");
  assert.equal((await poison.post()).status, 202);
  const { status, json, text } = await poison.settled();
  assert.deepEqual([status, json.outcome, json.key, json.action, json.next_check_at, json.vendor.code], [202, "pending", "pending_review", "review", null, "E00002"], text);
  const lines = () => gateway.logs().filter((line) => line.includes("check_needs_review"));
  await eventually("the alert", () => lines().length > 0);
  await gateway.killRuntime();
  assert.equal((await poison.post()).json.key, "pending_review", "the same again is the same check");
  // What was to be sent again would have been before this one's second try.
  await order("status", { status: 503, times: 1 });
  const later = record();
  await later.post();
  assertUploaded(await later.settled());
  assert.equal((await poison.uploads()).length, 1, "nothing is sent again");
});

test("a refusal of our credentials is not tried again, and waits for a person", async () => {
  await order("status", { status: 401 });
  const subject = record();
  await subject.post();
  const { json } = await subject.settled();
  assert.deepEqual([json.key, json.vendor.code], ["pending_review", null], "the vendor's word is the operator's");
  const rejected = (line) => line.includes("vendor_rejected_us") && line.includes("http_401");
  await eventually("the alert", () => gateway.logs().some(rejected));
  assert.equal((await subject.uploads()).length, 1);
});

test("a refusal that got lost is not taken for a success because the customer had a record before", async () => {
  // HTTP 422, E00002, and the customer's record of 2023, which every search of such a PAN finds.
  for (const [pan, fault] of [["AAAPR0006A", "drop_response"], ["AAAPQ0003A", "drop_response"], ["AAAPQ0003A", "garble"]]) {
    await order(fault);
    const subject = record({}, pan);
    await subject.post();
    await eventually("the old record is found", async () => (await subject.downloads()).length >= 2);
    const pending = await subject.get();
    assertAccepted(pending, subject.reference_id);
    assert.match(pending.json.message, /^The result is not known yet/);
  }
});

test("a record without a PAN, of which nobody can ask what became of it, waits for a person", async () => {
  await order("drop_response");
  const subject = record({ ids: [{ id_type: "VOTER_ID", id_number: "ABC1234567" }] });
  await subject.post();
  const { json } = await subject.settled();
  assert.deepEqual([json.key, json.vendor.code], ["pending_review", "error_duplicate_reference_id"]);
});

test("after the horizon a person must look", async () => {
  const other = await startGateway({ sandbox, vars: { ...VARS, HORIZON_MS: "1200" } });
  try {
    const down = record({}, "AAAPT9999A");
    await order("drop_request", { times: 20 });
    assertAccepted(await post(other.url, ROUTE, down.body), down.reference_id);
    assert.equal((await settled(other.url, down.reference_id)).json.key, "pending_review");
  } finally {
    await sandbox.reset();
    await other.stop();
  }
});

const document = (bytes) => ({ type: "POA", format: "PDF", data: Buffer.alloc(bytes, "a").toString("base64") });

test("an upload of 6 MiB works, sealed in parts while it waits", async () => {
  const documents = [document(MIB), document(MIB), document(MIB), document(MIB), document(400_000)];
  const subject = record({ documents });
  const size = JSON.stringify(subject.body).length;
  assert.ok(size > 6_000_000 && size < 6.5 * MIB, `${size} bytes`);
  await order("status", { status: 503, times: 1, retry_after: 2 });
  assertAccepted(await subject.post(), subject.reference_id);
  await subject.sent();
  const kept = () => opened(gateway.state).filter((part) => part.includes("YWFhYWFhYWFhYWFh"));
  await eventually("parts of at most 1 MiB", () => kept().length >= 6);
  await gateway.killRuntime();
  assertUploaded(await subject.settled());
  await eventually("the record is forgotten", () => kept().length === 0);
});

test("a document of 1 MiB is taken, one byte more is refused by name", async () => {
  const taken = record({ documents: [document(10), document(MIB)] });
  assert.equal((await taken.post()).status, 202);
  const { status, json } = await record({ documents: [document(10), document(MIB + 1)] }).post();
  assert.deepEqual([status, json.key, json.errors.map(({ field }) => field)], [400, "error_documents_data_length", ["documents[1].data"]]);
  assert.match(json.title, /documents\[1\]\.data should be at most 1048576 bytes when decoded/);
  assertUploaded(await taken.settled());
});

test("8 MiB is the most", async () => {
  const body = JSON.stringify(record().body);
  // Only announced: a body that nobody reads may break the connection before its sender has read the answer.
  const head = [`POST ${ROUTE} HTTP/1.1`, `Host: 127.0.0.1:${gateway.port}`, `Authorization: Bearer ${KEY}`, "Content-Type: application/json", `Content-Length: ${8 * MIB + 1}`];
  const { status, json } = await exchange(gateway.port, [`${head.join("\r\n")}\r\n\r\n`]);
  assert.deepEqual([status, json.key], [413, "error_body_too_large"]);
  const exactly = await post(gateway.url, ROUTE, body + " ".repeat(8 * MIB - body.length));
  assert.equal(exactly.status, 202, exactly.text.slice(0, 300));
});
