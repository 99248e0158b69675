//! iServeU: the state of a remitter of domestic money transfer (document 004).
//!
//! One call, no reference, no status lookup. Base address and path are settings: the path holds a segment per client.
//! The folder's README states capabilities, quirks and sources.

mod auth;
mod outcomes;
#[cfg(feature = "sim")]
pub mod sim;
mod wire;

use auth::{CLIENT_ID, CLIENT_SECRET};

use crate::http::{Exchange, HttpRequest, Method};
use crate::operations::{Asked, Operation, Request};
use crate::secret::Secret;
use crate::time::Millis;
use crate::vendors::{Call, Misconfigured, NOT_OFFERED, Reading, Settings, Vendor, address, setting};

/// The base address, with the client's segment where there is one.
const URL: &str = "ISERVEU_URL";
/// The name under which iServeU knows us.
const USERNAME: &str = "ISERVEU_USERNAME";

const GET_CUSTOMER: &str = "/common/dmt-lite/unified/customer/get-customer";

/// The vendor.
pub struct Iserveu;

impl Vendor for Iserveu {
    fn name(&self) -> &'static str {
        outcomes::VENDOR
    }

    fn settings(&self) -> &'static [&'static str] {
        &[URL, CLIENT_ID, CLIENT_SECRET, USERNAME]
    }

    fn request(&self, call: &Call, request: &Request, settings: Settings<'_>, _now: Millis) -> Result<HttpRequest, Misconfigured> {
        let Asked::DmtCustomer(request) = request.asked() else { return Err(NOT_OFFERED) };
        let body = wire::get_customer(request, &setting(settings, USERNAME)?).ok_or("public_ip")?;
        Ok(HttpRequest {
            method: Method::Post,
            url: address(settings, Operation::DmtCustomer, call.kind, URL, GET_CUSTOMER)?,
            headers: auth::headers(settings, &call.wire_reference)?,
            body: Some(Secret::new(body.to_string())),
        })
    }

    fn read(&self, _call: &Call, request: &Request, exchange: &Exchange, _settings: Settings<'_>) -> Reading {
        match request.asked() {
            Asked::DmtCustomer(request) => outcomes::dmt_customer(request, exchange),
            _ => Reading::unknown(outcomes::nobody()),
        }
    }

    #[cfg(feature = "sim")]
    fn simulation(&self) -> Box<dyn crate::vendors::sim::Simulation> {
        Box::new(sim::World)
    }

    #[cfg(feature = "sim")]
    fn scenarios(&self, seed: &str) -> Vec<crate::vendors::sim::Scenario> {
        sim::scenarios(seed)
    }
}
