//! `dmt.customer`: whether a remitter is on board for domestic money transfer (document 004). A read.
//!
//! The vendor tells a customer's state by number; what each means is its row. `latlong` is where the customer is, as two decimal numbers:
//! their range is not checked, for the document's own sample (`123,234`) is on no map. `public_ip` is the customer's address; left out, the
//! caller's own is sent and is no part of the meaning (contract section 2.3).

use std::net::IpAddr;

use serde_json::{Map, Value, json};

use super::fields::{CONSENT_RECORD, Fields};
use super::{Asked, Finding, Note, Operation, VendorRef};
use crate::ids::{MobileNumber, Reason, ReferenceId};
use crate::keys::{Action, Outcome, Row, Source};
use crate::problem::Problem;
use crate::secret::Secret;

pub(super) const FIELDS: &[&str] = &["reference_id", "mobile_number", "latlong", "public_ip", CONSENT_RECORD];

/// The longest number of a `latlong`, in characters: a sign, three digits, a point and a dozen decimals are more than any device gives.
const MAX_NUMBER: usize = 20;

/// A request of this operation.
pub struct DmtCustomer {
    /// The caller's key.
    pub reference_id: ReferenceId,
    /// Whose standing.
    pub mobile_number: MobileNumber,
    /// Where the customer is: `12.9716,77.5946`.
    pub latlong: Secret<String>,
    /// The customer's address on the network; `None` until the caller's own stands in for it.
    pub public_ip: Option<IpAddr>,
}

impl DmtCustomer {
    pub(super) fn parse(map: &Map<String, Value>) -> Result<Self, Problem> {
        let mut fields = Fields::open(map, FIELDS, Source::D004)?;
        let reference_id = fields.reference_id();
        let mobile_number = fields.identifier("mobile_number", MobileNumber::parse);
        let latlong = latlong(&mut fields);
        let public_ip = public_ip(&mut fields);
        fields.consent_record();
        let request =
            (|| Some(Self { reference_id: reference_id?, mobile_number: mobile_number?, latlong: Secret::new(latlong?), public_ip }))();
        fields.finish(request)
    }
}

impl Asked for DmtCustomer {
    fn operation(&self) -> Operation {
        Operation::DmtCustomer
    }

    fn reference_id(&self) -> &ReferenceId {
        &self.reference_id
    }

    fn meaning(&self) -> Value {
        let mut meaning = json!({
            "reference_id": self.reference_id.as_str(),
            "mobile_number": self.mobile_number.expose(),
            "latlong": self.latlong.expose(),
        });
        if let (Some(address), Some(map)) = (self.public_ip, meaning.as_object_mut()) {
            map.insert("public_ip".into(), address.to_string().into());
        }
        meaning
    }
}

/// Two decimal numbers and a comma; white space beside them goes.
fn latlong(fields: &mut Fields<'_>) -> Option<String> {
    const FIELD: &str = "latlong";
    let text = fields.text(FIELD)?;
    let numbers = text.split_once(',').map(|(latitude, longitude)| (latitude.trim_ascii(), longitude.trim_ascii()));
    let Some((latitude, longitude)) = numbers.filter(|(latitude, longitude)| is_decimal(latitude) && is_decimal(longitude)) else {
        fields.reason(
            FIELD,
            Reason::Format,
            "Parameter latlong should be two decimal numbers with a comma between them: latitude,longitude.",
        );
        return None;
    };
    Some(format!("{latitude},{longitude}"))
}

/// `-12.9716`, `77`: digits with at most one sign in front and one point inside.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.len() <= MAX_NUMBER && are_digits(whole) && are_digits(decimals)
}

fn public_ip(fields: &mut Fields<'_>) -> Option<IpAddr> {
    const FIELD: &str = "public_ip";
    let address = fields.optional_text(FIELD)?.parse().ok();
    if address.is_none() {
        fields.reason(FIELD, Reason::Format, "Parameter public_ip should be an IPv4 or IPv6 address.");
    }
    address
}

/// What a vendor reports of a customer, in the document's response fields.
pub struct CustomerReport {
    /// The response fields in snake case, as far as the vendor gave them.
    pub fields: Map<String, Value>,
}

/// The answer to a customer's state. The fields come with the states in which there is a customer: a refusal has none to show.
#[must_use]
pub fn decide(row: &'static Row, report: CustomerReport, vendor: VendorRef) -> Option<Finding> {
    let finding = Finding::of_row(row, vendor)?;
    let is_known = finding.outcome == Outcome::Verified || finding.action == Action::Review;
    let data = if is_known { Value::Object(report.fields) } else { json!({}) };
    Some(Finding { data, notes: notes(row.key), ..finding })
}

/// Status 3 has the message of status 2 in the document; the note says what the number says.
fn notes(key: &str) -> Vec<Note> {
    let missing = (key == "iserveu_3").then(|| Note {
        code: "ovd_not_verified".into(),
        message: "The customer is on board, but no officially valid document is verified.".into(),
    });
    missing.into_iter().collect()
}
