//! The tests of the core from outside. One crate: every crate of tests compiles and links all of the core's dependencies once more.

mod bank_collect;
mod bank_verify;
mod callbacks;
mod cashfree;
mod check_digits;
mod ckyc;
mod ckyc_upload;
mod customer_prefill;
mod decentro;
mod iserveu;
mod operations;
mod settings;
mod vectors;
mod wibmo;
mod wibmo_cipher;

// These ask the simulations.
#[cfg(feature = "sim")]
mod callback_proof;
#[cfg(feature = "sim")]
mod contract;
#[cfg(feature = "sim")]
mod pages;
#[cfg(feature = "sim")]
mod simulations;
#[cfg(feature = "sim")]
mod velocity;
