//! HTTP as plain data: what the core asks the shell to send, and what came of it.
//!
//! No client and no types of a platform. Header values and bodies are secrets: they carry credentials and personal data.

use crate::secret::Secret;
use crate::time::{Millis, SECOND, seconds_until};

/// The largest vendor answer that is read, in bytes, unless an operation's row says otherwise; more is cut off and counts as nonsense.
pub const MAX_ANSWER: usize = 1024 * 1024;

/// The methods that vendors use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Acts.
    Post,
}

/// A request to a vendor. A body is JSON.
#[derive(Clone)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// The absolute address; holds no personal data.
    pub url: String,
    /// Header names and values, credentials among them.
    pub headers: Vec<(&'static str, Secret<String>)>,
    /// The JSON text.
    pub body: Option<Secret<String>>,
}

/// The longest time after which a vendor is asked again because it said so, in seconds: a day. Whatever is longer is a mistake.
const LONGEST_RETRY_AFTER: u64 = 24 * 60 * 60;
const LONGEST_PATIENCE: u32 = 24 * 60 * 60;

/// The seconds of a `Retry-After` header, at most a day; `None` for a date, which no vendor sends, and for anything else.
#[must_use]
pub fn retry_after(header: &str) -> Option<u32> {
    let digits = header.trim();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    // More digits than fit are more than a day.
    let seconds = || digits.parse().unwrap_or(u64::MAX).min(LONGEST_RETRY_AFTER);
    if is_number { u32::try_from(seconds()).ok() } else { None }
}

