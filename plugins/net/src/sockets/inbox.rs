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
    pub queue: VecDeque<Datagram>,
    /// What it may take.
    pub limit_bytes: u64,
    /// What did not fit.
    pub dropped: u64,
}

impl Default for Inbox {
    fn default() -> Self {
        Self {
            queue: VecDeque::new(),
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
    /// Bytes that wait, with what each takes beside its own.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.queue
            .iter()
            .map(|datagram| datagram.bytes.len() as u64 + OVERHEAD_BYTES)
            .sum()
    }
}

/// Puts a datagram into a socket's inbox, or drops it.
pub(super) fn put(world: &mut World, node: NodeId, id: u64, datagram: Datagram) {
    let entity = world
        .resource::<SocketIndex>()
        .get(node, id)
        .expect("the socket is there");
    let mut inbox = world.get_mut::<Inbox>(entity).expect("it takes datagrams");
    if inbox.bytes() + datagram.bytes.len() as u64 + OVERHEAD_BYTES > inbox.limit_bytes {
        inbox.dropped += 1;
        return;
    }
    inbox.queue.push_back(datagram);
    wake(world, node, WaitKey::Readable(id));
}
