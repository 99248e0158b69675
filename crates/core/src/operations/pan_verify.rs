//! `pan.verify`: the standing of a PAN at the Income Tax Department (document 003 section 2).
//!
//! The decision is by status letter (section 2.5), then by what a comparison found (`PAN_COMPARE`), then by our own comparison of a name that was
//! given (section 2.7) and by the fourth letter (section 2.6): anything but a person goes to review. A letter outside the table is never verified. What ITD has not recorded cannot be seen here:
//! `E` does not prove that the person is alive (section 8.1).

use serde_json::{Map, Value, json};

use super::fields::Fields;
use super::told::simplest;
use super::{Finding, Note, VendorRef};
use crate::consent::CONSENT_RECORD;
use crate::ids::{HOLDERS, HolderType, Kind, Pan, PersonName, Reason};
use crate::json::Record;
use crate::keys::{self, Action, Outcome, Source};
use crate::names::{Decision, Policy, is_no_name, match_names};
use crate::secret::Secret;
use crate::time::{digital_parts, from_iso, is_calendar_date, written_parts};

pub(super) const FIELDS: &[&str] = &["reference_id", "document_type", "id_number", "consent", "purpose", "name", "dob", CONSENT_RECORD];

/// What is asked about a PAN (document 003 section 2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentType {
    /// Its standing.
    Pan,
    /// And the holder's details.
    PanDetailed,
    /// And whether name and date of birth are the holder's.
    PanCompare,
}

const DOCUMENT_TYPES: &[&str] = &["PAN", "PAN_DETAILED", COMPARE];
const COMPARE: &str = "PAN_COMPARE";

impl DocumentType {
    fn of(word: &str) -> Option<Self> {
        [Self::Pan, Self::PanDetailed, Self::PanCompare].into_iter().find(|document_type| document_type.as_str() == word)
    }

    /// The document's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pan => "PAN",
            Self::PanDetailed => "PAN_DETAILED",
            Self::PanCompare => COMPARE,
        }
    }
}

/// A request of this operation; the consent was given.
pub struct PanVerify {
    /// What is asked.
    pub document_type: DocumentType,
    /// Which PAN.
    pub id_number: Pan,
    /// Why, for the audit trail.
    pub purpose: String,
    /// The customer's name; always there for `PAN_COMPARE`.
    pub name: Option<PersonName>,
    /// The customer's date of birth, `DD/MM/YYYY`; always there for `PAN_COMPARE`.
    pub dob: Option<Secret<String>>,
}

/// Reads the fields in the document's order.
pub(super) fn read(fields: &mut Fields<'_>) {
    fields.reference_id();
    let document_type = fields.text("document_type").and_then(|text| fields.word("document_type", text, DOCUMENT_TYPES));
    fields.identifier("id_number", Kind::Pan);
    fields.consent("Y".into());
    fields.purpose("purpose");
    if document_type == Some(COMPARE) {
        fields.identifier("name", Kind::PersonName);
    } else {
        fields.optional_identifier("name", Kind::PersonName);
    }
    dob(fields, document_type == Some(COMPARE));
}

fn dob(fields: &mut Fields<'_>, required: bool) {
    const FIELD: &str = "dob";
    let Some(text) = (if required { fields.text(FIELD) } else { fields.optional_text(FIELD) }) else { return };
    let text = from_iso(text, "/");
    match digital_parts(&text, '/') {
        Some((year, month, day)) if is_calendar_date(year, month, day) => fields.say_text(FIELD, &text),
        Some(_) => fields.reason(FIELD, Reason::Value, "Parameter dob is not a date of the calendar."),
        None => fields.wrong(FIELD, Reason::Format, "a date in the form DD/MM/YYYY"),
    }
}

impl PanVerify {
    pub(super) fn of(meaning: &Record) -> Option<Self> {
        let text = |field| meaning.text(field);
        Some(Self {
            document_type: DocumentType::of(text("document_type")?)?,
            id_number: Pan::parse(text("id_number")?).ok()?,
            purpose: text("purpose")?.to_owned(),
            name: text("name").and_then(|name| PersonName::parse(name).ok()),
            dob: text("dob").map(|dob| Secret::new(dob.to_owned())),
        })
    }
}

