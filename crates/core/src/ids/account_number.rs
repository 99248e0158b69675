//! A bank account number: 6 to 20 digits, leading zeros significant; or a virtual account's letters and digits.
//!
//! Each bank numbers as it likes; 18 digits is the bound of the Indian BBAN, and RBI's committee on uniform account numbers
//! found down to six. Under nine and over 18 are unusual enough for a warning, no more. All zeros is no account. A virtual account, which banks give
//! collecting firms for each payer, begins with the firm's letters: at least four, and has four digits or more at the end and ten characters in all; no IFSC, and no mask. Never a
//! number type: a leading zero lost is another account. Not checked: a bank's own length or check digit, and whether the account exists.

use super::Kind;
use super::aadhaar;
use super::draft::{ALL, Draft, Wrong};
use super::form::Form;
use super::row::{Row, Words};
use super::verdict::Reason;
use crate::json::Datum;
use crate::mask;
use crate::pieces;

pub(super) const ROW: Row = Row {
    name: "account_number",
    labels: "ACCOUNT|AC|ACC|ACCT|BANKACCOUNT",
    words: WORDS,
    form: Form::as_code,
    check,
    mask: mask::account,
};

/// Shorter ones exist, but are unusual.
const USUAL: usize = 9;
/// Longer ones are, too.
const LONGEST_USUAL: usize = 18;
const LONGEST: usize = 20;
const SHORTEST_VIRTUAL: usize = 10;

secret_text! {
    /// A well-formed account number.
    AccountNumber of AccountNumber,
    /// The field's rule: trimmed digits, or a virtual account's capitals and digits.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (not 6 to 20 characters), [`Reason::Format`] (a character that is no digit), [`Reason::Value`] (all zeros).
    parse
}

fn check(draft: &mut Draft<'_>) {
    let is_virtual = is_virtual(draft.text);
    if !is_virtual && !draft.shaped(6, LONGEST, |_, c| c.is_ascii_digit()) {
        return;
    }
    let digits = draft.text.bytes().filter(u8::is_ascii_digit).count();
    if pieces::all(draft.text, |&byte| byte == b'0') {
        return draft.blame(Wrong(Reason::Value, "", ALL));
    }
    draft.sound.tell("digits", Datum::Count(u32::try_from(digits).unwrap_or(u32::MAX)));
    if is_virtual {
        draft.sound.warn("warning_account_number_virtual", "Only virtual accounts have letters in their number.");
    } else if digits < USUAL {
        draft.sound.warn("warning_account_number_short", "Account numbers under 9 digits are unusual.");
    } else if digits > LONGEST_USUAL {
        draft.sound.warn("warning_account_number_long", "Account numbers over 18 digits are unusual.");
    }
}

/// Whether it is a virtual account's number, and not something else of letters and digits.
fn is_virtual(text: &str) -> bool {
    let (front, back) = (text.get(..4).unwrap_or_default(), text.get(text.len().saturating_sub(4)..).unwrap_or_default());
    let is_shaped =
        (SHORTEST_VIRTUAL..=LONGEST).contains(&text.len()) && pieces::all(text, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    is_shaped
        && front.len() == 4
        && pieces::all(front, u8::is_ascii_uppercase)
        && pieces::all(back, u8::is_ascii_digit)
        && !text.starts_with("XX")
        && Kind::Ifsc.read(text).is_err()
}

const WORDS: Words = Words::Own(
    "An account number",
    &[
        (Reason::Type, "An account number should be a string: leading zeros count.", ""),
        (Reason::Length, "An account number has 6 to 20 digits.", ""),
        (Reason::Value, "An account number is not all zeros.", ""),
        (Reason::Format, "An account number has digits only.", aadhaar::WHOLE),
    ],
);
