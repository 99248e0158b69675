//! Decentro's response keys and codes, one file per table of its documents: rows and nothing else.

pub(super) mod codes;
pub(super) mod d000;
pub(super) mod d001;
pub(super) mod kyc;

use super::{Action, Meaning, Moves, RECORD_NOT_FOUND, Row, SOURCE_TIMEOUT, SOURCE_UNAVAILABLE, Source, UNEXPECTED_RESPONSE};

impl Source {
    /// Document 000, response keys of Customer Data Pull.
    pub const D000: Self = Self::new("000");
    /// Document 001, response keys of Mobile to Account.
    pub const D001: Self = Self::new("001").of_money(Moves::AsItMeans);
    /// Document 003 section 6.6, Decentro's response codes; and those seen beyond it.
    pub const D003_CODE: Self = Self::new("003 section 6.6/codes").between_us();
    /// Response keys of all of Decentro's KYC products that no document has.
    pub const KYC: Self = Self::new("observed/kyc").between_us();
}
