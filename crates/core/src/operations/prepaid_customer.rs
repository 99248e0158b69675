//! `prepaid.customer`: the record of a prepaid customer, with cards and sub-wallets (document 002). A read.
//!
//! The customer is named by exactly one of four identifiers: the vendor refuses more (its code 1304). None at all is `error_mobile_missing`, for
//! `mobile` is the first of them; each beyond the first is a fault of value. What is not an identifier's form at all is refused here, what the
//! vendor does not know is its own answer.

use serde_json::{Map, Value};

use super::fields::Fields;
use super::{Finding, Note, VendorRef};
use crate::consent::CONSENT_RECORD;
use crate::ids::{Kind, MobileNumber, Reason, is_address};
use crate::json::Record;
use crate::keys::{Action, Row};
use crate::pieces;
use crate::secret::Secret;

pub(super) const FIELDS: &[&str] = &["reference_id", "mobile", "customer_id", "urn", "email", CONSENT_RECORD];

/// The fields of which a request has exactly one.
const IDENTIFIERS: &[&str] = &["mobile", "customer_id", "urn", "email"];
const ONE_OF_THEM: &str = "Exactly one of the parameters mobile, customer_id, urn and email should be given.";

/// Lengths in characters: the document's String(20) and Numeric(11), and RFC 5321's longest address.
const MAX_CUSTOMER_ID: usize = 20;
const MAX_URN: usize = 11;
const MAX_EMAIL: usize = 254;

/// By what the customer is found.
pub enum Identifier {
    /// The mobile number.
    Mobile(MobileNumber),
    /// The issuer's customer id: at most 20 printable ASCII characters.
    CustomerId(Secret<String>),
    /// The unique reference number: at most 11 digits.
    Urn(Secret<String>),
    /// The e-mail address.
    Email(Secret<String>),
}

impl Identifier {
    /// The request's field, and its value.
    #[must_use]
    pub fn named(&self) -> (&'static str, &str) {
        match self {
            Self::Mobile(number) => ("mobile", number.expose()),
            Self::CustomerId(text) => ("customer_id", text.expose()),
            Self::Urn(text) => ("urn", text.expose()),
            Self::Email(text) => ("email", text.expose()),
        }
    }
}

/// A request of this operation.
pub struct PrepaidCustomer {
    /// Whose record.
    pub identifier: Identifier,
}

/// Reads the fields.
pub(super) fn read(fields: &mut Fields<'_>) {
    fields.reference_id();
    let mut first = None;
    for field in IDENTIFIERS {
        match first {
            _ if fields.sent(field).is_none() => {}
            None => first = Some(*field),
            Some(_) => fields.reason(field, Reason::Value, ONE_OF_THEM),
        }
    }
    let Some(first) = first else { return fields.reason("mobile", Reason::Missing, ONE_OF_THEM) };
    match first {
        "mobile" => fields.optional_identifier(first, Kind::Mobile),
        "customer_id" => text(fields, first, (MAX_CUSTOMER_ID, "at most 20 characters long"), is_customer_id, "printable ASCII characters"),
        "urn" => text(fields, first, (MAX_URN, "at most 11 characters long"), is_urn, "digits"),
        _ => text(fields, first, (MAX_EMAIL, "at most 254 characters long"), is_address, "an e-mail address"),
    }
}

fn text(fields: &mut Fields<'_>, field: &'static str, longest: (usize, &str), fits: fn(&str) -> bool, form: &str) {
    match fields.optional_text(field) {
        Some(text) if text.chars().count() > longest.0 => fields.wrong(field, Reason::Length, longest.1),
        Some(text) if !fits(text) => fields.wrong(field, Reason::Format, form),
        Some(text) => fields.say_text(field, text),
        None => {}
    }
}

impl PrepaidCustomer {
    pub(super) fn of(meaning: &Record) -> Option<Self> {
        let (field, value) = IDENTIFIERS.iter().find_map(|field| Some((*field, meaning.text(field)?)))?;
        let secret = Secret::new(value.to_owned());
        let identifier = match field {
            "mobile" => Identifier::Mobile(MobileNumber::parse(value).ok()?),
            "customer_id" => Identifier::CustomerId(secret),
            "urn" => Identifier::Urn(secret),
            _ => Identifier::Email(secret),
        };
        Some(Self { identifier })
    }
}

fn is_customer_id(text: &str) -> bool {
    pieces::all(text, u8::is_ascii_graphic)
}

fn is_urn(text: &str) -> bool {
    pieces::all(text, u8::is_ascii_digit)
}

// --- the answer ---

/// In what form a response field is told, however the vendor wrote it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A text: names, dates as the document writes them, codes and identifiers with their leading zeros.
    Text,
    /// A boolean.
    Flag,
    /// An amount in rupees with its two decimals: the vendor implies them, `10000` is `100.00`.
    Amount,
}

/// The response fields of one object, in the document's order and in snake case.
pub struct Shape {
    /// Its scalar fields.
    pub fields: &'static [(&'static str, Form)],
    /// Its lists of objects.
    pub lists: &'static [(&'static str, &'static Shape)],
}

use Form::{Amount, Flag, Text};

/// A customer (document 002, response parameters, with what only its sample has).
pub static CUSTOMER: Shape = Shape {
    fields: &[
        ("mobile", Text),
        ("email", Text),
        ("customer_id", Text),
        ("first_name", Text),
        ("last_name", Text),
        ("ovd_name", Text),
        ("dob", Text),
        ("created_on", Text),
        ("updated_on", Text),
        ("risk_category", Text),
        ("risk_score", Text),
        ("kyc_name", Text),
        ("profile_id", Text),
        ("re_kyc", Flag),
        ("re_kyc_expiry", Text),
        ("form60", Flag),
        ("form60_expiry", Text),
        ("pan_valid", Flag),
        ("entity_name", Text),
        ("migrated_user_flag", Flag),
    ],
    lists: &[("doc_list", &DOCUMENT), ("card_list", &CARD)],
};

