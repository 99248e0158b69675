//! `mobile.account`: the bank account and UPI address behind a mobile number (document 001). Moves one rupee.
//!
//! The fields and their faults are the document's. `consumer_urn` is accepted and type-checked, but the configured one is used:
//! it identifies us at the vendor, not the caller.

use serde_json::{Map, Value, json};

use super::fields::{CONSENT_RECORD, Fields, trim};
use super::{Asked, Finding, Note, Operation, VendorRef};
use crate::ids::{Ifsc, MobileNumber, Reason, ReferenceId};
use crate::keys::{self, Row, Source};
use crate::problem::Problem;

pub(super) const FIELDS: &[&str] =
    &["reference_id", "mobile_number", "fetch_branch_details", "is_consent_granted", "consumer_urn", CONSENT_RECORD];

/// A request of this operation.
pub struct MobileAccount {
    /// The caller's key.
    pub reference_id: ReferenceId,
    /// Whose account.
    pub mobile_number: MobileNumber,
    /// Whether the branch's details are wanted; `false` when left out.
    pub fetch_branch_details: bool,
    /// The customer's consent, where the caller stated it; never `Some(false)`.
    pub is_consent_granted: Option<bool>,
}

impl MobileAccount {
    pub(super) fn parse(map: &Map<String, Value>) -> Result<Self, Problem> {
        let mut fields = Fields::open(map, FIELDS, Source::D001)?;
        let reference_id = fields.reference_id();
        let mobile_number = mobile_number(&mut fields, map);
        let fetch_branch_details = fields.flag("fetch_branch_details").unwrap_or(false);
        let is_consent_granted = fields.flag("is_consent_granted");
        if is_consent_granted == Some(false) {
            fields.fault("is_consent_granted", "error_false_consent", "");
        }
        fields.optional_text("consumer_urn");
        fields.sanitize("consumer_urn");
        fields.consent_record();
        let request = reference_id.zip(mobile_number).map(|(reference_id, mobile_number)| Self {
            reference_id,
            mobile_number,
            fetch_branch_details,
            is_consent_granted,
        });
        fields.finish(request)
    }
}

impl Asked for MobileAccount {
    fn operation(&self) -> Operation {
        Operation::MobileAccount
    }

    fn reference_id(&self) -> &ReferenceId {
        &self.reference_id
    }

    fn meaning(&self) -> Value {
        let mut meaning = json!({
            "reference_id": self.reference_id.as_str(),
            "mobile_number": self.mobile_number.expose(),
            "fetch_branch_details": self.fetch_branch_details,
        });
        if let (Some(granted), Some(map)) = (self.is_consent_granted, meaning.as_object_mut()) {
            map.insert("is_consent_granted".into(), granted.into());
        }
        meaning
    }

    fn velocity_subject(&self) -> Option<&str> {
        Some(self.mobile_number.expose())
    }
}

/// The number, by document 001's three keys. A blank one is a wrong length there.
fn mobile_number(fields: &mut Fields<'_>, map: &Map<String, Value>) -> Option<MobileNumber> {
    const FIELD: &str = "mobile_number";
    let Some(Value::String(text)) = map.get(FIELD) else {
        fields.fault(FIELD, "error_mobile_number_type_not_string", "");
        return None;
    };
    let parsed = MobileNumber::parse(trim(text)).map_err(|fault| match fault.reason {
        Reason::Length | Reason::Empty => fields.fault(FIELD, "error_mobile_number_incorrect_string_length", ""),
        _ => fields.fault(FIELD, "error_mobile_number_invalid_mobile_format", ""),
    });
    fields.sanitize(FIELD);
    parsed.ok()
}

/// What a vendor reports, in the document's response fields; `None` where it gave nothing.
#[derive(Default)]
pub struct AccountReport {
    /// The response fields of document 001 in snake case, as far as the vendor gave them.
    pub fields: Map<String, Value>,
}

/// The response fields of document 001, in its order.
pub static RESPONSE_FIELDS: &[&str] = &[
    "upi_vpa",
    "name_as_per_bank",
    "account_number",
    "ifsc",
    "bank_reference_number",
    "payout_status",
    "payout_amount",
    "account_type",
    "branch_details",
];

/// The fields of `branch_details`, as the vendor's data set has them.
pub static BRANCH_FIELDS: &[&str] = &[
    "branch_verification_response_key",
    "bank",
    "ifsc",
    "branch",
    "centre",
    "district",
    "state",
    "contact",
    "address",
    "imps",
    "rtgs",
    "neft",
    "micr",
    "city",
    "swift",
    "upi",
];

impl AccountReport {
    fn text(&self, field: &str) -> Option<&str> {
        self.fields.get(field).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// Whether it names an account at all: without one nothing is verified, whatever the key says.
    #[must_use]
    pub fn names_an_account(&self) -> bool {
        self.text("account_number").is_some() || self.text("upi_vpa").is_some()
    }

    /// The answer to a confirmed account.
    #[must_use]
    pub fn verified(self, row: &'static Row, vendor: VendorRef) -> Option<Finding> {
        let notes = self.notes();
        let finding = Finding::of_row(row, vendor)?;
        Some(Finding { data: Value::Object(self.fields), notes, ..finding })
    }

    fn notes(&self) -> Vec<Note> {
        let merged = self.text("ifsc").and_then(|code| Ifsc::parse(code).ok()).and_then(|code| Note::merged_ifsc(&code));
        let non_resident = self.text("account_type").is_some_and(|kind| matches!(kind, "NRO" | "NRE"));
        merged.into_iter().chain(non_resident.then_some(Note::NON_RESIDENT)).collect()
    }
}

/// The document's row of a key and message.
#[must_use]
pub fn row(key: &str, message: Option<&str>) -> Option<&'static Row> {
    keys::find(Source::D001, key, message)
}
