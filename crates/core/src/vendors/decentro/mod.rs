//! Decentro: Customer Data Pull (document 000), Mobile to Account (document 001), PAN and bank account verification and CKYC (document 003).
//!
//! They live on different hosts with different dialects and headers, so base addresses are settings.
//! The folder's README states capabilities, quirks and sources.

mod auth;
mod callback;
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
use crate::vendors::callback::Callbacks;
use crate::vendors::settlement::Settlement;
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

/// A look-up of what became of a request, by its wire reference in the query.
struct Lookup {
    path: &'static str,
    /// What the reply means.
    read: fn(&Asked, &Exchange) -> Reading,
}

/// One operation at Decentro: where it goes, what goes out, what the replies mean, and how the sandbox plays it.
struct Interface {
    operation: Operation,
    /// The module that it is part of (document 003 section 6.1: "each module (KYC, Payments)"): CKYC stands behind the registry, and is one by itself.
    module: &'static str,
    /// The setting that holds its base address.
    base: &'static str,
    path: &'static str,
    /// The setting that holds its module's secret, where it takes one.
    module_secret: Option<&'static str>,
    /// The body of a POST: of the request, under this wire reference.
    body: fn(&Asked, &str, Settings<'_>) -> Result<String, Misconfigured>,
    /// What the reply to it means.
    post: fn(&Asked, &Exchange) -> Reading,
    /// Money: the look-up of its status.
    status: Option<Lookup>,
    #[cfg(feature = "sim")]
    simulated: sim::Simulated,
}

macro_rules! look_up {
    ($operation:ident) => {
        None
    };
    ($operation:ident $path:literal |$asked:tt, $reply:ident| $read:expr) => {
        Some(Lookup {
            path: $path,
            read: |asked, $reply| match asked {
                Asked::$operation($asked) => $read,
                _ => Reading::unknown(outcomes::nobody()),
            },
        })
    };
}

macro_rules! interfaces {
    ($($operation:ident of $module:literal at $base:ident $path:literal, $module_secret:expr;
        body |$request:ident, $reference:tt, $settings:tt| $body:expr;
        post |$posted:tt, $reply:ident| $post:expr;
        $(status $status_path:literal |$asked:tt, $found:ident| $status:expr;)?
        simulated $($simulated:path),+;
    )*) => {
        static INTERFACES: &[Interface] = &[$(Interface {
            operation: Operation::$operation,
            module: $module,
            base: $base,
            path: $path,
            module_secret: $module_secret,
            body: |asked, $reference, $settings| match asked {
                Asked::$operation($request) => $body,
                _ => Err(NOT_OFFERED),
            },
            post: |asked, $reply| match asked {
                Asked::$operation($posted) => $post,
                _ => Reading::unknown(outcomes::nobody()),
            },
            status: look_up!($operation $($status_path |$asked, $found| $status)?),
            #[cfg(feature = "sim")]
            simulated: &[$($simulated),+],
        },)*];
    };
}

interfaces! {
    MobileAccount of "banking" at V3_URL "/v3/banking/mobile_to_account", None;
        body |request, reference, settings| Ok(requests::mobile_account(request, reference, &setting(settings, CONSUMER_URN)?).to_string());
        post |_, reply| outcomes::mobile_account::post(reply);
        status "/v3/banking/account_validation/status" |_, reply| outcomes::mobile_account::status(reply);
        simulated sim::mobile_account::post, sim::mobile_account::status;
    BankVerify of "payments" at V2_URL "/core_banking/money_transfer/validate_account", Some(PAYMENTS_MODULE_SECRET);
        body |request, reference, _| Ok(requests::bank_verify(request, reference).to_string());
        post |request, reply| outcomes::bank_verify::post(request, reply);
        status "/core_banking/money_transfer/get_status" |request, reply| outcomes::bank_verify::status(request, reply);
        simulated sim::bank::post, sim::bank::status;
    PanVerify of "kyc" at V2_URL "/kyc/public/api/customer/verification/validate", Some(KYC_MODULE_SECRET);
        body |request, reference, _| Ok(requests::pan_verify(request, reference).to_string());
        post |request, reply| outcomes::pan_verify::post(request, reply);
        simulated sim::pan::post;
    CkycUpload of "ckyc" at V2_URL "/kyc/ckyc/upload", Some(KYC_MODULE_SECRET);
        body |request, reference, settings| Ok(requests::ckyc_upload(request, reference, &setting(settings, FI_CODE)?, &setting(settings, BRANCH_CODE)?));
        post |upload, reply| outcomes::ckyc_upload::post(upload, reply);
        simulated sim::ckyc_upload::post;
    CkycSearch of "ckyc" at V2_URL "/kyc/ckyc/search", Some(KYC_MODULE_SECRET);
        body |request, reference, _| Ok(requests::ckyc_search(request, reference).to_string());
        post |request, reply| outcomes::ckyc_search::post(request, reply);
        simulated sim::ckyc::search;
    CkycDownload of "ckyc" at V2_URL "/kyc/ckyc/download", Some(KYC_MODULE_SECRET);
        body |request, reference, _| Ok(requests::ckyc_download(request, reference).to_string());
        post |request, reply| outcomes::ckyc_download::post(request, reply);
        simulated sim::ckyc::download;
    CustomerPrefill of "financial_services" at V2_URL "/v2/financial_services/data/pull", Some(FINANCIAL_SERVICES_MODULE_SECRET);
        body |request, reference, settings| Ok(requests::customer_prefill(request, reference, &prefill_id_field(settings)?).to_string());
        post |request, reply| outcomes::customer_prefill::post(request, reply);
        simulated sim::customer_prefill::post;
}

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

