//! Cashfree's credentials: two headers, the version of the interface, and our reference.
//!
//! Spoken where the address of the calls is on Cashfree's list (`CASHFREE_EGRESS_URL`); the signature that it takes instead (`x-cf-signature`) is not.

use crate::secret::Secret;
use crate::vendors::{Misconfigured, Settings, setting};

/// The credentials of the company.
pub(super) const CLIENT_ID: &str = "CASHFREE_CLIENT_ID";
/// The credentials of the company.
pub(super) const CLIENT_SECRET: &str = "CASHFREE_CLIENT_SECRET";

/// The version of the interface, a date: that of the API reference which this folder follows.
const API_VERSION: &str = "2023-12-18";

/// The headers of a call. Not every request has a field for our reference, so it goes along as `x-request-id`, where the vendor's log may keep it.
pub(super) fn headers(settings: Settings<'_>, wire_reference: &str) -> Result<Vec<(&'static str, Secret<String>)>, Misconfigured> {
    Ok(vec![
        ("x-client-id", Secret::new(setting(settings, CLIENT_ID)?)),
        ("x-client-secret", Secret::new(setting(settings, CLIENT_SECRET)?)),
        ("x-api-version", Secret::new(API_VERSION.to_owned())),
        ("x-request-id", Secret::new(wire_reference.to_owned())),
    ])
}
