//! Bank account verification through Decentro (document 003 section 3), stated a second time and independently of the catalogue: what each reply to the
//! POST and to the status lookup means, with a rupee and without; and that nothing is `verified` without all of its marks.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, clippy::panic, reason = "tests")]

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use toran_core::http::{Exchange, HttpRequest, HttpResponse, Method};
use toran_core::keys::{Action, Outcome};
use toran_core::operations::{Answer, Audience, Class, Finding, Operation, Request};
use toran_core::secret::Secret;
use toran_core::vendors::{Account, Call, CallKind, Misconfigured, Reading, Vendor, decentro::Decentro};

const WIRE: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff01";
const TRANSACTION: &str = "3D9A61B7C0E84F52A1B2C3D4E5F60718";
const MONEY: &[&str] = &["pennydrop", "hybrid"];

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../src/vendors/decentro/fixtures/bank_", $name, ".json"))
    };
}

fn asked(validation_type: &str, ifsc: &str, name: &str) -> Request {
    let body = json!({
        "reference_id": "BANK_0001", "purpose_message": "KYC Bank Verification", "validation_type": validation_type,
        "beneficiary_details": { "account_number": "1234567890", "ifsc": ifsc, "name": name },
    });
    Request::parse(Operation::BankVerify, body.as_object().unwrap()).unwrap_or_else(|problem| panic!("{problem:?}"))
}

fn by(validation_type: &str) -> Request {
    asked(validation_type, "SBIN0001077", "RAHUL SHARMA")
}

fn pennydrop() -> Request {
    by("pennydrop")
}

fn call(kind: CallKind) -> Call {
    Call::new(kind, Account::common("decentro"), WIRE.into())
}

fn heard(kind: CallKind, request: &Request, exchange: &Exchange) -> Reading {
    Decentro.read(&call(kind), request, exchange, &|_| None)
}

fn answered(status: u16, body: &[u8]) -> Exchange {
    Exchange::Answered(HttpResponse { status, retry_after: None, body: Secret::new(body.to_vec()) })
}

fn read(request: &Request, kind: CallKind, status: u16, body: &Value) -> Reading {
    heard(kind, request, &answered(status, body.to_string().as_bytes()))
}

fn posted(body: &Value) -> Reading {
    read(&pennydrop(), CallKind::Post, 200, body)
}

