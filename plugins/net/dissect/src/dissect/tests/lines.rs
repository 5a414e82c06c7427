//! Lines, as tcpdump 4.99 prints them with `-n -t -S` for the same frames.

use super::*;
use crate::wire::icmp::{ParameterProblem, RedirectScope, TimeExceeded, Timestamp, Unreachable, short_quote};
use crate::wire::ipv4::fragment;
use crate::wire::{Arp, ArpOperation, Ethernet, Icmp, Igmp, Ipv4, ipv4};

#[test]
fn tcp() {
    let sack = Options {
        sack: vec![(SeqNumber(5), SeqNumber(9)), (SeqNumber(15), SeqNumber(19))],
        timestamps: Some((1, 2)),
        ..Options::default()
    };
    let none = Options::default;
    assert_eq!(
        line(&syn()),
        "IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 1, win 65535, options [mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7], length 0"
    );
    for (segment, expected) in [
        (
            segment(0x10, sack, b""),
            "Flags [.], ack 77, win 65535, options [nop,nop,TS val 1 ecr 2,nop,nop,sack 2 {5:9}{15:19}], length 0",
        ),
        (
            segment(0x18, none(), b"GET / HTTP/1.1\r\nHost: a\r\n\r\nbody"),
            "Flags [P.], seq 1:32, ack 77, win 65535, length 31: HTTP: GET / HTTP/1.1",
        ),
        (
            segment(0x18, none(), b"HTTP/1.1 200 OK\r\n"),
            "Flags [P.], seq 1:18, ack 77, win 65535, length 17: HTTP: HTTP/1.1 200 OK",
        ),
        (
            segment(0x18, none(), b"nothing"),
            "Flags [P.], seq 1:8, ack 77, win 65535, length 7: HTTP",
        ),
        (
            segment(0x11, none(), b""),
            "Flags [F.], seq 1, ack 77, win 65535, length 0",
        ),
        (segment(0x04, none(), b""), "Flags [R], seq 1, win 65535, length 0"),
        (segment(0x00, none(), b""), "Flags [none], win 65535, length 0"),
        (
            segment(0xff, none(), b""),
            "Flags [FSRP.UEW], seq 1, ack 77, win 65535, urg 3, length 0",
        ),
    ] {
        let expected = format!("IP 10.0.0.1.40000 > 10.0.0.2.80: {expected}");
        assert_eq!(line(&framed(Body::Tcp(&segment))), expected);
        let in_a_vlan = frame::ipv4(&tagged(), &header(Protocol::TCP), Body::Tcp(&segment));
        assert_eq!(line(&in_a_vlan), expected);
    }
}

#[test]
fn options_of_tcp() {
    for (options, expected) in [
        ("fd06 0102 0304 0101", "unknown-253 0x01020304,nop,nop"),
        ("0000 0000", "eol"),
        ("0204 05b4", "mss 1460"),
        ("4502 0101", "unknown-69,nop,nop"),
    ] {
        let options = hex(options);
        let mut bytes = hex("9c40 0050 0000 0001 0000 0002 0010 0100 0000 0000").to_vec();
        bytes[12] = (20 + options.len() as u8) << 2;
        bytes.extend_from_slice(&options);
        assert_eq!(
            line(&raw(Protocol::TCP, &bytes)),
            format!("IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [.], ack 2, win 256, options [{expected}], length 0")
        );
    }
}

