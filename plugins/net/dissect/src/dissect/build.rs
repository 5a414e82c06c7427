//! How a dissector reads: a packet that layers are added to, and a layer that fields are added to.

use std::fmt::Write;
use std::net::Ipv4Addr;

use serde::Serializer;

use super::{ByteRange, Field, Flaw, FlawKind, LAYERS, Layer, TABLE, TEXT_CHARS, Value};
use crate::wire::{Protocol, Sum, addr_at, mac_at};

/// What is to be read next, inside a layer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Next {
    /// The protocol around it.
    pub(super) parent: &'static str,
    /// What it may be, the likelier first.
    pub(super) selectors: [u32; 2],
    /// Its first byte.
    pub(super) start: usize,
    /// The byte behind its last that is there.
    pub(super) end: usize,
    /// How long it is said to be, which may be more than is there.
    pub(super) claimed: usize,
}

impl Next {
    /// Something that begins the frame and is all there.
    pub(super) const fn all(parent: &'static str, selector: u32, len: usize) -> Self {
        Self {
            parent,
            selectors: [selector; 2],
            start: 0,
            end: len,
            claimed: len,
        }
    }

    /// The rest of this behind `len` bytes, as something inside another protocol.
    pub(super) const fn inside(self, parent: &'static str, selectors: [u32; 2], len: usize) -> Self {
        Self {
            parent,
            selectors,
            start: self.start + len,
            end: self.end,
            claimed: self.claimed.saturating_sub(len),
        }
    }

    /// Whether bytes of it are missing.
    pub(super) const fn is_cut(self) -> bool {
        self.end - self.start < self.claimed
    }
}

/// The addresses of the innermost datagram, for those inside it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Addresses {
    pub(super) source: Ipv4Addr,
    pub(super) destination: Ipv4Addr,
    /// It is a part of a datagram, so that no checksum inside can be verified.
    pub(super) fragment: bool,
    /// Bytes of the datagram that were not captured.
    pub(super) missing: usize,
}

/// A packet that is read.
pub(super) struct Packet<'a> {
    /// The whole frame.
    pub(super) bytes: &'a [u8],
    /// The addresses around what is read.
    pub(super) addresses: Addresses,
    /// It is what an ICMP error quotes.
    pub(super) quoted: bool,
    /// How the line begins: with the datagram around the one that is read, if there is one.
    pub(super) around: String,
    layers: Vec<Layer>,
    next: Option<Next>,
}

impl<'a> Packet<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let addresses = Addresses {
            source: Ipv4Addr::UNSPECIFIED,
            destination: Ipv4Addr::UNSPECIFIED,
            fragment: false,
            missing: 0,
        };
        Self {
            bytes,
            addresses,
            quoted: false,
            around: String::new(),
            layers: Vec::new(),
            next: None,
        }
    }

    /// Reads layers until nobody knows what is inside.
    pub(super) fn run(&mut self, first: Next) {
        self.next = Some(first);
        while let Some(next) = self.next.take() {
            if self.layers.len() == LAYERS || next.start > next.end {
                break;
            }
            let reader = next.selectors.iter().find_map(|selector| {
                TABLE
                    .iter()
                    .find(|(parent, value, _)| *parent == next.parent && value == selector)
            });
            if let Some((_, _, dissector)) = reader {
                dissector(self, next);
            }
        }
    }

    /// The datagram that an ICMP error quotes.
    pub(super) fn quote(&self, next: Next) -> Vec<Layer> {
        let mut quoted = Packet::new(self.bytes);
        quoted.quoted = true;
        quoted.run(Next {
            parent: "eth",
            selectors: [0x0800; 2],
            ..next
        });
        quoted.into_layers()
    }

    /// Adds a layer, and says what to read inside it.
    pub(super) fn push(&mut self, layer: LayerBuilder<'_>, next: Option<Next>) {
        self.layers.push(layer.layer);
        self.next = next;
    }

    /// How the line of a datagram begins.
    pub(super) fn addresses_line(&self) -> String {
        let Addresses {
            source, destination, ..
        } = self.addresses;
        format!("{}{source} > {destination}", self.line_start())
    }

    /// How the line of a datagram with ports begins.
    pub(super) fn ports_line(&self, source_port: u64, destination_port: u64) -> String {
        let Addresses {
            source, destination, ..
        } = self.addresses;
        format!(
            "{}{source}.{source_port} > {destination}.{destination_port}",
            self.line_start()
        )
    }

    fn line_start(&self) -> String {
        match self.addresses.missing {
            0 => format!("{}IP ", self.around),
            missing => format!("{}IP truncated-ip - {missing} bytes missing! ", self.around),
        }
    }

    /// The line of the layer around.
    pub(super) fn line(&self) -> &str {
        super::summary(&self.layers)
    }

    /// Verifies the checksum of a TCP segment or UDP datagram where all of it is there; `at` is the place of the field.
    pub(super) fn verify(
        &self,
        layer: &mut LayerBuilder<'_>,
        next: Next,
        protocol: Protocol,
        at: usize,
        name: &'static str,
    ) {
        if next.is_cut() || self.addresses.fragment || self.quoted {
            return;
        }
        let Ok(len) = u16::try_from(next.claimed) else { return };
        let bytes = &self.bytes[next.start..next.start + next.claimed];
        let sum = Sum::pseudo_header(self.addresses.source, self.addresses.destination, protocol, len).bytes(bytes);
        layer.check(sum, at, name);
    }

    pub(super) fn into_layers(self) -> Vec<Layer> {
        self.layers
    }
}

