//! Who may do what: the tenants, their keys, and the scopes of both. Contract section 2.6.
//!
//! A credential is a server key, known by its SHA-256 digest, or a browser's session. A key has its tenant's scopes or its own, and may name the one person who
//! holds it: decisions are theirs. A browser may call operations and do nothing else, whatever its tenant may do. All of `TENANTS` is read and judged when the settings are:
//! a misspelt scope would be a door that nobody closed, a misspelt origin one that nobody can open, the digest of an empty key one that is open to all.

pub mod assertion;
pub mod browser;
mod tenant_limits;
pub mod wanted;

use std::borrow::Cow;
use std::collections::HashSet;

use serde::{Deserialize, Deserializer};

pub use tenant_limits::{TenantLimits, too_many_otps, too_often};

use crate::account::Account;
use crate::consent::ConsentRule;
use crate::keys;
use crate::operations::{Audience, OPERATIONS, Operation};
use crate::problem::Problem;
use crate::seal::{digest, same};
use crate::session::Session;

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
    /// By whom the people are let in who review its checks: an application of Cloudflare Access.
    #[serde(default)]
    access: Option<assertion::Application>,
    /// Whether a person's decision about a check needs a second person.
    #[serde(default)]
    pub four_eyes: bool,
    /// What it may cost, and how often it may call.
    #[serde(default)]
    pub limits: TenantLimits,
    /// Whether its requests need a consent; where it does not say, that depends on the environment.
    #[serde(default)]
    pub consent: Option<ConsentRule>,
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

    fn person(&self) -> Option<&str> {
        match self {
            Self::Digest(_) => None,
            Self::Named(named) => named.person.as_deref(),
        }
    }
}

/// Who calls.
#[derive(Clone, Debug)]
pub struct Caller<'a> {
    /// For which tenant.
    pub tenant: &'a Tenant,
    /// A server or a browser.
    pub audience: Audience,
    /// The one person who holds the credential: as the setting calls them, or by their e-mail address.
    pub person: Option<Cow<'a, str>>,
    /// The browser's session.
    pub session: Option<Box<Session>>,
    scopes: &'a [Scope],
}

impl Caller<'_> {
    /// Whether the caller may do this.
    #[must_use]
    pub fn may(&self, needed: Scope) -> bool {
        let is_offered = match &self.session {
            None => true,
            Some(session) => needed.is_of_operations() && session.operations.iter().any(|name| name == needed.name()),
        };
        is_offered && self.scopes.iter().any(|scope| scope.covers(needed))
    }

    /// The person who decides by these credentials.
    ///
    /// # Errors
    /// 403 where they name none.
    pub fn person(&self) -> Result<&str, Problem> {
        self.person.as_deref().ok_or_else(|| Problem::new(keys::FORBIDDEN).detail(NO_PERSON))
    }

    /// Whether the caller may call any operation, and so record the consents that they need.
    #[must_use]
    pub fn may_operate(&self) -> bool {
        OPERATIONS.iter().any(|row| self.may(Scope::Operation(row.operation)))
    }

    /// The operations whose checks it may see; `None` for all of its tenant's.
    #[must_use]
    pub fn sees(&self) -> Option<Vec<Operation>> {
        let may = |operation: Operation| self.may(Scope::Operation(operation));
        let is_of_all = self.may(Scope::Review) || self.may(Scope::Ops) || OPERATIONS.iter().all(|row| may(row.operation));
        (!is_of_all).then(|| OPERATIONS.iter().map(|row| row.operation).filter(|operation| may(*operation)).collect())
    }

    /// Whether the caller may see its tenant's checks: who may make some, review them or search them.
    #[must_use]
    pub fn may_see_checks(&self) -> bool {
        self.sees().is_none_or(|operations| !operations.is_empty())
    }
}

/// What is told of credentials that may decide, but are nobody's.
const NO_PERSON: &str =
    "Decisions are a person's: the key must name one person, as \"person\" in TENANTS, or Cloudflare Access must let one in.";

/// Reads the setting `TENANTS`; `None` for what is malformed in any part.
#[must_use]
pub fn read(text: &str) -> Option<Vec<Tenant>> {
    serde_json::from_str(text).ok().filter(|tenants: &Vec<Tenant>| is_sound(tenants))
}

/// Digests of what is no key, though a careless command makes it one: nothing, a blank, the end of a line, a variable that was not set.
const NO_KEYS: &[&str] = &["", " ", "\n", "null", "undefined"];

