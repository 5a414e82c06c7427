//! The filter language of tcpdump, `pcap-filter(7)`: which frames are to be seen.
//!
//! A filter is compiled to a small tree over the raw bytes of an Ethernet frame, and evaluating it allocates nothing. It
//! means what it means to libpcap 1.10, the corners included:
//!
//! - `and` and `or` have the same precedence and associate to the left; a bare address or number takes its qualifiers from
//!   what was said last (`port 80 or 443`);
//! - the first `vlan` moves the places of all that is said after it, wherever it stands;
//! - reading beyond the captured bytes, or dividing by zero, refuses the frame, whatever `not` stands around it;
//! - `%` and `^` take all that follows them in an expression as their right side.
//!
//! It differs in two points. `len - ip[2:2] > 14` asks for IPv4, where libpcap forgets what the right side of a sign needs
//! and reads other frames' bytes for it. And libpcap's optimiser drops some readings beyond the captured bytes; here they
//! count.
//!
//! What asks for another link than Ethernet, for IPv6 addresses, or for names that need a resolver, is refused with a
//! message. Names of well-known ports are known.

mod generate;
mod lex;
mod names;
mod parse;
mod tree;

use tree::{Frame, Test};

/// Longest filter, in bytes.
pub const TEXT_BYTES: usize = 4096;
/// Deepest nesting of a filter.
pub const DEPTH: u32 = 64;

/// A compiled filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    root: Test,
}

/// Why a text is no filter.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {message}")]
pub struct FilterError {
    /// Where, in characters from 1.
    pub column: u32,
    /// What is wrong there, and what was expected.
    pub message: String,
}

impl Filter {
    /// Compiles a filter. An empty one takes every frame.
    ///
    /// # Errors
    /// Says where it is wrong, and what was expected there.
    pub fn compile(text: &str) -> Result<Self, FilterError> {
        if text.len() > TEXT_BYTES {
            return Err(FilterError {
                column: 1,
                message: format!("the filter is longer than {TEXT_BYTES} bytes"),
            });
        }
        let tokens = lex::tokens(text)?;
        let root = parse::parse(&tokens, text.chars().count())?;
        Ok(Self { root })
    }

    /// Whether it takes a frame, of which `frame` was captured, and which was `wire_len` bytes long on the link.
    #[must_use]
    pub fn matches(&self, frame: &[u8], wire_len: u32) -> bool {
        let frame = Frame {
            bytes: frame,
            len: wire_len,
        };
        self.root.holds(&frame).unwrap_or(false)
    }
}

impl std::str::FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::compile(text)
    }
}

#[cfg(test)]
mod tests;
