//! What a register has for the journals of its tenants: written in the transaction of the transition that it is about, handed over in batches, and deleted once a journal has it.
//!
//! After a crash or a lost reply an entry may be handed over twice; the journal recognises it by its number. An alarm is set for whatever is left; most entries leave with an alarm that rings anyway.

use std::rc::Rc;

use serde::Deserialize;
use toran_core::journal::{Entry, Line};
use toran_core::place::Place;
use toran_core::time::{MINUTE, Millis, SECOND};
use worker::Result;

use super::database::NONE;
use super::statements::Statements;
use super::{Kept, Register, object};
use crate::settings::Settings;
use crate::{journal, platform};

/// The number follows the last one, and the time: a number is never used again, also where all that had one are gone.
const INSERT: &str = "INSERT INTO outbox SELECT MAX(IFNULL((SELECT MAX(number) FROM outbox), 0), ?) + 1, ?, ?, ?";
/// So many entries are handed over at a time.
const BATCH: usize = 100;
/// How soon it is tried again when a journal cannot be reached, at first and at most.
const AGAIN: Millis = 2 * SECOND;
const AGAIN_AT_MOST: Millis = 5 * MINUTE;

/// How long handing over may take.
const DEADLINE: Millis = 10 * SECOND;

/// An entry for the journal of a tenant.
pub(crate) struct Outgoing {
    pub(super) tenant: String,
    pub(super) entry: Entry,
    /// How many requests its vendors were sent, over all claims.
    pub(super) attempt: u8,
}

impl Outgoing {
    /// The log line of a check that ended or waits: once it is saved.
    pub(super) fn log(&self) {
        let Entry { at, kind, operation, account, outcome, key, began_at, .. } = &self.entry;
        platform::log(&serde_json::json!({
            "level": "info",
            "event": "check",
            "check": self.entry.id(),
            "tenant": self.tenant,
            "operation": operation,
            "kind": kind,
            "outcome": outcome,
            "key": key,
            "account": account,
            "attempt": self.attempt,
            "ms": at.saturating_sub(*began_at),
        }));
    }

    pub(super) fn write(&self, statements: &mut Statements) -> Result<()> {
        let values = (platform::now().saturating_mul(1000), &self.tenant, self.entry.due_at(), serde_json::to_string(&self.entry)?);
        statements.add(INSERT, &values)
    }
}

/// An entry as it waits.
#[derive(Deserialize)]
struct Found {
    number: u64,
    tenant: String,
    entry: String,
}

/// How handing over goes.
#[derive(Clone, Copy, Default)]
pub(super) struct Flushing {
    is_under_way: bool,
    /// How often in a row it failed.
    failures: u32,
    /// Not before this time.
    not_before: Millis,
}

impl<K: Kept> Register<K> {
    /// When the outbox wants an alarm.
    pub(super) fn outbox_wake(&self) -> Result<Option<Millis>> {
        #[derive(Deserialize)]
        struct Due {
            due_at: Option<Millis>,
        }
        if !(K::HAS_OUTBOX && self.store.has_outbox()) {
            return Ok(None);
        }
        let due: Vec<Due> = self.store.database.rows("SELECT MIN(due_at) AS due_at FROM outbox", &NONE)?;
        let Flushing { is_under_way, not_before, .. } = self.flushing.get();
        // Should the instance die while it hands over, another one does.
        let not_before = if is_under_way { platform::now().saturating_add(DEADLINE) } else { not_before };
        Ok(due.into_iter().next().and_then(|due| due.due_at).map(|at| at.max(not_before)))
    }

    /// Hands over what there is, in the background.
    pub(super) fn flush(register: &Rc<Self>) -> Result<()> {
        let before = register.flushing.get();
        if before.is_under_way || before.not_before > platform::now() || register.outbox_wake()?.is_none() {
            return Ok(());
        }
        #[cfg(feature = "failpoints")]
        if crate::failpoints::holds_flush(register.store.storage())? {
            return Ok(());
        }
        register.flushing.set(Flushing { is_under_way: true, ..before });
        let background = Rc::clone(register);
        register.in_background(async move {
            let flushed = platform::within(DEADLINE, background.hand_over()).await.unwrap_or_else(|| Err("a journal is late".into()));
            let failures = if flushed.is_ok() { 0 } else { before.failures.saturating_add(1) };
            let pause = AGAIN.saturating_mul(1 << failures.min(20)).min(AGAIN_AT_MOST);
            let not_before = if failures == 0 { 0 } else { platform::now().saturating_add(pause) };
            background.flushing.set(Flushing { is_under_way: false, failures, not_before });
            for fault in [flushed.err(), background.rearm().err()].into_iter().flatten() {
                platform::log_error("journal", &fault);
            }
        });
        Ok(())
    }

    async fn hand_over(&self) -> Result<()> {
        let registers = Settings::of(&self.env).registers().map_err(|bad| worker::Error::from(bad.0))?;
        loop {
            let found: Vec<Found> =
                self.store.database.rows("SELECT number, tenant, entry FROM outbox ORDER BY number LIMIT ?", &[BATCH])?;
            let Some(last) = found.last().map(|found| found.number) else { return Ok(()) };
            let mut rest = found.as_slice();
            while let Some(Found { tenant, .. }) = rest.first() {
                let (of_tenant, others) = rest.split_at(rest.iter().take_while(|found| found.tenant == *tenant).count());
                rest = others;
                let entries: Vec<(u64, Entry)> =
                    of_tenant.iter().map(|found| Ok((found.number, serde_json::from_str(&found.entry)?))).collect::<Result<_>>()?;
                let waiting = entries.iter().map(|(_, entry)| entry).filter(|entry| entry.changes_waiting()).cloned().collect();
                let own = entries.first().and_then(|(_, entry)| Place::parse(&entry.check)).ok_or("an entry names no check")?;
                journal::append(
                    &self.env,
                    tenant,
                    object(K::KIND, own.register(registers)),
                    entries.into_iter().map(|(number, entry)| (number, Line::from(entry))).collect(),
                )
                .await?;
                journal::note(&self.env, tenant, waiting).await?;
            }
            self.store.database.write("DELETE FROM outbox WHERE number <= ?", &[last])?;
        }
    }
}
