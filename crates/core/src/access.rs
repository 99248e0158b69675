//! Who may do what: the tenants, their keys, and the scopes of both. Contract section 2.6.
//!
//! A credential is a server key, known by its SHA-256 digest, or a browser's session. A key has its tenant's scopes or its own, and may name the one person who
//! holds it: decisions are theirs. A browser may call operations and do nothing else, whatever its tenant may do. Scopes are read when the settings are:
//! a word that is none of them makes the setting `TENANTS` malformed, for a misspelt scope would be a door that nobody closed.

pub mod browser;

use std::collections::HashSet;

use serde::{Deserialize, Deserializer};

use crate::account::Account;
use crate::operations::{Audience, OPERATIONS, Operation};
use crate::seal::same;

/// What a credential may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Scope {
    /// `*`: every operation, and nothing else.
    Operations,
    /// One operation, by its name.
    Operation(Operation),
    /// `review`: see what waits for manual review, and decide it.
    Review,
    /// `ops`: search and reconcile the tenant's own checks.
    Ops,
    /// `evidence`: fetch the record of what was agreed to and checked.
    Evidence,
    /// `operator`: run the gateway: vendors' health and the registers, and no tenant's data.
    Operator,
}

/// The scopes that are no operations, by name.
const NAMED: &[(&str, Scope)] = &[
    ("*", Scope::Operations),
    ("review", Scope::Review),
    ("ops", Scope::Ops),
    ("evidence", Scope::Evidence),
    ("operator", Scope::Operator),
];

impl Scope {
    /// Its name in settings and problems.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Operation(operation) => operation.row().name,
            other => NAMED.iter().find(|(_, scope)| *scope == other).map_or("", |(name, _)| name),
        }
    }

    /// Whether who has this scope may do what needs the other.
    fn covers(self, needed: Self) -> bool {
        self == needed || self == Self::Operations && matches!(needed, Self::Operation(_))
    }

    const fn is_of_operations(self) -> bool {
        matches!(self, Self::Operations | Self::Operation(_))
    }
}

impl TryFrom<String> for Scope {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let named = NAMED.iter().find(|(known, _)| *known == name).map(|(_, scope)| *scope);
        let operation = || OPERATIONS.iter().find(|row| row.name == name).map(|row| Self::Operation(row.operation));
        named.or_else(operation).ok_or_else(|| "there is no such scope".to_owned())
    }
}

/// One customer of the gateway.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tenant {
    /// Its name in logs and storage keys.
    pub id: String,
    /// Its server keys.
    keys: Vec<Key>,
    /// What its keys may do, unless they say so themselves.
    scopes: Vec<Scope>,
    /// The origins for which it may open browser sessions.
    pub origins: Vec<String>,
    /// Its accounts at vendors, in the order in which they are asked.
    #[serde(default, deserialize_with = "accounts")]
    pub accounts: Vec<Account>,
}

/// Accounts at vendors that there are, none twice: a misspelt one would be an order that nobody follows.
fn accounts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Account>, D::Error> {
    let texts = Vec::<String>::deserialize(deserializer)?;
    let is_vendor = |account: &Account| OPERATIONS.iter().any(|row| row.vendors.contains(&account.vendor()));
    let accounts: Option<Vec<_>> = texts.iter().map(|text| Account::parse(text).filter(is_vendor)).collect();
    let is_each_once = |accounts: &Vec<Account>| accounts.iter().collect::<HashSet<_>>().len() == accounts.len();
    accounts.filter(is_each_once).ok_or_else(|| serde::de::Error::custom("there is no such account, or it is there twice"))
}

/// A server key: its SHA-256 digest in hex, or that with more.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Key {
    Digest(String),
    Named(NamedKey),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedKey {
    digest: String,
    scopes: Option<Vec<Scope>>,
    person: Option<String>,
}

impl Key {
    fn digest(&self) -> &str {
        match self {
            Self::Digest(digest) | Self::Named(NamedKey { digest, .. }) => digest,
        }
    }
}

