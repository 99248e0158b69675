//! Setu's notifications about reverse penny drops ("API Integration", "Webhook Authentication"; read on 2026-11-30).
//!
//! What is said of a request stands in `data.rpd`. Our reference comes back in `additionalData`; the sample of a failure has none, and such a notification names nothing of ours: the look-up tells the
//! end. How one is proved is agreed with Setu: fixed headers (`SETU_CALLBACK_HEADERS`), or a signature.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::outcomes;
use super::wire::{self, Reply};
use crate::operations::{Asked, Operation, Request};
use crate::vendors::callback::{Callbacks, Sentence, named_by};
use crate::vendors::proof::{Algorithm, Encoding, Signature};
use crate::vendors::{Reading, lenient};

/// How they are read.
pub(super) static CALLBACKS: Callbacks = Callbacks {
    secret: "SETU_CALLBACK_SECRET",
    signature: Signature {
        header: Cow::Borrowed("authorization"),
        algorithm: Algorithm::Sha256,
        encoding: Encoding::Hex,
        timestamp: None,
        tolerance: None,
    },
    sentence,
    reference: |wire_reference| Some(wire_reference.to_owned()),
    named: named_by,
    read,
    // Any 2xx acknowledges.
    acknowledgement: |_| json!({}),
};

/// The one event.
pub(super) const EVENT: &str = "RPD_VERIFICATION_UPDATE";
const OF_DELIVERY: &[&str] = &["timeStamp", "traceId"];

/// What it says of a request.
fn said_of(said: &Map<String, Value>) -> Option<Reply> {
    lenient::field(lenient::field(said, "data")?.as_object()?, "rpd")?.as_object().map(wire::reply_in)
}

fn sentence(said: &Map<String, Value>) -> Option<Sentence> {
    let reference = said_of(said)?.reference?.to_ascii_lowercase();
    let (place, attempt) = named_by(&reference)?;
    let operations = lenient::word(said, "event").map(|event| if event == EVENT { &[Operation::BankCollect][..] } else { &[] });
    Some(Sentence { reference, place, attempt, operations, id: None, of_delivery: OF_DELIVERY })
}

fn read(operation: Operation, request: Option<&Request>, said: &Map<String, Value>) -> Reading {
    let Some(reply) = said_of(said).filter(|_| operation == Operation::BankCollect) else { return Reading::unknown(outcomes::nobody()) };
    match request.map(Request::asked) {
        Some(Asked::BankCollect(request)) => outcomes::delivered(Some(request), &reply),
        _ => outcomes::delivered(None, &reply),
    }
}
