//! The IFSC registry, called from JavaScript: its bytes come in once, codes cross together, and each different answer crosses once.
//!
//! `crates/web/js/ifsc.js` writes eleven bytes for each code, and keeps the answers by their numbers.

use std::cell::Cell;

use toran_core::ids::Ifsc;
use toran_core::ifsc::{Finding, Lookup, Registry};
use wasm_bindgen::prelude::*;

thread_local! {
    static REGISTRY: Cell<Option<&'static Registry>> = const { Cell::new(None) };
}

/// Keeps a registry for as long as the instance lives, if that is what the bytes are. Whether there is one now.
#[wasm_bindgen(skip_typescript, js_name = ifscOpen)]
#[must_use]
pub fn ifsc_open(bytes: &[u8]) -> bool {
    if REGISTRY.get().is_none() {
        REGISTRY.set(Registry::open(bytes).ok().map(|registry| &*Box::leak(Box::new(registry))));
    }
    REGISTRY.get().is_some()
}

/// What there is to find of each eleven bytes, as numbers for [`answer`].
#[wasm_bindgen(skip_typescript, js_name = ifscFind)]
#[must_use]
pub fn ifsc_find(codes: &[u8]) -> Vec<u32> {
    let registry = REGISTRY.get();
    let mut found = Vec::new();
    for &code in codes.as_chunks().0 {
        found.push(Finding::of(Ifsc::of(code).as_ref(), registry).0);
    }
    found
}

/// What such a number means, a line each, empty where there is none: the status, the bank, the successor's name, its letters and the day, and a word if the
/// code was withdrawn.
pub(crate) fn answer(finding: u32) -> String {
    let Lookup { status, bank, withdrawn, successor } = Finding(finding).lookup(REGISTRY.get());
    let (into, prefix, since) =
        successor.map_or(("", "", ""), |successor| (successor.bank, successor.prefix.unwrap_or_default(), successor.since));
    let withdrawn = if withdrawn { "withdrawn" } else { "" };
    [status.name(), "\n", bank.unwrap_or_default(), "\n", into, "\n", prefix, "\n", since, "\n", withdrawn].concat()
}
