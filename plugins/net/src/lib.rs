//! Wire formats, links and host stacks: the room of the network.
//!
//! What lies on the wire is real: [`wire`] reads and writes the formats of Ethernet, ARP, IPv4, ICMP, UDP and TCP byte for
//! byte. [`tcp`] is the protocol as pure functions of plain state; [`dissect`] says what a frame holds, for whoever shows
//! it. [`link`] carries frames between interfaces, [`flight`] is where they are meanwhile, [`switch`] passes them on,
//! [`stack`] is what a machine does with them. The room may depend on the kernel's registries and on the engine, never the
//! other way round. Frames are delivered in `Deliver` from the engine's calendar, after a node's timers of the same
//! nanosecond; what a tick sends is on its way at the end of `Transmit`, and arrives in the next tick at the soonest.

mod commands;
pub mod flight;
pub mod index;
pub mod link;
mod nodes;
mod payload;
mod plugin;
pub mod sockets;
pub mod stack;
pub mod switch;
pub mod taps;
pub mod tcp;
mod topology;

pub use helios_dissect::{capture, dissect, wire};
pub use index::NetIndex;
pub use plugin::{NetPlugin, NetSystems};
