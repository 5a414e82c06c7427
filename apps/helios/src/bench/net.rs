//! What the network costs: frames that cross links, connections that do nothing.

use std::fmt::Write as _;
use std::net::Ipv4Addr;

use bytes::Bytes;
use helios_engine::hash::HashPolicy;
use helios_engine::ids::NodeId;
use helios_engine::time::{Clock, step};
use helios_engine::worlds::BuildOptions;
use helios_net::NetIndex;
use helios_net::link::Interface;
use helios_net::sockets::hold_udp;
use helios_net::stack;
use helios_net::wire::frame::Body;
use helios_net::wire::{Ipv4Header, Protocol, Udp};

use super::{Bound, Figure, Measurement, THREADS, figure, milliseconds};
use crate::sim::Sim;

/// Ports of one switch that have hosts.
const HOSTS_OF_A_SWITCH: usize = 500;
/// Datagrams that each host sends to its neighbour in a millisecond.
const RATE: usize = 2;
/// Where they listen.
const PORT: u16 = 9;
/// Bytes of a datagram's payload.
const PAYLOAD_BYTES: usize = 512;

pub(super) fn measurement() -> Measurement {
    Measurement {
        name: "net",
        about: "packet-hops a second: host, switch, host, UDP at a constant rate between neighbours",
        run: hops,
    }
}

fn hops(samples: u16) -> Vec<Figure> {
    let sizes: [(usize, Bound); 4] = [
        (10, Bound::AtLeast(1_000.0)),
        (100, Bound::AtLeast(1_000.0)),
        (1_000, Bound::AtLeast(1_000.0)),
        (10_000, Bound::Free),
    ];
    sizes
        .iter()
        .map(|&(hosts, bound)| {
            let mut sim = star(hosts);
            let ticks = (200_000 / hosts).clamp(5, 2_000);
            // Everybody knows everybody's address before it counts.
            traffic(&mut sim, hosts, 8);
            let taken = (0..samples.max(1)).map(|_| {
                let before = received(&sim);
                let spent = milliseconds(|| traffic(&mut sim, hosts, ticks));
                (received(&sim) - before) as f64 / spent
            });
            let name = format!("thousand packet-hops a second, {hosts} hosts");
            figure(name, "k/s", bound, taken.collect())
        })
        .collect()
}

fn name(index: usize) -> String {
    format!("h{index}")
}

fn address(index: usize) -> Ipv4Addr {
    let [_, b, c, d] = (index as u32 + 1).to_be_bytes();
    Ipv4Addr::new(10, b, c, d)
}

/// Hosts at switches, each beside the one that it talks to. None of them runs.
fn star(hosts: usize) -> Sim {
    let mut text = String::from("(name: \"star\", seed: 1, nodes: [");
    for switch in 0..hosts.div_ceil(HOSTS_OF_A_SWITCH) {
        _ = write!(
            text,
            "(name: \"s{switch}\", kind: switch, switch: (ports: {HOSTS_OF_A_SWITCH})),"
        );
    }
    for index in 0..hosts {
        let (switch, port) = (index / HOSTS_OF_A_SWITCH, index % HOSTS_OF_A_SWITCH + 1);
        _ = write!(
            text,
            "(name: {:?}, kind: machine, machine: (boot: false), net: (interfaces: [(name: \"eth0\", addresses: [\"{}/8\"], to: \"s{switch}:{port}\")])),",
            name(index),
            address(index),
        );
    }
    text.push_str("])");
    let built = Sim::built("star.ron", &text, BuildOptions::default(), THREADS, HashPolicy::Off);
    let mut sim = built.expect("the world can be built");
    for index in 0..hosts {
        hold_udp(sim.world_mut(), NodeId::from_name(&name(index)), PORT).expect("the port is free");
    }
    sim
}

fn traffic(sim: &mut Sim, hosts: usize, ticks: usize) {
    let ids: Vec<NodeId> = (0..hosts).map(|index| NodeId::from_name(&name(index))).collect();
    let payload = Bytes::from(vec![0; PAYLOAD_BYTES]);
    let world = sim.world_mut();
    for _ in 0..ticks {
        let now_ns = world.resource::<Clock>().now_ns();
        for (index, &node) in ids.iter().enumerate() {
            for _ in 0..RATE {
                let datagram = Udp {
                    source_port: PORT,
                    destination_port: PORT,
                    payload: payload.clone(),
                };
                let header = Ipv4Header::new(address(index), address(index ^ 1), Protocol::UDP);
                stack::output(world, node, header, Body::Udp(&datagram), None, now_ns).expect("its neighbour is there");
            }
        }
        step(world);
    }
}

/// Frames that arrived anywhere.
fn received(sim: &Sim) -> u64 {
    let world = sim.world();
    let rows = world.resource::<NetIndex>().all();
    rows.filter_map(|(_, _, entity)| world.get::<Interface>(entity))
        .map(|row| row.counters.rx_frames)
        .sum()
}
