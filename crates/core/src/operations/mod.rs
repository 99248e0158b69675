//! The operations: what a caller can ask, one row and one file each.
//!
//! An operation's file holds its request fields in contract order, the rules of its document, its meaning (what idempotency compares) and
//! the decision from a vendor's report to the answer. Which vendor answers, on what path, is the vendor's folder; when and how
//! often it is asked is [`crate::check`].

mod answer;
mod audience;
mod fields;
pub mod mobile_account;
pub mod pan_verify;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub use answer::{Answer, Finding, Note, VendorRef};
pub use audience::Audience;
pub(crate) use fields::CONSENT_RECORD;
pub use mobile_account::MobileAccount;
pub use pan_verify::PanVerify;

use crate::ids::ReferenceId;
use crate::keys::Source;
use crate::problem::Problem;
use crate::time::{Millis, SECOND};

/// What an operation does in the world, which decides how it may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Changes nothing: retried.
    Read,
    /// Moves money: sent once, then looked up.
    Money,
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
    /// How it may be repeated.
    pub class: Class,
    /// The table whose order its input faults follow.
    pub source: Source,
    /// The vendor that answers it.
    pub vendor: &'static str,
    /// The key for values that the vendor understood and refused (HTTP 422, contract section 2.4).
    pub refused: &'static str,
    /// How long one call to the vendor may take.
    pub attempt: Millis,
    /// How long a caller waits for the answer before a 202.
    pub wait: Millis,
    /// Whether one subject may be asked about only so often: the vendor's global velocity controls (document 001).
    pub velocity: bool,
    parse: fn(&Map<String, Value>) -> Result<Request, Problem>,
}

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
        attempt: 5 * SECOND,
        wait: 10 * SECOND,
        velocity: false,
        parse: |map| PanVerify::parse(map).map(Request::PanVerify),
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
        attempt: 30 * SECOND,
        wait: 35 * SECOND,
        velocity: true,
        parse: |map| MobileAccount::parse(map).map(Request::MobileAccount),
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

/// A request past its parser: only types from here on.
pub enum Request {
    /// Document 001.
    MobileAccount(MobileAccount),
    /// Document 003 section 2.
    PanVerify(PanVerify),
}

impl Request {
    /// Reads the fields of a request.
    ///
    /// # Errors
    /// One [`Problem`] that holds every fault, ordered as contract section 2.4 says.
    pub fn parse(operation: Operation, map: &Map<String, Value>) -> Result<Self, Problem> {
        (operation.row().parse)(map)
    }

    /// Which operation it asks for.
    #[must_use]
    pub const fn operation(&self) -> Operation {
        match self {
            Self::MobileAccount(_) => Operation::MobileAccount,
            Self::PanVerify(_) => Operation::PanVerify,
        }
    }

    /// The caller's key.
    #[must_use]
    pub const fn reference_id(&self) -> &ReferenceId {
        match self {
            Self::MobileAccount(request) => &request.reference_id,
            Self::PanVerify(request) => &request.reference_id,
        }
    }

    /// The fields after normalisation and defaults, in contract order, without what does not belong to the meaning. It is compared
    /// (as a keyed hash), kept sealed, and read back by [`Request::parse`].
    #[must_use]
    pub fn meaning(&self) -> Value {
        match self {
            Self::MobileAccount(request) => request.meaning(),
            Self::PanVerify(request) => request.meaning(),
        }
    }

    /// Whom the vendor counts for its velocity controls, where it does.
    #[must_use]
    pub fn velocity_subject(&self) -> Option<&str> {
        match self {
            Self::MobileAccount(request) => Some(request.mobile_number.expose()),
            Self::PanVerify(_) => None,
        }
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
    use super::*;

    #[test]
    fn every_operation_has_its_own_row() {
        for operation in [Operation::MobileAccount, Operation::PanVerify] {
            assert_eq!(operation.row().operation, operation);
            assert_eq!(Operation::from_name(operation.row().name), Some(operation));
            assert_eq!(json!(operation), json!(operation.row().name));
        }
    }
}
