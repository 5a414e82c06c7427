//! The window of RFC 5681: one segment more per round trip, one half less per loss.

use serde::{Deserialize, Serialize};

use super::Acked;

/// State of the algorithm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewReno {
    /// Bytes acknowledged since the window grew last (RFC 3465 section 2.1).
    counted: u64,
}

impl NewReno {
    /// Grows the window by a segment for each window of acknowledged bytes (RFC 5681 section 3.1, RFC 3465 section 2.1), so
    /// that acknowledgements that are delayed or lost do not slow it.
    pub(super) fn grow(&mut self, window: &mut u64, acked: Acked) {
        if !acked.limited {
            return;
        }
        self.counted += acked.bytes;
        if self.counted >= *window {
            self.counted -= *window;
            *window += acked.smss;
        }
    }

    /// The threshold after a loss (RFC 5681 equation 4), without its lower bound.
    pub(super) fn on_loss(&mut self, flight_bytes: u64) -> u64 {
        self.counted = 0;
        flight_bytes / 2
    }
}
