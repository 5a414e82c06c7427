//! What one direction of a link does to the frames that are sent on it: a pure function of its state.

use bevy_ecs::prelude::*;
use helios_engine::nanos;
use helios_engine::streams::NodeStream;
use serde::{Deserialize, Serialize};

/// Chances are counted in millionths.
const MILLION: u64 = 1_000_000;
/// The longest latency and jitter, in nanoseconds: ten minutes.
pub(super) const MAX_DELAY_NS: u64 = 600_000_000_000;
/// The fastest link, in bits a second.
pub(super) const MAX_BITS_PER_SECOND: u64 = 1_000_000_000_000;
/// The longest queue, in bytes.
pub(super) const MAX_QUEUE_BYTES: u64 = 1 << 30;

/// What a direction of a link is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LinkSpec {
    /// How long a bit takes to the other end.
    pub latency_ns: u64,
    /// Each frame takes longer by up to this much, evenly spread. Frames keep their order.
    pub jitter_ns: u64,
    /// Bits a second; 0: as many as one likes.
    pub bits_per_second: u64,
    /// Chance that a frame is lost, in millionths.
    pub loss_ppm: u32,
    /// Chance that a frame arrives twice.
    pub duplicate_ppm: u32,
    /// Chance that a frame is overtaken by those that are sent in the next `latency_ns` after it, at least 1 ms.
    pub reorder_ppm: u32,
    /// Chance that one bit of a frame is flipped on the way.
    pub corrupt_ppm: u32,
    /// Bytes that wait for the link at most, whole frames: a frame that finds more is dropped.
    pub queue_bytes: u64,
}

impl Default for LinkSpec {
    fn default() -> Self {
        Self {
            latency_ns: 50_000,
            jitter_ns: 0,
            bits_per_second: 1_000_000_000,
            loss_ppm: 0,
            duplicate_ppm: 0,
            reorder_ppm: 0,
            corrupt_ppm: 0,
            queue_bytes: 512 << 10,
        }
    }
}

impl LinkSpec {
    /// What is wrong with it, if anything.
    ///
    /// # Errors
    /// Names the field and its bound.
    pub fn check(&self) -> Result<(), String> {
        let bounds = [
            ("latency_ns", self.latency_ns, MAX_DELAY_NS),
            ("jitter_ns", self.jitter_ns, MAX_DELAY_NS),
            ("bits_per_second", self.bits_per_second, MAX_BITS_PER_SECOND),
            ("loss_ppm", self.loss_ppm.into(), MILLION),
            ("duplicate_ppm", self.duplicate_ppm.into(), MILLION),
            ("reorder_ppm", self.reorder_ppm.into(), MILLION),
            ("corrupt_ppm", self.corrupt_ppm.into(), MILLION),
            ("queue_bytes", self.queue_bytes, MAX_QUEUE_BYTES),
        ];
        match bounds.iter().find(|(_, value, most)| value > most) {
            Some((name, value, most)) => Err(format!("{name}: {value} is over {most}")),
            None => Ok(()),
        }
    }

    fn serialisation_ns(&self, len_bytes: u64) -> u64 {
        (len_bytes * 8 * 1_000_000_000)
            .checked_div(self.bits_per_second)
            .unwrap_or(0)
    }

    /// Bytes that leave in so much time.
    fn bytes_in(&self, ns: u64) -> u64 {
        let bits = u128::from(ns) * u128::from(self.bits_per_second) / 1_000_000_000;
        u64::try_from(bits / 8).unwrap_or(u64::MAX)
    }
}

/// One direction of a link, at its sending end.
#[derive(Component, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HalfLink {
    /// What it is like.
    pub spec: LinkSpec,
    /// When the last bit of what was sent has left.
    #[serde(with = "nanos")]
    pub busy_until_ns: u64,
    /// When the last frame that kept its order arrives.
    #[serde(with = "nanos")]
    pub last_arrival_ns: u64,
    /// Frames sent, lost ones and copies included.
    pub sent: u64,
    /// Where its chances come from.
    pub stream: NodeStream,
}

/// How a frame arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// When its last bit is there.
    pub at_ns: u64,
    /// Its number among those that this direction sent.
    pub number: u64,
    /// The bit that is flipped, if one is.
    pub flipped_bit: Option<u64>,
}

/// Why a frame does not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// The queue was full.
    QueueFull,
    /// The link lost it.
    OnTheWay,
}

/// What becomes of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It does not arrive.
    Lost(Lost),
    /// It arrives, perhaps twice.
    Arrives(Arrival, Option<Arrival>),
}

impl HalfLink {
    /// An idle direction.
    #[must_use]
    pub const fn new(spec: LinkSpec, stream: NodeStream) -> Self {
        Self {
            spec,
            busy_until_ns: 0,
            last_arrival_ns: 0,
            sent: 0,
            stream,
        }
    }

    /// Bytes that wait or are being sent at that time.
    #[must_use]
    pub fn backlog_bytes(&self, now_ns: u64) -> u64 {
        self.spec.bytes_in(self.busy_until_ns.saturating_sub(now_ns))
    }

