//! DHCP (RFC 2131) and its options (RFC 2132).

use std::net::Ipv4Addr;

use super::build::{LayerBuilder, Next, Packet, printable, to_hex};
use super::{FlawKind, REPEATED_FIELDS, Value};
use crate::wire::{addr_at, mac_at, u32_at};

/// Bytes before the magic cookie.
const FIXED_BYTES: usize = 236;
const COOKIE: u64 = 0x6382_5363;

pub(super) fn dhcp(packet: &mut Packet<'_>, next: Next) {
    let mut layer = LayerBuilder::new(packet, next, "dhcp", next.end - next.start);
    let (line, _) = packet.line().rsplit_once(": UDP").unwrap_or((packet.line(), ""));
    let line = format!("{line}: ");
    if !layer.has(FIXED_BYTES, &format!("{line}BOOTP/DHCP, ")) {
        return packet.push(layer, None);
    }
    let operation = layer.number("dhcp.type", "Message type", 0, 1);
    let hardware = layer.number("dhcp.hw.type", "Hardware type", 1, 1);
    let hardware_len = layer.number("dhcp.hw.len", "Hardware address length", 2, 1);
    layer.number("dhcp.hops", "Hops", 3, 1);
    layer.hex("dhcp.id", "Transaction ID", 4, 4);
    layer.number("dhcp.secs", "Seconds elapsed", 8, 2);
    layer.bit("dhcp.flags.bc", "Broadcast", 10, 2, 0x8000);
    layer.address("dhcp.ip.client", "Client IP address", 12);
    layer.address("dhcp.ip.your", "Your IP address", 16);
    layer.address("dhcp.ip.server", "Next server IP address", 20);
    layer.address("dhcp.ip.relay", "Relay agent IP address", 24);
    let ethernet = hardware == 1 && hardware_len == 6;
    if ethernet {
        layer.mac("dhcp.hw.mac_addr", "Client MAC address", 28);
    }
    for (name, label, at, len) in [
        ("dhcp.server", "Server host name", 44, 64),
        ("dhcp.file", "Boot file name", 108, 128),
    ] {
        let bytes = &layer.bytes()[at..at + len];
        let text = printable(bytes.split(|byte| *byte == 0).next().unwrap_or_default());
        if !text.is_empty() {
            layer.field(name, Value::Text(text.clone()), at, len, format!("{label}: {text}"));
        }
    }
    options(&mut layer);
    let what = match operation {
        1 if ethernet => format!("Request from {}", mac_at(layer.bytes(), 28)),
        1 => "Request".into(),
        2 => "Reply".into(),
        other => format!("unknown (0x{other:02x})"),
    };
    layer.layer.summary = format!("{line}BOOTP/DHCP, {what}, length {}", next.claimed);
    packet.push(layer, None);
}

fn options(layer: &mut LayerBuilder<'_>) {
    let bytes = layer.bytes();
    if bytes.len() < FIXED_BYTES + 4 || layer.peek(FIXED_BYTES, 4) != COOKIE {
        return;
    }
    layer.hex("dhcp.cookie", "Magic cookie", FIXED_BYTES, 4);
    let mut at = FIXED_BYTES + 4;
    for _ in 0..REPEATED_FIELDS {
        match bytes.get(at) {
            None => return layer.flaw(FlawKind::Truncated, "the options have no end"),
            Some(255) => return,
            Some(0) => at += 1,
            Some(&kind) => {
                let len = bytes.get(at + 1).map_or(0, |len| usize::from(*len));
                let Some(data) = bytes.get(at + 2..at + 2 + len) else {
                    return layer.flaw(FlawKind::Malformed, format!("option {kind} runs beyond the message"));
                };
                let (name, value, text) = option(kind, data);
                layer.field(name, value, at, 2 + len, text);
                at += 2 + len;
            }
        }
    }
    layer.flaw(FlawKind::Malformed, format!("more than {REPEATED_FIELDS} options"));
}

fn option(kind: u8, data: &[u8]) -> (&'static str, Value, String) {
    let addresses = || -> Vec<Ipv4Addr> { data.chunks_exact(4).map(|bytes| addr_at(bytes, 0)).collect() };
    let address = |name, label: &str| {
        let all: Vec<_> = addresses().iter().map(Ipv4Addr::to_string).collect();
        let text = format!("{label}: {}", all.join(", "));
        let value = match addresses()[..] {
            [one] => Value::Address(one),
            _ => Value::Text(all.join(",")),
        };
        (name, value, text)
    };
    let text = |name, label: &str| {
        let text = printable(data);
        (name, Value::Text(text.clone()), format!("{label}: {text}"))
    };
    let seconds = |name, label: &str| {
        let value = u32_at(data, 0);
        (name, Value::Number(value.into()), format!("{label}: {value} s"))
    };
    match (kind, data.len()) {
        (1, 4) => address("dhcp.option.subnet_mask", "Subnet mask"),
        (3, 4..) => address("dhcp.option.router", "Router"),
        (6, 4..) => address("dhcp.option.domain_name_server", "Domain name server"),
        (12, _) => text("dhcp.option.hostname", "Host name"),
        (15, _) => text("dhcp.option.domain_name", "Domain name"),
        (28, 4) => address("dhcp.option.broadcast_address", "Broadcast address"),
        (50, 4) => address("dhcp.option.requested_ip_address", "Requested IP address"),
        (51, 4) => seconds("dhcp.option.ip_address_lease_time", "Lease time"),
        (53, 1) => {
            let names = [
                "Discover", "Offer", "Request", "Decline", "ACK", "NAK", "Release", "Inform",
            ];
            let name = usize::from(data[0]).checked_sub(1).and_then(|at| names.get(at));
            let text = format!("DHCP message type: {}", name.unwrap_or(&"Unknown"));
            ("dhcp.option.dhcp", Value::Number(data[0].into()), text)
        }
        (54, 4) => address("dhcp.option.dhcp_server_id", "DHCP server identifier"),
        (56, _) => text("dhcp.option.message", "Message"),
        (58, 4) => seconds("dhcp.option.renewal_time_value", "Renewal time"),
        (59, 4) => seconds("dhcp.option.rebinding_time_value", "Rebinding time"),
        _ => {
            let text = format!("Option {kind}: {}", to_hex(data));
            ("dhcp.option.value", Value::Bytes(data.to_vec()), text)
        }
    }
}
