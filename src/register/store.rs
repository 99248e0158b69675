//! What a register keeps in its SQLite (docs/STORAGE.md): a row per machine, parts of what is large, the ledger of calls, and what the register was made for.
//!
//! All writes of one transition are one transaction: a turn that ends by an exception would otherwise keep what it had written before. A state carries a version; a save
//! that does not follow the stored one is refused. A state that cannot be opened is an error, never an absence: absence would mean a second rupee. Statements are synchronous, so nothing interleaves between reading a machine and saving it.

use std::cell::Cell;
use std::marker::PhantomData;
use std::rc::Rc;

use serde::Deserialize;
use toran_core::check::timeline::Called;
use toran_core::machine::{Machine, Work};
use toran_core::place::Place;
use toran_core::seal::Ring;
use toran_core::time::{HOUR, Millis, SECOND};
use worker::Result;
use worker::worker_sys::DurableObjectState;

use super::database::{Database, NONE};
use super::outbox::Outgoing;
use super::row::{Entry, Found, Part, Row};
use super::statements::Statements;
use crate::platform;

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
    OUTBOX,
];

/// What the tables of earlier releases lack. Those releases go on with them, should they be deployed again, so the layout has the same number.
const ACCOUNT: &str = "ALTER TABLE calls ADD COLUMN account TEXT";
const OUTBOX: &str = "CREATE TABLE outbox (number INTEGER PRIMARY KEY, tenant TEXT NOT NULL, due_at INTEGER NOT NULL, entry TEXT NOT NULL)";

const LOAD: &str = "SELECT nonce, state, state_parts, request_parts FROM machines WHERE place = ?";
/// How soon a machine that cannot be advanced is tried again, at first and at most; the pause doubles each time.
const AGAIN: Millis = 5 * SECOND;
const AGAIN_AT_MOST: Millis = 6 * HOUR;
/// So many calls of a machine are listed.
const MOST_CALLS: u32 = 200;

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

/// How much of the tables is there: an earlier release made them without what was added since.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Tables {
    are_there: bool,
    has_account: bool,
    has_outbox: bool,
}

impl Tables {
    const WHOLE: Self = Self { are_there: true, has_account: true, has_outbox: true };
}

/// The tables of one register.
pub(super) struct Store<M> {
    pub(super) database: Database,
    tables: Cell<Tables>,
    machine: PhantomData<M>,
}

impl<M: Machine> Store<M> {
    /// The tables of an object.
    pub(super) fn of(context: &DurableObjectState) -> Self {
        Self { database: Database::of(context), tables: Cell::default(), machine: PhantomData }
    }

