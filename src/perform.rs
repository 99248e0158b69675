//! Carries out a call to a vendor: one fetch, under a deadline, with its answer cut off where it gets too large.
//!
//! Redirects are not followed. What came of it is an [`Exchange`]; what that means is the vendor's folder to say. The platform's part is `src/perform.js`: each
//! header and each await would otherwise cross the boundary of wasm.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use js_sys::{JsString, Promise};
use toran_core::http::{self, Exchange, HttpRequest, HttpResponse};
use toran_core::secret::Secret;
use toran_core::time::{Millis, SECOND};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::platform;

/// How long the sandbox may take to show that it runs.
const SANDBOX_DEADLINE: Millis = SECOND;
/// How long it then counts as running.
const SANDBOX_REMEMBERED: Millis = SECOND;
/// The most bytes of its word that are read.
const SANDBOX_ANSWER: usize = 1024;

thread_local! {
    /// The origin that was last seen to run, and until when that counts.
    static RUNNING: RefCell<(String, Millis)> = const { RefCell::new((String::new(), 0)) };
    /// Whether it is being asked again.
    static ASKED: Cell<bool> = const { Cell::new(false) };
}

#[wasm_bindgen(module = "/src/perform.js")]
extern "C" {
    fn exchange(url: &str, method: &str, headers: &str, body: Option<JsString>, deadline: f64, limit: usize) -> Promise;

    /// An answer that was read to its end.
    type Answer;
    #[wasm_bindgen(method, getter)]
    fn status(this: &Answer) -> u16;
    #[wasm_bindgen(method, getter)]
    fn retry_after(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn reset(this: &Answer) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    fn body(this: &Answer) -> Vec<u8>;
}

/// What came of a request, and for how many seconds the vendor asks not to be called.
type Exchanged = (Exchange, Option<u32>);

/// Sends a request; whatever happens there is an exchange. An answer of more than `limit` bytes is not read to its end.
pub(crate) async fn send(request: HttpRequest, deadline: Millis, limit: usize) -> Exchanged {
    let mut headers: BTreeMap<&str, &str> = request.headers.iter().map(|(name, value)| (*name, value.expose().as_str())).collect();
    headers.insert("accept", "application/json");
    if request.body.is_some() {
        headers.insert("content-type", "application/json");
    }
    let method = match request.method {
        http::Method::Get => "GET",
        http::Method::Post => "POST",
    };
    let Ok(headers) = serde_json::to_string(&headers) else { return (Exchange::NotSent, None) };
    // It may be large, and is the platform's from here on.
    let body = request.body.map(|body| JsString::from(body.expose().as_str()));
    if http::is_loopback(&request.url) && !sandbox_runs(&request.url).await {
        return (Exchange::NotSent, None);
    }
    exchanged(&request.url, method, &headers, body, deadline, limit).await
}

/// Asks beforehand what sending to this address would ask first.
pub(crate) async fn reach(url: &str) {
    if http::is_loopback(url) {
        sandbox_runs(url).await;
    }
}

/// Fetches what is no vendor's: nothing is asked of it but to be read.
pub(crate) async fn fetch(url: &str, deadline: Millis, limit: usize) -> Exchange {
    exchanged(url, "GET", r#"{"accept":"application/json"}"#, None, deadline, limit).await.0
}

async fn exchanged(url: &str, method: &str, headers: &str, body: Option<JsString>, deadline: Millis, limit: usize) -> Exchanged {
    let promise = exchange(url, method, headers, body, platform::number(deadline.max(0)), limit);
    match JsFuture::from(promise).await {
        Ok(value) => read(&value),
        Err(_) => (Exchange::Broken, None),
    }
}

fn read(value: &JsValue) -> Exchanged {
    let exchange = match value.as_string().as_deref() {
        Some("not_sent") => Exchange::NotSent,
        Some("timed_out") => Exchange::TimedOut,
        Some("too_large") => Exchange::TooLarge,
        Some(_) => Exchange::Broken,
        None => {
            let answer: &Answer = value.unchecked_ref();
            let retry_after = answer.retry_after().and_then(|header| http::retry_after(&header));
            let patience = http::patience(retry_after, answer.reset().as_deref(), platform::now());
            let response = HttpResponse { status: answer.status(), retry_after, body: Secret::new(answer.body()) };
            return (Exchange::Answered(response), patience);
        }
    };
    (exchange, None)
}

/// Whether anything answers at a loopback address. A refused connection and one that breaks later look alike to a Worker, and only the
/// first proves that no rupee moved; so the sandbox is asked beforehand. One that listens but is slow to say so runs. Vendors proper are
/// never asked twice.
async fn sandbox_runs(url: &str) -> bool {
    let (origin, _) = http::origin(url);
    let left = RUNNING.with_borrow(|(known, until)| if known == origin { until.saturating_sub(platform::now()) } else { 0 });
    if left <= 0 {
        return answers(origin).await;
    }
    // Under load nobody waits for it: calls that did would arrive together, and pass their vendor's plan.
    if left < SANDBOX_REMEMBERED / 2 && !ASKED.replace(true) {
        let origin = origin.to_owned();
        spawn_local(async move {
            answers(&origin).await;
            ASKED.set(false);
        });
    }
    true
}

async fn answers(origin: &str) -> bool {
    let alive = format!("{origin}/_sandbox/alive");
    let (answer, _) = exchanged(&alive, "GET", "{}", None, SANDBOX_DEADLINE, SANDBOX_ANSWER).await;
    let runs = !matches!(answer, Exchange::NotSent | Exchange::Broken);
    if runs {
        RUNNING.set((origin.to_owned(), platform::now().saturating_add(SANDBOX_REMEMBERED)));
    } else {
        platform::log(&serde_json::json!({ "level": "error", "event": "sandbox_not_running", "hint": "Start it with: npm start" }));
    }
    runs
}
