//! Options of the IPv4 header (RFC 791 section 3.1, RFC 2113, RFC 4727).

use std::net::Ipv4Addr;

use crate::wire::{WireError, addr_at, u16_at, u32_at};

use super::HEADER_BYTES;

/// Most bytes of options.
pub const OPTIONS_BYTES: usize = 40;

/// The bit of a kind that says that every fragment has the option (RFC 791 section 3.1).
const COPIED: u8 = 0x80;

mod kind {
    pub(super) const END: u8 = 0;
    pub(super) const NO_OPERATION: u8 = 1;
    pub(super) const RECORD_ROUTE: u8 = 7;
    pub(super) const TIMESTAMP: u8 = 68;
    pub(super) const LOOSE_ROUTE: u8 = 131;
    pub(super) const STRICT_ROUTE: u8 = 137;
    pub(super) const ROUTER_ALERT: u8 = 148;
    /// RFC 4727 section 2.1 leaves it to experiments: copied, of class 0, number 30.
    pub(super) const HOPS: u8 = 158;
}

/// The options of a header as they lie on the wire, padding included: up to 40 bytes, a multiple of 4. They may be
/// malformed where they were read: [`Ipv4Options::check`].
#[derive(Clone, Copy)]
pub struct Ipv4Options {
    bytes: [u8; OPTIONS_BYTES],
    len: u8,
}

/// One option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ipv4Option<'a> {
    /// One byte between options.
    NoOperation,
    /// Routers write their addresses into it.
    RecordRoute(Route<'a>),
    /// Routers that the datagram must pass, among others.
    LooseSourceRoute(Route<'a>),
    /// Routers that the datagram must pass, and no others.
    StrictSourceRoute(Route<'a>),
    /// Routers write the time into it.
    Timestamp(Timestamps<'a>),
    /// Routers on the way are to look at it, where the value is 0 (RFC 2113).
    RouterAlert(u16),
    /// Hops that the datagram may still take, where they may be more than 255: see [`super::hops`].
    Hops(u32),
    /// Another one.
    Unknown {
        /// Its kind.
        kind: u8,
        /// What follows kind and length.
        data: &'a [u8],
    },
}

/// Addresses of a route, recorded or prescribed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route<'a> {
    /// Where the next address is read or written, in bytes from the start of the option, which counts as 1: 4 for the first.
    pub pointer: u8,
    /// The addresses, 4 bytes each.
    pub data: &'a [u8],
}

impl Route<'_> {
    /// All addresses, those that are not yet written included.
    pub fn addresses(&self) -> impl Iterator<Item = Ipv4Addr> {
        self.data.chunks_exact(4).map(|bytes| addr_at(bytes, 0))
    }

    /// How many addresses lie before the pointer: those recorded, or passed.
    #[must_use]
    pub fn done(&self) -> usize {
        (usize::from(self.pointer.saturating_sub(4)) / 4).min(self.data.len() / 4)
    }

    /// Whether the pointer is behind the last address: the record is full, or the datagram goes on to its destination.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        usize::from(self.pointer) > self.data.len() + 3
    }
}

/// Times, and possibly addresses, that routers wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamps<'a> {
    /// Where the next entry is written, in bytes from the start of the option, which counts as 1: 5 for the first.
    pub pointer: u8,
    /// Routers that found no room, at most 15.
    pub overflow: u8,
    /// 0: times alone. 1: each with an address before it. 3: the addresses are prescribed.
    pub flag: u8,
    /// The entries: 4 bytes, or 8 with addresses. Times are milliseconds since midnight UTC.
    pub data: &'a [u8],
}

impl Timestamps<'_> {
    /// All entries, those that are not yet written included.
    pub fn entries(&self) -> impl Iterator<Item = (Option<Ipv4Addr>, u32)> {
        let with_addresses = self.flag != 0;
        let size = if with_addresses { 8 } else { 4 };
        self.data.chunks_exact(size).map(move |bytes| {
            let address = with_addresses.then(|| addr_at(bytes, 0));
            (address, u32_at(bytes, size - 4))
        })
    }
}

impl Ipv4Options {
    /// No options.
    pub const NONE: Self = Self {
        bytes: [0; OPTIONS_BYTES],
        len: 0,
    };

