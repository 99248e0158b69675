//! Devanagari in Latin letters, nearly as Indian documents spell it: राकेश कुमार सिंह is "rakesh kumar singh".
//!
//! A consonant carries an `a`, which is silent at the end of a word and often between two sounded syllables; the former is left out here, the latter `pair` passes
//! over. Unicode lays the other Brahmic blocks out like Devanagari (The Unicode Standard, chapter 12), so that one table reads
//! them too, but only roughly: Tamil has no letters for g, d, b.

use crate::pieces::is_one;

/// Which script a name was written in, from the best understood to the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Script {
    /// None of these.
    None,
    /// Bengali, Gurmukhi, Gujarati, Odia, Telugu, Kannada, Malayalam, and Devanagari itself.
    Indic,
    /// Tamil.
    Tamil,
}

/// The letters from U+0900 on, by place, three columns each; `-` is nothing. Vowel signs stand for their vowels. Last are Malayalam's letters that never have a vowel.
const TABLE: &str = "\
    N  N  N  h  a  a  a  i  i  u  u  ri l  e  e  e  ai o  o  o  au k  kh g  gh n  ch chhj  jh n  t  \
    th d  dh n  t  th d  dh n  n  p  ph b  bh m  y  r  r  l  l  l  v  sh sh s  h  e  au -  -  a  i  \
    i  u  u  ri ri e  e  e  ai o  o  o  au -  e  au om -  -  -  -  e  u  u  q  kh g  z  r  rh f  y  \
    ri l  i  l  -  -  -  -  -  -  -  -  -  -  -  -  N  -  -  -  -  -  -  -  -  -  n  n  r  l  l  k  ";

const COLUMNS: usize = 3;
const FIRST: u32 = 0x900;
const BLOCK: u32 = 0x80;
const NUKTA: u32 = 0x3c;
const VIRAMA: u32 = 0x4d;
const TAMIL: u32 = 5;
/// Devanagari, Bengali, Gurmukhi, Gujarati and Odia: names lose their last `a`.
const DROPPING: u32 = 5;

/// Stands for the `a` that nobody writes.
const INHERENT: char = 'A';
/// Stands for a nasal until its neighbour is known.
const NASAL: char = 'N';

impl Script {
    pub(super) fn of(c: char) -> Self {
        match block(c) {
            None => Self::None,
            Some((TAMIL, _)) => Self::Tamil,
            Some(_) => Self::Indic,
        }
    }
}

/// What stands in a place of the table.
fn cell(place: u32) -> &'static str {
    let start = usize::try_from(place).unwrap_or_default().saturating_mul(COLUMNS);
    TABLE.get(start..start.saturating_add(COLUMNS)).map_or("-", str::trim_ascii_end)
}

/// The block's number from Devanagari on, and the place in it.
fn block(c: char) -> Option<(u32, u32)> {
    let offset = u32::from(c).checked_sub(FIRST)?;
    let number = offset.checked_div(BLOCK).filter(|&number| number <= 8)?;
    Some((number, offset & 0x7f))
}

/// Writes a character of these scripts behind `out`. [`finish`] must follow the last of a word.
pub(super) fn transliterate(c: char, out: &mut String) {
    let Some((number, place)) = block(c) else { return };
    let letters = match (number, place) {
        // What is ch elsewhere is s in Tamil.
        (TAMIL, 0x1a) => "s",
        // A sign of abbreviation in Devanagari, a nasal in Gurmukhi.
        (0, 0x70) => "-",
        _ => cell(place),
    };
    match place {
        0x15..=0x39 | 0x58..=0x5f => {
            settle_nasal(out, letters);
            match letters {
                "n" if out.ends_with('j') => replace_end(out, 1, "gy"),
                _ => out.push_str(letters),
            }
            out.push(INHERENT);
        }
        NUKTA => soften(out),
        VIRAMA | 0x3e..=0x4c | 0x55..=0x57 | 0x62 | 0x63 => {
            out.pop_if_inherent();
            if letters != "-" {
                out.push_str(letters);
            }
        }
        _ if letters == "-" => out.push(' '),
        _ => out.push_str(letters),
    }
}

