//! What is stored of a tenant's endpoints (docs/STORAGE.md).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use toran_core::endpoint::{ATTEMPTS_KEPT, Attempt, Config, KEY_KEPT, MOST_ATTEMPTS, Progress, Waiting};
use toran_core::journal::{Cursor, Notice};
use toran_core::seal::Ring;
use toran_core::time::Millis;
use worker::Result;
use worker::worker_sys::DurableObjectState;

use super::Kept;
use crate::register::database::{Database, NONE};
use crate::register::statements::Statements;
use crate::{platform, storage};

const SCHEMA: &[&str] = &[
    "CREATE TABLE tenant (name TEXT NOT NULL)",
    "CREATE TABLE endpoints (id TEXT PRIMARY KEY, config TEXT NOT NULL, progress TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE attempts (
        endpoint TEXT NOT NULL, number INTEGER NOT NULL, event TEXT NOT NULL, day INTEGER NOT NULL, sequence INTEGER NOT NULL, at INTEGER NOT NULL,
        attempt TEXT NOT NULL, PRIMARY KEY (endpoint, number)
    ) WITHOUT ROWID",
    "CREATE TABLE keys (key TEXT PRIMARY KEY, meaning TEXT NOT NULL, told TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE notices (number INTEGER PRIMARY KEY AUTOINCREMENT, notice TEXT NOT NULL)",
];

/// A response that was told under an idempotency key.
pub(super) struct Remembered {
    pub(super) meaning: String,
    pub(super) status: u16,
    pub(super) body: Value,
}

/// The tables of one tenant's endpoints.
pub(super) struct Store {
    pub(super) database: Database,
}

/// What the configuration of an endpoint is sealed for.
fn place(id: &str) -> String {
    format!("endpoint/{id}")
}

fn opened(ring: &Ring, id: &str, config: &str, progress: &str) -> Option<Kept> {
    let config: Config = storage::open(ring, &place(id), config)?;
    let progress: Progress = serde_json::from_str(progress).ok()?;
    progress.is_readable().then_some(Kept { config, progress })
}

impl Store {
    pub(super) fn of(context: &DurableObjectState) -> Self {
        Self { database: Database::of(context) }
    }

    /// The tenant and its endpoints; `None` where nothing was ever made here.
    pub(super) fn load(&self, ring: &Ring) -> Result<Option<(String, BTreeMap<String, Kept>)>> {
        #[derive(Deserialize)]
        struct Named {
            name: String,
        }
        #[derive(Deserialize)]
        struct Found {
            id: String,
            config: String,
            progress: String,
        }
        let there: Vec<Named> = self.database.rows("SELECT name FROM sqlite_master WHERE name = 'tenant'", &NONE)?;
        if there.is_empty() {
            return Ok(None);
        }
        let tenant: Vec<Named> = self.database.rows("SELECT name FROM tenant", &NONE)?;
        let tenant = tenant.into_iter().next().ok_or("the endpoints are nobody's")?.name;
        let found: Vec<Found> = self.database.rows("SELECT id, config, progress FROM endpoints", &NONE)?;
        let mut kept = BTreeMap::new();
        for Found { id, config, progress } in found {
            match opened(ring, &id, &config, &progress) {
                Some(endpoint) => drop(kept.insert(id, endpoint)),
                // Its row stays, and another instance tries again; the others go on.
                None => {
                    platform::log(
                        &serde_json::json!({ "level": "alert", "event": "state_unreadable", "kind": "endpoint", "endpoint": id }),
                    );
                }
            }
        }
        Ok(Some((tenant, kept)))
    }

    /// The statements that make the tables.
    pub(super) fn make(tenant: &str) -> Result<Statements> {
        let mut statements = Statements::default();
        for query in SCHEMA {
            statements.add(query, &NONE)?;
        }
        statements.add("INSERT INTO tenant VALUES (?)", &[tenant])?;
        Ok(statements)
    }

    /// Writes an endpoint whole.
    pub(super) fn write(statements: &mut Statements, ring: &Ring, id: &str, kept: &Kept) -> Result<()> {
        let sealed = storage::seal(ring, &place(id), &kept.config)?;
        let query = "INSERT INTO endpoints VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE SET config = ?2, progress = ?3";
        statements.add(query, &(id, sealed, serde_json::to_string(&kept.progress)?))
    }

    /// Writes how far an endpoint has come.
    pub(super) fn write_progress(statements: &mut Statements, id: &str, progress: &Progress) -> Result<()> {
        statements.add("UPDATE endpoints SET progress = ? WHERE id = ?", &(serde_json::to_string(progress)?, id))
    }

