//! `POST /v1/names/match`: the name matcher of the npm package, at the edge. Calls nobody and stores nothing.

use serde_json::{Map, Value, json};
use toran_core::names::{self, Policy};
use toran_core::problem::Problem;

use super::{Outcome, Visit};
use toran_core::reply::Reply;

/// The most pairs of one request (contract section 2.5).
const MOST: usize = 1_000;

pub(super) fn run(visit: &Visit) -> Outcome {
    let map = toran_core::json::object_with_halves(&visit.body).map_err(|malformed| Problem::malformed(malformed.0, None))?;
    match map.get("pairs") {
        Some(pairs) => {
            Problem::of_unknown(&map, &["pairs"], "")?;
            Ok(Reply::json(200, &json!({ "matches": many(pairs)? })))
        }
        None => Ok(Reply::json(200, &one(&map)?)),
    }
}

fn many(pairs: &Value) -> Result<Vec<Value>, Problem> {
    let pairs = pairs.as_array().ok_or_else(|| refused("pairs should be a list of {a, b}.", "pairs"))?;
    if pairs.len() > MOST {
        return Err(refused("pairs should hold at most 1,000 entries.", "pairs"));
    }
    pairs.iter().map(|pair| one(pair.as_object().ok_or_else(|| refused("Each pair should be an object {a, b}.", "pairs"))?)).collect()
}

fn one(pair: &Map<String, Value>) -> Result<Value, Problem> {
    Problem::of_unknown(pair, &["a", "b", "policy"], "")?;
    let name = |field: &'static str| {
        let text = pair.get(field).and_then(Value::as_str);
        text.ok_or_else(|| refused("a and b should be the two names, as strings.", field))
    };
    let policy = match pair.get("policy") {
        None => Policy::default(),
        Some(policy) => policy
            .as_str()
            .and_then(Policy::from_name)
            .ok_or_else(|| refused("policy should be one of pan_customer, pan_bank, pan_aadhaar, pan_kra, pan_ckyc.", "policy"))?,
    };
    Ok(names::match_names(name("a")?, name("b")?, policy).into_record().to_value())
}

fn refused(detail: &str, field: &str) -> Problem {
    Problem::malformed(detail.to_owned(), Some(field.to_owned()))
}
