//! The way of a request to its route ([`table`]), and through it: who calls, how large its body may be, and how it ends.

mod callback_take;
mod check_decide;
mod check_get;
mod check_search;
mod check_timeline;
mod consent_get;
mod consent_make;
mod endpoint_get;
mod endpoint_make;
mod endpoint_send;
mod event_list;
mod health_get;
mod ifsc_get;
mod journal_rebuild;
mod journal_search;
mod key_get;
mod name_match;
mod operation_run;
mod otp_send;
mod otp_verify;
mod overview_get;
mod pan_verify_batch;
mod reconciliation_get;
mod registers_make;
mod review_list;
mod session_create;
mod statement_take;
mod table;
mod totals_get;
mod value_validate;
mod velocity_forget;

use std::pin::Pin;
use std::rc::Rc;

use Handler::{Later, Now};
use table::{OPERATION, ROUTES, Route};
use toran_core::access::Scope;
use toran_core::body::Body;
use toran_core::keys;
use toran_core::limits::Limit;
use toran_core::operations::{OPERATIONS, Operation};
use toran_core::problem::Problem;
use toran_core::route;
use toran_core::vendors;
use worker::Env;

use crate::Arrival;
use crate::assertion;
use crate::guard::{self, Caller, LargeBody};
use crate::incoming::Incoming;
use crate::platform;
use crate::settings::Settings;
use crate::visited::{Reader, Visited};
use toran_core::reply::Reply;

/// Who may call a route.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Anyone.
    Public,
    /// Anyone, so often per address.
    Limited(Limit),
    /// Anyone, in development; elsewhere there is no such route.
    Development,
    /// A server key or a browser session.
    Caller,
    /// The same, with this scope.
    Scope(Scope),
    /// A vendor, which proves itself by its raw body. The path's first parameter is its name; it is answered in its words.
    Vendor,
    /// A server key, a browser session, or a person whom Cloudflare Access let in; with this scope.
    Person(Option<Scope>),
}

/// A request at its route.
pub(crate) struct Visit {
    pub(crate) arrival: Rc<Arrival>,
    pub(crate) env: Env,
    /// What stands in the places of `{...}` in the path, decoded, in order.
    parameters: Vec<String>,
    /// The operation, where the route is one's.
    pub(crate) operation: Option<Operation>,
    /// Who calls; `None` on public routes, and for a person whom Access let in ([`Visit::person`]).
    pub(crate) caller: Option<Caller>,
    /// The body, already measured.
    pub(crate) body: Vec<u8>,
}

impl Visit {
    /// What stands in the first place of `{...}` in the path.
    pub(crate) fn parameter(&self) -> &str {
        self.parameters.first().map_or("", String::as_str)
    }

    /// Who calls, also where Access let them in, whose word is verified now.
    pub(crate) async fn person(&self) -> Result<Caller, Problem> {
        match &self.caller {
            Some(caller) => Ok(caller.clone()),
            None => assertion::caller(&self.arrival.request, &self.env).await,
        }
    }

    /// Who calls. Routes of [`Access::Caller`] always have one.
    pub(crate) fn caller(&self) -> Result<&Caller, Problem> {
        self.caller.as_ref().ok_or_else(|| Problem::new(keys::UNAUTHORIZED))
    }
}

/// How a request ends.
pub(crate) type Outcome = Result<Reply, Problem>;

/// What a handler answers: the end, or the work that leads to it.
pub(crate) enum Answering {
    /// The end. Nothing had to be waited for.
    Now(Outcome),
    /// The work that is left.
    Later(Pin<Box<dyn Future<Output = Outcome>>>),
}

impl Answering {
    /// The work that is left.
    pub(crate) fn later(work: impl Future<Output = Outcome> + 'static) -> Self {
        Self::Later(Box::pin(work))
    }

    async fn end(self) -> Outcome {
        match self {
            Self::Now(outcome) => outcome,
            Self::Later(work) => work.await,
        }
    }
}

/// What a route does with a request.
#[derive(Clone, Copy)]
enum Handler {
    /// Answers by itself.
    Now(fn(&Visit) -> Outcome),
    /// May have to ask others.
    Later(fn(Visit) -> Answering),
}

/// A route that was found for a path.
struct Found {
    route: &'static Route,
    operation: Option<Operation>,
    /// The route's path as written, for logs.
    pattern: &'static str,
    parameters: Vec<String>,
}

impl Found {
    /// What the caller's scopes must include.
    fn scope(&self) -> Option<Scope> {
        match self.route.access {
            Access::Scope(scope) | Access::Person(Some(scope)) => Some(scope),
            Access::Public | Access::Limited(_) | Access::Development | Access::Caller | Access::Vendor | Access::Person(None) => {
                self.operation.map(Scope::Operation)
            }
        }
    }

    /// Who reads a problem of it.
    fn reader(&self) -> Reader {
        let vendor = self.parameters.first().filter(|_| self.route.access == Access::Vendor).and_then(|name| vendors::named(name));
        match (self.operation, vendor.filter(|vendor| vendor.callbacks().is_some())) {
            (Some(operation), _) => Reader::Operation(operation),
            (None, Some(vendor)) => Reader::Vendor(vendor.name()),
            (None, None) => Reader::Anyone,
        }
    }
}

/// A request that found its route and may enter it, once its body was read.
pub(crate) struct Entry {
    found: Found,
    caller: Option<Caller>,
    /// The body that is to be read first, where the route takes one.
    pub(crate) body: Option<Body>,
    large: Option<LargeBody>,
}

