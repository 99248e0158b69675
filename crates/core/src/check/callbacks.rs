//! Callbacks as they arrive: what was heard before, and hints.
//!
//! A vendor may deliver one callback many times. A repetition changes nothing; another text under the id of an earlier one is refused, and an operator is alerted. What
//! nobody proved to have sent is a hint: it brings the next look-up forward, so often and no more.

use super::message::Receipt;
use super::{Check, Context, Output, Phase};
use crate::vendors::Account;
use crate::vendors::callback::Delivery;

/// How many callbacks a check remembers. A vendor sends one for each of its few ends.
const REMEMBERED: usize = 16;
/// How many look-ups of a check hints bring forward.
const HINTS: u8 = 3;
/// A callback came again with another text.
const CALLBACK_ALTERED: &str = "callback_altered";

impl Check {
    /// Whether this attempt was made, and may have gone to this account: also under an earlier claim, which may have asked any of them.
    #[must_use]
    pub fn may_have_asked(&self, account: &Account, attempt: u8) -> bool {
        (1..=self.attempts).contains(&attempt) && (self.account() == *account || self.accounts.contains(account))
    }

    /// What becomes of a callback: taken, repeated or altered.
    #[must_use]
    pub fn receives(&self, delivery: &Delivery) -> Receipt {
        match self.callbacks.iter().find(|known| known.id == delivery.id) {
            None => Receipt::Taken,
            Some(known) if known.digest == delivery.digest => Receipt::Repeated,
            Some(_) => Receipt::Altered,
        }
    }

    /// Takes a callback that was not heard before, and remembers it where it changes something: what changed nothing may come again.
    pub(super) fn delivered(&mut self, delivery: Delivery, taken: impl FnOnce(&mut Self) -> Vec<Output>) -> Vec<Output> {
        match self.receives(&delivery) {
            Receipt::Repeated => return Vec::new(),
            Receipt::Altered => return self.kept(self.alert(CALLBACK_ALTERED, String::new())),
            Receipt::Taken | Receipt::Unknown | Receipt::Hint => {}
        }
        let outputs = taken(self);
        if outputs.contains(&Output::Persist) {
            if self.callbacks.len() >= REMEMBERED {
                self.callbacks.remove(0);
            }
            self.callbacks.push(delivery);
        }
        outputs
    }

    /// An alert, kept in the timeline where there is one.
    pub(super) fn kept(&self, alert: Output) -> Vec<Output> {
        let is_kept =
            !matches!(self.phase, Phase::Queued { .. } | Phase::AwaitingPermit { .. } | Phase::Released | Phase::Tombstone { .. });
        is_kept.then_some(Output::Persist).into_iter().chain([alert]).collect()
    }

    /// Brings the next look-up forward, where one is scheduled.
    pub(super) fn hinted(&mut self, context: &Context<'_>) -> Vec<Output> {
        if self.hints >= HINTS {
            return Vec::new();
        }
        let wake_at = match &mut self.phase {
            Phase::Unsettled { wake_at, in_flight: false, .. } => wake_at,
            Phase::Collecting(collect) if collect.is_to_be_looked_up() => &mut collect.wake_at,
            Phase::Writing(write) if write.is_to_be_looked_up() => &mut write.wake_at,
            _ => return Vec::new(),
        };
        if *wake_at <= context.now {
            return Vec::new();
        }
        *wake_at = context.now;
        self.hints = self.hints.saturating_add(1);
        vec![Output::Persist]
    }
}
