//! What Cashfree's replies mean, one file per operation; here is what they have in common: who says so, and the words of a refusal.
//!
//! An error response has a code, whose row says what it means, and an HTTP status, whose row counts where the code is unknown. Source: the README.

pub(super) mod bank_collect;
pub(super) mod bank_verify;
pub(super) mod pan_verify;

use super::wire::Reply;
use crate::http::HttpResponse;
use crate::keys::{self, Row, Source};
use crate::operations::VendorRef;

/// The vendor's name.
pub(super) const VENDOR: &str = "cashfree";

/// Cashfree, and nothing else known.
pub(super) fn nobody() -> VendorRef {
    VendorRef { name: VENDOR.into(), ..VendorRef::default() }
}

impl Reply {
    fn vendor(&self) -> VendorRef {
        let code = self.account_status_code.as_ref().or(self.code.as_ref());
        VendorRef { transaction_id: self.reference_id.clone(), code: code.cloned(), ..nobody() }
    }

    /// The row of its error code.
    fn coded(&self) -> Option<&'static Row> {
        keys::find(Source::CASHFREE_ERROR, self.code.as_deref()?, None)
    }

    /// The vendor's own word for a refusal, for an operator: its code, where it looks like one.
    fn named(&self, response: &HttpResponse) -> String {
        self.code.clone().filter(|code| is_code(code)).unwrap_or_else(|| format!("http_{}", response.status))
    }

    /// Whether it names a request that is not ours.
    fn is_about_another(&self, reference: &str) -> bool {
        self.our_reference.as_deref().is_some_and(|named| !named.eq_ignore_ascii_case(reference))
    }
}

/// Whether a text looks like an error code: words in small letters. Nothing personal does.
fn is_code(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || b"_-".contains(&byte);
    text.len() <= 64 && text.contains('_') && text.bytes().all(is_letter)
}

/// The row of an HTTP status.
fn http(response: &HttpResponse) -> Option<&'static Row> {
    keys::find(Source::CASHFREE_HTTP, &response.status.to_string(), None)
}
