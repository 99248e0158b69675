//! The number of an Indian passport: a letter and seven digits, or, of an e-passport, two letters and six digits.
//!
//! Printed on the page with the photograph. No letter is refused, and a 0 behind the letter is only unusual: sources disagree
//! about what is left out, and the Passport Authority has published no rule. Not to be confused with the file number on the last page (two or more letters and some
//! twelve digits), which some vendors verify by. Not checked: whether the passport was issued or is still good.
//! Source: no official text was found; the form all sources agree on, ICAO Doc 9303 for its place on the page.

use super::draft::{Draft, one};
use super::form::Form;
use super::row::{LOOKALIKES, Row, Words};
use super::verdict::Reason;
use crate::mask;

pub(super) const ROW: Row = Row { name: "passport", labels: "PASSPORT", words: WORDS, form: Form::as_code, check, mask: mask::account };

const CHARACTERS: usize = 8;

secret_text! {
    /// A well-formed passport number in capitals.
    Passport of Passport,
    /// The field's rule: trimmed, one or two capital letters and digits.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (not eight characters), [`Reason::Format`] (not one or two letters and digits).
    parse
}

fn check(draft: &mut Draft<'_>) {
    if draft.shaped(CHARACTERS, CHARACTERS, fits) && draft.text.as_bytes().get(1) == Some(&b'0') {
        draft.sound.warn_at("warning_passport_zero", "A 0 behind the letter of a passport number is unusual.", "", one(1));
    }
}

fn fits(position: usize, c: char) -> bool {
    (position < 2 && c.is_ascii_uppercase()) || (position > 0 && c.is_ascii_digit())
}

const WORDS: Words = Words::Own(
    "A passport number",
    &[
        (
            Reason::Length,
            "An Indian passport number has exactly 8 characters.",
            "It stands on the page with the photograph; the longer file number on the last page is another.",
        ),
        (
            Reason::Format,
            "An Indian passport number is a letter and seven digits, or two letters and six digits, such as A1234567.",
            LOOKALIKES,
        ),
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