    pub(super) fn delete(statements: &mut Statements, id: &str) -> Result<()> {
        statements.add("DELETE FROM endpoints WHERE id = ?", &[id])?;
        statements.add("DELETE FROM attempts WHERE endpoint = ?", &[id])
    }

    pub(super) fn write_attempt(statements: &mut Statements, id: &str, at: Cursor, attempt: &Attempt) -> Result<()> {
        let query =
            "INSERT INTO attempts SELECT ?1, IFNULL((SELECT MAX(number) FROM attempts WHERE endpoint = ?1), 0) + 1, ?2, ?3, ?4, ?5, ?6";
        statements.add(query, &(id, &attempt.event, at.day, at.sequence, attempt.at, serde_json::to_string(attempt)?))
    }

    /// Attempts of an endpoint, latest first, each with its number.
    pub(super) fn attempts(&self, id: &str, before: Option<u64>, limit: usize) -> Result<Vec<(u64, Attempt)>> {
        #[derive(Deserialize)]
        struct Found {
            number: u64,
            attempt: String,
        }
        let query =
            "SELECT number, attempt FROM attempts WHERE endpoint = ?1 AND (?2 IS NULL OR number < ?2) ORDER BY number DESC LIMIT ?3";
        let found: Vec<Found> = self.database.rows(query, &(id, before, limit))?;
        found.into_iter().map(|Found { number, attempt }| Ok((number, serde_json::from_str(&attempt)?))).collect()
    }

    /// Where an event stands in the journals, as far as an attempt says.
    pub(super) fn place_of(&self, event: &str) -> Result<Option<Cursor>> {
        let query = "SELECT day, sequence FROM attempts WHERE event = ? AND sequence > 0 LIMIT 1";
        let found: Vec<Cursor> = self.database.rows(query, &[event])?;
        Ok(found.into_iter().next())
    }

    /// What was told under an idempotency key.
    pub(super) fn remembered(&self, ring: &Ring, key: &str, now: Millis) -> Result<Option<Remembered>> {
        #[derive(Deserialize)]
        struct Found {
            meaning: String,
            told: String,
        }
        let found: Vec<Found> =
            self.database.rows("SELECT meaning, told FROM keys WHERE key = ? AND at > ?", &(key, now.saturating_sub(KEY_KEPT)))?;
        let Some(Found { meaning, told }) = found.into_iter().next() else { return Ok(None) };
        let (status, body) = storage::open(ring, &format!("endpoint_key/{key}"), &told).ok_or("what was told cannot be opened")?;
        Ok(Some(Remembered { meaning, status, body }))
    }

    pub(super) fn remember(statements: &mut Statements, ring: &Ring, key: &str, told: &Remembered, now: Millis) -> Result<()> {
        let sealed = storage::seal(ring, &format!("endpoint_key/{key}"), &(told.status, &told.body))?;
        statements.add("INSERT OR REPLACE INTO keys VALUES (?, ?, ?, ?)", &(key, &told.meaning, sealed, now))
    }

    pub(super) fn write_notice(statements: &mut Statements, notice: &Notice) -> Result<()> {
        statements.add("INSERT INTO notices (notice) VALUES (?)", &[serde_json::to_string(notice)?])
    }

    /// The notices that no journal has yet, each with its number.
    pub(super) fn notices(&self) -> Result<Vec<(u64, Notice)>> {
        #[derive(Deserialize)]
        struct Found {
            number: u64,
            notice: String,
        }
        let found: Vec<Found> = self.database.rows("SELECT number, notice FROM notices ORDER BY number LIMIT 100", &NONE)?;
        found.into_iter().map(|Found { number, notice }| Ok((number, serde_json::from_str(&notice)?))).collect()
    }

    /// Deletes what is kept for long enough.
    pub(super) fn prune<'a>(&self, ids: impl Iterator<Item = &'a String>, now: Millis) -> Result<()> {
        let mut statements = Statements::default();
        statements.add("DELETE FROM keys WHERE at <= ?", &[now.saturating_sub(KEY_KEPT)])?;
        statements.add("DELETE FROM attempts WHERE at <= ?", &[now.saturating_sub(ATTEMPTS_KEPT)])?;
        for id in ids {
            let query =
                "DELETE FROM attempts WHERE endpoint = ?1 AND number <= (SELECT MAX(number) FROM attempts WHERE endpoint = ?1) - ?2";
            statements.add(query, &(id, MOST_ATTEMPTS))?;
        }
        self.database.run(statements)
    }
}

/// An attempt of a delivery that was in the queue.
pub(super) fn attempt_number(waiting: &Waiting) -> u8 {
    waiting.attempts.saturating_add(1)
}
