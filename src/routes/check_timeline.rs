//! `GET /v1/checks/{reference_id or id}/timeline`: what happened to a check, in order, with nothing personal in it. Reads, and writes nothing.

use toran_core::access::Scope;
use toran_core::check::message::Ask;

use super::check_get::named;
use super::operation_run::{asker, reply};
use super::{Outcome, Visit};
use crate::guard;
use crate::register::check;

pub(super) async fn run(visit: Visit) -> Outcome {
    let caller = &visit.person().await?;
    if !caller.may(Scope::Ops) {
        guard::allow(caller, Scope::Review)?;
    }
    let (place, _) = named(&visit, caller)?;
    let timeline = Ask::Timeline { tenant: caller.tenant.id.clone() };
    reply(check::ask(&visit.env, place, asker(caller), timeline).await, place)
}
