//! What is emitted parses to what it was, and what is changed in place is what a fresh emission would be.

use bytes::{Bytes, BytesMut};
use proptest::prelude::*;

use super::values;
use crate::wire::frame::{self, Body};
use crate::wire::ipv4::fragment::{CannotFragment, split};
use crate::wire::ipv4::hops;
use crate::wire::tcp::Segment;
use crate::wire::*;

fn bytes_of(emit: impl FnOnce(&mut BytesMut)) -> Bytes {
    // What is emitted lies behind other bytes, as in a frame.
    let mut out = BytesMut::from(&[0xaa; 3][..]);
    emit(&mut out);
    out.freeze().slice(3..)
}

proptest! {
    #[test]
    fn ethernet(header in values::ethernet_header(), payload in values::data(200)) {
        let frame = Ethernet { header, payload }.emit();
        prop_assert!(frame.len() >= 60);
        let back = Ethernet::parse(&frame.clone().freeze()).unwrap();
        prop_assert_eq!(back.header, header);
        prop_assert_eq!(back.emit(), frame);
    }

    #[test]
    fn tags(header in values::ethernet_header(), payload in values::data(200), pcp in 0u8..8, dei: bool, vid in 0u16..4096) {
        let frame = Ethernet { header, payload }.emit();
        let tag = VlanTag { pcp, dei, vid };
        let mut tagged = ethernet::push_tag(&frame, tag).unwrap();
        prop_assert_eq!(EthernetHeader::parse(&tagged).unwrap().tag, Some(tag));
        prop_assert_eq!(ethernet::pop_tag(&mut tagged), Ok(Some(tag)));
        prop_assert_eq!(tagged, frame);
    }

    #[test]
    fn arp(packet in values::arp()) {
        prop_assert_eq!(Arp::parse(&bytes_of(|out| packet.emit(out))), Ok(packet));
    }

    #[test]
    fn ipv4(header in values::ipv4_header(), payload in values::data(200), padding in 0usize..20) {
        let datagram = Ipv4 { header, payload };
        let mut bytes = BytesMut::new();
        datagram.emit(&mut bytes);
        prop_assert_eq!(bytes.len(), datagram.len_bytes());
        let quoted = Ipv4::parse_quoted(&bytes.clone().freeze());
        bytes.resize(bytes.len() + padding, 0);
        prop_assert_eq!(Ipv4::parse(&bytes.freeze()), Ok(datagram.clone()));
        prop_assert_eq!(quoted, Ok(datagram));
    }

    #[test]
    fn icmp(message in values::icmp()) {
        let bytes = bytes_of(|out| message.emit(out));
        prop_assert_eq!(bytes.len(), message.len_bytes());
        prop_assert_eq!(Icmp::parse(&bytes), Ok(message));
    }

    #[test]
    fn igmp(message in values::igmp()) {
        prop_assert_eq!(Igmp::parse(&bytes_of(|out| message.emit(out))), Ok(message));
    }

    #[test]
    fn udp(datagram in values::udp(), source in values::address(), destination in values::address()) {
        let bytes = bytes_of(|out| datagram.emit(source, destination, out));
        prop_assert_eq!(Udp::parse(&bytes, source, destination), Ok(datagram));
    }

    #[test]
    fn tcp(segment in values::segment(), source in values::address(), destination in values::address()) {
        let bytes = bytes_of(|out| segment.emit(source, destination, out));
        prop_assert_eq!(bytes.len(), segment.len_bytes());
        prop_assert_eq!(Segment::parse(&bytes, source, destination), Ok(segment));
    }

    #[test]
    fn a_frame_is_its_layers(ethernet in values::ethernet_header(), header in values::ipv4_header(), segment in values::segment()) {
        let frame = frame::ipv4(&ethernet, &header, Body::Tcp(&segment)).freeze();
        let outer = Ethernet::parse(&frame).unwrap();
        prop_assert_eq!(outer.header.ethertype, EtherType::IPV4);
        let inner = Ipv4::parse(&outer.payload).unwrap();
        prop_assert_eq!(inner.header, Ipv4Header { protocol: Protocol::TCP, ..header });
        prop_assert_eq!(Segment::parse(&inner.payload, header.source, header.destination), Ok(segment));
    }

    #[test]
    fn a_hop_is_taken_in_place(header in values::ipv4_header(), payload in values::data(50)) {
        let before = header.hops();
        let mut packet = BytesMut::new();
        Ipv4 { header, payload: payload.clone() }.emit(&mut packet);
        let unchanged = packet.clone();
        prop_assert_eq!(hops::remaining(&packet), Ok(before));
        let left = hops::decrement(&mut packet).unwrap();
        prop_assert_eq!(left, before.saturating_sub(1));
        if left == 0 {
            prop_assert_eq!(packet, unchanged);
        } else {
            let read = Ipv4::parse(&packet.freeze()).unwrap();
            prop_assert_eq!(read.header.hops(), left);
            prop_assert_eq!(read.payload, payload);
            let ttl = if header.options.hops().is_some() { header.ttl } else { header.ttl - 1 };
            prop_assert_eq!(read.header.ttl, ttl);
        }
    }

    #[test]
    fn more_hops_than_a_ttl_come_and_go(mut header in values::ipv4_header(), payload in values::data(50), count: u32) {
        header.options = Ipv4Options::new(&[Ipv4Option::RouterAlert(3)]).unwrap();
        let mut plain = BytesMut::new();
        Ipv4 { header, payload: payload.clone() }.emit(&mut plain);
        let wide = hops::attach(&plain, count).unwrap().freeze();
        let read = Ipv4::parse(&wide).unwrap();
        prop_assert_eq!((read.header.hops(), read.header.ttl), (count, 255));
        prop_assert_eq!(read.header.options.router_alert(), Some(3));
        let again = hops::attach(&wide, count).unwrap();
        prop_assert_eq!(&again, &wide);
        let back = Ipv4::parse(&hops::strip(&wide).unwrap()).unwrap();
        let ttl = count.min(255) as u8;
        prop_assert_eq!(back, Ipv4 { header: Ipv4Header { ttl, ..header }, payload });
    }

    #[test]
    fn hops_of_a_header(mut header in values::ipv4_header(), count: u32) {
        header.options = Ipv4Options::new(&[Ipv4Option::RouterAlert(3)]).unwrap();
        header.set_hops(count).unwrap();
        prop_assert_eq!(header.hops(), count);
        prop_assert_eq!(header.options.hops().is_some(), count > 255);
        header.set_hops(64).unwrap();
        prop_assert_eq!((header.hops(), header.options.as_bytes().len()), (64, 4));
    }

    #[test]
    fn fragments_are_the_whole(mut header in values::ipv4_header(), payload in values::data(3000), mtu in 68u16..1600) {
        header.dont_fragment = false;
        header.fragment_offset = 0;
        let whole = Ipv4 { header, payload: payload.clone() };
        let fragments = split(&whole, mtu).unwrap();
        let mut rebuilt = BytesMut::new();
        for (at, fragment) in fragments.iter().enumerate() {
            prop_assert!(fragment.len_bytes() <= usize::from(mtu));
            prop_assert_eq!(usize::from(fragment.header.fragment_offset), rebuilt.len());
            let last = at + 1 == fragments.len();
            prop_assert_eq!(fragment.header.more_fragments, !last || header.more_fragments);
            rebuilt.extend_from_slice(&fragment.payload);
        }
        prop_assert_eq!(rebuilt, payload);
        prop_assert_eq!(fragments[0].header.options, header.options);
        let forbidden = Ipv4 { header: Ipv4Header { dont_fragment: true, ..header }, ..whole };
        prop_assert_eq!(split(&forbidden, mtu).is_ok(), fragments.len() == 1);
    }
}

#[test]
fn no_link_is_narrower_than_68_bytes() {
    let header = Ipv4Header::new([10, 0, 0, 1].into(), [10, 0, 0, 2].into(), Protocol::UDP);
    let payload = Bytes::from_static(&[0; 100]);
    let datagram = Ipv4 { header, payload };
    assert_eq!(split(&datagram, 67), Err(CannotFragment::Mtu(67)));
    assert_eq!(split(&datagram, 68).map(|all| all.len()), Ok(3));
}

#[test]
fn a_frame_that_nobody_else_holds_is_not_copied() {
    let frame = Bytes::from(vec![1; 100]);
    let at = frame.as_ptr();
    let mine = frame::into_mut(frame);
    assert_eq!(mine.as_ptr(), at);
    let shared = mine.freeze();
    let other = shared.clone();
    assert_ne!(frame::into_mut(shared).as_ptr(), other.as_ptr());
}
