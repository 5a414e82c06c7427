//! Cables: cut, mended, pulled, lossy; and the addresses of neighbours.

use helios_engine::log::submit;
use helios_net::flight::Frame;
use helios_net::link::{Endpoint, LinkSpec, plug};
use helios_net::stack::Neighbours;
use helios_net::wire::MacAddr;
use helios_net::{NetIndex, stack::arp};
use serde_json::json;

use super::*;

/// Plugs a cable into ports of two switches.
pub(super) fn join(app: &mut App, one: (&str, u32), two: (&str, u32)) {
    let end = |(name, interface): (&str, u32)| Endpoint {
        node: id(name),
        interface,
    };
    for (at, to) in [(end(one), end(two)), (end(two), end(one))] {
        plug(app.world_mut(), at, to, LinkSpec::default());
    }
}

fn in_flight(app: &mut App) -> usize {
    let mut frames = app.world_mut().query::<&Frame>();
    frames.iter(app.world()).count()
}

#[test]
fn a_cut_cable_loses_what_is_on_it_and_a_mended_one_carries_again() {
    let mut app = net(&star(2, ""));
    ping(&mut app, "m1", address("10.0.0.2"), 56, |_| {});
    run(&mut app, 10);
    let answers = |app: &App| stack_of(app, "m1").counters.delivered;
    let before = answers(&app);
    ping(&mut app, "m1", address("10.0.0.2"), 56, |_| {});
    run(&mut app, 1);
    assert_eq!(in_flight(&mut app), 1);
    for (node, interface) in [("m1", 1), ("sw", 1)] {
        submit(app.world_mut(), id(node), "link.cut", json!({ "interface": interface })).unwrap();
    }
    run(&mut app, 10);
    assert_eq!((in_flight(&mut app), answers(&app)), (0, before));
    assert_eq!(interface(app.world(), id("sw"), 1).unwrap().counters.rx_dropped, 1);
    let now_ns = now_ns(&app);
    let header = Ipv4Header::new(Ipv4Addr::UNSPECIFIED, address("10.0.0.2"), Protocol::UDP);
    stack::output(app.world_mut(), id("m1"), header, Body::Raw(b"lost"), None, now_ns).unwrap();
    assert_eq!(eth0(&app, "m1").counters.tx_dropped, 1);
    for (node, interface) in [("m1", 1), ("sw", 1)] {
        submit(
            app.world_mut(),
            id(node),
            "link.mend",
            json!({ "interface": interface }),
        )
        .unwrap();
    }
    run(&mut app, 1);
    ping(&mut app, "m1", address("10.0.0.2"), 56, |_| {});
    run(&mut app, 10);
    assert_eq!(answers(&app), before + 1);
}

#[test]
fn commands_about_cables_say_what_is_wrong() {
    let mut app = net(&star(1, ""));
    for (command, payload, wanted) in [
        ("link.cut", json!({ "interface": 7 }), "there is no such interface"),
        ("link.mend", json!({ "interface": 0, "x": 1 }), "unknown field"),
        (
            "link.set",
            json!({ "interface": 1, "link": { "loss_ppm": 2_000_000 } }),
            "loss_ppm: 2000000 is over 1000000",
        ),
        ("cable.cut", json!({ "interface": "wlan0" }), "wlan0"),
    ] {
        let refused = submit(app.world_mut(), id("m1"), command, payload);
        let said = match refused {
            Err(error) => error.to_string(),
            Ok(_) => {
                run(&mut app, 1);
                format!("{:?}", app.world().resource::<helios_engine::log::Log>())
            }
        };
        assert!(said.contains(wanted), "{command}: {said}");
    }
}

#[test]
fn a_damaged_frame_is_counted_and_dropped() {
    let mut app = net(&star(2, ""));
    submit(
        app.world_mut(),
        id("m1"),
        "link.set",
        json!({ "interface": 1, "link": { "corrupt_ppm": 1_000_000 } }),
    )
    .unwrap();
    run(&mut app, 1);
    ping(&mut app, "m1", address("10.0.0.2"), 56, |_| {});
    run(&mut app, 5);
    assert_eq!(interface(app.world(), id("sw"), 1).unwrap().counters.rx_errors, 1);
    assert_eq!(eth0(&app, "m2").counters.rx_frames, 0);
}

