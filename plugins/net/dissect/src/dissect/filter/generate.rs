//! What the primitives of a filter test, as libpcap compiles them for Ethernet.

use super::lex;
use super::names::{self, Proto};
use super::tree::{Compare, Number, Place, Test};
use crate::wire::MacAddr;

/// Which end of a packet an address is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Direction {
    Source,
    Destination,
    #[default]
    Either,
    Both,
}

/// What an address is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum AddressKind {
    #[default]
    Host,
    Net,
    Port,
    PortRange,
    Proto,
}

impl AddressKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Net => "net",
            Self::Port => "port",
            Self::PortRange => "portrange",
            Self::Proto => "proto",
        }
    }

    /// What to write behind its word.
    pub(super) const fn expected(self) -> &'static str {
        match self {
            Self::Host => "an address such as 10.0.0.1",
            Self::Net => "a network such as 10.0.0.0/8",
            Self::Port => "a port such as 80",
            Self::PortRange => "a range of ports such as 8000-8080",
            Self::Proto => "a protocol such as 6",
        }
    }
}

/// What was said before an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Qualifiers {
    pub(super) proto: Option<Proto>,
    pub(super) direction: Direction,
    pub(super) kind: AddressKind,
}

type Result<T> = core::result::Result<T, String>;

/// Knows where things are in a frame, which the words `vlan` of a filter change.
#[derive(Debug)]
pub(super) struct Generator {
    /// Where the type of the payload is.
    type_at: u32,
    /// Where the payload is.
    payload_at: u32,
}

impl Generator {
    pub(super) const fn new() -> Self {
        Self {
            type_at: 12,
            payload_at: 14,
        }
    }

    /// A frame of a protocol.
    pub(super) fn protocol(&self, proto: Proto) -> Test {
        match (proto.ethertype(), proto.ip_protocol()) {
            (Some(ethertype), _) => self.ethertype(ethertype),
            (None, Some(number @ (1 | 2))) => self.ipv4_protocol(number),
            (None, Some(number)) => Test::Any(vec![self.ipv4_protocol(number), self.ipv6_protocol(number)]),
            (None, None) => Test::All(Vec::new()),
        }
    }

    /// `vlan`: the frame has a tag; what is said from here on is about what is inside.
    pub(super) fn vlan(&mut self, vid: Option<u32>) -> Result<Test> {
        let tagged = [0x8100, 0x88a8, 0x9100].map(|kind| self.ethertype(kind));
        let mut tests = vec![Test::Any(tagged.into())];
        if let Some(vid) = vid {
            if vid > 4095 {
                return Err(format!("VLAN {vid} is greater than 4095"));
            }
            tests.push(masked(Place::At(self.payload_at), 2, 0x0fff, Compare::Equal, vid));
        }
        self.type_at = self.type_at.saturating_add(4);
        self.payload_at = self.payload_at.saturating_add(4);
        Ok(Test::All(tests))
    }

    pub(super) fn broadcast(&self, proto: Option<Proto>) -> Result<Test> {
        match proto {
            None | Some(Proto::Link) => Ok(mac_equals(0, MacAddr::BROADCAST)),
            // The network's mask is not known, as when tcpdump reads a file: all ones and all zeros are broadcast.
            Some(Proto::Ip) => {
                let to = |address| equals(Place::At(self.payload_at + 16), 4, address);
                let either = Test::Any(vec![to(0), to(u32::MAX)]);
                Ok(Test::All(vec![self.ethertype(0x0800), either]))
            }
            Some(proto) => Err(format!(
                "'{} broadcast' makes no sense: expected 'ether' or 'ip'",
                proto.word()
            )),
        }
    }

    pub(super) fn multicast(&self, proto: Option<Proto>) -> Result<Test> {
        match proto {
            None | Some(Proto::Link) => Ok(masked(Place::At(0), 1, 1, Compare::NotEqual, 0)),
            Some(Proto::Ip) => {
                let place = Place::At(self.payload_at + 16);
                let group = masked(place, 1, u32::MAX, Compare::GreaterOrEqual, 224);
                Ok(Test::All(vec![self.ethertype(0x0800), group]))
            }
            Some(proto) => Err(format!(
                "'{} multicast' makes no sense: expected 'ether' or 'ip'",
                proto.word()
            )),
        }
    }

