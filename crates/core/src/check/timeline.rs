//! What happened to a check, in order, for who operates or reviews it: the ledger of its calls, what was kept beside it (`history.rs`), and its end. Nothing personal.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::history::{Moment, What};
use super::{Check, Phase};
use crate::place::Identity;
use crate::time::{Millis, SECOND, rfc3339};
use crate::vendors::{Account, CallKind};

/// One call, as the register's ledger has it.
#[derive(Clone, Debug, Deserialize)]
pub struct Called {
    /// What it was for.
    pub kind: CallKind,
    /// Under which attempt's wire reference.
    pub attempt: u8,
    /// When it was sent.
    pub sent_at: Millis,
    /// When it was replied to.
    pub replied_at: Option<Millis>,
    /// What kind of reply that was.
    pub reply: Option<String>,
    /// The vendor account; none in rows of an earlier release.
    pub account: Option<String>,
}

/// The most time between a reply and the save of what it led to.
const SAME_TURN: Millis = SECOND;
/// Behind the attempts that something may be about.
const ABOUT_NONE: u8 = u8::MAX;

/// One line of a timeline. The first five members are always there.
#[derive(Serialize)]
struct Line<'a> {
    at: String,
    kind: &'static str,
    vendor: Option<Cow<'a, str>>,
    wire_reference: Option<String>,
    key: Option<Cow<'a, str>>,
    /// What was called: the request itself, or what became of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    call: Option<CallKind>,
    /// What kind of reply it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<&'a str>,
    /// The event of an alarm, as the runbook lists it.
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<&'a str>,
    /// How many replies and alarms are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<u32>,
    #[serde(skip)]
    order: (Millis, u8, u8),
}

impl Line<'_> {
    /// `rank`: its place among what happened at the same time, about the same attempt.
    fn new(at: Millis, kind: &'static str, attempt: u8, rank: u8) -> Self {
        Self {
            at: rfc3339(at),
            kind,
            vendor: None,
            wire_reference: None,
            key: None,
            call: None,
            reply: None,
            event: None,
            decision: None,
            left_out: None,
            order: (at, attempt, rank),
        }
    }
}

impl Check {
    /// What happened, in order, as a JSON list. `calls`: its rows of the ledger.
    #[must_use]
    pub fn timeline(&self, identity: &Identity, calls: &[Called]) -> String {
        let mut lines = vec![Line::new(self.claimed_at, "claimed", 0, 0)];
        if self.history.left_out() > 0 {
            lines.push(Line { left_out: Some(self.history.left_out()), ..Line::new(self.claimed_at, "left_out", 0, 1) });
        }
        // Of a call that was lost and sent again, one reply came.
        let is_later = |other: &Called, called: &Called| {
            let request = |called: &Called| (called.kind, called.attempt, called.replied_at);
            request(other) == request(called) && other.sent_at > called.sent_at
        };
        for called in calls {
            let is_lost = calls.iter().any(|other| is_later(other, called));
            lines.extend(self.called_lines(called, identity).take(if is_lost { 1 } else { 2 }));
        }
        let is_of_ledger = |moment: &&Moment| calls.iter().any(|called| is_reply_to(moment, called));
        lines.extend(self.history.moments().iter().filter(|moment| !is_of_ledger(moment)).map(|moment| moment_line(moment, identity)));
        lines.extend(self.published_line());
        lines.sort_by_key(|line| line.order);
        // Texts and numbers are always written; the fallback keeps this total.
        serde_json::to_string(&lines).unwrap_or_default()
    }

    /// A call, and the reply to it.
    fn called_lines<'a>(&'a self, called: &'a Called, identity: &Identity) -> impl Iterator<Item = Line<'a>> {
        let own = self.account();
        let vendor = called.account.as_deref().and_then(Account::parse).unwrap_or(own).vendor().to_owned();
        let line = |at, kind, rank| Line {
            vendor: Some(vendor.clone().into()),
            wire_reference: Some(identity.wire_reference(called.attempt)),
            call: Some(called.kind),
            ..Line::new(at, kind, called.attempt, rank)
        };
        let kept = self.history.moments().iter().find(|moment| is_reply_to(moment, called)).and_then(|moment| moment.key.as_deref());
        let replied = called.replied_at.map(|at| Line {
            key: kept.or_else(|| self.end_key(called)).map(Cow::Borrowed),
            reply: called.reply.as_deref(),
            ..line(at, "replied", 1)
        });
        [line(called.sent_at, "sent", 0)].into_iter().chain(replied)
    }

    /// The key of the reply that ended it.
    fn end_key(&self, called: &Called) -> Option<&str> {
        let (ended_at, key) = self.published()?;
        (called.reply.as_deref() == Some("final") && is_same_turn(called, ended_at)).then_some(key)
    }

    /// When it was answered, and under which key.
    fn published(&self) -> Option<(Millis, &str)> {
        match &self.phase {
            Phase::Finished { answer, .. } => Some((answer.checked_at, &answer.finding.key)),
            Phase::Tombstone { checked_at, key, .. } => Some((*checked_at, key)),
            _ => None,
        }
    }

    fn published_line(&self) -> Option<Line<'_>> {
        let (at, key) = self.published()?;
        let vendor = Some(self.account().vendor().to_owned().into());
        Some(Line { vendor, key: Some(key.into()), ..Line::new(at, What::Published.name(), ABOUT_NONE, What::Published.rank()) })
    }
}

/// Whether a moment is the reply to this call.
fn is_reply_to(moment: &Moment, called: &Called) -> bool {
    let is_same = moment.call == Some(called.kind) && moment.attempt == Some(called.attempt);
    moment.what == What::Replied && is_same && is_same_turn(called, moment.at)
}

/// Whether the reply to a call led to what happened then.
fn is_same_turn(called: &Called, at: Millis) -> bool {
    called.replied_at.is_some_and(|replied_at| (replied_at..replied_at.saturating_add(SAME_TURN)).contains(&at))
}

fn moment_line<'a>(moment: &'a Moment, identity: &Identity) -> Line<'a> {
    let name = moment.name.as_deref();
    let of = |what| name.filter(|_| moment.what == what);
    Line {
        vendor: moment.account.as_ref().map(|account| account.vendor().into()),
        wire_reference: moment.attempt.map(|attempt| identity.wire_reference(attempt)),
        key: moment.key.as_deref().map(Cow::Borrowed),
        call: moment.call,
        event: of(What::Alarm),
        decision: of(What::Decided),
        ..Line::new(moment.at, moment.what.name(), moment.attempt.unwrap_or(ABOUT_NONE), moment.what.rank())
    }
}
