//! Document 001, Decentro Mobile to Account: its response keys, row by row, in the document's order.
//!
//! The order matters: it is the order in which input faults are reported. The messages are the document's to the letter, less one
//! stray quotation mark (`error_fetch_branch_details_type_not_boolean`). The velocity message has lost its numbers in the document;
//! [`crate::velocity`] completes it. A row is refused, retried or looked up as contract section 2.2 says.

use super::{Action, Meaning, Row, Source};

const VERIFIED: Meaning = Meaning::Verified;
const REJECT: Meaning = Meaning::Negative(Action::Reject);
const RETRY: Meaning = Meaning::Negative(Action::Retry);
const UNSETTLED: Meaning = Meaning::Unsettled;
const LANDED: Meaning = Meaning::Landed;
const VELOCITY: Meaning = Meaning::Velocity;
const OPERATOR: Meaning = Meaning::Operator;
const INPUT: Meaning = Meaning::Input;
const REMARK: Meaning = Meaning::Remark;

const fn row(key: &'static str, message: &'static str, meaning: Meaning) -> Row {
    Row::new(Source::D001, key, message, meaning)
}

#[rustfmt::skip]
pub(in crate::keys) const ROWS: &[Row] = &[
    row("error_malformed_request", "Malformed request detected.", INPUT),
    row("error_invalid_credentials", "Invalid authentication credentials", OPERATOR),
    row("error_missing_credentials", "No API key found in request", OPERATOR),
    row("error_invalid_client_credentials", "Authentication failed. Please use valid Client ID and Client Secret.", OPERATOR),
    row("error_empty_client_secret", "Client Secret cannot be empty. Hint: client_secret (string)", OPERATOR),
    row("error_unauthorized_module", "Authentication failed for accessing the module", OPERATOR),
    row("error_empty_module_secret", "Module Secret cannot be empty. Hint: module_secret (string)", OPERATOR),
    row("error_company_disabled", "Requests are disabled for the company/account.", OPERATOR),
    row("error_mobile_number_type_not_string", "Parameter mobile_number should be a string. Hint: mobile_number (string)", INPUT),
    row("error_mobile_number_incorrect_string_length", "Parameter mobile_number should be exactly 10 characters long after trimming whitespace. Hint: mobile_number (string)", INPUT),
    row("error_mobile_number_invalid_mobile_format", "Parameter mobile_number should be 10 digits long and start with one of 9, 8, 7 or 6.", INPUT),
    row("error_reference_id_missing_or_null", "Parameter reference_id cannot be missing/null. Hint: reference_id (string)", INPUT),
    row("error_invalid_reference_id", "Reference ID is not of type string", INPUT),
    row("error_duplicate_reference_id", "Duplicate Request Reference ID", LANDED),
    row("error_empty_reference_id", "Request reference ID cannot be null or empty. Hint: reference_id (string)", INPUT),
    row("error_invalid_reference_id_length", "Request reference ID is not valid. Hint: reference_id should be restricted to 2 to 100 chars", INPUT),
    row("error_fetch_branch_details_type_not_boolean", "Parameter fetch_branch_details should be a boolean. Hint: fetch_branch_details (boolean)", INPUT),
    row("error_is_consent_granted_type_not_boolean", "Parameter is_consent_granted should be a boolean. Hint: is_consent_granted (boolean)", INPUT),
    row("error_unsanitized_values", r#"Unsanitized values detected for key(s): <key_name>. Kindly sanitize the corresponding values by removing special characters such as . @ # $ % ^ & * ! ; : ' " ~ ` ? = + ) ( and retry."#, INPUT),
    row("success_account_details_retrieved", "Account details retrieved successfully", VERIFIED),
    row("error_decentro_error", "Internal Server Error. Kindly retry the transaction after sometime.", UNSETTLED),
    row("error_invalid_mobile_number", "Please provide a valid mobile number", REJECT),
    row("error_validation_blocked", "The request could not be completed due to a risk exception by NPCI. Kindly retry the transaction after sometime.", RETRY),
    row("error_validation_blocked", "Transaction not permitted by the beneficiary bank.", REJECT),
    row("error_validation_blocked", "The request could not be completed due to a risk exception by the beneficiary bank. Kindly retry the transaction after sometime.", RETRY),
    row("error_beneficiary_bank_offline", "The request could not be completed due to a error with the beneficiary bank. Kindly retry the transaction after sometime.", UNSETTLED),
    row("error_validation_blocked", "The request could not be completed as it was rejected by the beneficiary bank.", REJECT),
    row("error_invalid_vpa_mapped", "An invalid VPA is mapped to this mobile number.", REJECT),
    row("error_mobile_mapping_not_supported", "The PSP for this VPA does not support Mobile Number and UPI VPA linkage.", REJECT),
    row("error_validation_failed", "Account details could not be fetched due to an issue with the beneficiary bank. Kindly retry the transaction after sometime.", UNSETTLED),
    row("error_network_timeout_rejection", "The transaction request could not be completed due to high response time from NPCI. Kindly retry the transaction after sometime.", UNSETTLED),
    row("error_mapping_blocked", "The request was blocked by NPCI. Please try again after some time.", RETRY),
    row("error_mapping_inactive", "The details could not be retrieved as the record is marked as INACTIVE by NPCI.", REJECT),
    row("error_vpa_mapping_changed", "The UPI VPA is no longer mapped to this mobile number.", REJECT),
    row("error_vpa_not_mapped_to_psp", "The UPI VPA is not active with the registered PSP.", REJECT),
    row("error_dormant_account", "The account associated with this mobile number is Inactive or Dormant.", REJECT),
    row("error_provider_error", "Unexpected response received from provider. Kindly retry the transaction after sometime.", UNSETTLED),
    row("failure_account_frozen", "The account associated with this mobile number is blocked or frozen.", REJECT),
    row("failure_no_account_mapped_to_vpa", "There is no bank account associated with the VPA mapped to this mobile number.", REJECT),
    row("failure_no_account_mapped", "There is no UPI VPA associated with this mobile number.", REJECT),
    row("failure_account_closed", "The account associated with this mobile number is closed.", REJECT),
    row("error_velocity_controls_verification_failed", "Transaction failed due to velocity controls for combination: mobile_number. Limit is hits per . Please try again later.", VELOCITY),
    row("success_branch_details_found", "This value will be propagated in the branchVerificationResponseKey parameter when the fetch_branch_details values is passed as true and the system is able to successfully find the required details.", REMARK),
    row("error_branch_details_not_found", "This value will be propagated in the branchVerificationResponseKey parameter when the fetch_branch_details values is passed as true but the system is unable to find the required details.", REMARK),
];
