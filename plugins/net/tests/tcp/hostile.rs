//! Peers and strangers who mean it ill: segments of any kind in any state, guesses from the dark, floods.

use std::net::{Ipv4Addr, SocketAddrV4};

use bytes::Bytes;
use helios_net::tcp::{
    Config, Connection, Endpoints, KeepAlive, Listener, ListenerConfig, Origin, Received, State, TcpError, Unreachable,
};
use helios_net::wire::tcp::{Flags, Options, Segment, SeqNumber};

use crate::random::{Random, each_seed};
use crate::sim::{SECRET, ends, reversed};

const PEER_ISN: SeqNumber = SeqNumber(u32::MAX - 1000);

const STATES: [State; 9] = [
    State::SynSent,
    State::SynReceived,
    State::Established,
    State::FinWait1,
    State::FinWait2,
    State::CloseWait,
    State::Closing,
    State::LastAck,
    State::TimeWait,
];

/// A connection and what a peer knows of it: its next number, and what it expects.
struct Victim {
    connection: Connection,
    now_ns: u64,
    next: SeqNumber,
    expects: SeqNumber,
    sent: u64,
}

impl Victim {
    /// A connection in a state, with everything negotiated.
    fn new(state: State, config: Config) -> Self {
        let origin = Origin::new(&SECRET, ends(), 0);
        let mut victim = Self {
            connection: Connection::connect(config, ends(), origin, 0),
            now_ns: 0,
            next: origin.isn,
            expects: PEER_ISN,
            sent: 0,
        };
        victim.fetch();
        let syn = |ack| Flags {
            syn: true,
            ack,
            ..Flags::default()
        };
        if state != State::SynSent {
            let options = Options {
                mss: Some(1400),
                window_scale: Some(7),
                sack_permitted: true,
                sack: Vec::new(),
                timestamps: Some((1, 0)),
            };
            victim.arrive(syn(state != State::SynReceived), PEER_ISN, &[], options);
        }
        let fin = Flags {
            fin: true,
            ack: true,
            ..Flags::default()
        };
        let closes_first = matches!(
            state,
            State::FinWait1 | State::FinWait2 | State::Closing | State::TimeWait
        );
        if closes_first {
            victim.connection.shutdown_write().unwrap();
            // A FIN that crosses ours does not acknowledge it.
            let before = victim.next;
            victim.fetch();
            if state == State::Closing {
                victim.next = before;
            }
        }
        match state {
            State::FinWait2 => victim.arrive(Flags { fin: false, ..fin }, PEER_ISN.plus(1), &[], victim.stamps()),
            State::Closing | State::TimeWait | State::CloseWait | State::LastAck => {
                victim.arrive(fin, PEER_ISN.plus(1), &[], victim.stamps());
            }
            _ => {}
        }
        if state == State::LastAck {
            victim.connection.shutdown_write().unwrap();
            victim.fetch();
        }
        assert_eq!(victim.connection.state(), state);
        victim
    }

    fn stamps(&self) -> Options {
        Options {
            timestamps: Some((2, 0)),
            ..Options::default()
        }
    }

    fn arrive(&mut self, flags: Flags, seq: SeqNumber, payload: &[u8], options: Options) {
        let segment = Segment {
            source_port: 80,
            destination_port: 40_000,
            seq,
            ack: self.next,
            flags,
            window: 60_000,
            urgent: 0,
            options,
            payload: Bytes::copy_from_slice(payload),
        };
        self.take(&segment);
    }

    fn take(&mut self, segment: &Segment) {
        self.connection.on_segment(segment, self.now_ns);
        self.fetch();
    }

    /// Fetches all that is to be sent, and looks whether everything is as it must be. A setting may bring a deadline that has
    /// passed already; whatever is due is done at once then.
    fn settle(&mut self) {
        self.fetch();
        for _ in 0..3 {
            if self.connection.next_timer_ns().is_some_and(|at| at <= self.now_ns) {
                self.connection.on_timer(self.now_ns);
                self.fetch();
            }
        }
        let timer_ns = self.connection.next_timer_ns();
        let info = self.connection.info();
        assert!(
            timer_ns.is_none_or(|at| at > self.now_ns),
            "what is due is not done: {info:?}"
        );
    }

