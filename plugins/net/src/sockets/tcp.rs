//! Where TCP's pure functions meet the machine: segments in and out, timers, and what wakes whom.
//!
//! After everything that may have changed a connection, what it has to send is fetched at once and its next timer scheduled:
//! an idle connection has neither.

use std::net::{Ipv4Addr, SocketAddrV4};

use bevy_ecs::prelude::*;
use helios_abi::{Errno, NodeId, SysError};
use helios_engine::ids::RowId;
use helios_engine::prelude::{NodeKey, Nodes};
use helios_engine::state::Row;
use helios_engine::streams::NodeStream;
use helios_engine::time::{Calendar, CalendarEvent, EventClass, EventKey};
use helios_kernel::wait::{WaitKey, wake};
use serde::{Deserialize, Serialize};

use super::{Kind, NetSocket, SocketIndex, change, remove, row, spawn, stir};
use crate::stack::input::Received;
use crate::stack::{self, output, timer_port};
use crate::tcp::{
    Connection, Endpoints, Heard, Listener, Origin, Readiness, Secret, State, TcpError, Unreachable as TcpUnreachable,
    reset_for,
};
use crate::wire::frame::Body;
use crate::wire::icmp::Unreachable;
use crate::wire::tcp::{Segment, SeqNumber};
use crate::wire::{Icmp, Ipv4, Protocol, u16_at, u32_at};

/// The kind of the calendar's events.
pub(crate) const TIMER: &str = "tcp";
/// Bytes of both headers without options.
const HEADER_BYTES: u32 = 40;

/// A connection. Beside its socket's row.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TcpConnection(pub Connection);

impl Row for TcpConnection {
    const NAME: &'static str = "tcp_connection";
    const SCHEMA: u32 = 1;
}

/// A listener. Beside its socket's row.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TcpListening(pub Listener);

impl Row for TcpListening {
    const NAME: &'static str = "tcp_listener";
    const SCHEMA: u32 = 1;
}

/// A socket's connection.
pub(crate) fn connection(world: &World, node: NodeId, id: u64) -> Option<&Connection> {
    let entity = world.resource::<SocketIndex>().get(node, id)?;
    world.get::<TcpConnection>(entity).map(|row| &row.0)
}

/// Changes a connection, sends what it has to say, and schedules its timer.
pub(super) fn with<T>(
    world: &mut World,
    node: NodeId,
    id: u64,
    now_ns: u64,
    with: impl FnOnce(&mut Connection) -> T,
) -> T {
    let entity = world
        .resource::<SocketIndex>()
        .get(node, id)
        .expect("the socket is there");
    let mut row = world.get_mut::<TcpConnection>(entity).expect("it is a connection");
    let before = row.0.readiness();
    let done = with(&mut row.0);
    settle(world, node, id, before, now_ns);
    done
}

/// A socket's listener.
pub(super) fn listener(world: &World, node: NodeId, id: u64) -> Option<&Listener> {
    let entity = world.resource::<SocketIndex>().get(node, id)?;
    world.get::<TcpListening>(entity).map(|row| &row.0)
}

/// Changes a listener.
pub(super) fn with_listener<T>(world: &mut World, node: NodeId, id: u64, with: impl FnOnce(&mut Listener) -> T) -> T {
    let entity = world
        .resource::<SocketIndex>()
        .get(node, id)
        .expect("the socket is there");
    with(&mut world.get_mut::<TcpListening>(entity).expect("it listens").0)
}

/// What a machine derives its initial sequence numbers from (RFC 6528).
fn secret(world: &World, node: NodeId) -> Secret {
    let own = world.resource::<Nodes>().get(node).expect("the node is there");
    let key = world.get::<NodeKey>(own).expect("a node has a key").0;
    let mut secret = Secret::default();
    NodeStream::new(&key, "tcp secret").fill(&mut secret);
    secret
}

/// The MSS that a machine announces to an address.
pub(super) fn mss_to(world: &World, node: NodeId, to: Ipv4Addr) -> u16 {
    let mtu = stack::output::mtu_to(world, node, to).saturating_sub(HEADER_BYTES);
    u16::try_from(mtu).unwrap_or(u16::MAX)
}

/// Opens a connection: its SYN is on its way.
pub(super) fn connect(world: &mut World, node: NodeId, ends: Endpoints, now_ns: u64) -> Connection {
    let config = crate::tcp::Config {
        mss: mss_to(world, node, *ends.remote.ip()),
        ..Default::default()
    };
    Connection::connect(config, ends, Origin::new(&secret(world, node), ends, now_ns), now_ns)
}

