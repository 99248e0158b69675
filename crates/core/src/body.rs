//! The body of a request: what it must say of itself before it is read, and how many large ones are served at a time.

use crate::keys;
use crate::problem::Problem;
use crate::time::{MINUTE, Millis};

/// From how many bytes on a body is large.
pub const LARGE: usize = 256 * 1024;
/// How many requests with a large body an isolate serves at a time. Its 128 MB of memory are for all requests together: one of 8 MB is there several times while it is read, sealed or sent (docs/ARCHITECTURE.md, "Large bodies").
const LARGE_AT_ONCE: usize = 2;
/// When a request with a large body is worth sending again that found too many others, in seconds.
const LARGE_AGAIN: u32 = 2;
/// How long a request with a large body counts at most. If the caller disconnects, the request may never end, and we are not told.
const LARGE_PATIENCE: Millis = MINUTE;

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// A body that is to be read.
#[derive(Clone, Copy, Debug)]
pub struct Body {
    /// The most bytes that the route takes.
    limit: usize,
    is_large: bool,
    /// Whether its length is declared, which the runtime then holds the caller to.
    pub is_declared: bool,
    /// Whether every byte of it counts, for they are signed.
    is_raw: bool,
}

impl Body {
    /// Whether a body may be read: it must say that it is JSON (`Content-Type`), not be compressed (`Content-Encoding`) and, where it says its length (`Content-Length`), be no larger than `limit` bytes.
    ///
    /// # Errors
    /// 415 or 413.
    pub fn of(
        content_length: Option<&str>,
        content_type: Option<&str>,
        content_encoding: Option<&str>,
        limit: usize,
    ) -> Result<Self, Problem> {
        let declared = content_length.and_then(|length| length.parse::<usize>().ok());
        let body = Self { limit, is_large: declared.unwrap_or(limit) > LARGE, is_declared: declared.is_some(), is_raw: false };
        let is_plain = content_encoding.is_none_or(|coding| coding.trim().eq_ignore_ascii_case("identity"));
        let unsupported = || Problem::new(keys::UNSUPPORTED_MEDIA_TYPE);
        if declared != Some(0) && !is_json(content_type) {
            return Err(unsupported());
        }
        if declared != Some(0) && !is_plain {
            return Err(unsupported().detail("The body is compressed (Content-Encoding)."));
        }
        if declared.is_some_and(|length| length > limit) { Err(body.too_large()) } else { Ok(body) }
    }

    /// Whether a body may be read whatever it is: bytes that are signed as they are.
    ///
    /// # Errors
    /// 413.
    pub fn raw(content_length: Option<&str>, limit: usize) -> Result<Self, Problem> {
        Self::of(content_length, Some("application/json"), None, limit).map(|body| Self { is_raw: true, ..body })
    }

    /// Whether it may be large.
    #[must_use]
    pub const fn is_large(self) -> bool {
        self.is_large
    }

    /// The bytes that were read, without the byte order mark that some tools write before them (RFC 8259 section 8.1); `None` when the body broke off.
    ///
    /// # Errors
    /// 400 for a body that broke off, 413 for one that is larger than it may be.
    pub fn checked(self, bytes: Option<Vec<u8>>) -> Result<Vec<u8>, Problem> {
        match bytes {
            None => Err(Problem::malformed("The body could not be read to its end.".into(), None)),
            Some(bytes) if bytes.len() > self.limit => Err(self.too_large()),
            Some(mut bytes) => {
                let mark = if !self.is_raw && bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
                bytes.drain(..mark);
                Ok(bytes)
            }
        }
    }

    /// How many bytes to read: one more than the route takes shows that there are too many.
    #[must_use]
    pub fn most(self) -> u32 {
        u32::try_from(self.limit).unwrap_or(u32::MAX).saturating_add(1)
    }

    fn too_large(self) -> Problem {
        Problem::new(keys::BODY_TOO_LARGE).detail(format!("This route takes at most {} bytes.", self.limit))
    }
}

