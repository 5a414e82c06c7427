//! Filters over a handful of frames. The expectations are what tcpdump 4.99 (libpcap 1.10, `-O`) selects of the same frames.

use std::net::Ipv4Addr;

use bytes::Bytes;

use super::*;
use crate::wire::frame::{self, Body};
use crate::wire::icmp::Unreachable;
use crate::wire::tcp::{Flags, Segment};
use crate::wire::*;

const HERE: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 1);
const THERE: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 2);
const FAR: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 9);
const MACS: [MacAddr; 2] = [MacAddr([2, 0, 0, 0, 0, 1]), MacAddr([2, 0, 0, 0, 0, 2])];

const fn ethernet(source: MacAddr, destination: MacAddr) -> EthernetHeader {
    EthernetHeader {
        destination,
        source,
        tag: None,
        ethertype: EtherType::IPV4,
    }
}

/// A frame from one host to another.
fn between(source: Ipv4Addr, destination: Ipv4Addr, body: Body<'_>) -> Bytes {
    let header = Ipv4Header::new(source, destination, Protocol(253));
    frame::ipv4(&ethernet(MACS[0], MACS[1]), &header, body).freeze()
}

fn segment(flags: u8, payload: &'static [u8]) -> Segment {
    Segment {
        source_port: 40000,
        destination_port: 80,
        flags: Flags::from_bits(flags),
        payload: Bytes::from_static(payload),
        ..Segment::default()
    }
}

fn udp(source_port: u16, destination_port: u16) -> Udp {
    Udp {
        source_port,
        destination_port,
        payload: Bytes::from_static(b"0123456789"),
    }
}

/// Frames, each with a name, what was captured of it, and its length on the link.
fn frames() -> Vec<(&'static str, Bytes, u32)> {
    let to_there = |body: Body<'_>| between(HERE, THERE, body);
    let syn = to_there(Body::Tcp(&segment(0x02, b"")));
    let get = to_there(Body::Tcp(&segment(0x18, b"GET / HTTP/1.1\r\n\r\n")));
    let answer = Segment {
        source_port: 80,
        destination_port: 40000,
        ..segment(0x12, b"")
    };
    let answer = between(THERE, HERE, Body::Tcp(&answer));
    let dns = to_there(Body::Udp(&udp(5000, 53)));
    let far = between(FAR, HERE, Body::Udp(&udp(443, 8080)));
    let echo = Icmp::EchoRequest {
        identifier: 1,
        sequence: 1,
        data: Bytes::from_static(&[0; 56]),
    };
    let echo = to_there(Body::Icmp(&echo));
    let unreachable = Icmp::Unreachable {
        reason: Unreachable::Port,
        quote: Bytes::from_static(&[0x45; 28]),
    };
    let unreachable = between(THERE, HERE, Body::Icmp(&unreachable));
    let group = Ipv4Addr::new(239, 1, 2, 3);
    let report = Ipv4Header {
        options: Ipv4Options::new(&[Ipv4Option::RouterAlert(0)]).unwrap(),
        ..Ipv4Header::new(HERE, group, Protocol::IGMP)
    };
    let to_group = ethernet(MACS[0], MacAddr::of_group(group));
    let report = frame::ipv4(&to_group, &report, Body::Igmp(&Igmp::Report { group })).freeze();
    // Ports behind a header with options.
    let options = Ipv4Header {
        options: Ipv4Options::new(&[Ipv4Option::Hops(1000)]).unwrap(),
        ..Ipv4Header::new(HERE, FAR, Protocol::UDP)
    };
    let options = frame::ipv4(&ethernet(MACS[0], MACS[1]), &options, Body::Udp(&udp(67, 68))).freeze();
    let later = Ipv4Header {
        fragment_offset: 8,
        ..Ipv4Header::new(HERE, THERE, Protocol::UDP)
    };
    // A later fragment, whose first bytes look like ports.
    let fragment = frame::ipv4(&ethernet(MACS[0], MACS[1]), &later, Body::Raw(&[0, 53, 0, 53])).freeze();
    let everybody = between(HERE, Ipv4Addr::BROADCAST, Body::Udp(&udp(68, 67)));
    let to_everybody = ethernet(MACS[0], MacAddr::BROADCAST);
    let question = Arp::request(MACS[0], HERE, THERE);
    let reply = question.reply(MACS[1]);
    let question = frame::arp(&to_everybody, &question).freeze();
    let reply = frame::arp(&ethernet(MACS[1], MACS[0]), &reply).freeze();
    let vlan = ethernet::push_tag(&syn, VlanTag::vlan(100)).unwrap().freeze();
    let mut stacked = ethernet::push_tag(&vlan, VlanTag::vlan(5)).unwrap();
    stacked[12..14].copy_from_slice(&[0x88, 0xa8]);
    let mut ip6 = vec![0; 60];
    ip6[..8].copy_from_slice(&[0x60, 0, 0, 0, 0, 20, 6, 64]);
    ip6[43] = 80;
    let other = |ethertype, payload: Vec<u8>| {
        let header = EthernetHeader {
            ethertype: EtherType(ethertype),
            ..ethernet(MACS[0], MACS[1])
        };
        let payload = payload.into();
        Ethernet { header, payload }.emit().freeze()
    };
    let whole = |name, frame: Bytes| (name, frame.clone(), frame.len() as u32);
    vec![
        ("cut", get.slice(..30), get.len() as u32),
        whole("syn", syn),
        whole("answer", answer),
        whole("get", get),
        whole("dns", dns),
        whole("far", far),
        whole("echo", echo),
        whole("unreachable", unreachable),
        whole("report", report),
        whole("options", options),
        whole("fragment", fragment),
        whole("everybody", everybody),
        whole("question", question),
        whole("reply", reply),
        whole("vlan", vlan),
        whole("stacked", stacked.freeze()),
        whole("ip6", other(0x86dd, ip6)),
        whole("odd", other(0x88b5, vec![1])),
        whole("llc", other(0x0040, vec![0x42, 0x42, 3])),
    ]
}

