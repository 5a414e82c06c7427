//! Frames of a real network: Linux 6 on its loopback, and the examples of the standards. Where Linux left a checksum to the
//! network card, the right one is put in.

use std::net::Ipv4Addr;

use bytes::{Bytes, BytesMut};

use super::hex;
use crate::wire::ethernet::{check_len, pop_tag, push_tag};
use crate::wire::frame::{self, Body};
use crate::wire::icmp::{Unreachable, quote, short_quote};
use crate::wire::ipv4::Route;
use crate::wire::tcp::{Flags, Options, Segment, SeqNumber};
use crate::wire::*;

const SYN: &str = "0000 0000 0000 0000 0000 0000 0800 4500 003c 2450 4000 4006 186a 7f00 0001 7f00 0001
    c598 dbcb f836 39d0 0000 0000 a002 ffd7 e0f5 0000 0204 ffd7 0402 080a a6dd f4bf 0000 0000 0103 030a";
const DATA: &str = "0000 0000 0000 0000 0000 0000 0800 4500 004f 2452 4000 4006 1855 7f00 0001 7f00 0001
    c598 dbcb f836 39d1 fdc6 315b 8018 0040 46c2 0000 0101 080a a6dd f4c0 de98 781a
    4745 5420 2f20 4854 5450 2f31 2e31 0d0a 486f 7374 3a20 610d 0a0d 0a";
const ECHO: &str = "0000 0000 0000 0000 0000 0000 0800 4500 0024 b950 4000 4001 8386 7f00 0001 7f00 0001
    0800 5435 1234 0001 6162 6364 6566 6768";
const STAMPS: &str = "0000 0000 0000 0000 0000 0000 0800 4500 0028 b966 0000 4001 c36c 7f00 0001 7f00 0001
    0e00 13fa 0007 0002 0000 03e8 04ba 6850 04ba 6850";
const PORT_UNREACHABLE: &str = "0000 0000 0000 0000 0000 0000 0800 48c0 0053 7fb4 0000 4001 e32a 7f00 0001 7f00 0001
    070b 0c7f 0000 017f 0000 0100 0303 79d6 0000 0000
    4800 002b 3086 4000 4011 f8af 7f00 0001 7f00 0001 070b 0c7f 0000 017f 0000 0100 9c03 0009 000b fe1e 6f70 74";

/// Reads the datagram of a frame, and checks that the frame is emitted as it was.
fn datagram(frame: &Bytes) -> Ipv4 {
    let ethernet = Ethernet::parse(frame).unwrap();
    assert_eq!(ethernet.header.ethertype, EtherType::IPV4);
    let datagram = Ipv4::parse(&ethernet.payload).unwrap();
    let again = frame::ipv4(&ethernet.header, &datagram.header, Body::Raw(&datagram.payload));
    assert_eq!(again[..frame.len()], frame[..]);
    assert!(again[frame.len()..].iter().all(|byte| *byte == 0));
    datagram
}

fn bytes_of(emit: impl FnOnce(&mut BytesMut)) -> Bytes {
    let mut out = BytesMut::new();
    emit(&mut out);
    out.freeze()
}

const HOST: Ipv4Addr = Ipv4Addr::LOCALHOST;

#[test]
fn a_syn_of_linux() {
    let Ipv4 { header, payload } = datagram(&hex(SYN));
    assert!(header.dont_fragment && !header.is_fragment());
    assert_eq!((header.ttl, header.identification), (64, 0x2450));
    let segment = Segment::parse(&payload, header.source, header.destination).unwrap();
    let expected = Segment {
        source_port: 50584,
        destination_port: 56267,
        seq: SeqNumber(4_164_303_312),
        flags: Flags {
            syn: true,
            ..Flags::default()
        },
        window: 65495,
        options: Options {
            mss: Some(65495),
            window_scale: Some(10),
            sack_permitted: true,
            timestamps: Some((2_799_563_967, 0)),
            ..Options::default()
        },
        ..Segment::default()
    };
    assert_eq!(segment, expected);
    assert_eq!(bytes_of(|out| segment.emit(HOST, HOST, out)), payload);
}

