//! Who reads an answer, and what of it they see.
//!
//! Servers see a person's data as the vendor gave it. A browser session sees it masked by field name, at any depth; a field that is
//! not in [`MASKED_FIELDS`] is shown, so every field that holds personal data must be there (a test of each operation looks).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::mask;

/// Who reads an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// A caller with a server key.
    Server,
    /// A browser with a session token.
    Browser,
}

type Mask = fn(&str) -> String;

/// The fields that hold personal data, and how a browser sees them (contract section 2.6).
static MASKED_FIELDS: &[(&str, Mask)] = &[
    ("account_number", mask::account),
    ("available_balance", hidden),
    ("bank_reference_number", mask::account),
    ("bank_verify_name_at_bank", mask::name),
    ("bank_verify_utr", mask::account),
    ("beneficiary_name", mask::name),
    ("card_number", mask::account),
    ("customer_id", mask::account),
    ("dob", hidden),
    ("doc_number", mask::account),
    ("email", mask::email),
    ("father_name", mask::name),
    ("first_name", mask::name),
    ("gender", hidden),
    ("id_number", mask::pan),
    ("last_name", mask::name),
    ("mobile", mask::mobile),
    ("mobile_number", mask::mobile),
    ("name", mask::name),
    ("name_as_per_bank", mask::name),
    ("ovd_name", mask::name),
    ("pan_verify_name", mask::name),
    ("risk_category", hidden),
    ("risk_score", hidden),
    ("subwallet_id", mask::account),
    ("upi_vpa", mask::vpa),
    ("urn", mask::account),
    ("utr", mask::account),
];

fn hidden(_: &str) -> String {
    "X".repeat(6)
}

/// The value as the audience sees it.
pub(super) fn render(value: &Value, audience: Audience) -> Value {
    match audience {
        Audience::Server => value.clone(),
        Audience::Browser => masked(value),
    }
}

fn masked(value: &Value) -> Value {
    match value {
        Value::Object(map) => map.iter().map(|(name, value)| (name.clone(), masked_field(name, value))).collect(),
        Value::Array(items) => items.iter().map(masked).collect(),
        other => other.clone(),
    }
}

fn masked_field(name: &str, value: &Value) -> Value {
    let mask = MASKED_FIELDS.iter().find(|(field, _)| *field == name).map(|(_, mask)| *mask);
    match (mask, value) {
        (Some(mask), Value::String(text)) => mask(text).into(),
        (Some(_), Value::Number(_)) => hidden("").into(),
        _ => masked(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_browser_sees_masks_at_any_depth_and_a_server_sees_everything() {
        let value = json!({ "upi_vpa": "rahul@okbank", "list": [{ "account_number": "1234567890" }], "ifsc": "SBIN0001077" });
        assert_eq!(render(&value, Audience::Server), value);
        assert_eq!(
            render(&value, Audience::Browser),
            json!({ "upi_vpa": "r***@okbank", "list": [{ "account_number": "XXXXXX7890" }], "ifsc": "SBIN0001077" })
        );
    }
}
