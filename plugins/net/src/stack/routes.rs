//! The ways to networks: the longest prefix wins (RFC 1812 section 5.2.4.3).

use std::net::Ipv4Addr;

use bevy_ecs::prelude::*;
use helios_abi::{Errno, SysError};
use helios_engine::ids::NodeId;
use serde::{Deserialize, Serialize};

use super::{owner_of, stack, with_stack};
use crate::index::NetIndex;
use crate::link::{Interface, LOOPBACK, interface};
use crate::wire::Ipv4Cidr;

/// Most ways of one machine.
pub const MAX_ROUTES: usize = 4096;

/// A way to a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// The network; 0.0.0.0/0 is everything else.
    pub to: Ipv4Cidr,
    /// The router that knows the way; none where the network is on the link itself.
    pub via: Option<Ipv4Addr>,
    /// The interface that leads there.
    pub interface: u32,
    /// Of two ways to the same network the one with the smaller number is taken.
    pub metric: u32,
    /// The address to send from, of a way that an interface's address made.
    pub source: Option<Ipv4Addr>,
}

/// A way as somebody asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteSpec {
    /// The network.
    pub to: Ipv4Cidr,
    /// The router.
    pub via: Option<Ipv4Addr>,
    /// The interface; that of the router's network where absent.
    pub interface: Option<u32>,
    /// The metric.
    pub metric: u32,
}

/// The next step of a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hop {
    /// The interface that it leaves by.
    pub interface: u32,
    /// Who gets it there.
    pub next: Ipv4Addr,
    /// The address that it is sent from, where the sender has not chosen one.
    pub source: Ipv4Addr,
}

/// Puts a way into its place.
pub(super) fn insert(routes: &mut Vec<Route>, route: Route) {
    let rank = |route: &Route| (core::cmp::Reverse(route.to.prefix()), route.to.address(), route.metric);
    let at = routes.partition_point(|other| rank(other) <= rank(&route));
    routes.insert(at, route);
}

/// Adds a way.
///
/// # Errors
/// EINVAL where neither router nor interface is named, ENETUNREACH where no interface leads to the router, EEXIST, ENOSPC.
pub fn add_route(world: &mut World, node: NodeId, spec: RouteSpec) -> Result<(), SysError> {
    let route = complete(world, node, spec)?;
    let routes = &stack(world, node).expect("a machine has a stack").routes;
    if routes.len() >= MAX_ROUTES {
        return Err(SysError::new(
            Errno::ENOSPC,
            format!("a machine has at most {MAX_ROUTES} routes"),
        ));
    }
    if routes
        .iter()
        .any(|other| other.to == route.to && other.metric == route.metric && other.source.is_none())
    {
        let why = format!("there is a route to {} with that metric", route.to);
        return Err(SysError::new(Errno::EEXIST, why));
    }
    with_stack(world, node, |stack| insert(&mut stack.routes, route));
    Ok(())
}

fn complete(world: &World, node: NodeId, spec: RouteSpec) -> Result<Route, SysError> {
    let RouteSpec {
        to,
        via,
        interface: given,
        metric,
    } = spec;
    let number = match (given, via) {
        (Some(number), _) => number,
        (None, Some(via)) => {
            let index = world.resource::<NetIndex>();
            let mut interfaces = index.interfaces(node);
            let leads = interfaces.find(|(_, entity)| {
                let row = world.get::<Interface>(*entity);
                row.is_some_and(|row| row.addresses.iter().any(|own| own.contains(via)))
            });
            let none = || SysError::new(Errno::ENETUNREACH, format!("no interface leads to {via}"));
            leads.ok_or_else(none)?.0
        }
        (None, None) => return Err(SysError::new(Errno::EINVAL, "a route names a router or an interface")),
    };
    if via.is_some_and(|via| owner_of(world, node, via).is_some()) {
        return Err(SysError::new(Errno::EINVAL, "the router is this machine itself"));
    }
    Ok(Route {
        to: to.network(),
        via,
        interface: number,
        metric,
        source: None,
    })
}

/// Takes a way out: the first to that network that fits what else is named.
///
/// # Errors
/// ESRCH.
pub fn remove_route(world: &mut World, node: NodeId, spec: RouteSpec) -> Result<(), SysError> {
    let fits = |route: &Route| {
        route.to == spec.to.network()
            && spec.via.is_none_or(|via| route.via == Some(via))
            && spec.interface.is_none_or(|number| route.interface == number)
    };
    with_stack(world, node, |stack| {
        let at = stack.routes.iter().position(fits);
        at.map(|at| stack.routes.remove(at)).map(|_| ())
    })
    .ok_or_else(|| SysError::new(Errno::ESRCH, format!("there is no such route to {}", spec.to)))
}

/// Finds the way to an address. `None`: nothing leads there.
#[must_use]
pub fn route(world: &World, node: NodeId, to: Ipv4Addr) -> Option<Hop> {
    if owner_of(world, node, to).is_some() {
        return Some(Hop {
            interface: LOOPBACK,
            next: to,
            source: to,
        });
    }
    let group = to.is_broadcast() || to.is_multicast();
    let routes = &stack(world, node)?.routes;
    let found = routes
        .iter()
        .filter(|route| route.to.contains(to) && interface(world, node, route.interface).is_some_and(|row| row.up))
        .find(|route| !group || route.interface != LOOPBACK);
    let (number, via, source) = match found {
        Some(route) => (route.interface, route.via, route.source),
        None if group => (first_of_ethernet(world, node)?, None, None),
        None => return None,
    };
    let row = interface(world, node, number)?;
    let next = via.filter(|_| !group).unwrap_or(to);
    let near = row
        .addresses
        .iter()
        .find(|own| own.contains(next))
        .or(row.addresses.first());
    Some(Hop {
        interface: number,
        next,
        source: source
            .or(near.map(|own| own.address()))
            .unwrap_or(Ipv4Addr::UNSPECIFIED),
    })
}

/// The first interface that is not the loopback and is up.
fn first_of_ethernet(world: &World, node: NodeId) -> Option<u32> {
    let mut interfaces = world.resource::<NetIndex>().interfaces(node);
    let up = |entity: Entity| {
        world
            .get::<Interface>(entity)
            .is_some_and(|row| row.up && !row.is_loopback())
    };
    interfaces.find(|(_, entity)| up(*entity)).map(|(number, _)| number)
}
