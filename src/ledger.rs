//! What a check's object keeps in its SQLite: the sealed state, and the ledger of its calls.
//!
//! State, ledger row and alarm of one transition are written in one turn, which the platform commits as one transaction. The state carries a
//! version; a save that does not follow the stored one is refused. The ledger holds no personal data: which call, when, and what kind of reply.

use serde::Deserialize;
use toran_core::check::Check;
use toran_core::seal::Ring;
use toran_core::time::Millis;
use toran_core::vendors::{Call, CallKind, Reading};
use worker::{Result, ScheduledTime, State, Storage};

use crate::{platform, storage};

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS state (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL, sealed TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS calls (
        wire_reference TEXT NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL, sent_at INTEGER NOT NULL, replied_at INTEGER, reply TEXT
    );";

/// The tables of one object.
pub(crate) struct Ledger {
    storage: Storage,
    place: String,
}

#[derive(Deserialize)]
struct Stored {
    sealed: String,
}

impl Ledger {
    pub(crate) fn new(state: &State, id: &str) -> Self {
        Self { storage: state.storage(), place: format!("check/{id}") }
    }

    /// The saved check. One that cannot be opened is an error, never an absence: absence would mean a second rupee.
    pub(crate) fn load(&self, ring: &Ring) -> Result<Option<Check>> {
        let sql = self.storage.sql();
        sql.exec(SCHEMA, None)?;
        let stored: Vec<Stored> = sql.exec("SELECT sealed FROM state", None)?.to_array()?;
        match stored.first() {
            None => Ok(None),
            Some(Stored { sealed }) => {
                storage::open(ring, &self.place, sealed).map(Some).ok_or_else(|| "a stored check cannot be opened".into())
            }
        }
    }

    /// Saves a transition: the state, the row of the call that follows, and the alarm.
    pub(crate) async fn save(&self, ring: &Ring, check: &Check, call: Option<&Call>) -> Result<()> {
        let sealed = storage::seal(ring, &self.place, check)?;
        let version = i64::try_from(check.version).unwrap_or(i64::MAX);
        let sql = self.storage.sql();
        sql.exec(SCHEMA, None)?;
        let saved = sql.exec(
            "INSERT INTO state (id, version, sealed) VALUES (1, ?1, ?2)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, sealed = excluded.sealed WHERE version = excluded.version - 1
             RETURNING sealed",
            vec![version.into(), sealed.into()],
        )?;
        if saved.to_array::<Stored>()?.is_empty() {
            return Err("the stored check is not the one that was advanced".into());
        }
        if let Some(call) = call {
            sql.exec(
                "INSERT INTO calls (wire_reference, kind, version, sent_at) VALUES (?, ?, ?, ?)",
                vec![call.wire_reference.as_str().into(), kind(call.kind).into(), version.into(), platform::now().into()],
            )?;
        }
        match check.wake_at() {
            Some(at) => self.arm(at).await,
            None => self.storage.delete_alarm().await,
        }
    }

    /// Sets the alarm. Up to its first await this runs in the turn of its caller, so it belongs to the caller's transaction.
    pub(crate) async fn arm(&self, at: Millis) -> Result<()> {
        let date = js_sys::Date::new(&platform::number(at).into());
        self.storage.set_alarm(ScheduledTime::new(date)).await
    }

    /// Notes what kind of reply a call got.
    pub(crate) fn replied(&self, call: &Call, reading: &Reading) -> Result<()> {
        let reply = match reading {
            Reading::Final(_) => "final",
            Reading::Working(_) => "working",
            Reading::Unknown { .. } => "unknown",
            Reading::Trouble { .. } => "trouble",
            Reading::Ended { .. } => "ended",
        };
        let sql = self.storage.sql();
        sql.exec(
            "UPDATE calls SET replied_at = ?, reply = ? WHERE wire_reference = ? AND kind = ? AND replied_at IS NULL",
            vec![platform::now().into(), reply.into(), call.wire_reference.as_str().into(), kind(call.kind).into()],
        )?;
        Ok(())
    }
}

const fn kind(kind: CallKind) -> &'static str {
    match kind {
        CallKind::Post => "post",
        CallKind::Status => "status",
    }
}
