//! What every request must pass before its route sees it: size, media type, caller.
//!
//! Nothing here knows an operation. A request that fails ends here, without a vendor, a register or a write.

use std::cell::RefCell;

use toran_core::keys;
use toran_core::operations::{Audience, Operation};
use toran_core::problem::Problem;
use toran_core::seal::{digest, same};
use toran_core::session;
use toran_core::time::{MINUTE, Millis};
use worker::Env;

use crate::incoming::Incoming;
use crate::platform;
use crate::settings::{BadSetting, Settings, Tenant};

/// The scope of whoever runs the gateway.
const OPERATOR: &str = "operator";

/// Who calls.
pub(crate) struct Caller {
    /// For which tenant.
    pub(crate) tenant: &'static Tenant,
    /// A server or a browser.
    pub(crate) audience: Audience,
}

impl Caller {
    /// Refuses an operation that is not in the caller's scopes.
    pub(crate) fn allow(&self, operation: Operation) -> Result<(), Problem> {
        let name = operation.row().name;
        let allowed = self.tenant.scopes.iter().any(|scope| scope == "*" || scope == name);
        if allowed {
            Ok(())
        } else {
            Err(Problem::new("error_forbidden").detail(format!("The credentials' scopes do not include {name}.")))
        }
    }

    /// Refuses who does not run the gateway: a server key whose scopes name `operator`.
    pub(crate) fn allow_operator(&self) -> Result<(), Problem> {
        let is_operator = self.audience == Audience::Server && self.tenant.scopes.iter().any(|scope| scope == OPERATOR);
        if is_operator { Ok(()) } else { Err(Problem::new("error_forbidden").detail("The credentials' scopes do not include operator.")) }
    }
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
pub(crate) fn caller(request: &Incoming, env: &Env) -> Result<Caller, Problem> {
    let unauthorized = || Problem::new("error_unauthorized");
    let header = request.header("authorization").ok_or_else(unauthorized)?;
    let (scheme, token) = header.split_once(' ').ok_or_else(unauthorized)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(unauthorized());
    }
    let (settings, token) = (Settings::of(env), token.trim());
    if session::is_token(token) { browser(request, settings, token) } else { server(settings, token) }
}

fn server(settings: &'static Settings, key: &str) -> Result<Caller, Problem> {
    let digest = digest(key);
    let tenant = settings.tenants()?.iter().find(|tenant| tenant.keys.iter().any(|known| same(known, &digest)));
    let tenant = tenant.ok_or_else(|| Problem::new("error_unauthorized"))?;
    Ok(Caller { tenant, audience: Audience::Server })
}

fn browser(request: &Incoming, settings: &'static Settings, token: &str) -> Result<Caller, Problem> {
    let session = settings.signer()?.verify(token, platform::now());
    let session = session.ok_or_else(|| Problem::new("error_unauthorized").detail("The session is over or unknown. Open a new one."))?;
    if !comes_from(request, &session.origin) {
        return Err(Problem::new("error_forbidden").detail("This session belongs to another origin."));
    }
    let tenant = settings.tenants()?.iter().find(|tenant| tenant.id == session.tenant);
    let tenant = tenant.ok_or_else(|| Problem::new("error_unauthorized"))?;
    Ok(Caller { tenant, audience: Audience::Browser })
}

/// Whether a browser says that the request comes from this origin. A browser leaves `Origin` out of a same-origin GET and says so in
/// `Sec-Fetch-Site`, which a page cannot set.
fn comes_from(request: &Incoming, origin: &str) -> bool {
    match request.header("origin") {
        Some(said) => said == origin,
        None => request.header("sec-fetch-site").as_deref() == Some("same-origin") && request.origin() == origin,
    }
}

/// Whether any tenant lets browsers call from this origin (CORS).
pub(crate) fn is_known_origin(env: &Env, origin: &str) -> bool {
    let allows = |tenant: &Tenant| tenant.origins.iter().any(|known| known == origin);
    Settings::of(env).tenants().is_ok_and(|tenants| tenants.iter().any(allows))
}

