//! What customers do about payment links, as the simulations of reverse penny drops play them. No link says who pays it, so a customer does what is ordered (`POST /_sandbox/pay`).

use serde_json::json;

use super::{Expect, FRESH, Scenario};
use crate::keys::{self, Row};
use crate::operations::Operation;

/// How a payment ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It arrives.
    Paid,
    /// It fails.
    Failed,
    /// The vendor gives the request up.
    GivenUp,
    /// The link expires.
    Expired,
}

/// What a customer does.
#[derive(Debug)]
pub struct Act {
    /// Its name.
    pub name: &'static str,
    /// How many look-ups still say that nobody paid.
    pub pending: u32,
    /// How it ends.
    pub end: End,
    /// The name at the bank.
    pub holder: Option<&'static str>,
    /// The bank's branch.
    pub ifsc: &'static str,
    /// Setu's kind of the account.
    pub kind: &'static str,
    /// The type of the account.
    pub account_type: &'static str,
    /// The key of the gateway's answer to RAHUL SHARMA's request.
    pub answers: &'static str,
}

/// The account that every act is about.
pub const ACCOUNT: &str = "50100123457890";
/// The customer's UPI address.
pub const VPA: &str = "rahul@okbank";
/// The payee's.
pub const PAYEE: &str = "success@upi";
const YES: &str = keys::SUCCESS_BANK_ACCOUNT;

const fn act(name: &'static str, end: End, answers: &'static str) -> Act {
    Act { name, pending: 0, end, holder: Some("RAHUL SHARMA"), ifsc: "SBIN0001077", kind: "BANK_ACCOUNT", account_type: "SAVINGS", answers }
}

/// Who is ordered nothing pays when their link is looked up for this time, as who stands in front of a form does sooner or later.
pub const PATIENCE: u32 = 4;

/// Everything that a customer can do, or that becomes of their payment.
#[rustfmt::skip]
pub static ACTS: &[Act] = &[
    act("paid", End::Paid, YES),
    Act { pending: 2, ..act("paid_later", End::Paid, YES) },
    Act { holder: Some("R SHARMA"), ..act("paid_with_initial", End::Paid, YES) },
    Act { holder: Some("ANANYA BHAT"), ..act("paid_by_another", End::Paid, keys::FAILURE_BANK_ACCOUNT_NO_MATCH) },
    Act { holder: None, ..act("paid_without_name", End::Paid, YES) },
    Act { account_type: "NRE", ..act("paid_from_nre", End::Paid, YES) },
    Act { ifsc: "AIRP0000001", ..act("paid_from_payments_bank", End::Paid, YES) },
    Act { kind: "PPI", ..act("paid_from_wallet", End::Paid, keys::FAILURE_BANK_ACCOUNT_UNKNOWN_STATUS) },
    Act { kind: "UNKNOWN", ifsc: "CNRB0000000", ..act("paid_from_unlisted_branch", End::Paid, YES) },
    act("failed", End::Failed, keys::FAILURE_PAYMENT_FAILED),
    act("given_up", End::GivenUp, keys::FAILURE_PAYMENT_FAILED),
    act("expired", End::Expired, keys::FAILURE_PAYMENT_EXPIRED),
];

/// The names of all acts.
#[must_use]
pub fn names() -> String {
    ACTS.iter().map(|act| act.name).collect::<Vec<_>>().join(", ")
}

/// What the customer of a link does who is ordered nothing, at this look-up of it.
#[must_use]
pub fn by_themselves(act: Option<&'static Act>, lookups: u32) -> Option<&'static Act> {
    act.or_else(|| if lookups >= PATIENCE { named("paid") } else { None })
}

/// The act of this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Act> {
    ACTS.iter().find(|act| act.name == name)
}

/// A scenario of `bank.collect` with what the customer does, and what it ends with.
#[must_use]
pub fn scenario(vendor: &str, act: &'static Act, vendor_key: &str, covers: Option<&'static Row>) -> Scenario {
    let outcome = keys::public(act.answers).and_then(Row::outcome);
    let expect = outcome.map_or_else(|| Expect::problem(act.answers), |outcome| Expect::outcome(outcome, act.answers));
    Scenario { pay: Some(act.name), poll: true, covers, ..asked(vendor, act.name, expect.vendor(vendor_key)) }
}

/// A scenario of `bank.collect` without a customer.
#[must_use]
pub fn asked(group: &str, name: &str, expect: Expect) -> Scenario {
    let id = format!("{}.{group}.{name}", Operation::BankCollect.row().name);
    Scenario::new(id, Operation::BankCollect, json!({ "reference_id": FRESH, "name": "RAHUL SHARMA" }), expect)
}
