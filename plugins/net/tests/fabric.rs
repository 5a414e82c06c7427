//! Links, switches and the stacks of machines, without any process.

#[path = "fabric/hostile.rs"]
mod hostile;
#[path = "fabric/links.rs"]
mod links;
#[path = "fabric/routing.rs"]
mod routing;
#[path = "fabric/saves.rs"]
mod saves;
#[path = "fabric/switches.rs"]
mod switches;

use std::fmt::Write as _;
use std::net::Ipv4Addr;

use bevy_app::App;
use bevy_ecs::prelude::*;
use bytes::Bytes;
use helios_engine::hash::HashPolicy;
use helios_engine::prelude::{Clock, EnginePlugin, NodeId, Nodes, step};
use helios_engine::worlds::{BuildOptions, build_world};
use helios_kernel::KernelPlugin;
use helios_net::NetPlugin;
use helios_net::link::{Interface, interface};
use helios_net::stack::{self, Ipv4Stack};
use helios_net::switch::SwitchCounters;
use helios_net::wire::frame::Body;
use helios_net::wire::{Icmp, Ipv4Header, Protocol, Udp};

/// A world of these nodes, in the form of world files.
fn net(nodes: &str) -> App {
    let mut app = empty();
    let text = format!("(name: \"net\", seed: 7, nodes: [{nodes}])");
    build_world(app.world_mut(), "net.ron", &text, BuildOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    app
}

fn empty() -> App {
    let mut app = App::new();
    app.add_plugins((
        EnginePlugin {
            hash_policy: HashPolicy::EveryTick,
        },
        KernelPlugin,
        NetPlugin,
    ));
    app.finish();
    app
}

/// A machine that is off, with a network card: what arrives is the stack's business, not a process's.
fn machine(name: &str, net: &str) -> String {
    format!("(name: \"{name}\", kind: machine, machine: (boot: false), net: ({net})),")
}

/// Machines `m1` to `mN` at ports 1 to N of a switch `sw`, with addresses 10.0.0.1 to 10.0.0.N.
fn star(count: u32, switch: &str) -> String {
    let mut text = format!("(name: \"sw\", kind: switch, switch: (ports: 16{switch})),");
    for index in 1..=count {
        let net = format!("interfaces: [(name: \"eth0\", addresses: [\"10.0.0.{index}/24\"], to: \"sw:{index}\")]");
        text.push_str(&machine(&format!("m{index}"), &net));
    }
    text
}

fn id(name: &str) -> NodeId {
    NodeId::from_name(name)
}

fn run(app: &mut App, ticks: u64) {
    for _ in 0..ticks {
        step(app.world_mut());
    }
}

fn now_ns(app: &App) -> u64 {
    app.world().resource::<Clock>().now_ns()
}

fn eth0(app: &App, name: &str) -> Interface {
    interface(app.world(), id(name), 1).expect("it has one").clone()
}

fn stack_of<'a>(app: &'a App, name: &str) -> &'a Ipv4Stack {
    stack::stack(app.world(), id(name)).expect("it has one")
}

fn switch_counters(app: &App, name: &str) -> SwitchCounters {
    let entity = app.world().resource::<Nodes>().get(id(name)).expect("it is there");
    app.world()
        .get::<SwitchCounters>(entity)
        .expect("it is a switch")
        .clone()
}

/// Sends an echo request.
fn ping(app: &mut App, from: &str, to: Ipv4Addr, len: usize, change: impl FnOnce(&mut Ipv4Header)) {
    let request = Icmp::EchoRequest {
        identifier: 1,
        sequence: 1,
        data: Bytes::from(vec![7; len]),
    };
    send(app, from, to, Body::Icmp(&request), Protocol::ICMP, change);
}

fn send(
    app: &mut App,
    from: &str,
    to: Ipv4Addr,
    body: Body<'_>,
    protocol: Protocol,
    change: impl FnOnce(&mut Ipv4Header),
) {
    let mut header = Ipv4Header::new(Ipv4Addr::UNSPECIFIED, to, protocol);
    change(&mut header);
    let now_ns = now_ns(app);
    stack::output(app.world_mut(), id(from), header, body, None, now_ns).unwrap_or_else(|error| panic!("{error:?}"));
}

fn udp(app: &mut App, from: &str, to: Ipv4Addr, len: usize) {
    let datagram = Udp {
        source_port: 9,
        destination_port: 9,
        payload: Bytes::from(vec![1; len]),
    };
    send(app, from, to, Body::Udp(&datagram), Protocol::UDP, |_| {});
}

fn address(text: &str) -> Ipv4Addr {
    text.parse().expect("an address")
}

/// The lines of a machine's kernel log.
fn log(app: &App, name: &str) -> String {
    let entity = app.world().resource::<Nodes>().get(id(name)).expect("it is there");
    let log = app
        .world()
        .get::<helios_kernel::machine::KernelLog>(entity)
        .expect("it is a machine");
    let mut out = String::new();
    for (_, line) in &log.lines {
        writeln!(out, "{line}").expect("text grows");
    }
    out
}
