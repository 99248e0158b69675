//! From two names to the reasons for and against their being one person's.
//!
//! What stands around the names comes first (late, family, firm), then the words: what agrees and in which order, what only one side has, what
//! contradicts. A contradiction is a no, something missing is for a person, another way of writing is neither.

use super::align::{Alignment, Link, Linked, Pair};
use super::known::{is_fathers, is_surname, is_womans};
use super::lexicon::{Gender, Meaning};
use super::name::{Name, Word};
use super::pair::{Likeness, likeness};
use super::reasons::{Weight, Why};
use super::slip::{Custom, spells, written_together};

/// A reason with the words that it is about; empty where there is none.
pub(super) struct Finding {
    pub(super) why: Why,
    pub(super) a: String,
    pub(super) b: String,
}

/// The reasons; none where the names are the same. `exchanged`: the first name is the caller's second.
pub(super) fn judge(a: &Name<'_>, b: &Name<'_>, exchanged: bool) -> Vec<Finding> {
    let mut judge = Judge { findings: Vec::new(), exchanged };
    judge.around(a, b);
    let said = judge.findings.len();
    let both = !a.other().is_empty() && !b.other().is_empty();
    let (words_a, words_b) = if both { (a.holders(), b.holders()) } else { (a.holder(), b.holder()) };
    judge.words(words_a, words_b, a, b);
    judge.relatives(a, b, said);
    if !both {
        judge.second_holder(a, b, said);
    }
    judge.findings
}

struct Judge {
    findings: Vec<Finding>,
    exchanged: bool,
}

impl Judge {
    fn say(&mut self, why: Why, a: &str, b: &str) {
        let (a, b) = if self.exchanged { (b, a) } else { (a, b) };
        self.findings.push(Finding { why, a: a.to_ascii_uppercase(), b: b.to_ascii_uppercase() });
    }

    fn is_no(&self) -> bool {
        self.findings.iter().any(|finding| finding.why.row().1 == Weight::No)
    }

    fn around(&mut self, a: &Name<'_>, b: &Name<'_>) {
        let (fewer, more) = (a.legal & b.legal, a.legal | b.legal);
        let one_has_all = fewer == a.legal || fewer == b.legal;
        let checks = [
            (Why::Late, a.late || b.late),
            (Why::Generation, a.generation != b.generation),
            (Why::Huf, a.huf != b.huf),
            (Why::Capacity, a.capacity != b.capacity),
            (Why::Firm, a.firm && !b.is_firm() || b.firm && !a.is_firm()),
            (Why::LegalForm, !one_has_all),
            (Why::LegalFormMissing, one_has_all && fewer != more),
            (Why::TitleGender, a.contradicts(b) || b.contradicts(a)),
            (Why::TooLong, a.too_long || b.too_long),
            (Why::NonResident, a.non_resident != b.non_resident),
        ];
        for (why, applies) in checks {
            if applies {
                self.say(why, "", "");
            }
        }
    }

    fn words(&mut self, words_a: &[Word<'_>], words_b: &[Word<'_>], a: &Name<'_>, b: &Name<'_>) {
        if words_a.is_empty() || words_b.is_empty() {
            // "CHS": a firm's words in short.
            let is_short = a.legal != 0 && a.legal == b.legal && words_a.iter().chain(words_b).all(|word| word.meaning == Meaning::Firm);
            let why = if is_short && words_a.len() != words_b.len() { Why::Acronym } else { Why::NoName };
            return self.say(why, "", "");
        }
        let alignment = Alignment::of(words_a, words_b, a.may_be_cut, b.may_be_cut);
        let pairs = alignment.pairs();
        let agreed = Agreed::of(&pairs);
        self.links(&pairs, &agreed);
        self.order(&pairs, a.is_firm());
        let before = self.findings.len();
        if a.unread != b.unread {
            return self.say(Why::ScriptNotRead, "", "");
        }
        let firms = a.is_firm() && b.is_firm();
        let custom =
            Custom { firms, tamil: a.tamil || b.tamil, before_kumar: pairs.iter().any(|(_, a, b)| a.text == "kumar" && b.text == a.text) };
        let asked = Asked { others_agree: agreed.names > 0, firms, is_married: &|| may_be_married(&pairs, a, b), custom };
        self.contradictions(&alignment, &asked);
        let contradicted = self.findings.iter().skip(before).any(|finding| finding.why.row().1 == Weight::No);
        match agreed {
            // Every word spelt nearly alike is something in common.
            Agreed { names: 0, fillers: 0, initials: 0, .. }
                if !contradicted
                    && self.findings.iter().any(|finding| matches!(finding.why, Why::Misspelt | Why::PartMissing | Why::Acronym)) => {}
            Agreed { names: 0, fillers: 0, initials: 0, .. } => self.say(Why::NothingInCommon, "", ""),
            Agreed { names: 0, .. } if contradicted => self.say(Why::NothingInCommon, "", ""),
            // L&T: nobody's initials have an "and" between.
            Agreed { names: 0, fillers: 0, .. }
                if self.findings.len() == before && (firms || !a.other().is_empty() && !b.other().is_empty()) =>
            {
                self.say(Why::Acronym, "", "");
            }
            Agreed { names: 0, fillers: 0, .. } => self.say(Why::InitialsOnly, "", ""),
            _ => {}
        }
    }

