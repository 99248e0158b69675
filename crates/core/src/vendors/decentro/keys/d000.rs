//! Document 000, Decentro Customer Data Pull: its response keys, row by row, in the document's order.
//!
//! The order matters: it is the order in which input faults are reported. The messages are the document's to the letter, also where document
//! 001 says the same key in other words, and where the document has lost an address to its page's obfuscation. It is a read: trouble is tried
//! again, and a reference that was used is used up. The answer of the provider that nobody understands is not: it will be the same again.

use super::{Meaning, Row, SOURCE_UNAVAILABLE, Source, UNEXPECTED_RESPONSE};

const OPERATOR: Meaning = Meaning::Operator;
const INPUT: Meaning = Meaning::Input;
const UNAVAILABLE: Meaning = Meaning::Trouble { ends_as: SOURCE_UNAVAILABLE, retry: true };

const fn row(key: &'static str, message: &'static str, meaning: Meaning) -> Row {
    Row::new(Source::D000, key, message, meaning)
}

#[rustfmt::skip]
pub(in crate::keys) const ROWS: &[Row] = &[
    row("success_customer_data_pull", "Customer data pulled successfully", Meaning::Verified),
    row("error_decentro_error", "Internal Server Error. Kindly retry the transaction after sometime", Meaning::Trouble { ends_as: UNEXPECTED_RESPONSE, retry: true }),
    row("error_provider_error", "Unexpected response received from the underlying provider.", UNAVAILABLE),
    row("error_empty_module_secret", "An empty module secret was passed.", OPERATOR),
    row("error_invalid_module_secret", "An invalid module secret was passed", OPERATOR),
    row("error_empty_consent", "Consent cannot be null or empty. Hint: consent (boolean)", INPUT),
    row("error_invalid_consent", "Consent should be of boolean type. Hint: consent (boolean)", INPUT),
    row("error_false_consent", "Consent cannot be false. Hint: consent (boolean)", INPUT),
    row("error_malformed_request", "A malformed JSON request was passed.", INPUT),
    row("error_unsanitized_values", "Unsanitized values detected for key(s)", INPUT),
    row("error_empty_name", "Name cannot be null or empty. Hint: name (string).", INPUT),
    row("error_duplicate_reference_id", "Duplicate Request Reference ID", UNAVAILABLE),
    row("error_module_credits_exhausted", "You have consumed your credits. Please connect with our team on [email protected] for credit renewal.", OPERATOR),
    row("error_unauthorized_module", "Authorization failed for accessing the module", OPERATOR),
    row("error_no_subscription_found", "No subscription details found for this module. Please subscribe this module to access the APIs.", OPERATOR),
    row("error_empty_mobile", "Mobile Number cannot be null or empty. Hint: mobile (string)", INPUT),
    row("error_unauthorized_provider", "Provider Not Authorized For Company", OPERATOR),
    row("error_unexpected_response", "Unexpected response received from underlying provider.", Meaning::Trouble { ends_as: UNEXPECTED_RESPONSE, retry: false }),
];
