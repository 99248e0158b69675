// POST /v1/pan/verify-batch: up to 100 of pan.verify's bodies in one request, each a check of its own. What an item is
// told, that the vendor is asked once per check and never more than six at a time, and what becomes of a batch whose time is over.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { browser, get, post, settled, startGateway, startSandbox } from "./harness.mjs";
import { placeOf } from "./state.mjs";

const ROUTE = "/v1/pan/verify-batch";
const MOST_OPEN = 6;
const digest = (text) => createHash("sha256").update(text).digest("hex");
const TENANTS = JSON.stringify([
  { id: "dev", keys: [digest("toran_dev_key")], scopes: ["*"], origins: [] },
  { id: "banker", keys: [digest("banker_key")], scopes: ["mobile.account"], origins: [] },
]);

let sandbox, gateway, unavailable;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: { TENANTS, RETRIES_MS: "20,40,60", ATTEMPT_MS: "20000", WAIT_MS: "20000" } });
  const scenarios = (await get(sandbox.url, "/_sandbox/scenarios")).json;
  unavailable = scenarios.find(({ id }) => id === "pan.verify.http.503").request.id_number;
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

let count = 0;
const item = (more = {}) => ({ reference_id: `BATCH_${(count += 1)}`, document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC", ...more });
const items = (number, more) => Array.from({ length: number }, () => item(more));
const batch = (list, headers, to = gateway) => post(to.url, ROUTE, { items: list }, headers);
const callsOf = async ({ reference_id }) => (await sandbox.calls()).filter(({ wire_reference }) => wire_reference.startsWith(placeOf(reference_id)));
const mostOpen = async () => Math.max(...(await sandbox.calls()).map(({ open }) => open));

/** An answer that is a list of results, one per item. */
function resultsOf({ status, json, text }, wanted, length) {
  assert.equal(status, wanted, text);
  assert.deepEqual(Object.keys(json), ["results"]);
  assert.equal(json.results.length, length);
  return json.results;
}

function assertVerified({ status, body }, { reference_id }) {
  assert.deepEqual([status, body.reference_id, body.operation, body.outcome, body.key], [200, reference_id, "pan.verify", "verified", "success_pan"]);
}

/** A problem in a result is the problem that the item would have got by itself. */
function assertProblem({ status, body }, wanted, key, requestId) {
  assert.deepEqual([status, body.status, body.key, body.type, body.request_id], [wanted, wanted, key, `/v1/keys/${key}`, requestId]);
}

// Ten bodies that are no request, and what each is told.
const BAD = [
  [7, "error_malformed_request"],
  [null, "error_malformed_request"],
  [["ABCPE1234F"], "error_malformed_request"],
  [{}, "error_reference_id_missing_or_null"],
  [{ surprise: 1 }, "error_malformed_request"],
  [{ id_number: "ABCDE1234F" }, "error_id_number_component"],
  [{ id_number: null }, "error_id_number_missing"],
  [{ document_type: "VOTERID" }, "error_document_type_value"],
  [{ consent: false }, "error_false_consent"],
  [{ reference_id: "A" }, "error_invalid_reference_id_length"],
];
const badItem = (body) => (typeof body === "object" && body !== null && !Array.isArray(body) && Object.keys(body).length > 0 ? item(body) : body);

test("a hundred items are answered one by one, in order, each by its own check", async () => {
  await sandbox.reset();
  // So slow that whoever may call at once does.
  await sandbox.fault({ operation: "pan.verify", fault: "delay", ms: 150, times: 200 });
  const bad = BAD.map(([body]) => badItem(body));
  const down = items(5, { id_number: unavailable });
  const [same] = items(1);
  const [first] = items(1);
  const other = { ...first, purpose: "Another purpose" };
  const good = items(80);
  // Mixed, so that nothing depends on who comes first.
  const list = [same, ...good.slice(0, 20), ...bad, first, ...down, ...good.slice(20, 50), { ...same }, other, ...good.slice(50), { ...same }];
  assert.equal(list.length, 100);
  const answer = await batch(list);
  const results = resultsOf(answer, 200, 100);
  const requestId = answer.headers["x-request-id"];
  for (const [place, one] of list.entries()) {
    const result = results[place];
    assert.equal(result.reference_id, one?.reference_id?.length > 1 ? one.reference_id : undefined, `item ${place}`);
    if (bad.includes(one)) assertProblem(result, 400, BAD[bad.indexOf(one)][1], requestId);
    else if (down.includes(one)) assertProblem(result, 503, "error_source_unavailable", requestId);
    else if (one === other) assertProblem(result, 409, "error_duplicate_reference_id", requestId);
    else assertVerified(result, one);
  }
  const sames = results.filter(({ body }) => body.reference_id === same.reference_id);
  assert.equal(sames.length, 3);
  for (const one of sames) assert.deepEqual(one, sames[0]);
  for (const one of results.filter(({ status }) => status === 503)) assert.ok(one.retry_after > 0);

  // The vendor: one call per check, four attempts for what is unavailable, and nothing else.
  for (const one of [...good, same, first]) assert.equal((await callsOf(one)).length, 1, one.reference_id);
  for (const one of down) assert.deepEqual((await callsOf(one)).map(({ wire_reference }) => wire_reference.slice(64)), ["01", "02", "03", "04"]);
  assert.equal((await sandbox.calls()).length, 82 + 5 * 4);
  assert.ok((await mostOpen()) <= MOST_OPEN, `${await mostOpen()} calls were open at once`);

  // The checks are there by themselves, and the batch again calls nobody but for what may be tried again.
  for (const one of [good[0], same, first]) assertVerified(await get(gateway.url, `/v1/checks/${one.reference_id}`).then(({ status, json }) => ({ status, body: json })), one);
  const single = await post(gateway.url, "/v1/pan/verify", good[7]);
  assert.deepEqual([single.status, single.headers["idempotent-replayed"], single.json], [200, "true", results[list.indexOf(good[7])].body]);
  const seen = (await sandbox.calls()).length;
  const again = resultsOf(await batch([...good.slice(0, 30), same, other]), 200, 32);
  assert.deepEqual(again.slice(0, 30).map(({ body }) => body), good.slice(0, 30).map((one) => results[list.indexOf(one)].body));
  assert.equal(again[31].status, 409);
  assert.equal((await sandbox.calls()).length, seen);
});

test("a slow vendor never has more than six calls open; what had not begun is told so and holds no reference", async () => {
  await sandbox.reset();
  const vars = { ATTEMPT_MS: "60000", DEADLINE_MS: "120000", WAIT_MS: "50", BATCH_MS: "700" };
  const slow = await startGateway({ sandbox, vars });
  try {
    await sandbox.fault({ operation: "pan.verify", fault: "delay", ms: 6000, times: MOST_OPEN });
    const list = items(10);
    const answer = await batch(list, {}, slow);
    const results = resultsOf(answer, 202, 10);
    assert.match(answer.headers["retry-after"], /^[1-9]\d*$/);
    assert.deepEqual(results.map(({ status }) => status), [202, 202, 202, 202, 202, 202, 503, 503, 503, 503]);
    for (const [place, { body, retry_after }] of results.entries()) {
      assert.ok(retry_after > 0);
      if (place < MOST_OPEN) assert.deepEqual([body.reference_id, body.key, body.action], [list[place].reference_id, "pending_unknown", "wait"]);
      else assert.deepEqual([body.key, body.request_id], ["error_source_unavailable", answer.headers["x-request-id"]]);
    }
    for (const { reference_id } of list.slice(MOST_OPEN)) assert.equal((await get(slow.url, `/v1/checks/${reference_id}`)).status, 404);
    // Those under way go on by themselves.
    for (const one of list.slice(0, MOST_OPEN)) {
      const { status, json } = await settled(slow.url, one.reference_id);
      assertVerified({ status, body: json }, one);
    }
    const rest = await batch(list.slice(MOST_OPEN));
    resultsOf(rest, 200, 4).forEach((result, place) => assertVerified(result, list[MOST_OPEN + place]));
    for (const one of list) assert.equal((await callsOf(one)).length, 1);
    const most = await mostOpen();
    assert.ok(most > 1 && most <= MOST_OPEN, `${most} calls were open at once`);
  } finally {
    await slow.stop();
  }
});

test("an item that is slower than its own wait is waited for while the batch has time", async () => {
  await sandbox.reset();
  const patient = await startGateway({ sandbox, vars: { WAIT_MS: "50", ATTEMPT_MS: "20000" } });
  try {
    await sandbox.fault({ operation: "pan.verify", fault: "delay", ms: 600, times: 8 });
    const list = items(8);
    resultsOf(await batch(list, {}, patient), 200, 8).forEach((result, place) => assertVerified(result, list[place]));
  } finally {
    await patient.stop();
  }
});

test("what is no batch is refused as a whole, and reaches no vendor", async () => {
  await sandbox.reset();
  const refused = async (body, status, key, field) => {
    const answer = await post(gateway.url, ROUTE, body);
    assert.deepEqual([answer.status, answer.json.key], [status, key], answer.text);
    if (field) assert.deepEqual(answer.json.errors.map((error) => error.field), [field]);
  };
  await refused({}, 400, "error_malformed_request", "items");
  await refused({ items: [] }, 400, "error_malformed_request", "items");
  await refused({ items: {} }, 400, "error_malformed_request", "items");
  await refused({ items: items(101) }, 400, "error_malformed_request", "items");
  await refused({ items: items(1), all: true }, 400, "error_malformed_request", "all");
  await refused("[]", 400, "error_malformed_request");
  await refused('{"items":[{"reference_id":"A1","reference_id":"A2"}]}', 400, "error_malformed_request");
  await refused(JSON.stringify({ items: [item({ purpose: "x".repeat(257 * 1024) })] }), 413, "error_body_too_large");
  const { status, headers } = await get(gateway.url, ROUTE);
  assert.deepEqual([status, headers.allow], [405, "POST"]);
  assert.deepEqual(await sandbox.calls(), []);
});

test("a hundred of the largest items fit", async () => {
  const largest = () => item({ purpose: "क".repeat(255), consent_record: { text_version: "v".repeat(100), granted_at: "2026-11-21T20:18:52Z", channel: "web" } });
  const list = Array.from({ length: 100 }, largest);
  assert.ok(JSON.stringify({ items: list }).length > 64 * 1024 - 100 * 500, "not a small one");
  const results = resultsOf(await batch(list), 200, 100);
  results.forEach((result, place) => assertVerified(result, list[place]));
});

test("callers need the scope of pan.verify; a browser session sees masks", async () => {
  await sandbox.reset();
  const stranger = await batch(items(1), { authorization: "Bearer banker_key" });
  assert.deepEqual([stranger.status, stranger.json.key], [403, "error_forbidden"]);
  assert.equal((await batch(items(1), { authorization: "Bearer wrong" })).status, 401);
  assert.deepEqual(await sandbox.calls(), []);
  const list = items(2);
  const [seen] = resultsOf(await batch(list, await browser(gateway.url)), 200, 2);
  assert.deepEqual([seen.body.data.id_number, seen.body.data.name], ["XXXXXX234F", "R*** S***"]);
  const [whole] = resultsOf(await batch(list), 200, 2);
  assert.deepEqual([whole.body.data.id_number, whole.body.data.name], ["ABCPE1234F", "RAHUL SHARMA"]);
});
