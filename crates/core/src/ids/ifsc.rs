//! The Indian Financial System Code of a bank branch: four letters, a zero, six letters or digits.
//!
//! Issued by the Reserve Bank of India; the letters name the bank, the last six the branch. The fifth character is always
//! zero, reserved. Public, so no secret. Not checked here: whether the branch is listed ([`crate::ifsc`]). A code of a
//! merged bank is well-formed and passes with a warning. Source: document 003 section 8.5, RBI's NEFT list.

use super::field::Field;
use super::form::Form;
use super::verdict::{Fault, Issue, Reason, Sound};
use super::{Row, checked};
use crate::ifsc::{MergedBank, merged, payment_bank};
use crate::json::Record;
use crate::mask;

pub(super) const ROW: Row =
    Row { name: "ifsc", form: Form::as_code, check: |text| checked(Ifsc::parse(text), Ifsc::sound), fault, mask: show };

const CHARACTERS: usize = 11;

/// A well-formed IFSC in capitals.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Ifsc {
    code: [u8; CHARACTERS],
}

impl Ifsc {
    /// The field's rule: trimmed, ASCII upper-cased.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (not eleven characters), [`Reason::Format`] (not four letters, a zero, six letters or digits).
    pub fn parse(input: &str) -> Result<Self, Fault> {
        let field = Field::of(input);
        if let Ok(mut code) = <[u8; CHARACTERS]>::try_from(field.text.as_bytes()) {
            code.make_ascii_uppercase();
            if code.iter().enumerate().all(|(position, &byte)| fits(position, char::from(byte))) {
                return Ok(Self { code });
            }
        }
        Err(blame(&field))
    }

    /// The eleven characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.code).unwrap_or_default()
    }

    /// The same as bytes, all ASCII.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; CHARACTERS] {
        &self.code
    }

    /// The code itself: it is public.
    #[must_use]
    pub fn masked(&self) -> String {
        self.as_str().to_owned()
    }

    /// The first four letters.
    #[must_use]
    pub fn bank_code(&self) -> &str {
        self.as_str().get(..4).unwrap_or_default()
    }

    /// The merger that ended this code's bank, if one did.
    #[must_use]
    pub fn merged(&self) -> Option<&'static MergedBank> {
        merged(self.bank_code())
    }

    /// The name of the payments bank that this code belongs to, if it does.
    #[must_use]
    pub fn payment_bank(&self) -> Option<&'static str> {
        payment_bank(self.bank_code())
    }

    pub(super) fn sound(&self) -> Sound {
        let mut info = Record::from([("bank_code", self.bank_code().into())]);
        let mut warnings = Vec::new();
        if let Some(bank) = self.merged() {
            info.push("bank", bank.bank);
            info.push("successor", Record::from([("bank", bank.into.into()), ("prefix", bank.new_prefix.into())]));
            let message = [bank.bank, " has merged into ", bank.into, "."].concat();
            warnings.push(Issue {
                message: message.into(),
                hint: Some(crate::ifsc::ASK_FOR_PASSBOOK.into()),
                ..Issue::new("merged_ifsc", "")
            });
        }
        Sound { value: self.masked(), masked: self.masked(), info, warnings }
    }
}

/// A public identifier shows itself; anything else that was typed into its box is no such identifier, and is masked.
fn show(text: &str) -> String {
    Ifsc::parse(text).map_or_else(|_| mask::account(text), |code| code.masked())
}

/// What is wrong with a text that is no IFSC.
fn blame(field: &Field<'_>) -> Fault {
    match field.count() {
        0 => return fault(Reason::Empty),
        CHARACTERS => {}
        _ => return fault(Reason::Length),
    }
    let fault = match field.offender(fits) {
        Some(span) => fault(Reason::Format).at(span),
        None => fault(Reason::Format),
    };
    match with_zero(&field.text.to_ascii_uppercase()) {
        Some(repaired) => fault.hint(format!("The fifth character is the digit 0, not the letter O: {repaired}?")),
        None => fault,
    }
}

fn fits(position: usize, c: char) -> bool {
    match position {
        0..=3 => c.is_ascii_alphabetic(),
        4 => c == '0',
        _ => c.is_ascii_alphanumeric(),
    }
}

/// The code with a zero for the letter O in the fifth place, if that alone makes it well-formed.
fn with_zero(code: &str) -> Option<String> {
    let swap = |(position, c)| if position == 4 && c == 'O' { '0' } else { c };
    let repaired: String = code.chars().enumerate().map(swap).collect();
    repaired.chars().enumerate().all(|(position, c)| fits(position, c)).then_some(repaired)
}

fn fault(reason: Reason) -> Fault {
    let message = match reason {
        Reason::Missing => "An IFSC is required.",
        Reason::Type => "An IFSC should be a string.",
        Reason::Empty => "The IFSC is empty.",
        Reason::Length => "An IFSC has exactly 11 characters.",
        _ => "An IFSC is four letters, a zero and six letters or digits, such as SBIN0001234.",
    };
    Fault::new(ROW.name, reason, message)
}
