//! `GET /v1/checks/{reference_id}`: the check as it stands. Reads; never sends anything.

use toran_core::ids::ReferenceId;
use toran_core::problem::Problem;

use super::operation_run::reply;
use super::{Outcome, Visit};
use crate::check_do::{self, Ask};
use crate::settings::Settings;
use crate::storage::Place;

pub(super) async fn run(visit: Visit) -> Outcome {
    let caller = visit.caller()?;
    let reference_id = ReferenceId::parse(&visit.parameter).map_err(|_| Problem::new("error_reference_id_not_found"))?;
    let place = Place::new(Settings::of(&visit.env).index()?, &caller.tenant.id, reference_id.as_str());
    let told = check_do::ask(&visit.env, &place, &Ask::Show).await?;
    reply(told, caller.audience)
}
