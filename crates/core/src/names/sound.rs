//! One spelling for all the ways in which a name is written in Latin letters: two words of one sound are the same name.
//!
//! Folded are ksh/x, v/w/b, ee/i, oo/u, aa/a, au/ou/ow, ai/ay/ei/ey, sh/s, ph/f, z/j, c/k/q, aspirates, double letters, jn/gy/dny, kri/kru, a final y/i or h,
//! -endra/-inder, -er/-ar and the like. Not folded is what tells names apart: other vowels (Kiran, Karan), an `a` at the end (Anil, Anila;
//! `pair` judges that), the order of letters (Parveen, Praveen). The classes are those of Indian documents, no one standard's.

use super::letter_index::LetterIndex;

/// Groups of letters by their first, in cells of ten signs: five for the group, four for what is written for it, one for what must stand behind: `.` anything,
/// `-` a consonant or nothing, `v` a vowel, `e` one of `e`, `i`, `y`, `$` nothing. The first that fits counts.
const RULES: &str = "\
    aa   a   .au   o   .ao   av  $ao   o   -aw   av  $aw   o   -ai   e   -ay   e   -ae   e   -brahmvram.\
    b    v   .chr  kr  .chh  c   .ch   c   .c    s   ec    k   .dny  gn  .ee   i   .eha  aha .eh   ah  -\
    ei   e   -ey   e   -eo   ev  $er   ar  -gny  gn  .gy   gn  .iy   y   vii   i   .inh  ing $ie   i   $i    y   v\
    jny  gn  .jn   gn  .med  mad $oo   u   .ou   o   .ow   o   -oy   e   $oi   e   $oe   oye .ore  or  $\
    ph   f   .quee ki  $que  k   $qui  ki  .qua  ka  .q    k   .sh   s   .uu   u   .w    v   .x    ks  .\
    y    i   -zh   l   .\
    ";

static RULES_INDEX: LetterIndex = LetterIndex::of_cells(RULES, 10, 0);

/// Beginnings, of which each pair is one once the rules are through, in cells of twice six signs and alphabetical order of the first.
const BEGINNINGS: &str = "\
    avdulravdur avdulsavdus easv  esv   elis  eliz  fero  firo  golam gulam hos   hus   hris  ris   isvar esvar jeya  jaya  \
    mohantmahantmohan mohan moha  maha  naved navid omar  umar  osm   usm   oved  uved  pro   pra   rusi  risi  sohel suhel \
    stef  stev  svam  sam   yeng  ayang yes   yas   yos   yus   yon   yun   \
    ";

static BEGINNINGS_INDEX: LetterIndex = LetterIndex::of_cells(BEGINNINGS, 12, 0);

/// Endings likewise, in the order of the first's last letter, which is at the right of its cell.
const ENDINGS: &str = concat!(
    " indraendra  njayanje    simhasing     ozeoz     svamisami    odinudin  ",
    "  rotorata    ratorata   indarendra  endarendra candarcandra  svorsvar  ",
);

static ENDINGS_INDEX: LetterIndex = LetterIndex::of_cells(ENDINGS, 12, 5);

/// Folds a word of lower-case ASCII letters. Other characters stay.
pub(super) fn sound(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    let mut rest = word;
    loop {
        let mut letters = rest.chars();
        let Some(c) = letters.next() else { break };
        if let Some((behind, same)) = rule(rest) {
            same.chars().for_each(|letter| push(&mut folded, letter));
            rest = behind;
        } else {
            rest = letters.as_str();
            if c != 'h' || is_sounded(&folded, rest) {
                push(&mut folded, c);
            }
        }
    }
    let beginnings = BEGINNINGS_INDEX.part(BEGINNINGS, folded.as_bytes().first());
    if let Some((beginning, same)) = found(beginnings, &|beginning| folded.starts_with(beginning)) {
        folded = [same, folded.get(beginning.len()..).unwrap_or_default()].concat();
    }
    let endings = ENDINGS_INDEX.part(ENDINGS, folded.as_bytes().last());
    if let Some((ending, same)) = found(endings, &|ending| folded.len() > ending.len() && folded.ends_with(ending)) {
        folded.truncate(folded.len().saturating_sub(ending.len()));
        folded.push_str(same);
    }
    folded
}

/// The first pair whose one half fits.
fn found(mut cells: &'static str, fits: &dyn Fn(&str) -> bool) -> Option<(&'static str, &'static str)> {
    while let Some((row, rest)) = cells.split_at_checked(12) {
        let (one, same) = row.split_at_checked(6)?;
        let one = one.trim_ascii();
        if fits(one) {
            return Some((one, same.trim_ascii_end()));
        }
        cells = rest;
    }
    None
}

