//! What a check's object keeps in its SQLite: the sealed state, the sealed request, and the ledger of its calls.
//!
//! State, request, ledger row and alarm of one transition are written in one turn, which the platform commits as one transaction. The state
//! carries a version; a save that does not follow the stored one is refused. State and request are cut into parts, for a row holds 2 MB and a
//! CKYC record 8 MiB; a part knows its place among the others, so none can be missing or exchanged. The request is written once and goes when
//! nothing has to be sent any more. The ledger holds no personal data: which call, when, and what kind of reply.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use toran_core::check::Check;
use toran_core::seal::Ring;
use toran_core::time::Millis;
use toran_core::vendors::{Call, CallKind, Reading};
use worker::{Result, ScheduledTime, State, Storage};

use crate::{platform, storage};

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS version (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS parts (name TEXT NOT NULL, part INTEGER NOT NULL, sealed TEXT NOT NULL, PRIMARY KEY (name, part));
    CREATE TABLE IF NOT EXISTS calls (
        wire_reference TEXT NOT NULL, kind TEXT NOT NULL, version INTEGER NOT NULL, sent_at INTEGER NOT NULL, replied_at INTEGER, reply TEXT
    );";

/// What is kept in parts.
const STATE: &str = "state";
const REQUEST: &str = "request";
/// How much of it one part holds before it is sealed, in bytes; sealed it is a third longer.
const PART: usize = 1024 * 1024;

/// The tables of one object.
pub(crate) struct Ledger {
    storage: Storage,
    id: String,
}

#[derive(Deserialize)]
struct Part {
    sealed: String,
}

#[derive(Deserialize)]
struct Version {
    version: i64,
}

impl Ledger {
    pub(crate) fn new(state: &State, id: &str) -> Self {
        Self { storage: state.storage(), id: id.to_owned() }
    }

    /// Makes the tables.
    pub(crate) fn create(&self) -> Result<()> {
        self.storage.sql().exec(SCHEMA, None).map(drop)
    }

    /// The saved check, and its request while that is kept. One that cannot be opened is an error, never an absence: absence would mean a
    /// second rupee.
    pub(crate) fn load(&self, ring: &Ring) -> Result<Option<(Check, Option<Value>)>> {
        self.create()?;
        let Some(check) = self.read::<Check>(ring, STATE)? else { return Ok(None) };
        let request = self.read(ring, REQUEST)?;
        if check.needs_request() && request.is_none() {
            return Err("a stored check has lost its request".into());
        }
        Ok(Some((check, request)))
    }

    /// Saves a transition: the state, the request where it is new, the row of the call that follows, and the alarm.
    pub(crate) async fn save(&self, ring: &Ring, check: &Check, request: Option<&Value>, call: Option<&Call>) -> Result<()> {
        let version = i64::try_from(check.version).unwrap_or(i64::MAX);
        let sql = self.storage.sql();
        let saved = sql.exec(
            "INSERT INTO version (id, version) VALUES (1, ?1)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version WHERE version = excluded.version - 1 RETURNING version",
            vec![version.into()],
        )?;
        if saved.to_array::<Version>()?.iter().all(|saved| saved.version != version) {
            return Err("the stored check is not the one that was advanced".into());
        }
        self.write(ring, STATE, check)?;
        match request {
            Some(request) => self.write(ring, REQUEST, request)?,
            None if !check.needs_request() => self.remove(REQUEST)?,
            None => {}
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

    fn read<T: DeserializeOwned>(&self, ring: &Ring, name: &str) -> Result<Option<T>> {
        let rows = self.storage.sql().exec("SELECT sealed FROM parts WHERE name = ? ORDER BY part", vec![name.into()])?;
        let parts: Vec<Part> = rows.to_array()?;
        if parts.is_empty() {
            return Ok(None);
        }
        let mut plain = Vec::new();
        for (part, Part { sealed }) in parts.iter().enumerate() {
            let opened = ring.open(&self.place(name, part, parts.len()), sealed);
            plain.extend_from_slice(opened.ok_or("a stored check cannot be opened")?.expose());
        }
        Ok(Some(serde_json::from_slice(&plain)?))
    }

    fn write<T: serde::Serialize>(&self, ring: &Ring, name: &str, value: &T) -> Result<()> {
        let plain = serde_json::to_vec(value)?;
        let parts = plain.chunks(PART);
        let count = parts.len();
        self.remove(name)?;
        for (part, bytes) in parts.enumerate() {
            let sealed = storage::seal_bytes(ring, &self.place(name, part, count), bytes)?;
            let number = i64::try_from(part).unwrap_or(i64::MAX);
            let row = vec![name.into(), number.into(), sealed.into()];
            self.storage.sql().exec("INSERT INTO parts (name, part, sealed) VALUES (?, ?, ?)", row)?;
        }
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<()> {
        self.storage.sql().exec("DELETE FROM parts WHERE name = ?", vec![name.into()]).map(drop)
    }

    /// What a part is sealed for: this object, and its place among the others.
    fn place(&self, name: &str, part: usize, count: usize) -> String {
        format!("check/{}/{name}/{part}/{count}", self.id)
    }

    /// Sets the alarm. Up to its first await this runs in the turn of its caller, so it belongs to the caller's transaction.
    pub(crate) async fn arm(&self, at: Millis) -> Result<()> {
        let date = js_sys::Date::new(&platform::number(at).into());
        self.storage.set_alarm(ScheduledTime::new(date)).await
    }

    /// Notes what kind of reply a call got.
    pub(crate) fn replied(&self, call: &Call, reading: &Reading) -> Result<()> {
        let sql = self.storage.sql();
        sql.exec(
            "UPDATE calls SET replied_at = ?, reply = ? WHERE wire_reference = ? AND kind = ? AND replied_at IS NULL",
            vec![platform::now().into(), reading.kind().into(), call.wire_reference.as_str().into(), kind(call.kind).into()],
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
