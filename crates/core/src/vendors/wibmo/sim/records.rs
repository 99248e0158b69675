//! The prepaid customers: made up, and the same from run to run.
//!
//! Mobile `98500000NN` reaches row NN (from 00) of document 002's table, [`EXTRAS`] what that does not show. Any other identifier finds a
//! customer in the shape of the document's sample, put right: with the fields of the table and the names of the sample.

use serde_json::{Value, json};

use super::{AES_KEY, cipher, coded};
use crate::keys::{self, Row, Source};
use crate::vendors::sim::{choose, digits, set, without};

/// What goes out.
pub(super) enum Sent {
    /// A token with this text, under an HTTP status.
    Sealed(u16, String),
    /// A token with this text, changed on the way.
    Spoiled(String, fn(&str) -> String),
    /// No token.
    Plain(u16, Value),
}

/// The answer about a subject.
pub(super) fn answer(envelope: Value, kind: &str, subject: &str, is_first: bool) -> Sent {
    let number = if kind == "customerMobile" { national(subject) } else { "" };
    if let Some(extra) = EXTRAS.iter().find(|extra| extra.number == number) {
        let change = if is_first { extra.change } else { extra.again.unwrap_or(extra.change) };
        return change(record(&envelope, kind, subject));
    }
    let row = keys::rows_of(Source::D002).enumerate().find(|(index, _)| number_of(*index) == number).map(|(_, row)| row);
    match row.map(code_of) {
        None | Some("00") => whole(&record(&envelope, kind, subject)),
        Some(code) => Sent::Sealed(200, coded(envelope, code).to_string()),
    }
}

fn national(mobile: &str) -> &str {
    mobile.strip_prefix("91").filter(|rest| rest.len() == 10).unwrap_or(mobile)
}

fn whole(record: &Value) -> Sent {
    Sent::Sealed(200, record.to_string())
}

pub(super) fn code_of(row: &Row) -> &'static str {
    row.key.strip_prefix("wibmo_").unwrap_or_default()
}

/// The number of a row, counted from 0.
pub(super) fn number_of(row: usize) -> String {
    format!("98500000{row:02}")
}

/// The record of a subject, in its envelope.
fn record(envelope: &Value, kind: &str, subject: &str) -> Value {
    let or_made_up = |field: &str, made_up: String| if kind == field { subject.to_owned() } else { made_up };
    let mobile = or_made_up("customerMobile", "919876543210".into());
    let mobile = format!("91{}", national(&mobile));
    let mut record = envelope.clone();
    let first = choose(&["ANANYA", "ARJUN", "DEEPA", "FARHAN", "LAKSHMI"], subject, "first name");
    let customer = json!({
        "bankId": 7000, "entityName": "SANDBOXENTITY", "kycName": "MIN_KYC", "profileId": 30, "createdOn": "15-Jun-2023",
        "updatedOn": "15-Jun-2023", "ovdName": "", "firstName": first, "lastName": "SHARMA", "dob": "15-Jun-1990",
        "customerId": or_made_up("customerId", format!("62508{}", digits(subject, "customer", 7))), "mobile": mobile,
        "reKyc": false, "riskCategory": "Low", "riskScore": 12, "reKycExpiry": "0828", "form60": true,
        "email": or_made_up("emailId", "holder@example.com".into()), "docList": [{ "docType": "PAN", "docNumber": "ABCPE1234F" }],
        "panValid": true, "migratedUserFlag": true, "cardList": [card(&or_made_up("urn", "124".into()))],
    });
    if let (Some(record), Value::Object(customer)) = (record.as_object_mut(), customer) {
        record.extend(customer);
    }
    record
}

