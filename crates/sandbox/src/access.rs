//! Cloudflare Access, on your own machine: the keys that it publishes, and the token that it would put into the header of a person's request.
//!
//! `POST /_sandbox/access {"email", "audience"?, "expires_in"?}` answers `{"token"}` for `Cf-Access-Jwt-Assertion`, signed with RS256 (RFC 8017 section 8.2) by the one key below, which is
//! published at `/cdn-cgi/access/certs`. It is no secret: whoever has this file can sign with it, and it is good for gateways whose issuer is a sandbox.

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use toran_core::time::{Millis, SECOND};

/// The name of the key.
const KEY: &str = "sandbox";
/// The audience where none is asked for.
const AUDIENCE: &str = "development";
/// How long a token is good where nothing else is asked for, in seconds.
const LIFETIME: i64 = 3_600;
/// What stands before the digest in a signature (RFC 8017 section 9.2, SHA-256).
const DIGEST_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

/// The length of the key, in bytes.
const LENGTH: usize = 256;
/// Its modulus.
const MODULUS: &str = concat!(
    "ddfa9ef78182c9ca0a1dc1bdf519a88c8c8ca1361fb8183a9b33758eada297127e8e1efcc84a02696d90b1c7815e7cacbb20916eb2b895bfa0bb02eb44726b7f",
    "fcf54732aced3ac4dc93b595af6b07e1552c81b274db94f63c5e9e5c52faea021fbfcb3fd3b2308f0c583b0cd9186c57fa5a6875b75d480d3cadd02c07f8d2c9",
    "b1537899c8b18270ed933a36f5b534b8013b3dbf0b3dce277f10b112d43425ebd4866ac8c4f6cb1db84c40ef54d83704f5d2a9062d967513457f1541581b8668",
    "83b7f96c31d6b84e6a4cbb9d49b0598c1642be35b9215594cf4a15f2e3801f7e99fc76027377ec2b9ab63825a76e14dad1e04c08a0ab66a1cbbad7119883df5b",
);
/// Its private exponent.
const EXPONENT: &str = concat!(
    "1cc88ca86760c02db4961b33387ef53e14537febf6bcf657531c9f17bb282412bfda49e6594a4f79c03d4cf023b44ed24f0970123c9676c47c610385e2403bf4",
    "42a6c36eacc1ae272cbaf286d0523e99576408054de5d33102aefa35da84b2a747daa4ce47f3091ce36ae56d4b1141ab3ec94e56454a913736310b974a0957bb",
    "958dccb3dd2fa10aa48137d94231dcb5bebaa55ba8082c5fafce039a23c9d142d2107f1a0c7d81fae34f514f6ea7e15467dcf1f2faf248bd276343ef763fac75",
    "6b519661693b7ae812629ecfd27f2290e87da51b568242092af4e422ee85b3fa25a55d026471d7de8c0c1f990ee4a311a1de6eaa2f3479c7e9400953c2772cf1",
);
/// 2 to the power of 4096, modulo the modulus.
const SQUARED: &str = concat!(
    "2a8b65e8bf5dbb06316e85db7b3538bd7d4eff4b335c5a5bf08e91487321cfa83977ef10bcdb457059c2aede52b6e3dbfcee02b747595ba4506c9b23cfc6dd1a",
    "0220c7650a96725ccb7cffeabf6a47b3670758969e4ec2ba45d7cecc4b491ed7ddd667a6c63911e6538936e434bfe79d20797611d632c7e25401c170671c8301",
    "6194fcdf04599c67b7b8a475a61b31ccd36707a70de1360100ce63c7d2f66320443c8b2dc5fe4b740f81c729d2e52cd7c18e1f9cb62384d76fa0e1bffd584532",
    "857c0c7e1700e30146a1960e2041c9c2c0179ac79c8a5a40d13e58fdf1d0beed2e64e16ae4e365b45f396fca162ffbbb3f7f436ee0729725f9015a34fa66e151",
);
/// What the modulus times this is -1 to, modulo 2 to the power of 32.
const INVERSE: u32 = 2_201_405_229;

/// The keys, as Access publishes them.
pub(crate) fn keys() -> Value {
    let modulus = Base64UrlUnpadded::encode_string(&hex::decode(MODULUS).unwrap_or_default());
    json!({ "keys": [{ "kid": KEY, "kty": "RSA", "alg": "RS256", "use": "sig", "e": "AQAB", "n": modulus }] })
}

