//! The registry of branches: every code of the dataset, exactly.
//!
//! Packed, a bank's numeric suffixes are runs, its others single numbers in base 36, both as LEB128 gaps (written by `tools/ifsc.mjs`). Opening
//! reads all of it once, about a millisecond, into ranges (three quarters of a megabyte), each found by a guide (`ladder.rs`).
//! Exact: no code of the dataset is missed, no other is found. It ages by thousands of branches a year, so an unlisted branch is no fault.
//! Bank names follow Razorpay's order: its own prefixes, then NPCI's sublets (branches leased to smaller banks), then the first four letters.

use super::BranchStatus;
use super::ladder::{Ladder, Span};
use super::pack::{Cursor, Refusal, unframed};
use crate::ids::Ifsc;
use crate::pieces;

/// The packed registry. A constant, so that only a program that names it contains it: the Worker does, the npm package loads its copy.
pub const PACK: &[u8] = include_bytes!("registry.bin");

/// An opened registry.
#[derive(Debug)]
pub struct Registry {
    version: String,
    date: String,
    /// A line for each bank, empty where its name is unknown; then the names of banks without four letters.
    names: String,
    /// The banks' first four letters in base 36.
    letters: Ladder,
    all: Span,
    banks: Vec<Bank>,
    /// All banks' suffixes, and behind them the leased ones, as ranges of neighbours.
    suffixes: Ladder,
    /// The numbers of the tenants' names, in the order of the leased ranges.
    tenants: Vec<u16>,
}

/// Where a bank's ranges are.
#[derive(Debug, Clone, Copy, Default)]
struct Bank {
    /// Of numeric suffixes, as decimals.
    numeric: Span,
    /// Of the others, in base 36.
    other: Span,
    /// Of all that are leased, in base 36.
    leased: Span,
    /// Whether it had at least twice as many codes in an earlier version of the dataset.
    is_reduced: bool,
}

/// A look-up's end. The banks are numbers of names.
pub(super) struct Found {
    pub(super) status: BranchStatus,
    /// The bank of the first four letters.
    pub(super) bank: Option<u16>,
    /// The bank that the branch is leased to.
    pub(super) tenant: Option<u16>,
    /// Whether the bank has lost most of its codes.
    pub(super) is_reduced: bool,
    /// Whether no code of the bank is there, or no bank.
    pub(super) is_empty: bool,
}

impl Registry {
    /// Reads a packed registry once through; the bytes are not needed any more.
    ///
    /// # Errors
    /// [`Refusal`]: they are not a whole and unchanged registry of this format.
    pub fn open(bytes: &[u8]) -> Result<Self, Refusal> {
        let body = unframed(bytes)?;
        Self::read(body).ok_or(Refusal::Content)
    }

    /// The dataset's version.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The day of the newest list of the Reserve Bank that is known to be in it, `YYYY-MM-DD`.
    #[must_use]
    pub fn date(&self) -> &str {
        &self.date
    }

    fn read(body: &[u8]) -> Option<Self> {
        let mut cursor = Cursor { rest: body };
        let (version, date, codes) = (cursor.text()?, cursor.text()?, cursor.number()?);
        let mut registry = Self {
            version,
            date,
            names: String::new(),
            letters: Ladder::default(),
            all: Span::default(),
            banks: vec![],
            suffixes: Ladder::default(),
            tenants: vec![],
        };
        let mut letters = 0_u32;
        for _ in 0..cursor.number()? {
            letters = letters.checked_add(cursor.number()?)?;
            registry.letters.ranges.push((letters, letters));
            registry.banks.push(Bank::default());
        }
        registry.all = registry.letters.span()?;
        let found = registry.branches(&mut cursor)?;
        registry.names = cursor.text()?;
        registry.leases(&mut cursor)?;
        let mut next = 0_usize;
        for _ in 0..cursor.number()? {
            next = next.checked_add(usize::try_from(cursor.number()?).ok()?)?;
            registry.banks.get_mut(next)?.is_reduced = true;
        }
        (found == codes && cursor.rest.is_empty()).then_some(registry)
    }