    /// `ether host`.
    pub(super) fn mac(&self, mac: MacAddr, qualifiers: Qualifiers) -> Result<Test> {
        if qualifiers.proto != Some(Proto::Link) || qualifiers.kind != AddressKind::Host {
            return Err("a hardware address needs 'ether host', 'ether src' or 'ether dst' before it".into());
        }
        Ok(directed(qualifiers.direction, mac_equals(6, mac), mac_equals(0, mac)))
    }

    /// A number behind any qualifiers.
    pub(super) fn number(&self, number: u32, qualifiers: Qualifiers) -> Result<Test> {
        match qualifiers.kind {
            AddressKind::Host => self.host(number, u32::MAX, qualifiers),
            AddressKind::Net => {
                // `net 10` is 10.0.0.0/8.
                let zeros = if number == 0 { 0 } else { number.leading_zeros() / 8 * 8 };
                self.host(number << zeros, u32::MAX << zeros, qualifiers)
            }
            AddressKind::Port | AddressKind::PortRange => self.ports(number, number, qualifiers, None),
            AddressKind::Proto => self.proto_number(number, qualifiers.proto),
        }
    }

    /// Two to four numbers with dots: an address, or the start of one.
    pub(super) fn dotted(&self, text: &str, qualifiers: Qualifiers) -> Result<Test> {
        if !matches!(qualifiers.kind, AddressKind::Host | AddressKind::Net) {
            let word = qualifiers.kind.word();
            let expected = qualifiers.kind.expected();
            return Err(format!("'{word}' is before an address: expected {expected}"));
        }
        let (address, mask) = dotted(text)?;
        self.host(address, mask, qualifiers)
    }

    /// `net 10.0.0.0/8`.
    pub(super) fn prefix(&self, text: &str, prefix: u32, qualifiers: Qualifiers) -> Result<Test> {
        let mask = match prefix {
            0 => 0,
            1..=32 => u32::MAX << (32 - prefix),
            _ => return Err(format!("a prefix of {prefix} bits: expected at most 32")),
        };
        self.network(text, mask, qualifiers)
    }

    /// `net 10.0.0.0 mask 255.0.0.0`.
    pub(super) fn mask(&self, text: &str, mask: &str, qualifiers: Qualifiers) -> Result<Test> {
        let (mask, _) = dotted(mask)?;
        self.network(text, mask, qualifiers)
    }

    fn network(&self, text: &str, mask: u32, qualifiers: Qualifiers) -> Result<Test> {
        if qualifiers.kind != AddressKind::Net {
            return Err("a prefix or mask needs 'net' before it".into());
        }
        let (address, _) = dotted(text)?;
        if address & !mask != 0 {
            return Err(format!("{text} has bits set behind its mask"));
        }
        self.host(address, mask, qualifiers)
    }

    /// A name: of a port, a range of ports, or a protocol. Hosts and networks have no names here.
    pub(super) fn name(&self, name: &str, qualifiers: Qualifiers) -> Result<Test> {
        let shown: String = name.chars().take(32).collect();
        match qualifiers.kind {
            AddressKind::Host | AddressKind::Net => {
                let expected = qualifiers.kind.expected();
                Err(format!("expected {expected}, found '{shown}'"))
            }
            AddressKind::Port => {
                let (port, transport) = port(name)?;
                self.ports(port, port, qualifiers, transport)
            }
            AddressKind::PortRange => {
                let expected = qualifiers.kind.expected();
                let (first, last) = name
                    .split_once('-')
                    .ok_or_else(|| format!("expected {expected}, found '{shown}'"))?;
                let ((first, transport), (last, other)) = (port(first)?, port(last)?);
                let transport = transport.filter(|_| transport == other);
                self.ports(first.min(last), first.max(last), qualifiers, transport)
            }
            AddressKind::Proto if qualifiers.proto == Some(Proto::Link) => {
                let number = names::ethertype(name).ok_or_else(|| format!("unknown type of frames '{shown}'"))?;
                self.proto_number(number, qualifiers.proto)
            }
            AddressKind::Proto => {
                let number = names::ip_protocol(name).ok_or_else(|| format!("unknown protocol '{shown}'"))?;
                self.proto_number(number, qualifiers.proto)
            }
        }
    }

