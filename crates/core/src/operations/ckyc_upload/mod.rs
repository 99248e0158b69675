//! `ckyc.upload`: a customer's record for the CKYC registry (document 003 section 4.3). A write.
//!
//! The record is taken as section 4.3 has it, less `fi_code` and `branch_code`, which are configuration. Every part is checked for its form
//! (`rules.rs`) against one table (`record.rs`); a fault names its place, `documents[1].data`. It is accepted at once, kept sealed until the registry
//! has it, and ends with the 14-digit KIN or with a person ([`crate::check`]).

mod record;
mod rules;

pub(crate) use record::is_part;

use serde_json::{Map, Value, json};
use time::Date;

use super::ckyc::CkycId;
use super::ckyc_search::DocumentType;
use super::fields::{CONSENT_RECORD, Fields};
use super::{Asked, CkycDownload, CkycSearch, Finding, Operation, Request, VendorRef};
use crate::ids::ReferenceId;
use crate::keys::{Action, Outcome, Source};
use crate::problem::Problem;
use crate::secret::Secret;
use crate::time::digital_date;
use crate::vendors::Clue;

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
/// Why the registry is asked for a record that was uploaded.
const AFTER_UPLOAD: &str = "Confirmation of a CKYC record upload";

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

    /// What to ask the registry about a record that landed: by its PAN for the masked number, then by that for the whole one. `None` where the
    /// record has no PAN.
    #[must_use]
    pub fn question(&self, clue: Option<&Clue>) -> Option<Request> {
        let reference_id = ReferenceId::parse(self.reference_id.as_str()).ok()?;
        let consent_purpose = AFTER_UPLOAD.to_owned();
        Some(match clue {
            None => {
                Request::CkycSearch(CkycSearch { reference_id, document_type: DocumentType::Pan, id_number: self.pan()?, consent_purpose })
            }
            Some(Clue(found)) => {
                let ckyc_id = CkycId::parse(found)?;
                Request::CkycDownload(CkycDownload { reference_id, ckyc_id, consent_purpose, auth_factor: None })
            }
        })
    }

    /// Whether this is the customer's name, as the record has it; case, spaces and the prefix do not count.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        let prefix = self.text("individual_record", "prefix").to_ascii_uppercase();
        let words = |text: &str| text.split_whitespace().map(str::to_uppercase).collect::<Vec<_>>();
        let own = ["first_name", "middle_name", "last_name"].map(|part| self.text("individual_record", part)).join(" ");
        let told = words(name);
        let without_prefix = told.strip_prefix(&[prefix.trim_end_matches('.').to_owned()][..]).unwrap_or(&told);
        !own.trim().is_empty() && (words(&own) == told || words(&own) == without_prefix)
    }

    /// The customer's day of birth.
    #[must_use]
    pub fn born(&self) -> Option<Date> {
        digital_date(self.text("individual_record", "date_of_birth"), '-')
    }

    /// The day on which the institution verified the customer.
    #[must_use]
    pub fn verified_on(&self) -> Option<Date> {
        digital_date(self.text("kyc_verification_details", "verification_date"), '-')
    }

    fn text(&self, part: &str, field: &str) -> &str {
        self.record.get(part).and_then(|part| part.get(field)).and_then(Value::as_str).unwrap_or_default()
    }

    /// The PAN among the record's identities.
    #[must_use]
    pub fn pan(&self) -> Option<Secret<String>> {
        let pan = |id: &Value| (id.get("id_type")? == "PAN").then(|| id.get("id_number")?.as_str().map(str::to_owned))?;
        self.record.get("ids")?.as_array()?.iter().find_map(pan).map(Secret::new)
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
