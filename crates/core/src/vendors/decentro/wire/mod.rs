//! Decentro's JSON, and nothing else: how any of its envelopes is read; what goes out is in `requests.rs`.
//!
//! Read are both casings (v2 `decentroTxnId`, v3 `decentro_txn_id`), `data` as an object or as a list of one,
//! PAN results in `data` or `kycResult`, and numbers where texts are promised. Nothing here decides.
//! Sources: documents 001 and 003; what public material adds to them is in the README.

pub(super) mod requests;

use serde_json::{Map, Value};

use crate::vendors::lenient;
pub(super) use crate::vendors::lenient::{field, flag, text, text_as_given, word};

/// An answer's envelope, whatever its casing.
#[derive(Default)]
pub(super) struct Envelope {
    /// `decentro_txn_id`.
    pub(super) transaction_id: Option<String>,
    /// `api_status` or `status`: `SUCCESS`, `FAILURE`, `PENDING`.
    pub(super) status: Option<String>,
    /// `response_code`: `S00000`, `E00001`, ...
    pub(super) code: Option<String>,
    /// `response_key`.
    pub(super) key: Option<String>,
    /// `message`.
    pub(super) message: Option<String>,
    /// `data`, or for PAN `kycResult`.
    pub(super) data: Map<String, Value>,
    /// There is one, but neither an object, nor a list of one, nor empty: whatever it says is not in `data`.
    pub(super) is_garbled: bool,
    /// Everything beside it: some answers are flat.
    beside: Map<String, Value>,
}

impl Envelope {
    /// What the answer says: its `data`, or where there is none, the answer itself.
    pub(super) fn said(&self) -> &Map<String, Value> {
        if self.data.is_empty() { &self.beside } else { &self.data }
    }

    /// The word of a field, in its `data` or beside it; two words are one that nobody knows.
    pub(super) fn word(&self, name: &str) -> Option<String> {
        match (word(&self.data, name), word(&self.beside, name)) {
            (Some(inside), Some(beside)) if inside != beside => Some(format!("{inside} {beside}")),
            (inside, beside) => inside.or(beside),
        }
    }

    /// Whether its key, where it has one, is that of a success.
    pub(super) fn has_good_key(&self) -> bool {
        self.key.as_deref().is_none_or(|key| key.starts_with("success_"))
    }
}

/// Reads an envelope; `None` when the bytes are no JSON object.
pub(super) fn envelope(body: &[u8]) -> Option<Envelope> {
    let map = lenient::object(body)?;
    Some(Envelope {
        transaction_id: id(&map, "decentro_txn_id"),
        status: status(&map),
        code: word(&map, "response_code"),
        key: word(&map, "response_key"),
        message: text(&map, "message"),
        data: data(&map),
        is_garbled: payload(&map).is_some_and(|data| *data != Value::Array(Vec::new()) && object(Some(data)).is_none()),
        beside: map,
    })
}

/// Reads the request that a status lookup found, as if its own reply had come: the key, message and transaction are the request's. The status
/// is the lookup's, and says only whether the lookup worked. Empty when the bytes are no JSON object.
pub(super) fn looked_up(body: &[u8]) -> Envelope {
    let Some(map) = lenient::object(body) else { return Envelope::default() };
    Envelope {
        transaction_id: id(&map, "request_decentro_txn_id"),
        // A look-up that worked says so in its own key, too.
        status: status(&map).filter(|_| text(&map, "response_key").is_none_or(|key| key.starts_with("success_"))),
        code: None,
        key: text(&map, "request_response_key"),
        message: text(&map, "request_message"),
        data: data(&map),
        is_garbled: false,
        beside: map,
    }
}

/// Reads the transfer that a status lookup found: its transaction is the request's. Neither status nor code is: they are the lookup's own.
pub(super) fn transfer(body: &[u8]) -> Envelope {
    let Some(map) = lenient::object(body) else { return Envelope::default() };
    let data = data(&map);
    let named = |name| id(&data, name).or_else(|| id(&map, name));
    let transaction_id = named("original_decentro_txn_id").or_else(|| named("original_txn_id"));
    Envelope { transaction_id, data, beside: map, ..Envelope::default() }
}

/// Reads the transfer that a callback is about: the transaction that it names is the transfer's.
pub(super) fn delivered(map: &Map<String, Value>) -> Envelope {
    Envelope {
        transaction_id: id(map, "decentro_txn_id"),
        status: status(map),
        code: word(map, "response_code"),
        key: word(map, "response_key"),
        data: data(map),
        beside: map.clone(),
        ..Envelope::default()
    }
}

