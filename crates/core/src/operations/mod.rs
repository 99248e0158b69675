//! The operations: what a caller can ask, one row and one file each.
//!
//! An operation's file holds its request fields in contract order, the rules of its document, its meaning (what idempotency compares) and
//! the decision from a vendor's report to the answer. Which vendor answers, on what path, is the vendor's folder; when and how
//! often it is asked is [`crate::check`].

mod answer;
mod audience;
pub mod bank_verify;
pub mod ckyc;
pub mod ckyc_download;
pub mod ckyc_search;
pub mod ckyc_upload;
pub mod customer_prefill;
pub mod dmt_customer;
mod fields;
pub mod mobile_account;
pub mod pan_verify;
pub mod prepaid_customer;

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub use answer::{Answer, Finding, Note, VendorRef};
pub use audience::Audience;
pub use bank_verify::BankVerify;
pub use ckyc_download::CkycDownload;
pub use ckyc_search::CkycSearch;
pub use ckyc_upload::CkycUpload;
pub use customer_prefill::CustomerPrefill;
pub use dmt_customer::DmtCustomer;
pub(crate) use fields::CONSENT_RECORD;
pub use mobile_account::MobileAccount;
pub use pan_verify::PanVerify;
pub use prepaid_customer::PrepaidCustomer;

use crate::http::MAX_ANSWER;
use crate::ids::ReferenceId;
use crate::keys::{RECORD_NOT_FOUND, Source};
use crate::problem::Problem;
use crate::time::{Millis, SECOND};

/// What an operation does in the world, which decides how it may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Changes nothing: retried.
    Read,
    /// Moves money: sent once, then looked up.
    Money,
    /// Leaves a record at the vendor: accepted at once, sent by alarm, repeated under the same wire reference until it is done.
    Write,
}

/// One of the operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operation {
    /// Document 001: the bank account behind a mobile number.
    #[serde(rename = "mobile.account")]
    MobileAccount,
    /// Document 003 section 2: the standing of a PAN.
    #[serde(rename = "pan.verify")]
    PanVerify,
    /// Document 000: what a credit bureau knows of a customer.
    #[serde(rename = "customer.prefill")]
    CustomerPrefill,
    /// Document 003 section 3: whether a bank account is alive, and whose it is.
    #[serde(rename = "bank.verify")]
    BankVerify,
    /// Document 003 section 4.3: a record for the CKYC registry.
    #[serde(rename = "ckyc.upload")]
    CkycUpload,
    /// Document 004: whether a remitter is on board for domestic money transfer.
    #[serde(rename = "dmt.customer")]
    DmtCustomer,
    /// Document 002: the record of a prepaid customer.
    #[serde(rename = "prepaid.customer")]
    PrepaidCustomer,
    /// Document 003 section 4.1: whether the CKYC registry has a record.
    #[serde(rename = "ckyc.search")]
    CkycSearch,
    /// Document 003 section 4.2: the record in the CKYC registry.
    #[serde(rename = "ckyc.download")]
    CkycDownload,
}

/// What is fixed about an operation.
pub struct OperationRow {
    /// Which operation.
    pub operation: Operation,
    /// Its name in answers, scopes, logs and settings.
    pub name: &'static str,
    /// Its route.
    pub path: &'static str,
    /// The fields of its request, in contract order.
    pub fields: &'static [&'static str],
    /// How it may be repeated, unless a request says otherwise ([`Asked::class`]).
    pub class: Class,
    /// The table whose order its input faults follow.
    pub source: Source,
    /// The vendor that answers it.
    pub vendor: &'static str,
    /// The key for values that the vendor understood and refused (HTTP 422, contract section 2.4).
    pub refused: &'static str,
    /// The largest body it takes, in bytes (contract section 2).
    pub body: usize,
    /// How long one call to the vendor may take.
    pub attempt: Millis,
    /// How long a caller waits for the answer before a 202.
    pub wait: Millis,
    /// The largest answer of the vendor that is read, in bytes.
    pub answer_limit: usize,
    /// Whether one subject may be asked about only so often: the vendor's global velocity controls (document 001).
    pub velocity: bool,
    /// The field that stands for the customer's address on the network: the caller's own where it is left out.
    pub address: Option<&'static str>,
    parse: fn(&Map<String, Value>) -> Result<Request, Problem>,
}

/// The largest body of most operations, in bytes.
const BODY: usize = 64 * 1024;

