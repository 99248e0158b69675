//! The routes: one line each, grouped by who calls them.
//!
//! A route says its method, its path, who may call it and how large a body it takes; its file does the rest. The operations' paths are in
//! their own table, so that an operation is written down once.

use toran_core::access::Scope;
use toran_core::limits::Limit;
use toran_core::operations::Operation;

use super::Handler::{Later, Now};
use super::{Access, Answering, Handler};
use super::{
    callback_take, check_decide, check_get, check_search, check_timeline, consent_get, consent_make, endpoint_get, endpoint_make,
    endpoint_send, event_list, health_get, ifsc_get, journal_rebuild, journal_search, key_get, name_match, operation_run, otp_send,
    otp_verify, overview_get, pan_verify_batch, reconciliation_get, registers_make, review_list, session_create, statement_take,
    totals_get, value_validate, velocity_forget,
};

/// The largest body of most routes, in bytes (contract section 2).
const BODY: usize = 64 * 1024;
/// The largest body of the routes that take many things at once: the public tools and batches.
const LIST_BODY: usize = 256 * 1024;
/// The largest statement of a vendor.
const STATEMENT: usize = 1024 * 1024;

/// One route.
pub(super) struct Route {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) access: Access,
    pub(super) limit: usize,
    /// Whether its body is taken as it is, whatever it says of itself.
    pub(super) is_raw: bool,
    pub(super) handler: Handler,
}

const fn get(path: &'static str, access: Access, handler: Handler) -> Route {
    Route { method: "GET", path, access, limit: 0, is_raw: false, handler }
}

const fn post(path: &'static str, access: Access, limit: usize, handler: Handler) -> Route {
    Route { method: "POST", path, access, limit, is_raw: false, handler }
}

