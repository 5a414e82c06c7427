//! What `ss -i` shows of a connection.

use serde::{Deserialize, Serialize};

use super::congestion::Kind;
use super::connection::{Connection, Recovery};
use super::state::State;

/// A snapshot of a connection's numbers (Linux's `struct tcp_info`, where the names are the same).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TcpInfo {
    /// The state.
    pub state: State,
    /// The congestion control.
    pub congestion: Kind,
    /// Timestamps are in use.
    pub timestamps: bool,
    /// SACK is in use.
    pub sack: bool,
    /// The shifts of the peer's windows and of ours, where windows are scaled.
    pub window_scales: Option<(u8, u8)>,
    /// The timeout with its backoff, in nanoseconds.
    pub rto_ns: u64,
    /// How often the timeout was doubled.
    pub backoff: u8,
    /// The smoothed round trip, in nanoseconds; 0 before the first measurement.
    pub srtt_ns: u64,
    /// Its variation, in nanoseconds.
    pub rttvar_ns: u64,
    /// The least round trip, in nanoseconds; 0 before the first measurement.
    pub min_rtt_ns: u64,
    /// The data of a full segment, in bytes.
    pub mss_bytes: u64,
    /// The path's MTU as far as it is known, in bytes.
    pub path_mtu_bytes: u64,
    /// The congestion window, in bytes.
    pub cwnd_bytes: u64,
    /// The threshold of slow start, in bytes, once there was a loss.
    pub ssthresh_bytes: Option<u64>,
    /// The peer's window, in bytes.
    pub send_window_bytes: u64,
    /// Our window, in bytes.
    pub receive_window_bytes: u64,
    /// What is sent and not acknowledged, in bytes.
    pub in_flight_bytes: u64,
    /// What the peer holds beyond its acknowledgement, in bytes.
    pub sacked_bytes: u64,
    /// What waits to be sent, in bytes.
    pub unsent_bytes: u64,
    /// What waits to be read, in bytes.
    pub unread_bytes: u64,
    /// A loss is being recovered from.
    pub recovering: bool,
    /// Timeouts since the last progress.
    pub retries: u8,
    /// Segments that came.
    pub segments_in: u64,
    /// Segments that left.
    pub segments_out: u64,
    /// Segments with data that came.
    pub data_segments_in: u64,
    /// Segments with data that left.
    pub data_segments_out: u64,
    /// Data that left, repetitions included, in bytes.
    pub bytes_sent: u64,
    /// What was acknowledged, in bytes.
    pub bytes_acked: u64,
    /// Data that arrived in order, in bytes.
    pub bytes_received: u64,
    /// Data that was sent again, in bytes.
    pub bytes_retransmitted: u64,
    /// Segments that were sent again.
    pub retransmits: u64,
    /// Timeouts in all.
    pub timeouts: u64,
    /// Fast recoveries in all.
    pub recoveries: u64,
    /// Duplicate acknowledgements that came.
    pub duplicate_acks_in: u64,
    /// Segments that came before their turn.
    pub out_of_order: u64,
    /// Segments that were dropped.
    pub dropped: u64,
    /// Challenges that were sent (RFC 5961).
    pub challenges: u64,
    /// Probes of a closed window.
    pub probes: u64,
}

impl Connection {
    /// The connection's numbers.
    #[must_use]
    pub fn info(&self) -> TcpInfo {
        let (send, counters, rtt) = (&self.send, &self.counters, &self.rtt);
        let negotiated = &self.negotiated;
        let scales = (negotiated.send_shift, negotiated.receive_shift);
        TcpInfo {
            state: self.state,
            congestion: self.congestion.kind(),
            timestamps: negotiated.timestamps,
            sack: negotiated.sack,
            window_scales: negotiated.scaling.then_some(scales),
            rto_ns: rtt.timeout_ns(),
            backoff: rtt.backoff,
            srtt_ns: rtt.smoothed_ns.unwrap_or(0),
            rttvar_ns: rtt.variation_ns,
            min_rtt_ns: rtt.least_ns.unwrap_or(0),
            mss_bytes: self.smss(),
            path_mtu_bytes: u64::from(send.mss) + 40,
            cwnd_bytes: self.congestion.window,
            ssthresh_bytes: self.congestion.threshold,
            send_window_bytes: send.window,
            receive_window_bytes: self.receive.window(),
            in_flight_bytes: send.nxt - send.una,
            sacked_bytes: send.scoreboard.sacked_bytes(),
            unsent_bytes: send.queue.end().saturating_sub(send.nxt),
            unread_bytes: self.receive.queue.len(),
            recovering: self.recovery != Recovery::Open,
            retries: self.unanswered.retries,
            segments_in: counters.segments_in,
            segments_out: counters.segments_out,
            data_segments_in: counters.data_segments_in,
            data_segments_out: counters.data_segments_out,
            bytes_sent: counters.bytes_sent,
            bytes_acked: counters.bytes_acked,
            bytes_received: counters.bytes_received,
            bytes_retransmitted: counters.bytes_retransmitted,
            retransmits: counters.retransmits,
            timeouts: counters.timeouts,
            recoveries: counters.recoveries,
            duplicate_acks_in: counters.duplicate_acks_in,
            out_of_order: counters.out_of_order,
            dropped: counters.dropped,
            challenges: counters.challenges,
            probes: counters.probes,
        }
    }
}
