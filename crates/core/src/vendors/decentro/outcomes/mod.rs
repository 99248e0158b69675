//! What Decentro's replies mean, one file per operation; here is what the reads have in common, in `money.rs` what the others have.
//!
//! The keys and codes are rows of the catalogue; these files only say which row a reply is, and refuse to see a yes without all of its
//! marks: the status `SUCCESS`, the success key or code, and data that answers the question. HTTP 200 proves nothing (the README's quirks).

pub(super) mod bank_verify;
mod ckyc;
pub(super) mod ckyc_download;
pub(super) mod ckyc_search;
pub(super) mod ckyc_upload;
pub(super) mod customer_prefill;
pub(super) mod mobile_account;
mod money;
pub(super) mod pan_verify;

use super::wire::{self, Envelope};
use crate::http::{Exchange, HttpResponse};
use crate::keys::{self, Meaning, Row, Source};
use crate::operations::{Class, Finding, Operation, VendorRef};
use crate::vendors::{Reading, read};

/// The vendor's name.
pub(super) const VENDOR: &str = "decentro";
const SUCCESS: &str = "SUCCESS";
const PENDING: &str = "PENDING";

pub(super) fn nobody() -> VendorRef {
    VendorRef { name: VENDOR.into(), ..VendorRef::default() }
}

/// The tables of Decentro's response keys: what all of its products share, and Mobile to Account.
const KEYED: &[Source] = &[Source::D000, Source::KYC, Source::D001];

/// The tables in which a key of an operation's answer may stand: its own first.
fn keyed(operation: Operation) -> impl Iterator<Item = Source> {
    std::iter::once(operation.row().source).chain(KEYED.iter().copied())
}

impl Envelope {
    fn vendor(&self) -> VendorRef {
        VendorRef { transaction_id: self.transaction_id.clone(), code: self.code.clone().or_else(|| self.key.clone()), ..nobody() }
    }

    fn succeeded(&self) -> bool {
        self.status.as_deref() == Some(SUCCESS)
    }

    /// Whether the vendor refuses *us*, by its key or code, under whatever HTTP status.
    fn refuses_us(&self, operation: Operation) -> bool {
        let keyed = self.key.as_deref().and_then(|key| keyed(operation).find_map(|source| keys::find(source, key, None)));
        let coded = self.code.as_deref().and_then(|code| keys::find(Source::D003_CODE, code, None));
        [keyed, coded].into_iter().flatten().any(|row| row.meaning == Meaning::Operator)
    }

    /// The vendor's own word for what happened, for an operator.
    fn named(&self, status: u16) -> String {
        self.key.clone().or_else(|| self.code.clone()).unwrap_or_else(|| format!("http_{status}"))
    }
}

/// What a reply about another request means: nothing, but that the vendor refuses us where it does.
pub(super) fn of_another(class: Class, reading: Reading) -> Reading {
    match (class, reading) {
        (_, Reading::Ended { refused_us, .. } | Reading::Unknown { refused_us, .. }) if class != Class::Read => {
            Reading::Unknown { vendor: nobody(), refused_us }
        }
        (Class::Read, Reading::Final(_)) => read::nonsense(),
        (Class::Read, reading) => reading,
        (Class::Money | Class::Collect | Class::Write, _) => Reading::unknown(nobody()),
    }
}

fn finished(finding: Finding) -> Reading {
    Reading::Final(Box::new(finding))
}

// --- Reads ---

/// The envelope of a read's reply under HTTP 200; anything else is a reading already.
fn opened(operation: Operation, exchange: &Exchange) -> Result<(Envelope, &HttpResponse), Box<Reading>> {
    let response = read::answer(exchange)?;
    let envelope = wire::envelope(response.body.expose());
    if response.status != 200 {
        return Err(Box::new(status_reading(operation, &envelope.unwrap_or_default(), response)));
    }
    envelope.map(|envelope| (envelope, response)).ok_or_else(|| Box::new(read::nonsense()))
}

/// Another HTTP status: a refusal of us, by key, code or status, is one whatever else is said; then trouble by its key, then what the status means.
fn status_reading(operation: Operation, envelope: &Envelope, response: &HttpResponse) -> Reading {
    let by_status = keys::find(Source::D003_HTTP, &response.status.to_string(), None);
    if envelope.refuses_us(operation) || by_status.is_some_and(|row| row.meaning == Meaning::Operator) {
        return Reading::refused_us(envelope.named(response.status));
    }
    let keyed = keyed_row(operation, envelope);
    let trouble = keyed.filter(|row| matches!(row.meaning, Meaning::Trouble { .. }));
    let row = trouble.or(by_status).or(keyed);
    row.map_or_else(read::nonsense, |row| read_row(row, operation, envelope, response))
}

/// HTTP 200 without what was asked for: the key says why, else the code.
fn coded_reading(operation: Operation, envelope: &Envelope, response: &HttpResponse) -> Reading {
    let coded = envelope.code.as_deref().and_then(|code| keys::find(Source::D003_CODE, code, None));
    let row = keyed_row(operation, envelope).or(coded);
    row.map_or_else(read::nonsense, |row| read_row(row, operation, envelope, response))
}

/// The row of an answer's key, in the operation's own table first, as far as it says why there is no answer: a yes and a no need more than a key.
fn keyed_row(operation: Operation, envelope: &Envelope) -> Option<&'static Row> {
    let key = envelope.key.as_deref()?;
    let mut rows = keyed(operation).filter_map(|source| keys::find(source, key, None));
    rows.find(|row| matches!(row.meaning, Meaning::Trouble { .. } | Meaning::Operator | Meaning::Input))
}

fn read_row(row: &'static Row, operation: Operation, envelope: &Envelope, response: &HttpResponse) -> Reading {
    read::row(row, operation, envelope.vendor(), envelope.named(response.status), response.retry_after)
}