#[test]
fn udp_and_what_is_in_it() {
    let dns = |text: &str| line(&udp(5000, 53, hex(text)));
    let question = "0765 7861 6d70 6c65 0363 6f6d 0000";
    let start = "IP 10.0.0.1.5000 > 10.0.0.2";
    assert_eq!(
        line(&udp(5000, 5001, &b"hello"[..])),
        format!("{start}.5001: UDP, length 5")
    );
    for (message, expected) in [
        (
            format!("1234 0100 0001 0000 0000 0000 {question} 0100 01"),
            "4660+ A? example.com. (29)",
        ),
        (
            format!("1234 8180 0001 0001 0000 0000 {question} 0100 01 c00c 0001 0001 0000 003c 0004 5db8 d822"),
            "4660 1/0/0 A 93.184.216.34 (45)",
        ),
        (
            format!("1234 8583 0001 0000 0000 0000 {question} 0f00 01"),
            "4660 NXDomain* 0/0/0 (29)",
        ),
        (
            format!(
                "1234 8400 0001 0003 0000 0000 {question} 1000 01 c00c 0010 0001 0000 003c 0006 0268 6902 796f
                c00c 000f 0001 0000 003c 0004 000a c00c c00c 0005 0001 0000 003c 0002 c00c"
            ),
            r#"4660*- 3/0/0 TXT "hi" "yo", MX example.com. 10, CNAME example.com. (77)"#,
        ),
        (
            "1234 2100 0001 0000 0000 0000 00 001c 0001".into(),
            "4660 notify+ AAAA? . (17)",
        ),
        ("1234".into(), "domain [length 2 < 12] (invalid)"),
        ("1234 8181 0000 0000 0000 0000".into(), "4660 FormErr [0q] 0/0/0 (12)"),
        (
            "1234 8180 0001 0002 0000 0000 0000 0200 01 00 0006 0001 0000 003c 0016 00 00 00000001 00000002 00000003
            00000004 00000005 00 0021 0001 0000 003c 0007 0001 0002 0050 00"
                .into(),
            "4660 2/0/0 SOA, SRV .:80 1 2 (68)",
        ),
    ] {
        assert_eq!(dns(&message), format!("{start}.53: {expected}"));
    }
    let mut bootp = vec![0; 300];
    bootp[..3].copy_from_slice(&[1, 1, 6]);
    bootp[28..34].copy_from_slice(&[2, 0, 0, 0, 0, 9]);
    assert_eq!(
        line(&udp(68, 67, bootp.clone())),
        "IP 10.0.0.1.68 > 10.0.0.2.67: BOOTP/DHCP, Request from 02:00:00:00:00:09, length 300"
    );
    bootp[0] = 2;
    assert_eq!(
        line(&udp(67, 68, bootp)),
        "IP 10.0.0.1.67 > 10.0.0.2.68: BOOTP/DHCP, Reply, length 300"
    );
}

#[test]
fn lengths_of_udp_that_cannot_be() {
    for (len, expected) in [
        (4, "truncated-udplength 4"),
        (0, "truncated-udplength 0"),
        (20, "UDP, bad length 12 > 2"),
        (9, "UDP, length 1"),
    ] {
        let frame = raw(Protocol::UDP, &[0x13, 0x88, 0, 9, 0, len, 0, 0, 1, 2]);
        assert_eq!(line(&frame), format!("IP 10.0.0.1.5000 > 10.0.0.2.9: {expected}"));
    }
}

#[test]
fn fragments() {
    let whole = Udp {
        source_port: 1,
        destination_port: 2,
        payload: Bytes::from(vec![7; 60]),
    };
    let whole = datagram(&header(Protocol::UDP), Body::Udp(&whole));
    let whole = Ipv4::parse(&whole).unwrap();
    let lines: Vec<_> = fragment::split(&whole, 68)
        .unwrap()
        .iter()
        .map(|fragment| {
            let mut out = BytesMut::new();
            fragment.emit(&mut out);
            line(&frame::datagram(&ethernet(), &out))
        })
        .collect();
    assert_eq!(
        lines,
        [
            "IP 10.0.0.1.1 > 10.0.0.2.2: UDP, length 60",
            "IP 10.0.0.1 > 10.0.0.2: ip-proto-17"
        ]
    );
    let inner = datagram(&header(Protocol::UDP), Body::Raw(&hex("0001 0002 000a 0000 6869")));
    assert_eq!(
        line(&raw(Protocol::IPIP, &inner)),
        "IP 10.0.0.1 > 10.0.0.2: IP 10.0.0.1.1 > 10.0.0.2.2: UDP, length 2"
    );
    assert_eq!(
        line(&raw(Protocol(253), &[1; 20])),
        "IP 10.0.0.1 > 10.0.0.2: ip-proto-253 20"
    );
}

