//! Ports: who may have which, and which are free.

use std::net::{Ipv4Addr, SocketAddrV4};

use bevy_ecs::prelude::*;
use helios_abi::{Errno, NodeId, SysError};
use helios_engine::streams::with_stream;
use helios_kernel::{Caller, Scope};

use super::{Kind, NetSocket, SocketIndex, row};
use crate::stack::owner_of;
use crate::tcp::State;

/// Ports that are given out to whoever does not choose one (RFC 6335 section 6).
pub(super) const EPHEMERAL: core::ops::RangeInclusive<u16> = 49_152..=65_535;
/// Ports below are root's, and those of programs with a capability of their own.
const PRIVILEGED: u16 = 1024;

/// Whether a program may listen at a port.
pub(super) fn may_listen(world: &mut World, caller: &Caller, verb: &str, port: u16) -> Result<(), SysError> {
    caller.require(world, "net", verb, Scope::Port(port))?;
    if port != 0 && port < PRIVILEGED && !caller.creds(world).is_root() {
        caller.require(world, "net", "bind", Scope::Port(port))?;
    }
    Ok(())
}

/// Whether an address is one that a socket of this machine may have.
pub(super) fn check_local(world: &World, node: NodeId, address: Ipv4Addr) -> Result<(), SysError> {
    if address.is_unspecified() || owner_of(world, node, address).is_some() {
        return Ok(());
    }
    let why = format!("{address} is not an address of this machine");
    Err(SysError::new(Errno::EADDRNOTAVAIL, why))
}

/// Whether a socket may take an address and port.
pub(super) fn is_free(world: &World, node: NodeId, kind: Kind, at: SocketAddrV4, reuse: bool) -> bool {
    let index = world.resource::<SocketIndex>();
    let overlaps =
        |other: SocketAddrV4| other.ip() == at.ip() || other.ip().is_unspecified() || at.ip().is_unspecified();
    // Two that listen for connections never share: nobody could say which of them is meant.
    let shares = |other: &NetSocket| reuse && other.reuse && kind != Kind::Listener;
    let blocks = |id: u64| row(world, node, id).is_some_and(|other| overlaps(other.local) && !shares(other));
    if index.at_port(node, kind, at.port()).any(blocks) {
        return false;
    }
    // A connection of an earlier listener keeps its port from a new one, unless that one asks for it (SO_REUSEADDR).
    kind != Kind::Listener
        || reuse
        || !index.at_port(node, Kind::Tcp, at.port()).any(|id| {
            let waits =
                super::tcp::connection(world, node, id).is_some_and(|connection| connection.state() == State::TimeWait);
            blocks(id) && waits
        })
}

/// A free port of the range that is given out, by the machine's own random stream.
///
/// # Errors
/// EADDRNOTAVAIL where none is free.
pub(super) fn ephemeral(
    world: &mut World,
    node: NodeId,
    is_free: impl Fn(&World, u16) -> bool,
) -> Result<u16, SysError> {
    let count = u64::from(EPHEMERAL.end() - EPHEMERAL.start()) + 1;
    let from = with_stream(world, node, "ephemeral port", |stream| stream.below(count)).unwrap_or(0);
    let ports = (0..count).map(|step| EPHEMERAL.start() + ((from + step) % count) as u16);
    let mut ports = ports.filter(|port| is_free(world, *port));
    ports
        .next()
        .ok_or_else(|| SysError::new(Errno::EADDRNOTAVAIL, "no port is free"))
}
