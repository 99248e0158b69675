//! One spelling for all the ways in which a name is written in Latin letters: two words of one sound are the same name.
//!
//! Folded are ksh/x, v/w/b, ee/i, oo/u, aa/a, au/ou/ow, ai/ay/ei/ey, sh/s, ph/f, z/j, c/k/q, aspirates, double letters, jn/gy/dny, kri/kru, a final y/i or h,
//! -endra/-inder, -er/-ar and the like. Not folded is what tells names apart: other vowels (Kiran, Karan), an `a` at the end (Anil, Anila;
//! `pair` judges that), the order of letters (Parveen, Praveen). The classes are those of Indian documents, no one standard's.

/// Groups of letters by their first, in cells of ten signs: five for the group, four for what is written for it, one for what must stand behind: `.` anything,
/// `-` a consonant or nothing, `v` a vowel, `e` one of `e`, `i`, `y`, `$` nothing. The first that fits counts.
const RULES: &str = "\
    aa   a   .au   o   .ao   av  $ao   o   -aw   av  $aw   o   -ai   e   -ay   e   -ae   e   -brahmvram.\
    b    v   .chr  kr  .chh  c   .ch   c   .c    s   ec    k   .dny  gn  .ee   i   .eha  aha .eh   ah  -\
    ei   e   -ey   e   -eo   ev  $er   ar  -gny  gn  .gy   gn  .iy   y   vii   i   .ie   i   $i    y   v\
    jny  gn  .jn   gn  .med  mad $oo   u   .ou   o   .ow   o   -oy   e   $oi   e   $oe   oye .ore  or  $\
    ph   f   .quee ki  $que  k   $qui  ki  .qua  ka  .q    k   .sh   s   .uu   u   .w    v   .x    ks  .\
    y    i   -zh   l   .\
    ";

/// Where the groups with each letter begin.
static RULES_STARTS: [u16; 26] = starts();

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "evaluated by the compiler"
)]
const fn starts() -> [u16; 26] {
    let (mut starts, mut at) = ([RULES.len() as u16; 26], RULES.len());
    while at >= 10 {
        at -= 10;
        starts[(RULES.as_bytes()[at] - b'a') as usize] = at as u16;
    }
    starts
}

/// Beginnings, of which each pair is one once the rules are through, in cells of twice six signs.
const BEGINNINGS: &str = "\
    avdulravdur avdulsavdus easv  esv   elis  eliz  fero  firo  golam gulam hos   hus   hris  ris   isvar esvar yeng  ayang \
    jeya  jaya  mohantmahantmohan mohan moha  maha  naved navid omar  umar  osm   usm   oved  uved  pro   pra   rusi  risi  \
    sohel suhel stef  stev  svam  sam   yes   yas   yos   yus   yon   yun   \
    ";

/// Endings likewise, the first of each pair at the right of its cell.
const ENDINGS: &str = concat!(
    " indarendra  endarendra  indraendra candarcandra njayanje    svamisami    svorsvar    rotorata  ",
    "  ratorata   simhasing    odinudin     ozeoz    ",
);

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
    if let Some((beginning, same)) = found(BEGINNINGS, 0, folded.as_bytes().first(), &|beginning| folded.starts_with(beginning)) {
        folded = [same, folded.get(beginning.len()..).unwrap_or_default()].concat();
    }
    if let Some((ending, same)) =
        found(ENDINGS, 5, folded.as_bytes().last(), &|ending| folded.len() > ending.len() && folded.ends_with(ending))
    {
        folded.truncate(folded.len().saturating_sub(ending.len()));
        folded.push_str(same);
    }
    folded
}

/// The first pair whose one half fits, of those that have a letter in its place there.
fn found(mut cells: &'static str, place: usize, letter: Option<&u8>, fits: &dyn Fn(&str) -> bool) -> Option<(&'static str, &'static str)> {
    loop {
        let (row, rest) = cells.split_at_checked(12)?;
        if row.as_bytes().get(place) == letter {
            let (one, same) = cell(row, 6)?;
            if fits(one) {
                return Some((one, same.trim_ascii_end()));
            }
        }
        cells = rest;
    }
}

/// The first cell, and what stands behind it.
fn cell(cells: &'static str, width: usize) -> Option<(&'static str, &'static str)> {
    let (cell, rest) = cells.split_at_checked(width)?;
    Some((cell.trim_ascii(), rest))
}

fn rule(rest: &str) -> Option<(&str, &'static str)> {
    let (first, second) = (rest.as_bytes().first(), rest.as_bytes().get(1));
    let start = RULES_STARTS.get(usize::from(first?.checked_sub(b'a')?))?;
    let mut cells = RULES.get(usize::from(*start)..)?;
    while cells.as_bytes().first() == first {
        let (row, next_row) = cells.split_at_checked(10)?;
        cells = next_row;
        // Most rows are told by their second letter already.
        if row.as_bytes().get(1).is_some_and(|letter| *letter != b' ' && Some(letter) != second) {
            continue;
        }
        let (from, row) = cell(row, 5)?;
        let Some(behind) = rest.strip_prefix(from) else { continue };
        let (to, before) = cell(row, 4)?;
        let next = behind.as_bytes().first().copied();
        let fits = match before.as_bytes() {
            b"-" => !next.is_some_and(|next| is_vowel(next) || next == b'y'),
            b"v" => next.is_some_and(is_vowel),
            b"e" => matches!(next, Some(b'e' | b'i' | b'y')),
            b"$" => next.is_none(),
            _ => true,
        };
        if fits {
            return Some((behind, to));
        }
    }
    None
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
    fn the_rules_stand_by_their_first_letters() {
        let (rules, rest) = super::RULES.as_bytes().as_chunks::<10>();
        assert!(rest.is_empty() && rules.is_sorted_by_key(|rule| rule.first()));
        assert!(rules.iter().all(|rule| rule.last().is_some_and(|before| b".-ve$".contains(before))));
        assert!([super::BEGINNINGS, super::ENDINGS].iter().all(|cells| cells.len() % 12 == 0));
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
