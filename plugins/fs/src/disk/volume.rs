//! Volumes: images that are mounted.
//!
//! A volume is one row and the rows of what was changed on it. It is nowhere but in the tree of its machine: it goes with
//! `unmount`, and when the machine is switched off. What it comes from, a medium or a file, gets the changes when the volume
//! is synced. Where the medium is pulled out, the volume stays as a shell that answers EIO until it is unmounted.

mod mount;

use bevy_ecs::prelude::*;
use helios_abi::{Errno, NodeId, SysError};
use helios_engine::blobs::BlobId;
use helios_engine::ids::RowId;
use helios_engine::prelude::Nodes;
use helios_engine::state::Row;
use helios_kernel::index::KernelIndex;
use helios_kernel::machine::{Power, log_line, machine};
use helios_kernel::process::Env;
use serde::{Deserialize, Serialize};

pub(crate) use mount::mount;

use super::{Drives, ImageRef, Medium, sync};
use crate::index::FsIndex;
use crate::inode::{Dentry, Inode, ROOT_INO};
use crate::limits::DiskLimits;
use crate::lower::{ino_in, inos_of, is_volume_root, volume_of};
use crate::store::{closed, parent};
use crate::walk::{Actor, Target, fail, walk};

/// Most volumes of one machine at a time: ENOSPC.
pub const VOLUMES: usize = 32;
/// Images in files of volumes that are themselves images in files: ELOOP beyond.
pub const DEPTH: u32 = 4;
/// Most bytes of the images that one machine has mounted: ENOSPC.
pub const MOUNTED_BYTES: u64 = 256 << 20;
/// Inodes of a volume: ENOSPC.
pub const VOLUME_INODES: u64 = 65_536;

/// What a volume comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A medium in a slot, by its number.
    Medium(u64),
    /// An image in a file, by its inode.
    File(u64),
    /// The machine's own disk as it was synced last.
    Disk,
}

/// How a volume is mounted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Nothing of it changes: EROFS.
    pub read_only: bool,
    /// Setuid and setgid of its programs mean nothing.
    pub nosuid: bool,
    /// Its devices do not open: EACCES.
    pub nodev: bool,
    /// Its programs do not run: EACCES.
    pub noexec: bool,
}

/// A mounted image.
#[derive(Component, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Volume {
    /// Its number, from 1: it says which inodes are its own.
    pub number: u32,
    /// The directory that it covers.
    pub point: u64,
    /// What it comes from.
    pub source: Source,
    /// The path by which that was named.
    pub name: String,
    /// `helios`, or `iso9660`.
    pub kind: String,
    /// How it is mounted.
    pub options: Options,
    /// Its medium was pulled out: EIO.
    pub gone: bool,
    /// The image below its rows: what it was when it was mounted.
    pub image: ImageRef,
    /// What its medium was when it was mounted or synced last ([`Cargo::hash`](super::media::Cargo::hash)): where another
    /// is found once the machine was put back to a snapshot, the volume is that of a medium that was changed behind its back.
    pub medium: Option<BlobId>,
    /// The number of its next new inode.
    pub next_ino: u64,
    /// Bytes of contents that it may hold.
    pub capacity_bytes: u64,
    /// When the machine was switched on that mounted it.
    pub since_tick: Option<u64>,
}

impl Row for Volume {
    const NAME: &'static str = "volume";
    const SCHEMA: u32 = 1;

    fn blobs(&self, ids: &mut Vec<BlobId>) {
        self.image.blobs(ids);
    }
}

impl Volume {
    /// What it may hold.
    #[must_use]
    pub const fn limits(&self) -> DiskLimits {
        DiskLimits {
            disk_bytes: self.capacity_bytes,
            inodes: VOLUME_INODES,
            user_bytes: None,
        }
    }
}

/// The row of a volume.
pub(crate) fn row(world: &World, node: NodeId, volume: u32) -> Option<&Volume> {
    world.get::<Volume>(world.resource::<FsIndex>().volumes.get(&(node, volume))?.entity)
}

/// Changes a volume.
pub(super) fn change(world: &mut World, node: NodeId, volume: u32, with: impl FnOnce(&mut Volume)) {
    let entity = world.resource::<FsIndex>().volumes[&(node, volume)].entity;
    with(&mut world.get_mut::<Volume>(entity).expect("indexed"));
}

/// The row of the volume that an inode is on; none on the disk.
pub(crate) fn of(world: &World, node: NodeId, ino: u64) -> Option<&Volume> {
    match volume_of(ino) {
        0 => None,
        volume => row(world, node, volume),
    }
}

