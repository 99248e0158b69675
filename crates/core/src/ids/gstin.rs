//! The number of a registration under the goods and services tax: fifteen characters, the last of them a check character.
//!
//! Two digits name the State, ten characters are the holder's PAN (or the TAN of who deducts tax), two count the holder's registrations there and name
//! their type. Missions and non-residents have year, country and serial number in place of the PAN. An unknown type is a warning, for the rules name
//! none. Not checked: whether the registration is in force. Source: CGST Rules 2017, rule 10; the GST network's patterns; python-stdnum `in_.gstin`.

use super::draft::{ALL, Draft, Wrong};
use super::form::Form;
use super::row::{LOOKALIKES, Row, Words};
use super::verdict::Reason;
use super::{Kind, luhn, state};
use crate::mask;
use crate::pieces;

pub(super) const ROW: Row =
    Row { name: "gstin", labels: "GSTIN|GST|GSTINUIN", words: WORDS, form: Form::as_code, check, mask: mask::account };

const CHARACTERS: usize = 15;

/// What the characters before the check character say about the registration.
const REGISTRATIONS: [(&str, &str); 7] = [
    ("Z", "regular"),
    ("C", "tax_collector"),
    ("D", "tax_deductor"),
    ("UN", "un_body"),
    ("ON", "other_notified"),
    ("NR", "non_resident"),
    ("OS", "online_service"),
];

secret_text! {
    /// A well-formed GSTIN in capitals.
    Gstin of Gstin,
    /// The strict rule: trimmed, capitals and digits.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (not fifteen characters), [`Reason::Format`], [`Reason::Component`] (no such State; an impossible PAN; a
    /// holder's registration number 0), [`Reason::Checksum`].
    parse
}

fn check(draft: &mut Draft<'_>) {
    let number = draft.text;
    if !draft.shaped(CHARACTERS, CHARACTERS, if is_numbered(number) { fits_numbered } else { fits }) {
        return;
    }
    let Some(state) = state_of(number) else {
        return draft.blame(Wrong(Reason::Component, "", (0, 2)));
    };
    let pan = pan_in(number);
    if !pan.is_none_or(|pan| check_pan(draft, pan)) {
        return;
    }
    if !luhn::is_valid(number, 36) {
        return draft.blame(Wrong(Reason::Checksum, "", ALL));
    }
    let (sound, registration) = (&mut draft.sound, registration_of(number));
    sound.tell_text("state_code", number.get(..2));
    sound.tell_text("state", Some(state));
    sound.tell_text("registration", registration);
    sound.tell_text("pan", pan);
    if registration.is_none() {
        sound.warn_at("warning_gstin_registration", "The type of this registration is not known.", "", (13, 14));
    }
}

fn state_of(number: &str) -> Option<&'static str> {
    state::by_number(number.get(..2)?)
}

fn registration_of(number: &str) -> Option<&'static str> {
    let code = number.get(if is_numbered(number) { 12 } else { 13 }..14)?;
    REGISTRATIONS.iter().find(|(known, _)| *known == code).map(|&(_, name)| name)
}

fn pan_in(number: &str) -> Option<&str> {
    if is_numbered(number) || is_tan(number) { None } else { number.get(2..12) }
}

/// Whether year, country and serial number stand in the PAN's place.
fn is_numbered(text: &str) -> bool {
    text.get(2..4).is_some_and(|year| pieces::all(year, u8::is_ascii_digit))
}

/// Whether a TAN, four letters and five digits, stands in the PAN's place.
fn is_tan(text: &str) -> bool {
    text.get(6..7).is_some_and(|digit| pieces::all(digit, u8::is_ascii_digit))
}

fn fits(position: usize, c: char) -> bool {
    match position {
        0 | 1 | 7..=10 => c.is_ascii_digit(),
        2..=5 | 11 => c.is_ascii_uppercase(),
        _ => c.is_ascii_digit() || c.is_ascii_uppercase(),
    }
}

fn fits_numbered(position: usize, c: char) -> bool {
    match position {
        0..=3 | 7..=11 => c.is_ascii_digit(),
        4..=6 | 12 | 13 => c.is_ascii_uppercase(),
        _ => c.is_ascii_digit() || c.is_ascii_uppercase(),
    }
}

/// The PAN within tells what it does anywhere, and its faults are the GSTIN's.
fn check_pan(draft: &mut Draft<'_>, pan: &str) -> bool {
    let within = Kind::Pan.drafted(pan);
    if let Some(fault) = within.faults.into_iter().next() {
        let place = fault.span.map_or(ALL, |(from, to)| (from.saturating_add(2), to.saturating_add(2)));
        draft.blame(Wrong(Reason::Component, "", place));
        if let Some(own) = draft.faults.last_mut() {
            (own.message, own.hint) = (fault.message, fault.hint);
        }
        return false;
    }
    draft.sound.info = within.sound.info;
    let is_first = draft.text.get(12..13) != Some("0");
    if !is_first {
        draft.blame_part("The registrations of a PAN in a State are counted from 1, then from A.", (12, 13));
    }
    is_first
}

const WORDS: Words = Words::Own(
    "A GSTIN",
    &[
        (Reason::Length, "A GSTIN has exactly 15 characters.", ""),
        (Reason::Component, "The first two digits of a GSTIN name a State; these name none.", ""),
        (Reason::Checksum, "The check character of the GSTIN is wrong.", "Compare each character with the certificate of registration."),
        (Reason::Format, "A GSTIN is 2 digits, a PAN and 3 characters, such as 27AAPFU0939F1ZV.", LOOKALIKES),
    ],
);
