//! The registry of branches: every code of the dataset, exactly, in packed bytes that are searched as they are.
//!
//! A bank's numeric suffixes are runs, its others single numbers in base 36, both as LEB128 gaps (written by `tools/ifsc.mjs`). Opening reads all
//! of it once, well under a millisecond, and keeps where every sixteenth token stands; a look-up then is two binary searches and a few bytes.
//! Exact: no code of the dataset is missed, no other is found. It ages by thousands of branches a year, so an unlisted branch is no fault.
//! Bank names follow Razorpay's order: its own prefixes, then NPCI's sublets (branches leased to smaller banks), then the first four letters.

use super::BranchStatus;
use super::pack::{Cursor, Refusal, unframed};
use crate::ids::Ifsc;

/// The packed registry. A constant, so that only a program that names it contains it: the Worker does, the npm package loads its copy.
pub const PACK: &[u8] = include_bytes!("registry.bin");

/// Tokens between two places that are kept: more make the index smaller and a look-up slower.
const BLOCK: u32 = 16;

/// An opened registry.
#[derive(Debug)]
pub struct Registry<'a> {
    version: &'a str,
    date: &'a str,
    body: &'a [u8],
    /// The banks' first four letters in base 36, ascending; by themselves, so that searching them stays in the fastest memory.
    letters: Vec<u32>,
    banks: Vec<Bank>,
    blocks: Vec<Block>,
    /// A line for each bank, empty where its name is unknown; then the names of banks without four letters.
    names: &'a str,
    leases: Vec<Lease>,
}

/// What is of one bank: blocks of suffixes, and leases.
#[derive(Debug, Clone, Copy, Default)]
struct Bank {
    numeric: Span,
    other: Span,
    leases: Span,
}

/// The first and the one after the last.
#[derive(Debug, Clone, Copy, Default)]
struct Span(usize, usize);

impl Span {
    fn of<T>(self, list: &[T]) -> &[T] {
        list.get(self.0..self.1).unwrap_or_default()
    }
}

/// Up to [`BLOCK`] tokens.
#[derive(Debug)]
struct Block {
    /// The number that a gap of zero would mean.
    floor: u32,
    /// Where they begin in the body.
    at: u32,
    tokens: u32,
}

/// A range of a bank's suffixes, in base 36, that belongs to another bank.
#[derive(Debug)]
struct Lease {
    first: u32,
    last: u32,
    name: u16,
}

/// A look-up's end. The banks are numbers of names.
pub(super) struct Found {
    pub(super) status: BranchStatus,
    /// The bank of the first four letters.
    pub(super) bank: Option<u16>,
    /// The bank that the branch is leased to.
    pub(super) tenant: Option<u16>,
}

/// How the suffixes of a series are written.
#[derive(Clone, Copy)]
enum Series {
    /// Decimal, neighbours as runs.
    Numeric,
    /// In base 36, singly.
    Other,
}

impl<'a> Registry<'a> {
    /// Reads a packed registry once through, and keeps the bytes.
    ///
    /// # Errors
    /// [`Refusal`]: they are not a whole and unchanged registry of this format.
    pub fn open(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let body = unframed(bytes)?;
        Self::read(body).ok_or(Refusal::Content)
    }

