//! Where the entries with each letter stand in a list that is one text and in the order of its letters.
//!
//! Counted by the compiler, so that a look-up begins among its like: the lists of `sound` and `lexicon` are asked several times for each word of each name.
//! It knows nothing of what the entries mean.

/// Where the entries with each of `a` to `z` begin, and where the last of them ends; counted by the compiler.
pub(super) struct LetterIndex([u16; 27]);

impl LetterIndex {
    /// Of cells of so many signs, in the order of the letters that stand in one place of each.
    pub(super) const fn of_cells(list: &str, width: usize, place: usize) -> Self {
        Self::of(list, Some(width), place)
    }

    /// Of alphabetical words with spaces between.
    pub(super) const fn of_words(list: &str) -> Self {
        Self::of(list, None, 0)
    }

    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        reason = "evaluated by the compiler"
    )]
    const fn of(list: &str, width: Option<usize>, place: usize) -> Self {
        let (signs, mut starts, mut letter) = (list.as_bytes(), [list.len() as u16; 27], 26);
        while letter > 0 {
            letter -= 1;
            starts[letter] = starts[letter + 1];
            let mut at = starts[letter] as usize;
            while at > 0 {
                at -= 1;
                let begins = match width {
                    Some(width) => at.is_multiple_of(width),
                    None => at == 0 || signs[at - 1] == b' ',
                };
                if begins && signs[at + place] == b'a' + letter as u8 {
                    starts[letter] = at as u16;
                }
            }
        }
        Self(starts)
    }

    /// The entries with a letter, out of the list that the index is of.
    pub(super) fn part<'a>(&self, list: &'a str, letter: Option<&u8>) -> &'a str {
        let part = || {
            let letter = usize::from(letter?.checked_sub(b'a')?);
            let (from, to) = (*self.0.get(letter)?, *self.0.get(letter.saturating_add(1))?);
            list.get(from.into()..to.into())
        };
        part().unwrap_or_default()
    }
}
