//! IPv4.

use super::build::{Addresses, LayerBuilder, Next, Packet, to_hex};
use super::{FlawKind, Value};
use crate::wire::ipv4::{HEADER_BYTES, OptionsIter, Route};
use crate::wire::{Ecn, Ipv4Option, Protocol, Sum};

pub(super) fn ipv4(packet: &mut Packet<'_>, next: Next) {
    let mut layer = LayerBuilder::new(packet, next, "ip", HEADER_BYTES);
    if !layer.has(HEADER_BYTES, "IP ") {
        return packet.push(layer, None);
    }
    let version = layer.peek(0, 1) >> 4;
    layer.field(
        "ip.version",
        Value::Number(version),
        0,
        1,
        format!("Version: {version}"),
    );
    if next.parent == "ip" {
        packet.around = format!("{}: ", packet.addresses_line());
    }
    if version != 4 {
        layer.flaw(FlawKind::Malformed, format!("version {version}"));
        let why = if version == 6 {
            ", wrong link-layer encapsulation"
        } else {
            ""
        };
        layer.layer.summary = format!("{}IP{version}{why} (invalid)", packet.around);
        return packet.push(layer, None);
    }
    let header_len = (layer.peek(0, 1) & 0x0f) as usize * 4;
    let text = format!("Header length: {header_len} bytes");
    layer.field("ip.hdr_len", Value::Number(header_len as u64), 0, 1, text);
    if header_len < HEADER_BYTES {
        layer.flaw(
            FlawKind::Malformed,
            format!("header length {header_len} is less than 20"),
        );
        layer.layer.summary = format!("{}IP bad-hlen {header_len}", packet.around);
        return packet.push(layer, None);
    }
    layer.set_header(header_len);
    let total_len = fixed_fields(&mut layer);
    let fragment = layer.peek(6, 2) & 0x3fff != 0;
    let source = layer.address("ip.src", "Source address", 12);
    let destination = layer.address("ip.dst", "Destination address", 16);
    packet.addresses = Addresses {
        source,
        destination,
        fragment,
        missing: if packet.quoted {
            0
        } else {
            total_len.saturating_sub(next.end - next.start)
        },
    };
    let line = packet.addresses_line();
    if !layer.has(header_len, &format!("{line}: ")) {
        return packet.push(layer, None);
    }
    options(&mut layer, header_len);
    let inside = Next {
        end: next.end.min(next.start + total_len.max(header_len)),
        claimed: total_len,
        ..next
    };
    if total_len < header_len {
        layer.flaw(
            FlawKind::Malformed,
            format!("total length {total_len} is less than the header's"),
        );
        layer.layer.summary = format!("{}IP bad-len {total_len}", packet.around);
        return packet.push(layer, None);
    }
    // That a quote is cut off is no flaw.
    if !packet.quoted {
        layer.note_cut(inside);
    }
    let protocol = layer.peek(9, 1) as u32;
    let offset = layer.peek(6, 2) & 0x1fff;
    let payload = total_len - header_len;
    layer.layer.summary = if offset == 0 {
        format!("{line}: ip-proto-{protocol} {payload}")
    } else {
        format!("{line}: ip-proto-{protocol}")
    };
    // Only the first fragment begins with the header of what is inside.
    let inside = (offset == 0).then(|| inside.inside("ip", [protocol; 2], header_len));
    packet.push(layer, inside);
}

