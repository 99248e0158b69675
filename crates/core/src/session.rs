//! Browser sessions: a signed token that says for which tenant and from which origin a form may call, what, how much of it and about whom, and until when.
//!
//! The token holds no secret and no personal data (of a subject only keyed hashes); whoever changes it breaks its signature (HMAC-SHA-256). It lasts 15 minutes and may be
//! renewed for half a day, also when it is over: the renewed one is of the same family, which owns what it opened and shares one budget (contract section 2.6).

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};

use crate::seal::{BadKey, Index, key32, mac, same};
use crate::secret::Secret;
use crate::time::{HOUR, MINUTE, Millis};

/// How long a session lasts.
pub const LIFETIME: Millis = 15 * MINUTE;
/// How long a family of sessions lasts, each a renewal of the one before.
pub const FAMILY_LIFETIME: Millis = 12 * HOUR;

const PREFIX: &str = "toran1";

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The tenant that issued it.
    #[serde(rename = "t")]
    pub tenant: String,
    /// The only origin from which it is good.
    #[serde(rename = "o")]
    pub origin: String,
    /// When it ends.
    #[serde(rename = "e")]
    pub expires_at: Millis,
    /// The id that renewal keeps: 32 hex digits.
    #[serde(rename = "f")]
    pub family: String,
    /// When the family ends.
    #[serde(rename = "u")]
    pub until: Millis,
    /// The operations that it may call, by name.
    #[serde(rename = "p")]
    pub operations: Vec<String>,
    /// What its family may use up.
    #[serde(rename = "b")]
    pub budget: Budget,
    /// About whom it may ask.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// The mobile number that its customer proved to be theirs.
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<Verified>,
    /// The application that it belongs to: `app_` and 32 hex digits.
    #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
}

/// What a family of sessions may use up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// Requests for an operation; an item of a batch is one.
    #[serde(rename = "c")]
    pub calls: u32,
    /// Money that is sent on the way, in paise.
    #[serde(rename = "r")]
    pub paise: u32,
}

impl Budget {
    /// What counts where a session is opened without one: an applicant's checks, with a few mistakes.
    pub const DEFAULT: Self = Self { calls: 100, paise: 1_000 };
    /// The most that may be asked for.
    pub const MOST: Self = Self { calls: 10_000, paise: 100_000 };
}

/// A customer, by keyed hashes of what is known of them; at least one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Of the PAN.
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub pan: Option<String>,
    /// Of the mobile number.
    #[serde(rename = "m", default, skip_serializing_if = "Option::is_none")]
    pub mobile: Option<String>,
}

impl Subject {
    /// The keyed hashes of a tenant's customer.
    #[must_use]
    pub fn of(index: &Index, tenant: &str, pan: Option<&str>, mobile: Option<&str>) -> Self {
        let hash = |kind: &str, number: &str| index.hash("session subject", &[tenant, kind, number]);
        Self { pan: pan.map(|pan| hash("pan", pan)), mobile: mobile.map(|mobile| hash("mobile", mobile)) }
    }
}

/// A mobile number that was proved, by its keyed hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// Of the mobile number, as in [`Subject`].
    #[serde(rename = "m")]
    pub mobile: String,
    /// When it was proved, in milliseconds since the Unix epoch.
    #[serde(rename = "w")]
    pub at: Millis,
}

impl Verified {
    /// The number of a tenant's customer: ten digits.
    #[must_use]
    pub fn of(index: &Index, tenant: &str, mobile: &str, at: Millis) -> Self {
        Self { mobile: Subject::of(index, tenant, None, Some(mobile)).mobile.unwrap_or_default(), at }
    }
}

impl Session {
    /// The session that follows this one, in which a mobile number is proved; `None` once its family has ended. One that was proved before is proved in it no more.
    #[must_use]
    pub fn proved(&self, verified: Verified, now: Millis) -> Option<Self> {
        self.renewed(now).map(|session| Self { verified: Some(verified), ..session })
    }

    /// The session that follows this one; `None` once its family has ended.
    #[must_use]
    pub fn renewed(&self, now: Millis) -> Option<Self> {
        let expires_at = now.saturating_add(LIFETIME).min(self.until);
        (expires_at > now).then(|| Self { expires_at, ..self.clone() })
    }
}

/// The signing key.
pub struct Signer(Secret<Vec<u8>>);

