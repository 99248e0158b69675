//! A bank account number: 6 to 18 digits, leading zeros significant.
//!
//! Each bank numbers as it likes; 18 digits is the bound of the Indian BBAN, and RBI's committee on uniform account numbers
//! found down to six. Under nine is unusual enough for a warning, no more. All zeros is no account. Never a number type:
//! a leading zero lost is another account. Not checked: a bank's own length or check digit, and whether the account exists.

use super::aadhaar;
use super::draft::{ALL, Draft, Wrong};
use super::form::Form;
use super::row::{Row, Words};
use super::verdict::Reason;
use crate::json::Datum;
use crate::mask;
use crate::pieces;

pub(super) const ROW: Row = Row { name: "account_number", words: WORDS, form: Form::as_number, check, mask: mask::account };

/// Shorter ones exist, but are unusual.
const USUAL: usize = 9;

secret_text! {
    /// A well-formed account number.
    AccountNumber of AccountNumber,
    /// The field's rule: trimmed digits.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (not 6 to 18 characters), [`Reason::Format`] (a character that is no digit), [`Reason::Value`] (all zeros).
    parse
}

fn check(draft: &mut Draft<'_>) {
    if !draft.shaped(6, 18, |_, c| c.is_ascii_digit()) {
        return;
    }
    let digits = draft.text.len();
    if pieces::all(draft.text, |&byte| byte == b'0') {
        return draft.blame(Wrong(Reason::Value, "", ALL));
    }
    draft.sound.tell("digits", Datum::Count(u32::try_from(digits).unwrap_or(u32::MAX)));
    if digits < USUAL {
        draft.sound.warn("warning_account_number_short", "Account numbers under 9 digits are unusual.");
    }
}

const WORDS: Words = Words::Own(
    "An account number",
    &[
        (Reason::Type, "An account number should be a string: leading zeros count.", ""),
        (Reason::Length, "An account number has 6 to 18 digits.", ""),
        (Reason::Value, "An account number is not all zeros.", ""),
        (Reason::Format, "An account number has digits only.", aadhaar::WHOLE),
    ],
);
