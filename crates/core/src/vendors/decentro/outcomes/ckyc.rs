//! What the reads of the CKYC registry have in common: the marks of a yes, the dialects' envelopes, and what holds when there is no record.
//!
//! A yes needs the status `SUCCESS` and nothing beside it that says otherwise: no other code than `S00000`, no other key than the operation's
//! own, no other `kycStatus`; the documents' own samples have no key, that of the download not even a code. What the record must then
//! hold is the operation's (`operations/ckyc_search.rs`, `ckyc_download.rs`). Sources: document 003 section 4; the README for the dialects.

use serde_json::{Map, Value};

use super::{SUCCESS, coded_reading, finished, opened};
use crate::http::Exchange;
use crate::keys;
use crate::operations::ckyc::{self, Identity};
use crate::operations::{Finding, Operation, VendorRef};
use crate::vendors::decentro::wire::{self, Envelope};
use crate::vendors::{Reading, read};

/// The reading of a reply; `decide` gets the record of an answer that says yes, under `success_key` where it has a key, and the `data` that it lies in.
pub(super) fn reading(
    operation: Operation,
    success_key: &str,
    exchange: &Exchange,
    decide: impl FnOnce(&Map<String, Value>, &Map<String, Value>, VendorRef) -> Option<Finding>,
) -> Reading {
    let reading = match opened(operation, exchange) {
        Err(reading) => *reading,
        Ok((envelope, _)) if is_yes(&envelope, success_key) => {
            decide(&record(&envelope.data), &envelope.data, envelope.vendor()).map_or_else(read::nonsense, finished)
        }
        Ok((envelope, response)) => coded_reading(operation, &envelope, response),
    };
    going_on(reading)
}

fn is_yes(envelope: &Envelope, success_key: &str) -> bool {
    let kyc_status = wire::field(&envelope.data, "kyc_status");
    envelope.succeeded()
        && envelope.code.as_deref().is_none_or(|code| code == "S00000")
        && envelope.key.as_deref().is_none_or(|key| key == success_key)
        && kyc_status.is_none_or(|status| status.as_str() == Some(SUCCESS))
}

/// The record, in whichever of the dialects' envelopes it lies: `data`, `kycResult`, `personalIdentifiableData` with `personalDetails`.
fn record(data: &Map<String, Value>) -> Map<String, Value> {
    let inside = |outer: Map<String, Value>, name: &str| wire::object(wire::field(&outer, name)).unwrap_or(outer);
    let mut record = ["kyc_result", "personal_identifiable_data"].into_iter().fold(data.clone(), inside);
    record.extend(wire::object(wire::field(&record, "personal_details")).unwrap_or_default());
    record
}

/// The KIN, by either dialect's name.
pub(super) fn ckyc_id(record: &Map<String, Value>) -> Option<String> {
    wire::word(record, "ckyc_id").or_else(|| wire::word(record, "ckyc_no"))
}

/// The identities below a field: a list, an object that holds one under `identity`, or a single one.
pub(super) fn identities(value: Option<&Value>) -> Vec<Identity> {
    match value {
        Some(Value::Array(items)) => items.iter().flat_map(|item| identities(Some(item))).collect(),
        Some(Value::Object(map)) => match wire::field(map, "identity") {
            Some(inner @ Value::Array(_)) => identities(Some(inner)),
            _ => identity(map).into_iter().collect(),
        },
        _ => Vec::new(),
    }
}

fn identity(map: &Map<String, Value>) -> Option<Identity> {
    let either = |one: &str, other: &str| wire::text(map, one).or_else(|| wire::text(map, other));
    let found = Identity::new(either("id_type", "type"), either("id_number", "number"), wire::text(map, "status"));
    (found.kind.is_some() || found.number.is_some()).then_some(found)
}

/// Whatever the registry says or does not say, the onboarding goes on.
fn going_on(reading: Reading) -> Reading {
    match reading {
        Reading::Final(finding) if finding.key == keys::RECORD_NOT_FOUND => finished(ckyc::without_record(*finding)),
        other => other,
    }
}
