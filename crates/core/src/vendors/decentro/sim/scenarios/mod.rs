//! What to send to the gateway so that this vendor shows everything it can do, and what the gateway then answers (contract section 4).
//!
//! Derived: one scenario per row of the documents' tables and one per entry of the simulation's own, so that neither can grow without
//! the other. Expectations come from the catalogue where a row says them; what is written here is what no table can know: the input
//! that breaks each rule, and how faults end.

mod bank_verify;
mod mobile_account;
mod pan_verify;

use crate::vendors::sim::{Scenario, numbered};

/// Every scenario of [`crate::vendors::Vendor::scenarios`].
#[must_use]
pub fn scenarios(seed: &str) -> Vec<Scenario> {
    numbered(mobile_account::all().chain(bank_verify::all()).chain(pan_verify::all()), seed)
}
