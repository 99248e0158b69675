//! Wibmo's credentials, and the cipher under which requests and answers travel: AES-192-CBC with PKCS #5 padding, in base64.
//!
//! There is no authentication tag: an answer proves nothing by being readable, and why one cannot be read is told to nobody, for that is what a
//! padding oracle is made of. How the initialisation vector travels is documented nowhere and therefore a setting. The `prefix` policy's must
//! be unpredictable and new each time: it is the HMAC of the wire reference, which is used once, under the key, so that nothing has to be drawn
//! at random here. A client whom the vendor gave no key has it encrypt and decrypt: then the text goes out as it is, inside TLS. Sources: document 002; the README.

use aes::Aes192;
use base64ct::{Base64, Encoding};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

use crate::secret::Secret;
use crate::vendors::{Misconfigured, Settings, setting};

/// The key of the API gateway.
pub(super) const API_KEY: &str = "WIBMO_API_KEY";
/// The key of the cipher: 24 bytes as 48 hexadecimal digits or in base64.
pub(super) const AES_KEY: &str = "WIBMO_AES_KEY";
/// Where the initialisation vector is: `prefix`, `zero` or `fixed:` and 32 hexadecimal digits.
pub(super) const IV: &str = "WIBMO_IV";
/// The base address of the vendor's Encrypt and Decrypt endpoints, for a client without that key.
pub(super) const CIPHER_URL: &str = "WIBMO_CIPHER_URL";
/// Where the client's fields go: `headers` or `body`.
pub(super) const CLIENT_FIELDS: &str = "WIBMO_CLIENT_FIELDS";

/// The fields by which Wibmo knows us, in the document's order, and their settings.
pub(super) const CLIENT: &[(&str, &str)] = &[
    ("clientId", "WIBMO_CLIENT_ID"),
    ("bankId", "WIBMO_BANK_ID"),
    ("entityId", "WIBMO_ENTITY_ID"),
    ("secureCode", "WIBMO_SECURE_CODE"),
    ("X-Consumer-Custom-ID", "WIBMO_CONSUMER_CUSTOM_ID"),
];

const BLOCK: usize = 16;
const KEY: usize = 24;

/// Headers of a call, and what of the client's fields goes into the body instead.
pub(super) struct Credentials {
    pub(super) headers: Vec<(&'static str, Secret<String>)>,
    pub(super) body: Vec<(&'static str, String)>,
}

/// Our credentials, where the settings say they go.
pub(super) fn credentials(settings: Settings<'_>) -> Result<Credentials, Misconfigured> {
    match settings(CLIENT_FIELDS).as_deref().map(str::trim) {
        None | Some("" | "headers") => Ok(Credentials { headers: headers(settings)?, body: Vec::new() }),
        Some("body") => Ok(Credentials { headers: vec![api_key(settings)?], body: client(settings)? }),
        Some(_) => Err(CLIENT_FIELDS.into()),
    }
}

/// Our credentials, all of them in headers.
pub(super) fn headers(settings: Settings<'_>) -> Result<Vec<(&'static str, Secret<String>)>, Misconfigured> {
    let client = client(settings)?.into_iter().map(|(field, value)| (field, Secret::new(value)));
    Ok(std::iter::once(api_key(settings)?).chain(client).collect())
}

fn api_key(settings: Settings<'_>) -> Result<(&'static str, Secret<String>), Misconfigured> {
    Ok(("x-api-key", Secret::new(setting(settings, API_KEY)?)))
}

fn client(settings: Settings<'_>) -> Result<Vec<(&'static str, String)>, Misconfigured> {
    CLIENT.iter().map(|(field, name)| Ok((*field, setting(settings, name)?))).collect()
}

/// Our own cipher; `None` where there is no key but the vendor's endpoints to do it.
pub(super) fn cipher(settings: Settings<'_>) -> Result<Option<Cipher>, Misconfigured> {
    match (setting(settings, AES_KEY), setting(settings, CIPHER_URL)) {
        (Err(_), Ok(_)) => Ok(None),
        _ => Cipher::of(settings).map(Some),
    }
}

/// Where the initialisation vector is.
enum Vector {
    /// In front of the ciphertext.
    Prefix,
    /// Known to both sides.
    Fixed([u8; BLOCK]),
}

/// The cipher of one client.
pub(super) struct Cipher {
    key: Secret<[u8; KEY]>,
    vector: Vector,
}

impl Cipher {
    /// The cipher that the settings name.
    pub(super) fn of(settings: Settings<'_>) -> Result<Self, Misconfigured> {
        let key = key(&setting(settings, AES_KEY)?).ok_or(AES_KEY)?;
        let vector = settings(IV).map_or(Some(Vector::Prefix), |text| vector(text.trim())).ok_or(IV)?;
        Ok(Self { key: Secret::new(key), vector })
    }

    /// The token of a text, base64. The reference must not have been used before.
    pub(super) fn seal(&self, plain: &str, reference: &str) -> Option<String> {
        let (prefix, iv) = match &self.vector {
            Vector::Prefix => self.fresh(reference).map(|iv| (iv.to_vec(), iv))?,
            Vector::Fixed(iv) => (Vec::new(), *iv),
        };
        let cipher = cbc::Encryptor::<Aes192>::new_from_slices(self.key.expose(), &iv).ok()?;
        let sealed = cipher.encrypt_padded_vec::<Pkcs7>(plain.as_bytes());
        Some(Base64::encode_string(&[prefix, sealed].concat()))
    }

    /// The bytes of a token; `None` for whatever reason.
    pub(super) fn open(&self, token: &str) -> Option<Secret<Vec<u8>>> {
        let text: String = token.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
        let bytes = Base64::decode_vec(&text).ok()?;
        let (iv, sealed) = match &self.vector {
            Vector::Prefix => bytes.split_first_chunk().map(|(iv, sealed)| (*iv, sealed))?,
            Vector::Fixed(iv) => (*iv, bytes.as_slice()),
        };
        let cipher = cbc::Decryptor::<Aes192>::new_from_slices(self.key.expose(), &iv).ok()?;
        cipher.decrypt_padded_vec::<Pkcs7>(sealed).ok().map(Secret::new)
    }

    fn fresh(&self, reference: &str) -> Option<[u8; BLOCK]> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.key.expose()).ok()?;
        mac.update(b"toran wibmo initialisation vector\0");
        mac.update(reference.as_bytes());
        mac.finalize().into_bytes().first_chunk().copied()
    }
}