/// After a machine was put back to a snapshot: media are not part of it and are what they are now. A volume whose medium
/// went, or holds something else by now, is like one whose medium was pulled out.
pub(crate) fn lose_changed_media(world: &mut World, node: NodeId) {
    let mut media = world.query::<(&RowId, &Medium)>();
    let here: Vec<(u64, BlobId)> = media
        .iter(world)
        .filter(|(row, medium)| row.node == node && medium.inserted)
        .map(|(_, medium)| (medium.number, medium.cargo().hash()))
        .collect();
    let mut volumes = world.query::<(&RowId, &mut Volume)>();
    for (_, mut volume) in volumes.iter_mut(world).filter(|(row, _)| row.node == node) {
        let Source::Medium(number) = volume.source else {
            continue;
        };
        let same = here
            .iter()
            .any(|(of, hash)| *of == number && Some(*hash) == volume.medium);
        if !same && !volume.gone {
            volume.gone = true;
        }
    }
}

/// All volumes of a machine, oldest first.
pub(crate) fn all(world: &World, node: NodeId) -> Vec<u32> {
    let of_node = (node, 0)..=(node, u32::MAX);
    let volumes = world.resource::<FsIndex>().volumes.range(of_node);
    volumes.map(|((_, volume), _)| *volume).collect()
}

/// EIO for what is on a volume whose medium was pulled out.
pub(crate) fn check_present(world: &World, node: NodeId, ino: u64) -> Result<(), SysError> {
    match of(world, node, ino) {
        Some(volume) if volume.gone => Err(SysError::new(
            Errno::EIO,
            format!("{}: what was mounted here was pulled out", volume.name),
        )),
        _ => Ok(()),
    }
}

/// EROFS for what is on a read-only volume, EIO where the medium is gone.
pub(crate) fn check_writable(world: &World, node: NodeId, ino: u64, path: &str) -> Result<(), SysError> {
    check_present(world, node, ino)?;
    match of(world, node, ino) {
        Some(volume) if volume.options.read_only => Err(fail(Errno::EROFS, path)),
        _ => Ok(()),
    }
}

/// The inode that is seen where `ino` is: the root of a volume that covers it, or itself.
pub(crate) fn cover(world: &World, node: NodeId, ino: u64) -> u64 {
    match world.resource::<FsIndex>().covers.get(&(node, ino)) {
        Some(volume) => ino_in(*volume, ROOT_INO),
        None => ino,
    }
}

/// The path at which a volume is mounted, as names are now.
pub(crate) fn path_of(world: &World, node: NodeId, volume: &Volume) -> String {
    let mut names = Vec::new();
    let mut at = volume.point;
    loop {
        if is_volume_root(at) {
            match of(world, node, at) {
                Some(below) => at = below.point,
                None => break,
            }
        }
        match parent(world, node, at) {
            Some((above, name)) => {
                names.push(name);
                at = above;
            }
            None => break,
        }
    }
    names
        .iter()
        .rev()
        .fold(String::new(), |path, name| format!("{path}/{name}"))
}

/// What a machine knows of its drives.
pub(crate) fn drives(world: &World, node: NodeId) -> Option<&Drives> {
    world.get::<Drives>(world.resource::<Nodes>().get(node)?)
}

/// Changes what a machine knows of its drives.
pub(crate) fn with_drives<T>(world: &mut World, node: NodeId, with: impl FnOnce(&mut Drives) -> T) -> T {
    let entity = world.resource::<Nodes>().get(node).expect("the node exists");
    if world.get::<Drives>(entity).is_none() {
        // Worlds of before there were drives.
        world.entity_mut(entity).insert(Drives::default());
    }
    with(&mut world.get_mut::<Drives>(entity).expect("it was inserted"))
}

fn power_since(world: &World, node: NodeId) -> Option<u64> {
    world.resource::<KernelIndex>().machine(node)?;
    match machine(world, node).power {
        Power::On { since_tick } => Some(since_tick),
        _ => None,
    }
}

/// `unmount`: by the path at which the volume is.
pub(crate) fn unmount(world: &mut World, actor: &Actor, path: &str) -> Result<(), SysError> {
    if !actor.creds.is_root() {
        return Err(SysError::new(Errno::EPERM, "only root may unmount"));
    }
    let found = walk(world, actor, path, true)?;
    let ino = match found.target {
        None => return Err(fail(Errno::ENOENT, path)),
        Some(Target::Inode(ROOT_INO) | Target::Proc(_)) => {
            return Err(SysError::new(Errno::EBUSY, format!("{path}: the kernel's own")));
        }
        Some(Target::Inode(ino)) => ino,
    };
    if !is_volume_root(ino) {
        return Err(SysError::new(Errno::EINVAL, format!("{path}: not mounted")));
    }
    actor.require("write", &found.path)?;
    take_down(world, actor.node, volume_of(ino))
}

