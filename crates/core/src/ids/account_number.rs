//! A bank account number: 6 to 18 digits, leading zeros significant.
//!
//! Each bank numbers as it likes; 18 digits is the bound of the Indian BBAN, and RBI's committee on uniform account numbers
//! found down to six. Under nine is unusual enough for a warning, no more. All zeros is no account. Never a number type:
//! a leading zero lost is another account. Not checked: a bank's own length or check digit, and whether the account exists.

use super::field::Field;
use super::form::Form;
use super::verdict::{Fault, Issue, Reason, Sound};
use super::{Row, checked};
use crate::json::Datum;
use crate::mask;
use crate::secret::Secret;

pub(super) const ROW: Row = Row {
    name: "account_number",
    form: Form::as_number,
    check: |text| checked(AccountNumber::parse(text), AccountNumber::sound),
    fault,
    mask: mask::account,
};

/// Shorter ones exist, but are unusual.
const USUAL: usize = 9;

/// A well-formed account number.
#[derive(Clone, PartialEq, Eq)]
pub struct AccountNumber(Secret<String>);

impl AccountNumber {
    /// The field's rule: trimmed digits.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (not 6 to 18 characters), [`Reason::Format`] (a character that is no digit), [`Reason::Value`] (all zeros).
    pub fn parse(input: &str) -> Result<Self, Fault> {
        let field = Field::of(input);
        field.shaped(6..=18, |_, c| c.is_ascii_digit(), fault)?;
        if field.text.chars().all(|c| c == '0') {
            return Err(fault(Reason::Value));
        }
        Ok(Self(Secret::new(field.text.to_owned())))
    }

    /// The digits.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// `XXXXXX7890`.
    #[must_use]
    pub fn masked(&self) -> String {
        mask::account(self.expose())
    }

    fn warnings(&self) -> Vec<Issue> {
        let unusual = self.expose().len() < USUAL;
        unusual.then_some(Issue::new("warning_account_number_short", "Account numbers under 9 digits are unusual.")).into_iter().collect()
    }

    fn sound(&self) -> Sound {
        let info = [("digits", Datum::Count(u32::try_from(self.expose().len()).unwrap_or(u32::MAX)))].into();
        Sound { value: self.expose().to_owned(), masked: self.masked(), info, warnings: self.warnings() }
    }
}

fn fault(reason: Reason) -> Fault {
    let message = match reason {
        Reason::Missing => "An account number is required.",
        Reason::Type => "An account number should be a string: leading zeros count.",
        Reason::Empty => "The account number is empty.",
        Reason::Length => "An account number has 6 to 18 digits.",
        Reason::Value => "An account number is not all zeros.",
        _ => "An account number has digits only.",
    };
    Fault::new(ROW.name, reason, message)
}
