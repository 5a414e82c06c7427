//! Calls that open sockets.

use std::net::{Ipv4Addr, SocketAddrV4};

use bevy_ecs::prelude::*;
use helios_abi::calls::{Accept, Connect, Listen, OpenSocket, SocketConnection, open_flags};
use helios_abi::{Errno, ProcKey, SysError};
use helios_kernel::files::check_room;
use helios_kernel::wait::{WaitKey, WaitReason};
use helios_kernel::{Caller, Completion, Scope, SysResult};

use super::super::{
    Kind, NetSocket, Opener, SocketIndex, TcpConnection, TcpListening, change, open, ports, row, spawn_open, tcp, udp,
};
use super::{address, interface_named, now_ns, shown, socket};
use crate::stack::route;
use crate::tcp::{Endpoints, Listener, ListenerConfig, State};
use crate::wire::Protocol;

/// `listen`.
pub(super) fn listen(world: &mut World, caller: &Caller, call: Listen) -> SysResult<i32> {
    let kind = match call.proto.as_str() {
        "tcp" => Kind::Listener,
        "udp" => Kind::Udp,
        _ => return Err(unknown_protocol(&call.proto)),
    };
    ports::may_listen(world, caller, &call.proto, call.port)?;
    let node = caller.node();
    let at = call.address.as_deref().map_or(Ok(Ipv4Addr::UNSPECIFIED), address)?;
    if !(kind == Kind::Udp && at.is_multicast()) {
        ports::check_local(world, node, at)?;
    }
    check_room(world, caller.key)?;
    let reuse = call.reuse.unwrap_or(false);
    let port = match call.port {
        0 => ports::ephemeral(world, node, |world, port| {
            ports::is_free(world, node, kind, SocketAddrV4::new(at, port), false)
        })?,
        port => port,
    };
    let local = SocketAddrV4::new(at, port);
    if !ports::is_free(world, node, kind, local, reuse) {
        return Err(SysError::new(Errno::EADDRINUSE, format!("{local} is in use")));
    }
    let row = NetSocket {
        local,
        reuse,
        ..NetSocket::new(kind, caller.creds(world).euid)
    };
    let opened = match kind {
        Kind::Listener => {
            let config = ListenerConfig {
                backlog: call.backlog.unwrap_or(ListenerConfig::default().backlog),
                ..ListenerConfig::default()
            };
            spawn_open(world, caller.key, row, TcpListening(Listener::new(local, config)))
        }
        _ => spawn_open(world, caller.key, row, udp::inbox()),
    };
    opened.map(|(_, fd)| Completion::Done(fd))
}

fn unknown_protocol(name: &str) -> SysError {
    let shown: String = name.chars().take(32).collect();
    SysError::new(Errno::EPROTONOSUPPORT, format!("{shown:?}: expected tcp or udp"))
}

/// `open_socket`.
pub(super) fn open_socket(world: &mut World, caller: &Caller, call: OpenSocket) -> SysResult<i32> {
    let uid = caller.creds(world).euid;
    let row = match call.kind.as_str() {
        "udp" => {
            caller.require(world, "net", "udp", Scope::None)?;
            NetSocket::new(Kind::Udp, uid)
        }
        "icmp" => {
            caller.require(world, "net", "icmp", Scope::None)?;
            NetSocket::new(Kind::Icmp, uid)
        }
        "raw" => {
            caller.require(world, "net", "raw", Scope::None)?;
            let protocol = call.protocol.and_then(|protocol| u8::try_from(protocol).ok());
            let why = || SysError::new(Errno::EINVAL, "a raw socket names a protocol, 0 to 255");
            NetSocket {
                protocol: protocol.ok_or_else(why)?,
                ..NetSocket::new(Kind::Raw, uid)
            }
        }
        "packet" => {
            caller.require(world, "net", "packet", Scope::None)?;
            let interface = call.interface.as_deref();
            let interface = interface.map(|name| interface_named(world, caller, name)).transpose()?;
            NetSocket {
                interface,
                ..NetSocket::new(Kind::Packet, uid)
            }
        }
        _ => {
            let why = "expected udp, icmp, raw or packet";
            return Err(SysError::new(Errno::EPROTONOSUPPORT, why));
        }
    };
    debug_assert!(
        row.protocol != Protocol::TCP.0 || row.kind == Kind::Raw,
        "TCP has calls of its own"
    );
    spawn_open(world, caller.key, row, udp::inbox()).map(|(_, fd)| Completion::Done(fd))
}

