//! The Indian Financial System Code of a bank branch: four letters, a zero, six letters or digits.
//!
//! Issued by the Reserve Bank of India; the letters name the bank, the last six the branch. The fifth character is always
//! zero, reserved. Public, so no secret. Not checked here: whether the branch is listed (`crate::ifsc`). A code of a
//! merged bank is well-formed and passes with a warning. Source: document 003 section 8.5, RBI's NEFT list.

use super::Kind;
use super::draft::{ALL, Draft};
use super::form::Form;
use super::row::{LOOKALIKES, Row, Words};
use super::verdict::{Fault, Reason, Sound};
use crate::banks::{ASK_FOR_PASSBOOK, MergedBank, amalgamated, merged, payment_bank};
use crate::json::{Datum, Record};
use crate::mask;

pub(super) const ROW: Row = Row { name: "ifsc", labels: "IFSC|IFS", words: WORDS, form: Form::as_code, check, mask: show };

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
        let code = input.trim_ascii().as_bytes().try_into().ok().and_then(Self::of);
        code.ok_or_else(|| Kind::Ifsc.read(input).err().unwrap_or_else(|| Kind::Ifsc.fault(Reason::Format)))
    }

    /// The same rule for eleven bytes, without saying what is wrong. Look-ups in bulk take this way: nothing is allocated.
    #[must_use]
    pub fn of(mut code: [u8; CHARACTERS]) -> Option<Self> {
        for (position, byte) in code.iter_mut().enumerate() {
            *byte = byte.to_ascii_uppercase();
            if !fits(position, char::from(*byte)) {
                return None;
            }
        }
        Some(Self { code })
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
}

/// A public identifier shows itself; anything else that was typed into its box is no such identifier, and is masked.
fn show(text: &str) -> String {
    Kind::Ifsc.read(text).unwrap_or_else(|_| mask::account(text))
}

fn check(draft: &mut Draft<'_>) {
    draft.sound.value.make_ascii_uppercase();
    if !draft.shaped(CHARACTERS, CHARACTERS, fits) {
        return suggest_zero(draft);
    }
    let sound = &mut draft.sound;
    let bank = bank_of(draft.text).to_ascii_uppercase();
    sound.tell_text("bank_code", Some(&bank));
    if let Some(bank) = warn_of_merger(sound, &bank) {
        sound.tell_text("bank", Some(bank.bank));
        let mut successor = Record::from([("bank", bank.into.into())]);
        if !bank.new_prefix.is_empty() {
            successor.push("prefix", bank.new_prefix);
        }
        successor.push("since", bank.since);
        sound.tell("successor", Datum::Record(successor));
    }
}

fn bank_of(code: &str) -> &str {
    code.get(..4).unwrap_or_default()
}

/// Warns of a code whose bank has merged, and says which.
pub(super) fn warn_of_merger(sound: &mut Sound, code: &str) -> Option<&'static MergedBank> {
    let bank = amalgamated(bank_of(code))?;
    sound.warn_at("merged_ifsc", "", ASK_FOR_PASSBOOK, ALL);
    if let Some(warning) = sound.warnings.last_mut() {
        warning.message = [bank.bank, " has merged into ", bank.into, "."].concat().into();
    }
    Some(bank)
}

fn fits(position: usize, c: char) -> bool {
    match position {
        0..=3 => c.is_ascii_alphabetic(),
        4 => c == '0',
        _ => c.is_ascii_alphanumeric(),
    }
}

/// Where a zero for the letter O in the fifth place alone makes it well-formed, that is the hint.
fn suggest_zero(draft: &mut Draft<'_>) {
    let code = &draft.sound.value;
    let Some(branch) = code.get(4..).and_then(|rest| rest.strip_prefix('O')) else { return };
    let repaired = [bank_of(code), "0", branch].concat();
    if Kind::Ifsc.read(&repaired).is_ok()
        && let Some(fault) = draft.faults.last_mut()
    {
        fault.hint = Some(["The fifth character is the digit 0, not the letter O: ", &repaired, "?"].concat().into());
    }
}

const WORDS: Words = Words::Own(
    "An IFSC",
    &[
        (Reason::Length, "An IFSC has exactly 11 characters.", ""),
        (Reason::Format, "An IFSC is four letters, a zero and six letters or digits, such as SBIN0001234.", LOOKALIKES),
    ],
);
