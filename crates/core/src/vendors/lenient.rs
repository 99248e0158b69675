//! A vendor's JSON, read leniently: field names in any casing, numbers and texts in each other's place.
//!
//! Vendors' documents, samples and answers write one field `KYCTypeFlag`, `kyc_type_flag` and `kycTypeFlag`, and promise numbers that come
//! as texts. What is read is never guessed: a value of a third type is no value. Nothing here decides.

use serde_json::{Map, Value};

/// A field by its name; letters' case and underscores do not count, and null is no value: it hides no twin in another casing.
pub(super) fn field<'a>(map: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let exact = map.get(name).filter(|value| !value.is_null());
    exact.or_else(|| map.iter().find(|(key, value)| !value.is_null() && same(key, name)).map(|(_, value)| value))
}

fn same(left: &str, right: &str) -> bool {
    fn letters(name: &str) -> impl Iterator<Item = char> {
        name.chars().filter(|letter| *letter != '_').map(|letter| letter.to_ascii_lowercase())
    }
    letters(left).eq(letters(right))
}

/// A text that is not blank; a number is read as its digits.
pub(super) fn text(map: &Map<String, Value>, name: &str) -> Option<String> {
    match field(map, name)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
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
    fn numbers_are_texts_but_nothing_else_is() {
        assert_eq!(text(&map(&json!({ "code": 2 })), "code").as_deref(), Some("2"));
        assert_eq!(text(&map(&json!({ "code": " 2 " })), "code").as_deref(), Some("2"));
        for other in [json!(true), json!(null), json!(["2"]), json!({ "2": 2 }), json!("  ")] {
            assert_eq!(text(&map(&json!({ "code": other })), "code"), None);
        }
    }
}
