//! CKYC search and download at Decentro (document 003 section 4), stated a second time and independently of the catalogue: what is sent, what every
//! reply means, what of a record is told to whom; and that nothing is `verified` without all of its marks.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "tests")]

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use toran_core::http::{Exchange, HttpRequest, HttpResponse, MAX_ANSWER, Method};
use toran_core::keys::{Action, Outcome};
use toran_core::operations::{Answer, Audience, Class, Finding, Operation, Request};
use toran_core::secret::Secret;
use toran_core::vendors::{Account, Call, CallKind, Reading, Vendor, decentro::Decentro};

const WIRE: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff01";
const PURPOSE: &str = "KYC verification for stock broking account";
const BOTH: [Operation; 2] = [Operation::CkycSearch, Operation::CkycDownload];

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../src/vendors/decentro/fixtures/", $name, ".json"))
    };
}

fn request(operation: Operation, body: &Value) -> Request {
    Request::parse(operation, body.as_object().unwrap()).unwrap_or_else(|problem| panic!("{problem:?}"))
}

fn search_by(document_type: &str, number: &str) -> Request {
    let body = json!({
        "reference_id": "CKYC_0001", "document_type": document_type, "id_number": number, "consent": "Y", "consent_purpose": PURPOSE,
    });
    request(Operation::CkycSearch, &body)
}

fn search() -> Request {
    search_by("PAN", "ABCPE1234F")
}

fn download_of(id: &str) -> Request {
    request(Operation::CkycDownload, &json!({ "reference_id": "CKYC_0002", "ckyc_id": id, "consent": true, "consent_purpose": PURPOSE }))
}

fn download() -> Request {
    download_of("$XXXX1234$")
}

fn asked(operation: Operation) -> Request {
    if operation == Operation::CkycSearch { search() } else { download() }
}

fn call() -> Call {
    Call::new(CallKind::Post, Account::common("decentro"), WIRE.into())
}

fn heard(request: &Request, exchange: &Exchange) -> Reading {
    Decentro.read(&call(), request, exchange, &|_| None)
}

fn answered(status: u16, body: &[u8]) -> Exchange {
    Exchange::Answered(HttpResponse { status, retry_after: None, body: Secret::new(body.to_vec()) })
}

fn read(request: &Request, status: u16, body: &Value) -> Reading {
    heard(request, &answered(status, body.to_string().as_bytes()))
}

fn found(reading: Reading) -> Finding {
    match reading {
        Reading::Final(finding) => *finding,
        other => panic!("{other:?}"),
    }
}

fn is_verified(reading: &Reading) -> bool {
    matches!(reading, Reading::Final(finding) if finding.outcome == Outcome::Verified)
}

fn is_nonsense(reading: &Reading) -> bool {
    matches!(reading, Reading::Ended { problem, refused_us: None } if problem.key == "error_unexpected_response")
}

fn json(fixture: &str) -> Value {
    serde_json::from_str(fixture).unwrap()
}

/// The fixture with the value at a place, which is made where it is not there.
fn with(fixture: &str, place: &str, value: Value) -> Value {
    let mut body = json(fixture);
    let (object, field) = place.rsplit_once('/').unwrap();
    body.pointer_mut(object).and_then(Value::as_object_mut).unwrap().insert(field.into(), value);
    body
}

fn without(fixture: &str, place: &str) -> Value {
    let mut body = json(fixture);
    let (object, field) = place.rsplit_once('/').unwrap();
    body.pointer_mut(object).and_then(Value::as_object_mut).unwrap().shift_remove(field).unwrap();
    body
}

fn codes(finding: &Finding) -> Vec<&str> {
    finding.notes.iter().map(|note| note.code.as_ref()).collect()
}

// --- what is told ---

#[test]
fn a_found_record_is_told_with_every_field_of_section_4_1() {
    let finding = found(read(&search(), 200, &json(fixture!("ckyc_search"))));
    assert_eq!((finding.outcome, finding.action, finding.key.as_ref()), (Outcome::Verified, Action::Proceed, "success_ckyc_search"));
    let expected = json!({
        "ckyc_id": "$XXXX1234$", "ckyc_reference_id": "REF123456", "full_name": "RAHUL SHARMA", "kyc_date": "15-06-2023",
        "fathers_full_name": "SURESH SHARMA", "photo": "BASE64+PHOTO/A==",
        "identity_details": [{ "id_type": "PAN", "id_number": "ABCPE1234F" }],
    });
    assert_eq!(finding.data.to_string(), expected.to_string());
    assert_eq!((finding.record, finding.vendor.code.as_deref()), (json!({}), Some("S00000")));
    assert_eq!(finding.vendor.transaction_id.as_deref(), Some("0B7A3D5C9E1F4A2688D0C4E6F8A1B3D5"));
}

#[test]
fn the_newer_dialect_of_a_search_is_told_in_the_same_shape_with_the_kin_masked_by_us() {
    let finding = found(read(&search(), 200, &json(fixture!("ckyc_search_kyc_result"))));
    let expected = json!({
        "ckyc_id": "$XXXX1234$", "full_name": "RAHUL SHARMA", "kyc_date": "15-06-2023", "fathers_full_name": "SURESH SHARMA",
        "photo": "BASE64+PHOTO/A==", "identity_details": [{ "id_type": "PAN", "status": "03" }], "age": "36", "updated_date": "16-06-2023",
        "image_type": "jpg",
    });
    assert_eq!((finding.outcome, finding.data.to_string()), (Outcome::Verified, expected.to_string()));
}

