// Every row of the documents' tables through the real Worker. The rows come from the gateway's catalogue, what to send from
// the sandbox's scenarios: a row without a scenario fails, and a scenario that only claims its row fails too.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually, get, post, send, settled, startGateway, startSandbox } from "./harness.mjs";
import { placeOf } from "./state.mjs";

// Document 003 section 2.6: the fourth letter of a PAN.
const CATEGORIES = {
  P: "Individual", C: "Company", H: "HUF", F: "Firm", A: "AOP", T: "Trust", B: "BOI", L: "Local Authority", J: "Artificial Juridical Person",
  G: "Government",
};
// How many rows the documents' tables have, and the keys of the short ones (003 sections 2.5 and 6.6).
const TABLES = {
  "000": {
    rows: 18,
    keys: [
      "success_customer_data_pull", "error_decentro_error", "error_provider_error", "error_empty_module_secret", "error_invalid_module_secret", "error_empty_consent",
      "error_invalid_consent", "error_false_consent", "error_malformed_request", "error_unsanitized_values", "error_empty_name", "error_duplicate_reference_id",
      "error_module_credits_exhausted", "error_unauthorized_module", "error_no_subscription_found", "error_empty_mobile", "error_unauthorized_provider",
      "error_unexpected_response",
    ],
  },
  "001": { rows: 44, keys: ["error_malformed_request", "error_branch_details_not_found"] },
  "002": {
    rows: 28,
    keys: [
      "00", "1001", "1031", "1032", "1034", "1052", "1054", "1055", "1056", "1088", "1092", "1093", "1237", "1248", "1263", "1264", "1275", "1302",
      "1303", "1304", "1307", "1320", "1500", "1501", "1503", "1510", "1511", "5000",
    ].map((code) => `wibmo_${code}`),
  },
  "003 section 2.5": { rows: 7, keys: ["E", "F", "X", "D", "N", "EA", "ED"] },
  "003 section 3.2": { rows: 4, keys: ["FULL_MATCH", "PARTIAL_MATCH", "POOR_PARTIAL_MATCH", "NO_MATCH"] },
  "003 section 6.6": {
    rows: 15,
    keys: ["200", "400", "401", "404", "422", "429", "500", "503", "S00000", "E00001", "E00002", "E00003", "E00004", "E00005", "E00006"],
  },
  "004": { rows: 8, keys: ["iserveu_0", "iserveu_1", "iserveu_2", "iserveu_3", "iserveu_-1", "iserveu_4"] },
  cashfree: { rows: 46, keys: ["ip_validation_failed", "ACCOUNT_IS_VALID", "EXPIRED", "409"] },
  setu: { rows: 13, keys: ["BAV_REVERSE_PENNY_DROP_PAYMENT_SUCCESSFUL", "BAV_REVERSE_PENNY_DROP_EXPIRED", "503"] },
};
// The negative answers that come with data (docs/CONTRACT.md section 6).
const NEGATIVE_WITH_DATA = ["failure_pan_mismatch", "iserveu_1", "iserveu_3"];
// How the vendors that are asked before another one refuse us, in its scenarios.
const REFUSED = 401;
const CIPHER = ["encrypt", "decrypt"];
const VARS = {
  ATTEMPT_MS: "20000", PAN_VERIFY_WAIT_MS: "50000", BANK_VERIFY_WAIT_MS: "4000", MOBILE_ACCOUNT_WAIT_MS: "900",
  RETRIES_MS: "20,40,60", LOOKUPS_MS: "60,120,240,480", LOOKUP_EVERY_MS: "500",
};

let sandbox, gateway, scenarios, catalogue;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: VARS, secondVendor: true });
  scenarios = (await send(sandbox.url, "/_sandbox/scenarios")).json;
  catalogue = (await get(gateway.url, "/v1/keys")).json.keys;
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

const rowsOf = (document) => catalogue.filter((row) => row.document === document);
const name = ({ document, key, message }) => `${document}: ${key}: ${message}`;
const alerts = (from, operation) => {
  const lines = gateway.logs().slice(from).filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  return lines.filter((line) => line.level === "alert" && line.operation === operation);
};

/** Plays a scenario to its end, also where the caller's wait ends before. `calls` are the vendor's for the answer that counts, `money` the rupees that it moved. */
async function play({ operation, route, request, setup = [], repeat = 1, poll, expect }) {
  for (const fault of setup) assert.equal((await sandbox.fault(fault)).status, 200, "the sandbox takes the fault");
  let answer, seen, logged;
  for (let turn = 1; turn <= repeat; turn += 1) {
    seen = (await sandbox.calls()).length;
    logged = gateway.logs().length;
    const body = turn === 1 ? request : { ...request, reference_id: `${request.reference_id}_${turn}` };
    answer = await post(gateway.url, route, body);
    if (turn === repeat && answer.status === 202 && (poll || expect.status !== 202)) answer = await settled(gateway.url, body.reference_id);
  }
  // Other operations are played at the same time, and checks that nothing can settle go on being looked up: a check's own calls have its place in
  // their wire references. What is refused reaches the vendor under no name at all.
  const place = placeOf(String(request.reference_id).trim() + (repeat > 1 ? `_${repeat}` : ""));
  const family = ({ operation: other }) => other.split(".")[0] === operation.split(".")[0];
  const fresh = (await sandbox.calls()).slice(seen);
  const ours = ({ wire_reference }) => wire_reference?.startsWith(place);
  // What a vendor's own cipher was asked to do is no call about anybody.
  const calls = fresh.filter(answer.status === 400 ? (call) => family(call) && call.kind === "post" : ours).filter(({ kind }) => !CIPHER.includes(kind));
  return { answer, logged, calls, money: (await sandbox.money()).filter(ours) };
}

