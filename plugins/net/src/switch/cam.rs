//! The table of addresses: which port leads to whom.

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use helios_engine::state::Row;
use serde::{Deserialize, Serialize};

use crate::wire::MacAddr;

/// One address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CamEntry {
    /// The port that it was seen at last.
    pub port: u32,
    /// When, in milliseconds of virtual time.
    pub seen_ms: u64,
}

/// What became of an address that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Learned {
    /// It was known there, or is now.
    Known,
    /// It was at another port.
    Moved,
    /// The table is full of younger ones.
    Full,
}

/// Addresses by VLAN and address. On the switch's own entity.
///
/// An entry that is older than the switch's ageing time counts as absent, and goes when the table is looked through for
/// room, or when somebody asks.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Saved", into = "Saved")]
pub struct Cam {
    entries: BTreeMap<(u16, MacAddr), CamEntry>,
    capacity: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    entries: Vec<(u16, MacAddr, CamEntry)>,
    capacity: u32,
}

impl From<Saved> for Cam {
    fn from(saved: Saved) -> Self {
        Self {
            entries: saved
                .entries
                .into_iter()
                .map(|(vlan, mac, entry)| ((vlan, mac), entry))
                .collect(),
            capacity: saved.capacity,
        }
    }
}

impl From<Cam> for Saved {
    fn from(cam: Cam) -> Self {
        Self {
            entries: cam
                .entries
                .into_iter()
                .map(|((vlan, mac), entry)| (vlan, mac, entry))
                .collect(),
            capacity: cam.capacity,
        }
    }
}

impl Row for Cam {
    const NAME: &'static str = "cam";
    const SCHEMA: u32 = 1;
}

impl Cam {
    /// An empty table.
    #[must_use]
    pub const fn new(capacity: u32) -> Self {
        Self {
            entries: BTreeMap::new(),
            capacity,
        }
    }

    /// How many addresses it holds, aged ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many it can hold.
    #[must_use]
    pub const fn capacity(&self) -> u32 {
        self.capacity
    }

    /// Addresses that count at that time, in order.
    pub fn iter(&self, now_ms: u64, ageing_ms: u64) -> impl Iterator<Item = (u16, MacAddr, CamEntry)> + '_ {
        let young = move |entry: &CamEntry| entry.seen_ms + ageing_ms > now_ms;
        self.entries
            .iter()
            .filter(move |(_, entry)| young(entry))
            .map(|(&(vlan, mac), &entry)| (vlan, mac, entry))
    }

    /// The port behind which an address is.
    #[must_use]
    pub fn lookup(&self, vlan: u16, mac: MacAddr, now_ms: u64, ageing_ms: u64) -> Option<u32> {
        let entry = self.entries.get(&(vlan, mac))?;
        (entry.seen_ms + ageing_ms > now_ms).then_some(entry.port)
    }

    /// Whether seeing the address there now would change nothing: it was seen in this second.
    pub(super) fn is_fresh(&self, vlan: u16, mac: MacAddr, port: u32, now_ms: u64) -> bool {
        self.entries
            .get(&(vlan, mac))
            .is_some_and(|entry| entry.port == port && entry.seen_ms + 1_000 > now_ms)
    }

    /// Remembers where an address was seen.
    pub(super) fn learn(&mut self, vlan: u16, mac: MacAddr, port: u32, now_ms: u64, ageing_ms: u64) -> Learned {
        let seen = CamEntry { port, seen_ms: now_ms };
        if let Some(entry) = self.entries.get_mut(&(vlan, mac)) {
            let moved = entry.port != port && entry.seen_ms + ageing_ms > now_ms;
            *entry = seen;
            return if moved { Learned::Moved } else { Learned::Known };
        }
        if self.entries.len() >= self.capacity as usize {
            self.entries.retain(|_, entry| entry.seen_ms + ageing_ms > now_ms);
            if self.entries.len() >= self.capacity as usize {
                return Learned::Full;
            }
        }
        self.entries.insert((vlan, mac), seen);
        Learned::Known
    }

    /// Forgets a port's addresses, or all.
    pub fn flush(&mut self, port: Option<u32>) {
        match port {
            Some(port) => self.entries.retain(|_, entry| entry.port != port),
            None => self.entries.clear(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: MacAddr = MacAddr([2, 0, 0, 0, 0, 1]);
    const B: MacAddr = MacAddr([2, 0, 0, 0, 0, 2]);
    const C: MacAddr = MacAddr([2, 0, 0, 0, 0, 3]);

    #[test]
    fn addresses_age_and_move() {
        let mut cam = Cam::new(2);
        assert_eq!(cam.learn(1, A, 1, 0, 300), Learned::Known);
        assert_eq!(cam.lookup(1, A, 299, 300), Some(1));
        assert_eq!(cam.lookup(1, A, 300, 300), None);
        assert_eq!(cam.lookup(2, A, 0, 300), None);
        assert_eq!(cam.learn(1, A, 2, 100, 300), Learned::Moved);
        assert_eq!(cam.learn(1, A, 1, 500, 300), Learned::Known, "it had aged");
        assert_eq!(cam.learn(1, B, 3, 600, 300), Learned::Known);
        assert_eq!(cam.learn(1, C, 3, 700, 300), Learned::Full);
        assert_eq!(cam.learn(1, C, 3, 800, 300), Learned::Known, "the first has aged");
        assert_eq!(cam.iter(800, 300).map(|(_, mac, _)| mac).collect::<Vec<_>>(), [B, C]);
        cam.flush(Some(3));
        assert!(cam.is_empty());
    }
}
