//! Hardware addresses (IEEE 802-2014, section 8).

use core::fmt;
use core::str::FromStr;
use std::net::Ipv4Addr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An address of a network interface: text such as `02:00:00:00:00:01` in JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MacAddr(pub [u8; 6]);

impl MacAddr {
    /// All stations of a segment.
    pub const BROADCAST: Self = Self([0xff; 6]);

    /// Whether it names a group of stations; [`MacAddr::BROADCAST`] is one.
    #[must_use]
    pub const fn is_multicast(self) -> bool {
        self.0[0] & 1 == 1
    }

    /// The group of stations that listen to an IPv4 group (RFC 1112 section 6.4): 32 groups share one.
    #[must_use]
    pub const fn of_group(group: Ipv4Addr) -> Self {
        let [_, b, c, d] = group.octets();
        Self([0x01, 0x00, 0x5e, b & 0x7f, c, d])
    }

    /// Whether it is the address of all stations.
    #[must_use]
    pub fn is_broadcast(self) -> bool {
        self == Self::BROADCAST
    }
}

impl fmt::Display for MacAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e, g] = self.0;
        write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}")
    }
}

/// A text is not a hardware address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a hardware address such as 02:00:00:00:00:01")]
pub struct NotAMacAddr(String);

impl FromStr for MacAddr {
    type Err = NotAMacAddr;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NotAMacAddr(text.chars().take(64).collect());
        let mut bytes = [0; 6];
        let mut parts = text.split(':');
        for byte in &mut bytes {
            let part = parts.next().ok_or_else(wrong)?;
            if part.len() != 2 || !part.bytes().all(|digit| digit.is_ascii_hexdigit()) {
                return Err(wrong());
            }
            *byte = u8::from_str_radix(part, 16).map_err(|_| wrong())?;
        }
        if parts.next().is_some() {
            return Err(wrong());
        }
        Ok(Self(bytes))
    }
}

impl Serialize for MacAddr {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MacAddr {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_goes_both_ways_and_what_is_not_an_address_is_refused() {
        let address: MacAddr = "02:00:5E:10:00:ff".parse().unwrap();
        assert_eq!(address.to_string(), "02:00:5e:10:00:ff");
        assert!(!address.is_multicast());
        assert!(MacAddr::BROADCAST.is_multicast());
        let group = MacAddr::of_group(Ipv4Addr::new(224, 129, 2, 3));
        assert_eq!(group.to_string(), "01:00:5e:01:02:03");
        for wrong in [
            "",
            "02:00",
            "02:00:5e:10:00:ff:00",
            "2:0:5e:10:0:ff",
            "02:00:5e:10:00:+f",
        ] {
            assert!(wrong.parse::<MacAddr>().is_err(), "{wrong}");
        }
    }
}
