//! The gateway's own settings, read of texts: typed, checked, with what counts where one is left out.
//!
//! A missing or malformed setting is the operator's: it is named, never its value. Production refuses to work with a value that development publishes. The settings of
//! vendors are [`crate::vendors::settings`]'s.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::access::{self, Tenant};
use crate::account::{Account, COMMON};
use crate::check::Policy;
use crate::consent::ConsentRule;
use crate::http;
use crate::module::rules::Protection;
use crate::operations::{OPERATIONS, Operation};
use crate::prices::{self, ESTIMATES, Price};
use crate::proof::number;
use crate::proof::sender::Sender;
use crate::reply::Limits;
use crate::seal::{Index, Ring};
use crate::session::Signer;
use crate::time::{Millis, SECOND};
use crate::velocity::{WINDOWS, Window};
use crate::vendors::{self, callback};

/// What the platform must bind for the gateway, by name.
#[rustfmt::skip]
pub const BINDINGS: &[&str] = &[
    "CHECKS", "CHECK_REGISTER", "SUBJECT_REGISTER", "SESSION_REGISTER", "MODULE_REGISTER", "PROOF_REGISTER", "CONSENT_REGISTER", "JOURNAL",
    "TOOLS_LIMIT", "SESSIONS_LIMIT", "FAILURES_LIMIT", "ADDRESS_LIMIT", "SESSION_LIMIT", "TENANT_LIMIT", "OTP_LIMIT",
];

/// The gateway's own settings without which it does not work; all but `REGISTERS` are secrets.
pub const REQUIRED: &[&str] = &["TENANTS", "SEAL_KEYS", "INDEX_KEY", "SESSION_KEY", "REGISTERS"];

/// Those that may be left out. What has a time of its own per operation may have that operation's name in front (`PAN_VERIFY_WAIT_MS`).
pub const OPTIONAL: &[&str] =
    &["ENVIRONMENT", "TOOLS_PER_MINUTE", "CALLS_AT_ONCE", "PRICES", "CIRCUIT", "PLANS", "MAINTENANCE", OTP_SENDER, OTP_SENDER_SECRET];

/// The address that is handed one-time passwords, and the secret under which it is. Without an address none are sent.
const OTP_SENDER: &str = "OTP_SENDER";
const OTP_SENDER_SECRET: &str = "OTP_SENDER_SECRET";
/// How long it may take, unless `OTP_WAIT_MS` says otherwise.
const OTP_WAIT: Millis = 10 * SECOND;

/// A setting that is missing or malformed, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadSetting(pub &'static str);

/// The settings.
pub struct Settings {
    tenants: Result<Vec<Tenant>, BadSetting>,
    ring: Result<Ring, BadSetting>,
    index: Result<Index, BadSetting>,
    signer: Result<Signer, BadSetting>,
    /// In the order of [`OPERATIONS`].
    policies: Vec<Policy>,
    /// Whether the prices are malformed; then the estimates count.
    bad_prices: Option<BadSetting>,
    velocity: [Window; 3],
    protection: Protection,
    registers: Result<u32, BadSetting>,
    calls_at_once: usize,
    /// Requests a minute to the public tools, per address: what the binding `TOOLS_LIMIT` allows.
    tools: u32,
    /// The settings of production that still have a development value, each once.
    published: Vec<Cow<'static, str>>,
    /// What is missing or malformed.
    missing: Vec<Cow<'static, str>>,
    /// Every variable and secret, as text.
    texts: BTreeMap<String, String>,
}

/// A hundred items, six at a time, need this long when the vendor takes two seconds and a half; callers seldom wait longer than a minute.
const BATCH: Millis = 45 * SECOND;

/// How many calls to vendors a register has under way, unless `CALLS_AT_ONCE` says otherwise: the platform lets an object wait for six connections' headers, and permits
/// and copies need one too.
const CALLS_AT_ONCE: usize = 4;

/// Requests a minute to the public tools, per address, unless `TOOLS_PER_MINUTE` says otherwise. The limit itself is the binding's, which does not tell it.
const TOOLS_PER_MINUTE: u32 = 600;

