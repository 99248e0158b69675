//! `mobile.account`: the bank account and UPI address behind a mobile number (document 001). Moves one rupee.
//!
//! The fields and their faults are the document's. `consumer_urn` is accepted and type-checked, but the configured one is used:
//! it identifies us at the vendor, not the caller.

use serde_json::{Map, Value};

use super::answer::says_non_resident;
use super::fields::Fields;
use super::{Finding, Note, VendorRef};
use crate::consent::CONSENT_RECORD;
use crate::ids::{AccountNumber, Ifsc, Kind, MobileNumber};
use crate::json::{Datum, Node, Record};
use crate::keys::{self, Action, Row, Source};
use crate::names::is_no_name;

pub(super) const FIELDS: &[&str] = &["reference_id", "mobile_number", BRANCH, GRANTED, "consumer_urn", CONSENT_RECORD];

const BRANCH: &str = "fetch_branch_details";
const GRANTED: &str = "is_consent_granted";

/// A request of this operation.
pub struct MobileAccount {
    /// Whose account.
    pub mobile_number: MobileNumber,
    /// Whether the branch's details are wanted; `false` when left out.
    pub fetch_branch_details: bool,
    /// The customer's consent, where the caller stated it; never `Some(false)`.
    pub is_consent_granted: Option<bool>,
}

/// Reads the fields in the document's order.
pub(super) fn read(fields: &mut Fields<'_>) {
    fields.reference_id();
    mobile_number(fields);
    let fetch_branch_details = fields.flag(BRANCH).unwrap_or(false);
    fields.say(BRANCH, Datum::Flag(fetch_branch_details));
    match fields.flag(GRANTED) {
        Some(true) => fields.say(GRANTED, Datum::Flag(true)),
        Some(false) => fields.fault(GRANTED, keys::FALSE_CONSENT, ""),
        None => {}
    }
    fields.optional_text("consumer_urn");
    fields.sanitize("consumer_urn");
}

/// The number, by document 001's three keys. A blank one is a wrong length there.
fn mobile_number(fields: &mut Fields<'_>) {
    const FIELD: &str = "mobile_number";
    let Some(text) = fields.sent(FIELD).and_then(Node::text) else {
        return fields.fault(FIELD, keys::MOBILE_NUMBER_TYPE_NOT_STRING, "");
    };
    match Kind::Mobile.read(text) {
        Ok(number) => fields.say(FIELD, Datum::Text(number)),
        Err(fault) => fields.fault(FIELD, &fault.key, ""),
    }
    fields.sanitize(FIELD);
}

impl MobileAccount {
    pub(super) fn of(meaning: &Record) -> Option<Self> {
        Some(Self {
            mobile_number: MobileNumber::parse(meaning.text("mobile_number")?).ok()?,
            fetch_branch_details: meaning.flag(BRANCH)?,
            is_consent_granted: meaning.flag(GRANTED),
        })
    }
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

/// What the penny drop's status says where it went through, and where it is under way; whatever else it says, it did not go through.
const PAID: &str = "SUCCESS";
const UNDER_WAY: &str = "PENDING";
/// What it may credit, in rupees.
const AMOUNTS: &[&str] = &["0.01", "1.00"];

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

    /// Whether the penny drop is not known to have gone through yet.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        self.text("payout_status").is_some_and(|word| word.eq_ignore_ascii_case(UNDER_WAY))
    }

    /// The answer to a confirmed account; one that does not fit together is for review.
    #[must_use]
    pub fn verified(self, row: &'static Row, vendor: VendorRef) -> Option<Finding> {
        let doubt = Note::contradiction(&self.contradictions());
        let is_for_review = doubt.is_some() || self.is_non_resident();
        let notes = self.notes().into_iter().chain(doubt).collect();
        let finding = Finding::of_row(row, vendor)?;
        let action = if is_for_review { Action::Review } else { finding.action };
        Some(Finding { data: Value::Object(self.fields), notes, action, ..finding })
    }

    /// The fields that do not fit a success: a penny drop that did not go through or credited what none does, an account without number, name or branch, and
    /// the branch of another.
    fn contradictions(&self) -> Vec<&'static str> {
        let says = |field: &str, is: &dyn Fn(&str) -> bool| self.text(field).is_some_and(is);
        let may_say = |field: &str, is: &dyn Fn(&str) -> bool| self.text(field).is_none_or(is);
        let ifsc = self.text("ifsc").and_then(|code| Ifsc::parse(code).ok());
        let branch = self.fields.get("branch_details").and_then(|branch| Ifsc::parse(branch.get("ifsc")?.as_str()?).ok());
        let facts = [
            ("payout_status", may_say("payout_status", &|word| word.eq_ignore_ascii_case(PAID))),
            ("payout_amount", may_say("payout_amount", &|rupees| AMOUNTS.contains(&rupees))),
            ("account_number", says("account_number", &is_account)),
            ("name_as_per_bank", says("name_as_per_bank", &|name| !is_no_name(name))),
            ("ifsc", ifsc.is_some()),
            ("branch_details", branch.is_none_or(|branch| Some(branch) == ifsc)),
        ];
        facts.into_iter().filter(|(_, fits)| !fits).map(|(field, _)| field).collect()
    }

    fn notes(&self) -> Vec<Note> {
        let merged = self.text("ifsc").and_then(|code| Ifsc::parse(code).ok()).and_then(|code| Note::merged_ifsc(&code));
        merged.into_iter().chain(self.is_non_resident().then_some(Note::NON_RESIDENT)).collect()
    }

    /// By the account's type, or the suffix of the holder's name (003 section 5.5: for review everywhere).
    fn is_non_resident(&self) -> bool {
        says_non_resident(self.text("account_type").unwrap_or_default(), 0)
            || says_non_resident(self.text("name_as_per_bank").unwrap_or_default(), 1)
    }
}

/// An account number, or one that the vendor masked.
fn is_account(number: &str) -> bool {
    let unmasked = number.trim_start_matches(['X', 'x', '*']);
    AccountNumber::parse(number).is_ok() || unmasked.len() < number.len() && unmasked.bytes().all(|byte| byte.is_ascii_digit())
}

/// The document's row of a key and message.
#[must_use]
pub fn row(key: &str, message: Option<&str>) -> Option<&'static Row> {
    keys::find(Source::D001, key, message)
}
