//! The parts of a CKYC record, their fields, and which of them must be there (document 003 section 4.3).
//!
//! One table. An empty text says "none", as in the document's own sample, and a field that may be left out may also be null; what is required is
//! what identifies the customer, the coded fields and the verifier. A field that the document does not name is refused by its place.

use super::rules::{self, Rule, Wrong};
use crate::ids::Reason;
use crate::json::{Datum, Node, Object, Record};
use crate::operations::fields::{Fields, is_blank, trim};
use crate::pieces;

/// One field of a part.
struct Field {
    name: &'static str,
    required: bool,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    /// A text under a rule.
    Text(Rule),
    /// A boolean.
    Flag,
    /// The number of an identity, whose rule depends on `id_type` beside it.
    IdentityNumber,
}

/// One part of the record: an object, or a list of at least one and at most so many.
struct Part {
    name: &'static str,
    most: Option<usize>,
    fields: &'static [Field],
}

const fn must(name: &'static str, rule: Rule) -> Field {
    Field { name, required: true, kind: Kind::Text(rule) }
}

const fn may(name: &'static str, rule: Rule) -> Field {
    Field { name, required: false, kind: Kind::Text(rule) }
}

const fn object(name: &'static str, fields: &'static [Field]) -> Part {
    Part { name, most: None, fields }
}

const fn list(name: &'static str, most: usize, fields: &'static [Field]) -> Part {
    Part { name, most: Some(most), fields }
}

#[rustfmt::skip]
static ADDRESS: &[Field] = &[
    must("line1", rules::text), may("line2", rules::text), may("line3", rules::text), must("city", rules::text), must("district", rules::text),
    must("state", rules::state), must("pincode", rules::pincode), must("country", rules::country), must("address_type", rules::code),
];

/// Every part, in the document's order.
#[rustfmt::skip]
static PARTS: &[Part] = &[
    object("verifier", &[
        must("name", rules::text), must("designation", rules::text), must("employee_code", rules::text), must("place", rules::text), must("date", rules::date),
    ]),
    object("individual_record", &[
        must("prefix", rules::text), must("first_name", rules::text), may("middle_name", rules::text), may("last_name", rules::text),
        may("maiden_prefix", rules::text), may("maiden_first_name", rules::text), may("maiden_middle_name", rules::text), may("maiden_last_name", rules::text),
        may("fathers_full_name", rules::text), may("mothers_full_name", rules::text), may("spouse_full_name", rules::text),
        must("date_of_birth", rules::date), must("gender", rules::gender), must("marital_status", rules::code), must("nationality", rules::country),
        must("residential_status", rules::code), must("occupation", rules::code), may("mobile_code", rules::calling_code), may("mobile", rules::mobile),
        may("email", rules::email),
    ]),
    object("disability_info", &[Field { name: "is_disabled", required: true, kind: Kind::Flag }]),
    object("current_address", ADDRESS),
    object("permanent_address", ADDRESS),
    object("poa", &[must("document_type", rules::code), must("document_number", rules::proof_number)]),
    object("kyc_verification_details", &[
        must("verification_type", rules::letter), must("verification_date", rules::date), must("verification_place", rules::text),
    ]),
    list("documents", 20, &[must("type", rules::word), must("format", rules::word), must("data", rules::base64)]),
    list("ids", 20, &[must("id_type", rules::word), Field { name: "id_number", required: true, kind: Kind::IdentityNumber }]),
];

/// Whether this is a field of a part, as keys name it: `documents_data`.
pub(crate) fn is_part(name: &str) -> bool {
    let holds = |part: &Part, name: &str| part.fields.iter().any(|field| field.name == name);
    PARTS.iter().any(|part| name.strip_prefix(part.name).and_then(|rest| rest.strip_prefix('_')).is_some_and(|rest| holds(part, rest)))
}

/// Reads every part into its one form; what is wrong is reported.
pub(super) fn read(fields: &mut Fields<'_>) {
    for part in PARTS {
        if let Some(datum) = part.read(fields) {
            fields.say(part.name, datum);
        }
    }
}

impl Part {
    fn read(&self, fields: &mut Fields<'_>) -> Option<Datum> {
        let wrong = match (self.most, fields.sent(self.name).unwrap_or(Node::Null)) {
            (_, Node::Null) => (Reason::Missing, "there"),
            (None, value) => return Some(Datum::Record(self.read_object(fields, self.name, value))),
            (Some(most), Node::List(list)) => match list.items() {
                items if items.is_empty() => (Reason::Empty, "a list of at least one"),
                items if items.len() > most => (Reason::Length, "a list of at most 20"),
                items => return Some(Datum::List(self.read_items(fields, items))),
            },
            _ => (Reason::Type, "a list"),
        };
        fields.reason_at(self.name, self.name, wrong.0, wrong.1);
        None
    }

    fn read_items(&self, fields: &mut Fields<'_>, items: Vec<Node<'_>>) -> Vec<Record> {
        let mut records = Vec::new();
        for (index, item) in (0..).zip(items) {
            let mut place = [self.name, "["].concat();
            pieces::push_number(&mut place, index, 10);
            place.push(']');
            records.push(self.read_object(fields, &place, item));
        }
        records
    }

    fn read_object(&self, fields: &mut Fields<'_>, place: &str, value: Node<'_>) -> Record {
        let mut record = Record::default();
        let Node::Object(map) = value else {
            fields.reason_at(place, self.name, Reason::Type, "an object");
            return record;
        };
        let known: Vec<_> = self.fields.iter().map(|field| field.name).collect();
        fields.know(map, &known, place);
        for field in self.fields {
            match field.read(map) {
                Ok(Some(datum)) => record.push(field.name, datum),
                Ok(None) => {}
                Err((reason, rest)) => {
                    let name = [self.name, "_", field.name].concat();
                    fields.reason_at(&[place, ".", field.name].concat(), &name, reason, rest);
                }
            }
        }
        record
    }
}

impl Field {
    /// The value in its one form; none where it may be left out and was.
    fn read(&self, map: &dyn Object) -> Result<Option<Datum>, Wrong> {
        let value = map.get(self.name).filter(|value| !value.is_null());
        match (self.kind, value) {
            (_, None) if self.required => Err((Reason::Missing, "there")),
            (_, None) => Ok(None),
            (Kind::Flag, Some(Node::Flag(flag))) => Ok(Some(Datum::Flag(flag))),
            (Kind::Flag, Some(_)) => Err((Reason::Type, "true or false")),
            (_, Some(Node::Text(text))) => self.text(map, trim(text)).map(|text| Some(Datum::Text(text))),
            (_, Some(_)) => Err((Reason::Type, "a string")),
        }
    }

    fn text(&self, map: &dyn Object, text: &str) -> Result<String, Wrong> {
        match self.kind {
            _ if is_blank(text) && self.required => Err((Reason::Empty, "filled in")),
            _ if is_blank(text) => Ok(String::new()),
            Kind::Text(rule) => rule(text),
            _ => {
                let kind = map.get("id_type").and_then(Node::text).map(|kind| trim(kind).to_ascii_uppercase());
                rules::identity_number(&kind.unwrap_or_default(), text)
            }
        }
    }
}