/// The message of an ICMP error about a datagram to 10.0.0.1.
fn icmp_line(message: &Icmp) -> String {
    let line = line(&framed(Body::Icmp(message)));
    line.strip_prefix("IP 10.0.0.1 > 10.0.0.2: ICMP ").unwrap().into()
}

#[test]
fn icmp_errors() {
    let back = Ipv4Header::new(THERE, HERE, Protocol::UDP);
    let about_udp = datagram(&back, Body::Raw(&hex("0457 08ae 000c 0000 6461 7461")));
    let about_tcp = Ipv4Header {
        protocol: Protocol::TCP,
        ..back
    };
    let about_tcp = short_quote(&datagram(&about_tcp, Body::Raw(&[0; 30])));
    let expected = [
        "net 10.0.0.1 unreachable",
        "host 10.0.0.1 unreachable",
        "10.0.0.1 protocol 17 unreachable",
        "10.0.0.1 udp port 2222 unreachable",
        "10.0.0.1 unreachable - need to frag (mtu 1400)",
        "10.0.0.1 unreachable - source route failed",
        "net 10.0.0.1 unreachable - unknown",
        "host 10.0.0.1 unreachable - unknown",
        "10.0.0.1 unreachable - source host isolated",
        "net 10.0.0.1 unreachable - admin prohibited",
        "host 10.0.0.1 unreachable - admin prohibited",
        "net 10.0.0.1 unreachable - tos prohibited",
        "host 10.0.0.1 unreachable - tos prohibited",
        "host 10.0.0.1 unreachable - admin prohibited filter",
        "host 10.0.0.1 unreachable - host precedence violation",
        "host 10.0.0.1 unreachable - precedence cutoff",
    ];
    for (code, expected) in expected.into_iter().enumerate() {
        let message = Icmp::Unreachable {
            reason: Unreachable::from_code(code as u8, 1400).unwrap(),
            quote: about_udp.clone(),
        };
        assert_eq!(icmp_line(&message), format!("{expected}, length 40"));
    }
    let port = Icmp::Unreachable {
        reason: Unreachable::Port,
        quote: about_tcp.clone(),
    };
    assert_eq!(icmp_line(&port), "10.0.0.1 tcp port 0 unreachable, length 36");
    for (message, expected) in [
        (
            Icmp::TimeExceeded {
                reason: TimeExceeded::Transit,
                quote: about_tcp.clone(),
            },
            "time exceeded in-transit, length 36",
        ),
        (
            Icmp::TimeExceeded {
                reason: TimeExceeded::Reassembly,
                quote: about_tcp.clone(),
            },
            "ip reassembly time exceeded, length 36",
        ),
        (
            Icmp::Redirect {
                scope: RedirectScope::Host,
                gateway: Ipv4Addr::new(10, 0, 0, 254),
                quote: about_tcp.clone(),
            },
            "redirect 10.0.0.1 to host 10.0.0.254, length 36",
        ),
        (
            Icmp::ParameterProblem {
                reason: ParameterProblem::Pointer(20),
                quote: about_tcp.clone(),
            },
            "parameter problem - octet 20, length 36",
        ),
        (
            Icmp::ParameterProblem {
                reason: ParameterProblem::Length,
                quote: about_tcp,
            },
            "parameter problem - code 2, length 36",
        ),
    ] {
        assert_eq!(icmp_line(&message), expected);
    }
}

#[test]
fn icmp_queries() {
    let times = Timestamp {
        identifier: 7,
        sequence: 2,
        originate: 1000,
        receive: 79_325_264,
        transmit: 79_325_264,
    };
    let data = Bytes::from(vec![0; 56]);
    for (message, expected) in [
        (
            Icmp::EchoRequest {
                identifier: 1,
                sequence: 1,
                data: data.clone(),
            },
            "echo request, id 1, seq 1, length 64",
        ),
        (
            Icmp::EchoReply {
                identifier: 4660,
                sequence: 9,
                data,
            },
            "echo reply, id 4660, seq 9, length 64",
        ),
        (Icmp::TimestampRequest(times), "time stamp query id 7 seq 2, length 20"),
        (
            Icmp::TimestampReply(times),
            "time stamp reply id 7 seq 2: org 00:00:01.000, recv 22:02:05.264, xmit 22:02:05.264, length 20",
        ),
        (
            Icmp::Other {
                kind: 40,
                code: 0,
                rest: [0; 4],
                data: Bytes::new(),
            },
            "type-#40, length 8",
        ),
    ] {
        assert_eq!(icmp_line(&message), expected);
    }
}

