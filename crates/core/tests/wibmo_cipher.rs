//! Wibmo for a client without a key: the vendor's Encrypt and Decrypt endpoints around Retrieve Customer Record. What is sent, in which order, and
//! that neither endpoint can make a yes, or tell from outside why a token could not be opened. Every scenario in this mode: `simulations.rs`.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use proptest::prelude::*;
use serde_json::{Value, json};
use toran_core::http::{Exchange, HttpRequest, HttpResponse, Method};
use toran_core::keys::Outcome;
use toran_core::operations::{Operation, Request};
use toran_core::secret::Secret;
use toran_core::vendors::wibmo::Wibmo;
use toran_core::vendors::{Account, Call, CallKind, Reading, Step, Vendor, step};

const WIRE: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff01";
const NOW: i64 = 1_795_292_332_000;
const CUSTOMER: &str = include_str!("../src/vendors/wibmo/fixtures/customer.json");
const AS_DOCUMENTED: &str = include_str!("../src/vendors/wibmo/fixtures/customer_as_documented.txt");
const INVALID: &str = include_str!("../src/vendors/wibmo/fixtures/invalid_customer.json");
const CLIENT: [&str; 5] = ["clientId", "bankId", "entityId", "secureCode", "X-Consumer-Custom-ID"];
const NONSENSE: (&str, u16, Option<&str>) = ("error_unexpected_response", 502, None);

fn setting(name: &str) -> Option<String> {
    match name {
        "WIBMO_URL" => Some("https://vendor.example/api".into()),
        "WIBMO_CIPHER_URL" => Some("https://vendor.example/cipher/v2/".into()),
        name if Wibmo.settings().contains(&name) => Some(format!("{name}-value")),
        _ => None,
    }
}

fn with_client_in_the_body(name: &str) -> Option<String> {
    if name == "WIBMO_CLIENT_FIELDS" { Some("body".into()) } else { setting(name) }
}

fn request() -> Request {
    let body = json!({ "reference_id": "PPC_0001", "mobile": "9876543210" });
    Request::parse(Operation::PrepaidCustomer, body.as_object().unwrap()).unwrap_or_else(|problem| panic!("{problem:?}"))
}

fn next(said: &[Exchange], settings: &dyn Fn(&str) -> Option<String>) -> Step {
    step(&Call::new(CallKind::Post, Account::common("wibmo"), WIRE.into()), &request(), said, settings, NOW)
}

fn sent(said: &[Exchange], settings: &dyn Fn(&str) -> Option<String>) -> HttpRequest {
    match next(said, settings) {
        Step::Send(sent) => sent,
        Step::Read(reading) => panic!("{reading:?}"),
    }
}

fn read(said: &[Exchange]) -> Reading {
    match next(said, &setting) {
        Step::Read(reading) => reading,
        Step::Send(sent) => panic!("{}", sent.url),
    }
}

fn answered(status: u16, body: &str) -> Exchange {
    Exchange::Answered(HttpResponse { status, retry_after: None, body: Secret::new(body.as_bytes().to_vec()) })
}

fn token(text: &str) -> Exchange {
    answered(200, &json!({ "token": text }).to_string())
}

/// What it comes to when the Decrypt endpoint says this.
fn decrypted(status: u16, text: &str) -> Reading {
    read(&[token("ours"), token("theirs"), answered(status, text)])
}

fn ended(reading: &Reading) -> (&str, u16, Option<&str>) {
    match reading {
        Reading::Ended { problem, refused_us } => (&problem.key, problem.status(), refused_us.as_deref()),
        other => panic!("{other:?}"),
    }
}

fn is_trouble(reading: &Reading, key: &str) -> bool {
    matches!(reading, Reading::Trouble { problem, .. } if problem.key == key)
}

fn is_final(reading: &Reading, outcome: Outcome) -> bool {
    matches!(reading, Reading::Final(finding) if finding.outcome == outcome)
}

fn headers(request: &HttpRequest) -> Vec<(&str, &str)> {
    request.headers.iter().map(|(name, value)| (*name, value.expose().as_str())).collect()
}

fn body(request: &HttpRequest) -> Value {
    serde_json::from_str(request.body.as_ref().unwrap().expose()).unwrap()
}

