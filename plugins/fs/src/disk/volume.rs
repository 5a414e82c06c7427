//! Volumes: images that are mounted.
//!
//! A volume is one row and the rows of what was changed on it. It is nowhere but in the tree of its machine: it goes with
//! `unmount`, and when the machine is switched off. What it comes from, a medium or a file, gets the changes when the volume
//! is synced. Where the medium is pulled out, the volume stays as a shell that answers EIO until it is unmounted.

use bevy_ecs::prelude::*;
use helios_abi::calls::{Mount, mode};
use helios_abi::{Errno, NodeId, SysError};
use helios_engine::blobs::{BlobId, Blobs};
use helios_engine::ids::spawn_row;
use helios_engine::prelude::Nodes;
use helios_engine::state::Row;
use helios_kernel::index::KernelIndex;
use helios_kernel::machine::{Power, log_line, machine};
use helios_kernel::process::Env;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

use super::media::{self, Contents};
use super::tree::{Tree, TreeNode};
use super::{Drives, IMAGE_BYTES, Image, ImageRef, io_error, iso, open_tree, store, sync};
use crate::data;
use crate::index::{FsIndex, Mounted};
use crate::inode::{Dentry, Inode, ROOT_INO};
use crate::limits::DiskLimits;
use crate::lower::{VOLUMES_EVER, ino_in, inos_of, is_volume_root, volume_of};
use crate::store::{closed, meta_of, now_ms, opened, parent};
use crate::walk::{Actor, Found, Target, fail, walk};

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

