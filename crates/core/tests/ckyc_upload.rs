//! What the gateway makes of every reply to a CKYC upload, and of what the registry says afterwards: through the vendor's public interface.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use proptest::prelude::*;
use serde_json::{Value, json};
use toran_core::http::{Exchange, HttpResponse};
use toran_core::keys::{self, Outcome};
use toran_core::operations::{Operation, Request};
use toran_core::secret::Secret;
use toran_core::vendors::decentro::Decentro;
use toran_core::vendors::{Account, Call, CallKind, Clue, Reading, Vendor};

const WIRE: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff01";
const KIN: &str = "12345678901234";

fn request() -> Request {
    let body: Value = serde_json::from_str(include_str!("../src/check/tests/record.json")).unwrap();
    Request::parse(Operation::CkycUpload, body.as_object().unwrap()).unwrap_or_else(|problem| panic!("{problem:?}"))
}

fn setting(name: &str) -> Option<String> {
    let value = if name.ends_with("_URL") { "https://in.decentro.test".into() } else { name.to_ascii_lowercase() };
    name.starts_with("DECENTRO_").then_some(value)
}

fn post() -> Call {
    Call::new(CallKind::Post, Account::common("decentro"), WIRE.into())
}

fn search() -> Call {
    Call::new(CallKind::Status, Account::common("decentro"), WIRE.into())
}

fn download(masked: &str) -> Call {
    Call { clue: Some(Clue(masked.into())), ..search() }
}

fn read(call: &Call, exchange: &Exchange) -> Reading {
    Decentro.read(call, &request(), exchange, &|_| None)
}

fn said(call: &Call, status: u16, body: impl AsRef<[u8]>) -> Reading {
    read(call, &Exchange::Answered(HttpResponse { status, retry_after: None, body: Secret::new(body.as_ref().to_vec()) }))
}

fn told(call: &Call, status: u16, body: &Value) -> Reading {
    said(call, status, body.to_string())
}

fn body(call: &Call) -> (String, Value) {
    let sent = Decentro.request(call, &request(), &setting, 0).unwrap();
    (sent.url, serde_json::from_str(sent.body.unwrap().expose()).unwrap())
}

fn success(data: &Value) -> Value {
    json!({ "decentroTxnId": "T", "status": "SUCCESS", "responseCode": "S00000", "data": data })
}

fn failure(code: &str) -> Value {
    json!({ "decentroTxnId": "T", "status": "FAILURE", "responseCode": code, "message": "no" })
}

/// A downloaded record of the person of the upload, with a change.
fn record(change: &Value) -> Value {
    let mut data = json!({ "ckycId": KIN, "fullName": "RAHUL SHARMA", "dateOfBirth": "01-01-1990", "kycDate": "13-02-2026" });
    data.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    success(&data)
}

/// The KIN that a reading confirms.
fn kin(reading: &Reading) -> Option<String> {
    let Reading::Final(finding) = reading else { return None };
    assert_eq!((finding.outcome, finding.key.as_ref()), (Outcome::Verified, "success_ckyc_upload"));
    finding.data.get("ckyc_id").and_then(Value::as_str).map(str::to_owned)
}

#[test]
fn the_record_goes_out_as_the_document_has_it_with_the_institutions_codes() {
    let (url, sent) = body(&post());
    assert_eq!(url, "https://in.decentro.test/kyc/ckyc/upload");
    let parts: Vec<_> = sent.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "reference_id",
        "fi_code",
        "branch_code",
        "verifier",
        "individual_record",
        "disability_info",
        "current_address",
        "permanent_address",
        "poa",
        "kyc_verification_details",
        "documents",
        "ids",
    ];
    assert_eq!(parts, expected);
    let codes = ["reference_id", "fi_code", "branch_code"].map(|field| sent.get(field).unwrap().clone());
    assert_eq!(codes, [json!(WIRE), json!("decentro_ckyc_fi_code"), json!("decentro_ckyc_branch_code")]);
    let Value::Object(record) = request().meaning() else { panic!("an object") };
    for (part, value) in record.iter().filter(|(part, _)| *part != "reference_id") {
        assert_eq!(sent.get(part), Some(value), "{part}");
    }
}

#[test]
fn without_the_institutions_codes_nothing_is_sent() {
    for missing in ["DECENTRO_CKYC_FI_CODE", "DECENTRO_CKYC_BRANCH_CODE", "DECENTRO_KYC_MODULE_SECRET", "DECENTRO_V2_URL"] {
        let settings = |name: &str| setting(name).filter(|_| name != missing);
        assert_eq!(Decentro.request(&post(), &request(), &settings, 0).err(), Some(missing.into()));
    }
}

#[test]
fn what_landed_is_searched_by_its_pan_and_then_downloaded_by_what_was_found() {
    let (url, sent) = body(&search());
    assert_eq!((url.as_str(), sent.get("id_number")), ("https://in.decentro.test/kyc/ckyc/search", Some(&json!("ABCPE1234F"))));
    assert_eq!((sent.get("document_type"), sent.get("consent")), (Some(&json!("PAN")), Some(&json!(true))));
    let (url, sent) = body(&download("$XXXX1234$"));
    assert_eq!((url.as_str(), sent.get("ckyc_id")), ("https://in.decentro.test/kyc/ckyc/download", Some(&json!("$XXXX1234$"))));
}

