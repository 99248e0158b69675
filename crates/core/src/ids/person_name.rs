//! The name of a person, or of whoever else holds an account, in any script.
//!
//! Letters, the marks that belong to them, spaces and the punctuation of names and firms, at least one letter, at most 100
//! characters. Digits pass with a warning ("SHARMA TRADERS 2"). Refused are control and invisible characters, emoji and
//! other symbols. Joiners (ZWJ, ZWNJ) are spelling in Indian scripts and pass between their letters. Turning a real customer
//! away is the worse mistake, so single letters, single names and length say nothing, and a word that mixes scripts (look-alikes) is a warning.
//! No case folding, no normalisation. Source: contract section 5; Unicode technical standard 39, section 5.

use super::field::Field;
use super::form::Form;
use super::script;
use super::verdict::{Fault, Issue, Reason, Sound};
use super::{Row, checked};
use crate::json::Record;
use crate::mask;
use crate::secret::Secret;

pub(super) const ROW: Row =
    Row { name: "person_name", form, check: |text| checked(PersonName::parse(text), PersonName::sound), fault, mask: mask::name };

const LONGEST: usize = 100;

/// A plausible name.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonName(Secret<String>);

impl PersonName {
    /// The field's rule: trimmed, otherwise as it was typed.
    ///
    /// # Errors
    /// [`Reason::Empty`], [`Reason::Length`] (over 100 characters), [`Reason::Format`] (a character that is in no name), [`Reason::Value`] (no letter).
    pub fn parse(input: &str) -> Result<Self, Fault> {
        let field = Field::of(input);
        match field.count() {
            0 => return Err(fault(Reason::Empty)),
            1..=LONGEST => {}
            _ => return Err(fault(Reason::Length)),
        }
        let mut previous = ' ';
        let fits = |_, c| {
            let before = std::mem::replace(&mut previous, c);
            in_names(c) || script::spells(before, c)
        };
        if let Some(span) = field.offender(fits) {
            return Err(fault(Reason::Format).at(span));
        }
        if !field.text.chars().any(char::is_alphabetic) {
            return Err(fault(Reason::Value));
        }
        Ok(Self(Secret::new(field.text.to_owned())))
    }

    /// The name as it was typed, trimmed.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// `R*** S***`.
    #[must_use]
    pub fn masked(&self) -> String {
        mask::name(self.expose())
    }

    fn warnings(&self) -> Vec<Issue> {
        let digits = self.expose().chars().any(script::is_digit);
        let digits = digits.then_some(Issue::new("warning_digits_in_name", "There are digits in the name."));
        let mixed = self.expose().split(' ').any(script::is_mixed);
        let mixed = mixed.then_some(Issue::new("warning_mixed_scripts", "Letters or digits of different scripts stand in one word."));
        digits.into_iter().chain(mixed).collect()
    }

    fn sound(&self) -> Sound {
        Sound { value: self.expose().to_owned(), masked: self.masked(), info: Record::default(), warnings: self.warnings() }
    }
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

fn fault(reason: Reason) -> Fault {
    let message = match reason {
        Reason::Missing => "A name is required.",
        Reason::Type => "A name should be a string.",
        Reason::Empty => "The name is empty.",
        Reason::Length => "A name has at most 100 characters.",
        Reason::Value => "There is no letter in the name.",
        _ => "A name has letters, spaces and . ' - ( ) / & , only.",
    };
    Fault::new(ROW.name, reason, message)
}

fn form(form: &mut Form) {
    let plain = |c: char| match c {
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => ' ',
        c if is_apostrophe(c) => '\'',
        c if is_dash(c) => '-',
        c => c,
    };
    if form.replace(plain) {
        form.warn("warning_punctuation_folded", "Typographic spaces, apostrophes or hyphens were written as plain ones.");
    }
    if form.collapse_spaces() {
        form.warn("warning_spaces_collapsed", "Repeated spaces were written as one.");
    }
}
