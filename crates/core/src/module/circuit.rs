//! The circuit of a module: closed, open for a pause, then half-open with one probe under way at a time.
//!
//! Only the probe that is under way closes it or opens it again. Any other call that ends meanwhile was sent before the circuit opened, so its result is ignored. A probe that is never heard of again is
//! given up after its lease, and another is let through.

use serde::{Deserialize, Serialize};

use super::known::{Probe, Report};
use super::outcome::Outcome;
use super::rules::Rules;
use crate::time::{Millis, SECOND};

/// How often the state is asked for while a probe is under way.
const ASKED_AGAIN: Millis = SECOND;
/// In so many parts the window is counted.
const PARTS: Millis = 6;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
enum State {
    #[default]
    Closed,
    Open {
        until: Millis,
    },
    HalfOpen {
        probe_until: Millis,
    },
}

/// What a report changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It opened, and was closed before.
    Opened,
    /// It closed.
    Closed,
}

/// The calls of a part of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Part {
    began_at: Millis,
    calls: u32,
    failed: u32,
}

/// A circuit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Circuit {
    state: State,
    /// Since when it is closed, or is not.
    since: Millis,
    /// Failures one after another, up to now.
    consecutive: u32,
    recent: Vec<Part>,
    /// The number of the last probe.
    probe: u32,
    /// How many probes failed since it opened.
    failed_probes: u32,
}

impl Circuit {
    /// Takes what came of calls.
    pub(super) fn take(&mut self, report: &Report, rules: &Rules, now: Millis) -> Option<Change> {
        match self.state {
            State::Closed => self.count(report, rules, now),
            State::HalfOpen { .. } => {
                report.probe.filter(|probe| probe.number == self.probe).and_then(|probe| self.probed(probe, rules, now))
            }
            State::Open { .. } => None,
        }
    }

    fn count(&mut self, report: &Report, rules: &Rules, now: Millis) -> Option<Change> {
        let is_all = report.calls == report.failed;
        self.consecutive = if is_all { self.consecutive.saturating_add(report.failed) } else { report.last_failures };
        self.recent.retain(|part| part.began_at > now.saturating_sub(rules.window()));
        match self.recent.last_mut().filter(|part| part.began_at > now.saturating_sub(rules.window().div_euclid(PARTS))) {
            Some(part) => {
                part.calls = part.calls.saturating_add(report.calls);
                part.failed = part.failed.saturating_add(report.failed);
            }
            None => self.recent.push(Part { began_at: now, calls: report.calls, failed: report.failed }),
        }
        let sum = |of: fn(&Part) -> u32| self.recent.iter().map(|part| u64::from(of(part))).sum::<u64>();
        let (calls, failed) = (sum(|part| part.calls), sum(|part| part.failed));
        let is_rate = calls >= u64::from(rules.calls) && failed.saturating_mul(100) >= calls.saturating_mul(rules.failed_percent.into());
        // Only a failure opens it.
        if report.failed == 0 || !(self.consecutive >= rules.consecutive || is_rate) {
            return None;
        }
        let state = State::Open { until: now.saturating_add(rules.pause(0)) };
        *self = Self { state, since: now, probe: self.probe, ..Self::default() };
        Some(Change::Opened)
    }

    fn probed(&mut self, probe: Probe, rules: &Rules, now: Millis) -> Option<Change> {
        match probe.outcome {
            Outcome::Well => {
                *self = Self { since: now, probe: self.probe, ..Self::default() };
                Some(Change::Closed)
            }
            Outcome::Failed => {
                self.failed_probes = self.failed_probes.saturating_add(1);
                self.state = State::Open { until: now.saturating_add(rules.pause(self.failed_probes)) };
                None
            }
            // It was not sent, or says nothing: another may try at once.
            Outcome::Neither => {
                self.state = State::Open { until: now };
                None
            }
        }
    }

    /// Lets a call through, under the number of a probe where it is one; else until when it is held back. `lease`: how long the call may take.
    pub(super) fn pass(&mut self, now: Millis, lease: Millis) -> Result<Option<u32>, Millis> {
        match self.state {
            State::Closed => Ok(None),
            State::Open { until } if until > now => Err(until),
            State::HalfOpen { probe_until } if probe_until > now => Err(probe_until.min(now.saturating_add(ASKED_AGAIN))),
            State::Open { .. } | State::HalfOpen { .. } => {
                self.probe = self.probe.wrapping_add(1);
                self.state = State::HalfOpen { probe_until: now.saturating_add(lease) };
                Ok(Some(self.probe))
            }
        }
    }

    /// Whether calls pass without asking, and until when none does.
    pub(super) fn standing(&self, now: Millis) -> (bool, Millis) {
        match self.state {
            State::Closed => (true, 0),
            State::Open { until } => (false, until),
            State::HalfOpen { probe_until } => (false, probe_until.min(now.saturating_add(ASKED_AGAIN))),
        }
    }

    /// Its word in the overview.
    pub(super) const fn name(&self) -> super::health::Word {
        match self.state {
            State::Closed => super::health::Word::Closed,
            State::Open { .. } => super::health::Word::Open,
            State::HalfOpen { .. } => super::health::Word::HalfOpen,
        }
    }

    /// Since when it is closed, or is not; 0 where it was never open.
    pub(super) const fn since(&self) -> Millis {
        self.since
    }
}
