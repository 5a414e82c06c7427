//! Two hosts and the link between them, event by event.

use std::fmt::Write as _;

use bytes::Bytes;
use helios_net::tcp::{Config, Connection, Endpoints, Listener, ListenerConfig, Origin, Received, State, TcpError};
use helios_net::wire::tcp::Segment;

use crate::link::{Conditions, Link};
use crate::random::Random;

pub(crate) const SECRET: [u8; 32] = [42; 32];

pub(crate) fn ends() -> Endpoints {
    "10.0.0.1:40000-10.0.0.2:80".parse().unwrap()
}

pub(crate) fn reversed(ends: Endpoints) -> Endpoints {
    Endpoints {
        local: ends.remote,
        remote: ends.local,
    }
}

/// A host with one socket, whatever implements it.
pub(crate) trait Host {
    fn on_segment(&mut self, segment: &Segment, now_ns: u64);
    fn on_timer(&mut self, now_ns: u64);
    fn poll_transmit(&mut self, now_ns: u64) -> Option<Segment>;
    fn next_timer_ns(&mut self, now_ns: u64) -> Option<u64>;
    /// Takes data for sending: how much of it.
    fn send(&mut self, data: &Bytes) -> Result<usize, ()>;
    /// Data, nothing yet, or the end: `Ok(None)`.
    fn receive(&mut self, max: usize) -> Result<Option<Bytes>, ()>;
    fn shutdown(&mut self);
    fn abort(&mut self);
    fn is_connected(&self) -> bool;
}

/// Our own: a connection, or a listener that makes one.
pub(crate) struct Ours {
    pub(crate) connection: Option<Connection>,
    pub(crate) listener: Option<Listener>,
    ends: Endpoints,
    replies: Vec<Segment>,
    pub(crate) error: Option<TcpError>,
}

impl Ours {
    pub(crate) fn client(config: Config, ends: Endpoints, now_ns: u64) -> Self {
        let origin = Origin::new(&SECRET, ends, now_ns);
        Self {
            connection: Some(Connection::connect(config, ends, origin, now_ns)),
            listener: None,
            ends,
            replies: Vec::new(),
            error: None,
        }
    }

    pub(crate) fn server(config: Config, ends: Endpoints) -> Self {
        let config = ListenerConfig {
            connection: config,
            ..ListenerConfig::default()
        };
        Self {
            connection: None,
            listener: Some(Listener::new(ends.local, config)),
            ends,
            replies: Vec::new(),
            error: None,
        }
    }

    pub(crate) fn connection(&self) -> &Connection {
        self.connection.as_ref().expect("there is a connection")
    }

    pub(crate) fn connection_mut(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("there is a connection")
    }

    /// Writes everything down and reads it back: nothing may change.
    pub(crate) fn round_trip(&mut self) {
        fn through<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(
            part: &mut Option<T>,
        ) {
            let Some(value) = part else { return };
            let text = serde_json::to_string(value).unwrap();
            assert!(!contains_large_number(&text), "a number beyond 2^53: {text}");
            let back: T = serde_json::from_str(&text).unwrap();
            assert_eq!(&back, value);
            *value = back;
        }
        through(&mut self.connection);
        through(&mut self.listener);
        if let Some(connection) = &self.connection {
            connection.check().unwrap();
        }
    }
}

fn contains_large_number(json: &str) -> bool {
    fn large(value: &serde_json::Value) -> bool {
        match value {
            serde_json::Value::Number(number) => number.as_u64().is_none_or(|number| number > 1 << 53),
            serde_json::Value::Array(items) => items.iter().any(large),
            serde_json::Value::Object(fields) => fields.values().any(large),
            _ => false,
        }
    }
    large(&serde_json::from_str(json).unwrap())
}

impl Host for Ours {
    fn on_segment(&mut self, segment: &Segment, now_ns: u64) {
        if let Some(connection) = &mut self.connection {
            connection.on_segment(segment, now_ns);
            connection.check().unwrap();
        } else if let Some(listener) = &mut self.listener {
            let heard = listener.on_segment(self.ends, segment, &SECRET, now_ns);
            self.replies.extend(heard.replies);
            if let Some(connection) = heard.connected {
                assert_eq!(listener.accept(), Some(self.ends));
                self.connection = Some(*connection);
            }
        }
    }

    fn on_timer(&mut self, now_ns: u64) {
        if let Some(connection) = &mut self.connection {
            connection.on_timer(now_ns);
            connection.check().unwrap();
        }
        if let Some(listener) = &mut self.listener {
            let replies = listener.on_timer(now_ns);
            self.replies.extend(replies.into_iter().map(|(_, segment)| segment));
        }
    }

    fn poll_transmit(&mut self, now_ns: u64) -> Option<Segment> {
        if !self.replies.is_empty() {
            return Some(self.replies.remove(0));
        }
        self.connection.as_mut()?.poll_transmit(now_ns)
    }

