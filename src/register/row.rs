//! A machine as it lies in the tables: one row, and parts of what is large.
//!
//! A state is sealed for its place, together with the request while something may have to be sent. A row holds 2 MB and a CKYC record 8 MiB, so what is large is cut
//! into parts, each of which knows its place among the others: none can be missing, exchanged or taken from another machine.

use std::rc::Rc;

use serde::Deserialize;
use toran_core::machine::{Facts, Machine};
use toran_core::place::{Identity, Place};
use toran_core::seal::Ring;
use toran_core::secret::Secret;
use toran_core::time::Millis;
use worker::Result;

use super::statements::Statements;
use crate::{platform, storage};

const INSERT: &str =
    "INSERT INTO machines (nonce, version, state, state_parts, request_parts, wake_at, work, faults, operation, phase, outcome, key,
    vendor, began_at, changed_at, place) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
const UPDATE: &str = "UPDATE machines SET nonce = ?1, version = ?2, state = ?3, state_parts = ?4, request_parts = ?5, wake_at = ?6, work = ?7, faults = 0,
    operation = ?8, phase = ?9, outcome = ?10, key = ?11, vendor = ?12, began_at = ?13, changed_at = ?14 WHERE place = ?15 AND version = ?2 - 1";
const REMOVE_PARTS: &str = "DELETE FROM parts WHERE place = ? AND name = ?";

/// What is kept in parts.
const STATE: &str = "state";
const REQUEST: &str = "request";
/// How much one part holds before it is sealed, in bytes; sealed it is a third longer.
const PART: usize = 1024 * 1024;
/// The largest request that lies beside its state in the row, in bytes.
const IN_ROW: usize = 64 * 1024;

/// The request of a machine.
#[derive(Clone)]
pub(crate) enum Request {
    /// As JSON text.
    Here(Rc<String>),
    /// So large that it lies in parts, and is read when it is sent: a few of them would fill the memory that all requests of an isolate share.
    InParts,
}

/// A machine as it is stored, or held in memory until it is.
pub(crate) struct Row<M> {
    pub(super) identity: Identity,
    pub(super) machine: M,
    /// The request, while something may have to be sent.
    pub(super) request: Option<Request>,
    /// Whether the state is in memory alone, and not yet in the tables.
    pub(super) is_held: bool,
    /// How it lies in the tables; `None` for one that was never saved.
    stored: Option<Stored>,
}

#[derive(Clone, Copy, Default)]
pub(super) struct Stored {
    state_parts: usize,
    request_parts: usize,
}

impl<M> Row<M> {
    /// A machine that was never saved.
    pub(super) const fn new(identity: Identity, machine: M, request: Option<Request>) -> Self {
        Self { identity, machine, request, is_held: false, stored: None }
    }

    /// The same row with another state and request.
    pub(super) const fn with(&self, machine: M, request: Option<Request>) -> Self {
        Self { identity: self.identity, machine, request, is_held: false, stored: self.stored }
    }

    /// The same, not yet saved.
    pub(super) fn held(self) -> Self {
        Self { is_held: true, ..self }
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
    /// The vendor account of the attempt, as text.
    pub(super) account: String,
    /// What kind of reply it was; `None` for what is sent.
    pub(super) reply: Option<&'static str>,
    /// When: a reply before what it led to, what is sent after what led to it.
    pub(super) at: Millis,
}

impl<M: Machine> Row<M> {
    /// Opens what was found of a machine; `part` reads one part of a name.
    pub(super) fn open(ring: &Ring, place: Place, found: Found, part: ReadPart<'_>) -> Result<Self> {
        let Found { nonce, state, state_parts, request_parts } = found;
        let identity = Identity::parse(&place.to_string(), &nonce).ok_or("a stored nonce cannot be read")?;
        let kept = match state_parts {
            // Nothing personal is left in it.
            0 if state.starts_with('{') => Secret::new(state.into_bytes()),
            0 => opened(ring, &seal_place::<M>(place, STATE, 0, 1), &state)?,
            count => Secret::new(joined::<M>(ring, place, STATE, count, part)?),
        };
        // The state, and behind it the request where that is small.
        let kept = kept.expose();
        let end = kept.iter().position(|byte| *byte == b'\n').unwrap_or(kept.len());
        let (state, request) = kept.split_at_checked(end).unwrap_or((kept, &[]));
        let machine: M = serde_json::from_slice(state).map_err(|_| "a stored state cannot be read")?;
        if !machine.is_readable() {
            return Err("a stored state is of another release".into());
        }
        let request = match request.get(1..) {
            Some(text) => {
                Some(Request::Here(Rc::new(std::str::from_utf8(text).map_err(|_| "a stored request cannot be read")?.to_owned())))
            }
            None => (request_parts > 0).then_some(Request::InParts),
        };
        Ok(Self { identity, machine, request, is_held: false, stored: Some(Stored { state_parts, request_parts }) })
    }

    /// The request as JSON text; `part` reads one part of a name.
    pub(super) fn request(&self, ring: &Ring, part: ReadPart<'_>) -> Result<Option<Rc<String>>> {
        Ok(match &self.request {
            None => None,
            Some(Request::Here(text)) => Some(Rc::clone(text)),
            Some(Request::InParts) => {
                let count = self.stored.unwrap_or_default().request_parts;
                let text = joined::<M>(ring, self.identity.place, REQUEST, count, part)?;
                Some(Rc::new(String::from_utf8(text).map_err(|_| "a stored request cannot be read")?))
            }
        })
    }

