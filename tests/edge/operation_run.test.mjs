// What the gateway says to a body that is no request: the cases of tests/vectors/operations at the real Worker, and the
// shape of a problem to the letter. A refused body reaches no vendor; an accepted one means exactly what the vectors say.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { at } from "../../tools/project.mjs";
import { browser, eventually, get, post, settled, startGateway, startSandbox } from "./harness.mjs";
import { bank } from "./subject.mjs";

const FOLDER = at("tests", "vectors", "operations");
const VECTORS = readdirSync(FOLDER).sort().map((file) => ({ file, ...JSON.parse(readFileSync(join(FOLDER, file), "utf8")) }));
const ACCEPTED = VECTORS.flatMap(({ operation, cases }) => cases.filter((one) => one.ok).map((one) => ({ operation, ...one })));
const MOBILE = { reference_id: "RUN_0001", mobile_number: "9876543210", is_consent_granted: true };
const PAN = { reference_id: "RUN_0002", document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC onboarding" };

// The cases share references, so each accepted one has a tenant to itself.
const digest = (text) => createHash("sha256").update(text).digest("hex");
const tenant = (id) => ({ id, keys: [digest(`${id}_key`)], scopes: ["*"], origins: [] });
const as = (id) => ({ authorization: `Bearer ${id}_key` });
const TENANTS = JSON.stringify([{ ...tenant("all"), keys: [digest("toran_dev_key")] }, ...ACCEPTED.map((_, index) => tenant(`t${index}`))]);

// `routes`: operation -> path, of every operation that the sandbox has a scenario of.
let sandbox, gateway, catalogue, routes;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: { TENANTS, VELOCITY_WINDOWS_MS: "1,1,1", BANK_COLLECT_LOOKUPS_MS: "50,200,1000" } });
  catalogue = (await get(gateway.url, "/v1/keys")).json.keys;
  const scenarios = (await get(sandbox.url, "/_sandbox/scenarios")).json;
  routes = Object.fromEntries(scenarios.map(({ operation, route }) => [operation, route]));
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

// Two documents may say one key in other words: those of the operation's own, and of 001 where it has none.
const message = (key, document = "001") => (catalogue.find((row) => row.key === key && row.document === document) ?? catalogue.find((row) => row.key === key)).message;
const unsanitized = (...fields) => message("error_unsanitized_values").replace("<key_name>", fields.join(", "));
const run = (operation, body, headers) => post(gateway.url, routes[operation], body, headers);

/** A problem as contract section 2.4 shows it, whatever it is about. */
function compareShape({ status, headers, json, text }) {
  assert.equal(headers["content-type"], "application/problem+json", text);
  assert.deepEqual(Object.keys(json).filter((field) => field !== "retry_after").sort(), ["action", "detail", "errors", "key", "request_id", "status", "title", "type"]);
  assert.match(json.action, /^(fix|retry|wait|contact)$/);
  assert.match(json.detail, /\.$/, "the next step");
  assert.equal(json.status, status);
  assert.equal(json.type, `/v1/keys/${json.key}`);
  assert.match(json.request_id, /^[0-9a-f]{32}$/);
  assert.equal(headers["x-request-id"], json.request_id);
  assert.equal(headers["cache-control"], "no-store");
  for (const error of json.errors) assert.deepEqual(Object.keys(error).filter((field) => field !== "hint").sort(), ["field", "key", "message"]);
}

/** A refusal: status, key, title, and every fault in order. */
function compare(answer, { status = 400, key, title, errors }) {
  compareShape(answer);
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.json.key, key, answer.text);
  if (title !== undefined) assert.equal(answer.json.title, title);
  const wanted = errors ?? [];
  const seen = answer.json.errors.map(({ field, key, message }, index) => (wanted[index]?.message === undefined ? { field, key } : { field, key, message }));
  assert.deepEqual(seen, wanted.map(({ field, key, message }) => (message === undefined ? { field, key } : { field, key, message })));
}

for (const { file, operation, cases } of VECTORS) {
  test(`${file}: every refused body is refused as the vector says, and reaches no vendor`, async (t) => {
    await sandbox.reset();
    for (const { name, body, raw, ok, ...refusal } of cases.filter((one) => !one.ok)) {
      await t.test(name, async () => compare(await run(operation, raw ?? body), refusal));
    }
    assert.deepEqual(await sandbox.calls(), []);
  });
}

