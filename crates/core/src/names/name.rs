//! A name, taken apart: its words with what they are, and what stands around it (a relative, a second holder, an account's suffix, a legal form).
//!
//! The parts that are nobody's name are set aside here, so that comparing is about names only; nothing is lost that could tell
//! two persons apart. At most 16 words count. Sources: document 003 sections 2.7, 3.2, 5.2, 5.5, 5.7.

use super::indic::Script;
use super::known::{is_in, is_mans};
use super::letters::Reading;
use super::lexicon::{Form, Gender, Meaning, PRIVATE, SOCIETY, look_up};
use super::sound::{is_vowel, sound};
use crate::ids::is_placeholder;
use crate::pieces::at_first;
use crate::script::is_letter;

/// How many words of a name count.
const MOST_WORDS: usize = 16;
/// From this many letters on a bank may have cut the name off.
const CUT: usize = 20;

/// One word.
pub(super) struct Word<'a> {
    /// As it was read.
    pub(super) text: &'a str,
    /// As it sounds, or the lexicon's one spelling.
    pub(super) sound: String,
    pub(super) meaning: Meaning,
    /// One letter (or two, such as Th), which stands for a name.
    pub(super) initial: bool,
}

impl<'a> Word<'a> {
    fn new(text: &'a str, sound: String, meaning: Meaning) -> Self {
        let initial = meaning == Meaning::Name && text.is_ascii() && (text.len() == 1 || is_digraph(text));
        Self { text, sound, meaning, initial }
    }

    /// Nothing that needs a counterpart.
    pub(super) fn is_title(&self) -> bool {
        matches!(self.meaning, Meaning::Title(_) | Meaning::Courtesy)
    }
}

/// A name, taken apart. The holder's words come first, then the second holder's, then the relative's.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a mark of its own, in any combination")]
pub(super) struct Name<'a> {
    /// As it was read.
    text: &'a str,
    words: Vec<Word<'a>>,
    /// Where the second holder begins, and where the relative does.
    other: Option<usize>,
    relative: Option<usize>,
    pub(super) late: bool,
    pub(super) huf: bool,
    /// A word that only firms have.
    pub(super) firm: bool,
    pub(super) legal: Form,
    pub(super) non_resident: bool,
    /// There are other holders, who are not named.
    pub(super) others: bool,
    /// "Karta", "Prop", "& Sons" of a family; empty where nothing is said.
    pub(super) capacity: String,
    /// By a title, or by whose son, daughter, wife it is.
    pub(super) gender: Option<Gender>,
    /// A junior, a second, a minor; empty where nothing is said.
    pub(super) generation: String,
    pub(super) tamil: bool,
    /// There are letters that nobody here can read.
    pub(super) unread: bool,
    /// Only some of it was read.
    pub(super) too_long: bool,
    /// Long enough for a bank to have cut it off.
    pub(super) may_be_cut: bool,
}

impl<'a> Name<'a> {
    pub(super) fn of(reading: &'a Reading) -> Self {
        let text = reading.text.trim_ascii();
        let mut name = Self {
            text,
            tamil: reading.script == Script::Tamil,
            unread: reading.unread,
            too_long: reading.cut,
            may_be_cut: text.len() >= CUT,
            ..Self::default()
        };
        let mut rest = text;
        while !rest.is_empty() {
            let (word, behind) = at_first(rest, b" ").unwrap_or((rest, ""));
            rest = behind.trim_ascii_start();
            name.word(word, rest);
        }
        name.settle();
        if is_placeholder(text) {
            name.words.clear();
        }
        name
    }

    /// Whether both are the same text, but for what no reader minds, and hold a letter (of what is read, only letters stand behind `a` and beyond ASCII).
    pub(super) fn is_written_like(&self, other: &Name<'_>) -> bool {
        self.text == other.text && self.text.chars().any(is_letter)
    }

    /// The first holder, a firm as a whole.
    pub(super) fn holder(&self) -> &[Word<'a>] {
        self.words.get(..self.other.unwrap_or(self.end())).unwrap_or_default()
    }

