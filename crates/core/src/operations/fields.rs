//! Reading the fields of a request, and collecting every fault on the way (contract section 2.4).
//!
//! Each field runs through the chain *missing, type, empty, length, format, value* and stops at its first fault; beside that fault,
//! characters that the vendor refuses are reported once per field. The faults are ordered by the document's key table, then by field. What is
//! sound is said in its one form, in the order in which it is read: that is the request's meaning. Nothing here is generic and no message is
//! formatted, for all of it is shipped to browsers.

use std::borrow::Cow;

use crate::ids::{Fault, Kind, Reason, ReferenceId};
use crate::json::{Datum, Node, Object, Record};
use crate::keys::{self, Source};
use crate::pieces;
use crate::problem::{FieldFault, Problem};
use crate::script;

/// The characters that document 001's `error_unsanitized_values` names, and no others.
const UNSANITIZED: &str = ".@#$%^&*!;:'\"~`?=+)(";

/// The longest line that is passed on, in characters: the documents name no bound, an audit trail needs one.
const LONGEST_LINE: usize = 255;

/// What a field's text has to be; it answers with the text's one form.
pub(super) type Rule = fn(&str) -> Result<String, Fault>;

/// The rank of a key that the document's table does not have, before its field: larger than the table. A rank counts so many fields for each key.
const BEHIND_ALL: usize = 10_000;
const FIELDS: usize = 1_000;

/// A request's fields while they are read.
pub(super) struct Fields<'a> {
    map: &'a dyn Object,
    order: &'static [&'static str],
    source: Source,
    /// The object whose fields are being read, where it is not the request itself.
    within: Option<&'static str>,
    unknown: Result<(), Problem>,
    faults: Vec<FieldFault>,
    /// The rank of each, so that it is found once.
    ranks: Vec<usize>,
    unsanitized: Vec<&'static str>,
    said: Record,
}

impl<'a> Fields<'a> {
    /// Opens a request; a field that the operation does not know is refused by name.
    pub(super) fn open(map: &'a dyn Object, known: &'static [&'static str], source: Source) -> Result<Self, Problem> {
        Problem::of_unknown(map, known, "").map_err(|problem| problem.worded(source))?;
        Ok(Self {
            map,
            order: known,
            source,
            within: None,
            unknown: Ok(()),
            faults: Vec::new(),
            ranks: Vec::new(),
            unsanitized: Vec::new(),
            said: Record::default(),
        })
    }

    /// Refuses what an object inside the request has beside the known fields: that goes before every other fault.
    pub(super) fn know(&mut self, object: &dyn Object, known: &[&str], place: &str) {
        if self.unknown.is_ok() {
            self.unknown = Problem::of_unknown(object, known, &[place, "."].concat());
        }
    }

    /// A field as it was sent; `None` where it was not.
    pub(super) fn sent(&self, field: &str) -> Option<Node<'a>> {
        self.map.get(field)
    }

