//! Runs the tests of a wasm module in a browser: wasm-bindgen's own runner, without TLS, which nothing here needs.

use std::env::args_os;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    Ok(wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(args_os())?)
}
