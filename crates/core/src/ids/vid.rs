//! The virtual ID that stands in for an Aadhaar number: sixteen digits, the last of them a check digit.
//!
//! The holder makes it, revokes it and makes another, so it identifies nobody for long; it is masked and kept secret all the same. Like an
//! Aadhaar number it does not begin with 0 or 1. Not checked: whether it is the one in force, for only the authority knows.
//! Source: UIDAI's circular of 10 January 2018 on virtual IDs (sixteen random digits, the last by Verhoeff).

use super::aadhaar;
use super::draft::Draft;
use super::form::Form;
use super::row::{Row, Words};
use super::verdict::Reason;
use crate::mask;

pub(super) const ROW: Row = Row { name: "vid", labels: "VID|VIRTUAL", words: WORDS, form: Form::as_checked_number, check, mask: mask::vid };

const DIGITS: usize = 16;

secret_text! {
    /// A well-formed virtual ID.
    Vid of Vid,
    /// The field's rule: trimmed, sixteen ASCII digits and nothing between them.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (not sixteen characters), [`Reason::Format`] (no digit, or a first one below 2), [`Reason::Checksum`].
    parse
}

fn check(draft: &mut Draft<'_>) {
    aadhaar::check_digits(draft, DIGITS);
}

const WORDS: Words = Words::Own(
    "A virtual ID",
    &[
        (Reason::Length, "A virtual ID has 16 digits.", "Enter all 16 digits. The Aadhaar number itself has 12."),
        (Reason::Checksum, "The check digit of the virtual ID is wrong.", aadhaar::COMPARE),
        (Reason::Format, "A virtual ID has 16 digits and begins with 2 to 9.", aadhaar::WHOLE),
    ],
);
