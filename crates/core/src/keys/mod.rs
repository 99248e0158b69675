//! The response-key catalogue: what every key, code and status of the documents means.
//!
//! One row per (source, key, message), for one key may have several messages with different consequences (document 001 lists
//! `error_validation_blocked` four times). Each row carries one [`Meaning`]; owner, HTTP status, retry class, money, outcome and
//! action are derived from it, so they cannot disagree. `GET /v1/keys`, the order of input faults, the readers of vendor answers and
//! the sandbox's scenarios are all read from these tables. Nothing outside them repeats a message of a document.
//!
//! A vendor's tables lie in its own folder (`vendors/<vendor>/keys.rs`), and belong to this module: they are rows and nothing else, and the catalogue stands below
//! the vendors.

mod advice;
#[path = "../vendors/cashfree/keys.rs"]
mod cashfree;
mod d003;
#[path = "../vendors/decentro/keys/mod.rs"]
mod decentro;
mod gateway;
mod input;
#[path = "../vendors/iserveu/keys.rs"]
mod iserveu;
mod names;
mod next;
mod row;
#[path = "../vendors/setu/keys.rs"]
mod setu;
#[path = "../vendors/wibmo/keys.rs"]
mod wibmo;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Value, json};

pub use advice::{Advice, advice_of, is_instruction};
pub use gateway::{ON_ITS_WAY, RECORD_REFUSED, US_REFUSED, VALUES_REFUSED};
pub use input::{input_message, input_message_naming, input_position};
pub use names::*;
pub use next::{Remedy, next_step};
pub use row::{Action, Meaning, Money, Outcome, Owner, Row};

use crate::ids::Reason;
pub use crate::ids::UNSANITIZED_VALUES;
use crate::pieces;

/// A table of the catalogue: where its rows are written down. Each is a constant beside its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The document's number and section; after a slash what tells two tables of one section apart.
    name: &'static str,
    moves: Moves,
    /// Whether its rows are between a vendor and us: no caller is told one, and a request that it calls wrong is our mistake.
    is_between_us: bool,
    /// Whether its rows are the gateway's own words, which a caller is told as they are.
    is_our_own: bool,
}

/// What the rows of a table say of a rupee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moves {
    /// The table's operations move none.
    Nothing,
    /// It moved, did not, or may have, as each row means.
    AsItMeans,
    /// It moved, whatever the row means.
    Always,
}

impl Source {
    /// Toran's own contract.
    pub const GATEWAY: Self = Self { is_our_own: true, ..Self::new("gateway") };

    const fn new(name: &'static str) -> Self {
        Self { name, moves: Moves::Nothing, is_between_us: false, is_our_own: false }
    }

    const fn of_money(self, moves: Moves) -> Self {
        Self { moves, ..self }
    }

    const fn between_us(self) -> Self {
        Self { is_between_us: true, ..self }
    }

    /// The document's number and section, as the catalogue shows it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        pieces::at_first(self.name, b"/").map_or(self.name, |(document, _)| document)
    }
}

/// In place of a key: the operation's own ([`crate::operations::OperationRow::refused`]).
pub const THE_OPERATIONS_OWN: &str = "";
/// The document of a row that no document has.
const OBSERVED: &str = "observed";

/// Every table, in the order in which `GET /v1/keys` shows them.
pub static CATALOGUE: &[&[Row]] = &[
    decentro::d000::ROWS,
    decentro::d001::ROWS,
    wibmo::ROWS,
    d003::PAN_STATUS,
    d003::NAME_MATCH,
    d003::HTTP,
    decentro::codes::ROWS,
    decentro::kyc::ROWS,
    iserveu::ROWS,
    cashfree::ERRORS,
    cashfree::ACCOUNTS,
    cashfree::PAYMENTS,
    cashfree::HTTP,
    setu::PAYMENTS,
    setu::HTTP,
    gateway::ROWS,
];

/// All rows of all tables.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    CATALOGUE.iter().flat_map(|table| table.iter())
}

/// The rows of one table, in the document's order.
pub fn rows_of(source: Source) -> impl Iterator<Item = &'static Row> {
    rows().filter(move |row| row.source == source)
}

/// The row of a key in one table; where the key has several messages, the one with this message, else its strictest row.
#[must_use]
pub fn find(source: Source, key: &str, message: Option<&str>) -> Option<&'static Row> {
    let named = || rows_of(source).filter(|row| row.key == key);
    named()
        .find(|row| Some(row.message) == message)
        .or_else(|| named().find(|row| row.meaning == Meaning::Negative(Action::Reject)).or_else(|| named().next()))
}

/// The message of a public key.
#[must_use]
pub fn message(key: &str) -> &'static str {
    public(key).map_or("", |row| row.message)
}

/// The message of a key in the words of one document, where it has the key.
#[must_use]
pub fn message_in(source: Source, key: &str) -> &'static str {
    rows_of(source).find(|row| row.key == key).map_or_else(|| message(key), |row| row.message)
}

