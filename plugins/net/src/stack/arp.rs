//! Who has which hardware address (RFC 826, RFC 5227; states as in RFC 4861 section 7.3.2, as IPv4 stacks of today have them).
//!
//! A neighbour that is asked for is asked three times, a second apart; what is to be sent waits meanwhile, and what waits in
//! vain is answered with host unreachable. One that was heard of is taken to be there for thirty seconds; when it is
//! used after that it is asked again, directly, while frames go to the address that is known.

use std::collections::{BTreeMap, VecDeque};
use std::net::Ipv4Addr;

use bevy_ecs::prelude::*;
use bytes::{Bytes, BytesMut};
use helios_engine::ids::{NodeId, RowId};
use helios_engine::nanos;
use helios_engine::state::Row;
use helios_engine::time::{Calendar, CalendarEvent, EventClass, EventKey};
use serde::{Deserialize, Serialize};

use super::{entity, icmp, timer_port};
use crate::flight::send;
use crate::link::{Endpoint, Interface, interface};
use crate::wire::ethernet::readdress;
use crate::wire::{Arp, ArpOperation, EtherType, EthernetHeader, MacAddr, frame};

/// The kind of the calendar's events.
pub(crate) const TIMER: &str = "arp";
/// Neighbours that an interface remembers.
pub const MAX_NEIGHBOURS: usize = 1024;
/// Frames that wait for one neighbour; the oldest gives way.
pub const MAX_WAITING: usize = 16;
/// How often it is asked.
const TRIES: u8 = 3;
/// How long an answer is waited for.
const RETRY_NS: u64 = 1_000_000_000;
/// How long a neighbour counts as there.
const REACHABLE_NS: u64 = 30_000_000_000;

/// What is known of a neighbour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Neighbour {
    /// It is asked for.
    Incomplete {
        /// How often it was.
        tries: u8,
        /// When it is asked again, or given up.
        #[serde(with = "nanos")]
        until_ns: u64,
        /// Frames that wait, without the receiver's address.
        waiting: VecDeque<Waiting>,
    },
    /// It is there.
    Reachable {
        /// Its hardware address.
        mac: MacAddr,
        /// So long.
        #[serde(with = "nanos")]
        until_ns: u64,
    },
    /// It was used after that, and is asked.
    Probe {
        /// Its hardware address as it was.
        mac: MacAddr,
        /// How often it was asked.
        tries: u8,
        /// When it is asked again, or given up.
        #[serde(with = "nanos")]
        until_ns: u64,
    },
    /// Somebody wrote it down.
    Permanent {
        /// Its hardware address.
        mac: MacAddr,
    },
}

/// A frame that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Waiting(#[serde(with = "crate::payload")] pub Bytes);

impl Neighbour {
    /// Its hardware address, where one is known.
    #[must_use]
    pub const fn mac(&self) -> Option<MacAddr> {
        match self {
            Self::Incomplete { .. } => None,
            Self::Reachable { mac, .. } | Self::Probe { mac, .. } | Self::Permanent { mac } => Some(*mac),
        }
    }

    /// The name of its state, as `ip neigh` has it.
    #[must_use]
    pub const fn state(&self, now_ns: u64) -> &'static str {
        match self {
            Self::Incomplete { .. } => "INCOMPLETE",
            Self::Reachable { until_ns, .. } if *until_ns > now_ns => "REACHABLE",
            Self::Reachable { .. } => "STALE",
            Self::Probe { .. } => "PROBE",
            Self::Permanent { .. } => "PERMANENT",
        }
    }

    /// When a timer runs out.
    const fn timer_ns(&self) -> Option<u64> {
        match self {
            Self::Incomplete { until_ns, .. } | Self::Probe { until_ns, .. } => Some(*until_ns),
            Self::Reachable { .. } | Self::Permanent { .. } => None,
        }
    }
}

/// The neighbours of an interface. On its entity.
#[derive(Component, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Neighbours {
    /// By address.
    pub table: BTreeMap<Ipv4Addr, Neighbour>,
    /// Answers that contradicted what was known: mistakes, or somebody who pretends.
    pub conflicts: u64,
    /// Neighbours that were not written down because there were too many.
    pub overflows: u64,
}

