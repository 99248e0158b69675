//! Customer Data Pull and what its replies mean, stated a second time and independently of the catalogue: each row of document 000 under every
//! HTTP status, both shapes of an answer, the marks without which nothing is `verified`, and that no Aadhaar number gets through.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "tests")]

use proptest::prelude::*;
use serde_json::{Value, json};
use toran_core::http::{Exchange, HttpRequest, HttpResponse, Method};
use toran_core::keys::{Action, Outcome};
use toran_core::operations::{Answer, Audience, Finding, Operation, Request};
use toran_core::secret::Secret;
use toran_core::vendors::{Account, Call, CallKind, Misconfigured, Reading, Vendor, decentro::Decentro};

use Row::{Again, Input, Nonsense, Operator, Verified};

const WIRE: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff01";
const FOUND: &str = include_str!("../src/vendors/decentro/fixtures/customer_prefill.json");
const GUIDE: &str = include_str!("../src/vendors/decentro/fixtures/customer_prefill_guide.json");
const PROVIDER_ERROR: &str = include_str!("../src/vendors/decentro/fixtures/customer_prefill_provider_error.json");
const SUCCESS: &str = "success_customer_data_pull";
const NONSENSE: (&str, u16, Option<&str>) = ("error_unexpected_response", 502, None);

/// What a row of document 000 means.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Row {
    Verified,
    /// Tried again, and in the end this key.
    Again(&'static str),
    /// Not tried again: 502.
    Nonsense,
    /// 502 and an alert.
    Operator,
    /// Our mistake: 502 and an alert.
    Input,
}

#[rustfmt::skip]
const ROWS: &[(&str, Row)] = &[
    (SUCCESS, Verified), ("error_decentro_error", Again("error_unexpected_response")), ("error_provider_error", Again("error_source_unavailable")),
    ("error_empty_module_secret", Operator), ("error_invalid_module_secret", Operator), ("error_empty_consent", Input), ("error_invalid_consent", Input),
    ("error_false_consent", Input), ("error_malformed_request", Input), ("error_unsanitized_values", Input), ("error_empty_name", Input),
    ("error_duplicate_reference_id", Again("error_source_unavailable")), ("error_module_credits_exhausted", Operator), ("error_unauthorized_module", Operator),
    ("error_no_subscription_found", Operator), ("error_empty_mobile", Input), ("error_unauthorized_provider", Operator), ("error_unexpected_response", Nonsense),
];

/// The vendor's general keys that none of the documents has.
const GENERAL: &[&str] = &[
    "error_missing_configuration",
    "error_module_access_expired",
    "error_ip_not_configured",
    "error_insufficient_account_balance",
    "error_invalid_endpoint",
    "error_invalid_consent_type",
    "error_consent_false",
    "error_invalid_purpose",
    "error_empty_purpose",
    "error_short_purpose_length",
    "error_long_purpose_length",
];

fn request_of(fields: &Value) -> Request {
    let mut body = json!({ "reference_id": "PRE_0001", "consent": true, "consent_purpose": "Onboarding", "name": "Rahul Sharma" });
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    Request::parse(Operation::CustomerPrefill, body.as_object().unwrap()).unwrap_or_else(|problem| panic!("{problem:?}"))
}

fn request() -> Request {
    request_of(&json!({ "mobile": "9876543210" }))
}

fn call() -> Call {
    Call::new(CallKind::Post, Account::common("decentro"), WIRE.into())
}

fn heard(exchange: &Exchange) -> Reading {
    Decentro.read(&call(), &request(), exchange, &|_| None)
}

fn read(status: u16, body: &[u8]) -> Reading {
    heard(&Exchange::Answered(HttpResponse { status, retry_after: None, body: Secret::new(body.to_vec()) }))
}

