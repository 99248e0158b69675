//! The Indian mobile number: ten digits, the first 6 to 9, allotted by the Department of Telecommunications.
//!
//! The first five digits name operator and circle, but numbers are ported, so nothing is concluded from them.
//! Country code and trunk prefix belong to the kind, not to the field: `+91`, `0091` and `91` before a valid number, and one `0`.
//! A bare ten-digit number that begins with 91 keeps it. Not checked: whether the number is in use.
//! Source: document 001 (request, response keys), National Numbering Plan 2003.

use super::draft::Draft;
use super::form::Form;
use super::row::{Row, Words};
use super::verdict::Reason;
use super::{Kind, script};
use crate::mask;
use crate::secret::Secret;

pub(super) const ROW: Row = Row { name: "mobile", words: Words::Documented(key), form, check, mask: mask::mobile };

const DIGITS: usize = 10;

secret_text! {
    /// A national mobile number of ten digits.
    MobileNumber of Mobile,
    /// Document 001's rule.
    ///
    /// # Errors
    /// [`Reason::Empty`] and [`Reason::Length`] (not ten characters), [`Reason::Format`] (a character that is no digit, or a first digit below 6).
    parse
}

impl MobileNumber {
    /// The number as ITU-T E.164 writes it, `+91` and ten digits.
    #[must_use]
    pub fn e164(&self) -> Secret<String> {
        Secret::new(["+91", self.expose()].concat())
    }
}

fn check(draft: &mut Draft<'_>) {
    if draft.shaped(DIGITS, DIGITS, fits) {
        draft.sound.tell_text("e164", Some(&["+91", draft.text].concat()));
    }
}

fn fits(position: usize, c: char) -> bool {
    c.is_ascii_digit() && (position != 0 || c >= '6')
}

const fn key(reason: Reason) -> &'static str {
    match reason {
        Reason::Missing | Reason::Type => "error_mobile_number_type_not_string",
        Reason::Empty | Reason::Length => "error_mobile_number_incorrect_string_length",
        _ => "error_mobile_number_invalid_mobile_format",
    }
}

fn form(form: &mut Form) {
    form.remove_separators(|c| c.is_whitespace() || script::is_hyphen(c) || matches!(c, '.' | '(' | ')'));
    form.fold_digits();
    let text = form.text();
    let Some((count, key, message)) = prefix(&text) else {
        return;
    };
    form.drop_front(count);
    form.warn(key, message);
}

/// How much of the front is no part of the national number, and how to say so.
fn prefix(text: &str) -> Option<(usize, &'static str, &'static str)> {
    let country = ("warning_country_code_removed", "The country code 91 was removed.");
    let trunk = ("warning_trunk_prefix_removed", "The leading 0 was removed.");
    let valid = |rest: &str| Kind::Mobile.read(rest).is_ok();
    if let Some(rest) = text.strip_prefix("+91") {
        // "+91 0 98765 43210" is common, and can be nothing else.
        let count = if rest.strip_prefix('0').is_some_and(valid) { 4 } else { 3 };
        return Some((count, country.0, "The country code +91 was removed."));
    }
    match text.len() {
        14 if text.strip_prefix("0091").is_some_and(valid) => Some((4, country.0, country.1)),
        12 if text.strip_prefix("91").is_some_and(valid) => Some((2, country.0, country.1)),
        11 if text.starts_with('0') => Some((1, trunk.0, trunk.1)),
        _ => None,
    }
}
