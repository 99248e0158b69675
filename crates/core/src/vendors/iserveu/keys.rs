//! Document 004, iServeU get-customer: the states of a customer and the failures, by `statusCode`, in the document's order.
//!
//! The keys are the contract's, `iserveu_CODE`; the messages are the document's, of its table and, for `-1`, of its samples. One code has
//! three messages with two consequences: whoever reads a reply must tell them apart, and take what it cannot tell for the operator's.

use super::{Action, Meaning, Row, Source, UNEXPECTED_RESPONSE};

impl Source {
    /// Document 004, status codes of iServeU get-customer.
    pub const D004: Self = Self::new("004");
}

const REVIEW: Meaning = Meaning::Negative(Action::Review);
/// Not on board, which ends nothing: "kindly onboard".
const ONBOARD: Meaning = Meaning::Negative(Action::Proceed);
const REJECT: Meaning = Meaning::Negative(Action::Reject);

const fn row(key: &'static str, message: &'static str, meaning: Meaning) -> Row {
    Row::new(Source::D004, key, message, meaning)
}

#[rustfmt::skip]
pub(super) static ROWS: &[Row] = &[
    row("iserveu_0", "customer Not Exits,kindly onboard", ONBOARD),
    row("iserveu_1", "Customer created but not verified", REVIEW),
    row("iserveu_2", "Customer verified successfully", Meaning::Verified),
    row("iserveu_3", "Customer verified successfully", REVIEW),
    row("iserveu_-1", "Invalid mobile number", REJECT),
    row("iserveu_-1", "Username Must not be Empty", Meaning::Operator),
    row("iserveu_-1", "User not onboarded", Meaning::Operator),
    row("iserveu_4", "Internal Server Issue", Meaning::Trouble { ends_as: UNEXPECTED_RESPONSE, retry: true }),
];
