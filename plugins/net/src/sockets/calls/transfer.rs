//! Calls that send, receive and set options.

use std::net::SocketAddrV4;

use bevy_ecs::prelude::*;
use bytes::Bytes;
use helios_abi::calls::{
    RawSend, ReceiveFrom, SetMembership, SetSocketOption, ShutdownSocket, SocketDatagram, TcpSend, UdpSend, open_flags,
};
use helios_abi::{Errno, SysError};
use helios_kernel::files::Io;
use helios_kernel::wait::{WaitKey, WaitReason};
use helios_kernel::{Caller, Completion, SysResult};

use super::super::files::send;
use super::super::inbox::MAX_BYTES;
use super::super::{Inbox, Kind, SocketIndex, change, icmp, igmp, packet, raw, take_error, tcp, udp};
use super::{address, interface_named, now_ns, socket};
use crate::link::interface;
use crate::tcp::{CongestionKind, KeepAlive};
use crate::wire::EthernetHeader;

/// `tcp_send`.
pub(super) fn tcp_send(world: &mut World, caller: &Caller, call: TcpSend) -> SysResult<u32> {
    let (file, kind) = socket(world, caller, call.fd)?;
    if kind != Kind::Tcp {
        return Err(SysError::new(
            Errno::EOPNOTSUPP,
            format!("{} is no connection", call.fd),
        ));
    }
    match send(world, &file, &Bytes::from(call.data.0))? {
        Io::Ready(count) => Ok(Completion::Done(count)),
        Io::WouldBlock(_) if file.file.flags & open_flags::NONBLOCK != 0 => {
            Err(SysError::new(Errno::EAGAIN, "there is no room"))
        }
        Io::WouldBlock(key) => Ok(Completion::Pending(WaitReason::on(key))),
    }
}

/// `udp_send`.
pub(super) fn udp_send(world: &mut World, caller: &Caller, call: UdpSend) -> SysResult<u32> {
    let (file, kind) = socket(world, caller, call.fd)?;
    if kind != Kind::Udp {
        return Err(SysError::new(
            Errno::EOPNOTSUPP,
            format!("{} sends no datagrams", call.fd),
        ));
    }
    let to = match (&call.address, call.port) {
        (None, None) => None,
        (Some(text), Some(port)) => {
            caller.require(world, "net", "udp", helios_kernel::Scope::Port(port))?;
            Some(SocketAddrV4::new(address(text)?, port))
        }
        _ => return Err(SysError::new(Errno::EINVAL, "an address and a port go together")),
    };
    let now_ns = now_ns(world);
    udp::send(world, file.node, file.file.object, Bytes::from(call.data.0), to, now_ns).map(Completion::Done)
}

/// `raw_send`.
pub(super) fn raw_send(world: &mut World, caller: &Caller, call: RawSend) -> SysResult<u32> {
    let (file, kind) = socket(world, caller, call.fd)?;
    let (node, id, now_ns) = (file.node, file.file.object, now_ns(world));
    let data = Bytes::from(call.data.0);
    let to = || {
        let none = || SysError::new(Errno::EDESTADDRREQ, "to whom?");
        address(call.address.as_deref().ok_or_else(none)?)
    };
    let sent = match kind {
        Kind::Icmp => icmp::send(world, node, id, &data, to()?, now_ns),
        Kind::Raw => raw::send(world, node, id, &data, to()?, now_ns),
        Kind::Packet => packet::send(world, node, id, data, now_ns),
        _ => Err(SysError::new(
            Errno::EOPNOTSUPP,
            format!("{} is no raw socket", call.fd),
        )),
    };
    sent.map(Completion::Done)
}

