// Personal data is planted through every path, good and bad, and then searched for, in every byte the gateway left behind:
// logs, the local state directory, addresses, wire references, names of objects and of KV keys, and what an endpoint was told. Nothing may lie there in clear
// (docs/STORAGE.md). The caller's own reference_id is no secret; the local runtime's access lines show request paths.
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { DatabaseSync } from "node:sqlite";
import { browser, eventually, get, post, send, settled, startGateway, startSandbox } from "./harness.mjs";
import { endpoint } from "./endpoints.mjs";
import { startReceiver } from "./receiver.mjs";
import { files, placeOf, opened } from "./state.mjs";
import { bank } from "./subject.mjs";

const VARS = { ATTEMPT_MS: "1500", WAIT_MS: "400", RETRIES_MS: "50,100,150", LOOKUPS_MS: "150,400,900", LOOKUP_EVERY_MS: "500" };
const ACCOUNT = "/v1/mobile/account";
const PAN = "/v1/pan/verify";
const BANK = "/v1/bank-accounts/verify";
const SEARCH = "/v1/ckyc/search";
const DOWNLOAD = "/v1/ckyc/download";
const PREFILL = "/v1/customers/prefill";

// What callers send. The vendor's answers add the rest.
const CANARIES = {
  PAN: "CANPA7391K", "second PAN": "QZXPV4827W", mobile: "9137264859", "second mobile": "8264913750", "pending mobile": "9811000001",
  name: "Quillon Zebrawood", dob: "23/11/1987", purpose: "Canary purpose Xylograph 7731", "bad PAN": "CANPA739K1", "bad mobile": "5137264859",
  "consent channel": "Kiosk-Vexillology-19", "unknown value": "Wyvern-Quixotry-88", "unknown field": "cc_9137264860", "consumer urn": "URNOFSOMEBODYELSE77",
  "bad name": "Zorblax <b>7</b>", aadhaar: "739182645015", "bad aadhaar": "628407193580", "driving licence": "QZ-42/1987/0073911", "CKYC PAN": "CANPB7391K",
  passport: "Z7391846", composite: "7391|Quillon Zebrawood|23-11-1987|T", KIN: "91738264507391", factor: "5600171987", "Aadhaar from the vendor": "234123412346",
  account: "770914826351", "second account": "0086427519304", holder: "Thaddeus Quimbleworth", "bad account": "7709148263X1",
  "bank purpose": "Canary narration Zymurgy 4418", latlong: "12.971637,77.594561", address: "198.51.100.77", "uploaded PAN": "CANPU7391K",
  home: "77 Quokka Crescent", document: Buffer.from("A picture of nobody, Xanthic 6173!!").toString("base64"),
};
// What the vendor forgets to mask about this mobile number (docs/SANDBOX.md): nobody may see it, not even who has the keys.
const FORGETFUL = "9861000020";
const UNMASKED = { "vendor's aadhaar": "234123412346", "vendor's aadhaar in groups": "9999 4105 7058", "vendor's aadhaar as a number": "999971658847", "vendor's aadhaar in an address": "2341-2341-2346" };

let sandbox, gateway, receiver;
let count = 0;
const canaries = new Map(Object.entries({ ...CANARIES, ...UNMASKED }));
const problems = [];

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: VARS });
  receiver = await startReceiver();
  await endpoint(gateway, receiver.url);
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
  await receiver?.stop();
});

const reference = () => `STEP_${(count += 1)}`;
const account = (mobile_number, more) => ({ reference_id: reference(), mobile_number, fetch_branch_details: true, is_consent_granted: true, ...more });
const pan = (id_number, more) => ({ reference_id: reference(), document_type: "PAN_DETAILED", id_number, consent: "Y", purpose: CANARIES.purpose, ...more });
const prefill = (more) => ({ reference_id: reference(), consent: true, consent_purpose: CANARIES.purpose, name: CANARIES.name, ...more });
const byAadhaar = (more) => prefill({ document_type: "Aadhaar", id_number: CANARIES.aadhaar, ...more });

