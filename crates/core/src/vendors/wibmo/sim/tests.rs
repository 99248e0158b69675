//! The simulation against the document. The gateway's own reader against it: `crates/core/tests/simulations.rs`.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;

fn headers() -> Vec<(String, String)> {
    let client = CLIENT.iter().map(|(field, value, ..)| (field.to_ascii_lowercase(), (*value).to_owned()));
    client.chain([("x-api-key".to_owned(), API_KEY.to_owned())]).collect()
}

fn asked() -> Value {
    json!({ "messageCode": 1930, "clientTxnId": "WIRE01", "requestDateTime": "20261122014852", "customerMobile": "919876543210" })
}

fn send(world: &mut World, headers: Vec<(String, String)>, asked: &Value, more: &Value) -> Answer {
    let token = cipher(AES_KEY).unwrap().seal(&asked.to_string(), "a test's").unwrap();
    let mut body = json!({ "token": token });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let request = Request {
        method: "POST".into(),
        path: super::super::RETRIEVE.into(),
        headers,
        body: body.to_string().into(),
        ..Request::default()
    };
    world.answer(&request, 0)
}

fn code(world: &mut World, asked: &Value) -> Option<String> {
    let answer = send(world, headers(), asked, &json!({}));
    world.key(&answer)
}

#[test]
fn a_sound_request_gets_a_token_and_its_reference_only_once() {
    let mut world = World::default();
    let answer = send(&mut world, headers(), &asked(), &json!({}));
    assert_eq!((answer.status, answer.wire_reference.as_deref(), world.key(&answer).as_deref()), (200, Some("WIRE01"), Some("00")));
    assert!(!answer.body.to_string().contains("SHARMA"), "nothing is readable from outside");
    assert_eq!(code(&mut world, &asked()).as_deref(), Some("1054"));
}

#[test]
fn a_request_is_refused_under_the_documents_code() {
    let cases = [
        ("messageCode", json!(1931), "1056"),
        ("messageCode", json!("1930"), "1056"),
        ("requestDateTime", Value::Null, "1320"),
        ("requestDateTime", json!("2026-11-22"), "1088"),
        ("clientTxnId", json!(""), "1093"),
        ("clientTxnId", json!("A".repeat(101)), "1093"),
        ("customerMobile", json!("12345"), "1034"),
        ("customerId", json!("62508"), "1304"),
    ];
    for (field, value, expected) in cases {
        assert_eq!(code(&mut World::default(), &set(asked(), field, value)).as_deref(), Some(expected), "{field}");
    }
}

#[test]
fn the_client_may_say_who_it_is_in_headers_or_in_the_body() {
    let body: Map<String, Value> = CLIENT.iter().map(|(field, value, ..)| ((*field).to_owned(), (*value).into())).collect();
    let only_key = vec![("x-api-key".to_owned(), API_KEY.to_owned())];
    let mut world = World::default();
    let answer = send(&mut world, only_key.clone(), &asked(), &Value::Object(body.clone()));
    assert_eq!(world.key(&answer).as_deref(), Some("00"));
    for (field, expected) in [("bankId", "1031"), ("clientId", "1032"), ("secureCode", "1032")] {
        let stranger = set(Value::Object(body.clone()), field, "somebody".into());
        let answer = send(&mut world, only_key.clone(), &asked(), &stranger);
        assert_eq!(world.key(&answer).as_deref(), Some(expected), "{field}");
    }
    let answer = send(&mut world, only_key, &asked(), &json!({}));
    assert_eq!(world.key(&answer).as_deref(), Some("1264"));
    assert_eq!(send(&mut world, Vec::new(), &asked(), &json!({})).status, 401);
}

fn endpoint(world: &mut World, path: &str, headers: Vec<(String, String)>, body: &str) -> Answer {
    world.answer(&Request { method: "POST".into(), path: path.into(), headers, body: body.into(), ..Request::default() }, 0)
}

#[test]
fn what_encrypt_makes_is_a_sound_request_and_what_comes_is_opened_by_decrypt() {
    let mut world = World::default();
    let encrypted = endpoint(&mut world, "/api/v2/encrypt", headers(), &asked().to_string());
    assert_eq!((encrypted.status, encrypted.wire_reference.as_deref(), world.key(&encrypted)), (200, Some("WIRE01"), None));
    assert!(!encrypted.text().contains("919876543210"));
    let retrieved = endpoint(&mut world, super::super::RETRIEVE, headers(), &encrypted.text());
    assert_eq!((retrieved.wire_reference.as_deref(), world.key(&retrieved).as_deref()), (Some("WIRE01"), Some("00")));
    let decrypted = endpoint(&mut world, "/api/v2/decrypt", headers(), &retrieved.text());
    assert_eq!(
        (decrypted.status, decrypted.wire_reference.as_deref(), world.key(&decrypted).as_deref()),
        (200, Some("WIRE01"), Some("00"))
    );
    let record: Value = serde_json::from_str(&decrypted.text()).unwrap();
    assert_eq!((record.get("clientTxnId"), record.get("mobile")), (Some(&json!("WIRE01")), Some(&json!("919876543210"))));
}

#[test]
fn encrypt_knows_its_client_by_headers_and_says_which_is_missing() {
    for (field, expected) in [("clientid", "1262"), ("bankid", "1264"), ("x-consumer-custom-id", "1310"), ("securecode", "1311")] {
        let mut world = World::default();
        let without = headers().into_iter().filter(|(name, _)| name != field).collect();
        let answer = endpoint(&mut world, "/api/v2/encrypt", without, &asked().to_string());
        assert_eq!(world.key(&answer).as_deref(), Some(expected));
        let other =
            headers().into_iter().map(|(name, value)| (name.clone(), if name == field { "another".into() } else { value })).collect();
        let answer = endpoint(&mut world, "/api/v2/encrypt", other, &asked().to_string());
        assert!(matches!(world.key(&answer).as_deref(), Some("1031" | "1032")), "{field}");
    }
    for path in ["/api/v2/encrypt", "/api/v2/decrypt"] {
        assert_eq!(endpoint(&mut World::default(), path, Vec::new(), "{}").status, 401);
    }
}

#[test]
fn a_token_that_cannot_be_opened_is_an_error_of_decrypt() {
    for token in ["", "AAAA", "no base64", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="] {
        let answer = endpoint(&mut World::default(), "/api/v2/decrypt", headers(), &json!({ "token": token }).to_string());
        assert_eq!(answer.status, 500, "{token}");
    }
}
