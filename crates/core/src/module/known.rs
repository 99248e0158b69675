//! What an isolate knows of a module: how it stood when it was last asked, and what came of the isolate's calls since.
//!
//! A call asks nobody while the circuit is closed. What it comes to is reported in the background: failures, probes and what the vendor asks for at once, successes every half minute. The module
//! is asked how it stands once a second where there are calls, so an isolate learns from others; while the circuit is not closed, each call asks it first.

use serde::{Deserialize, Serialize};

use super::health;
use super::outcome::Outcome;
use crate::time::{Millis, SECOND};

/// How many buckets latencies are counted in.
pub(super) const BUCKETS: usize = 14;
/// How long what is known counts as known.
const FRESH: Millis = SECOND;
/// How often successes are reported.
const SUCCESSES: Millis = 30 * SECOND;
/// A report that is under way for longer was lost with who made it.
const LOST: Millis = 5 * SECOND;

/// The end of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// Its number.
    pub number: u32,
    /// What it came to.
    pub outcome: Outcome,
}

/// What came of calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// How many there were.
    pub calls: u32,
    /// How many of them failed.
    pub failed: u32,
    /// How many failed after the last that did not.
    pub last_failures: u32,
    /// How long they took, by bucket.
    pub took: [u32; BUCKETS],
    /// The end of a probe among them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probe: Option<Probe>,
    /// Until when the vendor asks not to be called; 0 where it does not.
    pub paused_until: Millis,
}

impl Report {
    /// Whether it says nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.calls == 0 && !self.is_urgent()
    }

    /// Whether it must not wait.
    const fn is_urgent(&self) -> bool {
        self.failed > 0 || self.paused_until > 0 || self.probe.is_some()
    }

    fn add(&mut self, outcome: Outcome, took: Millis) {
        match outcome {
            Outcome::Neither => return,
            Outcome::Well => self.last_failures = 0,
            Outcome::Failed => {
                self.failed = self.failed.saturating_add(1);
                self.last_failures = self.last_failures.saturating_add(1);
            }
        }
        self.calls = self.calls.saturating_add(1);
        if let Some(count) = self.took.get_mut(health::bucket(took)) {
            *count = count.saturating_add(1);
        }
    }

    /// With what came before it.
    fn after(&mut self, earlier: &Self) {
        if self.calls == self.failed {
            self.last_failures = self.last_failures.saturating_add(earlier.last_failures);
        }
        self.calls = self.calls.saturating_add(earlier.calls);
        self.failed = self.failed.saturating_add(earlier.failed);
        for (sum, more) in self.took.iter_mut().zip(earlier.took) {
            *sum = sum.saturating_add(more);
        }
        self.probe = self.probe.or(earlier.probe);
        self.paused_until = self.paused_until.max(earlier.paused_until);
    }
}

/// How a module stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Whether its circuit is closed, so that calls pass without asking.
    pub is_closed: bool,
    /// Until when no call passes; in the past where they do.
    pub until: Millis,
}

/// What an isolate knows of a module.
#[derive(Clone, Debug)]
pub struct Known {
    standing: Standing,
    learned_at: Millis,
    /// What is to be reported.
    pending: Report,
    /// When successes were last reported.
    reported_at: Millis,
    /// Since when a report is under way.
    reporting_since: Option<Millis>,
}

/// What is not known yet is closed.
impl Default for Known {
    fn default() -> Self {
        let standing = Standing { is_closed: true, until: 0 };
        Self { standing, learned_at: 0, pending: Report::default(), reported_at: 0, reporting_since: None }
    }
}

impl Known {
    /// Until when no call passes.
    #[must_use]
    pub fn held(&self, now: Millis) -> Option<Millis> {
        (self.standing.until > now).then_some(self.standing.until)
    }

    /// Whether the module must be asked before a call.
    #[must_use]
    pub const fn must_ask(&self) -> bool {
        !self.standing.is_closed
    }

    /// A call came to its end. `paused_until`: until when the vendor asks not to be called; 0 where it does not.
    pub fn note(&mut self, outcome: Outcome, took: Millis, paused_until: Millis, probe: Option<u32>) {
        self.pending.add(outcome, took);
        self.pending.paused_until = self.pending.paused_until.max(paused_until);
        // Here it counts at once.
        self.standing.until = self.standing.until.max(paused_until);
        if let Some(number) = probe {
            self.pending.probe = Some(Probe { number, outcome });
        }
    }

    /// What is to be reported now; an empty report only asks how the module stands. One is under way at a time, until [`Known::learned`] or [`Known::failed`].
    pub fn report(&mut self, now: Millis) -> Option<Report> {
        let is_under_way = self.reporting_since.is_some_and(|since| since.saturating_add(LOST) > now);
        let is_due = self.pending.is_urgent() || self.learned_at.saturating_add(FRESH) <= now;
        if is_under_way || !is_due {
            return None;
        }
        self.reporting_since = Some(now);
        let is_told = self.pending.is_urgent() || self.reported_at.saturating_add(SUCCESSES) <= now;
        if !is_told {
            return Some(Report::default());
        }
        self.reported_at = now;
        Some(std::mem::take(&mut self.pending))
    }

    /// The module told how it stands.
    pub fn learned(&mut self, standing: Standing, now: Millis) {
        // What the vendor asked for a moment ago may not be reported yet.
        let until = standing.until.max(self.pending.paused_until);
        self.standing = Standing { until, ..standing };
        self.learned_at = now;
    }

    /// What must be reported at once after a report.
    pub fn more(&mut self, now: Millis) -> Option<Report> {
        if self.pending.is_urgent() { self.report(now) } else { None }
    }

    /// The report that was under way has its answer.
    pub fn answered(&mut self) {
        self.reporting_since = None;
    }

    /// The report that was under way did not arrive: it is told with the next, no sooner than in a second.
    pub fn failed(&mut self, report: &Report, now: Millis) {
        self.pending.after(report);
        self.reporting_since = Some(now.saturating_sub(LOST).saturating_add(FRESH));
    }
}
