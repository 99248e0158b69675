//! Setu's words, by table: the states of a reverse penny drop, and its HTTP statuses. Source: "API Integration" of reverse penny drop (the folder's README has addresses and dates).

use super::{Action, Meaning, Row, SOURCE_UNAVAILABLE, Source, UNEXPECTED_RESPONSE};

impl Source {
    /// `status` of a reverse penny drop.
    pub const SETU_PAYMENT: Self = Self::new("setu/payments");
    /// The HTTP statuses of Setu's pages.
    pub const SETU_HTTP: Self = Self::new("setu/http").between_us();
}

const RETRY: Meaning = Meaning::Negative(Action::Retry);
const UNAVAILABLE: Meaning = Meaning::Trouble { ends_as: SOURCE_UNAVAILABLE, retry: true };

const fn payment(key: &'static str, message: &'static str, meaning: Meaning) -> Row {
    Row::new(Source::SETU_PAYMENT, key, message, meaning)
}

const fn http(key: &'static str, message: &'static str, meaning: Meaning) -> Row {
    Row::new(Source::SETU_HTTP, key, message, meaning)
}

#[rustfmt::skip]
pub(super) static PAYMENTS: &[Row] = &[
    payment("BAV_REVERSE_PENNY_DROP_CREATED", "The request was created successfully.", Meaning::Pending(Action::Wait)).answering("pending_payment"),
    payment("BAV_REVERSE_PENNY_DROP_PAYMENT_SUCCESSFUL", "The customer has paid, and a credit alert with the bank account has come.", Meaning::Verified).answering("success_bank_account"),
    payment("BAV_REVERSE_PENNY_DROP_PAYMENT_FAILED", "The payment failed at the customer's end or at the bank's; what was paid is refunded.", RETRY).answering("failure_payment_failed"),
    payment("BAV_REVERSE_PENNY_DROP_FAILED", "Something went wrong: no payment should be attempted with this request.", RETRY).answering("failure_payment_failed"),
    payment("BAV_REVERSE_PENNY_DROP_EXPIRED", "The payment link expired.", RETRY).answering("failure_payment_expired"),
];

#[rustfmt::skip]
pub(super) static HTTP: &[Row] = &[
    http("400", "Bad request", Meaning::Input),
    http("401", "Wrong credentials", Meaning::Operator),
    http("403", "Not allowed", Meaning::Operator),
    http("404", "Request id not found", Meaning::Input),
    http("429", "Too many requests", UNAVAILABLE),
    http("500", "Internal service error, or failure of an upstream service", Meaning::Trouble { ends_as: UNEXPECTED_RESPONSE, retry: true }),
    http("502", "Bad gateway", UNAVAILABLE),
    http("503", "Service unavailable", UNAVAILABLE),
];
