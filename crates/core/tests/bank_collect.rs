//! Reverse penny drop (document 003 section 3.5) at Setu and Cashfree: what goes out, what a link, a yes and a no need, and what is told to whom.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use serde_json::{Value, json};
use toran_core::http::{Exchange, HttpResponse, Method};
use toran_core::keys::{self, Action, Outcome};
use toran_core::operations::{Answer, Audience, Clue, Finding, Operation, Request};
use toran_core::secret::Secret;
use toran_core::vendors::{Account, Call, CallKind, Reading, Step, callback, step};

const WIRE: &str = "00112233445566778899aabbccddeeffffeeddccbbaa9988776655443322110001";
/// The same in Cashfree's alphabet.
const OURS: &str = "aaisem2ekvthpcezvk54zxpo77765xomxovjtcab";
const ID: &str = "1b740e7a-5a81-4b88-ad43-110a08935286";
const VENDORS: [&str; 2] = ["setu", "cashfree"];

fn asked(name: &str) -> Request {
    let body = json!({ "reference_id": "RPD_0001", "name": name });
    Request::parse(Operation::BankCollect, body.as_object().unwrap()).unwrap_or_else(|problem| panic!("{problem:?}"))
}

fn call(vendor: &'static str, kind: CallKind) -> Call {
    let clue = (kind == CallKind::Status && vendor == "setu").then(|| Clue(ID.into()));
    Call { clue, ..Call::new(kind, Account::common(vendor), WIRE.into()) }
}

fn setting(name: &str) -> Option<String> {
    Some(if name.ends_with("_URL") { "https://vendor.example".into() } else { format!("{name}-value") }).filter(|_| {
        ["SETU_", "CASHFREE_"].iter().any(|vendor| name.starts_with(vendor))
            && ["_URL", "_ID", "_SECRET"].iter().any(|end| name.ends_with(end))
            && !name.contains("EGRESS")
    })
}

fn read(name: &str, call: &Call, status: u16, body: &Value) -> Reading {
    let exchange = Exchange::Answered(HttpResponse { status, retry_after: None, body: Secret::new(body.to_string().into_bytes()) });
    match step(call, &asked(name), &[exchange], &setting, 0) {
        Step::Read(reading) => reading,
        Step::Send(_) => panic!("one request is enough"),
    }
}

/// Of each vendor a link, as its pages show it.
fn link(vendor: &str) -> (u16, Value) {
    let (status, text) = match vendor {
        "setu" => (201, include_str!("../src/vendors/setu/fixtures/created.json")),
        _ => (200, include_str!("../src/vendors/cashfree/fixtures/payment_link.json")),
    };
    (status, serde_json::from_str(text).unwrap())
}

/// What the look-up says of a payment by this person.
fn paid(vendor: &str, holder: &str, kind: &str, account_type: &str) -> Value {
    match vendor {
        "setu" => json!({
            "id": ID, "status": "BAV_REVERSE_PENNY_DROP_PAYMENT_SUCCESSFUL", "data": {
                "accountType": kind, "bankAccountType": account_type, "bankAccountIfsc": "SBIN0000539", "bankAccountName": holder,
                "bankAccountNumber": "9009120939129", "payerVpa": "customer@vpa",
            },
        }),
        _ => json!({
            "verification_id": OURS, "ref_id": "3905", "status": "SUCCESS", "bank_account": "9009120939129", "ifsc": "SBIN0000539",
            "name_at_bank": holder, "upi": "customer@vpa", "utr": "334512345678", "account_type": account_type,
        }),
    }
}

