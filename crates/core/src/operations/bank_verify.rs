//! `bank.verify`: whether a bank account is alive, and whose it is (document 003 section 3). Penny drop and hybrid move one rupee.
//!
//! The decision is by the account's state, then by the band of the name match (section 3.2): the vendor's score and its word must agree, and our
//! own comparison with them, else a person decides; where the vendor sent neither, ours decides. Non-resident accounts go to a person (section 5.5), companies are
//! treated like people (5.6), a joint account has its way out in a note (5.7). What is not certainly alive is never verified.

use serde_json::{Map, Value, json};

use super::answer::says_non_resident;
use super::bank_notes::{COMPARED_BY_US, CONTRADICTION, DISAGREEMENT, JOINT, NOT_COMPARED, payment_bank};
pub use super::beneficiary::Beneficiary;
use super::fields::Fields;
use super::{Finding, Note, VendorRef};
use crate::consent::CONSENT_RECORD;
use crate::ids::{Ifsc, Kind, PersonName, Reason};
use crate::json::{Datum, Node, Record};
use crate::keys::{self, Action, Outcome, Row, Source};
use crate::names::{BANDS, NameMatch, Policy, is_no_name, match_names};

pub(super) const FIELDS: &[&str] =
    &["reference_id", "purpose_message", BENEFICIARY, "transfer_amount", "validation_type", NAME_MATCH, CONSENT_RECORD];

/// Whether the vendor compares the names.
const NAME_MATCH: &str = "perform_name_match";

/// The object that names the account.
pub(super) const BENEFICIARY: &str = "beneficiary_details";
pub(super) const BENEFICIARY_FIELDS: &[&str] = &["account_number", "ifsc", "name"];

/// The narration in the bank statement, in characters (the vendor's reference page).
const PURPOSE: std::ops::RangeInclusive<usize> = 5..=255;

/// Rupees: the document's only amount.
pub const AMOUNT: u8 = 1;

/// How an account is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValidationType {
    /// One rupee is credited (section 3.1).
    PennyDrop,
    /// Nothing is credited (section 3.4).
    Penniless,
    /// Penniless where the bank can, else one rupee; so it has to count as one.
    Hybrid,
}

const VALIDATION_TYPES: &[&str] = &["pennydrop", PENNILESS, "hybrid"];
/// The way of verifying that credits nothing.
pub(super) const PENNILESS: &str = "penniless";

impl ValidationType {
    fn of(word: &str) -> Option<Self> {
        [Self::PennyDrop, Self::Penniless, Self::Hybrid].into_iter().find(|validation_type| validation_type.as_str() == word)
    }

    /// The vendor's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PennyDrop => "pennydrop",
            Self::Penniless => PENNILESS,
            Self::Hybrid => "hybrid",
        }
    }
}

/// A request of this operation.
pub struct BankVerify {
    /// The narration in the customer's bank statement.
    pub purpose_message: String,
    /// Which account.
    pub beneficiary_details: Beneficiary,
    /// How. It has no default, for two of the three credit a rupee.
    pub validation_type: ValidationType,
    /// Whether the vendor compares the names; `true` when left out.
    pub perform_name_match: bool,
}

/// Reads the fields in the document's order.
pub(super) fn read(fields: &mut Fields<'_>) {
    fields.reference_id();
    purpose_message(fields);
    fields.object(BENEFICIARY, BENEFICIARY_FIELDS, |fields| {
        fields.identifier("account_number", Kind::AccountNumber);
        fields.identifier("ifsc", Kind::Ifsc);
        fields.identifier("name", Kind::PersonName);
    });
    transfer_amount(fields);
    validation_type(fields);
    let perform_name_match = fields.flag(NAME_MATCH).unwrap_or(true);
    fields.say(NAME_MATCH, Datum::Flag(perform_name_match));
}

fn purpose_message(fields: &mut Fields<'_>) {
    const FIELD: &str = "purpose_message";
    fields.sanitize(FIELD);
    match fields.text(FIELD) {
        Some(text) if !PURPOSE.contains(&text.chars().count()) => fields.wrong(FIELD, Reason::Length, "5 to 255 characters long"),
        Some(text) => fields.line(FIELD, text),
        None => {}
    }
}

/// Always 1 (`1.0`, `1e0`), so it may be left out; it is looked at, because whoever writes another amount means another amount.
fn transfer_amount(fields: &mut Fields<'_>) {
    const FIELD: &str = "transfer_amount";
    match fields.sent(FIELD) {
        None => {}
        Some(Node::Number(amount)) if amount.to_bits() == f64::from(AMOUNT).to_bits() => {}
        Some(Node::Number(_)) => fields.wrong(FIELD, Reason::Value, "1"),
        Some(_) => fields.wrong(FIELD, Reason::Type, "a number"),
    }
    fields.say(FIELD, Datum::Count(u32::from(AMOUNT)));
}

