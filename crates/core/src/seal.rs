//! How personal data rests: sealed, and found again only by keyed hashes (docs/STORAGE.md).
//!
//! [`Ring::seal`] is AES-256-GCM under the ring's current key, with the storage key as associated data, so that a value cannot be moved to
//! another place; the key's id travels in front, so that keys can rotate. [`Index`] makes storage keys and fingerprints: HMAC-SHA-256 under a key
//! that does not rotate, for ten digits can be searched exhaustively and a plain hash hides nothing. The nonce is the caller's randomness.

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use base64ct::{Base64UrlUnpadded, Encoding};
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::secret::Secret;

/// The length of a nonce, in bytes. Random: one key seals at most 2^32 values (NIST SP 800-38D section 8.3).
pub const NONCE: usize = 12;

/// The length of the mark by which a change is noticed, in bytes.
const TAG: usize = 16;

/// The sealing keys by id, and which of them seals now.
pub struct Ring {
    current: String,
    /// Expanded, which costs as much as sealing a small value.
    keys: Vec<(String, Aes256Gcm)>,
}

/// A ring that cannot be used; says what is wrong, never a key.
#[derive(Debug, PartialEq, Eq)]
pub struct BadKey(pub &'static str);

impl Ring {
    /// Reads `{"current": "id", "keys": {"id": "64 hex digits", ...}}`.
    ///
    /// # Errors
    /// [`BadKey`] when the text is of another form, a key is not 32 bytes, or the current one is missing.
    pub fn from_json(text: &str) -> Result<Self, BadKey> {
        let value: Value = serde_json::from_str(text).map_err(|_| BadKey("SEAL_KEYS is not JSON"))?;
        let current = value.get("current").and_then(Value::as_str).ok_or(BadKey("SEAL_KEYS names no current key"))?;
        let keys = value.get("keys").and_then(Value::as_object).ok_or(BadKey("SEAL_KEYS holds no keys"))?;
        let keys =
            keys.iter().map(|(id, key)| Ok((id.clone(), cipher(key.as_str().unwrap_or_default())?))).collect::<Result<Vec<_>, _>>()?;
        let ring = Self { current: current.to_owned(), keys };
        ring.key(current).ok_or(BadKey("the current key is not in SEAL_KEYS"))?;
        Ok(ring)
    }

    fn key(&self, id: &str) -> Option<&Aes256Gcm> {
        self.keys.iter().find(|(known, _)| known == id).map(|(_, key)| key)
    }

    /// Seals a value for one place. `None` only if the ring were empty, which it cannot be.
    #[must_use]
    pub fn seal(&self, place: &str, plain: &[u8], nonce: [u8; NONCE]) -> Option<String> {
        let mut bytes = Vec::with_capacity(plain.len().saturating_add(NONCE + TAG));
        bytes.extend_from_slice(&nonce);
        bytes.extend_from_slice(plain);
        let message = bytes.get_mut(NONCE..)?;
        let tag = self.key(&self.current)?.encrypt_inout_detached(&Nonce::from(nonce), place.as_bytes(), message.into()).ok()?;
        bytes.extend_from_slice(&tag);
        let mut sealed = format!("s1.{}.", self.current).into_bytes();
        let prefix = sealed.len();
        sealed.resize(prefix.saturating_add(Base64UrlUnpadded::encoded_len(&bytes)), 0);
        Base64UrlUnpadded::encode(&bytes, sealed.get_mut(prefix..)?).ok()?;
        String::from_utf8(sealed).ok()
    }

    /// Opens what was sealed for this place; `None` for anything else.
    #[must_use]
    pub fn open(&self, place: &str, sealed: &str) -> Option<Secret<Vec<u8>>> {
        let mut parts = sealed.splitn(3, '.');
        let ("s1", id, text) = (parts.next()?, parts.next()?, parts.next()?) else { return None };
        let mut bytes = Base64UrlUnpadded::decode_vec(text).ok()?;
        let tag: [u8; TAG] = bytes.split_off(bytes.len().checked_sub(TAG)?).try_into().ok()?;
        let (nonce, message) = bytes.split_at_mut_checked(NONCE)?;
        let nonce: [u8; NONCE] = (&*nonce).try_into().ok()?;
        self.key(id)?.decrypt_inout_detached(&Nonce::from(nonce), place.as_bytes(), message.into(), &Tag::from(tag)).ok()?;
        bytes.drain(..NONCE);
        Some(Secret::new(bytes))
    }
}

/// The key of storage keys and fingerprints.
pub struct Index(Secret<Vec<u8>>);

impl Index {
    /// Reads 64 hex digits.
    ///
    /// # Errors
    /// [`BadKey`] when they are not.
    pub fn from_hex(text: &str) -> Result<Self, BadKey> {
        key32(text).map(Self)
    }

    /// The keyed hash of some parts for one purpose: 64 hex digits. No two lists of parts hash the same text.
    #[must_use]
    pub fn hash(&self, purpose: &str, parts: &[&str]) -> String {
        hex::encode(self.bytes(purpose, parts))
    }

    /// The same, as bytes.
    #[must_use]
    pub fn bytes(&self, purpose: &str, parts: &[&str]) -> [u8; 32] {
        mac(self.0.expose(), std::iter::once(purpose).chain(parts.iter().copied())).try_into().unwrap_or_default()
    }

    /// By what a change of the key is noticed; says nothing about the key.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.hash("fingerprint", &[]).chars().take(16).collect()
    }
}