const bankOf = (account_number, more) => ({
  reference_id: reference(), ...bank(account_number), purpose_message: CANARIES["bank purpose"],
  beneficiary_details: { account_number, ifsc: "SBIN0001077", name: CANARIES.holder, ...more },
});
const search = (document_type, id_number) => ({ reference_id: reference(), document_type, id_number, consent: true, consent_purpose: CANARIES.purpose });
const download = (ckyc_id, more) => ({ reference_id: reference(), ckyc_id, consent: true, consent_purpose: CANARIES.purpose, ...more });

async function plant(route, body, headers) {
  const answer = await post(gateway.url, route, body, headers);
  if (answer.status >= 400) problems.push(answer.text);
  return answer;
}

// --- The search ---

const PERSONAL = [
  "account_number", "address", "bank_reference_number", "card_number", "customer_id", "bank_verify_name_at_bank", "bank_verify_utr", "beneficiary_name", "date_of_birth", "dob", "email",
  "email_address", "father_name", "fathers_full_name", "full_name", "id_number", "line1", "mobile", "mothers_full_name", "name", "name_as_per_bank", "number",
  "pan_verify_name", "photo", "signature", "upi_vpa", "utr",
];

/** Every field at any depth that holds a text, with where it stands. */
function texts(value, place = "") {
  if (typeof value === "string") return [[place, value]];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([field, inner]) => texts(inner, `${place} ${field}`));
}

/** Takes what an answer tells of a person as canaries, at any depth. */
function learn({ json }) {
  for (const [place, value] of texts({ ...json.data, ...json.record })) {
    // Shorter ones are everywhere.
    if (PERSONAL.includes(place.split(" ").at(-1)) && value.length >= 6) canaries.set(`${json.operation}${place} of ${json.reference_id}`, value);
  }
}

/** The forms in which a text may lie about: as it is in any case, in UTF-16, hex, percent signs, and base64 at each offset. */
function forms(text) {
  const lower = text.toLowerCase();
  const bytes = Buffer.from(text);
  // All letters of base64 that the text alone decides, and not fewer: four of them stand in a megabyte of sealed text by chance.
  const inner = [0, 1, 2].map((offset) => {
    const base64 = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    return base64.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });
  const base64 = inner.flatMap((part) => [part, part.replaceAll("+", "-").replaceAll("/", "_")]);
  const exact = [Buffer.from(text, "utf16le"), Buffer.from(lower, "utf16le"), Buffer.from(text.toUpperCase(), "utf16le"), ...base64.map((part) => Buffer.from(part))];
  const folded = [lower, encodeURIComponent(lower).toLowerCase(), lower.replaceAll("/", "\\/"), lower.replaceAll(" ", "+"), bytes.toString("hex")];
  return { exact, folded: [...new Set(folded)].map((part) => Buffer.from(part)) };
}

/** The canaries found in `[place, bytes]`, as texts; empty is well. */
function found(places) {
  const wanted = [...canaries].map(([name, text]) => [name, forms(text)]);
  return places.flatMap(([place, bytes]) => {
    const folded = Buffer.from(bytes.toString("latin1").toLowerCase(), "latin1");
    const isIn = ({ exact, folded: parts }) => exact.some((part) => bytes.includes(part)) || parts.some((part) => folded.includes(part));
    return wanted.filter(([, form]) => isIn(form)).map(([name]) => `${name} in ${basename(place)}`);
  });
}

const lines = (name, list) => [name, Buffer.from(list.join("\n"))];
const leftBehind = () => files(dirname(gateway.state)).filter(([path]) => !/worker\/|www\/|wrangler\.toml$/.test(path));

async function everything() {
  const calls = await sandbox.calls();
  return [
    lines("the gateway's log", gateway.logs()),
    lines("the sandbox's log", sandbox.logs()),
    lines("the vendor's list of calls", calls.map((call) => JSON.stringify(call))),
    lines("what an endpoint was told", receiver.received.map((delivery) => JSON.stringify(delivery))),
    lines("the names of files", leftBehind().map(([path]) => path)),
    ...leftBehind(),
  ];
}

// --- The planting ---

