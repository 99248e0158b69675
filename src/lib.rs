//! The Worker: the only code that knows Cloudflare.
//!
//! Loads, asks [`toran_core`], saves and performs; it takes no decision that a test without a runtime could not see. A request passes its
//! guard and one line of the route table; checks are kept in registers, which are Durable Objects. See `docs/ARCHITECTURE.md`.

#[cfg(feature = "failpoints")]
mod failpoints;
mod guard;
mod incoming;
mod message;
mod perform;
mod platform;
mod register;
mod reply;
mod routes;
mod settings;
mod storage;

use std::rc::Rc;

use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;
use worker::Env;
use worker::worker_sys::web_sys;

use guard::Body;
use incoming::Incoming;
use reply::Reply;
use routes::{Entry, Visited};
use toran_core::keys;
use toran_core::problem::Problem;
use toran_core::time::Millis;

/// Called by `src/entry.js` on every new instance of the wasm, before anything else.
#[wasm_bindgen]
pub fn prepare() {
    platform::log_panics();
}

/// The response to a request whose instance trapped: 500. Called on the new instance: its log line has a request id and a time of its own.
#[wasm_bindgen]
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "the boundary hands over values")]
pub fn failed(request: web_sys::Request, env: Env) -> String {
    let arrival = Arrival::new(request);
    arrival.end(readers(&arrival, &env), Visited::refused("", Problem::new(keys::INTERNAL)))
}

/// Wakes this minute's share of the registers (`[triggers]` in wrangler.toml). `minute`: minutes since the Unix epoch.
#[wasm_bindgen]
pub fn sweep(env: Env, minute: u32) -> js_sys::Promise {
    future_to_promise(async move {
        register::operate::sweep(&env, minute).await;
        Ok(JsValue::UNDEFINED)
    })
}

/// A request that is not for a static file, on its way through the gateway. `src/entry.js` leads it: [`Passage::new`], then the body that it
/// asks for, then [`Passage::end`].
#[wasm_bindgen]
pub struct Passage {
    arrival: Rc<Arrival>,
    env: Env,
    /// Where the request comes from, if a tenant lets pages from there read the answer.
    origin: Option<String>,
    /// What is left to do, or where it ended.
    entry: Result<Entry, Visited>,
}

#[wasm_bindgen]
impl Passage {
    /// Everything that needs no body and nobody else.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(request: web_sys::Request, env: Env) -> Self {
        let arrival = Rc::new(Arrival::new(request));
        #[cfg(feature = "failpoints")]
        failpoints::request(&arrival.request);
        let origin = readers(&arrival, &env);
        let is_preflight = origin.is_some() && arrival.request.method() == "OPTIONS";
        let entry = if is_preflight { Err(Visited::preflight()) } else { routes::enter(&arrival.request, &env) };
        Self { arrival, env, origin, entry }
    }

    /// How many bytes of the body are to be read: 0 for none.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn most(&self) -> u32 {
        self.body().map_or(0, Body::most)
    }

    /// Whether the body is to be read for nothing: a large one for which there is no room now. Its sender reads the response only once it was taken.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn is_discarded(&self) -> bool {
        self.entry.as_ref().err().is_some_and(Visited::is_busy)
    }

    /// Whether the length of that body is declared.
    #[wasm_bindgen(getter)]
    #[must_use]
    pub fn is_declared(&self) -> bool {
        self.body().is_some_and(|body| body.is_declared)
    }

    /// The response as `src/entry.js` takes it ([`Reply::into_text`]), or a promise of it where somebody else must be asked. `body`: what was read,
    /// `undefined` if it could not be.
    #[must_use]
    pub fn end(self, body: Option<Vec<u8>>) -> JsValue {
        let Self { arrival, env, origin, entry } = self;
        let visiting = match entry {
            Err(visited) => return arrival.end(origin, visited).into(),
            Ok(entry) => entry.visit(&arrival, &env, body),
        };
        match visiting.now() {
            Ok(visited) => arrival.end(origin, visited).into(),
            Err(visiting) => future_to_promise(async move { Ok(arrival.end(origin, visiting.end().await).into()) }).into(),
        }
    }

    fn body(&self) -> Option<Body> {
        self.entry.as_ref().ok()?.body
    }
}

/// Where a request comes from, if a tenant lets pages from there read the answer.
fn readers(arrival: &Arrival, env: &Env) -> Option<String> {
    arrival.request.header("origin").filter(|origin| guard::is_known_origin(env, origin))
}

/// The log line of a request.
#[derive(Serialize)]
struct Line<'a> {
    level: &'static str,
    event: &'static str,
    request_id: &'a str,
    method: &'a str,
    route: &'static str,
    status: u16,
    key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    check: Option<&'a str>,
    tenant: Option<&'static str>,
    ms: Millis,
}

/// A request as it arrived.
pub(crate) struct Arrival {
    pub(crate) request: Incoming,
    /// By which the request is found in the log.
    pub(crate) request_id: String,
    began: Millis,
}

impl Arrival {
    fn new(request: web_sys::Request) -> Self {
        Self { request: Incoming::new(request), request_id: platform::request_id(), began: platform::now() }
    }

    /// Logs how the request ended, and makes the response of it. `origin`: whose pages may read it.
    fn end(&self, origin: Option<String>, visited: Visited) -> String {
        #[cfg(feature = "failpoints")]
        failpoints::memory();
        let (pattern, tenant) = (visited.pattern, visited.tenant);
        let reply = cors(answer(visited, &self.request_id), origin).header("x-request-id", self.request_id.as_str());
        platform::log(&Line {
            level: "info",
            event: "request",
            request_id: &self.request_id,
            method: self.request.method(),
            route: pattern,
            status: reply.status,
            key: reply.key.as_deref(),
            check: reply.check.as_deref(),
            tenant,
            ms: platform::now().saturating_sub(self.began),
        });
        if self.request.method() == "HEAD" { reply.without_body() } else { reply }.into_text()
    }
}

fn answer(visited: Visited, request_id: &str) -> Reply {
    match (visited.outcome, visited.allow) {
        (Ok(reply), _) => reply,
        (Err(problem), None) => Reply::problem(&problem, request_id),
        (Err(problem), Some(methods)) => Reply::problem(&problem, request_id).header("allow", methods),
    }
}

/// Lets a tenant's page read the answer.
fn cors(reply: Reply, origin: Option<String>) -> Reply {
    let Some(origin) = origin else { return reply };
    reply
        .header("access-control-allow-origin", origin)
        .header("access-control-allow-methods", "GET, POST")
        .header("access-control-allow-headers", "authorization, content-type")
        .header("access-control-expose-headers", "idempotent-replayed, location, retry-after, x-request-id")
        .header("access-control-max-age", "600")
        .header("vary", "origin")
}
