//! Reading a request body strictly: UTF-8 JSON, an object, no key twice, bounded depth and numbers.
//!
//! What a parser must not repair is refused: a duplicate key would let two readers of one body see two requests. Lone surrogates,
//! numbers beyond `f64`, NUL bytes outside strings and nesting beyond 128 levels are refused by `serde_json` itself. What is read is
//! looked at through [`Node`]; what the core says itself is a [`Record`].

mod node;
mod question;
mod record;

use std::fmt;

pub use node::{List, Node, Object};
pub use question::{Held, Question};
pub use record::{Datum, Record};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Why a body is no request. The text may go to the caller: it quotes nothing of the body but the name of a key.
#[derive(Debug, PartialEq, Eq)]
pub struct Malformed(pub String);

/// Reads a JSON object.
///
/// # Errors
/// [`Malformed`], with where and why, when the bytes are not one well-formed JSON object.
pub fn object(bytes: &[u8]) -> Result<Map<String, Value>, Malformed> {
    let text = std::str::from_utf8(bytes).map_err(|_| Malformed("The body is not UTF-8.".into()))?;
    match serde_json::from_str::<Strict>(text) {
        Ok(Strict(Value::Object(map))) => Ok(map),
        Ok(_) => Err(Malformed("The body must be a JSON object.".into())),
        Err(error) => Err(Malformed(describe(&error))),
    }
}

/// [`object`] for the tools that only look at texts. JavaScript's texts may hold half a character, which JSON can only write as an escape and no UTF-8
/// holds: it is read as U+FFFD, one for one, as the npm package reads it.
///
/// # Errors
/// As of [`object`].
pub fn object_with_halves(bytes: &[u8]) -> Result<Map<String, Value>, Malformed> {
    match std::str::from_utf8(bytes) {
        Ok(text) => object(mended(text).as_bytes()),
        Err(_) => object(bytes),
    }
}

/// The same JSON with `\ufffd` for each escape that is half a character by itself.
fn mended(json: &str) -> String {
    let mut mended = String::with_capacity(json.len());
    let mut rest = json;
    while let Some((before, behind)) = rest.split_once('\\') {
        mended.push_str(before);
        let (escape, length) = match unit(behind) {
            Some(0xd800..0xdc00) if behind.get(5..).is_some_and(is_low_half) => (behind, 11),
            Some(0xd800..0xe000) => ("ufffd", 5),
            _ => (behind, behind.chars().next().map_or(0, char::len_utf8)),
        };
        mended.push('\\');
        mended.push_str(escape.get(..length).unwrap_or_default());
        rest = behind.get(length..).unwrap_or_default();
    }
    mended.push_str(rest);
    mended
}

fn is_low_half(text: &str) -> bool {
    matches!(text.strip_prefix('\\').and_then(unit), Some(0xdc00..0xe000))
}

/// The UTF-16 unit of an escape, whose backslash is already read.
fn unit(escape: &str) -> Option<u16> {
    let digits = escape.strip_prefix('u')?.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u16::from_str_radix(digits, 16).ok()
}

fn describe(error: &serde_json::Error) -> String {
    let place = format!("line {}, column {}", error.line(), error.column());
    if error.is_data() && error.to_string().starts_with(DUPLICATE) {
        return format!("The body has the same key twice in one object ({place}).");
    }
    format!("The body cannot be read as JSON: it is not well-formed, nested too deeply, or holds a number out of range ({place}).")
}

const DUPLICATE: &str = "duplicate key";

/// A value in which no object has a key twice.
pub(crate) struct Strict(pub(crate) Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Strict)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            array.push(item);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let Strict(value) = entries.next_value()?;
            if map.insert(key, value).is_some() {
                return Err(A::Error::custom(DUPLICATE));
            }
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_an_object() {
        assert_eq!(object(br#"{"a": [1, -2, 0.5, null, true, {"b": "c"}]}"#).ok().map(|map| map.len()), Some(1));
    }

    #[test]
    fn half_a_character_is_refused_in_a_request_and_read_as_the_replacement_character_by_a_tool() {
        for (json, read) in [
            (r#"{"a":"\ud800"}"#, "\u{fffd}"),
            (r#"{"a":"x\udC00\uD83d\ud83d\ude00\ude00y"}"#, "x\u{fffd}\u{fffd}\u{1f600}\u{fffd}y"),
            (r#"{"a":"\ud800\u0041\\ud800"}"#, "\u{fffd}A\\ud800"),
            (r#"{"a":"\\\ud800\n"}"#, "\\\u{fffd}\n"),
        ] {
            assert!(object(json.as_bytes()).is_err(), "{json}");
            let map = object_with_halves(json.as_bytes()).unwrap_or_default();
            assert_eq!(map.get("a").and_then(Value::as_str), Some(read), "{json}");
        }
        for json in [r#"{"a":"\"#, r#"{"a":"\u"}"#, r#"{"a":"\ud8"}"#, r#"{"a":"\ud80é"}"#, "\\é"] {
            assert_eq!(object_with_halves(json.as_bytes()).err(), object(json.as_bytes()).err(), "{json}");
        }
        assert!(object_with_halves(b"{\"a\":\"\xed\xa0\x80\"}").is_err());
    }

    #[test]
    fn refuses_what_a_second_reader_could_see_differently() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(200), "]".repeat(200));
        for body in [
            r#"{"a":1,"a":1}"#,
            r#"{"x":{"a":1,"a":2}}"#,
            r#"{"a":1"#,
            r#"{"a":1}}"#,
            "[]",
            "null",
            "",
            "7",
            r#"{"a":"\ud800"}"#,
            r#"{"a":1e999}"#,
            "{\"a\":\"\u{0}\"}",
            "\u{feff}{}",
            "{}\u{feff}",
            &deep,
            "{'a':1}",
            r#"{"a":01}"#,
            r#"{"a":NaN}"#,
        ] {
            assert!(object(body.as_bytes()).is_err(), "{body:.40}");
        }
        assert!(object(b"{\"a\":\"\xff\"}").is_err());
    }

    #[test]
    fn names_the_duplicate_without_quoting_the_body() {
        assert_eq!(
            object(br#"{"mobile_number":"9876543210","mobile_number":"1"}"#),
            Err(Malformed("The body has the same key twice in one object (line 1, column 50).".into()))
        );
    }
}