/// `receive_from`.
pub(super) fn receive_from(world: &mut World, caller: &Caller, call: ReceiveFrom) -> SysResult<SocketDatagram> {
    let (file, kind) = socket(world, caller, call.fd)?;
    if matches!(kind, Kind::Tcp | Kind::Listener) {
        return Err(SysError::new(
            Errno::EOPNOTSUPP,
            format!("{} takes no datagrams", call.fd),
        ));
    }
    let (node, id) = (file.node, file.file.object);
    take_error(world, node, id)?;
    let entity = world
        .resource::<SocketIndex>()
        .get(node, id)
        .expect("an open socket is there");
    let mut inbox = world.get_mut::<Inbox>(entity).expect("it takes datagrams");
    let Some(datagram) = inbox.bypass_change_detection().pop() else {
        if caller.timed_out || file.file.flags & open_flags::NONBLOCK != 0 {
            return Err(SysError::new(Errno::EAGAIN, "nothing came"));
        }
        return Ok(Completion::Pending(WaitReason {
            keys: vec![WaitKey::Readable(id)],
            deadline_ns: call
                .timeout_ms
                .map(|ms| caller.since_ns.saturating_add(ms.saturating_mul(1_000_000))),
        }));
    };
    inbox.set_changed();
    let length = datagram.bytes.len();
    let most = call.max.unwrap_or(65_535) as usize;
    let sender = match kind {
        Kind::Packet => {
            EthernetHeader::parse(&datagram.bytes).map_or(String::new(), |header| header.source.to_string())
        }
        _ => datagram.from.ip().to_string(),
    };
    let name = interface(world, node, datagram.interface).map_or(String::new(), |row| row.name.clone());
    Ok(Completion::Done(SocketDatagram {
        data: helios_abi::Bytes(datagram.bytes[..length.min(most)].to_vec()),
        length: length as u32,
        address: sender,
        port: datagram.from.port(),
        to: datagram.to.ip().to_string(),
        interface: name,
        hops: datagram.hops,
        sent: datagram.sent,
        at_us: datagram.at_ns / 1_000,
    }))
}

/// `shutdown_socket`.
pub(super) fn shutdown(world: &mut World, caller: &Caller, call: ShutdownSocket) -> SysResult<()> {
    let (file, kind) = socket(world, caller, call.fd)?;
    let (read, write) = match call.how.as_str() {
        "read" => (true, false),
        "write" => (false, true),
        "both" => (true, true),
        _ => return Err(SysError::new(Errno::EINVAL, "how: expected read, write or both")),
    };
    if kind != Kind::Tcp {
        return Err(SysError::new(Errno::ENOTCONN, format!("{} is no connection", call.fd)));
    }
    let (node, id, now_ns) = (file.node, file.file.object, now_ns(world));
    let done = tcp::with(world, node, id, now_ns, |connection| {
        if write {
            connection.shutdown_write()?;
        }
        if read {
            connection.shutdown_read()?;
        }
        Ok(())
    });
    done.map_err(tcp::error)?;
    super::super::stir(world, node, id);
    Ok(Completion::Done(()))
}

/// `set_socket_option`.
pub(super) fn set_option(world: &mut World, caller: &Caller, call: SetSocketOption) -> SysResult<()> {
    let (file, kind) = socket(world, caller, call.fd)?;
    let (node, id) = (file.node, file.file.object);
    let SetSocketOption { name, value, .. } = call;
    let number = |least: i64, most: i64| {
        if (least..=most).contains(&value) {
            Ok(value)
        } else {
            let why = format!("{name}: expected {least} to {most}, got {value}");
            Err(SysError::new(Errno::EINVAL, why))
        }
    };
    match name.as_str() {
        "broadcast" => change(world, node, id, |row| row.broadcast = value != 0),
        "errors" => change(world, node, id, |row| row.errors = value != 0),
        "reuse" => change(world, node, id, |row| row.reuse = value != 0),
        "ttl" => {
            let hops = number(1, i64::from(u32::MAX))? as u32;
            change(world, node, id, |row| row.hops = Some(hops));
        }
        "rcvbuf" if !matches!(kind, Kind::Tcp | Kind::Listener) => {
            let limit = number(2_048, MAX_BYTES as i64)? as u64;
            let entity = world.resource::<SocketIndex>().get(node, id).expect("it is there");
            world.get_mut::<Inbox>(entity).expect("it takes datagrams").limit_bytes = limit;
        }
        _ => tcp_option(world, (node, id, kind), &name, &number)?,
    }
    Ok(Completion::Done(()))
}

