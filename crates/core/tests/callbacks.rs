//! What the callbacks of vendors say and mean, stated a second time: which request they are about, what is known again, and what each word leads to.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use serde_json::{Value, json};
use toran_core::account::Account;
use toran_core::operations::{OPERATIONS, Operation, Request};
use toran_core::place::Identity;
use toran_core::seal::Index;
use toran_core::vendors::{Reading, VENDORS, callback};

const PLACE: &str = "00112233445566778899aabbccddeeff";
const NONCE: &str = "ffeeddccbbaa99887766554433221100";
const DECENTRO: Account = Account::common("decentro");
const CASHFREE: Account = Account::common("cashfree");
/// The wire reference of the first attempt, and how Cashfree has it.
const WIRE: &str = "00112233445566778899aabbccddeeffffeeddccbbaa9988776655443322110001";
const USER_ID: &str = "aaisem2ekvthpcezvk54zxpo77765xomxovjtcab";

fn index() -> Index {
    Index::from_hex(&"33".repeat(32)).unwrap()
}

fn identity() -> Identity {
    Identity::parse(PLACE, NONCE).unwrap()
}

fn request(operation: Operation, body: &Value) -> Request {
    Request::parse(operation, body.as_object().unwrap()).unwrap_or_else(|problem| panic!("{problem:?}"))
}

fn bank() -> Request {
    let body = json!({
        "reference_id": "BANK_0001", "purpose_message": "KYC Bank Verification", "validation_type": "pennydrop",
        "beneficiary_details": { "account_number": "026291800001191", "ifsc": "YESB0000262", "name": "Rahul Sharma" },
    });
    request(Operation::BankVerify, &body)
}

fn decentro(more: &Value) -> Value {
    let mut body = json!({
        "event": "BANK_VERIFICATION_COMPLETE", "attempt": 1, "timestamp": "2021-08-02T11:35:02.978686", "callbackTxnId": "C1", "originalCallbackTxnId": "C1",
        "referenceId": WIRE, "decentroTxnId": "T1", "transactionStatus": "SUCCESS", "beneficiaryName": "RAHUL SHARMA", "bankReferenceNumber": "1",
    });
    for (name, value) in more.as_object().unwrap() {
        body.as_object_mut().unwrap().insert(name.clone(), value.clone());
    }
    body
}

fn cashfree(data: &Value) -> Value {
    let mut all = json!({ "reference_id": 1, "user_id": USER_ID, "name_at_bank": "RAHUL SHARMA", "account_status": "VALID", "account_status_code": "ACCOUNT_IS_VALID" });
    for (name, value) in data.as_object().unwrap() {
        all.as_object_mut().unwrap().insert(name.clone(), value.clone());
    }
    json!({ "event_type": "BANK_ACCOUNT_VERIFICATION_SUCCESS", "event_time": "2023-07-19 10:46:16", "version": "v2", "data": all })
}

/// The key that a body ends a check with; `None` where it ends nothing.
fn key(account: &Account, request: Option<&Request>, body: &Value) -> Option<String> {
    match callback::read(account, Operation::BankVerify, request, body.to_string().as_bytes()) {
        Reading::Final(finding) => Some(finding.key.into_owned()),
        _ => None,
    }
}

#[test]
fn a_callback_names_its_check_and_the_register_compares_the_whole() {
    for (account, body, reference) in [(&DECENTRO, decentro(&json!({})), WIRE), (&CASHFREE, cashfree(&json!({})), USER_ID)] {
        let heard = callback::heard(account, body.to_string().as_bytes(), &index()).unwrap();
        assert_eq!((heard.place, heard.attempt, heard.reference.as_str()), (identity().place, 1, reference));
        assert!(callback::is_about(account, &identity(), 1, reference));
        let other = Identity::parse(PLACE, &NONCE.replace('f', "0")).unwrap();
        assert!(!callback::is_about(account, &other, 1, reference) && !callback::is_about(account, &identity(), 2, reference));
    }
    let upper = decentro(&json!({ "referenceId": WIRE.to_ascii_uppercase() }));
    assert_eq!(callback::heard(&DECENTRO, upper.to_string().as_bytes(), &index()).unwrap().reference, WIRE);
    let unnamed = [
        (&DECENTRO, json!({})),
        (&DECENTRO, decentro(&json!({ "referenceId": null }))),
        (&DECENTRO, decentro(&json!({ "referenceId": WIRE.get(..64) }))),
        (&DECENTRO, decentro(&json!({ "referenceId": format!("{WIRE}00") }))),
        (&DECENTRO, decentro(&json!({ "referenceId": WIRE.replace('a', "g") }))),
        (&DECENTRO, decentro(&json!({ "original_reference_id": "0".repeat(66) }))),
        (&CASHFREE, cashfree(&json!({ "user_id": WIRE }))),
        (&CASHFREE, cashfree(&json!({ "user_id": USER_ID.get(1..) }))),
        (&CASHFREE, json!({ "data": [] })),
        (&Account::common("wibmo"), decentro(&json!({}))),
    ];
    for (account, body) in unnamed {
        assert!(callback::heard(account, body.to_string().as_bytes(), &index()).is_none(), "{body}");
    }
    for body in ["", "[]", "null", "\u{feff}", r#"{"referenceId":"#, r#"{"a":1,"a":2}"#] {
        assert!(callback::heard(&DECENTRO, body.as_bytes(), &index()).is_none(), "{body}");
    }
}

