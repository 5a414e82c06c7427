//! Datagrams that came in pieces (RFC 791 section 3.2, RFC 815; limits and overlaps as RFC 5722 and RFC 1858 teach).

use std::net::Ipv4Addr;

use bevy_ecs::prelude::*;
use bytes::{Bytes, BytesMut};
use helios_engine::ids::{NodeId, RowId};
use helios_engine::nanos;
use helios_engine::prelude::Nodes;
use helios_engine::state::Row;
use helios_engine::time::{Calendar, CalendarEvent, EventClass, EventKey};
use serde::{Deserialize, Serialize};

use super::input::Received;
use super::{icmp, timer_port};
use crate::link::Endpoint;
use crate::wire::Ipv4;
use crate::wire::icmp::TimeExceeded;

/// The kind of the calendar's events.
pub(crate) const TIMER: &str = "reassembly";
/// Datagrams of which pieces wait; the oldest gives way.
pub const MAX_DATAGRAMS: usize = 64;
/// Pieces of one datagram.
pub const MAX_PIECES: usize = 128;
/// Bytes of all pieces of a machine.
pub const MAX_BYTES: u64 = 1 << 20;
/// How long pieces wait for the rest (Linux's default).
const WAIT_NS: u64 = 30_000_000_000;

/// What tells a datagram's pieces from those of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    source: Ipv4Addr,
    destination: Ipv4Addr,
    protocol: u8,
    identification: u16,
}

/// One piece.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Piece {
    offset: u32,
    #[serde(with = "crate::payload")]
    bytes: Bytes,
}

/// A datagram that is not whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Partial {
    number: u64,
    interface: u32,
    key: Key,
    /// In order, none overlapping another.
    pieces: Vec<Piece>,
    /// Its length, once the last piece is there.
    len: Option<u32>,
    /// The first piece as it came, for its header and for ICMP.
    #[serde(with = "crate::payload")]
    first: Bytes,
    /// Pieces overlapped: what else comes of it is dropped.
    refused: bool,
    #[serde(with = "nanos")]
    until_ns: u64,
}

impl Partial {
    fn bytes(&self) -> u64 {
        self.pieces.iter().map(|piece| piece.bytes.len() as u64).sum::<u64>() + self.first.len() as u64
    }

    /// Puts a piece in. `None`: it contradicts the others.
    fn put(&mut self, offset: u32, bytes: Bytes, last: bool) -> Option<()> {
        let end = offset + bytes.len() as u32;
        if last {
            if self.len.is_some_and(|len| len != end) || self.pieces.iter().any(|piece| piece.end() > end) {
                return None;
            }
            self.len = Some(end);
        }
        if end > 65_535 || self.len.is_some_and(|len| end > len) || self.pieces.len() >= MAX_PIECES {
            return None;
        }
        let at = self.pieces.partition_point(|piece| piece.offset < offset);
        if self
            .pieces
            .get(at)
            .is_some_and(|piece| piece.offset == offset && piece.bytes == bytes)
        {
            // The same again: the network made a copy.
            return Some(());
        }
        let overlaps = self.pieces.get(at).is_some_and(|piece| piece.offset < end)
            || at
                .checked_sub(1)
                .is_some_and(|before| self.pieces[before].end() > offset);
        if overlaps || bytes.is_empty() {
            return None;
        }
        self.pieces.insert(at, Piece { offset, bytes });
        Some(())
    }

    /// The payload, where nothing is missing.
    fn whole(&self) -> Option<Bytes> {
        let len = self.len?;
        let mut next = 0;
        for piece in &self.pieces {
            if piece.offset != next {
                return None;
            }
            next = piece.end();
        }
        if next != len {
            return None;
        }
        let mut out = BytesMut::with_capacity(len as usize);
        self.pieces.iter().for_each(|piece| out.extend_from_slice(&piece.bytes));
        Some(out.freeze())
    }
}

impl Piece {
    fn end(&self) -> u32 {
        self.offset + self.bytes.len() as u32
    }
}

