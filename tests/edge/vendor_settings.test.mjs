// What an operator can set about a vendor's calls without a word in the vendor's code: an address per operation, a second set of
// credentials, and a proxy with an address that stays. Shown by where the calls arrive, and with what.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { eventually, post, send, startGateway, startSandbox } from "./harness.mjs";

const NOBODY = "http://127.0.0.1:9/nobody";

let sandbox;

before(async () => {
  sandbox = await startSandbox();
});

after(() => sandbox?.stop());

async function withGateway(vars, work) {
  const gateway = await startGateway({ sandbox, vars });
  try {
    await work(gateway);
  } finally {
    await gateway.stop();
  }
}

let count = 0;
const pan = (gateway) => {
  const reference_id = `SETTINGS_${(count += 1)}`;
  return post(gateway.url, "/v1/pan/verify", { reference_id, document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC" });
};
const account = (gateway) => {
  count += 1;
  return post(gateway.url, "/v1/mobile/account", { reference_id: `SETTINGS_${count}`, mobile_number: `98240${String(count).padStart(5, "0")}` });
};
const remitter = (gateway) =>
  post(gateway.url, "/v1/dmt/customer", { reference_id: `SETTINGS_${(count += 1)}`, mobile_number: "9876543210", latlong: "12.9716,77.5946" });

const logged = (gateway) => gateway.logs().filter((line) => line.startsWith("{"));
const alertKeys = (gateway) =>
  logged(gateway).map((line) => JSON.parse(line)).filter(({ level }) => level === "alert").map(({ vendor_key }) => vendor_key);

async function assertVerified(answer) {
  assert.deepEqual([answer.status, answer.json.outcome], [200, "verified"], answer.text);
}

test("an operation with an address of its own is called there, its neighbours where they were", async () => {
  const vars = { DECENTRO_V2_URL: NOBODY, PAN_VERIFY_URL: `${sandbox.url}/decentro/kyc/`, PAN_VERIFY_PATH: "public/api/customer/verification/validate" };
  await withGateway(vars, async (gateway) => {
    await assertVerified(await pan(gateway));
    await assertVerified(await account(gateway));
  });
});

test("an address that must not be called sends nothing, and is named to the operator only", async () => {
  await sandbox.reset();
  await withGateway({ PAN_VERIFY_URL: "http://decentro.example" }, async (gateway) => {
    const { status, json, text } = await pan(gateway);
    assert.deepEqual([status, json.key], [502, "error_service_unavailable"]);
    assert.ok(!text.includes("PAN_VERIFY_URL"));
    assert.deepEqual(await eventually("the alert", () => alertKeys(gateway).length > 0 && alertKeys(gateway)), ["setting_PAN_VERIFY_URL"]);
    assert.deepEqual(await sandbox.calls(), []);
    await assertVerified(await account(gateway));
  });
});

test("credentials rotate: one variable says which of the two live sets counts, for its vendor alone", async () => {
  const vars = { DECENTRO_CLIENT_SECRET: "revoked_by_the_vendor", DECENTRO_CLIENT_SECRET_NEXT: "development_client_secret", ISERVEU_CLIENT_SECRET_NEXT: "wrong" };
  await withGateway({ ...vars, DECENTRO_CREDENTIALS: "current" }, async (gateway) => {
    const { status, json } = await pan(gateway);
    assert.deepEqual([status, json.key], [502, "error_service_unavailable"]);
  });
  await withGateway({ ...vars, DECENTRO_CREDENTIALS: "next" }, async (gateway) => {
    await assertVerified(await pan(gateway));
    await assertVerified(await account(gateway));
    await assertVerified(await remitter(gateway));
  });
});

/** A forward proxy: passes on what comes below `/out` to the sandbox, and keeps what it was told about it. */
async function startProxy() {
  const seen = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk)).on("end", async () => {
      if (!request.url.startsWith("/out/")) return response.writeHead(404).end();
      const { host, connection, "content-length": length, ...headers } = request.headers;
      seen.push({ path: request.url, headers });
      const body = request.method === "POST" ? Buffer.concat(chunks) : undefined;
      const answer = await send(sandbox.url, request.url.replace("/out/v2", "/decentro"), { method: request.method, body, headers });
      response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.text);
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, seen, stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()) };
}

test("calls leave through the proxy, which is told for whom they are", async () => {
  await sandbox.reset();
  const proxy = await startProxy();
  // The vendor's own address leads nowhere from here: what arrives came through the proxy.
  const vars = { DECENTRO_V2_URL: "https://decentro.invalid:8443/v2", DECENTRO_EGRESS_URL: `${proxy.url}/out/`, DECENTRO_EGRESS_KEY: "egress-key" };
  try {
    await withGateway(vars, async (gateway) => {
      await assertVerified(await pan(gateway));
      assert.equal(proxy.seen.length, 1);
      const [{ path, headers }] = proxy.seen;
      assert.equal(path, "/out/v2/kyc/public/api/customer/verification/validate");
      assert.deepEqual([headers["x-toran-upstream"], headers["x-toran-egress-key"]], ["https://decentro.invalid:8443", "egress-key"]);
      assert.deepEqual([headers.client_id, headers["content-type"]], ["development_client", "application/json"]);
      assert.equal((await sandbox.calls()).length, 1);
      // The other vendors' calls do not pass it.
      await assertVerified(await remitter(gateway));
      assert.equal(proxy.seen.length, 1);
      assert.ok(!/egress-key|development_client_secret/.test(logged(gateway).join()), "no secret in the log");
    });
  } finally {
    await proxy.stop();
  }
});
