//! A date of birth: day, month and year as a person types them, or year, month and day.
//!
//! The day comes first, as India writes it; the year has four digits, for two leave the century open; between the parts stands
//! one of `/ - .` or a space. The month may be a word (`15-Aug-1990`) where it was typed. The value is `YYYY-MM-DD` (ISO 8601). Refused: dates that no calendar has, and years outside 1900 to
//! 2099, in which no living customer was born. Not judged, for the core has no clock: whether the day has come, and the age.
//! Source: documents 000 (`YYYY-MM-DD`) and 003 sections 2.2 and 4.3 (`DD/MM/YYYY`, `DD-MM-YYYY`).

use time::Date;

use super::Kind;
use super::draft::{ALL, Draft, Wrong};
use super::form::Form;
use super::row::{Row, Words};
use super::verdict::{Fault, Reason};
use crate::json::Datum;
use crate::pieces;
use crate::script;
use crate::time::{calendar_date, digits, is_calendar_date};

pub(super) const ROW: Row =
    Row { name: "birth_date", labels: "DOB|DATEOFBIRTH|BIRTHDATE", words: WORDS, form, check, mask: |_| MASKED.to_owned() };

/// A day of birth cannot be shown in part: the year alone tells the age.
const MASKED: &str = "XXXXXX";

/// A possible day of birth.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BirthDate(Date);

/// A number as it stands in the text.
#[derive(Clone, Copy)]
struct Part<'a> {
    text: &'a str,
    number: u16,
    place: (usize, usize),
}

/// The parts in the order of the calendar, and whether the day was read before the month.
struct Parts<'a> {
    year: Part<'a>,
    month: Part<'a>,
    day: Part<'a>,
    day_first: bool,
}

const REWRITTEN: &str = "The date was written as year, month and day.";

impl BirthDate {
    /// The field's rule: trimmed; day, month, year or year, month, day.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (not 8 to 10 characters), [`Reason::Format`] (not three numbers, or a year without its
    /// century), [`Reason::Component`] (no such day, month or year), [`Reason::Value`] (the month has no such day).
    pub fn parse(input: &str) -> Result<Self, Fault> {
        let value = Kind::BirthDate.read(input)?;
        let date = Parts::of(&value).ok().and_then(|Parts { year, month, day, .. }| calendar_date(year.number, month.number, day.number));
        date.map(Self).ok_or_else(|| Kind::BirthDate.fault(Reason::Value))
    }

    /// The day.
    #[must_use]
    pub const fn expose(self) -> Date {
        self.0
    }

    /// `XXXXXX`.
    #[must_use]
    pub fn masked(self) -> String {
        MASKED.to_owned()
    }
}

fn check(draft: &mut Draft<'_>) {
    if !draft.shaped(8, 10, |_, c| c.is_ascii_digit() || is_separator(c)) {
        return;
    }
    let parts = match Parts::of(draft.text) {
        Ok(parts) => parts,
        Err(wrong) => return draft.blame(wrong),
    };
    if let Some(wrong) = parts.wrong_with() {
        return draft.blame(wrong);
    }
    let (sound, Parts { year, month, day, day_first }) = (&mut draft.sound, parts);
    let zero = |part: Part<'_>| if part.text.len() < 2 { "0" } else { "" };
    sound.value = [year.text, "-", zero(month), month.text, "-", zero(day), day.text].concat();
    for (name, part) in [("year", year), ("month", month), ("day", day)] {
        sound.tell(name, Datum::Count(part.number.into()));
    }
    if sound.value != draft.text {
        sound.warn("warning_date_rewritten", REWRITTEN);
    }
    if day_first && day.number <= 12 && day.number != month.number {
        sound.warn("warning_date_day_first", "Read as day, month and year.");
    }
}

impl<'a> Parts<'a> {
    /// Of digits and single separators only.
    fn of(text: &'a str) -> Result<Self, Wrong> {
        let mut start = 0_usize;
        let mut parts = pieces::between(text, SEPARATORS).map(|text| {
            let place = (start, start.saturating_add(text.len()));
            start = place.1.saturating_add(1);
            Part { text, number: digits(text, text.len()).unwrap_or(0), place }
        });
        let (Some(first), Some(month), Some(last), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            return Err(Wrong(Reason::Format, "", ALL));
        };
        match (first.text.len(), month.text.len(), last.text.len()) {
            (4, 1 | 2, 1 | 2) => Ok(Self { year: first, month, day: last, day_first: false }),
            (1 | 2, 1 | 2, 4) => Ok(Self { year: last, month, day: first, day_first: true }),
            (_, _, 2) => Err(Wrong(Reason::Format, "Write all four digits of the year.", last.place)),
            _ => Err(Wrong(Reason::Format, "", ALL)),
        }
    }