/// For how many seconds a vendor asks not to be called: by `Retry-After`, or by `X-RateLimit-Reset` where nothing remains. `reset`: that header, of an answer whose `X-RateLimit-Remaining` is 0:
/// seconds from now, or a time in seconds or milliseconds since the Unix epoch (document 003 section 6.3 says only "Time when the rate limit resets").
#[must_use]
pub fn patience(retry_after: Option<u32>, reset: Option<&str>, now: Millis) -> Option<u32> {
    let digits = reset.map(str::trim).filter(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    let number = digits.and_then(|digits| digits.parse::<Millis>().ok());
    let until = |then| if then > now { seconds_until(then, now) } else { 0 };
    let until_reset = number.map(|number| match number {
        0..FIRST_SECONDS => u32::try_from(number).unwrap_or(u32::MAX),
        FIRST_SECONDS..FIRST_MILLIS => until(number.saturating_mul(SECOND)),
        _ => until(number),
    });
    retry_after.max(until_reset.map(|seconds| seconds.min(LONGEST_PATIENCE))).filter(|seconds| *seconds > 0)
}

/// The number from which on a reset is a time in seconds since the Unix epoch, of 2001, and from which on it is one in milliseconds.
const FIRST_SECONDS: Millis = 1_000_000_000;
const FIRST_MILLIS: Millis = 1_000_000_000_000;

/// An answer of a vendor.
#[derive(Clone)]
pub struct HttpResponse {
    /// The HTTP status.
    pub status: u16,
    /// `Retry-After` in seconds, where the vendor sent a number.
    pub retry_after: Option<u32>,
    /// The body, at most the operation's `answer_limit` in bytes.
    pub body: Secret<Vec<u8>>,
}

/// What came of sending a request.
#[derive(Clone)]
pub enum Exchange {
    /// An answer was read to its end.
    Answered(HttpResponse),
    /// No complete answer within the deadline.
    TimedOut,
    /// The connection failed before or while the answer was read: it is not known whether the request arrived.
    Broken,
    /// The answer was larger than the operation's `answer_limit`.
    TooLarge,
    /// Nothing was sent: the vendor's address does not answer at all, or must not be called.
    NotSent,
}

/// Whether a vendor's address may be called: `https`, or plain `http` to the machine's own loopback.
#[must_use]
pub fn is_allowed(url: &str) -> bool {
    url.strip_prefix("https://").is_some_and(|rest| !host(rest).is_empty()) || is_loopback(url)
}

/// Whether an address is plain `http` on the machine's own loopback, where the sandbox lives.
#[must_use]
pub fn is_loopback(url: &str) -> bool {
    url.strip_prefix("http://").is_some_and(|rest| matches!(host(rest), "127.0.0.1" | "localhost" | "[::1]"))
}

/// An address in two: scheme, host and port; path and what follows it.
#[must_use]
pub fn origin(url: &str) -> (&str, &str) {
    let authority = url.find("://").map_or(0, |colon| colon.saturating_add(3));
    let end = url.get(authority..).and_then(|rest| rest.find(['/', '?', '#'])).map_or(url.len(), |length| authority.saturating_add(length));
    url.split_at_checked(end).unwrap_or((url, ""))
}

/// The host of an address without scheme; empty where it hides another one (`user@host`, `\\`).
fn host(rest: &str) -> &str {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains(['@', '\\']) {
        return "";
    }
    match authority.split_once(']') {
        Some((v6, _)) => authority.get(..=v6.len()).unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// Percent-encodes a value for a query: everything but unreserved characters.
#[must_use]
pub fn query_value(value: &str) -> String {
    use std::fmt::Write as _;
    value.bytes().fold(String::with_capacity(value.len()), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            // Writing to a String cannot fail.
            _ => drop(write!(out, "%{byte:02X}")),
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendor_is_asked_again_within_a_day_whatever_it_says() {
        let seconds = ["0", " 30 ", "86400", "86401", "4294967296", "99999999999999999999999"].map(retry_after);
        assert_eq!(seconds, [Some(0), Some(30), Some(86_400), Some(86_400), Some(86_400), Some(86_400)]);
        assert_eq!(["", "-1", "+5", "1.5", "Wed, 21 Oct 2026 07:28:00 GMT", "soon"].map(retry_after), [None; 6]);
    }

    #[test]
    fn a_vendor_asks_for_patience_by_the_longer_of_two_headers() {
        let now = 1_795_292_332_000;
        for (retry_after, reset, seconds) in [
            (None, None, None),
            (Some(3), None, Some(3)),
            (None, Some("7"), Some(7)),
            (Some(9), Some("7"), Some(9)),
            (None, Some(" 1795292342 "), Some(10)),
            (None, Some("1795292342500"), Some(11)),
            (None, Some("1795292331"), None),
            (None, Some("0"), None),
            (None, Some("999999999"), Some(86_400)),
            (None, Some("99999999999999999999"), None),
            (None, Some("Sat, 21 Nov 2026 20:18:52 GMT"), None),
            (None, Some("-1"), None),
        ] {
            assert_eq!(patience(retry_after, reset, now), seconds, "{retry_after:?} {reset:?}");
        }
    }

    #[test]
    fn only_https_and_loopback_may_be_called() {
        for url in ["https://api.decentro.tech/v3", "http://127.0.0.1:9400/x", "http://localhost:1/x", "http://[::1]:9400/x"] {
            assert!(is_allowed(url), "{url}");
        }
        for url in [
            "http://api.decentro.tech",
            "http://127.0.0.1.evil.example/",
            "http://127.0.0.1@evil.example/",
            "http://127.0.0.1:80@evil.example/",
            "http://localhost:80@evil.example",
            "http://[::1]:80@evil.example/",
            "ftp://x",
            "https://",
            "http://localhost.evil.example",
            "//127.0.0.1/",
            "HTTP://127.0.0.1",
            "http://127.0.0.1\\@evil.example",
        ] {
            assert!(!is_allowed(url), "{url}");
        }
    }

    #[test]
    fn an_address_has_an_origin_and_the_rest() {
        assert_eq!(origin("https://vendor.example:8443/a/b?c=d"), ("https://vendor.example:8443", "/a/b?c=d"));
        assert_eq!(origin("http://[::1]:9400/x"), ("http://[::1]:9400", "/x"));
        assert_eq!(origin("https://vendor.example?a=/"), ("https://vendor.example", "?a=/"));
        assert_eq!(origin("https://vendor.example"), ("https://vendor.example", ""));
    }

    #[test]
    fn query_values_are_encoded() {
        assert_eq!(query_value("a b&c=é"), "a%20b%26c%3D%C3%A9");
    }
}