fn posted(body: &Value) -> Reading {
    read(200, body.to_string().as_bytes())
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

fn sample() -> Value {
    serde_json::from_str(FOUND).unwrap()
}

fn with(pointer: &str, value: Value) -> Value {
    let mut body = sample();
    *body.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
    body
}

fn with_data(data: Value) -> Value {
    with("/data", data)
}

// --- rows ---

fn check_row(reading: &Reading, key: &str, row: Row) {
    match row {
        Verified => assert!(!is_verified(reading), "a key alone is no yes"),
        Nonsense => assert_eq!(ended(reading), NONSENSE, "{key}"),
        Operator | Input => assert_eq!(ended(reading), ("error_service_unavailable", 502, Some(key))),
        Again(ends_as) => {
            let Reading::Trouble { problem, .. } = reading else { panic!("{key}: {reading:?}") };
            assert_eq!(problem.key, ends_as, "{key}");
        }
    }
}

#[test]
fn every_row_of_document_000_inside_http_200() {
    assert_eq!(ROWS.len(), 18);
    for (key, row) in ROWS {
        for code in ["E00001", "E00008", "E00009", "E00045", "E99999", "S00000"] {
            check_row(&posted(&json!({ "status": "FAILURE", "responseCode": code, "message": "x", "responseKey": key })), key, *row);
        }
        check_row(&posted(&json!({ "status": "FAILURE", "responseKey": key })), key, *row);
        check_row(&posted(&json!({ "api_status": "FAILURE", "response_key": key, "data": {} })), key, *row);
    }
}

#[test]
fn every_row_of_document_000_under_the_status_it_may_come_with() {
    let statuses = |row: Row| match row {
        Verified => [201, 400, 500, 503],
        Operator => [400, 401, 403, 500],
        Input => [400, 405, 409, 412],
        Nonsense | Again(_) => [400, 409, 500, 502],
    };
    for (key, row) in ROWS {
        for status in statuses(*row) {
            let body = json!({ "status": "FAILURE", "responseCode": "E00009", "responseKey": key }).to_string();
            check_row(&read(status, body.as_bytes()), key, *row);
        }
    }
    for status in [401, 403] {
        for (key, _) in ROWS {
            let reading = read(status, json!({ "status": "FAILURE", "responseKey": key }).to_string().as_bytes());
            assert_eq!(ended(&reading), ("error_service_unavailable", 502, Some(*key)), "{status} is never tried again");
        }
    }
}

#[test]
fn the_vendors_general_keys_are_a_refusal_of_us() {
    for key in GENERAL {
        for (status, code) in [(200, "E00001"), (200, "E00045"), (400, "E00009"), (403, "E00008")] {
            let body = json!({ "status": "FAILURE", "responseCode": code, "responseKey": key });
            assert_eq!(
                ended(&read(status, body.to_string().as_bytes())),
                ("error_service_unavailable", 502, Some(*key)),
                "{status} {code}"
            );
        }
    }
}

#[test]
fn general_keys_and_keys_of_document_000_say_the_same_to_every_other_read() {
    let pan = json!({ "reference_id": "PAN_0001", "document_type": "PAN", "id_number": "ABCPE1234F", "consent": "Y", "purpose": "KYC" });
    let pan = Request::parse(Operation::PanVerify, pan.as_object().unwrap()).unwrap_or_else(|problem| panic!("{problem:?}"));
    let read = |key: &str| {
        let body = json!({ "status": "FAILURE", "responseCode": "E00001", "responseKey": key }).to_string().into_bytes();
        let answered = Exchange::Answered(HttpResponse { status: 200, retry_after: None, body: Secret::new(body) });
        Decentro.read(&call(), &pan, &answered, &|_| None)
    };
    for key in GENERAL {
        assert_eq!(ended(&read(key)), ("error_service_unavailable", 502, Some(*key)));
    }
    for (key, row) in ROWS {
        check_row(&read(key), key, *row);
    }
}

#[test]
fn without_a_key_the_code_and_then_the_status_decide() {
    for (code, expected) in [("E00006", Operator), ("E00008", Operator), ("E00009", Input), ("E00002", Input), ("E00001", Nonsense)] {
        check_row(&posted(&json!({ "status": "FAILURE", "responseCode": code })), code, expected);
    }
    check_row(&posted(&json!({ "status": "FAILURE", "responseCode": "E00003" })), "E00003", Again("error_source_timeout"));
    check_row(&posted(&serde_json::from_str(PROVIDER_ERROR).unwrap()), "E00045", Again("error_source_unavailable"));
    let unknown = found(posted(&json!({ "status": "FAILURE", "responseCode": "E00021", "responseKey": "error_of_another_kind" })));
    assert_eq!((unknown.outcome, unknown.action, unknown.key.as_ref()), (Outcome::Negative, Action::Proceed, "failure_record_not_found"));
    for status in [404, 422] {
        assert_eq!(found(read(status, b"")).key, "failure_record_not_found");
    }
    for (status, ends_as) in [(429, "error_source_unavailable"), (500, "error_unexpected_response"), (503, "error_source_unavailable")] {
        check_row(&read(status, b"<html>"), "", Again(ends_as));
    }
    for (status, key) in [(400, "http_400"), (401, "http_401"), (403, "http_403")] {
        assert_eq!(ended(&read(status, b"{}")), ("error_service_unavailable", 502, Some(key)));
    }
    for (exchange, key) in [(Exchange::TimedOut, "error_source_timeout"), (Exchange::Broken, "error_source_unavailable")] {
        check_row(&heard(&exchange), "", Again(key));
    }
    assert_eq!(ended(&heard(&Exchange::TooLarge)), NONSENSE);
}

// --- answers ---

#[test]
fn a_known_customer_is_told_in_one_shape_whatever_the_dialect() {
    let finding = found(posted(&sample()));
    assert_eq!((finding.outcome, finding.action, finding.key.as_ref()), (Outcome::Verified, Action::Proceed, SUCCESS));
    assert_eq!((finding.message.as_ref(), finding.vendor.code.as_deref()), ("Customer data pulled successfully", Some("S00000")));
    let listed = |number: &str| json!([{ "id_number": number, "sequence": "1" }]);
    let expected = json!({
        "report_order_number": "60021",
        "personal_info": { "full_name": "RAHUL SHARMA", "dob": "1990-06-15", "gender": "Male", "total_income": "", "occupation": "SALARIED", "age": "36" },
        "phone_info": [
            { "sequence": "1", "reported_date": "2025-03-31", "type_code": "M", "number": "9876543210" },
            { "sequence": "2", "reported_date": "2019-11-30", "type_code": "H", "number": "2226543210" },
        ],
        "email_info": [{ "sequence": "1", "reported_date": "2024-12-31", "email_address": "rahul.sharma@example.com" }],
        "identity_info": {
            "pan_number": listed("ABCPE1234F"), "passport_number": listed("Z1234567"), "driving_license": [], "voter_id": [],
            "aadhaar_number": listed("XXXXXXXX2346"), "ration_card": [], "other_id": [],
        },
        "address_info": [{
            "sequence": "1", "address": "1 SANDBOX ROAD PUNE", "state": "MAHARASHTRA", "type": "Primary", "postal": "411001",
            "reported_date": "2025-03-31",
        }],
    });
    assert_eq!(finding.data, expected);
    assert_eq!(found(read(200, GUIDE.as_bytes())).data, expected);
    let snake = FOUND
        .replace("decentroTxnId", "decentro_txn_id")
        .replace("\"status\"", "\"api_status\"")
        .replace("responseCode", "response_code")
        .replace("responseKey", "response_key")
        .replace("personalInfo", "personal_info")
        .replace("fullName", "full_name")
        .replace("phoneInfo", "phone_info")
        .replace("typeCode", "type_code")
        .replace("reportedDate", "reported_date")
        .replace("identityInfo", "identity_info")
        .replace("idNumber", "id_number")
        .replace("emailAddress", "email_address");
    assert_eq!(found(read(200, snake.as_bytes())).data, expected);
    assert_eq!(found(posted(&with_data(json!([sample()["data"]])))).data, expected);
    let numbers =
        FOUND.replace("\"sequence\": \"1\"", "\"sequence\": 1").replace("\"60021\"", "60021").replace("\"2226543210\"", "2226543210");
    assert_eq!(found(read(200, numbers.as_bytes())).data, expected);
}

#[test]
fn every_income_and_every_other_identity_is_told() {
    let lists = ["drivingLicense", "voterId", "rationCard", "otherId"];
    let mut body = with("/data/personalInfo/totalIncome", json!("1200000"));
    for list in lists {
        body["data"]["identityInfo"][list] = json!([{ "idNumber": "AB1234567", "sequence": "1" }]);
    }
    let finding = found(posted(&body));
    assert_eq!(finding.data["personal_info"]["total_income"], "1200000");
    for list in ["driving_license", "voter_id", "ration_card", "other_id"] {
        assert_eq!(finding.data["identity_info"][list], json!([{ "id_number": "AB1234567", "sequence": "1" }]), "{list}");
    }
    assert_eq!(finding.vendor.transaction_id.as_deref(), Some("5D1B7A3D5C9E1F4A2688D0C4E6F8A1B3"));
}

#[test]
fn one_block_that_says_something_is_enough() {
    for data in [
        json!({ "personalInfo": { "fullName": "RAHUL SHARMA" } }),
        json!({ "personalInfo": [{ "age": 36 }], "phoneInfo": [] }),
        json!({ "phoneInfo": [{ "number": "9876543210" }] }),
        json!({ "emailInfo": { "emailAddress": "rahul@example.com" } }),
        json!({ "identityInfo": { "voterId": [{ "idNumber": "ABC1234566" }] } }),
        json!({ "addressInfo": [{}, { "postal": "411001" }] }),
    ] {
        let finding = found(posted(&with_data(data.clone())));
        assert_eq!(finding.outcome, Outcome::Verified, "{data}");
        for block in ["personal_info", "phone_info", "email_info", "identity_info", "address_info"] {
            assert!(finding.data[block].is_object() || finding.data[block].is_array(), "{block} of {data}");
        }
    }
    let finding = found(posted(&with("/data/phoneInfo/1/number", json!(""))));
    assert_eq!(finding.data["phone_info"].as_array().map(Vec::len), Some(1), "an entry that says nothing is none");
}

#[test]
fn a_success_with_nothing_in_it_is_a_customer_who_is_not_known() {
    for data in [
        json!({}),
        json!([]),
        json!([{}]),
        json!(null),
        json!({ "reportOrderNumber": "60021" }),
        json!({ "personalInfo": null, "phoneInfo": null }),
        json!({ "personalInfo": {}, "phoneInfo": [], "emailInfo": {}, "identityInfo": { "panNumber": [], "aadhaarNumber": [{}] }, "addressInfo": [] }),
        json!({ "personalInfo": { "fullName": "", "dob": " ", "age": null }, "phoneInfo": [{ "sequence": "1", "number": "" }] }),
        json!({ "emailInfo": { "seq": 1, "emailAddress": "" }, "riskHint": { "score": 3 } }),
    ] {
        let finding = found(posted(&with_data(data.clone())));
        let told = (finding.outcome, finding.action, finding.key.as_ref(), &finding.data);
        assert_eq!(told, (Outcome::Negative, Action::Proceed, "failure_record_not_found", &json!({})), "{data}");
    }
    let mut bare = sample();
    bare.as_object_mut().unwrap().remove("data");
    assert_eq!(found(posted(&bare)).key, "failure_record_not_found");
}

#[test]
fn no_customer_is_verified_without_every_mark() {
    let changes = [
        ("/status", json!("FAILURE")),
        ("/status", json!("success")),
        ("/status", json!(true)),
        ("/status", json!(null)),
        ("/responseCode", json!("E00021")),
        ("/responseCode", json!("S00001")),
        ("/responseCode", json!(0)),
        ("/responseCode", json!(null)),
        ("/responseKey", json!("success_customer_data")),
        ("/responseKey", json!(["success_customer_data_pull"])),
        ("/responseKey", json!(null)),
        ("/data", json!("RAHUL SHARMA")),
        ("/data", json!(7)),
        ("/data", json!([sample()["data"], sample()["data"]])),
        ("/data", json!({ "personalInfo": "RAHUL SHARMA" })),
        ("/data", json!({ "personalInfo": { "fullName": ["RAHUL"] } })),
        ("/data", json!({ "phoneInfo": ["9876543210"] })),
        ("/data", json!({ "somethingElse": { "fullName": "RAHUL SHARMA" } })),
    ];
    for (pointer, value) in changes {
        assert_eq!(ended(&posted(&with(pointer, value.clone()))), NONSENSE, "{pointer} {value}");
    }
    for status in [201, 202, 302, 400, 404, 500, 503] {
        assert!(!is_verified(&read(status, FOUND.as_bytes())), "{status}");
    }
    for end in 0..FOUND.trim_end().len() {
        assert!(!is_verified(&read(200, FOUND.as_bytes().get(..end).unwrap())), "cut off at {end}");
    }
    for body in ["", "null", "[]", "\"SUCCESS\"", "<html>"] {
        assert_eq!(ended(&read(200, body.as_bytes())), NONSENSE, "{body}");
    }
}

// --- personal data ---

#[test]
fn an_aadhaar_number_is_masked_wherever_the_vendor_forgets() {
    let mut body = with(
        "/data/identityInfo/aadhaarNumber",
        json!([{ "idNumber": "234123412346" }, { "idNumber": "9999 4105 7058" }, { "idNumber": 999_971_658_847_u64 }, { "idNumber": "123456789012" }]),
    );
    body["data"]["identityInfo"]["otherId"] = json!([{ "idNumber": "UID-234123412346" }]);
    body["data"]["addressInfo"][0]["address"] = json!("UID 2341-2341-2346, 1 SANDBOX ROAD");
    body["data"]["personalInfo"]["occupation"] = json!("234123412346");
    body["data"]["phoneInfo"][0]["number"] = json!(234_123_412_346_u64);
    body["data"]["emailInfo"][0]["emailAddress"] = json!("234123412346@example.com");
    body["data"]["reportOrderNumber"] = json!("234123412346");
    let finding = found(posted(&body));
    let numbers = &finding.data["identity_info"]["aadhaar_number"];
    let masked: Vec<_> = numbers.as_array().unwrap().iter().map(|number| number["id_number"].as_str().unwrap()).collect();
    assert_eq!(masked, ["XXXX XXXX 2346", "XXXX XXXX 7058", "XXXX XXXX 8847", "XXXX XXXX 9012"]);
    assert_eq!(finding.data["address_info"][0]["address"], "UID XXXX XXXX 2346, 1 SANDBOX ROAD");
    let told = finding.data.to_string();
    for digits in ["23412341", "2341-2341", "99994105", "9999 4105", "99997165", "12345678"] {
        assert!(!told.contains(digits), "{digits} in {told}");
    }
}

#[test]
fn a_browser_sees_nobodys_data() {
    let answer = Answer {
        reference_id: "PRE_0001".into(),
        operation: Operation::CustomerPrefill,
        finding: found(posted(&sample())),
        checked_at: 1_795_292_332_000,
        next_check_at: None,
        cost: 0,
    };
    let text = answer.to_json("chk_00112233445566778899aabbccddeeff", Audience::Browser);
    let shown: Value = serde_json::from_str(&text).unwrap();
    for personal in [
        "RAHUL",
        "SHARMA",
        "1990",
        "Male",
        "SALARIED",
        "\"36\"",
        "9876543210",
        "2226543210",
        "rahul.sharma",
        "ABCPE",
        "Z1234567",
        "SANDBOX ROAD",
        "MAHARASHTRA",
        "411001",
    ] {
        assert!(!text.contains(personal), "{personal} in {text}");
    }
    assert_eq!(shown["data"]["phone_info"][0]["number"], "XXXXXX3210");
    assert_eq!(shown["data"]["identity_info"]["pan_number"][0]["id_number"], "XXXXXX234F");
    assert!(answer.to_json("chk_00112233445566778899aabbccddeeff", Audience::Server).contains("RAHUL SHARMA"));
}

// --- what goes out ---

fn setting(name: &str) -> Option<String> {
    match name {
        "DECENTRO_V2_URL" => Some("https://vendor.example/".into()),
        "DECENTRO_PREFILL_ID_FIELD" => None,
        name if !name.starts_with("DECENTRO_") => None,
        name => Some(format!("{name}-value")),
    }
}

fn sent(request: &Request) -> HttpRequest {
    Decentro.request(&call(), request, &setting, 0).unwrap()
}

fn body_of(sent: &HttpRequest) -> Value {
    serde_json::from_str(sent.body.as_ref().unwrap().expose()).unwrap()
}

#[test]
fn the_call_is_the_documents() {
    let sent = sent(&request_of(&json!({ "mobile": "9876543210", "inquiry_purpose": "PL" })));
    assert_eq!((sent.method, sent.url.as_str()), (Method::Post, "https://vendor.example/v2/financial_services/data/pull"));
    let headers: Vec<_> = sent.headers.iter().map(|(name, value)| (*name, value.expose().as_str())).collect();
    let secret = ("module_secret", "DECENTRO_FINANCIAL_SERVICES_MODULE_SECRET-value");
    assert_eq!(headers, [("client_id", "DECENTRO_CLIENT_ID-value"), ("client_secret", "DECENTRO_CLIENT_SECRET-value"), secret]);
    let expected = json!({
        "reference_id": WIRE, "consent": true, "consent_purpose": "Onboarding", "name": "Rahul Sharma", "mobile": "9876543210",
        "inquiry_purpose": "PL",
    });
    assert_eq!(body_of(&sent), expected);
}

#[test]
fn the_name_of_the_documents_number_is_a_setting() {
    let request = request_of(&json!({ "document_type": "Aadhaar", "id_number": "234123412346" }));
    let expected = json!({
        "reference_id": WIRE, "consent": true, "consent_purpose": "Onboarding", "name": "Rahul Sharma", "document_type": "Aadhaar",
        "id_number": "234123412346",
    });
    assert_eq!(body_of(&sent(&request)), expected);
    assert!(!sent(&request).url.contains("2341"));
    let named = |value: &'static str| {
        let settings = move |name: &str| if name == "DECENTRO_PREFILL_ID_FIELD" { Some(value.to_owned()) } else { setting(name) };
        Decentro.request(&call(), &request, &settings, 0)
    };
    for name in ["document_number", "id_value"] {
        let body = body_of(&named(name).unwrap());
        assert_eq!((body.get(name), body.get("id_number")), (Some(&json!("234123412346")), None));
    }
    assert!(body_of(&named(" ").unwrap()).get("id_number").is_some());
    for name in ["mobile", "reference_id", "Id", "id number", "id-number"] {
        assert_eq!(named(name).err(), Some(Misconfigured("DECENTRO_PREFILL_ID_FIELD".into())), "{name}");
    }
}

