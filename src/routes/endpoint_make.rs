//! `POST /v1/endpoints`: an address that is told of a tenant's events; `PATCH`, `DELETE /v1/endpoints/{id}`: changes and ends one. A secret is shown when it is made, and never again.

use toran_core::endpoint::{self, EndpointAsk, EndpointTold, Patch, Wanted};
use toran_core::keys;
use toran_core::problem::Problem;
use toran_core::reply::Reply;

use super::{Outcome, Visit};
use crate::endpoints::ask;
use crate::guard::{self, Caller};
use crate::settings::Settings;

pub(super) async fn run(visit: Visit) -> Outcome {
    let caller = owner(&visit)?;
    let (tenant, key) = (caller.tenant.id.clone(), key(&visit)?);
    let wanted = Wanted::read(&visit.body, Settings::of(&visit.env).is_development())?;
    told(ask(&visit.env, &caller.tenant.id, &EndpointAsk::Create { tenant, key, wanted }).await?)
}

pub(super) async fn change(visit: Visit) -> Outcome {
    let (caller, key) = (owner(&visit)?, key(&visit)?);
    let patch = Patch::read(&visit.body, Settings::of(&visit.env).is_development())?;
    told(ask(&visit.env, &caller.tenant.id, &EndpointAsk::Change { id: visit.parameter().to_owned(), key, patch }).await?)
}

pub(super) async fn delete(visit: Visit) -> Outcome {
    let caller = owner(&visit)?;
    told(ask(&visit.env, &caller.tenant.id, &EndpointAsk::Delete(visit.parameter().to_owned())).await?)
}

/// Who may have endpoints: a server whose key sees every check of its tenant, for its endpoints do.
pub(super) fn owner(visit: &Visit) -> Result<&Caller, Problem> {
    let caller = visit.caller()?;
    if caller.session.is_some() {
        return Err(Problem::new(keys::FORBIDDEN).detail("Events are told to servers."));
    }
    guard::allow_checks(caller)?;
    if caller.sees().is_some() {
        return Err(
            Problem::new(keys::FORBIDDEN).detail("Endpoints are told of every operation: the credentials' scopes do not include all.")
        );
    }
    Ok(caller)
}

/// The request's idempotency key.
pub(super) fn key(visit: &Visit) -> Result<Option<String>, Problem> {
    endpoint::idempotency_key(visit.arrival.request.header("idempotency-key").map(Into::into))
}

/// The response of what the endpoints told.
pub(super) fn told(told: EndpointTold) -> Outcome {
    match told {
        EndpointTold::Reply { status, body, is_replayed } => {
            let reply = Reply::json(status, &body);
            Ok(if is_replayed { reply.header("idempotent-replayed", "true") } else { reply })
        }
        EndpointTold::Attempts { .. } | EndpointTold::Refused(_) => Err(Problem::new(keys::INTERNAL)),
    }
}
