//! Who sent a callback: what a vendor account's settings demand of it.
//!
//! Each of these that is set must hold; where none is set, nothing is proved, and a callback is a hint. All names begin with the vendor's (`DECENTRO_CALLBACK_...`) and
//! end in the account's where it has a name (`..._SECRET__ACME`); one account's are never another's.
//!
//! | setting | what it demands |
//! | --- | --- |
//! | the vendor's secret ([`super::callback::Callbacks::secret`]), also its `_NEXT` | a signature under one of them |
//! | `..._CALLBACK_SIGNATURE` | how it is written (JSON, [`Signature`]) where not as the vendor does by itself |
//! | `..._CALLBACK_HEADERS`, also its `_NEXT` | these headers with these values (a JSON object), of one of them |
//! | `..._CALLBACK_ADDRESSES` | that it comes from one of these addresses or networks (`203.0.113.7, 2001:db8::/64`) |

use std::borrow::Cow;
use std::net::IpAddr;

use base64ct::{Base64, Encoding as _};
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Sha256, Sha512};

use super::callback::of as callbacks_of;
use crate::account::Account;
use crate::seal::same;
use crate::time::{Millis, SECOND};
use crate::vendors::settings::{Misconfigured, Settings, callback_setting};

/// How a signature is written: an HMAC over the raw body, or over a time and the body behind it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The header that carries it.
    pub header: Cow<'static, str>,
    /// The hash function.
    #[serde(default)]
    pub algorithm: Algorithm,
    /// How its bytes are written.
    #[serde(default)]
    pub encoding: Encoding,
    /// The header of the time that is signed with the body, where one is.
    #[serde(default)]
    pub timestamp: Option<Cow<'static, str>>,
    /// How old the time may be, in seconds; any age where it is left out. A time has seconds or milliseconds since the Unix epoch.
    #[serde(default)]
    pub tolerance: Option<u32>,
}

/// A hash function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// HMAC-SHA-256.
    #[default]
    Sha256,
    /// HMAC-SHA-512.
    Sha512,
}

/// How bytes are written as text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// Two hexadecimal digits a byte, in either case.
    #[default]
    Hex,
    /// Base64 with padding (RFC 4648 section 4).
    Base64,
}

/// A callback as it arrived.
pub struct Arrived<'a> {
    /// A header by its name; one that came twice is both, with a comma between them.
    pub header: &'a dyn Fn(&str) -> Option<String>,
    /// The address that it came from.
    pub address: Option<&'a str>,
    /// The body, byte for byte.
    pub body: &'a [u8],
    /// When.
    pub now: Millis,
}

/// What is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The vendor sent it.
    Proven,
    /// Nothing is demanded, so nothing is known.
    Undemanded,
    /// What is demanded does not hold.
    Refused,
}

/// What is proved of a callback for an account.
///
/// # Errors
/// The name of a setting that cannot be read.
pub fn of(account: &Account, arrived: &Arrived<'_>, settings: Settings<'_>) -> Result<Proof, Misconfigured> {
    let demands = Demands::of(account, settings)?;
    let held = [
        demands.secrets.as_ref().map(|secrets| secrets.iter().any(|secret| demands.signature.holds(secret, arrived))),
        demands.headers.as_ref().map(|sets| sets.iter().any(|set| has_headers(set, arrived))),
        demands.networks.as_ref().map(|networks| comes_from(networks, arrived.address)),
    ];
    // All are judged, so that the time tells nothing of which one failed.
    let (demanded, failed) = (held.iter().flatten().count(), held.iter().flatten().filter(|holds| !**holds).count());
    Ok(match (demanded, failed) {
        (0, _) => Proof::Undemanded,
        (_, 0) => Proof::Proven,
        _ => Proof::Refused,
    })
}

