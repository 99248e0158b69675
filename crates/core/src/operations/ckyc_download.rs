//! `ckyc.download`: the customer's record in the CKYC registry, to prefill a form with (document 003 section 4.2). A read.
//!
//! The record is named by the masked KIN of a search or by all 14 digits; the answer must hold all 14, and they must fit. The vendor's own interface
//! also wants one fact that only the customer knows (the authentication factor); the document's does not, so it is optional. Four digits are many
//! people's, so a caller may say who is meant (name, day of birth, PAN): that is sent nowhere, and compared with what comes. What comes is prefill:
//! it may be years old and never overrides what the customer says (section 8.8), and a note says so.

use serde_json::{Map, Value};

use super::ckyc::{CkycId, Identity, ordered, pans};
use super::ckyc_record::{ADDRESSES, DEATH_FLAG, Death, RECORD};
use super::comparison::{Comparison, Untold};
use super::fields::Fields;
use super::{Finding, Note, VendorRef};
use crate::consent::CONSENT_RECORD;
use crate::ids::{Kind, Pan, PersonName, Reason};
use crate::json::{Datum, Node, Record};
use crate::keys;
use crate::keys::{Action, Outcome};
use crate::names::Policy;
use crate::pieces;
use crate::secret::Secret;
use crate::time::{digital_parts, from_iso, is_calendar_date, is_digital_date};

pub(super) const FIELDS: &[&str] =
    &["reference_id", "ckyc_id", "consent", "consent_purpose", TYPE, FACTOR, NAME, BORN, PAN, CONSENT_RECORD];

/// The fields that say who is meant.
const NAME: &str = "name";
const BORN: &str = "date_of_birth";
const PAN: &str = "pan";

const TYPE: &str = "auth_factor_type";
const FACTOR: &str = "auth_factor";
const NUMBERS: &str = "1, 2 or 3";

/// A kind of authentication factor: its number at the vendor, and its rule.
struct FactorRow {
    number: u8,
    word: &'static str,
    fits: fn(&str) -> bool,
    form: &'static str,
}

static FACTORS: &[FactorRow] = &[
    FactorRow { number: 1, word: "1", fits: is_date, form: "the date of birth, YYYY-MM-DD" },
    FactorRow { number: 2, word: "2", fits: is_pincode_and_year, form: "the PIN code and the year of birth in one, 1220011990" },
    FactorRow { number: 3, word: "3", fits: |text| Kind::Mobile.read(text).is_ok(), form: "the mobile number, 10 digits" },
];

/// What the customer proves that the record is theirs with.
pub struct AuthFactor {
    /// Its kind: 1 the date of birth, 2 PIN code and year of birth, 3 the mobile number.
    pub number: u8,
    /// The fact.
    pub value: Secret<String>,
}

/// A request of this operation; the consent was given.
pub struct CkycDownload {
    /// Which record.
    pub ckyc_id: CkycId,
    /// Why, for the registry's and our own audit trail.
    pub consent_purpose: String,
    /// The authentication factor, where the caller has one.
    pub auth_factor: Option<AuthFactor>,
    /// The customer's name, where the caller says it.
    pub name: Option<PersonName>,
    /// The customer's day of birth, `DD-MM-YYYY`, likewise.
    pub born: Option<Secret<String>>,
    /// The customer's PAN, likewise.
    pub pan: Option<Pan>,
}

/// Reads the fields in the document's order.
pub(super) fn read(fields: &mut Fields<'_>) {
    fields.reference_id();
    if let Some(text) = fields.text("ckyc_id") {
        fields.judged("ckyc_id", CkycId::field(text));
    }
    fields.consent(true.into());
    fields.purpose("consent_purpose");
    auth_factor(fields);
    fields.optional_identifier(NAME, Kind::PersonName);
    born(fields);
    fields.optional_identifier(PAN, Kind::Pan);
}

fn born(fields: &mut Fields<'_>) {
    let Some(text) = fields.optional_text(BORN) else { return };
    let text = from_iso(text, "-");
    match digital_parts(&text, '-') {
        Some((year, month, day)) if is_calendar_date(year, month, day) => fields.say_text(BORN, &text),
        Some(_) => fields.reason(BORN, Reason::Value, "Parameter date_of_birth is not a date of the calendar."),
        None => fields.wrong(BORN, Reason::Format, "a date in the form DD-MM-YYYY or YYYY-MM-DD"),
    }
}

/// Both fields or neither; whichever is missing is the one at fault.
fn auth_factor(fields: &mut Fields<'_>) {
    for (given, wanted) in [(FACTOR, TYPE), (TYPE, FACTOR)] {
        if fields.sent(given).is_some() && fields.sent(wanted).is_none() {
            fields.reason(wanted, Reason::Missing, &["Parameter ", wanted, " cannot be missing where ", given, " is given."].concat());
        }
    }
    let row = factor_type(fields);
    let (Some(text), Some(row)) = (fields.optional_text(FACTOR), row) else { return };
    if !(row.fits)(text) {
        return fields.reason(FACTOR, Reason::Format, &["Parameter auth_factor of type ", row.word, " should be ", row.form, "."].concat());
    }
    fields.say(TYPE, Datum::Count(u32::from(row.number)));
    fields.say_text(FACTOR, text);
}