/** Whether a rupee has to have moved: a bank tells its customer's name, also another's, with the credit. */
function isPaid({ operation, request }, { outcome, record }) {
  if (operation === "mobile.account") return outcome === "verified";
  return request.validation_type !== "penniless" && /^success$/i.test(record?.bank_verify_status ?? "");
}

function compare(scenario, { answer, calls, money }) {
  const { id, operation, expect } = scenario;
  const { status, json } = answer;
  assert.deepEqual(
    { status, outcome: json.outcome ?? null, key: json.key, vendor_key: calls.at(-1)?.key ?? null },
    { status: expect.status, outcome: expect.outcome, key: expect.key, vendor_key: expect.vendor_key },
    `${id}: ${answer.text}`,
  );
  // Document 003 sections 2.5, 3.2 and 8: whoever may not go on is told what to do.
  if (json.outcome === undefined) assert.match(json.detail, /\.$/, answer.text);
  else if (["review", "reject", "retry"].includes(json.action)) assert.ok(json.notes.some(({ message }) => /[.]$/.test(message)), answer.text);
  if (expect.data_key) assert.equal(json.data.branch_details.branch_verification_response_key, expect.data_key);
  if (json.outcome) assert.equal(json.operation, operation);
  // Of an account that was refused, what the vendor said of it (document 003 section 3.1).
  const told = Object.keys(json.data ?? {}).filter((field) => !["transaction_status", "account_status", "failure_reason"].includes(field));
  if (json.outcome !== "verified" && !NEGATIVE_WITH_DATA.includes(json.key)) assert.deepEqual(told, [], "other data only with a yes");
  if (operation === "mobile.account" || operation === "bank.verify") {
    const isRead = scenario.request.validation_type === "penniless";
    const sent = calls.filter((call) => call.kind === "post" && call.status !== REFUSED);
    assert.ok(isRead || sent.length <= 1, "money is sent once");
    assert.equal(money.length, isPaid(scenario, json) ? 1 : 0, "a rupee moved exactly if the answer says so");
  }
}

// The row that a scenario says it covers is the one that was seen: by key and, where the answer shows it, by message and action.
function compareWithRow({ covers, expect }, { answer: { json }, calls }) {
  const row = catalogue.find((entry) => name(entry) === name(covers));
  assert.ok(row, `the catalogue has ${name(covers)}`);
  const seen = [json.key, calls.at(-1)?.key, expect.data_key, json.record?.pan_verify_status, json.record?.bank_verify_name_match_result, ...calls.map((call) => call.key)];
  seen.push(...calls.map((call) => String(call.status)).filter((status) => status !== "200"));
  seen.push(...calls.map((call) => `${call.vendor}_${call.key}`));
  if (row.key === "200") seen.push(String(calls.at(-1).status));
  assert.ok(seen.includes(row.key), `${row.key} is none of ${seen}`);
  if (row.document !== "001" || json.key !== row.key) return;
  assert.equal(json.title ?? json.message, messageOf(row, expect));
  if (json.outcome === "negative") assert.equal(json.action, /retry|try again/.test(row.message) ? "retry" : "reject");
  if (json.outcome === "failed") assert.equal(json.action, "retry");
  if (json.outcome === "verified") assert.equal(json.action, "proceed");
}

// Two of the document's messages have a gap. The gateway fills in its own; of what the vendor says it leaves out the sentence with the gap.
function messageOf({ message }, { vendor_key }) {
  const named = message.replace("<key_name>", "reference_id");
  return vendor_key ? named.replace(" Limit is hits per .", "") : named.replace("hits per .", "3 hits per minute.");
}

/** The alerts of the vendors that refused us before the one of the scenario was asked. */
const detours = ({ setup = [] }) => setup.filter(({ fault, status }) => fault === "status" && status === REFUSED).length;

async function compareAlert(scenario, { logged, calls }) {
  const { operation, expect } = scenario;
  const vendorKey = expect.vendor_key ?? `http_${calls.at(-1).status}`;
  const wanted = { level: "alert", event: "vendor_rejected_us", vendor: calls.at(-1).vendor, operation, vendor_key: vendorKey };
  const count = detours(scenario) + 1;
  const seen = await eventually("an alert", () => alerts(logged, operation).length >= count && alerts(logged, operation));
  assert.equal(seen.length, count, `one alert a refusal: ${JSON.stringify(seen)}`);
  assert.deepEqual(Object.fromEntries(Object.keys(wanted).map((field) => [field, seen.at(-1)[field]])), wanted);
}

