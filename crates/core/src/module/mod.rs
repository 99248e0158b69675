//! A vendor's module under one account. It is protected from our calls, and our checks from its failures: its circuit, its plan, what it asks for, and how well it does.
//!
//! - **The circuit** ([`circuit`]) opens where the vendor is down, and lets one probe through before it closes.
//! - **The plan** ([`plan`]) spaces calls evenly, so that no second sees more of them than was agreed.
//! - **What the vendor asks for**: no call before the time that its `Retry-After` or `X-RateLimit-Reset` names.
//! - **Health** ([`health`]): calls, failures and latencies of a day, beside document 003 section 6.4's targets.
//!
//! The machine is kept by a register of its own, one per account and module. What a check's register knows of it is [`known`]; what counts as a failure is [`outcome`]'s to say. The vendor's
//! announced maintenance ([`calendar`]) needs no machine: it is a setting. Source: document 003 sections 6.3, 6.4, 6.6, 6.7 and 8.9.

pub mod calendar;
pub mod circuit;
pub mod health;
pub mod known;
pub mod outcome;
pub mod plan;
pub mod rules;

use serde::{Deserialize, Serialize};

use crate::count::{self, Counter};
use crate::module::circuit::{Change, Circuit};
use crate::module::health::{Health, Summary};
use crate::module::known::{Report, Standing};
use crate::module::plan::Pace;
use crate::module::rules::Rules;
use crate::time::{DAY, Millis};

/// The layout of a stored module (pinned by a test).
const FORMAT: u8 = 1;

/// A module as its register keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    format: u8,
    /// Counts the saves.
    version: u64,
    circuit: Circuit,
    pace: Pace,
    /// Until when the vendor asked not to be called; in the past where it asks for nothing.
    paused_until: Millis,
    health: Health,
    forget_at: Millis,
}

/// What a module is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What.
    pub ask: Ask,
}

/// The kinds of questions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    /// To take what came of calls, and tell how it stands. A report of no calls changes nothing.
    Report(Report),
    /// Whether and when a call may leave.
    Pass {
        /// The calls a second of its plan, where it has one.
        plan: Option<u32>,
        /// How long the call may take, in milliseconds: for so long nobody else probes.
        lease: Millis,
        /// How much time passes before the asker can send, in milliseconds.
        lead: Millis,
        /// How long the asker can wait for its turn, in milliseconds.
        within: Millis,
    },
    /// How well it does.
    Show,
}

/// Whether a call may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pass {
    /// It may.
    Go {
        /// When.
        at: Millis,
        /// The number under which it probes an open circuit.
        probe: Option<u32>,
    },
    /// Not before this time.
    Held(Millis),
}

/// What a module tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// How it stands.
    pub standing: Standing,
    /// To who asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass: Option<Pass>,
    /// What the report changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    /// To who asks how well it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Summary>,
}

/// What happens to a module.
pub type Event = count::Event<Question>;
/// What is to be done for one.
pub type Output = count::Output<Verdict>;

/// What a module needs to know of its surroundings.
pub struct Context<'a> {
    /// The time.
    pub now: Millis,
    /// When its circuit opens, and for how long.
    pub rules: &'a Rules,
}

impl Default for Module {
    fn default() -> Self {
        let (circuit, pace, health) = (Circuit::default(), Pace::default(), Health::default());
        Self { format: FORMAT, version: 0, circuit, pace, paused_until: 0, health, forget_at: 0 }
    }
}

impl Module {
    fn take(&mut self, report: &Report, context: &Context<'_>) -> Option<Change> {
        let longest = context.now.saturating_add(context.rules.patience());
        self.paused_until = self.paused_until.max(report.paused_until.min(longest));
        self.health.count(report, context.now);
        self.circuit.take(report, context.rules, context.now)
    }

    /// Whether and when a call may leave. What is refused takes nothing.
    fn pass(&mut self, plan: Option<u32>, lease: Millis, lead: Millis, within: Millis, now: Millis) -> Pass {
        if self.paused_until > now {
            return Pass::Held(self.paused_until);
        }
        let turn = plan.map(|plan| self.pace.turn(plan, now, lead, within)).transpose();
        let turn = match turn {
            Ok(turn) => turn,
            Err(free_at) => return Pass::Held(free_at),
        };
        match self.circuit.pass(now, lease) {
            Ok(probe) => {
                let at = turn.map_or(now, |turn| self.pace.take(turn));
                Pass::Go { at, probe }
            }
            Err(until) => Pass::Held(until),
        }
    }

    fn standing(&self, now: Millis) -> Standing {
        let (is_closed, until) = self.circuit.standing(now);
        Standing { is_closed, until: until.max(self.paused_until) }
    }

    fn summary(&self, now: Millis) -> Summary {
        let paused_until = self.standing(now).until;
        let paused_until = (paused_until > now).then_some(paused_until);
        Summary { circuit: self.circuit.name(), since: self.circuit.since(), paused_until, ..self.health.summary(now) }
    }
}

impl Counter for Module {
    type Question = Question;
    type Verdict = Verdict;
    type Surroundings<'a> = Context<'a>;

    const NAME: &'static str = "module";
    const LAYOUT: u8 = FORMAT;

    fn answer(&mut self, Question { ask }: Question, context: &Context<'_>) -> (Verdict, bool) {
        let now = context.now;
        let (mut pass, mut change, mut summary) = (None, None, None);
        let is_changed = match ask {
            Ask::Report(report) if report.is_empty() => false,
            Ask::Report(report) => {
                change = self.take(&report, context);
                true
            }
            Ask::Pass { plan, lease, lead, within } => {
                let given = self.pass(plan, lease, lead, within, now);
                pass = Some(given);
                matches!(given, Pass::Go { probe, .. } if plan.is_some() || probe.is_some())
            }
            Ask::Show => {
                summary = Some(self.summary(now));
                false
            }
        };
        if is_changed {
            self.forget_at = now.saturating_add(DAY);
        }
        (Verdict { standing: self.standing(now), pass, change, summary }, is_changed)
    }

    fn now(context: &Context<'_>) -> Millis {
        context.now
    }

    fn stored(&self) -> (u8, u64) {
        (self.format, self.version)
    }

    fn count_save(&mut self) {
        self.version = self.version.saturating_add(1);
    }

    fn over_at(&self) -> Millis {
        self.forget_at
    }
}

#[cfg(test)]
mod tests;
