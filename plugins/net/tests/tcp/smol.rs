//! Ours against smoltcp's TCP, over links of every kind, in both roles.

use std::cell::Cell;
use std::collections::VecDeque;

use bytes::Bytes;
use helios_net::tcp::Endpoints;
use helios_net::wire::tcp::Segment;
use smoltcp::iface::{Config, Interface, SocketHandle, SocketSet};
use smoltcp::phy::{Device, DeviceCapabilities, Medium, RxToken, TxToken};
use smoltcp::socket::tcp;
use smoltcp::time::{Duration, Instant};
use smoltcp::wire::{HardwareAddress, IpAddress, IpCidr};

use crate::link::{decode, encode};
use crate::pairs::{random_conditions, random_config, random_user};
use crate::random::{Random, each_seed};
use crate::sim::{Host, Ours, Sim, User, ends, reversed};

thread_local! {
    /// smoltcp asks a function without arguments for its timestamps.
    static CLOCK_MS: Cell<u32> = const { Cell::new(0) };
}

/// A device that is two queues of datagrams.
#[derive(Default)]
struct Queues {
    received: VecDeque<Vec<u8>>,
    sent: VecDeque<Vec<u8>>,
    mtu: usize,
}

struct Rx(Vec<u8>);
struct Tx<'a>(&'a mut VecDeque<Vec<u8>>);

impl RxToken for Rx {
    fn consume<R, F: FnOnce(&[u8]) -> R>(self, with: F) -> R {
        with(&self.0)
    }
}

impl TxToken for Tx<'_> {
    fn consume<R, F: FnOnce(&mut [u8]) -> R>(self, len: usize, with: F) -> R {
        let mut datagram = vec![0; len];
        let result = with(&mut datagram);
        self.0.push_back(datagram);
        result
    }
}

impl Device for Queues {
    type RxToken<'a> = Rx;
    type TxToken<'a> = Tx<'a>;

    fn receive(&mut self, _timestamp: Instant) -> Option<(Rx, Tx<'_>)> {
        let datagram = self.received.pop_front()?;
        Some((Rx(datagram), Tx(&mut self.sent)))
    }

    fn transmit(&mut self, _timestamp: Instant) -> Option<Tx<'_>> {
        Some(Tx(&mut self.sent))
    }

    fn capabilities(&self) -> DeviceCapabilities {
        let mut capabilities = DeviceCapabilities::default();
        capabilities.medium = Medium::Ip;
        capabilities.max_transmission_unit = self.mtu;
        capabilities
    }
}

/// A host with smoltcp's stack.
pub(crate) struct Smol {
    device: Queues,
    interface: Interface,
    sockets: SocketSet<'static>,
    handle: SocketHandle,
    ends: Endpoints,
    aborted: bool,
}

fn at(now_ns: u64) -> Instant {
    Instant::from_micros((now_ns / 1000).cast_signed())
}

impl Smol {
    pub(crate) fn new(ends: Endpoints, connects: bool, random: &mut Random) -> Self {
        let mut device = Queues {
            mtu: random.between(200, 1500) as usize,
            ..Queues::default()
        };
        let mut config = Config::new(HardwareAddress::Ip);
        config.random_seed = random.next();
        let mut interface = Interface::new(config, &mut device, at(0));
        interface.update_ip_addrs(|addresses| {
            addresses
                .push(IpCidr::new(IpAddress::Ipv4(*ends.local.ip()), 24))
                .expect("there is room for one");
        });
        let mut buffer = || tcp::SocketBuffer::new(vec![0; random.between(500, 100_000) as usize]);
        let mut socket = tcp::Socket::new(buffer(), buffer());
        socket.set_nagle_enabled(random.happens(500_000));
        socket.set_congestion_control(random.pick(&[tcp::CongestionControl::None, tcp::CongestionControl::Cubic]));
        socket.set_ack_delay(random.pick(&[None, Some(Duration::from_millis(10))]));
        if random.happens(500_000) {
            socket.set_tsval_generator(Some(|| CLOCK_MS.get()));
        }
        let local = (IpAddress::Ipv4(*ends.local.ip()), ends.local.port());
        let remote = (IpAddress::Ipv4(*ends.remote.ip()), ends.remote.port());
        if connects {
            socket
                .connect(interface.context(), remote, local)
                .expect("it was closed");
        } else {
            socket.listen(local).expect("it was closed");
        }
        let mut sockets = SocketSet::new(vec![]);
        let handle = sockets.add(socket);
        Self {
            device,
            interface,
            sockets,
            handle,
            ends,
            aborted: false,
        }
    }

