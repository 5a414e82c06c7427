//! Names, values and places of fields, and what becomes of them in JSON.

use super::*;
use crate::wire::icmp::{Unreachable, short_quote};
use crate::wire::{Icmp, Ipv4Option, Ipv4Options};

#[test]
fn layers_and_fields_of_a_syn() {
    let frame = frame::ipv4(
        &tagged(),
        &header(Protocol::TCP),
        Body::Tcp(&segment(0x02, Options::default(), b"")),
    );
    let layers = layers(&frame);
    let protocols: Vec<_> = layers.iter().map(|layer| layer.protocol).collect();
    assert_eq!(protocols, ["eth", "vlan", "ip", "tcp"]);
    let ranges: Vec<_> = layers
        .iter()
        .map(|layer| (layer.range.start, layer.range.end))
        .collect();
    assert_eq!(ranges, [(0, 14), (14, 18), (18, 38), (38, 58)]);
    let found: Vec<_> = layers[3]
        .fields
        .iter()
        .map(|field| {
            let ByteRange { start, end } = field.range;
            let value = serde_json::to_string(&field.value).unwrap();
            format!("{start}..{end} {} = {value} | {}", field.name, field.text)
        })
        .collect();
    insta::assert_snapshot!(found.join("\n"), @r#"
    38..40 tcp.srcport = 40000 | Source port: 40000
    40..42 tcp.dstport = 80 | Destination port: 80
    42..46 tcp.seq_raw = 1 | Sequence number: 1
    46..50 tcp.ack_raw = 77 | Acknowledgment number: 77
    50..51 tcp.hdr_len = 20 | Header length: 20 bytes
    50..52 tcp.flags = 2 | Flags: 0x002 [S]
    51..52 tcp.flags.fin = false | Fin: Not set
    51..52 tcp.flags.syn = true | Syn: Set
    51..52 tcp.flags.reset = false | Reset: Not set
    51..52 tcp.flags.push = false | Push: Not set
    51..52 tcp.flags.ack = false | Acknowledgment: Not set
    51..52 tcp.flags.urg = false | Urgent: Not set
    51..52 tcp.flags.ece = false | ECN-Echo: Not set
    51..52 tcp.flags.cwr = false | Congestion window reduced: Not set
    52..54 tcp.window_size_value = 65535 | Window: 65535
    54..56 tcp.checksum = 65278 | Checksum: 0xfefe
    56..58 tcp.urgent_pointer = 3 | Urgent pointer: 3
    54..56 tcp.checksum.status = "Good" | Checksum status: Good
    "#);
    let value = |name: &str| text(&layers, name);
    assert_eq!(value("ip.src"), "Source address: 10.0.0.1");
    assert_eq!(value("ip.proto"), "Protocol: 6 (TCP)");
    assert_eq!(value("vlan.id"), "ID: 100");
    assert_eq!(value("eth.type"), "Type: 0x8100 (802.1Q)");
    assert!(flaws(&layers).is_empty());
}

#[test]
fn json_is_plain() {
    let layers = layers(&udp(5000, 5001, &b"hello"[..]));
    let json = serde_json::to_value(&layers).unwrap();
    assert_eq!(json[2]["protocol"], "udp");
    assert_eq!(json[2]["summary"], "IP 10.0.0.1.5000 > 10.0.0.2.5001: UDP, length 5");
    assert_eq!(json[1]["fields"][0]["value"], 4);
    assert_eq!(json[0]["fields"][0]["value"], "02:00:00:00:00:02");
    assert_eq!(json[0]["fields"][0]["range"], serde_json::json!({"start": 0, "end": 6}));
    assert_eq!(json[0].get("flaws"), None);
    let option = Ipv4Options::new(&[Ipv4Option::Unknown {
        kind: 30,
        data: &[0xab],
    }]);
    let header = Ipv4Header {
        options: option.unwrap(),
        ..header(Protocol(253))
    };
    let frame = frame::ipv4(&ethernet(), &header, Body::Raw(b""));
    let json = serde_json::to_value(dissect(LinkType::ETHERNET, &frame)).unwrap();
    assert_eq!(json[1]["fields"].as_array().unwrap().last().unwrap()["value"], "1e03ab");
}

#[test]
fn options_of_the_header() {
    let options = [
        Ipv4Option::RouterAlert(0),
        Ipv4Option::Hops(1000),
        Ipv4Option::NoOperation,
    ];
    let header = Ipv4Header {
        options: Ipv4Options::new(&options).unwrap(),
        ..header(Protocol(253))
    };
    let layers = layers(&frame::ipv4(&ethernet(), &header, Body::Raw(b"")));
    assert_eq!(text(&layers, "ip.opt.ra"), "Router alert: 0");
    assert_eq!(text(&layers, "ip.opt.hops"), "Hops left (RFC 4727 experiment): 1000");
    assert_eq!((layers[1].range.start, layers[1].range.end), (14, 46));
}

#[test]
fn an_error_shows_the_datagram_that_it_quotes() {
    let back = Ipv4Header::new(THERE, HERE, Protocol::UDP);
    let about = datagram(&back, Body::Raw(&hex("0457 08ae 0064 0000").repeat(12)));
    let error = Icmp::Unreachable {
        reason: Unreachable::Port,
        quote: short_quote(&about),
    };
    let layers = layers(&framed(Body::Icmp(&error)));
    let icmp = layers.last().unwrap();
    let quoted: Vec<_> = icmp.quoted.iter().map(|layer| layer.protocol).collect();
    assert_eq!(quoted, ["ip", "udp"]);
    assert_eq!(text(&icmp.quoted, "ip.src"), "Source address: 10.0.0.2");
    assert_eq!(icmp.quoted[0].range, ByteRange { start: 42, end: 62 });
    assert!(flaws(&layers).is_empty());
    // What is inside an error inside an error is not shown.
    let message = datagram(&back, Body::Icmp(&error));
    let nested = Icmp::Unreachable {
        reason: Unreachable::Host,
        quote: message,
    };
    let layers = super::layers(&framed(Body::Icmp(&nested)));
    let quoted = &layers.last().unwrap().quoted;
    assert_eq!((quoted.len(), quoted[1].protocol), (2, "icmp"));
    assert!(quoted[1].quoted.is_empty());
}

#[test]
fn http_in_fields() {
    let request = b"POST /login HTTP/1.1\r\nHost: bank.example\r\nX: \x1b[2J\r\n\r\nname=a";
    let layers = layers(&framed(Body::Tcp(&segment(0x18, Options::default(), request))));
    let http = layers.last().unwrap();
    let shown: Vec<_> = http
        .fields
        .iter()
        .map(|field| (field.name, field.text.as_str(), field.range.start))
        .collect();
    assert_eq!(
        shown,
        [
            ("http.request.method", "POST", 54),
            ("http.request.uri", "/login", 59),
            ("http.request.version", "HTTP/1.1", 66),
            ("http.request.line", "Host: bank.example", 76),
            ("http.request.line", "X: .[2J", 96),
            ("http.file_data", "Body: 6 bytes", 107),
        ]
    );
    let cut = framed(Body::Tcp(&segment(0x18, Options::default(), &request[..30])));
    assert_eq!(flaws(&super::layers(&cut)), ["the headers go on in another segment"]);
}

#[test]
fn dhcp_in_fields() {
    let mut message = vec![0; 236];
    message[..3].copy_from_slice(&[2, 1, 6]);
    message[16..20].copy_from_slice(&[10, 0, 0, 9]);
    message.extend_from_slice(&hex(
        "63825363 350105 0104ffffff00 0304 0a0000fe 0608 0a000001 0a000002 3304 00000e10 0c02 6869 00 52021234 ff",
    ));
    let layers = layers(&udp(67, 68, message.clone()));
    for (name, expected) in [
        ("dhcp.ip.your", "Your IP address: 10.0.0.9"),
        ("dhcp.option.dhcp", "DHCP message type: ACK"),
        ("dhcp.option.subnet_mask", "Subnet mask: 255.255.255.0"),
        ("dhcp.option.router", "Router: 10.0.0.254"),
        (
            "dhcp.option.domain_name_server",
            "Domain name server: 10.0.0.1, 10.0.0.2",
        ),
        ("dhcp.option.ip_address_lease_time", "Lease time: 3600 s"),
        ("dhcp.option.hostname", "Host name: hi"),
        ("dhcp.option.value", "Option 82: 1234"),
    ] {
        assert_eq!(text(&layers, name), expected);
    }
    message.truncate(message.len() - 4);
    let cut = super::layers(&udp(67, 68, message));
    assert_eq!(flaws(&cut), ["option 82 runs beyond the message"]);
}
