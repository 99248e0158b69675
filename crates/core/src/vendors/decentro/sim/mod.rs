//! Decentro as its documents describe it: Mobile to Account (001), PAN and bank account verification and CKYC (003 sections 2 to 4), for the sandbox.
//!
//! A function of (request, world, now). It checks credentials and input, burns every `reference_id` it sees, also that of a request
//! it rejects, limits how often one mobile number is asked about, and moves a rupee at most once per request. The subject decides what is
//! found: see the tables in `mobile_account.rs`, `pan.rs`, `bank.rs` and `ckyc.rs`. HTTP statuses and the behaviour of the status lookup beyond
//! the documents are assumptions; `docs/SANDBOX.md` lists them. It does not attempt the other operations of document 003.

mod accounts;
pub(super) mod bank;
mod callbacks;
pub(super) mod ckyc;
pub(super) mod ckyc_upload;
pub(super) mod customer_prefill;
mod kyc;
pub(super) mod mobile_account;
pub(super) mod pan;
mod refusals;
mod registry;
mod scenarios;
mod shapes;

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::INTERFACES;
use crate::operations::Operation;
use crate::time::Millis;
use crate::vendors::sim::{Answer, Callback, Kind, Notice, Request, Simulation, choose, no_such_endpoint, transaction_id};

pub use scenarios::scenarios;

/// The credentials that the simulation accepts: the development values of `wrangler.toml`.
pub mod credentials {
    /// Header `client_id`.
    pub const CLIENT_ID: &str = "development_client";
    /// Header `client_secret`.
    pub const CLIENT_SECRET: &str = "development_client_secret";
    /// Header `module_secret` of the KYC module.
    pub const KYC_MODULE_SECRET: &str = "development_kyc_module_secret";
    /// Header `module_secret` of the financial services module.
    pub const FINANCIAL_SERVICES_MODULE_SECRET: &str = "development_financial_services_module_secret";
    /// Header `module_secret` of the payments module.
    pub const PAYMENTS_MODULE_SECRET: &str = "development_payments_module_secret";
    /// The secret under which callbacks are signed.
    pub const CALLBACK_SECRET: &str = "development_callback_secret";
    /// Field `consumer_urn` of document 001.
    pub const CONSUMER_URN: &str = "DEVELOPMENT_CONSUMER_URN";
}

/// What the vendor remembers.
#[derive(Debug, Default)]
pub struct World {
    serial: u64,
    burned: HashSet<String>,
    verifications: HashMap<String, mobile_account::Verification>,
    transfers: HashMap<String, bank::Transfer>,
    /// The records that were taken, by the reference of their upload.
    uploads: HashMap<String, callbacks::Upload>,
    /// The references that the next lookup before this time does not find.
    hidden: HashMap<String, Millis>,
    hits: HashMap<refusals::Hit, Vec<Millis>>,
    /// The CKYC registry: the records that were searched for or added, by the PAN or other number that finds them.
    registry: HashMap<String, registry::Record>,
    /// How often an upload was refused that is let in later, by PAN.
    refusals: HashMap<String, u32>,
}

pub(super) type Handler = fn(&mut World, &Request, Millis) -> Answer;
/// How an interface behaves: its POST, and where there is one the look-up of its status.
pub(super) type Simulated = &'static [Handler];

/// The vendor's routes, of its rows: method, path, operation, purpose, behaviour.
fn routes() -> impl Iterator<Item = (&'static str, &'static str, Operation, Kind, Handler)> {
    INTERFACES.iter().flat_map(|interface| {
        let status = interface.status.as_ref().map(|status| ("GET", status.path, Kind::Status));
        let ways = std::iter::once(("POST", interface.path, Kind::Post)).chain(status);
        ways.zip(interface.simulated).map(|((method, path, kind), handler)| (method, path, interface.operation, kind, *handler))
    })
}

fn route(method: &str, path: &str) -> Option<(Operation, Kind, Handler)> {
    let mut routes = routes();
    routes.find(|(verb, place, ..)| (*verb, *place) == (method, path)).map(|(_, _, operation, kind, handler)| (operation, kind, handler))
}

impl Simulation for World {
    fn operation(&self, method: &str, path: &str) -> Option<(Operation, Kind)> {
        route(method, path).map(|(operation, kind, _)| (operation, kind))
    }

    fn answer(&mut self, request: &Request, now: Millis) -> Answer {
        match route(&request.method, &request.path) {
            Some((_, _, handler)) => handler(self, request, now),
            None => no_such_endpoint(request.reference()),
        }
    }

    fn call_back(&mut self, notice: &Notice<'_>) -> Option<Callback> {
        callbacks::call_back(self, notice)
    }

    fn reverse(&mut self, reference: &str) -> bool {
        self.transfers.get_mut(reference).map(|transfer| transfer.script = bank::REVERSED).is_some()
    }

    fn callback_secret(&self) -> &'static str {
        credentials::CALLBACK_SECRET
    }

    fn calls_back(&self, reference: &str) -> Option<Millis> {
        self.transfers.get(reference)?.calls_back()
    }

    /// A lookup needs the first call to have responded, so the next one before that time does not find it: which is why "not found" proves
    /// nothing.
    fn answer_lost(&mut self, reference: &str, until: Millis) {
        self.hidden.insert(reference.to_owned(), until);
    }
}

impl World {
    /// Takes a reference; `false` when it was seen before.
    fn burn(&mut self, reference: &str) -> bool {
        self.burned.insert(reference.to_owned())
    }

    /// Whether a lookup does not find this reference yet; the next one will.
    fn hides(&mut self, reference: &str, now: Millis) -> bool {
        self.hidden.remove(reference).is_some_and(|until| now < until)
    }

    fn next_transaction(&mut self, subject: &str) -> String {
        self.serial = self.serial.saturating_add(1);
        transaction_id(subject, self.serial)
    }
}

/// A field that is a text, trimmed as the documents read it.
fn text<'a>(body: &'a Value, field: &str) -> Option<&'a str> {
    body.get(field)?.as_str().map(str::trim_ascii)
}

/// Whether a field is no text, or says nothing: white space of any script is all that there is.
fn is_blank(body: &Value, field: &str) -> bool {
    text(body, field).is_none_or(|text| text.trim().is_empty())
}

/// The test person of document 003's samples, and made-up ones that follow from the subject.
fn name_of(subject: &str) -> String {
    const GIVEN: &[&str] = &["ANANYA", "ARJUN", "DEEPA", "FARHAN", "GURPREET", "LAKSHMI", "MEERA", "NIKHIL", "PRIYA", "VIKRAM"];
    const FAMILY: &[&str] = &["BHAT", "CHAWLA", "DAS", "IYER", "KHAN", "MENON", "NAIR", "PATEL", "REDDY", "SINGH"];
    if matches!(subject, "9876543210" | "ABCPE1234F") {
        return "RAHUL SHARMA".into();
    }
    format!("{} {}", choose(GIVEN, subject, "given name"), choose(FAMILY, subject, "family name"))
}

#[cfg(test)]
mod tests;
