//! How a check that may have moved money stands beside what its vendor says of the transfer.
//!
//! What the vendor says is taken as its callback would be: it ends what is open, and what contradicts an answer goes to manual review (`exits.rs`). "Not found" proves nothing and changes nothing.

use serde::{Deserialize, Serialize};

use super::exits::{is_yes, was_yes};
use super::{Check, Phase};
use crate::http::Exchange;
use crate::time::Millis;
use crate::vendors::Reading;

/// What the gateway says of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Here {
    /// A rupee moved.
    Moved,
    /// None did.
    NotMoved,
    /// It is not known yet, or waits for a person.
    Open,
    /// There is no such check.
    Unknown,
}

/// What the vendor says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum There {
    /// The account was credited.
    Credited,
    /// It was not.
    NotCredited,
    /// It is under way.
    Pending,
    /// The vendor answers and does not say: it does not know the request.
    NotFound,
    /// The vendor did not answer, or did not let us ask.
    Unreachable,
    /// Nobody was asked: only a statement names it.
    Stated,
}

/// What a comparison came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconciled {
    /// What the gateway says, after it has heard the vendor.
    pub here: Here,
    /// What the vendor says.
    pub there: There,
    /// Whether the vendor's word ended what was open here.
    pub closed: bool,
    /// Until when the vendor is not to be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Millis>,
}

impl There {
    /// What a reading of the look-up says, and what the vendor answered last.
    #[must_use]
    pub fn of(reading: &Reading, last: Option<&Exchange>) -> Self {
        let answers = matches!(last, Some(Exchange::Answered(response)) if response.status < 500 && response.status != 429);
        match reading {
            Reading::Final(finding) if is_yes(finding) => Self::Credited,
            Reading::Final(_) | Reading::Ended { .. } => Self::NotCredited,
            Reading::Working(_) => Self::Pending,
            Reading::Unknown { refused_us: None, .. } if answers => Self::NotFound,
            _ => Self::Unreachable,
        }
    }
}

impl Check {
    /// What it says of the money of one of its attempts. `moved`: what the journal says, which counts once the answer is forgotten.
    #[must_use]
    pub fn stands(&self, attempt: u8, moved: bool) -> Here {
        let known = |moved| if moved { Here::Moved } else { Here::NotMoved };
        if attempt < self.attempts {
            return Here::NotMoved;
        }
        match &self.phase {
            Phase::Finished { answer, .. } => known(is_yes(&answer.finding)),
            Phase::Tombstone { outcome, key, .. } => known(was_yes(*outcome, key).unwrap_or(moved)),
            Phase::Ended { .. } | Phase::Released => Here::NotMoved,
            _ => Here::Open,
        }
    }
}
