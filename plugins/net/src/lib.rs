//! Wire formats, links and host stacks: the room of the network.
//!
//! The room is empty for now: no call, component or system is registered here, and a world has no links yet. What
//! belongs here is fixed by the house: formats, links, switches, routers, air, the host stack (ARP, IPv4, ICMP, UDP, TCP),
//! dissection, capture and the gateway to the host. It may depend on the kernel's registries and on the engine, never
//! the other way round. Time is already laid out for it: frames are delivered in `Deliver` from the engine's calendar,
//! after a node's timers of the same nanosecond, and leave in `Transmit`.
