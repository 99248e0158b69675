//! A request's body as JavaScript would send it, held for the core to read.
//!
//! What `JSON.stringify` leaves of a value is what travels, so it is read back by the engine's own `JSON.parse` and copied from
//! there: no second JSON reader in the package, and no property of the caller's own object is touched twice. What the edge does not read is no
//! body here: deeper nesting, and half a character (a lone surrogate).

use js_sys::{Array, JSON, JsString, Object};
use toran_core::json::{List, Node, Object as Fields};
use wasm_bindgen::prelude::*;

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
    /// The body; null, which is no body of any operation, where there is none. `None` where its JSON has more bytes than `most`.
    pub(crate) fn of(body: &JsValue, most: usize) -> Option<Self> {
        let Ok(text) = JSON::stringify(body) else { return Some(Self::Null) };
        // `stringify` answers `undefined` for what has no JSON, whatever its type says.
        let text: &JsValue = text.as_ref();
        let Some(text) = text.dyn_ref::<JsString>() else { return Some(Self::Null) };
        // A UTF-16 unit is at least a byte: what is too long by these alone does not cross.
        let text = Some(text).filter(|text| usize::try_from(text.length()).is_ok_and(|units| units <= most)).map(String::from)?;
        let body = || JSON::parse(&text).ok().filter(|_| !is_halved(&text)).and_then(|value| Self::copied(&value, DEEPEST));
        (text.len() <= most).then(|| body().unwrap_or(Self::Null))
    }

    /// `None` where it is nested too deeply.
    fn copied(value: &JsValue, levels: u32) -> Option<Self> {
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
            let (levels, mut copies) = (levels.checked_sub(1)?, Vec::new());
            for index in 0..items.length() {
                copies.push(Self::copied(&items.get(index), levels)?);
            }
            return Some(Self::List(Items(copies)));
        }
        let Some(object) = value.dyn_ref::<Object>() else { return Some(Self::Null) };
        let (names, values) = (Object::keys(object), Object::values(object));
        let (levels, mut fields) = (levels.checked_sub(1)?, Vec::new());
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

/// Whether half a character is in a text that `stringify` wrote: it escapes that as `\udXXX`, and nothing else so.
fn is_halved(text: &str) -> bool {
    // Behind each backslash the escaped character, which may be another one, and what follows it.
    let mut escaped = text.split('\\').skip(1);
    while let Some(part) = escaped.next() {
        if part.starts_with("ud") {
            return true;
        }
        if part.is_empty() {
            escaped.next();
        }
    }
    false
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
