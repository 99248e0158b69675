//! The name of a person, or of whoever else holds an account, in any script.
//!
//! Letters, the marks that belong to them, spaces and the punctuation of names and firms, at least one letter, at most 100
//! characters (an Aadhaar has at most 99). Digits pass with a warning ("SHARMA TRADERS 2"). Refused are control and invisible characters, emoji and
//! other signs (`[ ] + !`, quotation marks): no register writes them, and vendors refuse most. Joiners (ZWJ, ZWNJ) are spelling in Indian scripts and pass between their letters. Turning a real customer
//! away is the worse mistake, so single letters, single names and length say nothing, and words that stand where no name is known (NA, Not Available) and
//! a word that mixes scripts (look-alikes) are warnings.
//! No case folding, no normalisation. Source: contract section 5; Unicode technical standard 39, section 5.

use super::draft::{ALL, Draft, Wrong, one};
use super::form::Form;
use super::row::{Row, Words};
use super::verdict::Reason;
use crate::mask;
use crate::pieces;
use crate::script;

pub(super) const ROW: Row = Row { name: "person_name", labels: "NAME|FULLNAME", words: WORDS, form, check, mask: mask::name };

const LONGEST: usize = 100;

secret_text! {
    /// A plausible name.
    PersonName of PersonName,
    /// The field's rule: trimmed, otherwise as it was typed.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (over 100 characters), [`Reason::Format`] (a character that is in no name), [`Reason::Value`] (no letter).
    parse
}

fn check(draft: &mut Draft<'_>) {
    let text = draft.text;
    if let Some(wrong) = wrong_with(draft) {
        return draft.blame(wrong);
    }
    if text.chars().any(script::is_digit) {
        draft.sound.warn("warning_digits_in_name", "There are digits in the name.");
    }
    if is_placeholder(text) {
        draft.sound.warn("warning_name_placeholder", "Such words are written where no name is known.");
    }
    if pieces::between(text, b" ").any(script::is_mixed) {
        draft.sound.warn("warning_mixed_scripts", "Letters or digits of different scripts stand in one word.");
    }
}

/// Whether a text is what stands where no name is known: `NA`, `Not Available`, `XXXX`, digits, signs alone; in whatever case.
#[must_use]
pub(crate) fn is_placeholder(text: &str) -> bool {
    const WORDS: &str = "na null nil none not available applicable found unknown unregistered registered no name data nan";
    let (mut letters, mut are_all) = (String::new(), true);
    for word in pieces::between(text, b" /.-'&(),_") {
        let first = word.as_bytes().first().copied().unwrap_or_default();
        let repeated = (3..=20).contains(&word.len()) && word.bytes().all(|byte| byte.eq_ignore_ascii_case(&first));
        letters.push_str(word);
        are_all &= word.is_empty()
            || repeated
            || pieces::all(word, u8::is_ascii_digit)
            || pieces::between(WORDS, b" ").any(|known| word.eq_ignore_ascii_case(known));
    }
    // N/A, N.A.: each letter by itself might be an initial.
    are_all || letters.eq_ignore_ascii_case("na")
}

fn wrong_with(draft: &Draft<'_>) -> Option<Wrong> {
    match draft.count() {
        0 => return Some(Wrong(Reason::Empty, "", ALL)),
        1..=LONGEST => {}
        _ => return Some(Wrong(Reason::Length, "", ALL)),
    }
    let mut previous = ' ';
    let mut fits = |_, c| {
        let before = std::mem::replace(&mut previous, c);
        in_names(c) || script::spells(before, c)
    };
    if let Some(at) = draft.offender(&mut fits) {
        return Some(Wrong(Reason::Format, "", one(at)));
    }
    let is_nameless = !draft.text.chars().any(script::is_letter);
    is_nameless.then_some(Wrong(Reason::Value, "", ALL))
}

fn in_names(c: char) -> bool {
    script::is_digit(c) || is_punctuation(c)
}

/// The punctuation of names: the usual, what telephones type for an apostrophe or a hyphen, and the abbreviation signs of
/// Devanagari and Gujarati ("Dr.").
const fn is_punctuation(c: char) -> bool {
    is_apostrophe(c) || is_dash(c) || matches!(c, ' ' | '.' | '\'' | '-' | '(' | ')' | '/' | '&' | ',' | '\u{970}' | '\u{af0}')
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\u{2018}' | '\u{2019}')
}

const fn is_dash(c: char) -> bool {
    matches!(c, '\u{2010}' | '\u{2011}' | '\u{2013}')
}

const WORDS: Words = Words::Own(
    "A name",
    &[
        (Reason::Length, "A name has at most 100 characters.", ""),
        (Reason::Value, "There is no letter in the name.", ""),
        (Reason::Format, "A name has letters, spaces and . ' - ( ) / & , only.", ""),
    ],
);

fn form(form: &mut Form) {
    form.strip_marks(|c| c == ',');
    let plain = |c: char| match c {
        c if c == '\t' || c.is_whitespace() && !script::is_hidden(c) => ' ',
        c if is_apostrophe(c) => '\'',
        c if is_dash(c) => '-',
        c => c,
    };
    form.make_plain(plain);
    if form.collapse_spaces() {
        form.warn("warning_spaces_collapsed", "Repeated spaces were written as one.");
    }
}
