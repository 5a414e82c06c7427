//! What SACK says of the data on its way, and what to send again (RFC 6675 sections 3 to 5).
//!
//! Everything is counted in bytes of the sending stream, ranges are `[start, end)`. A timeout, or news of a smaller path,
//! gives up all data on its way at once: `given_up` marks it, and the rules of RFC 6675 then send it again in order,
//! leaving out what the peer holds. The same rules serve a connection without SACK, whose board stays empty.

use serde::{Deserialize, Serialize};

use super::assembler::MAX_RUNS;

/// Duplicate acknowledgements that tell of a loss (RFC 6675 section 2).
pub const DUPLICATE_THRESHOLD: u64 = 3;
/// The most ranges that are remembered: what a receiver of our own kind can hold.
const MAX_RANGES: usize = MAX_RUNS;

/// The sender's scoreboard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scoreboard {
    /// What the peer holds beyond the acknowledgement, in order, neither touching nor overlapping.
    sacked: Vec<(u64, u64)>,
    /// All below this counts as lost, whatever SACK says.
    given_up: u64,
    /// HighRxt: all below this that was lost has been sent again.
    repeated: u64,
    /// RescueRxt: no second rescue before this is acknowledged.
    rescued: Option<u64>,
}

impl Scoreboard {
    /// Bytes that the peer holds beyond the acknowledgement.
    #[must_use]
    pub fn sacked_bytes(&self) -> u64 {
        self.sacked.iter().map(|(start, end)| end - start).sum()
    }

    /// The ranges that the peer holds.
    #[must_use]
    pub fn ranges(&self) -> &[(u64, u64)] {
        &self.sacked
    }

    /// Takes a block of a SACK option in; it lies inside what is on its way. Answers the bytes that are news.
    pub fn record(&mut self, start: u64, end: u64) -> u64 {
        debug_assert!(start < end, "a block is not empty");
        let first = self.sacked.partition_point(|range| range.1 < start);
        let last = self.sacked.partition_point(|range| range.0 <= end);
        if first == last && self.sacked.len() >= MAX_RANGES {
            return 0;
        }
        let before: u64 = self.sacked[first..last].iter().map(|range| range.1 - range.0).sum();
        let merged = self.sacked[first..last]
            .iter()
            .fold((start, end), |all, range| (all.0.min(range.0), all.1.max(range.1)));
        self.sacked.splice(first..last, [merged]);
        merged.1 - merged.0 - before
    }

    /// Forgets what lies before the acknowledgement.
    pub fn advance(&mut self, una: u64) {
        let gone = self.sacked.partition_point(|range| range.1 <= una);
        self.sacked.drain(..gone);
        if let Some(first) = self.sacked.first_mut() {
            first.0 = first.0.max(una);
        }
    }

    /// The peer holds the very byte that its acknowledgement asks for: it has dropped what it had reported.
    #[must_use]
    pub fn is_reneged(&self, una: u64) -> bool {
        self.sacked.first().is_some_and(|range| range.0 <= una)
    }

    /// Forgets what the peer reported.
    pub fn forget(&mut self) {
        self.sacked.clear();
    }

    /// Counts all data on its way as lost, to be sent again from the acknowledgement on.
    pub fn give_up(&mut self, una: u64, nxt: u64) {
        self.given_up = nxt;
        self.repeated = una;
        self.rescued = None;
    }

    /// Begins a loss recovery (RFC 6675 section 5 step 4).
    pub fn begin_recovery(&mut self, una: u64) {
        self.repeated = una;
        self.rescued = Some(una);
    }

    /// The recovery has sent the first data, up to `end`, again. No rescue comes before that is acknowledged: it would send
    /// the same once more (RFC 6675 section 5 step 4.3).
    pub fn note_first(&mut self, end: u64) {
        self.note_repeated(end);
        self.rescued = Some(end);
    }

    /// Notes that data up to `end` was sent again.
    pub fn note_repeated(&mut self, end: u64) {
        self.repeated = self.repeated.max(end);
    }

    /// All below this that the peer does not hold counts as lost (RFC 6675 section 4, IsLost): at least three ranges, or
    /// more bytes than two segments, lie above it in the peer's hands.
    fn lost_edge(&self, smss: u64) -> u64 {
        let mut bytes = 0;
        for (count, (start, end)) in self.sacked.iter().rev().enumerate() {
            bytes += end - start;
            if count as u64 + 1 >= DUPLICATE_THRESHOLD || bytes > (DUPLICATE_THRESHOLD - 1) * smss {
                return self.given_up.max(*start);
            }
        }
        self.given_up
    }