fn rule(rest: &str) -> Option<(&str, &'static str)> {
    let mut cells = RULES_INDEX.part(RULES, rest.as_bytes().first());
    while let Some((row, next)) = cells.split_at_checked(10) {
        if let Some(behind) = row.as_bytes().first_chunk().and_then(|row| behind(rest, row)) {
            return Some((behind, row.get(5..9)?.trim_ascii_end()));
        }
        cells = next;
    }
    None
}

/// What stands behind a row's group of letters, if the row fits. (Letter by letter: they are so few that comparing texts takes longer.)
fn behind<'a>(rest: &'a str, row: &[u8; 10]) -> Option<&'a str> {
    let mut letters = rest.as_bytes();
    for letter in row.get(..5)? {
        if *letter == b' ' {
            break;
        }
        if letters.split_off_first()? != letter {
            return None;
        }
    }
    let next = letters.first().copied();
    let fits = match row[9] {
        b'-' => !next.is_some_and(|next| is_vowel(next) || next == b'y'),
        b'v' => next.is_some_and(is_vowel),
        b'e' => matches!(next, Some(b'e' | b'i' | b'y')),
        b'$' => next.is_none(),
        _ => true,
    };
    rest.get(rest.len().saturating_sub(letters.len())..).filter(|_| fits)
}

/// An `h` is a breath behind a consonant, and silent at the end.
fn is_sounded(folded: &str, rest: &str) -> bool {
    folded.as_bytes().last().is_none_or(|&letter| is_vowel(letter)) && !rest.is_empty()
}

fn push(folded: &mut String, letter: char) {
    match folded.as_bytes() {
        [.., last] if char::from(*last) == letter && letter.is_ascii_alphabetic() => {}
        // The Marathi way to write the vowel of Krishna.
        [.., before, b'r'] if letter == 'u' && !is_vowel(*before) => folded.push('i'),
        _ => folded.push(letter),
    }
}

/// One of the five letters.
pub(super) const fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u')
}

#[cfg(test)]
mod tests {
    use super::sound;

    #[test]
    fn spellings_of_one_name_sound_alike() {
        for names in [
            "lakshmi laxmi lakshmy laksmi",
            "chaudhari chowdhary choudhari choudhary",
            "suresh sures",
            "karthik kartik kartheek",
            "venkatesh wenkatesh",
            "vikas bikash wikas",
            "geeta gita githa",
            "pooja puja poojaa",
            "gaurav gourav gowrav",
            "sanjay sanjai sanjey",
            "rajendra rajinder rajender rajindra",
            "farooq faruk pharukh",
            "krishna krushna krishnaa",
            "mahadeo mahadev",
            "gyaneshwar dnyaneshwar jnaneshwar",
            "priya pria priyaa",
            "soniya sonia",
            "murthy moorthi murti",
            "abdullah abdulla",
            "roy ray rai",
            "shekhar sekar shekher",
            "siddharth sidharth siddhart",
            "christopher kristofer",
            "prosenjit prasenjit",
            "siddiqui siddiqi siddiquee",
            "rafique rafiq rafik",
            "quazi qazi kazi",
            "nizamuddin nizamoddin",
            "abdurrahman abdulrahman",
            "aboobacker abubakar",
        ] {
            let mut sounds = names.split(' ').map(sound);
            let first = sounds.next();
            assert!(sounds.all(|sound| Some(&sound) == first.as_ref()), "{:?}", names.split(' ').map(sound).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_cells_stand_by_their_letters() {
        let (rules, rest) = super::RULES.as_bytes().as_chunks::<10>();
        assert!(rest.is_empty() && rules.is_sorted_by_key(|rule| rule.first()));
        assert!(rules.iter().all(|rule| rule.last().is_some_and(|before| b".-ve$".contains(before))));
        for (cells, place) in [(super::BEGINNINGS, 0), (super::ENDINGS, 5)] {
            let (cells, rest) = cells.as_bytes().as_chunks::<12>();
            assert!(rest.is_empty() && cells.is_sorted_by_key(|cell| cell.get(place)));
        }
    }

    #[test]
    fn names_that_are_not_one_sound_different() {
        for (a, b) in [
            ("suresh", "ramesh"),
            ("sunil", "sunita"),
            ("kumar", "kumari"),
            ("kiran", "karan"),
            ("praveen", "parveen"),
            ("anita", "ankita"),
            ("vijay", "vijaya"),
            ("nitesh", "nitish"),
            ("hasan", "husain"),
            ("rakesh", "rajesh"),
        ] {
            assert_ne!(sound(a), sound(b));
        }
    }
}