fn looked_up(body: &Value) -> Reading {
    read(&pennydrop(), CallKind::Status, 200, body)
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

fn verdict(finding: &Finding) -> (Outcome, Action, &str) {
    (finding.outcome, finding.action, &finding.key)
}

fn notes(finding: &Finding) -> Vec<&str> {
    finding.notes.iter().map(|note| note.code.as_ref()).collect()
}

fn is_verified(reading: &Reading) -> bool {
    matches!(reading, Reading::Final(finding) if finding.outcome == Outcome::Verified)
}

fn json(fixture: &str) -> Value {
    serde_json::from_str(fixture).unwrap()
}

fn with(fixture: &str, pointer: &str, value: Value) -> Value {
    let mut body = json(fixture);
    *body.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
    body
}

fn without(fixture: &str, object: &str, fields: &[&str]) -> Value {
    let mut body = json(fixture);
    let map = body.pointer_mut(object).and_then(Value::as_object_mut).unwrap();
    for field in fields {
        map.remove(*field).unwrap();
    }
    body
}

/// The document's success with other words about the names, and a holder who is like the customer as far as these words say.
fn named(score: Option<Value>, result: Option<Value>) -> Value {
    let by_score =
        score.as_ref().and_then(Value::as_u64).and_then(|score| BANDS.iter().find(|(scores, ..)| u64::from(*scores.start()) <= score));
    let band = result.as_ref().and_then(Value::as_str).or(by_score.map(|(_, band, _)| *band)).unwrap_or_default();
    let holder = HOLDERS.iter().find(|(_, known)| *known == band).map_or("RAHUL SHARMA", |(holder, _)| *holder);
    let mut body = without(fixture!("success"), "/data", &["nameMatchScore", "nameMatchResult"]);
    body["data"]["beneficiaryName"] = json!(holder);
    let data = body["data"].as_object_mut().unwrap();
    data.extend(score.map(|score| ("nameMatchScore".to_owned(), score)));
    data.extend(result.map(|result| ("nameMatchResult".to_owned(), result)));
    body
}

/// Outcome, action, key.
type Verdict = (Outcome, Action, &'static str);

const PROCEED: Verdict = (Outcome::Verified, Action::Proceed, "success_bank_account");
const REVIEW: Verdict = (Outcome::Verified, Action::Review, "success_bank_account");
const NO_MATCH: Verdict = (Outcome::Negative, Action::Reject, "failure_bank_account_no_match");
const INVALID: Verdict = (Outcome::Negative, Action::Reject, "failure_bank_account_invalid");
const CLOSED: Verdict = (Outcome::Negative, Action::Reject, "failure_bank_account_closed");
const UNCLEAR: Verdict = (Outcome::Negative, Action::Review, "failure_bank_account_unknown_status");
const FAILED: Verdict = (Outcome::Failed, Action::Retry, "error_validation_failed");

// --- what is said of the account ---

#[test]
fn the_documents_success_is_told_in_its_own_fields() {
    for validation_type in ["pennydrop", "hybrid", "penniless"] {
        let finding = found(read(&by(validation_type), CallKind::Post, 200, &json(fixture!("success"))));
        assert_eq!((verdict(&finding), notes(&finding)), (PROCEED, vec![]), "{validation_type}");
        assert_eq!(
            finding.data,
            json!({
                "transaction_status": "Success", "account_status": "Valid", "beneficiary_name": "RAHUL SHARMA", "name_match_result": "FULL_MATCH",
                "validation_type": "Penny Drop", "utr": "IMPS1234567890", "payment_mode": "IMPS", "name_match_score": 95,
            })
        );
        assert_eq!(
            finding.record,
            json!({
                "bank_verify_status": "Success", "bank_verify_name_at_bank": "RAHUL SHARMA", "bank_verify_name_match_score": 95,
                "bank_verify_name_match_result": "FULL_MATCH", "bank_verify_txn_id": TRANSACTION, "bank_verify_utr": "IMPS1234567890",
                "bank_verify_payment_mode": "IMPS",
            })
        );
    }
}

#[test]
fn the_documents_failure_tells_the_states_of_transaction_and_account_and_the_reason() {
    for validation_type in ["pennydrop", "hybrid", "penniless"] {
        let finding = found(read(&by(validation_type), CallKind::Post, 200, &json(fixture!("failure"))));
        let data =
            json!({ "transaction_status": "Failed", "account_status": "Invalid", "failure_reason": "Account does not exist or is closed" });
        assert_eq!((verdict(&finding), &finding.data), (INVALID, &data), "{validation_type}");
        assert_eq!((&finding.record["bank_verify_status"], &finding.record["bank_verify_txn_id"]), (&json!("Failed"), &json!(TRANSACTION)));
        assert_eq!(finding.vendor.code.as_deref(), Some("E00001"));
    }
}

#[test]
fn the_newer_dialect_is_told_in_the_same_shape() {
    let finding = found(posted(&json(fixture!("newer_valid"))));
    assert_eq!(verdict(&finding), PROCEED);
    assert_eq!((&finding.data["name_match_score"], &finding.data["utr"]), (&json!(95), &json!("412345678901")));
    assert_eq!(finding.vendor.transaction_id.as_deref(), Some(TRANSACTION));
}

#[test]
fn an_answer_may_be_flat() {
    let mut flat = json!({ "decentroTxnId": TRANSACTION, "status": "SUCCESS" });
    flat.as_object_mut().unwrap().extend(json(fixture!("success"))["data"].as_object().unwrap().clone());
    assert_eq!(found(posted(&flat)).data, found(posted(&json(fixture!("success")))).data);
    assert_eq!(verdict(&found(posted(&json!({ "status": "FAILURE", "accountStatus": "invalid" })))), INVALID);
}

#[test]
fn closed_is_said_only_where_the_vendor_says_closed_and_nothing_else() {
    let reasons = [
        ("Account does not exist or is closed", INVALID),
        ("Account is closed", CLOSED),
        ("Account closed.", CLOSED),
        ("account is CLOSED", CLOSED),
        ("The branch is closed", INVALID),
        ("Account is not closed", INVALID),
        ("Invalid IFSC", INVALID),
        ("", INVALID),
    ];
    for (reason, expected) in reasons {
        let finding = found(posted(&with(fixture!("failure"), "/data/failureReason", json!(reason))));
        assert_eq!(verdict(&finding), expected, "{reason}");
    }
    for word in ["Closed", "CLOSED"] {
        assert_eq!(verdict(&found(posted(&with(fixture!("failure"), "/data/accountStatus", json!(word))))), CLOSED);
    }
    // A reason explains a no. Beside any other word it counts for nothing.
    let reasoned = |word: &str| {
        let mut body = with(fixture!("failure"), "/data/failureReason", json!("Account closed"));
        body["data"]["accountStatus"] = json!(word);
        posted(&body)
    };
    for (word, expected) in [("INCONCLUSIVE", UNCLEAR), ("Active", UNCLEAR), ("NRE", UNCLEAR), ("Invalid", CLOSED)] {
        assert_eq!(verdict(&found(reasoned(word))), expected, "{word}");
    }
    assert_eq!(kind_of(reasoned("Valid")), Read::Unknown);
    let keyed = json!({ "status": "FAILURE", "responseCode": "S00000", "responseKey": "failure_account_closed" });
    for validation_type in ["pennydrop", "penniless"] {
        assert_eq!(verdict(&found(read(&by(validation_type), CallKind::Post, 200, &keyed))), CLOSED);
    }
}

/// How a reply is read.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Read {
    Is(Verdict),
    /// Money: looked up later.
    Unknown,
    /// Money: looked up later, the vendor works on it.
    Working,
    /// A read: 502.
    Nonsense,
}

fn kind_of(reading: Reading) -> Read {
    match reading {
        Reading::Final(finding) => {
            let all = [PROCEED, REVIEW, NO_MATCH, INVALID, CLOSED, UNCLEAR, FAILED];
            Read::Is(all.into_iter().find(|known| *known == verdict(&finding)).unwrap_or_else(|| panic!("{finding:?}")))
        }
        Reading::Unknown { refused_us: None, .. } => Read::Unknown,
        Reading::Working(_) => Read::Working,
        Reading::Ended { problem, refused_us: None } if problem.key == "error_unexpected_response" => Read::Nonsense,
        other => panic!("{other:?}"),
    }
}

/// Transaction status and account status under `SUCCESS`: with a rupee, without one, and at the status lookup. `""` is left out.
#[rustfmt::skip]
const STATUSES: &[(&str, &str, Read, Read, Read)] = &[
    ("Success", "Valid", Read::Is(PROCEED), Read::Is(PROCEED), Read::Is(PROCEED)),
    ("SUCCESS", "VALID", Read::Is(PROCEED), Read::Is(PROCEED), Read::Is(PROCEED)),
    ("Success", "", Read::Unknown, Read::Nonsense, Read::Is(PROCEED)),
    ("Success", "Invalid", Read::Is(UNCLEAR), Read::Is(UNCLEAR), Read::Is(UNCLEAR)),
    ("Success", "Closed", Read::Is(UNCLEAR), Read::Is(UNCLEAR), Read::Is(UNCLEAR)),
    ("Success", "NRE", Read::Is(UNCLEAR), Read::Is(UNCLEAR), Read::Is(UNCLEAR)),
    ("Success", "INCONCLUSIVE", Read::Is(UNCLEAR), Read::Is(UNCLEAR), Read::Is(UNCLEAR)),
    ("Success", "Frozen", Read::Is(UNCLEAR), Read::Is(UNCLEAR), Read::Is(UNCLEAR)),
    ("Failed", "Valid", Read::Unknown, Read::Nonsense, Read::Is(FAILED)),
    ("Failed", "Invalid", Read::Is(INVALID), Read::Is(INVALID), Read::Is(INVALID)),
    ("Failure", "Closed", Read::Is(CLOSED), Read::Is(CLOSED), Read::Is(CLOSED)),
    ("FAILURE", "NRE", Read::Is(UNCLEAR), Read::Is(UNCLEAR), Read::Is(UNCLEAR)),
    ("Failed", "INCONCLUSIVE", Read::Is(UNCLEAR), Read::Is(UNCLEAR), Read::Is(UNCLEAR)),
    ("Failed", "", Read::Unknown, Read::Nonsense, Read::Is(FAILED)),
    ("Pending", "", Read::Working, Read::Nonsense, Read::Working),
    ("PENDING", "Valid", Read::Working, Read::Nonsense, Read::Working),
    ("Pending", "Invalid", Read::Working, Read::Nonsense, Read::Working),
    ("Unknown", "Valid", Read::Unknown, Read::Nonsense, Read::Unknown),
    ("UNKNOWN", "", Read::Unknown, Read::Nonsense, Read::Unknown),
    ("Successful", "Valid", Read::Unknown, Read::Nonsense, Read::Unknown),
    ("Unknown", "Invalid", Read::Unknown, Read::Nonsense, Read::Unknown),
    ("", "Valid", Read::Unknown, Read::Nonsense, Read::Unknown),
    ("", "VALID", Read::Unknown, Read::Nonsense, Read::Unknown),
    ("", "Invalid", Read::Is(INVALID), Read::Is(INVALID), Read::Unknown),
    ("", "INVALID", Read::Is(INVALID), Read::Is(INVALID), Read::Unknown),
    ("", "Closed", Read::Is(CLOSED), Read::Is(CLOSED), Read::Unknown),
    ("", "NRE", Read::Is(UNCLEAR), Read::Is(UNCLEAR), Read::Unknown),
    ("", "NRE_ACCOUNT", Read::Is(UNCLEAR), Read::Is(UNCLEAR), Read::Unknown),
    ("", "INCONCLUSIVE", Read::Unknown, Read::Is(UNCLEAR), Read::Unknown),
    ("", "Active", Read::Unknown, Read::Is(UNCLEAR), Read::Unknown),
    ("", "", Read::Unknown, Read::Nonsense, Read::Unknown),
];

fn stating(transaction: &str, account: &str) -> Value {
    let mut data = json!({ "nameMatchScore": 95, "beneficiaryName": "RAHUL SHARMA" });
    for (field, word) in [("transactionStatus", transaction), ("accountStatus", account)] {
        if !word.is_empty() {
            data[field] = json!(word);
        }
    }
    json!({ "decentroTxnId": TRANSACTION, "status": "SUCCESS", "data": data })
}

#[test]
fn every_pair_of_statuses_means_what_the_table_says() {
    for (transaction, account, money, penniless, lookup) in STATUSES {
        let body = stating(transaction, account);
        for validation_type in MONEY {
            assert_eq!(kind_of(read(&by(validation_type), CallKind::Post, 200, &body)), *money, "{validation_type}: {body}");
            assert_eq!(kind_of(read(&by(validation_type), CallKind::Status, 200, &body)), *lookup, "lookup: {body}");
        }
        assert_eq!(kind_of(read(&by("penniless"), CallKind::Post, 200, &body)), *penniless, "penniless: {body}");
    }
}

#[test]
fn a_non_residents_account_that_the_vendor_says_nothing_more_of_is_noted_for_a_person() {
    for word in ["NRE", "NRE_ACCOUNT", "NRO", "nro_account"] {
        let finding = found(posted(&stating("", word)));
        assert_eq!((verdict(&finding), notes(&finding)), (UNCLEAR, vec!["nre_nro"]), "{word}");
    }
}

// --- the names ---

/// Document 003 section 3.2.
const BANDS: &[(std::ops::RangeInclusive<u32>, &str, Verdict)] = &[
    (85..=100, "FULL_MATCH", PROCEED),
    (50..=84, "PARTIAL_MATCH", REVIEW),
    (20..=49, "POOR_PARTIAL_MATCH", REVIEW),
    (0..=19, "NO_MATCH", NO_MATCH),
];

#[test]
fn every_score_and_word_of_section_3_2() {
    for (scores, word, expected) in BANDS {
        for score in scores.clone() {
            for result in [None, Some(json!(word))] {
                let finding = found(posted(&named(Some(json!(score)), result)));
                assert_eq!(verdict(&finding), *expected, "{score}");
                assert_eq!(finding.record["bank_verify_name_match_score"], json!(score));
                assert_eq!(notes(&finding), if *word == "NO_MATCH" { vec!["joint_account"] } else { vec![] }, "{score}");
            }
        }
        assert_eq!(verdict(&found(posted(&named(None, Some(json!(word)))))), *expected, "{word} alone");
    }
}

#[test]
fn a_no_match_tells_nothing_but_the_record_does() {
    let finding = found(posted(&named(Some(json!(3)), Some(json!("NO_MATCH")))));
    assert_eq!(finding.data, json!({}));
    assert_eq!(finding.record["bank_verify_status"], json!("Success"), "the account is alive, and its holder is somebody else");
}

#[test]
fn a_score_and_a_word_of_different_bands_go_to_a_person() {
    for (scores, by_score, _) in BANDS {
        for (_, word, _) in BANDS.iter().filter(|(_, word, _)| word != by_score) {
            let finding = found(posted(&named(Some(json!(scores.start())), Some(json!(word)))));
            assert_eq!((verdict(&finding), notes(&finding)), (REVIEW, vec!["name_match_unclear"]), "{scores:?} {word}");
        }
    }
}

#[test]
fn a_score_or_a_word_that_nobody_knows_goes_to_a_person() {
    let full = || Some(json!("FULL_MATCH"));
    let strange = [json!(-1), json!(101), json!(0.95), json!("0.95"), json!("ninety"), json!(true), json!([95]), json!({ "score": 95 })];
    for score in strange {
        for result in [None, full()] {
            let finding = found(posted(&named(Some(score.clone()), result)));
            assert_eq!((verdict(&finding), notes(&finding)), (REVIEW, vec!["name_match_unclear"]), "{score}");
            assert!(finding.data.get("name_match_score").is_none_or(Value::is_number), "{score}");
        }
    }
    for word in [json!("full_match"), json!("FULL MATCH"), json!("EXCELLENT"), json!(true), json!(100), json!(["FULL_MATCH"])] {
        let finding = found(posted(&named(Some(json!(95)), Some(word.clone()))));
        assert_eq!((verdict(&finding), notes(&finding)), (REVIEW, vec!["name_match_unclear"]), "{word}");
    }
}

#[test]
fn where_no_name_was_compared_a_person_does() {
    for (score, result) in [(None, None), (Some(Value::Null), Some(Value::Null)), (Some(json!("")), Some(json!(" ")))] {
        let mut body = named(score, result);
        body["data"].as_object_mut().unwrap().remove("beneficiaryName");
        let finding = found(posted(&body));
        assert_eq!((verdict(&finding), notes(&finding)), (REVIEW, vec!["name_not_matched"]));
    }
}

/// 003 section 3.2: a score is of two names, and `NO_MATCH` of another holder's.
#[test]
fn where_the_bank_tells_no_name_there_is_no_match_and_no_mismatch() {
    let names = [
        "",
        " ",
        "NA",
        "N/A",
        "N.A",
        "NULL",
        "Not Available",
        "UNREGISTERED",
        "XXXX",
        "-",
        ".",
        "0",
        "1234567890",
        "***",
        "NO NAME",
        "None",
        "no data found",
    ];
    let names = names.map(Value::from).into_iter().chain([json!(null), json!(true), json!(["RAHUL SHARMA"])]);
    for name in names {
        for (score, word) in
            [(Some(100), Some("FULL_MATCH")), (Some(0), Some("NO_MATCH")), (Some(60), None), (None, Some("FULL_MATCH")), (None, None)]
        {
            let mut body = named(score.map(Value::from), word.map(Value::from));
            body["data"]["beneficiaryName"] = name.clone();
            for validation_type in ["pennydrop", "hybrid", "penniless"] {
                let finding = found(read(&by(validation_type), CallKind::Post, 200, &body));
                assert_eq!((verdict(&finding), notes(&finding)), (REVIEW, vec!["name_not_matched"]), "{body}");
            }
        }
        let finding = found(looked_up(&with(fixture!("status_success"), "/beneficiaryName", name.clone())));
        assert_eq!((verdict(&finding), notes(&finding)), (REVIEW, vec!["name_not_matched"]), "{name}");
    }
    let request = asked("pennydrop", "SBIN0001077", "NOT AVAILABLE");
    let finding = found(read(&request, CallKind::Post, 200, &json(fixture!("success"))));
    assert_eq!((verdict(&finding), notes(&finding)), (REVIEW, vec!["name_not_matched"]), "the name that was given is none");
}

/// 003 section 3.1: a reason why it failed, and another account or key, beside a success.
#[test]
fn a_success_that_contradicts_itself_or_its_request_is_never_proceed() {
    for reason in ["Account does not exist or is closed", "Account is closed", "Timed out"] {
        let mut body = json(fixture!("success"));
        body["data"]["failureReason"] = json!(reason);
        assert_eq!(verdict(&found(posted(&body))), UNCLEAR, "{reason}");
        let mut body = json(fixture!("status_success"));
        body["failureReason"] = json!(reason);
        assert_eq!(verdict(&found(looked_up(&body))), UNCLEAR, "{reason}");
    }
    for key in ["failure_account_closed", "error_provider_error", "pending_validation"] {
        let mut body = json(fixture!("success"));
        body["responseKey"] = json!(key);
        assert_eq!(
            [kind_of(posted(&body)), kind_of(read(&by("penniless"), CallKind::Post, 200, &body))],
            [Read::Unknown, Read::Nonsense],
            "{key}"
        );
    }
    let naming = |field: &str, value: &str| {
        let mut body = json(fixture!("success"));
        body["data"][field] = json!(value);
        body
    };
    for (field, value) in [("accountNumber", "1234567891"), ("accountNumber", "XXXXXX7891"), ("ifsc", "HDFC0001077")] {
        let body = naming(field, value);
        assert_eq!(
            [kind_of(posted(&body)), kind_of(read(&by("penniless"), CallKind::Post, 200, &body))],
            [Read::Unknown, Read::Nonsense],
            "{body}"
        );
        let mut body = json(fixture!("status_success"));
        body[field] = json!(value);
        assert_eq!(kind_of(looked_up(&body)), Read::Unknown, "{body}");
    }
    for (field, value) in
        [("accountNumber", "1234567890"), ("accountNumber", "XXXXXX7890"), ("accountNumber", "001234567890"), ("ifsc", "SBIN0000001")]
    {
        assert_eq!(kind_of(posted(&naming(field, value))), Read::Is(PROCEED), "{field} {value}");
    }
    // Section 8.5: a merged bank's account may be told under its successor's code.
    let merged = asked("pennydrop", "ANDB0001234", "RAHUL SHARMA");
    assert_eq!(kind_of(read(&merged, CallKind::Post, 200, &naming("ifsc", "UBIN0801234"))), Read::Is(PROCEED));
    assert_eq!(kind_of(read(&merged, CallKind::Post, 200, &naming("ifsc", "PUNB0801234"))), Read::Unknown);
}

#[test]
fn a_non_resident_suffix_is_accepted_from_50_on_for_a_person() {
    for name in ["RAHUL SHARMA NRE", "RAHUL SHARMA (NRO)", "Rahul Sharma-nre", "RAHUL SHARMA NRO SB A/C"] {
        for score in [100, 85, 50, 49, 20, 19] {
            let mut body = named(Some(json!(score)), None);
            body["data"]["beneficiaryName"] = json!(name);
            let finding = found(posted(&body));
            assert_eq!(verdict(&finding), REVIEW, "{name} {score}");
            assert!(notes(&finding).contains(&"nre_nro"), "{name} {score}");
        }
    }
    for name in ["RAHUL SHARMA", "NRO TRADERS", "RAHUL SHARMANRE", "NREGA RAHUL"] {
        let finding = found(posted(&with(fixture!("success"), "/data/beneficiaryName", json!(name))));
        assert!(!notes(&finding).contains(&"nre_nro"), "{name}");
    }
}

/// The bank's name, by how ours compares with RAHUL SHARMA.
const HOLDERS: [(&str, &str); 4] =
    [("Mr. RAHUL  SHARMA", "FULL_MATCH"), ("R SHARMA", "PARTIAL_MATCH"), ("RAHUL VERMA", "POOR_PARTIAL_MATCH"), ("GITA SEN", "NO_MATCH")];

#[test]
fn where_the_vendor_and_we_come_to_different_bands_a_person_decides() {
    for (scores, word, expected) in BANDS {
        for (holder, ours) in HOLDERS {
            let mut body = named(Some(json!(scores.start())), Some(json!(word)));
            body["data"]["beneficiaryName"] = json!(holder);
            let finding = found(posted(&body));
            let expected = if ours == *word { *expected } else { REVIEW };
            assert_eq!(verdict(&finding), expected, "{word} {holder}");
            assert_eq!(notes(&finding).contains(&"name_match_differs"), ours != *word, "{word} {holder}");
            assert_eq!(notes(&finding).contains(&"joint_account"), *word == "NO_MATCH", "{word} {holder}");
            assert_eq!(finding.record["bank_verify_name_match_score"], json!(scores.start()), "the vendor's");
        }
    }
}

#[test]
fn where_the_vendor_compared_no_names_our_comparison_decides_by_the_same_bands() {
    for ((holder, ours), (scores, word, expected)) in HOLDERS.into_iter().zip(BANDS) {
        let mut body = named(None, None);
        body["data"]["beneficiaryName"] = json!(holder);
        let finding = found(posted(&body));
        assert_eq!((verdict(&finding), ours), (*expected, *word), "{holder}");
        assert!(notes(&finding).contains(&"name_matched_here"), "{holder}");
        let score = &finding.record["bank_verify_name_match_score"];
        assert!(scores.contains(&u32::try_from(score.as_u64().unwrap()).unwrap()), "{holder} {score}");
        assert_eq!(finding.record["bank_verify_name_match_result"], json!(word), "{holder}");
    }
}

#[test]
fn who_asks_for_no_comparison_of_names_gets_none() {
    let body = json!({
        "reference_id": "BANK_0001", "purpose_message": "KYC Bank Verification", "validation_type": "pennydrop", "perform_name_match": false,
        "beneficiary_details": { "account_number": "1234567890", "ifsc": "SBIN0001077", "name": "RAHUL SHARMA" },
    });
    let request = Request::parse(Operation::BankVerify, body.as_object().unwrap()).unwrap_or_else(|problem| panic!("{problem:?}"));
    let mut reply = named(None, None);
    reply["data"]["beneficiaryName"] = json!("RAHUL SHARMA");
    let finding = found(read(&request, CallKind::Post, 200, &reply));
    assert_eq!((verdict(&finding), notes(&finding)), (REVIEW, vec!["name_not_matched"]));
}

#[test]
fn a_company_is_verified_like_a_person() {
    let request = asked("pennydrop", "SBIN0001077", "ACME TECH PVT LTD");
    let mut body = named(Some(json!(78)), Some(json!("PARTIAL_MATCH")));
    body["data"]["beneficiaryName"] = json!("ACME TECHNOLOGIES PRIVATE LIMITED");
    assert_eq!(verdict(&found(read(&request, CallKind::Post, 200, &body))), REVIEW);
}

#[test]
fn merged_and_payments_banks_are_noted_whatever_the_end() {
    for (ifsc, note) in
        [("ANDB0001234", "merged_ifsc"), ("lavb0000123", "merged_ifsc"), ("PYTM0123456", "payment_bank"), ("AIRP0000001", "payment_bank")]
    {
        for body in [fixture!("success"), fixture!("failure")] {
            let finding = found(read(&asked("pennydrop", ifsc, "RAHUL SHARMA"), CallKind::Post, 200, &json(body)));
            assert_eq!(notes(&finding), [note], "{ifsc}");
            assert!([PROCEED, INVALID].contains(&verdict(&finding)), "a note changes no action");
        }
    }
}

/// What a server is told beside an answer: code and message of each note.
fn told(finding: Finding) -> Vec<(String, String)> {
    let answer =
        Answer { reference_id: "BANK_0001".into(), operation: Operation::BankVerify, finding, checked_at: 0, next_check_at: None, cost: 0 };
    let body: Value = serde_json::from_str(&answer.to_json("chk_00112233445566778899aabbccddeeff", Audience::Server)).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    body["notes"].as_array().unwrap().iter().map(|note| (text(&note["code"]), text(&note["message"]))).collect()
}

/// 003 section 8.5: if it fails, the customer checks the latest passbook.
#[test]
fn a_failed_drop_on_a_merged_banks_code_asks_for_the_passbook() {
    for bank in ["ANDB", "CORP", "ORBC", "UTBI", "SYNB", "ALLA", "BKDN", "VIJB", "LAVB"] {
        let request = asked("pennydrop", &format!("{bank}0001234"), "RAHUL SHARMA");
        let notes = told(found(read(&request, CallKind::Post, 200, &json(fixture!("failure")))));
        assert!(notes.iter().any(|(code, _)| code == "merged_ifsc"), "{bank} {notes:?}");
        assert!(notes.iter().any(|(code, message)| code == "check_passbook" && message.contains("latest passbook")), "{bank} {notes:?}");
    }
}

/// 003 section 8.4.
#[test]
fn another_name_at_the_bank_asks_for_a_statement_or_the_passbook() {
    for (_, word, _) in BANDS.iter().filter(|(_, word, _)| ["PARTIAL_MATCH", "POOR_PARTIAL_MATCH"].contains(word)) {
        let notes = told(found(posted(&named(None, Some(json!(word))))));
        let is_asked =
            |message: &str| message.contains("bank statement") && message.contains("passbook") && message.contains("married name");
        assert!(notes.iter().any(|(code, message)| code == "statement_or_passbook" && is_asked(message)), "{word} {notes:?}");
    }
}

#[test]
fn a_browser_sees_no_name_and_no_reference_of_the_transfer() {
    let finding = found(posted(&json(fixture!("success"))));
    let answer =
        Answer { reference_id: "BANK_0001".into(), operation: Operation::BankVerify, finding, checked_at: 0, next_check_at: None, cost: 0 };
    let text = answer.to_json("chk_00112233445566778899aabbccddeeff", Audience::Browser);
    assert!(!text.contains("RAHUL") && !text.contains("IMPS1234567890"), "{text}");
    let shown: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&shown["data"]["beneficiary_name"], &shown["record"]["bank_verify_utr"]), (&json!("R*** S***"), &json!("XXXXXX7890")));
}