static DOCUMENT: Shape = Shape { fields: &[("doc_type", Text), ("doc_number", Text)], lists: &[] };

static CARD: Shape = Shape {
    fields: &[
        ("urn", Text),
        ("available_balance", Amount),
        ("card_number", Text),
        ("card_status", Text),
        ("status_description", Text),
        ("last_four_digit", Text),
        ("product_profile", Text),
        ("created_on", Text),
        ("updated_on", Text),
    ],
    lists: &[("transaction_profiles", &TRANSACTION_PROFILE), ("subwallet_list_details", &SUBWALLET)],
};

static TRANSACTION_PROFILE: Shape = Shape {
    fields: &[("transaction_profile_id", Text), ("status", Flag), ("transaction_type", Text), ("transaction_region_name", Text)],
    lists: &[],
};

static SUBWALLET: Shape = Shape {
    fields: &[
        ("subwallet_id", Text),
        ("subwallet_name", Text),
        ("default_wallet", Flag),
        ("available_balance", Amount),
        ("account_number", Text),
        ("account_status", Text),
        ("account_number_validity", Text),
    ],
    lists: &[],
};

/// Paise as rupees: the digits before the last two, a point, the last two. `None` for what is no whole number.
#[must_use]
pub fn rupees(paise: &str) -> Option<String> {
    let (sign, digits) = paise.strip_prefix('-').map_or(("", paise), |digits| ("-", digits));
    if digits.is_empty() || !is_urn(digits) {
        return None;
    }
    let padded = format!("{digits:0>3}");
    let (rupees, paise) = padded.split_at_checked(padded.len().checked_sub(2)?)?;
    let significant = rupees.trim_start_matches('0');
    let rupees = if significant.is_empty() { "0" } else { significant };
    Some(format!("{sign}{rupees}.{paise}"))
}

/// The answer to a record that was found.
#[must_use]
pub fn decide(row: &'static Row, fields: Map<String, Value>, vendor: VendorRef) -> Option<Finding> {
    let finding = Finding::of_row(row, vendor)?;
    let action = if is_flagged(&fields, "pan_valid", false) { Action::Review } else { finding.action };
    let notes = notes(&fields);
    Some(Finding { action, notes, data: Value::Object(fields), ..finding })
}

fn is_flagged(fields: &Map<String, Value>, name: &str, flag: bool) -> bool {
    fields.get(name).and_then(Value::as_bool) == Some(flag)
}

/// What a record says that whoever relies on it has to know.
fn notes(customer: &Map<String, Value>) -> Vec<Note> {
    let kyc = customer.get("kyc_name").and_then(Value::as_str).unwrap_or_default();
    let is_minimum = kyc.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("min"));
    let pan = is_flagged(customer, "pan_valid", false).then_some(PAN_NOT_VALID);
    let mut notes: Vec<_> = pan.into_iter().chain(is_minimum.then_some(MINIMUM_KYC)).collect();
    let cards = customer.get("card_list").and_then(Value::as_array).into_iter().flatten();
    for note in cards.filter_map(note_of_card) {
        if !notes.contains(note) {
            notes.push(note.clone());
        }
    }
    notes
}

/// By the words of `statusDescription`, for of the numbers the document gives none but 0, Active.
fn note_of_card(card: &Value) -> Option<&'static Note> {
    let text = |field: &str| card.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
    match text("status_description").map(str::to_ascii_lowercase) {
        Some(status) if status == "active" => None,
        Some(status) => Some(CARD_NOTES.iter().find(|(word, _)| status.contains(word)).map_or(&CARD_NOT_ACTIVE, |(_, note)| note)),
        None => text("card_status").is_some_and(|status| !status.trim_start_matches('0').is_empty()).then_some(&CARD_NOT_ACTIVE),
    }
}

const PAN_NOT_VALID: Note =
    Note::new("pan_not_valid", "The issuer has no valid PAN of the customer: verify the PAN, or ask for Form 60, before going on.");
const MINIMUM_KYC: Note =
    Note::new("minimum_kyc", "The customer has minimum KYC only: what needs full KYC is not open to them before they complete it.");
const CARD_BLOCKED: Note = Note::new("card_blocked", "A card of the customer is blocked: do not rely on it.");
static CARD_NOTES: [(&str, Note); 5] = [
    ("clos", Note::new("card_closed", "A card of the customer is closed: do not rely on it.")),
    ("block", CARD_BLOCKED),
    // The kinds of a block.
    ("temporary", CARD_BLOCKED),
    ("permanent", CARD_BLOCKED),
    ("hotlist", CARD_BLOCKED),
];
static CARD_NOT_ACTIVE: Note = Note::new("card_not_active", "A card of the customer is not active: do not rely on it.");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn implied_decimals_become_exact_ones() {
        let cases = [
            ("10000", "100.00"),
            ("0", "0.00"),
            ("5", "0.05"),
            ("-5", "-0.05"),
            ("99", "0.99"),
            ("000123", "1.23"),
            ("123456789012345678901234567890", "1234567890123456789012345678.90"),
        ];
        for (paise, expected) in cases {
            assert_eq!(rupees(paise).as_deref(), Some(expected), "{paise}");
        }
        for other in ["", "-", "1.5", "1e3", "+5", " 5", "12a", "१०"] {
            assert_eq!(rupees(other), None, "{other}");
        }
    }
}