#[test]
fn igmp() {
    let group = Ipv4Addr::new(239, 1, 2, 3);
    let query = |max_response_tenths, group| Igmp::Query {
        max_response_tenths,
        group,
    };
    let all = Ipv4Addr::UNSPECIFIED;
    for (message, expected) in [
        (query(100, all), "query v2"),
        (query(100, group), "query v2 [gaddr 239.1.2.3]"),
        (query(50, group), "query v2 [max resp time 50] [gaddr 239.1.2.3]"),
        (query(0, all), "query v1"),
        (Igmp::ReportV1 { group }, "v1 report 239.1.2.3"),
        (Igmp::Report { group }, "v2 report 239.1.2.3"),
        (Igmp::Leave { group }, "leave 239.1.2.3"),
    ] {
        let expected = format!("IP 10.0.0.1 > 10.0.0.2: igmp {expected}");
        assert_eq!(line(&framed(Body::Igmp(&message))), expected);
    }
    let report = hex("2200 e8f9 0000 0001 0400 0000 ef01 0203");
    assert_eq!(
        line(&raw(Protocol::IGMP, &report)),
        "IP 10.0.0.1 > 10.0.0.2: igmp v3 report, 1 group record(s)"
    );
}

#[test]
fn arp() {
    let question = Arp::request(ethernet().source, HERE, THERE);
    let with = |code, target_mac| Arp {
        operation: ArpOperation::from_code(code),
        target_mac,
        ..question
    };
    let there = ethernet().destination;
    for (packet, expected) in [
        (question, "Request who-has 10.0.0.2 tell 10.0.0.1"),
        (
            with(1, there),
            "Request who-has 10.0.0.2 (02:00:00:00:00:02) tell 10.0.0.1",
        ),
        (with(2, there), "Reply 10.0.0.1 is-at 02:00:00:00:00:01"),
        (
            with(3, there),
            "Reverse Request who-is 02:00:00:00:00:02 tell 02:00:00:00:00:01",
        ),
        (with(4, there), "Reverse Reply 02:00:00:00:00:02 at 10.0.0.2"),
    ] {
        let frame = frame::arp(&ethernet(), &packet);
        assert_eq!(line(&frame), format!("ARP, {expected}, length 46"));
        assert_eq!(line(&frame[..42]), format!("ARP, {expected}, length 28"));
        let frame = frame::arp(&tagged(), &packet);
        assert_eq!(line(&frame), format!("ARP, {expected}, length 42"));
    }
}

#[test]
fn links() {
    let frame = |ethertype| {
        let header = EthernetHeader {
            ethertype: EtherType(ethertype),
            ..tagged()
        };
        let payload = Bytes::from_static(b"x");
        Ethernet { header, payload }.emit()
    };
    let start = "02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype 802.1Q (0x8100), length 60: vlan 100, p 3, DEI, ";
    assert_eq!(line(&frame(0x88b5)), format!("{start}ethertype Unknown (0x88b5)"));
    assert_eq!(line(&frame(0x86dd)), format!("{start}ethertype IPv6 (0x86dd)"));
    assert_eq!(line(&frame(0x0040)), format!("{start}802.3, length 64"));
    let datagram = datagram(&header(Protocol(253)), Body::Raw(b"abc"));
    let layers = dissect(LinkType::RAW_IP, &datagram);
    assert_eq!(summary(&layers), "IP 10.0.0.1 > 10.0.0.2: ip-proto-253 3");
    assert!(dissect(LinkType(147), &datagram).is_empty());
    assert_eq!(summary(&[]), "[|frame]");
    assert_eq!(ipv4::header_len(&datagram), Ok(20));
}