test("an accepted body means what the vector says: the meaning itself is answered by the replay", async (t) => {
  assert.notEqual(ACCEPTED.length, 0);
  for (const [index, { operation, name, body, raw, ok }] of ACCEPTED.entries()) {
    await t.test(`${operation}: ${name}`, async () => {
      await sandbox.reset();
      // Who is asked to pay does.
      if (operation === "bank.collect") await sandbox.fault({ operation, fault: "customer", act: "paid" });
      const posted = await run(operation, raw ?? body, as(`t${index}`));
      // A write is answered by 202 first.
      const first = posted.status === 202 ? await settled(gateway.url, ok.reference_id, as(`t${index}`)) : posted;
      assert.equal(first.status, 200, first.text);
      assert.equal(first.json.reference_id, ok.reference_id);
      const again = await run(operation, ok, as(`t${index}`));
      assert.equal(again.status, 200, again.text);
      assert.equal(again.headers["idempotent-replayed"], "true");
      assert.equal(again.text, first.text);
      assert.equal((await sandbox.calls()).filter(({ kind }) => kind === "post").length, 1);
      if (operation !== "bank.collect") assert.equal((await sandbox.calls()).length, 1, "nothing but that is asked");
    });
  }
});

test("there are at least 150 bodies", () => {
  assert.ok(VECTORS.reduce((count, { cases }) => count + cases.length, 0) >= 150);
  assert.deepEqual(VECTORS.map(({ operation }) => operation).sort(), Object.keys(routes).sort());
});

test("a compressed body is refused with what is taken instead, and a byte order mark is skipped", async () => {
  const gzip = await run("pan.verify", gzipSync(JSON.stringify(PAN)), { "content-encoding": "gzip" });
  compare(gzip, { status: 415, key: "error_unsupported_media_type" });
  assert.match(gzip.json.detail, /^The body is compressed/);
  assert.deepEqual([gzip.headers.accept, gzip.headers["accept-encoding"]], ["application/json", "identity"]);
  assert.equal((await run("pan.verify", `\ufeff${JSON.stringify({ ...PAN, reference_id: "RUN_BOM" })}`)).status, 200);
});

test("every response may be taken for nothing else, kept by nobody, and asked for only under TLS", async () => {
  for (const { headers } of [await run("pan.verify", {}), await run("pan.verify", PAN), await get(gateway.url, "/healthz"), await get(gateway.url, "/v1/nowhere")]) {
    assert.deepEqual(
      ["cache-control", "x-content-type-options", "strict-transport-security"].map((name) => headers[name]),
      ["no-store", "nosniff", "max-age=31536000"],
    );
  }
});

test("a problem is the contract's example to the letter", async () => {
  const key = "error_mobile_number_invalid_mobile_format";
  const answer = await run("mobile.account", { ...MOBILE, mobile_number: "1876543210" });
  compareShape(answer);
  const title = "Parameter mobile_number should be 10 digits long and start with one of 9, 8, 7 or 6.";
  const { request_id: requestId, ...rest } = answer.json;
  const detail = "Correct the request and send it again. Nothing was sent to a vendor.";
  assert.deepEqual(rest, { type: `/v1/keys/${key}`, title, status: 400, key, errors: [{ field: "mobile_number", key, message: title }], action: "fix", detail });
  assert.notEqual((await run("mobile.account", {})).json.request_id, requestId, "each request has an id of its own");
  assert.ok(!answer.text.includes("1876543210"), "nothing that was sent is said again");
});

test("an identifier that is refused has the hint of the tools, and nothing of what was sent", async () => {
  const refused = (await run("pan.verify", { ...PAN, id_number: "ABCDE1234F" })).json.errors[0];
  const [issue] = (await post(gateway.url, "/v1/validate", { kind: "pan", input: "ABCDE1234F" })).json.issues;
  assert.equal(refused.hint, issue.hint);
  assert.match(refused.hint, /fourth/);
  assert.ok(!JSON.stringify(refused).includes("ABCDE"));
  // The tools put the code together as it may have been meant. A problem quotes nothing of what was sent.
  const bank = { reference_id: "RUN_0004", purpose_message: "KYC Bank Verification", beneficiary_details: { account_number: "1234567890", ifsc: "SBINO001077", name: "Rahul Sharma" }, validation_type: "pennydrop" };
  const [ifsc] = (await run("bank.verify", bank)).json.errors;
  assert.deepEqual([ifsc.field, ifsc.hint], ["beneficiary_details.ifsc", undefined]);
});

test("all fields are reported, in the order of document 001's table", async () => {
  await sandbox.reset();
  const body = { is_consent_granted: "true", fetch_branch_details: null, mobile_number: 9876543210, reference_id: null, consumer_urn: 7, consent_record: [] };
  const faults = [
    ["mobile_number", "error_mobile_number_type_not_string"],
    ["reference_id", "error_reference_id_missing_or_null"],
    ["fetch_branch_details", "error_fetch_branch_details_type_not_boolean"],
    ["is_consent_granted", "error_is_consent_granted_type_not_boolean"],
    ["consumer_urn", "error_consumer_urn_type"],
    ["consent_record", "error_consent_record_type"],
  ];
  const answer = await run("mobile.account", body);
  compare(answer, { key: faults[0][1], title: message(faults[0][1]), errors: faults.map(([field, key]) => ({ field, key })) });
  for (const { key, message: said } of answer.json.errors.slice(0, 4)) assert.equal(said, message(key));
  assert.deepEqual(await sandbox.calls(), []);
});

