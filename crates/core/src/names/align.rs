//! Which word of one name is which of the other: every word is used at most once, the surest pairs are made first.
//!
//! In turn: words that are one name, words that are written together, initials, a word that was cut off. Among equals the pair wins whose places
//! are nearest. The order of the two names makes no difference.

use super::known::are_two_families;
use super::lexicon::{Meaning, is_abbreviation};
use super::name::{Word, heard};
use super::pair::is_one_name;
use super::sound::sound;

/// What connects two words; the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// Written alike.
    Equal,
    /// Spelt otherwise.
    Spelling,
    /// Several words of one side are one of the other.
    Joined,
    /// One stands for the other.
    Initial,
    /// The last word of a long name, cut off.
    CutOff,
}

/// A pair of words by their places.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub(super) link: Link,
    pub(super) a: usize,
    pub(super) b: usize,
}

/// A pair with its words.
pub(super) type Linked<'a> = (Pair, &'a Word<'a>, &'a Word<'a>);

impl Pair {
    /// What decides between pairs: equal words first, then how far apart the places are, then how far behind.
    fn rank(&self) -> (bool, usize, usize) {
        (self.link != Link::Equal, self.a.abs_diff(self.b), self.a.saturating_add(self.b))
    }
}

/// The words of a name, and which of them have a counterpart.
struct Side<'a> {
    words: &'a [Word<'a>],
    used: Vec<bool>,
}

impl<'a> Side<'a> {
    fn of(words: &'a [Word<'a>]) -> Self {
        Self { words, used: vec![false; words.len()] }
    }

    /// The word at a place, if it has no counterpart.
    fn free(&self, place: usize) -> Option<&'a Word<'a>> {
        self.words.get(place).filter(|_| self.used.get(place) == Some(&false))
    }

    fn take(&mut self, from: usize, to: usize) {
        self.used.iter_mut().take(to).skip(from).for_each(|used| *used = true);
    }

    /// The words that have no counterpart and need one.
    fn rest(&self) -> Vec<&'a Word<'a>> {
        (0..self.words.len()).filter_map(|place| self.free(place)).filter(|word| !word.is_title()).collect()
    }
}

/// Two names side by side.
pub(super) struct Alignment<'a> {
    a: Side<'a>,
    b: Side<'a>,
    pairs: Vec<Pair>,
    /// How many words written together may still be tried.
    tries: u8,
}

/// How many words written apart may be one.
const MOST_JOINED: usize = 4;
/// How many words written together are tried; a name of a few words needs ten.
const MOST_TRIES: u8 = 60;

