//! ICMP and IGMP.

use std::net::Ipv4Addr;

use super::build::{LayerBuilder, Next, Packet};
use super::{FlawKind, Layer, Value};
use crate::wire::icmp::{HEADER_BYTES, ParameterProblem, RedirectScope, TimeExceeded, Unreachable};
use crate::wire::{Sum, igmp, u16_at};

pub(super) fn icmp(packet: &mut Packet<'_>, next: Next) {
    let mut layer = LayerBuilder::new(packet, next, "icmp", HEADER_BYTES);
    let line = format!("{}: ", packet.addresses_line());
    if !layer.has(HEADER_BYTES, &format!("{line}ICMP ")) {
        return packet.push(layer, None);
    }
    let kind = layer.number("icmp.type", "Type", 0, 1) as u8;
    layer.explain(name(kind));
    let code = layer.number("icmp.code", "Code", 1, 1) as u8;
    layer.hex("icmp.checksum", "Checksum", 2, 2);
    if !next.is_cut() && !packet.addresses.fragment && !packet.quoted {
        let sum = Sum::new().bytes(layer.bytes());
        layer.check(sum, 2, "icmp.checksum.status");
    }
    if matches!(kind, 3 | 4 | 5 | 11 | 12) && !packet.quoted {
        layer.layer.quoted = packet.quote(next.inside("icmp", [0; 2], HEADER_BYTES));
    }
    let least = match kind {
        3 | 5 | 11 | 12 => HEADER_BYTES + 20,
        13 | 14 => HEADER_BYTES + 12,
        _ => HEADER_BYTES,
    };
    if !layer.has(least, &line) {
        return packet.push(layer, None);
    }
    let what = match kind {
        0 | 8 => echo(&mut layer, kind),
        3 | 5 | 11 | 12 => error(&mut layer, kind, code),
        13 | 14 => timestamp(&mut layer, kind),
        4 => "source quench".into(),
        9 => "router advertisement".into(),
        10 => "router solicitation".into(),
        15 => "information request".into(),
        16 => "information reply".into(),
        17 => "address mask request".into(),
        18 => "address mask reply".into(),
        other => format!("type-#{other}"),
    };
    layer.layer.summary = format!("{line}ICMP {what}, length {}", next.claimed);
    packet.push(layer, None);
}

fn name(kind: u8) -> &'static str {
    match kind {
        0 => "Echo reply",
        3 => "Destination unreachable",
        4 => "Source quench",
        5 => "Redirect",
        8 => "Echo request",
        9 => "Router advertisement",
        10 => "Router solicitation",
        11 => "Time exceeded",
        12 => "Parameter problem",
        13 => "Timestamp request",
        14 => "Timestamp reply",
        15 => "Information request",
        16 => "Information reply",
        17 => "Address mask request",
        18 => "Address mask reply",
        _ => "Unknown",
    }
}

fn echo(layer: &mut LayerBuilder<'_>, kind: u8) -> String {
    let identifier = layer.number("icmp.ident", "Identifier", 4, 2);
    let sequence = layer.number("icmp.seq", "Sequence number", 6, 2);
    let end = layer.bytes().len();
    layer.rest("data.data", "Data", HEADER_BYTES, end);
    let what = if kind == 8 { "request" } else { "reply" };
    format!("echo {what}, id {identifier}, seq {sequence}")
}

fn timestamp(layer: &mut LayerBuilder<'_>, kind: u8) -> String {
    let identifier = layer.number("icmp.ident", "Identifier", 4, 2);
    let sequence = layer.number("icmp.seq", "Sequence number", 6, 2);
    let what = if kind == 13 { "query" } else { "reply" };
    let mut text = format!("time stamp {what} id {identifier} seq {sequence}");
    layer.set_header(HEADER_BYTES + 12);
    let originate = layer.number("icmp.originate_timestamp", "Originate timestamp", 8, 4);
    let receive = layer.number("icmp.receive_timestamp", "Receive timestamp", 12, 4);
    let transmit = layer.number("icmp.transmit_timestamp", "Transmit timestamp", 16, 4);
    if kind == 14 {
        let [originate, receive, transmit] = [originate, receive, transmit].map(time_of_day);
        text += &format!(": org {originate}, recv {receive}, xmit {transmit}");
    }
    text
}

