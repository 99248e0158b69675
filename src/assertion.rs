//! People whom Cloudflare Access let in: verifies the signature of their token. What it says is [`toran_core::access::assertion`]'s to judge.
//!
//! An issuer's keys are fetched once an hour in each isolate, and once more where a token names another one, at most once a minute: Access rotates them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use js_sys::{Promise, Uint8Array};
use toran_core::access::assertion::{self, Assertion};
use toran_core::http::{Exchange, HttpResponse};
use toran_core::keys;
use toran_core::problem::Problem;
use toran_core::time::{HOUR, MINUTE, Millis, SECOND};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;
use worker::Env;

use crate::guard::Caller;
use crate::incoming::Incoming;
use crate::settings::Settings;
use crate::{perform, platform};

/// How long an issuer's keys are used, and how soon they are asked for again at the earliest.
const FRESH: Millis = HOUR;
const PAUSE: Millis = MINUTE;
/// How long one that did not answer is not asked again.
const DOWN: Millis = 5 * SECOND;
/// How long an issuer may take, how much of its word is read, and when to try again, in seconds.
const DEADLINE: Millis = 5 * SECOND;
const MOST: usize = 64 * 1024;
const RETRY_AFTER: u32 = 5;

thread_local! {
    /// What issuers published, by its address, and when that was asked for.
    static KEYS: RefCell<BTreeMap<String, (Millis, Vec<u8>)>> = const { RefCell::new(BTreeMap::new()) };
    /// Until when addresses that did not answer are left alone.
    static DOWN_UNTIL: RefCell<BTreeMap<String, Millis>> = const { RefCell::new(BTreeMap::new()) };
}

#[wasm_bindgen(module = "/src/assertion.js")]
extern "C" {
    fn verifies(jwk: &str, signed: &str, signature: Uint8Array) -> Promise;
}

/// The person whom Access let in with this request.
pub(crate) async fn caller(request: &Incoming, env: &Env) -> Result<Caller, Problem> {
    let unauthorized = || Problem::new(keys::UNAUTHORIZED).detail("The assertion of Cloudflare Access is not valid here.");
    let tenants = Settings::of(env).tenants()?;
    let assertion = request.header(assertion::HEADER).and_then(|token| Assertion::read(&token)).ok_or_else(unauthorized)?;
    // Judged first: nothing is fetched for whoever is nobody here.
    let caller = assertion.caller(tenants, platform::now()).ok_or_else(unauthorized)?;
    let url = assertion.keys_url(tenants).ok_or_else(unauthorized)?;
    let key = key(&url, &assertion.key).await?.ok_or_else(unauthorized)?;
    let verified = verifies(&key, &assertion.signed, Uint8Array::from(assertion.signature.as_slice()));
    let is_verified = JsFuture::from(verified).await.is_ok_and(|verified| verified.is_truthy());
    if is_verified { Ok(caller) } else { Err(unauthorized()) }
}

/// The key of this name, as a JWK.
async fn key(url: &str, name: &str) -> Result<Option<String>, Problem> {
    let known = |at_least: Millis| {
        KEYS.with_borrow(|keys| {
            let (at, published) = keys.get(url)?;
            (at.saturating_add(at_least) > platform::now()).then(|| assertion::key_of(published, name))
        })
    };
    // One that is known counts for an hour; that one is not known, for a minute.
    if let Some(Some(key)) = known(FRESH) {
        return Ok(Some(key));
    }
    if let Some(none) = known(PAUSE) {
        return Ok(none);
    }
    let unavailable = || {
        let detail = "The keys of Cloudflare Access cannot be fetched.";
        Problem::new(keys::SOURCE_UNAVAILABLE).retry_after(RETRY_AFTER).detail(detail)
    };
    if DOWN_UNTIL.with_borrow(|down| down.get(url).is_some_and(|until| *until > platform::now())) {
        return Err(unavailable());
    }
    let Exchange::Answered(HttpResponse { status: 200, body, .. }) = perform::fetch(url, DEADLINE, MOST).await else {
        platform::log(&serde_json::json!({ "level": "alert", "event": "access_keys_missing", "place": url }));
        DOWN_UNTIL.with_borrow_mut(|down| down.insert(url.to_owned(), platform::now().saturating_add(DOWN)));
        return Err(unavailable());
    };
    let published = body.expose().clone();
    let key = assertion::key_of(&published, name);
    KEYS.with_borrow_mut(|keys| keys.insert(url.to_owned(), (platform::now(), published)));
    Ok(key)
}
