//! Texts taken apart at ASCII signs, and numbers put into texts.
//!
//! A few functions for the whole core where the standard library has a searcher for each kind of pattern: every one of those would
//! be shipped to browsers. A sign is one byte that is a whole character, so what stands around it is text again.

/// What stands before and behind the first of the signs.
#[inline(never)]
pub(crate) fn at_first<'a>(text: &'a str, signs: &[u8]) -> Option<(&'a str, &'a str)> {
    // Word lists have one sign, and are read often.
    let at = match signs {
        [sign] => text.bytes().position(|byte| byte == *sign)?,
        _ => text.bytes().position(|byte| is_one(byte, signs))?,
    };
    around(text, at)
}

/// What stands before and behind the last of the signs.
#[inline(never)]
pub(crate) fn at_last<'a>(text: &'a str, signs: &[u8]) -> Option<(&'a str, &'a str)> {
    let at = text.as_bytes().iter().rposition(|&byte| is_one(byte, signs))?;
    around(text, at)
}

/// What stands between the signs, in order; at least one piece, which may be empty.
pub(crate) const fn between<'a>(text: &'a str, signs: &'a [u8]) -> Pieces<'a> {
    Pieces { rest: Some(text), signs }
}

/// Whether all bytes are of one sort.
#[inline(never)]
pub(crate) fn all(text: &str, fits: fn(&u8) -> bool) -> bool {
    text.as_bytes().iter().all(fits)
}

/// How many bytes two texts share at their beginnings, and at their ends; the two may overlap.
#[inline(never)]
pub(crate) fn shared(a: &[u8], b: &[u8]) -> (usize, usize) {
    let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    (start, end)
}

/// What is left of a text without so many bytes at its beginning and at its end.
pub(crate) fn middle(text: &[u8], start: usize, end: usize) -> &[u8] {
    text.get(start..text.len().saturating_sub(end)).unwrap_or_default()
}

/// Texts in a row, as a sentence lists them: `a, b, c`.
pub(crate) fn listed(texts: &[&str]) -> String {
    let mut list = String::new();
    for text in texts {
        if !list.is_empty() {
            list.push_str(", ");
        }
        list.push_str(text);
    }
    list
}

/// Adds a number's digits, of base 10 or 16.
pub(crate) fn push_number(text: &mut String, number: u32, base: u32) {
    let rest = number.checked_div(base).unwrap_or_default();
    if rest > 0 {
        push_number(text, rest, base);
    }
    text.extend(char::from_digit(number.checked_rem(base).unwrap_or_default(), base));
}

/// Whether the byte is one of the signs.
#[expect(clippy::manual_contains, reason = "a searcher for long slices would be shipped to browsers")]
pub(crate) fn is_one(byte: u8, signs: &[u8]) -> bool {
    signs.iter().any(|&sign| sign == byte)
}

fn around(text: &str, at: usize) -> Option<(&str, &str)> {
    Some((text.get(..at)?, text.get(at.saturating_add(1)..)?))
}

/// See [`between`].
pub(crate) struct Pieces<'a> {
    rest: Option<&'a str>,
    signs: &'a [u8],
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    #[inline(never)]
    fn next(&mut self) -> Option<&'a str> {
        let text = self.rest.take()?;
        let Some((piece, rest)) = at_first(text, self.signs) else { return Some(text) };
        self.rest = Some(rest);
        Some(piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_parted_as_the_standard_library_parts_it() {
        for text in ["", "@", "a", "a@b", "a@b@c", "@@", "\u{1f600}@\u{e9}", "a@"] {
            assert_eq!(at_first(text, b"@"), text.split_once('@'), "{text}");
            assert_eq!(at_last(text, b"@"), text.rsplit_once('@'), "{text}");
            assert_eq!(between(text, b"@").collect::<Vec<_>>(), text.split('@').collect::<Vec<_>>(), "{text}");
        }
        assert_eq!(between("a.b@c", b".@").collect::<Vec<_>>(), ["a", "b", "c"]);
    }
}
