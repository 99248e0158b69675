//! A write: accepted at once, sent by the alarm, and repeated until the vendor has it (design section 4).
//!
//! What is not certain is posted again under the *same* wire reference, so that it is taken once; that the reference is known then means
//! that it landed, and the vendor is asked for the record. What is certain not to have happened is posted afresh, for the vendor burns the
//! reference of what it rejects. The schedule and the horizon are those of money's status lookups; after the horizon, and for what the vendor
//! will never take, a person must look. Nothing ends a write but its record, or a person.

use serde::{Deserialize, Serialize};

use super::advance::{GRACE, VENDOR_REJECTED_US};
use super::{Cause, Check, Context, Output, Phase};
use crate::keys;
use crate::operations::{Refusal, Refused, VendorRef, VendorWords};
use crate::time::{Millis, SECOND};
use crate::vendors::{Call, CallKind, Clue, Reading};

/// A write on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Write {
    pub(super) since: Millis,
    pub(super) wake_at: Millis,
    /// What is done next, or is in flight.
    step: Step,
    pub(super) in_flight: bool,
    /// The vendor said that it is at work.
    pub(super) working: bool,
    /// The attempt of the POST that may have arrived.
    pub(super) posted: u8,
    /// An earlier sending of that POST was never answered, so that a refusal of the repeat does not prove that nothing arrived.
    #[serde(default)]
    is_doubtful: bool,
    pub(super) vendor: VendorRef,
}

impl Write {
    /// Whether it waits for its next look-up, and not to be sent again.
    pub(super) const fn is_to_be_looked_up(&self) -> bool {
        matches!(self.step, Step::LookUp { .. }) && !self.in_flight
    }

    /// Whether it has not been sent yet, also where it was held back, or its first sending is under way.
    pub(super) fn is_on_its_way(&self) -> bool {
        !(self.is_doubtful || self.working || matches!(self.step, Step::LookUp { .. }))
            && (self.posted == 0 || self.posted == 1 && (self.in_flight || self.step == Step::Again))
    }

    /// The attempt of the POST that may have arrived, where `next` is what remains to be done; 0 for none: what is to be sent afresh has burned its
    /// reference, and under that nothing arrived.
    fn may_have_arrived(&self, next: &Step) -> u8 {
        if *next == Step::Afresh { 0 } else { self.posted }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    /// A POST under a fresh wire reference.
    Afresh,
    /// The same POST again, under the same wire reference.
    Again,
    /// The vendor has it: ask for the record, with what an earlier question found out.
    LookUp { clue: Option<Clue> },
}

impl Check {
    pub(super) fn begin_write(&mut self, context: &Context<'_>) -> Vec<Output> {
        self.write_again(0, self.nobody(), context)
    }

    pub(super) fn write_woken(&mut self, write: Write, context: &Context<'_>) -> Vec<Output> {
        if write.in_flight { self.write_lost(write, context) } else { self.write_send(write, context) }
    }

    /// Sends what is next. A question about the record is a request of its own, and has a wire reference of its own.
    fn write_send(&mut self, mut write: Write, context: &Context<'_>) -> Vec<Output> {
        if let Some(until) = (context.held)(&self.account()) {
            return self.write_held(write, until);
        }
        if write.step != Step::Again {
            let Some(attempt) = self.next_attempt() else {
                let posted = write.may_have_arrived(&write.step);
                return self.review(write.vendor, Cause::Unknown, posted, None, context);
            };
            self.attempts = attempt;
        }
        if write.step == Step::Afresh {
            write.posted = self.attempts;
            write.is_doubtful = false;
            write.step = Step::Again;
        }
        write.in_flight = true;
        write.wake_at = context.now.saturating_add(context.policy.attempt).saturating_add(GRACE);
        let call = self.write_call(&write, context);
        self.phase = Phase::Writing(write);
        vec![Output::Persist, Output::Send(call)]
    }

    fn write_call(&self, write: &Write, context: &Context<'_>) -> Call {
        match &write.step {
            Step::LookUp { clue } => Call { clue: clue.clone(), ..self.call(CallKind::Status, context) },
            Step::Afresh | Step::Again => {
                Call { wire_reference: context.identity.wire_reference(write.posted), ..self.call(CallKind::Post, context) }
            }
        }
    }

    /// What was in flight is lost: the instance died, or its watchdog rang.
    pub(super) fn write_lost(&mut self, write: Write, context: &Context<'_>) -> Vec<Output> {
        let step = match write.step {
            Step::LookUp { .. } => Step::LookUp { clue: None },
            Step::Afresh | Step::Again => Step::Again,
        };
        self.write_later(write, step, None, None, context)
    }

