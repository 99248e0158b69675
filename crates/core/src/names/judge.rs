//! From two names to the reasons for and against their being one person's.
//!
//! What stands around the names comes first (late, family, firm), then the words: what agrees and in which order, what only one side has, what
//! contradicts. A contradiction is a no, something missing is for a person, another way of writing is neither.

use super::align::{Alignment, Link, Pair};
use super::indic::Script;
use super::lexicon::Meaning;
use super::name::{Name, Word};
use super::pair::{Likeness, likeness};
use super::reasons::{Weight, Why};

/// A reason with the words that it is about.
pub(super) struct Finding {
    pub(super) why: Why,
    pub(super) a: Option<String>,
    pub(super) b: Option<String>,
}

/// The reasons; none where the names are the same.
pub(super) fn judge(a: &Name, b: &Name) -> Vec<Finding> {
    let mut judge = Judge::default();
    judge.around(a, b);
    let both = !a.other.is_empty() && !b.other.is_empty();
    let said = judge.findings.len();
    if both {
        judge.words(&all(a), &all(b), a, b);
    } else {
        judge.words(&a.words, &b.words, a, b);
    }
    judge.relatives(a, b, said);
    if !both {
        judge.second_holder(a, b, said);
    }
    judge.findings
}

fn all(name: &Name) -> Vec<Word> {
    name.words.iter().chain(&name.other).cloned().collect()
}

#[derive(Default)]
struct Judge {
    findings: Vec<Finding>,
}

impl Judge {
    fn say(&mut self, why: Why, a: &str, b: &str) {
        let shown = |word: &str| (!word.is_empty()).then(|| word.to_ascii_uppercase());
        self.findings.push(Finding { why, a: shown(a), b: shown(b) });
    }

    fn is_no(&self) -> bool {
        self.findings.iter().any(|finding| finding.why.row().1 == Weight::No)
    }

    fn around(&mut self, a: &Name, b: &Name) {
        let (left, right) = (&a.marks, &b.marks);
        let is_firm = |name: &Name| name.marks.firm || name.marks.legal != 0;
        let forms_agree =
            left.legal & right.legal == left.legal.min(right.legal) && (left.legal | right.legal) == left.legal.max(right.legal);
        let checks = [
            (Why::Late, left.late || right.late),
            (Why::Huf, left.huf != right.huf),
            (Why::Firm, left.firm && !is_firm(b) || right.firm && !is_firm(a)),
            (Why::LegalForm, left.legal != right.legal && !forms_agree),
            (Why::LegalFormMissing, left.legal != right.legal && forms_agree),
            (Why::TitleGender, left.titled.zip(right.titled).is_some_and(|(left, right)| left != right)),
            (Why::TooLong, left.too_long || right.too_long),
            (Why::NonResident, left.non_resident != right.non_resident),
        ];
        for (why, _) in checks.into_iter().filter(|(_, applies)| *applies) {
            self.say(why, "", "");
        }
    }

    fn words(&mut self, words_a: &[Word], words_b: &[Word], a: &Name, b: &Name) {
        if words_a.is_empty() || words_b.is_empty() {
            return self.say(Why::NoName, "", "");
        }
        let alignment = Alignment::of(words_a, words_b, a.marks.may_be_cut, b.marks.may_be_cut);
        let agreed = Agreed::of(&alignment);
        self.links(&alignment, &agreed);
        self.order(&alignment);
        let before = self.findings.len();
        if a.marks.unread != b.marks.unread {
            return self.say(Why::ScriptNotRead, "", "");
        }
        let tamil = a.script.max(b.script) == Script::Tamil;
        self.contradictions(&alignment, agreed.names > 0, tamil);
        let contradicted = self.findings.iter().skip(before).any(|finding| finding.why.row().1 == Weight::No);
        match agreed {
            Agreed { names: 0, fillers: 0, initials: 0 } => self.say(Why::NothingInCommon, "", ""),
            Agreed { names: 0, .. } if contradicted => self.say(Why::NothingInCommon, "", ""),
            Agreed { names: 0, fillers: 0, .. } => self.say(Why::InitialsOnly, "", ""),
            _ => {}
        }
    }

