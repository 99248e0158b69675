//! The ways out of a check that are not the reply to its own call: the vendor's callback, and a word that comes late. A person's decision is `decision.rs`.
//!
//! They come in every phase. Only the yes or no of a callback counts: it ends what is open, and never leads to another request. A yes and a no about one request
//! end in manual review, also after the answer was given, and its copy is withdrawn. A person's decision stands; what the vendor says against it afterwards is an
//! alert. Once the personal data is gone there is nothing left to review, and a contradiction is an alert too.

use super::decision::is_decided;
use super::history::{Moment, What};
use super::{Cause, Check, Context, Output, Phase};
use crate::keys::{self, Outcome};
use crate::operations::{Class, Finding};
use crate::place::attempt_of;
use crate::time::{MINUTE, Millis};
use crate::vendors::{Account, Reading};

/// The vendor said two things that exclude each other.
const VENDOR_CONTRADICTED: &str = "vendor_contradicted_itself";
/// The word of a transfer that reached its account (document 003 section 3.1).
const CREDITED: &str = "Success";
/// How long after a contradiction the copy is withdrawn again at first, and for how long this goes on.
const WITHDRAWN_AGAIN: Millis = MINUTE;
const WITHDRAWN_FOR: Millis = 10 * MINUTE;

impl Check {
    /// A vendor's word about a request of this check: a callback, or a reply that its call no longer waits for.
    pub(super) fn called_back(&mut self, account: &Account, wire_reference: &str, reading: Reading, context: &Context<'_>) -> Vec<Output> {
        let is_ours = |attempt: &u8| (1..=self.attempts).contains(attempt) && context.identity.wire_reference(*attempt) == wire_reference;
        let (Some(attempt), Reading::Final(finding)) = (attempt_of(wire_reference).filter(is_ours), &reading) else { return Vec::new() };
        let is_yes = is_yes(finding);
        // The attempt that waits for its permit was never sent: the word is about nothing of ours.
        if matches!(self.phase, Phase::AwaitingPermit { .. }) && attempt == self.attempts {
            return Vec::new();
        }
        // What waits for a connection or a permit has sent nothing in this claim.
        let is_sent = !matches!(self.phase, Phase::Queued { .. } | Phase::AwaitingPermit { .. });
        // All requests of a write are for one record: a yes to any of them counts, a no only to the last.
        let is_latest = attempt == self.attempts || self.class == Class::Write && is_yes;
        if !(is_sent && is_latest && *account == self.account()) {
            return self.earlier_word(attempt, is_sent, finding, context);
        }
        // Another transaction under our reference: who of the two is right is not known.
        if self.is_of_another_transaction(finding) {
            return self.kept(self.contradiction(finding));
        }
        match (&self.phase, reading) {
            // The end of a link that nobody has seen is none.
            (Phase::Collecting(_), _) if !is_yes && !self.shows_link() => Vec::new(),
            (
                Phase::Sending { .. } | Phase::Backoff { .. } | Phase::Collecting(_) | Phase::Writing(_) | Phase::Unsettled { .. },
                Reading::Final(finding),
            ) => self.finish(*finding, context),
            (_, reading) => self.late_word(reading, context),
        }
    }

    /// A word about an earlier attempt, which ended without an answer. For money that was certain: nothing was to have moved, and if something did,
    /// nothing more is sent.
    fn earlier_word(&mut self, attempt: u8, is_sent: bool, finding: &Finding, context: &Context<'_>) -> Vec<Output> {
        if !is_yes(finding) || matches!(self.class, Class::Read | Class::Write) {
            return Vec::new();
        }
        // What is sent goes on, for it has an end of its own; what ended as though nothing had moved does not stand.
        let goes_on = is_sent && !matches!(self.phase, Phase::Ended { .. });
        if !goes_on {
            return self.contradicted(attempt, finding, context);
        }
        let mut outputs = self.kept(self.contradiction(finding));
        if outputs.contains(&Output::Persist) {
            outputs.extend(self.owe_afterwards(attempt, finding, true, context));
        }
        outputs
    }