#[test]
fn data_share_the_memory_of_the_frame() {
    let frame = hex(DATA);
    let Ipv4 { header, payload } = datagram(&frame);
    let segment = Segment::parse(&payload, header.source, header.destination).unwrap();
    assert_eq!(segment.payload, &b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"[..]);
    assert!(frame.as_ptr_range().contains(&segment.payload.as_ptr()));
    assert_eq!(bytes_of(|out| segment.emit(HOST, HOST, out)), payload);
    let mut wrong = payload.to_vec();
    wrong[40] ^= 1;
    let wrong = Segment::parse(&wrong.into(), header.source, header.destination);
    assert_eq!(wrong, Err(WireError::Checksum { format: "TCP" }));
}

#[test]
fn one_frame_is_one_allocation() {
    let ethernet = EthernetHeader::default();
    let Ipv4 { header, payload } = datagram(&hex(DATA));
    let segment = Segment::parse(&payload, HOST, HOST).unwrap();
    let out = frame::ipv4(&ethernet, &header, Body::Tcp(&segment));
    assert_eq!(out, hex(DATA));
    assert_eq!(out.capacity(), out.len());
}

#[test]
fn echo_and_timestamps() {
    let Ipv4 { payload, .. } = datagram(&hex(ECHO));
    let echo = Icmp::parse(&payload).unwrap();
    let expected = Icmp::EchoRequest {
        identifier: 0x1234,
        sequence: 1,
        data: Bytes::from_static(b"abcdefgh"),
    };
    assert_eq!(echo, expected);
    assert_eq!(bytes_of(|out| echo.emit(out)), payload);
    let Ipv4 { payload, .. } = datagram(&hex(STAMPS));
    let reply = Icmp::parse(&payload).unwrap();
    let Icmp::TimestampReply(times) = reply else {
        panic!("{reply:?}")
    };
    assert_eq!((times.originate, times.receive), (1000, 79_325_264));
    assert_eq!(bytes_of(|out| Icmp::TimestampReply(times).emit(out)), payload);
}

#[test]
fn an_unreachable_port_with_recorded_routes() {
    let Ipv4 { header, payload } = datagram(&hex(PORT_UNREACHABLE));
    assert_eq!(header.dscp, 48);
    let options: Vec<_> = header.options.iter().map(Result::unwrap).collect();
    let [Ipv4Option::RecordRoute(route)] = options[..] else {
        panic!("{options:?}")
    };
    assert_eq!(route.addresses().collect::<Vec<_>>(), [HOST, HOST]);
    assert!(route.is_exhausted() && route.done() == 2);
    let error = Icmp::parse(&payload).unwrap();
    assert_eq!(bytes_of(|out| error.emit(out)), payload);
    let Icmp::Unreachable {
        reason: Unreachable::Port,
        quote: quoted,
    } = error
    else {
        panic!("{error:?}")
    };
    assert_eq!(quoted.len(), 43);
    let quoted = Ipv4::parse_quoted(&quoted).unwrap();
    assert_eq!(quoted.header.protocol, Protocol::UDP);
    assert_eq!(quoted.payload.len(), 11);
    let udp = Udp::parse(&quoted.payload, HOST, HOST);
    assert_eq!(
        udp,
        Err(WireError::Checksum { format: "UDP" }),
        "the card had not summed it"
    );
}

#[test]
fn an_error_quotes_no_more_than_fits() {
    let mut header = Ipv4Header::new(HOST, HOST, Protocol::UDP);
    header.options = Ipv4Options::new(&[Ipv4Option::RouterAlert(0)]).unwrap();
    let long = bytes_of(|out| frame::emit_datagram(&header, Body::Raw(&[7; 1000]), out));
    assert_eq!(quote(&long).len(), 548);
    assert_eq!(short_quote(&long).len(), 32);
    let mut padded = BytesMut::from(&bytes_of(|out| frame::emit_datagram(&header, Body::Raw(&[7; 3]), out))[..]);
    padded.resize(46, 0);
    assert_eq!(quote(&padded.freeze()).len(), 27);
    assert_eq!(quote(&Bytes::new()).len(), 0);
}

#[test]
fn fragmentation_needed_says_the_mtu() {
    // RFC 1191 section 4: the MTU is the second half of the header's second word.
    let needed = Icmp::Unreachable {
        reason: Unreachable::FragmentationNeeded { mtu: 1460 },
        quote: hex("4500 0000"),
    };
    let bytes = bytes_of(|out| needed.emit(out));
    assert_eq!(bytes[..2], [3, 4]);
    assert_eq!(bytes[4..], hex("0000 05b4 4500 0000"));
    assert_eq!(Icmp::parse(&bytes), Ok(needed));
}

#[test]
fn udp_without_a_checksum_is_taken() {
    // The datagram of PORT_UNREACHABLE's quote, its checksum left out, and padding behind it.
    let bytes = hex("9c03 0009 000b 0000 6f70 7400 0000");
    let udp = Udp::parse(&bytes, HOST, HOST).unwrap();
    assert_eq!((udp.source_port, udp.destination_port), (39939, 9));
    assert_eq!(udp.payload, &b"opt"[..]);
    // A sum of zero is sent as all ones.
    let mut zero = Udp {
        payload: Bytes::from_static(&[0, 0]),
        ..udp
    };
    let sum = bytes_of(|out| zero.emit(HOST, HOST, out));
    let sum = [sum[6], sum[7]];
    zero.payload = Bytes::copy_from_slice(&sum);
    let bytes = bytes_of(|out| zero.emit(HOST, HOST, out));
    assert_eq!(bytes[6..8], [0xff, 0xff]);
    assert_eq!(Udp::parse(&bytes, HOST, HOST), Ok(zero));
}

#[test]
fn arp_asks_and_is_answered() {
    // RFC 826's packet on Ethernet, as any network shows it.
    let frame = hex("ffff ffff ffff 0200 0000 0001 0806
        0001 0800 0604 0001 0200 0000 0001 0a00 0001 0000 0000 0000 0a00 0002
        0000 0000 0000 0000 0000 0000 0000 0000 0000");
    check_len(&frame).unwrap();
    let ethernet = Ethernet::parse(&frame).unwrap();
    let question = Arp::parse(&ethernet.payload).unwrap();
    assert!(ethernet.header.destination.is_broadcast());
    assert_eq!(question.target, Ipv4Addr::new(10, 0, 0, 2));
    assert_eq!(frame::arp(&ethernet.header, &question), frame);
    let answer = question.reply(MacAddr([2, 0, 0, 0, 0, 2]));
    assert_eq!(answer.operation, ArpOperation::Reply);
    assert_eq!(answer.target_mac, question.sender_mac);
    assert_eq!((answer.sender, answer.target), (question.target, question.sender));
    let mut token_ring = ethernet.payload.to_vec();
    token_ring[1] = 6;
    assert!(Arp::parse(&token_ring).is_err());
}

#[test]
fn tags_are_pushed_and_popped() {
    let plain = hex("0200 0000 0002 0200 0000 0001 0800 4500");
    let tag = VlanTag {
        pcp: 5,
        dei: true,
        vid: 100,
    };
    let tagged = push_tag(&plain, tag).unwrap();
    assert_eq!(tagged[12..16], [0x81, 0x00, 0xb0, 0x64]);
    let header = EthernetHeader::parse(&tagged).unwrap();
    assert_eq!((header.tag, header.ethertype), (Some(tag), EtherType::IPV4));
    let mut twice = push_tag(&tagged, VlanTag::vlan(7)).unwrap();
    assert_eq!(EthernetHeader::parse(&twice).unwrap().ethertype, EtherType::VLAN);
    assert_eq!(pop_tag(&mut twice), Ok(Some(VlanTag::vlan(7))));
    assert_eq!(pop_tag(&mut twice), Ok(Some(tag)));
    assert_eq!(twice[..16], plain[..]);
    assert_eq!(twice.len(), ethernet::MIN_FRAME_BYTES);
    assert_eq!(pop_tag(&mut twice), Ok(None));
}

#[test]
fn ports_take_neither_runts_nor_giants() {
    let frame = |len: usize, ethertype: u16| {
        let mut frame = vec![0; len];
        frame[12..14].copy_from_slice(&ethertype.to_be_bytes());
        check_len(&frame)
    };
    assert!(frame(60, 0x0800).is_ok() && frame(1514, 0x0800).is_ok());
    assert!(frame(1518, 0x8100).is_ok());
    assert!(matches!(frame(59, 0x0800), Err(WireError::Truncated { .. })));
    assert!(matches!(frame(1515, 0x0800), Err(WireError::TooLong { .. })));
    assert!(matches!(frame(1519, 0x8100), Err(WireError::TooLong { .. })));
}

#[test]
fn igmp_messages() {
    let leave = hex("1700 f7fa ef01 0203");
    let group = Ipv4Addr::new(239, 1, 2, 3);
    assert_eq!(Igmp::parse(&leave), Ok(Igmp::Leave { group }));
    let general = Igmp::Query {
        max_response_tenths: 100,
        group: Ipv4Addr::UNSPECIFIED,
    };
    // The general query of RFC 2236 section 8.3: 10 seconds.
    assert_eq!(bytes_of(|out| general.emit(out)), hex("1164 ee9b 0000 0000"));
    // The report of version 3 that Linux sends: its type is not of this version.
    let report = hex("2200 e8f9 0000 0001 0400 0000 ef01 0203");
    assert!(matches!(Igmp::parse(&report), Err(WireError::Field { .. })));
}

#[test]
fn options_of_the_header() {
    let data = [10, 0, 0, 1, 10, 0, 0, 2];
    let route = Route {
        pointer: 8,
        data: &data,
    };
    let all = [
        Ipv4Option::NoOperation,
        Ipv4Option::LooseSourceRoute(route),
        Ipv4Option::RouterAlert(0),
        Ipv4Option::Timestamp(ipv4::Timestamps {
            pointer: 13,
            overflow: 2,
            flag: 1,
            data: &[10, 0, 0, 1, 0, 0, 3, 232],
        }),
        Ipv4Option::Unknown {
            kind: 0x82,
            data: &[1, 2],
        },
    ];
    let options = Ipv4Options::new(&all).unwrap();
    assert_eq!(options.as_bytes().len(), 32);
    assert_eq!(options.iter().map(Result::unwrap).collect::<Vec<_>>(), all);
    assert_eq!((route.done(), route.is_exhausted()), (1, false));
    assert_eq!(options.router_alert(), Some(0));
    let copied = options.copied_to_fragments();
    let copied: Vec<_> = copied.iter().map(Result::unwrap).collect();
    assert_eq!(copied, [all[1], all[2], all[4]]);
    let too_many = [all[1]; 4];
    assert!(matches!(Ipv4Options::new(&too_many), Err(WireError::TooLong { .. })));
}

#[test]
fn a_malformed_option_is_pointed_at() {
    for (bytes, pointer) in [
        ("07", 20),
        ("0107", 21),
        ("0700", 20),
        ("0701", 20),
        ("01070b0400000000", 21),
        ("0707030000000000", 20),
        ("94040000 9403", 24),
        ("44080500 00000000 4408 0900 0000 0000 4407 0500 0000", 36),
    ] {
        let options = Ipv4Options::from_bytes(&hex(bytes)).unwrap();
        assert_eq!(
            options.check(),
            Err(WireError::Option {
                format: "IPv4",
                pointer
            }),
            "{bytes}"
        );
    }
    assert_eq!(Ipv4Options::from_bytes(&hex("010094")).unwrap().check(), Ok(()));
    assert!(Ipv4Options::from_bytes(&[0; 41]).is_err());
}

#[test]
fn options_of_tcp_that_are_malformed_or_unknown() {
    let parse = |text: &str| Options::parse(&hex(text));
    let pointer = |text: &str| match parse(text) {
        Err(WireError::Option { pointer, .. }) => pointer,
        other => panic!("{text}: {other:?}"),
    };
    // Kind 30 is MPTCP's, kind 253 an experiment's.
    let known = parse("1e04 0000 0204 05b4 fd02 0402 0101 0000").unwrap();
    assert_eq!((known.mss, known.sack_permitted), (Some(1460), true));
    assert_eq!(parse("0002 03").unwrap(), Options::default());
    for (text, at) in [
        ("02", 20),
        ("0200", 20),
        ("0201", 20),
        ("0203 05", 20),
        ("0204 05", 20),
        ("0101 0304 0700", 22),
        ("0403 00", 20),
        ("0502", 20),
        ("0509 00000000 000000", 20),
        ("0809 0000 0000 0000 00", 20),
        ("01fd 00", 21),
    ] {
        assert_eq!(pointer(text), at, "{text}");
    }
}

#[test]
fn selective_acknowledgements_give_way() {
    let block = |at: u32| (SeqNumber(at), SeqNumber(at + 1));
    let mut options = Options {
        sack: (0..6).map(block).collect(),
        ..Options::default()
    };
    assert_eq!((options.sack_that_fits(), options.len_bytes()), (4, 36));
    options.timestamps = Some((1, 2));
    assert_eq!((options.sack_that_fits(), options.len_bytes()), (3, 40));
    let bytes = bytes_of(|out| options.emit(out));
    assert_eq!(bytes.len(), 40);
    options.sack.truncate(3);
    assert_eq!(Options::parse(&bytes), Ok(options));
}