    /// Options one after the other, padded with zeros.
    ///
    /// # Errors
    /// They are longer than 40 bytes.
    pub fn new(options: &[Ipv4Option<'_>]) -> Result<Self, WireError> {
        let mut all = Self::NONE;
        for option in options {
            all.put(option)?;
        }
        all.len = all.len.next_multiple_of(4);
        Ok(all)
    }

    /// Options as they lie on the wire; the rest of the last 4 bytes is padded with zeros.
    ///
    /// # Errors
    /// They are longer than 40 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WireError> {
        if bytes.len() > OPTIONS_BYTES {
            return Err(too_long(bytes.len()));
        }
        Ok(Self::copied(bytes))
    }

    /// Copies bytes that are known to be at most 40.
    pub(super) fn copied(bytes: &[u8]) -> Self {
        let mut all = Self::NONE;
        all.bytes[..bytes.len()].copy_from_slice(bytes);
        all.len = (bytes.len() as u8).next_multiple_of(4);
        all
    }

    /// The options as they lie on the wire.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8] {
        self.bytes.split_at(self.len as usize).0
    }

    /// Whether there is none, not even padding.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The options up to the end of the list or the first malformed one.
    #[must_use]
    pub const fn iter(&self) -> OptionsIter<'_> {
        OptionsIter {
            bytes: self.as_bytes(),
            at: 0,
        }
    }

    /// Whether all options are well formed.
    ///
    /// # Errors
    /// The place of the first that is not, as ICMP's parameter problem wants it.
    pub fn check(&self) -> Result<(), WireError> {
        self.iter().try_for_each(|option| option.map(|_| ()))
    }

    /// The value of the router alert, if there is one.
    #[must_use]
    pub fn router_alert(&self) -> Option<u16> {
        self.iter().flatten().find_map(|option| match option {
            Ipv4Option::RouterAlert(value) => Some(value),
            _ => None,
        })
    }

    /// The hop count of the project's option, if there is one.
    #[must_use]
    pub fn hops(&self) -> Option<u32> {
        self.iter().flatten().find_map(|option| match option {
            Ipv4Option::Hops(hops) => Some(hops),
            _ => None,
        })
    }

    /// Those options that every fragment has (RFC 791 section 3.1). Stops at a malformed one.
    #[must_use]
    pub fn copied_to_fragments(&self) -> Self {
        self.filtered(|kind| kind & COPIED != 0)
    }

    /// Puts the hop count before the other options, or another value into the one that is there.
    ///
    /// # Errors
    /// There is no room.
    pub(super) fn set_hops(&mut self, hops: u32) -> Result<(), WireError> {
        let rest = self.without_hops();
        // Padded in front, so that the count is aligned and no padding ends the list before the rest.
        let padding = Ipv4Option::NoOperation;
        let mut all = Self::new(&[padding, padding, Ipv4Option::Hops(hops)])?;
        let start = usize::from(all.len);
        let end = start + rest.as_bytes().len();
        if end > OPTIONS_BYTES {
            return Err(too_long(end));
        }
        all.bytes[start..end].copy_from_slice(rest.as_bytes());
        all.len = end as u8;
        *self = all;
        Ok(())
    }

    /// The options without the hop count.
    pub(super) fn without_hops(&self) -> Self {
        if self.hops().is_none() {
            return *self;
        }
        self.filtered(|kind| kind != kind::HOPS)
    }

    /// The options whose kind passes, in order and without padding between them.
    fn filtered(&self, keep: impl Fn(u8) -> bool) -> Self {
        let mut all = Self::NONE;
        let mut iter = self.iter();
        loop {
            let start = iter.at;
            let Some(Ok(option)) = iter.next() else { break };
            if option != Ipv4Option::NoOperation && keep(self.bytes[start]) {
                let bytes = &self.bytes[start..iter.at];
                let at = usize::from(all.len);
                all.bytes[at..at + bytes.len()].copy_from_slice(bytes);
                all.len += bytes.len() as u8;
            }
        }
        all.len = all.len.next_multiple_of(4);
        all
    }

    fn put(&mut self, option: &Ipv4Option<'_>) -> Result<(), WireError> {
        match *option {
            Ipv4Option::NoOperation => self.put_bytes(&[kind::NO_OPERATION]),
            Ipv4Option::RecordRoute(route) => self.put_option(kind::RECORD_ROUTE, &[route.pointer], route.data),
            Ipv4Option::LooseSourceRoute(route) => self.put_option(kind::LOOSE_ROUTE, &[route.pointer], route.data),
            Ipv4Option::StrictSourceRoute(route) => self.put_option(kind::STRICT_ROUTE, &[route.pointer], route.data),
            Ipv4Option::Timestamp(times) => {
                let head = [times.pointer, times.overflow << 4 | times.flag & 0x0f];
                self.put_option(kind::TIMESTAMP, &head, times.data)
            }
            Ipv4Option::RouterAlert(value) => self.put_option(kind::ROUTER_ALERT, &value.to_be_bytes(), &[]),
            Ipv4Option::Hops(hops) => self.put_option(kind::HOPS, &hops.to_be_bytes(), &[]),
            Ipv4Option::Unknown { kind, data } => self.put_option(kind, &[], data),
        }
    }

    fn put_option(&mut self, kind: u8, head: &[u8], data: &[u8]) -> Result<(), WireError> {
        let len = 2 + head.len() + data.len();
        self.put_bytes(&[kind, u8::try_from(len).map_err(|_| too_long(len))?])?;
        self.put_bytes(head)?;
        self.put_bytes(data)
    }

    fn put_bytes(&mut self, bytes: &[u8]) -> Result<(), WireError> {
        let start = usize::from(self.len);
        let end = start + bytes.len();
        let room = self.bytes.get_mut(start..end).ok_or_else(|| too_long(end))?;
        room.copy_from_slice(bytes);
        self.len = end as u8;
        Ok(())
    }
}

