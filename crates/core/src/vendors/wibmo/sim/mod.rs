//! Wibmo as document 002 describes it, for the sandbox: tokens in and out, really encrypted.
//!
//! It checks the API key, the client's fields (in headers or body) and the decrypted request under the document's codes, remembers every
//! `clientTxnId` it has seen, and answers in the document's shape under messageCode 1931. The identifier decides what is found: see `records.rs`. HTTP
//! statuses and the order of the checks are assumptions; `docs/SANDBOX.md` lists them.

mod records;
mod scenarios;

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::auth::{self, Cipher};
use crate::keys::{self, Source};
use crate::operations::Operation;
use crate::time::{Millis, indian_digits};
use crate::vendors::sim::{Answer, Kind, Request, Simulation, no_such_endpoint, set};
use records::Sent;

pub use scenarios::scenarios;

/// The development values of `wrangler.toml`.
const API_KEY: &str = "development_api_key";
const CLIENT: &[(&str, &str, &str)] = &[
    ("clientId", "development_client", "1032"),
    ("bankId", "development_bank", "1031"),
    ("entityId", "development_entity", "1032"),
    ("secureCode", "development_secure_code", "1032"),
    ("X-Consumer-Custom-ID", "development_consumer", "1032"),
];
const AES_KEY: &str = "deadbeef04deadbeef04deadbeef04deadbeef04deadbeef";

/// What the vendor remembers.
#[derive(Debug, Default)]
pub struct World {
    serial: u64,
    used: HashSet<String>,
    /// The code in each token that went out, for the list of calls.
    codes: HashMap<String, String>,
    /// Identifiers that were asked for before.
    asked: HashSet<String>,
}

impl Simulation for World {
    fn operation(&self, method: &str, path: &str) -> Option<(Operation, Kind)> {
        ((method, path) == ("POST", super::RETRIEVE)).then_some((Operation::PrepaidCustomer, Kind::Post))
    }

    fn answer(&mut self, request: &Request, now: Millis) -> Answer {
        let wire_reference = self.reference(request);
        if self.operation(&request.method, &request.path).is_none() {
            return no_such_endpoint(wire_reference);
        }
        let (status, body) = self.retrieve(request, now);
        Answer { status, body, wire_reference, credited: None }
    }

    /// It is inside the token.
    fn reference(&self, request: &Request) -> Option<String> {
        opened(request).and_then(|asked| text(&asked, "clientTxnId").map(str::to_owned))
    }

    fn key(&self, answer: &Answer) -> Option<String> {
        let sealed = answer.body.get("token").and_then(Value::as_str).and_then(|token| self.codes.get(token).cloned());
        sealed.or_else(|| answer.key().map(str::to_owned))
    }
}

impl World {
    fn retrieve(&mut self, request: &Request, now: Millis) -> (u16, Value) {
        if request.header("x-api-key") != Some(API_KEY) {
            return (401, json!({ "message": "No API key found in request" }));
        }
        self.serial = self.serial.saturating_add(1);
        let asked = opened(request).unwrap_or_default();
        let reference = text(&asked, "clientTxnId").unwrap_or_default().to_owned();
        let envelope = json!({
            "responseCode": "00", "messageCode": 1931, "clientTxnId": reference, "responseDateTime": indian_digits(now),
            "accosaTransactionId": self.serial.saturating_add(3540), "responseMessage": "SUCCESS",
        });
        let refused = refusal(request, &asked).or_else(|| (!self.used.insert(reference.clone())).then_some("1054"));
        let sent = if let Some(code) = refused {
            Sent::Sealed(200, coded(envelope, code).to_string())
        } else {
            let (kind, subject) = identifier(&asked).unwrap_or_default();
            let is_first = self.asked.insert(subject.to_owned());
            records::answer(envelope, kind, subject, is_first)
        };
        self.sealed(sent, &reference)
    }

