//! The calls on sockets and on the machine's network.

mod admin;
mod info;
mod open;
mod transfer;

use std::net::{Ipv4Addr, SocketAddrV4};

use bevy_app::App;
use bevy_ecs::prelude::*;
use helios_abi::calls::SocketAddress;
use helios_abi::{Errno, SysError};
use helios_engine::time::Clock;
use helios_kernel::files::{FileRef, RegisterFileKind, lookup};
use helios_kernel::{Caller, RegisterSyscall};

use super::files::SocketOps;
use super::{KIND, Kind, row};

/// Registers the calls and the kind of files.
pub(crate) fn register(app: &mut App) {
    app.register_file_kind(KIND, SocketOps)
        .register_syscall(open::listen)
        .register_syscall(open::open_socket)
        .register_syscall(open::connect)
        .register_withdrawal::<helios_abi::calls::Connect>(open::withdraw_connect)
        .register_syscall(open::accept)
        .register_syscall(transfer::tcp_send)
        .register_syscall(transfer::udp_send)
        .register_syscall(transfer::raw_send)
        .register_syscall(transfer::receive_from)
        .register_syscall(transfer::shutdown)
        .register_syscall(transfer::set_option)
        .register_syscall(transfer::set_membership)
        .register_syscall(info::socket_info)
        .register_syscall(info::sockets)
        .register_syscall(info::interfaces)
        .register_syscall(info::routes)
        .register_syscall(info::neighbours)
        .register_syscall(info::network_status)
        .register_syscall(admin::set_interface)
        .register_syscall(admin::set_address)
        .register_syscall(admin::set_route)
        .register_syscall(admin::set_neighbour)
        .register_syscall(admin::set_network);
}

/// The socket behind a descriptor.
fn socket(world: &World, caller: &Caller, fd: i32) -> Result<(FileRef, Kind), SysError> {
    let file = lookup(world, caller.key, fd)?;
    if file.file.kind != KIND {
        return Err(SysError::new(Errno::ENOTSOCK, format!("{fd} is not a socket")));
    }
    let kind = row(world, file.node, file.file.object)
        .expect("an open socket is there")
        .kind;
    Ok((file, kind))
}

/// Reads an address.
fn address(text: &str) -> Result<Ipv4Addr, SysError> {
    text.parse().map_err(|_| {
        let shown: String = text.chars().take(64).collect();
        SysError::new(Errno::EINVAL, format!("{shown:?} is not an address such as 10.0.0.1"))
    })
}

fn shown(address: SocketAddrV4) -> SocketAddress {
    SocketAddress {
        address: address.ip().to_string(),
        port: address.port(),
    }
}

fn now_ns(world: &World) -> u64 {
    world.resource::<Clock>().now_ns()
}

fn interface_named(world: &World, caller: &Caller, name: &str) -> Result<u32, SysError> {
    let none = || {
        let shown: String = name.chars().take(32).collect();
        SysError::new(Errno::ENODEV, format!("there is no interface {shown:?}"))
    };
    crate::stack::named(world, caller.node(), name).ok_or_else(none)
}
