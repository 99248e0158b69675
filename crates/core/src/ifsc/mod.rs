//! What an IFSC leads to: its bank, whether its branch is listed, and the bank that a merged one became.
//!
//! Mergers and payments banks are tables of [`crate::banks`] and need no registry, so that a verdict on an IFSC is the same everywhere; branches and the
//! other banks' names are in the [`Registry`]. Without one, what is not known is said to be `unverified`. Branch codes were not preserved by the
//! mergers, so an old code is never rewritten by swapping its prefix: the successor is a hint for the customer. That codes were withdrawn is found in the
//! dataset itself: a bank has lost most of those that an earlier version had. Sources: document 003 section 8.5
//! and 8.6; Razorpay's collection of the lists of RBI and NPCI (`registry.json`).

mod ladder;
mod pack;
mod registry;

use serde::{Serialize, Serializer};

pub use self::pack::Refusal;
pub use self::registry::{PACK, Registry};
use crate::banks::{self, ASK_FOR_PASSBOOK, MERGED, MergedBank, merger_of};
use crate::ids::Ifsc;

/// How much is known of a branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BranchStatus {
    /// In the registry.
    Listed,
    /// A known bank, but no such branch in the registry; registries age, so this is no refusal.
    Unlisted,
    /// No such bank in the registry, or no IFSC at all.
    UnknownBank,
    /// Not looked up: there is no registry here yet.
    Unverified,
}

/// Each with its name, in the order of their numbers in a [`Finding`].
const STATUSES: &[(BranchStatus, &str)] = &[
    (BranchStatus::Listed, "listed"),
    (BranchStatus::Unlisted, "unlisted"),
    (BranchStatus::UnknownBank, "unknown_bank"),
    (BranchStatus::Unverified, "unverified"),
];

impl BranchStatus {
    /// As the wire has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        STATUSES.iter().find(|(status, _)| *status == self).map_or("", |(_, name)| name)
    }
}

impl Serialize for BranchStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// The bank that a merged one became.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Successor {
    /// Its name.
    pub bank: &'static str,
    /// The first four letters of its codes, where they are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<&'static str>,
    /// The day of the amalgamation.
    pub since: &'static str,
}

impl Successor {
    fn of(row: &MergedBank) -> Self {
        Self { bank: row.into, prefix: Some(row.new_prefix).filter(|prefix| !prefix.is_empty()), since: row.since }
    }
}

/// What is known of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Lookup<'a> {
    /// How much is known of the branch.
    pub status: BranchStatus,
    /// The name of the bank that keeps the account, where known: of a branch that is leased to a smaller bank, the smaller bank's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank: Option<&'a str>,
    /// Whether the code was withdrawn, as far as is known: the bank has lost its codes, and this one too.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    /// For a merged bank's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub successor: Option<Successor>,
}

/// A look-up's end as one number, so that many cross a boundary at once: equal numbers mean equal [`Lookup`]s of the same registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding(pub u32);

impl Finding {
    /// What there is to find of a code.
    #[must_use]
    pub fn of(code: Option<&Ifsc>, registry: Option<&Registry>) -> Self {
        let Some(code) = code else { return Self::new(BranchStatus::UnknownBank, false, None, None) };
        let [a, b, c, d, ..] = *code.as_bytes();
        let merger = merger_of([a, b, c, d]);
        let Some(registry) = registry else { return Self::new(BranchStatus::Unverified, false, None, merger) };
        let found = registry.find(code);
        let status = match found.status {
            BranchStatus::UnknownBank if merger.is_some() => BranchStatus::Unlisted,
            status => status,
        };
        let is_lost = found.is_reduced || (merger.is_some() && found.is_empty);
        // A merged bank is called as the document calls it, with a registry and without.
        let bank = if merger.is_some() { None } else { found.bank };
        Self::new(status, is_lost && status != BranchStatus::Listed, found.tenant.or(bank), merger)
    }

    /// One byte each: the status, with the highest bit if the code was withdrawn, the row of the merger counted from one, and two of the name counted from
    /// one.
    fn new(status: BranchStatus, withdrawn: bool, name: Option<u16>, merger: Option<usize>) -> Self {
        let status = STATUSES.iter().position(|(known, _)| *known == status).unwrap_or_default();
        let merger = merger.map_or(0, |row| row.saturating_add(1));
        let byte = |number: usize| u8::try_from(number).unwrap_or_default();
        let [high, low] = name.map_or(0, |number| number.saturating_add(1)).to_be_bytes();
        Self(u32::from_be_bytes([byte(status) | if withdrawn { WITHDRAWN } else { 0 }, byte(merger), high, low]))
    }

