//! The npm package: the core's validators, called from JavaScript. How names are compared is a module of its own, `crates/names`.
//!
//! Wrappers only: every decision is the core's. One text crosses in per call and one text of JSON crosses out, however many values
//! are asked about. What JavaScript may hand over (`undefined`, symbols, cycles, proxies that throw) is a value of the question's notation before it is here
//! (`js/question.js`), and whatever that writes has an answer. A lone surrogate crosses as U+FFFD, one unit for one, so spans stay right.

pub mod ifsc;

use toran_core::ids::{self, Kind};
use toran_core::json::{Question, Record};
use toran_core::operations::check_request;
use wasm_bindgen::prelude::*;

/// A call leaves nothing behind but a registry that was opened, so that a list of what is free, a tenth of the standard allocator's size, stays short.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());

/// What a question asks; its first letter names the function, `js/calls.js` puts it. Whatever `js/question.js` writes has an answer.
#[wasm_bindgen(skip_typescript)]
#[must_use]
pub fn ask(question: &str) -> String {
    let mut question = Question::new(question);
    match question.letter() {
        Some('v') => verdict(&mut question).to_json(),
        Some('V') => question.each(2, verdict),
        Some('r') => request(&mut question).to_json(),
        Some('i') => ifsc::answer(question.next().count()),
        _ => mask(&mut question),
    }
}

/// Is the input a kind? Of kind and input: a `Verdict`, whatever the two are.
fn verdict(question: &mut Question<'_>) -> Record {
    let (kind, input) = (question.next(), question.next());
    ids::validate_named(kind.text(), input.node()).into_record()
}

/// What the edge would say to a body of an operation, before any vendor. Of operation, the body's bytes as JSON and the body:
/// `{ok: true, value}` or `{ok: false, key, errors}`.
fn request(question: &mut Question<'_>) -> Record {
    let (operation, bytes) = (question.next(), question.next());
    check_request(operation.text().unwrap_or_default(), usize::try_from(bytes.count()).unwrap_or(usize::MAX), question.next().node())
        .into_record()
}

/// What may be shown of an input. Of kind and input; empty if the kind is unknown or the input no text.
fn mask(question: &mut Question<'_>) -> String {
    let (kind, input) = (question.next(), question.next());
    let kind = kind.text().and_then(Kind::from_name);
    kind.zip(input.text()).map_or_else(String::new, |(kind, input)| ids::mask(kind, input))
}
