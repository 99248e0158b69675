// POST /v1/ops/search: the check of a reference, an id or a wire reference, and the way to its timeline.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { get, post, startGateway, startSandbox } from "./harness.mjs";
import { CAREFUL, fresh, OPERATOR, SOON } from "./review.mjs";
import { idOf } from "./state.mjs";
import { bank } from "./subject.mjs";

let sandbox, gateway;

before(async () => {
  sandbox = await startSandbox();
  gateway = await startGateway({ sandbox, vars: SOON, secondVendor: true });
});

after(async () => {
  await gateway?.stop();
  await sandbox?.stop();
});

const search = (body, headers = OPERATOR) => post(gateway.url, "/v1/ops/search", body, headers);
const verify = (reference_id, number) => post(gateway.url, "/v1/bank-accounts/verify", { ...bank(number), reference_id });

test("a check is found by reference, id and wire reference, with nothing personal", async () => {
  const reference_id = `BANK_20261201_${fresh("X")}_4220000001`;
  assert.equal((await verify(reference_id, "4220000001")).status, 200);
  const [{ wire_reference }] = (await sandbox.calls()).filter(({ kind, operation }) => kind === "post" && operation === "bank.verify");
  const [byReference, byId, byWire] = [await search({ reference_id }), await search({ id: idOf(reference_id) }), await search({ wire_reference: wire_reference.toUpperCase() })];
  assert.equal(byReference.status, 200, byReference.text);
  assert.deepEqual([byId.json, byWire.json], [byReference.json, byReference.json]);
  const { began, ...check } = byReference.json.check;
  assert.ok(Date.now() - Date.parse(began) < 60_000);
  assert.deepEqual(check, {
    id: idOf(reference_id), operation: "bank.verify", phase: "finished", outcome: "verified", key: "success_bank_account", vendor: "decentro", account: null,
    attempts: 1, wire_reference, cost: 400, paise: 100,
  });
  assert.ok(!byReference.text.includes("4220000001") && !/sharma/i.test(byReference.text));
  assert.equal((await get(gateway.url, byReference.json.timeline, OPERATOR)).json[0].kind, "claimed");
});

/** As the vendor's folder writes it: RFC 4648 without padding, in small letters. */
function base32(bytes) {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return bits.match(/.{5}/g).map((five) => "abcdefghijklmnopqrstuvwxyz234567"[parseInt(five, 2)]).join("");
}

test("a check is found by the second vendor's reference, in its own alphabet", async () => {
  const reference_id = fresh("FIND");
  await sandbox.fault({ operation: "bank.verify", fault: "status", status: 401 });
  assert.equal((await verify(reference_id, "4220000002")).json.vendor.name, "cashfree");
  const { wire_reference } = (await sandbox.calls()).findLast(({ kind, vendor }) => kind === "post" && vendor === "cashfree");
  const user_id = base32(Buffer.from(wire_reference.slice(0, 48) + wire_reference.slice(64), "hex"));
  assert.equal(user_id.length, 40);
  for (const reference of [user_id, wire_reference]) assert.equal((await search({ wire_reference: reference })).json.check.id, idOf(reference_id));
});

test("what names no check of the tenant is 404, and a body that names none or two is 400", async () => {
  const reference_id = fresh("FIND");
  await verify(reference_id, "4220000003");
  const others = [{ reference_id: "NOBODY_1" }, { id: `chk_${"0".repeat(32)}` }, { wire_reference: "0".repeat(66) }, { wire_reference: "UTR1" }];
  const forged = `${idOf(reference_id).slice(4)}${"0".repeat(32)}01`;
  for (const body of [...others, { wire_reference: forged }]) assert.deepEqual([(await search(body)).status, (await search(body)).json.key], [404, "error_reference_id_not_found"], JSON.stringify(body));
  for (const body of [{}, { id: 1 }, { id: "chk_1", reference_id }, { reference: "1" }]) assert.equal((await search(body)).status, 400, JSON.stringify(body));
  for (const headers of [CAREFUL, {}]) assert.equal((await search({ reference_id }, headers)).status, 403);
});
