// POST, PATCH and DELETE /v1/endpoints: who may be told of events, under which address, and what is shown of a secret.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { change, clear, endpoint, remove, show, verify } from "./endpoints.mjs";
import { browser, eventually, get, post, startGateway, startSandbox } from "./harness.mjs";
import { startReceiver } from "./receiver.mjs";
import { as, ASHA, OTHER, SOON } from "./review.mjs";
import { files } from "./state.mjs";

let sandbox, gateway, receiver;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: SOON });
  receiver = await startReceiver();
});

afterEach(() => clear(gateway));

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
  await receiver?.stop();
});

const make = (body, headers) => post(gateway.url, "/v1/endpoints", body, headers);

test("an endpoint is made, shown without its secret, changed and deleted", async () => {
  const { secret, ...made } = await endpoint(gateway, receiver.url, { types: ["check.review", "check.finished"], description: "the ledger" });
  assert.match(made.id, /^ep_[0-9a-f]{32}$/);
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  const state = { status: "enabled", disabled_reason: null, disabled_at: null, last_delivery_at: null, failing_since: null, waiting: 0, next_attempt_at: null, previous_secret_until: null };
  assert.deepEqual(made, { id: made.id, url: receiver.url, types: ["check.review", "check.finished"], description: "the ledger", created_at: made.created_at, ...state });
  assert.deepEqual(await show(gateway, made.id), made);
  assert.deepEqual((await get(gateway.url, "/v1/endpoints")).json, { endpoints: [made] });
  const { status, json } = await change(gateway, made.id, { url: `${receiver.url}/2`, types: null, description: null, status: "disabled" });
  assert.deepEqual([status, json.url, json.types.length, json.description, json.status, json.disabled_reason], [200, `${receiver.url}/2`, 6, null, "disabled", "owner"]);
  assert.equal((await remove(gateway, made.id)).status, 200);
  for (const answer of [await get(gateway.url, `/v1/endpoints/${made.id}`), await change(gateway, made.id, { status: "enabled" }), await remove(gateway, made.id)]) {
    assert.deepEqual([answer.status, answer.json.key], [404, "error_endpoint_not_found"]);
  }
});

test("the same request under one idempotency key makes one endpoint, and another request under it is refused", async () => {
  const key = { "idempotency-key": "make-1" };
  const body = { url: receiver.url };
  const first = await make(body, key), again = await make(body, key);
  assert.deepEqual([first.status, again.status, again.json, again.headers["idempotent-replayed"]], [201, 201, first.json, "true"]);
  assert.equal((await get(gateway.url, "/v1/endpoints")).json.endpoints.length, 1);
  const other = await make({ url: `${receiver.url}/other` }, key);
  assert.deepEqual([other.status, other.json.key], [409, "error_idempotency_key_reused"]);
  for (const wrong of ["with blank", "x".repeat(256)]) assert.equal((await make(body, { "idempotency-key": wrong })).status, 400, wrong);
  const rotation = { rotate_secret: {} };
  const [one, two] = [await change(gateway, first.json.id, rotation, { "idempotency-key": "rotate-1" }), await change(gateway, first.json.id, rotation, { "idempotency-key": "rotate-1" })];
  assert.equal(one.json.secret, two.json.secret);
  assert.notEqual(one.json.secret, first.json.secret);
});

test("neither a secret nor an address lies in clear in storage, logs or the list of endpoints", async () => {
  const path = `/hook/${"Quokka".repeat(3)}`;
  const { id, secret } = (await make({ url: new URL(path, receiver.url).href }, { "idempotency-key": "sealed-1" })).json;
  const { json } = await change(gateway, id, { rotate_secret: {} }, { "idempotency-key": "sealed-2" });
  receiver.received.length = 0;
  await verify(gateway);
  await eventually("the event", () => receiver.received.length > 0);
  for (const hidden of [secret, json.secret, path]) {
    assert.deepEqual(files(gateway.state).filter(([, bytes]) => bytes.includes(hidden)).map(([place]) => place), []);
    assert.ok(!gateway.logs().some((line) => line.includes(hidden)));
  }
  assert.doesNotMatch((await get(gateway.url, "/v1/endpoints")).text, /whsec_/);
});