fn found(reading: Reading) -> Finding {
    match reading {
        Reading::Final(finding) => *finding,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_customers_name_never_goes_out_and_the_requests_are_the_references() {
    for (vendor, path, body) in [
        ("setu", "/api/verify/ban/reverse", json!({ "additionalData": { "reference": WIRE } })),
        ("cashfree", "/reverse-penny-drop", json!({ "verification_id": OURS })),
    ] {
        let Step::Send(sent) = step(&call(vendor, CallKind::Post), &asked("RAHUL SHARMA"), &[], &setting, 0) else { panic!("{vendor}") };
        let told: Value = serde_json::from_str(sent.body.as_ref().unwrap().expose()).unwrap();
        assert_eq!((sent.method, sent.url.as_str(), told), (Method::Post, format!("https://vendor.example{path}").as_str(), body));
        let headers: Vec<_> = sent.headers.iter().map(|(name, _)| *name).collect();
        assert!(headers.starts_with(&["x-client-id", "x-client-secret"]), "{headers:?}");
    }
    for (vendor, address) in
        [("setu", format!("/api/verify/ban/reverse/{ID}")), ("cashfree", format!("/remitter/status?verification_id={OURS}"))]
    {
        let Step::Send(sent) = step(&call(vendor, CallKind::Status), &asked("RAHUL SHARMA"), &[], &setting, 0) else { panic!("{vendor}") };
        assert_eq!((sent.method, sent.url, sent.body.is_none()), (Method::Get, format!("https://vendor.example{address}"), true));
    }
}

#[test]
fn setus_id_goes_into_an_address_only_where_it_is_one() {
    for id in ["", "../other", "a/b", "a?b", "a b"] {
        let call = Call { clue: Some(Clue(id.into())), ..call("setu", CallKind::Status) };
        assert!(matches!(step(&call, &asked("RAHUL SHARMA"), &[], &setting, 0), Step::Read(Reading::Unknown { .. })), "{id}");
    }
}

#[test]
fn a_link_needs_its_marks() {
    for vendor in VENDORS {
        let (status, body) = link(vendor);
        let reading = read("RAHUL SHARMA", &call(vendor, CallKind::Post), status, &body);
        let Reading::Offered(offer) = reading else { panic!("{vendor}: {reading:?}") };
        assert!(offer.vendor.transaction_id.is_some() && offer.expires_at.is_some(), "{offer:?}");
        for name in ["id", "status", "upiLink", "ref_id", "upi_link"].iter().filter(|name| body.get(**name).is_some()) {
            let mut without = body.clone();
            without.as_object_mut().unwrap().remove(*name);
            let reading = read("RAHUL SHARMA", &call(vendor, CallKind::Post), status, &without);
            assert!(matches!(reading, Reading::Ended { .. }), "{vendor} without {name}: {reading:?}");
        }
        for (field, value) in
            [("upiLink", "upi://pay?pa=a@b&am=100.00"), ("upi_link", "upi://pay?pa=a@b&am=100.00"), ("verification_id", "other")]
        {
            if body.get(field).is_some() {
                let mut changed = body.clone();
                changed[field] = value.into();
                let reading = read("RAHUL SHARMA", &call(vendor, CallKind::Post), status, &changed);
                assert!(matches!(reading, Reading::Ended { .. }), "{vendor} {field}: {reading:?}");
            }
        }
    }
}

#[test]
fn what_may_have_made_a_link_is_unknown_and_what_certainly_did_not_is_not() {
    for vendor in VENDORS {
        let came = |exchange: Exchange| match step(&call(vendor, CallKind::Post), &asked("RAHUL SHARMA"), &[exchange], &setting, 0) {
            Step::Read(reading) => reading,
            Step::Send(_) => panic!("one request is enough"),
        };
        assert!(matches!(came(Exchange::TimedOut), Reading::Unknown { refused_us: None, .. }));
        assert!(matches!(came(Exchange::Broken), Reading::Unknown { refused_us: None, .. }));
        assert!(matches!(came(Exchange::NotSent), Reading::Ended { refused_us: None, .. }));
        let says = |status: u16| read("RAHUL SHARMA", &call(vendor, CallKind::Post), status, &json!({}));
        assert!([401, 403, 400].iter().all(|status| matches!(says(*status), Reading::Ended { refused_us: Some(_), .. })), "{vendor}");
        assert!([429, 500, 502, 503].iter().all(|status| matches!(says(*status), Reading::Trouble { .. })), "{vendor}");
    }
    let used = json!({ "type": "validation_error", "code": "verification_id_already_exists" });
    assert!(
        matches!(read("RAHUL SHARMA", &call("cashfree", CallKind::Post), 409, &used), Reading::Unknown { .. }),
        "its link cannot be seen any more"
    );
}

#[test]
fn the_payments_of_the_vendors_pages_are_read() {
    for (vendor, text) in [
        ("setu", include_str!("../src/vendors/setu/fixtures/paid.json")),
        ("cashfree", include_str!("../src/vendors/cashfree/fixtures/payment.json")),
    ] {
        let finding = found(read("Rahul Sharma", &call(vendor, CallKind::Status), 200, &serde_json::from_str(text).unwrap()));
        assert_eq!((finding.action, finding.data["account_number"].as_str()), (Action::Proceed, Some("9009120939129")), "{vendor}");
    }
}

#[test]
fn a_payment_is_judged_like_a_penny_drop() {
    for vendor in VENDORS {
        for (customer, holder, account_type, expected) in [
            ("RAHUL SHARMA", "RAHUL SHARMA", "SAVINGS", (Outcome::Verified, Action::Proceed, keys::SUCCESS_BANK_ACCOUNT)),
            ("RAHUL SHARMA", "R SHARMA", "SAVINGS", (Outcome::Verified, Action::Review, keys::SUCCESS_BANK_ACCOUNT)),
            ("RAHUL SHARMA", "ANANYA BHAT", "SAVINGS", (Outcome::Negative, Action::Reject, keys::FAILURE_BANK_ACCOUNT_NO_MATCH)),
            ("RAHUL SHARMA", "RAHUL SHARMA", "NRE", (Outcome::Verified, Action::Review, keys::SUCCESS_BANK_ACCOUNT)),
        ] {
            let finding = found(read(customer, &call(vendor, CallKind::Status), 200, &paid(vendor, holder, "BANK_ACCOUNT", account_type)));
            assert_eq!((finding.outcome, finding.action, finding.key.as_ref()), expected, "{vendor} {holder} {account_type}");
            assert_eq!(finding.data == json!({}), expected.0 == Outcome::Negative, "of somebody else nothing is told");
            assert_eq!(finding.record["bank_verify_status"], "Success", "the rupee came");
        }
    }
}

#[test]
fn the_account_that_paid_is_told_in_the_documents_fields_and_masked_for_a_browser() {
    let finding = found(read("RAHUL SHARMA", &call("cashfree", CallKind::Status), 200, &paid("cashfree", "RAHUL SHARMA", "", "SAVINGS")));
    let expected = json!({
        "transaction_status": "Success", "payment_mode": "UPI", "beneficiary_name": "RAHUL SHARMA", "account_number": "9009120939129", "ifsc": "SBIN0000539",
        "utr": "334512345678", "upi_vpa": "customer@vpa", "account_type": "SAVINGS", "account_status": "Valid", "validation_type": "Reverse Penny Drop",
        "name_match_score": 100, "name_match_result": "FULL_MATCH",
    });
    assert_eq!(finding.data, expected);
    let answer = Answer {
        reference_id: "RPD_0001".into(),
        operation: Operation::BankCollect,
        finding,
        checked_at: 0,
        next_check_at: None,
        cost: 150,
    };
    let browser = answer.to_json("chk_1", Audience::Browser);
    for personal in ["RAHUL", "9009120939129", "334512345678", "customer@vpa"] {
        assert!(!browser.contains(personal), "{personal}: {browser}");
    }
    assert!(browser.contains("XXXXXX9129") && browser.contains("c***@vpa") && browser.contains("Reverse Penny Drop"), "{browser}");
}

#[test]
fn a_wallet_is_no_bank_account_and_an_unlisted_branch_is_for_review() {
    let notes = |finding: &Finding| finding.notes.iter().map(|note| note.code.to_string()).collect::<Vec<_>>();
    let wallet = found(read("RAHUL SHARMA", &call("setu", CallKind::Status), 200, &paid("setu", "RAHUL SHARMA", "PPI", "SAVINGS")));
    assert_eq!((wallet.outcome, notes(&wallet)), (Outcome::Negative, vec!["pay_from_bank_account".to_owned()]));
    let unlisted = found(read("RAHUL SHARMA", &call("setu", CallKind::Status), 200, &paid("setu", "RAHUL SHARMA", "UNKNOWN", "SAVINGS")));
    assert_eq!((unlisted.outcome, unlisted.action), (Outcome::Verified, Action::Review));
    assert!(notes(&unlisted).contains(&"ifsc_not_listed".to_owned()));
}

#[test]
fn a_link_that_expired_or_failed_leads_to_the_penny_drop() {
    for (vendor, status, key) in [
        ("setu", "BAV_REVERSE_PENNY_DROP_EXPIRED", keys::FAILURE_PAYMENT_EXPIRED),
        ("setu", "BAV_REVERSE_PENNY_DROP_PAYMENT_FAILED", keys::FAILURE_PAYMENT_FAILED),
        ("setu", "BAV_REVERSE_PENNY_DROP_FAILED", keys::FAILURE_PAYMENT_FAILED),
        ("cashfree", "EXPIRED", keys::FAILURE_PAYMENT_EXPIRED),
        ("cashfree", "FAILURE", keys::FAILURE_PAYMENT_FAILED),
    ] {
        let body = json!({ "id": ID, "status": status, "data": null });
        let finding = found(read("RAHUL SHARMA", &call(vendor, CallKind::Status), 200, &body));
        assert_eq!((finding.outcome, finding.action, finding.key.as_ref()), (Outcome::Negative, Action::Retry, key), "{status}");
        assert_eq!(finding.notes.iter().map(|note| note.code.as_ref()).collect::<Vec<_>>(), ["use_penny_drop"]);
        let mut contradicted = paid(vendor, "RAHUL SHARMA", "BANK_ACCOUNT", "SAVINGS");
        contradicted["status"] = status.into();
        let reading = read("RAHUL SHARMA", &call(vendor, CallKind::Status), 200, &contradicted);
        assert!(matches!(reading, Reading::Unknown { .. }), "{status}: over, and an account all the same: {reading:?}");
    }
}

#[test]
fn nothing_else_ends_a_payment() {
    for vendor in VENDORS {
        let status = |status: u16, body: &Value| read("RAHUL SHARMA", &call(vendor, CallKind::Status), status, body);
        let yes = paid(vendor, "RAHUL SHARMA", "BANK_ACCOUNT", "SAVINGS");
        for code in [201, 202, 400, 401, 404, 500] {
            assert!(matches!(status(code, &yes), Reading::Unknown { .. }), "{vendor} {code}");
        }
        for (pointer, value) in [
            ("/id", json!("other")),
            ("/verification_id", json!("other")),
            ("/status", json!("PAID")),
            ("/data/bankAccountNumber", json!(null)),
            ("/bank_account", json!("")),
        ] {
            let mut changed = yes.clone();
            if let Some(place) = changed.pointer_mut(pointer) {
                *place = value;
                assert!(matches!(status(200, &changed), Reading::Unknown { .. }), "{vendor} {pointer}");
            }
        }
    }
}

fn notified(vendor: &str, is_paid: bool) -> Value {
    let yes = paid(vendor, "RAHUL SHARMA", "BANK_ACCOUNT", "SAVINGS");
    match (vendor, is_paid) {
        ("setu", _) => {
            let error = json!({ "code": "BAV_REVERSE_PENNY_DROP_EXPIRED", "detail": "Expired or failed" });
            let mut rpd = json!({ "success": is_paid, "id": ID, "data": null, "additionalData": { "reference": WIRE } });
            if is_paid {
                rpd["data"] = yes["data"].clone();
            } else {
                rpd["error"] = error;
            }
            json!({ "event": "RPD_VERIFICATION_UPDATE", "timeStamp": "2021-11-12T00:12:29+05:30", "data": { "rpd": rpd } })
        }
        (_, true) => json!({ "event_type": "RPD_BANK_ACCOUNT_VERIFICATION_SUCCESS", "version": "v1", "data": yes }),
        (_, false) => {
            let data = json!({ "verification_id": OURS, "ref_id": "3905", "status": "EXPIRED" });
            json!({ "event_type": "RPD_BANK_ACCOUNT_VERIFICATION_EXPIRED", "version": "v1", "data": data })
        }
    }
}

#[test]
fn a_callback_says_what_a_look_up_says_and_only_of_a_payment() {
    for vendor in VENDORS {
        let account = Account::common(vendor);
        for (is_paid, key) in [(true, keys::SUCCESS_BANK_ACCOUNT), (false, keys::FAILURE_PAYMENT_EXPIRED)] {
            let body = notified(vendor, is_paid);
            let heard =
                callback::heard(&account, body.to_string().as_bytes(), &toran_core::seal::Index::from_hex(&"33".repeat(32)).unwrap());
            assert_eq!(heard.map(|heard| heard.attempt), Some(1), "{vendor}: it names our request");
            let request = asked("RAHUL SHARMA");
            let read = |operation, request: Option<&Request>, body: &Value| {
                callback::read(&account, operation, request, body.to_string().as_bytes())
            };
            let finding = found(read(Operation::BankCollect, Some(&request), &body));
            assert_eq!(finding.key, key, "{vendor}");
            assert_eq!(finding.data["account_number"] == "9009120939129", is_paid);
            let later = found(read(Operation::BankCollect, None, &body));
            assert_eq!((later.key.as_ref(), later.data), (key, json!({})), "without the request its yes or no counts");
            assert!(matches!(read(Operation::BankVerify, None, &body), Reading::Unknown { .. }), "{vendor}: not of a penny drop");
            let mut other = body.clone();
            other[if vendor == "setu" { "event" } else { "event_type" }] = "BANK_ACCOUNT_VERIFICATION_SUCCESS".into();
            assert!(matches!(read(Operation::BankCollect, Some(&request), &other), Reading::Unknown { .. }), "{vendor}: another event");
        }
    }
}

#[test]
fn a_notification_of_setus_without_our_reference_names_nothing_of_ours() {
    let mut body = notified("setu", false);
    body["data"]["rpd"].as_object_mut().unwrap().remove("additionalData");
    let index = toran_core::seal::Index::from_hex(&"33".repeat(32)).unwrap();
    assert!(callback::heard(&Account::common("setu"), body.to_string().as_bytes(), &index).is_none());
}