#[rustfmt::skip]
pub(super) static ROUTES: &[Route] = &[
    // Servers and forms. Before them stand the operations, each at the path of its row in OPERATIONS.
    post("/v1/pan/verify-batch", Access::Scope(Scope::Operation(Operation::PanVerify)), LIST_BODY, Later(|visit| Answering::later(pan_verify_batch::run(visit)))),
    get("/v1/checks/{reference_id}", Access::Person(None), Later(|visit| Answering::later(check_get::run(visit)))),

    // Servers and forms, about what customers agree to.
    post("/v1/consents", Access::Caller, BODY, Later(|visit| Answering::later(consent_make::run(visit)))),
    get("/v1/consents/{id}", Access::Caller, Later(|visit| Answering::later(consent_get::run(visit)))),
    post("/v1/consents/{id}/withdraw", Access::Caller, 0, Later(|visit| Answering::later(consent_make::withdraw(visit)))),

    // Servers, that are told of events.
    get("/v1/endpoints", Access::Caller, Later(|visit| Answering::later(endpoint_get::all(visit)))),
    post("/v1/endpoints", Access::Caller, BODY, Later(|visit| Answering::later(endpoint_make::run(visit)))),
    get("/v1/endpoints/{id}", Access::Caller, Later(|visit| Answering::later(endpoint_get::one(visit)))),
    Route { method: "PATCH", ..post("/v1/endpoints/{id}", Access::Caller, BODY, Later(|visit| Answering::later(endpoint_make::change(visit)))) },
    Route { method: "DELETE", ..get("/v1/endpoints/{id}", Access::Caller, Later(|visit| Answering::later(endpoint_make::delete(visit)))) },
    post("/v1/endpoints/{id}/ping", Access::Caller, 0, Later(|visit| Answering::later(endpoint_send::ping(visit)))),
    post("/v1/endpoints/{id}/replay", Access::Caller, BODY, Later(|visit| Answering::later(endpoint_send::replay(visit)))),
    get("/v1/endpoints/{id}/deliveries", Access::Caller, Later(|visit| Answering::later(endpoint_get::deliveries(visit)))),
    get("/v1/events", Access::Caller, Later(|visit| Answering::later(event_list::run(visit)))),
    get("/v1/events/{id}", Access::Caller, Later(|visit| Answering::later(event_list::one(visit)))),

    // Who operates or reviews a tenant's checks.
    get("/v1/reviews", Access::Person(Some(Scope::Review)), Later(|visit| Answering::later(review_list::run(visit)))),
    get("/v1/checks/{reference_id}/timeline", Access::Person(None), Later(|visit| Answering::later(check_timeline::run(visit)))),
    post("/v1/checks/{reference_id}/decision", Access::Person(Some(Scope::Review)), BODY, Later(|visit| Answering::later(check_decide::run(visit)))),
    get("/v1/ops/totals", Access::Scope(Scope::Ops), Later(|visit| Answering::later(totals_get::run(visit)))),
    get("/v1/ops/journal", Access::Scope(Scope::Ops), Later(|visit| Answering::later(journal_search::run(visit)))),
    get("/v1/ops/reconciliation/{date}", Access::Scope(Scope::Ops), Later(|visit| Answering::later(reconciliation_get::run(visit)))),
    post("/v1/ops/reconciliation/{date}", Access::Scope(Scope::Ops), 0, Later(|visit| Answering::later(reconciliation_get::again(visit)))),
    Route { is_raw: true, ..post("/v1/ops/statements", Access::Scope(Scope::Ops), STATEMENT, Later(|visit| Answering::later(statement_take::run(visit)))) },
    post("/v1/ops/search", Access::Scope(Scope::Ops), BODY, Later(|visit| Answering::later(check_search::run(visit)))),

    // Servers, to let a browser in.
    post("/v1/sessions", Access::Limited(Limit::Sessions), BODY, Now(session_create::open)),
    post("/v1/sessions/renew", Access::Limited(Limit::Sessions), BODY, Later(|visit| Answering::later(session_create::renew(visit)))),

    // A browser's session, whose customer proves a mobile number.
    post("/v1/otp", Access::Caller, BODY, Later(|visit| Answering::later(otp_send::run(visit)))),
    post("/v1/otp/verify", Access::Caller, BODY, Later(|visit| Answering::later(otp_verify::run(visit)))),

    // Vendors, about earlier requests.
    post("/v1/webhooks/{vendor}/{account}", Access::Vendor, BODY, Later(|visit| Answering::later(callback_take::run(visit)))),

    // Whoever runs the gateway.
    post("/v1/ops/registers", Access::Scope(Scope::Operator), BODY, Later(|visit| Answering::later(registers_make::run(visit)))),
    post("/v1/ops/journal/rebuild", Access::Scope(Scope::Operator), BODY, Later(|visit| Answering::later(journal_rebuild::run(visit)))),
    get("/v1/ops/overview", Access::Scope(Scope::Operator), Later(|visit| Answering::later(overview_get::run(visit)))),

    // A developer, on their own machine. It takes no body.
    post("/v1/development/forget", Access::Development, 0, Later(|visit| Answering::later(velocity_forget::run(visit)))),

    // Anyone.
    post("/v1/validate", Access::Limited(Limit::Tools), LIST_BODY, Now(value_validate::run)),
    post("/v1/names/match", Access::Limited(Limit::Tools), LIST_BODY, Now(name_match::run)),
    get("/v1/ifsc/{code}", Access::Limited(Limit::Tools), Now(ifsc_get::run)),
    get("/v1/keys", Access::Limited(Limit::Tools), Now(|_| Ok(key_get::all()))),
    get("/v1/keys/{key}", Access::Limited(Limit::Tools), Now(key_get::one)),

    // Whoever watches over the gateway.
    get("/healthz", Access::Public, Now(|_| Ok(health_get::alive()))),
    get("/readyz", Access::Public, Later(|visit| Answering::later(health_get::ready(visit)))),
];

/// The route of every operation; path and limit are in its row.
pub(super) static OPERATION: Route =
    Route { method: "POST", path: "", access: Access::Caller, limit: 0, is_raw: false, handler: Later(operation_run::run) };
