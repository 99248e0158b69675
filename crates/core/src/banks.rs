//! What the first four letters of an IFSC alone tell: that the bank has merged into another, or is a payments bank.
//!
//! Sources: document 003 sections 8.5 and 8.6; the notifications of the mergers.

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
    /// `old_prefix` as it is searched.
    letters: u32,
}

/// Document 003 section 8.5, and the associates and the women's bank that State Bank of India took over on 1 April 2017; by the old letters.
pub const MERGED: &[MergedBank] = &[
    row("Allahabad Bank", "ALLA", "IDIB", "Indian Bank"),
    row("Andhra Bank", "ANDB", "UBIN", "Union Bank of India"),
    row("Dena Bank", "BKDN", "BARB", "Bank of Baroda"),
    row("Bharatiya Mahila Bank", "BMBL", "SBIN", STATE_BANK),
    row("Corporation Bank", "CORP", "UBIN", "Union Bank of India"),
    row("Lakshmi Vilas Bank", "LAVB", "DBSS", "DBS Bank India"),
    row("Oriental Bank of Commerce", "ORBC", "PUNB", "Punjab National Bank"),
    row("State Bank of Bikaner and Jaipur", "SBBJ", "SBIN", STATE_BANK),
    row("State Bank of Hyderabad", "SBHY", "SBIN", STATE_BANK),
    row("State Bank of Mysore", "SBMY", "SBIN", STATE_BANK),
    row("State Bank of Travancore", "SBTR", "SBIN", STATE_BANK),
    row("State Bank of Patiala", "STBP", "SBIN", STATE_BANK),
    row("Syndicate Bank", "SYNB", "CNRB", "Canara Bank"),
    row("United Bank of India", "UTBI", "PUNB", "Punjab National Bank"),
    row("Vijaya Bank", "VIJB", "BARB", "Bank of Baroda"),
];

const STATE_BANK: &str = "State Bank of India";

const fn row(bank: &'static str, old_prefix: &'static str, new_prefix: &'static str, into: &'static str) -> MergedBank {
    let letters = match old_prefix.as_bytes().first_chunk() {
        Some(letters) => u32::from_be_bytes(*letters),
        None => 0,
    };
    MergedBank { bank, old_prefix, new_prefix, into, letters }
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
    MERGED.get(merger_of(*bank_code.as_bytes().first_chunk()?)?)
}

/// The number of its row.
pub(crate) fn merger_of(bank: [u8; 4]) -> Option<usize> {
    MERGED.binary_search_by_key(&u32::from_be_bytes(bank), |row| row.letters).ok()
}
