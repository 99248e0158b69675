//! The Worker's settings: variables and secrets, typed and checked, once an isolate.
//!
//! A missing or malformed setting is the operator's: the caller sees `error_service_unavailable`, the log names the setting and never its
//! value. Production refuses to work with a value that development publishes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use js_sys::{Array, Object};
use toran_core::access::{self, Tenant};
use toran_core::account::Account;
use toran_core::check::Policy;
use toran_core::operations::{OPERATIONS, Operation};
use toran_core::seal::{Index, Ring};
use toran_core::session::Signer;
use toran_core::time::{Millis, SECOND};
use toran_core::velocity::{WINDOWS, Window};
use toran_core::vendors;
use wasm_bindgen::JsCast;
use worker::Env;

/// A setting that is missing or malformed, by name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BadSetting(pub(crate) &'static str);

/// The settings, read once an isolate: they never change under one.
pub(crate) struct Settings {
    tenants: Result<Vec<Tenant>, BadSetting>,
    ring: Result<Ring, BadSetting>,
    index: Result<Index, BadSetting>,
    signer: Result<Signer, BadSetting>,
    /// In the order of [`OPERATIONS`].
    policies: Vec<Policy>,
    velocity: [Window; 3],
    registers: Result<u32, BadSetting>,
    calls_at_once: usize,
    /// The first setting of production that still has a development value.
    published: Option<Cow<'static, str>>,
    /// Every variable and secret, as text.
    texts: BTreeMap<String, String>,
}

static SETTINGS: OnceLock<Settings> = OnceLock::new();

/// A hundred items, six at a time, need this long when the vendor takes two seconds and a half; callers seldom wait longer than a minute.
const BATCH: Millis = 45 * SECOND;

/// How many calls to vendors a register has under way, unless `CALLS_AT_ONCE` says otherwise: the platform lets an object wait for six connections' headers, and permits
/// and copies need one too.
const CALLS_AT_ONCE: usize = 4;

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
    /// The isolate's settings.
    pub(crate) fn of(env: &Env) -> &'static Self {
        SETTINGS.get_or_init(|| Self::read(texts(env)))
    }

    fn read(texts: BTreeMap<String, String>) -> Self {
        let text = |name: &str| texts.get(name).map(String::as_str);
        let tenants = text("TENANTS").and_then(access::read).ok_or(BadSetting("TENANTS"));
        let ring = text("SEAL_KEYS").and_then(|text| Ring::from_json(text).ok()).ok_or(BadSetting("SEAL_KEYS"));
        let index = text("INDEX_KEY").and_then(|text| Index::from_hex(text).ok()).ok_or(BadSetting("INDEX_KEY"));
        let signer = text("SESSION_KEY").and_then(|text| Signer::from_hex(text).ok()).ok_or(BadSetting("SESSION_KEY"));
        let policies = OPERATIONS.iter().map(|row| policy(row.operation, &text)).collect();
        let all = || tenants.iter().flatten().flat_map(|tenant: &Tenant| &tenant.accounts);
        let (velocity, published) = (velocity_windows(&text), published(&text, all()));
        let registers = text("REGISTERS").and_then(registers).ok_or(BadSetting("REGISTERS"));
        let calls_at_once = text("CALLS_AT_ONCE").and_then(|text| text.parse().ok().filter(|calls| *calls > 0)).unwrap_or(CALLS_AT_ONCE);
        Self { tenants, ring, index, signer, policies, velocity, registers, calls_at_once, published, texts }
    }

    /// A variable or secret, as text.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.texts.get(name).cloned()
    }

    /// Whether this is somebody's own machine.
    pub(crate) fn is_development(&self) -> bool {
        is_development(&|name| self.texts.get(name).map(String::as_str))
    }

    /// The first setting of production that still has a development value.
    pub(crate) fn development_value(&self) -> Option<&str> {
        self.published.as_deref()
    }

    /// The settings that are missing or malformed, by name.
    pub(crate) fn missing(&self) -> Vec<Cow<'static, str>> {
        let own = [self.tenants().err(), self.ring().err(), self.index().err(), self.signer().err(), self.registers().err()];
        let own = own.into_iter().flatten().map(|bad| Cow::Borrowed(bad.0));
        let accounts = self.tenants.iter().flatten().flat_map(|tenant| &tenant.accounts);
        own.chain(vendors::settings::faults(accounts, &|name| self.text(name))).collect()
    }

    pub(crate) fn tenants(&self) -> Result<&[Tenant], BadSetting> {
        self.tenants.as_deref().map_err(|bad| *bad)
    }

    pub(crate) fn ring(&self) -> Result<&Ring, BadSetting> {
        self.ring.as_ref().map_err(|bad| *bad)
    }

    pub(crate) fn index(&self) -> Result<&Index, BadSetting> {
        self.index.as_ref().map_err(|bad| *bad)
    }

    pub(crate) fn signer(&self) -> Result<&Signer, BadSetting> {
        self.signer.as_ref().map_err(|bad| *bad)
    }

    /// How many registers there are of each kind.
    pub(crate) const fn registers(&self) -> Result<u32, BadSetting> {
        self.registers
    }

    /// How many calls to vendors a register has under way at most.
    pub(crate) const fn calls_at_once(&self) -> usize {
        self.calls_at_once
    }

    /// The times of an operation: the contract's, unless `PAN_VERIFY_WAIT_MS` or, for all operations, `WAIT_MS` says otherwise.
    pub(crate) fn policy(&self, operation: Operation) -> Cow<'_, Policy> {
        let known = OPERATIONS.iter().zip(&self.policies).find(|(row, _)| row.operation == operation);
        known.map_or_else(|| Cow::Owned(Policy::of(operation)), |(_, policy)| Cow::Borrowed(policy))
    }

    /// How long after a batch began no further item of it begins: [`BATCH`], unless `BATCH_MS` says otherwise.
    pub(crate) fn batch(&self) -> Millis {
        self.texts.get("BATCH_MS").and_then(|text| millis(text)?.first().copied()).unwrap_or(BATCH)
    }

    /// The velocity windows: document 001's, unless `VELOCITY_WINDOWS_MS` gives their three lengths.
    pub(crate) const fn velocity_windows(&self) -> [Window; 3] {
        self.velocity
    }
}

