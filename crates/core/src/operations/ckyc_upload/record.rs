//! The parts of a CKYC record, their fields, and which of them must be there (document 003 section 4.3).
//!
//! One table. An empty text says "none", as in the document's own sample, and a field that may be left out may also be null; what is required is
//! what identifies the customer, the coded fields and the verifier. A field that the document does not name is refused by its place.

use super::rules::{self, Rule, Wrong};
use crate::ids::Reason;
use crate::json::{Datum, Node, Object, Record};
use crate::operations::fields::{Fields, is_blank, trim};
use crate::pieces;
use crate::time::digital_parts;

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
    /// A text whose rule depends on the country beside it.
    Local(Local),
}

/// What a text is at home and abroad. Abroad it may be empty or missing: many countries have no postal codes, states or districts.
#[derive(Clone, Copy)]
struct Local {
    /// The field that says where: a country, or its calling code.
    place: &'static str,
    /// What it says at home, and by being empty.
    home: &'static str,
    rule: Rule,
    abroad: Rule,
}

const IN_INDIA: (&str, &str) = ("country", "IN");

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

const fn local(name: &'static str, required: bool, (place, home): (&'static str, &'static str), rule: Rule, abroad: Rule) -> Field {
    Field { name, required, kind: Kind::Local(Local { place, home, rule, abroad }) }
}

const fn object(name: &'static str, fields: &'static [Field]) -> Part {
    Part { name, most: None, fields }
}

const fn list(name: &'static str, most: usize, fields: &'static [Field]) -> Part {
    Part { name, most: Some(most), fields }
}

#[rustfmt::skip]
static ADDRESS: &[Field] = &[
    must("line1", rules::text), may("line2", rules::text), may("line3", rules::text), must("city", rules::text),
    local("district", true, IN_INDIA, rules::text, rules::text), local("state", true, IN_INDIA, rules::state, rules::text),
    local("pincode", true, IN_INDIA, rules::pincode, rules::postal_code), must("country", rules::country), must("address_type", rules::code),
];

/// Every part, in the document's order.
#[rustfmt::skip]
static PARTS: &[Part] = &[
    object("verifier", &[
        must("name", rules::name), must("designation", rules::text), must("employee_code", rules::text), must("place", rules::text), must("date", rules::date),
    ]),
    object("individual_record", &[
        must("prefix", rules::name), must("first_name", rules::name), may("middle_name", rules::name), may("last_name", rules::name),
        may("maiden_prefix", rules::name), may("maiden_first_name", rules::name), may("maiden_middle_name", rules::name), may("maiden_last_name", rules::name),
        may("fathers_full_name", rules::name), may("mothers_full_name", rules::name), may("spouse_full_name", rules::name),
        must("date_of_birth", rules::date), must("gender", rules::gender), must("marital_status", rules::code), must("nationality", rules::country),
        must("residential_status", rules::code), must("occupation", rules::code), may("mobile_code", rules::calling_code), local("mobile", false, ("mobile_code", "91"), rules::mobile, rules::foreign_mobile),
        may("email", rules::email),
    ]),
    object("disability_info", &[Field { name: "is_disabled", required: true, kind: Kind::Flag }]),
    object("current_address", ADDRESS),
    object("permanent_address", ADDRESS),
    object("poa", &[must("document_type", rules::code), must("document_number", rules::proof_number)]),
    object("kyc_verification_details", &[
        must("verification_type", rules::letter), must("verification_date", rules::date), must("verification_place", rules::text),
    ]),
    list("documents", 20, &[must("type", rules::document_type), must("format", rules::format), must("data", rules::base64)]),
    list("ids", 20, &[must("id_type", rules::id_type), Field { name: "id_number", required: true, kind: Kind::IdentityNumber }]),
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
            if part.name == "kyc_verification_details"
                && let Datum::Record(details) = &datum
            {
                born_before(fields, details);
            }
            fields.say(part.name, datum);
        }
    }
}

/// Nobody is verified before they are born. (Whether a day has come is not judged: there is no clock.)
fn born_before(fields: &mut Fields<'_>, details: &Record) {
    const FIELD: &str = "date_of_birth";
    let day = |record: Option<&Record>, field: &str| record.and_then(|record| digital_parts(record.text(field)?, '-'));
    let born = day(fields.said_record(PERSON), FIELD);
    if let (Some(born), Some(verified)) = (born, day(Some(details), "verification_date"))
        && born > verified
    {
        let (place, name) = ([PERSON, ".", FIELD].concat(), [PERSON, "_", FIELD].concat());
        fields.reason_at(&place, &name, Reason::Value, "not after the date of the verification");
    }
}

/// The part with the person's own fields.
const PERSON: &str = "individual_record";

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

impl Local {
    fn is_abroad(&self, map: &dyn Object) -> bool {
        let place = map.get(self.place).and_then(Node::text).map(trim).unwrap_or_default();
        !place.is_empty() && !place.eq_ignore_ascii_case(self.home)
    }
}

impl Field {
    fn is_required(&self, map: &dyn Object) -> bool {
        self.required && !matches!(self.kind, Kind::Local(local) if local.is_abroad(map))
    }

    /// The value in its one form; none where it may be left out and was.
    fn read(&self, map: &dyn Object) -> Result<Option<Datum>, Wrong> {
        let value = map.get(self.name).filter(|value| !value.is_null());
        match (self.kind, value) {
            (_, None) if self.is_required(map) => Err((Reason::Missing, "there")),
            (_, None) => Ok(None),
            (Kind::Flag, Some(Node::Flag(flag))) => Ok(Some(Datum::Flag(flag))),
            (Kind::Flag, Some(_)) => Err((Reason::Type, "true or false")),
            (_, Some(Node::Text(text))) => self.text(map, trim(text)).map(|text| Some(Datum::Text(text))),
            (_, Some(_)) => Err((Reason::Type, "a string")),
        }
    }

    fn text(&self, map: &dyn Object, text: &str) -> Result<String, Wrong> {
        match self.kind {
            _ if is_blank(text) && self.is_required(map) => Err((Reason::Empty, "filled in")),
            _ if is_blank(text) => Ok(String::new()),
            Kind::Text(rule) => rule(text),
            Kind::Local(local) if local.is_abroad(map) => (local.abroad)(text),
            Kind::Local(local) => (local.rule)(text),
            _ => {
                let kind = map.get("id_type").and_then(Node::text).map(|kind| trim(kind).to_ascii_uppercase());
                rules::identity_number(&kind.unwrap_or_default(), text)
            }
        }
    }
}