    /// What it means, with the registry in which it was found.
    #[must_use]
    pub fn lookup(self, registry: Option<&Registry>) -> Lookup<'_> {
        let [status, merger, high, low] = self.0.to_be_bytes();
        let name = u16::from_be_bytes([high, low]).checked_sub(1);
        let name = name.zip(registry).and_then(|(number, registry)| registry.name(number));
        let merger = usize::from(merger).checked_sub(1).and_then(|row| MERGED.get(row));
        Lookup {
            status: STATUSES.get(usize::from(status & !WITHDRAWN)).map_or(BranchStatus::Unverified, |(status, _)| *status),
            bank: name.or(merger.map(|row| row.bank)),
            withdrawn: status & WITHDRAWN > 0,
            successor: merger.map(Successor::of),
        }
    }
}

const WITHDRAWN: u8 = 0x80;

/// Which registry answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Dataset<'a> {
    /// The version of npm's `ifsc`.
    pub version: &'a str,
    /// The day of the newest list of the Reserve Bank that is known to be in it, `YYYY-MM-DD`.
    pub date: &'a str,
}

/// The answer to `GET /v1/ifsc/{code}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IfscAnswer<'a> {
    /// The code, in capitals.
    pub code: &'a str,
    /// Its first four letters.
    pub bank_code: &'a str,
    /// What is known of it.
    #[serde(flatten)]
    pub lookup: Lookup<'a>,
    /// Whether the dataset has exactly this code.
    pub listed: bool,
    /// Which dataset.
    pub dataset: Dataset<'a>,
    /// Its date once more.
    pub dataset_date: &'a str,
    /// Where the amalgamation of the bank is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<&'static str>,
    /// For a reader.
    pub note: String,
}

/// What the registry knows of a code.
#[must_use]
pub fn answer<'a>(code: &'a Ifsc, registry: &'a Registry) -> IfscAnswer<'a> {
    let lookup = Finding::of(Some(code), Some(registry)).lookup(Some(registry));
    let dataset = Dataset { version: registry.version(), date: registry.date() };
    IfscAnswer {
        code: code.as_str(),
        bank_code: code.bank_code(),
        lookup,
        listed: lookup.status == BranchStatus::Listed,
        dataset,
        dataset_date: dataset.date,
        source: lookup.successor.and_then(|successor| banks::source(successor.since)),
        note: [&note(code, &lookup), " The dataset is the Reserve Bank's list of ", dataset.date, "."].concat(),
    }
}

/// What has become of the code. A withdrawal that only the dataset shows is inferred, and called so.
fn note(code: &Ifsc, lookup: &Lookup<'_>) -> String {
    let said = match (lookup.successor, lookup.withdrawn, lookup.status) {
        (Some(successor), withdrawn, _) => return amalgamation(code, successor, withdrawn),
        (None, true, _) => {
            ["The bank has lost most of its codes, so this one was probably withdrawn (inferred from the dataset). ", ASK_FOR_PASSBOOK]
        }
        (None, _, BranchStatus::Listed) => ["The branch is listed.", ""],
        (None, _, BranchStatus::UnknownBank) => ["No bank with these first four letters is in the dataset.", ""],
        (None, ..) => [
            "The bank is known, the branch is not in the dataset. Branches open all the time, so this alone is no reason to refuse the code.",
            "",
        ],
    };
    said.concat()
}

