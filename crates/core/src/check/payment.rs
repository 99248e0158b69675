//! What a check owes to another register once it has ended.
//!
//! `mobile.account` pays into an account that only its answer names: the check owes that account's register a note of the rupee. A rupee that was booked and certainly
//! not sent is owed back to those who pay for it. The debt begins with the save that ends the check. It is sent, after ever longer pauses, until the other register has
//! confirmed it or it counts no longer. It carries the permit's name, so it counts once however often it arrives.

use serde::{Deserialize, Serialize};

use super::decision::is_decided;
use super::{Check, Context, Output, Phase};
use crate::budget::Payer;
use crate::keys::Outcome;
use crate::operations::Class;
use crate::operations::payee::Payee;
use crate::problem::Problem;
use crate::time::{Millis, SECOND};
use crate::velocity::Counted;

/// How long after what was not confirmed it is sent again at first.
const NOTED_AGAIN: Millis = 10 * SECOND;

/// What another register has not confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Unnoted {
    /// When the check ended.
    paid_at: Millis,
    /// When it is sent again.
    pub(super) wake_at: Millis,
}

impl Check {
    /// The account that its rupee went to and that only its answer names.
    #[must_use]
    pub fn paid_into(&self) -> Option<Payee> {
        let (answer, _) = self.finished()?;
        let is_named_late = self.operation.row().velocity == Some(Counted::MobileNumber);
        is_named_late.then(|| Payee::of_answer(&answer.finding.data)).flatten()
    }

    /// Those who pay for its rupee and have only so much.
    #[must_use]
    pub fn payers(&self) -> &[Payer] {
        &self.payers
    }

    /// Whether a rupee was booked and is certain not to have been sent.
    fn is_unspent(&self) -> bool {
        let is_certain = match &self.phase {
            Phase::Ended { .. } => true,
            // What a person decided is not certain: the rupee may have moved all the same.
            Phase::Finished { answer, .. } => answer.finding.outcome == Outcome::Failed && !is_decided(&answer.finding),
            _ => false,
        };
        is_certain && self.class == Class::Money && !self.payers.is_empty()
    }

    /// One of those who pay cannot: nothing was sent.
    pub(super) fn unpaid(&mut self, permit: &str, problem: Problem, context: &Context<'_>) -> Vec<Output> {
        if !matches!(self.phase, Phase::AwaitingPermit { .. }) || permit != self.permit(context) {
            return Vec::new();
        }
        self.end(problem, None, context)
    }

    /// Owes what follows from its end.
    pub(super) fn owe(&mut self, context: &Context<'_>) -> Option<Output> {
        let is_owing = self.is_unspent() || self.paid_into().is_some();
        self.unnoted = is_owing.then(|| Unnoted { paid_at: context.now, wake_at: context.now.saturating_add(NOTED_AGAIN) });
        self.owed(context)
    }

    fn owed(&self, context: &Context<'_>) -> Option<Output> {
        let (Unnoted { paid_at, .. }, permit) = (self.unnoted?, self.permit(context));
        Some(if self.is_unspent() { Output::GiveBack(permit) } else { Output::Note { permit, paid_at } })
    }

    /// The other register has it.
    pub(super) fn noted(&mut self, permit: &str, context: &Context<'_>) -> Vec<Output> {
        if self.unnoted.is_none() || permit != self.permit(context) {
            return Vec::new();
        }
        self.unnoted = None;
        vec![Output::Persist]
    }

    /// Sends it again, after ever longer pauses.
    pub(super) fn note_again(&mut self, context: &Context<'_>) -> Vec<Output> {
        if let Some(Unnoted { paid_at, wake_at }) = &mut self.unnoted {
            *wake_at = context.now.saturating_add(context.now.saturating_sub(*paid_at).max(NOTED_AGAIN));
        }
        std::iter::once(Output::Persist).chain(self.owed(context)).collect()
    }

    /// What it owed counts no longer.
    pub(super) fn owe_nothing(&mut self) {
        self.unnoted = None;
        self.payers.clear();
    }
}
