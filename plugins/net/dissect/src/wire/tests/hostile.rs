//! No bytes make a parser panic. Fuzz targets: `cargo bolero test fuzz_formats`; under `cargo test`, some thousand inputs.

use std::net::Ipv4Addr;

use bytes::{Bytes, BytesMut};

use crate::wire::ipv4::hops;
use crate::wire::tcp::{Options, Segment};
use crate::wire::*;

/// Reads bytes as everything that they could be. What can be read can be emitted and read again.
fn read_all(bytes: &[u8]) {
    let shared = Bytes::copy_from_slice(bytes);
    let [source, destination] = [Ipv4Addr::UNSPECIFIED, Ipv4Addr::BROADCAST];
    let mut out = BytesMut::new();
    if let Ok(frame) = Ethernet::parse(&shared) {
        assert_eq!(Ethernet::parse(&frame.emit().freeze()).unwrap().header, frame.header);
    }
    let _ = ethernet::check_len(bytes);
    let _ = ethernet::push_tag(bytes, VlanTag::vlan(1));
    let _ = ethernet::pop_tag(&mut BytesMut::from(bytes));
    let _ = Arp::parse(bytes);
    for datagram in [Ipv4::parse(&shared), Ipv4::parse_quoted(&shared)]
        .into_iter()
        .flatten()
    {
        let _ = datagram.header.options.check();
        let _ = format!("{:?}", datagram.header.options);
        datagram.emit(&mut out);
        let _ = ipv4::fragment::split(&datagram, 100);
    }
    let _ = hops::remaining(bytes);
    let _ = hops::decrement(&mut bytes.to_vec());
    let _ = hops::attach(bytes, 1000);
    let _ = hops::strip(&shared);
    let _ = icmp::quote(&shared);
    let _ = icmp::short_quote(&shared);
    if let Ok(message) = Icmp::parse(&shared) {
        message.emit(&mut out);
    }
    let _ = Igmp::parse(bytes);
    let _ = Udp::parse(&shared, source, destination);
    let _ = Segment::parse(&shared, source, destination);
    if let Ok(options) = Options::parse(bytes) {
        options.emit(&mut out);
        assert!(options.len_bytes() <= tcp::OPTIONS_BYTES);
    }
}

#[test]
fn fuzz_formats() {
    bolero::check!().with_iterations(3_000).for_each(|bytes: &[u8]| {
        read_all(bytes);
        // The same with the fields that noise seldom gets right.
        let mut header = bytes.to_vec();
        if let [first, _, high, low, ..] = &mut header[..] {
            *first = 0x40 | *first & 0x0f;
            [*high, *low] = (bytes.len() as u16).to_be_bytes();
            read_all(&header);
        }
    });
}

#[test]
fn every_cut_of_a_frame_is_an_error_or_a_value() {
    let frame = super::hex(
        "0000 0000 0000 0000 0000 0000 0800 4500 003c 2450 4000 4006 186a 7f00 0001 7f00 0001
        c598 dbcb f836 39d0 0000 0000 a002 ffd7 e0f5 0000 0204 ffd7 0402 080a a6dd f4bf 0000 0000 0103 030a",
    );
    for end in 0..frame.len() {
        read_all(&frame[..end]);
        read_all(&frame[end..]);
        let cut = frame.slice(..end);
        assert_eq!(Ethernet::parse(&cut).is_ok(), end >= 14);
        if end >= 14 {
            assert!(Ipv4::parse(&cut.slice(14..)).is_err());
        }
    }
}
