//! An address with the length of its network's prefix (RFC 4632 section 3.1).

use core::fmt;
use core::str::FromStr;
use std::net::Ipv4Addr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An IPv4 address and how many of its leading bits name the network: text such as `10.0.0.1/24` in JSON. The bits behind
/// the prefix are kept, so it says both what an interface's address is and what its network is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ipv4Cidr {
    address: Ipv4Addr,
    prefix: u8,
}

impl Ipv4Cidr {
    /// Every address: the network of a default route.
    pub const ALL: Self = Self {
        address: Ipv4Addr::UNSPECIFIED,
        prefix: 0,
    };

    /// An address in a network; nothing where the prefix is longer than 32 bits.
    #[must_use]
    pub const fn new(address: Ipv4Addr, prefix: u8) -> Option<Self> {
        if prefix > 32 {
            return None;
        }
        Some(Self { address, prefix })
    }

    /// One address alone: its `/32`.
    #[must_use]
    pub const fn host(address: Ipv4Addr) -> Self {
        Self { address, prefix: 32 }
    }

    /// An address and a mask such as 255.255.255.0; nothing where the mask has a hole.
    #[must_use]
    pub const fn with_netmask(address: Ipv4Addr, netmask: Ipv4Addr) -> Option<Self> {
        let bits = netmask.to_bits();
        if bits.leading_ones() + bits.trailing_zeros() < 32 {
            return None;
        }
        Self::new(address, bits.leading_ones() as u8)
    }

    /// The address, with the bits behind the prefix.
    #[must_use]
    pub const fn address(self) -> Ipv4Addr {
        self.address
    }

    /// Bits that name the network, at most 32.
    #[must_use]
    pub const fn prefix(self) -> u8 {
        self.prefix
    }

    /// The mask of the prefix.
    #[must_use]
    pub const fn netmask(self) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.mask_bits())
    }

    /// The network: the same prefix, the bits behind it zero.
    #[must_use]
    pub const fn network(self) -> Self {
        Self {
            address: Ipv4Addr::from_bits(self.address.to_bits() & self.mask_bits()),
            prefix: self.prefix,
        }
    }

    /// The directed broadcast address (RFC 919 section 7). Networks of one or two addresses have none (RFC 3021).
    #[must_use]
    pub const fn broadcast(self) -> Option<Ipv4Addr> {
        if self.prefix >= 31 {
            return None;
        }
        Some(Ipv4Addr::from_bits(self.address.to_bits() | !self.mask_bits()))
    }

    /// Whether an address is of this network.
    #[must_use]
    pub const fn contains(self, address: Ipv4Addr) -> bool {
        (address.to_bits() ^ self.address.to_bits()) & self.mask_bits() == 0
    }

    /// Whether all of another network is in this one.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        self.prefix <= other.prefix && self.contains(other.address)
    }

    const fn mask_bits(self) -> u32 {
        match self.prefix {
            0 => 0,
            prefix => u32::MAX << (32 - prefix),
        }
    }
}

impl fmt::Display for Ipv4Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// A text is not an address with a prefix.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an address with a prefix such as 10.0.0.1/24")]
pub struct NotACidr(String);

impl FromStr for Ipv4Cidr {
    type Err = NotACidr;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NotACidr(text.chars().take(64).collect());
        let (address, prefix) = text.split_once('/').ok_or_else(wrong)?;
        // One text for each value: no sign, no leading zero.
        if prefix.len() > 2 || prefix.starts_with('+') || (prefix.len() == 2 && prefix.starts_with('0')) {
            return Err(wrong());
        }
        let address = address.parse().map_err(|_| wrong())?;
        Self::new(address, prefix.parse().map_err(|_| wrong())?).ok_or_else(wrong)
    }
}

impl Serialize for Ipv4Cidr {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Ipv4Cidr {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cidr(text: &str) -> Ipv4Cidr {
        text.parse().unwrap()
    }

    #[test]
    fn a_network_and_what_is_in_it() {
        let interface = cidr("10.0.0.200/25");
        assert_eq!(interface.netmask(), Ipv4Addr::new(255, 255, 255, 128));
        assert_eq!(interface.network(), cidr("10.0.0.128/25"));
        assert_eq!(interface.broadcast(), Some(Ipv4Addr::new(10, 0, 0, 255)));
        assert!(interface.contains(Ipv4Addr::new(10, 0, 0, 129)));
        assert!(!interface.contains(Ipv4Addr::new(10, 0, 0, 127)));
        assert!(cidr("10.0.0.0/8").covers(interface) && !interface.covers(cidr("10.0.0.0/8")));
        assert!(Ipv4Cidr::ALL.contains(Ipv4Addr::BROADCAST));
        assert_eq!(cidr("10.0.0.1/31").broadcast(), None);
        assert_eq!(cidr("10.0.0.1/0").network(), Ipv4Cidr::ALL);
    }

    #[test]
    fn masks_have_no_holes() {
        let mask = |text: &str| Ipv4Cidr::with_netmask(Ipv4Addr::LOCALHOST, text.parse().unwrap());
        assert_eq!(mask("255.0.0.0"), Some(cidr("127.0.0.1/8")));
        assert_eq!(mask("255.255.255.255"), Some(cidr("127.0.0.1/32")));
        assert_eq!(mask("0.0.0.0"), Some(cidr("127.0.0.1/0")));
        assert_eq!(mask("255.0.255.0"), None);
        assert_eq!(mask("0.0.0.255"), None);
    }

    #[test]
    fn what_is_not_one_is_refused() {
        for wrong in [
            "",
            "10.0.0.1",
            "10.0.0.1/",
            "10.0.0.1/33",
            "10.0.0.1/08",
            "10.0.0.1/+8",
            "10.0.0/8",
            "010.0.0.1/8",
            "10.0.0.1/8 ",
        ] {
            assert!(wrong.parse::<Ipv4Cidr>().is_err(), "{wrong}");
        }
        assert!(serde_json::from_str::<Ipv4Cidr>("\"10.0.0.1/24\"").is_ok());
        assert!(serde_json::from_str::<Ipv4Cidr>("10").is_err());
    }

    proptest! {
        #[test]
        fn text_goes_both_ways(address: u32, prefix in 0u8..=32) {
            let value = Ipv4Cidr::new(Ipv4Addr::from_bits(address), prefix).unwrap();
            prop_assert_eq!(value.to_string().parse::<Ipv4Cidr>().unwrap(), value);
            prop_assert_eq!(Ipv4Cidr::with_netmask(value.address(), value.netmask()), Some(value));
            prop_assert!(value.contains(value.address()) && value.contains(value.network().address()));
        }
    }
}
