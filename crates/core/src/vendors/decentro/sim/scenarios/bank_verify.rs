//! What to send for each band of document 003 section 3.2, for what its table does not show, for each validation type, and for faults.

use serde_json::{Value, json};

use crate::keys::{self, Outcome, Row, Source};
use crate::operations::Operation;
use crate::vendors::decentro::sim::bank::{self, BRANCH};
use crate::vendors::sim::{Expect, FRESH, Scenario, read_faults, set, without};

pub(super) fn all() -> impl Iterator<Item = Scenario> {
    bands().chain(extras()).chain(penniless()).chain(forms()).chain(inputs()).chain(faults()).chain(penniless_faults())
}

fn request((number, ifsc): (&str, &str)) -> Value {
    json!({
        "reference_id": FRESH, "purpose_message": "KYC Bank Verification",
        "beneficiary_details": { "account_number": number, "ifsc": ifsc, "name": "RAHUL SHARMA" },
        "transfer_amount": 1, "validation_type": "pennydrop", "perform_name_match": true,
    })
}

fn bank(group: &str, name: &str, account: (&str, &str), expect: Expect) -> Scenario {
    let operation = Operation::BankVerify;
    Scenario::new(format!("{}.{group}.{name}", operation.row().name), operation, request(account), expect)
}

/// The same without a rupee. The document's request for it has no amount.
fn without_a_rupee(scenario: Scenario) -> Scenario {
    let request = set(without(scenario.request, "transfer_amount"), "validation_type", "penniless".into());
    Scenario { request, ..scenario }
}

fn alive() -> Expect {
    Expect::outcome(Outcome::Verified, "success_bank_account")
}

fn expect(key: &str) -> Expect {
    let outcome = keys::rows().find(|row| row.key == key).and_then(Row::outcome);
    outcome.map_or_else(|| Expect::problem(key), |outcome| Expect::outcome(outcome, key))
}

/// Each band by each validation type.
fn bands() -> impl Iterator<Item = Scenario> {
    keys::rows_of(Source::D003_NAME_MATCH).enumerate().flat_map(|(index, row)| {
        let number = bank::number_of(index);
        let band = |group: &str| Scenario { covers: Some(row), ..bank(group, row.key, (&number, BRANCH), Expect::of_row(row)) };
        let hybrid = band("hybrid");
        let hybrid = Scenario { request: set(hybrid.request, "validation_type", "hybrid".into()), ..hybrid };
        [band("band"), without_a_rupee(band("penniless")), hybrid]
    })
}

fn extras() -> impl Iterator<Item = Scenario> {
    bank::EXTRAS.iter().map(|extra| {
        let waits_for_ever = extra.script.pending == u32::MAX;
        let expect = expect(extra.answers);
        let expect = Expect { vendor_key: extra.vendor_key().filter(|_| !extra.later), ..expect };
        Scenario { poll: extra.later && !waits_for_ever, ..bank("case", extra.name, extra.account, expect) }
    })
}

/// What ends otherwise where nothing can be looked up.
fn penniless() -> impl Iterator<Item = Scenario> {
    [
        ("invalid", "9610000001", expect("failure_bank_account_invalid").vendor("E00001")),
        ("closed", "9610000002", expect("failure_bank_account_closed").vendor("E00001")),
        ("neither_score_nor_result", "9610000011", alive()),
        ("general_error", "9611000005", expect("error_unexpected_response").vendor("E00001")),
        ("source_timeout", "9611000007", expect("error_source_timeout").vendor("E00003")),
        ("pending", "9611000001", expect("error_unexpected_response")),
        ("newer_nre", "9612000007", expect("failure_bank_account_unknown_status")),
        ("newer_inconclusive", "9612000008", expect("failure_bank_account_unknown_status")),
        ("newer_valid_without_a_transaction", "9612000006", expect("error_unexpected_response")),
        ("success_in_a_failure", "9613000001", expect("error_unexpected_response").vendor("E00001")),
    ]
    .into_iter()
    .map(|(name, number, expect)| without_a_rupee(bank("penniless", name, (number, BRANCH), expect)))
}

