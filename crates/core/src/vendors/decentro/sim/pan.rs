//! PAN verification (document 003 section 2): what is on record for each PAN.
//!
//! `AAAPL00NNA`, `AAAPH00NNA`, `AAAPC00NNA` and `AAAPG00NNA` reach row NN (from 01) of the tables of status letters, HTTP codes, response codes
//! and general response keys, so no row is without a subject; [`EXTRAS`] lists what those tables do not show. Any other PAN is valid, and its holder follows from
//! its letters. The wording of `pan_status` is an assumption: the document says only "valid (with flag)".

use serde_json::{Map, Value, json};

use super::shapes::{self, Shape, as_documented, set, with_data};
use super::{World, is_blank, kyc, name_of, text};
use crate::ids::Pan;
use crate::keys::{self, Row, Source};
use crate::time::{Millis, day_month_year};
use crate::vendors::sim::{Answer, Request, choose, digits};

/// What is on record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    /// `data.status`, the document's word.
    word: &'static str,
    /// `data.pan_status`; `None` leaves it out.
    letter: Option<&'static str>,
    /// `status` of the envelope.
    status: &'static str,
    /// `responseCode` of the envelope.
    pub(super) code: &'static str,
    /// In what clothes the answer comes.
    shape: Shape,
}

const VALID: Record = Record { word: "valid", letter: Some("E"), status: "SUCCESS", code: "S00000", shape: as_documented };
const BARE: Record = Record { letter: None, ..VALID };

/// The words of section 2.5, and the code in whose envelope the simulation sends them: failures come with both.
#[rustfmt::skip]
static WORDS: &[(&str, Record)] = &[
    ("F", Record { word: "fake", status: "FAILURE", ..VALID }),
    ("X", Record { word: "deactivated", status: "FAILURE", code: "E00001", ..VALID }),
    ("D", Record { word: "deleted", status: "FAILURE", ..VALID }),
    ("N", Record { word: "not_found", status: "FAILURE", code: "E00001", ..VALID }),
];

/// How a PAN is answered.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject {
    /// As a row of section 6.6.
    Row(&'static Row),
    /// A record.
    Record(Record),
}

/// One subject beyond the document's tables, and the gateway's key for it.
pub(super) struct Extra {
    /// The scenario's name.
    pub(super) name: &'static str,
    /// The PAN.
    pub(super) number: &'static str,
    /// What is on record.
    pub(super) record: Record,
    /// The key of the gateway's answer.
    pub(super) answers: &'static str,
}

impl Extra {
    /// The key or code that the answer carries.
    pub(super) fn vendor_key(&self) -> String {
        let body = json!({ "id_number": self.number });
        let answer = Answer { status: 200, body: recorded("", self.record, &body), wire_reference: None, credited: None };
        answer.key().unwrap_or_default().to_owned()
    }
}

const fn extra(name: &'static str, number: &'static str, record: Record, answers: &'static str) -> Extra {
    Extra { name, number, record, answers }
}

const YES: &str = "success_pan";
const INVALID: &str = "failure_pan_invalid";
const UNKNOWN: &str = "failure_pan_unknown_status";

