//! The money: one entry for every rupee that moved.
//!
//! The account appears as a hash, which tells accounts apart without naming them. The accounts are made up, so a plain hash will do.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use toran_core::time::{Millis, rfc3339};

use crate::calls::timestamp;

/// What a penny drop credits, in rupees.
const AMOUNT: &str = "1.00";

/// One rupee that moved.
#[derive(Debug)]
pub(crate) struct Entry {
    at: Millis,
    operation: &'static str,
    wire_reference: Option<String>,
    account_hash: String,
}

impl Entry {
    /// A rupee credited to an account.
    pub(crate) fn new(at: Millis, operation: &'static str, wire_reference: Option<String>, account: &str) -> Self {
        Self { at, operation, wire_reference, account_hash: hex::encode(Sha256::digest(account)) }
    }

    /// Whether the request of this reference moved it.
    pub(crate) fn is_of(&self, reference: &str) -> bool {
        self.wire_reference.as_deref() == Some(reference)
    }

    /// A line of a statement.
    pub(crate) fn to_csv(&self) -> String {
        let reference = self.wire_reference.as_deref().unwrap_or_default();
        format!("{reference},{AMOUNT},success,{}\r\n", rfc3339(self.at))
    }

    /// As contract section 4 lists it.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "at": timestamp(self.at), "operation": self.operation, "wire_reference": self.wire_reference,
            "account_hash": self.account_hash, "amount": AMOUNT,
        })
    }
}