const fn too_long(have: usize) -> WireError {
    WireError::TooLong {
        format: "IPv4 options",
        most: OPTIONS_BYTES,
        have,
    }
}

impl Default for Ipv4Options {
    fn default() -> Self {
        Self::NONE
    }
}

impl PartialEq for Ipv4Options {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Ipv4Options {}

impl core::fmt::Debug for Ipv4Options {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Options one after the other; after a malformed one there are no more.
#[derive(Clone, Debug)]
pub struct OptionsIter<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> OptionsIter<'a> {
    /// Reads options that lie in a header.
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Where the next option begins.
    pub(crate) const fn position(&self) -> usize {
        self.at
    }
}

impl<'a> Iterator for OptionsIter<'a> {
    type Item = Result<Ipv4Option<'a>, WireError>;

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        let kind = *self.bytes.get(start)?;
        match kind {
            kind::END => {
                self.at = self.bytes.len();
                return None;
            }
            kind::NO_OPERATION => {
                self.at += 1;
                return Some(Ok(Ipv4Option::NoOperation));
            }
            _ => {}
        }
        let len = self.bytes.get(start + 1).map_or(0, |len| usize::from(*len));
        let data = self.bytes.get(start + 2..start + len);
        match data.and_then(|data| read_option(kind, data)) {
            Some(option) => {
                self.at = start + len;
                Some(Ok(option))
            }
            None => {
                self.at = self.bytes.len();
                Some(Err(WireError::Option {
                    format: "IPv4",
                    pointer: (HEADER_BYTES + start) as u8,
                }))
            }
        }
    }
}

/// Reads what follows an option's kind and length; nothing where it is malformed.
fn read_option(kind: u8, data: &[u8]) -> Option<Ipv4Option<'_>> {
    let route = || {
        let (&pointer, data) = data.split_first()?;
        (data.len().is_multiple_of(4) && pointer >= 4).then_some(Route { pointer, data })
    };
    Some(match kind {
        kind::RECORD_ROUTE => Ipv4Option::RecordRoute(route()?),
        kind::LOOSE_ROUTE => Ipv4Option::LooseSourceRoute(route()?),
        kind::STRICT_ROUTE => Ipv4Option::StrictSourceRoute(route()?),
        kind::TIMESTAMP => {
            let (&[pointer, bits], data) = data.split_first_chunk()?;
            let times = Timestamps {
                pointer,
                overflow: bits >> 4,
                flag: bits & 0x0f,
                data,
            };
            let size = if times.flag == 0 { 4 } else { 8 };
            if pointer < 5 || !matches!(times.flag, 0 | 1 | 3) || !data.len().is_multiple_of(size) {
                return None;
            }
            Ipv4Option::Timestamp(times)
        }
        kind::ROUTER_ALERT if data.len() == 2 => Ipv4Option::RouterAlert(u16_at(data, 0)),
        kind::HOPS if data.len() == 4 => Ipv4Option::Hops(u32_at(data, 0)),
        kind::ROUTER_ALERT | kind::HOPS => return None,
        kind => Ipv4Option::Unknown { kind, data },
    })
}
