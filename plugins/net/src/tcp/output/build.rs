//! Segments: their numbers, flags, options and windows.

use bytes::Bytes;

use crate::tcp::connection::{Connection, Timed};
use crate::tcp::state::State;
use crate::wire::tcp::{Flags, Options, Segment, SeqNumber};

/// Bytes of a timestamps option with its padding (RFC 7323 appendix A).
const STAMP_BYTES: u64 = 12;
/// A segment with data has no room for SACK where its size is below this, in bytes.
const ROOMY_MSS: u16 = 256;

impl Connection {
    /// SMSS of RFC 5681: the data of a full segment without SACK, in bytes.
    pub(in crate::tcp) fn smss(&self) -> u64 {
        u64::from(self.send.mss) - if self.negotiated.timestamps { STAMP_BYTES } else { 0 }
    }

    /// The data that fits a segment now, in bytes: SACK takes its part (RFC 6691, RFC 9293 section 3.7.1).
    pub(super) fn payload_max(&self) -> u64 {
        let blocks = self.sack_blocks(true).len() as u64;
        self.smss() - if blocks > 0 { 4 + 8 * blocks } else { 0 }
    }

    /// What SACK reports: what came twice first (RFC 2883 section 4), then the runs beyond the acknowledgement.
    fn sack_blocks(&self, with_data: bool) -> Vec<(u64, u64)> {
        let receive = &self.receive;
        let silent = receive.duplicate.is_none() && receive.assembler.is_empty();
        if silent || !self.negotiated.sack || (with_data && self.send.mss < ROOMY_MSS) {
            return Vec::new();
        }
        let max = if self.negotiated.timestamps { 3 } else { 4 };
        let mut blocks: Vec<(u64, u64)> = receive.duplicate.into_iter().collect();
        blocks.extend(receive.assembler.report(max - blocks.len()));
        blocks
    }

    /// A segment that acknowledges, whatever else it does. Every acknowledgement that waited is done with it.
    fn build(&mut self, position: u64, flags: Flags, payload: Bytes, now_ns: u64) -> Segment {
        let sack = self.sack_blocks(!payload.is_empty());
        let number = |at| self.receive.number(at);
        let sack = sack
            .into_iter()
            .map(|(start, end)| (number(start), number(end)))
            .collect();
        let segment = Segment {
            source_port: self.ends.local.port(),
            destination_port: self.ends.remote.port(),
            seq: self.send.number(position),
            ack: self.receive.number(self.receive.nxt),
            flags: Flags { ack: true, ..flags },
            window: self.announce_window(),
            urgent: 0,
            options: Options {
                sack,
                timestamps: self.stamps(now_ns),
                ..Options::default()
            },
            payload,
        };
        self.receive.duplicate = None;
        self.acks.now = false;
        self.acks.pending_bytes = 0;
        self.acks.sent = self.receive.nxt;
        self.timers.delayed_ack = None;
        segment
    }

    fn stamps(&self, now_ns: u64) -> Option<(u32, u32)> {
        let stamps = (self.clock(now_ns), self.receive.stamp);
        self.negotiated.timestamps.then_some(stamps)
    }

    pub(super) fn build_acknowledgement(&mut self, now_ns: u64) -> Segment {
        self.build(self.send.nxt, Flags::default(), Bytes::new(), now_ns)
    }

    /// A question whether the peer is there: a number that it has acknowledged long since, which it must answer (RFC 9293
    /// section 3.8.4).
    pub(super) fn build_question(&mut self, now_ns: u64) -> Segment {
        self.build(self.send.nxt - 1, Flags::default(), Bytes::new(), now_ns)
    }

    /// The part of the stream from `start` to `end`, FIN included where it lies there.
    pub(super) fn build_data(&mut self, start: u64, end: u64, now_ns: u64) -> Segment {
        let data_end = end.min(self.send.queue.end());
        let payload = if start < data_end {
            self.send.queue.slice(start, data_end - start)
        } else {
            Bytes::new()
        };
        let flags = Flags {
            fin: end > self.send.queue.end(),
            // The peer need not wait for more: there is none.
            psh: !payload.is_empty() && data_end == self.send.queue.end(),
            ..Flags::default()
        };
        self.counters.data_segments_out += 1;
        self.counters.bytes_sent += payload.len() as u64;
        self.send.sent_ns = now_ns;
        self.send.max = self.send.max.max(end);
        self.build(start, flags, payload, now_ns)
    }

