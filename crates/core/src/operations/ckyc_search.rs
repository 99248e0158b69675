//! `ckyc.search`: whether the CKYC registry has a record of the customer (document 003 section 4.1). A read.
//!
//! A found record comes with the masked KIN only; a vendor that sends all 14 digits in a search has them masked here. No record is a no with which
//! the onboarding goes on. Of an Aadhaar number only the last four digits are ever asked with, in the registry's composite form; a full one is
//! refused. Numbers of documents are checked for their form, not their check digits: the registry knows what it has.

use serde_json::{Map, Value};

use super::ckyc::{CkycId, Identity, ordered};
use super::comparison::{Comparison, Untold};
use super::fields::Fields;
use super::{Finding, VendorRef};
use crate::consent::CONSENT_RECORD;
use crate::ids::{Kind, Pan, Reason};
use crate::json::Record;
use crate::keys;
use crate::keys::{Action, Outcome};
use crate::names::Policy;
use crate::pieces;
use crate::script::is_digit;
use crate::secret::Secret;
use crate::time::{from_iso, is_digital_date};

pub(super) const FIELDS: &[&str] = &["reference_id", "document_type", "id_number", "consent", "consent_purpose", CONSENT_RECORD];

/// By what the registry is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentType {
    /// The PAN.
    Pan,
    /// What identifies an Aadhaar number without telling it: `1234|NAME|DD-MM-YYYY|M`.
    Aadhaar,
    /// The passport's number.
    Passport,
    /// The number of the voter's card (EPIC).
    VoterId,
    /// The number of the driving licence.
    DrivingLicense,
    /// The CKYC identification number, 14 digits.
    Kin,
}

/// One document type: its word, and the rule of its number.
#[derive(Clone, Copy)]
struct Row {
    document_type: DocumentType,
    word: &'static str,
    /// The lengths that a number can have, in characters.
    lengths: (usize, usize),
    fits: fn(&str) -> bool,
    /// The rule, for a reader.
    form: &'static str,
}

#[rustfmt::skip]
static DOCUMENT_TYPES: [Row; 6] = [
    Row { document_type: DocumentType::Pan, word: "PAN", lengths: (10, 10), fits: |_| true, form: "a PAN" },
    Row { document_type: DocumentType::Aadhaar, word: "Aadhaar", lengths: (18, 165), fits: is_composite, form: "the last four digits, the name, the date of birth and the gender (M, F, T): 1234|NAME|DD-MM-YYYY|M; never the whole Aadhaar number" },
    Row { document_type: DocumentType::Passport, word: "Passport", lengths: (8, 8), fits: |text| Kind::Passport.read(text).is_ok(), form: "a letter and seven digits" },
    Row { document_type: DocumentType::VoterId, word: "VoterID", lengths: (6, 20), fits: |text| begins_with_letters(text, 2, "/"), form: "two letters or more, then letters, digits and slashes" },
    Row { document_type: DocumentType::DrivingLicense, word: "Driving_License", lengths: (8, 20), fits: |text| begins_with_letters(text, 2, " -/"), form: "the letters of a state, then letters, digits, spaces, hyphens and slashes" },
    Row { document_type: DocumentType::Kin, word: "KIN", lengths: (14, 14), fits: |text| matches!(CkycId::parse(text), Some(CkycId::Full(_))), form: "14 digits" },
];

/// A request of this operation; the consent was given.
pub struct CkycSearch {
    /// By what.
    pub document_type: DocumentType,
    /// Its number, in the form of its type.
    pub id_number: Secret<String>,
    /// Why, for the registry's and our own audit trail.
    pub consent_purpose: String,
}

/// Reads the fields in the document's order.
pub(super) fn read(fields: &mut Fields<'_>) {
    fields.reference_id();
    let words = DOCUMENT_TYPES.map(|row| row.word);
    let word = fields.text("document_type").and_then(|text| fields.word("document_type", text, &words));
    id_number(fields, DOCUMENT_TYPES.iter().find(|row| Some(row.word) == word));
    fields.consent(true.into());
    fields.purpose("consent_purpose");
}

/// The number in the form of its type; where that is not known, only that it is there.
fn id_number(fields: &mut Fields<'_>, row: Option<&Row>) {
    const FIELD: &str = "id_number";
    let (Some(text), Some(row)) = (fields.text(FIELD), row) else { return };
    if row.document_type == DocumentType::Pan {
        return fields.judged(FIELD, Kind::Pan.read(text));
    }
    let text = &if row.document_type == DocumentType::Aadhaar { with_documents_date(text) } else { text.to_owned() };
    let (shortest, longest) = row.lengths;
    let reason = match text.chars().count() {
        length if !(shortest..=longest).contains(&length) => Reason::Length,
        _ if !(row.fits)(text) => Reason::Format,
        _ => return fields.say_text(FIELD, text),
    };
    fields.reason(FIELD, reason, &["Parameter id_number of a ", row.word, " should be ", row.form, "."].concat());
}

