//! The pages that are made from the tables: `docs/KEYS.md`, and the matrix in `tests/README.md`. `npm run generate` writes them; otherwise they
//! are compared with what is there, and a stale page fails.
//!
//! A test and no part of the crate: the Worker must not carry pages that it never serves, and the scenarios exist with the feature `sim` only.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod catalogue;
mod markdown;
mod matrix;

use std::env;
use std::fs;
use std::path::PathBuf;

const COMMAND: &str = "npm run generate";
/// Set by the command: the pages are written.
const WRITE: &str = "TORAN_GENERATE";

fn read(path: &str) -> String {
    fs::read_to_string(at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn at(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn demand(path: &str, page: &str) {
    if env::var_os(WRITE).is_some() {
        fs::write(at(path), page).unwrap();
    }
    assert!(fs::read_to_string(at(path)).is_ok_and(|kept| kept == page), "{path} is stale: {COMMAND}");
}

#[test]
fn the_page_of_the_keys_is_current() {
    demand("docs/KEYS.md", &catalogue::page(toran_core::keys::CATALOGUE));
}

#[test]
fn the_matrix_is_current_and_every_row_of_the_documents_has_a_scenario() {
    let path = "tests/README.md";
    let matrix = matrix::part(&read("tests/matrix.json"));
    demand(path, &markdown::between(&read(path), "matrix", &matrix));
}
