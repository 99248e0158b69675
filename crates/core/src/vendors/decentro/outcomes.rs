//! What Decentro's replies mean.
//!
//! The keys and codes are rows of the catalogue; this file only says which row a reply is, and refuses to see a yes without all of its
//! marks: the status `SUCCESS`, the success key, and data that answers the question. Money that is not certainly unmoved is
//! [`Reading::Unknown`]: contract section 2.2's table for document 001, decision 0003. HTTP 200 proves nothing (the README's quirks).

use serde_json::{Map, Value};

use super::wire::{self, Envelope};
use crate::http::{Exchange, HttpResponse};
use crate::keys::{self, Action, Meaning, Outcome, Row, Source};
use crate::operations::mobile_account::{self, AccountReport, BRANCH_FIELDS};
use crate::operations::pan_verify::{self, PanReport};
use crate::operations::{Finding, Operation, PanVerify, VendorRef};
use crate::problem::Problem;
use crate::vendors::{Reading, read};

/// The vendor's name.
pub(super) const VENDOR: &str = "decentro";
const SUCCESS: &str = "SUCCESS";
const PENDING: &str = "PENDING";
/// When the vendor's velocity controls refuse and do not say for how long, in seconds: their shortest window.
const VELOCITY_RETRY_AFTER: u32 = 60;
pub(super) fn nobody() -> VendorRef {
    VendorRef { name: VENDOR.into(), ..VendorRef::default() }
}

impl Envelope {
    fn vendor(&self) -> VendorRef {
        VendorRef { transaction_id: self.transaction_id.clone(), code: self.code.clone().or_else(|| self.key.clone()), ..nobody() }
    }

    fn succeeded(&self) -> bool {
        self.status.as_deref() == Some(SUCCESS)
    }

    /// Whether the vendor refuses *us*, by its key or code, under whatever HTTP status.
    fn refuses_us(&self) -> bool {
        let keyed = self.key.as_deref().and_then(|key| keys::find(Source::D001, key, None));
        let coded = self.code.as_deref().and_then(|code| keys::find(Source::D003Code, code, None));
        [keyed, coded].into_iter().flatten().any(|row| row.meaning == Meaning::Operator)
    }

    /// The vendor's own word for what happened, for an operator.
    fn named(&self, status: u16) -> String {
        self.key.clone().or_else(|| self.code.clone()).unwrap_or_else(|| format!("http_{status}"))
    }
}

// --- Mobile to Account, document 001: moves money ---

/// The reply to the POST.
pub(super) fn mobile_account(exchange: &Exchange) -> Reading {
    let response = match exchange {
        Exchange::NotSent => return Reading::ended(read::source_unavailable(None)),
        Exchange::TimedOut | Exchange::Broken | Exchange::TooLarge => return Reading::unknown(nobody()),
        Exchange::Answered(response) => response,
    };
    let envelope = wire::envelope(response.body.expose()).unwrap_or_default();
    if envelope.status.as_deref() == Some(PENDING) {
        return Reading::Working(envelope.vendor());
    }
    let reading = match envelope.key.as_deref().and_then(|key| mobile_account::row(key, envelope.message.as_deref())) {
        Some(row) => row_reading(row, &envelope, response),
        None => unkeyed_reading(&envelope, response),
    };
    match reading {
        // A refusal that calls itself a success proves nothing, and would free the reference for a second rupee.
        Reading::Ended { refused_us, .. } if envelope.succeeded() => Reading::Unknown { vendor: envelope.vendor(), refused_us },
        reading => reading,
    }
}

fn row_reading(row: &'static Row, envelope: &Envelope, response: &HttpResponse) -> Reading {
    match row.meaning {
        Meaning::Verified if response.status == 200 => account(row, envelope),
        Meaning::Negative(_) => Finding::of_row(row, envelope.vendor()).map_or_else(|| Reading::unknown(envelope.vendor()), finished),
        Meaning::Velocity => Reading::ended(velocity(envelope, response)),
        Meaning::Operator | Meaning::Input => Reading::refused_us(row.key),
        _ => Reading::unknown(envelope.vendor()),
    }
}

