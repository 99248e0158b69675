//! `GET /v1/reviews`: the checks of a tenant that wait for a person, oldest first.

use serde_json::{Value, json};
use toran_core::journal::{self, Entry, ReviewsQuestion, WaitingList};
use toran_core::keys;
use toran_core::problem::Problem;
use toran_core::reply::Reply;

use super::{Outcome, Visit};
use crate::journal::waiting;
use crate::settings::Settings;
use crate::{platform, storage};

pub(super) async fn run(visit: Visit) -> Outcome {
    let caller = &visit.person().await?;
    let ReviewsQuestion { after, before, operation, key, limit } = ReviewsQuestion::read(visit.arrival.request.query())?;
    let (tenant, ring) = (caller.tenant.id.as_str(), Settings::of(&visit.env).ring()?);
    let place = journal::cursor_place("reviews", tenant);
    let after = match after {
        None => None,
        Some(text) => Some(journal::opened(ring, &place, &text).and_then(|text| journal::since(&text)).ok_or_else(journal::no_cursor)?),
    };
    let failed = |error: &worker::Error| {
        platform::log_error("journal", error);
        Problem::new(keys::INTERNAL)
    };
    let operation = operation.map(|operation| operation.row().name.to_owned());
    let list = WaitingList { after, before, operation, key, limit };
    let entries = waiting(&visit.env, tenant, list).await.map_err(|error| failed(&error))?;
    let reviews: Vec<Value> = entries.iter().map(Entry::review).collect();
    let followed = entries.last().filter(|_| entries.len() == limit);
    let seal = |last: &Entry| storage::seal_bytes(ring, &place, last.place_in_list().as_bytes());
    let next = followed.map(seal).transpose().map_err(|error| failed(&error))?;
    Ok(Reply::json(200, &json!({ "reviews": reviews, "next": next })))
}
