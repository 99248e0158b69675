//! Toran's own keys: answers that the documents leave without one, waiting, and the problems of contract section 2.4.

use super::{
    Action, BODY_TOO_LARGE, INTERNAL, Meaning, Owner, RECORD_NOT_FOUND, Row, SERVICE_UNAVAILABLE, SOURCE_TIMEOUT, SOURCE_UNAVAILABLE,
    Source, UNEXPECTED_RESPONSE,
};

const REJECT: Meaning = Meaning::Negative(Action::Reject);
const REVIEW: Meaning = Meaning::Negative(Action::Review);
const RETRY: Meaning = Meaning::Negative(Action::Retry);
const CALLER: Owner = Owner::Caller;

/// Stands for the keys of input faults that no document names.
pub(super) const FIELD_FAULT: &str = "error_FIELD_REASON";

/// What is said of a write that was accepted, as long as nothing stands in its way.
pub const ON_ITS_WAY: &str =
    "Accepted, and on its way to the registry. Ask again at the address in Location; do not send it again under a new reference_id.";

/// What is said of values that the vendor understood and refuses.
pub const VALUES_REFUSED: &str =
    "The vendor refuses these values, and does not say what they stand for. Compare them with the customer's documents.";

/// What is said of a record that the vendor refused.
pub const RECORD_REFUSED: &str =
    "The vendor refuses this record, and says why in refusal. Send a corrected one that names it in replaces, or let a person decide it.";

/// What is said of a record that waits because the vendor refused us.
pub const US_REFUSED: &str =
    "The vendor refuses us, and not the record: refusal says why. The record is kept; a person sends it again once that is settled.";

const fn row(key: &'static str, message: &'static str, meaning: Meaning) -> Row {
    Row::new(Source::GATEWAY, key, message, meaning)
}