/// `connect`.
pub(super) fn connect(world: &mut World, caller: &Caller, call: Connect) -> SysResult<SocketConnection> {
    let proto = call.proto.as_deref().unwrap_or("tcp");
    if !matches!(proto, "tcp" | "udp") {
        return Err(unknown_protocol(proto));
    }
    if caller.retry {
        return connecting(world, caller, &call);
    }
    caller.require(world, "net", proto, Scope::Port(call.port))?;
    let remote = SocketAddrV4::new(address(&call.address)?, call.port);
    if call.port == 0 {
        return Err(SysError::new(Errno::EINVAL, "nobody is at port 0"));
    }
    let local = local_end(world, caller, &call, remote)?;
    check_room(world, caller.key)?;
    let uid = caller.creds(world).euid;
    let kind = if proto == "udp" { Kind::Udp } else { Kind::Tcp };
    let row = NetSocket {
        local,
        remote: Some(remote),
        ..NetSocket::new(kind, uid)
    };
    if kind == Kind::Udp {
        let (_, fd) = spawn_open(world, caller.key, row, udp::inbox())?;
        return Ok(Completion::Done(SocketConnection {
            fd,
            local: shown(local),
            remote: shown(remote),
        }));
    }
    if remote.ip().is_multicast() || remote.ip().is_broadcast() {
        return Err(SysError::new(Errno::ENETUNREACH, "TCP connects to one machine"));
    }
    let now_ns = now_ns(world);
    let opened = tcp::connect(world, caller.node(), Endpoints { local, remote }, now_ns);
    let (id, fd) = spawn_open(world, caller.key, row, TcpConnection(opened))?;
    change(world, caller.node(), id, |row| {
        row.opener = Some(Opener {
            pid: caller.key.pid,
            call: caller.call,
            fd,
        });
    });
    tcp::with(world, caller.node(), id, now_ns, |_| ());
    Ok(waits(caller, &call, id))
}

fn waits(caller: &Caller, call: &Connect, id: u64) -> Completion<SocketConnection> {
    Completion::Pending(WaitReason {
        keys: vec![WaitKey::Writable(id)],
        deadline_ns: call
            .timeout_ms
            .map(|ms| caller.since_ns.saturating_add(ms.saturating_mul(1_000_000))),
    })
}

/// The connection that a call of a process has begun.
fn opened_by(world: &World, process: ProcKey, call: u64) -> Option<u64> {
    let ours = |id: &u64| {
        row(world, process.node, *id)
            .and_then(|row| row.opener)
            .is_some_and(|opener| (opener.pid, opener.call) == (process.pid, call))
    };
    let index = world.resource::<SocketIndex>();
    index.of_kind(process.node, Kind::Tcp).find(ours)
}

/// A call was withdrawn: nobody learns of the descriptor that it would have answered.
pub(super) fn withdraw_connect(world: &mut World, process: ProcKey, call: u64) {
    let fd = opened_by(world, process, call)
        .and_then(|id| row(world, process.node, id))
        .and_then(|row| row.opener)
        .map(|opener| opener.fd);
    if let Some(fd) = fd {
        // The program may have closed it already, by chance.
        let _ = helios_kernel::files::close(world, process, fd);
    }
}

