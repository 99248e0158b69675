//! What Decentro's replies to Mobile to Account mean (document 001): it moves money.
//!
//! The keys are rows of the catalogue; this file only says which row a reply is. Money that is not certainly unmoved is
//! [`Reading::Unknown`]: contract section 2.2's table, decision 0003. HTTP 200 proves nothing (the README's quirks).

use serde_json::Value;

use super::{PENDING, SUCCESS, finished, nobody};
use crate::http::{Exchange, HttpResponse};
use crate::keys::{self, Action, Meaning, Outcome, Row, Source};
use crate::operations::mobile_account::{self, AccountReport, BRANCH_FIELDS};
use crate::operations::{Finding, Operation};
use crate::problem::Problem;
use crate::vendors::decentro::wire::{self, Envelope};
use crate::vendors::{Reading, read};

/// When the vendor's velocity controls refuse and do not say for how long, in seconds: their shortest window.
const VELOCITY_RETRY_AFTER: u32 = 60;

/// The reply to the POST.
pub(in crate::vendors::decentro) fn post(exchange: &Exchange) -> Reading {
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

/// The reply to a status lookup. Its own status says only whether the lookup worked; the request's key says what happened, and
/// "not found" says nothing (the README's quirks).
pub(in crate::vendors::decentro) fn status(exchange: &Exchange) -> Reading {
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
