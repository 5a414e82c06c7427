//! What a node does with a frame that arrived: switches pass it on, machines have a stack.

use bevy_ecs::prelude::*;
use bytes::Bytes;
use helios_engine::prelude::Nodes;

use crate::link::Endpoint;
use crate::stack;
use crate::switch::{self, Switch};

/// Hands a frame to its node.
pub(crate) fn receive(world: &mut World, at: Endpoint, frame: Bytes, now_ns: u64) {
    let own = world.resource::<Nodes>().get(at.node);
    if own.is_some_and(|own| world.get::<Switch>(own).is_some()) {
        switch::receive(world, at, frame, now_ns);
    } else {
        stack::receive(world, at, frame, now_ns);
    }
}
