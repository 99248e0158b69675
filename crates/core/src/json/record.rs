//! What the core itself says in JSON: fields in an order that means something, under names that the program knows.
//!
//! The meaning of a request and what an identifier tells are records. Smaller than `serde_json`'s values by what no record
//! holds: fractions, negative numbers, names of somebody else's. It has no `Debug`, for its texts are personal data.

use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::pieces;

/// One value of a [`Record`].
#[derive(Clone, PartialEq, Eq)]
pub enum Datum {
    /// Nothing, where the field is always there.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A count, or a number that is a code.
    Count(u32),
    /// Two places in a text: the first, and the one after the last.
    Span((u32, u32)),
    /// A text.
    Text(String),
    /// An object.
    Record(Record),
    /// An array of objects.
    List(Vec<Record>),
}

/// An object: names and values, in order.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Record(Vec<(&'static str, Datum)>);

impl Record {
    /// With one more field, the last.
    pub fn push(&mut self, name: &'static str, datum: impl Into<Datum>) {
        self.0.push((name, datum.into()));
    }

    /// The value under a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Datum> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, datum)| datum)
    }

    /// The text under a name.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Datum::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The flag under a name.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Datum::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The object under a name.
    #[must_use]
    pub fn record(&self, name: &str) -> Option<&Self> {
        match self.get(name)? {
            Datum::Record(record) => Some(record),
            _ => None,
        }
    }

    /// The objects of the list under a name; none where there is no list.
    #[must_use]
    pub fn list(&self, name: &str) -> &[Self] {
        match self.get(name) {
            Some(Datum::List(records)) => records,
            _ => &[],
        }
    }

    /// As a value of `serde_json`.
    #[must_use]
    pub fn to_value(&self) -> Value {
        self.0.iter().map(|(name, datum)| ((*name).to_owned(), datum.to_value())).collect()
    }
}

impl Datum {
    fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Flag(flag) => (*flag).into(),
            Self::Count(count) => (*count).into(),
            Self::Span((from, to)) => vec![*from, *to].into(),
            Self::Text(text) => text.as_str().into(),
            Self::Record(record) => record.to_value(),
            Self::List(records) => records.iter().map(Record::to_value).collect(),
        }
    }
}

