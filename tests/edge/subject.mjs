// One check as a test sees it from both ends: what the gateway tells of it, and what the vendor saw of it.
import assert from "node:assert/strict";
import { eventually, get, post, settled } from "./harness.mjs";
import { objectId } from "./state.mjs";

const ROUTES = { "mobile.account": "/v1/mobile/account", "pan.verify": "/v1/pan/verify" };
let count = 0;

/** A mobile number that no other test of this process uses. */
export const freshNumber = () => `98230${String((count += 1)).padStart(5, "0")}`;

/**
 * A fresh check: requests about it and the vendor's view of it, told apart by its wire references. `gateway` is a function, because
 * tests stop and start theirs. `subject`: the mobile number or the PAN.
 */
export function check({ gateway, sandbox }, operation, subject = operation === "pan.verify" ? "ABCPE1234F" : freshNumber()) {
  const reference_id = `CHECK_${(count += 1)}`;
  const request =
    operation === "mobile.account"
      ? { reference_id, mobile_number: subject }
      : { reference_id, document_type: "PAN", id_number: subject, consent: "Y", purpose: "KYC" };
  const object = objectId(reference_id);
  const mine = (list) => list.filter(({ wire_reference }) => wire_reference?.startsWith(object));
  const calls = async (kind) => mine(await sandbox.calls()).filter((call) => call.kind === kind);
  return {
    reference_id,
    route: ROUTES[operation],
    request,
    post: () => post(gateway().url, ROUTES[operation], request),
    get: () => get(gateway().url, `/v1/checks/${reference_id}`),
    settled: () => settled(gateway().url, reference_id),
    posts: () => calls("post"),
    lookups: () => calls("status"),
    rupees: async () => mine(await sandbox.money()).length,
    /** Sends the POST and waits until the vendor has it; what becomes of its answer does not matter. */
    async launch() {
      post(gateway().url, ROUTES[operation], request).catch(() => {});
      await eventually("the POST at the vendor", async () => (await calls("post")).length > 0);
    },
  };
}

/** A 202 of contract section 2.3. */
export function assertPending({ status, json, headers, text }, reference, key = "pending_unknown") {
  assert.equal(status, 202, text);
  assert.deepEqual([json.reference_id, json.outcome, json.key, json.action, json.data], [reference, "pending", key, "wait", {}]);
  assert.equal(headers.location, `/v1/checks/${reference}`);
  assert.match(headers["retry-after"], /^[1-9]\d*$/);
  assert.ok(Date.parse(json.next_check_at) > Date.now() - 2000, json.next_check_at);
}

/** Without a request about it the vendor is asked what became of it, and then it has ended as expected, with one POST. */
export async function assertEndsByItself(subject, expected = ["verified", "success_account_details_retrieved"]) {
  await eventually("a status lookup", async () => (await subject.lookups()).length > 0);
  const answer = await subject.settled();
  assert.deepEqual([answer.status, answer.json.outcome, answer.json.key], [200, ...expected], answer.text);
  assert.deepEqual((await subject.posts()).map(({ wire_reference }) => wire_reference.slice(64)), ["01"]);
  assert.equal(await subject.rupees(), expected[0] === "verified" ? 1 : 0);
  const again = await subject.post();
  assert.deepEqual([again.status, again.text, again.headers["idempotent-replayed"]], [200, answer.text, "true"]);
  assert.equal((await subject.posts()).length, 1);
}
