//! Decentro's credentials: three headers, underscores and all (document 003 section 6.1).
//!
//! The v3 "Decfin" routes know only the first two and refuse an unexpected `module_secret` (the README's quirks).

use crate::secret::Secret;
use crate::vendors::{Misconfigured, Settings, setting};

/// The credentials of the company.
pub(super) const CLIENT_ID: &str = "DECENTRO_CLIENT_ID";
/// The credentials of the company.
pub(super) const CLIENT_SECRET: &str = "DECENTRO_CLIENT_SECRET";
/// The secret of the KYC module.
pub(super) const KYC_MODULE_SECRET: &str = "DECENTRO_KYC_MODULE_SECRET";
/// The secret of the financial services module.
pub(super) const FINANCIAL_SERVICES_MODULE_SECRET: &str = "DECENTRO_FINANCIAL_SERVICES_MODULE_SECRET";

/// The secret of the payments module.
pub(super) const PAYMENTS_MODULE_SECRET: &str = "DECENTRO_PAYMENTS_MODULE_SECRET";

/// The headers of a call; `module_secret` names the setting of the module's secret where the route takes one.
pub(super) fn headers(
    settings: Settings<'_>,
    module_secret: Option<&'static str>,
) -> Result<Vec<(&'static str, Secret<String>)>, Misconfigured> {
    let named = [("client_id", Some(CLIENT_ID)), ("client_secret", Some(CLIENT_SECRET)), ("module_secret", module_secret)];
    named
        .into_iter()
        .filter_map(|(header, name)| Some((header, name?)))
        .map(|(header, name)| Ok((header, Secret::new(setting(settings, name)?))))
        .collect()
}
