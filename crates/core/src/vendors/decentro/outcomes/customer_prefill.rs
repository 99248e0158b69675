//! What Decentro's replies to a Customer Data Pull mean (document 000): a read.
//!
//! A yes needs all of its marks: the status `SUCCESS`, the success key, the success code, and a block that says something of the customer. A
//! success in which every block is empty is the vendor's way to say that it does not know the customer. Read are both shapes: `sequence` and
//! `seq`, a list and a single object, camel and snake case.

use serde_json::{Map, Value, json};

use super::{coded_reading, opened};
use crate::http::{Exchange, HttpResponse};
use crate::keys::{self, Action, Outcome, Source};
use crate::operations::customer_prefill::{self, Block, CustomerReport, IDENTITIES, IDENTITY_INFO, LISTS, PERSONAL_INFO};
use crate::operations::{CustomerPrefill, Finding, Operation};
use crate::vendors::decentro::wire::{self, Envelope};
use crate::vendors::{Reading, read};

const OPERATION: Operation = Operation::CustomerPrefill;
const FOUND: &str = keys::SUCCESS_CUSTOMER_DATA_PULL;
const FOUND_CODE: &str = "S00000";

/// The place of an entry in its list, in the vendor's reference and in its guide.
const SEQUENCE: &str = "sequence";
const SEQ: &str = "seq";

/// The reply.
pub(in crate::vendors::decentro) fn post(request: &CustomerPrefill, exchange: &Exchange) -> Reading {
    going_on(exchange, reading(request, exchange))
}

fn reading(request: &CustomerPrefill, exchange: &Exchange) -> Reading {
    let (envelope, response) = match opened(OPERATION, exchange) {
        Ok(opened) => opened,
        Err(reading) => return *reading,
    };
    match envelope.key.as_deref() {
        Some(FOUND) => pulled(request, &envelope),
        _ => coded_reading(OPERATION, &envelope, response),
    }
}

/// A customer who is not known is onboarded all the same. What the vendor refuses (HTTP 422) is no customer who is not known.
fn going_on(exchange: &Exchange, reading: Reading) -> Reading {
    match (exchange, reading) {
        (Exchange::Answered(HttpResponse { status: 422, .. }), reading) => reading,
        (_, Reading::Final(finding)) if finding.key == keys::RECORD_NOT_FOUND => read::finished(Some(customer_prefill::unknown(*finding))),
        (_, reading) => reading,
    }
}

/// The vendor says that it pulled the data.
fn pulled(request: &CustomerPrefill, envelope: &Envelope) -> Reading {
    let row = keys::find(Source::D000, FOUND, None).filter(|_| envelope.succeeded() && envelope.code.as_deref() == Some(FOUND_CODE));
    match (row, report(&envelope.data)) {
        (Some(row), Some(report)) => read::finished(customer_prefill::decide(request, row, report, envelope.vendor())),
        (Some(_), None) if is_empty(envelope) => read::finished(Some(unknown(envelope))),
        _ => read::nonsense(),
    }
}

fn unknown(envelope: &Envelope) -> Finding {
    Finding::bare(Outcome::Negative, Action::Reject, keys::RECORD_NOT_FOUND, envelope.vendor())
}

/// The customer in an answer; `None` when no block says anything.
fn report(data: &Map<String, Value>) -> Option<CustomerReport> {
    let personal = wire::objects(wire::field(data, PERSONAL_INFO.name)).into_iter().find_map(|map| entry(&PERSONAL_INFO, map));
    let identity = wire::objects(wire::field(data, IDENTITY_INFO)).into_iter().next().cloned().unwrap_or_default();
    let (identities, lists) = (lists(IDENTITIES, &identity), lists(LISTS, data));
    let has_entries = |lists: &Map<String, Value>| lists.values().any(|list| *list != json!([]));
    if personal.is_none() && !has_entries(&identities) && !has_entries(&lists) {
        return None;
    }
    let mut fields = wire::texts(data, &["report_order_number"]);
    fields.insert(PERSONAL_INFO.name.into(), Value::Object(personal.unwrap_or_default()));
    fields.extend(lists);
    fields.insert(IDENTITY_INFO.into(), Value::Object(identities));
    Some(CustomerReport { fields })
}

/// Every list of the blocks, empty where there is none.
fn lists(blocks: &[Block], data: &Map<String, Value>) -> Map<String, Value> {
    let entries = |block: &Block| -> Value {
        wire::objects(wire::field(data, block.name)).into_iter().filter_map(|map| entry(block, map).map(Value::Object)).collect()
    };
    blocks.iter().map(|block| (block.name.to_owned(), entries(block))).collect()
}

/// The object of a container or of one entry of a list; `None` where it says nothing of the customer.
fn entry(block: &Block, map: &Map<String, Value>) -> Option<Map<String, Value>> {
    let mut fields = wire::texts_as_given(map, block.fields);
    if block.fields.contains(&SEQUENCE) && fields.get(SEQUENCE).is_none_or(|number| number == "") {
        fields.extend(wire::text(map, SEQ).map(|number| (SEQUENCE.to_owned(), number.into())));
    }
    let tells = |field: &&str| fields.get(*field).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    block.telling.iter().any(tells).then_some(fields)
}

/// Whether the answer has its blocks, and nothing in them; or, without any block, nothing in which one could hide.
fn is_empty(envelope: &Envelope) -> bool {
    let names = [PERSONAL_INFO.name, IDENTITY_INFO].into_iter().chain(LISTS.iter().map(|block| block.name));
    let blocks: Vec<_> = names.filter_map(|name| wire::field(&envelope.data, name)).collect();
    let is_scalar = |value: &Value| !value.is_object() && !value.is_array();
    let has_no_other = || envelope.data.values().all(|value| is_scalar(value) || is_void(value));
    !envelope.is_garbled && blocks.iter().all(|block| is_void(block)) && (!blocks.is_empty() || has_no_other())
}

/// Whether a value says nothing: the place in a list is nothing said.
fn is_void(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.iter().all(is_void),
        Value::Object(map) => map.iter().all(|(name, value)| [SEQUENCE, SEQ].contains(&name.as_str()) || is_void(value)),
        Value::Bool(_) | Value::Number(_) => false,
    }
}
