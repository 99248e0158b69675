//! The virtual ID that stands in for an Aadhaar number: sixteen digits, the last of them a check digit.
//!
//! The holder makes it, revokes it and makes another, so it identifies nobody for long; it is masked and kept secret all the same. Like an
//! Aadhaar number it does not begin with 0 or 1. Not checked: whether it is the one in force, for only the authority knows.
//! Source: UIDAI's circular of 10 January 2018 on virtual IDs (sixteen random digits, the last by Verhoeff).

use super::field::Field;
use super::form::Form;
use super::verdict::{Fault, Reason, Sound};
use super::{Row, aadhaar, checked, verhoeff};
use crate::mask;
use crate::secret::Secret;

pub(super) const ROW: Row =
    Row { name: "vid", form: Form::as_number, check: |text| checked(Vid::parse(text), Vid::sound), fault, mask: mask::vid };

const DIGITS: usize = 16;

/// A well-formed virtual ID.
#[derive(Clone, PartialEq, Eq)]
pub struct Vid(Secret<String>);

impl Vid {
    /// The field's rule: trimmed, sixteen ASCII digits and nothing between them.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (not sixteen characters), [`Reason::Format`] (no digit, or a first one below 2), [`Reason::Checksum`].
    pub fn parse(input: &str) -> Result<Self, Fault> {
        let field = Field::of(input);
        field.shaped(DIGITS..=DIGITS, aadhaar::fits, fault)?;
        if !verhoeff::is_valid(field.text) {
            return Err(fault(Reason::Checksum));
        }
        Ok(Self(Secret::new(field.text.to_owned())))
    }

    /// The sixteen digits.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// `XXXX XXXX XXXX 1234`.
    #[must_use]
    pub fn masked(&self) -> String {
        mask::vid(self.expose())
    }

    fn sound(&self) -> Sound {
        Sound { warnings: aadhaar::unusual(self.expose()), ..Sound::of(self.expose(), self.masked()) }
    }
}

fn fault(reason: Reason) -> Fault {
    let told = match reason {
        Reason::Missing => ("A virtual ID is required.", ""),
        Reason::Type => ("A virtual ID should be a string.", ""),
        Reason::Empty => ("The virtual ID is empty.", ""),
        Reason::Length => ("A virtual ID has 16 digits.", "Enter all 16 digits. The Aadhaar number itself has 12."),
        Reason::Checksum => ("The check digit of the virtual ID is wrong.", aadhaar::COMPARE),
        _ => ("A virtual ID has 16 digits and begins with 2 to 9.", aadhaar::WHOLE),
    };
    Fault::told(ROW.name, reason, told)
}
