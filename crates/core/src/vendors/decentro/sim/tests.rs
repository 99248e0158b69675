//! The simulation against its tables. The gateway's own reader against it: `crates/core/tests/simulations.rs`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::HashSet;

use serde_json::json;

use super::refusals::Hit;
use super::*;
use crate::keys::{self, Source};
use crate::time::{DAY, HOUR, MINUTE, SECOND};

const FIRST: &str = "9876543210";

fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Request {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Request { method: method.into(), path: path.into(), headers, body: body.to_string().into_bytes(), ..Request::default() }
}

const CLIENT: &[(&str, &str)] = &[("client_id", credentials::CLIENT_ID), ("client_secret", credentials::CLIENT_SECRET)];
const CLIENT_AND_MODULE: &[(&str, &str)] = &[CLIENT[0], CLIENT[1], ("module_secret", credentials::KYC_MODULE_SECRET)];

fn account_body(reference: &str, number: &str) -> Value {
    json!({ "reference_id": reference, "consumer_urn": credentials::CONSUMER_URN, "mobile_number": number, "fetch_branch_details": true })
}

fn send(world: &mut World, body: &Value, now: Millis) -> Answer {
    world.answer(&request("POST", "/v3/banking/mobile_to_account", CLIENT, body), now)
}

fn account(world: &mut World, reference: &str, number: &str, now: Millis) -> Answer {
    send(world, &account_body(reference, number), now)
}

fn lookup(world: &mut World, parameter: &str, value: &str, now: Millis) -> Answer {
    let mut asked = request("GET", "/v3/banking/account_validation/status", CLIENT, &Value::Null);
    asked.query = vec![(parameter.into(), value.into())];
    world.answer(&asked, now)
}

fn pan_body(reference: &str, number: &str) -> Value {
    json!({ "reference_id": reference, "document_type": "PAN", "id_number": number, "consent": "Y", "purpose": "onboarding" })
}

fn pan(world: &mut World, body: &Value) -> Answer {
    world.answer(&request("POST", "/kyc/public/api/customer/verification/validate", CLIENT_AND_MODULE, body), 0)
}

fn with(mut body: Value, field: &str, value: Value) -> Value {
    body.as_object_mut().unwrap().insert(field.into(), value);
    body
}

#[test]
fn every_scenario_has_its_own_id_subject_and_reference() {
    let all = scenarios("S");
    let fresh: Vec<_> =
        all.iter().filter_map(|scenario| scenario.request["reference_id"].as_str()).filter(|id| id.starts_with("S_")).collect();
    assert!(fresh.len() > 140);
    assert_eq!(fresh.iter().collect::<HashSet<_>>().len(), fresh.len());
    assert_eq!(all.iter().map(|scenario| &scenario.id).collect::<HashSet<_>>().len(), all.len());
    let numbers: Vec<_> = all
        .iter()
        .filter(|scenario| !scenario.id.contains(".input."))
        .filter_map(|scenario| scenario.request["mobile_number"].as_str())
        .collect();
    assert_eq!(numbers.iter().collect::<HashSet<_>>().len(), numbers.len());
}

#[test]
fn a_reference_is_burned_by_any_request_even_a_rejected_one() {
    let mut world = World::default();
    assert_eq!(account(&mut world, "ONE", FIRST, 0).key(), Some("success_account_details_retrieved"));
    let again = account(&mut world, "ONE", FIRST, 0);
    assert_eq!((again.key(), again.credited.is_some()), (Some("error_duplicate_reference_id"), false));
    assert_eq!(account(&mut world, "TWO", "12", 0).status, 400);
    assert_eq!(account(&mut world, "TWO", FIRST, 0).key(), Some("error_duplicate_reference_id"));
    let stranger = request("POST", "/v3/banking/mobile_to_account", &[], &account_body("THREE", FIRST));
    assert_eq!(world.answer(&stranger, 0).status, 401);
    assert_eq!(account(&mut world, "THREE", FIRST, 0).key(), Some("error_duplicate_reference_id"));
    assert_eq!(pan(&mut world, &pan_body("FOUR", "ABCPE1234F")).key(), Some("S00000"));
    assert_eq!(pan(&mut world, &pan_body("FOUR", "ABCPE1234F")).key(), Some("error_duplicate_reference_id"));
}