// --- money ---

#[test]
fn only_penniless_may_be_repeated() {
    assert_eq!(by("penniless").class(), Class::Read);
    for validation_type in MONEY {
        assert_eq!(by(validation_type).class(), Class::Money);
    }
}

const NONSENSE: &[&str] = &[
    "",
    " ",
    "null",
    "7",
    "\"x\"",
    "[]",
    "[{}]",
    "{}",
    "{\"data\":",
    "<html><body>502</body></html>",
    "{\"status\":\"SUCCESS\"}",
    "{\"data\":{}}",
    "{\"data\":[{},{}]}",
    "{\"status\":\"FAILURE\"}",
    "{\"responseKey\":\"error_of_another_kind\",\"status\":\"FAILURE\"}",
];

#[test]
fn money_is_unknown_when_nothing_readable_came_back() {
    for validation_type in MONEY {
        for exchange in [Exchange::TimedOut, Exchange::Broken, Exchange::TooLarge] {
            assert!(matches!(heard(CallKind::Post, &by(validation_type), &exchange), Reading::Unknown { .. }));
        }
        for body in NONSENSE {
            for status in [200, 201, 204, 301, 400, 404, 408, 418, 500, 502, 503, 504] {
                let reading = heard(CallKind::Post, &by(validation_type), &answered(status, body.as_bytes()));
                assert!(matches!(reading, Reading::Unknown { .. }), "{status} {body}: {reading:?}");
            }
        }
    }
}