fn card(urn: &str) -> Value {
    let channel = |id: u8, kind: &str| json!({ "transactionProfileId": id, "status": id == 1, "transactionType": kind, "transactionRegionName": "DOMESTIC" });
    let wallet = |id: &str, number: &str, name: &str, default: u8| {
        json!({
            "subwallet_id": id, "default_wallet": default, "available_balance": "5050", "account_number": number, "account_status": "0",
            "subwallet_name": name, "accountNumberValidity": "0828",
        })
    };
    json!({
        "cardNumber": "817391 XXXXXX 8305", "lastFourDigit": "8305", "productProfile": "GPR", "cardStatus": 0, "availableBalance": 10000,
        "createdOn": "15-Jun-2023", "updatedOn": "15-Jun-2023", "urn": urn, "statusDescription": "Active",
        "transactionProfiles": [channel(1, "e-Com"), channel(2, "POS")],
        "subwalletListDetails": [wallet("20034e366091", "601000210", "GPR Wallet", 1), wallet("MOB34e36f0d_2", "601000229", "Meal Wallet", 0)],
    })
}

type Change = fn(Value) -> Sent;

/// One subject beyond the document's table: what goes out about it, and the key of the gateway's answer.
pub(super) struct Extra {
    pub(super) name: &'static str,
    pub(super) number: &'static str,
    /// The code that a patient reader finds.
    pub(super) code: Option<&'static str>,
    pub(super) answers: &'static str,
    change: Change,
    /// What goes out from the second time on, where that is something else.
    again: Option<Change>,
}

const fn extra(name: &'static str, number: &'static str, code: Option<&'static str>, answers: &'static str, change: Change) -> Extra {
    Extra { name, number, code, answers, change, again: None }
}

const YES: &str = "wibmo_00";
const NONSENSE: &str = keys::UNEXPECTED_RESPONSE;
const OK: Option<&str> = Some("00");

#[rustfmt::skip]
pub(super) static EXTRAS: &[Extra] = &[
    extra("the_documents_broken_sample", "9851000001", OK, YES, |record| Sent::Sealed(200, broken(&record))),
    extra("numbers_as_texts", "9851000002", OK, YES, |record| whole(&texts(record))),
    extra("the_tables_names", "9851000003", OK, YES, |record| Sent::Sealed(200, drifted(&record))),
    extra("no_cards", "9851000004", OK, YES, |record| whole(&set(record, "cardList", json!([])))),
    extra("additional_fields", "9851000005", OK, YES, |record| whole(&set(record, "loyalty", json!({ "tier": 3 })))),
    extra("line_breaks_in_the_token", "9851000006", None, YES, |record| Sent::Spoiled(record.to_string(), wrapped)),
    Extra { again: Some(|record| whole(&record)), ..extra("a_reference_said_to_be_used_once", "9851000007", OK, YES, |record| Sent::Sealed(200, coded(bare(record), "1054").to_string())) },
    extra("refused_under_http_400", "9851000008", Some("1302"), "wibmo_1302", |record| Sent::Sealed(400, coded(bare(record), "1302").to_string())),
    extra("refused_without_a_token", "9851000009", Some("1248"), keys::SERVICE_UNAVAILABLE, |record| Sent::Plain(200, coded(bare(record), "1248"))),
    extra("pan_not_valid", "9851000030", OK, YES, |record| whole(&set(record, "panValid", false.into()))),
    extra("full_kyc", "9851000031", OK, YES, |record| whole(&set(set(record, "kycName", "FULL_KYC".into()), "profileId", 150.into()))),
    extra("blocked_card", "9851000032", OK, YES, |record| whole(&with_card(record, "1", "Blocked"))),
    extra("closed_card", "9851000033", OK, YES, |record| whole(&with_card(record, "2", "Closed"))),
    extra("every_field", "9851000034", OK, YES, |record| whole(&set(set(set(record, "ovdName", "ANANYA SHARMA".into()), "form60Expiry", "0332".into()), "reKyc", true.into()))),
    extra("yes_without_a_token", "9851000010", OK, NONSENSE, |record| Sent::Plain(200, record)),
    extra("no_without_a_token", "9851000011", Some("1302"), NONSENSE, |record| Sent::Plain(200, coded(bare(record), "1302"))),
    extra("message_code_of_the_request", "9851000012", OK, NONSENSE, |record| whole(&set(record, "messageCode", json!(1930)))),
    extra("no_message_code", "9851000013", OK, NONSENSE, |record| whole(&without(record, "messageCode"))),
    extra("another_reference", "9851000014", OK, NONSENSE, |record| whole(&set(record, "clientTxnId", "Register_20240408101003".into()))),
    extra("no_reference", "9851000015", OK, NONSENSE, |record| whole(&without(record, "clientTxnId"))),
    extra("another_customer", "9851000016", OK, NONSENSE, |record| whole(&set(record, "mobile", "919876543210".into()))),
    extra("nobody", "9851000017", OK, NONSENSE, |record| whole(&set(bare(record), "responseCode", "00".into()))),
    extra("unheard_of_code", "9851000018", Some("1999"), NONSENSE, |record| whole(&set(record, "responseCode", "1999".into()))),
    extra("no_code", "9851000019", None, NONSENSE, |record| whole(&without(record, "responseCode"))),
    extra("yes_under_http_500", "9851000020", OK, NONSENSE, |record| Sent::Sealed(500, record.to_string())),
    extra("truncated_token", "9851000021", None, NONSENSE, |record| Sent::Spoiled(record.to_string(), |token| token.chars().take(128).collect())),
    extra("tampered_token", "9851000022", None, NONSENSE, |record| Sent::Spoiled(record.to_string(), tampered)),
    extra("token_under_another_key", "9851000023", None, NONSENSE, |record| Sent::Plain(200, json!({ "token": under_another_key(&record) }))),
    extra("token_that_is_no_base64", "9851000024", None, NONSENSE, |record| Sent::Spoiled(record.to_string(), |token| format!("{token}!"))),
    extra("token_of_a_list", "9851000025", None, NONSENSE, |record| whole(&json!([record]).pointer("/0/cardList").cloned().unwrap_or_default())),
];

