//! iServeU's replies and what they mean, stated a second time and independently of the catalogue: each code of document 004, the three
//! meanings of `-1`, the marks without which nothing is `verified`, and what goes out.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "tests")]

use proptest::prelude::*;
use serde_json::{Value, json};
use toran_core::http::{Exchange, HttpResponse, Method};
use toran_core::keys::{Action, Outcome};
use toran_core::operations::{Finding, Operation, Request};
use toran_core::secret::Secret;
use toran_core::vendors::{Account, Call, CallKind, Reading, Vendor, iserveu::Iserveu};

const WIRE: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff01";
const VERIFIED: &str = include_str!("../src/vendors/iserveu/fixtures/verified.json");
const NOT_ONBOARDED: &str = include_str!("../src/vendors/iserveu/fixtures/not_onboarded.json");
const REFUSED_USERNAME: &str = include_str!("../src/vendors/iserveu/fixtures/refused_username.json");

fn request() -> Request {
    let body =
        json!({ "reference_id": "DMT_0001", "mobile_number": "9876543210", "latlong": "12.9716,77.5946", "public_ip": "203.0.113.7" });
    Request::parse(Operation::DmtCustomer, body.as_object().unwrap()).unwrap_or_else(|problem| panic!("{problem:?}"))
}

fn call() -> Call {
    Call::new(CallKind::Post, Account::common("iserveu"), WIRE.into())
}

fn heard(exchange: &Exchange) -> Reading {
    Iserveu.read(&call(), &request(), exchange, &|_| None)
}

fn read(status: u16, body: &[u8]) -> Reading {
    let response = HttpResponse { status, retry_after: None, body: Secret::new(body.to_vec()) };
    heard(&Exchange::Answered(response))
}

fn posted(body: &Value) -> Reading {
    read(200, body.to_string().as_bytes())
}

