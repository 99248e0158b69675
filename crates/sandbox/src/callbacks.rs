//! Callbacks: `POST /_sandbox/callback` has a vendor call the gateway back about an earlier request (contract section 4).
//!
//! What a callback says is the vendor's simulation's, and how it is signed its folder's. Here it is delivered: late, twice, out of order, or not as its vendor sent it.

use std::borrow::Cow;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{Method, Request as HttpRequest, header};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde::Deserialize;
use serde_json::{Value, json};
use toran_core::time::Millis;
use toran_core::vendors::callback;
use toran_core::vendors::proof::{Encoding, Signature};
use toran_core::vendors::sim::Notice;

use crate::server::Sandbox;

/// The gateway's key of development, by which a caller's reference is found.
const KEY: &str = "Bearer toran_dev_key";
/// How much of the gateway's responses is read, in bytes.
const MOST: usize = 1024 * 1024;
/// How long a body is that no gateway takes, in bytes.
const OVERSIZE: usize = 1024 * 1024;

/// A callback that a vendor sends by itself.
#[derive(Clone, Debug)]
pub(crate) struct Due {
    pub(crate) vendor: &'static str,
    pub(crate) reference: String,
    pub(crate) after: Millis,
}

/// Which callback to send, and how.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    vendor: String,
    /// The request that it is about, as the vendor knows it; or by the caller's reference or the check's id.
    wire_reference: Option<String>,
    reference_id: Option<String>,
    /// The event that it names: empty for none.
    event: Option<String>,
    /// The vendor account whose door it comes to.
    account: Option<String>,
    tamper: Option<Tamper>,
    #[serde(default)]
    delay_ms: u64,
    #[serde(default = "once")]
    times: u32,
    #[serde(default, rename = "order")]
    sequence: Sequence,
}

const fn once() -> u32 {
    1
}

/// In which order many deliveries come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Sequence {
    #[default]
    Forward,
    Reverse,
}

/// What is wrong with a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Tamper {
    /// One letter of the signature is another.
    Signature,
    /// It has none.
    Unsigned,
    /// It is signed under another secret.
    Secret,
    /// Its signature is written in the other encoding.
    Encoding,
    /// It carries its signature twice.
    Doubled,
    /// One byte of the body was changed after it was signed.
    Body,
    /// The body was written anew after it was signed: other white space.
    Reserialised,
    /// It says the opposite of what is so; rightly signed, like those that follow.
    Opposite,
    /// It says something else under the id of an earlier one.
    Altered,
    /// It names another transaction.
    OtherTransaction,
    /// It is longer than any gateway takes.
    Oversize,
    /// It is no JSON.
    NotJson,
}

impl Sandbox {
    /// Sends what is ordered. Answers what the gateway said to each delivery.
    pub(crate) async fn call_back(&self, order: &[u8]) -> Result<Vec<Value>, String> {
        let order: Order = serde_json::from_slice(order).map_err(|error| error.to_string())?;
        let reference = match (&order.wire_reference, &order.reference_id) {
            (Some(reference), None) => reference.clone(),
            (None, Some(reference_id)) => self.wire_reference(reference_id).await?,
            _ => return Err("Exactly one of wire_reference and reference_id says what it is about.".into()),
        };
        tokio::time::sleep(Duration::from_millis(order.delay_ms)).await;
        let mut deliveries: Vec<_> = (1..=order.times).collect();
        if order.sequence == Sequence::Reverse {
            deliveries.reverse();
        }
        let mut told = Vec::new();
        for delivery in deliveries {
            told.push(self.deliver(&order, &reference, delivery).await?);
        }
        Ok(told)
    }

    /// Sends what a vendor sends by itself. Nobody hears what came of it.
    pub(crate) async fn calls_back(self, due: Due) {
        let Due { vendor, reference, after } = due;
        let order = json!({ "vendor": vendor, "wire_reference": reference, "delay_ms": after });
        let _ = self.call_back(order.to_string().as_bytes()).await;
    }

    /// The wire reference of the latest request about a caller's reference, or a check's id: it begins with the place, which the id says.
    pub(crate) async fn wire_reference(&self, reference_id: &str) -> Result<String, String> {
        let (_, check) = self.ask_gateway(&format!("/v1/checks/{reference_id}")).await?;
        let id = check.get("id").and_then(Value::as_str).unwrap_or_default();
        let place = id.strip_prefix("chk_").ok_or("The gateway knows no such check.")?;
        let books = self.books();
        let found = books.calls.iter().rev().filter_map(|call| call.wire_reference.clone()).find(|reference| reference.starts_with(place));
        found.ok_or_else(|| "No vendor was asked about it.".into())
    }