/// What development publishes, and production must not use: a part of the value, and which of the gateway's own settings holds it.
const DEVELOPMENT_VALUES: &[(&str, &str)] = &[
    ("INDEX_KEY", "deadbeef"),
    ("SEAL_KEYS", "deadbeef"),
    ("SESSION_KEY", "deadbeef"),
    ("TENANTS", "bac175d81d31cf97ab7a9f9c44ef869241382b032ffb30a938e1c4fed24f2149"),
    ("TENANTS", "4ff6a540ee61060121bbfcce2fc87f36bc54605e58e8208c23146e2115da4867"),
    ("TENANTS", "4b157bee9ba2dd28ba3b8e6d44d2e3656e418e3123f29e6c051c96ce46075559"),
    ("TENANTS", "af4ff02dc79a626b5459f6fc550cd6ba6c2d10739d32b6b86ac07382a6103a54"),
];

/// The same of every vendor's settings, in whatever case: development's credentials say so, and only development leaves out TLS.
const VENDORS_DEVELOPMENT_VALUES: &[&str] = &["development_", "deadbeef", "http://"];

impl Settings {
    /// Reads the settings of every variable and secret, as text.
    #[must_use]
    pub fn read(texts: BTreeMap<String, String>) -> Self {
        let text = |name: &str| texts.get(name).map(String::as_str);
        let tenants = text("TENANTS").and_then(access::read).ok_or(BadSetting("TENANTS"));
        let ring = text("SEAL_KEYS").and_then(|text| Ring::from_json(text).ok()).ok_or(BadSetting("SEAL_KEYS"));
        let index = text("INDEX_KEY").and_then(|text| Index::from_hex(text).ok()).ok_or(BadSetting("INDEX_KEY"));
        let signer = text("SESSION_KEY").and_then(|text| Signer::from_hex(text).ok()).ok_or(BadSetting("SESSION_KEY"));
        let prices = text("PRICES").map_or_else(|| Some(ESTIMATES.to_vec()), prices::read).ok_or(BadSetting("PRICES"));
        let known = prices.as_deref().unwrap_or(ESTIMATES);
        let policies = OPERATIONS.iter().map(|row| policy(row.operation, known, &text)).collect();
        let accounts: Vec<_> = tenants.iter().flatten().flat_map(|tenant: &Tenant| &tenant.accounts).collect();
        let (velocity, published) = (velocity_windows(&text), published(&text, &accounts));
        let protection = Protection::read(&text);
        let registers = text("REGISTERS").and_then(registers).ok_or(BadSetting("REGISTERS"));
        let calls_at_once = text("CALLS_AT_ONCE").and_then(|text| text.parse().ok().filter(|calls| *calls > 0)).unwrap_or(CALLS_AT_ONCE);
        let tools = text("TOOLS_PER_MINUTE").and_then(|text| text.parse().ok()).unwrap_or(TOOLS_PER_MINUTE);
        let mut settings = Self {
            tenants,
            ring,
            index,
            signer,
            policies,
            bad_prices: prices.err(),
            velocity,
            protection,
            registers,
            calls_at_once,
            tools,
            published,
            missing: Vec::new(),
            texts,
        };
        settings.missing = settings.faults();
        settings
    }

