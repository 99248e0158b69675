//! Wibmo's replies and what they mean, stated a second time and independently of the catalogue: each code of document 002, the document's own
//! sample, tokens that cannot be read, the marks without which nothing is `verified`, and what goes out.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "tests")]

use aes::Aes192;
use base64ct::{Base64, Encoding};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use proptest::prelude::*;
use serde_json::{Value, json};
use toran_core::http::{Exchange, HttpRequest, HttpResponse, Method};
use toran_core::keys::{Action, Outcome};
use toran_core::operations::{Answer, Audience, Finding, Operation, Request};
use toran_core::secret::Secret;
use toran_core::time::Millis;
use toran_core::vendors::{Account, Call, CallKind, Reading, Vendor, wibmo::Wibmo};

const WIRE: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff01";
const NOW: Millis = 1_795_292_332_000;
const KEY: &str = "000102030405060708090a0b0c0d0e0f1011121314151617";
const ZERO: &str = "00000000000000000000000000000000";

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../src/vendors/wibmo/fixtures/", $name))
    };
}

/// One setting more than the development of this test.
fn with_setting<'a>(name: &'a str, value: &'a str) -> impl Fn(&str) -> Option<String> + 'a {
    move |asked| if asked == name { Some(value.into()) } else { setting(asked) }
}

fn setting(name: &str) -> Option<String> {
    match name {
        "WIBMO_URL" => Some("https://vendor.example/api/".into()),
        "WIBMO_AES_KEY" => Some(KEY.into()),
        // The tests' own tokens: openssl is given the vector, and both sides know it.
        "WIBMO_IV" => Some("zero".into()),
        "PREPAID_CUSTOMER_URL" | "PREPAID_CUSTOMER_PATH" | "WIBMO_CIPHER_URL" | "WIBMO_CLIENT_FIELDS" | "WIBMO_MOBILE_PREFIX" => None,
        name => Some(format!("{name}-value")),
    }
}

fn request_by(field: &str, value: &str) -> Request {
    let body = json!({ "reference_id": "PPC_0001", field: value });
    Request::parse(Operation::PrepaidCustomer, body.as_object().unwrap()).unwrap_or_else(|problem| panic!("{problem:?}"))
}

fn request() -> Request {
    request_by("mobile", "9876543210")
}

fn call() -> Call {
    Call::new(CallKind::Post, Account::common("wibmo"), WIRE.into())
}

/// The cipher by itself; that it is openssl's is shown where it is used, `auth.rs`.
fn encrypted(iv: &str, text: &str) -> Vec<u8> {
    let cipher = cbc::Encryptor::<Aes192>::new_from_slices(&hex::decode(KEY).unwrap(), &hex::decode(iv).unwrap()).unwrap();
    cipher.encrypt_padded_vec::<Pkcs7>(text.as_bytes())
}

fn decrypted(iv: &str, bytes: &[u8]) -> String {
    let cipher = cbc::Decryptor::<Aes192>::new_from_slices(&hex::decode(KEY).unwrap(), &hex::decode(iv).unwrap()).unwrap();
    String::from_utf8(cipher.decrypt_padded_vec::<Pkcs7>(bytes).unwrap()).unwrap()
}

/// A token with this text.
fn token(text: &str) -> String {
    Base64::encode_string(&encrypted(ZERO, text))
}

fn heard(request: &Request, status: u16, body: &str, settings: &dyn Fn(&str) -> Option<String>) -> Reading {
    let response = HttpResponse { status, retry_after: None, body: Secret::new(body.as_bytes().to_vec()) };
    Wibmo.read(&call(), request, &Exchange::Answered(response), settings)
}

/// The reading of an answer whose token holds this text.
fn sealed(request: &Request, text: &str) -> Reading {
    heard(request, 200, &json!({ "token": token(text) }).to_string(), &setting)
}

fn posted(text: &str) -> Reading {
    sealed(&request(), text)
}

fn customer() -> Value {
    serde_json::from_str(fixture!("customer.json")).unwrap()
}

fn with(pointer: &str, value: Value) -> String {
    let mut record = customer();
    *record.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
    record.to_string()
}

fn found(reading: Reading) -> Finding {
    match reading {
        Reading::Final(finding) => *finding,
        other => panic!("{other:?}"),
    }
}

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

// --- the cipher ---

