//! The caller's own key of a request: 2 to 100 characters of `[A-Za-z0-9_-]`, case kept.
//!
//! It names one attempt of one thing (contract section 2.3); the vendor never sees it. It should hold no personal data,
//! and is shown as it is. Digits of other scripts are not folded: two spellings would be one key here and two elsewhere.
//! Length and characters are asked independently, because document 001 reports sanitation beside a field's other faults.
//! Source: document 001 (response keys), contract section 2.4.

use super::Kind;
use super::draft::{ALL, Draft, Wrong, one};
use super::row::{Row, Words};
use super::verdict::{Fault, Reason};
use crate::keys;
use crate::mask;

pub(super) const ROW: Row = Row { name: "reference_id", words: Words::Documented(key), form: |_| (), check, mask: show };

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
    /// [`Reason::Unsanitized`]. Empty if nothing is.
    #[must_use]
    pub fn faults(input: &str) -> Vec<Fault> {
        Kind::ReferenceId.drafted(input).faults
    }

    /// The key itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key itself: it is the caller's own, and tells nothing.
    #[must_use]
    pub fn masked(&self) -> String {
        self.0.clone()
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
}

fn show(text: &str) -> String {
    Kind::ReferenceId.read(text).unwrap_or_else(|_| mask::account(text))
}

const fn key(reason: Reason) -> &'static str {
    match reason {
        Reason::Missing => "error_reference_id_missing_or_null",
        Reason::Type => "error_invalid_reference_id",
        Reason::Empty => "error_empty_reference_id",
        Reason::Length => "error_invalid_reference_id_length",
        _ => keys::UNSANITIZED_VALUES,
    }
}
