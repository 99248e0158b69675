//! Reconciliation (document 003 section 12, "daily reconciliation of verification results"): each check of a day that may have moved money beside what its vendor says of the transfer.
//!
//! A day is a journal's. Its checks are looked up one by one, paced as all calls are, until each has been compared; what a vendor's statement names and the journal does not is looked for among the
//! tenant's checks. What is known of a check is a [`Row`]; what a difference means, and what to do about it, is a row of [`CAUSES`]. Decision 0023.

mod message;
mod question;
mod report;
mod statement;

use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::check::{Here, There};
use crate::journal::{Entry, EntryKind, RUPEE};
use crate::operations::{Class, Operation};
use crate::place::Place;
use crate::time::{MINUTE, Millis, SECOND};
use crate::vendors::callback;

pub use message::{ReconcileAsk, ReconcileTold, Run, ask, read_ask, read_told, told};
pub use question::{ReportQuestion, StatementQuestion};
pub use report::{Report, Sum};
pub use statement::{Stated, Statement};

/// How often a vendor is asked about a check that it does not answer about.
const TRIES: u32 = 4;
/// How often more it is asked about a request that it does not find.
const TRIES_NOT_FOUND: u32 = 1;
/// How long it is waited before the first repetition; each pause is twice the one before.
const AGAIN: Millis = SECOND;
/// The longest wait for a vendor that takes no calls.
const HELD_AT_MOST: Millis = 5 * MINUTE;

/// What a comparison came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Both say the same.
    Matched,
    /// They say different things.
    Mismatched,
    /// The vendor names a transfer that the gateway knows nothing of.
    MissingHere,
    /// The gateway knows a transfer that the vendor does not find.
    MissingThere,
    /// The vendor did not answer.
    Unchecked,
}

impl Status {
    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::Mismatched => "mismatched",
            Self::MissingHere => "missing_here",
            Self::MissingThere => "missing_there",
            Self::Unchecked => "unchecked",
        }
    }

    /// The status of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Matched, Self::Mismatched, Self::MissingHere, Self::MissingThere, Self::Unchecked]
            .into_iter()
            .find(|status| status.name() == name)
    }

    /// Whether somebody should know.
    #[must_use]
    pub const fn is_difference(self) -> bool {
        matches!(self, Self::Mismatched | Self::MissingHere | Self::MissingThere)
    }
}

/// Why a comparison came to what it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Both say the same.
    Agreed,
    /// It was open here, and the vendor's word ended it.
    Closed,
    /// The vendor's statement shows it, although its look-up does not.
    Stated,
    /// A check of another day.
    AnotherDay,
    /// A rupee moved here, and not there.
    NotCreditedThere,
    /// A rupee moved there, and not here.
    CreditedThere,
    /// A statement has a rupee that did not move here.
    StatedThere,
    /// A statement has another amount.
    AmountDiffers,
    /// The vendor says that it is still under way.
    StillPending,
    /// It is known here what happened only once a person decides.
    InReview,
    /// The vendor does not find the request.
    NotFoundThere,
    /// No check of this tenant has the reference.
    NotOurs,
    /// The register does not know a check that the journal has.
    NotInRegister,
    /// The vendor did not answer.
    Unreachable,
}

#[rustfmt::skip]
/// The causes: their names, and what to do next.
pub const CAUSES: &[(Cause, &str, &str)] = &[
    (Cause::Agreed, "agreed", ""),
    (Cause::Closed, "closed", "Nothing: the vendor's word has ended the check."),
    (Cause::Stated, "stated", "Nothing: the vendor's statement shows the transfer."),
    (Cause::AnotherDay, "another_day", "Nothing: the check ended on another day."),
    (Cause::NotCreditedThere, "not_credited_there", "Ask the vendor for the transfer's UTR; the check waits for a decision."),
    (Cause::CreditedThere, "credited_there", "Decide the check: the vendor says that the account was credited."),
    (Cause::StatedThere, "stated_there", "Ask the vendor which is right: its statement has the transfer, its look-up says that none was made."),
    (Cause::AmountDiffers, "amount_differs", "Ask the vendor about the amount on its statement."),
    (Cause::StillPending, "still_pending", "Wait; after a day ask the vendor what became of the transfer."),
    (Cause::InReview, "in_review", "Decide the check, with the vendor's statement or the bank's at hand."),
    (Cause::NotFoundThere, "not_found_there", "Upload the vendor's statement of the day; if it does not have the transfer, ask the vendor."),
    (Cause::NotOurs, "not_ours", "Ask the vendor who sent it, and change the credentials if nobody of ours did."),
    (Cause::NotInRegister, "not_in_register", "Tell whoever runs the gateway: a register has lost a check."),
    (Cause::Unreachable, "unreachable", "Reconcile the day again once the vendor answers."),
];

impl Cause {
    fn row(self) -> (&'static str, &'static str) {
        CAUSES.iter().find(|(cause, ..)| *cause == self).map_or(("", ""), |(_, name, next)| (name, next))
    }
}

/// A transfer as reconciliation knows it: a row of the day's journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its number, in the order in which it came.
    #[serde(default)]
    pub number: u64,
    /// The request, as the vendor writes our reference, in small letters.
    pub reference: String,
    /// The request, as the gateway writes it; none where only a statement names it.
    pub wire_reference: Option<String>,
    /// The place of the check that the reference names.
    pub place: Option<String>,
    /// The operation; none where only a statement names it.
    pub operation: Option<Operation>,
    /// The vendor account.
    pub account: Account,
    /// The caller's reference, unless it may name a person.
    pub reference_id: Option<String>,
    /// When it happened, or when the statement says it did.
    pub at: Millis,
    /// Whether a rupee moved, as the journal says.
    pub moved: u8,
    /// What a statement says was credited, in paise; none where no statement names it.
    pub stated: Option<i64>,
    /// How often the vendor was asked in vain.
    pub tries: u32,
    /// What it came to; none while it waits.
    #[serde(default)]
    pub here: Option<Here>,
    /// What the vendor says.
    #[serde(default)]
    pub there: Option<There>,
    /// Whether the vendor's word ended what was open.
    #[serde(default)]
    pub closed: u8,
    /// What it came to the last time.
    #[serde(default)]
    pub status: Option<Status>,
}

