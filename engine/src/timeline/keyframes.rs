//! Keyframes within a budget of memory.
//!
//! Frames share what did not change between them, and are counted accordingly: each group of rows and each blob once.
//! Where they outgrow the budget they are thinned out: frames far from where somebody looks lie further apart, those
//! nearby closer together, and the first one always stays.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::blobs::BlobId;
use crate::ids::Tick;
use crate::snapshot::{Frame, FrameNode, Group};

/// What an entry of a map costs beside its content, in bytes: an estimate.
const ENTRY_BYTES: u64 = 96;

/// Keyframes of one world.
#[derive(Debug)]
pub struct Keyframes {
    frames: BTreeMap<Tick, Frame>,
    held: Held,
    budget_bytes: u64,
}

impl Keyframes {
    /// None yet.
    #[must_use]
    pub fn new(budget_bytes: u64) -> Self {
        Self {
            frames: BTreeMap::new(),
            held: Held::default(),
            budget_bytes,
        }
    }

    /// Keeps a frame, and thins out the others where the budget asks for it. `near` is the tick of interest.
    pub fn insert(&mut self, frame: Frame, near: Tick) {
        let tick = frame.tick();
        self.forget(tick);
        self.held.add(&frame);
        self.frames.insert(tick, frame);
        while self.held.bytes > self.budget_bytes {
            let Some(tick) = self.most_dispensable(near) else { break };
            self.forget(tick);
        }
    }

    /// The frame of a tick.
    #[must_use]
    pub fn get(&self, tick: Tick) -> Option<&Frame> {
        self.frames.get(&tick)
    }

    /// The last frame at a tick or before it.
    #[must_use]
    pub fn at_or_before(&self, tick: Tick) -> Option<&Frame> {
        self.frames.range(..=tick).next_back().map(|(_, frame)| frame)
    }

    /// The ticks of all frames, in order.
    pub fn ticks(&self) -> impl DoubleEndedIterator<Item = Tick> + '_ {
        self.frames.keys().copied()
    }

    /// Bytes that all frames together hold.
    #[must_use]
    pub const fn held_bytes(&self) -> u64 {
        self.held.bytes
    }

    /// Forgets every frame after a tick.
    pub fn forget_after(&mut self, tick: Tick) {
        let after: Vec<Tick> = self.frames.range(tick.next()..).map(|(&tick, _)| tick).collect();
        after.into_iter().for_each(|tick| self.forget(tick));
    }

    fn forget(&mut self, tick: Tick) {
        if let Some(frame) = self.frames.remove(&tick) {
            self.held.drop(&frame);
        }
    }

    /// The frame whose absence costs least: the gap that it would leave, over how far away it is. Never the first one.
    fn most_dispensable(&self, near: Tick) -> Option<Tick> {
        let ticks: Vec<u64> = self.frames.keys().map(|tick| tick.0).collect();
        let last = *ticks.last()?;
        let score = |index: usize| {
            let next = ticks.get(index + 1).copied().unwrap_or(last.max(near.0) + 1);
            let gap = u128::from(next - ticks[index - 1]);
            (gap, u128::from(ticks[index].abs_diff(near.0)) + 1)
        };
        let worse = |one: &usize, two: &usize| {
            let ((one_gap, one_far), (two_gap, two_far)) = (score(*one), score(*two));
            // Fractions compared without division.
            (one_gap * two_far).cmp(&(two_gap * one_far))
        };
        (1..ticks.len()).min_by(worse).map(|index| Tick(ticks[index]))
    }
}

/// What frames hold together, counted by what they share. Addresses are a host's matter: nothing depends on their order.
#[derive(Debug, Default)]
struct Held {
    nodes: BTreeMap<usize, u64>,
    groups: BTreeMap<usize, u64>,
    blocks: BTreeMap<usize, u64>,
    blobs: BTreeMap<BlobId, u64>,
    bytes: u64,
}

/// Counts one more; whether it is the first.
fn count<K: Ord>(counts: &mut BTreeMap<K, u64>, key: K) -> bool {
    let count = counts.entry(key).or_default();
    *count += 1;
    *count == 1
}

/// Counts one less; whether it was the last.
fn uncount<K: Ord>(counts: &mut BTreeMap<K, u64>, key: K) -> bool {
    let count = counts.get_mut(&key).expect("what is dropped was added");
    *count -= 1;
    let last = *count == 0;
    if last {
        counts.remove(&key);
    }
    last
}

fn address<T: ?Sized>(shared: &Arc<T>) -> usize {
    Arc::as_ptr(shared).cast::<u8>().addr()
}

impl Held {
    fn add(&mut self, frame: &Frame) {
        self.bytes += frame.nodes.len() as u64 * ENTRY_BYTES;
        for node in frame.nodes.values() {
            if count(&mut self.nodes, address(node)) {
                self.bytes += node_bytes(node);
                for group in node.groups.values() {
                    if count(&mut self.groups, address(group)) {
                        self.group(group, true);
                    }
                }
            }
        }
    }

    fn drop(&mut self, frame: &Frame) {
        self.bytes -= frame.nodes.len() as u64 * ENTRY_BYTES;
        for node in frame.nodes.values() {
            if uncount(&mut self.nodes, address(node)) {
                self.bytes -= node_bytes(node);
                for group in node.groups.values() {
                    if uncount(&mut self.groups, address(group)) {
                        self.group(group, false);
                    }
                }
            }
        }
    }

    /// Counts the rows of a group in or out.
    fn group(&mut self, group: &Group, add: bool) {
        let mut change = |bytes: u64| {
            if add {
                self.bytes += bytes;
            } else {
                self.bytes -= bytes;
            }
        };
        for row in group.values() {
            change(ENTRY_BYTES);
            for block in row.json.blocks() {
                let counted = if add { count } else { uncount };
                if counted(&mut self.blocks, address(block)) {
                    change(block.len() as u64);
                }
            }
            for (id, bytes) in row.blobs.iter().flat_map(|named| named.iter()) {
                let counted = if add { count } else { uncount };
                if counted(&mut self.blobs, *id) {
                    change(bytes.len() as u64 + ENTRY_BYTES);
                }
            }
        }
    }
}

fn node_bytes(node: &FrameNode) -> u64 {
    node.groups.len() as u64 * ENTRY_BYTES
}
