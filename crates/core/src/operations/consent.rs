//! The customer's consent in a request: that it was given, and the record of it that the caller may send along.

use super::fields::{Fields, is_blank, trim};
use crate::consent::{self, CONSENT_RECORD, FIELDS};
use crate::ids::Reason;
use crate::json::{Datum, Node};
use crate::keys;

/// What is said of a consent that is missing, and of one that is none, where the document takes a letter.
const NO_CONSENT: &str = "Consent cannot be null or empty. Hint: consent (\"Y\")";
const NO_LETTER: &str = "Consent should be the letter Y. Hint: consent (\"Y\")";

/// The fields of a record that are lists of texts; the others are texts.
const LISTS: [&str; 2] = ["purposes", "items"];

impl Fields<'_> {
    /// The customer's consent in document 003: `"Y"` and `"N"`, or the booleans of [`Self::consent_flag`]; it is said as `Y` or `true`.
    pub(super) fn consent(&mut self, said: Datum) {
        const FIELD: &str = "consent";
        match self.value(FIELD).and_then(Node::text).map(trim) {
            Some("Y") => {}
            Some("N") => self.fault(FIELD, keys::FALSE_CONSENT, ""),
            // Document 003 section 2 writes a letter where document 000, whose keys these are, writes a boolean.
            _ if matches!(said, Datum::Text(_)) => {
                self.consent_given(FIELD, |key| if key == keys::INVALID_CONSENT { NO_LETTER } else { NO_CONSENT });
            }
            _ => self.consent_given(FIELD, |_| ""),
        }
        self.say(FIELD, said);
    }

    /// The customer's consent where it must be given: `true`; `false` says that it was not. Without it nothing is sent.
    pub(super) fn consent_flag(&mut self) {
        const FIELD: &str = "consent";
        self.consent_given(FIELD, |_| "");
        self.say(FIELD, Datum::Flag(true));
    }

    /// `words`: the message of a key, or `""` for the document's.
    fn consent_given(&mut self, field: &'static str, words: fn(&str) -> &'static str) {
        let key = match self.value(field) {
            Some(Node::Flag(true)) => return,
            Some(Node::Flag(false)) => keys::FALSE_CONSENT,
            None => keys::EMPTY_CONSENT,
            Some(Node::Text(text)) if is_blank(text) => keys::EMPTY_CONSENT,
            Some(_) => keys::INVALID_CONSENT,
        };
        let message = if key == keys::FALSE_CONSENT { "" } else { words(key) };
        self.fault(field, key, message);
    }

    /// The record of the consent that the caller may send along, or the id of one that was recorded. It is no part of the meaning. Whether it is whole and good is its tenant's to ask
    /// ([`crate::consent`]): here its fields have their types.
    pub(super) fn consent_record(&mut self) {
        match self.sent(CONSENT_RECORD) {
            None => {}
            Some(Node::Text(id)) if consent::is_id(id) => {}
            Some(Node::Object(record)) => {
                self.know(record, &FIELDS, CONSENT_RECORD);
                for field in &FIELDS {
                    let is_list = LISTS.contains(field);
                    let is_sound = match record.get(field) {
                        None => true,
                        Some(Node::Text(_)) => !is_list,
                        Some(Node::List(list)) => is_list && list.items().iter().all(|item| item.text().is_some()),
                        Some(_) => false,
                    };
                    if !is_sound {
                        let place = [CONSENT_RECORD, ".", field].concat();
                        let name = [CONSENT_RECORD, "_", field].concat();
                        self.reason_at(&place, &name, Reason::Type, if is_list { "a list of texts" } else { "a string" });
                    }
                }
            }
            Some(_) => self.wrong(CONSENT_RECORD, Reason::Type, "an object"),
        }
    }
}
