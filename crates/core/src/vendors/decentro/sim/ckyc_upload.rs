//! CKYC upload (document 003 section 4.3): what becomes of each record.
//!
//! The PAN among the record's identities decides: `AAAPR00NNA` and `AAAPQ00NNA` reach row NN (from 01) of the HTTP codes and response codes of section
//! 6.6, [`EXTRAS`] lists what those tables do not show, any other record is taken. A registry that is down is up with
//! the third try; a failure that does not say whether the record was taken hides that it was, and a record that was taken is found by search. A record
//! without a PAN is taken and found by nothing. That success has a code, which the document's sample lacks, is an assumption.

use serde_json::{Value, json};

use super::callbacks::Upload;
use super::registry::Record;
use super::shapes::{self, Shape, set, with_data};
use super::{World, kyc, pan};
use crate::keys::{Meaning, Row, Source};
use crate::time::Millis;
use crate::vendors::sim::{Answer, Request, without};

/// So many times a registry that is down is so.
const REFUSALS: u32 = 2;

/// The tables of section 6.6, under other letters than those of the reads: a record that was taken is searched for by its PAN.
pub(super) static TABLES: &[(Source, char)] = &[(Source::D003_HTTP, 'R'), (Source::D003_CODE, 'Q')];

/// One record beyond the document's tables.
pub(super) struct Extra {
    /// The scenario's name.
    pub(super) name: &'static str,
    /// Its PAN.
    pub(super) number: &'static str,
    shape: Shape,
}

/// What section 4.3 does not show.
#[rustfmt::skip]
pub(super) static EXTRAS: &[Extra] = &[
    Extra { name: "snake_case", number: "AAAPS0001A", shape: shapes::snake },
    Extra { name: "data_as_array", number: "AAAPS0002A", shape: shapes::array },
    Extra { name: "additional_fields", number: "AAAPS0003A", shape: shapes::extended },
    Extra { name: "as_sampled_without_code", number: "AAAPS0004A", shape: |envelope| without(envelope, "responseCode") },
    Extra { name: "number_comes_later", number: "AAAPS0005A", shape: |envelope| with_data(envelope, |data| without(data, "ckycId")) },
    Extra { name: "pending", number: "AAAPS0006A", shape: |envelope| set(with_data(envelope, |data| without(data, "ckycId")), "status", "PENDING".into()) },
    Extra { name: "success_with_an_unknown_code", number: "AAAPS0007A", shape: |envelope| set(envelope, "responseCode", "S00042".into()) },
];

/// The PAN of a record whose fields the vendor refuses, each with its own fault, as its bulk upload says them (README, "Quirks").
pub(super) const FAULTED: &str = "AAAPS0008A";

fn faulted(transaction: &str) -> (u16, Value) {
    let fault = |key: &str, message: &str| json!({ "responseKey": key, "message": message });
    let errors = [
        fault("error_invalid_father_name", "Father's name is too short."),
        fault("error_invalid_pincode", "Pincode 122001 is not of the state."),
    ];
    let individual = json!({ "index": 0, "identifier": "1", "count": errors.len(), "errors": errors });
    let answer = kyc::failure(transaction, "E00009", Some("error_invalid_payload"));
    (400, set(set(answer, "message", "Issues detected with the request payload.".into()), "data", json!({ "individuals": [individual] })))
}

/// What a row of the tables does to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is taken, and the answer says so.
    Taken,
    /// It is taken, and the answer does not say so.
    Hidden,
    /// It is taken with the third try.
    Later,
    /// It never is.
    Never,
}

impl Fate {
    pub(super) fn of(row: &Row) -> Self {
        match (row.meaning, row.key) {
            (Meaning::Answered, _) => Self::Taken,
            (_, "429" | "503" | "E00004" | "E00005") => Self::Later,
            (Meaning::Input | Meaning::Operator, _) | (_, "404" | "422") => Self::Never,
            _ => Self::Hidden,
        }
    }
}

