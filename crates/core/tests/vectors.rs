//! The identifiers' vectors, natively. The npm package runs the same files in a browser, the edge tests in workerd.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use toran_core::ids::{KINDS, Kind, mask, validate};

fn vectors(kind: Kind) -> Value {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let path = folder.join(format!("{}.json", kind.name()));
    serde_json::from_str(&fs::read_to_string(path).expect("every kind has vectors")).unwrap()
}

/// Every row of one part of every kind's file, with the verdict on its input.
fn each(part: &str, mut judge: impl FnMut(Kind, &Value, &Value)) {
    for &kind in KINDS {
        for row in vectors(kind).get(part).and_then(Value::as_array).unwrap() {
            let verdict = serde_json::to_value(validate(kind, row.get("input").unwrap())).unwrap();
            judge(kind, row, &verdict);
        }
    }
}

fn keys(issues: Option<&Value>) -> Value {
    issues.and_then(Value::as_array).unwrap().iter().map(|issue| issue.get("key").cloned()).collect()
}

#[test]
fn every_kind_has_forty_vectors_either_way() {
    for &kind in KINDS {
        let file = vectors(kind);
        assert_eq!(file.get("kind"), Some(&json!(kind.name())));
        for part in ["valid", "invalid"] {
            assert!(file.get(part).and_then(Value::as_array).unwrap().len() >= 40, "{} {part}", kind.name());
        }
    }
}

#[test]
fn valid_inputs_have_their_value_and_name_what_was_changed() {
    each("valid", |_, row, verdict| {
        assert_eq!(verdict.get("value"), row.get("value"), "{row} {verdict}");
        assert_eq!(&keys(verdict.get("warnings")), row.get("warnings").unwrap_or(&json!([])), "{row} {verdict}");
        let masked = row.get("masked").or(verdict.get("masked"));
        assert_eq!(verdict.get("masked"), masked, "{row}");
    });
}

#[test]
fn the_value_of_a_valid_input_is_valid_as_it_is() {
    each("valid", |kind, row, verdict| {
        let value = row.get("value").and_then(Value::as_str).unwrap();
        let again = serde_json::to_value(validate(kind, &json!(value))).unwrap();
        assert_eq!(again.get("value"), Some(&json!(value)), "{row}");
        assert_eq!(verdict.get("masked"), Some(&json!(mask(kind, value))), "{row}");
    });
}

#[test]
fn invalid_inputs_are_refused_under_their_key_at_their_place() {
    each("invalid", |_, row, verdict| {
        assert_eq!(verdict.get("ok"), Some(&json!(false)), "{row} {verdict}");
        assert_eq!(verdict.pointer("/issues/0/key"), row.get("key"), "{row} {verdict}");
        let span = row.get("span").or(verdict.pointer("/issues/0/span"));
        assert_eq!(verdict.pointer("/issues/0/span"), span, "{row} {verdict}");
    });
}
