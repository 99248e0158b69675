//! What goes on by itself: reading the journals, delivering what they have, and the alarm.
//!
//! Each endpoint is worked on by one task at a time. All of them share the few connections that an object has, and what finds none waits for the next that is free.

use std::rc::Rc;

use futures_util::future::join_all;
use toran_core::endpoint::{Next, Page, Waiting};
use toran_core::journal::{Cursor, Line, Notice};
use toran_core::time::{DAY, MINUTE, Millis, SECOND, indian_day};
use worker::Result;

use super::delivery::{self, Tried};
use super::store::{Store, attempt_number};
use super::{Kept, Register, name};
use crate::register::statements::Statements;
use crate::{journal, platform};

/// How many deliveries are under way at a time, of all endpoints: fewer than the connections that the platform gives an object.
const OPEN: usize = 5;
/// How soon the object looks again where something failed, and how often in any case.
const AGAIN: Millis = 5 * SECOND;
const EVERY: Millis = 5 * MINUTE;
/// So many lines are kept in memory.
const LINES: usize = 400;

impl Register {
    /// The alarm: whatever should have woken an endpoint, it looks now.
    pub(super) fn ring(register: &Rc<Self>) -> Result<()> {
        register.alarm_at.set(0);
        register.load()?;
        // Before anything else: should this instance die, another goes on.
        register.rearm()?;
        register.prune()?;
        Self::news(register);
        Ok(())
    }

    /// A journal has more, as far as is known.
    pub(super) fn news(register: &Rc<Self>) {
        for kept in register.kept.borrow_mut().values_mut() {
            kept.progress.news();
        }
        Self::pump(register);
        Self::flush(register);
    }

    /// Starts work on each endpoint that has some.
    pub(super) fn pump(register: &Rc<Self>) {
        let ids: Vec<String> = register.kept.borrow().keys().cloned().collect();
        for id in ids {
            if register.running.borrow().contains(&id) || matches!(register.next(&id), None | Some(Next::Rest(_))) {
                continue;
            }
            register.running.borrow_mut().insert(id.clone());
            let background = Rc::clone(register);
            register.in_background(async move {
                let worked = Self::work(&background, &id).await;
                background.running.borrow_mut().remove(&id);
                for fault in [worked.err(), background.rearm().err()].into_iter().flatten() {
                    platform::log_error("endpoints", &fault);
                }
            });
        }
    }

    fn next(&self, id: &str) -> Option<Next> {
        let room = OPEN.saturating_sub(self.under_way.get());
        self.kept.borrow().get(id).map(|kept| kept.progress.next(platform::now(), room))
    }

    /// Works on an endpoint until it rests.
    async fn work(register: &Rc<Self>, id: &str) -> Result<()> {
        loop {
            match register.next(id) {
                Some(Next::Read { after, limit }) => register.read(id, after, limit).await?,
                Some(Next::Send(batch)) => {
                    register.send(id, batch).await?;
                    // Another endpoint may wait for a connection.
                    Self::pump(register);
                    Self::flush(register);
                }
                Some(Next::Rest(_)) | None => return Ok(()),
            }
        }
    }

    async fn read(&self, id: &str, after: Cursor, limit: usize) -> Result<()> {
        let tenant = self.tenant.borrow().clone();
        let watcher = name(&self.env, &tenant).map_err(|problem| worker::Error::from(problem.key.into_owned()))?;
        if let Some(kept) = self.kept.borrow_mut().get_mut(id) {
            kept.progress.reads(after);
        }
        let read = journal::read(&self.env, &tenant, after, limit, Some(&watcher)).await;
        let mut all = self.kept.borrow_mut();
        let Some(kept) = all.get_mut(id) else { return Ok(()) };
        let read = read.inspect_err(|_| kept.progress.news())?;
        let Kept { config, progress } = kept;
        let is_full = read.found.len() >= limit;
        for (at, line) in read.found.iter().filter(|(_, line)| config.wants(line)) {
            self.remember(*at, line);
        }
        progress.take(&Page { after, lines: read.found, end: read.end, is_end: read.is_end }, platform::now(), |line| config.wants(line));
        if is_full {
            // Many that are not wanted are not read again after a restart.
            let mut statements = Statements::default();
            Store::write_progress(&mut statements, id, progress)?;
            self.store.database.run(statements)?;
        }
        Ok(())
    }

    fn remember(&self, at: Cursor, line: &Line) {
        let mut lines = self.lines.borrow_mut();
        lines.insert(at, line.clone());
        while lines.len() > LINES {
            lines.pop_first();
        }
    }

    /// The line at a place; `None` where there is none any more.
    async fn line(&self, at: Cursor) -> Result<Option<Line>> {
        let known = self.lines.borrow().get(&at).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let tenant = self.tenant.borrow().clone();
        let before = Cursor { sequence: at.sequence.saturating_sub(1), ..at };
        let read = journal::read(&self.env, &tenant, before, 1, None).await?;
        let line = read.found.into_iter().find(|(found, _)| *found == at).map(|(_, line)| line);
        if let Some(line) = &line {
            self.remember(at, line);
        }
        Ok(line)
    }