fn validation_type(fields: &mut Fields<'_>) {
    const FIELD: &str = "validation_type";
    // Money moves for who says so and for nobody else, so all ways are named to who says nothing.
    let said = if fields.value(FIELD).is_none() { Some("") } else { fields.optional_text(FIELD) };
    match said {
        None => {}
        Some("reverse_pennydrop") => {
            let message = "A reverse penny drop is a product of its own: POST /v1/bank-accounts/collect.";
            fields.reason(FIELD, Reason::Value, message);
        }
        Some(text) => {
            fields.word(FIELD, text, VALIDATION_TYPES);
        }
    }
}

impl BankVerify {
    pub(super) fn of(meaning: &Record) -> Option<Self> {
        Some(Self {
            purpose_message: meaning.text("purpose_message")?.to_owned(),
            beneficiary_details: Beneficiary::of(meaning.record(BENEFICIARY)?)?,
            validation_type: ValidationType::of(meaning.text("validation_type")?)?,
            perform_name_match: meaning.flag(NAME_MATCH)?,
        })
    }

    /// What the answer to a report depends on beside the report.
    fn basis(&self) -> Basis<'_> {
        let way = match self.validation_type {
            ValidationType::PennyDrop => Some("Penny Drop"),
            ValidationType::Penniless => Some("Penniless"),
            // Which of the two it was only the vendor knows.
            ValidationType::Hybrid => None,
        };
        let Beneficiary { ifsc, name, .. } = &self.beneficiary_details;
        Basis { name, ifsc: Some(ifsc), way, compares_names: self.perform_name_match }
    }

    /// Whether no rupee is credited.
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.validation_type == ValidationType::Penniless
    }
}

// --- the answer ---

/// What a vendor says of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Account {
    /// It is alive.
    Valid,
    /// It does not exist, or is closed: the bank does not tell which.
    Invalid,
    /// It is closed, unambiguously.
    Closed,
    /// A non-resident account, of which the vendor says nothing more.
    NonResident,
    /// The vendor could not tell, contradicts itself, or says something that nobody knows.
    Unclear,
}

/// What the answer to a report depends on beside the report.
pub(super) struct Basis<'a> {
    /// The customer's name.
    pub(super) name: &'a PersonName,
    /// The account's branch; `None` where it is not known.
    pub(super) ifsc: Option<&'a Ifsc>,
    /// How the account was verified, in the word of `validation_type`; `None` where only the vendor knows.
    pub(super) way: Option<&'static str>,
    /// Whether our own comparison of the names takes the place of one that the vendor did not make.
    pub(super) compares_names: bool,
}

/// What a vendor reports of an account, whatever dialect it spoke.
pub struct BankReport {
    /// What it says of the account.
    pub account: Account,
    /// The response fields of section 3.1 in snake case, as far as the vendor gave them.
    pub fields: Map<String, Value>,
}

/// The response fields of document 003 section 3.1 that are texts, in its order.
pub static RESPONSE_FIELDS: &[&str] =
    &["transaction_status", "account_status", "beneficiary_name", RESULT, "validation_type", "utr", "payment_mode", "failure_reason"];

/// Those of a failure.
const REFUSED_FIELDS: &[&str] = &["transaction_status", "account_status", "failure_reason"];

/// The vendor's word for how well the names match.
pub const RESULT: &str = "name_match_result";

/// The one response field that is a number: how well the names match, 0 to 100. A text here is a score that nobody can read.
pub const SCORE: &str = "name_match_score";

/// From this band upwards a non-resident's name is accepted for review (section 5.5: a score of 50).
const ACCEPTED_OF_NON_RESIDENTS: &[&str] = &["FULL_MATCH", "PARTIAL_MATCH"];

