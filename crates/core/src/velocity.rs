//! Velocity controls: how often one mobile number may be checked (document 001: 3 per minute, 4 per hour, 5 per day).
//!
//! Enforced before the vendor does, over sliding windows (t − window, t]. A permit is keyed by its wire reference, so taking it again after
//! a crash takes nothing. Refusals take nothing either. The hits and the clock are the caller's.

use serde::{Deserialize, Serialize};

use crate::keys;
use crate::problem::Problem;
use crate::time::{DAY, HOUR, MINUTE, Millis, SECOND, seconds_until};

/// At most `limit` hits in any `length` milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Hits.
    pub limit: u8,
    /// Its length.
    pub length: Millis,
    /// The unit's name in the message.
    pub unit: Unit,
}

/// The units of the document's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 60 s.
    Minute,
    /// 60 min.
    Hour,
    /// 24 h.
    Day,
}

/// Document 001's limits.
pub const WINDOWS: [Window; 3] = [
    Window { limit: 3, length: MINUTE, unit: Unit::Minute },
    Window { limit: 4, length: HOUR, unit: Unit::Hour },
    Window { limit: 5, length: DAY, unit: Unit::Day },
];

/// Whether one more hit is allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is.
    Granted,
    /// It is not.
    Refused(Refusal),
}

/// Which window is full, and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Its limit.
    pub limit: u8,
    /// Its unit.
    pub unit: Unit,
    /// The first moment at which a hit would be allowed.
    pub free_at: Millis,
}

/// Decides over the granted hits of one subject, given in any order. Of several full windows the one that stays full longest is named.
#[must_use]
pub fn decide(hits: &[Millis], windows: &[Window], now: Millis) -> Verdict {
    let refusals = windows.iter().filter_map(|window| {
        let free_at = window.free_at(hits, now)?;
        Some(Refusal { limit: window.limit, unit: window.unit, free_at })
    });
    refusals.max_by_key(|refusal| refusal.free_at).map_or(Verdict::Granted, Verdict::Refused)
}

/// `RateLimit` and `RateLimit-Policy` (IETF draft) of a refusal for so many seconds. Its message says which window is full, also where the
/// vendor refused; one that does not is taken for the shortest.
#[must_use]
pub fn rate_limit(message: &str, seconds: u32) -> (String, String) {
    let named = WINDOWS.iter().find(|window| message.contains(&format!("per {}.", window.unit.as_str())));
    let unit = named.map_or(Unit::Minute, |window| window.unit);
    let policies = WINDOWS.map(|window| format!(r#""{}";q={};w={}"#, window.unit.as_str(), window.limit, window.length.div_euclid(SECOND)));
    (format!(r#""{}";r=0;t={seconds}"#, unit.as_str()), policies.join(", "))
}

impl Window {
    /// When the window has room again; `None` when it has room now.
    fn free_at(self, hits: &[Millis], now: Millis) -> Option<Millis> {
        let mut counted: Vec<_> = hits.iter().copied().filter(|hit| *hit > now.saturating_sub(self.length)).collect();
        counted.sort_unstable_by(|a, b| b.cmp(a));
        // The hit that must leave the window before there is room: the limit-th youngest.
        let leaving = usize::from(self.limit).checked_sub(1).and_then(|index| counted.get(index))?;
        Some(leaving.saturating_add(self.length))
    }
}

impl Unit {
    /// The word in the message.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }
}

impl Refusal {
    /// The problem: the document's message, completed, and when to come back.
    #[must_use]
    pub fn problem(&self, now: Millis) -> Problem {
        let numbers = format!("Limit is {} hits per {}.", self.limit, self.unit.as_str());
        let title = keys::message(keys::VELOCITY).replace("Limit is hits per .", &numbers);
        Problem { title: title.into(), ..Problem::new(keys::VELOCITY).retry_after(seconds_until(self.free_at, now)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(limit: u8, unit: Unit, free_at: Millis) -> Verdict {
        Verdict::Refused(Refusal { limit, unit, free_at })
    }

    #[test]
    fn refuses_the_fourth_within_a_minute_until_the_first_has_left_the_window() {
        let hits = [0, 10 * SECOND, 20 * SECOND];
        assert_eq!(decide(&hits, &WINDOWS, 59_999), refused(3, Unit::Minute, 60_000));
        assert_eq!(decide(&hits, &WINDOWS, 60_000), Verdict::Granted);
    }

    #[test]
    fn refuses_the_fifth_within_an_hour_and_the_sixth_within_a_day() {
        let hits: Vec<_> = (0..4).map(|minute| minute * 5 * MINUTE).collect();
        assert_eq!(decide(&hits, &WINDOWS, 59 * MINUTE), refused(4, Unit::Hour, HOUR));
        assert_eq!(decide(&hits, &WINDOWS, HOUR), Verdict::Granted);
        let hits: Vec<_> = (0..5).map(|hour| hour * 2 * HOUR).collect();
        assert_eq!(decide(&hits, &WINDOWS, 23 * HOUR), refused(5, Unit::Day, DAY));
        assert_eq!(decide(&hits, &WINDOWS, DAY), Verdict::Granted);
    }

    #[test]
    fn the_window_that_stays_full_longest_is_named() {
        assert_eq!(decide(&[0, 0, 0, 0, 0], &WINDOWS, 1), refused(5, Unit::Day, DAY));
    }

    #[test]
    fn the_headers_name_the_window_that_is_full() {
        let policy = r#""minute";q=3;w=60, "hour";q=4;w=3600, "day";q=5;w=86400"#;
        for (unit, name) in [(Unit::Minute, "minute"), (Unit::Hour, "hour"), (Unit::Day, "day")] {
            let problem = Refusal { limit: 5, unit, free_at: 0 }.problem(0);
            assert_eq!(rate_limit(&problem.title, 7), (format!(r#""{name}";r=0;t=7"#), policy.to_owned()));
        }
        assert_eq!(rate_limit("Limit is hits per .", 60).0, r#""minute";r=0;t=60"#);
    }

    #[test]
    fn the_documents_message_is_completed() {
        let problem = Refusal { limit: 3, unit: Unit::Minute, free_at: 41_200 }.problem(0);
        assert_eq!(
            problem.title,
            "Transaction failed due to velocity controls for combination: mobile_number. Limit is 3 hits per minute. Please try again later."
        );
        assert_eq!(problem.retry_after, Some(42));
    }
}
