//! The start line and the headers of HTTP/1.x (RFC 9112), where a segment begins with them.

use super::build::{LayerBuilder, Next, Packet, printable};
use super::{FlawKind, REPEATED_FIELDS, Value};

const METHODS: [&str; 9] = [
    "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
];

pub(super) fn http(packet: &mut Packet<'_>, next: Next) {
    let bytes = &packet.bytes[next.start..next.end];
    let mut lines = Lines { bytes, at: 0 };
    let Some((at, line, [first, second, third])) = lines.next().and_then(|(at, line)| start_line(at, line)) else {
        return continuation(packet, next);
    };
    let is_response = first.starts_with(b"HTTP/");
    let names = if is_response {
        ["http.response.version", "http.response.code", "http.response.phrase"]
    } else {
        ["http.request.method", "http.request.uri", "http.request.version"]
    };
    let mut layer = LayerBuilder::new(packet, next, "http", bytes.len());
    layer.layer.summary = format!("{}: HTTP: {}", packet.line(), printable(line));
    let mut place = at;
    for (name, word) in names.into_iter().zip([first, second, third]) {
        let text = printable(word);
        layer.field(name, Value::Text(text.clone()), place, word.len(), text);
        place += word.len() + 1;
    }
    let header = if is_response {
        "http.response.line"
    } else {
        "http.request.line"
    };
    let end = headers(&mut layer, &mut lines, header);
    layer.rest("http.file_data", "Body", end, bytes.len());
    packet.push(layer, None);
}

/// A segment in the middle of a message.
fn continuation(packet: &mut Packet<'_>, next: Next) {
    let len = next.end - next.start;
    let mut layer = LayerBuilder::new(packet, next, "http", len);
    layer.rest("http.file_data", "Body", 0, len);
    layer.layer.summary = format!("{}: HTTP", packet.line());
    packet.push(layer, None);
}

/// The three parts of a line that begins a request or response; the last may be empty.
fn start_line(at: usize, line: &[u8]) -> Option<(usize, &[u8], [&[u8]; 3])> {
    let mut words = line.splitn(3, |byte| *byte == b' ');
    let (first, second) = (words.next()?, words.next()?);
    let begins = first.starts_with(b"HTTP/1.") || METHODS.iter().any(|method| method.as_bytes() == first);
    begins.then(|| (at, line, [first, second, words.next().unwrap_or_default()]))
}

/// Adds the headers. Says where the body begins.
fn headers(layer: &mut LayerBuilder<'_>, lines: &mut Lines<'_>, name: &'static str) -> usize {
    for _ in 0..REPEATED_FIELDS {
        let Some((at, line)) = lines.next() else {
            layer.flaw(FlawKind::Truncated, "the headers go on in another segment");
            return lines.bytes.len();
        };
        if line.is_empty() {
            return lines.at;
        }
        let text = printable(line);
        layer.field(name, Value::Text(text.clone()), at, line.len(), text);
    }
    layer.flaw(FlawKind::Malformed, format!("more than {REPEATED_FIELDS} headers"));
    lines.at
}

/// Lines that end with CR LF or LF, with their places.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = (usize, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = &self.bytes[self.at..];
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let line = &rest[..end];
        let start = self.at;
        self.at += end + 1;
        Some((start, line.strip_suffix(b"\r").unwrap_or(line)))
    }
}