impl Row for Neighbours {
    const NAME: &'static str = "neighbours";
    const SCHEMA: u32 = 1;
}

impl Neighbours {
    /// Makes room for one more: the neighbour that has been stale for longest goes.
    fn make_room(&mut self, now_ns: u64) -> bool {
        if self.table.len() < MAX_NEIGHBOURS {
            return true;
        }
        let stale = self.table.iter().filter_map(|(address, neighbour)| match neighbour {
            Neighbour::Reachable { until_ns, .. } if *until_ns <= now_ns => Some((*until_ns, *address)),
            _ => None,
        });
        let Some((_, oldest)) = stale.min() else {
            self.overflows += 1;
            return false;
        };
        self.table.remove(&oldest);
        true
    }
}

/// Sends a frame with a datagram to a neighbour, as soon as its hardware address is known.
pub(super) fn send_to(world: &mut World, at: Endpoint, next: Ipv4Addr, mut framed: BytesMut, now_ns: u64) {
    let entity = entity(world, at.node, at.interface);
    let own = world.get::<Interface>(entity).expect("indexed").mac;
    let Some(mut neighbours) = world.get_mut::<Neighbours>(entity) else {
        return;
    };
    let ask = match neighbours.bypass_change_detection().table.get_mut(&next) {
        Some(Neighbour::Permanent { mac }) => {
            readdress(&mut framed, *mac, own);
            return send(world, at, framed.freeze(), now_ns);
        }
        Some(Neighbour::Reachable { mac, until_ns }) if *until_ns > now_ns => {
            readdress(&mut framed, *mac, own);
            return send(world, at, framed.freeze(), now_ns);
        }
        Some(Neighbour::Probe { mac, .. }) => {
            readdress(&mut framed, *mac, own);
            return send(world, at, framed.freeze(), now_ns);
        }
        Some(known @ Neighbour::Reachable { .. }) => {
            let mac = known.mac().expect("it has one");
            readdress(&mut framed, mac, own);
            *known = Neighbour::Probe {
                mac,
                tries: 1,
                until_ns: now_ns + RETRY_NS,
            };
            neighbours.set_changed();
            send(world, at, framed.freeze(), now_ns);
            Some(mac)
        }
        Some(Neighbour::Incomplete { waiting, .. }) => {
            if waiting.len() >= MAX_WAITING {
                waiting.pop_front();
            }
            waiting.push_back(Waiting(framed.freeze()));
            neighbours.set_changed();
            return;
        }
        None => {
            if !neighbours.make_room(now_ns) {
                return;
            }
            let incomplete = Neighbour::Incomplete {
                tries: 1,
                until_ns: now_ns + RETRY_NS,
                waiting: [Waiting(framed.freeze())].into(),
            };
            neighbours.table.insert(next, incomplete);
            None
        }
    };
    schedule(world, at, next, now_ns + RETRY_NS);
    request(world, at, next, ask, now_ns);
}

/// Asks for a neighbour: everybody, or the one who had the address.
fn request(world: &mut World, at: Endpoint, target: Ipv4Addr, ask: Option<MacAddr>, now_ns: u64) {
    let row = interface(world, at.node, at.interface).expect("it is there");
    let sender = row
        .addresses
        .iter()
        .find(|own| own.contains(target))
        .or(row.addresses.first());
    let sender = sender.map_or(Ipv4Addr::UNSPECIFIED, |own| own.address());
    let packet = Arp::request(row.mac, sender, target);
    transmit(world, at, ask.unwrap_or(MacAddr::BROADCAST), &packet, now_ns);
}

fn transmit(world: &mut World, at: Endpoint, to: MacAddr, packet: &Arp, now_ns: u64) {
    let ethernet = EthernetHeader {
        destination: to,
        source: packet.sender_mac,
        tag: None,
        ethertype: EtherType::ARP,
    };
    send(world, at, frame::arp(&ethernet, packet).freeze(), now_ns);
}

