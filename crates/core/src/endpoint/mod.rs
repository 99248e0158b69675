//! An endpoint: an address of a tenant's that is told of events, each once by id, whatever happens to it meanwhile. Nothing personal is told.
//!
//! Events are not copied: an endpoint keeps how far it has read the tenant's journals ([`Cursor`]), and the few positions that are under way or failed. A failed event is sent again after 5 s, 5 min,
//! 30 min, 2, 5, 10, 14, 20 and 24 h, each after the one before, while later ones go on. Once three attempts in a row failed the endpoint is down: then the oldest alone is tried, nothing
//! more is read, and everything follows when it is back. After five days of nothing but failures, or when it says that it is gone (410), it is disabled, until it is enabled again; what it missed is
//! in the journals still. Signatures are [`signature`]'s, where deliveries may go is [`address`]'s to say.

pub mod address;
mod attempt;
mod config;
mod message;
pub mod signature;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use attempt::{Attempt, Heard, Judged};
pub use config::{Config, Patch, Replay, Wanted, idempotency_key};
pub use message::{EndpointAsk, EndpointTold, Refusal, ask, read_ask, read_told, told};

use crate::journal::{Cursor, Line};
use crate::time::{DAY, HOUR, MINUTE, Millis, SECOND, indian_day};

/// How long a delivery may take.
pub const DEADLINE: Millis = 15 * SECOND;
/// How many endpoints a tenant may have.
pub const MOST: usize = 16;
/// How long an idempotency key is remembered.
pub const KEY_KEPT: Millis = DAY;
/// How long attempts are listed, and how many of an endpoint.
pub const ATTEMPTS_KEPT: Millis = 30 * DAY;
/// The most attempts that are kept of one endpoint.
pub const MOST_ATTEMPTS: u32 = 10_000;

/// The pauses before the attempts.
const SCHEDULE: [Millis; 10] = [0, 5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
/// So many failures in a row mean that the endpoint is down.
const DOWN: u32 = 3;
/// An endpoint that has failed for so long, and done nothing else, is disabled.
const PATIENCE: Millis = 5 * DAY;
/// How long an endpoint that asks us to slow down without saying for how long is left alone.
const SLOW_DOWN: Millis = MINUTE;
/// How many deliveries to one endpoint are under way at a time.
const AT_ONCE: usize = 4;
/// How many events wait at most; further ones stay in the journal.
const MOST_WAITING: usize = 100;
/// How many entries are read at a time.
const PAGE: usize = 50;
/// The layout of a stored progress.
const FORMAT: u8 = 1;

/// Why an endpoint is disabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Its owner said so.
    Owner,
    /// It answered 410.
    Gone,
    /// Five days of nothing but failures.
    Failing,
}

impl Reason {
    /// It as a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Gone => "gone",
            Self::Failing => "failing",
        }
    }
}

/// An event that was read and is not delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Where it stands in the journals.
    pub at: Cursor,
    /// Its id.
    pub id: String,
    /// So many attempts failed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub attempts: u8,
    /// When it is tried.
    pub next_at: Millis,
    /// When the first attempt failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed_at: Option<Millis>,
    /// Whether it is sent anew on request.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_replay: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
const fn is_zero(attempts: &u8) -> bool {
    *attempts == 0
}

impl Waiting {
    /// What it is about: events of one check follow each other.
    fn subject(&self) -> &str {
        self.id.rsplit_once('_').map_or(self.id.as_str(), |(subject, _)| subject)
    }
}

/// What is read anew, because its owner wants all since a time again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Again {
    at: Cursor,
    until: Cursor,
    since: Millis,
}

/// How far an endpoint has come. Nothing in it is personal or secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    format: u8,
    /// When it was made: what happened before is not told.
    pub made_at: Millis,
    /// When and why it was disabled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled: Option<(Millis, Reason)>,
    /// Everything up to here was read.
    cursor: Cursor,
    /// What was read and is not delivered, in order.
    waiting: Vec<Waiting>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    again: Option<Again>,
    /// So many attempts in a row failed.
    failures: u32,
    /// Since when nothing but failures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<Millis>,
    /// When it last took an event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Millis>,
    /// It asked to be left alone until then.
    not_before: Millis,
    /// Whether the journal had nothing more when it was last read. Another instance looks again.
    #[serde(skip)]
    is_at_end: bool,
}

/// What an endpoint does next.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// Send these.
    Send(Vec<Waiting>),
    /// Read so many entries after this place.
    Read {
        /// After which.
        after: Cursor,
        /// How many at most.
        limit: usize,
    },
    /// Nothing before this time, or before there is news.
    Rest(Option<Millis>),
}

