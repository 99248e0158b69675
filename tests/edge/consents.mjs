// What tests of consents share: tenants of either rule, a sound record, and the requests about one.
import { createHash } from "node:crypto";
import { get, KEY, post, send } from "./harness.mjs";

const digest = (key) => createHash("sha256").update(key).digest("hex");
const tenant = (id, key, more) => ({ id, keys: [digest(key)], scopes: ["*"], origins: [], ...more });

/** The headers of a key. */
export const as = (key) => ({ authorization: `Bearer ${key}` });

/** `dev` requires consent, `other` too, and `free` does not. */
export const TENANTS = JSON.stringify([
  tenant("dev", KEY, {
    consent: "required",
    keys: [digest(KEY), { digest: digest("evidence_key"), scopes: ["evidence"] }, { digest: digest("ops_key"), scopes: ["ops"] }, { digest: digest("pan_key"), scopes: ["pan.verify"] }],
  }),
  tenant("other", "other_key", { consent: "required" }),
  tenant("free", "free_key"),
]);
export const OTHER = as("other_key"), FREE = as("free_key"), EVIDENCE = as("evidence_key"), OPS = as("ops_key"), PAN_ONLY = as("pan_key");

/** A whole record; `more` changes it. */
export const record = (more) => ({
  text_version: "2026-11", notice_hash: "ab".repeat(32), language: "hi-IN", purposes: ["Verify the customer's identity"], items: ["PAN", "Name", "Bank account"],
  granted_at: new Date(Date.now() - 60_000).toISOString(), channel: "web", ...more,
});

/** Records a consent; answers its id. */
export async function consent(gateway, headers, more) {
  const answer = await post(gateway.url, "/v1/consents", record(more), headers);
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.json.consent_id;
}

export const show = (gateway, id, headers) => get(gateway.url, `/v1/consents/${id}`, headers);

/** Withdraws a consent; the request has no body. */
export const withdraw = (gateway, id, headers = as(KEY)) => send(gateway.url, `/v1/consents/${id}/withdraw`, { method: "POST", headers });
