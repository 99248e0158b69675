//! One check: a caller's reference, from the claim to the tombstone.
//!
//! The state machine is pure. [`Check::advance`] takes an event and the time and returns what is to be done, in order, and always saved
//! before sent. Money is sent once per claim and afterwards only looked up; "not found" proves nothing, and after the horizon a person must look
//! (decision 0003); a write is repeated until it is done (`write.rs`). Waiting, replay, conflict and forgetting follow contract section 2.3.

mod advance;
mod policy;
#[cfg(test)]
mod tests;
mod write;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use policy::Policy;
use write::Write;

use crate::keys::{self, Action, Outcome};
use crate::operations::{Answer, Class, Finding, Operation, VendorRef};
use crate::problem::Problem;
use crate::time::{Millis, SECOND};
use crate::velocity::Verdict as Permit;
use crate::vendors::{Call, CallKind, Reading};

/// The layout of a stored check; a change here needs a migration (pinned by a test).
const FORMAT: u8 = 1;
/// How soon to ask again while a reply is on its way.
const SOON: Millis = 2 * SECOND;
/// A wire reference ends in two digits.
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
    /// Whose.
    pub tenant: String,
    /// The caller's key.
    pub reference_id: String,
    /// The keyed hash of the meaning.
    pub fingerprint: String,
    /// Wire references used so far, over all claims: none is used for two requests.
    pub attempts: u8,
    claimed_at: Millis,
    phase: Phase,
}

/// Where a check stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
enum Phase {
    /// Claimed; the velocity permit is being asked for. Nothing was sent.
    AwaitingPermit { until: Millis },
    /// The POST is on its way; `tries` counts those of this claim.
    Sending { until: Millis, tries: u8 },
    /// A read waits for its next try.
    Backoff { until: Millis, tries: u8, last: Problem },
    /// A write on its way to its end (`write.rs`).
    Writing(Write),
    /// Money whose fate is being found out.
    Unsettled { since: Millis, wake_at: Millis, in_flight: bool, working: bool, vendor: VendorRef },
    /// The horizon passed: a person must look.
    Review { since: Millis, vendor: VendorRef },
    /// Answered.
    Finished { answer: Box<Answer>, expires_at: Millis },
    /// Ended without an answer: the reference is free again.
    Ended { problem: Problem, purge_at: Option<Millis> },
    /// Answered long ago; the personal data is gone.
    Tombstone { outcome: Outcome, key: String, action: Action, checked_at: Millis, purge_at: Option<Millis> },
}

/// What happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// The claim was taken: begin.
    Claimed,
    /// The velocity object decided.
    Permit {
        /// For which attempt.
        wire_reference: String,
        /// What.
        verdict: Permit,
    },
    /// The vendor replied to a call.
    Reply {
        /// Which.
        call: Call,
        /// What the reply means.
        reading: Reading,
    },
    /// The alarm.
    Alarm,
    /// This instance found the check in storage: what an earlier instance had sent is lost.
    Restarted,
}

/// What is to be done, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Save the state, the ledger and the alarm, in one transaction, before anything else.
    Persist,
    /// Ask the velocity object, under this wire reference.
    TakePermit(String),
    /// Send a call to the vendor.
    Send(Call),
    /// Copy the finished answer, sealed, until it expires.
    Publish,
    /// Tell the operator.
    Alert {
        /// The event's name, as the runbook lists it.
        event: &'static str,
        /// The vendor's own key, code or status.
        vendor_key: String,
    },
    /// Delete everything: the tombstone's time is over.
    Forget,
}

/// What a caller's request under a reference is, before anything is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Nothing is known: claim it.
    Claim,
    /// The same meaning, running or waiting for a person.
    Join,
    /// The same meaning, finished.
    Replay,
    /// Another meaning, or forgotten.
    Conflict,
}

/// How a check looks to a caller.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum View {
    /// 200.
    Answer(Box<Answer>),
    /// 202, as of now.
    Pending(Box<Answer>),
    /// What it ended as.
    Problem(Problem),
    /// 200 with `data: null`.
    Forgotten(Box<Answer>),
}

/// The reference of an attempt, as the vendor sees it.
fn wire_reference(context: &Context<'_>, attempt: u8) -> String {
    format!("{}{attempt:02}", context.object_id)
}

/// While a reply is on its way it is worth asking again soon, and not only when its watchdog rings.
fn soon(watchdog: Millis, now: Millis) -> Millis {
    watchdog.min(now.saturating_add(SOON))
}

/// What a check needs to know of its surroundings.
pub struct Context<'a> {
    /// The time.
    pub now: Millis,
    /// A fresh random number for the jitter, 0 to 65,535.
    pub jitter: u16,
    /// The check object's id: 64 hex digits, the first part of every wire reference.
    pub object_id: &'a str,
    /// The operation's settings.
    pub policy: &'a Policy,
}

/// A claim on a reference.
pub struct Claim {
    /// Which operation.
    pub operation: Operation,
    /// How this request of it may be repeated.
    pub class: Class,
    /// Whose.
    pub tenant: String,
    /// The caller's key.
    pub reference_id: String,
    /// The keyed hash of the meaning.
    pub fingerprint: String,
    /// The meaning itself.
    pub request: Value,
}

