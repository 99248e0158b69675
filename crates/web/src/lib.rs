//! The npm package: the core's validators, called from JavaScript.
//!
//! Wrappers only: every decision is the core's. One text crosses in per call and one text of JSON crosses out, however many values
//! are asked about. What JavaScript may hand over (`undefined`, symbols, cycles, proxies that throw) is a value of the question's notation before it is here
//! (`js/question.js`), and any text at all has an answer. A lone surrogate crosses as U+FFFD, one unit for one, so spans stay right.

pub mod ifsc;
mod question;

use lol_alloc::{FreeListAllocator, LockedAllocator};
use question::Question;
use toran_core::ids::{self, Kind};
use toran_core::json::Record;
use toran_core::names::{self, Policy};
use toran_core::operations::check_request;
use wasm_bindgen::prelude::*;

/// A call leaves nothing behind but a registry that was opened, so that a list of what is free, a tenth of the standard allocator's size, stays short.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: LockedAllocator<FreeListAllocator> = LockedAllocator::new(FreeListAllocator::new());

/// Is the input a kind? Of kind and input: a `Verdict`, whatever the two are.
#[wasm_bindgen(skip_typescript)]
#[must_use]
pub fn validate(question: &str) -> String {
    verdict(&mut Question(question)).to_json()
}

/// The verdicts, in order, of a list of kind, input, kind, input, ...
#[wasm_bindgen(skip_typescript, js_name = validateMany)]
#[must_use]
pub fn validate_many(question: &str) -> String {
    each(question, 2, verdict)
}

/// What the edge would say to a body of an operation, before any vendor. Of operation, the body's bytes as JSON and the body:
/// `{ok: true, value}` or `{ok: false, key, errors}`.
#[wasm_bindgen(skip_typescript, js_name = validateRequest)]
#[must_use]
pub fn validate_request(question: &str) -> String {
    let mut question = Question(question);
    let (operation, bytes) = (question.next(), question.next());
    check_request(operation.text().unwrap_or_default(), bytes.count(), question.next().node()).into_record().to_json()
}

/// Are two names one person's? Of a, b and policy: a `NameMatch`; what is no text is no name, what is no policy the default one.
#[wasm_bindgen(skip_typescript, js_name = matchNames)]
#[must_use]
pub fn match_names(question: &str) -> String {
    name_match(&mut Question(question)).to_json()
}

/// The matches, in order, of a list of a, b, policy, a, b, policy, ...
#[wasm_bindgen(skip_typescript, js_name = matchMany)]
#[must_use]
pub fn match_many(question: &str) -> String {
    each(question, 3, name_match)
}

/// What may be shown of an input. Of kind and input; empty if the kind is unknown or the input no text.
#[wasm_bindgen(skip_typescript)]
#[must_use]
pub fn mask(question: &str) -> String {
    let mut question = Question(question);
    let (kind, input) = (question.next(), question.next());
    let kind = kind.text().and_then(Kind::from_name);
    kind.zip(input.text()).map_or_else(String::new, |(kind, input)| ids::mask(kind, input))
}

fn verdict(question: &mut Question<'_>) -> Record {
    let (kind, input) = (question.next(), question.next());
    ids::validate_named(kind.text(), input.node()).into_record()
}

fn name_match(question: &mut Question<'_>) -> Record {
    let (a, b, policy) = (question.next(), question.next(), question.next());
    let policy = policy.text().and_then(Policy::from_name).unwrap_or_default();
    names::match_names(a.text().unwrap_or_default(), b.text().unwrap_or_default(), policy).into_record()
}

/// The answers to a list of which so many items make one question, as one list.
fn each(question: &str, items: u32, answer: fn(&mut Question<'_>) -> Record) -> String {
    let mut question = Question(question);
    let count = question.items().checked_div(items).unwrap_or_default();
    let mut json = String::from("[");
    for index in 0..count {
        if index > 0 {
            json.push(',');
        }
        answer(&mut question).write(&mut json);
    }
    json.push(']');
    json
}