test("verified answers, to a server and to a browser", async () => {
  learn(await plant(ACCOUNT, account(CANARIES.mobile, { consumer_urn: CANARIES["consumer urn"], consent_record: { channel: CANARIES["consent channel"] } })));
  learn(await plant(PAN, pan(CANARIES.PAN)));
  learn(await plant(PAN, pan(CANARIES["second PAN"])));
  learn(await plant(BANK, bankOf(CANARIES.account)));
  learn(await plant(BANK, { ...bankOf(CANARIES["second account"]), validation_type: "penniless" }));
  assert.equal((await plant(BANK, bankOf("9610000005"))).json.key, "failure_bank_account_no_match");
  const session = await browser(gateway.url);
  assert.equal((await plant(BANK, bankOf(CANARIES.account), session)).json.outcome, "verified");
  assert.equal((await plant(PAN, pan(CANARIES.PAN), session)).json.outcome, "verified");
  for (const [route, body] of [["/v1/otp", {}], ["/v1/otp/verify", { code: "000000" }], ["/v1/otp/verify", { code: CANARIES.mobile }]]) {
    await plant(route, { mobile_number: CANARIES.mobile, ...body }, session);
  }
  const compared = await plant(PAN, pan(CANARIES.PAN, { document_type: "PAN_COMPARE", name: CANARIES.name, dob: CANARIES.dob }));
  assert.equal(compared.json.key, "failure_pan_mismatch");
  assert.ok(canaries.size >= Object.keys(CANARIES).length + 10, [...canaries.keys()].join());
});

test("an Aadhaar number goes to the vendor and is in no answer, whoever reads it; one that the vendor sends is in none either", async () => {
  const session = await browser(gateway.url, { operations: ["customer.prefill"], verified: FORGETFUL });
  for (const headers of [{}, session]) {
    const asked = await plant(PREFILL, byAadhaar(), headers);
    assert.deepEqual([asked.status, asked.json.outcome], [200, "verified"], asked.text);
    const told = await plant(PREFILL, prefill({ mobile: FORGETFUL }), headers);
    assert.equal(told.json.outcome, "verified", told.text);
    const shown = told.json.data.identity_info.aadhaar_number.map((number) => number.id_number);
    assert.deepEqual(shown, ["XXXX XXXX 2346", "XXXX XXXX 7058", "XXXX XXXX 8847", "XXXX XXXX 9012"]);
    for (const number of [CANARIES.aadhaar, ...Object.values(UNMASKED)]) {
      assert.ok(!asked.text.includes(number) && !told.text.includes(number), number);
      for (const seen of [asked, told]) assert.ok(!(await get(gateway.url, `/v1/checks/${seen.json.reference_id}`, headers)).text.includes(number));
    }
    if (headers !== session) [asked, told].forEach(learn);
  }
  await plant(PREFILL, prefill({ document_type: "Driving_License", id_number: CANARIES["driving licence"] }));
});

test("CKYC records, found by every kind of number and downloaded", async () => {
  const found = await plant(SEARCH, search("PAN", CANARIES["CKYC PAN"]));
  learn(found);
  const factors = [{}, { auth_factor_type: 2, auth_factor: CANARIES.factor }];
  for (const factor of factors) learn(await plant(DOWNLOAD, download(found.json.data.ckyc_id, factor)));
  for (const [type, number] of [["Passport", CANARIES.passport], ["Aadhaar", CANARIES.composite], ["KIN", CANARIES.KIN]]) {
    const { json } = await plant(SEARCH, search(type, number));
    assert.equal(json.key, "success_ckyc_search");
    learn({ json });
  }
  learn(await plant(DOWNLOAD, download(CANARIES.KIN)));
  const session = await browser(gateway.url);
  const shown = await plant(DOWNLOAD, download(CANARIES.KIN), session);
  assert.deepEqual([shown.json.data.ckyc_id, shown.json.data.photo], ["$XXXX7391$", "XXXXXX"]);
  for (const [route, body] of [[SEARCH, search("PAN", "AAAPD0006A")], [DOWNLOAD, download("$XXXX8205$")]]) {
    const { text, json } = await plant(route, body);
    assert.deepEqual([json.outcome, text.includes(CANARIES["Aadhaar from the vendor"])], ["verified", false], "a full Aadhaar number is not told");
  }
  assert.ok([...canaries.keys()].filter((name) => /^ckyc/.test(name)).length >= 20, [...canaries.keys()].join());
});

