//! What Unicode says about characters, as far as the identifiers ask and the standard library does not answer.
//!
//! Decimal digits of other scripts, combining marks, white space and hyphens as people paste them, and characters that
//! cannot be seen. It never maps a letter to another letter: look-alikes stay what they are, and are refused by the parsers.
//! It does not normalise (NFC, NFKC), for that would change what the customer wrote.
//! Source: the Unicode Character Database 14.0, `General_Category` (Nd, L, Mn, Mc); what it does not assign yet goes with its neighbours.

/// The zeros of all decimal digit blocks, ASCII's first; nine more digits follow each. Styled mathematical digits are left out: nobody's keyboard has them.
static ZEROS: [u16; 60] = gaps([
    0x0030, 0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0de6, 0x0e50, 0x0ed0, 0x0f20,
    0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0,
    0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730,
    0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50, 0x1e140, 0x1e2f0, 0x1e950,
]);

/// Where what writes names begins and ends beyond ASCII: the first border is in, the second out, the third in, and so on. Letters and combining marks of
/// Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic and the scripts of India to the character; of others by the block, without the blocks of symbols.
static LETTERS: [u16; 121] = gaps([
    0x00aa, 0x00ab, 0x00b5, 0x00b6, 0x00ba, 0x00bb, 0x00c0, 0x00d7, 0x00d8, 0x00f7, 0x00f8, 0x02c2, 0x02c6, 0x02d2, 0x02e0, 0x02e5, 0x02ec,
    0x02ed, 0x02ee, 0x02ef, 0x0300, 0x0375, 0x0376, 0x037e, 0x037f, 0x0384, 0x0386, 0x0387, 0x0388, 0x03f6, 0x03f7, 0x0482, 0x0483, 0x0488,
    0x048a, 0x055a, 0x0560, 0x0589, 0x0591, 0x05be, 0x05bf, 0x05c0, 0x05c1, 0x05c3, 0x05c4, 0x05c6, 0x05c7, 0x05f3, 0x0610, 0x061b, 0x0620,
    0x066a, 0x066e, 0x06d4, 0x06d5, 0x06dd, 0x06df, 0x06e9, 0x06ea, 0x06fd, 0x06ff, 0x0700, 0x0710, 0x0964, 0x0971, 0x09f2, 0x09fc, 0x09fd,
    0x09fe, 0x0a76, 0x0a81, 0x0af0, 0x0af9, 0x0b70, 0x0b71, 0x0b72, 0x0b82, 0x0bf0, 0x0c00, 0x0c77, 0x0c80, 0x0c84, 0x0c85, 0x0d4f, 0x0d54,
    0x0d58, 0x0d5f, 0x0d70, 0x0d7a, 0x0df4, 0x0e00, 0x1c7e, 0x1c80, 0x2000, 0x2c00, 0x2e00, 0x3031, 0x3200, 0x3400, 0xa8f8, 0xa8fb, 0xa8fc,
    0xa8fd, 0xabeb, 0xabec, 0xe000, 0xf900, 0xfe10, 0xfe70, 0xff00, 0xff21, 0xff3b, 0xff41, 0xff5b, 0xff66, 0xffe0, 0x10000, 0x1d000,
    0x1e000, 0x1ee00, 0x20000,
]);

/// Characters without a shape, beside the controls: likewise borders.
static HIDDEN: [u16; 30] = gaps([
    0x00ad, 0x00ae, 0x034f, 0x0350, 0x061c, 0x061d, 0x115f, 0x1161, 0x17b4, 0x17b6, 0x180b, 0x1810, 0x200b, 0x2010, 0x2028, 0x202f, 0x2060,
    0x2070, 0x3164, 0x3165, 0xfe00, 0xfe10, 0xfeff, 0xff00, 0xffa0, 0xffa1, 0xfff9, 0xfffc, 0xfffd, 0xfffe,
]);

/// The steps from each border to the next, a third of the borders' size. No two are 65,536 characters apart.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "evaluated by the compiler"
)]
const fn gaps<const N: usize>(borders: [u32; N]) -> [u16; N] {
    let mut gaps = [0; N];
    let (mut at, mut before) = (0, 0);
    while at < N {
        gaps[at] = (borders[at] - before) as u16;
        before = borders[at];
        at += 1;
    }
    gaps
}

/// How many borders lie at a character or before it, and the last of them.
fn before(gaps: &[u16], c: char) -> (usize, u32) {
    let (mut count, mut last) = (0_usize, 0_u32);
    for &gap in gaps {
        let next = last.saturating_add(gap.into());
        if next > u32::from(c) {
            break;
        }
        (count, last) = (count.saturating_add(1), next);
    }
    (count, last)
}

fn within(gaps: &[u16], c: char) -> bool {
    before(gaps, c).0 % 2 == 1
}

/// What surrounds a pasted value beside white space: zero-width characters, left-to-right marks and what closes them.
const MARGINS: [char; 12] = [
    '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{202a}', '\u{202c}', '\u{202d}', '\u{2060}', '\u{2066}', '\u{2068}', '\u{2069}',
    '\u{feff}',
];

