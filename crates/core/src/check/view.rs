//! How a check looks to a caller: the answer, that it is pending, what it ended as, or that it is forgotten.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Check, Phase, Write};
use crate::keys::{self, Action, Outcome};
use crate::operations::{Answer, Finding, Note, Refused, VendorRef};
use crate::problem::Problem;
use crate::time::{Millis, SECOND};

/// How soon to ask again while a reply is on its way.
const SOON: Millis = 2 * SECOND;

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

impl View {
    /// What it tells of a person.
    #[must_use]
    pub fn data(&self) -> Option<&Value> {
        match self {
            Self::Answer(answer) => Some(&answer.finding.data),
            // What it tells is the payee's.
            Self::Pending(_) | Self::Problem(_) | Self::Forgotten(_) => None,
        }
    }
}

/// While a reply is on its way it is worth asking again soon, and not only when its watchdog rings.
pub(super) fn soon(watchdog: Millis, now: Millis) -> Millis {
    watchdog.min(now.saturating_add(SOON))
}

impl Check {
    /// How it looks to a caller now. `reference_id`: the caller's own, which a check that is over has forgotten.
    #[must_use]
    pub fn view(&self, now: Millis, reference_id: Option<&str>) -> View {
        match self.seen(now) {
            View::Forgotten(mut answer) => {
                reference_id.unwrap_or_default().clone_into(&mut answer.reference_id);
                View::Forgotten(answer)
            }
            view => view,
        }
    }

    fn seen(&self, now: Millis) -> View {
        match &self.phase {
            Phase::Finished { answer, expires_at } if *expires_at <= now => View::Forgotten(Box::new(self.forgotten(answer))),
            Phase::Finished { answer, .. } => View::Answer(answer.clone()),
            Phase::Ended { problem, .. } => View::Problem(self.operation.problem(problem.clone())),
            Phase::Released => View::Problem(Problem::new(keys::REFERENCE_ID_NOT_FOUND)),
            Phase::Tombstone { outcome, key, action, checked_at, .. } => {
                View::Forgotten(Box::new(self.without_data(*outcome, key, *action, *checked_at)))
            }
            Phase::Writing(write) if write.is_on_its_way() => {
                let next = if write.in_flight { soon(write.wake_at, now) } else { write.wake_at };
                let mut answer = self.awaiting(keys::PENDING_UNKNOWN, &write.vendor, Some(next), now);
                answer.finding.message = keys::ON_ITS_WAY.into();
                View::Pending(Box::new(answer))
            }
            Phase::Review { vendor, refusal: Some(refusal), .. } => {
                let mut answer = self.awaiting(keys::PENDING_REVIEW, vendor, None, now);
                let (message, note) = if refusal.of == Refused::Account {
                    (keys::US_REFUSED, Note::RETRY_WHEN_SETTLED)
                } else {
                    (keys::RECORD_REFUSED, Note::CORRECT_AND_REPLACE)
                };
                answer.finding.notes.push(note);
                answer.finding.message = message.into();
                answer.finding.refusal = Some(refusal.clone());
                View::Pending(Box::new(answer))
            }
            Phase::Review { vendor, .. } => self.pending(keys::PENDING_REVIEW, vendor, None, now),
            Phase::Unsettled { working, vendor, wake_at, in_flight, .. }
            | Phase::Writing(Write { working, vendor, wake_at, in_flight, .. }) => {
                let next = if *in_flight { soon(*wake_at, now) } else { *wake_at };
                self.pending(if *working { keys::PENDING_VENDOR } else { keys::PENDING_UNKNOWN }, vendor, Some(next), now)
            }
            Phase::Collecting(collect) => View::Pending(Box::new(self.collecting(collect, now))),
            Phase::Backoff { until, .. } => self.pending(keys::PENDING_UNKNOWN, &self.nobody(), Some(*until), now),
            Phase::Queued { until } | Phase::AwaitingPermit { until } | Phase::Sending { until, .. } => {
                self.pending(keys::PENDING_UNKNOWN, &self.nobody(), Some(soon(*until, now)), now)
            }
        }
    }

    pub(super) fn nobody(&self) -> VendorRef {
        VendorRef { name: self.account().vendor().to_owned().into(), ..VendorRef::default() }
    }

    fn pending(&self, key: &'static str, vendor: &VendorRef, next: Option<Millis>, now: Millis) -> View {
        View::Pending(Box::new(self.awaiting(key, vendor, next, now)))
    }

    /// What is told while it is not final: `next` is when it is looked at again, where that needs no person.
    pub(super) fn awaiting(&self, key: &'static str, vendor: &VendorRef, next: Option<Millis>, now: Millis) -> Answer {
        let action = if next.is_some() { Action::Wait } else { Action::Review };
        let mut finding = Finding::bare(Outcome::Pending, action, key, vendor.clone());
        if self.rulings.await_second() {
            finding.notes.push(Note::SECOND_DECISION);
        }
        // An alarm may be late; the caller need not be.
        self.answer(finding, now, next.map(|next| next.max(now)))
    }

    pub(super) fn answer(&self, finding: Finding, checked_at: Millis, next_check_at: Option<Millis>) -> Answer {
        let (reference_id, cost) = (self.reference_id.clone(), self.cost);
        Answer { reference_id, operation: self.operation, finding, checked_at, next_check_at, cost }
    }

    fn forgotten(&self, answer: &Answer) -> Answer {
        let Finding { outcome, key, action, .. } = &answer.finding;
        self.without_data(*outcome, key, *action, answer.checked_at)
    }

    /// What is still told of an answer whose time is over.
    fn without_data(&self, outcome: Outcome, key: &str, action: Action, checked_at: Millis) -> Answer {
        let finding = Finding {
            key: key.to_owned().into(),
            message: keys::message(key).into(),
            data: Value::Null,
            record: Value::Null,
            ..Finding::bare(outcome, action, "", self.nobody())
        };
        self.answer(finding, checked_at, None)
    }
}
