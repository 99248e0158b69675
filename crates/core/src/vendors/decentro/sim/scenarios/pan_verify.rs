//! What to send for each status letter, HTTP status and code of document 003, each general response key, each holder and document type, and for faults.

use serde_json::{Value, json};

use super::{extra_expect, rows};
use crate::ids::HOLDERS;
use crate::keys::{self, Outcome, Source};
use crate::operations::Operation;
use crate::vendors::decentro::sim::kyc;
use crate::vendors::decentro::sim::pan::{self, Holder, Subject};
use crate::vendors::sim::{Expect, FRESH, Scenario, read_faults, set};

const YES: &str = "success_pan";

pub(super) fn all() -> impl Iterator<Item = Scenario> {
    pan_letters().chain(pan_rows()).chain(pan_extras()).chain(pan_holders()).chain(pan_variants()).chain(pan_faults())
}

fn pan_request(number: &str) -> Value {
    json!({
        "reference_id": FRESH, "document_type": "PAN", "id_number": number, "consent": "Y",
        "purpose": "KYC onboarding for stock broking account",
    })
}

fn pan(group: &str, name: &str, number: &str, expect: Expect) -> Scenario {
    let operation = Operation::PanVerify;
    Scenario::new(format!("{}.{group}.{name}", operation.row().name), operation, pan_request(number), expect)
}

fn valid() -> Expect {
    Expect::outcome(Outcome::Verified, YES).vendor("S00000")
}

fn pan_letters() -> impl Iterator<Item = Scenario> {
    keys::rows_of(Source::D003_PAN_STATUS).enumerate().map(|(index, row)| {
        let number = pan::number_of('L', index);
        let code = if let Subject::Record(record) = pan::subject_of(&number) { record.code } else { "S00000" };
        Scenario { covers: Some(row), ..pan("letter", row.key, &number, Expect::of_row(row).vendor(code)) }
    })
}

/// What no other vendor offers, so that nobody else is asked where this one refuses us or is down.
fn detailed(scenario: Scenario) -> Scenario {
    Scenario { request: set(scenario.request, "document_type", "PAN_DETAILED".into()), ..scenario }
}

fn pan_rows() -> impl Iterator<Item = Scenario> {
    let by_row = |group: &str, name: &str, mark, row, expect| detailed(pan(group, name, &pan::number_of(mark, row), expect));
    rows(Operation::PanVerify, kyc::TABLES, &valid(), by_row)
}

fn pan_extras() -> impl Iterator<Item = Scenario> {
    pan::EXTRAS.iter().map(|extra| pan("case", extra.name, extra.number, extra_expect(extra.answers, Some(extra.vendor_key()))))
}

/// One holder per fourth letter (section 2.6).
fn pan_holders() -> impl Iterator<Item = Scenario> {
    HOLDERS.iter().map(|holder| {
        let letter = holder.letter;
        pan("holder", &letter.to_string().to_ascii_lowercase(), &format!("AAA{letter}K0001A"), valid())
    })
}

/// The other document types (section 2.4).
fn pan_variants() -> impl Iterator<Item = Scenario> {
    let number = "AAAPV0001A";
    let Holder { name, dob, .. } = Holder::of(number);
    let mismatch = || Expect::outcome(Outcome::Negative, "failure_pan_mismatch").vendor("S00000");
    let comparison = move |case: &str, name: &str, dob: &str, expect: Expect| {
        let request = set(set(pan_request(number), "document_type", "PAN_COMPARE".into()), "name", name.into());
        Scenario { request: set(request, "dob", dob.into()), ..pan("compare", case, number, expect) }
    };
    [
        detailed(pan("detailed", "valid", number, valid())),
        comparison("match", &name, &dob, valid()),
        comparison("another_name", "SOMEBODY ELSE", &dob, mismatch()),
        comparison("another_dob", &name, "01/01/1950", mismatch()),
        comparison("another_name_and_dob", "SOMEBODY ELSE", "01/01/1950", mismatch()),
    ]
    .into_iter()
}

fn pan_faults() -> impl Iterator<Item = Scenario> {
    read_faults(Operation::PanVerify, &valid(), |name, index, expect| {
        detailed(pan("fault", name, &format!("AAAPF{:04}A", index.saturating_add(1)), expect))
    })
}
