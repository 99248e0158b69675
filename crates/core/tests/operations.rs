//! The operations' vectors, natively: what the edge says to a body before any vendor hears of it. The edge tests post the same files to the
//! real Worker (`tests/README.md` has the format).
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value, json};
use toran_core::json::{self, Node};
use toran_core::operations::{OPERATIONS, Operation, OperationRow, Request, check_request};
use toran_core::problem::Problem;

fn cases(row: &OperationRow) -> Vec<Value> {
    let name = row.name.replace('.', "_");
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/vectors/operations/{name}.json"));
    let file: Value = serde_json::from_str(&fs::read_to_string(path).expect("every operation has vectors")).unwrap();
    assert_eq!(file.get("operation"), Some(&json!(row.name)));
    file.get("cases").and_then(Value::as_array).cloned().unwrap()
}

fn each(mut judge: impl FnMut(Operation, &str, &Value)) {
    for row in OPERATIONS {
        for case in cases(row) {
            judge(row.operation, case.get("name").and_then(Value::as_str).unwrap(), &case);
        }
    }
}

/// The bytes of the body, as the Worker gets them.
fn bytes(case: &Value) -> String {
    case.get("raw").map_or_else(|| case.get("body").unwrap().to_string(), |raw| raw.as_str().unwrap().to_owned())
}

fn parse(operation: Operation, body: &str) -> Result<Request, Problem> {
    let map = json::object(body.as_bytes()).map_err(|malformed| Problem::malformed(malformed.0, None).worded(operation.row().source))?;
    Request::parse(operation, &map)
}

fn text<'a>(case: &'a Value, field: &str) -> Option<&'a str> {
    case.get(field).and_then(Value::as_str)
}

#[test]
fn there_are_at_least_170_bodies_each_with_a_name_of_its_own() {
    let mut seen = HashSet::new();
    each(|operation, name, _| assert!(seen.insert((operation.row().name, name.to_owned())), "{name} twice"));
    assert!(seen.len() >= 170, "{}", seen.len());
}

#[test]
fn a_sound_body_has_its_meaning_in_its_one_form() {
    each(|operation, name, case| {
        let Some(meaning) = case.get("ok") else { return };
        let request = parse(operation, &bytes(case)).unwrap_or_else(|problem| panic!("{name}: {problem:?}"));
        // As text, because the fingerprint is of the text.
        assert_eq!(request.meaning().to_string(), meaning.to_string(), "{name}");
    });
}

#[test]
fn the_meaning_of_a_body_is_a_body_with_the_same_meaning() {
    each(|operation, name, case| {
        let Some(meaning) = case.get("ok").and_then(Value::as_object) else { return };
        let again = Request::parse(operation, meaning).unwrap_or_else(|problem| panic!("{name}: {problem:?}"));
        assert_eq!(again.meaning().to_string(), Value::Object(meaning.clone()).to_string(), "{name}");
    });
}

/// 003 section 10.4, and documents 000 and 001: where a document has a field for the customer's consent, nothing is asked without it.
#[test]
fn no_request_is_sound_without_the_consent_that_its_document_asks_for() {
    let mut asked = HashSet::new();
    each(|operation, name, case| {
        if case.get("ok").is_none() {
            return;
        }
        let body: Map<String, Value> = serde_json::from_str(&bytes(case)).unwrap();
        for (field, is_required) in [("consent", true), ("is_consent_granted", false)] {
            if !operation.row().fields.contains(&field) {
                continue;
            }
            asked.insert((operation.row().name, field));
            for refused in [json!(false), json!("N"), json!(null), json!("")] {
                let mut without = body.clone();
                without.insert(field.to_owned(), refused.clone());
                assert!(Request::parse(operation, &without).is_err(), "{name}: {field} {refused}");
            }
            let mut without = body.clone();
            without.shift_remove(field);
            assert_eq!(Request::parse(operation, &without).is_err(), is_required, "{name}: no {field}");
        }
    });
    let names = ["pan.verify", "customer.prefill", "ckyc.search", "ckyc.download"].map(|name| (name, "consent"));
    assert_eq!(asked, names.into_iter().chain([("mobile.account", "is_consent_granted")]).collect());
}

#[test]
fn a_faulty_body_is_refused_with_every_fault_in_order() {
    each(|operation, name, case| {
        let Some(key) = text(case, "key") else { return };
        let problem = parse(operation, &bytes(case)).err().unwrap_or_else(|| panic!("{name}: was accepted"));
        assert_eq!((problem.key.as_ref(), Some(u64::from(problem.status()))), (key, case.get("status").and_then(Value::as_u64)), "{name}");
        assert_eq!(text(case, "title").unwrap_or(&problem.title), problem.title, "{name}");
        assert!(!problem.title.is_empty() && problem.errors.iter().all(|fault| !fault.message.is_empty()), "{name}: a fault without words");
        let expected = case.get("errors").and_then(Value::as_array).unwrap();
        let found: Vec<_> = problem.errors.iter().map(|fault| (fault.field.as_ref(), fault.key.as_ref())).collect();
        let named: Vec<_> = expected.iter().map(|fault| (text(fault, "field").unwrap(), text(fault, "key").unwrap())).collect();
        assert_eq!(found, named, "{name}");
        for (fault, expected) in problem.errors.iter().zip(expected) {
            assert_eq!(text(expected, "message").unwrap_or(&fault.message), fault.message, "{name}");
            let hint = fault.hint.as_deref();
            assert_eq!(text(expected, "hint").or(hint), hint, "{name}");
        }
    });
}

#[test]
fn the_npm_package_says_the_same_of_every_body_that_is_json() {
    each(|operation, name, case| {
        let Some(body) = case.get("body") else { return };
        let said = check_request(operation.row().name, bytes(case).len(), Node::from(body)).into_record().to_value();
        assert_eq!(said.get("value"), case.get("ok"), "{name}");
        assert_eq!(said.get("key"), case.get("key"), "{name}");
    });
}

#[test]
fn no_refusal_repeats_what_was_sent() {
    each(|operation, name, case| {
        let Some(Value::Object(body)) = case.get("body") else { return };
        let Err(problem) = Request::parse(operation, body) else { return };
        let response = problem.to_json("request");
        for value in secrets(body) {
            assert!(!response.contains(value), "{name}: {value} in {response}");
        }
    });
}

/// The texts of a body that somebody could mind, as far as they are long enough not to be there by chance.
fn secrets(body: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let fields = ["mobile_number", "id_number", "name", "dob", "ckyc_id", "auth_factor", "account_number"];
    let inner = body.get("beneficiary_details").and_then(Value::as_object);
    let texts = move |field| [Some(body), inner].into_iter().flatten().filter_map(move |map| map.get(field)?.as_str());
    fields.into_iter().flat_map(texts).map(str::trim).filter(|text| text.chars().count() > 5)
}

#[test]
fn a_reference_id_that_may_not_be_one_is_named_in_the_message_of_every_operation() {
    for row in OPERATIONS {
        for reference in ["234123412346", "2341-2341-2346", &format!("chk_{}", "0".repeat(32)), "A&B"] {
            let Err(problem) = parse(row.operation, &json!({ "reference_id": reference }).to_string()) else { panic!("{reference}") };
            let error = problem.errors.iter().find(|error| error.key == "error_unsanitized_values").unwrap();
            assert!(error.field == "reference_id" && error.message.contains("reference_id"), "{}: {}", row.name, error.message);
            assert!(!error.message.contains('<'), "{}: {}", row.name, error.message);
        }
    }
}