/// Whether each tenant has a name of its own, each key belongs to one tenant and can be somebody's, and each origin is one that a browser says.
fn is_sound(tenants: &[Tenant]) -> bool {
    let ids: Vec<_> = tenants.iter().map(|tenant| tenant.id.as_str()).collect();
    let digests: Vec<_> = tenants.iter().flat_map(|tenant| &tenant.keys).map(Key::digest).collect();
    let is_each_once = |texts: &[&str]| texts.iter().collect::<HashSet<_>>().len() == texts.len();
    let is_id = |id: &&str| !id.trim().is_empty() && id.trim() == *id && !id.contains(char::is_control);
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let is_key = |text: &&str| text.len() == 64 && text.bytes().all(is_hex) && text.bytes().any(|byte| byte != b'0');
    let is_nobodys = |text: &&&str| NO_KEYS.iter().any(|nothing| digest(nothing) == **text);
    let people: Vec<_> = tenants.iter().filter_map(|tenant| tenant.access.as_ref()).collect();
    let mut origins = tenants.iter().flat_map(|tenant| &tenant.origins);
    is_each_once(&ids)
        && ids.iter().all(is_id)
        && is_each_once(&digests)
        && digests.iter().all(is_key)
        && !digests.iter().any(|text| is_nobodys(&text))
        && tenants.iter().flat_map(|tenant| &tenant.keys).filter_map(Key::person).all(|person| is_id(&person))
        && people.iter().all(|application| application.is_sound())
        && people.iter().collect::<HashSet<_>>().len() == people.len()
        && tenants.iter().all(|tenant| tenant.limits.is_sound())
        && origins.all(|origin| browser::is_origin(origin))
}

/// The caller whose key has this digest.
#[must_use]
pub fn of_key<'a>(tenants: &'a [Tenant], digest: &str) -> Option<Caller<'a>> {
    let of_tenant = |tenant: &'a Tenant| tenant.keys.iter().find(|key| same(key.digest(), digest)).map(|key| (tenant, key));
    let (tenant, key) = tenants.iter().find_map(of_tenant)?;
    let (scopes, person) = match key {
        Key::Digest(_) => (None, None),
        Key::Named(named) => (named.scopes.as_deref(), key.person().map(|person| Cow::Owned(person.to_lowercase()))),
    };
    Some(Caller { tenant, audience: Audience::Server, person, session: None, scopes: scopes.unwrap_or(&tenant.scopes) })
}

/// Development's own page, as the opener of its session: the first tenant.
#[must_use]
pub fn of_own_page(tenants: &[Tenant]) -> Option<Caller<'_>> {
    let tenant = tenants.first()?;
    Some(Caller { tenant, audience: Audience::Server, person: None, session: None, scopes: &tenant.scopes })
}

