//! One kind of identifier: its functions, and its words for what is wrong.
//!
//! What every kind says in the same way (a value is missing, no string, empty) is made of its noun here; its table has the rest, and
//! says it otherwise where it must. Keys that a document gives are its own. Source: contract section 2.4.

use super::draft::Draft;
use super::form::Form;
use super::verdict::{Fault, Reason};
use crate::pieces;

/// What to do about a wrong character where letters and digits have their places.
pub(super) const LOOKALIKES: &str = "Check for the letter O in place of the digit 0, and I of 1.";

/// One identifier's functions.
pub(super) struct Row {
    pub(super) name: &'static str,
    /// What people write in front of a value, in capitals and parted by `|`; empty for a kind of which nothing is taken off.
    pub(super) labels: &'static str,
    pub(super) words: Words,
    /// Brings a trimmed value into the rule's form.
    pub(super) form: fn(&mut Form),
    /// The strict rule.
    pub(super) check: fn(&mut Draft<'_>),
    pub(super) mask: fn(&str) -> String,
}

/// What is said of a wrong value.
pub(super) enum Words {
    /// The kind's noun with its article, and what is wrong and what to do about it (if it needs saying) by reason; the last for all others.
    Own(&'static str, &'static [Told]),
    /// The same under the keys of document 001. Its messages speak of a request's parameter, and are for whoever sends one: the operations have them.
    Documented(fn(Reason) -> &'static str, &'static str, &'static [Told]),
}

/// By reason: what is wrong, and what to do about it.
pub(super) type Told = (Reason, &'static str, &'static str);

impl Row {
    /// The fault of a whole value, in the kind's own words and under its key.
    #[inline(never)]
    pub(super) fn fault(&self, reason: Reason) -> Fault {
        let (key, noun, told) = match self.words {
            Words::Own(noun, told) => (reason.key(self.name).into(), noun, told),
            Words::Documented(key_of, noun, told) => (key_of(reason).into(), noun, told),
        };
        let own = told.iter().find(|(of, ..)| *of == reason);
        let bare = pieces::at_first(noun, b" ").map_or(noun, |(_, bare)| bare);
        let (parts, hint) = match (own, reason) {
            (None, Reason::Missing) => (["", noun, " is required."], ""),
            (None, Reason::Type) => (["", noun, " should be a string."], ""),
            (None, Reason::Empty) => (["The ", bare, " is empty."], ""),
            _ => own.or(told.last()).map_or_else(Default::default, |&(_, message, hint)| (["", message, ""], hint)),
        };
        let hint = if hint.is_empty() { None } else { Some(hint.into()) };
        Fault { reason, key, message: parts.concat().into(), hint, span: None }
    }
}