/// A layer that is read. Places are counted from its start.
pub(super) struct LayerBuilder<'a> {
    bytes: &'a [u8],
    start: usize,
    pub(super) layer: Layer,
}

impl<'a> LayerBuilder<'a> {
    /// Begins a layer with a header of `header` bytes; fewer may be there.
    pub(super) fn new(packet: &Packet<'a>, next: Next, protocol: &'static str, header: usize) -> Self {
        let bytes = &packet.bytes[next.start..next.end];
        let layer = Layer {
            protocol,
            summary: String::new(),
            range: range(next.start, header.min(bytes.len())),
            fields: Vec::new(),
            flaws: Vec::new(),
            quoted: Vec::new(),
        };
        Self {
            bytes,
            start: next.start,
            layer,
        }
    }

    /// The bytes of the layer and of what is inside it.
    pub(super) const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Sets the length of the header, once it is known.
    pub(super) fn set_header(&mut self, len: usize) {
        self.layer.range = range(self.start, len.min(self.bytes.len()));
    }

    /// Adds a field.
    pub(super) fn field(&mut self, name: &'static str, value: Value, at: usize, len: usize, text: String) {
        self.layer.fields.push(Field {
            name,
            value,
            range: range(self.start + at, len),
            text,
        });
    }

    /// Adds a number of `len` bytes in network order, and says it.
    pub(super) fn number(&mut self, name: &'static str, label: &str, at: usize, len: usize) -> u64 {
        let value = self.peek(at, len);
        self.field(name, Value::Number(value), at, len, format!("{label}: {value}"));
        value
    }

    /// Adds a number that is shown in hexadecimal.
    pub(super) fn hex(&mut self, name: &'static str, label: &str, at: usize, len: usize) -> u64 {
        let value = self.peek(at, len);
        let text = format!("{label}: 0x{value:0width$x}", width = len * 2);
        self.field(name, Value::Number(value), at, len, text);
        value
    }

    /// Adds a bit of the `len` bytes at a place.
    pub(super) fn bit(&mut self, name: &'static str, label: &str, at: usize, len: usize, mask: u64) -> bool {
        let set = self.peek(at, len) & mask != 0;
        let text = format!("{label}: {}", if set { "Set" } else { "Not set" });
        self.field(name, Value::Bit(set), at, len, text);
        set
    }

    /// Adds an address.
    pub(super) fn address(&mut self, name: &'static str, label: &str, at: usize) -> Ipv4Addr {
        let value = addr_at(self.bytes, at);
        self.field(name, Value::Address(value), at, 4, format!("{label}: {value}"));
        value
    }

