//! Wibmo as document 002 describes it, for the sandbox: tokens in and out, really encrypted.
//!
//! Its Encrypt and Decrypt endpoints serve whoever has no key. It checks the API key, the client's fields (in headers or body) and the decrypted request under the document's codes, remembers every
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
/// A field of the client, its value, the code where it is another, and that where Encrypt misses it.
const CLIENT: &[(&str, &str, &str, &str)] = &[
    ("clientId", "development_client", "1032", "1262"),
    ("bankId", "development_bank", "1031", "1264"),
    ("entityId", "development_entity", "1032", "1032"),
    ("secureCode", "development_secure_code", "1032", "1311"),
    ("X-Consumer-Custom-ID", "development_consumer", "1032", "1310"),
];
const AES_KEY: &str = "deadbeef04deadbeef04deadbeef04deadbeef04deadbeef";

const ENDPOINTS: &[(&str, Kind)] = &[(super::RETRIEVE, Kind::Post), ("/api/v2/encrypt", Kind::Encrypt), ("/api/v2/decrypt", Kind::Decrypt)];

/// A token that went out as an answer.
#[derive(Debug)]
struct Issued {
    /// The reference that it answers.
    reference: String,
    /// The code in it, for the list of calls; `None` where it was spoiled on the way.
    code: Option<String>,
}

/// What the vendor remembers.
#[derive(Debug, Default)]
pub struct World {
    serial: u64,
    used: HashSet<String>,
    /// The tokens that went out.
    issued: HashMap<String, Issued>,
    /// Identifiers that were asked for before.
    asked: HashSet<String>,
}

impl Simulation for World {
    fn operation(&self, method: &str, path: &str) -> Option<(Operation, Kind)> {
        let (_, kind) = ENDPOINTS.iter().find(|(known, _)| ("POST", *known) == (method, path))?;
        Some((Operation::PrepaidCustomer, *kind))
    }

    fn answer(&mut self, request: &Request, now: Millis) -> Answer {
        let wire_reference = self.reference(request);
        let (status, body) = match self.operation(&request.method, &request.path) {
            _ if request.header("x-api-key") != Some(API_KEY) => (401, json!({ "message": "No API key found in request" })),
            Some((_, Kind::Encrypt)) => self.encrypt(request),
            Some((_, Kind::Decrypt)) => decrypt(request),
            Some(_) => self.retrieve(request, now),
            None => return no_such_endpoint(wire_reference),
        };
        Answer { status, body, wire_reference, credited: None }
    }

    /// It is inside the token, or what is to be encrypted.
    fn reference(&self, request: &Request) -> Option<String> {
        let issued = token(request).and_then(|token| self.issued.get(&token)).map(|issued| issued.reference.clone());
        let asked = || {
            text(&request.object().filter(|body| !body.contains_key("token")).or_else(|| opened(request))?, "clientTxnId")
                .map(str::to_owned)
        };
        issued.or_else(asked)
    }

    fn key(&self, answer: &Answer) -> Option<String> {
        let sealed = answer.body.get("token").and_then(Value::as_str).and_then(|token| self.issued.get(token)?.code.clone());
        sealed.or_else(|| answer.body.as_str().and_then(code_in)).or_else(|| answer.key().map(str::to_owned))
    }
}

impl World {
    fn retrieve(&mut self, request: &Request, now: Millis) -> (u16, Value) {
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
        let seal = |text: &str| seal(text, &format!("reply to {reference}"));
        let (status, body, code) = match sent {
            Sent::Plain(status, body) => (status, body, None),
            Sent::Spoiled(text, change) => (200, json!({ "token": change(&seal(&text)) }), None),
            Sent::Sealed(status, text) => (status, json!({ "token": seal(&text) }), code_in(&text)),
        };
        let token = body.get("token").and_then(Value::as_str);
        self.issued.extend(token.map(|token| (token.to_owned(), Issued { reference: reference.to_owned(), code })));
        (status, body)
    }

    /// The Encrypt endpoint: a token of whatever JSON there is. It knows its client by headers only, for the body is what is encrypted.
    fn encrypt(&mut self, request: &Request) -> (u16, Value) {
        self.serial = self.serial.saturating_add(1);
        let missing = CLIENT.iter().find(|(field, ..)| request.header(&field.to_ascii_lowercase()).is_none()).map(|(.., missing)| *missing);
        let code = missing.or_else(|| client_refusal(request)).or_else(|| request.object().is_none().then_some("1055"));
        match (code, std::str::from_utf8(&request.body)) {
            (None, Ok(text)) => (200, json!({ "token": seal(text, &format!("encrypted {}", self.serial)) })),
            (code, _) => (200, coded(json!({}), code.unwrap_or("1055"))),
        }
    }
}

/// The Decrypt endpoint: the text of a token, or an error that says too much, as such endpoints do.
fn decrypt(request: &Request) -> (u16, Value) {
    if let Some(code) = client_refusal(request) {
        return (200, coded(json!({}), code));
    }
    let plain = token(request).and_then(|token| cipher(AES_KEY)?.open(&token));
    match plain.and_then(|plain| String::from_utf8(plain.expose().clone()).ok()) {
        Some(text) => (200, text.into()),
        None => (
            500,
            json!({ "message": "Given final block not properly padded. Such issues can arise if a bad key is used during decryption." }),
        ),
    }
}

fn seal(text: &str, reference: &str) -> String {
    cipher(AES_KEY).and_then(|cipher| cipher.seal(text, reference)).unwrap_or_default()
}

fn token(request: &Request) -> Option<String> {
    request.object()?.get("token")?.as_str().map(str::to_owned)
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
    let plain = cipher(AES_KEY)?.open(&token(request)?)?;
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
    CLIENT.iter().find(|(field, value, ..)| said(field).as_deref() != Some(value)).map(|(_, _, code, _)| *code)
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
