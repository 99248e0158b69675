//! What of a check's transitions stands in the journal of its tenant: its end, and what a person or the caller waits for.

use super::exits::is_yes;
use super::history::What;
use super::{Cause, Check, Phase};
use crate::journal::{Entry, EntryKind, speakable, tells_moved};
use crate::keys::{self, Outcome};
use crate::operations::Class;
use crate::place::Identity;
use crate::time::Millis;

/// Why a check waits for manual review, in the words of `GET /v1/reviews`.
const UNKNOWN: &str = "unknown";
const REFUSED: &str = "refused";
const CONTRADICTED: &str = "contradicted";

/// What became of a check: with its outcome, its key, and the vendor's key where that is why it waits.
type Occurrence = (EntryKind, Option<Outcome>, String, Option<String>);

impl Check {
    /// The journal's entry about a transition to this state; `None` for one that is nobody's business yet.
    #[must_use]
    pub fn journaled(&self, before: &Self, identity: &Identity, now: Millis) -> Option<Entry> {
        if std::mem::discriminant(&before.phase) == std::mem::discriminant(&self.phase) {
            return None;
        }
        let has_waited = matches!(before.phase, Phase::Review { .. });
        let occurrence = self.journal_kind(has_waited)?;
        let is_news =
            before.is_open() || occurrence.0 == EntryKind::Review || now >= self.claimed_at.saturating_add(self.operation.row().wait);
        Some(Entry { has_waited, is_news, moved: self.moved(before), ..self.entry_of(now, occurrence, identity) })
    }

    /// The journal's entry about how it stands, as a journal that is made again has it: the latest of its claim. What was told before, and is over, is not known any more.
    #[must_use]
    pub fn entry(&self, identity: &Identity) -> Option<Entry> {
        let tombstone = |outcome: Outcome, key: &str| (EntryKind::Finished, Some(outcome), key.to_owned(), None);
        let ended = || self.history.moments().iter().rev().find(|moment| moment.what == What::Ended).map(|moment| moment.at);
        let (at, occurrence) = match &self.phase {
            Phase::Tombstone { outcome, key, checked_at, .. } => (*checked_at, tombstone(*outcome, key)),
            Phase::Finished { answer, .. } => (answer.checked_at, self.journal_kind(false)?),
            Phase::Review { since, .. } | Phase::Unsettled { since, .. } => (*since, self.journal_kind(false)?),
            Phase::Ended { .. } => (ended().unwrap_or(self.claimed_at), self.journal_kind(false)?),
            _ => return None,
        };
        Some(Entry { moved: self.moved(self), ..self.entry_of(at, occurrence, identity) })
    }

    fn entry_of(&self, at: Millis, (kind, outcome, key, vendor_key): Occurrence, identity: &Identity) -> Entry {
        Entry {
            at,
            kind,
            check: identity.place.to_string(),
            version: self.version,
            operation: self.operation,
            account: self.account(),
            outcome,
            key,
            vendor_key,
            reference_id: speakable(&self.reference_id).map(str::to_owned),
            wire_reference: self.named_attempt().map(|attempt| identity.wire_reference(attempt)),
            cost: self.cost,
            began_at: self.claimed_at,
            has_waited: false,
            is_news: false,
            moved: None,
        }
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

    /// Money and writes: the attempt under which the vendor knows the request. A write's questions are attempts too, and none of them is it.
    fn named_attempt(&self) -> Option<u8> {
        let attempt = match &self.phase {
            Phase::Writing(write) => write.posted,
            Phase::Review { posted, .. } if self.class == Class::Write => *posted,
            _ => self.attempts,
        };
        Some(attempt).filter(|attempt| self.class != Class::Read && *attempt > 0)
    }

    fn journal_kind(&self, has_waited: bool) -> Option<Occurrence> {
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

    /// Whether whoever asked last was told that it is not over, however soon.
    const fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Unsettled { .. } | Phase::Review { .. } | Phase::Writing(_) | Phase::Collecting(_))
    }
}