test("a field has one fault of the chain, and beside it what must be sanitised: one entry per field, each naming all", async () => {
  const answer = await run("mobile.account", { ...MOBILE, reference_id: "#", mobile_number: "98765-4321;" });
  const said = unsanitized("reference_id", "mobile_number");
  compare(answer, {
    key: "error_mobile_number_incorrect_string_length",
    errors: [
      { field: "mobile_number", key: "error_mobile_number_incorrect_string_length" },
      { field: "reference_id", key: "error_invalid_reference_id_length" },
      { field: "reference_id", key: "error_unsanitized_values", message: said },
      { field: "mobile_number", key: "error_unsanitized_values", message: said },
    ],
  });
});

test("faults that the table lacks follow in the order of the fields", async () => {
  await sandbox.reset();
  const answer = await run("pan.verify", { dob: "31/02/1990", purpose: "", consent: false, id_number: "ABCDE1234F", document_type: "PAN_COMPARE" });
  const faults = [
    ["reference_id", "error_reference_id_missing_or_null"],
    ["id_number", "error_id_number_component"],
    ["consent", "error_false_consent"],
    ["purpose", "error_purpose_empty"],
    ["name", "error_name_missing"],
    ["dob", "error_dob_value"],
  ];
  assert.deepEqual(answer.json.errors.map(({ field, key }) => [field, key]), faults);
  assert.equal(answer.json.key, answer.json.errors[0].key);
  assert.equal(answer.json.title, answer.json.errors[0].message);
  assert.deepEqual(await sandbox.calls(), []);
});

test("the caller's address stands in for a public_ip that is left out, and is no part of the meaning", async () => {
  await sandbox.reset();
  const body = { reference_id: "RUN_0003", mobile_number: "9876543210", latlong: "12.9716,77.5946" };
  const first = await run("dmt.customer", body);
  assert.deepEqual([first.status, first.json.outcome, first.json.key], [200, "verified", "iserveu_2"], first.text);
  assert.equal((await run("dmt.customer", body)).headers["idempotent-replayed"], "true");
  const other = await run("dmt.customer", { ...body, public_ip: "203.0.113.7" });
  assert.deepEqual([other.status, other.json.key], [409, "error_duplicate_reference_id"], "a named address is meant");
  assert.equal((await sandbox.calls()).length, 1);
});

test("an unknown field is named, and its value is not repeated", async () => {
  for (const [operation, body] of [["mobile.account", MOBILE], ["pan.verify", PAN]]) {
    const answer = await run(operation, { ...body, pan_card: "ABCPE1234F" });
    compare(answer, { key: "error_malformed_request", errors: [{ field: "pan_card", key: "error_malformed_request" }] });
    assert.match(answer.json.detail, /pan_card/);
    assert.ok(!answer.text.includes("ABCPE1234F"));
  }
});

test("a key that two documents have is said in the words of the operation's own", async () => {
  const prefill = { reference_id: "RUN_0003", consent: true, consent_purpose: "KYC", name: "Rahul", mobile: "9876543210" };
  compare(await run("customer.prefill", "{"), { key: "error_malformed_request", title: message("error_malformed_request", "000") });
  compare(await run("mobile.account", "{"), { key: "error_malformed_request", title: message("error_malformed_request", "001") });
  assert.notEqual(message("error_malformed_request", "000"), message("error_malformed_request", "001"));
  const title = `${message("error_unsanitized_values", "000")}: name`;
  compare(await run("customer.prefill", { ...prefill, name: "M. Rao" }), {
    key: "error_unsanitized_values", title, errors: [{ field: "name", key: "error_unsanitized_values", message: title }],
  });
});

test("what the catalogue calls a refusal of the gateway is one entry that a problem's type leads to", async () => {
  const refusals = [
    [() => run("pan.verify", "{"), "error_malformed_request", 400],
    [() => run("pan.verify", PAN, { authorization: null }), "error_unauthorized", 401],
    [() => run("pan.verify", PAN, { "content-type": "text/plain" }), "error_unsupported_media_type", 415],
    [() => run("pan.verify", `"${"x".repeat(64 * 1024)}"`), "error_body_too_large", 413],
    [() => get(gateway.url, "/v1/pan/verify"), "error_method_not_allowed", 405],
    [() => get(gateway.url, "/v1/pan"), "error_not_found", 404],
    [() => get(gateway.url, "/v1/checks/NOBODY"), "error_reference_id_not_found", 404],
  ];
  for (const [ask, key, status] of refusals) {
    const answer = await ask();
    compare(answer, { status, key, title: message(key) });
    const entry = await get(gateway.url, answer.json.type);
    assert.equal(entry.status, 200);
    assert.ok(entry.json.rows.every((row) => row.key === key));
  }
});

