//! Places where a test makes the wasm trap, to see what the Worker makes of it (the feature `failpoints`, off in every build that serves anyone).
//!
//! A request traps where its header `toran-failpoint` says how; an object traps before it looks at a claim whose `reference_id` is
//! `FAILPOINT_` and the way in capitals.

use worker::Request;

use crate::guard::header;

const HEADER: &str = "toran-failpoint";
const REFERENCE: &str = "FAILPOINT_";

/// In the entry, before the route is known.
pub(crate) fn request(request: &Request) {
    if let Some(way) = header(request, HEADER) {
        trap(&way);
    }
}

/// In a check's object.
pub(crate) fn object(reference_id: &str) {
    if let Some(way) = reference_id.strip_prefix(REFERENCE) {
        trap(&way.to_ascii_lowercase());
    }
}

#[expect(clippy::panic, reason = "that is what it is for")]
fn trap(way: &str) {
    match way {
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
