//! Makes the wasm trap on request, to test how the Worker recovers (the feature `failpoints`, off in every build that serves anyone).
//!
//! The header `toran-failpoint: panic` traps the request; a claim with the `reference_id` `FAILPOINT_PANIC` traps its object, one with
//! `FAILPOINT_ALARM_PANIC` its object's next alarm, once. Instead of `panic`: `unreachable`, `stack`, or `throw`, an exception of JavaScript that
//! unwinds the wasm. `FAILPOINT_SAVE_3_2` traps the save of its check's version 3 after its second statement, once.

use std::cell::Cell;

use serde::Deserialize;
use worker::{Result, SqlStorage};

use crate::incoming::Incoming;

const HEADER: &str = "toran-failpoint";
const REFERENCE: &str = "FAILPOINT_";
/// The traps that an object still has to meet: `ALARM` or `SAVE_3`, and which.
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

/// In a check's object, before a claim.
pub(crate) fn object(reference_id: &str, sql: &SqlStorage) -> Result<()> {
    let Some(what) = reference_id.strip_prefix(REFERENCE) else { return Ok(()) };
    match what.rsplit_once('_') {
        None => trap(&what.to_ascii_lowercase()),
        Some((place, kind)) if known(sql, place)?.is_empty() => {
            sql.exec("INSERT INTO traps (place, kind) VALUES (?, ?)", vec![place.into(), kind.to_ascii_lowercase().into()])?;
        }
        Some(_) => {}
    }
    Ok(())
}

/// In a check's object, before its alarm does anything.
pub(crate) fn alarm(sql: &SqlStorage) -> Result<()> {
    for Trap { kind } in met(sql, "ALARM")? {
        trap(&kind);
    }
    Ok(())
}

/// In a check's object, before it saves.
pub(crate) fn save(sql: &SqlStorage, version: u64) -> Result<()> {
    let traps = met(sql, &format!("SAVE_{version}"))?;
    STATEMENTS.set(traps.first().and_then(|trap| trap.kind.parse().ok()).unwrap_or(0));
    Ok(())
}

/// After each statement of a save.
pub(crate) fn statement() {
    match STATEMENTS.get() {
        0 => {}
        1 => trap("panic"),
        left => STATEMENTS.set(left.saturating_sub(1)),
    }
}

/// The traps of a place, which are met now; they stay known, so that each is met once.
fn met(sql: &SqlStorage, place: &str) -> Result<Vec<Trap>> {
    sql.exec(SCHEMA, None)?;
    sql.exec("UPDATE traps SET place = 'met ' || place WHERE place = ? RETURNING kind", vec![place.into()])?.to_array()
}

fn known(sql: &SqlStorage, place: &str) -> Result<Vec<Trap>> {
    sql.exec(SCHEMA, None)?;
    sql.exec("SELECT kind FROM traps WHERE place IN (?1, 'met ' || ?1)", vec![place.into()])?.to_array()
}

#[expect(clippy::panic, reason = "that is what it is for")]
fn trap(kind: &str) {
    match kind {
        "throw" => wasm_bindgen::throw_str("an exception of JavaScript: ABCPE1234F"),
        "panic" => panic!("the text of a panic, which may hold a customer's data: ABCPE1234F"),
        "unreachable" => core::arch::wasm32::unreachable(),
        "stack" => drop(std::hint::black_box(deeper(0))),
        _ => {}
    }
}

#[expect(unconditional_recursion, reason = "until the stack is full")]
fn deeper(depth: u64) -> [u64; 64] {
    let below = deeper(std::hint::black_box(depth.wrapping_add(1)));
    std::hint::black_box(below.map(|number| number.wrapping_mul(depth)))
}