/// Tells everybody who has an address now (RFC 5227 section 2.3): a gratuitous request.
pub(crate) fn announce(world: &mut World, node: NodeId, number: u32, address: Ipv4Addr, now_ns: u64) {
    let at = Endpoint {
        node,
        interface: number,
    };
    let row = interface(world, node, number).expect("it is there");
    if row.is_loopback() || !row.carries() {
        return;
    }
    let packet = Arp::request(row.mac, address, address);
    transmit(world, at, MacAddr::BROADCAST, &packet, now_ns);
}

/// A packet came in.
pub(super) fn receive(world: &mut World, at: Endpoint, payload: &Bytes, now_ns: u64) {
    let Ok(packet) = Arp::parse(payload) else { return };
    let row = interface(world, at.node, at.interface).expect("it is there");
    let (own_mac, asked) = (row.mac, row.has(packet.target));
    if packet.sender_mac == own_mac || packet.sender_mac.is_multicast() {
        return;
    }
    if row.has(packet.sender) {
        let text = format!(
            "{}: {} claims the address {}",
            row.name, packet.sender_mac, packet.sender
        );
        helios_kernel::machine::log_line(world, at.node, text);
        return;
    }
    let near = row.addresses.iter().any(|own| own.contains(packet.sender));
    if near && !packet.sender.is_unspecified() {
        let answers = packet.operation == ArpOperation::Reply && asked;
        learn(world, at, packet.sender, packet.sender_mac, asked || answers, now_ns);
    }
    if packet.operation == ArpOperation::Request && asked {
        transmit(world, at, packet.sender_mac, &packet.reply(own_mac), now_ns);
    }
}

/// Writes down who has an address. Whoever did not speak to this machine changes what is known, and adds nothing (RFC 826).
fn learn(world: &mut World, at: Endpoint, address: Ipv4Addr, mac: MacAddr, add: bool, now_ns: u64) {
    let entity = entity(world, at.node, at.interface);
    let own = world.get::<Interface>(entity).expect("indexed").mac;
    let Some(mut neighbours) = world.get_mut::<Neighbours>(entity) else {
        return;
    };
    let reachable = Neighbour::Reachable {
        mac,
        until_ns: now_ns + REACHABLE_NS,
    };
    let before = match neighbours.table.get(&address) {
        Some(Neighbour::Permanent { mac: known }) => {
            if *known != mac {
                neighbours.conflicts += 1;
            }
            return;
        }
        known => known.is_some(),
    };
    if !before && (!add || !neighbours.make_room(now_ns)) {
        return;
    }
    let before = neighbours.table.insert(address, reachable);
    match before {
        Some(Neighbour::Incomplete { until_ns, waiting, .. }) => {
            cancel(world, at, address, until_ns);
            for Waiting(framed) in waiting {
                let mut framed = frame::into_mut(framed);
                readdress(&mut framed, mac, own);
                send(world, at, framed.freeze(), now_ns);
            }
        }
        Some(Neighbour::Probe {
            mac: known, until_ns, ..
        }) => {
            cancel(world, at, address, until_ns);
            conflict(world, at, address, known, mac);
        }
        Some(Neighbour::Reachable { mac: known, until_ns }) if until_ns > now_ns => {
            conflict(world, at, address, known, mac);
        }
        _ => {}
    }
}

/// An address that was somebody's is somebody else's while the first was taken to be there.
fn conflict(world: &mut World, at: Endpoint, address: Ipv4Addr, known: MacAddr, mac: MacAddr) {
    if known == mac {
        return;
    }
    let entity = entity(world, at.node, at.interface);
    let name = world.get::<Interface>(entity).expect("indexed").name.clone();
    world
        .get_mut::<Neighbours>(entity)
        .expect("it has neighbours")
        .conflicts += 1;
    let text = format!("{name}: {address} moved from {known} to {mac}");
    helios_kernel::machine::log_line(world, at.node, text);
}

