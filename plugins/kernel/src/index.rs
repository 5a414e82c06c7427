//! Where things are: from stable ids to entities, children of parents, waiters of keys. Nothing here is state: all of it
//! is rebuilt from the rows after a restore.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::prelude::*;
use helios_abi::{NodeId, Pid, ProcKey};

use crate::files::OpenFile;
use crate::machine::{Machine, Power};
use crate::process::{Family, RunQueue};
use crate::wait::{OpenCall, Outstanding, WaitKey};

/// A waiter: its place, its process, its call.
pub(crate) type Waiter = (u64, Pid, u64);

/// The kernel's index.
#[derive(Resource, Default, Debug)]
pub struct KernelIndex {
    machines: BTreeMap<NodeId, Entity>,
    processes: BTreeMap<ProcKey, Entity>,
    files: BTreeMap<(NodeId, u64), Entity>,
    file_counts: BTreeMap<NodeId, u32>,
    objects: BTreeMap<(NodeId, u64), Entity>,
    children: BTreeMap<ProcKey, BTreeSet<Pid>>,
    waiters: BTreeMap<(NodeId, WaitKey), BTreeSet<Waiter>>,
    pub(crate) queued: BTreeSet<ProcKey>,
    pub(crate) ready: BTreeSet<NodeId>,
    pub(crate) starting: BTreeSet<NodeId>,
}

impl KernelIndex {
    /// A machine's entity.
    #[must_use]
    pub fn machine(&self, node: NodeId) -> Option<Entity> {
        self.machines.get(&node).copied()
    }