    /// What the register was made for; `None` for one that was never written to. Writes nothing.
    pub(super) fn made(&self) -> Result<Option<Made>> {
        #[derive(Deserialize)]
        struct There {
            has_account: Option<u8>,
            has_outbox: u8,
        }
        const THERE: &str = "SELECT (SELECT sql LIKE '%account%' FROM sqlite_master WHERE name = 'calls') AS has_account,
            EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'outbox') AS has_outbox";
        let there: Vec<There> = self.database.rows(THERE, &NONE)?;
        let Some(There { has_account: Some(has_account), has_outbox }) = there.into_iter().next() else { return Ok(None) };
        self.tables.set(Tables { are_there: true, has_account: has_account > 0, has_outbox: has_outbox > 0 });
        let made: Vec<Made> = self.database.rows("SELECT format, registers, index_key FROM register", &NONE)?;
        Ok(made.into_iter().next())
    }

    /// Whether the tables are there.
    pub(super) fn is_made(&self) -> bool {
        self.tables.get().are_there
    }

    /// Whether there is an outbox.
    pub(super) fn has_outbox(&self) -> bool {
        self.tables.get().has_outbox
    }

    /// Whether this release knows the layout.
    pub(super) const fn knows(format: u8) -> bool {
        format == FORMAT
    }

    /// Makes what is missing of the tables, in a transaction of its own.
    pub(super) fn make(&self, registers: u32, index_key: &str) -> Result<()> {
        let mut statements = Statements::default();
        match self.tables.get() {
            Tables::WHOLE => return Ok(()),
            Tables { are_there: false, .. } => {
                for query in SCHEMA {
                    statements.add(query, &NONE)?;
                }
                statements.add("INSERT INTO register VALUES (1, ?, ?, ?, ?, 0)", &(FORMAT, registers, index_key, platform::now()))?;
            }
            Tables { has_account, has_outbox, .. } => {
                for (_, query) in [(has_account, ACCOUNT), (has_outbox, OUTBOX)].iter().filter(|(is_there, _)| !is_there) {
                    statements.add(query, &NONE)?;
                }
            }
        }
        self.database.run(statements)?;
        self.tables.set(Tables::WHOLE);
        Ok(())
    }

    /// The machine at a place. One that cannot be opened is an error.
    pub(super) fn load(&self, ring: &Ring, place: Place) -> Result<Option<Row<M>>> {
        if !self.is_made() {
            return Ok(None);
        }
        let found: Vec<Found> = self.database.rows(LOAD, &[place.to_string()])?;
        found.into_iter().next().map(|found| Row::open(ring, place, found, &|name, part| self.part(place, name, part))).transpose()
    }

    /// The request of a machine, as JSON text.
    pub(super) fn request(&self, ring: &Ring, row: &Row<M>) -> Result<Option<Rc<String>>> {
        row.request(ring, &|name, part| self.part(row.identity.place, name, part))
    }

    fn part(&self, place: Place, name: &str, part: usize) -> Result<Option<Part>> {
        let parts: Vec<Part> =
            self.database.rows("SELECT sealed FROM parts WHERE place = ? AND name = ? AND part = ?", &(place.to_string(), name, part))?;
        Ok(parts.into_iter().next())
    }

    /// Saves a transition: the state, the request, and what it sent or heard. Answers the row as it is stored now.
    pub(super) fn save(&self, ring: &Ring, row: Row<M>, entries: &[Entry], outgoing: Option<&Outgoing>) -> Result<Row<M>> {
        #[cfg(feature = "failpoints")]
        crate::failpoints::save(self.database.storage(), row.identity.place, row.machine.version())?;
        let (mut statements, stored) = row.statements(ring, entries)?;
        if let Some(outgoing) = outgoing {
            outgoing.write(&mut statements)?;
        }
        #[cfg(feature = "failpoints")]
        if crate::failpoints::twice(self.database.storage(), row.identity.place, row.machine.version())? {
            self.database.run(row.statements(ring, entries)?.0)?;
        }
        self.database.run(statements)?;
        if let Some(outgoing) = outgoing {
            outgoing.log();
        }
        Ok(row.stored_as(stored))
    }

    /// The calls of a machine as the ledger has them, in order; of more than a timeline takes, the latest.
    pub(super) fn calls(&self, place: Place) -> Result<Vec<Called>> {
        if !self.is_made() {
            return Ok(Vec::new());
        }
        // The tables of an earlier release have no account yet, and are completed by the next save.
        let account = if self.tables.get().has_account { "account" } else { "NULL AS account" };
        let query = format!(
            "SELECT kind, attempt, sent_at, replied_at, reply, {account} FROM calls WHERE place = ? ORDER BY version DESC LIMIT {MOST_CALLS}"
        );
        self.database.rows(&query, &[place.to_string()])
    }

    /// The places of so many machines after one, in order.
    pub(super) fn places(&self, after: &str, limit: usize) -> Result<Vec<String>> {
        #[derive(Deserialize)]
        struct Found {
            place: String,
        }
        if !self.is_made() {
            return Ok(Vec::new());
        }
        let query = "SELECT place FROM machines WHERE place > ? ORDER BY place LIMIT ?";
        let found: Vec<Found> = self.database.rows(query, &(after, limit))?;
        Ok(found.into_iter().map(|found| found.place).collect())
    }

    /// Notes a reply that led to nothing.
    pub(super) fn note(&self, place: Place, entry: &Entry) -> Result<()> {
        let mut statements = Statements::default();
        entry.write(&mut statements, place, 0)?;
        self.database.run(statements)
    }

    /// Deletes everything about a machine.
    pub(super) fn forget(&self, place: Place) -> Result<()> {
        let all = ["DELETE FROM machines WHERE place = ?", "DELETE FROM parts WHERE place = ?", "DELETE FROM calls WHERE place = ?"];
        let mut statements = Statements::default();
        for query in all {
            statements.add(query, &[place.to_string()])?;
        }
        self.database.run(statements)
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
        self.database.run(statements)
    }

    /// The machines that an earlier instance had under way, and those that waited for a connection, in the order in which they began.
    pub(super) fn busy(&self) -> Result<Vec<Owed>> {
        self.database.rows("SELECT place, work FROM machines WHERE work IN (1, 2) ORDER BY work, began_at", &NONE)
    }

    /// So many machines whose time has come: those that need a connection for it, or the others.
    pub(super) fn due(&self, now: Millis, need_connection: bool, limit: usize) -> Result<Vec<Owed>> {
        let query = if need_connection {
            "SELECT place, work FROM machines WHERE wake_at <= ? AND work = 3 ORDER BY wake_at LIMIT ?"
        } else {
            "SELECT place, work FROM machines WHERE wake_at <= ? AND work <> 3 ORDER BY wake_at LIMIT ?"
        };
        self.database.rows(query, &(now, limit))
    }

    /// The machine that is due longest.
    pub(super) fn longest_due(&self, now: Millis) -> Result<Vec<Owed>> {
        self.database.rows("SELECT place, work FROM machines WHERE wake_at <= ? ORDER BY wake_at LIMIT 1", &[now])
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
        let next: Vec<Next> = self.database.rows("SELECT MIN(wake_at) AS next FROM machines WHERE wake_at IS NOT NULL", &NONE)?;
        Ok(next.into_iter().next().and_then(|next| next.next))
    }

    /// Puts off a machine that cannot be advanced, ever longer. Answers how often in a row that was.
    pub(super) fn put_off(&self, place: Place) -> Result<u32> {
        #[derive(Deserialize)]
        struct Faults {
            faults: u32,
        }
        let name = place.to_string();
        let faults: Vec<Faults> = self.database.rows("SELECT faults FROM machines WHERE place = ?", &[&name])?;
        let faults = faults.first().map_or(0, |found| found.faults);
        let pause = AGAIN.saturating_mul(1 << faults.min(20)).min(AGAIN_AT_MOST);
        let later = (faults.saturating_add(1), platform::now().saturating_add(pause), name);
        self.database.write("UPDATE machines SET faults = ?, wake_at = ? WHERE place = ?", &later)?;
        Ok(faults.saturating_add(1))
    }

    /// Notes that the alarm rings. Answers whether the last one did not end.
    pub(super) fn ring_begins(&self) -> Result<bool> {
        #[derive(Deserialize)]
        struct Ringing {
            ringing: u8,
        }
        let before: Vec<Ringing> = self.database.rows("SELECT ringing FROM register", &NONE)?;
        self.database.write("UPDATE register SET ringing = 1", &NONE)?;
        Ok(before.first().is_some_and(|before| before.ringing > 0))
    }

    /// Notes that the alarm has rung.
    pub(super) fn ring_ends(&self) -> Result<()> {
        self.database.write("UPDATE register SET ringing = 0", &NONE)
    }

    /// Sets the alarm.
    pub(super) fn arm(&self, at: Millis) -> Result<()> {
        #[cfg(feature = "failpoints")]
        crate::failpoints::armed();
        self.database.arm(at)
    }

    /// For tests of failures.
    #[cfg(feature = "failpoints")]
    pub(super) const fn storage(&self) -> &worker::worker_sys::DurableObjectStorage {
        self.database.storage()
    }
}