/// The row of the volume that an inode is on; none on the disk.
pub(crate) fn of(world: &World, node: NodeId, ino: u64) -> Option<&Volume> {
    match volume_of(ino) {
        0 => None,
        volume => row(world, node, volume),
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

/// Reads options as `mount -o` has them. Of removable things programs are not trusted unless somebody says so.
pub(crate) fn parse_options(text: &str) -> Result<(Options, bool), SysError> {
    let mut options = Options {
        read_only: false,
        nosuid: true,
        nodev: true,
        noexec: false,
    };
    let mut said_rw = false;
    for word in text.split(',').filter(|word| !word.is_empty()) {
        match word {
            "ro" => options.read_only = true,
            "rw" => (options.read_only, said_rw) = (false, true),
            "suid" => options.nosuid = false,
            "nosuid" => options.nosuid = true,
            "dev" => options.nodev = false,
            "nodev" => options.nodev = true,
            "exec" => options.noexec = false,
            "noexec" => options.noexec = true,
            "defaults" | "loop" | "auto" | "noauto" => {}
            _ => {
                let word: String = word.chars().take(32).collect();
                return Err(SysError::new(
                    Errno::EINVAL,
                    format!("there is no mount option {word:?}"),
                ));
            }
        }
    }
    Ok((options, said_rw && !options.read_only))
}

/// An image that is to be mounted, read and found sound.
struct Ready {
    tree: Arc<Tree>,
    image: ImageRef,
    kind: &'static str,
    capacity_bytes: u64,
    read_only: bool,
}

/// `mount`.
pub(crate) fn mount(world: &mut World, actor: &Actor, call: &Mount) -> Result<(), SysError> {
    let (mut options, must_write) = parse_options(call.options.as_deref().unwrap_or_default())?;
    if !actor.creds.is_root() {
        return Err(SysError::new(Errno::EPERM, "only root may mount"));
    }
    let node = actor.node;
    let point = mount_point(world, actor, &call.path)?;
    let (source, name) = source_of(world, actor, &call.source)?;
    let volumes = all(world, node);
    if volumes.len() >= VOLUMES {
        let why = format!("a machine has at most {VOLUMES} volumes mounted");
        return Err(SysError::new(Errno::ENOSPC, why));
    }
    check_depth(world, node, source)?;
    let ready = read_source(world, node, source).map_err(|error| on(error, &call.source))?;
    if ready.read_only && must_write {
        return Err(fail(Errno::EROFS, &call.source));
    }
    options.read_only |= ready.read_only;
    for volume in volumes.iter().filter_map(|volume| row(world, node, *volume)) {
        if volume.source == source && !volume.gone && !(volume.options.read_only && options.read_only) {
            return Err(SysError::new(Errno::EBUSY, format!("{}: it is mounted", call.source)));
        }
    }
    let mounted: u64 = volumes
        .iter()
        .map(|volume| {
            world.resource::<FsIndex>().volumes[&(node, *volume)]
                .tree
                .content_bytes()
        })
        .sum();
    if source != Source::Disk && mounted + ready.tree.content_bytes() > MOUNTED_BYTES {
        let why = format!(
            "{}: the images that are mounted have at most {MOUNTED_BYTES} bytes",
            call.source
        );
        return Err(SysError::new(Errno::ENOSPC, why));
    }
    let number = take_number(world, node)?;
    if let Source::File(ino) = source {
        opened(world, node, ino);
    }
    let volume = Volume {
        number,
        point,
        source,
        name,
        kind: ready.kind.to_owned(),
        options,
        gone: false,
        image: ready.image,
        next_ino: ino_in(number, ready.tree.len() + 1),
        capacity_bytes: ready.capacity_bytes,
        since_tick: power_since(world, node),
    };
    let (entity, _) = spawn_row(world, node, volume);
    let tree = ready.tree;
    let mut index = world.resource_mut::<FsIndex>();
    index.add_volume((node, number), point, Mounted { entity, tree });
    Ok(())
}

fn on(error: SysError, path: &str) -> SysError {
    let shown: String = path.chars().take(256).collect();
    SysError::new(error.errno, format!("{shown}: {}", error.message))
}

/// The directory that is to be covered.
fn mount_point(world: &World, actor: &Actor, path: &str) -> Result<u64, SysError> {
    let found = walk(world, actor, path, true)?;
    let ino = match &found.target {
        None => return Err(fail(Errno::ENOENT, path)),
        Some(Target::Proc(_)) => return Err(SysError::new(Errno::EBUSY, format!("{path}: the kernel's own"))),
        Some(Target::Inode(ino)) => *ino,
    };
    if !meta_of(world, actor.node, ino).is_dir() {
        return Err(fail(Errno::ENOTDIR, path));
    }
    if ino == ROOT_INO {
        return Err(SysError::new(Errno::EBUSY, "/: the machine's disk is mounted there"));
    }
    if is_volume_root(ino) {
        return Err(SysError::new(
            Errno::EBUSY,
            format!("{path}: something is mounted there"),
        ));
    }
    // What the kernel mounts is found by its path, and a volume above it would hide it.
    if ["/proc", "/dev"].iter().any(|own| found.path == *own) {
        return Err(SysError::new(Errno::EBUSY, format!("{path}: the kernel's own")));
    }
    actor.require("write", &found.path)?;
    Ok(ino)
}

/// What is to be mounted.
fn source_of(world: &World, actor: &Actor, path: &str) -> Result<(Source, String), SysError> {
    let found: Found = walk(world, actor, path, true)?;
    let ino = match found.target {
        None => return Err(fail(Errno::ENOENT, path)),
        Some(Target::Proc(_)) => return Err(fail(Errno::EINVAL, path)),
        Some(Target::Inode(ino)) => ino,
    };
    actor.require("read", &found.path)?;
    check_present(world, actor.node, ino)?;
    let meta = meta_of(world, actor.node, ino);
    let source = match meta.kind() {
        mode::FILE => Source::File(ino),
        mode::DEVICE if meta.rdev == media::DISK_DEVICE => Source::Disk,
        mode::DEVICE => {
            let slot = media::slot_of(meta.rdev)
                .ok_or_else(|| SysError::new(Errno::EINVAL, format!("{path}: not a drive")))?;
            let medium = media::in_slot(world, actor.node, slot);
            let none = || SysError::new(Errno::ENXIO, format!("{path}: there is nothing in it"));
            Source::Medium(medium.ok_or_else(none)?.number)
        }
        mode::DIR => return Err(fail(Errno::EISDIR, path)),
        _ => {
            return Err(SysError::new(
                Errno::EINVAL,
                format!("{path}: neither an image nor a drive"),
            ));
        }
    };
    Ok((source, found.path))
}

/// An image in an image in an image: each is mounted from the one before, and that has an end.
fn check_depth(world: &World, node: NodeId, source: Source) -> Result<(), SysError> {
    let (mut depth, mut at) = (1, source);
    while let Source::File(ino) = at {
        let Some(below) = of(world, node, ino) else {
            return Ok(());
        };
        depth += 1;
        if depth > DEPTH {
            let why = format!("images are mounted from within images at most {DEPTH} deep");
            return Err(SysError::new(Errno::ELOOP, why));
        }
        at = below.source;
    }
    Ok(())
}

fn read_source(world: &mut World, node: NodeId, source: Source) -> Result<Ready, SysError> {
    match source {
        Source::Disk => {
            let synced = drives(world, node).and_then(|drives| drives.synced.as_ref());
            let none = || SysError::new(Errno::ENXIO, "the disk has not been synced yet");
            let image = synced.ok_or_else(none)?.image.clone();
            let tree = image.open(world.resource::<Blobs>()).map_err(io_error)?;
            let capacity_bytes = tree.content_bytes();
            Ok(Ready {
                tree,
                image,
                kind: "helios",
                capacity_bytes,
                read_only: true,
            })
        }
        Source::File(ino) => {
            let meta = meta_of(world, node, ino);
            if meta.size > IMAGE_BYTES {
                let why = format!("an image file has at most {IMAGE_BYTES} bytes");
                return Err(SysError::new(Errno::EFBIG, why));
            }
            let bytes = data::read(world, node, ino, 0, meta.size)?;
            let read_only = of(world, node, ino).is_some_and(|below| below.options.read_only);
            ready(world, &bytes, IMAGE_BYTES, read_only)
        }
        Source::Medium(number) => {
            let medium = media::row(world, node, number)
                .expect("it was found in its slot")
                .clone();
            let read_only = medium.read_only;
            match &medium.contents {
                Contents::Raw(_) => {
                    let bytes = media::bytes(world, node, number)?;
                    ready(world, &bytes, medium.capacity_bytes, read_only)
                }
                Contents::Image(image) => Ok(Ready {
                    tree: open_tree(world.resource::<Blobs>(), image.id).map_err(io_error)?,
                    image: image.clone(),
                    kind: "helios",
                    capacity_bytes: medium.capacity_bytes,
                    read_only,
                }),
                Contents::Blank => {
                    let root = TreeNode::root(0o755, now_ms(world));
                    let tree = Tree::new(&medium.label, vec![root]).map_err(io_error)?;
                    let image = Image {
                        tree,
                        chunks: Default::default(),
                    };
                    Ok(Ready {
                        image: store(world, &image)?,
                        tree: Arc::new(image.tree),
                        kind: "helios",
                        capacity_bytes: medium.capacity_bytes,
                        read_only,
                    })
                }
            }
        }
    }
}

/// Reads the bytes of an image or a disc, and puts what they hold into the content store.
fn ready(world: &mut World, bytes: &[u8], capacity_bytes: u64, read_only: bool) -> Result<Ready, SysError> {
    let bad = |error: super::ImageError| SysError::new(Errno::EINVAL, error.to_string());
    let (image, kind) = if iso::is_iso(bytes) {
        (iso::read(bytes).map_err(bad)?, "iso9660")
    } else {
        (Image::read(bytes).map_err(bad)?, "helios")
    };
    if image.tree.inodes() > VOLUME_INODES {
        let why = format!("a volume has at most {VOLUME_INODES} inodes");
        return Err(SysError::new(Errno::EFBIG, why));
    }
    Ok(Ready {
        image: store(world, &image)?,
        tree: Arc::new(image.tree),
        kind,
        capacity_bytes,
        // A disc is pressed once.
        read_only: read_only || kind == "iso9660",
    })
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

fn take_number(world: &mut World, node: NodeId) -> Result<u32, SysError> {
    with_drives(world, node, |drives| {
        if drives.volumes >= VOLUMES_EVER {
            return Err(SysError::new(
                Errno::ENOSPC,
                "the machine has used up its volume numbers",
            ));
        }
        drives.volumes += 1;
        Ok(drives.volumes)
    })
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
