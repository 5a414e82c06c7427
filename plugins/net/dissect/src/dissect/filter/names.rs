//! Words of the language: what they are, and the names that stand for numbers.

use super::lex::{Kind, Word};
use super::tree::{Compare, Operator};

/// Protocols that a filter knows by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proto {
    Link,
    Ip,
    Ip6,
    Arp,
    Rarp,
    Tcp,
    Udp,
    Sctp,
    Icmp,
    Igmp,
}

impl Proto {
    /// Its word.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Link => "ether",
            Self::Ip => "ip",
            Self::Ip6 => "ip6",
            Self::Arp => "arp",
            Self::Rarp => "rarp",
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Sctp => "sctp",
            Self::Icmp => "icmp",
            Self::Igmp => "igmp",
        }
    }

    /// The type of the frames that carry it, where it lies in a frame.
    pub(super) const fn ethertype(self) -> Option<u32> {
        match self {
            Self::Ip => Some(0x0800),
            Self::Ip6 => Some(0x86dd),
            Self::Arp => Some(0x0806),
            Self::Rarp => Some(0x8035),
            _ => None,
        }
    }

    /// Its number in IP, where it lies in a datagram.
    pub(super) const fn ip_protocol(self) -> Option<u32> {
        match self {
            Self::Tcp => Some(6),
            Self::Udp => Some(17),
            Self::Sctp => Some(132),
            Self::Icmp => Some(1),
            Self::Igmp => Some(2),
            _ => None,
        }
    }
}

/// What a word is. Nothing where it is a name.
pub(super) fn word(text: &str) -> Option<Kind> {
    let word = match text {
        "src" => Word::Src,
        "dst" => Word::Dst,
        "host" => Word::Host,
        "net" => Word::Net,
        "mask" => Word::Mask,
        "port" => Word::Port,
        "portrange" => Word::PortRange,
        "proto" => Word::Proto,
        "less" => Word::Less,
        "greater" => Word::Greater,
        "broadcast" => Word::Broadcast,
        "multicast" => Word::Multicast,
        "and" => Word::And,
        "or" => Word::Or,
        "not" => Word::Not,
        "len" | "length" => Word::Len,
        "vlan" => Word::Vlan,
        _ => return protocol_word(text).or_else(|| constant(text).map(Kind::Number)),
    };
    Some(Kind::Word(word))
}

fn protocol_word(text: &str) -> Option<Kind> {
    let proto = match text {
        "ether" | "link" => Proto::Link,
        "ip" => Proto::Ip,
        "ip6" => Proto::Ip6,
        "arp" => Proto::Arp,
        "rarp" => Proto::Rarp,
        "tcp" => Proto::Tcp,
        "udp" => Proto::Udp,
        "sctp" => Proto::Sctp,
        "icmp" => Proto::Icmp,
        "igmp" => Proto::Igmp,
        _ if UNSUPPORTED.contains(&text) => return Some(Kind::Unsupported),
        _ => return None,
    };
    Some(Kind::Proto(proto))
}

/// Words of the language that ask for something that is not here.
const UNSUPPORTED: [&str; 36] = [
    "aarp",
    "ah",
    "atalk",
    "byte",
    "carp",
    "clnp",
    "decnet",
    "dir",
    "direction",
    "esp",
    "fddi",
    "gateway",
    "geneve",
    "icmp6",
    "ifindex",
    "ifname",
    "igrp",
    "inbound",
    "ipx",
    "iso",
    "isis",
    "lat",
    "llc",
    "mpls",
    "netbeui",
    "on",
    "outbound",
    "pim",
    "pppoed",
    "pppoes",
    "protochain",
    "stp",
    "subtype",
    "type",
    "vrrp",
    "wlan",
];

