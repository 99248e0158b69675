//! Who sent a callback: each way to prove it, and each way to fail.

#![expect(clippy::unwrap_used, reason = "tests")]

use base64ct::{Base64, Encoding as _};
use toran_core::account::Account;
use toran_core::time::Millis;
use toran_core::vendors::Misconfigured;
use toran_core::vendors::proof::{Algorithm, Arrived, Encoding, Proof, Signature, of};

const BODY: &[u8] = br#"{"transactionStatus":"SUCCESS"}"#;
const NOW: Millis = 1_795_292_332_000;

/// What is proved of a callback with these headers, under these settings.
fn proof(account: &str, settings: &[(&str, &str)], headers: &[(&str, &str)], address: Option<&str>) -> Result<Proof, Misconfigured> {
    let find = |pairs: &[(&str, &str)], name: &str| {
        let found: Vec<_> = pairs.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value).collect();
        (!found.is_empty()).then(|| found.join(", "))
    };
    let arrived = Arrived { header: &|name| find(headers, name), address, body: BODY, now: NOW };
    of(&Account::parse(account).unwrap(), &arrived, &|name| find(settings, name))
}

fn hex_of(secret: &str, body: &[u8]) -> String {
    let plain = Signature { header: "x".into(), algorithm: Algorithm::Sha256, encoding: Encoding::Hex, timestamp: None, tolerance: None };
    plain.written(secret, "", body)
}

const SECRET: &[(&str, &str)] = &[("DECENTRO_CALLBACK_SECRET", "one"), ("DECENTRO_CALLBACK_SECRET_NEXT", "two")];

#[test]
fn a_signature_is_good_under_either_live_secret_over_the_very_bytes() {
    let with = |header: &str, value: &str| proof("decentro", SECRET, &[(header, value)], None);
    let good = hex_of("one", BODY);
    for (header, value, proved) in [
        ("X-Decentro-Signature", good.clone(), Proof::Proven),
        ("x-decentro-signature", good.to_ascii_uppercase(), Proof::Proven),
        ("x-decentro-signature", hex_of("two", BODY), Proof::Proven),
        ("x-decentro-signature", hex_of("three", BODY), Proof::Refused),
        ("x-decentro-signature", hex_of("", BODY), Proof::Refused),
        ("x-decentro-signature", hex_of("one", b"{ \"transactionStatus\": \"SUCCESS\" }"), Proof::Refused),
        ("x-decentro-signature", Base64::encode_string(&hex::decode(&good).unwrap()), Proof::Refused),
        ("x-decentro-signature", good.chars().skip(2).collect(), Proof::Refused),
        ("x-decentro-signature", format!("{good}, {good}"), Proof::Refused),
        ("x-decentro-signature", String::new(), Proof::Refused),
        ("x-signature", good, Proof::Refused),
    ] {
        assert_eq!(with(header, &value), Ok(proved), "{header}: {value}");
    }
    assert_eq!(proof("decentro", SECRET, &[], None), Ok(Proof::Refused), "without a signature");
    assert_eq!(
        proof("decentro/acme", SECRET, &[("x-decentro-signature", &hex_of("one", BODY))], None),
        Ok(Proof::Undemanded),
        "another account's secrets"
    );
}