#[test]
fn a_delivery_is_known_by_the_vendors_id_else_by_what_it_says() {
    let delivery = |account: &Account, body: &Value| callback::heard(account, body.to_string().as_bytes(), &index()).unwrap().delivery;
    let first = delivery(&DECENTRO, &decentro(&json!({})));
    let again = json!({ "attempt": 2, "timestamp": "2021-08-02T11:40:02.000000", "callbackTxnId": "C2" });
    assert_eq!(delivery(&DECENTRO, &decentro(&again)), first, "the same callback, delivered again");
    let altered = delivery(&DECENTRO, &decentro(&json!({ "transactionStatus": "FAILURE" })));
    assert!(altered.id == first.id && altered.digest != first.digest);
    assert_ne!(delivery(&DECENTRO, &decentro(&json!({ "originalCallbackTxnId": "C9" }))).id, first.id);
    let without_id = delivery(&DECENTRO, &decentro(&json!({ "originalCallbackTxnId": null, "callbackTxnId": null })));
    assert_eq!(without_id.id, without_id.digest);
    let (one, other) = (delivery(&CASHFREE, &cashfree(&json!({}))), delivery(&CASHFREE, &cashfree(&json!({ "utr": "2" }))));
    assert!(one != other && one.id.len() == 16, "{one:?}");
}

#[test]
fn decentros_transfer_is_what_its_status_says() {
    let with_request = |more| key(&DECENTRO, Some(&bank()), &decentro(&more));
    let without = |more| key(&DECENTRO, None, &decentro(&more));
    for (more, told, later) in [
        (json!({}), Some("success_bank_account"), Some("success_bank_account")),
        (json!({ "transactionStatus": "success" }), Some("success_bank_account"), Some("success_bank_account")),
        (json!({ "transactionStatus": null, "transaction_status": "Success" }), Some("success_bank_account"), Some("success_bank_account")),
        (json!({ "beneficiaryName": "SOMEBODY ELSE" }), Some("failure_bank_account_no_match"), Some("success_bank_account")),
        (json!({ "transactionStatus": "FAILURE" }), Some("error_validation_failed"), Some("failure_bank_account_invalid")),
        (
            json!({ "transactionStatus": "FAILURE", "accountStatus": "Closed" }),
            Some("failure_bank_account_closed"),
            Some("failure_bank_account_invalid"),
        ),
        (json!({ "failureReason": "Account is closed" }), Some("failure_bank_account_unknown_status"), None),
        (json!({ "accountStatus": "Frozen" }), Some("failure_bank_account_unknown_status"), None),
        (json!({ "accountNumber": "999999999999" }), None, Some("success_bank_account")),
        (json!({ "transactionStatus": "EXPIRED" }), None, None),
        (json!({ "transactionStatus": "PENDING" }), None, None),
        (json!({ "transactionStatus": null }), None, None),
        (json!({ "transactionStatus": true }), None, None),
        (json!({ "transactionStatus": "SUCCESS", "data": { "transactionStatus": "FAILURE" } }), None, None),
        (json!({ "status": "FAILURE" }), None, None),
        (json!({ "responseKey": "error_provider_error" }), None, None),
        (json!({ "responseCode": "E00001" }), None, None),
        (json!({ "status": "SUCCESS", "responseCode": "S00000" }), Some("success_bank_account"), Some("success_bank_account")),
        (json!({ "event": "CKYC_UPLOAD_COMPLETE" }), None, None),
        (json!({ "event": "SOMETHING" }), None, None),
        (json!({ "event": 7 }), None, None),
        (json!({ "event": null }), Some("success_bank_account"), Some("success_bank_account")),
    ] {
        assert_eq!((with_request(more.clone()).as_deref(), without(more.clone()).as_deref()), (told, later), "{more}");
    }
}