/// HMAC-SHA-256 over length-prefixed parts.
pub(crate) fn mac<'a>(key: &[u8], parts: impl Iterator<Item = &'a str>) -> Vec<u8> {
    // HMAC takes keys of any length; the fallback keeps this total.
    let Ok(mut hmac) = <Hmac<Sha256> as KeyInit>::new_from_slice(key) else { return Vec::new() };
    for part in parts {
        hmac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hmac.update(part.as_bytes());
    }
    hmac.finalize().into_bytes().to_vec()
}

/// The SHA-256 digest of a server key, as settings hold it: 64 hex digits.
#[must_use]
pub fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// Whether two texts are equal, in a time that tells nothing about where they differ.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// Reads a key of 32 bytes, written as 64 hex digits.
fn cipher(text: &str) -> Result<Aes256Gcm, BadKey> {
    Aes256Gcm::new_from_slice(key32(text)?.expose()).map_err(|_| BadKey("a key is not 32 bytes long"))
}

pub(crate) fn key32(text: &str) -> Result<Secret<Vec<u8>>, BadKey> {
    let bytes = hex::decode(text).map_err(|_| BadKey("a key is not written in hex digits"))?;
    // A key that was never filled in.
    if bytes.iter().all(|byte| *byte == 0) {
        return Err(BadKey("a key is nothing but zeros"));
    }
    if bytes.len() == 32 { Ok(Secret::new(bytes)) } else { Err(BadKey("a key is not 32 bytes long")) }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn ring(current: &str) -> Ring {
        let (a, b) = ("11".repeat(32), "22".repeat(32));
        Ring::from_json(&format!(r#"{{"current":"{current}","keys":{{"a":"{a}","b":"{b}"}}}}"#)).unwrap()
    }

    #[test]
    fn opens_what_it_sealed_also_after_the_key_was_rotated() {
        let sealed = ring("a").seal("place", b"9876543210", [7; NONCE]).unwrap();
        assert!(!sealed.contains("9876543210"));
        assert_eq!(ring("b").open("place", &sealed).unwrap().expose(), b"9876543210");
    }

    #[test]
    fn refuses_another_place_a_changed_byte_and_an_unknown_key() {
        let sealed = ring("a").seal("place", b"x", [7; NONCE]).unwrap();
        assert!(ring("a").open("elsewhere", &sealed).is_none());
        assert!(ring("a").open("place", &sealed.replace("s1.a.", "s1.b.")).is_none());
        assert!(ring("a").open("place", &sealed.replace("s1.a.", "s1.c.")).is_none());
        for broken in ["", "s1", "s1.a", "s1.a.", "s1.a.AAAA", "s2.a.AAAA", "s1.a.!!!!"] {
            assert!(ring("a").open("place", broken).is_none(), "{broken}");
        }
    }

    #[test]
    fn a_ring_has_its_current_key_and_nothing_but_keys() {
        let key = "11".repeat(32);
        for text in [
            format!(r#"{{"current":"b","keys":{{"a":"{key}"}}}}"#),
            format!(r#"{{"keys":{{"a":"{key}"}}}}"#),
            r#"{"current":"a","keys":{}}"#.to_owned(),
            r#"{"current":"a"}"#.to_owned(),
            r#"{"current":"a","keys":{"a":"1122"}}"#.to_owned(),
            format!(r#"{{"current":"a","keys":{{"a":"{key}","b":"no key"}}}}"#),
            String::new(),
        ] {
            assert!(Ring::from_json(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_sealed_form_is_pinned() {
        assert_eq!(ring("a").seal("place", b"toran", [7; NONCE]).unwrap(), "s1.a.BwcHBwcHBwcHBwcHpFV-2Z3Kxqfbr816wLYfxcNsMjn3");
    }

    #[test]
    fn parts_cannot_be_shifted_into_one_another() {
        let index = Index::from_hex(&"33".repeat(32)).unwrap();
        assert_ne!(index.hash("p", &["ab", "c"]), index.hash("p", &["a", "bc"]));
        assert_ne!(index.hash("p", &["ab"]), index.hash("q", &["ab"]));
    }
}
