//! The bank accounts behind mobile numbers: made up, and the same from run to run.
//!
//! `9876543210` is RAHUL SHARMA with `rahul@okbank` at SBIN0001077, as in the documents' samples; every other number's account follows
//! from its digits. The branches are the documents' sample codes with invented addresses; no account or person is real.

use serde_json::{Value, json};

use super::name_of;
use crate::vendors::sim::{choose, digits};

/// The key inside `branch_details` of a known branch.
pub(super) const BRANCH_FOUND: &str = "success_branch_details_found";

/// A bank and one of its branches.
#[derive(Clone, Copy, Default)]
pub(super) struct Bank {
    name: &'static str,
    pub(super) ifsc: &'static str,
    city: &'static str,
}

const BANKS: &[Bank] = &[
    Bank { name: "State Bank of India", ifsc: "SBIN0001077", city: "MUMBAI" },
    Bank { name: "HDFC Bank", ifsc: "HDFC0001234", city: "BENGALURU" },
    Bank { name: "Axis Bank", ifsc: "UTIB0001506", city: "PUNE" },
];

pub(super) fn bank(number: &str) -> Bank {
    if number == "9876543210" { BANKS.first().copied().unwrap_or_default() } else { choose(BANKS, number, "bank") }
}

pub(super) fn account_number(number: &str) -> String {
    if number == "9876543210" { "1234567890".into() } else { format!("3{}", digits(number, "account", 11)) }
}

pub(super) fn vpa(number: &str) -> String {
    let name = name_of(number).to_ascii_lowercase();
    let given = name.split(' ').next().unwrap_or_default();
    if number == "9876543210" { format!("{given}@okbank") } else { format!("{given}{}@okbank", digits(number, "vpa", 3)) }
}

pub(super) fn branch_details(bank: Bank, key: &str) -> Value {
    if key != BRANCH_FOUND {
        return json!({ "branch_verification_response_key": key });
    }
    json!({
        "branch_verification_response_key": key, "bank": bank.name, "ifsc": bank.ifsc, "branch": "MAIN BRANCH", "centre": bank.city,
        "district": bank.city, "state": "SANDBOX STATE", "contact": "", "address": "1 SANDBOX ROAD", "imps": true, "rtgs": true,
        "neft": true, "micr": "000000000", "city": bank.city, "swift": "", "upi": true,
    })
}
