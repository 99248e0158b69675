//! A date of birth: day, month and year as a person types them, or year, month and day.
//!
//! The day comes first, as India writes it; the year has four digits, for two leave the century open; between the parts stands
//! one of `/ - .` or a space. The value is `YYYY-MM-DD` (ISO 8601). Refused: dates that no calendar has, and years outside 1900 to
//! 2099, in which no living customer was born. Not judged, for the core has no clock: whether the day has come, and the age.
//! Source: documents 000 (`YYYY-MM-DD`) and 003 sections 2.2 and 4.3 (`DD/MM/YYYY`, `DD-MM-YYYY`).

use time::Date;

use super::field::{ALL, Field, Wrong};
use super::form::Form;
use super::script;
use super::verdict::{Fault, Reason, Sound};
use super::{Row, checked};
use crate::time::calendar_date;

pub(super) const ROW: Row = Row {
    name: "birth_date",
    form,
    check: |text| checked(BirthDate::parse(text), |date| date.sound()),
    fault,
    mask: |_| MASKED.to_owned(),
};

/// A day of birth cannot be shown in part: the year alone tells the age.
const MASKED: &str = "XXXXXX";

/// A possible day of birth.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BirthDate {
    date: Date,
    /// The day was read before the month, and the other way round is a date too.
    ambiguous: bool,
}

/// A number, how many digits it has and where they stand.
#[derive(Clone, Copy)]
struct Part {
    number: u16,
    digits: usize,
    place: (usize, usize),
}

impl BirthDate {
    /// The field's rule: trimmed; day, month, year or year, month, day.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (not 8 to 10 characters), [`Reason::Format`] (not three numbers, or a year without its
    /// century), [`Reason::Component`] (no such day, month or year), [`Reason::Value`] (the month has no such day).
    pub fn parse(input: &str) -> Result<Self, Fault> {
        let field = Field::of(input);
        field.shaped(8..=10, |_, c| c.is_ascii_digit() || is_separator(c), fault)?;
        Self::read(field.text).map_err(|wrong| field.blame(wrong, fault))
    }

    /// Of digits and separators only.
    fn read(text: &str) -> Result<Self, Wrong> {
        let parts = parts(text);
        let &[first, second, third] = parts.as_slice() else { return Err(Wrong(Reason::Format, "", ALL)) };
        match (first.digits, second.digits, third.digits) {
            (4, 1 | 2, 1 | 2) => Self::of(third, second, first, false),
            (1 | 2, 1 | 2, 4) => Self::of(first, second, third, true),
            (_, _, 2) => Err(Wrong(Reason::Format, "Write all four digits of the year.", third.place)),
            _ => Err(Wrong(Reason::Format, "", ALL)),
        }
    }

    fn of(day: Part, month: Part, year: Part, day_first: bool) -> Result<Self, Wrong> {
        let component = |hint, part: Part| Err(Wrong(Reason::Component, hint, part.place));
        if !(1900..=2099).contains(&year.number) {
            return component("The year is not between 1900 and 2099.", year);
        }
        if !(1..=12).contains(&month.number) {
            let swapped = day_first && (1..=12).contains(&day.number);
            return component(if swapped { "The day comes first, then the month." } else { "" }, month);
        }
        if !(1..=31).contains(&day.number) {
            return component("", day);
        }
        let ambiguous = day_first && day.number <= 12 && day.number != month.number;
        let date = calendar_date(year.number, month.number, day.number).ok_or(Wrong(Reason::Value, "", day.place))?;
        Ok(Self { date, ambiguous })
    }

    /// The day.
    #[must_use]
    pub const fn expose(self) -> Date {
        self.date
    }

    /// `XXXXXX`.
    #[must_use]
    pub fn masked(self) -> String {
        MASKED.to_owned()
    }

    fn sound(self) -> Sound {
        let (year, month, day) = (self.date.year(), u8::from(self.date.month()), self.date.day());
        let mut sound = Sound::of(&format!("{year}-{month:02}-{day:02}"), self.masked());
        sound.tell("year", u16::try_from(year).unwrap_or_default().into());
        sound.tell("month", u16::from(month).into());
        sound.tell("day", u16::from(day).into());
        if self.ambiguous {
            sound.warn("warning_date_day_first", "Read as day, month and year.");
        }
        sound
    }
}

/// The numbers between single separators. None is longer than the field, so none that counts overflows.
fn parts(text: &str) -> Vec<Part> {
    let mut start = 0_usize;
    let part = |text: &str| {
        let place = (start, start.saturating_add(text.len()));
        start = place.1.saturating_add(1);
        Part { number: text.parse().unwrap_or(0), digits: text.len(), place }
    };
    text.split(is_separator).map(part).collect()
}

const fn is_separator(c: char) -> bool {
    matches!(c, '/' | '-' | '.' | ' ')
}

fn fault(reason: Reason) -> Fault {
    let message = match reason {
        Reason::Missing => "A date of birth is required.",
        Reason::Type => "A date of birth should be a string.",
        Reason::Empty => "The date of birth is empty.",
        Reason::Component => "There is no such day, month or year of birth.",
        Reason::Value => "The month has no such day in that year.",
        _ => "A date of birth is day, month and year in digits, such as 15/08/1990.",
    };
    Fault::new(ROW.name, reason, message)
}

/// Spaces around another separator are what input masks type; hyphens come in many widths.
fn form(form: &mut Form) {
    form.replace(|c| {
        if script::is_hyphen(c) {
            '-'
        } else if c.is_whitespace() {
            ' '
        } else {
            c
        }
    });
    if form.text().contains(['/', '-', '.']) {
        form.remove_separators(|c| c == ' ');
    } else {
        form.collapse_spaces();
    }
    form.fold_digits();
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
        let info = BirthDate::parse("5/07/1990").ok().map(|date| date.sound().info.to_value());
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
