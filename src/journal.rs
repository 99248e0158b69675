//! The journals: a Durable Object for each day of a tenant, and one for the list of what waits for a person. What stands in them is [`toran_core::journal`]'s.
//!
//! An object of a day only appends, and takes each entry of a source once. The list of what waits is small: a line comes with a review and goes with its end. Nothing in either is personal, so
//! nothing is sealed.

mod added_up;
mod reconcile;
mod restore;
mod search;

use std::cell::Cell;
use std::rc::Rc;

pub(crate) use added_up::totals;
use js_sys::{Promise, Uint8Array};
pub(crate) use reconcile::{daily, reconcile, report, state};
pub(crate) use restore::restore;
pub(crate) use search::search;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use toran_core::journal::{self, Cursor, Entry, EntryKind, JournalAsk, JournalTold, Line, WaitingList};
use toran_core::place::Place;
use toran_core::reconciliation;
use toran_core::seal::Index;
use toran_core::time::indian_day;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use worker::worker_sys::DurableObjectState;
use worker::{Env, Result};

use crate::register::database::{Database, NONE};
use crate::register::statements::Statements;
use crate::settings::Settings;
use crate::watchers::Watchers;
use crate::{message, platform};

const BINDING: &str = "JOURNAL";

const SCHEMA: &[&str] = &[
    "CREATE TABLE entries (sequence INTEGER PRIMARY KEY, entry TEXT NOT NULL)",
    "CREATE TABLE sources (source TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE waiting (
        since INTEGER NOT NULL, place TEXT NOT NULL, operation TEXT NOT NULL, reason TEXT NOT NULL, vendor_key TEXT, entry TEXT NOT NULL,
        PRIMARY KEY (since, place)
    ) WITHOUT ROWID",
    "CREATE INDEX by_place ON waiting (place)",
];

/// Appends entries of a source to the journal of today; where that is over there, of tomorrow.
pub(crate) async fn append(env: &Env, tenant: &str, source: String, entries: Vec<(u64, Line)>) -> Result<()> {
    let index = index(env)?;
    let (today, _) = indian_day(platform::now());
    let mut question = JournalAsk::Append { day: today, source, entries };
    for to in [today, today.saturating_add(1)] {
        if let JournalAsk::Append { day, .. } = &mut question {
            *day = to;
        }
        match ask(env, Place::of_journal(index, tenant, to), &question).await? {
            JournalTold::Taken => return Ok(()),
            JournalTold::Over => {}
            _ => break,
        }
    }
    Err("no journal took the entries".into())
}

/// Changes the list of what waits for a person.
pub(crate) async fn note(env: &Env, tenant: &str, entries: Vec<Entry>) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    ask(env, Place::of_waiting(index(env)?, tenant), &JournalAsk::Note(entries)).await.map(drop)
}

/// What was read of a tenant's journals: the lines with their places, how far that is, and whether there is nothing more yet.
pub(crate) struct Lines {
    pub(crate) found: Vec<(Cursor, Line)>,
    pub(crate) end: Cursor,
    pub(crate) is_end: bool,
}

/// The lines after a cursor, over as many days as it takes. `watcher`: the object of endpoints that is told when there is more.
pub(crate) async fn read(env: &Env, tenant: &str, mut at: Cursor, limit: usize, watcher: Option<&str>) -> Result<Lines> {
    let (index, mut found) = (index(env)?, Vec::new());
    loop {
        let left = limit.saturating_sub(found.len());
        let question = JournalAsk::Read { day: at.day, after: at.sequence, limit: left, watcher: watcher.map(str::to_owned) };
        let JournalTold::Page { entries, is_over } = ask(env, Place::of_journal(index, tenant, at.day), &question).await? else {
            return Err(something_else());
        };
        let is_whole = entries.len() < left;
        for (sequence, line) in entries {
            at.sequence = sequence;
            found.push((at, line));
        }
        if !(is_whole && is_over) {
            return Ok(Lines { found, end: at, is_end: is_whole });
        }
        at = at.next_day();
    }
}

/// The line of a check's transition, among those that are told.
pub(crate) async fn find(env: &Env, tenant: &str, check: Place, number: u64) -> Result<Option<(Cursor, Line)>> {
    let (index, now) = (index(env)?, platform::now());
    let (first, today) = (Cursor::first(now).day, indian_day(now).0);
    let question = JournalAsk::Find { check: check.to_string(), number };
    // What is wanted again is mostly of late.
    for day in (first..=today).rev() {
        if let JournalTold::Page { entries, .. } = ask(env, Place::of_journal(index, tenant, day), &question).await?
            && let Some((sequence, line)) = entries.into_iter().next()
        {
            return Ok(Some((Cursor { day, sequence }, line)));
        }
    }
    Ok(None)
}

/// What waits for a person, oldest first.
pub(crate) async fn waiting(env: &Env, tenant: &str, list: WaitingList) -> Result<Vec<Entry>> {
    match ask(env, Place::of_waiting(index(env)?, tenant), &JournalAsk::List(list)).await? {
        JournalTold::Waiting(entries) => Ok(entries),
        _ => Err(something_else()),
    }
}

