//! `POST /v1/checks/{reference_id or id}/decision`: a person ends a check that waits for manual review. Who decides is known by the credential, never by the body.

use toran_core::check::Ruling;
use toran_core::check::message::Ask;

use super::check_get::named;
use super::operation_run::{asker, reply};
use super::{Outcome, Visit};
use crate::register::check;

pub(super) async fn run(visit: Visit) -> Outcome {
    let caller = &visit.person().await?;
    let ruling = Ruling::read(&visit.body, caller.person()?, caller.tenant.four_eyes)?;
    let (place, reference_id) = named(&visit, caller)?;
    let decide = Ask::Decide { tenant: caller.tenant.id.clone(), reference_id, ruling };
    reply(check::ask(&visit.env, place, asker(caller), decide).await, place)
}
