//! The answer when there is no answer: `application/problem+json` (RFC 9457), contract section 2.4.
//!
//! A problem says which key of the catalogue applies, what is wrong with which field, and nothing that was sent.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::json::Object;
use crate::keys::{self, Remedy, Source};
use crate::pieces;

/// So many unknown fields are named, not more: the answer must not grow with the attack.
const MOST_NAMED: usize = 20;

/// So many requests under one reference may ask something else; then it takes no more.
pub(crate) const MOST_GUESSES: u8 = 10;
/// What is told then, and for how long at least, in seconds: as long as an answer is kept.
const GUESSES: &str = "Ten requests under this reference_id were not the one that it belongs to.";
const GUESSES_RETRY_AFTER: u32 = 24 * 3_600;
/// What is told of a mobile number that was not proved.
const HOW_TO_PROVE: &str = "Prove the number first: POST /v1/otp sends a one-time password to it, and POST /v1/otp/verify takes the password. Or your server opens the session with verified.";
const GUESSES_POLICY: &str = r#""conflicts";q=10;w=86400"#;

/// Fields of the vendors' own requests (documents 001 to 004) that no caller sends.
#[rustfmt::skip]
const OURS: [&str; 15] = [
    "fi_code", "branch_code", "username", "client_id", "client_secret", "module_secret", "provider_secret", "consumer_urn",
    "callback_url", "webhook_url", "webhook_events", "clientId", "messageCode", "clientTxnId", "bankId",
];
const SENT_BY_US: &str = " The gateway sends it itself: leave it out.";

/// One fault of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldFault {
    /// The field as the caller wrote it; nested ones with a dot.
    pub field: Cow<'static, str>,
    /// The key of the fault.
    pub key: Cow<'static, str>,
    /// What is wrong, in the document's words where it has any.
    pub message: Cow<'static, str>,
    /// What the sender may have meant, where an identifier shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Cow<'static, str>>,
}

/// A limit that a refused request met, as `RateLimit-Policy` writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MetLimit(Box<str>);

impl MetLimit {
    /// It as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A refused or failed request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The public id of the check that it is about, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Box<str>>,
    /// The key; the HTTP status and `type` follow from it.
    pub key: Cow<'static, str>,
    /// The message, completed.
    pub title: Cow<'static, str>,
    /// What exactly is wrong, where the title does not say it.
    pub detail: Option<Box<str>>,
    /// Seconds after which it is worth trying again.
    pub retry_after: Option<u32>,
    /// The limit that it met, where one of ours refused it. In a box, for few problems have one and every result has room for a problem.
    pub limit: Option<Box<MetLimit>>,
    /// The faults of single fields, in the order in which they are reported.
    pub errors: Vec<FieldFault>,
}

impl Problem {
    /// The problem of a key, with the catalogue's message.
    #[must_use]
    pub fn new(key: &'static str) -> Self {
        let title = Cow::Borrowed(keys::message(key));
        Self { id: None, key: key.into(), title, detail: None, retry_after: None, limit: None, errors: Vec::new() }
    }

    /// The body is no request: why, and where a field is to blame, which.
    #[must_use]
    pub fn malformed(detail: String, field: Option<String>) -> Self {
        let errors = field.map(|field| FieldFault {
            field: field.into(),
            key: keys::MALFORMED_REQUEST.into(),
            message: detail.clone().into(),
            hint: None,
        });
        let problem = Self {
            id: None,
            key: keys::MALFORMED_REQUEST.into(),
            title: "".into(),
            detail: Some(detail.into()),
            retry_after: None,
            limit: None,
            errors: errors.into_iter().collect(),
        };
        problem.worded(Source::GATEWAY)
    }

    /// Another meaning holds the reference.
    #[must_use]
    pub fn of_conflict() -> Self {
        Self::new(keys::DUPLICATE_REFERENCE).detail("This reference_id belongs to another request.")
    }

    /// The session is for another customer.
    #[must_use]
    pub fn of_another_subject() -> Self {
        Self::new(keys::FORBIDDEN).detail("This session is for another customer.")
    }

    /// The session has not proved the mobile number that a request is about, or none at all.
    #[must_use]
    pub fn of_unproved() -> Self {
        Self::new(keys::MOBILE_NOT_PROVED).detail(HOW_TO_PROVE)
    }