fn key(text: &str) -> Option<[u8; KEY]> {
    let text = text.trim();
    let bytes = hex::decode(text).ok().or_else(|| Base64::decode_vec(text).ok())?;
    bytes.try_into().ok()
}

fn vector(text: &str) -> Option<Vector> {
    match text.split_once(':') {
        None if matches!(text, "" | "prefix") => Some(Vector::Prefix),
        None if text == "zero" => Some(Vector::Fixed([0; BLOCK])),
        Some(("fixed", iv)) => hex::decode(iv.trim()).ok()?.try_into().ok().map(Vector::Fixed),
        _ => None,
    }
}

/// A body with a token and what else goes into it.
pub(super) fn body(token: String, client: Vec<(&'static str, String)>) -> Value {
    let token = std::iter::once(("token", token));
    token.chain(client).map(|(field, value)| (field.to_owned(), Value::from(value))).collect::<serde_json::Map<_, _>>().into()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;

    /// Made by openssl: `fixtures/tokens.json` says how.
    fn known() -> Value {
        serde_json::from_str(include_str!("fixtures/tokens.json")).unwrap()
    }

    fn cipher(key: &str, iv: &str) -> Option<Cipher> {
        Cipher::of(&|name| Some(if name == AES_KEY { key } else { iv }.to_owned())).ok()
    }

    fn opened(cipher: &Cipher, token: &Value) -> Option<String> {
        String::from_utf8(cipher.open(token.as_str()?)?.expose().clone()).ok()
    }

    #[test]
    fn the_known_answers_of_openssl_are_ours() {
        let known = known();
        let fixed = format!("fixed:{}", known["iv"].as_str().unwrap());
        for key in [known["key"].as_str().unwrap(), known["key_base64"].as_str().unwrap()] {
            for row in known["tokens"].as_array().unwrap() {
                let plain = row["plain"].as_str().unwrap();
                for (column, iv) in [("fixed", fixed.as_str()), ("zero", "zero"), ("prefix", "prefix")] {
                    let cipher = cipher(key, iv).unwrap();
                    assert_eq!(opened(&cipher, &row[column]).as_deref(), Some(plain), "{column}");
                    let sealed = cipher.seal(plain, "WIRE01").unwrap();
                    assert_eq!(sealed == row[column], column != "prefix", "the vector in front is our own");
                    assert_eq!(opened(&cipher, &Value::from(sealed)).as_deref(), Some(plain));
                }
            }
        }
    }

    #[test]
    fn another_key_or_vector_opens_nothing_that_was_meant() {
        let known = known();
        let (key, row) = (known["key"].as_str().unwrap(), &known["tokens"][5]);
        let plain = row["plain"].as_str();
        let other: String = key.chars().rev().collect();
        assert_ne!(opened(&cipher(&other, "zero").unwrap(), &row["zero"]).as_deref(), plain);
        for (iv, column) in [
            ("zero", "fixed"),
            ("prefix", "fixed"),
            ("prefix", "zero"),
            ("zero", "prefix"),
            ("fixed:ffffffffffffffffffffffffffffffff", "zero"),
        ] {
            assert_ne!(opened(&cipher(key, iv).unwrap(), &row[column]).as_deref(), plain, "{iv} {column}");
        }
    }
}
