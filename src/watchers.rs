//! Who is told when a journal has more: the objects of endpoints that have read it to its end. They are told in the background, and once where more news comes meanwhile: a flush waits for nobody. A
//! tenant without endpoints has none. One that cannot be told looks by itself within some minutes.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::rc::Rc;

use serde::Deserialize;
use toran_core::endpoint::{EndpointAsk, ask};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::future_to_promise;
use worker::worker_sys::DurableObjectState;
use worker::{Env, Result};

use crate::register::database::{Database, NONE};
use crate::register::statements::Statements;
use crate::{endpoints, message, platform};

/// The watchers of one journal.
pub(crate) struct Watchers(Rc<State>);

struct State {
    context: DurableObjectState,
    env: Env,
    /// Their names; `None` as long as this instance has not read them.
    names: RefCell<Option<BTreeSet<String>>>,
    has_news: Cell<bool>,
    is_telling: Cell<bool>,
}

impl Watchers {
    pub(crate) fn new(context: DurableObjectState, env: Env) -> Self {
        Self(Rc::new(State { context, env, names: RefCell::default(), has_news: Cell::default(), is_telling: Cell::default() }))
    }

    /// Whether this one is told already.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.0.names.borrow().as_ref().is_some_and(|names| names.contains(name))
    }

    /// Adds one. Journals of an earlier release have no table for it.
    pub(crate) fn add(&self, statements: &mut Statements, name: &str) -> Result<()> {
        statements.add("CREATE TABLE IF NOT EXISTS watchers (name TEXT PRIMARY KEY) WITHOUT ROWID", &NONE)?;
        statements.add("INSERT OR IGNORE INTO watchers VALUES (?)", &[name])?;
        // Those that are known already are read anew with the next news.
        *self.0.names.borrow_mut() = None;
        Ok(())
    }

    /// There is more, once what is being written is written.
    pub(crate) fn note_news(&self, database: &Database) -> Result<()> {
        #[derive(Deserialize)]
        struct Named {
            name: String,
        }
        if self.0.names.borrow().is_none() {
            let table: Vec<Named> = database.rows("SELECT name FROM sqlite_master WHERE name = 'watchers'", &NONE)?;
            let found: Vec<Named> = if table.is_empty() { Vec::new() } else { database.rows("SELECT name FROM watchers", &NONE)? };
            *self.0.names.borrow_mut() = Some(found.into_iter().map(|found| found.name).collect());
        }
        self.0.has_news.set(true);
        Ok(())
    }

    /// Tells them what is noted, in the background.
    pub(crate) fn tell(&self) {
        let state = &self.0;
        let has_watchers = state.names.borrow().as_ref().is_some_and(|names| !names.is_empty());
        if !has_watchers || state.is_telling.get() || !state.has_news.get() {
            return;
        }
        state.is_telling.set(true);
        let background = Rc::clone(state);
        let work = future_to_promise(async move {
            while background.has_news.replace(false) {
                let names = background.names.borrow().clone().unwrap_or_default();
                for name in names {
                    if let Err(error) = message::ask(&background.env, endpoints::BINDING, &name, ask(&EndpointAsk::News)).await {
                        platform::log_error("endpoints_news", &error);
                    }
                }
            }
            background.is_telling.set(false);
            Ok(JsValue::UNDEFINED)
        });
        // Only the binding can fail, which every object has.
        let _ = state.context.wait_until(&work);
    }
}
