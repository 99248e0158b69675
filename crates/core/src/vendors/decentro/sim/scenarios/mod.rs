//! What to send to the gateway so that this vendor shows everything it can do, and what the gateway then answers (contract section 4).
//!
//! Derived: one scenario per row of the documents' tables and one per entry of the simulation's own, so that neither can grow without
//! the other. Expectations come from the catalogue where a row says them; what is written here is what no table can know: the input
//! that breaks each rule, and how faults end.

mod bank_verify;
mod ckyc;
mod ckyc_upload;
mod customer_prefill;
mod mobile_account;
mod pan_verify;

use crate::keys::{self, Row, Source};
use crate::operations::Operation;
use crate::vendors::sim::{Expect, Scenario, numbered};

/// Every scenario of [`crate::vendors::Vendor::scenarios`].
#[must_use]
pub fn scenarios(seed: &str) -> Vec<Scenario> {
    numbered(ALL.iter().flat_map(|all| all()), seed)
}

/// Those of each file, in this order.
const ALL: &[fn() -> Vec<Scenario>] = &[
    || mobile_account::all().collect(),
    || bank_verify::all().collect(),
    || pan_verify::all().collect(),
    || ckyc::all().collect(),
    || ckyc_upload::all().collect(),
    || customer_prefill::all().collect(),
];

/// One scenario per row of these tables at an operation of the KYC module. `scenario` makes the one of a group, a name, a table's mark and a
/// row, counted from 0.
fn rows<S: Fn(&str, &str, char, usize, Expect) -> Scenario>(
    operation: Operation,
    tables: &'static [(Source, char)],
    yes: &Expect,
    scenario: S,
) -> impl Iterator<Item = Scenario> + use<S> {
    let yes = yes.clone();
    let all = tables.iter().flat_map(|(source, mark)| keys::rows_of(*source).enumerate().map(|(index, row)| (*mark, index, row)));
    all.map(move |(mark, index, row)| {
        let group = match row.source {
            Source::D003_HTTP => "http",
            Source::KYC => "key",
            _ => "code",
        };
        Scenario { covers: Some(row), ..scenario(group, row.key, mark, index, row_expect(operation, row, &yes)) }
    })
}

/// What the gateway makes of a row of these tables.
fn row_expect(operation: Operation, row: &'static Row, yes: &Expect) -> Expect {
    match (row.source, row.key) {
        (_, "200") => yes.clone(),
        (_, "S00000") => yes.clone().vendor(row.key),
        // HTTP 422 is "semantically invalid", for which each operation has a key of its own.
        (Source::D003_HTTP, _) if row.answers_with == keys::THE_OPERATIONS_OWN => {
            Expect::outcome(keys::Outcome::Negative, operation.row().refused)
        }
        // 400 is an input row, but here it is the vendor that says so.
        (Source::D003_HTTP, _) => Expect::of_row(row),
        _ => Expect::of_row(row).vendor(row.key),
    }
}

/// What the gateway makes of a subject that no table has: an answer or a problem under its key.
fn extra_expect(answers: &'static str, vendor_key: Option<String>) -> Expect {
    let outcome = keys::public(answers).and_then(Row::outcome);
    let expect = outcome.map_or_else(|| Expect::problem(answers), |outcome| Expect::outcome(outcome, answers));
    Expect { vendor_key, ..expect }
}
