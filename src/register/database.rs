//! An object's SQLite and its alarm, as the platform has them. Statements are synchronous, and those of one transaction are written together or not at all.

use js_sys::{Array, Promise};
use serde::Serialize;
use serde::de::DeserializeOwned;
use toran_core::time::Millis;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use worker::Result;
use worker::worker_sys::{DurableObjectState, DurableObjectStorage};

use super::statements::Statements;
use crate::platform;

/// No values.
pub(crate) const NONE: [u8; 0] = [];

/// What follows each statement, given the rows that it wrote: where a test makes the wasm trap.
#[cfg(not(feature = "failpoints"))]
const AFTER: fn(u32) = |_| {};
#[cfg(feature = "failpoints")]
const AFTER: fn(u32) = crate::failpoints::statement;

#[wasm_bindgen(module = "/src/register/store.js")]
extern "C" {
    /// Sets the alarm.
    #[wasm_bindgen(catch)]
    fn arm(storage: &DurableObjectStorage, at: f64) -> std::result::Result<(), JsValue>;

    /// The rows of a query.
    #[wasm_bindgen(catch)]
    fn rows(storage: &DurableObjectStorage, query: &str, values: &str) -> std::result::Result<String, JsValue>;

    /// Runs statements in one transaction. Answers the fault.
    fn transaction(storage: &DurableObjectStorage, statements: &str, apart: &Array, after: &mut dyn FnMut(u32)) -> Option<String>;
}

/// The SQLite of one object.
pub(crate) struct Database(DurableObjectStorage);

impl Database {
    /// The object's own.
    pub(crate) fn of(context: &DurableObjectState) -> Self {
        Self(context.storage().unwrap_or_else(|_| JsValue::UNDEFINED.unchecked_into()))
    }

    /// The rows of a query.
    pub(crate) fn rows<T: DeserializeOwned>(&self, query: &str, values: &impl Serialize) -> Result<Vec<T>> {
        Ok(serde_json::from_str(&query_rows(&self.0, query, values)?)?)
    }

    /// One statement.
    pub(crate) fn write(&self, query: &'static str, values: &impl Serialize) -> Result<()> {
        let mut statements = Statements::default();
        statements.add(query, values)?;
        self.run(statements)
    }

    /// Statements, in one transaction.
    pub(crate) fn run(&self, statements: Statements) -> Result<()> {
        let (list, apart) = statements.into_parts();
        let mut after = AFTER;
        transaction(&self.0, &list, &apart, &mut after).map_or(Ok(()), |fault| Err(fault.into()))
    }

    /// Sets the alarm.
    pub(crate) fn arm(&self, at: Millis) -> Result<()> {
        arm(&self.0, platform::number(at)).map_err(Into::into)
    }

    /// Deletes everything of the object, its alarm too.
    pub(crate) fn delete_all(&self) -> Result<Promise> {
        Ok(self.0.delete_all()?)
    }

    /// For tests of failures.
    #[cfg(feature = "failpoints")]
    pub(super) const fn storage(&self) -> &DurableObjectStorage {
        &self.0
    }
}

/// The rows of a query, as a JSON list.
pub(crate) fn query_rows(storage: &DurableObjectStorage, query: &str, values: &impl Serialize) -> Result<String> {
    rows(storage, query, &serde_json::to_string(values)?).map_err(Into::into)
}
