//! Whether the gateway is ready: what is missing, what development has published, and whether its registers were made for these settings.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::settings::Settings;
use crate::time::{Millis, rfc3339};

/// What is kept of the registers once all of them were made. Sealed, it is also the canary of a lost key.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Registers {
    /// How many of each kind.
    pub count: u32,
    /// The fingerprint of the key from which their places follow.
    pub index_key: String,
    /// When the last was made.
    pub made_at: Millis,
    /// The data centre in which the last was made.
    pub colo: String,
}

/// What is known of the registers.
#[derive(Clone, Debug)]
pub enum Known {
    /// Nothing is kept: they were never all made.
    Nothing,
    /// What is kept cannot be opened with any of the keys.
    Unreadable,
    /// What is kept.
    Made(Registers),
}

/// The status and body of `GET /readyz`. `unbound`: the bindings that are not there, by name. Only a server is told more than a word.
#[must_use]
pub fn answer(settings: &Settings, unbound: &[&'static str], registers: &Known, is_server: bool) -> (u16, Value) {
    let changed = changed(settings, registers);
    let named = |name: &&'static str| Cow::Borrowed(*name);
    let missing: Vec<Cow<'static, str>> =
        unbound.iter().map(named).chain(settings.missing().iter().cloned()).chain(changed.as_ref().map(named)).collect();
    let published = settings.development_values();
    let is_ready = missing.is_empty() && published.is_empty();
    let mut body = json!({ "status": if is_ready { "ready" } else { "not_ready" } });
    if let (true, Some(map)) = (is_server, body.as_object_mut()) {
        map.insert("missing".into(), json!(missing));
        map.insert("development_values".into(), json!(published));
        map.insert("registers".into(), summary(registers));
    }
    (if is_ready { 200 } else { 503 }, body)
}

fn summary(registers: &Known) -> Value {
    match registers {
        Known::Made(made) => json!({ "count": made.count, "colo": made.colo, "made_at": rfc3339(made.made_at) }),
        Known::Nothing | Known::Unreadable => Value::Null,
    }
}

/// The setting that is not the one for which the registers were made.
fn changed(settings: &Settings, registers: &Known) -> Option<&'static str> {
    match registers {
        Known::Nothing => None,
        Known::Unreadable => Some("SEAL_KEYS"),
        Known::Made(made) => other_than_made(settings, made.count, &made.index_key),
    }
}

/// The setting that is another than the one for which a register was made: it would look for its machines in the wrong places, and pay again. A setting that cannot be
/// read is not compared.
#[must_use]
pub fn other_than_made(settings: &Settings, count: u32, index_key: &str) -> Option<&'static str> {
    if settings.registers().is_ok_and(|registers| registers != count) {
        return Some("REGISTERS");
    }
    settings.index().is_ok_and(|index| index.fingerprint() != index_key).then_some("INDEX_KEY")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;

    fn settings(changes: &[(&str, &str)]) -> Settings {
        let sound = [("ENVIRONMENT", "development".to_owned()), ("REGISTERS", "8".to_owned()), ("INDEX_KEY", "33".repeat(32))];
        let changes = changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Settings::read(sound.map(|(name, value)| (name.to_owned(), value)).into_iter().chain(changes).collect())
    }

    fn made(count: u32, index_key: &str) -> Known {
        Known::Made(Registers { count, index_key: index_key.to_owned(), made_at: 0, colo: "BOM".to_owned() })
    }

    #[test]
    fn registers_that_were_made_for_other_settings_are_named() {
        let settings = settings(&[]);
        let index = settings.index().unwrap().fingerprint();
        for (registers, named) in [
            (Known::Nothing, None),
            (Known::Unreadable, Some("SEAL_KEYS")),
            (made(8, &index), None),
            (made(16, &index), Some("REGISTERS")),
            (made(8, "another"), Some("INDEX_KEY")),
        ] {
            assert_eq!(changed(&settings, &registers), named);
        }
    }

    #[test]
    fn who_is_no_server_is_told_a_word_only() {
        let (status, body) = answer(&settings(&[]), &["CHECKS"], &Known::Nothing, false);
        assert_eq!((status, body), (503, json!({ "status": "not_ready" })));
        let (_, body) = answer(&settings(&[]), &["CHECKS"], &made(16, "another"), true);
        let missing: Vec<_> = body["missing"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        assert_eq!((missing.first(), missing.last()), (Some(&"CHECKS"), Some(&"REGISTERS")));
        assert!(missing.contains(&"TENANTS") && missing.contains(&"DECENTRO_V3_URL"));
        assert_eq!(body["registers"], json!({ "count": 16, "colo": "BOM", "made_at": "1970-01-01T00:00:00Z" }));
    }
}