/// A number, or the same as a text: the vendor's documentation does not say which.
fn factor_type(fields: &mut Fields<'_>) -> Option<&'static FactorRow> {
    let row = match fields.sent(TYPE)? {
        Node::Number(number) => FACTORS.iter().find(|row| f64::from(row.number).to_bits() == number.to_bits()),
        Node::Text(_) => {
            let text = fields.optional_text(TYPE)?;
            FACTORS.iter().find(|row| row.word == text)
        }
        _ => {
            fields.wrong(TYPE, Reason::Type, NUMBERS);
            return None;
        }
    };
    if row.is_none() {
        fields.wrong(TYPE, Reason::Value, NUMBERS);
    }
    row
}

impl CkycDownload {
    pub(super) fn of(meaning: &Record) -> Option<Self> {
        let factor = |(row, value): (&FactorRow, &str)| AuthFactor { number: row.number, value: Secret::new(value.to_owned()) };
        let row = FACTORS.iter().find(|row| meaning.get(TYPE) == Some(&Datum::Count(u32::from(row.number))));
        Some(Self {
            ckyc_id: CkycId::parse(meaning.text("ckyc_id")?)?,
            consent_purpose: meaning.text("consent_purpose")?.to_owned(),
            auth_factor: row.zip(meaning.text(FACTOR)).map(factor),
            name: meaning.text(NAME).and_then(|name| PersonName::parse(name).ok()),
            born: meaning.text(BORN).map(|born| Secret::new(born.to_owned())),
            pan: meaning.text(PAN).and_then(|pan| Pan::parse(pan).ok()),
        })
    }
}

fn is_date(text: &str) -> bool {
    is_digital_date(&from_iso(text, "-"), '-') && !is_digital_date(text, '-')
}

fn is_pincode_and_year(text: &str) -> bool {
    text.split_at_checked(6).is_some_and(|(code, year)| {
        let is_year = year.len() == 4 && pieces::all(year, u8::is_ascii_digit);
        Kind::Pincode.read(code).is_ok() && is_year && (year.starts_with("19") || year.starts_with("20"))
    })
}

// --- the answer ---

/// What a vendor reports of a record, whatever dialect it spoke.
pub struct DownloadReport {
    /// The KIN as the vendor tells it.
    pub ckyc_id: Option<String>,
    /// Those of [`RECORD`] that the vendor gave.
    pub fields: Map<String, Value>,
    /// The identity documents.
    pub documents: Vec<Identity>,
    /// Whether the registry says that the person has died, where it says anything of it; a word that nobody knows is [`Death::Unclear`].
    pub death: Option<Death>,
}

/// The answer to a record that came; `None` when it has not all 14 digits of its KIN, or those of another one.
#[must_use]
pub fn decide(request: &CkycDownload, report: DownloadReport, vendor: VendorRef) -> Option<Finding> {
    let found =
        CkycId::parse(report.ckyc_id.as_deref()?).filter(|found| matches!(found, CkycId::Full(_)) && found.fits(&request.ckyc_id))?;
    let comparison = compared(request, &report);
    let death = report.death;
    let mut fields = report.fields;
    fields.extend(death.and_then(Death::flag).map(|flag| (DEATH_FLAG.to_owned(), flag.into())));
    fields.insert("ckyc_id".into(), found.expose().into());
    let documents: Vec<_> = report.documents.into_iter().map(|document| document.told("type", "number")).collect();
    if !documents.is_empty() {
        fields.insert("identity_documents".into(), documents.into());
    }
    let note = Note {
        code: "ckyc_prefill_only".into(),
        message: "A CKYC record may be outdated: prefill with it, and do not override what the customer says.".into(),
    };
    let is_alive = death.is_none_or(|death| death == Death::No);
    let (action, died) = if is_alive { (Action::Proceed, None) } else { (Action::Review, Some(DIED)) };
    let finding = Finding::bare(Outcome::Verified, action, keys::SUCCESS_CKYC_DOWNLOAD, vendor);
    let names: Vec<_> = RECORD.iter().map(|(name, _)| *name).collect();
    Some(comparison.judge(Finding { data: ordered(&names, fields), notes: died.into_iter().chain([note]).collect(), ..finding }))
}

/// Section 8.1.
const DIED: Note = Note::new(
    "death_flag",
    "The registry may know of this person's death: escalate to the compliance team, and see the person in a video KYC.",
);

/// What the caller said of the customer, the authentication factor included, and what the record says. The registry knows the factor's facts, but need not tell them.
fn compared(request: &CkycDownload, report: &DownloadReport) -> Comparison {
    let text = |field: &str| report.fields.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
    let pincode = |address: &&str| report.fields.get(*address)?.get("pincode")?.as_str();
    let pincodes = || ADDRESSES.iter().filter_map(pincode).filter(|pincode| !pincode.is_empty());
    let mut comparison = Comparison::default();
    comparison.name(request.name.as_ref().map(PersonName::expose), text("full_name"), Policy::PanCkyc);
    comparison.born(request.born.as_ref().map(|born| born.expose().as_str()), text("date_of_birth"), Untold::Doubt);
    let pans = pans(&report.documents);
    comparison.one_of("PAN", request.pan.as_ref().map(Pan::expose), pans.iter().map(String::as_str), Untold::Doubt);
    match request.auth_factor.as_ref().map(|factor| (factor.number, factor.value.expose().as_str())) {
        Some((1, born)) => comparison.born(Some(born), text("date_of_birth"), Untold::Nothing),
        Some((2, place_and_year)) => comparison.one_of("PIN code", place_and_year.get(..6), pincodes(), Untold::Nothing),
        Some((_, mobile)) => comparison.one_of("mobile number", Some(mobile), text("mobile"), Untold::Nothing),
        None => {}
    }
    comparison
}
