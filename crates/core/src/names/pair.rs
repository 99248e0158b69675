//! How two words of two names stand to each other.
//!
//! Only what every reader would call one name is [`Likeness::Same`]: one sound, or a silent `a` more. A slip of the pen is
//! [`Likeness::Slip`], for a person to judge. Two names that merely look alike (Suresh and Ramesh, Anil and Anila) are neither,
//! whatever an edit distance says of them: the ending of a given name tells the customer from the sister.

use super::known::is_in;
use super::sound::is_vowel;
use crate::pieces::{middle, shared};

/// How alike two words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// One name.
    Same,
    /// Letters changed places, one is missing in the middle of a long word, or the consonants are one name's.
    Slip,
    /// One is the beginning of the other.
    Beginning,
    /// A man's name and the woman's that is made of it.
    Gender,
    /// They rhyme or begin alike, as brothers' and sisters' names do.
    Similar,
    /// Nothing in common.
    Other,
}

/// From how many letters on a word with one letter missing or another vowel is taken for the same word misspelt.
const LONG: usize = 7;

/// Whether two sounds are one name; the same as [`Likeness::Same`], and quicker.
pub(super) fn is_one_name(a: &str, b: &str) -> bool {
    let (short, long) = in_order(a, b);
    is_same(short.as_bytes(), long.as_bytes()) || lengthened(short, long) == Some(Likeness::Same)
}

fn in_order<'a>(a: &'a str, b: &'a str) -> (&'a str, &'a str) {
    if (a.len(), a) <= (b.len(), b) { (a, b) } else { (b, a) }
}

/// Compares two words by their sounds; neither is an initial.
pub(super) fn likeness(a: &str, b: &str) -> Likeness {
    let (short, long) = in_order(a, b);
    let (start, end) = shared(short.as_bytes(), long.as_bytes());
    if let Some(likeness) = lengthened(short, long) {
        return likeness;
    }
    match () {
        () if is_one_name(a, b) => Likeness::Same,
        () if is_other_gender(short, long) => Likeness::Gender,
        () if is_slip(short.as_bytes(), long.as_bytes(), start, end) || is_nearly(short, long) => Likeness::Slip,
        () if start > 2 && start == short.len() => Likeness::Beginning,
        () if start.saturating_add(end).saturating_mul(2) >= long.len() => Likeness::Similar,
        () => Likeness::Other,
    }
}

/// Letter by letter; `z` is whatever the other writes for it, and an `a` between consonants that is not the word's first vowel is often neither
/// said nor written (Kamla, Kamala). One side alone may leave it out: on both it would be letters that changed places.
fn is_same(mut short: &[u8], long: &[u8]) -> bool {
    let (mut last, mut vowels) = (b'a', false);
    for &letter in long {
        match short {
            [first, rest @ ..] if is_letter_for(*first, letter) => {
                vowels |= is_vowel(letter);
                last = letter;
                short = rest;
            }
            [first, ..] if letter == b'a' && vowels && !is_vowel(last) && !is_vowel(*first) => last = letter,
            _ => return false,
        }
    }
    short.is_empty()
}

/// Bengal writes `j` for `z`.
const fn is_letter_for(a: u8, b: u8) -> bool {
    a == b || matches!((a, b), (b'z', b'j') | (b'j', b'z'))
}

/// South India writes `s` for `z` too, but Nazir and Nasir are two names: only a person can tell.
const fn may_be_letter_for(a: u8, b: u8) -> bool {
    is_letter_for(a, b) || matches!((a, b), (b'z', b's') | (b's', b'z'))
}

/// What a final `a` behind these endings makes of a name; the first list that has one counts, and in no list it is a woman's name (Anil, Anila).
/// A `.` stands for the word's beginning. The third are Sanskrit words for men, which the south says and writes with their `a` (Keshav and Keshava);
/// of the first and the last only a person can tell (Ram and Rama, but Chand and Chanda; a written `th` is the south's).
static LENGTHENED: [(&str, Likeness); 4] = [
    (".umes tray trey", Likeness::Slip),
    (".res .kes oves unes citr karam .kant vasant sunand", Likeness::Gender),
    (
        "es dav sav gav tav nav orav dev .siv njiv araj dvaj nat venkat rakas tos asok opal sankar vaskar dakar vakar nakar dar sekar umar nohar svar sagar rayan aksman alyan \
         raman nivas das tap aram uram riram vikram .varat giris satis vind kund numant .anant yant dr tr pt rt sr kl rm rv sn",
        Likeness::Same,
    ),
    ("th nd nt ak ks .ram dan otam arjun .vim .vat many .raj .rajiv haris nek sing", Likeness::Slip),
];

