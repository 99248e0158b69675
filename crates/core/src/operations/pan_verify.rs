//! `pan.verify`: the standing of a PAN at the Income Tax Department (document 003 section 2).
//!
//! The decision is by status letter (section 2.5), then by what a comparison found (`PAN_COMPARE`), then by the fourth letter (section 2.6):
//! anything but a person goes to review. A letter outside the table is never verified. What ITD has not recorded cannot be seen here:
//! `E` does not prove that the person is alive (section 8.1).

use serde_json::{Map, Value, json};

use super::fields::{CONSENT_RECORD, Fields};
use super::{Asked, Finding, Note, Operation, VendorRef};
use crate::ids::{Pan, PersonName, Reason, ReferenceId};
use crate::keys::{self, Action, Outcome, Source};
use crate::problem::Problem;
use crate::secret::Secret;
use crate::time::day_month_year;

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

const DOCUMENT_TYPES: &[(&str, DocumentType)] =
    &[("PAN", DocumentType::Pan), ("PAN_DETAILED", DocumentType::PanDetailed), ("PAN_COMPARE", DocumentType::PanCompare)];

impl DocumentType {
    /// The document's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pan => "PAN",
            Self::PanDetailed => "PAN_DETAILED",
            Self::PanCompare => "PAN_COMPARE",
        }
    }
}

/// A request of this operation; the consent was given.
pub struct PanVerify {
    /// The caller's key.
    pub reference_id: ReferenceId,
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

impl PanVerify {
    pub(super) fn parse(map: &Map<String, Value>) -> Result<Self, Problem> {
        let mut fields = Fields::open(map, FIELDS, Source::D003Code)?;
        let reference_id = fields.reference_id();
        let document_type = document_type(&mut fields);
        let id_number = fields.identifier("id_number", Pan::parse);
        fields.consent("consent");
        let purpose = fields.purpose("purpose");
        let compares = document_type == Some(DocumentType::PanCompare);
        let name = name(&mut fields, compares);
        let dob = dob(&mut fields, compares);
        fields.consent_record();
        let request = (|| {
            Some(Self { reference_id: reference_id?, document_type: document_type?, id_number: id_number?, purpose: purpose?, name, dob })
        })();
        fields.finish(request)
    }
}

impl Asked for PanVerify {
    fn operation(&self) -> Operation {
        Operation::PanVerify
    }

    fn reference_id(&self) -> &ReferenceId {
        &self.reference_id
    }

    fn meaning(&self) -> Value {
        let mut meaning = json!({
            "reference_id": self.reference_id.as_str(),
            "document_type": self.document_type.as_str(),
            "id_number": self.id_number.expose(),
            "consent": "Y",
            "purpose": self.purpose,
        });
        if let Some(map) = meaning.as_object_mut() {
            let name = self.name.as_ref().map(|name| ("name", name.expose()));
            let dob = self.dob.as_ref().map(|dob| ("dob", dob.expose().as_str()));
            map.extend(name.into_iter().chain(dob).map(|(field, text)| (field.to_owned(), text.into())));
        }
        meaning
    }
}

fn document_type(fields: &mut Fields<'_>) -> Option<DocumentType> {
    const FIELD: &str = "document_type";
    let text = fields.text(FIELD)?;
    let known = DOCUMENT_TYPES.iter().find(|(word, _)| *word == text).map(|(_, document_type)| *document_type);
    if known.is_none() {
        fields.reason(FIELD, Reason::Value, "Parameter document_type should be one of PAN, PAN_DETAILED, PAN_COMPARE.");
    }
    known
}

fn name(fields: &mut Fields<'_>, required: bool) -> Option<PersonName> {
    const FIELD: &str = "name";
    if required { fields.identifier(FIELD, PersonName::parse) } else { fields.optional_identifier(FIELD, PersonName::parse) }
}

fn dob(fields: &mut Fields<'_>, required: bool) -> Option<Secret<String>> {
    const FIELD: &str = "dob";
    let text = if required { fields.text(FIELD) } else { fields.optional_text(FIELD) }?;
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(index, byte)| if matches!(index, 2 | 5) { byte == b'/' } else { byte.is_ascii_digit() });
    match (shaped, day_month_year(text)) {
        (true, Some(_)) => return Some(Secret::new(text.to_owned())),
        (true, None) => fields.reason(FIELD, Reason::Value, "Parameter dob is not a date of the calendar."),
        (false, _) => fields.reason(FIELD, Reason::Format, "Parameter dob should be a date in the form DD/MM/YYYY."),
    }
    None
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
    let row = report.letter.as_deref().and_then(|letter| keys::find(Source::D003PanStatus, letter, None));
    let mut finding = match row {
        None => Finding::bare(Outcome::Negative, Action::Review, "failure_pan_unknown_status", vendor),
        Some(row) => Finding::of_row(row, vendor)?,
    };
    finding.record = record(request, &report, &finding.vendor);
    if finding.outcome != Outcome::Verified {
        return Some(finding);
    }
    if request.document_type == DocumentType::PanCompare && !(report.name_match? && report.dob_match?) {
        let mismatch = Finding::bare(Outcome::Negative, Action::Review, "failure_pan_mismatch", finding.vendor);
        let data = json!({ "name_match": report.name_match, "dob_match": report.dob_match });
        return Some(Finding { data, record: finding.record, ..mismatch });
    }
    if !request.id_number.holder().is_individual() {
        finding.action = Action::Review;
    }
    finding.notes = notes(request, &report);
    finding.data = Value::Object(report.fields);
    Some(finding)
}

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
    amalgamated.into_iter().chain(non_individual).collect()
}

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
