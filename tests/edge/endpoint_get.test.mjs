// GET /v1/endpoints/{id}/deliveries: what was tried, latest first, page by page.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { endpoint, verify } from "./endpoints.mjs";
import { eventually, get, startGateway, startSandbox } from "./harness.mjs";
import { startReceiver } from "./receiver.mjs";
import { OTHER, SOON } from "./review.mjs";

let sandbox, gateway, receiver;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: SOON });
  receiver = await startReceiver();
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
  await receiver?.stop();
});

test("deliveries are listed latest first from a cursor that is refused where it was altered", async () => {
  const [{ id }, { id: quiet }] = [await endpoint(gateway, receiver.url), await endpoint(gateway, receiver.url, { types: ["check.review"] })];
  for (let count = 0; count < 7; count += 1) await verify(gateway);
  const list = (query = "", of = id) => get(gateway.url, `/v1/endpoints/${of}/deliveries${query}`);
  const all = await eventually("seven deliveries", async () => ((await list()).json.deliveries.length === 7 ? list() : undefined));
  assert.equal(all.json.next, null);
  const pages = [];
  for (let next = ""; next !== null; ) {
    const { json } = await list(`?limit=3${next && `&after=${encodeURIComponent(next)}`}`);
    pages.push(json.deliveries);
    next = json.next;
    if (pages.length === 1) {
      for (const cursor of [`${next.slice(0, -3)}AAA`, "7"]) assert.equal((await list(`?after=${encodeURIComponent(cursor)}`)).status, 400);
      assert.equal((await list(`?after=${encodeURIComponent(next)}`, quiet)).status, 400, "another endpoint's");
    }
  }
  assert.deepEqual(pages.map(({ length }) => length), [3, 3, 1]);
  assert.deepEqual(pages.flat(), all.json.deliveries);
  assert.deepEqual(all.json.deliveries.map(({ event }) => event), receiver.ids().toReversed());
  assert.deepEqual((await list("", quiet)).json, { deliveries: [], next: null });
  for (const query of ["?limit=0", "?limit=101", "?since=1"]) assert.equal((await list(query)).status, 400, query);
  assert.equal((await get(gateway.url, `/v1/endpoints/${id}/deliveries`, OTHER)).status, 404);
});