test("prepaid customers, remitters, and a record on its way to the registry", async () => {
  learn(await plant("/v1/prepaid/customer", { reference_id: reference(), mobile: CANARIES.mobile }));
  learn(await plant("/v1/dmt/customer", { reference_id: reference(), mobile_number: CANARIES.mobile, latlong: CANARIES.latlong, public_ip: CANARIES.address }));
  const sample = (await send(sandbox.url, "/_sandbox/scenarios")).json.find(({ id }) => id === "ckyc.upload.http.200").request;
  const record = {
    ...sample, reference_id: reference(), ids: [{ id_type: "PAN", id_number: CANARIES["uploaded PAN"] }, { id_type: "AADHAAR", id_number: CANARIES.aadhaar }],
    individual_record: { ...sample.individual_record, first_name: CANARIES.name, mothers_full_name: CANARIES.holder },
    current_address: { ...sample.current_address, line1: CANARIES.home }, documents: [{ type: "PHOTO", format: "JPEG", data: CANARIES.document }],
  };
  await sandbox.fault({ operation: "ckyc.upload", fault: "status", status: 503, times: 12 });
  assert.equal((await plant("/v1/ckyc/upload", record)).status, 202);
  const rests = () => opened(gateway.state).join("\n");
  await eventually("it rests there, sealed", () => [CANARIES.document, CANARIES.home].every((text) => rests().includes(text)));
  assert.ok(!rests().includes(CANARIES.aadhaar), "but for the Aadhaar number, which nobody may keep");
  assert.deepEqual(found(await everything()), [], "while it waits");
  const end = await settled(gateway.url, record.reference_id);
  assert.equal(end.json.key, "success_ckyc_upload", end.text);
  canaries.set("KIN of the upload", end.json.data.ckyc_id);
  await eventually("the record is forgotten", () => !rests().includes(CANARIES.document));
});

test("refused requests, by fault of every kind", async () => {
  const text = JSON.stringify(pan(CANARIES.PAN));
  const bad = [
    [PAN, pan(CANARIES["bad PAN"])],
    [PAN, pan(CANARIES.PAN, { dob: CANARIES["unknown value"], name: CANARIES["bad name"], consent: CANARIES["unknown value"] })],
    [PAN, pan(CANARIES.PAN, { document_type: CANARIES["unknown value"] })],
    [PAN, pan(CANARIES.PAN, { [CANARIES["unknown field"]]: CANARIES["unknown value"] })],
    [PAN, pan(CANARIES.PAN, { consent_record: { [CANARIES["unknown field"]]: CANARIES["unknown value"] } })],
    [PAN, text.slice(0, -1)],
    [PAN, `${text.slice(0, -1)},"id_number":"${CANARIES["second PAN"]}"}`],
    [BANK, bankOf(CANARIES["bad account"])],
    [BANK, bankOf(CANARIES.account, { name: CANARIES["bad name"], [CANARIES["unknown field"]]: CANARIES["unknown value"] })],
    [BANK, { ...bankOf(Number(CANARIES.account)), purpose_message: `${CANARIES["bank purpose"]}!`, validation_type: CANARIES["unknown value"] }],
    [ACCOUNT, account(CANARIES["bad mobile"])],
    [ACCOUNT, account(Number(CANARIES.mobile))],
    [ACCOUNT, { ...account(CANARIES.mobile), reference_id: `${CANARIES["unknown value"]}#` }],
    [ACCOUNT, account(CANARIES.mobile, { is_consent_granted: CANARIES["unknown value"] })],
    [PREFILL, byAadhaar({ id_number: CANARIES["bad aadhaar"] })],
    [PREFILL, byAadhaar({ document_type: CANARIES.aadhaar, name: CANARIES["bad name"] })],
    [PREFILL, byAadhaar({ id_number: Number(CANARIES.aadhaar), inquiry_purpose: CANARIES.aadhaar.padEnd(300, "0") })],
    [PREFILL, byAadhaar({ [CANARIES.aadhaar]: CANARIES.aadhaar })],
    [SEARCH, search("Aadhaar", CANARIES["Aadhaar from the vendor"])],
    [SEARCH, { ...search("PAN", CANARIES["CKYC PAN"]), consent: false }],
    [DOWNLOAD, download(`${CANARIES.KIN}0`)],
    [DOWNLOAD, download(CANARIES.KIN, { auth_factor_type: 1, auth_factor: CANARIES.factor })],
    ["/v1/validate", { kind: "pan", input: CANARIES["bad PAN"] }],
    ["/v1/validate", { kind: CANARIES["unknown value"], input: CANARIES.PAN, x: 1 }],
    ["/v1/sessions", { origin: CANARIES["unknown value"] }],
  ];
  for (const [route, body] of bad) {
    const { status, text: said } = await plant(route, body);
    assert.ok(status >= 400 || route === "/v1/validate", said);
  }
  await plant(PAN, pan(CANARIES.PAN), { authorization: `Bearer ${CANARIES["unknown value"]}` });
  await plant(PAN, pan(CANARIES.PAN), { "content-type": CANARIES["unknown value"] });
  await plant(PAN, JSON.stringify(pan(CANARIES.PAN)).padEnd(70_000));
});

