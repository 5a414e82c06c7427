//! TCP.

use super::build::{LayerBuilder, Next, Packet, to_hex};
use super::{FlawKind, Value};
use crate::wire::tcp::{HEADER_BYTES, option_kind as kind};
use crate::wire::{Protocol, u16_at, u32_at};

/// Names of the control bits in the order of `tcpdump`'s line: filter name, label, short name, bit.
const FLAGS: [(&str, &str, &str, u64); 8] = [
    ("tcp.flags.fin", "Fin", "F", 0x01),
    ("tcp.flags.syn", "Syn", "S", 0x02),
    ("tcp.flags.reset", "Reset", "R", 0x04),
    ("tcp.flags.push", "Push", "P", 0x08),
    ("tcp.flags.ack", "Acknowledgment", ".", 0x10),
    ("tcp.flags.urg", "Urgent", "U", 0x20),
    ("tcp.flags.ece", "ECN-Echo", "E", 0x40),
    ("tcp.flags.cwr", "Congestion window reduced", "W", 0x80),
];

pub(super) fn tcp(packet: &mut Packet<'_>, next: Next) {
    let mut layer = LayerBuilder::new(packet, next, "tcp", HEADER_BYTES);
    let line = packet.addresses_line();
    if !layer.has(4, &format!("{line}: ")) {
        return packet.push(layer, None);
    }
    let source = layer.number("tcp.srcport", "Source port", 0, 2);
    let destination = layer.number("tcp.dstport", "Destination port", 2, 2);
    let line = packet.ports_line(source, destination);
    if !layer.has(HEADER_BYTES, &format!("{line}: ")) {
        return packet.push(layer, None);
    }
    let header_len = fixed_fields(&mut layer);
    layer.set_header(header_len);
    if header_len < HEADER_BYTES || header_len > next.claimed {
        layer.flaw(FlawKind::Malformed, format!("header length {header_len}"));
        layer.layer.summary = if header_len < HEADER_BYTES {
            let rest = next.claimed.saturating_sub(header_len);
            format!("{line}: tcp {rest} [bad hdr length {header_len} - too short, < {HEADER_BYTES}]")
        } else {
            let flags = flag_letters(layer.peek(13, 1));
            format!(
                "{line}: Flags [{flags}] [bad hdr length {header_len} - too long, > {}]",
                next.claimed
            )
        };
        return packet.push(layer, None);
    }
    packet.verify(&mut layer, next, Protocol::TCP, 16, "tcp.checksum.status");
    let length = next.claimed - header_len;
    let mut text = format!("{line}: Flags [{}]", flag_letters(layer.peek(13, 1)));
    text += &numbers(&layer, length);
    if layer.bytes().len() < header_len {
        layer.has(header_len, &format!("{text}, "));
        return packet.push(layer, None);
    }
    if header_len > HEADER_BYTES {
        let options = options(&mut layer, header_len);
        text += &format!(", options [{}]", options.join(","));
    }
    layer.layer.summary = format!("{text}, length {length}");
    let empty = next.end <= next.start + header_len;
    let inside = (!empty).then(|| next.inside("tcp", [destination as u32, source as u32], header_len));
    packet.push(layer, inside);
}

/// The fields behind the ports. Says the header's length.
fn fixed_fields(layer: &mut LayerBuilder<'_>) -> usize {
    layer.number("tcp.seq_raw", "Sequence number", 4, 4);
    layer.number("tcp.ack_raw", "Acknowledgment number", 8, 4);
    let header_len = (layer.peek(12, 1) >> 4) * 4;
    let text = format!("Header length: {header_len} bytes");
    layer.field("tcp.hdr_len", Value::Number(header_len), 12, 1, text);
    let flags = layer.peek(12, 2) & 0x0fff;
    let text = format!("Flags: 0x{flags:03x} [{}]", flag_letters(flags));
    layer.field("tcp.flags", Value::Number(flags), 12, 2, text);
    for (name, label, _, bit) in FLAGS {
        layer.bit(name, label, 13, 1, bit);
    }
    layer.number("tcp.window_size_value", "Window", 14, 2);
    layer.hex("tcp.checksum", "Checksum", 16, 2);
    layer.number("tcp.urgent_pointer", "Urgent pointer", 18, 2);
    header_len as usize
}

