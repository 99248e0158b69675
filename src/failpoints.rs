//! Makes the wasm trap on request, to test how the Worker recovers (the feature `failpoints`, off in every build that serves anyone).
//!
//! The header `toran-failpoint: panic` traps the request; a claim with the `reference_id` `FAILPOINT_PANIC` traps its object, one with
//! `FAILPOINT_ALARM_PANIC` its object's next alarm, once. Instead of `panic`: `unreachable`, `stack`, or `throw`, an exception of JavaScript that
//! unwinds the wasm.

use serde::Deserialize;
use worker::{Result, SqlStorage};

use crate::incoming::Incoming;

const HEADER: &str = "toran-failpoint";
const REFERENCE: &str = "FAILPOINT_";
const ALARM_REFERENCE: &str = "FAILPOINT_ALARM_";
/// The kinds of trap that alarms still have to meet.
const SCHEMA: &str = "CREATE TABLE IF NOT EXISTS alarm_traps (kind TEXT NOT NULL)";

#[derive(Deserialize)]
struct AlarmTrap {
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
    if let Some(kind) = reference_id.strip_prefix(ALARM_REFERENCE) {
        sql.exec(SCHEMA, None)?;
        sql.exec("INSERT INTO alarm_traps (kind) VALUES (?)", vec![kind.to_ascii_lowercase().into()])?;
    } else if let Some(kind) = reference_id.strip_prefix(REFERENCE) {
        trap(&kind.to_ascii_lowercase());
    }
    Ok(())
}

/// In a check's object, before its alarm does anything.
pub(crate) fn alarm(sql: &SqlStorage) -> Result<()> {
    sql.exec(SCHEMA, None)?;
    let met: Vec<AlarmTrap> = sql.exec("DELETE FROM alarm_traps RETURNING kind", None)?.to_array()?;
    for AlarmTrap { kind } in met {
        trap(&kind);
    }
    Ok(())
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
