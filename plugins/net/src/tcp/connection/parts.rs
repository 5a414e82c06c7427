//! The parts of a connection's state, one for each concern.

use serde::{Deserialize, Serialize};

use super::Connection;
use crate::tcp::assembler::Assembler;
use crate::tcp::buffers::ByteQueue;
use crate::tcp::config::{FALLBACK_MSS, MAX_BUFFER_BYTES};
use crate::tcp::scoreboard::Scoreboard;
use crate::tcp::seq::{number_at, position_of};
use crate::tcp::state::State;
use crate::wire::tcp::SeqNumber;

/// What the handshake settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::tcp) struct Negotiated {
    /// Both send timestamps (RFC 7323 section 3.2).
    pub timestamps: bool,
    /// What is added to the clock of milliseconds.
    pub timestamp_offset: u32,
    /// Both understand SACK (RFC 2018 section 2).
    pub sack: bool,
    /// Both scale their windows (RFC 7323 section 2.2).
    pub scaling: bool,
    /// The shift of the peer's windows.
    pub send_shift: u8,
    /// The shift of ours, which is what we offer until both are agreed.
    pub receive_shift: u8,
}

impl Negotiated {
    pub(super) const fn new(timestamp_offset: u32, receive_shift: u8) -> Self {
        Self {
            timestamps: false,
            timestamp_offset,
            sack: false,
            scaling: false,
            send_shift: 0,
            receive_shift,
        }
    }
}

/// A segment whose acknowledgement is awaited to measure the round trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::tcp) struct Timed {
    /// The position after it.
    pub end: u64,
    /// When it was sent, in nanoseconds.
    pub sent_ns: u64,
}

/// The sending direction: the send sequence variables of RFC 9293 section 3.3.1, in positions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::tcp) struct Sender {
    /// ISS.
    pub initial: SeqNumber,
    /// SND.UNA.
    pub una: u64,
    /// SND.NXT.
    pub nxt: u64,
    /// The highest position that was ever sent: one more than `nxt` where a probe went beyond the window.
    pub max: u64,
    /// SND.WND, in bytes.
    pub window: u64,
    /// SND.WL1: the peer's position when the window was last set.
    pub window_seq: u64,
    /// SND.WL2: our position then.
    pub window_ack: u64,
    /// The largest window that the peer ever had, in bytes.
    pub max_window: u64,
    /// The MSS that the peer announced.
    pub peer_mss: u16,
    /// The MSS that path and peer allow, options included.
    pub mss: u16,
    /// What was not acknowledged, sent or not.
    pub queue: ByteQueue,
    /// FIN follows the queue.
    pub fin_queued: bool,
    /// What the peer holds, what is lost.
    pub scoreboard: Scoreboard,
    /// The measurement under way.
    pub timed: Option<Timed>,
    /// When data was sent last, in nanoseconds.
    pub sent_ns: u64,
    /// The first data on its way is to be sent again, whatever the window.
    pub repeat_first: bool,
    /// A probe of the window is to be sent.
    pub probe_due: bool,
    /// A question whether the peer is there is to be sent.
    pub question_due: bool,
    /// The congestion window was what held data back the last time.
    pub limited: bool,
}

impl Sender {
    pub(super) fn new(initial: SeqNumber) -> Self {
        Self {
            initial,
            una: 0,
            nxt: 0,
            max: 0,
            window: 0,
            window_seq: 0,
            window_ack: 0,
            max_window: 0,
            peer_mss: FALLBACK_MSS,
            mss: FALLBACK_MSS,
            queue: ByteQueue::new(1),
            fin_queued: false,
            scoreboard: Scoreboard::default(),
            timed: None,
            sent_ns: 0,
            repeat_first: false,
            probe_due: false,
            question_due: false,
            limited: false,
        }
    }

    /// The position on our stream that a number of the peer's acknowledgements stands for.
    pub(in crate::tcp) const fn position(&self, number: SeqNumber) -> i64 {
        position_of(self.initial, number, self.una)
    }

    /// The wire's number of a position.
    pub(in crate::tcp) const fn number(&self, position: u64) -> SeqNumber {
        number_at(self.initial, position)
    }

