//! `GET /v1/checks/{reference_id or id}`: the check as it stands, to a session as often as its limiter lets it. Reads; never sends anything, and writes nothing.

use toran_core::check::message::Ask;
use toran_core::ids::ReferenceId;
use toran_core::keys;
use toran_core::limits::Limit;
use toran_core::place::{CheckAddress, Place};
use toran_core::problem::Problem;

use super::operation_run::{asker, reply};
use super::{Outcome, Visit};
use crate::guard::{self, Caller};
use crate::register::check;
use crate::settings::Settings;

pub(super) async fn run(visit: Visit) -> Outcome {
    let caller = &visit.person().await?;
    guard::allow_checks(caller)?;
    if let Some(session) = &caller.session {
        guard::limit(&visit.env, Limit::Session, session.family.clone()).await?;
    }
    let (place, reference_id) = named(&visit, caller)?;
    let show = Ask::Show { tenant: caller.tenant.id.clone(), reference_id, wait: 0 };
    reply(check::ask(&visit.env, place, asker(caller), show).await, place)
}

/// The place of the check that a path names, and its reference where it names that.
pub(super) fn named(visit: &Visit, caller: &Caller) -> Result<(Place, Option<String>), Problem> {
    if let Some(place) = Place::of_id(visit.parameter()) {
        return Ok((place, None));
    }
    let reference_id = ReferenceId::parse(visit.parameter()).map_err(|_| Problem::new(keys::REFERENCE_ID_NOT_FOUND))?;
    let address = CheckAddress::new(Settings::of(&visit.env).index()?, &caller.tenant.id, reference_id.as_str());
    Ok((address.place, Some(reference_id.as_str().to_owned())))
}
