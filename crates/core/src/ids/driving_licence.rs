//! The number of an Indian driving licence: the letters of a state, then what its transport office made of it.
//!
//! Since the Sarathi register it is state, office, year and serial, `SS RR YYYY NNNNNNN`, and the value is these fifteen characters.
//! Older licences were numbered by each office as it liked (`RJ-13/DLC/12/123456`) and are still good: they pass with a warning and
//! keep their slashes, which part numbers of varying length; Kerala's have no letters at all (`10/2345/2007`), and Tamil Nadu's a letter of its own in front
//! (`F/TN/031/000123/2000`). A number that does not begin
//! with a state's letters has a warning, for states are founded and renamed. Not checked: whether the office exists or issued it.
//! Source: Ministry of Road Transport and Highways, Sarathi's licence number; Central Motor Vehicles Rules 1989 leave the form to the states.

use super::draft::{ALL, Draft, Wrong};
use super::form::Form;
use super::row::{Row, Words};
use super::state;
use super::verdict::Reason;
use crate::json::Datum;
use crate::mask;
use crate::pieces;
use crate::script;

pub(super) const ROW: Row = Row {
    name: "driving_licence",
    labels: "LICENCE|LICENSE|DRIVINGLICENCE|DRIVINGLICENSE",
    words: WORDS,
    form,
    check,
    mask: mask::account,
};

const SHORTEST: usize = 6;
/// Old numbers of some twenty characters are about.
const LONGEST: usize = 24;
const SARATHI: usize = 15;

secret_text! {
    /// A plausible licence number in capitals.
    DrivingLicence of DrivingLicence,
    /// The field's rule: trimmed, capitals, digits and slashes.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (not 6 to 24 characters), [`Reason::Format`] (neither two letters nor a number and
    /// a slash first, or a character that is no letter, digit or slash), [`Reason::Value`] (no digit).
    parse
}

const NO_STATE: &str = "The number does not begin with the two letters of a state.";
const OLD_FORM: &str = "Newer numbers are two letters, two digits, the year and seven digits; please compare it with the licence.";

fn check(draft: &mut Draft<'_>) {
    let number = draft.text;
    let fits = if is_stateless(number) || behind_letter(number).len() < number.len() { fits_anywhere } else { fits };
    if !draft.shaped(SHORTEST, LONGEST, fits) {
        return;
    }
    if pieces::all(number, |byte| !byte.is_ascii_digit()) {
        return draft.blame(Wrong(Reason::Value, "", ALL));
    }
    let (sound, code) = (&mut draft.sound, code_of(number));
    sound.tell_text("state_code", code);
    match code.and_then(state::by_plate) {
        Some(name) => sound.tell_text("state", Some(name)),
        None => sound.warn_at("warning_driving_licence_state", NO_STATE, "", (0, 2)),
    }
    match year_of(number) {
        Some(year) => sound.tell("year", Datum::Count(year.into())),
        None => sound.warn("warning_driving_licence_form", OLD_FORM),
    }
}

fn year_of(number: &str) -> Option<u16> {
    if is_sarathi(number) { crate::time::digits(number.get(4..8)?, 4) } else { None }
}

fn code_of(number: &str) -> Option<&str> {
    behind_letter(number).get(..2).filter(|_| !is_stateless(number))
}

/// What stands behind a single letter and a slash, if two letters do.
fn behind_letter(number: &str) -> &str {
    let (letter, rest) = pieces::at_first(number, b"/").unwrap_or_default();
    let is_one = letter.len() == 1 && pieces::all(letter, u8::is_ascii_uppercase);
    let is_state = rest.get(..2).is_some_and(|state| pieces::all(state, u8::is_ascii_uppercase));
    if is_one && is_state { rest } else { number }
}

/// Whether this is one of the old numbers without a state's letters: groups between slashes, the first of them a number.
fn is_stateless(number: &str) -> bool {
    let parts = pieces::at_first(number, b"/");
    parts.is_some_and(|(first, rest)| !first.is_empty() && !rest.is_empty() && pieces::all(first, u8::is_ascii_digit))
}

fn fits(position: usize, c: char) -> bool {
    c.is_ascii_uppercase() || (position > 1 && (c.is_ascii_digit() || c == '/'))
}

const fn fits_anywhere(_: usize, c: char) -> bool {
    matches!(c, 'A'..='Z' | '0'..='9' | '/')
}

/// Two letters, two digits, a year and seven digits.
fn is_sarathi(text: &str) -> bool {
    let (state, number) = text.split_at_checked(2).unwrap_or_default();
    let is_year = matches!(number.get(2..4), Some("19" | "20"));
    is_year && text.len() == SARATHI && pieces::all(state, u8::is_ascii_alphabetic) && pieces::all(number, u8::is_ascii_digit)
}

const WORDS: Words = Words::Own(
    "A driving licence number",
    &[
        (Reason::Length, "A driving licence number has 6 to 24 characters, newer ones 15.", ""),
        (Reason::Value, "There is no digit in the driving licence number.", ""),
        (Reason::Format, "A driving licence number begins with the two letters of a state, such as MH1420110012345.", ""),
    ],
);

/// Slashes go too where what is left is of Sarathi's form. `DL` in front of a whole number is a label, and no letters of Delhi.
fn form(form: &mut Form) {
    form.fold_digits();
    form.upper_case();
    let bare: String = form.text().chars().filter(char::is_ascii_alphanumeric).collect();
    if bare.strip_prefix("DL").is_some_and(|rest| is_sarathi(rest.strip_prefix("NO").unwrap_or(rest))) {
        form.strip("DL");
    }
    let plain: String = form.text().chars().filter(|&c| !is_sign(c)).collect();
    form.remove_separators(if is_sarathi(&plain) { is_sign } else { |c| c != '/' && is_sign(c) });
}

fn is_sign(c: char) -> bool {
    script::is_separator(c) || matches!(c, '.' | '/')
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::Kind;
    use super::*;

    fn info(number: &str) -> Value {
        Kind::DrivingLicence.drafted(number).sound.info.to_value()
    }

    #[test]
    fn a_number_tells_its_state_and_where_it_is_there_its_year() {
        assert_eq!(info("MH1420110012345"), json!({ "state_code": "MH", "state": "Maharashtra", "year": 2011 }));
        assert_eq!(info("RJ13/DLC/12/123456"), json!({ "state_code": "RJ", "state": "Rajasthan" }));
        assert_eq!(info("XX0120050000001"), json!({ "state_code": "XX", "year": 2005 }));
    }

    #[test]
    fn a_field_folds_nothing() {
        assert!(DrivingLicence::parse("MH14 20110012345").is_err());
        assert!(DrivingLicence::parse("MH-1420110012345").is_err());
        assert!(DrivingLicence::parse("mh1420110012345").is_err());
        assert!(DrivingLicence::parse(" MH1420110012345 ").is_ok());
    }
}
