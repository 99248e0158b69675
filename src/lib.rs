//! The Worker: the only code that knows Cloudflare.
//!
//! Loads, asks [`toran_core`], saves and performs; it takes no decision that a test without a runtime could not see. A request passes its
//! guard and one line of the route table; checks live in their Durable Objects. See `docs/ARCHITECTURE.md`.

mod check_do;
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
use worker::{Context, Env, Request, Response, Result, event};

use guard::header;
use reply::Reply;
use routes::Visited;

/// Every request that is not a static file.
#[event(fetch)]
async fn fetch(mut request: Request, env: Env, _context: Context) -> Result<Response> {
    let (request_id, began) = (platform::request_id(), platform::now());
    let origin = header(&request, "origin").filter(|origin| guard::is_known_origin(&env, origin));
    if request.method() == worker::Method::Options && origin.is_some() {
        return cors(Reply::empty(204), origin).into_response();
    }
    let method = request.method().to_string();
    let visited = routes::visit(&mut request, &env, &request_id).await;
    let (pattern, tenant) = (visited.pattern, visited.tenant.clone());
    let mut reply = cors(answer(visited, &request_id), origin).header("x-request-id", request_id.as_str());
    platform::log(&json!({
        "level": "info",
        "event": "request",
        "request_id": request_id,
        "method": method,
        "route": pattern,
        "status": reply.status,
        "key": reply.key,
        "tenant": tenant,
        "ms": platform::now().saturating_sub(began),
    }));
    if method == "HEAD" {
        reply = reply.without_body();
    }
    reply.into_response()
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