/// The first card in another state; the numbers of the states are assumptions.
fn with_card(mut record: Value, status: &str, description: &str) -> Value {
    if let Some(card) = record.pointer_mut("/cardList/0") {
        *card = set(set(card.take(), "cardStatus", status.into()), "statusDescription", description.into());
    }
    record
}

/// The envelope of a record, without the customer.
fn bare(record: Value) -> Value {
    let envelope = ["responseCode", "messageCode", "clientTxnId", "responseDateTime", "accosaTransactionId", "responseMessage"];
    let Value::Object(map) = record else { return record };
    Value::Object(map.into_iter().filter(|(name, _)| envelope.contains(&name.as_str())).collect())
}

/// The object closed before its list of cards, and once more after it.
fn broken(record: &Value) -> String {
    let cards = record.get("cardList").cloned().unwrap_or_default();
    format!("{},\n\"cardList\": {cards}\n}}", without(record.clone(), "cardList"))
}

fn texts(value: Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(map.into_iter().map(|(name, value)| (name, texts(value))).collect()),
        Value::Array(items) => Value::Array(items.into_iter().map(texts).collect()),
        Value::Number(number) => number.to_string().into(),
        Value::Bool(flag) => flag.to_string().into(),
        other => other,
    }
}

/// The names of the document's table where its sample has others.
fn drifted(record: &Value) -> String {
    let text = record.to_string().replace("subwallet_id", "subsubwallet_id").replace("subwallet_name", "subsubwallet_name");
    text.replace("account_status", "accountStatus")
}

fn wrapped(token: &str) -> String {
    let letters: Vec<_> = token.chars().collect();
    letters.chunks(76).map(|line| line.iter().collect::<String>()).collect::<Vec<_>>().join("\r\n")
}

/// One letter in the middle is another.
fn tampered(token: &str) -> String {
    let middle = token.len().div_euclid(2);
    let other = |letter: char| if letter == 'A' { 'B' } else { 'A' };
    token.chars().enumerate().map(|(index, letter)| if index == middle { other(letter) } else { letter }).collect()
}

fn under_another_key(record: &Value) -> String {
    let key: String = AES_KEY.chars().rev().collect();
    cipher(&key).and_then(|cipher| cipher.seal(&record.to_string(), "reply")).unwrap_or_default()
}
