//! Calls that tell of sockets, interfaces, routes and neighbours.

use bevy_ecs::prelude::*;
use helios_abi::NodeId;
use helios_abi::calls::{
    InterfaceInfo, Interfaces, NeighbourInfo, Neighbours as NeighboursCall, NetworkInfo, NetworkStatus, RouteInfo,
    Routes, SocketDetail, SocketInfo, SocketInfoOf, Sockets,
};
use helios_kernel::{Caller, Completion, SysResult};

use super::super::{Inbox, Kind, NetSocket, SocketIndex, tcp};
use super::{now_ns, shown, socket};
use crate::NetIndex;
use crate::link::{Interface, interface};
use crate::stack::{Neighbours, stack};
use crate::tcp::{CongestionKind, TcpInfo};

/// `socket_info`.
pub(super) fn socket_info(world: &mut World, caller: &Caller, call: SocketInfoOf) -> SysResult<SocketInfo> {
    let (file, _) = socket(world, caller, call.fd)?;
    Ok(Completion::Done(tell(world, file.node, file.file.object)))
}

/// `sockets`.
pub(super) fn sockets(world: &mut World, caller: &Caller, _: Sockets) -> SysResult<Vec<SocketInfo>> {
    let node = caller.node();
    let ids: Vec<u64> = world
        .resource::<SocketIndex>()
        .of_node(node)
        .map(|(id, _)| id)
        .collect();
    let mut all: Vec<SocketInfo> = Vec::with_capacity(ids.len());
    for id in ids {
        all.push(tell(world, node, id));
        // Handshakes under way have no socket of their own yet.
        if let Some(listener) = tcp::listener(world, node, id) {
            all.extend(listener.handshakes().map(|connection| SocketInfo {
                kind: "tcp".to_owned(),
                state: tcp::state_name(connection.state()).to_owned(),
                local: shown(connection.ends().local),
                remote: Some(shown(connection.ends().remote)),
                receive_queue: 0,
                send_queue: 0,
                uid: 0,
                inode: 0,
                details: Vec::new(),
            }));
        }
    }
    charge(world, caller, all.len());
    Ok(Completion::Done(all))
}

/// What long lists cost beside their call.
fn charge(world: &mut World, caller: &Caller, entries: usize) {
    helios_kernel::sched::charge_machine(world, caller.node(), entries as u64 * 2);
}

fn tell(world: &World, node: NodeId, id: u64) -> SocketInfo {
    let entity = world.resource::<SocketIndex>().get(node, id).expect("it is there");
    let row = world.get::<NetSocket>(entity).expect("indexed");
    let (state, receive_queue, send_queue, details) = match row.kind {
        Kind::Tcp => {
            let connection = tcp::connection(world, node, id).expect("it is a connection");
            let state = tcp::state_name(connection.state());
            let details = details(&connection.info());
            (
                state,
                connection.unread_bytes(),
                connection.unacknowledged_bytes(),
                details,
            )
        }
        Kind::Listener => {
            let listener = tcp::listener(world, node, id).expect("it listens");
            let counters = listener.counters();
            let details = [
                ("handshakes", counters.handshakes),
                ("failed", counters.failed),
                ("syns_dropped", counters.syns_dropped),
                ("overflows", counters.overflows),
                ("cookies_sent", counters.cookies_sent),
                ("cookies_accepted", counters.cookies_accepted),
                ("cookies_refused", counters.cookies_refused),
            ];
            let backlog = u64::from(listener.config().backlog);
            ("LISTEN", u64::from(listener.waiting()), backlog, named(&details))
        }
        _ => {
            let inbox = world.get::<Inbox>(entity).expect("it takes datagrams");
            let state = if row.remote.is_some() { "ESTAB" } else { "UNCONN" };
            (state, inbox.bytes(), 0, named(&[("dropped", inbox.dropped)]))
        }
    };
    SocketInfo {
        kind: row.kind.name().to_owned(),
        state: state.to_owned(),
        local: shown(row.local),
        remote: row.remote.map(shown),
        receive_queue,
        send_queue,
        uid: row.uid,
        inode: id,
        details,
    }
}

fn named(values: &[(&str, u64)]) -> Vec<SocketDetail> {
    let details = values.iter().map(|(name, value)| SocketDetail {
        name: (*name).to_owned(),
        value: *value,
    });
    details.collect()
}

fn details(info: &TcpInfo) -> Vec<SocketDetail> {
    named(&[
        ("cubic", u64::from(info.congestion == CongestionKind::Cubic)),
        ("ts", u64::from(info.timestamps)),
        ("sack", u64::from(info.sack)),
        ("rto_us", info.rto_ns / 1_000),
        ("backoff", u64::from(info.backoff)),
        ("rtt_us", info.srtt_ns / 1_000),
        ("rttvar_us", info.rttvar_ns / 1_000),
        ("minrtt_us", info.min_rtt_ns / 1_000),
        ("mss", info.mss_bytes),
        ("pmtu", info.path_mtu_bytes),
        ("cwnd_bytes", info.cwnd_bytes),
        ("ssthresh_bytes", info.ssthresh_bytes.unwrap_or(0)),
        ("snd_wnd", info.send_window_bytes),
        ("rcv_wnd", info.receive_window_bytes),
        ("in_flight", info.in_flight_bytes),
        ("unsent", info.unsent_bytes),
        ("retransmits", info.retransmits),
        ("bytes_acked", info.bytes_acked),
        ("bytes_received", info.bytes_received),
        ("bytes_retransmitted", info.bytes_retransmitted),
        ("segs_in", info.segments_in),
        ("segs_out", info.segments_out),
    ])
}