test("a tenant has sixteen endpoints at most", async () => {
  for (let count = 0; count < 16; count += 1) await endpoint(gateway, `${receiver.url}/${count}`);
  const { status, json } = await make({ url: receiver.url });
  assert.deepEqual([status, json.key], [409, "error_too_many_endpoints"]);
});

test("a rotated secret signs beside the one before, for as long as it is kept", async () => {
  const { id, secret } = await endpoint(gateway, receiver.url);
  const { json } = await change(gateway, id, { rotate_secret: { keep_hours: 1 } });
  assert.notEqual(json.secret, secret);
  assert.ok(Date.parse(json.previous_secret_until) > Date.now());
  assert.equal("secret" in (await show(gateway, id)), false);
  receiver.received.length = 0;
  await verify(gateway);
  await eventually("the event", () => receiver.received.length > 0);
  assert.equal(receiver.received[0].headers["webhook-signature"].split(" ").length, 2);
  for (const live of [secret, json.secret]) assert.equal(receiver.verified(live).length, 1);
  const { json: last } = await change(gateway, id, { rotate_secret: { keep_hours: 0 } });
  receiver.received.length = 0;
  await verify(gateway);
  await eventually("the event", () => receiver.received.length > 0);
  assert.equal(receiver.verified(last.secret).length, 1);
  for (const over of [secret, json.secret]) assert.throws(() => receiver.verified(over));
});

// What is refused in every notation is listed in crates/core/src/endpoint/address.rs.
test("an address that leads to a network of one's own is refused", async () => {
  for (const url of [
    "http://hooks.acme.in/", "https://10.0.0.1/", "https://169.254.169.254/latest/meta-data", "https://[::1]/", "https://2130706433/", "https://0x7f000001/", "https://localhost/",
    "https://user@hooks.acme.in/", "https://metadata.google.internal/", "https://printer.local/", "https://127.0.0.1.nip.io/", "http://127.0.0.1.acme.in/", "", 1, null,
  ]) {
    const { status, json } = await make({ url });
    assert.deepEqual([status, json.key, json.errors[0].field], [400, "error_malformed_request", "url"], `${url}`);
  }
  const { id } = await endpoint(gateway, receiver.url);
  assert.equal((await change(gateway, id, { url: "https://192.168.0.1/" })).status, 400);
});

test("another tenant sees nothing of it, and browsers and keys of single operations have no endpoints", async () => {
  const { id } = await endpoint(gateway, receiver.url);
  assert.deepEqual((await get(gateway.url, "/v1/endpoints", OTHER)).json, { endpoints: [] });
  for (const path of [`/v1/endpoints/${id}`, `/v1/endpoints/${id}/deliveries`]) assert.equal((await get(gateway.url, path, OTHER)).status, 404, path);
  for (const [path, body] of [["ping", undefined], ["replay", { since: new Date().toISOString() }]]) {
    assert.equal((await post(gateway.url, `/v1/endpoints/${id}/${path}`, body, OTHER)).status, 404, path);
  }
  assert.equal((await change(gateway, id, { status: "disabled" }, OTHER)).status, 404);
  assert.equal((await remove(gateway, id, undefined, OTHER)).status, 404);
  receiver.received.length = 0;
  await verify(gateway, undefined, OTHER);
  await verify(gateway);
  await eventually("the event", () => receiver.received.length > 0);
  assert.equal(receiver.received.length, 1);
  for (const [headers, status] of [[{ authorization: null }, 401], [as("wrong"), 401], [await browser(gateway.url), 403]]) {
    assert.equal((await make({ url: receiver.url }, headers)).status, status);
    assert.equal((await get(gateway.url, "/v1/endpoints", headers)).status, status);
  }
  assert.equal((await get(gateway.url, "/v1/endpoints", ASHA)).status, 200);
});
