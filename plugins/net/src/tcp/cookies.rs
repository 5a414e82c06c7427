//! SYN cookies (RFC 4987 section 3.6): a listener whose queue is full keeps nothing of a SYN, and reads what it needs from
//! the acknowledgement of its own SYN-ACK.
//!
//! The sequence number holds, from the top: 5 bits of a clock, 3 bits of the MSS, 24 bits of HMAC over these, the ends, the
//! peer's number and the options. Options travel in the lowest 6 bits of the timestamp, which the peer sends back; a peer
//! without timestamps gets neither scaled windows nor SACK.

use super::isn::{Secret, keyed};
use super::state::Endpoints;
use crate::wire::tcp::{Options, SeqNumber};

/// A step of the cookie's clock, in nanoseconds: about a minute.
const STEP_NS: u64 = 1 << 36;
/// Steps that a cookie stays good after the one in which it was made.
const STEPS: u64 = 1;
/// How long after the last cookie an acknowledgement may hold one, in nanoseconds.
pub(super) const LIFETIME_NS: u64 = (STEPS + 1) * STEP_NS;
/// The sizes that 3 bits can name: the common ones, so that most peers get theirs.
const SIZES: [u16; 8] = [48, 536, 1220, 1300, 1400, 1440, 1460, 8960];
/// Bits of the timestamp that hold options.
const OPTION_BITS: u32 = 6;
/// The window scale that says: none.
const NO_SCALE: u8 = 15;
/// The bit of SACK.
const SACK: u32 = 1 << 4;

/// What a cookie remembers of a SYN.
fn option_bits(options: &Options) -> u32 {
    let scale = options.window_scale.map_or(NO_SCALE, |scale| scale.min(14));
    u32::from(scale) | if options.sack_permitted { SACK } else { 0 }
}

fn tag(secret: &Secret, ends: Endpoints, peer: SeqNumber, step: u64, size: u32, options: u32) -> u32 {
    let mut more = [0; 20];
    more[..4].copy_from_slice(&peer.0.to_be_bytes());
    more[4..12].copy_from_slice(&step.to_be_bytes());
    more[12..16].copy_from_slice(&size.to_be_bytes());
    more[16..].copy_from_slice(&options.to_be_bytes());
    keyed(secret, b"cookie", ends, &more) & 0x00ff_ffff
}

/// The sequence number of a SYN-ACK that answers a SYN with these options.
#[must_use]
pub fn bake(secret: &Secret, ends: Endpoints, peer: SeqNumber, syn: &Options, now_ns: u64) -> SeqNumber {
    let step = now_ns / STEP_NS;
    let wanted = syn.mss.unwrap_or(super::config::FALLBACK_MSS);
    let size = SIZES.iter().rposition(|size| *size <= wanted).unwrap_or(0) as u32;
    let options = syn.timestamps.map_or(u32::MAX, |_| option_bits(syn));
    let tag = tag(secret, ends, peer, step, size, options);
    SeqNumber((step as u32 & 31) << 27 | size << 24 | tag)
}

/// The timestamp of that SYN-ACK: the largest that is not after `clock` and holds the options.
#[must_use]
pub fn stamp(syn: &Options, clock: u32) -> u32 {
    let mask = (1 << OPTION_BITS) - 1;
    let stamped = clock & !mask | option_bits(syn);
    if stamped.wrapping_sub(clock).cast_signed() > 0 {
        stamped.wrapping_sub(1 << OPTION_BITS)
    } else {
        stamped
    }
}

/// The options of the SYN that a cookie was made for; nothing where this is no cookie of ours, or an old one.
///
/// `ack` and `echo` are the acknowledgement and the timestamp that the peer sends back, `peer` is its initial number.
#[must_use]
pub fn read(
    secret: &Secret,
    ends: Endpoints,
    peer: SeqNumber,
    ack: SeqNumber,
    stamps: Option<(u32, u32)>,
    now_ns: u64,
) -> Option<Options> {
    let cookie = ack.minus(1).0;
    let now = now_ns / STEP_NS;
    let age = (now as u32).wrapping_sub(cookie >> 27) & 31;
    let step = now.checked_sub(u64::from(age)).filter(|_| u64::from(age) <= STEPS)?;
    let size = cookie >> 24 & 7;
    let bits = stamps.map(|(_, echo)| echo & ((1 << OPTION_BITS) - 1));
    let expected = tag(secret, ends, peer, step, size, bits.unwrap_or(u32::MAX));
    if expected != cookie & 0x00ff_ffff {
        return None;
    }
    let scale = bits.map(|bits| (bits & 15) as u8).filter(|scale| *scale != NO_SCALE);
    Some(Options {
        mss: Some(SIZES[size as usize]),
        window_scale: scale,
        sack_permitted: bits.is_some_and(|bits| bits & SACK != 0),
        sack: Vec::new(),
        timestamps: stamps,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECRET: Secret = [9; 32];

    fn ends() -> Endpoints {
        "10.0.0.1:80-10.0.0.2:40000".parse().unwrap()
    }

    proptest! {
        #[test]
        fn a_cookie_gives_the_options_back(
            peer: u32, clock: u32, mss in 48u16.., scale in prop::option::of(0u8..15), sack: bool,
            now_ns in 0u64..1 << 50, wait_ns in 0u64..STEP_NS, stamped: bool,
        ) {
            let syn = Options {
                mss: Some(mss), window_scale: scale, sack_permitted: sack,
                timestamps: stamped.then_some((1, 0)), ..Options::default()
            };
            let cookie = bake(&SECRET, ends(), SeqNumber(peer), &syn, now_ns);
            let echo = stamp(&syn, clock);
            prop_assert!(echo.wrapping_sub(clock).cast_signed() <= 0);
            let stamps = stamped.then_some((2, echo));
            let back = read(&SECRET, ends(), SeqNumber(peer), cookie.plus(1), stamps, now_ns + wait_ns).unwrap();
            prop_assert!(back.mss.unwrap() <= mss);
            prop_assert_eq!(back.window_scale, scale.filter(|_| stamped));
            prop_assert_eq!(back.sack_permitted, sack && stamped);
            prop_assert_eq!(read(&SECRET, ends(), SeqNumber(peer), cookie.plus(1), stamps, now_ns + 3 * STEP_NS), None);
        }
    }

    #[test]
    fn a_forged_cookie_is_refused() {
        let syn = Options {
            mss: Some(1460),
            ..Options::default()
        };
        let cookie = bake(&SECRET, ends(), SeqNumber(5), &syn, 0);
        for bit in 0..32 {
            let forged = SeqNumber(cookie.0 ^ 1 << bit).plus(1);
            assert_eq!(read(&SECRET, ends(), SeqNumber(5), forged, None, 0), None);
        }
        assert_eq!(read(&SECRET, ends(), SeqNumber(6), cookie.plus(1), None, 0), None);
        assert_eq!(read(&[8; 32], ends(), SeqNumber(5), cookie.plus(1), None, 0), None);
    }
}
