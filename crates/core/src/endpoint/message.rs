//! What the register of a tenant's endpoints is asked, and what it tells. During a deploy old and new code speak to each other, so a message says its version.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Patch, Replay, Wanted};
use crate::keys;
use crate::problem::Problem;

/// The version of the messages that this release writes.
const VERSION: u8 = 1;

/// What the register is asked.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndpointAsk {
    /// To go on: a journal has news.
    News,
    /// To make one.
    Create {
        /// Whose.
        tenant: String,
        /// The caller's idempotency key.
        key: Option<String>,
        /// What it is to be.
        wanted: Wanted,
    },
    /// All of them.
    List,
    /// One.
    Get(String),
    /// To change one.
    Change {
        /// Its id.
        id: String,
        /// The caller's idempotency key.
        key: Option<String>,
        /// What changes.
        patch: Patch,
    },
    /// To delete one.
    Delete(String),
    /// To send one a test event, and tell what came of it.
    Ping {
        /// Its id.
        id: String,
        /// The caller's idempotency key.
        key: Option<String>,
    },
    /// To send one events again.
    Replay {
        /// Its id.
        id: String,
        /// The caller's idempotency key.
        key: Option<String>,
        /// Which events.
        replay: Replay,
    },
    /// The attempts of one, latest first.
    Deliveries {
        /// Its id.
        id: String,
        /// Those before this number.
        before: Option<u64>,
        /// How many at most.
        limit: usize,
    },
}

/// What the register tells.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndpointTold {
    /// The response.
    Reply {
        /// Its status.
        status: u16,
        /// Its body.
        body: Value,
        /// Whether it was told before under the same idempotency key.
        is_replayed: bool,
    },
    /// A page of attempts.
    Attempts {
        /// The lines.
        lines: Vec<Value>,
        /// The number of the last one, where more may follow.
        next: Option<u64>,
    },
    /// It will not.
    Refused(Refusal),
}

/// Why the register will not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The tenant has no such endpoint.
    NoEndpoint,
    /// No such event is known.
    NoEvent,
    /// The tenant has as many as it may.
    TooMany,
    /// The idempotency key belongs to another request.
    OtherMeaning,
    /// The same request is under way.
    UnderWay,
}

impl Refusal {
    /// The problem that it is to the caller.
    #[must_use]
    pub fn problem(self) -> Problem {
        match self {
            Self::NoEndpoint => Problem::new(keys::ENDPOINT_NOT_FOUND),
            Self::NoEvent => Problem::new(keys::EVENT_NOT_FOUND),
            Self::TooMany => Problem::new(keys::TOO_MANY_ENDPOINTS),
            Self::OtherMeaning => Problem::new(keys::IDEMPOTENCY_KEY_REUSED),
            Self::UnderWay => {
                Problem::new(keys::IDEMPOTENCY_KEY_REUSED).detail("The first request under this key is under way.").retry_after(1)
            }
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Message<T> {
    v: u8,
    text: T,
}

/// Writes a question.
#[must_use]
pub fn ask(ask: &EndpointAsk) -> String {
    written(ask)
}

/// Reads a question; `None` for anything else, and for a later version.
#[must_use]
pub fn read_ask(text: &str) -> Option<EndpointAsk> {
    read(text)
}

/// Writes what is told.
#[must_use]
pub fn told(told: &EndpointTold) -> String {
    written(told)
}

/// Reads what is told; `None` for anything else, and for a later version.
#[must_use]
pub fn read_told(text: &str) -> Option<EndpointTold> {
    read(text)
}

// Texts and numbers are always written; the fallback is no message, which is refused.
fn written<T: Serialize>(text: T) -> String {
    serde_json::to_string(&Message { v: VERSION, text }).unwrap_or_default()
}

fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    let message: Message<T> = serde_json::from_str(text).ok()?;
    (message.v <= VERSION).then_some(message.text)
}
