//! JSON as a request's reader sees it, whatever holds it: a body that `serde_json` read at the edge, JavaScript's own values in the browser.
//!
//! Borrowed and read-only. A number is an `f64`, as it is in JavaScript, so `1` and `1.0` are one number to both readers.

use serde_json::{Map, Value};

/// One value.
#[derive(Clone, Copy)]
pub enum Node<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A string.
    Text(&'a str),
    /// An array.
    List(&'a dyn List),
    /// An object.
    Object(&'a dyn Object),
}

/// A JSON object.
pub trait Object {
    /// The value under a name.
    fn get(&self, name: &str) -> Option<Node<'_>>;

    /// The names, in order.
    fn names(&self) -> Vec<&str>;
}

/// A JSON array.
pub trait List {
    /// The items, in order.
    fn items(&self) -> Vec<Node<'_>>;
}

impl<'a> Node<'a> {
    /// Whether this is `null`.
    #[must_use]
    pub const fn is_null(self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text of a string.
    #[must_use]
    pub const fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl<'a> From<&'a str> for Node<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a Value> for Node<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Flag(*flag),
            Value::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            Value::String(text) => Self::Text(text),
            Value::Array(items) => Self::List(items),
            Value::Object(map) => Self::Object(map),
        }
    }
}

impl Object for Map<String, Value> {
    fn get(&self, name: &str) -> Option<Node<'_>> {
        self.get(name).map(Node::from)
    }

    fn names(&self) -> Vec<&str> {
        self.keys().map(String::as_str).collect()
    }
}

impl List for Vec<Value> {
    fn items(&self) -> Vec<Node<'_>> {
        self.iter().map(Node::from).collect()
    }
}
