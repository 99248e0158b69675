//! A machine as it lies in the tables: one row, and parts of what is large.
//!
//! A state is sealed for its place, together with the request while something may have to be sent. A row holds 2 MB and a CKYC record 8 MiB, so what is large is cut
//! into parts, each of which knows its place among the others: none can be missing, exchanged or taken from another machine.

use std::rc::Rc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use toran_core::machine::{Facts, Machine};
use toran_core::place::{Identity, Place};
use toran_core::seal::Ring;
use toran_core::time::Millis;
use worker::Result;

use crate::{platform, storage};

const INSERT: &str =
    "INSERT INTO machines (nonce, version, state, state_parts, request_parts, wake_at, work, faults, operation, phase, outcome, key,
    vendor, began_at, changed_at, place) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?)";
const UPDATE: &str = "UPDATE machines SET nonce = ?, version = ?, state = ?, state_parts = ?, request_parts = ?, wake_at = ?, work = ?, faults = 0, operation = ?,
    phase = ?, outcome = ?, key = ?, vendor = ?, began_at = ?, changed_at = ? WHERE place = ? AND version = ?";

/// What is kept in parts.
const STATE: &str = "state";
const REQUEST: &str = "request";
/// How much one part holds before it is sealed, in bytes; sealed it is a third longer.
const PART: usize = 1024 * 1024;
/// The largest request that lies beside its state in the row, in bytes.
const IN_ROW: usize = 64 * 1024;
/// A machine as it is stored.
pub(crate) struct Row<M> {
    pub(super) identity: Identity,
    pub(super) machine: M,
    /// The request, while something may have to be sent.
    pub(super) request: Option<Rc<Value>>,
    /// How it lies in the tables; `None` for one that was never saved.
    stored: Option<Stored>,
}

#[derive(Clone, Copy)]
pub(super) struct Stored {
    state_parts: usize,
    request_parts: usize,
}

impl<M> Row<M> {
    /// A machine that was never saved.
    pub(super) const fn new(identity: Identity, machine: M, request: Option<Rc<Value>>) -> Self {
        Self { identity, machine, request, stored: None }
    }

    /// The same row with another state and request.
    pub(super) const fn with(&self, machine: M, request: Option<Rc<Value>>) -> Self {
        Self { identity: self.identity, machine, request, stored: self.stored }
    }
}

/// What is found of a machine.
#[derive(Deserialize)]
pub(super) struct Found {
    nonce: String,
    state: String,
    state_parts: usize,
    request_parts: usize,
}

/// A part, or what lies in the row.
#[derive(Deserialize)]
pub(super) struct Part {
    sealed: String,
}

/// A call that a transition sends, or the reply that led to it, for the ledger.
pub(crate) struct Entry {
    pub(super) kind: &'static str,
    pub(super) attempt: u8,
    /// What kind of reply it was; `None` for what is sent.
    pub(super) reply: Option<&'static str>,
}

/// What lies in a row, or in parts, under one seal.
#[derive(Serialize)]
struct Kept<'a, M> {
    state: &'a M,
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<&'a Value>,
}

#[derive(Deserialize)]
#[serde(bound = "M: DeserializeOwned")]
struct Opened<M> {
    state: M,
    request: Option<Value>,
}

#[derive(Serialize)]
pub(super) struct Statement {
    query: &'static str,
    values: Value,
    must_change: bool,
}

impl Statement {
    pub(super) const fn new(query: &'static str, values: Value) -> Self {
        Self { query, values, must_change: false }
    }
}

impl<M: Machine> Row<M> {
    /// Opens what was found of a machine; `parts` reads the parts of one name.
    pub(super) fn open(ring: &Ring, place: Place, found: Found, parts: &dyn Fn(&str) -> Result<Vec<Part>>) -> Result<Self> {
        let Found { nonce, state, state_parts, request_parts } = found;
        let identity = Identity::parse(&place.to_string(), &nonce).ok_or("a stored nonce cannot be read")?;
        let kept = match state_parts {
            // Nothing personal is left in it.
            0 if state.starts_with('{') => state.into_bytes(),
            0 => opened::<M>(ring, place, STATE, &[Part { sealed: state }])?,
            count => opened::<M>(ring, place, STATE, &counted(parts(STATE)?, count)?)?,
        };
        let Opened { state, request } = serde_json::from_slice::<Opened<M>>(&kept).map_err(|_| "a stored state cannot be read")?;
        if !state.is_readable() {
            return Err("a stored state is of another release".into());
        }
        let request = match request_parts {
            0 => request,
            count => {
                let request = opened::<M>(ring, place, REQUEST, &counted(parts(REQUEST)?, count)?)?;
                Some(serde_json::from_slice(&request).map_err(|_| "a stored request cannot be read")?)
            }
        };
        let stored = Some(Stored { state_parts, request_parts });
        Ok(Self { identity, machine: state, request: request.map(Rc::new), stored })
    }

    /// The row once its statements were run.
    pub(super) fn stored_as(self, stored: Stored) -> Self {
        Self { stored: Some(stored), ..self }
    }