fn is_json(content_type: Option<&str>) -> bool {
    let media_type = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/json")
}

/// The large bodies under way. Each counts until it ends, or until a time that is kept here.
#[derive(Debug, Default)]
pub struct LargeBodies(Vec<Millis>);

impl LargeBodies {
    /// No large body is under way.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Counts one more, and returns the time until which it counts at most.
    ///
    /// # Errors
    /// 503 where too many are under way.
    pub fn take(&mut self, now: Millis) -> Result<Millis, Problem> {
        self.0.retain(|until| *until > now);
        if self.0.len() >= LARGE_AT_ONCE {
            let detail = "Too many large requests are under way. Nothing was kept.";
            return Err(Problem::new(keys::SOURCE_UNAVAILABLE).retry_after(LARGE_AGAIN).detail(detail));
        }
        let until = now.saturating_add(LARGE_PATIENCE);
        self.0.push(until);
        Ok(until)
    }

    /// Ends one: `until` is what [`LargeBodies::take`] returned.
    pub fn free(&mut self, until: Millis) {
        if let Some(own) = self.0.iter().position(|other| *other == until) {
            self.0.swap_remove(own);
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_body_is_json_and_no_larger_than_its_route_takes() {
        let of =
            |length, kind| Body::of(length, kind, None, 10).map(|body| (body.is_declared, body.most())).map_err(|problem| problem.status());
        assert_eq!(of(Some("10"), Some("application/json")), Ok((true, 11)));
        assert_eq!(of(None, Some("Application/JSON; charset=utf-8")), Ok((false, 11)));
        assert_eq!(of(Some("0"), None), Ok((true, 11)), "nothing has no type");
        for kind in [None, Some("text/plain"), Some("application/jsonp"), Some("")] {
            assert_eq!(of(Some("5"), kind), Err(415), "{kind:?}");
        }
        assert_eq!(of(Some("11"), Some("application/json")), Err(413));
        let coded = |coding| Body::of(Some("5"), Some("application/json"), Some(coding), 10).map_err(|problem| problem.status()).is_ok();
        assert_eq!(["identity", " Identity ", "gzip", "br", "identity, gzip", ""].map(coded), [true, true, false, false, false, false]);
        let body = Body::of(None, Some("application/json"), None, 2).unwrap();
        let checked = |bytes: Option<&[u8]>| body.checked(bytes.map(<[u8]>::to_vec)).map_err(|problem| problem.status());
        let marked = |bytes: &[u8]| Body::of(None, Some("application/json"), None, 9).unwrap().checked(Some(bytes.to_vec())).unwrap();
        assert_eq!(
            [marked(b"\xef\xbb\xbf{}"), marked(b"\xef\xbb\xbf\xef\xbb\xbf")],
            [b"{}".to_vec(), BYTE_ORDER_MARK.to_vec()],
            "one is skipped"
        );
        assert_eq!((checked(Some(b"{}")), checked(Some(b"{ }")), checked(None)), (Ok(b"{}".to_vec()), Err(413), Err(400)));
    }

    #[test]
    fn what_may_be_large_is_taken_for_large() {
        let is_large = |length, limit| Body::of(length, Some("application/json"), None, limit).unwrap().is_large();
        assert_eq!([is_large(None, LARGE), is_large(None, LARGE + 1), is_large(Some("1"), LARGE + 1)], [false, true, false]);
    }

    #[test]
    fn two_large_bodies_are_served_at_a_time_and_none_counts_for_ever() {
        let mut bodies = LargeBodies::new();
        let (first, second) = (bodies.take(0).unwrap(), bodies.take(1).unwrap());
        assert_eq!(bodies.take(2).err().unwrap().retry_after, Some(LARGE_AGAIN));
        bodies.free(second);
        assert!(bodies.take(2).is_ok() && bodies.take(2).is_err());
        assert!(bodies.take(first).is_ok(), "the first has had its minute");
    }
}
