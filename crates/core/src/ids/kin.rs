//! The number of a customer in the central KYC registry (KIN): fourteen digits, or `IN` and twelve digits, the reference that newer records have.
//!
//! Institutions print a letter before the fourteen digits that names the type of account (L simplified, S small, O opened by one-time password);
//! it is no part of the number and belongs to the lenient form. There is no check digit. A masked number, as a search shows it, is none.
//! Not checked: whether it was issued. Source: document 003 section 4.1; CERSAI, Central KYC Registry Operating Guidelines.

use super::draft::{Draft, Wrong, one};
use super::form::Form;
use super::row::{LOOKALIKES, Row, Words};
use super::verdict::Reason;
use crate::json::Datum;
use crate::mask;
use crate::pieces;

pub(super) const ROW: Row = Row { name: "kin", labels: "KIN|CKYC", words: WORDS, form, check, mask: mask::kin };

const CHARACTERS: usize = 14;
const REFERENCE: &str = "IN";

secret_text! {
    /// A well-formed number of the registry.
    Kin of Kin,
    /// The strict rule: trimmed, fourteen digits, or `IN` and twelve.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (not fourteen characters), [`Reason::Format`].
    parse
}

impl Kin {
    /// Whether it is the reference of a record, not the number of fourteen digits.
    #[must_use]
    pub fn is_reference(&self) -> bool {
        self.expose().starts_with(REFERENCE)
    }
}

fn check(draft: &mut Draft<'_>) {
    if !draft.shaped(CHARACTERS, CHARACTERS, fits) {
        return;
    }
    let digits = draft.text.strip_prefix(REFERENCE).unwrap_or(draft.text);
    if let Some(at) = digits.bytes().position(|byte| !byte.is_ascii_digit()) {
        return draft.blame(Wrong(Reason::Format, "", one(at)));
    }
    if pieces::all(digits, |&byte| byte == b'0') {
        draft.sound.warn("warning_kin_zeros", "A CKYC number of zeros alone is unusual.");
    }
    draft.sound.tell("is_reference", Datum::Flag(digits.len() < CHARACTERS));
}

fn fits(position: usize, c: char) -> bool {
    c.is_ascii_digit() || matches!((position, c), (0, 'I') | (1, 'N'))
}

const WORDS: Words = Words::Own(
    "A CKYC number",
    &[
        (Reason::Length, "A CKYC number has 14 digits.", "Enter all 14 digits: a search shows the last four only."),
        (Reason::Format, "A CKYC number is 14 digits, or IN and 12 digits.", LOOKALIKES),
    ],
);

fn form(form: &mut Form) {
    form.as_code();
    let text = form.text();
    let number = text.get(1..).filter(|rest| text.starts_with(['L', 'S', 'O']) && rest.len() == CHARACTERS);
    if number.is_some_and(|rest| pieces::all(rest, u8::is_ascii_digit)) {
        form.drop_front(1);
        form.warn("warning_account_letter_removed", "The letter before the number, which names the type of account, was removed.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i_and_n_are_good_together_only() {
        let span = |text: &str| Kin::parse(text).err().and_then(|fault| fault.span);
        assert!(Kin::parse("IN123456789012").is_ok_and(|kin| kin.is_reference()));
        assert_eq!(span("I1234567890123"), Some((0, 1)));
        assert_eq!(span(" 1N234567890123"), Some((2, 3)));
    }
}
