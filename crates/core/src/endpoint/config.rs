//! What an endpoint is: its address, the types that it is told, its secrets; and what a request may say of that. It is kept sealed.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::Progress;
use super::address;
use super::signature::SigningSecret;
use crate::journal::{EVENT_TYPES, Line};
use crate::json;
use crate::problem::Problem;
use crate::time::{DAY, HOUR, MINUTE, Millis, moment, rfc3339};

/// The longest description, in characters.
const LONGEST_DESCRIPTION: usize = 200;
/// The longest idempotency key.
const LONGEST_KEY: usize = 255;
/// How long the secret before a rotation stays live unless said otherwise, and at most, in hours.
const HOURS: u64 = 24;
const MOST_HOURS: u64 = 30 * 24;
/// How far back events are sent again: as far as they are told.
const REPLAYED: Millis = 30 * DAY;

/// What a new endpoint is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    url: String,
    /// The types that it is told; all where there are none.
    types: Vec<String>,
    description: Option<String>,
}

/// What changes about an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patch {
    url: Option<String>,
    types: Option<Vec<String>>,
    /// A new description; an empty one is none.
    description: Option<String>,
    /// Whether it is enabled or disabled now.
    pub is_enabled: Option<bool>,
    /// A new secret; for so many hours the one before stays live.
    rotate: Option<u64>,
}

/// Which events are sent again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Replay {
    /// The one with this id.
    Event(String),
    /// All since this time.
    Since(Millis),
}

/// A secret, and until when it signs.
#[derive(Clone, Serialize, Deserialize)]
struct Live {
    #[serde(serialize_with = "write_secret", deserialize_with = "read_secret")]
    secret: SigningSecret,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Millis>,
}

// A configuration is written only to be sealed.
fn write_secret<S: Serializer>(secret: &SigningSecret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

fn read_secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SigningSecret, D::Error> {
    let text = String::deserialize(deserializer)?;
    SigningSecret::read(&text).ok_or_else(|| serde::de::Error::custom("no secret"))
}

/// An endpoint as its owner configured it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Config {
    /// Where it is.
    pub url: String,
    types: Vec<String>,
    #[serde(default)]
    description: Option<String>,
    /// The latest first.
    secrets: Vec<Live>,
}

fn refused(field: &str, detail: impl Into<String>) -> Problem {
    Problem::malformed(detail.into(), Some(field.to_owned()))
}

fn map_of(body: &[u8], known: &[&str]) -> Result<Map<String, Value>, Problem> {
    let map = json::object(body).map_err(|malformed| Problem::malformed(malformed.0, None))?;
    Problem::of_unknown(&map, known, "")?;
    Ok(map)
}

fn url(value: &Value, is_development: bool) -> Result<String, Problem> {
    let text = value.as_str().ok_or_else(|| refused("url", "url should be a string such as https://hooks.acme.in/toran."))?;
    address::read(text, is_development).map(str::to_owned).map_err(|why| refused("url", why))
}

fn types(value: &Value) -> Result<Vec<String>, Problem> {
    let wrong =
        || refused("types", format!("types should be a list of one or more of {}; left out, all are told.", EVENT_TYPES.join(", ")));
    let list = value.as_array().filter(|list| (1..=EVENT_TYPES.len()).contains(&list.len())).ok_or_else(wrong)?;
    let known = |value: &Value| value.as_str().filter(|name| EVENT_TYPES.contains(name)).map(str::to_owned);
    list.iter().map(known).collect::<Option<_>>().ok_or_else(wrong)
}

fn description(value: &Value) -> Result<String, Problem> {
    let text = value.as_str().filter(|text| (1..=LONGEST_DESCRIPTION).contains(&text.chars().count()) && !text.contains(char::is_control));
    text.map(str::to_owned).ok_or_else(|| refused("description", "description should be one line of 1 to 200 characters."))
}

/// Reads the header `Idempotency-Key`: up to 255 visible letters of ASCII.
///
/// # Errors
/// [`Problem::malformed`], which names the header.
pub fn idempotency_key(header: Option<String>) -> Result<Option<String>, Problem> {
    let is_key = |text: &str| (1..=LONGEST_KEY).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    match header {
        Some(text) if !is_key(&text) => Err(refused("Idempotency-Key", "Idempotency-Key should be 1 to 255 visible letters of ASCII.")),
        header => Ok(header),
    }
}

impl Wanted {
    /// Reads the body of a request for a new endpoint.
    ///
    /// # Errors
    /// [`Problem::malformed`], which names the field.
    pub fn read(body: &[u8], is_development: bool) -> Result<Self, Problem> {
        let map = map_of(body, &["url", "types", "description"])?;
        Ok(Self {
            url: url(map.get("url").unwrap_or(&Value::Null), is_development)?,
            types: map.get("types").map(types).transpose()?.unwrap_or_default(),
            description: map.get("description").map(description).transpose()?,
        })
    }

    /// The configuration of the new endpoint, which signs under this secret.
    #[must_use]
    pub fn config(self, secret: SigningSecret) -> Config {
        Config { url: self.url, types: self.types, description: self.description, secrets: vec![Live { secret, until: None }] }
    }
}

