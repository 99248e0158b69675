//! The IFSC registry, called from JavaScript: its bytes come in once, codes cross together, and each different answer crosses once.
//!
//! `crates/web/js/ifsc.js` joins the codes by U+0000, which no code contains, and keeps the answers by their numbers.

use std::sync::OnceLock;

use toran_core::ids::Ifsc;
use toran_core::ifsc::{Finding, Registry};
use wasm_bindgen::prelude::*;

use crate::returned;

static REGISTRY: OnceLock<Registry<'static>> = OnceLock::new();

/// Keeps a registry for as long as the instance lives, if that is what the bytes are. Whether there is one now.
#[wasm_bindgen(skip_typescript, js_name = ifscOpen)]
#[must_use]
pub fn ifsc_open(bytes: Vec<u8>) -> bool {
    if REGISTRY.get().is_none() && Registry::open(&bytes).is_ok() {
        // It is searched in its own bytes, so these stay; what is refused does not.
        Registry::open(bytes.leak()).is_ok_and(|registry| REGISTRY.set(registry).is_ok());
    }
    REGISTRY.get().is_some()
}

/// What there is to find of each code, as numbers for [`ifsc_answer`].
#[wasm_bindgen(skip_typescript, js_name = ifscFind)]
#[must_use]
pub fn ifsc_find(codes: &str) -> Vec<u32> {
    codes.split('\0').map(|code| Finding::of(Ifsc::parse(code).ok().as_ref(), REGISTRY.get()).0).collect()
}

/// What such a number means: `{status, bank?, successor?}`.
#[wasm_bindgen(skip_typescript, js_name = ifscAnswer)]
#[must_use]
pub fn ifsc_answer(finding: u32) -> JsValue {
    returned(&Finding(finding).lookup(REGISTRY.get()))
}
