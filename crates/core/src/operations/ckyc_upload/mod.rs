//! `ckyc.upload`: a customer's record for the CKYC registry (document 003 section 4.3). A write.
//!
//! The record is taken as section 4.3 has it, less `fi_code` and `branch_code`, which are configuration. Every part is checked for its form
//! (`rules.rs`) against one table (`record.rs`); a fault names its place, `documents[1].data`. It is accepted at once, kept sealed until the registry
//! has it, and ends with the 14-digit KIN or with a person ([`crate::check`]).

mod record;
mod rules;

pub(super) use record::is_part;

use std::sync::Arc;

use serde_json::json;
use time::Date;

use super::fields::Fields;
use super::{Clue, Finding, Operation, Request, VendorRef};
use crate::consent::CONSENT_RECORD;
use crate::json::Record;
use crate::keys;
use crate::keys::{Action, Outcome};
use crate::time::digital_date;

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
    REPLACES,
    CONSENT_RECORD,
];

/// The field that names the refused upload whose place this one takes. It is ours, and sent to no vendor.
pub const REPLACES: &str = "replaces";

/// The key of a record that the registry has.
const UPLOADED: &str = keys::SUCCESS_CKYC_UPLOAD;
/// Why the registry is asked for a record that was uploaded.
const AFTER_UPLOAD: &str = "Confirmation of a CKYC record upload";

/// Reads the fields: the record's parts in the document's order.
pub(super) fn read(fields: &mut Fields<'_>) {
    fields.reference_id();
    record::read(fields);
    // Of what is no reference_id there is no check.
    fields.optional_line(REPLACES);
}

/// A request of this operation: a record in its one form.
pub struct CkycUpload {
    /// The caller's key, and the record's parts in the document's order and form.
    pub record: Arc<Record>,
}

impl CkycUpload {
    #[expect(clippy::unnecessary_wraps, reason = "every operation is asked in this way")]
    pub(super) fn of(record: &Arc<Record>) -> Option<Self> {
        Some(Self { record: Arc::clone(record) })
    }

    /// The refused upload whose place this one takes, by its caller's key.
    #[must_use]
    pub fn replaces(&self) -> Option<&str> {
        self.record.text(REPLACES)
    }

    /// What to ask the registry about a record that landed: by its PAN for the masked number, then by that for the whole one. `None` where the
    /// record has no PAN.
    #[must_use]
    pub fn question(&self, clue: Option<&Clue>) -> Option<Request> {
        let (operation, fields) = match clue {
            None => (Operation::CkycSearch, vec![("document_type", "PAN"), ("id_number", self.pan()?)]),
            Some(Clue(found)) => (Operation::CkycDownload, vec![("ckyc_id", found.as_str())]),
        };
        let mut meaning = Record::default();
        for (field, text) in fields.into_iter().chain([("consent_purpose", AFTER_UPLOAD)]) {
            meaning.push(field, text);
        }
        Request::of(operation, meaning)
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
        self.record.record(part).and_then(|part| part.text(field)).unwrap_or_default()
    }

    /// The PAN among the record's identities.
    #[must_use]
    pub fn pan(&self) -> Option<&str> {
        let mut pans = self.record.list("ids").iter().filter(|id| id.text("id_type") == Some("PAN"));
        pans.find_map(|id| id.text("id_number"))
    }
}

/// The registry has the record, under this KIN.
#[must_use]
pub fn uploaded(kin: &str, vendor: VendorRef) -> Finding {
    Finding { data: json!({ "ckyc_id": kin }), ..Finding::bare(Outcome::Verified, Action::Proceed, UPLOADED, vendor) }
}
