//! The journal: a thin row for each check that ended, waits for a person, or may have moved money. Nothing in it is personal.
//!
//! A check's transition writes its entry into the outbox of its register, in the same transaction; the register hands the outbox to the journal of the tenant and the day
//! in batches (decision 0021). A journal numbers what it takes, in the order in which it comes, and takes each entry of a source once. The day is the journal's own: once it is
//! over there it takes nothing more, so whoever has read it to the end has missed nothing, however late an entry comes. Lists, events and totals are read from it; it can be made again from the registers.

mod cursor;
mod line;
mod message;
mod question;
mod reference;
mod totals;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use cursor::{Cursor, cursor_place, opened, since};
pub use line::{EVENT_TYPES, Line, Notice};
pub use message::{Filter, JournalAsk, JournalTold, WaitingList, ask, read_ask, read_told, told};
pub(crate) use message::{read, written};
pub use question::{EventsQuestion, JournalQuestion, ReviewsQuestion, TotalsQuestion, day_of, day_text, no_cursor, no_date};
pub use reference::speakable;
pub use totals::{Group, Totals};

use crate::account::Account;
use crate::keys::{self, Outcome};
use crate::operations::{Class, Operation};
use crate::place::Place;
use crate::time::{DAY, Millis, SECOND, indian_day, rfc3339};

/// How long a journal is kept after its day.
pub const KEPT: Millis = 400 * DAY;
/// When an entry that its caller has not heard of is handed over.
const AT_ONCE: Millis = SECOND / 2;
/// When any other is.
const AT_LATEST: Millis = 10 * SECOND;
/// What a penny drop credits, in paise (document 003 section 3.1: `transfer_amount` 1).
pub const RUPEE: i64 = 100;

/// What became of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// It was answered.
    Finished,
    /// It ended without an answer: its reference is free.
    Ended,
    /// It waits for manual review.
    Review,
    /// Money: it is not known yet whether a rupee moved.
    Unsettled,
    /// A person let it go on.
    Resumed,
}

impl EntryKind {
    /// The type of its event.
    #[must_use]
    pub const fn event(self) -> &'static str {
        match self {
            Self::Finished => "check.finished",
            Self::Ended => "check.ended",
            Self::Review => "check.review",
            Self::Unsettled => "check.unsettled",
            Self::Resumed => "check.resumed",
        }
    }
}

/// One row of a journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When it happened.
    pub at: Millis,
    /// What.
    pub kind: EntryKind,
    /// The place of the check: its public id without the head, 32 hex digits.
    pub check: String,
    /// The version of the check's state: with the place and the claim's time, it names the entry for ever.
    pub version: u64,
    /// Which operation.
    pub operation: Operation,
    /// The vendor account of the attempt.
    pub account: Account,
    /// How it was answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// The key with which it ended, or why it waits.
    pub key: String,
    /// The vendor's key or code, where that is why it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor_key: Option<String>,
    /// The caller's key, unless it may name a person ([`speakable`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference_id: Option<String>,
    /// Money and writes: the request that the vendor knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wire_reference: Option<String>,
    /// What it costs, in paise.
    #[serde(default, skip_serializing_if = "crate::prices::is_none")]
    pub cost: u32,
    /// When it was claimed.
    pub began_at: Millis,
    /// Whether it waited for manual review before.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_waited: bool,
    /// Whether its caller has not heard of it: it comes after a 202.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_news: bool,
    /// Money: whether a rupee moved, where outcome and key do not tell ([`tells_moved`]); of a review, whether the answer that it withdraws had said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<bool>,
}

/// Whether the end of a check that moves money says that a rupee reached its account. One that was credited and belongs to somebody else was.
#[must_use]
pub fn tells_moved(outcome: Outcome, key: &str) -> bool {
    outcome == Outcome::Verified || key == keys::FAILURE_BANK_ACCOUNT_NO_MATCH
}

/// What an entry makes known of the rupees that moved, in paise: an end adds one where it says so, and a review takes back what the withdrawn answer had added.
#[must_use]
pub fn paise(kind: EntryKind, operation: Operation, outcome: Option<Outcome>, key: &str, moved: Option<bool>) -> i64 {
    let tells = || outcome.is_some_and(|outcome| tells_moved(outcome, key));
    match kind {
        _ if operation.row().class != Class::Money => 0,
        EntryKind::Finished if moved.unwrap_or_else(tells) => RUPEE,
        EntryKind::Review if moved == Some(true) => RUPEE.saturating_neg(),
        _ => 0,
    }
}