    /// The statements that save the row, sealed, and how it lies in the tables then.
    pub(super) fn statements(&self, ring: &Ring, entries: &[Entry]) -> Result<(Vec<Statement>, Stored)> {
        let (place, now) = (self.identity.place, platform::now());
        let name = place.to_string();
        // Sealed before the first statement: it takes memory, and time.
        let request = self.request.as_deref().map(serde_json::to_vec).transpose()?.filter(|request| request.len() > IN_ROW);
        let beside = if request.is_some() { None } else { self.request.as_deref() };
        let state = serde_json::to_vec(&Kept { state: &self.machine, request: beside })?;
        let mut statements = Vec::new();
        let before = self.stored.unwrap_or(Stored { state_parts: 0, request_parts: 0 });
        let mut stored = Stored { state_parts: 0, request_parts: request.as_ref().map_or(0, |request| request.len().div_ceil(PART)) };
        let in_row = if self.machine.is_plain() {
            String::from_utf8(state).map_err(|_| "not written")?
        } else if state.len() > PART {
            stored.state_parts = state.len().div_ceil(PART);
            replace_parts::<M>(&mut statements, ring, place, STATE, &state)?;
            String::new()
        } else {
            storage::seal_bytes(ring, &seal_place::<M>(place, STATE, 0, 1), &state)?
        };
        if before.state_parts > 0 && stored.state_parts == 0 {
            statements.push(remove_parts(&name, STATE));
        }
        match request {
            // It is written once, and never changes.
            Some(request) if before.request_parts == 0 => replace_parts::<M>(&mut statements, ring, place, REQUEST, &request)?,
            None if before.request_parts > 0 => statements.push(remove_parts(&name, REQUEST)),
            _ => {}
        }
        let Facts { operation, phase, outcome, key, vendor, began_at } = self.machine.facts();
        let version = self.machine.version();
        let mut values = vec![
            json!(self.identity.nonce_text()),
            json!(version),
            json!(in_row),
            json!(stored.state_parts),
            json!(stored.request_parts),
            json!(self.machine.wake_at()),
            json!(self.machine.work().number()),
            json!(operation),
            json!(phase),
            json!(outcome),
            json!(key),
            json!(vendor),
            json!(began_at),
            json!(now),
            json!(name),
        ];
        // First of all: what does not follow the stored state writes nothing.
        let first = if self.stored.is_some() {
            values.push(json!(version.saturating_sub(1)));
            Statement { query: UPDATE, values: Value::Array(values), must_change: true }
        } else {
            Statement::new(INSERT, Value::Array(values))
        };
        statements.insert(0, first);
        statements.extend(entries.iter().map(|entry| entry.statement(&name, version, now)));
        Ok((statements, stored))
    }
}

impl Entry {
    pub(super) fn statement(&self, place: &str, version: u64, now: Millis) -> Statement {
        let Self { kind, attempt, reply } = self;
        match reply {
            None => Statement::new(
                "INSERT INTO calls (place, version, kind, attempt, sent_at) VALUES (?, ?, ?, ?, ?)",
                json!([place, version, kind, attempt, now]),
            ),
            Some(reply) => Statement::new(
                "UPDATE calls SET replied_at = ?, reply = ? WHERE place = ? AND kind = ? AND attempt = ? AND replied_at IS NULL",
                json!([now, reply, place, kind, attempt]),
            ),
        }
    }
}

fn counted(parts: Vec<Part>, count: usize) -> Result<Vec<Part>> {
    if parts.len() == count { Ok(parts) } else { Err("a stored part is missing".into()) }
}

/// The plain bytes of all parts of one name.
fn opened<M: Machine>(ring: &Ring, place: Place, name: &str, parts: &[Part]) -> Result<Vec<u8>> {
    let mut plain = Vec::new();
    for (part, Part { sealed }) in parts.iter().enumerate() {
        let opened = ring.open(&seal_place::<M>(place, name, part, parts.len()), sealed);
        plain.extend_from_slice(opened.ok_or("a stored state cannot be opened")?.expose());
    }
    Ok(plain)
}

fn replace_parts<M: Machine>(statements: &mut Vec<Statement>, ring: &Ring, place: Place, name: &'static str, bytes: &[u8]) -> Result<()> {
    let key = place.to_string();
    statements.push(remove_parts(&key, name));
    let parts = bytes.chunks(PART);
    let count = parts.len();
    for (part, bytes) in parts.enumerate() {
        let sealed = storage::seal_bytes(ring, &seal_place::<M>(place, name, part, count), bytes)?;
        let values = json!([key, name, part, sealed]);
        statements.push(Statement::new("INSERT INTO parts (place, name, part, sealed) VALUES (?, ?, ?, ?)", values));
    }
    Ok(())
}

fn remove_parts(place: &str, name: &'static str) -> Statement {
    Statement::new("DELETE FROM parts WHERE place = ? AND name = ?", json!([place, name]))
}

/// What is sealed for: this machine, and the part's place among the others.
fn seal_place<M: Machine>(place: Place, name: &str, part: usize, count: usize) -> String {
    format!("{}/{place}/{name}/{part}/{count}", M::KIND)
}