/// What the longer word is, where it is the shorter one and an `a`. No Sanskrit word has `z` or `f`.
fn lengthened(short: &str, long: &str) -> Option<Likeness> {
    if short.len() < 3 || long.strip_prefix(short) != Some("a") {
        return None;
    }
    let is_sanskrit = !short.bytes().any(|letter| matches!(letter, b'z' | b'f'));
    let known = LENGTHENED.iter().find(|(endings, _)| ends(short, endings)).filter(|_| is_sanskrit);
    Some(known.map_or(Likeness::Gender, |row| row.1))
}

/// Whether a word ends in one of these; behind a `.` stands a whole word. (Both are read backwards, once: the lists are long.)
pub(super) fn ends(word: &str, endings: &str) -> bool {
    let (mut letters, mut fits) = (word.bytes().rev(), true);
    for sign in endings.bytes().rev() {
        match sign {
            b' ' if fits => return true,
            b' ' => (letters, fits) = (word.bytes().rev(), true),
            b'.' => fits &= letters.next().is_none(),
            letter => fits = fits && letters.next() == Some(letter),
        }
    }
    fits
}

/// What is left when the shorter word is taken from the longer: a woman's name of a man's.
const FEMININE_ENDINGS: &str = "i ni ani ini ika ita na ina vari esvari o";

/// Whether the longer word is the shorter one with a woman's ending, or their last vowels differ.
fn is_other_gender(short: &str, long: &str) -> bool {
    if short.len() < 3 {
        return false;
    }
    if let Some(ending) = long.strip_prefix(short) {
        return is_in(FEMININE_ENDINGS, ending);
    }
    // Kamal is not Kamla, nor Vijay (which sounds vije) Vijaya.
    let lengthened =
        |stem: &str, ending: &str, whole: &str| stem.len() < LONG && is_same(whole.as_bytes(), [stem, ending].concat().as_bytes());
    let longer = |stem: &str, whole: &str| lengthened(stem, "a", whole);
    let turned = match (short.as_bytes(), long.as_bytes()) {
        // Pande and Pandi are spellings.
        ([stem @ .., a], [other @ .., b]) => stem == other && is_vowel(*a) && is_vowel(*b) && !is_begun_alike(*a, *b),
        _ => false,
    };
    turned || longer(short, long) || longer(long, short) || short.strip_suffix('e').is_some_and(|stem| lengthened(stem, "aya", long))
}

/// The same first sound and the same consonants, whatever the vowels (Kiran, Karan); of four and more, one may be missing or another.
fn is_nearly(a: &str, b: &str) -> bool {
    // But an ending that is a woman's on one side only (Deepak, Deepika) is no matter of spelling.
    let gendered = |word: &str| word.ends_with(['a', 'i']);
    let begun = gendered(a) == gendered(b) && a.bytes().zip(b.bytes()).next().is_some_and(|(a, b)| is_begun_alike(a, b));
    let (a, b) = (consonants(a), consonants(b));
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let alike = |(a, b): &(&u8, &u8)| may_be_letter_for(**a, **b);
    let start = short.iter().zip(long).take_while(alike).count();
    let end = short.iter().rev().zip(long.iter().rev()).take_while(alike).count();
    begun && short.len() > 1 && (start == long.len() || short.len() > 3 && start.saturating_add(end) >= long.len().saturating_sub(1))
}

const fn is_begun_alike(a: u8, b: u8) -> bool {
    may_be_letter_for(a, b) || matches!((a, b), (b'i', b'e') | (b'e', b'i') | (b'o', b'u') | (b'u', b'o') | (b'j', b'y') | (b'y', b'j'))
}

/// What no scribe drops. Voice is not told (Murugan, Murukan), nor ksh from ch (Lakshman, Lachman).
pub(super) fn consonants(sound: &str) -> Vec<u8> {
    let mut found = Vec::with_capacity(sound.len());
    for letter in sound.bytes() {
        let letter = match letter {
            b'c' | b's' => {
                found.pop_if(|last| *last == b'k');
                b's'
            }
            b'd' => b't',
            b'g' => b'k',
            b'f' => b'p',
            b'y' if found.is_empty() => b'j',
            b'h' | b'y' => continue,
            letter if is_vowel(letter) => continue,
            letter => letter,
        };
        if found.last() != Some(&letter) {
            found.push(letter);
        }
    }
    found
}