/// Milliseconds since midnight as a time.
fn time_of_day(ms: u64) -> String {
    let (seconds, ms) = (ms / 1000, ms % 1000);
    format!(
        "{:02}:{:02}:{:02}.{ms:03}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// The errors: what they say of the datagram that they quote.
fn error(layer: &mut LayerBuilder<'_>, kind: u8, code: u8) -> String {
    let quoted = Quoted::of(&layer.layer.quoted, layer.bytes());
    let unknown = |layer: &mut LayerBuilder<'_>, what: String| {
        layer.flaw(FlawKind::Malformed, format!("unknown code {code}"));
        what
    };
    match kind {
        3 => {
            let mtu = layer.peek(6, 2) as u16;
            match Unreachable::from_code(code, mtu) {
                Some(Unreachable::FragmentationNeeded { mtu }) => {
                    layer.number("icmp.mtu", "MTU of next hop", 6, 2);
                    let mtu = if mtu == 0 {
                        String::new()
                    } else {
                        format!(" (mtu {mtu})")
                    };
                    format!("{} unreachable - need to frag{mtu}", quoted.destination)
                }
                Some(reason) => unreachable(reason, &quoted),
                None => unknown(layer, format!("{} unreachable - #{code}", quoted.destination)),
            }
        }
        5 => {
            let gateway = layer.address("icmp.redir_gw", "Gateway address", 4);
            let to = quoted.destination;
            match RedirectScope::from_code(code) {
                Some(RedirectScope::Network) => format!("redirect {to} to net {gateway}"),
                Some(RedirectScope::Host) => format!("redirect {to} to host {gateway}"),
                Some(RedirectScope::NetworkService) => format!("redirect-tos {to} to net {gateway}"),
                Some(RedirectScope::HostService) => format!("redirect-tos {to} to host {gateway}"),
                None => unknown(layer, format!("redirect-#{code} {to} to {gateway}")),
            }
        }
        11 => match TimeExceeded::from_code(code) {
            Some(TimeExceeded::Transit) => "time exceeded in-transit".into(),
            Some(TimeExceeded::Reassembly) => "ip reassembly time exceeded".into(),
            None => unknown(layer, format!("time exceeded-#{code}")),
        },
        _ => match ParameterProblem::from_code(code, 0) {
            Some(ParameterProblem::Pointer(_)) => {
                let at = layer.number("icmp.pointer", "Pointer", 4, 1);
                format!("parameter problem - octet {at}")
            }
            Some(_) => format!("parameter problem - code {code}"),
            None => unknown(layer, format!("parameter problem - code {code}")),
        },
    }
}

fn unreachable(reason: Unreachable, quoted: &Quoted) -> String {
    let to = quoted.destination;
    match reason {
        Unreachable::Network => format!("net {to} unreachable"),
        Unreachable::Host => format!("host {to} unreachable"),
        Unreachable::Protocol => format!("{to} protocol {} unreachable", quoted.protocol),
        Unreachable::Port => match (quoted.protocol, quoted.port) {
            (6, Some(port)) => format!("{to} tcp port {port} unreachable"),
            (17, Some(port)) => format!("{to} udp port {port} unreachable"),
            (protocol, Some(port)) => format!("{to} protocol {protocol} port {port} unreachable"),
            (protocol, None) => format!("{to} protocol {protocol} port unreachable"),
        },
        Unreachable::FragmentationNeeded { .. } => format!("{to} unreachable - need to frag"),
        Unreachable::SourceRouteFailed => format!("{to} unreachable - source route failed"),
        Unreachable::NetworkUnknown => format!("net {to} unreachable - unknown"),
        Unreachable::HostUnknown => format!("host {to} unreachable - unknown"),
        Unreachable::SourceIsolated => format!("{to} unreachable - source host isolated"),
        Unreachable::NetworkProhibited => format!("net {to} unreachable - admin prohibited"),
        Unreachable::HostProhibited => format!("host {to} unreachable - admin prohibited"),
        Unreachable::NetworkService => format!("net {to} unreachable - tos prohibited"),
        Unreachable::HostService => format!("host {to} unreachable - tos prohibited"),
        Unreachable::Prohibited => format!("host {to} unreachable - admin prohibited filter"),
        Unreachable::PrecedenceViolation => format!("host {to} unreachable - host precedence violation"),
        Unreachable::PrecedenceCutoff => format!("host {to} unreachable - precedence cutoff"),
    }
}

/// What an error's line says of the datagram that it is about.
struct Quoted {
    destination: Ipv4Addr,
    protocol: u64,
    port: Option<u64>,
}

impl Quoted {
    fn of(layers: &[Layer], bytes: &[u8]) -> Self {
        let value = |name: &str| {
            let mut fields = layers.iter().flat_map(|layer| &layer.fields);
            fields.find(|field| field.name == name).map(|field| &field.value)
        };
        let number = |name: &str| match value(name) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        };
        let destination = match value("ip.dst") {
            Some(Value::Address(address)) => *address,
            _ => Ipv4Addr::UNSPECIFIED,
        };
        // Whatever the protocol: those that have ports have them in the same place.
        let port_at = HEADER_BYTES + number("ip.hdr_len").unwrap_or(0) as usize + 2;
        let port = bytes.get(port_at..port_at + 2).map(|port| u64::from(u16_at(port, 0)));
        Self {
            destination,
            protocol: number("ip.proto").unwrap_or(0),
            port,
        }
    }
}

