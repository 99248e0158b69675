//! Searching the journals of a tenant, day after day. A day is searched in pieces, and one request asks a few: a search that finds nothing goes on with its cursor.

use toran_core::journal::{Cursor, Entry, Filter, JournalAsk, JournalTold, KEPT};
use toran_core::place::Place;
use toran_core::time::indian_day;
use worker::{Env, Result};

use super::{Pages, ask, index, something_else};
use crate::platform;

/// So many entries of a day one question looks at.
const LOOKED_AT: u64 = 20_000;
/// So many questions one search asks.
const QUESTIONS: usize = 32;

/// What passes a filter from a place on, in the order of the journals, and where to go on; `None` where nothing follows.
pub(crate) async fn search(env: &Env, tenant: &str, mut at: Cursor, limit: usize, filter: &Filter) -> Result<(Vec<Entry>, Option<Cursor>)> {
    let (index, mut found) = (index(env)?, Vec::new());
    // Nothing older is kept.
    let first = indian_day(platform::now().saturating_sub(KEPT)).0;
    if at.day < first {
        at = Cursor { day: first, sequence: 0 };
    }
    // What came late stands in the day after.
    let last = indian_day(filter.to).0.saturating_add(1).min(indian_day(platform::now()).0);
    for _ in 0..QUESTIONS {
        if at.day > last {
            return Ok((found, None));
        }
        let left = limit.saturating_sub(found.len());
        let question = JournalAsk::Search { day: at.day, after: at.sequence, limit: left, filter: filter.clone() };
        let JournalTold::Found { entries, searched, is_whole } = ask(env, Place::of_journal(index, tenant, at.day), &question).await?
        else {
            return Err(something_else());
        };
        at.sequence = searched;
        found.extend(entries.into_iter().map(|(_, entry)| entry));
        if is_whole {
            at = at.next_day();
        }
        if found.len() >= limit {
            break;
        }
    }
    Ok((found, (at.day <= last).then_some(at)))
}

impl Pages {
    pub(super) fn search(&self, after: u64, limit: usize, filter: &Filter) -> Result<JournalTold> {
        let newest = self.newest()?;
        let end = newest.min(after.saturating_add(LOOKED_AT));
        let Filter { from, to, operation, outcome, key, vendor } = filter;
        let query = "SELECT sequence, entry FROM entries WHERE sequence > ?1 AND sequence <= ?2
            AND entry ->> 'at' >= ?4 AND entry ->> 'at' < ?5 AND (?6 IS NULL OR entry ->> 'operation' = ?6)
            AND (?7 IS NULL OR entry ->> 'outcome' = ?7) AND (?8 IS NULL OR ?8 IN (entry ->> 'key', entry ->> 'vendor_key'))
            AND (?9 IS NULL OR entry ->> 'account' = ?9 OR entry ->> 'account' LIKE ?9 || '/%') ORDER BY sequence LIMIT ?3";
        let values = (after, end, limit, from, to, operation, outcome, key, vendor);
        let entries = if end > after { self.entries(query, &values)? } else { Vec::new() };
        let searched = if entries.len() >= limit { entries.last().map_or(end, |(last, _)| *last) } else { end };
        Ok(JournalTold::Found { entries, searched, is_whole: searched >= newest })
    }
}
