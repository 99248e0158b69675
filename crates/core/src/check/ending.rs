//! How a check ends, and what is left of it.

use super::advance::VENDOR_REJECTED_US;
use super::decision::is_decided;
use super::history::{Moment, What};
use super::{Check, Context, Output, Phase, Rulings};
use crate::keys;
use crate::operations::{Class, Finding};
use crate::prices;
use crate::problem::Problem;
use crate::time::Millis;

/// When a check that got no connection is worth sending again, in seconds.
const BUSY: u32 = 5;

impl Check {
    pub(super) fn finish(&mut self, finding: Finding, context: &Context<'_>) -> Vec<Output> {
        // What a person decided, and what was not sent, no vendor answered.
        let price = || prices::of(&context.policy.prices, self.account().vendor(), self.way.as_deref());
        self.cost = if is_decided(&finding) || finding.key == keys::FAILURE_CONSENT_ENDED { 0 } else { price() };
        let answer = Box::new(self.answer(finding, context.now, None));
        self.phase = Phase::Finished { answer, expires_at: context.now.saturating_add(context.policy.keep) };
        [Output::Persist, Output::Publish].into_iter().chain(self.owe(context)).collect()
    }

    /// It is certain that nothing happened: the next account is asked where that may help, else the check ends.
    pub(super) fn refused(&mut self, problem: Problem, refused_us: Option<String>, context: &Context<'_>) -> Vec<Output> {
        let alert = refused_us.map(|vendor_key| self.alert(VENDOR_REJECTED_US, vendor_key));
        // Only the reply to the POST itself: what was unknown once never moves to another vendor.
        let is_certain = match &self.phase {
            Phase::Sending { .. } => true,
            Phase::Collecting(collect) => collect.may_move(),
            _ => false,
        };
        let may_move = is_certain && (alert.is_some() || problem.key == keys::SOURCE_UNAVAILABLE);
        let moved = may_move.then(|| self.ask_another(&problem, context)).flatten();
        let mut outputs = moved.unwrap_or_else(|| self.end(problem, None, context));
        outputs.extend(alert);
        outputs
    }

    /// Asks the next account, where there is one and the time is not over. `problem`: what this one ends with.
    pub(super) fn ask_another(&mut self, problem: &Problem, context: &Context<'_>) -> Option<Vec<Output>> {
        let next = self.account.checked_add(1).filter(|next| *next < self.accounts.len() && !self.is_late(context))?;
        self.account = next;
        if self.earlier.as_ref().is_none_or(|earlier| earlier.key == keys::SERVICE_UNAVAILABLE) {
            self.earlier = Some(problem.clone());
        }
        let mut outputs = self.call_vendor(context);
        // That this one did nothing is certain, and is saved before anything else: a crash must not make it doubtful.
        for output in outputs.iter_mut().filter(|output| **output == Output::Hold) {
            *output = Output::Persist;
        }
        Some(outputs)
    }

    pub(super) fn end(&mut self, problem: Problem, refused_us: Option<String>, context: &Context<'_>) -> Vec<Output> {
        let alert = refused_us.map(|vendor_key| self.alert(VENDOR_REJECTED_US, vendor_key));
        // Of two vendors' problems the caller is told the temporary one.
        let problem = self.earlier.take().filter(|_| problem.key == keys::SERVICE_UNAVAILABLE).unwrap_or(problem);
        let keep = if self.class == Class::Read { context.policy.tombstone } else { context.policy.keep };
        self.history.add(Moment::new(context.now, What::Ended).keyed(problem.key.as_ref()));
        self.phase = Phase::Ended { problem, forget_at: context.now.saturating_add(keep) };
        std::iter::once(Output::Persist).chain(alert).chain(self.owe(context)).collect()
    }

    /// When the tombstone goes too: never for money and writes, so that its wire references are never used again.
    pub(super) fn purge_at(&self, context: &Context<'_>) -> Option<Millis> {
        (self.class == Class::Read).then(|| context.now.saturating_add(context.policy.tombstone))
    }

    /// The word of the end goes, with the caller's key; the count of attempts stays.
    pub(super) fn release(&mut self) -> Vec<Output> {
        self.phase = Phase::Released;
        self.reference_id.clear();
        self.rulings = Rulings::default();
        self.owe_nothing();
        vec![Output::Persist]
    }

    pub(super) fn forget_personal_data(&mut self, context: &Context<'_>) -> Vec<Output> {
        let purge_at = self.purge_at(context);
        if let Phase::Finished { answer, .. } = &self.phase {
            let Finding { outcome, key, action, .. } = &answer.finding;
            self.phase =
                Phase::Tombstone { outcome: *outcome, key: key.to_string(), action: *action, checked_at: answer.checked_at, purge_at };
            self.reference_id.clear();
            self.callbacks.clear();
            self.rulings = Rulings::default();
            self.owe_nothing();
        }
        vec![Output::Persist]
    }
}

/// No connection became free in time.
pub(super) fn busy() -> Problem {
    Problem::new(keys::SOURCE_UNAVAILABLE).retry_after(BUSY).detail("Too many requests are under way. Nothing was sent.")
}