/// The text of a token; without a vector it is in front.
fn opened(token: &str, iv: Option<&str>) -> String {
    let bytes = Base64::decode_vec(token).unwrap();
    iv.map_or_else(|| decrypted(&hex::encode(&bytes[..16]), &bytes[16..]), |iv| decrypted(iv, &bytes))
}

fn body_of(sent: &HttpRequest) -> Value {
    serde_json::from_str(sent.body.as_ref().unwrap().expose()).unwrap()
}

fn sent_with(settings: &dyn Fn(&str) -> Option<String>) -> HttpRequest {
    Wibmo.request(&call(), &request(), settings, NOW).unwrap_or_else(|missing| panic!("{missing:?}"))
}

#[test]
fn the_request_is_sealed_under_each_policy_of_the_vector() {
    let fixed = "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf";
    let policies = [("prefix", None), ("zero", Some(ZERO)), ("fixed:a0a1a2a3a4a5a6a7a8a9aaabacadaeaf", Some(fixed)), ("", None)];
    let expected =
        format!(r#"{{"messageCode":1930,"clientTxnId":"{WIRE}","requestDateTime":"20261122014852","customerMobile":"919876543210"}}"#);
    for (policy, iv) in policies {
        let body = body_of(&sent_with(&with_setting("WIBMO_IV", policy)));
        assert_eq!(opened(body["token"].as_str().unwrap(), iv), expected, "{policy}");
    }
}

#[test]
fn the_vector_in_front_is_new_for_every_wire_reference_and_tells_nothing_without_the_key() {
    let vector = |reference: &str, key: &str| {
        let call = Call::new(CallKind::Post, Account::common("wibmo"), reference.into());
        let settings = |name: &str| match name {
            "WIBMO_IV" => None,
            "WIBMO_AES_KEY" => Some(key.into()),
            name => setting(name),
        };
        let sent = Wibmo.request(&call, &request(), &settings, NOW).unwrap();
        Base64::decode_vec(body_of(&sent)["token"].as_str().unwrap()).unwrap()[..16].to_vec()
    };
    let vectors = [vector("WIRE01", KEY), vector("WIRE02", KEY), vector("WIRE01", &KEY.replace("00", "ff"))];
    assert_eq!(vectors.iter().collect::<std::collections::HashSet<_>>().len(), 3);
    assert_eq!(vector("WIRE01", KEY), vectors[0], "nothing is drawn at random here");
}

#[test]
fn a_token_under_another_key_or_vector_is_nonsense() {
    let record = customer().to_string();
    let iv = "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf";
    let sealed = encrypted(iv, &record);
    let prefixed = [hex::decode(iv).unwrap(), sealed.clone()].concat();
    let key_base64 = Base64::encode_string(&hex::decode(KEY).unwrap());
    let other_key = KEY.replace("17", "18");
    let fixed = format!("fixed:{iv}");
    let cases = [
        (KEY, fixed.as_str(), &sealed, true),
        (KEY, "prefix", &prefixed, true),
        (key_base64.as_str(), "prefix", &prefixed, true),
        (other_key.as_str(), fixed.as_str(), &sealed, false),
        (KEY, "zero", &sealed, false),
        (KEY, "prefix", &sealed, false),
        (KEY, fixed.as_str(), &prefixed, false),
    ];
    for (key, policy, bytes, verified) in cases {
        let settings = |name: &str| match name {
            "WIBMO_IV" => Some(policy.into()),
            "WIBMO_AES_KEY" => Some(key.into()),
            name => setting(name),
        };
        let reading = heard(&request(), 200, &json!({ "token": Base64::encode_string(bytes) }).to_string(), &settings);
        assert_eq!(is_verified(&reading), verified, "{key} {policy}");
        if !verified {
            assert_eq!(ended(&reading), NONSENSE);
        }
    }
}

#[test]
fn why_a_token_cannot_be_read_is_told_to_nobody() {
    let whole = token(&customer().to_string());
    let bytes = Base64::decode_vec(&whole).unwrap();
    let mut flipped = bytes.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let mut tokens = vec![
        String::new(),
        "!".into(),
        "AAAA".into(),
        format!("{whole}!"),
        token("no json"),
        token("[]"),
        token("{}"),
        token(""),
        Base64::encode_string(&flipped),
    ];
    tokens.extend((0..bytes.len()).map(|end| Base64::encode_string(&bytes[..end])));
    for token in tokens {
        assert_eq!(ended(&heard(&request(), 200, &json!({ "token": token }).to_string(), &setting)), NONSENSE, "{token:.40}");
    }
    for body in ["", "null", "[]", r#"{"token":7}"#, r#"{"token":null}"#, r#"{"token":["x"]}"#, r#"{"other":"x"}"#, "<html>"] {
        assert_eq!(ended(&heard(&request(), 200, body, &setting)), NONSENSE, "{body}");
    }
}

#[test]
fn a_token_with_one_byte_changed_is_never_a_yes_for_another() {
    let bytes = Base64::decode_vec(&token(&customer().to_string())).unwrap();
    for position in 0..bytes.len() {
        let mut tampered = bytes.clone();
        tampered[position] ^= 0x20;
        let reading = heard(&request(), 200, &json!({ "token": Base64::encode_string(&tampered) }).to_string(), &setting);
        // Without an authentication tag a changed byte may go unnoticed in a field that decides nothing; it never changes who is meant.
        if let Reading::Final(finding) = reading {
            assert_eq!((finding.key.as_ref(), finding.data["mobile"].as_str()), ("wibmo_00", Some("919876543210")));
        }
    }
}

// --- what a reply means ---

#[test]
fn the_documents_own_broken_sample_is_read_in_one_shape() {
    let broken = found(posted(fixture!("customer_as_documented.txt")));
    let put_right = found(posted(fixture!("customer.json")));
    assert_eq!(broken, put_right);
    assert_eq!(
        (broken.outcome, broken.action, broken.key.as_ref(), broken.message.as_ref()),
        (Outcome::Verified, Action::Review, "wibmo_00", "SUCCESS")
    );
    assert_eq!((broken.vendor.transaction_id.as_deref(), broken.vendor.code.as_deref()), (Some("3541"), Some("00")));
    let wallet = |id: &str, name: &str, default: bool, number: &str| {
        json!({
            "subwallet_id": id, "subwallet_name": name, "default_wallet": default, "available_balance": "0.00", "account_number": number,
            "account_status": "0", "account_number_validity": "0822",
        })
    };
    let channel = |id: &str, kind: &str| json!({ "transaction_profile_id": id, "status": false, "transaction_type": kind, "transaction_region_name": "DOMESTIC" });
    let expected = json!({
        "mobile": "919876543210", "email": "rahul.sharma@example.com", "customer_id": "62508test0061", "first_name": "Rahul",
        "last_name": "Sharma", "ovd_name": "", "dob": "15-Jun-1990", "created_on": "15-Jun-2023", "updated_on": "15-Jun-2023", "risk_category": "Low",
        "risk_score": "12", "kyc_name": "MIN_KYC", "profile_id": "30", "re_kyc": false, "re_kyc_expiry": "0822", "form60": true,
        "form60_expiry": "032", "pan_valid": false, "entity_name": "ADMINENTITY", "migrated_user_flag": true, "doc_list": [],
        "card_list": [{
            "urn": "124", "available_balance": "100.00", "card_number": "817391 XXXXXX 8305", "card_status": "0", "status_description": "Active",
            "last_four_digit": "8305", "product_profile": "GPR", "created_on": "15-Jun-2023", "updated_on": "15-Jun-2023",
            "transaction_profiles": [channel("1", "e-Com"), channel("2", "POS")],
            "subwallet_list_details": [
                wallet("20034e366091", "GPR Wallet", true, "601000210"), wallet("MOB34e36f0d_2", "Meal Wallet", false, "601000229"),
            ],
        }],
    });
    assert_eq!(broken.data, expected);
}

#[test]
fn numbers_as_texts_and_the_tables_names_give_the_same_record() {
    let expected = found(posted(&customer().to_string()));
    let text = customer().to_string();
    let as_texts = text
        .replace(":1931", ":\"1931\"")
        .replace(":3541", ":\"3541\"")
        .replace(":12,", ":\"12\",")
        .replace(":10000", ":\"10000\"")
        .replace(":false", ":\"false\"")
        .replace("\"default_wallet\":1", "\"default_wallet\":\"1\"")
        .replace(":124,", ":\"124\",");
    let drifted = text
        .replace("subwallet_id", "subsubwallet_id")
        .replace("subwallet_name", "subsubwallet_name")
        .replace("account_status", "accountStatus")
        .replace("availableBalance", "available_balance");
    for other in [as_texts, drifted] {
        assert_ne!(other, text);
        assert_eq!(found(posted(&other)), expected);
    }
}

#[test]
fn documents_on_file_are_told_by_type_and_number() {
    let finding = found(posted(&with("/docList", json!([{ "docType": "PAN", "docNumber": "ABCPE1234F" }, { "docType": "PASSPORT" }]))));
    assert_eq!(finding.data["doc_list"], json!([{ "doc_type": "PAN", "doc_number": "ABCPE1234F" }, { "doc_type": "PASSPORT" }]));
}

#[test]
fn a_browser_sees_nobodys_data() {
    let answer = Answer {
        reference_id: "PPC_0001".into(),
        operation: Operation::PrepaidCustomer,
        finding: found(posted(&customer().to_string())),
        checked_at: NOW,
        next_check_at: None,
        cost: 0,
    };
    let shown = answer.to_json("chk_00112233445566778899aabbccddeeff", Audience::Browser);
    for personal in [
        "9876543210",
        "rahul",
        "Rahul",
        "Sharma",
        "62508test0061",
        "1990",
        "817391",
        "601000210",
        "20034e366091",
        "100.00",
        "Low",
        "\"124\"",
    ] {
        assert!(!shown.contains(personal), "{personal} in {shown}");
    }
    assert!(shown.contains("XXXXXX3210") && shown.contains("MIN_KYC"));
}

#[test]
fn each_code_of_the_document_means_what_the_contract_says() {
    const REJECT: &[&str] = &["1001", "1034", "1092", "1263", "1275", "1302", "1303"];
    const REVIEW: &[&str] = &["1237", "1307"];
    const OPERATOR: &[&str] = &["1031", "1032", "1055", "1056", "1088", "1093", "1248", "1264", "1304", "1320", "1511"];
    const VENDOR: &[&str] = &["1052", "1500", "1501", "1503", "1510"];
    const USED: &[&str] = &["1054", "5000"];
    assert_eq!(REJECT.len() + REVIEW.len() + OPERATOR.len() + VENDOR.len() + USED.len() + 1, 28);
    let refused = |code: &str| {
        let mut reply: Value = serde_json::from_str(fixture!("invalid_customer.json")).unwrap();
        reply["responseCode"] = code.into();
        posted(&reply.to_string())
    };
    for (codes, action) in [(REJECT, Action::Reject), (REVIEW, Action::Review)] {
        for code in codes {
            let finding = found(refused(code));
            assert_eq!((finding.outcome, finding.action, finding.key), (Outcome::Negative, action, format!("wibmo_{code}").into()));
            assert_eq!((finding.data, finding.vendor.code.as_deref()), (json!({}), Some(*code)));
        }
    }
    for code in OPERATOR {
        assert_eq!(ended(&refused(code)), ("error_service_unavailable", 502, Some(*code)));
    }
    for (codes, key) in [(VENDOR, "error_unexpected_response"), (USED, "error_source_unavailable")] {
        for code in codes {
            let Reading::Trouble { problem, .. } = refused(code) else { panic!("{code}") };
            assert_eq!(problem.key, key, "{code}");
        }
    }
}

#[test]
fn no_record_is_verified_without_every_mark() {
    let changes = [
        ("/responseCode", json!("0")),
        ("/responseCode", json!(0)),
        ("/responseCode", json!("1999")),
        ("/responseCode", json!(null)),
        ("/messageCode", json!(1930)),
        ("/messageCode", json!(null)),
        ("/messageCode", json!([1931])),
        ("/clientTxnId", json!("923eh42r3jbd4335r3et1933")),
        ("/clientTxnId", json!(null)),
        ("/mobile", json!("919876543211")),
        ("/mobile", json!("3210")),
        ("/mobile", json!(null)),
    ];
    for (pointer, value) in changes {
        assert_eq!(ended(&posted(&with(pointer, value.clone()))), NONSENSE, "{pointer} {value}");
    }
    for status in [201, 302, 400, 500] {
        let body = json!({ "token": token(&customer().to_string()) }).to_string();
        assert!(!is_verified(&heard(&request(), status, &body, &setting)), "{status}");
    }
    assert_eq!(ended(&heard(&request(), 200, &customer().to_string(), &setting)), NONSENSE, "a yes in the open");
}

#[test]
fn a_record_of_somebody_else_is_nonsense_whatever_was_asked_by() {
    for (field, right, wrong) in [
        ("customer_id", "62508test0061", "62508test0062"),
        ("urn", "00000000124", "125"),
        ("email", "Rahul.Sharma@example.com", "rahul@example.com"),
    ] {
        assert!(is_verified(&sealed(&request_by(field, right), &customer().to_string())), "{field}");
        assert_eq!(ended(&sealed(&request_by(field, wrong), &customer().to_string())), NONSENSE, "{field}");
    }
}

#[test]
fn a_no_needs_its_token_but_the_gateways_refusal_of_us_does_not() {
    let plain = |code: &str, status| heard(&request(), status, &json!({ "responseCode": code }).to_string(), &setting);
    assert_eq!(ended(&plain("1302", 200)), NONSENSE);
    assert_eq!(ended(&plain("1248", 200)), ("error_service_unavailable", 502, Some("1248")));
    let refused = json!({ "token": token(fixture!("invalid_customer.json")) }).to_string();
    assert_eq!(found(heard(&request(), 400, &refused, &setting)).key, "wibmo_1302");
    for (status, vendor_key) in [(401, "http_401"), (403, "http_403"), (400, "http_400")] {
        assert_eq!(ended(&heard(&request(), status, "{}", &setting)), ("error_service_unavailable", 502, Some(vendor_key)));
    }
    assert_eq!(ended(&heard(&request(), 401, &refused, &setting)).2, Some("http_401"));
    for (status, key) in [(404, "failure_record_not_found"), (422, "wibmo_1302")] {
        assert_eq!(found(heard(&request(), status, "", &setting)).key, key);
    }
}

#[test]
fn a_record_that_breaks_off_is_a_yes_only_where_it_is_an_object_all_the_same() {
    let record = fixture!("customer_as_documented.txt").trim_end();
    let early_end = record.find(",\n\"cardList\"").unwrap();
    for cut in 0..=record.len() {
        let is_whole = [early_end, record.len()].contains(&cut);
        assert_eq!(is_verified(&posted(record.get(..cut).unwrap())), is_whole, "{cut}");
    }
}

// --- what goes out ---

#[test]
fn the_call_says_who_we_are_in_headers_or_in_the_body() {
    let named = [
        ("clientId", "CLIENT_ID"),
        ("bankId", "BANK_ID"),
        ("entityId", "ENTITY_ID"),
        ("secureCode", "SECURE_CODE"),
        ("X-Consumer-Custom-ID", "CONSUMER_CUSTOM_ID"),
    ];
    let sent = sent_with(&setting);
    assert_eq!((sent.method, sent.url.as_str()), (Method::Post, "https://vendor.example/api/onboarding/v3/retrieveCustRecord"));
    let headers = |sent: &HttpRequest| sent.headers.iter().map(|(name, value)| (*name, value.expose().clone())).collect::<Vec<_>>();
    let key = ("x-api-key", "WIBMO_API_KEY-value".to_owned());
    let client: Vec<_> = named.iter().map(|(field, name)| (*field, format!("WIBMO_{name}-value"))).collect();
    assert_eq!(headers(&sent), [vec![key.clone()], client.clone()].concat());
    assert_eq!(body_of(&sent).as_object().unwrap().len(), 1);

    let sent = sent_with(&with_setting("WIBMO_CLIENT_FIELDS", "body"));
    assert_eq!(headers(&sent), [key]);
    for (field, value) in client {
        assert_eq!(body_of(&sent)[field], value);
    }
}

#[test]
fn each_identifier_goes_under_its_own_name_alone() {
    let cases = [
        ("mobile", "9876543210", "customerMobile", "919876543210"),
        ("customer_id", "62508test0061", "customerId", "62508test0061"),
        ("urn", "00000000124", "urn", "00000000124"),
        ("email", "rahul.sharma@example.com", "emailId", "rahul.sharma@example.com"),
    ];
    for (field, value, name, expected) in cases {
        let sent = Wibmo.request(&call(), &request_by(field, value), &setting, NOW).unwrap();
        let text = opened(body_of(&sent)["token"].as_str().unwrap(), Some(ZERO));
        let asked: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(asked, json!({ "messageCode": 1930, "clientTxnId": WIRE, "requestDateTime": "20261122014852", name: expected }));
        assert!(!sent.url.contains(value) && !sent.body.unwrap().expose().contains(value));
    }
}

#[test]
fn the_countrys_code_is_a_setting() {
    for (prefix, expected) in [("none", "9876543210"), ("0091", "00919876543210"), (" ", "919876543210")] {
        let sent = sent_with(&with_setting("WIBMO_MOBILE_PREFIX", prefix));
        let text = opened(body_of(&sent)["token"].as_str().unwrap(), Some(ZERO));
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["customerMobile"], expected);
    }
}

