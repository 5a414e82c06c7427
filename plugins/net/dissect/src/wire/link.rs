//! What the first bytes of a captured frame are.

use core::fmt;

use serde::{Deserialize, Serialize};

/// The type of a link, as captures number them (tcpdump.org, link-layer header types).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LinkType(pub u16);

impl LinkType {
    /// Ethernet frames.
    pub const ETHERNET: Self = Self(1);
    /// Datagrams of IPv4 or IPv6 with nothing before them.
    pub const RAW_IP: Self = Self(101);
}

impl fmt::Display for LinkType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ETHERNET => f.write_str("EN10MB (Ethernet)"),
            Self::RAW_IP => f.write_str("RAW (Raw IP)"),
            Self(other) => write!(f, "link type {other}"),
        }
    }
}
