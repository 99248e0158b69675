//! Devanagari in Latin letters, as Indian documents spell it: राकेश कुमार सिंह is "rakesh kumar singh".
//!
//! A consonant carries an `a` that is silent at the end of a word and, in northern languages, between two sounded syllables. Unicode lays the other
//! Brahmic blocks out like Devanagari (The Unicode Standard, chapter 12: "the same relative positions"), so that one table reads them too,
//! but only roughly (Tamil has no letters for g, d, b): [`Script`] says how far a reading may be trusted.

/// Which script a name was written in, from the best understood to the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Script {
    /// None of these.
    None,
    /// Reads like the Latin spelling.
    Devanagari,
    /// Bengali, Gurmukhi, Gujarati, Odia, Telugu, Kannada, Malayalam: near enough to tell strangers apart, not to approve.
    Near,
    /// Tamil: says too little.
    Tamil,
}

/// The letters from U+0900 on by offset; `-` is nothing, `_` separates. Vowel signs stand for their vowels, so that they need no second table.
const TABLE: &str = "n n n h a a a i i u u ri l e e e ai o o o au k kh g gh n ch chh j jh n t th d dh n t th d dh n n p ph b bh m y r r l l l v sh sh s h e au - - a i i u u ri ri e e e ai o o o au - e au - - - - - e u uu q kh g z r rh f y ri l i l _ _ - - - - - - - - - - - - - - - - - - - - n n r l l k";

const NUKTA: u32 = 0x3c;
const VIRAMA: u32 = 0x4d;
const FIRST: u32 = 0x900;
const BLOCK: u32 = 0x80;
const GURMUKHI: u32 = 2;
const TAMIL: u32 = 5;
/// Blocks whose names drop an `a`: Devanagari, Bengali, Gurmukhi, Gujarati, Odia.
const DROPPING: u32 = 5;

impl Script {
    pub(super) fn of(c: char) -> Self {
        match block(c) {
            None => Self::None,
            Some((0, _)) => Self::Devanagari,
            Some((TAMIL, _)) => Self::Tamil,
            Some(_) => Self::Near,
        }
    }
}

/// The block's number from Devanagari on, and the place in it.
fn block(c: char) -> Option<(u32, u32)> {
    let offset = u32::from(c).checked_sub(FIRST)?;
    let number = offset.checked_div(BLOCK).filter(|&number| number <= 8)?;
    Some((number, offset & 0x7f))
}

/// A consonant or none, and its vowel.
#[derive(Default)]
struct Syllable {
    consonants: String,
    vowel: &'static str,
    /// The vowel is the one that nobody writes.
    inherent: bool,
    /// There is a nasal behind it.
    nasal: bool,
    joined: bool,
}

/// Writes a run of characters of these scripts behind `out`.
pub(super) fn transliterate(word: &[char], out: &mut String) {
    let mut syllables: Vec<Syllable> = Vec::new();
    for &c in word {
        let place = match block(c) {
            None => continue,
            Some((GURMUKHI, 0x70)) => 2,
            Some((_, place)) => place,
        };
        let letters = match (Script::of(c), place) {
            // What is ch elsewhere is s in Tamil.
            (Script::Tamil, 0x1a) => "s",
            (_, place) => TABLE.split(' ').nth(usize::try_from(place).unwrap_or_default()).unwrap_or("-"),
        };
        add(&mut syllables, place, letters);
    }
    let number = word.first().and_then(|&c| block(c)).map_or(0, |(number, _)| number);
    if number < DROPPING {
        drop_silent(&mut syllables);
    }
    write(&syllables, out);
}

