//! Options of the TCP header as they lie on the wire (RFC 9293 section 3.2, RFC 2018, RFC 7323), in the order and with the
//! padding that Linux uses, which is what captures of real networks show.

use bytes::{BufMut, BytesMut};

use super::{FORMAT, HEADER_BYTES, Options, SeqNumber};
use crate::wire::{WireError, u16_at, u32_at};

/// Most bytes of options.
pub const OPTIONS_BYTES: usize = 40;
/// Most selective acknowledgements in a segment; with timestamps there is room for 3.
pub const SACK_BLOCKS: usize = 4;

pub(crate) mod kind {
    pub(crate) const END: u8 = 0;
    pub(crate) const NO_OPERATION: u8 = 1;
    pub(crate) const MSS: u8 = 2;
    pub(crate) const WINDOW_SCALE: u8 = 3;
    pub(crate) const SACK_PERMITTED: u8 = 4;
    pub(crate) const SACK: u8 = 5;
    pub(crate) const TIMESTAMPS: u8 = 8;
}

impl Options {
    /// Reads the options of a header. Unknown kinds are skipped; of a kind that comes twice the later counts.
    ///
    /// # Errors
    /// A length is wrong, or runs beyond the header.
    pub fn parse(bytes: &[u8]) -> Result<Self, WireError> {
        let mut options = Self::default();
        let mut at = 0;
        while let Some(&kind) = bytes.get(at) {
            if kind == kind::END {
                break;
            }
            if kind == kind::NO_OPERATION {
                at += 1;
                continue;
            }
            let len = bytes.get(at + 1).map_or(0, |len| usize::from(*len));
            let data = bytes.get(at + 2..at + len);
            data.and_then(|data| options.take(kind, data))
                .ok_or(WireError::Option {
                    format: FORMAT,
                    pointer: (HEADER_BYTES + at) as u8,
                })?;
            at += len;
        }
        Ok(options)
    }

    /// Takes one option; nothing where it is malformed.
    fn take(&mut self, kind: u8, data: &[u8]) -> Option<()> {
        match (kind, data.len()) {
            (kind::MSS, 2) => self.mss = Some(u16_at(data, 0)),
            (kind::WINDOW_SCALE, 1) => self.window_scale = Some(data[0]),
            (kind::SACK_PERMITTED, 0) => self.sack_permitted = true,
            (kind::TIMESTAMPS, 8) => self.timestamps = Some((u32_at(data, 0), u32_at(data, 4))),
            (kind::SACK, 8 | 16 | 24 | 32) => {
                let edge = |at| SeqNumber(u32_at(data, at));
                self.sack.clear();
                self.sack
                    .extend((0..data.len()).step_by(8).map(|at| (edge(at), edge(at + 4))));
            }
            (kind::MSS | kind::WINDOW_SCALE | kind::SACK_PERMITTED | kind::TIMESTAMPS | kind::SACK, _) => return None,
            _ => {}
        }
        Some(())
    }

    /// Bytes of what [`Options::emit`] appends: a multiple of 4, at most 40.
    #[must_use]
    pub fn len_bytes(&self) -> usize {
        let sack = match self.sack_that_fits() {
            0 => 0,
            blocks => 4 + blocks * 8,
        };
        self.fixed_len() + sack
    }

    /// How many selective acknowledgements find room beside the other options.
    #[must_use]
    pub fn sack_that_fits(&self) -> usize {
        let room = OPTIONS_BYTES - self.fixed_len();
        self.sack.len().min(room.saturating_sub(4) / 8)
    }

    /// Bytes of all options but the selective acknowledgements.
    fn fixed_len(&self) -> usize {
        let timestamps = if self.timestamps.is_some() {
            12
        } else if self.sack_permitted {
            4
        } else {
            0
        };
        4 * usize::from(self.mss.is_some()) + timestamps + 4 * usize::from(self.window_scale.is_some())
    }

    /// Appends the options.
    pub fn emit(&self, out: &mut BytesMut) {
        if let Some(mss) = self.mss {
            out.put_slice(&[kind::MSS, 4]);
            out.put_u16(mss);
        }
        // Two bytes that would else be padding say that selective acknowledgements are understood.
        if self.sack_permitted {
            out.put_slice(&[kind::SACK_PERMITTED, 2]);
        } else if self.timestamps.is_some() {
            out.put_slice(&[kind::NO_OPERATION; 2]);
        }
        if let Some((value, echo)) = self.timestamps {
            out.put_slice(&[kind::TIMESTAMPS, 10]);
            out.put_u32(value);
            out.put_u32(echo);
        } else if self.sack_permitted {
            out.put_slice(&[kind::NO_OPERATION; 2]);
        }
        if let Some(shift) = self.window_scale {
            out.put_slice(&[kind::NO_OPERATION, kind::WINDOW_SCALE, 3, shift]);
        }
        let blocks = self.sack_that_fits();
        if blocks > 0 {
            let len = 2 + blocks as u8 * 8;
            out.put_slice(&[kind::NO_OPERATION, kind::NO_OPERATION, kind::SACK, len]);
            for (left, right) in &self.sack[..blocks] {
                out.put_u32(left.0);
                out.put_u32(right.0);
            }
        }
    }
}
