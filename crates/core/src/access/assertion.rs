//! A person whom Cloudflare Access let in: what the JWT of its header `Cf-Access-Jwt-Assertion` says, and who that is here.
//!
//! A token is signed with RS256 by a key of its issuer; the Worker verifies that, and nothing is believed before. What counts is the issuer and audience of one tenant, the time, and an
//! e-mail address: a service's token names no person. Whoever comes so reviews their tenant's checks, and does nothing else. Source: Cloudflare's page "Validate JWTs".

use std::borrow::Cow;

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Caller, Scope, Tenant};
use crate::operations::Audience;
use crate::time::{MINUTE, Millis, SECOND};

/// The header that Access adds to each request.
pub const HEADER: &str = "cf-access-jwt-assertion";

/// Where an issuer publishes its keys.
const KEYS: &str = "/cdn-cgi/access/certs";
/// How far the issuer's clock may be ahead.
const AHEAD: Millis = MINUTE;
/// The longest token that is read, in bytes.
const LONGEST: usize = 16 * 1024;
/// What such a person may do.
const SCOPES: &[Scope] = &[Scope::Review];

/// By whom a tenant's people are let in.
#[derive(Debug, Deserialize, PartialEq, Eq, Hash)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// Whose tokens count: `https://TEAM.cloudflareaccess.com`.
    issuer: String,
    /// The tag of the application.
    audience: String,
}

impl Application {
    /// Whether it names an issuer by its origin, and an audience.
    pub(super) fn is_sound(&self) -> bool {
        self.issuer.starts_with("http") && super::browser::is_origin(&self.issuer) && !self.audience.trim().is_empty()
    }
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: String,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    aud: Audiences,
    exp: i64,
    #[serde(default)]
    nbf: i64,
    email: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audiences {
    One(String),
    Many(Vec<String>),
}

/// A token that is not verified yet.
pub struct Assertion {
    /// The name of the key that signed it.
    pub key: String,
    /// What was signed.
    pub signed: String,
    /// The signature.
    pub signature: Vec<u8>,
    claims: Claims,
}

impl Assertion {
    /// Reads a token; `None` for what is none, or is signed in another way.
    #[must_use]
    pub fn read(token: &str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.').filter(|_| token.len() <= LONGEST)?;
        let (header, claims) = signed.split_once('.')?;
        let header: Header = serde_json::from_slice(&Base64UrlUnpadded::decode_vec(header).ok()?).ok()?;
        let claims = serde_json::from_slice(&Base64UrlUnpadded::decode_vec(claims).ok()?).ok()?;
        let signature = Base64UrlUnpadded::decode_vec(signature).ok()?;
        (header.alg == "RS256").then(|| Self { key: header.kid, signed: signed.to_owned(), signature, claims })
    }

    /// Who comes with it, once its signature was verified; `None` where it is over, not valid yet, for nobody here, or names no person.
    #[must_use]
    pub fn caller<'a>(&self, tenants: &'a [Tenant], now: Millis) -> Option<Caller<'a>> {
        let Claims { exp, nbf, email, .. } = &self.claims;
        let is_current = exp.saturating_mul(SECOND) > now && nbf.saturating_mul(SECOND) <= now.saturating_add(AHEAD);
        let email = email.as_deref().map(|email| email.trim().to_lowercase()).filter(|email| is_current && !email.is_empty())?;
        let tenant = self.tenant(tenants)?;
        Some(Caller { tenant, audience: Audience::Server, person: Some(Cow::Owned(email)), session: None, scopes: SCOPES })
    }

    /// Where the keys of its issuer are published; `None` for an issuer of nobody's.
    #[must_use]
    pub fn keys_url(&self, tenants: &[Tenant]) -> Option<String> {
        self.tenant(tenants).map(|_| format!("{}{KEYS}", self.claims.iss))
    }

    /// The tenant whose people it lets in.
    fn tenant<'a>(&self, tenants: &'a [Tenant]) -> Option<&'a Tenant> {
        let is_for = |audience: &str| match &self.claims.aud {
            Audiences::One(one) => one == audience,
            Audiences::Many(many) => many.iter().any(|one| one == audience),
        };
        let is_its = |application: &Application| application.issuer == self.claims.iss && is_for(&application.audience);
        tenants.iter().find(|tenant| tenant.access.as_ref().is_some_and(is_its))
    }
}

