//! Setu's credentials: three headers, and our reference.

use crate::secret::Secret;
use crate::vendors::{Misconfigured, Settings, setting};

/// The credentials of the company.
pub(super) const CLIENT_ID: &str = "SETU_CLIENT_ID";
/// The credentials of the company.
pub(super) const CLIENT_SECRET: &str = "SETU_CLIENT_SECRET";
/// The product that the company configured at Setu.
pub(super) const PRODUCT: &str = "SETU_PRODUCT_INSTANCE_ID";

/// The headers of a call. Our reference goes along as `x-request-id`, where the vendor's log may keep it.
pub(super) fn headers(settings: Settings<'_>, wire_reference: &str) -> Result<Vec<(&'static str, Secret<String>)>, Misconfigured> {
    Ok(vec![
        ("x-client-id", Secret::new(setting(settings, CLIENT_ID)?)),
        ("x-client-secret", Secret::new(setting(settings, CLIENT_SECRET)?)),
        ("x-product-instance-id", Secret::new(setting(settings, PRODUCT)?)),
        ("x-request-id", Secret::new(wire_reference.to_owned())),
    ])
}
