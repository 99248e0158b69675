//! Callbacks: a vendor calls us about an earlier request (document 003 section 6.5).
//!
//! A vendor's folder says how its callbacks are read ([`Callbacks`]). Here is the rest: who sent one ([`super::proof`]), which check it is about, and whether it came
//! before. What it leads to is [`crate::check`]'s. A body is outside the gateway's control, like every answer of a vendor; without a proof it is a hint at most.

use serde_json::{Map, Value};

use super::proof::Signature;
use super::{Account, Reading, VENDORS, lenient};
use crate::operations::{Operation, Request};
use crate::place::{Identity, Place, attempt_of};
use crate::seal::Index;

/// How a vendor's callbacks are read.
pub struct Callbacks {
    /// The setting of the secret with which it signs. It has a twin (`_NEXT`), and both count at any time.
    pub secret: &'static str,
    /// How it signs, where the setting `<VENDOR>_CALLBACK_SIGNATURE` says nothing else.
    pub signature: Signature,
    /// What a body says of itself; `None` for what names no request.
    pub(super) sentence: fn(&Map<String, Value>) -> Option<Sentence>,
    /// A wire reference as the vendor writes it.
    pub(super) reference: fn(&str) -> Option<String>,
    /// The place and the attempt that such a reference names.
    pub(super) named: fn(&str) -> Option<(Place, u8)>,
    /// What a body means for a check of this operation. Its request is there until the check is final; later only the yes or no counts.
    pub(super) read: fn(Operation, Option<&Request>, &Map<String, Value>) -> Reading,
    /// The body of the response, by its HTTP status.
    pub(super) acknowledgement: fn(u16) -> Value,
}

/// What a callback says of itself.
pub(super) struct Sentence {
    /// The request that it is about, as the vendor writes our reference.
    pub(super) reference: String,
    /// The place of the check that this reference names, and the attempt.
    pub(super) place: Place,
    pub(super) attempt: u8,
    /// The operations that its event is about; `None` where it names no event, which may be about any; empty for an unknown event.
    pub(super) operations: Option<&'static [Operation]>,
    /// The vendor's id of the callback, the same for each delivery of it.
    pub(super) id: Option<String>,
    /// The members that differ from delivery to delivery.
    pub(super) of_delivery: &'static [&'static str],
}

/// What a wire reference of 66 hex digits names.
pub(super) fn named_by(wire_reference: &str) -> Option<(Place, u8)> {
    let is_whole = wire_reference.len() == 66 && wire_reference.bytes().all(|byte| byte.is_ascii_hexdigit());
    Some((Place::parse(wire_reference.get(..32)?)?, attempt_of(wire_reference)?)).filter(|_| is_whole)
}

/// By what a callback is known again: keyed hashes, which tell nothing of what it says.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Delivery {
    /// Of the vendor's id for it, or of what it says where it has none.
    pub id: String,
    /// Of what it says.
    pub digest: String,
}

/// How many digits of a hash are kept of a delivery.
const DIGITS: usize = 16;

/// A callback that names a request of ours.
#[derive(Clone, Debug)]
pub struct Callback {
    /// The place of the check.
    pub place: Place,
    /// Which attempt of it.
    pub attempt: u8,
    /// The reference as the vendor wrote it.
    pub reference: String,
    /// By what it is known again.
    pub delivery: Delivery,
}

/// The callbacks of a vendor; `None` where it sends none.
#[must_use]
pub fn of(vendor: &str) -> Option<&'static Callbacks> {
    super::named(vendor)?.callbacks()
}

/// Reads which check a body is about; `None` for what is no JSON object, contradicts itself, or names no request.
#[must_use]
pub fn heard(account: &Account, body: &[u8], index: &Index) -> Option<Callback> {
    let said = lenient::object(body)?;
    let sentence = (of(account.vendor())?.sentence)(&said)?;
    let lasting: Map<_, _> =
        said.iter().filter(|(name, _)| !is_of_delivery(&sentence, name)).map(|(name, value)| (name.clone(), value.clone())).collect();
    let hash = |purpose, text: &str| index.hash(purpose, &[account.as_str(), text]).chars().take(DIGITS).collect::<String>();
    let digest = hash("callback_digest", &Value::Object(lasting).to_string());
    let id = sentence.id.map_or_else(|| digest.clone(), |id| hash("callback_id", &id));
    Some(Callback { place: sentence.place, attempt: sentence.attempt, reference: sentence.reference, delivery: Delivery { id, digest } })
}

fn is_of_delivery(sentence: &Sentence, name: &str) -> bool {
    sentence.of_delivery.iter().any(|known| lenient::same(known, name))
}

/// The place of a check and the attempt that a reference names, as any vendor writes it; `None` for what none of ours is.
#[must_use]
pub fn named(reference: &str) -> Option<(Place, u8)> {
    let reference = reference.to_ascii_lowercase();
    VENDORS.iter().filter_map(|vendor| vendor.callbacks()).find_map(|callbacks| (callbacks.named)(&reference))
}

/// A wire reference as the vendor of an account writes it, in small letters; as it is where the vendor writes it so.
#[must_use]
pub fn written(account: &Account, wire_reference: &str) -> String {
    let written = of(account.vendor()).and_then(|callbacks| (callbacks.reference)(wire_reference));
    written.unwrap_or_else(|| wire_reference.to_owned()).to_ascii_lowercase()
}

/// Whether a reference is this wire reference, as any vendor writes it.
#[must_use]
pub fn is_written(wire_reference: &str, reference: &str) -> bool {
    let mut written = VENDORS.iter().filter_map(|vendor| (vendor.callbacks()?.reference)(wire_reference));
    written.any(|ours| ours.eq_ignore_ascii_case(reference))
}

/// Whether a callback's reference is that of an attempt of this check.
#[must_use]
pub fn is_about(account: &Account, identity: &Identity, attempt: u8, reference: &str) -> bool {
    let ours = of(account.vendor()).and_then(|callbacks| (callbacks.reference)(&identity.wire_reference(attempt)));
    ours.is_some_and(|ours| ours == reference)
}

/// What a callback means for a check; `request`: the check's, as long as it is kept. An event about other operations means nothing.
#[must_use]
pub fn read(account: &Account, operation: Operation, request: Option<&Request>, body: &[u8]) -> Reading {
    let read = || {
        let (callbacks, said) = (of(account.vendor())?, lenient::object(body)?);
        let sentence = (callbacks.sentence)(&said)?;
        let is_of_it = sentence.operations.is_none_or(|operations| operations.contains(&operation));
        is_of_it.then(|| (callbacks.read)(operation, request, &said))
    };
    match read() {
        Some(Reading::Final(finding)) => Reading::Final(Box::new(finding.told())),
        Some(reading) => reading,
        None => Reading::unknown(crate::operations::VendorRef::default()),
    }
}

/// The body that a vendor expects with this HTTP status; `{}` of a vendor that sends no callbacks.
#[must_use]
pub fn acknowledgement(vendor: &str, status: u16) -> Value {
    of(vendor).map_or_else(|| Value::Object(Map::new()), |callbacks| (callbacks.acknowledgement)(status))
}