/// Every operation.
pub static OPERATIONS: &[OperationRow] = &[
    OperationRow {
        operation: Operation::PanVerify,
        name: "pan.verify",
        path: "/v1/pan/verify",
        fields: pan_verify::FIELDS,
        class: Class::Read,
        source: Source::D003Code,
        vendor: "decentro",
        refused: "failure_pan_invalid",
        body: BODY,
        attempt: 5 * SECOND,
        wait: 10 * SECOND,
        answer_limit: MAX_ANSWER,
        velocity: false,
        address: None,
        parse: |map| PanVerify::parse(map).map(Request::PanVerify),
    },
    OperationRow {
        operation: Operation::BankVerify,
        name: "bank.verify",
        path: "/v1/bank-accounts/verify",
        fields: bank_verify::FIELDS,
        // Unless it is penniless.
        class: Class::Money,
        source: Source::D003Code,
        vendor: "decentro",
        refused: "failure_bank_account_invalid",
        body: BODY,
        attempt: 30 * SECOND,
        wait: 35 * SECOND,
        answer_limit: MAX_ANSWER,
        velocity: false,
        address: None,
        parse: |map| BankVerify::parse(map).map(Request::BankVerify),
    },
    OperationRow {
        operation: Operation::MobileAccount,
        name: "mobile.account",
        path: "/v1/mobile/account",
        fields: mobile_account::FIELDS,
        class: Class::Money,
        source: Source::D001,
        vendor: "decentro",
        refused: "error_invalid_mobile_number",
        body: BODY,
        attempt: 30 * SECOND,
        wait: 35 * SECOND,
        answer_limit: MAX_ANSWER,
        velocity: true,
        address: None,
        parse: |map| MobileAccount::parse(map).map(Request::MobileAccount),
    },
    OperationRow {
        operation: Operation::CustomerPrefill,
        name: "customer.prefill",
        path: "/v1/customers/prefill",
        fields: customer_prefill::FIELDS,
        class: Class::Read,
        source: Source::D000,
        vendor: "decentro",
        refused: RECORD_NOT_FOUND,
        body: BODY,
        attempt: 10 * SECOND,
        wait: 10 * SECOND,
        answer_limit: MAX_ANSWER,
        velocity: false,
        address: None,
        parse: |map| CustomerPrefill::parse(map).map(Request::CustomerPrefill),
    },
    OperationRow {
        operation: Operation::CkycUpload,
        name: "ckyc.upload",
        path: "/v1/ckyc/upload",
        fields: ckyc_upload::FIELDS,
        class: Class::Write,
        source: Source::D003Code,
        vendor: "decentro",
        refused: RECORD_NOT_FOUND,
        body: 8 * 1024 * 1024,
        attempt: 30 * SECOND,
        wait: 0,
        // Photo and signature, when the record is asked for.
        answer_limit: 4 * MAX_ANSWER,
        velocity: false,
        address: None,
        parse: |map| CkycUpload::parse(map).map(Request::CkycUpload),
    },
    OperationRow {
        operation: Operation::DmtCustomer,
        name: "dmt.customer",
        path: "/v1/dmt/customer",
        fields: dmt_customer::FIELDS,
        class: Class::Read,
        source: Source::D004,
        vendor: "iserveu",
        refused: "iserveu_-1",
        body: BODY,
        attempt: 5 * SECOND,
        wait: 10 * SECOND,
        answer_limit: MAX_ANSWER,
        velocity: false,
        address: Some("public_ip"),
        parse: |map| DmtCustomer::parse(map).map(Request::DmtCustomer),
    },
    OperationRow {
        operation: Operation::PrepaidCustomer,
        name: "prepaid.customer",
        path: "/v1/prepaid/customer",
        fields: prepaid_customer::FIELDS,
        class: Class::Read,
        source: Source::D002,
        vendor: "wibmo",
        refused: "wibmo_1302",
        body: BODY,
        attempt: 5 * SECOND,
        wait: 10 * SECOND,
        answer_limit: MAX_ANSWER,
        velocity: false,
        address: None,
        parse: |map| PrepaidCustomer::parse(map).map(Request::PrepaidCustomer),
    },
    OperationRow {
        operation: Operation::CkycSearch,
        name: "ckyc.search",
        path: "/v1/ckyc/search",
        fields: ckyc_search::FIELDS,
        class: Class::Read,
        source: Source::D003Code,
        vendor: "decentro",
        refused: "failure_ckyc_invalid",
        body: BODY,
        attempt: 10 * SECOND,
        wait: 10 * SECOND,
        answer_limit: MAX_ANSWER,
        velocity: false,
        address: None,
        parse: |map| CkycSearch::parse(map).map(Request::CkycSearch),
    },
    OperationRow {
        operation: Operation::CkycDownload,
        name: "ckyc.download",
        path: "/v1/ckyc/download",
        fields: ckyc_download::FIELDS,
        class: Class::Read,
        source: Source::D003Code,
        vendor: "decentro",
        refused: "failure_ckyc_invalid",
        body: BODY,
        attempt: 10 * SECOND,
        wait: 10 * SECOND,
        // Photo and signature.
        answer_limit: 4 * MAX_ANSWER,
        velocity: false,
        address: None,
        parse: |map| CkycDownload::parse(map).map(Request::CkycDownload),
    },
];

