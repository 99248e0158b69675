//! What a check does where the customer's consent has ended before something new is asked of a vendor. Nothing of that is sent.
//!
//! The register asks the consent before every POST of a check whose request named one, and never before a look-up: what was sent before must be found. A read, money and a payment link that
//! nobody has seen end with the problem, and the reference is free. An upload of which nothing can have arrived ends as failed, and its record goes; one that may have arrived is looked up.

use super::write::Write;
use super::{Check, Context, Output};
use crate::keys::{self, Action, Outcome};
use crate::operations::{Finding, Note};
use crate::place::Place;
use crate::vendors::{Call, CallKind};

impl Check {
    /// The place of the consent that must stand before this call leaves; `None` where nothing is to be asked.
    #[must_use]
    pub fn consent_for(&self, call: &Call) -> Option<Place> {
        self.consent.as_deref().filter(|_| call.kind == CallKind::Post).and_then(Place::parse)
    }

    /// An upload whose POST was not sent, for the consent has ended.
    pub(super) fn write_unconsented(&mut self, write: Write, context: &Context<'_>) -> Vec<Output> {
        if write.may_have_arrived_before() {
            return self.write_looked_up(write, context);
        }
        let mut finding = Finding::bare(Outcome::Failed, Action::Retry, keys::FAILURE_CONSENT_ENDED, self.nobody());
        finding.notes.push(Note::ASK_CONSENT_AGAIN);
        self.finish(finding, context)
    }
}
