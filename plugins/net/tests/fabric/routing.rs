//! Routers: forwarding, hops, fragments, and what ICMP says about it.

use helios_net::stack::Reassembly;

use super::*;

/// `a` in 10.1.0.0/24, `b` in 10.2.0.0/24, and two routers between them. The link in the middle takes 600 bytes.
fn line() -> App {
    let nodes = [
        machine(
            "a",
            "interfaces: [(name: \"eth0\", addresses: [\"10.1.0.2/24\"], to: \"r1:eth0\")], routes: [(to: \"default\", via: \"10.1.0.1\")]",
        ),
        machine(
            "r1",
            "forward: true, interfaces: [(name: \"eth0\", addresses: [\"10.1.0.1/24\"]), (name: \"eth1\", addresses: [\"10.9.0.1/30\"], mtu: 600, to: \"r2:eth1\")], routes: [(to: \"10.2.0.0/24\", via: \"10.9.0.2\")]",
        ),
        machine(
            "r2",
            "forward: true, interfaces: [(name: \"eth0\", addresses: [\"10.2.0.1/24\"]), (name: \"eth1\", addresses: [\"10.9.0.2/30\"], mtu: 600)], routes: [(to: \"10.1.0.0/24\", via: \"10.9.0.1\")]",
        ),
        machine(
            "b",
            "interfaces: [(name: \"eth0\", addresses: [\"10.2.0.2/24\"], to: \"r2:eth0\")], routes: [(to: \"default\", via: \"10.2.0.1\")]",
        ),
    ];
    net(&nodes.concat())
}

fn answers(app: &App) -> u64 {
    stack_of(app, "a").counters.delivered
}

#[test]
fn a_ping_crosses_two_routers() {
    let mut app = line();
    ping(&mut app, "a", address("10.2.0.2"), 56, |_| {});
    run(&mut app, 40);
    assert_eq!(answers(&app), 1);
    assert_eq!(stack_of(&app, "r1").counters.forwarded, 2);
    assert_eq!(stack_of(&app, "b").counters.delivered, 1);
}

#[test]
fn hops_are_used_up_and_32_bits_of_them_are_not() {
    let mut app = line();
    for hops in [1, 2] {
        ping(&mut app, "a", address("10.2.0.2"), 56, |header| {
            header.set_hops(hops).unwrap()
        });
        run(&mut app, 40);
    }
    assert_eq!(stack_of(&app, "r1").counters.hops_exceeded, 1);
    assert_eq!(stack_of(&app, "r2").counters.hops_exceeded, 1);
    assert_eq!(
        (answers(&app), stack_of(&app, "b").counters.delivered),
        (2, 0),
        "time exceeded, twice"
    );
    ping(&mut app, "a", address("10.2.0.2"), 56, |header| {
        header.set_hops(100_000).unwrap()
    });
    run(&mut app, 40);
    assert_eq!((answers(&app), stack_of(&app, "b").counters.delivered), (3, 1));
}

#[test]
fn a_long_datagram_is_cut_and_put_together() {
    let mut app = line();
    ping(&mut app, "a", address("10.2.0.2"), 3_000, |_| {});
    run(&mut app, 60);
    assert_eq!(answers(&app), 1);
    let own = app.world().resource::<Nodes>().get(id("b")).unwrap();
    let reassembly = app.world().get::<Reassembly>(own).unwrap();
    assert_eq!((reassembly.done, reassembly.waiting()), (1, 0));
    assert!(stack_of(&app, "r1").counters.fragments_made >= 6);
}

#[test]
fn what_must_not_be_cut_is_answered_with_the_mtu() {
    let mut app = line();
    ping(&mut app, "a", address("10.2.0.2"), 1_000, |header| {
        header.dont_fragment = true
    });
    run(&mut app, 40);
    assert_eq!((answers(&app), stack_of(&app, "b").counters.delivered), (1, 0));
    assert_eq!(stack_of(&app, "r1").counters.cannot_fragment, 1);
}

#[test]
fn what_leads_nowhere_is_said() {
    let mut app = line();
    ping(&mut app, "a", address("192.0.2.1"), 56, |_| {});
    ping(&mut app, "a", address("10.2.0.99"), 56, |_| {});
    run(&mut app, 6_000);
    assert_eq!(stack_of(&app, "r1").counters.no_route, 1);
    assert_eq!(answers(&app), 2, "no network, and no host after three questions");
    let nobody = Ipv4Header::new(Ipv4Addr::UNSPECIFIED, address("192.0.2.1"), Protocol::UDP);
    let mut bare = net(&star(1, ""));
    let refused = stack::output(bare.world_mut(), id("m1"), nobody, Body::Raw(b""), None, 0);
    assert_eq!(refused.unwrap_err().errno, helios_abi::Errno::ENETUNREACH);
}

#[test]
fn a_port_where_nobody_listens_is_unreachable_and_errors_are_limited() {
    let mut app = line();
    for _ in 0..200 {
        udp(&mut app, "a", address("10.2.0.2"), 10);
    }
    run(&mut app, 60);
    let b = stack_of(&app, "b").counters;
    assert_eq!(b.delivered, 16, "what waited for the neighbour, and no more");
    for _ in 0..200 {
        udp(&mut app, "a", address("10.2.0.2"), 10);
    }
    run(&mut app, 60);
    let b = stack_of(&app, "b").counters;
    assert_eq!(b.delivered, 216);
    assert!(b.icmp_limited > 100, "{b:?}");
}

#[test]
fn the_longest_prefix_wins_and_the_metric_decides() {
    let mut app = line();
    let world = app.world_mut();
    let route = |to: &str, via: &str, metric| stack::RouteSpec {
        to: to.parse().unwrap(),
        via: Some(address(via)),
        interface: None,
        metric,
    };
    stack::add_route(world, id("r1"), route("10.2.0.0/16", "10.1.0.2", 0)).unwrap();
    stack::add_route(world, id("r1"), route("10.2.0.0/24", "10.1.0.2", 5)).unwrap();
    let next = |world: &World, to: &str| stack::route(world, id("r1"), address(to)).map(|hop| hop.next);
    assert_eq!(next(world, "10.2.0.7"), Some(address("10.9.0.2")));
    assert_eq!(next(world, "10.2.1.7"), Some(address("10.1.0.2")));
    stack::remove_route(world, id("r1"), route("10.2.0.0/24", "10.9.0.2", 0)).unwrap();
    assert_eq!(next(world, "10.2.0.7"), Some(address("10.1.0.2")));
    for (spec, errno) in [
        (route("10.2.0.0/16", "10.1.0.2", 0), helios_abi::Errno::EEXIST),
        (route("10.3.0.0/16", "192.0.2.9", 0), helios_abi::Errno::ENETUNREACH),
        (route("10.3.0.0/16", "10.9.0.1", 0), helios_abi::Errno::EINVAL),
    ] {
        assert_eq!(stack::add_route(world, id("r1"), spec).unwrap_err().errno, errno);
    }
}
