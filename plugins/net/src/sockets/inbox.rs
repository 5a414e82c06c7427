//! What a socket has received and nobody has read.

use std::collections::VecDeque;
use std::net::SocketAddrV4;

use bevy_ecs::prelude::*;
use bytes::Bytes;
use helios_abi::NodeId;
use helios_engine::nanos;
use helios_engine::state::Row;
use helios_kernel::wait::{WaitKey, wake};
use serde::{Deserialize, Serialize};

use super::SocketIndex;

/// Bytes that wait for a reader where nothing else is said: what does not fit is dropped and counted.
pub(super) const DEFAULT_BYTES: u64 = 256 << 10;
/// The largest that a program may ask for.
pub(super) const MAX_BYTES: u64 = 8 << 20;
/// What a datagram takes beside its bytes.
const OVERHEAD_BYTES: u64 = 128;

/// A datagram, message or frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Datagram {
    /// Who sent it; for a frame, whose sender has no such address, it is unspecified.
    pub from: SocketAddrV4,
    /// To whom.
    pub to: SocketAddrV4,
    /// The interface.
    pub interface: u32,
    /// Hops that it had left.
    pub hops: u32,
    /// A frame that this machine sent itself.
    pub sent: bool,
    /// When it came.
    #[serde(with = "nanos")]
    pub at_ns: u64,
    /// What it holds.
    #[serde(with = "crate::payload")]
    pub bytes: Bytes,
}

/// What waits to be read. Beside the socket's row.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inbox {
    /// Oldest first.
    queue: VecDeque<Datagram>,
    /// Bytes that wait, with what each datagram takes beside its own.
    bytes: u64,
    /// What it may take.
    pub limit_bytes: u64,
    /// What did not fit.
    pub dropped: u64,
}

impl Default for Inbox {
    fn default() -> Self {
        Self {
            queue: VecDeque::new(),
            bytes: 0,
            limit_bytes: DEFAULT_BYTES,
            dropped: 0,
        }
    }
}

impl Row for Inbox {
    const NAME: &'static str = "socket_inbox";
    const SCHEMA: u32 = 1;
}

impl Inbox {
    /// Bytes that wait, with what each datagram takes beside its own.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Takes the oldest.
    pub(super) fn pop(&mut self) -> Option<Datagram> {
        let oldest = self.queue.pop_front()?;
        self.bytes -= Self::cost(&oldest);
        Some(oldest)
    }

    fn cost(datagram: &Datagram) -> u64 {
        datagram.bytes.len() as u64 + OVERHEAD_BYTES
    }

    /// Whether the count is that of the queue.
    pub(super) fn is_sound(&self) -> bool {
        self.bytes == self.queue.iter().map(Self::cost).sum::<u64>()
    }
}

/// Puts a datagram into a socket's inbox, or drops it.
pub(super) fn put(world: &mut World, node: NodeId, id: u64, datagram: Datagram) {
    let entity = world
        .resource::<SocketIndex>()
        .get(node, id)
        .expect("the socket is there");
    let mut inbox = world.get_mut::<Inbox>(entity).expect("it takes datagrams");
    let cost = Inbox::cost(&datagram);
    if inbox.bytes + cost > inbox.limit_bytes {
        inbox.dropped += 1;
        return;
    }
    inbox.bytes += cost;
    inbox.queue.push_back(datagram);
    wake(world, node, WaitKey::Readable(id));
}