    /// The position after all that is to be sent, FIN included.
    pub(in crate::tcp) const fn limit(&self) -> u64 {
        self.queue.end() + self.fin_queued as u64
    }

    /// FIN was sent and is acknowledged.
    pub(in crate::tcp) const fn fin_is_acknowledged(&self) -> bool {
        self.fin_queued && self.una == self.limit()
    }

    /// What of the peer's window is left beyond `nxt`, in bytes.
    pub(in crate::tcp) const fn usable_window(&self) -> u64 {
        (self.una + self.window).saturating_sub(self.nxt)
    }
}

/// The receiving direction: the receive sequence variables of RFC 9293 section 3.3.1, in positions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::tcp) struct Receiver {
    /// IRS.
    pub initial: SeqNumber,
    /// RCV.NXT.
    pub nxt: u64,
    /// RCV.NXT + RCV.WND: the right edge of the window that we announced. It never moves back.
    pub edge: u64,
    /// What arrived in order and was not read.
    pub queue: ByteQueue,
    /// What arrived before its turn.
    pub assembler: Assembler,
    /// The position of the peer's FIN, once it is known.
    pub fin_at: Option<u64>,
    /// TS.Recent (RFC 7323 section 4.3).
    pub stamp: u32,
    /// When it was taken, in nanoseconds.
    pub stamp_ns: u64,
    /// The largest segment that came, in bytes: what counts as full-sized.
    pub full_bytes: u64,
    /// When data came last, in nanoseconds.
    pub data_ns: u64,
    /// What the last segment brought again: the first block of the next SACK (RFC 2883).
    pub duplicate: Option<(u64, u64)>,
}

impl Receiver {
    pub(super) fn new() -> Self {
        Self {
            initial: SeqNumber(0),
            nxt: 0,
            edge: 0,
            queue: ByteQueue::new(1),
            assembler: Assembler::default(),
            fin_at: None,
            stamp: 0,
            stamp_ns: 0,
            full_bytes: u64::from(FALLBACK_MSS),
            data_ns: 0,
            duplicate: None,
        }
    }

    /// The first window is not scaled, so it fits 16 bits (RFC 7323 section 2.2).
    pub(in crate::tcp) fn open_window(&mut self, buffer_bytes: u32) {
        self.edge = self.nxt + u64::from(buffer_bytes.min(0xffff));
    }

    /// The position on the peer's stream that a sequence number stands for.
    pub(in crate::tcp) const fn position(&self, number: SeqNumber) -> i64 {
        position_of(self.initial, number, self.nxt)
    }

    /// The wire's number of a position.
    pub(in crate::tcp) const fn number(&self, position: u64) -> SeqNumber {
        number_at(self.initial, position)
    }

    /// RCV.WND, in bytes.
    pub(in crate::tcp) const fn window(&self) -> u64 {
        self.edge.saturating_sub(self.nxt)
    }
}

/// When to acknowledge (RFC 5681 section 4.2, RFC 9293 section 3.8.6.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::tcp) struct Acknowledging {
    /// An acknowledgement leaves now, alone or with data.
    pub now: bool,
    /// So many leave now, alone: one for each segment out of order, so that the sender can count them.
    pub duplicates: u8,
    /// Bytes in order that were not acknowledged.
    pub pending_bytes: u64,
    /// Segments to come that are acknowledged at once: a sender that begins slowly is not held up.
    pub quick: u8,
    /// What the last acknowledgement said (Last.ACK.sent of RFC 7323 section 4.3).
    pub sent: u64,
    /// When the current count of challenges began, in nanoseconds.
    pub challenges_ns: u64,
    /// Challenges since then (RFC 5961 section 7).
    pub challenges: u8,
}

/// Loss recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::tcp) enum Recovery {
    /// Nothing is known to be lost.
    Open,
    /// Duplicate acknowledgements told of a loss (RFC 6675 section 5, RFC 6582 section 3.2), until `point` is acknowledged.
    Fast {
        /// RecoveryPoint.
        point: u64,
        /// A partial acknowledgement came.
        partial: bool,
    },
    /// A retransmission timed out: what was on its way is sent again until `point` is acknowledged.
    Timeout {
        /// What had been sent then.
        point: u64,
    },
}

