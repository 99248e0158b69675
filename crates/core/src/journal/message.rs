//! What a journal is asked, and what it tells. During a deploy old and new code speak to each other, so a message says its version.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Entry, Line, Totals};
use crate::time::Millis;

/// The version of the messages that this release writes.
const VERSION: u8 = 1;

/// What a journal is asked.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JournalAsk {
    /// Take what is new of these numbered entries of a source, into the journal of a day.
    Append {
        /// The day in India.
        day: i64,
        /// Whose outbox it is: the name of a register.
        source: String,
        /// Its entries, in order.
        entries: Vec<(u64, Line)>,
    },
    /// Tell what a day has after a number, so many entries at most.
    Read {
        /// The day in India.
        day: i64,
        /// The number.
        after: u64,
        /// How many.
        limit: usize,
        /// The object of endpoints that is told when there is more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        watcher: Option<String>,
    },
    /// Tell the entry of a check's transition.
    Find {
        /// The check's place.
        check: String,
        /// What the id of its event says of it beside that.
        number: u64,
    },
    /// Change the list of what waits for a person.
    Note(Vec<Entry>),
    /// Tell what waits for a person, so many at most.
    List(WaitingList),
    /// Tell what a day has after a number that passes a filter.
    Search {
        /// The day in India.
        day: i64,
        /// The number.
        after: u64,
        /// How many at most.
        limit: usize,
        /// What passes.
        filter: Filter,
    },
    /// Add the day up.
    AddUp,
    /// Tell which of these entries a day does not have; and where they are to stand in it, write them.
    Restore {
        /// The day in India.
        day: i64,
        /// The entries.
        entries: Vec<Entry>,
        /// Whether they are written.
        is_written: bool,
    },
}

/// What passes a search; a member that is not there lets everything pass.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// What happened since this time.
    pub from: Millis,
    /// What happened before this time.
    pub to: Millis,
    /// Entries of this operation.
    #[serde(default)]
    pub operation: Option<String>,
    /// Ends with this outcome.
    #[serde(default)]
    pub outcome: Option<String>,
    /// Entries with this key, or this key of the vendor.
    #[serde(default)]
    pub key: Option<String>,
    /// Entries about any account at this vendor.
    #[serde(default)]
    pub vendor: Option<String>,
}

/// Which of those that wait are told, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingList {
    /// Those after one that waits since this time, and has this place.
    #[serde(default)]
    pub after: Option<(Millis, String)>,
    /// Those that wait since before this time.
    #[serde(default)]
    pub before: Option<Millis>,
    /// Those of this operation.
    #[serde(default)]
    pub operation: Option<String>,
    /// Those that wait for this reason, or with this key of the vendor.
    #[serde(default)]
    pub key: Option<String>,
    /// How many.
    pub limit: usize,
}

/// What a journal tells.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JournalTold {
    /// It has them.
    Taken,
    /// Its day is over: they belong to the next.
    Over,
    /// Entries with their numbers.
    Page {
        /// The entries.
        entries: Vec<(u64, Line)>,
        /// Whether nothing can follow the last of all: the day is over.
        is_over: bool,
    },
    /// Entries of what waits.
    Waiting(Vec<Entry>),
    /// What a search found.
    Found {
        /// Entries with their numbers.
        entries: Vec<(u64, Entry)>,
        /// Up to which number was searched.
        searched: u64,
        /// Whether that is the last one of the day so far.
        is_whole: bool,
    },
    /// The day, added up.
    Sum(Totals),
    /// The entries that a day did not have.
    Missing(Vec<Entry>),
}

#[derive(Serialize, Deserialize)]
struct Message<T> {
    v: u8,
    text: T,
}

/// Writes a question.
#[must_use]
pub fn ask(ask: &JournalAsk) -> String {
    written(ask)
}

/// Reads a question; `None` for anything else, and for a later version.
#[must_use]
pub fn read_ask(text: &str) -> Option<JournalAsk> {
    read(text)
}

/// Writes what is told.
#[must_use]
pub fn told(told: &JournalTold) -> String {
    written(told)
}

/// Reads what is told; `None` for anything else, and for a later version.
#[must_use]
pub fn read_told(text: &str) -> Option<JournalTold> {
    read(text)
}

// Texts and numbers are always written; the fallback is no message, which is refused.
pub(crate) fn written<T: Serialize>(text: T) -> String {
    serde_json::to_string(&Message { v: VERSION, text }).unwrap_or_default()
}

pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    let message: Message<T> = serde_json::from_str(text).ok()?;
    (message.v <= VERSION).then_some(message.text)
}