#[test]
fn nothing_is_sent_without_a_setting() {
    for missing in ["DECENTRO_V2_URL", "DECENTRO_CLIENT_ID", "DECENTRO_CLIENT_SECRET", "DECENTRO_FINANCIAL_SERVICES_MODULE_SECRET"] {
        let settings = |name: &str| setting(name).filter(|_| name != missing);
        assert_eq!(Decentro.request(&call(), &request(), &settings, 0).err(), Some(Misconfigured(missing.into())));
        assert!(Decentro.settings().contains(&missing));
    }
}

// --- anything at all ---

/// Any JSON, near the fields of the answer.
fn json_like() -> impl Strategy<Value = Value> {
    let names = prop::sample::select(vec![
        "personalInfo",
        "fullName",
        "phoneInfo",
        "number",
        "emailInfo",
        "identityInfo",
        "aadhaarNumber",
        "panNumber",
        "idNumber",
        "addressInfo",
        "address",
        "sequence",
        "seq",
        "data",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u32>().prop_map(Value::from),
        "[ -~]{0,12}".prop_map(Value::from),
        Just(json!("2341 2341 2346")),
        Just(json!(234_123_412_346_u64)),
    ];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((names.clone(), inner), 0..5)
                .prop_map(|pairs| Value::Object(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())),
        ]
    })
}

