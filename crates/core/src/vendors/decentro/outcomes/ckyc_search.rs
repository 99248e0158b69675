//! What Decentro's replies to a CKYC search mean (document 003 section 4.1): a read.
//!
//! The record must have a KIN, masked or not; whose it is, and what of it is told, is `operations/ckyc_search.rs`.

use super::ckyc;
use crate::http::Exchange;
use crate::keys;
use crate::operations::Operation;
use crate::operations::ckyc_search::{self, CkycSearch, SearchReport};
use crate::vendors::Reading;
use crate::vendors::decentro::wire;

/// The reply.
pub(in crate::vendors::decentro) fn post(request: &CkycSearch, exchange: &Exchange) -> Reading {
    ckyc::reading(Operation::CkycSearch, keys::SUCCESS_CKYC_SEARCH, exchange, |record, _, vendor| {
        let report = SearchReport {
            ckyc_id: ckyc::ckyc_id(record),
            fields: wire::texts(record, ckyc_search::TEXTS),
            identities: ckyc::identities(wire::field(record, "identity_details")),
        };
        ckyc_search::decide(request, report, vendor)
    })
}
