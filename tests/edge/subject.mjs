// One check as a test sees it from both ends: what the gateway tells of it, and what the vendor saw of it.
import assert from "node:assert/strict";
import { eventually, get, post, send, settled } from "./harness.mjs";
import { idOf, placeOf } from "./state.mjs";

let count = 0;

/** A mobile number that no other test of this process uses. */
export const freshNumber = () => `98230${String((count += 1)).padStart(5, "0")}`;

/** Likewise an account number. */
const freshAccount = () => `4400000${String((count += 1)).padStart(5, "0")}`;

/** The request for an account by penny drop. */
export const bank = (account_number, more) => ({
  purpose_message: "KYC Bank Verification", beneficiary_details: { account_number, ifsc: "SBIN0001077", name: "Rahul Sharma" }, validation_type: "pennydrop", ...more,
});

/** What the tests need to know of an operation: its route, the key of its yes, and how a request is made of a subject. */
export const OPERATIONS = {
  "mobile.account": { route: "/v1/mobile/account", key: "success_account_details_retrieved", money: true, fresh: freshNumber, request: (mobile_number) => ({ mobile_number }) },
  "bank.verify": { route: "/v1/bank-accounts/verify", key: "success_bank_account", money: true, fresh: freshAccount, request: bank },
  "pan.verify": {
    route: "/v1/pan/verify", key: "success_pan", money: false, fresh: () => "ABCPE1234F",
    request: (id_number) => ({ document_type: "PAN", id_number, consent: "Y", purpose: "KYC" }),
  },
};

/** A request of each other operation that answers at once: the sandbox's first that is verified. `[{ operation, route, request }]` */
export async function others(sandbox) {
  const scenarios = (await send(sandbox.url, "/_sandbox/scenarios")).json;
  const plain = scenarios.filter(({ operation, setup, repeat, poll, expect }) => !OPERATIONS[operation] && !setup && !repeat && !poll && expect.outcome === "verified");
  return [...Map.groupBy(plain, ({ operation }) => operation).values()].map(([{ operation, route, request }]) => ({ operation, route, request }));
}

/** The operations that move a rupee. */
export const MONEY = Object.keys(OPERATIONS).filter((operation) => OPERATIONS[operation].money);

/**
 * A fresh check: requests about it and the vendor's view of it, told apart by its wire references. `gateway` is a function, because
 * tests stop and start theirs. `subject`: the mobile number, the account number or the PAN, a fresh one by default.
 */
export function check({ gateway, sandbox }, operation, { subject = OPERATIONS[operation].fresh(), reference_id = `CHECK_${(count += 1)}` } = {}) {
  const { route, key, money, request: about } = OPERATIONS[operation];
  const request = { reference_id, ...about(subject) };
  const place = placeOf(reference_id);
  const mine = (list) => list.filter(({ wire_reference }) => wire_reference?.startsWith(place));
  const calls = async (kind) => mine(await sandbox.calls()).filter((call) => call.kind === kind);
  return {
    reference_id,
    route,
    key,
    money,
    request,
    post: () => post(gateway().url, route, request),
    get: () => get(gateway().url, `/v1/checks/${reference_id}`),
    settled: () => settled(gateway().url, reference_id),
    posts: () => calls("post"),
    lookups: () => calls("status"),
    rupees: async () => mine(await sandbox.money()).length,
    /** Sends the POST and waits until the vendor has it; what becomes of its answer does not matter. */
    async launch() {
      post(gateway().url, route, request).catch(() => {});
      await eventually("the POST at the vendor", async () => (await calls("post")).length > 0);
    },
  };
}

/** A 202 of contract section 2.3. */
export function assertPending({ status, json, headers, text }, reference, key = "pending_unknown") {
  assert.equal(status, 202, text);
  assert.deepEqual([json.reference_id, json.outcome, json.key, json.action, json.data], [reference, "pending", key, "wait", {}]);
  assert.equal(headers.location, `/v1/checks/${idOf(reference)}`);
  assert.match(headers["retry-after"], /^[1-9]\d*$/);
  assert.ok(Date.parse(json.next_check_at) > Date.now() - 2000, json.next_check_at);
}

/** Without a request about it the vendor is asked what became of it, and then it has ended as expected, with one POST. */
export async function assertEndsByItself(subject, expected = ["verified", subject.key]) {
  await eventually("a status lookup", async () => (await subject.lookups()).length > 0);
  const answer = await subject.settled();
  assert.deepEqual([answer.status, answer.json.outcome, answer.json.key], [200, ...expected], answer.text);
  assert.deepEqual((await subject.posts()).map(({ wire_reference }) => wire_reference.slice(64)), ["01"]);
  assert.equal(await subject.rupees(), expected[0] === "verified" ? 1 : 0);
  const again = await subject.post();
  assert.deepEqual([again.status, again.text, again.headers["idempotent-replayed"]], [200, answer.text, "true"]);
  assert.equal((await subject.posts()).length, 1);
}
