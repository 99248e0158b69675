//! Why a vendor refused what somebody can put right: its key, its message, and the faults of single fields, in its own words.
//!
//! The words may quote what was sent: servers read them, browsers do not, and no log has them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::aadhaar;

/// So many faults are kept, and so many characters of each text.
const MOST: usize = 50;
const LONGEST: usize = 500;

/// What a vendor says of a request that it refuses.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorWords {
    /// Its message.
    message: Option<String>,
    /// The faults of single fields.
    errors: Vec<VendorFault>,
}

/// One fault, as a vendor says it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorFault {
    /// Its key.
    pub key: Option<String>,
    /// Its message.
    pub message: Option<String>,
}

impl fmt::Debug for VendorWords {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("VendorWords(..)")
    }
}

impl VendorWords {
    /// A message, and faults of single fields, without any Aadhaar number in them. What says nothing is left out.
    #[must_use]
    pub fn new(message: Option<&str>, faults: impl Iterator<Item = VendorFault>) -> Self {
        let faults =
            faults.map(|VendorFault { key, message }| VendorFault { key: key.as_deref().map(kept), message: message.as_deref().map(kept) });
        let errors = faults.filter(|fault| fault.key.is_some() || fault.message.is_some()).take(MOST).collect();
        Self { message: message.map(kept), errors }
    }
}

/// A text as it is kept.
fn kept(text: &str) -> String {
    aadhaar::hide(text).chars().take(LONGEST).collect()
}

/// Why a check waits for somebody who puts it right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// What is to be put right.
    pub of: Refused,
    /// The vendor's key, its code, or `http_STATUS`.
    pub key: String,
    /// What it said.
    #[serde(flatten)]
    pub words: VendorWords,
}

/// What a vendor refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// What was sent.
    Request,
    /// Us: credentials, a balance, a setting of ours.
    Account,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_bounded_quote_no_aadhaar_number_and_are_not_printed() {
        let fault = |message: &str| VendorFault { key: None, message: Some(message.into()) };
        let many = std::iter::repeat_with(|| fault("id_number 2341 2341 2346 is taken")).take(80);
        let words = VendorWords::new(Some(&"x".repeat(900)), many);
        assert_eq!((words.message.as_ref().map(String::len), words.errors.len()), (Some(500), 50));
        assert_eq!(words.errors.first().and_then(|fault| fault.message.as_deref()), Some("id_number XXXX XXXX 2346 is taken"));
        assert_eq!(format!("{words:?}"), "VendorWords(..)");
        assert_eq!(VendorWords::new(None, [VendorFault { key: None, message: None }].into_iter()), VendorWords::default());
    }
}
