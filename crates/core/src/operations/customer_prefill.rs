//! `customer.prefill`: what a credit bureau knows of a customer, by name and mobile number or ID document (document 000). A read.
//!
//! The name is always needed; the mobile number is, unless an ID document is given; a document is its type and its number. Every text is held
//! to the document's characters. An Aadhaar number goes to the vendor and nowhere else: whatever comes back is masked before it is data.

use serde_json::{Map, Value};

use super::comparison::{Comparison, Untold};
use super::fields::{Fields, Rule};
use super::{Finding, Note, VendorRef, without_aadhaar};
use crate::consent::CONSENT_RECORD;
use crate::ids::{Fault, Kind, MobileNumber, PersonName, Reason};
use crate::json::Record;
use crate::keys;
use crate::keys::{Action, Row};
use crate::names::Policy;
use crate::secret::Secret;

/// What a caller does who got no answer: document 000 fills in a form, and a form can be filled in by hand.
pub(super) const GO_ON: &str = "Onboarding does not wait for a prefill: let the customer fill in the form.";

pub(super) const FIELDS: &[&str] =
    &["reference_id", "consent", "consent_purpose", "name", "mobile", "document_type", "id_number", "inquiry_purpose", CONSENT_RECORD];

/// The fields that the document's sanitation is about, besides `reference_id`.
const SANITIZED: &[&str] = &["consent_purpose", "name", "mobile", "document_type", "id_number", "inquiry_purpose"];

/// The longest number of a document without a rule of its own, in characters: old driving licences have some twenty.
const MAX_ID_NUMBER: usize = 30;

/// The ID documents (document 000, supported documents), and the lists in which the answer tells their numbers.
const DOCUMENTS: [(&str, &str); 5] = [
    ("Aadhaar", AADHAAR_NUMBER),
    ("Driving_License", "driving_license"),
    ("PAN", "pan_number"),
    ("Passport", "passport_number"),
    ("VoterID", "voter_id"),
];

/// An ID document.
pub struct Document {
    /// The vendor's word for its type.
    pub document_type: String,
    /// Its number.
    pub id_number: Secret<String>,
}

/// A request of this operation; the consent was given.
pub struct CustomerPrefill {
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

/// Reads the fields in the document's order.
pub(super) fn read(fields: &mut Fields<'_>) {
    fields.reference_id();
    fields.consent_flag();
    fields.purpose("consent_purpose");
    if let Some(text) = fields.text_or("name", keys::EMPTY_NAME) {
        fields.judged("name", Kind::PersonName.read(text));
    }
    let has_document = fields.sent("document_type").is_some() || fields.sent("id_number").is_some();
    mobile(fields, has_document);
    if has_document {
        document(fields);
    }
    fields.optional_line("inquiry_purpose");
    for field in SANITIZED {
        fields.sanitize(field);
    }
}

/// Needed without a document; with one it may be left out, but is still not null or empty.
fn mobile(fields: &mut Fields<'_>, has_document: bool) {
    const FIELD: &str = "mobile";
    if has_document && fields.sent(FIELD).is_none() {
        return;
    }
    if let Some(text) = fields.text_or(FIELD, keys::EMPTY_MOBILE) {
        fields.judged(FIELD, Kind::Mobile.read(text));
    }
}

/// A type and a number: either needs the other. The number is held to its type's rule where the type is known.
fn document(fields: &mut Fields<'_>) {
    let word = fields.text("document_type");
    let number = fields.text("id_number");
    let known = word.and_then(|word| fields.word("document_type", word, &DOCUMENTS.map(|(word, _)| word)));
    let rule: Rule = match known {
        Some("PAN") => |text| Kind::Pan.read(text),
        Some("Aadhaar") => |text| Kind::Aadhaar.read(text),
        Some(_) => any_number,
        None => return,
    };
    if let Some(text) = number {
        fields.judged("id_number", rule(text));
    }
}

impl CustomerPrefill {
    pub(super) fn of(meaning: &Record) -> Option<Self> {
        let text = |field| meaning.text(field).map(str::to_owned);
        let document = |(document_type, id_number)| Document { document_type, id_number: Secret::new(id_number) };
        Some(Self {
            consent_purpose: text("consent_purpose")?,
            name: PersonName::parse(meaning.text("name")?).ok()?,
            mobile: meaning.text("mobile").and_then(|number| MobileNumber::parse(number).ok()),
            document: text("document_type").zip(text("id_number")).map(document),
            inquiry_purpose: text("inquiry_purpose"),
        })
    }
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
pub fn decide(request: &CustomerPrefill, row: &'static Row, report: CustomerReport, vendor: VendorRef) -> Option<Finding> {
    let finding = Finding::of_row(row, vendor)?;
    let data = without_aadhaar(Value::Object(report.fields));
    Some(compared(request, &data).judge(Finding { data, ..finding }))
}

/// The answer about a customer who is not known: a prefill is optional.
#[must_use]
pub fn unknown(finding: Finding) -> Finding {
    let note = Note::new("fill_in_form", "The bureau knows nothing to prefill with: let the customer fill in the form.");
    Finding { action: Action::Proceed, notes: vec![note], ..finding }
}

/// Whom the caller asked about, and whom the bureau tells of. A bureau need not have every number of a customer; of those that it has one is the caller's.
fn compared(request: &CustomerPrefill, data: &Value) -> Comparison {
    let texts = |block: &str, list: &str, field: &str| -> Vec<String> {
        let list = data.get(block).and_then(|block| if list.is_empty() { Some(block) } else { block.get(list) });
        let entries = list.and_then(Value::as_array).into_iter().flatten();
        entries.filter_map(|entry| entry.get(field)?.as_str()).map(str::to_owned).collect()
    };
    let mut comparison = Comparison::default();
    let name = data.get(PERSONAL_INFO.name).and_then(|block| block.get("full_name")?.as_str());
    comparison.name(Some(request.name.expose()), name, Policy::PanCustomer);
    let mobile = request.mobile.as_ref().map(MobileNumber::expose);
    let told: Vec<_> = texts("phone_info", "", "number").iter().map(|number| last_ten(number)).collect();
    comparison.one_of("mobile number", mobile, told.iter().map(String::as_str), Untold::Nothing);
    if let Some(document) = &request.document {
        let list = DOCUMENTS.iter().find(|(word, _)| *word == document.document_type).map_or("", |(_, list)| list);
        let numbers = texts(IDENTITY_INFO, list, "id_number");
        comparison.one_of("number of the document", Some(document.id_number.expose()), numbers.iter().map(String::as_str), Untold::Nothing);
    }
    comparison
}

/// A number without the country's code, and without what stands between its digits.
fn last_ten(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    digits.len().checked_sub(10).and_then(|start| digits.get(start..)).map_or_else(|| number.to_owned(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::last_ten;

    #[test]
    fn a_number_is_the_same_with_the_countrys_code_and_what_stands_between() {
        for number in ["9876543210", "919876543210", "+91 98765 43210", "+91-98765-43210", "09876543210"] {
            assert_eq!(last_ten(number), "9876543210", "{number}");
        }
        assert_eq!(last_ten("XXXXXX3210"), "XXXXXX3210");
    }
}