test("conflicts, velocity, and everything the vendor may do wrong", async () => {
  const taken = pan(CANARIES.PAN);
  await plant(PAN, taken);
  assert.equal((await plant(PAN, { ...taken, id_number: CANARIES["second PAN"] })).status, 409);
  const statuses = [];
  for (let index = 0; index < 4; index += 1) statuses.push((await plant(ACCOUNT, account(CANARIES["second mobile"]))).status);
  assert.deepEqual(statuses, [200, 200, 200, 429]);
  const faults = ["drop_request", "reset", "empty", "truncate", "garble", "html", "wrong_type", "redirect", "oversize"].map((fault) => ({ fault }));
  for (const fault of [...faults, ...[400, 401, 404, 422, 429, 500].map((status) => ({ fault: "status", status }))]) {
    await sandbox.fault({ operation: "pan.verify", ...fault });
    await plant(PAN, pan(CANARIES.PAN));
  }
  for (const fault of [{ fault: "garble" }, { fault: "reset" }, { fault: "status", status: 401 }, { fault: "status", status: 503, times: 4 }]) {
    await sandbox.fault({ operation: "customer.prefill", ...fault });
    await plant(PREFILL, byAadhaar());
  }
  for (const fault of ["truncate", "html", "wrong_type", "redirect"]) {
    for (const [operation, route, body] of [["ckyc.search", SEARCH, search("PAN", CANARIES["CKYC PAN"])], ["ckyc.download", DOWNLOAD, download(CANARIES.KIN)]]) {
      await sandbox.fault({ operation, fault });
      await plant(route, body);
    }
  }
  await plant(PAN, pan("AAAPX0001A"));
  await plant(ACCOUNT, account("9800000001"));
});

test("pending and unsettled money, and a runtime that is killed in the middle", async () => {
  const working = account(CANARIES["pending mobile"]);
  await plant(ACCOUNT, working);
  const mobile = "7391826450";
  canaries.set("lost mobile", mobile);
  await sandbox.fault({ operation: "mobile.account", fault: "drop_response" });
  const lost = account(mobile);
  assert.equal((await plant(ACCOUNT, lost)).status, 202);
  canaries.set("lost account", "660481937265");
  await sandbox.fault({ operation: "bank.verify", fault: "drop_response" });
  const transfer = bankOf("660481937265");
  assert.equal((await plant(BANK, transfer)).status, 202);
  await sandbox.fault({ operation: "pan.verify", fault: "delay", ms: 1200 });
  const slow = pan("BDFPC6281Q");
  canaries.set("slow PAN", "BDFPC6281Q");
  post(gateway.url, PAN, slow).catch(() => {});
  const sent = placeOf(slow.reference_id);
  await eventually("the call", async () => (await sandbox.calls()).some(({ wire_reference }) => wire_reference?.startsWith(sent)));
  await gateway.killRuntime();
  assert.deepEqual(found(await everything()), [], "while it is all under way");
  for (const { reference_id } of [working, lost, transfer, slow]) {
    const answer = await settled(gateway.url, reference_id);
    assert.equal(answer.json.outcome, "verified", answer.text);
    learn(answer);
  }
});

