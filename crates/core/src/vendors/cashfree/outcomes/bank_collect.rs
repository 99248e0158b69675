//! What Cashfree's replies to a reverse penny drop and its look-up mean.
//!
//! A link needs its marks: HTTP 200, our reference, an id, and a link that asks one rupee. A yes needs HTTP 200, `status` SUCCESS and the account that paid; a no a `status` of
//! one, and no account. "Not found" and whatever nobody knows prove nothing. The vendor compares no names, for it gets none.

use serde_json::{Map, Value};

use super::{VENDOR, http, nobody};
use crate::http::Exchange;
use crate::keys::{self, Action, Meaning, Outcome, Source};
use crate::operations::bank_collect::{self, CollectReport, Offer, PaidFrom, Payment};
use crate::operations::{BankCollect, Finding, VendorRef};
use crate::time::{MINUTE, Millis, utc};
use crate::vendors::cashfree::wire::{self, ReversePennyDrop};
use crate::vendors::{Reading, read};

/// For how long a link can be paid ("valid for 10 minutes").
const VALID_FOR: Millis = 10 * MINUTE;

impl ReversePennyDrop {
    fn vendor(&self) -> VendorRef {
        VendorRef { name: VENDOR.into(), transaction_id: self.ref_id.clone(), code: self.status.clone() }
    }

    /// Whether it names a request that is not ours.
    fn is_about_another(&self, reference: &str) -> bool {
        self.verification_id.as_deref().is_some_and(|named| !named.eq_ignore_ascii_case(reference))
    }
}

/// The reply to the POST.
pub(in crate::vendors::cashfree) fn post(reference: &str, exchange: &Exchange) -> Reading {
    let response = match read::link(exchange) {
        Ok(response) => response,
        Err(reading) => return *reading,
    };
    let body = response.body.expose();
    if let Some(offer) = offer(reference, &wire::reverse(body)).filter(|_| response.status == 200) {
        return Reading::Offered(Box::new(offer));
    }
    let reply = wire::reply(body).unwrap_or_default();
    // Whoever refuses us does, whatever else it says.
    let by_status = http(response);
    let row = by_status.filter(|row| row.meaning == Meaning::Operator).or_else(|| reply.coded()).or(by_status);
    row.map_or_else(
        || read::unlisted_link(response),
        |row| read::link_row(row, reply.vendor(), reply.named(response), response.retry_after),
    )
}

fn offer(reference: &str, said: &ReversePennyDrop) -> Option<Offer> {
    if said.is_about_another(reference) || said.ref_id.is_none() {
        return None;
    }
    let payment = Payment::of_link(said.upi_link.as_deref()?)?;
    // A time without a zone is one that nobody knows.
    let expires_at = said.valid_upto.as_deref().filter(|text| text.ends_with('Z')).and_then(utc);
    Some(Offer { vendor: said.vendor(), clue: None, payment, expires_at, valid_for: VALID_FOR })
}

/// The reply to the look-up.
pub(in crate::vendors::cashfree) fn status(request: &BankCollect, reference: &str, exchange: &Exchange) -> Reading {
    let Exchange::Answered(response) = exchange else { return Reading::unknown(nobody()) };
    let said = wire::reverse(response.body.expose());
    let is_ours = response.status == 200 && !said.is_about_another(reference);
    let found = is_ours.then(|| payment(Some(request), &said)).flatten();
    let reply = wire::reply(response.body.expose()).unwrap_or_default();
    let is_operators = reply.coded().or_else(|| http(response)).is_some_and(|row| row.meaning == Meaning::Operator);
    let refused_us = is_operators.then(|| reply.named(response));
    found.unwrap_or_else(|| Reading::Unknown { vendor: nobody(), refused_us })
}

/// What a webhook says. Without the request, which is gone once the check is final, only whether somebody paid is told. That it is about ours was seen before.
pub(in crate::vendors::cashfree) fn delivered(request: Option<&BankCollect>, said: &Map<String, Value>) -> Reading {
    let said = wire::reverse_in(said);
    payment(request, &said).unwrap_or_else(|| Reading::unknown(said.vendor()))
}

/// What is said of a payment; `None` where that is nothing, or contradicts itself.
fn payment(request: Option<&BankCollect>, said: &ReversePennyDrop) -> Option<Reading> {
    let row = keys::find(Source::CASHFREE_PAYMENT, said.status.as_deref()?, None)?;
    let report = CollectReport { from: PaidFrom::BankAccount, fields: said.fields.clone() };
    let finding = match (row.meaning, report.names_an_account()) {
        (Meaning::Verified, true) => match request {
            Some(request) => bank_collect::paid(request, report, said.vendor()),
            None => Finding::bare(Outcome::Verified, Action::Proceed, keys::SUCCESS_BANK_ACCOUNT, said.vendor()),
        },
        (Meaning::Negative(_), false) => bank_collect::unpaid(row, said.vendor())?,
        (Meaning::Pending(_), false) => return Some(Reading::Working(said.vendor())),
        _ => return None,
    };
    Some(Reading::Final(Box::new(finding)))
}
