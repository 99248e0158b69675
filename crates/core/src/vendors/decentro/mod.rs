//! Decentro: Customer Data Pull (document 000), Mobile to Account (document 001), PAN and bank account verification and CKYC (document 003).
//!
//! They live on different hosts with different dialects and headers, so base addresses are settings.
//! The folder's README states capabilities, quirks and sources.

mod auth;
mod outcomes;
#[cfg(feature = "sim")]
pub mod sim;
mod wire;

use std::borrow::Cow;

use auth::{CLIENT_ID, CLIENT_SECRET, FINANCIAL_SERVICES_MODULE_SECRET, KYC_MODULE_SECRET, PAYMENTS_MODULE_SECRET};
use wire::requests;

use crate::http::{Exchange, HttpRequest, Method, query_value};
use crate::operations::{Asked, Operation, Request};
use crate::secret::Secret;
use crate::time::Millis;
use crate::vendors::{Call, CallKind, Misconfigured, NOT_OFFERED, Reading, Settings, Vendor, address, setting};

/// The base address of the v3 routes: `https://api.decentro.tech` in production.
const V3_URL: &str = "DECENTRO_V3_URL";
/// The base address of the v2 routes: `https://in.decentro.tech` in production.
const V2_URL: &str = "DECENTRO_V2_URL";
/// The registry's code of the financial institution that uploads records.
const FI_CODE: &str = "DECENTRO_CKYC_FI_CODE";
/// And of its branch.
const BRANCH_CODE: &str = "DECENTRO_CKYC_BRANCH_CODE";
/// The identifier that Decentro gave us, which Mobile to Account wants.
const CONSUMER_URN: &str = "DECENTRO_CONSUMER_URN";
/// The name of the field in which Customer Data Pull takes the number of an ID document; [`ID_NUMBER`] where it is not set.
const PREFILL_ID_FIELD: &str = "DECENTRO_PREFILL_ID_FIELD";
/// The name under which Decentro's other interfaces take such a number.
const ID_NUMBER: &str = "id_number";

/// Where a call goes.
struct Endpoint {
    operation: Operation,
    kind: CallKind,
    /// The setting that holds its base address.
    base: &'static str,
    path: &'static str,
    /// The setting that holds its module's secret, where it takes one.
    module_secret: Option<&'static str>,
}

#[rustfmt::skip]
static ENDPOINTS: &[Endpoint] = &[
    Endpoint { operation: Operation::MobileAccount, kind: CallKind::Post, base: V3_URL, path: "/v3/banking/mobile_to_account", module_secret: None },
    Endpoint { operation: Operation::MobileAccount, kind: CallKind::Status, base: V3_URL, path: "/v3/banking/account_validation/status", module_secret: None },
    Endpoint { operation: Operation::BankVerify, kind: CallKind::Post, base: V2_URL, path: "/core_banking/money_transfer/validate_account", module_secret: Some(PAYMENTS_MODULE_SECRET) },
    Endpoint { operation: Operation::BankVerify, kind: CallKind::Status, base: V2_URL, path: "/core_banking/money_transfer/get_status", module_secret: Some(PAYMENTS_MODULE_SECRET) },
    Endpoint { operation: Operation::PanVerify, kind: CallKind::Post, base: V2_URL, path: "/kyc/public/api/customer/verification/validate", module_secret: Some(KYC_MODULE_SECRET) },
    Endpoint { operation: Operation::CkycUpload, kind: CallKind::Post, base: V2_URL, path: "/kyc/ckyc/upload", module_secret: Some(KYC_MODULE_SECRET) },
    Endpoint { operation: Operation::CkycSearch, kind: CallKind::Post, base: V2_URL, path: "/kyc/ckyc/search", module_secret: Some(KYC_MODULE_SECRET) },
    Endpoint { operation: Operation::CkycDownload, kind: CallKind::Post, base: V2_URL, path: "/kyc/ckyc/download", module_secret: Some(KYC_MODULE_SECRET) },
    Endpoint { operation: Operation::CustomerPrefill, kind: CallKind::Post, base: V2_URL, path: "/v2/financial_services/data/pull", module_secret: Some(FINANCIAL_SERVICES_MODULE_SECRET) },
];

/// The want of an identity by which an uploaded record could be asked for; a person must look in the end.
const NO_IDENTITY: Misconfigured = Misconfigured(Cow::Borrowed("identity"));

/// The vendor.
pub struct Decentro;

