//! The number of an Indian passport: a letter, a digit from 1 to 9, six digits.
//!
//! Printed on the page with the photograph. No letter is refused: sources disagree about which are left out, and the Passport
//! Authority has published no list. Not to be confused with the file number on the last page (two or more letters and some
//! twelve digits), which some vendors verify by. Not checked: whether the passport was issued or is still good.
//! Source: no official text was found; the form all sources agree on, ICAO Doc 9303 for its place on the page.

use super::draft::Draft;
use super::form::Form;
use super::row::{Row, Words};
use super::verdict::Reason;
use crate::mask;

pub(super) const ROW: Row = Row { name: "passport", words: WORDS, form: Form::as_code, check, mask: mask::account };

const CHARACTERS: usize = 8;

secret_text! {
    /// A well-formed passport number in capitals.
    Passport of Passport,
    /// The field's rule: trimmed, a capital letter and digits.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (not eight characters), [`Reason::Format`] (not a letter, 1 to 9, six digits).
    parse
}

fn check(draft: &mut Draft<'_>) {
    draft.shaped(CHARACTERS, CHARACTERS, fits);
}

fn fits(position: usize, c: char) -> bool {
    match position {
        0 => c.is_ascii_uppercase(),
        1 => matches!(c, '1'..='9'),
        _ => c.is_ascii_digit(),
    }
}

const WORDS: Words = Words::Own(
    "A passport number",
    &[
        (
            Reason::Length,
            "An Indian passport number has exactly 8 characters.",
            "It stands on the page with the photograph; the longer file number on the last page is another.",
        ),
        (Reason::Format, "An Indian passport number is a letter and seven digits, the first of them not 0, such as A1234567.", ""),
    ],
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_length_gets_told_from_the_file_number() {
        let hint = Passport::parse("BN1076543210123").err().and_then(|fault| fault.hint);
        assert!(hint.is_some_and(|hint| hint.contains("file number")));
    }
}
