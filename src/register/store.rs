//! What a register keeps in its SQLite (docs/STORAGE.md): a row per machine, parts of what is large, the ledger of calls, and what the register was made for.
//!
//! All writes of one transition are one transaction: a turn that ends by an exception would otherwise keep what it had written before. A state carries a version; a save
//! that does not follow the stored one is refused. A state that cannot be opened is an error, never an absence: absence would mean a second rupee. Statements are synchronous, so nothing interleaves between reading a machine and saving it.

use std::cell::Cell;
use std::marker::PhantomData;
use std::rc::Rc;

use js_sys::Array;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use toran_core::check::timeline::Called;
use toran_core::machine::{Machine, Work};
use toran_core::place::Place;
use toran_core::seal::Ring;
use toran_core::time::{HOUR, Millis, SECOND};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use worker::Result;
use worker::worker_sys::{DurableObjectState, DurableObjectStorage};

use super::row::{Entry, Found, Part, Row};
use super::statements::Statements;
use crate::platform;

/// No values.
const NONE: [u8; 0] = [];

/// The layout of the tables.
const FORMAT: u8 = 1;

const SCHEMA: &[&str] = &[
    "CREATE TABLE register (
        id INTEGER PRIMARY KEY CHECK (id = 1), format INTEGER NOT NULL, registers INTEGER NOT NULL, index_key TEXT NOT NULL,
        made_at INTEGER NOT NULL, ringing INTEGER NOT NULL
    )",
    "CREATE TABLE machines (
        place TEXT PRIMARY KEY, nonce TEXT NOT NULL, version INTEGER NOT NULL, state TEXT NOT NULL, state_parts INTEGER NOT NULL,
        request_parts INTEGER NOT NULL, wake_at INTEGER, work INTEGER NOT NULL, faults INTEGER NOT NULL, operation TEXT, phase TEXT,
        outcome TEXT, key TEXT, vendor TEXT, began_at INTEGER, changed_at INTEGER NOT NULL
    ) WITHOUT ROWID",
    "CREATE INDEX due ON machines (wake_at) WHERE wake_at IS NOT NULL",
    "CREATE INDEX busy ON machines (work) WHERE work IN (1, 2)",
    "CREATE TABLE parts (
        place TEXT NOT NULL, name TEXT NOT NULL, part INTEGER NOT NULL, sealed TEXT NOT NULL, PRIMARY KEY (place, name, part)
    ) WITHOUT ROWID",
    "CREATE TABLE calls (
        place TEXT NOT NULL, version INTEGER NOT NULL, kind TEXT NOT NULL, attempt INTEGER NOT NULL, sent_at INTEGER NOT NULL,
        replied_at INTEGER, reply TEXT, account TEXT, PRIMARY KEY (place, version)
    ) WITHOUT ROWID",
];

/// What the tables of an earlier release lack. That release goes on with them, should it be deployed again, so the layout has the same number.
const ACCOUNT: &str = "ALTER TABLE calls ADD COLUMN account TEXT";

/// What follows each statement, given the rows that it wrote: where a test makes the wasm trap.
#[cfg(not(feature = "failpoints"))]
const AFTER: fn(u32) = |_| {};
#[cfg(feature = "failpoints")]
const AFTER: fn(u32) = crate::failpoints::statement;

const LOAD: &str = "SELECT nonce, state, state_parts, request_parts FROM machines WHERE place = ?";
/// How soon a machine that cannot be advanced is tried again, at first and at most; the pause doubles each time.
const AGAIN: Millis = 5 * SECOND;
const AGAIN_AT_MOST: Millis = 6 * HOUR;
/// So many calls of a machine are listed.
const MOST_CALLS: u32 = 200;

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

/// What a register was made for.
#[derive(Deserialize)]
pub(super) struct Made {
    pub(super) format: u8,
    pub(super) registers: u32,
    pub(super) index_key: String,
}

/// A machine that something is owed to.
#[derive(Deserialize)]
pub(super) struct Owed {
    place: String,
    work: u8,
}

impl Owed {
    pub(super) fn place(&self) -> Option<Place> {
        Place::parse(&self.place)
    }

    pub(super) const fn is_queued(&self) -> bool {
        self.work == Work::Queued.number()
    }
}

/// How much of the tables is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tables {
    /// None of them.
    Missing,
    /// All of them, as an earlier release made them.
    WithoutAccount,
    /// All of them.
    Whole,
}

/// The tables of one register.
pub(super) struct Store<M> {
    storage: DurableObjectStorage,
    tables: Cell<Tables>,
    machine: PhantomData<M>,
}

impl<M: Machine> Store<M> {
    /// The tables of an object.
    pub(super) fn of(context: &DurableObjectState) -> Self {
        let storage = context.storage().unwrap_or_else(|_| JsValue::UNDEFINED.unchecked_into());
        Self { storage, tables: Cell::new(Tables::Missing), machine: PhantomData }
    }

