//! `GET /v1/endpoints`, `GET /v1/endpoints/{id}`: the endpoints of a tenant and how they stand, without their secrets; `GET /v1/endpoints/{id}/deliveries`: what was tried, latest first.

use serde_json::json;
use toran_core::endpoint::{EndpointAsk, EndpointTold};
use toran_core::journal::{self, EventsQuestion};
use toran_core::keys;
use toran_core::problem::Problem;
use toran_core::reply::Reply;

use super::endpoint_make::{owner, told};
use super::{Outcome, Visit};
use crate::endpoints::ask;
use crate::settings::Settings;
use crate::{platform, storage};

pub(super) async fn all(visit: Visit) -> Outcome {
    let caller = owner(&visit)?;
    told(ask(&visit.env, &caller.tenant.id, &EndpointAsk::List).await?)
}

pub(super) async fn one(visit: Visit) -> Outcome {
    let caller = owner(&visit)?;
    told(ask(&visit.env, &caller.tenant.id, &EndpointAsk::Get(visit.parameter().to_owned())).await?)
}

pub(super) async fn deliveries(visit: Visit) -> Outcome {
    let caller = owner(&visit)?;
    let EventsQuestion { after, limit } = EventsQuestion::read(visit.arrival.request.query())?;
    let (tenant, id, ring) = (caller.tenant.id.as_str(), visit.parameter().to_owned(), Settings::of(&visit.env).ring()?);
    let place = journal::cursor_place(&format!("deliveries/{id}"), tenant);
    let before = after.map(|text| journal::opened(ring, &place, &text).and_then(|text| text.parse().ok()).ok_or_else(journal::no_cursor));
    let before = before.transpose()?;
    let EndpointTold::Attempts { lines, next } = ask(&visit.env, tenant, &EndpointAsk::Deliveries { id, before, limit }).await? else {
        return Err(Problem::new(keys::INTERNAL));
    };
    let sealed = next.map(|number| storage::seal_bytes(ring, &place, number.to_string().as_bytes())).transpose();
    let next = sealed.map_err(|error| {
        platform::log_error("endpoints", &error);
        Problem::new(keys::INTERNAL)
    })?;
    Ok(Reply::json(200, &json!({ "deliveries": lines, "next": next })))
}
