//! What a switch does with a frame.

use bevy_ecs::prelude::*;
use bytes::Bytes;
use helios_engine::ids::NodeId;
use helios_engine::prelude::Nodes;

use super::cam::Learned;
use super::{Cam, DEFAULT_VLAN, PortMode, Switch, SwitchCounters};
use crate::flight::send;
use crate::index::NetIndex;
use crate::link::{Endpoint, Interface};
use crate::wire::ethernet::{EthernetHeader, VlanTag, pop_tag, push_tag};

const NS_PER_MS: u64 = 1_000_000;

/// Takes a frame at a port and passes it on.
pub(crate) fn receive(world: &mut World, at: Endpoint, frame: Bytes, now_ns: u64) {
    let Some(own) = world.resource::<Nodes>().get(at.node) else {
        return;
    };
    let decision = decide(world, own, at, &frame, now_ns / NS_PER_MS);
    if let Some(mirror) = world.get::<Switch>(own).and_then(|switch| switch.mirror)
        && mirror != at.interface
        && world.resource::<NetIndex>().interface(at.node, mirror).is_some()
    {
        send(
            world,
            Endpoint {
                interface: mirror,
                ..at
            },
            frame.clone(),
            now_ns,
        );
    }
    let (vlan, tag, ports) = match decision {
        Decision::Drop => return,
        Decision::To { vlan, tag, port } => (vlan, tag, vec![port]),
        Decision::Flood { vlan, tag } => (vlan, tag, others(world, at)),
    };
    let mut forms = Forms {
        frame,
        tag,
        vlan,
        other: None,
    };
    for port in ports {
        let tagged = world.get::<Switch>(own).and_then(|switch| switch.leaves(port, vlan));
        if let Some(tagged) = tagged {
            let to = Endpoint { interface: port, ..at };
            send(world, to, forms.form(tagged), now_ns);
        }
    }
}

enum Decision {
    Drop,
    To { vlan: u16, tag: Option<VlanTag>, port: u32 },
    Flood { vlan: u16, tag: Option<VlanTag> },
}

fn decide(world: &mut World, own: Entity, at: Endpoint, frame: &Bytes, now_ms: u64) -> Decision {
    let mut entity = world.entity_mut(own);
    let Some(switch) = entity.get::<Switch>() else {
        return Decision::Drop;
    };
    let (ageing_ms, storm) = (switch.ageing_ms, switch.storm_frames_per_ms);
    let header = EthernetHeader::parse(frame).ok();
    let entered = header.and_then(|header| switch.enters(at.interface, header.tag).map(|vlan| (header, vlan)));
    let Some((header, vlan)) = entered else {
        counters(&mut entity).refused += 1;
        return Decision::Drop;
    };
    let tag = header.tag;
    if !header.source.is_multicast() {
        let fresh = entity
            .get::<Cam>()
            .is_some_and(|cam| cam.is_fresh(vlan, header.source, at.interface, now_ms));
        if !fresh {
            let mut cam = entity.get_mut::<Cam>().expect("a switch has its table");
            let learned = cam.learn(vlan, header.source, at.interface, now_ms, ageing_ms);
            if learned == Learned::Moved {
                counters(&mut entity).moved += 1;
            }
        }
    }
    let known = (!header.destination.is_multicast())
        .then(|| {
            entity
                .get::<Cam>()
                .and_then(|cam| cam.lookup(vlan, header.destination, now_ms, ageing_ms))
        })
        .flatten();
    let counters = &mut *counters(&mut entity);
    match known {
        Some(port) if port == at.interface => {
            counters.filtered += 1;
            Decision::Drop
        }
        Some(port) => {
            counters.forwarded += 1;
            Decision::To { vlan, tag, port }
        }
        None => {
            if counters.now_ms != now_ms {
                counters.now_ms = now_ms;
                counters.flooded_now.clear();
            }
            let flooded = counters.flooded_now.entry(at.interface).or_default();
            if *flooded >= storm {
                counters.storm_dropped += 1;
                return Decision::Drop;
            }
            *flooded += 1;
            counters.flooded += 1;
            Decision::Flood { vlan, tag }
        }
    }
}

fn counters<'w>(entity: &'w mut EntityWorldMut<'_>) -> Mut<'w, SwitchCounters> {
    entity.get_mut::<SwitchCounters>().expect("a switch has its counters")
}

/// All ports but the one where a frame came in.
fn others(world: &World, at: Endpoint) -> Vec<u32> {
    let index = world.resource::<NetIndex>();
    let ports = index.interfaces(at.node).filter(|(port, entity)| {
        *port != at.interface && world.get::<Interface>(*entity).is_some_and(Interface::carries)
    });
    ports.map(|(port, _)| port).collect()
}

impl Switch {
    fn mode(&self, port: u32) -> PortMode {
        let mode = self.ports.get(&port).cloned();
        mode.unwrap_or(PortMode::Access(DEFAULT_VLAN))
    }

    /// The VLAN of a frame that comes in at a port; none where the port does not take it.
    fn enters(&self, port: u32, tag: Option<VlanTag>) -> Option<u16> {
        // VID 0 is a priority alone: as if untagged (802.1Q section 9.6).
        let vid = tag.map(|tag| tag.vid).filter(|vid| *vid != 0);
        match (self.ports.get(&port), vid) {
            (None, None) => Some(DEFAULT_VLAN),
            (None, Some(_)) => None,
            (Some(PortMode::Access(vlan)), None) => Some(*vlan),
            (Some(PortMode::Access(vlan)), Some(vid)) => (vid == *vlan).then_some(vid),
            (Some(PortMode::Trunk { native, .. }), None) => *native,
            (Some(PortMode::Trunk { vlans, native }), Some(vid)) => {
                (vlans.contains(&vid) || *native == Some(vid)).then_some(vid)
            }
        }
    }

    /// Whether a frame of a VLAN leaves at a port, and then whether tagged.
    fn leaves(&self, port: u32, vlan: u16) -> Option<bool> {
        match self.mode(port) {
            PortMode::Access(own) => (own == vlan).then_some(false),
            PortMode::Trunk { native, .. } if native == Some(vlan) => Some(false),
            PortMode::Trunk { vlans, .. } => vlans.contains(&vlan).then_some(true),
        }
    }
}

/// A frame with and without its tag, each made when it is first wanted.
struct Forms {
    frame: Bytes,
    tag: Option<VlanTag>,
    vlan: u16,
    other: Option<Bytes>,
}

impl Forms {
    fn form(&mut self, tagged: bool) -> Bytes {
        let as_is = match self.tag {
            Some(tag) => tagged && tag.vid == self.vlan,
            None => !tagged,
        };
        if as_is {
            return self.frame.clone();
        }
        if self.other.is_none() {
            self.other = Some(self.changed(tagged));
        }
        self.other.clone().expect("made above")
    }

    fn changed(&self, tagged: bool) -> Bytes {
        let mut bare = bytes::BytesMut::from(&self.frame[..]);
        let popped = pop_tag(&mut bare).ok().flatten();
        if !tagged {
            return bare.freeze();
        }
        let tag = VlanTag {
            vid: self.vlan,
            ..popped.unwrap_or(VlanTag::vlan(self.vlan))
        };
        push_tag(&bare, tag).map_or_else(|_| self.frame.clone(), bytes::BytesMut::freeze)
    }
}

/// The ports of a switch, for whoever asks.
pub(super) fn has_port(world: &World, node: NodeId, port: u32) -> bool {
    world.resource::<NetIndex>().interface(node, port).is_some()
}
