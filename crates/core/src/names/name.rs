//! A name, taken apart: its words with what they are, and what stands around it (a relative, a second holder, an account's suffix, a legal form).
//!
//! The parts that are nobody's name are set aside here, so that comparing is about names only; nothing is lost that could tell
//! two persons apart. At most 16 words count. Sources: document 003 sections 2.7, 3.2, 5.2, 5.5, 5.7.

use super::indic::Script;
use super::letters::read;
use super::lexicon::{Form, Gender, Meaning, PRIVATE, look_up};
use super::sound::{is_vowel, sound};

/// How many words of a name count.
const MOST_WORDS: usize = 16;
/// From this many characters on a bank may have cut the name off.
const CUT: usize = 20;

/// One word.
#[derive(Clone)]
pub(super) struct Word {
    /// As it was read.
    pub(super) text: String,
    /// As it sounds, or the lexicon's one spelling.
    pub(super) sound: String,
    pub(super) meaning: Meaning,
    /// One letter (or two, such as Th), which stands for a name.
    pub(super) initial: bool,
}

/// What a name says beside the name.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a mark of its own, in any combination")]
pub(super) struct Marks {
    pub(super) late: bool,
    pub(super) huf: bool,
    /// A word that only firms have.
    pub(super) firm: bool,
    pub(super) legal: Form,
    pub(super) account_suffix: bool,
    pub(super) non_resident: bool,
    /// "S/O": somebody is named as a relative.
    pub(super) kin: bool,
    pub(super) titled: Option<Gender>,
    /// There are letters that nobody here can read.
    pub(super) unread: bool,
    /// Only some of it was read.
    pub(super) too_long: bool,
    /// Long enough for a bank to have cut it off.
    pub(super) may_be_cut: bool,
}

/// A name, taken apart.
pub(super) struct Name {
    pub(super) words: Vec<Word>,
    /// Whose son, daughter, wife.
    pub(super) relative: Vec<Word>,
    /// The second holder.
    pub(super) other: Vec<Word>,
    pub(super) marks: Marks,
    pub(super) script: Script,
}

/// Which part a word belongs to.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Holder,
    Other,
    Relative,
}

impl Name {
    pub(super) fn read(input: &str) -> Self {
        let reading = read(input);
        let marks = Marks {
            unread: reading.unread,
            too_long: reading.cut,
            may_be_cut: reading.text.trim().chars().count() >= CUT,
            ..Marks::default()
        };
        let mut name = Self { words: Vec::new(), relative: Vec::new(), other: Vec::new(), marks, script: reading.script };
        name.take_apart(&reading.text);
        name.settle();
        name
    }

    fn take_apart(&mut self, text: &str) {
        let mut part = Part::Holder;
        let mut words = text.split_ascii_whitespace().peekable();
        while let Some(text) = words.next() {
            if self.words.len().max(self.relative.len()).max(self.other.len()) >= MOST_WORDS {
                self.marks.too_long = true;
                return;
            }
            if text == "h" && words.clone().take(2).eq(["u", "f"]) {
                self.marks.huf = true;
                words.nth(1);
            } else if text.contains('/') {
                self.slashed(text, &mut part);
            } else {
                let last = words.peek().is_none();
                let of = words.peek() == Some(&"of");
                self.word(text, &mut part, of, last);
            }
        }
    }

    /// "S/O", "S/oRamesh", "M/s", "A/C", or two holders.
    fn slashed(&mut self, text: &str, part: &mut Part) {
        let kin = ["s/o", "d/o", "w/o", "c/o", "h/o", "f/o", "m/o", "u/g", "m/g", "f/g"];
        if let Some(rest) = kin.iter().find_map(|kin| text.strip_prefix(kin)) {
            self.begin_relative(part);
            self.word(rest, part, false, false);
        } else if text == "a/c" {
            self.account_suffix();
        } else if text != "m/s" {
            for (index, piece) in text.split('/').enumerate() {
                if index > 0 {
                    self.and(part);
                }
                self.word(piece, part, false, false);
            }
        }
    }

    fn word(&mut self, text: &str, part: &mut Part, of: bool, last: bool) {
        if text.is_empty() {
            return;
        }
        let (sound, meaning) = heard(text);
        match meaning {
            Meaning::Noise => {}
            Meaning::And => self.and(part),
            Meaning::AccountSuffix => self.account_suffix(),
            Meaning::NonResident => self.marks.non_resident = true,
            Meaning::Late => self.marks.late |= *part == Part::Holder,
            Meaning::Huf => self.marks.huf = true,
            Meaning::KinOf => self.begin_relative(part),
            Meaning::Kin if of => self.begin_relative(part),
            _ if matches!(text, "so" | "do" | "wo") && !last && !self.words.is_empty() => self.begin_relative(part),
            Meaning::Legal(form) if *part != Part::Relative => self.legal_form(form),
            Meaning::Name if last && self.marks.may_be_cut => self.push(*part, text, sound, meaning),
            Meaning::Name => self.push_name(*part, text, sound),
            _ => self.push(*part, text, sound, meaning),
        }
    }