/// What a vendor reports about a PAN, whatever dialect it spoke.
#[derive(Default)]
pub struct PanReport {
    /// The status letter (section 2.5), or what the vendor put in its place; `None` where it cannot be told.
    pub letter: Option<String>,
    /// The holder's name as recorded.
    pub name: Option<String>,
    /// The holder's category.
    pub category: Option<String>,
    /// Whether the PAN is linked with Aadhaar, in the vendor's words.
    pub aadhaar_seeding_status: Option<String>,
    /// Comparison: the name is the holder's.
    pub name_match: Option<bool>,
    /// Comparison: the date of birth is the holder's.
    pub dob_match: Option<bool>,
    /// The response fields of sections 2.3 and 2.4, as far as the vendor gave them.
    pub fields: Map<String, Value>,
}

/// The letter of a PAN that is not found.
const NOT_FOUND: &str = "N";

/// The response fields of document 003 sections 2.3 and 2.4, in their order.
pub static RESPONSE_FIELDS: &[&str] = &[
    "status",
    "id_number",
    "name",
    "category",
    "aadhaar_seeding_status",
    "last_updated_at",
    "father_name",
    "email",
    "mobile",
    "dob",
    "gender",
    "name_match",
    "dob_match",
];

/// The finding of a report; `None` when it does not answer what was asked (a comparison without its two results).
#[must_use]
pub fn decide(request: &PanVerify, report: PanReport, vendor: VendorRef) -> Option<Finding> {
    let row = report.letter.as_deref().and_then(|letter| keys::find(Source::D003_PAN_STATUS, letter, None));
    let mut finding = match row {
        None => Finding::bare(Outcome::Negative, Action::Review, keys::FAILURE_PAN_UNKNOWN_STATUS, vendor),
        Some(row) => Finding::of_row(row, vendor)?,
    };
    finding.record = record(request, &report, &finding.vendor);
    if finding.outcome != Outcome::Verified {
        return Some(finding);
    }
    if request.document_type == DocumentType::PanCompare && !(report.name_match? && report.dob_match?) {
        let mismatch = Finding::bare(Outcome::Negative, Action::Review, keys::FAILURE_PAN_MISMATCH, finding.vendor);
        let data = json!({ "name_match": report.name_match, "dob_match": report.dob_match });
        return Some(Finding { data, record: finding.record, ..mismatch });
    }
    let (names, is_individual) = (names(request, &report), request.id_number.holder().is_individual());
    if names == Some(Decision::NoMatch) && is_individual && request.document_type != DocumentType::PanCompare {
        let mismatch = Finding::bare(Outcome::Negative, Action::Reject, keys::FAILURE_PAN_MISMATCH, finding.vendor);
        return Some(Finding { data: json!({ "name_match": false }), record: finding.record, notes: vec![OTHER_NAME], ..mismatch });
    }
    let doubts: Vec<_> =
        [doubt_of_name(names, &report), doubt_of_birth(request, &report), contradiction(request, &report)].into_iter().flatten().collect();
    if !doubts.is_empty() || !is_individual {
        finding.action = Action::Review;
    }
    finding.notes = notes(request, &report);
    finding.notes.extend(doubts);
    finding.data = Value::Object(report.fields);
    Some(finding)
}

/// An answer without a report has its record, too: what the register does not have is not found, and what was refused has no letter (sections 2.5 and 6.6).
#[must_use]
pub fn without_report(request: &PanVerify, finding: Finding) -> Finding {
    let letter = (finding.key == keys::RECORD_NOT_FOUND).then(|| NOT_FOUND.to_owned());
    let record = record(request, &PanReport { letter, ..PanReport::default() }, &finding.vendor);
    Finding { record, ..finding }
}

/// What is said of the name that was given (section 2.7): by us, or where the register tells no name by the vendor; a match where none was given. `None` where it
/// was compared with nothing.
fn names(request: &PanVerify, report: &PanReport) -> Option<Decision> {
    let Some(given) = request.name.as_ref().map(PersonName::expose) else { return Some(Decision::Match) };
    match report.name.as_deref().filter(|recorded| !is_no_name(recorded) && !is_no_name(given)) {
        Some(recorded) => Some(match_names(recorded, given, Policy::PanCustomer).decision),
        None => (report.name_match? && !is_no_name(given)).then_some(Decision::Match),
    }
}

