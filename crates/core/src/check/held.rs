//! What a check does where its vendor's module takes no call: its circuit is open, the vendor asked for patience, or it is in maintenance. Nothing is sent.
//!
//! A request goes to the operation's next account, or ends at once with when to come back. What was sent before stays open: the look-up of money and of a payment link comes later, and a write waits, whatever
//! its step is. Neither is a reason for manual review by itself.

use super::write::Write;
use super::{Check, Context, Output, Phase};
use crate::operations::Class;
use crate::place::Place;
use crate::time::{MINUTE, Millis};
use crate::vendors::{Account, Reading};

/// A look-up that was held back is tried again within this time once its module takes calls: the next one in the schedule may be an hour away.
pub(super) const HELD_AGAIN: Millis = MINUTE;

impl Check {
    /// Asks the next account, or ends, where the account of the next attempt takes no call.
    pub(super) fn held_back(&mut self, context: &Context<'_>) -> Option<Vec<Output>> {
        let until = (context.held)(&self.account())?;
        let problem = Reading::held_back(until, context.now);
        Some(self.ask_another(&problem, context).unwrap_or_else(|| self.end(problem, None, context)))
    }

    /// Its module held the request back when it was about to be sent: nothing was, so its wire reference is free.
    pub(super) fn unsent(&mut self, until: Millis, context: &Context<'_>) -> Vec<Output> {
        self.attempts = self.attempts.saturating_sub(1);
        self.refused(Reading::held_back(until, context.now), None, context)
    }

    /// The permit of a claim of which nothing was sent before the call that is under way.
    #[must_use]
    pub fn unused_permit(&self, place: Place) -> Option<String> {
        let is_first = self.attempts == self.before.saturating_add(1);
        let is_counted = self.class == Class::Money && self.operation.row().velocity.is_some();
        (is_counted && is_first && matches!(self.phase, Phase::Sending { .. })).then(|| self.permit(place))
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
