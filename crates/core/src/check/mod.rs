//! One check: a caller's reference, from the claim to the tombstone.
//!
//! The state machine is pure. [`Check::advance`] takes an event and the time and returns what is to be done, in order, and always saved
//! before sent. Money is sent once per claim and afterwards only looked up; "not found" proves nothing, and after the horizon a check waits for manual review
//! (decision 0003); a write is repeated until it is done (`write.rs`). A vendor's callback (`exits.rs`) and a person's decision (`decision.rs`) are events in every phase.
//! Waiting, replay, conflict and forgetting follow contract section 2.3.

mod advance;
pub mod batch;
mod callbacks;
mod claim;
mod collect;
mod consented;
mod decision;
mod ending;
mod event;
mod exits;
mod held;
mod history;
mod journaled;
mod machine;
pub mod message;
mod opener;
mod payment;
mod policy;
mod reconciled;
pub mod search;
#[cfg(test)]
mod tests;
pub mod timeline;
mod view;
mod write;

use serde::{Deserialize, Serialize};

pub use advance::PERMIT_DEADLINE;
pub use claim::Claim;
use collect::Collect;
use decision::Rulings;
pub use decision::{Decision, Hearing, Ruling};
pub use event::{Admission, Event, Output};
use history::History;
use opener::Conflicts;
use payment::Debts;
pub use payment::{Debt, Due};
pub use policy::Policy;
pub use reconciled::{Here, Reconciled, There};
pub use view::View;
use write::Write;

use crate::budget::Payer;
use crate::keys::{Action, Outcome};
use crate::operations::{Answer, Class, Operation, Refusal, VendorRef};
use crate::place::Identity;
use crate::prices;
use crate::problem::Problem;
use crate::time::Millis;
use crate::vendors::callback::Delivery;
use crate::vendors::{Account, Call, CallKind};

/// The layout of a stored check (pinned by a test). Layouts from [`OLDEST_FORMAT`] on can be read: what they lack has a default.
const FORMAT: u8 = 3;
const OLDEST_FORMAT: u8 = 2;
/// A wire reference ends in the attempt, one byte.
const MAX_ATTEMPTS: u8 = 99;

/// A check as it is kept, sealed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    format: u8,
    /// Counts the saves: the attempt ledger and this state are of the same version or the save is refused.
    pub version: u64,
    /// Which operation.
    pub operation: Operation,
    /// How this request of it may be repeated.
    class: Class,
    /// The owning tenant.
    pub tenant: String,
    /// The caller's key; empty once it is forgotten.
    pub reference_id: String,
    /// The keyed hash of the meaning.
    pub fingerprint: String,
    /// Wire references used so far, over all claims: none is used for two requests.
    pub attempts: u8,
    /// How many of them were used before this claim.
    #[serde(default, skip_serializing_if = "is_default")]
    before: u8,
    /// The number of the claim's permit, over all claims that move money: no two have one name. 0 where it was claimed before permits had numbers.
    #[serde(default, skip_serializing_if = "is_default")]
    permit: u32,
    /// The vendor accounts that may carry it out, in the order in which they are asked; none where the operation's first vendor is the only one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    accounts: Vec<Account>,
    /// Which of them has the attempt.
    #[serde(default, skip_serializing_if = "is_default")]
    account: usize,
    /// What the account before it ended with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    earlier: Option<Problem>,
    /// The family of browser sessions that opened it; none for a server's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    opener: Option<String>,
    /// Whether its request named the customer of that session.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    is_of_subject: bool,
    /// How often another meaning came under its reference from whoever may see it, and how often from other sessions.
    #[serde(default, skip_serializing_if = "Conflicts::is_none")]
    conflicts: Conflicts,
    /// The callbacks that came about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    callbacks: Vec<Delivery>,
    /// How many look-ups hints have brought forward.
    #[serde(default, skip_serializing_if = "is_default")]
    hints: u8,
    /// What other registers have not confirmed.
    #[serde(default, skip_serializing_if = "Debts::is_none")]
    debts: Debts,
    /// What people decided about it.
    #[serde(default, skip_serializing_if = "Rulings::is_none")]
    rulings: Rulings,
    /// What happened beside its calls.
    #[serde(default, skip_serializing_if = "History::is_none")]
    history: History,
    /// Who pays for its rupee, of those who have only so much.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    payers: Vec<Payer>,
    /// The place of the consent under which it asks its vendor, as 32 hex digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    consent: Option<String>,
    /// The word of its request that chooses among the operation's prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    way: Option<String>,
    /// What the vendor that answered charges for it, in paise.
    #[serde(default, skip_serializing_if = "prices::is_none")]
    cost: u32,
    claimed_at: Millis,
    phase: Phase,
}

