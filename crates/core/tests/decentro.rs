//! Decentro's replies and what they mean, stated a second time and independently of the catalogue: each row of document 001 as the reply to
//! the POST and to a status lookup, each letter, word, HTTP status and code of document 003; and that nothing is `verified` without all of its marks.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "tests")]

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use toran_core::http::{Exchange, HttpRequest, HttpResponse, Method};
use toran_core::keys::{Action, Outcome};
use toran_core::operations::{Finding, Operation, Request};
use toran_core::secret::Secret;
use toran_core::vendors::{Account, Call, CallKind, Reading, Vendor, decentro::Decentro};

use Row::{Input, Landed, Operator, Reject, Remark, Retry, Unknown, Velocity, Verified};

const WIRE: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff01";
const TRANSACTION: &str = "0B7A3D5C9E1F4A2688D0C4E6F8A1B3D5";

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../src/vendors/decentro/fixtures/", $name, ".json"))
    };
}

/// What a row of document 001 means: the table of contract section 2.2.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Row {
    /// Money moved: 200 verified, proceed.
    Verified,
    /// No money: 200 negative, reject.
    Reject,
    /// No money: 200 negative, retry.
    Retry,
    /// Money unknown: status lookup; confirmed there: 200 failed, retry.
    Unknown,
    /// The earlier attempt landed: status lookup, whose own word it can never be.
    Landed,
    /// No money: 429, released.
    Velocity,
    /// No money: 502 and an alert, released.
    Operator,
    /// No money: our mistake, 502 and an alert.
    Input,
    /// No response key, but a value inside `data`: as a response key it proves nothing.
    Remark,
}