    fn fetch(&mut self) {
        let mut count = 0;
        while let Some(segment) = self.connection.poll_transmit(self.now_ns) {
            count += 1;
            assert!(count < 100_000, "it sends for ever");
            let len = segment.payload.len() as u32 + u32::from(segment.flags.syn) + u32::from(segment.flags.fin);
            if !segment.flags.rst {
                self.next = segment.seq.plus(len);
            }
            if segment.flags.ack {
                self.expects = segment.ack;
            }
        }
        self.sent += count;
        self.connection.check().unwrap();
    }
}

/// Numbers from what bolero makes up, and zeros when that is used up.
struct Noise<'a>(&'a [u8]);

impl Noise<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *first
    }

    fn short(&mut self) -> u16 {
        u16::from_be_bytes([self.byte(), self.byte()])
    }

    fn long(&mut self) -> u32 {
        u32::from(self.short()) << 16 | u32::from(self.short())
    }

    /// A number near another, or anywhere.
    fn near(&mut self, number: SeqNumber) -> SeqNumber {
        match self.byte() % 4 {
            0 => number,
            1 => number.plus(u32::from(self.byte())),
            2 => number.plus(u32::from(self.short())).minus(0x7fff),
            _ => SeqNumber(self.long()),
        }
    }

    fn segment(&mut self, victim: &Victim) -> Segment {
        let bits = self.byte();
        let bit = |index: u8| bits >> index & 1 == 1;
        // Most segments that matter acknowledge, and do not open or reset.
        let plain = !self.byte().is_multiple_of(4);
        let flags = Flags {
            fin: bit(0),
            syn: bit(1) && !plain,
            rst: bit(2) && !plain,
            psh: bit(3),
            ack: bit(4) || plain,
            urg: bit(5),
            ece: bit(6),
            cwr: bit(7),
        };
        let kinds = self.byte();
        let has = |index: u8| kinds >> index & 1 == 1;
        let sack = (0..if has(3) { self.byte() % 5 } else { 0 })
            .map(|_| (self.near(victim.next), self.near(victim.next)))
            .collect();
        let options = Options {
            mss: has(0).then(|| self.short()),
            window_scale: has(1).then(|| self.byte()),
            sack_permitted: has(2),
            sack,
            timestamps: (has(4) || plain).then(|| (self.near(SeqNumber(2)).0, self.near(SeqNumber(0)).0)),
        };
        Segment {
            source_port: 80,
            destination_port: 40_000,
            seq: self.near(victim.expects),
            ack: self.near(victim.next),
            flags,
            window: if has(5) { self.short() } else { 0xffff },
            urgent: self.short(),
            options,
            payload: Bytes::from(vec![0; if has(6) { usize::from(self.short() % 3000) } else { 0 }]),
        }
    }

    fn act(&mut self, victim: &mut Victim) {
        match self.byte() % 24 {
            0 => {
                victim.now_ns += u64::from(self.long()) * 100;
                victim.connection.on_timer(victim.now_ns);
            }
            1 | 2 => {
                if let Some(at) = victim.connection.next_timer_ns() {
                    victim.now_ns = victim.now_ns.max(at);
                }
                victim.connection.on_timer(victim.now_ns);
            }
            3 | 4 => {
                let data = Bytes::from(vec![1; usize::from(self.short())]);
                let _ = victim.connection.send(&data);
            }
            5 => {
                let _ = victim.connection.receive(u32::from(self.short()));
            }
            6 => {
                let _ = victim.connection.shutdown_write();
            }
            7 => {
                let _ = victim.connection.shutdown_read();
            }
            8 if self.byte().is_multiple_of(8) => victim.connection.close(victim.now_ns),
            9 if self.byte().is_multiple_of(16) => victim.connection.abort(),
            10 => victim.connection.on_path_mtu(self.short(), self.near(victim.next)),
            11 => victim.connection.raise_path_mtu(self.short()),
            12 => {
                let what = Unreachable::Hard(TcpError::Refused);
                victim.connection.on_icmp_unreachable(what, self.near(victim.next));
            }
            13 => {
                let (send, receive, alive) = (self.long(), self.long(), self.byte());
                victim.connection.configure(|config| {
                    config.send_buffer_bytes = send >> (alive % 32);
                    config.receive_buffer_bytes = receive >> (alive % 32);
                    config.nodelay = alive & 1 == 1;
                    config.keepalive = (alive & 2 == 2).then(KeepAlive::default);
                    config.user_timeout_ns = (alive & 4 == 4).then_some(30_000_000_000);
                });
            }
            14 => {
                let text = serde_json::to_string(&victim.connection).unwrap();
                let back: Connection = serde_json::from_str(&text).unwrap();
                assert_eq!(back, victim.connection);
                victim.connection = back;
            }
            _ => {
                let segment = self.segment(victim);
                victim.take(&segment);
            }
        }
        victim.settle();
    }
}