impl Operation {
    /// Its row.
    #[must_use]
    pub fn row(self) -> &'static OperationRow {
        // The table has a row for every variant (tested below); the fallback keeps this total.
        static FALLBACK: &OperationRow = match OPERATIONS {
            [first, ..] => first,
            [] => unreachable_row(),
        };
        OPERATIONS.iter().find(|row| row.operation == self).unwrap_or(FALLBACK)
    }

    /// The name of a setting of its own: `PAN_VERIFY_WAIT_MS`.
    #[must_use]
    pub fn setting(self, name: &str) -> String {
        format!("{}_{name}", self.row().name.to_ascii_uppercase().replace('.', "_"))
    }

    /// The operation of a name such as `pan.verify`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        OPERATIONS.iter().find(|row| row.name == name).map(|row| row.operation)
    }
}

#[expect(clippy::panic, reason = "evaluated by the compiler: an empty table does not build")]
const fn unreachable_row() -> &'static OperationRow {
    panic!("OPERATIONS is empty")
}

/// What every request says of itself; an operation's file implements it.
pub trait Asked {
    /// Which operation it asks for.
    fn operation(&self) -> Operation;

    /// The caller's key.
    fn reference_id(&self) -> &ReferenceId;

    /// The fields after normalisation and defaults, in contract order, without what does not belong to the meaning. It is compared
    /// (as a keyed hash), kept sealed, and read back by [`Request::parse`].
    fn meaning(&self) -> Value;

    /// How this request may be repeated: its operation's class, unless one of its fields decides.
    fn class(&self) -> Class {
        self.operation().row().class
    }

    /// Whom the vendor counts for its velocity controls, where it does.
    fn velocity_subject(&self) -> Option<&str> {
        None
    }
}

/// A request past its parser: only types from here on.
pub enum Request {
    /// Document 001.
    MobileAccount(MobileAccount),
    /// Document 003 section 2.
    PanVerify(PanVerify),
    /// Document 000.
    CustomerPrefill(CustomerPrefill),
    /// Document 003 section 3.
    BankVerify(BankVerify),
    /// Document 003 section 4.3.
    CkycUpload(CkycUpload),
    /// Document 004.
    DmtCustomer(DmtCustomer),
    /// Document 002.
    PrepaidCustomer(PrepaidCustomer),
    /// Document 003 section 4.1.
    CkycSearch(CkycSearch),
    /// Document 003 section 4.2.
    CkycDownload(CkycDownload),
}

impl Request {
    fn asked(&self) -> &dyn Asked {
        match self {
            Self::MobileAccount(request) => request,
            Self::PanVerify(request) => request,
            Self::CustomerPrefill(request) => request,
            Self::BankVerify(request) => request,
            Self::CkycUpload(request) => request,
            Self::DmtCustomer(request) => request,
            Self::PrepaidCustomer(request) => request,
            Self::CkycSearch(request) => request,
            Self::CkycDownload(request) => request,
        }
    }

    /// Reads the fields of a request.
    ///
    /// # Errors
    /// One [`Problem`] that holds every fault, ordered as contract section 2.4 says.
    pub fn parse(operation: Operation, map: &Map<String, Value>) -> Result<Self, Problem> {
        (operation.row().parse)(map)
    }

    /// Which operation it asks for.
    #[must_use]
    pub fn operation(&self) -> Operation {
        self.asked().operation()
    }

    /// How it may be repeated.
    #[must_use]
    pub fn class(&self) -> Class {
        self.asked().class()
    }

