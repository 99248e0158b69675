//! How far somebody has read.

use serde::{Deserialize, Serialize};

use crate::seal::Ring;
use crate::time::{Millis, indian_day};

/// What is told to whoever has no cursor yet: the days before today.
const FIRST_DAYS: i64 = 30;

/// A place in the journals of a tenant: everything up to it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cursor {
    /// The day in India, counted from 1 January 1970.
    pub day: i64,
    /// The number of the last entry of that day; 0 for none.
    pub sequence: u64,
}

impl Cursor {
    /// Where somebody begins who has read nothing.
    #[must_use]
    pub const fn first(now: Millis) -> Self {
        Self { day: indian_day(now).0.saturating_sub(FIRST_DAYS), sequence: 0 }
    }

    /// It as text, before it is sealed.
    #[must_use]
    pub fn to_text(self) -> String {
        format!("{}.{}", self.day, self.sequence)
    }

    /// The cursor of this text, not before the first that is told.
    #[must_use]
    pub fn parse(text: &str, now: Millis) -> Option<Self> {
        Some(Self::parse_any(text)?.max(Self::first(now)))
    }

    /// The cursor of this text, however long ago.
    #[must_use]
    pub fn parse_any(text: &str) -> Option<Self> {
        let (day, sequence) = text.split_once('.')?;
        Some(Self { day: day.parse().ok()?, sequence: sequence.parse().ok()? })
    }

    /// The beginning of the next day.
    #[must_use]
    pub const fn next_day(self) -> Self {
        Self { day: self.day.saturating_add(1), sequence: 0 }
    }
}

/// What a cursor of a list is sealed for: one of another list or of another tenant is none.
#[must_use]
pub fn cursor_place(list: &str, tenant: &str) -> String {
    format!("cursor/{list}/{tenant}")
}

/// The text of a cursor that was sealed for this place; `None` for any other.
#[must_use]
pub fn opened(ring: &Ring, place: &str, cursor: &str) -> Option<String> {
    String::from_utf8(ring.open(place, cursor)?.expose().clone()).ok()
}

/// The text of a place in the list of what waits: since when the last one waits, and its place. `None` for any other text.
#[must_use]
pub fn since(text: &str) -> Option<(Millis, String)> {
    let (since, check) = text.split_once('.')?;
    Some((since.parse().ok()?, check.to_owned()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::time::DAY;

    const NOW: Millis = 1_795_292_332_000;

    #[test]
    fn a_cursor_is_read_back_and_never_lies_before_what_is_told() {
        let today = Cursor { day: indian_day(NOW).0, sequence: 17 };
        assert_eq!(Cursor::parse(&today.to_text(), NOW), Some(today));
        assert_eq!(Cursor::parse("3.9", NOW), Some(Cursor::first(NOW)));
        assert_eq!(Cursor::parse(&today.to_text(), NOW + 31 * DAY).unwrap().sequence, 0);
        for text in ["", "1", "1.", ".1", "a.b", "1.-1"] {
            assert_eq!(Cursor::parse(text, NOW), None, "{text}");
        }
        assert!(today < today.next_day());
    }
}
