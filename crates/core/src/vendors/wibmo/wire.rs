//! Wibmo's JSON, and nothing else: what goes into a token, and how what comes out of one is read.
//!
//! Out goes messageCode 1930 with one identifier, in is read 1931. Read are names in any casing and the document's own drift
//! (`subsubwallet_id`), numbers and texts in each other's place, and the document's sample, which is two objects' worth of one object. Nothing
//! here decides. Sources: document 002; the README.

use serde_json::{Map, Value, json};

use crate::json::{self, Strict};
use crate::operations::PrepaidCustomer;
use crate::operations::prepaid_customer::{CUSTOMER, Form, Identifier, Shape, rupees};
use crate::secret::Secret;
use crate::time::{Millis, indian_digits};
use crate::vendors::lenient::{self, field, flag, text, text_as_given};

/// The message code of a request; an answer has the next one.
const REQUEST: u16 = 1930;

/// The text of a request, before it is sealed. `prefix` stands before a mobile number: the country's code.
pub(super) fn retrieve(request: &PrepaidCustomer, wire_reference: &str, prefix: &str, now: Millis) -> Value {
    let (field, value) = match &request.identifier {
        Identifier::Mobile(number) => ("customerMobile", format!("{prefix}{}", number.expose())),
        Identifier::CustomerId(id) => ("customerId", id.expose().clone()),
        Identifier::Urn(urn) => ("urn", urn.expose().clone()),
        Identifier::Email(address) => ("emailId", address.expose().clone()),
    };
    json!({ "messageCode": REQUEST, "clientTxnId": wire_reference, "requestDateTime": indian_digits(now), field: value })
}

/// An answer.
pub(super) struct Reply {
    /// Whether it came in a token. Wibmo's gateway may refuse in plain JSON; nobody says yes in it.
    pub(super) sealed: bool,
    /// `responseCode`.
    pub(super) code: String,
    /// `messageCode`.
    pub(super) message_code: Option<String>,
    /// `clientTxnId`.
    pub(super) reference: Option<String>,
    /// `accosaTransactionId`.
    pub(super) transaction_id: Option<String>,
    map: Map<String, Value>,
}

/// The token of an answer.
pub(super) fn token(body: &[u8]) -> Option<String> {
    text(&lenient::object(body)?, "token")
}

/// Reads an answer; `None` when there is no code to be had, for whatever reason: the token, its padding or what is in it. `open` is asked for what
/// is in a token.
pub(super) fn reply(body: &[u8], open: impl FnOnce(&str) -> Option<Secret<Vec<u8>>>) -> Option<Reply> {
    let outer = lenient::object(body)?;
    let (sealed, map) = match text(&outer, "token") {
        Some(token) => (true, object(open(&token)?.expose())?),
        None => (false, outer),
    };
    Some(Reply {
        sealed,
        code: text(&map, "responseCode")?,
        message_code: text(&map, "messageCode"),
        reference: text(&map, "clientTxnId"),
        transaction_id: text(&map, "accosaTransactionId"),
        map,
    })
}

/// A JSON object; and one that was closed too early, as in the document's sample: the rest is taken as its further fields.
fn object(bytes: &[u8]) -> Option<Map<String, Value>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Strict>();
    let Strict(Value::Object(mut map)) = stream.next()?.ok()? else { return None };
    let rest = text.get(stream.byte_offset()..)?.trim();
    if !rest.is_empty() {
        let more = json::object(format!("{{{}", rest.strip_prefix(',')?).as_bytes()).ok()?;
        for (name, value) in more {
            map.entry(name).or_insert(value);
        }
    }
    lenient::is_consistent(&map).then_some(map)
}

impl Reply {
    /// The customer's record in the operation's own shape, as far as it is there.
    pub(super) fn customer(&self) -> Map<String, Value> {
        shaped(&self.map, &CUSTOMER)
    }
}

/// Names that the document's table has where its sample has another.
const DRIFT: &[(&str, &str)] = &[("subwallet_id", "subsubwallet_id"), ("subwallet_name", "subsubwallet_name")];

fn shaped(map: &Map<String, Value>, shape: &Shape) -> Map<String, Value> {
    let fields = shape.fields.iter().filter_map(|(name, form)| Some(((*name).to_owned(), scalar(map, given_name(map, name), *form)?)));
    let lists = shape.lists.iter().filter_map(|(name, shape)| Some(((*name).to_owned(), list(field(map, name)?, shape)?)));
    fields.chain(lists).collect()
}

fn given_name<'a>(map: &Map<String, Value>, name: &'a str) -> &'a str {
    let other = || DRIFT.iter().find(|(known, _)| *known == name).map(|(_, other)| *other);
    if field(map, name).is_some() { name } else { other().unwrap_or(name) }
}

fn scalar(map: &Map<String, Value>, name: &str, form: Form) -> Option<Value> {
    match form {
        Form::Text => text_as_given(map, name).map(Value::from),
        Form::Flag => flag(map, name).or_else(|| digit(text(map, name)?.as_str())).map(Value::from),
        Form::Amount => rupees(&text(map, name)?).map(Value::from),
    }
}

fn digit(text: &str) -> Option<bool> {
    match text {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    }
}

/// The objects of a list; one alone is a list of one.
fn list(value: &Value, shape: &Shape) -> Option<Value> {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        Value::Object(_) => std::slice::from_ref(value),
        _ => return None,
    };
    Some(items.iter().filter_map(Value::as_object).map(|item| Value::Object(shaped(item, shape))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_that_was_closed_too_early_is_read_whole() {
        let read = |text: &str| object(text.as_bytes()).map(Value::Object);
        assert_eq!(read(r#"{"a":1}"#), Some(json!({ "a": 1 })));
        assert_eq!(read("{\"a\":1\n},\n\"b\":[{\"c\":2}]\n}"), Some(json!({ "a": 1, "b": [{ "c": 2 }] })));
        assert_eq!(read(r#"{"a":1},"a":2}"#), Some(json!({ "a": 1 })), "what follows takes nothing back");
        for broken in [r#"{"a":1}{"b":2}"#, r#"{"a":1},"b":2"#, r#"{"a":1},{"b":2}}"#, r#"{"a":1}]"#, "[]", "", "{", r#"{"a":1},"b":2}}"#] {
            assert_eq!(read(broken), None, "{broken}");
        }
    }
}
