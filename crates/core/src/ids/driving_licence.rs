//! The number of an Indian driving licence: the letters of a state, then what its transport office made of it.
//!
//! Since the Sarathi register it is state, office, year and serial, `SS RR YYYY NNNNNNN`, and the value is these fifteen characters.
//! Older licences were numbered by each office as it liked (`RJ-13/DLC/12/123456`) and are still good: they pass with a warning and
//! keep their slashes, which part numbers of varying length; Kerala's have no letters at all (`10/2345/2007`). A number that does not begin
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

pub(super) const ROW: Row = Row { name: "driving_licence", words: WORDS, form, check, mask: mask::account };

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
    if !draft.shaped(SHORTEST, LONGEST, if is_stateless(number) { fits_anywhere } else { fits }) {
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
    number.get(..2).filter(|_| !is_stateless(number))
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

/// Slashes go too where what is left is of Sarathi's form.
fn form(form: &mut Form) {
    form.fold_digits();
    form.upper_case();
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
