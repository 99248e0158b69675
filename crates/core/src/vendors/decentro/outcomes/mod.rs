//! What Decentro's replies mean, one file per operation; here is what the reads have in common, in `money.rs` what the others have.
//!
//! The keys and codes are rows of the catalogue; these files only say which row a reply is, and refuse to see a yes without all of its
//! marks: the status `SUCCESS`, the success key or code, and data that answers the question. HTTP 200 proves nothing (the README's quirks).

pub(super) mod bank_verify;
mod ckyc;
pub(super) mod ckyc_download;
pub(super) mod ckyc_search;
pub(super) mod ckyc_upload;
pub(super) mod mobile_account;
mod money;
pub(super) mod pan_verify;

use super::wire::{self, Envelope};
use crate::http::{Exchange, HttpResponse};
use crate::keys::{self, Meaning, Row, Source};
use crate::operations::{Finding, Operation, VendorRef};
use crate::vendors::{Reading, read};

/// The vendor's name.
pub(super) const VENDOR: &str = "decentro";
const SUCCESS: &str = "SUCCESS";
const PENDING: &str = "PENDING";

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

fn status_reading(operation: Operation, envelope: &Envelope, response: &HttpResponse) -> Reading {
    if envelope.key.as_deref() == Some(keys::DUPLICATE_REFERENCE) {
        return read::used_up();
    }
    if envelope.refuses_us() {
        return Reading::refused_us(envelope.named(response.status));
    }
    match keys::find(Source::D003Http, &response.status.to_string(), None) {
        Some(row) => read_row(row, operation, envelope, response),
        None => read::nonsense(),
    }
}

/// HTTP 200 without what was asked for: the code says why, or one of the keys that all of Decentro's products share.
fn coded_reading(operation: Operation, envelope: &Envelope, response: &HttpResponse) -> Reading {
    let coded = envelope.code.as_deref().and_then(|code| keys::find(Source::D003Code, code, None));
    let keyed = envelope.key.as_deref().and_then(|key| keys::find(Source::D001, key, None));
    match (keyed.map(|row| row.meaning), coded) {
        (Some(Meaning::Landed), _) => read::used_up(),
        (Some(Meaning::Operator), _) | (Some(Meaning::Input), None) => Reading::refused_us(envelope.named(response.status)),
        (_, Some(row)) => read_row(row, operation, envelope, response),
        _ => read::nonsense(),
    }
}

fn read_row(row: &'static Row, operation: Operation, envelope: &Envelope, response: &HttpResponse) -> Reading {
    read::row(row, operation, envelope.vendor(), envelope.named(response.status), response.retry_after)
}
