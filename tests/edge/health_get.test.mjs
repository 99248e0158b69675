// GET /healthz and GET /readyz: alive, ready, and to the operator by name what is missing; and how the gateway behaves
// when something is: it refuses every operation and says so in an alert.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { at } from "../../tools/project.mjs";
import { browser, eventually, get, post, send, startGateway, startSandbox } from "./harness.mjs";

const [, DEVELOPMENT] = readFileSync(at("wrangler.toml"), "utf8").match(/^\[vars\]\n([^]*?)^\[/m);

const OPERATIONS = {
  "/v1/pan/verify": { reference_id: "HEALTH", document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC" },
  "/v1/mobile/account": { reference_id: "HEALTH_2", mobile_number: "9826000001" },
};

let sandbox;

before(async () => {
  sandbox = await startSandbox();
});

after(() => sandbox?.stop());

/** Runs `work` against a gateway of its own. */
async function withGateway(vars, work) {
  const gateway = await startGateway({ sandbox, vars });
  try {
    await work(gateway);
  } finally {
    await gateway.stop();
  }
}

const alerts = (gateway) => gateway.logs().filter((line) => line.startsWith("{")).map((line) => JSON.parse(line)).filter(({ level }) => level === "alert");

async function assertRefused(gateway, setting) {
  for (const [route, body] of Object.entries(OPERATIONS)) {
    const { status, json, text } = await post(gateway.url, route, body);
    assert.deepEqual([status, json.key], [502, "error_service_unavailable"], route);
    assert.ok(!text.includes(setting), "the caller is not told which");
  }
  const named = await eventually("an alert", () => alerts(gateway).length > 0 && alerts(gateway));
  assert.deepEqual(named.map(({ event, setting: name }) => [event, name]), [["setting_missing", setting]], "one wakes somebody, however many were refused");
  assert.deepEqual(await sandbox.calls(), []);
}

test("a gateway with everything is alive and ready; only a server is told the names of nothing", async () => {
  await withGateway({}, async (gateway) => {
    const alive = await send(gateway.url, "/healthz");
    assert.deepEqual([alive.status, alive.json.status], [200, "ok"]);
    assert.match(alive.json.version, /^\d+\.\d+\.\d+$/);
    const whole = { status: "ready", missing: [], development_values: [], registers: null };
    assert.deepEqual([(await get(gateway.url, "/readyz")).status, (await get(gateway.url, "/readyz")).json], [200, whole]);
    for (const headers of [{}, { authorization: "Bearer wrong" }, await browser(gateway.url)]) {
      assert.deepEqual((await send(gateway.url, "/readyz", { headers })).json, { status: "ready" });
    }
    for (const path of ["/healthz", "/readyz"]) {
      const { status, headers } = await post(gateway.url, path, {});
      assert.deepEqual([status, headers.allow], [405, "GET, HEAD"]);
    }
  });
});

test("production refuses the values that development publishes, and names the setting to the operator only", async () => {
  await withGateway({ ENVIRONMENT: "production" }, async (gateway) => {
    const { status, json } = await get(gateway.url, "/readyz");
    const published = [...DEVELOPMENT.matchAll(/^((?:DECENTRO|ISERVEU|SETU|WIBMO)_\w+|TENANTS|\w+_KEYS?) = /gm)].map(([, name]) => name).filter((name) => name !== "DECENTRO_CKYC_BRANCH_CODE");
    assert.deepEqual([status, json.status, json.development_values.sort()], [503, "not_ready", [...new Set(published)].sort()]);
    assert.deepEqual((await send(gateway.url, "/readyz")).json, { status: "not_ready" });
    await assertRefused(gateway, "INDEX_KEY");
    const session = await send(gateway.url, "/v1/sessions", { method: "POST", headers: { origin: gateway.url } });
    assert.deepEqual([session.status, session.json.key], [502, "error_service_unavailable"]);
    for (const path of ["/v1/checks/HEALTH", "/v1/keys", "/v1/ifsc/SBIN0000001"]) assert.equal((await get(gateway.url, path)).status, 502, path);
    assert.equal((await send(gateway.url, "/healthz")).status, 200);
  });
});

test("zeros for a key, the digest of nothing, an origin that is none and an empty name are not ready", async () => {
  const tenant = (changes) => JSON.stringify([{ id: "dev", keys: [createHash("sha256").update("toran_dev_key").digest("hex")], scopes: ["*"], origins: [], ...changes }]);
  const wrong = [
    { INDEX_KEY: "0".repeat(64) }, { SESSION_KEY: "0".repeat(64) }, { SEAL_KEYS: JSON.stringify({ current: "a", keys: { a: "0".repeat(64) } }) },
    { TENANTS: tenant({ keys: [createHash("sha256").update("").digest("hex")] }) }, { TENANTS: tenant({ origins: ["*"] }) }, { TENANTS: tenant({ id: "" }) },
  ];
  for (const vars of wrong) {
    await withGateway(vars, async (gateway) => assert.deepEqual([(await send(gateway.url, "/readyz")).status, (await send(gateway.url, "/healthz")).status], [503, 200], JSON.stringify(vars)));
  }
});

test("a misspelt environment is production", async () => {
  await withGateway({ ENVIRONMENT: "Development" }, (gateway) => assertRefused(gateway, "INDEX_KEY"));
});

test("missing and malformed settings are named, never shown", async () => {
  const vars = { SESSION_KEY: "", SEAL_KEYS: '{"current":"a","keys":{"a":"c0ffee"}}', DECENTRO_CONSUMER_URN: " " };
  await withGateway(vars, async (gateway) => {
    const { status, json, text } = await get(gateway.url, "/readyz");
    assert.deepEqual([status, json.missing.sort()], [503, ["DECENTRO_CONSUMER_URN", "SEAL_KEYS", "SESSION_KEY"]]);
    assert.ok(!text.includes("c0ffee"));
    assert.deepEqual((await send(gateway.url, "/readyz")).json, { status: "not_ready" });
    await assertRefused(gateway, "SEAL_KEYS");
    const session = await send(gateway.url, "/v1/sessions", { method: "POST", headers: { origin: gateway.url } });
    assert.deepEqual([session.status, session.json.key], [502, "error_service_unavailable"]);
    assert.ok(!gateway.logs().filter((line) => line.startsWith("{")).join().includes("c0ffee"));
  });
});

test("a missing credential of the vendor refuses what needs it, with an alert, and sends nothing", async () => {
  await withGateway({ DECENTRO_KYC_MODULE_SECRET: " " }, async (gateway) => {
    assert.deepEqual((await get(gateway.url, "/readyz")).json.missing, ["DECENTRO_KYC_MODULE_SECRET"]);
    const { status, json } = await post(gateway.url, "/v1/pan/verify", OPERATIONS["/v1/pan/verify"]);
    assert.deepEqual([status, json.key], [502, "error_service_unavailable"]);
    const named = await eventually("an alert", () => alerts(gateway).length > 0 && alerts(gateway));
    assert.deepEqual(named.map(({ event, vendor_key }) => [event, vendor_key]), [["vendor_rejected_us", "setting_DECENTRO_KYC_MODULE_SECRET"]]);
    assert.deepEqual(await sandbox.calls(), []);
    assert.equal((await post(gateway.url, "/v1/mobile/account", OPERATIONS["/v1/mobile/account"])).json.outcome, "verified");
  });
});

test("what is new about a vendor's calls is named too: addresses, the chosen set, the proxy", async () => {
  const vars = {
    PAN_VERIFY_URL: "http://decentro.example", DECENTRO_EGRESS_URL: "egress.example", ISERVEU_CREDENTIALS: "next", WIBMO_CREDENTIALS: "nxt",
  };
  await withGateway(vars, async (gateway) => {
    const { status, json } = await get(gateway.url, "/readyz");
    assert.deepEqual([status, json.missing.sort()], [503, ["DECENTRO_EGRESS_URL", "ISERVEU_CREDENTIALS", "PAN_VERIFY_URL", "WIBMO_CREDENTIALS"]]);
    assert.deepEqual((await send(gateway.url, "/readyz")).json, { status: "not_ready" });
  });
});

test("a second set of credentials stands in for the first", async () => {
  const vars = { DECENTRO_CREDENTIALS: "next", DECENTRO_CONSUMER_URN: "", DECENTRO_CONSUMER_URN_NEXT: "DEVELOPMENT_CONSUMER_URN" };
  await withGateway(vars, async (gateway) => {
    const { status, json } = await get(gateway.url, "/readyz");
    assert.deepEqual([status, json.missing], [200, []]);
  });
});

test("production refuses a development value in a setting that may be left out", async () => {
  const own = { INDEX_KEY: "01".repeat(32), SESSION_KEY: "02".repeat(32), SEAL_KEYS: JSON.stringify({ current: "a", keys: { a: "03".repeat(32) } }) };
  const vendors = Object.fromEntries([...DEVELOPMENT.matchAll(/^((?:DECENTRO|ISERVEU|SETU|WIBMO)_\w+) = "/gm)].map(([, name]) => [name, "https://vendor.example"]));
  const real = { ENVIRONMENT: "production", ...own, ...vendors, WIBMO_AES_KEY: "04".repeat(24) };
  const tenants = JSON.stringify([{ id: "real", keys: [createHash("sha256").update("real_key").digest("hex")], scopes: ["*"], origins: [] }]);
  const seen = async (vars) => {
    let json;
    await withGateway({ ...real, TENANTS: tenants, ...vars }, async (gateway) => {
      ({ json } = await get(gateway.url, "/readyz", { authorization: "Bearer real_key" }));
    });
    return [json.missing, json.development_values];
  };
  assert.deepEqual(await seen({}), [[], []]);
  assert.deepEqual(await seen({ DECENTRO_CLIENT_SECRET_NEXT: "development_client_secret" }), [[], ["DECENTRO_CLIENT_SECRET_NEXT"]]);
});

test("HEAD is GET without the body", async () => {
  await withGateway({}, async (gateway) => {
    for (const path of ["/healthz", "/readyz", "/v1/keys", "/v1/keys/success_pan", "/v1/keys/no_key", "/v1/ifsc/SBIN0000001", "/v1/ifsc/SBIN", "/v1/checks/HEALTH_HEAD"]) {
      const [whole, head] = [await get(gateway.url, path), await send(gateway.url, path, { method: "HEAD", headers: { authorization: "Bearer toran_dev_key" } })];
      assert.deepEqual([head.status, head.headers["content-type"], head.text], [whole.status, whole.headers["content-type"], ""], path);
    }
  });
});
