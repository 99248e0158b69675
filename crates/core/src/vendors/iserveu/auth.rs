//! iServeU's credentials: two headers, underscores and all (document 004).
//!
//! The encrypted flavour of the interface is another product and not spoken here.

use crate::secret::Secret;
use crate::vendors::{Misconfigured, Settings, setting};

/// The credentials of the company.
pub(super) const CLIENT_ID: &str = "ISERVEU_CLIENT_ID";
/// The credentials of the company.
pub(super) const CLIENT_SECRET: &str = "ISERVEU_CLIENT_SECRET";

/// The headers of a call. The interface has no reference of its own, so ours goes along as `x-request-id`, where the vendor's log may keep it.
pub(super) fn headers(settings: Settings<'_>, wire_reference: &str) -> Result<Vec<(&'static str, Secret<String>)>, Misconfigured> {
    Ok(vec![
        ("client_id", Secret::new(setting(settings, CLIENT_ID)?)),
        ("client_secret", Secret::new(setting(settings, CLIENT_SECRET)?)),
        ("x-request-id", Secret::new(wire_reference.to_owned())),
    ])
}
