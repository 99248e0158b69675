// The circuit of a vendor's module: it opens where the vendor is down, answers 503 without a call, lets one probe through and closes; another module and another account go on, and the
// operation's next vendor takes what may move. What was sent is what the sandbox received.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually, get, KEY, post, settled, startGateway, startSandbox } from "./harness.mjs";
import { bank, freshNumber } from "./subject.mjs";

const TIMES = { RETRIES_MS: "20,20,20", BANK_VERIFY_WAIT_MS: "1500", LOOKUPS_MS: "60,120,240,480", LOOKUP_EVERY_MS: "500", VELOCITY_WINDOWS_MS: "1,1,1" };
const PAN = "/v1/pan/verify";
const BANK = "/v1/bank-accounts/verify";
// Eight failures: two reads with four tries each.
const CIRCUIT = (more) => ({ CIRCUIT: JSON.stringify({ consecutive: 8, calls: 1000, pause_s: 2, longest_pause_s: 2, ...more }) });
const digest = createHash("sha256").update(KEY).digest("hex");

let sandbox;
let count = 0;

before(async () => {
  sandbox = await startSandbox();
});

beforeEach(() => sandbox.reset());

after(() => sandbox?.stop());

const fresh = () => `CIRCUIT_${(count += 1)}`;
const pan = (more) => ({ reference_id: fresh(), document_type: "PAN", id_number: "ABCPV1234D", consent: "Y", purpose: "KYC onboarding", ...more });
const account = (more) => ({ reference_id: fresh(), ...bank(`4600000${String((count += 1)).padStart(5, "0")}`), ...more });
const search = () => ({ reference_id: fresh(), document_type: "PAN", id_number: "ABCPV1234D", consent: "Y", consent_purpose: "KYC onboarding" });
const down = (operation, times = 1000) => sandbox.fault({ operation, fault: "status", status: 503, times });
const sent = async (operation, vendor = "decentro") => (await sandbox.calls()).filter((call) => call.operation === operation && call.vendor === vendor).length;
const logged = ({ logs }, event) => logs().filter((line) => line.includes(`"event":"${event}"`)).map((line) => JSON.parse(line));

async function withGateway(vars, work, options = {}) {
  const gateway = await startGateway({ sandbox, vars: { ...TIMES, ...vars }, ...options });
  try {
    await work(gateway);
  } finally {
    await gateway.stop();
  }
}

async function standing({ url }, module, { vendor = "decentro", of = null } = {}) {
  const { json, text } = await get(url, "/v1/ops/overview");
  const line = json.vendors?.find((line) => line.vendor === vendor && line.account === of && line.module === module);
  assert.ok(line, text);
  return line;
}

const opened = (gateway, module, which) => eventually("the circuit is open", async () => (await standing(gateway, module, which)).circuit === "open");

/** Verifies PANs until the circuit of their module is open; answers how many calls that took. */
async function open(gateway) {
  await down("pan.verify");
  for (let turn = 0; turn < 2; turn += 1) assert.equal((await post(gateway.url, PAN, pan())).status, 503);
  await opened(gateway, "kyc");
  return sent("pan.verify");
}

