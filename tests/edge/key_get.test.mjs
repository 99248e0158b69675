// GET /v1/keys and GET /v1/keys/{key}: where every problem's `type` leads.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { get, post, send, startGateway } from "./harness.mjs";

const FIELDS = ["key", "document", "message", "owner", "status", "retry", "money", "outcome", "action", "answers_with"];

let gateway;

before(async () => {
  gateway = await startGateway();
});

after(() => gateway?.stop());

test("the whole catalogue is public, complete and in one form", async () => {
  const { status, json } = await send(gateway.url, "/v1/keys");
  assert.equal(status, 200);
  const documents = Map.groupBy(json.keys, ({ document }) => document);
  assert.deepEqual([...documents.keys()], ["000", "001", "002", "observed", "003 section 2.5", "003 section 3.2", "003 section 6.6", "004", "cashfree", "setu", "gateway"]);
  assert.deepEqual([documents.get("000").length, documents.get("001").length], [18, 44]);
  assert.deepEqual(documents.get("003 section 3.2").map(({ key, outcome, action }) => [key, outcome, action]), [
    ["FULL_MATCH", "verified", "proceed"], ["PARTIAL_MATCH", "verified", "review"], ["POOR_PARTIAL_MATCH", "verified", "review"], ["NO_MATCH", "negative", "reject"],
  ]);
  assert.deepEqual(documents.get("003 section 2.5").map(({ key }) => key).sort(), ["D", "E", "EA", "ED", "F", "N", "X"]);
  const unexplained = documents.get("observed").filter(({ answers_with: key }) => key === "failure_pan_unknown_status").map(({ key }) => key);
  assert.deepEqual(unexplained.sort(), ["EC", "EI", "EL", "EM", "EP", "ES", "EU"]);
  for (const row of json.keys) {
    assert.deepEqual(Object.keys(row).sort(), [...FIELDS].sort());
    assert.ok(row.message.length > 0 || row.document.startsWith("003"), row.key);
    assert.ok(["caller", "customer", "operator", "vendor", "us"].includes(row.owner), row.key);
    assert.ok(["read", "lookup", "caller", "never"].includes(row.retry), row.key);
    const money = { "001": ["moved", "no", "unknown"], "003 section 3.2": ["moved"], cashfree: ["moved", "no", "unknown", null] };
    assert.ok((money[row.document] ?? [null]).includes(row.money), row.key);
  }
});

test("every key of the catalogue has an entry with exactly its rows", async () => {
  const { keys } = (await send(gateway.url, "/v1/keys")).json;
  for (const [key, rows] of Map.groupBy(keys, (row) => row.key)) {
    const { status, json } = await send(gateway.url, `/v1/keys/${encodeURIComponent(key)}`);
    assert.deepEqual([status, json], [200, { key, rows }]);
  }
});

test("error_validation_blocked has four rows, for its four messages", async () => {
  const { rows } = (await send(gateway.url, "/v1/keys/error_validation_blocked")).json;
  assert.equal(new Set(rows.map(({ message }) => message)).size, 4);
  assert.deepEqual(rows.map(({ action }) => action).sort(), ["reject", "reject", "retry", "retry"]);
});

test("the key of a field's fault that no document names has an entry too", async () => {
  for (const key of ["error_id_number_format", "error_purpose_empty", "error_dob_value", "error_ifsc_length", "error_account_number_length", "error_beneficiary_details_type", "error_transfer_amount_value", "error_consent_record_type"]) {
    const { status, json } = await send(gateway.url, `/v1/keys/${key}`);
    assert.deepEqual([status, json?.key, json?.rows?.[0].status, json?.rows?.[0].owner], [200, key, 400, "caller"], key);
  }
});

test("an unknown key is a 404 of its own", async () => {
  for (const key of ["error_no_such_key", "success", "error_nothing_format", "__proto__", "%00", "a b", "x".repeat(5000)]) {
    const { status, json } = await send(gateway.url, `/v1/keys/${encodeURIComponent(key)}`);
    assert.deepEqual([status, json.key], [404, "error_key_not_found"], key.slice(0, 40));
  }
});

test("the type of a problem leads to its entry, with the status of the answer", async () => {
  const pan = { reference_id: "TYPES", document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC" };
  const account = { reference_id: "TYPES", mobile_number: "9876543210" };
  const problems = await Promise.all([
    post(gateway.url, "/v1/pan/verify", { ...pan, id_number: "ABCPE" }),
    post(gateway.url, "/v1/pan/verify", { ...pan, id_number: "ABCDE1234F", dob: "1/1/2000", purpose: "", consent_record: 7 }),
    post(gateway.url, "/v1/pan/verify", { ...pan, consent: false }),
    post(gateway.url, "/v1/pan/verify", { ...pan, document_type: "PASSPORT" }),
    post(gateway.url, "/v1/pan/verify", "{"),
    post(gateway.url, "/v1/pan/verify", pan, { authorization: null }),
    post(gateway.url, "/v1/pan/verify", pan, { "content-type": "text/plain" }),
    post(gateway.url, "/v1/pan/verify", pan),
    post(gateway.url, "/v1/mobile/account", { ...account, mobile_number: 9876543210 }),
    post(gateway.url, "/v1/mobile/account", { ...account, reference_id: "#" }),
    post(gateway.url, "/v1/mobile/account", { ...account, is_consent_granted: null }),
    get(gateway.url, "/v1/mobile/account"),
    get(gateway.url, "/v1/checks/NO_SUCH_CHECK"),
    get(gateway.url, "/v1/ifsc/SBIN"),
    get(gateway.url, "/v1/nothing"),
    post(gateway.url, "/v1/validate", " ".repeat(256 * 1024 + 1)),
  ]);
  const statuses = new Set();
  for (const { status, json, headers } of problems) {
    assert.equal(headers["content-type"], "application/problem+json");
    assert.equal(json.type, `/v1/keys/${json.key}`);
    for (const key of [json.key, ...json.errors.map((error) => error.key)]) {
      const entry = await send(gateway.url, `/v1/keys/${key}`);
      assert.equal(entry.status, 200, key);
      if (key === json.key) assert.ok(entry.json.rows.some((row) => row.status === status), `${key} ${status}`);
    }
    statuses.add(status);
  }
  assert.deepEqual([...statuses].sort(), [400, 401, 404, 405, 413, 415, 503]);
});