/// Who calls.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// For which tenant.
    pub tenant: &'a Tenant,
    /// A server or a browser.
    pub audience: Audience,
    /// The one person who holds the key, as the setting calls them.
    pub person: Option<&'a str>,
    scopes: &'a [Scope],
}

impl Caller<'_> {
    /// Whether the caller may do this.
    #[must_use]
    pub fn may(&self, needed: Scope) -> bool {
        let is_offered = self.audience == Audience::Server || needed.is_of_operations();
        is_offered && self.scopes.iter().any(|scope| scope.covers(needed))
    }

    /// Whether the caller may see its tenant's checks: who may make some, review them or search them.
    #[must_use]
    pub fn may_see_checks(&self) -> bool {
        let may_make = self.scopes.iter().any(|scope| scope.is_of_operations());
        may_make || self.may(Scope::Review) || self.may(Scope::Ops)
    }
}

/// Reads the setting `TENANTS`; `None` for what is malformed.
#[must_use]
pub fn read(text: &str) -> Option<Vec<Tenant>> {
    serde_json::from_str(text).ok()
}

/// The caller whose key has this digest.
#[must_use]
pub fn of_key<'a>(tenants: &'a [Tenant], digest: &str) -> Option<Caller<'a>> {
    let of_tenant = |tenant: &'a Tenant| tenant.keys.iter().find(|key| same(key.digest(), digest)).map(|key| (tenant, key));
    let (tenant, key) = tenants.iter().find_map(of_tenant)?;
    let (scopes, person) = match key {
        Key::Digest(_) => (None, None),
        Key::Named(named) => (named.scopes.as_deref(), named.person.as_deref()),
    };
    Some(Caller { tenant, audience: Audience::Server, person, scopes: scopes.unwrap_or(&tenant.scopes) })
}

/// The caller with a session of this tenant.
#[must_use]
pub fn of_session<'a>(tenants: &'a [Tenant], tenant: &str) -> Option<Caller<'a>> {
    let tenant = tenants.iter().find(|known| known.id == tenant)?;
    Some(Caller { tenant, audience: Audience::Browser, person: None, scopes: &tenant.scopes })
}