/// A timer ran out.
pub(crate) fn on_timer(world: &mut World, key: &EventKey, event: &CalendarEvent) {
    let (number, address) = ((event.token >> 32) as u32, Ipv4Addr::from_bits(event.token as u32));
    let at = Endpoint {
        node: key.node,
        interface: number,
    };
    let Some(entity) = world.resource::<crate::NetIndex>().interface(key.node, number) else {
        return;
    };
    let Some(mut neighbours) = world.get_mut::<Neighbours>(entity) else {
        return;
    };
    let later_ns = key.time_ns + RETRY_NS;
    let ask = match neighbours.table.get_mut(&address) {
        Some(Neighbour::Incomplete { tries, until_ns, .. }) if *until_ns == key.time_ns && *tries < TRIES => {
            *tries += 1;
            *until_ns = later_ns;
            None
        }
        Some(Neighbour::Probe { mac, tries, until_ns }) if *until_ns == key.time_ns && *tries < TRIES => {
            *tries += 1;
            *until_ns = later_ns;
            Some(*mac)
        }
        Some(found) if found.timer_ns() == Some(key.time_ns) => {
            let gone = neighbours.table.remove(&address);
            if let Some(Neighbour::Incomplete { waiting, .. }) = gone {
                for Waiting(framed) in waiting {
                    icmp::host_unreachable(world, at.node, &framed, key.time_ns);
                }
            }
            return;
        }
        _ => return,
    };
    schedule(world, at, address, later_ns);
    request(world, at, address, ask, key.time_ns);
}

fn key(at: Endpoint, address: Ipv4Addr, time_ns: u64) -> EventKey {
    EventKey {
        time_ns,
        node: at.node,
        class: EventClass::Timer,
        port: timer_port::ARP,
        sequence: u64::from(at.interface) << 32 | u64::from(address.to_bits()),
    }
}

fn schedule(world: &mut World, at: Endpoint, address: Ipv4Addr, time_ns: u64) {
    let key = key(at, address, time_ns);
    let event = CalendarEvent {
        kind: TIMER,
        row: RowId::of_node(at.node),
        token: key.sequence,
    };
    world.resource_mut::<Calendar>().schedule(key, event);
}

fn cancel(world: &mut World, at: Endpoint, address: Ipv4Addr, time_ns: u64) {
    world.resource_mut::<Calendar>().cancel(&key(at, address, time_ns));
}

/// Forgets a neighbour, or writes one down.
pub fn set(world: &mut World, at: Endpoint, address: Ipv4Addr, mac: Option<MacAddr>) -> bool {
    let entity = entity(world, at.node, at.interface);
    let Some(mut neighbours) = world.get_mut::<Neighbours>(entity) else {
        return false;
    };
    let before = match mac {
        None => neighbours.table.remove(&address),
        Some(mac) if neighbours.table.contains_key(&address) || neighbours.table.len() < MAX_NEIGHBOURS => {
            neighbours.table.insert(address, Neighbour::Permanent { mac })
        }
        Some(_) => return false,
    };
    let known = before.is_some();
    if let Some(time_ns) = before.and_then(|before| before.timer_ns()) {
        cancel(world, at, address, time_ns);
    }
    known || mac.is_some()
}

/// Schedules every timer again.
pub(super) fn rebuild(world: &mut World) -> Result<(), String> {
    let mut rows = world.query::<(&RowId, &Interface, &Neighbours)>();
    let mut timers = Vec::new();
    for (row, interface, neighbours) in rows.iter(world) {
        let at = Endpoint {
            node: row.node,
            interface: interface.number,
        };
        if neighbours.table.len() > MAX_NEIGHBOURS {
            return Err(format!("node {}: {} has too many neighbours", row.node, interface.name));
        }
        let due = neighbours
            .table
            .iter()
            .filter_map(|(address, row)| Some((*address, row.timer_ns()?)));
        timers.extend(due.map(|(address, time_ns)| (at, address, time_ns)));
    }
    for (at, address, time_ns) in timers {
        schedule(world, at, address, time_ns);
    }
    Ok(())
}
