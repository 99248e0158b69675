//! What the replies to a POST that moves money have in common, whatever the operation: the way in, and the refusals that are certain.
//!
//! Money that is not certainly unmoved is [`Reading::Unknown`]: contract section 2.2's table, decision 0003. The operation says what its own
//! words mean; what is here are the keys that all of Decentro's products share, the codes and the HTTP statuses. HTTP 200 proves nothing.

use super::{PENDING, finished, nobody};
use crate::http::{Exchange, HttpResponse};
use crate::keys::{self, Action, Meaning, Row, Source};
use crate::operations::{Finding, Operation, VendorRef};
use crate::problem::Problem;
use crate::velocity::Counted;
use crate::vendors::decentro::wire::{self, Envelope};
use crate::vendors::{Reading, read};

/// When the vendor's velocity controls refuse and do not say for how long, in seconds: their shortest window.
const VELOCITY_RETRY_AFTER: u32 = 60;

/// The reply to the POST; `answer` is what the operation's own words in it mean, `None` where it has none.
pub(super) fn post(operation: Operation, exchange: &Exchange, answer: impl FnOnce(&Envelope, &HttpResponse) -> Option<Reading>) -> Reading {
    let response = match exchange {
        Exchange::NotSent => return Reading::ended(read::source_unavailable(None)),
        Exchange::TimedOut | Exchange::Broken | Exchange::TooLarge => return Reading::unknown(nobody()),
        Exchange::Answered(response) => response,
    };
    let envelope = wire::envelope(response.body.expose()).unwrap_or_default();
    if envelope.status.as_deref() == Some(PENDING) {
        return Reading::Working(envelope.vendor());
    }
    match answer(&envelope, response).unwrap_or_else(|| refusal(operation, &envelope, response)) {
        // A refusal that calls itself a success proves nothing, and would free the reference for a second rupee.
        Reading::Ended { refused_us, .. } if envelope.succeeded() => Reading::Unknown { vendor: envelope.vendor(), refused_us },
        reading => reading,
    }
}

/// Without a word of the operation: by key, then by code, then by HTTP status.
fn refusal(operation: Operation, envelope: &Envelope, response: &HttpResponse) -> Reading {
    match envelope.key.as_deref().and_then(|key| keys::find(Source::D001, key, envelope.message.as_deref())) {
        Some(row) => row_refusal(operation, row, envelope, response),
        None => unkeyed_refusal(operation, envelope, response),
    }
}

/// A row of the shared keys, as far as it is a certain refusal.
pub(super) fn row_refusal(operation: Operation, row: &'static Row, envelope: &Envelope, response: &HttpResponse) -> Reading {
    match row.meaning {
        Meaning::Velocity => Reading::ended(velocity(operation, envelope, response)),
        Meaning::Operator | Meaning::Input => Reading::refused_us(row.key),
        // The transaction that it names is its own and not the earlier attempt's.
        Meaning::Landed => Reading::unknown(VendorRef { transaction_id: None, ..envelope.vendor() }),
        _ => Reading::unknown(envelope.vendor()),
    }
}

/// Without a key of the document: by code, then by HTTP status; only a certain refusal is certain.
fn unkeyed_refusal(operation: Operation, envelope: &Envelope, response: &HttpResponse) -> Reading {
    let coded = envelope.code.as_deref().and_then(|code| keys::find(Source::D003_CODE, code, None));
    let row = coded.or_else(|| keys::find(Source::D003_HTTP, &response.status.to_string(), None));
    match (row.map(|row| row.meaning), row.map(|row| row.key), response.status) {
        (Some(Meaning::Operator), ..) => Reading::refused_us(envelope.named(response.status)),
        (Some(Meaning::Input), Some(code), _) if code.starts_with('E') => Reading::refused_us(envelope.named(response.status)),
        (_, Some("429" | "E00005"), _) => Reading::ended(read::source_unavailable(response.retry_after)),
        (_, Some("422"), _) if envelope.key.is_none() => refused_value(operation, envelope),
        // Our mistake most likely, and the operator's to see; but a bare status proves nothing about the rupee.
        (Some(Meaning::Input), ..) => Reading::Unknown { vendor: envelope.vendor(), refused_us: Some(envelope.named(response.status)) },
        _ => Reading::unknown(envelope.vendor()),
    }
}

/// HTTP 422: the vendor understood the values and refuses them.
fn refused_value(operation: Operation, envelope: &Envelope) -> Reading {
    finished(Finding::refused(operation, Action::Reject, envelope.vendor()))
}

/// The vendor's own words where they are the document's, completed; the catalogue's have lost their numbers.
fn velocity(operation: Operation, envelope: &Envelope, response: &HttpResponse) -> Problem {
    let problem = Problem::new(keys::VELOCITY).retry_after(response.retry_after.unwrap_or(VELOCITY_RETRY_AFTER));
    let lost = operation.row().velocity.map_or_else(|| problem.title.clone().into_owned(), Counted::message);
    let (begins, ends) = lost.split_once(" Limit is hits per .").unwrap_or_default();
    let is_sentence = |said: &String| said.len() < 200 && said.starts_with(begins) && said.ends_with(ends) && *said != lost;
    let said = envelope.message.clone().filter(is_sentence);
    let title = said.unwrap_or_else(|| format!("{begins}{ends}"));
    Problem { title: title.into(), ..problem }
}

/// The lookup itself was refused: that is the operator's, and says nothing about the rupee.
pub(super) fn lookup_refused(operation: Operation, response: &HttpResponse) -> Option<String> {
    let envelope = wire::envelope(response.body.expose()).unwrap_or_default();
    (matches!(response.status, 401 | 403) || envelope.refuses_us(operation)).then(|| envelope.named(response.status))
}
