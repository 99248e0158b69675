//! Who brings one-time passwords to telephones: `POST /_sandbox/otp` takes what the gateway has sent, as the setting `OTP_SENDER` describes it, and `GET /_sandbox/otp` lists it, for whoever plays
//! the customer. `POST /_sandbox/receiver` with the name `otp` says how it answers.

use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::server::Sandbox;

/// The name under which it is told how to answer.
const NAME: &str = "otp";
/// What development sends: the setting `OTP_SENDER_SECRET`.
const AUTHORIZATION: &str = "Bearer development_otp_secret";
/// So many messages are kept, the latest.
const KEPT: usize = 1_000;

/// A message.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    to: String,
    code: String,
    text: String,
}

/// Takes a message. One that it is told to refuse is not delivered; one that it is told to delay is, whoever still waits for the answer.
pub(crate) async fn take(State(sandbox): State<Sandbox>, headers: HeaderMap, body: Bytes) -> Response {
    if headers.get(header::AUTHORIZATION).is_none_or(|value| value != AUTHORIZATION) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Ok(Message { to, code, text }) = serde_json::from_slice(&body) else { return StatusCode::BAD_REQUEST.into_response() };
    if !text.contains(&code) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let answer = {
        let at = (sandbox.setting.clock)();
        let receiver = &mut sandbox.books().receiver;
        let answer = receiver.answer(NAME);
        if answer.as_ref().is_none_or(|answer| answer.status < 300) {
            receiver.otps.push(json!({ "at": at, "to": to, "code": code }));
            let surplus = receiver.otps.len().saturating_sub(KEPT);
            receiver.otps.drain(..surplus);
        }
        answer
    };
    let Some(answer) = answer else { return StatusCode::ACCEPTED.into_response() };
    tokio::time::sleep(Duration::from_millis(answer.delay_ms)).await;
    answer.response()
}

/// Lists the messages: `[{at, to, code}]`, in the order in which they came.
pub(crate) async fn list(State(sandbox): State<Sandbox>) -> Json<Vec<Value>> {
    Json(sandbox.books().receiver.otps.clone())
}
