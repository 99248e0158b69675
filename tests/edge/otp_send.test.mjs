// POST /v1/otp: a one-time password for a mobile number; who may ask for one, how often, and what becomes of it when its sender fails (contract section 2.13).
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { browser, eventually, get, KEY, post, proved, startGateway, startSandbox } from "./harness.mjs";

const digest = (key) => createHash("sha256").update(key).digest("hex");
const tenant = (id, key, more) => ({ id, keys: [digest(key)], scopes: ["*"], origins: [], ...more });

let sandbox, gateway;
let count = 0;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox });
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

const fresh = () => `98260${String((count += 1)).padStart(5, "0")}`;
const ask = (session, mobile_number, url = gateway.url) => post(url, "/v1/otp", { mobile_number }, session);
const verify = (session, mobile_number, code, url = gateway.url) => post(url, "/v1/otp/verify", { mobile_number, code }, session);
const told = ({ status, json }) => [status, json.key];
const limit = ({ headers }) => [headers.ratelimit?.split(";")[0], headers["ratelimit-policy"]];
const answers = (manner) => post(sandbox.url, "/_sandbox/receiver", { name: "otp", ...manner });

async function withGateway(options, work) {
  const own = await startGateway({ sandbox, ...options });
  try {
    await work(own);
  } finally {
    await own.stop();
  }
}

test("a code of six digits is sent to the number, another each time, and is in no answer and no log", async () => {
  const [session, number] = [await browser(gateway.url), fresh()];
  const responses = [await ask(session, number), await ask(session, ` ${number} `)];
  const codes = await sandbox.otps(number);
  assert.equal(codes.length, 2);
  for (const code of codes) assert.match(code, /^\d{6}$/);
  assert.notEqual(codes[0], codes[1]);
  for (const { status, json, text } of responses) {
    assert.deepEqual([status, Object.keys(json)], [202, ["expires_at"]], text);
    const minutes = (Date.parse(json.expires_at) - Date.now()) / 60_000;
    assert.ok(minutes > 14 && minutes <= 15, json.expires_at);
  }
  await verify(session, number, codes[1]);
  await verify(session, number, "000000");
  await eventually("the log lines", () => gateway.logs().filter((line) => line.includes("/v1/otp/verify")).length >= 2);
  const traces = [...gateway.logs(), ...sandbox.logs(), ...responses.map(({ text }) => text)].join("\n");
  for (const secret of [number, ...codes]) assert.ok(!traces.includes(secret), secret);
});

test("only a browser's session asks, about a number that can be one, and about its own customer's", async () => {
  const session = await browser(gateway.url);
  assert.deepEqual(told(await ask({}, fresh())), [403, "error_forbidden"]);
  assert.deepEqual(told(await ask({ authorization: null }, fresh())), [401, "error_unauthorized"]);
  for (const [body, key] of [
    [{}, "error_mobile_number_type_not_string"], [{ mobile_number: "98765" }, "error_mobile_number_incorrect_string_length"],
    [{ mobile_number: "1234567890" }, "error_mobile_number_invalid_mobile_format"], [{ mobile_number: fresh(), code: "123456" }, "error_malformed_request"],
  ]) {
    assert.deepEqual(told(await post(gateway.url, "/v1/otp", body, session)), [400, key], JSON.stringify(body));
  }
  const [own, other] = [fresh(), fresh()];
  const subject = await browser(gateway.url, { subject: { mobile: own } });
  assert.deepEqual(told(await ask(subject, other)), [403, "error_forbidden"]);
  assert.deepEqual(await sandbox.otps(other), []);
  assert.equal((await ask(subject, own)).status, 202);
});

test("a number is sent three codes a minute, whoever asks and for whichever tenant, and then a 429 says when", async () => {
  const TENANTS = JSON.stringify([tenant("dev", KEY), tenant("other", "toran_other_key")]);
  await withGateway({ vars: { TENANTS } }, async ({ url }) => {
    const opened = await post(url, "/v1/sessions", { origin: url }, { authorization: "Bearer toran_other_key" });
    const others = { authorization: `Bearer ${opened.json.token}`, origin: url };
    const [session, number] = [await browser(url), fresh()];
    for (const who of [session, others, await browser(url)]) assert.equal((await ask(who, number, url)).status, 202);
    const refused = await ask(session, number, url);
    assert.deepEqual([told(refused), limit(refused)], [[429, "error_rate_limited"], ['"otp_minute"', '"otp_minute";q=3;w=60']], refused.text);
    assert.match(refused.headers["retry-after"], /^([1-9]|[1-5]\d|60)$/);
    assert.equal((await sandbox.otps(number)).length, 3);
    assert.equal((await ask(session, fresh(), url)).status, 202, "the number can be corrected");
    await post(url, "/v1/development/forget", "", {});
    assert.equal((await ask(session, number, url)).status, 202, "a developer starts anew");
  });
});

