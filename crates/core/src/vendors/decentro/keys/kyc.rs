//! Decentro's response keys for all of its KYC products, as far as none of documents 000 to 004 has them.
//!
//! They tell a refusal of us from trouble at the vendor. The vendor's public list names the keys; the words are ours. Source: Decentro's
//! pages of response keys for KYC; which of them a document has is that document's table, and not repeated here.

use super::{Meaning, Row, Source};

const fn row(key: &'static str, message: &'static str, meaning: Meaning) -> Row {
    Row::new(Source::KYC, key, message, meaning).observed()
}

#[rustfmt::skip]
pub(in crate::keys) static ROWS: &[Row] = &[
    row("error_missing_configuration", "The vendor has no configuration of the module for the company.", Meaning::Operator),
    row("error_module_access_expired", "The company's access to the module has expired.", Meaning::Operator),
    row("error_ip_not_configured", "The vendor does not know the address that the request came from.", Meaning::Operator),
    row("error_insufficient_account_balance", "The company's balance at the vendor does not cover the request.", Meaning::Operator),
    row("error_invalid_endpoint", "The vendor has no such endpoint.", Meaning::Operator),
    row("error_invalid_consent_type", "Consent is of another type than the vendor expects.", Meaning::Input),
    row("error_consent_false", "Consent cannot be false.", Meaning::Input),
    row("error_invalid_purpose", "The purpose is not one that the vendor accepts.", Meaning::Input),
    row("error_empty_purpose", "The purpose cannot be null or empty.", Meaning::Input),
    row("error_short_purpose_length", "The purpose is shorter than the vendor expects.", Meaning::Input),
    row("error_long_purpose_length", "The purpose is longer than the vendor expects.", Meaning::Input),
];