    /// A variable or secret, as text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        self.texts.get(name).cloned()
    }

    /// Whether this is somebody's own machine.
    #[must_use]
    pub fn is_development(&self) -> bool {
        is_development(&|name| self.texts.get(name).map(String::as_str))
    }

    /// The settings of production that still have a development value, each once.
    #[must_use]
    pub fn development_values(&self) -> &[Cow<'static, str>] {
        &self.published
    }

    /// The settings that are missing or malformed, by name.
    #[must_use]
    pub fn missing(&self) -> &[Cow<'static, str>] {
        &self.missing
    }

    /// The first setting that keeps production from serving anybody: settings are judged whole, for one that is wrong may be what another relies on. Development goes on
    /// without what it lacks.
    #[must_use]
    pub fn refused(&self) -> Option<&str> {
        if self.is_development() {
            return None;
        }
        self.published.iter().chain(&self.missing).next().map(AsRef::as_ref)
    }

    fn faults(&self) -> Vec<Cow<'static, str>> {
        let own =
            [self.tenants().err(), self.ring().err(), self.index().err(), self.signer().err(), self.registers().err(), self.bad_prices];
        let otps = self.texts.get(OTP_SENDER).filter(|url| !url.is_empty()).and_then(|_| self.otp_settings().err());
        let own =
            own.into_iter().chain([otps]).flatten().map(|bad| bad.0).chain(self.protection.malformed.iter().copied()).map(Cow::Borrowed);
        let accounts: Vec<_> = self.tenants.iter().flatten().flat_map(|tenant| &tenant.accounts).collect();
        own.chain(vendors::settings::faults(&accounts, &|name| self.text(name))).collect()
    }

    /// When vendors are not called, and how often they are.
    #[must_use]
    pub const fn protection(&self) -> &Protection {
        &self.protection
    }

    /// The accounts that may be called at all, each with its vendor.
    #[must_use]
    pub fn callable(&self) -> Vec<(Account, &'static dyn vendors::Vendor)> {
        let own: Vec<_> = self.tenants.iter().flatten().flat_map(|tenant| &tenant.accounts).collect();
        vendors::callable(&own, &|name| self.text(name))
    }

    /// The tenants.
    ///
    /// # Errors
    /// The setting is missing or malformed.
    pub fn tenants(&self) -> Result<&[Tenant], BadSetting> {
        self.tenants.as_deref().map_err(|bad| *bad)
    }

    /// What a tenant asks of the consent of its requests: what its row says, else in development that one may be missing, and elsewhere that none is.
    #[must_use]
    pub fn consent_rule(&self, tenant: &Tenant) -> ConsentRule {
        tenant.consent.unwrap_or_else(|| if self.is_development() { ConsentRule::Recorded } else { ConsentRule::Required })
    }

    /// The vendor account that the path of a callback names: `common`, or one that a tenant has by this name. `None` where there is none, or the vendor sends no callbacks.
    #[must_use]
    pub fn callback_account(&self, vendor: &str, name: &str) -> Option<Account> {
        callback::of(vendor)?;
        if name == COMMON {
            return Account::parse(vendor);
        }
        let account = Account::parse(&format!("{vendor}/{name}"))?;
        let is_a_tenants = self.tenants.iter().flatten().any(|tenant| tenant.accounts.contains(&account));
        is_a_tenants.then_some(account)
    }

    /// The keys of what is sealed.
    ///
    /// # Errors
    /// The setting is missing or malformed.
    pub fn ring(&self) -> Result<&Ring, BadSetting> {
        self.ring.as_ref().map_err(|bad| *bad)
    }

    /// The key of names and fingerprints.
    ///
    /// # Errors
    /// The setting is missing or malformed.
    pub fn index(&self) -> Result<&Index, BadSetting> {
        self.index.as_ref().map_err(|bad| *bad)
    }

    /// The key of browser sessions.
    ///
    /// # Errors
    /// The setting is missing or malformed.
    pub fn signer(&self) -> Result<&Signer, BadSetting> {
        self.signer.as_ref().map_err(|bad| *bad)
    }

    /// How many registers there are of each kind.
    ///
    /// # Errors
    /// The setting is missing or malformed.
    pub const fn registers(&self) -> Result<u32, BadSetting> {
        self.registers
    }

    /// How many calls to vendors a register has under way at most.
    #[must_use]
    pub const fn calls_at_once(&self) -> usize {
        self.calls_at_once
    }

    /// The times of an operation: the contract's, unless `PAN_VERIFY_WAIT_MS` or, for all operations, `WAIT_MS` says otherwise.
    #[must_use]
    pub fn policy(&self, operation: Operation) -> Cow<'_, Policy> {
        let known = OPERATIONS.iter().zip(&self.policies).find(|(row, _)| row.operation == operation);
        known.map_or_else(|| Cow::Owned(Policy::of(operation)), |(_, policy)| Cow::Borrowed(policy))
    }

    /// How long after a batch began no further item of it begins: 45 seconds, unless `BATCH_MS` says otherwise.
    #[must_use]
    pub fn batch(&self) -> Millis {
        self.texts.get("BATCH_MS").and_then(|text| millis(text)?.first().copied()).unwrap_or(BATCH)
    }

    /// Who sends one-time passwords.
    ///
    /// # Errors
    /// The address is missing or must not be called, or its secret is missing. Production sends nothing to the machine itself, and nothing under the secret that development publishes.
    pub fn otp_sender(&self) -> Result<Sender, BadSetting> {
        let (url, secret) = self.otp_settings()?;
        if !self.is_development() && http::is_loopback(&url) {
            return Err(BadSetting(OTP_SENDER));
        }
        if !self.is_development() && secret.contains("development_") {
            return Err(BadSetting(OTP_SENDER_SECRET));
        }
        Ok(Sender::new(url, secret))
    }

    fn otp_settings(&self) -> Result<(String, String), BadSetting> {
        let url = self.text(OTP_SENDER).filter(|url| http::is_allowed(url)).ok_or(BadSetting(OTP_SENDER))?;
        let secret = self.text(OTP_SENDER_SECRET).filter(|secret| !secret.is_empty()).ok_or(BadSetting(OTP_SENDER_SECRET))?;
        Ok((url, secret))
    }

    /// How long the sender may take: ten seconds, unless `OTP_WAIT_MS` says otherwise.
    #[must_use]
    pub fn otp_wait(&self) -> Millis {
        self.texts.get("OTP_WAIT_MS").and_then(|text| millis(text)?.first().copied()).unwrap_or(OTP_WAIT)
    }

    /// How often a mobile number is sent a one-time password, unless `OTP_WINDOWS_MS` gives the three lengths.
    #[must_use]
    pub fn otp_windows(&self) -> [Window; 3] {
        windows(number::WINDOWS, self.texts.get("OTP_WINDOWS_MS").map(String::as_str))
    }

    /// The limits that a caller is told of.
    #[must_use]
    pub const fn limits(&self) -> Limits {
        Limits { tools: self.tools, velocity: self.velocity }
    }

    /// The velocity windows: document 001's, unless `VELOCITY_WINDOWS_MS` gives their three lengths.
    #[must_use]
    pub const fn velocity_windows(&self) -> [Window; 3] {
        self.velocity
    }
}

