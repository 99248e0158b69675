//! `POST /v1/sessions`: a token with which a form may call; `POST /v1/sessions/renew`: the one that follows it (contract section 2.6).
//!
//! A tenant's server asks with its key, for one of the tenant's origins. In development the gateway's own page gets one without a key; the
//! body may be empty then.

use serde_json::json;
use toran_core::access::browser::Opening;
use toran_core::access::of_own_page;
use toran_core::access::wanted::Wanted;
use toran_core::keys;
use toran_core::limits::Limit;
use toran_core::problem::Problem;
use toran_core::reply::Reply;
use toran_core::session::Session;
use toran_core::time::rfc3339;

use super::{Outcome, Visit};
use crate::guard::{self, Caller};
use crate::platform;
use crate::settings::Settings;

pub(super) fn open(visit: &Visit) -> Outcome {
    let settings = Settings::of(&visit.env);
    let wanted = Wanted::read(&visit.body)?;
    let (opener, origin) = opened(visit, settings, &wanted)?;
    let family = u128::from_be_bytes(platform::random().ok_or_else(|| Problem::new(keys::INTERNAL))?);
    told(settings, &wanted.session(&opener, origin, format!("{family:032x}"), settings.index()?, platform::now())?)
}

pub(super) async fn renew(visit: Visit) -> Outcome {
    let session = guard::renewed(&visit.arrival.request, &visit.env)?;
    guard::limit(&visit.env, Limit::Session, session.family.clone()).await?;
    told(Settings::of(&visit.env), &session.renewed(platform::now()).ok_or_else(guard::no_session)?)
}

/// The answer that has the token of a session.
pub(super) fn told(settings: &Settings, session: &Session) -> Outcome {
    let token = settings.signer()?.sign(session);
    Ok(Reply::json(201, &json!({ "token": token, "origin": session.origin, "expires_at": rfc3339(session.expires_at) })))
}

/// Who opens the session, and for which page.
fn opened(visit: &Visit, settings: &'static Settings, wanted: &Wanted) -> Result<(Caller, String), Problem> {
    let request = &visit.arrival.request;
    let page = request.header("origin");
    let opening = Opening {
        named: wanted.origin.as_deref(),
        own: request.origin(),
        page: page.as_deref(),
        is_development: settings.is_development(),
    };
    if request.header("authorization").is_some() {
        let caller = guard::caller(request, &visit.env)?;
        let origin = opening.by_server(&caller)?.to_owned();
        return Ok((caller, origin));
    }
    let origin = opening.by_own_page()?.to_owned();
    wanted.by_own_page()?;
    let caller = of_own_page(settings.tenants()?).ok_or_else(|| guard::misconfigured("TENANTS"))?;
    Ok((caller, origin))
}