fn neighbours(app: &App, name: &str) -> Neighbours {
    let entity = app.world().resource::<NetIndex>().interface(id(name), 1).unwrap();
    app.world().get::<Neighbours>(entity).unwrap().clone()
}

#[test]
fn neighbours_are_asked_three_times_and_then_given_up() {
    let mut app = net(&star(2, ""));
    ping(&mut app, "m1", address("10.0.0.9"), 56, |_| {});
    run(&mut app, 2_500);
    assert_eq!(
        neighbours(&app, "m1").table[&address("10.0.0.9")].state(now_ns(&app)),
        "INCOMPLETE"
    );
    assert_eq!(eth0(&app, "m1").counters.tx_frames, 3);
    run(&mut app, 1_000);
    assert!(neighbours(&app, "m1").table.is_empty());
    // Everything is idle now.
    assert_eq!(app.world().resource::<helios_engine::time::Calendar>().len(), 0);
}

#[test]
fn a_neighbour_goes_stale_and_is_asked_directly() {
    let mut app = net(&star(2, ""));
    let to = address("10.0.0.2");
    ping(&mut app, "m1", to, 56, |_| {});
    run(&mut app, 10);
    assert_eq!(neighbours(&app, "m1").table[&to].state(now_ns(&app)), "REACHABLE");
    helios_engine::time::run_until(app.world_mut(), helios_engine::ids::Tick(31_000));
    assert_eq!(neighbours(&app, "m1").table[&to].state(now_ns(&app)), "STALE");
    let frames = eth0(&app, "m2").counters.rx_frames;
    udp(&mut app, "m1", to, 10);
    run(&mut app, 10);
    assert_eq!(neighbours(&app, "m1").table[&to].state(now_ns(&app)), "REACHABLE");
    assert_eq!(
        eth0(&app, "m2").counters.rx_frames,
        frames + 3,
        "the datagram, the question, and the answer to its own"
    );
}

#[test]
fn who_claims_anothers_address_is_logged_and_counted() {
    let mut app = net(&star(3, ""));
    ping(&mut app, "m1", address("10.0.0.2"), 56, |_| {});
    run(&mut app, 10);
    let own = eth0(&app, "m3").mac;
    // m3 answers for m2, unasked.
    let packet = helios_net::wire::Arp {
        operation: helios_net::wire::ArpOperation::Reply,
        sender_mac: own,
        sender: address("10.0.0.2"),
        target_mac: eth0(&app, "m1").mac,
        target: address("10.0.0.1"),
    };
    let ethernet = helios_net::wire::EthernetHeader {
        destination: MacAddr::BROADCAST,
        source: own,
        tag: None,
        ethertype: helios_net::wire::EtherType::ARP,
    };
    let frame = helios_net::wire::frame::arp(&ethernet, &packet).freeze();
    let at = Endpoint {
        node: id("m3"),
        interface: 1,
    };
    let now_ns = now_ns(&app);
    helios_net::flight::send(app.world_mut(), at, frame, now_ns);
    run(&mut app, 5);
    assert_eq!(neighbours(&app, "m1").conflicts, 1);
    assert!(log(&app, "m1").contains("10.0.0.2 moved from"), "{}", log(&app, "m1"));
    assert!(
        log(&app, "m2").contains("claims the address 10.0.0.2"),
        "{}",
        log(&app, "m2")
    );
    // What an operator wrote down does not move.
    let victim = Endpoint {
        node: id("m1"),
        interface: 1,
    };
    let mac = eth0(&app, "m2").mac;
    assert!(arp::set(app.world_mut(), victim, address("10.0.0.2"), Some(mac)));
    let frame = helios_net::wire::frame::arp(&ethernet, &packet).freeze();
    helios_net::flight::send(app.world_mut(), at, frame, now_ns);
    run(&mut app, 5);
    assert_eq!(neighbours(&app, "m1").table[&address("10.0.0.2")].mac(), Some(mac));
}
