//! What a reply means for a read, as far as no vendor has a word of its own for it: no answer, an HTTP status, a row of the catalogue.
//!
//! A read may be tried again, so trouble on the way is [`Reading::Trouble`]; what is not understood is nonsense and ends. Nothing here
//! is for money, where the same replies prove nothing. Source: document 003 section 6.6, contract sections 2.4 and 5.

use crate::http::{Exchange, HttpResponse};
use crate::keys::{self, Meaning, Row, Source};
use crate::operations::{Finding, Operation, VendorRef};
use crate::problem::Problem;
use crate::vendors::Reading;

/// When a source is down and does not say for how long, in seconds.
const SOURCE_RETRY_AFTER: u32 = 5;

/// The answer, or what it means that there is none.
pub(super) fn answer(exchange: &Exchange) -> Result<&HttpResponse, Box<Reading>> {
    let reading = match exchange {
        Exchange::Answered(response) => return Ok(response),
        Exchange::NotSent => Reading::ended(source_unavailable(None)),
        Exchange::TimedOut => Reading::trouble(keys::SOURCE_TIMEOUT, None),
        Exchange::Broken => used_up(),
        Exchange::TooLarge => nonsense(),
    };
    Err(Box::new(reading))
}

/// The answer to a request for a payment link, or what it means that there is none. A link that may have been made and that nobody has seen can be asked for again.
pub(super) fn link(exchange: &Exchange) -> Result<&HttpResponse, Box<Reading>> {
    match exchange {
        Exchange::TimedOut | Exchange::Broken => Err(Box::new(Reading::unknown(VendorRef::default()))),
        other => answer(other),
    }
}

/// What a status means for a payment link that the vendor's table does not list. From 500 on, something between us and the vendor lost the request or its answer.
pub(super) fn unlisted_link(response: &HttpResponse) -> Reading {
    if response.status >= 500 { Reading::unknown(VendorRef::default()) } else { nonsense() }
}

/// What a row means for a payment link.
pub(super) fn link_row(row: &'static Row, vendor: VendorRef, vendor_key: String, retry_after: Option<u32>) -> Reading {
    match row.meaning {
        // Whatever link there is under the reference, it cannot be seen any more.
        Meaning::Landed => Reading::unknown(vendor),
        _ => self::row(row, Operation::BankCollect, vendor, vendor_key, retry_after),
    }
}

/// What an HTTP status means by itself, in the vendor's table of them. One that is not listed is nonsense.
pub(super) fn status(table: Source, response: &HttpResponse, operation: Operation, vendor: VendorRef) -> Reading {
    let status = response.status.to_string();
    let found = keys::find(table, &status, None);
    found.map_or_else(nonsense, |found| row(found, operation, vendor, format!("http_{status}"), response.retry_after))
}

/// What a row of the catalogue means that is no yes; `vendor_key` is the vendor's own word for it, for an operator.
pub(super) fn row(row: &'static Row, operation: Operation, vendor: VendorRef, vendor_key: String, retry_after: Option<u32>) -> Reading {
    match row.meaning {
        Meaning::Negative(action) if row.answers_with == keys::THE_OPERATIONS_OWN => {
            finished(Some(Finding::refused(operation, action, vendor)))
        }
        Meaning::Negative(_) => finished(Finding::of_row(row, vendor)),
        Meaning::Operator | Meaning::Input => Reading::refused_us(vendor_key),
        Meaning::Landed => used_up(),
        Meaning::Trouble { ends_as: keys::SOURCE_UNAVAILABLE, retry: true } => {
            Reading::Trouble { problem: source_unavailable(retry_after), retry_after }
        }
        Meaning::Trouble { ends_as, retry: true } => Reading::Trouble { problem: Problem::new(ends_as), retry_after },
        _ => nonsense(),
    }
}

/// The end of a read, or nonsense where there is none.
pub(super) fn finished(finding: Option<Finding>) -> Reading {
    finding.map_or_else(nonsense, |finding| Reading::Final(Box::new(finding)))
}

/// Nobody knows what the vendor means.
pub(super) fn nonsense() -> Reading {
    Reading::ended(Problem::new(keys::UNEXPECTED_RESPONSE))
}

/// The attempt is lost, or its wire reference was used before: another one has a fresh one.
pub(super) fn used_up() -> Reading {
    Reading::Trouble { problem: source_unavailable(None), retry_after: None }
}

/// The source is down, for so many seconds as it says.
pub(super) fn source_unavailable(retry_after: Option<u32>) -> Problem {
    Problem::new(keys::SOURCE_UNAVAILABLE).retry_after(retry_after.unwrap_or(SOURCE_RETRY_AFTER))
}