/// From how many bytes on a body is large.
pub(crate) const LARGE: usize = 256 * 1024;
/// How many requests with a large body an isolate serves at a time. Its 128 MB of memory are for all requests together: one of 8 MB is there several times while it is read, sealed or sent (docs/ARCHITECTURE.md, "Large bodies").
const LARGE_AT_ONCE: usize = 2;
/// When a request with a large body is worth sending again that found too many others, in seconds.
const LARGE_AGAIN: u32 = 2;

/// How long a request with a large body counts at most. If the caller disconnects, the request may never end, and we are not told.
const LARGE_PATIENCE: Millis = MINUTE;

thread_local! {
    /// For each large request under way: the time until which it counts.
    static LARGE_UNDER_WAY: RefCell<Vec<Millis>> = const { RefCell::new(Vec::new()) };
}

/// The right to bring a large body, until it is dropped.
pub(crate) struct LargeBody {
    until: Millis,
}

impl LargeBody {
    fn take() -> Result<Self, Problem> {
        let now = platform::now();
        LARGE_UNDER_WAY.with_borrow_mut(|under_way| {
            under_way.retain(|until| *until > now);
            if under_way.len() >= LARGE_AT_ONCE {
                let detail = "Too many large requests are under way. Nothing was kept. Send it again.";
                return Err(Problem::new(keys::SOURCE_UNAVAILABLE).retry_after(LARGE_AGAIN).detail(detail));
            }
            let until = now.saturating_add(LARGE_PATIENCE);
            under_way.push(until);
            Ok(Self { until })
        })
    }
}

impl Drop for LargeBody {
    fn drop(&mut self) {
        LARGE_UNDER_WAY.with_borrow_mut(|under_way| {
            if let Some(own) = under_way.iter().position(|until| *until == self.until) {
                under_way.swap_remove(own);
            }
        });
    }
}

/// A body that is to be read.
#[derive(Clone, Copy)]
pub(crate) struct Body {
    /// The most bytes that the route takes.
    limit: usize,
    is_large: bool,
    /// Whether its length is declared, which the runtime then holds the caller to.
    pub(crate) is_declared: bool,
}

impl Body {
    /// Whether a body may be read: it must say that it is JSON and, where it says its length, be no larger than `limit` bytes.
    pub(crate) fn of(request: &Incoming, limit: usize) -> Result<Self, Problem> {
        let declared = request.header("content-length").and_then(|length| length.parse::<usize>().ok());
        let body = Self { limit, is_large: declared.unwrap_or(limit) > LARGE, is_declared: declared.is_some() };
        if !is_json(request.header("content-type").as_deref()) && declared != Some(0) {
            return Err(Problem::new("error_unsupported_media_type"));
        }
        if declared.is_some_and(|length| length > limit) { Err(body.too_large()) } else { Ok(body) }
    }

    /// The right to bring it, where it needs one. It is held until the request has ended.
    pub(crate) fn large(self) -> Result<Option<LargeBody>, Problem> {
        self.is_large.then(LargeBody::take).transpose()
    }

    /// The bytes that were read; `None` when the body broke off.
    pub(crate) fn checked(self, bytes: Option<Vec<u8>>) -> Result<Vec<u8>, Problem> {
        match bytes {
            None => Err(Problem::malformed("The body could not be read to its end.".into(), None)),
            Some(bytes) if bytes.len() > self.limit => Err(self.too_large()),
            Some(bytes) => Ok(bytes),
        }
    }

    /// How many bytes to read: one more than the route takes shows that there are too many.
    pub(crate) fn most(self) -> u32 {
        u32::try_from(self.limit).unwrap_or(u32::MAX).saturating_add(1)
    }

    fn too_large(self) -> Problem {
        Problem::new(keys::BODY_TOO_LARGE).detail(format!("This route takes at most {} bytes.", self.limit))
    }
}

fn is_json(content_type: Option<&str>) -> bool {
    let media_type = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/json")
}

/// Counts a request to the public tools against its address.
pub(crate) async fn limit_address(request: &Incoming, env: &Env) -> Result<(), Problem> {
    let address = request.header("cf-connecting-ip").unwrap_or_else(|| "local".into());
    let Ok(limiter) = env.rate_limiter("TOOLS_LIMIT") else { return Ok(()) };
    match limiter.limit(address).await {
        Ok(outcome) if !outcome.success => Err(Problem::new("error_rate_limited").retry_after(60)),
        _ => Ok(()),
    }
}
