//! Cashfree as its API reference describes it, for the sandbox: verify-PAN-sync, PAN Lite, the asynchronous bank account verification and the reverse penny drop with their look-ups.
//!
//! It checks credentials and input, takes a `verification_id` once, and moves a rupee at most once per verification. The subject decides what is found: see the
//! tables in `pan.rs` and `bank.rs`. That a `user_id` is taken once, and what a look-up of an unknown one says, are assumptions (`docs/SANDBOX.md`).

mod bank;
mod pan;
mod payments;
mod scenarios;

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::{BANK_ACCOUNT, BANK_ACCOUNT_STATUS, PAN, PAN_LITE, REMITTER_STATUS, REVERSE_PENNY_DROP, wire};
use crate::keys::{self, Row, Source};
use crate::operations::Operation;
use crate::time::Millis;
use crate::vendors::sim::payments::Act;
use crate::vendors::sim::{Answer, Callback, Kind, Notice, Request, Simulation, choose, no_such_endpoint};

pub use scenarios::scenarios;

/// The development values of `wrangler.toml`.
const CLIENT_ID: &str = "development_client";
const CLIENT_SECRET: &str = "development_client_secret";

type Handler = fn(&mut World, &Request, Millis) -> Answer;

/// The vendor's routes: method, path, operation, purpose, behaviour.
const ROUTES: &[(&str, &str, Operation, Kind, Handler)] = &[
    ("POST", PAN, Operation::PanVerify, Kind::Post, pan::sync),
    ("POST", PAN_LITE, Operation::PanVerify, Kind::Post, pan::lite),
    ("POST", BANK_ACCOUNT, Operation::BankVerify, Kind::Post, bank::post),
    ("GET", BANK_ACCOUNT_STATUS, Operation::BankVerify, Kind::Status, bank::status),
    ("POST", REVERSE_PENNY_DROP, Operation::BankCollect, Kind::Post, payments::post),
    ("GET", REMITTER_STATUS, Operation::BankCollect, Kind::Status, payments::status),
];

/// What the vendor remembers.
#[derive(Debug, Default)]
pub struct World {
    serial: u64,
    /// Every `verification_id` and `user_id` that it has seen.
    taken: HashSet<String>,
    /// By `user_id`.
    verifications: HashMap<String, bank::Verification>,
    /// By `verification_id`.
    links: HashMap<String, payments::Link>,
    /// The wire references that the next look-up before this time does not find.
    hidden: HashMap<String, Millis>,
}

impl Simulation for World {
    fn operation(&self, method: &str, path: &str) -> Option<(Operation, Kind)> {
        route(method, path).map(|(operation, kind, _)| (operation, kind))
    }

    fn answer(&mut self, request: &Request, now: Millis) -> Answer {
        match (route(&request.method, &request.path), client_refusal(request)) {
            (None, _) => no_such_endpoint(self.reference(request)),
            (Some(_), Some(code)) => refused(request, code),
            (Some((_, _, handler)), None) => handler(self, request, now),
        }
    }

    /// Not every request has a field for it; it comes as a header.
    fn reference(&self, request: &Request) -> Option<String> {
        request.header("x-request-id").map(str::to_owned)
    }

    fn key(&self, answer: &Answer) -> Option<String> {
        let of_payment = answer.body.get("ref_id").and_then(|_| answer.body.get("status")?.as_str());
        let said = ["code", "account_status_code", "pan_status"].iter().find_map(|field| answer.body.get(field)?.as_str());
        said.or(of_payment).map(str::to_owned)
    }

    fn call_back(&mut self, notice: &Notice<'_>) -> Option<Callback> {
        let id = wire::reference(notice.reference)?;
        bank::call_back(self, &id, notice).or_else(|| payments::call_back(self, &id, notice))
    }

    fn pay(&mut self, reference: &str, act: &'static Act, now: Millis) -> bool {
        wire::reference(reference).is_some_and(|id| payments::pay(self, &id, act, now))
    }

    fn callback_secret(&self) -> &'static str {
        CLIENT_SECRET
    }

    fn answer_lost(&mut self, reference: &str, until: Millis) {
        self.hidden.insert(reference.to_owned(), until);
    }
}

fn route(method: &str, path: &str) -> Option<(Operation, Kind, Handler)> {
    let found = ROUTES.iter().find(|(verb, place, ..)| (*verb, *place) == (method, path))?;
    Some((found.2, found.3, found.4))
}

/// What is wrong with the credentials.
fn client_refusal(request: &Request) -> Option<&'static str> {
    match (request.header("x-client-id"), request.header("x-client-secret")) {
        (None | Some(""), _) => Some("x-client-id_missing"),
        (_, None | Some("")) => Some("x-client-secret_missing"),
        (Some(CLIENT_ID), Some(CLIENT_SECRET)) => None,
        _ => Some("authentication_failed"),
    }
}

/// The HTTP status and `type` of an error response, by its code; else those of a validation error.
const ERRORS: &[(&str, u16, &str)] = &[
    ("authentication_failed", 401, "authentication_error"),
    ("ip_validation_failed", 403, "authentication_error"),
    ("verification_id_already_exists", 409, VALIDATION),
    ("insufficient_balance", 422, VALIDATION),
    ("too_many_requests_per_operation", 429, "rate_limit_error"),
    ("too_many_requests_per_ip", 429, "rate_limit_error"),
    ("verification_failed", 500, "internal_error"),
];
const VALIDATION: &str = "validation_error";

/// The error response of a code.
fn refused(request: &Request, code: &str) -> Answer {
    let message = keys::find(Source::CASHFREE_ERROR, code, None).map_or("The request is not valid.", |row| row.message);
    let (status, kind) = ERRORS.iter().find(|(known, ..)| *known == code).map_or((400, VALIDATION), |(_, status, kind)| (*status, *kind));
    replied(request, status, json!({ "type": kind, "code": code, "message": message }))
}

/// A bare HTTP status.
fn bare(request: &Request, row: &Row) -> Answer {
    replied(request, row.key.parse().unwrap_or(500), json!({}))
}

fn replied(request: &Request, status: u16, body: Value) -> Answer {
    Answer { status, body, wire_reference: request.header("x-request-id").map(str::to_owned), credited: None }
}

impl World {
    /// Takes an id of ours; `false` when it was seen before.
    fn take(&mut self, id: &str) -> bool {
        self.taken.insert(id.to_owned())
    }

    /// Whether a look-up does not find this wire reference yet; the next one will.
    fn hides(&mut self, reference: &str, now: Millis) -> bool {
        self.hidden.remove(reference).is_some_and(|until| now < until)
    }

    /// `reference_id`: a number of theirs.
    fn next_reference(&mut self) -> u64 {
        self.serial = self.serial.saturating_add(1);
        self.serial.saturating_add(21_637_860)
    }
}

/// A field of a body, as text.
fn text<'a>(body: &'a Value, field: &str) -> &'a str {
    body.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// The test person of Cashfree's samples, and made-up ones that follow from the subject.
fn name_of(subject: &str) -> &'static str {
    if subject == "ABCPV1234D" {
        return "JOHN DOE";
    }
    choose(&["ANANYA BHAT", "ARJUN DAS", "DEEPA IYER", "FARHAN KHAN", "GURPREET SINGH", "LAKSHMI NAIR"], subject, "cashfree")
}

#[cfg(test)]
mod tests;
