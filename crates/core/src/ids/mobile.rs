//! The Indian mobile number: ten digits, the first 6 to 9, allotted by the Department of Telecommunications.
//!
//! The first five digits name operator and circle, but numbers are ported, so nothing is concluded from them.
//! Country code and trunk prefix belong to the kind, not to the field: `+91`, `0091` and `91` before a valid number, and one `0`, also behind them.
//! A bare ten-digit number that begins with 91 keeps it. Not checked: whether the number is in use.
//! Source: document 001 (request, response keys), National Numbering Plan 2003.

use super::Kind;
use super::draft::Draft;
use super::form::Form;
use super::row::{LOOKALIKES, Row, Told, Words};
use super::verdict::Reason;
use crate::mask;
use crate::script;

pub(super) const ROW: Row = Row {
    name: "mobile",
    labels: "MOBILE|MOB|PHONE|PH|TEL|CONTACT|CELL|WHATSAPP|SMS|CALLTO",
    words: Words::Documented(key, "A mobile number", TOLD),
    form,
    check,
    mask: mask::mobile,
};

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

fn check(draft: &mut Draft<'_>) {
    if draft.shaped(DIGITS, DIGITS, fits) {
        draft.sound.tell_text("e164", Some(&["+91", draft.text].concat()));
    }
}

fn fits(position: usize, c: char) -> bool {
    c.is_ascii_digit() && (position != 0 || c >= '6')
}

const TOLD: &[Told] = &[
    (Reason::Length, "A mobile number has 10 digits.", "Enter all 10 digits of one number."),
    (Reason::Format, "A mobile number has 10 digits and begins with 6, 7, 8 or 9.", LOOKALIKES),
];

const fn key(reason: Reason) -> &'static str {
    match reason {
        Reason::Missing | Reason::Type => "error_mobile_number_type_not_string",
        Reason::Empty | Reason::Length => "error_mobile_number_incorrect_string_length",
        _ => "error_mobile_number_invalid_mobile_format",
    }
}

fn form(form: &mut Form) {
    form.remove_separators(|c| script::is_separator(c) || matches!(c, '.' | '(' | ')'));
    form.fold_digits();
    let text = form.text();
    let national = remove_country_code(form, &text).unwrap_or(&text);
    // Behind a country code the trunk prefix is only one if the number is right without it.
    if national.strip_prefix('0').is_some_and(|rest| if national == text { rest.len() == DIGITS } else { is_national(rest) }) {
        form.drop_front(1);
        form.warn("warning_trunk_prefix_removed", "The leading 0 was removed.");
    }
}

/// What stands behind the country code, if there is one. Without its plus it may be the beginning of a number, and is not removed unless the rest is right.
fn remove_country_code<'a>(form: &mut Form, text: &'a str) -> Option<&'a str> {
    let (mut rest, mut message) = (text.strip_prefix("+91"), "The country code +91 was removed.");
    if rest.is_none() {
        let behind = text.strip_prefix("00").unwrap_or(text).strip_prefix("91");
        rest = behind.filter(|rest| is_national(rest.strip_prefix('0').unwrap_or(rest)));
        message = "The country code 91 was removed.";
    }
    let rest = rest?;
    form.drop_front(text.len().saturating_sub(rest.len()));
    form.warn("warning_country_code_removed", message);
    Some(rest)
}

fn is_national(text: &str) -> bool {
    Kind::Mobile.read(text).is_ok()
}