impl Patch {
    /// Reads the body of a request to change an endpoint.
    ///
    /// # Errors
    /// [`Problem::malformed`], which names the field.
    pub fn read(body: &[u8], is_development: bool) -> Result<Self, Problem> {
        let map = map_of(body, &["url", "types", "description", "status", "rotate_secret"])?;
        if map.is_empty() {
            return Err(Problem::malformed("Nothing is to change.".to_owned(), None));
        }
        let status = |value: &Value| match value.as_str() {
            Some("enabled") => Ok(true),
            Some("disabled") => Ok(false),
            _ => Err(refused("status", "status should be enabled or disabled.")),
        };
        let nullable = |value: &Value| if value.is_null() { Ok(String::new()) } else { description(value) };
        Ok(Self {
            url: map.get("url").map(|value| url(value, is_development)).transpose()?,
            // Null takes the choice back.
            types: map.get("types").map(|value| if value.is_null() { Ok(Vec::new()) } else { types(value) }).transpose()?,
            description: map.get("description").map(nullable).transpose()?,
            is_enabled: map.get("status").map(status).transpose()?,
            rotate: map.get("rotate_secret").map(rotation).transpose()?,
        })
    }

    /// Whether it makes a new secret.
    #[must_use]
    pub const fn rotates(&self) -> bool {
        self.rotate.is_some()
    }
}

fn rotation(value: &Value) -> Result<u64, Problem> {
    let wrong = || refused("rotate_secret", "rotate_secret should be {}, or {\"keep_hours\": hours} with a whole number from 0 to 720.");
    let map = value.as_object().ok_or_else(wrong)?;
    Problem::of_unknown(map, &["keep_hours"], "rotate_secret.")?;
    map.get("keep_hours").map_or(Ok(HOURS), |hours| hours.as_u64().filter(|hours| *hours <= MOST_HOURS).ok_or_else(wrong))
}

impl Replay {
    /// Reads the body of a request to send events again.
    ///
    /// # Errors
    /// [`Problem::malformed`], which names the field.
    pub fn read(body: &[u8], now: Millis) -> Result<Self, Problem> {
        let map = map_of(body, &["event", "since"])?;
        let since = || refused("since", "since should be a time of the last 30 days as in RFC 3339: 2026-11-30T18:30:00Z.");
        match (map.get("event"), map.get("since")) {
            (Some(event), None) => {
                let id = event.as_str().filter(|id| Line::names(id).is_some());
                id.map(|id| Self::Event(id.to_owned())).ok_or_else(|| refused("event", "event should be the id of an event: evt_..."))
            }
            (None, Some(time)) => {
                let time = time.as_str().and_then(moment).ok_or_else(since)?;
                // A minute more, for who computes thirty days beforehand.
                let oldest = now.saturating_sub(REPLAYED).saturating_sub(MINUTE);
                if (oldest..=now).contains(&time) { Ok(Self::Since(time)) } else { Err(since()) }
            }
            _ => Err(Problem::malformed("Send event, the id of one, or since, a time.".to_owned(), None)),
        }
    }
}

impl Config {
    /// Whether it is told of this.
    #[must_use]
    pub fn wants(&self, line: &Line) -> bool {
        self.types.is_empty() || self.types.iter().any(|name| name == line.event_type())
    }

    /// The secrets under which it signs now.
    pub fn live(&self, now: Millis) -> impl Iterator<Item = &SigningSecret> {
        self.secrets.iter().filter(move |live| live.until.is_none_or(|until| until > now)).map(|live| &live.secret)
    }

    /// Applies a change; `fresh`: the new secret, where there is one.
    pub fn change(&mut self, patch: &Patch, fresh: Option<SigningSecret>, now: Millis) {
        let Patch { url, types, description, is_enabled: _, rotate } = patch;
        if let Some(url) = url {
            self.url.clone_from(url);
        }
        if let Some(types) = types {
            self.types.clone_from(types);
        }
        if let Some(description) = description {
            self.description = Some(description.clone()).filter(|text| !text.is_empty());
        }
        if let (Some(hours), Some(secret)) = (rotate, fresh) {
            // Two are live at most: the latest of those before, for as long as it is wanted.
            self.secrets.truncate(1);
            let until = now.saturating_add(Millis::try_from(*hours).unwrap_or(0).saturating_mul(HOUR));
            if let Some(before) = self.secrets.first_mut() {
                before.until = Some(until);
            }
            self.secrets.insert(0, Live { secret, until: None });
        }
    }

    /// The endpoint as its owner sees it, without its secrets.
    #[must_use]
    pub fn view(&self, id: &str, progress: &Progress, now: Millis) -> Value {
        let time = |at: Option<Millis>| at.map(rfc3339);
        let (waiting, next_attempt) = progress.backlog(now);
        let previous = self.secrets.get(1).and_then(|live| live.until).filter(|until| *until > now);
        json!({
            "id": id,
            "url": self.url,
            "types": if self.types.is_empty() { json!(EVENT_TYPES) } else { json!(self.types) },
            "description": self.description,
            "status": if progress.disabled.is_some() { "disabled" } else { "enabled" },
            "disabled_reason": progress.disabled.map(|(_, reason)| reason.as_str()),
            "disabled_at": time(progress.disabled.map(|(at, _)| at)),
            "created_at": rfc3339(progress.made_at),
            "last_delivery_at": time(progress.delivered_at),
            "failing_since": time(progress.failing_since),
            "waiting": waiting,
            "next_attempt_at": time(next_attempt),
            "previous_secret_until": time(previous),
        })
    }

    /// The same with its newest secret: at its creation and its rotation, and never again.
    #[must_use]
    pub fn view_with_secret(&self, id: &str, progress: &Progress, now: Millis) -> Value {
        let mut view = self.view(id, progress, now);
        if let (Some(view), Some(live)) = (view.as_object_mut(), self.secrets.first()) {
            view.insert("secret".to_owned(), live.secret.expose().into());
        }
        view
    }
}