    /// Adds a hardware address.
    pub(super) fn mac(&mut self, name: &'static str, label: &str, at: usize) -> crate::wire::MacAddr {
        let value = mac_at(self.bytes, at);
        self.field(name, Value::Mac(value), at, 6, format!("{label}: {value}"));
        value
    }

    /// Adds what is left as bytes, if there is any.
    pub(super) fn rest(&mut self, name: &'static str, label: &str, at: usize, end: usize) {
        if let Some(bytes) = self.bytes.get(at..end).filter(|bytes| !bytes.is_empty()) {
            let text = format!("{label}: {} bytes", bytes.len());
            self.field(name, Value::Bytes(bytes.to_vec()), at, bytes.len(), text);
        }
    }

    /// The number of up to 8 bytes at a place that is there.
    pub(super) fn peek(&self, at: usize, len: usize) -> u64 {
        self.bytes[at..at + len]
            .iter()
            .fold(0, |value, byte| value << 8 | u64::from(*byte))
    }

    /// Puts more words behind the field that was added last.
    pub(super) fn explain(&mut self, text: impl core::fmt::Display) {
        if let Some(field) = self.layer.fields.last_mut() {
            // Writing to a string does not fail.
            let _ = write!(field.text, " ({text})");
        }
    }

    /// Whether `len` bytes are there; says so in the line where they are not.
    pub(super) fn has(&mut self, len: usize, line: &str) -> bool {
        if self.bytes.len() >= len {
            return true;
        }
        let name = match self.layer.protocol {
            "eth" => "ether",
            "dns" => "domain",
            other => other,
        };
        self.layer.summary = format!("{line}[|{name}]");
        self.flaw(
            FlawKind::Truncated,
            format!("{} bytes where {len} are needed", self.bytes.len()),
        );
        false
    }

    /// Says that the packet is longer than what was captured of it.
    pub(super) fn note_cut(&mut self, next: Next) {
        if next.is_cut() {
            let missing = next.claimed - (next.end - next.start);
            self.flaw(FlawKind::Truncated, format!("{missing} bytes are missing"));
        }
    }

    /// Adds a flaw.
    pub(super) fn flaw(&mut self, kind: FlawKind, text: impl Into<String>) {
        self.layer.flaws.push(Flaw {
            kind,
            text: text.into(),
        });
    }

    /// Says whether a checksum fits, of which `sum` is over all that it covers; `at` is its place.
    pub(super) fn check(&mut self, sum: Sum, at: usize, status: &'static str) {
        let is = self.peek(at, 2) as u16;
        let good = sum.finish() == 0;
        let text = if good { "Good" } else { "Bad" };
        self.field(
            status,
            Value::Text(text.into()),
            at,
            2,
            format!("Checksum status: {text}"),
        );
        if !good {
            // The sum without the field, which lies at an even place.
            let should = crate::wire::checksum::update(sum.finish(), is, 0);
            self.flaw(
                FlawKind::Checksum,
                format!("wrong checksum 0x{is:04x} (should be 0x{should:04x})"),
            );
        }
    }
}

/// A range of the frame.
pub(super) fn range(start: usize, len: usize) -> ByteRange {
    let cut = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    ByteRange {
        start: cut(start),
        end: cut(start + len),
    }
}

/// Bytes as text that a terminal shows: what is no printable ASCII is a dot, and long text is cut.
pub(super) fn printable(bytes: &[u8]) -> String {
    let shown = bytes.iter().take(TEXT_CHARS);
    shown
        .map(|byte| match byte {
            b' '..=b'~' => char::from(*byte),
            _ => '.',
        })
        .collect()
}

/// Bytes in hexadecimal.
pub(super) fn to_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from(b"0123456789abcdef"[usize::from(digit)]));
        }
    }
    text
}

/// Bytes as hexadecimal text.
pub(super) fn serialize_hex<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&to_hex(bytes))
}
