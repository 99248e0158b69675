// GET /v1/reviews: what waits for a person, oldest first, and nothing else.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, eventually, get, post, settled, startGateway, startSandbox } from "./harness.mjs";
import { as, ASHA, fresh, lostMoney, MIRA, NOBODY, OPERATOR, reviewed, SOON } from "./review.mjs";
import { idOf } from "./state.mjs";

let sandbox, gateway;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: SOON });
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

const list = async (query = "", headers = ASHA) => {
  const { status, json, text } = await get(gateway.url, `/v1/reviews${query}`, headers);
  assert.equal(status, 200, text);
  return json;
};
const ids = async (query) => (await list(query)).reviews.map(({ id }) => id);

/** A check that waits for a person, in the list. */
async function waiting() {
  const reference = fresh();
  await post(gateway.url, "/v1/bank-accounts/verify", lostMoney(reference));
  await settled(gateway.url, reference);
  await eventually("the line", async () => (await ids()).includes(idOf(reference)));
  return reference;
}

test("a check that waits is in the list within five seconds, and gone once it was decided", async () => {
  const first = await waiting();
  const second = await waiting();
  assert.deepEqual(await ids(), [first, second].map((reference) => idOf(reference)), "oldest first");
  const { reviews, next } = await list();
  const { since, began, wire_reference, ...line } = reviews[0];
  assert.deepEqual([next, line], [null, { id: idOf(first), reference_id: first, operation: "bank.verify", reason: "unknown", vendor: "decentro", vendor_key: null }]);
  assert.ok(began <= since && wire_reference.startsWith(idOf(first).slice(4)));
  assert.doesNotMatch(JSON.stringify(reviews), /9690|Rahul|SBIN/i);
  await reviewed(gateway, first).decide("failed", ASHA);
  await eventually("it is gone", async () => !(await ids()).includes(idOf(first)));
  assert.deepEqual(await ids(), [idOf(second)]);
  await reviewed(gateway, second).decide("failed", ASHA);
  await eventually("nothing waits", async () => (await ids()).length === 0);
});

test("the list is read page by page, and by operation, reason and age", async () => {
  const references = [await waiting(), await waiting(), await waiting()];
  const all = references.map((reference) => idOf(reference));
  const first = await list("?limit=2");
  assert.deepEqual(first.reviews.map(({ id }) => id), all.slice(0, 2));
  const second = await list(`?limit=2&after=${encodeURIComponent(first.next)}`);
  assert.deepEqual([second.reviews.map(({ id }) => id), second.next], [all.slice(2), null]);
  assert.deepEqual(await ids("?operation=bank.verify&key=unknown"), all);
  assert.deepEqual([await ids("?operation=ckyc.upload"), await ids("?key=refused"), await ids("?before=2026-01-01T00:00:00Z")], [[], [], []]);
  assert.deepEqual(await ids(`?before=${new Date(Date.now() + 60_000).toISOString()}`), all);
  for (const query of ["?after=x", "?limit=0", "?operation=bank", "?before=now", "?state=open"]) {
    assert.equal((await get(gateway.url, `/v1/reviews${query}`, ASHA)).status, 400, query);
  }
});

test("the list is for reviewers of its tenant", async () => {
  for (const [headers, status] of [[{ authorization: null }, 401], [as("wrong"), 401], [undefined, 403], [OPERATOR, 403], [await browser(gateway.url), 403], [NOBODY, 200]]) {
    assert.equal((await get(gateway.url, "/v1/reviews", headers)).status, status, JSON.stringify(headers));
  }
  assert.deepEqual((await list("", MIRA)).reviews, [], "another tenant's");
});
