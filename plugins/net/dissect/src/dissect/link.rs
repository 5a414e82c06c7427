//! Ethernet, the tags of 802.1Q, and ARP.

use super::build::{LayerBuilder, Next, Packet};
use super::{FlawKind, Value};
use crate::wire::{ArpOperation, EtherType, MacAddr, VlanTag, ethernet};

pub(super) fn ethernet(packet: &mut Packet<'_>, next: Next) {
    let mut layer = LayerBuilder::new(packet, next, "eth", ethernet::HEADER_BYTES);
    if !layer.has(ethernet::HEADER_BYTES, "") {
        return packet.push(layer, None);
    }
    let destination = layer.mac("eth.dst", "Destination", 0);
    let source = layer.mac("eth.src", "Source", 6);
    let line = format!("{source} > {destination}, ");
    let inside = type_or_length(&mut layer, "eth.type", 12, &line, next.claimed);
    packet.push(
        layer,
        inside.map(|kind| next.inside("eth", [kind; 2], ethernet::HEADER_BYTES)),
    );
}

pub(super) fn vlan(packet: &mut Packet<'_>, next: Next) {
    let mut layer = LayerBuilder::new(packet, next, "vlan", ethernet::TAG_BYTES);
    let line = format!("{}: ", packet.line());
    if !layer.has(ethernet::TAG_BYTES, &line) {
        return packet.push(layer, None);
    }
    let tag = VlanTag::from_bits(layer.peek(0, 2) as u16);
    let priority = u64::from(tag.pcp);
    layer.field(
        "vlan.priority",
        Value::Number(priority),
        0,
        2,
        format!("Priority: {priority}"),
    );
    layer.bit("vlan.dei", "Drop eligible", 0, 2, 0x1000);
    let vid = u64::from(tag.vid);
    layer.field("vlan.id", Value::Number(vid), 0, 2, format!("ID: {vid}"));
    let dei = if tag.dei { ", DEI" } else { "" };
    let line = format!("{line}vlan {vid}, p {priority}{dei}, ");
    let inside = type_or_length(&mut layer, "vlan.etype", 2, &line, next.claimed);
    packet.push(
        layer,
        inside.map(|kind| next.inside("eth", [kind; 2], ethernet::TAG_BYTES)),
    );
}

/// Reads the type of what follows, and writes the line. Nothing where the field is the length of a frame of 802.3.
fn type_or_length(layer: &mut LayerBuilder<'_>, name: &'static str, at: usize, line: &str, len: usize) -> Option<u32> {
    let value = layer.peek(at, 2);
    let kind = EtherType(value as u16);
    if kind.is_length() {
        layer.number("eth.len", "Length", at, 2);
        layer.layer.summary = format!("{line}802.3, length {value}");
        return None;
    }
    layer.hex(name, "Type", at, 2);
    let known = !kind.to_string().starts_with("0x");
    let shown = if known { kind.to_string() } else { "Unknown".into() };
    layer.explain(&shown);
    // Only the outer header says the length, as in `tcpdump -e`.
    let length = if at == 12 {
        format!(", length {len}")
    } else {
        String::new()
    };
    layer.layer.summary = format!("{line}ethertype {shown} (0x{value:04x}){length}");
    Some(value as u32)
}

pub(super) fn arp(packet: &mut Packet<'_>, next: Next) {
    const BYTES: usize = 28;
    let mut layer = LayerBuilder::new(packet, next, "arp", BYTES);
    if !layer.has(8, "ARP, ") {
        return packet.push(layer, None);
    }
    let hardware = layer.number("arp.hw.type", "Hardware type", 0, 2);
    let protocol = layer.hex("arp.proto.type", "Protocol type", 2, 2);
    let hardware_len = layer.number("arp.hw.size", "Hardware size", 4, 1);
    let protocol_len = layer.number("arp.proto.size", "Protocol size", 5, 1);
    let operation = ArpOperation::from_code(layer.number("arp.opcode", "Opcode", 6, 2) as u16);
    if (hardware, protocol, hardware_len, protocol_len) != (1, 0x0800, 6, 4) {
        layer.flaw(FlawKind::Malformed, "not about IPv4 over Ethernet");
        layer.layer.summary = format!(
            "ARP, hardware {hardware} protocol 0x{protocol:04x}, length {}",
            next.claimed
        );
        return packet.push(layer, None);
    }
    if !layer.has(BYTES, "ARP, ") {
        return packet.push(layer, None);
    }
    let sender_mac = layer.mac("arp.src.hw_mac", "Sender MAC address", 8);
    let sender = layer.address("arp.src.proto_ipv4", "Sender IP address", 14);
    let target_mac = layer.mac("arp.dst.hw_mac", "Target MAC address", 18);
    let target = layer.address("arp.dst.proto_ipv4", "Target IP address", 24);
    let what = match operation {
        ArpOperation::Request if target_mac == MacAddr::default() => {
            format!("Request who-has {target} tell {sender}")
        }
        ArpOperation::Request => format!("Request who-has {target} ({target_mac}) tell {sender}"),
        ArpOperation::Reply => format!("Reply {sender} is-at {sender_mac}"),
        ArpOperation::Other(3) => format!("Reverse Request who-is {target_mac} tell {sender_mac}"),
        ArpOperation::Other(4) => format!("Reverse Reply {target_mac} at {target}"),
        ArpOperation::Other(code) => format!("Unknown ({code}) {sender} {target}"),
    };
    layer.layer.summary = format!("ARP, {what}, length {}", next.claimed);
    packet.push(layer, None);
}
