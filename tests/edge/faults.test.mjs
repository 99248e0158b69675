// Every way in which a vendor can misbehave, against every operation: each ends in a status and key of the contract, nothing is verified
// that was not, one request moves at most one rupee, and the next request is served as if nothing had been.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { eventually, get, post, send, settled, startGateway, startSandbox } from "./harness.mjs";
import { bank, OPERATIONS } from "./subject.mjs";

const MIB = 1024 * 1024;
const [UNAVAILABLE, NONSENSE, TIMEOUT, REFUSED] = [
  [503, "error_source_unavailable"], [502, "error_unexpected_response"], [504, "error_source_timeout"], [502, "error_service_unavailable"],
];
const REVIEW = [202, "pending_review"];
// These stand for what each operation has a key of its own for.
const [VERIFIED, NO] = ["verified", "no"];

// What each fault is, how a read ends that meets nothing else, how money ends and how a write: `works` says whether the vendor did it. A write goes on until it
// is done, but for what the vendor will never take.
const status = (code) => ({ fault: "status", status: code });
const FAULTS = [
  { fault: { fault: "delay", ms: 3000 }, read: TIMEOUT, money: VERIFIED, works: true },
  { fault: { fault: "drop_request" }, read: UNAVAILABLE, money: REVIEW },
  { fault: { fault: "drop_response" }, read: UNAVAILABLE, money: VERIFIED, works: true },
  { fault: { fault: "reset" }, read: UNAVAILABLE, money: REVIEW },
  { fault: status(400), read: REFUSED, money: REVIEW, write: REVIEW },
  { fault: status(401), read: REFUSED, money: REFUSED, write: REVIEW },
  { fault: status(403), read: REFUSED, money: REFUSED, write: REVIEW },
  { fault: status(404), read: [200, "failure_record_not_found"], money: REVIEW, write: REVIEW },
  { fault: status(422), read: NO, money: NO, write: REVIEW },
  { fault: status(429), read: UNAVAILABLE, money: UNAVAILABLE },
  { fault: status(500), read: NONSENSE, money: REVIEW },
  { fault: status(503), read: UNAVAILABLE, money: REVIEW },
  { fault: { fault: "empty" }, read: NONSENSE, money: VERIFIED, works: true },
  { fault: { fault: "truncate" }, read: UNAVAILABLE, money: VERIFIED, works: true },
  { fault: { fault: "garble" }, read: NONSENSE, money: VERIFIED, works: true },
  { fault: { fault: "html" }, read: NONSENSE, money: VERIFIED, works: true },
  { fault: { fault: "slow_body" }, read: TIMEOUT, money: VERIFIED, works: true },
  { fault: { fault: "oversize" }, read: NONSENSE, money: VERIFIED, works: true },
  { fault: { fault: "wrong_type" }, read: NONSENSE, money: VERIFIED, works: true },
  { fault: { fault: "redirect" }, read: NONSENSE, money: REVIEW },
];
const VARS = {
  ATTEMPT_MS: "15000", RETRIES_MS: "20,40,60", WAIT_MS: "20000", MOBILE_ACCOUNT_WAIT_MS: "2500", BANK_VERIFY_WAIT_MS: "2500",
  LOOKUPS_MS: "50,100,200,400,800,1100,1400", LOOKUP_EVERY_MS: "300", HORIZON_MS: "600000", VELOCITY_WINDOWS_MS: "1,1,1",
  CKYC_UPLOAD_WAIT_MS: "0",
};

// The reads, with the key of their no to a value (HTTP 422).
const READS = [
  { operation: "pan.verify", no: "failure_pan_invalid" },
  { operation: "customer.prefill", no: "failure_record_not_found" },
  { operation: "ckyc.search", no: "failure_ckyc_invalid" },
  { operation: "ckyc.download", no: "failure_ckyc_invalid" },
  { operation: "prepaid.customer", no: "wibmo_1302" },
  { operation: "dmt.customer", no: "iserveu_-1" },
];
const UPLOAD = "ckyc.upload";
const VENDORS = ["decentro", "iserveu", "wibmo"];
// More lookups than there are before the horizon.
const LOOKUPS = 12;