    fn wrong_with(&self) -> Option<Wrong> {
        let (year, month, day) = (self.year.number, self.month.number, self.day.number);
        let (hint, part) = if !(1900..=2099).contains(&year) {
            ("The year is not between 1900 and 2099.", self.year)
        } else if !(1..=12).contains(&month) {
            let swapped = self.day_first && (1..=12).contains(&day);
            (if swapped { "The day comes first, then the month." } else { "" }, self.month)
        } else if !(1..=31).contains(&day) {
            ("", self.day)
        } else {
            return (!is_calendar_date(year, month, day)).then_some(Wrong(Reason::Value, "", self.day.place));
        };
        Some(Wrong(Reason::Component, hint, part.place))
    }
}

/// What stands between the numbers.
const SEPARATORS: &[u8] = b"/-. ";

fn is_separator(c: char) -> bool {
    SEPARATORS.iter().any(|&separator| char::from(separator) == c)
}

const WORDS: Words = Words::Own(
    "A date of birth",
    &[
        (Reason::Component, "There is no such day, month or year of birth.", ""),
        (Reason::Value, "The month has no such day in that year.", ""),
        (Reason::Format, "A date of birth is day, month and year in digits, such as 15/08/1990.", ""),
    ],
);

/// Spaces around another separator are what input masks type; separators come in many widths.
fn form(form: &mut Form) {
    form.make_plain(|c| match c {
        '\u{ff0e}' => '.',
        '\u{ff0f}' => '/',
        _ if script::is_hyphen(c) => '-',
        _ if c.is_whitespace() => ' ',
        _ => c,
    });
    if pieces::at_first(&form.text(), b"/-.").is_some() {
        form.remove_separators(|c| c == ' ');
    } else {
        form.collapse_spaces();
    }
    form.fold_digits();
    if let Some(date) = in_digits(&form.text()) {
        form.rewrite(&date);
        form.warn("warning_date_rewritten", REWRITTEN);
    }
}

const MONTHS: &str = "JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER";

/// A date whose month is a word, in digits: "15-Aug-1990", "August 15th, 1990". The word says which part is the month, so nothing is guessed.
fn in_digits(text: &str) -> Option<String> {
    let mut parts = words(text)?;
    parts.retain(|part| !matches!(part.as_str(), "ST" | "ND" | "RD" | "TH"));
    let is_word = |part: &str| part.as_bytes().first().is_some_and(u8::is_ascii_uppercase);
    let (first, name, last) = match parts.as_slice() {
        [first, name, last] if is_word(name) => (first, name, last),
        [name, first, last] if is_word(name) => (first, name, last),
        _ => return None,
    };
    let is_month = |month: &str| name.len() >= 3 && month.as_bytes().starts_with(name.as_bytes());
    let number = pieces::between(MONTHS, b"|").position(is_month)?.saturating_add(1);
    let mut month = String::from(if number < 10 { "0" } else { "" });
    pieces::push_number(&mut month, u32::try_from(number).ok()?, 10);
    let (day, year) = if first.len() == 4 { (last, first) } else { (first, last) };
    let zero = if day.len() < 2 { "0" } else { "" };
    match year.len() {
        4 => Some([year, "-", &month, "-", zero, day].concat()),
        // Left where it stood, for the rule to name: the century is missing.
        2 => Some([first, "-", &month, "-", last].concat()),
        _ => None,
    }
}

/// The runs of digits and of letters, in capitals; `None` where something else than separators and commas stands between.
fn words(text: &str) -> Option<Vec<String>> {
    let (mut words, mut before) = (Vec::<String>::new(), ' ');
    for c in text.chars() {
        let class = match c {
            '0'..='9' => '0',
            'A'..='Z' | 'a'..='z' => 'A',
            _ if c == ',' || is_separator(c) => ' ',
            _ => return None,
        };
        match words.last_mut() {
            Some(word) if class == before && class != ' ' => word.push(c.to_ascii_uppercase()),
            _ if class != ' ' => words.push(c.to_ascii_uppercase().into()),
            _ => {}
        }
        before = class;
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn hint(date: &str) -> Option<String> {
        BirthDate::parse(date).err().and_then(|fault| fault.hint).map(Into::into)
    }

    #[test]
    fn a_date_tells_its_year_month_and_day_in_numbers() {
        let info = Some(Kind::BirthDate.drafted("5/07/1990").sound.info.to_value());
        assert_eq!(info, Some(json!({ "year": 1990, "month": 7, "day": 5 })));
    }

    #[test]
    fn a_month_that_stands_first_is_never_swapped_silently() {
        assert!(hint("08/15/1990").is_some_and(|hint| hint.contains("day comes first")));
        assert_eq!(hint("15/13/1990"), None);
        assert_eq!(hint("1990-15-08"), None);
    }

    #[test]
    fn a_year_without_its_century_is_asked_for_in_full() {
        assert!(hint("15/08/90").is_some_and(|hint| hint.contains("four digits")));
    }
}
