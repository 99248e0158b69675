//! Cashfree's replies and what they mean, stated a second time and independently of the catalogue: the words and letters of a PAN, the comparisons, every status and code
//! of an account, the refusals that are certain, and what goes out.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "tests")]

use proptest::prelude::*;
use serde_json::{Value, json};
use toran_core::http::{Exchange, HttpResponse, Method};
use toran_core::keys::{Action, Outcome};
use toran_core::operations::{Finding, Operation, Request};
use toran_core::secret::Secret;
use toran_core::vendors::{Account, Call, CallKind, Reading, Vendor, cashfree::Cashfree};

const WIRE: &str = "00112233445566778899aabbccddeeffffeeddccbbaa9988776655443322110001";
const REFERENCE: &str = "aaisem2ekvthpcezvk54zxpo77765xomxovjtcab";
const PAN: &str = include_str!("../src/vendors/cashfree/fixtures/pan.json");
const PAN_LITE: &str = include_str!("../src/vendors/cashfree/fixtures/pan_lite.json");
const RECEIVED: &str = include_str!("../src/vendors/cashfree/fixtures/bank_received.json");
const VALID: &str = include_str!("../src/vendors/cashfree/fixtures/bank_valid.json");
const NOT_WHITELISTED: &str = include_str!("../src/vendors/cashfree/fixtures/ip_not_whitelisted.json");

fn request(operation: Operation, body: &Value) -> Request {
    Request::parse(operation, body.as_object().unwrap()).unwrap_or_else(|problem| panic!("{problem:?}"))
}

fn pan(document_type: &str) -> Request {
    let mut body = json!({
        "reference_id": "PAN_0001", "document_type": document_type, "id_number": "ABCPV1234D", "consent": "Y", "purpose": "KYC onboarding of a customer",
        "name": "John Doe",
    });
    // Nothing else compares it.
    if document_type == "PAN_COMPARE" {
        body["dob"] = json!("30/06/1993");
    }
    request(Operation::PanVerify, &body)
}

fn bank() -> Request {
    let body = json!({
        "reference_id": "BANK_0001", "purpose_message": "KYC Bank Verification", "validation_type": "pennydrop",
        "beneficiary_details": { "account_number": "026291800001191", "ifsc": "YESB0000262", "name": "Rahul Sharma" },
    });
    request(Operation::BankVerify, &body)
}

fn call(kind: CallKind) -> Call {
    Call::new(kind, Account::common("cashfree"), WIRE.into())
}

fn read(request: &Request, kind: CallKind, status: u16, body: &[u8]) -> Reading {
    let response = HttpResponse { status, retry_after: None, body: Secret::new(body.to_vec()) };
    Cashfree.read(&call(kind), request, &Exchange::Answered(response), &|_| None)
}

fn with(fixture: &str, fields: &Value) -> String {
    let mut body: Value = serde_json::from_str(fixture).unwrap();
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    body.to_string()
}

fn found(reading: Reading) -> Finding {
    match reading {
        Reading::Final(finding) => *finding,
        other => panic!("{other:?}"),
    }
}

/// Outcome, action and key.
fn end(reading: Reading) -> (Outcome, Action, String) {
    let finding = found(reading);
    (finding.outcome, finding.action, finding.key.into_owned())
}

fn is_nonsense(reading: &Reading) -> bool {
    matches!(reading, Reading::Ended { problem, refused_us: None } if problem.key == "error_unexpected_response")
}

