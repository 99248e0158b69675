// What a good JavaScript engineer writes by hand for the same routes: key digest, JSON, field checks, problem+json, one log line. A sound request for an
// account ends here with an empty answer: the bench sends none.
import { callerOf, log, requestId } from "./caller.js";
import { verdict } from "./kinds.js";
import { ALWAYS, fault, refusal } from "./problem.js";

const FIELDS = new Set(["mobile_number", "reference_id", "fetch_branch_details", "is_consent_granted", "consumer_urn", "consent_record"]);
const UNSANITIZED = /[.@#$%^&*!;:'"~`?=+)(]/;
const MOBILE = /^[6-9][0-9]{9}$/;

function mobileFault(value) {
  if (typeof value !== "string") return "error_mobile_number_type_not_string";
  const mobile = value.trim();
  if (mobile.length !== 10) return "error_mobile_number_incorrect_string_length";
  return MOBILE.test(mobile) ? undefined : "error_mobile_number_invalid_mobile_format";
}

function referenceFault(value) {
  if (value === undefined || value === null) return "error_reference_id_missing_or_null";
  if (typeof value !== "string") return "error_invalid_reference_id";
  const { length } = value.trim();
  if (length === 0) return "error_empty_reference_id";
  if (length < 2 || length > 100) return "error_invalid_reference_id_length";
  return UNSANITIZED.test(value) ? "error_unsanitized_values" : undefined;
}

const isMissingOr = (type, value) => value === undefined || typeof value === type;

function faultsOf({ mobile_number, reference_id, fetch_branch_details, is_consent_granted, consumer_urn }) {
  const faults = [];
  const mobile = mobileFault(mobile_number);
  if (mobile) faults.push(fault("mobile_number", mobile));
  const reference = referenceFault(reference_id);
  if (reference) faults.push(fault("reference_id", reference));
  if (!isMissingOr("boolean", fetch_branch_details)) faults.push(fault("fetch_branch_details", "error_fetch_branch_details_type_not_boolean"));
  if (!isMissingOr("boolean", is_consent_granted)) faults.push(fault("is_consent_granted", "error_is_consent_granted_type_not_boolean"));
  if (!isMissingOr("string", consumer_urn)) faults.push(fault("consumer_urn", "error_consumer_urn_type"));
  return faults;
}

function ok(value, id) {
  const headers = { "content-type": "application/json", ...ALWAYS, "x-request-id": id };
  return new Response(JSON.stringify(value), { headers });
}

function account(body, id) {
  for (const name in body) {
    if (!FIELDS.has(name)) return refusal("error_malformed_request", id, [fault(name, "error_malformed_request")]);
  }
  const faults = faultsOf(body);
  return faults.length ? refusal(faults[0].key, id, faults) : ok({}, id);
}

function validate({ kind, input, items }, id) {
  if (items === undefined) return ok(verdict(kind, input), id);
  if (!Array.isArray(items) || items.length > 1000) return refusal("error_malformed_request", id);
  return ok({ verdicts: items.map((item) => verdict(item.kind, item.input)) }, id);
}

const ROUTES = {
  "/v1/mobile/account": { isPublic: false, limit: 65_536, run: account },
  "/v1/validate": { isPublic: true, limit: 262_144, run: validate },
};

function parsed(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

async function answer(request, env, route, id) {
  if (!route) return refusal("error_not_found", id);
  if (request.method !== "POST") return refusal("error_method_not_allowed", id);
  if (!route.isPublic && !(await callerOf(request, env))) return refusal("error_unauthorized", id);
  if (!request.headers.get("content-type")?.startsWith("application/json")) return refusal("error_unsupported_media_type", id);
  const text = await request.text();
  if (text.length > route.limit) return refusal("error_body_too_large", id);
  const body = parsed(text);
  return body === null ? refusal("error_malformed_request", id, [], "The body cannot be read as a JSON object.") : route.run(body, id);
}

export default {
  async fetch(request, env) {
    const began = Date.now();
    const id = requestId();
    const { pathname } = new URL(request.url);
    const response = await answer(request, env, ROUTES[pathname], id);
    log(id, request.method, pathname, response.status, began);
    return response;
  },
};