/// `POST /kyc/ckyc/upload`.
pub(in crate::vendors::decentro) fn post(world: &mut World, request: &Request, _now: Millis) -> Answer {
    kyc::post(world, request, refusal, respond)
}

fn refusal(body: &Value) -> Option<&'static str> {
    let empty = |field: &str| body.get(field).and_then(Value::as_str).is_none_or(str::is_empty);
    let absent = |part: &str| body.get(part).is_none_or(|part| !part.is_object() && !part.is_array());
    let parts =
        ["verifier", "individual_record", "current_address", "permanent_address", "poa", "kyc_verification_details", "documents", "ids"];
    (empty("fi_code") || empty("branch_code") || parts.into_iter().any(absent)).then_some("error_invalid_payload")
}

fn respond(world: &mut World, transaction: &str, body: &Value) -> (u16, Value) {
    let number = pan_of(body).unwrap_or_default();
    if number == FAULTED {
        return faulted(transaction);
    }
    let row = kyc::row_of(TABLES, number, pan::number_of);
    let said = row.and_then(|row| Some((Fate::of(row), row_answer(row, transaction)?)));
    match said {
        Some((Fate::Later, said)) if world.refuses_once_more(number) => said,
        Some((Fate::Never, said)) => said,
        Some((Fate::Hidden, said)) => {
            taken(world, transaction, body);
            said
        }
        _ => taken(world, transaction, body),
    }
}

/// A registry that is down, and a rate limit, are the vendor's own word.
fn row_answer(row: &Row, transaction: &str) -> Option<(u16, Value)> {
    match row.key {
        "429" => Some((429, kyc::failure(transaction, "E00005", None))),
        "503" => Some((503, kyc::failure(transaction, "E00004", None))),
        _ => kyc::row_answer(row, transaction),
    }
}

impl World {
    fn refuses_once_more(&mut self, number: &str) -> bool {
        let refused = self.refusals.entry(number.to_owned()).or_default();
        *refused = refused.saturating_add(1);
        *refused <= REFUSALS
    }
}

/// The registry has the record from now on.
fn taken(world: &mut World, transaction: &str, body: &Value) -> (u16, Value) {
    let number = pan_of(body).unwrap_or(transaction);
    let record = world.registry.entry(number.to_owned()).or_insert_with(|| Record::of(number));
    record.data = described(std::mem::take(&mut record.data), body);
    let data = json!({ "ckycId": record.kin(), "message": "CKYC record uploaded successfully" });
    let envelope = json!({ "decentroTxnId": transaction, "status": "SUCCESS", "responseCode": "S00000", "data": data });
    if let Some(reference) = super::text(body, "reference_id") {
        world.uploads.insert(reference.to_owned(), Upload { answer: envelope.clone() });
    }
    match EXTRAS.iter().find(|extra| extra.number == number) {
        Some(extra) => (200, (extra.shape)(envelope)),
        None => (200, envelope),
    }
}

/// The registry's data with what the record says of the person.
fn described(data: Value, body: &Value) -> Value {
    let said = |field: &str| body.pointer(&format!("/individual_record/{field}")).and_then(Value::as_str).filter(|text| !text.is_empty());
    let name: Vec<_> = ["first_name", "middle_name", "last_name"].into_iter().filter_map(said).collect();
    let verified = body.pointer("/kyc_verification_details/verification_date").and_then(Value::as_str);
    let told = [
        ("fullName", Some(name.join(" "))),
        ("dateOfBirth", said("date_of_birth").map(str::to_owned)),
        ("gender", said("gender").map(str::to_owned)),
        ("kycDate", verified.map(str::to_owned)),
    ];
    told.into_iter().fold(data, |data, (field, text)| match text {
        Some(text) => set(data, field, text.into()),
        None => data,
    })
}

/// The PAN among the identities.
fn pan_of(body: &Value) -> Option<&str> {
    let ids = body.get("ids")?.as_array()?;
    ids.iter().find(|id| id.get("id_type").is_some_and(|kind| kind == "PAN"))?.get("id_number")?.as_str()
}