/// The row that speaks for a public key: the gateway's own, else document 001's, whose words all operations share, else the first one.
#[must_use]
pub fn public(key: &str) -> Option<&'static Row> {
    PUBLIC.get(key).copied()
}

/// The row that speaks for each key, found once: a problem looks up its own key several times.
static PUBLIC: LazyLock<BTreeMap<&'static str, &'static Row>> = LazyLock::new(|| {
    let mut first = BTreeMap::new();
    for row in rows_of(Source::GATEWAY).chain(rows_of(Source::D001)).chain(rows()) {
        first.entry(row.key).or_insert(row);
    }
    first
});

/// The HTTP status with which the gateway answers under a public key.
#[must_use]
pub fn status(key: &str) -> u16 {
    problem_row(key).map_or(500, Row::http_status)
}

/// The row that speaks for the key of a problem, which may name a field ([`field_fault`]).
fn problem_row(key: &str) -> Option<&'static Row> {
    public(key).or_else(|| field_fault(key, &|_| true))
}

/// The row of an input fault that no document names: `error_FIELD_REASON` of a field that exists (contract section 2.4).
fn field_fault(key: &str, is_field: &dyn Fn(&str) -> bool) -> Option<&'static Row> {
    let (field, reason) = key.strip_prefix("error_")?.rsplit_once('_')?;
    let is_reason = Reason::KEYED.iter().any(|known| known.as_str() == reason);
    (is_reason && !field.is_empty() && is_field(field)).then(|| find(Source::GATEWAY, gateway::FIELD_FAULT, None)).flatten()
}

/// The whole catalogue, as `GET /v1/keys` answers it.
#[must_use]
pub fn catalogue_json() -> Value {
    json!({ "keys": rows().map(Row::to_json).collect::<Vec<_>>() })
}

/// One entry with all its rows, as `GET /v1/keys/{key}` answers it. `is_field`: whether there is a field of this name ([`crate::operations::is_field`]).
#[must_use]
pub fn entry_json(key: &str, is_field: &dyn Fn(&str) -> bool) -> Option<Value> {
    let named: Vec<_> = rows().filter(|row| row.key == key).collect();
    let rows: Vec<_> = if named.is_empty() { field_fault(key, is_field).into_iter().collect() } else { named };
    let rows: Vec<_> = rows.into_iter().map(Row::to_json).collect();
    (!rows.is_empty()).then(|| json!({ "key": key, "rows": rows }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_unique_by_source_key_and_message() {
        let mut seen = std::collections::HashSet::new();
        for row in rows() {
            assert!(seen.insert((row.source.as_str(), row.key, row.message)), "{} twice", row.key);
        }
    }

    #[test]
    fn the_documents_have_all_their_rows() {
        assert_eq!((rows_of(Source::D000).count(), rows_of(Source::D001).count()), (18, 44));
        let letters = |observed| rows_of(Source::D003_PAN_STATUS).filter(|row| (row.document() == OBSERVED) == observed).count();
        assert_eq!((letters(false), letters(true)), (7, 7));
    }

    #[test]
    fn a_key_of_two_documents_is_said_in_the_words_of_the_one_that_is_asked() {
        let key = MALFORMED_REQUEST;
        assert_eq!(message_in(Source::D000, key), "A malformed JSON request was passed.");
        assert_eq!([message_in(Source::D001, key), message_in(Source::D004, key), message(key)], ["Malformed request detected."; 3]);
        assert_eq!(message_in(Source::D001, "error_empty_consent"), "Consent cannot be null or empty. Hint: consent (boolean)");
    }

    #[test]
    fn every_key_that_a_row_answers_with_has_a_message() {
        for row in rows().filter(|row| row.answers_with != THE_OPERATIONS_OWN) {
            assert!(!message(row.answers_with).is_empty(), "{} answers with {}", row.key, row.answers_with);
        }
    }

    #[test]
    fn one_key_with_four_messages_has_four_consequences() {
        let key = "error_validation_blocked";
        let action = |message| find(Source::D001, key, message).and_then(Row::action);
        assert_eq!(action(Some("Transaction not permitted by the beneficiary bank.")), Some(Action::Reject));
        assert_eq!(
            action(Some(
                "The request could not be completed due to a risk exception by NPCI. Kindly retry the transaction after sometime."
            )),
            Some(Action::Retry)
        );
        assert_eq!(action(Some("a message the document does not know")), Some(Action::Reject));
    }

    #[test]
    fn money_moved_where_an_account_was_found_or_told_its_holders_name() {
        let moved: Vec<_> = rows().filter(|row| row.money() == Some(Money::Moved)).map(|row| row.key).collect();
        let bands = ["FULL_MATCH", "PARTIAL_MATCH", "POOR_PARTIAL_MATCH", "NO_MATCH"];
        let expected = ["success_account_details_retrieved"].into_iter().chain(bands).chain(["ACCOUNT_IS_VALID"]);
        assert_eq!(moved, expected.collect::<Vec<_>>());
    }
}
