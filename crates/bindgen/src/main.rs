//! Writes the JavaScript bindings of a compiled wasm module: `toran-bindgen worker|package INPUT.wasm FOLDER`.
//!
//! It is the part of wasm-bindgen's command line that the build needs. The command line also brings a web server and the
//! drivers of browsers, for tests only, and takes several times as long to compile (docs/decisions/0009-build.md).

use std::env::args;
use std::error::Error;

use wasm_bindgen_cli_support::Bindgen;

const USAGE: &str = "usage: toran-bindgen worker|package INPUT.wasm FOLDER";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = args().skip(1).collect();
    let [program, input, folder] = arguments.as_slice() else { return Err(USAGE.into()) };
    let mut bindgen = Bindgen::new();
    bindgen.input_path(input).typescript(false).omit_default_module_path(false);
    match program.as_str() {
        // The Worker's entry, `src/entry.js`, asks for a new instance after a trap; the bindings take none by themselves.
        "worker" => bindgen.module(true)?.reset_state_function(true),
        "package" => bindgen.web(true)?,
        _ => return Err(USAGE.into()),
    };
    Ok(bindgen.generate(folder)?)
}