    /// IsLost of RFC 6675 section 4, for a byte that the peer does not hold.
    #[must_use]
    pub fn is_lost(&self, position: u64, smss: u64) -> bool {
        position < self.lost_edge(smss)
    }

    /// Bytes in `[from, to)` that the peer does not hold.
    fn missing(&self, from: u64, to: u64) -> u64 {
        let held: u64 = self
            .sacked
            .iter()
            .map(|(start, end)| (*end).min(to).saturating_sub((*start).max(from)))
            .sum();
        to.saturating_sub(from) - held
    }

    /// SetPipe of RFC 6675 section 4: bytes that are thought to be on their way.
    #[must_use]
    pub fn pipe(&self, una: u64, nxt: u64, smss: u64) -> u64 {
        if self.sacked.is_empty() && self.given_up <= una && self.repeated <= una {
            return nxt - una;
        }
        let not_lost = self.missing(self.lost_edge(smss).clamp(una, nxt), nxt);
        not_lost + self.missing(una, self.repeated.clamp(una, nxt))
    }

    /// The first hole at or above `from` and below `below`, at most `max` bytes of it.
    fn hole(&self, from: u64, below: u64, max: u64) -> Option<(u64, u64)> {
        let mut start = from;
        for range in &self.sacked {
            if start < range.0 {
                break;
            }
            start = start.max(range.1);
        }
        let next = self.sacked.iter().find(|range| range.0 > start);
        let end = next.map_or(u64::MAX, |range| range.0).min(start + max);
        (start < below).then_some((start, end))
    }

    /// Rule 1 of NextSeg (RFC 6675 section 4): the first lost data that was not sent again.
    #[must_use]
    pub fn next_lost(&self, una: u64, nxt: u64, smss: u64, max: u64) -> Option<(u64, u64)> {
        let edge = self.lost_edge(smss).min(nxt);
        let (start, end) = self.hole(self.repeated.max(una), edge, max)?;
        Some((start, end.min(nxt)))
    }

    /// Rule 3 of NextSeg: data below something that the peer holds, whether it counts as lost or not.
    #[must_use]
    pub fn next_hole(&self, una: u64, nxt: u64, max: u64) -> Option<(u64, u64)> {
        let highest = self.sacked.last()?.1;
        let (start, end) = self.hole(self.repeated.max(una), highest, max)?;
        Some((start, end.min(nxt)))
    }

    /// Rule 4 of NextSeg: the last data that the peer does not hold, once in a recovery, so that its acknowledgement shows
    /// what else is lost. What this recovery has sent again already is not its tail: it is on its way.
    pub fn rescue(&mut self, una: u64, nxt: u64, point: u64, max: u64) -> Option<(u64, u64)> {
        if self.rescued.is_some_and(|rescued| una <= rescued) || una >= nxt {
            return None;
        }
        let (mut start, mut end) = (una, nxt);
        for range in self.sacked.iter().rev() {
            if range.1 < end {
                start = range.1;
                break;
            }
            end = range.0;
        }
        if start >= end || end <= self.repeated {
            return None;
        }
        self.rescued = Some(point);
        Some((start.max(end.saturating_sub(max)), end))
    }

    /// What of the invariants is broken, for a state that came from outside.
    pub(super) fn fault(&self, una: u64, nxt: u64) -> Option<&'static str> {
        let filled = self.sacked.iter().all(|range| range.0 < range.1);
        let ordered = self.sacked.windows(2).all(|pair| pair[0].1 < pair[1].0);
        let inside = self.sacked.iter().all(|range| una <= range.0 && range.1 <= nxt);
        let marked = self.given_up <= nxt && self.repeated <= nxt;
        let bounded = self.sacked.len() <= MAX_RANGES;
        (!(filled && ordered && inside && marked && bounded)).then_some("the scoreboard is not in order")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SMSS: u64 = 10;

