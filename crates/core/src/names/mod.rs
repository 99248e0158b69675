//! Are two names one person's? Made for the names of India as PAN, banks, Aadhaar and people themselves write them.
//!
//! Each name is taken apart (`name`), the words are paired (`align`), the differences named (`judge`) and weighed (`reasons`); thresholds are document 003's
//! (`policy`). Pure, deterministic and symmetric: exchanging the names exchanges `a` and `b` of the reasons, nothing else. Any text has an answer.
//! What it deliberately does not do: learn, guess a gender from a name alone, look anything up, or call a similar name the same
//! (no edit distance ever approves). Sources: document 003 sections 2.7, 3.2, 5, 8.3, 8.4, 11.2; `vendors.md` 12.

mod align;
mod indic;
mod judge;
mod letters;
mod lexicon;
mod name;
mod pair;
mod policy;
mod reasons;
mod sound;

use serde::Serialize;

pub(crate) use policy::BANDS;
pub use policy::{Decision, Policy};

use judge::judge;
use name::Name;
use reasons::Weight;

/// How two names compare (contract section 3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Machine-readable, of the table in `docs/CONTRACT.md`.
    pub code: &'static str,
    /// The word of the first name that it is about, as it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub a: Option<String>,
    /// Of the second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub b: Option<String>,
}

/// Compares two names.
#[must_use]
pub fn match_names(a: &str, b: &str, policy: Policy) -> NameMatch {
    let mut findings = judge(&Name::read(a), &Name::read(b));
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.why.row().1));
    let worst = findings.first().map_or(Weight::Small, |finding| finding.why.row().1);
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
        reasons: findings.into_iter().map(|finding| Reason { code: finding.why.row().0, a: finding.a, b: finding.b }).collect(),
    }
}

#[cfg(test)]
mod tests;
