//! Verify-PAN-sync and PAN Lite: what is on record for each PAN.
//!
//! `CFRPH00NNA` and `CFRPE00NNA` reach row NN (from 01) of the tables of HTTP statuses and of error codes, [`EXTRAS`] what those do not show. Any other PAN is valid,
//! and its holder follows from its letters.

use serde_json::{Value, json};

use super::{World, bare, name_of, refused, replied, text};
use crate::ids::{Pan, PersonName};
use crate::keys::{self, Row, Source};
use crate::time::Millis;
use crate::vendors::sim::{Answer, Request, choose, set, without};

/// One PAN beyond the tables: how its answer differs from a plain yes, and the key of the gateway's answer.
pub(super) struct Extra {
    /// The scenario's name.
    pub(super) name: &'static str,
    /// The PAN.
    pub(super) number: &'static str,
    /// What the answer says instead.
    change: fn(Value) -> Value,
    /// The key of the gateway's answer.
    pub(super) answers: &'static str,
    /// Whether it is asked of PAN Lite.
    pub(super) is_lite: bool,
}

impl Extra {
    /// What the answer carries in place of a code.
    pub(super) fn vendor_key(&self) -> Option<String> {
        let reply = (self.change)(json!({ "pan_status": if self.is_lite { "E" } else { "VALID" } }));
        reply.get("pan_status")?.as_str().map(str::to_owned)
    }
}

const fn sync_extra(name: &'static str, number: &'static str, answers: &'static str, change: fn(Value) -> Value) -> Extra {
    Extra { name, number, change, answers, is_lite: false }
}

const fn lite_extra(name: &'static str, number: &'static str, answers: &'static str, change: fn(Value) -> Value) -> Extra {
    Extra { name, number, change, answers, is_lite: true }
}

const YES: &str = "success_pan";
const NONSENSE: &str = keys::UNEXPECTED_RESPONSE;
const UNKNOWN: &str = "failure_pan_unknown_status";

/// A PAN that is not valid, as verify-PAN-sync tells it.
fn invalid(reply: Value, status: &str) -> Value {
    let reply = set(set(reply, "valid", false.into()), "message", "Invalid PAN".into());
    ["registered_name", "type", "name_pan_card"].iter().fold(set(reply, "pan_status", status.into()), |reply, field| without(reply, field))
}

/// A status of PAN Lite.
fn standing(reply: Value, status: &str, letter: &str) -> Value {
    set(set(reply, "status", status.into()), "pan_status", letter.into())
}

#[rustfmt::skip]
pub(super) static EXTRAS: &[Extra] = &[
    sync_extra("not_present", "CFRPW0001A", "failure_pan_not_found", |reply| invalid(reply, "INVALID")),
    sync_extra("deleted", "CFRPW0002A", "failure_pan_deleted", |reply| invalid(reply, "DELETED")),
    sync_extra("deactivated", "CFRPW0003A", "failure_pan_deactivated", |reply| invalid(reply, "DEACTIVATED")),
    sync_extra("fake", "CFRPW0004A", "failure_pan_invalid", |reply| invalid(reply, "FAKE")),
    sync_extra("letter_in_place_of_the_word", "CFRPW0005A", YES, |reply| set(reply, "pan_status", "E".into())),
    sync_extra("amalgamation", "CFRPW0006A", YES, |reply| set(reply, "pan_status", "EA".into())),
    sync_extra("deceased", "CFRPW0007A", "failure_pan_deceased", |reply| set(reply, "pan_status", "ED".into())),
    sync_extra("event_of_no_published_meaning", "CFRPW0008A", UNKNOWN, |reply| set(reply, "pan_status", "EC".into())),
    sync_extra("status_unheard_of", "CFRPW0009A", UNKNOWN, |reply| set(reply, "pan_status", "EXPIRED".into())),
    sync_extra("no_status", "CFRPW0010A", UNKNOWN, |reply| without(reply, "pan_status")),
    sync_extra("seeding_not_applicable", "CFRPW0011A", YES, |reply| set(reply, "aadhaar_seeding_status", "NA".into())),
    sync_extra("additional_fields", "CFRPW0012A", YES, |reply| set(reply, "risk_hint", json!({ "score": 3 }))),
    sync_extra("valid_flag_as_text", "CFRPW0013A", YES, |reply| set(reply, "valid", "true".into())),
    sync_extra("valid_without_the_flag", "CFRPX0001A", NONSENSE, |reply| without(reply, "valid")),
    sync_extra("flag_and_status_contradict", "CFRPX0002A", NONSENSE, |reply| set(reply, "valid", false.into())),
    sync_extra("status_and_flag_contradict", "CFRPX0003A", NONSENSE, |reply| set(reply, "pan_status", "DELETED".into())),
    sync_extra("answers_for_another_pan", "CFRPX0004A", NONSENSE, |reply| set(reply, "pan", "ABCPV1234D".into())),
    lite_extra("lite_not_found", "CFRPL0001A", "failure_pan_not_found", |reply| standing(reply, "INVALID", "N")),
    lite_extra("lite_fake", "CFRPL0002A", "failure_pan_invalid", |reply| standing(reply, "INVALID", "F")),
    lite_extra("lite_deactivated", "CFRPL0003A", "failure_pan_deactivated", |reply| standing(reply, "INVALID", "X")),
    lite_extra("lite_deleted", "CFRPL0004A", "failure_pan_deleted", |reply| standing(reply, "INVALID", "D")),
    lite_extra("lite_amalgamation", "CFRPL0005A", YES, |reply| standing(reply, "VALID", "EA")),
    lite_extra("lite_status_and_letter_contradict", "CFRPL0006A", NONSENSE, |reply| standing(reply, "INVALID", "E")),
    lite_extra("lite_without_a_comparison", "CFRPL0007A", NONSENSE, |reply| without(reply, "name_match")),
    lite_extra("lite_comparison_unheard_of", "CFRPL0008A", NONSENSE, |reply| set(reply, "dob_match", "MAYBE".into())),
    lite_extra("lite_of_another_request", "CFRPL0009A", NONSENSE, |reply| set(reply, "verification_id", "test001".into())),
];

