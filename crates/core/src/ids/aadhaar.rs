//! The Aadhaar number of the Unique Identification Authority: twelve digits, the first 2 to 9, the last a check digit.
//!
//! It goes out in the one call that asks by it and is shown nowhere: [`Aadhaar`] can only be exposed, and [`hide`] and [`masked`] take it
//! out of what a vendor sends; a verdict gives it back to who asked. What is refused is what the authority's scheme excludes, so a number that reads
//! the same backwards is only unusual. Nothing says whether the number is in use, and no hint says which digit would be right.
//! Source: UIDAI, A UID Numbering Scheme; contract section 2.6.

use super::draft::{ALL, Draft, Wrong};
use super::form::Form;
use super::row::{Row, Words};
use super::verdict::Reason;
use super::verhoeff;
use crate::{mask, pieces, script};

pub(super) const ROW: Row = Row {
    name: "aadhaar",
    labels: "AADHAAR|AADHAR|ADHAAR|ADHAR|UID|UIDAI",
    words: WORDS,
    form: Form::as_checked_number,
    check,
    mask: mask::aadhaar,
};

const DIGITS: usize = 12;
/// How many digits a masked number shows.
const SHOWN: usize = 4;
/// The most characters between two groups of four digits: ` - `.
const LONGEST_GAP: usize = 3;

secret_text! {
    /// A well-formed Aadhaar number.
    Aadhaar of Aadhaar,
    /// The field's rule: trimmed, twelve ASCII digits and nothing between them.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (not twelve characters), [`Reason::Format`] (no digit, or a first one below 2), [`Reason::Checksum`].
    parse
}

fn check(draft: &mut Draft<'_>) {
    check_digits(draft, DIGITS);
}

/// A virtual ID's rule as well: so many digits, the first of them not 0 or 1, the last by Verhoeff. A number that reads the same
/// backwards looks made up, but no rule of the authority's excludes it.
pub(super) fn check_digits(draft: &mut Draft<'_>, count: usize) {
    if !draft.shaped(count, count, |position, c| c.is_ascii_digit() && (position > 0 || c > '1')) {
        return;
    }
    let digits = draft.text;
    if !verhoeff::is_valid(digits) {
        return draft.blame(Wrong(Reason::Checksum, "", ALL));
    }
    if digits.bytes().eq(digits.bytes().rev()) {
        draft.sound.warn("warning_palindrome", "The number reads the same backwards, which is unusual.");
    }
}

/// What to do about a wrong check digit.
pub(super) const COMPARE: &str = "Compare each digit with the card or letter: one is wrong, or two are swapped.";
/// What to do about other characters than digits.
pub(super) const WHOLE: &str = "Enter digits only; a masked number, such as XXXX XXXX 1234, cannot be checked.";

const WORDS: Words = Words::Own(
    "An Aadhaar number",
    &[
        (Reason::Length, "An Aadhaar number has 12 digits.", "Enter all 12 digits. A virtual ID has 16, an enrolment number 14."),
        (Reason::Checksum, "The check digit of the Aadhaar number is wrong.", COMPARE),
        (Reason::Format, "An Aadhaar number has 12 digits and begins with 2 to 9.", WHOLE),
    ],
);

/// The text of a field for an Aadhaar number, which shows at most four digits: one that the vendor masked stays as it is.
#[must_use]
pub fn masked(text: &str) -> String {
    let digits = text.chars().filter(|&c| script::is_digit(c)).count();
    if digits > SHOWN { mask::aadhaar(text) } else { text.to_owned() }
}

/// Any text, with every Aadhaar number in it masked: twelve digits of any script by themselves, in one piece or in groups of four, whose check digit is right.
#[must_use]
pub fn hide(text: &str) -> String {
    let mut hidden = String::with_capacity(text.len());
    let (mut rest, mut before) = (text, ' ');
    while let Some(next) = rest.chars().next() {
        if let Some((number, after)) = number_at(rest).filter(|_| !script::is_digit(before)) {
            hidden.push_str(&mask::aadhaar(&number));
            (rest, before) = (after, '0');
        } else {
            hidden.push(next);
            (rest, before) = (rest.strip_prefix(next).unwrap_or_default(), next);
        }
    }
    hidden
}

