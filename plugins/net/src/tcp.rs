//! TCP as pure functions of plain state (RFC 9293).
//!
//! A [`Connection`] is one end of a connection, a [`Listener`] makes them. Both are plain data: integers, ranges and bytes that
//! serialise to canonical JSON and behave the same afterwards. They know no clock, no random source and no network: time
//! comes in as nanoseconds, numbers to begin with come from [`Origin`], segments are handed in and fetched.
//!
//! After *every* call that may have changed something, the owner fetches what is to be sent and then the next timer:
//!
//! ```text
//! connection.on_segment(&segment, arrival_ns);     // or on_timer, send, receive, close …
//! while let Some(segment) = connection.poll_transmit(arrival_ns) { … }
//! let wake_ns = connection.next_timer_ns();        // None: nothing to do until somebody calls
//! ```
//!
//! Fetching after each segment, and not once per tick, is what makes acknowledgements as frequent as the RFCs suppose:
//! a sender's window grows by what each acknowledgement covers, up to two segments (RFC 3465).
//!
//! One concern, one file: [`seq`] numbers and positions, [`buffers`] bytes in order, [`assembler`] bytes out of order,
//! [`scoreboard`] what is lost, [`congestion`] how much, [`rtt`] how long; [`connection`] holds the state and the socket's calls,
//! `input` the steps of RFC 9293 section 3.10.7, `output` what to send, `timers` what to do when nothing comes.

pub mod assembler;
pub mod buffers;
pub mod config;
pub mod congestion;
pub mod connection;
pub mod cookies;
pub mod info;
mod input;
pub mod isn;
pub mod listener;
mod output;
pub mod rtt;
pub mod scoreboard;
pub mod segments;
pub mod seq;
pub mod state;
mod timers;

pub use config::{Config, KeepAlive};
pub use congestion::Kind as CongestionKind;
pub use connection::{Connection, Unreachable};
pub use info::TcpInfo;
pub use isn::{Origin, Secret};
pub use listener::{Heard, Listener, ListenerConfig};
pub use segments::reset_for;
pub use state::{Endpoints, Readiness, Received, State, TcpError};
