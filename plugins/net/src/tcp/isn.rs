//! Where a connection's numbers begin: the initial sequence number (RFC 6528) and the offset of its timestamps (RFC 7323
//! section 5.4), both functions of the connection's ends under the host's secret, so that nobody else can guess them.

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::state::Endpoints;
use crate::wire::tcp::SeqNumber;

/// The host's secret. It stays with the node, which hands it to each call that needs it.
pub type Secret = [u8; 32];

/// A step of the clock M of RFC 6528 section 3, in nanoseconds: 4 microseconds, as RFC 9293 section 3.4.1 says.
const CLOCK_STEP_NS: u64 = 4_000;

/// Where the numbers of a connection begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The initial sequence number.
    pub isn: SeqNumber,
    /// What is added to the clock of milliseconds to make a timestamp.
    pub timestamp_offset: u32,
}

impl Origin {
    /// The origin of a connection that is opened now.
    #[must_use]
    pub fn new(secret: &Secret, ends: Endpoints, now_ns: u64) -> Self {
        let isn = SeqNumber(keyed(secret, b"isn", ends, &[]));
        Self {
            isn: isn.plus((now_ns / CLOCK_STEP_NS) as u32),
            timestamp_offset: timestamp_offset(secret, ends),
        }
    }
}

/// The offset of a connection's timestamps. It does not change with time, so that a connection that follows another between
/// the same ends has larger timestamps (RFC 6191).
#[must_use]
pub fn timestamp_offset(secret: &Secret, ends: Endpoints) -> u32 {
    keyed(secret, b"timestamp", ends, &[])
}

/// F of RFC 6528: 32 bits of HMAC-SHA-256 over a purpose, the ends and what else counts.
pub(super) fn keyed(secret: &Secret, purpose: &[u8], ends: Endpoints, more: &[u8]) -> u32 {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(&[purpose.len() as u8]);
    mac.update(purpose);
    for end in [ends.local, ends.remote] {
        mac.update(&end.ip().octets());
        mac.update(&end.port().to_be_bytes());
    }
    mac.update(more);
    let digest = mac.finalize().into_bytes();
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends() -> Endpoints {
        "10.0.0.1:80-10.0.0.2:40000".parse().unwrap()
    }

    #[test]
    fn the_clock_steps_every_four_microseconds() {
        let at = |now_ns| Origin::new(&[7; 32], ends(), now_ns);
        assert_eq!(at(3_999), at(0));
        assert_eq!(at(4_000).isn, at(0).isn.plus(1));
        assert_eq!(at(1_000_000_000).isn, at(0).isn.plus(250_000));
        assert_eq!(at(1 << 52).timestamp_offset, at(0).timestamp_offset);
    }

    #[test]
    fn every_input_counts() {
        let base = Origin::new(&[7; 32], ends(), 0).isn;
        assert_ne!(base, Origin::new(&[8; 32], ends(), 0).isn);
        for other in [
            "10.0.0.1:81-10.0.0.2:40000",
            "10.0.0.1:80-10.0.0.2:40001",
            "10.0.0.2:40000-10.0.0.1:80",
        ] {
            assert_ne!(base, Origin::new(&[7; 32], other.parse().unwrap(), 0).isn);
        }
    }

    /// The stream is part of every replay: it must not change.
    #[test]
    fn golden() {
        let origin = Origin::new(&[7; 32], ends(), 0);
        insta::assert_snapshot!(format!("{:08x} {:08x}", origin.isn.0, origin.timestamp_offset), @"91a8ea82 c980aa9b");
    }
}
