//! Makes the wasm trap on request, to test how the Worker recovers (the feature `failpoints`, off in every build that serves anyone).
//!
//! The header `toran-failpoint: panic` traps the request; a claim with the `reference_id` `FAILPOINT_PANIC` traps its object. Instead of `panic`:
//! `unreachable`, `stack`, or `throw`, an exception of JavaScript that unwinds the wasm.

use worker::Request;

use crate::guard::header;

const HEADER: &str = "toran-failpoint";
const REFERENCE: &str = "FAILPOINT_";

/// In the Worker's fetch handler, before the route is known.
pub(crate) fn request(request: &Request) {
    if let Some(kind) = header(request, HEADER) {
        trap(&kind);
    }
}

/// In a check's object.
pub(crate) fn object(reference_id: &str) {
    if let Some(kind) = reference_id.strip_prefix(REFERENCE) {
        trap(&kind.to_ascii_lowercase());
    }
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