#[test]
fn encrypt_retrieve_decrypt_in_this_order_each_with_the_token_of_the_one_before() {
    let (encrypt, retrieve) = (sent(&[], &setting), sent(&[token("ours")], &setting));
    let decrypt = sent(&[token("ours"), token("theirs")], &setting);
    assert_eq!(
        [encrypt.url.as_str(), &retrieve.url, &decrypt.url],
        [
            "https://vendor.example/cipher/v2/encrypt",
            "https://vendor.example/api/onboarding/v3/retrieveCustRecord",
            "https://vendor.example/cipher/v2/decrypt"
        ]
    );
    let text = json!({ "messageCode": 1930, "clientTxnId": WIRE, "requestDateTime": "20261122014852", "customerMobile": "919876543210" });
    assert_eq!([body(&encrypt), body(&retrieve), body(&decrypt)], [text, json!({ "token": "ours" }), json!({ "token": "theirs" })]);
    for request in [&encrypt, &retrieve, &decrypt] {
        assert_eq!(request.method, Method::Post);
        assert_eq!(headers(request)[0], ("x-api-key", "WIBMO_API_KEY-value"));
        assert_eq!(headers(request)[1..].iter().map(|(name, _)| *name).collect::<Vec<_>>(), CLIENT);
    }
}

#[test]
fn the_clients_fields_go_into_the_body_where_it_is_told_so_but_never_into_what_is_encrypted() {
    let settings = &with_client_in_the_body;
    let encrypt = sent(&[], settings);
    assert_eq!(headers(&encrypt).len(), 6);
    assert!(CLIENT.iter().all(|field| body(&encrypt).get(field).is_none()));
    for request in [sent(&[token("ours")], settings), sent(&[token("ours"), token("theirs")], settings)] {
        assert_eq!(headers(&request), [("x-api-key", "WIBMO_API_KEY-value")]);
        assert!(CLIENT.iter().all(|field| body(&request).get(field).is_some()));
    }
}

#[test]
fn what_decrypt_gives_back_is_read_like_what_we_decrypt_ourselves() {
    let reading = decrypted(200, CUSTOMER);
    assert!(is_final(&reading, Outcome::Verified), "{reading:?}");
    let broken = decrypted(200, AS_DOCUMENTED);
    assert_eq!(broken, reading, "the document's own sample is read whole");
    assert!(is_final(&decrypted(200, INVALID), Outcome::Negative));
}

