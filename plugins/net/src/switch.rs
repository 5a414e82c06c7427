//! Ethernet switches (IEEE 802.1Q): learning, forwarding, ageing, VLANs, a mirror port, a limit for storms.
//!
//! A switch has no spanning tree: a loop is a storm, as it is on a cheap switch. Storms stay bounded because every port
//! passes only so many flooded frames a millisecond on ([`Switch::storm_frames_per_ms`]), and are visible in the counters.

mod cam;
mod forward;
mod section;

use std::collections::BTreeMap;

use bevy_ecs::prelude::*;
use helios_engine::state::Row;
use serde::{Deserialize, Serialize};

pub use cam::{Cam, CamEntry};
pub(crate) use forward::receive;
pub(crate) use section::build_section;

/// How long the switch remembers where an address was, in milliseconds of virtual time (guide, section 5).
pub const AGEING_MS: u64 = 300_000;
/// Addresses that a switch remembers by default.
pub const CAM_ENTRIES: u32 = 8192;
/// VLAN of untagged frames where nothing else is said.
pub const DEFAULT_VLAN: u16 = 1;
/// Frames of a port that may be flooded in a millisecond.
pub const STORM_FRAMES_PER_MS: u32 = 1000;

/// How a port takes part in VLANs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PortMode {
    /// Untagged frames of one VLAN; tagged ones of another are dropped.
    Access(u16),
    /// Tagged frames of these VLANs, and untagged ones of `native`.
    Trunk {
        /// The VLAN of untagged frames, if they are taken.
        native: Option<u16>,
        /// VLANs whose frames pass.
        vlans: Vec<u16>,
    },
}

/// A switch. It is on its node's own entity; its ports are the node's interfaces.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// How ports take part in VLANs. A port that is not named is an access port of [`DEFAULT_VLAN`].
    pub ports: BTreeMap<u32, PortMode>,
    /// A port that gets a copy of every frame that the switch receives.
    pub mirror: Option<u32>,
    /// How long addresses are remembered.
    pub ageing_ms: u64,
    /// How many frames of a port may be flooded in a millisecond.
    pub storm_frames_per_ms: u32,
}

impl Default for Switch {
    fn default() -> Self {
        Self {
            ports: BTreeMap::new(),
            mirror: None,
            ageing_ms: AGEING_MS,
            storm_frames_per_ms: STORM_FRAMES_PER_MS,
        }
    }
}

impl Row for Switch {
    const NAME: &'static str = "switch";
    const SCHEMA: u32 = 1;
}

/// What a switch counts.
#[derive(Component, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchCounters {
    /// Frames passed on to one port.
    pub forwarded: u64,
    /// Frames passed on to all ports.
    pub flooded: u64,
    /// Frames whose receiver is behind the port that they came from.
    pub filtered: u64,
    /// Frames of a VLAN that their port does not take part in, or too short to be any.
    pub refused: u64,
    /// Frames that were not flooded because of the storm limit.
    pub storm_dropped: u64,
    /// Addresses that moved from one port to another: many of them mean a loop, or somebody who pretends.
    pub moved: u64,
    /// Flooded frames of each port in this millisecond.
    pub flooded_now: BTreeMap<u32, u32>,
    /// Which millisecond that is.
    pub now_ms: u64,
}

impl Row for SwitchCounters {
    const NAME: &'static str = "switch_counters";
    const SCHEMA: u32 = 1;
}