    fn links(&mut self, alignment: &Alignment<'_>, agreed: &Agreed) {
        let some = agreed.names.saturating_add(agreed.fillers) > 0;
        let enough = agreed.names > 1 || agreed.initials > 1 && some;
        for &pair in &alignment.pairs {
            let Some((a, b)) = alignment.words(pair) else { continue };
            let why = match pair.link {
                Link::Equal => continue,
                Link::Spelling if matches!(a.meaning, Meaning::Title(_)) => continue,
                Link::Spelling => Why::Spelling,
                Link::Joined => Why::Joined,
                Link::CutOff => Why::CutOff,
                // In the middle: Rakesh K Singh.
                Link::Initial if pair.a.min(pair.b) > 0 && agreed.names > 0 && agreed.names.saturating_add(agreed.fillers) > 1 => {
                    Why::Initial
                }
                // Two letters of a clan's name are more than an initial (Th, Kh, Ng).
                Link::Initial if enough || a.text.len().min(b.text.len()) > 1 && agreed.names.saturating_add(agreed.fillers) > 1 => {
                    Why::Initial
                }
                Link::Initial if some => Why::InitialOnly,
                Link::Initial => continue,
            };
            self.say(why, &a.text, &b.text);
        }
    }

    /// A surname may stand first or last; given name and father's name may not change places. Fillers and titles stand anywhere.
    fn order(&mut self, alignment: &Alignment<'_>) {
        let counts = |pair: &&Pair| alignment.words(**pair).is_some_and(|(a, b)| [a, b].iter().all(|word| word.meaning == Meaning::Name));
        let places: Vec<usize> = alignment.pairs.iter().filter(counts).map(|pair| pair.b).collect();
        let descents = places.iter().zip(places.iter().skip(1)).filter(|(a, b)| a > b).count();
        let wraps = places.last().zip(places.first()).is_some_and(|(last, first)| last > first);
        match descents.saturating_add(usize::from(wraps)) {
            _ if descents == 0 => {}
            2.. if places.len() > 2 => self.say(Why::OrderExchanged, "", ""),
            _ => self.say(Why::Order, "", ""),
        }
    }

    /// What has no counterpart.
    fn contradictions(&mut self, alignment: &Alignment<'_>, others_agree: bool, tamil: bool) {
        let (mut rest_a, mut rest_b) = (alignment.rest_a(), alignment.rest_b());
        loop {
            let slips =
                |a: &Word, b: &Word| !a.initial && !b.initial && (is_misspelt(a, b) || tamil && hardened(&a.sound) == hardened(&b.sound));
            let found = rest_a.iter().enumerate().find_map(|(i, a)| rest_b.iter().position(|b| slips(a, b)).map(|j| (i, j)));
            let Some((i, j)) = found else { break };
            let (a, b) = (rest_a.remove(i), rest_b.remove(j));
            self.say(Why::Misspelt, &a.text, &b.text);
        }
        if rest_a.is_empty() || rest_b.is_empty() {
            for word in rest_a {
                self.say(missing(word), &word.text, "");
            }
            for word in rest_b {
                self.say(missing(word), "", &word.text);
            }
            return;
        }
        let fillers = |rest: &[&Word]| rest.iter().all(|word| matches!(word.meaning, Meaning::Filler(_)));
        let (mut left, mut right) = (rest_a.iter(), rest_b.iter());
        loop {
            let (a, b) = match (left.next(), right.next()) {
                (None, None) => return,
                (Some(a), None) => return self.say(missing(a), &a.text, ""),
                (None, Some(b)) => return self.say(missing(b), "", &b.text),
                (Some(a), Some(b)) => (*a, *b),
            };
            let why = match (a.meaning, b.meaning) {
                (Meaning::Filler(Some(left)), Meaning::Filler(Some(right))) if left != right => Why::Gender,
                _ if (fillers(&rest_a) || fillers(&rest_b)) && others_agree => Why::CommonWord,
                _ if a.initial || b.initial => Why::OtherInitial,
                _ => match likeness(&a.sound, &b.sound) {
                    Likeness::Beginning if others_agree && alignment.are_last(a, b) => Why::Beginning,
                    Likeness::Gender => Why::Gender,
                    Likeness::Similar | Likeness::Beginning => Why::SimilarName,
                    _ => Why::OtherName,
                },
            };
            self.say(why, &a.text, &b.text);
        }
    }