/// Whether any tenant lets browsers call from this origin.
#[must_use]
pub fn knows_origin(tenants: &[Tenant], origin: &str) -> bool {
    tenants.iter().any(|tenant| tenant.origins.iter().any(|known| known == origin))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const ALL: &[Scope] = &[Scope::Operation(Operation::PanVerify), Scope::Review, Scope::Ops, Scope::Evidence, Scope::Operator];

    fn tenants(scopes: &str) -> Vec<Tenant> {
        let named = r#"{"digest":"d2","scopes":["review"],"person":"asha"},{"digest":"d3"}"#;
        read(&format!(r#"[{{"id":"acme","keys":["d1",{named}],"scopes":{scopes},"origins":["https://a.example"]}}]"#)).unwrap()
    }

    fn granted(caller: &Caller<'_>) -> Vec<&'static str> {
        ALL.iter().filter(|scope| caller.may(**scope)).map(|scope| scope.name()).collect()
    }

    #[test]
    fn the_star_is_operations_and_nothing_else() {
        for (scopes, allowed) in [
            (r#"["*"]"#, vec!["pan.verify"]),
            (r#"["*","operator"]"#, vec!["pan.verify", "operator"]),
            (r#"["pan.verify"]"#, vec!["pan.verify"]),
            (r#"["bank.verify","ops","evidence"]"#, vec!["ops", "evidence"]),
            ("[]", vec![]),
        ] {
            let tenants = tenants(scopes);
            assert_eq!(granted(&of_key(&tenants, "d1").unwrap()), allowed, "{scopes}");
        }
    }

    #[test]
    fn a_key_has_its_tenants_scopes_or_its_own_and_may_name_a_person() {
        let tenants = tenants(r#"["*"]"#);
        let caller = |digest| of_key(&tenants, digest).map(|caller| (granted(&caller), caller.person, caller.tenant.id.as_str()));
        assert_eq!(caller("d1"), Some((vec!["pan.verify"], None, "acme")));
        assert_eq!(caller("d2"), Some((vec!["review"], Some("asha"), "acme")));
        assert_eq!(caller("d3"), Some((vec!["pan.verify"], None, "acme")));
        assert_eq!(caller("d4"), None);
    }

    #[test]
    fn a_browser_calls_operations_and_does_nothing_else() {
        let tenants = tenants(r#"["*","review","ops","evidence","operator"]"#);
        let caller = of_session(&tenants, "acme").unwrap();
        assert_eq!((granted(&caller), caller.audience), (vec!["pan.verify"], Audience::Browser));
        assert!(of_session(&tenants, "other").is_none());
        assert!(knows_origin(&tenants, "https://a.example") && !knows_origin(&tenants, "https://b.example"));
    }

    #[test]
    fn checks_are_seen_by_who_makes_reviews_or_searches_them() {
        for (scopes, sees) in [
            (r#"["*"]"#, true),
            (r#"["pan.verify"]"#, true),
            (r#"["review"]"#, true),
            (r#"["ops"]"#, true),
            (r#"["evidence"]"#, false),
            (r#"["operator"]"#, false),
            ("[]", false),
        ] {
            assert_eq!(of_key(&tenants(scopes), "d1").map(|caller| caller.may_see_checks()), Some(sees), "{scopes}");
        }
        let tenants = tenants(r#"["review"]"#);
        assert_eq!(of_session(&tenants, "acme").map(|caller| caller.may_see_checks()), Some(false), "a browser reviews nothing");
    }

    #[test]
    fn a_tenants_accounts_are_of_vendors_that_there_are_and_each_is_there_once() {
        let with = |accounts: &str| read(&format!(r#"[{{"id":"a","keys":[],"scopes":[],"origins":[],"accounts":{accounts}}}]"#));
        let known = with(r#"["cashfree/acme_2","decentro","cashfree"]"#).unwrap();
        let order: Vec<_> = known.iter().flat_map(|tenant| &tenant.accounts).map(Account::vendor).collect();
        assert_eq!(order, ["cashfree", "decentro", "cashfree"]);
        assert!(tenants("[]").iter().all(|tenant| tenant.accounts.is_empty()));
        for wrong in [
            r#"["nobody"]"#,
            r#"["Decentro"]"#,
            r#"["decentro","decentro"]"#,
            r#"["decentro/"]"#,
            r#"[""]"#,
            r#""decentro""#,
            "[7]",
            "null",
        ] {
            assert!(with(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_word_that_is_no_scope_and_a_member_that_is_none_are_refused() {
        let with = |keys: &str, scopes: &str| read(&format!(r#"[{{"id":"a","keys":[{keys}],"scopes":[{scopes}],"origins":[]}}]"#));
        assert!(with(r#""d""#, r#""*","review","ops","evidence","operator""#).is_some());
        for scope in ["\"all\"", "\"pan.verify \"", "\"PAN.VERIFY\"", "\"\"", "1"] {
            assert!(with(r#""d""#, scope).is_none(), "{scope}");
        }
        for key in [r#"{"digest":"d","scope":["*"]}"#, r#"{"scopes":[]}"#, "1", r#"{"digest":"d","scopes":["all"]}"#] {
            assert!(with(key, "").is_none(), "{key}");
        }
        assert!(read("{}").is_none() && read("").is_none());
    }

    #[test]
    fn every_operation_is_a_scope_under_its_name() {
        for row in OPERATIONS {
            assert_eq!(Scope::try_from(row.name.to_owned()).map(Scope::name), Ok(row.name));
        }
        for (name, scope) in NAMED {
            assert_eq!((scope.name(), Scope::try_from((*name).to_owned())), (*name, Ok(*scope)));
        }
    }
}
