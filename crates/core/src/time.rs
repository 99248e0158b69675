//! Time as a number: milliseconds since the Unix epoch, and its texts.
//!
//! There is no clock here: `now` is always a parameter, and the only clock is the shell's (`src/platform.rs`).

use time::format_description::well_known::Rfc3339;
use time::macros::{format_description, offset};
use time::{Date, Month, OffsetDateTime};

use crate::pieces;

/// Milliseconds since the Unix epoch.
pub type Millis = i64;

/// One second.
pub const SECOND: Millis = 1_000;
/// One minute.
pub const MINUTE: Millis = 60 * SECOND;
/// One hour.
pub const HOUR: Millis = 60 * MINUTE;
/// One day.
pub const DAY: Millis = 24 * HOUR;

/// `2026-11-21T20:18:52Z`: RFC 3339 in UTC, to the second.
#[must_use]
pub fn rfc3339(at: Millis) -> String {
    OffsetDateTime::from_unix_timestamp(at.div_euclid(SECOND)).ok().and_then(|moment| moment.format(&Rfc3339).ok()).unwrap_or_default()
}

/// The moment that a text in RFC 3339 names.
#[must_use]
pub fn moment(text: &str) -> Option<Millis> {
    let moment = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    i64::try_from(moment.unix_timestamp_nanos().div_euclid(1_000_000)).ok()
}

/// `20261122014852`: year to second of Indian Standard Time, the form that Wibmo wants (document 002).
#[must_use]
pub fn indian_digits(at: Millis) -> String {
    let moment = OffsetDateTime::from_unix_timestamp(at.div_euclid(SECOND)).ok();
    let indian = moment.map(|moment| moment.to_offset(offset!(+05:30)));
    indian.and_then(|moment| moment.format(format_description!("[year][month][day][hour][minute][second]")).ok()).unwrap_or_default()
}

/// The whole seconds from `now` until `then`, rounded up, at least 1: the value of `Retry-After`.
#[must_use]
pub fn seconds_until(then: Millis, now: Millis) -> u32 {
    let millis = then.saturating_sub(now).max(1);
    u32::try_from(millis.saturating_add(SECOND - 1).div_euclid(SECOND)).unwrap_or(u32::MAX)
}

/// Reads a date `DD/MM/YYYY`, the form of document 003 section 2.2, exactly.
#[must_use]
pub fn day_month_year(text: &str) -> Option<Date> {
    digital_date(text, '/')
}

/// Reads a date of two digits for the day, two for the month and four for the year, with this sign in between: `DD-MM-YYYY` in document 003
/// section 4.3.
#[must_use]
pub fn digital_date(text: &str, sign: char) -> Option<Date> {
    digital_parts(text, sign).and_then(|(year, month, day)| calendar_date(year, month, day))
}

/// Whether there is such a date.
pub(crate) fn is_digital_date(text: &str, sign: char) -> bool {
    digital_parts(text, sign).is_some_and(|(year, month, day)| is_calendar_date(year, month, day))
}

/// Year, month and day of a text of that form, whatever they are.
pub(crate) fn digital_parts(text: &str, sign: char) -> Option<(u16, u16, u16)> {
    let sign = [u8::try_from(sign).ok()?];
    let mut parts = pieces::between(text, &sign);
    let (day, month, year) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?, digits(parts.next()?, 4)?);
    if parts.next().is_some() { None } else { Some((year, month, day)) }
}

/// Year, month and day of a date in any of the forms in which vendors write one: `DD/MM/YYYY`, `DD-MM-YYYY`, `YYYY-MM-DD`, `DD-Mon-YYYY`; a time may
/// stand behind a `T` or a space. `None` for what is no date, and for a day that the calendar does not have.
pub(crate) fn written_parts(text: &str) -> Option<(u16, u16, u16)> {
    let text = pieces::at_first(text, b"T ").map_or(text, |(day, _)| day);
    let numbers = || {
        let mut parts = pieces::between(text, b"-");
        let (first, month, last) = (parts.next()?, parts.next()?, parts.next().filter(|_| parts.next().is_none())?);
        let numbered = |year, month, day| Some((digits(year, 4)?, digits(month, 2)?, digits(day, 2)?));
        let named = || Some((digits(last, 4)?, month_named(month)?, digits(first, 2)?));
        numbered(first, month, last).or_else(|| numbered(last, month, first)).or_else(named)
    };
    let parts = numbers().or_else(|| digital_parts(text, '/'));
    parts.filter(|&(year, month, day)| is_calendar_date(year, month, day))
}

/// The day of such a date.
pub(crate) fn written_date(text: &str) -> Option<Date> {
    written_parts(text).and_then(|(year, month, day)| calendar_date(year, month, day))
}