/// A segment came in.
pub(crate) fn receive(world: &mut World, received: &Received) {
    let header = received.header();
    let node = received.at.node;
    if received.to_many {
        return;
    }
    let Ok(segment) = Segment::parse(&received.datagram.payload, header.source, header.destination) else {
        return stack::count(world, node, |counters| &mut counters.payload_errors);
    };
    stack::count(world, node, |counters| &mut counters.tcp_segments_in);
    let ends = Endpoints {
        local: SocketAddrV4::new(header.destination, segment.destination_port),
        remote: SocketAddrV4::new(header.source, segment.source_port),
    };
    let now_ns = received.now_ns;
    if let Some(id) = world.resource::<SocketIndex>().connection(node, ends) {
        let over = connection(world, node, id).is_some_and(|connection| connection.gives_way_to(&segment));
        if !over {
            with(world, node, id, now_ns, |connection| {
                connection.on_segment(&segment, now_ns)
            });
            return;
        }
        forget(world, node, id);
    }
    match listening(world, node, ends.local) {
        Some(id) => {
            let secret = secret(world, node);
            let mss = mss_to(world, node, *ends.remote.ip());
            let heard = with_listener(world, node, id, |listener| {
                if listener.config().connection.mss != mss {
                    listener.configure(|config| config.mss = mss);
                }
                listener.on_segment(ends, &segment, &secret, now_ns)
            });
            hear(world, node, id, ends, heard, now_ns);
        }
        None => {
            if let Some(reset) = reset_for(&segment) {
                stack::count(world, node, |counters| &mut counters.tcp_resets_out);
                transmit(world, node, ends, &reset, None, now_ns);
            }
        }
    }
}

/// The listener of an address: one that has bound it before one that takes all.
fn listening(world: &World, node: NodeId, local: SocketAddrV4) -> Option<u64> {
    let index = world.resource::<SocketIndex>();
    let fits = |id: &u64, any: bool| {
        row(world, node, *id).is_some_and(|row| {
            if any {
                row.local.ip().is_unspecified()
            } else {
                row.local.ip() == local.ip()
            }
        })
    };
    let mut at = index.at_port(node, Kind::Listener, local.port());
    let exact = at.find(|id| fits(id, false));
    exact.or_else(|| {
        index
            .at_port(node, Kind::Listener, local.port())
            .find(|id| fits(id, true))
    })
}

/// What came of a segment that a listener got.
fn hear(world: &mut World, node: NodeId, id: u64, ends: Endpoints, heard: Heard, now_ns: u64) {
    for reply in &heard.replies {
        transmit(world, node, ends, reply, None, now_ns);
    }
    if let Some(connected) = heard.connected {
        let owner = row(world, node, id).expect("it listens").uid;
        let socket = NetSocket {
            local: ends.local,
            remote: Some(ends.remote),
            open: false,
            listener: Some(id),
            ..NetSocket::new(Kind::Tcp, owner)
        };
        match spawn(world, node, socket, TcpConnection(*connected)) {
            Ok(connection) => settle(world, node, connection, Readiness::default(), now_ns),
            Err(_) => with_listener(world, node, id, |listener| listener.forget(ends)),
        }
        stir(world, node, id);
    }
    schedule_listener(world, node, id);
}

/// Sends a segment. What cannot be sent is lost, and will be sent again.
fn transmit(
    world: &mut World,
    node: NodeId,
    ends: Endpoints,
    segment: &Segment,
    socket: Option<&NetSocket>,
    now_ns: u64,
) {
    let plain = NetSocket::new(Kind::Tcp, 0);
    let mut header = super::udp::header(
        socket.unwrap_or(&plain),
        *ends.local.ip(),
        *ends.remote.ip(),
        Protocol::TCP,
    );
    header.dont_fragment = true;
    let _ = output(world, node, header, Body::Tcp(segment), None, now_ns);
}

/// Fetches what a connection has to send, schedules its timer, wakes whoever waits, and removes it once it is over.
///
/// Only what became possible wakes anybody: a reader that is woken and finds nothing must not wake itself.
fn settle(world: &mut World, node: NodeId, id: u64, before: Readiness, now_ns: u64) {
    let entity = world
        .resource::<SocketIndex>()
        .get(node, id)
        .expect("the socket is there");
    let socket = world.get::<NetSocket>(entity).expect("indexed").clone();
    loop {
        let mut row = world.get_mut::<TcpConnection>(entity).expect("it is a connection");
        let ends = row.0.ends();
        let Some(segment) = row.0.poll_transmit(now_ns) else {
            break;
        };
        transmit(world, node, ends, &segment, Some(&socket), now_ns);
    }
    let connection = &world.get::<TcpConnection>(entity).expect("it is a connection").0;
    let (timer, readiness) = (connection.next_timer_ns(), connection.readiness());
    let over = connection.is_finished() && !socket.open;
    set_timer(world, node, id, timer);
    if over {
        forget(world, node, id);
        return;
    }
    let ended = readiness != before && (readiness.hang_up || readiness.error || readiness.peer_closed);
    if socket.open && (ended || readiness.readable && !before.readable) {
        wake(world, node, WaitKey::Readable(id));
    }
    if socket.open && (ended || readiness.writable && !before.writable) {
        wake(world, node, WaitKey::Writable(id));
    }
}

