//! The note of a rupee that went to an account which only the answer names (`mobile.account`): the register of that account counts it too.
//!
//! Nobody could ask for a permit for it before. So the check owes the note from the save that ends it, and sends it until that register has confirmed it, ever later, or until
//! the payment counts no longer. The note has the permit's name, so it counts once however often it arrives.

use serde::{Deserialize, Serialize};

use super::{Check, Context, Output};
use crate::operations::payee::Payee;
use crate::time::{Millis, SECOND};
use crate::velocity::Counted;

/// How long after a note that was not confirmed it is sent again at first.
const NOTED_AGAIN: Millis = 10 * SECOND;

/// A payment that the register of its account has not confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Unnoted {
    /// When it was known that the rupee arrived.
    paid_at: Millis,
    /// When the note is sent again.
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

    /// Owes the note of what the answer says was paid, where it names an account.
    pub(super) fn owe_note(&mut self, context: &Context<'_>) -> Option<Output> {
        self.unnoted = self.paid_into().map(|_| Unnoted { paid_at: context.now, wake_at: context.now.saturating_add(NOTED_AGAIN) });
        self.note(context)
    }

    fn note(&self, context: &Context<'_>) -> Option<Output> {
        let Unnoted { paid_at, .. } = self.unnoted?;
        Some(Output::Note { permit: self.permit(context), paid_at })
    }

    /// The account's register has it.
    pub(super) fn noted(&mut self, permit: &str, context: &Context<'_>) -> Vec<Output> {
        if self.unnoted.is_none() || permit != self.permit(context) {
            return Vec::new();
        }
        self.unnoted = None;
        vec![Output::Persist]
    }

    /// Sends the note again, after ever longer pauses.
    pub(super) fn note_again(&mut self, context: &Context<'_>) -> Vec<Output> {
        if let Some(Unnoted { paid_at, wake_at }) = &mut self.unnoted {
            *wake_at = context.now.saturating_add(context.now.saturating_sub(*paid_at).max(NOTED_AGAIN));
        }
        std::iter::once(Output::Persist).chain(self.note(context)).collect()
    }
}