/// Where there is an `api_status` of whatever type, it alone counts; but a yes beside a `status` that says no or not yet is none.
fn status(map: &Map<String, Value>) -> Option<String> {
    let other = text(map, "status");
    if field(map, "api_status").is_none() {
        return other;
    }
    let is_no = |word: &String| NOT_YES.iter().any(|no| no.eq_ignore_ascii_case(word));
    text(map, "api_status").filter(|said| said != "SUCCESS" || !other.as_ref().is_some_and(is_no))
}

/// A transaction's id: always a text, so a value of another type names none.
fn id(map: &Map<String, Value>, name: &str) -> Option<String> {
    field(map, name).filter(|value| value.is_string()).and_then(|_| text(map, name))
}

/// How the status of an envelope says no, and not yet.
const NOT_YES: &[&str] = &["FAILURE", "FAILED", "PENDING"];

/// The references under which an answer says that it stands: that of the request, or in a look-up that of the earlier one.
pub(super) fn references(body: &[u8]) -> Vec<String> {
    references_in(&lenient::object(body).unwrap_or_default())
}

/// The same of what is read already.
pub(super) fn references_in(map: &Map<String, Value>) -> Vec<String> {
    ["reference_id", "request_reference_id", "original_reference_id"].iter().filter_map(|name| word(map, name)).collect()
}

/// `data` where there is one of whatever shape, else the other dialect's `kycResult`: an answer in both is not read twice.
fn payload(map: &Map<String, Value>) -> Option<&Value> {
    field(map, "data").or_else(|| field(map, "kyc_result"))
}

fn data(map: &Map<String, Value>) -> Map<String, Value> {
    object(payload(map)).unwrap_or_default()
}

/// An object, or the only one of a list.
pub(super) fn object(value: Option<&Value>) -> Option<Map<String, Value>> {
    match value? {
        Value::Object(map) => Some(map.clone()),
        Value::Array(items) => match items.as_slice() {
            [Value::Object(map)] => Some(map.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// The objects of a list; one by itself is a list of one.
pub(super) fn objects(value: Option<&Value>) -> Vec<&Map<String, Value>> {
    match value {
        Some(Value::Object(map)) => vec![map],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_object).collect(),
        _ => Vec::new(),
    }
}

/// The named fields that a map has, in snake case: numbers and flags as they are, texts without control characters, nothing nested and no number that has lost digits.
pub(super) fn scalars(map: &Map<String, Value>, names: &[&str]) -> Map<String, Value> {
    let scalar = |name: &str| match field(map, name)? {
        Value::String(text) => Some(Value::from(lenient::seen(text))),
        value @ (Value::Bool(_) | Value::Number(_)) if !value.is_f64() => Some(value.clone()),
        _ => None,
    };
    names.iter().filter_map(|name| Some(((*name).to_owned(), scalar(name)?))).collect()
}

/// The named fields that a map has, in snake case, as texts; what is no text is left out.
pub(super) fn texts(map: &Map<String, Value>, names: &[&str]) -> Map<String, Value> {
    names.iter().filter_map(|name| Some(((*name).to_owned(), text(map, name)?.into()))).collect()
}

/// The same, with texts that are empty: document 000 gives what is not on record as `""`.
pub(super) fn texts_as_given(map: &Map<String, Value>, names: &[&str]) -> Map<String, Value> {
    names.iter().filter_map(|name| Some(((*name).to_owned(), text_as_given(map, name)?.into()))).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn reads_both_casings() {
        let snake = envelope(br#"{"decentro_txn_id":"T","api_status":"SUCCESS","response_key":"k","data":{"upi_vpa":"a@b"}}"#).unwrap();
        let camel = envelope(br#"{"decentroTxnId":"T","status":"SUCCESS","responseKey":"k","data":[{"upiVpa":"a@b"}]}"#).unwrap();
        for envelope in [snake, camel] {
            assert_eq!(envelope.transaction_id.as_deref(), Some("T"));
            assert_eq!(envelope.status.as_deref(), Some("SUCCESS"));
            assert_eq!(text(&envelope.data, "upi_vpa").as_deref(), Some("a@b"));
        }
    }

    #[test]
    fn anything_but_an_object_is_no_envelope() {
        for body in ["", "null", "[]", "7", "\"x\"", "<html>", "{\"a\":"] {
            assert!(envelope(body.as_bytes()).is_none(), "{body}");
        }
    }
}
