//! Making journals again from the registers: what a day lost is written into it, what it has stays as it is. An entry that came late stands in the day after its own, so that is looked at too.

use serde::Deserialize;
use toran_core::journal::{Entry, EntryKind, JournalAsk, JournalTold, forget_at};
use toran_core::place::Place;
use toran_core::time::indian_day;
use worker::{Env, Result};

use super::{Pages, ask, index, note, something_else};
use crate::platform;

/// Writes those of these entries of a tenant that its journals do not have. Answers how many there were.
pub(crate) async fn restore(env: &Env, tenant: &str, mut entries: Vec<Entry>) -> Result<usize> {
    let waiting = entries.iter().filter(|entry| entry.kind == EntryKind::Review).cloned().collect();
    note(env, tenant, waiting).await?;
    let mut restored: usize = 0;
    entries.sort_by_key(|entry| entry.at);
    let days: Vec<i64> = entries.iter().map(|entry| indian_day(entry.at).0).collect();
    for day in days.iter().enumerate().filter(|(number, day)| number.checked_sub(1).and_then(|before| days.get(before)) != Some(*day)) {
        let (_, day) = day;
        let mut of_day: Vec<Entry> = entries.iter().filter(|entry| indian_day(entry.at).0 == *day).cloned().collect();
        for (day, is_written) in [(day.saturating_add(1), false), (*day, true)] {
            if !of_day.is_empty() {
                let question = JournalAsk::Restore { day, entries: of_day, is_written };
                of_day = match ask(env, Place::of_journal(index(env)?, tenant, day), &question).await? {
                    JournalTold::Missing(entries) => entries,
                    _ => return Err(something_else()),
                };
            }
        }
        restored = restored.saturating_add(of_day.len());
    }
    Ok(restored)
}

impl Pages {
    pub(super) fn restore(&self, day: i64, entries: Vec<Entry>, is_written: bool) -> Result<Vec<Entry>> {
        #[derive(Deserialize)]
        struct Known {
            entry: String,
        }
        let checks: Vec<&str> = entries.iter().map(|entry| entry.check.as_str()).collect();
        let query = "SELECT entry FROM entries WHERE entry ->> 'check' IN (SELECT value FROM json_each(?))";
        let known: Vec<Known> = if self.is_there()? { self.database.rows(query, &[serde_json::to_string(&checks)?])? } else { Vec::new() };
        let known: Vec<String> =
            known.iter().map(|found| Ok(serde_json::from_str::<Entry>(&found.entry)?.name())).collect::<Result<_>>()?;
        let missing: Vec<Entry> = entries.into_iter().filter(|entry| !known.contains(&entry.name())).collect();
        if is_written && !missing.is_empty() {
            let (mut statements, is_new) = (self.made()?, !self.is_made.get());
            for entry in &missing {
                statements.add("INSERT INTO entries (entry) VALUES (?)", &[serde_json::to_string(entry)?])?;
            }
            if is_new {
                self.database.arm(forget_at(day, platform::now()).max(platform::now()))?;
            }
            self.run(statements)?;
        }
        Ok(missing)
    }
}
