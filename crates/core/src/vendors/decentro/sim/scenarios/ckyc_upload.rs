//! What to send for each HTTP status and code of document 003 section 6.6 at CKYC upload, for what the document does not show, and for faults.

use serde_json::{Value, json};

use super::rows;
use crate::keys::{Outcome, Row};
use crate::operations::Operation;
use crate::vendors::decentro::sim::ckyc_upload::{EXTRAS, FAULTED, Fate, TABLES};
use crate::vendors::decentro::sim::pan;
use crate::vendors::decentro::sim::registry::PICTURE;
use crate::vendors::sim::{Expect, FRESH, Scenario, set};

/// The faults after which the record is taken all the same, or is with the next try.
const FAULTS: &[&str] = &[
    "drop_request",
    "drop_response",
    "reset",
    "empty",
    "truncate",
    "garble",
    "html",
    "oversize",
    "wrong_type",
    "redirect",
    "status_500",
    "status_503",
];

pub(super) fn all() -> impl Iterator<Item = Scenario> {
    let by_row =
        rows(Operation::CkycUpload, TABLES, &uploaded(), |group, name, mark, row, _| upload(group, name, &pan::number_of(mark, row)));
    let by_row = by_row.map(|scenario| Scenario { expect: scenario.covers.map_or_else(uploaded, row_expect), ..scenario });
    let review = Expect::outcome(Outcome::Pending, "pending_review").vendor("error_invalid_payload");
    let faulted = Scenario { expect: review, ..upload("case", "field_errors", FAULTED) };
    by_row.chain(extras()).chain([faulted]).chain(faults())
}

/// Accepted at once; what counts is how it ends.
fn upload(group: &str, name: &str, number: &str) -> Scenario {
    let operation = Operation::CkycUpload;
    let id = format!("{}.{group}.{name}", operation.row().name);
    Scenario { poll: true, ..Scenario::new(id, operation, record(number), uploaded()) }
}

fn uploaded() -> Expect {
    Expect::outcome(Outcome::Verified, "success_ckyc_upload").vendor("S00000")
}

/// The record was asked for: the last answer is a download's, which has no code.
fn found() -> Expect {
    Expect::outcome(Outcome::Verified, "success_ckyc_upload")
}

fn row_expect(row: &'static Row) -> Expect {
    let review = Expect::outcome(Outcome::Pending, "pending_review");
    match Fate::of(row) {
        Fate::Taken | Fate::Later => uploaded(),
        Fate::Hidden => found(),
        Fate::Never if row.key.starts_with('E') => review.vendor(row.key),
        Fate::Never => review,
    }
}

fn extras() -> impl Iterator<Item = Scenario> {
    EXTRAS.iter().map(|extra| {
        let expect = match extra.name {
            "as_sampled_without_code" | "number_comes_later" | "pending" | "success_with_an_unknown_code" => found(),
            _ => uploaded(),
        };
        Scenario { expect, ..upload("case", extra.name, extra.number) }
    })
}

fn faults() -> impl Iterator<Item = Scenario> {
    FAULTS.iter().enumerate().map(|(index, fault)| {
        let name = Operation::CkycUpload.row().name;
        let setup = match fault.strip_prefix("status_").and_then(|status| status.parse::<u16>().ok()) {
            Some(status) => json!({ "operation": name, "times": 2, "fault": "status", "status": status }),
            None => json!({ "operation": name, "times": 1, "fault": fault }),
        };
        let undone = matches!(*fault, "drop_request" | "reset" | "redirect" | "status_500" | "status_503");
        let expect = if undone { uploaded() } else { found() };
        Scenario { setup: vec![setup], expect, ..upload("fault", fault, &pan::number_of('F', index)) }
    })
}

/// Document 003 section 4.3's sample, under another PAN.
fn record(number: &str) -> Value {
    let address = json!({
        "line1": "123, MG Road", "line2": "Sector 5", "line3": "", "city": "Gurgaon", "district": "Gurgaon", "state": "06", "pincode": "122001",
        "country": "IN", "address_type": "01",
    });
    let record = json!({
        "reference_id": FRESH,
        "verifier": { "name": "COMPLIANCE OFFICER", "designation": "Compliance Officer", "employee_code": "EMP001", "place": "Mumbai", "date": "13-02-2026" },
        "individual_record": {
            "prefix": "Mr", "first_name": "RAHUL", "middle_name": "", "last_name": "SHARMA", "fathers_full_name": "SURESH SHARMA",
            "mothers_full_name": "SUNITA SHARMA", "spouse_full_name": "", "date_of_birth": "01-01-1990", "gender": "M", "marital_status": "01",
            "nationality": "IN", "residential_status": "01", "occupation": "02", "mobile_code": "91", "mobile": "9876543210", "email": "rahul.sharma@example.com",
        },
        "disability_info": { "is_disabled": false },
        "current_address": address, "permanent_address": address,
        "poa": { "document_type": "01", "document_number": "XXXX1234" },
        "kyc_verification_details": { "verification_type": "C", "verification_date": "13-02-2026", "verification_place": "Mumbai" },
        "documents": [{ "type": "PHOTO", "format": "JPEG", "data": PICTURE }, { "type": "POA", "format": "PDF", "data": PICTURE }],
    });
    set(record, "ids", json!([{ "id_type": "PAN", "id_number": number }, { "id_type": "AADHAAR", "id_number": "XXXX-XXXX-1234" }]))
}