#[test]
fn the_same_without_a_rupee_is_tried_again_or_ends() {
    let request = by("penniless");
    let tried_again = |exchange, key| match heard(CallKind::Post, &request, &exchange) {
        Reading::Trouble { problem, .. } => assert_eq!(problem.key, key),
        other => panic!("{other:?}"),
    };
    tried_again(Exchange::TimedOut, "error_source_timeout");
    tried_again(Exchange::Broken, "error_source_unavailable");
    tried_again(answered(429, b""), "error_source_unavailable");
    tried_again(answered(500, b""), "error_unexpected_response");
    tried_again(answered(503, b""), "error_source_unavailable");
    for body in NONSENSE {
        let reading = heard(CallKind::Post, &request, &answered(200, body.as_bytes()));
        assert_eq!(ended(&reading), ("error_unexpected_response", 502, None), "{body}");
    }
}

#[test]
fn only_what_was_certainly_not_sent_or_refused_releases_the_reference() {
    let post = |exchange: &Exchange| heard(CallKind::Post, &pennydrop(), exchange);
    assert_eq!(ended(&post(&Exchange::NotSent)), ("error_source_unavailable", 503, None));
    for (status, alert) in [(401, "http_401"), (403, "http_403")] {
        assert_eq!(ended(&post(&answered(status, b"<html>"))), ("error_service_unavailable", 502, Some(alert)));
    }
    assert_eq!(ended(&post(&answered(429, b""))), ("error_source_unavailable", 503, None));
    for code in ["E00002", "E00006", "E00008", "E00009"] {
        assert_eq!(ended(&posted(&json!({ "status": "FAILURE", "responseCode": code }))), ("error_service_unavailable", 502, Some(code)));
    }
    for code in ["S00000", "E00001", "E00003", "E00004", "E00021", "E00045", "E99999"] {
        let reading = posted(&json!({ "status": "FAILURE", "responseCode": code }));
        assert!(matches!(reading, Reading::Unknown { .. }), "{code}: {reading:?}");
    }
    for key in ["error_unauthorized_module", "error_company_disabled", "error_malformed_request", "error_unsanitized_values"] {
        let reading = posted(&json!({ "status": "FAILURE", "responseCode": "E00009", "responseKey": key }));
        assert_eq!(ended(&reading), ("error_service_unavailable", 502, Some(key)));
    }
}