fn add(syllables: &mut Vec<Syllable>, place: u32, letters: &'static str) {
    match (place, syllables.last_mut()) {
        (0..=2, Some(last)) => last.nasal = true,
        (3, _) => syllables.push(Syllable { consonants: "h".into(), ..Syllable::default() }),
        (NUKTA, Some(last)) => last.consonants = softened(&last.consonants),
        (VIRAMA, Some(last)) => (last.vowel, last.inherent, last.joined) = ("", false, true),
        (0x15..=0x39 | 0x58..=0x5f, Some(last)) if last.joined => {
            last.consonants.push_str(letters);
            (last.vowel, last.inherent, last.joined) = ("a", true, false);
        }
        (0x15..=0x39 | 0x58..=0x5f, _) => {
            syllables.push(Syllable { consonants: letters.into(), vowel: "a", inherent: true, ..Syllable::default() });
        }
        (0x3e..=0x4c | 0x55..=0x57 | 0x62 | 0x63, Some(last)) => (last.vowel, last.inherent) = (letters, false),
        (0x04..=0x14 | 0x60 | 0x61, _) => syllables.push(Syllable { vowel: letters, ..Syllable::default() }),
        // Malayalam's letters that never have a vowel.
        (0x7a..=0x7f, _) => syllables.push(Syllable { consonants: letters.into(), ..Syllable::default() }),
        (0x64..=0x71, _) => syllables.push(Syllable { consonants: " ".into(), ..Syllable::default() }),
        _ => {}
    }
}

/// What a dot below makes of a letter.
fn softened(consonants: &str) -> String {
    match consonants {
        "j" => "z",
        "ph" => "f",
        "d" => "r",
        "dh" => "rh",
        other => other,
    }
    .into()
}

/// Whether an `a` behind these consonants may be silent: one consonant, not a cluster.
fn is_single(syllable: &Syllable) -> bool {
    matches!(syllable.consonants.trim_end_matches('h').len(), 0..=1) && !syllable.nasal
}

fn drop_silent(syllables: &mut [Syllable]) {
    let mut later = false;
    let mut rest = syllables;
    let mut is_last = true;
    while let Some((syllable, before)) = rest.split_last_mut() {
        let sounded_before = before.last().is_some_and(|before| !before.vowel.is_empty());
        let silent = if is_last { !before.is_empty() } else { later && sounded_before };
        if syllable.inherent && silent && is_single(syllable) {
            syllable.vowel = "";
            later = false;
        } else {
            later = !syllable.vowel.is_empty() && is_single(syllable);
        }
        is_last = false;
        rest = before;
    }
}

fn write(syllables: &[Syllable], out: &mut String) {
    let mut previous_nasal = false;
    for syllable in syllables {
        if previous_nasal {
            out.push_str(match syllable.consonants.bytes().next() {
                Some(b'p' | b'b' | b'm') => "m",
                // Simha is said and spelt Singh.
                Some(b'h') => "ng",
                _ => "n",
            });
        }
        out.push_str(match syllable.consonants.as_str() {
            "jn" => "gy",
            other => other,
        });
        out.push_str(syllable.vowel);
        previous_nasal = syllable.nasal;
    }
    if previous_nasal {
        out.push('n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(word: &str) -> String {
        let mut out = String::new();
        transliterate(&word.chars().collect::<Vec<_>>(), &mut out);
        out
    }

    #[test]
    fn devanagari_reads_as_documents_spell_it() {
        for (word, latin) in [
            ("राकेश", "rakesh"),
            ("कुमार", "kumar"),
            ("सिंह", "singh"),
            ("शर्मा", "sharma"),
            ("सुनीता", "sunita"),
            ("कृष्ण", "krishna"),
            ("लक्ष्मी", "lakshmi"),
            ("महेंद्र", "mahendra"),
            ("जगदीश", "jagdish"),
            ("मनमोहन", "manmohan"),
            ("आनंद", "anand"),
            ("ज्ञानेश्वर", "gyaneshvar"),
            ("संपत", "sampat"),
            ("विजय", "vijay"),
            ("अनिल", "anil"),
            ("फ़ातिमा", "fatima"),
            ("ज़ाकिर", "zakir"),
            ("राठौड़", "rathaur"),
        ] {
            assert_eq!(written(word), latin, "{word}");
        }
    }

    #[test]
    fn other_blocks_are_read_by_the_same_table() {
        assert_eq!((written("ರಮೇಶ್"), written("রাহুল"), written("રમેશ")), ("ramesh".into(), "rahul".into(), "ramesh".into()));
    }

    #[test]
    fn every_place_of_the_block_has_letters() {
        assert_eq!(TABLE.split(' ').count(), 0x80);
    }
}
