// Requests that mean harm, or come from somebody's broken program: each gets a clear problem and nothing else happens, and
// nobody else's request notices (contract section 2.4, docs/ARCHITECTURE.md).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, get, KEY, post, send, settled, startGateway, startSandbox } from "./harness.mjs";
import { exchange } from "./socket.mjs";
import { keyed } from "./state.mjs";

const LIMIT = 64 * 1024;
const ACCOUNT = "/v1/mobile/account";
const PAN = "/v1/pan/verify";
const SESSION_KEY = Buffer.from("deadbeef03".repeat(7).slice(0, 64), "hex");
const VARS = { ATTEMPT_MS: "1500", WAIT_MS: "2000", RETRIES_MS: "50,100,150", LOOKUPS_MS: "100,300", LOOKUP_EVERY_MS: "500" };

const account = { reference_id: "HOSTILE", mobile_number: "9827000001" };
const pan = { reference_id: "HOSTILE", document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC" };

let sandbox, gateway, session;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: VARS });
  session = await browser(gateway.url);
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

// --- The attacks: a name, what is sent, and the statuses and keys that may come of it ---

const attack = (name, run, status, key) => ({ name, run, statuses: [status].flat(), key });
const body = (name, bytes, key = "error_malformed_request", route = ACCOUNT) => attack(name, () => post(gateway.url, route, bytes), 400, key);
const field = (name, change, key, base = pan) => {
  return body(name, JSON.stringify({ ...base, ...change }), key, base === pan ? PAN : ACCOUNT);
};
const raw = (name, lines, statuses, { parts = [], ...options } = {}) =>
  attack(name, () => exchange(gateway.port, [Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), ...parts], options), statuses);
const head = (line, ...more) => [line, `Host: 127.0.0.1:${gateway.port}`, `Authorization: Bearer ${KEY}`, "Content-Type: application/json", ...more];
const path = (name, target, statuses = [404], method = "GET") => raw(name, lazy(() => head(`${method} ${target} HTTP/1.1`, "Connection: close")), statuses);

// The port is known only when the gateway runs.
function lazy(make) {
  return { join: (separator) => make().join(separator) };
}

const text = JSON.stringify(account);

