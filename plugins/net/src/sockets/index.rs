//! Which socket is meant: by its number, by where it listens, by both ends.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::prelude::*;
use helios_engine::ids::{NodeId, RowId};
use helios_kernel::files::OpenFile;

use super::{Inbox, KIND, Kind, MAX_SOCKETS, NetSocket, TcpConnection, TcpListening};
use crate::link::Endpoint;
use crate::tcp::Endpoints;

/// Where a socket is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    kind: Kind,
    port: u16,
    ends: Option<Endpoints>,
}

impl Entry {
    pub(super) fn of(socket: &NetSocket) -> Self {
        let ends = socket
            .remote
            .filter(|_| socket.kind == Kind::Tcp)
            .map(|remote| Endpoints {
                local: socket.local,
                remote,
            });
        Self {
            kind: socket.kind,
            port: socket.local.port(),
            ends,
        }
    }
}

/// Sockets of all machines. Rebuilt from rows.
#[derive(Resource, Debug, Default)]
pub struct SocketIndex {
    entities: BTreeMap<(NodeId, u64), Entity>,
    /// By kind and port, in the order of their numbers.
    ports: BTreeSet<(NodeId, Kind, u16, u64)>,
    connections: BTreeMap<(NodeId, Endpoints), u64>,
    counts: BTreeMap<NodeId, usize>,
    /// When the timer of a connection or listener is due.
    timers: BTreeMap<(NodeId, u64), u64>,
}

impl SocketIndex {
    /// A socket's entity.
    #[must_use]
    pub fn get(&self, node: NodeId, id: u64) -> Option<Entity> {
        self.entities.get(&(node, id)).copied()
    }

    /// How many sockets a machine has.
    #[must_use]
    pub fn count(&self, node: NodeId) -> usize {
        self.counts.get(&node).copied().unwrap_or(0)
    }

    /// All sockets of a machine, in the order of their numbers.
    pub fn of_node(&self, node: NodeId) -> impl Iterator<Item = (u64, Entity)> + '_ {
        let own = (node, 0)..=(node, u64::MAX);
        self.entities.range(own).map(|(&(_, id), &entity)| (id, entity))
    }

    /// Sockets of a kind at a port, the oldest first.
    pub(super) fn at_port(&self, node: NodeId, kind: Kind, port: u16) -> impl Iterator<Item = u64> + '_ {
        let own = (node, kind, port, 0)..=(node, kind, port, u64::MAX);
        self.ports.range(own).map(|&(_, _, _, id)| id)
    }

    /// Sockets of a kind, by ports and numbers.
    pub(super) fn of_kind(&self, node: NodeId, kind: Kind) -> impl Iterator<Item = u64> + '_ {
        let own = (node, kind, 0, 0)..=(node, kind, u16::MAX, u64::MAX);
        self.ports.range(own).map(|&(_, _, _, id)| id)
    }

    /// Whether a machine has a socket of a kind.
    pub(super) fn has_kind(&self, node: NodeId, kind: Kind) -> bool {
        self.of_kind(node, kind).next().is_some()
    }

    /// The connection between two ends.
    pub(super) fn connection(&self, node: NodeId, ends: Endpoints) -> Option<u64> {
        self.connections.get(&(node, ends)).copied()
    }

    /// When a connection's timer is due.
    pub(super) fn timer(&self, node: NodeId, id: u64) -> Option<u64> {
        self.timers.get(&(node, id)).copied()
    }

    pub(super) fn set_timer(&mut self, node: NodeId, id: u64, at_ns: Option<u64>) {
        match at_ns {
            Some(at_ns) => self.timers.insert((node, id), at_ns),
            None => self.timers.remove(&(node, id)),
        };
    }

    pub(super) fn add(&mut self, node: NodeId, id: u64, entity: Entity, entry: Entry) {
        self.entities.insert((node, id), entity);
        self.ports.insert((node, entry.kind, entry.port, id));
        if let Some(ends) = entry.ends {
            self.connections.insert((node, ends), id);
        }
        *self.counts.entry(node).or_default() += 1;
    }

    pub(super) fn remove(&mut self, node: NodeId, id: u64, entry: Entry) {
        self.entities.remove(&(node, id));
        self.ports.remove(&(node, entry.kind, entry.port, id));
        if let Some(ends) = entry.ends
            && self.connections.get(&(node, ends)) == Some(&id)
        {
            self.connections.remove(&(node, ends));
        }
        if let Some(count) = self.counts.get_mut(&node) {
            *count -= 1;
        }
    }

    /// Finds all sockets again, and looks whether rows fit together.
    pub(super) fn rebuild(world: &mut World) -> Result<(), String> {
        let mut files = world.query::<(&RowId, &OpenFile)>();
        let mut open: BTreeMap<(NodeId, u64), u32> = BTreeMap::new();
        for (row, file) in files.iter(world).filter(|(_, file)| file.kind == KIND) {
            *open.entry((row.node, file.object)).or_default() += 1;
        }
        let mut index = Self::default();
        let mut rows = world.query::<(
            Entity,
            &RowId,
            &NetSocket,
            Option<&Inbox>,
            Option<&TcpConnection>,
            Option<&TcpListening>,
        )>();
        let mut found: Vec<_> = rows.iter(world).collect();
        found.sort_by_key(|(_, row, ..)| **row);
        for (entity, row, socket, inbox, connection, listening) in found {
            let at = |why: &str| Err(format!("node {}: socket {}: {why}", row.node, row.id));
            let parts = (inbox.is_some(), connection.is_some(), listening.is_some());
            let wanted = match socket.kind {
                Kind::Tcp => (false, true, false),
                Kind::Listener => (false, false, true),
                _ => (true, false, false),
            };
            if parts != wanted {
                return at("its parts are not those of its kind");
            }
            let files = open.remove(&(row.node, row.id)).unwrap_or(0);
            if files > 1 || (files == 1) != socket.open {
                return at("it is open, or closed, and descriptors say otherwise");
            }
            let entry = Entry::of(socket);
            if let Some(ends) = entry.ends {
                let same = connection.is_some_and(|connection| connection.0.ends() == ends);
                if !same || index.connection(row.node, ends).is_some() {
                    return at("its ends are another's, or not those of its connection");
                }
            }
            if let Some(TcpConnection(connection)) = connection
                && let Err(why) = connection.check()
            {
                return at(why);
            }
            if inbox.is_some_and(|inbox| !inbox.is_sound()) {
                return at("what waits in it is miscounted");
            }
            if index.count(row.node) >= MAX_SOCKETS {
                return at("the machine has no place for it");
            }
            index.add(row.node, row.id, entity, entry);
        }
        if let Some(((node, id), _)) = open.first_key_value() {
            return Err(format!("an open file names the socket {node}:{id}, which is not there"));
        }
        world.insert_resource(index);
        Ok(())
    }

    /// The interfaces at which packet sockets of a machine listen: none names all.
    pub(super) fn packet_sockets(&self, at: Endpoint) -> Vec<u64> {
        self.of_kind(at.node, Kind::Packet).collect()
    }
}
