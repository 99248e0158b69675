//! What the core itself says in JSON: fields in an order that means something, under names that the program knows.
//!
//! The meaning of a request and what an identifier tells are records. Smaller than `serde_json`'s values by what no record
//! holds: fractions, negative numbers, names of somebody else's. It has no `Debug`, for its texts are personal data.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

/// One value of a [`Record`].
#[derive(Clone, PartialEq, Eq)]
pub enum Datum {
    /// Nothing, where the field is always there.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A count, or a number that is a code.
    Count(u32),
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

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, datum) in &self.0 {
            map.serialize_entry(name, datum)?;
        }
        map.end()
    }
}

impl Serialize for Datum {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Count(count) => serializer.serialize_u32(*count),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Record(record) => record.serialize(serializer),
            Self::List(records) => records.serialize(serializer),
        }
    }
}