    /// SYN, or SYN-ACK. It offers what the settings say, and answers with what both understand.
    pub(super) fn build_handshake(&mut self, now_ns: u64) -> Segment {
        let answers = self.state == State::SynReceived;
        let offers = |ours: bool, both: bool| if answers { both } else { ours };
        let (config, negotiated) = (&self.config, &self.negotiated);
        let scale = offers(config.window_scaling, negotiated.scaling).then_some(negotiated.receive_shift);
        let stamp = if answers { self.receive.stamp } else { 0 };
        let options = Options {
            mss: Some(config.mss),
            window_scale: scale,
            sack_permitted: offers(config.sack, negotiated.sack),
            sack: Vec::new(),
            timestamps: offers(config.timestamps, negotiated.timestamps).then(|| (self.clock(now_ns), stamp)),
        };
        let first = self.send.nxt == 0;
        self.send.timed = first.then_some(Timed {
            end: 1,
            sent_ns: now_ns,
        });
        self.counters.retransmits += u64::from(!first);
        (self.send.nxt, self.send.max) = (1, 1);
        if self.timers.retransmit.is_none() {
            self.timers.retransmit = Some(now_ns + self.rtt.timeout_ns());
        }
        self.acks.now = false;
        Segment {
            source_port: self.ends.local.port(),
            destination_port: self.ends.remote.port(),
            seq: self.send.initial,
            ack: if answers {
                self.receive.number(self.receive.nxt)
            } else {
                SeqNumber(0)
            },
            flags: Flags {
                syn: true,
                ack: answers,
                ..Flags::default()
            },
            // Not scaled yet (RFC 7323 section 2.2).
            window: u16::try_from(config.receive_buffer_bytes).unwrap_or(u16::MAX),
            urgent: 0,
            options,
            payload: Bytes::new(),
        }
    }

    /// RST that ends this connection. It acknowledges too, as stacks in use do it.
    pub(super) fn build_reset(&mut self, now_ns: u64) -> Segment {
        let flags = Flags {
            rst: true,
            ..Flags::default()
        };
        let mut segment = self.build(self.send.nxt, flags, Bytes::new(), now_ns);
        segment.window = 0;
        segment.options.sack.clear();
        segment
    }

    /// RST that answers a segment of another connection (RFC 9293 section 3.5.2, group 2): with the number that it expects.
    pub(super) fn build_stray_reset(&self, number: SeqNumber) -> Segment {
        Segment {
            source_port: self.ends.local.port(),
            destination_port: self.ends.remote.port(),
            seq: number,
            flags: Flags {
                rst: true,
                ..Flags::default()
            },
            ..Segment::default()
        }
    }

    const fn receive_shift(&self) -> u8 {
        if self.negotiated.scaling {
            self.negotiated.receive_shift
        } else {
            0
        }
    }

    /// How far the window could open, in bytes.
    fn window_room(&self) -> u64 {
        let limit = self.window_limit();
        limit.saturating_sub(self.receive.queue.len())
    }

    fn window_limit(&self) -> u64 {
        u64::from(self.config.receive_buffer_bytes).min(0xffff << self.receive_shift())
    }

    /// The least step by which the window opens, so that the peer is not tempted to send little (RFC 9293 section 3.8.6.2.2).
    fn window_step(&self) -> u64 {
        (self.window_limit() / 2).min(u64::from(self.config.mss))
    }

    /// The window as it lies on the wire. Its right edge moves on, or stays where it is; it never moves back (RFC 9293
    /// section 3.8.6). What does not divide by the scale is rounded up, or else the edge would move back by the rest.
    fn announce_window(&mut self) -> u16 {
        let shift = self.receive_shift();
        let mut window = self.receive.window();
        let room = self.window_room();
        if room >= window + self.window_step() {
            window = window.max(room >> shift << shift);
        }
        let wire = window.div_ceil(1 << shift).min(0xffff);
        self.receive.edge = self.receive.edge.max(self.receive.nxt + (wire << shift));
        wire as u16
    }

    /// The user has read: the peer is told once the window is twice what the peer knows of, so that reading bit by bit does
    /// not make a segment for each bit.
    pub(in crate::tcp) fn offer_window(&mut self) {
        if !self.state.may_receive() {
            return;
        }
        let window = self.receive.window();
        let room = self.window_room();
        if room >= 2 * window && room >= window + self.window_step() {
            self.acks.now = true;
        }
    }
}
