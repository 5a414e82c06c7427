//! The `switch` section of a world file.

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use helios_engine::ids::{NodeId, NodeKind};
use helios_engine::prelude::{Node, Nodes, Section, Spanned, WorldError};
use serde::Deserialize;

use super::forward::has_port;
use super::{AGEING_MS, CAM_ENTRIES, Cam, PortMode, STORM_FRAMES_PER_MS, Switch, SwitchCounters};
use crate::link::{ETHERNET_MTU, InterfaceSpec, MAX_INTERFACES, spawn_interface};

/// The highest VLAN (802.1Q table 9-2).
const MAX_VLAN: u16 = 4094;
/// The largest table of addresses.
const MAX_CAM_ENTRIES: u32 = 1 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SwitchSection {
    ports: Spanned<u32>,
    #[serde(default)]
    access: BTreeMap<u32, Spanned<u16>>,
    #[serde(default)]
    trunks: BTreeMap<u32, Spanned<TrunkSection>>,
    mirror: Option<Spanned<u32>>,
    cam_entries: Option<Spanned<u32>>,
    ageing_s: Option<u32>,
    storm_frames_per_ms: Option<u32>,
    mtu: Option<Spanned<u32>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TrunkSection {
    native: Option<u16>,
    vlans: Vec<u16>,
}

/// Makes a switch of a node, with ports `1` to `ports`.
pub(crate) fn build_section(world: &mut World, node: NodeId, section: &Section<'_>) -> Result<(), WorldError> {
    let read: SwitchSection = section.read()?;
    let own = world.resource::<Nodes>().get(node).expect("the node is there");
    if world.get::<Node>(own).is_none_or(|node| node.kind != NodeKind::Switch) {
        return Err(section.error("only a node of kind switch has this section"));
    }
    if !(1..MAX_INTERFACES).contains(&read.ports.value) {
        return Err(section.error_at(&read.ports, format!("a switch has 1 to {} ports", MAX_INTERFACES - 1)));
    }
    let capacity = match &read.cam_entries {
        None => CAM_ENTRIES,
        Some(entries) if (1..=MAX_CAM_ENTRIES).contains(&entries.value) => entries.value,
        Some(entries) => return Err(section.error_at(entries, format!("expected 1 to {MAX_CAM_ENTRIES}"))),
    };
    let mtu = match &read.mtu {
        None => ETHERNET_MTU,
        Some(mtu) if (ETHERNET_MTU..=9_216).contains(&mtu.value) => mtu.value,
        Some(mtu) => return Err(section.error_at(mtu, "expected 1500 to 9216")),
    };
    for number in 1..=read.ports.value {
        let spec = InterfaceSpec {
            number,
            name: number.to_string(),
            mac: None,
            mtu,
            addresses: Vec::new(),
        };
        spawn_interface(world, node, spec);
    }
    let ports = modes(world, node, &read, section)?;
    if let Some(mirror) = &read.mirror
        && !has_port(world, node, mirror.value)
    {
        return Err(section.error_at(mirror, "the switch has no such port"));
    }
    let switch = Switch {
        ports,
        mirror: read.mirror.map(|port| port.value),
        ageing_ms: read.ageing_s.map_or(AGEING_MS, |seconds| u64::from(seconds) * 1_000),
        storm_frames_per_ms: read.storm_frames_per_ms.unwrap_or(STORM_FRAMES_PER_MS),
    };
    world
        .entity_mut(own)
        .insert((switch, Cam::new(capacity), SwitchCounters::default()));
    Ok(())
}

fn modes(
    world: &World,
    node: NodeId,
    read: &SwitchSection,
    section: &Section<'_>,
) -> Result<BTreeMap<u32, PortMode>, WorldError> {
    let valid = |vlan: u16| (1..=MAX_VLAN).contains(&vlan);
    let mut ports = BTreeMap::new();
    for (&port, vlan) in &read.access {
        if !has_port(world, node, port) || !valid(vlan.value) {
            return Err(section.error_at(
                vlan,
                format!("expected a port of the switch, and a VLAN of 1 to {MAX_VLAN}"),
            ));
        }
        ports.insert(port, PortMode::Access(vlan.value));
    }
    for (&port, trunk) in &read.trunks {
        let all_valid = trunk
            .value
            .vlans
            .iter()
            .chain(&trunk.value.native)
            .all(|vlan| valid(*vlan));
        let mode = PortMode::Trunk {
            native: trunk.value.native,
            vlans: trunk.value.vlans.clone(),
        };
        if !has_port(world, node, port) || !all_valid || ports.insert(port, mode).is_some() {
            let why = format!("expected a port that is not an access port as well, and VLANs of 1 to {MAX_VLAN}");
            return Err(section.error_at(trunk, why));
        }
    }
    Ok(ports)
}