#[test]
fn a_downloaded_record_is_told_with_every_field_of_section_4_2() {
    for id in ["$XXXX1234$", "12345678901234"] {
        let finding = found(read(&download_of(id), 200, &json(fixture!("ckyc_download"))));
        assert_eq!((finding.outcome, finding.action, finding.key.as_ref()), (Outcome::Verified, Action::Proceed, "success_ckyc_download"));
        let expected = json!({
            "ckyc_id": "12345678901234", "full_name": "RAHUL SHARMA", "fathers_full_name": "SURESH SHARMA",
            "mothers_full_name": "SUNITA SHARMA", "date_of_birth": "01-01-1990", "gender": "M", "marital_status": "Single",
            "nationality": "Indian", "residential_status": "Resident Individual", "occupation": "Service",
            "current_address": {
                "line1": "123, MG Road", "line2": "Sector 5", "city": "Gurgaon", "state": "Haryana", "pincode": "122001", "country": "India",
            },
            "permanent_address": {
                "line1": "7, Hill Road", "line3": "Near the fort", "city": "Pune", "district": "Pune", "state": "Maharashtra", "pincode": "411001",
            },
            "mobile": "9876543210", "email": "rahul.sharma@email.com",
            "identity_documents": [{ "type": "PAN", "number": "ABCPE1234F" }, { "type": "AADHAAR", "number": "XXXX-XXXX-1234" }],
            "photo": "BASE64+PHOTO/A==", "signature": "BASE64+SIGNATURE", "kyc_date": "15-06-2023", "kyc_verified_by": "SOME_FI_CODE",
        });
        assert_eq!(finding.data.to_string(), expected.to_string());
    }
}

#[test]
fn the_newer_dialect_of_a_download_is_told_under_the_right_names() {
    let finding = found(read(&download(), 200, &json(fixture!("ckyc_download_personal_details"))));
    let expected = json!({
        "ckyc_id": "12345678901234", "ckyc_reference_id": "IN000000000000", "full_name": "RAHUL SHARMA",
        "identity_documents": [{ "type": "E", "number": "XXXX XXXX 2346" }], "constitution_type": "01", "account_type": "01", "prefix": "MR",
        "first_name": "RAHUL", "last_name": "SHARMA",
    });
    assert_eq!((finding.outcome, finding.data.to_string()), (Outcome::Verified, expected.to_string()));
}

#[test]
fn snake_case_lists_of_one_and_unknown_fields_change_nothing() {
    let snake = json!({
        "decentro_txn_id": "T", "api_status": "SUCCESS", "response_code": "S00000", "response_key": "success_ckyc_search", "beta": [null, 1],
        "data": [{
            "ckyc_id": "$XXXX1234$", "full_name": "RAHUL SHARMA", "identity_details": { "id_type": "PAN", "id_number": "ABCPE1234F" }, "risk": {},
        }],
    });
    let finding = found(read(&search(), 200, &snake));
    let expected = json!({
        "ckyc_id": "$XXXX1234$", "full_name": "RAHUL SHARMA", "identity_details": [{ "id_type": "PAN", "id_number": "ABCPE1234F" }],
    });
    assert_eq!((finding.outcome, finding.data), (Outcome::Verified, expected));
}

#[test]
fn a_field_of_another_type_is_left_out() {
    let odd = with(fixture!("ckyc_download"), "/data/currentAddress", json!("123, MG Road"));
    let finding = found(read(&download(), 200, &odd));
    assert_eq!(finding.data.get("current_address"), None);
    for list in [json!("PAN"), json!([1, "x", {}, { "type": {} }]), json!({ "identity": {} })] {
        let odd = with(fixture!("ckyc_download"), "/data/identityDocuments", list);
        assert_eq!(found(read(&download(), 200, &odd)).data.get("identity_documents"), None);
    }
}

#[test]
fn a_full_aadhaar_number_is_never_told() {
    let documents = json!([{ "idType": "AADHAAR", "idNumber": "234123412346" }, { "idType": "UID", "idNumber": 234_123_412_346_u64 }]);
    let searched = with(fixture!("ckyc_search"), "/data/identityDetails", documents);
    let documents = json!({ "identity": [{ "type": "Aadhaar Card", "number": "2341 2341 2346" }, { "number": "2341-2341-2346" }] });
    let downloaded = with(fixture!("ckyc_download"), "/data/identityDocuments", documents);
    for (request, body) in [(search(), searched), (download(), downloaded)] {
        let finding = found(read(&request, 200, &body));
        assert_eq!(finding.outcome, Outcome::Verified);
        let told = finding.data.to_string();
        assert!(!told.contains("2341") && told.matches("XXXX XXXX 2346").count() == 2, "{told}");
    }
}

#[test]
fn a_full_aadhaar_number_is_masked_in_any_text_but_a_picture() {
    for field in ["fullName", "occupation", "ckycReferenceId", "email"] {
        let body = with(fixture!("ckyc_download"), &format!("/data/{field}"), json!("UID 2341 2341 2346"));
        assert!(found(read(&download(), 200, &body)).data.to_string().contains("UID XXXX XXXX 2346"), "{field}");
    }
    let body = with(fixture!("ckyc_download"), "/data/currentAddress/line2", json!("234123412346"));
    assert_eq!(found(read(&download(), 200, &body)).data["current_address"]["line2"], "XXXX XXXX 2346");
    let body = with(fixture!("ckyc_download"), "/data/photo", json!("a234123412346b"));
    assert_eq!(found(read(&download(), 200, &body)).data["photo"], "a234123412346b");
}