    /// What the register was made for; `None` for one that was never written to. Writes nothing.
    pub(super) fn made(&self) -> Result<Option<Made>> {
        #[derive(Deserialize)]
        struct Calls {
            has_account: u8,
        }
        let calls: Vec<Calls> = self.rows("SELECT sql LIKE '%account%' AS has_account FROM sqlite_master WHERE name = 'calls'", &NONE)?;
        self.tables.set(match calls.first() {
            None => return Ok(None),
            Some(Calls { has_account: 0 }) => Tables::WithoutAccount,
            Some(_) => Tables::Whole,
        });
        let made: Vec<Made> = self.rows("SELECT format, registers, index_key FROM register", &NONE)?;
        Ok(made.into_iter().next())
    }

    /// Whether the tables are there.
    pub(super) fn is_made(&self) -> bool {
        self.tables.get() != Tables::Missing
    }

    /// Whether this release knows the layout.
    pub(super) const fn knows(format: u8) -> bool {
        format == FORMAT
    }

    /// Makes what is missing of the tables, in a transaction of its own.
    pub(super) fn make(&self, registers: u32, index_key: &str) -> Result<()> {
        let mut statements = Statements::default();
        match self.tables.get() {
            Tables::Whole => return Ok(()),
            Tables::WithoutAccount => statements.add(ACCOUNT, &NONE)?,
            Tables::Missing => {
                for query in SCHEMA {
                    statements.add(query, &NONE)?;
                }
                statements.add("INSERT INTO register VALUES (1, ?, ?, ?, ?, 0)", &(FORMAT, registers, index_key, platform::now()))?;
            }
        }
        self.run(statements)?;
        self.tables.set(Tables::Whole);
        Ok(())
    }

    /// The machine at a place. One that cannot be opened is an error.
    pub(super) fn load(&self, ring: &Ring, place: Place) -> Result<Option<Row<M>>> {
        if !self.is_made() {
            return Ok(None);
        }
        let found: Vec<Found> = self.rows(LOAD, &[place.to_string()])?;
        found.into_iter().next().map(|found| Row::open(ring, place, found, &|name, part| self.part(place, name, part))).transpose()
    }

    /// The request of a machine, as JSON text.
    pub(super) fn request(&self, ring: &Ring, row: &Row<M>) -> Result<Option<Rc<String>>> {
        row.request(ring, &|name, part| self.part(row.identity.place, name, part))
    }

    fn part(&self, place: Place, name: &str, part: usize) -> Result<Option<Part>> {
        let parts: Vec<Part> =
            self.rows("SELECT sealed FROM parts WHERE place = ? AND name = ? AND part = ?", &(place.to_string(), name, part))?;
        Ok(parts.into_iter().next())
    }

    /// Saves a transition: the state, the request, and what it sent or heard. Answers the row as it is stored now.
    pub(super) fn save(&self, ring: &Ring, row: Row<M>, entries: &[Entry]) -> Result<Row<M>> {
        #[cfg(feature = "failpoints")]
        crate::failpoints::save(&self.storage, row.identity.place, row.machine.version())?;
        let (statements, stored) = row.statements(ring, entries)?;
        #[cfg(feature = "failpoints")]
        if crate::failpoints::twice(&self.storage, row.identity.place, row.machine.version())? {
            self.run(row.statements(ring, entries)?.0)?;
        }
        self.run(statements)?;
        Ok(row.stored_as(stored))
    }

    /// The calls of a machine as the ledger has them, in order; of more than a timeline takes, the latest.
    pub(super) fn calls(&self, place: Place) -> Result<Vec<Called>> {
        if !self.is_made() {
            return Ok(Vec::new());
        }
        // The tables of an earlier release have no account yet, and are completed by the next save.
        let account = if self.tables.get() == Tables::WithoutAccount { "NULL AS account" } else { "account" };
        let query = format!(
            "SELECT kind, attempt, sent_at, replied_at, reply, {account} FROM calls WHERE place = ? ORDER BY version DESC LIMIT {MOST_CALLS}"
        );
        self.rows(&query, &[place.to_string()])
    }

    /// Notes a reply that led to nothing.
    pub(super) fn note(&self, place: Place, entry: &Entry) -> Result<()> {
        let mut statements = Statements::default();
        entry.write(&mut statements, place, 0)?;
        self.run(statements)
    }

    /// Deletes everything about a machine.
    pub(super) fn forget(&self, place: Place) -> Result<()> {
        let all = ["DELETE FROM machines WHERE place = ?", "DELETE FROM parts WHERE place = ?", "DELETE FROM calls WHERE place = ?"];
        let mut statements = Statements::default();
        for query in all {
            statements.add(query, &[place.to_string()])?;
        }
        self.run(statements)
    }

