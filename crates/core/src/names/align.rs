//! Which word of one name is which of the other: every word is used at most once, the surest pairs are made first.
//!
//! In turn: words that are one name, words that are written together, initials, a word that was cut off. Among equals the pair wins whose places
//! are nearest. The order of the two names makes no difference.

use super::lexicon::{Meaning, is_abbreviation};
use super::name::{Word, heard};
use super::pair::is_one_name;

/// What connects two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) link: Link,
}

/// Two names side by side.
pub(super) struct Alignment<'a> {
    a: &'a [Word],
    b: &'a [Word],
    pub(super) pairs: Vec<Pair>,
    used_a: u32,
    used_b: u32,
}

/// How many words written apart may be one.
const MOST_JOINED: usize = 4;

impl<'a> Alignment<'a> {
    /// `cut_a`, `cut_b`: the name is long enough to have been cut off.
    pub(super) fn of(a: &'a [Word], b: &'a [Word], cut_a: bool, cut_b: bool) -> Self {
        let mut alignment = Self { a, b, pairs: Vec::new(), used_a: 0, used_b: 0 };
        alignment.pair_up(name_link);
        alignment.join();
        alignment.pair_up(initial_link);
        alignment.cut_off(cut_a, cut_b);
        alignment.pairs.sort_unstable_by_key(|pair| pair.a);
        alignment
    }

    /// The words of the first name that have no counterpart, of those that need one.
    pub(super) fn rest_a(&self) -> Vec<&'a Word> {
        rest(self.a, self.used_a)
    }

    /// The same of the second.
    pub(super) fn rest_b(&self) -> Vec<&'a Word> {
        rest(self.b, self.used_b)
    }

    /// The words of a pair.
    pub(super) fn words(&self, pair: Pair) -> Option<(&'a Word, &'a Word)> {
        self.a.get(pair.a).zip(self.b.get(pair.b))
    }

    /// Whether both words are the last of their names.
    pub(super) fn are_last(&self, a: &Word, b: &Word) -> bool {
        let is_last = |words: &[Word], word: &Word| words.last().is_some_and(|last| std::ptr::eq(last, word));
        is_last(self.a, a) && is_last(self.b, b)
    }

    fn pair_up(&mut self, link: impl Fn(&Word, &Word) -> Option<Link>) {
        let mut found = Vec::new();
        for (i, a) in free(self.a, self.used_a) {
            for (j, b) in free(self.b, self.used_b) {
                found.extend(link(a, b).map(|link| (link, i.abs_diff(j), i.saturating_add(j), i, j)));
            }
        }
        found.sort_unstable();
        for (link, _, _, a, b) in found {
            self.take(a, b, link);
        }
    }

    fn take(&mut self, a: usize, b: usize, link: Link) {
        if self.used_a & bit(a) == 0 && self.used_b & bit(b) == 0 {
            self.used_a |= bit(a);
            self.used_b |= bit(b);
            self.pairs.push(Pair { a, b, link });
        }
    }

    fn join(&mut self) {
        while let Some((start, count, b)) = joined(self.a, self.used_a, self.b, self.used_b) {
            self.take(start, b, Link::Joined);
            self.used_a |= run(start, count);
        }
        while let Some((start, count, a)) = joined(self.b, self.used_b, self.a, self.used_a) {
            self.take(a, start, Link::Joined);
            self.used_b |= run(start, count);
        }
        let (left, right) = (all_free(self.a, self.used_a), all_free(self.b, self.used_b));
        let first = free(self.a, self.used_a).next().zip(free(self.b, self.used_b).next());
        if let Some(((a, _), (b, _))) = first.filter(|_| left.len() > 3 && is_one_name(&heard(&left).0, &heard(&right).0)) {
            self.take(a, b, Link::Joined);
            (self.used_a, self.used_b) = (u32::MAX, u32::MAX);
        }
    }

    fn cut_off(&mut self, cut_a: bool, cut_b: bool) {
        let begins =
            |short: &Word, long: &Word| short.text.len() > 1 && long.text.len() > short.text.len() && long.text.starts_with(&short.text);
        let found_a = self.a.iter().enumerate().next_back().filter(|(i, _)| cut_a && self.used_a & bit(*i) == 0);
        let found_b = self.b.iter().enumerate().next_back().filter(|(j, _)| cut_b && self.used_b & bit(*j) == 0);
        let pair_a = found_a.and_then(|(i, a)| free(self.b, self.used_b).find(|(_, b)| begins(a, b)).map(|(j, _)| (i, j)));
        let pair_b = found_b.and_then(|(j, b)| free(self.a, self.used_a).find(|(_, a)| begins(b, a)).map(|(i, _)| (i, j)));
        for (a, b) in pair_a.into_iter().chain(pair_b) {
            self.take(a, b, Link::CutOff);
        }
    }
}

