//! What a check's object keeps in its SQLite: the sealed state, the sealed request, and the ledger of its calls.
//!
//! State, request, ledger row and alarm of one transition are one transaction: a turn that ends by an exception would otherwise keep what it had
//! written before. The state carries a version; a save that does not follow the stored one is refused. State and request are cut into parts, for a row holds 2 MB and a
//! CKYC record 8 MiB; a part knows its place among the others, so none can be missing or exchanged. The request is written once and goes when
//! nothing has to be sent any more. The ledger holds no personal data: which call, when, and what kind of reply.

use js_sys::{Date, Object, Promise};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use toran_core::check::Check;
use toran_core::seal::Ring;
use toran_core::time::Millis;
use toran_core::vendors::{Call, CallKind, Reading};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use worker::worker_sys::DurableObjectStorage;
use worker::{Result, State, Storage};

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

#[wasm_bindgen(module = "/src/transaction.js")]
extern "C" {
    /// Runs the work in a transaction, which is undone if the work tells a fault or traps. Answers the fault, the work's or the platform's.
    fn transaction(storage: &DurableObjectStorage, work: &mut dyn FnMut() -> Option<String>) -> Option<String>;
}

/// The tables of one object.
pub(crate) struct Ledger {
    storage: Storage,
    /// The same storage, as the platform has it.
    raw: DurableObjectStorage,
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
    /// The tables of an object, and its state again: worker's own hides the storage of the platform.
    pub(crate) fn of(state: State) -> (Self, State) {
        let id = state.id().to_string();
        let raw = state._inner();
        let storage = raw.storage().unwrap_or_else(|_| JsValue::UNDEFINED.unchecked_into());
        let state = State::from(raw);
        (Self { storage: state.storage(), raw: storage, id }, state)
    }

    /// Makes the tables.
    pub(crate) fn create(&self) -> Result<()> {
        self.storage.sql().exec(SCHEMA, None).map(drop)
    }

    /// The saved check, and its request while that is kept. One that cannot be opened is an error, never an absence: absence would mean a
    /// second rupee.
    pub(crate) fn load(&self, ring: &Ring) -> Result<Option<(Check, Option<Value>)>> {
        self.create()?;
        let Some(check) = self.read::<Check>(ring, STATE)? else {
            let known: Vec<Version> = self.storage.sql().exec("SELECT version FROM version", None)?.to_array()?;
            return if known.is_empty() { Ok(None) } else { Err("a stored check has lost its state".into()) };
        };
        let request = self.read(ring, REQUEST)?;
        if check.needs_request() && request.is_none() {
            return Err("a stored check has lost its request".into());
        }
        Ok(Some((check, request)))
    }

    /// Saves a transition: the state, the request where it is new, the row of the call that follows, and the alarm.
    pub(crate) async fn save(&self, ring: &Ring, check: &Check, request: Option<&Value>, call: Option<&Call>) -> Result<()> {
        #[cfg(feature = "failpoints")]
        crate::failpoints::save(&self.storage.sql(), check.version)?;
        // Sealed before the first statement: it takes memory, and time.
        let state = self.sealed(ring, STATE, check)?;
        let request = request.map(|request| self.sealed(ring, REQUEST, request)).transpose()?;
        let mut alarm = Err(worker::Error::from("no transaction"));
        let mut work = || {
            self.advance(check)?;
            self.replace(STATE, &state)?;
            match &request {
                Some(request) => self.replace(REQUEST, request)?,
                None if !check.needs_request() => self.remove(REQUEST)?,
                None => {}
            }
            if let Some(call) = call {
                self.sent(call, check.version)?;
            }
            alarm = self.alarm(check.wake_at());
            statement();
            Ok::<(), worker::Error>(())
        };
        if let Some(fault) = transaction(&self.raw, &mut || work().err().map(|error| error.to_string())) {
            return Err(fault.into());
        }
        JsFuture::from(alarm?).await?;
        Ok(())
    }

    /// Counts the version up; refuses a state that does not follow the stored one.
    fn advance(&self, check: &Check) -> Result<()> {
        let version = number(check.version);
        let saved = self.storage.sql().exec(
            "INSERT INTO version (id, version) VALUES (1, ?1)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version WHERE version = excluded.version - 1 RETURNING version",
            vec![version.into()],
        )?;
        // Read at once: a cursor that is left open would hold up the transaction.
        let follows = saved.to_array::<Version>()?.iter().any(|saved| saved.version == version);
        statement();
        if follows { Ok(()) } else { Err("the stored check is not the one that was advanced".into()) }
    }

    fn sent(&self, call: &Call, version: u64) -> Result<()> {
        let row = vec![call.wire_reference.as_str().into(), kind(call.kind).into(), number(version).into(), platform::now().into()];
        self.storage.sql().exec("INSERT INTO calls (wire_reference, kind, version, sent_at) VALUES (?, ?, ?, ?)", row)?;
        statement();
        Ok(())
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

    /// A value's parts, sealed.
    fn sealed<T: serde::Serialize>(&self, ring: &Ring, name: &str, value: &T) -> Result<Vec<String>> {
        let plain = serde_json::to_vec(value)?;
        let parts = plain.chunks(PART);
        let count = parts.len();
        parts.enumerate().map(|(part, bytes)| storage::seal_bytes(ring, &self.place(name, part, count), bytes)).collect()
    }

    fn replace(&self, name: &str, parts: &[String]) -> Result<()> {
        self.remove(name)?;
        for (part, sealed) in parts.iter().enumerate() {
            let number = i64::try_from(part).unwrap_or(i64::MAX);
            let row = vec![name.into(), number.into(), sealed.as_str().into()];
            self.storage.sql().exec("INSERT INTO parts (name, part, sealed) VALUES (?, ?, ?)", row)?;
            statement();
        }
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<()> {
        self.storage.sql().exec("DELETE FROM parts WHERE name = ?", vec![name.into()])?;
        statement();
        Ok(())
    }

    /// What a part is sealed for: this object, and its place among the others.
    fn place(&self, name: &str, part: usize, count: usize) -> String {
        format!("check/{}/{name}/{part}/{count}", self.id)
    }

    /// Sets the alarm.
    pub(crate) async fn arm(&self, at: Millis) -> Result<()> {
        JsFuture::from(self.alarm(Some(at))?).await.map(drop).map_err(Into::into)
    }

    /// Sets or deletes the alarm, in the transaction of its caller.
    fn alarm(&self, at: Option<Millis>) -> Result<Promise> {
        let promise = match at {
            Some(at) => self.raw.set_alarm(Date::new(&platform::number(at).into()), Object::new()),
            None => self.raw.delete_alarm(Object::new()),
        };
        promise.map_err(Into::into)
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

/// After each statement of a transaction: where a test makes the wasm trap.
fn statement() {
    #[cfg(feature = "failpoints")]
    crate::failpoints::statement();
}

fn number(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}

const fn kind(kind: CallKind) -> &'static str {
    match kind {
        CallKind::Post => "post",
        CallKind::Status => "status",
    }
}