test("it opens after so many failures, answers 503 without a call, lets one probe through, and closes", async () => {
  await withGateway(CIRCUIT(), async (gateway) => {
    assert.equal(await open(gateway), 8);
    const answers = await Promise.all(Array.from({ length: 24 }, () => post(gateway.url, PAN, pan())));
    for (const { status, json, headers } of answers) {
      assert.deepEqual([status, json.key], [503, "error_source_unavailable"]);
      assert.match(json.detail, /Nothing was sent/);
      assert.ok(Number(headers["retry-after"]) >= 1 && Number(headers["retry-after"]) <= 2, headers["retry-after"]);
    }
    assert.equal(await sent("pan.verify"), 8, "nothing was sent");
    assert.deepEqual(logged(gateway, "circuit_opened").map(({ vendor, account: of, module }) => [vendor, of, module]), [["decentro", null, "kyc"]]);

    // The vendor is still down: of many requests after the pause one is sent.
    const burst = () => Promise.all(Array.from({ length: 16 }, () => post(gateway.url, PAN, pan())));
    await eventually("a probe", async () => (await burst()).length > 0 && (await sent("pan.verify")) > 8);
    assert.equal(await sent("pan.verify"), 9, "one probe");
    await opened(gateway, "kyc");

    // It is well again, but slow: while its answer to the probe is on its way nobody else is sent.
    await sandbox.reset();
    await sandbox.fault({ operation: "pan.verify", fault: "delay", ms: 700 });
    let probed;
    await eventually("the probe is on its way", async () => {
      const answer = post(gateway.url, PAN, pan());
      const first = await Promise.race([answer, eventually("a call", async () => (await sent("pan.verify")) > 0)]);
      if (first === true) probed = answer;
      return first === true;
    });
    const others = await burst();
    assert.ok(others.every(({ status }) => status === 503), JSON.stringify(others.map(({ status }) => status)));
    assert.equal(await sent("pan.verify"), 1, "one probe");
    assert.equal((await probed).json.outcome, "verified");
    await eventually("the circuit is closed", async () => (await standing(gateway, "kyc")).circuit === "closed");
    await eventually("requests are answered", async () => (await post(gateway.url, PAN, pan())).status === 200);
    assert.equal(logged(gateway, "circuit_closed").length, 1);
  });
});

test("a failure rate opens it too, and a business no or a refusal of ours never does", async () => {
  await withGateway(CIRCUIT({ consecutive: 1000, calls: 12, failed_percent: 50 }), async (gateway) => {
    await sandbox.fault({ operation: "pan.verify", fault: "status", status: 401, times: 12 });
    for (let turn = 0; turn < 12; turn += 1) assert.equal((await post(gateway.url, PAN, pan())).status, 502);
    for (let turn = 0; turn < 4; turn += 1) assert.equal((await post(gateway.url, PAN, pan({ id_number: "AAAPZ9999Z" }))).status, 200);
    assert.equal((await standing(gateway, "kyc")).circuit, "closed");
    await down("pan.verify", 16);
    for (let turn = 0; turn < 4; turn += 1) assert.equal((await post(gateway.url, PAN, pan())).status, 503);
    await opened(gateway, "kyc");
    assert.equal(await sent("pan.verify"), 32);
  });
});

test("a module that is down touches no other module and no other account", async () => {
  const tenants = JSON.stringify([
    { id: "dev", keys: [digest], scopes: ["*", "operator"], origins: [] },
    { id: "acme", keys: [createHash("sha256").update("acme_key").digest("hex")], scopes: ["*"], origins: [], accounts: ["decentro/acme"] },
  ]);
  const credentials = ["CLIENT_ID", "CLIENT_SECRET", "KYC_MODULE_SECRET", "FINANCIAL_SERVICES_MODULE_SECRET", "PAYMENTS_MODULE_SECRET"];
  const own = Object.fromEntries(credentials.map((name) => [`DECENTRO_${name}__ACME`, name.startsWith("CLIENT_ID") ? "development_client" : `development_${name.toLowerCase()}`]));
  const rest = { DECENTRO_CONSUMER_URN__ACME: "DEVELOPMENT_CONSUMER_URN", DECENTRO_CKYC_FI_CODE__ACME: "DEVELOPMENT_FI", DECENTRO_CKYC_BRANCH_CODE__ACME: "001" };
  await withGateway({ ...CIRCUIT({ pause_s: 60, longest_pause_s: 60 }), ...own, ...rest, TENANTS: tenants }, async (gateway) => {
    await open(gateway);
    await sandbox.reset();
    assert.equal((await post(gateway.url, PAN, pan())).status, 503);
    const acme = await post(gateway.url, PAN, pan(), { authorization: "Bearer acme_key" });
    assert.deepEqual([acme.status, acme.json.outcome], [200, "verified"], acme.text);
    const others = await Promise.all([post(gateway.url, "/v1/ckyc/search", search()), post(gateway.url, BANK, account()), post(gateway.url, "/v1/mobile/account", { reference_id: fresh(), mobile_number: freshNumber() })]);
    for (const { status, text } of others) assert.ok(status === 200 || status === 202, text);
    assert.equal(await sent("pan.verify"), 1, "acme's");
    const circuits = async (of) => Promise.all(["kyc", "ckyc", "payments", "banking"].map(async (module) => (await standing(gateway, module, { of })).circuit));
    assert.deepEqual([await circuits(null), await circuits("acme")], [["open", "closed", "closed", "closed"], ["closed", "closed", "closed", "closed"]]);
  });
});