fn bit(place: usize) -> u32 {
    u32::try_from(place).ok().and_then(|place| 1_u32.checked_shl(place)).unwrap_or(0)
}

fn run(start: usize, count: usize) -> u32 {
    (start..start.saturating_add(count)).map(bit).fold(0, |bits, bit| bits | bit)
}

fn free(words: &[Word], used: u32) -> impl Iterator<Item = (usize, &Word)> {
    words.iter().enumerate().filter(move |(place, _)| used & bit(*place) == 0)
}

fn all_free(words: &[Word], used: u32) -> String {
    free(words, used).map(|(_, word)| word.text.as_str()).collect()
}

fn rest(words: &[Word], used: u32) -> Vec<&Word> {
    free(words, used).map(|(_, word)| word).filter(|word| !matches!(word.meaning, Meaning::Title(_) | Meaning::Courtesy)).collect()
}

/// The first run of free words that is one free word of the other side: where it starts, how many words it has, which word it is.
fn joined(parts: &[Word], used_parts: u32, wholes: &[Word], used_wholes: u32) -> Option<(usize, usize, usize)> {
    for (place, whole) in free(wholes, used_wholes).filter(|(_, whole)| !whole.initial) {
        let first = whole.sound.chars().next();
        for (start, _) in free(parts, used_parts).filter(|(_, part)| part.sound.chars().next() == first) {
            let mut text = String::new();
            for (index, part) in parts.iter().skip(start).take(MOST_JOINED).enumerate() {
                let count = index.saturating_add(1);
                text.push_str(&part.text);
                if used_parts & run(start, count) != 0 || text.len() > whole.text.len().saturating_add(6) {
                    break;
                }
                if count > 1 && text.len().saturating_add(6) > whole.text.len() && is_one_name(&heard(&text).0, &whole.sound) {
                    return Some((start, count, place));
                }
            }
        }
    }
    None
}

fn name_link(a: &Word, b: &Word) -> Option<Link> {
    if a.text == b.text {
        return Some(Link::Equal);
    }
    if a.initial || b.initial {
        return (a.initial && b.initial && a.sound == b.sound).then_some(Link::Spelling);
    }
    let abbreviated = |short: &Word, firm: &Word| {
        firm.meaning == Meaning::Firm && short.meaning != Meaning::Firm && is_abbreviation(&short.text, &firm.text)
    };
    let same = is_one_name(&a.sound, &b.sound) || abbreviated(a, b) || abbreviated(b, a);
    same.then_some(Link::Spelling)
}

fn initial_link(a: &Word, b: &Word) -> Option<Link> {
    let stands_for = |short: &Word, long: &Word| {
        let begins = long.text.starts_with(&short.text) || long.sound.starts_with(&short.sound);
        short.initial && !long.initial && begins && !matches!(long.meaning, Meaning::Title(_) | Meaning::Courtesy)
    };
    (stands_for(a, b) || stands_for(b, a)).then_some(Link::Initial)
}
