// POST /v1/otp/verify: the one-time password proves the number, in the session's family and nowhere else (contract section 2.13).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, get, post, startGateway, startSandbox } from "./harness.mjs";

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

const fresh = () => `98270${String((count += 1)).padStart(5, "0")}`;
const ask = (session, mobile_number) => post(gateway.url, "/v1/otp", { mobile_number }, session);
const verify = (session, mobile_number, code) => post(gateway.url, "/v1/otp/verify", { mobile_number, code }, session);
const account = (session, mobile_number) => post(gateway.url, "/v1/mobile/account", { reference_id: `VERIFY_${(count += 1)}`, mobile_number }, session);
const latest = async (number) => (await sandbox.otps(number)).at(-1);
const wrong = (code) => String((Number(code) + 1) % 1_000_000).padStart(6, "0");
const told = ({ status, json }) => [status, json.key];
const content = (token) => JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
const under = (session, { json }) => ({ ...session, authorization: `Bearer ${json.token}` });

test("the right code answers a token of the same family, which a renewal follows", async () => {
  const [session, number] = [await browser(gateway.url), fresh()];
  assert.deepEqual(told(await account(session, number)), [403, "error_mobile_not_proved"]);
  await ask(session, number);
  const code = await latest(number);
  const right = await verify(session, number, ` ${code.slice(0, 3)}-${code.slice(3)} `);
  assert.deepEqual([right.status, Object.keys(right.json), right.json.origin], [201, ["token", "origin", "expires_at"], gateway.url], right.text);
  const [before, now] = [content(session.authorization), content(right.json.token)];
  assert.deepEqual([now.f, now.u, now.b, now.p], [before.f, before.u, before.b, before.p]);
  assert.ok(!JSON.stringify(now).includes(number));
  assert.equal((await account(under(session, right), number)).json.outcome, "verified");
  const renewed = under(session, await post(gateway.url, "/v1/sessions/renew", {}, under(session, right)));
  assert.equal((await account(renewed, number)).json.outcome, "verified");
  assert.deepEqual(told(await account(session, number)), [403, "error_mobile_not_proved"], "the token before proves nothing");
});

test("a lost response is repeated by the same code in the same family, and by nobody else", async () => {
  const [session, other, number] = [await browser(gateway.url), await browser(gateway.url), fresh()];
  await ask(session, number);
  const code = await latest(number);
  for (let time = 0; time < 2; time += 1) assert.equal((await verify(session, number, code)).status, 201);
  assert.deepEqual(told(await verify(other, number, code)), [400, "error_otp_wrong"], "no code was sent for this session");
  await ask(other, number);
  assert.deepEqual(told(await verify(other, number, code)), [400, "error_otp_wrong"], "its own is another");
  assert.deepEqual(told(await verify(session, fresh(), code)), [400, "error_otp_wrong"], "it is of another number");
});

test("a resend keeps the code before it alive, and the number can be corrected", async () => {
  const [session, typo, number] = [await browser(gateway.url), fresh(), fresh()];
  await ask(session, typo);
  await ask(session, number);
  const first = await latest(number);
  await ask(session, number);
  const corrected = await verify(session, number, first);
  assert.equal(corrected.status, 201);
  const proof = under(session, corrected);
  assert.deepEqual(told(await account(proof, typo)), [403, "error_mobile_not_proved"]);
  const back = under(proof, await verify(proof, typo, await latest(typo)));
  assert.deepEqual([told(await account(back, number)), (await account(back, typo)).json.outcome], [[403, "error_mobile_not_proved"], "verified"], "one number at a time");
});

test("it says how many tries are left; after ten wrong ones not even the right code counts, until a time that is told", async () => {
  const [session, number] = [await browser(gateway.url), fresh()];
  await ask(session, number);
  const code = await latest(number);
  for (let left = 9; left >= 0; left -= 1) {
    const { status, json, headers } = await verify(session, number, wrong(code));
    assert.deepEqual([status, json.key, json.errors[0].field], [400, "error_otp_wrong", "code"]);
    assert.match(json.detail, left > 1 ? new RegExp(`^${left} tries are left`) : left ? /^One try is left/ : /^No try is left/);
    assert.equal(headers["retry-after"], left ? undefined : "900");
  }
  const delayed = await verify(session, number, code);
  assert.deepEqual([told(delayed), delayed.headers["ratelimit-policy"]], [[429, "error_rate_limited"], '"otp_tries";q=10;w=900'], delayed.text);
  assert.ok(Number(delayed.headers["retry-after"]) > 890 && delayed.json.retry_after <= 900);
  const other = await browser(gateway.url);
  await ask(other, number);
  assert.equal((await verify(other, number, await latest(number))).status, 201, "nobody else is locked out");
});

test("what is no code is told so, costs no try, and is quoted nowhere", async () => {
  const [session, number] = [await browser(gateway.url), fresh()];
  await ask(session, number);
  for (const code of ["12345", "1234567", "12345a", "", 123456, null]) {
    const { status, json, text } = await verify(session, number, code);
    assert.deepEqual([status, json.key, json.errors[0].field], [400, "error_malformed_request", "code"], text);
    assert.ok(!text.includes("12345"), text);
  }
  assert.match((await verify(session, number, wrong(await latest(number)))).json.detail, /^9 tries/);
  assert.deepEqual(told(await post(gateway.url, "/v1/otp/verify", { mobile_number: number, code: "123456" })), [403, "error_forbidden"], "a server proves none");
});

test("tries at the same moment are counted one by one, and a runtime that is killed remembers them", async () => {
  const [session, number] = [await browser(gateway.url), fresh()];
  await ask(session, number);
  const code = await latest(number);
  const tries = await Promise.all(Array.from({ length: 8 }, () => verify(session, number, wrong(code))));
  assert.deepEqual(tries.map(({ json }) => Number.parseInt(json.detail, 10)).sort(), [2, 3, 4, 5, 6, 7, 8, 9]);
  await gateway.killRuntime();
  assert.match((await verify(session, number, wrong(code))).json.detail, /^One try is left/);
  assert.equal((await verify(session, number, code)).status, 201);
  assert.equal((await get(gateway.url, "/healthz")).status, 200);
});