    fn sealed(&mut self, sent: Sent, reference: &str) -> (u16, Value) {
        let seal = |text: &str| cipher(AES_KEY).and_then(|cipher| cipher.seal(text, &format!("reply to {reference}"))).unwrap_or_default();
        match sent {
            Sent::Plain(status, body) => (status, body),
            Sent::Spoiled(text, change) => (200, json!({ "token": change(&seal(&text)) })),
            Sent::Sealed(status, text) => {
                let token = seal(&text);
                self.codes.extend(code_in(&text).map(|code| (token.clone(), code)));
                (status, json!({ "token": token }))
            }
        }
    }
}

/// The `responseCode` of a text that may be no whole object.
fn code_in(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("\"responseCode\":")?;
    Some(rest.split([',', '}']).next()?.trim().trim_matches('"').to_owned())
}

/// The cipher of development, as `WIBMO_IV` leaves it when it is not set.
fn cipher(key: &str) -> Option<Cipher> {
    Cipher::of(&|name| (name == auth::AES_KEY).then(|| key.to_owned())).ok()
}

/// The request inside the token.
fn opened(request: &Request) -> Option<Map<String, Value>> {
    let body = request.object()?;
    let plain = cipher(AES_KEY)?.open(body.get("token")?.as_str()?)?;
    serde_json::from_slice(plain.expose()).ok()
}

fn text<'a>(asked: &'a Map<String, Value>, field: &str) -> Option<&'a str> {
    asked.get(field)?.as_str()
}

const IDENTIFIERS: &[&str] = &["customerMobile", "customerId", "urn", "emailId"];

fn identifier(asked: &Map<String, Value>) -> Option<(&'static str, &str)> {
    IDENTIFIERS.iter().find_map(|field| Some((*field, text(asked, field)?)))
}

/// The code of a request that is refused before anybody is looked for.
fn refusal(request: &Request, asked: &Map<String, Value>) -> Option<&'static str> {
    client_refusal(request).or_else(|| text_refusal(asked))
}

fn client_refusal(request: &Request) -> Option<&'static str> {
    let body = request.object().unwrap_or_default();
    let said = |field: &str| request.header(&field.to_ascii_lowercase()).or_else(|| text(&body, field)).map(str::to_owned);
    if said("bankId").is_none() {
        return Some("1264");
    }
    CLIENT.iter().find(|(field, value, _)| said(field).as_deref() != Some(value)).map(|(.., code)| *code)
}

fn text_refusal(asked: &Map<String, Value>) -> Option<&'static str> {
    if asked.is_empty() {
        return Some("1055");
    }
    if asked.get("messageCode") != Some(&json!(1930)) {
        return Some("1056");
    }
    match text(asked, "requestDateTime") {
        None => return Some("1320"),
        Some(date) if date.len() != 14 || !date.bytes().all(|byte| byte.is_ascii_digit()) => return Some("1088"),
        Some(_) => {}
    }
    if text(asked, "clientTxnId").is_none_or(|reference| !(1..=100).contains(&reference.len())) {
        return Some("1093");
    }
    match IDENTIFIERS.iter().filter(|field| asked.contains_key(**field)).count() {
        0 => Some("1055"),
        1 => identifier(asked).and_then(|(kind, subject)| subject_refusal(kind, subject)),
        _ => Some("1304"),
    }
}

fn subject_refusal(kind: &str, subject: &str) -> Option<&'static str> {
    let are_digits = subject.bytes().all(|byte| byte.is_ascii_digit());
    match kind {
        "customerMobile" => (!are_digits || !matches!(subject.len(), 10 | 12)).then_some("1034"),
        "emailId" => (!subject.contains('@')).then_some("1092"),
        _ => None,
    }
}

/// An envelope without a customer, under a code of the document.
fn coded(envelope: Value, code: &str) -> Value {
    let message = keys::find(Source::D002, &format!("wibmo_{code}"), None).map_or("", |row| row.message);
    set(set(envelope, "responseCode", code.into()), "responseMessage", message.into())
}

#[cfg(test)]
mod tests;
