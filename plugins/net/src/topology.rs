//! The `net` section of world files: interfaces of machines, and what is plugged into what.
//!
//! A cable is written at one of its ends, `to: "node:interface"`; both directions are alike unless `back` says otherwise.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use bevy_ecs::prelude::*;
use helios_engine::ids::{NodeId, NodeKind};
use helios_engine::prelude::{Node, Nodes, RowId, Section, Spanned, WorldError, WorldText};
use serde::Deserialize;

use crate::index::NetIndex;
use crate::link::{
    ETHERNET_MTU, Endpoint, HalfLink, Interface, InterfaceSpec, LEAST_MTU, LOOPBACK, LOOPBACK_MTU, LinkSpec,
    MAX_INTERFACES, interface, plug, spawn_interface,
};
use crate::stack::{self, RouteSpec};
use crate::wire::{Ipv4Cidr, MacAddr};

/// The longest datagram of an interface other than the loopback: jumbo frames.
const MOST_MTU: u32 = 9_216;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NetSection {
    #[serde(default)]
    interfaces: Vec<Spanned<InterfaceSection>>,
    #[serde(default)]
    routes: Vec<Spanned<RouteSection>>,
    #[serde(default)]
    forward: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InterfaceSection {
    name: String,
    #[serde(default)]
    addresses: Vec<Ipv4Cidr>,
    mac: Option<MacAddr>,
    mtu: Option<u32>,
    to: Option<Spanned<String>>,
    #[serde(default)]
    link: LinkSection,
    back: Option<LinkSection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RouteSection {
    to: String,
    via: Option<Ipv4Addr>,
    interface: Option<String>,
    #[serde(default)]
    metric: u32,
}

/// A direction of a link as people write it.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LinkSection {
    latency_us: Option<u64>,
    jitter_us: Option<u64>,
    kilobits_per_second: Option<u64>,
    loss_ppm: u32,
    duplicate_ppm: u32,
    reorder_ppm: u32,
    corrupt_ppm: u32,
    queue_kib: Option<u64>,
}

impl LinkSection {
    fn spec(&self) -> LinkSpec {
        let default = LinkSpec::default();
        LinkSpec {
            latency_ns: self
                .latency_us
                .map_or(default.latency_ns, |us| us.saturating_mul(1_000)),
            jitter_ns: self.jitter_us.map_or(default.jitter_ns, |us| us.saturating_mul(1_000)),
            bits_per_second: self
                .kilobits_per_second
                .map_or(default.bits_per_second, |kilobits| kilobits.saturating_mul(1_000)),
            loss_ppm: self.loss_ppm,
            duplicate_ppm: self.duplicate_ppm,
            reorder_ppm: self.reorder_ppm,
            corrupt_ppm: self.corrupt_ppm,
            queue_bytes: self
                .queue_kib
                .map_or(default.queue_bytes, |kib| kib.saturating_mul(1024)),
        }
    }
}

/// A cable whose other end may not have been built yet.
#[derive(Debug)]
struct Plan {
    from: Endpoint,
    node: NodeId,
    /// The name of its interface, where the file says it.
    interface: Spanned<String>,
    there: LinkSpec,
    back: LinkSpec,
}

/// Cables of the world that is being built.
#[derive(Resource, Debug, Default)]
pub(crate) struct Pending(Vec<Plan>);

/// Reads the section of a machine.
pub(crate) fn build_section(world: &mut World, node: NodeId, section: &Section<'_>) -> Result<(), WorldError> {
    let read: NetSection = section.read()?;
    let own = world.resource::<Nodes>().get(node).expect("the node is there");
    if world.get::<Node>(own).is_none_or(|node| node.kind != NodeKind::Machine) {
        return Err(section.error("only machines have this section: ports of a switch are named by cables"));
    }
    if read.interfaces.len() >= MAX_INTERFACES as usize {
        return Err(section.error(format!("a machine has at most {} interfaces", MAX_INTERFACES - 1)));
    }
    stack::spawn_on(world, node, read.forward);
    for (index, interface) in read.interfaces.iter().enumerate() {
        build_interface(
            world,
            Endpoint {
                node,
                interface: index as u32 + 1,
            },
            interface,
            section,
        )?;
    }
    for route in &read.routes {
        let built = build_route(world, node, &route.value).map_err(|why| section.error_at(route, why))?;
        stack::add_route(world, node, built).map_err(|error| section.error_at(route, error.message))?;
    }
    Ok(())
}

fn build_interface(
    world: &mut World,
    at: Endpoint,
    spanned: &Spanned<InterfaceSection>,
    section: &Section<'_>,
) -> Result<(), WorldError> {
    let read = &spanned.value;
    let fail = |why: &str| Err(section.error_at(spanned, why));
    let taken = world.resource::<NetIndex>().interfaces(at.node).any(|(_, entity)| {
        world
            .get::<Interface>(entity)
            .is_some_and(|other| other.name == read.name)
    });
    let valid = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_');
    if taken || read.name.is_empty() || read.name.len() > 15 || !read.name.bytes().all(valid) {
        return fail("an interface has a name of its own: 1 to 15 of a-z, 0-9, '-', '.' and '_', and not lo");
    }
    let mtu = read.mtu.unwrap_or(ETHERNET_MTU);
    if !(LEAST_MTU..=MOST_MTU).contains(&mtu) {
        return fail("an mtu is 68 to 9216");
    }
    if read.mac.is_some_and(MacAddr::is_multicast) {
        return fail("the hardware address is that of a group");
    }
    for address in &read.addresses {
        if let Err(why) = stack::check_address(*address) {
            return fail(why);
        }
    }
    let spec = InterfaceSpec {
        number: at.interface,
        name: read.name.clone(),
        mac: read.mac,
        mtu,
        addresses: read.addresses.clone(),
    };
    spawn_interface(world, at.node, spec);
    stack::connect(world, at.node, at.interface);
    let Some(to) = &read.to else { return Ok(()) };
    let (there, back) = (read.link.spec(), read.back.as_ref().unwrap_or(&read.link).spec());
    for spec in [there, back] {
        spec.check().map_err(|why| section.error_at(spanned, why))?;
    }
    let Some((node, name)) = to.value.split_once(':') else {
        return Err(section.error_at(to, "a cable goes to \"node:interface\""));
    };
    let Some(node) = world.resource::<Nodes>().by_name(node) else {
        return Err(section.error_at(to, format!("there is no node {node:?}")));
    };
    let plan = Plan {
        from: at,
        node,
        interface: to.clone().map(name.to_owned()),
        there,
        back,
    };
    world.resource_mut::<Pending>().0.push(plan);
    Ok(())
}

fn build_route(world: &World, node: NodeId, read: &RouteSection) -> Result<RouteSpec, String> {
    let to = match read.to.as_str() {
        "default" => Ipv4Cidr::new(Ipv4Addr::UNSPECIFIED, 0).expect("a prefix of no bits"),
        text => text.parse::<Ipv4Cidr>().map_err(|error| error.to_string())?,
    };
    let interface = match &read.interface {
        None => None,
        Some(name) => Some(stack::named(world, node, name).ok_or_else(|| format!("there is no interface {name:?}"))?),
    };
    Ok(RouteSpec {
        to,
        via: read.via,
        interface,
        metric: read.metric,
    })
}

/// Plugs everything in, and gives every machine its loopback.
pub(crate) fn finish(world: &mut World, file: &WorldText<'_>) -> Result<(), WorldError> {
    let nodes: Vec<(NodeId, Entity)> = world.resource::<Nodes>().iter().collect();
    for (node, entity) in nodes {
        if world
            .get::<Node>(entity)
            .is_some_and(|node| node.kind == NodeKind::Machine)
        {
            stack::spawn_on(world, node, false);
        }
    }
    for plan in std::mem::take(&mut world.resource_mut::<Pending>().0) {
        let Some(number) = stack::named(world, plan.node, &plan.interface.value) else {
            return Err(file.error_at(&plan.interface, "the node has no such interface"));
        };
        let to = Endpoint {
            node: plan.node,
            interface: number,
        };
        let free = |end: Endpoint| interface(world, end.node, end.interface).is_some_and(|end| end.cable.is_none());
        if to == plan.from || number == LOOPBACK || !free(to) || !free(plan.from) {
            return Err(file.error_at(&plan.interface, "there is a cable in it already"));
        }
        plug(world, plan.from, to, plan.there);
        plug(world, to, plan.from, plan.back);
    }
    Ok(())
}

/// The loopback of a machine: a cable from it to itself.
pub(crate) fn spawn_loopback(world: &mut World, node: NodeId) {
    let spec = InterfaceSpec {
        number: LOOPBACK,
        name: "lo".to_owned(),
        mac: Some(MacAddr::default()),
        mtu: LOOPBACK_MTU,
        addresses: vec![Ipv4Cidr::new(Ipv4Addr::LOCALHOST, 8).expect("a prefix of eight bits")],
    };
    spawn_interface(world, node, spec);
    let own = Endpoint {
        node,
        interface: LOOPBACK,
    };
    let link = LinkSpec {
        latency_ns: 0,
        bits_per_second: 0,
        queue_bytes: 64 << 20,
        ..LinkSpec::default()
    };
    plug(world, own, own, link);
}

/// Whether interfaces and cables of a save fit together.
pub(crate) fn check_rows(world: &mut World) -> Result<(), String> {
    let mut rows = world.query::<(&RowId, &Interface, Option<&HalfLink>)>();
    let mut names: BTreeMap<(NodeId, String), u32> = BTreeMap::new();
    for (row, interface, link) in rows.iter(world) {
        let at = |why: &str| Err(format!("node {}: interface {}: {why}", row.node, interface.number));
        let Some(link) = link else {
            return at("its half of the link is missing");
        };
        if interface.number >= MAX_INTERFACES || interface.mtu < LEAST_MTU || interface.mtu > LOOPBACK_MTU {
            return at("a number or an mtu that there is not");
        }
        if names
            .insert((row.node, interface.name.clone()), interface.number)
            .is_some()
        {
            return at("another has the same name");
        }
        if let Err(why) = link.spec.check() {
            return at(&why);
        }
    }
    Ok(())
}
