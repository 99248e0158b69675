//! The identifiers' vectors, natively. The npm package runs the same files in a browser, the edge tests in workerd.
//!
//! A row has `input` (a text with `repeat` stands so often), a valid one `value`, `masked`, `warnings`, and where its kind tells something `info`, an invalid one
//! `key` and, where a part is to blame, `span`; `why` is for readers. A lone surrogate is written as its escape and arrives as U+FFFD.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use toran_core::ids::{KINDS, Kind, mask, validate};

fn vectors(kind: Kind) -> Value {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let path = folder.join(format!("{}.json", kind.name()));
    serde_json::from_str(&well_formed(&fs::read_to_string(path).expect("every kind has vectors"))).unwrap()
}

/// JSON with U+FFFD for each lone surrogate, as UTF-8 and the package hand it to the core.
fn well_formed(json: &str) -> String {
    let parts: Vec<&str> = json.split("\\u").collect();
    let unit = |part: usize| {
        let hex = parts.get(part).filter(|_| part > 0)?.get(..4)?;
        u16::from_str_radix(hex, 16).ok()
    };
    let is_low = |part| unit(part).is_some_and(|unit| (0xdc00..0xe000).contains(&unit));
    let is_pair = |part: usize| {
        let adjacent = parts.get(part).is_some_and(|text| text.len() == 4);
        adjacent && unit(part).is_some_and(|unit| (0xd800..0xdc00).contains(&unit)) && is_low(part.saturating_add(1))
    };
    let is_lone = |part| {
        unit(part).is_some_and(|unit| (0xd800..0xe000).contains(&unit))
            && !is_pair(part)
            && !(is_low(part) && is_pair(part.saturating_sub(1)))
    };
    let told = |(part, text): (usize, &&str)| if is_lone(part) { format!("fffd{}", text.get(4..).unwrap()) } else { (*text).to_owned() };
    parts.iter().enumerate().map(told).collect::<Vec<_>>().join("\\u")
}

fn input(row: &Value) -> Value {
    let input = row.get("input").unwrap();
    match row.get("repeat").and_then(Value::as_u64) {
        Some(times) => input.as_str().unwrap().repeat(times.try_into().unwrap()).into(),
        None => input.clone(),
    }
}

/// Every row of one part of every kind's file, with the verdict on its input.
fn each(part: &str, mut judge: impl FnMut(Kind, &Value, &Value)) {
    for &kind in KINDS {
        for row in vectors(kind).get(part).and_then(Value::as_array).unwrap() {
            let verdict = validate(kind, &input(row)).into_record().to_value();
            judge(kind, row, &verdict);
        }
    }
}

fn keys(issues: Option<&Value>) -> Value {
    issues.and_then(Value::as_array).unwrap().iter().map(|issue| issue.get("key").cloned()).collect()
}

#[test]
fn a_lone_surrogate_is_read_as_the_replacement_character() {
    let read = |json: &str| well_formed(json);
    assert_eq!(read(r#"["\ud83d\ude00", "\u0967", "x"]"#), r#"["\ud83d\ude00", "\u0967", "x"]"#);
    assert_eq!(read(r#"["\ud800", "\udc00y", "\ud83dx\ude00"]"#), r#"["\ufffd", "\ufffdy", "\ufffdx\ufffd"]"#);
    assert_eq!(read(r"\ud83d\ud83d\ude00\ude00"), r"\ufffd\ud83d\ude00\ufffd");
}

#[test]
fn every_kind_has_sixty_different_vectors_either_way() {
    for &kind in KINDS {
        let file = vectors(kind);
        assert_eq!(file.get("kind"), Some(&json!(kind.name())));
        for part in ["valid", "invalid"] {
            let rows = file.get(part).and_then(Value::as_array).unwrap();
            let inputs: HashSet<String> = rows.iter().map(|row| input(row).to_string()).collect();
            assert!(inputs.len() >= 60, "{} {part}: {}", kind.name(), inputs.len());
        }
    }
}

#[test]
fn valid_inputs_have_their_value_and_name_what_was_changed() {
    each("valid", |_, row, verdict| {
        assert_eq!(verdict.get("value"), row.get("value"), "{row} {verdict}");
        assert_eq!(&keys(verdict.get("warnings")), row.get("warnings").unwrap_or(&json!([])), "{row} {verdict}");
        assert_eq!(verdict.get("masked"), row.get("masked"), "{row}");
        assert_eq!(verdict.get("info"), Some(row.get("info").unwrap_or(&json!({}))), "{row}");
    });
}

#[test]
fn the_value_of_a_valid_input_is_valid_as_it_is() {
    each("valid", |kind, row, verdict| {
        let value = row.get("value").and_then(Value::as_str).unwrap();
        let again = validate(kind, &json!(value)).into_record().to_value();
        assert_eq!(again.get("value"), Some(&json!(value)), "{row}");
        assert_eq!(verdict.get("masked"), Some(&json!(mask(kind, value))), "{row}");
    });
}

#[test]
fn invalid_inputs_are_refused_under_their_key_at_their_place() {
    each("invalid", |_, row, verdict| {
        assert_eq!(verdict.get("ok"), Some(&json!(false)), "{row} {verdict}");
        assert_eq!(verdict.pointer("/issues/0/key"), row.get("key"), "{row} {verdict}");
        assert_eq!(verdict.pointer("/issues/0/span"), row.get("span"), "{row} {verdict}");
    });
}
