//! What Decentro's replies to a CKYC upload mean (document 003 section 4.3): it leaves a record at CERSAI's registry.
//!
//! A yes needs `SUCCESS`, no code but `S00000`, no key but of a success, and a KIN of 14 digits; a success without one is at work. Certain not to have happened is what the
//! vendor itself refuses, also as "source unavailable" (sections 6.6 and 8.9: queue it): then it is posted afresh, or a person must look.
//! Anything else may have happened, and is posted again under the same reference, or looked up once that is known there
//! (`error_duplicate_reference_id`).

use serde_json::{Map, Value};

use super::{PENDING, ckyc, finished, nobody};
use crate::http::{Exchange, HttpResponse};
use crate::keys::{self, Meaning, Source};
use crate::operations::ckyc::CkycId;
use crate::operations::ckyc_upload::uploaded;
use crate::operations::{CkycUpload, Operation, VendorFault, VendorRef, VendorWords};
use crate::problem::Problem;
use crate::time::written_date;
use crate::vendors::decentro::wire::{self, Envelope};
use crate::vendors::{Clue, Reading, read};

/// The reply to the POST.
pub(in crate::vendors::decentro) fn post(upload: &CkycUpload, exchange: &Exchange) -> Reading {
    let response = match exchange {
        Exchange::NotSent => return Reading::ended(read::source_unavailable(None)),
        Exchange::TimedOut | Exchange::Broken | Exchange::TooLarge => return Reading::unknown(nobody()),
        Exchange::Answered(response) => response,
    };
    match wire::envelope(response.body.expose()) {
        Some(envelope) if envelope.key.as_deref() == Some(keys::DUPLICATE_REFERENCE) => known(upload, &envelope),
        Some(envelope) if envelope.status.is_some() => said(&envelope, response),
        _ => bare(response),
    }
}

/// What a callback says of the upload: what the reply to the POST would have said.
pub(in crate::vendors::decentro) fn delivered(exchange: &Exchange) -> Reading {
    let Exchange::Answered(response) = exchange else { return Reading::unknown(nobody()) };
    match wire::envelope(response.body.expose()) {
        Some(envelope) if envelope.status.is_some() => said(&envelope, response),
        _ => Reading::unknown(nobody()),
    }
}

/// The vendor has seen the reference: the registry can say what became of it, if there is a PAN to ask by.
fn known(upload: &CkycUpload, envelope: &Envelope) -> Reading {
    if upload.pan().is_some() {
        return Reading::Landed(envelope.vendor());
    }
    let vendor = VendorRef { code: Some(keys::DUPLICATE_REFERENCE.into()), ..envelope.vendor() };
    Reading::Rejected { vendor, vendor_key: keys::DUPLICATE_REFERENCE.into(), words: words(envelope) }
}

/// Without an envelope the HTTP status says it, as far as document 003 section 6.6 gives it a meaning. But 5xx may come from anyone on the way,
/// after the record was taken.
fn bare(response: &HttpResponse) -> Reading {
    let vendor_key = format!("http_{}", response.status);
    match response.status {
        401 | 403 => Reading::refused_us(vendor_key),
        400 | 404 | 422 => Reading::Rejected { vendor: nobody(), vendor_key, words: VendorWords::default() },
        429 => Reading::trouble(keys::SOURCE_UNAVAILABLE, response.retry_after),
        _ => Reading::unknown(nobody()),
    }
}

fn said(envelope: &Envelope, response: &HttpResponse) -> Reading {
    let coded = envelope.code.as_deref().and_then(|code| keys::find(Source::D003_CODE, code, None));
    if envelope.status.as_deref() == Some(PENDING) {
        return Reading::Working(envelope.vendor());
    }
    if envelope.succeeded() {
        return if contradicts_itself(envelope, response) { Reading::unknown(envelope.vendor()) } else { accepted(envelope) };
    }
    if envelope.refuses_us(Operation::CkycUpload) || matches!(response.status, 401 | 403) {
        return refused_us(envelope, response);
    }
    let row = coded.or_else(|| keys::find(Source::D003_HTTP, &response.status.to_string(), None));
    let is_input_of =
        |source| envelope.key.as_deref().and_then(|key| keys::find(source, key, None)).is_some_and(|row| row.meaning == Meaning::Input);
    let is_input = [Source::D001, Source::KYC].into_iter().any(is_input_of);
    match row.map(|row| (row.meaning, row.key)) {
        Some((Meaning::Input, _) | (_, "404" | "422")) => rejected(envelope, response),
        _ if is_input => rejected(envelope, response),
        // The registry is down, or we are too fast: it said so before it took anything.
        Some((_, "E00004" | "E00005" | "429" | "503")) => Reading::trouble(keys::SOURCE_UNAVAILABLE, response.retry_after),
        _ => Reading::unknown(envelope.vendor()),
    }
}