test("the next vendor takes a PAN and a bank account while the first one's circuit is open", async () => {
  await withGateway({ ...CIRCUIT({ pause_s: 60, longest_pause_s: 60, consecutive: 4 }) }, async (gateway) => {
    // Two tries each at the first vendor, then the second, which is well.
    await down("pan.verify", 2);
    assert.equal((await post(gateway.url, PAN, pan())).json.vendor.name, "cashfree");
    await down("pan.verify", 2);
    assert.equal((await post(gateway.url, PAN, pan())).json.vendor.name, "cashfree");
    await opened(gateway, "kyc");
    const before = await sent("pan.verify");
    const answer = await post(gateway.url, PAN, pan());
    assert.deepEqual([answer.status, answer.json.vendor.name, await sent("pan.verify")], [200, "cashfree", before], answer.text);

    // Money whose fate is unknown opens the circuit, and stays where it was sent.
    await sandbox.reset();
    await sandbox.fault({ operation: "bank.verify", fault: "drop_response" });
    await sandbox.fault({ operation: "bank.verify", kind: "status", fault: "status", status: 503, times: 3 });
    const unknown = account();
    assert.equal((await post(gateway.url, BANK, unknown)).status, 202);
    await opened(gateway, "payments");
    const sure = account();
    const moved = await post(gateway.url, BANK, sure);
    const end = moved.status === 202 ? await settled(gateway.url, sure.reference_id) : moved;
    assert.deepEqual([end.json.outcome, end.json.vendor.name], ["verified", "cashfree"], end.text);
    assert.equal((await get(gateway.url, `/v1/checks/${unknown.reference_id}`)).status, 202);
    const posts = (await sandbox.calls()).filter(({ kind }) => kind === "post");
    assert.deepEqual(posts.map(({ vendor }) => vendor), ["decentro", "cashfree"]);
    assert.equal((await sandbox.money()).length, 2);
  }, { secondVendor: true });
});

test("money that is held back sends nothing, costs nothing, and is sent once when the circuit is closed; its look-up may be the probe", async () => {
  const tenants = JSON.stringify([{ id: "dev", keys: [digest], scopes: ["*", "operator"], origins: [], limits: { rupees_a_day: 2 } }]);
  await withGateway({ ...CIRCUIT({ consecutive: 4 }), TENANTS: tenants }, async (gateway) => {
    await sandbox.fault({ operation: "bank.verify", fault: "drop_response" });
    await sandbox.fault({ operation: "bank.verify", kind: "status", fault: "status", status: 503, times: 4 });
    const unknown = account();
    assert.equal((await post(gateway.url, BANK, unknown)).status, 202);
    await opened(gateway, "payments");
    const body = account();
    for (let turn = 0; turn < 5; turn += 1) {
      const answer = await post(gateway.url, BANK, body);
      if (answer.status !== 503) break;
      assert.match(answer.json.detail, /Nothing was sent/);
    }
    // The look-up of the unknown one closes the circuit, without any other request.
    const end = await settled(gateway.url, unknown.reference_id);
    assert.deepEqual([end.json.outcome, end.json.vendor.name], ["verified", "decentro"], end.text);
    const verified = await eventually("it is sent", async () => {
      const answer = await post(gateway.url, BANK, body);
      return answer.status !== 503 && answer;
    });
    assert.equal(verified.json.outcome, "verified", verified.text);
    assert.equal((await sandbox.money()).length, 2, "a rupee each, and the tenant's day has two");
    const references = (await sandbox.calls()).filter(({ kind }) => kind === "post").map(({ wire_reference }) => wire_reference);
    assert.equal(new Set(references).size, references.length, "no wire reference twice");
  });
});

