//! The Worker: the only code that knows Cloudflare.
//!
//! Loads, asks [`toran_core`], saves and performs; it takes no decision that a test without a runtime could not see. A request passes its
//! guard and one line of the route table; checks live in their Durable Objects. See `docs/ARCHITECTURE.md`.

mod check_do;
#[cfg(feature = "failpoints")]
mod failpoints;
mod guard;
mod ledger;
mod perform;
mod platform;
mod reply;
mod routes;
mod settings;
mod storage;
mod velocity_do;

use serde_json::json;
use wasm_bindgen::prelude::wasm_bindgen;
use worker::worker_sys::web_sys;
use worker::{Context, Env, Request, Response, Result, event};

use guard::header;
use reply::Reply;
use routes::Visited;
use toran_core::keys;
use toran_core::problem::Problem;
use toran_core::time::Millis;

/// Called by `src/entry.js` on every new instance of the wasm, before anything else.
#[wasm_bindgen]
pub fn prepare() {
    platform::log_panics();
}

/// The 500 for a request whose instance trapped. Called on the new instance: its log line has a request id and a time of its own.
#[wasm_bindgen]
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "the boundary hands over values")]
pub fn failed(request: web_sys::Request, env: Env) -> web_sys::Response {
    let arrival = Arrival::new(&Request::from(request), &env);
    let visited = Visited { pattern: "", tenant: None, result: Err(Problem::new(keys::INTERNAL)), allow: None };
    let response = arrival.end(visited).into_response().or_else(|_| Response::empty()).map(|response| response.with_status(500));
    response.map_or_else(|_| web_sys::Response::error(), Into::into)
}

/// Every request that is not a static file.
#[event(fetch)]
async fn fetch(mut request: Request, env: Env, _context: Context) -> Result<Response> {
    let arrival = Arrival::new(&request, &env);
    #[cfg(feature = "failpoints")]
    failpoints::request(&request);
    if request.method() == worker::Method::Options && arrival.origin.is_some() {
        return cors(Reply::empty(204), arrival.origin).into_response();
    }
    let visited = routes::visit(&mut request, &env, &arrival.request_id).await;
    arrival.end(visited).into_response()
}

/// A request as the log and the caller's browser know it.
struct Arrival {
    request_id: String,
    began: Millis,
    method: String,
    /// Where it comes from, if a tenant lets pages from there read the answer.
    origin: Option<String>,
}

impl Arrival {
    fn new(request: &Request, env: &Env) -> Self {
        Self {
            request_id: platform::request_id(),
            began: platform::now(),
            method: request.method().to_string(),
            origin: header(request, "origin").filter(|origin| guard::is_known_origin(env, origin)),
        }
    }

    /// Logs how the request ended, and makes the reply of it.
    fn end(self, visited: Visited) -> Reply {
        let (pattern, tenant) = (visited.pattern, visited.tenant.clone());
        let reply = cors(answer(visited, &self.request_id), self.origin).header("x-request-id", self.request_id.as_str());
        platform::log(&json!({
            "level": "info",
            "event": "request",
            "request_id": self.request_id,
            "method": self.method,
            "route": pattern,
            "status": reply.status,
            "key": reply.key,
            "tenant": tenant,
            "ms": platform::now().saturating_sub(self.began),
        }));
        if self.method == "HEAD" { reply.without_body() } else { reply }
    }
}

fn answer(visited: Visited, request_id: &str) -> Reply {
    match (visited.result, visited.allow) {
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
