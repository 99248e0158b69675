//! A value while the strict rule of its kind reads it: ASCII white space around it does not count, the rest does.
//!
//! It keeps where the text begins, so that a fault's span counts UTF-16 units of the input as it was given, and gathers what the
//! rule says: faults, or what the value tells of itself. It folds nothing; that is [`super::form`]'s. Nothing here is generic, for all
//! kinds' rules are shipped to browsers. Source: document 001 ("after trimming whitespace").

use super::row::{LOOKALIKES, Row};
use super::verdict::{Fault, Reason, Sound};

/// First unit and the one after the last, in UTF-16 units of the original input.
pub type Span = (usize, usize);

/// A trimmed input, and what its kind's rule says of it.
pub(super) struct Draft<'a> {
    row: &'static Row,
    pub(super) text: &'a str,
    start: usize,
    /// What is said of it if nothing is wrong. The value is the text where the rule has no other form of it; the mask is not set here.
    pub(super) sound: Sound,
    /// What is wrong with it.
    pub(super) faults: Vec<Fault>,
}

/// A broken rule, what to do about it (empty if the rule says it), and where: characters of the trimmed text, none if equal.
#[derive(Clone, Copy)]
pub(super) struct Wrong(pub(super) Reason, pub(super) &'static str, pub(super) (usize, usize));

/// No place of its own.
pub(super) const ALL: (usize, usize) = (0, 0);

/// The place of one character.
pub(super) const fn one(position: usize) -> (usize, usize) {
    (position, position.saturating_add(1))
}

impl<'a> Draft<'a> {
    /// The input as its kind's strict rule sees it.
    pub(super) fn of(row: &'static Row, input: &'a str) -> Self {
        let rest = input.trim_ascii_start();
        // What was trimmed is ASCII: one byte, one UTF-16 unit.
        let start = input.len().saturating_sub(rest.len());
        let text = rest.trim_ascii_end();
        let mut draft = Self { row, text, start, sound: Sound::of(text), faults: Vec::new() };
        (row.check)(&mut draft);
        draft
    }

    /// The length in characters (Unicode scalar values), which is what the documents count.
    pub(super) fn count(&self) -> usize {
        self.text.chars().count()
    }

    /// The rule that most identifiers begin with: so many characters, each of which fits its place. Otherwise the first fault of
    /// [`Reason::Empty`], [`Reason::Length`] and [`Reason::Format`].
    pub(super) fn shaped(&mut self, shortest: usize, longest: usize, fits: fn(usize, char) -> bool) -> bool {
        let wrong = match self.count() {
            0 => Wrong(Reason::Empty, "", ALL),
            count if count < shortest || count > longest => Wrong(Reason::Length, "", ALL),
            _ => match self.offender(&mut |position, c| fits(position, c)) {
                Some(position) => Wrong(Reason::Format, "", one(position)),
                None => return true,
            },
        };
        self.blame(wrong);
        false
    }

    /// The position in characters of the first for which `fits(position, character)` is false.
    pub(super) fn offender(&self, fits: &mut dyn FnMut(usize, char) -> bool) -> Option<usize> {
        self.text.chars().enumerate().find(|&(position, c)| !fits(position, c)).map(|(position, _)| position)
    }

    /// The span of characters.
    pub(super) fn span(&self, (from, to): (usize, usize)) -> Span {
        (self.unit(from), self.unit(to))
    }

    /// Notes what is wrong.
    #[inline(never)]
    pub(super) fn blame(&mut self, Wrong(reason, hint, place): Wrong) {
        let mut fault = self.row.fault(reason);
        if !hint.is_empty() {
            fault.hint = Some(hint.into());
        }
        // Only a letter that looks like a digit is one in its place. (All before the first wrong character are ASCII where this is said.)
        if fault.hint.as_deref() == Some(LOOKALIKES)
            && !matches!(self.text.as_bytes().get(place.0), Some(b'O' | b'o' | b'I' | b'i' | b'L' | b'l'))
        {
            fault.hint = None;
        }
        if place.0 < place.1 {
            fault.span = Some(self.span(place));
        }
        self.faults.push(fault);
    }

    /// Notes what is wrong with a part, in other words than the kind's usual ones.
    pub(super) fn blame_part(&mut self, message: &'static str, place: (usize, usize)) {
        self.blame(Wrong(Reason::Component, "", place));
        if let Some(fault) = self.faults.last_mut() {
            fault.message = message.into();
        }
    }

    fn unit(&self, position: usize) -> usize {
        self.text.chars().take(position).map(char::len_utf16).fold(self.start, usize::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Kind;

    #[test]
    fn spans_count_utf_16_units_of_the_input_before_trimming() {
        let draft = Kind::Pan.drafted(" \t\u{1f600}x ");
        assert_eq!((draft.text, draft.count()), ("\u{1f600}x", 2));
        assert_eq!(draft.offender(&mut |_, c| c != 'x'), Some(1));
        assert_eq!((draft.span((0, 1)), draft.span((1, 2))), ((2, 4), (4, 5)));
    }
}
