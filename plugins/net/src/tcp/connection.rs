//! One end of a connection: the state that RFC 9293 calls TCB, and the calls of a socket (RFC 9293 section 3.10.1 to 3.10.6).

mod parts;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

pub(super) use parts::{Acknowledging, Counters, Negotiated, Receiver, Recovery, Sender, Timed, Timers, Unanswered};

use super::config::Config;
use super::congestion::Congestion;
use super::isn::Origin;
use super::rtt::RoundTrip;
use super::state::{Endpoints, Readiness, Received, State, TcpError};
use crate::wire::tcp::{Segment, SeqNumber};

/// A path's MTU is never taken to be smaller (RFC 1191 section 3), in bytes.
pub const MIN_PATH_MTU: u16 = 68;
/// Bytes of the IPv4 and TCP headers without options.
const HEADER_BYTES: u16 = 40;

/// What ICMP says of a destination (RFC 9293 section 3.9.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreachable {
    /// Codes 0 and 5 and their like: perhaps the network mends itself.
    Soft(TcpError),
    /// Codes 2 to 4 without a path's MTU: nobody will answer there.
    Hard(TcpError),
}

impl Unreachable {
    const fn error(self) -> TcpError {
        match self {
            Self::Soft(error) | Self::Hard(error) => error,
        }
    }
}

/// One end of a connection.
///
/// Every queue has a bound: what is sent and not acknowledged by `send_buffer_bytes`, what is received and not read by
/// `receive_buffer_bytes`, what came out of order by the window and by [`super::assembler::MAX_RUNS`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    pub(super) state: State,
    pub(super) ends: Endpoints,
    pub(super) config: Config,
    pub(super) negotiated: Negotiated,
    pub(super) send: Sender,
    pub(super) receive: Receiver,
    pub(super) acks: Acknowledging,
    pub(super) rtt: RoundTrip,
    pub(super) congestion: Congestion,
    pub(super) recovery: Recovery,
    pub(super) timers: Timers,
    pub(super) unanswered: Unanswered,
    pub(super) counters: Counters,
    /// Opened by the peer: an RST during the handshake is not the user's business.
    pub(super) passive: bool,
    /// The user has closed the socket and will not read.
    pub(super) orphaned: bool,
    /// The user reads no more.
    pub(super) read_closed: bool,
    /// Why it ended, until somebody asks.
    pub(super) error: Option<TcpError>,
    /// What ICMP said last: the reason that is given if the connection times out.
    pub(super) soft_error: Option<TcpError>,
    /// SYN, or SYN-ACK, waits to be sent.
    pub(super) handshake_due: bool,
    /// RST waits to be sent, the last segment of this connection.
    pub(super) reset_due: bool,
    /// RST with this number answers a segment that belonged to another connection. One at a time: what it answers will come
    /// again.
    pub(super) stray_reset: Option<SeqNumber>,
}

impl Connection {
    fn new(state: State, config: Config, ends: Endpoints, origin: Origin, now_ns: u64) -> Self {
        let config = config.clamped();
        Self {
            state,
            ends,
            negotiated: Negotiated::new(origin.timestamp_offset, config.window_shift()),
            send: Sender::new(origin.isn),
            receive: Receiver::new(),
            acks: Acknowledging::default(),
            rtt: RoundTrip::default(),
            congestion: Congestion::new(config.congestion, u64::from(config.mss)),
            recovery: Recovery::Open,
            timers: Timers::default(),
            unanswered: Unanswered::new(now_ns),
            counters: Counters::default(),
            passive: false,
            orphaned: false,
            read_closed: false,
            error: None,
            soft_error: None,
            handshake_due: true,
            reset_due: false,
            stray_reset: None,
            config,
        }
    }

