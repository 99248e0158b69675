//! The caller's own key of a request: 2 to 100 characters of `[A-Za-z0-9_-]`, case kept.
//!
//! It names one attempt of one thing (contract section 2.3); the vendor never sees it. It should hold no personal data,
//! and is shown as it is. Digits of other scripts are not folded: two spellings would be one key here and two elsewhere.
//! Length and characters are asked independently, because document 001 reports sanitation beside a field's other faults.
//! Source: document 001 (response keys), contract section 2.4.

use super::Row;
use super::field::Field;
use super::verdict::{Fault, Reason, Sound};
use crate::json::Record;
use crate::keys::{self, Source};
use crate::mask;

pub(super) const ROW: Row = Row { name: "reference_id", form: |_| (), check, fault, mask: show };

/// A caller's key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReferenceId(String);

impl ReferenceId {
    /// The field's rule.
    ///
    /// # Errors
    /// The first of [`ReferenceId::faults`].
    pub fn parse(input: &str) -> Result<Self, Fault> {
        match Self::faults(input).into_iter().next() {
            Some(fault) => Err(fault),
            None => Ok(Self(Field::of(input).text.to_owned())),
        }
    }

    /// Everything that is wrong with it: at most one of [`Reason::Empty`] and [`Reason::Length`], and beside it
    /// [`Reason::Unsanitized`]. Empty if nothing is.
    #[must_use]
    pub fn faults(input: &str) -> Vec<Fault> {
        let field = Field::of(input);
        let chain = match field.count() {
            0 => Some(fault(Reason::Empty)),
            2..=100 => None,
            _ => Some(fault(Reason::Length)),
        };
        let fits = |_, c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let unsanitized = field.offender(fits).map(|span| fault(Reason::Unsanitized).at(span));
        chain.into_iter().chain(unsanitized).collect()
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

fn check(text: &str) -> Result<Sound, Vec<Fault>> {
    let sound = |id: ReferenceId| Sound { masked: id.masked(), value: id.0, info: Record::default(), warnings: Vec::new() };
    ReferenceId::parse(text).map(sound).map_err(|_| ReferenceId::faults(text))
}

fn show(text: &str) -> String {
    ReferenceId::parse(text).map_or_else(|_| mask::account(text), |id| id.masked())
}

fn fault(reason: Reason) -> Fault {
    let (reason, key) = match reason {
        Reason::Missing => (reason, "error_reference_id_missing_or_null"),
        Reason::Type => (reason, "error_invalid_reference_id"),
        Reason::Empty => (reason, "error_empty_reference_id"),
        Reason::Length => (reason, "error_invalid_reference_id_length"),
        _ => (Reason::Unsanitized, keys::UNSANITIZED_VALUES),
    };
    Fault::keyed(reason, key, keys::input_message(Source::D001, key).replace("<key_name>", ROW.name))
}