/// The key of this name among those that an issuer publishes, as a JWK that says only what a verification needs.
#[must_use]
pub fn key_of(published: &[u8], name: &str) -> Option<String> {
    let published: Value = serde_json::from_slice(published).ok()?;
    let is_it = |key: &&Value| key.get("kid").is_some_and(|kid| kid == name) && key.get("kty").is_some_and(|kind| kind == "RSA");
    let key = published.get("keys")?.as_array()?.iter().find(is_it)?;
    let part = |name: &str| key.get(name).and_then(Value::as_str);
    Some(json!({ "kty": "RSA", "alg": "RS256", "n": part("n")?, "e": part("e")?, "ext": true }).to_string())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const NOW: Millis = 1_795_292_332_000;
    const ISSUER: &str = "https://acme.cloudflareaccess.com";

    fn tenants() -> Vec<Tenant> {
        let tenant = |id: &str, audience: &str| {
            format!(r#"{{"id":"{id}","keys":[],"scopes":["*"],"origins":[],"access":{{"issuer":"{ISSUER}","audience":"{audience}"}}}}"#)
        };
        crate::access::read(&format!("[{},{}]", tenant("acme", "tag1"), tenant("other", "tag2"))).unwrap()
    }

    fn token(header: &Value, claims: &Value) -> String {
        let part = |value: &Value| Base64UrlUnpadded::encode_string(value.to_string().as_bytes());
        format!("{}.{}.{}", part(header), part(claims), Base64UrlUnpadded::encode_string(b"signature"))
    }

    fn claims(change: Value) -> Value {
        let seconds = NOW / SECOND;
        let mut claims =
            json!({ "iss": ISSUER, "aud": ["tag1"], "exp": seconds + 60, "nbf": seconds, "iat": seconds, "email": " Asha@Acme.example " });
        if let (Some(claims), Value::Object(change)) = (claims.as_object_mut(), change) {
            claims.extend(change);
        }
        claims
    }

    fn who(claims: &Value) -> Option<(String, String)> {
        let tenants = tenants();
        let caller = Assertion::read(&token(&json!({ "alg": "RS256", "kid": "k1" }), claims))?.caller(&tenants, NOW)?;
        let may: Vec<_> =
            [Scope::Review, Scope::Ops, Scope::Operator, Scope::Operations].into_iter().filter(|scope| caller.may(*scope)).collect();
        assert_eq!(may, [Scope::Review], "and nothing else");
        Some((caller.tenant.id.clone(), caller.person().unwrap().to_owned()))
    }

    #[test]
    fn a_person_is_known_by_issuer_audience_time_and_address() {
        let asha = |tenant: &str| Some((tenant.to_owned(), "asha@acme.example".to_owned()));
        let seconds = NOW / SECOND;
        for (change, expected) in [
            (json!({}), asha("acme")),
            (json!({ "aud": "tag2" }), asha("other")),
            (json!({ "aud": ["tag0", "tag2"] }), asha("other")),
            (json!({ "nbf": seconds + 59 }), asha("acme")),
            (json!({ "aud": [] }), None),
            (json!({ "aud": "tag" }), None),
            (json!({ "iss": "https://evil.cloudflareaccess.com" }), None),
            (json!({ "iss": format!("{ISSUER}/") }), None),
            (json!({ "exp": seconds }), None),
            (json!({ "nbf": seconds + 61 }), None),
            (json!({ "email": null, "common_name": "service" }), None),
            (json!({ "email": " " }), None),
            (json!({ "exp": "never" }), None),
            (json!({ "exp": null }), None),
        ] {
            assert_eq!(who(&claims(change.clone())), expected, "{change}");
        }
    }

    #[test]
    fn what_is_no_token_of_rs256_is_not_read() {
        let sound = token(&json!({ "alg": "RS256", "kid": "k1" }), &claims(json!({})));
        let read = Assertion::read(&sound).unwrap();
        assert_eq!((read.key.as_str(), read.signature.as_slice()), ("k1", b"signature".as_slice()));
        assert_eq!(Some(read.signed.as_str()), sound.rsplit_once('.').map(|(signed, _)| signed));
        assert_eq!(read.keys_url(&tenants()), Some(format!("{ISSUER}/cdn-cgi/access/certs")));
        for alg in ["none", "HS256", "rs256", "RS512"] {
            assert!(Assertion::read(&token(&json!({ "alg": alg, "kid": "k1" }), &claims(json!({})))).is_none(), "{alg}");
        }
        for wrong in ["", ".", "..", "a.b.c", &sound.replace('.', ""), &format!("{sound}="), &"a".repeat(20_000)] {
            assert!(Assertion::read(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_key_is_found_by_its_name() {
        let keys = json!({ "keys": [{ "kid": "k0", "kty": "EC", "n": "a" }, { "kid": "k1", "kty": "RSA", "n": "abc", "e": "AQAB", "use": "sig" }, { "kid": "k2", "kty": "RSA" }] });
        let key = |name| key_of(keys.to_string().as_bytes(), name).map(|key| serde_json::from_str::<Value>(&key).unwrap());
        assert_eq!(key("k1"), Some(json!({ "kty": "RSA", "alg": "RS256", "n": "abc", "e": "AQAB", "ext": true })));
        assert_eq!((key("k0"), key("k2"), key("k3"), key_of(b"<html>", "k1")), (None, None, None, None));
    }

    #[test]
    fn an_application_names_an_issuer_by_its_origin_and_an_audience_and_is_one_tenants() {
        let with = |issuer: &str, audience: &str| {
            let access = format!(r#"{{"issuer":"{issuer}","audience":"{audience}"}}"#);
            crate::access::read(&format!(r#"[{{"id":"a","keys":[],"scopes":[],"origins":[],"access":{access}}}]"#)).is_some()
        };
        assert!(with(ISSUER, "tag") && with("http://127.0.0.1:9400", "tag"));
        for (issuer, audience) in [
            (ISSUER, ""),
            (ISSUER, " "),
            ("", "tag"),
            ("acme.cloudflareaccess.com", "tag"),
            ("http://acme.cloudflareaccess.com", "tag"),
            ("https://acme.cloudflareaccess.com/", "tag"),
            ("capacitor://localhost", "tag"),
        ] {
            assert!(!with(issuer, audience), "{issuer} {audience}");
        }
        let twice =
            |id: &str| format!(r#"{{"id":"{id}","keys":[],"scopes":[],"origins":[],"access":{{"issuer":"{ISSUER}","audience":"tag"}}}}"#);
        assert!(crate::access::read(&format!("[{},{}]", twice("a"), twice("b"))).is_none(), "two tenants");
    }
}
