//! How a delivery is signed: Standard Webhooks 1.0.0, symmetric signatures.
//!
//! A secret is `whsec_` and the Base64 text of 24 to 64 bytes. The headers are `webhook-id`, `webhook-timestamp` (seconds since the Unix epoch) and `webhook-signature`: `v1,` and the Base64 text of
//! HMAC-SHA-256 over `id.timestamp.body`. While two secrets are live there are two signatures, separated by a space: a receiver takes either.

use std::ops::RangeInclusive;

use base64ct::{Base64, Encoding as _};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::secret::Secret;
use crate::time::{Millis, SECOND};

/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// How many bytes a secret may have (Standard Webhooks 1.0.0, "Signature scheme").
const BYTES: RangeInclusive<usize> = 24..=64;

/// A secret under which deliveries are signed, in its written form.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningSecret(Secret<String>);

impl SigningSecret {
    /// The secret of fresh random bytes.
    #[must_use]
    pub fn new(random: [u8; 32]) -> Self {
        Self(Secret::new(format!("{PREFIX}{}", Base64::encode_string(&random))))
    }

    /// Reads a written secret; `None` for anything else.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let bytes = Base64::decode_vec(text.strip_prefix(PREFIX)?).ok().map(Secret::new)?;
        BYTES.contains(&bytes.expose().len()).then(|| Self(Secret::new(text.to_owned())))
    }

    /// The written form. It is shown to its owner once.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// The signature of a delivery; `at`: its time in seconds.
    fn sign(&self, id: &str, at: i64, body: &str) -> Option<String> {
        let key = Secret::new(Base64::decode_vec(self.expose().strip_prefix(PREFIX)?).ok()?);
        let mut hmac = <Hmac<Sha256> as KeyInit>::new_from_slice(key.expose()).ok()?;
        hmac.update(format!("{id}.{at}.").as_bytes());
        hmac.update(body.as_bytes());
        Some(format!("v1,{}", Base64::encode_string(&hmac.finalize().into_bytes())))
    }
}

/// The headers of a delivery, signed under each of the secrets; `now`: when it is sent.
#[must_use]
pub fn headers<'a>(secrets: impl Iterator<Item = &'a SigningSecret>, id: &str, now: Millis, body: &str) -> [(&'static str, String); 3] {
    let at = now.div_euclid(SECOND);
    let signatures: Vec<_> = secrets.filter_map(|secret| secret.sign(id, at, body)).collect();
    [("webhook-id", id.to_owned()), ("webhook-timestamp", at.to_string()), ("webhook-signature", signatures.join(" "))]
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    fn signature(secrets: &[SigningSecret]) -> String {
        let [.., (_, signature)] = headers(secrets.iter(), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330_999, r#"{"test": 2432232314}"#);
        signature
    }

    /// The specification's own example.
    #[test]
    fn a_delivery_is_signed_as_standard_webhooks_says() {
        let secret = SigningSecret::read(SECRET).unwrap();
        assert_eq!(signature(&[secret]), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn while_two_secrets_are_live_there_are_two_signatures() {
        let (one, other) = (SigningSecret::read(SECRET).unwrap(), SigningSecret::new([7; 32]));
        let both = signature(&[other.clone(), one]);
        let (first, second) = both.split_once(' ').unwrap();
        assert_eq!((first, second), (signature(&[other]).as_str(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }

    #[test]
    fn a_secret_has_its_prefix_and_from_24_to_64_bytes() {
        let of = |length: usize| format!("whsec_{}", Base64::encode_string(&vec![1; length]));
        for text in [SECRET, &of(24), &of(64), SigningSecret::new([9; 32]).expose()] {
            assert_eq!(SigningSecret::read(text).unwrap().expose(), text);
        }
        for text in ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqr!wjUPD8ILPZIo2LaLaSw", &of(23), &of(65)] {
            assert!(SigningSecret::read(text).is_none(), "{text}");
        }
    }
}
