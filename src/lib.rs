//! The Worker: the only code that knows Cloudflare.
//!
//! Loads, asks [`toran_core`], saves and performs; it takes no decision that a test without a runtime could not see. A request passes its
//! guard and one line of the route table; checks are kept in registers, which are Durable Objects. See `docs/ARCHITECTURE.md`.

mod assertion;
mod endpoints;
#[cfg(feature = "failpoints")]
mod failpoints;
mod guard;
mod incoming;
mod journal;
mod message;
mod passage;
mod perform;
mod platform;
mod register;
mod routes;
mod settings;
mod storage;
mod visited;
mod watchers;

use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::future_to_promise;
use worker::Env;
use worker::worker_sys::web_sys;

use incoming::Incoming;
use settings::Settings;
use toran_core::keys;
use toran_core::problem::Problem;
use toran_core::reply::{Limits, Reply};
use toran_core::time::Millis;
use visited::{Reader, Visited};

/// Called by `src/entry.js` on every new instance of the wasm, before anything else.
#[wasm_bindgen]
pub fn prepare() {
    platform::log_panics();
}

/// The response to a request whose instance trapped: 500. Called on the new instance: its log line has a request id and a time of its own.
#[wasm_bindgen]
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "the boundary hands over values")]
pub fn failed(request: web_sys::Request, head: String, env: Env) -> String {
    let arrival = Arrival::new(request, head, &env);
    let reader = Reader::at(arrival.request.path());
    arrival.end(readers(&arrival, &env), Visited::refused("", Problem::new(keys::INTERNAL)).of(reader))
}

/// Wakes this minute's share of the registers, and reconciles yesterday (`[triggers]` in wrangler.toml). `minute`: minutes since the Unix epoch.
#[wasm_bindgen]
pub fn sweep(env: Env, minute: u32) -> js_sys::Promise {
    future_to_promise(async move {
        register::operate::sweep(&env, minute).await;
        journal::daily(&env, minute).await;
        Ok(JsValue::UNDEFINED)
    })
}

/// Where a request comes from, if a tenant lets pages from there read the answer.
fn readers(arrival: &Arrival, env: &Env) -> Option<String> {
    arrival.request.header("origin").filter(|origin| guard::is_known_origin(env, origin)).map(Into::into)
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
    /// The limits that the response tells of where one was met.
    pub(crate) limits: Limits,
    began: Millis,
}

impl Arrival {
    fn new(request: web_sys::Request, head: String, env: &Env) -> Self {
        let limits = Settings::of(env).limits();
        Self { request: Incoming::new(request, head), request_id: platform::request_id(), limits, began: platform::now() }
    }

    /// The response to the request and its log line, as `src/entry.js` takes them ([`Reply::into_text`]). `origin`: whose pages may read it.
    fn end(&self, origin: Option<String>, visited: Visited) -> String {
        #[cfg(feature = "failpoints")]
        failpoints::memory();
        let (pattern, tenant) = (visited.pattern, visited.tenant);
        let reply = cors(self.answer(visited), origin).header("x-request-id", self.request_id.as_str());
        let line = platform::line(&Line {
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
        if self.request.method() == "HEAD" { reply.without_body() } else { reply }.into_text(&line)
    }

    fn answer(&self, visited: Visited) -> Reply {
        let problem = |problem| Reply::problem(&problem, &self.request_id, &self.limits);
        match (visited.outcome, visited.allow) {
            (Ok(reply), _) => reply,
            (Err(refused), None) => problem(refused),
            (Err(refused), Some(methods)) => problem(refused).header("allow", methods),
        }
    }
}

/// Lets a tenant's page read the answer.
fn cors(reply: Reply, origin: Option<String>) -> Reply {
    let Some(origin) = origin else { return reply };
    reply
        .header("access-control-allow-origin", origin)
        .header("access-control-allow-methods", "GET, POST")
        .header("access-control-allow-headers", "authorization, content-type, idempotency-key")
        .header("access-control-expose-headers", "idempotent-replayed, location, retry-after, x-request-id")
        .header("access-control-max-age", "600")
        .header("vary", "origin")
}
