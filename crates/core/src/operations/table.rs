//! The operations, one row each: what each is called, where it is served, who answers it, how it may be repeated and how long it may take.
//!
//! Everything that is one per operation follows from a row: [`Operation`], [`Request`], the routes, the times, the settings. What a row does not
//! say is that of most: a read at Decentro. Source: contract sections 2, 2.1 and 2.3.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ckyc;
use super::fields::Fields;
use crate::http::MAX_ANSWER;
use crate::json::Record;
use crate::keys::{self, Source};
use crate::problem::Problem;
use crate::time::{Millis, SECOND};
use crate::velocity::Counted;

/// What an operation does in the world, which decides how it may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Changes nothing: retried.
    Read,
    /// Moves money: sent once, then looked up.
    Money,
    /// Money in: the customer pays. Repeated until a payment link is there, then looked up.
    Collect,
    /// Leaves a record at the vendor: accepted at once, sent by alarm, repeated under the same wire reference until it is done.
    Write,
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
    /// The field and the word of it with which a request is but a read.
    pub harmless: Option<(&'static str, &'static str)>,
    /// The table whose order its input faults follow.
    pub source: Source,
    /// The vendors that may answer it, in the order in which they are asked.
    pub vendors: &'static [&'static str],
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
    /// Of what its rupees are counted: the vendor's global velocity controls (document 001). A request that moves none is not.
    pub velocity: Option<Counted>,
    /// The field that stands for the customer's address on the network: the caller's own where it is left out.
    pub address: Option<&'static str>,
    /// Whether it asks a credit bureau about a person, which leaves a trace there.
    pub asks_bureau: bool,
    /// Whether a browser's session asks it only once its customer proved a mobile number, for it tells about a person whom a number or a guessed document finds. A number that a request names must be the
    /// proved one whatever the operation.
    pub needs_proof: bool,
    /// Whether an installation may go without it: a vendor of it is asked once it has every setting that it needs.
    pub is_optional: bool,
    /// What a caller does next who got no answer, where it is more than to ask again.
    pub without_answer: Option<&'static str>,
    /// Reads its fields.
    pub(super) read: fn(&mut Fields<'_>),
}

/// A read at Decentro.
const READ: OperationRow = OperationRow {
    operation: Operation::PanVerify,
    name: "",
    path: "",
    fields: &[],
    class: Class::Read,
    harmless: None,
    source: Source::D003_CODE,
    vendors: &["decentro"],
    refused: keys::RECORD_NOT_FOUND,
    body: 64 * 1024,
    attempt: 5 * SECOND,
    wait: 10 * SECOND,
    answer_limit: MAX_ANSWER,
    velocity: None,
    address: None,
    asks_bureau: false,
    needs_proof: false,
    is_optional: false,
    without_answer: None,
    read: |_| (),
};

