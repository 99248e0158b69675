//! What every request must pass before its route sees it: size, media type, caller.
//!
//! Nothing here knows an operation. A request that fails ends here, without a vendor, a register or a write.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use js_sys::Reflect;
use toran_core::access::{self, Scope, assertion, browser};
use toran_core::body::{Body, LargeBodies};
use toran_core::keys;
use toran_core::limits::{self, LIMITS, Limit};
use toran_core::problem::Problem;
use toran_core::seal::digest;
use toran_core::session::{self, Session};
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
    Err(Problem::new(keys::FORBIDDEN).detail(format!("The credentials' scopes do not include {}.", scope.name())))
}

/// Refuses a caller who may not see checks.
pub(crate) fn allow_checks(caller: &Caller) -> Result<(), Problem> {
    let refused = || Problem::new(keys::FORBIDDEN).detail("The credentials' scopes include no operation, nor review, nor ops.");
    if caller.may_see_checks() { Ok(()) } else { Err(refused()) }
}

thread_local! {
    /// The settings that were missed so far.
    static MISSED: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// A setting that the gateway cannot work without: the operator's, and alerted by name once per isolate: any request may miss it, and an alert wakes somebody.
pub(crate) fn misconfigured(setting: &str) -> Problem {
    if MISSED.with_borrow_mut(|missed| missed.insert(setting.to_owned())) {
        platform::log(&serde_json::json!({ "level": "alert", "event": "setting_missing", "setting": setting }));
    }
    Problem::new(keys::SERVICE_UNAVAILABLE)
}

impl From<BadSetting> for Problem {
    fn from(bad: BadSetting) -> Self {
        misconfigured(bad.0)
    }
}

/// Whether a request comes with a word of Cloudflare Access and no other credentials.
pub(crate) fn is_let_in(request: &Incoming) -> bool {
    request.header("authorization").is_none() && request.header(assertion::HEADER).is_some()
}

/// The caller, by server key or session token.
pub(crate) fn caller(request: &Incoming, env: &Env) -> Result<Caller, Problem> {
    let unauthorized = || Problem::new(keys::UNAUTHORIZED);
    let header = request.header("authorization").ok_or_else(unauthorized)?;
    let token = browser::bearer(&header).ok_or_else(unauthorized)?;
    let settings = Settings::of(env);
    if session::is_token(token) { of_session(request, settings, token) } else { of_key(settings, token) }
}

fn of_key(settings: &'static Settings, key: &str) -> Result<Caller, Problem> {
    access::of_key(settings.tenants()?, &digest(key)).ok_or_else(|| Problem::new(keys::UNAUTHORIZED))
}

fn of_session(request: &Incoming, settings: &'static Settings, token: &str) -> Result<Caller, Problem> {
    let session = settings.signer()?.verify(token, platform::now()).ok_or_else(no_session)?;
    at_its_page(request, settings, session)
}

/// The session that a request renews; it may be over.
pub(crate) fn renewed(request: &Incoming, env: &Env) -> Result<Session, Problem> {
    let header = request.header("authorization").ok_or_else(|| Problem::new(keys::UNAUTHORIZED))?;
    let token = browser::bearer(&header).filter(|token| session::is_token(token));
    let Some(token) = token else {
        caller(request, env)?;
        return Err(Problem::new(keys::FORBIDDEN).detail("Only a browser's session is renewed."));
    };
    let settings = Settings::of(env);
    let session = settings.signer()?.verify_renewable(token, platform::now()).ok_or_else(no_session)?;
    at_its_page(request, settings, session)?.session.map(|session| *session).ok_or_else(no_session)
}

/// What is told of a session that is over, or was never opened.
pub(crate) fn no_session() -> Problem {
    Problem::new(keys::UNAUTHORIZED).detail("The session is over or unknown.")
}

fn at_its_page(request: &Incoming, settings: &'static Settings, session: Session) -> Result<Caller, Problem> {
    let page = request.header("origin");
    let site = if page.is_none() { request.header("sec-fetch-site") } else { None };
    if !browser::comes_from(&session.origin, page.as_deref(), site.as_deref(), request.origin()) {
        return Err(Problem::new(keys::FORBIDDEN).detail("This session belongs to another origin."));
    }
    access::of_session(settings.tenants()?, session).ok_or_else(|| Problem::new(keys::UNAUTHORIZED))
}

/// Whether any tenant lets browsers call from this origin (CORS).
pub(crate) fn is_known_origin(env: &Env, origin: &str) -> bool {
    let settings = Settings::of(env);
    settings.refused().is_none() && settings.tenants().is_ok_and(|tenants| access::knows_origin(tenants, origin))
}

thread_local! {
    static LARGE_BODIES: RefCell<LargeBodies> = const { RefCell::new(LargeBodies::new()) };
}

/// The right to bring a large body, until it is dropped.
pub(crate) struct LargeBody {
    until: Millis,
}

impl LargeBody {
    /// The right to bring this body, where it needs one. It is held until the request has ended.
    pub(crate) fn take(body: Body) -> Result<Option<Self>, Problem> {
        let take = || LARGE_BODIES.with_borrow_mut(|bodies| bodies.take(platform::now()));
        body.is_large().then(take).transpose().map(|until| until.map(|until| Self { until }))
    }
}

impl Drop for LargeBody {
    fn drop(&mut self) {
        LARGE_BODIES.with_borrow_mut(|bodies| bodies.free(self.until));
    }
}

/// What a request's address is counted by.
pub(crate) fn network(request: &Incoming) -> String {
    limits::network(request.header("cf-connecting-ip").as_deref())
}

/// Counts a request against a limit. A limiter that is missing or fails is alerted and lets everybody through. Answers whether it counted: what moves money must be.
pub(crate) async fn limit(env: &Env, limit: Limit, key: String) -> Result<bool, Problem> {
    let Some(row) = limit.row() else { return Ok(false) };
    if !is_bound(env, row.binding) {
        misconfigured(row.binding);
        return Ok(false);
    }
    let outcome = match env.rate_limiter(row.binding) {
        Ok(limiter) => limiter.limit(key).await,
        Err(other) => Err(other),
    };
    match outcome {
        Ok(outcome) if outcome.success => Ok(true),
        Ok(_) => Err(limit.met()),
        Err(_) => {
            failed(row.binding);
            Ok(false)
        }
    }
}

/// Counts a browser's operations against its limits; `is_money`: whether one of them moves money, which nothing may do uncounted.
pub(crate) async fn limit_browser(env: &Env, session: &Session, network: &str, tenant: &str, is_money: bool) -> Result<(), Problem> {
    for (limited, key) in [(Limit::Session, session.family.as_str()), (Limit::Address, network), (Limit::Tenant, tenant)] {
        let is_counted = limit(env, limited, key.to_owned()).await?;
        if is_money && !is_counted {
            return Err(Problem::new(keys::SERVICE_UNAVAILABLE));
        }
    }
    Ok(())
}

/// Counts a one-time password that is to be sent. A message costs money, so none is sent uncounted.
pub(crate) async fn limit_otp(env: &Env, session: &Session, network: String) -> Result<(), Problem> {
    for (limited, key) in [(Limit::Session, session.family.clone()), (Limit::Otp, network)] {
        if !limit(env, limited, key).await? {
            return Err(Problem::new(keys::SERVICE_UNAVAILABLE));
        }
    }
    Ok(())
}

thread_local! {
    /// The limiters that failed, and when that was last said.
    static FAILED: RefCell<BTreeMap<&'static str, Millis>> = const { RefCell::new(BTreeMap::new()) };
}

/// A limiter that is bound and cannot count: the platform's trouble, alerted once a minute and isolate.
fn failed(binding: &'static str) {
    let now = platform::now();
    let is_new = |last: Option<Millis>| last.is_none_or(|last| now.saturating_sub(last) >= MINUTE);
    if is_new(FAILED.with_borrow(|failed| failed.get(binding).copied())) {
        FAILED.with_borrow_mut(|failed| failed.insert(binding, now));
        platform::log(&serde_json::json!({ "level": "alert", "event": "limiter_failed", "limiter": binding }));
    }
}

fn is_bound(env: &Env, binding: &str) -> bool {
    Reflect::get(env, &binding.into()).is_ok_and(|binding| binding.is_object())
}

thread_local! {
    /// The limiter that is not bound, once it was looked for: bindings never change under an isolate.
    static UNLIMITED: OnceCell<Option<&'static str>> = const { OnceCell::new() };
}

/// Refuses what moves money while a limiter is not bound: nothing would keep a thief from moving more.
pub(crate) fn demand_limiters(env: &Env) -> Result<(), Problem> {
    let find = || LIMITS.iter().map(|row| row.binding).find(|name| !is_bound(env, name));
    let missing = UNLIMITED.with(|missing| *missing.get_or_init(find));
    missing.map_or(Ok(()), |name| Err(misconfigured(name)))
}