/// A power of two, at most 65,536.
fn registers(text: &str) -> Option<u32> {
    text.parse().ok().filter(|count: &u32| count.is_power_of_two() && *count <= 65_536)
}

/// Anything but the word means production.
fn is_development<'a>(text: &dyn Fn(&str) -> Option<&'a str>) -> bool {
    text("ENVIRONMENT") == Some("development")
}

fn published<'a>(text: &dyn Fn(&str) -> Option<&'a str>, accounts: &[&Account]) -> Vec<Cow<'static, str>> {
    if is_development(text) {
        return Vec::new();
    }
    let holds = |name: &str, parts: &[&str]| {
        let value = text(name).unwrap_or_default().to_ascii_lowercase();
        parts.iter().any(|part| value.contains(part))
    };
    let own = DEVELOPMENT_VALUES.iter().filter(|(name, part)| holds(name, &[part])).map(|(name, _)| Cow::Borrowed(*name));
    let of_vendors = vendors::settings::names(accounts).into_iter().filter(|name| holds(name, VENDORS_DEVELOPMENT_VALUES));
    let mut published: Vec<_> = own.chain(of_vendors).collect();
    published.dedup();
    published
}

fn policy<'a>(operation: Operation, prices: &[Price], text: &dyn Fn(&str) -> Option<&'a str>) -> Policy {
    let list = |name: &str| text(&operation.setting(name)).or_else(|| text(name)).and_then(millis);
    let one = |name: &str, default: Millis| list(name).and_then(|list| list.first().copied()).unwrap_or(default);
    let real = Policy::of(operation);
    Policy {
        attempt: one("ATTEMPT_MS", real.attempt),
        wait: one("WAIT_MS", real.wait),
        deadline: one("DEADLINE_MS", real.deadline),
        retries: list("RETRIES_MS").unwrap_or(real.retries),
        lookups: list("LOOKUPS_MS").unwrap_or(real.lookups),
        lookup_every: one("LOOKUP_EVERY_MS", real.lookup_every),
        horizon: one("HORIZON_MS", real.horizon),
        keep: one("KEEP_MS", real.keep),
        tombstone: one("TOMBSTONE_MS", real.tombstone),
        prices: prices.iter().filter(|price| price.operation == operation).cloned().collect(),
    }
}

