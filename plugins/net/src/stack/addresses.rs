//! Addresses of a machine's interfaces.

use std::net::Ipv4Addr;

use bevy_ecs::prelude::*;
use helios_abi::{Errno, SysError};
use helios_engine::ids::NodeId;

use super::routes::{Route, insert};
use super::{Neighbours, arp, entity, with_stack};
use crate::index::NetIndex;
use crate::link::{Interface, interface};
use crate::wire::Ipv4Cidr;

/// Most addresses of one interface.
pub(super) const MAX_ADDRESSES: usize = 64;

/// The interface of that name.
#[must_use]
pub fn named(world: &World, node: NodeId, name: &str) -> Option<u32> {
    let mut interfaces = world.resource::<NetIndex>().interfaces(node);
    let found = interfaces.find(|(_, entity)| world.get::<Interface>(*entity).is_some_and(|row| row.name == name));
    found.map(|(number, _)| number)
}

/// The interface that has an address. Those of 127.0.0.0/8 are all the loopback's (RFC 1122 section 3.2.1.3).
#[must_use]
pub fn owner_of(world: &World, node: NodeId, address: Ipv4Addr) -> Option<u32> {
    if address.is_loopback() {
        return Some(crate::link::LOOPBACK);
    }
    let mut interfaces = world.resource::<NetIndex>().interfaces(node);
    let found = interfaces.find(|(_, entity)| world.get::<Interface>(*entity).is_some_and(|row| row.has(address)));
    found.map(|(number, _)| number)
}

/// Whether an interface may have an address.
///
/// # Errors
/// Says why not.
pub fn check_address(cidr: Ipv4Cidr) -> Result<(), &'static str> {
    let address = cidr.address();
    if address.is_unspecified() || address.is_broadcast() || address.is_multicast() {
        return Err("no machine can have that address");
    }
    if cidr.prefix() < 31 && (cidr.broadcast() == Some(address) || cidr.network().address() == address) {
        return Err("that is the address of the network itself, or its broadcast address");
    }
    Ok(())
}

/// Adds an address to an interface, with the way to its network, and tells the neighbours (RFC 5227 section 2.3).
///
/// # Errors
/// EINVAL, EEXIST, ENOSPC.
pub fn add_address(world: &mut World, node: NodeId, number: u32, cidr: Ipv4Cidr, now_ns: u64) -> Result<(), SysError> {
    check_address(cidr).map_err(|why| SysError::new(Errno::EINVAL, why))?;
    let taken = world.resource::<NetIndex>().interfaces(node).any(|(_, entity)| {
        let row = world.get::<Interface>(entity);
        row.is_some_and(|row| row.has(cidr.address()))
    });
    if taken {
        return Err(SysError::new(Errno::EEXIST, "the machine has that address already"));
    }
    let mut row = world
        .get_mut::<Interface>(entity(world, node, number))
        .expect("indexed");
    if row.addresses.len() >= MAX_ADDRESSES {
        let why = format!("an interface has at most {MAX_ADDRESSES} addresses");
        return Err(SysError::new(Errno::ENOSPC, why));
    }
    row.addresses.push(cidr);
    connect(world, node, number);
    arp::announce(world, node, number, cidr.address(), now_ns);
    Ok(())
}

/// Takes an address from an interface, and every way that needs it.
///
/// # Errors
/// EADDRNOTAVAIL.
pub fn remove_address(world: &mut World, node: NodeId, number: u32, cidr: Ipv4Cidr) -> Result<(), SysError> {
    let mut row = world
        .get_mut::<Interface>(entity(world, node, number))
        .expect("indexed");
    let Some(at) = row.addresses.iter().position(|own| *own == cidr) else {
        return Err(SysError::new(
            Errno::EADDRNOTAVAIL,
            format!("{} does not have {cidr}", row.name),
        ));
    };
    row.addresses.remove(at);
    connect(world, node, number);
    Ok(())
}

/// Makes the ways to an interface's own networks what its addresses say. Ways through a network that went go with it.
pub(crate) fn connect(world: &mut World, node: NodeId, number: u32) {
    let (addresses, lo) = {
        let row = interface(world, node, number).expect("it is there");
        (row.addresses.clone(), row.is_loopback())
    };
    let entity = entity(world, node, number);
    if !lo && world.get::<Neighbours>(entity).is_none() {
        world.entity_mut(entity).insert(Neighbours::default());
    }
    with_stack(world, node, |stack| {
        stack.routes.retain(|route| {
            let reachable = route
                .via
                .is_some_and(|via| addresses.iter().any(|own| own.contains(via)));
            route.interface != number || reachable
        });
        for cidr in &addresses {
            let connected = Route {
                to: cidr.network(),
                via: None,
                interface: number,
                metric: 0,
                source: Some(cidr.address()),
            };
            if !stack.routes.contains(&connected) {
                insert(&mut stack.routes, connected);
            }
        }
    });
}
