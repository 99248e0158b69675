//! The routes: the vendors under their prefixes, the sandbox's own under `/_sandbox` (contract section 4).
//!
//! A vendor request is received under one lock, so that calls, money and memory agree; only then is the answer spoiled or held back.
//! What is done stays done when the caller hangs up meanwhile.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use http_body_util::channel::Channel;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use toran_core::http::MAX_ANSWER;
use toran_core::time::Millis;
use toran_core::vendors::VENDORS;
use toran_core::vendors::sim::{Answer, Callback, Kind, Notice, Request, Simulation, as_sent};

use crate::access;
use crate::callbacks::Due;
use crate::calls::{Call, Open};
use crate::differences::Differences;
use crate::faults::{Fault, Faults, mistyped};
use crate::ledger::Entry;
use crate::receiver::Receiver;
use crate::wire::Cut;
use crate::{differences, otp, page, receiver, scenarios};

/// Between two bytes of a slow body.
const SLOW: Duration = Duration::from_millis(200);
/// How much longer an oversize answer is than what is read, in bytes.
const OVERSIZE: usize = 64 * 1024;
/// The largest request that a vendor takes, in bytes: a CKYC record with its documents.
const LARGEST_REQUEST: usize = 16 * 1024 * 1024;
const REDIRECTED: &str = "/_sandbox/redirected";

/// What the server is told when it starts.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    /// The sandbox's own address.
    pub(crate) own: String,
    /// The gateway's address.
    pub(crate) gateway: String,
    /// The time.
    pub(crate) clock: fn() -> Millis,
}

/// Everything that `POST /_sandbox/reset` forgets.
#[derive(Debug)]
pub(crate) struct Books {
    vendors: Vec<Played>,
    faults: Faults,
    pub(crate) calls: Vec<Call>,
    pub(crate) money: Vec<Entry>,
    pub(crate) differences: Differences,
    pub(crate) receiver: Receiver,
}

/// A vendor under its prefix, which is its name.
#[derive(Debug)]
struct Played {
    prefix: &'static str,
    world: Box<dyn Simulation>,
}

impl Default for Books {
    fn default() -> Self {
        let vendors = VENDORS.iter().map(|vendor| Played { prefix: vendor.name(), world: vendor.simulation() }).collect();
        Self {
            vendors,
            faults: Faults::default(),
            calls: Vec::new(),
            money: Vec::new(),
            differences: Differences::default(),
            receiver: Receiver::default(),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Sandbox {
    pub(crate) setting: Setting,
    books: Arc<Mutex<Books>>,
    open: Open,
}

impl Sandbox {
    pub(crate) fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All routes.
pub(crate) fn router(setting: Setting) -> Router {
    Router::new()
        .route("/", get(async |State(sandbox): State<Sandbox>| Html(page::html(&sandbox.setting.gateway))))
        .route("/_sandbox/scenarios", get(async |State(sandbox): State<Sandbox>| Json(scenarios::list((sandbox.setting.clock)()))))
        .route("/_sandbox/calls", get(calls))
        .route("/_sandbox/money", get(money))
        .route("/_sandbox/faults", post(faults))
        .route("/_sandbox/reset", post(reset))
        .route("/_sandbox/callback", post(callback))
        .route("/_sandbox/pay", post(pay))
        .route("/_sandbox/books", post(differ))
        .route("/_sandbox/statement", get(differences::statement))
        .route("/_sandbox/access", post(let_in))
        .route("/_sandbox/receive/{name}", post(receiver::receive))
        .route("/_sandbox/received", get(receiver::received))
        .route("/_sandbox/receiver", post(receiver::order))
        .route("/_sandbox/otp", post(otp::take).get(otp::list))
        .route("/cdn-cgi/access/certs", get(async || Json(access::keys())))
        .route(REDIRECTED, any(redirected))
        .fallback(vendor)
        .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
        .with_state(Sandbox { setting, books: Arc::default(), open: Open::default() })
}

async fn calls(State(sandbox): State<Sandbox>) -> Json<Vec<Value>> {
    Json(sandbox.books().calls.iter().map(Call::to_json).collect())
}

async fn money(State(sandbox): State<Sandbox>) -> Json<Vec<Value>> {
    Json(sandbox.books().money.iter().map(Entry::to_json).collect())
}

async fn faults(State(sandbox): State<Sandbox>, body: Bytes) -> Response {
    match sandbox.books().faults.order(&body) {
        Ok(()) => Json(json!({ "accepted": true })).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response(),
    }
}

/// What Cloudflare Access says of a person.
async fn let_in(State(sandbox): State<Sandbox>, body: Bytes) -> Response {
    match access::token(&body, sandbox.setting.own.trim_end_matches('/'), (sandbox.setting.clock)()) {
        Ok(token) => Json(token).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response(),
    }
}

async fn reset(State(sandbox): State<Sandbox>) -> Json<Value> {
    *sandbox.books() = Books::default();
    sandbox.open.forget();
    Json(json!({ "reset": true }))
}

async fn callback(State(sandbox): State<Sandbox>, body: Bytes) -> Response {
    match sandbox.call_back(&body).await {
        Ok(deliveries) => Json(json!({ "deliveries": deliveries })).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response(),
    }
}

/// A vendor's books differ from what the gateway was told.
async fn differ(State(sandbox): State<Sandbox>, body: Bytes) -> Response {
    match sandbox.differ(&body).await {
        Ok(told) => Json(told).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response(),
    }
}

/// A customer pays, or does not.
async fn pay(State(sandbox): State<Sandbox>, body: Bytes) -> Response {
    match sandbox.pay(&body).await {
        Ok(paid) => Json(paid).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response(),
    }
}

/// Where a `redirect` fault leads: nobody should come here.
async fn redirected(State(sandbox): State<Sandbox>, Query(query): Query<Vec<(String, String)>>, body: Bytes) -> Json<Value> {
    let request = Request { query, body: body.to_vec(), ..Request::default() };
    let call = Call {
        at: (sandbox.setting.clock)(),
        vendor: "unknown",
        operation: "redirected",
        kind: "post",
        wire_reference: request.reference(),
        status: Some(200),
        key: None,
        open: 1,
    };
    sandbox.books().calls.push(call);
    Json(json!({ "redirected": true }))
}

async fn vendor(
    State(sandbox): State<Sandbox>,
    method: Method,
    uri: Uri,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let (prefix, path) = uri.path().strip_prefix('/').and_then(|path| path.split_once('/')).unwrap_or_default();
    let headers = headers.iter().filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())));
    let path = format!("/{path}");
    let request = Request { method: method.as_str().into(), path, query, headers: headers.collect(), body: body.to_vec() };
    let (_turn, open) = sandbox.open.begin();
    let received = sandbox.books().receive(prefix, &request, (sandbox.setting.clock)(), open);
    if let Some(Received { calls_back: Some(due), .. }) = &received {
        tokio::spawn(sandbox.clone().calls_back(due.clone()));
    }
    match received {
        None => (StatusCode::NOT_FOUND, Json(json!({ "error": "There is no such route. GET / lists what there is." }))).into_response(),
        Some(Received { fault: None, answer, .. }) => json_response(answer.status, &answer.body),
        Some(Received { fault: Some(fault), answer, limit, .. }) => spoiled(fault, &answer, limit, &sandbox.setting).await,
    }
}

/// What came of a request.
struct Received {
    fault: Option<Fault>,
    answer: Answer,
    /// The largest answer that the gateway reads, in bytes.
    limit: usize,
    /// The callback that the vendor sends by itself.
    calls_back: Option<Due>,
}

impl Books {
    /// The vendor of this name.
    pub(crate) fn world(&mut self, vendor: &str) -> Option<&mut Box<dyn Simulation>> {
        self.vendors.iter_mut().find(|played| played.prefix == vendor).map(|played| &mut played.world)
    }