#[test]
fn what_is_downloaded_is_for_prefilling_only() {
    let finding = found(read(&download(), 200, &json(fixture!("ckyc_download"))));
    assert_eq!(codes(&finding), ["ckyc_prefill_only"]);
    assert!(codes(&found(read(&search(), 200, &json(fixture!("ckyc_search"))))).is_empty());
}

fn leaves<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, texts)),
        Value::Object(map) => map.values().for_each(|item| leaves(item, texts)),
        _ => {}
    }
}

#[test]
fn a_browser_sees_no_personal_datum_of_a_record() {
    let shown = ["15-06-2023", "16-06-2023", "SOME_FI_CODE", "PAN", "AADHAAR", "$XXXX1234$", "jpg", "03", "01", "E"];
    for (request, fixture) in [
        (search(), fixture!("ckyc_search")),
        (search(), fixture!("ckyc_search_kyc_result")),
        (download(), fixture!("ckyc_download")),
        (download(), fixture!("ckyc_download_personal_details")),
    ] {
        let finding = found(read(&request, 200, &json(fixture)));
        let answer = Answer {
            reference_id: "CKYC_0001".into(),
            operation: request.operation(),
            finding: finding.clone(),
            checked_at: 0,
            next_check_at: None,
            cost: 0,
        };
        let shown_to = |audience| serde_json::from_str::<Value>(&answer.to_json("chk_00112233445566778899aabbccddeeff", audience)).unwrap();
        let (server, browser) = (shown_to(Audience::Server), shown_to(Audience::Browser));
        assert_eq!(server["data"], finding.data);
        let (mut all, mut seen) = (Vec::new(), Vec::new());
        leaves(&finding.data, &mut all);
        leaves(&browser["data"], &mut seen);
        assert_eq!(all.len(), seen.len());
        for text in all.into_iter().filter(|text| !shown.contains(text)) {
            assert!(!seen.contains(&text), "{text} is shown");
        }
        assert_eq!(browser["data"]["ckyc_id"], "$XXXX1234$");
    }
}

// --- no record, no answer ---

fn no(request: &Request, status: u16, body: &Value) -> (Outcome, Action, String, Vec<String>) {
    let finding = found(read(request, status, body));
    assert_eq!((&finding.data, &finding.record), (&json!({}), &json!({})));
    let notes = finding.notes.iter().map(|note| note.code.to_string()).collect();
    (finding.outcome, finding.action, finding.key.to_string(), notes)
}

#[test]
fn without_a_record_the_onboarding_goes_on_with_fresh_data() {
    let expected = (Outcome::Negative, Action::Proceed, "failure_record_not_found".to_owned(), vec!["fresh_kyc_required".to_owned()]);
    for operation in BOTH {
        for status in ["FAILURE", "SUCCESS"] {
            let body = json!({ "status": status, "responseCode": "E00021", "message": "No records found for the given ID" });
            assert_eq!(no(&asked(operation), 200, &body), expected);
        }
        for body in [json!({}), json!({ "message": "Record does not exist at source" })] {
            assert_eq!(no(&asked(operation), 404, &body), expected);
        }
    }
}

#[test]
fn what_the_registry_refuses_is_a_no_to_this_input() {
    let expected = (Outcome::Negative, Action::Reject, "failure_ckyc_invalid".to_owned(), vec![]);
    for operation in BOTH {
        assert_eq!(no(&asked(operation), 422, &json!({ "message": "Unprocessable Entity" })), expected);
    }
}

/// Document 003 sections 6.6 and 6.7: the key of the caller, and whether it is tried again.
#[rustfmt::skip]
const STATUSES: &[(u16, &str, bool)] = &[
    (400, "error_service_unavailable", false), (401, "error_service_unavailable", false), (403, "error_service_unavailable", false),
    (429, "error_source_unavailable", true), (500, "error_unexpected_response", true), (503, "error_source_unavailable", true),
    (302, "error_unexpected_response", false), (418, "error_unexpected_response", false), (502, "error_unexpected_response", false),
];
#[rustfmt::skip]
const CODES: &[(&str, &str, bool)] = &[
    ("S00000", "error_unexpected_response", false), ("E00001", "error_unexpected_response", false), ("E00002", "error_service_unavailable", false),
    ("E00003", "error_source_timeout", true), ("E00004", "error_source_unavailable", true), ("E00005", "error_source_unavailable", true),
    ("E00006", "error_service_unavailable", false), ("E00008", "error_service_unavailable", false), ("E00009", "error_service_unavailable", false),
    ("E00045", "error_source_unavailable", true), ("E77777", "error_unexpected_response", false),
];

