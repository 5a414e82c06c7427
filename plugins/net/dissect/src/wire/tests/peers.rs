//! What we emit is read the same by `etherparse`, and its checksums agree.

use etherparse::{LinkExtSlice, NetSlice, SlicedPacket, TcpOptionElement, TransportSlice};
use proptest::prelude::*;

use super::values;
use crate::wire::frame::{self, Body};
use crate::wire::icmp::Unreachable;
use crate::wire::tcp::Segment;
use crate::wire::*;

/// Reads the headers below the transport, and checks them.
fn slice<'a>(frame: &'a [u8], ethernet: &EthernetHeader, header: &Ipv4Header) -> SlicedPacket<'a> {
    let packet = SlicedPacket::from_ethernet(frame).unwrap();
    let Some(etherparse::LinkSlice::Ethernet2(link)) = &packet.link else {
        panic!("{packet:?}")
    };
    assert_eq!(
        (link.source(), link.destination()),
        (ethernet.source.0, ethernet.destination.0)
    );
    let tag = packet.link_exts.iter().find_map(|ext| match ext {
        LinkExtSlice::Vlan(tag) => Some(tag.to_header()),
        LinkExtSlice::Macsec(_) => None,
    });
    let tag = tag.map(|tag| VlanTag {
        pcp: tag.pcp.value(),
        dei: tag.drop_eligible_indicator,
        vid: tag.vlan_id.value(),
    });
    assert_eq!(tag, ethernet.tag);
    let Some(NetSlice::Ipv4(net)) = &packet.net else {
        panic!("{packet:?}")
    };
    let read = net.header();
    assert_eq!(read.header_checksum(), read.to_header().calc_header_checksum());
    assert_eq!(
        (read.dcp().value(), read.ecn().value()),
        (header.dscp, header.ecn.to_bits())
    );
    assert_eq!(read.identification(), header.identification);
    assert_eq!(read.dont_fragment(), header.dont_fragment);
    assert_eq!(read.more_fragments(), header.more_fragments);
    assert_eq!(read.fragments_offset().value() * 8, header.fragment_offset);
    assert_eq!(read.ttl(), header.ttl);
    assert_eq!(
        (read.source_addr(), read.destination_addr()),
        (header.source, header.destination)
    );
    assert_eq!(read.options(), header.options.as_bytes());
    packet
}

fn whole(header: Ipv4Header) -> Ipv4Header {
    Ipv4Header {
        more_fragments: false,
        fragment_offset: 0,
        ..header
    }
}