#[test]
fn a_kin_of_fourteen_digits_is_the_yes() {
    assert_eq!(
        kin(&told(&post(), 200, &success(&json!({ "ckycId": KIN, "message": "CKYC record uploaded successfully" })))).as_deref(),
        Some(KIN)
    );
    let snake = json!({ "decentro_txn_id": "T", "api_status": "SUCCESS", "data": [{ "ckyc_id": KIN }] });
    assert_eq!(kin(&told(&post(), 200, &snake)).as_deref(), Some(KIN));
    for number in [
        json!("1234567890123"),
        json!("123456789012345"),
        json!("$XXXX1234$"),
        json!("1234567890123X"),
        json!(""),
        json!(null),
        json!([KIN]),
    ] {
        assert!(matches!(told(&post(), 200, &success(&json!({ "ckycId": number }))), Reading::Working(_)), "{number}");
    }
}

#[test]
fn a_success_that_contradicts_itself_is_unknown() {
    let yes = json!({ "ckycId": KIN });
    for (status, body) in [
        (201, success(&yes)),
        (500, success(&yes)),
        (200, json!({ "status": "SUCCESS", "responseCode": "E00001", "data": yes })),
        (200, json!({ "status": "SUCCESS", "responseCode": 7, "data": yes })),
        (200, json!({ "data": yes })),
        (200, json!({ "status": "FAILURE", "responseCode": "S00000", "data": yes })),
    ] {
        assert!(matches!(told(&post(), status, &body), Reading::Unknown { .. }), "{status} {body}");
    }
}

#[test]
fn every_code_means_what_the_write_rule_makes_of_it() {
    let kind = |code: &str, status: u16| told(&post(), status, &failure(code)).kind();
    for (code, expected) in [
        ("E00001", "unknown"),
        ("E00002", "rejected"),
        ("E00003", "unknown"),
        ("E00004", "trouble"),
        ("E00005", "trouble"),
        ("E00006", "ended"),
        ("E00008", "ended"),
        ("E00009", "rejected"),
        ("E00021", "unknown"),
        ("E00045", "unknown"),
        ("E77777", "unknown"),
    ] {
        assert_eq!(kind(code, 200), expected, "{code}");
    }
    assert_eq!(
        (kind("E77777", 429), kind("E77777", 503), kind("E77777", 422), kind("E77777", 401)),
        ("trouble", "trouble", "rejected", "ended")
    );
}

#[test]
fn without_an_envelope_the_http_status_says_it_where_it_has_a_meaning() {
    for (status, expected) in [
        (400, "rejected"),
        (401, "ended"),
        (403, "ended"),
        (404, "rejected"),
        (422, "rejected"),
        (429, "trouble"),
        (500, "unknown"),
        (503, "unknown"),
        (200, "unknown"),
    ] {
        for body in ["", "<html>", "{}", "[]", "null"] {
            assert_eq!(said(&post(), status, body).kind(), expected, "{status} {body}");
        }
    }
    for exchange in [Exchange::TimedOut, Exchange::Broken, Exchange::TooLarge] {
        assert_eq!(read(&post(), &exchange).kind(), "unknown");
    }
    assert_eq!(read(&post(), &Exchange::NotSent).kind(), "ended");
}

#[test]
fn a_reference_that_the_vendor_knows_has_landed() {
    let body = json!({ "status": "FAILURE", "responseCode": "E00002", "responseKey": keys::DUPLICATE_REFERENCE });
    for status in [200, 400, 409] {
        assert_eq!(told(&post(), status, &body).kind(), "landed");
    }
}

#[test]
fn the_registrys_masked_number_leads_to_the_whole_one() {
    assert_eq!(told(&search(), 200, &success(&json!({ "ckycId": "$XXXX1234$" }))), Reading::Further(Clue("$XXXX1234$".into())));
    let told_at_once = told(&search(), 200, &success(&json!({ "ckycId": KIN })));
    assert_eq!(told_at_once, Reading::Further(Clue("$XXXX1234$".into())), "a search is not believed further than its document");
    assert_eq!(kin(&told(&download("$XXXX1234$"), 200, &record(&json!({})))).as_deref(), Some(KIN));
    let another = told(&download("$XXXX9999$"), 200, &record(&json!({})));
    assert_eq!(another.kind(), "unknown", "another's record");
}