/// The number that a text begins with, and what follows it.
fn number_at(text: &str) -> Option<(String, &str)> {
    let (mut number, mut rest) = (String::with_capacity(DIGITS), text);
    while number.len() < DIGITS {
        if !number.is_empty() && number.len().is_multiple_of(SHOWN) {
            rest = without_gap(rest);
        }
        let written = rest.chars().next()?;
        number.push(script::digit(written)?.0);
        rest = rest.strip_prefix(written)?;
    }
    let ends = !rest.starts_with(script::is_digit);
    (ends && Aadhaar::parse(&number).is_ok()).then_some((number, rest))
}

/// Whether an identifier is an Aadhaar number and nothing else, in one piece or in groups of four. (Not by [`number_at`], which reads every script: this is
/// shipped to browsers.)
pub(super) fn is_whole(identifier: &str) -> bool {
    let mut number = String::new();
    for group in pieces::between(identifier, b"-_").filter(|group| !group.is_empty()) {
        if group.len() != SHOWN && group.len() != DIGITS {
            return false;
        }
        number.push_str(group);
    }
    Aadhaar::parse(&number).is_ok()
}

/// What stands behind a few spaces or signs; the text itself where there are more.
fn without_gap(text: &str) -> &str {
    let behind = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let gap = text.strip_suffix(behind).map_or(0, |gap| gap.chars().count());
    if gap <= LONGEST_GAP { behind } else { text }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NUMBER: &str = "234123412346";

    #[test]
    fn twelve_digits_with_their_check_digit_are_a_number_and_nothing_else_is() {
        let reason = |text: &str| Aadhaar::parse(text).err().map(|fault| fault.reason);
        assert_eq!(reason(" 234123412346\n"), None);
        for (text, expected) in [
            (" ", Reason::Empty),
            ("23412341234", Reason::Length),
            ("2341 2341 2346", Reason::Length),
            ("134123412346", Reason::Format),
            ("23412341234X", Reason::Format),
            ("२३४१२३४१२३४६", Reason::Format),
            ("234123412345", Reason::Checksum),
        ] {
            assert_eq!(reason(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_number_is_hidden_in_whatever_text_it_stands() {
        for (text, expected) in [
            ("234123412346", "XXXX XXXX 2346"),
            ("2341 2341 2346", "XXXX XXXX 2346"),
            ("2341-2341-2346", "XXXX XXXX 2346"),
            ("2341 - 2341 - 2346.", "XXXX XXXX 2346."),
            ("UID:234123412346/999941057058", "UID:XXXX XXXX 2346/XXXX XXXX 7058"),
            ("no 12 2341 2341 2346x", "no 12 XXXX XXXX 2346x"),
            ("1234 2341 2341 2346", "1234 XXXX XXXX 2346"),
        ] {
            assert_eq!(hide(text), expected, "{text}");
        }
        for other in ["", "234123412345", "2341234123461", "0234123412346", "9876543210", "XXXXXXXX2346", "12 MG ROAD, ठाणे 400601"]
        {
            assert_eq!(hide(other), other);
        }
    }

    #[test]
    fn a_field_for_a_number_shows_at_most_four_digits() {
        assert_eq!(
            [masked(NUMBER), masked("123456789012"), masked("2341 2341 2346")],
            ["XXXX XXXX 2346", "XXXX XXXX 9012", "XXXX XXXX 2346"]
        );
        for kept in ["XXXXXXXX2346", "XXXX-XXXX-2346", "********2346", ""] {
            assert_eq!(masked(kept), kept);
        }
    }

    proptest! {
        #[test]
        fn no_text_keeps_the_number(before in "[^0-9]{0,8}", after in "[^0-9]{0,8}", gap in "[ .-]{0,2}") {
            // A digit of another script beside it makes it a longer number, which is none.
            prop_assume!(!before.ends_with(script::is_digit) && !after.starts_with(script::is_digit));
            let spaced = format!("{before}2341{gap}2341{gap}2346{after}");
            for shown in [hide(&format!("{before}{NUMBER}{after}")), hide(&spaced), masked(&spaced)] {
                prop_assert!(shown.chars().filter(char::is_ascii_digit).count() <= SHOWN, "{}", shown);
            }
        }

        #[test]
        fn hiding_twice_hides_no_more(text in "[0-9 -]{0,40}|\\PC{0,20}") {
            let once = hide(&text);
            prop_assert_eq!(hide(&once), once);
        }
    }
}