/// The fields from the second byte up to the addresses. Says the total length.
fn fixed_fields(layer: &mut LayerBuilder<'_>) -> usize {
    let service = layer.peek(1, 1);
    let (dscp, ecn) = (service >> 2, Ecn::from_bits(service as u8));
    layer.field("ip.dsfield.dscp", Value::Number(dscp), 1, 1, format!("DSCP: {dscp}"));
    let text = format!(
        "ECN: {}",
        match ecn {
            Ecn::NotCapable => "Not-ECT",
            Ecn::Capable1 => "ECT(1)",
            Ecn::Capable0 => "ECT(0)",
            Ecn::Congestion => "CE",
        }
    );
    layer.field("ip.dsfield.ecn", Value::Number(service & 3), 1, 1, text);
    let total_len = layer.number("ip.len", "Total length", 2, 2) as usize;
    layer.hex("ip.id", "Identification", 4, 2);
    layer.bit("ip.flags.rb", "Reserved bit", 6, 1, 0x80);
    layer.bit("ip.flags.df", "Don't fragment", 6, 1, 0x40);
    layer.bit("ip.flags.mf", "More fragments", 6, 1, 0x20);
    let offset = (layer.peek(6, 2) & 0x1fff) * 8;
    layer.field(
        "ip.frag_offset",
        Value::Number(offset),
        6,
        2,
        format!("Fragment offset: {offset}"),
    );
    layer.number("ip.ttl", "Time to live", 8, 1);
    let protocol = Protocol(layer.number("ip.proto", "Protocol", 9, 1) as u8);
    layer.explain(protocol);
    layer.hex("ip.checksum", "Header checksum", 10, 2);
    let header_len = (layer.peek(0, 1) & 0x0f) as usize * 4;
    if let Some(header) = layer.bytes().get(..header_len) {
        layer.check(Sum::new().bytes(header), 10, "ip.checksum.status");
    }
    total_len
}

fn options(layer: &mut LayerBuilder<'_>, header_len: usize) {
    let bytes = &layer.bytes()[HEADER_BYTES..header_len];
    let mut iter = OptionsIter::new(bytes);
    loop {
        let start = iter.position();
        let Some(option) = iter.next() else { break };
        let (at, len) = (HEADER_BYTES + start, iter.position() - start);
        match option {
            Ok(option) => add_option(layer, &option, at, len, &bytes[start..start + len]),
            Err(error) => {
                layer.flaw(FlawKind::Malformed, error.to_string());
                break;
            }
        }
    }
}

fn add_option(layer: &mut LayerBuilder<'_>, option: &Ipv4Option<'_>, at: usize, len: usize, bytes: &[u8]) {
    let raw = || Value::Bytes(bytes.to_vec());
    let route = |name: &str, route: &Route<'_>| {
        let hops: Vec<_> = route.addresses().map(|address| address.to_string()).collect();
        format!("{name}: {}, pointer {}", hops.join(", "), route.pointer)
    };
    let (name, value, text) = match option {
        Ipv4Option::NoOperation => ("ip.opt.nop", raw(), "No operation".into()),
        Ipv4Option::RecordRoute(hops) => ("ip.opt.rr", raw(), route("Record route", hops)),
        Ipv4Option::LooseSourceRoute(hops) => ("ip.opt.lsr", raw(), route("Loose source route", hops)),
        Ipv4Option::StrictSourceRoute(hops) => ("ip.opt.ssr", raw(), route("Strict source route", hops)),
        Ipv4Option::Timestamp(times) => {
            let entries: Vec<_> = times
                .entries()
                .map(|(address, time)| address.map_or(time.to_string(), |address| format!("{address} {time}")))
                .collect();
            let text = format!("Timestamp: {}, pointer {}", entries.join(", "), times.pointer);
            ("ip.opt.timestamp", raw(), text)
        }
        Ipv4Option::RouterAlert(value) => {
            let number = Value::Number(u64::from(*value));
            ("ip.opt.ra", number, format!("Router alert: {value}"))
        }
        Ipv4Option::Hops(hops) => {
            let number = Value::Number(u64::from(*hops));
            (
                "ip.opt.hops",
                number,
                format!("Hops left (RFC 4727 experiment): {hops}"),
            )
        }
        Ipv4Option::Unknown { kind, data } => ("ip.opt.type", raw(), format!("Option {kind}: {}", to_hex(data))),
    };
    layer.field(name, value, at, len, text);
}
