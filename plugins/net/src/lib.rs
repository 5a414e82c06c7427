//! Wire formats, links and host stacks: the room of the network.
//!
//! What lies on the wire is real: [`wire`] reads and writes the formats of Ethernet, ARP, IPv4, ICMP, UDP and TCP byte for
//! byte. [`tcp`] is the protocol as pure functions of plain state; [`dissect`] says what a frame holds, for whoever shows
//! it; [`capture`] keeps frames in files. The room may depend on the kernel's registries and on the engine, never the other
//! way round. Frames are delivered in `Deliver` from the engine's calendar, after a node's timers of the same nanosecond,
//! and leave in `Transmit`.

pub mod capture;
pub mod dissect;
pub mod tcp;
pub mod wire;