#[test]
fn why_a_token_could_not_be_opened_is_told_to_nobody() {
    let padding = json!({ "message": "Given final block not properly padded" }).to_string();
    let answers = [
        (500, padding.as_str()),
        (400, r#"{"responseCode":"1055"}"#),
        (422, ""),
        (404, ""),
        (302, ""),
        (200, ""),
        (200, "no json"),
        (200, "[]"),
        (200, "{}"),
        (200, r#"{"responseCode":"1999"}"#),
        (200, r#"{"token":"again"}"#),
        (502, CUSTOMER),
    ];
    for (status, text) in answers {
        assert_eq!(ended(&decrypted(status, text)), NONSENSE, "{status} {text:.40}");
    }
    let garbled = Exchange::Answered(HttpResponse { status: 200, retry_after: None, body: Secret::new(vec![0xff, 0, 0xc3]) });
    assert_eq!(ended(&read(&[token("ours"), token("theirs"), garbled])), NONSENSE);
    assert_eq!(ended(&read(&[token("ours"), token("theirs"), Exchange::TooLarge])), NONSENSE);
}

#[test]
fn the_way_to_an_endpoint_fails_like_any_other() {
    let before: [&[Exchange]; 3] = [&[], &[token("ours")], &[token("ours"), token("theirs")]];
    for said in before {
        let after = |exchange: Exchange| read(&[said, &[exchange]].concat());
        assert!(is_trouble(&after(Exchange::TimedOut), "error_source_timeout"));
        assert!(is_trouble(&after(Exchange::Broken), "error_source_unavailable"));
        assert!(is_trouble(&after(answered(503, "")), "error_source_unavailable"));
        assert!(is_trouble(&after(answered(429, r#"{"token":"x"}"#)), "error_source_unavailable"));
        assert_eq!(ended(&after(Exchange::NotSent)).0, "error_source_unavailable");
        for status in [401, 403] {
            let refused = after(answered(status, r#"{"message":"No API key found in request"}"#));
            assert_eq!(ended(&refused), ("error_service_unavailable", 502, Some(format!("http_{status}").as_str())));
        }
    }
}

#[test]
fn encrypt_refuses_us_by_code_and_the_operator_is_told() {
    for code in ["1262", "1264", "1310", "1311", "1031", "1032"] {
        let reading = read(&[answered(200, &json!({ "responseCode": code }).to_string())]);
        assert_eq!(ended(&reading), ("error_service_unavailable", 502, Some(code)));
        let reading = decrypted(200, &json!({ "responseCode": code }).to_string());
        assert_eq!(ended(&reading), ("error_service_unavailable", 502, Some(code)));
    }
}

#[test]
fn nobody_but_the_inside_of_a_token_says_yes_or_no() {
    for text in [CUSTOMER, INVALID] {
        assert_eq!(ended(&read(&[answered(200, text)])), NONSENSE, "Encrypt");
        assert_eq!(ended(&read(&[token("ours"), answered(200, text)])), NONSENSE, "Retrieve, without a token");
    }
    // A word of the endpoint itself: it does not speak of our call.
    let of_another = [CUSTOMER, INVALID].map(|text| text.replace(WIRE, "Register_20240408101003"));
    let bare = [r#"{"responseCode":"00"}"#, r#"{"responseCode":"1302"}"#, r#"{"responseCode":"1302","messageCode":1931}"#];
    for text in of_another.iter().map(String::as_str).chain(bare) {
        assert_eq!(ended(&decrypted(200, text)), NONSENSE, "{text:.60}");
    }
    for status in [404, 422] {
        assert_eq!(ended(&read(&[answered(status, "")])), NONSENSE, "Encrypt was not asked about anybody");
    }
    // The status of the retrieval counts, not that of the decryption.
    let reading = read(&[token("ours"), answered(500, r#"{"token":"theirs"}"#), answered(200, CUSTOMER)]);
    assert!(is_trouble(&reading, "error_unexpected_response"), "{reading:?}");
}

#[test]
fn without_a_key_and_without_the_endpoints_nothing_is_sent() {
    let neither = |name: &str| setting(name).filter(|_| name != "WIBMO_CIPHER_URL");
    let Step::Read(reading) = next(&[], &neither) else { panic!("sent") };
    assert_eq!(ended(&reading), ("error_service_unavailable", 502, Some("setting_WIBMO_AES_KEY")));
    let open = |name: &str| if name == "WIBMO_CIPHER_URL" { Some("http://vendor.example".into()) } else { setting(name) };
    let Step::Read(reading) = next(&[], &open) else { panic!("sent") };
    assert_eq!(ended(&reading), ("error_service_unavailable", 502, Some("setting_WIBMO_CIPHER_URL")));
}

#[test]
fn a_key_of_our_own_counts_for_more_and_nothing_goes_to_the_endpoints() {
    let own = |name: &str| if name == "WIBMO_AES_KEY" { Some("00".repeat(24)) } else { setting(name) };
    let first = sent(&[], &own);
    assert!(first.url.ends_with("/retrieveCustRecord") && !first.body.unwrap().expose().contains("9876543210"));
    let Step::Read(reading) = next(&[token("AAAA")], &own) else { panic!("a second request") };
    assert_eq!(ended(&reading), NONSENSE);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_endpoints_say_it_ends_after_three_requests_and_is_no_yes(
        statuses in proptest::collection::vec(100_u16..600, 3),
        texts in proptest::collection::vec("(\\PC{0,40}|\\{\"token\":\"[a-zA-Z0-9+/=]{0,30}\"\\}|\\{\"responseCode\":\"[0-9]{2,4}\"\\})", 3),
    ) {
        let mut said = Vec::new();
        let reading = loop {
            match next(&said, &setting) {
                Step::Read(reading) => break reading,
                Step::Send(_) => said.push(answered(statuses[said.len()], &texts[said.len()])),
            }
        };
        prop_assert!(!is_final(&reading, Outcome::Verified));
        // HTTP 404 and 422 of the retrieval itself are the vendor's no (contract 2.4).
        let is_no = said.len() > 1 && matches!(statuses[1], 404 | 422);
        prop_assert!(is_no || !is_final(&reading, Outcome::Negative));
    }
}
