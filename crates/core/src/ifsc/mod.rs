//! What an IFSC leads to: its bank, its branch, and the bank that a merged one became.
//!
//! For now the shape and document 003's nine mergers; no registry of branches yet, so every answer says `unverified`.
//! Branch codes were not preserved by the mergers, so an old code is never rewritten by swapping its prefix: the successor
//! is a hint for the customer. Source: document 003 section 8.5.

use serde::Serialize;

use crate::ids::Ifsc;

/// A bank that no longer exists, and the one that took it over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MergedBank {
    /// The old bank's name.
    pub bank: &'static str,
    /// The first four letters of its codes.
    pub old_prefix: &'static str,
    /// The first four letters of its successor's codes.
    pub new_prefix: &'static str,
    /// The successor's name.
    pub into: &'static str,
}

/// Document 003 section 8.5, row by row.
pub const MERGED: &[MergedBank] = &[
    row("Andhra Bank", "ANDB", "UBIN", "Union Bank of India"),
    row("Corporation Bank", "CORP", "UBIN", "Union Bank of India"),
    row("Oriental Bank of Commerce", "ORBC", "PUNB", "Punjab National Bank"),
    row("United Bank of India", "UTBI", "PUNB", "Punjab National Bank"),
    row("Syndicate Bank", "SYNB", "CNRB", "Canara Bank"),
    row("Allahabad Bank", "ALLA", "IDIB", "Indian Bank"),
    row("Dena Bank", "BKDN", "BARB", "Bank of Baroda"),
    row("Vijaya Bank", "VIJB", "BARB", "Bank of Baroda"),
    row("Lakshmi Vilas Bank", "LAVB", "DBSS", "DBS Bank India"),
];

const fn row(bank: &'static str, old_prefix: &'static str, new_prefix: &'static str, into: &'static str) -> MergedBank {
    MergedBank { bank, old_prefix, new_prefix, into }
}

/// The payments banks, by the first four letters of their codes (document 003 section 8.6 names the first three; the others are RBI's licensees).
/// Their licence forbids lending and caps balances, so an account there may not serve as the primary one.
const PAYMENT_BANKS: &[(&str, &str)] = &[
    ("PYTM", "Paytm Payments Bank"),
    ("AIRP", "Airtel Payments Bank"),
    ("JIOP", "Jio Payments Bank"),
    ("IPOS", "India Post Payments Bank"),
    ("FINO", "Fino Payments Bank"),
    ("NSPB", "NSDL Payments Bank"),
];

/// The name of the payments bank of these four letters.
#[must_use]
pub fn payment_bank(bank_code: &str) -> Option<&'static str> {
    PAYMENT_BANKS.iter().find(|(prefix, _)| *prefix == bank_code).map(|(_, name)| *name)
}

/// The document's advice for a merged bank's code.
pub(crate) const ASK_FOR_PASSBOOK: &str = "Please check the latest bank passbook for the updated IFSC.";

/// The merger that ended the bank of these four letters.
#[must_use]
pub fn merged(bank_code: &str) -> Option<&'static MergedBank> {
    MERGED.iter().find(|row| row.old_prefix == bank_code)
}

/// How much is known of a branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BranchStatus {
    /// In the registry.
    Listed,
    /// A known bank, but no such branch in the registry; registries age, so this is no refusal.
    Unlisted,
    /// No such bank in the registry.
    UnknownBank,
    /// Not looked up.
    Unverified,
}

/// The bank that a merged one became.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Successor {
    /// Its name.
    pub bank: &'static str,
    /// The first four letters of its codes.
    pub prefix: &'static str,
}

/// The answer to `GET /v1/ifsc/{code}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IfscAnswer {
    /// The code, in capitals.
    pub code: String,
    /// Its first four letters.
    pub bank_code: String,
    /// The bank's name, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank: Option<&'static str>,
    /// How much is known of the branch.
    pub status: BranchStatus,
    /// The registry's date (RFC 3339, day), or null when none was asked.
    pub dataset_date: Option<&'static str>,
    /// For a merged bank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub successor: Option<Successor>,
    /// For a reader.
    pub note: &'static str,
}

/// What is known of a code.
#[must_use]
pub fn lookup(code: &Ifsc) -> IfscAnswer {
    let merged = code.merged();
    IfscAnswer {
        code: code.as_str().to_owned(),
        bank_code: code.bank_code().to_owned(),
        bank: merged.map(|row| row.bank),
        status: BranchStatus::Unverified,
        dataset_date: None,
        successor: merged.map(|row| Successor { bank: row.into, prefix: row.new_prefix }),
        note: if merged.is_some() { ASK_FOR_PASSBOOK } else { "The code is well-formed; whether the branch exists was not looked up." },
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn every_merged_prefix_leads_to_its_successor() {
        for row in MERGED {
            let code = Ifsc::parse(&format!("{}0000123", row.old_prefix)).unwrap();
            let answer = lookup(&code);
            assert_eq!(answer.bank, Some(row.bank));
            assert_eq!(answer.successor, Some(Successor { bank: row.into, prefix: row.new_prefix }));
        }
    }

    #[test]
    fn no_successor_has_merged_itself() {
        assert!(MERGED.iter().all(|row| merged(row.new_prefix).is_none()));
    }

    #[test]
    fn a_living_bank_is_unverified_without_a_date() {
        let answer = serde_json::to_value(lookup(&Ifsc::parse("sbin0001234").unwrap())).unwrap();
        let expected = serde_json::json!({
            "code": "SBIN0001234", "bank_code": "SBIN", "status": "unverified", "dataset_date": null,
            "note": "The code is well-formed; whether the branch exists was not looked up."
        });
        assert_eq!(answer, expected);
    }
}