impl Check {
    /// What a request with this fingerprint is to a reference.
    #[must_use]
    pub fn admit(check: Option<&Self>, fingerprint: &str) -> Admission {
        let Some(check) = check else { return Admission::Claim };
        match check.phase {
            Phase::Ended { .. } => Admission::Claim,
            Phase::Tombstone { .. } => Admission::Conflict,
            _ if check.fingerprint != fingerprint => Admission::Conflict,
            Phase::Finished { .. } => Admission::Replay,
            _ => Admission::Join,
        }
    }

    /// Takes a claim. Of an earlier, released one only the count of attempts stays.
    #[must_use]
    pub fn claim(earlier: Option<&Self>, claim: &Claim, now: Millis) -> Self {
        Self {
            format: FORMAT,
            version: earlier.map_or(0, |check| check.version),
            operation: claim.operation,
            class: claim.class,
            tenant: claim.tenant.clone(),
            reference_id: claim.reference_id.clone(),
            fingerprint: claim.fingerprint.clone(),
            attempts: earlier.map_or(0, |check| check.attempts),
            claimed_at: now,
            phase: Phase::AwaitingPermit { until: now },
        }
    }

    /// Whether the request may still have to be sent. It is kept beside the check, for it may be large, and goes when this ends.
    #[must_use]
    pub const fn needs_request(&self) -> bool {
        !self.is_settled()
    }

    /// When the alarm must ring; `None` when nothing is to come by itself.
    #[must_use]
    pub const fn wake_at(&self) -> Option<Millis> {
        match &self.phase {
            Phase::AwaitingPermit { until } | Phase::Sending { until, .. } | Phase::Backoff { until, .. } => Some(*until),
            Phase::Writing(Write { wake_at, .. }) | Phase::Unsettled { wake_at, .. } => Some(*wake_at),
            Phase::Finished { expires_at, .. } => Some(*expires_at),
            Phase::Ended { purge_at, .. } | Phase::Tombstone { purge_at, .. } => *purge_at,
            Phase::Review { .. } => None,
        }
    }

    /// Whether a waiting caller can be told the end, or that there will be none without a person.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        matches!(self.phase, Phase::Finished { .. } | Phase::Ended { .. } | Phase::Tombstone { .. } | Phase::Review { .. })
    }

    /// The finished answer and when it expires, for the copy.
    #[must_use]
    pub fn finished(&self) -> Option<(&Answer, Millis)> {
        match &self.phase {
            Phase::Finished { answer, expires_at } => Some((answer, *expires_at)),
            _ => None,
        }
    }

    /// How it looks to a caller now.
    #[must_use]
    pub fn view(&self, now: Millis) -> View {
        match &self.phase {
            Phase::Finished { answer, .. } => View::Answer(answer.clone()),
            Phase::Ended { problem, .. } => View::Problem(problem.clone()),
            Phase::Tombstone { .. } => View::Forgotten(Box::new(self.forgotten())),
            Phase::Review { vendor, .. } => self.pending("pending_review", vendor, None, now),
            Phase::Unsettled { working, vendor, wake_at, in_flight, .. }
            | Phase::Writing(Write { working, vendor, wake_at, in_flight, .. }) => {
                let next = if *in_flight { soon(*wake_at, now) } else { *wake_at };
                self.pending(if *working { "pending_vendor" } else { "pending_unknown" }, vendor, Some(next), now)
            }
            Phase::Backoff { until, .. } => self.pending("pending_unknown", &self.nobody(), Some(*until), now),
            Phase::AwaitingPermit { until } | Phase::Sending { until, .. } => {
                self.pending("pending_unknown", &self.nobody(), Some(soon(*until, now)), now)
            }
        }
    }

    fn nobody(&self) -> VendorRef {
        VendorRef { name: self.operation.row().vendor.into(), ..VendorRef::default() }
    }

    fn pending(&self, key: &'static str, vendor: &VendorRef, next: Option<Millis>, now: Millis) -> View {
        let action = if next.is_some() { Action::Wait } else { Action::Review };
        let finding = Finding::bare(Outcome::Pending, action, key, vendor.clone());
        View::Pending(Box::new(self.answer(finding, now, next)))
    }

    fn answer(&self, finding: Finding, checked_at: Millis, next_check_at: Option<Millis>) -> Answer {
        Answer { reference_id: self.reference_id.clone(), operation: self.operation, finding, checked_at, next_check_at }
    }

    fn forgotten(&self) -> Answer {
        let Phase::Tombstone { outcome, key, action, checked_at, .. } = &self.phase else {
            return self.answer(Finding::bare(Outcome::Pending, Action::Review, "pending_review", self.nobody()), self.claimed_at, None);
        };
        let finding = Finding {
            key: key.clone().into(),
            message: keys::message(key).into(),
            data: Value::Null,
            record: Value::Null,
            ..Finding::bare(*outcome, *action, "", self.nobody())
        };
        self.answer(finding, *checked_at, None)
    }

    fn call(&self, kind: CallKind, context: &Context<'_>) -> Call {
        Call::new(kind, wire_reference(context, self.attempts))
    }
}
