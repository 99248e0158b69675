// A browser's session asks about no mobile number that was not proved in it, on any operation (contract section 2.13): every operation of the sandbox's list, with and without a number.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, get, post, proved, send, startGateway, startSandbox } from "./harness.mjs";
import { OPERATIONS, others } from "./subject.mjs";

/** The operations that need a proof also where no number is named. */
const NEEDS_PROOF = ["customer.prefill", "dmt.customer", "mobile.account", "prepaid.customer"];
const OTHER = "9711000009";

let sandbox, gateway, requests;
let count = 0;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox });
  requests = await table();
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

const prefill = { consent: true, consent_purpose: "Onboarding of a new customer", name: "Rahul Sharma" };
const byDocument = { ...prefill, document_type: "PAN", id_number: "ABCPE1234F" };
const download = { ckyc_id: "$XXXX1234$", consent: "Y", consent_purpose: "Onboarding of a new customer", auth_factor_type: 3, auth_factor: "9876543210" };

/** `[{ operation, route, request, number }]`: one of each operation, and more where an operation finds a person in several ways. `number`: the mobile number that it names. */
async function table() {
  const known = Object.entries(OPERATIONS).map(([operation, { route, fresh, request }]) => ({ operation, route, request: request(fresh()) }));
  const scenarios = (await send(sandbox.url, "/_sandbox/scenarios")).json;
  // Those that end later.
  const late = ["bank.collect", "ckyc.upload"].map((operation) => scenarios.find((one) => one.operation === operation && one.expect.outcome === "verified"));
  const listed = [...known, ...(await others(sandbox)), ...late];
  const route = (operation) => listed.find((row) => row.operation === operation).route;
  const more = [["customer.prefill", { ...prefill, mobile: "9876543210" }], ["customer.prefill", byDocument], ["prepaid.customer", { mobile: "9876543210" }], ["prepaid.customer", { email: "rahul@example.com" }], ["ckyc.download", download]];
  const all = [...listed, ...more.map(([operation, request]) => ({ operation, route: route(operation), request }))];
  return all.map((row) => ({ ...row, number: row.request.mobile_number ?? row.request.mobile ?? (row.request.auth_factor_type === 3 ? row.request.auth_factor : undefined) }));
}

const ask = (session, { route, request }) => post(gateway.url, route, { ...request, reference_id: `PROOFS_${(count += 1)}` }, session);
const isRefused = ({ status, json }) => status === 403 && json.key === "error_mobile_not_proved";
const row = ({ operation, request }) => `${operation} by ${Object.keys(request).filter((field) => !["reference_id", "consent", "consent_purpose"].includes(field))}`;
const calls = async (operation) => (await sandbox.calls()).filter((call) => call.operation === operation).length;
const wanted = () => ({ operations: [...new Set(requests.map(({ operation }) => operation))] });

test("the table has every operation", async () => {
  const named = requests.map(({ operation }) => operation);
  const { json } = await post(gateway.url, "/v1/sessions", { origin: gateway.url, operations: ["nothing"] });
  const known = json.detail.match(/one or more of ([^.]+\.[^ ]+(?:, [a-z]+\.[a-z]+)*)\./)[1].split(", ");
  assert.deepEqual([...new Set(named)].sort(), known.sort());
});

test("without a proof nothing is asked about a number, and of some operations nothing at all; no vendor hears of it", async () => {
  const session = await browser(gateway.url, wanted());
  for (const one of requests) {
    const before = await calls(one.operation);
    const response = await ask(session, one);
    const needs = Boolean(one.number) || NEEDS_PROOF.includes(one.operation);
    assert.equal(isRefused(response), needs, `${row(one)}: ${response.text.slice(0, 300)}`);
    if (!needs) continue;
    assert.equal(await calls(one.operation), before, row(one));
    assert.match(response.json.detail, /POST \/v1\/otp sends a one-time password.*POST \/v1\/otp\/verify/);
    assert.ok(!one.number || !response.text.includes(one.number), row(one));
  }
});

test("with a proof of the number all of them go through, whoever says that it was proved", async () => {
  for (const one of requests) {
    const number = one.number ?? OTHER;
    const vouched = await browser(gateway.url, { ...wanted(), verified: number });
    const typed = await proved(gateway.url, sandbox, await browser(gateway.url, wanted()), number);
    await post(gateway.url, "/v1/development/forget", "", {});
    for (const session of [vouched, typed]) {
      const before = await calls(one.operation);
      const response = await ask(session, one);
      assert.notEqual(response.status, 403, `${row(one)}: ${response.text.slice(0, 300)}`);
      // An upload is sent after its answer.
      if (one.operation !== "ckyc.upload") assert.ok((await calls(one.operation)) > before, row(one));
    }
  }
});

test("with a proof of another number what names one is refused, and no vendor hears of it", async () => {
  const session = await browser(gateway.url, { ...wanted(), verified: OTHER });
  for (const one of requests.filter(({ number }) => number)) {
    const before = await calls(one.operation);
    const response = await ask(session, one);
    assert.ok(isRefused(response), `${row(one)}: ${response.text.slice(0, 300)}`);
    assert.equal(await calls(one.operation), before, row(one));
  }
});

test("a server asks about any number, and a session whose customer is known must have their number proved too", async () => {
  const one = requests.find(({ operation }) => operation === "mobile.account");
  assert.equal((await ask({}, one)).status, 200);
  const subject = await browser(gateway.url, { ...wanted(), subject: { mobile: one.number } });
  assert.ok(isRefused(await ask(subject, one)));
});

test("only a tenant's server vouches for a number, for a day, and the token has nothing of it", async () => {
  const verified = (changes) => ({ verified: { mobile: "9876543210", mobile_at: new Date().toISOString(), method: "digilocker", ...changes } });
  const open = (body, headers) => post(gateway.url, "/v1/sessions", { origin: gateway.url, ...body }, headers);
  const page = await open(verified(), { authorization: null, origin: gateway.url });
  assert.deepEqual([page.status, page.json.key], [403, "error_forbidden"], "development's own page too");
  const ago = (hours) => ({ mobile_at: new Date(Date.now() - hours * 3_600_000).toISOString() });
  for (const [changes, status] of [[{}, 201], [ago(23.9), 201], [ago(24.1), 400], [ago(-0.1), 400], [{ mobile: "98765" }, 400], [{ mobile_at: "now" }, 400], [{ method: "" }, 400], [{ name: "Rahul" }, 400]]) {
    assert.equal((await open(verified(changes))).status, status, JSON.stringify(changes));
  }
  const { json } = await open({ ...verified(), application_id: `app_${"0a".repeat(16)}` });
  const content = Buffer.from(json.token.split(".")[1], "base64url").toString();
  assert.ok(!content.includes("9876543210") && content.includes(`app_${"0a".repeat(16)}`), content);
  assert.equal((await open({ application_id: "app_1" })).status, 400);
  assert.equal((await send(gateway.url, "/healthz")).status, 200);
});

test("a check that was opened under a proof is still its family's after a renewal", async () => {
  const [session, number] = [await browser(gateway.url, { verified: OTHER }), OTHER];
  const opened = await ask(session, { route: "/v1/mobile/account", request: { mobile_number: number } });
  const { json } = await post(gateway.url, "/v1/sessions/renew", {}, session);
  const seen = await get(gateway.url, `/v1/checks/${opened.json.id}`, { ...session, authorization: `Bearer ${json.token}` });
  assert.deepEqual([seen.status, seen.text], [200, opened.text]);
});