macro_rules! operations {
    ($($(#[$doc:meta])* $kind:ident in $module:ident is $name:literal at $path:literal { $($column:ident: $value:expr),* })*) => {
        $(use super::$module::{self, $kind};)*

        /// One of the operations.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Operation { $($(#[$doc])* #[serde(rename = $name)] $kind,)* }

        /// What a request asks, in types: for whoever carries it out.
        pub enum Asked { $($(#[$doc])* $kind($kind),)* }

        impl Asked {
            pub(super) fn of(operation: Operation, meaning: &Arc<Record>) -> Option<Self> {
                match operation { $(Operation::$kind => $kind::of(meaning).map(Self::$kind),)* }
            }
        }

        const ROWS: &[OperationRow] = &[$(OperationRow {
            operation: Operation::$kind,
            name: $name,
            path: $path,
            fields: $module::FIELDS,
            read: $module::read,
            $($column: $value,)*
            ..READ
        },)*];
    };
}

#[rustfmt::skip]
operations! {
    /// Document 003 section 2: the standing of a PAN.
    PanVerify in pan_verify is "pan.verify" at "/v1/pan/verify" { vendors: &["decentro", "cashfree"], refused: keys::FAILURE_PAN_INVALID }
    /// Document 003 section 3: whether a bank account is alive, and whose it is. A read where it is penniless.
    BankVerify in bank_verify is "bank.verify" at "/v1/bank-accounts/verify" { vendors: &["decentro", "cashfree"], class: Class::Money, harmless: Some(("validation_type", bank_verify::PENNILESS)), refused: keys::FAILURE_BANK_ACCOUNT_INVALID, attempt: 30 * SECOND, wait: 35 * SECOND, velocity: Some(Counted::BankAccount) }
    /// Document 003 section 3.5: the bank account from which a customer pays one rupee by UPI.
    BankCollect in bank_collect is "bank.collect" at "/v1/bank-accounts/collect" { vendors: &["setu", "cashfree"], class: Class::Collect, is_optional: true, refused: keys::FAILURE_PAYMENT_FAILED, attempt: 10 * SECOND }
    /// Document 001: the bank account behind a mobile number.
    MobileAccount in mobile_account is "mobile.account" at "/v1/mobile/account" { class: Class::Money, source: Source::D001, refused: keys::INVALID_MOBILE_NUMBER, attempt: 30 * SECOND, wait: 35 * SECOND, velocity: Some(Counted::MobileNumber), needs_proof: true }
    /// Document 000: what a credit bureau knows of a customer.
    CustomerPrefill in customer_prefill is "customer.prefill" at "/v1/customers/prefill" { source: Source::D000, attempt: 10 * SECOND, asks_bureau: true, needs_proof: true, without_answer: Some(customer_prefill::GO_ON) }
    /// Document 003 section 4.1: whether the CKYC registry has a record.
    CkycSearch in ckyc_search is "ckyc.search" at "/v1/ckyc/search" { refused: keys::FAILURE_CKYC_INVALID, attempt: 10 * SECOND, without_answer: Some(ckyc::GO_ON) }
    /// Document 003 section 4.2: the record in the CKYC registry, with photo and signature.
    CkycDownload in ckyc_download is "ckyc.download" at "/v1/ckyc/download" { refused: keys::FAILURE_CKYC_INVALID, attempt: 10 * SECOND, answer_limit: 4 * MAX_ANSWER, without_answer: Some(ckyc::GO_ON) }
    /// Document 003 section 4.3: a record for the CKYC registry, with its documents; it is asked for like a download.
    CkycUpload in ckyc_upload is "ckyc.upload" at "/v1/ckyc/upload" { class: Class::Write, body: 8 * 1024 * 1024, attempt: 30 * SECOND, wait: 0, answer_limit: 4 * MAX_ANSWER }
    /// Document 002: the record of a prepaid customer.
    PrepaidCustomer in prepaid_customer is "prepaid.customer" at "/v1/prepaid/customer" { vendors: &["wibmo"], source: Source::D002, refused: "wibmo_1302", needs_proof: true }
    /// Document 004: whether a remitter is on board for domestic money transfer.
    DmtCustomer in dmt_customer is "dmt.customer" at "/v1/dmt/customer" { vendors: &["iserveu"], source: Source::D004, refused: "iserveu_-1", address: Some("public_ip"), needs_proof: true }
}

/// Every operation.
pub static OPERATIONS: &[OperationRow] = ROWS;

/// How a request is read before any vendor hears of it: all that the npm package carries of a row.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    name: &'static str,
    operation: Operation,
    pub(super) fields: &'static [&'static str],
    pub(super) source: Source,
    pub(super) body: usize,
    pub(super) read: fn(&mut Fields<'_>),
}

static READINGS: [Reading; ROWS.len()] = readings();

#[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "evaluated by the compiler: a mistake does not build")]
const fn readings() -> [Reading; ROWS.len()] {
    let mut readings = [reading(&READ); ROWS.len()];
    let mut row = 0;
    while row < ROWS.len() {
        readings[row] = reading(&ROWS[row]);
        row += 1;
    }
    readings
}

const fn reading(&OperationRow { name, operation, fields, source, body, read, .. }: &OperationRow) -> Reading {
    Reading { name, operation, fields, source, body, read }
}

impl Reading {
    /// That of the operation of a name such as `pan.verify`.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        READINGS.iter().find(|reading| reading.name == name)
    }
}

impl OperationRow {
    /// Whether a form may call it unless its tenant says otherwise.
    #[must_use]
    pub fn is_for_pages(&self) -> bool {
        self.class != Class::Write && !self.asks_bureau
    }

    /// The vendor that is asked first.
    #[must_use]
    pub const fn vendor(&self) -> &'static str {
        match self.vendors {
            [first, ..] => first,
            [] => "",
        }
    }
}

impl Operation {
    /// How its request is read.
    pub(super) fn reading(self) -> &'static Reading {
        // As with the rows below.
        static FALLBACK: Reading = reading(&READ);
        READINGS.iter().find(|reading| reading.operation == self).unwrap_or(&FALLBACK)
    }

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

    /// A problem of it: where it has no answer, with what its row says to do then.
    #[must_use]
    pub fn problem(self, problem: Problem) -> Problem {
        let is_without_answer = matches!(problem.status(), 429 | 500..);
        match self.row().without_answer.filter(|_| is_without_answer) {
            Some(step) => problem.adding(step),
            None => problem,
        }
    }

    /// The name of a setting of its own: `PAN_VERIFY_WAIT_MS`.
    #[must_use]
    pub fn setting(self, name: &str) -> String {
        format!("{}_{name}", self.row().name.to_ascii_uppercase().replace('.', "_"))
    }

    /// The operation of a name such as `pan.verify`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Reading::named(name).map(|reading| reading.operation)
    }
}

#[expect(clippy::panic, reason = "evaluated by the compiler: an empty table does not build")]
const fn unreachable_row() -> &'static OperationRow {
    panic!("OPERATIONS is empty")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_operation_has_its_own_row() {
        for row in OPERATIONS {
            assert!(std::ptr::eq(row.operation.row(), row), "{}", row.name);
            assert_eq!(Operation::from_name(row.name), Some(row.operation));
            assert_eq!(json!(row.operation), json!(row.name));
        }
    }
}
