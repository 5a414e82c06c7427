//! Switches: learning, VLANs, a mirror, storms.

use super::*;

#[test]
fn the_first_frame_is_flooded_and_the_rest_are_not() {
    let mut app = net(&star(3, ""));
    ping(&mut app, "m1", address("10.0.0.2"), 56, |_| {});
    run(&mut app, 10);
    // ARP's question went to everybody; its answer, the ping and the ping's answer to one each.
    let counters = switch_counters(&app, "sw");
    assert_eq!((counters.flooded, counters.forwarded), (1, 3));
    assert_eq!(eth0(&app, "m3").counters.rx_frames, 1);
    assert_eq!(stack_of(&app, "m1").counters.delivered, 1, "the answer came");
}

#[test]
fn vlans_are_apart_and_a_trunk_joins_them() {
    let side = |name: &str, peer: &str| {
        format!(
            "(name: \"{name}\", kind: switch, switch: (ports: 4, access: {{1: 10, 2: 20}}, trunks: {{4: (vlans: [10, 20])}})),{peer}"
        )
    };
    let host = |name: &str, at: &str, address: &str| {
        machine(
            name,
            &format!("interfaces: [(name: \"eth0\", addresses: [\"{address}/24\"], to: \"{at}\")]"),
        )
    };
    // A cable between switches is written by a machine's end alone, so the trunk is plugged in by hand.
    let mut app = net(&[
        side("left", ""),
        side("right", ""),
        host("a10", "left:1", "10.0.0.1"),
        host("a20", "left:2", "10.0.0.2"),
        host("b10", "right:1", "10.0.0.3"),
        host("b20", "right:2", "10.0.0.4"),
    ]
    .concat());
    links::join(&mut app, ("left", 4), ("right", 4));
    for (from, to, arrives) in [
        ("a10", "10.0.0.3", true),
        ("a20", "10.0.0.4", true),
        ("a10", "10.0.0.2", false),
        ("a10", "10.0.0.4", false),
    ] {
        let before = stack_of(&app, from).counters.delivered;
        ping(&mut app, from, address(to), 56, |_| {});
        run(&mut app, 20);
        let came = stack_of(&app, from).counters.delivered > before;
        assert_eq!(came, arrives, "{from} to {to}");
    }
}

#[test]
fn a_mirror_port_sees_everything() {
    let mut app = net(&star(3, ", mirror: 3"));
    ping(&mut app, "m1", address("10.0.0.2"), 56, |_| {});
    run(&mut app, 10);
    // Four frames were received by the switch, and the flooded one came twice.
    assert_eq!(eth0(&app, "m3").counters.rx_frames, 5);
}

#[test]
fn a_loop_storms_and_stays_bounded() {
    let mut app = net(&[
        star(2, ", storm_frames_per_ms: 20"),
        "(name: \"other\", kind: switch, switch: (ports: 4, storm_frames_per_ms: 20)),".to_owned(),
    ]
    .concat());
    links::join(&mut app, ("sw", 9), ("other", 1));
    links::join(&mut app, ("sw", 10), ("other", 2));
    links::join(&mut app, ("sw", 11), ("other", 3));
    ping(&mut app, "m1", address("10.0.0.9"), 56, |_| {});
    run(&mut app, 100);
    let counters = switch_counters(&app, "sw");
    assert!(counters.flooded > 1_000, "it storms: {counters:?}");
    assert!(counters.storm_dropped > 100, "and is held: {counters:?}");
    assert!(counters.moved > 10, "and can be seen: {counters:?}");
    // 20 a millisecond of each port at most.
    assert!(counters.flooded <= 100 * 20 * 16);
}

#[test]
fn addresses_are_forgotten_after_five_minutes() {
    let mut app = net(&star(2, ""));
    ping(&mut app, "m1", address("10.0.0.2"), 56, |_| {});
    run(&mut app, 10);
    helios_engine::time::run_until(app.world_mut(), helios_engine::ids::Tick(310_000));
    let before = switch_counters(&app, "sw").flooded;
    udp(&mut app, "m1", address("10.0.0.2"), 10);
    run(&mut app, 3);
    // The datagram, and the question whether the neighbour is still there.
    assert_eq!(switch_counters(&app, "sw").flooded, before + 2);
}
