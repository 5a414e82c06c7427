//! What can be wrong with bytes that claim to be a packet.

/// Why bytes are not what they claim to be. Whoever receives them drops them, and may count the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Bytes are missing.
    #[error("{format}: {have} bytes where {need} are needed")]
    Truncated {
        /// The format that was read.
        format: &'static str,
        /// Bytes that it needs at least.
        need: usize,
        /// Bytes that there are.
        have: usize,
    },
    /// More bytes than the format has room for.
    #[error("{format}: {have} bytes where {most} are the most")]
    TooLong {
        /// The format that was read or written.
        format: &'static str,
        /// Bytes that it holds at most.
        most: usize,
        /// Bytes that there are.
        have: usize,
    },
    /// A checksum does not fit the bytes that it covers.
    #[error("{format}: wrong checksum")]
    Checksum {
        /// The format that was read.
        format: &'static str,
    },
    /// A field has a value that the format does not allow.
    #[error("{format}: wrong {field}")]
    Field {
        /// The format that was read.
        format: &'static str,
        /// The field.
        field: &'static str,
    },
    /// An option is malformed. `pointer` is its place in the header, as ICMP's parameter problem wants it.
    #[error("{format}: malformed option at byte {pointer}")]
    Option {
        /// The format that was read.
        format: &'static str,
        /// Bytes from the start of the header.
        pointer: u8,
    },
}

impl WireError {
    /// Says that `have` bytes are fewer than `need`, if they are.
    pub(crate) const fn need(format: &'static str, need: usize, have: usize) -> Result<(), Self> {
        if have < need {
            return Err(Self::Truncated { format, need, have });
        }
        Ok(())
    }
}
