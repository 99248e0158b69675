//! What a reconciliation is told as: JSON, and CSV for a spreadsheet. Money is in paise.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Row, Run, Status};
use crate::check::{Here, There};
use crate::journal::{Totals, day_text};
use crate::operations::Operation;
use crate::time::{Millis, SECOND, rfc3339};

/// Transfers that are alike, added up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// The operation; none for what only a statement names.
    pub operation: Option<Operation>,
    /// What they came to; none for those that wait.
    pub status: Option<Status>,
    /// How many there are.
    pub count: i64,
    /// The rupees that moved here.
    pub paise_here: i64,
    /// And there.
    pub paise_there: i64,
}

/// What a reconciliation came to so far, and a page of its lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// How it goes.
    pub run: Run,
    /// All of it, added up.
    pub sums: Vec<Sum>,
    /// The day's journal, added up.
    pub totals: Totals,
    /// The lines of the page.
    pub rows: Vec<Row>,
    /// Whether more follow.
    pub is_followed: bool,
}

/// What document 003 section 7 estimates per onboarding: the calls and their price in paise, the sum without the upload and with it.
const ESTIMATE: &[(Operation, i64)] =
    &[(Operation::PanVerify, 200), (Operation::BankVerify, 400), (Operation::CkycSearch, 400), (Operation::CkycUpload, 900)];
const ESTIMATE_FROM: i64 = 1_000;
const ESTIMATE_TO: i64 = 1_900;

/// The columns of the CSV.
const COLUMNS: [&str; 16] = [
    "status",
    "operation",
    "vendor",
    "account",
    "check",
    "reference_id",
    "wire_reference",
    "here",
    "there",
    "paise_here",
    "paise_there",
    "at",
    "age_s",
    "cause",
    "next",
    "closed",
];
/// With what a spreadsheet begins a formula.
const FORMULA: &[char] = &['=', '+', '-', '@', '\t', '\r'];

impl Report {
    fn sum(&self, of: impl Fn(&Sum) -> i64) -> i64 {
        self.sums.iter().map(of).fold(0, i64::saturating_add)
    }

    /// The body of `GET /v1/ops/reconciliation/{date}`. `next`: the cursor behind the page.
    #[must_use]
    pub fn to_json(&self, tenant: &str, day: i64, next: Option<&str>, now: Millis) -> Value {
        let count = |status: Status| self.sum(|sum| if sum.status == Some(status) { sum.count } else { 0 });
        let waiting = self.sum(|sum| if sum.status.is_none() { sum.count } else { 0 });
        let cost = self.totals.operations().into_iter().map(|operation| self.totals.of_operation(operation).2).fold(0, i64::saturating_add);
        let operations: Vec<_> = self.totals.operations().into_iter().map(|operation| self.operation(operation)).collect();
        json!({
            "tenant": tenant,
            "date": day_text(day),
            "state": if self.run.ended_at.is_some() { "done" } else { "running" },
            "began_at": rfc3339(self.run.began_at),
            "ended_at": self.run.ended_at.map(rfc3339),
            "totals": {
                "checks": self.sum(|sum| if sum.operation.is_some() { sum.count } else { 0 }),
                "matched": count(Status::Matched),
                "mismatched": count(Status::Mismatched),
                "missing_here": count(Status::MissingHere),
                "missing_there": count(Status::MissingThere),
                "unchecked": count(Status::Unchecked).saturating_add(waiting),
                "paise_here": self.sum(|sum| sum.paise_here),
                "paise_there": self.sum(|sum| sum.paise_there),
                "cost": cost,
                "kins": self.totals.kins(),
            },
            "operations": operations,
            "onboarding": self.onboarding(),
            "lines": self.rows.iter().map(|row| row.line(now)).collect::<Vec<_>>(),
            "next": next,
        })
    }

    fn operation(&self, operation: Operation) -> Value {
        let (checks, _, cost) = self.totals.of_operation(operation);
        let of = |value: fn(&Sum) -> i64| self.sum(|sum| if sum.operation == Some(operation) { value(sum) } else { 0 });
        let (here, there) = (of(|sum| sum.paise_here), of(|sum| sum.paise_there));
        json!({ "operation": operation, "checks": checks, "paise_here": here, "paise_there": there, "cost": cost })
    }

    fn onboarding(&self) -> Value {
        let average = |operation| {
            let (checks, _, cost) = self.totals.of_operation(operation);
            cost.checked_div(checks)
        };
        let item = |(operation, estimate): &(Operation, i64)| {
            let (checks, _, cost) = self.totals.of_operation(*operation);
            json!({ "operation": operation, "checks": checks, "cost": cost, "average": average(*operation), "estimate": estimate })
        };
        let sum = ESTIMATE.iter().filter_map(|(operation, _)| average(*operation)).fold(0, i64::saturating_add);
        let items: Vec<_> = ESTIMATE.iter().map(item).collect();
        json!({ "items": items, "average": sum, "estimate": { "from": ESTIMATE_FROM, "to": ESTIMATE_TO } })
    }

    /// The lines as CSV (RFC 4180): a header, every field in quotation marks. No byte order mark: all of it is ASCII. What a spreadsheet would take for a formula has an apostrophe in front.
    #[must_use]
    pub fn to_csv(&self, now: Millis) -> String {
        let mut text = record(COLUMNS.iter().map(|name| (*name).to_owned()));
        for row in &self.rows {
            let line = row.line(now);
            text.push_str(&record(COLUMNS.iter().map(|name| match line.get(*name) {
                Some(Value::String(text)) => text.clone(),
                Some(Value::Null) | None => String::new(),
                Some(other) => other.to_string(),
            })));
        }
        text
    }
}

fn record(fields: impl Iterator<Item = String>) -> String {
    let quoted = |field: String| {
        let guard = if field.starts_with(FORMULA) && field.parse::<i64>().is_err() { "'" } else { "" };
        format!("\"{guard}{}\"", field.replace('"', "\"\""))
    };
    let mut text = fields.map(quoted).collect::<Vec<_>>().join(",");
    text.push_str("\r\n");
    text
}

impl Row {
    /// The line of it.
    #[must_use]
    pub fn line(&self, now: Millis) -> Value {
        let ((status, cause), (here, there)) = (self.judged(), self.paise());
        let (cause, next) = cause.row();
        json!({
            "status": status,
            "operation": self.operation,
            "vendor": self.account.vendor(),
            "account": self.account.name(),
            "check": self.check(),
            "reference_id": self.reference_id,
            "wire_reference": self.wire_reference.as_ref().unwrap_or(&self.reference),
            "here": self.here.unwrap_or(Here::Unknown),
            "there": self.there.unwrap_or(There::Unreachable),
            "paise_here": here,
            "paise_there": there,
            "at": rfc3339(self.at),
            "age_s": now.saturating_sub(self.at).max(0).div_euclid(SECOND),
            "cause": cause,
            "next": next,
            "closed": self.closed > 0,
        })
    }
}
