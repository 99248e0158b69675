//! The dialects in which Decentro has been seen to dress one answer.
//!
//! A shape takes the documents' envelope and returns the same answer in other clothes, or with a flaw that a careful reader must
//! notice. What the answer says is decided elsewhere. Sources: document 001 (snake case), document 003 section 2.3 (camel case),
//! and public material (`kycResult`, arrays, additional fields).

use serde_json::{Map, Value, json};

pub(super) use crate::vendors::sim::set;

/// Dresses an envelope.
pub(super) type Shape = fn(Value) -> Value;

/// As the documents have it.
pub(super) fn as_documented(envelope: Value) -> Value {
    envelope
}

/// Document 001's answer in the camel case of the older interface.
pub(super) fn camel(envelope: Value) -> Value {
    renamed(envelope, "api_status", "status", camel_key)
}

/// Document 003's answer in the snake case of the newer interface.
pub(super) fn snake(envelope: Value) -> Value {
    renamed(envelope, "status", "api_status", snake_key)
}

/// `data` as an array of one.
pub(super) fn array(envelope: Value) -> Value {
    with_data(envelope, |data| json!([data]))
}

/// Without `data`: its fields in the envelope.
pub(super) fn flat(envelope: Value) -> Value {
    let Value::Object(mut map) = envelope else { return envelope };
    if let Some(Value::Object(data)) = map.shift_remove("data") {
        map.extend(data);
    }
    Value::Object(map)
}

/// Fields that no document names, in the envelope and in `data`.
pub(super) fn extended(envelope: Value) -> Value {
    let mut envelope = with_data(envelope, |data| set(data, "risk_hint", json!({ "score": 3, "labels": ["x"] })));
    envelope = set(envelope, "request_timestamp", "2026-01-01 16:30:33.345177 IST (GMT +0530)".into());
    set(envelope, "beta", json!([null, true, 1.5]))
}

/// The `kycResult` envelope of the vendor's published libraries.
pub(super) fn kyc_result(mut envelope: Value) -> Value {
    let mut take = |pointer: &str| envelope.pointer_mut(pointer).map(Value::take);
    json!({
        "kycStatus": "SUCCESS", "status": take("/status"), "message": take("/message"),
        "kycResult": {
            "idNumber": take("/data/id_number"), "idStatus": "VALID", "name": take("/data/name"), "panStatus": take("/data/pan_status"),
            "aadhaarSeedingStatus": take("/data/aadhaar_seeding_status"), "category": take("/data/category"),
        },
        "responseKey": "success_pan", "responseCode": take("/responseCode"), "decentroTxnId": take("/decentroTxnId"),
        "requestTimestamp": "2026-01-01 16:30:33.345177 IST (GMT +0530)",
    })
}

/// Changes `data`, where there is any.
pub(super) fn with_data(mut envelope: Value, change: impl FnOnce(Value) -> Value) -> Value {
    if let Some(data) = envelope.get_mut("data") {
        *data = change(data.take());
    }
    envelope
}

fn renamed(envelope: Value, from: &str, to: &str, key: fn(&str) -> String) -> Value {
    let Value::Object(map) = envelope else { return envelope };
    let entries = map.into_iter().map(|(name, value)| {
        let name = if name == from { to.to_owned() } else { key(&name) };
        (name, rekeyed(value, key))
    });
    Value::Object(entries.collect())
}

fn rekeyed(value: Value, key: fn(&str) -> String) -> Value {
    match value {
        Value::Object(map) => Value::Object(map.into_iter().map(|(name, value)| (key(&name), rekeyed(value, key))).collect::<Map<_, _>>()),
        Value::Array(items) => items.into_iter().map(|item| rekeyed(item, key)).collect(),
        other => other,
    }
}

fn camel_key(key: &str) -> String {
    let mut parts = key.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut name, part| {
        let mut letters = part.chars();
        name.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        name.push_str(letters.as_str());
        name
    })
}

fn snake_key(key: &str) -> String {
    key.chars().fold(String::new(), |mut name, letter| {
        if letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
        name
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_the_casing_of_the_envelope_and_of_data() {
        let snake_case = json!({ "decentro_txn_id": "A", "api_status": "SUCCESS", "data": { "upi_vpa": "a@b" } });
        let camel_case = json!({ "decentroTxnId": "A", "status": "SUCCESS", "data": { "upiVpa": "a@b" } });
        assert_eq!(camel(snake_case.clone()), camel_case);
        assert_eq!(snake(camel_case), snake_case);
    }

    #[test]
    fn leaves_an_answer_without_data_without_data() {
        assert_eq!(array(json!({ "status": "FAILURE" })), json!({ "status": "FAILURE" }));
    }
}