    /// Every machine, by id.
    pub fn machines(&self) -> impl Iterator<Item = (NodeId, Entity)> + '_ {
        self.machines.iter().map(|(node, entity)| (*node, *entity))
    }

    /// A process's entity, zombies included.
    #[must_use]
    pub fn process(&self, key: ProcKey) -> Option<Entity> {
        self.processes.get(&key).copied()
    }

    /// The processes of a machine, by pid, zombies included.
    pub fn processes_of(&self, node: NodeId) -> impl Iterator<Item = (Pid, Entity)> + '_ {
        let range = ProcKey { node, pid: Pid(0) }..=ProcKey {
            node,
            pid: Pid(u32::MAX),
        };
        self.processes.range(range).map(|(key, entity)| (key.pid, *entity))
    }

    /// Every process of the world.
    pub fn processes(&self) -> impl Iterator<Item = (ProcKey, Entity)> + '_ {
        self.processes.iter().map(|(key, entity)| (*key, *entity))
    }

    /// The children of a process, by pid, zombies included.
    pub fn children(&self, parent: ProcKey) -> impl Iterator<Item = Pid> + '_ {
        self.children.get(&parent).into_iter().flatten().copied()
    }

    /// An open-file description's entity.
    #[must_use]
    pub fn open_file(&self, node: NodeId, id: u64) -> Option<Entity> {
        self.files.get(&(node, id)).copied()
    }

    /// How many open-file descriptions a machine has.
    #[must_use]
    pub fn open_files(&self, node: NodeId) -> u32 {
        self.file_counts.get(&node).copied().unwrap_or(0)
    }

    /// A kernel object's entity: a pipe, a terminal, a host session.
    #[must_use]
    pub fn object(&self, node: NodeId, id: u64) -> Option<Entity> {
        self.objects.get(&(node, id)).copied()
    }

    pub(crate) fn objects_of(&self, node: NodeId) -> impl Iterator<Item = (u64, Entity)> + '_ {
        self.objects
            .range((node, 0)..=(node, u64::MAX))
            .map(|((_, id), entity)| (*id, *entity))
    }

    pub(crate) fn add_machine(&mut self, node: NodeId, entity: Entity) {
        self.machines.insert(node, entity);
    }

    pub(crate) fn add_open_file(&mut self, node: NodeId, id: u64, entity: Entity) {
        self.files.insert((node, id), entity);
        *self.file_counts.entry(node).or_default() += 1;
    }

    pub(crate) fn remove_open_file(&mut self, node: NodeId, id: u64) -> Option<Entity> {
        let entity = self.files.remove(&(node, id))?;
        *self.file_counts.get_mut(&node).expect("counted when added") -= 1;
        Some(entity)
    }

    pub(crate) fn add_object(&mut self, node: NodeId, id: u64, entity: Entity) {
        self.objects.insert((node, id), entity);
    }

    pub(crate) fn remove_object(&mut self, node: NodeId, id: u64) -> Option<Entity> {
        self.objects.remove(&(node, id))
    }

    pub(crate) fn add_process(&mut self, key: ProcKey, parent: Pid, entity: Entity) {
        self.processes.insert(key, entity);
        self.add_child(ProcKey { pid: parent, ..key }, key.pid);
    }

    pub(crate) fn add_child(&mut self, parent: ProcKey, child: Pid) {
        if parent.pid.0 != 0 {
            self.children.entry(parent).or_default().insert(child);
        }
    }

    pub(crate) fn remove_process(&mut self, key: ProcKey, parent: Pid) -> Option<Entity> {
        let siblings = ProcKey { pid: parent, ..key };
        if let Some(children) = self.children.get_mut(&siblings) {
            children.remove(&key.pid);
            if children.is_empty() {
                self.children.remove(&siblings);
            }
        }
        self.processes.remove(&key)
    }

    pub(crate) fn take_children(&mut self, parent: ProcKey) -> BTreeSet<Pid> {
        self.children.remove(&parent).unwrap_or_default()
    }

    pub(crate) fn add_waiter(&mut self, key: ProcKey, call: &OpenCall) {
        for wait in &call.keys {
            self.waiters
                .entry((key.node, *wait))
                .or_default()
                .insert((call.seq, key.pid, call.id));
        }
    }

    pub(crate) fn remove_waiter(&mut self, key: ProcKey, call: &OpenCall) {
        for wait in &call.keys {
            if let Some(waiters) = self.waiters.get_mut(&(key.node, *wait)) {
                waiters.remove(&(call.seq, key.pid, call.id));
                if waiters.is_empty() {
                    self.waiters.remove(&(key.node, *wait));
                }
            }
        }
    }

    /// Who waits on a key, first come first.
    pub(crate) fn waiters(&self, node: NodeId, key: WaitKey) -> Vec<Waiter> {
        self.waiters.get(&(node, key)).into_iter().flatten().copied().collect()
    }

    /// Rebuilds the index from the rows.
    pub(crate) fn rebuild(world: &mut World) {
        let mut index = Self::default();
        for (entity, node, _) in crate::rows::all::<Machine>(world) {
            index.machines.insert(node, entity);
            if world.get::<Machine>(entity).expect("listed").power == Power::Starting {
                index.starting.insert(node);
            }
            let queue = &world.get::<RunQueue>(entity).expect("a machine has all its rows").pids;
            if !queue.is_empty() {
                index.ready.insert(node);
            }
            index.queued.extend(queue.iter().map(|pid| ProcKey { node, pid: *pid }));
        }
        for (entity, node, id) in crate::rows::all::<OpenFile>(world) {
            index.add_open_file(node, id, entity);
        }
        for (entity, node, id) in crate::files::objects(world) {
            index.add_object(node, id, entity);
        }
        for (entity, node, _) in crate::rows::all::<Family>(world) {
            let family = world.get::<Family>(entity).expect("listed");
            let key = ProcKey { node, pid: family.pid };
            index.add_process(key, family.ppid, entity);
            if let Some(outstanding) = world.get::<Outstanding>(entity) {
                outstanding.calls.iter().for_each(|call| index.add_waiter(key, call));
            }
        }
        world.insert_resource(index);
    }
}