impl<'a> Alignment<'a> {
    /// `cut_a`, `cut_b`: the name is long enough to have been cut off.
    pub(super) fn of(a: &'a [Word<'a>], b: &'a [Word<'a>], cut_a: bool, cut_b: bool) -> Self {
        let mut alignment = Self { a: Side::of(a), b: Side::of(b), pairs: Vec::new(), tries: MOST_TRIES };
        alignment.pair_up(&name_link);
        alignment.join();
        alignment.pair_up(&initial_link);
        alignment.pair_up(&|x, y| {
            let begins = |short: &Word<'_>, long: &Word<'_>| {
                short.text.len() > 1 && long.text.len() > short.text.len() && long.text.starts_with(short.text)
            };
            let last = |words: &[Word<'_>], word: &Word<'_>| words.last().is_some_and(|last| std::ptr::eq(last, word));
            let cut = cut_a && last(a, x) && begins(x, y) || cut_b && last(b, y) && begins(y, x);
            cut.then_some(Link::CutOff)
        });
        alignment
    }

    /// The words of the first and of the second name that have no counterpart and need one.
    pub(super) fn rest(&self) -> (Vec<&'a Word<'a>>, Vec<&'a Word<'a>>) {
        (self.a.rest(), self.b.rest())
    }

    /// The pairs with their words, in the first name's order.
    #[inline(never)]
    pub(super) fn pairs(&self) -> Vec<Linked<'a>> {
        let mut pairs = Vec::with_capacity(self.pairs.len());
        for (place, a) in self.a.words.iter().enumerate() {
            let pair = self.pairs.iter().find(|pair| pair.a == place);
            pairs.extend(pair.and_then(|pair| Some((*pair, a, self.b.words.get(pair.b)?))));
        }
        pairs
    }

    /// Whether both words are the last of their names.
    pub(super) fn are_last(&self, a: &Word<'_>, b: &Word<'_>) -> bool {
        let is_last = |side: &Side<'_>, word: &Word<'_>| side.words.last().is_some_and(|last| std::ptr::eq(last, word));
        is_last(&self.a, a) && is_last(&self.b, b)
    }

    fn pair_up(&mut self, link: &dyn Fn(&Word<'_>, &Word<'_>) -> Option<Link>) {
        let mut found = Vec::new();
        for i in 0..self.a.words.len() {
            for j in 0..self.b.words.len() {
                let words = self.a.free(i).zip(self.b.free(j));
                found.extend(words.and_then(|(a, b)| link(a, b)).map(|link| Pair { link, a: i, b: j }));
            }
        }
        // The smallest again and again: of so few that costs less code than sorting.
        while let Some(&pair) =
            found.iter().filter(|pair| self.a.free(pair.a).and(self.b.free(pair.b)).is_some()).min_by_key(|pair| pair.rank())
        {
            self.take(pair);
        }
    }

    fn take(&mut self, pair: Pair) {
        self.a.take(pair.a, pair.a.saturating_add(1));
        self.b.take(pair.b, pair.b.saturating_add(1));
        self.pairs.push(pair);
    }

    fn join(&mut self) {
        while let Some((start, count, b)) = joined(&self.a, &self.b, &mut self.tries) {
            self.take(Pair { link: Link::Joined, a: start, b });
            self.a.take(start, start.saturating_add(count));
        }
        while let Some((start, count, a)) = joined(&self.b, &self.a, &mut self.tries) {
            self.take(Pair { link: Link::Joined, a, b: start });
            self.b.take(start, start.saturating_add(count));
        }
        // Or they are divided otherwise: Siva Ramakrishnan, Sivarama Krishnan.
        let all = |side: &Side<'_>| (0..side.words.len()).filter_map(|place| side.free(place)).map(|word| word.text).collect::<String>();
        let first = |side: &Side<'_>| side.used.iter().position(|used| !used);
        let (left, right) = (all(&self.a), all(&self.b));
        let is_same = || left.len() > 3 && is_one_name(&sound(&left), &sound(&right)) && !are_two_families(&left, &right);
        if let Some((a, b)) = first(&self.a).zip(first(&self.b)).filter(|_| is_same()) {
            self.take(Pair { link: Link::Joined, a, b });
            self.a.take(0, usize::MAX);
            self.b.take(0, usize::MAX);
        }
    }
}

/// The first run of free words that is one free word of the other side: where it starts, how many words it has, which word it is.
fn joined(parts: &Side<'_>, wholes: &Side<'_>, tries: &mut u8) -> Option<(usize, usize, usize)> {
    for place in 0..wholes.words.len() {
        let Some(whole) = wholes.free(place).filter(|whole| !whole.initial && !whole.is_title()) else { continue };
        for start in 0..parts.words.len() {
            let mut text = String::new();
            for count in 1..=MOST_JOINED {
                let Some(part) = parts.free(start.saturating_add(count).saturating_sub(1)) else { break };
                if count == 1 && part.sound.as_bytes().first() != whole.sound.as_bytes().first() {
                    break;
                }
                text.push_str(part.text);
                if count > 1 && text.len().abs_diff(whole.text.len()) < 7 {
                    *tries = tries.checked_sub(1)?;
                    if is_one_name(&heard(&text).0, &whole.sound) {
                        return Some((start, count, place));
                    }
                }
            }
        }
    }
    None
}

fn name_link(a: &Word<'_>, b: &Word<'_>) -> Option<Link> {
    if a.text == b.text {
        return Some(Link::Equal);
    }
    if a.initial || b.initial {
        return None;
    }
    let abbreviated = |short: &Word<'_>, firm: &Word<'_>| {
        firm.meaning == Meaning::Firm && short.meaning != Meaning::Firm && is_abbreviation(short.text, firm.text)
    };
    // South India and Portuguese names write a final s for z (Riyas, Fernandes), but never sh.
    let ends_alike = |z: &Word<'_>, s: &Word<'_>| {
        z.sound.strip_suffix('z').zip(s.sound.strip_suffix('s')).is_some_and(|(z, other)| s.text.ends_with('s') && is_one_name(z, other))
    };
    let same = is_one_name(&a.sound, &b.sound) || ends_alike(a, b) || ends_alike(b, a) || abbreviated(a, b) || abbreviated(b, a);
    (same && !are_two_families(a.text, b.text)).then_some(Link::Spelling)
}

fn initial_link(a: &Word<'_>, b: &Word<'_>) -> Option<Link> {
    let stands_for =
        |short: &Word<'_>, long: &Word<'_>| short.initial && !long.initial && long.text.starts_with(short.text) && !long.is_title();
    (stands_for(a, b) || stands_for(b, a)).then_some(Link::Initial)
}
