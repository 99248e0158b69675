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

/// The fields that hold personal data, and how a browser sees them (contract section 2.6). A name that means something else elsewhere has
/// the object or list that it stands in before it.
static MASKED_FIELDS: &[(&str, Mask)] = &[
    ("account_number", mask::account),
    ("address_info.address", hidden),
    ("address_info.postal", hidden),
    ("address_info.state", hidden),
    ("age", hidden),
    ("available_balance", hidden),
    ("bank_reference_number", mask::account),
    ("card_number", mask::account),
    ("customer_id", mask::account),
    ("dob", hidden),
    ("doc_number", mask::account),
    ("email", mask::email),
    ("email_address", mask::email),
    ("father_name", mask::name),
    ("first_name", mask::name),
    ("full_name", mask::name),
    ("gender", hidden),
    ("id_number", id_number),
    ("last_name", mask::name),
    ("mobile", mask::mobile),
    ("mobile_number", mask::mobile),
    ("name", mask::name),
    ("name_as_per_bank", mask::name),
    ("occupation", hidden),
    ("ovd_name", mask::name),
    ("pan_verify_name", mask::name),
    ("phone_info.number", mask::mobile),
    ("risk_category", hidden),
    ("risk_score", hidden),
    ("subwallet_id", mask::account),
    ("total_income", hidden),
    ("upi_vpa", mask::vpa),
    ("urn", mask::account),
];

fn hidden(_: &str) -> String {
    "X".repeat(6)
}

/// The number of a document; one that comes masked as an Aadhaar number keeps that form.
fn id_number(text: &str) -> String {
    if text.starts_with("XXXX XXXX ") { mask::aadhaar(text) } else { mask::pan(text) }
}

/// The value as the audience sees it.
pub(super) fn render(value: &Value, audience: Audience) -> Value {
    match audience {
        Audience::Server => value.clone(),
        Audience::Browser => masked("", value),
    }
}

/// A value that stands in the field `place`, or in the list that does.
fn masked(place: &str, value: &Value) -> Value {
    match value {
        Value::Object(map) => map.iter().map(|(name, value)| (name.clone(), masked_field(place, name, value))).collect(),
        Value::Array(items) => items.iter().map(|item| masked(place, item)).collect(),
        other => other.clone(),
    }
}

fn masked_field(place: &str, name: &str, value: &Value) -> Value {
    let means = |field: &str| field == name || field.split_once('.') == Some((place, name));
    let mask = MASKED_FIELDS.iter().find(|(field, _)| means(field)).map(|(_, mask)| *mask);
    match (mask, value) {
        (Some(mask), Value::String(text)) => mask(text).into(),
        (Some(_), Value::Number(_)) => hidden("").into(),
        _ => masked(name, value),
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

    #[test]
    fn a_name_that_means_something_else_elsewhere_is_masked_in_its_place_only() {
        let value =
            json!({ "address_info": [{ "address": "12 MG ROAD", "type": "Primary" }], "branch_details": { "address": "1 MAIN ROAD" } });
        let seen = json!({ "address_info": [{ "address": "XXXXXX", "type": "Primary" }], "branch_details": { "address": "1 MAIN ROAD" } });
        assert_eq!(render(&value, Audience::Browser), seen);
    }

    #[test]
    fn a_masked_aadhaar_number_keeps_its_form() {
        let value = json!([{ "id_number": "XXXX XXXX 2346" }, { "id_number": "ABCPE1234F" }, { "id_number": "XXXXXXXX2346" }]);
        let seen = json!([{ "id_number": "XXXX XXXX 2346" }, { "id_number": "XXXXXX234F" }, { "id_number": "XXXXXX2346" }]);
        assert_eq!(render(&value, Audience::Browser), seen);
    }
}
