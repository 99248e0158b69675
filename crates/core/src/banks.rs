//! What the first four letters of an IFSC alone tell: that the bank was amalgamated, or is a payments bank.
//!
//! Sources: document 003 sections 8.5 and 8.6; the notifications of the amalgamations, by their days in [`source`].

/// A bank that no longer exists, and the one that took it over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MergedBank {
    /// The old bank's name.
    pub bank: &'static str,
    /// The first four letters of its codes.
    pub old_prefix: &'static str,
    /// The first four letters of its successor's codes; empty where they are not known.
    pub new_prefix: &'static str,
    /// The successor's name.
    pub into: &'static str,
    /// The day of the amalgamation, `YYYY-MM-DD`.
    pub since: &'static str,
    /// `old_prefix` as it is searched.
    letters: u32,
}

/// Document 003 section 8.5; the associates and the women's bank that State Bank of India took over; and what was amalgamated beside them, of the regional
/// rural banks of 1 May 2025 those that had letters of their own and lost them; by the old letters. Of those, Andhra Pradesh's and Gujarat's new letters are
/// not known; Karnataka's are those of which the dataset has 643 new ones where it lost 654 of KVGB (an inference).
pub const MERGED: &[MergedBank] = &[
    row("Allahabad Bank", "ALLA", "IDIB", "Indian Bank", "2020-04-01"),
    row("Andhra Bank", "ANDB", "UBIN", "Union Bank of India", "2020-04-01"),
    row("Andhra Pragathi Grameena Bank", "APGB", "", ANDHRA, RURAL),
    row("Andhra Pradesh Grameena Vikas Bank", "APGV", "", ANDHRA, RURAL),
    row("Dena Bank", "BKDN", "BARB", "Bank of Baroda", "2019-04-01"),
    row("Bharatiya Mahila Bank", "BMBL", "SBIN", STATE_BANK, ASSOCIATES),
    row("Corporation Bank", "CORP", "UBIN", "Union Bank of India", "2020-04-01"),
    row("Fincare Small Finance Bank", "FSFB", "AUBL", "AU Small Finance Bank", "2024-04-01"),
    row("Karnataka Vikas Grameena Bank", "KVGB", "PKGB", "Karnataka Grameena Bank", RURAL),
    row("Lakshmi Vilas Bank", "LAVB", "DBSS", "DBS Bank India", "2020-11-27"),
    row("Oriental Bank of Commerce", "ORBC", "PUNB", "Punjab National Bank", "2020-04-01"),
    row("Punjab and Maharashtra Co-operative Bank", "PMCB", "UNBA", "Unity Small Finance Bank", "2022-01-25"),
    row("State Bank of Bikaner and Jaipur", "SBBJ", "SBIN", STATE_BANK, ASSOCIATES),
    row("State Bank of Hyderabad", "SBHY", "SBIN", STATE_BANK, ASSOCIATES),
    row("State Bank of Mysore", "SBMY", "SBIN", STATE_BANK, ASSOCIATES),
    row("State Bank of Travancore", "SBTR", "SBIN", STATE_BANK, ASSOCIATES),
    row("Saurashtra Gramin Bank", "SGBA", "", "Gujarat Gramin Bank", RURAL),
    row("State Bank of Patiala", "STBP", "SBIN", STATE_BANK, ASSOCIATES),
    row("Syndicate Bank", "SYNB", "CNRB", "Canara Bank", "2020-04-01"),
    row("United Bank of India", "UTBI", "PUNB", "Punjab National Bank", "2020-04-01"),
    row("Vijaya Bank", "VIJB", "BARB", "Bank of Baroda", "2019-04-01"),
    row("ING Vysya Bank", "VYSA", "KKBK", "Kotak Mahindra Bank", "2015-04-01"),
];

const STATE_BANK: &str = "State Bank of India";
const ANDHRA: &str = "Andhra Pradesh Grameena Bank";
const ASSOCIATES: &str = "2017-04-01";
const RURAL: &str = "2025-05-01";

const fn row(
    bank: &'static str,
    old_prefix: &'static str,
    new_prefix: &'static str,
    into: &'static str,
    since: &'static str,
) -> MergedBank {
    let letters = match old_prefix.as_bytes().first_chunk() {
        Some(letters) => u32::from_be_bytes(*letters),
        None => 0,
    };
    MergedBank { bank, old_prefix, new_prefix, into, since, letters }
}

/// What made it so, by the day.
const SOURCES: &[(&str, &str)] = &[
    ("2015-04-01", "Reserve Bank of India, press release of 1 April 2015"),
    (ASSOCIATES, "Acquisition orders of the Central Government, gazette of 22 February and 20 March 2017"),
    ("2019-04-01", "Amalgamation of Vijaya Bank and Dena Bank with Bank of Baroda Scheme, 2019, gazette of 2 January 2019"),
    ("2020-04-01", "Amalgamation schemes of the Central Government, gazette of 4 March 2020"),
    ("2020-11-27", "Lakshmi Vilas Bank Limited (Amalgamation with DBS Bank India Limited) Scheme, 2020"),
    ("2022-01-25", "Reserve Bank of India, press release 2021-2022/1616 of 25 January 2022"),
    ("2024-04-01", "Reserve Bank of India, press release of 4 March 2024"),
    (RURAL, "Ministry of Finance, notifications S.O. 1625(E) to S.O. 1629(E) of 5 April 2025"),
];

/// Where an amalgamation is published. The edge's alone: a browser does without these texts.
#[must_use]
pub fn source(since: &str) -> Option<&'static str> {
    SOURCES.iter().find(|(day, _)| *day == since).map(|(_, source)| *source)
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

/// The merger that ended the bank of these four letters, where its successor's letters are known.
#[must_use]
pub fn merged(bank_code: &str) -> Option<&'static MergedBank> {
    amalgamated(bank_code).filter(|row| !row.new_prefix.is_empty())
}

/// The same, whether they are known or not.
#[must_use]
pub fn amalgamated(bank_code: &str) -> Option<&'static MergedBank> {
    MERGED.get(merger_of(*bank_code.as_bytes().first_chunk()?)?)
}

/// The number of its row.
pub(crate) fn merger_of(bank: [u8; 4]) -> Option<usize> {
    MERGED.binary_search_by_key(&u32::from_be_bytes(bank), |row| row.letters).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_amalgamation_has_its_day_and_its_source() {
        for row in MERGED {
            assert!(row.since.len() == 10 && source(row.since).is_some(), "{}", row.bank);
        }
    }
}
