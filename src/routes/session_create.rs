//! `POST /v1/sessions`: a token with which a form may call (contract section 2.6).
//!
//! A tenant's server asks with its key, for one of the tenant's origins. In development the gateway's own page gets one without a key; the
//! body may be empty then.

use serde_json::json;
use toran_core::access::browser::{Opening, named_origin};
use toran_core::problem::Problem;
use toran_core::reply::Reply;
use toran_core::session::{LIFETIME, Session};
use toran_core::time::rfc3339;

use super::{Outcome, Visit};
use crate::guard;
use crate::platform;
use crate::settings::Settings;

pub(super) fn run(visit: &Visit) -> Outcome {
    let settings = Settings::of(&visit.env);
    let (tenant, origin) = opened(visit, settings)?;
    let expires_at = platform::now().saturating_add(LIFETIME);
    let token = settings.signer()?.sign(&Session { tenant, origin: origin.clone(), expires_at });
    Ok(Reply::json(201, &json!({ "token": token, "origin": origin, "expires_at": rfc3339(expires_at) })))
}

/// The tenant and the page of the session.
fn opened(visit: &Visit, settings: &Settings) -> Result<(String, String), Problem> {
    let request = &visit.arrival.request;
    let (named, page) = (named_origin(&visit.body)?, request.header("origin"));
    let is_development = settings.is_development();
    let opening = Opening { named: named.as_deref(), own: request.origin(), page: page.as_deref(), is_development };
    if request.header("authorization").is_some() {
        let caller = guard::caller(request, &visit.env)?;
        let origin = opening.by_server(&caller)?;
        return Ok((caller.tenant.id.clone(), origin.to_owned()));
    }
    let origin = opening.by_own_page()?;
    let tenant = settings.tenants()?.first().ok_or_else(|| guard::misconfigured("TENANTS"))?;
    Ok((tenant.id.clone(), origin.to_owned()))
}
