//! The keys that the code itself speaks of, by name. Each is a row of a table (tested below); elsewhere no key is written out.

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident = $key:literal;)*) => {
        $($(#[$doc])* #[doc = concat!("`", $key, "`.")] pub const $name: &str = $key;)*

        #[cfg(test)]
        const ALL: &[&str] = &[$($key),*];
    };
}

names! {
    /// The one public key for every refusal that concerns us and not the caller.
    SERVICE_UNAVAILABLE = "error_service_unavailable";
    /// The vendor answered nonsense.
    UNEXPECTED_RESPONSE = "error_unexpected_response";
    /// The vendor, or what stands behind it, is down.
    SOURCE_UNAVAILABLE = "error_source_unavailable";
    /// The vendor did not answer in time (reads only).
    SOURCE_TIMEOUT = "error_source_timeout";
    /// The reference is held by another meaning, or was used up.
    DUPLICATE_REFERENCE = "error_duplicate_reference_id";
    /// The body is no request of this operation.
    MALFORMED_REQUEST = "error_malformed_request";
    /// The body has more bytes than its route takes.
    BODY_TOO_LARGE = "error_body_too_large";
    /// Too many checks of one mobile number.
    VELOCITY = "error_velocity_controls_verification_failed";
    /// The vendor has no such record.
    RECORD_NOT_FOUND = "failure_record_not_found";
    /// Our fault.
    INTERNAL = "error_internal";
    /// The check takes no decision any more.
    CHECK_IS_FINAL = "error_check_is_final";
    /// The check takes no such decision now.
    NOT_IN_REVIEW = "error_check_not_in_review";
    /// No vendor is asked without a consent that is good.
    CONSENT_REQUIRED = "error_consent_required";
    CONSENT_NOT_FOUND = "error_consent_not_found";
    EMPTY_CONSENT = "error_empty_consent";
    EMPTY_MOBILE = "error_empty_mobile";
    EMPTY_NAME = "error_empty_name";
    ENDPOINT_NOT_FOUND = "error_endpoint_not_found";
    EVENT_NOT_FOUND = "error_event_not_found";
    FALSE_CONSENT = "error_false_consent";
    FORBIDDEN = "error_forbidden";
    IDEMPOTENCY_KEY_REUSED = "error_idempotency_key_reused";
    INVALID_CONSENT = "error_invalid_consent";
    INVALID_MOBILE_NUMBER = "error_invalid_mobile_number";
    INVALID_REFERENCE_ID = "error_invalid_reference_id";
    KEY_NOT_FOUND = "error_key_not_found";
    METHOD_NOT_ALLOWED = "error_method_not_allowed";
    MOBILE_NUMBER_TYPE_NOT_STRING = "error_mobile_number_type_not_string";
    /// The session has not proved the mobile number that it asks about.
    MOBILE_NOT_PROVED = "error_mobile_not_proved";
    NOT_FOUND = "error_not_found";
    /// A one-time password that is not the one that was sent, or is over.
    OTP_WRONG = "error_otp_wrong";
    RATE_LIMITED = "error_rate_limited";
    REFERENCE_ID_MISSING_OR_NULL = "error_reference_id_missing_or_null";
    REFERENCE_ID_NOT_FOUND = "error_reference_id_not_found";
    TOO_MANY_ENDPOINTS = "error_too_many_endpoints";
    UNAUTHORIZED = "error_unauthorized";
    UNSUPPORTED_MEDIA_TYPE = "error_unsupported_media_type";
    VALIDATION_FAILED = "error_validation_failed";
    FAILURE_ACCOUNT_CLOSED = "failure_account_closed";
    FAILURE_BANK_ACCOUNT_CLOSED = "failure_bank_account_closed";
    FAILURE_BANK_ACCOUNT_INVALID = "failure_bank_account_invalid";
    FAILURE_BANK_ACCOUNT_NO_MATCH = "failure_bank_account_no_match";
    FAILURE_BANK_ACCOUNT_UNKNOWN_STATUS = "failure_bank_account_unknown_status";
    FAILURE_CKYC_INVALID = "failure_ckyc_invalid";
    /// The customer's consent ended before anything of the request was sent.
    FAILURE_CONSENT_ENDED = "failure_consent_ended";
    FAILURE_DECIDED = "failure_decided";
    FAILURE_PAN_INVALID = "failure_pan_invalid";
    FAILURE_PAN_MISMATCH = "failure_pan_mismatch";
    FAILURE_PAN_UNKNOWN_STATUS = "failure_pan_unknown_status";
    FAILURE_PAYMENT_EXPIRED = "failure_payment_expired";
    FAILURE_PAYMENT_FAILED = "failure_payment_failed";
    FAILURE_REPLACED = "failure_replaced";
    /// The customer is asked to pay.
    PENDING_PAYMENT = "pending_payment";
    PENDING_REVIEW = "pending_review";
    PENDING_UNKNOWN = "pending_unknown";
    PENDING_VENDOR = "pending_vendor";
    SUCCESS_BANK_ACCOUNT = "success_bank_account";
    SUCCESS_CKYC_DOWNLOAD = "success_ckyc_download";
    SUCCESS_CKYC_SEARCH = "success_ckyc_search";
    SUCCESS_CKYC_UPLOAD = "success_ckyc_upload";
    SUCCESS_CUSTOMER_DATA_PULL = "success_customer_data_pull";
    SUCCESS_DECIDED = "success_decided";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::rows;

    #[test]
    fn every_key_that_has_a_name_is_a_row() {
        for key in ALL {
            assert!(rows().any(|row| row.key == *key), "{key}");
        }
    }
}
