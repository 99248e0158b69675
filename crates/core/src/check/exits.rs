//! The ways out of a check that are not the reply to its own call: the vendor's callback, a person's decision, and a word that comes late.
//!
//! They come in every phase. A callback ends what is open, and no more than that: only its yes or no counts, for it never makes anything be sent. A yes and a no that exclude each
//! other end in manual review, also after the answer was given, and its copy is withdrawn: somebody acts on an answer that is wrong. A person's decision stands; what the vendor
//! says against it afterwards is an alert. Once the personal data is gone there is nothing left to review, and a contradiction is an alert too.

use super::{Cause, Check, Context, Decision, Output, Phase, Write};
use crate::keys::{self, Action, Outcome};
use crate::operations::{Class, Finding, VendorRef};
use crate::problem::Problem;
use crate::vendors::{Account, Reading};

/// The vendor said two things that exclude each other.
const VENDOR_CONTRADICTED: &str = "vendor_contradicted_itself";
/// The key of a check that a person decided for, and of one that a person decided against.
const DECIDED_FOR: &str = "success_decided";
const DECIDED_AGAINST: &str = "failure_decided";

impl Check {
    /// A vendor's authenticated word about a request of this check.
    pub(super) fn called_back(&mut self, account: &Account, wire_reference: &str, reading: Reading, context: &Context<'_>) -> Vec<Output> {
        let named = |attempt: &u8| context.identity.wire_reference(*attempt) == wire_reference;
        let (Some(attempt), Reading::Final(finding)) = ((1..=self.attempts).find(named), &reading) else { return Vec::new() };
        // All requests of a write are for one record.
        let is_of_now = *account == self.account() && (attempt == self.attempts || self.class == Class::Write);
        if !is_of_now {
            // An earlier attempt ended without an answer. For money that was certain: nothing was to have moved.
            let is_alarming = self.class == Class::Money && finding.outcome == Outcome::Verified;
            return if is_alarming { vec![self.contradiction(finding)] } else { Vec::new() };
        }
        match (&self.phase, reading) {
            // Nothing was sent in this attempt, so the word is about nothing of ours.
            (Phase::Queued { .. } | Phase::AwaitingPermit { .. }, _) => Vec::new(),
            (Phase::Sending { .. } | Phase::Backoff { .. } | Phase::Writing(_) | Phase::Unsettled { .. }, Reading::Final(finding)) => {
                self.finish(*finding, context)
            }
            (_, reading) => self.late_word(reading, context),
        }
    }

    /// A vendor's word about the latest attempt, when nobody waits for it any more.
    pub(super) fn late_word(&mut self, reading: Reading, context: &Context<'_>) -> Vec<Output> {
        let Reading::Final(finding) = reading else { return Vec::new() };
        let is_yes = finding.outcome == Outcome::Verified;
        let alert = self.contradiction(&finding);
        match &self.phase {
            // Only a person can say which of two words is true.
            Phase::Review { cause: Cause::Contradicted, .. } => Vec::new(),
            Phase::Review { .. } => self.finish(*finding, context),
            Phase::Finished { answer, .. } if (answer.finding.outcome == Outcome::Verified) != is_yes => {
                if is_decided(&answer.finding) {
                    vec![alert]
                } else {
                    self.contradicted(finding.vendor, alert, context)
                }
            }
            // It was certain that nothing had moved, and the reference was free for another rupee.
            Phase::Ended { .. } if is_yes && self.class == Class::Money => self.contradicted(finding.vendor, alert, context),
            Phase::Tombstone { outcome, .. } if (*outcome == Outcome::Verified) != is_yes => vec![alert],
            Phase::Released if is_yes && self.class == Class::Money => vec![alert],
            _ => Vec::new(),
        }
    }

    /// The answer that was given does not stand.
    fn contradicted(&mut self, vendor: VendorRef, alert: Output, context: &Context<'_>) -> Vec<Output> {
        let mut outputs = self.review(vendor, Cause::Contradicted, 0, Some(alert), context);
        outputs.push(Output::Withdraw);
        outputs
    }

    fn contradiction(&self, finding: &Finding) -> Output {
        self.alert(VENDOR_CONTRADICTED, finding.key.to_string())
    }

    /// A person's decision, on a check whose own call cannot settle it within moments.
    pub(super) fn decided(&mut self, decision: Decision, context: &Context<'_>) -> Vec<Output> {
        let (vendor, cause, posted) = match &self.phase {
            Phase::Review { vendor, cause, posted, .. } => (vendor.clone(), Some(*cause), *posted),
            Phase::Unsettled { vendor, .. } | Phase::Writing(Write { vendor, .. }) => (vendor.clone(), None, 0),
            _ => return Vec::new(),
        };
        let (outcome, action, key) = match (decision, self.class, cause) {
            (Decision::Verified, ..) => (Outcome::Verified, Action::Proceed, DECIDED_FOR),
            (Decision::Negative, ..) => (Outcome::Negative, Action::Reject, DECIDED_AGAINST),
            (Decision::Failed, ..) | (Decision::Retry, Class::Money, _) => (Outcome::Failed, Action::Retry, DECIDED_AGAINST),
            // It is being tried again as it is.
            (Decision::Retry, _, None) => return Vec::new(),
            // Its request is gone with the answer that was contradicted, and a read has nothing to be sent again: the reference is free.
            (Decision::Retry, Class::Read, _) | (Decision::Retry, _, Some(Cause::Contradicted)) => {
                return self.end(Problem::new(keys::SOURCE_UNAVAILABLE), None, context);
            }
            (Decision::Retry, Class::Write, Some(Cause::Unknown | Cause::Rejected)) => return self.write_again(posted, vendor, context),
        };
        self.finish(Finding::bare(outcome, action, key, vendor), context)
    }
}

/// Whether a person decided it.
fn is_decided(finding: &Finding) -> bool {
    [DECIDED_FOR, DECIDED_AGAINST].contains(&finding.key.as_ref())
}