/// Whether a member has the value that it has where nothing is written.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// The sooner of two times.
const fn sooner(one: Option<Millis>, other: Option<Millis>) -> Option<Millis> {
    match (one, other) {
        (Some(at), Some(before)) if before < at => other,
        (None, _) => other,
        _ => one,
    }
}

/// Where a check stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
enum Phase {
    /// Claimed; waits for one of its register's connections, no longer than its caller does. Nothing was sent.
    Queued { until: Millis },
    /// Claimed; the velocity permit is being asked for. Nothing was sent.
    AwaitingPermit { until: Millis },
    /// The POST is on its way; `tries` counts those of this claim.
    Sending { until: Millis, tries: u8 },
    /// A read waits for its next try.
    Backoff { until: Millis, tries: u8, last: Problem },
    /// A payment link, until it is paid or over (`collect.rs`).
    Collecting(Box<Collect>),
    /// A write on its way to its end (`write.rs`).
    Writing(Write),
    /// Money whose fate is being found out.
    Unsettled { since: Millis, wake_at: Millis, in_flight: bool, working: bool, vendor: VendorRef },
    /// It waits for manual review, or for the vendor's own word.
    Review {
        since: Millis,
        vendor: VendorRef,
        #[serde(default)]
        cause: Cause,
        /// Writes: the attempt of the POST that may have arrived; 0 where none did.
        #[serde(default)]
        posted: u8,
        /// When the copy of an answer that was contradicted is withdrawn again.
        #[serde(default)]
        withdraw_at: Option<Millis>,
        /// Why the vendor will not take it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refusal: Option<Box<Refusal>>,
    },
    /// Answered.
    Finished { answer: Box<Answer>, expires_at: Millis },
    /// Ended without an answer: the reference is free again.
    Ended { problem: Problem, forget_at: Millis },
    /// Ended so long ago that only the count of attempts is kept, so that no wire reference is used twice: money and writes.
    Released,
    /// Answered long ago; the personal data is gone.
    Tombstone { outcome: Outcome, key: String, action: Action, checked_at: Millis, purge_at: Option<Millis> },
}

/// Why a check waits for manual review.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Cause {
    /// The horizon passed, or the wire references are used up, and it is not known what happened.
    #[default]
    Unknown,
    /// Writes: the vendor will not take the request as it is.
    Rejected,
    /// The vendor said two things that exclude each other.
    Contradicted,
}

/// What a check needs to know of its surroundings.
pub struct Context<'a> {
    /// The time.
    pub now: Millis,
    /// A fresh random number for the jitter, 0 to 65,535.
    pub jitter: u16,
    /// By which the vendor knows the check.
    pub identity: &'a Identity,
    /// Whether its register has a connection to spare for it.
    pub has_slot: bool,
    /// The operation's settings.
    pub policy: &'a Policy,
    /// Until when the operation's module takes no call under an account; `None` where it does.
    pub held: &'a dyn Fn(&Account) -> Option<Millis>,
}

impl Check {
    /// When it was claimed.
    #[must_use]
    pub const fn claimed_at(&self) -> Millis {
        self.claimed_at
    }

    /// What a request with this fingerprint is to a reference.
    #[must_use]
    pub fn admit(check: Option<&Self>, fingerprint: &str, now: Millis) -> Admission {
        let Some(check) = check else { return Admission::Claim };
        match check.phase {
            Phase::Ended { .. } | Phase::Released => Admission::Claim,
            Phase::Tombstone { .. } => Admission::Conflict,
            // Its alarm is late: it is over all the same.
            Phase::Finished { expires_at, .. } if expires_at <= now => Admission::Conflict,
            _ if check.fingerprint != fingerprint => Admission::Conflict,
            Phase::Finished { .. } => Admission::Replay,
            _ => Admission::Join,
        }
    }

