//! The number of a customer in the central KYC registry (KIN): fourteen digits, or `IN` and twelve digits, the reference that newer records have.
//!
//! Institutions print a letter before the fourteen digits that names the type of account (L simplified, S small, O opened by one-time password);
//! it is no part of the number and belongs to the lenient form. There is no check digit. A masked number, as a search shows it, is none.
//! Not checked: whether it was issued. Source: document 003 section 4.1; CERSAI, Central KYC Registry Operating Guidelines.

use super::field::Field;
use super::form::Form;
use super::verdict::{Fault, Reason, Sound};
use super::{Row, checked};
use crate::mask;
use crate::secret::Secret;

pub(super) const ROW: Row = Row { name: "kin", form, check: |text| checked(Kin::parse(text), Kin::sound), fault, mask: mask::kin };

const CHARACTERS: usize = 14;
const REFERENCE: &str = "IN";

/// A well-formed number of the registry.
#[derive(Clone, PartialEq, Eq)]
pub struct Kin(Secret<String>);

impl Kin {
    /// The strict rule: trimmed, fourteen digits, or `IN` and twelve.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (not fourteen characters), [`Reason::Format`].
    pub fn parse(input: &str) -> Result<Self, Fault> {
        let field = Field::of(input);
        field.shaped(CHARACTERS..=CHARACTERS, fits, fault)?;
        let digits = field.text.strip_prefix(REFERENCE).unwrap_or(field.text);
        if let Some(at) = digits.find(|c: char| !c.is_ascii_digit()) {
            return Err(fault(Reason::Format).at(field.span(at, at.saturating_add(1))));
        }
        Ok(Self(Secret::new(field.text.to_owned())))
    }

    /// The fourteen characters.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// `$XXXX1234$`.
    #[must_use]
    pub fn masked(&self) -> String {
        mask::kin(self.expose())
    }

    /// Whether it is the reference of a record, not the number of fourteen digits.
    #[must_use]
    pub fn is_reference(&self) -> bool {
        self.expose().starts_with(REFERENCE)
    }

    fn sound(&self) -> Sound {
        let mut sound = Sound::of(self.expose(), self.masked());
        sound.tell("is_reference", self.is_reference().into());
        sound
    }
}

fn fits(position: usize, c: char) -> bool {
    c.is_ascii_digit() || matches!((position, c), (0, 'I') | (1, 'N'))
}

fn fault(reason: Reason) -> Fault {
    let told = match reason {
        Reason::Missing => ("A CKYC number is required.", ""),
        Reason::Type => ("A CKYC number should be a string.", ""),
        Reason::Empty => ("The CKYC number is empty.", ""),
        Reason::Length => ("A CKYC number has 14 digits.", "Enter all 14 digits: a search shows the last four only."),
        _ => ("A CKYC number is 14 digits, or IN and 12 digits.", "Check for the letter O in place of the digit 0, and I of 1."),
    };
    Fault::told(ROW.name, reason, told)
}

fn form(form: &mut Form) {
    form.as_code();
    let text = form.text();
    let number = text.strip_prefix(['L', 'S', 'O']).filter(|rest| rest.len() == CHARACTERS);
    if number.is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit())) {
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
