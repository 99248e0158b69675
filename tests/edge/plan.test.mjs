// What was agreed with a vendor and what it asks for: calls a second by module, counted as the sandbox receives them, and patience by Retry-After and X-RateLimit-Reset.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { eventually, get, post, startGateway, startSandbox } from "./harness.mjs";

const PAN = "/v1/pan/verify";
const PLAN = 50;
const CONNECTIONS = 200;
/** The time over which its use is measured, in milliseconds. */
const MEASURED = 5000;

let sandbox;
let count = 0;

before(async () => {
  sandbox = await startSandbox();
});

beforeEach(() => sandbox.reset());

after(() => sandbox?.stop());

const pan = () => ({ reference_id: `PLAN_${(count += 1)}`, document_type: "PAN", id_number: "ABCPV1234D", consent: "Y", purpose: "KYC onboarding" });
const plans = (calls) => ({ PLANS: JSON.stringify([{ account: "decentro", module: "kyc", calls_a_second: calls }]) });
const calls = async () => (await sandbox.calls()).filter(({ operation }) => operation === "pan.verify");

async function withGateway(vars, work) {
  const gateway = await startGateway({ sandbox, vars });
  try {
    await work(gateway);
  } finally {
    await gateway.stop();
  }
}

test(`a plan of ${PLAN} calls a second is never passed in any second under ${CONNECTIONS} connections, and is used to nine tenths`, async () => {
  await withGateway({ ...plans(PLAN), RETRIES_MS: "100,100,100" }, async ({ url }) => {
    const statuses = {};
    let [isOver, answered] = [false, 0];
    const connection = async () => {
      while (!isOver) {
        const { status } = await post(url, PAN, pan());
        statuses[status] = (statuses[status] ?? 0) + 1;
        answered += 1;
      }
    };
    const connections = Array.from({ length: CONNECTIONS }, connection);
    const received = async () => (await calls()).map(({ at }) => Date.parse(at)).sort((one, other) => one - other);
    // A machine that has other work may need a while; what no second may see, none of all that time may.
    const wanted = (PLAN * 0.9 * MEASURED) / 1000;
    // The sandbox is not asked more often than something may have changed: its answer is long, and would delay the calls that it counts.
    let next = wanted;
    const isUsed = async () => {
      if (answered < next) return false;
      next = answered + PLAN;
      return (await received()).some((at, index, all) => all[index + wanted - 1] - at < MEASURED);
    };
    try {
      await eventually(`${wanted} calls within ${MEASURED} ms`, isUsed);
    } finally {
      isOver = true;
    }
    await Promise.all(connections);
    const arrivals = await received();
    const closest = Math.min(...arrivals.slice(PLAN).map((at, index) => at - arrivals[index]));
    assert.ok(closest >= 1000, `${PLAN + 1} calls within ${closest} ms of ${arrivals.length}`);
    assert.deepEqual(Object.keys(statuses).filter((status) => status !== "200" && status !== "503"), [], JSON.stringify(statuses));
  });
});

test("a call that would wait too long for its turn is 503 with Retry-After, and sends nothing", async () => {
  await withGateway(plans(1), async ({ url }) => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => post(url, PAN, pan())));
    const refused = answers.filter(({ status }) => status === 503);
    const verified = answers.filter(({ status }) => status === 200);
    assert.equal(refused.length + verified.length, 12, JSON.stringify(answers.map(({ status }) => status)));
    assert.ok(refused.length > 0 && verified.length > 0);
    for (const { json, headers } of refused) {
      assert.equal(json.key, "error_source_unavailable");
      assert.ok(Number(headers["retry-after"]) >= 1, headers["retry-after"]);
    }
    assert.equal((await calls()).length, verified.length);
    // Another module has no plan.
    const search = () => ({ reference_id: `PLAN_${(count += 1)}`, document_type: "PAN", id_number: "ABCPV1234D", consent: "Y", consent_purpose: "KYC onboarding" });
    const others = await Promise.all(Array.from({ length: 8 }, () => post(url, "/v1/ckyc/search", search())));
    assert.deepEqual([...new Set(others.map(({ status }) => status))], [200], others[0].text);
  });
});

const patient = { CIRCUIT: JSON.stringify({ patience_s: 30 }), RETRIES_MS: "20,20,20" };

for (const [name, fault] of [
  ["Retry-After of a 429", { fault: "status", status: 429, retry_after: 4 }],
  ["X-RateLimit-Reset of a 429", { fault: "status", status: 429, reset: 4 }],
  ["Retry-After of a 503", { fault: "status", status: 503, retry_after: 4 }],
  ["X-RateLimit-Reset of an answer after which no call remains", { fault: "used_up", reset: 4 }],
]) {
  test(`${name} is obeyed by every check of the module, until then`, async () => {
    await withGateway({ ...patient, PAN_VERIFY_WAIT_MS: "1000" }, async (gateway) => {
      await sandbox.fault({ operation: "pan.verify", ...fault });
      const first = await post(gateway.url, PAN, pan());
      assert.ok([200, 202, 503].includes(first.status), first.text);
      const asked = Date.parse((await calls())[0].at);
      const others = await Promise.all(Array.from({ length: 16 }, () => post(gateway.url, PAN, pan())));
      for (const { status, headers } of others) {
        assert.equal(status, 503);
        assert.ok(Number(headers["retry-after"]) >= 1 && Number(headers["retry-after"]) <= 4, headers["retry-after"]);
      }
      assert.equal((await calls()).length, 1, "nothing was sent");
      const line = (await get(gateway.url, "/v1/ops/overview")).json.vendors.find(({ module }) => module === "kyc");
      assert.ok(Date.parse(line.paused_until) > asked, JSON.stringify(line));
      assert.equal(line.circuit, "closed", "patience is no failure");
      await eventually("it is called again", async () => (await post(gateway.url, PAN, pan())).status === 200);
      const [, second] = await calls();
      assert.ok(Date.parse(second.at) - asked >= 3_900, `${Date.parse(second.at) - asked} ms later`);
      assert.ok(gateway.logs().some((line) => line.includes('"event":"vendor_asks_for_patience"')));
    });
  });
}

test("where a vendor's word is not obeyed, it holds for the check that it answered alone", async () => {
  await withGateway({ CIRCUIT: JSON.stringify({ patience_s: 0 }) }, async ({ url }) => {
    await sandbox.fault({ operation: "pan.verify", fault: "used_up", reset: 600 });
    for (let turn = 0; turn < 3; turn += 1) assert.equal((await post(url, PAN, pan())).status, 200);
  });
});