fn something_else() -> worker::Error {
    "the journal told something else".into()
}

fn index(env: &Env) -> Result<&'static Index> {
    Settings::of(env).index().map_err(|bad| bad.0.into())
}

async fn ask(env: &Env, place: Place, question: &JournalAsk) -> Result<JournalTold> {
    let told = message::ask(env, BINDING, &format!("journal/{place}"), journal::ask(question)).await?;
    journal::read_told(&told).ok_or_else(|| "the journal cannot be understood".into())
}

/// The object of one journal.
#[wasm_bindgen]
pub struct Journal(Rc<Pages>);

#[wasm_bindgen]
impl Journal {
    /// The object of this context.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(context: DurableObjectState, env: Env) -> Self {
        let (database, watchers) = (Database::of(&context), Watchers::new(context, env.clone()));
        Self(Rc::new(Pages { database, env, is_made: Cell::default(), watchers }))
    }

    /// Answers a question of the Worker or of a register: bytes.
    pub fn ask(&self, question: Vec<u8>) -> Promise {
        let pages = Rc::clone(&self.0);
        future_to_promise(async move {
            let told = pages.answer(&question)?;
            pages.watchers.tell();
            Ok(Uint8Array::from(told.as_bytes()).into())
        })
    }

    /// Its time is over, or its reconciliation goes on.
    pub fn alarm(&self) -> Promise {
        let pages = Rc::clone(&self.0);
        future_to_promise(async move {
            if pages.go_on().await? {
                return Ok(JsValue::UNDEFINED);
            }
            JsFuture::from(pages.database.delete_all()?).await
        })
    }
}

/// The tables of one journal.
struct Pages {
    database: Database,
    env: Env,
    is_made: Cell<bool>,
    watchers: Watchers,
}

impl Pages {
    fn answer(&self, question: &[u8]) -> Result<String> {
        let text = std::str::from_utf8(question).map_err(|_| "the question is no text")?;
        if let Some(question) = reconciliation::read_ask(text) {
            return self.reconciled(question);
        }
        let question = journal::read_ask(text).ok_or("the question cannot be read")?;
        let told = match question {
            JournalAsk::Append { day, .. } if journal::is_over(day, platform::now()) => JournalTold::Over,
            JournalAsk::Append { day, source, entries } => self.append(day, &source, &entries)?,
            JournalAsk::Read { day, after, limit, watcher } => {
                if let Some(watcher) = watcher.filter(|_| !journal::is_over(day, platform::now())) {
                    self.watch(day, &watcher)?;
                }
                // Before it is read: what comes in between is not lost.
                let is_over = journal::is_over(day, platform::now());
                JournalTold::Page { entries: self.read(after, limit)?, is_over }
            }
            JournalAsk::Find { check, number } => JournalTold::Page { entries: self.find(&check, number)?, is_over: false },
            JournalAsk::Note(entries) => self.note(&entries)?,
            JournalAsk::List(list) => JournalTold::Waiting(self.waiting(&list)?),
            JournalAsk::Search { after, limit, filter, .. } => self.search(after, limit, &filter)?,
            JournalAsk::Restore { day, entries, is_written } => JournalTold::Missing(self.restore(day, entries, is_written)?),
            JournalAsk::AddUp => JournalTold::Sum(self.add_up()?),
        };
        Ok(journal::told(&told))
    }

    fn append(&self, day: i64, source: &str, entries: &[(u64, Line)]) -> Result<JournalTold> {
        #[derive(Deserialize)]
        struct Last {
            last: u64,
        }
        let mut statements = self.made()?;
        if !self.is_made.get() {
            self.database.arm(journal::forget_at(day, platform::now()))?;
        }
        let known: Vec<Last> =
            if self.is_made.get() { self.database.rows("SELECT last FROM sources WHERE source = ?", &[source])? } else { Vec::new() };
        let known = known.first().map_or(0, |known| known.last);
        let mut last = known;
        for (number, entry) in entries.iter().filter(|(number, _)| *number > known) {
            statements.add("INSERT INTO entries (entry) VALUES (?)", &[serde_json::to_string(entry)?])?;
            last = last.max(*number);
        }
        if last > known {
            self.watchers.note_news(&self.database)?;
            statements.add("INSERT INTO sources VALUES (?1, ?2) ON CONFLICT (source) DO UPDATE SET last = ?2", &(source, last))?;
        }
        self.run(statements)
    }

    fn note(&self, entries: &[Entry]) -> Result<JournalTold> {
        let mut statements = self.made()?;
        for entry in entries {
            statements.add("DELETE FROM waiting WHERE place = ?", &[&entry.check])?;
            if entry.kind == EntryKind::Review {
                let Entry { at, check, operation, key, vendor_key, .. } = entry;
                let values = (at, check, operation, key, vendor_key, serde_json::to_string(entry)?);
                statements.add("INSERT INTO waiting VALUES (?, ?, ?, ?, ?, ?)", &values)?;
            }
        }
        self.run(statements)
    }

