//! `POST /v1/endpoints/{id}/ping`: sends an endpoint a test event and tells what it answered; `POST /v1/endpoints/{id}/replay`: sends it one event again, or all since a time.

use toran_core::endpoint::{EndpointAsk, Replay};

use super::endpoint_make::{key, owner, told};
use super::{Outcome, Visit};
use crate::endpoints::ask;
use crate::platform;

pub(super) async fn ping(visit: Visit) -> Outcome {
    let (caller, key) = (owner(&visit)?, key(&visit)?);
    told(ask(&visit.env, &caller.tenant.id, &EndpointAsk::Ping { id: visit.parameter().to_owned(), key }).await?)
}

pub(super) async fn replay(visit: Visit) -> Outcome {
    let (caller, key) = (owner(&visit)?, key(&visit)?);
    let replay = Replay::read(&visit.body, platform::now())?;
    told(ask(&visit.env, &caller.tenant.id, &EndpointAsk::Replay { id: visit.parameter().to_owned(), key, replay }).await?)
}