/// Forms of one request.
fn forms() -> impl Iterator<Item = Scenario> {
    let changed = |name: &str, number: &str, change: fn(Value) -> Value| {
        let scenario = bank("form", name, (number, BRANCH), alive());
        Scenario { request: change(scenario.request), ..scenario }
    };
    let named = |request: Value, name: &str| {
        let details = request.get("beneficiary_details").cloned().unwrap_or_default();
        set(request, "beneficiary_details", set(details, "name", name.into()))
    };
    let company = bank("form", "company", ("9614000004", BRANCH), alive());
    let company = Scenario { request: named(company.request, "M/S. ACME TECH & SONS (P) LTD."), ..company };
    [
        changed("defaults", "9614000001", |request| {
            ["transfer_amount", "perform_name_match"].iter().fold(request, |request, field| without(request, field))
        }),
        changed("without_a_name_match", "9614000002", |request| set(request, "perform_name_match", false.into())),
        changed("amount_with_decimals", "9614000003", |request| set(request, "transfer_amount", json!(1.0))),
        company,
    ]
    .into_iter()
}

/// The gateway refuses the input itself, before any vendor.
fn inputs() -> impl Iterator<Item = Scenario> {
    let faulty = |name: &str, field: &str, value: Value, key: &str| {
        let expect = Expect { status: 400, ..Expect::problem(key) };
        let scenario = bank("input", name, ("9614000000", BRANCH), expect);
        Scenario { request: set(scenario.request, field, value), ..scenario }
    };
    [
        faulty("no_validation_type", "validation_type", Value::Null, "error_validation_type_missing"),
        faulty("reverse_pennydrop", "validation_type", "reverse_pennydrop".into(), "error_validation_type_value"),
        faulty("another_amount", "transfer_amount", json!(2), "error_transfer_amount_value"),
        faulty("short_purpose", "purpose_message", "KYC".into(), "error_purpose_message_length"),
        faulty("unsanitized_purpose", "purpose_message", "KYC: Verification!".into(), keys::UNSANITIZED_VALUES),
        faulty("no_beneficiary", "beneficiary_details", Value::Null, "error_beneficiary_details_missing"),
        faulty(
            "bad_account",
            "beneficiary_details",
            json!({ "account_number": "12AB", "ifsc": "SBIN", "name": "7" }),
            "error_account_number_length",
        ),
    ]
    .into_iter()
}

/// Faults after which the work is done all the same: the status lookup finds it out.
fn faults() -> impl Iterator<Item = Scenario> {
    let name = Operation::BankVerify.row().name;
    let fault = move |fault: &str| json!({ "operation": name, "times": 1, "fault": fault });
    let faults = ["drop_response", "empty", "truncate", "garble", "html", "oversize", "wrong_type"];
    let lost = faults.into_iter().enumerate().map(move |(index, lost)| {
        let number = format!("96150000{index:02}");
        Scenario { setup: vec![fault(lost)], poll: true, ..bank("fault", lost, (&number, BRANCH), alive()) }
    });
    let garbled = json!({ "operation": name, "kind": "status", "times": 1, "fault": "garble" });
    let twice = Scenario {
        setup: vec![fault("drop_response"), garbled],
        poll: true,
        ..bank("fault", "lost_answer_and_garbled_lookup", ("9615000010", BRANCH), alive())
    };
    let slow = json!({ "operation": name, "times": 1, "fault": "delay", "ms": 500 });
    lost.chain([twice, Scenario { setup: vec![slow], ..bank("fault", "delay", ("9615000011", BRANCH), alive()) }])
}

fn penniless_faults() -> impl Iterator<Item = Scenario> {
    read_faults(Operation::BankVerify, &alive(), |name, index, expect| {
        without_a_rupee(bank("penniless_fault", name, (&format!("96160000{index:02}"), BRANCH), expect))
    })
}
