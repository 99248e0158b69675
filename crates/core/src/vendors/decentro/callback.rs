//! Decentro's callbacks (document 003 section 6.5).
//!
//! The document names two events and the header of the signature. The members are those that a live receiver shows (`callbackTxnId`, `originalCallbackTxnId`,
//! `attempt`, `transactionStatus`, ...), in either casing, with a status lookup's fields of the transfer beside them; an upload's are those of its POST. Each delivery has a
//! `callbackTxnId` of its own, so what names the callback is `originalCallbackTxnId`. The README says what is assumed.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::{outcomes, wire};
use crate::http::{Exchange, HttpResponse};
use crate::operations::{Asked, Operation, Request};
use crate::secret::Secret;
use crate::vendors::callback::{Callbacks, Sentence, named_by};
use crate::vendors::proof::{Algorithm, Encoding, Signature};
use crate::vendors::{Reading, lenient};

/// How they are read.
pub(super) static CALLBACKS: Callbacks = Callbacks {
    secret: "DECENTRO_CALLBACK_SECRET",
    signature: Signature {
        header: Cow::Borrowed("x-decentro-signature"),
        algorithm: Algorithm::Sha256,
        encoding: Encoding::Hex,
        timestamp: None,
        tolerance: None,
    },
    sentence,
    reference: |wire_reference| Some(wire_reference.to_owned()),
    named: named_by,
    read,
    acknowledgement,
};

/// The event of a transfer, and of an uploaded record.
pub(super) const TRANSFER: &str = "BANK_VERIFICATION_COMPLETE";
pub(super) const UPLOAD: &str = "CKYC_UPLOAD_COMPLETE";

/// What each event is about. Mobile to Account credits a rupee, too.
const EVENTS: &[(&str, &[Operation])] =
    &[(TRANSFER, &[Operation::BankVerify, Operation::MobileAccount]), (UPLOAD, &[Operation::CkycUpload])];
/// The names under which an event may stand.
const EVENT_NAMES: &[&str] = &["event", "event_type", "webhook_event"];
const OF_DELIVERY: &[&str] = &["attempt", "callback_attempt", "timestamp", "callback_txn_id"];

fn sentence(said: &Map<String, Value>) -> Option<Sentence> {
    let mut references = wire::references_in(said).into_iter().map(|reference| reference.to_ascii_lowercase());
    let reference = references.next()?;
    // One that names two requests is about neither.
    if references.any(|other| other != reference) {
        return None;
    }
    let (place, attempt) = named_by(&reference)?;
    let event = EVENT_NAMES.iter().find_map(|name| lenient::word(said, name));
    // An event that nobody knows is about no operation.
    let operations = event.map(|event| EVENTS.iter().find(|(known, _)| *known == event).map_or(&[][..], |(_, operations)| operations));
    let id = ["original_callback_txn_id", "callback_txn_id"].iter().find_map(|name| lenient::text(said, name));
    Some(Sentence { reference, place, attempt, operations, id, of_delivery: OF_DELIVERY })
}

fn read(operation: Operation, request: Option<&Request>, said: &Map<String, Value>) -> Reading {
    let as_reply = || {
        let body = Secret::new(Value::Object(said.clone()).to_string().into_bytes());
        Exchange::Answered(HttpResponse { status: 200, body, retry_after: None })
    };
    match operation {
        Operation::BankVerify => match request.map(Request::asked) {
            Some(Asked::BankVerify(request)) => outcomes::bank_verify::delivered(Some(request), said),
            _ => outcomes::bank_verify::delivered(None, said),
        },
        Operation::MobileAccount => outcomes::mobile_account::post(&as_reply()),
        Operation::CkycUpload => outcomes::ckyc_upload::delivered(&as_reply()),
        _ => Reading::unknown(outcomes::nobody()),
    }
}

/// What Decentro expects to read (its documentation, "Transaction callbacks").
fn acknowledgement(status: u16) -> Value {
    let code = match status {
        200..300 => "CB_S00000",
        401 | 403 => "CB_E00013",
        400..500 => "CB_E00009",
        _ => "CB_E00000",
    };
    json!({ "response_code": code })
}
