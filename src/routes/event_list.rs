//! `GET /v1/events`: what became of a tenant's checks, in the order in which it was written down, from a cursor on; `GET /v1/events/{id}`: one of them. Nothing in it is personal.

use serde_json::{Value, json};
use toran_core::journal::{self, Cursor, EventsQuestion, Line};
use toran_core::keys;
use toran_core::problem::Problem;
use toran_core::reply::Reply;

use super::{Outcome, Visit};
use crate::guard::{self, Caller};
use crate::journal::{find, read};
use crate::settings::Settings;
use crate::{platform, storage};

pub(super) async fn run(visit: Visit) -> Outcome {
    let caller = hearer(&visit)?;
    let EventsQuestion { after, limit } = EventsQuestion::read(visit.arrival.request.query())?;
    let (tenant, ring, now) = (caller.tenant.id.as_str(), Settings::of(&visit.env).ring()?, platform::now());
    let place = journal::cursor_place("events", tenant);
    let at = match after {
        None => Cursor::first(now),
        Some(text) => journal::opened(ring, &place, &text).and_then(|text| Cursor::parse(&text, now)).ok_or_else(journal::no_cursor)?,
    };
    let lines = read(&visit.env, tenant, at, limit, None).await.map_err(|error| failed(&error))?;
    let events: Vec<Value> = lines.found.iter().map(|(_, line)| line).filter(|line| hears(caller, line)).map(Line::event).collect();
    let next = storage::seal_bytes(ring, &place, lines.end.to_text().as_bytes()).map_err(|error| failed(&error))?;
    Ok(Reply::json(200, &json!({ "events": events, "next": next })))
}

pub(super) async fn one(visit: Visit) -> Outcome {
    let caller = hearer(&visit)?;
    let unknown = || Problem::new(keys::EVENT_NOT_FOUND);
    let id = visit.parameter();
    let (check, number) = Line::names(id).ok_or_else(unknown)?;
    let found = find(&visit.env, &caller.tenant.id, check, number).await.map_err(|error| failed(&error))?;
    let line = found.map(|(_, line)| line).filter(|line| hears(caller, line) && line.event_id() == id).ok_or_else(unknown)?;
    Ok(Reply::json(200, &line.event()))
}

/// Who is told of events.
fn hearer(visit: &Visit) -> Result<&Caller, Problem> {
    let caller = visit.caller()?;
    if caller.session.is_some() {
        return Err(Problem::new(keys::FORBIDDEN).detail("Events are told to servers."));
    }
    guard::allow_checks(caller)?;
    Ok(caller)
}

/// Whether a caller is told of this: a key of some operations hears of those alone.
fn hears(caller: &Caller, line: &Line) -> bool {
    caller.sees().is_none_or(|sees| line.operation().is_some_and(|operation| sees.contains(&operation)))
}

fn failed(error: &worker::Error) -> Problem {
    platform::log_error("journal", error);
    Problem::new(keys::INTERNAL)
}
