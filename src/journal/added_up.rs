//! The sum of a journal's day. It is kept with the number of the last entry that is in it, so that each entry is added once, whatever the size of the day.

use serde::Deserialize;
use toran_core::journal::{Group, JournalAsk, JournalTold, Totals};
use toran_core::place::Place;
use worker::{Env, Result};

use super::{Pages, ask, index, something_else};
use crate::register::statements::Statements;

/// So many entries are added up at a time, and so often in one question.
const AT_ONCE: u64 = 20_000;
const TIMES: usize = 5;
/// From so many new entries on the sum is kept: fewer are added again.
const WORTH_KEEPING: u64 = 1_000;

/// What a tenant's day comes to so far.
pub(crate) async fn totals(env: &Env, tenant: &str, day: i64) -> Result<Totals> {
    match ask(env, Place::of_journal(index(env)?, tenant, day), &JournalAsk::AddUp).await? {
        JournalTold::Sum(totals) => Ok(totals),
        _ => Err(something_else()),
    }
}

impl Pages {
    pub(super) fn add_up(&self) -> Result<Totals> {
        let newest = self.newest()?;
        let mut totals: Totals = self.kept("totals")?.unwrap_or_default();
        let kept = totals.upto;
        for _ in 0..TIMES {
            let (after, upto) = (totals.upto, newest.min(totals.upto.saturating_add(AT_ONCE)));
            if upto > after {
                totals.add(self.groups(after, upto)?, upto);
            }
        }
        totals.is_whole = totals.upto >= newest;
        if totals.upto.saturating_sub(kept) >= WORTH_KEEPING {
            let mut statements = Statements::default();
            Self::keep(&mut statements, "totals", &totals)?;
            self.database.run(statements)?;
        }
        Ok(totals)
    }

    fn groups(&self, after: u64, upto: u64) -> Result<Vec<Group>> {
        let query = "SELECT entry ->> 'kind' AS kind, entry ->> 'operation' AS operation, entry ->> 'account' AS account,
            entry ->> 'outcome' AS outcome, entry ->> 'key' AS key, entry ->> 'moved' AS moved,
            entry ->> 'wire_reference' IS NOT NULL AS is_named, COUNT(*) AS count, SUM(IFNULL(entry ->> 'cost', 0)) AS cost
            FROM entries WHERE sequence > ? AND sequence <= ? AND entry ->> 'check' IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6, 7";
        self.database.rows(query, &(after, upto))
    }

    /// The number of the newest entry; 0 where there is none.
    pub(super) fn newest(&self) -> Result<u64> {
        #[derive(Deserialize)]
        struct Newest {
            newest: u64,
        }
        if !self.is_there()? {
            return Ok(0);
        }
        let newest: Vec<Newest> = self.database.rows("SELECT IFNULL(MAX(sequence), 0) AS newest FROM entries", &super::NONE)?;
        Ok(newest.first().map_or(0, |found| found.newest))
    }
}
