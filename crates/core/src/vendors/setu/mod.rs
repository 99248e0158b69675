//! Setu: reverse penny drop, of which it was the pioneer (document 003 sections 3.5 and 9).
//!
//! The request makes a payment link and carries our reference alone. What became of it is told by a notification, or by a look-up of Setu's own id. The folder's README states
//! capabilities, quirks and sources.

mod auth;
mod callback;
mod outcomes;
#[cfg(feature = "sim")]
pub mod sim;
mod wire;

use std::borrow::Cow;

use auth::{CLIENT_ID, CLIENT_SECRET, PRODUCT};
use wire::REVERSE;

use crate::http::{Exchange, HttpRequest, Method};
use crate::operations::{Asked, Operation, Request};
use crate::secret::Secret;
use crate::time::Millis;
use crate::vendors::callback::Callbacks;
use crate::vendors::{Call, CallKind, Misconfigured, NOT_OFFERED, Reading, Settings, Vendor, address};

/// The base address: `https://dg.setu.co` in production.
const URL: &str = "SETU_URL";

/// Setu's id of the request is missing; without it there is no look-up.
const NO_ID: Misconfigured = Misconfigured(Cow::Borrowed("id"));

/// The vendor.
pub struct Setu;

impl Vendor for Setu {
    fn name(&self) -> &'static str {
        outcomes::VENDOR
    }

    fn settings(&self) -> &'static [&'static str] {
        &[URL, CLIENT_ID, CLIENT_SECRET, PRODUCT]
    }

    fn callbacks(&self) -> Option<&'static Callbacks> {
        Some(&callback::CALLBACKS)
    }

    fn request(&self, call: &Call, request: &Request, settings: Settings<'_>, _now: Millis) -> Result<HttpRequest, Misconfigured> {
        let Asked::BankCollect(_) = request.asked() else { return Err(NOT_OFFERED) };
        let (url, headers) =
            (address(settings, Operation::BankCollect, call.kind, URL, REVERSE)?, auth::headers(settings, &call.wire_reference)?);
        match call.kind {
            CallKind::Post => {
                let body = Some(Secret::new(wire::body(&call.wire_reference).to_string()));
                Ok(HttpRequest { method: Method::Post, url, headers, body })
            }
            CallKind::Status => {
                let id = call.clue.as_ref().filter(|clue| wire::is_id(&clue.0)).ok_or(NO_ID)?;
                Ok(HttpRequest { method: Method::Get, url: format!("{url}/{}", id.0), headers, body: None })
            }
        }
    }

    fn read(&self, call: &Call, request: &Request, exchange: &Exchange, _settings: Settings<'_>) -> Reading {
        match (call.kind, request.asked()) {
            (CallKind::Post, Asked::BankCollect(_)) => outcomes::post(exchange),
            (CallKind::Status, Asked::BankCollect(request)) => {
                let id = call.clue.as_ref().map(|clue| clue.0.as_str());
                outcomes::status(request, id, &call.wire_reference, exchange)
            }
            _ => Reading::unknown(outcomes::nobody()),
        }
    }

    #[cfg(feature = "sim")]
    fn simulation(&self) -> Box<dyn crate::vendors::sim::Simulation> {
        Box::new(sim::World::default())
    }

    #[cfg(feature = "sim")]
    fn scenarios(&self, seed: &str) -> Vec<crate::vendors::sim::Scenario> {
        sim::scenarios(seed)
    }
}