#[test]
fn any_segment_in_any_state() {
    bolero::check!().with_iterations(4_000).for_each(|bytes: &[u8]| {
        let mut noise = Noise(bytes);
        let state = STATES[usize::from(noise.byte()) % STATES.len()];
        let bits = noise.byte();
        let config = Config {
            timestamps: bits & 1 == 0,
            sack: bits & 2 == 0,
            window_scaling: bits & 4 == 0,
            ..Config::default()
        };
        let mut victim = Victim::new(state, config);
        while !noise.0.is_empty() {
            noise.act(&mut victim);
        }
    });
}

/// As above, from seeds: life after life, until the noise is used up.
#[test]
fn long_lives_among_noise() {
    each_seed(60, |seed| {
        let mut random = Random::new(seed, 5);
        let bytes: Vec<u8> = (0..20_000).map(|_| random.next() as u8).collect();
        let mut noise = Noise(&bytes);
        while !noise.0.is_empty() {
            let mut victim = Victim::new(random.pick(&STATES), Config::default());
            while !noise.0.is_empty() && victim.connection.state() != State::Closed {
                noise.act(&mut victim);
            }
        }
    });
}

/// Somebody who sees nothing guesses (RFC 5961): a million segments, and the connection does not notice.
#[test]
fn blind_guesses_fail() {
    for state in [State::Established, State::CloseWait, State::FinWait2] {
        let config = Config {
            timestamps: false,
            ..Config::default()
        };
        let mut victim = Victim::new(state, config);
        if state != State::FinWait2 {
            let data = Bytes::from_static(b"secret");
            victim.connection.send(&data).unwrap();
            victim.fetch();
        }
        let unread = victim.connection.unread_bytes();
        let mut random = Random::new(7, state as u64);
        let before = victim.sent;
        let mut with_data = 0;
        for _ in 0..300_000 {
            let kind = random.below(3);
            with_data += u64::from(kind == 2);
            let flags = Flags {
                rst: kind == 0,
                syn: kind == 1,
                ack: random.happens(500_000) || kind == 2,
                ..Flags::default()
            };
            let segment = Segment {
                source_port: 80,
                destination_port: 40_000,
                seq: SeqNumber(random.next() as u32),
                ack: SeqNumber(random.next() as u32),
                flags,
                window: random.next() as u16,
                payload: if kind == 2 {
                    Bytes::from_static(b"evil")
                } else {
                    Bytes::new()
                },
                ..Segment::default()
            };
            victim.take(&segment);
        }
        assert_eq!(victim.connection.state(), state);
        assert_eq!(victim.connection.unread_bytes(), unread);
        // Data outside of the window is answered, since it may be an honest repetition; the rest is limited.
        let info = victim.connection.info();
        assert!(info.challenges <= 10, "{} challenges", info.challenges);
        assert!(victim.sent - before <= with_data + 10);
    }
}

/// A reset anywhere in the window but at its very beginning does not reset (RFC 5961 section 3.2).
#[test]
fn a_reset_must_hit_one_number() {
    let mut victim = Victim::new(State::Established, Config::default());
    let expects = victim.expects;
    for offset in (1..0x8000).chain([0xffff_ffff, 0xffff_0000]) {
        let segment = Segment {
            source_port: 80,
            destination_port: 40_000,
            seq: expects.plus(offset),
            flags: Flags {
                rst: true,
                ..Flags::default()
            },
            ..Segment::default()
        };
        victim.take(&segment);
        assert_eq!(victim.connection.state(), State::Established, "at {offset}");
    }
    let segment = Segment {
        seq: expects,
        flags: Flags {
            rst: true,
            ..Flags::default()
        },
        ..Segment::default()
    };
    victim.take(&segment);
    assert_eq!(victim.connection.state(), State::Closed);
    assert_eq!(victim.connection.take_error(), Some(TcpError::Reset));
}

