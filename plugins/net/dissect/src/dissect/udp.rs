//! UDP.

use super::build::{LayerBuilder, Next, Packet};
use super::{FlawKind, Value};
use crate::wire::Protocol;
use crate::wire::udp::HEADER_BYTES;

pub(super) fn udp(packet: &mut Packet<'_>, next: Next) {
    let mut layer = LayerBuilder::new(packet, next, "udp", HEADER_BYTES);
    let line = packet.addresses_line();
    if !layer.has(4, &format!("{line}: ")) {
        return packet.push(layer, None);
    }
    let source = layer.number("udp.srcport", "Source port", 0, 2);
    let destination = layer.number("udp.dstport", "Destination port", 2, 2);
    let line = packet.ports_line(source, destination);
    if !layer.has(HEADER_BYTES, &format!("{line}: ")) {
        return packet.push(layer, None);
    }
    let len = layer.number("udp.length", "Length", 4, 2) as usize;
    layer.hex("udp.checksum", "Checksum", 6, 2);
    let fits = (HEADER_BYTES..=next.claimed).contains(&len);
    if !fits && !packet.addresses.fragment {
        layer.flaw(
            FlawKind::Malformed,
            format!("length {len} where {} bytes are carried", next.claimed),
        );
    }
    let claimed = if fits { len } else { next.claimed };
    let next = Next {
        claimed,
        end: next.end.min(next.start + claimed),
        ..next
    };
    if layer.peek(6, 2) == 0 {
        let status = Value::Text("Not present".into());
        layer.field(
            "udp.checksum.status",
            status,
            6,
            2,
            "Checksum status: Not present".into(),
        );
    } else if fits {
        packet.verify(&mut layer, next, Protocol::UDP, 6, "udp.checksum.status");
    }
    layer.layer.summary = if len < HEADER_BYTES {
        format!("{line}: truncated-udplength {len}")
    } else if fits || packet.addresses.fragment {
        // A first fragment says the length of the whole datagram.
        format!("{line}: UDP, length {}", len - HEADER_BYTES)
    } else {
        let carried = next.claimed.saturating_sub(HEADER_BYTES);
        format!("{line}: UDP, bad length {} > {carried}", len - HEADER_BYTES)
    };
    let inside = (fits && next.end > next.start + HEADER_BYTES)
        .then(|| next.inside("udp", [destination as u32, source as u32], HEADER_BYTES));
    packet.push(layer, inside);
}
