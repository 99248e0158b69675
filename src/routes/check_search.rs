//! `POST /v1/ops/search`: the check of a reference, an id or a wire reference, with the way to its timeline. What may name a person stands in the body, never in a URL.

use toran_core::check::message::{Ask, Asker};
use toran_core::check::search::Wanted;

use super::operation_run::reply;
use super::{Outcome, Visit};
use crate::register::check;
use crate::settings::Settings;

pub(super) async fn run(visit: Visit) -> Outcome {
    let tenant = visit.caller()?.tenant.id.clone();
    let wanted = Wanted::read(&visit.body)?;
    let place = wanted.place(Settings::of(&visit.env).index()?, &tenant);
    let ask = Ask::Summary { tenant, wire_reference: wanted.into_wire_reference() };
    reply(check::ask(&visit.env, place, Asker::server(), ask).await, place)
}