fn sent(request: &Request, kind: CallKind) -> (Method, String, Vec<(&'static str, String)>, Value) {
    let settings =
        |name: &str| Some(if name == "CASHFREE_URL" { "https://cashfree.example/verification".into() } else { format!("{name}-value") });
    let sent = Cashfree.request(&call(kind), request, &settings, 0).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    let headers = sent.headers.iter().map(|(name, value)| (*name, value.expose().clone())).collect();
    let body = sent.body.as_ref().map_or(Value::Null, |body| serde_json::from_str(body.expose()).unwrap());
    (sent.method, sent.url, headers, body)
}

#[test]
fn what_goes_out_is_what_is_asked_and_no_more() {
    let (method, url, headers, body) = sent(&pan("PAN"), CallKind::Post);
    assert_eq!((method, url.as_str(), body), (Method::Post, "https://cashfree.example/verification/pan", json!({ "pan": "ABCPV1234D" })));
    let expected = [
        ("x-client-id", "CASHFREE_CLIENT_ID-value"),
        ("x-client-secret", "CASHFREE_CLIENT_SECRET-value"),
        ("x-api-version", "2023-12-18"),
        ("x-request-id", WIRE),
    ];
    assert_eq!(headers, expected.map(|(name, value)| (name, value.to_owned())));
    let (_, url, _, body) = sent(&pan("PAN_COMPARE"), CallKind::Post);
    let compared = json!({ "verification_id": REFERENCE, "pan": "ABCPV1234D", "name": "John Doe", "dob": "1993-06-30" });
    assert_eq!((url.as_str(), body), ("https://cashfree.example/verification/pan-lite", compared));
    let (_, url, _, body) = sent(&bank(), CallKind::Post);
    let account = json!({ "bank_account": "026291800001191", "ifsc": "YESB0000262", "user_id": REFERENCE });
    assert_eq!((url.as_str(), body), ("https://cashfree.example/verification/bank-account/async", account));
    let (method, url, _, body) = sent(&bank(), CallKind::Status);
    let lookup = format!("https://cashfree.example/verification/bank-account?user_id={REFERENCE}");
    assert_eq!((method, url, body), (Method::Get, lookup, Value::Null));
}

#[test]
fn a_valid_pan_is_told_in_the_documents_fields() {
    let finding = found(read(&pan("PAN"), CallKind::Post, 200, PAN.as_bytes()));
    assert_eq!((finding.outcome, finding.action, finding.key.as_ref()), (Outcome::Verified, Action::Proceed, "success_pan"));
    let data = json!({
        "status": "valid", "id_number": "ABCPV1234D", "name": "JOHN DOE", "category": "individual", "aadhaar_seeding_status": "Successful",
        "last_updated_at": "2019-01-01",
    });
    assert_eq!(finding.data, data);
    assert_eq!((&finding.record["pan_verify_status"], &finding.record["pan_verify_name"]), (&json!("E"), &json!("JOHN DOE")));
    assert_eq!((finding.vendor.name.as_ref(), finding.vendor.transaction_id.as_deref()), ("cashfree", Some("161")));
}

#[test]
fn the_name_is_compared_here() {
    let other = with(PAN, &json!({ "registered_name": "SOMEBODY ELSE" }));
    assert_eq!(
        end(read(&pan("PAN"), CallKind::Post, 200, other.as_bytes())),
        (Outcome::Negative, Action::Reject, "failure_pan_mismatch".into())
    );
}

#[test]
fn every_word_of_a_pans_status_has_its_letter() {
    for (word, valid, outcome, action, key) in [
        ("VALID", true, Outcome::Verified, Action::Proceed, "success_pan"),
        ("E", true, Outcome::Verified, Action::Proceed, "success_pan"),
        ("EA", true, Outcome::Verified, Action::Proceed, "success_pan"),
        ("ED", true, Outcome::Negative, Action::Reject, "failure_pan_deceased"),
        ("EC", true, Outcome::Negative, Action::Review, "failure_pan_unknown_status"),
        ("SOMETHING", true, Outcome::Negative, Action::Review, "failure_pan_unknown_status"),
        ("INVALID", false, Outcome::Negative, Action::Reject, "failure_pan_not_found"),
        ("FAKE", false, Outcome::Negative, Action::Reject, "failure_pan_invalid"),
        ("DELETED", false, Outcome::Negative, Action::Reject, "failure_pan_deleted"),
        ("DEACTIVATED", false, Outcome::Negative, Action::Reject, "failure_pan_deactivated"),
    ] {
        let answer = with(PAN, &json!({ "pan_status": word, "valid": valid }));
        assert_eq!(end(read(&pan("PAN"), CallKind::Post, 200, answer.as_bytes())), (outcome, action, key.into()), "{word}");
    }
    for change in [
        json!({ "valid": false }),
        json!({ "pan_status": "INVALID" }),
        json!({ "valid": null }),
        json!({ "pan": "ABCPE1234F" }),
        json!({ "pan": null }),
    ] {
        assert!(is_nonsense(&read(&pan("PAN"), CallKind::Post, 200, with(PAN, &change).as_bytes())), "{change}");
    }
}

#[test]
fn a_comparison_needs_both_of_its_results() {
    let compare = |change: &Value| read(&pan("PAN_COMPARE"), CallKind::Post, 200, with(PAN_LITE, change).as_bytes());
    let finding = found(compare(&json!({})));
    assert_eq!((finding.outcome, finding.key.as_ref()), (Outcome::Verified, "success_pan"));
    assert_eq!(
        (&finding.data["name_match"], &finding.data["dob_match"], finding.data.get("name")),
        (&json!(true), &json!(true), None),
        "the name in it is the caller's"
    );
    for change in [json!({ "name_match": "N" }), json!({ "dob_match": "N" })] {
        assert_eq!(end(compare(&change)), (Outcome::Negative, Action::Review, "failure_pan_mismatch".into()), "{change}");
    }
    for change in [
        json!({ "name_match": null }),
        json!({ "dob_match": "y" }),
        json!({ "status": null }),
        json!({ "status": "INVALID" }),
        json!({ "status": "Valid" }),
        json!({ "verification_id": "test001" }),
        json!({ "pan": "ABCPE1234F" }),
        json!({ "pan": null }),
    ] {
        assert!(is_nonsense(&compare(&change)), "{change}");
    }
    assert_eq!(
        end(compare(&json!({ "status": "INVALID", "pan_status": "N" }))),
        (Outcome::Negative, Action::Reject, "failure_pan_not_found".into())
    );
}

/// The key, the alert and whether it may pass, of a read without an answer.
fn trouble(status: u16, body: &str) -> (String, Option<String>, bool) {
    match read(&pan("PAN"), CallKind::Post, status, body.as_bytes()) {
        Reading::Ended { problem, refused_us } => (problem.key.into_owned(), refused_us, false),
        Reading::Trouble { problem, .. } => (problem.key.into_owned(), None, true),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_read_ends_by_code_and_by_status() {
    let ours = |named: &str| ("error_service_unavailable".to_owned(), Some(named.to_owned()), false);
    let passes = |key: &str| (key.to_owned(), None, true);
    let coded = |code: &str| json!({ "type": "validation_error", "code": code, "message": "?" }).to_string();
    assert_eq!(trouble(403, NOT_WHITELISTED), ours("ip_validation_failed"));
    for (status, code) in [
        (401, "authentication_failed"),
        (400, "x-client-id_missing"),
        (400, "x-client-secret_missing"),
        (400, "x-client-secret_value_invalid"),
        (422, "insufficient_balance"),
        (400, "pan_missing"),
        (400, "pan_length_short"),
    ] {
        assert_eq!(trouble(status, &coded(code)), ours(code));
    }
    for (status, named) in [(400, "http_400"), (401, "http_401"), (403, "http_403"), (404, "http_404")] {
        assert_eq!(trouble(status, ""), ours(named));
    }
    for (status, key) in [
        (429, "error_source_unavailable"),
        (503, "error_source_unavailable"),
        (500, "error_unexpected_response"),
        (502, "error_source_unavailable"),
        (409, "error_source_unavailable"),
    ] {
        assert_eq!(trouble(status, "{}"), passes(key), "{status}");
    }
    for code in ["too_many_requests_per_operation", "too_many_requests_per_ip", "verification_failed", "verification_id_already_exists"] {
        assert_eq!(trouble(500, &coded(code)), passes("error_source_unavailable"), "{code}");
    }
    for (status, body) in [(200, ""), (200, "[]"), (200, "{}"), (422, "{}"), (418, "{}")] {
        assert_eq!(trouble(status, body), ("error_unexpected_response".into(), None, false), "{status} {body}");
    }
}

/// A bank that joined the list while a check was under way: its rupee must still be found.
#[test]
fn an_account_at_a_bank_that_is_not_verified_is_not_offered_but_looked_up() {
    // Document 003 section 9: Deutsche Bank and Paytm Payments Bank.
    for ifsc in ["DEUT0123456", "PYTM0123456"] {
        let mut body = bank().meaning();
        body["beneficiary_details"]["ifsc"] = json!(ifsc);
        let other = request(Operation::BankVerify, &body);
        assert!(Cashfree.offers(&bank()) && !Cashfree.offers(&other), "{ifsc}");
        assert!(sent(&other, CallKind::Status).1.ends_with(&format!("/bank-account?user_id={REFERENCE}")));
        assert_eq!(end(read(&other, CallKind::Status, 200, VALID.as_bytes())).0, Outcome::Verified, "{ifsc}");
    }
}

fn looked_up(change: &Value) -> Reading {
    read(&bank(), CallKind::Status, 200, with(VALID, change).as_bytes())
}

#[test]
fn a_live_account_is_told_in_the_documents_fields() {
    let finding = found(looked_up(&json!({})));
    assert_eq!((finding.outcome, finding.action, finding.key.as_ref()), (Outcome::Verified, Action::Proceed, "success_bank_account"));
    let data = json!({
        "transaction_status": "Success", "account_status": "Valid", "beneficiary_name": "RAHUL SHARMA", "validation_type": "Penny Drop",
        "utr": "404223241811", "name_match_score": 100, "name_match_result": "FULL_MATCH",
    });
    assert_eq!(finding.data, data);
    assert_eq!(finding.notes.iter().map(|note| note.code.as_ref()).collect::<Vec<_>>(), ["name_matched_here"]);
    assert_eq!((finding.vendor.transaction_id.as_deref(), finding.vendor.code.as_deref()), (Some("34"), Some("ACCOUNT_IS_VALID")));
}

#[test]
fn the_reply_to_the_post_says_only_that_it_was_received() {
    let posted = |body: &str| read(&bank(), CallKind::Post, 200, body.as_bytes());
    assert!(matches!(posted(RECEIVED), Reading::Working(vendor) if vendor.transaction_id.as_deref() == Some("123")));
    for change in [
        json!({ "user_id": "test" }),
        json!({ "account_status": null }),
        json!({ "account_status": "DONE" }),
        json!({ "account_status_code": "FAILED_AT_BANK" }),
    ] {
        assert!(matches!(posted(&with(RECEIVED, &change)), Reading::Unknown { refused_us: None, .. }), "{change}");
    }
    assert_eq!(end(posted(VALID)).0, Outcome::Verified, "a vendor that knows at once");
}

#[test]
fn every_code_of_an_account_has_its_end() {
    const REJECT: (Outcome, Action, &str) = (Outcome::Negative, Action::Reject, "failure_bank_account_invalid");
    const REVIEW: (Outcome, Action, &str) = (Outcome::Negative, Action::Review, "failure_bank_account_unknown_status");
    const FAILED: (Outcome, Action, &str) = (Outcome::Failed, Action::Retry, "error_validation_failed");
    for (status, code, expected) in [
        ("INVALID", "INVALID_ACCOUNT_FAIL", REJECT),
        ("INVALID", "INVALID_BANK_ACCOUNT", REJECT),
        ("INVALID", "INVALID_IFSC_FAIL", REJECT),
        ("FAILED", "INVALID_IFSC", REJECT),
        ("INVALID", "NRE_ACCOUNT_FAIL", REVIEW),
        ("INVALID", "ACCOUNT_BLOCKED", REVIEW),
        ("INVALID", "NRE_ACCOUNT", REVIEW),
        ("REJECTED", "FRAUD_ACCOUNT", REVIEW),
        ("INVALID", "SOMETHING", REVIEW),
        ("FAILED", "FAILED_AT_BANK", FAILED),
        ("FAILED", "NPCI_UNAVAILABLE", FAILED),
        ("FAILED", "SOURCE_BANK_DECLINED", FAILED),
        ("FAILED", "BENE_BANK_DECLINED", FAILED),
        ("FAILED", "IMPS_MODE_FAIL", FAILED),
        ("FAILED", "BENEFICIARY_BANK_OFFLINE", FAILED),
    ] {
        let (outcome, action, key) = end(looked_up(&json!({ "account_status": status, "account_status_code": code })));
        assert_eq!((outcome, action, key.as_str()), expected, "{status} {code}");
    }
    for code in ["INSUFFICIENT_BALANCE", "BAV_BLOCKED"] {
        let reading = looked_up(&json!({ "account_status": "REJECTED", "account_status_code": code }));
        assert!(matches!(reading, Reading::Ended { refused_us: Some(named), .. } if named == code), "{code}");
    }
    for status in ["RECEIVED", "IN_PROCESS", "PROCESSING", "APPROVAL_PENDING", "PARTIALLY_APPROVED"] {
        assert!(
            matches!(looked_up(&json!({ "account_status": status, "account_status_code": "VALIDATION_IN_PROGRESS" })), Reading::Working(_)),
            "{status}"
        );
    }
    for status in ["CANCELLED", "MANUALLY_REJECTED"] {
        assert_eq!(end(looked_up(&json!({ "account_status": status, "account_status_code": null }))).0, Outcome::Failed, "{status}");
    }
}

#[test]
fn what_contradicts_itself_or_is_unheard_of_proves_nothing() {
    for (status, code) in [
        ("VALID", "FAILED_AT_BANK"),
        ("VALID", "SOMETHING"),
        ("INVALID", "ACCOUNT_IS_VALID"),
        ("FAILED", "SOMETHING"),
        ("FAILED", "CONNECTION_TIMEOUT"),
        ("REJECTED", "VERIFICATION_ALREADY_UNDER_PROCESS"),
        ("FAILED", "ACCOUNT_IS_VALID"),
        ("RECEIVED", "ACCOUNT_IS_VALID"),
        ("CANCELLED", "SOMETHING"),
        ("valid", "ACCOUNT_IS_VALID"),
        ("SOMETHING", "ACCOUNT_IS_VALID"),
    ] {
        let reading = looked_up(&json!({ "account_status": status, "account_status_code": code }));
        assert!(matches!(reading, Reading::Unknown { refused_us: None, .. }), "{status} {code}: {reading:?}");
    }
    for change in [json!({ "account_status_code": null }), json!({ "account_status": null }), json!({ "user_id": "test" })] {
        assert!(matches!(looked_up(&change), Reading::Unknown { .. }), "{change}");
    }
    let not_found = json!({ "type": "not_found_error", "code": "user_id_not_found", "message": "user_id does not exist." }).to_string();
    assert!(matches!(read(&bank(), CallKind::Status, 404, not_found.as_bytes()), Reading::Unknown { refused_us: None, .. }));
    assert!(matches!(read(&bank(), CallKind::Status, 403, NOT_WHITELISTED.as_bytes()), Reading::Unknown { refused_us: Some(_), .. }));
}

#[test]
fn only_a_certain_refusal_of_money_is_one() {
    let posted = |status: u16, body: &str| read(&bank(), CallKind::Post, status, body.as_bytes());
    let coded = |kind: &str, code: &str| json!({ "type": kind, "code": code, "message": "?" }).to_string();
    for (status, body) in [
        (401, String::new()),
        (403, String::new()),
        (403, NOT_WHITELISTED.to_owned()),
        (422, coded("validation_error", "insufficient_balance")),
        (400, coded("validation_error", "bank_account_value_invalid")),
        (400, coded("validation_error", "bank_account_length_short")),
        (400, coded("validation_error", "bank_account_length_long")),
        (400, coded("validation_error", "ifsc_missing")),
        (400, coded("validation_error", "x-client-id_missing")),
    ] {
        assert!(matches!(posted(status, &body), Reading::Ended { refused_us: Some(_), .. }), "{status} {body}");
    }
    let limited = ["too_many_requests_per_ip", "too_many_requests_per_operation"].map(|code| coded("rate_limit_error", code));
    for body in limited.iter().map(String::as_str).chain(["", "{}"]) {
        assert!(matches!(posted(429, body), Reading::Ended { refused_us: None, .. }), "{body}");
    }
    for (status, body) in [
        (400, "{}".to_owned()),
        (404, "{}".to_owned()),
        (422, "{}".to_owned()),
        (500, coded("internal_error", "verification_failed")),
        (500, coded("validation_error", "insufficient_balance")),
        (400, coded("validation_error", "something_new")),
        (400, coded("validation_error", "user_id_value_invalid")),
        (400, coded("something_new", "bank_account_missing")),
        (400, coded("validation_error", "bank_account_something_new")),
        (422, coded("validation_error", "bank_account_missing")),
        (429, coded("rate_limit_error", "something_new")),
        (429, coded("internal_error", "verification_failed")),
        (502, String::new()),
        (503, String::new()),
        (403, VALID.to_owned()),
        (429, RECEIVED.to_owned()),
    ] {
        assert!(matches!(posted(status, &body), Reading::Unknown { .. }), "{status} {body}");
    }
    assert!(matches!(posted(409, "{}"), Reading::Landed(_)));
    assert!(matches!(posted(400, &coded("validation_error", "user_id_already_exists")), Reading::Landed(_)));
    let planted = coded("validation_error", "ABCPE1234F");
    assert!(
        matches!(posted(401, &planted), Reading::Ended { refused_us: Some(named), .. } if named == "http_401"),
        "what is no code is not passed on"
    );
    let came = |exchange: &Exchange| Cashfree.read(&call(CallKind::Post), &bank(), exchange, &|_| None);
    assert!(matches!(came(&Exchange::NotSent), Reading::Ended { .. }));
    for exchange in [Exchange::TimedOut, Exchange::Broken, Exchange::TooLarge] {
        assert!(matches!(came(&exchange), Reading::Unknown { .. }));
    }
}

proptest! {
    #[test]
    fn no_bytes_are_a_yes(status in 100_u16..600, body in proptest::collection::vec(any::<u8>(), 0..200)) {
        for (request, kind) in [(pan("PAN"), CallKind::Post), (pan("PAN_COMPARE"), CallKind::Post), (bank(), CallKind::Post), (bank(), CallKind::Status)] {
            let is_yes = matches!(read(&request, kind, status, &body), Reading::Final(finding) if finding.outcome == Outcome::Verified);
            prop_assert!(!is_yes);
        }
    }
}
