//! One direction of a virtual link: it delays, loses, doubles, reorders and corrupts as its seed says.

use std::collections::BTreeMap;

use helios_net::tcp::Endpoints;
use helios_net::wire::tcp::{Flags, Options, Segment, SeqNumber};
use smoltcp::phy::ChecksumCapabilities;
use smoltcp::wire::{
    IpAddress, IpProtocol, Ipv4Packet, Ipv4Repr, TcpControl, TcpPacket, TcpRepr, TcpSeqNumber, TcpTimestampRepr,
};

use crate::random::Random;

/// What a link does to what it carries. Chances are in millionths.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Conditions {
    pub(crate) delay_ns: u64,
    pub(crate) jitter_ns: u64,
    pub(crate) loss: u64,
    /// Each so-manieth segment is lost, like clockwork; 0: none.
    pub(crate) loss_every: u64,
    pub(crate) duplication: u64,
    pub(crate) reordering: u64,
    pub(crate) corruption: u64,
    /// 0: as fast as can be.
    pub(crate) bits_per_second: u64,
    /// What may wait for the line, in bytes; 0: any amount.
    pub(crate) queue_bytes: u64,
}

/// A direction.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) conditions: Conditions,
    ends: Endpoints,
    random: Random,
    in_flight: BTreeMap<(u64, u64), Segment>,
    sequence: u64,
    busy_until_ns: u64,
    latest_ns: u64,
    pub(crate) carried: u64,
    pub(crate) lost: u64,
}

impl Link {
    /// A direction from `ends.local` to `ends.remote`.
    pub(crate) fn new(conditions: Conditions, ends: Endpoints, random: Random) -> Self {
        Self {
            conditions,
            ends,
            random,
            in_flight: BTreeMap::new(),
            sequence: 0,
            busy_until_ns: 0,
            latest_ns: 0,
            carried: 0,
            lost: 0,
        }
    }

    pub(crate) fn send(&mut self, segment: Segment, now_ns: u64) {
        let conditions = self.conditions;
        self.carried += 1;
        let turn = conditions.loss_every > 0 && self.carried.is_multiple_of(conditions.loss_every);
        if turn || self.random.happens(conditions.loss) {
            self.lost += 1;
            return;
        }
        let mut sent_ns = now_ns;
        if conditions.bits_per_second > 0 {
            let bits = 8 * (frame_bytes(&segment));
            let start_ns = self.busy_until_ns.max(now_ns);
            let waiting = (start_ns - now_ns) * conditions.bits_per_second / 8_000_000_000;
            if conditions.queue_bytes > 0 && waiting > conditions.queue_bytes {
                self.lost += 1;
                return;
            }
            sent_ns = start_ns + bits * 1_000_000_000 / conditions.bits_per_second;
            self.busy_until_ns = sent_ns;
        }
        let copies = 1 + u64::from(self.random.happens(conditions.duplication));
        for _ in 0..copies {
            let Some(segment) = self.maybe_corrupt(&segment) else {
                continue;
            };
            let mut arrival_ns = sent_ns + conditions.delay_ns;
            if conditions.jitter_ns > 0 {
                arrival_ns += self.random.below(conditions.jitter_ns);
            }
            // Order holds but for what is reordered on purpose.
            if self.random.happens(conditions.reordering) {
                arrival_ns += self.random.below(10_000_000);
            } else {
                arrival_ns = arrival_ns.max(self.latest_ns);
                self.latest_ns = arrival_ns;
            }
            self.sequence += 1;
            self.in_flight.insert((arrival_ns, self.sequence), segment);
        }
    }

    /// A bit flips; whoever receives it finds the checksum wrong.
    fn maybe_corrupt(&mut self, segment: &Segment) -> Option<Segment> {
        if !self.random.happens(self.conditions.corruption) {
            return Some(segment.clone());
        }
        let mut datagram = encode(segment, self.ends);
        let bit = self.random.below(8 * datagram.len() as u64);
        datagram[bit as usize / 8] ^= 1 << (bit % 8);
        decode(&datagram)
    }

    pub(crate) fn next_ns(&self) -> Option<u64> {
        self.in_flight.keys().next().map(|key| key.0)
    }

    pub(crate) fn arrive(&mut self, now_ns: u64) -> Option<Segment> {
        let entry = self.in_flight.first_entry().filter(|entry| entry.key().0 <= now_ns)?;
        Some(entry.remove())
    }
}

