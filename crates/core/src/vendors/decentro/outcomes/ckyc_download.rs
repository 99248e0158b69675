//! What Decentro's replies to a CKYC download mean (document 003 section 4.2): a read.
//!
//! The record must have all 14 digits of its KIN; whose they are, and what is told, is `operations/ckyc_download.rs`. The newer dialect splits
//! the name and writes `constituitonType`; both are read under their right names.

use serde_json::{Map, Value};

use super::ckyc;
use crate::http::Exchange;
use crate::keys;
use crate::operations::Operation;
use crate::operations::ckyc_download::{self, ADDRESS_FIELDS, ADDRESSES, CkycDownload, DownloadReport};
use crate::vendors::Reading;
use crate::vendors::decentro::wire;

/// The parts of a name, in the order in which it is spoken.
const NAME: &[&str] = &["first_name", "middle_name", "last_name"];

/// The reply.
pub(in crate::vendors::decentro) fn post(request: &CkycDownload, exchange: &Exchange) -> Reading {
    ckyc::reading(Operation::CkycDownload, keys::SUCCESS_CKYC_DOWNLOAD, exchange, |record, vendor| {
        let report = DownloadReport {
            ckyc_id: ckyc::ckyc_id(record),
            fields: fields(record),
            documents: ckyc::identities(wire::field(record, "identity_documents").or_else(|| wire::field(record, "identity_details"))),
        };
        ckyc_download::decide(request, report, vendor)
    })
}

fn fields(record: &Map<String, Value>) -> Map<String, Value> {
    let mut fields = wire::texts(record, ckyc_download::TEXTS);
    if !fields.contains_key("constitution_type") {
        let misspelt = wire::text(record, "constituiton_type");
        fields.extend(misspelt.map(|text| ("constitution_type".to_owned(), text.into())));
    }
    if !fields.contains_key("full_name") {
        let parts: Vec<_> = NAME.iter().filter_map(|part| fields.get(*part)?.as_str()).collect();
        let name = Some(parts.join(" ")).filter(|name| !name.is_empty());
        fields.extend(name.map(|name| ("full_name".to_owned(), name.into())));
    }
    for &name in ADDRESSES {
        let address = wire::object(wire::field(record, name)).map(|address| wire::texts(&address, ADDRESS_FIELDS));
        fields.extend(address.filter(|address| !address.is_empty()).map(|address| (name.to_owned(), Value::Object(address))));
    }
    fields
}