/// A connection that was begun: it is there, or failed, or is waited for.
fn connecting(world: &mut World, caller: &Caller, call: &Connect) -> SysResult<SocketConnection> {
    let node = caller.node();
    let id = opened_by(world, caller.key, caller.call);
    let id = id.ok_or_else(|| SysError::new(Errno::EBADF, "the descriptor was closed"))?;
    let fd = row(world, node, id).and_then(|row| row.opener).expect("found by it").fd;
    let connection = tcp::connection(world, node, id).expect("it is a connection");
    match connection.state() {
        State::SynSent | State::SynReceived if caller.timed_out => {
            helios_kernel::files::close(world, caller.key, fd)?;
            Err(SysError::from(Errno::ETIMEDOUT))
        }
        State::SynSent | State::SynReceived => Ok(waits(caller, call, id)),
        State::Closed => {
            let now_ns = now_ns(world);
            let error = tcp::with(world, node, id, now_ns, crate::tcp::Connection::take_error);
            helios_kernel::files::close(world, caller.key, fd)?;
            Err(error.map_or(SysError::from(Errno::ECONNRESET), tcp::error))
        }
        _ => {
            let ends = connection.ends();
            change(world, node, id, |row| row.opener = None);
            Ok(Completion::Done(SocketConnection {
                fd,
                local: shown(ends.local),
                remote: shown(ends.remote),
            }))
        }
    }
}

/// The address and port to talk from.
fn local_end(
    world: &mut World,
    caller: &Caller,
    call: &Connect,
    remote: SocketAddrV4,
) -> Result<SocketAddrV4, SysError> {
    let node = caller.node();
    let unreachable = || SysError::new(Errno::ENETUNREACH, format!("nothing leads to {}", remote.ip()));
    let source = match &call.local_address {
        Some(text) => {
            let own = address(text)?;
            ports::check_local(world, node, own)?;
            Some(own).filter(|own| !own.is_unspecified())
        }
        None => None,
    };
    let hop = route(world, node, *remote.ip()).ok_or_else(unreachable)?;
    let source = source.unwrap_or(hop.source);
    if source.is_unspecified() {
        return Err(SysError::new(
            Errno::EADDRNOTAVAIL,
            "the interface that leads there has no address",
        ));
    }
    let udp = call.proto.as_deref() == Some("udp");
    let free = move |world: &World, port: u16| {
        let local = SocketAddrV4::new(source, port);
        if udp {
            return ports::is_free(world, node, Kind::Udp, local, false);
        }
        let ends = Endpoints { local, remote };
        world.resource::<SocketIndex>().connection(node, ends).is_none()
            && ports::is_free(world, node, Kind::Listener, local, true)
    };
    let port = match call.local_port.filter(|port| *port != 0) {
        None => ports::ephemeral(world, node, free)?,
        Some(port) => {
            ports::may_listen(world, caller, if udp { "udp" } else { "tcp" }, port)?;
            let taken = if udp {
                !free(world, port)
            } else {
                let ends = Endpoints {
                    local: SocketAddrV4::new(source, port),
                    remote,
                };
                world.resource::<SocketIndex>().connection(node, ends).is_some()
            };
            if taken {
                return Err(SysError::new(Errno::EADDRINUSE, format!("port {port} is in use")));
            }
            port
        }
    };
    Ok(SocketAddrV4::new(source, port))
}

/// `accept`.
pub(super) fn accept(world: &mut World, caller: &Caller, call: Accept) -> SysResult<SocketConnection> {
    let (file, kind) = socket(world, caller, call.fd)?;
    if kind != Kind::Listener {
        return Err(SysError::new(Errno::EINVAL, format!("{} does not listen", call.fd)));
    }
    check_room(world, caller.key)?;
    let (node, id) = (file.node, file.file.object);
    let Some((connection, ends)) = tcp::accept(world, node, id) else {
        if file.file.flags & open_flags::NONBLOCK != 0 {
            return Err(SysError::new(Errno::EAGAIN, "no connection waits"));
        }
        return Ok(Completion::Pending(WaitReason::on(WaitKey::Readable(id))));
    };
    let fd = open(world, caller.key, connection)?;
    Ok(Completion::Done(SocketConnection {
        fd,
        local: shown(ends.local),
        remote: shown(ends.remote),
    }))
}