impl<const N: usize> From<[(&'static str, Datum); N]> for Record {
    fn from(fields: [(&'static str, Datum); N]) -> Self {
        Self(fields.into())
    }
}

impl From<&str> for Datum {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Option<&str>> for Datum {
    fn from(text: Option<&str>) -> Self {
        text.map_or(Self::Null, Self::from)
    }
}

impl From<u8> for Datum {
    fn from(count: u8) -> Self {
        Self::Count(count.into())
    }
}

impl From<u16> for Datum {
    fn from(count: u16) -> Self {
        Self::Count(count.into())
    }
}

impl From<String> for Datum {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Datum {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Record> for Datum {
    fn from(record: Record) -> Self {
        Self::Record(record)
    }
}

impl Record {
    /// As JSON text. Written here and not by `serde_json`, whose writer is twice the size in the npm package.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut json = String::new();
        self.write(&mut json);
        json
    }

    /// Adds the JSON text.
    pub fn write(&self, json: &mut String) {
        json.push('{');
        for (name, datum) in &self.0 {
            write_name(json, name);
            datum.write(json);
        }
        json.push('}');
    }

    /// How long the JSON text is, in bytes, where no text needs an escape. A buffer of this length fits into the
    /// memory that the body of the request has left; a longer one would take new memory.
    #[must_use]
    pub fn length(&self) -> usize {
        let braces = if self.0.is_empty() { 2 } else { 1 };
        // A comma or the last brace, a colon, and the quotes of the name.
        self.0.iter().map(|(name, datum)| name.len().saturating_add(4).saturating_add(datum.length())).fold(braces, usize::saturating_add)
    }

    /// The fields but one, and others before them, as JSON text: written once, for a record of 8 MB is not copied more often than it must be.
    #[must_use]
    pub fn to_json_with(&self, before: &[(&'static str, &str)], without: &[&str]) -> String {
        let mut json = String::with_capacity(self.length().saturating_add(1024));
        json.push('{');
        for (name, text) in before {
            write_name(&mut json, name);
            write_text(&mut json, text);
        }
        for (name, datum) in self.0.iter().filter(|(name, _)| !without.contains(name)) {
            write_name(&mut json, name);
            datum.write(&mut json);
        }
        json.push('}');
        json
    }
}

impl Datum {
    fn length(&self) -> usize {
        match self {
            Self::Text(text) => text.len().saturating_add(2),
            Self::Record(record) => record.length(),
            Self::List(records) => records.iter().map(|record| record.length().saturating_add(1)).fold(2, usize::saturating_add),
            Self::Null | Self::Flag(_) | Self::Count(_) | Self::Span(_) => 5,
        }
    }

    fn write(&self, json: &mut String) {
        match self {
            Self::Null => json.push_str("null"),
            Self::Flag(flag) => json.push_str(if *flag { "true" } else { "false" }),
            Self::Count(count) => pieces::push_number(json, *count, 10),
            Self::Span((from, to)) => {
                json.push('[');
                pieces::push_number(json, *from, 10);
                json.push(',');
                pieces::push_number(json, *to, 10);
                json.push(']');
            }
            Self::Text(text) => write_text(json, text),
            Self::Record(record) => record.write(json),
            Self::List(records) => {
                json.push('[');
                for (index, record) in records.iter().enumerate() {
                    if index > 0 {
                        json.push(',');
                    }
                    record.write(json);
                }
                json.push(']');
            }
        }
    }
}

/// The name of a field, behind the comma where another field stands before it.
fn write_name(json: &mut String, name: &str) {
    if !json.ends_with('{') {
        json.push(',');
    }
    write_text(json, name);
    json.push(':');
}

fn write_text(json: &mut String, text: &str) {
    json.push('"');
    let mut rest = text;
    // What needs no escape goes over in one piece: a document has a million letters.
    while let Some(letter) = rest.bytes().position(|letter| matches!(letter, b'"' | b'\\' | 0..=0x1f)) {
        let (plain, special) = rest.split_at_checked(letter).unwrap_or((rest, ""));
        json.push_str(plain);
        let mut letters = special.chars();
        match letters.next() {
            Some(letter @ ('"' | '\\')) => json.extend(['\\', letter]),
            Some(letter) => {
                json.push_str(if letter < '\u{10}' { "\\u000" } else { "\\u001" });
                json.extend(char::from_digit(u32::from(letter) & 0xf, 16));
            }
            None => {}
        }
        rest = letters.as_str();
    }
    json.push_str(rest);
    json.push('"');
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_the_same_as_text_and_as_a_value() {
        let inner = Record::from([("span", Datum::Span((0, 4_294_967_295))), ("none", Datum::Null)]);
        let record = Record::from([
            ("text", "\u{0}\n\u{1f} \"\\/ \u{7f}\u{2028} रमेश \u{1f600}".into()),
            ("flag", true.into()),
            ("count", Datum::Count(1_090)),
            ("inner", inner.clone().into()),
            ("list", Datum::List(vec![inner.clone(), Record::default(), inner])),
        ]);
        assert_eq!(serde_json::from_str::<Value>(&record.to_json()).ok(), Some(record.to_value()));
    }

    #[test]
    fn the_length_of_a_record_of_texts_is_that_of_its_json() {
        let id = |text: &str| Record::from([("type", "PAN".into()), ("number", text.into())]);
        for list in [vec![id("a")], vec![id("a"), Record::default(), id("रमेश")]] {
            let slack = 1;
            let record = Record::from([("name", "Ramesh".into()), ("inner", id("b").into()), ("ids", Datum::List(list))]);
            assert_eq!(record.length(), record.to_json().len() + slack);
        }
    }
}
