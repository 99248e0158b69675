//! The operations: what a caller can ask, one row and one file each.
//!
//! An operation's file holds its request fields in contract order, the rules of its document, its meaning (what idempotency compares) and
//! the decision from a vendor's report to the answer. Which vendor answers, on what path, is the vendor's folder; when and how
//! often it is asked is [`crate::check`].

mod answer;
mod audience;
pub mod bank_collect;
mod bank_notes;
pub mod bank_verify;
mod beneficiary;
pub mod ckyc;
pub mod ckyc_download;
pub mod ckyc_record;
pub mod ckyc_search;
pub mod ckyc_upload;
mod comparison;
mod consent;
pub mod customer_prefill;
pub mod dmt_customer;
mod fields;
mod form;
pub mod mobile_account;
pub mod pan_verify;
pub mod payee;
pub mod prepaid_customer;
mod refusal;
mod secrecy;
pub mod subject;
mod table;
mod told;

use std::net::IpAddr;
use std::sync::Arc;

use serde_json::{Map, Value};

pub use answer::{Answer, Clue, Finding, Note, VendorRef};
pub use audience::Audience;
pub use bank_collect::BankCollect;
pub use bank_verify::BankVerify;
pub use ckyc_download::CkycDownload;
pub use ckyc_search::CkycSearch;
pub use ckyc_upload::CkycUpload;
pub use customer_prefill::CustomerPrefill;
pub use dmt_customer::DmtCustomer;
pub use mobile_account::MobileAccount;
pub use pan_verify::PanVerify;
pub use prepaid_customer::PrepaidCustomer;
pub use refusal::{Refusal, Refused, VendorFault, VendorWords};
pub use secrecy::without_aadhaar;
pub use table::{Asked, Class, OPERATIONS, Operation, OperationRow};

use crate::consent::{self as given, CONSENT_RECORD, GivenConsent};
use crate::ids::KINDS;
use crate::json::{self, Datum, Node, Object, Record};
use crate::keys;
use crate::problem::{FieldFault, Problem};
use fields::Fields;
use payee::Payee;
use table::Reading;

/// A request past its parser: its fields in their one form.
///
/// Only [`Request::parse`] makes one of a caller's body, so whatever is asked of it was found sound. It is read into types once.
pub struct Request {
    operation: Operation,
    meaning: Arc<Record>,
    asked: Asked,
    consent: GivenConsent,
}

impl Request {
    /// Reads a body.
    ///
    /// # Errors
    /// [`Problem::malformed`], in the operation's own words, for what is no JSON object; else those of [`Request::parse`].
    pub fn read(operation: Operation, body: &[u8]) -> Result<Self, Problem> {
        let source = operation.row().source;
        let map = json::object(body).map_err(|malformed| Problem::malformed(malformed.0, None).worded(source))?;
        Self::parse(operation, &map)
    }

    /// Reads the fields of a request.
    ///
    /// # Errors
    /// One [`Problem`] that holds every fault, ordered as contract section 2.4 says.
    pub fn parse(operation: Operation, body: &dyn Object) -> Result<Self, Problem> {
        // What was found sound has its types; the fallback keeps this total.
        let request = Self::of(operation, meaning_of(operation.reading(), body)?).ok_or_else(|| Problem::new(keys::INTERNAL))?;
        Ok(Self { consent: GivenConsent::of(body), ..request })
    }

    /// A request whose fields are in their one form already; `None` where one of ours lacks something.
    fn of(operation: Operation, meaning: Record) -> Option<Self> {
        let meaning = Arc::new(meaning);
        let asked = Asked::of(operation, &meaning)?;
        Some(Self { operation, meaning, asked, consent: GivenConsent::Nothing })
    }