/// The settings of an account's callbacks that cannot be read, by name.
#[must_use]
pub fn fault(account: &Account, settings: Settings<'_>) -> Option<Cow<'static, str>> {
    Demands::of(account, settings).err().map(|Misconfigured(name)| name)
}

/// What an account demands.
struct Demands {
    signature: Signature,
    secrets: Option<Vec<String>>,
    headers: Option<Vec<Map<String, Value>>>,
    networks: Option<Vec<Network>>,
}

impl Demands {
    fn of(account: &Account, settings: Settings<'_>) -> Result<Self, Misconfigured> {
        let vendor = account.vendor();
        let callbacks = callbacks_of(vendor).ok_or(Misconfigured("vendor".into()))?;
        let own = |part: &str| callback_setting(account, &format!("{}_CALLBACK_{part}", vendor.to_ascii_uppercase()));
        let read = |name: String, parse: &dyn Fn(&str) -> bool| match settings(&name).filter(|text| !text.trim().is_empty()) {
            Some(text) if parse(&text) => Ok(Some(text)),
            Some(_) => Err(Misconfigured(name.into())),
            None => Ok(None),
        };
        let any = |_: &str| true;
        let secret = |name: &str| read(callback_setting(account, name), &any);
        let secrets: Vec<_> = [secret(callbacks.secret)?, secret(&format!("{}_NEXT", callbacks.secret))?].into_iter().flatten().collect();
        let signature = read(own("SIGNATURE"), &|text| serde_json::from_str::<Signature>(text).is_ok())?;
        let is_headers = |text: &str| {
            serde_json::from_str::<Map<String, Value>>(text).is_ok_and(|set| !set.is_empty() && set.values().all(Value::is_string))
        };
        let headers: Vec<_> = [read(own("HEADERS"), &is_headers)?, read(own("HEADERS_NEXT"), &is_headers)?].into_iter().flatten().collect();
        let networks = read(own("ADDRESSES"), &|text| networks(text).is_some())?;
        Ok(Self {
            signature: signature.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_else(|| callbacks.signature.clone()),
            secrets: (!secrets.is_empty()).then_some(secrets),
            headers: (!headers.is_empty()).then(|| headers.iter().filter_map(|text| serde_json::from_str(text).ok()).collect()),
            networks: networks.and_then(|text| self::networks(&text)),
        })
    }
}

impl Signature {
    /// Whether a callback carries this signature under a secret.
    fn holds(&self, secret: &str, arrived: &Arrived<'_>) -> bool {
        let timestamp = match &self.timestamp {
            None => String::new(),
            Some(name) => match (arrived.header)(name).filter(|time| self.is_fresh(time, arrived.now)) {
                Some(time) => time,
                None => return false,
            },
        };
        let written = (arrived.header)(&self.header).and_then(|text| self.encoding.decoded(text.trim()));
        written.is_some_and(|written| self.algorithm.verifies(secret.as_bytes(), [timestamp.as_bytes(), arrived.body], &written))
    }

    fn is_fresh(&self, time: &str, now: Millis) -> bool {
        let Some(tolerance) = self.tolerance else { return true };
        let Ok(time) = time.trim().parse::<Millis>() else { return false };
        // In seconds until the year 5138.
        let time = if time < 100_000_000_000 { time.saturating_mul(SECOND) } else { time };
        now.saturating_sub(time).abs() <= Millis::from(tolerance).saturating_mul(SECOND)
    }

    /// The signature of a body under a secret, as it is written; `time`: what stands in the header of the time.
    #[cfg(feature = "sim")]
    #[must_use]
    pub fn written(&self, secret: &str, time: &str, body: &[u8]) -> String {
        let time = if self.timestamp.is_some() { time.as_bytes() } else { &[] };
        let bytes = match self.algorithm {
            Algorithm::Sha256 => signed::<Hmac<Sha256>>(secret.as_bytes(), [time, body]),
            Algorithm::Sha512 => signed::<Hmac<Sha512>>(secret.as_bytes(), [time, body]),
        };
        match self.encoding {
            Encoding::Hex => hex::encode(bytes),
            Encoding::Base64 => Base64::encode_string(&bytes),
        }
    }
}

#[cfg(feature = "sim")]
fn signed<M: Mac + KeyInit>(secret: &[u8], parts: [&[u8]; 2]) -> Vec<u8> {
    fed::<M>(secret, parts).map(|mac| mac.finalize().into_bytes().to_vec()).unwrap_or_default()
}

/// An HMAC that has taken these parts. It takes keys of any length.
fn fed<M: Mac + KeyInit>(secret: &[u8], parts: [&[u8]; 2]) -> Option<M> {
    let mut mac = <M as KeyInit>::new_from_slice(secret).ok()?;
    for part in parts {
        mac.update(part);
    }
    Some(mac)
}

impl Algorithm {
    /// In constant time.
    fn verifies(self, secret: &[u8], parts: [&[u8]; 2], written: &[u8]) -> bool {
        match self {
            Self::Sha256 => fed::<Hmac<Sha256>>(secret, parts).is_some_and(|mac| mac.verify_slice(written).is_ok()),
            Self::Sha512 => fed::<Hmac<Sha512>>(secret, parts).is_some_and(|mac| mac.verify_slice(written).is_ok()),
        }
    }
}

impl Encoding {
    fn decoded(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Hex => hex::decode(text).ok(),
            Self::Base64 => Base64::decode_vec(text).ok(),
        }
    }
}

fn has_headers(set: &Map<String, Value>, arrived: &Arrived<'_>) -> bool {
    let holds =
        |(name, value): (&String, &Value)| (arrived.header)(name).is_some_and(|given| same(&given, value.as_str().unwrap_or_default()));
    set.iter().filter(|pair| !holds(*pair)).count() == 0
}

/// An address, and how many of its first bits count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u32,
}

fn networks(text: &str) -> Option<Vec<Network>> {
    text.split(',').map(|part| Network::parse(part.trim())).collect()
}

impl Network {
    fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().ok()?;
        let all = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Some(all), |bits| bits.parse().ok())?;
        (bits <= all).then_some(Self { address, bits })
    }

    fn has(self, address: IpAddr) -> bool {
        // An IPv4 address is the first 32 bits, so that one comparison does for both.
        let number = |address: IpAddr| match address {
            IpAddr::V4(four) => u128::from(u32::from(four)).checked_shl(96).unwrap_or_default(),
            IpAddr::V6(six) => u128::from(six),
        };
        let differing = number(self.address) ^ number(address);
        self.address.is_ipv4() == address.is_ipv4() && differing.leading_zeros() >= self.bits
    }
}

fn comes_from(networks: &[Network], address: Option<&str>) -> bool {
    let address = address.and_then(|text| text.parse::<IpAddr>().ok()).map(|address| address.to_canonical());
    address.is_some_and(|address| networks.iter().any(|network| network.has(address)))
}
