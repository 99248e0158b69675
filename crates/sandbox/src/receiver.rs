//! A caller's receiver of events: `POST /_sandbox/receive/{name}` takes what the gateway delivers, `GET /_sandbox/received` lists it, and `POST /_sandbox/receiver` says how it answers.
//!
//! It verifies nothing: what it lists has the headers and the very text that came, so that whoever looks can.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use toran_core::time::Millis;

use crate::server::Sandbox;

/// So many deliveries are kept, the latest.
const KEPT: usize = 1_000;
/// The longest delay, in milliseconds.
const LONGEST: u64 = 60_000;

/// How a receiver answers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manner {
    /// Which receiver.
    name: String,
    pub(crate) status: u16,
    #[serde(default)]
    pub(crate) delay_ms: u64,
    retry_after: Option<u32>,
    /// How often; as long as nothing else is said where it is left out.
    times: Option<u32>,
}

/// What was received, and how receivers answer.
#[derive(Debug, Default)]
pub(crate) struct Receiver {
    received: Vec<Value>,
    /// The one-time passwords that were sent.
    pub(crate) otps: Vec<Value>,
    manners: BTreeMap<String, Manner>,
}

impl Receiver {
    fn order(&mut self, body: &[u8]) -> Result<(), String> {
        let manner: Manner = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        if !(200..=599).contains(&manner.status) {
            return Err("`status` is from 200 to 599.".into());
        }
        if manner.delay_ms > LONGEST {
            return Err("`delay_ms` is at most 60000.".into());
        }
        self.manners.insert(manner.name.clone(), manner);
        Ok(())
    }

    /// How the receiver answers this time.
    pub(crate) fn answer(&mut self, name: &str) -> Option<Manner> {
        let manner = self.manners.get_mut(name)?;
        if let Some(times) = &mut manner.times {
            *times = times.checked_sub(1)?;
        }
        Some(manner.clone())
    }

    fn keep(&mut self, name: &str, headers: &HeaderMap, body: &[u8], at: Millis, status: u16) {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let headers = json!({
            "webhook-id": header("webhook-id"),
            "webhook-timestamp": header("webhook-timestamp"),
            "webhook-signature": header("webhook-signature"),
        });
        self.received.push(json!({ "at": at, "name": name, "status": status, "headers": headers, "body": String::from_utf8_lossy(body) }));
        let surplus = self.received.len().saturating_sub(KEPT);
        self.received.drain(..surplus);
    }
}

/// Takes a delivery.
pub(crate) async fn receive(State(sandbox): State<Sandbox>, Path(name): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let manner = {
        let now = (sandbox.setting.clock)();
        let receiver = &mut sandbox.books().receiver;
        let manner = receiver.answer(&name);
        receiver.keep(&name, &headers, &body, now, manner.as_ref().map_or(204, |manner| manner.status));
        manner
    };
    let Some(manner) = manner else { return StatusCode::NO_CONTENT.into_response() };
    tokio::time::sleep(Duration::from_millis(manner.delay_ms)).await;
    manner.response()
}

impl Manner {
    /// The response, without its delay.
    pub(crate) fn response(&self) -> Response {
        let mut response = Response::builder().status(self.status);
        if let Some(seconds) = self.retry_after {
            response = response.header(header::RETRY_AFTER, seconds);
        }
        if (300..400).contains(&self.status) {
            response = response.header(header::LOCATION, "/_sandbox/receive/redirected");
        }
        response.body(Body::empty()).unwrap_or_default()
    }
}

/// Lists what one receiver took (`?name=`), or all.
pub(crate) async fn received(State(sandbox): State<Sandbox>, Query(query): Query<BTreeMap<String, String>>) -> Json<Vec<Value>> {
    let books = sandbox.books();
    let is_wanted = |line: &&Value| query.get("name").is_none_or(|name| line.get("name").and_then(Value::as_str) == Some(name));
    Json(books.receiver.received.iter().filter(is_wanted).cloned().collect())
}

/// Says how a receiver answers from now on.
pub(crate) async fn order(State(sandbox): State<Sandbox>, body: Bytes) -> Response {
    match sandbox.books().receiver.order(&body) {
        Ok(()) => Json(json!({ "accepted": true })).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response(),
    }
}
