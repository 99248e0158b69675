//! What to send to the gateway so that this vendor shows everything it can do, and what the gateway then answers (contract section 4).
//!
//! Derived: one scenario per row of document 002, one per entry of the simulation's own, and the identifiers, faults and refused inputs.

use serde_json::{Value, json};

use super::records::{EXTRAS, code_of, number_of};
use crate::keys::{self, Outcome, Row, Source};
use crate::operations::Operation;
use crate::vendors::sim::{Expect, FRESH, Scenario, numbered, read_faults};

/// Every scenario of [`crate::vendors::Vendor::scenarios`].
#[must_use]
pub fn scenarios(seed: &str) -> Vec<Scenario> {
    let faults = read_faults(Operation::PrepaidCustomer, &yes(), |name, index, expect| {
        scenario("fault", name, &json!({ "mobile": format!("98520000{index:02}") }), expect)
    });
    numbered(rows().chain(extras()).chain(identifiers()).chain(faults).chain(inputs()), seed)
}

fn scenario(group: &str, name: &str, identifier: &Value, expect: Expect) -> Scenario {
    let operation = Operation::PrepaidCustomer;
    let mut request = json!({ "reference_id": FRESH });
    if let (Some(request), Some(identifier)) = (request.as_object_mut(), identifier.as_object()) {
        request.extend(identifier.clone());
    }
    Scenario::new(format!("{}.{group}.{name}", operation.row().name), operation, request, expect)
}

fn yes() -> Expect {
    Expect::outcome(Outcome::Verified, "wibmo_00").vendor("00")
}

fn rows() -> impl Iterator<Item = Scenario> {
    keys::rows_of(Source::D002).enumerate().map(|(index, row)| {
        let code = code_of(row);
        let expect = Expect::of_row(row).vendor(code);
        Scenario { covers: Some(row), ..scenario("row", code, &json!({ "mobile": number_of(index) }), expect) }
    })
}

fn extras() -> impl Iterator<Item = Scenario> {
    EXTRAS.iter().map(|extra| {
        let outcome = keys::rows_of(Source::D002).find(|row| row.key == extra.answers).and_then(Row::outcome);
        let expect = outcome.map_or_else(|| Expect::problem(extra.answers), |outcome| Expect::outcome(outcome, extra.answers));
        let expect = Expect { vendor_key: extra.code.map(str::to_owned), ..expect };
        scenario("case", extra.name, &json!({ "mobile": extra.number }), expect)
    })
}

fn identifiers() -> impl Iterator<Item = Scenario> {
    let by = [("mobile", "9876543210"), ("customer_id", "62508test0061"), ("urn", "00000000124"), ("email", "rahul.sharma@example.com")];
    by.into_iter().map(|(field, value)| scenario("by", field, &json!({ field: value }), yes()))
}

/// The gateway refuses the input itself, before any vendor.
fn inputs() -> impl Iterator<Item = Scenario> {
    [
        ("error_mobile_missing", json!({})),
        ("error_mobile_length", json!({ "mobile": "98500" })),
        ("error_mobile_type", json!({ "mobile": 9_850_000_000_u64 })),
        ("error_customer_id_length", json!({ "customer_id": "A".repeat(21) })),
        ("error_urn_format", json!({ "urn": "12A" })),
        ("error_email_format", json!({ "email": "rahul at example.com" })),
        ("error_email_value", json!({ "mobile": "9850000098", "email": "rahul.sharma@example.com" })),
    ]
    .into_iter()
    .map(|(key, identifier)| scenario("input", key, &identifier, Expect::problem(key)))
}
