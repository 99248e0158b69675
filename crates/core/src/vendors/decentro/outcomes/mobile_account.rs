//! What Decentro's replies to Mobile to Account mean (document 001): it moves money.
//!
//! The keys are rows of the catalogue; this file only says which row a reply is. What is certain, and what has to be looked up, is contract section
//! 2.2's table; the refusals that all replies share are in `money.rs`.

use serde_json::Value;

use super::{PENDING, SUCCESS, finished, money, nobody};
use crate::http::{Exchange, HttpResponse};
use crate::keys::{Meaning, Row};
use crate::operations::mobile_account::{self, AccountReport, BRANCH_FIELDS};
use crate::operations::{Finding, Operation};
use crate::vendors::Reading;
use crate::vendors::decentro::wire::{self, Envelope};

/// The reply to the POST.
pub(in crate::vendors::decentro) fn post(exchange: &Exchange) -> Reading {
    money::post(Operation::MobileAccount, exchange, |envelope, response| {
        let row = mobile_account::row(envelope.key.as_deref()?, envelope.message.as_deref())?;
        Some(row_reading(row, envelope, response))
    })
}

fn row_reading(row: &'static Row, envelope: &Envelope, response: &HttpResponse) -> Reading {
    match row.meaning {
        Meaning::Verified if response.status == 200 => account(row, envelope),
        Meaning::Negative(_) => Finding::of_row(row, envelope.vendor()).map_or_else(|| Reading::unknown(envelope.vendor()), finished),
        _ => money::row_refusal(Operation::MobileAccount, row, envelope, response),
    }
}

fn account(row: &'static Row, envelope: &Envelope) -> Reading {
    let report = account_report(envelope);
    if !envelope.succeeded() || !report.names_an_account() {
        return Reading::unknown(envelope.vendor());
    }
    if report.is_under_way() {
        return Reading::Working(envelope.vendor());
    }
    report.verified(row, envelope.vendor()).map_or_else(|| Reading::unknown(envelope.vendor()), finished)
}

fn account_report(envelope: &Envelope) -> AccountReport {
    let mut fields = wire::texts(&envelope.data, mobile_account::RESPONSE_FIELDS);
    // A status of another type is a word that nobody knows.
    for name in ["payout_status", "payout_amount"] {
        fields.extend(wire::word(&envelope.data, name).map(|word| (name.to_owned(), word.into())));
    }
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

/// The reply to a status lookup. Its own status says only whether the lookup worked; the request's key says what happened, and
/// "not found" says nothing (the README's quirks).
pub(in crate::vendors::decentro) fn status(exchange: &Exchange) -> Reading {
    let Exchange::Answered(response) = exchange else { return Reading::unknown(nobody()) };
    let found = wire::looked_up(response.body.expose());
    let row = found.key.as_deref().and_then(|key| mobile_account::row(key, found.message.as_deref()));
    match (found.status.as_deref(), row) {
        (Some(SUCCESS), Some(row)) if response.status == 200 => confirmed(row, &found, response),
        (Some(PENDING), _) if response.status == 200 => Reading::Working(found.vendor()),
        _ => Reading::Unknown { vendor: nobody(), refused_us: money::lookup_refused(Operation::MobileAccount, response) },
    }
}

fn confirmed(row: &'static Row, found: &Envelope, response: &HttpResponse) -> Reading {
    match row.meaning {
        Meaning::Unsettled => Finding::of_row(row, found.vendor()).map_or_else(|| Reading::unknown(nobody()), finished),
        _ => row_reading(row, found, response),
    }
}