/// The names of the frames that a filter takes.
fn taken(filter: &str) -> Vec<&'static str> {
    let filter = Filter::compile(filter).unwrap_or_else(|error| panic!("{filter}: {error}"));
    let frames = frames();
    let taken = frames.iter().filter(|(_, frame, len)| filter.matches(frame, *len));
    taken.map(|(name, ..)| *name).collect()
}

/// What an expectation says: names, `all`, or `all but` names.
fn expectation(text: &'static str) -> Vec<&'static str> {
    let all = frames().into_iter().map(|(name, ..)| name);
    let Some(but) = text.strip_prefix("all") else {
        return text.split_whitespace().collect();
    };
    let but: Vec<_> = but.split_whitespace().collect();
    all.filter(|name| !but.contains(name)).collect()
}

#[test]
fn what_tcpdump_takes() {
    for (filter, expected) in [
        ("", "all"),
        ("ip", "all but question reply vlan stacked ip6 odd llc"),
        ("ip6", "ip6"),
        ("arp", "question reply"),
        ("tcp", "cut syn answer get ip6"),
        ("udp", "dns far options fragment everybody"),
        ("icmp", "echo unreachable"),
        ("igmp", "report"),
        ("rarp", ""),
        ("host 10.0.0.1", "all but vlan stacked ip6 odd llc"),
        (
            "src host 10.0.0.1",
            "cut syn get dns echo report options fragment everybody question",
        ),
        ("dst 10.0.0.2", "syn get dns echo fragment question"),
        ("src and dst host 10.0.0.1", ""),
        (
            "host 10.0.0.2 or 192.168.1.9",
            "syn answer get dns far echo unreachable options fragment question reply",
        ),
        ("host 10.0.0.1 and not 10.0.0.2", "far report options everybody"),
        ("not host 10.0.0.1 and 10.0.0.2", ""),
        ("ip host 10.0.0.2", "syn answer get dns echo unreachable fragment"),
        ("arp host 10.0.0.2", "question reply"),
        ("arp src 10.0.0.2", "reply"),
        ("net 10", "all but vlan stacked ip6 odd llc"),
        ("net 192.168.0.0/16", "far options"),
        ("net 192.168.0.0 mask 255.255.0.0", "far options"),
        ("src net 192.168.1", "far"),
        ("host 192.168", "far options"),
        ("net 10.0.0.0", ""),
        ("port 80", "syn answer get ip6"),
        ("port 80 or 443", "syn answer get far ip6"),
        ("port 80 or 443 and udp", "far"),
        ("port (80 or 443)", "syn answer get far ip6"),
        ("tcp port 80", "syn answer get ip6"),
        ("udp port domain", "dns"),
        ("src port 80", "answer"),
        ("dst port 80 or 8080", "syn get far ip6"),
        ("src or dst port 53", "dns"),
        ("src and dst port 53", ""),
        ("portrange 60-100", "syn answer get options everybody ip6"),
        ("tcp portrange 60-100", "syn answer get ip6"),
        ("udp dst portrange 8080-8000", "far"),
        ("proto 17", "dns far options fragment everybody"),
        ("proto \\tcp", "cut syn answer get ip6"),
        ("ip proto \\icmp", "echo unreachable"),
        ("ip6 proto 6", "ip6"),
        ("ether host 2:0:0:0:0:2", "all but report question"),
        ("ether src 02-00-00-00-00-02", "reply"),
        ("ether dst ff:ff:ff:ff:ff:ff", "question"),
        ("ether proto \\arp", "question reply"),
        ("ether proto 0x88b5", "odd"),
        ("ether proto 0x42", "llc"),
        ("broadcast", "question"),
        ("ether broadcast", "question"),
        ("ip broadcast", "everybody"),
        ("multicast", "report question"),
        ("ip multicast", "report everybody"),
        ("vlan", "vlan stacked"),
        ("vlan 100", "vlan"),
        ("vlan and tcp", "vlan"),
        ("vlan 5 and vlan 100 and host 10.0.0.1", "stacked"),
        ("vlan or tcp", "vlan stacked"),
        ("tcp or vlan", "cut syn answer get vlan stacked ip6"),
        ("not (vlan and tcp) and udp", ""),
        ("less 60", "all but cut get echo unreachable vlan stacked ip6"),
        ("greater 75", "echo"),
        ("len = 60", "all but cut get echo unreachable vlan stacked ip6"),
        (
            "len % 3 = 0 and ip",
            "cut syn answer get dns far report options fragment everybody",
        ),
        ("ip[0] & 0xf != 5", "report options"),
        ("ip[8] = 64 and icmp", "echo unreachable"),
        ("ip[2:2] > 60", "echo"),
        ("tcp[tcpflags] & (tcp-syn|tcp-ack) != 0", "syn answer get"),
        ("tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn", "syn"),
        ("tcp[13] & 8 != 0", "get"),
        ("not tcp[13] & 8 != 0", "all but cut get"),
        ("tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x47455420", "get"),
        ("icmp[icmptype] = icmp-echo", "echo"),
        ("icmp[icmptype] = icmp-unreach and icmp[icmpcode] == 3", "unreachable"),
        ("icmp[0] = 8 || icmp[0] = 3", "echo unreachable"),
        ("udp[4:2] = 18", "dns far options everybody"),
        ("arp[6:2] = 2", "reply"),
        ("ether[0] & 1 = 0 and ip[16] >= 224", "everybody"),
        ("igmp[0] = 0x16", "report"),
        ("link[12:2] = 0x806", "question reply"),
        ("ip[6:2] & 0x1fff != 0", "fragment"),
        ("len - 14 > ip[2:2]", "syn answer dns far report fragment everybody"),
        (
            "ip[0] & 1 ^ 4 = 5",
            "cut syn answer get dns far echo unreachable options fragment everybody",
        ),
        ("ip[9] / 4 = 4", "dns far options fragment everybody"),
        ("ip[1] / ip[6:2] = 0", "fragment"),
        ("ip[200] = 0 or arp", "question reply"),
        ("not ip[200] = 0", "question reply vlan stacked ip6 odd llc"),
        ("(tcp or udp) and not port 80", "dns far options fragment everybody"),
        (
            "! tcp && ! udp || arp",
            "echo unreachable report question reply vlan stacked odd llc",
        ),
        ("tcp or udp and arp", ""),
        ("((tcp))", "cut syn answer get ip6"),
        ("1 = 1", "all"),
        ("2 < 1", ""),
    ] {
        assert_eq!(taken(filter), expectation(expected), "{filter}");
    }
}

#[test]
fn a_number_needs_the_protocols_of_both_its_sides() {
    // libpcap would look at the bytes of ARP packets and others here.
    assert_eq!(
        taken("1 + ip[8] > 1"),
        expectation("all but question reply vlan stacked ip6 odd llc")
    );
    assert_eq!(taken("udp[0:2] + arp[6:2] > 0"), [""; 0]);
}

#[test]
fn errors_say_where_and_what() {
    for (filter, expected) in [
        ("host", "column 5: expected an address such as 10.0.0.1, found the end"),
        (
            "10.0.0.1",
            "column 1: expected a primitive such as 'host', 'port' or 'tcp', found '10.0.0.1'",
        ),
        ("tcp udp", "column 5: expected 'and', 'or' or the end, found 'udp'"),
        (
            "tcp and",
            "column 8: expected a primitive such as 'host', 'port' or 'tcp', found the end",
        ),
        (
            "tcp or 80",
            "column 8: expected 'host', 'net', 'port' or another qualifier before an address or number",
        ),
        ("(port 80", "column 9: expected ')', found the end"),
        ("port 80)", "column 8: expected 'and', 'or' or the end, found ')'"),
        ("port http-alt", "column 6: unknown port 'http-alt'"),
        ("udp port http", "column 10: this is a port of tcp"),
        (
            "ip port 80",
            "column 9: 'ip' has no ports: expected 'tcp', 'udp' or 'sctp', or none",
        ),
        ("port 65536", "column 6: port 65536 is greater than 65535"),
        (
            "port 10.0.0.1",
            "column 6: 'port' is before an address: expected a port such as 80",
        ),
        ("portrange 80-x", "column 11: unknown port 'x'"),
        (
            "host gateway",
            "column 6: 'gateway' is not supported; expected an address such as 10.0.0.1",
        ),
        (
            "host home",
            "column 6: expected an address such as 10.0.0.1, found 'home'",
        ),
        ("host 10.0.0.256", "column 6: 10.0.0.256 is no IPv4 address"),
        ("host 10.0.0.0/8", "column 6: a prefix or mask needs 'net' before it"),
        ("net 10.1.0.0/8", "column 5: 10.1.0.0 has bits set behind its mask"),
        ("net 10.0.0.0/33", "column 5: a prefix of 33 bits: expected at most 32"),
        (
            "net 10.0.0.0/x",
            "column 14: expected the length of a prefix, found 'x'",
        ),
        (
            "net 10.0.0.0 mask 8",
            "column 19: expected a mask such as 255.255.255.0, found '8'",
        ),
        (
            "host 2:0:0:0:0:1",
            "column 6: a hardware address needs 'ether host', 'ether src' or 'ether dst' before it",
        ),
        (
            "ether host 10.0.0.1",
            "column 12: expected a hardware address such as 02:00:00:00:00:01",
        ),
        (
            "tcp host 10.0.0.1",
            "column 10: 'tcp' is before 'host': expected 'ip', 'arp' or 'rarp', or none",
        ),
        (
            "tcp broadcast",
            "column 5: 'tcp broadcast' makes no sense: expected 'ether' or 'ip'",
        ),
        (
            "arp proto 1",
            "column 11: 'arp proto' makes no sense: it carries no protocols",
        ),
        ("proto \\nothing", "column 7: unknown protocol 'nothing'"),
        ("vlan 4096", "column 10: VLAN 4096 is greater than 4095"),
        ("less x", "column 6: expected a length, found 'x'"),
        ("tcp[13", "column 7: expected ']', found the end"),
        (
            "tcp[0:3] = 1",
            "column 7: expected a size of 1, 2 or 4 bytes, found '3'",
        ),
        (
            "tcp[0]",
            "column 7: expected a comparison such as '=' or '>', found the end",
        ),
        ("len / 0 = 1", "column 7: division by zero"),
        ("len << 32 = 1", "column 8: shift by more than 31 bits"),
        ("len = 5000000000", "column 7: number 5000000000 does not fit 32 bits"),
        ("len = 09", "column 7: number 09 begins with 0 and is not octal"),
        (
            "inbound",
            "column 1: 'inbound' is not supported; expected a primitive such as 'host', 'port' or 'tcp'",
        ),
        ("tcp ä", "column 5: unexpected character 'ä'"),
        ("proto \\ 6", "column 7: expected a name behind the backslash"),
    ] {
        let found = Filter::compile(filter).map_err(|error| error.to_string());
        assert_eq!(found, Err(expected.into()), "{filter}");
    }
}

#[test]
fn length_and_depth_are_bounded() {
    let errors = |text: String| Filter::compile(&text).unwrap_err().message;
    let deep = format!("nested deeper than {DEPTH} levels");
    assert_eq!(errors(format!("{}tcp", "(".repeat(200))), deep);
    assert_eq!(errors(format!("{}tcp", "not ".repeat(200))), deep);
    assert_eq!(errors(format!("host {}10.0.0.1", "(".repeat(200))), deep);
    assert_eq!(errors(format!("len = {}1", "-".repeat(200))), deep);
    assert_eq!(errors(format!("len = 1{}", " + 1".repeat(200))), deep);
    assert_eq!(errors(format!("len = 1{}", " ^ 1".repeat(200))), deep);
    assert_eq!(errors(format!("tcp{}", " and tcp or tcp".repeat(100))), deep);
    assert_eq!(
        errors(" ".repeat(TEXT_BYTES + 1)),
        "the filter is longer than 4096 bytes"
    );
    // A chain of the same word is flat.
    assert!(Filter::compile(&format!("port 1{}", " or 2".repeat(700))).is_ok());
}

/// A fuzz target: `cargo bolero test fuzz_filters`; under `cargo test`, some thousand inputs.
#[test]
fn fuzz_filters() {
    const WORDS: [&str; 40] = [
        "tcp",
        "udp",
        "ip",
        "arp",
        "ether",
        "host",
        "net",
        "port",
        "portrange",
        "src",
        "dst",
        "or",
        "and",
        "not",
        "(",
        ")",
        "[",
        "]",
        ":",
        "10.0.0.1",
        "10.0.0.0",
        "/",
        "8",
        "80",
        "0",
        "1-2",
        "len",
        "=",
        "<",
        "&",
        "^",
        "-",
        "vlan",
        "proto",
        "\\tcp",
        "2:0:0:0:0:1",
        "mask",
        "broadcast",
        "%",
        "icmptype",
    ];
    let frames = frames();
    bolero::check!().with_iterations(4_000).for_each(|noise: &[u8]| {
        let text = String::from_utf8_lossy(noise);
        let words: Vec<_> = noise
            .iter()
            .map(|byte| WORDS[usize::from(*byte) % WORDS.len()])
            .collect();
        for text in [text.into_owned(), words.join(" "), words.concat()] {
            let Ok(filter) = Filter::compile(&text) else { continue };
            for (_, frame, len) in &frames {
                let _ = filter.matches(frame, *len);
                let _ = filter.matches(&frame[..frame.len() / 2], *len);
            }
            let _ = filter.matches(noise, noise.len() as u32);
        }
    });
}
