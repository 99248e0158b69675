//! `GET /v1/checks/{reference_id}`: the check as it stands. Reads; never sends anything.

use toran_core::ids::ReferenceId;
use toran_core::problem::Problem;

use super::Visit;
use super::operation_run::reply;
use crate::check_do::{self, Ask};
use crate::reply::Reply;
use crate::settings::Settings;
use crate::storage::Place;

pub(super) async fn run(visit: &mut Visit<'_>) -> Result<Reply, Problem> {
    let caller = visit.caller()?;
    let reference_id = ReferenceId::parse(&visit.parameter).map_err(|_| Problem::new("error_reference_id_not_found"))?;
    let place = Place::new(&Settings::new(visit.env).index()?, &caller.tenant, reference_id.as_str());
    let told = check_do::ask(visit.env, &place, &Ask::Show).await?;
    reply(told, caller.audience)
}
