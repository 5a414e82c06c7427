//! Bytes of a stream, in order: what was sent and not acknowledged, what was received and not read.
//!
//! A [`ByteQueue`] is a list of shared chunks, so that a bulk transfer copies nothing: a segment's payload is a slice of what
//! the user sent, and what the user receives is a slice of a frame. Small pieces are copied together, so that a peer who
//! sends single bytes costs a few bytes for each and not a chunk for each.

use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Pieces below this size are copied together. A chunk that is shared keeps its whole frame in memory, so this also bounds
/// the memory that a byte of a queue can cost.
const SHARE_BYTES: usize = 512;
/// A tail of copied pieces that has grown to this is made a chunk.
const TAIL_BYTES: usize = 4 << 10;

/// A part of the stream, at a position.
#[derive(Clone, Debug)]
struct Chunk {
    start: u64,
    bytes: Bytes,
}

impl Chunk {
    fn end(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

/// Consecutive bytes of a stream from a position on. Equal where position and bytes are; how they lie in chunks does not
/// count, nor is it serialised.
#[derive(Clone, Debug, Default)]
pub struct ByteQueue {
    chunks: VecDeque<Chunk>,
    tail: BytesMut,
    start: u64,
    end: u64,
}

impl ByteQueue {
    /// An empty queue at a position.
    #[must_use]
    pub fn new(start: u64) -> Self {
        Self {
            start,
            end: start,
            ..Self::default()
        }
    }

    /// The position of the first byte.
    #[must_use]
    pub const fn start(&self) -> u64 {
        self.start
    }

    /// The position after the last byte.
    #[must_use]
    pub const fn end(&self) -> u64 {
        self.end
    }

    /// The number of bytes.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.end - self.start
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.end == self.start
    }

    /// Chunks that hold the bytes: a measure of the memory beyond them.
    #[must_use]
    pub fn chunk_count(&self) -> usize {
        self.chunks.len() + usize::from(!self.tail.is_empty())
    }

    /// Appends bytes. Large ones are shared, small ones copied.
    pub fn push(&mut self, bytes: Bytes) {
        let len = bytes.len();
        // A short tail takes whatever comes next, however large: or else short and long pieces in turn would leave a chunk
        // for each short one.
        if len < SHARE_BYTES || (1..SHARE_BYTES).contains(&self.tail.len()) {
            self.tail.extend_from_slice(&bytes);
            self.end += len as u64;
            if self.tail.len() >= TAIL_BYTES {
                self.flush_tail();
            }
            return;
        }
        self.flush_tail();
        let start = self.end;
        self.end += len as u64;
        self.chunks.push_back(Chunk { start, bytes });
    }

    /// Appends all of another queue, which must begin where this one ends.
    pub fn append(&mut self, other: Self) {
        assert_eq!(self.end, other.start, "queues are joined where they meet");
        for chunk in other.chunks {
            self.push(chunk.bytes);
        }
        if !other.tail.is_empty() {
            self.push(other.tail.freeze());
        }
    }

    fn flush_tail(&mut self) {
        if !self.tail.is_empty() {
            let bytes = self.tail.split().freeze();
            let start = self.end - bytes.len() as u64;
            self.chunks.push_back(Chunk { start, bytes });
        }
    }

    /// The bytes from a position, at most `len`: shared where one chunk holds them all.
    #[must_use]
    pub fn slice(&self, position: u64, len: u64) -> Bytes {
        assert!(self.start <= position, "bytes before a queue's start are gone");
        let end = position.saturating_add(len).min(self.end);
        if position >= end {
            return Bytes::new();
        }
        let first = self.chunks.partition_point(|chunk| chunk.end() <= position);
        if let Some(chunk) = self.chunks.get(first)
            && end <= chunk.end()
        {
            return chunk
                .bytes
                .slice((position - chunk.start) as usize..(end - chunk.start) as usize);
        }
        let mut copy = BytesMut::with_capacity((end - position) as usize);
        for chunk in self.chunks.range(first..) {
            if chunk.start >= end {
                break;
            }
            let from = position.max(chunk.start) - chunk.start;
            let to = end.min(chunk.end()) - chunk.start;
            copy.extend_from_slice(&chunk.bytes[from as usize..to as usize]);
        }
        let tail_start = self.end - self.tail.len() as u64;
        if end > tail_start {
            let from = position.max(tail_start) - tail_start;
            copy.extend_from_slice(&self.tail[from as usize..(end - tail_start) as usize]);
        }
        copy.freeze()
    }

    /// Removes bytes from the front, at most `max`, and answers them.
    pub fn take(&mut self, max: u64) -> Bytes {
        let taken = self.slice(self.start, max);
        self.discard_to(self.start + taken.len() as u64);
        taken
    }

    /// Removes what lies before a position.
    pub fn discard_to(&mut self, position: u64) {
        if position <= self.start {
            return;
        }
        self.start = position.min(self.end);
        while self.chunks.front().is_some_and(|chunk| chunk.end() <= self.start) {
            self.chunks.pop_front();
        }
        if let Some(chunk) = self.chunks.front_mut() {
            let gone = self.start.saturating_sub(chunk.start);
            let _ = chunk.bytes.split_to(gone as usize);
            chunk.start += gone;
        } else {
            let keep = (self.end - self.start) as usize;
            let gone = self.tail.len() - keep;
            let _ = self.tail.split_to(gone);
        }
    }

    /// Removes everything; what comes next is at the same position.
    pub fn clear(&mut self) {
        *self = Self::new(self.end);
    }

    /// All bytes, copied.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        let chunks = self.chunks.iter().flat_map(|chunk| chunk.bytes.iter());
        chunks.chain(self.tail.iter()).copied().collect()
    }
}