/// Bytes at every other place cost runs, which are bounded; single bytes in order cost bytes.
#[test]
fn crumbs_do_not_fill_memory() {
    let mut victim = Victim::new(State::Established, Config::default());
    let plain = Flags {
        ack: true,
        ..Flags::default()
    };
    let start = victim.expects;
    for turn in 0..20_000u32 {
        victim.arrive(plain, start.plus(1 + 2 * turn), b"x", victim.stamps());
    }
    let text = serde_json::to_string(&victim.connection).unwrap();
    assert!(text.len() < 40_000, "{} bytes of state", text.len());
    for turn in 0..20_000u32 {
        victim.arrive(plain, start.plus(turn), b"x", victim.stamps());
    }
    assert_eq!(victim.connection.unread_bytes(), 20_000);
    assert!(matches!(victim.connection.receive(50_000), Ok(Received::Data(data)) if data.len() == 20_000));
}

/// A flood of SYNs fills a queue and no more, and whoever answers a cookie gets in.
#[test]
fn a_flood_of_syns_keeps_nobody_out() {
    let config = ListenerConfig {
        syn_backlog: 64,
        ..ListenerConfig::default()
    };
    let mut listener = Listener::new(SocketAddrV4::new(Ipv4Addr::new(10, 0, 0, 2), 80), config);
    let mut random = Random::new(3, 3);
    let syn = |seq| Segment {
        seq: SeqNumber(seq),
        flags: Flags {
            syn: true,
            ..Flags::default()
        },
        window: 1000,
        ..Segment::default()
    };
    for turn in 0..20_000u64 {
        let address = Ipv4Addr::from_bits(0x0b00_0000 | random.next() as u32 & 0x00ff_ffff);
        let flood = Endpoints {
            local: listener.local(),
            remote: SocketAddrV4::new(address, random.next() as u16 | 1),
        };
        let heard = listener.on_segment(flood, &syn(random.next() as u32), &SECRET, turn * 1000);
        assert!(heard.replies.len() <= 1);
    }
    assert_eq!(listener.handshakes().count(), 64);
    assert!(serde_json::to_string(&listener).unwrap().len() < 64 * 4096);

    let now_ns = 30_000_000;
    let mut client = Connection::connect(Config::default(), ends(), Origin::new(&SECRET, ends(), 0), now_ns);
    let syn = client.poll_transmit(now_ns).unwrap();
    let heard = listener.on_segment(reversed(ends()), &syn, &SECRET, now_ns);
    client.on_segment(&heard.replies[0], now_ns);
    assert_eq!(client.state(), State::Established);
    let ack = client.poll_transmit(now_ns).unwrap();
    let mut heard = listener.on_segment(reversed(ends()), &ack, &SECRET, now_ns);
    let server = heard.connected.as_mut().unwrap();
    assert_eq!(server.state(), State::Established);
    assert_eq!(listener.accept(), Some(reversed(ends())));
    // What the cookie remembered is what the client understood.
    assert_eq!(server.info().window_scales, Some((5, 5)));
    assert!(server.info().sack && server.info().timestamps);
    client.send(&Bytes::from_static(b"hello")).unwrap();
    let data = client.poll_transmit(now_ns).unwrap();
    server.on_segment(&data, now_ns);
    assert_eq!(server.receive(100), Ok(Received::Data(Bytes::from_static(b"hello"))));
}

/// A state that somebody has tampered with is refused, not believed.
#[test]
fn a_broken_state_is_found() {
    let victim = Victim::new(State::Established, Config::default());
    let whole = serde_json::to_value(&victim.connection).unwrap();
    for (path, value) in [
        ("/send/una", 5),
        ("/send/nxt", 500),
        ("/send/mss", 1),
        ("/receive/edge", 1_u64 << 53),
        ("/receive/nxt", 77),
        ("/send/scoreboard/given_up", 99),
        ("/config/send_buffer_bytes", 1),
    ] {
        let mut broken = whole.clone();
        *broken.pointer_mut(path).unwrap() = value.into();
        let connection: Connection = serde_json::from_value(broken).unwrap();
        assert!(connection.check().is_err(), "{path}");
    }
    let mut extended = whole.clone();
    extended["unknown"] = 1.into();
    assert!(serde_json::from_value::<Connection>(extended).is_err());
}
