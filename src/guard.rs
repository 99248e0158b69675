//! What every request must pass before its route sees it: size, media type, caller.
//!
//! Nothing here knows an operation. A request that fails ends here, without a vendor, an object or a write.

use futures_util::StreamExt;
use toran_core::keys;
use toran_core::operations::{Audience, Operation};
use toran_core::problem::Problem;
use toran_core::seal::{digest, same};
use toran_core::session;
use worker::{Env, Request};

use crate::platform;
use crate::settings::{BadSetting, Settings, Tenant};

/// Who calls.
pub(crate) struct Caller {
    /// For which tenant.
    pub(crate) tenant: String,
    /// A server or a browser.
    pub(crate) audience: Audience,
    /// The operations it may call; `*` for all.
    scopes: Vec<String>,
}

impl Caller {
    /// Refuses an operation that is not in the caller's scopes.
    pub(crate) fn allow(&self, operation: Operation) -> Result<(), Problem> {
        let name = operation.row().name;
        let allowed = self.scopes.iter().any(|scope| scope == "*" || scope == name);
        if allowed {
            Ok(())
        } else {
            Err(Problem::new("error_forbidden").detail(format!("The credentials' scopes do not include {name}.")))
        }
    }
}

/// A header as text.
pub(crate) fn header(request: &Request, name: &str) -> Option<String> {
    request.headers().get(name).ok().flatten()
}

/// A setting that the gateway cannot work without: the operator's, and logged by name.
pub(crate) fn misconfigured(setting: &str) -> Problem {
    platform::log(&serde_json::json!({ "level": "alert", "event": "setting_missing", "setting": setting }));
    Problem::new(keys::SERVICE_UNAVAILABLE)
}

impl From<BadSetting> for Problem {
    fn from(bad: BadSetting) -> Self {
        misconfigured(bad.0)
    }
}

/// The caller, by server key or session token.
pub(crate) fn caller(request: &Request, env: &Env) -> Result<Caller, Problem> {
    let unauthorized = || Problem::new("error_unauthorized");
    let header = header(request, "authorization").ok_or_else(unauthorized)?;
    let (scheme, token) = header.split_once(' ').ok_or_else(unauthorized)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(unauthorized());
    }
    let (settings, token) = (Settings::new(env), token.trim());
    if session::is_token(token) { browser(request, &settings, token) } else { server(&settings, token) }
}

fn server(settings: &Settings<'_>, key: &str) -> Result<Caller, Problem> {
    let digest = digest(key);
    let tenant = settings.tenants()?.into_iter().find(|tenant| tenant.keys.iter().any(|known| same(known, &digest)));
    let tenant = tenant.ok_or_else(|| Problem::new("error_unauthorized"))?;
    Ok(Caller { tenant: tenant.id, audience: Audience::Server, scopes: tenant.scopes })
}

fn browser(request: &Request, settings: &Settings<'_>, token: &str) -> Result<Caller, Problem> {
    let session = settings.signer()?.verify(token, platform::now());
    let session = session.ok_or_else(|| Problem::new("error_unauthorized").detail("The session is over or unknown. Open a new one."))?;
    if !comes_from(request, &session.origin) {
        return Err(Problem::new("error_forbidden").detail("This session belongs to another origin."));
    }
    let tenant = settings.tenants()?.into_iter().find(|tenant| tenant.id == session.tenant);
    let tenant = tenant.ok_or_else(|| Problem::new("error_unauthorized"))?;
    Ok(Caller { tenant: tenant.id, audience: Audience::Browser, scopes: tenant.scopes })
}

/// Whether a browser says that the request comes from this origin. A browser leaves `Origin` out of a same-origin GET and says so in
/// `Sec-Fetch-Site`, which a page cannot set.
fn comes_from(request: &Request, origin: &str) -> bool {
    match header(request, "origin") {
        Some(said) => said == origin,
        None => header(request, "sec-fetch-site").as_deref() == Some("same-origin") && own_origin(request).as_deref() == Some(origin),
    }
}

/// The gateway's own origin, as this request reached it.
pub(crate) fn own_origin(request: &Request) -> Option<String> {
    request.url().ok().map(|url| url.origin().ascii_serialization())
}

/// Whether any tenant lets browsers call from this origin (CORS).
pub(crate) fn is_known_origin(env: &Env, origin: &str) -> bool {
    let allows = |tenant: &Tenant| tenant.origins.iter().any(|known| known == origin);
    Settings::new(env).tenants().is_ok_and(|tenants| tenants.iter().any(allows))
}

/// The body of a request, which must say that it is JSON and be no larger than `limit` bytes.
pub(crate) async fn body(request: &mut Request, limit: usize) -> Result<Vec<u8>, Problem> {
    let too_large = || Problem::new(keys::BODY_TOO_LARGE).detail(format!("This route takes at most {limit} bytes."));
    let declared = header(request, "content-length").and_then(|length| length.parse::<usize>().ok());
    if !is_json(header(request, "content-type").as_deref()) && declared != Some(0) {
        return Err(Problem::new("error_unsupported_media_type"));
    }
    if declared.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let unreadable = |_| Problem::malformed("The body could not be read to its end.".into(), None);
    // A request without a body has no stream.
    let Ok(mut stream) = request.stream() else { return Ok(Vec::new()) };
    let mut bytes = Vec::with_capacity(declared.unwrap_or(0));
    while let Some(chunk) = stream.next().await {
        bytes.extend(chunk.map_err(unreadable)?);
        if bytes.len() > limit {
            return Err(too_large());
        }
    }
    Ok(bytes)
}

fn is_json(content_type: Option<&str>) -> bool {
    let media_type = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/json")
}

/// Counts a request to the public tools against its address.
pub(crate) async fn limit_address(request: &Request, env: &Env) -> Result<(), Problem> {
    let address = header(request, "cf-connecting-ip").unwrap_or_else(|| "local".into());
    let Ok(limiter) = env.rate_limiter("TOOLS_LIMIT") else { return Ok(()) };
    match limiter.limit(address).await {
        Ok(outcome) if !outcome.success => Err(Problem::new("error_rate_limited").retry_after(60)),
        _ => Ok(()),
    }
}