const BODIES = [
  body("an empty body", ""),
  body("half an object", text.slice(0, -1)),
  body("two objects", text + text),
  body("something after the object", `${text}x`),
  body("a list", `[${text}]`),
  body("a text", JSON.stringify(text)),
  body("null", "null"),
  body("a number", "7"),
  body("true", "true"),
  body("single quotes", text.replaceAll("\"", "'")),
  body("a comma too many", text.replace("}", ",}")),
  body("a comment", `/* */${text}`),
  body("NaN", text.replace("\"9827000001\"", "NaN")),
  body("a number with a leading zero", text.replace("\"9827000001\"", "09827000001")),
  body("a number beyond every float", text.replace("\"9827000001\"", "1e999")),
  body("two byte order marks", `\uFEFF\uFEFF${text}`),
  body("UTF-16", Buffer.from(text, "utf16le")),
  body("bytes that are no UTF-8", Buffer.concat([Buffer.from('{"reference_id":"'), Buffer.from([0xff, 0xfe, 0xc3]), Buffer.from('"}')])),
  body("an overlong encoding", Buffer.concat([Buffer.from('{"reference_id":"A'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')])),
  body("half a surrogate pair as bytes", Buffer.concat([Buffer.from('{"reference_id":"A'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')])),
  body("half a surrogate pair, escaped", '{"reference_id":"A\\ud800B","mobile_number":"9827000001"}'),
  body("a surrogate pair the wrong way round", '{"reference_id":"\\udc00\\ud800","mobile_number":"9827000001"}'),
  body("a bare NUL", `${text}\u0000`),
  body("a bare NUL in a string", '{"reference_id":"A\u0000B","mobile_number":"9827000001"}'),
  body("a bare line feed in a string", '{"reference_id":"A\nB","mobile_number":"9827000001"}'),
  body("a field twice", '{"mobile_number":"9827000001","reference_id":"HOSTILE","mobile_number":"9827000002"}'),
  body("a field twice, once escaped", '{"mobile_number":"9827000001","reference_id":"HOSTILE","\\u006dobile_number":"9827000002"}'),
  body("a field twice, deeper", '{"consent_record":{"channel":"a","channel":"b"},"mobile_number":"9827000001","reference_id":"HOSTILE"}'),
  body("10,000 lists", `{"reference_id":${"[".repeat(10_000)}${"]".repeat(10_000)}}`),
  body("10,000 lists that never end", "[".repeat(10_000)),
  body("10,000 objects", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`),
  body("a thousand unknown fields", JSON.stringify(Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`f${index}`, index])))),
  body("a field that nobody knows", JSON.stringify({ ...account, admin: true })),
  body("the prototype as a field", '{"__proto__":{"x":1},"reference_id":"HOSTILE","mobile_number":"9827000001"}'),
  body("a field without a name", JSON.stringify({ ...account, "": 1 })),
  body("a field that looks like another", JSON.stringify({ ...account, "mobile_number\u200b": "9827000001" })),
  body("gzip, unannounced", Buffer.from("1f8b0800000000000003ab56ca4c51b252502a4a4d4b2d4acd4b4e5500000000ffff", "hex")),
];

const FIELDS = [
  field("a mobile number as a number", { mobile_number: 9827000001 }, "error_mobile_number_type_not_string", account),
  field("a number of 10,000 digits", { mobile_number: 1e308 }, "error_mobile_number_type_not_string", account),
  field("a list where a text belongs", { mobile_number: ["9827000001"] }, "error_mobile_number_type_not_string", account),
  field("full-width digits", { mobile_number: "９８２７００００ ０１".replace(" ", "") }, "error_mobile_number_invalid_mobile_format", account),
  field("Devanagari digits", { mobile_number: "९८२७००००" + "०१" }, "error_mobile_number_invalid_mobile_format", account),
  field("one Arabic digit", { mobile_number: "982700000\u0661" }, "error_mobile_number_invalid_mobile_format", account),
  field("a zero-width space in a mobile number", { mobile_number: "98270\u200b00001" }, "error_mobile_number_incorrect_string_length", account),
  field("a no-break space before a mobile number", { mobile_number: "\u00a09827000001" }, "error_mobile_number_incorrect_string_length", account),
  field("a NUL in a mobile number", { mobile_number: "982700000\u0000" }, "error_mobile_number_invalid_mobile_format", account),
  field("a mobile number of 60,000 digits", { mobile_number: "9".repeat(60_000) }, "error_mobile_number_incorrect_string_length", account),
  field("a reference in full-width letters", { reference_id: "ＨＯＳＴ" }, "error_unsanitized_values", account),
  field("a dotless i in a reference", { reference_id: "HOST\u0131LE" }, "error_unsanitized_values", account),
  field("a zero-width joiner in a reference", { reference_id: "HOST\u200dILE" }, "error_unsanitized_values", account),
  field("a NUL in a reference", { reference_id: "HOST\u0000ILE" }, "error_unsanitized_values", account),
  field("a path in a reference", { reference_id: "../../etc" }, "error_unsanitized_values", account),
  field("a right-to-left mark in a reference", { reference_id: "HOST\u202eILE" }, "error_unsanitized_values", account),
  field("a consent of 1", { is_consent_granted: 1 }, "error_is_consent_granted_type_not_boolean", account),
  field("a dotless i in a PAN", { id_number: "ABCP\u01311234F" }, "error_id_number_format"),
  field("a long s in a PAN", { id_number: "ABCPE1234\u017f" }, "error_id_number_format"),
  field("a Kelvin sign in a PAN", { id_number: "ABCPE1234\u212a" }, "error_id_number_format"),
  field("a sharp s in a PAN", { id_number: "ABCPE1234\u00df" }, "error_id_number_format"),
  field("a Cyrillic A in a PAN", { id_number: "\u0410BCPE1234F" }, "error_id_number_format"),
  field("full-width letters in a PAN", { id_number: "ＡＢＣＰＥ１２３４Ｆ" }, "error_id_number_format"),
  field("Devanagari digits in a PAN", { id_number: "ABCPE\u0967\u0968\u0969\u096aF" }, "error_id_number_format"),
  field("a zero-width space after a PAN", { id_number: "ABCPE1234F\u200b" }, "error_id_number_length"),
  field("a combining accent in a PAN", { id_number: "ABCPE1234F\u0301" }, "error_id_number_length"),
  field("a full-width Y as consent", { consent: "\uff39" }, "error_invalid_consent"),
  field("a consent in a list", { consent: ["Y"] }, "error_invalid_consent"),
  field("a document type with a zero-width space", { document_type: "PAN\u200b" }, "error_document_type_value"),
  field("Devanagari digits in a date", { dob: "\u0967\u0968/01/1990" }, "error_dob_format"),
  field("a day that never was", { dob: "31/02/1990" }, "error_dob_value"),
  field("an unknown field inside", { consent_record: { admin: true } }, "error_malformed_request"),
];

const padded = (size, value = { ...account, mobile_number: "1" }) => JSON.stringify(value).padEnd(size);
const SIZES = [
  attack("exactly 64 KiB is read", () => post(gateway.url, ACCOUNT, padded(LIMIT)), 400, "error_mobile_number_incorrect_string_length"),
  attack("64 KiB and one byte", () => post(gateway.url, ACCOUNT, padded(LIMIT + 1)), 413, "error_body_too_large"),
  attack("one megabyte", () => post(gateway.url, PAN, padded(1024 * 1024)), 413, "error_body_too_large"),
  attack("a session body beyond 64 KiB", () => post(gateway.url, "/v1/sessions", padded(LIMIT + 1)), 413, "error_body_too_large"),
];

const typed = (name, type) => attack(name, () => post(gateway.url, ACCOUNT, text, { "content-type": type }), 415, "error_unsupported_media_type");
const TYPES = [
  typed("no content type", null),
  typed("plain text", "text/plain"),
  typed("a form", "application/x-www-form-urlencoded"),
  typed("a multipart form", "multipart/form-data; boundary=x"),
  typed("JSON lines", "application/jsonl"),
  typed("problem+json", "application/problem+json"),
  typed("a type that begins like JSON", "application/json-x"),
  typed("two types", "text/plain, application/json"),
];

const authorized = (name, authorization, status = 401, key = "error_unauthorized", more = {}) =>
  attack(name, () => post(gateway.url, ACCOUNT, text, { authorization, ...more }), status, key);
const CREDENTIALS = [
  authorized("no credentials", null),
  authorized("empty credentials", ""),
  authorized("a scheme alone", "Bearer"),
  authorized("a scheme and a blank", "Bearer "),
  authorized("Basic", `Basic ${Buffer.from(`dev:${KEY}`).toString("base64")}`),
  authorized("the key without a scheme", KEY),
  authorized("the key in capitals", `Bearer ${KEY.toUpperCase()}`),
  authorized("the key twice", `Bearer ${KEY} ${KEY}`),
  authorized("the key's digest", "Bearer bac175d81d31cf97ab7a9f9c44ef869241382b032ffb30a938e1c4fed24f2149"),
  authorized("a key of 8,000 letters", `Bearer ${"k".repeat(8000)}`),
  authorized("a key in Latin-1", "Bearer toran_dev_k\u00e9y"),
  authorized("a session that says nothing", "Bearer toran1.e30.AAAA"),
  authorized("a session of 8,000 letters", `Bearer toran1.${"e".repeat(8000)}.x`),
  attack("a session from another origin", () => post(gateway.url, ACCOUNT, text, { ...session, origin: "https://evil.example" }), 403, "error_forbidden"),
  attack("a session from no origin", () => post(gateway.url, ACCOUNT, text, { ...session, origin: null }), 403, "error_forbidden"),
  attack("a session with one letter changed", () => post(gateway.url, ACCOUNT, text, tampered()), 401, "error_unauthorized"),
  attack("a session that is over", () => post(gateway.url, ACCOUNT, text, forged({ e: Date.now() - 1000 })), 401, "error_unauthorized"),
  attack("a session of a tenant that is gone", () => post(gateway.url, ACCOUNT, text, forged({ t: "gone" })), 401, "error_unauthorized"),
  attack("a session that ends never", () => post(gateway.url, ACCOUNT, text, forged({ e: "never" })), 401, "error_unauthorized"),
  attack("a session under another key", () => post(gateway.url, ACCOUNT, text, forged({}, Buffer.alloc(32, 7))), 401, "error_unauthorized"),
];

function tampered() {
  const letter = session.authorization.at(-5) === "A" ? "B" : "A";
  return { ...session, authorization: `${session.authorization.slice(0, -5)}${letter}${session.authorization.slice(-4)}` };
}

// Signed as the gateway signs (development's key is published): proves that only what a token says is wrong.
function forged(claims, key = SESSION_KEY) {
  const said = Buffer.from(JSON.stringify({ t: "dev", o: gateway.url, e: Date.now() + 60_000, ...claims })).toString("base64url");
  return { origin: gateway.url, authorization: `Bearer toran1.${said}.${keyed(key, "session", said).toString("base64url")}` };
}

const methods = (name, method, target, allow) =>
  attack(name, async () => {
    const answer = await send(gateway.url, target, { method, headers: { authorization: `Bearer ${KEY}` } });
    assert.equal(answer.headers.allow, allow);
    return answer;
  }, 405, method === "HEAD" ? undefined : "error_method_not_allowed");
const METHODS = [
  ...["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"].map((method) => methods(`${method} an operation`, method, ACCOUNT, "POST")),
  ...["POST", "PUT", "DELETE"].map((method) => methods(`${method} a check`, method, "/v1/checks/HOSTILE", "GET, HEAD")),
  methods("DELETE the keys", "DELETE", "/v1/keys", "GET, HEAD"),
  methods("GET a session", "GET", "/v1/sessions", "POST"),
  methods("HEAD of a tool", "HEAD", "/v1/validate", "POST"),
];

const PATHS = [
  path("an unknown route", "/v1/nothing"),
  path("a version that is none", "/v2/mobile/account", [404], "POST"),
  path("a slash at the end", `${ACCOUNT}/`, [404], "POST"),
  path("two slashes", "//v1//mobile/account", [404], "POST"),
  path("an encoded slash", "/v1/mobile%2Faccount", [404], "POST"),
  path("an encoded letter", "/v1/%6dobile/account", [404], "POST"),
  path("capitals", "/V1/MOBILE/ACCOUNT", [404], "POST"),
  path("a NUL", "/v1/mobile/account%00", [404], "POST"),
  path("the way up", "/v1/checks/../../etc/passwd", [404]),
  path("the way up, encoded", "/v1/checks/%2e%2e/%2e%2e/etc/passwd", [404]),
  path("the way up from a check, encoded twice", "/v1/checks/%252e%252e", [404]),
  path("a check without a reference", "/v1/checks/", [404]),
  path("a check's reference with a slash", "/v1/checks/A%2FB", [404]),
  path("a check's reference with a NUL", "/v1/checks/%00", [404]),
  path("half a percent sign", "/v1/checks/%", [404]),
  path("a percent sign before no digits", "/v1/checks/%zz", [404]),
  path("percent signs that are no UTF-8", "/v1/checks/%ff%fe", [404]),
  path("half a surrogate pair in a path", "/v1/keys/%ED%A0%80", [404]),
  path("raw bytes in a path", "/v1/keys/\u00ff\u00fe", [400, 404, 0]),
  path("a blank in a path", "/v1/keys/a b", [400, 404, 0]),
  path("a path of 16 KB", `/v1/keys/${"k".repeat(16_000)}`, [404, 414, 431, 0]),
  path("a path of 200 KB", `/v1/keys/${"k".repeat(200_000)}`, [404, 414, 431, 400, 0]),
  path("another host in the request line", "http://evil.example/v1/nothing", [400, 404]),
  path("a query", "/v1/nothing?route=/v1/mobile/account", [404], "POST"),
  path("a query of 8,000 letters on a check", `/v1/checks/NO_SUCH?${"q".repeat(8000)}`, [404]),
];

const chunk = (data) => Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from("\r\n")]);
const big = chunk(Buffer.alloc(LIMIT, " "));
const end = Buffer.from("0\r\n\r\n");
const lines = (...more) => lazy(() => head(`POST ${ACCOUNT} HTTP/1.1`, ...more));
// Where the framing itself is broken, the local runtime answers by itself (400, 500) or cuts the connection (0).
const FRAMING = [
  raw("chunks without an end to them, beyond the limit", lines("Transfer-Encoding: chunked"), [413], { parts: [big, chunk(Buffer.from(" ")), end] }),
  raw("chunks within the limit that hold nothing", lines("Transfer-Encoding: chunked", "Connection: close"), [400], { parts: [end] }),
  raw("a chunk of nonsense length", lines("Transfer-Encoding: chunked"), [400, 500, 0], { parts: [Buffer.from("zz\r\nabc\r\n")] }),
  raw("a body shorter than announced", lines("Content-Length: 500"), [400, 500, 0], { parts: [Buffer.from(text)], half: true }),
  raw("a body longer than announced", lines("Content-Length: 10", "Connection: close"), [400], { parts: [Buffer.from(text)] }),
  raw("an announced length that is too large", lines("Content-Length: 99999999999", "Connection: close"), [413, 0], { parts: [Buffer.from(text)], patience: 1500 }),
  raw("an announced length below zero", lines("Content-Length: -1"), [400, 0], { parts: [Buffer.from(text)] }),
  raw("two announced lengths", lines("Content-Length: 5", `Content-Length: ${text.length - 3}`), [400, 0], { parts: [Buffer.from(text.slice(0, -3))] }),
  raw("a length and chunks", lines("Content-Length: 4", "Transfer-Encoding: chunked", "Connection: close"), [400, 0], { parts: [chunk(Buffer.from("{}{")), end] }),
  raw("an encoding that nobody knows", lines("Transfer-Encoding: gzip, chunked"), [400, 501, 0], { parts: [end] }),
  raw("a header of 100 KB", lines(`X-Long: ${"h".repeat(100_000)}`, "Content-Length: 2", "Connection: close"), [400, 431, 413, 0], { parts: [Buffer.from("{}")] }),
  raw("a header without a name", lines(": x", "Content-Length: 2"), [400, 0], { parts: [Buffer.from("{}")] }),
  raw("a NUL in a header", lines("X-Nul: a\u0000b", "Content-Length: 2"), [400, 0], { parts: [Buffer.from("{}")] }),
  raw("credentials in raw bytes", lazy(() => [`POST ${ACCOUNT} HTTP/1.1`, "Host: x", "Authorization: Bearer \u00ff\u00fe", "Content-Type: application/json", "Content-Length: 2", "Connection: close"]), [401], { parts: [Buffer.from("{}")] }),
  raw("no HTTP at all", lazy(() => ["\u0016\u0003\u0001\u0002"]), [400, 0]),
  raw("a method that is none", lazy(() => head(`BREW ${ACCOUNT} HTTP/1.1`)), [400, 405, 501, 0]),
];

const GROUPS = { BODIES, FIELDS, SIZES, TYPES, CREDENTIALS, METHODS, PATHS, FRAMING };

function assertRefused({ name, statuses, key }, answer) {
  assert.ok(statuses.includes(answer.status), `${name}: ${answer.status} ${answer.text?.slice(0, 200)}`);
  if (key === undefined) return;
  const { json, headers } = answer;
  assert.equal(json?.key, key, `${name}: ${answer.text}`);
  assert.equal(headers["content-type"], "application/problem+json");
  assert.deepEqual([json.type, json.status, json.request_id], [`/v1/keys/${key}`, answer.status, headers["x-request-id"]]);
  assert.ok(json.title.length > 10 && Array.isArray(json.errors));
}

for (const [group, attacks] of Object.entries(GROUPS)) {
  test(`${group.toLowerCase()}: ${attacks.length} hostile requests get a clear problem and reach no vendor`, async (context) => {
    const before = (await sandbox.calls()).length;
    for (const one of attacks) await context.test(one.name, async () => assertRefused(one, await one.run()));
    assert.equal((await sandbox.calls()).length, before);
    assert.equal((await get(gateway.url, "/v1/checks/HOSTILE")).json.key, "error_reference_id_not_found");
  });
}

test("an unknown field is named, its value is not", async () => {
  const { json, text: said } = await post(gateway.url, ACCOUNT, { ...account, is_admin: "SECRET_VALUE" });
  assert.equal(json.errors[0].field, "is_admin");
  assert.ok(!said.includes("SECRET_VALUE"));
  const inside = await post(gateway.url, ACCOUNT, { ...account, consent_record: { colour: "SECRET_VALUE" } });
  assert.equal(inside.json.errors[0].field, "consent_record.colour");
});

test("what an honest client may send is not refused", async () => {
  for (const type of ["application/json; charset=utf-8", "APPLICATION/JSON", "application/json;charset=UTF-8"]) {
    const { json } = await post(gateway.url, PAN, { ...pan, reference_id: "HONEST" }, { "content-type": type });
    assert.equal(json.outcome, "verified", type);
  }
  for (const authorization of [`bearer ${KEY}`, `BEARER ${KEY}`, `Bearer   ${KEY}`]) {
    assert.equal((await get(gateway.url, "/v1/checks/HONEST", { authorization })).status, 200, authorization);
  }
  assert.equal((await get(gateway.url, "/v1/checks/HONEST?x=1")).status, 200);
});

// --- The neighbours ---

let serial = 0;
const freshPan = () => ({ ...pan, reference_id: `NEIGHBOUR_${(serial += 1)}`, id_number: `ABCPE${String(serial).padStart(4, "0")}F` });
const freshAccount = () => ({ reference_id: `NEIGHBOUR_${(serial += 1)}`, mobile_number: `98280${String(serial).padStart(5, "0")}` });

async function verified(route, request) {
  const first = await post(gateway.url, route, request);
  // On a slow machine the request's wait may be over first.
  const { status, json, text: said } = first.status === 202 ? await settled(gateway.url, request.reference_id) : first;
  assert.deepEqual([status, json?.outcome, json?.reference_id], [200, "verified", request.reference_id], said);
}

/** Nineteen honest requests: four checks of their own, replays, and what calls nobody. */
function neighbours(own) {
  const answers = async (target, status) => assert.equal((await get(gateway.url, target)).status, status);
  return [
    ...Array.from({ length: 4 }, own),
    ...Array.from({ length: 3 }, () => verified(PAN, { ...pan, reference_id: "HONEST" })),
    ...Array.from({ length: 3 }, () => answers("/v1/ifsc/SBIN0001077", 200)),
    ...Array.from({ length: 3 }, () => answers("/v1/checks/NOBODYS", 404)),
    ...Array.from({ length: 6 }, () => answers("/healthz", 200)),
  ];
}

/** Runs one request in the middle of its neighbours; answers its answer. */
async function amid(name, own, run) {
  const crowd = neighbours(own);
  assert.equal(crowd.length, 19);
  const one = run();
  try {
    await Promise.all([...crowd, one]);
  } catch (error) {
    assert.fail(`${name}: ${error.message}`);
  }
  return one;
}

// Of the groups whose members differ only in a word, one each.
const KINDS = [GROUPS.BODIES, GROUPS.SIZES, GROUPS.PATHS, GROUPS.FRAMING].flat().concat([GROUPS.FIELDS, GROUPS.TYPES, GROUPS.CREDENTIALS, GROUPS.METHODS].map(([one]) => one));

test(`each of ${KINDS.length} kinds of hostile requests leaves 19 concurrent neighbours alone`, async () => {
  for (const one of KINDS) assertRefused(one, await amid(one.name, () => verified(PAN, freshPan()), one.run));
});

const FAULTS = [
  { fault: "drop_request" }, { fault: "drop_response" }, { fault: "reset" }, { fault: "empty" }, { fault: "truncate" }, { fault: "garble" },
  { fault: "html" }, { fault: "oversize" }, { fault: "wrong_type" }, { fault: "redirect" }, { fault: "slow_body" }, { fault: "status", status: 500 },
];

// Only one request of its operation is on its way, so it is the one that meets the fault.
const VICTIMS = [
  ["mobile.account", () => post(gateway.url, ACCOUNT, freshAccount()), () => verified(PAN, freshPan())],
  ["pan.verify", () => post(gateway.url, PAN, freshPan()), () => verified(ACCOUNT, freshAccount())],
];

for (const [operation, victim, neighbour] of VICTIMS) {
  test(`a hostile answer of the vendor to ${operation} leaves 19 concurrent neighbours alone`, async () => {
    for (const fault of FAULTS) {
      await sandbox.fault({ operation, ...fault });
      const { status, text: said } = await amid(fault.fault, neighbour, victim);
      assert.ok([200, 202, 502, 503, 504].includes(status), `${fault.fault}: ${said}`);
    }
  });
}

test("nothing panicked and nothing went wrong inside", () => {
  const bad = gateway.logs().filter((line) => /panic|unreachable|RuntimeError|internal_error|exceeded|Uncaught/i.test(line));
  assert.deepEqual(bad, []);
});