/// The tables whose rows have PANs, by the mark in them.
pub(super) const TABLES: &[(Source, char)] = &[(Source::CASHFREE_HTTP, 'H'), (Source::CASHFREE_ERROR, 'E')];

/// The PAN of a row, counted from 0.
pub(super) fn number_of(mark: char, row: usize) -> String {
    format!("CFRP{mark}{:04}A", row.saturating_add(1))
}

fn row_of(number: &str) -> Option<&'static Row> {
    let rows =
        TABLES.iter().flat_map(|(source, mark)| keys::rows_of(*source).enumerate().map(|(row, found)| (number_of(*mark, row), found)));
    let mut rows = rows.filter(|(_, row)| row.key != "200");
    rows.find(|(known, _)| known == number).map(|(_, row)| row)
}

/// How a row is answered.
fn row_answer(request: &Request, row: &'static Row) -> Answer {
    if row.source == Source::CASHFREE_HTTP { bare(request, row) } else { refused(request, row.key) }
}

fn changed(number: &str, reply: Value) -> Value {
    match EXTRAS.iter().find(|extra| extra.number == number) {
        Some(extra) => (extra.change)(reply),
        None => reply,
    }
}

/// Whose PAN it is, and when they were born, `YYYY-MM-DD`.
pub(super) fn holder(number: &str) -> (String, String) {
    let is_person = Pan::parse(number).is_ok_and(|pan| pan.holder().is_individual());
    let name = if is_person { name_of(number) } else { "ACME TECHNOLOGIES PRIVATE LIMITED" };
    let years: &[u16] = &[1961, 1974, 1985, 1990, 1999];
    (name.into(), format!("{}-06-30", choose(years, number, "year of birth")))
}

/// The PAN of a body, or the code of what is wrong with it.
fn asked(body: &Value) -> Result<&str, &'static str> {
    match text(body, "pan") {
        "" => Err("pan_missing"),
        number if Pan::parse(number).is_err() => Err("pan_length_short"),
        number => Ok(number),
    }
}

/// `POST /pan`.
pub(super) fn sync(world: &mut World, request: &Request, _now: Millis) -> Answer {
    let body = request.object().map(Value::Object).unwrap_or_default();
    let number = match asked(&body) {
        Ok(number) => number,
        Err(code) => return refused(request, code),
    };
    if let Some(row) = row_of(number) {
        return row_answer(request, row);
    }
    let (name, _) = holder(number);
    let is_person = Pan::parse(number).is_ok_and(|pan| pan.holder().is_individual());
    let reply = json!({
        "pan": number, "type": if is_person { "Individual" } else { "Business" }, "reference_id": world.next_reference(),
        "name_provided": text(&body, "name"), "registered_name": name, "father_name": "", "valid": true,
        "message": "PAN verified successfully", "aadhaar_seeding_status": if is_person { "Y" } else { "NA" },
        "aadhaar_seeding_status_desc": if is_person { "Aadhaar is linked to PAN" } else { "Not applicable" },
        "last_updated_at": "01/01/2019", "name_pan_card": name, "pan_status": "VALID",
    });
    replied(request, 200, changed(number, reply))
}

/// `POST /pan-lite`.
pub(super) fn lite(world: &mut World, request: &Request, _now: Millis) -> Answer {
    let body = request.object().map(Value::Object).unwrap_or_default();
    let id = text(&body, "verification_id");
    let is_id = (1..=50).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    let number = match asked(&body) {
        Ok(number) => number,
        Err(code) => return refused(request, code),
    };
    let wrong = [
        (!is_id, "verification_id_value_invalid"),
        (PersonName::parse(text(&body, "name")).is_err(), "name_missing"),
        (!is_iso_date(text(&body, "dob")), "dob_value_invalid"),
        (is_id && !world.take(id), "verification_id_already_exists"),
    ];
    if let Some((_, code)) = wrong.into_iter().find(|(is_wrong, _)| *is_wrong) {
        return refused(request, code);
    }
    if let Some(row) = row_of(number) {
        return row_answer(request, row);
    }
    let (name, born) = holder(number);
    let matches = |field: &str, known: &str| if text(&body, field).eq_ignore_ascii_case(known) { "Y" } else { "N" };
    let reply = json!({
        "verification_id": id, "reference_id": world.next_reference(), "pan": number, "name": text(&body, "name"),
        "dob": text(&body, "dob"), "name_match": matches("name", &name), "dob_match": matches("dob", &born), "pan_status": "E",
        "status": "VALID", "aadhaar_seeding_status": "Y", "aadhaar_seeding_status_desc": "Aadhaar is linked to PAN",
    });
    replied(request, 200, changed(number, reply))
}

fn is_iso_date(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let digits = |part: &&str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    matches!(parts.as_slice(), [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2))
}