fn says_something(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.trim().is_empty(),
        Value::Number(_) => true,
        Value::Array(items) => items.iter().any(says_something),
        Value::Object(map) => map.iter().any(|(name, value)| name != "sequence" && says_something(value)),
        Value::Null | Value::Bool(_) => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_get_a_reading_and_never_a_yes(status in 100_u16..600, body in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(!is_verified(&read(status, &body)));
    }

    #[test]
    fn any_data_is_read_and_a_yes_has_something_to_say_and_no_aadhaar_number(data in json_like()) {
        let reading = posted(&with_data(data));
        if let Reading::Final(finding) = &reading {
            prop_assert_eq!(finding.outcome == Outcome::Verified, says_something(&finding.data));
            let told = finding.data.to_string();
            prop_assert!(!told.contains("234123412346") && !told.contains("2341 2341 2346"), "{}", told);
        } else {
            prop_assert_eq!(ended(&reading), NONSENSE);
        }
    }

    #[test]
    fn a_changed_mark_never_makes_a_yes(
        status in "SUCCESS|FAILURE|[a-zA-Z]{0,8}", code in "[SE]0000[0-9]|[A-Z0-9]{0,6}", key in "success_customer_data_pull|(success|error)_[a-z_]{0,20}", http in prop::sample::select(vec![200_u16, 201, 400, 404, 500]),
    ) {
        let mut body = with("/status", status.clone().into());
        body["responseCode"] = code.clone().into();
        body["responseKey"] = key.clone().into();
        let expected = http == 200 && status == "SUCCESS" && code == "S00000" && key == SUCCESS;
        prop_assert_eq!(is_verified(&read(http, body.to_string().as_bytes())), expected);
    }
}

