//! What Decentro's replies to a CKYC download mean (document 003 section 4.2): a read.
//!
//! The record must have all 14 digits of its KIN; whose they are, and what is told, is `operations/ckyc_download.rs`. The newer dialect splits
//! the name and writes `constituitonType`; both are read under their right names.

use serde_json::{Map, Value, json};

use super::ckyc;
use crate::http::Exchange;
use crate::keys;
use crate::operations::Operation;
use crate::operations::ckyc_download::{self, CkycDownload, DownloadReport};
use crate::operations::ckyc_record::{Death, RECORD, Told};
use crate::vendors::Reading;
use crate::vendors::decentro::wire;

/// The parts of a name, in the order in which it is spoken.
const NAME: &[&str] = &["first_name", "middle_name", "last_name"];

/// The reply.
pub(in crate::vendors::decentro) fn post(request: &CkycDownload, exchange: &Exchange) -> Reading {
    ckyc::reading(Operation::CkycDownload, keys::SUCCESS_CKYC_DOWNLOAD, exchange, |record, data, vendor| {
        let report = DownloadReport {
            ckyc_id: ckyc::ckyc_id(record),
            fields: fields(record),
            death: worst(death(record), death(data)),
            documents: ckyc::identities(wire::field(record, "identity_documents").or_else(|| wire::field(record, "identity_details"))),
        };
        ckyc_download::decide(request, report, vendor)
    })
}

fn fields(record: &Map<String, Value>) -> Map<String, Value> {
    let mut fields = Map::new();
    for (name, told) in RECORD {
        let value = match told {
            Told::Text => wire::text_as_given(record, name).map(Value::from),
            Told::Group(names) => wire::object(wire::field(record, name)).map(|group| group_of(&group, names)),
            Told::List(names, others) => {
                list(record, name, others).map(|items| items.into_iter().map(|item| group_of(item, names)).collect())
            }
            Told::Own => None,
        };
        fields.extend(value.filter(|value| *value != json!({}) && *value != json!([])).map(|value| ((*name).to_owned(), value)));
    }
    if !fields.contains_key("constitution_type") {
        let misspelt = wire::text(record, "constituiton_type");
        fields.extend(misspelt.map(|text| ("constitution_type".to_owned(), text.into())));
    }
    if fields.get("full_name").is_none_or(|name| name == "") {
        let parts: Vec<_> = NAME.iter().filter_map(|part| fields.get(*part)?.as_str()).filter(|part| !part.is_empty()).collect();
        let name = Some(parts.join(" ")).filter(|name| !name.is_empty());
        fields.extend(name.map(|name| ("full_name".to_owned(), name.into())));
    }
    fields
}

/// The texts of a group; a boolean in it stays one, and an image's fields may have its name before theirs.
fn group_of(group: &Map<String, Value>, names: &[&str]) -> Value {
    let value = |name: &str| {
        let flag = || wire::field(group, name).filter(|value| value.is_boolean()).cloned();
        let of_image = || wire::text(group, &["image_", name].concat()).map(Value::from);
        wire::text_as_given(group, name).map(Value::from).or_else(flag).or_else(of_image)
    };
    names.iter().filter_map(|name| Some(((*name).to_owned(), value(name)?))).collect()
}

/// The objects below a field or one of its other names; in the newer dialect within an object that holds the list.
fn list<'a>(record: &'a Map<String, Value>, name: &str, others: &[&str]) -> Option<Vec<&'a Map<String, Value>>> {
    let value = std::iter::once(name).chain(others.iter().copied()).find_map(|name| wire::field(record, name))?;
    let inner = value.as_object().and_then(|outer| match outer.values().collect::<Vec<_>>()[..] {
        [inner @ (Value::Array(_) | Value::Object(_))] => Some(inner),
        _ => None,
    });
    Some(wire::objects(inner.or(Some(value))))
}

/// The flag may stand beside the record in its envelope; no one `No` speaks for another place.
fn worst(inside: Option<Death>, outside: Option<Death>) -> Option<Death> {
    inside.filter(|death| *death != Death::No).or(outside).or(inside)
}

/// What is said of the person's death: a flag under any of its names, or a day of it.
fn death(record: &Map<String, Value>) -> Option<Death> {
    let named = ["death_flag", "deceased_flag", "is_deceased", "deceased"].iter().find_map(|name| wire::word(record, name));
    let flag = named.as_deref().and_then(Death::of);
    flag.filter(|death| *death != Death::No).or_else(|| wire::text(record, "date_of_death").map(|_| Death::Yes)).or(flag)
}
