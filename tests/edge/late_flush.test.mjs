// A register that hands its entries to the journal late: no reader that has gone on loses one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FAILPOINTS } from "../../tools/project.mjs";
import { eventually, get, post, startGateway, startSandbox } from "./harness.mjs";
import { SOON } from "./review.mjs";
import { idOf, placeOf } from "./state.mjs";

// Of eight registers, by the first three bits of the place.
const registerOf = (reference) => parseInt(placeOf(reference)[0], 16) >> 1;
const among = (make, isRight) => Array.from({ length: 500 }, (_, number) => make(number)).find((reference) => isRight(registerOf(reference)));

test("a reader that passed while one register's flush was held hears of its check afterwards, once", async () => {
  const sandbox = await startSandbox();
  const gateway = await startGateway({ sandbox, vars: SOON, worker: FAILPOINTS });
  try {
    const held = "FAILPOINT_FLUSH_1_HELD";
    const verify = async (reference_id) => {
      const { status, text } = await post(gateway.url, "/v1/pan/verify", { reference_id, document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC" });
      assert.equal(status, 200, text);
    };
    await verify(held);
    const other = among((number) => `OTHER_${number}`, (register) => register !== registerOf(held));
    await verify(other);
    let [after, told] = ["", []];
    const read = async () => {
      const { json } = await get(gateway.url, `/v1/events?limit=100${after && `&after=${encodeURIComponent(after)}`}`);
      after = json.next;
      told.push(...json.events.map(({ data }) => data.check));
    };
    await eventually("the other's event", async () => (await read(), told.includes(idOf(other))));
    assert.ok(!told.includes(idOf(held)), "it is held");
    // Later than both are in their journals, the reader is past the other's.
    await verify(among((number) => `FAILPOINT_FLUSH_${number}_GO`, (register) => register === registerOf(held)));
    await eventually("the late event", async () => (await read(), told.includes(idOf(held))));
    assert.equal(told.filter((check) => check === idOf(held)).length, 1);
  } finally {
    await gateway.stop();
    await sandbox.stop();
  }
});
