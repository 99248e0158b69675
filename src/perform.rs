//! Carries out a call to a vendor: one fetch, under a deadline, with its answer cut off where it gets too large.
//!
//! Redirects are not followed. What came of it is an [`Exchange`]; what that means is the vendor's folder to say.

use std::cell::RefCell;

use futures_util::StreamExt;
use js_sys::Uint8Array;
use toran_core::http::{self, Exchange, HttpRequest, HttpResponse};
use toran_core::secret::Secret;
use toran_core::time::{Millis, SECOND};
use wasm_bindgen_futures::JsFuture;
use worker::worker_sys::web_sys;
use worker::{AbortController, AbortSignal, Fetch, Headers, Method, Request, RequestInit, RequestRedirect, Response};

use crate::platform;

/// How long the sandbox may take to show that it runs.
const SANDBOX_DEADLINE: Millis = SECOND;
/// How long it then counts as running.
const SANDBOX_REMEMBERED: Millis = SECOND;

thread_local! {
    /// The origin that was last seen to run, and until when that counts.
    static RUNNING: RefCell<(String, Millis)> = const { RefCell::new((String::new(), 0)) };
}

/// Sends a request; whatever happens there is an exchange. An answer of more than `limit` bytes is not read to its end.
pub(crate) async fn send(request: &HttpRequest, deadline: Millis, limit: usize) -> Exchange {
    if http::is_loopback(&request.url) && !sandbox_runs(&request.url).await {
        return Exchange::NotSent;
    }
    let Ok(prepared) = prepare(request) else { return Exchange::NotSent };
    let controller = AbortController::default();
    let signal = controller.signal();
    let exchange = platform::within(deadline, exchange(&prepared, &signal, limit)).await;
    exchange.unwrap_or_else(|| {
        controller.abort();
        Exchange::TimedOut
    })
}

async fn exchange(request: &Request, signal: &AbortSignal, limit: usize) -> Exchange {
    let Ok(request) = request.clone() else { return Exchange::NotSent };
    match Fetch::Request(request).send_with_signal(signal).await {
        Ok(response) => answered(response, limit).await,
        Err(_) => Exchange::Broken,
    }
}

async fn answered(response: Response, limit: usize) -> Exchange {
    let status = response.status_code();
    let header = |name: &str| response.headers().get(name).ok().flatten();
    let retry_after = header("retry-after").and_then(|seconds| seconds.trim().parse().ok());
    let declared = header("content-length").and_then(|length| length.parse::<usize>().ok());
    // What is compressed has another length once it is read.
    let is_whole = declared.is_some_and(|length| length <= limit) && header("content-encoding").is_none();
    match if is_whole { whole(response).await } else { streamed(response, limit).await } {
        Ok(body) => Exchange::Answered(HttpResponse { status, retry_after, body: Secret::new(body) }),
        Err(exchange) => exchange,
    }
}

/// A body that says how long it is: one piece, which crosses into wasm once.
async fn whole(response: Response) -> Result<Vec<u8>, Exchange> {
    let response: web_sys::Response = response.into();
    let Ok(promise) = response.array_buffer() else { return Err(Exchange::Broken) };
    let buffer = JsFuture::from(promise).await.map_err(|_| Exchange::Broken)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// A body of unknown length, as far as the limit.
async fn streamed(mut response: Response, limit: usize) -> Result<Vec<u8>, Exchange> {
    // An answer without a body has no stream.
    let Ok(mut stream) = response.stream() else { return Ok(Vec::new()) };
    let mut body = Vec::new();
    while let Some(chunk) = stream.next().await {
        let Ok(chunk) = chunk else { return Err(Exchange::Broken) };
        if body.len().saturating_add(chunk.len()) > limit {
            return Err(Exchange::TooLarge);
        }
        body.extend(chunk);
    }
    Ok(body)
}

fn prepare(request: &HttpRequest) -> worker::Result<Request> {
    let headers = Headers::new();
    for (name, value) in &request.headers {
        headers.set(name, value.expose())?;
    }
    headers.set("accept", "application/json")?;
    let mut init = RequestInit::new();
    if let Some(body) = &request.body {
        headers.set("content-type", "application/json")?;
        init.with_body(Some(body.expose().as_str().into()));
    }
    let method = match request.method {
        http::Method::Get => Method::Get,
        http::Method::Post => Method::Post,
    };
    init.with_method(method).with_headers(headers).with_redirect(RequestRedirect::Manual);
    Request::new_with_init(&request.url, &init)
}

/// Whether anything answers at a loopback address. A refused connection and one that breaks later look alike to a Worker, and only the
/// first proves that no rupee moved; so the sandbox is asked beforehand. One that listens but is slow to say so runs. Vendors proper are
/// never asked twice.
async fn sandbox_runs(url: &str) -> bool {
    let Some(origin) = worker::Url::parse(url).ok().map(|url| url.origin().ascii_serialization()) else { return false };
    if RUNNING.with_borrow(|(known, until)| *known == origin && *until > platform::now()) {
        return true;
    }
    let Ok(request) = Request::new(&format!("{origin}/_sandbox/alive"), Method::Get) else { return false };
    let fetch = Fetch::Request(request);
    let runs = platform::within(SANDBOX_DEADLINE, fetch.send()).await.is_none_or(|result| result.is_ok());
    if runs {
        RUNNING.set((origin, platform::now().saturating_add(SANDBOX_REMEMBERED)));
    } else {
        platform::log(&serde_json::json!({ "level": "error", "event": "sandbox_not_running", "hint": "Start it with: npm start" }));
    }
    runs
}
