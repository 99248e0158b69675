//! Reconciliation in the journal of a day: which checks there are to compare, how far that is, and what it came to. The rules are [`toran_core::reconciliation`]'s.
//!
//! Looking up goes on by the object's alarm, a few checks at a time, so that no request waits for a whole day and a crash loses nothing but the look-ups under way. What the register of a check
//! says is written down at once. When all are compared the alarm is the journal's own again.

use futures_util::{StreamExt, stream};
use serde::Deserialize;
use serde_json::{Value, json};
use toran_core::check::message::{Ask, Asker, Told};
use toran_core::check::{Here, Reconciled, There};
use toran_core::journal::{Line, forget_at};
use toran_core::keys;
use toran_core::place::Place;
use toran_core::reconciliation::{self, ReconcileAsk, ReconcileTold, Report, Row, Run, Stated, Status, Sum};
use toran_core::time::{MINUTE, Millis, SECOND, indian_day};
use toran_core::vendors::{Account, callback};
use worker::{Env, Result};

use super::{NONE, Pages, index};
use crate::register::check;
use crate::register::statements::Statements;
use crate::settings::Settings;
use crate::{message, platform};

/// So many entries are looked through at a time, and so many checks compared in one alarm, that many of them at once.
const COLLECTED_AT_ONCE: usize = 500;
const COMPARED: usize = 16;
const AT_ONCE: usize = 4;
/// When an alarm that did not end is repeated.
const REPEATED: Millis = MINUTE;
/// How old a result with differences is when it is made again for whoever asks.
const FRESH: Millis = SECOND;
/// At which minute of the hour yesterday is looked after.
const DAILY_MINUTE: u32 = 20;

const TABLE: &str = "CREATE TABLE IF NOT EXISTS reconciled (
        number INTEGER PRIMARY KEY, reference TEXT NOT NULL UNIQUE, not_before INTEGER, status TEXT, paise_here INTEGER NOT NULL,
        paise_there INTEGER NOT NULL, operation TEXT, closed INTEGER NOT NULL, row TEXT NOT NULL
    )";
const STATEMENTS: &str = "CREATE TABLE IF NOT EXISTS statements (digest TEXT PRIMARY KEY, account TEXT NOT NULL, rows INTEGER NOT NULL, taken_at INTEGER NOT NULL) WITHOUT ROWID";
const RUN: &str = "run";

/// Begins to reconcile a tenant's day, or goes on.
pub(crate) async fn reconcile(env: &Env, tenant: &str, day: i64, again: bool) -> Result<Run> {
    match asked(env, tenant, day, &ReconcileAsk::Begin { tenant: tenant.to_owned(), day, again }).await? {
        ReconcileTold::Run(run) => Ok(run),
        _ => Err(super::something_else()),
    }
}

/// What it came to so far.
pub(crate) async fn report(env: &Env, tenant: &str, day: i64, status: Option<Status>, after: u64, limit: usize) -> Result<Report> {
    match asked(env, tenant, day, &ReconcileAsk::Report { status, after, limit }).await? {
        ReconcileTold::Report(report) => Ok(*report),
        _ => Err(super::something_else()),
    }
}

/// Takes a vendor's statement. Answers whether the same one came before.
pub(crate) async fn state(env: &Env, tenant: &str, day: i64, digest: String, account: Account, rows: Vec<Stated>) -> Result<bool> {
    match asked(env, tenant, day, &ReconcileAsk::State { day, digest, account, rows }).await? {
        ReconcileTold::Stated { is_known } => Ok(is_known),
        _ => Err(super::something_else()),
    }
}

/// Once an hour: reconciles the day before for each tenant, unless that was done since it was over. `minute`: minutes since the Unix epoch.
pub(crate) async fn daily(env: &Env, minute: u32) {
    let Ok(tenants) = Settings::of(env).tenants() else { return };
    if minute % 60 != DAILY_MINUTE {
        return;
    }
    let yesterday = indian_day(Millis::from(minute).saturating_mul(MINUTE)).0.saturating_sub(1);
    for tenant in tenants {
        if let Err(error) = reconcile(env, &tenant.id, yesterday, false).await {
            platform::log_error("reconciliation", &error);
        }
    }
}

