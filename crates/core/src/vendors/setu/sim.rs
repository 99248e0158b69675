//! Setu's reverse penny drop as its pages describe it, for the sandbox: the request, its look-up, its notification.
//!
//! It checks credentials and the form of `additionalData`, makes a link, and knows of a payment what is ordered of its customer ([`payments::ACTS`]). That the link is valid for ten minutes, and that a
//! failure is notified with `additionalData`, are assumptions (`docs/SANDBOX.md`).

use std::collections::HashMap;

use serde_json::{Value, json};

use super::callback::EVENT;
use super::wire::REVERSE;
use crate::keys::{self, Meaning, Source};
use crate::operations::Operation;
use crate::time::{MINUTE, Millis, rfc3339};
use crate::vendors::sim::payments::{self, ACCOUNT, ACTS, Act, End, PAYEE, VPA};
use crate::vendors::sim::{Answer, Callback, Expect, Kind, Notice, Request, Scenario, Simulation, digits, no_such_endpoint, numbered, set};

/// The development values of `wrangler.toml`.
const CREDENTIALS: &[(&str, &str)] = &[
    ("x-client-id", "development_client"),
    ("x-client-secret", "development_client_secret"),
    ("x-product-instance-id", "development_product_instance"),
];
const CALLBACK_SECRET: &str = "development_callback_secret";

const CREATED: &str = "BAV_REVERSE_PENNY_DROP_CREATED";
const PAID: &str = "BAV_REVERSE_PENNY_DROP_PAYMENT_SUCCESSFUL";
const PAYMENT_FAILED: &str = "BAV_REVERSE_PENNY_DROP_PAYMENT_FAILED";
const FAILED: &str = "BAV_REVERSE_PENNY_DROP_FAILED";
const EXPIRED: &str = "BAV_REVERSE_PENNY_DROP_EXPIRED";

/// For how long a link is valid.
const VALID: Millis = 10 * MINUTE;

/// What the vendor remembers: every request, by our reference.
#[derive(Debug, Default)]
pub struct World {
    links: HashMap<String, Link>,
}

#[derive(Clone, Debug)]
struct Link {
    id: String,
    valid_until: Millis,
    act: Option<&'static Act>,
    /// How many look-ups still say that nobody paid.
    pending: u32,
    /// How often it was looked up.
    lookups: u32,
}

impl Link {
    fn status(&self, now: Millis) -> &'static str {
        match self.act.map(|act| act.end) {
            Some(_) if self.pending > 0 => CREATED,
            Some(End::Paid) => PAID,
            Some(End::Failed) => PAYMENT_FAILED,
            Some(End::GivenUp) => FAILED,
            Some(End::Expired) => EXPIRED,
            None if now >= self.valid_until => EXPIRED,
            None => CREATED,
        }
    }

    /// The account that paid.
    fn account(&self) -> Value {
        let Some(act) = self.act.filter(|act| act.end == End::Paid && self.pending == 0) else { return Value::Null };
        json!({
            "accountType": act.kind, "bankAccountType": act.account_type, "bankAccountIfsc": act.ifsc, "bankAccountName": act.holder,
            "bankAccountNumber": ACCOUNT, "ifscCrossCheck": act.kind == "BANK_ACCOUNT",
            "ifscDetails": { "name": "State Bank of India", "city": "MUMBAI", "imps": "true", "upi": "true" }, "payerVpa": VPA,
        })
    }

    fn body(&self, reference: &str, now: Millis) -> Value {
        let bill = digits(&self.id, "bill", 19);
        let link = format!("upi://pay?pa={PAYEE}&pn=Toran%20Sandbox&am=1.00&tr={bill}&tn=Account%20Verification&cu=INR&mode=04");
        json!({
            "id": self.id, "shortUrl": "https://sandbox.example/wh9kk4mwuktg", "status": self.status(now), "traceId": trace(&self.id), "upiBillId": bill,
            "upiLink": link, "validUpto": rfc3339(self.valid_until).replace('Z', ".277688"), "data": self.account(),
            "additionalData": { "reference": reference },
        })
    }
}