/// What the document's tables do not show.
#[rustfmt::skip]
pub(super) static EXTRAS: &[Extra] = &[
    extra("word_alone_valid", "AAAPW0001A", BARE, YES),
    extra("word_alone_fake", "AAAPW0002A", Record { word: "fake", ..BARE }, INVALID),
    extra("word_alone_invalid", "AAAPW0003A", Record { word: "invalid", ..BARE }, INVALID),
    extra("word_alone_deactivated", "AAAPW0004A", Record { word: "deactivated", ..BARE }, "failure_pan_deactivated"),
    extra("word_alone_deleted", "AAAPW0005A", Record { word: "deleted", ..BARE }, "failure_pan_deleted"),
    extra("word_alone_not_found", "AAAPW0006A", Record { word: "not_found", ..BARE }, "failure_pan_not_found"),
    extra("word_invalid", "AAAPW0007A", Record { word: "invalid", letter: Some("F"), ..VALID }, INVALID),
    extra("letter_unheard_of", "AAAPU0008A", Record { letter: Some("Q"), ..VALID }, UNKNOWN),
    extra("snake_case", "AAAPD0001A", Record { shape: shapes::snake, ..VALID }, YES),
    extra("kyc_result", "AAAPD0002A", Record { shape: shapes::kyc_result, ..VALID }, YES),
    extra("data_as_array", "AAAPD0003A", Record { shape: shapes::array, ..VALID }, YES),
    extra("additional_fields", "AAAPD0004A", Record { shape: shapes::extended, ..VALID }, YES),
    extra("non_resident", "AAAPD0005A", Record { shape: |envelope| edited(envelope, "aadhaar_seeding_status", "Not Applicable"), ..VALID }, YES),
    extra("aadhaar_not_linked", "AAAPD0006A", Record { shape: |envelope| edited(envelope, "aadhaar_seeding_status", "Unsuccessful"), ..VALID }, YES),
    extra("answers_for_another_pan", "AAAPX0001A", Record { shape: |envelope| edited(envelope, "id_number", "ABCPE1234F"), ..VALID }, keys::UNEXPECTED_RESPONSE),
    extra("success_key_in_a_failure", "AAAPX0002A", Record { status: "FAILURE", shape: |envelope| set(envelope, "responseKey", "success_pan".into()), ..VALID }, keys::UNEXPECTED_RESPONSE),
    extra("success_with_an_unknown_code", "AAAPX0003A", Record { code: "S00042", ..VALID }, keys::UNEXPECTED_RESPONSE),
];

fn edited(envelope: Value, field: &str, value: &str) -> Value {
    with_data(envelope, |data| set(data, field, value.into()))
}

/// The PAN of a row, counted from 0.
pub(super) fn number_of(mark: char, row: usize) -> String {
    format!("AAAP{mark}{:04}A", row.saturating_add(1))
}

/// How a PAN is answered.
pub(super) fn subject_of(number: &str) -> Subject {
    if let Some(extra) = EXTRAS.iter().find(|extra| extra.number == number) {
        return Subject::Record(extra.record);
    }
    if let Some(row) = kyc::row_of(&[(Source::D003_PAN_STATUS, 'L')], number, number_of) {
        let record = WORDS.iter().find(|(flag, _)| *flag == row.key).map_or(VALID, |(_, record)| *record);
        return Subject::Record(Record { letter: Some(row.key), ..record });
    }
    kyc::row_of(kyc::TABLES, number, number_of).map_or(Subject::Record(VALID), Subject::Row)
}

/// `POST /kyc/public/api/customer/verification/validate`.
pub(in crate::vendors::decentro) fn post(world: &mut World, request: &Request, _now: Millis) -> Answer {
    kyc::post(world, request, field_refusal, |_, transaction, body| answer(transaction, body))
}

fn field_refusal(body: &Value) -> Option<&'static str> {
    let compare = match text(body, "document_type") {
        Some("PAN" | "PAN_DETAILED") => false,
        Some("PAN_COMPARE") => true,
        _ => return Some("error_invalid_document_type"),
    };
    if text(body, "id_number").is_none_or(|number| Pan::parse(number).is_err()) {
        return Some("error_invalid_pan");
    }
    if body.get("consent").and_then(Value::as_str) != Some("Y") {
        return Some("error_invalid_consent_type");
    }
    if is_blank(body, "purpose") {
        return Some("error_empty_purpose");
    }
    let incomplete = compare && (is_blank(body, "name") || text(body, "dob").is_none_or(|dob| day_month_year(dob).is_none()));
    incomplete.then_some("error_invalid_payload")
}

fn answer(transaction: &str, body: &Value) -> (u16, Value) {
    let (row, record) = match subject_of(text(body, "id_number").unwrap_or_default()) {
        Subject::Row(row) => (kyc::row_answer(row, transaction), VALID),
        Subject::Record(record) => (None, record),
    };
    row.unwrap_or_else(|| (200, recorded(transaction, record, body)))
}