async fn asked(env: &Env, tenant: &str, day: i64, question: &ReconcileAsk) -> Result<ReconcileTold> {
    let place = Place::of_journal(index(env)?, tenant, day);
    let told = message::ask(env, super::BINDING, &format!("journal/{place}"), reconciliation::ask(question)).await?;
    reconciliation::read_told(&told).ok_or_else(|| "the journal cannot be understood".into())
}

impl Pages {
    /// Answers a question about the reconciliation.
    pub(super) fn reconciled(&self, question: ReconcileAsk) -> Result<String> {
        let told = match question {
            ReconcileAsk::Begin { tenant, day, again } => ReconcileTold::Run(self.begin(tenant, day, again)?),
            ReconcileAsk::Report { status, after, limit } => ReconcileTold::Report(Box::new(self.report(status, after, limit)?)),
            ReconcileAsk::State { day, digest, account, rows } => {
                ReconcileTold::Stated { is_known: self.state(day, digest, &account, rows)? }
            }
        };
        Ok(reconciliation::told(&told))
    }

    fn begin(&self, tenant: String, day: i64, again: bool) -> Result<Run> {
        let (now, newest) = (platform::now(), self.newest()?);
        let known: Option<Run> = self.kept(RUN)?;
        // A day of which nothing is known is not written down.
        if newest == 0 && !self.has_table()? {
            return Ok(Run { tenant, day, began_at: now, ended_at: Some(now), collected: 0 });
        }
        if let Some(run) = &known {
            let is_old = run.ended_at.is_some_and(|at| at.saturating_add(FRESH) < now);
            let is_due = newest > run.collected || self.waits()? || (is_old && self.differs()?);
            if run.ended_at.is_none() {
                // Should its alarm have been lost.
                self.database.arm(now)?;
                return Ok(run.clone());
            }
            if !(again || is_due) {
                return Ok(run.clone());
            }
        }
        let collected = known.map_or(0, |run| run.collected);
        let run = Run { tenant, day, began_at: now, ended_at: None, collected };
        let mut statements = self.tables()?;
        let waiting = if again {
            "UPDATE reconciled SET not_before = ?, row = json_set(row, '$.tries', 0)"
        } else {
            "UPDATE reconciled SET not_before = ?, row = json_set(row, '$.tries', 0) WHERE status IS NULL OR status <> 'matched'"
        };
        statements.add(waiting, &[now])?;
        Self::keep(&mut statements, RUN, &run)?;
        self.database.run(statements)?;
        self.database.arm(now)?;
        Ok(run)
    }

    fn tables(&self) -> Result<Statements> {
        let mut statements = self.made()?;
        statements.add(TABLE, &NONE)?;
        statements.add("CREATE INDEX IF NOT EXISTS reconciled_due ON reconciled (not_before) WHERE not_before IS NOT NULL", &NONE)?;
        statements.add(STATEMENTS, &NONE)?;
        Ok(statements)
    }

    fn has_table(&self) -> Result<bool> {
        let there: Vec<Value> = self.database.rows("SELECT 1 AS one FROM sqlite_master WHERE name = 'reconciled'", &NONE)?;
        Ok(!there.is_empty())
    }

    fn any(&self, query: &str) -> Result<bool> {
        let found: Vec<Value> = if self.has_table()? { self.database.rows(query, &NONE)? } else { Vec::new() };
        Ok(!found.is_empty())
    }

    fn waits(&self) -> Result<bool> {
        self.any("SELECT 1 AS one FROM reconciled WHERE not_before IS NOT NULL LIMIT 1")
    }

    fn differs(&self) -> Result<bool> {
        self.any("SELECT 1 AS one FROM reconciled WHERE status <> 'matched' LIMIT 1")
    }

