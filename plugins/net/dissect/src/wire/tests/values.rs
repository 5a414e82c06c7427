//! Any values of the formats, for properties.

use std::net::Ipv4Addr;

use bytes::Bytes;
use proptest::prelude::*;

use crate::wire::icmp::{ParameterProblem, RedirectScope, TimeExceeded, Timestamp, Unreachable};
use crate::wire::tcp::{Flags, Options, Segment, SeqNumber};
use crate::wire::*;

pub(super) fn address() -> impl Strategy<Value = Ipv4Addr> {
    any::<u32>().prop_map(Ipv4Addr::from_bits)
}

pub(super) fn data(most: usize) -> impl Strategy<Value = Bytes> {
    prop::collection::vec(any::<u8>(), 0..most).prop_map(Bytes::from)
}

pub(super) fn ethernet_header() -> impl Strategy<Value = EthernetHeader> {
    let tag = (0u8..8, any::<bool>(), 0u16..4096).prop_map(|(pcp, dei, vid)| VlanTag { pcp, dei, vid });
    let ethertype = any::<u16>().prop_filter("two tags", |kind| *kind != EtherType::VLAN.0);
    (any::<[u8; 6]>(), any::<[u8; 6]>(), prop::option::of(tag), ethertype).prop_map(
        |(destination, source, tag, ethertype)| EthernetHeader {
            destination: MacAddr(destination),
            source: MacAddr(source),
            tag,
            ethertype: EtherType(ethertype),
        },
    )
}

pub(super) fn arp() -> impl Strategy<Value = Arp> {
    (any::<u16>(), any::<[u8; 6]>(), address(), any::<[u8; 6]>(), address()).prop_map(
        |(operation, sender_mac, sender, target_mac, target)| Arp {
            operation: ArpOperation::from_code(operation),
            sender_mac: MacAddr(sender_mac),
            sender,
            target_mac: MacAddr(target_mac),
            target,
        },
    )
}

pub(super) fn ipv4_options() -> impl Strategy<Value = Ipv4Options> {
    prop_oneof![
        3 => Just(Ipv4Options::NONE),
        1 => any::<u32>().prop_map(|hops| Ipv4Options::new(&[Ipv4Option::Hops(hops)]).unwrap()),
        1 => any::<u32>().prop_map(|hops| Ipv4Options::new(&[Ipv4Option::NoOperation, Ipv4Option::Hops(hops)]).unwrap()),
        1 => any::<u16>().prop_map(|value| Ipv4Options::new(&[Ipv4Option::RouterAlert(value)]).unwrap()),
        1 => prop::collection::vec(any::<u8>(), 0..=40).prop_map(|bytes| Ipv4Options::from_bytes(&bytes).unwrap()),
    ]
}

pub(super) fn ipv4_header() -> impl Strategy<Value = Ipv4Header> {
    let start = (0u8..64, 0u8..4, any::<u16>(), any::<bool>(), any::<bool>(), 0u16..8192);
    (start, any::<u8>(), any::<u8>(), address(), address(), ipv4_options()).prop_map(
        |(
            (dscp, ecn, identification, dont_fragment, more_fragments, offset),
            ttl,
            protocol,
            source,
            destination,
            options,
        )| {
            Ipv4Header {
                dscp,
                ecn: Ecn::from_bits(ecn),
                identification,
                dont_fragment,
                more_fragments,
                fragment_offset: offset * 8,
                ttl,
                protocol: Protocol(protocol),
                source,
                destination,
                options,
            }
        },
    )
}

pub(super) fn icmp() -> impl Strategy<Value = Icmp> {
    let reason = (0u8..16, any::<u16>()).prop_map(|(code, mtu)| Unreachable::from_code(code, mtu).unwrap());
    let times = (any::<u16>(), any::<u16>(), any::<[u32; 3]>()).prop_map(
        |(identifier, sequence, [originate, receive, transmit])| Timestamp {
            identifier,
            sequence,
            originate,
            receive,
            transmit,
        },
    );
    prop_oneof![
        (any::<u16>(), any::<u16>(), data(80)).prop_map(|(identifier, sequence, data)| Icmp::EchoRequest {
            identifier,
            sequence,
            data
        }),
        (any::<u16>(), any::<u16>(), data(80)).prop_map(|(identifier, sequence, data)| Icmp::EchoReply {
            identifier,
            sequence,
            data
        }),
        (reason, data(80)).prop_map(|(reason, quote)| Icmp::Unreachable { reason, quote }),
        (0u8..2, data(80)).prop_map(|(code, quote)| Icmp::TimeExceeded {
            reason: TimeExceeded::from_code(code).unwrap(),
            quote
        }),
        (0u8..4, address(), data(80)).prop_map(|(code, gateway, quote)| Icmp::Redirect {
            scope: RedirectScope::from_code(code).unwrap(),
            gateway,
            quote
        }),
        (0u8..3, any::<u8>(), data(80)).prop_map(|(code, at, quote)| Icmp::ParameterProblem {
            reason: ParameterProblem::from_code(code, at).unwrap(),
            quote
        }),
        times.clone().prop_map(Icmp::TimestampRequest),
        times.prop_map(Icmp::TimestampReply),
        (40u8.., any::<u8>(), any::<[u8; 4]>(), data(80)).prop_map(|(kind, code, rest, data)| Icmp::Other {
            kind,
            code,
            rest,
            data
        }),
    ]
}

pub(super) fn igmp() -> impl Strategy<Value = Igmp> {
    prop_oneof![
        (any::<u8>(), address()).prop_map(|(max_response_tenths, group)| Igmp::Query {
            max_response_tenths,
            group
        }),
        address().prop_map(|group| Igmp::ReportV1 { group }),
        address().prop_map(|group| Igmp::Report { group }),
        address().prop_map(|group| Igmp::Leave { group }),
    ]
}

pub(super) fn udp() -> impl Strategy<Value = Udp> {
    (any::<u16>(), any::<u16>(), data(200)).prop_map(|(source_port, destination_port, payload)| Udp {
        source_port,
        destination_port,
        payload,
    })
}

fn tcp_options() -> impl Strategy<Value = Options> {
    let sack = prop::collection::vec((any::<u32>(), any::<u32>()), 0..=4);
    (
        prop::option::of(any::<u16>()),
        prop::option::of(any::<u8>()),
        any::<bool>(),
        sack,
        prop::option::of(any::<(u32, u32)>()),
    )
        .prop_map(|(mss, window_scale, sack_permitted, sack, timestamps)| {
            let mut options = Options {
                mss,
                window_scale,
                sack_permitted,
                sack: sack
                    .into_iter()
                    .map(|(left, right)| (SeqNumber(left), SeqNumber(right)))
                    .collect(),
                timestamps,
            };
            options.sack.truncate(options.sack_that_fits());
            options
        })
}

pub(super) fn segment() -> impl Strategy<Value = Segment> {
    let ports = (any::<u16>(), any::<u16>());
    let numbers = (any::<u32>(), any::<u32>());
    (
        ports,
        numbers,
        any::<u8>(),
        any::<u16>(),
        any::<u16>(),
        tcp_options(),
        data(200),
    )
        .prop_map(
            |((source_port, destination_port), (seq, ack), flags, window, urgent, options, payload)| Segment {
                source_port,
                destination_port,
                seq: SeqNumber(seq),
                ack: SeqNumber(ack),
                flags: Flags::from_bits(flags),
                window,
                urgent,
                options,
                payload,
            },
        )
}