/// The ASCII digit that a decimal digit means, and the zero of its script.
pub(crate) fn digit(c: char) -> Option<(char, u32)> {
    let (_, zero) = before(&ZEROS, c);
    let value = u32::from(c).checked_sub(zero).filter(|&value| zero > 0 && value <= 9)?;
    Some((char::from_digit(value, 10)?, zero))
}

/// Whether the character is a decimal digit of any script.
pub(crate) fn is_digit(c: char) -> bool {
    digit(c).is_some()
}

/// Whether digits of two scripts stand in a text, ASCII being one: some look like a different digit of the other (Unicode technical
/// standard 39, section 5.3).
#[inline(never)]
pub(crate) fn mixes_digits(text: &str) -> bool {
    let mut zeros = text.chars().filter_map(digit).map(|(_, zero)| zero);
    let first = zeros.next();
    zeros.any(|zero| Some(zero) != first)
}

/// What to do about scripts that are mixed.
pub(crate) const MIXED: &str = "Letters or digits of different scripts stand in one word; some look alike.";

/// Whether the character writes a name: a letter of any script or a combining mark, but no circled or mathematical
/// letter (a symbol that looks like one), no digit and nothing that cannot be seen.
pub(crate) fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphabetic();
    }
    c < '\u{e0000}' && within(&LETTERS, c) && !is_hidden(c) && !is_digit(c)
}

/// Whether the character is a hyphen, dash or minus of any width.
pub(crate) const fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

/// Whether the character separates the groups in which numbers and codes are printed: white space or a hyphen.
pub(crate) fn is_separator(c: char) -> bool {
    c.is_whitespace() || is_hyphen(c)
}

/// Whether the character joins or separates neighbours without being seen (ZWNJ, ZWJ): part of the spelling in Indian
/// scripts, a trick between ASCII letters.
pub(crate) const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Whether the character writes a word behind the one before it: a letter, or a joiner that is its spelling.
pub(crate) fn spells(before: char, c: char) -> bool {
    is_letter(c) || (is_joiner(c) && !before.is_ascii() && is_letter(before))
}

/// Whether Latin letters stand beside letters of another alphabet, of which some look alike, or digits of two scripts
/// beside each other. Chinese, Japanese and Korean are customarily mixed with Latin. Source: Unicode technical standard 39, section 5.
pub(crate) fn is_mixed(word: &str) -> bool {
    let is_latin = |c: char| c.is_ascii_alphabetic() || matches!(c, '\u{aa}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}');
    let is_other = |c: char| matches!(c, '\u{370}'..='\u{1dff}' | '\u{1f00}'..='\u{2e7f}') && !is_digit(c) && !is_joiner(c);
    mixes_digits(word) || (word.chars().any(is_latin) && word.chars().any(is_other))
}

/// Whether the character has no shape of its own: controls, zero-width characters, direction marks, fillers, and U+FFFD,
/// which stands for what could not be read (JavaScript's lone surrogates).
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control() || within(&HIDDEN, c) || matches!(c, '\u{e0000}'..'\u{e1000}')
}

/// Whether a line of text holds a character that cannot be seen. A joiner behind a letter of another script than Latin is spelling, and U+FFFD has a shape.
pub(crate) fn has_hidden(text: &str) -> bool {
    let mut before = ' ';
    text.chars().any(|c| {
        let is_spelling = is_joiner(c) && !before.is_ascii();
        before = c;
        is_hidden(c) && !is_spelling && c != '\u{fffd}'
    })
}

/// Whether the character may silently surround a pasted value: white space, zero-width characters, and the left-to-right
/// marks that contact lists put around numbers. Right-to-left marks are not among them: they show digits in another order
/// than the one stored.
pub(crate) fn is_margin(c: char) -> bool {
    c.is_whitespace() || MARGINS.contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_that_writes_names_is_one() {
        let symbols = |c: char| matches!(c, '\u{2000}'..'\u{2c00}' | '\u{2e00}'..='\u{3029}' | '\u{3200}'..'\u{3400}' | '\u{1d000}'..'\u{1e000}' | '\u{1ee00}'..'\u{20000}');
        for c in ('\0'..=char::MAX).filter(|&c| c.is_alphabetic() && !symbols(c) && !is_hidden(c)) {
            assert!(is_letter(c), "{c:?} {:x}", u32::from(c));
        }
    }

    #[test]
    fn what_writes_no_name_is_no_letter() {
        for c in "0@[`{~\u{a0}\u{a6}\u{d7}\u{f7}\u{3c0}٠०৫॥।؟،\u{200d}\u{20b9}\u{2460}\u{24b6}\u{ff20}\u{fffd}\u{1f600}\u{1d400}\u{e000}\u{e0041}\u{f0000}".chars() {
            assert_eq!(is_letter(c), c == '\u{3c0}', "{c:?} {:x}", u32::from(c));
        }
    }
}
