//! Statements that are run as one transaction, as `src/register/store.js` takes them: JSON text, and beside it what may be large.

use js_sys::{Array, JsString};
use serde::Serialize;
use worker::Result;

/// Statements, in order.
#[derive(Default)]
pub(crate) struct Statements {
    list: String,
    apart: Array,
}

/// A value that crosses the boundary beside the JSON text, in which it would be escaped and copied.
#[derive(Serialize)]
pub(crate) struct Apart {
    apart: u32,
}

#[derive(Serialize)]
struct Statement<'a, V> {
    query: &'static str,
    values: &'a V,
    must_change: bool,
}

impl Statements {
    /// Adds a statement. `values` is written as a list of what its placeholders stand for.
    pub(crate) fn add(&mut self, query: &'static str, values: &impl Serialize) -> Result<()> {
        self.push(&Statement { query, values, must_change: false })
    }

    /// Adds a statement that fails the transaction where it changes nothing.
    pub(crate) fn add_change(&mut self, query: &'static str, values: &impl Serialize) -> Result<()> {
        self.push(&Statement { query, values, must_change: true })
    }

    /// A text for the values of a statement, which may be large.
    pub(crate) fn apart(&mut self, text: &str) -> Apart {
        let apart = self.apart.length();
        self.apart.push(&JsString::from(text));
        Apart { apart }
    }

    /// The list as JSON text, and what stands beside it.
    pub(crate) fn into_parts(self) -> (String, Array) {
        (format!("[{}]", self.list), self.apart)
    }

    fn push<V: Serialize>(&mut self, statement: &Statement<'_, V>) -> Result<()> {
        if !self.list.is_empty() {
            self.list.push(',');
        }
        self.list.push_str(&serde_json::to_string(statement)?);
        Ok(())
    }
}
