//! The rows of the catalogue that speak of a request before any vendor hears of it: all that the npm package carries of it.
//!
//! Derived from the tables by the compiler, so that nothing is written twice and nothing else is shipped to a browser.

use super::decentro::{d000, d001};
use super::{Meaning, Row, Source, gateway};
use crate::pieces;

/// The tables that have such rows; the words of the later ones stand in for an operation whose document has none (as [`super::public`] has it).
const TABLES: [&[Row]; 3] = [gateway::ROWS, d001::ROWS, d000::ROWS];

/// What is said of an input fault: by which document, under which key, in which words.
#[derive(Clone, Copy)]
struct Input {
    source: Source,
    key: &'static str,
    message: &'static str,
}

static INPUTS: [Input; COUNT] = inputs().0;
const COUNT: usize = inputs::<0>().1;

/// The first `N` such rows, and how many there are.
#[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "evaluated by the compiler: a mistake does not build")]
const fn inputs<const N: usize>() -> ([Input; N], usize) {
    let mut inputs = [Input { source: Source::GATEWAY, key: "", message: "" }; N];
    let (mut found, mut table) = (0, 0);
    while table < TABLES.len() {
        let mut row = 0;
        while row < TABLES[table].len() {
            let Row { source, key, message, meaning, .. } = TABLES[table][row];
            if matches!(meaning, Meaning::Input) && !stands_for_many(key) {
                if found < N {
                    inputs[found] = Input { source, key, message };
                }
                found += 1;
            }
            row += 1;
        }
        table += 1;
    }
    (inputs, found)
}

/// Whether a key is none but a pattern of keys, with capitals where these differ: `error_FIELD_REASON`. It is looked up by nobody.
#[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "evaluated by the compiler: a mistake does not build")]
const fn stands_for_many(key: &str) -> bool {
    let mut at = 0;
    while at < key.len() {
        if key.as_bytes()[at].is_ascii_uppercase() {
            return true;
        }
        at += 1;
    }
    false
}

/// The message of an input fault's key in the words of one document, where it has the key.
#[must_use]
pub fn input_message(source: Source, key: &str) -> &'static str {
    let named = || INPUTS.iter().filter(|row| row.key == key);
    named().find(|row| row.source == source).or_else(|| named().next()).map_or("", |row| row.message)
}

/// [`input_message`] with these names in the place that the document leaves for them; `None` where it leaves none.
#[must_use]
pub fn input_message_naming(source: Source, key: &str, names: &str) -> Option<String> {
    // The only such place is in angle brackets.
    let (before, rest) = pieces::at_first(input_message(source, key), b"<")?;
    let (_, after) = pieces::at_first(rest, b">")?;
    Some([before, names, after].concat())
}

/// The place of an input fault's key, which grows along its document's table: the order in which faults are reported (contract section 2.4).
#[must_use]
pub fn input_position(source: Source, key: &str) -> Option<usize> {
    INPUTS.iter().position(|row| row.key == key && row.source == source)
}

#[cfg(test)]
mod tests {
    use super::super::{message_in, rows};
    use super::*;

    #[test]
    fn the_words_of_an_input_fault_are_the_whole_catalogues() {
        for row in rows().filter(|row| row.meaning == Meaning::Input && !row.source.is_between_us && !stands_for_many(row.key)) {
            assert_eq!(input_message(row.source, row.key), row.message, "{}: name its table in TABLES", row.key);
        }
        for row in &INPUTS {
            for source in rows().map(|row| row.source) {
                assert_eq!(input_message(source, row.key), message_in(source, row.key), "{}", row.key);
            }
        }
    }

    #[test]
    fn input_faults_keep_the_order_of_their_document() {
        for source in [Source::D000, Source::D001] {
            let keys: Vec<_> = rows().filter(|row| row.source == source && row.meaning == Meaning::Input).map(|row| row.key).collect();
            let places: Vec<_> = keys.iter().map(|key| input_position(source, key)).collect();
            assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}");
        }
    }
}
