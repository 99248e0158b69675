// application/problem+json in the gateway's words.
const TITLES = {
  error_unauthorized: "Unauthorized.",
  error_not_found: "There is no such route.",
  error_method_not_allowed: "Method not allowed.",
  error_unsupported_media_type: "The body should be JSON.",
  error_body_too_large: "The body is too large.",
  error_duplicate_reference_id: "The reference ID was used for another request.",
  error_malformed_request: "Malformed request detected.",
  error_reference_id_missing_or_null: "Parameter reference_id cannot be missing/null. Hint: reference_id (string)",
  error_invalid_reference_id: "Reference ID is not of type string",
  error_empty_reference_id: "Request reference ID cannot be null or empty. Hint: reference_id (string)",
  error_invalid_reference_id_length: "Request reference ID is not valid. Hint: reference_id should be restricted to 2 to 100 chars",
  error_unsanitized_values: "Unsanitized values detected for key(s): reference_id.",
  error_mobile_number_type_not_string: "Parameter mobile_number should be a string. Hint: mobile_number (string)",
  error_mobile_number_incorrect_string_length:
    "Parameter mobile_number should be exactly 10 characters long after trimming whitespace. Hint: mobile_number (string)",
  error_mobile_number_invalid_mobile_format: "Parameter mobile_number should be 10 digits long and start with one of 9, 8, 7 or 6.",
  error_fetch_branch_details_type_not_boolean: "Parameter fetch_branch_details should be a boolean. Hint: fetch_branch_details (boolean)",
  error_is_consent_granted_type_not_boolean: "Parameter is_consent_granted should be a boolean. Hint: is_consent_granted (boolean)",
  error_consumer_urn_type: "Parameter consumer_urn should be a string.",
};

const STATUS = {
  error_unauthorized: 401,
  error_not_found: 404,
  error_method_not_allowed: 405,
  error_duplicate_reference_id: 409,
  error_body_too_large: 413,
  error_unsupported_media_type: 415,
};

// What to do next, where it is not what is wrong with the request.
const NEXT = {
  error_unauthorized: "Send valid credentials: from a server its key, from a page the token of a new session.",
  error_not_found: "Check the path for a typing error.",
  error_method_not_allowed: "Use a method that the Allow header names.",
  error_unsupported_media_type: "Send JSON, not compressed, as Content-Type: application/json.",
  error_body_too_large: "Send less at once.",
  error_duplicate_reference_id: "Use a new reference_id.",
};
const CORRECT = "Correct the request and send it again. Nothing was sent to a vendor.";

/** The headers of every response. */
export const ALWAYS = { "cache-control": "no-store", "x-content-type-options": "nosniff", "strict-transport-security": "max-age=31536000" };

export const CONTENT_TYPE = "application/problem+json";

export const fault = (field, key) => ({ field, key, message: TITLES[key] });

/** The body of a problem. `why`: what exactly is wrong, where the title does not say it. */
export function problem(key, request_id, errors = [], why = undefined) {
  const next = NEXT[key] ?? CORRECT;
  const detail = why ? `${why} ${next}` : next;
  return { type: `/v1/keys/${key}`, title: TITLES[key], status: STATUS[key] ?? 400, key, request_id, errors, action: "fix", detail };
}

/** The same as a response. */
export function refusal(key, id, errors, detail) {
  const body = problem(key, id, errors, detail);
  const headers = { "content-type": CONTENT_TYPE, ...ALWAYS, "x-request-id": id };
  return new Response(JSON.stringify(body), { status: body.status, headers });
}
