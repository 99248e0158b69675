//! What every request must pass before its route sees it: size, media type, caller.
//!
//! Nothing here knows an operation. A request that fails ends here, without a vendor, a register or a write.

use std::cell::RefCell;

use toran_core::access::{self, Scope};
use toran_core::keys;
use toran_core::problem::Problem;
use toran_core::seal::digest;
use toran_core::session;
use toran_core::time::{MINUTE, Millis};
use worker::Env;

use crate::incoming::Incoming;
use crate::platform;
use crate::settings::{BadSetting, Settings};

/// Who calls.
pub(crate) type Caller = access::Caller<'static>;

/// Refuses a caller whose credentials do not include this scope.
pub(crate) fn allow(caller: &Caller, scope: Scope) -> Result<(), Problem> {
    if caller.may(scope) {
        return Ok(());
    }
    Err(Problem::new("error_forbidden").detail(format!("The credentials' scopes do not include {}.", scope.name())))
}

/// Refuses a caller who may not see checks.
pub(crate) fn allow_checks(caller: &Caller) -> Result<(), Problem> {
    let refused = || Problem::new("error_forbidden").detail("The credentials' scopes include no operation, nor review, nor ops.");
    if caller.may_see_checks() { Ok(()) } else { Err(refused()) }
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
    access::of_key(settings.tenants()?, &digest(key)).ok_or_else(|| Problem::new("error_unauthorized"))
}

fn browser(request: &Incoming, settings: &'static Settings, token: &str) -> Result<Caller, Problem> {
    let session = settings.signer()?.verify(token, platform::now());
    let session = session.ok_or_else(|| Problem::new("error_unauthorized").detail("The session is over or unknown. Open a new one."))?;
    if !comes_from(request, &session.origin) {
        return Err(Problem::new("error_forbidden").detail("This session belongs to another origin."));
    }
    access::of_session(settings.tenants()?, &session.tenant).ok_or_else(|| Problem::new("error_unauthorized"))
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
    Settings::of(env).tenants().is_ok_and(|tenants| access::knows_origin(tenants, origin))
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
