// POST /v1/consents and .../withdraw: who may record what a customer agreed to, what is refused, and how it ends.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { consent, EVIDENCE, OPS, OTHER, PAN_ONLY, record, show, TENANTS, withdraw } from "./consents.mjs";
import { browser, get, post, startGateway } from "./harness.mjs";
import { files } from "./state.mjs";

let gateway;

before(async () => {
  gateway = await startGateway({ vars: { TENANTS } });
});

after(() => gateway?.stop());

const make = (body, headers) => post(gateway.url, "/v1/consents", body, headers);
const said = ({ status, json }) => [status, json.key];

test("a consent is recorded, withdrawn once, and stays shown as withdrawn", async () => {
  const body = record({ expires_at: "2099-01-01T00:00:00+05:30" });
  const made = await make(body);
  assert.equal(made.status, 201, made.text);
  assert.match(made.json.consent_id, /^con_[0-9a-f]{32}$/);
  const { consent_id } = made.json;
  assert.deepEqual(made.json, { consent_id, state: "granted", granted_at: body.granted_at, expires_at: body.expires_at });
  assert.notEqual((await make(body)).json.consent_id, consent_id, "without a key each request is one of its own");
  const [first, again] = [await withdraw(gateway, consent_id), await withdraw(gateway, consent_id)];
  assert.deepEqual([first.status, first.json.state, again.status, again.json], [200, "withdrawn", 200, first.json]);
  assert.ok(Math.abs(Date.parse(first.json.withdrawn_at) - Date.now()) < 60_000);
  assert.deepEqual([first.headers["idempotent-replayed"], again.headers["idempotent-replayed"]], [undefined, "true"]);
  assert.deepEqual((await show(gateway, consent_id)).json.withdrawn_at, first.json.withdrawn_at);
});

test("every fault of a record is told at once, and nothing that was sent is quoted", async () => {
  const wrong = await make({ text_version: 7, notice_hash: "SECRET", language: "hindi!", purposes: [], items: ["PAN", null], granted_at: "2999-01-01T00:00:00Z", expires_at: "2020-01-01T00:00:00Z" });
  assert.equal(wrong.status, 400);
  const keys = wrong.json.errors.map(({ field, key }) => `${field} ${key}`);
  assert.deepEqual(keys, [
    "text_version error_text_version_type", "notice_hash error_notice_hash_length", "language error_language_format", "purposes error_purposes_empty", "items[1] error_items_type",
    "granted_at error_granted_at_value", "channel error_channel_missing", "expires_at error_expires_at_value",
  ]);
  assert.ok(!wrong.text.includes("SECRET"));
  for (const { key } of wrong.json.errors) assert.equal((await get(gateway.url, `/v1/keys/${key}`)).status, 200, key);
  assert.deepEqual(said(await make({ ...record(), device: "x" })), [400, "error_malformed_request"]);
  assert.deepEqual(said(await make("[]")), [400, "error_malformed_request"]);
});

test("the same request under one idempotency key is one consent, and another request under it is refused", async () => {
  const [key, body] = [{ "idempotency-key": "form-1" }, record()];
  const [first, again] = [await make(body, key), await make(body, key)];
  assert.deepEqual([first.status, again.status, again.json, again.headers["idempotent-replayed"]], [201, 201, first.json, "true"]);
  assert.deepEqual(said(await make(record({ channel: "app" }), key)), [409, "error_idempotency_key_reused"]);
  const [session, other] = [await browser(gateway.url), await browser(gateway.url)];
  const ids = await Promise.all([session, other, OTHER].map(async (headers) => (await make(body, { ...headers, ...key })).json.consent_id));
  assert.equal(new Set([first.json.consent_id, ...ids]).size, 4, "a key is its tenant's and its session's own");
  assert.equal((await make(body, { ...session, ...key })).json.consent_id, ids[0]);
  await withdraw(gateway, first.json.consent_id);
  assert.equal((await make(body, key)).json.state, "withdrawn", "it is told as it stands");
  assert.equal((await make(body, { "idempotency-key": "with blank" })).status, 400);
});

test("who may call no operation records none, and another tenant or session withdraws none", async () => {
  for (const [headers, status] of [[EVIDENCE, 403], [OPS, 403], [{ authorization: null }, 401], [{ authorization: "Bearer wrong" }, 401], [PAN_ONLY, 201]]) {
    assert.equal((await make(record(), headers)).status, status, JSON.stringify(headers));
  }
  const [session, stranger] = [await browser(gateway.url), await browser(gateway.url)];
  const own = await consent(gateway, session), servers = await consent(gateway);
  const unknown = [404, "error_consent_not_found"];
  for (const [id, headers] of [[own, stranger], [own, OTHER], [servers, session], [servers, OTHER], ["con_00000000000000000000000000000000"], ["nothing"]]) {
    assert.deepEqual(said(await withdraw(gateway, id, headers)), unknown, id);
  }
  assert.deepEqual([(await show(gateway, own)).json.state, (await show(gateway, servers)).json.state], ["granted", "granted"]);
  assert.equal((await withdraw(gateway, own, session)).json.state, "withdrawn");
});

test("a session's consents take calls of its budget, and withdrawing takes none", async () => {
  const session = await browser(gateway.url, { budget: { calls: 2 } });
  const id = await consent(gateway, session);
  assert.equal((await make({}, session)).status, 400, "what is refused unread takes none");
  await consent(gateway, session);
  assert.deepEqual(said(await make(record(), session)), [429, "error_rate_limited"]);
  assert.equal((await withdraw(gateway, id, session)).status, 200);
});

test("neither an id nor what was agreed to lies in clear in storage or logs", async () => {
  const hidden = `Quokka${Date.now()}`;
  const id = await consent(gateway, undefined, { items: [hidden], channel: hidden });
  assert.equal((await show(gateway, id)).json.channel, hidden);
  for (const text of [id, id.slice(4), hidden]) {
    assert.deepEqual(files(gateway.state).filter(([, bytes]) => bytes.includes(text)).map(([place]) => place), []);
    // The local runtime's own lines have the address of each request.
    assert.ok(!gateway.logs().some((line) => line.startsWith("{") && line.includes(text)));
  }
});
