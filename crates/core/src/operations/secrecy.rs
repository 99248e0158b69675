//! A full Aadhaar number is never told and never kept: the one rule for whatever a vendor says, of every operation, applied where it enters its check.
//!
//! In any text, and as a number, twelve digits with an Aadhaar's check digit show their last four. Where the field or the type beside it says Aadhaar, no number shows more, whatever its
//! check digit. One number in ten of twelve digits has that check digit by chance, so what a field of another issuer's numbers holds stays as it is in that issuer's form: an account's number, a bank's
//! reference, an issuer's customer, a mobile number with its country's code. Pictures are letters of Base64.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{Finding, VendorRef};
use crate::ids::aadhaar::{hide, masked};
use crate::mask;
use crate::pieces;

/// How a text is told; `None` as it is.
type Rule = fn(&str) -> Option<String>;

/// The fields that hold another number than a person's, or a picture; each with what stays as it is.
static OTHERS: &[(&str, Rule)] = &[
    ("account_number", number),
    ("bank_reference_number", number),
    ("bank_verify_utr", number),
    ("contact", phone),
    ("customer_id", number),
    ("data", picture),
    ("fax", phone),
    ("mobile", phone),
    ("mobile_number", phone),
    ("number", phone),
    ("office_phone", phone),
    ("photo", picture),
    ("residence_phone", phone),
    ("signature", picture),
    ("utr", number),
];

/// A value without any Aadhaar number.
#[must_use]
pub fn without_aadhaar(value: Value) -> Value {
    told(value, any)
}

fn told(value: Value, rule: Rule) -> Value {
    match value {
        Value::String(text) => rule(&text).unwrap_or(text).into(),
        Value::Array(items) => items.into_iter().map(|item| told(item, rule)).collect(),
        Value::Object(map) => {
            let says_so = is_of_aadhaar(&map);
            map.into_iter().map(|(name, value)| told_field(name, value, rule, says_so)).collect()
        }
        Value::Number(number) if hide(&number.to_string()) != number.to_string() => mask::aadhaar(&number.to_string()).into(),
        other => other,
    }
}

fn told_field(name: String, value: Value, above: Rule, says_so: bool) -> (String, Value) {
    let of_field = OTHERS.iter().find(|(field, _)| *field == name).map(|(_, rule)| *rule);
    let rule = if is_aadhaar(&name) || says_so && name.ends_with("number") { shown } else { of_field.unwrap_or(above) };
    (name, told(value, rule))
}

/// Whether an object says by its type that it is about an Aadhaar number: `{"doc_type": "AADHAAR CARD", "doc_number": ...}`.
fn is_of_aadhaar(map: &Map<String, Value>) -> bool {
    map.iter().any(|(name, value)| name.ends_with("type") && value.as_str().is_some_and(is_aadhaar))
}

fn is_aadhaar(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    ["aadha", "aadhar", "adhaar", "adhar"].iter().any(|spelling| word.contains(spelling)) || ["uid", "uidai"].contains(&word.as_str())
}

/// Any text.
fn any(text: &str) -> Option<String> {
    text.bytes().any(|byte| byte.is_ascii_digit() || !byte.is_ascii()).then(|| hide(text))
}

/// The text of a field for an Aadhaar number.
fn shown(text: &str) -> Option<String> {
    text.bytes().any(|byte| byte.is_ascii_digit() || !byte.is_ascii()).then(|| masked(text))
}

/// A number in one piece.
fn number(text: &str) -> Option<String> {
    if pieces::all(text, u8::is_ascii_alphanumeric) { None } else { any(text) }
}

/// A mobile number with India's code before it, which has twelve digits too.
fn phone(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, '+' | ' ' | '-')).collect();
    let is_mobile =
        digits.len() == 12 && pieces::all(&digits, u8::is_ascii_digit) && digits.starts_with("91") && digits.get(2..3) >= Some("6");
    if is_mobile { None } else { any(text) }
}

const fn picture(_: &str) -> Option<String> {
    None
}

fn text(text: String) -> String {
    any(&text).unwrap_or(text)
}

fn message(message: Cow<'static, str>) -> Cow<'static, str> {
    match message {
        Cow::Owned(said) => text(said).into(),
        ours @ Cow::Borrowed(_) => ours,
    }
}

impl VendorRef {
    /// The same without any Aadhaar number.
    #[must_use]
    pub fn without_aadhaar(self) -> Self {
        Self { transaction_id: self.transaction_id.map(text), code: self.code.map(text), ..self }
    }
}

impl Finding {
    /// The same without any Aadhaar number.
    #[must_use]
    pub fn without_aadhaar(mut self) -> Self {
        for note in &mut self.notes {
            note.message = message(std::mem::take(&mut note.message));
        }
        Self {
            message: message(self.message),
            data: without_aadhaar(self.data),
            record: without_aadhaar(self.record),
            vendor: self.vendor.without_aadhaar(),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_number_is_hidden_in_any_field_as_text_as_number_and_in_other_digits() {
        let value =
            json!({ "name": "234123412346", "list": [{ "code": 234_123_412_346_u64 }, "x 2341 2341 2346"], "dob": "२३४१२३४१२३४६", "n": 7 });
        let hidden = json!({ "name": "XXXX XXXX 2346", "list": [{ "code": "XXXX XXXX 2346" }, "x XXXX XXXX 2346"], "dob": "XXXX XXXX 2346", "n": 7 });
        assert_eq!(without_aadhaar(value), hidden);
    }

    #[test]
    fn where_the_field_or_the_type_says_aadhaar_no_number_is_told_whatever_its_check_digit() {
        let list = json!([{ "doc_type": "AADHAAR CARD", "doc_number": "123456789012" }, { "doc_type": "PAN", "doc_number": "ABCPE1234F" }]);
        let value = json!({ "doc_list": list, "aadhaar_number": [{ "id_number": "123456789012", "sequence": 1 }] });
        let list =
            json!([{ "doc_type": "AADHAAR CARD", "doc_number": "XXXX XXXX 9012" }, { "doc_type": "PAN", "doc_number": "ABCPE1234F" }]);
        let hidden = json!({ "doc_list": list, "aadhaar_number": [{ "id_number": "XXXX XXXX 9012", "sequence": 1 }] });
        assert_eq!(without_aadhaar(value), hidden);
        let seeded = json!({ "aadhaar_seeding_status": "Linked with Aadhaar", "id_number": "ABCPE1234F" });
        assert_eq!(without_aadhaar(seeded.clone()), seeded);
    }

    #[test]
    fn another_issuers_number_stays_as_it_is() {
        let value = json!({ "account_number": "234123412346", "utr": "234123412346", "mobile": "+919876543210", "number": "91 98765 43210", "photo": "234123412346", "fax": "919876543210", "office_phone": "+91-98765-43210", "residence_phone": "919876543210" });
        assert_eq!(without_aadhaar(value.clone()), value);
        let other = json!({ "account_number": "2341 2341 2346", "mobile": "234123412346", "contact": "234123412346" });
        let hidden = json!({ "account_number": "XXXX XXXX 2346", "mobile": "XXXX XXXX 2346", "contact": "XXXX XXXX 2346" });
        assert_eq!(without_aadhaar(other), hidden);
    }
}