/// Two neighbours changed places, or, in a long word, one letter is missing between the first and the last (in any, an `r` behind the first), or one
/// vowel there is another.
fn is_slip(short: &[u8], long: &[u8], start: usize, end: usize) -> bool {
    // Common ends that overlap have swallowed one of two equal letters.
    let end = end.min(short.len().saturating_sub(start));
    let inside = start > 0 && end > 0;
    match (middle(short, start, end), middle(long, start, end)) {
        ([a, b], [c, d]) => a == d && b == c,
        // Krishan is said Kishan.
        ([], [letter]) => inside && (long.len() > LONG || *letter == b'r' && start == 1 && end > 2),
        ([a], [b]) => inside && long.len() >= LONG && is_vowel(*a) && is_vowel(*b),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sound::sound;
    use super::*;

    fn of(a: &str, b: &str) -> Likeness {
        let (a, b) = (sound(a), sound(b));
        let likeness = likeness(&a, &b);
        assert_eq!(likeness, super::likeness(&b, &a));
        likeness
    }

    fn all(likeness: Likeness, pairs: &[(&str, &str)]) {
        for (a, b) in pairs {
            assert_eq!(of(a, b), likeness, "{a} {b}");
        }
    }

    #[test]
    fn one_name_in_two_spellings_is_the_same() {
        all(
            Likeness::Same,
            &[
                ("kamla", "kamala"),
                ("jagdish", "jagadish"),
                ("keshav", "keshava"),
                ("siddharth", "siddhartha"),
                ("manjunath", "manjunatha"),
                ("venkatesh", "venkatesha"),
                ("nagaraj", "nagaraja"),
                ("zakir", "jakir"),
                ("elizabeth", "elisabeth"),
                ("prakash", "prakasha"),
                ("venkat", "venkata"),
                ("mishra", "misra"),
                ("shiva", "siv"),
                ("rameshwar", "rameswara"),
            ],
        );
    }

    #[test]
    fn a_womans_name_is_not_the_mans_it_is_made_of() {
        all(
            Likeness::Gender,
            &[
                ("anil", "anila"),
                ("vijay", "vijaya"),
                ("kamal", "kamala"),
                ("kumar", "kumari"),
                ("manish", "manisha"),
                ("rohit", "rohita"),
                ("arun", "aruna"),
                ("neeraj", "neeraja"),
                ("kant", "kanta"),
                ("shyam", "shyama"),
                ("shiv", "shivani"),
                ("rashid", "rashida"),
                ("munna", "munni"),
                ("bharat", "bharati"),
                ("habib", "habiba"),
                ("rais", "raisa"),
            ],
        );
    }

    #[test]
    fn letters_that_changed_places_are_a_slip() {
        all(Likeness::Slip, &[("bhardwaj", "bhardwja"), ("halwasiya", "hlwasiya")]);
    }

    #[test]
    fn nearly_one_sound_is_for_a_person_to_judge() {
        let pairs = [
            ("kiran", "karan"),
            ("harsh", "harish"),
            ("nitesh", "nitish"),
            ("murugan", "murukan"),
            ("yogesh", "jogesh"),
            ("biswas", "biswes"),
            ("fernandes", "farnandis"),
            ("lakshman", "lachman"),
            ("ram", "rama"),
            ("chand", "chanda"),
            ("nazir", "nasir"),
            ("krishan", "kishan"),
        ];
        all(Likeness::Slip, &pairs);
    }

    #[test]
    fn names_that_look_alike_are_other_names() {
        for (a, b) in [
            ("suresh", "ramesh"),
            ("rakesh", "rajesh"),
            ("ankit", "ankur"),
            ("amit", "amrit"),
            ("anita", "ankita"),
            ("sunil", "sushil"),
            ("usha", "asha"),
            ("arif", "asif"),
            ("sanjay", "sanjeev"),
            ("gopalakrishnan", "radhakrishnan"),
        ] {
            assert!(matches!(of(a, b), Likeness::Similar | Likeness::Other), "{a} {b} {:?}", of(a, b));
        }
    }
}
