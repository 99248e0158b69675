//! `GET /v1/ops/journal`: a tenant's journal, by time, operation, outcome, key and vendor, in the order in which it was written, from a cursor on.

use serde_json::{Value, json};
use toran_core::journal::{self, Cursor, Entry, JournalQuestion};
use toran_core::reply::Reply;
use toran_core::time::indian_day;

use super::{Outcome, Visit, failed_journal};
use crate::journal::search;
use crate::settings::Settings;
use crate::{platform, storage};

pub(super) async fn run(visit: Visit) -> Outcome {
    let tenant = visit.caller()?.tenant.id.as_str();
    let JournalQuestion { after, filter, limit } = JournalQuestion::read(visit.arrival.request.query(), platform::now())?;
    let (ring, place) = (Settings::of(&visit.env).ring()?, journal::cursor_place("journal", tenant));
    let at = match after {
        None => Cursor { day: indian_day(filter.from).0, sequence: 0 },
        Some(text) => journal::opened(ring, &place, &text).and_then(|text| Cursor::parse_any(&text)).ok_or_else(journal::no_cursor)?,
    };
    let (entries, next) = search(&visit.env, tenant, at, limit, &filter).await.map_err(|error| failed_journal(&error))?;
    let seal = |at: Cursor| storage::seal_bytes(ring, &place, at.to_text().as_bytes());
    let next = next.map(seal).transpose().map_err(|error| failed_journal(&error))?;
    let entries: Vec<Value> = entries.iter().map(Entry::line).collect();
    Ok(Reply::json(200, &json!({ "entries": entries, "next": next })))
}