    /// A vendor's callback about an earlier request, and the secret under which it is signed; what it credits is written down.
    pub(crate) fn call_back(&mut self, vendor: &str, notice: &Notice<'_>) -> Option<(Value, &'static str)> {
        let Played { world, .. } = self.vendors.iter_mut().find(|played| played.prefix == vendor)?;
        let Callback { operation, body, credited } = world.call_back(notice)?;
        let secret = world.callback_secret();
        if let Some(account) = credited {
            self.money.push(Entry::new(notice.at, operation.row().name, Some(notice.reference.to_owned()), &account));
        }
        Some((body, secret))
    }

    /// Does what the request and the fault that waits for it amount to, and writes it down; `None` where no vendor has this prefix.
    fn receive(&mut self, prefix: &str, request: &Request, now: Millis, open: usize) -> Option<Received> {
        let Played { prefix: vendor, world } = self.vendors.iter_mut().find(|played| played.prefix == prefix)?;
        let place = world.operation(&request.method, &request.path);
        let reference = world.reference(request);
        let fault = place.and_then(|(operation, kind)| self.faults.take(operation, kind, reference.as_deref()));
        let answer = match fault {
            Some(fault) if !fault.works() => {
                Answer { status: 0, body: Value::Null, wire_reference: world.reference(request), credited: None }
            }
            _ => match self.differences.lookup(request, reference.as_deref()) {
                Some(lookup) if matches!(place, Some((_, Kind::Status))) => {
                    Answer { wire_reference: reference.clone(), ..world.answer(&lookup, now) }
                }
                _ => world.answer(request, now),
            },
        };
        if let (Some((_, Kind::Post)), Some(reference)) = (place, reference.as_deref()) {
            self.faults.customer(|act| world.pay(reference, act, now));
        }
        let until = match fault {
            Some(Fault::DropResponse) => Some(Millis::MAX),
            Some(Fault::Delay(ms)) => Some(now.saturating_add_unsigned(ms)),
            _ => None,
        };
        if let (Some(until), Some(reference)) = (until, &answer.wire_reference) {
            world.answer_lost(reference, until);
        }
        let limit = place.map_or(MAX_ANSWER, |(operation, _)| operation.row().answer_limit);
        let (operation, kind) = place.map_or(("unknown", "post"), |(operation, kind)| (operation.row().name, kind.as_str()));
        let wire_reference = answer.wire_reference.clone();
        if let Some(account) = &answer.credited {
            self.money.push(Entry::new(now, operation, wire_reference.clone(), account));
        }
        let status = fault.map_or(Some(answer.status), |fault| fault.status(answer.status));
        let key = fault.is_none_or(Fault::legible).then(|| world.key(&answer)).flatten();
        let due = || {
            let reference = answer.wire_reference.clone().filter(|_| kind == "post")?;
            Some(Due { vendor, after: world.calls_back(&reference)?, reference })
        };
        let calls_back = due();
        self.calls.push(Call { at: now, vendor, operation, kind, wire_reference, status, key, open });
        Some(Received { fault, answer, limit, calls_back })
    }
}

fn json_response(status: u16, body: &Value) -> Response {
    bytes_response(status, "application/json", as_sent(body).into())
}

pub(crate) fn bytes_response(status: u16, content_type: &'static str, body: Body) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, content_type)], body).into_response()
}

async fn spoiled(fault: Fault, answer: &Answer, limit: usize, setting: &Setting) -> Response {
    match fault {
        Fault::Delay(ms) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            json_response(answer.status, &answer.body)
        }
        Fault::DropRequest | Fault::DropResponse => cut(Cut::Close),
        Fault::Reset => cut(Cut::Reset),
        Fault::Status(status, retry_after, reset) => bare(status, retry_after, reset),
        Fault::UsedUp(reset) => used_up(json_response(answer.status, &answer.body), Some(reset)),
        Fault::Empty => bytes_response(200, "application/json", Body::empty()),
        Fault::Truncate => truncated(answer),
        Fault::Garble => bytes_response(answer.status, "application/json", noise(&answer.body).into()),
        Fault::Html => bytes_response(200, "text/html", "<html><body><h1>502 Bad Gateway</h1></body></html>".into()),
        Fault::SlowBody => slow(answer),
        Fault::Oversize => json_response(answer.status, &padded(&answer.body, limit.saturating_add(OVERSIZE))),
        Fault::WrongType => json_response(answer.status, &mistyped(&answer.body)),
        Fault::Redirect => found(&format!("{}{REDIRECTED}", setting.own)),
    }
}