#[test]
fn credentials_are_checked() {
    let none: &[(&str, &str)] = &[];
    let cases = [
        (none, 401, "error_missing_credentials"),
        (&[("client_id", ""), ("client_secret", "x")], 401, "error_missing_credentials"),
        (&[CLIENT[0]], 401, "error_empty_client_secret"),
        (&[CLIENT[0], ("client_secret", "wrong")], 401, "error_invalid_client_credentials"),
        (&[("client_id", "wrong"), CLIENT[1]], 401, "error_invalid_client_credentials"),
        (CLIENT_AND_MODULE, 403, "error_unauthorized_module"),
    ];
    for (headers, status, key) in cases {
        let answer = World::default().answer(&request("POST", "/v3/banking/mobile_to_account", headers, &account_body("REF", FIRST)), 0);
        assert_eq!((answer.status, answer.key(), answer.credited.is_some()), (status, Some(key), false));
    }
    for headers in [CLIENT, &[CLIENT[0], CLIENT[1], ("module_secret", "wrong")]] {
        let path = "/kyc/public/api/customer/verification/validate";
        let answer = World::default().answer(&request("POST", path, headers, &pan_body("REF", "ABCPE1234F")), 0);
        assert_eq!((answer.status, answer.body["responseCode"].as_str()), (401, Some("E00008")));
    }
}

#[test]
fn input_is_judged_in_the_order_of_the_document() {
    let body = || account_body("REF", FIRST);
    let cases = [
        (with(body(), "consumer_urn", json!("OTHER")), "error_invalid_credentials"),
        (with(body(), "mobile_number", json!(9_876_543_210_u64)), "error_mobile_number_type_not_string"),
        (with(body(), "mobile_number", json!("98765")), "error_mobile_number_incorrect_string_length"),
        (with(body(), "mobile_number", json!("5876543210")), "error_mobile_number_invalid_mobile_format"),
        (with(body(), "mobile_number", json!("98765४3210")), "error_mobile_number_invalid_mobile_format"),
        (with(with(body(), "reference_id", json!(7)), "mobile_number", json!("1")), "error_mobile_number_incorrect_string_length"),
        (with(body(), "reference_id", Value::Null), "error_reference_id_missing_or_null"),
        (with(body(), "reference_id", json!(7)), "error_invalid_reference_id"),
        (with(body(), "reference_id", json!("  ")), "error_empty_reference_id"),
        (with(body(), "reference_id", json!("A")), "error_invalid_reference_id_length"),
        (with(body(), "reference_id", json!("A".repeat(101))), "error_invalid_reference_id_length"),
        (with(body(), "fetch_branch_details", json!("true")), "error_fetch_branch_details_type_not_boolean"),
        (with(body(), "is_consent_granted", json!(1)), "error_is_consent_granted_type_not_boolean"),
        (with(body(), "reference_id", json!("A.B")), "error_unsanitized_values"),
        (with(body(), "reference_id", json!("A(B")), "error_unsanitized_values"),
        (json!([]), "error_malformed_request"),
    ];
    for (body, key) in cases {
        let answer = send(&mut World::default(), &body, 0);
        assert_eq!((answer.key(), answer.credited.is_some()), (Some(key), false), "{body}");
    }
    assert_eq!(account(&mut World::default(), "A-B_c", FIRST, 0).status, 200);
}

#[test]
fn the_velocity_limits_are_three_a_minute_four_an_hour_five_a_day() {
    let mut world = World::default();
    let mut ask = |reference: &str, now: Millis| account(&mut world, reference, FIRST, now).status;
    assert_eq!([ask("RA", 0), ask("RB", 1), ask("RC", 2), ask("RD", 3)], [200, 200, 200, 429]);
    // The rejected one does not count; the first leaves the window after exactly a minute.
    assert_eq!([ask("RE", MINUTE - 1), ask("RF", MINUTE), ask("RG", 3 * MINUTE)], [429, 200, 429]);
    assert_eq!([ask("RH", HOUR), ask("RI", 3 * HOUR), ask("RJ", DAY)], [200, 429, 200]);
    let refused = account(&mut World { hits: [(Hit::Mobile(FIRST.into()), vec![0; 3])].into(), ..World::default() }, "RK", FIRST, SECOND);
    assert!(refused.body["message"].as_str().unwrap().contains("Limit is 3 hits per minute."));
}