/// A power of two, at most 65,536.
fn registers(text: &str) -> Option<u32> {
    text.parse().ok().filter(|count: &u32| count.is_power_of_two() && *count <= 65_536)
}

/// The variables and secrets among the bindings.
fn texts(env: &Env) -> BTreeMap<String, String> {
    let bindings = Object::entries(env.unchecked_ref());
    let texts = bindings.iter().filter_map(|pair| {
        let pair: Array = pair.unchecked_into();
        let (name, value) = (pair.get(0).as_string()?, pair.get(1));
        // A number without quotes in wrangler.toml arrives as one.
        let text = value.as_string().or_else(|| value.as_f64().map(|number| number.to_string()));
        Some((name, text?))
    });
    texts.collect()
}

/// Anything but the word means production.
fn is_development<'a>(text: &dyn Fn(&str) -> Option<&'a str>) -> bool {
    text("ENVIRONMENT") == Some("development")
}

fn published<'a, 'b>(text: &dyn Fn(&str) -> Option<&'a str>, accounts: impl Iterator<Item = &'b Account>) -> Option<Cow<'static, str>> {
    if is_development(text) {
        return None;
    }
    let holds = |name: &str, parts: &[&str]| {
        let value = text(name).unwrap_or_default().to_ascii_lowercase();
        parts.iter().any(|part| value.contains(part))
    };
    let own = DEVELOPMENT_VALUES.iter().find(|(name, part)| holds(name, &[part])).map(|(name, _)| Cow::Borrowed(*name));
    own.or_else(|| vendors::settings::names(accounts).into_iter().find(|name| holds(name, VENDORS_DEVELOPMENT_VALUES)))
}

fn policy<'a>(operation: Operation, text: &dyn Fn(&str) -> Option<&'a str>) -> Policy {
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
    }
}

fn velocity_windows<'a>(text: &dyn Fn(&str) -> Option<&'a str>) -> [Window; 3] {
    let lengths = text("VELOCITY_WINDOWS_MS").and_then(millis).unwrap_or_default();
    let mut windows = WINDOWS;
    for (window, length) in windows.iter_mut().zip(lengths) {
        window.length = length;
    }
    windows
}

/// `1000,2000,4000`: milliseconds, all of them positive.
fn millis(text: &str) -> Option<Vec<Millis>> {
    text.split(',').map(|part| part.trim().parse().ok().filter(|value| *value > 0)).collect()
}
