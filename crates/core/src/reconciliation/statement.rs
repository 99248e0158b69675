//! A vendor's statement as it is uploaded: CSV text with a header line (RFC 4180). Read are `wire_reference` and `amount` (rupees), and where they are there `status` and `at`; nothing else is kept.

use serde::{Deserialize, Serialize};

use crate::journal::speakable;
use crate::problem::Problem;
use crate::time::{Millis, moment};
use crate::vendors::callback;

/// The most rows of a statement.
const MOST: usize = 10_000;
/// The words of `status` for a transfer that reached its account. Without a status each row is one.
const CREDITED: &[&str] = &["success", "successful", "credited", "completed", "settled"];

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stated {
    /// Our reference as the vendor writes it, in small letters.
    pub reference: String,
    /// What was credited, in paise; 0 for what was not.
    pub paise: i64,
    /// When, where it says so.
    pub at: Option<Millis>,
}

/// A statement.
#[derive(Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its rows.
    pub rows: Vec<Stated>,
}

impl Statement {
    /// Reads it. `hidden`: what stands for a reference that is none of ours and may name a person.
    ///
    /// # Errors
    /// 400, with the line that cannot be read.
    pub fn read(body: &[u8], hidden: impl Fn(&str) -> String) -> Result<Self, Problem> {
        let refused = |detail: String| Problem::malformed(detail, None);
        let text = std::str::from_utf8(body).map_err(|_| refused("The statement is no UTF-8 text.".into()))?;
        let mut lines =
            records(text.trim_start_matches('\u{feff}')).ok_or_else(|| refused("A quotation mark is not closed.".into()))?.into_iter();
        let header: Vec<_> = lines.next().unwrap_or_default().iter().map(|name| name.trim().to_ascii_lowercase()).collect();
        let column = |name: &str| header.iter().position(|known| known == name);
        let (Some(reference), Some(amount)) = (column("wire_reference"), column("amount")) else {
            return Err(refused("The first line should name the columns wire_reference and amount.".into()));
        };
        let (status, at) = (column("status"), column("at"));
        let mut rows = Vec::new();
        for (number, line) in (2..).zip(lines).filter(|(_, line)| line.iter().any(|field| !field.trim().is_empty())) {
            if rows.len() >= MOST {
                return Err(refused(format!("A statement has at most {MOST} rows.")));
            }
            let field = |column: Option<usize>| column.and_then(|column| line.get(column)).map_or("", |field| field.trim());
            let reference = field(Some(reference)).to_ascii_lowercase();
            let paise = paise(field(Some(amount))).filter(|_| !reference.is_empty());
            let paise = paise.ok_or_else(|| refused(format!("Line {number} should have a wire_reference, and an amount such as 1.00.")))?;
            let is_credited = status.is_none() || CREDITED.iter().any(|word| field(status).eq_ignore_ascii_case(word));
            let is_told = callback::named(&reference).is_some() || (speakable(&reference).is_some() && reference.len() <= 128);
            let reference = if is_told { reference } else { hidden(&reference) };
            rows.push(Stated { reference, paise: if is_credited { paise } else { 0 }, at: moment(field(at)) });
        }
        Ok(Self { rows })
    }

    /// What was credited, in paise.
    #[must_use]
    pub fn paise(&self) -> i64 {
        self.rows.iter().map(|row| row.paise).fold(0, i64::saturating_add)
    }
}

/// An amount of rupees with at most two decimals, in paise.
fn paise(text: &str) -> Option<i64> {
    let (rupees, rest) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if rupees.is_empty() || rupees.len() > 12 || rest.len() > 2 || !is_number(rupees) || !is_number(rest) {
        return None;
    }
    let paise: i64 = format!("{rest:0<2}").parse().ok()?;
    rupees.parse::<i64>().ok()?.checked_mul(100)?.checked_add(paise)
}

/// The records of a CSV text; `None` where a quotation mark is not closed.
fn records(text: &str) -> Option<Vec<Vec<String>>> {
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut letters = text.chars().peekable();
    let mut is_quoted = false;
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => field.extend(letters.next()),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => record.push(std::mem::take(&mut field)),
            '\n' if !is_quoted => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            '\r' if !is_quoted => {}
            letter => field.push(letter),
        }
    }
    if !(field.is_empty() && record.is_empty()) {
        record.push(field);
        records.push(record);
    }
    (!is_quoted).then_some(records)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn read(text: &str) -> Result<Vec<(String, i64)>, Problem> {
        let statement = Statement::read(text.as_bytes(), |_| "hidden".into())?;
        Ok(statement.rows.into_iter().map(|row| (row.reference, row.paise)).collect())
    }

    #[test]
    fn a_statement_is_read_by_the_names_of_its_columns() {
        let ours = "00".repeat(33);
        let text = format!(
            "\u{feff}Date,Wire_Reference,Status,Amount\r\n2026-12-01,{ours},SUCCESS,1.00\r\nx,\"abc\"\"d\",failed,1\n\nx,9876543210,success,2.5"
        );
        assert_eq!(read(&text).unwrap(), [(ours, 100), ("abc\"d".into(), 0), ("hidden".into(), 250)]);
        assert_eq!(read("wire_reference,amount\na,1").unwrap(), [("a".to_owned(), 100)]);
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_line() {
        for (text, detail) in [
            ("", "columns"),
            ("reference,amount\na,1", "columns"),
            ("wire_reference,amount\na,1\nb,1.234", "Line 3"),
            ("wire_reference,amount\n,1", "Line 2"),
            ("wire_reference,amount\na,-1", "Line 2"),
            ("wire_reference,amount\n\"a,1", "closed"),
        ] {
            let problem = read(text).unwrap_err();
            assert!(problem.status() == 400 && problem.detail.as_deref().is_some_and(|told| told.contains(detail)), "{text}");
        }
        let many = format!("wire_reference,amount\n{}", "a,1\n".repeat(10_001));
        assert_eq!(read(&many).unwrap_err().status(), 400);
    }
}
