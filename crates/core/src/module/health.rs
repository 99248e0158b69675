//! How well a module does: calls, failures and latencies by the hour, for a day, beside the targets of document 003 section 6.4.

use serde::{Deserialize, Serialize};

use super::calendar::Daily;
use super::known::{BUCKETS, Report};
use super::rules::Protection;
use crate::account::Account;
use crate::operations::Operation;
use crate::time::{DAY, HOUR, Millis, rfc3339};

/// What is promised of the vendor: "API uptime 99.9%".
const TARGET_SUCCESS: f64 = 0.999;

/// The latencies that document 003 section 6.4 promises for 95 of 100 calls, in milliseconds.
const TARGETS: &[(Operation, Millis)] = &[(Operation::PanVerify, 2_000), (Operation::BankVerify, 5_000), (Operation::CkycSearch, 5_000)];

/// The upper bounds of the buckets in which latencies are counted, in milliseconds. What takes longer than the last is counted in it.
pub(super) const BOUNDS: [Millis; BUCKETS] = [50, 100, 200, 500, 1_000, 1_500, 2_000, 3_000, 4_000, 5_000, 8_000, 10_000, 20_000, 60_000];

/// The bucket of a latency.
pub(super) fn bucket(took: Millis) -> usize {
    BOUNDS.iter().position(|bound| took <= *bound).unwrap_or(BUCKETS.saturating_sub(1))
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Hour {
    /// Counted from the Unix epoch.
    number: i64,
    calls: u32,
    failed: u32,
    took: [u32; BUCKETS],
}

/// The hours of the last day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Health(Vec<Hour>);

/// How a circuit stands, in a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// Calls pass.
    #[default]
    Closed,
    /// None does.
    Open,
    /// One at a time does.
    HalfOpen,
}

/// How a module stands and does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Its circuit.
    pub circuit: Word,
    /// Since when; 0 for ever.
    pub since: Millis,
    /// Until when it is not called.
    pub paused_until: Option<Millis>,
    /// The calls of the last day.
    pub calls: u32,
    /// Those that failed.
    pub failed: u32,
    /// The median of their latencies, likewise.
    #[serde(default)]
    pub p50: Option<Millis>,
    /// The 95th percentile of their latencies, in milliseconds (the upper bound of its bucket). `None` without calls.
    pub p95: Option<Millis>,
}

impl Health {
    pub(super) fn count(&mut self, report: &Report, now: Millis) {
        let number = now.div_euclid(HOUR);
        self.0.retain(|hour| is_of_day(hour, now));
        if self.0.last().is_none_or(|hour| hour.number != number) {
            self.0.push(Hour { number, ..Hour::default() });
        }
        if let Some(hour) = self.0.last_mut() {
            hour.calls = hour.calls.saturating_add(report.calls);
            hour.failed = hour.failed.saturating_add(report.failed);
            for (sum, more) in hour.took.iter_mut().zip(report.took) {
                *sum = sum.saturating_add(more);
            }
        }
    }

    pub(super) fn summary(&self, now: Millis) -> Summary {
        let hours = || self.0.iter().filter(|hour| is_of_day(hour, now));
        let sum = |of: fn(&Hour) -> u32| hours().map(of).fold(0, u32::saturating_add);
        let mut took = [0_u64; BUCKETS];
        for hour in hours() {
            for (sum, more) in took.iter_mut().zip(hour.took) {
                *sum = sum.saturating_add(more.into());
            }
        }
        Summary {
            calls: sum(|hour| hour.calls),
            failed: sum(|hour| hour.failed),
            p50: percentile(&took, 50),
            p95: percentile(&took, 95),
            ..Summary::default()
        }
    }
}

/// The hour that is under way and the 23 before it.
const fn is_of_day(hour: &Hour, now: Millis) -> bool {
    hour.number > now.saturating_sub(DAY).div_euclid(HOUR)
}

/// The bound of the bucket in which this one of 100 lies.
fn percentile(took: &[u64; BUCKETS], of_100: u64) -> Option<Millis> {
    let all: u64 = took.iter().sum();
    let mut counted = 0_u64;
    let at = took.iter().zip(BOUNDS).find(|(count, _)| {
        counted = counted.saturating_add(**count);
        counted.saturating_mul(100) >= all.saturating_mul(of_100)
    });
    at.filter(|_| all > 0).map(|(_, bound)| bound)
}

/// The latency that is promised for a module: the shortest of its operations'.
fn target<'a>(operations: impl Iterator<Item = &'a Operation>) -> Option<Millis> {
    operations.filter_map(|operation| TARGETS.iter().find(|(known, _)| known == operation).map(|(_, target)| *target)).min()
}

/// The line of a module in the overview.
#[derive(Debug, PartialEq, Serialize)]
pub struct Line {
    vendor: String,
    /// The account's name; none for the common one.
    account: Option<String>,
    module: String,
    circuit: Word,
    since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paused_until: Option<String>,
    calls: u32,
    failed: u32,
    /// Of one.
    success_rate: Option<f64>,
    target_success: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    p50_ms: Option<Millis>,
    p95_ms: Option<Millis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_p95_ms: Option<Millis>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<Paced>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maintenance: Option<Daily>,
}

/// How many calls a second a module takes, by its plan.
#[derive(Debug, PartialEq, Serialize)]
struct Paced {
    calls_a_second: u32,
}

impl Line {
    /// The line of a module under an account. `operations`: those that it carries out; `protection`: what the settings say of it.
    #[must_use]
    pub fn new(account: &Account, module: &str, operations: &[Operation], summary: &Summary, protection: &Protection) -> Self {
        let Summary { circuit, since, paused_until, calls, failed, p50, p95 } = *summary;
        let rate = || (f64::from(calls.saturating_sub(failed)) / f64::from(calls) * ROUNDED).round() / ROUNDED;
        Self {
            vendor: account.vendor().to_owned(),
            account: account.name().map(str::to_owned),
            module: module.to_owned(),
            circuit,
            since: (since > 0).then(|| rfc3339(since)),
            paused_until: paused_until.map(rfc3339),
            calls,
            failed,
            success_rate: (calls > 0).then(rate),
            target_success: TARGET_SUCCESS,
            p50_ms: p50,
            p95_ms: p95,
            target_p95_ms: target(operations.iter()),
            plan: protection.plan(account, module).map(|calls_a_second| Paced { calls_a_second }),
            maintenance: protection.calendar.daily(account, module),
        }
    }
}

/// A rate has four decimals.
const ROUNDED: f64 = 10_000.0;
