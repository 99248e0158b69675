//! A vendor's JSON, read leniently: field names in any casing, numbers and texts in each other's place.
//!
//! Vendors' documents, samples and answers write one field `KYCTypeFlag`, `kyc_type_flag` and `kycTypeFlag`, and promise numbers that come
//! as texts. What is read is never guessed: a value of a third type is no value, and an answer that says two things under one name is none.
//! Nothing here decides.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::json;

/// An answer; `None` for what is no JSON object, or contradicts itself.
pub(super) fn object(body: &[u8]) -> Option<Map<String, Value>> {
    json::object(body).ok().filter(is_consistent)
}

/// Whether no object in it says two things under one name in two casings: nobody knows which of them is meant. (The same key twice is refused
/// where JSON is read.)
pub(super) fn is_consistent(map: &Map<String, Value>) -> bool {
    let mut said: HashMap<String, &Value> = HashMap::with_capacity(map.len());
    map.iter()
        .filter(|(_, value)| !value.is_null())
        .all(|(name, value)| said.insert(letters(name).collect(), value).is_none_or(|other| other == value))
        && map.values().all(is_consistent_within)
}

fn is_consistent_within(value: &Value) -> bool {
    match value {
        Value::Object(map) => is_consistent(map),
        Value::Array(items) => items.iter().all(is_consistent_within),
        _ => true,
    }
}

/// A field by its name; letters' case and underscores do not count, and null is no value: it hides no twin in another casing.
pub(super) fn field<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let exact = map.get(name).filter(|value| !value.is_null());
    exact.or_else(|| map.iter().find(|(key, value)| !value.is_null() && same(key, name)).map(|(_, value)| value))
}

/// Whether two names are one in another casing.
pub(super) fn same(left: &str, right: &str) -> bool {
    letters(left).eq(letters(right))
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|letter| *letter != '_').map(|letter| letter.to_ascii_lowercase())
}

/// The fields that tell how much there is of something: a number with a fraction is one for them, and for an identifier it has lost digits.
const QUANTITIES: &[&str] = &["payout_amount", "name_match_score", "total_income"];

/// A text that is not blank, without control characters; a number is read as its digits, where it has all of them.
pub(super) fn text(map: &Map<String, Value>, name: &str) -> Option<String> {
    match field(map, name)? {
        Value::String(text) => Some(seen(text.trim()).trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) if !number.is_f64() || QUANTITIES.contains(&name) => Some(number.to_string()),
        _ => None,
    }
}

/// A text as it was given, also an empty one; a number is read as its digits.
pub(super) fn text_as_given(map: &Map<String, Value>, name: &str) -> Option<String> {
    let is_blank = |value: &Value| value.as_str().is_some_and(|text| text.trim().is_empty());
    text(map, name).or_else(|| field(map, name).filter(|value| is_blank(value)).map(|_| String::new()))
}

/// The text with a space for each control character.
pub(super) fn seen(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_control) { text.replace(char::is_control, " ").into() } else { text.into() }
}

/// The word of a field; a value of another type is a word that nobody knows, which is not the same as none.
pub(super) fn word(map: &Map<String, Value>, name: &str) -> Option<String> {
    match field(map, name)? {
        // A word that cannot be seen is none of those that are known.
        Value::String(said) if said.contains(char::is_control) => Some(said.replace(char::is_control, "\u{fffd}")),
        Value::String(_) => text(map, name),
        // What JSON writes of a value has no control character.
        value => text(map, name).or_else(|| Some(value.to_string())),
    }
}

/// A boolean; `"true"` and `"false"` are read as such.
pub(super) fn flag(map: &Map<String, Value>, name: &str) -> Option<bool> {
    match field(map, name)? {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn map(value: &Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn a_name_is_found_in_any_casing() {
        for name in ["KYCTypeFlag", "kycTypeFlag", "kyc_type_flag", "KYC_TYPE_FLAG"] {
            assert_eq!(flag(&map(&json!({ name: true })), "kyc_type_flag"), Some(true), "{name}");
        }
        assert_eq!(flag(&map(&json!({ "kyc_type": true })), "kyc_type_flag"), None);
    }

    #[test]
    fn an_answer_that_says_two_things_under_one_name_is_none() {
        let is_read = |text: &str| object(text.as_bytes()).is_some();
        for text in
            [r#"{"status":"A","Status":"A"}"#, r#"{"a":{"b_c":1,"bC":null}}"#, r#"{"a":[{"b":1},{"b":2}]}"#, r#"{"a":{"b":1},"b":2}"#]
        {
            assert!(is_read(text), "{text}");
        }
        for text in [r#"{"a":1,"a":1}"#, r#"{"status":"A","STATUS":"B"}"#, r#"{"a":[{"b_c":1,"bC":"1"}]}"#, "[]", "", r#"{"a":1"#] {
            assert!(!is_read(text), "{text}");
        }
    }

    #[test]
    fn a_number_that_lost_its_digits_is_no_identifier() {
        for (number, digits) in [
            ("1234567890", Some("1234567890")),
            ("18446744073709551615", Some("18446744073709551615")),
            ("1.23456789e13", None),
            ("98765432101234567890", None),
        ] {
            let read = object(format!(r#"{{"account_number":{number}}}"#).as_bytes()).unwrap_or_default();
            assert_eq!(text(&read, "account_number").as_deref(), digits, "{number}");
        }
        assert_eq!(text(&map(&json!({ "payoutAmount": 0.01 })), "payout_amount").as_deref(), Some("0.01"));
    }

    #[test]
    fn control_characters_are_spaces() {
        for (said, told) in [
            ("RAHUL\u{0}SHARMA", Some("RAHUL SHARMA")),
            ("RAHUL\u{0}\u{0}", Some("RAHUL")),
            ("\u{1b}[0m", Some("[0m")),
            ("\u{0}", None),
            ("A\r\nB", Some("A  B")),
        ] {
            assert_eq!(text(&map(&json!({ "name": said })), "name").as_deref(), told);
        }
    }

    #[test]
    fn numbers_are_texts_but_nothing_else_is() {
        assert_eq!(text(&map(&json!({ "code": 2 })), "code").as_deref(), Some("2"));
        assert_eq!(text(&map(&json!({ "code": " 2 " })), "code").as_deref(), Some("2"));
        for other in [json!(true), json!(null), json!(["2"]), json!({ "2": 2 }), json!("  ")] {
            assert_eq!(text(&map(&json!({ "code": other })), "code"), None);
        }
    }
}
