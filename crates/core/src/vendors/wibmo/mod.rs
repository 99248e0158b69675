//! Wibmo: the record of a prepaid customer (document 002).
//!
//! One call, under a cipher of its own. With a key it is applied here, and nothing personal goes anywhere else; without one the vendor's own Encrypt
//! and Decrypt endpoints are asked, which makes three requests of it. Base addresses, where the client's fields go and how the initialisation
//! vector travels are settings. The folder's README states capabilities, quirks and sources.

mod auth;
mod outcomes;
#[cfg(feature = "sim")]
pub mod sim;
mod wire;

use auth::{AES_KEY, API_KEY, CIPHER_URL};

use crate::http::{Exchange, HttpRequest, HttpResponse, Method};
use crate::operations::{Asked, Operation, PrepaidCustomer, Request};
use crate::secret::Secret;
use crate::time::Millis;
use crate::vendors::{Call, CallKind, Misconfigured, NOT_OFFERED, Reading, Settings, Step, Vendor, address, address_below};

/// The base address.
const URL: &str = "WIBMO_URL";
/// What stands before a mobile number, where it is not [`COUNTRY`]: digits, or `none`.
const MOBILE_PREFIX: &str = "WIBMO_MOBILE_PREFIX";

const RETRIEVE: &str = "/onboarding/v3/retrieveCustRecord";
/// Below the base address of the cipher.
const ENCRYPT: &str = "/encrypt";
const DECRYPT: &str = "/decrypt";
/// Answers have the country's code in front, and so have `PayU`'s requests to the same interface.
const COUNTRY: &str = "91";

/// The vendor.
pub struct Wibmo;

impl Vendor for Wibmo {
    fn name(&self) -> &'static str {
        outcomes::VENDOR
    }

    fn settings(&self) -> &'static [&'static str] {
        &[URL, API_KEY, "WIBMO_CLIENT_ID", "WIBMO_BANK_ID", "WIBMO_ENTITY_ID", "WIBMO_SECURE_CODE", "WIBMO_CONSUMER_CUSTOM_ID"]
    }

    fn one_of(&self) -> &'static [&'static str] {
        &[AES_KEY, CIPHER_URL]
    }

    fn request(&self, call: &Call, request: &Request, settings: Settings<'_>, now: Millis) -> Result<HttpRequest, Misconfigured> {
        let request = asked(request)?;
        let text = wire::retrieve(request, &call.wire_reference, &mobile_prefix(settings)?, now).to_string();
        match auth::cipher(settings)? {
            Some(cipher) => retrieve(cipher.seal(&text, &call.wire_reference).ok_or(AES_KEY)?, settings),
            None => encrypt(text, settings),
        }
    }

    fn read(&self, call: &Call, request: &Request, exchange: &Exchange, settings: Settings<'_>) -> Reading {
        let Ok(request) = asked(request) else { return Reading::unknown(outcomes::nobody()) };
        match auth::cipher(settings) {
            Ok(Some(cipher)) => outcomes::prepaid_customer(request, call, exchange, |token| cipher.open(token)),
            Ok(None) => outcomes::not_encrypted(request, call, exchange),
            Err(Misconfigured(name)) => Reading::misconfigured(call.kind, &name),
        }
    }

    /// Without a cipher of our own: Encrypt, Retrieve, Decrypt, as long as each gives a token to go on with.
    fn step(&self, call: &Call, request: &Request, said: &[Exchange], settings: Settings<'_>, now: Millis) -> Result<Step, Misconfigured> {
        let is_remote = auth::cipher(settings)?.is_none();
        match said {
            [] => self.request(call, request, settings, now).map(Step::Send),
            [said] if is_remote && let Some((_, token)) = token(said) => retrieve(token, settings).map(Step::Send),
            [_, said] if let Some((_, token)) = token(said) => decrypt(token, settings).map(Step::Send),
            [_, said, decrypted] if let Some((retrieved, _)) = token(said) => {
                Ok(Step::Read(outcomes::decrypted(asked(request)?, call, retrieved, decrypted)))
            }
            [_, said] => Ok(Step::Read(outcomes::prepaid_customer(asked(request)?, call, said, |_| None))),
            [said, ..] => Ok(Step::Read(self.read(call, request, said, settings))),
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

fn asked(request: &Request) -> Result<&PrepaidCustomer, Misconfigured> {
    match request.asked() {
        Asked::PrepaidCustomer(request) => Ok(request),
        _ => Err(NOT_OFFERED),
    }
}

/// An answer that has a token, and the token.
fn token(said: &Exchange) -> Option<(&HttpResponse, String)> {
    match said {
        Exchange::Answered(response) if !outcomes::decides(response.status) => Some((response, wire::token(response.body.expose())?)),
        _ => None,
    }
}

fn retrieve(token: String, settings: Settings<'_>) -> Result<HttpRequest, Misconfigured> {
    with_token(address(settings, Operation::PrepaidCustomer, CallKind::Post, URL, RETRIEVE)?, token, settings)
}

fn decrypt(token: String, settings: Settings<'_>) -> Result<HttpRequest, Misconfigured> {
    with_token(address_below(settings, CIPHER_URL, DECRYPT)?, token, settings)
}

fn with_token(url: String, token: String, settings: Settings<'_>) -> Result<HttpRequest, Misconfigured> {
    let credentials = auth::credentials(settings)?;
    let body = Some(Secret::new(auth::body(token, credentials.body).to_string()));
    Ok(HttpRequest { method: Method::Post, url, headers: credentials.headers, body })
}

/// Everything in the body is encrypted, so the client's fields are always in headers.
fn encrypt(text: String, settings: Settings<'_>) -> Result<HttpRequest, Misconfigured> {
    let url = address_below(settings, CIPHER_URL, ENCRYPT)?;
    Ok(HttpRequest { method: Method::Post, url, headers: auth::headers(settings)?, body: Some(Secret::new(text)) })
}

fn mobile_prefix(settings: Settings<'_>) -> Result<String, Misconfigured> {
    match settings(MOBILE_PREFIX).as_deref().map(str::trim) {
        None | Some("") => Ok(COUNTRY.into()),
        Some("none") => Ok(String::new()),
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Ok(digits.into()),
        Some(_) => Err(MOBILE_PREFIX.into()),
    }
}
