//! Decentro: PAN verification (document 003), Mobile to Account (document 001).
//!
//! The two live on different hosts with different dialects and headers, so base addresses are settings.
//! The folder's README states capabilities, quirks and sources.

mod auth;
mod outcomes;
#[cfg(feature = "sim")]
pub mod sim;
mod wire;

use auth::{CLIENT_ID, CLIENT_SECRET, KYC_MODULE_SECRET};
use serde_json::Value;

use crate::http::{Exchange, HttpRequest, Method, query_value};
use crate::operations::Request;
use crate::secret::Secret;
use crate::time::Millis;
use crate::vendors::{Call, CallKind, Misconfigured, NOT_OFFERED, Reading, Settings, Vendor, address, setting};

/// The base address of the v3 routes: `https://api.decentro.tech` in production.
const V3_URL: &str = "DECENTRO_V3_URL";
/// The base address of the v2 routes: `https://in.decentro.tech` in production.
const V2_URL: &str = "DECENTRO_V2_URL";
/// The identifier that Decentro gave us, which Mobile to Account wants.
const CONSUMER_URN: &str = "DECENTRO_CONSUMER_URN";

const MOBILE_TO_ACCOUNT: &str = "/v3/banking/mobile_to_account";
const MOBILE_TO_ACCOUNT_STATUS: &str = "/v3/banking/account_validation/status?reference_id=";
const PAN_VALIDATE: &str = "/kyc/public/api/customer/verification/validate";

/// The vendor.
pub struct Decentro;

impl Vendor for Decentro {
    fn name(&self) -> &'static str {
        outcomes::VENDOR
    }

    fn settings(&self) -> &'static [&'static str] {
        &[V3_URL, V2_URL, CLIENT_ID, CLIENT_SECRET, KYC_MODULE_SECRET, CONSUMER_URN]
    }

    fn request(&self, call: &Call, request: &Request, settings: Settings<'_>, _now: Millis) -> Result<HttpRequest, Misconfigured> {
        match (request, call.kind) {
            (Request::MobileAccount(request), CallKind::Post) => {
                let urn = setting(settings, CONSUMER_URN)?;
                post(settings, V3_URL, MOBILE_TO_ACCOUNT, None, &wire::mobile_account(request, &call.wire_reference, &urn))
            }
            (Request::MobileAccount(_), CallKind::Status) => status(settings, &call.wire_reference),
            (Request::PanVerify(request), _) => {
                post(settings, V2_URL, PAN_VALIDATE, Some(KYC_MODULE_SECRET), &wire::pan_verify(request, &call.wire_reference))
            }
            _ => Err(NOT_OFFERED),
        }
    }

    fn read(&self, call: &Call, request: &Request, exchange: &Exchange, _settings: Settings<'_>) -> Reading {
        match (request, call.kind) {
            (Request::MobileAccount(_), CallKind::Post) => outcomes::mobile_account(exchange),
            (Request::MobileAccount(_), CallKind::Status) => outcomes::mobile_account_status(exchange),
            (Request::PanVerify(request), _) => outcomes::pan_verify(request, exchange),
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

fn post(
    settings: Settings<'_>,
    base: &'static str,
    path: &str,
    module_secret: Option<&'static str>,
    body: &Value,
) -> Result<HttpRequest, Misconfigured> {
    Ok(HttpRequest {
        method: Method::Post,
        url: address(settings, base, path)?,
        headers: auth::headers(settings, module_secret)?,
        body: Some(Secret::new(body.to_string())),
    })
}

fn status(settings: Settings<'_>, wire_reference: &str) -> Result<HttpRequest, Misconfigured> {
    let path = format!("{MOBILE_TO_ACCOUNT_STATUS}{}", query_value(wire_reference));
    Ok(HttpRequest { method: Method::Get, url: address(settings, V3_URL, &path)?, headers: auth::headers(settings, None)?, body: None })
}