/// Deadlines, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::tcp) struct Timers {
    /// Something on its way is not acknowledged (RFC 6298).
    pub retransmit: Option<u64>,
    /// The window is closed and something waits (RFC 9293 section 3.8.6.1).
    pub persist: Option<u64>,
    /// An acknowledgement waits for company.
    pub delayed_ack: Option<u64>,
    /// TIME-WAIT, or FIN-WAIT-2 of a closed socket.
    pub wait: Option<u64>,
}

/// How long the peer has not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::tcp) struct Unanswered {
    /// Timeouts since the last progress.
    pub retries: u8,
    /// Probes of the window since the last answer.
    pub probes: u8,
    /// Questions since the last sign of life.
    pub questions: u32,
    /// When the last question was asked, in nanoseconds.
    pub question_ns: u64,
    /// The last sign of life, in nanoseconds.
    pub heard_ns: u64,
    /// Since when data waits for an acknowledgement without progress, in nanoseconds.
    pub waiting_ns: u64,
    /// Duplicate acknowledgements in a row.
    pub duplicates: u32,
    /// RFC 6582's `recover`: no second reduction for losses before it.
    pub recover: u64,
}

impl Unanswered {
    pub(super) const fn new(now_ns: u64) -> Self {
        Self {
            retries: 0,
            probes: 0,
            questions: 0,
            question_ns: 0,
            heard_ns: now_ns,
            waiting_ns: now_ns,
            duplicates: 0,
            recover: 0,
        }
    }
}

/// Counts for whoever looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::tcp) struct Counters {
    pub segments_in: u64,
    pub segments_out: u64,
    pub data_segments_in: u64,
    pub data_segments_out: u64,
    pub bytes_sent: u64,
    pub bytes_acked: u64,
    pub bytes_retransmitted: u64,
    pub bytes_received: u64,
    pub retransmits: u64,
    pub timeouts: u64,
    pub recoveries: u64,
    pub duplicate_acks_in: u64,
    pub out_of_order: u64,
    pub dropped: u64,
    pub challenges: u64,
    pub probes: u64,
}

/// What must always hold.
pub(super) fn check(connection: &Connection) -> Result<(), &'static str> {
    let Connection {
        send,
        receive,
        config,
        state,
        ..
    } = connection;
    let ensure = |holds: bool, what| if holds { Ok(()) } else { Err(what) };
    ensure(*config == config.clamped(), "a setting is out of bounds")?;
    let ordered = send.una <= send.nxt && send.nxt <= send.max;
    ensure(ordered, "SND.UNA, SND.NXT and the highest position are not in order")?;
    ensure(send.mss >= 28 && send.peer_mss >= 28, "the MSS is too small")?;
    if *state != State::Closed {
        let start = send.una.clamp(1, send.queue.end());
        ensure(send.queue.start() == start, "the send buffer does not begin at SND.UNA")?;
        ensure(send.max <= send.limit(), "more was sent than there is")?;
        let end = receive.fin_at.map_or(receive.nxt, |fin| receive.nxt.min(fin));
        ensure(
            receive.queue.end() == end.max(1),
            "the receive buffer does not end at RCV.NXT",
        )?;
    }
    let bounded = send.queue.len() <= u64::from(MAX_BUFFER_BYTES);
    ensure(bounded, "the send buffer is too full")?;
    // The wire's windows are multiples of the scale, so the announced edge may lie that much beyond the buffer.
    let room = u64::from(MAX_BUFFER_BYTES) + (1 << 14);
    ensure(
        receive.queue.len() + receive.window() <= room,
        "the receive buffer is too full",
    )?;
    if let Some(fault) = send.scoreboard.fault(send.una, send.nxt) {
        return Err(fault);
    }
    if let Some(fault) = receive.assembler.fault(receive.nxt, receive.edge) {
        return Err(fault);
    }
    let highest = send.max.max(receive.edge).max(send.una + send.window);
    ensure(highest <= helios_abi::MAX_SAFE, "a position is beyond 2^53")
}
