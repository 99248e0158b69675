// What a browser's session may do (contract section 2.6): its operations, its budget, what its family opened, its renewal; how often reference ids are guessed at, and the
// limits of addresses.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { browser, eventually, get, KEY, post, send, startGateway, startSandbox } from "./harness.mjs";
import { keyed } from "./state.mjs";
import { bank } from "./subject.mjs";

const PAGE = "https://www.example.com";
const digest = (key) => createHash("sha256").update(key).digest("hex");
const TENANTS = JSON.stringify([{ id: "dev", keys: [digest(KEY), { digest: digest("toran_pan_key"), scopes: ["pan.verify"] }], scopes: ["*"], origins: [PAGE] }]);
const PREFILL = "/v1/customers/prefill";
const BANK = "/v1/bank-accounts/verify";

let sandbox, gateway;
let count = 0;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: { TENANTS } });
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

const reference = () => `SESSIONS_${(count += 1)}`;
const pan = (more) => ({ reference_id: reference(), document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC", ...more });
const mobile = () => ({ reference_id: reference(), mobile_number: `98240${String(10_000 + count)}` });
const account = (more) => ({ reference_id: reference(), ...bank(`44120${10_000 + count}`), ...more });
/** The same check about another account. */
const guess = (body, account_number) => ({ ...body, ...bank(account_number) });
const prefill = () => ({ reference_id: reference(), consent: true, consent_purpose: "Onboarding", name: "Rahul Sharma", mobile: "9876543210" });
const ask = (route, body, headers) => post(gateway.url, route, body, headers);
const open = (wanted, key = KEY) => post(gateway.url, "/v1/sessions", { origin: PAGE, ...wanted }, { authorization: `Bearer ${key}` });
const said = ({ status, json }) => [status, json.key];
const limit = ({ headers }) => [headers.ratelimit?.split(";")[0], headers["ratelimit-policy"]?.split(";w")[0]];
const FORBIDDEN = [403, "error_forbidden"];
const LIMITED = [429, "error_rate_limited"];
// A token that says this, signed under development's key (crates/core/src/session.rs).
const SESSION_KEY = Buffer.from(`${"deadbeef03".repeat(6)}dead`, "hex");
const token = (session) => {
  const body = Buffer.from(JSON.stringify(session)).toString("base64url");
  return `toran1.${body}.${keyed(SESSION_KEY, "session", body).toString("base64url")}`;
};

test("a session calls the operations that it names; unasked none that writes or asks a bureau", async () => {
  const session = await browser(gateway.url);
  assert.equal((await ask("/v1/pan/verify", pan(), session)).status, 200);
  for (const route of [PREFILL, "/v1/ckyc/upload"]) assert.deepEqual(said(await ask(route, {}, session)), FORBIDDEN, route);
  const named = await browser(gateway.url, { operations: ["customer.prefill"], verified: "9876543210" });
  assert.equal((await ask(PREFILL, prefill(), named)).status, 200);
  assert.deepEqual(said(await ask("/v1/pan/verify", pan(), named)), FORBIDDEN);
});

test("a key gives a session nothing that it may not do itself", async () => {
  assert.deepEqual(said(await open({ operations: ["pan.verify", "bank.verify"] }, "toran_pan_key")), FORBIDDEN);
  const { json } = await open({}, "toran_pan_key");
  const session = { authorization: `Bearer ${json.token}`, origin: PAGE };
  assert.equal((await ask("/v1/pan/verify", pan(), session)).status, 200);
  assert.deepEqual(said(await ask(BANK, account(), session)), FORBIDDEN);
});

test("what a session is to be good for is refused where it is none, and nothing of a subject is told", async () => {
  for (const wanted of [
    { operations: [] }, { operations: ["pan.verfy"] }, { operations: "*" }, { budget: { calls: 0 } }, { budget: { rupees: 1 } }, { budget: 7 }, { subject: {} }, { subject: { pan: "ABCDE1234F" } }, { scope: "*" },
  ]) {
    const { status, json, text } = await open(wanted);
    assert.deepEqual([status, json.key], [400, "error_malformed_request"], JSON.stringify(wanted));
    assert.ok(!text.includes("ABCDE1234F"));
  }
  const { json } = await open({ subject: { pan: "ABCPE1234F", mobile: "9876543210" } });
  const token = Buffer.from(json.token.split(".")[1], "base64url").toString();
  assert.ok(!/ABCPE1234F|9876543210/i.test(token), token);
});

test("what is over a session's budget is a 429 with RateLimit, and costs nothing", async () => {
  const few = await browser(gateway.url, { budget: { calls: 3 } });
  for (let call = 0; call < 3; call += 1) assert.equal((await ask("/v1/pan/verify", pan(), few)).status, 200);
  const calls = (await sandbox.calls()).length;
  const over = await ask("/v1/pan/verify", pan(), few);
  assert.deepEqual([said(over), limit(over)], [LIMITED, ['"calls"', '"calls";q=3']]);
  assert.match(over.headers["retry-after"], /^\d{4,5}$/);
  assert.equal((await sandbox.calls()).length, calls);

  const poor = await browser(gateway.url, { budget: { paise: 150 } });
  const first = account();
  assert.equal((await ask(BANK, first, poor)).json.outcome, "verified");
  assert.equal((await ask(BANK, first, poor)).status, 200, "the same check sends no second rupee");
  const money = (await sandbox.money()).length;
  const second = await ask(BANK, account(), poor);
  assert.deepEqual([said(second), limit(second)], [LIMITED, ['"paise"', '"paise";q=150']]);
  assert.equal((await sandbox.money()).length, money);
  assert.equal((await ask("/v1/pan/verify", pan(), poor)).status, 200, "what costs no rupee goes on");

  // What is refused books no rupee.
  const thrifty = await browser(gateway.url, { budget: { paise: 100 } });
  const taken = pan();
  assert.equal((await ask("/v1/pan/verify", taken, thrifty)).status, 200);
  assert.equal((await ask(BANK, account({ reference_id: taken.reference_id }), thrifty)).status, 409);
  assert.equal((await ask(BANK, account(), thrifty)).json.outcome, "verified");
  assert.deepEqual(said(await ask(BANK, account(), thrifty)), LIMITED);

  const list = await browser(gateway.url, { budget: { calls: 2 } });
  assert.deepEqual(said(await ask("/v1/pan/verify-batch", { items: [pan(), pan(), pan()] }, list)), LIMITED);
  assert.equal((await ask("/v1/pan/verify-batch", { items: [pan(), pan()] }, list)).status, 200);
});

test("a renewed session is of the same family: it sees its checks, and has its budget", async () => {
  const session = await browser(gateway.url, { operations: ["pan.verify"], budget: { calls: 2 } });
  const body = pan();
  const answer = await ask("/v1/pan/verify", body, session);
  const { status, json } = await ask("/v1/sessions/renew", {}, session);
  assert.deepEqual([status, json.origin], [201, gateway.url]);
  assert.notEqual(`Bearer ${json.token}`, session.authorization);
  const renewed = { ...session, authorization: `Bearer ${json.token}` };
  assert.equal((await get(gateway.url, `/v1/checks/${body.reference_id}`, renewed)).text, answer.text);
  assert.equal((await ask("/v1/pan/verify", body, renewed)).text, answer.text);
  assert.deepEqual(said(await ask("/v1/pan/verify", pan(), renewed)), LIMITED);
  assert.deepEqual(said(await ask(BANK, account(), renewed)), FORBIDDEN);
  assert.deepEqual(said(await ask("/v1/sessions/renew", {})), FORBIDDEN, "a server has none");
  assert.deepEqual(said(await ask("/v1/sessions/renew", {}, { ...session, origin: PAGE })), FORBIDDEN);
  assert.equal((await ask("/v1/sessions/renew", {}, { authorization: "Bearer toran1.e30.AAAA" })).status, 401);
});

test("a session that is over is renewed for as long as its family lasts, and does nothing else", async () => {
  const session = await browser(gateway.url, { operations: ["pan.verify"] });
  const body = pan();
  const answer = await ask("/v1/pan/verify", body, session);
  const said = JSON.parse(Buffer.from(session.authorization.split(".")[1], "base64url"));
  const HOUR = 3_600_000;
  assert.deepEqual([said.u - said.e, said.e - Date.now() > 14 * 60_000], [11.75 * HOUR, true], "15 minutes of 12 hours");
  const changed = (change) => ({ ...session, authorization: `Bearer ${token({ ...said, ...change })}` });
  const over = changed({ e: Date.now() - HOUR });
  assert.equal((await ask("/v1/pan/verify", body, over)).status, 401);
  const { status, json } = await ask("/v1/sessions/renew", {}, over);
  assert.equal(status, 201);
  assert.equal((await get(gateway.url, `/v1/checks/${body.reference_id}`, { ...session, authorization: `Bearer ${json.token}` })).text, answer.text);
  assert.equal((await ask("/v1/sessions/renew", {}, changed({ e: Date.now() - HOUR, u: Date.now() - 1 }))).status, 401);
  assert.equal((await ask("/v1/sessions/renew", {}, { ...over, origin: PAGE })).status, 403);
  assert.equal((await ask("/v1/sessions/renew", {}, { ...over, authorization: `${over.authorization}x` })).status, 401);
});

test("a session replays and reads what its family opened and nothing else, whatever it asks", async () => {
  const [mine, another] = [await browser(gateway.url), await browser(gateway.url)];
  const [ours, servers] = [account(), account()];
  assert.equal((await ask(BANK, ours, mine)).status, 200);
  assert.equal((await ask(BANK, servers)).status, 200);
  for (const body of [ours, servers]) {
    const right = await ask(BANK, body, another);
    const wrong = await ask(BANK, guess(body, "4412099999"), another);
    const told = ({ json }) => ({ ...json, request_id: "" });
    assert.deepEqual([right.status, told(right)], [409, told(wrong)], "the mask stays");
    assert.deepEqual(said(await get(gateway.url, `/v1/checks/${body.reference_id}`, another)), [404, "error_reference_id_not_found"]);
    assert.equal((await get(gateway.url, `/v1/checks/${body.reference_id}`)).status, 200, "a server sees both");
  }
  assert.equal((await ask(BANK, ours, mine)).headers["idempotent-replayed"], "true");
});

test("ten conflicts on a reference, then 429, also for the right one in a session", async () => {
  const session = await browser(gateway.url);
  for (const headers of [session, await browser(gateway.url)]) {
    const body = account();
    await ask(BANK, body, session);
    for (let time = 0; time < 10; time += 1) {
      assert.equal((await ask(BANK, guess(body, `44120999${10 + time}`), headers)).status, 409, `guess ${time}`);
    }
    for (const number of ["4412099998", body.beneficiary_details.account_number]) {
      const refused = await ask(BANK, guess(body, number), headers);
      assert.deepEqual([said(refused), limit(refused)], [LIMITED, ['"conflicts"', '"conflicts";q=10']], number);
    }
    assert.equal((await ask(BANK, body)).headers["idempotent-replayed"], "true", "its server is told");
    assert.equal((await get(gateway.url, `/v1/checks/${body.reference_id}`, session)).status, 200);
  }
});

/** Runs `work` against a gateway of its own. */
async function withGateway(options, work) {
  const own = await startGateway({ sandbox, vars: { TENANTS }, ...options });
  try {
    await work(own);
  } finally {
    await own.stop();
  }
}

test("each limit has a bucket of its own, and an IPv6 network of 64 bits is one address", async () => {
  await withGateway({ limits: { TOOLS_LIMIT: 1, SESSIONS_LIMIT: 2, FAILURES_LIMIT: 3, ADDRESS_LIMIT: 1 } }, async ({ url }) => {
    const at = (end, network = "1") => ({ "cf-connecting-ip": `2001:db8:0:${network}::${end}` });
    const keys = (end, network) => send(url, "/v1/keys/success_pan", { headers: at(end, network) });
    assert.deepEqual([(await keys(1)).status, (await keys(2)).status, (await keys(1, "2")).status], [200, 429, 200]);
    const session = (end) => send(url, "/v1/sessions", { method: "POST", headers: { origin: url, ...at(end) } });
    const [first, , third] = [await session(1), await session(2), await session(3)];
    assert.deepEqual([first.status, third.status, limit(third)], [201, 429, ['"sessions"', '"sessions";q=600']]);
    const wrong = (end) => get(url, "/v1/checks/X", { authorization: "Bearer wrong", ...at(end) });
    assert.deepEqual([(await wrong(1)).status, (await wrong(2)).status, (await wrong(3)).status], [401, 401, 401]);
    const refused = await wrong(4);
    assert.deepEqual([said(refused), limit(refused)], [LIMITED, ['"failures"', '"failures";q=300']]);
    assert.equal((await get(url, "/v1/checks/X", at(5))).status, 404, "the right key is let in");
    const headers = { authorization: `Bearer ${first.json.token}`, origin: url };
    assert.equal((await post(url, "/v1/pan/verify", pan(), { ...headers, ...at(1) })).status, 200);
    const more = await post(url, "/v1/pan/verify", pan(), { ...headers, ...at(2) });
    assert.deepEqual([said(more), limit(more)], [LIMITED, ['"address"', '"address";q=600']]);
    assert.equal((await post(url, "/v1/pan/verify", pan(), at(3))).status, 200, "servers are not limited");
  });
});

test("without a limiter there is an alert, and no money moves", async () => {
  await withGateway({ limits: { TENANT_LIMIT: null } }, async (own) => {
    const money = (await sandbox.money()).length;
    for (const headers of [{}, await browser(own.url)]) {
      assert.deepEqual(said(await post(own.url, BANK, account(), headers)), [502, "error_service_unavailable"]);
      assert.equal((await post(own.url, "/v1/pan/verify", pan(), headers)).status, 200, "what moves none goes on");
    }
    assert.equal((await sandbox.money()).length, money);
    assert.deepEqual((await get(own.url, "/readyz", { authorization: `Bearer ${KEY}` })).json.missing, ["TENANT_LIMIT"]);
    await eventually("the alert", () => own.logs().some((line) => line.includes("setting_missing") && line.includes("TENANT_LIMIT")));
  });
});

test("a limiter that fails is alerted and lets through what moves no money, and nothing that moves any uncounted", async () => {
  await withGateway({ limits: { ADDRESS_LIMIT: "broken" } }, async (own) => {
    const [money, headers] = [(await sandbox.money()).length, await browser(own.url)];
    assert.deepEqual(said(await post(own.url, BANK, account(), headers)), [502, "error_service_unavailable"]);
    assert.equal((await sandbox.money()).length, money);
    assert.equal((await post(own.url, "/v1/pan/verify", pan(), headers)).status, 200);
    assert.equal((await post(own.url, BANK, account())).status, 200, "a server's are not counted there");
    await eventually("the alert", () => own.logs().some((line) => line.includes('"limiter_failed"') && line.includes("ADDRESS_LIMIT")));
  });
});

test("a session reads and renews as often as its limiter lets it, and servers as they like", async () => {
  await withGateway({ limits: { SESSION_LIMIT: 3 } }, async ({ url }) => {
    const headers = await browser(url);
    const { json } = await post(url, "/v1/pan/verify", pan(), headers);
    assert.equal((await get(url, `/v1/checks/${json.id}`, headers)).status, 200);
    assert.equal((await post(url, "/v1/sessions/renew", {}, headers)).status, 201);
    const refused = [await get(url, `/v1/checks/${json.id}`, headers), await post(url, "/v1/sessions/renew", {}, headers)];
    for (const over of refused) assert.deepEqual([said(over), limit(over)], [LIMITED, ['"session"', '"session";q=300']], over.text);
    assert.equal((await get(url, `/v1/checks/${json.id}`)).status, 200);
  });
});

const search = (id_number) => ({ reference_id: reference(), document_type: "PAN", id_number, consent: "Y", consent_purpose: "Onboarding of a new customer" });
const download = (ckyc_id) => ({ reference_id: reference(), ckyc_id, consent: "Y", consent_purpose: "Onboarding of a new customer" });

test("003 section 4.2: a session with a subject sees of them what a form must show; without one all stays masked", async () => {
  const [subject, nobody] = [await browser(gateway.url, { subject: { pan: "ABCPE1234F" } }), await browser(gateway.url)];
  const found = await ask("/v1/ckyc/search", search("ABCPE1234F"), subject);
  const whole = (await get(gateway.url, `/v1/checks/${found.json.reference_id}`)).json.data;
  assert.equal(found.json.data.full_name, whole.full_name, found.text);
  assert.ok(!found.text.includes("ABCPE1234F"));
  const record = await ask("/v1/ckyc/download", download(whole.ckyc_id), subject);
  const all = (await get(gateway.url, `/v1/checks/${record.json.reference_id}`)).json.data;
  for (const field of ["full_name", "date_of_birth", "gender", "current_address"]) assert.deepEqual(record.json.data[field], all[field], field);
  for (const hidden of [all.ckyc_id, all.mobile, all.photo, "ABCPE1234F"].filter(Boolean)) assert.ok(!record.text.includes(hidden), hidden);
  assert.deepEqual((await get(gateway.url, `/v1/checks/${record.json.reference_id}`, subject)).json.data, record.json.data);
  const masked = await ask("/v1/ckyc/download", download(whole.ckyc_id), nobody);
  assert.ok(!masked.text.includes(all.full_name) && !masked.text.includes(all.date_of_birth), masked.text);
});

test("another subject than the session's is a 403: asked about before anything is sent, answered about before anything is told", async () => {
  const session = await browser(gateway.url, { subject: { pan: "ABCPE1234F", mobile: "9876543210" } });
  const calls = (await sandbox.calls()).length;
  for (const [route, body] of [["/v1/pan/verify", pan({ id_number: "ABCPE1235F" })], ["/v1/mobile/account", mobile()], ["/v1/ckyc/search", search("ABCPE1235F")]]) {
    assert.deepEqual(said(await ask(route, body, session)), FORBIDDEN, route);
  }
  assert.equal((await sandbox.calls()).length, calls);
  assert.equal((await ask("/v1/pan/verify", pan(), session)).json.data.name, "RAHUL SHARMA");
  const other = (await ask("/v1/ckyc/search", search("AAAPD0006A"))).json.data;
  const refused = await ask("/v1/ckyc/download", download(other.ckyc_id), session);
  assert.deepEqual([said(refused), refused.text.includes(other.full_name)], [FORBIDDEN, false], refused.text);
  assert.deepEqual(said(await get(gateway.url, `/v1/checks/${refused.json.id}`, session)), FORBIDDEN);
});
