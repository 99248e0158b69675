//! Carries out a call to a vendor: one fetch, under a deadline, with its answer cut off where it gets too large.
//!
//! Redirects are not followed. What came of it is an [`Exchange`]; what that means is the vendor's folder to say.

use futures_util::StreamExt;
use toran_core::http::{self, Exchange, HttpRequest, HttpResponse};
use toran_core::secret::Secret;
use toran_core::time::{Millis, SECOND};
use worker::{AbortController, AbortSignal, Fetch, Headers, Method, Request, RequestInit, RequestRedirect, Response};

use crate::platform;

/// How long the sandbox may take to show that it runs.
const SANDBOX_DEADLINE: Millis = SECOND;

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

async fn answered(mut response: Response, limit: usize) -> Exchange {
    let status = response.status_code();
    let header = response.headers().get("retry-after").ok().flatten();
    let retry_after = header.and_then(|seconds| seconds.trim().parse().ok());
    // An answer without a body has no stream.
    let Ok(mut stream) = response.stream() else {
        return Exchange::Answered(HttpResponse { status, retry_after, body: Secret::new(Vec::new()) });
    };
    let mut body = Vec::new();
    while let Some(chunk) = stream.next().await {
        let Ok(chunk) = chunk else { return Exchange::Broken };
        if body.len().saturating_add(chunk.len()) > limit {
            return Exchange::TooLarge;
        }
        body.extend(chunk);
    }
    Exchange::Answered(HttpResponse { status, retry_after, body: Secret::new(body) })
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
    let Ok(request) = Request::new(&format!("{origin}/_sandbox/alive"), Method::Get) else { return false };
    let fetch = Fetch::Request(request);
    let runs = platform::within(SANDBOX_DEADLINE, fetch.send()).await.is_none_or(|result| result.is_ok());
    if !runs {
        platform::log(&serde_json::json!({ "level": "error", "event": "sandbox_not_running", "hint": "Start it with: npm start" }));
    }
    runs
}
