//! Browser sessions: a signed token that says for which tenant and from which origin a form may call, and until when.
//!
//! The token holds no secret and no personal data; whoever changes it breaks its signature (HMAC-SHA-256). It lasts 15 minutes (contract section 2.6).

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::{Deserialize, Serialize};

use crate::seal::{BadKey, key32, mac, same};
use crate::secret::Secret;
use crate::time::{MINUTE, Millis};

/// How long a session lasts.
pub const LIFETIME: Millis = 15 * MINUTE;

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
        let mut parts = token.split('.');
        let (PREFIX, body, signature, None) = (parts.next()?, parts.next()?, parts.next()?, parts.next()) else { return None };
        if !same(signature, &self.signature(body)) {
            return None;
        }
        let session: Session = serde_json::from_slice(&Base64UrlUnpadded::decode_vec(body).ok()?).ok()?;
        (session.expires_at > now).then_some(session)
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
        Session { tenant: "dev".into(), origin: "http://127.0.0.1:8787".into(), expires_at: 1_000 }
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