const fn problem(status: u16, key: &'static str, owner: Owner, message: &'static str) -> Row {
    row(key, message, Meaning::Problem(status, owner))
}

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("success_pan", "PAN verified successfully", Meaning::Verified),
    row("failure_pan_invalid", "The Income Tax Department reports this PAN as fake or invalid. Ask the customer to check the PAN card.", REJECT),
    row("failure_pan_invalid", VALUES_REFUSED, REJECT),
    row("failure_pan_deactivated", "This PAN is deactivated: it is not linked with Aadhaar. Ask the customer to link them on the Income Tax portal.", REJECT),
    row("failure_pan_deleted", "This PAN was deleted by the Income Tax Department and is permanently invalid.", REJECT),
    row("failure_pan_not_found", "This PAN is not found in the Income Tax Department's records. Check the number for a typing error.", REJECT),
    row("failure_pan_deceased", "A death event is recorded for this PAN. Escalate to the compliance team.", REJECT),
    row("failure_pan_unknown_status", "The PAN's status is not one that is known to be valid. A person must look.", REVIEW),
    row("failure_pan_mismatch", "The name or the date of birth does not match the Income Tax Department's records.", REVIEW),
    row("success_bank_account", "Bank account verified successfully", Meaning::Verified),
    row("failure_bank_account_invalid", "The bank reports that this account does not exist or is closed. Ask the customer to check the account number and the IFSC, or for another account.", REJECT),
    row("failure_bank_account_invalid", VALUES_REFUSED, REJECT),
    row("failure_bank_account_closed", "The bank reports that this account is closed. Ask the customer for an active bank account.", REJECT),
    row("failure_bank_account_no_match", "The name of the account's holder is not the customer's. Ask the customer to check the bank details, or for another account.", REJECT),
    row("failure_bank_account_unknown_status", "The bank did not clearly say that this account is valid. A person must look.", REVIEW),
    row("failure_payment_expired", "Nobody paid before the payment link expired. The customer may pay under a new reference_id.", RETRY),
    row("failure_payment_failed", "The payment failed. What was debited comes back to the customer by itself.", RETRY),
    row("success_ckyc_upload", "CKYC record uploaded successfully", Meaning::Verified),
    row("success_ckyc_search", "CKYC record found. Download it to prefill the form.", Meaning::Verified),
    row("success_ckyc_download", "CKYC record downloaded.", Meaning::Verified),
    row("failure_ckyc_invalid", "The CKYC registry does not accept this number, or the authentication factor is not the customer's. Check them with the customer.", REJECT),
    row(RECORD_NOT_FOUND, "The record does not exist at the source.", REJECT),
    row("success_decided", "Manual review found that this is verified.", Meaning::Verified),
    row("failure_replaced", "A corrected record took the place of this one, which the vendor had refused.", REJECT),
    row("failure_consent_ended", "The customer's consent ended before this was sent. Nothing of it reached the vendor.", RETRY),
    row("failure_decided", "Manual review found that this is not verified, or that nothing happened. The outcome says which.", REJECT),

    row("pending_vendor", "The vendor is working on it. Ask again at the address in Location.", Meaning::Pending(Action::Wait)),
    row("pending_payment", "The customer has not paid yet. Show data.payment until it expires, and ask again at the address in Location.", Meaning::Pending(Action::Wait)),
    row("pending_unknown", "The result is not known yet, and we are finding out. Ask again at the address in Location; do not send it again under a new reference_id.", Meaning::Pending(Action::Wait)),
    row("pending_unknown", ON_ITS_WAY, Meaning::Pending(Action::Wait)),
    row("pending_review", "The result could not be found out. A person must look before anything is sent again.", Meaning::Pending(Action::Review)),
    row("pending_review", RECORD_REFUSED, Meaning::Pending(Action::Review)),
    row("pending_review", US_REFUSED, Meaning::Pending(Action::Review)),

    row(FIELD_FAULT, "A field breaks a rule of its own; REASON is missing, type, empty, length, format, component, checksum or value. The errors of the answer say which field and what is wrong.", Meaning::Input),

    problem(400, "error_otp_wrong", CALLER, "This code is not the one that was sent, or its 15 minutes are over."),
    problem(401, "error_unauthorized", CALLER, "No valid credentials. Send Authorization: Bearer with a server key or a session token."),
    problem(403, "error_forbidden", CALLER, "These credentials are not allowed to do this."),
    problem(403, "error_mobile_not_proved", CALLER, "This session has not proved the mobile number that it asks about."),
    problem(403, "error_consent_required", CALLER, "A consent of the customer that is good is needed for this."),
    problem(404, "error_not_found", CALLER, "There is no such route."),
    problem(404, "error_reference_id_not_found", CALLER, "No check with this reference_id is known."),
    problem(404, "error_key_not_found", CALLER, "There is no such key in the catalogue. GET /v1/keys lists them all."),
    problem(404, "error_consent_not_found", CALLER, "There is no such consent."),
    problem(404, "error_endpoint_not_found", CALLER, "There is no such endpoint."),
    problem(404, "error_event_not_found", CALLER, "No event with this id is known."),
    problem(405, "error_method_not_allowed", CALLER, "This route does not take this method. The Allow header names those it takes."),
    problem(409, "error_check_is_final", CALLER, "The check is final: it takes no other decision."),
    problem(409, "error_check_not_in_review", CALLER, "The check cannot be decided in this way as it stands."),
    problem(409, "error_idempotency_key_reused", CALLER, "This Idempotency-Key belongs to another request."),
    problem(409, "error_too_many_endpoints", CALLER, "There are 16 endpoints already, which is the most. Delete one that is not needed."),
    problem(413, BODY_TOO_LARGE, CALLER, "The body is larger than this route takes."),
    problem(415, "error_unsupported_media_type", CALLER, "Send the body as Content-Type: application/json."),
    problem(429, "error_rate_limited", CALLER, "Too many requests from this address. Wait for the time in Retry-After."),
    problem(500, INTERNAL, Owner::Us, "Something went wrong on our side. Quote the request_id when you ask about it."),
    problem(502, UNEXPECTED_RESPONSE, Owner::Vendor, "Unexpected response received from underlying provider."),
    problem(502, SERVICE_UNAVAILABLE, Owner::Operator, "The service is not available at the moment. The operator has been alerted."),
    problem(503, SOURCE_UNAVAILABLE, Owner::Vendor, "The source is not available at the moment. Try again after the time in Retry-After."),
    problem(504, SOURCE_TIMEOUT, Owner::Vendor, "The source did not answer in time. Sending the same request again makes a new attempt."),
];
