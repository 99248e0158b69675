//! One row of the catalogue, and everything that follows from its [`Meaning`]: owner, HTTP status, retry class, money, outcome, action.
//!
//! Nothing here knows a key of a document; the tables say what each means. Source: contract sections 2.2 to 2.4.

use serde_json::{Value, json};

use super::{Moves, OBSERVED, SERVICE_UNAVAILABLE, Source, THE_OPERATIONS_OWN, problem_row, status};

/// What the caller is told (contract section 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The vendor confirmed, with its explicit success marker.
    Verified,
    /// The vendor answered, and the answer is no.
    Negative,
    /// Money and writes only: it is certain that nothing happened.
    Failed,
    /// Not known yet.
    Pending,
}

impl Outcome {
    /// Its name in answers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Negative => "negative",
            Self::Failed => "failed",
            Self::Pending => "pending",
        }
    }
}

/// What to do next (contract section 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Go on with the onboarding.
    Proceed,
    /// A person must look.
    Review,
    /// Stop with this input.
    Reject,
    /// Try again later, under a new reference id.
    Retry,
    /// Ask again for the same reference id.
    Wait,
}

/// Who can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// The program that calls the gateway.
    Caller,
    /// The person who is onboarded.
    Customer,
    /// Whoever runs the gateway: credentials, credits, configuration.
    Operator,
    /// The vendor or what stands behind it.
    Vendor,
    /// Toran.
    Us,
}

/// What became of the rupee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Money {
    /// It was credited.
    Moved,
    /// It certainly was not.
    No,
    /// Not known until the status says so.
    Unknown,
}

/// What one row means. Everything else about the row follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The vendor's explicit yes.
    Verified,
    /// The same, but a person must look.
    Doubtful,
    /// The check ran and the answer is no.
    Negative(Action),
    /// The envelope of an answer; its data decides.
    Answered,
    /// Money whose fate the status lookup must tell; if it confirms the row, nothing happened.
    Unsettled,
    /// The reference was used before: at the vendor the earlier attempt landed, at the gateway another meaning holds it.
    Landed,
    /// Too many checks of one subject.
    Velocity,
    /// The vendor refused us: credentials, modules, credits.
    Operator,
    /// The request is wrong. The edge says so first; from the vendor it is our mistake.
    Input,
    /// The vendor is in trouble; ends as the named gateway key, after retries where `retry` says so.
    Trouble {
        /// The gateway's key that the caller sees in the end.
        ends_as: &'static str,
        /// Whether a read is tried again (document 003 section 6.7).
        retry: bool,
    },
    /// Not an answer but a value inside `data`.
    Remark,
    /// Not final yet.
    Pending(Action),
    /// A problem of the gateway's own, with its HTTP status.
    Problem(u16, Owner),
}

/// One row of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Where it is written down.
    pub source: Source,
    /// The key, code, status or letter, to the letter.
    pub key: &'static str,
    /// The document's message.
    pub message: &'static str,
    /// The key that the gateway's caller sees when a vendor answers with this row.
    pub answers_with: &'static str,
    /// What it means.
    pub meaning: Meaning,
    /// Not in the document, but seen from its vendor.
    pub(super) observed: bool,
}

impl Row {
    pub(super) const fn new(source: Source, key: &'static str, message: &'static str, meaning: Meaning) -> Self {
        let answers_with = match meaning {
            Meaning::Operator | Meaning::Input if source.is_our_own => key,
            Meaning::Operator | Meaning::Input => SERVICE_UNAVAILABLE,
            Meaning::Trouble { ends_as, .. } => ends_as,
            Meaning::Answered => THE_OPERATIONS_OWN,
            _ => key,
        };
        Self { source, key, message, answers_with, meaning, observed: false }
    }

    pub(super) const fn answering(mut self, key: &'static str) -> Self {
        self.answers_with = key;
        self
    }