/// Removes a connection, and tells the listener whose queue it was in.
fn forget(world: &mut World, node: NodeId, id: u64) {
    let ends = connection(world, node, id).map(Connection::ends);
    let queue = row(world, node, id).and_then(|row| row.listener);
    if let (Some(ends), Some(queue)) = (ends, queue)
        && listener(world, node, queue).is_some()
    {
        with_listener(world, node, queue, |listener| listener.forget(ends));
    }
    set_timer(world, node, id, None);
    // An open socket stays for its owner, who learns how it ended; nothing finds it any more.
    if row(world, node, id).is_some_and(|row| row.open) {
        super::reindex(world, node, id, |row| {
            row.listener = None;
            row.local.set_port(0);
            row.remote = None;
        });
        // In TIME-WAIT everything has come; what was not read yet may still be.
        let entity = world.resource::<SocketIndex>().get(node, id).expect("it is there");
        let mut row = world.get_mut::<TcpConnection>(entity).expect("it is a connection");
        if row.0.state() != State::TimeWait {
            row.0.abort();
        }
        stir(world, node, id);
    } else {
        remove(world, node, id);
    }
}

/// The owner of a connection lets go of it.
pub(super) fn close(world: &mut World, node: NodeId, id: u64, now_ns: u64) {
    change(world, node, id, |row| {
        row.open = false;
        row.opener = None;
    });
    with(world, node, id, now_ns, |connection| connection.close(now_ns));
}

/// The owner of a listener lets go of it: handshakes and what waits to be accepted are reset.
pub(super) fn close_listener(world: &mut World, node: NodeId, id: u64, now_ns: u64) {
    let resets = with_listener(world, node, id, |listener| listener.close(now_ns));
    for (ends, segment) in &resets {
        transmit(world, node, *ends, segment, None, now_ns);
    }
    let index = world.resource::<SocketIndex>();
    let port = row(world, node, id).expect("it listens").local.port();
    let waiting: Vec<u64> = index
        .at_port(node, Kind::Tcp, port)
        .filter(|other| row(world, node, *other).is_some_and(|row| row.listener == Some(id)))
        .collect();
    for other in waiting {
        change(world, node, other, |row| row.listener = None);
        with(world, node, other, now_ns, |connection| {
            connection.abort();
            connection.close(now_ns);
        });
    }
    set_timer(world, node, id, None);
    remove(world, node, id);
}

/// Takes the connection that has waited longest.
pub(super) fn accept(world: &mut World, node: NodeId, id: u64) -> Option<(u64, Endpoints)> {
    loop {
        let ends = with_listener(world, node, id, Listener::accept)?;
        let found = world.resource::<SocketIndex>().connection(node, ends);
        let Some(found) = found.filter(|found| row(world, node, *found).is_some_and(|row| row.listener == Some(id)))
        else {
            continue;
        };
        change(world, node, found, |row| {
            row.listener = None;
            row.open = true;
        });
        return Some((found, ends));
    }
}

/// ICMP says that a segment did not arrive (RFC 5927: only what is in flight counts).
pub(crate) fn on_error(world: &mut World, received: &Received, message: &Icmp, quoted: &Ipv4) {
    if quoted.payload.len() < 8 {
        return;
    }
    let node = received.at.node;
    let ends = Endpoints {
        local: SocketAddrV4::new(quoted.header.source, u16_at(&quoted.payload, 0)),
        remote: SocketAddrV4::new(quoted.header.destination, u16_at(&quoted.payload, 2)),
    };
    let sequence = SeqNumber(u32_at(&quoted.payload, 4));
    let Some(id) = world.resource::<SocketIndex>().connection(node, ends) else {
        return;
    };
    let now_ns = received.now_ns;
    let opening = connection(world, node, id).is_some_and(|connection| connection.state() == State::SynSent);
    let what = match message {
        Icmp::Unreachable {
            reason: Unreachable::FragmentationNeeded { mtu },
            ..
        } => {
            let mtu = *mtu;
            with(world, node, id, now_ns, |connection| {
                connection.on_path_mtu(mtu, sequence)
            });
            return;
        }
        Icmp::Unreachable { reason, .. } => match reason {
            Unreachable::Protocol | Unreachable::Port => TcpUnreachable::Hard(TcpError::Refused),
            // Whoever waits for a connection need not wait for the rest of the attempts, as stacks in use have it.
            Unreachable::Network | Unreachable::NetworkUnknown if opening => {
                TcpUnreachable::Hard(TcpError::NetworkUnreachable)
            }
            _ if opening => TcpUnreachable::Hard(TcpError::HostUnreachable),
            Unreachable::Network | Unreachable::NetworkUnknown => TcpUnreachable::Soft(TcpError::NetworkUnreachable),
            _ => TcpUnreachable::Soft(TcpError::HostUnreachable),
        },
        Icmp::TimeExceeded { .. } => TcpUnreachable::Soft(TcpError::HostUnreachable),
        _ => return,
    };
    with(world, node, id, now_ns, |connection| {
        connection.on_icmp_unreachable(what, sequence)
    });
}