impl PartialEq for ByteQueue {
    fn eq(&self, other: &Self) -> bool {
        let same_place = self.start == other.start && self.end == other.end;
        same_place && self.to_vec() == other.to_vec()
    }
}

impl Eq for ByteQueue {}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    start: u64,
    data: helios_abi::Bytes,
}

impl Serialize for ByteQueue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let row = Row {
            start: self.start,
            data: helios_abi::Bytes(self.to_vec()),
        };
        row.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ByteQueue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let row = Row::deserialize(deserializer)?;
        if row.start > helios_abi::MAX_SAFE {
            return Err(serde::de::Error::custom("a stream's position is beyond 2^53"));
        }
        let mut queue = Self::new(row.start);
        queue.push(row.data.0.into());
        Ok(queue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn single_bytes_do_not_cost_a_chunk_each() {
        let mut queue = ByteQueue::new(1);
        for turn in 0..100_000u64 {
            // Short and long in turn, the worst order.
            let len = if turn % 2 == 0 { 1 } else { SHARE_BYTES };
            queue.push(Bytes::from(vec![7; len]));
        }
        assert!(queue.chunk_count() as u64 <= queue.len() / SHARE_BYTES as u64 + 1);
    }

    #[test]
    fn a_slice_of_a_large_chunk_is_shared() {
        let mut queue = ByteQueue::new(1);
        let bytes = Bytes::from(vec![3; 4096]);
        queue.push(bytes.clone());
        assert_eq!(queue.slice(11, 100).as_ptr(), bytes[10..].as_ptr());
    }

    #[derive(Clone, Debug)]
    enum Step {
        Push(u16),
        Take(u16),
        Discard(u16),
        Slice(u16, u16),
        RoundTrip,
        Append(u16),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            (0u16..6000).prop_map(Step::Push),
            (0u16..600).prop_map(Step::Push),
            (0u16..5000).prop_map(Step::Take),
            (0u16..5000).prop_map(Step::Discard),
            (0u16..9000, 0u16..9000).prop_map(|(from, len)| Step::Slice(from, len)),
            Just(Step::RoundTrip),
            (0u16..2000).prop_map(Step::Append),
        ];
        prop::collection::vec(step, 0..60)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn a_queue_is_a_vector_with_a_position(steps in steps()) {
            let mut queue = ByteQueue::new(17);
            let (mut model, mut start, mut next) = (Vec::<u8>::new(), 17u64, 0u8);
            let mut fresh = |len: u16| -> Vec<u8> {
                (0..len).map(|_| { next = next.wrapping_add(1); next }).collect()
            };
            for step in steps {
                match step {
                    Step::Push(len) => {
                        let bytes = fresh(len);
                        model.extend(&bytes);
                        queue.push(bytes.into());
                    }
                    Step::Append(len) => {
                        let mut other = ByteQueue::new(queue.end());
                        for _ in 0..2 {
                            let bytes = fresh(len);
                            model.extend(&bytes);
                            other.push(bytes.into());
                        }
                        queue.append(other);
                    }
                    Step::Take(max) => {
                        let expected: Vec<u8> = model.drain(..model.len().min(max.into())).collect();
                        start += expected.len() as u64;
                        prop_assert_eq!(queue.take(max.into()), expected);
                    }
                    Step::Discard(count) => {
                        let count = model.len().min(count.into());
                        model.drain(..count);
                        start += count as u64;
                        queue.discard_to(start);
                    }
                    Step::Slice(from, len) => {
                        let from = usize::from(from).min(model.len());
                        let to = (from + usize::from(len)).min(model.len());
                        prop_assert_eq!(&queue.slice(start + from as u64, len.into())[..], &model[from..to]);
                    }
                    Step::RoundTrip => {
                        let text = serde_json::to_string(&queue).unwrap();
                        let back: ByteQueue = serde_json::from_str(&text).unwrap();
                        prop_assert_eq!(&back, &queue);
                        queue = back;
                    }
                }
                prop_assert_eq!((queue.start(), queue.len()), (start, model.len() as u64));
                prop_assert_eq!(queue.to_vec(), model.clone());
            }
        }
    }
}
