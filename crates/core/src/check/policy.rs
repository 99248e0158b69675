//! How long, how often, how late, and for how much: the times of contract section 2.3 and document 003 section 6.7, as one operation uses them.
//!
//! The real values are here; the shell may override each by a setting in milliseconds, which is how the black-box tests live a day in a second.

use crate::operations::{Class, Operation};
use crate::prices::{ESTIMATES, Price};
use crate::time::{DAY, HOUR, MINUTE, Millis, SECOND};

/// The jitter that would add a whole pause: a fifth of it is the most that 16 random bits can add.
const FULL_JITTER: Millis = 5 * 0x1_0000;

/// When a payment is looked up while the customer may be paying, in seconds after they were asked to: every few seconds at first.
const PAYMENT_LOOKUPS: &[Millis] =
    &[3, 6, 9, 12, 15, 18, 21, 25, 30, 35, 40, 45, 50, 60, 70, 80, 90, 105, 120, 150, 180, 210, 240, 270, 300, 360, 420, 480, 540, 600];
/// The first pause after a payment link expired.
const AFTER_EXPIRY: Millis = 5 * SECOND;

/// The times of one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// One call to the vendor.
    pub attempt: Millis,
    /// How long a caller waits before a 202.
    pub wait: Millis,
    /// Reads: how long after the claim no new try begins.
    pub deadline: Millis,
    /// Reads: the pauses before the second, third and fourth try.
    pub retries: Vec<Millis>,
    /// Money: when the status is looked up, counted from when it became unknown. Money in: counted from when the customer was asked to pay.
    pub lookups: Vec<Millis>,
    /// And then again and again, this far apart.
    pub lookup_every: Millis,
    /// Until this long after it became unknown, or a payment link expired; then a person must look.
    pub horizon: Millis,
    /// How long a finished answer is kept.
    pub keep: Millis,
    /// How long a read's tombstone stays; money's stays for ever.
    pub tombstone: Millis,
    /// What its vendors charge.
    pub prices: Vec<Price>,
}

impl Policy {
    /// The contract's values for an operation.
    #[must_use]
    pub fn of(operation: Operation) -> Self {
        let is_payment = operation.row().class == Class::Collect;
        Self {
            attempt: operation.row().attempt,
            wait: operation.row().wait,
            deadline: MINUTE,
            retries: vec![SECOND, 2 * SECOND, 4 * SECOND],
            lookups: if is_payment {
                PAYMENT_LOOKUPS.iter().map(|seconds| seconds.saturating_mul(SECOND)).collect()
            } else {
                vec![2 * SECOND, 5 * SECOND, 15 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE]
            },
            lookup_every: if is_payment { 15 * MINUTE } else { HOUR },
            horizon: DAY,
            keep: DAY,
            tombstone: 30 * DAY,
            prices: ESTIMATES.iter().filter(|price| price.operation == operation).cloned().collect(),
        }
    }

    /// When the next status lookup is due, counted from `since`; the last at the horizon, `None` from there on. Those that were missed (the
    /// machine was down, a lookup timed out) are not made up for. The jitter only adds, 0 to 20 % of the time until then: what became unknown
    /// together is not asked about together.
    #[must_use]
    pub(super) fn next_lookup(&self, since: Millis, now: Millis, jitter: u16) -> Option<Millis> {
        let horizon = since.saturating_add(self.horizon);
        let later = with_jitter(self.planned_lookup(since, now).saturating_sub(now), jitter);
        (now < horizon).then(|| now.saturating_add(later).min(horizon))
    }

    fn planned_lookup(&self, since: Millis, now: Millis) -> Millis {
        let planned = self.lookups.iter().map(|offset| since.saturating_add(*offset)).find(|at| *at > now);
        planned.unwrap_or_else(|| now.saturating_add(self.lookup_every))
    }

    /// When the look-up of a payment is due that the customer was asked for at `since`: as planned while it can be paid, and once when it expires. The vendor may know
    /// later whether it was paid in time, so after that the pauses double up to an hour, until the horizon; `None` from there on.
    #[must_use]
    pub(super) fn next_payment_lookup(&self, since: Millis, expires_at: Millis, now: Millis, jitter: u16) -> Option<Millis> {
        let horizon = expires_at.saturating_add(self.horizon);
        let pause = if now < expires_at {
            self.planned_lookup(since, now).min(expires_at).saturating_sub(now)
        } else {
            now.saturating_sub(expires_at).clamp(AFTER_EXPIRY, HOUR)
        };
        (now < horizon).then(|| now.saturating_add(with_jitter(pause, jitter)).min(horizon))
    }

    /// The pause before the next try of a read, `None` when there is none left. The jitter only adds, 0 to 20 %.
    #[must_use]
    pub(super) fn pause(&self, tries: u8, jitter: u16) -> Option<Millis> {
        let pause = *self.retries.get(usize::from(tries).checked_sub(1)?)?;
        Some(with_jitter(pause, jitter))
    }
}

/// A pause with the jitter of these random bits: 0 to 20 % more.
fn with_jitter(pause: Millis, jitter: u16) -> Millis {
    let extra = pause.saturating_mul(Millis::from(jitter)).div_euclid(FULL_JITTER);
    pause.saturating_add(extra)
}