    /// "S/O": beside the customer it is left aside, instead of the customer it is another person.
    fn relatives(&mut self, a: &Name, b: &Name, said: usize) {
        if !a.marks.kin && !b.marks.kin {
            return;
        }
        let named = fits(&a.relative, &b.words) || fits(&a.words, &b.relative);
        match (self.is_no(), a.relative.is_empty() || b.relative.is_empty()) {
            (true, _) if named => {
                self.findings.truncate(said);
                self.say(Why::RelativeNamed, "", "");
            }
            (false, true) => self.say(Why::RelativeLeftOut, "", ""),
            (false, false) if !fits(&a.relative, &b.relative) => self.say(Why::RelativeDiffers, "", ""),
            _ => {}
        }
    }

    /// Banks name the first holder only; the second one of a joint account is a customer too.
    fn second_holder(&mut self, a: &Name, b: &Name, said: usize) {
        if a.other.is_empty() && b.other.is_empty() {
            return;
        }
        if self.is_no() && (fits(&a.other, &b.words) || fits(&a.words, &b.other)) {
            self.findings.truncate(said);
        }
        self.say(Why::SecondHolder, "", "");
    }
}

/// Whether all words of two lists agree.
fn fits(a: &[Word], b: &[Word]) -> bool {
    let alignment = Alignment::of(a, b, false, false);
    let agreed = Agreed::of(&alignment);
    agreed.names > 0 && (alignment.rest_a().is_empty() || alignment.rest_b().is_empty())
}

fn missing(word: &Word) -> Why {
    if word.initial { Why::InitialMissing } else { Why::WordMissing }
}

fn is_misspelt(a: &Word, b: &Word) -> bool {
    likeness(&a.sound, &b.sound) == Likeness::Slip || likeness(&a.text, &b.text) == Likeness::Slip
}

/// Tamil writes one letter for k and g, c and j and s, t and d, p and b.
fn hardened(sound: &str) -> String {
    sound
        .chars()
        .map(|c| match c {
            'g' => 'k',
            'j' | 's' => 'c',
            'd' => 't',
            'v' => 'p',
            c => c,
        })
        .collect()
}

/// How many words agree.
struct Agreed {
    /// Whole words that are names.
    names: usize,
    /// Whole words that half the country has.
    fillers: usize,
    /// Initials for words.
    initials: usize,
}

impl Agreed {
    fn of(alignment: &Alignment<'_>) -> Self {
        let mut agreed = Self { names: 0, fillers: 0, initials: 0 };
        for &pair in &alignment.pairs {
            let Some((a, b)) = alignment.words(pair) else { continue };
            let count = match (a.meaning, b.meaning) {
                (Meaning::Title(_) | Meaning::Courtesy, _) | (_, Meaning::Title(_) | Meaning::Courtesy) => continue,
                _ if pair.link == Link::Initial => &mut agreed.initials,
                _ if a.initial || b.initial => continue,
                (Meaning::Filler(None), Meaning::Filler(None)) => continue,
                (Meaning::Filler(_), Meaning::Filler(_)) => &mut agreed.fillers,
                _ => &mut agreed.names,
            };
            *count = count.saturating_add(1);
        }
        agreed
    }
}
