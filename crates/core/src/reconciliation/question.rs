//! What the paths and queries of reconciliation may say.

use super::Status;
use crate::account::Account;
use crate::journal::{day_of, no_date};
use crate::operations::{Class, OPERATIONS};
use crate::problem::Problem;
use crate::route;
use crate::time::{Millis, indian_day};

/// The most lines of a page, and of a CSV file.
const PAGE: usize = 100;
const FILE: usize = 5_000;
/// What the name of a CSV file ends with.
const CSV: &str = ".csv";

/// What `GET /v1/ops/reconciliation/{date}` is asked.
#[derive(Debug, PartialEq, Eq)]
pub struct ReportQuestion {
    /// The day in India.
    pub day: i64,
    /// Whether it is told as CSV.
    pub is_csv: bool,
    /// Those of one status.
    pub status: Option<Status>,
    /// Those after this cursor, as it was told.
    pub after: Option<String>,
    /// So many at most.
    pub limit: usize,
}

/// What `POST /v1/ops/statements` is asked.
#[derive(Debug, PartialEq, Eq)]
pub struct StatementQuestion {
    /// The day in India.
    pub day: i64,
    /// The vendor account that it is of.
    pub account: Account,
}

fn refused(name: &str, detail: &str) -> Problem {
    Problem::malformed(detail.to_owned(), Some(name.to_owned()))
}

fn parameters(query: &str, known: &[&str]) -> Result<Vec<(String, String)>, Problem> {
    let pairs = route::parameters(query).ok_or_else(|| Problem::malformed("The query cannot be read.".to_owned(), None))?;
    match pairs.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        Some((name, _)) => Err(refused(name, "There is no such parameter.")),
        None => Ok(pairs),
    }
}

fn text<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value.as_str())
}

fn past(date: &str, now: Millis) -> Result<i64, Problem> {
    let day = day_of(date).ok_or_else(no_date)?;
    if day > indian_day(now).0 { Err(refused("date", "This day has not begun.")) } else { Ok(day) }
}

impl ReportQuestion {
    /// Reads the last part of the path, and the query.
    ///
    /// # Errors
    /// [`Problem::malformed`], which names the parameter.
    pub fn read(name: &str, query: &str, now: Millis) -> Result<Self, Problem> {
        let pairs = parameters(query, &["status", "after", "limit"])?;
        let (date, is_csv) = name.strip_suffix(CSV).map_or((name, false), |date| (date, true));
        let most = if is_csv { FILE } else { PAGE };
        let status = text(&pairs, "status").map(|name| {
            Status::named(name)
                .ok_or_else(|| refused("status", "status should be one of matched, mismatched, missing_here, missing_there, unchecked."))
        });
        let limit = text(&pairs, "limit").map_or(Some(most), |limit| limit.parse().ok().filter(|limit| (1..=most).contains(limit)));
        let limit = limit.ok_or_else(|| refused("limit", "limit should be a number from 1 to 100."))?;
        Ok(Self { day: past(date, now)?, is_csv, status: status.transpose()?, after: text(&pairs, "after").map(str::to_owned), limit })
    }
}

impl StatementQuestion {
    /// Reads a query.
    ///
    /// # Errors
    /// [`Problem::malformed`], which names the parameter.
    pub fn read(query: &str, now: Millis) -> Result<Self, Problem> {
        let pairs = parameters(query, &["date", "vendor", "account"])?;
        let day = past(text(&pairs, "date").unwrap_or_default(), now)?;
        let vendor = text(&pairs, "vendor").unwrap_or_default();
        let moves_money = OPERATIONS.iter().any(|row| row.class == Class::Money && row.vendors.contains(&vendor));
        let name = text(&pairs, "account").map_or_else(|| vendor.to_owned(), |name| format!("{vendor}/{name}"));
        match Account::parse(&name).filter(|_| moves_money) {
            Some(account) => Ok(Self { day, account }),
            None => {
                Err(refused("vendor", "vendor should be one that moves money, such as decentro; account the name of an account there."))
            }
        }
    }
}
