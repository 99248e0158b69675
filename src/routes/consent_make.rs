//! `POST /v1/consents`: records what a customer agreed to; `POST /v1/consents/{id}/withdraw`: ends it, and with it every further question to a vendor (contract section 2.14).

use toran_core::consent::{self, ConsentAsk, ConsentRecord, ConsentVerdict};
use toran_core::keys;
use toran_core::limits::{self, Limit};
use toran_core::place::Place;
use toran_core::problem::Problem;
use toran_core::reply::Reply;

use super::endpoint_make::key;
use super::operation_run::take_calls;
use super::{Outcome, Visit};
use crate::guard::{self, Caller};
use crate::settings::Settings;
use crate::{platform, register};

pub(super) async fn run(visit: Visit) -> Outcome {
    let (caller, key) = (operating(&visit)?, key(&visit)?);
    let record = ConsentRecord::read(&visit.body, platform::now())?;
    let (tenant, index) = (caller.tenant.id.as_str(), Settings::of(&visit.env).index()?);
    if let Some(session) = &caller.session {
        let network = limits::network(visit.arrival.request.header("cf-connecting-ip").as_deref());
        guard::limit_browser(&visit.env, session, &network, tenant, false).await?;
        take_calls(&visit.env, index, session, 1).await?;
    }
    let session = family(caller);
    let drawn = u128::from_be_bytes(platform::random().ok_or_else(|| Problem::new(keys::INTERNAL))?);
    let id = consent::new_id(index, tenant, session.as_deref(), key.as_deref(), drawn);
    let place = Place::of_consent(index, tenant, &id);
    match register::consent::ask(&visit.env, place, session, ConsentAsk::Record(Box::new(record))).await? {
        ConsentVerdict::Shown { consent, is_repeated } => Ok(repeated(Reply::json(201, &consent.receipt(&id)), is_repeated)),
        ConsentVerdict::Another => Err(Problem::new(keys::IDEMPOTENCY_KEY_REUSED)),
        ConsentVerdict::Stands(_) | ConsentVerdict::Unknown => Err(Problem::new(keys::INTERNAL)),
    }
}

pub(super) async fn withdraw(visit: Visit) -> Outcome {
    let caller = operating(&visit)?;
    match told(&visit, caller, ConsentAsk::Withdraw).await? {
        ConsentVerdict::Shown { consent, is_repeated } => Ok(repeated(Reply::json(200, &consent.receipt(visit.parameter())), is_repeated)),
        ConsentVerdict::Stands(_) | ConsentVerdict::Another | ConsentVerdict::Unknown => Err(consent::unknown()),
    }
}

/// What the consent that a path names tells; a session asks as often as its limiter lets it.
pub(super) async fn told(visit: &Visit, caller: &Caller, ask: ConsentAsk) -> Result<ConsentVerdict, Problem> {
    if let Some(session) = &caller.session {
        guard::limit(&visit.env, Limit::Session, session.family.clone()).await?;
    }
    if !consent::is_id(visit.parameter()) {
        return Err(consent::unknown());
    }
    let place = Place::of_consent(Settings::of(&visit.env).index()?, &caller.tenant.id, visit.parameter());
    register::consent::ask(&visit.env, place, family(caller), ask).await
}

/// Who records and withdraws consents: whoever may ask vendors under them.
fn operating(visit: &Visit) -> Result<&Caller, Problem> {
    let caller = visit.caller()?;
    let refused = || Problem::new(keys::FORBIDDEN).detail("The credentials' scopes include no operation.");
    if caller.may_operate() { Ok(caller) } else { Err(refused()) }
}

fn family(caller: &Caller) -> Option<String> {
    caller.session.as_ref().map(|session| session.family.clone())
}

fn repeated(reply: Reply, is_repeated: bool) -> Reply {
    if is_repeated { reply.header("idempotent-replayed", "true") } else { reply }
}
