//! What the query of a list may say.

use serde_json::{Map, Value};

use super::Filter;
use crate::keys::Outcome;
use crate::operations::Operation;
use crate::problem::Problem;
use crate::route;
use crate::time::{DAY, Millis, indian_day, moment, rfc3339};

/// The most that one page has, and what it has where nothing is said.
const PAGE: usize = 100;

/// What `GET /v1/events` is asked.
#[derive(Debug, PartialEq, Eq)]
pub struct EventsQuestion {
    /// Those after this cursor, as it was told.
    pub after: Option<String>,
    /// So many at most.
    pub limit: usize,
}

/// What `GET /v1/reviews` is asked.
#[derive(Debug, PartialEq, Eq)]
pub struct ReviewsQuestion {
    /// Those after this cursor, as it was told.
    pub after: Option<String>,
    /// Those that wait since before this time.
    pub before: Option<Millis>,
    /// Those of this operation.
    pub operation: Option<Operation>,
    /// Those that wait for this reason, or with this key of the vendor.
    pub key: Option<String>,
    /// So many at most.
    pub limit: usize,
}

/// What `GET /v1/ops/journal` is asked.
#[derive(Debug, PartialEq, Eq)]
pub struct JournalQuestion {
    /// Those after this cursor, as it was told.
    pub after: Option<String>,
    /// Those that pass this.
    pub filter: Filter,
    /// So many at most.
    pub limit: usize,
}

/// What `GET /v1/ops/totals` is asked.
#[derive(Debug, PartialEq, Eq)]
pub struct TotalsQuestion {
    /// The day in India, counted from 1 January 1970.
    pub day: i64,
}

/// The day of a date as `YYYY-MM-DD`, counted from 1 January 1970; `None` for any other text.
#[must_use]
pub fn day_of(date: &str) -> Option<i64> {
    let midnight = moment(&format!("{date}T00:00:00Z")).filter(|_| date.len() == 10)?;
    Some(midnight.div_euclid(DAY))
}

/// The date of a day, as `YYYY-MM-DD`.
#[must_use]
pub fn day_text(day: i64) -> String {
    rfc3339(day.saturating_mul(DAY)).chars().take(10).collect()
}

impl TotalsQuestion {
    /// Reads a query.
    ///
    /// # Errors
    /// [`Problem::malformed`], which names the parameter.
    pub fn read(query: &str, now: Millis) -> Result<Self, Problem> {
        let map = map_of(query, &["date"])?;
        let day = text(&map, "date").map(|date| day_of(&date).ok_or_else(no_date)).transpose()?;
        Ok(Self { day: day.unwrap_or(indian_day(now).0) })
    }
}

/// What is told of a date that is none.
#[must_use]
pub fn no_date() -> Problem {
    refused("date", "date should be a day as in 2026-12-01.")
}

impl JournalQuestion {
    /// Reads a query. Without `from` the day in India is listed, without `to` everything until now.
    ///
    /// # Errors
    /// [`Problem::malformed`], which names the parameter.
    pub fn read(query: &str, now: Millis) -> Result<Self, Problem> {
        let map = map_of(query, &["from", "to", "operation", "outcome", "key", "vendor", "after", "limit"])?;
        let time = |name: &str, default: Millis| {
            let detail = format!("{name} should be a time as in RFC 3339: 2026-11-30T18:30:00Z.");
            text(&map, name).map_or(Ok(default), |text| moment(&text).ok_or_else(|| refused(name, &detail)))
        };
        let today = indian_day(now).1.saturating_sub(DAY);
        let (operation, outcome) = (text(&map, "operation"), text(&map, "outcome"));
        if operation.as_deref().is_some_and(|name| Operation::from_name(name).is_none()) {
            return Err(refused("operation", "operation should be the name of one, such as bank.verify."));
        }
        let outcomes = [Outcome::Verified, Outcome::Negative, Outcome::Failed].map(Outcome::as_str);
        if outcome.as_deref().is_some_and(|name| !outcomes.contains(&name)) {
            return Err(refused("outcome", "outcome should be verified, negative or failed."));
        }
        let (from, to) = (time("from", today)?, time("to", now.saturating_add(1))?);
        let filter = Filter { from, to, operation, outcome, key: text(&map, "key"), vendor: text(&map, "vendor") };
        Ok(Self { after: text(&map, "after"), filter, limit: limit(&map)? })
    }
}

impl EventsQuestion {
    /// Reads a query.
    ///
    /// # Errors
    /// [`Problem::malformed`], which names the parameter.
    pub fn read(query: &str) -> Result<Self, Problem> {
        let map = map_of(query, &["after", "limit"])?;
        Ok(Self { after: text(&map, "after"), limit: limit(&map)? })
    }
}

