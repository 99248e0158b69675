//! The pace of a plan: calls a second, evenly spaced.
//!
//! They are spaced by somewhat more than the plan asks (91.5 % of it are used), so that calls that arrive a little early or late do not put more of them into any second than was agreed: of
//! a plan of `n` calls, `n + 1` of them take 1,092 ms, whatever `n` is, so each may be late by 92 ms. One that would be later than [`LATEST`] takes another turn instead.

use serde::{Deserialize, Serialize};

use crate::time::Millis;

/// So much of the plan is used, of a thousand.
const USED: i64 = 915;
/// A microsecond, of which a second has so many.
const SECOND: i64 = 1_000_000;
/// So many microseconds a millisecond has.
const MILLI: i64 = 1_000;

/// How late a call may leave after its turn, in milliseconds: the rest of the 92 is the network's.
pub const LATEST: Millis = 50;
/// How long a call may wait for its turn at most, in milliseconds.
pub const LONGEST_WAIT: Millis = 5_000;

/// The turns that were taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// When the next turn is, in microseconds since the Unix epoch.
    next: i64,
}

/// A turn that is free.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    at: i64,
    spacing: i64,
}

impl Pace {
    /// The next turn of a plan, no sooner than in `lead` milliseconds; when to ask again where it is later than in `within`.
    pub(super) fn turn(&self, plan: u32, now: Millis, lead: Millis, within: Millis) -> Result<Turn, Millis> {
        let spacing = SECOND.saturating_mul(1_000).div_euclid(USED.saturating_mul(i64::from(plan.max(1)))).saturating_add(1);
        let at = self.next.max(now.saturating_add(lead).saturating_mul(MILLI));
        let wait = at.div_euclid(MILLI).saturating_sub(now);
        if wait > within { Err(now.saturating_add(wait.saturating_sub(within))) } else { Ok(Turn { at, spacing }) }
    }

    /// Takes a turn. Answers its time.
    pub(super) const fn take(&mut self, turn: Turn) -> Millis {
        self.next = turn.at.saturating_add(turn.spacing);
        turn.at.saturating_add(MILLI.saturating_sub(1)).div_euclid(MILLI)
    }
}
