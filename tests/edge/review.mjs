// What tests of manual review share: people with credentials of their own, and checks that wait for them.
import { createHash } from "node:crypto";
import { get, KEY, post } from "./harness.mjs";

const digest = (key) => createHash("sha256").update(key).digest("hex");

/** The headers of a key. */
export const as = (key) => ({ authorization: `Bearer ${key}` });

/** Reviewers of the tenant `dev`, and of `careful`, which asks for four eyes. */
export const ASHA = as("toran_asha_key"), RAVI = as("toran_ravi_key"), NOBODY = as("toran_nobodys_review_key"), OPERATOR = as("toran_ops_key");
export const MIRA = as("toran_mira_key"), DEV = as("toran_dev_two_key"), OTHER = as("toran_other_key"), CAREFUL = as("toran_careful_key");

const person = (key, name) => ({ digest: digest(key), scopes: ["review"], person: name });
const tenant = (id, keys, more) => ({ id, keys, scopes: ["*"], origins: [], ...more });

export const TENANTS = JSON.stringify([
  tenant("dev", [
    digest(KEY), person("toran_asha_key", "asha"), person("toran_ravi_key", "ravi"),
    { digest: digest("toran_nobodys_review_key"), scopes: ["review"] }, { digest: digest("toran_ops_key"), scopes: ["ops"] },
  ]),
  tenant("careful", [digest("toran_careful_key"), person("toran_mira_key", "mira"), person("toran_dev_two_key", "dev")], { four_eyes: true }),
  tenant("other", [digest("toran_other_key"), { ...person("toran_others_review_key", "asha") }]),
]);

// Whoever is PENDING for ever at the vendor waits for a person soon.
export const SOON = { TENANTS, ATTEMPT_MS: "1500", WAIT_MS: "500", LOOKUPS_MS: "50,100", LOOKUP_EVERY_MS: "200", HORIZON_MS: "300" };

let count = 0;

/** A reference that no other test of this process uses. */
export const fresh = (prefix = "REVIEW") => `${prefix}_${(count += 1)}`;

const accounts = new Map();

// The vendor counts how often an account is paid, so each reference has one of its own.
function accountOf(reference_id) {
  if (!accounts.has(reference_id)) accounts.set(reference_id, `96900000${String(accounts.size).padStart(2, "0")}`);
  return accounts.get(reference_id);
}

/** Money whose fate the vendor never tells when it is asked (docs/SANDBOX.md). */
export const lostMoney = (reference_id) => ({
  reference_id, purpose_message: "KYC Bank Verification", validation_type: "pennydrop",
  beneficiary_details: { account_number: accountOf(reference_id), ifsc: "SBIN0001077", name: "Rahul Sharma" },
});

/** The requests about one check of a gateway. */
export const reviewed = (gateway, reference) => ({
  decide: (decision, by, more) => post(gateway.url, `/v1/checks/${reference}/decision`, { decision, reason: "The bank's statement shows it.", ...more }, by),
  get: (headers) => get(gateway.url, `/v1/checks/${reference}`, headers),
  timeline: (headers) => get(gateway.url, `/v1/checks/${reference}/timeline`, headers),
});