// --- The result ---

test("what was planted does rest there: whoever has the keys can read it", async () => {
  const plain = opened(gateway.state).join("\n");
  const answered = [...canaries].filter(([name]) => /account_number|beneficiary_name|fathers?_(full_)?name|line1|pan_verify_name/.test(name));
  assert.ok(answered.length >= 6);
  for (const [name, text] of answered) assert.ok(plain.includes(text), name);
  for (const [name, text] of Object.entries(UNMASKED)) assert.ok(!plain.includes(text), `${name}, also to whoever has the keys`);
  await eventually("no request is kept with its Aadhaar number", () => !opened(gateway.state).join("\n").includes(CANARIES.aadhaar));
});

test("nothing lies in clear in logs, files, names, addresses or wire references", async () => {
  await eventually("that an endpoint is told", () => receiver.received.length > 20);
  const places = await everything();
  assert.ok(places.length > 30, "there is something to search");
  assert.ok(places.some(([path]) => path.endsWith(".sqlite-wal")) && places.some(([path]) => path.includes("blobs")));
  assert.deepEqual(found(places), []);
});

test("no problem repeats what was sent", () => {
  assert.ok(problems.length > 20);
  assert.deepEqual(found([lines("the problems", problems)]), []);
});

test("log lines have a closed set of fields", () => {
  const fields = {
    request: ["level", "event", "request_id", "method", "route", "status", "key", "check", "tenant", "ms"],
    vendor_rejected_us: ["level", "event", "vendor", "account", "operation", "vendor_key", "check"],
    check: ["level", "event", "check", "tenant", "operation", "kind", "outcome", "key", "account", "attempt", "ms"],
  };
  const own = gateway.logs().filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  assert.ok(own.length > 40);
  for (const line of own) {
    assert.ok(fields[line.event], JSON.stringify(line));
    assert.deepEqual(Object.keys(line).filter((field) => !fields[line.event].includes(field)), []);
  }
});

test("the search finds a canary that is planted in clear, in every form and place", async () => {
  const folder = join(gateway.state, "planted");
  mkdirSync(folder);
  const text = CANARIES.PAN;
  const clear = {
    plain: text, lower: text.toLowerCase(), json: JSON.stringify({ id_number: text }), hex: Buffer.from(text).toString("hex"), utf16: Buffer.from(text, "utf16le"),
    ...Object.fromEntries([0, 1, 2].map((offset) => [`base64_${offset}`, Buffer.from(`${"x".repeat(offset)}${text}-and-more`).toString("base64")])),
    ...Object.fromEntries([0, 1, 2].map((offset) => [`base64url_${offset}`, Buffer.from(`${"?".repeat(offset)}${text}???`).toString("base64url")])),
  };
  for (const [name, bytes] of Object.entries(clear)) writeFileSync(join(folder, name), bytes);
  const database = new DatabaseSync(join(folder, "clear.sqlite"));
  database.exec("PRAGMA journal_mode = WAL; CREATE TABLE state (sealed TEXT)");
  database.prepare("INSERT INTO state VALUES (?)").run(text);
  try {
    const hits = found(await everything());
    for (const name of [...Object.keys(clear), "clear.sqlite-wal"]) assert.ok(hits.includes(`PAN in ${name}`), name);
  } finally {
    database.close();
    rmSync(folder, { recursive: true });
  }
  const log = [...gateway.logs(), `{"level":"info","event":"request","route":"/v1/checks/${CANARIES.mobile}"}`, "dob=23%2F11%2F1987", "Quillon+Zebrawood"];
  assert.deepEqual(found([lines("log", log)]).sort(), ["dob in log", "mobile in log", "name in log"]);
  assert.deepEqual(found(await everything()), []);
});
