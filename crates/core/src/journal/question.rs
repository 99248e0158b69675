//! What the query of a list may say.

use serde_json::{Map, Value};

use crate::operations::Operation;
use crate::problem::Problem;
use crate::route;
use crate::time::{Millis, moment};

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