#[test]
fn an_answer_that_was_lost_is_not_found_at_the_first_lookup() {
    let mut world = World::default();
    assert!(account(&mut world, "REF", FIRST, 0).credited.is_some());
    world.answer_lost("REF", Millis::MAX);
    let keys: Vec<_> = (0..3).map(|_| lookup(&mut world, "reference_id", "REF", SECOND).key().unwrap().to_owned()).collect();
    assert_eq!(keys, ["error_transaction_not_found", "success_account_details_retrieved", "success_account_details_retrieved"]);
    account(&mut world, "LATE", FIRST, 0);
    world.answer_lost("LATE", SECOND);
    assert_eq!(lookup(&mut world, "reference_id", "LATE", SECOND).key(), Some("success_account_details_retrieved"));
}

#[test]
fn a_lookup_names_one_request_by_reference_or_by_transaction() {
    let mut world = World::default();
    let posted = account(&mut world, "REF", FIRST, 0);
    let id = posted.body["decentro_txn_id"].as_str().unwrap();
    let found = lookup(&mut world, "decentro_txn_id", id, 0);
    assert_eq!((found.wire_reference.as_deref(), found.body["request_decentro_txn_id"].as_str()), (Some("REF"), Some(id)));
    assert_ne!(found.body["decentro_txn_id"], posted.body["decentro_txn_id"]);
    assert_eq!(found.body["data"], posted.body["data"]);
    assert_eq!(lookup(&mut world, "reference_id", "NEVER_SENT", 0).key(), Some("error_transaction_not_found"));
    assert_eq!(lookup(&mut world, "neither", "REF", 0).key(), Some("error_transaction_not_found"));
}

/// Posts and looks up until the end; how many rupees moved.
fn rupees(world: &mut World, number: &str, lookups: usize) -> usize {
    let posted = account(world, number, number, 0).credited;
    let later = (0..lookups).filter_map(|_| lookup(world, "reference_id", number, 0).credited);
    posted.into_iter().chain(later.collect::<Vec<_>>()).count()
}

#[test]
fn a_rupee_moves_once_for_every_request_that_ends_in_success() {
    let mut world = World::default();
    for (number, expected) in
        [("9876543210", 1), ("9811000001", 1), ("9811000002", 0), ("9811000003", 0), ("9811000006", 1), ("9800000013", 1)]
    {
        assert_eq!(rupees(&mut world, number, 5), expected, "{number}");
    }
    for (index, row) in keys::rows_of(Source::D001).enumerate() {
        let moved = rupees(&mut World::default(), &mobile_account::number_of(index), 2);
        let expected = matches!(row.meaning, keys::Meaning::Verified | keys::Meaning::Remark | keys::Meaning::Landed);
        assert_eq!(moved, usize::from(expected), "{}", row.key);
    }
}

#[test]
fn an_unsettled_row_is_confirmed_by_the_lookup() {
    for (index, row) in keys::rows_of(Source::D001).enumerate().filter(|(_, row)| row.meaning == keys::Meaning::Unsettled) {
        let mut world = World::default();
        let number = mobile_account::number_of(index);
        assert_eq!(account(&mut world, "REF", &number, 0).key(), Some(row.key));
        let found = lookup(&mut world, "reference_id", "REF", 0);
        assert_eq!((found.key(), found.body["request_message"].as_str()), (Some(row.key), Some(row.message)));
    }
}

#[test]
fn a_pan_request_must_be_complete() {
    let body = || pan_body("REF", "ABCPE1234F");
    let compare = || with(body(), "document_type", json!("PAN_COMPARE"));
    for body in [
        with(body(), "document_type", json!("AADHAAR")),
        with(body(), "id_number", json!("ABCDE1234F")),
        with(body(), "consent", json!(true)),
        with(body(), "purpose", json!("")),
        compare(),
        with(with(compare(), "name", json!("RAHUL SHARMA")), "dob", json!("1990-01-01")),
    ] {
        let answer = pan(&mut World::default(), &body);
        assert_eq!((answer.status, answer.body["responseCode"].as_str()), (400, Some("E00002")), "{body}");
    }
}