/// The token of a person, as the body of a request asks for it; an error in words.
pub(crate) fn token(body: &[u8], issuer: &str, now: Millis) -> Result<Value, String> {
    let wanted: Map<String, Value> = serde_json::from_slice(body).map_err(|_| "The body should be an object with email.")?;
    let email = wanted.get("email").and_then(Value::as_str).ok_or("email should be a text.")?;
    let audience = wanted.get("audience").and_then(Value::as_str).unwrap_or(AUDIENCE);
    let lifetime = wanted.get("expires_in").and_then(Value::as_i64).unwrap_or(LIFETIME);
    let seconds = now.div_euclid(SECOND);
    let claims = json!({
        "iss": issuer, "aud": [audience], "email": email, "type": "app", "iat": seconds, "nbf": seconds, "exp": seconds.saturating_add(lifetime),
    });
    let header = json!({ "alg": "RS256", "kid": KEY, "typ": "JWT" });
    let [header, claims] = [header, claims].map(|part| Base64UrlUnpadded::encode_string(part.to_string().as_bytes()));
    let signed = format!("{header}.{claims}");
    let signature = Base64UrlUnpadded::encode_string(&signature(signed.as_bytes()));
    Ok(json!({ "token": format!("{signed}.{signature}") }))
}

/// The signature of a message (RSASSA-PKCS1-v1_5 with SHA-256).
fn signature(message: &[u8]) -> Vec<u8> {
    let digest = Sha256::digest(message);
    let tail: Vec<u8> = std::iter::once(0).chain(DIGEST_INFO).chain(digest).collect();
    let padding = std::iter::repeat_n(0xff, LENGTH.saturating_sub(tail.len()).saturating_sub(2));
    let encoded: Vec<u8> = [0, 1].into_iter().chain(padding).chain(tail).collect();
    bytes(&power(&limbs(&encoded)))
}

/// A number, its lowest 32 bits first.
type Number = Vec<u32>;

fn limbs(bytes: &[u8]) -> Number {
    bytes.rchunks(4).map(|chunk| chunk.iter().fold(0, |limb, byte| limb << 8 | u32::from(*byte))).collect()
}

fn bytes(number: &Number) -> Vec<u8> {
    number.iter().rev().flat_map(|limb| limb.to_be_bytes()).collect()
}

fn constant(text: &str) -> Number {
    limbs(&hex::decode(text).unwrap_or_default())
}

/// The number to the power of the private exponent, modulo the modulus.
fn power(base: &Number) -> Number {
    let modulus = constant(MODULUS);
    let mut one = vec![0; modulus.len()];
    one.first_mut().into_iter().for_each(|limb| *limb = 1);
    let base = product(base, &constant(SQUARED), &modulus);
    let bits = hex::decode(EXPONENT).unwrap_or_default().into_iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1));
    let mut power = product(&one, &constant(SQUARED), &modulus);
    for bit in bits {
        power = product(&power, &power, &modulus);
        if bit {
            power = product(&power, &base, &modulus);
        }
    }
    product(&power, &one, &modulus)
}

/// Montgomery's product of two numbers, modulo the modulus.
fn product(a: &Number, b: &Number, modulus: &Number) -> Number {
    let mut sum: Number = vec![0; modulus.len().saturating_add(2)];
    for limb in b {
        add_multiple(&mut sum, a, *limb);
        let factor = sum.first().map_or(0, |lowest| lowest.wrapping_mul(INVERSE));
        add_multiple(&mut sum, modulus, factor);
        // The lowest limb is zero now.
        sum.rotate_left(1);
    }
    reduced(sum, modulus)
}

/// Adds a multiple of a number.
fn add_multiple(sum: &mut Number, number: &Number, by: u32) {
    let mut carry = 0_u64;
    for (limb, other) in sum.iter_mut().zip(number.iter().chain(std::iter::repeat(&0))) {
        let value = u64::from(*other).wrapping_mul(u64::from(by)).wrapping_add(u64::from(*limb)).wrapping_add(carry);
        *limb = low(value);
        carry = value >> 32;
    }
}

/// A number less than twice the modulus, less it where it is not less.
fn reduced(mut number: Number, modulus: &Number) -> Number {
    let mut less: Number = Vec::with_capacity(number.len());
    let mut borrow = 0_u64;
    for (limb, other) in number.iter().zip(modulus.iter().chain(std::iter::repeat(&0))) {
        let value = u64::from(*limb).wrapping_sub(u64::from(*other)).wrapping_sub(borrow);
        less.push(low(value));
        borrow = value >> 63;
    }
    if borrow == 0 {
        number = less;
    }
    number.truncate(modulus.len());
    number
}

/// The lowest 32 bits.
fn low(value: u64) -> u32 {
    u32::try_from(value & 0xffff_ffff).unwrap_or_default()
}