/// What was read after a place.
pub struct Page {
    /// After which place.
    pub after: Cursor,
    /// The lines with their places.
    pub lines: Vec<(Cursor, Line)>,
    /// How far that is.
    pub end: Cursor,
    /// Whether there is nothing more yet.
    pub is_end: bool,
}

impl Progress {
    /// That of a new endpoint: what happens from now on is told.
    #[must_use]
    pub const fn new(now: Millis) -> Self {
        Self {
            format: FORMAT,
            made_at: now,
            disabled: None,
            cursor: Cursor { day: indian_day(now).0, sequence: 0 },
            waiting: Vec::new(),
            again: None,
            failures: 0,
            failing_since: None,
            delivered_at: None,
            not_before: 0,
            is_at_end: false,
        }
    }

    /// Whether this release can read its layout.
    #[must_use]
    pub const fn is_readable(&self) -> bool {
        self.format == FORMAT
    }

    /// What it does now, where so many deliveries may be begun.
    #[must_use]
    pub fn next(&self, now: Millis, room: usize) -> Next {
        if self.disabled.is_some() {
            return Next::Rest(None);
        }
        if self.not_before > now {
            return Next::Rest(Some(self.not_before));
        }
        let batch = self.due(now, room);
        if !batch.is_empty() {
            return Next::Send(batch);
        }
        if let Some(after) = self.unread() {
            return Next::Read { after, limit: MOST_WAITING.saturating_sub(self.waiting.len()).min(PAGE) };
        }
        Next::Rest(self.heads().map(|waiting| waiting.next_at).min())
    }

    /// What is sent now: of one that failed one at a time.
    fn due(&self, now: Millis, room: usize) -> Vec<Waiting> {
        let room = room.min(if self.failures == 0 { AT_ONCE } else { 1 });
        self.heads().filter(|waiting| waiting.next_at <= now).take(room).cloned().collect()
    }

    /// What may be sent next: the first event of each check; of an endpoint that is down the oldest alone.
    fn heads(&self) -> impl Iterator<Item = &Waiting> {
        let among = if self.is_down() { 1 } else { self.waiting.len() };
        let is_first =
            |(index, waiting): &(usize, &Waiting)| !self.waiting.iter().take(*index).any(|earlier| earlier.subject() == waiting.subject());
        self.waiting.iter().take(among).enumerate().filter(is_first).map(|(_, waiting)| waiting)
    }

    const fn is_down(&self) -> bool {
        self.failures >= DOWN
    }

    /// After which place it reads next, where it reads.
    fn unread(&self) -> Option<Cursor> {
        if self.is_down() || self.waiting.len() >= MOST_WAITING {
            return None;
        }
        // What is news comes before what was told already.
        if self.is_at_end { self.again.map(|again| again.at) } else { Some(self.cursor) }
    }

    /// It is about to read after its own place: what comes meanwhile is news.
    pub fn reads(&mut self, after: Cursor) {
        self.is_at_end = self.is_at_end || after == self.cursor;
    }

    /// The journal has more.
    pub const fn news(&mut self) {
        self.is_at_end = false;
    }

    /// Takes what was read, as far as it is `wanted`.
    pub fn take(&mut self, page: &Page, now: Millis, wanted: impl Fn(&Line) -> bool) {
        if page.after == self.cursor {
            self.cursor = page.end;
            self.is_at_end = self.is_at_end && page.is_end;
            let made_at = self.made_at;
            self.add(page, now, false, |_, line| line.at() >= made_at && wanted(line));
            return;
        }
        let Some(Again { until, since, .. }) = self.again.filter(|again| again.at == page.after) else { return };
        self.again = (page.end < until && !page.is_end).then_some(Again { at: page.end, until, since });
        self.add(page, now, true, |at, line| at <= until && line.at() >= since && wanted(line));
    }

    fn add(&mut self, page: &Page, now: Millis, is_replay: bool, is_wanted: impl Fn(Cursor, &Line) -> bool) {
        for (at, line) in page.lines.iter().filter(|(at, line)| is_wanted(*at, line)) {
            self.enqueue(*at, line.event_id(), now, is_replay);
        }
    }

    fn enqueue(&mut self, at: Cursor, id: String, now: Millis, is_replay: bool) {
        match self.waiting.iter_mut().find(|waiting| waiting.at == at) {
            Some(known) => known.next_at = now,
            None => self.waiting.push(Waiting { at, id, attempts: 0, next_at: now, failed_at: None, is_replay }),
        }
    }

