//! `GET /v1/keys` and `GET /v1/keys/{key}`: the response-key catalogue, to which every problem's `type` points.

use toran_core::keys;
use toran_core::problem::Problem;

use super::Visit;
use crate::reply::Reply;

#[expect(clippy::unused_async, reason = "every handler is asynchronous")]
pub(super) async fn all(_: &mut Visit<'_>) -> Result<Reply, Problem> {
    Ok(Reply::json(200, &keys::catalogue_json()))
}

#[expect(clippy::unused_async, reason = "every handler is asynchronous")]
pub(super) async fn one(visit: &mut Visit<'_>) -> Result<Reply, Problem> {
    let entry = keys::entry_json(&visit.parameter).ok_or_else(|| Problem::new("error_key_not_found"))?;
    Ok(Reply::json(200, &entry))
}
