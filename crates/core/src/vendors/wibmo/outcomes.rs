//! What Wibmo's replies mean.
//!
//! The code inside the token decides, also under an HTTP error, where it says no. A yes needs all of its marks: HTTP 200, a token, code `00`,
//! messageCode 1931, our own reference back, and no other customer than the one asked for. What cannot be decrypted, has the wrong padding or
//! is no answer when decrypted looks the same from outside. Sources: document 002; contract section 2.2; the README.

use serde_json::{Map, Value};

use super::wire::{self, Reply};
use crate::http::{Exchange, HttpResponse};
use crate::keys::{self, Meaning, Row, Source};
use crate::operations::prepaid_customer::{self, Identifier};
use crate::operations::{Operation, PrepaidCustomer, VendorRef};
use crate::secret::Secret;
use crate::vendors::{Call, Reading, read};

/// The vendor's name.
pub(super) const VENDOR: &str = "wibmo";
/// The message code of an answer: that of the request and one.
const ANSWER: &str = "1931";
/// The table by which its HTTP statuses are judged: its document has none of its own.
const HTTP: Source = Source::D003_HTTP;

pub(super) fn nobody() -> VendorRef {
    VendorRef { name: VENDOR.into(), ..VendorRef::default() }
}

impl Reply {
    fn vendor(&self) -> VendorRef {
        VendorRef { transaction_id: self.transaction_id.clone(), code: Some(self.code.clone()), ..nobody() }
    }

    fn row(&self) -> Option<&'static Row> {
        keys::find(Source::D002, &format!("{VENDOR}_{}", self.code), None)
    }

    /// Whether nothing in it speaks of another call; a refusal may leave both out.
    fn fits(&self, call: &Call) -> bool {
        self.reference.as_ref().is_none_or(|reference| *reference == call.wire_reference)
            && self.message_code.as_deref().is_none_or(|code| code == ANSWER)
    }

    /// Whether it is certain that it answers this call.
    fn answers(&self, call: &Call) -> bool {
        self.fits(call) && self.reference.is_some() && self.message_code.is_some()
    }

    /// What the Decrypt endpoint says was in the token only if it speaks of our call: it may also be that endpoint's own word.
    fn sealed_by(mut self, call: &Call) -> Self {
        self.sealed = self.answers(call);
        self
    }
}

/// Whether an HTTP status says by itself what happened, whatever comes with it.
pub(super) const fn decides(status: u16) -> bool {
    matches!(status, 401 | 403 | 429 | 503)
}

/// The reply of the Encrypt endpoint, where it has no token to go on with. Nobody was asked for yet, so there is no answer in it.
pub(super) fn not_encrypted(request: &PrepaidCustomer, call: &Call, exchange: &Exchange) -> Reading {
    match prepaid_customer(request, call, exchange, |_| None) {
        Reading::Final(_) => read::nonsense(),
        reading => reading,
    }
}

/// The reply to Retrieve Customer Record. `open` is asked for what is in its token.
pub(super) fn prepaid_customer(
    request: &PrepaidCustomer,
    call: &Call,
    exchange: &Exchange,
    open: impl FnOnce(&str) -> Option<Secret<Vec<u8>>>,
) -> Reading {
    match read::answer(exchange) {
        Ok(response) => reading(request, call, response, wire::reply(response.body.expose(), open)),
        Err(reading) => *reading,
    }
}

/// The reply to Retrieve Customer Record, whose token the Decrypt endpoint was asked to open. Why it could not is told to nobody here either: all of
/// that endpoint's failures but those of the way to it look like a token that holds nothing.
pub(super) fn decrypted(request: &PrepaidCustomer, call: &Call, retrieved: &HttpResponse, decrypted: &Exchange) -> Reading {
    let opened = match read::answer(decrypted) {
        Ok(response) if decides(response.status) => return read::status(HTTP, response, Operation::PrepaidCustomer, nobody()),
        Ok(response) => (response.status == 200).then(|| response.body.clone()),
        Err(reading) => return *reading,
    };
    reading(request, call, retrieved, wire::reply(retrieved.body.expose(), |_| opened).map(|reply| reply.sealed_by(call)))
}

fn reading(request: &PrepaidCustomer, call: &Call, response: &HttpResponse, reply: Option<Reply>) -> Reading {
    let by_status =
        || if response.status == 200 { read::nonsense() } else { read::status(HTTP, response, Operation::PrepaidCustomer, nobody()) };
    let Some(reply) = reply.filter(|reply| reply.fits(call) && !decides(response.status)) else { return by_status() };
    match reply.row() {
        None => by_status(),
        Some(row) if row.meaning == Meaning::Verified && response.status == 200 => found(request, call, row, &reply),
        Some(row) if row.meaning == Meaning::Verified => by_status(),
        Some(row) if matches!(row.meaning, Meaning::Negative(_)) && !reply.sealed => by_status(),
        Some(row) => read::row(row, Operation::PrepaidCustomer, reply.vendor(), reply.code.clone(), response.retry_after),
    }
}

fn found(request: &PrepaidCustomer, call: &Call, row: &'static Row, reply: &Reply) -> Reading {
    let customer = reply.customer();
    if !reply.sealed || !reply.answers(call) || !is_about(&request.identifier, &customer) {
        return read::nonsense();
    }
    read::finished(prepaid_customer::decide(row, customer, reply.vendor()))
}

/// Whether the record is the one asked for, as far as it says. It must say who it is at all: the mobile number is mandatory in it.
fn is_about(identifier: &Identifier, customer: &Map<String, Value>) -> bool {
    let said = |field: &str| customer.get(field).and_then(Value::as_str).filter(|text| !text.is_empty());
    let Some(mobile) = said("mobile") else { return false };
    match identifier {
        Identifier::Mobile(number) => mobile.ends_with(number.expose()),
        Identifier::CustomerId(id) => said("customer_id").is_none_or(|said| said == id.expose()),
        Identifier::Email(address) => said("email").is_none_or(|said| said.eq_ignore_ascii_case(address.expose())),
        Identifier::Urn(urn) => has_card(customer, urn.expose()),
    }
}

/// Whether a card has the number, leading zeros aside; or no card tells its own.
fn has_card(customer: &Map<String, Value>, urn: &str) -> bool {
    let cards = customer.get("card_list").and_then(Value::as_array);
    let mut told = cards.into_iter().flatten().filter_map(|card| card.get("urn")?.as_str()).filter(|urn| !urn.is_empty()).peekable();
    told.peek().is_none() || told.any(|told| told.trim_start_matches('0') == urn.trim_start_matches('0'))
}