impl Vendor for Decentro {
    fn name(&self) -> &'static str {
        outcomes::VENDOR
    }

    fn settings(&self) -> &'static [&'static str] {
        &[
            V3_URL,
            V2_URL,
            CLIENT_ID,
            CLIENT_SECRET,
            KYC_MODULE_SECRET,
            PAYMENTS_MODULE_SECRET,
            FINANCIAL_SERVICES_MODULE_SECRET,
            CONSUMER_URN,
            FI_CODE,
            BRANCH_CODE,
        ]
    }

    fn request(&self, call: &Call, request: &Request, settings: Settings<'_>, _now: Millis) -> Result<HttpRequest, Misconfigured> {
        prepared(call, request, settings)
    }

    fn read(&self, call: &Call, request: &Request, exchange: &Exchange, _settings: Settings<'_>) -> Reading {
        reading(call, request, exchange)
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

fn prepared(call: &Call, request: &Request, settings: Settings<'_>) -> Result<HttpRequest, Misconfigured> {
    if let (Some(Asked::CkycUpload(upload)), CallKind::Status) = (request.asked(), call.kind) {
        let question = upload.question(call.clue.as_ref()).ok_or(NO_IDENTITY)?;
        return prepared(&Call::new(CallKind::Post, call.wire_reference.clone()), &question, settings);
    }
    let fits = |endpoint: &&Endpoint| endpoint.operation == request.operation() && endpoint.kind == call.kind;
    let endpoint = ENDPOINTS.iter().find(fits).ok_or(NOT_OFFERED)?;
    let headers = auth::headers(settings, endpoint.module_secret)?;
    let url = address(settings, endpoint.operation, call.kind, endpoint.base, endpoint.path)?;
    let (method, url, body) = match body(call, request, settings)? {
        Some(body) => (Method::Post, url, Some(Secret::new(body))),
        None => (Method::Get, format!("{url}?reference_id={}", query_value(&call.wire_reference)), None),
    };
    Ok(HttpRequest { method, url, headers, body })
}

/// The body of a call; a call without one asks by its reference in the query.
fn body(call: &Call, request: &Request, settings: Settings<'_>) -> Result<Option<String>, Misconfigured> {
    let reference = &call.wire_reference;
    let body = match (&request.asked().ok_or(NOT_OFFERED)?, call.kind) {
        (Asked::MobileAccount(_) | Asked::BankVerify(_), CallKind::Status) => return Ok(None),
        (Asked::MobileAccount(request), CallKind::Post) => requests::mobile_account(request, reference, &setting(settings, CONSUMER_URN)?),
        (Asked::BankVerify(request), CallKind::Post) => requests::bank_verify(request, reference),
        (Asked::PanVerify(request), _) => requests::pan_verify(request, reference),
        (Asked::CkycUpload(request), CallKind::Post) => {
            return Ok(Some(requests::ckyc_upload(request, reference, &setting(settings, FI_CODE)?, &setting(settings, BRANCH_CODE)?)));
        }
        (Asked::CkycSearch(request), _) => requests::ckyc_search(request, reference),
        (Asked::CkycDownload(request), _) => requests::ckyc_download(request, reference),
        (Asked::CustomerPrefill(request), _) => requests::customer_prefill(request, reference, &prefill_id_field(settings)?),
        _ => return Err(NOT_OFFERED),
    };
    Ok(Some(body.to_string()))
}

/// A name that no other field of the body has.
fn prefill_id_field(settings: Settings<'_>) -> Result<String, Misconfigured> {
    let name = settings(PREFILL_ID_FIELD).filter(|name| !name.trim().is_empty()).unwrap_or_else(|| ID_NUMBER.into());
    let is_name = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let is_taken = name != ID_NUMBER && Operation::CustomerPrefill.row().fields.contains(&name.as_str());
    if is_name && !is_taken { Ok(name) } else { Err(Misconfigured(PREFILL_ID_FIELD.into())) }
}

fn reading(call: &Call, request: &Request, exchange: &Exchange) -> Reading {
    let Some(asked) = request.asked() else { return Reading::unknown(outcomes::nobody()) };
    match (&asked, call.kind) {
        (Asked::MobileAccount(_), CallKind::Post) => outcomes::mobile_account::post(exchange),
        (Asked::MobileAccount(_), CallKind::Status) => outcomes::mobile_account::status(exchange),
        (Asked::BankVerify(request), CallKind::Post) => outcomes::bank_verify::post(request, exchange),
        (Asked::BankVerify(request), CallKind::Status) => outcomes::bank_verify::status(request, exchange),
        (Asked::PanVerify(request), _) => outcomes::pan_verify::post(request, exchange),
        (Asked::CkycSearch(request), _) => outcomes::ckyc_search::post(request, exchange),
        (Asked::CkycDownload(request), _) => outcomes::ckyc_download::post(request, exchange),
        (Asked::CustomerPrefill(_), _) => outcomes::customer_prefill::post(exchange),
        (Asked::CkycUpload(upload), CallKind::Post) => outcomes::ckyc_upload::post(upload, exchange),
        (Asked::CkycUpload(upload), CallKind::Status) => {
            let post = Call::new(CallKind::Post, call.wire_reference.clone());
            let answer = |question: Request| outcomes::ckyc_upload::status(upload, reading(&post, &question, exchange));
            upload.question(call.clue.as_ref()).map_or_else(|| Reading::unknown(outcomes::nobody()), answer)
        }
        _ => Reading::unknown(outcomes::nobody()),
    }
}