    pub(super) const fn observed(mut self) -> Self {
        self.observed = true;
        self
    }

    /// Who can do something about it.
    #[must_use]
    pub const fn owner(&self) -> Owner {
        match self.meaning {
            Meaning::Negative(_) | Meaning::Velocity => Owner::Customer,
            Meaning::Landed | Meaning::Input => Owner::Caller,
            Meaning::Operator => Owner::Operator,
            Meaning::Problem(_, owner) => owner,
            _ => Owner::Vendor,
        }
    }

    /// The HTTP status under which the gateway says this key; for a vendor's codes, that of the key that it answers with.
    #[must_use]
    pub fn http_status(&self) -> u16 {
        match self.meaning {
            Meaning::Input if self.source.is_between_us => status(SERVICE_UNAVAILABLE),
            Meaning::Input => 400,
            Meaning::Landed if self.source.is_between_us => status(self.answers_with),
            Meaning::Landed => 409,
            Meaning::Velocity => 429,
            Meaning::Operator => 502,
            Meaning::Pending(_) => 202,
            Meaning::Trouble { ends_as, .. } => status(ends_as),
            Meaning::Problem(status, _) => status,
            _ => 200,
        }
    }

    /// What became of the rupee, where the request moves one; `None` where the table's operations move none.
    #[must_use]
    pub const fn money(&self) -> Option<Money> {
        match (self.source.moves, self.meaning) {
            (Moves::Nothing, _) => None,
            (Moves::Always, _) | (Moves::AsItMeans, Meaning::Verified) => Some(Money::Moved),
            (Moves::AsItMeans, Meaning::Unsettled | Meaning::Landed | Meaning::Pending(_)) => Some(Money::Unknown),
            (Moves::AsItMeans, _) => Some(Money::No),
        }
    }

    /// The outcome, when the row ends a check with a 200.
    #[must_use]
    pub const fn outcome(&self) -> Option<Outcome> {
        match self.meaning {
            Meaning::Verified | Meaning::Doubtful => Some(Outcome::Verified),
            Meaning::Negative(_) => Some(Outcome::Negative),
            Meaning::Unsettled => Some(Outcome::Failed),
            Meaning::Pending(_) => Some(Outcome::Pending),
            _ => None,
        }
    }

    /// What the caller does next, when the row ends a check.
    #[must_use]
    pub const fn action(&self) -> Option<Action> {
        match self.meaning {
            Meaning::Verified => Some(Action::Proceed),
            Meaning::Doubtful => Some(Action::Review),
            Meaning::Negative(action) | Meaning::Pending(action) => Some(action),
            Meaning::Unsettled => Some(Action::Retry),
            _ => None,
        }
    }

    /// Whether and how it is tried again: `read` (the gateway retries), `lookup` (money: its status is read), `caller`, `never`.
    #[must_use]
    pub const fn retry(&self) -> &'static str {
        match self.meaning {
            Meaning::Trouble { retry: true, .. } => "read",
            Meaning::Unsettled | Meaning::Landed | Meaning::Pending(Action::Wait) => "lookup",
            Meaning::Negative(Action::Retry) | Meaning::Velocity => "caller",
            _ => "never",
        }
    }

    /// The document and section that has it, or `observed` where none does.
    #[must_use]
    pub fn document(&self) -> &'static str {
        if self.observed { OBSERVED } else { self.source.as_str() }
    }

    /// The row as the catalogue shows it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "key": self.key,
            "document": self.document(),
            "message": self.message,
            "owner": self.owner(),
            "status": self.http_status(),
            "retry": self.retry(),
            "money": self.money(),
            "outcome": self.outcome(),
            "action": self.action().map(|action| json!(action)).or_else(|| problem_row(self.answers_with).and_then(Self::remedy).map(|remedy| json!(remedy))),
            "answers_with": Some(self.answers_with).filter(|key| *key != THE_OPERATIONS_OWN),
        })
    }
}