const SECOND_NS: u64 = 1_000_000_000;

fn tcp_option(
    world: &mut World,
    (node, id, kind): (helios_abi::NodeId, u64, Kind),
    name: &str,
    number: &dyn Fn(i64, i64) -> Result<i64, SysError>,
) -> Result<(), SysError> {
    if !matches!(kind, Kind::Tcp | Kind::Listener) {
        let shown: String = name.chars().take(32).collect();
        return Err(SysError::new(
            Errno::ENOPROTOOPT,
            format!("the socket has no option {shown:?}"),
        ));
    }
    let year = 365 * 86_400;
    let set: Box<dyn FnOnce(&mut crate::tcp::Config)> = match name {
        "nodelay" => {
            let on = number(0, 1)? == 1;
            Box::new(move |config| config.nodelay = on)
        }
        "keepalive" => {
            let on = number(0, 1)? == 1;
            Box::new(move |config| config.keepalive = on.then(|| config.keepalive.unwrap_or_default()))
        }
        "keepidle" | "keepintvl" => {
            let ns = number(1, 32_767)? as u64 * SECOND_NS;
            let idle = name == "keepidle";
            Box::new(move |config| {
                let mut keep = config.keepalive.unwrap_or_default();
                *(if idle { &mut keep.idle_ns } else { &mut keep.interval_ns }) = ns;
                config.keepalive = Some(keep);
            })
        }
        "keepcnt" => {
            let count = number(1, 127)? as u32;
            Box::new(move |config| {
                let keep = config.keepalive.unwrap_or_default();
                config.keepalive = Some(KeepAlive { count, ..keep });
            })
        }
        "congestion" => {
            let kind = if number(0, 1)? == 0 {
                CongestionKind::NewReno
            } else {
                CongestionKind::Cubic
            };
            Box::new(move |config| config.congestion = kind)
        }
        "sndbuf" => {
            let bytes = number(2_048, 4 << 20)? as u32;
            Box::new(move |config| config.send_buffer_bytes = bytes)
        }
        "rcvbuf" => {
            let bytes = number(2_048, 4 << 20)? as u32;
            Box::new(move |config| config.receive_buffer_bytes = bytes)
        }
        "usertimeout" => {
            let ms = number(0, year * 1_000)? as u64;
            Box::new(move |config| config.user_timeout_ns = (ms > 0).then_some(ms * 1_000_000))
        }
        "linger" => {
            let seconds = number(-1, 65_535)?;
            Box::new(move |config| config.linger_seconds = u32::try_from(seconds).ok())
        }
        _ => {
            let shown: String = name.chars().take(32).collect();
            return Err(SysError::new(
                Errno::ENOPROTOOPT,
                format!("there is no option {shown:?}"),
            ));
        }
    };
    let now_ns = now_ns(world);
    if kind == Kind::Tcp {
        tcp::with(world, node, id, now_ns, |connection| connection.configure(set));
    } else {
        tcp::with_listener(world, node, id, |listener| listener.configure(set));
    }
    Ok(())
}

/// `set_membership`.
pub(super) fn set_membership(world: &mut World, caller: &Caller, call: SetMembership) -> SysResult<()> {
    let (file, kind) = socket(world, caller, call.fd)?;
    if kind != Kind::Udp {
        return Err(SysError::new(Errno::EOPNOTSUPP, format!("{} joins no groups", call.fd)));
    }
    let group = address(&call.group)?;
    let interface = call.interface.as_deref();
    let interface = interface.map(|name| interface_named(world, caller, name)).transpose()?;
    let now_ns = now_ns(world);
    igmp::set(world, file.node, file.file.object, group, interface, call.join, now_ns)?;
    Ok(Completion::Done(()))
}