    /// The value of a field; null counts as missing.
    pub(super) fn value(&self, field: &str) -> Option<Node<'a>> {
        self.sent(field).filter(|value| !value.is_null())
    }

    /// Adds a field to the meaning.
    pub(super) fn say(&mut self, field: &'static str, datum: Datum) {
        self.said.push(field, datum);
    }

    /// An object that is in the meaning already.
    pub(super) fn said_record(&self, field: &str) -> Option<&Record> {
        self.said.record(field)
    }

    /// Adds a text to the meaning.
    pub(super) fn say_text(&mut self, field: &'static str, text: &str) {
        self.say(field, Datum::Text(text.to_owned()));
    }

    /// Reports a fault under a key, in the words given or, for `""`, those of the operation's document, else the catalogue's.
    pub(super) fn fault(&mut self, field: &'static str, key: &str, message: &str) {
        let message = if message.is_empty() { keys::input_message(self.source, key) } else { message };
        self.add(FieldFault { field: self.path(field).into(), key: key.to_owned().into(), message: message.to_owned().into(), hint: None });
    }

    /// The field as the caller wrote it: inside an object behind its name and a dot.
    fn path(&self, field: &str) -> String {
        self.within.map_or_else(|| field.to_owned(), |object| [object, ".", field].concat())
    }

    /// The `known` fields of an object that must be there, as `read` reads them. Their faults have the path in `field`, and the field's own name in the key.
    pub(super) fn object(&mut self, field: &'static str, known: &[&str], read: fn(&mut Self)) {
        let inner = match self.value(field) {
            Some(Node::Object(inner)) => inner,
            Some(_) => return self.wrong(field, Reason::Type, "an object"),
            None => return self.missing(field),
        };
        self.know(inner, known, field);
        let outer = (std::mem::replace(&mut self.map, inner), std::mem::take(&mut self.said));
        self.within = Some(field);
        read(self);
        self.within = None;
        let inner = std::mem::replace(&mut self.said, outer.1);
        self.map = outer.0;
        self.say(field, Datum::Record(inner));
    }

    /// Reports a fault that no document names: `error_FIELD_REASON`.
    pub(super) fn reason(&mut self, field: &'static str, reason: Reason, message: &str) {
        self.fault(field, &reason.key(field), message);
    }

    /// Reports what a field should be: `rest` ends the sentence.
    pub(super) fn wrong(&mut self, field: &'static str, reason: Reason, rest: &str) {
        let message = ["Parameter ", &self.path(field), " should be ", rest, "."].concat();
        self.reason(field, reason, &message);
    }

    fn missing(&mut self, field: &'static str) {
        let message = missing_message(&self.path(field));
        self.reason(field, Reason::Missing, &message);
    }

    /// Reports a fault of a nested field, whose place says more than its key: `documents[1].data`, `error_documents_data_length`.
    pub(super) fn reason_at(&mut self, place: &str, name: &str, reason: Reason, rest: &str) {
        let message = match reason {
            Reason::Missing => missing_message(place),
            Reason::Empty => ["Parameter ", place, " cannot be empty."].concat(),
            _ => ["Parameter ", place, " should be ", rest, "."].concat(),
        };
        self.add(FieldFault { field: place.to_owned().into(), key: reason.key(name).into(), message: message.into(), hint: None });
    }

    /// Adds a fault in its place: by the document's key table, then by field, then as they come.
    fn add(&mut self, fault: FieldFault) {
        let field = pieces::between(&fault.field, b".[").next();
        let place = self.order.iter().position(|known| Some(*known) == field).map_or(0, |place| place.saturating_add(1));
        let key = keys::input_position(self.source, &fault.key).unwrap_or(BEHIND_ALL);
        let rank = key.saturating_mul(FIELDS).saturating_add(place);
        let at = self.ranks.iter().take_while(|known| **known <= rank).count();
        self.ranks.insert(at, rank);
        self.faults.insert(at, fault);
    }

    /// The caller's key: the same rules everywhere, in document 001's words.
    pub(super) fn reference_id(&mut self) {
        const FIELD: &str = "reference_id";
        let text = match self.value(FIELD) {
            None => return self.fault(FIELD, keys::REFERENCE_ID_MISSING_OR_NULL, ""),
            Some(Node::Text(text)) => text,
            Some(_) => return self.fault(FIELD, keys::INVALID_REFERENCE_ID, ""),
        };
        for fault in ReferenceId::faults(text) {
            match fault.reason {
                // An Aadhaar number and a check's own id are told so too.
                Reason::Unsanitized | Reason::Value | Reason::Checksum => self.unsanitized.push(FIELD),
                _ => self.fault(FIELD, &fault.key, ""),
            }
        }
        self.say_text(FIELD, trim(text));
    }

    /// A text that must be there, trimmed and not empty.
    pub(super) fn text(&mut self, field: &'static str) -> Option<&'a str> {
        if self.value(field).is_none() {
            self.missing(field);
            return None;
        }
        self.optional_text(field)
    }

    /// A text that must be there and not be empty, where the document has a key for both.
    pub(super) fn text_or(&mut self, field: &'static str, empty: &str) -> Option<&'a str> {
        match self.value(field) {
            Some(Node::Text(text)) if is_blank(text) => {}
            None => {}
            Some(_) => return self.optional_text(field),
        }
        self.fault(field, empty, "");
        None
    }

    /// A text that may be left out, trimmed and not empty where it is there. An explicit null is no text.
    pub(super) fn optional_text(&mut self, field: &'static str) -> Option<&'a str> {
        match self.sent(field)? {
            Node::Text(text) if is_blank(text) => {
                let message = ["Parameter ", &self.path(field), " cannot be empty."].concat();
                self.reason(field, Reason::Empty, &message);
            }
            Node::Text(text) => return Some(trim(text)),
            _ => self.wrong(field, Reason::Type, "a string"),
        }
        None
    }

    /// Notes a text that holds characters the vendor refuses.
    pub(super) fn sanitize(&mut self, field: &'static str) {
        if let Some(Node::Text(text)) = self.sent(field)
            && pieces::at_first(trim(text), UNSANITIZED.as_bytes()).is_some()
        {
            self.unsanitized.push(field);
        }
    }

    /// Why something is asked, for the audit trail: one line of text.
    pub(super) fn purpose(&mut self, field: &'static str) {
        if let Some(text) = self.text(field) {
            self.line(field, text);
        }
    }

    /// The same, for a text that may be left out.
    pub(super) fn optional_line(&mut self, field: &'static str) {
        if let Some(text) = self.optional_text(field) {
            self.line(field, text);
        }
    }

    /// One line of at most [`LONGEST_LINE`] characters.
    pub(super) fn line(&mut self, field: &'static str, text: &str) {
        if text.chars().count() > LONGEST_LINE {
            self.wrong(field, Reason::Length, "at most 255 characters long");
        } else if script::has_hidden(text) {
            self.wrong(field, Reason::Format, "one line of text");
        } else {
            self.say_text(field, text);
        }
    }

    /// One of the words given, exactly; an empty text is told to be missing.
    pub(super) fn word(&mut self, field: &'static str, text: &str, words: &[&'static str]) -> Option<&'static str> {
        let known = words.iter().find(|word| **word == text).copied();
        let reason = if text.is_empty() { Reason::Missing } else { Reason::Value };
        match known {
            Some(word) => self.say_text(field, word),
            None => self.wrong(field, reason, &["one of ", &pieces::listed(words)].concat()),
        }
        known
    }

    /// An identifier in its field's strict form, under `error_FIELD_REASON`.
    pub(super) fn identifier(&mut self, field: &'static str, kind: Kind) {
        if let Some(text) = self.text(field) {
            self.judged(field, kind.read(text));
        }
    }

    /// The same, for a field that may be left out.
    pub(super) fn optional_identifier(&mut self, field: &'static str, kind: Kind) {
        if let Some(text) = self.optional_text(field) {
            self.judged(field, kind.read(text));
        }
    }

    /// What a field's text is, or its fault under `error_FIELD_REASON`.
    pub(super) fn judged(&mut self, field: &'static str, read: Result<String, Fault>) {
        match read {
            Ok(text) => self.say(field, Datum::Text(text)),
            Err(fault) => {
                let (key, message) = (fault.reason.key(field).into(), fault.message);
                // A hint that is put together quotes what was sent, which a problem never does.
                let hint = fault.hint.filter(|hint| matches!(hint, Cow::Borrowed(_)));
                self.add(FieldFault { field: self.path(field).into(), key, message, hint });
            }
        }
    }

    /// A boolean that may be left out; a null is not a boolean. Under document 001's key where the field has one there.
    pub(super) fn flag(&mut self, field: &'static str) -> Option<bool> {
        if let Node::Flag(flag) = self.sent(field)? {
            return Some(flag);
        }
        let documented = ["error_", field, "_type_not_boolean"].concat();
        if keys::input_position(self.source, &documented).is_some() {
            self.fault(field, &documented, "");
        } else {
            self.wrong(field, Reason::Type, "a boolean");
        }
        None
    }

    /// Ends the reading: what the request means, or one problem with every fault.
    pub(super) fn finish(mut self) -> Result<Record, Problem> {
        self.consent_record();
        self.report_unsanitized();
        std::mem::replace(&mut self.unknown, Ok(())).map_err(|problem| problem.worded(self.source))?;
        if self.faults.is_empty() { Ok(self.said) } else { Err(self.problem()) }
    }

    /// One entry per field; each names all of them (contract section 2.4), behind a colon where the document has no place for them (000).
    fn report_unsanitized(&mut self) {
        let names = pieces::listed(&self.unsanitized);
        let naming = keys::input_message_naming(self.source, keys::UNSANITIZED_VALUES, &names);
        let message = naming.unwrap_or_else(|| [keys::input_message(self.source, keys::UNSANITIZED_VALUES), ": ", &names].concat());
        for field in std::mem::take(&mut self.unsanitized) {
            self.fault(field, keys::UNSANITIZED_VALUES, &message);
        }
    }

    fn problem(self) -> Problem {
        let (key, title) = self.faults.first().map(|first| (first.key.clone(), first.message.clone())).unwrap_or_default();
        Problem { id: None, key, title, detail: None, retry_after: None, limit: None, errors: self.faults }
    }
}

fn missing_message(field: &str) -> String {
    ["Parameter ", field, " cannot be missing or null."].concat()
}

/// The problem of a request that only lacks this field.
pub(super) fn missing(field: &'static str) -> Problem {
    let (key, message) = (Reason::Missing.key(field), missing_message(field));
    let fault = FieldFault { field: field.into(), key: key.clone().into(), message: message.clone().into(), hint: None };
    Problem { id: None, key: key.into(), title: message.into(), detail: None, retry_after: None, limit: None, errors: vec![fault] }
}

/// A text without the characters that the vendor refuses: each becomes a space, and spaces are single.
pub(super) fn sanitized(text: &str) -> String {
    let words = text.split(|letter: char| letter.is_whitespace() || UNSANITIZED.contains(letter));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Whether a text says nothing: white space of any script is all that there is.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// Trims ASCII white space, the only normalisation of a field besides upper-casing (contract section 2.4).
pub(super) fn trim(text: &str) -> &str {
    text.trim_ascii()
}