    fn next_timer_ns(&mut self, _now_ns: u64) -> Option<u64> {
        let connection = self.connection.as_ref().and_then(Connection::next_timer_ns);
        let listener = self.listener.as_ref().and_then(Listener::next_timer_ns);
        [connection, listener].into_iter().flatten().min()
    }

    fn send(&mut self, data: &Bytes) -> Result<usize, ()> {
        let result = self.connection_mut().send(data);
        result
            .map(|count| count as usize)
            .map_err(|error| self.error = Some(error))
    }

    fn receive(&mut self, max: usize) -> Result<Option<Bytes>, ()> {
        match self.connection_mut().receive(max as u32) {
            Ok(Received::Data(data)) => Ok(Some(data)),
            Ok(Received::Nothing) | Err(TcpError::NotConnected) => Ok(Some(Bytes::new())),
            Ok(Received::End) => Ok(None),
            Err(error) => {
                self.error = Some(error);
                Err(())
            }
        }
    }

    fn shutdown(&mut self) {
        let _ = self.connection_mut().shutdown_write();
    }

    fn abort(&mut self) {
        self.connection_mut().abort();
    }

    fn is_connected(&self) -> bool {
        self.connection
            .as_ref()
            .is_some_and(|connection| connection.state() != State::SynSent)
    }
}

/// What one side's user does: sends so many bytes in pieces, reads in pieces, closes when done.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) to_send: u64,
    pub(crate) sent: u64,
    pub(crate) received: Vec<u8>,
    /// Bytes are checked, and so kept; a user who measures counts them only.
    pub(crate) keep: bool,
    pub(crate) received_bytes: u64,
    pub(crate) ended: bool,
    pub(crate) failed: bool,
    pub(crate) shut: bool,
    /// Gives up after so many bytes received and sent.
    pub(crate) aborts_after: Option<u64>,
    pub(crate) piece: u64,
    /// Between two looks at the socket, in nanoseconds; 0: at every event.
    pub(crate) pause_ns: u64,
    pub(crate) wakes_ns: u64,
    stream: u64,
    random: Random,
}

/// What a user sends who counts bytes only.
static ZEROS: [u8; 1 << 16] = [0; 1 << 16];

/// The byte of a stream at a position.
pub(crate) fn byte_at(stream: u64, position: u64) -> u8 {
    (position.wrapping_mul(31) ^ (position >> 8).wrapping_mul(17) ^ stream) as u8
}

impl User {
    pub(crate) fn new(stream: u64, to_send: u64, random: Random) -> Self {
        Self {
            to_send,
            sent: 0,
            received: Vec::new(),
            keep: true,
            received_bytes: 0,
            ended: false,
            failed: false,
            shut: false,
            aborts_after: None,
            piece: 1 << 16,
            pause_ns: 0,
            wakes_ns: 0,
            stream,
            random,
        }
    }

    fn act(&mut self, host: &mut dyn Host, now_ns: u64) {
        if now_ns < self.wakes_ns || !host.is_connected() || self.failed {
            return;
        }
        if self.pause_ns > 0 {
            self.wakes_ns = now_ns + self.random.between(1, self.pause_ns);
        }
        self.read(host);
        self.write(host);
        if self
            .aborts_after
            .is_some_and(|after| self.sent + self.received_bytes >= after)
        {
            host.abort();
            self.failed = true;
        }
    }

    fn read(&mut self, host: &mut dyn Host) {
        while !self.ended && !self.failed {
            let max = self.random.between(1, self.piece) as usize;
            match host.receive(max) {
                Ok(Some(data)) if data.is_empty() => break,
                Ok(Some(data)) => {
                    self.received_bytes += data.len() as u64;
                    if self.keep {
                        self.received.extend(data);
                    }
                }
                Ok(None) => self.ended = true,
                Err(()) => self.failed = true,
            }
            if self.pause_ns > 0 {
                break;
            }
        }
    }

    fn write(&mut self, host: &mut dyn Host) {
        while self.sent < self.to_send && !self.failed {
            let count = self.random.between(1, self.piece).min(self.to_send - self.sent);
            let data: Bytes = if self.keep {
                (self.sent..self.sent + count)
                    .map(|at| byte_at(self.stream, at))
                    .collect()
            } else {
                Bytes::from_static(&ZEROS[..count as usize])
            };
            match host.send(&data) {
                Ok(0) => break,
                Ok(taken) => self.sent += taken as u64,
                Err(()) => self.failed = true,
            }
            if self.pause_ns > 0 {
                break;
            }
        }
        if self.sent == self.to_send && !self.shut && !self.failed {
            self.shut = true;
            host.shutdown();
        }
    }
}

