//! What a form must show to the customer whom an answer is about, beside what every browser sees ([`super::audience`]). It fails closed like that: a value without its field's shape stays masked.

use serde_json::Value;

use super::audience::{is_date, is_short_number};
use crate::ids::Kind;
use crate::script::is_letter;

/// Whether a text has the shape of its field.
type Fits = fn(&str) -> bool;

/// What a form must show to the customer whom it is about, beside what every browser sees: names, addresses, dates and words of a person. Their numbers stay masked.
#[rustfmt::skip]
static FORM: &[(&str, Fits)] = &[
    ("address", is_address), ("beneficiary_name", is_name), ("bank_verify_name_at_bank", is_name), ("city", is_name), ("country", is_name), ("date_of_birth", is_date),
    ("district", is_name), ("dob", is_date), ("dob_iso", is_date), ("date_of_birth_iso", is_date), ("father_name", is_name), ("fathers_first_name", is_name), ("fathers_full_name", is_name), ("fathers_last_name", is_name), ("fathers_middle_name", is_name), ("first_name", is_name), ("full_name", is_name),
    ("gender", is_name), ("last_name", is_name), ("line1", is_address), ("line2", is_address), ("line3", is_address), ("maiden_first_name", is_name), ("maiden_full_name", is_name), ("maiden_last_name", is_name), ("maiden_middle_name", is_name), ("marital_status", is_kind), ("middle_name", is_name),
    ("mothers_first_name", is_name), ("mothers_full_name", is_name), ("mothers_last_name", is_name), ("mothers_middle_name", is_name), ("name", is_name), ("name_as_per_bank", is_name), ("nationality", is_kind), ("occupation", is_kind), ("ovd_name", is_name), ("pan_verify_name", is_name),
    ("pincode", is_pincode), ("postal", is_pincode), ("prefix", is_name), ("residential_status", is_kind), ("spouse_first_name", is_name), ("spouse_full_name", is_name), ("spouse_last_name", is_name), ("spouse_middle_name", is_name), ("state", is_kind),
];

/// The groups of an answer that are about other people, whatever their fields are called.
const OTHERS: &[&str] = &["related_persons", "verifier"];

/// What was masked of a value, with what a form must show of it.
pub(super) fn with_form(masked: Value, whole: &Value) -> Value {
    match (masked, whole) {
        (Value::Object(masked), Value::Object(whole)) => {
            let of = |(name, value): (String, Value)| match whole.get(&name) {
                Some(Value::String(text)) if is_in_form(&name, text) => (name, text.as_str().into()),
                Some(below) if !OTHERS.contains(&name.as_str()) => (name, with_form(value, below)),
                _ => (name, value),
            };
            masked.into_iter().map(of).collect()
        }
        (Value::Array(masked), Value::Array(whole)) => {
            masked.into_iter().zip(whole).map(|(value, whole)| with_form(value, whole)).collect()
        }
        (masked, _) => masked,
    }
}

fn is_in_form(name: &str, text: &str) -> bool {
    FORM.iter().find(|(field, _)| *field == name).is_some_and(|(_, fits)| fits(text))
}

/// The name of a person or a place: letters, and what stands between them.
fn is_name(text: &str) -> bool {
    text.len() <= 200 && text.chars().all(|c| is_letter(c) || " .,&'()-/".contains(c))
}

/// A name, or a short number for one.
fn is_kind(text: &str) -> bool {
    is_name(text) || is_short_number(text, 2)
}

fn is_pincode(text: &str) -> bool {
    text.len() == 6 && is_short_number(text, 6)
}

/// Letters of any script and the signs of an address; no number of a person's: a PIN code has six digits, and stands by itself.
fn is_address(text: &str) -> bool {
    let is_sign = |c: char| is_letter(c) || c.is_ascii_digit() || " .,&'()-/#:;".contains(c);
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).map(str::len);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_pan = |word: &str| Kind::Pan.read(word).is_ok();
    text.len() <= 300
        && digits <= 20
        && text.chars().all(is_sign)
        && numbers.all(|length| length <= 6)
        && !text.split([' ', ',']).any(is_pan)
        && !is_grouped(text)
}

/// Whether digits stand in groups that together may be somebody's number.
fn is_grouped(text: &str) -> bool {
    let joined: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '/')).collect();
    joined.split(|c: char| !c.is_ascii_digit()).any(|number| number.len() >= 10)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::Audience;
    use super::super::audience::render;
    use super::*;

    #[test]
    fn a_subject_sees_what_a_form_must_show_and_their_numbers_masked() {
        let address = json!({ "line1": "Flat 12-B, 3rd Floor, MG Road", "city": "Pune", "pincode": "411001", "country": "IN" });
        let value = json!({
            "full_name": "RAHUL SHARMA", "date_of_birth": "15/06/1990", "gender": "M", "current_address": address, "mobile": "9876543210", "photo": "QUJD",
            "identity_documents": [{ "type": "PAN", "number": "ABCPE1234F" }], "ckyc_id": "12345678901234", "risk_score": "12", "email": "rahul@example.com",
        });
        let seen = json!({
            "full_name": "RAHUL SHARMA", "date_of_birth": "15/06/1990", "gender": "M", "current_address": address, "mobile": "XXXXXX3210", "photo": "XXXXXX",
            "identity_documents": [{ "type": "PAN", "number": "XXXXXX234F" }], "ckyc_id": "$XXXX1234$", "risk_score": "XXXXXX", "email": "r***@example.com",
        });
        assert_eq!(*render(&value, Audience::Subject), seen);
    }

    #[test]
    fn a_subject_sees_nobody_elses_name() {
        let value =
            json!({ "full_name": "RAHUL SHARMA", "verifier": { "name": "ASHA RAO" }, "related_persons": [{ "name": "SUNITA SHARMA" }] });
        let seen = render(&value, Audience::Subject).to_string();
        assert!(seen.contains("RAHUL") && !seen.contains("ASHA") && !seen.contains("SUNITA"), "{seen}");
    }

    #[test]
    fn every_field_of_a_form_is_one_of_an_answer() {
        // Addresses are hidden as a whole.
        const OF_ADDRESSES: &[&str] = &["country", "line1", "line2", "line3", "pincode", "postal"];
        for (field, _) in FORM.iter().filter(|(field, _)| !OF_ADDRESSES.contains(field)) {
            assert!(super::super::audience::is_listed(field), "{field}");
        }
    }

    #[test]
    fn what_does_not_belong_to_a_field_of_a_form_is_masked_for_a_subject_too() {
        for number in [
            "ABCPE1234F",
            "9876543210",
            "98765 43210",
            "2341 2341 2346",
            "823456789019",
            "rahul@okbank",
            "Flat 9876543210",
            "MG Road ABCPE1234F",
        ] {
            for (field, _) in FORM {
                let seen = render(&json!({ field.to_owned(): number, "current_address": { field.to_owned(): number } }), Audience::Subject)
                    .to_string();
                assert!(!seen.contains(number), "{field}: {seen}");
            }
        }
    }
}
