//! The number of the elector's photo identity card (EPIC): three letters, six digits, a check digit.
//!
//! The letters stand for an assembly constituency. Before the Commission's electoral database the States numbered by hand, so the check digit of many
//! a genuine card is wrong: a warning, never a fault. Cards from before the present form name State, constituency, part and serial number,
//! as in `TN/01/003/0123456`; they are in use, and pass with a warning. Not checked: whether the card was issued.
//! Source: Election Commission of India, Handbook for Electoral Registration Officers 2008, chapter IX; its statement of 2 March 2025.

use super::draft::Draft;
use super::form::Form;
use super::luhn;
use super::row::{LOOKALIKES, Row, Words};
use super::verdict::Reason;
use crate::json::Datum;
use crate::mask;
use crate::pieces;

pub(super) const ROW: Row = Row { name: "voter_id", labels: "EPIC|VOTER|VOTERS|ELECTION", words: WORDS, form, check, mask: mask::account };

const CHARACTERS: usize = 10;
const LETTERS: usize = 3;
/// The longest old number, as the CKYC registry takes it.
const LONGEST: usize = 20;

secret_text! {
    /// A well-formed number of a voter's card, in capitals.
    VoterId of VoterId,
    /// The strict rule: trimmed, capitals and digits; an old number may have slashes.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (not ten characters, and no old number), [`Reason::Format`] (not three letters and seven digits).
    parse
}

fn check(draft: &mut Draft<'_>) {
    let number = draft.text;
    let is_legacy = is_legacy(number);
    if !is_legacy && !draft.shaped(CHARACTERS, CHARACTERS, fits) {
        return;
    }
    let sound = &mut draft.sound;
    sound.tell("legacy", Datum::Flag(is_legacy));
    sound.tell_text("series", number.get(..LETTERS).filter(|_| !is_legacy));
    if is_legacy {
        sound.warn("warning_voter_id_legacy", "This is the number of an old voter's card; newer ones have 3 letters and 7 digits.");
    } else if !number.get(LETTERS..).is_some_and(|digits| luhn::is_valid(digits, 10)) {
        let hint = "Compare each digit with the card. Some genuine cards have such a number.";
        let place = (LETTERS, CHARACTERS);
        sound.warn_at("warning_voter_id_checksum", "The check digit of the voter's card is not the usual one.", hint, place);
    }
}

/// A slash between the letters and the seven digits of today's number is no part of it.
fn form(form: &mut Form) {
    form.as_code();
    let text = form.text();
    let parts = pieces::at_first(&text, b"/").filter(|(series, digits)| series.len() == LETTERS && digits.len() == CHARACTERS - LETTERS);
    if parts.is_some_and(|(_, digits)| pieces::all(digits, u8::is_ascii_digit)) {
        form.remove_separators(|c| c == '/');
    }
}

fn fits(position: usize, c: char) -> bool {
    if position < LETTERS { c.is_ascii_uppercase() } else { c.is_ascii_digit() }
}

/// Whether this is the number of an old card: the letters of a State and two to four groups of digits behind slashes, or two letters and all the
/// digits in one.
fn is_legacy(text: &str) -> bool {
    let is_number = |group: &str, most| (1..=most).contains(&group.len()) && pieces::all(group, u8::is_ascii_digit);
    let slashed = pieces::at_first(text, b"/");
    let (state, digits) = slashed.unwrap_or_else(|| text.split_at_checked(2).unwrap_or_default());
    let groups = || pieces::between(digits, b"/");
    let numbered = match slashed {
        Some(_) => (2..=4).contains(&groups().count()) && text.len() <= LONGEST && groups().all(|group| is_number(group, 7)),
        None => digits.len() >= CHARACTERS && is_number(digits, 14),
    };
    numbered && matches!(state.len(), 2 | LETTERS) && pieces::all(state, u8::is_ascii_uppercase)
}

const WORDS: Words = Words::Own(
    "A voter's card number",
    &[
        (
            Reason::Length,
            "A voter's card number has 10 characters.",
            "Enter 3 letters and 7 digits, or an old card's number with its slashes.",
        ),
        (Reason::Format, "A voter's card number is 3 letters and 7 digits, such as WKH1186253.", LOOKALIKES),
    ],
);

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::super::Kind;
    use super::*;

    #[test]
    fn an_old_number_is_one_by_its_groups() {
        for text in [
            "TN/01/003/0123456",
            "WB/20/137/123456",
            "DL/04/123456",
            "AP/1/2/3/4567",
            "MH/12/034/0567890",
            "TN010030123456",
            "UP1406301234",
        ] {
            assert!(is_legacy(text), "{text}");
        }
        for text in [
            "",
            "/",
            "TN",
            "TN/",
            "TN/01",
            "TN/01/",
            "T/01/02",
            "TNAB/01/02",
            "TN/01/00A",
            "TN/01/12345678",
            "TN01/003/0123456",
            "TN123456789",
            "TN123456789012345",
            "ABC12345678",
            "ट/01/02",
        ] {
            assert!(!is_legacy(text), "{text}");
        }
    }

    #[test]
    fn a_wrong_check_digit_is_a_warning_where_it_stands() {
        let warnings = |text: &str| Kind::VoterId.drafted(text).sound.warnings;
        assert_eq!(warnings("WKH1186253"), []);
        let warning = warnings("YCV0189823").pop().unwrap();
        assert_eq!((warning.key.as_ref(), warning.span), ("warning_voter_id_checksum", Some((3, 10))));
    }
}
