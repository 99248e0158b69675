//! What to send for each row of Cashfree's tables, for what they do not show, and for faults.

use serde_json::{Value, json};

use super::{bank, pan, payments};
use crate::keys::{self, Outcome, Row, Source};
use crate::operations::Operation;
use crate::vendors::sim::{Expect, FRESH, Scenario, numbered, read_faults, set};

/// Every scenario of [`crate::vendors::Vendor::scenarios`].
#[must_use]
pub fn scenarios(seed: &str) -> Vec<Scenario> {
    let pans = pan_rows().chain(pan_extras()).chain(comparisons()).chain(pan_faults());
    numbered(pans.chain(accounts()).chain(account_extras()).chain(account_faults()).chain(payments::scenarios()), seed)
}

fn scenario(operation: Operation, group: &str, name: &str, request: Value, expect: Expect) -> Scenario {
    Scenario::new(format!("{}.cashfree_{group}.{name}", operation.row().name), operation, request, expect)
}

/// What the gateway makes of a key: an answer or a problem under it.
fn expect(key: &str) -> Expect {
    let outcome = keys::public(key).and_then(Row::outcome);
    outcome.map_or_else(|| Expect::problem(key), |outcome| Expect::outcome(outcome, key))
}

// --- PANs ---

fn pan(group: &str, name: &str, number: &str, expect: Expect) -> Scenario {
    let request = json!({
        "reference_id": FRESH, "document_type": "PAN", "id_number": number, "consent": "Y",
        "purpose": "KYC onboarding for stock broking account",
    });
    scenario(Operation::PanVerify, group, name, request, expect)
}

/// The same as a comparison.
fn compared(scenario: Scenario, name: &str, born: &str) -> Scenario {
    let request = set(set(scenario.request, "document_type", "PAN_COMPARE".into()), "name", name.into());
    Scenario { request: set(request, "dob", born.into()), ..scenario }
}

/// `YYYY-MM-DD` as `DD/MM/YYYY`.
fn indian(date: &str) -> String {
    date.split('-').rev().collect::<Vec<_>>().join("/")
}

fn valid() -> Expect {
    Expect::outcome(Outcome::Verified, "success_pan").vendor("VALID")
}

fn pan_rows() -> impl Iterator<Item = Scenario> {
    let all = pan::TABLES.iter().flat_map(|(source, mark)| keys::rows_of(*source).enumerate().map(|(index, row)| (*mark, index, row)));
    all.map(|(mark, index, row)| {
        let (group, expect) = match row.source {
            Source::CASHFREE_HTTP if row.key == "200" => ("http", valid()),
            Source::CASHFREE_HTTP => ("http", row_expect(row)),
            _ => ("code", row_expect(row).vendor(row.key)),
        };
        Scenario { covers: Some(row), ..pan(group, row.key, &pan::number_of(mark, index), expect) }
    })
}

/// What a read makes of a row of an error: a reference that is taken is used up, and so are all of its tries.
fn row_expect(row: &'static Row) -> Expect {
    if row.meaning == keys::Meaning::Landed { Expect::problem(keys::SOURCE_UNAVAILABLE) } else { Expect::of_row(row) }
}

fn pan_extras() -> impl Iterator<Item = Scenario> {
    pan::EXTRAS.iter().map(|extra| {
        let (name, born) = pan::holder(extra.number);
        let scenario = pan("case", extra.name, extra.number, expect(extra.answers));
        let scenario = if extra.is_lite { compared(scenario, &name, &indian(&born)) } else { scenario };
        let expect = Expect { vendor_key: extra.vendor_key(), ..scenario.expect.clone() };
        Scenario { expect, ..scenario }
    })
}

fn comparisons() -> impl Iterator<Item = Scenario> {
    let number = "CFRPV0001A";
    let (name, born) = pan::holder(number);
    let born = indian(&born);
    let yes = || Expect::outcome(Outcome::Verified, "success_pan").vendor("E");
    let no = || Expect::outcome(Outcome::Negative, "failure_pan_mismatch").vendor("E");
    [
        compared(pan("compare", "match", number, yes()), &name, &born),
        compared(pan("compare", "another_name", number, no()), "SOMEBODY ELSE", &born),
        compared(pan("compare", "another_dob", number, no()), &name, "01/01/1950"),
        pan("holder", "company", "CFRCK0001A", valid()),
        pan("holder", "sample", "ABCPV1234D", valid()),
    ]
    .into_iter()
}

fn pan_faults() -> impl Iterator<Item = Scenario> {
    read_faults(Operation::PanVerify, &valid(), |name, index, expect| {
        pan("fault", name, &format!("CFRPF{:04}A", index.saturating_add(1)), expect)
    })
}

// --- accounts ---

fn account(group: &str, name: &str, number: &str, expect: Expect) -> Scenario {
    let request = json!({
        "reference_id": FRESH, "purpose_message": "KYC Bank Verification",
        "beneficiary_details": { "account_number": number, "ifsc": "SBIN0001077", "name": "RAHUL SHARMA" },
        "transfer_amount": 1, "validation_type": "pennydrop", "perform_name_match": true,
    });
    Scenario { poll: true, ..scenario(Operation::BankVerify, group, name, request, expect) }
}

fn accounts() -> impl Iterator<Item = Scenario> {
    keys::rows_of(Source::CASHFREE_ACCOUNT).enumerate().map(|(index, row)| {
        let scenario = account("code", row.key, &bank::number_of(index), Expect::of_row(row).vendor(row.key));
        let is_open = matches!(row.meaning, keys::Meaning::Pending(_));
        Scenario { covers: Some(row), poll: !is_open, ..scenario }
    })
}

fn account_extras() -> impl Iterator<Item = Scenario> {
    bank::EXTRAS.iter().map(|extra| {
        let expect = Expect { vendor_key: extra.vendor_key(), ..expect(extra.answers) };
        Scenario { poll: !extra.is_open(), ..account("case", extra.name, extra.number, expect) }
    })
}

fn account_faults() -> impl Iterator<Item = Scenario> {
    let name = Operation::BankVerify.row().name;
    let faults = ["drop_response", "empty", "truncate", "garble", "html", "oversize", "wrong_type"];
    let alive = || Expect::outcome(Outcome::Verified, "success_bank_account").vendor("ACCOUNT_IS_VALID");
    faults.into_iter().enumerate().map(move |(index, fault)| {
        let setup = vec![json!({ "operation": name, "times": 1, "fault": fault })];
        Scenario { setup, ..account("fault", fault, &format!("97150000{index:02}"), alive()) }
    })
}
