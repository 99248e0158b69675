//! What Unicode says about characters, as far as the identifiers ask and the standard library does not answer.
//!
//! Decimal digits of other scripts, combining marks, white space and hyphens as people paste them, and characters that
//! cannot be seen. It never maps a letter to another letter: look-alikes stay what they are, and are refused by the parsers.
//! It does not normalise (NFC, NFKC), for that would change what the customer wrote.
//! Source: the Unicode Character Database 14.0, `General_Category` (Nd, Mn, Mc) and `Alphabetic`.

/// The zeros of all decimal digit blocks beyond ASCII; nine more digits follow each. Styled mathematical digits are left out: nobody's keyboard has them.
const ZEROS: [u32; 59] = [
    0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0de6, 0x0e50, 0x0ed0, 0x0f20, 0x1040,
    0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50,
    0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0,
    0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50, 0x1e140, 0x1e2f0, 0x1e950,
];

/// Combining marks that `char::is_alphabetic` does not count (virama, nukta, tone marks, accents), as the borders of
/// ranges: the first is in, the second out, the third in, and so on. Borders make one binary search of it.
const MARK_BORDERS: [u32; 250] = [
    0x0300, 0x034f, 0x0350, 0x0363, 0x0483, 0x0488, 0x0591, 0x05b0, 0x0658, 0x0659, 0x06df, 0x06e1, 0x06ea, 0x06ed, 0x0740, 0x074b, 0x07eb,
    0x07f4, 0x07fd, 0x07fe, 0x0818, 0x082e, 0x0859, 0x085c, 0x0898, 0x08e2, 0x08ea, 0x0955, 0x09bc, 0x09bd, 0x09cd, 0x09ce, 0x09fe, 0x09ff,
    0x0a3c, 0x0a3d, 0x0a4d, 0x0a4e, 0x0abc, 0x0abd, 0x0acd, 0x0ace, 0x0afd, 0x0b00, 0x0b3c, 0x0b3d, 0x0b4d, 0x0b4e, 0x0b55, 0x0b56, 0x0bcd,
    0x0bce, 0x0c3c, 0x0c3d, 0x0c4d, 0x0c4e, 0x0cbc, 0x0cbd, 0x0ccd, 0x0cce, 0x0d3b, 0x0d3d, 0x0d4d, 0x0d4e, 0x0dca, 0x0dcb, 0x0e47, 0x0e4f,
    0x0eba, 0x0ebb, 0x0ec8, 0x0ecd, 0x0f18, 0x0f1a, 0x0f35, 0x0f36, 0x0f37, 0x0f38, 0x0f39, 0x0f3a, 0x0f3e, 0x0f40, 0x0f84, 0x0f85, 0x0f86,
    0x0f88, 0x0fc6, 0x0fc7, 0x1037, 0x103b, 0x135d, 0x1360, 0x1714, 0x1716, 0x1734, 0x1735, 0x17c9, 0x17d4, 0x17dd, 0x17de, 0x1939, 0x193c,
    0x1a60, 0x1a7d, 0x1a7f, 0x1a80, 0x1ab0, 0x1abe, 0x1ac1, 0x1acc, 0x1b34, 0x1b45, 0x1b6b, 0x1b74, 0x1baa, 0x1bac, 0x1be6, 0x1bf4, 0x1c37,
    0x1c38, 0x1cd0, 0x1cd3, 0x1cd4, 0x1cfa, 0x1dc0, 0x1e00, 0x2cef, 0x2cf2, 0x2d7f, 0x2d80, 0x302a, 0x3030, 0x3099, 0x309b, 0xa66f, 0xa670,
    0xa67c, 0xa67e, 0xa6f0, 0xa6f2, 0xa806, 0xa807, 0xa82c, 0xa82d, 0xa8c4, 0xa8c5, 0xa8e0, 0xa8f2, 0xa92b, 0xa92e, 0xa953, 0xa954, 0xa9b3,
    0xa9c1, 0xaabf, 0xaac2, 0xaaf6, 0xaaf7, 0xabec, 0xabee, 0xfe20, 0xfe30, 0x101fd, 0x101fe, 0x102e0, 0x102e1, 0x10a38, 0x10a3b, 0x10a3f,
    0x10a40, 0x10ae5, 0x10ae7, 0x10f46, 0x10f51, 0x10f82, 0x10f86, 0x11046, 0x11047, 0x11070, 0x11071, 0x1107f, 0x110bb, 0x11133, 0x11135,
    0x11173, 0x11174, 0x111c0, 0x111c1, 0x111c9, 0x111cd, 0x11235, 0x11237, 0x112e9, 0x112eb, 0x1133b, 0x1133d, 0x1134d, 0x1134e, 0x11366,
    0x1136d, 0x11370, 0x11375, 0x11442, 0x11447, 0x1145e, 0x1145f, 0x114c2, 0x114c4, 0x115bf, 0x115c1, 0x1163f, 0x11640, 0x116b6, 0x116b8,
    0x1172b, 0x1172c, 0x11839, 0x1183b, 0x1193d, 0x11944, 0x119e0, 0x119e1, 0x11a33, 0x11a35, 0x11a47, 0x11a48, 0x11a98, 0x11a9a, 0x11c3f,
    0x11c40, 0x11d42, 0x11d46, 0x11d97, 0x11d98, 0x16af0, 0x16af5, 0x16b30, 0x16b37, 0x16fe4, 0x16fe5, 0x1e130, 0x1e137, 0x1e2ae, 0x1e2af,
    0x1e2ec, 0x1e2f0, 0x1e8d0, 0x1e8d7, 0x1e944, 0x1e94b,
];

