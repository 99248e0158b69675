//! Decentro's response codes: document 003 section 6.6, and those seen beyond it, `E00008` and above.
//!
//! `S00000` proves only that the vendor answered: the data decides.

use super::{Action, Meaning, RECORD_NOT_FOUND, Row, SOURCE_TIMEOUT, SOURCE_UNAVAILABLE, Source, UNEXPECTED_RESPONSE};

const UNAVAILABLE: Meaning = Meaning::Trouble { ends_as: SOURCE_UNAVAILABLE, retry: true };

const fn code(key: &'static str, message: &'static str, meaning: Meaning) -> Row {
    Row::new(Source::D003_CODE, key, message, meaning)
}

#[rustfmt::skip]
pub(in crate::keys) static ROWS: &[Row] = &[
    code("S00000", "Success", Meaning::Answered),
    code("E00001", "General error", Meaning::Trouble { ends_as: UNEXPECTED_RESPONSE, retry: false }),
    code("E00002", "Invalid input", Meaning::Input),
    code("E00003", "Source timeout", Meaning::Trouble { ends_as: SOURCE_TIMEOUT, retry: true }),
    code("E00004", "Source unavailable", UNAVAILABLE),
    code("E00005", "Rate limit exceeded", UNAVAILABLE),
    code("E00006", "Insufficient balance (wallet-based billing)", Meaning::Operator),
    code("E00008", "Authentication or authorisation of the module failed", Meaning::Operator).observed(),
    code("E00009", "Request validation failed", Meaning::Input).observed(),
    code("E00021", "No records found for the given ID", Meaning::Negative(Action::Reject)).answering(RECORD_NOT_FOUND).observed(),
    code("E00045", "Issues with the provider", UNAVAILABLE).observed(),
];
