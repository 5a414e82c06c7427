//! LISTEN: handshakes under way, connections that wait to be accepted, and SYN cookies (RFC 9293 section 3.10.7.2, RFC 4987).
//!
//! Two queues, two bounds. A SYN that finds the queue of handshakes full is answered with a cookie, or dropped; an
//! acknowledgement that would complete a handshake while the queue of connections is full is dropped, and so is a SYN: the
//! peer tries again. All drops are counted.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddrV4;

use serde::{Deserialize, Serialize};

use super::config::{Config, MILLISECOND_NS};
use super::connection::Connection;
use super::cookies;
use super::isn::{Origin, Secret, timestamp_offset};
use super::segments::reset_for;
use super::state::{Endpoints, State};
use crate::wire::tcp::{Flags, Options, Segment};

/// The largest backlog (Linux's `somaxconn`).
pub const MAX_BACKLOG: u32 = 4096;

/// The settings of a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListenerConfig {
    /// What its connections begin with.
    pub connection: Config,
    /// Connections that may wait to be accepted.
    pub backlog: u32,
    /// Handshakes that may be under way.
    pub syn_backlog: u32,
    /// Answer with cookies beyond that.
    pub syn_cookies: bool,
}

impl Default for ListenerConfig {
    fn default() -> Self {
        Self {
            connection: Config::default(),
            backlog: 128,
            syn_backlog: 256,
            syn_cookies: true,
        }
    }
}

/// What a listener has counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListenerCounters {
    /// SYNs that began a handshake.
    pub handshakes: u64,
    /// Handshakes that ended without a connection.
    pub failed: u64,
    /// SYNs dropped because too many handshakes were under way.
    pub syns_dropped: u64,
    /// SYNs and acknowledgements dropped because too many connections waited to be accepted.
    pub overflows: u64,
    /// Cookies sent.
    pub cookies_sent: u64,
    /// Cookies that came back and were good.
    pub cookies_accepted: u64,
    /// Acknowledgements that were no good cookie.
    pub cookies_refused: u64,
}

/// What came of a segment.
#[derive(Debug, Default)]
pub struct Heard {
    /// Segments to send back.
    pub replies: Vec<Segment>,
    /// A connection that is complete; it waits in the accept queue under its ends. Its owner fetches what it has to send.
    pub connected: Option<Box<Connection>>,
}

/// A socket in LISTEN.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listener {
    local: SocketAddrV4,
    config: ListenerConfig,
    handshakes: BTreeMap<Endpoints, Connection>,
    accept_queue: VecDeque<Endpoints>,
    /// No handshake has a timer before this, in nanoseconds.
    timer_ns: Option<u64>,
    /// When the last cookie was sent, in nanoseconds.
    cookie_ns: Option<u64>,
    counters: ListenerCounters,
}

impl Listener {
    /// OPEN, passive (RFC 9293 section 3.10.1).
    #[must_use]
    pub fn new(local: SocketAddrV4, mut config: ListenerConfig) -> Self {
        config.backlog = config.backlog.clamp(1, MAX_BACKLOG);
        config.syn_backlog = config.syn_backlog.clamp(1, MAX_BACKLOG);
        config.connection = config.connection.clamped();
        Self {
            local,
            config,
            handshakes: BTreeMap::new(),
            accept_queue: VecDeque::new(),
            timer_ns: None,
            cookie_ns: None,
            counters: ListenerCounters::default(),
        }
    }

    /// The address and port that it listens at.
    #[must_use]
    pub const fn local(&self) -> SocketAddrV4 {
        self.local
    }

    /// The settings.
    #[must_use]
    pub const fn config(&self) -> &ListenerConfig {
        &self.config
    }

    /// Changes what future connections begin with.
    pub fn configure(&mut self, change: impl FnOnce(&mut Config)) {
        change(&mut self.config.connection);
        self.config.connection = self.config.connection.clamped();
    }

    /// The counts.
    #[must_use]
    pub const fn counters(&self) -> &ListenerCounters {
        &self.counters
    }

    /// Handshakes under way, each in SYN-RECEIVED.
    pub fn handshakes(&self) -> impl Iterator<Item = &Connection> {
        self.handshakes.values()
    }

    /// Connections that wait to be accepted.
    #[must_use]
    pub fn waiting(&self) -> u32 {
        // The queue's bound fits.
        self.accept_queue.len() as u32
    }

