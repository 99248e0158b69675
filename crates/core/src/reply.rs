//! A response of the gateway: a status, headers and one body, as plain data. The Worker only hands it over.

use crate::keys;
use crate::limits;
use crate::problem::Problem;
use crate::velocity::{self, Window};
use serde_json::Value;

/// The limits that a caller is told of where one was met.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Requests a minute to the public tools, per address.
    pub tools: u32,
    /// Checks per mobile number.
    pub velocity: [Window; 3],
}

/// The headers of every response, as JSON: nothing of the gateway may be kept by a cache on the way, taken for another media type, or asked for without TLS.
const ALWAYS: &str = r#""cache-control":"no-store","x-content-type-options":"nosniff","strict-transport-security":"max-age=31536000""#;

/// A response of the gateway.
#[derive(Clone)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The key of a problem, for the log.
    pub key: Option<String>,
    /// The public id of the check that it is about, for the log.
    pub check: Option<String>,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Reply {
    /// A JSON body.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, body.to_string())
    }

    /// A JSON body that is written already.
    #[must_use]
    pub fn text(status: u16, body: String) -> Self {
        Self::typed(status, "application/json", body)
    }

    /// A CSV file of this name.
    #[must_use]
    pub fn csv(status: u16, body: String, name: &str) -> Self {
        Self::typed(status, "text/csv; charset=utf-8", body).header("content-disposition", format!("attachment; filename=\"{name}\""))
    }

    fn typed(status: u16, media_type: &str, body: String) -> Self {
        Self { status, key: None, check: None, headers: vec![("content-type", media_type.to_owned())], body }
    }

    /// A problem, with `Retry-After` where there is one to give.
    #[must_use]
    pub fn problem(problem: &Problem, request_id: &str, limits: &Limits) -> Self {
        let mut reply = Self::typed(problem.status(), "application/problem+json", problem.to_json(request_id));
        reply.key = Some(problem.key.clone().into_owned());
        reply.check = problem.id.as_deref().map(str::to_owned);
        if reply.status == 401 {
            reply = reply.header("www-authenticate", "Bearer");
        }
        if reply.status == 415 {
            reply = reply.header("accept", "application/json").header("accept-encoding", "identity");
        }
        match problem.retry_after {
            Some(seconds) => reply.header("retry-after", seconds.to_string()).rate_limit(problem, seconds, limits),
            None => reply,
        }
    }

    /// `RateLimit` and `RateLimit-Policy` (IETF draft) beside a 429.
    fn rate_limit(self, problem: &Problem, seconds: u32, limits: &Limits) -> Self {
        let (limit, policy) = match (self.status, problem.key.as_ref()) {
            (429, keys::VELOCITY) => velocity::rate_limit(&problem.title, seconds, &limits.velocity),
            (429, _) => limits::headers(problem.limit.as_deref(), seconds, limits.tools),
            _ => return self,
        };
        self.header("ratelimit", limit).header("ratelimit-policy", policy)
    }

    /// Many replies as one (contract section 2.3): each one's status, body and, where there is one, the item's reference and `Retry-After`; 202 as long as one of them is.
    #[must_use]
    pub fn of_many(replies: &[(Option<String>, Self)]) -> Self {
        let results: Vec<_> = replies.iter().map(|(reference, reply)| reply.as_result(reference.as_deref())).collect();
        let pending = || replies.iter().map(|(_, reply)| reply).filter(|reply| reply.status == 202);
        let many = Self::json(if pending().next().is_some() { 202 } else { 200 }, &Value::Null);
        let many = Self { body: format!(r#"{{"results":[{}]}}"#, results.join(",")), ..many };
        let soonest = pending().filter_map(|reply| reply.retry_after()?.parse::<u32>().ok()).min();
        match soonest {
            Some(seconds) => many.header("retry-after", seconds.to_string()),
            None => many,
        }
    }

    fn as_result(&self, reference: Option<&str>) -> String {
        let retry_after = self.retry_after().map(|seconds| format!(r#""retry_after":{seconds},"#)).unwrap_or_default();
        let reference = reference.map(|reference| format!(r#""reference_id":{},"#, Value::from(reference))).unwrap_or_default();
        format!(r#"{{"status":{},{reference}{retry_after}"body":{}}}"#, self.status, self.body)
    }

    fn retry_after(&self) -> Option<&str> {
        self.headers.iter().find(|(name, _)| *name == "retry-after").map(|(_, seconds)| seconds.as_str())
    }

    /// Nothing but headers.
    #[must_use]
    pub const fn empty(status: u16) -> Self {
        Self { status, key: None, check: None, headers: Vec::new(), body: String::new() }
    }

    /// The same status and headers, as HEAD wants them.
    #[must_use]
    pub fn without_body(self) -> Self {
        Self { body: String::new(), ..self }
    }

    /// Sets a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
        self
    }

    /// As `src/entry.js` takes it: a line with status and headers as JSON, the request's line for the log, then the body.
    #[must_use]
    pub fn into_text(self, log: &str) -> String {
        let mut text = format!(r#"{{"status":{},"headers":{{{ALWAYS}"#, self.status);
        for (name, value) in &self.headers {
            // A text is always written; the fallback keeps this total.
            let value = serde_json::to_string(value).unwrap_or_default();
            text.extend([",\"", name, "\":", &value]);
        }
        // In one piece: a body may be large.
        text.reserve_exact(log.len().saturating_add(self.body.len()).saturating_add(4));
        text.extend(["}}\n", log, "\n", &self.body]);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::velocity::WINDOWS;
    use serde_json::json;

    const LIMITS: Limits = Limits { tools: 600, velocity: WINDOWS };

    fn header<'a>(reply: &'a Reply, name: &str) -> Option<&'a str> {
        reply.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    #[test]
    fn a_problem_says_when_to_come_back_and_which_limit_was_met() {
        let limited = Reply::problem(&Problem::new("error_rate_limited").retry_after(60), "r", &LIMITS);
        assert_eq!((limited.status, header(&limited, "retry-after")), (429, Some("60")));
        assert_eq!(header(&limited, "ratelimit"), Some(r#""address";r=0;t=60"#));
        assert_eq!(header(&limited, "ratelimit-policy"), Some(r#""address";q=600;w=60"#));
        let down = Reply::problem(&Problem::new(keys::SOURCE_UNAVAILABLE).retry_after(5), "r", &LIMITS);
        assert_eq!((down.status, header(&down, "retry-after"), header(&down, "ratelimit")), (503, Some("5"), None));
        let nobody = Reply::problem(&Problem::new("error_unauthorized"), "r", &LIMITS);
        assert_eq!((nobody.status, header(&nobody, "www-authenticate")), (401, Some("Bearer")));
    }

    #[test]
    fn many_are_pending_as_long_as_one_is_and_say_when_the_soonest_is_worth_asking() {
        let pending = |seconds: &str| Reply::json(202, &json!({})).header("retry-after", seconds);
        let many = Reply::of_many(&[(None, Reply::json(200, &json!({ "a": 1 }))), (Some("R1".into()), pending("7")), (None, pending("5"))]);
        assert_eq!((many.status, header(&many, "retry-after")), (202, Some("5")));
        assert!(
            many.body
                .starts_with(r#"{"results":[{"status":200,"body":{"a":1}},{"status":202,"reference_id":"R1","retry_after":7,"body":{}}"#),
            "{}",
            many.body
        );
        let settled = Reply::of_many(&[(None, Reply::json(503, &json!({})).header("retry-after", "5"))]);
        assert_eq!((settled.status, header(&settled, "retry-after")), (200, None));
    }

    #[test]
    fn what_crosses_the_boundary_is_two_lines_and_the_body_as_it_is() {
        let reply = Reply::text(200, "{\"a\":\"\\n\"}".into()).header("x-request-id", "1").header("x-request-id", "2");
        let text = reply.clone().into_text("{}");
        let (line, rest) = text.split_once('\n').unwrap_or_default();
        assert_eq!(
            line,
            r#"{"status":200,"headers":{"cache-control":"no-store","x-content-type-options":"nosniff","strict-transport-security":"max-age=31536000","content-type":"application/json","x-request-id":"2"}}"#
        );
        assert_eq!(rest, "{}\n{\"a\":\"\\n\"}");
        assert!(reply.without_body().into_text("{}").ends_with("}}\n{}\n"));
    }
}