/// Key, and whether it is tried again.
fn end(reading: Reading) -> (String, bool) {
    match reading {
        Reading::Trouble { problem, .. } => (problem.key.to_string(), true),
        Reading::Ended { problem, .. } => (problem.key.to_string(), false),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_http_status_of_document_003_ends_as_it_says() {
    for operation in BOTH {
        for (status, key, again) in STATUSES {
            for body in ["", "{}", "<html></html>", "[]"] {
                let reading = heard(&asked(operation), &answered(*status, body.as_bytes()));
                assert_eq!(end(reading), ((*key).to_owned(), *again), "{status}");
            }
        }
    }
}

#[test]
fn every_code_of_document_003_ends_as_it_says() {
    for operation in BOTH {
        for (code, key, again) in CODES {
            for status in ["FAILURE", "SUCCESS", "PENDING"] {
                let reading = read(&asked(operation), 200, &json!({ "status": status, "responseCode": code, "data": {} }));
                assert_eq!(end(reading), ((*key).to_owned(), *again), "{code} {status}");
            }
        }
    }
}

#[test]
fn trouble_on_the_way_is_tried_again() {
    for operation in BOTH {
        let ended = |exchange| end(heard(&asked(operation), &exchange));
        assert_eq!(ended(Exchange::TimedOut), ("error_source_timeout".into(), true));
        assert_eq!(ended(Exchange::Broken), ("error_source_unavailable".into(), true));
        assert_eq!(ended(Exchange::TooLarge), ("error_unexpected_response".into(), false));
        assert_eq!(ended(Exchange::NotSent), ("error_source_unavailable".into(), false));
        let duplicate = json!({ "status": "FAILURE", "responseCode": "E00002", "responseKey": "error_duplicate_reference_id" });
        assert_eq!(end(read(&asked(operation), 400, &duplicate)), ("error_source_unavailable".into(), true));
    }
}

// --- what is a yes ---

#[test]
fn no_search_is_verified_without_every_mark() {
    let good = fixture!("ckyc_search");
    for (place, value) in [
        ("/status", json!("FAILURE")),
        ("/status", json!("success")),
        ("/status", json!(true)),
        ("/responseCode", json!("S00001")),
        ("/responseCode", json!("E00001")),
        ("/responseCode", json!(0)),
        ("/responseKey", json!("success_ckyc_download")),
        ("/responseKey", json!("error_provider_error")),
        ("/data/kycStatus", json!("FAILURE")),
        ("/data/kycStatus", json!(1)),
        ("/data/kycResult", json!({ "fullName": "RAHUL SHARMA" })),
        ("/data/ckycId", json!(null)),
        ("/data/ckycId", json!("")),
        ("/data/ckycId", json!("XXXX1234")),
        ("/data/ckycId", json!("$XXXX123$")),
        ("/data/ckycId", json!("1234567890123")),
        ("/data/ckycId", json!(["$XXXX1234$"])),
        ("/data/identityDetails", json!([{ "idType": "PAN", "idNumber": "ABCPE1235F" }])),
        ("/data", json!([])),
        ("/data", json!("$XXXX1234$")),
    ] {
        let reading = read(&search(), 200, &with(good, place, value.clone()));
        assert!(!is_verified(&reading), "{place} {value}: {reading:?}");
    }
    for place in ["/status", "/data", "/data/ckycId"] {
        assert!(is_nonsense(&read(&search(), 200, &without(good, place))), "{place}");
    }
    assert!(is_verified(&read(&search(), 200, &without(good, "/responseCode"))));
}

#[test]
fn a_search_by_kin_finds_that_kin() {
    let good = json(fixture!("ckyc_search"));
    assert!(is_nonsense(&read(&search_by("KIN", "12345678905678"), 200, &good)));
    assert!(is_verified(&read(&search_by("KIN", "99999999991234"), 200, &good)));
    // What is no PAN cannot be told to be somebody else's.
    assert!(is_verified(&read(&search_by("Passport", "K1234567"), 200, &good)));
}

#[test]
fn no_download_is_verified_without_every_mark() {
    let good = fixture!("ckyc_download");
    for (place, value) in [
        ("/status", json!("FAILURE")),
        ("/responseCode", json!("E00021")),
        ("/responseKey", json!("success_ckyc_search")),
        ("/data/kycStatus", json!("PENDING")),
        ("/data/ckycId", json!("$XXXX1234$")),
        ("/data/ckycId", json!("12345678901235")),
        ("/data/ckycId", json!("1234567890123")),
        ("/data/ckycId", json!("IN1234567890123")),
        ("/data/ckycId", json!({})),
        ("/data", json!([{}, {}])),
    ] {
        let reading = read(&download(), 200, &with(good, place, value.clone()));
        assert!(!is_verified(&reading), "{place} {value}: {reading:?}");
    }
    for place in ["/status", "/data", "/data/ckycId"] {
        assert!(is_nonsense(&read(&download(), 200, &without(good, place))), "{place}");
    }
    assert!(is_nonsense(&read(&download_of("12345678911234"), 200, &json(good))), "another number with the same last four digits");
}

#[test]
fn a_yes_under_another_http_status_is_no_yes() {
    for status in [201, 202, 204, 206, 302, 400, 404, 409, 422, 429, 500, 503] {
        assert!(!is_verified(&read(&search(), status, &json(fixture!("ckyc_search")))), "{status}");
        assert!(!is_verified(&read(&download(), status, &json(fixture!("ckyc_download")))), "{status}");
    }
}

// --- what is sent ---

fn setting(name: &str) -> Option<String> {
    let value = if name.ends_with("_URL") { "https://vendor.example".into() } else { format!("{name}-value") };
    Some(value).filter(|_| name.starts_with("DECENTRO_"))
}

fn prepared(request: &Request) -> HttpRequest {
    Decentro.request(&call(), request, &setting, 0).unwrap_or_else(|missing| panic!("{missing:?}"))
}

fn body(request: &HttpRequest) -> Value {
    serde_json::from_str(request.body.as_ref().unwrap().expose()).unwrap()
}

#[test]
fn both_are_asked_in_document_003s_dialect() {
    let (searched, downloaded) = (prepared(&search()), prepared(&download()));
    assert_eq!(searched.url, "https://vendor.example/kyc/ckyc/search");
    assert_eq!(downloaded.url, "https://vendor.example/kyc/ckyc/download");
    for sent in [&searched, &downloaded] {
        let headers: Vec<_> = sent.headers.iter().map(|(name, value)| (*name, value.expose().as_str())).collect();
        let credentials = [
            ("client_id", "DECENTRO_CLIENT_ID-value"),
            ("client_secret", "DECENTRO_CLIENT_SECRET-value"),
            ("module_secret", "DECENTRO_KYC_MODULE_SECRET-value"),
        ];
        assert_eq!((sent.method, headers.as_slice()), (Method::Post, credentials.as_slice()));
    }
    let expected =
        json!({ "reference_id": WIRE, "document_type": "PAN", "id_number": "ABCPE1234F", "consent": true, "consent_purpose": PURPOSE });
    assert_eq!(body(&searched), expected);
    assert_eq!(body(&downloaded), json!({ "reference_id": WIRE, "ckyc_id": "$XXXX1234$", "consent": true, "consent_purpose": PURPOSE }));
}

#[test]
fn each_document_type_has_the_vendors_word() {
    for (word, number, vendors) in [
        ("Aadhaar", "1234|RAHUL SHARMA|01-01-1990|M", "Aadhaar"),
        ("Passport", "K1234567", "Passport"),
        ("VoterID", "WKH1186253", "Voter ID"),
        ("Driving_License", "MH1420110012345", "Driving_License"),
        ("KIN", "12345678901234", "CKYC number"),
    ] {
        let sent = body(&prepared(&search_by(word, number)));
        assert_eq!((&sent["document_type"], &sent["id_number"]), (&json!(vendors), &json!(number)));
    }
}

#[test]
fn an_authentication_factor_is_sent_as_the_vendor_wants_it() {
    for (number, factor) in [(json!(1), "1990-01-01"), (json!("2"), "1220011990"), (json!(3), "9876543210")] {
        let asked = json!({
            "reference_id": "CKYC_0002", "ckyc_id": "12345678901234", "consent": true, "consent_purpose": PURPOSE, "auth_factor_type": number,
            "auth_factor": factor,
        });
        let sent = body(&prepared(&request(Operation::CkycDownload, &asked)));
        assert_eq!((sent["auth_factor_type"].to_string(), &sent["auth_factor"]), (number.to_string().replace('"', ""), &json!(factor)));
    }
}

#[test]
fn nothing_personal_is_in_an_address_and_nothing_is_sent_without_every_setting() {
    for operation in BOTH {
        let url = prepared(&asked(operation)).url;
        for secret in ["ABCPE1234F", "1234", "CKYC_000", "stock"] {
            assert!(!url.contains(secret), "{url}");
        }
        for missing in ["DECENTRO_V2_URL", "DECENTRO_CLIENT_ID", "DECENTRO_CLIENT_SECRET", "DECENTRO_KYC_MODULE_SECRET"] {
            let settings = |name: &str| if name == missing { None } else { setting(name) };
            assert_eq!(Decentro.request(&call(), &asked(operation), &settings, 0).err(), Some(missing.into()));
        }
        let looked_up = Call::new(CallKind::Status, Account::common("decentro"), WIRE.into());
        assert!(Decentro.request(&looked_up, &asked(operation), &setting, 0).is_err(), "there is no status lookup");
    }
}

#[test]
fn both_are_reads_with_ten_seconds_and_a_download_may_answer_with_4_mib() {
    for operation in BOTH {
        assert_eq!((asked(operation).class(), operation.row().attempt, operation.row().wait), (Class::Read, 10_000, 10_000));
    }
    assert_eq!((Operation::CkycSearch.row().answer_limit, Operation::CkycDownload.row().answer_limit), (MAX_ANSWER, 4 * 1024 * 1024));
}

// --- anything at all ---

const WORDS: &[&str] = &[
    "SUCCESS",
    "FAILURE",
    "S00000",
    "E00021",
    "success_ckyc_search",
    "success_ckyc_download",
    "$XXXX1234$",
    "$XXXX9999$",
    "12345678901234",
    "ABCPE1234F",
    "AAAPL1234C",
    "234123412346",
];
const NAMES: &[&str] = &[
    "status",
    "api_status",
    "responseCode",
    "response_code",
    "responseKey",
    "data",
    "kycStatus",
    "kycResult",
    "personalIdentifiableData",
    "personalDetails",
    "ckycId",
    "ckyc_id",
    "ckycNo",
    "identityDetails",
    "identityDocuments",
    "idNumber",
    "number",
    "type",
    "fullName",
    "firstName",
    "currentAddress",
];

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(WORDS).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        let name = prop_oneof![4 => prop::sample::select(NAMES).prop_map(str::to_owned), 1 => "\\PC{0,6}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..8).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// A good answer with up to four things about it changed, anywhere.
fn mutated(good: &'static str) -> impl Strategy<Value = Value> {
    let change = (any::<prop::sample::Index>(), any::<prop::sample::Index>(), prop::sample::select(NAMES), prop::option::of(any_json()));
    prop::collection::vec(change, 0..4).prop_map(move |changes| {
        let mut body = json(good);
        for (place, field, name, value) in changes {
            let places = objects(&body, "");
            let Some(map) = places.get(place.index(places.len())).and_then(|at| body.pointer_mut(at)).and_then(Value::as_object_mut) else {
                continue;
            };
            let existing = map.keys().nth(field.index(map.len().max(1))).cloned();
            match (existing, value) {
                (Some(existing), None) => drop(map.shift_remove(&existing)),
                (Some(existing), Some(value)) if field.index(2) == 0 => drop(map.insert(existing, value)),
                (_, value) => drop(map.insert(name.to_owned(), value.unwrap_or_default())),
            }
        }
        body
    })
}

/// Where the objects of a value are.
fn objects(value: &Value, at: &str) -> Vec<String> {
    match value {
        Value::Object(map) => {
            let inside = map.iter().filter(|(name, _)| !name.contains(['/', '~']));
            let inside = inside.flat_map(|(name, value)| objects(value, &format!("{at}/{name}")));
            std::iter::once(at.to_owned()).chain(inside).collect()
        }
        Value::Array(items) => items.iter().enumerate().flat_map(|(index, value)| objects(value, &format!("{at}/{index}"))).collect(),
        _ => Vec::new(),
    }
}

/// Whether any object of the answer has this field, in whatever casing, with a text or number that passes.
fn somewhere(value: &Value, names: &[&str], passes: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::Object(map) => map.iter().any(|(name, value)| {
            let name = name.replace('_', "").to_ascii_lowercase();
            let text = value.as_str().map(str::trim).map(str::to_owned).or_else(|| value.is_number().then(|| value.to_string()));
            (names.contains(&name.as_str()) && text.is_some_and(|text| passes(&text))) || somewhere(value, names, passes)
        }),
        Value::Array(items) => items.iter().any(|item| somewhere(item, names, passes)),
        _ => false,
    }
}

/// The marks that no yes goes without, found independently of where a dialect puts them.
fn marks(body: &Value, kin: &dyn Fn(&str) -> bool) -> bool {
    let Some(map) = body.as_object() else { return false };
    let given = |names: [&str; 2]| names.iter().filter_map(|name| map.get(*name)).find(|value| !value.is_null());
    let status = given(["api_status", "apiStatus"]).or_else(|| given(["status", "status"]));
    let says_success = status.and_then(Value::as_str).map(str::trim) == Some("SUCCESS");
    let code =
        given(["responseCode", "response_code"]).is_none_or(|code| code.as_str().is_some_and(|code| matches!(code.trim(), "" | "S00000")));
    says_success && code && somewhere(body, &["ckycid", "ckycno"], kin)
}

fn is_safe(request: &Request, status: u16, body: &Value) -> Result<(), TestCaseError> {
    let full = |text: &str| text == "12345678901234";
    let any = |text: &str| full(text) || text == "$XXXX1234$" || (text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit()));
    let masked = |text: &str| any(text) || (text.starts_with("$XXXX") && text.len() == 10);
    let is_search = request.operation() == Operation::CkycSearch;
    let reading = read(request, status, body);
    let has_marks = marks(body, if is_search { &masked } else { &any });
    prop_assert!(!is_verified(&reading) || (has_marks && status == 200), "{status} {body}: {reading:?}");
    if let Reading::Final(finding) = &reading
        && finding.outcome == Outcome::Verified
    {
        let id = finding.data["ckyc_id"].as_str().unwrap_or_default();
        prop_assert!(if is_search { id.starts_with("$XXXX") } else { id.len() == 14 && id.ends_with("1234") }, "{id}");
        let mut data = finding.data.clone();
        for picture in ["photo", "signature"] {
            data.as_object_mut().unwrap().shift_remove(picture);
        }
        prop_assert!(!data.to_string().contains("234123412346"), "{data}");
    }
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
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases(4_000)) })]

    #[test]
    fn any_json_gets_a_reading_and_no_yes_without_its_marks(body in any_json(), status in statuses()) {
        is_safe(&search(), status, &body)?;
        is_safe(&download(), status, &body)?;
    }

    #[test]
    fn any_bytes_get_a_reading(bytes in prop::collection::vec(any::<u8>(), 0..64), status in statuses(), cut in 0..900_usize) {
        let good = fixture!("ckyc_download").as_bytes();
        let spliced: Vec<u8> = good.iter().take(cut).chain(&bytes).chain(good.iter().skip(cut)).copied().collect();
        for operation in BOTH {
            prop_assert!(!is_verified(&heard(&asked(operation), &answered(status, &bytes))));
            let _ = heard(&asked(operation), &answered(status, &spliced));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases(2_000)) })]

    #[test]
    fn a_good_answer_with_changes_is_a_yes_only_with_its_marks(
        status in statuses(), searched in mutated(fixture!("ckyc_search")), newer in mutated(fixture!("ckyc_search_kyc_result")),
        downloaded in mutated(fixture!("ckyc_download")), details in mutated(fixture!("ckyc_download_personal_details")),
    ) {
        is_safe(&search(), status, &searched)?;
        is_safe(&search(), status, &newer)?;
        is_safe(&download(), status, &downloaded)?;
        is_safe(&download(), status, &details)?;
    }
}