    fn state(&self, day: i64, digest: String, account: &Account, rows: Vec<Stated>) -> Result<bool> {
        let now = platform::now();
        let mut statements = self.tables()?;
        let is_new = !self.is_there()?;
        if self.has_table()? {
            let known: Vec<Value> = self.database.rows("SELECT 1 AS one FROM statements WHERE digest = ?", &[&digest])?;
            if !known.is_empty() {
                return Ok(true);
            }
        }
        statements.add("INSERT INTO statements VALUES (?, ?, ?, ?)", &(digest, account, rows.len(), now))?;
        for Stated { reference, paise, at } in rows {
            let place = callback::named(&reference).map(|(place, _)| place.to_string());
            let row = Row::of_statement(reference, place, account.clone(), at.unwrap_or(now), paise);
            let query = "INSERT INTO reconciled (reference, not_before, paise_here, paise_there, closed, row) VALUES (?1, ?2, 0, 0, 0, ?3)
                ON CONFLICT (reference) DO UPDATE SET not_before = ?2, row = json_set(row, '$.stated', CAST(?4 AS INTEGER), '$.tries', 0)";
            statements.add(query, &(&row.reference, now, serde_json::to_string(&row)?, paise))?;
        }
        self.database.run(statements)?;
        self.is_made.set(true);
        if is_new {
            self.database.arm(forget_at(day, now))?;
        }
        Ok(false)
    }

    fn report(&self, status: Option<Status>, after: u64, limit: usize) -> Result<Report> {
        let run: Run =
            self.kept(RUN)?.unwrap_or_else(|| Run { ended_at: Some(platform::now()), began_at: platform::now(), ..Run::default() });
        let totals = self.add_up()?;
        if !self.has_table()? {
            return Ok(Report { run, totals, ..Report::default() });
        }
        let sums: Vec<Sum> = self.database.rows(
            "SELECT operation, status, COUNT(*) AS count, SUM(paise_here) AS paise_here, SUM(paise_there) AS paise_there
            FROM reconciled GROUP BY 1, 2",
            &NONE,
        )?;
        let query = "SELECT number, row FROM reconciled WHERE number > ?1 AND
            CASE WHEN ?2 IS NULL THEN status IS NULL OR status <> 'matched' OR closed = 1 ELSE status = ?2 END ORDER BY number LIMIT ?3";
        let mut rows = self.rows_of(query, &(after, status.map(Status::name), limit.saturating_add(1)))?;
        let is_followed = rows.len() > limit;
        rows.truncate(limit);
        Ok(Report { run, sums, totals, rows, is_followed })
    }

    fn rows_of(&self, query: &str, values: &impl serde::Serialize) -> Result<Vec<Row>> {
        #[derive(Deserialize)]
        struct Found {
            number: u64,
            row: String,
        }
        let found: Vec<Found> = self.database.rows(query, values)?;
        found.into_iter().map(|Found { number, row }| Ok(Row { number, ..serde_json::from_str(&row)? })).collect()
    }

    /// What the alarm is for; `false` where the journal's time is over.
    pub(super) async fn go_on(&self) -> Result<bool> {
        let Some(run) = self.kept::<Run>(RUN)? else { return Ok(false) };
        let now = platform::now();
        if run.ended_at.is_some() {
            let at = forget_at(run.day, now);
            if at > now {
                self.database.arm(at)?;
            }
            return Ok(at > now);
        }
        self.database.arm(now.saturating_add(REPEATED))?;
        let run = self.collect(run)?;
        let due =
            self.rows_of("SELECT number, row FROM reconciled WHERE not_before <= ? ORDER BY not_before, number LIMIT ?", &(now, COMPARED))?;
        let compared: Vec<(Row, Reconciled)> =
            stream::iter(due).map(|row| self.compared(&run, row)).buffer_unordered(AT_ONCE).collect().await;
        for (row, reconciled) in compared {
            self.write_down(row, &reconciled)?;
        }
        self.next(run)?;
        Ok(true)
    }

