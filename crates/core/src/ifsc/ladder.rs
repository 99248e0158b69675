//! Ascending ranges of numbers in many spans, each with a guide that leads to within a few ranges of any number.
//!
//! A binary search among thousands of ranges waits for memory at each step. Here a span is dealt into about as many equal intervals as it
//! has ranges, and the guide says where each interval begins: one look, and a search among the few that are there.

/// The ranges and their guides.
#[derive(Debug, Default)]
pub(super) struct Ladder {
    /// First and last number of each.
    pub(super) ranges: Vec<(u32, u32)>,
    /// For each interval of each span the place of its first range; behind a span's last interval its end.
    guide: Vec<u32>,
    /// Of how many ranges spans were made.
    spanned: usize,
}

/// Some of the ranges.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Span {
    low: u32,
    shift: u32,
    guide: usize,
    intervals: usize,
}

impl Span {
    pub(super) const fn is_empty(self) -> bool {
        self.intervals == 0
    }
}

impl Ladder {
    /// A span of the ranges that were added since the last one. They ascend.
    pub(super) fn span(&mut self) -> Option<Span> {
        let (begun, guide) = (self.spanned, self.guide.len());
        self.spanned = self.ranges.len();
        let ranges = self.ranges.get(begun..)?;
        let (Some(&(low, _)), Some((high, _))) = (ranges.first(), ranges.last()) else { return Some(Span::default()) };
        let width = high.checked_sub(low)?;
        let mut shift = 0_u32;
        while usize::try_from(width >> shift).ok()? >= ranges.len() {
            shift = shift.checked_add(1)?;
        }
        for (place, (first, _)) in (begun..).zip(ranges) {
            let interval = usize::try_from(first.checked_sub(low)? >> shift).ok()?;
            while self.guide.len().wrapping_sub(guide) <= interval {
                self.guide.push(u32::try_from(place).ok()?);
            }
        }
        let intervals = self.guide.len().wrapping_sub(guide);
        self.guide.push(u32::try_from(self.ranges.len()).ok()?);
        Some(Span { low, shift, guide, intervals })
    }

    /// The place of the range of a span that has this number.
    pub(super) fn find(&self, span: Span, number: u32) -> Option<usize> {
        let interval = usize::try_from(number.checked_sub(span.low)? >> span.shift).ok()?;
        let at = span.guide.wrapping_add(interval.min(span.intervals.checked_sub(1)?));
        let (mut from, mut to) = (self.place(at)?, self.place(at.wrapping_add(1))?);
        // By hand: built for size, `partition_point` is a call at each step.
        while from < to {
            let middle = usize::midpoint(from, to);
            if self.ranges.get(middle)?.0 <= number {
                from = middle.wrapping_add(1);
            } else {
                to = middle;
            }
        }
        // Where none begins in the number's own interval, it is the last of those before.
        let place = from.checked_sub(1)?;
        (number <= self.ranges.get(place)?.1).then_some(place)
    }

    /// The ranges of a span.
    #[cfg(test)]
    pub(super) fn of(&self, span: Span) -> &[(u32, u32)] {
        let end = span.guide.checked_add(span.intervals).filter(|_| !span.is_empty()).and_then(|end| self.place(end));
        self.place(span.guide).zip(end).and_then(|(begun, end)| self.ranges.get(begun..end)).unwrap_or_default()
    }

    fn place(&self, at: usize) -> Option<usize> {
        usize::try_from(*self.guide.get(at)?).ok()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::Ladder;

    #[test]
    fn every_number_leads_to_the_range_that_has_it() {
        let spans: [&[(u32, u32)]; 6] = [
            &[(7, 7)],
            &[(0, 0), (1, 1), (2, 4), (6, 6)],
            &[(5, 5), (6, 30), (1000, 1000), (1002, 1100), (999_999, 999_999)],
            &[],
            &[(0, 9), (2_176_782_335, u32::MAX)],
            &[(3, 3), (100, 199), (200, 200), (300, 300), (302, 302), (304, 305)],
        ];
        let mut ladder = Ladder::default();
        for ranges in spans {
            let begun = ladder.ranges.len();
            ladder.ranges.extend(ranges);
            let span = ladder.span().unwrap();
            assert_eq!(ladder.of(span), ranges);
            let edges = ranges.iter().flat_map(|&(first, last)| [first.saturating_sub(1), first, last, last.saturating_add(1)]);
            for number in edges.chain([0, 500, u32::MAX]) {
                let expected = ranges.iter().position(|&(first, last)| first <= number && number <= last);
                assert_eq!(ladder.find(span, number), expected.map(|place| begun.saturating_add(place)), "{number} in {ranges:?}");
            }
        }
    }
}
