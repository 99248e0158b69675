//! What to send for each row of document 000, for what its table does not show, for each kind of document, and for faults.

use serde_json::{Value, json};

use super::extra_expect;
use crate::keys::{self, Meaning, Outcome, Row, Source};
use crate::operations::Operation;
use crate::vendors::decentro::sim::customer_prefill::{self, SUCCESS};
use crate::vendors::decentro::sim::name_of;
use crate::vendors::sim::{Expect, FRESH, Scenario, read_faults, set, without};

pub(super) fn all() -> impl Iterator<Item = Scenario> {
    rows().chain(extras()).chain(documents()).chain([another_person()]).chain(faults())
}

fn request(number: &str) -> Value {
    json!({
        "reference_id": FRESH, "consent": true, "consent_purpose": "Onboarding of a new customer", "name": name_of(number), "mobile": number,
        "inquiry_purpose": "PL",
    })
}

fn prefill(group: &str, name: &str, number: &str, expect: Expect) -> Scenario {
    let operation = Operation::CustomerPrefill;
    Scenario::new(format!("{}.{group}.{name}", operation.row().name), operation, request(number), expect)
}

fn found() -> Expect {
    Expect::outcome(Outcome::Verified, SUCCESS).vendor(SUCCESS)
}

fn rows() -> impl Iterator<Item = Scenario> {
    keys::rows_of(Source::D000).enumerate().flat_map(|(index, row)| {
        let name = format!("{index:02}_{}", row.key);
        let refused_here = (row.meaning == Meaning::Input).then(|| input_fault(&name, row));
        let expect = Expect::of_row(row).vendor(row.key);
        let from_the_vendor = Scenario { covers: Some(row), ..prefill("row", &name, &customer_prefill::number_of(index), expect) };
        refused_here.into_iter().chain([from_the_vendor])
    })
}

/// The gateway refuses the input itself, before any vendor.
fn input_fault(name: &str, row: &'static Row) -> Scenario {
    let request = request("9862000098");
    let request = match row.key {
        "error_empty_consent" => without(request, "consent"),
        "error_invalid_consent" => set(request, "consent", "Y".into()),
        "error_false_consent" => set(request, "consent", false.into()),
        "error_unsanitized_values" => set(request, "name", "Rahul O'Sharma".into()),
        "error_empty_name" => set(request, "name", "".into()),
        "error_empty_mobile" => without(request, "mobile"),
        _ => set(request, "no_such_field", true.into()),
    };
    let expect = Expect { status: row.http_status(), ..Expect::problem(row.key) };
    Scenario { request, covers: Some(row), ..prefill("input", name, "", expect) }
}

fn extras() -> impl Iterator<Item = Scenario> {
    customer_prefill::EXTRAS.iter().map(|extra| prefill("case", extra.name, extra.number, extra_expect(extra.answers, extra.vendor_key())))
}

/// By an ID document in place of the mobile number.
fn documents() -> impl Iterator<Item = Scenario> {
    let documents = [
        ("Aadhaar", "234123412346"),
        ("Driving_License", "MH12 20110012345"),
        ("PAN", "ABCPE1234F"),
        ("Passport", "Z1234567"),
        ("VoterID", "ABC1234566"),
    ];
    documents.into_iter().map(|(document_type, number)| {
        let request = set(without(request(number), "mobile"), "document_type", document_type.into());
        let scenario = prefill("document", &document_type.to_ascii_lowercase(), "", found());
        Scenario { request: set(request, "id_number", number.into()), ..scenario }
    })
}

/// The number is somebody's of another name.
fn another_person() -> Scenario {
    let scenario = prefill("case", "another_person", "9861000040", found());
    Scenario { request: set(scenario.request, "name", "Rahul Sharma".into()), ..scenario }
}

fn faults() -> impl Iterator<Item = Scenario> {
    read_faults(Operation::CustomerPrefill, &found(), |name, index, expect| prefill("fault", name, &format!("98620000{index:02}"), expect))
}