    /// Reads the banks' suffixes, first all numeric ones, and counts them.
    fn branches(&mut self, cursor: &mut Cursor<'_>) -> Option<u32> {
        let mut counts = *cursor;
        // The tokens begin behind two counts for each bank.
        for _ in self.banks.iter().chain(&self.banks) {
            cursor.number()?;
        }
        let mut codes = 0_u32;
        for numeric in [true, false] {
            for bank in &mut self.banks {
                let mut next = 0_u32;
                for _ in 0..counts.number()? {
                    let (first, last) = range(next, numeric, cursor)?;
                    next = last.checked_add(1)?;
                    codes = codes.checked_add(next.checked_sub(first)?)?;
                    self.suffixes.ranges.push((first, last));
                }
                *(if numeric { &mut bank.numeric } else { &mut bank.other }) = self.suffixes.span()?;
            }
        }
        Some(codes)
    }

    fn leases(&mut self, cursor: &mut Cursor<'_>) -> Option<()> {
        let (mut bank, mut next) = (0_usize, 0_u32);
        for _ in 0..cursor.number()? {
            let (banks, gap, free, name) = (cursor.number()?, cursor.number()?, cursor.number()?, cursor.number()?);
            if banks > 0 {
                self.banks.get_mut(bank)?.leased = self.suffixes.span()?;
                (bank, next) = (bank.checked_add(usize::try_from(banks).ok()?)?, 0);
            }
            let first = next.checked_add(gap)?;
            next = first.checked_add(36_u32.checked_pow(free)?)?;
            self.suffixes.ranges.push((first, next.checked_sub(1)?));
            self.tenants.push(u16::try_from(name).ok()?);
        }
        self.banks.get_mut(bank)?.leased = self.suffixes.span()?;
        Some(())
    }

    /// What is known of a code's branch and bank.
    pub(super) fn find(&self, code: &Ifsc) -> Found {
        let [a, b, c, d, _, suffix @ ..] = code.as_bytes();
        let letters = base(&[*a, *b, *c, *d], 36);
        let at = self.letters.find(self.all, letters);
        let Some((at, bank)) = at.and_then(|at| Some((at, self.banks.get(at)?))) else {
            return Found { status: BranchStatus::UnknownBank, bank: None, tenant: None, is_reduced: false, is_empty: true };
        };
        let numeric = suffix.iter().all(u8::is_ascii_digit);
        let (own, radix) = if numeric { (bank.numeric, 10) } else { (bank.other, 36) };
        let listed = self.suffixes.find(own, base(suffix, radix)).is_some();
        let status = if listed { BranchStatus::Listed } else { BranchStatus::Unlisted };
        let is_empty = bank.numeric.is_empty() && bank.other.is_empty();
        Found { status, bank: u16::try_from(at).ok(), tenant: self.tenant(bank.leased, suffix), is_reduced: bank.is_reduced, is_empty }
    }

    /// The name of this number; none where it is unknown.
    pub(super) fn name(&self, number: u16) -> Option<&str> {
        pieces::between(&self.names, b"\n").nth(usize::from(number)).filter(|name| !name.is_empty())
    }

    /// The name of the tenant, if the suffix is leased. Leased ranges are the last.
    fn tenant(&self, leased: Span, suffix: &[u8]) -> Option<u16> {
        if leased.is_empty() {
            return None;
        }
        let range = self.suffixes.find(leased, base(suffix, 36))?;
        let first = self.suffixes.ranges.len().checked_sub(self.tenants.len())?;
        self.tenants.get(range.checked_sub(first)?).copied()
    }
}

/// First and last of the suffixes that the next token means. It is a gap; in a numeric one the lowest bit says that the number of further
/// neighbours, less one, follows.
fn range(next: u32, numeric: bool, cursor: &mut Cursor<'_>) -> Option<(u32, u32)> {
    let token = cursor.number()?;
    let first = next.checked_add(if numeric { token >> 1 } else { token })?;
    let more = if numeric && token & 1 == 1 { cursor.number()?.checked_add(1)? } else { 0 };
    Some((first, first.checked_add(more)?))
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