impl Entry {
    /// By when it is handed over.
    #[must_use]
    pub const fn due_at(&self) -> Millis {
        self.at.saturating_add(if self.is_news { AT_ONCE } else { AT_LATEST })
    }

    /// Whether the list of what waits for a person changes with it.
    #[must_use]
    pub const fn changes_waiting(&self) -> bool {
        self.has_waited || matches!(self.kind, EntryKind::Review)
    }

    /// By what an entry of a journal that is made again is known: a check's claim has one of each kind.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {} {}", self.check, self.kind.event(), self.began_at)
    }

    /// Its place in the list of what waits ([`since`]).
    #[must_use]
    pub fn place_in_list(&self) -> String {
        format!("{}.{}", self.at, self.check)
    }

    /// The public id of the check.
    #[must_use]
    pub fn id(&self) -> String {
        Place::parse(&self.check).map(Place::id).unwrap_or_default()
    }

    /// What names it among the entries of its check. The version of a forgotten read begins anew; the time of its claim does not.
    #[must_use]
    pub const fn number(&self) -> u64 {
        self.began_at.unsigned_abs().saturating_mul(1000).saturating_add(self.version)
    }

    /// The event that tells of it: the same whenever it is told.
    #[must_use]
    pub fn event(&self) -> Value {
        let mut data = json!({ "check": self.id(), "operation": self.operation, "vendor": self.account.vendor(), "key": self.key });
        let texts = [
            ("outcome", self.outcome.map(Outcome::as_str)),
            ("reference_id", self.reference_id.as_deref()),
            ("vendor_key", self.vendor_key.as_deref()),
        ];
        for (name, text) in texts {
            if let (Some(text), Some(data)) = (text, data.as_object_mut()) {
                data.insert(name.to_owned(), text.into());
            }
        }
        json!({ "id": line::id(&self.check, self.number()), "type": self.kind.event(), "timestamp": rfc3339(self.at), "data": data })
    }

    /// What it makes known of the rupees that moved, in paise. What has no wire reference is a read and moves none.
    #[must_use]
    pub fn paise(&self) -> i64 {
        if self.wire_reference.is_none() { 0 } else { paise(self.kind, self.operation, self.outcome, &self.key, self.moved) }
    }

    /// The line of the journal.
    #[must_use]
    pub fn line(&self) -> Value {
        json!({
            "at": rfc3339(self.at),
            "kind": self.kind,
            "check": self.id(),
            "operation": self.operation,
            "vendor": self.account.vendor(),
            "account": self.account.name(),
            "outcome": self.outcome,
            "key": self.key,
            "vendor_key": self.vendor_key,
            "reference_id": self.reference_id,
            "wire_reference": self.wire_reference,
            "paise": self.paise(),
            "cost": self.cost,
            "began": rfc3339(self.began_at),
        })
    }

    /// The line of a check that waits for a person.
    #[must_use]
    pub fn review(&self) -> Value {
        json!({
            "id": self.id(),
            "reference_id": self.reference_id,
            "operation": self.operation,
            "since": rfc3339(self.at),
            "began": rfc3339(self.began_at),
            "reason": self.key,
            "vendor": self.account.vendor(),
            "vendor_key": self.vendor_key,
            "wire_reference": self.wire_reference,
        })
    }
}

/// Whether a journal of a day may still be written, by its own clock.
#[must_use]
pub const fn is_over(day: i64, now: Millis) -> bool {
    indian_day(now).0 > day
}

/// When what a journal of a day holds is deleted.
#[must_use]
pub const fn forget_at(day: i64, now: Millis) -> Millis {
    let (today, ends_at) = indian_day(now);
    ends_at.saturating_add(day.saturating_sub(today).saturating_mul(DAY)).saturating_add(KEPT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_over_at_midnight_in_india_and_kept_for_400_more() {
        let now = 1_795_292_332_000;
        let (today, ends_at) = indian_day(now);
        assert_eq!(
            [is_over(today, now), is_over(today, ends_at - 1), is_over(today, ends_at), is_over(today - 1, now)],
            [false, false, true, true]
        );
        assert!(!is_over(today + 1, now), "a clock elsewhere may be ahead");
        assert_eq!(forget_at(today, now), ends_at + KEPT);
        assert_eq!(forget_at(today, ends_at + 5), ends_at + KEPT, "however late");
    }
}