fn with(fixture: &str, fields: &Value) -> Value {
    let mut body: Value = serde_json::from_str(fixture).unwrap();
    body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    body
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

const NONSENSE: (&str, u16, Option<&str>) = ("error_unexpected_response", 502, None);
const OURS: (&str, u16, Option<&str>) = ("error_service_unavailable", 502, Some("-1"));

#[test]
fn a_customer_on_board_is_told_in_the_documents_fields() {
    let finding = found(read(200, VERIFIED.as_bytes()));
    assert_eq!((finding.outcome, finding.action, finding.key.as_ref()), (Outcome::Verified, Action::Proceed, "iserveu_2"));
    let data = json!({
        "status": "SUCCESS", "name": "RAHUL SHARMA", "mobile_number": "9876543210", "status_code": "2", "status_desc": "Customer verified successfully",
        "kyc_type_flag": true,
    });
    assert_eq!((finding.data, finding.record, finding.notes), (data, json!({}), vec![]));
    assert_eq!((finding.vendor.name.as_ref(), finding.vendor.code.as_deref()), ("iserveu", Some("2")));
}

#[test]
fn document_004_a_customer_who_is_not_on_board_is_to_be_onboarded_and_a_no_without_data() {
    let finding = found(read(200, NOT_ONBOARDED.as_bytes()));
    assert_eq!((finding.outcome, finding.action, finding.key.as_ref()), (Outcome::Negative, Action::Proceed, "iserveu_0"));
    assert_eq!(finding.notes.iter().map(|note| note.code.as_ref()).collect::<Vec<_>>(), ["onboard_customer"]);
    assert_eq!((finding.message.as_ref(), finding.data), ("customer Not Exits,kindly onboard", json!({})));
}

#[test]
fn a_customer_who_is_not_verified_goes_to_review_with_what_is_known() {
    for (code, notes) in [("1", vec![]), ("3", vec!["ovd_not_verified"])] {
        let finding = found(posted(&with(VERIFIED, &json!({ "statusCode": code, "KYCTypeFlag": false }))));
        assert_eq!((finding.outcome, finding.action), (Outcome::Negative, Action::Review));
        assert_eq!((finding.key.as_ref(), finding.data["name"].as_str()), (format!("iserveu_{code}").as_str(), Some("RAHUL SHARMA")));
        assert_eq!(finding.notes.iter().map(|note| note.code.as_ref()).collect::<Vec<_>>(), notes);
    }
}

#[test]
fn minus_one_is_the_customers_only_when_it_blames_the_number() {
    for said in ["Invalid mobile number", "invalid Mobile Number.", "Mobile no. is invalid"] {
        let finding = found(posted(&with(REFUSED_USERNAME, &json!({ "statusDesc": said }))));
        assert_eq!((finding.outcome, finding.action, finding.key.as_ref()), (Outcome::Negative, Action::Reject, "iserveu_-1"), "{said}");
        assert_eq!((finding.message.as_ref(), finding.data), ("Invalid mobile number", json!({})));
    }
    let others =
        ["Username Must not be Empty", "User not onboarded", "", "Invalid user for mobile channel", "mobile number must not be empty", "x"];
    for said in others {
        assert_eq!(ended(&posted(&with(REFUSED_USERNAME, &json!({ "statusDesc": said })))), OURS, "{said}");
    }
    for said in [json!(null), json!(7), json!({ "a": "Invalid mobile number" })] {
        assert_eq!(ended(&posted(&with(REFUSED_USERNAME, &json!({ "statusDesc": said })))), OURS);
    }
}

#[test]
fn a_failure_of_the_vendor_is_tried_again_and_ends_as_its_failure() {
    let Reading::Trouble { problem, retry_after } = posted(&with(REFUSED_USERNAME, &json!({ "statusCode": "4" }))) else { panic!() };
    assert_eq!((problem.key.as_ref(), problem.status(), retry_after), ("error_unexpected_response", 502, None));
}

#[test]
fn no_customer_is_verified_without_every_mark() {
    let changes = [
        json!({ "status": null }),
        json!({ "status": "FAILED" }),
        json!({ "status": "success" }),
        json!({ "status": true }),
        json!({ "KYCTypeFlag": false }),
        json!({ "KYCTypeFlag": null }),
        json!({ "KYCTypeFlag": 1 }),
        json!({ "mobileNumber": "9876543211" }),
        json!({ "mobileNumber": "3210" }),
        json!({ "statusCode": null }),
        json!({ "statusCode": "02" }),
        json!({ "statusCode": "7" }),
        json!({ "statusCode": true }),
        json!({ "statusCode": ["2"] }),
    ];
    for change in changes {
        assert_eq!(ended(&posted(&with(VERIFIED, &change))), NONSENSE, "{change}");
    }
    for code in ["0", "1", "3"] {
        assert_eq!(ended(&posted(&with(VERIFIED, &json!({ "statusCode": code, "status": "FAILED" })))), NONSENSE, "{code}");
    }
    for body in ["", "null", "[]", "\"2\"", "<html>", "{\"statusCode\":"] {
        assert_eq!(ended(&read(200, body.as_bytes())), NONSENSE, "{body}");
    }
}

#[test]
fn a_yes_is_read_in_other_clothes() {
    for change in [
        json!({ "statusCode": 2 }),
        json!({ "KYCTypeFlag": "true" }),
        json!({ "mobileNumber": "919876543210" }),
        json!({ "mobileNumber": null }),
        json!({ "limits": [1] }),
    ] {
        assert!(is_verified(&posted(&with(VERIFIED, &change))), "{change}");
    }
}

#[test]
fn an_http_status_means_what_it_means_for_every_read() {
    for (status, expected) in [
        (400, ("error_service_unavailable", 502, Some("http_400"))),
        (401, ("error_service_unavailable", 502, Some("http_401"))),
        (403, ("error_service_unavailable", 502, Some("http_403"))),
        (302, NONSENSE),
        (418, NONSENSE),
    ] {
        assert_eq!(ended(&read(status, VERIFIED.as_bytes())), expected, "{status}");
    }
    for (status, key) in [(404, "failure_record_not_found"), (422, "iserveu_-1")] {
        assert_eq!(found(read(status, b"")).key, key);
    }
    for (status, key) in [(429, "error_source_unavailable"), (500, "error_unexpected_response"), (503, "error_source_unavailable")] {
        let Reading::Trouble { problem, .. } = read(status, b"") else { panic!("{status}") };
        assert_eq!(problem.key, key);
    }
    for (exchange, key) in [(Exchange::TimedOut, "error_source_timeout"), (Exchange::Broken, "error_source_unavailable")] {
        let Reading::Trouble { problem, .. } = heard(&exchange) else { panic!("{key}") };
        assert_eq!(problem.key, key);
    }
    assert_eq!(ended(&heard(&Exchange::NotSent)).0, "error_source_unavailable");
    assert_eq!(ended(&heard(&Exchange::TooLarge)), NONSENSE);
}

// --- what goes out ---

fn setting(name: &str) -> Option<String> {
    match name {
        "ISERVEU_URL" => Some("https://vendor.example/segment/".into()),
        "DMT_CUSTOMER_URL" | "DMT_CUSTOMER_PATH" => None,
        name => Some(format!("{name}-value")),
    }
}

#[test]
fn the_call_is_the_documents() {
    let sent = Iserveu.request(&call(), &request(), &setting, 0).unwrap();
    assert_eq!(sent.method, Method::Post);
    assert_eq!(sent.url, "https://vendor.example/segment/common/dmt-lite/unified/customer/get-customer");
    let headers: Vec<_> = sent.headers.iter().map(|(name, value)| (*name, value.expose().as_str())).collect();
    assert_eq!(
        headers,
        [("client_id", "ISERVEU_CLIENT_ID-value"), ("client_secret", "ISERVEU_CLIENT_SECRET-value"), ("x-request-id", WIRE)]
    );
    let body: Value = serde_json::from_str(sent.body.unwrap().expose()).unwrap();
    let expected = json!({ "mobileNumber": "9876543210", "username": "ISERVEU_USERNAME-value", "latlong": "12.9716,77.5946", "publicIP": "203.0.113.7" });
    assert_eq!(body, expected);
}

#[test]
fn the_path_is_a_setting() {
    let settings =
        |name: &str| if name == "DMT_CUSTOMER_PATH" { Some("dmt-lite/unified/customer/get-customer".into()) } else { setting(name) };
    assert_eq!(
        Iserveu.request(&call(), &request(), &settings, 0).unwrap().url,
        "https://vendor.example/segment/dmt-lite/unified/customer/get-customer"
    );
}

#[test]
fn nothing_is_sent_without_a_setting_or_to_an_open_address() {
    for missing in Iserveu.settings() {
        let settings = |name: &str| setting(name).filter(|_| name != *missing);
        assert_eq!(Iserveu.request(&call(), &request(), &settings, 0).err(), Some((*missing).into()));
    }
    let open = |name: &str| if name == "ISERVEU_URL" { Some("http://vendor.example".into()) } else { setting(name) };
    assert_eq!(Iserveu.request(&call(), &request(), &open, 0).err(), Some("ISERVEU_URL".into()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_get_a_reading_and_never_a_yes(status in 100_u16..600, body in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(!is_verified(&read(status, &body)));
    }

    #[test]
    fn a_changed_field_never_makes_a_yes_of_a_no(code in "-?[0-9]{1,2}|[a-z]{0,4}", status in "SUCCESS|FAILED|[a-zA-Z]{0,8}", flag: bool, words in "\\PC{0,30}") {
        let reading = posted(&with(VERIFIED, &json!({ "statusCode": code, "status": status, "KYCTypeFlag": flag, "statusDesc": words })));
        prop_assert_eq!(is_verified(&reading), code == "2" && status == "SUCCESS" && flag);
    }
}
