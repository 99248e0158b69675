//! The outward form of a pasted value, and how it is brought into the one form that an identifier's parser takes.
//!
//! Every step that changes something says so in a warning, and every character remembers which UTF-16 units of the
//! original input it came from, so that a fault in the normalised text can be shown in the original. Steps are chosen per
//! kind. No step turns a letter into another letter, except ASCII upper-casing. Source: contract section 3.

use super::draft::Span;
use super::verdict::Issue;
use crate::pieces;
use crate::script;

/// Labels have no more letters.
const LONGEST_LABEL: usize = 32;

#[derive(Clone, Copy)]
struct Glyph {
    shown: char,
    from: Span,
}

/// A value on its way to its parser.
pub(super) struct Form {
    glyphs: Vec<Glyph>,
    warnings: Vec<Issue>,
    /// Where the first digit of another script stands that was not folded.
    mixed: Option<Span>,
}

impl Form {
    pub(super) fn of(input: &str) -> Self {
        let (mut glyphs, mut next) = (Vec::new(), 0_usize);
        for shown in input.chars() {
            let from = (next, next.saturating_add(shown.len_utf16()));
            next = from.1;
            glyphs.push(Glyph { shown, from });
        }
        Self { glyphs, warnings: Vec::new(), mixed: None }
    }

    #[inline(never)]
    pub(super) fn text(&self) -> String {
        self.glyphs.iter().map(|glyph| glyph.shown).collect()
    }

    pub(super) fn into_warnings(self) -> Vec<Issue> {
        self.warnings
    }

    /// Removes what may silently surround a value.
    pub(super) fn trim(&mut self) {
        let front = self.glyphs.iter().take_while(|glyph| script::is_margin(glyph.shown)).count();
        let count = self.glyphs.len();
        let spaces = self.keep(front, self.end());
        if self.glyphs.len() == count {
            return;
        }
        let what =
            if spaces { "Spaces around the value were removed." } else { "Spaces or invisible characters around the value were removed." };
        self.warn("warning_trimmed", what);
    }

    /// Drops what stands in front of a place and from another on; whether that was white space.
    fn keep(&mut self, from: usize, to: usize) -> bool {
        let (mut place, mut spaces) = (0_usize, true);
        self.glyphs.retain(|glyph| {
            let kept = from <= place && place < to;
            place = place.saturating_add(1);
            spaces &= kept || glyph.shown.is_whitespace();
            kept
        });
        spaces
    }

    /// How many characters there are without the margin behind. A joiner right after a letter of another script is its
    /// spelling: Malayalam names end in one.
    fn end(&self) -> usize {
        let Some(last) = self.glyphs.iter().rposition(|glyph| !script::is_margin(glyph.shown)) else {
            return 0;
        };
        let mut tail = self.glyphs.iter().skip(last).map(|glyph| glyph.shown);
        let letter = tail.next().is_some_and(|c| !c.is_ascii() && script::is_letter(c));
        let joiner = letter && tail.next().is_some_and(script::is_joiner);
        last.saturating_add(if joiner { 2 } else { 1 })
    }

    /// Removes the separators that the kind is customarily printed with, wherever they stand.
    pub(super) fn remove_separators(&mut self, is_separator: fn(char) -> bool) {
        let before = self.glyphs.len();
        self.glyphs.retain(|glyph| !is_separator(glyph.shown));
        if self.glyphs.len() != before {
            self.warn("warning_separators_removed", "Spaces or punctuation between the characters were removed.");
        }
    }

    /// Turns the decimal digits of another script into ASCII, if all digits are of it; else they are left for the parser to refuse.
    pub(super) fn fold_digits(&mut self) {
        if script::mixes_digits(&self.text()) {
            self.mixed = self.glyphs.iter().find(|glyph| !glyph.shown.is_ascii() && script::is_digit(glyph.shown)).map(|glyph| glyph.from);
        } else if self.replace(|c| script::digit(c).map_or(c, |(digit, _)| digit)) {
            self.warn("warning_digits_folded", "Digits of another script were written as 0 to 9.");
        }
    }

    /// The form of a number: white space and hyphens removed, digits of another script folded.
    pub(super) fn as_number(&mut self) {
        self.remove_separators(script::is_separator);
        self.fold_digits();
    }

    /// The form of a number with a check digit, which tells a separator from a decimal point: that of a number, without points.
    pub(super) fn as_checked_number(&mut self) {
        self.remove_separators(|c| script::is_separator(c) || c == '.');
        self.fold_digits();
    }

    /// The form of a code of capitals and digits: that of a number, upper-cased.
    pub(super) fn as_code(&mut self) {
        self.as_number();
        self.upper_case();
    }

    pub(super) fn upper_case(&mut self) {
        if self.replace(|c| c.to_ascii_uppercase()) {
            self.warn("warning_upper_cased", "Small letters were written as capitals.");
        }
    }

    /// Writes the same text with other capitals and small letters, one for one.
    pub(super) fn recase(&mut self, text: &str) {
        let mut changed = false;
        for (glyph, shown) in self.glyphs.iter_mut().zip(text.chars()) {
            changed |= shown != glyph.shown;
            glyph.shown = shown;
        }
        if changed {
            self.warn("warning_case_folded", "Capital and small letters were written as is customary; they mean the same here.");
        }
    }

    /// Writes spaces, apostrophes and hyphens of other widths and shapes as plain ones.
    pub(super) fn make_plain(&mut self, plain: fn(char) -> char) {
        if self.replace(plain) {
            self.warn("warning_punctuation_folded", "Unusual spaces, apostrophes or hyphens were written as plain ones.");
        }
    }