    /// All holders.
    pub(super) fn holders(&self) -> &[Word<'a>] {
        self.words.get(..self.end()).unwrap_or_default()
    }

    /// The second holder.
    pub(super) fn other(&self) -> &[Word<'a>] {
        self.other.and_then(|start| self.words.get(start..self.end())).unwrap_or_default()
    }

    /// Whose son, daughter, wife; `None` where nobody is named as such.
    pub(super) fn relative(&self) -> Option<&[Word<'a>]> {
        self.words.get(self.relative?..)
    }

    /// Whether a title or relation makes a woman of whom the other side's calls a man, or who has no title there and a man's name: "Mrs Ramesh Kumar"
    /// is the wife of Ramesh Kumar. Only endings that women's names hardly have tell, and any word of a woman (Devi, Kaur) speaks for her.
    pub(super) fn contradicts(&self, other: &Name<'_>) -> bool {
        let names = || self.holder().iter().filter(|word| !word.is_title() && !word.initial && word.meaning != Meaning::Filler(None));
        let has_womans_word = names().any(|word| word.meaning == Meaning::Filler(Some(Gender::Woman)));
        match (self.gender, other.gender) {
            (Some(Gender::Woman), Some(Gender::Man)) => true,
            (Some(Gender::Woman), None) => names().next().is_some_and(is_mans) && !has_womans_word,
            (None, Some(Gender::Man)) => has_womans_word,
            _ => false,
        }
    }

    /// Whether it is a firm's or a company's.
    pub(super) fn is_firm(&self) -> bool {
        self.firm || self.legal != 0
    }

    /// Where the holders end.
    fn end(&self) -> usize {
        self.relative.unwrap_or(self.words.len())
    }

    /// A word, and what stands behind it.
    fn word(&mut self, text: &'a str, behind: &'a str) {
        let (sound, meaning) = heard(text);
        let is_kin = match text {
            "so" | "do" | "wo" => !behind.is_empty() && !self.words.is_empty(),
            _ if meaning == Meaning::Kin || text == "brother" => behind.starts_with("of "),
            _ => meaning == Meaning::KinOf,
        };
        match meaning {
            _ if text.is_empty() => {}
            Meaning::Noise => {}
            _ if is_unspaced(text, behind) && self.words.iter().all(Word::is_title) => self.initials(text),
            Meaning::Others => self.others = true,
            Meaning::Capacity => self.capacity(text, &sound),
            Meaning::And => self.and(),
            Meaning::AccountSuffix if !self.words.is_empty() => {}
            Meaning::NonResident => self.non_resident = true,
            // Behind the name it is one of Maharashtra.
            Meaning::Late if text == "late" && behind.is_empty() && !self.words.is_empty() => self.push(text, sound, Meaning::Name),
            Meaning::Late => self.late |= self.relative.is_none(),
            Meaning::Huf => self.huf = true,
            _ if text == "f" && matches!(self.words.as_slice(), [.., h, u] if h.text == "h" && u.text == "u") => {
                self.words.truncate(self.words.len().saturating_sub(2));
                self.huf = true;
            }
            Meaning::Generation if self.relative.is_none() && (text == "minor" || !self.words.is_empty()) => {
                self.generation.push_str(&sound);
            }
            _ if is_kin => self.begin_relative(text, &sound),
            Meaning::Legal(form) if self.relative.is_none() => self.legal_form(form),
            Meaning::Name => self.name(text, sound, self.may_be_cut && behind.is_empty()),
            _ => self.push(text, sound, meaning),
        }
    }

    /// A name proper: initials written together come apart, unless a longer word may have been cut off there, and a courtesy written behind.
    fn name(&mut self, text: &'a str, sound: String, may_be_cut: bool) {
        let courtesy = match text {
            _ if text.ends_with("bhai") || text.ends_with("behn") => 4,
            _ if text.ends_with("ben") || text.ends_with("bai") => 3,
            _ => 0,
        };
        let parted = text.split_at_checked(text.len().saturating_sub(courtesy)).filter(|(name, _)| courtesy > 0 && name.len() > 3);
        if let Some((first, second)) = at_first(text, b"/") {
            self.word(first, second);
            self.and();
            self.word(second, "");
        } else if let Some((name, courtesy)) = parted {
            self.push(name, heard(name).0, Meaning::Name);
            self.push(courtesy, courtesy.to_owned(), Meaning::Courtesy);
        } else if are_initials(text) && !may_be_cut {
            self.initials(text);
        } else {
            self.push(text, sound, Meaning::Name);
        }
    }

