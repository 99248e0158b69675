//! What Setu's replies to a reverse penny drop mean.
//!
//! A link needs its marks: HTTP 200 or 201, the state "created", an id, and a link that asks one rupee. A yes needs HTTP 200, the state of a payment that arrived, and the
//! account that paid; a no the state of one that did not, and no account. "Not found" and whatever nobody knows prove nothing. Source: the README.

use super::wire::{self, Account, Reply};
use crate::http::{Exchange, HttpResponse};
use crate::keys::{self, Action, Meaning, Outcome, PENDING_PAYMENT, Row, Source};
use crate::operations::bank_collect::{self, CollectReport, Offer, PaidFrom, Payment};
use crate::operations::{BankCollect, Clue, Finding, VendorRef};
use crate::time::{DAY, Millis, utc};
use crate::vendors::{Reading, read};

/// The vendor's name.
pub(super) const VENDOR: &str = "setu";
/// For how long a link can be paid at most ("within 24 hours").
const VALID_FOR: Millis = DAY;

/// Setu, and nothing else known.
pub(super) fn nobody() -> VendorRef {
    VendorRef { name: VENDOR.into(), ..VendorRef::default() }
}

impl Reply {
    fn vendor(&self) -> VendorRef {
        VendorRef { transaction_id: self.id.clone(), code: self.status.clone().or_else(|| self.code.clone()), ..nobody() }
    }

    /// The row of its state.
    fn row(&self) -> Option<&'static Row> {
        keys::find(Source::SETU_PAYMENT, self.status.as_deref()?, None)
    }

    /// The vendor's own word for a refusal, for an operator: its code, where it looks like one.
    fn named(&self, response: &HttpResponse) -> String {
        let is_code = |code: &String| code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        self.code.clone().filter(is_code).unwrap_or_else(|| format!("http_{}", response.status))
    }
}

/// The row of an HTTP status.
fn http(response: &HttpResponse) -> Option<&'static Row> {
    keys::find(Source::SETU_HTTP, &response.status.to_string(), None)
}

/// The reply to the POST.
pub(super) fn post(exchange: &Exchange) -> Reading {
    let response = match read::link(exchange) {
        Ok(response) => response,
        Err(reading) => return *reading,
    };
    let reply = wire::reply(response.body.expose());
    if !matches!(response.status, 200 | 201) {
        let refused = http(response).map(|row| read::link_row(row, reply.vendor(), reply.named(response), response.retry_after));
        return refused.unwrap_or_else(|| read::unlisted_link(response));
    }
    match (reply.row(), offer(&reply)) {
        (Some(row), Some(offer)) if row.answers_with == PENDING_PAYMENT => Reading::Offered(Box::new(offer)),
        // It made no link.
        (Some(Row { meaning: Meaning::Negative(_), .. }), None) => read::used_up(),
        _ => read::nonsense(),
    }
}

fn offer(reply: &Reply) -> Option<Offer> {
    let payment = Payment::of_link(reply.upi_link.as_deref()?)?;
    let clue = Some(Clue(reply.id.clone()?));
    let expires_at = reply.valid_upto.as_deref().and_then(utc);
    Some(Offer { vendor: reply.vendor(), clue, payment, expires_at, valid_for: VALID_FOR })
}

/// The reply to the look-up of a request.
pub(super) fn status(request: &BankCollect, id: Option<&str>, reference: &str, exchange: &Exchange) -> Reading {
    let Exchange::Answered(response) = exchange else { return Reading::unknown(nobody()) };
    let reply = wire::reply(response.body.expose());
    let is_ours = id.is_some() && reply.id.as_deref() == id && reply.reference.as_deref().is_none_or(|said| said == reference);
    let found = (response.status == 200 && is_ours).then(|| payment(Some(request), &reply)).flatten();
    let refused_us = || http(response).is_some_and(|row| row.meaning == Meaning::Operator).then(|| reply.named(response));
    found.unwrap_or_else(|| Reading::Unknown { vendor: nobody(), refused_us: refused_us() })
}

/// What a notification says. Without the request, which is gone once the check is final, only whether somebody paid is told.
pub(super) fn delivered(request: Option<&BankCollect>, reply: &Reply) -> Reading {
    let yes = "BAV_REVERSE_PENNY_DROP_PAYMENT_SUCCESSFUL";
    let reading = match (reply.is_success, &reply.account) {
        (Some(true), Some(account)) if reply.code.is_none() => {
            paid(request, account, VendorRef { code: Some(yes.into()), ..reply.vendor() })
        }
        (Some(false), None) => reply.row().and_then(|row| unpaid(row, reply)),
        _ => None,
    };
    reading.unwrap_or_else(|| Reading::unknown(reply.vendor()))
}

/// What is said of a payment; `None` where that is nothing, or contradicts itself.
fn payment(request: Option<&BankCollect>, reply: &Reply) -> Option<Reading> {
    let row = reply.row()?;
    match (row.meaning, &reply.account) {
        (Meaning::Verified, Some(account)) => paid(request, account, reply.vendor()),
        (Meaning::Negative(_), None) => unpaid(row, reply),
        (Meaning::Pending(_), None) => Some(Reading::Working(reply.vendor())),
        _ => None,
    }
}

fn paid(request: Option<&BankCollect>, account: &Account, vendor: VendorRef) -> Option<Reading> {
    let from = match account.kind.as_deref() {
        Some("BANK_ACCOUNT") => PaidFrom::BankAccount,
        Some("PPI") => PaidFrom::Wallet,
        _ => PaidFrom::Unlisted,
    };
    let report = CollectReport { from, fields: account.fields.clone() };
    if !report.names_an_account() {
        return None;
    }
    let bare = |vendor| Finding::bare(Outcome::Verified, Action::Proceed, keys::SUCCESS_BANK_ACCOUNT, vendor);
    let finding = match request {
        Some(request) => bank_collect::paid(request, report, vendor),
        None => bare(vendor),
    };
    Some(Reading::Final(Box::new(finding)))
}

fn unpaid(row: &'static Row, reply: &Reply) -> Option<Reading> {
    bank_collect::unpaid(row, reply.vendor()).map(|finding| Reading::Final(Box::new(finding)))
}