    async fn ask_gateway(&self, path: &str) -> Result<(u16, Value), String> {
        let request = HttpRequest::get(format!("{}{path}", self.setting.gateway)).header(header::AUTHORIZATION, KEY);
        sent(request.body(Body::empty()).map_err(|error| error.to_string())?).await
    }

    async fn deliver(&self, order: &Order, reference: &str, delivery: u32) -> Result<Value, String> {
        let at = (self.setting.clock)();
        let is_opposite = order.tamper == Some(Tamper::Opposite);
        let notice = Notice { reference, event: order.event.as_deref(), delivery, is_opposite, at };
        let called = self.books().call_back(&order.vendor, &notice);
        // One that is forged is about whatever it says.
        let forged = || (json!({ "referenceId": reference, "transactionStatus": "SUCCESS", "data": { "user_id": reference } }), "forged");
        let (body, secret) = called.unwrap_or_else(forged);
        let callbacks = callback::of(&order.vendor).ok_or("This vendor sends no callbacks.")?;
        let account = order.account.as_deref().unwrap_or("common");
        let url = format!("{}/v1/webhooks/{}/{account}", self.setting.gateway, order.vendor);
        let mut request = HttpRequest::builder().method(Method::POST).uri(url).header(header::CONTENT_TYPE, "application/json");
        let body = altered(&body, order.tamper).into_bytes();
        for (name, value) in headers(&callbacks.signature, secret, &at.to_string(), &body, order.tamper) {
            request = request.header(name, value);
        }
        let (status, said) = sent(request.body(Body::from(on_the_way(body, order.tamper))).map_err(|error| error.to_string())?).await?;
        Ok(json!({ "status": status, "body": said }))
    }
}

/// The body as it is signed.
fn altered(body: &Value, tamper: Option<Tamper>) -> String {
    let with = |field: &str, value: Value| toran_core::vendors::sim::set(body.clone(), field, value).to_string();
    match tamper {
        Some(Tamper::Altered) => with("remark", "another text under the same id".into()),
        Some(Tamper::OtherTransaction) => with("decentroTxnId", "OTHER".into()),
        Some(Tamper::Oversize) => with("padding", "x".repeat(OVERSIZE).into()),
        Some(Tamper::NotJson) => "<html></html>".into(),
        _ => body.to_string(),
    }
}

/// The headers that prove who sent it.
fn headers(signature: &Signature, secret: &str, time: &str, body: &[u8], tamper: Option<Tamper>) -> Vec<(String, String)> {
    let other_encoding = match signature.encoding {
        Encoding::Hex => Encoding::Base64,
        Encoding::Base64 => Encoding::Hex,
    };
    let written = match tamper {
        Some(Tamper::Secret) => signature.written("another secret", time, body),
        Some(Tamper::Encoding) => Signature { encoding: other_encoding, ..signature.clone() }.written(secret, time, body),
        _ => signature.written(secret, time, body),
    };
    let times = match tamper {
        Some(Tamper::Unsigned) => 0,
        Some(Tamper::Doubled) => 2,
        _ => 1,
    };
    let written: Cow<'_, str> = if tamper == Some(Tamper::Signature) { one_letter_off(&written).into() } else { written.into() };
    let mut headers = vec![(signature.header.clone().into_owned(), written.into_owned()); times];
    headers.extend(signature.timestamp.iter().map(|name| (name.clone().into_owned(), time.to_owned())));
    headers
}

fn one_letter_off(text: &str) -> String {
    let other = if text.starts_with('0') { "1" } else { "0" };
    text.chars().skip(1).fold(other.to_owned(), |mut text, letter| {
        text.push(letter);
        text
    })
}

/// The body as it arrives.
fn on_the_way(body: Vec<u8>, tamper: Option<Tamper>) -> Vec<u8> {
    match tamper {
        Some(Tamper::Body) => [body.as_slice(), b" "].concat(),
        Some(Tamper::Reserialised) => {
            let value: Value = serde_json::from_slice(&body).unwrap_or_default();
            serde_json::to_vec_pretty(&value).unwrap_or_default()
        }
        _ => body,
    }
}

/// Sends a request. Answers the status and the body, as JSON where it is that.
async fn sent(request: HttpRequest<Body>) -> Result<(u16, Value), String> {
    let client = Client::builder(TokioExecutor::new()).build_http::<Body>();
    let response = client.request(request).await.map_err(|error| format!("The gateway does not answer: {error}"))?;
    let status = response.status().as_u16();
    let bytes: Bytes = to_bytes(Body::new(response.into_body()), MOST).await.map_err(|error| error.to_string())?;
    let value = serde_json::from_slice(&bytes).unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into_owned().into());
    Ok((status, value))
}
