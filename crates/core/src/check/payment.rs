//! What a check owes to other registers once it has ended.
//!
//! `mobile.account` pays into an account that only its answer names: the check owes that account's register a note of the rupee. A rupee that was booked and certainly
//! not sent is owed back to those who pay for it, and one that the vendor admits afterwards is owed to their books and to the account that got it. A debt begins with the save of what it follows
//! from, and is kept in another claim of the reference too. It is sent, after ever longer pauses, until the other register has confirmed it or the check forgets its personal data. It carries
//! a name, so it counts once however often it arrives.

use serde::{Deserialize, Serialize};

use super::decision::is_decided;
use super::{Check, Context, Output, Phase};
use crate::budget::Payer;
use crate::keys::Outcome;
use crate::operations::payee::Payee;
use crate::operations::{Class, Finding};
use crate::problem::Problem;
use crate::time::{Millis, SECOND};
use crate::velocity::Counted;

/// How long after what was not confirmed it is sent again at first.
const SENT_AGAIN: Millis = 10 * SECOND;

/// What another register has not confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Debt {
    /// Under which name it counts there: that of the claim's permit, or of a rupee that has none.
    pub name: String,
    /// Since when it is owed.
    pub since: Millis,
    /// What.
    pub due: Due,
}

/// What is owed, and to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// The rupee, to those who paid for it: it was certainly not sent.
    GiveBack(Vec<Payer>),
    /// An entry in the books of those who pay, however little is left: it was sent after all.
    Book(Vec<Payer>),
    /// A note of the rupee, to the register of the account that got it.
    Note(Payee),
}

/// What a check owes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Debts {
    list: Vec<Debt>,
    /// When all of it is sent again.
    wake_at: Millis,
}

impl Debts {
    pub(super) const fn is_none(&self) -> bool {
        self.list.is_empty()
    }

    /// When they are sent again; `None` where nothing is owed.
    pub(super) const fn wake_at(&self) -> Option<Millis> {
        if self.is_none() { None } else { Some(self.wake_at) }
    }

    fn add(&mut self, debt: Debt) {
        if !self.list.iter().any(|known| known.name == debt.name && known.due == debt.due) {
            self.list.push(debt);
        }
    }

    /// Sends them again at this time, where there are any.
    const fn wake(&mut self, at: Millis) {
        self.wake_at = if self.is_none() { 0 } else { at };
    }

    fn settle(&self) -> Vec<Output> {
        self.list.iter().cloned().map(Output::Settle).collect()
    }
}

impl Check {
    /// The account that its rupee went to and that only its answer names.
    fn paid_into(&self, finding: &Finding) -> Option<Payee> {
        let is_named_late = self.operation.row().velocity == Some(Counted::MobileNumber);
        is_named_late.then(|| Payee::of_answer(&finding.data)).flatten()
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
        if !matches!(self.phase, Phase::AwaitingPermit { .. }) || permit != self.permit(context.identity.place) {
            return Vec::new();
        }
        self.end(problem, None, context)
    }

    /// Owes what follows from its end, and sends it.
    pub(super) fn owe(&mut self, context: &Context<'_>) -> Vec<Output> {
        let note = match &self.phase {
            Phase::Finished { answer, .. } => self.paid_into(&answer.finding).map(Due::Note),
            _ => None,
        };
        let back = self.is_unspent().then(|| Due::GiveBack(self.payers.clone()));
        self.owe_under(&self.permit(context.identity.place), note.into_iter().chain(back), context)
    }

    /// Owes what follows from the vendor's word that an attempt of it moved a rupee after all. Whether it is counted nowhere is to be asked before the phase changes.
    pub(super) fn owe_afterwards(&mut self, attempt: u8, finding: &Finding, is_uncounted: bool, context: &Context<'_>) -> Vec<Output> {
        let book = (is_uncounted && !self.payers.is_empty()).then(|| Due::Book(self.payers.clone()));
        let note = self.paid_into(finding).map(Due::Note);
        // The permit may count for another attempt of the claim.
        let name = format!("{}{attempt:02x}after", context.identity.place);
        self.owe_under(&name, note.into_iter().chain(book), context)
    }

    /// Whether no rupee of an attempt is booked: it was given back, or the one that is booked is another attempt's or another claim's.
    pub(super) fn is_uncounted(&self, attempt: u8) -> bool {
        let is_latest = attempt == self.attempts && attempt > self.before;
        !is_latest || self.is_unspent()
    }

    fn owe_under(&mut self, name: &str, dues: impl Iterator<Item = Due>, context: &Context<'_>) -> Vec<Output> {
        for due in dues {
            self.debts.add(Debt { name: name.to_owned(), since: context.now, due });
        }
        self.debts.wake(context.now.saturating_add(SENT_AGAIN));
        self.debts.settle()
    }

    /// The other register has it.
    pub(super) fn settled(&mut self, debt: &Debt) -> Vec<Output> {
        let before = self.debts.list.len();
        self.debts.list.retain(|owed| owed != debt);
        self.debts.wake(self.debts.wake_at);
        if self.debts.list.len() < before { vec![Output::Persist] } else { Vec::new() }
    }

    /// Sends what is owed again, after ever longer pauses.
    pub(super) fn settle_again(&mut self, context: &Context<'_>) -> Vec<Output> {
        let since = self.debts.list.iter().map(|debt| debt.since).max().unwrap_or(context.now);
        self.debts.wake(context.now.saturating_add(context.now.saturating_sub(since).max(SENT_AGAIN)));
        std::iter::once(Output::Persist).chain(self.debts.settle()).collect()
    }

    /// What it owed counts no longer.
    pub(super) fn owe_nothing(&mut self) {
        self.debts = Debts::default();
        self.payers.clear();
    }
}
