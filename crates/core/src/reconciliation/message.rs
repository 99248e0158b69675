//! What the journal of a day is asked about its reconciliation, and what it tells; with a version, like all messages between objects.

use serde::{Deserialize, Serialize};

use super::{Report, Stated, Status};
use crate::account::Account;
use crate::journal;
use crate::time::Millis;

/// What is asked.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReconcileAsk {
    /// Reconcile the day, unless that is done or under way.
    Begin {
        /// The tenant.
        tenant: String,
        /// The day in India.
        day: i64,
        /// Whether everything is looked up again, also what has matched.
        again: bool,
    },
    /// Tell what it came to.
    Report {
        /// Those of one status; without it what did not match, and what was closed.
        status: Option<Status>,
        /// Those after this number.
        after: u64,
        /// How many at most.
        limit: usize,
    },
    /// Take a vendor's statement.
    State {
        /// The day in India.
        day: i64,
        /// By what it is known again.
        digest: String,
        /// The vendor account that it is of.
        account: Account,
        /// What it says.
        rows: Vec<Stated>,
    },
}

/// What is told.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReconcileTold {
    /// How it goes.
    Run(Run),
    /// What it came to.
    Report(Box<Report>),
    /// The statement was taken; whether that was before.
    Stated {
        /// Whether the same one came before.
        is_known: bool,
    },
}

/// How the reconciliation of a day goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The tenant.
    pub tenant: String,
    /// The day in India.
    pub day: i64,
    /// When it began.
    pub began_at: Millis,
    /// When it ended; none while it runs.
    pub ended_at: Option<Millis>,
    /// Up to which entry of the journal it knows the day.
    pub collected: u64,
}

/// Writes a question.
#[must_use]
pub fn ask(ask: &ReconcileAsk) -> String {
    journal::written(ask)
}

/// Reads a question; `None` for anything else, and for a later version.
#[must_use]
pub fn read_ask(text: &str) -> Option<ReconcileAsk> {
    journal::read(text)
}

/// Writes what is told.
#[must_use]
pub fn told(told: &ReconcileTold) -> String {
    journal::written(told)
}

/// Reads what is told; `None` for anything else, and for a later version.
#[must_use]
pub fn read_told(text: &str) -> Option<ReconcileTold> {
    journal::read(text)
}
