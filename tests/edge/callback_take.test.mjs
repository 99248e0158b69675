// Callbacks of vendors: who sent one, what it is about, and what it leads to (contract section 2.7, document 003 sections 6.5 and 10.4).
import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { freePort } from "../../tools/process.mjs";
import { eventually, get, post, send, settled, startGateway, startSandbox } from "./harness.mjs";
import { dayPlaceOf, idOf, placeOf, stored } from "./state.mjs";
import { bank } from "./subject.mjs";

// Nothing but a callback tells what became of a check: no look-up comes within a test, unless it is brought forward.
const VARS = { ATTEMPT_MS: "3000", WAIT_MS: "300", LOOKUPS_MS: "600000", LOOKUP_EVERY_MS: "600000", HORIZON_MS: "6000000", VELOCITY_WINDOWS_MS: "1,1,1" };
const SECRET = "development_callback_secret";
const DEVELOPMENT = { id: "dev", keys: ["bac175d81d31cf97ab7a9f9c44ef869241382b032ffb30a938e1c4fed24f2149"], scopes: ["*"], origins: [] };
const ONE_RUPEE = { ...DEVELOPMENT, id: "one", keys: [createHash("sha256").update("one_key").digest("hex")], limits: { rupees_a_day: 1 } };
const AS_ONE = { authorization: "Bearer one_key" };
const DECENTRO = { ok: { response_code: "CB_S00000" }, unauthorized: { response_code: "CB_E00013" }, refused: { response_code: "CB_E00009" }, failed: { response_code: "CB_E00000" } };

let port, sandbox, gateway;
let count = 0;
let accounts = 0;