#[test]
fn what_may_have_moved_a_rupee_is_never_released_whatever_the_code() {
    for code in ["E00001", "E00002", "E00006", "E00008", "E00009"] {
        for status in [200, 400, 401, 403, 429] {
            for body in [stating("Success", "Valid"), stating("Success", ""), stating("Unknown", ""), stating("", "Valid")] {
                let mut body = body;
                body["status"] = json!("FAILURE");
                body["responseCode"] = json!(code);
                let reading = read(&pennydrop(), CallKind::Post, status, &body);
                assert!(matches!(reading, Reading::Unknown { .. }), "{status} {body}: {reading:?}");
            }
        }
    }
    for key in [
        "error_duplicate_reference_id",
        "error_provider_error",
        "error_validation_failed",
        "failure_account_frozen",
        "success_account_details_retrieved",
    ] {
        let reading = posted(&json!({ "status": "FAILURE", "responseCode": "E00001", "responseKey": key }));
        assert!(matches!(reading, Reading::Unknown { .. }), "{key}: {reading:?}");
    }
    for code in ["E00002", "E00006", "E00008", "E00009"] {
        let reading = posted(&json!({ "status": "SUCCESS", "responseCode": code }));
        assert!(matches!(reading, Reading::Unknown { .. }), "a refusal that calls itself a success: {code}: {reading:?}");
    }
}

