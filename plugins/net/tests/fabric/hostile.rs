//! Whatever arrives, nothing panics, and nothing grows without bound.

use helios_net::flight::{MAX_FRAME_BYTES, send};
use helios_net::link::Endpoint;

use super::*;

fn inject(app: &mut App, frames: &[Vec<u8>]) {
    let at = Endpoint {
        node: id("m1"),
        interface: 1,
    };
    for frame in frames {
        let now_ns = now_ns(app);
        send(
            app.world_mut(),
            at,
            Bytes::copy_from_slice(&frame[..frame.len().min(MAX_FRAME_BYTES)]),
            now_ns,
        );
    }
    run(app, 6);
}

#[test]
fn random_frames_never_panic() {
    bolero::check!()
        .with_type::<Vec<Vec<u8>>>()
        .with_iterations(300)
        .for_each(|frames| {
            let mut app = net(&star(2, ""));
            inject(&mut app, frames);
        });
}

/// Frames that are sound in front and anything behind: they reach every layer.
#[test]
fn frames_with_sound_headers_never_panic() {
    bolero::check!()
        .with_type::<(u8, u8, u16, Vec<u8>)>()
        .with_iterations(600)
        .for_each(|(kind, protocol, flags, body)| {
            let mut app = net(&star(2, ""));
            let mac = eth0(&app, "m2").mac;
            let mut frame = mac.0.to_vec();
            frame.extend([2, 0, 0, 0, 0, 9]);
            if kind % 4 == 0 {
                frame.extend([0x08, 0x06]);
                frame.extend([0, 1, 8, 0, 6, 4, 0, kind % 3]);
                frame.extend(body);
                frame.resize(60, 0);
                return inject(&mut app, &[frame]);
            }
            frame.extend([0x08, 0x00]);
            let mut header = Ipv4Header::new(address("10.0.0.9"), address("10.0.0.2"), Protocol(*protocol));
            header.more_fragments = flags & 1 == 1;
            header.fragment_offset = (flags >> 3) & 0xfff8;
            let mut datagram = bytes::BytesMut::new();
            let body = &body[..body.len().min(1_400)];
            helios_net::wire::frame::emit_datagram(&header, Body::Raw(body), &mut datagram);
            frame.extend(&datagram);
            inject(&mut app, &[frame.clone(), frame]);
        });
}

#[test]
fn a_flood_of_fragments_is_held() {
    let mut app = net(&star(2, ""));
    let mac = eth0(&app, "m2").mac;
    for number in 0..2_000u16 {
        let mut header = Ipv4Header::new(address("10.0.0.9"), address("10.0.0.2"), Protocol::UDP);
        header.identification = number;
        header.more_fragments = true;
        let ethernet = helios_net::wire::EthernetHeader {
            destination: mac,
            source: eth0(&app, "m1").mac,
            tag: None,
            ethertype: helios_net::wire::EtherType::IPV4,
        };
        let frame = helios_net::wire::frame::ipv4(&ethernet, &header, Body::Raw(&[0; 1_400])).freeze();
        let now_ns = now_ns(&app);
        let at = Endpoint {
            node: id("m1"),
            interface: 1,
        };
        send(app.world_mut(), at, frame, now_ns);
        if number % 50 == 0 {
            run(&mut app, 1);
        }
    }
    run(&mut app, 10);
    let own = app.world().resource::<Nodes>().get(id("m2")).unwrap();
    let reassembly = app.world().get::<stack::Reassembly>(own).unwrap();
    assert!(
        reassembly.waiting() <= 64 && reassembly.failed > 1_000,
        "{}",
        reassembly.failed
    );
}

#[test]
fn a_sender_with_a_million_addresses_fills_no_table() {
    let mut app = net(&star(3, ", cam_entries: 64"));
    for number in 0..500u16 {
        let [high, low] = number.to_be_bytes();
        let mut frame = vec![0xff; 6];
        frame.extend([2, 1, 1, 1, high, low, 0x08, 0x06]);
        frame.extend([
            0, 1, 8, 0, 6, 4, 0, 1, 2, 1, 1, 1, high, low, 10, 0, 0, 100, 0, 0, 0, 0, 0, 0, 10, 0, 0, 2,
        ]);
        inject(&mut app, &[frame]);
    }
    let own = app.world().resource::<Nodes>().get(id("sw")).unwrap();
    assert_eq!(app.world().get::<helios_net::switch::Cam>(own).unwrap().len(), 64);
}
