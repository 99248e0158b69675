//! Makes the wasm trap on request, to test how the Worker recovers (the feature `failpoints`, off in every build that serves anyone).
//!
//! The header `toran-failpoint: panic` traps the request; a claim with the `reference_id` `FAILPOINT_PANIC` traps its register, one with
//! `FAILPOINT_ALARM_PANIC` its register's next alarm, once. Instead of `panic`: `unreachable`, `stack`, or `throw`, an exception of JavaScript that
//! unwinds the wasm, or `spin`, which keeps the processor busy for some seconds, to be killed in. `FAILPOINT_DISARM_3_X` deletes the alarm behind the register's back when version 3 of its check is saved, `FAILPOINT_FAIL_3_X`
//! fails that save, `FAILPOINT_TWICE_3_X` saves it twice, as if another instance had been quicker, `FAILPOINT_ALARM_ERROR` fails the next alarm.
//! After `FAILPOINT_FLUSH_X_HELD` its register hands nothing to a journal until `FAILPOINT_FLUSH_X_GO` comes to it.
//! The copy of `FAILPOINT_COPY_X` stays in KV longer than its answer. What is written is logged: `rows_written`, `alarm_set`. `FAILPOINT_SAVE_3_2` traps the save of its check's version 3 after its second statement, once.

use std::cell::Cell;

use serde::Deserialize;
use serde::Serialize;
use serde_json::json;
use toran_core::place::Place;
use toran_core::time::Millis;
use worker::Result;
use worker::worker_sys::DurableObjectStorage;

use crate::incoming::Incoming;

const SPINS: u64 = 1_500_000_000;
const HEADER: &str = "toran-failpoint";
const REFERENCE: &str = "FAILPOINT_";
const ALARM: &str = "ALARM";
/// The traps that a register still has to meet: `ALARM`, or `SAVE_3` and the check's place; and which.
const SCHEMA: &str = "CREATE TABLE IF NOT EXISTS traps (place TEXT NOT NULL, kind TEXT NOT NULL)";

thread_local! {
    /// The statements that the save under way may still make; 0 when it may make all.
    static STATEMENTS: Cell<u32> = const { Cell::new(0) };
}

#[derive(Deserialize)]
struct Trap {
    kind: String,
}

/// In the Worker's fetch handler, before the route is known.
pub(crate) fn request(request: &Incoming) {
    if let Some(kind) = request.header(HEADER) {
        trap(&kind);
    }
}

/// In a check's register, before a claim.
pub(crate) fn claim(reference_id: &str, check: Place, storage: &DurableObjectStorage) -> Result<()> {
    let Some(what) = reference_id.strip_prefix(REFERENCE) else { return Ok(()) };
    match what.rsplit_once('_') {
        None => trap(&what.to_ascii_lowercase()),
        Some((place, kind)) => {
            let place = if place == ALARM { place.to_owned() } else { format!("{place} {check}") };
            // A claim that comes again after its trap meets none.
            let is_known =
                place != ALARM && !rows(storage, "SELECT kind FROM traps WHERE place IN (?1, 'met ' || ?1)", &json!([place]))?.is_empty();
            if !is_known {
                rows(storage, "INSERT INTO traps (place, kind) VALUES (?, ?)", &json!([place, kind.to_ascii_lowercase()]))?;
            }
        }
    }
    Ok(())
}

/// In a check's register, before its alarm does anything.
pub(crate) fn alarm(storage: &DurableObjectStorage) -> Result<()> {
    for Trap { kind } in met(storage, ALARM)? {
        if kind == "error" {
            return Err("an error of the platform".into());
        }
        trap(&kind);
    }
    Ok(())
}

/// In a register, before it saves.
pub(crate) fn save(storage: &DurableObjectStorage, check: Place, version: u64) -> Result<()> {
    if !met(storage, &format!("DISARM_{version} {check}"))?.is_empty() {
        drop(storage.delete_alarm(js_sys::Object::new()));
    }
    if !met(storage, &format!("FAIL_{version} {check}"))?.is_empty() {
        return Err("an error of the platform".into());
    }
    let traps = met(storage, &format!("SAVE_{version} {check}"))?;
    STATEMENTS.set(traps.first().and_then(|trap| trap.kind.parse().ok()).unwrap_or(0));
    Ok(())
}

/// Whether a save is made twice.
pub(crate) fn twice(storage: &DurableObjectStorage, check: Place, version: u64) -> Result<bool> {
    Ok(!met(storage, &format!("TWICE_{version} {check}"))?.is_empty())
}

/// Whether a register hands over nothing at the moment.
pub(crate) fn holds_flush(storage: &DurableObjectStorage) -> Result<bool> {
    let found = rows(storage, "SELECT kind FROM traps WHERE place LIKE 'FLUSH%' ORDER BY rowid DESC LIMIT 1", &json!([]))?;
    Ok(found.first().is_some_and(|trap| trap.kind == "held"))
}

/// Until when KV keeps the copy of an answer: `longer` for some, so that it is still there when the answer is forgotten.
pub(crate) fn kept_until(reference_id: &str, expires_at: Millis, longer: Millis) -> Millis {
    if reference_id.starts_with("FAILPOINT_COPY_") { longer } else { expires_at }
}

/// When a register sets its alarm: counted by its line in the log.
pub(crate) fn armed() {
    crate::platform::log(&json!({ "level": "debug", "event": "alarm_set" }));
}

/// When a request ends: how large the wasm's memory is by then, which never shrinks. Asserted by its line in the log.
pub(crate) fn memory() {
    let pages = core::arch::wasm32::memory_size(0);
    crate::platform::log(&json!({ "level": "debug", "event": "wasm_memory", "bytes": pages.saturating_mul(65_536) }));
}

/// After each statement of a save, with the rows that it wrote, which are counted by its line in the log.
pub(crate) fn statement(rows: u32) {
    crate::platform::log(&json!({ "level": "debug", "event": "rows_written", "rows": rows }));
    match STATEMENTS.get() {
        0 => {}
        1 => trap("panic"),
        left => STATEMENTS.set(left.saturating_sub(1)),
    }
}

/// The traps of a place, which are met now; they stay known, so that each is met once.
fn met(storage: &DurableObjectStorage, place: &str) -> Result<Vec<Trap>> {
    rows(storage, "UPDATE traps SET place = 'met ' || place WHERE place = ? RETURNING kind", &json!([place]))
}

fn rows(storage: &DurableObjectStorage, query: &str, values: &impl Serialize) -> Result<Vec<Trap>> {
    crate::register::query(storage, SCHEMA, &json!([]))?;
    Ok(serde_json::from_str(&crate::register::query(storage, query, values)?)?)
}

#[expect(clippy::panic, reason = "that is what it is for")]
fn trap(kind: &str) {
    match kind {
        "throw" => wasm_bindgen::throw_str("an exception of JavaScript: ABCPE1234F"),
        "panic" => panic!("the text of a panic, which may hold a customer's data: ABCPE1234F"),
        "unreachable" => core::arch::wasm32::unreachable(),
        "stack" => drop(std::hint::black_box(deeper(0))),
        "spin" => {
            crate::platform::log(&json!({ "level": "debug", "event": "spinning" }));
            for spin in 0..SPINS {
                std::hint::black_box(spin);
            }
        }
        _ => {}
    }
}

#[expect(unconditional_recursion, reason = "until the stack is full")]
fn deeper(depth: u64) -> [u64; 64] {
    let below = deeper(std::hint::black_box(depth.wrapping_add(1)));
    std::hint::black_box(below.map(|number| number.wrapping_mul(depth)))
}
