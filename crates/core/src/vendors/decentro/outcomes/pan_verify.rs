//! What Decentro's replies to a PAN verification mean (document 003 section 2): a read.
//!
//! A yes needs all of its marks: the status `SUCCESS`, the success code, the PAN that was asked about, and a letter of the table. The
//! letter of a reply is its word of section 2.5, refined by the flag beside it.

use serde_json::{Map, Value};

use super::{SUCCESS, coded_reading, finished, opened};
use crate::http::Exchange;
use crate::keys::{self, Meaning, Source};
use crate::operations::pan_verify::{self, PanReport};
use crate::operations::{Operation, PanVerify};
use crate::vendors::decentro::wire::{self, Envelope};
use crate::vendors::{Reading, read};

/// The reply.
pub(in crate::vendors::decentro) fn post(request: &PanVerify, exchange: &Exchange) -> Reading {
    replied(request, exchange).recorded(|finding| pan_verify::without_report(request, finding))
}

fn replied(request: &PanVerify, exchange: &Exchange) -> Reading {
    let (envelope, response) = match opened(Operation::PanVerify, exchange) {
        Ok(opened) => opened,
        Err(reading) => return *reading,
    };
    match pan_report(&envelope) {
        Some(report) => pan_reading(request, report, &envelope),
        None => coded_reading(Operation::PanVerify, &envelope, response),
    }
}

fn pan_reading(request: &PanVerify, report: PanReport, envelope: &Envelope) -> Reading {
    let asked = |number: String| number.eq_ignore_ascii_case(request.id_number.expose());
    let answers_another = wire::field(&envelope.data, "id_number").is_some() && !wire::text(&envelope.data, "id_number").is_some_and(asked);
    let verified = report.letter.as_deref().and_then(|letter| keys::find(Source::D003_PAN_STATUS, letter, None));
    let claims_yes = verified.is_none_or(|row| row.meaning == Meaning::Verified);
    let is_success = envelope.succeeded() && envelope.has_good_key() && envelope.code.as_deref().is_none_or(|code| code == "S00000");
    let contradicts = claims_yes && !(is_success && envelope.word("kyc_status").is_none_or(|status| status == SUCCESS));
    if answers_another || contradicts {
        return read::nonsense();
    }
    pan_verify::decide(request, report, envelope.vendor()).map_or_else(read::nonsense, finished)
}

/// The PAN in an answer; `None` when it has no status at all.
fn pan_report(envelope: &Envelope) -> Option<PanReport> {
    let data = &envelope.data;
    let words = ["status", "id_status"].map(|name| wire::word(data, name));
    let word = words.iter().flatten().next().cloned();
    let flag = wire::word(data, "pan_status");
    if word.is_none() && flag.is_none() {
        return None;
    }
    // What both dialects' words say, where they say the same.
    let said: Vec<_> = words.iter().flatten().map(|word| letter(Some(word), flag.as_deref())).collect();
    let letter = match said.as_slice() {
        [] => letter(None, flag.as_deref()),
        [first, rest @ ..] => first.clone().filter(|_| rest.iter().all(|other| other == first)),
    };
    Some(PanReport {
        letter,
        name: wire::text(data, "name"),
        category: wire::text(data, "category"),
        aadhaar_seeding_status: wire::text(data, "aadhaar_seeding_status"),
        name_match: wire::flag(data, "name_match"),
        dob_match: wire::flag(data, "dob_match"),
        fields: pan_fields(data, word),
    })
}

/// The document's response fields, each in its one form whatever the dialect: texts, and for the two comparisons booleans.
fn pan_fields(data: &Map<String, Value>, word: Option<String>) -> Map<String, Value> {
    let mut fields = wire::texts(data, pan_verify::RESPONSE_FIELDS);
    fields.extend(word.map(|word| ("status".to_owned(), word.to_ascii_lowercase().into())));
    for name in ["name_match", "dob_match"] {
        fields.extend(wire::flag(data, name).map(|flag| (name.to_owned(), flag.into())));
    }
    fields
}

/// The words of `data.status` (document 003 section 2.5) and the letters they stand for.
const STATUS_WORDS: &[(&str, &str)] =
    &[("valid", "E"), ("fake", "F"), ("invalid", "F"), ("deactivated", "X"), ("deleted", "D"), ("not_found", "N")];

/// The letter of a word, refined by the flag beside it: `valid` with `EA` is `EA`. A flag that contradicts its word, and a word that
/// nobody knows, give no letter of the table, hence no yes.
fn letter(word: Option<&str>, flag: Option<&str>) -> Option<String> {
    let by_word = word.map(|word| {
        let known = STATUS_WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
        known.map_or_else(|| word.to_owned(), |(_, letter)| (*letter).to_owned())
    });
    let letter = match (by_word, flag) {
        (None, flag) => flag.map(str::to_owned),
        (Some(letter), None) => Some(letter),
        (Some(letter), Some(flag)) => flag.starts_with(letter.as_str()).then(|| flag.to_owned()),
    };
    letter.filter(|letter| (1..=2).contains(&letter.len()) && letter.bytes().all(|byte| byte.is_ascii_uppercase()))
}
