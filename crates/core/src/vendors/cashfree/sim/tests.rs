//! The simulation by itself: what it refuses, and that it moves a rupee once.
#![expect(clippy::indexing_slicing, reason = "tests")]
use serde_json::{Value, json};

use super::*;
use crate::vendors::sim::set;

const CLIENT: &[(&str, &str)] = &[("x-client-id", CLIENT_ID), ("x-client-secret", CLIENT_SECRET), ("x-request-id", "WIRE01")];

fn sent(world: &mut World, headers: &[(&str, &str)], method: &str, path: &str, body: &Value) -> Answer {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let (path, query) = path.split_once("?user_id=").unwrap_or((path, ""));
    let query = if query.is_empty() { Vec::new() } else { vec![("user_id".to_owned(), query.to_owned())] };
    let request = Request { method: method.into(), path: path.into(), query, headers, body: body.to_string().into() };
    world.answer(&request, 0)
}

fn told(answer: &Answer) -> (u16, &str) {
    (answer.status, answer.body["code"].as_str().unwrap_or_default())
}

#[test]
fn the_samples_pan_is_john_doe() {
    let answer = sent(&mut World::default(), CLIENT, "POST", PAN, &json!({ "pan": "ABCPV1234D" }));
    assert_eq!((answer.status, answer.wire_reference.as_deref()), (200, Some("WIRE01")));
    assert_eq!(
        (&answer.body["registered_name"], &answer.body["valid"], &answer.body["pan_status"]),
        (&json!("JOHN DOE"), &json!(true), &json!("VALID"))
    );
}

#[test]
fn a_request_that_lacks_something_is_refused_for_it() {
    let world = &mut World::default();
    for (headers, code) in [(&[][..], "x-client-id_missing"), (&CLIENT[..1], "x-client-secret_missing")] {
        assert_eq!(told(&sent(world, headers, "POST", PAN, &json!({ "pan": "ABCPV1234D" }))), (400, code));
    }
    let other = [("x-client-id", CLIENT_ID), ("x-client-secret", "somebody's")];
    assert_eq!(told(&sent(world, &other, "POST", PAN, &json!({}))), (401, "authentication_failed"));
    assert_eq!(told(&sent(world, CLIENT, "POST", PAN, &json!({}))), (400, "pan_missing"));
    assert_eq!(told(&sent(world, CLIENT, "POST", PAN, &json!({ "pan": "ABC" }))), (400, "pan_length_short"));
    let lite = |field: &str, value: &str| {
        set(json!({ "verification_id": "id-1", "pan": "ABCPV1234D", "name": "JOHN DOE", "dob": "1993-06-30" }), field, value.into())
    };
    for (field, value, code) in [
        ("verification_id", "a b", "verification_id_value_invalid"),
        ("dob", "30/06/1993", "dob_value_invalid"),
        ("name", "", "name_missing"),
    ] {
        assert_eq!(told(&sent(world, CLIENT, "POST", PAN_LITE, &lite(field, value))), (400, code));
    }
}

#[test]
fn an_id_is_taken_once_and_a_rupee_moves_once() {
    let world = &mut World::default();
    let body = json!({ "bank_account": "123456789012", "ifsc": "SBIN0001077", "user_id": "u1" });
    let posted = sent(world, CLIENT, "POST", BANK_ACCOUNT, &body);
    assert_eq!((posted.body["account_status"].as_str(), posted.credited.as_deref()), (Some("RECEIVED"), Some("123456789012")));
    assert_eq!(told(&sent(world, CLIENT, "POST", BANK_ACCOUNT, &body)), (409, "verification_id_already_exists"));
    for _ in 0..2 {
        let found = sent(world, CLIENT, "GET", "/bank-account?user_id=u1", &json!(null));
        assert_eq!((found.body["account_status_code"].as_str(), found.credited), (Some("ACCOUNT_IS_VALID"), None));
    }
    assert_eq!(told(&sent(world, CLIENT, "GET", "/bank-account?user_id=u2", &json!(null))), (404, "user_id_not_found"));
}

#[test]
fn every_row_and_every_extra_has_its_own_subject() {
    let pans = pan::EXTRAS.iter().map(|extra| extra.number.to_owned());
    let rows = pan::TABLES.iter().flat_map(|(source, mark)| keys::rows_of(*source).enumerate().map(|(row, _)| pan::number_of(*mark, row)));
    let accounts = bank::EXTRAS.iter().map(|extra| extra.number.to_owned());
    let coded = keys::rows_of(Source::CASHFREE_ACCOUNT).enumerate().map(|(row, _)| bank::number_of(row));
    let all: Vec<_> = pans.chain(rows).chain(accounts).chain(coded).collect();
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
}
