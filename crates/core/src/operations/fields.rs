//! Reading the fields of a request, and collecting every fault on the way (contract section 2.4).
//!
//! Each field runs through the chain *missing, type, empty, length, format, value* and stops at its first fault; beside that fault,
//! characters that the vendor refuses are reported once per field. The faults are ordered by the document's key table, then by field.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::bank_verify::{BENEFICIARY, BENEFICIARY_FIELDS};
use crate::ids::{Fault, Reason, ReferenceId};
use crate::keys::{self, Source};
use crate::problem::{FieldFault, Problem};

/// The characters that document 001's `error_unsanitized_values` names, and no others.
const UNSANITIZED: &str = ".@#$%^&*!;:'\"~`?=+)(";

/// The longest line that is passed on, in characters: the documents name no bound, an audit trail needs one.
const LONGEST_LINE: usize = 255;

/// A request's fields while they are read.
pub(super) struct Fields<'a> {
    map: &'a Map<String, Value>,
    order: &'static [&'static str],
    source: Source,
    /// The object whose fields are being read, where it is not the request itself.
    within: Option<&'static str>,
    faults: Vec<FieldFault>,
    unsanitized: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// Opens a request; a field that the operation does not know is refused by name.
    pub(super) fn open(map: &'a Map<String, Value>, known: &'static [&'static str], source: Source) -> Result<Self, Problem> {
        Self::refuse_unknown(map, known).map_err(|problem| problem.worded(source))?;
        Ok(Self { map, order: known, source, within: None, faults: Vec::new(), unsanitized: Vec::new() })
    }

    fn refuse_unknown(map: &Map<String, Value>, known: &[&str]) -> Result<(), Problem> {
        Problem::of_unknown(map, known, "")?;
        for (object, known) in OBJECTS {
            if let Some(Value::Object(inner)) = map.get(*object) {
                Problem::of_unknown(inner, known, &format!("{object}."))?;
            }
        }
        Ok(())
    }

    /// The value of a field; null counts as missing.
    fn value(&self, field: &str) -> Option<&'a Value> {
        self.map.get(field).filter(|value| !value.is_null())
    }

    /// Reports a fault under a key, in the words given or, for `""`, those of the operation's document, else the catalogue's.
    pub(super) fn fault(&mut self, field: &'static str, key: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) {
        let (key, message) = (key.into(), message.into());
        let message = if message.is_empty() { Cow::Borrowed(keys::message_in(self.source, &key)) } else { message };
        self.faults.push(FieldFault { field: self.path(field), key, message });
    }

    /// The field as the caller wrote it: inside an object behind its name and a dot.
    fn path(&self, field: &'static str) -> Cow<'static, str> {
        self.within.map_or(field.into(), |object| format!("{object}.{field}").into())
    }

    /// The fields of an object that must be there, as `read` reads them. Their faults have the path in `field`, and the field's own name in the key.
    pub(super) fn object<T>(&mut self, field: &'static str, read: fn(&mut Self) -> Option<T>) -> Option<T> {
        let inner = match self.value(field) {
            Some(Value::Object(inner)) => inner,
            Some(_) => {
                self.reason(field, Reason::Type, format!("Parameter {field} should be an object."));
                return None;
            }
            None => {
                self.reason(field, Reason::Missing, missing_message(field));
                return None;
            }
        };
        let outer = std::mem::replace(&mut self.map, inner);
        self.within = Some(field);
        let found = read(self);
        (self.map, self.within) = (outer, None);
        found
    }

    /// Reports a fault that no document names: `error_FIELD_REASON`.
    pub(super) fn reason(&mut self, field: &'static str, reason: Reason, message: impl Into<Cow<'static, str>>) {
        self.fault(field, format!("error_{field}_{}", reason.as_str()), message);
    }

    /// Reports a fault of a nested field, whose place says more than its key: `documents[1].data`, `error_documents_data_length`.
    pub(super) fn reason_at(&mut self, place: &str, name: &str, reason: Reason, rest: &str) {
        let message = match reason {
            Reason::Missing => missing_message(place),
            Reason::Empty => format!("Parameter {place} cannot be empty."),
            _ => format!("Parameter {place} should be {rest}."),
        };
        let key = format!("error_{name}_{}", reason.as_str());
        self.faults.push(FieldFault { field: place.to_owned().into(), key: key.into(), message: message.into() });
    }

    /// The caller's key: the same rules everywhere, in document 001's words.
    pub(super) fn reference_id(&mut self) -> Option<ReferenceId> {
        const FIELD: &str = "reference_id";
        let text = match self.value(FIELD) {
            None => return self.refused(FIELD, "error_reference_id_missing_or_null"),
            Some(Value::String(text)) => text,
            Some(_) => return self.refused(FIELD, "error_invalid_reference_id"),
        };
        let faults = ReferenceId::faults(text);
        for fault in &faults {
            match fault.reason {
                Reason::Unsanitized => self.unsanitized.push(FIELD),
                _ => self.fault(FIELD, fault.key.clone(), ""),
            }
        }
        ReferenceId::parse(text).ok().filter(|_| faults.is_empty())
    }

    fn refused<T>(&mut self, field: &'static str, key: &'static str) -> Option<T> {
        self.fault(field, key, "");
        None
    }

    /// A text that must be there, trimmed and not empty.
    pub(super) fn text(&mut self, field: &'static str) -> Option<&'a str> {
        match self.value(field) {
            None => self.reason(field, Reason::Missing, missing_message(&self.path(field))),
            Some(_) => return self.optional_text(field),
        }
        None
    }

    /// A text that must be there and not be empty, where the document has a key for both.
    pub(super) fn text_or(&mut self, field: &'static str, empty: &'static str) -> Option<&'a str> {
        match self.value(field) {
            None => self.refused(field, empty),
            Some(Value::String(text)) if trim(text).is_empty() => self.refused(field, empty),
            Some(_) => self.optional_text(field),
        }
    }

    /// A text that may be left out, trimmed and not empty where it is there. An explicit null is no text.
    pub(super) fn optional_text(&mut self, field: &'static str) -> Option<&'a str> {
        match self.map.get(field)? {
            Value::String(text) => match trim(text) {
                "" => self.reason(field, Reason::Empty, format!("Parameter {} cannot be empty.", self.path(field))),
                text => return Some(text),
            },
            _ => self.reason(field, Reason::Type, format!("Parameter {} should be a string.", self.path(field))),
        }
        None
    }

    /// Notes a text that holds characters the vendor refuses.
    pub(super) fn sanitize(&mut self, field: &'static str) {
        if let Some(Value::String(text)) = self.map.get(field)
            && trim(text).contains(|letter| UNSANITIZED.contains(letter))
        {
            self.unsanitized.push(field);
        }
    }

    /// Why something is asked, for the audit trail: one line of text.
    pub(super) fn purpose(&mut self, field: &'static str) -> Option<String> {
        let text = self.text(field)?;
        self.line(field, text)
    }

    /// One line of at most [`LONGEST_LINE`] characters.
    pub(super) fn line(&mut self, field: &'static str, text: &str) -> Option<String> {
        if text.chars().count() > LONGEST_LINE {
            self.reason(field, Reason::Length, format!("Parameter {field} should be at most {LONGEST_LINE} characters long."));
            return None;
        }
        if text.chars().any(char::is_control) {
            self.reason(field, Reason::Format, format!("Parameter {field} should be one line of text."));
            return None;
        }
        Some(text.to_owned())
    }

    /// An identifier in its field's strict form, under `error_FIELD_REASON`.
    pub(super) fn identifier<T>(&mut self, field: &'static str, parse: fn(&str) -> Result<T, Fault>) -> Option<T> {
        let text = self.text(field)?;
        self.parsed(field, text, parse)
    }

    /// The same, for a field that may be left out.
    pub(super) fn optional_identifier<T>(&mut self, field: &'static str, parse: fn(&str) -> Result<T, Fault>) -> Option<T> {
        self.map.get(field)?;
        let text = self.optional_text(field)?;
        self.parsed(field, text, parse)
    }

    /// What a field's text is, or its fault under `error_FIELD_REASON`.
    pub(super) fn parsed<T>(&mut self, field: &'static str, text: &str, parse: fn(&str) -> Result<T, Fault>) -> Option<T> {
        parse(text).map_err(|fault| self.reason(field, fault.reason, fault.message)).ok()
    }

    /// A boolean that may be left out; a null is not a boolean. Under document 001's key where the field has one there.
    pub(super) fn flag(&mut self, field: &'static str) -> Option<bool> {
        let documented = format!("error_{field}_type_not_boolean");
        match self.map.get(field)? {
            Value::Bool(flag) => return Some(*flag),
            _ if keys::position(self.source, &documented).is_some() => self.fault(field, documented, ""),
            _ => self.reason(field, Reason::Type, format!("Parameter {field} should be a boolean.")),
        }
        None
    }

    /// The customer's consent in document 003: `"Y"` and `"N"`, or the booleans of [`Self::consent_flag`].
    pub(super) fn consent(&mut self, field: &'static str) {
        match self.value(field).and_then(Value::as_str).map(trim) {
            Some("Y") => {}
            Some("N") => self.fault(field, "error_false_consent", ""),
            _ => self.consent_flag(field),
        }
    }

    /// The customer's consent where it must be given: `true`; `false` says that it was not. Without it nothing is sent.
    pub(super) fn consent_flag(&mut self, field: &'static str) {
        match self.value(field) {
            Some(Value::Bool(true)) => {}
            Some(Value::Bool(false)) => self.fault(field, "error_false_consent", ""),
            None => self.fault(field, "error_empty_consent", ""),
            Some(Value::String(text)) if trim(text).is_empty() => self.fault(field, "error_empty_consent", ""),
            Some(_) => self.fault(field, "error_invalid_consent", ""),
        }
    }

    /// The record of the consent that the caller may send along: an object of texts.
    pub(super) fn consent_record(&mut self) {
        match self.map.get(CONSENT_RECORD) {
            None => {}
            Some(Value::Object(record)) => {
                for &(field, path) in CONSENT_RECORD_PATHS {
                    if record.get(field).is_some_and(|value| !value.is_string()) {
                        let key = format!("error_consent_record_{field}_type");
                        self.fault(path, key, format!("Parameter {path} should be a string."));
                    }
                }
            }
            Some(_) => self.reason(CONSENT_RECORD, Reason::Type, "Parameter consent_record should be an object."),
        }
    }

    /// Ends the reading: what was read, or one problem with every fault.
    pub(super) fn finish<T>(mut self, request: Option<T>) -> Result<T, Problem> {
        self.report_unsanitized();
        match request {
            Some(request) if self.faults.is_empty() => Ok(request),
            _ => Err(self.problem()),
        }
    }

    /// One entry per field; each names all of them (contract section 2.4), behind a colon where the document has no place for them (000).
    fn report_unsanitized(&mut self) {
        let names = self.unsanitized.join(", ");
        let words = keys::message_in(self.source, keys::UNSANITIZED_VALUES);
        let message = if words.contains("<key_name>") { words.replace("<key_name>", &names) } else { format!("{words}: {names}") };
        for field in std::mem::take(&mut self.unsanitized) {
            self.fault(field, keys::UNSANITIZED_VALUES, message.clone());
        }
    }

    fn problem(mut self) -> Problem {
        let (source, order) = (self.source, self.order);
        let place = |fault: &FieldFault| order.iter().position(|field| fault.field.split(['.', '[']).next() == Some(*field));
        self.faults.sort_by_key(|fault| (keys::position(source, &fault.key).unwrap_or(usize::MAX), place(fault)));
        let Some(first) = self.faults.first() else { return Problem::new(keys::INTERNAL) };
        let (key, title) = (first.key.clone(), first.message.clone());
        Problem { key, title, detail: None, retry_after: None, errors: self.faults }
    }
}

fn missing_message(field: &str) -> String {
    format!("Parameter {field} cannot be missing or null.")
}

/// The problem of a request that only lacks this field.
pub(super) fn missing(field: &'static str) -> Problem {
    let (key, message) = (format!("error_{field}_{}", Reason::Missing.as_str()), missing_message(field));
    let fault = FieldFault { field: field.into(), key: key.clone().into(), message: message.clone().into() };
    Problem { key: key.into(), title: message.into(), detail: None, retry_after: None, errors: vec![fault] }
}

/// The record of a consent, of every operation.
pub(crate) const CONSENT_RECORD: &str = "consent_record";
const CONSENT_RECORD_FIELDS: &[&str] = &["text_version", "granted_at", "channel"];
const CONSENT_RECORD_PATHS: &[(&str, &str)] =
    &[("text_version", "consent_record.text_version"), ("granted_at", "consent_record.granted_at"), ("channel", "consent_record.channel")];

/// The fields that are objects, and theirs.
const OBJECTS: &[(&str, &[&str])] = &[(CONSENT_RECORD, CONSENT_RECORD_FIELDS), (BENEFICIARY, BENEFICIARY_FIELDS)];

/// A text without the characters that the vendor refuses: each becomes a space, and spaces are single.
pub(super) fn sanitized(text: &str) -> String {
    let words = text.split(|letter: char| letter.is_whitespace() || UNSANITIZED.contains(letter));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Trims ASCII white space, the only normalisation of a field besides upper-casing (contract section 2.4).
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|letter: char| letter.is_ascii_whitespace())
}