// An upload goes on by itself, so the operator hears of a refusal although it passes, and of every record that waits for a person.
async function compareAlertsOfUpload({ operation, covers, expect }, { logged }) {
  const row = covers && catalogue.find((entry) => name(entry) === name(covers));
  const wanted = [row?.owner === "operator" && "vendor_rejected_us", expect.key === "pending_review" && "check_needs_review"].filter(Boolean);
  const heard = () => alerts(logged, operation).map(({ event }) => event);
  await eventually("the alerts", () => wanted.every((event) => heard().includes(event)));
  if (wanted.length === 0) assert.deepEqual(heard(), [], "no alert");
}

test("the catalogue has the documents' tables", () => {
  for (const [document, { rows, keys }] of Object.entries(TABLES)) {
    const known = rowsOf(document);
    assert.ok(known.length >= rows, `${document}: ${known.length} rows`);
    assert.equal(new Set(known.map(name)).size, known.length, "no row twice");
    for (const key of keys) assert.ok(known.some((row) => row.key === key), `${document}: ${key}`);
  }
  assert.equal(rowsOf("001").length, TABLES["001"].rows);
  assert.equal(rowsOf("001").filter((row) => row.key === "error_validation_blocked").length, 4);
});

test("every row, by key and message, has a scenario", () => {
  const covered = new Set(scenarios.filter((scenario) => scenario.covers).map((scenario) => name(scenario.covers)));
  const missing = Object.keys(TABLES).flatMap(rowsOf).map(name).filter((row) => !covered.has(row));
  assert.deepEqual(missing, []);
});

test("every input row of documents 000 and 001 has a scenario that the gateway refuses by itself", () => {
  const refused = scenarios.filter(({ covers, expect }) => covers && expect.status === 400).map((scenario) => name(scenario.covers));
  const input = (document) => rowsOf(document).filter((row) => row.owner === "caller" && row.status === 400);
  assert.deepEqual([input("000").length, input("001").length], [7, 11]);
  assert.deepEqual([...input("000"), ...input("001")].map(name).filter((row) => !refused.includes(row)), []);
});

async function endsAsItSays(scenario) {
  const played = await play(scenario);
  compare(scenario, played);
  if (scenario.covers) compareWithRow(scenario, played);
  if (scenario.expect.status === 400) assert.deepEqual(played.calls, [], "nothing reaches the vendor");
  if (scenario.expect.key === "error_service_unavailable") await compareAlert(scenario, played);
  else if (scenario.operation === "ckyc.upload") await compareAlertsOfUpload(scenario, played);
  else assert.equal(alerts(played.logged, scenario.operation).length, detours(scenario), "no alert but of who refused us before");
}

test("every scenario ends as it says", { concurrency: 9 }, async (t) => {
  assert.ok(scenarios.length > 100);
  assert.equal(new Set(scenarios.map((scenario) => scenario.id)).size, scenarios.length);
  // The faults of one family of operations would meet each other, those of several do not: the lookups of an upload are searches and downloads.
  const families = Map.groupBy(scenarios, ({ operation }) => operation.split(".")[0]);
  const played = [...families].map(([family, own]) =>
    t.test(family, async (t) => {
      for (const scenario of own) await t.test(scenario.id, () => endsAsItSays(scenario));
    }),
  );
  await Promise.all(played);
});

test("prepaid.customer ends alike where the vendor's own endpoints encrypt and decrypt", async (t) => {
  const usual = gateway;
  await sandbox.reset();
  gateway = await startGateway({ sandbox, vars: { ...VARS, WIBMO_AES_KEY: "", WIBMO_CIPHER_URL: `${sandbox.url}/wibmo/api/v2` } });
  try {
    const again = (await send(sandbox.url, "/_sandbox/scenarios")).json.filter(({ operation }) => operation === "prepaid.customer");
    assert.ok(again.length > 70);
    for (const scenario of again) await t.test(scenario.id, () => endsAsItSays(scenario));
    const kinds = (await sandbox.calls()).map(({ kind }) => kind);
    for (const kind of CIPHER) assert.ok(kinds.includes(kind), `the ${kind} endpoint was asked`);
  } finally {
    await gateway.stop();
    gateway = usual;
  }
});

test("each of the ten holder categories goes where it belongs", async (t) => {
  for (const [letter, category] of Object.entries(CATEGORIES)) {
    await t.test(`${letter}: ${category}`, async () => {
      const held = ({ operation, request, expect }) => operation === "pan.verify" && expect.key === "success_pan" && request.id_number[3] === letter;
      const scenario = scenarios.find(held);
      assert.ok(scenario, "has a scenario");
      const { json } = await post(gateway.url, scenario.route, { ...scenario.request, reference_id: `CATEGORY_${letter}` });
      assert.equal(json.outcome, "verified");
      assert.match(json.record.pan_verify_category, new RegExp(`^${category}`, "i"));
      assert.equal(json.action, letter === "P" ? "proceed" : "review");
      assert.deepEqual(json.notes.map((note) => note.code), letter === "P" ? [] : ["non_individual"]);
    });
  }
});