/// What is known of the names.
#[derive(Clone, Copy)]
enum Names {
    /// The vendor compared them.
    Compared(&'static Row),
    /// It did not.
    NotCompared,
    /// Its score and its word contradict each other, or one of them is unknown.
    Unclear,
}

impl BankReport {
    fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str)
    }

    fn names(&self) -> Names {
        let score = self.fields.get(SCORE).map(|score| score.as_f64().and_then(band_of_score));
        let word = self.text(RESULT).map(band_of_word);
        match (score, word) {
            (None, None) => Names::NotCompared,
            (Some(Some(by_score)), Some(Some(by_word))) if by_score.key == by_word.key => Names::Compared(by_score),
            (Some(Some(band)), None) | (None, Some(Some(band))) => Names::Compared(band),
            // A no beside something that nobody understands is a no.
            (Some(Some(band)), Some(None)) | (Some(None), Some(Some(band))) if band.outcome() == Some(Outcome::Negative) => {
                Names::Compared(band)
            }
            _ => Names::Unclear,
        }
    }

    /// Fields that the reply leaves out, as a status look-up does, and that are known all the same: what was said of the account, and how it was asked about.
    fn complete(&mut self, basis: &Basis<'_>) {
        let account = match self.account {
            Account::Valid => Some("Valid"),
            Account::Invalid | Account::Closed => Some("Invalid"),
            Account::NonResident | Account::Unclear => None,
        };
        for (field, text) in [("account_status", account), ("validation_type", basis.way)] {
            if let (None, Some(text)) = (self.fields.get(field), text) {
                self.fields.insert(field.to_owned(), text.into());
            }
        }
    }

    /// What the document gives of an account that was refused.
    fn refused(self) -> Value {
        Value::Object(self.fields.into_iter().filter(|(name, _)| REFUSED_FIELDS.contains(&name.as_str())).collect())
    }

    /// The vendor sent no score: ours takes its place.
    fn compared_by_us(&mut self, ours: &NameMatch) {
        self.fields.insert(SCORE.to_owned(), ours.score.into());
        self.fields.insert(RESULT.to_owned(), ours.band.into());
    }

    /// Whether the account, its type or its holder's name says that it is a non-resident's: the suffix is the bank's (section 5.5).
    fn is_non_resident(&self) -> bool {
        says_non_resident(self.text("beneficiary_name").unwrap_or_default(), 1)
            || says_non_resident(self.text("account_type").unwrap_or_default(), 0)
            || self.account == Account::NonResident
    }
}

fn band_of_word(word: &str) -> Option<&'static Row> {
    keys::find(Source::D003_NAME_MATCH, word, None)
}

/// The band of a score of 0 to 100; what it means is its row of the catalogue. A fraction of one is not one: nobody says of what it is a fraction.
fn band_of_score(score: f64) -> Option<&'static Row> {
    let is_score = (0.0..=100.0).contains(&score) && (score >= 1.0 || score.to_bits() == 0.0_f64.to_bits());
    let (_, word) = BANDS.iter().find(|(lowest, _)| is_score && score >= f64::from(*lowest))?;
    band_of_word(word)
}

/// The answer to a report.
#[must_use]
pub fn decide(request: &BankVerify, report: BankReport, vendor: VendorRef) -> Finding {
    decide_by(&request.basis(), report, vendor)
}

/// The answer to a report about an account, however it was asked about.
pub(super) fn decide_by(basis: &Basis<'_>, mut report: BankReport, vendor: VendorRef) -> Finding {
    report.complete(basis);
    let mut finding = match report.account {
        Account::Valid => of_names(basis, &mut report, vendor),
        Account::Invalid => Finding::bare(Outcome::Negative, Action::Reject, keys::FAILURE_BANK_ACCOUNT_INVALID, vendor),
        Account::Closed => Finding::bare(Outcome::Negative, Action::Reject, keys::FAILURE_BANK_ACCOUNT_CLOSED, vendor),
        Account::NonResident | Account::Unclear => unclear(vendor),
    };
    report.fields.retain(|name, value| name != SCORE || value.is_number());
    finding.notes.extend(notes(basis, &report));
    finding.record = record(&report, &finding.vendor);
    match (finding.outcome, report.account) {
        (Outcome::Verified, _) => finding.data = Value::Object(report.fields),
        // The account is alive, and its holder is nobody whom the customer may hear of.
        (_, Account::Valid) => {}
        _ => finding.data = report.refused(),
    }
    finding
}

/// The answer when the vendor confirmed that nothing was credited, and not why: it may go better another time. Not where the account is a non-resident's, which is
/// why (section 5.5).
#[must_use]
pub fn failed(request: &BankVerify, report: BankReport, vendor: VendorRef) -> Option<Finding> {
    if report.is_non_resident() {
        return Some(decide(request, report, vendor));
    }
    let finding = Finding::of_row(keys::find(Source::D001, keys::VALIDATION_FAILED, None)?, vendor)?;
    let (record, notes) = (record(&report, &finding.vendor), notes(&request.basis(), &report).collect());
    Some(Finding { data: report.refused(), record, notes, ..finding })
}

/// An answer without a report has its record and its remarks, too.
#[must_use]
pub fn without_report(request: &BankVerify, finding: Finding) -> Finding {
    let report = BankReport { account: Account::Unclear, fields: Map::new() };
    let (record, notes) = (record(&report, &finding.vendor), notes(&request.basis(), &report).collect());
    Finding { record, notes, ..finding }
}