test("a circuit that is open is known to a runtime that starts again", async () => {
  await withGateway(CIRCUIT({ pause_s: 60, longest_pause_s: 60 }), async (gateway) => {
    await open(gateway);
    await gateway.killRuntime();
    // What the first call of the new runtime meets it cannot know yet; it asks meanwhile.
    await eventually("it is known", async () => {
      const before = await sent("pan.verify");
      const { status } = await post(gateway.url, PAN, pan()).catch(() => ({}));
      return status === 503 && (await sent("pan.verify")) === before;
    });
    assert.equal((await standing(gateway, "kyc")).circuit, "open");
  });
});

test("a customer whose penny drop was held back behind a probe keeps their velocity, their rupee and their reference", async () => {
  const limited = [{ id: "dev", keys: [digest], scopes: ["*", "operator"], origins: [], limits: { rupees_a_day: 5 } }];
  // Document 001's windows. The probe is slower than what is known of a circuit stays known.
  const vars = { ...CIRCUIT({ consecutive: 3, pause_s: 1, longest_pause_s: 1 }), TENANTS: JSON.stringify(limited), VELOCITY_WINDOWS_MS: "60000,3600000,86400000", LOOKUPS_MS: "600000" };
  await withGateway(vars, async (gateway) => {
    await down("bank.verify", 3);
    for (let turn = 0; turn < 3; turn += 1) await post(gateway.url, BANK, account());
    await opened(gateway, "payments");
    await sandbox.fault({ operation: "bank.verify", fault: "delay", ms: 25_000, times: 1 });
    const probe = eventually("a probe", async () => (await post(gateway.url, BANK, account())).status === 202);
    await eventually("it is half-open", async () => (await standing(gateway, "payments")).circuit === "half_open");
    const before = await sent("bank.verify");
    const mine = account();
    // Each time after Retry-After, when nobody knows how the circuit stands any more: with a permit and a booked rupee lost each time, the fourth would be refused.
    for (let turn = 0; turn < 6; turn += 1) {
      const { status, json, headers } = await post(gateway.url, BANK, mine);
      assert.deepEqual([status, json.key], [503, "error_source_unavailable"], `${turn}`);
      await sleep(1000 * Number(headers["retry-after"]) + 50);
    }
    assert.equal(await sent("bank.verify"), before, "nothing of it was sent");
    await probe;
    await sandbox.reset();
    await eventually("it is verified", async () => (await post(gateway.url, BANK, mine)).json.outcome === "verified");
  });
});

test("a rupee is given back that the first vendor refused and the second, held one never got", async () => {
  const limited = [{ id: "dev", keys: [digest], scopes: ["*"], origins: [], limits: { rupees_a_day: 1 } }];
  const clock = (minutes) => new Date(Date.now() + (330 + minutes) * 60_000).toISOString().slice(11, 16);
  const MAINTENANCE = JSON.stringify([{ account: "cashfree", module: "bank.verify", from: clock(-30), to: clock(90) }]);
  await withGateway({ TENANTS: JSON.stringify(limited), MAINTENANCE }, async (gateway) => {
    await sandbox.fault({ operation: "bank.verify", fault: "status", status: 401, times: 1 });
    const held = await post(gateway.url, BANK, account());
    assert.equal(held.status, 503);
    assert.deepEqual(await sandbox.money(), []);
    await eventually("the day has its rupee again", async () => (await post(gateway.url, BANK, account())).json.outcome === "verified");
  }, { secondVendor: true });
});