/// Leads a request to its route. What needs no body and nobody else is decided here.
pub(crate) fn enter(request: &Incoming, env: &Env) -> Result<Entry, Visited> {
    let is_served = |found: &Found| found.route.access != Access::Development || Settings::of(env).is_development();
    let found: Vec<Found> = candidates(request.path()).filter(is_served).collect();
    let Some(pattern) = found.first().map(|found| found.pattern) else {
        return Err(Visited::refused("", Problem::new(keys::NOT_FOUND)));
    };
    let method = route::method(request.method());
    let is_right = |found: &Found| found.route.method == method;
    if !found.iter().any(is_right) {
        let allow = Some(route::allow(found.iter().map(|found| found.route.method)));
        return Err(Visited { allow, ..Visited::refused(pattern, Problem::new(keys::METHOD_NOT_ALLOWED)) });
    }
    let found = found.into_iter().find(is_right).ok_or_else(|| Visited::refused(pattern, Problem::new(keys::INTERNAL)))?;
    let reader = found.reader();
    Entry::new(found, request, env).map_err(|visited| visited.of(reader))
}

impl Entry {
    fn new(found: Found, request: &Incoming, env: &Env) -> Result<Self, Visited> {
        let pattern = found.pattern;
        // Production with a wrong setting says how it stands, and serves nothing else.
        if let Some(setting) = Settings::of(env).refused().filter(|_| found.route.access != Access::Public) {
            return Err(Visited::refused(pattern, guard::misconfigured(setting)));
        }
        let caller = match found.route.access {
            Access::Public | Access::Limited(_) | Access::Development | Access::Vendor => None,
            Access::Person(_) if guard::is_let_in(request) => None,
            Access::Caller | Access::Scope(_) | Access::Person(_) => {
                Some(guard::caller(request, env).map_err(|problem| Visited::refused(pattern, problem))?)
            }
        };
        let tenant = caller.as_ref().map(|caller| caller.tenant.id.as_str());
        let refused = |problem| Visited { tenant, ..Visited::refused(pattern, problem) };
        if let (Some(caller), Some(scope)) = (&caller, found.scope()) {
            guard::allow(caller, scope).map_err(refused)?;
        }
        let limit = found.operation.map_or(found.route.limit, |operation| operation.row().body);
        let measured = || {
            if found.route.access == Access::Vendor || found.route.is_raw {
                return Body::raw(request.header("content-length").as_deref(), limit);
            }
            let [length, kind, coding] = ["content-length", "content-type", "content-encoding"].map(|name| request.header(name));
            Body::of(length.as_deref(), kind.as_deref(), coding.as_deref(), limit)
        };
        let body = (limit > 0).then(measured).transpose().map_err(refused)?;
        let large = body.map_or(Ok(None), LargeBody::take).map_err(refused)?;
        Ok(Self { found, caller, body, large })
    }

    /// Enters the route with the bytes of the body; `None` when they could not be read, or the route takes none.
    pub(crate) fn visit(self, arrival: &Rc<Arrival>, env: &Env, bytes: Option<Vec<u8>>) -> Visiting {
        let reader = self.found.reader();
        let Self { found: Found { route, operation, pattern, parameters }, caller, body, large } = self;
        let tenant = caller.as_ref().map(|caller| caller.tenant.id.as_str());
        let answering = match body.map(|body| body.checked(bytes)).transpose() {
            Err(problem) => Answering::Now(Err(problem)),
            Ok(body) => {
                let visit =
                    Visit { arrival: Rc::clone(arrival), env: env.clone(), parameters, operation, caller, body: body.unwrap_or_default() };
                match route.access {
                    Access::Limited(limit) => Answering::later(limited(limit, route.handler, visit)),
                    Access::Public | Access::Development | Access::Caller | Access::Scope(_) | Access::Vendor | Access::Person(_) => {
                        route.handler.answer(visit)
                    }
                }
            }
        };
        Visiting { pattern, tenant, reader, answering, _large: large }
    }
}

/// A request inside its route.
pub(crate) struct Visiting {
    pattern: &'static str,
    tenant: Option<&'static str>,
    reader: Reader,
    answering: Answering,
    _large: Option<LargeBody>,
}

impl Visiting {
    /// The end, where it is there already.
    pub(crate) fn now(self) -> Result<Visited, Self> {
        match self.answering {
            Answering::Now(outcome) => Ok(Visited { pattern: self.pattern, tenant: self.tenant, outcome, allow: None }.of(self.reader)),
            Answering::Later(_) => Err(self),
        }
    }

    /// The end.
    pub(crate) async fn end(self) -> Visited {
        let outcome = self.answering.end().await;
        Visited { pattern: self.pattern, tenant: self.tenant, outcome, allow: None }.of(self.reader)
    }
}

impl Handler {
    fn answer(self, visit: Visit) -> Answering {
        match self {
            Now(handler) => Answering::Now(handler(&visit)),
            Later(handler) => handler(visit),
        }
    }
}

/// What is told where a journal cannot be read or written.
fn failed_journal(error: &worker::Error) -> Problem {
    platform::log_error("journal", error);
    Problem::new(keys::INTERNAL)
}

async fn limited(limit: Limit, handler: Handler, visit: Visit) -> Outcome {
    let _counted = guard::limit(&visit.env, limit, guard::network(&visit.arrival.request)).await?;
    handler.answer(visit).end().await
}

fn candidates(path: &str) -> impl Iterator<Item = Found> {
    let operation = OPERATIONS.iter().filter(move |row| row.path == path);
    let operation =
        operation.map(|row| Found { route: &OPERATION, operation: Some(row.operation), pattern: row.path, parameters: Vec::new() });
    let plain = ROUTES.iter().filter_map(move |route| {
        let parameters = route::matched(route.path, path)?;
        Some(Found { route, operation: None, pattern: route.path, parameters })
    });
    operation.chain(plain)
}