#[test]
fn how_a_signature_is_written_is_a_setting() {
    let with = |form: &str, headers: &[(&str, &str)]| {
        proof("decentro", &[SECRET, &[("DECENTRO_CALLBACK_SIGNATURE", form)]].concat(), headers, None)
    };
    let written =
        |form: &str, time: &str| serde_json::from_str::<Signature>(form).map(|form| form.written("one", time, BODY)).unwrap_or_default();
    for form in
        [r#"{"header":"x-s"}"#, r#"{"header":"x-s","encoding":"base64"}"#, r#"{"header":"x-s","algorithm":"sha512","encoding":"base64"}"#]
    {
        assert_eq!(with(form, &[("x-s", &written(form, ""))]), Ok(Proof::Proven), "{form}");
    }
    let timed = r#"{"header":"x-s","timestamp":"x-t","tolerance":300}"#;
    for (time, proved) in [
        ("1795292332", Proof::Proven),
        ("1795292332000", Proof::Proven),
        ("1795292040", Proof::Proven),
        ("1795292624", Proof::Proven),
        ("1795292020", Proof::Refused),
        ("1795292644", Proof::Refused),
        ("yesterday", Proof::Refused),
    ] {
        assert_eq!(with(timed, &[("x-s", &written(timed, time)), ("x-t", time)]), Ok(proved), "{time}");
    }
    assert_eq!(
        with(timed, &[("x-s", &written(timed, "1795292332")), ("x-t", "1795292333")]),
        Ok(Proof::Refused),
        "another time than was signed"
    );
    assert_eq!(with(timed, &[("x-s", &written(timed, ""))]), Ok(Proof::Refused), "without a time");
    for wrong in ["{}", "x-s", r#"{"header":"x-s","algorithm":"md5"}"#, r#"{"header":"x-s","other":1}"#] {
        assert_eq!(with(wrong, &[]), Err(Misconfigured("DECENTRO_CALLBACK_SIGNATURE".into())), "{wrong}");
    }
}

#[test]
fn cashfree_signs_a_time_and_the_body_under_its_client_secret() {
    let settings = &[("CASHFREE_CLIENT_SECRET", "one")];
    let good = Base64::encode_string(&hex::decode(hex_of("one", &[b"1795292332000", BODY].concat())).unwrap());
    let with = |time: &str| proof("cashfree", settings, &[("x-webhook-signature", &good), ("x-webhook-timestamp", time)], None);
    assert_eq!((with("1795292332000"), with("1795292332001")), (Ok(Proof::Proven), Ok(Proof::Refused)));
}

#[test]
fn headers_and_addresses_are_demanded_beside_a_signature_where_they_are_set() {
    let headers = ("DECENTRO_CALLBACK_HEADERS", r#"{"Custom_Key_1":"v1","custom_key_2":"v2"}"#);
    let next = ("DECENTRO_CALLBACK_HEADERS_NEXT", r#"{"custom_key_1":"w1"}"#);
    let both: &[_] = &[("custom_key_1", "v1"), ("custom_key_2", "v2")];
    let with = |given: &[(&str, &str)]| proof("decentro", &[headers, next], given, None);
    assert_eq!([with(both), with(&[("custom_key_1", "w1")])], [Ok(Proof::Proven), Ok(Proof::Proven)]);
    for wrong in [
        &[][..],
        &[("custom_key_1", "v1")],
        &[("custom_key_1", "v1"), ("custom_key_2", "v1")],
        &[("custom_key_1", "v1"), ("custom_key_1", "v1"), ("custom_key_2", "v2")],
    ] {
        assert_eq!(with(wrong), Ok(Proof::Refused), "{wrong:?}");
    }
    let networks = ("DECENTRO_CALLBACK_ADDRESSES", "203.0.113.7, 198.51.100.0/24,2001:db8::/64");
    let from = |address| proof("decentro", &[networks], &[], address);
    for (address, proved) in [
        (Some("203.0.113.7"), Proof::Proven),
        (Some("::ffff:203.0.113.7"), Proof::Proven),
        (Some("198.51.100.255"), Proof::Proven),
        (Some("2001:db8::1:2:3:4"), Proof::Proven),
        (Some("203.0.113.8"), Proof::Refused),
        (Some("198.51.101.0"), Proof::Refused),
        (Some("2001:db8:0:1::"), Proof::Refused),
        (Some("somewhere"), Proof::Refused),
        (None, Proof::Refused),
    ] {
        assert_eq!(from(address), Ok(proved), "{address:?}");
    }
    let all = |given: &[(&str, &str)], address| proof("decentro", &[SECRET, &[headers, networks]].concat(), given, address);
    let signature = hex_of("one", BODY);
    let whole = [both, &[("x-decentro-signature", signature.as_str())]].concat();
    assert_eq!(all(&whole, Some("203.0.113.7")), Ok(Proof::Proven));
    assert_eq!([all(&whole, None), all(both, Some("203.0.113.7"))], [Ok(Proof::Refused), Ok(Proof::Refused)]);
    for (name, wrong) in [
        ("HEADERS", "x"),
        ("HEADERS", "{}"),
        ("HEADERS", r#"{"a":1}"#),
        ("ADDRESSES", "x"),
        ("ADDRESSES", "1.2.3.4/33"),
        ("ADDRESSES", "1.2.3.4,"),
    ] {
        let name = format!("DECENTRO_CALLBACK_{name}");
        assert_eq!(proof("decentro", &[(&name, wrong)], &[], None), Err(Misconfigured(name.clone().into())), "{wrong}");
    }
}

#[test]
fn nothing_is_proved_where_nothing_is_demanded() {
    assert_eq!(proof("decentro", &[("DECENTRO_CALLBACK_SECRET", " ")], &[("x-decentro-signature", "00")], None), Ok(Proof::Undemanded));
    assert!(proof("wibmo", &[], &[], None).is_err(), "it sends none");
}
