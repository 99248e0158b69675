//! `GET /v1/checks/{reference_id or id}`: the check as it stands, to a session as often as its limiter lets it. Reads; never sends anything, and writes nothing.

use toran_core::check::message::Ask;
use toran_core::ids::ReferenceId;
use toran_core::keys;
use toran_core::limits::Limit;
use toran_core::place::{CheckAddress, Place};
use toran_core::problem::Problem;

use super::operation_run::{asker, reply};
use super::{Outcome, Visit};
use crate::guard;
use crate::register::check;
use crate::settings::Settings;

pub(super) async fn run(visit: Visit) -> Outcome {
    let caller = visit.caller()?;
    guard::allow_checks(caller)?;
    if let Some(session) = &caller.session {
        guard::limit(&visit.env, Limit::Session, session.family.clone()).await?;
    }
    let tenant = caller.tenant.id.as_str();
    let (place, reference_id) = if let Some(place) = Place::of_id(visit.parameter()) {
        (place, None)
    } else {
        let reference_id = ReferenceId::parse(visit.parameter()).map_err(|_| Problem::new(keys::REFERENCE_ID_NOT_FOUND))?;
        let address = CheckAddress::new(Settings::of(&visit.env).index()?, tenant, reference_id.as_str());
        (address.place, Some(reference_id.as_str().to_owned()))
    };
    let show = Ask::Show { tenant: tenant.to_owned(), reference_id, wait: 0 };
    reply(check::ask(&visit.env, place, asker(caller), show).await, place)
}