    fn module(&self, operation: Operation) -> &'static str {
        interface(operation).map_or(operation.row().name, |interface| interface.module)
    }

    fn callbacks(&self) -> Option<&'static Callbacks> {
        Some(&callback::CALLBACKS)
    }

    fn settlement(&self) -> Option<&'static Settlement> {
        Some(&SETTLEMENT)
    }

    fn request(&self, call: &Call, request: &Request, settings: Settings<'_>, _now: Millis) -> Result<HttpRequest, Misconfigured> {
        prepared(call, request, settings)
    }

    fn read(&self, call: &Call, request: &Request, exchange: &Exchange, _settings: Settings<'_>) -> Reading {
        let reading = reading(call, request, exchange);
        if is_about_another(call, exchange) { outcomes::of_another(request.class(), reading) } else { reading }
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

fn interface(operation: Operation) -> Option<&'static Interface> {
    INTERFACES.iter().find(|interface| interface.operation == operation)
}

fn prepared(call: &Call, request: &Request, settings: Settings<'_>) -> Result<HttpRequest, Misconfigured> {
    let asked = request.asked();
    if let (Asked::CkycUpload(upload), CallKind::Status) = (asked, call.kind) {
        let question = upload.question(call.clue.as_ref()).ok_or(NO_IDENTITY)?;
        return prepared(&question_of(call), &question, settings);
    }
    let interface = interface(request.operation()).ok_or(NOT_OFFERED)?;
    let path = match call.kind {
        CallKind::Post => interface.path,
        CallKind::Status => interface.status.as_ref().ok_or(NOT_OFFERED)?.path,
    };
    let headers = auth::headers(settings, interface.module_secret)?;
    let url = address(settings, interface.operation, call.kind, interface.base, path)?;
    let (method, url, body) = match call.kind {
        CallKind::Post => (Method::Post, url, Some(Secret::new((interface.body)(asked, &call.wire_reference, settings)?))),
        CallKind::Status => (Method::Get, format!("{url}?reference_id={}", query_value(&call.wire_reference)), None),
    };
    Ok(HttpRequest { method, url, headers, body })
}

/// Whether a transfer reached its account, asked when the request is gone.
static SETTLEMENT: Settlement = Settlement {
    request: |operation, call, settings| {
        let interface = interface(operation).ok_or(NOT_OFFERED)?;
        let path = interface.status.as_ref().ok_or(NOT_OFFERED)?.path;
        let (headers, url) =
            (auth::headers(settings, interface.module_secret)?, address(settings, operation, CallKind::Status, interface.base, path)?);
        Ok(HttpRequest {
            method: Method::Get,
            url: format!("{url}?reference_id={}", query_value(&call.wire_reference)),
            headers,
            body: None,
        })
    },
    read: |operation, call, exchange| match operation {
        _ if is_about_another(call, exchange) => Reading::unknown(outcomes::nobody()),
        Operation::BankVerify => outcomes::bank_verify::settled(exchange),
        Operation::MobileAccount => outcomes::mobile_account::status(exchange),
        _ => Reading::unknown(outcomes::nobody()),
    },
};

/// Whether a reply names a request that is not this call's.
fn is_about_another(call: &Call, exchange: &Exchange) -> bool {
    let Exchange::Answered(response) = exchange else { return false };
    wire::references(response.body.expose()).iter().any(|named| !named.eq_ignore_ascii_case(&call.wire_reference))
}

/// The call of a question about an uploaded record: a request of its own, under the reference of the call that asks it.
fn question_of(call: &Call) -> Call {
    Call { kind: CallKind::Post, clue: None, ..call.clone() }
}

/// A name that no other field of the body has.
fn prefill_id_field(settings: Settings<'_>) -> Result<String, Misconfigured> {
    let name = settings(PREFILL_ID_FIELD).filter(|name| !name.trim().is_empty()).unwrap_or_else(|| ID_NUMBER.into());
    let is_name = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let is_taken = name != ID_NUMBER && Operation::CustomerPrefill.row().fields.contains(&name.as_str());
    if is_name && !is_taken { Ok(name) } else { Err(Misconfigured(PREFILL_ID_FIELD.into())) }
}

fn reading(call: &Call, request: &Request, exchange: &Exchange) -> Reading {
    let read = || {
        let (asked, interface) = (request.asked(), interface(request.operation())?);
        match (asked, call.kind) {
            (Asked::CkycUpload(upload), CallKind::Status) => {
                let question = upload.question(call.clue.as_ref())?;
                Some(outcomes::ckyc_upload::status(upload, reading(&question_of(call), &question, exchange)))
            }
            (asked, CallKind::Post) => Some((interface.post)(asked, exchange)),
            (asked, CallKind::Status) => interface.status.as_ref().map(|status| (status.read)(asked, exchange)),
        }
    };
    read().unwrap_or_else(|| Reading::unknown(outcomes::nobody()))
}