/// A machine's datagrams that are not whole. On its own entity.
#[derive(Component, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reassembly {
    /// Datagrams, oldest first.
    partial: Vec<Partial>,
    /// The number of the last one.
    last: u64,
    /// Datagrams that became whole.
    pub done: u64,
    /// Datagrams given up: too late, too many, too long, or overlapping.
    pub failed: u64,
}

impl Row for Reassembly {
    const NAME: &'static str = "reassembly";
    const SCHEMA: u32 = 1;
}

impl Reassembly {
    /// Datagrams of which pieces wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.partial.len()
    }
}

/// Adds a piece. Answers the datagram when it is whole.
pub(super) fn add(world: &mut World, received: &Received) -> Option<Ipv4> {
    let header = *received.header();
    let key = Key {
        source: header.source,
        destination: header.destination,
        protocol: header.protocol.0,
        identification: header.identification,
    };
    let own = world.resource::<Nodes>().get(received.at.node)?;
    let mut row = world.get_mut::<Reassembly>(own)?;
    let mut cancelled = Vec::new();
    let mut begun = None;
    let at = match row.partial.iter().position(|partial| partial.key == key) {
        Some(at) => at,
        None => {
            while row.partial.len() >= MAX_DATAGRAMS
                || row.partial.iter().map(Partial::bytes).sum::<u64>() + received.packet.len() as u64 > MAX_BYTES
            {
                if row.partial.is_empty() {
                    return None;
                }
                cancelled.push(row.partial.remove(0));
                row.failed += 1;
            }
            row.last += 1;
            let partial = Partial {
                number: row.last,
                interface: received.at.interface,
                key,
                pieces: Vec::new(),
                len: None,
                first: Bytes::new(),
                refused: false,
                until_ns: received.now_ns + WAIT_NS,
            };
            begun = Some((partial.number, partial.until_ns));
            row.partial.push(partial);
            row.partial.len() - 1
        }
    };
    let partial = &mut row.partial[at];
    if header.fragment_offset == 0 && partial.first.is_empty() {
        partial.first = received.packet.clone();
    }
    let payload = received.datagram.payload.clone();
    let put = !partial.refused
        && partial
            .put(u32::from(header.fragment_offset), payload, !header.more_fragments)
            .is_some();
    if !put && !partial.refused {
        partial.refused = true;
        partial.pieces.clear();
        row.failed += 1;
    }
    let partial = &row.partial[at];
    let mut whole = None;
    if put && let Some(payload) = partial.whole() {
        let mut header = Ipv4::parse_quoted(&partial.first).map_or(header, |first| first.header);
        header.more_fragments = false;
        header.fragment_offset = 0;
        whole = Some(Ipv4 { header, payload });
        cancelled.push(row.partial.remove(at));
        row.done += 1;
    }
    let node = received.at.node;
    if let Some((number, until_ns)) = begun {
        schedule(world, node, number, until_ns);
    }
    for gone in cancelled {
        world
            .resource_mut::<Calendar>()
            .cancel(&event_key(node, gone.number, gone.until_ns));
    }
    whole
}

/// Pieces have waited for too long.
pub(crate) fn on_timer(world: &mut World, key: &EventKey, event: &CalendarEvent) {
    let Some(own) = world.resource::<Nodes>().get(key.node) else {
        return;
    };
    let Some(mut row) = world.get_mut::<Reassembly>(own) else {
        return;
    };
    let Some(at) = row.partial.iter().position(|partial| partial.number == event.token) else {
        return;
    };
    let gone = row.partial.remove(at);
    if gone.refused {
        return;
    }
    row.failed += 1;
    // Said only by whoever has the first piece (RFC 792).
    if let Ok(datagram) = Ipv4::parse_quoted(&gone.first)
        && !gone.first.is_empty()
    {
        let received = Received {
            at: Endpoint {
                node: key.node,
                interface: gone.interface,
            },
            now_ns: key.time_ns,
            datagram,
            packet: gone.first,
            to_many: false,
        };
        icmp::time_exceeded(world, &received, TimeExceeded::Reassembly);
    }
}