fn cut(cut: Cut) -> Response {
    let mut response = Response::default();
    response.extensions_mut().insert(cut);
    response
}

/// Says that no call remains in the vendor's window.
fn used_up(mut response: Response, reset: Option<u32>) -> Response {
    if let Some(reset) = reset {
        let headers = [("x-ratelimit-limit", 50), ("x-ratelimit-remaining", 0), ("x-ratelimit-reset", reset)];
        response.headers_mut().extend(headers.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from(value))));
    }
    response
}

fn bare(status: u16, retry_after: Option<u32>, reset: Option<u32>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let response = match retry_after {
        Some(seconds) => (status, [(header::RETRY_AFTER, seconds.to_string())]).into_response(),
        None => status.into_response(),
    };
    used_up(response, reset)
}

fn found(location: &str) -> Response {
    let mut response = Redirect::to(location).into_response();
    *response.status_mut() = StatusCode::FOUND;
    response
}

/// Announces the whole body, sends half of it, and breaks off.
fn truncated(answer: &Answer) -> Response {
    let text = answer.text();
    let half: Bytes = text.bytes().take(text.len().div_euclid(2)).collect();
    let (mut sender, body) = Channel::<Bytes, Cut>::new(1);
    tokio::spawn(async move {
        if sender.send_data(half).await.is_ok() {
            // The half must be on the wire before the connection goes.
            tokio::time::sleep(SLOW).await;
            sender.abort(Cut::Close);
        }
    });
    announced(answer.status, text.len(), Body::new(body))
}

fn slow(answer: &Answer) -> Response {
    let text = answer.text();
    let length = text.len();
    let (mut sender, body) = Channel::<Bytes, Cut>::new(1);
    tokio::spawn(async move {
        for byte in text.into_bytes() {
            tokio::time::sleep(SLOW).await;
            if sender.send_data(Bytes::from(vec![byte])).await.is_err() {
                return;
            }
        }
    });
    announced(answer.status, length, Body::new(body))
}

fn announced(status: u16, length: usize, body: Body) -> Response {
    let mut response = bytes_response(status, "application/json", body);
    response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
    response
}

/// Bytes without meaning, and no UTF-8.
fn noise(body: &Value) -> Vec<u8> {
    let digest = Sha256::digest(body.to_string());
    [0xff, 0x00, 0xc3].into_iter().chain(digest.iter().copied().cycle().take(256)).collect()
}

/// So many bytes longer.
fn padded(body: &Value, padding: usize) -> Value {
    let mut body = body.clone();
    match &mut body {
        Value::Object(map) => drop(map.insert("padding".into(), "x".repeat(padding).into())),
        Value::String(text) => text.push_str(&" ".repeat(padding)),
        _ => {}
    }
    body
}
