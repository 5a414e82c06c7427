//! Tests of the formats: bytes of real networks, round trips, what other implementations read, and hostile bytes.

mod hostile;
mod peers;
mod round_trips;
mod values;
mod vectors;

use bytes::Bytes;

/// Bytes from hexadecimal text with spaces.
pub(crate) fn hex(text: &str) -> Bytes {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(core::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}