    fn run(&self, statements: Statements) -> Result<JournalTold> {
        self.database.run(statements)?;
        self.is_made.set(true);
        Ok(JournalTold::Taken)
    }

    /// The statements that make the tables, where they are not there yet.
    fn made(&self) -> Result<Statements> {
        let mut statements = Statements::default();
        if !self.is_there()? {
            for query in SCHEMA {
                statements.add(query, &NONE)?;
            }
        }
        Ok(statements)
    }

    fn is_there(&self) -> Result<bool> {
        #[derive(Deserialize)]
        struct There {
            #[expect(dead_code, reason = "that it is there is what counts")]
            name: String,
        }
        if !self.is_made.get() {
            let there: Vec<There> = self.database.rows("SELECT name FROM sqlite_master WHERE name = 'entries'", &NONE)?;
            self.is_made.set(!there.is_empty());
        }
        Ok(self.is_made.get())
    }

    fn read(&self, after: u64, limit: usize) -> Result<Vec<(u64, Line)>> {
        self.lines("SELECT sequence, entry FROM entries WHERE sequence > ? ORDER BY sequence LIMIT ?", &(after, limit))
    }

    fn find(&self, check: &str, number: u64) -> Result<Vec<(u64, Line)>> {
        let query =
            "SELECT sequence, entry FROM entries WHERE (entry ->> 'check' = ?1 AND entry ->> 'began_at' * 1000 + entry ->> 'version' = ?2)
            OR (entry ->> 'endpoint' = 'ep_' || ?1 AND entry ->> 'at' = ?2) LIMIT 1";
        self.lines(query, &(check, number))
    }

    /// The rows of checks of a query.
    fn entries(&self, query: &str, values: &impl Serialize) -> Result<Vec<(u64, Entry)>> {
        let of_check = |(sequence, line)| match line {
            Line::Check(entry) => Some((sequence, *entry)),
            Line::Endpoint(_) => None,
        };
        Ok(self.lines(query, values)?.into_iter().filter_map(of_check).collect())
    }

    /// The lines of a query.
    fn lines(&self, query: &str, values: &impl Serialize) -> Result<Vec<(u64, Line)>> {
        #[derive(Deserialize)]
        struct Found {
            sequence: u64,
            entry: String,
        }
        if !self.is_there()? {
            return Ok(Vec::new());
        }
        let found: Vec<Found> = self.database.rows(query, values)?;
        found.into_iter().map(|Found { sequence, entry }| Ok((sequence, serde_json::from_str(&entry)?))).collect()
    }

    /// What is kept under a name beside the entries; a journal of an earlier release has no table for it.
    fn kept<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>> {
        #[derive(Deserialize)]
        struct Found {
            value: String,
        }
        let there: Vec<serde_json::Value> = self.database.rows("SELECT 1 AS one FROM sqlite_master WHERE name = 'kept'", &NONE)?;
        if there.is_empty() {
            return Ok(None);
        }
        let found: Vec<Found> = self.database.rows("SELECT value FROM kept WHERE name = ?", &[name])?;
        found.first().map(|found| Ok(serde_json::from_str(&found.value)?)).transpose()
    }

    fn keep(statements: &mut Statements, name: &str, value: &impl Serialize) -> Result<()> {
        statements.add("CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID", &NONE)?;
        let values = (name, serde_json::to_string(value)?);
        statements.add("INSERT INTO kept VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2", &values)
    }

    /// Tells this object of endpoints when the journal has more.
    fn watch(&self, day: i64, watcher: &str) -> Result<()> {
        if self.watchers.knows(watcher) {
            return Ok(());
        }
        let mut statements = self.made()?;
        if !self.is_made.get() {
            self.database.arm(journal::forget_at(day, platform::now()))?;
        }
        self.watchers.add(&mut statements, watcher)?;
        self.run(statements).map(drop)
    }

    fn waiting(&self, list: &WaitingList) -> Result<Vec<Entry>> {
        #[derive(Deserialize)]
        struct Found {
            entry: String,
        }
        if !self.is_there()? {
            return Ok(Vec::new());
        }
        let WaitingList { after, before, operation, key, limit } = list;
        let (since, place) = after.clone().unwrap_or_default();
        let query =
            "SELECT entry FROM waiting WHERE (since, place) > (?1, ?2) AND (?3 IS NULL OR since < ?3) AND (?4 IS NULL OR operation = ?4)
            AND (?5 IS NULL OR reason = ?5 OR vendor_key = ?5) ORDER BY since, place LIMIT ?6";
        let found: Vec<Found> = self.database.rows(query, &(since, place, before, operation, key, limit))?;
        found.into_iter().map(|Found { entry }| Ok(serde_json::from_str(&entry)?)).collect()
    }
}
