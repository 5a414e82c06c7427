//! Calls that change the machine's network: each needs `net:admin`.

use bevy_ecs::prelude::*;
use helios_abi::calls::{SetAddress, SetInterface, SetNeighbour, SetNetwork, SetRoute};
use helios_abi::{Errno, SysError};
use helios_kernel::{Caller, Completion, Scope, SysResult};

use super::{address, interface_named, now_ns};
use crate::NetIndex;
use crate::link::{Endpoint, Interface, LEAST_MTU, LOOPBACK_MTU};
use crate::stack::{self, RouteSpec, arp};
use crate::wire::{Ipv4Cidr, MacAddr};

fn admin(world: &mut World, caller: &Caller) -> Result<(), SysError> {
    caller.require(world, "net", "admin", Scope::None)?;
    if caller.creds(world).is_root() {
        return Ok(());
    }
    Err(SysError::new(Errno::EPERM, "only root may change the network"))
}

fn cidr(text: &str) -> Result<Ipv4Cidr, SysError> {
    text.parse()
        .map_err(|error: crate::wire::cidr::NotACidr| SysError::new(Errno::EINVAL, error.to_string()))
}

/// `set_interface`.
pub(super) fn set_interface(world: &mut World, caller: &Caller, call: SetInterface) -> SysResult<()> {
    admin(world, caller)?;
    let node = caller.node();
    let number = interface_named(world, caller, &call.name)?;
    if let Some(mtu) = call.mtu
        && !(LEAST_MTU..=LOOPBACK_MTU).contains(&mtu)
    {
        let why = format!("an mtu is {LEAST_MTU} to {LOOPBACK_MTU}");
        return Err(SysError::new(Errno::EINVAL, why));
    }
    let entity = world
        .resource::<NetIndex>()
        .interface(node, number)
        .expect("it was found");
    let mut row = world.get_mut::<Interface>(entity).expect("indexed");
    if let Some(up) = call.up
        && row.up != up
    {
        row.up = up;
        // What is on its way to an interface that goes down does not arrive when it is up again.
        row.plugs += 1;
    }
    if let Some(promiscuous) = call.promiscuous {
        row.promiscuous = promiscuous;
    }
    if let Some(mtu) = call.mtu {
        row.mtu = mtu;
    }
    let own: Vec<_> = row.addresses.iter().map(|own| own.address()).collect();
    if call.up == Some(true) {
        let now_ns = now_ns(world);
        for address in own {
            arp::announce(world, node, number, address, now_ns);
        }
    }
    Ok(Completion::Done(()))
}

/// `set_address`.
pub(super) fn set_address(world: &mut World, caller: &Caller, call: SetAddress) -> SysResult<()> {
    admin(world, caller)?;
    let node = caller.node();
    let number = interface_named(world, caller, &call.interface)?;
    let cidr = cidr(&call.address)?;
    if call.add {
        let now_ns = now_ns(world);
        stack::add_address(world, node, number, cidr, now_ns)?;
    } else {
        stack::remove_address(world, node, number, cidr)?;
    }
    Ok(Completion::Done(()))
}

/// `set_route`.
pub(super) fn set_route(world: &mut World, caller: &Caller, call: SetRoute) -> SysResult<()> {
    admin(world, caller)?;
    let interface = call.interface.as_deref();
    let spec = RouteSpec {
        to: cidr(&call.to)?,
        via: call.via.as_deref().map(address).transpose()?,
        interface: interface.map(|name| interface_named(world, caller, name)).transpose()?,
        metric: call.metric.unwrap_or(0),
    };
    if call.add {
        stack::add_route(world, caller.node(), spec)?;
    } else {
        stack::remove_route(world, caller.node(), spec)?;
    }
    Ok(Completion::Done(()))
}

/// `set_neighbour`.
pub(super) fn set_neighbour(world: &mut World, caller: &Caller, call: SetNeighbour) -> SysResult<()> {
    admin(world, caller)?;
    let at = Endpoint {
        node: caller.node(),
        interface: interface_named(world, caller, &call.interface)?,
    };
    if at.interface == crate::link::LOOPBACK {
        return Err(SysError::new(Errno::EINVAL, "the loopback has no neighbours"));
    }
    let mac = call.mac.as_deref().map(str::parse::<MacAddr>).transpose();
    let mac = mac.map_err(|error| SysError::new(Errno::EINVAL, error.to_string()))?;
    if arp::set(world, at, address(&call.address)?, mac) {
        return Ok(Completion::Done(()));
    }
    Err(match mac {
        None => SysError::new(Errno::ENOENT, "there is no such neighbour"),
        Some(_) => SysError::new(Errno::ENOSPC, "the interface remembers no more neighbours"),
    })
}

/// `set_network`.
pub(super) fn set_network(world: &mut World, caller: &Caller, call: SetNetwork) -> SysResult<()> {
    admin(world, caller)?;
    if call.hops == Some(0) {
        return Err(SysError::new(Errno::EINVAL, "a datagram takes at least one hop"));
    }
    stack::with_stack(world, caller.node(), |stack| {
        stack.forwarding = call.forwarding.unwrap_or(stack.forwarding);
        stack.hops = call.hops.unwrap_or(stack.hops);
    });
    Ok(Completion::Done(()))
}