fn amalgamation(code: &Ifsc, successor: Successor, withdrawn: bool) -> String {
    let bank = banks::amalgamated(code.bank_code()).map_or("The bank", |row| row.bank);
    let codes = if withdrawn { "; its codes were withdrawn (the dataset has hardly any left). " } else { ". " };
    [bank, " was amalgamated into ", successor.bank, " on ", successor.since, codes, ASK_FOR_PASSBOOK].concat()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn registry() -> Registry {
        Registry::open(PACK).unwrap()
    }

    fn lookup<'a>(code: &str, registry: Option<&'a Registry>) -> Lookup<'a> {
        Finding::of(Some(&Ifsc::parse(code).unwrap()), registry).lookup(registry)
    }

    #[test]
    fn every_merged_prefix_leads_to_its_successor_with_a_registry_and_without() {
        let registry = registry();
        for row in MERGED {
            let code = format!("{}0000123", row.old_prefix);
            let successor = Some(Successor::of(row));
            let expected = |status, withdrawn| Lookup { status, bank: Some(row.bank), withdrawn, successor };
            // Fincare never had more than two, so that nothing is seen to have gone.
            assert_eq!(lookup(&code, Some(&registry)), expected(BranchStatus::Unlisted, row.old_prefix != "FSFB"), "{code}");
            assert_eq!(lookup(&code, None), expected(BranchStatus::Unverified, false), "{code}");
        }
    }

    #[test]
    fn the_mergers_stand_in_the_order_in_which_they_are_searched() {
        assert!(MERGED.is_sorted_by(|one, next| one.old_prefix < next.old_prefix));
    }

    #[test]
    fn no_successor_has_merged_itself() {
        assert!(MERGED.iter().all(|row| banks::amalgamated(row.new_prefix).is_none()));
    }

    #[test]
    fn without_a_registry_a_living_bank_is_unverified() {
        assert_eq!(lookup("SBIN0001234", None), Lookup { status: BranchStatus::Unverified, bank: None, withdrawn: false, successor: None });
    }

    #[test]
    fn what_is_no_ifsc_is_of_no_bank() {
        let registry = registry();
        for registry in [None, Some(&registry)] {
            assert_eq!(Finding::of(None, registry).lookup(registry).status, BranchStatus::UnknownBank);
        }
    }

    #[test]
    fn a_bank_that_lost_most_of_its_codes_is_found_in_the_dataset() {
        let registry = registry();
        // Kozhikode's district bank, which no table names; letters of which neither a code nor a name is left; and the one code that is left of a bank.
        let lost = lookup("KDCB0000001", Some(&registry));
        assert_eq!((lost.status, lost.withdrawn, lost.successor), (BranchStatus::Unlisted, true, None));
        assert!(answer(&Ifsc::parse("KDCB0000001").unwrap(), &registry).note.contains("inferred"));
        assert_eq!(
            lookup("SAGB0000123", Some(&registry)),
            Lookup { status: BranchStatus::Unlisted, bank: None, withdrawn: true, successor: None }
        );
        let kept = lookup("KVGB0000001", Some(&registry));
        assert_eq!((kept.status, kept.withdrawn), (BranchStatus::Listed, false));
        assert!(!lookup("SBIN0999999", Some(&registry)).withdrawn && !lookup("FINO0999999", Some(&registry)).withdrawn);
    }

    #[test]
    fn the_answer_says_that_codes_were_withdrawn_and_who_took_over_dated_and_sourced() {
        let registry = registry();
        let said = serde_json::to_value(answer(&Ifsc::parse("KVGB0001001").unwrap(), &registry)).unwrap();
        let of = |name: &str| said.get(name).unwrap();
        assert_eq!((of("status"), of("withdrawn")), (&"unlisted".into(), &true.into()));
        assert_eq!(of("successor"), &serde_json::json!({ "bank": "Karnataka Grameena Bank", "prefix": "PKGB", "since": "2025-05-01" }));
        assert!(of("source").as_str().unwrap().contains("S.O. 1625(E)"));
        let note = of("note").as_str().unwrap();
        for part in ["on 2025-05-01", "codes were withdrawn", registry.date()] {
            assert!(note.contains(part), "{note}");
        }
    }

    #[test]
    fn any_number_means_something() {
        let registry = registry();
        for number in [0, 1, 0x0100_0001, 0x03ff_ffff, 0x7f10_ffff, u32::MAX] {
            assert!(serde_json::to_string(&Finding(number).lookup(Some(&registry))).unwrap().starts_with("{\"status\":"));
            assert!(Finding(number).lookup(None).bank.is_none_or(|bank| !bank.is_empty()));
        }
    }

    #[test]
    fn the_answer_says_which_dataset_gave_it() {
        let registry = registry();
        let (code, row) = (Ifsc::parse("sbin0001234").unwrap(), Ifsc::parse("ALLA0AU1002").unwrap());
        let said = serde_json::to_value(answer(&code, &registry)).unwrap();
        let expected = serde_json::json!({
            "code": "SBIN0001234", "bank_code": "SBIN", "status": "listed", "bank": "State Bank of India", "listed": true,
            "dataset": { "version": registry.version(), "date": registry.date() }, "dataset_date": registry.date(),
            "note": format!("The branch is listed. The dataset is the Reserve Bank's list of {}.", registry.date())
        });
        assert_eq!(said, expected);
        // A branch that a merged bank had leased: its own bank's name, and still the successor of the code's bank.
        let leased = answer(&row, &registry).lookup;
        assert_eq!((leased.bank, leased.successor.and_then(|bank| bank.prefix)), (Some("Allahabad Up Gramin Bank"), Some("IDIB")));
    }
}
