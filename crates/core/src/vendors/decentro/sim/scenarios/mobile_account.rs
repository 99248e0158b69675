//! What to send for each row of document 001, for what its table does not show, and for lost answers.

use serde_json::{Value, json};

use crate::keys::{self, Meaning, Outcome, Row, Source};
use crate::operations::Operation;
use crate::vendors::decentro::sim::mobile_account::{self, SUCCESS};
use crate::vendors::sim::{Expect, FRESH, Scenario, set};

pub(super) fn all() -> impl Iterator<Item = Scenario> {
    account_rows().chain(account_extras()).chain(account_faults())
}

fn account_request(number: &str) -> Value {
    json!({ "reference_id": FRESH, "mobile_number": number, "fetch_branch_details": false, "is_consent_granted": true })
}

fn account(group: &str, name: &str, number: &str, expect: Expect) -> Scenario {
    let operation = Operation::MobileAccount;
    Scenario::new(format!("{}.{group}.{name}", operation.row().name), operation, account_request(number), expect)
}

fn found() -> Expect {
    Expect::outcome(Outcome::Verified, SUCCESS).vendor(SUCCESS)
}

fn account_rows() -> impl Iterator<Item = Scenario> {
    keys::rows_of(Source::D001).enumerate().flat_map(|(index, row)| {
        let name = format!("{index:02}_{}", row.key);
        let refused_here = (row.meaning == Meaning::Input).then(|| input_fault(&name, row));
        let limited_here = (row.meaning == Meaning::Velocity).then(|| Scenario {
            repeat: 4,
            covers: Some(row),
            ..account("gateway", &name, "9812000099", Expect::problem(row.key))
        });
        refused_here.into_iter().chain(limited_here).chain([account_row(&name, index, row)])
    })
}

/// The vendor answers with the row.
fn account_row(name: &str, index: usize, row: &'static Row) -> Scenario {
    let scenario = Scenario {
        covers: Some(row),
        poll: matches!(row.meaning, Meaning::Unsettled | Meaning::Landed),
        ..account("row", name, &mobile_account::number_of(index), Expect::of_row(row).vendor(row.key))
    };
    match row.meaning {
        Meaning::Landed => Scenario { expect: found(), ..scenario },
        Meaning::Remark => Scenario {
            expect: Expect { data_key: Some(row.key.into()), ..found() },
            request: set(scenario.request, "fetch_branch_details", true.into()),
            ..scenario
        },
        _ => scenario,
    }
}

/// The gateway refuses the input itself, before any vendor.
fn input_fault(name: &str, row: &'static Row) -> Scenario {
    let request = account_request("9812000098");
    let request = match row.key {
        "error_mobile_number_type_not_string" => set(request, "mobile_number", json!(9_812_000_098_u64)),
        "error_mobile_number_incorrect_string_length" => set(request, "mobile_number", "98120".into()),
        "error_mobile_number_invalid_mobile_format" => set(request, "mobile_number", "1812000098".into()),
        "error_reference_id_missing_or_null" => set(request, "reference_id", Value::Null),
        "error_invalid_reference_id" => set(request, "reference_id", json!(12345)),
        "error_empty_reference_id" => set(request, "reference_id", "".into()),
        "error_invalid_reference_id_length" => set(request, "reference_id", "A".into()),
        "error_fetch_branch_details_type_not_boolean" => set(request, "fetch_branch_details", "true".into()),
        "error_is_consent_granted_type_not_boolean" => set(request, "is_consent_granted", "true".into()),
        "error_unsanitized_values" => set(request, "reference_id", "REF#1".into()),
        _ => set(request, "no_such_field", true.into()),
    };
    let expect = Expect { status: row.http_status(), ..Expect::problem(row.key) };
    Scenario { request, covers: Some(row), ..account("input", name, "", expect) }
}

fn account_extras() -> impl Iterator<Item = Scenario> {
    mobile_account::EXTRAS.iter().map(|extra| {
        let truth = extra.script.truth.and_then(|said| keys::find(Source::D001, said.key, None));
        let waits_for_ever = extra.script.pending == u32::MAX;
        let expect = match truth {
            Some(row) if !waits_for_ever => Expect::of_row(row).vendor(row.key),
            _ => Expect::outcome(Outcome::Pending, "pending_vendor").vendor(mobile_account::LOOKUP_FOUND),
        };
        Scenario { poll: !waits_for_ever, ..account("case", extra.name, extra.number, expect) }
    })
}

/// Faults after which the work is done all the same: the status lookup finds it out.
fn account_faults() -> impl Iterator<Item = Scenario> {
    let faults = ["drop_response", "empty", "truncate", "garble", "html", "oversize", "wrong_type"];
    let lost = faults.into_iter().enumerate().map(|(index, fault)| Scenario {
        setup: vec![json!({ "operation": "mobile.account", "times": 1, "fault": fault })],
        poll: true,
        ..account("fault", fault, &format!("98120000{index:02}"), found())
    });
    let twice = Scenario {
        setup: vec![
            json!({ "operation": "mobile.account", "times": 1, "fault": "drop_response" }),
            json!({ "operation": "mobile.account", "kind": "status", "times": 1, "fault": "garble" }),
        ],
        poll: true,
        ..account("fault", "lost_answer_and_garbled_lookup", "9812000010", found())
    };
    let slow = Scenario {
        setup: vec![json!({ "operation": "mobile.account", "times": 1, "fault": "delay", "ms": 500 })],
        ..account("fault", "delay", "9812000011", found())
    };
    lost.chain([twice, slow])
}
