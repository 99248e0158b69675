//! `GET /v1/keys` and `GET /v1/keys/{key}`: the response-key catalogue, to which every problem's `type` points.

use toran_core::problem::Problem;
use toran_core::{keys, operations};

use super::{Outcome, Visit};
use toran_core::reply::Reply;

pub(super) fn all() -> Reply {
    Reply::json(200, &keys::catalogue_json())
}

pub(super) fn one(visit: &Visit) -> Outcome {
    let entry = keys::entry_json(visit.parameter(), &operations::is_field).ok_or_else(|| Problem::new(keys::KEY_NOT_FOUND))?;
    Ok(Reply::json(200, &entry))
}