#[test]
fn cashfrees_verification_is_what_status_and_code_say_together() {
    let with_request = |data| key(&CASHFREE, Some(&bank()), &cashfree(&data));
    let without = |data| key(&CASHFREE, None, &cashfree(&data));
    for (data, told, later) in [
        (json!({}), Some("success_bank_account"), Some("success_bank_account")),
        (json!({ "name_at_bank": "SOMEBODY ELSE" }), Some("failure_bank_account_no_match"), Some("success_bank_account")),
        (
            json!({ "account_status": "INVALID", "account_status_code": "INVALID_ACCOUNT_FAIL" }),
            Some("failure_bank_account_invalid"),
            Some("failure_bank_account_invalid"),
        ),
        (json!({ "account_status": "INVALID" }), None, None),
        (json!({ "account_status_code": "FAILED_AT_BANK" }), None, None),
        (json!({ "account_status_code": null }), None, None),
        (json!({ "account_status": "RECEIVED", "account_status_code": "VALIDATION_IN_PROGRESS" }), None, None),
        (json!({ "account_status": "FINE" }), None, None),
        (json!({ "bank_account": "999999999999" }), None, Some("success_bank_account")),
    ] {
        assert_eq!((with_request(data.clone()).as_deref(), without(data.clone()).as_deref()), (told, later), "{data}");
    }
    let mut other = cashfree(&json!({}));
    other.as_object_mut().unwrap().insert("event_type".into(), "RPD_BANK_ACCOUNT_VERIFICATION_SUCCESS".into());
    assert_eq!(key(&CASHFREE, Some(&bank()), &other), None);
}

#[test]
fn an_uploads_callback_is_what_its_posts_answer_would_be() {
    let read = |more: &Value| {
        let mut body = decentro(
            &json!({ "event": "CKYC_UPLOAD_COMPLETE", "transactionStatus": null, "beneficiaryName": null, "bankReferenceNumber": null }),
        );
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        callback::read(&DECENTRO, Operation::CkycUpload, None, body.to_string().as_bytes())
    };
    let taken = json!({ "status": "SUCCESS", "responseCode": "S00000", "data": { "ckycId": "50012345678901" } });
    assert!(matches!(read(&taken), Reading::Final(finding) if finding.key == "success_ckyc_upload"));
    for more in [
        json!({ "status": "SUCCESS", "responseCode": "E00001", "data": { "ckycId": "50012345678901" } }),
        json!({ "status": "FAILURE", "responseCode": "E00001" }),
        json!({ "status": "SUCCESS", "responseCode": "S00000", "data": {} }),
        json!({}),
    ] {
        assert!(!matches!(read(&more), Reading::Final(_)), "{more}");
    }
}

#[test]
fn each_vendor_reads_the_response_that_it_expects() {
    let told = |vendor, status| callback::acknowledgement(vendor, status);
    for (status, code) in [
        (200, "CB_S00000"),
        (401, "CB_E00013"),
        (403, "CB_E00013"),
        (404, "CB_E00009"),
        (409, "CB_E00009"),
        (429, "CB_E00009"),
        (500, "CB_E00000"),
        (502, "CB_E00000"),
    ] {
        assert_eq!(told("decentro", status), json!({ "response_code": code }), "{status}");
    }
    for vendor in VENDORS.iter().map(|vendor| vendor.name()).filter(|name| *name != "decentro") {
        assert_eq!(told(vendor, 200), json!({}), "{vendor}");
    }
}

#[test]
fn a_callback_ends_only_what_its_vendor_calls_back_about() {
    let about = |vendor: &str| match vendor {
        "decentro" => vec![Operation::BankVerify, Operation::MobileAccount, Operation::CkycUpload],
        _ => vec![Operation::BankVerify],
    };
    let bodies = [(&DECENTRO, decentro(&json!({ "event": null, "status": "SUCCESS" }))), (&CASHFREE, cashfree(&json!({})))];
    for (account, mut body) in bodies {
        body.as_object_mut().unwrap().remove("event_type");
        for row in OPERATIONS.iter().filter(|row| !about(account.vendor()).contains(&row.operation)) {
            let reading = callback::read(account, row.operation, None, body.to_string().as_bytes());
            assert!(!matches!(reading, Reading::Final(_)), "{} {}", account.vendor(), row.name);
        }
    }
}