fn trace(id: &str) -> String {
    format!("1-640f227f-{}", digits(id, "trace", 24))
}

impl Simulation for World {
    fn operation(&self, method: &str, path: &str) -> Option<(Operation, Kind)> {
        match (method, path.strip_prefix(REVERSE)?) {
            ("POST", "") => Some((Operation::BankCollect, Kind::Post)),
            ("GET", id) if id.starts_with('/') => Some((Operation::BankCollect, Kind::Status)),
            _ => None,
        }
    }

    fn answer(&mut self, request: &Request, now: Millis) -> Answer {
        let is_known = CREDENTIALS.iter().all(|(name, value)| request.header(name) == Some(value));
        match self.operation(&request.method, &request.path) {
            None => no_such_endpoint(self.reference(request)),
            Some(_) if !is_known => refused(request, 401, "unauthorized"),
            Some((_, Kind::Post)) => self.create(request, now),
            Some(_) => self.details(request, now),
        }
    }

    fn reference(&self, request: &Request) -> Option<String> {
        request.header("x-request-id").map(str::to_owned)
    }

    fn key(&self, answer: &Answer) -> Option<String> {
        let said = |pointer: &str| answer.body.pointer(pointer)?.as_str().map(str::to_owned);
        said("/error/code").or_else(|| said("/status"))
    }

    fn call_back(&mut self, notice: &Notice<'_>) -> Option<Callback> {
        let link = self.links.get(notice.reference)?;
        // Whoever is told has not to wait.
        let now = Link { pending: 0, ..link.clone() };
        let paid = Link { act: payments::named("paid"), ..now.clone() };
        let expired = Link { act: payments::named("expired"), ..now.clone() };
        let is_paid = link.status(notice.at) == PAID;
        let link = if !notice.is_opposite {
            link
        } else if is_paid {
            &expired
        } else {
            &paid
        };
        let event = notice.event.unwrap_or(EVENT);
        let status = link.status(notice.at);
        let rpd = json!({
            "success": status == PAID, "id": link.id, "upiBillId": digits(&link.id, "bill", 19), "data": link.account(),
            "additionalData": { "reference": notice.reference },
        });
        let rpd = if status == PAID { rpd } else { set(rpd, "error", json!({ "code": status, "detail": "Expired or failed" })) };
        let body = json!({ "timeStamp": rfc3339(notice.at), "data": { "rpd": rpd }, "traceId": trace(&format!("{}{}", link.id, notice.delivery)) });
        let body = if event.is_empty() { body } else { set(body, "event", event.into()) };
        Some(Callback { operation: Operation::BankCollect, body, credited: None })
    }

    fn pay(&mut self, reference: &str, act: &'static Act, now: Millis) -> bool {
        let link = self.links.get_mut(reference).filter(|link| link.status(now) == CREATED && link.act.is_none());
        link.map(|link| (link.act, link.pending) = (Some(act), act.pending)).is_some()
    }

    fn callback_secret(&self) -> &'static str {
        CALLBACK_SECRET
    }
}

impl World {
    /// `POST /api/verify/ban/reverse`.
    fn create(&mut self, request: &Request, now: Millis) -> Answer {
        let reference = request.header("x-request-id").unwrap_or_default().to_owned();
        let body = request.object().unwrap_or_default();
        let is_sound =
            body.get("additionalData").is_none_or(|data| data.as_object().is_some_and(|data| data.values().all(Value::is_string)));
        if !is_sound {
            return refused(request, 400, "bad_request");
        }
        let link = Link {
            id: uuid(&format!("{reference}{}", self.links.len())),
            valid_until: now.saturating_add(VALID),
            act: None,
            pending: 0,
            lookups: 0,
        };
        let body = link.body(&reference, now);
        self.links.insert(reference, link);
        replied(request, 201, body)
    }

