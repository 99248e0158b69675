// GET /v1/consents/{id}: a consent as it stands, to whom it belongs and to who collects evidence.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { consent, EVIDENCE, OPS, OTHER, record, show, TENANTS } from "./consents.mjs";
import { browser, eventually, post, startGateway } from "./harness.mjs";

let gateway;

before(async () => {
  gateway = await startGateway({ vars: { TENANTS } });
});

after(() => gateway?.stop());

const UNKNOWN = [404, "error_consent_not_found"];
const said = ({ status, json }) => [status, json.key];

test("a consent is shown whole, in its one form, also after the runtime was killed", async () => {
  const body = record({ notice_hash: "AB".repeat(32), language: "HI-in" });
  const { json } = await post(gateway.url, "/v1/consents", body);
  const shown = await show(gateway, json.consent_id);
  assert.deepEqual([shown.status, shown.json], [200, { ...body, consent_id: json.consent_id, state: "granted", notice_hash: "ab".repeat(32), language: "hi-IN", recorded_at: shown.json.recorded_at }]);
  assert.ok(Math.abs(Date.parse(shown.json.recorded_at) - Date.now()) < 60_000);
  await gateway.killRuntime();
  const again = await eventually("the runtime", () => show(gateway, json.consent_id).catch(() => undefined));
  assert.deepEqual(again.json, shown.json);
});

test("a consent that has expired says so", async () => {
  const id = await consent(gateway, undefined, { expires_at: new Date(Date.now() + 1_500).toISOString() });
  assert.equal((await show(gateway, id)).json.state, "granted");
  await eventually("the end", async () => (await show(gateway, id)).json.state === "expired");
});

test("a consent is shown to its session, its tenant's servers and who collects evidence, and to nobody else", async () => {
  const [session, stranger] = [await browser(gateway.url), await browser(gateway.url)];
  const own = await consent(gateway, session), servers = await consent(gateway);
  for (const headers of [session, undefined, EVIDENCE]) assert.equal((await show(gateway, own, headers)).json.state, "granted");
  assert.equal((await show(gateway, servers, EVIDENCE)).status, 200);
  for (const [id, headers] of [[own, stranger], [own, OTHER], [servers, session], [servers, OTHER], [`con_${"0".repeat(32)}`], [own.toUpperCase()], ["x"]]) {
    assert.deepEqual(said(await show(gateway, id, headers)), UNKNOWN, id);
  }
  assert.deepEqual(said(await show(gateway, own, OPS)), [403, "error_forbidden"]);
  assert.equal((await show(gateway, own, { authorization: "Bearer wrong" })).status, 401);
});
