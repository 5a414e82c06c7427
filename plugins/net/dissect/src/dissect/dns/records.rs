//! Resource records (RFC 1035 section 3.2, RFC 3596, RFC 2782).

use std::net::Ipv6Addr;

use super::super::Value;
use super::super::build::printable;
use super::names::{name_at, type_name};
use crate::wire::{addr_at, u16_at, u32_at};

/// A record that was read.
pub(super) struct Record {
    /// Whose it is.
    pub(super) name: String,
    /// What it says.
    pub(super) value: Value,
    /// What it says, with its type: `A 10.0.0.1`.
    pub(super) text: String,
    /// Where it ends in the message.
    pub(super) end: usize,
}

/// The record at a place of a message. Nothing where it is malformed.
pub(super) fn record(message: &[u8], at: usize) -> Option<Record> {
    let (name, fixed_at) = name_at(message, at)?;
    let fixed = message.get(fixed_at..fixed_at + 10)?;
    let kind = u16_at(fixed, 0);
    let data_at = fixed_at + 10;
    let end = data_at + usize::from(u16_at(fixed, 8));
    let data = message.get(data_at..end)?;
    let domain = |at: usize| name_at(message, at).filter(|(_, after)| *after <= end);
    let (value, text) = match (kind, data.len()) {
        (1, 4) => {
            let address = addr_at(data, 0);
            (Value::Address(address), address.to_string())
        }
        (28, 16) => {
            let mut octets = [0; 16];
            octets.copy_from_slice(data);
            plain(Ipv6Addr::from(octets).to_string())
        }
        (2 | 5 | 12, _) => plain(domain(data_at)?.0),
        (15, 3..) => plain(format!("{} {}", domain(data_at + 2)?.0, u16_at(data, 0))),
        (33, 7..) => {
            let (target, _) = domain(data_at + 6)?;
            let [priority, weight, port] = [0, 2, 4].map(|at| u16_at(data, at));
            plain(format!("{target}:{port} {priority} {weight}"))
        }
        (16, _) => plain(texts(data)?),
        (6, _) => {
            let (server, next) = domain(data_at)?;
            let (mailbox, next) = domain(next)?;
            let serial = message.get(next..end).filter(|rest| rest.len() == 20)?;
            plain(format!("{server} {mailbox} {}", u32_at(serial, 0)))
        }
        (41, _) => plain(format!("UDPsize={}", u16_at(fixed, 2))),
        _ => (Value::Bytes(data.to_vec()), String::new()),
    };
    // tcpdump says no more of a start of authority than that it is one.
    let kind_name = type_name(kind);
    let text = match kind {
        6 => kind_name,
        _ if text.is_empty() => kind_name,
        _ => format!("{kind_name} {text}"),
    };
    Some(Record { name, value, text, end })
}

fn plain(text: String) -> (Value, String) {
    (Value::Text(text.clone()), text)
}

/// The strings of a TXT record.
fn texts(mut data: &[u8]) -> Option<String> {
    let mut all = Vec::new();
    while let Some((len, rest)) = data.split_first() {
        let (text, rest) = rest.split_at_checked(usize::from(*len))?;
        all.push(format!("\"{}\"", printable(text)));
        data = rest;
    }
    Some(all.join(" "))
}