/// Something to be sure of: the search for marks sees the fixtures' own.
#[test]
fn the_fixtures_have_the_marks() {
    let any = |_: &str| true;
    let all = [
        fixture!("ckyc_search"),
        fixture!("ckyc_search_kyc_result"),
        fixture!("ckyc_download"),
        fixture!("ckyc_download_personal_details"),
    ];
    assert!(all.iter().all(|good| marks(&json(good), &any)));
    assert!(!marks(&Value::Object(Map::new()), &any));
}

// --- of whom it is (sections 4.1, 4.2, 8.8) ---

/// The action, and the reasons of the note `other_person`.
fn judged(request: &Request, body: &Value) -> (Action, Option<String>) {
    let finding = found(read(request, 200, body));
    assert_eq!(finding.outcome, Outcome::Verified);
    let note = finding.notes.iter().find(|note| note.code == "other_person").map(|note| note.message.to_string());
    (finding.action, note.map(|message| message.replace("The record may be another person's: ", "")))
}

fn download_for(fields: &Value) -> Request {
    let mut body = json!({ "reference_id": "CKYC_0002", "ckyc_id": "$XXXX1234$", "consent": true, "consent_purpose": PURPOSE });
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    request(Operation::CkycDownload, &body)
}

#[test]
fn section_4_2_a_downloaded_record_is_held_against_whom_the_caller_means() {
    let record = json(fixture!("ckyc_download"));
    let proceed = (Action::Proceed, None);
    for same in [
        json!({}),
        json!({ "name": "Rahul Sharma", "date_of_birth": "01-01-1990", "pan": "ABCPE1234F" }),
        json!({ "date_of_birth": "1990-01-01" }),
        json!({ "pan": " abcpe1234f " }),
        json!({ "auth_factor_type": 1, "auth_factor": "1990-01-01" }),
        json!({ "auth_factor_type": 2, "auth_factor": "4110011990" }),
        json!({ "auth_factor_type": 3, "auth_factor": "9876543210" }),
    ] {
        assert_eq!(judged(&download_for(&same), &record), proceed, "{same}");
    }
    for (other, reason) in [
        (json!({ "name": "Priya Nair" }), "the name differs (other_name, nothing_in_common)"),
        (json!({ "name": "R Sharma" }), "the name differs (initial_only)"),
        (json!({ "date_of_birth": "02-01-1990" }), "the date of birth differs"),
        (json!({ "pan": "ABCPE1235F" }), "the PAN differs"),
        (json!({ "auth_factor_type": 1, "auth_factor": "1990-01-02" }), "the date of birth differs"),
        (json!({ "auth_factor_type": 2, "auth_factor": "4110021990" }), "the PIN code differs"),
        (json!({ "auth_factor_type": 3, "auth_factor": "9876543211" }), "the mobile number differs"),
        (
            json!({ "name": "Rahul Sharma", "date_of_birth": "1990-02-01", "pan": "ABCPE1235F" }),
            "the date of birth differs, the PAN differs",
        ),
    ] {
        let (action, said) = judged(&download_for(&other), &record);
        assert_eq!(action, Action::Review, "{other}");
        assert_eq!(said.unwrap(), format!("{reason}. Compare it with the customer before using it."), "{other}");
    }
}

