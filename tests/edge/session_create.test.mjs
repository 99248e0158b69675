// POST /v1/sessions: who gets a token for a browser, and what it is good for (contract section 2.6).
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { browser, eventually, get, KEY, post, send, startGateway, startSandbox } from "./harness.mjs";

const PAGE = "https://www.example.com";
const OTHER_PAGE = "https://www.example.org";
const OTHER_KEY = "toran_other_key";
const tenant = (id, key, origins, scopes) => ({ id, keys: [createHash("sha256").update(key).digest("hex")], scopes, origins });
const TENANTS = JSON.stringify([tenant("dev", KEY, [PAGE], ["*"]), tenant("other", OTHER_KEY, [OTHER_PAGE], ["pan.verify"])]);

let sandbox, gateway;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: { TENANTS } });
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

const bare = (headers, body) => send(gateway.url, "/v1/sessions", { method: "POST", headers, body });
const forOrigin = (origin, key = KEY) => post(gateway.url, "/v1/sessions", { origin }, { authorization: `Bearer ${key}` });
const pan = (reference_id) => ({ reference_id, document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC" });
const account = (reference_id) => ({ reference_id, mobile_number: "9825000001" });

function assertSession({ status, json }, origin) {
  assert.equal(status, 201, JSON.stringify(json));
  assert.equal(json.origin, origin);
  assert.match(json.token, /^toran1\.[\w-]+\.[\w-]+$/);
  const minutes = (Date.parse(json.expires_at) - Date.now()) / 60_000;
  assert.ok(minutes > 14 && minutes <= 15, json.expires_at);
  assert.ok(!json.token.includes(KEY));
}

test("in development the gateway's own page gets a session without a key", async () => {
  assertSession(await bare({ origin: gateway.url }), gateway.url);
  assertSession(await bare({ origin: gateway.url, "content-type": "application/json" }, JSON.stringify({ origin: gateway.url })), gateway.url);
});

test("nobody else gets one without a key", async () => {
  const foreign = [{}, { origin: PAGE }, { origin: "null" }, { origin: `${gateway.url}0` }, { origin: `${gateway.url}/` }];
  for (const headers of foreign) {
    const { status, json } = await bare(headers);
    assert.deepEqual([status, json.key], [401, "error_unauthorized"], JSON.stringify(headers));
  }
  const asked = await bare({ origin: gateway.url, "content-type": "application/json" }, JSON.stringify({ origin: PAGE }));
  assert.equal(asked.status, 401);
});

test("a server gets one for an origin of its tenant, and for no other", async () => {
  assertSession(await forOrigin(PAGE), PAGE);
  assertSession(await forOrigin(OTHER_PAGE, OTHER_KEY), OTHER_PAGE);
  for (const [origin, key] of [[OTHER_PAGE, KEY], [PAGE, OTHER_KEY], ["https://www.example.com:8443", KEY], ["HTTPS://WWW.EXAMPLE.COM", KEY], ["*", KEY], ["", KEY]]) {
    const { status, json } = await forOrigin(origin, key);
    assert.deepEqual([status, json.key], [403, "error_forbidden"], origin);
  }
});

test("unknown credentials get none, and a session opens no other", async () => {
  assert.equal((await forOrigin(PAGE, "wrong")).json.key, "error_unauthorized");
  const session = await browser(gateway.url);
  const { status, json } = await post(gateway.url, "/v1/sessions", { origin: PAGE }, session);
  assert.deepEqual([status, json.key], [403, "error_forbidden"]);
});

test("the body takes one field, a string", async () => {
  for (const body of [{ origin: 7 }, { origin: null }, { origin: [PAGE] }, { origin: PAGE, scope: "*" }, {}, [], "x"]) {
    const { status, json } = await post(gateway.url, "/v1/sessions", JSON.stringify(body));
    assert.deepEqual([status, json.key], [400, "error_malformed_request"], JSON.stringify(body));
  }
});

test("a session works from its own origin only", async () => {
  const { token } = (await forOrigin(PAGE)).json;
  const from = (origin) => post(gateway.url, "/v1/pan/verify", pan("FROM_ORIGIN"), { authorization: `Bearer ${token}`, ...(origin && { origin }) });
  const own = await from(PAGE);
  assert.equal(own.json.outcome, "verified", own.text);
  assert.equal(own.headers["access-control-allow-origin"], PAGE);
  for (const origin of [undefined, OTHER_PAGE, gateway.url, "null", `${PAGE}.evil.example`, "http://www.example.com"]) {
    const { status, json } = await from(origin);
    assert.deepEqual([status, json.key], [403, "error_forbidden"], origin);
  }
});

test("a session sees masked data, under its own tenant and scopes", async () => {
  const session = await browser(gateway.url, { verified: account("MASKED").mobile_number });
  const seen = await post(gateway.url, "/v1/mobile/account", account("MASKED"), session);
  assert.equal(seen.json.outcome, "verified", seen.text);
  const { data } = (await get(gateway.url, "/v1/checks/MASKED")).json;
  assert.equal(seen.json.data.account_number, `XXXXXX${data.account_number.slice(-4)}`);
  assert.ok(!seen.text.includes(data.account_number) && !seen.text.includes(data.name_as_per_bank) && !seen.text.includes(data.upi_vpa));
  const { token } = (await forOrigin(OTHER_PAGE, OTHER_KEY)).json;
  const other = { authorization: `Bearer ${token}`, origin: OTHER_PAGE };
  assert.equal((await get(gateway.url, "/v1/checks/MASKED", other)).json.key, "error_reference_id_not_found");
  assert.equal((await post(gateway.url, "/v1/mobile/account", account("SCOPE"), other)).json.key, "error_forbidden");
  // Whatever the body is: who may not call learns nothing else.
  assert.equal((await post(gateway.url, "/v1/mobile/account", "text", { ...other, "content-type": "text/plain" })).json.key, "error_forbidden");
  assert.equal((await post(gateway.url, "/v1/mobile/account", "x".repeat(65 * 1024), other)).json.key, "error_forbidden");
  assert.equal((await post(gateway.url, "/v1/pan/verify", pan("SCOPE"), other)).json.outcome, "verified");
});

test("a tenant's page may ask beforehand whether it may call, a stranger's may not", async () => {
  const ask = (origin) => send(gateway.url, "/v1/pan/verify", { method: "OPTIONS", headers: { origin, "access-control-request-method": "POST" } });
  const known = await ask(PAGE);
  assert.deepEqual([known.status, known.headers["access-control-allow-origin"], known.headers.vary], [204, PAGE, "origin"]);
  const strange = await ask("https://evil.example");
  assert.deepEqual([strange.status, strange.headers["access-control-allow-origin"]], [405, undefined]);
});

test("a key of its own scopes does what they say and nothing else, and a session does operations only", async () => {
  const sandbox = await startSandbox();
  // The keys that development publishes.
  const own = await startGateway({ sandbox });
  try {
    const read = { reference_id: "SCOPES_1", document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC onboarding" };
    for (const name of ["review", "ops", "evidence"]) {
      const authorization = `Bearer toran_dev_${name}`;
      for (const [path, body] of [["/v1/pan/verify", read], ["/v1/ops/registers", { from: 0, count: 1 }]]) {
        const { status, json } = await post(own.url, path, body, { authorization });
        assert.deepEqual([status, json.key], [403, "error_forbidden"], `${name} ${path}`);
      }
      // Who reviews or searches sees checks (this one was never made); who fetches evidence does not.
      assert.equal((await get(own.url, "/v1/checks/SCOPES_1", { authorization })).status, name === "evidence" ? 403 : 404, name);
    }
    const session = await browser(own.url);
    assert.equal((await post(own.url, "/v1/ops/registers", { from: 0, count: 1 }, session)).status, 403);
    assert.equal((await post(own.url, "/v1/pan/verify", read, session)).status, 200);
  } finally {
    await own.stop();
    await sandbox.stop();
  }
});

test("a scope that is none makes the setting malformed, and nobody is let in", async () => {
  const sandbox = await startSandbox();
  const TENANTS = JSON.stringify([{ id: "dev", keys: [createHash("sha256").update(KEY).digest("hex")], scopes: ["*", "reviews"], origins: [] }]);
  const broken = await startGateway({ sandbox, vars: { TENANTS } });
  try {
    const { status, json } = await get(broken.url, "/v1/checks/SCOPES_2");
    assert.deepEqual([status, json.key], [502, "error_service_unavailable"]);
    await eventually("the alert", () => broken.logs().some((line) => line.includes("setting_missing") && line.includes("TENANTS")));
  } finally {
    await broken.stop();
    await sandbox.stop();
  }
});
