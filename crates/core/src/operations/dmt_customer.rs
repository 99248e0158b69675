//! `dmt.customer`: whether a remitter is on board for domestic money transfer (document 004). A read.
//!
//! The vendor tells a customer's state by number; what each means is its row. `latlong` is where the customer is, as two decimal numbers:
//! their range is not checked, for the document's own sample (`123,234`) is on no map. `public_ip` is the customer's address; left out, the
//! caller's own is sent and is no part of the meaning (contract section 2.3).

use std::net::IpAddr;

use serde_json::{Map, Value, json};

use super::fields::Fields;
use super::{Finding, Note, VendorRef};
use crate::address;
use crate::consent::CONSENT_RECORD;
use crate::ids::{Kind, MobileNumber, Reason};
use crate::json::Record;
use crate::keys::{Action, Outcome, Row};
use crate::pieces;
use crate::secret::Secret;

pub(super) const FIELDS: &[&str] = &["reference_id", "mobile_number", "latlong", "public_ip", CONSENT_RECORD];

/// The longest number of a `latlong`, in characters: a sign, three digits, a point and a dozen decimals are more than any device gives.
const MAX_NUMBER: usize = 20;

/// A request of this operation.
pub struct DmtCustomer {
    /// Whose standing.
    pub mobile_number: MobileNumber,
    /// Where the customer is: `12.9716,77.5946`.
    pub latlong: Secret<String>,
    /// The customer's address on the network; `None` until the caller's own stands in for it.
    pub public_ip: Option<IpAddr>,
}

/// Reads the fields.
pub(super) fn read(fields: &mut Fields<'_>) {
    fields.reference_id();
    fields.identifier("mobile_number", Kind::Mobile);
    latlong(fields);
    public_ip(fields);
}

/// Two decimal numbers and a comma; white space beside them goes.
fn latlong(fields: &mut Fields<'_>) {
    const FIELD: &str = "latlong";
    let Some(text) = fields.text(FIELD) else { return };
    let numbers = pieces::at_first(text, b",").map(|(latitude, longitude)| (latitude.trim_ascii(), longitude.trim_ascii()));
    match numbers.filter(|(latitude, longitude)| is_decimal(latitude) && is_decimal(longitude)) {
        Some((latitude, longitude)) => fields.say(FIELD, [latitude, ",", longitude].concat().into()),
        None => fields.wrong(FIELD, Reason::Format, "two decimal numbers with a comma between them: latitude,longitude"),
    }
}

impl DmtCustomer {
    pub(super) fn of(meaning: &Record) -> Option<Self> {
        Some(Self {
            mobile_number: MobileNumber::parse(meaning.text("mobile_number")?).ok()?,
            latlong: Secret::new(meaning.text("latlong")?.to_owned()),
            public_ip: meaning.text("public_ip").and_then(|address| address.parse().ok()),
        })
    }
}

/// `-12.9716`, `77`: digits with at most one sign in front and one point inside.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, decimals) = pieces::at_first(digits, b".").unwrap_or((digits, "0"));
    let are_digits = |part: &str| !part.is_empty() && pieces::all(part, u8::is_ascii_digit);
    text.len() <= MAX_NUMBER && are_digits(whole) && are_digits(decimals)
}

fn public_ip(fields: &mut Fields<'_>) {
    const FIELD: &str = "public_ip";
    let Some(text) = fields.optional_text(FIELD) else { return };
    match address::one_form(text) {
        Some(address) => fields.say(FIELD, address.into()),
        None => fields.wrong(FIELD, Reason::Format, "an IPv4 or IPv6 address"),
    }
}

/// What a vendor reports of a customer, in the document's response fields.
pub struct CustomerReport {
    /// The response fields in snake case, as far as the vendor gave them.
    pub fields: Map<String, Value>,
    /// Remarks that follow from the vendor's own words.
    pub notes: Vec<Note>,
}

/// The answer to a customer's state. The fields come with the states in which there is a customer: a refusal has none to show.
#[must_use]
pub fn decide(row: &'static Row, report: CustomerReport, vendor: VendorRef) -> Option<Finding> {
    let finding = Finding::of_row(row, vendor)?;
    let is_known = finding.outcome == Outcome::Verified || finding.action == Action::Review;
    let data = if is_known { Value::Object(report.fields) } else { json!({}) };
    Some(Finding { data, notes: report.notes, ..finding })
}

impl Note {
    /// Nobody knows the customer yet (document 004, status 0: "kindly onboard").
    pub const ONBOARD_CUSTOMER: Self = Self::new("onboard_customer", "Onboard the customer as a remitter at iServeU first.");
    /// The customer is known, the document that proves who they are is not (document 004, status 3).
    pub const OVD_NOT_VERIFIED: Self = Self::new(
        "ovd_not_verified",
        "The customer is on board, but no officially valid document is verified: have one verified at iServeU first.",
    );
}
