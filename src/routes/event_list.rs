//! `GET /v1/events`: what became of a tenant's checks, in the order in which it was written down, from a cursor on. Nothing in it is personal.

use serde_json::{Value, json};
use toran_core::journal::{self, Cursor, Entry, EventsQuestion};
use toran_core::keys;
use toran_core::problem::Problem;
use toran_core::reply::Reply;

use super::{Outcome, Visit};
use crate::journal::read;
use crate::settings::Settings;
use crate::{guard, platform, storage};

pub(super) async fn run(visit: Visit) -> Outcome {
    let caller = visit.caller()?;
    if caller.session.is_some() {
        return Err(Problem::new(keys::FORBIDDEN).detail("Events are told to servers."));
    }
    guard::allow_checks(caller)?;
    let EventsQuestion { after, limit } = EventsQuestion::read(visit.arrival.request.query())?;
    let (tenant, ring, now) = (caller.tenant.id.as_str(), Settings::of(&visit.env).ring()?, platform::now());
    let place = journal::cursor_place("events", tenant);
    let at = match after {
        None => Cursor::first(now),
        Some(text) => journal::opened(ring, &place, &text).and_then(|text| Cursor::parse(&text, now)).ok_or_else(journal::no_cursor)?,
    };
    let failed = |error: &worker::Error| {
        platform::log_error("journal", error);
        Problem::new(keys::INTERNAL)
    };
    let (entries, next) = read(&visit.env, tenant, at, limit).await.map_err(|error| failed(&error))?;
    let sees = caller.sees();
    let is_seen = |entry: &&Entry| sees.as_ref().is_none_or(|sees| sees.contains(&entry.operation));
    let events: Vec<Value> = entries.iter().filter(is_seen).map(Entry::event).collect();
    let next = storage::seal_bytes(ring, &place, next.to_text().as_bytes()).map_err(|error| failed(&error))?;
    Ok(Reply::json(200, &json!({ "events": events, "next": next })))
}
