//! The Worker's settings: variables and secrets, typed, and checked where they are read.
//!
//! A missing or malformed setting is the operator's: the caller sees `error_service_unavailable`, the log names the setting and never its
//! value. Production refuses to work with a value that development publishes.

use std::borrow::Cow;

use serde::Deserialize;
use toran_core::check::Policy;
use toran_core::operations::Operation;
use toran_core::seal::{Index, Ring};
use toran_core::session::Signer;
use toran_core::time::{Millis, SECOND};
use toran_core::velocity::{WINDOWS, Window};
use toran_core::vendors;
use worker::Env;

/// A setting that is missing or malformed, by name.
#[derive(Debug)]
pub(crate) struct BadSetting(pub(crate) &'static str);

/// One customer of the gateway.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tenant {
    /// Its name in logs and storage keys.
    pub(crate) id: String,
    /// The SHA-256 digests of its server keys, in hex.
    pub(crate) keys: Vec<String>,
    /// The operations that its keys may call; `*` for all.
    pub(crate) scopes: Vec<String>,
    /// The origins for which it may open browser sessions.
    pub(crate) origins: Vec<String>,
}

/// The settings.
pub(crate) struct Settings<'a>(&'a Env);

/// A hundred items, six at a time, need this long when the vendor takes two seconds and a half; callers seldom wait longer than a minute.
const BATCH: Millis = 45 * SECOND;

/// What development publishes, and production must not use: a part of the value, and which of the gateway's own settings holds it.
const DEVELOPMENT_VALUES: &[(&str, &str)] = &[
    ("INDEX_KEY", "deadbeef"),
    ("SEAL_KEYS", "deadbeef"),
    ("SESSION_KEY", "deadbeef"),
    ("TENANTS", "bac175d81d31cf97ab7a9f9c44ef869241382b032ffb30a938e1c4fed24f2149"),
];

/// The same of every vendor's settings, in whatever case: development's credentials say so, and only development leaves out TLS.
const VENDORS_DEVELOPMENT_VALUES: &[&str] = &["development_", "deadbeef", "http://"];

impl<'a> Settings<'a> {
    pub(crate) const fn new(env: &'a Env) -> Self {
        Self(env)
    }

    /// A variable or secret, as text.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.0.var(name).ok().map(|value| value.to_string())
    }

    /// Whether this is somebody's own machine. Anything but the word means production.
    pub(crate) fn is_development(&self) -> bool {
        self.text("ENVIRONMENT").as_deref() == Some("development")
    }

    /// The first setting of production that still has a development value.
    pub(crate) fn development_value(&self) -> Option<Cow<'static, str>> {
        if self.is_development() {
            return None;
        }
        let holds = |name: &str, parts: &[&str]| {
            let value = self.text(name).unwrap_or_default().to_ascii_lowercase();
            parts.iter().any(|part| value.contains(part))
        };
        let own = DEVELOPMENT_VALUES.iter().find(|(name, part)| holds(name, &[part])).map(|(name, _)| Cow::Borrowed(*name));
        own.or_else(|| vendors::settings::names().into_iter().find(|name| holds(name, VENDORS_DEVELOPMENT_VALUES)))
    }

    /// The settings that are missing or malformed, by name.
    pub(crate) fn missing(&self) -> Vec<Cow<'static, str>> {
        let own = [
            self.tenants().err().map(|bad| bad.0),
            self.ring().err().map(|bad| bad.0),
            self.index().err().map(|bad| bad.0),
            self.signer().err().map(|bad| bad.0),
        ];
        let own = own.into_iter().flatten().map(Cow::Borrowed);
        own.chain(vendors::settings::faults(&|name| self.text(name))).collect()
    }

    pub(crate) fn tenants(&self) -> Result<Vec<Tenant>, BadSetting> {
        const NAME: &str = "TENANTS";
        self.text(NAME).and_then(|text| serde_json::from_str(&text).ok()).ok_or(BadSetting(NAME))
    }

    pub(crate) fn ring(&self) -> Result<Ring, BadSetting> {
        const NAME: &str = "SEAL_KEYS";
        self.text(NAME).and_then(|text| Ring::from_json(&text).ok()).ok_or(BadSetting(NAME))
    }

    pub(crate) fn index(&self) -> Result<Index, BadSetting> {
        const NAME: &str = "INDEX_KEY";
        self.text(NAME).and_then(|text| Index::from_hex(&text).ok()).ok_or(BadSetting(NAME))
    }

    pub(crate) fn signer(&self) -> Result<Signer, BadSetting> {
        const NAME: &str = "SESSION_KEY";
        self.text(NAME).and_then(|text| Signer::from_hex(&text).ok()).ok_or(BadSetting(NAME))
    }

    /// The times of an operation: the contract's, unless `PAN_VERIFY_WAIT_MS` or, for all operations, `WAIT_MS` says otherwise.
    pub(crate) fn policy(&self, operation: Operation) -> Policy {
        let list = |name: &str| self.text(&operation.setting(name)).or_else(|| self.text(name)).and_then(|text| millis(&text));
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

    /// How long after a batch began no further item of it begins: [`BATCH`], unless `BATCH_MS` says otherwise.
    pub(crate) fn batch(&self) -> Millis {
        self.text("BATCH_MS").and_then(|text| millis(&text)?.first().copied()).unwrap_or(BATCH)
    }

    /// The velocity windows: document 001's, unless `VELOCITY_WINDOWS_MS` gives their three lengths.
    pub(crate) fn velocity_windows(&self) -> [Window; 3] {
        let lengths = self.text("VELOCITY_WINDOWS_MS").and_then(|text| millis(&text)).unwrap_or_default();
        let mut windows = WINDOWS;
        for (window, length) in windows.iter_mut().zip(lengths) {
            window.length = length;
        }
        windows
    }
}

/// `1000,2000,4000`: milliseconds, all of them positive.
fn millis(text: &str) -> Option<Vec<Millis>> {
    text.split(',').map(|part| part.trim().parse().ok().filter(|value| *value > 0)).collect()
}
