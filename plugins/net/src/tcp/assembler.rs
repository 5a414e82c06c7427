//! Data that arrived before its turn: runs of bytes beyond the next one that is expected (RFC 9293 section 3.10.7.4, seventh
//! check), and what of it SACK tells the sender (RFC 2018 section 4).
//!
//! Bytes are bounded by the window, which the caller cuts segments to; runs are bounded here. A segment that would begin one
//! run too many is dropped, as if it had been lost: a receiver may do that.

use std::collections::VecDeque;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::buffers::ByteQueue;

/// The most separate runs.
pub const MAX_RUNS: usize = 256;
/// Runs that the last segments fell into, newest first, as SACK reports them.
const RECENT: usize = 4;

/// Runs of bytes with holes before and between them, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assembler {
    runs: Vec<ByteQueue>,
    /// Positions inside the runs that grew last, newest first.
    recent: VecDeque<u64>,
}

impl Assembler {
    /// Whether nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Bytes that are held.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.runs.iter().map(ByteQueue::len).sum()
    }

    /// The runs, as `[start, end)`.
    pub fn ranges(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.runs.iter().map(|run| (run.start(), run.end()))
    }

    /// Takes in what of `bytes`, at `position`, is not held yet. Answers how many bytes that was.
    pub fn insert(&mut self, position: u64, bytes: &Bytes) -> u64 {
        let end = position + bytes.len() as u64;
        let index = self.runs.partition_point(|run| run.end() < position);
        let mut cursor = position;
        let mut added = 0;
        while cursor < end {
            let touches = self.runs.get(index).is_some_and(|run| run.start() <= cursor);
            if touches {
                cursor = cursor.max(self.runs[index].end());
            } else if self.runs.len() >= MAX_RUNS {
                break;
            } else {
                self.runs.insert(index, ByteQueue::new(cursor));
            }
            let next = self.runs.get(index + 1).map_or(u64::MAX, ByteQueue::start);
            let until = end.min(next);
            if cursor < until {
                let piece = bytes.slice((cursor - position) as usize..(until - position) as usize);
                self.runs[index].push(piece);
                added += until - cursor;
                cursor = until;
            }
            if self.runs[index].end() == next {
                let follower = self.runs.remove(index + 1);
                self.runs[index].append(follower);
            }
        }
        if self.holds(position) {
            self.note(position);
        }
        added
    }

    fn holds(&self, position: u64) -> bool {
        self.run_at(position).is_some()
    }

    fn run_at(&self, position: u64) -> Option<&ByteQueue> {
        let index = self.runs.partition_point(|run| run.end() <= position);
        self.runs.get(index).filter(|run| run.start() <= position)
    }

    fn note(&mut self, position: u64) {
        let run = self.run_at(position).map(ByteQueue::start);
        let kept: VecDeque<u64> = self.recent.iter().copied().collect();
        self.recent = kept
            .into_iter()
            .filter(|other| self.run_at(*other).map(ByteQueue::start) != run)
            .collect();
        self.recent.push_front(position);
        self.recent.truncate(RECENT);
    }

    /// Removes the run whose turn has come now that `position` is expected next, and drops whatever lies before it.
    pub fn take_at(&mut self, position: u64) -> Option<ByteQueue> {
        let mut taken = None;
        while self.runs.first().is_some_and(|run| run.start() <= position) {
            let mut run = self.runs.remove(0);
            run.discard_to(position);
            if !run.is_empty() {
                taken = Some(run);
                break;
            }
        }
        let first = self.runs.first().map_or(u64::MAX, ByteQueue::start);
        self.recent.retain(|noted| *noted >= first);
        taken
    }

    /// The runs that SACK should report, at most `max`: the one that grew last comes first (RFC 2018 section 4).
    #[must_use]
    pub fn report(&self, max: usize) -> Vec<(u64, u64)> {
        let mut blocks: Vec<(u64, u64)> = Vec::with_capacity(max);
        let noted = self.recent.iter().filter_map(|position| self.run_at(*position));
        for run in noted.chain(&self.runs) {
            let block = (run.start(), run.end());
            if blocks.len() >= max {
                break;
            }
            if !blocks.contains(&block) {
                blocks.push(block);
            }
        }
        blocks
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// What of the invariants is broken, for a state that came from outside.
    pub(super) fn fault(&self, next: u64, edge: u64) -> Option<&'static str> {
        let ordered = self.runs.windows(2).all(|pair| pair[0].end() < pair[1].start());
        let filled = self.runs.iter().all(|run| !run.is_empty());
        let inside = self.runs.iter().all(|run| run.start() > next && run.end() <= edge);
        let bounded = self.runs.len() <= MAX_RUNS && self.recent.len() <= RECENT;
        (!(ordered && filled && inside && bounded)).then_some("data out of order is not in order")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn runs_are_bounded() {
        let mut assembler = Assembler::default();
        for turn in 0..10_000u64 {
            assembler.insert(10 + 3 * turn, &Bytes::from_static(b"x"));
        }
        assert_eq!(assembler.ranges().count(), MAX_RUNS);
        // What joins a run is taken even then.
        assert_eq!(assembler.insert(11, &Bytes::from_static(b"yz")), 2);
    }

    #[test]
    fn the_newest_run_is_reported_first() {
        let mut assembler = Assembler::default();
        for start in [30, 10, 50, 20] {
            assembler.insert(start, &Bytes::from_static(b"ab"));
        }
        assembler.insert(12, &Bytes::from_static(b"c"));
        assert_eq!(assembler.report(3), [(10, 13), (20, 22), (50, 52)]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        #[test]
        fn an_assembler_is_a_map_of_bytes(
            pieces in prop::collection::vec((1u64..300, 1usize..40, any::<bool>()), 1..80),
        ) {
            let mut assembler = Assembler::default();
            let mut model = std::collections::BTreeMap::<u64, u8>::new();
            let mut next = 1u64;
            for (turn, (position, len, take)) in pieces.into_iter().enumerate() {
                let position = position.max(next + 1);
                let bytes: Vec<u8> = (0..len).map(|index| (turn * 41 + index) as u8).collect();
                let mut added = 0;
                for (index, byte) in bytes.iter().enumerate() {
                    // What came first stays.
                    model.entry(position + index as u64).or_insert_with(|| { added += 1; *byte });
                }
                prop_assert_eq!(assembler.insert(position, &bytes.into()), added);
                prop_assert_eq!(assembler.fault(next, u64::MAX), None);
                let held: Vec<(u64, u8)> = assembler.runs.iter()
                    .flat_map(|run| (run.start()..).zip(run.to_vec())).collect();
                prop_assert_eq!(held, model.iter().map(|(k, v)| (*k, *v)).collect::<Vec<_>>());
                let report = assembler.report(4);
                prop_assert!(report[0].0 <= position && position < report[0].1);
                if take {
                    next = position;
                    let expected: Vec<u8> = {
                        let mut at = next;
                        let mut run = Vec::new();
                        while let Some(byte) = model.get(&at) { run.push(*byte); at += 1; }
                        run
                    };
                    model.retain(|at, _| *at >= next + expected.len() as u64);
                    let taken = assembler.take_at(next);
                    prop_assert_eq!(taken.map_or(Vec::new(), |run| run.to_vec()), expected.clone());
                    next += expected.len() as u64;
                }
            }
        }
    }
}