// --- of whom it is ---

fn judged(request: &Request, body: &Value) -> (Outcome, Action, Vec<String>) {
    let response = HttpResponse { status: 200, retry_after: None, body: Secret::new(body.to_string().into_bytes()) };
    let finding = found(Decentro.read(&call(), request, &Exchange::Answered(response), &|_| None));
    (finding.outcome, finding.action, finding.notes.iter().map(|note| note.code.to_string()).collect())
}

#[test]
fn document_000_the_customer_who_came_is_held_against_whom_was_asked() {
    let review = (Outcome::Verified, Action::Review, vec!["other_person".to_owned()]);
    let proceed = (Outcome::Verified, Action::Proceed, vec![]);
    assert_eq!(judged(&request(), &sample()), proceed);
    assert_eq!(judged(&request_of(&json!({ "mobile": "9876543210", "name": "Priya Nair" })), &sample()), review);
    assert_eq!(judged(&request_of(&json!({ "mobile": "9876543219" })), &sample()), review);
    assert_eq!(judged(&request(), &with("/data/personalInfo/fullName", json!(""))), review);
    assert_eq!(judged(&request(), &with("/data/phoneInfo", json!([]))), proceed, "a bureau need not have the number");
    assert_eq!(judged(&request(), &with("/data/phoneInfo", json!([{ "sequence": "1", "number": "+919876543210" }]))), proceed);
    let by_pan = |pan: &str| request_of(&json!({ "document_type": "PAN", "id_number": pan }));
    let pans = with("/data/identityInfo/panNumber", json!([{ "idNumber": "AAAPD0001Z" }, { "idNumber": "ABCPE1234F" }]));
    assert_eq!(judged(&by_pan("ABCPE1234F"), &pans), proceed);
    assert_eq!(judged(&by_pan("ABCPE1235F"), &pans), review);
    let aadhaar = with("/data/identityInfo/aadhaarNumber", json!([{ "idNumber": "XXXXXXXX2346" }]));
    let by_aadhaar = |number: &str| request_of(&json!({ "document_type": "Aadhaar", "id_number": number }));
    assert_eq!(judged(&by_aadhaar("234123412346"), &aadhaar), proceed);
    assert_eq!(judged(&by_aadhaar("999941057058"), &aadhaar), review);
}

#[test]
fn document_000_a_customer_who_is_not_found_is_onboarded_all_the_same() {
    let told = |reading: Reading| {
        let finding = found(reading);
        (
            finding.outcome,
            finding.action,
            finding.key.to_string(),
            finding.notes.iter().map(|note| note.code.to_string()).collect::<Vec<_>>(),
        )
    };
    let unknown = (Outcome::Negative, Action::Proceed, "failure_record_not_found".to_owned(), vec!["fill_in_form".to_owned()]);
    for reading in [read(404, b""), posted(&json!({ "status": "FAILURE", "responseCode": "E00021" })), posted(&with_data(json!({})))] {
        assert_eq!(told(reading), unknown);
    }
    assert_eq!(
        told(read(422, b"")),
        (Outcome::Negative, Action::Reject, "failure_record_not_found".to_owned(), vec![]),
        "refused, not unknown"
    );
}
