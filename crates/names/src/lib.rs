//! The npm package's entry `toran/names`: the core's matcher of names, called from JavaScript.
//!
//! A module beside `crates/web`, because no form compares names: who only validates downloads none of this. The boundary is the same: one text in, one text
//! of JSON out, and every question has an answer.

use toran_core::json::{Question, Record};
use toran_core::names::{self, Policy};
use wasm_bindgen::prelude::*;

/// Each call leaves nothing behind, so that a list of what is free, a tenth of the standard allocator's size, stays short.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: lol_alloc::LockedAllocator<lol_alloc::FreeListAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::FreeListAllocator::new());

/// What a question asks; `crates/web/js/names.js` puts it: `M` of many pairs, otherwise of one.
#[wasm_bindgen(skip_typescript)]
#[must_use]
pub fn ask(question: &str) -> String {
    let mut question = Question::new(question);
    match question.letter() {
        Some('M') => question.each(3, name_match),
        _ => name_match(&mut question).to_json(),
    }
}

/// Are two names one person's? Of a, b and policy: a `NameMatch`; what is no text is no name, what is no policy the default one.
fn name_match(question: &mut Question<'_>) -> Record {
    let (a, b, policy) = (question.next(), question.next(), question.next());
    let policy = policy.text().and_then(Policy::from_name).unwrap_or_default();
    names::match_names(a.text().unwrap_or_default(), b.text().unwrap_or_default(), policy).into_record()
}