#[test]
fn section_4_2_what_was_given_to_be_compared_and_is_not_told_is_a_review() {
    for (given, place, reason) in [
        (json!({ "name": "Rahul Sharma" }), "/data/fullName", "it tells no name"),
        (json!({ "date_of_birth": "01-01-1990" }), "/data/dateOfBirth", "it tells no date of birth"),
        (json!({ "pan": "ABCPE1234F" }), "/data/identityDocuments", "it tells no PAN"),
    ] {
        let (action, said) = judged(&download_for(&given), &without(fixture!("ckyc_download"), place));
        assert_eq!(action, Action::Review, "{given}");
        assert!(said.unwrap().starts_with(reason), "{given}");
    }
}

#[test]
fn section_4_1_a_search_by_the_composite_is_held_against_its_name_and_digits() {
    let record = json(fixture!("ckyc_search"));
    let by = |composite: &str| search_by("Aadhaar", composite);
    assert_eq!(judged(&by("1234|RAHUL SHARMA|01-01-1990|M"), &record), (Action::Proceed, None));
    let (action, said) = judged(&by("1234|PRIYA NAIR|01-01-1990|F"), &record);
    assert_eq!((action, said.is_some_and(|said| said.starts_with("the name differs"))), (Action::Review, true));
    assert_eq!(judged(&by("1234|RAHUL SHARMA|01-01-1990|M"), &without(fixture!("ckyc_search"), "/data/fullName")).0, Action::Review);
    let identity =
        |number: &str| with(fixture!("ckyc_search"), "/data/identityDetails", json!([{ "idType": "AADHAAR", "idNumber": number }]));
    assert_eq!(judged(&by("2346|RAHUL SHARMA|01-01-1990|M"), &identity("234123412346")).0, Action::Proceed);
    assert_eq!(judged(&by("1234|RAHUL SHARMA|01-01-1990|M"), &identity("234123412346")).0, Action::Review);
}

