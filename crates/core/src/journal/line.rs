//! What stands in a journal: rows of checks, and notices of endpoints.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Entry, EntryKind};
use crate::operations::Operation;
use crate::place::Place;
use crate::time::{Millis, rfc3339};

/// The type of a notice's event.
const DISABLED: &str = "endpoint.disabled";
/// What the id of an event begins with.
const ID: &str = "evt_";

/// The types of events.
pub const EVENT_TYPES: &[&str] = &[
    EntryKind::Finished.event(),
    EntryKind::Ended.event(),
    EntryKind::Review.event(),
    EntryKind::Unsettled.event(),
    EntryKind::Resumed.event(),
    DISABLED,
];

/// An endpoint was disabled by the gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// When.
    pub at: Millis,
    /// Its id: `ep_` and 32 hex digits.
    pub endpoint: String,
    /// Why, as a word.
    pub reason: String,
}

/// A line of a journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Line {
    /// A row of a check.
    Check(Box<Entry>),
    /// A notice of an endpoint.
    Endpoint(Notice),
}

impl From<Entry> for Line {
    fn from(entry: Entry) -> Self {
        Self::Check(Box::new(entry))
    }
}

impl Line {
    /// When it happened.
    #[must_use]
    pub fn at(&self) -> Millis {
        match self {
            Self::Check(entry) => entry.at,
            Self::Endpoint(notice) => notice.at,
        }
    }

    /// The type of its event.
    #[must_use]
    pub fn event_type(&self) -> &'static str {
        match self {
            Self::Check(entry) => entry.kind.event(),
            Self::Endpoint(_) => DISABLED,
        }
    }

    /// The operation that it is about, where it is about a check.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        match self {
            Self::Check(entry) => Some(entry.operation),
            Self::Endpoint(_) => None,
        }
    }

    /// The id of its event: the same whenever it is told.
    #[must_use]
    pub fn event_id(&self) -> String {
        match self {
            Self::Check(entry) => id(&entry.check, entry.number()),
            Self::Endpoint(Notice { at, endpoint, .. }) => id(endpoint.trim_start_matches("ep_"), at.unsigned_abs()),
        }
    }

    /// The event that tells of it: the same whenever it is told.
    #[must_use]
    pub fn event(&self) -> Value {
        match self {
            Self::Check(entry) => entry.event(),
            Self::Endpoint(Notice { at, endpoint, reason }) => json!({
                "id": self.event_id(),
                "type": DISABLED,
                "timestamp": rfc3339(*at),
                "data": { "endpoint": endpoint, "reason": reason },
            }),
        }
    }

    /// The place and the number that the id of an event names; `None` for any other text.
    #[must_use]
    pub fn names(id: &str) -> Option<(Place, u64)> {
        let (place, number) = id.strip_prefix(ID)?.split_once('_')?;
        let is_plain = number.bytes().all(|byte| byte.is_ascii_digit()) && (number == "0" || !number.starts_with('0'));
        Some((Place::parse(place)?, number.parse().ok().filter(|_| is_plain)?))
    }
}

/// The id of an event about what has this place.
pub(super) fn id(place: &str, number: u64) -> String {
    format!("{ID}{place}_{number}")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_notice_is_read_back_beside_rows_of_checks() {
        let notice = Notice { at: 1_795_292_332_000, endpoint: format!("ep_{}", "ab".repeat(16)), reason: "gone".into() };
        let line = Line::Endpoint(notice);
        assert_eq!(serde_json::from_str::<Line>(&serde_json::to_string(&line).unwrap()).unwrap(), line);
        let id = line.event_id();
        assert_eq!(id, format!("evt_{}_1795292332000", "ab".repeat(16)));
        assert_eq!(Line::names(&id).map(|(place, number)| (place.to_string(), number)), Some(("ab".repeat(16), 1_795_292_332_000)));
        assert_eq!(line.event().get("data"), Some(&json!({ "endpoint": format!("ep_{}", "ab".repeat(16)), "reason": "gone" })));
        for id in [
            "",
            "evt_",
            "evt_ab_1",
            &format!("evt_{}", "ab".repeat(16)),
            &format!("evt_{}_01", "ab".repeat(16)),
            &format!("evt_{}_x", "ab".repeat(16)),
        ] {
            assert_eq!(Line::names(id), None, "{id}");
        }
    }
}
