//! What iServeU's replies mean.
//!
//! The code decides, never the wording, which varies: only `-1` is three things under one code and must be told apart by its text, and what that
//! does not tell is the operator's, not the customer's. A yes needs all of its marks: HTTP 200, code 2, status `SUCCESS`, `KYCTypeFlag`
//! true, and no other number than the one asked about. Sources: document 004; contract section 2.2; the README.

use super::wire::{self, Reply};
use crate::http::Exchange;
use crate::keys::{self, Meaning, Row, Source};
use crate::operations::dmt_customer::{self, CustomerReport};
use crate::operations::{DmtCustomer, Note, Operation, VendorRef};
use crate::vendors::{Reading, read};

/// The vendor's name.
pub(super) const VENDOR: &str = "iserveu";
const SUCCESS: &str = "SUCCESS";
/// The code that means three things.
const REFUSED: &str = "-1";
/// The state of who is no customer yet.
const NO_CUSTOMER: &str = "0";
/// The state of a customer whose document is not verified.
const NO_DOCUMENT: &str = "3";
/// The table by which its HTTP statuses are judged: its document has none of its own.
const HTTP: Source = Source::D003_HTTP;

pub(super) fn nobody() -> VendorRef {
    VendorRef { name: VENDOR.into(), ..VendorRef::default() }
}

impl Reply {
    fn vendor(&self) -> VendorRef {
        VendorRef { code: self.code.clone(), ..nobody() }
    }

    /// State 3 has the message of state 2 in the document; the note says what the number says. State 0 is to be onboarded.
    fn notes(&self) -> Vec<Note> {
        match self.code.as_deref() {
            Some(NO_DOCUMENT) => vec![Note::OVD_NOT_VERIFIED],
            Some(NO_CUSTOMER) => vec![Note::ONBOARD_CUSTOMER],
            _ => Vec::new(),
        }
    }

    /// Whether it says yes with every mark of it.
    fn confirms(&self) -> bool {
        self.status.as_deref() == Some(SUCCESS) && self.kyc_type_flag == Some(true)
    }

    /// Whether it tells a customer's state in a failure. The document's samples have lost the status, so none is no contradiction.
    fn contradicts_itself(&self) -> bool {
        self.code.as_deref() != Some(REFUSED) && self.status.as_deref().is_some_and(|status| status != SUCCESS)
    }

    /// Whether it is about another customer. The country's code in front is none of the number.
    fn is_about_another(&self, request: &DmtCustomer) -> bool {
        self.mobile_number.as_ref().is_some_and(|number| !number.ends_with(request.mobile_number.expose()))
    }
}

/// The reply to get-customer.
pub(super) fn dmt_customer(request: &DmtCustomer, exchange: &Exchange) -> Reading {
    let response = match read::answer(exchange) {
        Ok(response) => response,
        Err(reading) => return *reading,
    };
    if response.status != 200 {
        return read::status(HTTP, response, Operation::DmtCustomer, nobody());
    }
    let Some(reply) = wire::reply(response.body.expose()) else { return read::nonsense() };
    match row(&reply) {
        None => read::nonsense(),
        Some(row) if matches!(row.meaning, Meaning::Verified | Meaning::Negative(_)) => state(request, row, &reply),
        Some(row) => read::row(row, Operation::DmtCustomer, reply.vendor(), reply.code.unwrap_or_default(), response.retry_after),
    }
}

fn state(request: &DmtCustomer, row: &'static Row, reply: &Reply) -> Reading {
    if reply.is_about_another(request) || reply.contradicts_itself() || (row.meaning == Meaning::Verified && !reply.confirms()) {
        return read::nonsense();
    }
    read::finished(dmt_customer::decide(row, CustomerReport { fields: reply.fields(), notes: reply.notes() }, reply.vendor()))
}

/// The document's row of a reply.
fn row(reply: &Reply) -> Option<&'static Row> {
    let code = reply.code.as_deref()?;
    let key = format!("{VENDOR}_{code}");
    match code {
        REFUSED => {
            let is_number = reply.description.as_deref().is_some_and(blames_the_number);
            keys::rows_of(Source::D004).find(|row| row.key == key && matches!(row.meaning, Meaning::Negative(_)) == is_number)
        }
        _ => keys::find(Source::D004, &key, None),
    }
}

/// `Invalid mobile number`, however it is spelled; not a missing one, which would be our mistake, and nothing about a user.
fn blames_the_number(description: &str) -> bool {
    let words = description.to_ascii_lowercase();
    words.contains("invalid") && words.contains("mobile") && !words.contains("user")
}
