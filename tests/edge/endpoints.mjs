// What tests of endpoints share.
import assert from "node:assert/strict";
import { get, KEY, post, send } from "./harness.mjs";
import { fresh } from "./review.mjs";

/** A PAN that is verified under a fresh reference, which it answers. */
export async function verify(gateway, reference_id = fresh("HOOK"), headers) {
  const pan = { reference_id, document_type: "PAN", id_number: "ABCPE1234F", consent: "Y", purpose: "KYC" };
  const { status, text } = await post(gateway.url, "/v1/pan/verify", pan, headers);
  assert.equal(status, 200, text);
  return reference_id;
}

/** Makes an endpoint; answers it. */
export async function endpoint(gateway, url, more = {}, headers) {
  const { status, json, text } = await post(gateway.url, "/v1/endpoints", { url, ...more }, headers);
  assert.equal(status, 201, text);
  return json;
}

export const show = async (gateway, id, headers) => (await get(gateway.url, `/v1/endpoints/${id}`, headers)).json;
export const tried = async (gateway, id) => (await get(gateway.url, `/v1/endpoints/${id}/deliveries`)).json.deliveries;

const other = (method) => (gateway, id, body, headers = {}) =>
  send(gateway.url, `/v1/endpoints/${id}`, { method, body: body && JSON.stringify(body), headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json", ...headers } });
export const change = other("PATCH");
export const remove = other("DELETE");

/** Deletes every endpoint of the tenant of development. */
export async function clear(gateway) {
  for (const { id } of (await get(gateway.url, "/v1/endpoints")).json.endpoints) await remove(gateway, id);
}