test("a server is told what each check costs, a replay and a forgotten one the same; a browser never is", async () => {
  const prices = [{ operation: "pan.verify", vendor: "decentro", way: "PAN_DETAILED", paise: 265 }];
  const own = await startGateway({ sandbox, vars: { PRICES: JSON.stringify(prices), KEEP_MS: "1500" } });
  try {
    const pan = (reference_id, document_type, headers) => post(own.url, routes["pan.verify"], { ...PAN, reference_id, document_type }, headers);
    const first = await pan("COST_0001", "PAN");
    assert.deepEqual([first.json.outcome, first.json.cost], ["verified", 200], first.text);
    assert.equal((await pan("COST_0001", "PAN")).text, first.text);
    assert.equal((await pan("COST_0002", "PAN_DETAILED")).json.cost, 265, "what was agreed");
    const penniless = await post(own.url, routes["bank.verify"], { reference_id: "COST_0003", ...bank("480000000001", { validation_type: "penniless" }) });
    const pennydrop = await post(own.url, routes["bank.verify"], { reference_id: "COST_0004", ...bank("480000000001") });
    assert.deepEqual([penniless.json.cost, pennydrop.json.cost], [150, 400], "the rupee is no part of it");
    const refused = await post(own.url, routes["bank.verify"], { reference_id: "COST_0005", ...bank("9610000001") });
    assert.deepEqual([refused.json.outcome, refused.json.cost], ["negative", 400], "an answer costs, whatever it is");
    const waiting = await post(own.url, routes["ckyc.upload"], (await get(sandbox.url, "/_sandbox/scenarios")).json.find(({ operation, expect }) => operation === "ckyc.upload" && expect.status === 200).request);
    assert.deepEqual([waiting.status, waiting.json.cost], [202, 0], "nothing yet");
    await eventually("the answer is forgotten", async () => (await get(own.url, "/v1/checks/COST_0001")).json.data === null);
    assert.equal((await get(own.url, "/v1/checks/COST_0001")).json.cost, 200);
    const session = await browser(own.url);
    const seen = await pan("COST_0006", "PAN", session);
    assert.equal(seen.json.outcome, "verified", seen.text);
    for (const answer of [seen, await get(own.url, "/v1/checks/COST_0006", session), await pan("COST_0006", "PAN", session)]) {
      assert.ok(!("cost" in answer.json), answer.text);
    }
  } finally {
    await own.stop();
  }
});

test("a record of another person than asked for is a review, and each date stands in ISO form beside it", async () => {
  const consent = { consent: true, consent_purpose: "KYC verification" };
  const download = (reference_id, customer) => run("ckyc.download", { reference_id, ckyc_id: "$XXXX1234$", ...consent, ...customer });
  const own = await download("RUN_0010", { name: "Rahul Sharma", date_of_birth: "1990-01-01", pan: "ABCPE1234F" });
  assert.deepEqual([own.json.outcome, own.json.action, own.json.data.date_of_birth, own.json.data.date_of_birth_iso], ["verified", "proceed", "01-01-1990", "1990-01-01"], own.text);
  const others = await download("RUN_0011", { name: "Priya Nair" });
  assert.deepEqual([others.json.outcome, others.json.action, others.json.notes[0].code], ["verified", "review", "other_person"], others.text);
  assert.ok(!others.json.notes[0].message.includes("Priya") && !others.json.notes[0].message.includes("RAHUL"));
  const prefill = await run("customer.prefill", { reference_id: "RUN_0012", ...consent, name: "Rahul Sharma", mobile: "9861000040" });
  assert.deepEqual([prefill.json.outcome, prefill.json.action, prefill.json.notes[0].code], ["verified", "review", "other_person"], prefill.text);
  const nobody = await run("customer.prefill", { reference_id: "RUN_0013", ...consent, name: "Rahul Sharma", mobile: "9861000010" });
  assert.deepEqual([nobody.json.outcome, nobody.json.action, nobody.json.key, nobody.json.notes[0].code], ["negative", "proceed", "failure_record_not_found", "fill_in_form"], nobody.text);
  const compared = await run("pan.verify", { ...PAN, reference_id: "RUN_0014", document_type: "PAN_COMPARE", name: "RAHUL SHARMA", dob: "1990-01-01" });
  assert.equal(compared.status, 200, compared.text);
});