    /// One event is wanted again.
    pub fn replay(&mut self, at: Cursor, id: String, now: Millis) {
        self.hurry(now);
        self.enqueue(at, id, now, true);
    }

    /// All events since a time are wanted again.
    pub fn replay_since(&mut self, since: Millis, now: Millis) {
        self.hurry(now);
        let (at, until) = (Cursor { day: indian_day(since).0, sequence: 0 }, self.cursor);
        // Where nothing was read since, all of it is still to come.
        self.again = (at < until).then_some(Again { at, until, since });
    }

    /// Its owner says that it is there, or it shows it: nothing waits any longer.
    pub fn hurry(&mut self, now: Millis) {
        self.not_before = 0;
        self.failures = 0;
        for waiting in &mut self.waiting {
            waiting.next_at = waiting.next_at.min(now);
        }
    }

    /// Its owner enables or disables it.
    pub fn set_enabled(&mut self, is_enabled: bool, now: Millis) {
        if is_enabled {
            self.disabled = None;
            self.failing_since = None;
            self.hurry(now);
            self.is_at_end = false;
        } else {
            self.disabled = self.disabled.or(Some((now, Reason::Owner)));
        }
    }

    /// Takes what came of a delivery. `jitter` from 0 to 65,535: up to a fifth of a pause is added to it.
    pub fn heard(&mut self, sent: &Waiting, heard: Heard, now: Millis, jitter: u16) -> Judged {
        if heard.is_delivered() {
            return self.delivered(sent, now);
        }
        self.failures = self.failures.saturating_add(1);
        let failing_since = *self.failing_since.get_or_insert(now);
        let slow = heard.pause().map_or(0, |pause| now.saturating_add(pause));
        self.not_before = self.not_before.max(slow);
        let (mut next_at, mut is_given_up) = (None, false);
        if let Some(index) = self.waiting.iter().position(|waiting| waiting.at == sent.at) {
            let last = self.delivered_at;
            if let Some(waiting) = self.waiting.get_mut(index) {
                waiting.attempts = waiting.attempts.saturating_add(1);
                let failed_at = *waiting.failed_at.get_or_insert(now);
                waiting.next_at = now.saturating_add(pause_before(waiting.attempts, jitter)).max(slow);
                // Others were taken meanwhile: it is this one that the endpoint does not take.
                is_given_up = usize::from(waiting.attempts) >= SCHEDULE.len() && last.is_some_and(|last| last > failed_at);
                next_at = (!is_given_up).then_some(waiting.next_at);
            }
            if is_given_up {
                self.waiting.remove(index);
            }
        }
        let reason = match heard {
            Heard::Answered { status: 410, .. } => Some(Reason::Gone),
            _ if now.saturating_sub(failing_since) >= PATIENCE => Some(Reason::Failing),
            _ => None,
        };
        if self.disabled.is_none() {
            self.disabled = reason.map(|reason| (now, reason));
        }
        Judged { is_delivered: false, is_given_up, next_at: next_at.filter(|_| self.disabled.is_none()), disabled: reason }
    }

    fn delivered(&mut self, sent: &Waiting, now: Millis) -> Judged {
        self.waiting.retain(|waiting| waiting.at != sent.at);
        if self.is_down() {
            self.hurry(now);
        }
        (self.failures, self.failing_since, self.delivered_at) = (0, None, Some(now));
        Judged { is_delivered: true, is_given_up: false, next_at: None, disabled: None }
    }

    /// Where an attempt is listed that is about no event of a journal.
    #[must_use]
    pub const fn place_of_ping(&self) -> Cursor {
        Cursor { sequence: 0, ..self.cursor }
    }

    /// An event is in no journal any more.
    pub fn drop_lost(&mut self, at: Cursor) {
        self.waiting.retain(|waiting| waiting.at != at);
    }

    /// How many events were read and are not delivered, and when the next attempt is.
    #[must_use]
    pub fn backlog(&self, now: Millis) -> (usize, Option<Millis>) {
        let next = match self.next(now, 1) {
            Next::Send(_) => Some(now),
            Next::Rest(at) => at.filter(|_| !self.waiting.is_empty()),
            Next::Read { .. } => None,
        };
        (self.waiting.len(), next)
    }
}

/// The pause before an attempt, given how many failed.
fn pause_before(attempts: u8, jitter: u16) -> Millis {
    let pause = SCHEDULE.get(usize::from(attempts)).or(SCHEDULE.last()).copied().unwrap_or(DAY);
    pause.saturating_add(pause.div_euclid(5).saturating_mul(Millis::from(jitter)) >> 16)
}
