//! One delivery: signed, sent under a deadline, and what came of it.

use js_sys::{JsString, Promise};
use serde_json::{Map, Value};
use toran_core::endpoint::{Attempt, Config, DEADLINE, Heard, signature};
use toran_core::http;
use toran_core::time::Millis;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::platform;

#[wasm_bindgen(module = "/src/perform.js")]
extern "C" {
    fn deliver(url: &str, headers: &str, body: JsString, deadline: f64) -> Promise;

    /// The endpoint's response.
    type Response;
    #[wasm_bindgen(method, getter)]
    fn status(this: &Response) -> u16;
    #[wasm_bindgen(method, getter)]
    fn retry_after(this: &Response) -> Option<String>;
}

/// A delivery that was tried.
pub(super) struct Tried {
    pub(super) at: Millis,
    pub(super) ms: Millis,
    pub(super) heard: Heard,
}

impl Tried {
    /// It as it is listed, before it is judged.
    pub(super) fn attempt(&self, event: &Value, number: u8) -> Attempt {
        let text = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        Attempt {
            event: text("id"),
            kind: text("type"),
            attempt: number,
            at: self.at,
            ms: self.ms,
            status: self.heard.status(),
            fault: self.heard.fault().map(str::to_owned),
            is_given_up: false,
            next_at: None,
            is_replay: false,
        }
    }
}

/// Sends an event to an endpoint, signed now.
pub(super) async fn send(config: &Config, event: &Value) -> Tried {
    let (at, body) = (platform::now(), event.to_string());
    let id = event.get("id").and_then(Value::as_str).unwrap_or_default();
    let signed = signature::headers(config.live(at), id, at, &body);
    let mut headers: Map<String, Value> = signed.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    headers.insert("content-type".to_owned(), "application/json".into());
    headers.insert("user-agent".to_owned(), "Toran".into());
    let promise = deliver(&config.url, &Value::Object(headers).to_string(), JsString::from(body.as_str()), platform::number(DEADLINE));
    let heard = JsFuture::from(promise).await.map_or(Heard::Unreachable, |value| read(&value));
    Tried { at, ms: platform::now().saturating_sub(at), heard }
}

fn read(value: &JsValue) -> Heard {
    match value.as_string().as_deref() {
        Some("timed_out") => Heard::TimedOut,
        Some(_) => Heard::Unreachable,
        None => {
            let response: &Response = value.unchecked_ref();
            Heard::Answered { status: response.status(), retry_after: response.retry_after().and_then(|header| http::retry_after(&header)) }
        }
    }
}