    #[test]
    fn three_ranges_or_two_segments_above_are_a_loss() {
        let mut board = Scoreboard::default();
        board.record(30, 50);
        assert!(!board.is_lost(1, SMSS), "two segments are not more than two");
        board.record(50, 51);
        assert!(board.is_lost(29, SMSS));
        let mut board = Scoreboard::default();
        for start in [20, 30, 40] {
            assert!(!board.is_lost(1, SMSS));
            board.record(start, start + 1);
        }
        assert!(board.is_lost(19, SMSS));
        assert!(!board.is_lost(25, SMSS));
    }

    #[test]
    fn a_rescue_is_made_once() {
        let mut board = Scoreboard::default();
        board.record(20, 30);
        board.begin_recovery(1);
        board.note_first(11);
        assert_eq!(board.rescue(1, 60, 60, SMSS), None, "the first is on its way again");
        board.advance(15);
        assert_eq!(board.rescue(15, 60, 60, SMSS), Some((50, 60)));
        assert_eq!(board.rescue(15, 60, 60, SMSS), None);
        let mut board = Scoreboard::default();
        board.record(20, 60);
        assert_eq!(board.rescue(1, 60, 60, SMSS), Some((10, 20)));
    }

    #[test]
    fn ranges_are_bounded() {
        let mut board = Scoreboard::default();
        for turn in 0..2000 {
            board.record(10 + 2 * turn, 11 + 2 * turn);
        }
        assert_eq!(board.ranges().len(), MAX_RANGES);
        assert_eq!(board.record(10, 12), 1, "what touches a range is still taken");
    }

    /// The definitions of RFC 6675, byte by byte.
    struct Model {
        held: Vec<bool>,
        given_up: u64,
        repeated: u64,
    }

    impl Model {
        fn is_lost(&self, position: u64) -> bool {
            let above = &self.held[position as usize + 1..];
            let bytes = above.iter().filter(|held| **held).count() as u64;
            let runs = above
                .iter()
                .enumerate()
                .filter(|(at, held)| **held && (*at == 0 || !above[at - 1]));
            position < self.given_up || runs.count() >= 3 || bytes > 2 * SMSS
        }

        fn pipe(&self, una: u64, nxt: u64) -> u64 {
            (una..nxt)
                .filter(|at| !self.held[*at as usize])
                .map(|at| u64::from(!self.is_lost(at)) + u64::from(at < self.repeated))
                .sum()
        }

        fn next_lost(&self, una: u64, nxt: u64) -> Option<u64> {
            (una.max(self.repeated)..nxt).find(|at| !self.held[*at as usize] && self.is_lost(*at))
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn a_scoreboard_is_a_row_of_marks(
            steps in prop::collection::vec((0u8..6, 0u64..120, 1u64..25), 1..40),
        ) {
            let (mut una, nxt) = (1u64, 130u64);
            let mut board = Scoreboard::default();
            let mut model = Model { held: vec![false; nxt as usize], given_up: 0, repeated: 0 };
            for (kind, at, len) in steps {
                if una + 2 > nxt {
                    break;
                }
                match kind {
                    0..=2 => {
                        let (start, end) = ((una + 1 + at).min(nxt - 1), (una + 1 + at + len).min(nxt));
                        let mut news = 0;
                        for held in &mut model.held[start as usize..end as usize] {
                            news += u64::from(!*held);
                            *held = true;
                        }
                        prop_assert_eq!(board.record(start, end), news);
                    }
                    3 => {
                        una = (una + len).min(nxt);
                        // The peer acknowledges what it holds.
                        while una < nxt && model.held[una as usize] { una += 1; }
                        board.advance(una);
                        model.held[..una as usize].fill(false);
                    }
                    4 => {
                        board.give_up(una, nxt);
                        (model.given_up, model.repeated) = (nxt, una);
                    }
                    _ => if let Some((start, end)) = board.next_lost(una, nxt, SMSS, SMSS) {
                        board.note_repeated(end);
                        model.repeated = model.repeated.max(end);
                        prop_assert!(start < end && end - start <= SMSS);
                        prop_assert!(!model.held[start as usize..end as usize].contains(&true));
                    },
                }
                prop_assert_eq!(board.fault(una, nxt), None);
                prop_assert_eq!(board.pipe(una, nxt, SMSS), model.pipe(una, nxt));
                prop_assert_eq!(board.next_lost(una, nxt, SMSS, SMSS).map(|range| range.0), model.next_lost(una, nxt));
                prop_assert_eq!(board.sacked_bytes(), model.held.iter().filter(|held| **held).count() as u64);
            }
        }
    }
}
