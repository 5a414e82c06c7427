//! What a machine does with frames: ARP, IPv4 with forwarding and fragments, ICMP.
//!
//! Each concern has a file. State is on the machine's own entity ([`Ipv4Stack`], [`Reassembly`]) and on its interfaces
//! ([`Neighbours`]); timers are events of the calendar, made again from those rows.

mod addresses;
pub mod arp;
pub mod icmp;
pub(crate) mod input;
pub mod output;
pub mod reassembly;
pub mod routes;

use bevy_ecs::prelude::*;
use helios_engine::ids::NodeId;
use helios_engine::nanos;
use helios_engine::prelude::Nodes;
use helios_engine::state::Row;
use serde::{Deserialize, Serialize};

pub(crate) use addresses::connect;
pub use addresses::{add_address, check_address, named, owner_of, remove_address};
pub use arp::Neighbours;
pub(crate) use input::receive;
pub use output::output;
pub use reassembly::Reassembly;
pub use routes::{Route, RouteSpec, add_route, remove_route, route};

use crate::index::NetIndex;

/// The hop limit of what a machine sends (RFC 1700).
pub const DEFAULT_HOPS: u32 = 64;
/// The calendar has at most one event for a time, node, port and number. Timers of the network use these ports; the
/// kernel's have 0.
pub(crate) mod timer_port {
    /// Of neighbours that do not answer.
    pub(crate) const ARP: u32 = 1;
    /// Of datagrams that are not whole yet.
    pub(crate) const REASSEMBLY: u32 = 2;
    /// Of connections and listeners.
    pub(crate) const TCP: u32 = 3;
}

/// What a machine's IPv4 has counted (RFC 4293's names, shortened).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IpCounters {
    /// Datagrams received.
    pub received: u64,
    /// Of those, handed to a protocol.
    pub delivered: u64,
    /// Of those, passed on.
    pub forwarded: u64,
    /// With a header that is none, or a wrong checksum.
    pub header_errors: u64,
    /// Addressed to others, by a machine that does not pass them on, or from an address that nobody can have.
    pub address_errors: u64,
    /// Whose hops were used up.
    pub hops_exceeded: u64,
    /// That nothing leads to.
    pub no_route: u64,
    /// Of a protocol that nobody listens to.
    pub unknown_protocol: u64,
    /// Sent by this machine itself.
    pub sent: u64,
    /// Pieces made.
    pub fragments_made: u64,
    /// Too long for a link, and not to be cut.
    pub cannot_fragment: u64,
    /// ICMP messages received.
    pub icmp_in: u64,
    /// ICMP messages sent.
    pub icmp_out: u64,
    /// ICMP errors that were not sent, so as not to send too many.
    pub icmp_limited: u64,
    /// UDP datagrams received.
    pub udp_in: u64,
    /// UDP datagrams sent.
    pub udp_out: u64,
    /// UDP datagrams for ports where nobody listens.
    pub udp_no_port: u64,
    /// TCP segments received.
    pub tcp_segments_in: u64,
    /// TCP segments sent.
    pub tcp_segments_out: u64,
    /// Of those, answers to segments that belong to no connection.
    pub tcp_resets_out: u64,
    /// Segments and datagrams with a wrong checksum, or cut off.
    pub payload_errors: u64,
}

/// A machine's IPv4.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ipv4Stack {
    /// Whether it passes datagrams on.
    pub forwarding: bool,
    /// The hop limit of what it sends. Above 255 it goes into an option (RFC 4727's number 158).
    pub hops: u32,
    /// Ways to networks, sorted: the longest prefix first, then the least metric.
    pub routes: Vec<Route>,
    /// The next datagram's identification (RFC 6864: any will do where it is not cut).
    pub identification: u16,
    /// ICMP errors that may be sent at once.
    pub icmp_tokens: u32,
    /// When that was counted.
    #[serde(with = "nanos")]
    pub icmp_counted_ns: u64,
    /// What it has counted.
    pub counters: IpCounters,
}

impl Row for Ipv4Stack {
    const NAME: &'static str = "ipv4_stack";
    const SCHEMA: u32 = 1;
}

/// Gives a machine its stack and its loopback, if it has none.
///
/// # Panics
/// If there is no such node.
pub fn spawn_on(world: &mut World, node: NodeId, forwarding: bool) {
    let own = world.resource::<Nodes>().get(node).expect("the node is there");
    if world.get::<Ipv4Stack>(own).is_some() {
        return;
    }
    let stack = Ipv4Stack {
        forwarding,
        hops: DEFAULT_HOPS,
        routes: Vec::new(),
        identification: 0,
        icmp_tokens: icmp::BURST,
        icmp_counted_ns: 0,
        counters: IpCounters::default(),
    };
    world.entity_mut(own).insert((stack, Reassembly::default()));
    crate::topology::spawn_loopback(world, node);
    connect(world, node, crate::link::LOOPBACK);
}

/// A machine's stack.
#[must_use]
pub fn stack(world: &World, node: NodeId) -> Option<&Ipv4Stack> {
    world.get::<Ipv4Stack>(world.resource::<Nodes>().get(node)?)
}

/// Changes a machine's stack.
///
/// # Panics
/// If the node is no machine.
pub(crate) fn with_stack<T>(world: &mut World, node: NodeId, with: impl FnOnce(&mut Ipv4Stack) -> T) -> T {
    let own = world.resource::<Nodes>().get(node).expect("the node is there");
    with(&mut world.get_mut::<Ipv4Stack>(own).expect("a machine has a stack"))
}

/// Counts something.
pub(crate) fn count(world: &mut World, node: NodeId, which: impl FnOnce(&mut IpCounters) -> &mut u64) {
    with_stack(world, node, |stack| *which(&mut stack.counters) += 1);
}

/// Schedules every timer of the stacks again: after a restore.
pub(crate) fn rebuild(world: &mut World) -> Result<(), String> {
    arp::rebuild(world)?;
    reassembly::rebuild(world)
}

/// The entity of an interface that is known to be there.
fn entity(world: &World, node: NodeId, interface: u32) -> Entity {
    let entity = world.resource::<NetIndex>().interface(node, interface);
    entity.expect("the interface is there")
}