#[test]
fn http_422_is_a_no() {
    for validation_type in ["pennydrop", "penniless"] {
        let finding = found(read(&by(validation_type), CallKind::Post, 422, &json!({ "decentroTxnId": TRANSACTION })));
        assert_eq!((verdict(&finding), &finding.record["bank_verify_txn_id"]), (INVALID, &json!(TRANSACTION)));
        assert!(finding.message.starts_with("The vendor refuses these values"), "the bank said nothing: {}", finding.message);
    }
}

/// 003 section 3.6.
#[test]
fn every_answer_about_an_account_has_its_record() {
    for (status, validation_type) in [(422, "pennydrop"), (422, "penniless"), (404, "penniless")] {
        let finding = found(read(&by(validation_type), CallKind::Post, status, &json!({ "decentroTxnId": TRANSACTION })));
        let fields: Vec<_> =
            finding.record.as_object().unwrap().iter().filter(|(_, value)| !value.is_null()).map(|(field, _)| field.as_str()).collect();
        assert_eq!((finding.record.as_object().unwrap().len(), fields), (7, vec!["bank_verify_txn_id"]), "{status} {validation_type}");
    }
}

#[test]
fn a_used_wire_reference_without_a_rupee_is_tried_again_with_a_fresh_one() {
    let body = json!({ "status": "FAILURE", "responseCode": "E00002", "responseKey": "error_duplicate_reference_id" });
    for status in [200, 400, 409] {
        assert!(matches!(read(&by("penniless"), CallKind::Post, status, &body), Reading::Trouble { .. }), "{status}");
    }
}

// --- the status lookup ---

#[test]
fn a_lookup_that_finds_the_credit_verifies_the_account_and_the_name_is_compared_here() {
    let finding = found(looked_up(&json(fixture!("status_success"))));
    assert_eq!((verdict(&finding), notes(&finding)), (PROCEED, vec!["name_matched_here"]));
    assert_eq!(
        finding.data,
        json!({
            "transaction_status": "Success", "account_status": "Valid", "beneficiary_name": "RAHUL SHARMA", "validation_type": "Penny Drop",
            "utr": "412345678901", "payment_mode": "IMPS", "name_match_score": 100, "name_match_result": "FULL_MATCH",
        }),
        "003 section 3.1: what the look-up leaves out and is known all the same"
    );
    assert_eq!((finding.vendor.transaction_id.as_deref(), finding.vendor.code.as_deref()), (Some(TRANSACTION), None));
    assert_eq!(finding.record["bank_verify_txn_id"], json!(TRANSACTION), "of the request, not of the lookup");
}

#[test]
fn a_lookups_own_status_never_decides() {
    for status in [json!("FAILURE"), json!("SUCCESS"), json!(null), json!("PENDING"), json!(7)] {
        assert_eq!(verdict(&found(looked_up(&with(fixture!("status_success"), "/status", status.clone())))), PROCEED, "{status}");
        let unknown = looked_up(&json!({ "status": status, "originalDecentroTxnId": TRANSACTION, "beneficiaryName": "RAHUL SHARMA" }));
        assert!(matches!(unknown, Reading::Unknown { .. }), "{status}: {unknown:?}");
    }
}

#[test]
fn a_confirmed_failure_is_failed_and_with_a_reason_it_is_a_no() {
    let failure = with(fixture!("status_success"), "/transactionStatus", json!("Failure"));
    let finding = found(looked_up(&failure));
    assert_eq!((verdict(&finding), &finding.data), (FAILED, &json!({ "transaction_status": "Failure" })));
    assert!(finding.message.ends_with("Kindly retry the transaction after sometime."), "{}", finding.message);
    for (reason, expected) in [("Account does not exist or is closed", INVALID), ("Account is closed", CLOSED), ("Timed out", FAILED)] {
        let mut body = failure.clone();
        body["providerResponse"] = json!(reason);
        let finding = found(looked_up(&body));
        assert_eq!((verdict(&finding), &finding.data["failure_reason"]), (expected, &json!(reason)), "the reason is told");
    }
}

/// 003 section 5.5: what a non-resident's account refuses once it refuses again; whoever is told to try again is told why.
#[test]
fn a_failed_penny_drop_on_a_non_residents_account_invites_nobody_to_pay_again() {
    let failure = with(fixture!("status_success"), "/transactionStatus", json!("Failure"));
    let saying = |field: &str, value: &str| {
        let mut body = failure.clone();
        body[field] = json!(value);
        body
    };
    let told = [
        saying("accountStatus", "NRE"),
        saying("accountStatus", "NRO_ACCOUNT"),
        saying("beneficiaryName", "RAHUL SHARMA NRE"),
        saying("beneficiaryName", "RAHUL SHARMA (NRO)"),
    ];
    for body in told {
        let finding = found(looked_up(&body));
        assert_eq!((verdict(&finding), notes(&finding)), (UNCLEAR, vec!["nre_nro"]), "{body}");
        assert_eq!(finding.data["transaction_status"], json!("Failure"));
    }
}

/// 003 section 3.1's response fields of a failure, whatever the no: also of a transfer that failed and of an account that nobody knows.
#[test]
fn every_refused_account_tells_what_the_vendor_said_of_it() {
    for (transaction, account, ..) in STATUSES {
        for (kind, validation_type) in [(CallKind::Post, "pennydrop"), (CallKind::Post, "penniless"), (CallKind::Status, "pennydrop")] {
            let mut body = stating(transaction, account);
            body["data"]["failureReason"] = json!("Because");
            let Reading::Final(finding) = read(&by(validation_type), kind, 200, &body) else { continue };
            let told = [("transaction_status", *transaction), ("account_status", *account), ("failure_reason", "Because")];
            let told = told.into_iter().filter(|(_, word)| !word.is_empty()).map(|(field, word)| (field.to_owned(), json!(word))).collect();
            assert_eq!(finding.data, Value::Object(told), "{body}");
        }
    }
}

