// POST /v1/development/forget: a developer's number can be checked again. It is there in development only.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { get, post, send, startGateway, startSandbox } from "./harness.mjs";
import { bank } from "./subject.mjs";

const FORGET = "/v1/development/forget";
const NUMBERS = ["9012345678", "9112345678", "9212345678"];

let sandbox, gateway;
let references = 0;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox });
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

const check = (number) =>
  post(gateway.url, "/v1/mobile/account", { reference_id: `FORGET_${(references += 1)}`, mobile_number: number, is_consent_granted: true });

test("before any number was checked there is nothing to forget", async () => {
  const answer = await send(gateway.url, FORGET, { method: "POST" });
  assert.deepEqual([answer.status, answer.json], [200, { forgotten: true }], answer.text);
});

test("a number that was checked too often can be checked again, without a key and without a body, and its checks stay", async () => {
  for (const number of NUMBERS) {
    for (let count = 0; count < 3; count += 1) assert.equal((await check(number)).json.outcome, "verified");
    assert.equal((await check(number)).status, 429);
  }
  await sandbox.reset();
  const answer = await send(gateway.url, FORGET, { method: "POST" });
  assert.deepEqual([answer.status, answer.json], [200, { forgotten: true }], answer.text);
  for (const number of NUMBERS) assert.equal((await check(number)).json.outcome, "verified");
  assert.equal((await get(gateway.url, "/v1/checks/FORGET_1")).json.outcome, "verified");
});

test("and so can an account", async () => {
  const verify = () => post(gateway.url, "/v1/bank-accounts/verify", { reference_id: `FORGET_${(references += 1)}`, ...bank("470000000001") });
  for (let count = 0; count < 3; count += 1) assert.equal((await verify()).json.outcome, "verified");
  assert.equal((await verify()).status, 429);
  await sandbox.reset();
  await send(gateway.url, FORGET, { method: "POST" });
  assert.equal((await verify()).json.outcome, "verified");
});

test("the sandbox's page may send it from another port", async () => {
  const answer = await send(gateway.url, FORGET, { method: "POST", headers: { origin: "http://127.0.0.1:9400" } });
  assert.equal(answer.status, 200);
  const { status, headers } = await send(gateway.url, FORGET);
  assert.deepEqual([status, headers.allow], [405, "POST"]);
});

test("production has no such route", async () => {
  const production = await startGateway({ vars: { ENVIRONMENT: "production" } });
  try {
    const answer = await send(production.url, FORGET, { method: "POST" });
    assert.deepEqual([answer.status, answer.json.key], [404, "error_not_found"]);
  } finally {
    await production.stop();
  }
});
