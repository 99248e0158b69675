//! Document 003, the integration specification, as far as it speaks for every vendor: PAN status letters of the Income Tax Department (section 2.5), the bands of a
//! bank account's name match (section 3.2) and standard HTTP codes (section 6.6), with what public material adds: seven letters whose meaning nobody publishes.
//!
//! A letter without a meaning, and one outside this table, is never verified: it is a manual review. `200` proves only that the vendor answered: the data decides.

use super::{Action, Meaning, Moves, RECORD_NOT_FOUND, Row, SOURCE_UNAVAILABLE, Source, THE_OPERATIONS_OWN, UNEXPECTED_RESPONSE};

/// The yes to a bank account.
const BANK: &str = "success_bank_account";
impl Source {
    /// Document 003 section 2.5, PAN status letters.
    pub const D003_PAN_STATUS: Self = Self::new("003 section 2.5");
    /// Document 003 section 3.2, the bands of a bank account's name match. A bank tells its customer's name with the credit, so whatever the name is.
    pub const D003_NAME_MATCH: Self = Self::new("003 section 3.2").of_money(Moves::Always);
    /// Document 003 section 6.6, standard HTTP codes.
    pub const D003_HTTP: Self = Self::new("003 section 6.6/http").between_us();
}

/// With the document's caveat (sections 2.5 and 8.1).
const VALID: &str = "Existing and valid PAN. Status E does not guarantee the person is alive: cross-check with other sources (CKYC death flag, KRA status, or Video KYC)";

const REJECT: Meaning = Meaning::Negative(Action::Reject);
const REVIEW: Meaning = Meaning::Negative(Action::Review);
const UNAVAILABLE: Meaning = Meaning::Trouble { ends_as: SOURCE_UNAVAILABLE, retry: true };
const BROKEN: Meaning = Meaning::Trouble { ends_as: UNEXPECTED_RESPONSE, retry: true };

const fn letter(key: &'static str, message: &'static str, meaning: Meaning, answers_with: &'static str) -> Row {
    Row::new(Source::D003_PAN_STATUS, key, message, meaning).answering(answers_with)
}

const fn unexplained(key: &'static str) -> Row {
    letter(key, "Existing PAN with an event whose meaning is not published", REVIEW, "failure_pan_unknown_status").observed()
}

const fn band(key: &'static str, message: &'static str, meaning: Meaning, answers_with: &'static str) -> Row {
    Row::new(Source::D003_NAME_MATCH, key, message, meaning).answering(answers_with)
}

const fn http(key: &'static str, message: &'static str, meaning: Meaning) -> Row {
    Row::new(Source::D003_HTTP, key, message, meaning)
}

#[rustfmt::skip]
pub(super) static PAN_STATUS: &[Row] = &[
    letter("E", VALID, Meaning::Verified, "success_pan"),
    letter("F", "Fake or invalid PAN number", REJECT, "failure_pan_invalid"),
    letter("X", "Deactivated (PAN-Aadhaar not linked per Section 139AA)", REJECT, "failure_pan_deactivated"),
    letter("D", "Deleted by Income Tax Department", REJECT, "failure_pan_deleted"),
    letter("N", "Not found in ITD database", REJECT, "failure_pan_not_found"),
    letter("EA", "Valid + amalgamation event", Meaning::Verified, "success_pan"),
    letter("ED", "Valid + death event recorded at ITD", REJECT, "failure_pan_deceased"),
    unexplained("EC"),
    unexplained("EI"),
    unexplained("EL"),
    unexplained("EM"),
    unexplained("EP"),
    unexplained("ES"),
    unexplained("EU"),
];

#[rustfmt::skip]
pub(super) static NAME_MATCH: &[Row] = &[
    band("FULL_MATCH", "Auto-approve bank verification", Meaning::Verified, BANK),
    band("PARTIAL_MATCH", "Manual review -- common with initials vs full name, missing middle name", Meaning::Doubtful, BANK),
    band("POOR_PARTIAL_MATCH", "Manual review required -- additional documents may be needed", Meaning::Doubtful, BANK),
    band("NO_MATCH", "Reject -- ask customer to check bank details or provide a different account", REJECT, "failure_bank_account_no_match"),
];

#[rustfmt::skip]
pub(super) static HTTP: &[Row] = &[
    http("200", "Success", Meaning::Answered),
    http("400", "Bad Request", Meaning::Input),
    http("401", "Unauthorized", Meaning::Operator),
    http("403", "Forbidden", Meaning::Operator).observed(),
    http("404", "Not Found", REJECT).answering(RECORD_NOT_FOUND),
    http("422", "Unprocessable Entity", REJECT).answering(THE_OPERATIONS_OWN),
    http("429", "Rate Limited", UNAVAILABLE),
    http("500", "Server Error", BROKEN),
    http("503", "Source Unavailable", UNAVAILABLE),
];