    /// OPEN, active (RFC 9293 section 3.10.1): a connection in SYN-SENT whose SYN waits to be fetched.
    #[must_use]
    pub fn connect(config: Config, ends: Endpoints, origin: Origin, now_ns: u64) -> Self {
        let mut connection = Self::new(State::SynSent, config, ends, origin, now_ns);
        connection.receive.open_window(connection.config.receive_buffer_bytes);
        connection
    }

    /// A connection in SYN-RECEIVED that answers a peer's SYN (RFC 9293 section 3.10.7.2).
    pub(super) fn passive(config: Config, ends: Endpoints, origin: Origin, syn: &Segment, now_ns: u64) -> Self {
        let mut connection = Self::new(State::SynReceived, config, ends, origin, now_ns);
        connection.passive = true;
        connection.take_syn(syn, now_ns);
        connection
    }

    /// A cookie answered for the SYN-ACK, which therefore counts as sent.
    pub(super) const fn assume_handshake_sent(&mut self) {
        self.send.nxt = 1;
        self.send.max = 1;
        self.handshake_due = false;
    }

    /// The state (STATUS, RFC 9293 section 3.10.6).
    #[must_use]
    pub const fn state(&self) -> State {
        self.state
    }

    /// Both ends.
    #[must_use]
    pub const fn ends(&self) -> Endpoints {
        self.ends
    }

    /// The settings.
    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// Nothing is left to be done: the connection is closed and has nothing more to send. What was received may still be
    /// read.
    #[must_use]
    pub const fn is_finished(&self) -> bool {
        matches!(self.state, State::Closed) && !self.reset_due
    }

    /// The user has let go of it: the owner removes it once it is finished.
    #[must_use]
    pub const fn is_orphaned(&self) -> bool {
        self.orphaned
    }

    /// Changes settings. Numbers are brought inside their bounds; what the handshake settled stays.
    pub fn configure(&mut self, change: impl FnOnce(&mut Config)) {
        change(&mut self.config);
        self.config = self.config.clamped();
        self.congestion.choose(self.config.congestion);
    }