trait Ending {
    fn pop_if_inherent(&mut self) -> bool;
}

impl Ending for String {
    fn pop_if_inherent(&mut self) -> bool {
        let ends = self.ends_with(INHERENT);
        if ends {
            self.pop();
        }
        ends
    }
}

/// A nasal is m before lips, and Simha is said and spelt Singh.
fn settle_nasal(out: &mut String, next: &str) {
    if out.ends_with(NASAL) {
        let nasal = match next.bytes().next() {
            Some(b'p' | b'b' | b'm') => "m",
            Some(b'h') => "ng",
            _ => "n",
        };
        replace_end(out, 1, nasal);
    }
}

/// What a dot below makes of a letter.
fn soften(out: &mut String) {
    let inherent = out.pop_if_inherent();
    for (hard, soft) in [("ph", "f"), ("j", "z"), ("dh", "rh"), ("d", "r")] {
        if out.ends_with(hard) {
            replace_end(out, hard.len(), soft);
        }
    }
    if inherent {
        out.push(INHERENT);
    }
}

fn replace_end(out: &mut String, count: usize, letters: &str) {
    out.truncate(out.len().saturating_sub(count));
    out.push_str(letters);
}

/// Ends a word: nothing is left that stands for something else. `last` is the word's last character, `start` where the word begins in `out`.
pub(super) fn finish(last: char, out: &mut String, start: usize) {
    settle_nasal(out, "");
    let word = out.get(start..).unwrap_or_default();
    let mut before = word.bytes().rev().skip(1);
    let (mut consonant, mut vowel) = (before.next(), before.next());
    let is_vowel = |letter: Option<u8>| letter.is_some_and(|letter| is_one(letter, b"aeiouAnm"));
    // An h is a letter behind a vowel (Shah), else another's breath.
    while consonant == Some(b'h') && !is_vowel(vowel) {
        (consonant, vowel) = (vowel, before.next());
    }
    // Behind one consonant, not behind two (Gupta), and never the word's only vowel.
    let is_silent = consonant.is_some() && is_vowel(vowel);
    if block(last).is_some_and(|(number, _)| number < DROPPING) && is_silent {
        out.pop_if_inherent();
    }
    if let Some(word) = out.get_mut(start..) {
        word.make_ascii_lowercase();
    }
}

#[cfg(test)]
mod tests {
    use super::super::letters::read;
    use super::*;

    #[test]
    fn devanagari_reads_nearly_as_documents_spell_it() {
        for (word, latin) in [
            ("राकेश", "rakesh"),
            ("कुमार", "kumar"),
            ("सिंह", "singh"),
            ("शर्मा", "sharma"),
            ("सुनीता", "sunita"),
            ("कृष्ण", "krishna"),
            ("लक्ष्मी", "lakshmi"),
            ("महेंद्र", "mahendra"),
            ("मनमोहन", "manamohan"),
            ("आनंद", "anand"),
            ("ज्ञानेश्वर", "gyaneshvar"),
            ("संपत", "sampat"),
            ("विजय", "vijay"),
            ("फ़ातिमा", "fatima"),
            ("ज़ाकिर", "zakir"),
            ("राठौड़", "rathaur"),
            ("गुप्त", "gupta"),
            ("श्रीमती राम", "shrimati ram"),
            ("डॉ॰ ओम", "do  om"),
        ] {
            assert_eq!(read(word).text, latin, "{word}");
        }
    }

    #[test]
    fn other_blocks_are_read_by_the_same_table() {
        for (word, latin) in [
            ("ರಮೇಶ್", "ramesh"),
            ("রাহুল", "rahul"),
            ("રમેશ", "ramesh"),
            ("ਸਿੰਘ", "singh"),
            ("മോഹൻ", "mohan"),
            ("சுரேஷ்", "suresh"),
            ("ପ୍ରଦୀପ", "pradip"),
        ] {
            assert_eq!(read(word).text, latin, "{word}");
        }
    }

    #[test]
    fn every_place_of_the_block_has_letters() {
        assert!(TABLE.len() == 0x80 * COLUMNS && (0..0x80).all(|place| !cell(place).is_empty() && !cell(place).contains(' ')));
    }
}
