//! `GET /v1/ops/totals`: what a tenant's day came to: checks by operation, outcome and key, the rupees that moved, and what they cost.

use toran_core::journal::TotalsQuestion;
use toran_core::reply::Reply;

use super::{Outcome, Visit, failed_journal};
use crate::journal::totals;
use crate::platform;

pub(super) async fn run(visit: Visit) -> Outcome {
    let tenant = visit.caller()?.tenant.id.as_str();
    let TotalsQuestion { day } = TotalsQuestion::read(visit.arrival.request.query(), platform::now())?;
    let totals = totals(&visit.env, tenant, day).await.map_err(|error| failed_journal(&error))?;
    Ok(Reply::json(200, &totals.to_json(tenant, day)))
}