    /// Takes a claim. Of an earlier, released one only the counts of attempts and permits stay.
    #[must_use]
    pub fn claim(earlier: Option<&Self>, claim: &Claim, now: Millis) -> Self {
        let attempts = earlier.map_or(0, |check| check.attempts);
        let permit = earlier.map_or(0, |check| check.permit);
        Self {
            format: FORMAT,
            version: earlier.map_or(0, |check| check.version),
            operation: claim.operation,
            class: claim.class,
            tenant: claim.tenant.clone(),
            reference_id: claim.reference_id.clone(),
            fingerprint: claim.fingerprint.clone(),
            attempts,
            before: attempts,
            permit: if claim.class == Class::Money { permit.max(attempts.into()).saturating_add(1) } else { permit },
            accounts: claim.accounts.clone(),
            account: 0,
            earlier: None,
            opener: None,
            is_of_subject: false,
            conflicts: Conflicts::default(),
            callbacks: Vec::new(),
            hints: 0,
            debts: earlier.map(|check| check.debts.clone()).unwrap_or_default(),
            rulings: Rulings::default(),
            history: History::default(),
            payers: claim.payers.clone(),
            consent: claim.consent.clone(),
            way: claim.way.clone(),
            cost: 0,
            claimed_at: now,
            phase: Phase::AwaitingPermit { until: now },
        }
    }

    /// The account that has the attempt.
    #[must_use]
    pub fn account(&self) -> Account {
        self.accounts.get(self.account).cloned().unwrap_or_else(|| Account::common(self.operation.row().vendor()))
    }

    /// Whether the request is still needed: until the check is final, for a person who reviews it may send it again. It is kept beside the check, for it may be
    /// large. An answer that was final and was contradicted afterwards has lost its request.
    #[must_use]
    pub const fn needs_request(&self) -> bool {
        match self.phase {
            Phase::Review { cause, .. } => !matches!(cause, Cause::Contradicted),
            _ => !self.is_settled(),
        }
    }

    /// When the alarm must ring; `None` when nothing is to come by itself.
    #[must_use]
    pub const fn wake_at(&self) -> Option<Millis> {
        match &self.phase {
            Phase::Queued { until } | Phase::AwaitingPermit { until } | Phase::Sending { until, .. } | Phase::Backoff { until, .. } => {
                Some(*until)
            }
            Phase::Collecting(collect) => Some(collect.wake_at),
            Phase::Writing(Write { wake_at, .. }) | Phase::Unsettled { wake_at, .. } => Some(*wake_at),
            Phase::Finished { expires_at: at, .. } | Phase::Ended { forget_at: at, .. } => sooner(Some(*at), self.debts.wake_at()),
            Phase::Tombstone { purge_at, .. } => *purge_at,
            Phase::Review { withdraw_at, .. } => sooner(*withdraw_at, self.debts.wake_at()),
            Phase::Released => None,
        }
    }

    /// Whether a waiting caller can be told the end, or that there will be none without a person.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        matches!(
            self.phase,
            Phase::Finished { .. } | Phase::Ended { .. } | Phase::Released | Phase::Tombstone { .. } | Phase::Review { .. }
        )
    }

    /// Whether a waiting caller is answered now: it is settled, or there is a link that the customer can pay.
    #[must_use]
    pub const fn answers_waiters(&self) -> bool {
        self.is_settled() || self.shows_link()
    }

    /// The finished answer and when it expires, for the copy.
    #[must_use]
    pub fn finished(&self) -> Option<(&Answer, Millis)> {
        match &self.phase {
            Phase::Finished { answer, expires_at } => Some((answer, *expires_at)),
            _ => None,
        }
    }

    fn call(&self, kind: CallKind, context: &Context<'_>) -> Call {
        Call::new(kind, self.account(), context.identity.wire_reference(self.attempts))
    }
}
