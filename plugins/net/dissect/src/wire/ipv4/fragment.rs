//! Cutting a datagram into fragments (RFC 791 section 3.2). Putting them together again needs state: that is the stack's.

use super::{Ipv4, Ipv4Header, MIN_MTU_BYTES};

/// Why a datagram cannot be sent in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannotFragment {
    /// Its sender forbids it: the router answers with ICMP's *fragmentation needed* (RFC 1191).
    #[error("the datagram may not be fragmented")]
    Forbidden,
    /// The link is narrower than any may be.
    #[error("an MTU of {0} bytes is less than 68")]
    Mtu(u16),
}

/// Cuts a datagram, or a fragment, into fragments of at most `mtu` bytes. One that fits is handed back as it is. The first
/// has all options, the others those that are copied. Payloads share the memory of the datagram's.
///
/// # Errors
/// It does not fit and may not be cut.
pub fn split(datagram: &Ipv4, mtu: u16) -> Result<Vec<Ipv4>, CannotFragment> {
    let most = usize::from(mtu);
    if datagram.len_bytes() <= most {
        return Ok(vec![datagram.clone()]);
    }
    if datagram.header.dont_fragment {
        return Err(CannotFragment::Forbidden);
    }
    if most < MIN_MTU_BYTES {
        return Err(CannotFragment::Mtu(mtu));
    }
    let later = Ipv4Header {
        options: datagram.header.options.copied_to_fragments(),
        ..datagram.header
    };
    let mut fragments = Vec::with_capacity(datagram.payload.len() / (most - 60) + 1);
    let mut rest = datagram.payload.clone();
    let mut offset = datagram.header.fragment_offset;
    while !rest.is_empty() {
        let header = if fragments.is_empty() { datagram.header } else { later };
        let room = most - header.len_bytes();
        let last = rest.len() <= room;
        let payload = if last {
            rest.split_off(0)
        } else {
            rest.split_to(room / 8 * 8)
        };
        let end = offset.wrapping_add(payload.len() as u16);
        let header = Ipv4Header {
            fragment_offset: offset,
            more_fragments: !last || datagram.header.more_fragments,
            ..header
        };
        fragments.push(Ipv4 { header, payload });
        offset = end;
    }
    Ok(fragments)
}