    /// Replaces characters one for one; whether any changed.
    fn replace(&mut self, with: fn(char) -> char) -> bool {
        let mut changed = false;
        for glyph in &mut self.glyphs {
            let shown = with(glyph.shown);
            changed |= shown != glyph.shown;
            glyph.shown = shown;
        }
        changed
    }

    /// Makes every run of spaces one space; whether any was longer.
    pub(super) fn collapse_spaces(&mut self) -> bool {
        let before = self.glyphs.len();
        self.glyphs.dedup_by(|next, kept| next.shown == ' ' && kept.shown == ' ');
        self.glyphs.len() != before
    }

    /// Takes off what was copied along with a value: quotation marks and punctuation around it, and its label. Whether there was any.
    pub(super) fn strip(&mut self, labels: &'static str) -> bool {
        let before = self.glyphs.len();
        self.strip_marks(is_mark);
        let label = self.label(labels);
        if label > 0 {
            self.drop_front(label);
            self.warn("warning_label_removed", "The label in front of the value was removed.");
            self.strip_marks(is_mark);
        }
        self.glyphs.len() != before
    }

    /// Drops marks at both ends, and white space beside them. Marks alone stay.
    pub(super) fn strip_marks(&mut self, is_mark: fn(char) -> bool) {
        let is_value = |glyph: &Glyph| !is_mark(glyph.shown) && (!script::is_margin(glyph.shown) || script::is_joiner(glyph.shown));
        let (Some(first), Some(last)) = (self.glyphs.iter().position(is_value), self.glyphs.iter().rposition(is_value)) else { return };
        let is_around = |&(place, glyph): &(usize, &Glyph)| (place < first || last < place) && is_mark(glyph.shown);
        if self.glyphs.iter().enumerate().any(|at| is_around(&at)) {
            self.keep(first, last.saturating_add(1));
            self.warn("warning_marks_removed", "Quotation marks or punctuation around the value were removed.");
        }
    }

    /// How many characters the label has, with what parts it from the value: words in front of a colon, a space or the like.
    fn label(&self, labels: &'static str) -> usize {
        let (mut words, mut end) = (String::new(), 0_usize);
        for (place, glyph) in self.glyphs.iter().enumerate() {
            let c = glyph.shown;
            if c.is_ascii_alphabetic() && words.len() < LONGEST_LABEL {
                words.push(c.to_ascii_uppercase());
            } else if !script::is_separator(c) && !matches!(c, ':' | '#' | '=' | '.' | '/') {
                break;
            } else if pieces::between(labels, b"|").any(|label| is_label(&words, label)) {
                end = place.saturating_add(1);
            }
        }
        end
    }

    /// Writes another text in place of the value. Nothing of it has a place of its own in the input.
    pub(super) fn rewrite(&mut self, text: &str) {
        let from = (self.glyphs.first().map_or(0, |glyph| glyph.from.0), self.glyphs.last().map_or(0, |glyph| glyph.from.1));
        self.glyphs.clear();
        for shown in text.chars() {
            self.glyphs.push(Glyph { shown, from });
        }
    }

    /// Drops the first `count` characters, which are no part of the value.
    pub(super) fn drop_front(&mut self, count: usize) {
        self.keep(count, usize::MAX);
    }

    /// Says what was changed, once.
    pub(super) fn warn(&mut self, key: &'static str, message: &'static str) {
        if self.warnings.iter().all(|known| known.key != key) {
            self.warnings.push(Issue::new(key, message));
        }
    }

    /// Where the character stands that nobody would think wrong, and what to say of it.
    pub(super) fn disguised(&self) -> Option<(Span, &'static str)> {
        match (self.hidden(), self.mixed) {
            (Some(hidden), _) => Some((hidden, "There is an invisible or unreadable character in the value.")),
            (None, mixed) => Some((mixed?, script::MIXED)),
        }
    }

    /// Where the first invisible character stands. Joiners after a non-ASCII character are spelling, not hiding.
    fn hidden(&self) -> Option<Span> {
        let mut previous = '\0';
        let found = self.glyphs.iter().find(|glyph| {
            let spelling = script::is_joiner(glyph.shown) && !previous.is_ascii();
            previous = glyph.shown;
            script::is_hidden(glyph.shown) && !spelling
        })?;
        Some(found.from)
    }

    /// The span in the original input of a span in [`Form::text`].
    pub(super) fn original(&self, span: Span) -> Option<Span> {
        let mut next = 0_usize;
        let mut covered = self.glyphs.iter().filter(|glyph| {
            let start = next;
            next = next.saturating_add(glyph.shown.len_utf16());
            start < span.1 && next > span.0
        });
        let first = covered.next()?;
        let last = covered.last().unwrap_or(first);
        Some((first.from.0, last.from.1))
    }
}

/// What spreadsheets, lists and sentences put around a value.
const fn is_mark(c: char) -> bool {
    matches!(c, '\'' | '"' | '`' | '=' | '(' | ')' | ',' | ';' | ':' | '.' | '|' | '\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}')
}

/// Whether words are a label: itself, or with what is written behind any ("PAN No.", "IFSC code").
fn is_label(words: &str, label: &str) -> bool {
    words
        .strip_prefix(label)
        .is_some_and(|rest| matches!(rest, "" | "NO" | "NUMBER" | "ID" | "CODE" | "CARD" | "CARDNO" | "CARDNUMBER" | "IDNO" | "ADDRESS"))
}