fn velocity_windows<'a>(text: &dyn Fn(&str) -> Option<&'a str>) -> [Window; 3] {
    windows(WINDOWS, text("VELOCITY_WINDOWS_MS"))
}

/// Windows, with the lengths that a setting gives.
fn windows(mut windows: [Window; 3], lengths: Option<&str>) -> [Window; 3] {
    let lengths = lengths.and_then(millis).unwrap_or_default();
    for (window, length) in windows.iter_mut().zip(lengths) {
        window.length = length;
    }
    windows
}

/// `1000,2000,4000`: milliseconds, all of them positive.
fn millis(text: &str) -> Option<Vec<Millis>> {
    text.split(',').map(|part| part.trim().parse().ok().filter(|value| *value > 0)).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::time::MINUTE;

    /// What `wrangler.toml` has for development.
    fn development() -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        for line in include_str!("../../../wrangler.toml").lines() {
            let pair = line.split_once(" = ").map(|(name, value)| (name, value.trim_matches(['"', '\''])));
            if let Some((name, value)) = pair {
                texts.entry(name.to_owned()).or_insert_with(|| value.to_owned());
            }
        }
        texts
    }

    fn with(changes: &[(&str, &str)]) -> Settings {
        let mut texts = development();
        texts.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        Settings::read(texts)
    }

    #[test]
    fn developments_settings_are_whole_and_used_by_development_alone() {
        let settings = with(&[]);
        assert!(settings.missing().is_empty() && settings.is_development() && settings.development_values().is_empty());
        for environment in ["production", "", "Development"] {
            let other = with(&[("ENVIRONMENT", environment)]);
            assert!(!other.is_development() && other.refused() == Some("INDEX_KEY"), "{environment}");
        }
    }

    #[test]
    fn a_callback_comes_for_the_common_account_or_for_one_that_a_tenant_has() {
        let settings = with(&[("TENANTS", r#"[{"id":"a","keys":[],"scopes":[],"origins":[],"accounts":["decentro/acme","wibmo/acme"]}]"#)]);
        let account = |vendor, name| settings.callback_account(vendor, name).map(|account| account.as_str().to_owned());
        assert_eq!([account("decentro", "common"), account("cashfree", "common")], [Some("decentro".into()), Some("cashfree".into())]);
        assert_eq!(account("decentro", "acme").as_deref(), Some("decentro/acme"));
        for (vendor, name) in
            [("decentro", "other"), ("cashfree", "acme"), ("wibmo", "acme"), ("wibmo", "common"), ("nobody", "common"), ("decentro", "")]
        {
            assert_eq!(account(vendor, name), None, "{vendor}/{name}");
        }
    }

    #[test]
    fn each_of_the_gateways_own_settings_is_named_where_it_is_missing_or_malformed() {
        assert_eq!(Settings::read(BTreeMap::new()).missing().get(..REQUIRED.len()).unwrap(), REQUIRED);
        for name in REQUIRED {
            for value in ["", "x", "{}", "3"] {
                assert_eq!(with(&[(name, value)]).missing(), [*name], "{value}");
            }
        }
        for registers in ["0", "3", "131072", "-1"] {
            assert!(with(&[("REGISTERS", registers)]).registers().is_err(), "{registers}");
        }
    }

    #[test]
    fn production_refuses_each_value_that_development_publishes() {
        let sound: Vec<_> = development().into_keys().collect();
        let mut texts: BTreeMap<_, _> = sound.iter().map(|name| (name.clone(), "https://sound.example".to_owned())).collect();
        texts.insert("ENVIRONMENT".into(), "production".into());
        assert_eq!(Settings::read(texts.clone()).development_values(), [""; 0]);
        let secret =
            |name: &str| REQUIRED.contains(&name) && name != "REGISTERS" || vendors::settings::names(&[]).iter().any(|known| known == name);
        for (name, value) in development().into_iter().filter(|(name, _)| secret(name)) {
            let is_public = ["DECENTRO_CKYC_BRANCH_CODE"].contains(&name.as_str());
            let published = Settings::read(texts.clone().into_iter().chain([(name.clone(), value)]).collect());
            let named: Vec<_> = Some(name.as_str()).into_iter().filter(|_| !is_public).collect();
            assert_eq!(published.development_values(), named, "{name}");
        }
        let own = r#"[{"id":"a","keys":[],"scopes":[],"origins":[],"accounts":["decentro/acme"]}]"#;
        texts.extend([
            ("TENANTS".to_owned(), own.to_owned()),
            ("DECENTRO_CLIENT_SECRET__ACME".to_owned(), "development_client_secret".to_owned()),
        ]);
        assert_eq!(Settings::read(texts).development_values(), ["DECENTRO_CLIENT_SECRET__ACME"]);
    }

    #[test]
    fn one_time_passwords_are_sent_where_an_address_and_its_secret_are_set() {
        let of = |changes: &[(&str, &str)]| with(changes).otp_sender().map(drop).map_err(|bad| bad.0);
        let sound = [("OTP_SENDER", "https://sms.example/send"), ("OTP_SENDER_SECRET", "key")];
        assert_eq!(of(&sound), Ok(()));
        assert_eq!((of(&[("OTP_SENDER", "")]), of(&[("OTP_SENDER", "http://sms.example")])), (Err("OTP_SENDER"), Err("OTP_SENDER")));
        assert_eq!(of(&[sound[0], ("OTP_SENDER_SECRET", "")]), Err("OTP_SENDER_SECRET"));
        assert_eq!(with(&[sound[0], ("OTP_SENDER_SECRET", "")]).missing(), ["OTP_SENDER_SECRET"]);
        let production = |changes: &[(&str, &str)]| of(&[&[("ENVIRONMENT", "production")], changes].concat());
        assert_eq!((production(&sound), production(&[])), (Ok(()), Err("OTP_SENDER")), "development's is nobody's");
        assert_eq!(production(&[sound[0]]), Err("OTP_SENDER_SECRET"));
        assert_eq!((with(&[]).otp_wait(), with(&[("OTP_WAIT_MS", "70")]).otp_wait()), (OTP_WAIT, 70));
        assert_eq!(with(&[("OTP_WINDOWS_MS", "7")]).otp_windows().map(|window| window.length), [7, 3_600_000, 86_400_000]);
    }

    #[test]
    fn a_tenant_that_says_nothing_requires_consent_but_in_development() {
        let rule = |environment: &str, more: &str| {
            let tenants = format!(r#"[{{"id":"a","keys":[],"scopes":[],"origins":[]{more}}}]"#);
            let settings = with(&[("ENVIRONMENT", environment), ("TENANTS", &tenants)]);
            settings.tenants().ok().and_then(|tenants| tenants.first()).map(|tenant| settings.consent_rule(tenant))
        };
        for environment in ["production", "", "Development", "staging"] {
            assert_eq!(rule(environment, ""), Some(ConsentRule::Required), "{environment}");
            assert_eq!(rule(environment, r#","consent":"recorded""#), Some(ConsentRule::Recorded), "{environment}");
        }
        assert_eq!(rule("development", ""), Some(ConsentRule::Recorded));
        assert_eq!(rule("development", r#","consent":"required""#), Some(ConsentRule::Required));
        for wrong in [r#","consent":"optional""#, r#","consent":true"#, r#","consents":"required""#] {
            assert_eq!(rule("production", wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_limiter_must_be_bound() {
        assert!(crate::limits::LIMITS.iter().all(|row| BINDINGS.contains(&row.binding)));
    }

    #[test]
    fn settings_are_judged_whole_and_production_serves_nobody_until_they_are_right() {
        let zeros = "0".repeat(64);
        let ring = format!(r#"{{"current":"a","keys":{{"a":"{}","b":"{zeros}"}}}}"#, "1".repeat(64));
        for (name, value) in [
            ("INDEX_KEY", zeros.as_str()),
            ("SESSION_KEY", &zeros),
            ("SEAL_KEYS", &ring),
            ("TENANTS", r#"[{"id":"","keys":[],"scopes":[],"origins":[]}]"#),
            ("PRICES", r#"[{"operation":"pan.verify","vendor":"nobody","paise":1}]"#),
            ("CIRCUIT", r#"{"consecutive":0}"#),
            ("PLANS", r#"[{"account":"decentro","module":"nothing","calls_a_second":1}]"#),
            ("MAINTENANCE", r#"[{"account":"decentro","module":"ckyc","from":"25:00","to":"01:00"}]"#),
        ] {
            assert_eq!(with(&[(name, value)]).missing(), [name], "development too");
            assert_eq!(with(&[(name, value)]).refused(), None, "development goes on");
        }
        // The headers of callbacks are JSON; they may be left out.
        let names = vendors::settings::names(&[]).into_iter().filter(|name| !name.contains("CALLBACK_HEADERS"));
        let vendors: Vec<_> = names.map(|name| (name.into_owned(), "https://sound.example".to_owned())).collect();
        let key = |digit: &str| digit.repeat(64);
        let own = [
            ("ENVIRONMENT", "production".to_owned()),
            ("REGISTERS", "8".to_owned()),
            ("INDEX_KEY", key("1")),
            ("SESSION_KEY", key("2")),
            ("SEAL_KEYS", format!(r#"{{"current":"a","keys":{{"a":"{}"}}}}"#, key("3"))),
            ("TENANTS", r#"[{"id":"a","keys":[],"scopes":[],"origins":[]}]"#.to_owned()),
        ];
        let sound = || own.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).chain(vendors.clone());
        let settings = |changes: &[(&str, &str)]| {
            let changes = changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            Settings::read(sound().chain(changes).collect())
        };
        let whole = [
            ("DECENTRO_CREDENTIALS", "current"),
            ("CASHFREE_CREDENTIALS", "current"),
            ("ISERVEU_CREDENTIALS", "current"),
            ("WIBMO_CREDENTIALS", "current"),
        ];
        assert_eq!((settings(&whole).refused(), settings(&whole).missing()), (None, &[][..]));
        for name in REQUIRED.iter().chain(&["DECENTRO_CLIENT_SECRET", "WIBMO_URL"]) {
            let wrong = settings(&[&whole[..], &[(name, "")]].concat());
            assert_eq!(wrong.refused(), Some(*name));
        }
        let published =
            settings(&[&whole[..], &[("SESSION_KEY", "deadbeef".repeat(8).as_str()), ("WIBMO_URL", "http://127.0.0.1")]].concat());
        assert_eq!(published.development_values(), ["SESSION_KEY", "WIBMO_URL"], "all of them are named");
    }

    #[test]
    fn times_are_the_contracts_unless_an_operations_own_or_a_common_setting_says_otherwise() {
        let settings = with(&[
            ("WAIT_MS", "7"),
            ("PAN_VERIFY_WAIT_MS", "8"),
            ("RETRIES_MS", "1, 2"),
            ("LOOKUPS_MS", "0"),
            ("VELOCITY_WINDOWS_MS", "5,6"),
        ]);
        let wait = |operation| settings.policy(operation).wait;
        assert_eq!((wait(Operation::PanVerify), wait(Operation::BankVerify)), (8, 7));
        assert_eq!(settings.policy(Operation::PanVerify).retries, [1, 2]);
        assert_eq!(
            settings.policy(Operation::BankVerify).lookups,
            Policy::of(Operation::BankVerify).lookups,
            "what is malformed is not there"
        );
        assert_eq!(settings.velocity_windows().map(|window| window.length), [5, 6, WINDOWS.map(|window| window.length)[2]]);
        assert_eq!((settings.batch(), with(&[("BATCH_MS", "60000")]).batch()), (BATCH, MINUTE));
        assert_eq!((settings.calls_at_once(), with(&[("CALLS_AT_ONCE", "0")]).calls_at_once()), (CALLS_AT_ONCE, CALLS_AT_ONCE));
        assert_eq!((settings.limits().tools, with(&[("TOOLS_PER_MINUTE", "x")]).limits().tools), (6_000, TOOLS_PER_MINUTE));
    }
}