#[test]
fn nothing_is_sent_without_a_setting_or_with_one_that_means_nothing() {
    for missing in Wibmo.settings().iter().chain(&["WIBMO_AES_KEY"]) {
        let settings = with_setting(missing, "  ");
        assert_eq!(Wibmo.request(&call(), &request(), &settings, NOW).err(), Some((*missing).into()));
    }
    for (name, value) in [
        ("WIBMO_URL", "http://vendor.example"),
        ("WIBMO_AES_KEY", "0001"),
        ("WIBMO_AES_KEY", "twenty-four characters!!"),
        ("WIBMO_AES_KEY", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
        ("WIBMO_IV", "random"),
        ("WIBMO_IV", "fixed:00"),
        ("WIBMO_IV", "fixed"),
        ("WIBMO_CLIENT_FIELDS", "query"),
        ("WIBMO_MOBILE_PREFIX", "+91"),
    ] {
        assert_eq!(Wibmo.request(&call(), &request(), &with_setting(name, value), NOW).err(), Some(name.into()), "{value}");
    }
    let reading = heard(&request(), 200, "{}", &with_setting("WIBMO_AES_KEY", ""));
    assert_eq!(ended(&reading), ("error_service_unavailable", 502, Some("setting_WIBMO_AES_KEY")));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_get_a_reading_and_never_a_yes(status in 100_u16..600, body in proptest::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,60}") {
        let response = HttpResponse { status, retry_after: None, body: Secret::new(body) };
        prop_assert!(!is_verified(&Wibmo.read(&call(), &request(), &Exchange::Answered(response), &setting)));
        prop_assert!(!is_verified(&posted(&text)));
        let in_token = json!({ "token": text }).to_string();
        prop_assert!(!is_verified(&heard(&request(), status, &in_token, &setting)));
    }
}