/// Words that stand for numbers: places of fields, and their values.
fn constant(text: &str) -> Option<u32> {
    Some(match text {
        "icmptype" => 0,
        "icmpcode" => 1,
        "icmp-echoreply" => 0,
        "icmp-unreach" => 3,
        "icmp-sourcequench" => 4,
        "icmp-redirect" => 5,
        "icmp-echo" => 8,
        "icmp-routeradvert" => 9,
        "icmp-routersolicit" => 10,
        "icmp-timxceed" => 11,
        "icmp-paramprob" => 12,
        "icmp-tstamp" => 13,
        "icmp-tstampreply" => 14,
        "icmp-ireq" => 15,
        "icmp-ireqreply" => 16,
        "icmp-maskreq" => 17,
        "icmp-maskreply" => 18,
        "tcpflags" => 13,
        "tcp-fin" => 0x01,
        "tcp-syn" => 0x02,
        "tcp-rst" => 0x04,
        "tcp-push" => 0x08,
        "tcp-ack" => 0x10,
        "tcp-urg" => 0x20,
        "tcp-ece" => 0x40,
        "tcp-cwr" => 0x80,
        _ => return None,
    })
}

/// A well-known port, and its transport where it has one alone, as Debian's `/etc/services` has it.
pub(super) fn service(name: &str) -> Option<(u32, Option<Proto>)> {
    const TCP: Option<Proto> = Some(Proto::Tcp);
    const UDP: Option<Proto> = Some(Proto::Udp);
    const BOTH: Option<Proto> = None;
    Some(match name {
        "ftp-data" => (20, TCP),
        "ftp" => (21, TCP),
        "ssh" => (22, TCP),
        "telnet" => (23, TCP),
        "smtp" => (25, TCP),
        "domain" => (53, BOTH),
        "bootps" => (67, UDP),
        "bootpc" => (68, UDP),
        "tftp" => (69, UDP),
        "http" | "www" => (80, TCP),
        "pop3" => (110, TCP),
        "ntp" => (123, UDP),
        "imap2" | "imap" => (143, TCP),
        "snmp" => (161, BOTH),
        "https" => (443, BOTH),
        "syslog" => (514, UDP),
        "route" | "router" => (520, UDP),
        _ => return None,
    })
}

/// The number of a protocol in IP, as Debian's `/etc/protocols` has it.
pub(super) fn ip_protocol(name: &str) -> Option<u32> {
    Some(match name {
        "icmp" => 1,
        "igmp" => 2,
        "ipencap" => 4,
        "tcp" => 6,
        "udp" => 17,
        "gre" => 47,
        "esp" => 50,
        "ah" => 51,
        "ipv6-icmp" => 58,
        "ospf" => 89,
        "ipip" => 94,
        "pim" => 103,
        "vrrp" => 112,
        "sctp" => 132,
        _ => return None,
    })
}

/// The type of a frame by its name.
pub(super) fn ethertype(name: &str) -> Option<u32> {
    Some(match name {
        "ip" => 0x0800,
        "arp" => 0x0806,
        "rarp" => 0x8035,
        "ip6" => 0x86dd,
        "loopback" => 0x9000,
        _ => return None,
    })
}

/// What a sign does between two numbers, and how tightly it binds. `%` and `^` have no precedence in libpcap's grammar: as
/// they are read, they take whatever follows.
pub(super) fn operator(sign: &Kind) -> Option<(Operator, Option<u8>)> {
    Some(match sign {
        Kind::Sign("|") => (Operator::Or, Some(1)),
        Kind::Sign("&") => (Operator::And, Some(2)),
        Kind::Sign("<<") => (Operator::ShiftLeft, Some(3)),
        Kind::Sign(">>") => (Operator::ShiftRight, Some(3)),
        Kind::Sign("+") => (Operator::Add, Some(4)),
        Kind::Sign("-") => (Operator::Subtract, Some(4)),
        Kind::Sign("*") => (Operator::Multiply, Some(5)),
        Kind::Sign("/") => (Operator::Divide, Some(5)),
        Kind::Sign("%") => (Operator::Modulo, None),
        Kind::Sign("^") => (Operator::Xor, None),
        _ => return None,
    })
}

/// The precedence of a leading minus.
pub(super) const NEGATIVE: u8 = 6;

/// How a sign compares two numbers.
pub(super) fn comparison(sign: &Kind) -> Option<Compare> {
    Some(match sign {
        Kind::Sign("=" | "==") => Compare::Equal,
        Kind::Sign("!=") => Compare::NotEqual,
        Kind::Sign(">") => Compare::Greater,
        Kind::Sign(">=") => Compare::GreaterOrEqual,
        Kind::Sign("<") => Compare::Less,
        Kind::Sign("<=") => Compare::LessOrEqual,
        _ => return None,
    })
}