    /// `GET /api/verify/ban/reverse/:requestId`.
    fn details(&mut self, request: &Request, now: Millis) -> Answer {
        let id = request.path.rsplit('/').next().unwrap_or_default();
        let Some((reference, link)) = self.links.iter_mut().find(|(_, link)| link.id == id) else {
            return refused(request, 404, "request_not_found");
        };
        link.lookups = link.lookups.saturating_add(1);
        if now < link.valid_until {
            link.act = payments::by_themselves(link.act, link.lookups);
        }
        let body = link.body(reference, now);
        link.pending = link.pending.saturating_sub(1);
        replied(request, 200, body)
    }
}

/// An id in the form of a UUID.
fn uuid(subject: &str) -> String {
    let digits = digits(subject, "uuid", 32);
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32];
    parts.into_iter().map(|part| digits.get(part).unwrap_or_default()).collect::<Vec<_>>().join("-")
}

fn refused(request: &Request, status: u16, code: &str) -> Answer {
    let detail = "Please refer to our docs to send an appropriate request";
    replied(request, status, json!({ "error": { "code": code, "detail": detail, "traceId": trace(code) } }))
}

fn replied(request: &Request, status: u16, body: Value) -> Answer {
    Answer { status, body, wire_reference: request.header("x-request-id").map(str::to_owned), credited: None }
}

/// Every scenario of [`crate::vendors::Vendor::scenarios`].
#[must_use]
pub fn scenarios(seed: &str) -> Vec<Scenario> {
    let row = |key: &str| keys::find(Source::SETU_PAYMENT, key, None);
    let acts = ACTS.iter().map(move |act| {
        let status = Link { id: String::new(), valid_until: Millis::MAX, act: Some(act), pending: 0, lookups: 0 }.status(0);
        let covered = if act.pending > 0 { CREATED } else { status };
        payments::scenario("setu", act, status, row(covered))
    });
    numbered(acts.chain(http_rows()), seed)
}

/// The HTTP statuses, at every vendor that is asked: two refuse us, or are down as often as they are tried.
fn http_rows() -> impl Iterator<Item = Scenario> {
    keys::rows_of(Source::SETU_HTTP).map(|row| {
        let order = |status: &str, times: u32| {
            let status: u16 = status.parse().unwrap_or(500);
            json!({ "operation": Operation::BankCollect.row().name, "times": times, "fault": "status", "status": status })
        };
        let is_trouble = matches!(row.meaning, Meaning::Trouble { .. });
        let setup = match row.key {
            _ if is_trouble => vec![order(row.key, 5)],
            "401" => vec![order(row.key, 2)],
            _ => vec![order(row.key, 1), order("401", 1)],
        };
        let expect = Expect::problem(if is_trouble { row.answers_with } else { keys::SERVICE_UNAVAILABLE });
        Scenario { setup, covers: Some(row), ..payments::asked("setu_http", row.key, expect) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(world: &mut World, method: &str, path: &str, body: &Value) -> Answer {
        let headers = CREDENTIALS.iter().chain([&("x-request-id", "11")]).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let request = Request {
            method: method.into(),
            path: path.into(),
            headers: headers.collect(),
            body: body.to_string().into_bytes(),
            ..Request::default()
        };
        world.answer(&request, 0)
    }

    #[test]
    fn a_link_is_paid_once_and_looked_up_by_its_id() {
        let mut world = World::default();
        let made = asked(&mut world, "POST", REVERSE, &json!({ "additionalData": { "reference": "11" } }));
        let id = made.body.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        assert_eq!((made.status, made.body.get("status")), (201, Some(&json!(CREATED))));
        let acts = [payments::named("paid"), payments::named("expired")];
        let paid = acts.map(|act| act.map(|act| world.pay("11", act, 1)));
        assert_eq!(paid, [Some(true), Some(false)]);
        let found = asked(&mut world, "GET", &format!("{REVERSE}/{id}"), &Value::Null);
        assert_eq!((found.status, found.body.get("status")), (200, Some(&json!(PAID))));
        assert_eq!(asked(&mut world, "GET", &format!("{REVERSE}/1"), &Value::Null).status, 404);
        assert_eq!(asked(&mut world, "POST", REVERSE, &json!({ "additionalData": { "reference": {} } })).status, 400);
    }
}