fn unclear(vendor: VendorRef) -> Finding {
    Finding::bare(Outcome::Negative, Action::Review, keys::FAILURE_BANK_ACCOUNT_UNKNOWN_STATUS, vendor)
}

/// The account is alive: is it the customer's?
fn of_names(basis: &Basis<'_>, report: &mut BankReport, vendor: VendorRef) -> Finding {
    let asked = basis.name.expose();
    let holder = report.text("beneficiary_name").filter(|holder| !is_no_name(holder) && !is_no_name(asked));
    let ours = holder.map(|holder| match_names(asked, holder, Policy::PanBank));
    let (band, remark) = match (report.names(), ours) {
        (Names::Unclear, _) => return review(CONTRADICTION, vendor),
        (Names::Compared(band), Some(ours)) if ours.band != band.key => (band, Some(DISAGREEMENT)),
        (Names::Compared(band), Some(_)) => (band, None),
        (Names::NotCompared, Some(ours)) if basis.compares_names => match band_of_word(ours.band) {
            Some(band) => {
                report.compared_by_us(&ours);
                (band, Some(COMPARED_BY_US))
            }
            None => return review(NOT_COMPARED, vendor),
        },
        // Without a name, whatever score came was of none.
        (_, None) | (Names::NotCompared, _) => return review(NOT_COMPARED, vendor),
    };
    let finding = of_band(band, report, vendor);
    // A person looks where the vendor and we differ, whoever of us is kinder.
    let finding = if remark == Some(DISAGREEMENT) { review(DISAGREEMENT, finding.vendor) } else { finding };
    let joint = (band.outcome() == Some(Outcome::Negative)).then_some(JOINT);
    Finding { notes: remark.into_iter().chain(joint).collect(), ..finding }
}

fn review(note: Note, vendor: VendorRef) -> Finding {
    let finding = Finding::bare(Outcome::Verified, Action::Review, keys::SUCCESS_BANK_ACCOUNT, vendor);
    Finding { notes: vec![note], ..finding }
}

fn of_band(band: &'static Row, report: &BankReport, vendor: VendorRef) -> Finding {
    if report.is_non_resident() && ACCEPTED_OF_NON_RESIDENTS.contains(&band.key) {
        return Finding::bare(Outcome::Verified, Action::Review, keys::SUCCESS_BANK_ACCOUNT, vendor);
    }
    Finding::of_row(band, vendor.clone()).unwrap_or_else(|| unclear(vendor))
}

fn notes(basis: &Basis<'_>, report: &BankReport) -> impl Iterator<Item = Note> {
    let non_resident = report.is_non_resident().then_some(Note::NON_RESIDENT);
    let of_ifsc = |note: fn(&Ifsc) -> Option<Note>| basis.ifsc.and_then(note);
    [non_resident, of_ifsc(Note::merged_ifsc), of_ifsc(payment_bank)].into_iter().flatten()
}

/// R10 to R16 of the master data set (section 3.6).
fn record(report: &BankReport, vendor: &VendorRef) -> Value {
    let field = |name: &str| report.fields.get(name);
    json!({
        "bank_verify_status": field("transaction_status"),
        "bank_verify_name_at_bank": field("beneficiary_name"),
        "bank_verify_name_match_score": field(SCORE),
        "bank_verify_name_match_result": field(RESULT),
        "bank_verify_txn_id": vendor.transaction_id,
        "bank_verify_utr": field("utr"),
        "bank_verify_payment_mode": field("payment_mode"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_band_of_the_catalogue_has_its_lowest_score() {
        let catalogue: Vec<_> = keys::rows_of(Source::D003_NAME_MATCH).map(|row| row.key).collect();
        assert_eq!(BANDS.iter().map(|(_, word)| *word).collect::<Vec<_>>(), catalogue);
    }

    #[test]
    fn a_score_belongs_to_one_band() {
        let bands = [
            (100.0, "FULL_MATCH"),
            (85.0, "FULL_MATCH"),
            (84.99, "PARTIAL_MATCH"),
            (50.0, "PARTIAL_MATCH"),
            (49.5, "POOR_PARTIAL_MATCH"),
            (20.0, "POOR_PARTIAL_MATCH"),
            (19.9, "NO_MATCH"),
            (1.0, "NO_MATCH"),
            (0.0, "NO_MATCH"),
        ];
        for (score, band) in bands {
            assert_eq!(band_of_score(score).map(|row| row.key), Some(band), "{score}");
        }
        for score in [-0.0, -1.0, 0.95, 100.1, 1e9, f64::NAN, f64::INFINITY] {
            assert!(band_of_score(score).is_none(), "{score}");
        }
    }
}