    /// Deletes everything about all machines.
    pub(super) fn forget_all(&self) -> Result<()> {
        if !self.is_made() {
            return Ok(());
        }
        let mut statements = Statements::default();
        for query in ["DELETE FROM machines", "DELETE FROM parts", "DELETE FROM calls"] {
            statements.add(query, &NONE)?;
        }
        self.run(statements)
    }

    /// The machines that an earlier instance had under way, and those that waited for a connection, in the order in which they began.
    pub(super) fn busy(&self) -> Result<Vec<Owed>> {
        self.rows("SELECT place, work FROM machines WHERE work IN (1, 2) ORDER BY work, began_at", &NONE)
    }

    /// So many machines whose time has come: those that need a connection for it, or the others.
    pub(super) fn due(&self, now: Millis, need_connection: bool, limit: usize) -> Result<Vec<Owed>> {
        let query = if need_connection {
            "SELECT place, work FROM machines WHERE wake_at <= ? AND work = 3 ORDER BY wake_at LIMIT ?"
        } else {
            "SELECT place, work FROM machines WHERE wake_at <= ? AND work <> 3 ORDER BY wake_at LIMIT ?"
        };
        self.rows(query, &(now, limit))
    }

    /// The machine that is due longest.
    pub(super) fn longest_due(&self, now: Millis) -> Result<Vec<Owed>> {
        self.rows("SELECT place, work FROM machines WHERE wake_at <= ? ORDER BY wake_at LIMIT 1", &[now])
    }

    /// When the next machine must be woken.
    pub(super) fn next_wake(&self) -> Result<Option<Millis>> {
        #[derive(Deserialize)]
        struct Next {
            next: Option<Millis>,
        }
        if !self.is_made() {
            return Ok(None);
        }
        let next: Vec<Next> = self.rows("SELECT MIN(wake_at) AS next FROM machines WHERE wake_at IS NOT NULL", &NONE)?;
        Ok(next.into_iter().next().and_then(|next| next.next))
    }

    /// Puts off a machine that cannot be advanced, ever longer. Answers how often in a row that was.
    pub(super) fn put_off(&self, place: Place) -> Result<u32> {
        #[derive(Deserialize)]
        struct Faults {
            faults: u32,
        }
        let name = place.to_string();
        let faults: Vec<Faults> = self.rows("SELECT faults FROM machines WHERE place = ?", &[&name])?;
        let faults = faults.first().map_or(0, |found| found.faults);
        let pause = AGAIN.saturating_mul(1 << faults.min(20)).min(AGAIN_AT_MOST);
        let later = (faults.saturating_add(1), platform::now().saturating_add(pause), name);
        self.write("UPDATE machines SET faults = ?, wake_at = ? WHERE place = ?", &later)?;
        Ok(faults.saturating_add(1))
    }

    /// Notes that the alarm rings. Answers whether the last one did not end.
    pub(super) fn ring_begins(&self) -> Result<bool> {
        #[derive(Deserialize)]
        struct Ringing {
            ringing: u8,
        }
        let before: Vec<Ringing> = self.rows("SELECT ringing FROM register", &NONE)?;
        self.write("UPDATE register SET ringing = 1", &NONE)?;
        Ok(before.first().is_some_and(|before| before.ringing > 0))
    }

    /// Notes that the alarm has rung.
    pub(super) fn ring_ends(&self) -> Result<()> {
        self.write("UPDATE register SET ringing = 0", &NONE)
    }

    /// Sets the alarm.
    pub(super) fn arm(&self, at: Millis) -> Result<()> {
        #[cfg(feature = "failpoints")]
        crate::failpoints::armed();
        arm(&self.storage, platform::number(at)).map_err(Into::into)
    }

    /// For tests of failures.
    #[cfg(feature = "failpoints")]
    pub(super) const fn storage(&self) -> &DurableObjectStorage {
        &self.storage
    }

    fn rows<T: DeserializeOwned>(&self, query: &str, values: &impl Serialize) -> Result<Vec<T>> {
        Ok(serde_json::from_str(&query_rows(&self.storage, query, values)?)?)
    }

    fn write(&self, query: &'static str, values: &impl Serialize) -> Result<()> {
        let mut statements = Statements::default();
        statements.add(query, values)?;
        self.run(statements)
    }

    fn run(&self, statements: Statements) -> Result<()> {
        let (list, apart) = statements.into_parts();
        let mut after = AFTER;
        transaction(&self.storage, &list, &apart, &mut after).map_or(Ok(()), |fault| Err(fault.into()))
    }
}

/// The rows of a query, as a JSON list.
pub(crate) fn query_rows(storage: &DurableObjectStorage, query: &str, values: &impl Serialize) -> Result<String> {
    rows(storage, query, &serde_json::to_string(values)?).map_err(Into::into)
}