fn doubt_of_name(names: Option<Decision>, report: &PanReport) -> Option<Note> {
    match names {
        None => Some(NAME_NOT_COMPARED),
        Some(Decision::Match) if report.name_match != Some(false) => None,
        Some(_) => Some(DOUBTFUL_NAME),
    }
}

/// The date of birth that was given: the register's is another, or it was compared with none.
fn doubt_of_birth(request: &PanVerify, report: &PanReport) -> Option<Note> {
    if report.dob_match == Some(false) {
        return Some(OTHER_BIRTH);
    }
    let given = written_parts(request.dob.as_ref()?.expose());
    let recorded = report.fields.get("dob").and_then(|dob| written_parts(dob.as_str()?));
    let is_individual = request.id_number.holder().is_individual();
    match (recorded, report.dob_match) {
        (Some(_), _) if recorded != given => Some(OTHER_BIRTH),
        // Whoever is no person goes another way anyhow.
        (None, None) if is_individual => Some(BIRTH_NOT_COMPARED),
        _ => None,
    }
}

/// The PAN is a person's by its fourth letter, and by the register's category another's (section 2.6).
fn contradiction(request: &PanVerify, report: &PanReport) -> Option<Note> {
    let said = report.category.as_deref().filter(|_| request.id_number.holder().is_individual())?;
    let is_said = |holder: &&HolderType| holder.word().eq_ignore_ascii_case(said) || holder.category.eq_ignore_ascii_case(said);
    HOLDERS.iter().find(is_said).filter(|holder| !holder.is_individual()).and_then(|_| Note::contradiction(&["category"]))
}

/// Section 11.2.
const OTHER_NAME: Note =
    Note::new("name_mismatch", "The name is not the PAN holder's: ask the customer to enter it exactly as on the PAN.");
const NAME_NOT_COMPARED: Note = Note::new(
    "name_not_matched",
    "No name was compared, for the register tells none: compare the customer's name with the PAN card before going on.",
);
const OTHER_BIRTH: Note =
    Note::new("dob_differs", "The date of birth is not the PAN holder's: ask the customer to enter it exactly as on the PAN card.");
const BIRTH_NOT_COMPARED: Note = Note::new(
    "dob_not_matched",
    "No date of birth was compared, for the register tells none: compare the customer's with the PAN card, or ask with PAN_COMPARE.",
);
const DOUBTFUL_NAME: Note = Note::new("name_review", "The name differs from the PAN's: compare them before going on.");

fn notes(request: &PanVerify, report: &PanReport) -> Vec<Note> {
    let amalgamated = (report.letter.as_deref() == Some("EA"))
        .then(|| Note { code: "amalgamated".into(), message: "An amalgamation event is recorded for this PAN.".into() });
    let non_individual = (!request.id_number.holder().is_individual()).then(|| Note {
        code: "non_individual".into(),
        message: format!(
            "The holder is not a natural person ({}): use the non-individual onboarding.",
            request.id_number.holder().category
        )
        .into(),
    });
    let is_unlinked = report.aadhaar_seeding_status.as_deref().is_some_and(|status| NOT_SEEDED.contains(&simplest(status).as_str()));
    amalgamated.into_iter().chain(non_individual).chain(is_unlinked.then_some(NOT_LINKED)).collect()
}

/// The words of a seeding that did not succeed, in small letters without anything between them.
const NOT_SEEDED: &[&str] =
    &["unsuccessful", "notsuccessful", "failed", "failure", "notlinked", "unlinked", "notseeded", "no", "n", "false"];
/// Section 8.7: valid today, inoperative under section 139AA if it stays so.
const NOT_LINKED: Note = Note::new(
    "aadhaar_not_linked",
    "The PAN is valid, but not linked with Aadhaar: ask the customer to link them on the Income Tax e-filing portal, for a PAN that is not linked becomes inoperative.",
);

/// R01 to R05 of the master data set (section 2.9). The category falls back to what the fourth letter says (section 2.6).
fn record(request: &PanVerify, report: &PanReport, vendor: &VendorRef) -> Value {
    let category = report.category.clone().unwrap_or_else(|| request.id_number.holder().word());
    json!({
        "pan_verify_status": report.letter,
        "pan_verify_name": report.name,
        "pan_verify_txn_id": vendor.transaction_id,
        "pan_verify_category": category,
        "pan_aadhaar_seeding_status": report.aadhaar_seeding_status,
    })
}