/// What ended a connection, as programs see it.
pub(super) fn error(error: TcpError) -> SysError {
    let errno = match error {
        TcpError::Refused => Errno::ECONNREFUSED,
        TcpError::Reset => Errno::ECONNRESET,
        TcpError::TimedOut => Errno::ETIMEDOUT,
        TcpError::HostUnreachable => Errno::EHOSTUNREACH,
        TcpError::NetworkUnreachable => Errno::ENETUNREACH,
        TcpError::BrokenPipe => Errno::EPIPE,
        TcpError::NotConnected => Errno::ENOTCONN,
        TcpError::Aborted => Errno::ECONNABORTED,
    };
    SysError::from(errno)
}

/// A timer ran out.
pub(crate) fn on_timer(world: &mut World, key: &EventKey, event: &CalendarEvent) {
    let (node, id, now_ns) = (key.node, event.row.id, key.time_ns);
    world.resource_mut::<SocketIndex>().set_timer(node, id, None);
    if connection(world, node, id).is_some() {
        with(world, node, id, now_ns, |connection| connection.on_timer(now_ns));
    } else if listener(world, node, id).is_some() {
        let again = with_listener(world, node, id, |listener| listener.on_timer(now_ns));
        for (ends, segment) in &again {
            transmit(world, node, *ends, segment, None, now_ns);
        }
        schedule_listener(world, node, id);
    }
}

fn schedule_listener(world: &mut World, node: NodeId, id: u64) {
    let timer = listener(world, node, id).and_then(Listener::next_timer_ns);
    set_timer(world, node, id, timer);
}

fn timer_key(node: NodeId, id: u64, time_ns: u64) -> EventKey {
    EventKey {
        time_ns,
        node,
        class: EventClass::Timer,
        port: timer_port::TCP,
        sequence: id,
    }
}

fn set_timer(world: &mut World, node: NodeId, id: u64, at_ns: Option<u64>) {
    let before = world.resource::<SocketIndex>().timer(node, id);
    if before == at_ns {
        return;
    }
    world.resource_mut::<SocketIndex>().set_timer(node, id, at_ns);
    let mut calendar = world.resource_mut::<Calendar>();
    if let Some(before) = before {
        calendar.cancel(&timer_key(node, id, before));
    }
    if let Some(at_ns) = at_ns {
        let event = CalendarEvent {
            kind: TIMER,
            row: RowId { node, id },
            token: 0,
        };
        calendar.schedule(timer_key(node, id, at_ns), event);
    }
}

/// Schedules every timer again, and looks whether listeners and their queues fit together.
pub(super) fn rebuild(world: &mut World) -> Result<(), String> {
    let mut connections = world.query::<(&RowId, &NetSocket, &TcpConnection)>();
    let mut listeners = world.query::<(&RowId, &TcpListening)>();
    let mut timers: Vec<(RowId, Option<u64>)> = Vec::new();
    let known: std::collections::BTreeSet<RowId> = listeners.iter(world).map(|(row, _)| *row).collect();
    for (row, socket, connection) in connections.iter(world) {
        let queue = socket.listener.map(|id| RowId { node: row.node, id });
        if queue.is_some_and(|queue| !known.contains(&queue)) || (queue.is_some() && socket.open) {
            return Err(format!("node {}: connection {} waits at no listener", row.node, row.id));
        }
        timers.push((*row, connection.0.next_timer_ns()));
    }
    timers.extend(
        listeners
            .iter(world)
            .map(|(row, listening)| (*row, listening.0.next_timer_ns())),
    );
    for (row, at_ns) in timers {
        set_timer(world, row.node, row.id, at_ns);
    }
    Ok(())
}

/// The name of a state, as `ss` has it.
pub(super) const fn state_name(state: State) -> &'static str {
    state.name()
}