#[test]
fn whom_the_caller_means_is_sent_nowhere_and_is_part_of_the_meaning() {
    let asked = download_for(&json!({ "name": "Rahul Sharma", "date_of_birth": "1990-01-01", "pan": "ABCPE1234F" }));
    assert_eq!(body(&prepared(&asked)), body(&prepared(&download())));
    assert_eq!(asked.meaning()["date_of_birth"], "01-01-1990");
    assert_eq!((&asked.meaning()["name"], &asked.meaning()["pan"]), (&json!("Rahul Sharma"), &json!("ABCPE1234F")));
}

// --- the whole record (section 4.2: "50+ fields") ---

/// Every field beyond section 4.2's sample, with a value of its own: texts, the groups of section 4.3, lists.
fn further_fields() -> Value {
    json!({
        "updated_date": "16-06-2023", "remarks": "r", "maiden_prefix": "Ms", "maiden_first_name": "MAIDENA", "maiden_middle_name": "MAIDENB",
        "maiden_last_name": "MAIDENC", "maiden_full_name": "MAIDEND", "fathers_first_name": "FATHERA", "mothers_last_name": "MOTHERC",
        "spouse_full_name": "SPOUSEA", "age": "36", "place_of_birth": "PUNE", "mobile_code": "91", "residence_phone": "02226541234",
        "declaration_date": "15-06-2023", "declaration_place": "MUMBAI",
        "poa": { "document_type": "01", "document_number": "DL0420110012345", "expiry_date": "31-12-2030" },
        "verifier": { "name": "OFFICER", "designation": "HEAD", "employee_code": "EMP001", "branch": "B", "place": "MUMBAI", "date": "15-06-2023", "institution_name": "BROKER", "institution_code": "IN1" },
        "kyc_verification_details": { "verification_type": "C", "verification_date": "15-06-2023", "verification_place": "PLACE" },
        "disability_info": { "is_disabled": false, "type": "", "percentage": "0" },
        "correspondence_address": { "line1": "5 LAKE ROAD", "address_type": "02", "proof_of_address": "02" },
        "images": [{ "type": "PHOTO", "format": "JPEG", "data": "AAAA" }, { "type": "POA", "format": "PDF", "data": "BBBB" }],
        "related_persons": [{ "relation": "01", "name": "RELATIVE", "ckyc_id": "$XXXX5678$" }],
    })
}

fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |name, part| {
        let (initial, rest) = part.split_at(1);
        name + &initial.to_uppercase() + rest
    })
}

fn camel_keys(value: &Value) -> Value {
    match value {
        Value::Object(map) => map.iter().map(|(name, value)| (camel(name), camel_keys(value))).collect(),
        Value::Array(items) => items.iter().map(camel_keys).collect(),
        other => other.clone(),
    }
}

#[test]
fn section_4_2_every_field_and_group_of_the_registrys_record_arrives_in_either_casing() {
    let further = further_fields();
    for dressed in [further.clone(), camel_keys(&further)] {
        let mut body = json(fixture!("ckyc_download"));
        body["data"].as_object_mut().unwrap().extend(dressed.as_object().unwrap().clone());
        body["data"]["currentAddress"]["addressType"] = json!("01");
        let finding = found(read(&download(), 200, &body));
        for (name, value) in further.as_object().unwrap() {
            assert_eq!(finding.data.get(name), Some(value), "{name}");
        }
        assert_eq!(finding.data["current_address"]["address_type"], "01");
        assert_eq!((finding.action, codes(&finding)), (Action::Proceed, vec!["ckyc_prefill_only"]));
    }
}

#[test]
fn section_4_3_the_documents_of_a_record_are_its_images_whatever_they_are_called() {
    let image = json!([{ "type": "PHOTO", "data": "AAAA" }]);
    for (place, value) in [
        ("/data/documents", image.clone()),
        ("/data/images", image.clone()),
        ("/data/imageDetails", json!({ "image": [{ "imageType": "PHOTO", "imageData": "AAAA" }] })),
        ("/data/imageDetails", json!([{ "imageType": "PHOTO", "imageData": "AAAA" }])),
    ] {
        assert_eq!(found(read(&download(), 200, &with(fixture!("ckyc_download"), place, value))).data["images"], image, "{place}");
    }
}

#[test]
fn section_8_1_a_death_flag_is_told_and_is_a_review() {
    let judged = |place: &str, value: Value| {
        let finding = found(read(&download(), 200, &with(fixture!("ckyc_download"), place, value)));
        (finding.action, finding.data.get("death_flag").cloned(), codes(&finding).contains(&"death_flag"))
    };
    for said in [json!("Y"), json!("Yes"), json!(true), json!("true"), json!("01"), json!(1)] {
        assert_eq!(judged("/data/deathFlag", said.clone()), (Action::Review, Some(json!(true)), true), "{said}");
    }
    for said in [json!("N"), json!(false), json!("no"), json!("00"), json!(0)] {
        assert_eq!(judged("/data/deathFlag", said.clone()), (Action::Proceed, Some(json!(false)), false), "{said}");
    }
    assert_eq!(judged("/data/deathFlag", json!("Z")), (Action::Review, None, true), "a word that nobody knows is no life");
    assert_eq!(judged("/data/deathFlag", json!("")), (Action::Proceed, None, false));
    assert_eq!(judged("/data/dateOfDeath", json!("01-01-2024")), (Action::Review, Some(json!(true)), true));
}

#[test]
fn a_browser_sees_nothing_of_the_further_fields_but_masks_dates_and_words() {
    let mut body = json(fixture!("ckyc_download"));
    body["data"].as_object_mut().unwrap().extend(further_fields().as_object().unwrap().clone());
    let finding = found(read(&download(), 200, &body));
    let answer = Answer {
        reference_id: "CKYC_0001".into(),
        operation: Operation::CkycDownload,
        finding,
        checked_at: 0,
        next_check_at: None,
        cost: 0,
    };
    let shown: Value = serde_json::from_str(&answer.to_json("chk_00112233445566778899aabbccddeeff", Audience::Browser)).unwrap();
    let told = shown["data"].to_string();
    for secret in [
        "MAIDEN", "FATHERA", "MOTHERC", "SPOUSEA", "PUNE", "LAKE", "OFFICER", "EMP001", "BROKER", "MUMBAI", "RELATIVE", "AAAA", "BBBB",
        "2654", "DL04",
    ] {
        assert!(!told.contains(secret), "{secret}: {told}");
    }
    assert_eq!((&shown["data"]["spouse_full_name"], &shown["data"]["poa"]["document_number"]), (&json!("S***"), &json!("XXXXXX2345")));
    assert_eq!(shown["data"]["declaration_date"], "15-06-2023");
}