before(async () => {
  port = await freePort();
  sandbox = await startSandbox({ gatewayPort: port });
  gateway = await startGateway({ sandbox, port, vars: { ...VARS, DECENTRO_CALLBACK_SECRET_NEXT: "next_secret", DECENTRO_CALLBACK_SECRET__ACME: "acme_secret",
    TENANTS: JSON.stringify([DEVELOPMENT, ONE_RUPEE, { ...DEVELOPMENT, id: "acme", keys: [], accounts: ["decentro/acme"] }]) } });
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

/** A check whose vendor is at work and never says more when it is asked; by default of an account of its own (docs/SANDBOX.md). */
async function waiting(served = gateway, request = { path: "/v1/bank-accounts/verify", ...bank(`96900000${String((accounts += 1)).padStart(2, "0")}`) }) {
  const { path, calls_back, slow, ...body } = request;
  const reference_id = `CALLBACK_${(count += 1)}`;
  // For this check alone: others run beside it.
  if (slow) await sandbox.fault({ operation: "bank.verify", fault: "delay", ms: 1000, check: idOf(reference_id) });
  const answer = await post(served.url, path, { reference_id, ...body });
  // A vendor that calls back by itself may be sooner than the answer.
  assert.ok(answer.status === 202 || (answer.status === 200 && calls_back), answer.text);
  const mine = (list) => list.filter(({ wire_reference }) => wire_reference?.startsWith(placeOf(reference_id)));
  return {
    reference_id,
    id: idOf(reference_id),
    get: () => get(served.url, `/v1/checks/${reference_id}`),
    settled: () => settled(served.url, reference_id),
    wireReference: async () => mine(await sandbox.calls())[0].wire_reference,
    lookups: async () => mine(await sandbox.calls()).filter(({ kind }) => kind === "status").length,
    rupees: async () => mine(await sandbox.money()).length,
  };
}

/** Has the sandbox call back. Answers the deliveries as `[status, body]`. */
async function callBack(order) {
  const { status, json, text } = await post(sandbox.url, "/_sandbox/callback", { vendor: "decentro", ...order });
  assert.equal(status, 200, text);
  return json.deliveries.map((delivery) => [delivery.status, delivery.body]);
}

const signed = (body, secret = SECRET) => ({ "x-decentro-signature": createHmac("sha256", secret).update(body).digest("hex"), authorization: null });

/** Calls back by hand: `said` under the headers that are right for it, or others. */
function deliver(said, { headers, secret, account = "common", served = gateway } = {}) {
  const body = typeof said === "string" ? said : JSON.stringify(said);
  return post(served.url, `/v1/webhooks/decentro/${account}`, body, { ...signed(body, secret), ...headers });
}

const success = (referenceId, more) => ({ event: "BANK_VERIFICATION_COMPLETE", callbackTxnId: `C${(count += 1)}`, originalCallbackTxnId: `O${count}`, referenceId, transactionStatus: "SUCCESS", beneficiaryName: "RAHUL SHARMA", ...more });

const alerts = (event, id, served = gateway) => served.logs().filter((line) => line.includes(`"event":"${event}"`) && line.includes(id));

const VERIFIED = ["verified", "success_bank_account"];
const PENDING = ["pending", "pending_vendor"];

/** How a callback is answered, and how the check stands afterwards. */
const CASES = {
  "as the vendor sends it": { answered: [200, DECENTRO.ok], stands: VERIFIED },
  "without an event": { order: { event: "" }, answered: [200, DECENTRO.ok], stands: VERIFIED },
  "late": { order: { delay_ms: 400 }, answered: [200, DECENTRO.ok], stands: VERIFIED },
  "saying no": { order: { tamper: "opposite" }, answered: [200, DECENTRO.ok], stands: ["failed", "error_validation_failed"] },
  "with an event of another operation": { order: { event: "CKYC_UPLOAD_COMPLETE" }, answered: [200, DECENTRO.ok], stands: PENDING },
  "with an event that nobody knows": { order: { event: "SOMETHING_COMPLETE" }, answered: [200, DECENTRO.ok], stands: PENDING },
  "with one letter of its signature wrong": { order: { tamper: "signature" }, answered: [401, DECENTRO.unauthorized], stands: PENDING },
  "without a signature": { order: { tamper: "unsigned" }, answered: [401, DECENTRO.unauthorized], stands: PENDING },
  "signed under another secret": { order: { tamper: "secret" }, answered: [401, DECENTRO.unauthorized], stands: PENDING },
  "signed in the other encoding": { order: { tamper: "encoding" }, answered: [401, DECENTRO.unauthorized], stands: PENDING },
  "with its signature twice": { order: { tamper: "doubled" }, answered: [401, DECENTRO.unauthorized], stands: PENDING },
  "with one byte more than was signed": { order: { tamper: "body" }, answered: [401, DECENTRO.unauthorized], stands: PENDING },
  "written anew after it was signed": { order: { tamper: "reserialised" }, answered: [401, DECENTRO.unauthorized], stands: PENDING },
  "too large": { order: { tamper: "oversize" }, answered: [413, DECENTRO.refused], stands: PENDING },
  "no JSON": { order: { tamper: "not_json" }, answered: [200, DECENTRO.ok], stands: PENDING },
  "about another transaction than the vendor named": { order: { tamper: "other_transaction" }, answered: [200, DECENTRO.ok], stands: PENDING, alert: "vendor_contradicted_itself" },
  "at the door of an account that nobody has": { order: { account: "other" }, answered: [404, DECENTRO.refused], stands: PENDING },
  "at the door of another tenant's account": { order: { account: "acme" }, answered: [401, DECENTRO.unauthorized], stands: PENDING },
};

describe("a callback", { concurrency: 4 }, () => {
  for (const [name, { order, answered, stands, alert }] of Object.entries(CASES)) {
    test(name, async () => {
      const check = await waiting();
      assert.deepEqual(await callBack({ reference_id: check.reference_id, ...order }), [answered]);
      const { status, json } = await check.get();
      assert.deepEqual([status, json.outcome, json.key], [stands[0] === "pending" ? 202 : 200, ...stands]);
      if (alert) await eventually(alert, () => alerts(alert, check.id).length === 1);
    });
  }

  test("many times and in any order is taken once", async () => {
    for (const order of ["forward", "reverse"]) {
      const check = await waiting();
      assert.deepEqual(await callBack({ reference_id: check.reference_id, times: 4, order }), Array(4).fill([200, DECENTRO.ok]));
      const { json } = await check.get();
      assert.deepEqual([json.outcome, json.data.beneficiary_name, await check.rupees()], ["verified", "RAHUL SHARMA", 1]);
      assert.equal(alerts("callback_altered", check.id).length, 0);
    }
  });

  test("with another text under the id of an earlier one is refused, and an alert", async () => {
    const check = await waiting();
    await callBack({ reference_id: check.reference_id });
    assert.deepEqual(await callBack({ reference_id: check.reference_id, tamper: "altered" }), [[409, DECENTRO.refused]]);
    await eventually("the alert", () => alerts("callback_altered", check.id).length === 1);
    assert.equal((await check.get()).json.outcome, "verified");
  });

  test("after the end says what is known, and changes no byte", async () => {
    const check = await waiting();
    await callBack({ reference_id: check.reference_id });
    const { text } = await check.get();
    const wire = await check.wireReference();
    assert.deepEqual((await deliver(success(wire))).json, DECENTRO.ok);
    assert.equal((await check.get()).text, text);
    assert.equal(alerts("vendor_contradicted_itself", check.id).length, 0);
  });

  test("that contradicts the answer ends in manual review, with an alert", async () => {
    const check = await waiting();
    await callBack({ reference_id: check.reference_id });
    assert.equal((await deliver(success(await check.wireReference(), { transactionStatus: "FAILURE" }))).status, 200);
    const { status, json } = await check.get();
    assert.deepEqual([status, json.key], [202, "pending_review"]);
    await eventually("the alert", () => alerts("vendor_contradicted_itself", check.id).length === 1);
  });

  test("that takes a failure back books the tenant's rupee again", async () => {
    const verify = (reference_id, account) => post(gateway.url, "/v1/bank-accounts/verify", { reference_id, ...bank(account) }, AS_ONE);
    const saves = () => stored(gateway.state, `SELECT version FROM machines WHERE place = '${dayPlaceOf("one")}'`, "SessionRegister").at(0)?.version;
    const reference = `ONE_${(count += 1)}`;
    assert.equal((await verify(reference, `96900000${String((accounts += 1)).padStart(2, "0")}`)).status, 202);
    const { wire_reference } = (await sandbox.calls()).find((call) => call.wire_reference?.startsWith(placeOf(reference, "one")));
    await deliver(success(wire_reference, { transactionStatus: "FAILURE" }));
    assert.equal((await settled(gateway.url, reference, AS_ONE)).json.outcome, "failed");
    await eventually("the rupee is given back", () => saves() === 2);
    await deliver(success(wire_reference));
    assert.equal((await get(gateway.url, `/v1/checks/${reference}`, AS_ONE)).json.key, "pending_review");
    await eventually("it is booked again", () => saves() === 3);
    assert.equal((await verify(`ONE_${(count += 1)}`, "490000088001")).status, 429, "the only rupee of the day is spent");
  });

  test("before the answer ends the check, and the answer changes nothing", async () => {
    const check = await waiting(gateway, { path: "/v1/bank-accounts/verify", slow: true, ...bank("4400077001") });
    await callBack({ reference_id: check.reference_id });
    const { status, json, text } = await check.get();
    assert.deepEqual([status, json.outcome], [200, "verified"]);
    await eventually("the vendor's answer", async () => (await sandbox.calls()).some(({ wire_reference, status }) => wire_reference?.startsWith(placeOf(check.reference_id)) && status === 200));
    assert.deepEqual([(await check.get()).text, await check.rupees()], [text, 1]);
  });

  test("by itself ends what its vendor tells later", async () => {
    const check = await waiting(gateway, { path: "/v1/bank-accounts/verify", calls_back: true, ...bank("9611000008") });
    const { json } = await check.settled();
    assert.deepEqual([json.outcome, json.key, await check.lookups(), await check.rupees()], [...VERIFIED, 0, 1]);
  });

  test("of Mobile to Account is its answer", async () => {
    const check = await waiting(gateway, { path: "/v1/mobile/account", mobile_number: "9811000003" });
    assert.deepEqual(await callBack({ reference_id: check.reference_id }), [[200, DECENTRO.ok]]);
    const { json } = await check.get();
    assert.deepEqual([json.outcome, json.key, await check.rupees()], ["verified", "success_account_details_retrieved", 1]);
  });

  test("of an uploaded record is its end", async () => {
    const scenarios = (await send(sandbox.url, "/_sandbox/scenarios")).json;
    const { reference_id: _, ...record } = scenarios.find(({ id }) => id === "ckyc.upload.http.200").request;
    const check = await waiting(gateway, { path: "/v1/ckyc/upload", ...record, ids: [{ id_type: "PAN", id_number: "AAAPS0005A" }] });
    await eventually("the upload at the vendor", async () => (await sandbox.calls()).some(({ wire_reference, status }) => wire_reference?.startsWith(placeOf(check.reference_id)) && status === 200));
    assert.deepEqual(await callBack({ reference_id: check.reference_id }), [[200, DECENTRO.ok]]);
    const { json } = await check.settled();
    assert.deepEqual([json.outcome, json.key], ["verified", "success_ckyc_upload"]);
  });

  test("signed under the next secret is the vendor's, too", async () => {
    const check = await waiting();
    assert.deepEqual((await deliver(success(await check.wireReference()), { secret: "next_secret" })).json, DECENTRO.ok);
    assert.equal((await check.get()).json.outcome, "verified");
  });

  test("about a check that there is none of, another row of its place, or another account's is acknowledged and logged", async () => {
    const check = await waiting();
    const wire = await check.wireReference();
    for (const [reference, options] of [
      ["0".repeat(66)],
      [`${wire.slice(0, 32)}${"0".repeat(32)}01`],
      [`${wire.slice(0, 64)}02`],
      [wire, { account: "acme", secret: "acme_secret" }],
    ]) {
      assert.deepEqual((await deliver(success(reference), options)).json, DECENTRO.ok, reference);
      assert.equal((await check.get()).json.outcome, "pending", reference);
    }
    // The log tells of each, and of which account's door; nobody is woken.
    await eventually("the log lines", () => alerts("callback_unknown", '"account":null').length >= 3 && alerts("callback_unknown", '"account":"acme"').length === 1);
    assert.equal(alerts("vendor_contradicted_itself", check.id).length, 0);
  });

  test("that names two requests, none, or no object is about nothing", async () => {
    const check = await waiting();
    const wire = await check.wireReference();
    for (const said of [success(wire, { reference_id: "0".repeat(66) }), success(undefined), success(wire.slice(1)), "[]", "7", '{"referenceId":1', `{"referenceId":"${wire}","reference_id":"x"}`]) {
      assert.deepEqual((await deliver(said)).json, DECENTRO.ok);
      assert.equal((await check.get()).json.outcome, "pending", JSON.stringify(said));
    }
  });

  test("is a POST to a vendor that sends any, and takes no server key for a proof", async () => {
    assert.deepEqual([(await get(gateway.url, "/v1/webhooks/decentro/common")).status, (await deliver("{}", { account: "" })).status], [405, 404]);
    for (const vendor of ["wibmo", "nobody", "__proto__"]) assert.equal((await post(gateway.url, `/v1/webhooks/${vendor}/common`, {})).status, 404, vendor);
    assert.equal((await post(gateway.url, "/v1/webhooks/decentro/common", {})).status, 401, "a server key");
  });
});

test("Cashfree's callback is signed over its time and body, and ends a check at Cashfree", async () => {
  const served = await startGateway({ sandbox, secondVendor: true, vars: { ...VARS, TENANTS: JSON.stringify([{ ...DEVELOPMENT, accounts: ["cashfree", "decentro"] }]) } });
  try {
    const check = await waiting(served, { path: "/v1/bank-accounts/verify", ...bank("4400077002"), validation_type: "pennydrop" });
    const posted = (await sandbox.calls()).find(({ wire_reference }) => wire_reference?.startsWith(placeOf(check.reference_id)));
    assert.equal(posted.vendor, "cashfree");
    const time = String(Date.now());
    const said = (status, code) => JSON.stringify({ event_type: `BANK_ACCOUNT_VERIFICATION_${status === "VALID" ? "SUCCESS" : "FAILED"}`, event_time: "2026-11-30 10:46:16", version: "v2",
      data: { user_id: base32(posted.wire_reference), name_at_bank: "RAHUL SHARMA", utr: "1", account_status: status, account_status_code: code } });
    const to = (body, stamp) => post(served.url, "/v1/webhooks/cashfree/common", body, { authorization: null, "x-webhook-timestamp": stamp,
      "x-webhook-signature": createHmac("sha256", "development_client_secret").update(time + body).digest("base64") });
    const yes = said("VALID", "ACCOUNT_IS_VALID");
    assert.equal((await to(yes, String(Number(time) + 1))).status, 401);
    assert.equal((await check.get()).json.outcome, "pending");
    assert.deepEqual([(await to(yes, time)).status, (await check.get()).json.outcome, (await check.get()).json.vendor.name], [200, "verified", "cashfree"]);
    assert.equal((await to(said("INVALID", "INVALID_ACCOUNT_FAIL"), time)).status, 200);
    assert.equal((await check.get()).json.key, "pending_review");
  } finally {
    await served.stop();
  }
});

/** A wire reference as Cashfree has it: place, half of the nonce and attempt in base 32. */
function base32(wire) {
  const bytes = Buffer.from(wire.slice(0, 48) + wire.slice(64), "hex");
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return bits.match(/.{5}/g).map((five) => "abcdefghijklmnopqrstuvwxyz234567"[parseInt(five, 2)]).join("");
}

test("10,000 callbacks that nobody proved change nothing, and bring three look-ups of a check forward", async () => {
  const served = await startGateway({ sandbox, vars: { ...VARS, DECENTRO_CALLBACK_SECRET: "" }, limits: { FAILURES_LIMIT: 1_000_000 } });
  try {
    const check = await waiting(served);
    const wire = await check.wireReference();
    const statuses = new Set();
    for (let sent = 0; sent < 10_000; sent += 50) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => deliver(success(wire), { served, headers: { "x-decentro-signature": null } })));
      answers.forEach(({ status }) => statuses.add(status));
    }
    assert.deepEqual([...statuses], [200]);
    assert.deepEqual([(await check.get()).json.key, await check.lookups(), await check.rupees()], ["pending_vendor", 3, 0]);
  } finally {
    await served.stop();
  }
});

test("forged callbacks from one address are limited, and those that are proved are not", async () => {
  const served = await startGateway({ sandbox, vars: VARS, limits: { FAILURES_LIMIT: 5 } });
  try {
    const forged = await Promise.all(Array.from({ length: 20 }, () => deliver("{}", { served, secret: "x" })));
    const limited = forged.filter(({ status }) => status === 429);
    assert.ok(limited.length >= 10 && forged.every(({ status }) => [401, 429].includes(status)), forged.map(({ status }) => status).join());
    assert.deepEqual([limited[0].json, limited[0].headers["retry-after"]], [DECENTRO.refused, "60"]);
    assert.equal((await deliver("{}", { served })).status, 200);
  } finally {
    await served.stop();
  }
});