    /// The bytes of a protocol, and what the frame must be to have them.
    pub(super) fn load(&self, proto: Proto, index: Number, size: u8, needed: &mut Vec<Test>) -> Number {
        let base = match (proto.ethertype(), proto.ip_protocol()) {
            (Some(ethertype), _) => {
                needed.push(self.ethertype(ethertype));
                Place::At(self.payload_at)
            }
            (None, Some(number)) => {
                needed.push(self.ipv4_protocol(number));
                needed.push(self.begins_datagram());
                Place::BehindHeader {
                    header: self.payload_at,
                    offset: 0,
                }
            }
            (None, None) => Place::At(0),
        };
        Number::Load {
            base,
            index: Box::new(index),
            size,
        }
    }

    /// Frames of a type. Numbers up to 1,500 are the protocols of 802.2 in frames of 802.3.
    fn ethertype(&self, number: u32) -> Test {
        if number > 1500 {
            return equals(Place::At(self.type_at), 2, number);
        }
        let length = masked(Place::At(self.type_at), 2, u32::MAX, Compare::LessOrEqual, 1500);
        let payload = Place::At(self.payload_at);
        // Of these, both service access points are looked at.
        let access = match number {
            0x06 | 0xf0 | 0xfe => equals(payload, 2, number << 8 | number),
            _ => equals(payload, 1, number),
        };
        Test::All(vec![length, access])
    }

    fn ipv4_protocol(&self, number: u32) -> Test {
        let field = equals(Place::At(self.payload_at + 9), 1, number);
        Test::All(vec![self.ethertype(0x0800), field])
    }

    /// The next header, or the one behind a header of fragments.
    fn ipv6_protocol(&self, number: u32) -> Test {
        let next = |at, number| equals(Place::At(self.payload_at + at), 1, number);
        let behind = Test::All(vec![next(6, 44), next(40, number)]);
        Test::All(vec![self.ethertype(0x86dd), Test::Any(vec![next(6, number), behind])])
    }

    /// It is no later fragment.
    fn begins_datagram(&self) -> Test {
        masked(Place::At(self.payload_at + 6), 2, 0x1fff, Compare::Equal, 0)
    }

    fn proto_number(&self, number: u32, proto: Option<Proto>) -> Result<Test> {
        match proto {
            None => Ok(Test::Any(vec![self.ipv4_protocol(number), self.ipv6_protocol(number)])),
            Some(Proto::Ip) => Ok(self.ipv4_protocol(number)),
            Some(Proto::Ip6) => Ok(self.ipv6_protocol(number)),
            Some(Proto::Link) => Ok(self.ethertype(number)),
            Some(proto) => Err(format!(
                "'{} proto' makes no sense: it carries no protocols",
                proto.word()
            )),
        }
    }

    fn host(&self, address: u32, mask: u32, qualifiers: Qualifiers) -> Result<Test> {
        let within = |proto: Proto, source: u32, destination: u32| {
            let side = |at| {
                let field = masked(Place::At(self.payload_at + at), 4, mask, Compare::Equal, address);
                Test::All(vec![self.ethertype(proto.ethertype().unwrap_or_default()), field])
            };
            directed(qualifiers.direction, side(source), side(destination))
        };
        let ip = || within(Proto::Ip, 12, 16);
        let arp = |proto| within(proto, 14, 24);
        match qualifiers.proto {
            None => Ok(Test::Any(vec![ip(), arp(Proto::Arp), arp(Proto::Rarp)])),
            Some(Proto::Ip) => Ok(ip()),
            Some(proto @ (Proto::Arp | Proto::Rarp)) => Ok(arp(proto)),
            Some(Proto::Link) => Err("expected a hardware address such as 02:00:00:00:00:01".into()),
            Some(proto) => {
                let (proto, kind) = (proto.word(), qualifiers.kind.word());
                Err(format!(
                    "'{proto}' is before '{kind}': expected 'ip', 'arp' or 'rarp', or none"
                ))
            }
        }
    }

