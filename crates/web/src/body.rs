//! A request's body as JavaScript would send it, held for the core to read.
//!
//! What `JSON.stringify` leaves of a value is what travels, so it is read back by the engine's own `JSON.parse` and copied from
//! there: no second JSON reader in the package, and no property of the caller's own object is touched twice. Deeper nesting and longer
//! bodies than the edge takes are no body.

use js_sys::{Array, JSON, JsString, Object};
use toran_core::json::{List, Node, Object as Fields};
use wasm_bindgen::prelude::*;

/// The longest body that is read, in UTF-16 units of its JSON: more than the edge takes of any operation in UTF-8.
const LONGEST: u32 = 64 * 1024;
/// The levels of nesting that the edge reads.
const DEEPEST: u32 = 127;

/// One value.
pub(crate) enum Held {
    Null,
    Flag(bool),
    Number(f64),
    Text(String),
    List(Items),
    Object(Names),
}

/// An array's items.
pub(crate) struct Items(Vec<Held>);

/// An object's fields, in order.
pub(crate) struct Names(Vec<(String, Held)>);

impl Held {
    /// The body; null, which is no body of any operation, where there is none.
    pub(crate) fn of(body: &JsValue) -> Self {
        let Ok(text) = JSON::stringify(body) else { return Self::Null };
        // `stringify` answers `undefined` for what has no JSON, whatever its type says.
        let text: &JsValue = text.as_ref();
        let Some(text) = text.dyn_ref::<JsString>().filter(|text| text.length() <= LONGEST) else { return Self::Null };
        JSON::parse(&String::from(text)).ok().and_then(|value| Self::copied(&value, DEEPEST)).unwrap_or(Self::Null)
    }

    /// `None` where it is nested too deeply.
    fn copied(value: &JsValue, levels: u32) -> Option<Self> {
        let levels = levels.checked_sub(1)?;
        if let Some(text) = value.as_string() {
            return Some(Self::Text(text));
        }
        if let Some(flag) = value.as_bool() {
            return Some(Self::Flag(flag));
        }
        if let Some(number) = value.as_f64() {
            return Some(Self::Number(number));
        }
        if let Some(items) = value.dyn_ref::<Array>() {
            let mut copies = Vec::new();
            for index in 0..items.length() {
                copies.push(Self::copied(&items.get(index), levels)?);
            }
            return Some(Self::List(Items(copies)));
        }
        let Some(object) = value.dyn_ref::<Object>() else { return Some(Self::Null) };
        let (names, values) = (Object::keys(object), Object::values(object));
        let mut fields = Vec::new();
        for index in 0..names.length() {
            fields.push((names.get(index).as_string()?, Self::copied(&values.get(index), levels)?));
        }
        Some(Self::Object(Names(fields)))
    }

    /// As the core reads it.
    pub(crate) fn node(&self) -> Node<'_> {
        match self {
            Self::Null => Node::Null,
            Self::Flag(flag) => Node::Flag(*flag),
            Self::Number(number) => Node::Number(*number),
            Self::Text(text) => Node::Text(text),
            Self::List(items) => Node::List(items),
            Self::Object(fields) => Node::Object(fields),
        }
    }
}

impl List for Items {
    fn items(&self) -> Vec<Node<'_>> {
        self.0.iter().map(Held::node).collect()
    }
}

impl Fields for Names {
    fn get(&self, name: &str) -> Option<Node<'_>> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, held)| held.node())
    }

    fn names(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| name.as_str()).collect()
    }
}