    /// Which operation it asks for.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        self.operation
    }

    /// What it asks, in types.
    #[must_use]
    pub const fn asked(&self) -> &Asked {
        &self.asked
    }

    /// The consent that it gives, which is no part of its meaning.
    #[must_use]
    pub const fn consent(&self) -> &GivenConsent {
        &self.consent
    }

    /// How it may be repeated: its operation's class, unless one of its fields decides.
    #[must_use]
    pub fn class(&self) -> Class {
        let row = self.operation.row();
        let is_read = row.harmless.is_some_and(|(field, word)| self.meaning.text(field) == Some(word));
        if is_read { Class::Read } else { row.class }
    }

    /// The word of it that chooses among the operation's prices.
    #[must_use]
    pub const fn way(&self) -> Option<&'static str> {
        match &self.asked {
            Asked::PanVerify(asked) => Some(asked.document_type.as_str()),
            Asked::BankVerify(asked) => Some(asked.validation_type.as_str()),
            _ => None,
        }
    }

    /// The caller's key.
    #[must_use]
    pub fn reference_id(&self) -> &str {
        self.meaning.text("reference_id").unwrap_or_default()
    }

    /// The fields after normalisation and defaults, in contract order, without what does not belong to the meaning.
    #[must_use]
    pub fn meaning(&self) -> Value {
        self.meaning.to_value()
    }

    /// The meaning as JSON text: compared (as a keyed hash), kept sealed, and read back by [`Request::read_back`].
    #[must_use]
    pub fn meaning_text(&self) -> String {
        // In one piece: a record of 8 MB is not copied while the text grows.
        let mut text = String::with_capacity(self.meaning.length());
        self.meaning.write(&mut text);
        text
    }

    /// Reads a text back that [`Request::claimed`] returned; `None` for any other.
    #[must_use]
    pub fn read_back(operation: Operation, text: &str) -> Option<Self> {
        Self::parse(operation, &serde_json::from_str::<Map<String, Value>>(text).ok()?).ok()
    }

    /// The caller's key of the refused request whose place this one takes.
    #[must_use]
    pub fn replaces(&self) -> Option<&str> {
        match &self.asked {
            Asked::CkycUpload(upload) => upload.replaces(),
            _ => None,
        }
    }

    /// Who gets its rupee, as far as it says so; `None` where it moves none.
    #[must_use]
    pub fn payee(&self) -> Option<Payee> {
        match &self.asked {
            Asked::MobileAccount(asked) => Some(Payee::of_mobile(&asked.mobile_number)),
            Asked::BankVerify(asked) if !asked.is_read() => Some(Payee::of_beneficiary(&asked.beneficiary_details)),
            _ => None,
        }
    }

    /// What is kept until nothing has to be sent any more, as JSON text: the `meaning` ([`Request::meaning_text`]), and the caller's address where the operation
    /// wants one and the request has none. That is added here and not to the meaning, so that the same request from another address is still the same.
    ///
    /// # Errors
    /// The field's own fault where no address is known either.
    pub fn claimed(&self, meaning: String, caller_address: Option<&str>) -> Result<String, Problem> {
        let Some(field) = self.operation.row().address.filter(|field| self.meaning.get(field).is_none()) else { return Ok(meaning) };
        let address = caller_address.and_then(|text| text.parse::<IpAddr>().ok()).ok_or_else(|| fields::missing(field))?;
        let mut claimed = (*self.meaning).clone();
        claimed.push(field, address.to_string());
        Ok(claimed.to_json())
    }
}

/// The fields of a request in their one form.
fn meaning_of(reading: &Reading, body: &dyn Object) -> Result<Record, Problem> {
    let mut fields = Fields::open(body, reading.fields, reading.source)?;
    (reading.read)(&mut fields);
    fields.finish()
}

/// Whether a request can have a field of this name, or an identifier is called so: what the key of an input fault may name.
#[must_use]
pub fn is_field(name: &str) -> bool {
    let is_nested = name.starts_with(CONSENT_RECORD) || ckyc_upload::is_part(name);
    is_nested
        || given::FIELDS.contains(&name)
        || OPERATIONS.iter().any(|row| row.fields.contains(&name))
        || KINDS.iter().any(|kind| kind.name() == name)
}

/// What the edge would say to a body, before any vendor: what `validateRequest` of the npm package answers.
pub struct RequestVerdict(Result<Record, Problem>);

/// What the edge would say to this body of an operation, which has so many bytes as JSON, before any vendor.
#[must_use]
pub fn check_request(operation: &str, bytes: usize, body: Node<'_>) -> RequestVerdict {
    // No field is to blame.
    let refused = |key: &'static str| {
        Err(Problem { id: None, key: key.into(), title: "".into(), detail: None, retry_after: None, limit: None, errors: Vec::new() })
    };
    RequestVerdict(match (Reading::named(operation), body) {
        (Some(reading), _) if bytes > reading.body => refused(keys::BODY_TOO_LARGE),
        (Some(reading), Node::Object(body)) => meaning_of(reading, body),
        _ => refused(keys::MALFORMED_REQUEST),
    })
}

impl RequestVerdict {
    /// `{ok: true, value}` or `{ok: false, key, errors}`.
    #[must_use]
    pub fn into_record(self) -> Record {
        let mut record = Record::from([("ok", self.0.is_ok().into())]);
        match self.0 {
            Ok(value) => record.push("value", value),
            Err(problem) => {
                record.push("key", problem.key.into_owned());
                let mut errors = Vec::new();
                for FieldFault { field, key, message, hint } in problem.errors {
                    let fields = [("field", Some(field)), ("key", Some(key)), ("message", Some(message)), ("hint", hint)];
                    let mut error = Record::default();
                    for (name, text) in fields {
                        if let Some(text) = text {
                            error.push(name, text.into_owned());
                        }
                    }
                    errors.push(error);
                }
                record.push("errors", Datum::List(errors));
            }
        }
        record
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]
    use serde_json::json;