    fn links(&mut self, pairs: &[Linked<'_>], agreed: &Agreed) {
        let whole = agreed.names.saturating_add(agreed.fillers);
        for (pair, a, b) in pairs {
            // A given name in whole and another word (N Chandrababu Naidu), or an initial in the middle (Rakesh K Singh); two letters of a
            // clan's name (Th, Kh, Ng) are more than an initial. Initials before a surname are two brothers' (A K Ganguly).
            let in_the_middle = pair.a.min(pair.b) > 0 && whole > 1;
            let of_a_clan = a.text.len().min(b.text.len()) > 1 && whole > 1;
            let is_enough = of_a_clan || agreed.given > 0 && (agreed.names > 1 || in_the_middle);
            let why = match pair.link {
                Link::Spelling if !a.is_title() && !b.is_title() => Why::Spelling,
                Link::Joined => Why::Joined,
                Link::CutOff => Why::CutOff,
                Link::Initial if whole > 0 && is_enough => Why::Initial,
                Link::Initial if whole > 0 => Why::InitialOnly,
                _ => continue,
            };
            self.say(why, a.text, b.text);
        }
    }

    /// A surname may stand first or last; given name and father's name may not change places, nor may a firm's words. Fillers and titles stand anywhere,
    /// but what stands behind a Mohammed in front is the given name.
    fn order(&mut self, pairs: &[Linked<'_>], is_firm: bool) {
        let (mut count, mut descents, mut first, mut last) = (0_u8, 0_u8, None, None);
        let in_front = |pair: &Pair, a: &Word<'_>| a.meaning == Meaning::Filler(None) && (pair.a, pair.b) == (0, 0);
        let is_name = |(pair, a, b): &&Linked<'_>| a.meaning == Meaning::Name && b.meaning == Meaning::Name || in_front(pair, a);
        let mut words = pairs.iter().filter(|(_, a, b)| a.meaning == Meaning::Name && b.meaning == Meaning::Name);
        for (pair, ..) in pairs.iter().filter(is_name) {
            descents = descents.saturating_add(u8::from(last > Some(pair.b)));
            (count, first, last) = (count.saturating_add(1), first.or(Some(pair.b)), Some(pair.b));
        }
        match descents.saturating_add(u8::from(last > first)) {
            _ if descents == 0 => {}
            descents
                if is_firm
                    || count == 2 && words.all(|(pair, a, b)| pair.link != Link::Joined && is_fathers(a) && is_fathers(b))
                    || descents > 1 && count > 2 =>
            {
                self.say(Why::OrderExchanged, "", "");
            }
            _ => self.say(Why::Order, "", ""),
        }
    }

    /// What has no counterpart.
    fn contradictions(&mut self, alignment: &Alignment<'_>, asked: &Asked<'_>) {
        let (mut rest_a, mut rest_b) = alignment.rest();
        if asked.firms && (spells(&rest_a, &rest_b) || spells(&rest_b, &rest_a)) {
            return self.say(Why::Acronym, "", "");
        }
        rest_a.retain(|a| {
            let doubt = |(place, b): (usize, &&Word<'_>)| Some((place, asked.custom.doubt(a, b)?));
            let Some((place, why)) = rest_b.iter().enumerate().find_map(doubt) else { return true };
            self.say(why, a.text, rest_b.remove(place).text);
            false
        });
        if let Some((a, b)) = written_together(&rest_a, &rest_b) {
            return self.say(Why::Misspelt, &a, &b);
        }
        if rest_a.is_empty() || rest_b.is_empty() {
            for word in rest_a {
                self.say(missing(word), word.text, "");
            }
            for word in rest_b {
                self.say(missing(word), "", word.text);
            }
            return;
        }
        let is_married = (asked.is_married)();
        let fillers = |rest: &[&Word<'_>]| rest.iter().all(|word| matches!(word.meaning, Meaning::Filler(_)));
        let (mut left, mut right) = (rest_a.iter(), rest_b.iter());
        loop {
            let (a, b) = match (left.next(), right.next()) {
                (None, None) => return,
                (Some(a), None) => return self.say(missing(a), a.text, ""),
                (None, Some(b)) => return self.say(missing(b), "", b.text),
                (Some(a), Some(b)) => (*a, *b),
            };
            let why = match (a.meaning, b.meaning) {
                _ if is_married && !a.initial && !b.initial => Why::OtherSurname,
                (Meaning::Filler(Some(left)), Meaning::Filler(Some(right))) if left != right => Why::Gender,
                _ if a.initial || b.initial => Why::OtherInitial,
                _ if (fillers(&rest_a) || fillers(&rest_b)) && asked.others_agree => Why::CommonWord,
                _ => match likeness(&a.sound, &b.sound) {
                    Likeness::Beginning if asked.others_agree && alignment.are_last(a, b) => Why::Beginning,
                    Likeness::Gender => Why::Gender,
                    Likeness::Similar | Likeness::Beginning => Why::SimilarName,
                    _ => Why::OtherName,
                },
            };
            self.say(why, a.text, b.text);
        }
    }

    /// "S/O": beside the customer it is left aside, instead of the customer it is another person.
    fn relatives(&mut self, a: &Name<'_>, b: &Name<'_>, said: usize) {
        let (of_a, of_b) = (a.relative(), b.relative());
        let why = match (of_a, of_b) {
            (None, None) => return,
            _ if self.is_no() => {
                if !of_a.is_some_and(|relative| fits(relative, b.holder())) && !of_b.is_some_and(|relative| fits(relative, a.holder())) {
                    return;
                }
                self.findings.truncate(said);
                Why::RelativeNamed
            }
            (Some(of_a), Some(of_b)) if fits(of_a, of_b) => return,
            (Some(_), Some(_)) => Why::RelativeDiffers,
            _ => Why::RelativeLeftOut,
        };
        self.say(why, "", "");
    }

    /// Banks name the first holder only; the second one of a joint account is a customer too.
    fn second_holder(&mut self, a: &Name<'_>, b: &Name<'_>, said: usize) {
        if a.other().is_empty() && b.other().is_empty() && a.others == b.others {
            return;
        }
        if self.is_no() && (fits(a.other(), b.holder()) || fits(a.holder(), b.other())) {
            self.findings.truncate(said);
        }
        self.say(Why::SecondHolder, "", "");
    }
}

/// What decides between reasons for a word without a counterpart.
struct Asked<'a> {
    /// A whole name agrees.
    others_agree: bool,
    firms: bool,
    /// A woman's given name agrees.
    is_married: &'a dyn Fn() -> bool,
    custom: Custom,
}

/// Whether a given name agrees, and it is a woman's: by itself, or by a title or relation that nothing contradicts.
fn may_be_married(pairs: &[Linked<'_>], a: &Name<'_>, b: &Name<'_>) -> bool {
    let genders = [a.gender, b.gender];
    let said = genders.contains(&Some(Gender::Woman));
    let in_front = |name: &Name<'_>, word: &Word<'_>| {
        name.holder().iter().find(|word| !word.is_title()).is_some_and(|first| std::ptr::eq(first, word))
    };
    // What stands last on both sides is a surname, if anything.
    let behind = |name: &Name<'_>, word: &Word<'_>| name.holder().last().is_some_and(|last| std::ptr::eq(last, word));
    let is_given = |(_, x, y): &Linked<'_>| {
        let first = in_front(a, x) && in_front(b, y);
        let is_name = x.meaning == Meaning::Name && !x.initial && !y.initial;
        is_name && (first && said || is_womans(&x.sound) && (first || !behind(a, x) && !behind(b, y)))
    };
    !a.is_firm() && !b.is_firm() && !genders.contains(&Some(Gender::Man)) && pairs.iter().any(is_given)
}

/// Whether all words of one list are in the other.
fn fits(a: &[Word<'_>], b: &[Word<'_>]) -> bool {
    let alignment = Alignment::of(a, b, false, false);
    let (rest_a, rest_b) = alignment.rest();
    Agreed::of(&alignment.pairs()).names > 0 && (rest_a.is_empty() || rest_b.is_empty())
}

fn missing(word: &Word<'_>) -> Why {
    if word.initial { Why::InitialMissing } else { Why::WordMissing }
}

/// How many words agree.
struct Agreed {
    /// Whole words that are names.
    names: usize,
    /// Those of them that are no surnames.
    given: usize,
    /// Whole words that half the country has.
    fillers: usize,
    /// Initials for words.
    initials: usize,
}

impl Agreed {
    fn of(pairs: &[Linked<'_>]) -> Self {
        let mut agreed = Self { names: 0, given: 0, fillers: 0, initials: 0 };
        for (pair, a, b) in pairs {
            let count = match (a.meaning, b.meaning) {
                // Sri Devi and Sridevi: a title that is written together is none.
                _ if pair.link == Link::Joined => &mut agreed.names,
                (Meaning::Title(_) | Meaning::Courtesy, _) | (_, Meaning::Title(_) | Meaning::Courtesy) => continue,
                _ if pair.link == Link::Initial => &mut agreed.initials,
                _ if a.initial || b.initial => continue,
                (Meaning::Filler(None), Meaning::Filler(None)) => continue,
                (Meaning::Filler(_), Meaning::Filler(_)) => &mut agreed.fillers,
                _ => &mut agreed.names,
            };
            *count = count.saturating_add(1);
        }
        let is_given =
            |(pair, a, _): &&Linked<'_>| pair.link != Link::Initial && a.meaning == Meaning::Name && !a.initial && !is_surname(&a.sound);
        agreed.given = pairs.iter().filter(is_given).count();
        agreed
    }
}