test("a tenant's day, a session's budget and an address have their limits, and what they refuse sends nothing", async () => {
  const TENANTS = JSON.stringify([tenant("dev", KEY, { limits: { otps_a_day: 3 } })]);
  await withGateway({ vars: { TENANTS } }, async ({ url }) => {
    const few = await browser(url, { budget: { calls: 1 } });
    assert.equal((await ask(few, fresh(), url)).status, 202);
    const number = fresh();
    const over = await ask(few, number, url);
    assert.deepEqual([told(over), limit(over)[0]], [[429, "error_rate_limited"], '"calls"']);
    const session = await browser(url);
    for (let sent = 0; sent < 2; sent += 1) assert.equal((await ask(session, fresh(), url)).status, 202);
    for (let refused = 0; refused < 4; refused += 1) {
      const day = await ask(session, number, url);
      assert.deepEqual([told(day), limit(day)], [[429, "error_rate_limited"], ['"otps_a_day"', '"otps_a_day";q=3;w=86400']], "what is refused counts for no number");
    }
    assert.deepEqual(await sandbox.otps(number), []);
  });
  await withGateway({ limits: { OTP_LIMIT: 1 } }, async ({ url }) => {
    const at = async (address) => ({ ...(await browser(url)), "cf-connecting-ip": address });
    assert.equal((await ask(await at("203.0.113.7"), fresh(), url)).status, 202);
    const refused = await ask(await at("203.0.113.7"), fresh(), url);
    assert.deepEqual([told(refused), limit(refused)[0]], [[429, "error_rate_limited"], '"otp_address"']);
    assert.equal((await ask(await at("203.0.113.8"), fresh(), url)).status, 202);
  });
  await withGateway({ limits: { OTP_LIMIT: null } }, async ({ url }) => {
    assert.deepEqual(told(await ask(await browser(url), fresh(), url)), [502, "error_service_unavailable"], "nothing is sent uncounted");
  });
});

test("a sender that is down is a 503 that says when, counts nothing, and a resend works", async () => {
  const [session, number] = [await browser(gateway.url), fresh()];
  await answers({ status: 503, retry_after: 7, times: 4 });
  for (let down = 0; down < 4; down += 1) {
    const refused = await ask(session, number);
    assert.deepEqual([told(refused), refused.headers["retry-after"], refused.json.retry_after], [[503, "error_source_unavailable"], "7", 7], "no limit is met");
  }
  assert.deepEqual(await sandbox.otps(number), []);
  const session2 = await proved(gateway.url, sandbox, session, number);
  assert.notEqual(session2.authorization, "Bearer undefined");

  await withGateway({ vars: { OTP_SENDER: "http://127.0.0.1:9/nobody" } }, async ({ url }) => {
    const refused = await ask(await browser(url), fresh(), url);
    assert.deepEqual([told(refused), refused.headers["retry-after"]], [[503, "error_source_unavailable"], "5"]);
  });
});

test("a sender that is slow is a 503 too; the code that arrives is good, and no try is charged", async () => {
  await withGateway({ vars: { OTP_WAIT_MS: "400" } }, async ({ url }) => {
    const [session, number] = [await browser(url), fresh()];
    await answers({ status: 202, delay_ms: 3000, times: 1 });
    const slow = await ask(session, number, url);
    assert.deepEqual([told(slow), slow.headers["retry-after"]], [[503, "error_source_unavailable"], "5"]);
    assert.match(slow.json.detail, /may still arrive/);
    const [late] = await eventually("the message", async () => ((await sandbox.otps(number)).length > 0 ? sandbox.otps(number) : false));
    assert.equal((await ask(session, number, url)).status, 202, "a resend works");
    const wrong = await verify(session, number, late === "000000" ? "000001" : "000000", url);
    assert.deepEqual([told(wrong), wrong.json.detail.slice(0, 17)], [[400, "error_otp_wrong"], "9 tries are left."]);
    assert.equal((await verify(session, number, late, url)).status, 201);
  });
});

test("without a sender, or with one that refuses us, the operator is told and nobody else learns why", async () => {
  await withGateway({ vars: { OTP_SENDER: "" } }, async (own) => {
    assert.deepEqual(told(await ask(await browser(own.url), fresh(), own.url)), [502, "error_service_unavailable"]);
    await eventually("the alert", () => own.logs().some((line) => line.includes('"setting_missing"') && line.includes("OTP_SENDER")));
  });
  await withGateway({ vars: { OTP_SENDER_SECRET: "another" } }, async (own) => {
    assert.deepEqual(told(await ask(await browser(own.url), fresh(), own.url)), [502, "error_service_unavailable"]);
    await eventually("the alert", () => own.logs().some((line) => line.includes('"alert"') && line.includes("otp_sender_refused_us")));
  });
  await withGateway({ vars: { OTP_SENDER_SECRET: "" } }, async (own) => {
    assert.deepEqual((await get(own.url, "/readyz")).json.missing, ["OTP_SENDER_SECRET"]);
  });
});

test("the sandbox forgets its messages when it is reset", async () => {
  const number = fresh();
  await ask(await browser(gateway.url), number);
  assert.equal((await sandbox.otps(number)).length, 1);
  await sandbox.reset();
  assert.deepEqual((await get(sandbox.url, "/_sandbox/otp")).json, []);
});