    /// Takes the connection that has waited longest from the queue.
    pub fn accept(&mut self) -> Option<Endpoints> {
        self.accept_queue.pop_front()
    }

    /// Forgets a connection that was removed before anybody accepted it.
    pub fn forget(&mut self, ends: Endpoints) {
        self.accept_queue.retain(|queued| *queued != ends);
    }

    fn is_full(&self) -> bool {
        self.accept_queue.len() >= self.config.backlog as usize
    }

    /// A segment for the listener's port arrives, which belongs to no connection (RFC 9293 section 3.10.7.2).
    pub fn on_segment(&mut self, ends: Endpoints, segment: &Segment, secret: &Secret, now_ns: u64) -> Heard {
        let flags = segment.flags;
        if self.handshakes.contains_key(&ends) {
            return self.on_handshake(ends, segment, now_ns);
        }
        if flags.rst {
            return Heard::default();
        }
        if flags.ack {
            return self.on_stray_ack(ends, segment, secret, now_ns);
        }
        // SYN with FIN is nobody's handshake.
        if flags.syn && !flags.fin {
            return self.on_syn(ends, segment, secret, now_ns);
        }
        Heard::default()
    }

    fn on_syn(&mut self, ends: Endpoints, syn: &Segment, secret: &Secret, now_ns: u64) -> Heard {
        if self.is_full() {
            self.counters.overflows += 1;
            return Heard::default();
        }
        if self.handshakes.len() < self.config.syn_backlog as usize {
            self.counters.handshakes += 1;
            let origin = Origin::new(secret, ends, now_ns);
            let connection = Connection::passive(self.config.connection, ends, origin, syn, now_ns);
            self.handshakes.insert(ends, connection);
            return self.fetch(ends, now_ns);
        }
        if !self.config.syn_cookies {
            self.counters.syns_dropped += 1;
            return Heard::default();
        }
        self.counters.cookies_sent += 1;
        self.cookie_ns = Some(now_ns);
        Heard {
            replies: vec![self.cookie_for(ends, syn, secret, now_ns)],
            connected: None,
        }
    }

    /// What of a SYN's options a cookie need remember.
    fn understood(&self, options: &Options) -> Options {
        let config = &self.config.connection;
        let timestamps = options.timestamps.filter(|_| config.timestamps);
        Options {
            mss: options.mss,
            window_scale: options.window_scale.filter(|_| config.window_scaling),
            sack_permitted: options.sack_permitted && config.sack,
            sack: Vec::new(),
            timestamps,
        }
    }

    fn cookie_for(&self, ends: Endpoints, syn: &Segment, secret: &Secret, now_ns: u64) -> Segment {
        let config = &self.config.connection;
        let options = self.understood(&syn.options);
        let clock = ((now_ns / MILLISECOND_NS) & 0xffff_ffff) as u32;
        let clock = clock.wrapping_add(timestamp_offset(secret, ends));
        // Without timestamps there is no place to remember the other options.
        let stamped = options.timestamps.is_some();
        Segment {
            source_port: ends.local.port(),
            destination_port: ends.remote.port(),
            seq: cookies::bake(secret, ends, syn.seq, &options, now_ns),
            ack: syn.seq.plus(1),
            flags: Flags {
                syn: true,
                ack: true,
                ..Flags::default()
            },
            window: u16::try_from(config.receive_buffer_bytes).unwrap_or(u16::MAX),
            options: Options {
                mss: Some(config.mss),
                window_scale: options.window_scale.filter(|_| stamped).map(|_| config.window_shift()),
                sack_permitted: options.sack_permitted && stamped,
                sack: Vec::new(),
                timestamps: options
                    .timestamps
                    .map(|(value, _)| (cookies::stamp(&options, clock), value)),
            },
            ..Segment::default()
        }
    }