    /// The row once its statements were run.
    pub(super) fn stored_as(self, stored: Stored) -> Self {
        let request = if stored.request_parts > 0 { Some(Request::InParts) } else { self.request };
        Self { stored: Some(stored), request, ..self }
    }

    /// The statements that save the row, sealed, and how it lies in the tables then.
    pub(super) fn statements(&self, ring: &Ring, entries: &[Entry]) -> Result<(Statements, Stored)> {
        let before = self.stored.unwrap_or_default();
        let (beside, apart) = match &self.request {
            Some(Request::Here(text)) if text.len() > IN_ROW => (None, Some(text)),
            Some(Request::Here(text)) => (Some(text), None),
            Some(Request::InParts) | None => (None, None),
        };
        let mut kept = serde_json::to_vec(&self.machine)?;
        if let Some(text) = beside {
            kept.push(b'\n');
            kept.extend_from_slice(text.as_bytes());
        }
        let request_parts = match &self.request {
            Some(Request::InParts) => before.request_parts,
            _ => apart.map_or(0, |text| text.len().div_ceil(PART)),
        };
        let state_parts = if kept.len() > PART { kept.len().div_ceil(PART) } else { 0 };
        let stored = Stored { state_parts, request_parts };
        let mut statements = Statements::default();
        // First of all: what does not follow the stored state writes nothing.
        self.write(&mut statements, ring, &kept, stored)?;
        let place = self.identity.place;
        if state_parts > 0 {
            replace_parts::<M>(&mut statements, ring, place, STATE, &kept)?;
        } else if before.state_parts > 0 {
            statements.add(REMOVE_PARTS, &(place.to_string(), STATE))?;
        }
        // A request is written once, and never changes.
        match apart {
            Some(text) => replace_parts::<M>(&mut statements, ring, place, REQUEST, text.as_bytes())?,
            None if before.request_parts > request_parts => statements.add(REMOVE_PARTS, &(place.to_string(), REQUEST))?,
            None => {}
        }
        for entry in entries {
            entry.write(&mut statements, place, self.machine.version())?;
        }
        Ok((statements, stored))
    }

    /// The machine's own row. `kept`: what is sealed in it, unless that lies in parts.
    fn write(&self, statements: &mut Statements, ring: &Ring, kept: &[u8], stored: Stored) -> Result<()> {
        let place = self.identity.place;
        let in_row = match stored.state_parts {
            0 if self.machine.is_plain() => statements.apart(std::str::from_utf8(kept).map_err(|_| "not written")?),
            0 => statements.apart(&storage::seal_bytes(ring, &seal_place::<M>(place, STATE, 0, 1), kept)?),
            _ => statements.apart(""),
        };
        let Facts { operation, phase, outcome, key, vendor, began_at } = self.machine.facts();
        let values = (
            self.identity.nonce_text(),
            self.machine.version(),
            in_row,
            stored.state_parts,
            stored.request_parts,
            self.machine.wake_at(),
            self.machine.work().number(),
            operation,
            phase,
            outcome,
            key,
            vendor,
            began_at,
            platform::now(),
            place.to_string(),
        );
        if self.stored.is_some() { statements.add_change(UPDATE, &values) } else { statements.add(INSERT, &values) }
    }
}

impl Entry {
    pub(super) fn write(&self, statements: &mut Statements, place: Place, version: u64) -> Result<()> {
        let Self { kind, attempt, account, reply, at } = self;
        match reply {
            None => statements.add(
                "INSERT INTO calls (place, version, kind, attempt, sent_at, account) VALUES (?, ?, ?, ?, ?, ?)",
                &(place.to_string(), version, kind, attempt, at, account),
            ),
            Some(reply) => statements.add(
                "UPDATE calls SET replied_at = ?, reply = ? WHERE place = ? AND kind = ? AND attempt = ? AND replied_at IS NULL",
                &(at, reply, place.to_string(), kind, attempt),
            ),
        }
    }
}

/// Reads the part of a name with this number.
pub(super) type ReadPart<'a> = &'a dyn Fn(&str, usize) -> Result<Option<Part>>;

fn opened(ring: &Ring, place: &str, sealed: &str) -> Result<Secret<Vec<u8>>> {
    ring.open(place, sealed).ok_or_else(|| "a stored state cannot be opened".into())
}

/// The plain bytes of all parts of one name, read one by one: together they may be large.
fn joined<M: Machine>(ring: &Ring, place: Place, name: &str, count: usize, part: ReadPart<'_>) -> Result<Vec<u8>> {
    let mut plain = Vec::with_capacity(count.saturating_mul(PART));
    for number in 0..count {
        let Part { sealed } = part(name, number)?.ok_or("a stored part is missing")?;
        plain.extend_from_slice(opened(ring, &seal_place::<M>(place, name, number, count), &sealed)?.expose());
    }
    Ok(plain)
}

fn replace_parts<M: Machine>(statements: &mut Statements, ring: &Ring, place: Place, name: &'static str, bytes: &[u8]) -> Result<()> {
    statements.add(REMOVE_PARTS, &(place.to_string(), name))?;
    let parts = bytes.chunks(PART);
    let count = parts.len();
    for (number, bytes) in parts.enumerate() {
        let sealed = statements.apart(&storage::seal_bytes(ring, &seal_place::<M>(place, name, number, count), bytes)?);
        statements.add("INSERT INTO parts (place, name, part, sealed) VALUES (?, ?, ?, ?)", &(place.to_string(), name, number, sealed))?;
    }
    Ok(())
}

/// What is sealed for: this machine, and the part's place among the others.
fn seal_place<M: Machine>(place: Place, name: &str, part: usize, count: usize) -> String {
    format!("{}/{place}/{name}/{part}/{count}", M::KIND)
}