/// What a segment takes of an Ethernet line: with preamble, header, check sequence and gap.
pub(crate) fn frame_bytes(segment: &Segment) -> u64 {
    let options = &segment.options;
    let sack = options.sack.len() as u64;
    let bytes = u64::from(options.mss.is_some()) * 4
        + u64::from(options.window_scale.is_some()) * 4
        + u64::from(options.timestamps.is_some()) * 12
        + if sack > 0 { 4 + 8 * sack } else { 0 };
    40 + bytes + segment.payload.len() as u64 + 38
}

/// A segment as an IPv4 datagram, by smoltcp.
pub(crate) fn encode(segment: &Segment, ends: Endpoints) -> Vec<u8> {
    let flags = segment.flags;
    let control = match (flags.syn, flags.fin, flags.rst, flags.psh) {
        (true, ..) => TcpControl::Syn,
        (_, true, ..) => TcpControl::Fin,
        (_, _, true, _) => TcpControl::Rst,
        (_, _, _, true) => TcpControl::Psh,
        _ => TcpControl::None,
    };
    let mut sack = segment.options.sack.iter().map(|(left, right)| (left.0, right.0));
    let repr = TcpRepr {
        src_port: segment.source_port,
        dst_port: segment.destination_port,
        control,
        seq_number: TcpSeqNumber(segment.seq.0.cast_signed()),
        ack_number: flags.ack.then_some(TcpSeqNumber(segment.ack.0.cast_signed())),
        window_len: segment.window,
        window_scale: segment.options.window_scale,
        max_seg_size: segment.options.mss,
        sack_permitted: segment.options.sack_permitted,
        sack_ranges: [sack.next(), sack.next(), sack.next()],
        timestamp: segment
            .options
            .timestamps
            .map(|(value, echo)| TcpTimestampRepr::new(value, echo)),
        payload: &segment.payload,
    };
    let (source, destination) = (*ends.local.ip(), *ends.remote.ip());
    let ip = Ipv4Repr {
        src_addr: source,
        dst_addr: destination,
        next_header: IpProtocol::Tcp,
        payload_len: repr.buffer_len(),
        hop_limit: 64,
    };
    let checksums = ChecksumCapabilities::default();
    let mut datagram = vec![0; ip.buffer_len() + repr.buffer_len()];
    ip.emit(&mut Ipv4Packet::new_unchecked(&mut datagram), &checksums);
    repr.emit(
        &mut TcpPacket::new_unchecked(&mut datagram[ip.buffer_len()..]),
        &IpAddress::Ipv4(source),
        &IpAddress::Ipv4(destination),
        &checksums,
    );
    datagram
}

/// A segment from an IPv4 datagram, unless a checksum is wrong.
pub(crate) fn decode(datagram: &[u8]) -> Option<Segment> {
    let checksums = ChecksumCapabilities::default();
    let ip_packet = Ipv4Packet::new_checked(datagram).ok()?;
    let ip = Ipv4Repr::parse(&ip_packet, &checksums).ok()?;
    if ip.next_header != IpProtocol::Tcp {
        return None;
    }
    let packet = TcpPacket::new_checked(ip_packet.payload()).ok()?;
    let (source, destination) = (IpAddress::Ipv4(ip.src_addr), IpAddress::Ipv4(ip.dst_addr));
    let repr = TcpRepr::parse(&packet, &source, &destination, &checksums).ok()?;
    let sack = repr.sack_ranges.iter().flatten();
    Some(Segment {
        source_port: repr.src_port,
        destination_port: repr.dst_port,
        seq: SeqNumber(repr.seq_number.0.cast_unsigned()),
        ack: SeqNumber(repr.ack_number.map_or(0, |number| number.0.cast_unsigned())),
        flags: Flags {
            fin: packet.fin(),
            syn: packet.syn(),
            rst: packet.rst(),
            psh: packet.psh(),
            ack: packet.ack(),
            urg: packet.urg(),
            ece: false,
            cwr: false,
        },
        window: repr.window_len,
        urgent: packet.urgent_at(),
        options: Options {
            mss: repr.max_seg_size,
            window_scale: repr.window_scale,
            sack_permitted: repr.sack_permitted,
            sack: sack
                .map(|(left, right)| (SeqNumber(*left), SeqNumber(*right)))
                .collect(),
            timestamps: repr.timestamp.map(|stamp| (stamp.tsval, stamp.tsecr)),
        },
        payload: bytes::Bytes::copy_from_slice(repr.payload),
    })
}
