//! What is cut off or wrong is said, and never a panic.

use super::*;
use crate::wire::icmp::{Unreachable, quote};
use crate::wire::{Icmp, Igmp};

#[test]
fn cut_frames() {
    let frame = syn();
    let start = "IP truncated-ip -";
    for (len, expected) in [
        (0, "[|ether]"),
        (13, "[|ether]"),
        (14, "IP [|ip]"),
        (33, "IP [|ip]"),
        (34, "IP truncated-ip - 40 bytes missing! 10.0.0.1 > 10.0.0.2: [|tcp]"),
        (
            40,
            "IP truncated-ip - 34 bytes missing! 10.0.0.1.40000 > 10.0.0.2.80: [|tcp]",
        ),
        (
            60,
            "IP truncated-ip - 14 bytes missing! 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 1, win 65535, [|tcp]",
        ),
    ] {
        assert_eq!(line(&frame[..len]), expected);
        let flaw = &layers(&frame[..len])[0..];
        let kinds: Vec<_> = flaw
            .iter()
            .flat_map(|layer| &layer.flaws)
            .map(|flaw| flaw.kind)
            .collect();
        assert!(kinds.contains(&FlawKind::Truncated), "{len}");
        assert_eq!(line(&frame[..len]).starts_with(start), len >= 34);
    }
}

#[test]
fn headers_that_cannot_be() {
    let with = |at: usize, byte: u8| {
        let mut frame = syn().to_vec();
        frame[at] = byte;
        line(&frame)
    };
    assert_eq!(with(14, 0x43), "IP bad-hlen 12");
    assert_eq!(with(14, 0x65), "IP6, wrong link-layer encapsulation (invalid)");
    assert_eq!(with(14, 0x15), "IP1 (invalid)");
    assert_eq!(with(17, 10), "IP bad-len 10");
    let short = "IP 10.0.0.1.40000 > 10.0.0.2.80: tcp 24 [bad hdr length 16 - too short, < 20]";
    assert_eq!(with(46, 0x40), short);
    let long = "IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S] [bad hdr length 60 - too long, > 40]";
    assert_eq!(with(46, 0xf0), long);
    let option = "IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 1, win 65535, options [[bad opt]], length 0";
    assert_eq!(with(55, 0), option);
}

#[test]
fn wrong_checksums_are_flagged_with_the_right_one() {
    let about = datagram(&header(Protocol::UDP), Body::Raw(&[9; 20]));
    let error = Icmp::Unreachable {
        reason: Unreachable::Port,
        quote: quote(&about),
    };
    let leave = Igmp::Leave { group: HERE };
    for (frame, at, status) in [
        (syn(), 24, "ip.checksum.status"),
        (syn(), 50, "tcp.checksum.status"),
        (udp(1, 2, &b"odd"[..]), 40, "udp.checksum.status"),
        (framed(Body::Icmp(&error)), 36, "icmp.checksum.status"),
        (framed(Body::Igmp(&leave)), 36, "igmp.checksum.status"),
    ] {
        assert_eq!(text(&layers(&frame), status), "Checksum status: Good");
        let right = u16::from_be_bytes([frame[at], frame[at + 1]]);
        let mut wrong = frame.to_vec();
        wrong[at] ^= 0x55;
        let layers = layers(&wrong);
        assert_eq!(text(&layers, status), "Checksum status: Bad");
        let is = u16::from_be_bytes([wrong[at], wrong[at + 1]]);
        assert_eq!(
            flaws(&layers),
            [format!("wrong checksum 0x{is:04x} (should be 0x{right:04x})")]
        );
    }
    let mut none = udp(1, 2, &b"odd"[..]).to_vec();
    none[40..42].fill(0);
    assert_eq!(
        text(&layers(&none), "udp.checksum.status"),
        "Checksum status: Not present"
    );
}

#[test]
fn names_that_point_in_circles() {
    for message in [
        "1234 0100 0001 0000 0000 0000 c00c 0001 0001",
        "1234 0100 0001 0000 0000 0000 c0ff 0001 0001",
        "1234 0100 0001 0000 0000 0000 0161 c00c 0001 0001",
        "1234 0100 ffff ffff ffff ffff 00 0001 0001",
        "1234 0100 0001 0000 0000 0000 4161",
    ] {
        let frame = udp(5000, 53, hex(message));
        assert!(line(&frame).ends_with("[|domain]"), "{}", line(&frame));
    }
}

/// A fuzz target: `cargo bolero test fuzz_dissection`; under `cargo test`, some thousand inputs.
#[test]
fn fuzz_dissection() {
    let seeds = [
        syn(),
        udp(
            5000,
            53,
            hex("1234 8180 0001 0001 0000 0000 0161 0000 0100 01 c00c 0001 0001 0000 003c 0004 5db8 d822"),
        ),
        udp(68, 67, vec![1; 300]),
        framed(Body::Tcp(&segment(
            0x18,
            Options::default(),
            b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        ))),
        framed(Body::Icmp(&Icmp::Unreachable {
            reason: Unreachable::Port,
            quote: datagram(&header(Protocol::UDP), Body::Raw(&[9; 20])),
        })),
    ];
    bolero::check!().with_iterations(2_000).for_each(|noise: &[u8]| {
        check(noise);
        // Frames that noise was added to, and ones whose inside is noise.
        for seed in &seeds {
            let mut frame = seed.to_vec();
            if let [at, rest @ ..] = noise {
                for (place, byte) in frame.iter_mut().skip(usize::from(*at)).zip(rest) {
                    *place ^= byte;
                }
            }
            check(&frame);
        }
        for protocol in [1, 2, 4, 6, 17] {
            check(&raw(Protocol(protocol), noise));
        }
        for ports in [(5000, 53), (68, 67)] {
            check(&udp(ports.0, ports.1, noise.to_vec()));
        }
        check(&framed(Body::Tcp(&segment(0x18, Options::default(), noise))));
        for ethertype in [0x0806, 0x8100] {
            let mut frame = [&[0; 12], &u16::to_be_bytes(ethertype)[..], noise].concat();
            check(&frame);
            frame.truncate(20);
            check(&frame);
        }
    });
}

/// Ranges are within the frame, and everything has a line.
fn check(frame: &[u8]) {
    let layers = layers(frame);
    assert!(layers.len() <= LAYERS);
    let within = |range: ByteRange| range.start <= range.end && range.end as usize <= frame.len();
    for layer in layers.iter().chain(layers.iter().flat_map(|layer| &layer.quoted)) {
        assert!(!layer.summary.is_empty() && within(layer.range), "{layer:?}");
        assert!(layer.fields.iter().all(|field| within(field.range)), "{layer:?}");
    }
    let _ = dissect(LinkType::RAW_IP, frame);
}
