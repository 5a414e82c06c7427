//! What frames are: wire formats, dissection, filters and capture files, as functions of bytes.
//!
//! [`wire`] reads and writes the formats of Ethernet, ARP, IPv4, ICMP, IGMP, UDP and TCP; [`dissect`] says what a frame
//! holds and whether a filter of tcpdump takes it; [`capture`] reads and writes the files that Wireshark opens. Nothing here
//! knows of a world, a process or a host: the network's room, the isolates' intrinsics and the command line share it.
//!
//! All input is untrusted: whatever the bytes are, reading them ends, with a value or an error.

pub mod capture;
pub mod dissect;
pub mod wire;