proptest! {
    #[test]
    fn tcp(ethernet in values::ethernet_header(), header in values::ipv4_header(), segment in values::segment()) {
        let header = whole(header);
        let frame = frame::ipv4(&ethernet, &header, Body::Tcp(&segment));
        let packet = slice(&frame, &ethernet, &header);
        let Some(TransportSlice::Tcp(read)) = packet.transport else { panic!("{packet:?}") };
        prop_assert_eq!(read.checksum(), read.calc_checksum_ipv4(header.source.octets(), header.destination.octets()).unwrap());
        prop_assert_eq!((read.source_port(), read.destination_port()), (segment.source_port, segment.destination_port));
        prop_assert_eq!((read.sequence_number(), read.acknowledgment_number()), (segment.seq.0, segment.ack.0));
        prop_assert_eq!((read.window_size(), read.urgent_pointer()), (segment.window, segment.urgent));
        let flags = segment.flags;
        prop_assert_eq!(
            [read.fin(), read.syn(), read.rst(), read.psh(), read.ack(), read.urg(), read.ece(), read.cwr()],
            [flags.fin, flags.syn, flags.rst, flags.psh, flags.ack, flags.urg, flags.ece, flags.cwr]
        );
        prop_assert_eq!(read.payload(), &segment.payload[..]);
        let (mut mss, mut scale, mut permitted, mut times, mut sack) = (None, None, false, None, Vec::new());
        for option in read.options_iterator() {
            match option.unwrap() {
                TcpOptionElement::Noop => {}
                TcpOptionElement::MaximumSegmentSize(value) => mss = Some(value),
                TcpOptionElement::WindowScale(value) => scale = Some(value),
                TcpOptionElement::SelectiveAcknowledgementPermitted => permitted = true,
                TcpOptionElement::Timestamp(value, echo) => times = Some((value, echo)),
                TcpOptionElement::SelectiveAcknowledgement(first, rest) => {
                    sack.push(first);
                    sack.extend(rest.into_iter().flatten());
                }
            }
        }
        let options = &segment.options;
        prop_assert_eq!((mss, scale, permitted, times), (options.mss, options.window_scale, options.sack_permitted, options.timestamps));
        prop_assert_eq!(sack, options.sack.iter().map(|(left, right)| (left.0, right.0)).collect::<Vec<_>>());
    }

    #[test]
    fn udp(ethernet in values::ethernet_header(), header in values::ipv4_header(), datagram in values::udp()) {
        let header = whole(header);
        let frame = frame::ipv4(&ethernet, &header, Body::Udp(&datagram));
        let packet = slice(&frame, &ethernet, &header);
        let Some(TransportSlice::Udp(read)) = packet.transport else { panic!("{packet:?}") };
        let sum = read.to_header().calc_checksum_ipv4_raw(header.source.octets(), header.destination.octets(), read.payload());
        prop_assert_eq!(read.checksum(), sum.unwrap());
        prop_assert_eq!((read.source_port(), read.destination_port()), (datagram.source_port, datagram.destination_port));
        prop_assert_eq!(read.payload(), &datagram.payload[..]);
    }

    #[test]
    fn icmp(ethernet in values::ethernet_header(), header in values::ipv4_header(), message in values::icmp()) {
        let header = whole(header);
        let frame = frame::ipv4(&ethernet, &header, Body::Icmp(&message));
        let packet = slice(&frame, &ethernet, &header);
        let Some(TransportSlice::Icmpv4(read)) = packet.transport else { panic!("{packet:?}") };
        prop_assert_eq!((read.type_u8(), read.code_u8()), message.kind_and_code());
        prop_assert_eq!(read.checksum(), read.icmp_type().calc_checksum(read.payload()));
        match (read.icmp_type(), &message) {
            (etherparse::Icmpv4Type::EchoRequest(echo), Icmp::EchoRequest { identifier, sequence, data }) => {
                prop_assert_eq!((echo.id, echo.seq), (*identifier, *sequence));
                prop_assert_eq!(read.payload(), &data[..]);
            }
            (
                etherparse::Icmpv4Type::DestinationUnreachable(etherparse::icmpv4::DestUnreachableHeader::FragmentationNeeded { next_hop_mtu }),
                Icmp::Unreachable { reason, .. },
            ) => prop_assert_eq!(*reason, Unreachable::FragmentationNeeded { mtu: next_hop_mtu }),
            (etherparse::Icmpv4Type::TimestampReply(read), Icmp::TimestampReply(times)) => {
                prop_assert_eq!((read.originate_timestamp, read.transmit_timestamp), (times.originate, times.transmit));
            }
            _ => {}
        }
    }

    #[test]
    fn arp(ethernet in values::ethernet_header(), packet in values::arp()) {
        let frame = frame::arp(&ethernet, &packet);
        let sliced = SlicedPacket::from_ethernet(&frame).unwrap();
        let Some(NetSlice::Arp(read)) = sliced.net else { panic!("{sliced:?}") };
        prop_assert_eq!(read.operation().0, packet.operation.code());
        prop_assert_eq!(read.sender_hw_addr(), &packet.sender_mac.0);
        prop_assert_eq!(read.sender_protocol_addr(), &packet.sender.octets());
        prop_assert_eq!(read.target_hw_addr(), &packet.target_mac.0);
        prop_assert_eq!(read.target_protocol_addr(), &packet.target.octets());
    }

    #[test]
    fn what_smoltcp_reads(segment in values::segment(), source in values::address(), destination in values::address()) {
        use smoltcp::wire::{IpAddress, TcpPacket};
        let mut out = bytes::BytesMut::new();
        segment.emit(source, destination, &mut out);
        let packet = TcpPacket::new_checked(&out[..]).unwrap();
        prop_assert!(packet.verify_checksum(&IpAddress::Ipv4(source), &IpAddress::Ipv4(destination)));
        prop_assert_eq!(packet.seq_number().0 as u32, segment.seq.0);
        prop_assert_eq!(packet.payload(), &segment.payload[..]);
        prop_assert_eq!(Segment::parse(&out.freeze(), source, destination), Ok(segment));
    }
}
