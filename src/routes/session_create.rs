//! `POST /v1/sessions`: a token with which a form may call (contract section 2.6).
//!
//! A tenant's server asks with its key, for one of the tenant's origins. In development the gateway's own page gets one without a key; the
//! body may be empty then.

use serde_json::{Value, json};
use toran_core::http::is_loopback;
use toran_core::operations::Audience;
use toran_core::problem::Problem;
use toran_core::session::{LIFETIME, Session};
use toran_core::time::rfc3339;

use super::{Outcome, Visit};
use crate::guard;
use crate::platform;
use crate::reply::Reply;
use crate::settings::Settings;

pub(super) fn run(visit: &Visit) -> Outcome {
    let settings = Settings::of(&visit.env);
    let asked = asked_origin(&visit.body)?;
    let (tenant, origin) = if visit.arrival.request.header("authorization").is_some() {
        for_server(visit, settings, asked)?
    } else {
        for_own_page(visit, settings, asked)?
    };
    let expires_at = platform::now().saturating_add(LIFETIME);
    let token = settings.signer()?.sign(&Session { tenant, origin: origin.clone(), expires_at });
    Ok(Reply::json(201, &json!({ "token": token, "origin": origin, "expires_at": rfc3339(expires_at) })))
}

fn asked_origin(body: &[u8]) -> Result<Option<String>, Problem> {
    if body.is_empty() {
        return Ok(None);
    }
    let map = toran_core::json::object(body).map_err(|malformed| Problem::malformed(malformed.0, None))?;
    Problem::of_unknown(&map, &["origin"], "")?;
    match map.get("origin") {
        None => Ok(None),
        Some(Value::String(origin)) => Ok(Some(origin.clone())),
        Some(_) => Err(Problem::malformed("origin should be a string such as https://www.example.com.".into(), Some("origin".into()))),
    }
}

fn for_server(visit: &Visit, settings: &Settings, asked: Option<String>) -> Result<(String, String), Problem> {
    let forbidden = |detail: &str| Problem::new("error_forbidden").detail(detail);
    let caller = guard::caller(&visit.arrival.request, &visit.env)?;
    if caller.audience != Audience::Server {
        return Err(forbidden("A session cannot open another one."));
    }
    let origin = asked.ok_or_else(|| Problem::malformed("The body must name the origin of the page.".into(), Some("origin".into())))?;
    let is_own = settings.is_development() && visit.arrival.request.origin() == origin;
    let is_listed = caller.tenant.origins.contains(&origin);
    if is_own || is_listed {
        Ok((caller.tenant.id.clone(), origin))
    } else {
        Err(forbidden("This origin is not one of the tenant's origins."))
    }
}

fn for_own_page(visit: &Visit, settings: &Settings, asked: Option<String>) -> Result<(String, String), Problem> {
    // Only a page of this machine: a foreign name that was made to resolve here would be an origin of its own.
    let own = Some(visit.arrival.request.origin()).filter(|own| settings.is_development() && is_loopback(own));
    let page = visit.arrival.request.header("origin");
    match (own, page) {
        (Some(own), Some(page)) if own == page && asked.is_none_or(|asked| asked == own) => {
            let tenant = settings.tenants()?.first().ok_or_else(|| guard::misconfigured("TENANTS"))?;
            Ok((tenant.id.clone(), page))
        }
        _ => Err(Problem::new("error_unauthorized").detail("Ask with a server key, from your server.")),
    }
}