#[test]
fn document_002_minimum_kyc_a_pan_that_is_not_valid_and_cards_that_are_not_active_are_told() {
    let told = |changes: &Value, card: &Value| {
        let mut body = customer();
        let extend = |place: Option<&mut Value>, with: &Value| {
            place.and_then(Value::as_object_mut).unwrap().extend(with.as_object().unwrap().clone());
        };
        extend(Some(&mut body), changes);
        extend(body.pointer_mut("/cardList/0"), card);
        let finding = found(posted(&body.to_string()));
        (finding.action, finding.notes.iter().map(|note| note.code.to_string()).collect::<Vec<_>>())
    };
    let sound = json!({ "panValid": true, "kycName": "FULL_KYC" });
    let none = json!({});
    assert_eq!(told(&sound, &none), (Action::Proceed, vec![]));
    assert_eq!(told(&json!({ "panValid": true }), &none), (Action::Proceed, vec!["minimum_kyc".to_owned()]));
    assert_eq!(told(&json!({ "kycName": "FULL_KYC" }), &none), (Action::Review, vec!["pan_not_valid".to_owned()]));
    assert_eq!(told(&none, &none), (Action::Review, vec!["pan_not_valid".to_owned(), "minimum_kyc".to_owned()]));
    for (status, note) in [
        ("Blocked", "card_blocked"),
        ("Temporary Block", "card_blocked"),
        ("Permanent", "card_blocked"),
        ("CLOSED", "card_closed"),
        ("Expired", "card_not_active"),
        ("Inactive", "card_not_active"),
    ] {
        assert_eq!(told(&sound, &json!({ "statusDescription": status })), (Action::Proceed, vec![note.to_owned()]), "{status}");
    }
    assert_eq!(told(&sound, &json!({ "statusDescription": null, "cardStatus": 3 })).1, ["card_not_active"]);
    assert_eq!(told(&sound, &json!({ "statusDescription": null })).1, Vec::<String>::new());
}
