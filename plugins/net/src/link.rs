//! Links and interfaces: what carries frames from node to node.
//!
//! A link is two directions. Each belongs to the interface that sends on it, as its [`HalfLink`]: what it does to frames
//! is decided there when they are sent, so a frame in flight ([`crate::flight`]) is already all that will become of it.

mod model;

use std::net::Ipv4Addr;

use bevy_ecs::prelude::*;
use helios_engine::ids::{NodeId, spawn_row};
use helios_engine::prelude::NodeKey;
use helios_engine::state::Row;
use helios_engine::streams::NodeStream;
use serde::{Deserialize, Serialize};

use crate::index::NetIndex;
use crate::wire::{Ipv4Cidr, MacAddr};

pub use model::{Arrival, Fate, HalfLink, LinkSpec, Lost};

/// The number of a machine's loopback.
pub const LOOPBACK: u32 = 0;
/// The longest datagram that an Ethernet frame carries, in bytes.
pub const ETHERNET_MTU: u32 = 1500;
/// That of the loopback: the longest that there is.
pub const LOOPBACK_MTU: u32 = 65_535;
/// The least that every IPv4 link carries (RFC 791 section 3.2).
pub const LEAST_MTU: u32 = 68;
/// Most interfaces of one node.
pub const MAX_INTERFACES: u32 = 1024;

/// An interface, as cables and commands name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// The node.
    pub node: NodeId,
    /// The number of its interface.
    pub interface: u32,
}

/// What is plugged into an interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cable {
    /// Its other end.
    pub to: Endpoint,
    /// It carries nothing: it was cut.
    pub cut: bool,
}

/// What an interface has counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counters {
    /// Frames received.
    pub rx_frames: u64,
    /// Their bytes.
    pub rx_bytes: u64,
    /// Frames that arrived and were not taken: the interface was down, or the frame addressed to others.
    pub rx_dropped: u64,
    /// Frames that arrived damaged.
    pub rx_errors: u64,
    /// Frames sent.
    pub tx_frames: u64,
    /// Their bytes.
    pub tx_bytes: u64,
    /// Frames that were not sent: the queue was full, or nothing was plugged in.
    pub tx_dropped: u64,
}

/// A network interface: a NIC of a machine or a port of a switch. It is on an entity of its node, with its [`HalfLink`].
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interface {
    /// Its number on the node: 0 is the loopback.
    pub number: u32,
    /// Its name, as `ip link` shows it.
    pub name: String,
    /// Its hardware address.
    pub mac: MacAddr,
    /// The longest datagram that it sends, in bytes.
    pub mtu: u32,
    /// Whether it is switched on.
    pub up: bool,
    /// Whether it takes frames that are addressed to others.
    pub promiscuous: bool,
    /// Its addresses; the first is the one that it sends from. None on a switch.
    pub addresses: Vec<Ipv4Cidr>,
    /// What is plugged in.
    pub cable: Option<Cable>,
    /// How often something was plugged in, pulled out or cut: a frame that left before is lost.
    pub plugs: u64,
    /// Frames that ever were on their way here: their numbers.
    pub arrivals: u64,
    /// What it has counted.
    pub counters: Counters,
}

impl Row for Interface {
    const NAME: &'static str = "interface";
    const SCHEMA: u32 = 1;
}

impl Row for HalfLink {
    const NAME: &'static str = "half_link";
    const SCHEMA: u32 = 1;
}

impl Interface {
    /// Whether it is the machine's own.
    #[must_use]
    pub const fn is_loopback(&self) -> bool {
        self.number == LOOPBACK
    }

    /// Whether frames can leave and arrive.
    #[must_use]
    pub const fn carries(&self) -> bool {
        self.up && matches!(self.cable, Some(Cable { cut: false, .. }))
    }

    /// Whether an address is one of its own.
    #[must_use]
    pub fn has(&self, address: Ipv4Addr) -> bool {
        self.addresses.iter().any(|own| own.address() == address)
    }
}

/// A hardware address for an interface whose world file gives none: locally administered, from the node's id and the number.
#[must_use]
pub fn default_mac(node: NodeId, number: u32) -> MacAddr {
    let [.., a, b, c, d] = node.0.to_be_bytes();
    let [.., high, low] = number.to_be_bytes();
    // The number goes where a node's interfaces differ; 1,024 of them need ten bits.
    MacAddr([0x02 | (high & 3) << 2, a ^ low, b, c, d, low])
}

/// What an interface is made with.
#[derive(Clone, Debug)]
pub struct InterfaceSpec {
    /// Its number on the node.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// Its hardware address; the default one where absent.
    pub mac: Option<MacAddr>,
    /// The longest datagram that it sends.
    pub mtu: u32,
    /// Its addresses.
    pub addresses: Vec<Ipv4Cidr>,
}

/// Puts an interface on a node, with nothing plugged in.
///
/// # Panics
/// Where the node has one of that number.
pub fn spawn_interface(world: &mut World, node: NodeId, spec: InterfaceSpec) -> Entity {
    let InterfaceSpec {
        number,
        name,
        mac,
        mtu,
        addresses,
    } = spec;
    let own = world.resource::<helios_engine::prelude::Nodes>().get(node);
    let key = world
        .get::<NodeKey>(own.expect("the node is there"))
        .expect("a node has a key")
        .0;
    let interface = Interface {
        number,
        name,
        mac: mac.unwrap_or_else(|| default_mac(node, number)),
        mtu,
        up: true,
        promiscuous: false,
        addresses,
        cable: None,
        plugs: 0,
        arrivals: 0,
        counters: Counters::default(),
    };
    let link = HalfLink::new(LinkSpec::default(), NodeStream::new(&key, &format!("link {number}")));
    let (entity, _) = spawn_row(world, node, (interface, link));
    world.resource_mut::<NetIndex>().add(node, number, entity);
    entity
}

/// An interface's row.
#[must_use]
pub fn interface(world: &World, node: NodeId, number: u32) -> Option<&Interface> {
    world.get::<Interface>(world.resource::<NetIndex>().interface(node, number)?)
}

/// Plugs one end of a cable in, whatever was there before: frames on their way from there are lost.
///
/// # Panics
/// If there is no such interface.
pub fn plug(world: &mut World, at: Endpoint, to: Endpoint, spec: LinkSpec) {
    let entity = world
        .resource::<NetIndex>()
        .interface(at.node, at.interface)
        .expect("the interface is there");
    let mut interface = world.get_mut::<Interface>(entity).expect("indexed");
    interface.cable = Some(Cable { to, cut: false });
    interface.plugs += 1;
    let mut link = world.get_mut::<HalfLink>(entity).expect("an interface has its half");
    link.spec = spec;
}