    /// Too many requests said something else under one reference.
    #[must_use]
    pub fn of_guesses() -> Self {
        Self::of_limit(GUESSES_POLICY, GUESSES_RETRY_AFTER).detail(GUESSES)
    }

    /// A limit of ours was met; `policy`: as `RateLimit-Policy` writes it; `seconds`: after which it is worth trying again.
    #[must_use]
    pub fn of_limit(policy: &str, seconds: u32) -> Self {
        Self { limit: Some(Box::new(MetLimit(policy.into()))), ..Self::new(keys::RATE_LIMITED).retry_after(seconds) }
    }

    /// Refuses a body that has fields beside the known ones; all of them are named, behind the `prefix` of their place.
    ///
    /// # Errors
    /// [`Problem::malformed`], with one entry per unknown field.
    pub fn of_unknown(object: &dyn Object, known: &[&str], prefix: &str) -> Result<(), Self> {
        let mut errors: Vec<FieldFault> = Vec::new();
        for name in object.names() {
            if known.contains(&name) || errors.len() == MOST_NAMED {
                continue;
            }
            let field = [prefix, &shown(name)].concat();
            let why = if OURS.contains(&&*field) { SENT_BY_US } else { "" };
            let message = ["Unknown field: ", &field, ".", why].concat().into();
            errors.push(FieldFault { field: field.into(), key: keys::MALFORMED_REQUEST.into(), message, hint: None });
        }
        if errors.is_empty() {
            return Ok(());
        }
        let unknown: Vec<_> = errors.iter().map(|error| &*error.field).collect();
        let detail = ["Unknown: ", &pieces::listed(&unknown), ". Known here: ", &pieces::listed(known), "."].concat();
        Err(Self { errors, ..Self::malformed(detail, None) })
    }

    /// About the check with this public id.
    #[must_use]
    pub fn about(mut self, id: String) -> Self {
        self.id = Some(id.into());
        self
    }

    /// With the seconds after which it is worth trying again.
    #[must_use]
    pub const fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// With one more sentence, unless the detail ends with it already.
    #[must_use]
    pub fn adding(mut self, sentence: &str) -> Self {
        if !self.detail.as_deref().is_some_and(|detail| detail.ends_with(sentence)) {
            self.detail = Some(joined(self.detail.as_deref(), sentence).into());
        }
        self
    }

    /// With a sentence on what exactly is wrong.
    #[must_use]
    pub fn detail(mut self, text: impl Into<Box<str>>) -> Self {
        self.detail = Some(text.into());
        self
    }

    /// An input fault in the words of an operation's document, where it has the key.
    #[must_use]
    pub fn worded(mut self, source: Source) -> Self {
        self.title = keys::input_message(source, &self.key).into();
        self
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        keys::status(&self.key)
    }

    /// The body, for one request: a JSON text.
    #[must_use]
    pub fn to_json(&self, request_id: &str) -> String {
        let (action, step) = keys::next_step(&self.key);
        let body = Body {
            id: self.id.as_deref(),
            kind: ["/v1/keys/", &self.key].concat(),
            title: &self.title,
            status: self.status(),
            key: &self.key,
            request_id,
            errors: &self.errors,
            action,
            detail: joined(self.detail.as_deref(), step),
            retry_after: self.retry_after,
        };
        // Texts and numbers are always written; the fallback keeps this total.
        serde_json::to_string(&body).unwrap_or_default()
    }
}

/// The body of a problem, in the order of its members.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(rename = "type")]
    kind: String,
    title: &'a str,
    status: u16,
    key: &'a str,
    request_id: &'a str,
    errors: &'a [FieldFault],
    action: Remedy,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u32>,
}

/// A sentence behind those that are there.
fn joined(detail: Option<&str>, sentence: &str) -> String {
    detail.map_or_else(|| sentence.to_owned(), |detail| [detail, " ", sentence].concat())
}

/// An unknown field's name as far as it can safely be shown: a caller that swaps name and value must not get the value back.
fn shown(name: &str) -> String {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    if name.len() <= 40 && pieces::all(name, is_letter) && name.bytes().filter(u8::is_ascii_digit).count() < 4 && !name.is_empty() {
        return name.to_owned();
    }
    let mut safe = String::new();
    for byte in name.bytes() {
        if safe.len() < 40 && (byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'.')) {
            safe.push(byte.into());
        }
    }
    if safe.is_empty() { "(unprintable)".into() } else { safe }
}
