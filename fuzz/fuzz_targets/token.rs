//! Any bytes as the ciphertext, and as the text, of a token of Wibmo's: nothing panics, and whatever cannot be read ends alike, so that nobody learns why.
#![no_main]

use base64ct::{Base64, Encoding};
use libfuzzer_sys::fuzz_target;
use serde_json::json;
use toran_core::http::{Exchange, HttpResponse};
use toran_core::keys::{Outcome, UNEXPECTED_RESPONSE};
use toran_core::operations::{Operation, Request};
use toran_core::secret::Secret;
use toran_core::vendors::{Account, Call, CallKind, Reading, Vendor, wibmo::Wibmo};

const WIRE: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff01";
const KEY: &str = "000102030405060708090a0b0c0d0e0f1011121314151617";
const VECTORS: [&str; 3] = ["prefix", "zero", "fixed:000102030405060708090a0b0c0d0e0f"];

fuzz_target!(|input: (u8, &[u8])| {
    let (choice, bytes) = input;
    let body = json!({ "reference_id": "PPC_0001", "mobile": "9876543210" });
    let request = Request::parse(Operation::PrepaidCustomer, body.as_object().expect("an object")).ok().expect("a request");
    let settings = |name: &str| match name {
        "WIBMO_AES_KEY" => Some(KEY.to_owned()),
        "WIBMO_IV" => Some(VECTORS[usize::from(choice) % VECTORS.len()].to_owned()),
        _ => None,
    };
    let token = if choice >= 128 { String::from_utf8_lossy(bytes).into_owned() } else { Base64::encode_string(bytes) };
    let body = Secret::new(json!({ "token": token }).to_string().into_bytes());
    let exchange = Exchange::Answered(HttpResponse { status: 200, retry_after: None, body });
    match Wibmo.read(&Call::new(CallKind::Post, Account::common("wibmo"), WIRE.into()), &request, &exchange, &settings) {
        Reading::Ended { problem, refused_us: None } => assert_eq!(problem.key, UNEXPECTED_RESPONSE),
        // A text that says something: only who has the key can make one.
        Reading::Final(finding) => assert_ne!(finding.outcome, Outcome::Verified),
        Reading::Ended { .. } | Reading::Trouble { .. } => {}
        other => panic!("{other:?}"),
    }
});
