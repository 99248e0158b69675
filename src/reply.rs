//! What the Worker says: a status, headers and one body, as plain data until the last moment.

use serde_json::Value;
use toran_core::keys;
use toran_core::problem::Problem;
use toran_core::velocity;

/// An answer of the gateway.
#[derive(Clone)]
pub(crate) struct Reply {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The key of a problem, for the log.
    pub(crate) key: Option<String>,
    /// The public id of the check that it is about, for the log.
    pub(crate) check: Option<String>,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Reply {
    /// A JSON body.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, body.to_string())
    }

    /// A JSON body that is written already.
    pub(crate) fn text(status: u16, body: String) -> Self {
        Self::typed(status, "application/json", body)
    }

    fn typed(status: u16, media_type: &str, body: String) -> Self {
        Self { status, key: None, check: None, headers: vec![("content-type", media_type.to_owned())], body }
    }

    /// A problem, with `Retry-After` where there is one to give.
    pub(crate) fn problem(problem: &Problem, request_id: &str) -> Self {
        let mut reply = Self::typed(problem.status(), "application/problem+json", problem.to_json(request_id));
        reply.key = Some(problem.key.clone().into_owned());
        reply.check = problem.id.as_deref().map(str::to_owned);
        if reply.status == 401 {
            reply = reply.header("www-authenticate", "Bearer");
        }
        match problem.retry_after {
            Some(seconds) => reply.header("retry-after", seconds.to_string()).rate_limit(problem, seconds),
            None => reply,
        }
    }

    /// `RateLimit` and `RateLimit-Policy` (IETF draft) beside a 429.
    fn rate_limit(self, problem: &Problem, seconds: u32) -> Self {
        let (limit, policy) = match (self.status, problem.key.as_ref()) {
            (429, keys::VELOCITY) => velocity::rate_limit(&problem.title, seconds),
            (429, _) => (format!(r#""address";r=0;t={seconds}"#), r#""address";q=600;w=60"#.into()),
            _ => return self,
        };
        self.header("ratelimit", limit).header("ratelimit-policy", policy)
    }

    /// Many replies as one (contract section 2.3): each one's status, body and, where it has one, `Retry-After`; 202 as long as one of them is.
    pub(crate) fn of_many(replies: &[Self]) -> Self {
        let results: Vec<_> = replies.iter().map(Self::as_result).collect();
        let pending = || replies.iter().filter(|reply| reply.status == 202);
        let many = Self::json(if pending().next().is_some() { 202 } else { 200 }, &Value::Null);
        let many = Self { body: format!(r#"{{"results":[{}]}}"#, results.join(",")), ..many };
        let soonest = pending().filter_map(|reply| reply.retry_after()?.parse::<u32>().ok()).min();
        match soonest {
            Some(seconds) => many.header("retry-after", seconds.to_string()),
            None => many,
        }
    }

    fn as_result(&self) -> String {
        let retry_after = self.retry_after().map(|seconds| format!(r#""retry_after":{seconds},"#)).unwrap_or_default();
        format!(r#"{{"status":{},{retry_after}"body":{}}}"#, self.status, self.body)
    }

    fn retry_after(&self) -> Option<&str> {
        self.headers.iter().find(|(name, _)| *name == "retry-after").map(|(_, seconds)| seconds.as_str())
    }

    /// Nothing but headers.
    pub(crate) const fn empty(status: u16) -> Self {
        Self { status, key: None, check: None, headers: Vec::new(), body: String::new() }
    }

    /// The same status and headers, as HEAD wants them.
    pub(crate) fn without_body(self) -> Self {
        Self { body: String::new(), ..self }
    }

    /// Sets a header.
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
        self
    }

    /// As `src/entry.js` takes it: a line with status and headers as JSON, then the body. Nothing of the gateway may be kept by a cache on the way.
    pub(crate) fn into_text(self) -> String {
        let mut text = format!(r#"{{"status":{},"headers":{{"cache-control":"no-store""#, self.status);
        for (name, value) in &self.headers {
            // A text is always written; the fallback keeps this total.
            let value = serde_json::to_string(value).unwrap_or_default();
            text.extend([",\"", name, "\":", &value]);
        }
        // In one piece: a body may be large.
        text.reserve_exact(self.body.len().saturating_add(3));
        text.extend(["}}\n", &self.body]);
        text
    }
}
