//! How often somebody may ask: the platform's limiters, each with a bucket of its own, and by what a caller is told which of them was met.
//!
//! An address is counted by its network: of IPv6 the first 64 bits, for one customer has all that are behind them.

use std::net::{IpAddr, Ipv6Addr};

use crate::problem::{MetLimit, Problem};

/// The window of the platform's limiters, in seconds.
const MINUTE: u32 = 60;

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The public tools, per address.
    Tools,
    /// Asking for sessions, per address.
    Sessions,
    /// Wrong credentials, per address.
    Failures,
    /// Browsers' operations, per address.
    Address,
    /// What a family of sessions asks: operations, how checks stand, renewals.
    Session,
    /// All operations of a tenant's browsers.
    Tenant,
    /// One-time passwords that are to be sent, per address.
    Otp,
}

/// A limiter of the platform.
pub struct Row {
    /// What it limits.
    pub limit: Limit,
    /// Its binding.
    pub binding: &'static str,
    /// Its name in `RateLimit`.
    name: &'static str,
    /// Requests a minute: what the binding allows, which does not tell it. Of the tools a setting says it.
    per_minute: u32,
    /// What is told of it.
    detail: &'static str,
}

const fn row(limit: Limit, binding: &'static str, name: &'static str, per_minute: u32, detail: &'static str) -> Row {
    Row { limit, binding, name, per_minute, detail }
}

#[rustfmt::skip]
/// Every limiter.
pub static LIMITS: &[Row] = &[
    row(Limit::Tools, "TOOLS_LIMIT", "address", 0, ""),
    row(Limit::Sessions, "SESSIONS_LIMIT", "sessions", 600, "Too many sessions were asked for from this address."),
    row(Limit::Failures, "FAILURES_LIMIT", "failures", 300, "Too many requests with wrong credentials came from this address."),
    row(Limit::Address, "ADDRESS_LIMIT", "address", 600, "Too many operations were asked for from this address."),
    row(Limit::Session, "SESSION_LIMIT", "session", 300, "Too many requests came in this session."),
    row(Limit::Tenant, "TENANT_LIMIT", "tenant", 6_000, "Too many operations were asked for from browsers."),
    row(Limit::Otp, "OTP_LIMIT", "otp_address", 60, "Too many one-time passwords were asked for from this address."),
];

impl Limit {
    /// The row of it.
    #[must_use]
    pub fn row(self) -> Option<&'static Row> {
        LIMITS.iter().find(|row| row.limit == self)
    }

    /// The problem of one that was met.
    #[must_use]
    pub fn met(self) -> Problem {
        let Some(row) = self.row() else { return Problem::new(crate::keys::RATE_LIMITED).retry_after(MINUTE) };
        // That of the tools is a setting's.
        let known = (row.per_minute > 0).then(|| Problem::of_limit(&policy(row.name, row.per_minute, MINUTE), MINUTE));
        let problem = known.unwrap_or_else(|| Problem::new(crate::keys::RATE_LIMITED).retry_after(MINUTE));
        if row.detail.is_empty() { problem } else { problem.detail(row.detail) }
    }
}

/// What an address is counted by.
#[must_use]
pub fn network(address: Option<&str>) -> String {
    let Some(address) = address else { return "local".to_owned() };
    match address.parse() {
        Ok(IpAddr::V6(whole)) if whole.to_ipv4_mapped().is_none() => {
            let [a, b, c, d, ..] = whole.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        Ok(IpAddr::V6(whole)) => whole.to_ipv4_mapped().map_or_else(|| whole.to_string(), |mapped| mapped.to_string()),
        Ok(IpAddr::V4(whole)) => whole.to_string(),
        Err(_) => address.to_owned(),
    }
}

/// `RateLimit` and `RateLimit-Policy` (IETF draft) of a limit that was met, for so many seconds. `tools`: what the tools' binding allows, of which only a setting knows; it stands for
/// a limit that does not say its own.
#[must_use]
pub fn headers(limit: Option<&MetLimit>, seconds: u32, tools: u32) -> (String, String) {
    let policy = limit.map_or_else(|| policy("address", tools, MINUTE), |limit| limit.as_str().to_owned());
    let name = policy.split(';').next().unwrap_or_default();
    (format!("{name};r=0;t={seconds}"), policy)
}

/// A limit as `RateLimit-Policy` writes it: so much, in the unit of its name, in so many seconds.
#[must_use]
pub fn policy(name: &str, quota: u32, window: u32) -> String {
    format!(r#""{name}";q={quota};w={window}"#)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_address_is_counted_by_its_first_64_bits() {
        let of = |address| network(Some(address));
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(of("2001:db8:1:2:ffff::1"), of("2001:db8:1:2::"));
        assert_ne!(of("2001:db8:1:3::1"), of("2001:db8:1:2::1"));
        assert_eq!((of("203.0.113.7"), of("::ffff:203.0.113.7")), ("203.0.113.7".into(), "203.0.113.7".into()));
        assert_eq!((network(None), of("somewhere")), ("local".into(), "somewhere".into()));
    }

    #[test]
    fn each_limit_has_a_bucket_and_tells_its_name_and_quota() {
        for limit in [Limit::Tools, Limit::Sessions, Limit::Failures, Limit::Address, Limit::Session, Limit::Tenant, Limit::Otp] {
            let told = limit.row().map(|row| (row.name, if limit == Limit::Tools { 7 } else { row.per_minute }));
            let (problem, (name, quota)) = (limit.met(), told.unwrap_or_default());
            let headers = headers(problem.limit.as_deref(), 60, 7);
            assert_eq!((problem.status(), headers), (429, (format!(r#""{name}";r=0;t=60"#), format!(r#""{name}";q={quota};w=60"#))));
        }
        let bindings: std::collections::BTreeSet<_> = LIMITS.iter().map(|row| row.binding).collect();
        assert_eq!(bindings.len(), LIMITS.len());
        assert_eq!(headers(Problem::of_guesses().limit.as_deref(), 5, 7).1, r#""conflicts";q=10;w=86400"#);
        assert_eq!(headers(None, 5, 7).1, r#""address";q=7;w=60"#);
    }

    /// What the bindings allow is what is told.
    #[test]
    fn wrangler_binds_each_limiter_with_its_quota() {
        let toml = include_str!("../../../wrangler.toml");
        for row in LIMITS.iter().filter(|row| row.limit != Limit::Tools) {
            let name = format!("name = \"{}\"", row.binding);
            assert_eq!(toml.matches(&name).count(), 2, "{}", row.binding);
            for rest in toml.split(&name).skip(1) {
                let simple = rest.lines().find(|line| line.starts_with("simple = "));
                assert_eq!(simple, Some(format!("simple = {{ limit = {}, period = 60 }}", row.per_minute).as_str()), "{}", row.binding);
            }
        }
    }
}