/// A success under another HTTP status, or beside a code or key that speaks of none. The key of a success is written nowhere.
fn contradicts_itself(envelope: &Envelope, response: &HttpResponse) -> bool {
    let otherwise = |said: &Option<String>, is_good: fn(&str) -> bool| said.as_deref().is_some_and(|said| !is_good(said));
    response.status != 200
        || otherwise(&envelope.code, |code| code == "S00000")
        || otherwise(&envelope.key, |key| key.starts_with("success_"))
}

/// The registry will never take this record: a person must look (document 003 section 11.3).
fn rejected(envelope: &Envelope, response: &HttpResponse) -> Reading {
    Reading::Rejected { vendor: envelope.vendor(), vendor_key: envelope.named(response.status), words: words(envelope) }
}

/// The vendor refuses us, in its own words.
fn refused_us(envelope: &Envelope, response: &HttpResponse) -> Reading {
    let problem = Problem::new(keys::SERVICE_UNAVAILABLE);
    let problem = envelope.message.as_deref().map_or(problem.clone(), |message| problem.detail(message));
    Reading::Ended { problem, refused_us: Some(envelope.named(response.status)) }
}

/// What the vendor says of a record: its message, and the faults of single fields in `data.individuals[].errors[]`.
fn words(envelope: &Envelope) -> VendorWords {
    let list = |map: &Map<String, Value>, name: &str| wire::objects(wire::field(map, name)).into_iter().cloned().collect::<Vec<_>>();
    let individuals = list(&envelope.data, "individuals");
    let errors = individuals.iter().flat_map(|individual| list(individual, "errors"));
    let fault = |error: Map<String, Value>| VendorFault { key: wire::word(&error, "response_key"), message: wire::text(&error, "message") };
    VendorWords::new(envelope.message.as_deref(), errors.map(fault))
}

fn accepted(envelope: &Envelope) -> Reading {
    let told = ckyc::ckyc_id(&envelope.data).as_deref().and_then(CkycId::parse);
    match told {
        Some(CkycId::Full(kin)) => finished(uploaded(kin.expose(), envelope.vendor())),
        _ => Reading::Working(envelope.vendor()),
    }
}

/// What the answer to a question for the record ([`CkycUpload::question`](crate::operations::CkycUpload::question)) means for its upload: search
/// tells the masked number, with which download tells the whole one. Anything else says nothing about the upload, nor does the record of another:
/// four digits are many people's.
pub(in crate::vendors::decentro) fn status(upload: &CkycUpload, answer: Reading) -> Reading {
    match answer {
        Reading::Final(finding) => match (finding.key.as_ref(), finding.data.get("ckyc_id").and_then(Value::as_str)) {
            (keys::SUCCESS_CKYC_SEARCH, Some(masked)) => Reading::Further(Clue(masked.to_owned())),
            (keys::SUCCESS_CKYC_DOWNLOAD, Some(kin)) if is_ours(&finding.data, upload) => finished(uploaded(kin, finding.vendor.clone())),
            _ => Reading::unknown(finding.vendor),
        },
        Reading::Ended { refused_us, .. } => Reading::Unknown { vendor: nobody(), refused_us },
        _ => Reading::unknown(nobody()),
    }
}

/// Whether a downloaded record can only be this upload's: the same person, and not older than what was uploaded. Many people share four digits, and a
/// customer may have had a record before; that one says nothing, for the vendor burns the reference of an upload that it refuses, too.
fn is_ours(data: &Value, upload: &CkycUpload) -> bool {
    let text = |field: &str| data.get(field).and_then(Value::as_str);
    let documents = data.get("identity_documents").and_then(Value::as_array).into_iter().flatten();
    let pans = documents.filter(|document| document.get("type").is_some_and(|kind| kind == "PAN"));
    let mut pans = pans.filter_map(|document| document.get("number")?.as_str());
    let own = upload.pan();
    let day = |field: &str| text(field).and_then(written_date);
    pans.all(|number| own.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(number)))
        && text("full_name").is_some_and(|name| upload.is_named(name))
        && upload.born().is_some_and(|born| day("date_of_birth") == Some(born))
        && upload.verified_on().is_some_and(|verified| day("kyc_date").is_some_and(|day| day >= verified))
}