#[test]
fn a_detailed_answer_has_the_fields_of_the_document() {
    let data = &pan(&mut World::default(), &with(pan_body("REF", "ABCPE1234F"), "document_type", json!("PAN_DETAILED"))).body["data"];
    for field in ["status", "name", "category", "aadhaar_seeding_status", "father_name", "email", "mobile", "dob", "gender"] {
        assert!(data[field].is_string(), "{field}");
    }
    assert_eq!((data["name"].as_str(), data["category"].as_str()), (Some("RAHUL SHARMA"), Some("individual")));
}

const SEARCH: &str = "/kyc/ckyc/search";
const DOWNLOAD: &str = "/kyc/ckyc/download";

fn search_body(reference: &str, number: &str) -> Value {
    json!({ "reference_id": reference, "document_type": "PAN", "id_number": number, "consent": true, "consent_purpose": "onboarding" })
}

fn download_body(reference: &str, id: &Value) -> Value {
    json!({ "reference_id": reference, "ckyc_id": id, "consent": true, "consent_purpose": "onboarding" })
}

fn ckyc(world: &mut World, path: &str, body: &Value) -> Answer {
    world.answer(&request("POST", path, CLIENT_AND_MODULE, body), 0)
}

#[test]
fn a_record_is_downloaded_under_the_masked_number_of_its_search() {
    for (pan, shown) in [("ABCPE1234F", "$XXXX1234$"), ("AAAPB7391K", "$XXXX7391$"), ("BBBPB7391K", "$XXXX7391$")] {
        let mut world = World::default();
        let found = ckyc(&mut world, SEARCH, &search_body("ONE", pan)).body["data"].clone();
        assert_eq!(found["ckycId"], shown);
        let record = ckyc(&mut world, DOWNLOAD, &download_body("TWO", &found["ckycId"])).body["data"].clone();
        assert_eq!(record["ckycId"].as_str().map(registry::masked).as_deref(), Some(shown));
        assert_eq!((&record["identityDocuments"][0]["number"], &record["fullName"]), (&json!(pan), &found["fullName"]));
        let again = ckyc(&mut world, DOWNLOAD, &download_body("THREE", &record["ckycId"])).body["data"].clone();
        assert_eq!(again, record, "all digits name the same record");
    }
}

#[test]
fn of_two_records_with_one_masked_number_the_last_that_was_searched_for_is_meant() {
    let mut world = World::default();
    for (step, pan) in ["AAAPB7391K", "BBBPB7391K", "AAAPB7391K"].into_iter().enumerate() {
        let found = ckyc(&mut world, SEARCH, &search_body(&format!("SEARCH{step}"), pan)).body["data"]["ckycId"].clone();
        let record = ckyc(&mut world, DOWNLOAD, &download_body(&format!("DOWNLOAD{step}"), &found)).body["data"].clone();
        assert_eq!(record["identityDocuments"][0]["number"], pan);
    }
}

#[test]
fn the_documents_own_samples_are_answered() {
    let found = ckyc(&mut World::default(), SEARCH, &search_body("REF", "ABCPE1234F"));
    let data = &found.body["data"];
    assert_eq!((data["ckycId"].as_str(), data["ckycReferenceId"].as_str()), (Some("$XXXX1234$"), Some("REF123456")));
    assert_eq!((data["fullName"].as_str(), data["fathersFullName"].as_str()), (Some("RAHUL SHARMA"), Some("SURESH SHARMA")));
    let record = ckyc(&mut World::default(), DOWNLOAD, &download_body("REF", &json!("$XXXX1234$")));
    let data = &record.body["data"];
    assert_eq!((data["ckycId"].as_str(), data["mothersFullName"].as_str()), (Some("12345678901234"), Some("SUNITA SHARMA")));
    assert_eq!(data["currentAddress"]["line1"], "123, MG Road");
}

#[test]
fn who_has_no_record_has_one_once_it_is_added() {
    let mut world = World::default();
    assert_eq!(ckyc(&mut world, SEARCH, &search_body("ONE", "AAAPN0001A")).key(), Some("E00021"));
    world.registry.insert("AAAPN0001A".into(), registry::Record::of("AAAPN0001A"));
    assert_eq!(ckyc(&mut world, SEARCH, &search_body("TWO", "AAAPN0001A")).key(), Some("S00000"));
}