fn recorded(transaction: &str, record: Record, body: &Value) -> Value {
    let message = if record.status == "SUCCESS" { "PAN verified successfully" } else { "PAN verification failed" };
    let envelope = json!({
        "decentroTxnId": transaction, "status": record.status, "responseCode": record.code, "message": message,
        "data": data(record, body),
    });
    (record.shape)(envelope)
}

/// The document's response fields (sections 2.3 and 2.4); a PAN that is not valid comes without its holder.
fn data(record: Record, body: &Value) -> Value {
    let number = text(body, "id_number").unwrap_or_default();
    let mut data = Map::from_iter([("status".to_owned(), Value::from(record.word)), ("id_number".to_owned(), number.into())]);
    if let Some(letter) = record.letter {
        data.insert("pan_status".into(), letter.into());
    }
    if record.word != "valid" {
        return Value::Object(data);
    }
    let holder = Holder::of(number);
    data.extend(holder.basic());
    match text(body, "document_type") {
        Some("PAN_DETAILED") => data.extend(holder.details()),
        Some("PAN_COMPARE") => data.extend(holder.comparison(body)),
        _ => {}
    }
    Value::Object(data)
}

/// Whose PAN it is.
pub(super) struct Holder {
    number: String,
    kind: char,
    /// As the Income Tax Department has it.
    pub(super) name: String,
    /// Birth or incorporation, `DD/MM/YYYY`.
    pub(super) dob: String,
}

impl Holder {
    pub(super) fn of(number: &str) -> Self {
        let kind = number.chars().nth(3).unwrap_or('P');
        let person = name_of(number);
        let family = person.split(' ').next_back().unwrap_or_default();
        let name = match kind {
            'P' => person,
            'C' => "ACME TECHNOLOGIES PRIVATE LIMITED".into(),
            'H' => "SURESH KUMAR HUF".into(),
            'F' => format!("{family} AND SONS"),
            'A' | 'B' => format!("{family} RESIDENTS ASSOCIATION"),
            'T' => format!("{family} CHARITABLE TRUST"),
            'L' => "SANDBOX MUNICIPAL CORPORATION".into(),
            _ => "SANDBOX STATUTORY BOARD".into(),
        };
        let years: &[u16] = &[1961, 1974, 1985, 1990, 1999];
        Self { number: number.into(), kind, name, dob: format!("15/06/{}", choose(years, number, "year of birth")) }
    }

    fn basic(&self) -> Map<String, Value> {
        let category = Pan::parse(&self.number).map_or_else(|_| "individual".to_owned(), |pan| pan.holder().word());
        let mut fields = Map::from_iter([("name".to_owned(), self.name.as_str().into()), ("category".to_owned(), category.into())]);
        match self.kind {
            'H' => None,
            'P' => fields.insert("aadhaar_seeding_status".into(), "Successful".into()),
            _ => fields.insert("aadhaar_seeding_status".into(), "Not Applicable".into()),
        };
        fields.insert("last_updated_at".into(), "2025-06-15".into());
        fields
    }

    fn details(&self) -> Map<String, Value> {
        let family = self.name.split(' ').next_back().unwrap_or_default();
        let details = json!({
            "father_name": format!("SURESH {family}"), "email": format!("holder{}@example.com", digits(&self.number, "email", 3)),
            "mobile": format!("98{}", digits(&self.number, "mobile", 8)), "dob": self.dob, "gender": choose(&["M", "F"], &self.number, "gender"),
        });
        let mut details = details.as_object().cloned().unwrap_or_default();
        // A company has a date of incorporation, and neither father nor gender (section 5.1).
        details.retain(|field, _| self.kind == 'P' || !["father_name", "gender"].contains(&field.as_str()));
        details
    }

    fn comparison(&self, body: &Value) -> Map<String, Value> {
        let same = |field: &str, recorded: &str| Value::from(text(body, field).is_some_and(|said| said.eq_ignore_ascii_case(recorded)));
        Map::from_iter([("name_match".to_owned(), same("name", &self.name)), ("dob_match".to_owned(), same("dob", &self.dob))])
    }
}