    /// Sends a frame at `now_ns`. It arrives at `earliest_ns` at the soonest.
    pub fn send(&mut self, now_ns: u64, earliest_ns: u64, len_bytes: u64) -> Fate {
        let waiting = self.backlog_bytes(now_ns);
        if waiting > 0 && waiting + len_bytes > self.spec.queue_bytes {
            return Fate::Lost(Lost::QueueFull);
        }
        let leaves_ns = self.busy_until_ns.max(now_ns) + self.spec.serialisation_ns(len_bytes);
        self.busy_until_ns = leaves_ns;
        self.sent += 1;
        if self.chance(self.spec.loss_ppm) {
            return Fate::Lost(Lost::OnTheWay);
        }
        let jitter_ns = match self.spec.jitter_ns {
            0 => 0,
            most => self.stream.below(most + 1),
        };
        let mut at_ns = (leaves_ns + self.spec.latency_ns + jitter_ns).max(earliest_ns);
        if self.chance(self.spec.reorder_ppm) {
            at_ns += self.spec.latency_ns.max(1_000_000);
        } else {
            at_ns = at_ns.max(self.last_arrival_ns);
            self.last_arrival_ns = at_ns;
        }
        let flipped_bit = if self.chance(self.spec.corrupt_ppm) {
            Some(self.stream.below((len_bytes * 8).max(1)))
        } else {
            None
        };
        let first = Arrival {
            at_ns,
            number: self.sent,
            flipped_bit,
        };
        let copy = self.chance(self.spec.duplicate_ppm).then(|| {
            self.sent += 1;
            Arrival {
                number: self.sent,
                ..first
            }
        });
        Fate::Arrives(first, copy)
    }

    /// Nothing is drawn for what cannot be, so that a link without faults costs nothing.
    fn chance(&mut self, ppm: u32) -> bool {
        ppm > 0 && self.stream.below(MILLION) < u64::from(ppm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(spec: LinkSpec) -> HalfLink {
        HalfLink::new(spec, NodeStream::new(&[7; 32], "test"))
    }

    fn at(fate: Fate) -> u64 {
        match fate {
            Fate::Arrives(arrival, _) => arrival.at_ns,
            Fate::Lost(why) => panic!("lost: {why:?}"),
        }
    }

    #[test]
    fn frames_leave_one_after_the_other() {
        let mut link = link(LinkSpec {
            latency_ns: 1_000,
            bits_per_second: 8_000_000,
            ..LinkSpec::default()
        });
        // A byte a microsecond.
        assert_eq!(at(link.send(0, 0, 100)), 101_000);
        assert_eq!(at(link.send(0, 0, 100)), 201_000);
        assert_eq!(link.backlog_bytes(50_000), 150);
        assert_eq!(at(link.send(500_000, 0, 100)), 601_000);
        assert_eq!(at(link.send(500_000, 1_000_000, 100)), 1_000_000);
    }

    #[test]
    fn a_full_queue_drops_and_an_idle_link_takes_any_frame() {
        let mut link = link(LinkSpec {
            bits_per_second: 8_000_000,
            queue_bytes: 250,
            ..LinkSpec::default()
        });
        assert!(matches!(link.send(0, 0, 9_000), Fate::Arrives(..)));
        assert_eq!(link.send(0, 0, 1), Fate::Lost(Lost::QueueFull));
        assert!(matches!(link.send(8_900_000, 0, 100), Fate::Arrives(..)));
        assert_eq!(link.send(8_900_000, 0, 100), Fate::Lost(Lost::QueueFull));
    }

    #[test]
    fn chances_are_what_was_asked_for() {
        let mut link = link(LinkSpec {
            loss_ppm: 10_000,
            duplicate_ppm: 50_000,
            corrupt_ppm: 2_000,
            reorder_ppm: 30_000,
            ..LinkSpec::default()
        });
        let (mut lost, mut twice, mut flipped, mut overtaken, mut last) = (0, 0, 0, 0, 0);
        for index in 0..100_000u64 {
            match link.send(index * 10_000_000, 0, 100) {
                Fate::Lost(_) => lost += 1,
                Fate::Arrives(first, copy) => {
                    twice += u32::from(copy.is_some());
                    flipped += u32::from(first.flipped_bit.is_some_and(|bit| bit < 800));
                    overtaken += u32::from(first.at_ns > index * 10_000_000 + 900_000);
                    last = last.max(first.number);
                }
            }
        }
        let near = |count: u32, wanted: u32| count.abs_diff(wanted) < wanted / 5;
        assert!(
            near(lost, 1_000) && near(twice, 4_950) && near(flipped, 198) && near(overtaken, 2_970),
            "{lost} {twice} {flipped} {overtaken}"
        );
        assert!(last > 104_000);
    }

    #[test]
    fn jitter_keeps_the_order() {
        let mut link = link(LinkSpec {
            jitter_ns: 5_000_000,
            ..LinkSpec::default()
        });
        let times: Vec<u64> = (0..1_000).map(|index| at(link.send(index * 1_000, 0, 60))).collect();
        assert!(times.is_sorted());
        assert!(times.last() > times.first());
    }
}
