//! The caller's own key of a request: 2 to 100 characters of `[A-Za-z0-9_-]`, case kept.
//!
//! It names one attempt of one thing (contract section 2.3); the vendor never sees it. One of the form of a check's own id is refused, and an Aadhaar number. It should hold no personal data,
//! and is shown as it is, unless it looks like somebody's number. Digits of other scripts are not folded: two spellings would be one key here and two elsewhere.
//! Length and characters are asked independently, because document 001 reports sanitation beside a field's other faults.
//! Source: document 001 (response keys), contract section 2.4.

use super::Kind;
use super::aadhaar;
use super::draft::{ALL, Draft, Wrong, one};
use super::form::Form;
use super::row::{Row, Told, Words};
use super::verdict::{Fault, Reason};
use crate::mask;

pub(super) const ROW: Row =
    Row { name: "reference_id", labels: "", words: Words::Documented(key, "A reference ID", TOLD), form: |_| (), check, mask: show };

/// From so many digits side by side on, a key may be a mobile, account or Aadhaar number.
const LONGEST_SHOWN: usize = 10;

/// A caller's key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReferenceId(String);

impl ReferenceId {
    /// The field's rule.
    ///
    /// # Errors
    /// The first of [`ReferenceId::faults`].
    pub fn parse(input: &str) -> Result<Self, Fault> {
        Kind::ReferenceId.read(input).map(Self)
    }

    /// Everything that is wrong with it: at most one of [`Reason::Empty`] and [`Reason::Length`], and beside it
    /// [`Reason::Unsanitized`]; or [`Reason::Value`] (a check's own id), [`Reason::Checksum`] (an Aadhaar number, by its check digit). Empty if nothing is.
    #[must_use]
    pub fn faults(input: &str) -> Vec<Fault> {
        Kind::ReferenceId.drafted(input).faults
    }

    /// The key itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key itself, which is the caller's own; one that may be somebody's number as `XXXXXX7890`.
    #[must_use]
    pub fn masked(&self) -> String {
        show(&self.0)
    }
}

fn check(draft: &mut Draft<'_>) {
    match draft.count() {
        0 => draft.blame(Wrong(Reason::Empty, "", ALL)),
        2..=100 => {}
        _ => draft.blame(Wrong(Reason::Length, "", ALL)),
    }
    if let Some(at) = draft.offender(&mut |_, c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) {
        draft.blame(Wrong(Reason::Unsanitized, "", one(at)));
    }
    if is_id(draft.text) {
        draft.blame(Wrong(Reason::Value, "", ALL));
    }
    // It stands in answers and in URLs.
    if aadhaar::is_whole(draft.text) {
        draft.blame(Wrong(Reason::Checksum, "", ALL));
    }
}

/// Whether it has the form of a check's own id (`chk_` and 32 hex digits), beside which it stands in a path.
fn is_id(text: &str) -> bool {
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.strip_prefix("chk_").is_some_and(|digits| digits.len() == 32 && digits.bytes().all(is_hex))
}

/// A key shows itself, unless it may be somebody's number in its place.
fn show(text: &str) -> String {
    Kind::ReferenceId.read(text).ok().filter(|key| !is_number(key)).unwrap_or_else(|| mask::account(text))
}

/// Whether ten digits stand side by side, or a PAN's five letters, four digits and a letter, or it is another kind's number; signs between do not count.
fn is_number(key: &str) -> bool {
    let mut form = Form::of(key);
    form.remove_separators(|c| matches!(c, '-' | '_'));
    form.upper_case();
    let key = form.text();
    let (mut letters, mut digits) = (0_usize, 0_usize);
    for byte in key.bytes() {
        if byte.is_ascii_digit() {
            digits = digits.saturating_add(1);
        } else {
            if letters >= 5 && digits == 4 {
                return true;
            }
            (letters, digits) = (if digits > 0 { 1 } else { letters.saturating_add(1) }, 0);
        }
        if digits == LONGEST_SHOWN {
            return true;
        }
    }
    [Kind::Gstin, Kind::VoterId, Kind::Passport].iter().any(|kind| kind.read(&key).is_ok())
}

const TOLD: &[Told] = &[
    (Reason::Length, "A reference ID has 2 to 100 characters.", ""),
    (Reason::Unsanitized, "A reference ID has letters from A to Z, digits, _ and - only.", ""),
    (Reason::Checksum, "An Aadhaar number cannot be a reference ID. Choose another.", ""),
    (Reason::Value, "A reference ID of this form would be a check's own ID. Choose another.", ""),
];

const fn key(reason: Reason) -> &'static str {
    match reason {
        Reason::Missing => "error_reference_id_missing_or_null",
        Reason::Type => "error_invalid_reference_id",
        Reason::Empty => "error_empty_reference_id",
        Reason::Length => "error_invalid_reference_id_length",
        _ => super::UNSANITIZED_VALUES,
    }
}