#[test]
fn a_downloaded_record_is_the_uploads_only_if_it_is_the_same_persons_and_not_older() {
    let found = |change: &Value| told(&download("$XXXX1234$"), 200, &record(change)).kind();
    for ours in [
        json!({}),
        json!({ "fullName": " mr  Rahul sharma" }),
        json!({ "kycDate": "2026-02-13" }),
        json!({ "kycDate": "14/02/2026", "dateOfBirth": "1990-01-01" }),
        json!({ "identityDocuments": [{ "type": "AADHAAR", "number": "XXXX-XXXX-1234" }, { "type": "PAN", "number": "ABCPE1234F" }] }),
    ] {
        assert_eq!(found(&ours), "final", "{ours}");
    }
    for anothers in [
        json!({ "kycDate": "12-02-2026" }),
        json!({ "kycDate": "15-06-2023" }),
        json!({ "kycDate": null }),
        json!({ "kycDate": "yesterday" }),
        json!({ "fullName": "GURPREET KHAN" }),
        json!({ "fullName": null }),
        json!({ "dateOfBirth": "02-01-1990" }),
        json!({ "dateOfBirth": null }),
        json!({ "identityDocuments": [{ "type": "PAN", "number": "ABCPE9999F" }] }),
    ] {
        assert_eq!(found(&anothers), "unknown", "{anothers}");
    }
}

#[test]
fn a_known_reference_of_a_record_without_a_pan_waits_for_a_person() {
    let mut body: Value = serde_json::from_str(include_str!("../src/check/tests/record.json")).unwrap();
    *body.pointer_mut("/ids").unwrap() = json!([{ "id_type": "VOTER_ID", "id_number": "ABC1234567" }]);
    let request = Request::parse(Operation::CkycUpload, body.as_object().unwrap()).unwrap_or_else(|problem| panic!("{problem:?}"));
    let known = json!({ "status": "FAILURE", "responseCode": "E00002", "responseKey": keys::DUPLICATE_REFERENCE });
    let exchange = Exchange::Answered(HttpResponse { status: 400, retry_after: None, body: Secret::new(known.to_string().into_bytes()) });
    let reading = Decentro.read(&post(), &request, &exchange, &|_| None);
    let Reading::Rejected { vendor, vendor_key, .. } = reading else { panic!("{reading:?}") };
    assert_eq!((vendor.code.as_deref(), vendor_key.as_str()), (Some(keys::DUPLICATE_REFERENCE), keys::DUPLICATE_REFERENCE));
}

#[test]
fn the_upload_that_is_replaced_is_part_of_the_meaning_and_sent_to_nobody() {
    let mut body: Value = serde_json::from_str(include_str!("../src/check/tests/record.json")).unwrap();
    let plain = request().meaning();
    *body.as_object_mut().unwrap().entry("replaces").or_insert(Value::Null) = json!(" CKYC_UPLOAD_0000 ");
    let request = Request::parse(Operation::CkycUpload, body.as_object().unwrap()).unwrap_or_else(|problem| panic!("{problem:?}"));
    assert_eq!((request.replaces(), request.meaning().get("replaces")), (Some("CKYC_UPLOAD_0000"), Some(&json!("CKYC_UPLOAD_0000"))));
    assert_eq!(plain.get("replaces"), None);
    let sent = Decentro.request(&post(), &request, &setting, 0).unwrap().body.unwrap();
    assert!(!sent.expose().contains("replaces") && !sent.expose().contains("CKYC_UPLOAD_0000"));
    assert_eq!(serde_json::from_str::<Value>(sent.expose()).unwrap(), self::body(&post()).1, "the same as without");
}

#[test]
fn a_question_that_is_not_answered_says_nothing_about_the_record() {
    for call in [search(), download("$XXXX1234$")] {
        for code in ["E00001", "E00002", "E00003", "E00004", "E00006", "E00021"] {
            assert_eq!(told(&call, 200, &failure(code)).kind(), "unknown", "{code}");
        }
        for status in [400, 401, 404, 422, 429, 500, 503] {
            assert_eq!(said(&call, status, "").kind(), "unknown", "{status}");
        }
        for exchange in [Exchange::TimedOut, Exchange::Broken, Exchange::TooLarge, Exchange::NotSent] {
            assert_eq!(read(&call, &exchange).kind(), "unknown");
        }
        assert!(matches!(said(&call, 401, ""), Reading::Unknown { refused_us: Some(_), .. }), "the operator is told");
    }
}

proptest! {
    #[test]
    fn no_bytes_at_all_upset_the_reader_or_pass_for_a_yes(status in 100_u16..600, body in any::<Vec<u8>>()) {
        for call in [post(), search(), download("$XXXX1234$")] {
            prop_assert!(kin(&said(&call, status, &body)).is_none());
        }
    }

    #[test]
    fn no_yes_without_every_mark(status in "SUCCESS|success|FAILURE|PENDING|", code in "S00000|E00001|E00021|", number in "[0-9]{13,15}|\\$XXXX1234\\$", http in prop::sample::select(vec![200_u16, 201, 400, 500])) {
        let body = json!({ "status": status, "responseCode": code, "data": { "ckycId": number } });
        let complete = status == "SUCCESS" && matches!(code.as_str(), "S00000" | "") && number.len() == 14 && http == 200;
        prop_assert_eq!(kin(&told(&post(), http, &body)).is_some(), complete && number.bytes().all(|byte| byte.is_ascii_digit()));
    }
}