#[test]
fn a_foreign_authentication_factor_is_refused() {
    let factors = [(1, "1990-01-01", "1991-01-01"), (2, "1220011990", "1220011991"), (3, "9876543210", "9876543211")];
    for (number, own, foreign) in factors {
        for (factor, status) in [(own, 200), (foreign, 422)] {
            let body = with(download_body("REF", &json!("$XXXX1234$")), "auth_factor_type", json!(number));
            assert_eq!(ckyc(&mut World::default(), DOWNLOAD, &with(body, "auth_factor", json!(factor))).status, status, "{factor}");
        }
    }
}

#[test]
fn the_registry_is_asked_with_credentials_consent_and_a_fresh_reference() {
    let (searched, downloaded) = (search_body("REF", "ABCPE1234F"), download_body("REF", &json!("$XXXX1234$")));
    for (path, body) in [(SEARCH, &searched), (DOWNLOAD, &downloaded)] {
        let stranger = World::default().answer(&request("POST", path, CLIENT, body), 0);
        assert_eq!((stranger.status, stranger.body["responseCode"].as_str()), (401, Some("E00008")));
        let mut world = World::default();
        assert_eq!(ckyc(&mut world, path, body).status, 200);
        assert_eq!(ckyc(&mut world, path, body).key(), Some("error_duplicate_reference_id"));
        for (consent, key) in
            [(json!(false), "error_consent_false"), (json!("Y"), "error_invalid_consent_type"), (json!(null), "error_invalid_consent_type")]
        {
            let refused = ckyc(&mut World::default(), path, &with(body.clone(), "consent", consent));
            assert_eq!((refused.status, refused.key()), (400, Some(key)));
        }
        let refused = ckyc(&mut World::default(), path, &with(body.clone(), "consent_purpose", json!(" ")));
        assert_eq!(refused.key(), Some("error_empty_purpose"));
    }
    for (field, value) in [("document_type", json!("Library card")), ("id_number", json!("ABCDE1234F")), ("id_number", json!(7))] {
        assert_eq!(ckyc(&mut World::default(), SEARCH, &with(searched.clone(), field, value)).status, 400, "{field}");
    }
    for id in [json!("1234"), json!("$XXXX12$"), json!("XXXX1234"), json!(null)] {
        assert_eq!(ckyc(&mut World::default(), DOWNLOAD, &download_body("REF", &id)).status, 400, "{id}");
    }
}

const CLIENT_AND_FINANCIAL: &[(&str, &str)] = &[CLIENT[0], CLIENT[1], ("module_secret", credentials::FINANCIAL_SERVICES_MODULE_SECRET)];

fn pull_body() -> Value {
    json!({ "reference_id": "REF", "consent": true, "consent_purpose": "onboarding", "name": "Rahul Sharma", "mobile": FIRST })
}

fn pull(headers: &[(&str, &str)], body: &Value) -> Answer {
    World::default().answer(&request("POST", "/v2/financial_services/data/pull", headers, body), 0)
}

#[test]
fn a_data_pull_is_judged_by_its_own_module_and_in_the_order_of_the_document() {
    let secret = |value: &'static str| [CLIENT[0], CLIENT[1], ("module_secret", value)];
    for (headers, key) in [
        (vec![], "error_unauthorized_module"),
        (CLIENT.to_vec(), "error_empty_module_secret"),
        (secret("").to_vec(), "error_empty_module_secret"),
        (secret(credentials::KYC_MODULE_SECRET).to_vec(), "error_invalid_module_secret"),
        (CLIENT_AND_FINANCIAL.to_vec(), SUCCESS_PULL),
    ] {
        assert_eq!(pull(&headers, &pull_body()).key(), Some(key));
    }
    let worse = with(with(with(pull_body(), "consent", json!(false)), "name", json!("")), "mobile", json!(""));
    let cases = [
        (worse.clone(), "error_false_consent"),
        (with(worse.clone(), "consent", json!("Y")), "error_invalid_consent"),
        (with(worse.clone(), "consent", Value::Null), "error_empty_consent"),
        (with(worse.clone(), "consent", json!(" ")), "error_empty_consent"),
        (with(with(worse.clone(), "consent", json!(true)), "name", json!(7)), "error_malformed_request"),
        (with(with(worse.clone(), "consent", json!(true)), "consent_purpose", json!("a.")), "error_unsanitized_values"),
        (with(worse.clone(), "consent", json!(true)), "error_empty_name"),
        (with(with(worse, "consent", json!(true)), "name", json!("Rahul")), "error_empty_mobile"),
        (with(pull_body(), "consent_purpose", json!("")), "error_malformed_request"),
        (json!([]), "error_malformed_request"),
    ];
    for (body, key) in cases {
        let answer = pull(CLIENT_AND_FINANCIAL, &body);
        assert_eq!((answer.status, answer.key()), (400, Some(key)), "{body}");
    }
}

