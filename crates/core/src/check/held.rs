//! What a check does where its vendor's module takes no call: its circuit is open, the vendor asked for patience, or it is in maintenance. Nothing is sent.
//!
//! A request goes to the operation's next account, or ends at once with when to come back. What was sent before stays open: the look-up of money comes later, and a write waits, whatever
//! its step is. Neither is a reason for manual review by itself.

use super::write::Write;
use super::{Check, Context, Output, Phase};
use crate::operations::Class;
use crate::time::{MINUTE, Millis};
use crate::vendors::{Account, Reading};

/// How soon a look-up that was held back is tried again at the latest, where its module takes calls by then: the plan may be an hour away.
const HELD_AGAIN: Millis = MINUTE;

impl Check {
    /// Asks the next account, or ends, where the account of the next attempt takes no call.
    pub(super) fn held_back(&mut self, context: &Context<'_>) -> Option<Vec<Output>> {
        let until = (context.held)(&self.account())?;
        let is_last = self.account.saturating_add(1) >= self.accounts.len();
        // The name of money's permit counts an attempt for each account that was passed.
        if self.class == Class::Money && !is_last {
            match self.next_attempt() {
                Some(attempt) => self.attempts = attempt,
                None => return Some(self.exhausted(context)),
            }
        }
        let problem = Reading::held_back(until, context.now);
        Some(self.ask_another(&problem, context).unwrap_or_else(|| self.end(problem, None, context)))
    }

    /// Whether no account that is left takes a call.
    pub(super) fn is_held_everywhere(&self, context: &Context<'_>) -> bool {
        let is_held = |account: &Account| (context.held)(account).is_some();
        let own = self.account();
        is_held(&own) && self.accounts.iter().skip(self.account).all(is_held)
    }

    /// Looks up no sooner than this, or at the horizon.
    pub(super) fn look_up_held(&mut self, until: Millis, context: &Context<'_>) -> Vec<Output> {
        let outputs = self.look_up_later(None, false, None, context);
        if let Phase::Unsettled { since, wake_at, .. } = &mut self.phase {
            let soon = (*wake_at).min(context.now.saturating_add(HELD_AGAIN));
            *wake_at = until.max(soon).min(since.saturating_add(context.policy.horizon));
        }
        outputs
    }

    /// Goes on no sooner than this, where it stood.
    pub(super) fn write_held(&mut self, mut write: Write, until: Millis) -> Vec<Output> {
        (write.wake_at, write.in_flight) = (until, false);
        self.phase = Phase::Writing(write);
        vec![Output::Persist]
    }
}
