//! What came of a delivery, and how it is listed.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Reason, SLOW_DOWN};
use crate::time::{Millis, SECOND, rfc3339};

/// What came of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// The endpoint answered.
    Answered {
        /// The status.
        status: u16,
        /// For how many seconds it asks to be left alone.
        retry_after: Option<u32>,
    },
    /// Not within [`super::DEADLINE`].
    TimedOut,
    /// The connection could not be made, or broke.
    Unreachable,
}

impl Heard {
    /// Whether the endpoint took the event: any 2xx.
    #[must_use]
    pub const fn is_delivered(self) -> bool {
        matches!(self, Self::Answered { status: 200..=299, .. })
    }

    /// For how long it is to be left alone, where it says so.
    pub(super) fn pause(self) -> Option<Millis> {
        let Self::Answered { status, retry_after } = self else { return None };
        let asked = retry_after.map(|seconds| Millis::from(seconds).saturating_mul(SECOND));
        asked.or_else(|| matches!(status, 429 | 502 | 504).then_some(SLOW_DOWN))
    }

    /// The status, where there is one.
    #[must_use]
    pub const fn status(self) -> Option<u16> {
        match self {
            Self::Answered { status, .. } => Some(status),
            Self::TimedOut | Self::Unreachable => None,
        }
    }

    /// What is wrong, as a word; `None` where it is delivered.
    #[must_use]
    pub const fn fault(self) -> Option<&'static str> {
        match self {
            Self::Answered { status: 200..=299, .. } => None,
            Self::Answered { status: 300..=399, .. } => Some("redirected"),
            Self::Answered { status: 410, .. } => Some("gone"),
            Self::Answered { .. } => Some("refused"),
            Self::TimedOut => Some("timed_out"),
            Self::Unreachable => Some("unreachable"),
        }
    }
}

/// What a delivery's outcome means for its endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The event is delivered.
    pub is_delivered: bool,
    /// It is not tried again by itself: the endpoint takes others and not this one.
    pub is_given_up: bool,
    /// When it is tried again.
    pub next_at: Option<Millis>,
    /// Why the endpoint is disabled now.
    pub disabled: Option<Reason>,
}

/// An attempt, as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// The event's id.
    pub event: String,
    /// The event's type.
    pub kind: String,
    /// Which attempt it was, from 1.
    pub attempt: u8,
    /// When it began.
    pub at: Millis,
    /// How long it took, in milliseconds.
    pub ms: Millis,
    /// The status that the endpoint answered.
    pub status: Option<u16>,
    /// What was wrong ([`Heard::fault`]).
    pub fault: Option<String>,
    /// Whether it was the last one, although it failed.
    pub is_given_up: bool,
    /// When the next one is.
    pub next_at: Option<Millis>,
    /// Whether the event was sent anew on request.
    pub is_replay: bool,
}

impl Attempt {
    /// It as a line of the list, under its number there.
    #[must_use]
    pub fn to_json(&self, number: u64) -> Value {
        let mut line = self.told();
        if let Some(line) = line.as_object_mut() {
            line.insert("number".to_owned(), number.into());
        }
        line
    }

    /// What came of it.
    #[must_use]
    pub fn told(&self) -> Value {
        json!({
            "event": self.event,
            "type": self.kind,
            "attempt": self.attempt,
            "at": rfc3339(self.at),
            "ms": self.ms,
            "result": if self.fault.is_none() { "delivered" } else { "failed" },
            "status": self.status,
            "fault": self.fault,
            "given_up": self.is_given_up,
            "next_attempt_at": self.next_at.map(rfc3339),
            "replay": self.is_replay,
        })
    }
}