impl Row {
    /// The row of a journal's entry; `None` for one that is about no money.
    #[must_use]
    pub fn of(entry: &Entry) -> Option<Self> {
        let wire_reference = entry.wire_reference.clone().filter(|_| entry.operation.row().class == Class::Money)?;
        Some(Self {
            number: 0,
            reference: callback::written(&entry.account, &wire_reference),
            wire_reference: Some(wire_reference),
            place: Some(entry.check.clone()),
            operation: Some(entry.operation),
            account: entry.account.clone(),
            reference_id: entry.reference_id.clone(),
            at: entry.at,
            moved: u8::from(entry.kind == EntryKind::Finished && entry.paise() > 0),
            stated: None,
            tries: 0,
            here: None,
            there: None,
            closed: 0,
            status: None,
        })
    }

    /// The row of a line of a statement.
    #[must_use]
    pub const fn of_statement(reference: String, place: Option<String>, account: Account, at: Millis, paise: i64) -> Self {
        Self {
            number: 0,
            reference,
            wire_reference: None,
            place,
            operation: None,
            account,
            reference_id: None,
            at,
            moved: 0,
            stated: Some(paise),
            tries: 0,
            here: None,
            there: None,
            closed: 0,
            status: None,
        }
    }

    /// Whether the day's journal has it.
    #[must_use]
    pub const fn is_of_day(&self) -> bool {
        self.operation.is_some()
    }

    /// The public id of the check.
    #[must_use]
    pub fn check(&self) -> Option<String> {
        Some(Place::parse(self.place.as_deref()?)?.id())
    }

    /// What it came to, and why.
    #[must_use]
    pub fn judged(&self) -> (Status, Cause) {
        let (Some(here), Some(there)) = (self.here, self.there) else { return (Status::Unchecked, Cause::Unreachable) };
        let is_stated = self.stated.is_some_and(|paise| paise > 0);
        match (here, there) {
            (Here::Unknown, _) if self.is_of_day() => (Status::Mismatched, Cause::NotInRegister),
            (Here::Unknown, _) if !is_stated => (Status::Matched, Cause::Agreed),
            (Here::Unknown, _) => (Status::MissingHere, Cause::NotOurs),
            (_, There::Unreachable) => (Status::Unchecked, Cause::Unreachable),
            // Also a statement that takes back what the vendor still calls credited.
            (Here::Moved, There::Credited) if self.stated.is_some_and(|paise| paise != RUPEE) => (Status::Mismatched, Cause::AmountDiffers),
            (Here::Moved, There::NotFound | There::Stated) if is_stated && self.stated != Some(RUPEE) => {
                (Status::Mismatched, Cause::AmountDiffers)
            }
            (Here::Moved, _) if !self.is_of_day() => (Status::Matched, Cause::AnotherDay),
            (Here::Moved, There::Credited) if self.closed > 0 => (Status::Matched, Cause::Closed),
            (Here::NotMoved, There::NotCredited | There::NotFound | There::Stated) if self.closed > 0 && !is_stated => {
                (Status::Matched, Cause::Closed)
            }
            (Here::Moved, There::NotCredited) => (Status::Mismatched, Cause::NotCreditedThere),
            (Here::Moved, There::NotFound | There::Stated) if is_stated => (Status::Matched, Cause::Stated),
            (Here::Moved | Here::Open, There::NotFound | There::Stated) => (Status::MissingThere, Cause::NotFoundThere),
            (_, There::Pending) => (Status::Mismatched, Cause::StillPending),
            (Here::NotMoved, There::Credited) => (Status::Mismatched, Cause::CreditedThere),
            (Here::NotMoved, _) if is_stated => (Status::Mismatched, Cause::StatedThere),
            (Here::Moved, There::Credited) | (Here::NotMoved, _) => (Status::Matched, Cause::Agreed),
            (Here::Open, There::Credited | There::NotCredited) => (Status::Mismatched, Cause::InReview),
        }
    }

    /// The rupees that moved here, and there, in paise.
    #[must_use]
    pub fn paise(&self) -> (i64, i64) {
        let of_day = |is_so: bool| if is_so && self.is_of_day() { RUPEE } else { 0 };
        let there = match self.judged() {
            (Status::MissingHere, _) | (_, Cause::Stated) => self.stated.unwrap_or(0),
            _ => of_day(self.there == Some(There::Credited)),
        };
        (of_day(self.here == Some(Here::Moved)), there)
    }

    /// When it is compared again; `None` where this was the last time. A vendor that does not find a request may find it a moment later. `held`: until when the vendor takes no call.
    #[must_use]
    pub fn again(&self, held: Option<Millis>, now: Millis) -> Option<Millis> {
        let pause = AGAIN.saturating_mul(1 << self.tries.min(20));
        let at = now.saturating_add(pause).max(held.unwrap_or(0).min(now.saturating_add(HELD_AT_MOST)));
        let most = match self.judged().1 {
            Cause::Unreachable => TRIES,
            Cause::NotFoundThere => TRIES_NOT_FOUND,
            _ => 0,
        };
        (self.tries < most).then_some(at)
    }
}

#[cfg(test)]
mod tests;