impl ReviewsQuestion {
    /// Reads a query.
    ///
    /// # Errors
    /// [`Problem::malformed`], which names the parameter.
    pub fn read(query: &str) -> Result<Self, Problem> {
        let map = map_of(query, &["operation", "key", "before", "after", "limit"])?;
        let before = text(&map, "before")
            .map(|text| moment(&text).ok_or_else(|| refused("before", "before should be a time as in RFC 3339: 2026-11-30T18:30:00Z.")));
        let operation = text(&map, "operation").map(|name| {
            Operation::from_name(&name).ok_or_else(|| refused("operation", "operation should be the name of one, such as bank.verify."))
        });
        Ok(Self {
            after: text(&map, "after"),
            before: before.transpose()?,
            operation: operation.transpose()?,
            key: text(&map, "key"),
            limit: limit(&map)?,
        })
    }
}

fn refused(name: &str, detail: &str) -> Problem {
    Problem::malformed(detail.to_owned(), Some(name.to_owned()))
}

/// What is told of a cursor that the gateway did not make, or made for somebody else.
#[must_use]
pub fn no_cursor() -> Problem {
    refused("after", "after should be the next of an earlier answer, unchanged.")
}

fn map_of(query: &str, known: &[&str]) -> Result<Map<String, Value>, Problem> {
    let pairs = route::parameters(query).ok_or_else(|| Problem::malformed("The query cannot be read.".to_owned(), None))?;
    let mut map = Map::new();
    for (name, value) in pairs {
        if map.insert(name.clone(), value.into()).is_some() {
            return Err(refused(&name, "It is there twice."));
        }
    }
    Problem::of_unknown(&map, known, "")?;
    Ok(map)
}

fn text(map: &Map<String, Value>, name: &str) -> Option<String> {
    map.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn limit(map: &Map<String, Value>) -> Result<usize, Problem> {
    let Some(text) = text(map, "limit") else { return Ok(PAGE) };
    let limit = text.parse().ok().filter(|limit| (1..=PAGE).contains(limit));
    limit.ok_or_else(|| refused("limit", "limit should be a number from 1 to 100."))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_search_is_of_today_unless_it_says_otherwise_and_a_day_is_written_as_it_is_read() {
        let now = 1_795_292_332_000;
        let question = JournalQuestion::read("", now).unwrap();
        assert_eq!((question.filter.from, question.filter.to), (1_795_285_800_000, now + 1));
        let question = JournalQuestion::read("from=2026-11-30T18%3A30%3A00Z&outcome=verified&vendor=decentro&limit=3", now).unwrap();
        assert_eq!((question.filter.from, question.filter.outcome.as_deref(), question.limit), (1_796_063_400_000, Some("verified"), 3));
        for (query, field) in
            [("from=1", "from"), ("to=x", "to"), ("operation=bank", "operation"), ("outcome=yes", "outcome"), ("limit=0", "limit")]
        {
            let problem = JournalQuestion::read(query, now).unwrap_err();
            assert_eq!(problem.errors.first().map(|error| error.field.as_ref()), Some(field), "{query}");
        }
        assert_eq!(TotalsQuestion::read("", now).unwrap().day, indian_day(now).0);
        assert_eq!(day_text(TotalsQuestion::read("date=2026-12-01", now).unwrap().day), "2026-12-01");
        for query in ["date=2026-13-01", "date=1", "date=2026-12-01T00:00:00Z", "date=2026-12-1"] {
            assert_eq!(TotalsQuestion::read(query, now).unwrap_err().status(), 400, "{query}");
        }
    }

    #[test]
    fn a_query_is_read_and_what_is_wrong_in_it_is_named() {
        let read = EventsQuestion::read("after=s1.a.b&limit=7").unwrap();
        assert_eq!(read, EventsQuestion { after: Some("s1.a.b".into()), limit: 7 });
        assert_eq!(EventsQuestion::read("").unwrap(), EventsQuestion { after: None, limit: 100 });
        let reviews = ReviewsQuestion::read("operation=bank.verify&key=refused&before=2026-11-30T18%3A30%3A00Z").unwrap();
        assert_eq!((reviews.operation, reviews.key.as_deref()), (Some(Operation::BankVerify), Some("refused")));
        assert_eq!(reviews.before, Some(1_796_063_400_000));
        for (query, field) in [
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=-1", "limit"),
            ("limit=1&limit=2", "limit"),
            ("before=yesterday", "before"),
            ("operation=bank", "operation"),
            ("since=1", "since"),
        ] {
            let problem = ReviewsQuestion::read(query).unwrap_err();
            assert_eq!((problem.status(), problem.errors.first().map(|error| error.field.as_ref())), (400, Some(field)), "{query}");
        }
        assert_eq!(EventsQuestion::read("a=%ff").unwrap_err().status(), 400);
    }
}