/// Without a key of the document: by code, then by HTTP status; only a certain refusal is certain.
fn unkeyed_reading(envelope: &Envelope, response: &HttpResponse) -> Reading {
    let coded = envelope.code.as_deref().and_then(|code| keys::find(Source::D003Code, code, None));
    let row = coded.or_else(|| keys::find(Source::D003Http, &response.status.to_string(), None));
    match (row.map(|row| row.meaning), row.map(|row| row.key), response.status) {
        (Some(Meaning::Operator), ..) => Reading::refused_us(envelope.named(response.status)),
        (Some(Meaning::Input), Some(code), _) if code.starts_with('E') => Reading::refused_us(envelope.named(response.status)),
        (_, Some("429" | "E00005"), _) => Reading::ended(read::source_unavailable(response.retry_after)),
        (_, Some("422"), _) if envelope.key.is_none() => refused_number(envelope),
        // Our mistake most likely, and the operator's to see; but a bare status proves nothing about the rupee.
        (Some(Meaning::Input), ..) => Reading::Unknown { vendor: envelope.vendor(), refused_us: Some(envelope.named(response.status)) },
        _ => Reading::unknown(envelope.vendor()),
    }
}

/// HTTP 422: the vendor understood the number and refuses it.
fn refused_number(envelope: &Envelope) -> Reading {
    finished(Finding::bare(Outcome::Negative, Action::Reject, Operation::MobileAccount.row().refused, envelope.vendor()))
}

fn account(row: &'static Row, envelope: &Envelope) -> Reading {
    let report = account_report(envelope);
    if !envelope.succeeded() || !report.names_an_account() {
        return Reading::unknown(envelope.vendor());
    }
    report.verified(row, envelope.vendor()).map_or_else(|| Reading::unknown(envelope.vendor()), finished)
}

fn account_report(envelope: &Envelope) -> AccountReport {
    let mut fields = wire::texts(&envelope.data, mobile_account::RESPONSE_FIELDS);
    if let Some(Value::String(rupees)) = fields.get_mut("payout_amount") {
        *rupees = amount(rupees);
    }
    if let Some(branch) = wire::object(wire::field(&envelope.data, "branch_details")) {
        let mut branch = wire::scalars(&branch, BRANCH_FIELDS);
        let key = wire::text(&envelope.data, "branch_verification_response_key")
            .filter(|_| !branch.contains_key("branch_verification_response_key"));
        branch.extend(key.map(|key| ("branch_verification_response_key".to_owned(), key.into())));
        fields.insert("branch_details".into(), Value::Object(branch));
    }
    AccountReport { fields }
}

/// Rupees as an exact text with two decimals: `1`, `1.0` and `1.00` are all `1.00`.
fn amount(text: &str) -> String {
    let rupees = text.parse::<f64>().ok().filter(|rupees| rupees.is_finite());
    rupees.map_or_else(|| text.to_owned(), |rupees| format!("{rupees:.2}"))
}

/// The vendor's own words where they are the document's, completed; the catalogue's have lost their numbers.
fn velocity(envelope: &Envelope, response: &HttpResponse) -> Problem {
    let problem = Problem::new(keys::VELOCITY).retry_after(response.retry_after.unwrap_or(VELOCITY_RETRY_AFTER));
    let (begins, ends) = problem.title.split_once(" Limit is hits per .").unwrap_or_default();
    let is_sentence = |said: &String| said.len() < 200 && said.starts_with(begins) && said.ends_with(ends) && **said != *problem.title;
    let said = envelope.message.clone().filter(is_sentence);
    let title = said.unwrap_or_else(|| format!("{begins}{ends}"));
    Problem { title: title.into(), ..problem }
}

fn finished(finding: Finding) -> Reading {
    Reading::Final(Box::new(finding))
}

/// The reply to a status lookup. Its own status says only whether the lookup worked; the request's key says what happened, and
/// "not found" says nothing (the README's quirks).
pub(super) fn mobile_account_status(exchange: &Exchange) -> Reading {
    let Exchange::Answered(response) = exchange else { return Reading::unknown(nobody()) };
    let found = wire::looked_up(response.body.expose());
    let row = found.key.as_deref().and_then(|key| mobile_account::row(key, found.message.as_deref()));
    match (found.status.as_deref(), row) {
        (Some(SUCCESS), Some(row)) if response.status == 200 => confirmed(row, &found, response),
        (Some(PENDING), _) if response.status == 200 => Reading::Working(found.vendor()),
        _ => Reading::Unknown { vendor: nobody(), refused_us: lookup_refused(response) },
    }
}