/// Unmounts a volume that nobody uses, everything on it synced.
pub(crate) fn take_down(world: &mut World, node: NodeId, volume: u32) -> Result<(), SysError> {
    let row = row(world, node, volume).expect("it is mounted");
    let path = path_of(world, node, row);
    if let Some(why) = in_use(world, node, volume, &path) {
        return Err(SysError::new(Errno::EBUSY, format!("{path}: {why}")));
    }
    sync::volume(world, node, volume)?;
    remove(world, node, volume);
    Ok(())
}

/// What keeps a volume from being unmounted.
fn in_use(world: &World, node: NodeId, volume: u32, path: &str) -> Option<String> {
    let index = world.resource::<FsIndex>();
    let inos = inos_of(volume);
    let open = index.opens.range((node, inos.start)..(node, inos.end)).next();
    for other in all(world, node).into_iter().filter_map(|other| row(world, node, other)) {
        if volume_of(other.point) == volume {
            return Some(format!("{} is mounted in it", other.name));
        }
        if matches!(other.source, Source::File(ino) if volume_of(ino) == volume) {
            return Some(format!("{} is mounted from it", other.name));
        }
    }
    if open.is_some() {
        return Some("a file of it is open".to_owned());
    }
    let below = |cwd: &str| {
        cwd.strip_prefix(path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let processes = world.resource::<KernelIndex>().processes_of(node);
    for (pid, entity) in processes {
        if world.get::<Env>(entity).is_some_and(|env| below(&env.cwd)) {
            return Some(format!("process {pid} works in it"));
        }
    }
    None
}

/// Forgets a volume and everything on it.
pub(crate) fn remove(world: &mut World, node: NodeId, volume: u32) {
    let inos = inos_of(volume);
    let keys = (node, inos.start)..(node, inos.end);
    let mut index = world.resource_mut::<FsIndex>();
    assert!(
        index.opens.range(keys.clone()).next().is_none(),
        "a file of the volume is open"
    );
    let inodes: Vec<_> = index
        .inodes
        .range(keys.clone())
        .map(|(key, entity)| (*key, *entity))
        .collect();
    let entries: Vec<_> = index.entries.range(keys.clone()).map(|(key, _)| *key).collect();
    let parents: Vec<_> = index.parents.range(keys).map(|(key, _)| *key).collect();
    let mut entities = Vec::new();
    for (key, entity) in inodes {
        index.inodes.remove(&key);
        index.unsealed.remove(&key);
        entities.push(entity);
    }
    for key in entries {
        let of_dir = index.entries.remove(&key).expect("found above");
        entities.extend(of_dir.into_values().map(|entry| entry.entity));
    }
    for key in parents {
        index.parents.remove(&key);
    }
    let mounted = index.volumes.remove(&(node, volume)).expect("it is mounted");
    index.usage.remove(&(node, volume));
    let row = world.get::<Volume>(mounted.entity).expect("indexed").clone();
    world.resource_mut::<FsIndex>().covers.remove(&(node, row.point));
    if let Source::File(ino) = row.source {
        closed(world, node, ino);
    }
    for entity in entities {
        debug_assert!(world.get::<Inode>(entity).is_some() || world.get::<Dentry>(entity).is_some());
        world.despawn(entity);
    }
    world.despawn(mounted.entity);
}

/// Takes down what machines had mounted that were switched off since. Everything on it is synced; what cannot be is said
/// in the kernel's log.
pub(crate) fn follow_power(world: &mut World) {
    let index = world.resource::<FsIndex>();
    if index.volumes.is_empty() {
        return;
    }
    let stale: Vec<(NodeId, u32)> = index
        .volumes
        .iter()
        .filter(|((node, _), mounted)| {
            let row = world.get::<Volume>(mounted.entity).expect("indexed");
            row.since_tick != power_since(world, *node)
        })
        .map(|(key, _)| *key)
        .collect();
    // The youngest first: what is mounted in or from another volume is younger than that.
    for (node, volume) in stale.into_iter().rev() {
        if let Err(error) = sync::volume(world, node, volume) {
            log_line(world, node, format!("unmounting: {error}"));
        }
        remove(world, node, volume);
    }
}