impl Signer {
    /// Reads 64 hex digits.
    ///
    /// # Errors
    /// [`BadKey`] when they are not.
    pub fn from_hex(text: &str) -> Result<Self, BadKey> {
        key32(text).map(Self)
    }

    /// The token of a session.
    #[must_use]
    pub fn sign(&self, session: &Session) -> String {
        let body = Base64UrlUnpadded::encode_string(serde_json::to_string(session).unwrap_or_default().as_bytes());
        format!("{PREFIX}.{body}.{}", self.signature(&body))
    }

    /// The session of a token that is signed and not over.
    #[must_use]
    pub fn verify(&self, token: &str, now: Millis) -> Option<Session> {
        self.read(token).filter(|session| session.expires_at > now)
    }

    /// The session of a token that is signed and whose family is not over: it may be renewed, though it may be over itself. A page that lay idle finds its checks again.
    #[must_use]
    pub fn verify_renewable(&self, token: &str, now: Millis) -> Option<Session> {
        self.read(token).filter(|session| session.until > now)
    }

    fn read(&self, token: &str) -> Option<Session> {
        let mut parts = token.split('.');
        let (PREFIX, body, signature, None) = (parts.next()?, parts.next()?, parts.next()?, parts.next()) else { return None };
        if !same(signature, &self.signature(body)) {
            return None;
        }
        serde_json::from_slice(&Base64UrlUnpadded::decode_vec(body).ok()?).ok()
    }

    fn signature(&self, body: &str) -> String {
        Base64UrlUnpadded::encode_string(&mac(self.0.expose(), ["session", body].into_iter()))
    }
}

/// Whether a text has the form of a session token, as opposed to a server key.
#[must_use]
pub fn is_token(text: &str) -> bool {
    text.strip_prefix(PREFIX).is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn signer(digit: &str) -> Signer {
        Signer::from_hex(&digit.repeat(64)).unwrap()
    }

    fn session() -> Session {
        Session {
            tenant: "dev".into(),
            origin: "http://127.0.0.1:8787".into(),
            expires_at: 1_000,
            family: "00".repeat(16),
            until: 2_000,
            operations: vec!["pan.verify".into()],
            budget: Budget::DEFAULT,
            subject: None,
            verified: None,
            application: None,
        }
    }

    #[test]
    fn a_proof_belongs_to_the_family_and_its_renewals_keep_it() {
        let index = Index::from_hex(&"3".repeat(64)).unwrap();
        let verified = Verified::of(&index, "dev", "9876543210", 400);
        let proved = session().proved(verified.clone(), 500).unwrap();
        assert_eq!(proved, Session { expires_at: 2_000, verified: Some(verified), ..session() });
        assert_eq!(proved.renewed(600).unwrap().verified, proved.verified);
        let other = Verified::of(&index, "dev", "9876543211", 700);
        assert_eq!(proved.proved(other.clone(), 700).unwrap().verified, Some(other), "the number was corrected");
        assert_eq!(session().proved(Verified::of(&index, "dev", "9876543210", 400), 2_000), None);
        assert!(!signer("4").sign(&proved).contains("9876543210"));
    }

    #[test]
    fn a_renewed_session_is_of_the_same_family_and_ends_with_it() {
        let renewed = session().renewed(500).unwrap();
        assert_eq!(renewed, Session { expires_at: 2_000, ..session() });
        assert_eq!(Session { until: HOUR, ..session() }.renewed(0).unwrap().expires_at, LIFETIME);
        assert_eq!(session().renewed(2_000), None);
    }

    #[test]
    fn a_token_is_good_until_its_end_and_only_under_its_key() {
        let token = signer("4").sign(&session());
        assert!(is_token(&token));
        assert_eq!(signer("4").verify(&token, 999), Some(session()));
        assert_eq!(signer("4").verify(&token, 1_000), None);
        assert_eq!(signer("5").verify(&token, 0), None);
    }

    #[test]
    fn a_changed_token_is_refused() {
        let token = signer("4").sign(&session());
        let other = signer("5").sign(&Session { tenant: "other".into(), ..session() });
        let body = other.split('.').nth(1).unwrap();
        let mut parts: Vec<_> = token.split('.').collect();
        *parts.get_mut(1).unwrap() = body;
        assert_eq!(signer("4").verify(&parts.join("."), 0), None);
        for broken in ["", "toran1", "toran1..", "toran1.e30.", "x.y.z", &format!("{token}.x")] {
            assert_eq!(signer("4").verify(broken, 0), None, "{broken}");
        }
    }
}