// `hasty` gives up what cannot be settled soon, `impatient` does not wait for a slow answer; `gateway` gives both as long as a slow machine needs.
let sandbox, gateway, hasty, impatient, scenarios;
let count = 0;

before(async () => {
  sandbox = await startSandbox();
  const times = [{}, { ATTEMPT_MS: "1500", HORIZON_MS: "1700" }, { ATTEMPT_MS: "1500" }];
  [gateway, hasty, impatient] = await Promise.all(times.map((more) => startGateway({ sandbox, vars: { ...VARS, ...more } })));
  scenarios = (await send(sandbox.url, "/_sandbox/scenarios")).json;
});

after(async () => {
  await Promise.all([gateway, hasty, impatient].map((one) => one?.stop()));
  await sandbox?.stop();
});

// Who meets a fault: only a gateway that does not wait for the answer sees that it is late.
const meets = ({ fault }) => (["delay", "slow_body"].includes(fault) ? impatient : gateway);
const titled = ({ fault: { fault, status: code } }) => (code ? `${fault} ${code}` : fault);
const pan = (reference = `FAULT_${(count += 1)}`) => ({ reference_id: reference, document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC onboarding" });
// A number of its own for each request: the vendor counts them too.
const account = (reference = `FAULT_${(count += 1)}`) => ({ reference_id: reference, mobile_number: String(9_700_000_000 + (count += 1)), is_consent_granted: true });
const verify = (to, body) => post(to.url, "/v1/pan/verify", body);
const find = (to, body) => post(to.url, "/v1/mobile/account", body);

/** What the sandbox lists as an operation's yes that needs nothing but to be asked: its key, requests like it, and how they are sent. */
function confirmed(operation) {
  const isPlain = ({ setup, repeat, poll, expect }) => !setup && !repeat && (!poll || operation === UPLOAD) && expect.outcome === "verified";
  const { route, request, expect } = scenarios.find((scenario) => scenario.operation === operation && isPlain(scenario));
  const fresh = (more) => ({ ...request, reference_id: `FAULT_${(count += 1)}`, ...more });
  return { key: expect.key, fresh, ask: (to, body) => post(to.url, route, body) };
}

// The operations that move money: a request of a subject of its own, the key of its no to a value (HTTP 422), and where its status is looked up.
const MONEY = [
  { operation: "mobile.account", fresh: account, no: "error_invalid_mobile_number", lookup: "/v3/banking/account_validation/status" },
  {
    operation: "bank.verify", fresh: () => ({ reference_id: `FAULT_${(count += 1)}`, ...bank(`4400002${String((count += 1)).padStart(5, "0")}`) }),
    no: "failure_bank_account_invalid", lookup: "/core_banking/money_transfer/get_status",
  },
];
const order = async (operation, fault, more = {}) => assert.equal((await sandbox.fault({ operation, ...fault, ...more })).status, 200);
const logged = (to, event) => to.logs().filter((line) => line.startsWith("{")).map((line) => JSON.parse(line)).filter((line) => line.event === event);

// What orders a fault has the operation to itself until its call has come; what follows may overlap.
const turns = {};
const inTurn = (operation, work) => (turns[operation] = (turns[operation] ?? Promise.resolve()).then(work, work));

/** Orders faults for a new check of this operation, and sends it. Answers what its wire references begin with, and the answer as a promise. */
const begin = (to, operation, send, body, ...orders) =>
  inTurn(operation, async () => {
    const from = (await sandbox.calls()).length;
    for (const [fault, more] of orders) await order(operation, fault, more);
    const answer = send(to, body);
    const post = await eventually("the call", async () => (await sandbox.calls()).slice(from).find((call) => call.operation === operation && call.kind === "post"));
    return { prefix: post.wire_reference.slice(0, 64), answer };
  });

/** What the vendor saw of one check: by the beginning of its wire references. */
async function seen(prefix) {
  const ours = (entry) => entry.wire_reference?.startsWith(prefix);
  return { calls: (await sandbox.calls()).filter(ours), money: (await sandbox.money()).filter(ours) };
}

function compare(answer, [code, key]) {
  assert.deepEqual([answer.status, answer.json?.key], [code, key], answer.text);
  assert.equal(answer.headers["content-type"], code < 300 ? "application/json" : "application/problem+json");
  if (code === 503) assert.match(answer.headers["retry-after"], /^[1-9]\d*$/);
  // Of an account that was refused, what the vendor said of it (document 003 section 3.1).
  const told = ["transaction_status", "account_status", "failure_reason"];
  if (code < 300 && answer.json.outcome !== "verified") assert.deepEqual(Object.keys(answer.json.data).filter((field) => !told.includes(field)), []);
}

/** The end of a check of money: final, or handed over to a person. */
const ended = (to, answer, reference) =>
  eventually(`the end of ${reference}`, async () => {
    if (answer.status === 202 && answer.json.key !== "pending_review") answer = await get(to.url, `/v1/checks/${reference}`);
    return (answer.status !== 202 || answer.json.key === "pending_review") && answer;
  });

async function compareMoney(end, prefix, works) {
  const { calls, money } = await seen(prefix);
  assert.equal(calls.filter((call) => call.kind === "post").length, 1, "one POST");
  assert.equal(money.length, works ? 1 : 0, "the rupee that the vendor moved, and no other");
  if (end.json.outcome === "verified") assert.equal(money.length, 1, "verified only if it moved");
  for (const call of calls) assert.equal(call.wire_reference, calls[0].wire_reference, "lookups ask for what was sent");
  return calls;
}

// Each operation's faults wait in a queue of their own, so all can be played at once.
describe("a vendor that misbehaves", { concurrency: true }, () => {
  for (const { operation, no } of READS) {
    describe(`at ${operation}`, { concurrency: false }, () => {
      for (const { fault, read } of FAULTS) {
        test(titled({ fault }), async () => {
          const { key, fresh, ask } = confirmed(operation);
          const resolved = read === NO ? [200, no] : read;
          const body = fresh();
          const to = meets(fault);
          const { prefix, answer } = await begin(to, operation, ask, body, [fault, { times: 4 }]);
          compare(await answer, resolved);
          const { calls } = await seen(prefix);
          const tried = calls.length;
          assert.ok(tried === 1 || tried === 4, `${tried} calls`);
          assert.equal(new Set(calls.map((call) => call.wire_reference)).size, tried, "a fresh wire reference each");
          compare(await get(to.url, `/v1/checks/${body.reference_id}`), resolved);
          // What was not tried four times leaves faults behind.
          for (let left = 4 - tried; left > 0; left -= 1) await ask(gateway, fresh());
          const next = await ask(gateway, fresh());
          assert.deepEqual([next.json.outcome, next.json.key], ["verified", key], next.text);
        });
      }
    });
  }

  for (const { operation, fresh, no, lookup } of MONEY) {
    describe(`at ${operation}`, { concurrency: false }, () => {
      const { route, key } = OPERATIONS[operation];
      const ask = (to, body) => post(to.url, route, body);
      const resolved = (end) => ({ [VERIFIED]: [200, key], [NO]: [200, no] })[end] ?? end;

      describe("at the request itself", { concurrency: 8 }, () => {
        for (const { fault, money: end, works } of FAULTS) {
          test(`${titled({ fault })}: ${resolved(end).join(" ")}`, async () => {
            const body = fresh();
            const to = end === REVIEW ? hasty : meets(fault);
            const { prefix, answer } = await begin(to, operation, ask, body, [fault]);
            const final = await ended(to, await answer, body.reference_id);
            compare(final, resolved(end));
            const calls = await compareMoney(final, prefix, works);
            if (end === VERIFIED) assert.equal(calls.at(-1).kind, "status", "the lookup said so");
            const next = await inTurn(operation, () => ask(gateway, fresh()));
            assert.equal(next.json.outcome, "verified", next.text);
          });
        }
      });

      describe("at the status lookup", { concurrency: false }, () => {
        for (const { fault } of FAULTS) {
          test(`${titled({ fault })}: the lookup after it tells`, async () => {
            const body = fresh();
            const to = meets(fault);
            const { prefix, answer } = await begin(to, operation, ask, body, [{ fault: "drop_response" }], [fault, { kind: "status" }]);
            const final = await ended(to, await answer, body.reference_id);
            compare(final, resolved(VERIFIED));
            const calls = await compareMoney(final, prefix, true);
            assert.ok(calls.length >= 3, "a spoiled lookup and a good one");
          });
        }

        for (const fault of [{ fault: "garble" }, status(401), status(404), { fault: "redirect" }]) {
          test(`${titled({ fault })} for ever: it ends at a person, and never in a yes`, async () => {
            const body = fresh();
            const { prefix, answer } = await begin(hasty, operation, ask, body, [{ fault: "drop_response" }], [fault, { kind: "status", times: LOOKUPS }]);
            const final = await ended(hasty, await answer, body.reference_id);
            compare(final, REVIEW);
            assert.deepEqual([final.json.outcome, final.json.action, final.json.next_check_at], ["pending", "review", null]);
            const lookups = (await compareMoney(final, prefix, true)).length - 1;
            assert.ok(lookups >= 1 && lookups <= LOOKUPS, `${lookups} lookups`);
            // The rest of the order would meet the next check.
            for (let left = LOOKUPS - lookups; left > 0; left -= 1) {
              await fetch(`${sandbox.url}/decentro${lookup}`, { redirect: "manual" }).catch(() => {});
            }
          });
        }
      });
    });
  }
});

// Afterwards, for it asks for its record with a search and a download, which would meet the faults of those; and one by one, for it repeats itself.
describe(`a vendor that misbehaves at ${UPLOAD}`, { concurrency: false }, () => {
  for (const { fault, write = VERIFIED } of FAULTS) {
    test(`${titled({ fault })}: ${write === VERIFIED ? "it is uploaded, once" : write.join(" ")}`, async () => {
      const { key, fresh, ask } = confirmed(UPLOAD);
      const body = fresh({ ids: [{ id_type: "PAN", id_number: `AAAPT${String((count += 1)).padStart(4, "0")}A` }] });
      const to = meets(fault);
      const { prefix, answer } = await begin(to, UPLOAD, ask, body, [fault]);
      assert.equal((await answer).status, 202);
      compare(await settled(to.url, body.reference_id), write === VERIFIED ? [200, key] : write);
      // What the vendor took and what it may have taken: of an answer that was dropped only the reference is known.
      const { calls } = await seen(prefix);
      const taken = calls.filter((call) => call.operation === UPLOAD && (call.status === null || (call.status === 200 && call.key === "S00000")));
      assert.ok(new Set(taken.map((call) => call.wire_reference)).size <= 1, "taken once");
    });
  }
});

test("no redirect was followed, nothing panicked, and nothing was our fault", async () => {
  const calls = await sandbox.calls();
  assert.ok(calls.some((call) => call.status === 302), "there were redirects");
  assert.deepEqual(calls.filter((call) => call.operation === "redirected"), []);
  const logs = [gateway, hasty, impatient].flatMap((one) => one.logs());
  assert.deepEqual(logs.filter((line) => /panic|unreachable|RuntimeError|internal_error|"status":500/.test(line)), []);
  for (const { vendor, vendor_key: key } of [gateway, hasty, impatient].flatMap((to) => logged(to, "vendor_rejected_us"))) {
    assert.deepEqual([VENDORS.includes(vendor), /^http_(40[0134]|422)$/.test(key)], [true, true], `${vendor} ${key}`);
  }
});

/** A vendor of our own: answers what `reply` writes. Counts the requests of the operation, and keeps them. */
async function ownVendor(host, reply) {
  const server = createServer((request, response) => {
    if (request.url === "/_sandbox/alive") return response.end();
    server.requests += 1;
    server.seen.push(request);
    request.resume().on("end", () => reply(response));
  });
  server.requests = 0;
  server.seen = [];
  await new Promise((resolve) => server.listen(0, host, resolve));
  return server;
}

// The headers of the documents, by operation.
const HEADERS = {
  "/v1/pan/verify": [{ document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC" }, ["client_id", "client_secret", "module_secret"]],
  "/v1/mobile/account": [{ mobile_number: "9876543210" }, ["client_id", "client_secret"]],
  "/v1/bank-accounts/verify": [
    { purpose_message: "KYC Bank Verification", beneficiary_details: { account_number: "1234567890", ifsc: "SBIN0001077", name: "RAHUL SHARMA" }, validation_type: "pennydrop", perform_name_match: true },
    ["client_id", "client_secret", "module_secret"],
  ],
  "/v1/ckyc/search": [{ document_type: "PAN", id_number: "ABCPE1234F", consent: true, consent_purpose: "KYC" }, ["client_id", "client_secret", "module_secret"]],
  "/v1/customers/prefill": [{ consent: true, consent_purpose: "KYC", name: "Rahul Sharma", mobile: "9876543210" }, ["client_id", "client_secret", "module_secret"]],
  "/v1/dmt/customer": [{ mobile_number: "9876543210", latlong: "12.9716,77.5946", public_ip: "203.0.113.7" }, ["client_id", "client_secret"]],
  "/v1/prepaid/customer": [{ mobile: "9876543210" }, ["x-api-key", "clientid", "bankid", "entityid", "securecode", "x-consumer-custom-id"]],
};
const VALID = { status: "SUCCESS", responseCode: "S00000", data: { status: "valid", id_number: "ABCPE1234F", name: "RAHUL SHARMA" }, padding: "" };

describe("a vendor's address", { concurrency: true }, () => {
  test("an answer is read up to 1 MiB and cut off there", async (t) => {
    let size = 0;
    let written = 0;
    let closed = false;
    const server = await ownVendor("127.0.0.1", (response) => {
      response.setHeader("content-type", "application/json");
      if (Number.isFinite(size)) return response.end(JSON.stringify({ ...VALID, padding: "x".repeat(size - JSON.stringify(VALID).length) }));
      // Without an end: as fast as it is taken, until the reader has had enough.
      response.on("close", () => (closed = true));
      const chunk = Buffer.alloc(64 * 1024, " ");
      const pour = () => {
        while (!response.destroyed && written < 512 * MIB) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once("drain", pour);
        }
      };
      pour();
    });
    const url = `http://127.0.0.1:${server.address().port}`;
    // With so long a deadline an answer means that nobody waited for it.
    const own = await startGateway({ vars: { ...VARS, ATTEMPT_MS: "600000", PAN_VERIFY_WAIT_MS: "600000", DECENTRO_V2_URL: url } });
    t.after(async () => {
      await own.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });

    size = MIB;
    const whole = await verify(own, pan());
    assert.equal(whole.json.outcome, "verified", whole.text);
    size = MIB + 1;
    compare(await verify(own, pan()), NONSENSE);
    assert.equal(server.requests, 2, "what is too large is not asked for again");
    size = Infinity;
    compare(await verify(own, pan()), NONSENSE);
    await eventually("the end of the connection", () => closed);
    assert.ok(written < 64 * MIB, `${written} bytes`);
  });

  test("every vendor is sent JSON that says so, with the headers of its document", async (t) => {
    const server = await ownVendor("127.0.0.1", (response) => response.end("{}"));
    const url = `http://127.0.0.1:${server.address().port}`;
    const own = await startGateway({ vars: { ...VARS, DECENTRO_V2_URL: url, DECENTRO_V3_URL: url, ISERVEU_URL: url, WIBMO_URL: url } });
    t.after(async () => {
      await own.stop();
      await new Promise((resolve) => server.close(resolve));
    });
    for (const [index, [route, [body, names]]] of Object.entries(HEADERS).entries()) {
      const from = server.seen.length;
      await post(own.url, route, { reference_id: `HEADERS_${index}`, ...body });
      const { headers } = server.seen.slice(from).find(({ method }) => method === "POST");
      assert.equal(headers["content-type"], "application/json", route);
      assert.deepEqual(names.filter((name) => !headers[name]), [], route);
    }
  });

  test("a vendor's address that is neither https nor this machine's loopback is refused, and nothing is sent", async (t) => {
    const server = await ownVendor("127.0.0.2", (response) => response.end(JSON.stringify(VALID)));
    const port = server.address().port;
    const vars = { ...VARS, DECENTRO_V3_URL: `http://127.0.0.2:${port}`, DECENTRO_V2_URL: `http://127.0.0.1@127.0.0.2:${port}` };
    const own = await startGateway({ vars });
    t.after(async () => {
      await own.stop();
      await new Promise((resolve) => server.close(resolve));
    });
    assert.equal(await (await fetch(`http://127.0.0.2:${port}/`)).status, 200, "it could be reached");
    server.requests = 0;
    compare(await find(own, account("REFUSED_1")), REFUSED);
    compare(await verify(own, pan("REFUSED_2")), REFUSED);
    assert.equal(server.requests, 0);
    const alerts = await eventually("two alerts", () => logged(own, "vendor_rejected_us").length === 2 && logged(own, "vendor_rejected_us"));
    assert.deepEqual(
      alerts.map(({ level, vendor, operation, vendor_key: key }) => [level, vendor, operation, key]),
      [["alert", "decentro", "mobile.account", "setting_DECENTRO_V3_URL"], ["alert", "decentro", "pan.verify", "setting_DECENTRO_V2_URL"]],
    );
  });

  test("production refuses a vendor's address without https, also on loopback", async (t) => {
    const key = createHash("sha256").update("production_key").digest("hex");
    const own = await startGateway({
      sandbox,
      vars: {
        ENVIRONMENT: "production",
        TENANTS: JSON.stringify([{ id: "real", keys: [key], scopes: ["*"], origins: [] }]),
        INDEX_KEY: "01".repeat(32),
        SEAL_KEYS: JSON.stringify({ current: "k1", keys: { k1: "02".repeat(32) } }),
        SESSION_KEY: "03".repeat(32),
        DECENTRO_CLIENT_ID: "client",
        DECENTRO_CLIENT_SECRET: "client_secret",
        DECENTRO_KYC_MODULE_SECRET: "module_secret",
        DECENTRO_FINANCIAL_SERVICES_MODULE_SECRET: "module_secret",
        DECENTRO_CONSUMER_URN: "URN",
        DECENTRO_V2_URL: "https://vendor.invalid",
      },
    });
    t.after(() => own.stop());
    const from = (await sandbox.calls()).length;
    compare(await post(own.url, "/v1/mobile/account", account(), { authorization: "Bearer production_key" }), REFUSED);
    const alerts = await eventually("an alert", () => logged(own, "setting_missing").length > 0 && logged(own, "setting_missing"));
    assert.deepEqual(alerts.map(({ level, setting }) => [level, setting]), [["alert", "DECENTRO_V3_URL"]]);
    assert.equal((await sandbox.calls()).length, from);
  });

  test("without the sandbox a vendor call answers 503, and the log names the command that starts it", async (t) => {
    const own = await startGateway({ vars: { ...VARS, ATTEMPT_MS: "600000" } });
    t.after(() => own.stop());
    for (const [send, body] of [[verify, pan("ALONE_1")], [find, account("ALONE_2")]]) {
      compare(await send(own, body), UNAVAILABLE);
      compare(await send(own, body), UNAVAILABLE);
    }
    const hints = await eventually("a hint", () => logged(own, "sandbox_not_running").length > 0 && logged(own, "sandbox_not_running"));
    assert.match(hints[0].hint, /npm start/);
  });
});