/// The caller with a session.
#[must_use]
pub fn of_session(tenants: &[Tenant], session: Session) -> Option<Caller<'_>> {
    let tenant = tenants.iter().find(|known| known.id == session.tenant)?;
    Some(Caller { tenant, audience: Audience::Browser, person: None, session: Some(Box::new(session)), scopes: &tenant.scopes })
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

    const D1: &str = "1111111111111111111111111111111111111111111111111111111111111111";

    /// A session of a tenant, for these operations.
    pub(super) fn session(tenant: &str, operations: &[&str]) -> Session {
        Session {
            tenant: tenant.into(),
            origin: "https://a.example".into(),
            expires_at: 1,
            family: "f".repeat(32),
            until: 1,
            operations: operations.iter().map(|name| (*name).to_owned()).collect(),
            budget: crate::session::Budget::DEFAULT,
            subject: None,
            verified: None,
            application: None,
        }
    }

    /// A digest.
    fn key(digit: &str) -> String {
        digit.repeat(64)
    }

    const ALL: &[Scope] = &[Scope::Operation(Operation::PanVerify), Scope::Review, Scope::Ops, Scope::Evidence, Scope::Operator];

    fn tenants(scopes: &str) -> Vec<Tenant> {
        let named = format!(r#"{{"digest":"{}","scopes":["review"],"person":"asha"}},{{"digest":"{}"}}"#, key("2"), key("3"));
        read(&format!(r#"[{{"id":"acme","keys":["{D1}",{named}],"scopes":{scopes},"origins":["https://a.example"]}}]"#)).unwrap()
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
            assert_eq!(granted(&of_key(&tenants, D1).unwrap()), allowed, "{scopes}");
        }
    }

    #[test]
    fn a_key_has_its_tenants_scopes_or_its_own_and_may_name_a_person() {
        let tenants = tenants(r#"["*"]"#);
        let caller = |digest: &str| {
            of_key(&tenants, digest).map(|caller| (granted(&caller), caller.person.as_deref().map(str::to_owned), caller.tenant.id.clone()))
        };
        assert_eq!(caller(D1), Some((vec!["pan.verify"], None, "acme".into())));
        assert_eq!(caller(&key("2")), Some((vec!["review"], Some("asha".into()), "acme".into())));
        assert_eq!(caller(&key("3")), Some((vec!["pan.verify"], None, "acme".into())));
        assert_eq!(caller(&key("4")), None);
    }

    #[test]
    fn a_browser_calls_operations_and_does_nothing_else() {
        let tenants = tenants(r#"["*","review","ops","evidence","operator"]"#);
        let caller = of_session(&tenants, session("acme", &["pan.verify"])).unwrap();
        assert_eq!((granted(&caller), caller.audience), (vec!["pan.verify"], Audience::Browser));
        assert!(granted(&of_session(&tenants, session("acme", &["bank.verify", "review", "*"])).unwrap()).is_empty(), "what it names");
        assert!(of_session(&tenants, session("other", &["pan.verify"])).is_none());
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
            assert_eq!(of_key(&tenants(scopes), D1).map(|caller| caller.may_see_checks()), Some(sees), "{scopes}");
        }
        let with_scopes = tenants;
        let tenants = tenants(r#"["review"]"#);
        assert_eq!(
            of_session(&tenants, session("acme", &["pan.verify"])).map(|caller| caller.may_see_checks()),
            Some(false),
            "a browser reviews nothing"
        );
        let sees = |scopes: &str| of_key(&with_scopes(scopes), D1).and_then(|caller| caller.sees());
        assert_eq!((sees(r#"["*"]"#), sees(r#"["pan.verify","ops"]"#)), (None, None), "all of them");
        assert_eq!(sees(r#"["pan.verify","dmt.customer"]"#), Some(vec![Operation::PanVerify, Operation::DmtCustomer]));
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
        assert!(with(&format!(r#""{D1}""#), r#""*","review","ops","evidence","operator""#).is_some());
        for scope in ["\"all\"", "\"pan.verify \"", "\"PAN.VERIFY\"", "\"\"", "1"] {
            assert!(with(&format!(r#""{D1}""#), scope).is_none(), "{scope}");
        }
        for key in [r#"{"digest":"KEY","scope":["*"]}"#, r#"{"scopes":[]}"#, "1", r#"{"digest":"KEY","scopes":["all"]}"#] {
            assert!(with(&key.replace("KEY", D1), "").is_none(), "{key}");
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

    #[test]
    fn what_is_no_name_no_digest_and_no_origin_of_a_tenant_makes_the_setting_malformed() {
        let of = |id: &str, key: &str, origin: &str| format!(r#"{{"id":"{id}","keys":["{key}"],"scopes":["*"],"origins":["{origin}"]}}"#);
        let one = |id: &str, key: &str, origin: &str| read(&format!("[{}]", of(id, key, origin))).is_some();
        let two = |other: String| read(&format!("[{},{other}]", of("a", D1, "https://a.example"))).is_some();
        for origin in [
            "https://a.example",
            "https://a.example:8443",
            "http://127.0.0.1:8787",
            "http://localhost:3000",
            "https://xn--a-0ga.example",
            "https://a_b.example",
            "capacitor://localhost",
        ] {
            assert!(one("a", D1, origin), "{origin}");
        }
        for origin in [
            "null",
            "*",
            "",
            "https://",
            "https://*.example",
            "https://a.example/",
            "https://a.example?",
            "HTTPS://A.EXAMPLE",
            "http://a.example",
            "a.example",
            "https://u@a.example",
            "https://a.example:",
            "https://a.example:x",
            " https://a.example",
            "file://a",
        ] {
            assert!(!one("a", D1, origin), "{origin}");
        }
        assert!(one("acme:in b", D1, "https://a.example"), "an id is in nobody's syntax");
        for id in ["", " ", " a", "a ", "a\\n"] {
            assert!(!one(id, D1, "https://a.example"), "{id:?}");
        }
        let wrong = [String::new(), "d1".into(), "A".repeat(64), "0".repeat(64), "g".repeat(64), "1".repeat(63)];
        for key in wrong.into_iter().chain(NO_KEYS.iter().map(|nothing| digest(nothing))) {
            assert!(!one("a", &key, "https://a.example"), "{key}");
        }
        assert!(two(of("b", &key("2"), "https://a.example")), "two tenants may share an origin");
        assert!(!two(of("b", D1, "https://b.example")), "one key, two tenants");
        assert!(!two(of("a", &key("2"), "https://b.example")), "one name, two tenants");
        assert!(
            !two(format!(r#"{{"id":"b","keys":["{0}",{{"digest":"{0}","scopes":[]}}],"scopes":[],"origins":[]}}"#, key("2"))),
            "one key, two scopes"
        );
    }
}