fn flag_letters(flags: u64) -> String {
    let letters: String = FLAGS
        .iter()
        .filter(|(.., bit)| flags & bit != 0)
        .map(|(_, _, letter, _)| *letter)
        .collect();
    if letters.is_empty() { "none".into() } else { letters }
}

/// Sequence numbers and windows in `tcpdump`'s line.
fn numbers(layer: &LayerBuilder<'_>, length: usize) -> String {
    let (seq, flags) = (layer.peek(4, 4) as u32, layer.peek(13, 1));
    let mut text = String::new();
    if length > 0 {
        text += &format!(", seq {seq}:{}", seq.wrapping_add(length as u32));
    } else if flags & 0x07 != 0 {
        text += &format!(", seq {seq}");
    }
    if flags & 0x10 != 0 {
        text += &format!(", ack {}", layer.peek(8, 4));
    }
    text += &format!(", win {}", layer.peek(14, 2));
    if flags & 0x20 != 0 {
        text += &format!(", urg {}", layer.peek(18, 2));
    }
    text
}

/// Adds the options, and says them as `tcpdump` does. Stops at a malformed one.
fn options(layer: &mut LayerBuilder<'_>, header_len: usize) -> Vec<String> {
    let mut shown = Vec::new();
    let bytes = &layer.bytes()[..header_len];
    let mut at = HEADER_BYTES;
    while let Some(&kind) = bytes.get(at) {
        let single = matches!(kind, kind::END | kind::NO_OPERATION);
        let len = if single {
            1
        } else {
            bytes.get(at + 1).map_or(0, |len| usize::from(*len))
        };
        let data = if single {
            Some(&[][..])
        } else {
            bytes.get(at + 2..at + len)
        };
        let Some((name, value, text)) = data.and_then(|data| option(kind, data)) else {
            layer.flaw(FlawKind::Malformed, format!("malformed option {kind} at byte {at}"));
            shown.push("[bad opt]".into());
            break;
        };
        layer.field(name, value, at, len, text.clone());
        shown.push(text);
        if kind == kind::END {
            break;
        }
        at += len;
    }
    shown
}

/// An option's name, value, and what `tcpdump` says of it. Nothing where it is malformed.
fn option(kind: u8, data: &[u8]) -> Option<(&'static str, Value, String)> {
    let number = |value: u32| Value::Number(u64::from(value));
    Some(match (kind, data.len()) {
        (kind::END, _) => ("tcp.options.eol", Value::Bytes(Vec::new()), "eol".into()),
        (kind::NO_OPERATION, _) => ("tcp.options.nop", Value::Bytes(Vec::new()), "nop".into()),
        (kind::MSS, 2) => {
            let mss = u16_at(data, 0);
            ("tcp.options.mss_val", number(mss.into()), format!("mss {mss}"))
        }
        (kind::WINDOW_SCALE, 1) => {
            let text = format!("wscale {}", data[0]);
            ("tcp.options.wscale.shift", number(data[0].into()), text)
        }
        (kind::SACK_PERMITTED, 0) => ("tcp.options.sack_perm", Value::Bit(true), "sackOK".into()),
        (kind::SACK, len) if len.is_multiple_of(8) => {
            let blocks: String = data
                .chunks_exact(8)
                .map(|block| format!("{{{}:{}}}", u32_at(block, 0), u32_at(block, 4)))
                .collect();
            let text = format!("sack {} {blocks}", len / 8);
            ("tcp.options.sack", Value::Bytes(data.to_vec()), text)
        }
        (kind::TIMESTAMPS, 8) => {
            let (value, echo) = (u32_at(data, 0), u32_at(data, 4));
            let text = format!("TS val {value} ecr {echo}");
            ("tcp.options.timestamp.tsval", number(value), text)
        }
        (kind::MSS | kind::WINDOW_SCALE | kind::SACK_PERMITTED | kind::SACK | kind::TIMESTAMPS, _) => return None,
        (kind, _) => {
            let hex = if data.is_empty() {
                String::new()
            } else {
                format!(" 0x{}", to_hex(data))
            };
            let text = format!("unknown-{kind}{hex}");
            ("tcp.options.unknown", Value::Bytes(data.to_vec()), text)
        }
    })
}