    /// A vendor's word about the latest attempt, when nobody waits for it any more.
    pub(super) fn late_word(&mut self, reading: Reading, context: &Context<'_>) -> Vec<Output> {
        let Reading::Final(finding) = reading else { return Vec::new() };
        let is_yes = is_yes(&finding);
        let alert = self.contradiction(&finding);
        match &self.phase {
            // Only a person can say which of two words is true.
            Phase::Review { cause: Cause::Contradicted, .. } => Vec::new(),
            Phase::Review { .. } if self.is_of_another_transaction(&finding) => self.kept(alert),
            Phase::Review { .. } => self.finish(*finding, context),
            Phase::Finished { answer, .. } if self::is_yes(&answer.finding) != is_yes => {
                if is_decided(&answer.finding) {
                    // It stands, and whoever reads its timeline sees that the vendor says otherwise.
                    vec![Output::Persist, alert]
                } else {
                    self.contradicted(self.attempts, &finding, context)
                }
            }
            // It was certain that nothing had happened, and the reference was free for another request.
            Phase::Ended { .. } if is_yes && self.class != Class::Read => self.contradicted(self.attempts, &finding, context),
            Phase::Tombstone { outcome, key, .. } if was_yes(*outcome, key).is_some_and(|was| was != is_yes) => vec![alert],
            Phase::Released if is_yes => vec![alert],
            _ => Vec::new(),
        }
    }

    /// The answer that was given does not stand: the vendor says something else about this attempt.
    fn contradicted(&mut self, attempt: u8, finding: &Finding, context: &Context<'_>) -> Vec<Output> {
        let (alert, is_uncounted) = (self.contradiction(finding), self.is_uncounted(attempt));
        if let Phase::Finished { answer, .. } = &self.phase {
            let moments = [(answer.checked_at, What::Published), (context.now, What::Withdrawn)];
            let key = answer.finding.key.to_string();
            for (at, what) in moments {
                self.history.add(Moment::new(at, what).keyed(key.as_str()));
            }
        }
        let mut outputs = self.review(finding.vendor.clone(), Cause::Contradicted, 0, Some(alert), context);
        if let Phase::Review { withdraw_at, .. } = &mut self.phase {
            *withdraw_at = Some(context.now.saturating_add(WITHDRAWN_AGAIN));
        }
        outputs.push(Output::Withdraw);
        if is_yes(finding) {
            outputs.extend(self.owe_afterwards(attempt, finding, is_uncounted, context));
        }
        outputs
    }

    /// Withdraws the copy again, after ever longer pauses: one that was on its way may have been written after it was deleted, and deleting may have failed.
    pub(super) fn withdraw_again(&mut self, context: &Context<'_>) -> Vec<Output> {
        if let Phase::Review { since, withdraw_at, .. } = &mut self.phase {
            let waited = context.now.saturating_sub(*since);
            *withdraw_at = (waited < WITHDRAWN_FOR).then(|| context.now.saturating_add(waited.max(WITHDRAWN_AGAIN)));
        }
        vec![Output::Persist, Output::Withdraw]
    }

    fn contradiction(&self, finding: &Finding) -> Output {
        self.alert(VENDOR_CONTRADICTED, finding.key.to_string())
    }
}

/// Whether a finding says that what was asked was done. An account that was credited and belongs to somebody else was: what the vendor says of the transfer is a yes.
pub(super) fn is_yes(finding: &Finding) -> bool {
    let is_credited = finding
        .record
        .get("bank_verify_status")
        .or_else(|| finding.data.get("transaction_status"))
        .is_some_and(|status| status == CREDITED);
    finding.outcome == Outcome::Verified || is_credited
}

/// The same of what is left of an answer; `None` where that does not tell.
pub(super) fn was_yes(outcome: Outcome, key: &str) -> Option<bool> {
    match key {
        keys::FAILURE_BANK_ACCOUNT_NO_MATCH => Some(true),
        keys::FAILURE_BANK_ACCOUNT_UNKNOWN_STATUS => None,
        _ => Some(outcome == Outcome::Verified),
    }
}
