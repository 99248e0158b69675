//! What to send for each HTTP status and code of document 003 section 6.6 at CKYC search and download, each way to search, each authentication factor,
//! what the document does not show, and for faults.

use serde_json::{Value, json};

use super::{extra_expect, rows};
use crate::keys::{Outcome, RECORD_NOT_FOUND};
use crate::operations::Operation;
use crate::vendors::decentro::sim::{ckyc, kyc, pan};
use crate::vendors::sim::{Expect, FRESH, Scenario, read_faults, set};

const PURPOSE: &str = "KYC verification for stock broking account";

pub(super) fn all() -> impl Iterator<Item = Scenario> {
    searches().chain(downloads())
}

// --- search ---

fn searched() -> Expect {
    Expect::outcome(Outcome::Verified, "success_ckyc_search").vendor("S00000")
}

fn search(group: &str, name: &str, document_type: &str, number: &str, expect: Expect) -> Scenario {
    let operation = Operation::CkycSearch;
    let request = json!({
        "reference_id": FRESH, "document_type": document_type, "id_number": number, "consent": true, "consent_purpose": PURPOSE,
    });
    Scenario::new(format!("{}.{group}.{name}", operation.row().name), operation, request, expect)
}

fn searches() -> impl Iterator<Item = Scenario> {
    let by_row = |group: &str, name: &str, mark, row, expect| search(group, name, "PAN", &pan::number_of(mark, row), expect);
    let by_extra = ckyc::SEARCHES
        .iter()
        .map(|extra| search("case", extra.name, "PAN", extra.subject, extra_expect(extra.answers, extra.vendor_key())));
    let faulty = |name: &str, index: usize, expect| search("fault", name, "PAN", &pan::number_of('F', index), expect);
    rows(Operation::CkycSearch, kyc::TABLES, &searched(), by_row).chain(by_extra).chain(ways_to_search()).chain(read_faults(
        Operation::CkycSearch,
        &searched(),
        faulty,
    ))
}

fn ways_to_search() -> impl Iterator<Item = Scenario> {
    let by = |name: &str, document_type: &str, number: &str| search("by", name, document_type, number, searched());
    let nobody = Expect::outcome(Outcome::Negative, RECORD_NOT_FOUND).vendor("E00021");
    [
        by("pan", "PAN", "ABCPE1234F"),
        by("aadhaar", "Aadhaar", "1234|RAHUL SHARMA|01-01-1990|M"),
        by("aadhaar_of_another_person", "Aadhaar", "1234|PRIYA NAIR|01-01-1990|F"),
        by("passport", "Passport", "K1234567"),
        by("voter_id", "VoterID", "WKH1186253"),
        by("driving_license", "Driving_License", "MH14 20110012345"),
        by("kin", "KIN", "12345678901234"),
        search("by", "pan_without_a_record", "PAN", "AAAPN0001A", nobody),
    ]
    .into_iter()
}

// --- download ---

fn downloaded() -> Expect {
    Expect::outcome(Outcome::Verified, "success_ckyc_download")
}

fn download(group: &str, name: &str, id: &str, expect: Expect) -> Scenario {
    let operation = Operation::CkycDownload;
    let request = json!({ "reference_id": FRESH, "ckyc_id": id, "consent": true, "consent_purpose": PURPOSE });
    Scenario::new(format!("{}.{group}.{name}", operation.row().name), operation, request, expect)
}

fn downloads() -> impl Iterator<Item = Scenario> {
    let by_row = |group: &str, name: &str, mark, row, expect| download(group, name, &ckyc::id_of(mark, row), expect);
    let by_extra = ckyc::DOWNLOADS.iter().map(|extra| {
        let expect = extra_expect(extra.answers, extra.vendor_key());
        download("case", extra.name, &format!("$XXXX{}$", extra.subject), expect)
    });
    let faulty = |name: &str, index: usize, expect| download("fault", name, &format!("$XXXX83{index:02}$"), expect);
    rows(Operation::CkycDownload, kyc::TABLES, &downloaded(), by_row).chain(by_extra).chain(ways_to_download()).chain(read_faults(
        Operation::CkycDownload,
        &downloaded(),
        faulty,
    ))
}

fn ways_to_download() -> impl Iterator<Item = Scenario> {
    let refused = || Expect::outcome(Outcome::Negative, Operation::CkycDownload.row().refused);
    let with = |name: &str, number: u8, factor: &str, expect: Expect| {
        let scenario = download("factor", name, "12345678901234", expect);
        let request = set(set(scenario.request, "auth_factor_type", number.into()), "auth_factor", Value::from(factor));
        Scenario { request, ..scenario }
    };
    let of = |name: &str, customer: &str, born: &str, pan: &str| {
        let scenario = download("of", name, "$XXXX1234$", downloaded());
        let fields = [("name", customer), ("date_of_birth", born), ("pan", pan)];
        let request = fields.into_iter().fold(scenario.request, |request, (field, text)| set(request, field, text.into()));
        Scenario { request, ..scenario }
    };
    [
        of("the_customer", "Rahul Sharma", "1990-01-01", "ABCPE1234F"),
        of("another_person", "Priya Nair", "01-02-1990", "AAAPD0001A"),
        download("by", "masked_kin", "$XXXX1234$", downloaded()),
        download("by", "kin", "12345678901234", downloaded()),
        with("date_of_birth", 1, "1990-01-01", downloaded()),
        with("pincode_and_year", 2, "1220011990", downloaded()),
        with("mobile", 3, "9876543210", downloaded()),
        with("another_date_of_birth", 1, "1990-01-02", refused()),
        with("another_pincode", 2, "1220021990", refused()),
        with("another_mobile", 3, "9876543211", refused()),
    ]
    .into_iter()
}