    fn initials(&mut self, text: &'a str) {
        let mut rest = text;
        while let Some((letter, behind)) = rest.split_at_checked(1) {
            self.push(letter, letter.to_owned(), Meaning::Name);
            rest = behind;
        }
    }

    /// "Karta"; what follows a "Prop" behind the name is the firm's.
    fn capacity(&mut self, text: &'a str, sound: &str) {
        self.capacity.push_str(sound);
        if text != "karta" && !self.words.is_empty() {
            self.begin_relative(text, sound);
        }
    }

    /// "S/O Ramesh", and "S/oRamesh": the first sound tells a son, husband or brother from a daughter, wife or widow.
    fn begin_relative(&mut self, text: &'a str, sound: &str) {
        self.gender = self.gender.or(match sound.bytes().next() {
            Some(b's' | b'h' | b'b') => Some(Gender::Man),
            Some(b'd' | b'w' | b'v') => Some(Gender::Woman),
            _ => None,
        });
        self.relative = self.relative.or(Some(self.words.len()));
        if let Some(name) = at_first(text, b"/").and_then(|(_, kin)| kin.get(1..)).filter(|name| !name.is_empty()) {
            self.word(name, "");
        }
    }

    #[inline(never)]
    fn push(&mut self, text: &'a str, sound: String, meaning: Meaning) {
        if self.words.len() >= MOST_WORDS {
            self.too_long = true;
            return;
        }
        // Hiteshbhai is a man, Hiteshben and Lakshmibai are women.
        if meaning == Meaning::Courtesy && !self.words.is_empty() && self.relative.is_none() && self.other.is_none() {
            self.gender = match text.as_bytes() {
                [b'b', b'h', ..] => Some(Gender::Man),
                [b'b', ..] => Some(Gender::Woman),
                _ => self.gender,
            };
        }
        self.words.push(Word::new(text, sound, meaning));
    }

    fn and(&mut self) {
        if self.relative.is_none() && !self.words.is_empty() {
            self.other = self.other.or(Some(self.words.len()));
        }
    }

    /// "(P) Ltd" is private, too, and a "C.H.S. Ltd" a society.
    fn legal_form(&mut self, form: Form) {
        self.legal |= form;
        if self.words.last().is_some_and(|word| word.text == "p") {
            self.legal |= PRIVATE;
            self.words.pop();
        }
        if matches!(self.words.as_slice(), [_, .., c, h, s] if c.text == "c" && h.text == "h" && s.text == "s") {
            self.legal |= SOCIETY;
            self.words.truncate(self.words.len().saturating_sub(3));
        }
    }

    /// Of a family, sets aside what is no name of its karta, who may be named beside it.
    fn settle_family(&mut self) {
        let is_alone = self.other.is_none() && self.relative.is_none();
        for place in 0..self.words.len() {
            let (before, behind) = self.words.split_at_mut(place);
            let Some(word) = behind.first_mut() else { return };
            let known = is_alone && !word.initial && before.iter().any(|other| other.text == word.text);
            if known || matches!(word.text, "sons" | "son" | "family" | "bros" | "hindu") {
                word.meaning = Meaning::Courtesy;
            }
            if matches!(word.text, "sons" | "son" | "bros") {
                self.capacity.push_str("sons");
            }
        }
        if self.other().iter().all(Word::is_title) {
            self.other = None;
        }
    }

