//! `customer.prefill`: what a credit bureau knows of a customer, by name and mobile number or ID document (document 000). A read.
//!
//! The name is always needed; the mobile number is, unless an ID document is given; a document is its type and its number. Every text is held
//! to the document's characters. An Aadhaar number goes to the vendor and nowhere else: whatever comes back is masked before it is data.

use serde_json::{Map, Value};

use super::fields::{CONSENT_RECORD, Fields};
use super::{Asked, Finding, Operation, VendorRef};
use crate::ids::{Aadhaar, Fault, MobileNumber, Pan, PersonName, Reason, ReferenceId, aadhaar};
use crate::keys::{Row, Source};
use crate::problem::Problem;
use crate::secret::Secret;

pub(super) const FIELDS: &[&str] =
    &["reference_id", "consent", "consent_purpose", "name", "mobile", "document_type", "id_number", "inquiry_purpose", CONSENT_RECORD];

/// The fields that the document's sanitation is about, besides `reference_id`.
const SANITIZED: &[&str] = &["consent_purpose", "name", "mobile", "document_type", "id_number", "inquiry_purpose"];

/// The longest number of a document without a rule of its own, in characters: old driving licences have some twenty.
const MAX_ID_NUMBER: usize = 30;

/// What a document's number has to be.
type Rule = fn(&str) -> Result<String, Fault>;

/// An ID document's type (document 000, supported documents), with the rule of its number.
const DOCUMENT_TYPES: &[(&str, Rule)] = &[
    ("Aadhaar", |text| Aadhaar::parse(text).map(|number| number.expose().to_owned())),
    ("Driving_License", any_number),
    ("PAN", |text| Pan::parse(text).map(|number| number.expose().to_owned())),
    ("Passport", any_number),
    ("VoterID", any_number),
];

/// An ID document.
pub struct Document {
    /// The vendor's word for its type.
    pub document_type: &'static str,
    /// Its number.
    pub id_number: Secret<String>,
}

/// A request of this operation; the consent was given.
pub struct CustomerPrefill {
    /// The caller's key.
    pub reference_id: ReferenceId,
    /// For what the consent was given.
    pub consent_purpose: String,
    /// The customer's name.
    pub name: PersonName,
    /// The customer's mobile number; always there without a document.
    pub mobile: Option<MobileNumber>,
    /// An ID document; always there without a mobile number.
    pub document: Option<Document>,
    /// The bureau's word for why it is asked (`PL`).
    pub inquiry_purpose: Option<String>,
}

impl CustomerPrefill {
    pub(super) fn parse(map: &Map<String, Value>) -> Result<Self, Problem> {
        let mut fields = Fields::open(map, FIELDS, Source::D000)?;
        let reference_id = fields.reference_id();
        fields.consent_flag("consent");
        let consent_purpose = fields.purpose("consent_purpose");
        let name = fields.text_or("name", "error_empty_name").and_then(|text| fields.parsed("name", text, PersonName::parse));
        let has_document = ["document_type", "id_number"].iter().any(|field| map.contains_key(*field));
        let mobile = mobile(&mut fields, map, has_document);
        let document = has_document.then(|| document(&mut fields)).flatten();
        let inquiry_purpose = fields.optional_text("inquiry_purpose").and_then(|text| fields.line("inquiry_purpose", text));
        for field in SANITIZED {
            fields.sanitize(field);
        }
        fields.consent_record();
        let request = (|| {
            let (reference_id, consent_purpose, name) = (reference_id?, consent_purpose?, name?);
            Some(Self { reference_id, consent_purpose, name, mobile, document, inquiry_purpose })
        })();
        fields.finish(request)
    }
}

impl Asked for CustomerPrefill {
    fn operation(&self) -> Operation {
        Operation::CustomerPrefill
    }

    fn reference_id(&self) -> &ReferenceId {
        &self.reference_id
    }

    fn meaning(&self) -> Value {
        let texts = [
            ("reference_id", Some(self.reference_id.as_str())),
            ("consent_purpose", Some(self.consent_purpose.as_str())),
            ("name", Some(self.name.expose())),
            ("mobile", self.mobile.as_ref().map(MobileNumber::expose)),
            ("document_type", self.document.as_ref().map(|document| document.document_type)),
            ("id_number", self.document.as_ref().map(|document| document.id_number.expose().as_str())),
            ("inquiry_purpose", self.inquiry_purpose.as_deref()),
        ];
        let mut meaning: Map<String, Value> =
            texts.into_iter().filter_map(|(field, text)| Some((field.to_owned(), text?.into()))).collect();
        meaning.shift_insert(1, "consent".into(), true.into());
        Value::Object(meaning)
    }
}