    /// The dataset's version.
    #[must_use]
    pub const fn version(&self) -> &'a str {
        self.version
    }

    /// The day of the newest list of the Reserve Bank that is known to be in it, `YYYY-MM-DD`.
    #[must_use]
    pub const fn date(&self) -> &'a str {
        self.date
    }

    fn read(body: &'a [u8]) -> Option<Self> {
        let mut cursor = Cursor { rest: body };
        let (version, date, codes) = (cursor.text()?, cursor.text()?, cursor.number()?);
        let mut registry = Self { version, date, body, letters: vec![], banks: vec![], blocks: vec![], names: "", leases: vec![] };
        let mut letters = 0_u32;
        for _ in 0..cursor.number()? {
            letters = letters.checked_add(cursor.number()?)?;
            registry.letters.push(letters);
            registry.banks.push(Bank::default());
        }
        let found = registry.index(&mut cursor)?;
        registry.names = cursor.text()?;
        registry.lease(&mut cursor)?;
        (found == codes && cursor.rest.is_empty()).then_some(registry)
    }

    /// Finds the blocks of every bank's suffixes, and counts these.
    fn index(&mut self, cursor: &mut Cursor<'a>) -> Option<u32> {
        let mut counts = *cursor;
        // The tokens begin behind two counts for each bank.
        for _ in self.banks.iter().chain(&self.banks) {
            cursor.number()?;
        }
        let mut codes = 0_u32;
        for series in [Series::Numeric, Series::Other] {
            for index in 0..self.banks.len() {
                let first = self.blocks.len();
                codes = codes.checked_add(self.series(series, counts.number()?, cursor)?)?;
                let span = Span(first, self.blocks.len());
                let bank = self.banks.get_mut(index)?;
                match series {
                    Series::Numeric => bank.numeric = span,
                    Series::Other => bank.other = span,
                }
            }
        }
        Some(codes)
    }

    /// Keeps a place for every sixteenth of a bank's tokens; how many suffixes they mean.
    fn series(&mut self, series: Series, tokens: u32, cursor: &mut Cursor<'a>) -> Option<u32> {
        let (mut floor, mut codes) = (0_u32, 0_u32);
        for token in 0..tokens {
            if token.is_multiple_of(BLOCK) {
                let at = u32::try_from(self.body.len().checked_sub(cursor.rest.len())?).ok()?;
                self.blocks.push(Block { floor, at, tokens: tokens.saturating_sub(token).min(BLOCK) });
            }
            let (first, last) = series.token(floor, cursor)?;
            floor = last.checked_add(1)?;
            codes = codes.checked_add(floor.checked_sub(first)?)?;
        }
        Some(codes)
    }

    fn lease(&mut self, cursor: &mut Cursor<'a>) -> Option<()> {
        let (mut bank, mut next) = (0_usize, 0_u32);
        for _ in 0..cursor.number()? {
            let (banks, gap, free, name) = (cursor.number()?, cursor.number()?, cursor.number()?, cursor.number()?);
            if banks > 0 {
                (bank, next) = (bank.checked_add(usize::try_from(banks).ok()?)?, 0);
            }
            let first = next.checked_add(gap)?;
            next = first.checked_add(36_u32.checked_pow(free)?)?;
            let leases = &mut self.banks.get_mut(bank)?.leases;
            let begun = if leases.1 == 0 { self.leases.len() } else { leases.0 };
            self.leases.push(Lease { first, last: next.checked_sub(1)?, name: u16::try_from(name).ok()? });
            *leases = Span(begun, self.leases.len());
        }
        Some(())
    }

    /// What is known of a code's branch and bank.
    pub(super) fn find(&self, code: &Ifsc) -> Found {
        let code = code.as_str().as_bytes();
        let (letters, suffix) = (code.get(..4).unwrap_or_default(), code.get(5..).unwrap_or_default());
        let letters = base(letters, 36);
        let at = self.letters.binary_search(&letters).ok();
        let Some((at, bank)) = at.and_then(|at| Some((at, self.banks.get(at)?))) else {
            return Found { status: BranchStatus::UnknownBank, bank: None, tenant: None };
        };
        let listed = if suffix.iter().all(u8::is_ascii_digit) {
            self.holds(Series::Numeric, bank.numeric, base(suffix, 10))
        } else {
            self.holds(Series::Other, bank.other, base(suffix, 36))
        };
        let status = if listed { BranchStatus::Listed } else { BranchStatus::Unlisted };
        Found { status, bank: u16::try_from(at).ok(), tenant: self.tenant(bank, suffix) }
    }

    /// The name of this number; none where it is unknown.
    pub(super) fn name(&self, number: u16) -> Option<&'a str> {
        self.names.split('\n').nth(usize::from(number)).filter(|name| !name.is_empty())
    }

    fn holds(&self, series: Series, blocks: Span, number: u32) -> bool {
        let blocks = blocks.of(&self.blocks);
        let before = blocks.partition_point(|block| block.floor <= number);
        let block = before.checked_sub(1).and_then(|index| blocks.get(index));
        block.and_then(|block| self.scan(series, block, number)).unwrap_or(false)
    }

    fn scan(&self, series: Series, block: &Block, number: u32) -> Option<bool> {
        let mut cursor = Cursor { rest: self.body.get(usize::try_from(block.at).ok()?..)? };
        let mut floor = block.floor;
        for _ in 0..block.tokens {
            let (first, last) = series.token(floor, &mut cursor)?;
            if number <= last {
                return Some(first <= number);
            }
            floor = last.checked_add(1)?;
        }
        Some(false)
    }

    /// The number of the name of the bank that this branch of another's is leased to.
    fn tenant(&self, bank: &Bank, suffix: &[u8]) -> Option<u16> {
        let leases = bank.leases.of(&self.leases);
        if leases.is_empty() {
            return None;
        }
        let place = base(suffix, 36);
        let before = leases.partition_point(|lease| lease.first <= place);
        let lease = leases.get(before.checked_sub(1)?)?;
        (place <= lease.last).then_some(lease.name)
    }
}

impl Series {
    /// First and last of the suffixes that the next token means.
    fn token(self, floor: u32, cursor: &mut Cursor<'_>) -> Option<(u32, u32)> {
        let token = cursor.number()?;
        let Self::Numeric = self else {
            let number = floor.checked_add(token)?;
            return Some((number, number));
        };
        let first = floor.checked_add(token >> 1)?;
        let more = if token & 1 == 1 { cursor.number()?.checked_add(1)? } else { 0 };
        Some((first, first.checked_add(more)?))
    }
}

/// A number from its digits, of which the capitals follow nine. Six in base 36 stay below 2^32. Once in the program, not at each use: it is small.
#[inline(never)]
fn base(text: &[u8], radix: u32) -> u32 {
    text.iter().fold(0, |value: u32, &c| {
        let digit = if c <= b'9' { c.wrapping_sub(b'0') } else { c.wrapping_sub(b'A').wrapping_add(10) };
        value.wrapping_mul(radix).wrapping_add(u32::from(digit))
    })
}

#[cfg(test)]
mod tests;