    fn socket(&mut self) -> &mut tcp::Socket<'static> {
        self.sockets.get_mut(self.handle)
    }
}

impl Host for Smol {
    fn on_segment(&mut self, segment: &Segment, now_ns: u64) {
        let ends = Endpoints {
            local: self.ends.remote,
            remote: self.ends.local,
        };
        self.device.received.push_back(encode(segment, ends));
        self.on_timer(now_ns);
    }

    fn on_timer(&mut self, now_ns: u64) {
        CLOCK_MS.set((now_ns / 1_000_000) as u32);
        self.interface.poll(at(now_ns), &mut self.device, &mut self.sockets);
    }

    fn poll_transmit(&mut self, now_ns: u64) -> Option<Segment> {
        if self.device.sent.is_empty() {
            self.on_timer(now_ns);
        }
        let datagram = self.device.sent.pop_front()?;
        Some(decode(&datagram).expect("smoltcp writes what smoltcp reads"))
    }

    fn next_timer_ns(&mut self, now_ns: u64) -> Option<u64> {
        let wait = self.interface.poll_delay(at(now_ns), &self.sockets)?;
        // Its clock has microseconds: a wait of none is one of less than that.
        Some(now_ns + (wait.total_micros() * 1000).max(1000))
    }

    fn send(&mut self, data: &Bytes) -> Result<usize, ()> {
        self.socket().send_slice(data).map_err(drop)
    }

    fn receive(&mut self, max: usize) -> Result<Option<Bytes>, ()> {
        let mut data = vec![0; max];
        match self.socket().recv_slice(&mut data) {
            Ok(count) => {
                data.truncate(count);
                Ok(Some(data.into()))
            }
            Err(tcp::RecvError::Finished) => Ok(None),
            Err(tcp::RecvError::InvalidState) => Err(()),
        }
    }

    fn shutdown(&mut self) {
        self.socket().close();
    }

    fn abort(&mut self) {
        self.aborted = true;
        self.socket().abort();
    }

    fn is_connected(&self) -> bool {
        let socket = self.sockets.get::<tcp::Socket>(self.handle);
        let waits = matches!(
            socket.state(),
            tcp::State::Listen | tcp::State::SynSent | tcp::State::SynReceived
        );
        !waits
    }
}

/// smoltcp drops what nobody has read when TIME-WAIT ends after 10 s, so its user does not dawdle.
fn smol_user(stream: u64, random: &mut Random) -> User {
    let mut user = random_user(stream, random);
    user.piece = user.piece.max(1000);
    user
}

fn run<A: Host, B: Host>(mut sim: Sim<A, B>, seed: u64, role: &str) {
    let what = format!("seed {seed}, {role}");
    let aborts = sim.users.iter().any(|user| user.aborts_after.is_some());
    sim.trace_if_asked();
    while sim.now_ns < 7_200_000_000_000 && !sim.is_done() && sim.step() {}
    sim.show_trace();
    let users = sim
        .users
        .each_ref()
        .map(|user| (user.sent, user.to_send, user.received.len(), user.ended, user.failed));
    assert!(
        sim.is_done() || aborts,
        "{what}: nothing moves after {} ns: {users:?}",
        sim.now_ns
    );
    assert!(
        aborts || !sim.users.iter().any(|user| user.failed),
        "{what}: a connection broke: {users:?}"
    );
    sim.verify(&what);
}

#[test]
fn smoltcp_listens() {
    each_seed(250, |seed| {
        let mut random = Random::new(seed, 11);
        let client = Ours::client(random_config(&mut random), ends(), 0);
        let server = Smol::new(reversed(ends()), false, &mut random);
        let users = [random_user(1, &mut random), smol_user(2, &mut random)];
        let conditions = [random_conditions(&mut random), random_conditions(&mut random)];
        run(
            Sim::new(client, server, users, conditions, seed),
            seed,
            "smoltcp listens",
        );
    });
}

#[test]
fn smoltcp_connects() {
    each_seed(250, |seed| {
        let mut random = Random::new(seed, 12);
        let client = Smol::new(ends(), true, &mut random);
        let server = Ours::server(random_config(&mut random), reversed(ends()));
        let users = [smol_user(1, &mut random), random_user(2, &mut random)];
        let conditions = [random_conditions(&mut random), random_conditions(&mut random)];
        run(
            Sim::new(client, server, users, conditions, seed),
            seed,
            "smoltcp connects",
        );
    });
}