    pub(super) fn write_replied(&mut self, mut write: Write, call: &Call, reading: Reading, context: &Context<'_>) -> Vec<Output> {
        let awaited = write.in_flight && *call == self.write_call(&write, context);
        // The POST's own reply, later than its watchdog: welcome where it is the end.
        let late = write.posted > 0 && call.kind == CallKind::Post && call.wire_reference == context.identity.wire_reference(write.posted);
        if !(awaited || late && matches!(reading, Reading::Final(_))) {
            return Vec::new();
        }
        let asked = call.kind == CallKind::Status;
        let look_up = || Step::LookUp { clue: None };
        match reading {
            Reading::Final(finding) => self.finish(*finding, context),
            Reading::Held(until) => {
                // Its question was not asked, so the reference of it is free: a long outage must not use them up.
                if asked {
                    self.attempts = self.attempts.saturating_sub(1);
                }
                self.write_held(write, until)
            }
            Reading::Further(clue) if asked => {
                write.step = Step::LookUp { clue: Some(clue) };
                self.write_send(write, context)
            }
            Reading::Landed(vendor) if !asked => {
                let write = Write { step: look_up(), ..write }.told(vendor);
                self.write_send(write, context)
            }
            Reading::Rejected { vendor, vendor_key, words } if !asked => {
                self.write_rejected(&write, vendor, Refusal { of: Refused::Request, key: vendor_key, words }, context)
            }
            Reading::Working(vendor) => self.write_later(Write { working: true, ..write }.told(vendor), look_up(), None, None, context),
            Reading::Unknown { vendor, refused_us } => {
                let step = if asked { look_up() } else { Step::Again };
                self.write_later(write.told(vendor), step, refused_us, None, context)
            }
            // Nobody knocks twice at a door that does not know them: the operator must look, and the record waits (document 003 section 6.7).
            Reading::Ended { refused_us: Some(key), problem } if !asked => {
                let words = VendorWords::new(problem.detail.as_deref(), std::iter::empty());
                self.write_rejected(&write, write.vendor.clone(), Refusal { of: Refused::Account, key, words }, context)
            }
            Reading::Ended { problem, .. } if !asked && problem.key == keys::CONSENT_REQUIRED => self.write_unconsented(write, context),
            Reading::Ended { refused_us, .. } => {
                self.write_later(write, if asked { look_up() } else { Step::Afresh }, refused_us, None, context)
            }
            Reading::Trouble { retry_after, .. } => {
                self.write_later(write, if asked { look_up() } else { Step::Afresh }, None, retry_after, context)
            }
            Reading::Landed(_) | Reading::Rejected { .. } | Reading::Offered(_) | Reading::Further(_) => {
                self.write_later(write, if asked { look_up() } else { Step::Again }, None, None, context)
            }
        }
    }

    /// The vendor has burned the reference, and will not take the record as it is; an earlier sending under it may have arrived all the same.
    fn write_rejected(&mut self, write: &Write, vendor: VendorRef, refused: Refusal, context: &Context<'_>) -> Vec<Output> {
        let alert = self.alert(VENDOR_REJECTED_US, refused.key.clone());
        let outputs = self.review(vendor, Cause::Rejected, if write.is_doubtful { write.posted } else { 0 }, Some(alert), context);
        if let Phase::Review { refusal, .. } = &mut self.phase {
            *refusal = Some(Box::new(refused));
        }
        outputs
    }

    /// Begins again after manual review: what may have arrived under the same wire reference, what certainly did not under a fresh one.
    pub(super) fn write_again(&mut self, posted: u8, vendor: VendorRef, context: &Context<'_>) -> Vec<Output> {
        let (now, step) = (context.now, if posted == 0 { Step::Afresh } else { Step::Again });
        let wake_at = (context.held)(&self.account()).unwrap_or(now);
        self.phase =
            Phase::Writing(Write { since: now, wake_at, step, in_flight: false, working: false, posted, is_doubtful: posted > 0, vendor });
        vec![Output::Persist]
    }

    /// Goes on with look-ups alone: nothing is sent any more, and an earlier sending may have arrived.
    pub(super) fn write_looked_up(&mut self, write: Write, context: &Context<'_>) -> Vec<Output> {
        self.write_later(write, Step::LookUp { clue: None }, None, None, context)
    }

    /// Goes on later, no sooner than the vendor asks for; past the horizon a person must.
    fn write_later(
        &mut self,
        write: Write,
        step: Step,
        refused_us: Option<String>,
        retry_after: Option<u32>,
        context: &Context<'_>,
    ) -> Vec<Output> {
        let alert = refused_us.map(|vendor_key| self.alert(VENDOR_REJECTED_US, vendor_key));
        let Some(next) = context.policy.next_lookup(write.since, context.now, context.jitter) else {
            let posted = write.may_have_arrived(&step);
            return self.review(write.vendor, Cause::Unknown, posted, alert, context);
        };
        let asked = context.now.saturating_add(Millis::from(retry_after.unwrap_or(0)).saturating_mul(SECOND));
        let is_doubtful = write.is_doubtful || step == Step::Again;
        self.phase = Phase::Writing(Write { wake_at: next.max(asked), step, is_doubtful, in_flight: false, ..write });
        std::iter::once(Output::Persist).chain(alert).collect()
    }
}

impl Write {
    /// Whether a POST is under way.
    pub(super) fn is_posting(&self) -> bool {
        self.in_flight && !matches!(self.step, Step::LookUp { .. })
    }

    /// Whether an earlier sending of the POST that is under way may have arrived.
    pub(super) const fn may_have_arrived_before(&self) -> bool {
        self.is_doubtful
    }

    /// Keeps the vendor's first transaction; the code that came with it is not the end's.
    fn told(self, vendor: VendorRef) -> Self {
        if self.vendor.transaction_id.is_some() || vendor.transaction_id.is_none() {
            return self;
        }
        Self { vendor: VendorRef { code: None, ..vendor }, ..self }
    }
}
