//! The vendor account of a call: which vendor, under whose credentials.
//!
//! A tenant may have an account of its own at a vendor. Its settings carry the account's name behind two underscores
//! (`DECENTRO_CLIENT_SECRET__ACME`): credentials of its own, all of them, and addresses where they differ.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// An account at a vendor, as text: `decentro`, or `decentro/acme` for one that has a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Account(Cow<'static, str>);

/// What stands between a vendor and the name of an account.
const SEPARATOR: char = '/';

/// What the common account is called where every account has a name: the path of a callback. No other has this name.
pub const COMMON: &str = "common";

impl Account {
    /// The common account at a vendor.
    #[must_use]
    pub const fn common(vendor: &'static str) -> Self {
        Self(Cow::Borrowed(vendor))
    }

    /// The account of this text: a vendor, and after a slash a name of lower-case letters, digits and underscores. `None` for any other text.
    /// Whether there is such a vendor is not looked at.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (vendor, name) = text.split_once(SEPARATOR).map_or((text, None), |(vendor, name)| (vendor, Some(name)));
        let is_word =
            |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        let is_name = name.is_none_or(|name| is_word(name) && name != COMMON);
        (is_word(vendor) && is_name).then(|| Self(Cow::Owned(text.to_owned())))
    }

    /// It as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The vendor's name.
    #[must_use]
    pub fn vendor(&self) -> &str {
        self.0.split(SEPARATOR).next().unwrap_or_default()
    }

    /// The account's name; `None` for the common one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.0.split_once(SEPARATOR).map(|(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_a_vendor_and_perhaps_a_name() {
        let parts = |text| Account::parse(text).map(|account| (account.vendor().to_owned(), account.name().map(str::to_owned)));
        assert_eq!(parts("decentro"), Some(("decentro".into(), None)));
        assert_eq!(parts("cashfree/acme_2"), Some(("cashfree".into(), Some("acme_2".into()))));
        for wrong in
            ["", "/", "decentro/", "/acme", "Decentro", "decentro/ACME", "decentro/a/b", "decentro acme", "decentro/a-b", "decentro/common"]
        {
            assert_eq!(parts(wrong), None, "{wrong}");
        }
    }
}