/// `interfaces`.
pub(super) fn interfaces(world: &mut World, caller: &Caller, _: Interfaces) -> SysResult<Vec<InterfaceInfo>> {
    let index = world.resource::<NetIndex>();
    let rows = index
        .interfaces(caller.node())
        .filter_map(|(_, entity)| world.get::<Interface>(entity));
    let all = rows.map(|row| InterfaceInfo {
        number: row.number,
        name: row.name.clone(),
        mac: row.mac.to_string(),
        mtu: row.mtu,
        up: row.up,
        carrier: row.cable.is_some_and(|cable| !cable.cut),
        promiscuous: row.promiscuous,
        addresses: row.addresses.iter().map(ToString::to_string).collect(),
        rx_frames: row.counters.rx_frames,
        rx_bytes: row.counters.rx_bytes,
        rx_errors: row.counters.rx_errors,
        rx_dropped: row.counters.rx_dropped,
        tx_frames: row.counters.tx_frames,
        tx_bytes: row.counters.tx_bytes,
        tx_dropped: row.counters.tx_dropped,
    });
    Ok(Completion::Done(all.collect()))
}

fn name_of(world: &World, node: NodeId, number: u32) -> String {
    interface(world, node, number).map_or_else(|| number.to_string(), |row| row.name.clone())
}

/// `routes`.
pub(super) fn routes(world: &mut World, caller: &Caller, _: Routes) -> SysResult<Vec<RouteInfo>> {
    let node = caller.node();
    let routes = stack(world, node).map(|stack| stack.routes.clone()).unwrap_or_default();
    let all: Vec<RouteInfo> = routes
        .iter()
        .map(|route| RouteInfo {
            to: route.to.to_string(),
            via: route.via.map(|via| via.to_string()),
            interface: name_of(world, node, route.interface),
            metric: route.metric,
            source: route.source.map(|source| source.to_string()),
        })
        .collect();
    charge(world, caller, all.len());
    Ok(Completion::Done(all))
}

/// `neighbours`.
pub(super) fn neighbours(world: &mut World, caller: &Caller, _: NeighboursCall) -> SysResult<Vec<NeighbourInfo>> {
    let now_ns = now_ns(world);
    let index = world.resource::<NetIndex>();
    let mut all = Vec::new();
    for (_, entity) in index.interfaces(caller.node()) {
        let (Some(row), Some(neighbours)) = (world.get::<Interface>(entity), world.get::<Neighbours>(entity)) else {
            continue;
        };
        all.extend(neighbours.table.iter().map(|(address, neighbour)| NeighbourInfo {
            address: address.to_string(),
            interface: row.name.clone(),
            mac: neighbour.mac().map(|mac| mac.to_string()),
            state: neighbour.state(now_ns).to_owned(),
        }));
    }
    charge(world, caller, all.len());
    Ok(Completion::Done(all))
}

/// `network_status`.
pub(super) fn network_status(world: &mut World, caller: &Caller, _: NetworkStatus) -> SysResult<NetworkInfo> {
    let node = caller.node();
    let Some(stack) = stack(world, node) else {
        return Err(helios_abi::SysError::new(
            helios_abi::Errno::ENODEV,
            "the machine has no network",
        ));
    };
    let counters = &stack.counters;
    let values = [
        ("received", counters.received),
        ("delivered", counters.delivered),
        ("forwarded", counters.forwarded),
        ("header_errors", counters.header_errors),
        ("address_errors", counters.address_errors),
        ("hops_exceeded", counters.hops_exceeded),
        ("no_route", counters.no_route),
        ("unknown_protocol", counters.unknown_protocol),
        ("sent", counters.sent),
        ("fragments_made", counters.fragments_made),
        ("cannot_fragment", counters.cannot_fragment),
        ("icmp_in", counters.icmp_in),
        ("icmp_out", counters.icmp_out),
        ("icmp_limited", counters.icmp_limited),
        ("udp_in", counters.udp_in),
        ("udp_out", counters.udp_out),
        ("udp_no_port", counters.udp_no_port),
        ("tcp_segments_in", counters.tcp_segments_in),
        ("tcp_segments_out", counters.tcp_segments_out),
        ("tcp_resets_out", counters.tcp_resets_out),
        ("payload_errors", counters.payload_errors),
    ];
    Ok(Completion::Done(NetworkInfo {
        forwarding: stack.forwarding,
        hops: stack.hops,
        counters: named(&values),
    }))
}