    /// Delivers some events, and saves what came of it.
    async fn send(&self, id: &str, batch: Vec<Waiting>) -> Result<()> {
        let mut lines = Vec::with_capacity(batch.len());
        for waiting in &batch {
            lines.push(self.line(waiting.at).await?);
        }
        let Some(config) = self.kept.borrow().get(id).map(|kept| kept.config.clone()) else { return Ok(()) };
        self.under_way.set(self.under_way.get().saturating_add(batch.len()));
        let sent = join_all(lines.iter().map(async |line| match line {
            Some(line) => Some((line, delivery::send(&config, &line.event()).await)),
            None => None,
        }))
        .await;
        self.under_way.set(self.under_way.get().saturating_sub(batch.len()));
        let mut statements = Statements::default();
        let mut all = self.kept.borrow_mut();
        // It may have been deleted meanwhile.
        let Some(kept) = all.get_mut(id) else { return Ok(()) };
        for (waiting, sent) in batch.iter().zip(sent) {
            match sent {
                Some((line, tried)) => heard(&mut statements, id, kept, waiting, line, &tried)?,
                None => kept.progress.drop_lost(waiting.at),
            }
        }
        Store::write_progress(&mut statements, id, &kept.progress)?;
        self.store.database.run(statements)
    }

    /// Hands what is to be told of endpoints over to the journal, in the background.
    pub(super) fn flush(register: &Rc<Self>) {
        if register.is_flushing.get() || register.has_no_notices().unwrap_or(false) {
            return;
        }
        register.is_flushing.set(true);
        let background = Rc::clone(register);
        register.in_background(async move {
            if let Err(error) = background.hand_over().await {
                platform::log_error("endpoints_journal", &error);
            }
            background.is_flushing.set(false);
        });
    }

    async fn hand_over(&self) -> Result<()> {
        let tenant = self.tenant.borrow().clone();
        let source = name(&self.env, &tenant).map_err(|problem| worker::Error::from(problem.key.into_owned()))?;
        let notices = self.store.notices()?;
        let Some(last) = notices.last().map(|(number, _)| *number) else { return Ok(()) };
        let lines = notices.into_iter().map(|(number, notice)| (number, Line::Endpoint(notice))).collect();
        journal::append(&self.env, &tenant, source, lines).await?;
        self.store.database.write("DELETE FROM notices WHERE number <= ?", &[last])
    }

    fn has_no_notices(&self) -> Result<bool> {
        Ok(self.tenant.borrow().is_empty() || self.store.notices()?.is_empty())
    }

    fn prune(&self) -> Result<()> {
        let now = platform::now();
        if now.saturating_sub(self.pruned_at.get()) < DAY || self.tenant.borrow().is_empty() {
            return Ok(());
        }
        self.pruned_at.set(now);
        self.store.prune(self.kept.borrow().keys(), now)
    }

    /// Sets the alarm: for the next attempt, for the next day's journal, and in any case soon. Without endpoints there is none.
    pub(super) fn rearm(&self) -> Result<()> {
        let kept = self.kept.borrow();
        let now = platform::now();
        if kept.is_empty() && self.has_no_notices()? {
            return Ok(());
        }
        let running = self.running.borrow();
        let wanted = kept.iter().filter_map(|(id, kept)| match kept.progress.next(now, OPEN) {
            _ if running.contains(id) => Some(now.saturating_add(AGAIN)),
            Next::Send(_) | Next::Read { .. } => Some(now.saturating_add(AGAIN)),
            Next::Rest(at) => at,
        });
        let (_, ends_at) = indian_day(now);
        let at = wanted.chain([now.saturating_add(EVERY), ends_at.saturating_add(SECOND)]).min().unwrap_or(now);
        let (at, known) = (at.max(now), self.alarm_at.get());
        // Each setting is a row; an alarm too many does no harm.
        if known >= now && known <= at {
            return Ok(());
        }
        self.alarm_at.set(at);
        self.store.database.arm(at)
    }
}

/// Writes down what came of a delivery, and says at once what nobody may miss.
fn heard(statements: &mut Statements, id: &str, kept: &mut Kept, waiting: &Waiting, line: &Line, tried: &Tried) -> Result<()> {
    let now = platform::now();
    let jitter = u16::from_be_bytes(platform::random().unwrap_or_default());
    let judged = kept.progress.heard(waiting, tried.heard, now, jitter);
    let mut attempt = tried.attempt(&line.event(), attempt_number(waiting));
    attempt.is_given_up = judged.is_given_up;
    attempt.next_at = judged.next_at;
    attempt.is_replay = waiting.is_replay;
    Store::write_attempt(statements, id, waiting.at, &attempt)?;
    let fault = tried.heard.fault();
    if judged.is_given_up {
        platform::log(
            &serde_json::json!({ "level": "alert", "event": "event_given_up", "endpoint": id, "id": attempt.event, "fault": fault }),
        );
    }
    if let Some(reason) = judged.disabled.filter(|_| kept.progress.disabled.is_some_and(|(at, _)| at == now)) {
        platform::log(
            &serde_json::json!({ "level": "alert", "event": "endpoint_disabled", "endpoint": id, "reason": reason.as_str(), "fault": fault }),
        );
        Store::write_notice(statements, &Notice { at: now, endpoint: id.to_owned(), reason: reason.as_str().to_owned() })?;
    }
    Ok(())
}