#[test]
fn a_lookup_that_finds_nothing_or_fails_proves_nothing() {
    assert!(matches!(looked_up(&json(fixture!("status_not_found"))), Reading::Unknown { refused_us: None, .. }));
    for exchange in [Exchange::TimedOut, Exchange::Broken, Exchange::TooLarge, Exchange::NotSent] {
        assert!(matches!(heard(CallKind::Status, &pennydrop(), &exchange), Reading::Unknown { refused_us: None, .. }));
    }
    for status in [200, 400, 401, 403, 404, 422, 429, 500, 503] {
        for body in NONSENSE.iter().chain(if status == 200 { &[] } else { &[fixture!("status_success")][..] }) {
            let reading = heard(CallKind::Status, &pennydrop(), &answered(status, body.as_bytes()));
            let Reading::Unknown { refused_us, .. } = reading else { panic!("{status} {body}: {reading:?}") };
            assert_eq!(refused_us.is_some(), matches!(status, 401 | 403), "{status} {body}");
        }
    }
}

// --- the marks of a yes ---

#[test]
fn no_account_is_verified_without_every_mark() {
    let good = fixture!("success");
    let mut bodies = vec![
        with(good, "/status", json!("FAILURE")),
        with(good, "/status", json!("PENDING")),
        with(good, "/status", json!("success")),
        with(good, "/status", json!(null)),
        with(good, "/status", json!(true)),
        without(good, "", &["status"]),
        without(good, "", &["data"]),
        without(good, "/data", &["transactionStatus"]),
        without(good, "/data", &["accountStatus"]),
        with(good, "/data", json!("x")),
        with(good, "/data", json!([json(good)["data"], json(good)["data"]])),
        json!([json(good)]),
    ];
    for pointer in ["/data/transactionStatus", "/data/accountStatus"] {
        for value in [
            json!(null),
            json!(""),
            json!(true),
            json!(1),
            json!(["Success"]),
            json!({}),
            json!("Successful"),
            json!("Validated"),
            json!("Pending"),
        ] {
            bodies.push(with(good, pointer, value));
        }
    }
    for code in [json!("E00001"), json!("E00009"), json!("S00001"), json!(0), json!(true)] {
        let mut body = json(good);
        body["responseCode"] = code;
        bodies.push(body);
    }
    for body in bodies {
        for validation_type in ["pennydrop", "hybrid", "penniless"] {
            assert!(!is_verified(&read(&by(validation_type), CallKind::Post, 200, &body)), "{body}");
        }
    }
    for status in [201, 202, 400, 404, 500, 503] {
        for validation_type in ["pennydrop", "penniless"] {
            assert!(!is_verified(&read(&by(validation_type), CallKind::Post, status, &json(good))), "{status}");
        }
    }
    for end in 0..good.trim_end().len() {
        assert!(!is_verified(&heard(CallKind::Post, &pennydrop(), &answered(200, &good.as_bytes()[..end]))), "cut off at {end}");
    }
}

// --- what is sent ---

fn setting(name: &str) -> Option<String> {
    let value = if name.ends_with("_URL") { "https://vendor.example".into() } else { format!("{name}-value") };
    Some(value).filter(|_| name.starts_with("DECENTRO_"))
}

fn prepared(kind: CallKind, request: &Request) -> HttpRequest {
    Decentro.request(&call(kind), request, &setting, 0).unwrap_or_else(|missing| panic!("{missing:?}"))
}

fn body(request: &HttpRequest) -> Value {
    serde_json::from_str(request.body.as_ref().unwrap().expose()).unwrap()
}

#[test]
fn an_account_is_asked_about_in_document_003s_dialect() {
    let sent = prepared(CallKind::Post, &pennydrop());
    assert_eq!((sent.method, sent.url.as_str()), (Method::Post, "https://vendor.example/core_banking/money_transfer/validate_account"));
    let headers: Vec<_> = sent.headers.iter().map(|(name, value)| (*name, value.expose().as_str())).collect();
    assert_eq!(
        headers,
        [
            ("client_id", "DECENTRO_CLIENT_ID-value"),
            ("client_secret", "DECENTRO_CLIENT_SECRET-value"),
            ("module_secret", "DECENTRO_PAYMENTS_MODULE_SECRET-value")
        ]
    );
    let expected = json!({
        "reference_id": WIRE, "purpose_message": "KYC Bank Verification",
        "beneficiary_details": { "account_number": "1234567890", "ifsc": "SBIN0001077", "name": "RAHUL SHARMA" },
        "transfer_amount": 1, "validation_type": "pennydrop", "perform_name_match": true,
    });
    assert_eq!(body(&sent), expected);
    assert_eq!(body(&prepared(CallKind::Post, &by("hybrid"))).get("transfer_amount"), Some(&json!(1)));
    assert_eq!(body(&prepared(CallKind::Post, &by("penniless"))).get("transfer_amount"), None, "section 3.4");
}

#[test]
fn a_status_is_looked_up_by_the_wire_reference() {
    let sent = prepared(CallKind::Status, &pennydrop());
    let url = format!("https://vendor.example/core_banking/money_transfer/get_status?reference_id={WIRE}");
    assert_eq!((sent.method, sent.url, sent.body.is_none(), sent.headers.len()), (Method::Get, url, true, 3));
}

#[test]
fn the_vendor_gets_the_name_without_what_it_refuses() {
    for (name, sent) in [
        ("D'SOUZA", "D SOUZA"),
        ("M. RAO", "M RAO"),
        ("A.K. (HUF)", "A K HUF"),
        ("M/S. ACME & SONS (P) LTD.", "M/S ACME SONS P LTD"),
        ("RAHUL  SHARMA", "RAHUL SHARMA"),
        ("राहुल शर्मा", "राहुल शर्मा"),
        ("ANNE-MARIE", "ANNE-MARIE"),
    ] {
        let request = asked("pennydrop", "SBIN0001077", name);
        assert_eq!(body(&prepared(CallKind::Post, &request))["beneficiary_details"]["name"], json!(sent));
        assert_eq!(request.meaning()["beneficiary_details"]["name"], json!(name), "the meaning keeps it");
    }
}

#[test]
fn nothing_is_sent_without_every_setting() {
    for missing in ["DECENTRO_V2_URL", "DECENTRO_CLIENT_ID", "DECENTRO_CLIENT_SECRET", "DECENTRO_PAYMENTS_MODULE_SECRET"] {
        for kind in [CallKind::Post, CallKind::Status] {
            for absent in [None, Some(String::new()), Some("  ".to_owned())] {
                let settings = |name: &str| if name == missing { absent.clone() } else { setting(name) };
                assert_eq!(Decentro.request(&call(kind), &pennydrop(), &settings, 0).err(), Some(Misconfigured(missing.into())));
            }
        }
        assert!(Decentro.settings().contains(&missing), "{missing} is asked for before it is needed");
    }
}

