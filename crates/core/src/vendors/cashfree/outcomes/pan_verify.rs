//! What Cashfree's replies to verify-PAN-sync and PAN Lite mean: reads.
//!
//! A yes needs all of its marks: HTTP 200, the flag or word that says valid, the PAN that was asked about, and a letter of the table that agrees. The letters are
//! those of the Income Tax Department; verify-PAN-sync has words for them.

use serde_json::{Map, Value};

use super::http;
use crate::http::{Exchange, HttpResponse};
use crate::keys::Meaning;
use crate::operations::pan_verify::{self, PanReport};
use crate::operations::{Operation, PanVerify, VendorRef};
use crate::time::day_month_year;
use crate::vendors::cashfree::wire::{self, Reply};
use crate::vendors::{Reading, read};

/// The words of `pan_status` and the letters that they stand for ("PAN Status Mapping" of verify-PAN-sync).
const STATUS_WORDS: &[(&str, &str)] = &[("VALID", "E"), ("INVALID", "N"), ("FAKE", "F"), ("DELETED", "D"), ("DEACTIVATED", "X")];

/// `aadhaar_seeding_status` in document 003's words. What `R` and `T` mean differs between two editions, so they stay.
const SEEDING_WORDS: &[(&str, &str)] = &[("Y", "Successful"), ("NA", "Not Applicable")];

/// The `type` of a person's PAN. A business is told more exactly by the PAN itself.
const INDIVIDUAL: &str = "Individual";

/// The reply to verify-PAN-sync.
pub(in crate::vendors::cashfree) fn pan(request: &PanVerify, exchange: &Exchange) -> Reading {
    let reply = match opened(exchange) {
        Ok(reply) => reply,
        Err(reading) => return *reading,
    };
    let report = PanReport {
        letter: letter(reply.pan_status.as_deref()),
        name: reply.registered_name.clone(),
        category: reply.holder_type.as_deref().filter(|kind| *kind == INDIVIDUAL).map(str::to_ascii_lowercase),
        aadhaar_seeding_status: seeding(&reply),
        name_match: yes_or_no(reply.name_match.as_deref()),
        dob_match: yes_or_no(reply.dob_match.as_deref()),
        fields: Map::new(),
    };
    decided(request, &reply, reply.is_valid, report)
}

/// The reply to PAN Lite. The name in it is the one that was asked about, not the holder's.
pub(in crate::vendors::cashfree) fn pan_lite(request: &PanVerify, reference: &str, exchange: &Exchange) -> Reading {
    let reply = match opened(exchange) {
        Ok(reply) => reply,
        Err(reading) => return *reading,
    };
    if reply.is_about_another(reference) {
        return read::nonsense();
    }
    let is_valid = match reply.status.as_deref() {
        Some("VALID") => Some(true),
        Some("INVALID") => Some(false),
        _ => None,
    };
    let report = PanReport {
        letter: letter(reply.pan_status.as_deref()),
        aadhaar_seeding_status: seeding(&reply),
        name_match: yes_or_no(reply.name_match.as_deref()),
        dob_match: yes_or_no(reply.dob_match.as_deref()),
        ..PanReport::default()
    };
    decided(request, &reply, is_valid, report)
}

/// The reply under HTTP 200; anything else is a reading already.
fn opened(exchange: &Exchange) -> Result<Reply, Box<Reading>> {
    let response = read::answer(exchange)?;
    let reply = wire::reply(response.body.expose());
    if response.status != 200 {
        return Err(Box::new(refusal(&reply.unwrap_or_default(), response)));
    }
    reply.ok_or_else(|| Box::new(read::nonsense()))
}

/// A status that refuses us does so whatever the code says; else the code counts for more than the status.
fn refusal(reply: &Reply, response: &HttpResponse) -> Reading {
    let by_status = http(response);
    if by_status.is_some_and(|row| row.meaning == Meaning::Operator) {
        return Reading::refused_us(reply.named(response));
    }
    let row = reply.coded().or(by_status);
    row.map_or_else(read::nonsense, |row| read::row(row, Operation::PanVerify, reply.vendor(), reply.named(response), response.retry_after))
}

fn decided(request: &PanVerify, reply: &Reply, is_valid: Option<bool>, mut report: PanReport) -> Reading {
    let Some(is_valid) = is_valid else { return read::nonsense() };
    // A yes must name the PAN.
    let is_ours = |pan: &String| pan.eq_ignore_ascii_case(request.id_number.expose());
    let answers_another = !reply.pan.as_ref().map_or(!is_valid, is_ours);
    let contradicts = report.letter.as_ref().is_some_and(|letter| letter.starts_with('E') != is_valid);
    if answers_another || contradicts {
        return read::nonsense();
    }
    report.fields = fields(request, reply, &report);
    let code = report.letter.clone().or_else(|| reply.pan_status.clone());
    read::finished(pan_verify::decide(request, report, VendorRef { code, ..reply.vendor() }))
}

/// The document's response fields, in its words, of a PAN that is valid: nothing else is told.
fn fields(request: &PanVerify, reply: &Reply, report: &PanReport) -> Map<String, Value> {
    let updated = reply.last_updated_at.as_deref().and_then(day_month_year).map(|date| date.to_string());
    let texts = [
        ("status", Some("valid")),
        ("id_number", Some(request.id_number.expose())),
        ("name", report.name.as_deref()),
        ("category", report.category.as_deref()),
        ("aadhaar_seeding_status", report.aadhaar_seeding_status.as_deref()),
        ("last_updated_at", updated.as_deref()),
    ];
    let texts = texts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), Value::from(text?))));
    let flags = [("name_match", report.name_match), ("dob_match", report.dob_match)];
    let flags = flags.into_iter().filter_map(|(name, flag)| Some((name.to_owned(), Value::from(flag?))));
    texts.chain(flags).collect()
}

/// The letter of a status. What is neither a word nor a letter of the department is none.
fn letter(status: Option<&str>) -> Option<String> {
    let status = status?;
    let by_word = STATUS_WORDS.iter().find(|(word, _)| *word == status).map(|(_, letter)| (*letter).to_owned());
    by_word.or_else(|| {
        let is_letter = (1..=2).contains(&status.len()) && status.bytes().all(|byte| byte.is_ascii_uppercase());
        is_letter.then(|| status.to_owned())
    })
}

fn seeding(reply: &Reply) -> Option<String> {
    let status = reply.aadhaar_seeding_status.as_deref()?;
    Some(SEEDING_WORDS.iter().find(|(word, _)| *word == status).map_or(status, |(_, known)| known).to_owned())
}

fn yes_or_no(word: Option<&str>) -> Option<bool> {
    match word? {
        "Y" => Some(true),
        "N" => Some(false),
        _ => None,
    }
}