/// Two hosts, their users and the two directions between them.
pub(crate) struct Sim<A, B> {
    pub(crate) now_ns: u64,
    pub(crate) a: A,
    pub(crate) b: B,
    pub(crate) users: [User; 2],
    pub(crate) links: [Link; 2],
    pub(crate) trace: Option<String>,
}

impl<A: Host, B: Host> Sim<A, B> {
    pub(crate) fn new(a: A, b: B, users: [User; 2], conditions: [Conditions; 2], seed: u64) -> Self {
        let there = Link::new(conditions[0], ends(), Random::new(seed, 101));
        let back = Link::new(conditions[1], reversed(ends()), Random::new(seed, 102));
        Self {
            now_ns: 0,
            a,
            b,
            users,
            links: [there, back],
            trace: None,
        }
    }

    /// Keeps a trace where the variable `HELIOS_TRACE` is set.
    pub(crate) fn trace_if_asked(&mut self) {
        if std::env::var_os("HELIOS_TRACE").is_some() {
            self.trace = Some(String::new());
        }
    }

    pub(crate) fn show_trace(&self) {
        if let Some(trace) = &self.trace {
            println!("{trace}");
        }
    }

    /// Lets users act and segments leave, until nothing moves at this time.
    fn settle(&mut self) {
        self.users[0].act(&mut self.a, self.now_ns);
        self.users[1].act(&mut self.b, self.now_ns);
        while let Some(segment) = self.a.poll_transmit(self.now_ns) {
            self.note(">", &segment);
            self.links[0].send(segment, self.now_ns);
        }
        while let Some(segment) = self.b.poll_transmit(self.now_ns) {
            self.note("<", &segment);
            self.links[1].send(segment, self.now_ns);
        }
    }

    fn note(&mut self, direction: &str, segment: &Segment) {
        if let Some(trace) = &mut self.trace {
            let flags = segment.flags;
            let letters = [
                (flags.syn, 'S'),
                (flags.fin, 'F'),
                (flags.rst, 'R'),
                (flags.psh, 'P'),
                (flags.ack, '.'),
            ];
            let letters: String = letters
                .iter()
                .filter(|(set, _)| *set)
                .map(|(_, letter)| letter)
                .collect();
            writeln!(
                trace,
                "{} {direction} {letters} {}:{} ack {} win {} {:?} {:?}",
                self.now_ns,
                segment.seq.0,
                segment.payload.len(),
                segment.ack.0,
                segment.window,
                segment.options.sack,
                segment.options.timestamps
            )
            .unwrap();
        }
    }

    /// The time of the next event.
    fn next_ns(&mut self) -> Option<u64> {
        let now_ns = self.now_ns;
        let wakes = self
            .users
            .each_ref()
            .map(|user| Some(user.wakes_ns).filter(|at| *at > now_ns));
        let events = [
            self.links[0].next_ns(),
            self.links[1].next_ns(),
            self.a.next_timer_ns(now_ns),
            self.b.next_timer_ns(now_ns),
        ];
        events.into_iter().chain(wakes).flatten().min()
    }

    /// Goes on to the next event; `false` where there is none.
    pub(crate) fn step(&mut self) -> bool {
        self.settle();
        let Some(next_ns) = self.next_ns() else {
            return false;
        };
        self.now_ns = self.now_ns.max(next_ns);
        if let Some(segment) = self.links[0].arrive(self.now_ns) {
            self.b.on_segment(&segment, self.now_ns);
        } else if let Some(segment) = self.links[1].arrive(self.now_ns) {
            self.a.on_segment(&segment, self.now_ns);
        } else {
            self.a.on_timer(self.now_ns);
            self.b.on_timer(self.now_ns);
        }
        true
    }

    pub(crate) fn run_until(&mut self, end_ns: u64) {
        while self.now_ns < end_ns && self.step() {}
    }

    /// Both users are done with.
    pub(crate) fn is_done(&self) -> bool {
        let done = |user: &User| user.failed || (user.ended && user.shut);
        done(&self.users[0]) && done(&self.users[1])
    }

    /// What arrived is what was sent; all of it where both sides ended well.
    pub(crate) fn verify(&self, what: &str) {
        for (from, to) in [(0, 1), (1, 0)] {
            let (sender, receiver) = (&self.users[from], &self.users[to]);
            let sent = sender.sent;
            assert!(
                receiver.received.len() as u64 <= sent,
                "{what}: more arrived than was sent"
            );
            for (at, byte) in receiver.received.iter().enumerate() {
                assert_eq!(*byte, byte_at(sender.stream, at as u64), "{what}: byte {at} is wrong");
            }
            if receiver.ended && !sender.failed {
                assert_eq!(
                    receiver.received.len() as u64,
                    sender.to_send,
                    "{what}: bytes are missing"
                );
            }
        }
    }
}