fn event_key(node: NodeId, number: u64, time_ns: u64) -> EventKey {
    EventKey {
        time_ns,
        node,
        class: EventClass::Timer,
        port: timer_port::REASSEMBLY,
        sequence: number,
    }
}

fn schedule(world: &mut World, node: NodeId, number: u64, until_ns: u64) {
    let event = CalendarEvent {
        kind: TIMER,
        row: RowId::of_node(node),
        token: number,
    };
    world
        .resource_mut::<Calendar>()
        .schedule(event_key(node, number, until_ns), event);
}

/// Schedules every timer again.
pub(super) fn rebuild(world: &mut World) -> Result<(), String> {
    let mut rows = world.query::<(&RowId, &Reassembly)>();
    let mut timers = Vec::new();
    for (row, reassembly) in rows.iter(world) {
        let mut numbers: Vec<u64> = reassembly.partial.iter().map(|partial| partial.number).collect();
        let sorted = numbers.is_sorted() && numbers.last().is_none_or(|last| *last <= reassembly.last);
        numbers.dedup();
        if !sorted || numbers.len() != reassembly.partial.len() || numbers.len() > MAX_DATAGRAMS {
            return Err(format!("node {}: pieces of datagrams are numbered wrongly", row.node));
        }
        let due = reassembly
            .partial
            .iter()
            .map(|partial| (row.node, partial.number, partial.until_ns));
        timers.extend(due);
    }
    for (node, number, until_ns) in timers {
        schedule(world, node, number, until_ns);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::wire::Protocol;

    fn partial() -> Partial {
        Partial {
            number: 1,
            interface: 1,
            key: Key {
                source: Ipv4Addr::LOCALHOST,
                destination: Ipv4Addr::LOCALHOST,
                protocol: Protocol::UDP.0,
                identification: 1,
            },
            pieces: Vec::new(),
            len: None,
            first: Bytes::new(),
            refused: false,
            until_ns: 0,
        }
    }

    #[test]
    fn overlaps_and_contradictions_are_refused() {
        let mut two = partial();
        assert!(two.put(0, Bytes::from_static(&[1; 16]), false).is_some());
        assert!(two.put(0, Bytes::from_static(&[1; 16]), false).is_some(), "a copy");
        assert!(two.put(8, Bytes::from_static(&[2; 16]), false).is_none(), "an overlap");
        assert!(two.put(16, Bytes::from_static(&[3; 4]), true).is_some());
        assert!(two.put(24, Bytes::from_static(&[3; 4]), true).is_none(), "another end");
        assert_eq!(two.whole().map(|whole| whole.len()), Some(20));
        let mut beyond = partial();
        assert!(
            beyond.put(65_528, Bytes::from_static(&[0; 8]), true).is_none(),
            "beyond 65,535 bytes"
        );
    }

    proptest! {
        #[test]
        fn pieces_in_any_order_make_the_whole(len in 1usize..2_000, cut in 1usize..40, seed in any::<u64>()) {
            let whole: Vec<u8> = (0..len).map(|index| (index * 7) as u8).collect();
            let step = cut * 8;
            let mut pieces: Vec<(usize, &[u8])> = whole.chunks(step).enumerate().map(|(index, piece)| (index * step, piece)).collect();
            let mut state = seed;
            for index in (1..pieces.len()).rev() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                pieces.swap(index, (state >> 33) as usize % (index + 1));
            }
            let mut partial = partial();
            let count = pieces.len().min(MAX_PIECES);
            prop_assume!(pieces.len() <= MAX_PIECES);
            for (done, (offset, piece)) in pieces.into_iter().enumerate() {
                prop_assert!(partial.whole().is_none() || done == count);
                let last = offset + piece.len() == len;
                prop_assert!(partial.put(offset as u32, Bytes::copy_from_slice(piece), last).is_some());
            }
            prop_assert_eq!(partial.whole().map(|bytes| bytes.to_vec()), Some(whole));
        }
    }
}