// --- anything at all ---

const WORDS: &[&str] = &[
    "SUCCESS",
    "FAILURE",
    "PENDING",
    "Success",
    "Failed",
    "Failure",
    "Pending",
    "Unknown",
    "Valid",
    "VALID",
    "Invalid",
    "Closed",
    "NRE",
    "INCONCLUSIVE",
    "FULL_MATCH",
    "NO_MATCH",
    "S00000",
    "E00001",
    "E00009",
    "failure_account_closed",
    "error_unauthorized_module",
    "95",
    "RAHUL SHARMA NRE",
];
const NAMES: &[&str] = &[
    "status",
    "api_status",
    "apiStatus",
    "responseCode",
    "response_code",
    "responseKey",
    "response_key",
    "data",
    "transactionStatus",
    "transaction_status",
    "accountStatus",
    "account_status",
    "nameMatchScore",
    "name_match_score",
    "nameMatchResult",
    "name_match_result",
    "beneficiaryName",
    "failureReason",
    "utr",
    "originalDecentroTxnId",
];

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(WORDS).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let name = prop_oneof![prop::sample::select(NAMES).prop_map(str::to_owned), "\\PC{0,6}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..8).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// A good answer with up to four things about it changed: a field dropped, replaced, or another put in.
fn mutated(good: &'static str) -> impl Strategy<Value = Value> {
    let change = (any::<prop::sample::Index>(), any::<bool>(), prop::sample::select(NAMES), prop::option::of(any_json()));
    prop::collection::vec(change, 0..4).prop_map(move |changes| {
        let mut body = json(good);
        for (index, inner, name, value) in changes {
            let Some(map) = body.pointer_mut(if inner { "/data" } else { "" }).and_then(Value::as_object_mut) else { continue };
            let existing = map.keys().nth(index.index(map.len().max(1))).cloned();
            match (existing, value) {
                (Some(existing), None) => drop(map.shift_remove(&existing)),
                (Some(existing), Some(value)) if index.index(2) == 0 => drop(map.insert(existing, value)),
                (_, value) => drop(map.insert(name.to_owned(), value.unwrap_or_default())),
            }
        }
        body
    })
}

/// Whether one of these fields of one of these objects says one of these words.
fn says(maps: &[&Map<String, Value>], names: &[&str], words: &[&str]) -> bool {
    let said = maps.iter().flat_map(|map| names.iter().filter_map(|name| map.get(*name)?.as_str()));
    said.into_iter().any(|text| words.iter().any(|word| word.eq_ignore_ascii_case(text.trim())))
}

/// Every mark of a verified account, as far as a reader that trusts more than the real one would need it.
fn has_marks(kind: CallKind, status: u16, body: &Value) -> bool {
    let Some(map) = body.as_object() else { return false };
    let data = match map.get("data") {
        Some(Value::Object(data)) => Some(data),
        Some(Value::Array(items)) => items.first().and_then(Value::as_object),
        _ => None,
    };
    let maps: Vec<_> = [Some(map), data].into_iter().flatten().collect();
    let succeeded = says(&maps, &["transactionStatus", "transaction_status"], &["Success"]);
    let valid = says(&maps, &["accountStatus", "account_status"], &["Valid"]);
    let envelope =
        ["status", "api_status", "apiStatus"].iter().any(|name| map.get(*name).and_then(Value::as_str).map(str::trim) == Some("SUCCESS"));
    status == 200 && succeeded && (kind == CallKind::Status || (valid && envelope))
}

fn is_safe(request: &Request, kind: CallKind, status: u16, body: &Value) -> Result<(), TestCaseError> {
    let reading = read(request, kind, status, body);
    prop_assert!(!is_verified(&reading) || has_marks(kind, status, body), "{status} {body}: {reading:?}");
    let released = matches!(reading, Reading::Ended { .. });
    prop_assert!(!(released && request.class() == Class::Money && kind == CallKind::Status), "a lookup releases nothing: {body}");
    Ok(())
}

/// How many cases: `PROPTEST_CASES` asks for more.
fn cases(usual: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(usual)
}

proptest! {
    // Each case reads three replies.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases(3_000)) })]

    #[test]
    fn any_json_gets_a_reading_and_no_yes_without_its_marks(body in any_json(), status in prop_oneof![4 => Just(200_u16), 1 => 100..600_u16]) {
        is_safe(&pennydrop(), CallKind::Post, status, &body)?;
        is_safe(&by("penniless"), CallKind::Post, status, &body)?;
        is_safe(&pennydrop(), CallKind::Status, status, &body)?;
    }

}

proptest! {
    // Each case reads seven replies.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases(1_000)) })]

    #[test]
    fn a_good_answer_with_changes_is_a_yes_only_with_its_marks(
        good in mutated(fixture!("success")), newer in mutated(fixture!("newer_valid")), no in mutated(fixture!("failure")),
        found in mutated(fixture!("status_success")), status in prop_oneof![4 => Just(200_u16), 1 => 100..600_u16],
    ) {
        for body in [&good, &newer, &no] {
            is_safe(&pennydrop(), CallKind::Post, status, body)?;
            is_safe(&by("penniless"), CallKind::Post, status, body)?;
        }
        is_safe(&pennydrop(), CallKind::Status, status, &found)?;
    }

    #[test]
    fn any_bytes_get_a_reading(bytes in prop::collection::vec(any::<u8>(), 0..64), cut in 0..400_usize) {
        let good = fixture!("success").as_bytes();
        let spliced: Vec<u8> = good.iter().take(cut).chain(&bytes).chain(good.iter().skip(cut)).copied().collect();
        for request in [pennydrop(), by("penniless")] {
            prop_assert!(!is_verified(&heard(CallKind::Post, &request, &answered(200, &bytes))));
            let _ = heard(CallKind::Post, &request, &answered(200, &spliced));
        }
    }
}

#[test]
fn a_penny_drop_that_fails_at_a_payments_bank_leads_to_a_payment_by_the_customer() {
    let codes = |ifsc: &str, body: &str| {
        let finding = found(read(&asked("pennydrop", ifsc, "RAHUL SHARMA"), CallKind::Post, 200, &json(body)));
        told(finding).into_iter().map(|(code, _)| code).collect::<Vec<_>>()
    };
    assert_eq!(codes("AIRP0000001", fixture!("failure")), ["payment_bank", "check_passbook", "use_upi"], "document 003 section 8.6");
    assert_eq!(codes("AIRP0000001", fixture!("success")), ["payment_bank"]);
    assert_eq!(codes("SBIN0001077", fixture!("failure")), ["check_passbook"]);
}
