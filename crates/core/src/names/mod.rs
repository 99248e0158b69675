//! Are two names one person's? Made for the names of India as PAN, banks, Aadhaar and people themselves write them.
//!
//! Each name is taken apart (`name`), the words are paired (`align`), the differences named (`judge`, `slip` where only a person can tell) and weighed (`reasons`); thresholds are document 003's
//! (`policy`). Pure, deterministic and symmetric: exchanging the names exchanges `a` and `b` of the reasons, nothing else. Any text has an answer.
//! A text is read up to 128 characters and 16 words, and 60 ways of writing words together are tried: 500 characters cost less than a millisecond.
//! What it deliberately does not do: learn, refuse by a gender guessed from a name alone, look anything up, or call a similar name the same
//! (no edit distance ever approves). Sources: document 003 sections 2.7, 3.2, 5, 8.3, 8.4, 11.2; `vendors.md` 12.

mod align;
mod indic;
mod judge;
mod known;
mod letter_index;
mod letters;
mod lexicon;
mod name;
mod pair;
mod policy;
mod reasons;
mod slip;
mod sound;

pub(crate) use policy::BANDS;
pub use policy::{Decision, Policy};

use crate::ids::is_placeholder;
use crate::json::{Datum, Record};
use judge::{Finding, judge};
use name::Name;
use reasons::{Weight, Why};

/// How two names compare (contract section 3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameMatch {
    /// 0 to 100: the pessimistic reading's.
    pub score: u8,
    /// The score if every doubt is resolved kindly.
    pub optimistic: u8,
    /// The score if none is.
    pub pessimistic: u8,
    /// Of `score`, by document 003 section 3.2.
    pub band: &'static str,
    /// By the policy's thresholds.
    pub decision: Decision,
    /// What differs, the weightiest first; empty where nothing does.
    pub reasons: Vec<Reason>,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Machine-readable, of the table in `docs/CONTRACT.md`.
    pub code: &'static str,
    /// The word of the first name that it is about, in capitals; empty where there is none.
    pub a: String,
    /// Of the second.
    pub b: String,
}

impl NameMatch {
    /// As the contract shapes it.
    #[must_use]
    pub fn into_record(self) -> Record {
        let mut reasons = Vec::new();
        for reason in self.reasons {
            reasons.push(reason.into_record());
        }
        Record::from([
            ("score", self.score.into()),
            ("optimistic", self.optimistic.into()),
            ("pessimistic", self.pessimistic.into()),
            ("band", self.band.into()),
            ("decision", self.decision.as_str().into()),
            ("reasons", Datum::List(reasons)),
        ])
    }
}

impl Reason {
    fn into_record(self) -> Record {
        let mut record = Record::from([("code", self.code.into())]);
        for (name, word) in [("a", self.a), ("b", self.b)] {
            if !word.is_empty() {
                record.push(name, word);
            }
        }
        record
    }
}

/// Compares two names.
#[must_use]
pub fn match_names(a: &str, b: &str, policy: Policy) -> NameMatch {
    // In one order whatever the caller's, so that exchanging the names changes nothing else.
    let exchanged = a > b;
    let (first, second) = if exchanged { (b, a) } else { (a, b) };
    let (first, second) = (letters::read(first), letters::read(second));
    let (first, second) = (Name::of(&first), Name::of(&second));
    let findings = judge(&first, &second, exchanged);
    let mut worst = findings.iter().map(|finding| finding.why.row().1).max().unwrap_or(Weight::Small);
    // What is not read may be what is missing, unless nothing of what is read agrees.
    let is_unread = (first.too_long || second.too_long) && findings.iter().all(|finding| finding.why != Why::NothingInCommon);
    if first.is_written_like(&second) || is_unread {
        worst = worst.min(Weight::Doubt);
    }
    let (lowest, highest) = worst.scores();
    let (mut optimistic, mut pessimistic) = (100_u8, 100_u8);
    for finding in &findings {
        let (_, _, kind, strict) = finding.why.row();
        optimistic = optimistic.saturating_sub(kind);
        pessimistic = pessimistic.saturating_sub(strict);
    }
    let pessimistic = pessimistic.clamp(lowest, highest);
    NameMatch {
        score: pessimistic,
        optimistic: optimistic.max(pessimistic),
        pessimistic,
        band: policy::band(pessimistic),
        decision: policy.decide(pessimistic),
        reasons: told(findings),
    }
}

/// Whether a text is no name at all: nothing, signs, digits, or what stands where no name is known.
#[must_use]
pub fn is_no_name(text: &str) -> bool {
    is_placeholder(letters::read(text).text.trim_ascii())
}

/// The weightiest first. (Three looks at a short list cost less code than sorting it.)
fn told(mut findings: Vec<Finding>) -> Vec<Reason> {
    let mut reasons = Vec::with_capacity(findings.len());
    for weight in [Weight::No, Weight::Doubt, Weight::Small] {
        for finding in findings.iter_mut().filter(|finding| finding.why.row().1 == weight) {
            reasons.push(Reason { code: finding.why.row().0, a: std::mem::take(&mut finding.a), b: std::mem::take(&mut finding.b) });
        }
    }
    reasons
}

#[cfg(test)]
mod tests;