    /// An acknowledgement without a handshake: the answer to a cookie, or nothing of ours.
    fn on_stray_ack(&mut self, ends: Endpoints, segment: &Segment, secret: &Secret, now_ns: u64) -> Heard {
        let baked = self
            .cookie_ns
            .is_some_and(|baked_ns| now_ns < baked_ns + cookies::LIFETIME_NS);
        let reset = || Heard {
            replies: reset_for(segment).into_iter().collect(),
            connected: None,
        };
        if !baked || segment.flags.syn {
            return reset();
        }
        let peer = segment.seq.minus(1);
        let stamps = segment.options.timestamps.filter(|_| self.config.connection.timestamps);
        let Some(options) = cookies::read(secret, ends, peer, segment.ack, stamps, now_ns) else {
            self.counters.cookies_refused += 1;
            return reset();
        };
        if self.is_full() {
            self.counters.overflows += 1;
            return Heard::default();
        }
        let syn = Segment {
            seq: peer,
            window: segment.window,
            options,
            ..Segment::default()
        };
        let origin = Origin {
            isn: segment.ack.minus(1),
            timestamp_offset: timestamp_offset(secret, ends),
        };
        let mut connection = Connection::passive(self.config.connection, ends, origin, &syn, now_ns);
        connection.assume_handshake_sent();
        connection.on_segment(segment, now_ns);
        if !connection.state().is_synchronised() {
            return Heard::default();
        }
        self.counters.cookies_accepted += 1;
        self.accept_queue.push_back(ends);
        Heard {
            replies: Vec::new(),
            connected: Some(Box::new(connection)),
        }
    }

    /// A segment for a handshake under way.
    fn on_handshake(&mut self, ends: Endpoints, segment: &Segment, now_ns: u64) -> Heard {
        if self.is_full() && segment.flags.ack && !segment.flags.rst {
            // Our SYN-ACK is sent again later, and the peer acknowledges again.
            self.counters.overflows += 1;
            return Heard::default();
        }
        let connection = self.handshakes.get_mut(&ends).expect("looked up by the caller");
        connection.on_segment(segment, now_ns);
        match connection.state() {
            State::SynReceived => self.fetch(ends, now_ns),
            State::Closed => {
                self.counters.failed += 1;
                let heard = self.fetch(ends, now_ns);
                self.handshakes.remove(&ends);
                heard
            }
            _ => {
                self.accept_queue.push_back(ends);
                Heard {
                    replies: Vec::new(),
                    connected: self.handshakes.remove(&ends).map(Box::new),
                }
            }
        }
    }

    fn fetch(&mut self, ends: Endpoints, now_ns: u64) -> Heard {
        let mut heard = Heard::default();
        let connection = self.handshakes.get_mut(&ends).expect("it was just looked at");
        while let Some(segment) = connection.poll_transmit(now_ns) {
            heard.replies.push(segment);
        }
        if let Some(at) = connection.next_timer_ns() {
            self.timer_ns = Some(self.timer_ns.map_or(at, |earliest| earliest.min(at)));
        }
        heard
    }

    /// When [`Self::on_timer`] is to be called, in nanoseconds. It may find nothing to do.
    #[must_use]
    pub const fn next_timer_ns(&self) -> Option<u64> {
        self.timer_ns
    }

    /// Sends SYN-ACKs again, and forgets handshakes that nobody completes.
    pub fn on_timer(&mut self, now_ns: u64) -> Vec<(Endpoints, Segment)> {
        if self.timer_ns.is_none_or(|at| at > now_ns) {
            return Vec::new();
        }
        let mut replies = Vec::new();
        let mut earliest: Option<u64> = None;
        for (ends, connection) in &mut self.handshakes {
            if connection.next_timer_ns().is_some_and(|at| at <= now_ns) {
                connection.on_timer(now_ns);
                while let Some(segment) = connection.poll_transmit(now_ns) {
                    replies.push((*ends, segment));
                }
            }
            let next = connection.next_timer_ns();
            earliest = [earliest, next].into_iter().flatten().min();
        }
        let before = self.handshakes.len();
        self.handshakes.retain(|_, connection| !connection.is_finished());
        self.counters.failed += (before - self.handshakes.len()) as u64;
        self.timer_ns = earliest;
        replies
    }

    /// CLOSE: the handshakes under way are reset. The connections that wait in the queue are their owner's to abort.
    pub fn close(&mut self, now_ns: u64) -> Vec<(Endpoints, Segment)> {
        let mut replies = Vec::new();
        for (ends, mut connection) in std::mem::take(&mut self.handshakes) {
            connection.abort();
            while let Some(segment) = connection.poll_transmit(now_ns) {
                replies.push((ends, segment));
            }
        }
        self.timer_ns = None;
        replies
    }
}
