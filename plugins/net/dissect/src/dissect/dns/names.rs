//! Domain names with their compression (RFC 1035 section 4.1.4), and names of types.

use super::super::build::printable;

/// Longest name, in bytes (RFC 1035 section 2.3.4).
const NAME_BYTES: usize = 255;
/// Most jumps of a compressed name. Each goes backwards, and yet a message could be nothing but jumps.
const JUMPS: usize = 32;

/// The name at a place of a message, and where it ends there. Nothing where it is malformed.
pub(super) fn name_at(message: &[u8], at: usize) -> Option<(String, usize)> {
    let mut name = String::new();
    let mut place = at;
    let mut end = None;
    let mut jumps = 0;
    loop {
        let len = usize::from(*message.get(place)?);
        match len >> 6 {
            0 if len == 0 => break,
            0 => {
                name += &printable(message.get(place + 1..place + 1 + len)?);
                name.push('.');
                if name.len() > NAME_BYTES {
                    return None;
                }
                place += 1 + len;
            }
            3 => {
                let low = usize::from(*message.get(place + 1)?);
                end.get_or_insert(place + 2);
                let target = (len & 0x3f) << 8 | low;
                jumps += 1;
                if target >= place || jumps > JUMPS {
                    return None;
                }
                place = target;
            }
            _ => return None,
        }
    }
    if name.is_empty() {
        name.push('.');
    }
    Some((name, end.unwrap_or(place + 1)))
}

/// The name of a record's type.
pub(super) fn type_name(kind: u16) -> String {
    let name = match kind {
        1 => "A",
        2 => "NS",
        5 => "CNAME",
        6 => "SOA",
        12 => "PTR",
        13 => "HINFO",
        15 => "MX",
        16 => "TXT",
        28 => "AAAA",
        33 => "SRV",
        41 => "OPT",
        252 => "AXFR",
        255 => "ANY",
        other => return format!("Type{other}"),
    };
    name.into()
}
