//! Wibmo: the record of a prepaid customer (document 002).
//!
//! One call, under a cipher of its own that is applied here: nothing personal goes to a remote Encrypt endpoint. Base address, path, where the
//! client's fields go and how the initialisation vector travels are settings. The folder's README states capabilities, quirks and sources.

mod auth;
mod outcomes;
#[cfg(feature = "sim")]
pub mod sim;
mod wire;

use auth::{AES_KEY, API_KEY, Cipher};

use crate::http::{Exchange, HttpRequest, Method};
use crate::operations::{Operation, Request};
use crate::secret::Secret;
use crate::time::Millis;
use crate::vendors::{Call, Misconfigured, NOT_OFFERED, Reading, Settings, Vendor, address};

/// The base address.
const URL: &str = "WIBMO_URL";
/// What stands before a mobile number, where it is not [`COUNTRY`]: digits, or `none`.
const MOBILE_PREFIX: &str = "WIBMO_MOBILE_PREFIX";

const RETRIEVE: &str = "/onboarding/v3/retrieveCustRecord";
/// Answers have the country's code in front, and so have `PayU`'s requests to the same interface.
const COUNTRY: &str = "91";

/// The vendor.
pub struct Wibmo;

impl Vendor for Wibmo {
    fn name(&self) -> &'static str {
        outcomes::VENDOR
    }

    fn settings(&self) -> &'static [&'static str] {
        &[URL, API_KEY, AES_KEY, "WIBMO_CLIENT_ID", "WIBMO_BANK_ID", "WIBMO_ENTITY_ID", "WIBMO_SECURE_CODE", "WIBMO_CONSUMER_CUSTOM_ID"]
    }

    fn request(&self, call: &Call, request: &Request, settings: Settings<'_>, now: Millis) -> Result<HttpRequest, Misconfigured> {
        let Request::PrepaidCustomer(request) = request else { return Err(NOT_OFFERED) };
        let text = wire::retrieve(request, &call.wire_reference, &mobile_prefix(settings)?, now).to_string();
        let token = Cipher::of(settings)?.seal(&text, &call.wire_reference).ok_or(AES_KEY)?;
        let credentials = auth::credentials(settings)?;
        Ok(HttpRequest {
            method: Method::Post,
            url: address(settings, Operation::PrepaidCustomer, call.kind, URL, RETRIEVE)?,
            headers: credentials.headers,
            body: Some(Secret::new(auth::body(token, credentials.body).to_string())),
        })
    }

    fn read(&self, call: &Call, request: &Request, exchange: &Exchange, settings: Settings<'_>) -> Reading {
        let Request::PrepaidCustomer(request) = request else { return Reading::unknown(outcomes::nobody()) };
        match Cipher::of(settings) {
            Ok(cipher) => outcomes::prepaid_customer(request, call, exchange, &cipher),
            Err(Misconfigured(name)) => Reading::misconfigured(call.kind, &name),
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

fn mobile_prefix(settings: Settings<'_>) -> Result<String, Misconfigured> {
    match settings(MOBILE_PREFIX).as_deref().map(str::trim) {
        None | Some("") => Ok(COUNTRY.into()),
        Some("none") => Ok(String::new()),
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Ok(digits.into()),
        Some(_) => Err(MOBILE_PREFIX.into()),
    }
}
