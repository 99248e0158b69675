//! `ckyc.upload`: a customer's record for the CKYC registry (document 003 section 4.3). A write.
//!
//! The record is taken as section 4.3 has it, less `fi_code` and `branch_code`, which are configuration. Every part is checked for its form
//! (`rules.rs`) against one table (`record.rs`); a fault names its place, `documents[1].data`. It is accepted at once, kept sealed until the registry
//! has it, and ends with the 14-digit KIN or with a person ([`crate::check`]).

mod record;
mod rules;

pub(crate) use record::is_part;

use serde_json::{Map, Value, json};

use super::fields::{CONSENT_RECORD, Fields};
use super::{Asked, Finding, Operation, VendorRef};
use crate::ids::ReferenceId;
use crate::keys::{Action, Outcome, Source};
use crate::problem::Problem;

pub(super) const FIELDS: &[&str] = &[
    "reference_id",
    "verifier",
    "individual_record",
    "disability_info",
    "current_address",
    "permanent_address",
    "poa",
    "kyc_verification_details",
    "documents",
    "ids",
    CONSENT_RECORD,
];

/// The key of a record that the registry has.
const UPLOADED: &str = "success_ckyc_upload";

/// A request of this operation: a record in its one form.
pub struct CkycUpload {
    /// The caller's key.
    pub reference_id: ReferenceId,
    /// The record's parts in the document's order and form.
    pub record: Map<String, Value>,
}

impl CkycUpload {
    pub(super) fn parse(map: &Map<String, Value>) -> Result<Self, Problem> {
        record::refuse_unknown(map)?;
        let mut fields = Fields::open(map, FIELDS, Source::D003Code)?;
        let reference_id = fields.reference_id();
        let record = record::read(&mut fields, map);
        fields.consent_record();
        fields.finish(reference_id.map(|reference_id| Self { reference_id, record }))
    }

    /// The identity by which the registry is asked for the record: the PAN, where there is one.
    #[must_use]
    pub fn identity(&self) -> Option<(&str, &str)> {
        let ids = self.record.get("ids")?.as_array()?;
        ids.iter().find_map(|id| {
            let kind = id.get("id_type")?.as_str()?;
            (kind == "PAN").then_some((kind, id.get("id_number")?.as_str()?))
        })
    }
}

impl Asked for CkycUpload {
    fn operation(&self) -> Operation {
        Operation::CkycUpload
    }

    fn reference_id(&self) -> &ReferenceId {
        &self.reference_id
    }

    fn meaning(&self) -> Value {
        let mut meaning = Map::from_iter([("reference_id".to_owned(), self.reference_id.as_str().into())]);
        meaning.extend(self.record.clone());
        Value::Object(meaning)
    }
}

/// The registry has the record, under this KIN.
#[must_use]
pub fn uploaded(kin: &str, vendor: VendorRef) -> Finding {
    Finding { data: json!({ "ckyc_id": kin }), ..Finding::bare(Outcome::Verified, Action::Proceed, UPLOADED, vendor) }
}

/// Whether a text is a KIN: 14 digits (document 003 section 4.1).
#[must_use]
pub fn is_kin(text: &str) -> bool {
    text.len() == 14 && text.bytes().all(|byte| byte.is_ascii_digit())
}
