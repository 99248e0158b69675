//! Cashfree's callbacks about bank accounts and reverse penny drops (Secure ID, "Webhooks" of bank account verification v2 and of reverse penny drop; read on 2026-11-30).
//!
//! The answer of the look-up stands in `data`. A callback has no id: what it says is what it is known again by. It is signed under the client secret over the time and the
//! raw body ("Webhook Signature Verification" of Secure ID; an older page signs sorted values and puts the signature into the body, which is not spoken).

use std::borrow::Cow;

use base32ct::{Base32Unpadded, Encoding as _};
use serde_json::{Map, Value, json};

use super::auth::CLIENT_SECRET;
use super::{outcomes, wire};
use crate::operations::{Asked, Operation, Request};
use crate::place::Place;
use crate::vendors::callback::{Callbacks, Sentence};
use crate::vendors::proof::{Algorithm, Encoding, Signature};
use crate::vendors::{Reading, lenient};

/// How they are read.
pub(super) static CALLBACKS: Callbacks = Callbacks {
    secret: CLIENT_SECRET,
    signature: Signature {
        header: Cow::Borrowed("x-webhook-signature"),
        algorithm: Algorithm::Sha256,
        encoding: Encoding::Base64,
        timestamp: Some(Cow::Borrowed("x-webhook-timestamp")),
        tolerance: None,
    },
    sentence,
    reference: wire::reference,
    named: named_by,
    read,
    // Any 2xx acknowledges.
    acknowledgement: |_| json!({}),
};

/// What the events about bank accounts begin with; one follows for each end.
pub(super) const BANK_ACCOUNT: &str = "BANK_ACCOUNT_VERIFICATION_";
const ENDS: &[&str] = &["SUCCESS", "REJECTED", "FAILED"];
/// Those about reverse penny drops.
pub(super) const PAYMENT: &str = "RPD_BANK_ACCOUNT_VERIFICATION_";
const PAYMENT_ENDS: &[&str] = &["SUCCESS", "FAILURE", "EXPIRED"];
const OF_DELIVERY: &[&str] = &["signature"];

fn sentence(said: &Map<String, Value>) -> Option<Sentence> {
    let data = lenient::field(said, "data")?.as_object()?;
    let reference = lenient::word(data, "user_id").or_else(|| lenient::word(data, "verification_id"))?.to_ascii_lowercase();
    let (place, attempt) = named_by(&reference)?;
    let operations = lenient::word(said, "event_type").map(|event| operations_of(&event));
    Some(Sentence { reference, place, attempt, operations, id: None, of_delivery: OF_DELIVERY })
}

/// What a reference of 40 letters and digits names.
fn named_by(reference: &str) -> Option<(Place, u8)> {
    let bytes = Base32Unpadded::decode_vec(reference).ok()?;
    let (place, attempt) = (bytes.get(..16)?, *bytes.get(24)?);
    Some((Place::parse(&hex::encode(place)).filter(|_| bytes.len() == 25)?, attempt))
}

/// The operations that an event is about; none of an unknown one.
fn operations_of(event: &str) -> &'static [Operation] {
    let is_one = |kind: &str, ends: &[&str]| event.strip_prefix(kind).is_some_and(|end| ends.contains(&end));
    if is_one(BANK_ACCOUNT, ENDS) {
        &[Operation::BankVerify]
    } else if is_one(PAYMENT, PAYMENT_ENDS) {
        &[Operation::BankCollect]
    } else {
        &[]
    }
}

fn read(operation: Operation, request: Option<&Request>, said: &Map<String, Value>) -> Reading {
    let Some(data) = lenient::field(said, "data").and_then(Value::as_object) else { return Reading::unknown(outcomes::nobody()) };
    match (operation, request.map(Request::asked)) {
        (Operation::BankVerify, Some(Asked::BankVerify(request))) => outcomes::bank_verify::delivered(Some(request), data),
        (Operation::BankVerify, _) => outcomes::bank_verify::delivered(None, data),
        (Operation::BankCollect, Some(Asked::BankCollect(request))) => outcomes::bank_collect::delivered(Some(request), data),
        (Operation::BankCollect, _) => outcomes::bank_collect::delivered(None, data),
        _ => Reading::unknown(outcomes::nobody()),
    }
}
