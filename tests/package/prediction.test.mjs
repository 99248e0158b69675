// `validateRequest` predicts the vendor: what a vendor refuses for its input the package refuses first, under the same key; what the package
// accepts no vendor refuses for its input. The vendors are the sandbox's: natively by the thousands, and some over sockets.
// TORAN_PREDICTION_ACCEPTED asks that many accepted bodies of each operation, TORAN_PREDICTION_SEED others.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { startSandbox } from "../edge/harness.mjs";
import { PACKAGE } from "./consumer.mjs";
import { draws, OPERATIONS, request } from "./inputs.mjs";
import { startNative } from "./native.mjs";

/** Over 10,000 of all of them. */
const ACCEPTED = Number(process.env.TORAN_PREDICTION_ACCEPTED ?? 1_112);
const SEED = Number(process.env.TORAN_PREDICTION_SEED ?? 20_261_121);
/** So many of each operation's go over sockets. */
const SENT = 20;

/** The documents with a table of input keys: their operation, and a body that is sound. */
const TABLES = {
  "000": ["customer.prefill", { reference_id: "PREDICT_0001", consent: true, consent_purpose: "Onboarding", name: "Rahul Sharma", mobile: "9876543210" }],
  "001": ["mobile.account", { reference_id: "PREDICT_0001", mobile_number: "9876543210", fetch_branch_details: false, is_consent_granted: true }],
};

let toran, native, sandbox;

before(async () => {
  toran = await import(pathToFileURL(`${PACKAGE}/index.js`).href);
  native = startNative();
  sandbox = await startSandbox();
});
after(() => Promise.all([native?.stop(), sandbox?.stop()]));

/** Posts what the gateway would send, or what became of it, to the vendor in the sandbox, which remembers nothing; the key or code of the answer. */
async function post({ url, headers, body }) {
  await sandbox.reset();
  const answer = await fetch(sandbox.url + new URL(url).pathname, { method: "POST", headers: { "content-type": "application/json", ...headers }, body });
  await answer.arrayBuffer();
  return (await sandbox.calls()).at(-1).key;
}

/** What the gateway would send for a table's sound body, with another body: the caller's own, and what only the gateway adds. */
async function straight(document) {
  const [operation, body] = TABLES[document];
  const { sent } = await native.tell("vendor", operation, JSON.stringify(body));
  const { consumer_urn } = JSON.parse(sent.body);
  const with_ours = (body) => (Array.isArray(body) ? body : { ...body, ...(consumer_urn && { consumer_urn }) });
  return (body) => ({ ...sent, body: JSON.stringify(with_ours(body)) });
}

/** What neither document says, but only the contract (sections 2.4 and 5); who is refused for it is not compared. */
function isOurs({ body, vendor, package: own }) {
  // Fields that nobody knows are refused alone; what document 000 has no key for is named by its field.
  if (own === "error_malformed_request" || vendor === "error_malformed_request") return true;
  // A document that is named stands for the number, sound or not.
  if (vendor === "error_empty_mobile" && ("document_type" in body || "id_number" in body)) return true;
  // More characters are refused in `reference_id`.
  return own === "error_unsanitized_values" && vendor !== own && /[^\w-]/.test(body.reference_id);
}

for (const [document, [operation]] of Object.entries(TABLES)) {
  test(`for every input key of document ${document} what the vendor refuses under it the package refuses first, under it`, async () => {
    const made = await straight(document);
    const scenarios = await (await fetch(`${sandbox.url}/_sandbox/scenarios`)).json();
    const covering = scenarios.filter(({ id, covers }) => id.startsWith(`${operation}.input.`) && covers?.document === document);
    assert.deepEqual(covering.map(({ covers }) => covers.key).sort(), (await native.tell("inputKeys", document)).sort());
    for (const { covers, request } of covering) {
      // A vendor takes fields that it does not know; what is no object is malformed to both.
      const body = covers.key === "error_malformed_request" ? [request] : request;
      assert.equal(await post(made(body)), covers.key);
      assert.deepEqual([toran.validateRequest(operation, body).ok, toran.validateRequest(operation, body).key], [false, covers.key]);
    }
  });

  test(`of a body with several faults the package names first what document ${document}'s vendor names`, async (context) => {
    const made = await straight(document);
    const own = OPERATIONS.find((known) => known.operation === operation);
    const draw = draws(SEED);
    const bodies = Array.from({ length: 4 * ACCEPTED }, () => request(draw, own).body);
    const keys = (await native.ask(bodies.map((body) => ["post", operation, made(body)]))).map((line) => JSON.parse(line));
    const inputs = new Set(await native.tell("inputKeys", document));
    const refused = bodies.map((body, index) => ({ body, vendor: keys[index], package: toran.validateRequest(operation, body).key }));
    const comparable = refused.filter((each) => inputs.has(each.vendor) && !isOurs(each));
    context.diagnostic(`${comparable.length} of ${bodies.length} are refused for what both know`);
    inputs.delete("error_malformed_request");
    assert.deepEqual(new Set(comparable.map(({ vendor }) => vendor)), inputs);
    assert.deepEqual(comparable.filter((each) => each.vendor !== each.package).slice(0, 3), [], `seed ${SEED}`);
  });
}

// Nobody's masked number ends so: the sandbox answers these with the rows of the documents' tables.
const isTables = (body) => /8\d{3}\$?\s*$/.test(body.ckyc_id ?? "");

for (const own of OPERATIONS) {
  const { operation } = own;
  test(`no vendor refuses for its input what is accepted of ${operation}`, async (context) => {
    const draw = draws(SEED);
    const accepted = [];
    let drawn = 0;
    for (; accepted.length < ACCEPTED && drawn < 5 * ACCEPTED; drawn += 1) {
      const { body } = request(draw, own);
      if (toran.validateRequest(operation, body).ok && !isTables(body)) accepted.push(JSON.stringify(body));
    }
    context.diagnostic(`${accepted.length} of ${drawn} accepted`);
    assert.equal(accepted.length, ACCEPTED, "the draws are near what is sound");
    const answers = (await native.ask(accepted.map((body) => ["vendor", operation, body]))).map((line) => JSON.parse(line));
    const refused = answers.map((answer, index) => ({ body: accepted[index], ...answer })).filter((answer) => !isAnswered(answer));
    assert.deepEqual(refused.slice(0, 3), [], `seed ${SEED}`);
    for (const { sent, vendor_key } of answers.slice(0, SENT)) assert.equal(await post(sent), vendor_key);
  });
}

/** The vendor looked at the subject: it said yes, or that name and date, or the authentication factor, are another's. */
function isAnswered({ reading, finding }) {
  // A payment link has no subject yet.
  if (reading === "offered") return true;
  return reading === "final" && (finding.outcome === "verified" || ["failure_pan_mismatch", "failure_ckyc_invalid"].includes(finding.key));
}