#[rustfmt::skip]
const ROWS: &[(&str, &str, Row)] = &[
    ("error_malformed_request", "Malformed request detected.", Input),
    ("error_invalid_credentials", "Invalid authentication credentials", Operator),
    ("error_missing_credentials", "No API key found in request", Operator),
    ("error_invalid_client_credentials", "Authentication failed. Please use valid Client ID and Client Secret.", Operator),
    ("error_empty_client_secret", "Client Secret cannot be empty. Hint: client_secret (string)", Operator),
    ("error_unauthorized_module", "Authentication failed for accessing the module", Operator),
    ("error_empty_module_secret", "Module Secret cannot be empty. Hint: module_secret (string)", Operator),
    ("error_company_disabled", "Requests are disabled for the company/account.", Operator),
    ("error_mobile_number_type_not_string", "Parameter mobile_number should be a string. Hint: mobile_number (string)", Input),
    ("error_mobile_number_incorrect_string_length", "Parameter mobile_number should be exactly 10 characters long after trimming whitespace. Hint: mobile_number (string)", Input),
    ("error_mobile_number_invalid_mobile_format", "Parameter mobile_number should be 10 digits long and start with one of 9, 8, 7 or 6.", Input),
    ("error_reference_id_missing_or_null", "Parameter reference_id cannot be missing/null. Hint: reference_id (string)", Input),
    ("error_invalid_reference_id", "Reference ID is not of type string", Input),
    ("error_duplicate_reference_id", "Duplicate Request Reference ID", Landed),
    ("error_empty_reference_id", "Request reference ID cannot be null or empty. Hint: reference_id (string)", Input),
    ("error_invalid_reference_id_length", "Request reference ID is not valid. Hint: reference_id should be restricted to 2 to 100 chars", Input),
    ("error_fetch_branch_details_type_not_boolean", "Parameter fetch_branch_details should be a boolean. Hint: fetch_branch_details (boolean)", Input),
    ("error_is_consent_granted_type_not_boolean", "Parameter is_consent_granted should be a boolean. Hint: is_consent_granted (boolean)", Input),
    ("error_unsanitized_values", r#"Unsanitized values detected for key(s): <key_name>. Kindly sanitize the corresponding values by removing special characters such as . @ # $ % ^ & * ! ; : ' " ~ ` ? = + ) ( and retry."#, Input),
    ("success_account_details_retrieved", "Account details retrieved successfully", Verified),
    ("error_decentro_error", "Internal Server Error. Kindly retry the transaction after sometime.", Unknown),
    ("error_invalid_mobile_number", "Please provide a valid mobile number", Reject),
    ("error_validation_blocked", "The request could not be completed due to a risk exception by NPCI. Kindly retry the transaction after sometime.", Retry),
    ("error_validation_blocked", "Transaction not permitted by the beneficiary bank.", Reject),
    ("error_validation_blocked", "The request could not be completed due to a risk exception by the beneficiary bank. Kindly retry the transaction after sometime.", Retry),
    ("error_beneficiary_bank_offline", "The request could not be completed due to a error with the beneficiary bank. Kindly retry the transaction after sometime.", Unknown),
    ("error_validation_blocked", "The request could not be completed as it was rejected by the beneficiary bank.", Reject),
    ("error_invalid_vpa_mapped", "An invalid VPA is mapped to this mobile number.", Reject),
    ("error_mobile_mapping_not_supported", "The PSP for this VPA does not support Mobile Number and UPI VPA linkage.", Reject),
    ("error_validation_failed", "Account details could not be fetched due to an issue with the beneficiary bank. Kindly retry the transaction after sometime.", Unknown),
    ("error_network_timeout_rejection", "The transaction request could not be completed due to high response time from NPCI. Kindly retry the transaction after sometime.", Unknown),
    ("error_mapping_blocked", "The request was blocked by NPCI. Please try again after some time.", Retry),
    ("error_mapping_inactive", "The details could not be retrieved as the record is marked as INACTIVE by NPCI.", Reject),
    ("error_vpa_mapping_changed", "The UPI VPA is no longer mapped to this mobile number.", Reject),
    ("error_vpa_not_mapped_to_psp", "The UPI VPA is not active with the registered PSP.", Reject),
    ("error_dormant_account", "The account associated with this mobile number is Inactive or Dormant.", Reject),
    ("error_provider_error", "Unexpected response received from provider. Kindly retry the transaction after sometime.", Unknown),
    ("failure_account_frozen", "The account associated with this mobile number is blocked or frozen.", Reject),
    ("failure_no_account_mapped_to_vpa", "There is no bank account associated with the VPA mapped to this mobile number.", Reject),
    ("failure_no_account_mapped", "There is no UPI VPA associated with this mobile number.", Reject),
    ("failure_account_closed", "The account associated with this mobile number is closed.", Reject),
    ("error_velocity_controls_verification_failed", "Transaction failed due to velocity controls for combination: mobile_number. Limit is hits per . Please try again later.", Velocity),
    ("success_branch_details_found", "This value will be propagated in the branchVerificationResponseKey parameter when the fetch_branch_details values is passed as true and the system is able to successfully find the required details.", Remark),
    ("error_branch_details_not_found", "This value will be propagated in the branchVerificationResponseKey parameter when the fetch_branch_details values is passed as true but the system is unable to find the required details.", Remark),
];

fn request(operation: Operation, body: &Value) -> Request {
    Request::parse(operation, body.as_object().unwrap()).unwrap_or_else(|problem| panic!("{problem:?}"))
}

fn mobile() -> Request {
    request(Operation::MobileAccount, &json!({ "reference_id": "M2A_0001", "mobile_number": "9876543210", "fetch_branch_details": true }))
}

fn pan(document_type: &str) -> Request {
    pan_of(document_type, "ABCPE1234F")
}

fn pan_of(document_type: &str, number: &str) -> Request {
    let mut body = json!({
        "reference_id": "PAN_0001", "document_type": document_type, "id_number": number, "consent": "Y", "purpose": "KYC onboarding",
        "name": "RAHUL SHARMA", "dob": "01/01/1990",
    });
    // It tells no date of birth, so that none can be compared.
    if document_type == "PAN" {
        body.as_object_mut().unwrap().remove("dob");
    }
    request(Operation::PanVerify, &body)
}

fn call(kind: CallKind) -> Call {
    Call::new(kind, Account::common("decentro"), WIRE.into())
}

fn heard(call: &Call, request: &Request, exchange: &Exchange) -> Reading {
    Decentro.read(call, request, exchange, &|_| None)
}

fn answered(status: u16, body: &[u8]) -> Exchange {
    Exchange::Answered(HttpResponse { status, retry_after: None, body: Secret::new(body.to_vec()) })
}

fn read(request: &Request, kind: CallKind, status: u16, body: &Value) -> Reading {
    heard(&call(kind), request, &answered(status, body.to_string().as_bytes()))
}

fn posted(body: &Value) -> Reading {
    read(&mobile(), CallKind::Post, 200, body)
}

fn pan_posted(body: &Value) -> Reading {
    read(&pan("PAN"), CallKind::Post, 200, body)
}

fn found(reading: Reading) -> Finding {
    match reading {
        Reading::Final(finding) => *finding,
        other => panic!("{other:?}"),
    }
}

/// The key, HTTP status and alert of an end without an answer.
fn ended(reading: &Reading) -> (&str, u16, Option<&str>) {
    match reading {
        Reading::Ended { problem, refused_us } => (&problem.key, problem.status(), refused_us.as_deref()),
        other => panic!("{other:?}"),
    }
}

fn is_verified(reading: &Reading) -> bool {
    matches!(reading, Reading::Final(finding) if finding.outcome == Outcome::Verified)
}

fn with(fixture: &str, pointer: &str, value: Value) -> Value {
    let mut body: Value = serde_json::from_str(fixture).unwrap();
    *body.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
    body
}

fn without(fixture: &str, object: &str, field: &str) -> Value {
    let mut body: Value = serde_json::from_str(fixture).unwrap();
    body.pointer_mut(object).and_then(Value::as_object_mut).unwrap().remove(field).unwrap();
    body
}

fn json(fixture: &str) -> Value {
    serde_json::from_str(fixture).unwrap()
}

// --- Mobile to Account ---

#[test]
fn every_row_of_document_001_as_the_reply_to_the_post() {
    for (key, message, row) in ROWS {
        let body = json!({ "decentro_txn_id": TRANSACTION, "api_status": "FAILURE", "message": message, "response_key": key });
        let reading = match row {
            Verified => posted(&json(fixture!("mobile_account_success"))),
            _ => posted(&body),
        };
        match row {
            Verified => assert_eq!(verdict(&found(reading)), (Outcome::Verified, Action::Proceed, *key, *message)),
            Reject => assert_eq!(verdict(&found(reading)), (Outcome::Negative, Action::Reject, *key, *message)),
            Retry => assert_eq!(verdict(&found(reading)), (Outcome::Negative, Action::Retry, *key, *message)),
            Unknown | Landed | Remark => assert!(matches!(reading, Reading::Unknown { refused_us: None, .. }), "{key}: {reading:?}"),
            Velocity => assert_eq!(ended(&reading), (*key, 429, None)),
            Operator | Input => assert_eq!(ended(&reading), ("error_service_unavailable", 502, Some(*key))),
        }
    }
}

#[test]
fn a_lookup_that_did_not_succeed_itself_says_nothing_whatever_key_it_repeats() {
    for (key, message, _) in ROWS {
        for status in ["FAILURE", "FAILED", "", "success "] {
            let mut body = json(fixture!("mobile_account_status_success"));
            let map = body.as_object_mut().unwrap();
            map.insert("api_status".into(), status.into());
            map.insert("request_response_key".into(), (*key).into());
            map.insert("request_message".into(), (*message).into());
            let reading = read(&mobile(), CallKind::Status, 200, &body);
            assert!(matches!(reading, Reading::Unknown { .. }), "{status} {key}: {reading:?}");
        }
    }
}

#[test]
fn every_row_of_document_001_as_the_word_of_a_status_lookup() {
    for (key, message, row) in ROWS {
        let mut body = json(fixture!("mobile_account_status_success"));
        let map = body.as_object_mut().unwrap();
        map.insert("request_response_key".into(), (*key).into());
        map.insert("request_message".into(), (*message).into());
        if *row != Verified {
            map.insert("data".into(), json!({}));
        }
        let reading = read(&mobile(), CallKind::Status, 200, &body);
        match row {
            Verified => assert_eq!(verdict(&found(reading)), (Outcome::Verified, Action::Proceed, *key, *message)),
            Reject => assert_eq!(verdict(&found(reading)), (Outcome::Negative, Action::Reject, *key, *message)),
            Retry => assert_eq!(verdict(&found(reading)), (Outcome::Negative, Action::Retry, *key, *message)),
            Unknown => assert_eq!(verdict(&found(reading)), (Outcome::Failed, Action::Retry, *key, *message)),
            Landed | Remark => assert!(matches!(reading, Reading::Unknown { .. }), "{key}: {reading:?}"),
            Velocity => assert_eq!(ended(&reading), (*key, 429, None)),
            Operator | Input => assert_eq!(ended(&reading), ("error_service_unavailable", 502, Some(*key))),
        }
    }
}

fn verdict(finding: &Finding) -> (Outcome, Action, &str, &str) {
    (finding.outcome, finding.action, &finding.key, &finding.message)
}

#[test]
fn the_table_here_has_every_row_of_the_document() {
    assert_eq!(ROWS.len(), 44);
    assert_eq!(ROWS.iter().filter(|(key, ..)| *key == "error_validation_blocked").count(), 4);
}

#[test]
fn a_message_that_the_document_does_not_know_gets_the_strictest_row_of_its_key() {
    let body = json!({ "api_status": "FAILURE", "message": "Something new.", "response_key": "error_validation_blocked" });
    assert_eq!(found(posted(&body)).action, Action::Reject);
}

#[test]
fn a_found_account_is_told_in_one_shape_whatever_the_dialect() {
    let snake = found(posted(&json(fixture!("mobile_account_success"))));
    let camel = found(posted(&json(fixture!("mobile_account_success_camel"))));
    let data = json!({
        "upi_vpa": "rahul@okbank", "name_as_per_bank": "RAHUL SHARMA", "account_number": "1234567890", "ifsc": "SBIN0001077",
        "bank_reference_number": "412345678901", "payout_status": "SUCCESS", "payout_amount": "1.00", "account_type": "SAVINGS",
        "branch_details": {
            "branch_verification_response_key": "success_branch_details_found", "bank": "State Bank of India", "branch": "MUMBAI MAIN",
            "imps": true, "micr": "400002010",
        },
    });
    assert_eq!((&snake.data, &camel.data), (&data, &data));
    assert_eq!((snake.record, snake.vendor.transaction_id.as_deref()), (json!({}), Some(TRANSACTION)));
}

#[test]
fn amounts_are_exact_texts() {
    for (amount, text) in
        [(json!(1), "1.00"), (json!(0.01), "0.01"), (json!("1.0"), "1.00"), (json!("0.01"), "0.01"), (json!("INR 1"), "INR 1")]
    {
        let finding = found(posted(&with(fixture!("mobile_account_success"), "/data/payout_amount", amount)));
        assert_eq!(finding.data.get("payout_amount"), Some(&json!(text)));
    }
}

/// 001, response parameters: the status and the amount of the penny drop.
#[test]
fn a_success_whose_penny_drop_did_not_go_through_is_never_proceed() {
    let post = |pointer: &str, value: Value| posted(&with(fixture!("mobile_account_success"), pointer, value));
    for word in ["FAILED", "FAILURE", "REVERSED", "REFUNDED", "Unknown", "success!"].map(Value::from).into_iter().chain([
        json!(true),
        json!(0),
        json!({}),
    ]) {
        let finding = found(post("/data/payout_status", word.clone()));
        assert_eq!(
            (finding.outcome, finding.action, notes(&finding)),
            (Outcome::Verified, Action::Review, vec!["contradictory_answer"]),
            "{word}"
        );
    }
    for word in ["PENDING", "Pending"] {
        assert!(matches!(post("/data/payout_status", json!(word)), Reading::Working(_)), "{word}");
    }
    for word in ["SUCCESS", "Success"].map(Value::from).into_iter().chain([json!(null), json!("")]) {
        assert_eq!(found(post("/data/payout_status", word.clone())).action, Action::Proceed, "{word}");
    }
    for amount in [json!(-5000), json!(1e21), json!(0), json!(2), json!(0.1), json!("100"), json!("INR 1"), json!(true)] {
        assert_eq!(found(post("/data/payout_amount", amount.clone())).action, Action::Review, "{amount}");
    }
    for amount in [json!(1), json!(0.01), json!("1.00"), json!("0.01"), json!(null)] {
        assert_eq!(found(post("/data/payout_amount", amount.clone())).action, Action::Proceed, "{amount}");
    }
}

/// 001: an account that nobody can pay into, or that is nobody's, is none that goes on; also in a look-up.
#[test]
fn an_account_without_number_name_or_branch_is_never_proceed() {
    let review = |reading: Reading, told: &dyn Fn() -> String| {
        let finding = found(reading);
        assert_eq!((finding.outcome, finding.action), (Outcome::Verified, Action::Review), "{}", told());
        assert!(notes(&finding).contains(&"contradictory_answer"), "{}", told());
    };
    for (kind, fixture) in
        [(CallKind::Post, fixture!("mobile_account_success")), (CallKind::Status, fixture!("mobile_account_status_success"))]
    {
        assert_eq!(found(read(&mobile(), kind, 200, &json(fixture))).action, Action::Proceed);
        for field in ["account_number", "name_as_per_bank", "ifsc"] {
            let body = without(fixture, "/data", field);
            review(read(&mobile(), kind, 200, &body), &|| format!("{field} {body}"));
        }
        let wrong =
            [("ifsc", "SBIN1001077"), ("ifsc", "NA"), ("account_number", "NA"), ("account_number", "12"), ("account_number", "000000")];
        for (field, value) in wrong.into_iter().chain(NO_NAMES.iter().map(|name| ("name_as_per_bank", *name))) {
            let body = with(fixture, &format!("/data/{field}"), json!(value));
            review(read(&mobile(), kind, 200, &body), &|| format!("{field} {body}"));
        }
        for masked in ["XXXXXX7890", "xxxxxxxx4321", "******1234"] {
            assert_eq!(
                found(read(&mobile(), kind, 200, &with(fixture, "/data/account_number", json!(masked)))).action,
                Action::Proceed,
                "{masked}"
            );
        }
    }
    let branch =
        |ifsc: &str| found(posted(&with(fixture!("mobile_account_success"), "/data/branch_details", json!({ "ifsc": ifsc })))).action;
    assert_eq!([branch("SBIN0001077"), branch("SBIN0001078")], [Action::Proceed, Action::Review], "the branch of another account");
}

#[test]
fn a_lookup_names_the_transaction_of_the_request_and_not_its_own() {
    let finding = found(read(&mobile(), CallKind::Status, 200, &json(fixture!("mobile_account_status_success"))));
    assert_eq!(finding.vendor.transaction_id.as_deref(), Some(TRANSACTION));
    assert_eq!(finding.vendor.code.as_deref(), Some("success_account_details_retrieved"));
}

#[test]
fn remarks_on_accounts_are_notes() {
    let nro = found(posted(&with(fixture!("mobile_account_success"), "/data/account_type", json!("NRO"))));
    assert_eq!(nro.notes.iter().map(|note| note.code.as_ref()).collect::<Vec<_>>(), ["nre_nro"]);
    let merged = found(posted(&with(fixture!("mobile_account_success"), "/data/ifsc", json!("ANDB0001234"))));
    assert_eq!(merged.notes.iter().map(|note| note.code.as_ref()).collect::<Vec<_>>(), ["merged_ifsc"]);
}

#[test]
fn pending_is_working_whatever_else_is_said() {
    assert!(matches!(posted(&json(fixture!("mobile_account_pending"))), Reading::Working(_)));
    for key in ["success_account_details_retrieved", "failure_account_closed", "error_company_disabled", "anything"] {
        assert!(matches!(posted(&json!({ "api_status": "PENDING", "response_key": key })), Reading::Working(_)), "{key}");
    }
    assert!(matches!(read(&mobile(), CallKind::Status, 200, &json!({ "api_status": "PENDING" })), Reading::Working(_)));
}

#[test]
fn the_vendors_velocity_message_is_passed_on_only_where_it_is_the_documents() {
    let refused = |message: &str| {
        let key = "error_velocity_controls_verification_failed";
        match posted(&json!({ "api_status": "FAILURE", "response_key": key, "message": message })) {
            Reading::Ended { problem, .. } => (problem.title.to_string(), problem.retry_after),
            other => panic!("{other:?}"),
        }
    };
    let whole =
        "Transaction failed due to velocity controls for combination: mobile_number. Limit is 3 hits per minute. Please try again later.";
    let bare = "Transaction failed due to velocity controls for combination: mobile_number. Please try again later.";
    assert_eq!(refused(whole), (whole.to_owned(), Some(60)));
    assert_eq!(refused("9876543210 was seen too often"), (bare.to_owned(), Some(60)));
    let long = whole.replace("3 hits", &format!("{} hits", "3".repeat(200)));
    assert_eq!(refused(&long), (bare.to_owned(), Some(60)), "nobody reads a page");
}

#[test]
fn money_is_unknown_when_nothing_readable_came_back() {
    for exchange in [Exchange::TimedOut, Exchange::Broken, Exchange::TooLarge] {
        assert!(matches!(heard(&call(CallKind::Post), &mobile(), &exchange), Reading::Unknown { .. }));
    }
    for body in NONSENSE {
        for status in [200, 201, 204, 301, 400, 404, 408, 409, 418, 500, 502, 503, 504] {
            let reading = heard(&call(CallKind::Post), &mobile(), &answered(status, body.as_bytes()));
            assert!(matches!(reading, Reading::Unknown { .. }), "{status} {body}: {reading:?}");
        }
    }
}

const NONSENSE: &[&str] = &[
    "",
    " ",
    "null",
    "true",
    "7",
    "\"x\"",
    "[]",
    "[{}]",
    "{}",
    "{\"data\":",
    "<html><body>502</body></html>",
    "{\"api_status\":\"SUCCESS\"}",
    "{\"response_key\":7}",
    "{\"response_key\":null}",
    "{\"response_key\":\"error_of_another_kind\",\"api_status\":\"FAILURE\"}",
    "{\"api_status\":\"SUCCESS\",\"response_key\":\"success_of_another_kind\"}",
];

#[test]
fn only_what_was_certainly_not_sent_or_refused_releases_the_reference() {
    assert_eq!(ended(&heard(&call(CallKind::Post), &mobile(), &Exchange::NotSent)), ("error_source_unavailable", 503, None));
    for (status, alert) in [(401, "http_401"), (403, "http_403")] {
        let reading = heard(&call(CallKind::Post), &mobile(), &answered(status, b"<html>"));
        assert_eq!(ended(&reading), ("error_service_unavailable", 502, Some(alert)));
    }
    assert_eq!(ended(&heard(&call(CallKind::Post), &mobile(), &answered(429, b""))), ("error_source_unavailable", 503, None));
    for code in ["E00002", "E00006", "E00008", "E00009"] {
        let reading = posted(&json!({ "status": "FAILURE", "responseCode": code }));
        assert_eq!(ended(&reading), ("error_service_unavailable", 502, Some(code)));
    }
    for code in ["S00000", "E00001", "E00003", "E00004", "E00021", "E00045", "E99999"] {
        let reading = posted(&json!({ "status": "FAILURE", "responseCode": code }));
        assert!(matches!(reading, Reading::Unknown { .. }), "{code}: {reading:?}");
    }
}

#[test]
fn a_refusal_that_calls_itself_a_success_releases_nothing() {
    for (key, _, row) in ROWS.iter().filter(|(.., row)| matches!(row, Velocity | Operator | Input)) {
        let reading = posted(&json!({ "api_status": "SUCCESS", "response_key": key, "data": { "account_number": "1234567890" } }));
        assert!(matches!(reading, Reading::Unknown { .. }), "{key} {row:?}: {reading:?}");
    }
    let reading = read(&mobile(), CallKind::Post, 429, &json!({ "api_status": "SUCCESS", "data": { "account_number": "1234567890" } }));
    assert!(matches!(reading, Reading::Unknown { .. }), "{reading:?}");
}

#[test]
fn http_422_is_a_no() {
    let finding = found(read(&mobile(), CallKind::Post, 422, &json!({})));
    assert_eq!((finding.outcome, finding.action, finding.key.as_ref()), (Outcome::Negative, Action::Reject, "error_invalid_mobile_number"));
}

#[test]
fn a_lookup_that_finds_nothing_or_fails_proves_nothing() {
    assert!(matches!(
        read(&mobile(), CallKind::Status, 200, &json(fixture!("mobile_account_status_not_found"))),
        Reading::Unknown { refused_us: None, .. }
    ));
    for exchange in [Exchange::TimedOut, Exchange::Broken, Exchange::TooLarge, Exchange::NotSent] {
        assert!(matches!(heard(&call(CallKind::Status), &mobile(), &exchange), Reading::Unknown { refused_us: None, .. }));
    }
    for status in [200, 400, 401, 403, 404, 422, 429, 500, 503] {
        for body in NONSENSE {
            let reading = heard(&call(CallKind::Status), &mobile(), &answered(status, body.as_bytes()));
            let Reading::Unknown { refused_us, .. } = reading else { panic!("{status} {body}: {reading:?}") };
            assert_eq!(refused_us.is_some(), matches!(status, 401 | 403), "{status} {body}");
        }
    }
}

#[test]
fn a_lookup_that_is_refused_by_one_of_the_vendors_general_keys_alerts_and_proves_nothing() {
    for key in
        ["error_ip_not_configured", "error_no_subscription_found", "error_insufficient_account_balance", "error_missing_configuration"]
    {
        let reading = read(&mobile(), CallKind::Status, 200, &json!({ "api_status": "FAILURE", "response_key": key }));
        assert!(matches!(reading, Reading::Unknown { refused_us: Some(named), .. } if named == key), "{key}");
        let reading = posted(&json!({ "api_status": "FAILURE", "response_key": key }));
        assert!(matches!(reading, Reading::Unknown { .. }), "{key}: document 001 does not have it, so it says nothing about the rupee");
    }
}

#[test]
fn a_lookups_own_key_never_passes_for_that_of_the_request() {
    for (key, ..) in ROWS {
        let body = json!({ "api_status": "SUCCESS", "response_key": key, "data": { "account_number": "1234567890" } });
        let reading = read(&mobile(), CallKind::Status, 200, &body);
        assert!(matches!(reading, Reading::Unknown { .. }), "{key}: {reading:?}");
    }
}

#[test]
fn a_lookup_confirms_only_under_http_200_and_its_own_success() {
    let good = fixture!("mobile_account_status_success");
    for status in [201, 202, 301, 400, 404, 500] {
        assert!(matches!(read(&mobile(), CallKind::Status, status, &json(good)), Reading::Unknown { .. }), "{status}");
    }
    for word in [json!("FAILURE"), json!("success"), json!(true), json!(null)] {
        assert!(matches!(read(&mobile(), CallKind::Status, 200, &with(good, "/api_status", word)), Reading::Unknown { .. }));
    }
}

#[test]
fn no_account_is_verified_without_every_mark() {
    let good = fixture!("mobile_account_success");
    let account = |value: Value| json!({ "account_number": value });
    let bodies = [
        with(good, "/api_status", json!("FAILURE")),
        with(good, "/api_status", json!("success")),
        with(good, "/api_status", json!(null)),
        with(good, "/api_status", json!(["SUCCESS"])),
        without(good, "", "api_status"),
        without(good, "", "response_key"),
        with(good, "/response_key", json!("success_account_details")),
        with(good, "/response_key", json!("failure_account_closed")),
        without(good, "", "data"),
        with(good, "/data", json!({})),
        with(good, "/data", json!([])),
        with(good, "/data", json!("x")),
        with(good, "/data", json!(null)),
        with(good, "/data", json!([account(json!("1")), account(json!("2"))])),
        with(good, "/data", account(json!(""))),
        with(good, "/data", account(json!("  "))),
        with(good, "/data", account(json!(null))),
        with(good, "/data", account(json!(true))),
        with(good, "/data", account(json!(["1"]))),
        with(good, "/data", account(json!({ "a": 1 }))),
        with(good, "/data", json!({ "ifsc": "SBIN0001077", "name_as_per_bank": "RAHUL SHARMA" })),
        json!([json(good)]),
    ];
    for body in bodies {
        assert!(!is_verified(&posted(&body)), "{body}");
    }
    for status in [201, 202, 400, 404, 500, 503] {
        assert!(!is_verified(&read(&mobile(), CallKind::Post, status, &json(good))), "{status}");
    }
    for end in 0..good.trim_end().len() {
        assert!(!is_verified(&heard(&call(CallKind::Post), &mobile(), &answered(200, &good.as_bytes()[..end]))), "cut off at {end}");
    }
}

// --- PAN verification ---

/// Document 003 section 2.5, and the contract's decisions about it.
#[rustfmt::skip]
const LETTERS: &[(&str, &[&str], Outcome, Action, &str)] = &[
    ("E", &["valid", "VALID", "Valid"], Outcome::Verified, Action::Proceed, "success_pan"),
    ("F", &["fake", "invalid", "FAKE", "Invalid"], Outcome::Negative, Action::Reject, "failure_pan_invalid"),
    ("X", &["deactivated", "DEACTIVATED"], Outcome::Negative, Action::Reject, "failure_pan_deactivated"),
    ("D", &["deleted"], Outcome::Negative, Action::Reject, "failure_pan_deleted"),
    ("N", &["not_found", "NOT_FOUND"], Outcome::Negative, Action::Reject, "failure_pan_not_found"),
    ("EA", &["valid"], Outcome::Verified, Action::Proceed, "success_pan"),
    ("ED", &["valid"], Outcome::Negative, Action::Reject, "failure_pan_deceased"),
];

/// The answer with this `data`, and where it has no name the customer's.
fn pan_data(data: &Value) -> Value {
    let mut named = json!({ "name": "RAHUL SHARMA" });
    named.as_object_mut().unwrap().extend(data.as_object().unwrap().clone());
    let data = named;
    json!({ "decentroTxnId": TRANSACTION, "status": "SUCCESS", "responseCode": "S00000", "message": "PAN verified successfully", "data": data })
}

fn judged(reading: Reading) -> (Outcome, Action, String, Value) {
    let finding = found(reading);
    (finding.outcome, finding.action, finding.key.to_string(), finding.record.get("pan_verify_status").cloned().unwrap_or_default())
}

#[test]
fn every_letter_and_word_of_document_003() {
    for (letter, words, outcome, action, key) in LETTERS {
        let expected = (*outcome, *action, (*key).to_owned(), json!(letter));
        assert_eq!(judged(pan_posted(&pan_data(&json!({ "status": letter })))), expected, "{letter}");
        assert_eq!(judged(pan_posted(&pan_data(&json!({ "pan_status": letter })))), expected, "{letter} alone");
        for word in *words {
            assert_eq!(judged(pan_posted(&pan_data(&json!({ "status": word, "pan_status": letter })))), expected, "{word} {letter}");
            if letter.len() == 1 {
                assert_eq!(judged(pan_posted(&pan_data(&json!({ "status": word })))), expected, "{word}");
            }
        }
    }
}

#[test]
fn a_no_is_a_no_in_whatever_envelope() {
    for (letter, words, outcome, action, key) in LETTERS.iter().filter(|(_, _, outcome, ..)| *outcome == Outcome::Negative) {
        for (status, code) in [("FAILURE", "S00000"), ("FAILURE", "E00001"), ("SUCCESS", "S00000"), ("SUCCESS", "E00021")] {
            for word in *words {
                let body = json!({ "status": status, "responseCode": code, "data": { "status": word, "pan_status": letter } });
                assert_eq!(judged(pan_posted(&body)), (*outcome, *action, (*key).to_owned(), json!(letter)), "{body}");
            }
        }
    }
}

#[test]
fn an_unknown_letter_or_word_goes_to_review() {
    let unknown = (Outcome::Negative, Action::Review, "failure_pan_unknown_status".to_owned());
    for status in ["EC", "EI", "EL", "EM", "EP", "ES", "EU", "Z", "e", "ea", "EE", "active", "VALIDATED", "valid!", "E ?", "\u{415}"] {
        let (outcome, action, key, _) = judged(pan_posted(&pan_data(&json!({ "status": status }))));
        assert_eq!((outcome, action, key), unknown, "{status}");
        let (outcome, action, key, _) = judged(pan_posted(&pan_data(&json!({ "status": "valid", "pan_status": status }))));
        assert_eq!((outcome, action, key), unknown, "valid with {status}");
    }
}

#[test]
fn a_flag_that_contradicts_its_word_goes_to_review() {
    for (word, flag) in [("valid", "F"), ("valid", "X"), ("valid", "N"), ("fake", "E"), ("not_found", "EA"), ("deleted", "ED")] {
        let (outcome, action, ..) = judged(pan_posted(&pan_data(&json!({ "status": word, "pan_status": flag }))));
        assert_eq!((outcome, action), (Outcome::Negative, Action::Review), "{word} {flag}");
    }
}

/// Document 003 sections 6.6 and 6.7: key of the caller, and whether it is tried again.
#[rustfmt::skip]
const STATUSES: &[(u16, Ends)] = &[
    (400, Ends::Operator), (401, Ends::Operator), (403, Ends::Operator), (404, Ends::No("failure_record_not_found")),
    (422, Ends::No("failure_pan_invalid")), (429, Ends::Again("error_source_unavailable")), (500, Ends::Again("error_unexpected_response")),
    (503, Ends::Again("error_source_unavailable")), (301, Ends::Nonsense), (418, Ends::Nonsense), (502, Ends::Nonsense), (504, Ends::Nonsense),
];
#[rustfmt::skip]
const CODES: &[(&str, Ends)] = &[
    ("S00000", Ends::Nonsense), ("E00001", Ends::Nonsense), ("E00002", Ends::Operator), ("E00003", Ends::Again("error_source_timeout")),
    ("E00004", Ends::Again("error_source_unavailable")), ("E00005", Ends::Again("error_source_unavailable")), ("E00006", Ends::Operator),
    ("E00008", Ends::Operator), ("E00009", Ends::Operator), ("E00021", Ends::No("failure_record_not_found")),
    ("E00045", Ends::Again("error_source_unavailable")), ("E99999", Ends::Nonsense), ("S00001", Ends::Nonsense),
];

#[derive(Clone, Copy, Debug)]
enum Ends {
    Operator,
    No(&'static str),
    Again(&'static str),
    Nonsense,
}

fn check_end(reading: &Reading, expected: Ends, alert: &str) {
    match (expected, reading) {
        (Ends::Operator, _) => assert_eq!(ended(reading), ("error_service_unavailable", 502, Some(alert))),
        (Ends::Nonsense, _) => assert_eq!(ended(reading), ("error_unexpected_response", 502, None), "{alert}"),
        (Ends::Again(key), Reading::Trouble { problem, .. }) => {
            assert_eq!(problem.key, key, "{alert}");
            assert_eq!(problem.retry_after.is_some(), problem.status() == 503, "{alert}: a 503 says when to come again");
        }
        (Ends::No(key), Reading::Final(finding)) => {
            assert_eq!((finding.outcome, finding.action, finding.key.as_ref()), (Outcome::Negative, Action::Reject, key));
        }
        _ => panic!("{alert}: {reading:?}"),
    }
}

#[test]
fn every_http_status_of_document_003() {
    for (status, ends) in STATUSES {
        for body in ["", "{}", "<html></html>", "[]"] {
            let reading = heard(&call(CallKind::Post), &pan("PAN"), &answered(*status, body.as_bytes()));
            check_end(&reading, *ends, &format!("http_{status}"));
        }
        // A yes under any other status is no yes.
        assert!(!is_verified(&read(&pan("PAN"), CallKind::Post, *status, &json(fixture!("pan_valid")))), "{status}");
    }
}

#[test]
fn every_code_of_document_003_inside_http_200() {
    for (code, ends) in CODES {
        for status in ["FAILURE", "SUCCESS"] {
            check_end(&pan_posted(&json!({ "status": status, "responseCode": code, "message": "x" })), *ends, code);
            check_end(&pan_posted(&json!({ "api_status": status, "response_code": code, "data": {} })), *ends, code);
        }
    }
    check_end(&pan_posted(&json(fixture!("pan_no_record"))), Ends::No("failure_record_not_found"), "E00021");
    check_end(&pan_posted(&json(fixture!("pan_provider_error"))), Ends::Again("error_source_unavailable"), "E00045");
}

#[test]
fn a_refusal_of_us_is_the_operators_under_any_http_status() {
    for status in [200, 400, 402, 422, 429, 500, 503] {
        for code in ["E00006", "E00008"] {
            let reading = read(&pan("PAN"), CallKind::Post, status, &json!({ "status": "FAILURE", "responseCode": code }));
            assert_eq!(ended(&reading), ("error_service_unavailable", 502, Some(code)), "{status}");
        }
        let reading = read(&pan("PAN"), CallKind::Post, status, &json!({ "status": "FAILURE", "responseKey": "error_company_disabled" }));
        assert_eq!(ended(&reading), ("error_service_unavailable", 502, Some("error_company_disabled")), "{status}");
    }
}

#[test]
fn a_used_wire_reference_is_tried_again_with_a_fresh_one() {
    for status in [200, 400, 409] {
        let body = json!({ "status": "FAILURE", "responseCode": "E00002", "responseKey": "error_duplicate_reference_id" });
        check_end(&read(&pan("PAN"), CallKind::Post, status, &body), Ends::Again("error_source_unavailable"), "duplicate");
    }
}

#[test]
fn trouble_on_the_way_is_tried_again() {
    let reading = |exchange| heard(&call(CallKind::Post), &pan("PAN"), &exchange);
    check_end(&reading(Exchange::TimedOut), Ends::Again("error_source_timeout"), "timed out");
    check_end(&reading(Exchange::Broken), Ends::Again("error_source_unavailable"), "broken");
    check_end(&reading(Exchange::TooLarge), Ends::Nonsense, "too large");
    assert_eq!(ended(&reading(Exchange::NotSent)), ("error_source_unavailable", 503, None));
    let asked = Exchange::Answered(HttpResponse { status: 429, retry_after: Some(7), body: Secret::new(Vec::new()) });
    assert!(matches!(reading(asked), Reading::Trouble { retry_after: Some(7), .. }));
}

#[test]
fn words_of_two_dialects_that_say_two_things_are_no_yes() {
    for (status, id_status, verified) in [("valid", "VALID", true), ("valid", "deleted", false), ("E", "unknown", false)] {
        let body = json!({ "status": "SUCCESS", "responseCode": "S00000", "data": { "status": status, "idStatus": id_status, "name": "RAHUL SHARMA" } });
        assert_eq!(found(pan_posted(&body)).outcome == Outcome::Verified, verified, "{status} {id_status}");
    }
}

#[test]
fn a_valid_pan_is_told_in_one_shape_whatever_the_dialect() {
    let finding = found(pan_posted(&json(fixture!("pan_valid"))));
    let data = json!({
        "status": "valid", "id_number": "ABCPE1234F", "name": "RAHUL SHARMA", "category": "individual",
        "aadhaar_seeding_status": "Successful", "last_updated_at": "2025-06-15",
    });
    assert_eq!(finding.data, data);
    assert_eq!(finding.message, "PAN verified successfully");
    assert_eq!(
        finding.record,
        json!({
            "pan_verify_status": "E", "pan_verify_name": "RAHUL SHARMA", "pan_verify_txn_id": "EEB679CE926C4E5A9FC4EE1575529000",
            "pan_verify_category": "individual", "pan_aadhaar_seeding_status": "Successful",
        })
    );
    let other = found(pan_posted(&json(fixture!("pan_kyc_result"))));
    for field in ["status", "id_number", "name", "category", "aadhaar_seeding_status"] {
        assert_eq!(other.data.get(field), data.get(field), "{field}");
    }
    assert_eq!(other.record, finding.record);
}

#[test]
fn the_holders_details_are_texts() {
    let finding = found(read(&pan("PAN_DETAILED"), CallKind::Post, 200, &json(fixture!("pan_detailed"))));
    for (field, value) in [
        ("father_name", "SURESH SHARMA"),
        ("email", "holder@example.com"),
        ("mobile", "9876543210"),
        ("dob", "01/01/1990"),
        ("gender", "M"),
    ] {
        assert_eq!(finding.data.get(field), Some(&json!(value)));
    }
}

/// 003 section 5.1.
#[test]
fn a_companys_details_have_its_name_and_its_day_and_go_the_way_of_non_individuals() {
    let data = json!({
        "status": "valid", "id_number": "AABCC1234D", "name": "ACME TECHNOLOGIES PRIVATE LIMITED", "category": "company",
        "aadhaar_seeding_status": "Not Applicable", "dob": "15/06/1985",
    });
    let mut body = json!({
        "reference_id": "PAN_0001", "document_type": "PAN_DETAILED", "id_number": "AABCC1234D", "consent": "Y", "purpose": "KYC onboarding",
    });
    for given in [json!({}), json!({ "name": "ACME TECHNOLOGIES PVT LTD" })] {
        body.as_object_mut().unwrap().extend(given.as_object().unwrap().clone());
        let finding = found(read(&request(Operation::PanVerify, &body), CallKind::Post, 200, &pan_data(&data)));
        assert_eq!((finding.outcome, finding.action, notes(&finding)), (Outcome::Verified, Action::Review, vec!["non_individual"]));
        assert_eq!(finding.data, data, "and neither a father nor a gender");
    }
}

#[test]
fn a_comparison_is_a_yes_only_when_both_match() {
    let compare = |name: Value, dob: Value| {
        let mut body = json(fixture!("pan_compare"));
        let data = body.pointer_mut("/data").and_then(Value::as_object_mut).unwrap();
        data.extend(Map::from_iter([("name_match".to_owned(), name), ("dob_match".to_owned(), dob)]));
        read(&pan("PAN_COMPARE"), CallKind::Post, 200, &body)
    };
    for yes in [json!(true), json!("true"), json!("TRUE")] {
        assert!(is_verified(&compare(yes.clone(), yes)));
    }
    for (name, dob) in [(true, false), (false, true), (false, false)] {
        let finding = found(compare(json!(name), json!(dob)));
        assert_eq!((finding.outcome, finding.action, finding.key.as_ref()), (Outcome::Negative, Action::Review, "failure_pan_mismatch"));
        assert_eq!(finding.data, json!({ "name_match": name, "dob_match": dob }));
    }
    for unclear in [json!(null), json!(1), json!("yes"), json!([]), json!({}), json!("")] {
        check_end(&compare(unclear.clone(), json!(true)), Ends::Nonsense, "name");
        check_end(&compare(json!(true), unclear), Ends::Nonsense, "dob");
    }
    check_end(&read(&pan("PAN_COMPARE"), CallKind::Post, 200, &json(fixture!("pan_valid"))), Ends::Nonsense, "no comparison");
}

#[test]
fn anything_but_a_person_goes_to_review_with_a_note() {
    for holder in ["C", "H", "F", "A", "T", "B", "L", "J", "G"] {
        let number = format!("ABC{holder}E1234F");
        let finding =
            found(read(&pan_of("PAN", &number), CallKind::Post, 200, &with(fixture!("pan_valid"), "/data/id_number", json!(number))));
        assert_eq!((finding.outcome, finding.action), (Outcome::Verified, Action::Review), "{holder}");
        assert_eq!(finding.notes.iter().map(|note| note.code.as_ref()).collect::<Vec<_>>(), ["non_individual"]);
    }
    let finding = found(pan_posted(&pan_data(&json!({ "status": "valid", "pan_status": "EA" }))));
    assert_eq!(finding.notes.iter().map(|note| note.code.as_ref()).collect::<Vec<_>>(), ["amalgamated"]);
    assert_eq!(finding.record.get("pan_verify_category"), Some(&json!("individual")), "the fourth letter's, where the vendor gives none");
}

#[test]
fn a_name_that_was_given_is_compared_with_the_pans_by_the_documents_thresholds() {
    let notes = |finding: &Finding| notes(finding).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let of = |document_type: &str, recorded: &str| {
        let compared = json!({ "status": "valid", "name": recorded, "name_match": true, "dob_match": true });
        found(read(&pan(document_type), CallKind::Post, 200, &pan_data(&compared)))
    };
    for (recorded, expected, note) in [
        ("MR. SHARMA RAHUL", (Outcome::Verified, Action::Proceed, "success_pan"), None),
        ("RAHUL KUMAR SHARMA", (Outcome::Verified, Action::Review, "success_pan"), Some("name_review")),
        ("RAHUL VERMA", (Outcome::Negative, Action::Reject, "failure_pan_mismatch"), Some("name_mismatch")),
    ] {
        for document_type in ["PAN", "PAN_DETAILED"] {
            let finding = of(document_type, recorded);
            assert_eq!((finding.outcome, finding.action, finding.key.as_ref()), expected, "{recorded}");
            assert_eq!(notes(&finding), note.into_iter().collect::<Vec<_>>(), "{recorded}");
            assert_eq!(finding.record.get("pan_verify_name"), Some(&json!(recorded)), "{recorded}");
        }
    }
    assert_eq!(of("PAN", "RAHUL VERMA").data, json!({ "name_match": false }));
    // Where the register itself says that the name is the holder's, a person decides between it and us.
    let finding = of("PAN_COMPARE", "GITA SEN");
    assert_eq!((finding.outcome, finding.action, notes(&finding)), (Outcome::Verified, Action::Review, vec!["name_review".to_owned()]));
    // A firm's PAN goes to a person anyway.
    let firm = pan_data(&json!({ "status": "valid", "name": "ACME FOODS", "id_number": "ABCFE1234F" }));
    let finding = found(read(&pan_of("PAN", "ABCFE1234F"), CallKind::Post, 200, &firm));
    assert_eq!((finding.outcome, finding.action), (Outcome::Verified, Action::Review));
}

/// What the register may say where a name is expected, and says none.
const NO_NAMES: &[&str] = &[
    "",
    " ",
    "NA",
    "N/A",
    "N.A.",
    "na",
    "NULL",
    "null",
    "NIL",
    "None",
    "Not Available",
    "NOT APPLICABLE",
    "UNREGISTERED",
    "Unknown",
    "XXXX",
    "xxx",
    "-",
    ".",
    "--",
    "0",
    "00000",
    "12345",
    "NO NAME",
    "Name not available",
    "NO DATA FOUND",
    "***",
];

fn notes(finding: &Finding) -> Vec<&str> {
    finding.notes.iter().map(|note| note.code.as_ref()).collect()
}

/// A request of this type with a name and a date of birth as far as they are given.
fn pan_giving(document_type: &str, name: Option<&str>, dob: Option<&str>) -> Request {
    let mut body = json!({
        "reference_id": "PAN_0001", "document_type": document_type, "id_number": "ABCPE1234F", "consent": "Y", "purpose": "KYC onboarding",
    });
    let given = [("name", name), ("dob", dob)].into_iter().filter_map(|(field, text)| Some((field.to_owned(), json!(text?))));
    body.as_object_mut().unwrap().extend(given);
    request(Operation::PanVerify, &body)
}

/// 003 section 2.7: whatever is given is compared, or a person compares it.
#[test]
fn a_name_that_could_not_be_compared_with_the_pans_is_never_proceed() {
    let nothing = [json!(null), json!(true), json!([]), json!({})];
    let absent = nothing.into_iter().chain(NO_NAMES.iter().map(|name| json!(name)));
    for recorded in absent {
        for document_type in ["PAN", "PAN_DETAILED"] {
            let body = pan_data(&json!({ "status": "valid", "name": recorded }));
            let finding = found(read(&pan_giving(document_type, Some("RAHUL SHARMA"), None), CallKind::Post, 200, &body));
            assert_eq!((finding.outcome, finding.action), (Outcome::Verified, Action::Review), "{body}");
            assert_eq!(notes(&finding), ["name_not_matched"], "{body}");
            let finding = found(read(&pan_giving(document_type, None, None), CallKind::Post, 200, &body));
            assert_eq!((finding.action, notes(&finding)), (Action::Proceed, vec![]), "no name was given: {body}");
        }
    }
    // The given name is none.
    let finding = found(read(&pan_giving("PAN", Some("NOT AVAILABLE"), None), CallKind::Post, 200, &json(fixture!("pan_valid"))));
    assert_eq!((finding.outcome, finding.action, notes(&finding)), (Outcome::Verified, Action::Review, vec!["name_not_matched"]));
}

/// 003 section 2.4: `PAN_DETAILED` tells the date of birth.
#[test]
fn a_date_of_birth_that_was_given_is_compared_with_the_registers() {
    let of = |document_type: &str, given: Option<&str>, fields: Value| {
        let mut data = json!({ "status": "valid" });
        data.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let finding = found(read(&pan_giving(document_type, None, given), CallKind::Post, 200, &pan_data(&data)));
        (finding.outcome, finding.action, notes(&finding).join(" "))
    };
    let review = |note: &str| (Outcome::Verified, Action::Review, note.to_owned());
    let proceed = (Outcome::Verified, Action::Proceed, String::new());
    for same in ["01/01/1990", "01-01-1990", "1990-01-01", "01-Jan-1990"] {
        assert_eq!(of("PAN_DETAILED", Some("01/01/1990"), json!({ "dob": same })), proceed, "{same}");
    }
    for other in ["02/01/1990", "1990-01-02", "01-Feb-1990", "01/01/1991"] {
        assert_eq!(of("PAN_DETAILED", Some("01/01/1990"), json!({ "dob": other })), review("dob_differs"), "{other}");
        assert_eq!(of("PAN_DETAILED", None, json!({ "dob": other })), proceed, "none was given");
    }
    for unread in [json!(null), json!(""), json!("XX/XX/1990"), json!("1990"), json!("31/02/1990"), json!(true)] {
        assert_eq!(of("PAN_DETAILED", Some("01/01/1990"), json!({ "dob": unread })), review("dob_not_matched"), "{unread}");
    }
    assert_eq!(of("PAN", Some("01/01/1990"), json!({})), review("dob_not_matched"), "it tells none");
    assert_eq!(of("PAN", Some("01/01/1990"), json!({ "dob_match": true })), proceed);
    for document_type in ["PAN", "PAN_DETAILED"] {
        assert_eq!(of(document_type, Some("01/01/1990"), json!({ "dob_match": false })), review("dob_differs"));
    }
    // A comparison that says yes, beside a date that says no.
    let body = pan_data(&json!({ "status": "valid", "name_match": true, "dob_match": true, "dob": "02/01/1990" }));
    let finding = found(read(&pan("PAN_COMPARE"), CallKind::Post, 200, &body));
    assert_eq!((finding.action, notes(&finding)), (Action::Review, vec!["dob_differs"]));
}

/// Every document type, and everything that can be given, against a register that says nothing of it, or something else.
#[test]
fn what_was_given_with_a_pan_and_not_compared_or_differs_is_never_proceed() {
    let registers = [
        json!({}),
        json!({ "name": "", "dob": "" }),
        json!({ "name": "GITA SEN", "dob": "02/01/1990" }),
        json!({ "name_match": false, "dob_match": false }),
    ];
    for document_type in ["PAN", "PAN_DETAILED"] {
        for (name, dob) in [(Some("RAHUL SHARMA"), None), (None, Some("01/01/1990")), (Some("RAHUL SHARMA"), Some("01/01/1990"))] {
            for register in &registers {
                let mut data = json!({ "status": "valid", "name": null });
                data.as_object_mut().unwrap().extend(register.as_object().unwrap().clone());
                let finding = found(read(&pan_giving(document_type, name, dob), CallKind::Post, 200, &pan_data(&data)));
                assert_ne!(finding.action, Action::Proceed, "{document_type} {name:?} {dob:?} {register}");
                assert!(!finding.notes.is_empty(), "{document_type} {name:?} {dob:?} {register}");
            }
        }
    }
}

/// 003 section 2.6: the fourth letter and the category are of one holder.
#[test]
fn a_persons_pan_that_the_register_calls_a_companys_is_never_proceed() {
    for category in ["company", "Company", "firm", "HUF (Hindu Undivided Family)", "trust", "government"] {
        let finding = found(pan_posted(&with(fixture!("pan_valid"), "/data/category", json!(category))));
        assert_eq!(
            (finding.outcome, finding.action, notes(&finding)),
            (Outcome::Verified, Action::Review, vec!["contradictory_answer"]),
            "{category}"
        );
    }
    for category in ["individual", "Individual (Person)", "person", "resident"] {
        assert_eq!(
            found(pan_posted(&with(fixture!("pan_valid"), "/data/category", json!(category)))).action,
            Action::Proceed,
            "{category}"
        );
    }
}

/// 003 sections 2.5, 2.9 and 6.6: what is not found has the letter N; of refused values nobody said what they are.
#[test]
fn a_pan_that_is_not_found_or_refused_has_its_record() {
    let body = |code: &str| json!({ "decentroTxnId": TRANSACTION, "status": "FAILURE", "responseCode": code, "message": "No record" });
    for (status, code, letter, key) in [
        (404, "E00001", json!("N"), "failure_record_not_found"),
        (404, "", json!("N"), "failure_record_not_found"),
        (200, "E00021", json!("N"), "failure_record_not_found"),
        (422, "E00002", json!(null), "failure_pan_invalid"),
        (422, "", json!(null), "failure_pan_invalid"),
    ] {
        for document_type in ["PAN", "PAN_DETAILED", "PAN_COMPARE"] {
            let finding = found(read(&pan(document_type), CallKind::Post, status, &body(code)));
            assert_eq!(
                (finding.outcome, finding.action, finding.key.as_ref()),
                (Outcome::Negative, Action::Reject, key),
                "{status} {code}"
            );
            let record = json!({
                "pan_verify_status": letter, "pan_verify_name": null, "pan_verify_txn_id": TRANSACTION, "pan_verify_category": "individual",
                "pan_aadhaar_seeding_status": null,
            });
            assert_eq!(finding.record, record, "{status} {code}");
            let is_refused = finding.message.starts_with("The vendor refuses these values");
            assert!(is_refused == (status == 422) && !finding.message.contains("fake"), "{}", finding.message);
        }
    }
}

#[test]
fn no_pan_is_verified_without_every_mark() {
    let good = fixture!("pan_valid");
    let bodies = [
        with(good, "/status", json!("FAILURE")),
        with(good, "/status", json!("PENDING")),
        with(good, "/status", json!("success")),
        with(good, "/status", json!(null)),
        with(good, "/status", json!(true)),
        without(good, "", "status"),
        with(good, "/responseCode", json!("E00001")),
        with(good, "/responseCode", json!("E00021")),
        with(good, "/responseCode", json!("S00001")),
        with(good, "/responseCode", json!(0)),
        with(good, "/data/id_number", json!("ABCPE1234G")),
        with(good, "/data/id_number", json!(1)),
        with(good, "/data/id_number", json!(true)),
        with(good, "/data/id_number", json!("")),
        with(good, "/responseCode", json!(true)),
        with(good, "/responseCode", json!({})),
        with(good, "/data/status", json!("Z")),
        with(good, "/data/status", json!(true)),
        with(good, "/data/status", json!(["valid"])),
        with(good, "/data/status", json!({})),
        with(good, "/data/status", json!(null)),
        with(good, "/data/status", json!("")),
        without(good, "/data", "status"),
        without(good, "", "data"),
        with(good, "/data", json!([])),
        with(good, "/data", json!("valid")),
        with(good, "/data", json!([{ "status": "valid" }, { "status": "fake" }])),
        json!({ "status": "valid" }),
        json!({ "status": "E" }),
        json!([json(good)]),
        json!({ "status": "SUCCESS", "responseCode": "S00000" }),
    ];
    for body in bodies {
        assert!(!is_verified(&pan_posted(&body)), "{body}");
    }
    for body in NONSENSE {
        assert!(!is_verified(&heard(&call(CallKind::Post), &pan("PAN"), &answered(200, body.as_bytes()))), "{body}");
    }
    for end in 0..good.trim_end().len() {
        assert!(!is_verified(&heard(&call(CallKind::Post), &pan("PAN"), &answered(200, &good.as_bytes()[..end]))), "cut off at {end}");
    }
    assert!(is_verified(&pan_posted(&json(good))));
}

#[test]
fn a_no_tells_nothing_about_the_holder() {
    let body = with(fixture!("pan_valid"), "/data/status", json!("deactivated"));
    assert_eq!(found(pan_posted(&body)).data, json!({}));
}

// --- what is sent ---

fn setting(name: &str) -> Option<String> {
    match name {
        name if !name.starts_with("DECENTRO_") => None,
        name if name.ends_with("_URL") => Some("https://vendor.example".into()),
        name => Some(format!("{name}-value")),
    }
}

fn prepared(kind: CallKind, request: &Request) -> HttpRequest {
    Decentro.request(&call(kind), request, &setting, 0).unwrap_or_else(|missing| panic!("{missing:?}"))
}

fn headers(request: &HttpRequest) -> Vec<(&str, &str)> {
    request.headers.iter().map(|(name, value)| (*name, value.expose().as_str())).collect()
}

fn body(request: &HttpRequest) -> Value {
    serde_json::from_str(request.body.as_ref().unwrap().expose()).unwrap()
}

#[test]
fn mobile_to_account_is_asked_in_document_001s_dialect() {
    let sent = prepared(CallKind::Post, &mobile());
    assert_eq!((sent.method, sent.url.as_str()), (Method::Post, "https://vendor.example/v3/banking/mobile_to_account"));
    let credentials = [("client_id", "DECENTRO_CLIENT_ID-value"), ("client_secret", "DECENTRO_CLIENT_SECRET-value")];
    assert_eq!(headers(&sent), credentials);
    assert_eq!(
        body(&sent),
        json!({ "reference_id": WIRE, "consumer_urn": "DECENTRO_CONSUMER_URN-value", "mobile_number": "9876543210", "fetch_branch_details": true })
    );
    let looked_up = prepared(CallKind::Status, &mobile());
    let url = format!("https://vendor.example/v3/banking/account_validation/status?reference_id={WIRE}");
    assert_eq!((looked_up.method, looked_up.url, looked_up.body.is_none()), (Method::Get, url, true));
}

#[test]
fn consent_is_told_to_the_vendor_only_as_the_caller_stated_it() {
    let stated = request(
        Operation::MobileAccount,
        &json!({ "reference_id": "M2A_0001", "mobile_number": "9876543210", "is_consent_granted": true }),
    );
    assert_eq!(body(&prepared(CallKind::Post, &stated)).get("is_consent_granted"), Some(&json!(true)));
    assert_eq!(body(&prepared(CallKind::Post, &mobile())).get("is_consent_granted"), None);
}

#[test]
fn a_pan_is_asked_for_in_document_003s_dialect() {
    let sent = prepared(CallKind::Post, &pan("PAN"));
    assert_eq!((sent.method, sent.url.as_str()), (Method::Post, "https://vendor.example/kyc/public/api/customer/verification/validate"));
    assert_eq!(headers(&sent).last(), Some(&("module_secret", "DECENTRO_KYC_MODULE_SECRET-value")));
    let basic =
        json!({ "reference_id": WIRE, "document_type": "PAN", "id_number": "ABCPE1234F", "consent": "Y", "purpose": "KYC onboarding" });
    assert_eq!(body(&sent), basic, "name and date of birth go out only for a comparison");
    let compared = body(&prepared(CallKind::Post, &pan("PAN_COMPARE")));
    assert_eq!((compared.get("name"), compared.get("dob")), (Some(&json!("RAHUL SHARMA")), Some(&json!("01/01/1990"))));
}

#[test]
fn nothing_personal_is_in_an_address_or_a_wire_reference() {
    for (kind, request) in [(CallKind::Post, mobile()), (CallKind::Status, mobile()), (CallKind::Post, pan("PAN_COMPARE"))] {
        let url = prepared(kind, &request).url;
        for secret in ["9876543210", "ABCPE1234F", "RAHUL", "M2A_0001", "PAN_0001"] {
            assert!(!url.contains(secret), "{url}");
        }
    }
}

#[test]
fn nothing_is_sent_without_every_setting_or_to_an_address_that_must_not_be_called() {
    for (request, needed) in [
        (mobile(), vec!["DECENTRO_V3_URL", "DECENTRO_CLIENT_ID", "DECENTRO_CLIENT_SECRET", "DECENTRO_CONSUMER_URN"]),
        (pan("PAN"), vec!["DECENTRO_V2_URL", "DECENTRO_CLIENT_ID", "DECENTRO_CLIENT_SECRET", "DECENTRO_KYC_MODULE_SECRET"]),
    ] {
        for missing in needed {
            for absent in [None, Some(String::new()), Some("  ".to_owned())] {
                let settings = |name: &str| if name == missing { absent.clone() } else { setting(name) };
                assert_eq!(Decentro.request(&call(CallKind::Post), &request, &settings, 0).err(), Some(missing.into()));
            }
        }
        let plain = |name: &str| if name.ends_with("_URL") { Some("http://vendor.example".to_owned()) } else { setting(name) };
        assert!(Decentro.request(&call(CallKind::Post), &request, &plain, 0).is_err());
    }
}

// --- anything at all ---

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(WORDS).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let name = prop_oneof![prop::sample::select(NAMES).prop_map(str::to_owned), "\\PC{0,6}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..8).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

const WORDS: &[&str] = &[
    "SUCCESS",
    "FAILURE",
    "PENDING",
    "S00000",
    "E00001",
    "E00021",
    "success_account_details_retrieved",
    "failure_account_closed",
    "error_provider_error",
    "valid",
    "E",
    "EA",
    "ED",
    "F",
    "ABCPE1234F",
    "1234567890",
    "rahul@okbank",
    "true",
];
const NAMES: &[&str] = &[
    "api_status",
    "status",
    "apiStatus",
    "response_key",
    "responseKey",
    "response_code",
    "responseCode",
    "data",
    "kycResult",
    "kyc_result",
    "account_number",
    "accountNumber",
    "upi_vpa",
    "upiVpa",
    "pan_status",
    "panStatus",
    "id_status",
    "idStatus",
    "id_number",
    "name_match",
    "dob_match",
    "message",
    "request_response_key",
    "branch_details",
    "payout_amount",
];

/// A good answer with up to four things about it changed: a field dropped, renamed, replaced, or another put in.
fn mutated(good: &'static str) -> impl Strategy<Value = Value> {
    let change = (any::<prop::sample::Index>(), any::<bool>(), prop::sample::select(NAMES), prop::option::of(any_json()));
    prop::collection::vec(change, 0..4).prop_map(move |changes| {
        let mut body = json(good);
        for (index, inner, name, value) in changes {
            let pointer = if body.get("data").is_some() { "/data" } else { "/kycResult" };
            let Some(map) = body.pointer_mut(if inner { pointer } else { "" }).and_then(Value::as_object_mut) else { continue };
            let existing = map.keys().nth(index.index(map.len().max(1))).cloned();
            match (existing, value) {
                (Some(existing), None) => drop(map.shift_remove(&existing)),
                (Some(existing), Some(value)) if index.index(2) == 0 => drop(map.insert(existing, value)),
                (_, value) => drop(map.insert(name.to_owned(), value.unwrap_or_default())),
            }
        }
        body
    })
}

/// The text of a field in either casing, as these tests read it.
fn said(map: &Map<String, Value>, names: [&str; 2]) -> Option<String> {
    let value = names.iter().filter_map(|name| map.get(*name)).find(|value| !value.is_null())?;
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn inner(map: &Map<String, Value>) -> Option<&Map<String, Value>> {
    ["data", "kycResult", "kyc_result"].iter().find_map(|name| match map.get(*name)? {
        Value::Object(data) => Some(data),
        Value::Array(items) => items.first()?.as_object(),
        _ => None,
    })
}

fn says_success(map: &Map<String, Value>) -> bool {
    let is_there = |name: &str| map.get(name).is_some_and(|value| !value.is_null());
    let names = if is_there("api_status") || is_there("apiStatus") { ["api_status", "apiStatus"] } else { ["status", "status"] };
    said(map, names).as_deref() == Some("SUCCESS")
}

/// Every mark of a found account.
fn marks_of_account(body: &Value, key: [&str; 2]) -> bool {
    let Some(map) = body.as_object() else { return false };
    let named = |data: &Map<String, Value>| {
        let account = said(data, ["account_number", "accountNumber"]).or_else(|| said(data, ["upi_vpa", "upiVpa"]));
        account.is_some_and(|text| !text.is_empty()) || said(data, ["upi_vpa", "upiVpa"]).is_some_and(|text| !text.is_empty())
    };
    let is_key = said(map, key).as_deref() == Some("success_account_details_retrieved");
    says_success(map) && is_key && inner(map).is_some_and(named)
}

/// Every mark of a valid PAN.
fn marks_of_pan(body: &Value, compares: bool) -> bool {
    let Some((map, data)) = body.as_object().and_then(|map| Some((map, inner(map)?))) else { return false };
    let given = |map: &Map<String, Value>, names: [&str; 2]| names.iter().any(|name| map.get(*name).is_some_and(|value| !value.is_null()));
    let code = ["response_code", "responseCode"];
    let code = !given(map, code) || said(map, code).is_some_and(|code| code.is_empty() || code == "S00000");
    let number = ["id_number", "idNumber"];
    let number = !given(data, number) || said(data, number).is_some_and(|number| number.eq_ignore_ascii_case("ABCPE1234F"));
    let yes = |text: &str| text.eq_ignore_ascii_case("valid") || matches!(text, "E" | "EA");
    let words = [["status", "status"], ["id_status", "idStatus"], ["pan_status", "panStatus"]];
    let valid = words.into_iter().filter_map(|names| said(data, names)).any(|text| yes(&text));
    let matched = |name: [&str; 2]| {
        name.iter()
            .filter_map(|name| data.get(*name))
            .any(|flag| *flag == json!(true) || flag.as_str().is_some_and(|text| text.eq_ignore_ascii_case("true")))
    };
    let both = !compares || (matched(["name_match", "nameMatch"]) && matched(["dob_match", "dobMatch"]));
    says_success(map) && code && number && valid && both
}

fn is_safe(request: &Request, kind: CallKind, status: u16, body: &Value, marks: bool) -> Result<(), TestCaseError> {
    let reading = read(request, kind, status, body);
    prop_assert!(!is_verified(&reading) || (marks && status == 200), "{status} {body}: {reading:?}");
    Ok(())
}

/// How many cases: `PROPTEST_CASES` asks for more.
fn cases(usual: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(usual)
}

fn statuses() -> impl Strategy<Value = u16> {
    prop_oneof![4 => Just(200_u16), 1 => 100..600_u16]
}

proptest! {
    // Each case reads three to six replies.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases(4_000)) })]

    #[test]
    fn any_json_gets_a_reading_and_no_yes_without_its_marks(body in any_json(), status in statuses()) {
        is_safe(&mobile(), CallKind::Post, status, &body, marks_of_account(&body, ["response_key", "responseKey"]))?;
        is_safe(&mobile(), CallKind::Status, status, &body, marks_of_account(&body, ["request_response_key", "requestResponseKey"]))?;
        is_safe(&pan("PAN"), CallKind::Post, status, &body, marks_of_pan(&body, false))?;
        is_safe(&pan("PAN_COMPARE"), CallKind::Post, status, &body, marks_of_pan(&body, true))?;
    }

    #[test]
    fn any_bytes_get_a_reading(bytes in prop::collection::vec(any::<u8>(), 0..64), status in statuses(), cut in 0..600_usize) {
        let good = fixture!("mobile_account_success").as_bytes();
        let spliced: Vec<u8> = good.iter().take(cut).chain(&bytes).chain(good.iter().skip(cut)).copied().collect();
        for (request, kind) in [(mobile(), CallKind::Post), (mobile(), CallKind::Status), (pan("PAN"), CallKind::Post)] {
            prop_assert!(!is_verified(&heard(&call(kind), &request, &answered(status, &bytes))));
            let _ = heard(&call(kind), &request, &answered(status, &spliced));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases(1_500)) })]

    #[test]
    fn a_good_answer_with_changes_is_a_yes_only_with_its_marks(
        status in statuses(), account in mutated(fixture!("mobile_account_success")), found in mutated(fixture!("mobile_account_status_success")),
        valid in mutated(fixture!("pan_valid")), kyc in mutated(fixture!("pan_kyc_result")), compared in mutated(fixture!("pan_compare")),
    ) {
        is_safe(&mobile(), CallKind::Post, status, &account, marks_of_account(&account, ["response_key", "responseKey"]))?;
        is_safe(&mobile(), CallKind::Status, status, &found, marks_of_account(&found, ["request_response_key", "requestResponseKey"]))?;
        is_safe(&pan("PAN"), CallKind::Post, status, &valid, marks_of_pan(&valid, false))?;
        is_safe(&pan("PAN"), CallKind::Post, status, &kyc, marks_of_pan(&kyc, false))?;
        is_safe(&pan("PAN_COMPARE"), CallKind::Post, status, &compared, marks_of_pan(&compared, true))?;
    }
}

#[test]
fn section_5_5_a_non_residents_account_is_for_review_whatever_says_so() {
    let account = |place: &str, said: &str| found(posted(&with(fixture!("mobile_account_success"), place, json!(said))));
    for (place, said) in [
        ("/data/account_type", "NRO"),
        ("/data/account_type", "NRE"),
        ("/data/account_type", "nro_account"),
        ("/data/account_type", "SAVINGS (NRE)"),
        ("/data/name_as_per_bank", "RAHUL SHARMA NRE"),
        ("/data/name_as_per_bank", "RAHUL SHARMA (NRO)"),
    ] {
        let finding = account(place, said);
        let codes: Vec<_> = finding.notes.iter().map(|note| note.code.as_ref()).collect();
        assert_eq!((finding.outcome, finding.action, codes), (Outcome::Verified, Action::Review, vec!["nre_nro"]), "{said}");
    }
    for (place, said) in [("/data/account_type", "SAVINGS"), ("/data/account_type", "CURRENT"), ("/data/name_as_per_bank", "NRO TRADERS")] {
        let finding = account(place, said);
        assert_eq!((finding.action, finding.notes), (Action::Proceed, vec![]), "{said}");
    }
}

#[test]
fn section_8_7_a_valid_pan_whose_seeding_did_not_succeed_says_so() {
    let codes = |said: &str| {
        let finding =
            found(read(&pan("PAN"), CallKind::Post, 200, &with(fixture!("pan_valid"), "/data/aadhaar_seeding_status", json!(said))));
        assert_eq!((finding.outcome, finding.action), (Outcome::Verified, Action::Proceed), "{said}");
        finding.notes.iter().map(|note| note.code.to_string()).collect::<Vec<_>>()
    };
    for said in ["Unsuccessful", "UNSUCCESSFUL", "Not Linked", "NOT_LINKED", "Failed", "N"] {
        assert_eq!(codes(said), ["aadhaar_not_linked"], "{said}");
    }
    for said in ["Successful", "Not Applicable", "Not applicable", "Linked", "Y", "NA", "R"] {
        assert!(codes(said).is_empty(), "{said}");
    }
}

#[test]
fn section_8_1_the_page_of_letter_e_says_that_it_proves_no_life() {
    let entry = toran_core::keys::entry_json("E", &toran_core::operations::is_field).unwrap().to_string();
    let page = include_str!("../../../docs/KEYS.md");
    for text in [entry.as_str(), page] {
        assert!(text.contains("Status E does not guarantee the person is alive"), "{entry}");
    }
}