    /// Takes what the journal has had since.
    fn collect(&self, mut run: Run) -> Result<Run> {
        let lines = self.read(run.collected, COLLECTED_AT_ONCE)?;
        let mut statements = Statements::default();
        for (sequence, line) in &lines {
            run.collected = *sequence;
            let Line::Check(entry) = line else { continue };
            let Some(row) = Row::of(entry) else { continue };
            let query = "INSERT INTO reconciled (reference, not_before, paise_here, paise_there, operation, closed, row) VALUES (?1, ?2, 0, 0, ?3, 0, ?4)
                ON CONFLICT (reference) DO UPDATE SET not_before = ?2, operation = ?3, row = json_patch(?4, json_object('stated', row ->> 'stated', 'status', row ->> 'status', 'closed', row ->> 'closed', 'here', row ->> 'here', 'there', row ->> 'there'))";
            let values =
                (&row.reference, platform::now(), row.operation.map(|operation| operation.row().name), serde_json::to_string(&row)?);
            statements.add(query, &values)?;
        }
        if !lines.is_empty() {
            Self::keep(&mut statements, RUN, &run)?;
            self.database.run(statements)?;
        }
        Ok(run)
    }

    /// What the register of a check says.
    async fn compared(&self, run: &Run, row: Row) -> (Row, Reconciled) {
        let of = |here, there| Reconciled { here, there, closed: false, held: None };
        let Some(place) = row.place.as_deref().and_then(Place::parse) else { return (row, of(Here::Unknown, There::Stated)) };
        let ask = Ask::Reconcile {
            tenant: run.tenant.clone(),
            account: row.account.clone(),
            reference: row.reference.clone(),
            moved: row.moved > 0,
        };
        let told = match check::ask(&self.env, place, Asker::server(), ask).await {
            Ok((Told::Answer { .. }, body)) => serde_json::from_str(&body).unwrap_or_else(|_| of(Here::Open, There::Unreachable)),
            Ok((Told::Problem(problem), _)) if problem.key == keys::REFERENCE_ID_NOT_FOUND => of(Here::Unknown, There::Stated),
            Ok(_) | Err(_) => of(Here::Open, There::Unreachable),
        };
        (row, told)
    }

    fn write_down(&self, row: Row, told: &Reconciled) -> Result<()> {
        let now = platform::now();
        let (before, stated, moved) = (row.status, row.stated, row.moved);
        let mut row = Row { here: Some(told.here), there: Some(told.there), closed: row.closed.max(u8::from(told.closed)), ..row };
        let (status, cause) = row.judged();
        let again = row.again(told.held, now);
        row.tries = row.tries.saturating_add(1);
        if again.is_none() {
            if status.is_difference() && before != Some(status) {
                difference(&row, status, &serde_json::to_value(cause)?);
            }
            row.status = Some(status);
        }
        let (here, there) = row.paise();
        self.database.write(
            "UPDATE reconciled SET not_before = ?, status = ?, paise_here = ?, paise_there = ?, closed = ?, row = ?
            WHERE number = ? AND row ->> 'stated' IS ? AND row ->> 'moved' = ?",
            // What a statement or the journal has said meanwhile stays, and is compared next.
            &(again, status, here, there, row.closed, serde_json::to_string(&row)?, row.number, stated, moved),
        )
    }

    /// Ends, or says when it goes on.
    fn next(&self, run: Run) -> Result<()> {
        #[derive(Deserialize)]
        struct Next {
            next: Option<Millis>,
        }
        let now = platform::now();
        let next: Vec<Next> = self.database.rows("SELECT MIN(not_before) AS next FROM reconciled WHERE not_before IS NOT NULL", &NONE)?;
        let next = next.into_iter().next().and_then(|found| found.next);
        let next = if self.newest()? > run.collected { Some(now) } else { next };
        if let Some(at) = next {
            return self.database.arm(at.max(now));
        }
        let (mut statements, day) = (Statements::default(), run.day);
        Self::keep(&mut statements, RUN, &Run { ended_at: Some(now), ..run })?;
        self.database.run(statements)?;
        self.database.arm(forget_at(day, now))
    }
}

/// The alert of a difference.
fn difference(row: &Row, status: Status, cause: &Value) {
    platform::log(&json!({
        "level": "alert",
        "event": "reconciliation_difference",
        "vendor": row.account.vendor(),
        "account": row.account.name(),
        "operation": row.operation,
        "status": status,
        "cause": cause,
        "check": row.check(),
    }));
}
