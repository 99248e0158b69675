//! A vendor's JSON, read leniently: field names in any casing, numbers and texts in each other's place.
//!
//! Vendors' documents, samples and answers write one field `KYCTypeFlag`, `kyc_type_flag` and `kycTypeFlag`, and promise numbers that come
//! as texts. What is read is never guessed: a value of a third type is no value, and an answer that says two things under one name is none.
//! Nothing here decides.

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

fn same(left: &str, right: &str) -> bool {
    letters(left).eq(letters(right))
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|letter| *letter != '_').map(|letter| letter.to_ascii_lowercase())
}

/// A text that is not blank; a number is read as its digits.
pub(super) fn text(map: &Map<String, Value>, name: &str) -> Option<String> {
    match field(map, name)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A text as it was given, also an empty one; a number is read as its digits.
pub(super) fn text_as_given(map: &Map<String, Value>, name: &str) -> Option<String> {
    let is_blank = |value: &Value| value.as_str().is_some_and(|text| text.trim().is_empty());
    text(map, name).or_else(|| field(map, name).filter(|value| is_blank(value)).map(|_| String::new()))
}

/// The word of a field; a value of another type is a word that nobody knows, which is not the same as none.
pub(super) fn word(map: &Map<String, Value>, name: &str) -> Option<String> {
    let other = || field(map, name).filter(|value| !value.is_string()).map(Value::to_string);
    text(map, name).or_else(other)
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
    fn numbers_are_texts_but_nothing_else_is() {
        assert_eq!(text(&map(&json!({ "code": 2 })), "code").as_deref(), Some("2"));
        assert_eq!(text(&map(&json!({ "code": " 2 " })), "code").as_deref(), Some("2"));
        for other in [json!(true), json!(null), json!(["2"]), json!({ "2": 2 }), json!("  ")] {
            assert_eq!(text(&map(&json!({ "code": other })), "code"), None);
        }
    }
}