const SUCCESS_PULL: &str = "success_customer_data_pull";

#[test]
fn the_number_of_a_document_is_taken_under_each_of_its_three_names() {
    let by = |field: &str, document_type: &str| {
        let body = with(with(pull_body(), "mobile", json!("")), "document_type", json!(document_type));
        pull(CLIENT_AND_FINANCIAL, &with(body, field, json!("ABCPE1234F"))).key().map(str::to_owned)
    };
    for field in ["id_number", "document_number", "id_value"] {
        assert_eq!(by(field, "PAN").as_deref(), Some(SUCCESS_PULL), "{field}");
    }
    assert_eq!(by("number", "PAN").as_deref(), Some("error_empty_mobile"));
    assert_eq!(by("id_number", "PAN_CARD").as_deref(), Some("error_empty_mobile"));
}

// --- bank accounts ---

const CLIENT_AND_PAYMENTS: &[(&str, &str)] = &[CLIENT[0], CLIENT[1], ("module_secret", credentials::PAYMENTS_MODULE_SECRET)];

fn bank_body(reference: &str, number: &str) -> Value {
    json!({
        "reference_id": reference, "purpose_message": "KYC Bank Verification",
        "beneficiary_details": { "account_number": number, "ifsc": "SBIN0001077", "name": "RAHUL SHARMA" },
        "transfer_amount": 1, "validation_type": "pennydrop", "perform_name_match": true,
    })
}

fn bank(world: &mut World, body: &Value) -> Answer {
    world.answer(&request("POST", "/core_banking/money_transfer/validate_account", CLIENT_AND_PAYMENTS, body), 0)
}

fn bank_lookup(world: &mut World, parameter: &str, value: &str, now: Millis) -> Answer {
    let mut asked = request("GET", "/core_banking/money_transfer/get_status", CLIENT_AND_PAYMENTS, &Value::Null);
    asked.query = vec![(parameter.into(), value.into())];
    world.answer(&asked, now)
}

/// Posts and looks up until the end; how many rupees moved.
fn bank_rupees(number: &str, validation_type: &str) -> usize {
    let mut world = World::default();
    let posted = bank(&mut world, &with(bank_body("REF", number), "validation_type", json!(validation_type))).credited;
    let later: Vec<_> = (0..5).filter_map(|_| bank_lookup(&mut world, "reference_id", "REF", 0).credited).collect();
    posted.into_iter().chain(later).inspect(|account| assert_eq!(account, number)).count()
}

#[test]
fn a_penny_drop_and_a_hybrid_move_one_rupee_and_penniless_moves_none() {
    let cases = [
        ("123456789011", 1),
        ("123456789013", 0),
        ("123456789012", 0),
        ("9600000003", 1),
        ("9610000002", 0),
        ("9611000001", 1),
        ("9611000003", 0),
        ("9611000005", 1),
        ("9613000001", 1),
    ];
    for (number, expected) in cases {
        assert_eq!([bank_rupees(number, "pennydrop"), bank_rupees(number, "hybrid")], [expected; 2], "{number}");
        assert_eq!(bank_rupees(number, "penniless"), 0, "{number}");
    }
}

#[test]
fn the_documents_answers_about_an_account_are_given_to_the_letter() {
    let success = bank(&mut World::default(), &bank_body("REF", "9600000000")).body;
    let data = &success["data"];
    assert_eq!((data["nameMatchScore"].as_u64(), data["nameMatchResult"].as_str()), (Some(95), Some("FULL_MATCH")));
    assert_eq!((success["status"].as_str(), data["validationType"].as_str()), (Some("SUCCESS"), Some("Penny Drop")));
    let failure = bank(&mut World::default(), &bank_body("REF", "9610000001")).body;
    let documented =
        json!({ "transactionStatus": "Failed", "accountStatus": "Invalid", "failureReason": "Account does not exist or is closed" });
    assert_eq!((failure["responseCode"].as_str(), &failure["data"]), (Some("E00001"), &documented));
    let silent = bank(&mut World::default(), &with(bank_body("REF", FIRST), "perform_name_match", json!(false))).body;
    assert!(silent["data"].get("nameMatchScore").is_none() && silent["data"].get("nameMatchResult").is_none());
}

