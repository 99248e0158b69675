//! A vendor's statement as it is uploaded: CSV text with a header line (RFC 4180). Read are `wire_reference` and `amount` (rupees), and where they are there `status` and `at`; nothing else is kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::journal::speakable;
use crate::problem::Problem;
use crate::time::{Millis, moment};
use crate::vendors::callback;

/// The most rows of a statement.
const MOST: usize = 10_000;
/// The number of the last line that may be a row; the first line is the header.
const MOST_LINES: usize = MOST + 1;
/// The words of `status` for what was credited and taken back again.
const TAKEN_BACK: &[&str] = &["reversed", "reversal", "returned", "refunded"];
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
        let mut rows: Vec<Stated> = Vec::new();
        let mut by_reference = BTreeMap::new();
        for (number, line) in (2..).zip(lines).filter(|(_, line)| line.iter().any(|field| !field.trim().is_empty())) {
            if number > MOST_LINES {
                return Err(refused(format!("A statement has at most {MOST} rows.")));
            }
            let field = |column: Option<usize>| column.and_then(|column| line.get(column)).map_or("", |field| field.trim());
            let reference = field(Some(reference)).to_ascii_lowercase();
            let paise = paise(field(Some(amount))).filter(|_| !reference.is_empty());
            let paise = paise.ok_or_else(|| refused(format!("Line {number} should have a wire_reference, and an amount such as 1.00.")))?;
            let is_one_of = |words: &[&str]| words.iter().any(|word| field(status).eq_ignore_ascii_case(word));
            let credited = match (status.is_none() || is_one_of(CREDITED), is_one_of(TAKEN_BACK)) {
                (true, _) => paise,
                (false, true) => paise.saturating_neg(),
                (false, false) => 0,
            };
            let is_told = callback::named(&reference).is_some() || is_number(&reference);
            let reference = if is_told { reference } else { hidden(&reference) };
            // Several lines of one request are one sum: it was credited twice, or taken back.
            if let Some(known) = by_reference.get(&reference).and_then(|index: &usize| rows.get_mut(*index)) {
                known.paise = known.paise.saturating_add(credited);
            } else {
                by_reference.insert(reference.clone(), rows.len());
                rows.push(Stated { reference, paise: credited, at: moment(field(at)) });
            }
        }
        for row in &mut rows {
            row.paise = row.paise.max(0);
        }
        Ok(Self { rows })
    }

    /// What was credited, in paise.
    #[must_use]
    pub fn paise(&self) -> i64 {
        self.rows.iter().map(|row| row.paise).fold(0, i64::saturating_add)
    }
}

/// Whether a reference that is none of ours is a number of somebody's books and may be kept as it is: a name, a payment address or an identifier may not.
fn is_number(reference: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_short = reference.len() <= 128 && reference.bytes().all(is_plain) && reference.bytes().any(|byte| byte.is_ascii_digit());
    is_short && speakable(reference).is_some()
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
        let statement = Statement::read(text.as_bytes(), |reference| format!("hidden {reference}"))?;
        Ok(statement.rows.into_iter().map(|row| (row.reference, row.paise)).collect())
    }

    #[test]
    fn a_statement_is_read_by_the_names_of_its_columns() {
        let ours = "00".repeat(33);
        let text = format!(
            "\u{feff}Date,Wire_Reference,Status,Amount\r\n2026-12-01,{ours},SUCCESS,1.00\r\nx,\"abc\"\"d\",failed,1\n\nx,9876543210,success,2.5"
        );
        assert_eq!(read(&text).unwrap(), [(ours, 100), ("hidden abc\"d".into(), 0), ("hidden 9876543210".into(), 250)]);
        assert_eq!(read("wire_reference,amount\nUTR-1,1").unwrap(), [("utr-1".to_owned(), 100)]);
        let several = "wire_reference,amount,status\na1,1,success\nb1,1,success\na1,1,success\nb1,1,Reversed\nc1,1,reversed\nd1,1,success\nd1,1,failed";
        let sums = [("a1", 200), ("b1", 0), ("c1", 0), ("d1", 100)].map(|(reference, paise)| (reference.to_owned(), paise));
        assert_eq!(read(several).unwrap(), sums, "lines of one request are one sum");
    }

    #[test]
    fn a_reference_of_nobody_knows_whom_is_told_where_it_is_a_number_and_nothing_else() {
        for hidden in ["rahul.sharma@okhdfcbank", "राहुल शर्मा", "neft ramesh kumar 1", "ramesh", "9876543210", "abcpe1234f"]
        {
            let read = read(&format!("wire_reference,amount\n{hidden},1")).unwrap();
            assert_eq!(read.first().map(|(reference, _)| reference.as_str()), Some(format!("hidden {hidden}").as_str()));
        }
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
