// Registers: many checks share a Durable Object. What one of them needs, suffers or has forgotten is no other's trouble.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { FAILPOINTS } from "../../tools/project.mjs";
import { eventually, get, KEY, post, settled, startGateway, startSandbox } from "./harness.mjs";
import { change, files, idOf, placeOf, stored } from "./state.mjs";
import { bank, check as fresh, freshNumber } from "./subject.mjs";

const OTHER_KEY = "toran_other_key";
const tenant = (id, key) => ({ id, keys: [createHash("sha256").update(key).digest("hex")], scopes: ["*"], origins: [] });
const VARS = { REGISTERS: "1", TENANTS: JSON.stringify([tenant("dev", KEY), tenant("other", OTHER_KEY)]) };
const KEYS = { old: "deadbeef02".padEnd(64, "0"), new: "deadbeef04".padEnd(64, "0") };
const ring = (current, ...ids) => JSON.stringify({ current, keys: Object.fromEntries(ids.map((id) => [id, KEYS[id]])) });
const pan = (reference_id, more) => ({ reference_id, document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC", ...more });
const alerts = (gateway, event) => gateway.logs().filter((line) => line.startsWith("{")).map((line) => JSON.parse(line)).filter((line) => line.event === event);

let sandbox, gateway;

before(async () => {
  sandbox = await startSandbox();
});

after(() => sandbox?.stop());

async function start(vars, more) {
  gateway = await startGateway({ sandbox, vars: { ...VARS, ...vars }, ...more });
}

// The same state under other settings.
async function restart(vars) {
  const { state } = gateway;
  await gateway.stop({ keep: true });
  await start(vars, { state });
}

describe("a check's id", () => {
  before(() => start({ KEEP_MS: "700", WAIT_MS: "300" }));
  after(() => gateway?.stop());

  test("stands in the answer and leads back to it, for its tenant alone", async () => {
    const answer = await post(gateway.url, "/v1/pan/verify", pan("BY_ID"));
    assert.equal(answer.json.id, idOf("BY_ID"));
    const shown = await get(gateway.url, `/v1/checks/${answer.json.id}`);
    assert.deepEqual([shown.status, shown.text], [200, answer.text]);
    const other = await get(gateway.url, `/v1/checks/${answer.json.id}`, { authorization: `Bearer ${OTHER_KEY}` });
    assert.deepEqual([other.status, other.json.key], [404, "error_reference_id_not_found"]);
    assert.notEqual(idOf("BY_ID", "other"), answer.json.id);
  });

  test("stands in every problem of it and in every log line about it, and the reference_id in none", async () => {
    const reference = "IN_THE_LOG_9";
    await post(gateway.url, "/v1/pan/verify", pan(reference));
    const conflict = await post(gateway.url, "/v1/pan/verify", pan(reference, { purpose: "Another" }));
    assert.deepEqual([conflict.status, conflict.json.id], [409, idOf(reference)]);
    await get(gateway.url, `/v1/checks/${reference}`);
    const lines = () => alerts(gateway, "request").filter(({ check }) => check === idOf(reference));
    await eventually("three lines", () => lines().length === 3);
    assert.deepEqual(gateway.logs().filter((line) => line.startsWith("{") && line.includes(reference)), []);
  });

  test("is no reference_id that a caller may choose", async () => {
    const { status, json } = await post(gateway.url, "/v1/pan/verify", pan(idOf("BY_ID")));
    assert.deepEqual([status, json.errors.map(({ field, key }) => [field, key])], [400, [["reference_id", "error_unsanitized_values"]]]);
  });

  test("shows what is left of it when the answer is forgotten, without the reference_id that went with it", async () => {
    const id = (await post(gateway.url, "/v1/bank-accounts/verify", { reference_id: "FORGOTTEN", ...bank("440000099001") })).json.id;
    const by = (name) => get(gateway.url, `/v1/checks/${name}`);
    await eventually("the tombstone", async () => (await by(id)).json.data === null);
    assert.deepEqual([(await by(id)).json.reference_id, (await by("FORGOTTEN")).json.reference_id], [null, "FORGOTTEN"]);
    const [{ state }] = stored(gateway.state, `SELECT state FROM machines WHERE place = '${placeOf("FORGOTTEN")}'`);
    assert.equal(JSON.parse(state).phase.at, "tombstone", "kept without a seal");
  });
});

test("a thousand questions about unknown checks write nothing", async () => {
  await start({ REGISTERS: "8" });
  const ask = (range) => Promise.all(range.map((index) => get(gateway.url, `/v1/checks/${index % 2 ? `UNKNOWN_${index}` : idOf(`UNKNOWN_${index}`)}`)));
  for (let from = 0; from < 1000; from += 50) {
    const answers = await ask(Array.from({ length: 50 }, (_, index) => from + index));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [404]);
  }
  assert.deepEqual(stored(gateway.state, "SELECT 1 FROM register"), []);
  await gateway.stop();
});

test("a reference that was forgotten and is used again has other wire references", async () => {
  await start({ KEEP_MS: "100", TOMBSTONE_MS: "100" });
  const subject = fresh({ gateway: () => gateway, sandbox }, "pan.verify", { reference_id: "AGAIN" });
  for (let round = 1; round <= 3; round += 1) {
    assert.equal((await subject.post()).status, 200);
    await eventually("nothing is kept", () => stored(gateway.state, "SELECT place FROM machines").length === 0);
    assert.equal((await subject.get()).status, 404);
  }
  const wire = (await subject.posts()).map(({ wire_reference }) => wire_reference);
  assert.deepEqual([wire.length, new Set(wire).size, new Set(wire.map((reference) => reference.slice(64))).size], [3, 3, 1]);
  await gateway.stop();
});

describe("connections", () => {
  after(() => gateway?.stop());

  test("200 slow checks in a register with two: the vendor never sees three at once, and every one ends", async () => {
    await start({ CALLS_AT_ONCE: "2", WAIT_MS: "60000", ATTEMPT_MS: "60000", VELOCITY_WINDOWS_MS: "1,1,1" });
    await sandbox.reset();
    for (const operation of ["pan.verify", "bank.verify"]) await sandbox.fault({ operation, fault: "delay", ms: 40, times: 100 });
    const requests = Array.from({ length: 100 }, (_, index) => [
      post(gateway.url, "/v1/pan/verify", pan(`SLOT_PAN_${index}`)),
      post(gateway.url, "/v1/bank-accounts/verify", { reference_id: `SLOT_BANK_${index}`, ...bank(`4400001${String(index).padStart(5, "0")}`) }),
    ]);
    const answers = await Promise.all(requests.flat());
    assert.deepEqual([...new Set(answers.map(({ status, json }) => `${status} ${json.outcome}`))], ["200 verified"]);
    const calls = await sandbox.calls();
    assert.deepEqual(calls.filter(({ open }) => open > 2), []);
    assert.ok(calls.some(({ open }) => open === 2), "both were used");
    assert.equal(calls.filter(({ kind }) => kind === "post").length, 200);
    await gateway.stop();
  });

  test("a claim that gets none while its caller waits ends as 503, with nothing sent, and may be sent again", async () => {
    await start({ CALLS_AT_ONCE: "1", WAIT_MS: "400", ATTEMPT_MS: "20000" });
    await sandbox.reset();
    await sandbox.fault({ operation: "bank.verify", fault: "delay", ms: 2500 });
    const holder = fresh({ gateway: () => gateway, sandbox }, "bank.verify");
    const subject = fresh({ gateway: () => gateway, sandbox }, "mobile.account");
    await holder.launch();
    const { status, json, headers } = await subject.post();
    assert.deepEqual([status, json.key, headers["retry-after"]], [503, "error_source_unavailable", "5"]);
    assert.deepEqual([(await subject.get()).status, (await subject.posts()).length], [503, 0]);
    assert.equal((await holder.settled()).json.outcome, "verified");
    assert.equal((await subject.post()).json.outcome, "verified");
    assert.deepEqual([(await subject.posts()).length, await subject.rupees()], [1, 1]);
    await gateway.stop();
  });

  test("500 look-ups that are due do not hold up a fresh check in the same register", async () => {
    await start({ ATTEMPT_MS: "5000", WAIT_MS: "30000", LOOKUPS_MS: "20000", LOOKUP_EVERY_MS: "1000" });
    await sandbox.reset();
    await sandbox.fault({ operation: "bank.verify", fault: "drop_response", times: 500 });
    await sandbox.fault({ operation: "bank.verify", fault: "delay", kind: "status", ms: 150, times: 500 });
    const subjects = Array.from({ length: 500 }, () => fresh({ gateway: () => gateway, sandbox }, "bank.verify"));
    const launched = subjects.map((subject) => subject.post());
    const count = (where) => stored(gateway.state, `SELECT place FROM machines WHERE ${where}`).length;
    const unsettled = () => count("phase = 'unsettled'");
    await eventually("500 unsettled", () => unsettled() === 500, 60);
    await eventually("more due than there are connections for", () => count(`wake_at < ${Date.now()}`) > 100, 60);
    assert.equal((await post(gateway.url, "/v1/pan/verify", pan("FRESH"))).json.outcome, "verified");
    assert.ok(unsettled() > 50, "the fresh one came first");
    await Promise.all(launched);
    await eventually("every look-up", () => unsettled() === 0, 120);
    assert.equal((await sandbox.money()).length, 500);
    for (const subject of subjects.slice(0, 20)) {
      assert.deepEqual([(await subject.get()).json.outcome, (await subject.posts()).length, await subject.rupees()], ["verified", 1, 1]);
    }
    await gateway.stop();
  });
});

test("a check that cannot be opened is alerted once and never an absence, and its neighbours go on", async () => {
  await start({ SEAL_KEYS: ring("old", "old"), KEEP_MS: "300" });
  await sandbox.reset();
  const subject = fresh({ gateway: () => gateway, sandbox }, "bank.verify");
  assert.equal((await subject.post()).json.outcome, "verified");
  await restart({ SEAL_KEYS: ring("new", "new"), KEEP_MS: "300" });
  const reading = () => alerts(gateway, "state_unreadable");
  const answers = [await subject.get(), await subject.post()];
  assert.deepEqual(answers.map(({ status, json }) => [status, json.key]), [[500, "error_internal"], [500, "error_internal"]]);
  assert.equal((await post(gateway.url, "/v1/pan/verify", pan("NEIGHBOUR"))).json.outcome, "verified");
  await eventually("the alert", () => reading().length > 0);
  // The neighbour's own alarm rings meanwhile, in the same register.
  await eventually("the neighbour is forgotten", async () => (await get(gateway.url, "/v1/checks/NEIGHBOUR")).json.data === null);
  assert.deepEqual(reading().map(({ level, check }) => [level, check]), [["alert", idOf(subject.reference_id)]]);
  assert.deepEqual([(await subject.posts()).length, await subject.rupees()], [1, 1]);
  await restart({ SEAL_KEYS: ring("new", "new", "old"), KEEP_MS: "300" });
  assert.equal((await subject.get()).json.key, subject.key, "nothing was lost");
  await gateway.stop();
});

for (const [setting, made, other] of [["REGISTERS", "2", "1"], ["INDEX_KEY", "deadbeef01".padEnd(64, "0"), "deadbeef05".padEnd(64, "0")]]) {
  test(`a register that was made for another ${setting} refuses to work, and says so`, async () => {
    await start({ [setting]: made });
    await sandbox.reset();
    for (let index = 0; index < 8; index += 1) assert.equal((await post(gateway.url, "/v1/pan/verify", pan(`MADE_${index}`))).status, 200);
    await restart({ [setting]: other });
    const calls = (await sandbox.calls()).length;
    const { status, json } = await post(gateway.url, "/v1/pan/verify", pan("LATER"));
    assert.deepEqual([status, json.key], [502, "error_service_unavailable"]);
    assert.equal((await sandbox.calls()).length, calls, "nothing was sent");
    assert.deepEqual(alerts(gateway, "setting_missing").at(0)?.setting, setting);
    await restart({ [setting]: made });
    assert.equal((await post(gateway.url, "/v1/pan/verify", pan("LATER"))).status, 200);
    await gateway.stop();
  });
}

test("a register of an earlier release goes on, and its ledger names accounts from then on", async () => {
  await start();
  const before = await post(gateway.url, "/v1/pan/verify", pan("EARLIER"));
  const { state } = gateway;
  await gateway.stop({ keep: true });
  change(state, "ALTER TABLE calls DROP COLUMN account");
  change(state, "DROP TABLE outbox");
  await start({}, { state });
  const [again, later] = [await post(gateway.url, "/v1/pan/verify", pan("EARLIER")), await post(gateway.url, "/v1/pan/verify", pan("LATER"))];
  assert.deepEqual([again.text, later.status], [before.text, 200]);
  const ledger = () => new Map(stored(state, "SELECT place, account FROM calls").map(({ place, account }) => [place, account]));
  assert.deepEqual([ledger().get(placeOf("EARLIER")), ledger().get(placeOf("LATER"))], [null, "decentro"]);
  const told = async () => (await get(gateway.url, "/v1/events")).json.events.map(({ data }) => data.reference_id);
  await eventually("its journal", async () => (await told()).includes("LATER"));
  await gateway.stop();
});

test("a finished check has written ten rows at most, eleven with its journal, and set one alarm at most", async (context) => {
  await start({}, { worker: FAILPOINTS });
  await sandbox.reset();
  await post(gateway.url, "/v1/pan/verify", pan("FIRST"));
  const events = async () => (await get(gateway.url, "/v1/events")).json.events.length;
  await eventually("the first journal of the day", async () => (await events()) === 1);
  const [rows, alarms] = [alerts(gateway, "rows_written").length, alerts(gateway, "alarm_set").length];
  const subject = await post(gateway.url, "/v1/pan/verify", pan("COUNTED"));
  assert.equal(subject.json.outcome, "verified");
  await eventually("both saves", () => alerts(gateway, "rows_written").length >= rows + 4);
  const written = () => alerts(gateway, "rows_written").slice(rows).reduce((sum, line) => sum + line.rows, 0);
  assert.ok(written() <= 10, `${written()} rows`);
  assert.ok(alerts(gateway, "alarm_set").length - alarms <= 1);
  await eventually("its journal", async () => (await events()) === 2);
  await eventually("the end of its outbox", () => stored(gateway.state, "SELECT number FROM outbox").length === 0);
  context.diagnostic(`${written()} rows`);
  // Seven without a journal.
  assert.ok(written() <= 11, `${written()} rows`);
  await gateway.stop();
});

test("a copy in KV that is older than its answer is not shown", async () => {
  await start({ KEEP_MS: "700" }, { worker: FAILPOINTS });
  const check = fresh({ gateway: () => gateway, sandbox }, "bank.verify", { reference_id: "FAILPOINT_COPY_X" });
  assert.equal((await check.post()).json.outcome, "verified");
  const copies = () => files(join(gateway.state, "v3", "kv")).filter(([path]) => path.includes("blobs"));
  await eventually("the copy", () => copies().length === 1);
  await eventually("the answer is forgotten", async () => (await check.get()).json.data === null);
  assert.equal(copies().length, 1, "the copy is still there");
  const { status, json, text } = await check.post();
  assert.deepEqual([status, json.key], [409, "error_duplicate_reference_id"], text);
  await gateway.stop();
});

describe("when the platform fails", () => {
  before(() => start({ ATTEMPT_MS: "1500", WAIT_MS: "300", LOOKUPS_MS: "200,400", LOOKUP_EVERY_MS: "500" }, { worker: FAILPOINTS }));
  after(() => gateway?.stop());

  const subject = (name) => fresh({ gateway: () => gateway, sandbox }, "bank.verify", { reference_id: `FAILPOINT_${name}` });

  test("a claim that could not be saved is none: nothing was sent, and it may be sent again", async () => {
    const check = subject("FAIL_1_CLAIM");
    const { status, json } = await check.post();
    assert.deepEqual([status, json.key, (await check.get()).status, (await check.posts()).length], [500, "error_internal", 404, 0]);
    assert.equal((await check.post()).json.outcome, "verified");
    assert.deepEqual([(await check.posts()).length, await check.rupees()], [1, 1]);
  });

  test("so it is with one that was held in memory for its permit", async () => {
    const check = fresh({ gateway: () => gateway, sandbox }, "mobile.account", { reference_id: "FAILPOINT_FAIL_1_HELD" });
    const { status, json } = await check.post();
    assert.deepEqual([status, json.key, (await check.get()).status, (await check.posts()).length], [500, "error_internal", 404, 0]);
    assert.equal((await check.post()).json.outcome, "verified");
    assert.deepEqual([(await check.posts()).length, await check.rupees()], [1, 1]);
  });

  test("an answer that could not be saved is found out again, and the rupee is not sent twice", async () => {
    const check = subject("FAIL_2_ANSWER");
    await check.post();
    const { json, text } = await check.settled();
    assert.equal(json.outcome, "verified", text);
    assert.deepEqual([(await check.posts()).length, (await check.lookups()).length, await check.rupees()], [1, 1, 1]);
  });

  test("a save that does not follow the stored state is refused: what is in memory is dropped, and the stored state counts", async () => {
    const check = subject("TWICE_2_X");
    await check.post();
    const { json, text } = await check.settled();
    assert.equal(json.outcome, "verified", text);
    assert.deepEqual([(await check.posts()).length, (await check.lookups()).length, await check.rupees()], [1, 0, 1]);
    assert.equal(alerts(gateway, "internal_error").filter(({ error }) => error.includes("is not the one that was advanced")).length, 1);
  });

  test("an alarm that the platform failed rings again, and its check ends right", async () => {
    await sandbox.fault({ operation: "bank.verify", fault: "truncate" });
    const check = subject("ALARM_ERROR");
    await check.post();
    const { json, text } = await check.settled();
    assert.equal(json.outcome, "verified", text);
    assert.deepEqual([(await check.posts()).length, await check.rupees()], [1, 1]);
  });
});
