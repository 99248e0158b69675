//! What of a check's transitions stands in the journal of its tenant: its end, and what a person or the caller waits for.

use super::exits::is_yes;
use super::{Cause, Check, Phase};
use crate::journal::{Entry, EntryKind, speakable, tells_moved};
use crate::keys::{self, Outcome};
use crate::operations::Class;
use crate::place::Identity;
use crate::time::Millis;

/// Why a check waits for manual review: the names of [`Cause`].
const UNKNOWN: &str = "unknown";
const REFUSED: &str = "refused";
const CONTRADICTED: &str = "contradicted";

impl Check {
    /// The journal's entry about a transition to this state; `None` for one that is nobody's business yet.
    #[must_use]
    pub fn journaled(&self, before: &Self, identity: &Identity, now: Millis) -> Option<Entry> {
        if std::mem::discriminant(&before.phase) == std::mem::discriminant(&self.phase) {
            return None;
        }
        let has_waited = matches!(before.phase, Phase::Review { .. });
        let (kind, outcome, key, vendor_key) = self.journal_kind(has_waited)?;
        let is_named = self.class != Class::Read && self.attempts > 0;
        let moved = self.moved(before);
        Some(Entry {
            at: now,
            kind,
            check: identity.place.to_string(),
            version: self.version,
            operation: self.operation,
            account: self.account(),
            outcome,
            key,
            vendor_key,
            reference_id: speakable(&self.reference_id).map(str::to_owned),
            wire_reference: is_named.then(|| identity.wire_reference(self.attempts)),
            cost: self.cost,
            began_at: self.claimed_at,
            has_waited,
            is_news: before.is_open() || kind == EntryKind::Review,
            moved,
        })
    }

    /// Whether a rupee moved, where outcome and key do not tell; of a review, whether the answer that is withdrawn had said so.
    fn moved(&self, before: &Self) -> Option<bool> {
        match (&self.phase, &before.phase) {
            _ if self.class != Class::Money => None,
            (Phase::Review { .. }, Phase::Finished { answer, .. }) => is_yes(&answer.finding).then_some(true),
            (Phase::Finished { answer, .. }, _) => {
                let moved = is_yes(&answer.finding);
                (moved != tells_moved(answer.finding.outcome, &answer.finding.key)).then_some(moved)
            }
            _ => None,
        }
    }

    fn journal_kind(&self, has_waited: bool) -> Option<(EntryKind, Option<Outcome>, String, Option<String>)> {
        Some(match &self.phase {
            Phase::Finished { answer, .. } => (EntryKind::Finished, Some(answer.finding.outcome), answer.finding.key.to_string(), None),
            Phase::Ended { problem, .. } => (EntryKind::Ended, None, problem.key.to_string(), None),
            Phase::Review { cause, refusal, vendor, .. } => {
                let why = match cause {
                    Cause::Unknown => UNKNOWN,
                    Cause::Rejected => REFUSED,
                    Cause::Contradicted => CONTRADICTED,
                };
                let vendor_key = refusal.as_ref().map(|refusal| refusal.key.clone()).or_else(|| vendor.code.clone());
                (EntryKind::Review, None, why.to_owned(), vendor_key)
            }
            Phase::Unsettled { .. } => (EntryKind::Unsettled, None, keys::PENDING_UNKNOWN.to_owned(), None),
            Phase::Writing(_) if has_waited => (EntryKind::Resumed, None, keys::PENDING_UNKNOWN.to_owned(), None),
            _ => return None,
        })
    }

    /// Whether whoever asked last was told that it is not over.
    const fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Unsettled { .. } | Phase::Review { .. } | Phase::Writing(_) | Phase::Collecting(_))
    }
}
