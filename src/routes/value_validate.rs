//! `POST /v1/validate`: the validators of the npm package, at the edge. Calls nobody and stores nothing.

use serde_json::{Map, Value, json};
use toran_core::ids;
use toran_core::problem::Problem;

use super::{Outcome, Visit};
use toran_core::reply::Reply;

/// The most items of one request (contract section 2.5).
const MOST: usize = 1_000;

pub(super) fn run(visit: &Visit) -> Outcome {
    let map = toran_core::json::object_with_halves(&visit.body).map_err(|malformed| Problem::malformed(malformed.0, None))?;
    match map.get("items") {
        Some(items) => {
            Problem::of_unknown(&map, &["items"], "")?;
            Ok(Reply::json(200, &json!({ "verdicts": many(items)? })))
        }
        None => Ok(Reply::json(200, &one(&map)?)),
    }
}

fn many(items: &Value) -> Result<Vec<Value>, Problem> {
    let items = items.as_array().ok_or_else(|| refused("items should be a list of {kind, input}.", "items"))?;
    if items.len() > MOST {
        return Err(refused("items should hold at most 1,000 entries.", "items"));
    }
    items
        .iter()
        .map(|item| one(item.as_object().ok_or_else(|| refused("Each item should be an object {kind, input}.", "items"))?))
        .collect()
}

fn one(item: &Map<String, Value>) -> Result<Value, Problem> {
    Problem::of_unknown(item, &["kind", "input"], "")?;
    let kind = item.get("kind").ok_or_else(|| refused("kind is missing: say what the input should be, such as pan.", "kind"))?;
    Ok(ids::validate_named(kind.as_str(), item.get("input").unwrap_or(&Value::Null)).into_record().to_value())
}

fn refused(detail: &str, field: &str) -> Problem {
    Problem::malformed(detail.to_owned(), Some(field.to_owned()))
}