#[test]
fn a_bank_request_is_checked_before_the_account_is_looked_at() {
    let body = || bank_body("REF", FIRST);
    let named = |field: &str, value: Value| {
        let details = with(body()["beneficiary_details"].clone(), field, value);
        with(body(), "beneficiary_details", details)
    };
    let cases = [
        (with(body(), "reference_id", json!("")), "error_empty_reference_id"),
        (with(body(), "reference_id", json!("A")), "error_invalid_reference_id_length"),
        (with(body(), "reference_id", json!("A.B")), "error_unsanitized_values"),
        (with(body(), "purpose_message", json!("KYC")), "error_invalid_purpose_message_length"),
        (with(body(), "purpose_message", json!("KYC (bank)")), "error_unsanitized_values"),
        (with(body(), "beneficiary_details", json!("x")), "error_invalid_beneficiary_details"),
        (named("account_number", json!(1_234_567_890)), "error_invalid_account_number"),
        (named("ifsc", json!("sbin0001077")), "error_invalid_ifsc"),
        (named("name", json!("")), "error_invalid_name"),
        (named("name", json!("D'SOUZA")), "error_unsanitized_values"),
        (with(body(), "transfer_amount", json!(2)), "error_invalid_transfer_amount"),
        (with(body(), "validation_type", json!("reverse_pennydrop")), "error_invalid_validation_type"),
        (with(body(), "perform_name_match", json!("true")), "error_perform_name_match_type_not_boolean"),
    ];
    for (body, key) in cases {
        let answer = bank(&mut World::default(), &body);
        assert_eq!((answer.status, answer.key(), answer.credited.is_some()), (400, Some(key), false), "{body}");
    }
    for headers in [CLIENT, CLIENT_AND_MODULE] {
        let posted = request("POST", "/core_banking/money_transfer/validate_account", headers, &body());
        let asked = request("GET", "/core_banking/money_transfer/get_status", headers, &Value::Null);
        for sent in [posted, asked] {
            let answer = World::default().answer(&sent, 0);
            assert_eq!((answer.status, answer.body["responseCode"].as_str()), (401, Some("E00008")));
        }
    }
}

#[test]
fn a_bank_reference_is_burned_by_any_request_even_a_rejected_one() {
    let mut world = World::default();
    assert!(bank(&mut world, &bank_body("ONE", FIRST)).credited.is_some());
    let again = bank(&mut world, &bank_body("ONE", FIRST));
    assert_eq!((again.key(), again.credited.is_some()), (Some("error_duplicate_reference_id"), false));
    assert_eq!(bank(&mut world, &bank_body("TWO", "12")).status, 400);
    assert_eq!(bank(&mut world, &bank_body("TWO", FIRST)).key(), Some("error_duplicate_reference_id"));
}

#[test]
fn a_transfer_is_looked_up_by_reference_or_by_transaction_and_not_while_its_answer_is_lost() {
    let mut world = World::default();
    let posted = bank(&mut world, &bank_body("REF", FIRST)).body;
    world.answer_lost("REF", Millis::MAX);
    let states: Vec<_> = (0..2).map(|_| bank_lookup(&mut world, "reference_id", "REF", SECOND).body["transactionStatus"].clone()).collect();
    assert_eq!(states, [Value::Null, json!("Success")]);
    let found = bank_lookup(&mut world, "decentro_txn_id", posted["decentroTxnId"].as_str().unwrap(), SECOND);
    assert_eq!((found.wire_reference.as_deref(), &found.body["originalDecentroTxnId"]), (Some("REF"), &posted["decentroTxnId"]));
    assert_eq!(found.body["bankReferenceNumber"], posted["data"]["utr"]);
    bank(&mut world, &with(bank_body("FREE", FIRST), "validation_type", json!("penniless")));
    assert_eq!(bank_lookup(&mut world, "reference_id", "FREE", SECOND).key(), Some("error_transaction_not_found"));
}