/// Needed without a document; with one it may be left out, but is still not null or empty.
fn mobile(fields: &mut Fields<'_>, map: &Map<String, Value>, has_document: bool) -> Option<MobileNumber> {
    const FIELD: &str = "mobile";
    if has_document && !map.contains_key(FIELD) {
        return None;
    }
    let text = fields.text_or(FIELD, "error_empty_mobile")?;
    fields.parsed(FIELD, text, MobileNumber::parse)
}

/// A type and a number: either needs the other. The number is held to its type's rule where the type is known.
fn document(fields: &mut Fields<'_>) -> Option<Document> {
    let word = fields.text("document_type");
    let number = fields.text("id_number");
    let (document_type, rule) = document_type(fields, word?)?;
    let id_number = fields.parsed("id_number", number?, *rule)?;
    Some(Document { document_type, id_number: Secret::new(id_number) })
}

fn document_type(fields: &mut Fields<'_>, word: &str) -> Option<&'static (&'static str, Rule)> {
    let known = DOCUMENT_TYPES.iter().find(|(known, _)| *known == word);
    if known.is_none() {
        let known: Vec<_> = DOCUMENT_TYPES.iter().map(|(known, _)| *known).collect();
        let message = format!("Parameter document_type should be one of {}.", known.join(", "));
        fields.reason("document_type", Reason::Value, message);
    }
    known
}

/// Of passports, driving licences and voter ids many old forms are about, and no authority's rule excludes them.
fn any_number(text: &str) -> Result<String, Fault> {
    let fault = |reason, message: &'static str| Err(Fault::new("id_number", reason, message));
    if text.chars().count() > MAX_ID_NUMBER {
        return fault(Reason::Length, "The number of a document has at most 30 characters.");
    }
    if !text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '/')) {
        return fault(Reason::Format, "The number of a document has letters, digits, spaces, hyphens and slashes only.");
    }
    Ok(text.to_owned())
}

// --- the answer ---

/// A block of the answer in document 000: its name, and the fields of it or of each of its entries, all texts.
pub struct Block {
    /// Its name in snake case.
    pub name: &'static str,
    /// Its fields in snake case, in the document's order.
    pub fields: &'static [&'static str],
    /// Those of them that say something of the customer: without any of them there is no entry.
    pub telling: &'static [&'static str],
}

/// The container with personal details.
pub static PERSONAL_INFO: Block = Block { name: "personal_info", fields: PERSONAL, telling: PERSONAL };
const PERSONAL: &[&str] = &["full_name", "dob", "gender", "total_income", "occupation", "age"];

/// The lists of records.
pub static LISTS: &[Block] = &[
    Block { name: "phone_info", fields: &["sequence", "reported_date", "type_code", "number"], telling: &["number"] },
    Block { name: "email_info", fields: &["sequence", "reported_date", "email_address"], telling: &["email_address"] },
    Block {
        name: "address_info",
        fields: &["sequence", "address", "state", "type", "postal", "reported_date"],
        telling: &["address", "state", "postal"],
    },
];

/// The container with the lists of identity documents.
pub const IDENTITY_INFO: &str = "identity_info";

/// The list with Aadhaar numbers.
pub const AADHAAR_NUMBER: &str = "aadhaar_number";

/// The lists of identity documents.
pub static IDENTITIES: &[Block] = &[
    identity("pan_number"),
    identity("passport_number"),
    identity("driving_license"),
    identity("voter_id"),
    identity(AADHAAR_NUMBER),
    identity("ration_card"),
    identity("other_id"),
];

const fn identity(name: &'static str) -> Block {
    Block { name, fields: &["id_number", "sequence"], telling: &["id_number"] }
}

/// What a vendor reports of a customer.
pub struct CustomerReport {
    /// The response fields of document 000 in snake case: every block, empty where the vendor has nothing.
    pub fields: Map<String, Value>,
}

/// The answer to a customer who was found. No Aadhaar number is in it, whatever the vendor sent, and in which field.
#[must_use]
pub fn decide(row: &'static Row, report: CustomerReport, vendor: VendorRef) -> Option<Finding> {
    let finding = Finding::of_row(row, vendor)?;
    Some(Finding { data: aadhaar::hide_within(Value::Object(report.fields), &rule_of), ..finding })
}

/// In the list of Aadhaar numbers no text shows more than four digits.
fn rule_of(field: &str) -> Option<aadhaar::Rule> {
    (field == AADHAAR_NUMBER).then_some(aadhaar::masked)
}