    /// SEND (RFC 9293 section 3.10.2): takes data into the send buffer and answers how many bytes it took. 0 means that the
    /// buffer is full. During the handshake data is queued.
    ///
    /// # Errors
    /// What ended the connection, once; after that, or after a close, `BrokenPipe`.
    pub fn send(&mut self, data: &Bytes) -> Result<u32, TcpError> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        if !self.state.may_send() || self.send.fin_queued {
            return Err(TcpError::BrokenPipe);
        }
        let room = u64::from(self.config.send_buffer_bytes).saturating_sub(self.send.queue.len());
        let count = room.min(data.len() as u64) as usize;
        // A slice keeps all of `data` in memory: a small one is copied, so that the buffer's bound means something.
        self.send.queue.push(if count < data.len() / 2 {
            Bytes::copy_from_slice(&data[..count])
        } else {
            data.slice(..count)
        });
        Ok(count as u32)
    }

    /// RECEIVE (RFC 9293 section 3.10.3): takes at most `max` bytes of what arrived in order.
    ///
    /// # Errors
    /// What ended the connection, once and after its data; `NotConnected` during the handshake.
    pub fn receive(&mut self, max: u32) -> Result<Received, TcpError> {
        if !self.receive.queue.is_empty() {
            let data = self.receive.queue.take(u64::from(max));
            self.offer_window();
            return Ok(Received::Data(data));
        }
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        if self.state.peer_has_closed() || self.state == State::Closed || self.read_closed {
            return Ok(Received::End);
        }
        if self.state.is_synchronised() {
            Ok(Received::Nothing)
        } else {
            Err(TcpError::NotConnected)
        }
    }

    /// Bytes that a receive would bring now.
    #[must_use]
    pub const fn unread_bytes(&self) -> u64 {
        self.receive.queue.len()
    }

    /// Bytes that were taken for sending and are not acknowledged.
    #[must_use]
    pub const fn unacknowledged_bytes(&self) -> u64 {
        self.send.queue.len()
    }

    /// Bytes that a send would take now.
    #[must_use]
    pub fn send_room_bytes(&self) -> u64 {
        if self.state.may_send() && !self.send.fin_queued {
            u64::from(self.config.send_buffer_bytes).saturating_sub(self.send.queue.len())
        } else {
            0
        }
    }

    /// Closes the sending direction: FIN follows what is queued (the half of CLOSE in RFC 9293 section 3.10.4).
    ///
    /// # Errors
    /// `NotConnected` where nothing is connected.
    pub fn shutdown_write(&mut self) -> Result<(), TcpError> {
        match self.state {
            State::Closed | State::SynSent => return Err(TcpError::NotConnected),
            // FIN waits until the handshake is done.
            State::SynReceived => self.send.fin_queued = true,
            State::Established => self.queue_fin(State::FinWait1),
            State::CloseWait => self.queue_fin(State::LastAck),
            _ => {}
        }
        Ok(())
    }

    pub(super) fn queue_fin(&mut self, state: State) {
        self.send.fin_queued = true;
        self.state = state;
    }

    /// The user reads no more: what arrives is acknowledged and dropped.
    ///
    /// # Errors
    /// `NotConnected` where nothing is connected.
    pub fn shutdown_read(&mut self) -> Result<(), TcpError> {
        if !self.state.is_synchronised() {
            return Err(TcpError::NotConnected);
        }
        self.read_closed = true;
        self.receive.queue.clear();
        self.offer_window();
        Ok(())
    }

    /// CLOSE (RFC 9293 section 3.10.4): the user lets go of the socket, and the connection ends by itself. It is reset at once
    /// where data was not read, so that the peer does not take it for received (RFC 9293 section 3.6.1), and where the
    /// socket lingers for no time at all.
    pub fn close(&mut self, now_ns: u64) {
        if self.orphaned {
            return;
        }
        self.orphaned = true;
        let unread = !self.receive.queue.is_empty();
        self.receive.queue.clear();
        if self.abort_is_told() && (unread || self.config.linger_seconds == Some(0)) {
            self.abort();
            return;
        }
        match self.state {
            State::SynSent => self.end(None),
            State::FinWait2 => self.timers.wait = Some(now_ns + self.config.fin_wait_2_ns),
            _ => {
                // An error here means that nothing is connected, and then nothing needs closing.
                let _ = self.shutdown_write();
            }
        }
    }

    /// ABORT (RFC 9293 section 3.10.5): the connection ends now, and the peer is told.
    pub fn abort(&mut self) {
        if self.state == State::Closed {
            return;
        }
        let tell = self.abort_is_told();
        // The user knows, and reads nothing more.
        self.end(None);
        self.receive.queue.clear();
        self.reset_due = tell;
    }

    /// Whether a reset is worth a segment: not where the peer knows nothing of us, or has nothing more to say.
    const fn abort_is_told(&self) -> bool {
        matches!(
            self.state,
            State::SynReceived | State::Established | State::FinWait1 | State::FinWait2 | State::CloseWait
        )
    }

    /// Ends the connection: every queue is flushed but what the user may still read.
    pub(super) fn end(&mut self, error: Option<TcpError>) {
        self.state = State::Closed;
        self.error = self.error.or(error);
        self.send.queue.clear();
        self.send.scoreboard = super::scoreboard::Scoreboard::default();
        self.receive.assembler.clear();
        self.timers = Timers::default();
        self.acks = Acknowledging::default();
        self.handshake_due = false;
        if self.orphaned {
            self.receive.queue.clear();
        }
    }

    /// Fetches, and forgets, what ended the connection (`SO_ERROR`).
    pub const fn take_error(&mut self) -> Option<TcpError> {
        self.error.take()
    }

    /// What `poll` says.
    #[must_use]
    pub fn readiness(&self) -> Readiness {
        let closed = self.state == State::Closed;
        let peer_closed = closed || self.state.peer_has_closed() || self.read_closed;
        let error = self.error.is_some();
        let connected = self.state.is_synchronised();
        let sending = self.state.may_send() && !self.send.fin_queued;
        // Room counts once it is half of what is queued, so that a writer is not woken for every segment.
        let roomy = sending && connected && self.send_room_bytes() >= (self.send.queue.len() / 2).max(1);
        Readiness {
            readable: !self.receive.queue.is_empty() || peer_closed || error,
            writable: roomy || error || (!sending && (connected || closed)),
            peer_closed,
            hang_up: closed || (peer_closed && !sending),
            error,
        }
    }

    /// ICMP: a router could not forward a datagram of ours without fragmenting it, and says how much it could (RFC 1191).
    ///
    /// `quoted` is the sequence number in the datagram that ICMP quotes: where that is not on its way, the message is not
    /// believed (RFC 5927 section 4.1). All that is on its way is sent again in smaller segments at once, and the congestion
    /// window stays: nothing says that the path is congested (RFC 1191 section 6.4).
    pub fn on_path_mtu(&mut self, mtu: u16, quoted: SeqNumber) {
        if !self.is_on_its_way(quoted) {
            return;
        }
        let mss = mtu.max(MIN_PATH_MTU) - HEADER_BYTES;
        if mss >= self.send.mss {
            return;
        }
        self.send.mss = mss;
        if self.state.is_synchronised() && self.send.una < self.send.nxt {
            self.send.scoreboard.give_up(self.send.una, self.send.nxt);
            self.send.timed = None;
        }
    }

    /// The path has become wider, or was forgotten (RFC 1191 section 6.3): segments may be as large as `mtu` and the peer
    /// allow.
    pub fn raise_path_mtu(&mut self, mtu: u16) {
        let mss = mtu.max(MIN_PATH_MTU) - HEADER_BYTES;
        self.send.mss = mss.min(self.send.peer_mss).max(self.send.mss);
    }

    /// ICMP: the destination cannot be reached (RFC 9293 section 3.9.2.2). It ends the connection during the handshake and if
    /// it is a hard error; of a connection that exists it is believed only when that times out (RFC 5927 section 5.2).
    pub fn on_icmp_unreachable(&mut self, what: Unreachable, quoted: SeqNumber) {
        if !self.is_on_its_way(quoted) {
            return;
        }
        let handshake = matches!(self.state, State::SynSent | State::SynReceived);
        if handshake && matches!(what, Unreachable::Hard(_)) {
            self.end(Some(what.error()));
        } else {
            self.soft_error = Some(what.error());
        }
    }

    fn is_on_its_way(&self, quoted: SeqNumber) -> bool {
        let position = self.send.position(quoted);
        position >= self.send.una.cast_signed() && position < self.send.max.cast_signed()
    }

    /// Whether a SYN may begin a new connection in place of this one, which has ended, or waits in TIME-WAIT: then its
    /// timestamp must be larger than any of the old ones (RFC 6191), or its number (RFC 9293 section 3.10.7.4). The owner
    /// removes this one and hands the segment to the listener, or answers it as a host without a connection.
    #[must_use]
    pub fn gives_way_to(&self, segment: &Segment) -> bool {
        let flags = segment.flags;
        if !flags.syn || flags.ack || flags.rst || flags.fin {
            return false;
        }
        if self.state != State::TimeWait {
            return self.is_finished();
        }
        match segment.options.timestamps {
            Some((value, _)) if self.negotiated.timestamps && value != self.receive.stamp => {
                value.wrapping_sub(self.receive.stamp).cast_signed() > 0
            }
            _ => self.receive.position(segment.seq) >= self.receive.nxt.cast_signed(),
        }
    }

    /// Checks what must always hold, for a state that came from outside.
    ///
    /// # Errors
    /// What is wrong.
    pub fn check(&self) -> Result<(), &'static str> {
        parts::check(self)
    }
}
