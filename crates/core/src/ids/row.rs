//! One kind of identifier: its functions, and its words for what is wrong.
//!
//! What every kind says in the same way (a value is missing, no string, empty) is made of its noun here; its table has the rest, and
//! says it otherwise where it must. Keys and words that a document gives come from the catalogue. Source: contract section 2.4.

use super::draft::Draft;
use super::form::Form;
use super::verdict::{Fault, Issue, Reason};
use crate::keys::{self, Source};
use crate::pieces;

/// What to do about a wrong character where letters and digits have their places.
pub(super) const LOOKALIKES: &str = "Check for the letter O in place of the digit 0, and I of 1.";

/// One identifier's functions.
pub(super) struct Row {
    pub(super) name: &'static str,
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
    Own(&'static str, &'static [(Reason, &'static str, &'static str)]),
    /// The keys of document 001, under which the catalogue's messages speak of a request's parameter; and for verdicts, which speak of a value, as in
    /// [`Self::Own`].
    Documented(fn(Reason) -> &'static str, &'static str, &'static [(Reason, &'static str, &'static str)]),
}

impl Row {
    /// The fault of a whole value, in the kind's own words and under its key.
    pub(super) fn fault(&self, reason: Reason) -> Fault {
        match self.words {
            Words::Own(noun, told) => self.told(reason, noun, told),
            Words::Documented(key_of, ..) => {
                let key = key_of(reason);
                let naming = keys::input_message_naming(Source::D001, key, self.name);
                let message = naming.map_or_else(|| keys::input_message(Source::D001, key).into(), Into::into);
                Fault { reason, key: key.into(), message, hint: None, span: None }
            }
        }
    }

    /// The fault as a verdict tells it.
    pub(super) fn issue(&self, mut fault: Fault) -> Issue {
        if let Words::Documented(_, noun, told) = self.words {
            let own = self.told(fault.reason, noun, told);
            (fault.message, fault.hint) = (own.message, fault.hint.or(own.hint));
        }
        fault.into()
    }

    fn told(&self, reason: Reason, noun: &str, told: &[(Reason, &'static str, &'static str)]) -> Fault {
        let own = told.iter().find(|(of, ..)| *of == reason);
        let bare = pieces::at_first(noun, b" ").map_or(noun, |(_, bare)| bare);
        let (parts, hint) = match (own, reason) {
            (None, Reason::Missing) => (["", noun, " is required."], ""),
            (None, Reason::Type) => (["", noun, " should be a string."], ""),
            (None, Reason::Empty) => (["The ", bare, " is empty."], ""),
            _ => own.or(told.last()).map_or_else(Default::default, |&(_, message, hint)| (["", message, ""], hint)),
        };
        let hint = if hint.is_empty() { None } else { Some(hint.into()) };
        Fault { reason, key: reason.key(self.name).into(), message: parts.concat().into(), hint, span: None }
    }
}
