//! Manual review of a check: a person's decision about it, and what happened to it, for who operates or reviews it.

use std::rc::Rc;

use toran_core::check::message::{Asker, Told};
use toran_core::check::{Check, Event, Hearing, Ruling};
use toran_core::keys;
use toran_core::operations::Audience;
use toran_core::place::Place;
use toran_core::problem::Problem;
use worker::Result;

use super::row::Row;
use super::{Kept, Register};
use crate::platform;

/// So many checks of a register are looked at in one question.
const LISTED: usize = 100;

/// What a decision, or a question about one, tells, and the body beside it.
type Reply = (Told, String);

impl Register<Check> {
    /// Takes a person's decision. Answers the check as it stands then.
    pub(super) fn decide(register: &Rc<Self>, place: Place, tenant: &str, reference_id: Option<&str>, ruling: Ruling) -> Result<Reply> {
        let Some(row) = register.row_of(place, tenant)? else { return Ok(unknown(place)) };
        match row.machine.hears(&ruling) {
            Hearing::Refused(problem) => Ok((Told::Problem(problem.about(place.id())), String::new())),
            Hearing::Repeated => Ok(decided(&row, true, reference_id)),
            Hearing::Taken => {
                let Some(step) = Self::follow(register, place, Event::Decided(ruling))? else { return Ok(unknown(place)) };
                let reply = decided(&step.row, false, reference_id);
                Check::go_on(register, vec![step]);
                Ok(reply)
            }
        }
    }

    /// Ends a refused upload, for another one takes its place. A browser's session replaces what its family opened.
    pub(super) fn replace(register: &Rc<Self>, place: Place, tenant: &str, asker: &Asker, by: String) -> Result<Reply> {
        let row = register.row_of(place, tenant)?.filter(|row| row.machine.is_open_to(asker.session.as_deref()));
        let Some(row) = row else { return Ok(unknown(place)) };
        match row.machine.hears_replacement(&by) {
            Hearing::Refused(problem) => Ok((Told::Problem(problem.about(place.id())), String::new())),
            Hearing::Repeated => Ok(decided(&row, true, None)),
            Hearing::Taken => {
                let Some(step) = Self::follow(register, place, Event::Replaced(by))? else { return Ok(unknown(place)) };
                let reply = decided(&step.row, false, None);
                Check::go_on(register, vec![step]);
                Ok(reply)
            }
        }
    }

    /// What happened to a check.
    pub(super) fn timeline(&self, place: Place, tenant: &str) -> Result<Reply> {
        let Some(row) = self.row_of(place, tenant)? else { return Ok(unknown(place)) };
        let body = row.machine.timeline(&row.identity, &self.store.calls(place)?);
        Ok((Told::Answer { status: 200, replayed: false, retry_after: None }, body))
    }

    /// How a check stands, for an operator. `reference`: the one that one of its requests must have gone by.
    pub(super) fn summary(&self, place: Place, tenant: &str, reference: Option<&str>) -> Result<Reply> {
        let is_it = |row: &Rc<Row<Check>>| reference.is_none_or(|reference| row.machine.went_by(&row.identity, reference));
        let Some(row) = self.row_of(place, tenant)?.filter(is_it) else { return Ok(unknown(place)) };
        Ok((Told::Answer { status: 200, replayed: false, retry_after: None }, row.machine.summary(&row.identity)))
    }

    /// The journal's entries about the checks of a tenant after a place, as they stand: a JSON object with them, and the place to go on after.
    pub(super) fn entries(&self, tenant: &str, after: &str) -> Result<Reply> {
        let places = self.store.places(after, LISTED)?;
        let mut entries = Vec::new();
        for place in &places {
            // One that cannot be opened is told of by its own alarm.
            let row = Place::parse(place).and_then(|place| self.row_of(place, tenant).ok().flatten());
            entries.extend(row.and_then(|row| row.machine.entry(&row.identity)));
        }
        let next = places.last().filter(|_| places.len() == LISTED);
        let body = serde_json::json!({ "entries": entries, "next": next }).to_string();
        Ok((Told::Answer { status: 200, replayed: false, retry_after: None }, body))
    }

    /// The check at a place, for its tenant: what is held is not claimed yet.
    pub(super) fn row_of(&self, place: Place, tenant: &str) -> Result<Option<Rc<Row<Check>>>> {
        let row = self.row(place)?;
        let row = if row.as_ref().is_some_and(|row| row.is_held) { self.stored(place)? } else { row };
        Ok(row.filter(|row| row.machine.tenant == tenant))
    }
}

pub(super) fn unknown(place: Place) -> Reply {
    (Told::Problem(Problem::new(keys::REFERENCE_ID_NOT_FOUND).about(place.id())), String::new())
}

fn decided(row: &Row<Check>, replayed: bool, reference_id: Option<&str>) -> Reply {
    let now = platform::now();
    // Only servers decide.
    Told::of_view(&row.machine.decided_view(now, reference_id), replayed, Audience::Server, &row.identity.place.id(), now)
}
