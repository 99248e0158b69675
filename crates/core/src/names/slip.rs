//! Two words that may be one, though they are not written alike: what only a person can tell.
//!
//! A letter that is wrong, misread or lost, half a name that only one side has, the customs of a region, two families of one sound.
//! Nothing here ever approves.

use super::known::{are_two_families, is_known};
use super::lexicon::Meaning;
use super::name::Word;
use super::pair::{Likeness, consonants, is_one_name, likeness};
use super::reasons::Why;
use super::sound::sound;
use crate::pieces::{all, between, middle, shared};

/// What the people of these names do not tell apart in writing.
pub(super) struct Custom {
    /// They are firms: one letter may tell two apart.
    pub(super) firms: bool,
    /// One of them was written in Tamil.
    pub(super) tamil: bool,
    /// Both are called Kumar: before it, the south calls men Vijay and Vijaya.
    pub(super) before_kumar: bool,
}

impl Custom {
    /// Why only a person can tell two words from each other, if so.
    pub(super) fn doubt(&self, a: &Word<'_>, b: &Word<'_>) -> Option<Why> {
        let by_custom = || self.tamil && are_one(&a.sound, &b.sound, TAMIL) || self.before_kumar && is_lengthened(a, b);
        let is_misspelt = match (a.initial, b.initial) {
            (false, false) => is_misspelt(a, b, self.firms) || by_custom() || are_two_families(a.text, b.text),
            (true, _) => may_stand_for(a, b),
            (false, true) => may_stand_for(b, a),
        };
        match () {
            () if is_misspelt => Some(Why::Misspelt),
            () if !a.initial && !b.initial && (is_part(a, b) || is_part(b, a)) => Some(Why::PartMissing),
            () => None,
        }
    }
}

/// Vijay and Vijaya.
fn is_lengthened(a: &Word<'_>, b: &Word<'_>) -> bool {
    a.text.strip_suffix('a') == Some(b.text) || b.text.strip_suffix('a') == Some(a.text)
}

/// Whether an initial may be meant for a word or another initial of its sound: V and W, Q and Kadir. C is no K: it stands for Chandra.
fn may_stand_for(initial: &Word<'_>, word: &Word<'_>) -> bool {
    word.sound.starts_with(&initial.sound) && initial.text != "c" && word.text != "c"
}

/// (Zahid is no Shahid, though Sahid, Zahid and Jahid may be one.)
fn is_misspelt(a: &Word<'_>, b: &Word<'_>, firms: bool) -> bool {
    let chained = |z: &Word<'_>, sh: &Word<'_>| z.text.starts_with('z') && sh.text.starts_with("sh");
    if chained(a, b) || chained(b, a) {
        return false;
    }
    match (likeness(&a.sound, &b.sound), likeness(a.text, b.text)) {
        (Likeness::Slip, _) | (_, Likeness::Slip) => true,
        (Likeness::Gender, _) | (_, Likeness::Gender) => false,
        _ => {
            is_southern(&a.sound, &b.sound)
                || is_southern(&b.sound, &a.sound)
                || are_one(a.text, b.text, SHAPES)
                || !firms && is_one_letter_wrong(a, b)
        }
    }
}

/// Krishnan and Krishna, Venkatesan and Venkatesh.
fn is_southern(long: &str, short: &str) -> bool {
    short.len() > 3 && long.strip_prefix(short).is_some_and(|ending| ending == "n" && short.ends_with('a') || ending == "an")
}

/// What a careless reader, or a machine, takes for one another: the letter that is meant comes first.
const SHAPES: &str = "il1 o0 s5 b8 z2 g69 a4 e3 t7";
/// What Tamil writes with one letter.
const TAMIL: &str = "kgh cjs td pv";

/// A word with the first letter of each row for the row's others.
fn folded(word: &str, rows: &str) -> String {
    let mut text = String::with_capacity(word.len());
    for letter in word.chars() {
        let row = between(rows, b" ").find(|row| row.contains(letter));
        text.push(row.and_then(|row| row.chars().next()).unwrap_or(letter));
    }
    text
}

#[inline(never)]
fn are_one(a: &str, b: &str, rows: &str) -> bool {
    a.len() == b.len() && folded(a, rows) == folded(b, rows)
}

/// One letter is another, or only on one side (and m is rn). A digit is wrong in any word; a letter in a long enough one, unless both words are
/// known names, for then both are right (Meena, Neena).
fn is_one_letter_wrong(a: &Word<'_>, b: &Word<'_>) -> bool {
    let (start, end) = shared(a.text.as_bytes(), b.text.as_bytes());
    let short = a.text.len().min(b.text.len());
    let end = end.min(short.saturating_sub(start));
    let is_one = match (middle(a.text.as_bytes(), start, end), middle(b.text.as_bytes(), start, end)) {
        (b"rn", b"m") | (b"m", b"rn") => true,
        (left, right) => left.len() < 2 && right.len() < 2,
    };
    let is_wrong = |word: &Word<'_>| !all(word.text, u8::is_ascii_alphabetic);
    is_one && short > 2 && (is_wrong(a) != is_wrong(b) || short > 3 && !(is_known(&a.sound) && is_known(&b.sound)))
}

/// What stands behind a given name and may be written together with it, and titles that may be so before it.
const SUFFIXES: &str = "bhai ben kumar sinh singh sing ji rao saheb sahab chandra chander lal das dass devi bai amma appa garu";
const TITLES: &str = "mrs mr smt shri shree sri sree dr ms miss kum";

/// Whether the longer word is the shorter with something that may be left out: Hiteshkumar and Hitesh, MRSSUNITA and Sunita.
#[inline(never)]
fn is_part(long: &Word<'_>, short: &Word<'_>) -> bool {
    if short.meaning != Meaning::Name || long.text.len() < short.text.len() {
        return false;
    }
    let suffixes = between(SUFFIXES, b" ").map(|suffix| long.text.strip_suffix(suffix));
    let mut parts = suffixes.chain(between(TITLES, b" ").map(|title| long.text.strip_prefix(title)));
    parts.any(|part| {
        part.is_some_and(|part| part.len() > 2 && (is_one_name(&sound(part), &short.sound) || part.strip_suffix('a') == Some(short.text)))
    })
}

/// All words of both sides written together, if they have the same consonants then, or with the last word first: Sharmarahul and Rahul Sharma.
pub(super) fn written_together(a: &[&Word<'_>], b: &[&Word<'_>]) -> Option<(String, String)> {
    if a.len() == b.len() {
        return None;
    }
    for (last_a, last_b) in [(false, false), (true, false), (false, true)] {
        let (left, right) = (together(a, last_a), together(b, last_b));
        if left.len() > 4 && left.len().abs_diff(right.len()) < 5 && consonants(&sound(&left)) == consonants(&sound(&right)) {
            return Some((left, right));
        }
    }
    None
}

/// Words in order, or with the last one first.
#[inline(never)]
fn together(words: &[&Word<'_>], last_first: bool) -> String {
    let mut text = String::new();
    for word in words {
        text.push_str(word.text);
    }
    if let Some(last) = words.last().filter(|_| last_first) {
        text.truncate(text.len().saturating_sub(last.text.len()));
        text.insert_str(0, last.text);
    }
    text
}

/// Whether a word is what the words' first letters spell: NTPC.
pub(super) fn spells(acronym: &[&Word<'_>], words: &[&Word<'_>]) -> bool {
    let [acronym] = acronym else { return false };
    words.len() > 1 && acronym.text.bytes().eq(words.iter().filter_map(|word| word.text.bytes().next()))
}
