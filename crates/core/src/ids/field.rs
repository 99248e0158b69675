//! The text of an operation's field as the documents read it: surrounding ASCII white space does not count, the rest does.
//!
//! It keeps where the text begins, so that a fault's span counts UTF-16 units of the input as it was given. It folds
//! nothing; that is [`super::form`]'s, and belongs to kinds only. Source: document 001 ("after trimming whitespace").

use std::ops::RangeInclusive;

use super::verdict::{Fault, Reason};

/// First unit and the one after the last, in UTF-16 units of the original input.
pub type Span = (usize, usize);

/// A trimmed input.
pub(super) struct Field<'a> {
    pub(super) text: &'a str,
    start: usize,
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

impl<'a> Field<'a> {
    pub(super) fn of(input: &'a str) -> Self {
        let rest = input.trim_ascii_start();
        // What was trimmed is ASCII: one byte, one UTF-16 unit.
        let start = input.len().saturating_sub(rest.len());
        Self { text: rest.trim_ascii_end(), start }
    }

    /// The length in characters (Unicode scalar values), which is what the documents count.
    pub(super) fn count(&self) -> usize {
        self.text.chars().count()
    }

    /// The rule that most identifiers begin with: so many characters, each of which fits its place. Otherwise the first fault of
    /// [`Reason::Empty`], [`Reason::Length`] and [`Reason::Format`], in the kind's own words.
    pub(super) fn shaped(
        &self,
        lengths: RangeInclusive<usize>,
        fits: fn(usize, char) -> bool,
        fault: fn(Reason) -> Fault,
    ) -> Result<(), Fault> {
        let count = self.count();
        if count == 0 {
            return Err(fault(Reason::Empty));
        }
        if !lengths.contains(&count) {
            return Err(fault(Reason::Length));
        }
        self.offender(fits).map_or(Ok(()), |span| Err(fault(Reason::Format).at(span)))
    }

    /// Where the first character stands for which `fits(position, character)` is false.
    pub(super) fn offender(&self, fits: impl FnMut(usize, char) -> bool) -> Option<Span> {
        let (from, to) = one(self.position(fits)?);
        Some(self.span(from, to))
    }

    /// The same in characters.
    pub(super) fn position(&self, mut fits: impl FnMut(usize, char) -> bool) -> Option<usize> {
        self.first(&mut fits)
    }

    /// One function for all kinds: each copy would count in the package's bytes.
    fn first(&self, fits: &mut dyn FnMut(usize, char) -> bool) -> Option<usize> {
        self.text.chars().enumerate().find(|&(position, c)| !fits(position, c)).map(|(position, _)| position)
    }

    /// The span of the characters `from..to`.
    pub(super) fn span(&self, from: usize, to: usize) -> Span {
        (self.unit(from), self.unit(to))
    }

    /// What is wrong as a fault in the kind's own words.
    pub(super) fn blame(&self, wrong: Wrong, fault: fn(Reason) -> Fault) -> Fault {
        let Wrong(reason, hint, (from, to)) = wrong;
        let fault = fault(reason);
        let fault = if hint.is_empty() { fault } else { fault.hint(hint) };
        if from < to { fault.at(self.span(from, to)) } else { fault }
    }

    fn unit(&self, position: usize) -> usize {
        self.text.chars().take(position).map(char::len_utf16).fold(self.start, usize::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::Field;

    #[test]
    fn spans_count_utf_16_units_of_the_input_before_trimming() {
        let field = Field::of(" \t\u{1f600}x ");
        assert_eq!((field.text, field.count()), ("\u{1f600}x", 2));
        assert_eq!(field.offender(|_, c| c == 'x'), Some((2, 4)));
        assert_eq!(field.span(1, 2), (4, 5));
    }
}