    /// Ports from one to another. A name may be known for one transport alone.
    fn ports(&self, first: u32, last: u32, qualifiers: Qualifiers, known: Option<Proto>) -> Result<Test> {
        if let Some(port) = [first, last].into_iter().find(|port| *port > 65535) {
            return Err(format!("port {port} is greater than 65535"));
        }
        let numbers = || transports(qualifiers.proto, known).map(|all| all.into_iter().filter_map(Proto::ip_protocol));
        let ipv6 = |number| {
            let place = |offset| Place::At(self.payload_at + 40 + offset);
            Test::All(vec![
                equals(Place::At(self.payload_at + 6), 1, number),
                sides(qualifiers.direction, first, last, place),
            ])
        };
        let ipv4 = |number| {
            let place = |offset| Place::BehindHeader {
                header: self.payload_at,
                offset,
            };
            Test::All(vec![
                equals(Place::At(self.payload_at + 9), 1, number),
                self.begins_datagram(),
                sides(qualifiers.direction, first, last, place),
            ])
        };
        Ok(Test::Any(vec![
            Test::All(vec![self.ethertype(0x86dd), Test::Any(numbers()?.map(ipv6).collect())]),
            Test::All(vec![self.ethertype(0x0800), Test::Any(numbers()?.map(ipv4).collect())]),
        ]))
    }
}

/// The transports whose ports are meant.
fn transports(proto: Option<Proto>, known: Option<Proto>) -> Result<Vec<Proto>> {
    match (proto, known) {
        (None, None) => Ok(vec![Proto::Sctp, Proto::Tcp, Proto::Udp]),
        (None, Some(known)) => Ok(vec![known]),
        (Some(Proto::Tcp | Proto::Udp | Proto::Sctp), Some(known)) if proto != Some(known) => {
            Err(format!("this is a port of {}", known.word()))
        }
        (Some(proto @ (Proto::Tcp | Proto::Udp | Proto::Sctp)), _) => Ok(vec![proto]),
        (Some(proto), _) => {
            let proto = proto.word();
            Err(format!(
                "'{proto}' has no ports: expected 'tcp', 'udp' or 'sctp', or none"
            ))
        }
    }
}

/// The ports of one or both ends.
fn sides(direction: Direction, first: u32, last: u32, place: impl Fn(u32) -> Place) -> Test {
    let side = |offset| {
        if first == last {
            return equals(place(offset), 2, first);
        }
        Test::All(vec![
            masked(place(offset), 2, u32::MAX, Compare::GreaterOrEqual, first),
            masked(place(offset), 2, u32::MAX, Compare::LessOrEqual, last),
        ])
    };
    directed(direction, side(0), side(2))
}

fn directed(direction: Direction, source: Test, destination: Test) -> Test {
    match direction {
        Direction::Source => source,
        Direction::Destination => destination,
        Direction::Either => Test::Any(vec![source, destination]),
        Direction::Both => Test::All(vec![source, destination]),
    }
}

const fn masked(place: Place, size: u8, mask: u32, compare: Compare, value: u32) -> Test {
    Test::Field {
        place,
        size,
        mask,
        compare,
        value,
    }
}

const fn equals(place: Place, size: u8, value: u32) -> Test {
    masked(place, size, u32::MAX, Compare::Equal, value)
}

/// A hardware address at a place, its last four bytes first as libpcap compares them.
fn mac_equals(at: u32, mac: MacAddr) -> Test {
    let [a, b, c, d, e, f] = mac.0;
    let end = u32::from_be_bytes([c, d, e, f]);
    let start = u32::from(u16::from_be_bytes([a, b]));
    Test::All(vec![equals(Place::At(at + 2), 4, end), equals(Place::At(at), 2, start)])
}

/// Reads two to four numbers with dots: the start of an address, and the mask of what is there.
fn dotted(text: &str) -> Result<(u32, u32)> {
    let mut address = 0;
    let mut bits = 0;
    for part in text.split('.') {
        let part: u8 = part.parse().map_err(|_| format!("{text} is no IPv4 address"))?;
        address = address << 8 | u32::from(part);
        bits += 8;
    }
    Ok((address << (32 - bits), u32::MAX << (32 - bits)))
}

/// A port by number or name, and the transport that a name is known for alone.
fn port(text: &str) -> Result<(u32, Option<Proto>)> {
    if let Some(number) = lex::number(text) {
        return Ok((number?, None));
    }
    let shown: String = text.chars().take(32).collect();
    names::service(text).ok_or_else(|| format!("unknown port '{shown}'"))
}
