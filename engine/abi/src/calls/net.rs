//! The structures of calls on sockets and on the machine's network.

use crate::define::abi_struct;
use crate::value::Bytes;

abi_struct! {
    /// One end of what a socket talks over.
    SocketAddress {
        /// The address, as `10.0.0.1`.
        address: String,
        /// The port.
        port: u16,
    }
}

abi_struct! {
    /// A connection that was made.
    SocketConnection {
        /// Its descriptor.
        fd: i32,
        /// This end.
        local: SocketAddress,
        /// The other end.
        remote: SocketAddress,
    }
}

abi_struct! {
    /// A datagram, ICMP message or frame that a socket received.
    SocketDatagram {
        /// What it holds: a payload, a message with its header, or a frame.
        data: Bytes,
        /// How long it was, if `data` is cut.
        length: u32,
        /// Who sent it; of a frame the hardware address.
        address: String,
        /// From which port; 0 where there are none.
        port: u16,
        /// To which address it was sent.
        to: String,
        /// The interface that it came in by, or left by.
        interface: String,
        /// Hops that it had left.
        hops: u32,
        /// Whether it is a frame that this machine sent.
        sent: bool,
        /// When it came, in microseconds since the world began.
        at_us as "atUs": u64,
    }
}

abi_struct! {
    /// What is known of a socket.
    SocketInfo {
        /// `tcp`, `udp`, `icmp`, `raw` or `packet`.
        kind: String,
        /// `LISTEN`, `ESTABLISHED` and the like of TCP, `UNCONN` or `ESTAB` of others.
        state: String,
        /// This end; `0.0.0.0` where it is all addresses.
        local: SocketAddress,
        /// The other end; absent where there is none.
        remote: Option<SocketAddress>,
        /// Bytes received and not read, or connections that wait to be accepted.
        receive_queue as "receiveQueue": u64,
        /// Bytes sent and not acknowledged, or the most connections that may wait.
        send_queue as "sendQueue": u64,
        /// Who opened it.
        uid: u32,
        /// Its number on the machine, as in `socket:[12]`.
        inode: u64,
        /// More of a TCP connection, as `ss -i` shows it: names and numbers.
        details: Vec<SocketDetail>,
    }
}

abi_struct! {
    /// One number of a connection.
    SocketDetail {
        /// Its name.
        name: String,
        /// Its value.
        value: u64,
    }
}

abi_struct! {
    /// An interface.
    InterfaceInfo {
        /// Its number: 0 is the loopback.
        number: u32,
        /// Its name.
        name: String,
        /// Its hardware address.
        mac: String,
        /// The longest datagram that it sends, in bytes.
        mtu: u32,
        /// Whether it is switched on.
        up: bool,
        /// Whether something is plugged in that is not cut.
        carrier: bool,
        /// Whether it takes frames that are addressed to others.
        promiscuous: bool,
        /// Its addresses, as `10.0.0.1/24`.
        addresses: Vec<String>,
        /// Frames received.
        rx_frames as "rxFrames": u64,
        /// Their bytes.
        rx_bytes as "rxBytes": u64,
        /// Frames that arrived damaged.
        rx_errors as "rxErrors": u64,
        /// Frames that arrived and were not taken.
        rx_dropped as "rxDropped": u64,
        /// Frames sent.
        tx_frames as "txFrames": u64,
        /// Their bytes.
        tx_bytes as "txBytes": u64,
        /// Frames that were not sent.
        tx_dropped as "txDropped": u64,
    }
}

abi_struct! {
    /// A route.
    RouteInfo {
        /// The network.
        to: String,
        /// The router; absent where the network is on the link itself.
        via: Option<String>,
        /// The interface's name.
        interface: String,
        /// Its metric.
        metric: u32,
        /// The address that is sent from, of a route that the interface's address made.
        source: Option<String>,
    }
}

abi_struct! {
    /// A neighbour.
    NeighbourInfo {
        /// Its address.
        address: String,
        /// The interface's name.
        interface: String,
        /// Its hardware address, if known.
        mac: Option<String>,
        /// `REACHABLE`, `STALE`, `INCOMPLETE`, `PROBE` or `PERMANENT`.
        state: String,
    }
}

abi_struct! {
    /// What a machine's network has counted.
    NetworkInfo {
        /// Whether it passes datagrams on.
        forwarding: bool,
        /// Hops that its own datagrams may take.
        hops: u32,
        /// Counts by their names.
        counters: Vec<SocketDetail>,
    }
}