/// Characters without a shape, beside the controls: likewise borders.
const HIDDEN_BORDERS: [u32; 32] = [
    0x00ad, 0x00ae, 0x034f, 0x0350, 0x061c, 0x061d, 0x115f, 0x1161, 0x17b4, 0x17b6, 0x180b, 0x1810, 0x200b, 0x2010, 0x2028, 0x202f, 0x2060,
    0x2070, 0x3164, 0x3165, 0xfe00, 0xfe10, 0xfeff, 0xff00, 0xffa0, 0xffa1, 0xfff9, 0xfffc, 0xfffd, 0xfffe, 0xe0000, 0xe1000,
];

/// What surrounds a pasted value beside white space: zero-width characters, left-to-right marks and what closes them.
const MARGINS: [char; 12] = [
    '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{202a}', '\u{202c}', '\u{202d}', '\u{2060}', '\u{2066}', '\u{2068}', '\u{2069}',
    '\u{feff}',
];

/// The decimal digit behind a character of another script, and the zero of that script. `None` for ASCII digits too.
pub(super) fn foreign_digit(c: char) -> Option<(char, u32)> {
    let code = u32::from(c);
    let zero = *ZEROS.get(ZEROS.partition_point(|&zero| zero <= code).checked_sub(1)?)?;
    let value = code.checked_sub(zero).filter(|&value| value <= 9)?;
    Some((char::from_digit(value, 10)?, zero))
}

/// Whether the character is a decimal digit of any script.
pub(super) fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || foreign_digit(c).is_some()
}

/// Whether the character writes a name: a letter of any script or a combining mark, but no circled or mathematical
/// letter (a symbol that looks like one) and nothing that cannot be seen.
pub(super) fn is_letter(c: char) -> bool {
    let styled = matches!(c, '\u{24b6}'..='\u{24e9}' | '\u{1d400}'..='\u{1d7ff}' | '\u{1f130}'..='\u{1f189}');
    !styled && !is_hidden(c) && (c.is_alphabetic() || within(&MARK_BORDERS, c))
}

/// Whether the character is a hyphen, dash or minus of any width.
pub(super) const fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

/// Whether the character separates the groups in which numbers and codes are printed: white space or a hyphen.
pub(super) fn is_separator(c: char) -> bool {
    c.is_whitespace() || is_hyphen(c)
}

/// Whether the character joins or separates neighbours without being seen (ZWNJ, ZWJ): part of the spelling in Indian
/// scripts, a trick between ASCII letters.
pub(super) const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Whether the character writes a word behind the one before it: a letter, or a joiner that is its spelling.
pub(super) fn spells(before: char, c: char) -> bool {
    is_letter(c) || (is_joiner(c) && !before.is_ascii() && is_letter(before))
}

/// Whether Latin letters stand beside letters of another alphabet, of which some look alike, or digits of two other scripts
/// beside each other. Chinese, Japanese and Korean are customarily mixed with Latin. Source: Unicode technical standard 39, section 5.
pub(super) fn is_mixed(word: &str) -> bool {
    let is_latin = |c: char| c.is_ascii_alphabetic() || matches!(c, '\u{aa}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}');
    let is_other = |c: char| matches!(c, '\u{370}'..='\u{1dff}' | '\u{1f00}'..='\u{2e7f}') && foreign_digit(c).is_none() && !is_joiner(c);
    let mut zeros = word.chars().filter_map(foreign_digit).map(|(_, zero)| zero);
    let first = zeros.next();
    zeros.any(|zero| Some(zero) != first) || (word.chars().any(is_latin) && word.chars().any(is_other))
}

/// Whether the character has no shape of its own: controls, zero-width characters, direction marks, fillers, and U+FFFD,
/// which stands for what could not be read (JavaScript's lone surrogates).
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control() || within(&HIDDEN_BORDERS, c)
}

/// Whether the character may silently surround a pasted value: white space, zero-width characters, and the left-to-right
/// marks that contact lists put around numbers. Right-to-left marks are not among them: they show digits in another order
/// than the one stored.
pub(super) fn is_margin(c: char) -> bool {
    c.is_whitespace() || MARGINS.contains(&c)
}

fn within(borders: &[u32], c: char) -> bool {
    borders.partition_point(|&border| border <= u32::from(c)) % 2 == 1
}
