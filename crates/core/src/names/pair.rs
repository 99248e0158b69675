//! How two words of two names stand to each other.
//!
//! Only what every reader would call one name is [`Likeness::Same`]: one sound, or a silent `a` more. A slip of the pen is
//! [`Likeness::Slip`], for a person to judge. Two names that merely look alike (Suresh and Ramesh, Anil and Anila, Harsh and Harish) are neither,
//! whatever an edit distance says of them: the ending of a given name tells the customer from the sister.

use super::sound::is_vowel;

/// How alike two words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// One name.
    Same,
    /// Letters changed places, or one is missing in the middle of a long word.
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

/// From how many letters on a word with one letter missing or another vowel is taken for the same word misspelt: shorter ones are other names (Harsh, Harish).
const LONG: usize = 7;

/// Whether two sounds are one name; the same as [`Likeness::Same`], and quicker.
pub(super) fn is_one_name(a: &str, b: &str) -> bool {
    let (short, long) = in_order(a, b);
    is_same(short, long) || long.strip_prefix(short) == Some("a") && short.len() > 2 && final_a(short) == Likeness::Same
}

fn in_order<'a>(a: &'a str, b: &'a str) -> (&'a str, &'a str) {
    if (a.len(), a) <= (b.len(), b) { (a, b) } else { (b, a) }
}

/// Compares two words by their sounds; neither is an initial.
pub(super) fn likeness(a: &str, b: &str) -> Likeness {
    let (short, long) = in_order(a, b);
    if is_one_name(a, b) {
        return Likeness::Same;
    }
    if let Some(likeness) = by_ending(short, long) {
        return likeness;
    }
    match common(a.chars(), b.chars()) {
        _ if is_slip(short, long) => Likeness::Slip,
        3.. if long.starts_with(short) => Likeness::Beginning,
        start if start.saturating_add(common(a.chars().rev(), b.chars().rev())).saturating_mul(2) >= long.len() => Likeness::Similar,
        _ => Likeness::Other,
    }
}

/// Letter by letter; `z` is whatever the other writes for it, and an `a` between consonants that is not the word's first vowel is often neither
/// said nor written (Kamla, Kamala). One side alone may leave it out: on both it would be letters that changed places.
fn is_same(short: &str, long: &str) -> bool {
    let mut left = short.chars().peekable();
    let (mut last, mut vowels) = ('a', 0_u8);
    for c in long.chars() {
        match left.peek() {
            Some(&l) if is_letter_for(l, c) => {
                vowels = vowels.saturating_add(u8::from(is_vowel(c)));
                last = c;
                left.next();
            }
            Some(&l) if c == 'a' && vowels > 0 && !is_vowel(last) && !is_vowel(l) => last = c,
            _ => return false,
        }
    }
    left.next().is_none()
}

/// South India and Portuguese names write `s` for `z`, Bengal `j`.
const fn is_letter_for(a: char, b: char) -> bool {
    a == b || matches!((a, b), ('z', 's' | 'j') | ('s' | 'j', 'z'))
}

/// How many characters agree from where both begin.
fn common(a: impl Iterator<Item = char>, b: impl Iterator<Item = char>) -> usize {
    a.zip(b).take_while(|(a, b)| a == b).count()
}

/// Behind these a final `a` is a matter of spelling (Keshav and Keshava, Mishr and Mishra, Manjunath and Manjunatha).
const NEUTRAL: &str = "av ev iv es aj nat asok ar opal ayan aksman alyan raman nivas das tap aram iram kram arat siv dev giris haris satis krisn dr tr pt rt sr kl rm rv nd nt";
/// But for these, where the longer word is a woman's name (Kanta, Sunanda, Neeraja, Anwara).
const FEMININE: &str = "kant vasant sunand iraj kaj nvar ktar rvar citr mitr";

/// What is left when the shorter word is taken from the longer: a woman's name of a man's.
const FEMININE_ENDINGS: &str = "a i ni ani ini ika ita na ina vari esvari o";

/// What the end of the longer word makes of the shorter one, if it makes it.
fn by_ending(short: &str, long: &str) -> Option<Likeness> {
    if short.len() < 3 {
        return None;
    }
    if let Some(ending) = long.strip_prefix(short) {
        return FEMININE_ENDINGS.split(' ').any(|feminine| feminine == ending).then_some(Likeness::Gender);
    }
    // Kamal is not Kamla, nor Vijay (which sounds vije) Vijaya.
    let lengthened = |stem: &str, ending: &str, whole: &str| stem.len() < LONG && is_same(whole, &[stem, ending].concat());
    let glide = short.strip_suffix('e').is_some_and(|stem| lengthened(stem, "aya", long));
    let turned = long.strip_suffix(is_vowel).is_some_and(|stem| short.strip_suffix(is_vowel) == Some(stem));
    let longer = |stem, whole| lengthened(stem, "a", whole) && final_a(stem) == Likeness::Gender;
    (glide || turned || longer(short, long) || longer(long, short)).then_some(Likeness::Gender)
}

fn final_a(stem: &str) -> Likeness {
    let ends = |endings: &str| endings.split(' ').any(|ending| stem.ends_with(ending));
    if ends(NEUTRAL) && !ends(FEMININE) { Likeness::Same } else { Likeness::Gender }
}

/// Two neighbours changed places, or, in a long word, one letter is missing between the first and the last, or one vowel there is another.
fn is_slip(short: &str, long: &str) -> bool {
    let start = common(short.chars(), long.chars());
    let end = common(short.chars().rev(), long.chars().rev());
    let (Some(rest_short), Some(rest_long)) = (middle(short, start, end), middle(long, start, end)) else {
        // The common ends overlap: one letter more of a pair, such as the `a` of Hlwasiya and Halwasiya.
        return long.len() > LONG && short.len().saturating_add(1) == long.len();
    };
    match (rest_short.as_bytes(), rest_long.as_bytes()) {
        ([a, b], [c, d]) => a == d && b == c,
        ([], [_]) => long.len() > LONG && start > 0 && end > 0,
        ([a], [b]) => long.len() >= LONG && start > 0 && end > 0 && is_vowel(char::from(*a)) && is_vowel(char::from(*b)),
        _ => false,
    }
}

fn middle(word: &str, start: usize, end: usize) -> Option<&str> {
    word.get(start..word.len().checked_sub(end)?)
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
                ("fernandez", "fernandes"),
                ("riyaz", "riyas"),
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
            ],
        );
    }

    #[test]
    fn letters_that_changed_places_are_a_slip() {
        all(Likeness::Slip, &[("bhardwaj", "bhardwja"), ("halwasiya", "hlwasiya")]);
    }

    #[test]
    fn names_that_look_alike_are_other_names() {
        for (a, b) in [
            ("suresh", "ramesh"),
            ("rakesh", "rajesh"),
            ("harsh", "harish"),
            ("ankit", "ankur"),
            ("kiran", "karan"),
            ("amit", "amrit"),
            ("anita", "ankita"),
            ("sunil", "sushil"),
            ("usha", "asha"),
            ("arif", "asif"),
            ("sanjay", "sanjeev"),
            ("nitesh", "nitish"),
            ("gopalakrishnan", "radhakrishnan"),
        ] {
            assert!(matches!(of(a, b), Likeness::Similar | Likeness::Other), "{a} {b} {:?}", of(a, b));
        }
    }
}
