//! Who reads an answer, and what of it they see.
//!
//! Servers see a person's data as the vendor gave it. A browser session sees it masked by field name, at any depth, and what is below a masked
//! field like the field; one that is not in [`MASKED_FIELDS`] is shown, so every field that holds personal data must be there (a test of each operation looks).

use std::borrow::Cow;

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
    ("address_info", hidden),
    ("age", hidden),
    ("available_balance", hidden),
    ("bank_reference_number", mask::account),
    ("bank_verify_name_at_bank", mask::name),
    ("bank_verify_utr", mask::account),
    ("beneficiary_name", mask::name),
    ("card_number", mask::account),
    ("ckyc_id", mask::kin),
    ("ckyc_reference_id", mask::account),
    ("current_address", hidden),
    ("customer_id", mask::account),
    ("date_of_birth", hidden),
    ("dob", hidden),
    ("doc_number", mask::account),
    ("email", mask::email),
    ("email_address", mask::email),
    ("father_name", mask::name),
    ("fathers_full_name", mask::name),
    ("first_name", mask::name),
    ("full_name", mask::name),
    ("gender", hidden),
    ("id_number", id_number),
    ("last_name", mask::name),
    ("marital_status", hidden),
    ("middle_name", mask::name),
    ("mobile", mask::mobile),
    ("mobile_number", mask::mobile),
    ("mothers_full_name", mask::name),
    ("name", mask::name),
    ("name_as_per_bank", mask::name),
    ("nationality", hidden),
    ("number", mask::account),
    ("occupation", hidden),
    ("ovd_name", mask::name),
    ("pan_verify_name", mask::name),
    ("permanent_address", hidden),
    ("photo", hidden),
    ("prefix", hidden),
    ("residential_status", hidden),
    ("risk_category", hidden),
    ("risk_score", hidden),
    ("signature", hidden),
    ("subwallet_id", mask::account),
    ("total_income", hidden),
    ("upi_vpa", mask::vpa),
    ("urn", mask::account),
    ("utr", mask::account),
];

fn hidden(_: &str) -> String {
    "X".repeat(6)
}

/// The number of a document; one that comes masked as an Aadhaar number keeps that form.
fn id_number(text: &str) -> String {
    if text.starts_with("XXXX XXXX ") { mask::aadhaar(text) } else { mask::pan(text) }
}

/// The value as the audience sees it.
pub(super) fn render(value: &Value, audience: Audience) -> Cow<'_, Value> {
    match audience {
        Audience::Server => Cow::Borrowed(value),
        Audience::Browser => Cow::Owned(masked(value)),
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
        (Some(_), Value::Object(map)) => map.iter().map(|(below, value)| (below.clone(), masked_field(name, value))).collect(),
        (Some(_), Value::Array(items)) => items.iter().map(|item| masked_field(name, item)).collect(),
        _ => masked(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_below_a_masked_field_is_masked_like_it() {
        let value = json!({ "current_address": { "line1": "123, MG Road", "lines": ["Sector 5", 6], "country": null }, "city": "Gurgaon" });
        let shown = json!({ "current_address": { "line1": "XXXXXX", "lines": ["XXXXXX", "XXXXXX"], "country": null }, "city": "Gurgaon" });
        assert_eq!(*render(&value, Audience::Browser), shown);
    }

    #[test]
    fn a_browser_sees_masks_at_any_depth_and_a_server_sees_everything() {
        let value = json!({ "upi_vpa": "rahul@okbank", "list": [{ "account_number": "1234567890" }], "ifsc": "SBIN0001077" });
        assert_eq!(*render(&value, Audience::Server), value);
        assert_eq!(
            *render(&value, Audience::Browser),
            json!({ "upi_vpa": "r***@okbank", "list": [{ "account_number": "XXXXXX7890" }], "ifsc": "SBIN0001077" })
        );
    }

    #[test]
    fn a_masked_aadhaar_number_keeps_its_form() {
        let value = json!([{ "id_number": "XXXX XXXX 2346" }, { "id_number": "ABCPE1234F" }, { "id_number": "XXXXXXXX2346" }]);
        let seen = json!([{ "id_number": "XXXX XXXX 2346" }, { "id_number": "XXXXXX234F" }, { "id_number": "XXXXXX2346" }]);
        assert_eq!(*render(&value, Audience::Browser), seen);
    }
}