    use super::*;

    fn remitter(fields: &Value) -> Option<Request> {
        let mut body = json!({ "reference_id": "DMT_0001", "mobile_number": "9876543210", "latlong": "12.9716,77.5946" });
        body.as_object_mut()?.extend(fields.as_object()?.clone());
        Request::parse(Operation::DmtCustomer, body.as_object()?).ok()
    }

    fn claimed(request: &Request, address: Option<&str>) -> Option<Value> {
        serde_json::from_str(&request.claimed(request.meaning_text(), address).ok()?).ok()
    }

    #[test]
    fn the_callers_address_is_sent_but_is_no_part_of_the_meaning() {
        let request = remitter(&json!({}));
        let claimed = |address| request.as_ref().and_then(|request| claimed(request, address)).map(|claimed| claimed["public_ip"].clone());
        assert_eq!(claimed(Some("203.0.113.7")), Some(json!("203.0.113.7")));
        assert_eq!(claimed(Some("2001:db8::1")), Some(json!("2001:db8::1")));
        assert_eq!(request.as_ref().map(|request| request.meaning()["public_ip"].clone()), Some(Value::Null));
    }

    #[test]
    fn an_address_that_the_caller_names_is_sent_and_meant() {
        let request = remitter(&json!({ "public_ip": "198.51.100.9" }));
        let claimed = request.as_ref().and_then(|request| claimed(request, Some("203.0.113.7")));
        assert_eq!(claimed, request.map(|request| request.meaning()));
        assert_eq!(claimed.map(|claimed| claimed["public_ip"].clone()), Some(json!("198.51.100.9")));
    }

    #[test]
    fn without_any_address_the_field_is_missing() {
        for address in [None, Some(""), Some("localhost")] {
            let refused = remitter(&json!({})).and_then(|request| request.claimed(request.meaning_text(), address).err());
            assert_eq!(refused.map(|problem| (problem.key.to_string(), problem.status())), Some(("error_public_ip_missing".into(), 400)));
        }
    }

    #[test]
    fn the_fault_of_a_field_that_no_document_names_is_the_callers() {
        for key in [
            "error_id_number_length",
            "error_dob_value",
            "error_ifsc_format",
            "error_consent_record_text_version_type",
            "error_documents_data_length",
        ] {
            assert_eq!(keys::status(key), 400, "{key}");
            assert!(keys::entry_json(key, &is_field).is_some(), "{key}");
        }
        for key in [
            "error_nothing_length",
            "error_id_number_nothing",
            "error_length",
            "id_number_length",
            "error__length",
            "error_documents_size_length",
        ] {
            assert!(keys::entry_json(key, &is_field).is_none(), "{key}");
        }
    }

    #[test]
    fn without_an_answer_onboarding_goes_on_whatever_the_problem_is() {
        for row in OPERATIONS {
            for key in keys::rows().map(|row| row.key).filter(|key| keys::status(key) >= 400) {
                let problem = row.operation.problem(row.operation.problem(Problem::new(key).detail("Why.")));
                let (json, is_without_answer) = (problem.to_json("r"), matches!(problem.status(), 429 | 500..));
                let sentences = json.matches("Onboarding does not wait").count();
                assert_eq!(sentences, usize::from(is_without_answer && row.without_answer.is_some()), "{} {json}", row.name);
                assert!(json.contains(r#""detail":"Why. "#), "{json}");
            }
        }
        let which = OPERATIONS.iter().filter(|row| row.without_answer.is_some()).map(|row| row.name);
        assert_eq!(
            which.collect::<Vec<_>>(),
            ["customer.prefill", "ckyc.search", "ckyc.download"],
            "documents 000, 003 sections 4.1, 4.2 and 8.9"
        );
    }

    #[test]
    fn of_many_unknown_fields_a_few_are_named() {
        let mut body = json!({ "reference_id": "DMT_0001", "mobile_number": "9876543210", "latlong": "12.9716,77.5946" });
        let names = (b'a'..=b'z').flat_map(|one| (b'a'..=b'z').map(move |other| format!("x_{}{}", char::from(one), char::from(other))));
        body.as_object_mut().into_iter().for_each(|map| map.extend(names.clone().map(|name| (name, json!(1)))));
        let refused = body.as_object().and_then(|body| Request::parse(Operation::DmtCustomer, body).err());
        let answered = refused.map(|problem| (problem.errors.len(), problem.detail.map_or(0, |detail| detail.len())));
        assert!(answered.is_some_and(|(count, length)| (1..=20).contains(&count) && length < 1_000), "{answered:?}");
    }
}