pub(super) fn igmp(packet: &mut Packet<'_>, next: Next) {
    let mut layer = LayerBuilder::new(packet, next, "igmp", igmp::MESSAGE_BYTES);
    let line = format!("{}: ", packet.addresses_line());
    if !layer.has(igmp::MESSAGE_BYTES, &line) {
        return packet.push(layer, None);
    }
    let kind = layer.hex("igmp.type", "Type", 0, 1);
    let time = layer.number("igmp.max_resp", "Max response time", 1, 1);
    layer.hex("igmp.checksum", "Checksum", 2, 2);
    if !next.is_cut() && !packet.addresses.fragment && !packet.quoted {
        let sum = Sum::new().bytes(layer.bytes());
        layer.check(sum, 2, "igmp.checksum.status");
    }
    let what = if kind == 0x22 {
        let groups = u16_at(layer.bytes(), 6);
        layer.number("igmp.num_grp_recs", "Group records", 6, 2);
        let end = layer.bytes().len();
        layer.rest("igmp.data", "Records", igmp::MESSAGE_BYTES, end);
        format!("v3 report, {groups} group record(s)")
    } else {
        let group = layer.address("igmp.maddr", "Multicast address", 4);
        match kind {
            0x11 => query(time, group, next.claimed),
            0x12 => format!("v1 report {group}"),
            0x16 => format!("v2 report {group}"),
            0x17 => format!("leave {group}"),
            other => {
                layer.flaw(FlawKind::Malformed, format!("unknown type 0x{other:02x}"));
                layer.layer.summary = format!("{line}igmp-{other}");
                return packet.push(layer, None);
            }
        }
    };
    layer.layer.summary = format!("{line}igmp {what}");
    packet.push(layer, None);
}

fn query(time: u64, group: Ipv4Addr, len: usize) -> String {
    let about = if group.is_unspecified() {
        String::new()
    } else {
        format!(" [gaddr {group}]")
    };
    let version = match (time, len) {
        (_, 12..) => 3,
        (0, _) => return format!("query v1{about}"),
        _ => 2,
    };
    let shown = if time == 100 || version == 3 {
        String::new()
    } else {
        format!(" [max resp time {time}]")
    };
    format!("query v{version}{shown}{about}")
}
