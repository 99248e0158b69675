//! What the core says about a value: a fault (inward, with its reason) and a verdict (outward, as the contract shapes it).
//!
//! Neither ever repeats the value in a message. A [`Verdict`] has no `Debug`, for its value is personal data; a [`Fault`]
//! has one, for it holds none. Source: contract sections 2.4 and 3.

use std::borrow::Cow;

use super::Kind;
use super::draft::{ALL, Span};
use crate::json::{Datum, Record};

/// Which rule a value breaks, in the order in which rules are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Absent or null.
    Missing,
    /// Not a string.
    Type,
    /// Nothing but white space.
    Empty,
    /// Too short or too long.
    Length,
    /// A character that cannot stand where it stands.
    Format,
    /// Well-formed, but a part of it is impossible.
    Component,
    /// The check digit says no.
    Checksum,
    /// Well-formed, but the whole is impossible.
    Value,
    /// A character that document 001 bans from its strings.
    Unsanitized,
}

impl Reason {
    /// Those that a key `error_FIELD_REASON` may end in (contract section 2.4).
    pub const KEYED: &[Self] =
        &[Self::Missing, Self::Type, Self::Empty, Self::Length, Self::Format, Self::Component, Self::Checksum, Self::Value];

    /// The word that ends a key: `error_FIELD_REASON`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Type => "type",
            Self::Empty => "empty",
            Self::Length => "length",
            Self::Format => "format",
            Self::Component => "component",
            Self::Checksum => "checksum",
            Self::Value => "value",
            Self::Unsanitized => "unsanitized",
        }
    }

    /// The key of a fault that the documents do not name: `error_FIELD_REASON`.
    pub(crate) fn key(self, field: &str) -> String {
        ["error_", field, "_", self.as_str()].concat()
    }
}

/// Why a value is refused. Holds nothing of the value except where the offending part stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The broken rule.
    pub reason: Reason,
    /// The kind's response key: the document's where it names one, otherwise `error_KIND_REASON`.
    pub key: Cow<'static, str>,
    /// For a reader.
    pub message: Cow<'static, str>,
    /// What to do about it.
    pub hint: Option<Cow<'static, str>>,
    /// The offending part, in UTF-16 units of the original input.
    pub span: Option<Span>,
}

impl Fault {
    /// A fault whose key the documents do not name.
    pub(crate) fn new(kind: &str, reason: Reason, message: &'static str) -> Self {
        Self { reason, key: reason.key(kind).into(), message: message.into(), hint: None, span: None }
    }
}

/// A fault or a warning as callers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Machine-readable.
    pub key: Cow<'static, str>,
    /// For a reader.
    pub message: Cow<'static, str>,
    /// What to do about it.
    pub hint: Option<Cow<'static, str>>,
    /// The part that is meant, in UTF-16 units of the original input.
    pub span: Option<Span>,
}

impl Issue {
    pub(super) const fn new(key: &'static str, message: &'static str) -> Self {
        Self { key: Cow::Borrowed(key), message: Cow::Borrowed(message), hint: None, span: None }
    }
}

impl From<Fault> for Issue {
    fn from(fault: Fault) -> Self {
        Self { key: fault.key, message: fault.message, hint: fault.hint, span: fault.span }
    }
}

/// A value that passed, and what is known of it.
pub struct Sound {
    /// The canonical form.
    pub value: String,
    /// What may be shown.
    pub masked: String,
    /// What the value itself tells, by kind.
    pub info: Record,
    /// What was changed, and what is unusual.
    pub warnings: Vec<Issue>,
}

impl Sound {
    /// A value of which nothing more is known yet.
    pub(super) fn of(value: &str) -> Self {
        Self { value: value.to_owned(), masked: String::new(), info: Record::default(), warnings: Vec::new() }
    }

    /// Adds what the value tells of itself.
    pub(super) fn tell(&mut self, name: &'static str, datum: Datum) {
        self.info.push(name, datum);
    }

    /// Adds a text that the value tells of itself; null where it tells none.
    #[inline(never)]
    pub(super) fn tell_text(&mut self, name: &'static str, text: Option<&str>) {
        self.tell(name, text.into());
    }

    pub(super) fn warn(&mut self, key: &'static str, message: &'static str) {
        self.warn_at(key, message, "", ALL);
    }

    /// A warning with what to do about it (empty if there is nothing) and where, if anywhere: ASCII characters of the value.
    #[inline(never)]
    pub(super) fn warn_at(&mut self, key: &'static str, message: &'static str, hint: &'static str, place: (usize, usize)) {
        let mut issue = Issue::new(key, message);
        if !hint.is_empty() {
            issue.hint = Some(hint.into());
        }
        if place.0 < place.1 {
            issue.span = Some(place);
        }
        self.warnings.push(issue);
    }
}

/// The answer to "is this a KIND?".
pub enum Verdict {
    /// It is.
    Accepted(Kind, Sound),
    /// It is not. At least one issue.
    Refused(Kind, Vec<Issue>),
    /// There is no such kind; with the name that was asked for.
    UnknownKind(String),
}

impl Verdict {
    /// Whether the value passed.
    #[must_use]
    pub const fn is_ok(&self) -> bool {
        matches!(self, Self::Accepted(..))
    }
}

const NO_SUCH_KIND: Issue = Issue::new("error_kind_value", "There is no identifier of this kind.");

impl Verdict {
    /// As the contract shapes it.
    #[must_use]
    pub fn into_record(self) -> Record {
        let mut record = Record::from([("ok", self.is_ok().into())]);
        match self {
            Self::Accepted(kind, sound) => {
                record.push("kind", kind.name());
                record.push("value", sound.value);
                record.push("masked", sound.masked);
                record.push("info", sound.info);
                record.push("warnings", told(sound.warnings));
            }
            Self::Refused(kind, issues) => {
                record.push("kind", kind.name());
                record.push("issues", told(issues));
            }
            Self::UnknownKind(name) => {
                record.push("kind", name);
                record.push("issues", told(vec![NO_SUCH_KIND]));
            }
        }
        record
    }
}

fn told(issues: Vec<Issue>) -> Datum {
    let mut records = Vec::new();
    for issue in issues {
        records.push(issue.into_record());
    }
    Datum::List(records)
}

impl Issue {
    fn into_record(self) -> Record {
        let mut record = Record::default();
        record.push("key", self.key.into_owned());
        record.push("message", self.message.into_owned());
        if let Some(hint) = self.hint {
            record.push("hint", hint.into_owned());
        }
        if let Some((from, to)) = self.span {
            let unit = |unit: usize| u32::try_from(unit).unwrap_or(u32::MAX);
            record.push("span", Datum::Span((unit(from), unit(to))));
        }
        record
    }
}