    /// The caller's key.
    #[must_use]
    pub fn reference_id(&self) -> &ReferenceId {
        self.asked().reference_id()
    }

    /// What two requests of the same meaning have in common ([`Asked::meaning`]).
    #[must_use]
    pub fn meaning(&self) -> Value {
        self.asked().meaning()
    }

    /// Whom the vendor counts for its velocity controls, where it does.
    #[must_use]
    pub fn velocity_subject(&self) -> Option<&str> {
        self.asked().velocity_subject()
    }

    /// What is kept until nothing has to be sent any more: the meaning, and the caller's address where the operation wants one and the request
    /// has none. That is added here and not to the meaning, so that the same request from another address is still the same.
    ///
    /// # Errors
    /// The field's own fault where no address is known either.
    pub fn claimed(&self, caller_address: Option<&str>) -> Result<Value, Problem> {
        let mut claimed = self.meaning();
        if let (Some(field), Value::Object(map)) = (self.operation().row().address, &mut claimed)
            && !map.contains_key(field)
        {
            let address = caller_address.and_then(|text| text.parse::<IpAddr>().ok()).ok_or_else(|| fields::missing(field))?;
            map.insert(field.into(), address.to_string().into());
        }
        Ok(claimed)
    }
}

/// What the edge would say to this body, before any vendor: `validateRequest` of the npm package.
#[must_use]
pub fn check_request(operation: &str, body: &Value) -> Value {
    let problem = match (Operation::from_name(operation), body) {
        (Some(operation), Value::Object(map)) => match Request::parse(operation, map) {
            Ok(request) => return json!({ "ok": true, "value": request.meaning() }),
            Err(problem) => problem,
        },
        (Some(_), _) => Problem::malformed("The body must be a JSON object.".into(), None),
        (None, _) => Problem::malformed("There is no such operation.".into(), None),
    };
    json!({ "ok": false, "key": problem.key, "errors": problem.errors })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]
    use super::*;

    #[test]
    fn every_operation_has_its_own_row() {
        for operation in [
            Operation::MobileAccount,
            Operation::PanVerify,
            Operation::CustomerPrefill,
            Operation::BankVerify,
            Operation::CkycSearch,
            Operation::CkycDownload,
            Operation::CkycUpload,
            Operation::DmtCustomer,
            Operation::PrepaidCustomer,
        ] {
            assert_eq!(operation.row().operation, operation);
            assert_eq!(Operation::from_name(operation.row().name), Some(operation));
            assert_eq!(json!(operation), json!(operation.row().name));
        }
    }

    fn remitter(fields: &Value) -> Option<Request> {
        let mut body = json!({ "reference_id": "DMT_0001", "mobile_number": "9876543210", "latlong": "12.9716,77.5946" });
        body.as_object_mut()?.extend(fields.as_object()?.clone());
        Request::parse(Operation::DmtCustomer, body.as_object()?).ok()
    }

    #[test]
    fn the_callers_address_is_sent_but_is_no_part_of_the_meaning() {
        let request = remitter(&json!({}));
        let claimed =
            |address| request.as_ref().and_then(|request| request.claimed(address).ok()).map(|claimed| claimed["public_ip"].clone());
        assert_eq!(claimed(Some("203.0.113.7")), Some(json!("203.0.113.7")));
        assert_eq!(claimed(Some("2001:db8::1")), Some(json!("2001:db8::1")));
        assert_eq!(request.as_ref().map(|request| request.meaning()["public_ip"].clone()), Some(Value::Null));
    }

    #[test]
    fn an_address_that_the_caller_names_is_sent_and_meant() {
        let request = remitter(&json!({ "public_ip": "198.51.100.9" }));
        let claimed = request.as_ref().and_then(|request| request.claimed(Some("203.0.113.7")).ok());
        assert_eq!(claimed, request.map(|request| request.meaning()));
        assert_eq!(claimed.map(|claimed| claimed["public_ip"].clone()), Some(json!("198.51.100.9")));
    }

    #[test]
    fn without_any_address_the_field_is_missing() {
        for address in [None, Some(""), Some("localhost")] {
            let refused = remitter(&json!({})).and_then(|request| request.claimed(address).err());
            assert_eq!(refused.map(|problem| (problem.key.to_string(), problem.status())), Some(("error_public_ip_missing".into(), 400)));
        }
    }
}
