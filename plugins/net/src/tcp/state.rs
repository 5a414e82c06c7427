//! The states of a connection (RFC 9293 section 3.3.2) and what a socket can learn from them.

use std::net::SocketAddrV4;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A connection's state. LISTEN is not among them: a [`super::Listener`] is not a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// No connection, or none any more.
    Closed,
    /// SYN was sent.
    SynSent,
    /// SYN was received and answered.
    SynReceived,
    /// Data flows.
    Established,
    /// We closed first; our FIN is not acknowledged.
    FinWait1,
    /// Our FIN is acknowledged; the peer may go on sending.
    FinWait2,
    /// The peer closed first; we may go on sending.
    CloseWait,
    /// Both closed at once; our FIN is not acknowledged.
    Closing,
    /// The peer closed first and then we did; our FIN is not acknowledged.
    LastAck,
    /// Both are closed; old segments may still be under way.
    TimeWait,
}

impl State {
    /// The name in RFC 9293's spelling.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "CLOSED",
            Self::SynSent => "SYN-SENT",
            Self::SynReceived => "SYN-RECEIVED",
            Self::Established => "ESTABLISHED",
            Self::FinWait1 => "FIN-WAIT-1",
            Self::FinWait2 => "FIN-WAIT-2",
            Self::CloseWait => "CLOSE-WAIT",
            Self::Closing => "CLOSING",
            Self::LastAck => "LAST-ACK",
            Self::TimeWait => "TIME-WAIT",
        }
    }

    /// Both sides know the other's sequence numbers.
    #[must_use]
    pub const fn is_synchronised(self) -> bool {
        !matches!(self, Self::Closed | Self::SynSent | Self::SynReceived)
    }

    /// The user has not closed the sending direction.
    #[must_use]
    pub const fn may_send(self) -> bool {
        matches!(
            self,
            Self::SynSent | Self::SynReceived | Self::Established | Self::CloseWait
        )
    }

    /// Segments may bring data that was not received yet.
    #[must_use]
    pub const fn may_receive(self) -> bool {
        matches!(self, Self::Established | Self::FinWait1 | Self::FinWait2)
    }

    /// Queued data and FIN may be put into segments.
    #[must_use]
    pub const fn may_transmit(self) -> bool {
        matches!(
            self,
            Self::Established | Self::FinWait1 | Self::CloseWait | Self::Closing | Self::LastAck
        )
    }

    /// The peer has closed its direction.
    #[must_use]
    pub const fn peer_has_closed(self) -> bool {
        matches!(self, Self::CloseWait | Self::Closing | Self::LastAck | Self::TimeWait)
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Both ends of a connection: what tells it from every other (RFC 9293 section 3.3.1).
///
/// Written as `10.0.0.1:80-10.0.0.2:40000`, so that it may be a key of a JSON object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Endpoints {
    /// Our end.
    pub local: SocketAddrV4,
    /// The peer's end.
    pub remote: SocketAddrV4,
}

impl std::fmt::Display for Endpoints {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.local, self.remote)
    }
}

/// A text does not name the two ends of a connection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected ADDRESS:PORT-ADDRESS:PORT, got {0:?}")]
pub struct BadEndpoints(String);

impl FromStr for Endpoints {
    type Err = BadEndpoints;

    fn from_str(text: &str) -> Result<Self, BadEndpoints> {
        let ends = text.split_once('-');
        let parsed = ends.and_then(|(local, remote)| Some((local.parse().ok()?, remote.parse().ok()?)));
        let (local, remote) = parsed.ok_or_else(|| BadEndpoints(text.to_owned()))?;
        Ok(Self { local, remote })
    }
}

impl From<Endpoints> for String {
    fn from(ends: Endpoints) -> Self {
        ends.to_string()
    }
}

impl TryFrom<String> for Endpoints {
    type Error = BadEndpoints;

    fn try_from(text: String) -> Result<Self, BadEndpoints> {
        text.parse()
    }
}

/// Why a socket call failed, or why a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TcpError {
    /// The peer refused: RST in answer to SYN, or ICMP says that nobody listens.
    #[error("connection refused")]
    Refused,
    /// The peer reset the connection.
    #[error("connection reset by peer")]
    Reset,
    /// The peer did not answer for too long.
    #[error("connection timed out")]
    TimedOut,
    /// ICMP says that the host cannot be reached.
    #[error("no route to host")]
    HostUnreachable,
    /// ICMP says that the network cannot be reached.
    #[error("network is unreachable")]
    NetworkUnreachable,
    /// The sending direction is closed.
    #[error("broken pipe")]
    BrokenPipe,
    /// The connection is not there yet, or not any more.
    #[error("the socket is not connected")]
    NotConnected,
    /// We ended it ourselves.
    #[error("software caused connection abort")]
    Aborted,
}

impl TcpError {
    /// The POSIX name, as programs see it.
    #[must_use]
    pub const fn errno_name(self) -> &'static str {
        match self {
            Self::Refused => "ECONNREFUSED",
            Self::Reset => "ECONNRESET",
            Self::TimedOut => "ETIMEDOUT",
            Self::HostUnreachable => "EHOSTUNREACH",
            Self::NetworkUnreachable => "ENETUNREACH",
            Self::BrokenPipe => "EPIPE",
            Self::NotConnected => "ENOTCONN",
            Self::Aborted => "ECONNABORTED",
        }
    }
}

/// What `poll` says of a socket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Readiness {
    /// A receive would not wait: there is data, an end or an error.
    pub readable: bool,
    /// A send would not wait: there is room, or an error.
    pub writable: bool,
    /// The peer will send no more (POLLRDHUP).
    pub peer_closed: bool,
    /// Both directions are closed (POLLHUP).
    pub hang_up: bool,
    /// An error waits to be fetched (POLLERR).
    pub error: bool,
}

/// What a receive brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// Data: at least one byte, unless none was asked for.
    Data(bytes::Bytes),
    /// Nothing yet.
    Nothing,
    /// The peer has closed, and all that it sent was received.
    End,
}