fn confirmed(row: &'static Row, found: &Envelope, response: &HttpResponse) -> Reading {
    match row.meaning {
        Meaning::Unsettled => Finding::of_row(row, found.vendor()).map_or_else(|| Reading::unknown(nobody()), finished),
        _ => row_reading(row, found, response),
    }
}

/// The lookup itself was refused: that is the operator's, and says nothing about the rupee.
fn lookup_refused(response: &HttpResponse) -> Option<String> {
    let envelope = wire::envelope(response.body.expose()).unwrap_or_default();
    (matches!(response.status, 401 | 403) || envelope.refuses_us()).then(|| envelope.named(response.status))
}

// --- PAN verification, document 003 section 2: a read ---

/// The reply to a PAN verification.
pub(super) fn pan_verify(request: &PanVerify, exchange: &Exchange) -> Reading {
    let response = match read::answer(exchange) {
        Ok(response) => response,
        Err(reading) => return *reading,
    };
    let envelope = wire::envelope(response.body.expose());
    if response.status != 200 {
        return status_reading(&envelope.unwrap_or_default(), response);
    }
    let Some(envelope) = envelope else { return read::nonsense() };
    match pan_report(&envelope) {
        Some(report) => pan_reading(request, report, &envelope),
        None => coded_reading(&envelope, response),
    }
}

fn status_reading(envelope: &Envelope, response: &HttpResponse) -> Reading {
    if envelope.key.as_deref() == Some(keys::DUPLICATE_REFERENCE) {
        return read::used_up();
    }
    if envelope.refuses_us() {
        return Reading::refused_us(envelope.named(response.status));
    }
    match keys::find(Source::D003Http, &response.status.to_string(), None) {
        Some(row) => read_row(row, envelope, response),
        None => read::nonsense(),
    }
}

/// HTTP 200 without a PAN: the code says why, or one of the keys that all of Decentro's products share.
fn coded_reading(envelope: &Envelope, response: &HttpResponse) -> Reading {
    let coded = envelope.code.as_deref().and_then(|code| keys::find(Source::D003Code, code, None));
    let keyed = envelope.key.as_deref().and_then(|key| keys::find(Source::D001, key, None));
    match (keyed.map(|row| row.meaning), coded) {
        (Some(Meaning::Landed), _) => read::used_up(),
        (Some(Meaning::Operator), _) | (Some(Meaning::Input), None) => Reading::refused_us(envelope.named(response.status)),
        (_, Some(row)) => read_row(row, envelope, response),
        _ => read::nonsense(),
    }
}

fn read_row(row: &'static Row, envelope: &Envelope, response: &HttpResponse) -> Reading {
    read::row(row, Operation::PanVerify, envelope.vendor(), envelope.named(response.status), response.retry_after)
}

fn pan_reading(request: &PanVerify, report: PanReport, envelope: &Envelope) -> Reading {
    let asked = |number: String| number.eq_ignore_ascii_case(request.id_number.expose());
    let answers_another = wire::field(&envelope.data, "id_number").is_some() && !wire::text(&envelope.data, "id_number").is_some_and(asked);
    let verified = report.letter.as_deref().and_then(|letter| keys::find(Source::D003PanStatus, letter, None));
    let claims_yes = verified.is_none_or(|row| row.meaning == Meaning::Verified);
    let contradicts = claims_yes && !(envelope.succeeded() && envelope.code.as_deref().is_none_or(|code| code == "S00000"));
    if answers_another || contradicts {
        return read::nonsense();
    }
    pan_verify::decide(request, report, envelope.vendor()).map_or_else(read::nonsense, finished)
}

/// The PAN in an answer; `None` when it has no status at all.
fn pan_report(envelope: &Envelope) -> Option<PanReport> {
    let data = &envelope.data;
    let word = wire::text(data, "status").or_else(|| wire::text(data, "id_status"));
    let flag = wire::text(data, "pan_status");
    if word.is_none() && flag.is_none() {
        return None;
    }
    Some(PanReport {
        letter: letter(word.as_deref(), flag.as_deref()),
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
