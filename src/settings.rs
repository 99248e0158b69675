//! The Worker's settings: variables and secrets, read once an isolate. What they mean is [`toran_core::settings`]'s.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::OnceLock;

use js_sys::{Array, Object};
use toran_core::access::Tenant;
use toran_core::seal::{Index, Ring};
use toran_core::session::Signer;
use toran_core::settings;
use wasm_bindgen::JsCast;
use worker::Env;

/// A setting that is missing or malformed, by name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BadSetting(pub(crate) &'static str);

impl From<settings::BadSetting> for BadSetting {
    fn from(bad: settings::BadSetting) -> Self {
        Self(bad.0)
    }
}

/// The settings, read once an isolate: they never change under one.
pub(crate) struct Settings(settings::Settings);

static SETTINGS: OnceLock<Settings> = OnceLock::new();

impl Settings {
    /// The isolate's settings.
    pub(crate) fn of(env: &Env) -> &'static Self {
        SETTINGS.get_or_init(|| Self(settings::Settings::read(texts(env))))
    }

    pub(crate) fn tenants(&self) -> Result<&[Tenant], BadSetting> {
        Ok(self.0.tenants()?)
    }

    pub(crate) fn ring(&self) -> Result<&Ring, BadSetting> {
        Ok(self.0.ring()?)
    }

    pub(crate) fn index(&self) -> Result<&Index, BadSetting> {
        Ok(self.0.index()?)
    }

    pub(crate) fn signer(&self) -> Result<&Signer, BadSetting> {
        Ok(self.0.signer()?)
    }

    /// How many registers there are of each kind.
    pub(crate) fn registers(&self) -> Result<u32, BadSetting> {
        Ok(self.0.registers()?)
    }
}

impl Deref for Settings {
    type Target = settings::Settings;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
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