impl CkycSearch {
    pub(super) fn of(meaning: &Record) -> Option<Self> {
        let word = meaning.text("document_type")?;
        Some(Self {
            document_type: DOCUMENT_TYPES.iter().find(|row| row.word == word)?.document_type,
            id_number: Secret::new(meaning.text("id_number")?.to_owned()),
            consent_purpose: meaning.text("consent_purpose")?.to_owned(),
        })
    }

    /// The vendor's word for the document's type.
    #[must_use]
    pub fn word(&self) -> &'static str {
        DOCUMENT_TYPES.iter().find(|row| row.document_type == self.document_type).map_or("", |row| row.word)
    }

    /// Whether an identity of a record is of somebody else: it is what was asked with, and another one.
    fn contradicts(&self, identity: &Identity) -> bool {
        let pan = identity.number.as_deref().and_then(|number| Pan::parse(number).ok());
        self.document_type == DocumentType::Pan && pan.is_some_and(|pan| pan.expose() != self.id_number.expose())
    }
}

/// So many capital letters at least, then also digits and the punctuation given. No Aadhaar number begins with a letter.
fn begins_with_letters(text: &str, letters: usize, punctuation: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || pieces::is_one(byte, punctuation.as_bytes());
    text.bytes().take(letters).all(|byte| byte.is_ascii_uppercase()) && text.bytes().all(fits)
}

/// The composite with its day of birth in the document's form.
fn with_documents_date(composite: &str) -> String {
    let mut told = String::new();
    for part in pieces::between(composite, b"|") {
        if !told.is_empty() {
            told.push('|');
        }
        told.push_str(&from_iso(part, "-"));
    }
    told
}

fn is_composite(text: &str) -> bool {
    let mut parts = pieces::between(text, b"|");
    let (Some(last_four), Some(name), Some(born), Some(gender), None) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let is_name = Kind::PersonName.read(name).is_ok() && !name.chars().any(is_digit);
    let is_number = last_four.len() == 4 && pieces::all(last_four, u8::is_ascii_digit);
    is_number && is_name && is_digital_date(born, '-') && matches!(gender, "M" | "F" | "T")
}

// --- the answer ---

/// What a vendor reports about a record, whatever dialect it spoke.
pub struct SearchReport {
    /// The KIN as the vendor tells it.
    pub ckyc_id: Option<String>,
    /// Those of [`TEXTS`] that the vendor gave.
    pub fields: Map<String, Value>,
    /// The identities of the record.
    pub identities: Vec<Identity>,
}

/// The response fields that are texts.
pub static TEXTS: &[&str] =
    &["ckyc_reference_id", "full_name", "kyc_date", "fathers_full_name", "photo", "age", "updated_date", "image_type"];

/// All response fields, in the document's order; the last three are of the vendor's newer dialect.
static RESPONSE_FIELDS: &[&str] = &[
    "ckyc_id",
    "ckyc_reference_id",
    "full_name",
    "kyc_date",
    "fathers_full_name",
    "photo",
    "identity_details",
    "age",
    "updated_date",
    "image_type",
];

/// The answer to a record that was found; `None` when it is not shown to be the one that was searched for.
#[must_use]
pub fn decide(request: &CkycSearch, report: SearchReport, vendor: VendorRef) -> Option<Finding> {
    let found = CkycId::parse(report.ckyc_id.as_deref()?)?;
    let asked = CkycId::parse(request.id_number.expose());
    if asked.is_some_and(|asked| !asked.fits(&found)) || report.identities.iter().any(|identity| request.contradicts(identity)) {
        return None;
    }
    let comparison = compared(request, &report);
    let mut fields = report.fields;
    fields.insert("ckyc_id".into(), found.masked().into());
    let identities: Vec<_> = report.identities.into_iter().map(|identity| identity.told("id_type", "id_number")).collect();
    if !identities.is_empty() {
        fields.insert("identity_details".into(), identities.into());
    }
    let finding = Finding::bare(Outcome::Verified, Action::Proceed, keys::SUCCESS_CKYC_SEARCH, vendor);
    Some(comparison.judge(Finding { data: ordered(RESPONSE_FIELDS, fields), ..finding }))
}

/// Only the composite of an Aadhaar says who is meant. Section 4.1 tells no day of birth, and whether it tells the Aadhaar is the registry's.
fn compared(request: &CkycSearch, report: &SearchReport) -> Comparison {
    let mut comparison = Comparison::default();
    let mut parts = pieces::between(request.id_number.expose(), b"|");
    if let (Some(last_four), Some(name)) = (parts.next(), parts.next()) {
        comparison.name(Some(name), report.fields.get("full_name").and_then(Value::as_str), Policy::PanAadhaar);
        let numbers = report.identities.iter().filter_map(|identity| identity.number.as_deref());
        comparison.one_of(
            "Aadhaar number",
            Some(last_four),
            numbers.filter(|number| number.starts_with("XXXX XXXX ") || number.starts_with("XXXX-XXXX-")),
            Untold::Nothing,
        );
    }
    comparison
}
