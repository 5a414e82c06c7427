//! Whoever looks at an interface: captures of the host, and packet sockets of the machine itself.
//!
//! Captures belong to the host and change nothing in the world. Packet sockets are state ([`crate::sockets`]).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use bevy_ecs::prelude::*;
use bytes::Bytes;

use crate::link::Endpoint;

/// Which way a frame went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// It arrived.
    In,
    /// It was sent.
    Out,
}

/// A frame that was seen at an interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When, in virtual nanoseconds.
    pub at_ns: u64,
    /// Where.
    pub interface: Endpoint,
    /// Which way it went.
    pub direction: Direction,
    /// The frame.
    pub bytes: Bytes,
}

/// What takes the frames of a capture.
pub type Tap = Arc<Mutex<dyn FnMut(&Seen) + Send>>;

/// The host's captures, by interface.
#[derive(Resource, Default)]
pub struct Taps {
    taps: BTreeMap<Endpoint, Vec<Tap>>,
}

impl Taps {
    /// Shows every frame of an interface to `tap` from now on.
    pub fn add(&mut self, at: Endpoint, tap: Tap) {
        self.taps.entry(at).or_default().push(tap);
    }
}

/// Shows a frame to whoever looks.
pub(crate) fn show(world: &mut World, at: Endpoint, direction: Direction, at_ns: u64, bytes: &Bytes) {
    let taps = &world.resource::<Taps>().taps;
    if !taps.is_empty()
        && let Some(taps) = taps.get(&at)
    {
        let seen = Seen {
            at_ns,
            interface: at,
            direction,
            bytes: bytes.clone(),
        };
        for tap in taps {
            // A tap that panicked has lost its frames already; the world goes on.
            if let Ok(mut tap) = tap.lock() {
                tap(&seen);
            }
        }
    }
}