    /// What can only be told when all words are known: firms, and titles that are names where nothing else is.
    fn settle(&mut self) {
        // "E or S": either or survivor.
        if let [_, .., e, s] = self.words.as_slice()
            && s.text == "s"
            && matches!(e.text, "e" | "f" | "a")
            && self.other().len() == 1
        {
            self.words.truncate(self.words.len().saturating_sub(2));
            (self.other, self.others) = (None, true);
        }
        if self.huf {
            self.settle_family();
        }
        self.firm = self.holders().iter().any(|word| word.meaning == Meaning::Firm);
        if self.is_firm() {
            self.other = None;
        }
        let (is_firm, names) = (self.is_firm(), self.holder().iter().filter(|word| !word.is_title()).count());
        // "M S" before a firm is M/s.
        let messrs =
            is_firm && matches!(self.words.as_slice(), [m, s, name, ..] if m.text == "m" && s.text == "s" && name.meaning != Meaning::Firm);
        // Sri Devi: a filler alone is no name, but with its Sri.
        let is_filler = names == 1 && self.holder().iter().any(|word| matches!(word.meaning, Meaning::Filler(Some(_))));
        let (mut first, holder) = (true, self.holder().len());
        for (place, word) in self.words.iter_mut().enumerate() {
            let leads = first;
            first &= matches!(word.meaning, Meaning::Title(_));
            word.meaning = match word.meaning {
                _ if messrs && place < 2 => Meaning::Courtesy,
                Meaning::Firm => Meaning::Firm,
                Meaning::Courtesy if self.huf => Meaning::Courtesy,
                _ if is_firm => Meaning::Name,
                Meaning::Title(Some(_)) if is_filler && matches!(word.text, "sri" | "shri" | "sree" | "shree") => Meaning::Name,
                Meaning::TitleOrName(gender) if leads && names > 2 => Meaning::Title(gender),
                Meaning::Filler(_) if leads && names > 2 && word.text == "kumari" => Meaning::Title(Some(Gender::Woman)),
                // Ben Joseph: a courtesy stands behind a name.
                Meaning::Courtesy | Meaning::Filler(Some(_)) if leads => Meaning::Name,
                // Sister Rosamma.
                Meaning::Generation if leads => Meaning::Title(None),
                Meaning::Filler(None) if names == 1 => Meaning::Name,
                Meaning::Title(_) | Meaning::Courtesy | Meaning::Filler(_) => word.meaning,
                _ => Meaning::Name,
            };
            if let Meaning::Title(Some(gender)) = word.meaning
                && place < holder
            {
                self.gender = Some(gender);
            }
        }
    }
}

/// What a word sounds like and is, by the lexicon where it is in there.
pub(super) fn heard(text: &str) -> (String, Meaning) {
    let heard = sound(text);
    match look_up(text, &heard) {
        None => (heard, Meaning::Name),
        Some(("", meaning)) => (heard, meaning),
        Some((canonical, meaning)) => (canonical.to_owned(), meaning),
    }
}

/// Words of two letters that are no initials.
const SHORT: &str = "om de da di do du al el co jo li lo ma so";

/// `rk`, `bvr`, `ak`: letters of which each stands for a name.
fn are_initials(text: &str) -> bool {
    let consonants = text.bytes().all(|letter| letter.is_ascii_lowercase() && !is_vowel(letter) && letter != b'y');
    match text.len() {
        2 => text.is_ascii() && !is_digraph(text) && (consonants || !is_in(SHORT, text)),
        3 => consonants,
        _ => false,
    }
}

/// Initials that are also words of the lexicon, in front of a name (but not of "operative"); as titles, only before its single other word.
fn is_unspaced(text: &str, behind: &str) -> bool {
    let listed = || is_in("kr sb ac pd co cc od chs", text) && !behind.starts_with("op");
    let before_one = || matches!(text, "cs" | "ca") && !behind.bytes().any(|letter| letter == b' ');
    !behind.is_empty() && (listed() || before_one())
}

/// `th`, `kh`: one sound, by which Manipur shortens a name.
fn is_digraph(text: &str) -> bool {
    match text.as_bytes() {
        [letter, b'h'] => !is_vowel(*letter),
        letters => letters == b"ng",
    }
}
