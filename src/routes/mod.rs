//! The routes: one line each, grouped by who calls them.
//!
//! A route says its method, its path, who may call it and how large a body it takes; its file does the rest. The operations' paths are in
//! their own table, so that an operation is written down once.

mod check_get;
mod health_get;
mod ifsc_get;
mod key_get;
mod name_match;
mod operation_run;
mod pan_verify_batch;
mod session_create;
mod value_validate;

use std::pin::Pin;

use toran_core::operations::{OPERATIONS, Operation};
use toran_core::problem::Problem;
use worker::{Env, Method, Request};

use crate::guard::{self, Caller};
use crate::reply::Reply;

/// The largest body of most routes, in bytes (contract section 2).
const BODY: usize = 64 * 1024;
/// The largest body of the routes that take many things at once: the public tools and batches.
const LIST_BODY: usize = 256 * 1024;

/// Who may call a route.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Anyone.
    Public,
    /// Anyone, so often per address.
    Limited,
    /// A server key or a browser session.
    Caller,
}

/// A request on its way through a route.
pub(crate) struct Visit<'a> {
    pub(crate) request: &'a mut Request,
    pub(crate) env: &'a Env,
    /// By which the request is found in the log.
    pub(crate) request_id: &'a str,
    /// What stands in the place of `{...}` in the path, decoded.
    pub(crate) parameter: String,
    /// The operation, where the route is one's.
    pub(crate) operation: Option<Operation>,
    /// Who calls; `None` on public routes.
    pub(crate) caller: Option<Caller>,
    /// The body, already measured.
    pub(crate) body: Vec<u8>,
}

impl Visit<'_> {
    /// Who calls. Routes of [`Access::Caller`] always have one.
    pub(crate) fn caller(&self) -> Result<&Caller, Problem> {
        self.caller.as_ref().ok_or_else(|| Problem::new("error_unauthorized"))
    }
}

type Answering<'a> = Pin<Box<dyn Future<Output = Result<Reply, Problem>> + 'a>>;
type Handler = for<'a> fn(&'a mut Visit<'_>) -> Answering<'a>;

struct Route {
    method: &'static str,
    path: &'static str,
    access: Access,
    limit: usize,
    handler: Handler,
}

const fn get(path: &'static str, access: Access, handler: Handler) -> Route {
    Route { method: "GET", path, access, limit: 0, handler }
}

const fn post(path: &'static str, access: Access, limit: usize, handler: Handler) -> Route {
    Route { method: "POST", path, access, limit, handler }
}

#[rustfmt::skip]
static ROUTES: &[Route] = &[
    // Servers and forms. Before them stand the operations, each at the path of its row in OPERATIONS.
    post("/v1/pan/verify-batch", Access::Caller, LIST_BODY, |visit| Box::pin(pan_verify_batch::run(visit))),
    get("/v1/checks/{reference_id}", Access::Caller, |visit| Box::pin(check_get::run(visit))),

    // Servers, to let a browser in.
    post("/v1/sessions", Access::Limited, BODY, |visit| Box::pin(session_create::run(visit))),

    // Anyone.
    post("/v1/validate", Access::Limited, LIST_BODY, |visit| Box::pin(value_validate::run(visit))),
    post("/v1/names/match", Access::Limited, LIST_BODY, |visit| Box::pin(name_match::run(visit))),
    get("/v1/ifsc/{code}", Access::Limited, |visit| Box::pin(ifsc_get::run(visit))),
    get("/v1/keys", Access::Limited, |visit| Box::pin(key_get::all(visit))),
    get("/v1/keys/{key}", Access::Limited, |visit| Box::pin(key_get::one(visit))),

    // Whoever watches over the gateway.
    get("/healthz", Access::Public, |visit| Box::pin(health_get::alive(visit))),
    get("/readyz", Access::Public, |visit| Box::pin(health_get::ready(visit))),
];

/// The route of every operation; path and limit are in its row.
static OPERATION: Route =
    Route { method: "POST", path: "", access: Access::Caller, limit: 0, handler: |visit| Box::pin(operation_run::run(visit)) };

/// A route that was found for a path.
struct Found {
    route: &'static Route,
    operation: Option<Operation>,
    /// The route's path as written, for logs.
    pattern: &'static str,
    parameter: String,
}

/// What came of a request, for the log.
pub(crate) struct Visited {
    pub(crate) pattern: &'static str,
    pub(crate) tenant: Option<String>,
    pub(crate) result: Result<Reply, Problem>,
    /// The methods that the path takes, where the request's was none of them.
    pub(crate) allow: Option<String>,
}

/// Leads a request to its route.
pub(crate) async fn visit(request: &mut Request, env: &Env, request_id: &str) -> Visited {
    let path = request.path();
    let found: Vec<Found> = candidates(&path).collect();
    // HEAD is GET without the body (RFC 9110 section 9.3.2), which falls away at the end.
    let method = if request.method() == Method::Head { "GET".to_owned() } else { request.method().to_string() };
    let allow =
        found.iter().map(|found| if found.route.method == "GET" { "GET, HEAD" } else { found.route.method }).collect::<Vec<_>>().join(", ");
    let pattern = found.first().map_or("", |found| found.pattern);
    let refused = |key, allow| Visited { pattern, tenant: None, result: Err(Problem::new(key)), allow };
    if found.is_empty() {
        return refused("error_not_found", None);
    }
    let Some(found) = found.into_iter().find(|found| found.route.method == method) else {
        return refused("error_method_not_allowed", Some(allow));
    };
    let mut visit =
        Visit { request, env, request_id, parameter: found.parameter, operation: found.operation, caller: None, body: Vec::new() };
    let result = enter(found.route, &mut visit).await;
    Visited { pattern, tenant: visit.caller.map(|caller| caller.tenant), result, allow: None }
}

async fn enter(route: &Route, visit: &mut Visit<'_>) -> Result<Reply, Problem> {
    match route.access {
        Access::Public => {}
        Access::Limited => guard::limit_address(visit.request, visit.env).await?,
        Access::Caller => visit.caller = Some(guard::caller(visit.request, visit.env)?),
    }
    if route.method == "POST" {
        let limit = visit.operation.map_or(route.limit, |operation| operation.row().body);
        visit.body = guard::body(visit.request, limit).await?;
    }
    (route.handler)(visit).await
}

fn candidates(path: &str) -> impl Iterator<Item = Found> {
    let operation = OPERATIONS.iter().filter(move |row| row.path == path);
    let operation =
        operation.map(|row| Found { route: &OPERATION, operation: Some(row.operation), pattern: row.path, parameter: String::new() });
    let plain = ROUTES.iter().filter_map(move |route| {
        let parameter = matched(route.path, path)?;
        Some(Found { route, operation: None, pattern: route.path, parameter })
    });
    operation.chain(plain)
}

/// The parameter with which a path fits a pattern (empty where the pattern has none).
fn matched(pattern: &str, path: &str) -> Option<String> {
    match pattern.split_once('{') {
        None => (pattern == path).then(String::new),
        Some((prefix, _)) => decoded(path.strip_prefix(prefix)?),
    }
}

/// One segment of a path, percent-decoded.
fn decoded(segment: &str) -> Option<String> {
    if segment.is_empty() || segment.contains('/') {
        return None;
    }
    js_sys::decode_uri_component(segment).ok().map(String::from)
}