    /// A name proper: initials written together and a courtesy written behind come apart.
    fn push_name(&mut self, part: Part, text: &str, sound: String) {
        if are_initials(text) {
            for letter in text.chars() {
                let letter = String::from(letter);
                self.push(part, &letter.clone(), letter, Meaning::Name);
            }
            return;
        }
        let honoured = ["bhai", "behn", "ben"].iter().find_map(|courtesy| Some((text.strip_suffix(courtesy)?, *courtesy)));
        match honoured.filter(|(name, _)| name.len() > 3) {
            Some((name, courtesy)) => {
                self.push(part, name, heard(name).0, Meaning::Name);
                self.push(part, courtesy, courtesy.to_owned(), Meaning::Courtesy);
            }
            None => self.push(part, text, sound, Meaning::Name),
        }
    }

    fn push(&mut self, part: Part, text: &str, sound: String, meaning: Meaning) {
        let initial = meaning == Meaning::Name && text.is_ascii() && (text.len() == 1 || is_digraph(text));
        let word = Word { text: text.to_owned(), sound, meaning, initial };
        match part {
            Part::Holder => self.words.push(word),
            Part::Other => self.other.push(word),
            Part::Relative => self.relative.push(word),
        }
    }

    fn begin_relative(&mut self, part: &mut Part) {
        self.marks.kin = true;
        *part = Part::Relative;
    }

    fn and(&self, part: &mut Part) {
        if *part == Part::Holder && !self.words.is_empty() {
            *part = Part::Other;
        }
    }

    /// "(P) Ltd" is private, too.
    fn legal_form(&mut self, form: Form) {
        self.marks.legal |= form;
        if self.words.pop_if(|word| word.text == "p").is_some() {
            self.marks.legal |= PRIVATE;
        }
    }

    /// "SB A/C", "NRO A/C", "JOINT".
    fn account_suffix(&mut self) {
        self.marks.account_suffix = true;
        let count = self.words.len();
        let is_kind = |kind: &str| self.words.iter().map(|word| word.text.as_str()).skip(count.saturating_sub(2)).eq(kind.split(' '));
        if count > 3 && (is_kind("s b") || is_kind("c a") || is_kind("s a") || is_kind("o d") || is_kind("c c")) {
            self.words.truncate(count.saturating_sub(2));
        }
    }

    /// What can only be told when all words are known: firms, and titles that are names where nothing else is.
    fn settle(&mut self) {
        let is_firm = |word: &Word| word.meaning == Meaning::Firm;
        self.marks.firm = self.words.iter().chain(&self.other).any(is_firm);
        if self.marks.firm || self.marks.legal != 0 {
            let other = std::mem::take(&mut self.other);
            self.words.extend(other);
            // "M/s", as banks write it without the stroke.
            if self.words.iter().map(|word| word.text.as_str()).take(2).eq(["m", "s"]) {
                self.words.drain(..2);
            }
            for word in self.words.iter_mut().filter(|word| !is_firm(word)) {
                word.meaning = Meaning::Name;
            }
            return;
        }
        let names = self.words.iter().filter(|word| !matches!(word.meaning, Meaning::Title(_) | Meaning::Courtesy)).count();
        let first = self.words.iter().position(|word| !matches!(word.meaning, Meaning::Title(_)));
        for (index, word) in self.words.iter_mut().enumerate() {
            word.meaning = match word.meaning {
                Meaning::TitleOrName(gender) if Some(index) == first && names > 2 => Meaning::Title(gender),
                Meaning::Filler(_) if Some(index) == first && names > 2 && word.text == "kumari" => Meaning::Title(Some(Gender::Woman)),
                Meaning::TitleOrName(_) | Meaning::Kin => Meaning::Name,
                Meaning::Filler(Some(_)) if Some(index) == first => Meaning::Name,
                meaning => meaning,
            };
            if let Meaning::Title(Some(gender)) = word.meaning {
                self.marks.titled = Some(gender);
            }
        }
    }
}

/// What a word sounds like and is, by the lexicon where it is in there.
pub(super) fn heard(text: &str) -> (String, Meaning) {
    let heard = sound(text);
    match look_up(text, &heard) {
        None => (heard, Meaning::Name),
        Some((stem, meaning)) if stem.ends_with('*') => (stem.to_owned(), meaning),
        Some((canonical, meaning)) => (sound(canonical), meaning),
    }
}

/// `rk`, `bvr`, `ak`: letters of which each stands for a name.
fn are_initials(text: &str) -> bool {
    const WORDS: [&str; 14] = ["om", "de", "da", "di", "do", "du", "al", "el", "co", "jo", "li", "lo", "ma", "so"];
    let consonants = !text.chars().any(|c| is_vowel(c) || !c.is_ascii_lowercase());
    (text.len() == 2 && text.is_ascii() && !is_digraph(text) && (consonants || !WORDS.contains(&text)))
        || (text.len() == 3 && consonants && !text.contains('y'))
}

/// `th`, `kh`: one sound, by which Manipur shortens a name.
fn is_digraph(text: &str) -> bool {
    text.len() == 2 && text.ends_with('h') && !text.starts_with(is_vowel) || text == "ng"
}