/// The moment of a day and a time in UTC, as `2023-03-13T13:20:52.277688Z` writes it; the `Z` may be left out. `None` for any other text, also for another zone.
pub(crate) fn utc(text: &str) -> Option<Millis> {
    let (day, clock) = pieces::at_first(text.strip_suffix('Z').unwrap_or(text), b"T ")?;
    let clock = pieces::at_first(clock, b".").map_or(clock, |(whole, _)| whole);
    let mut parts = pieces::between(clock, b":").map(|part| digits(part, 2));
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    let is_clock = hour < 24 && minute < 60 && second < 60 && parts.next().is_none();
    let seconds =
        hour.checked_mul(60)?.checked_add(minute).map(|minutes| Millis::from(minutes).saturating_mul(60).saturating_add(second.into()))?;
    let midnight = written_date(day).filter(|_| is_clock)?.midnight().assume_utc().unix_timestamp();
    Some(midnight.saturating_add(seconds).saturating_mul(SECOND))
}

/// The month of its first three English letters.
fn month_named(text: &str) -> Option<u16> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    (1..).zip(MONTHS).find(|(_, name)| text.eq_ignore_ascii_case(name)).map(|(month, _)| month)
}

/// A date of a request in the form of its document, day, month and year with this sign between, where it came in ISO form (`YYYY-MM-DD`): no vendor reads
/// another. Any other text is as it was.
pub(crate) fn from_iso(text: &str, sign: &str) -> String {
    let mut parts = pieces::between(text, b"-");
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(day), None)
            if (year.len(), month.len(), day.len()) == (4, 2, 2) && pieces::all(text, |byte| byte.is_ascii_digit() || *byte == b'-') =>
        {
            [day, sign, month, sign, year].concat()
        }
        _ => text.to_owned(),
    }
}

/// The day of these numbers, if the calendar has it.
#[must_use]
pub fn calendar_date(year: u16, month: u16, day: u16) -> Option<Date> {
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(year.into(), month, day.try_into().ok()?).ok()
}

/// Whether the calendar has this day. Where the day itself is not asked for, for its library would be shipped to browsers.
pub(crate) const fn is_calendar_date(year: u16, month: u16, day: u16) -> bool {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    day > 0 && day <= last
}

/// The number that so many digits write, up to 65535.
pub(crate) fn digits(text: &str, length: usize) -> Option<u16> {
    let value = |number: u16, byte: u8| number.checked_mul(10)?.checked_add(byte.checked_sub(b'0').filter(|&digit| digit < 10)?.into());
    if text.len() == length { text.bytes().try_fold(0, value) } else { None }
}

/// The day of a moment in India, counted from 1 January 1970, and when it ends.
#[must_use]
pub const fn indian_day(now: Millis) -> (Millis, Millis) {
    let day = now.saturating_add(INDIA).div_euclid(DAY);
    (day, day.saturating_add(1).saturating_mul(DAY).saturating_sub(INDIA))
}

/// How much earlier a day begins in India: 5 hours and a half.
const INDIA: Millis = 5 * HOUR + 30 * MINUTE;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_to_the_second_in_utc() {
        assert_eq!(rfc3339(1_795_292_332_999), "2026-11-21T20:18:52Z");
    }

    #[test]
    fn indian_time_is_five_and_a_half_hours_ahead() {
        assert_eq!(indian_digits(1_795_292_332_999), "20261122014852");
        assert_eq!(indian_digits(0), "19700101053000");
    }

    #[test]
    fn retry_after_rounds_up_and_is_never_zero() {
        assert_eq!((seconds_until(1_000, 0), seconds_until(1_001, 0), seconds_until(0, 5_000)), (1, 2, 1));
    }

    #[test]
    fn the_calendar_is_the_librarys() {
        for (year, month, day) in (1800..2500).flat_map(|year| (0..14).flat_map(move |month| (0..33).map(move |day| (year, month, day)))) {
            assert_eq!(is_calendar_date(year, month, day), calendar_date(year, month, day).is_some(), "{year}-{month}-{day}");
        }
    }

    #[test]
    fn the_day_is_read_in_every_form_in_which_a_vendor_writes_it() {
        for text in ["15/08/1990", "15-08-1990", "1990-08-15", "15-Aug-1990", "15-AUG-1990", "1990-08-15T10:20:30Z", "15-08-1990 10:20:30"]
        {
            assert_eq!(written_parts(text), Some((1990, 8, 15)), "{text}");
        }
        let others =
            ["", "15.08.1990", "1990/08/15", "15-Augu-1990", "08-15-1990", "31-04-1990", "15-08-90", "0822", "15-08-1990-1", "1-Jan-1990"];
        for text in others {
            assert_eq!(written_parts(text), None, "{text}");
        }
    }

    #[test]
    fn an_iso_date_takes_the_form_of_the_document() {
        assert_eq!([from_iso("1990-08-15", "/"), from_iso("1990-08-15", "-")], ["15/08/1990", "15-08-1990"]);
        for text in ["15-08-1990", "15/08/1990", "1990-8-15", "1990-08-15-", "+990-08-15", ""] {
            assert_eq!(from_iso(text, "/"), text);
        }
    }

    #[test]
    fn dates_are_exact() {
        assert!(day_month_year("29/02/2024").is_some());
        for wrong in ["29/02/2023", "1/1/1990", "01-01-1990", "01/01/90", "31/04/2000", "01/01/1990/", "+1/01/1990", "٠١/٠١/١٩٩٠"] {
            assert!(day_month_year(wrong).is_none(), "{wrong}");
        }
    }
}
