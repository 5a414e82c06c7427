//! The overlay's primitives: one view of base image and rows, and the only code that adds, changes and removes rows.

use bevy_ecs::prelude::*;
use helios_abi::calls::{Stat, mode};
use helios_abi::{Errno, NodeId, SysError};
use helios_engine::ids::spawn_row;
use helios_engine::time::{Clock, WorldEpoch};

use crate::base::{Base, BaseImage};
use crate::disk::volume::{self, Volume};
use crate::index::{Entry, FsIndex, LowerCharge, charged};
use crate::inode::{Body, Dentry, Disk, Inode, ROOT_INO};
use crate::limits::{DIRECTORY_ENTRIES, DiskLimits, LINKS};
use crate::lower::{LowerBody, inos_of, is_volume_root, lower, volume_of};

/// What an inode's row or its node in the base image says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meta {
    /// Its number.
    pub ino: u64,
    /// Type and permissions.
    pub mode: u32,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Number of names.
    pub nlink: u32,
    /// Last change of the contents, in milliseconds since the Unix epoch.
    pub mtime_ms: u64,
    /// Last change of the inode, likewise.
    pub ctime_ms: u64,
    /// Length in bytes.
    pub size: u64,
    /// Device number.
    pub rdev: u32,
}

impl Meta {
    /// The type bits of the mode.
    #[must_use]
    pub const fn kind(&self) -> u32 {
        self.mode & mode::TYPE
    }

    /// Whether it is a directory.
    #[must_use]
    pub const fn is_dir(&self) -> bool {
        self.kind() == mode::DIR
    }

    /// Whether it is a symbolic link.
    #[must_use]
    pub const fn is_symlink(&self) -> bool {
        self.kind() == mode::SYMLINK
    }

    /// As `stat` answers it.
    #[must_use]
    pub const fn stat(&self) -> Stat {
        let Self {
            ino,
            mode,
            uid,
            gid,
            nlink,
            mtime_ms,
            ctime_ms,
            size,
            rdev,
        } = *self;
        Stat {
            dev: device_of(ino),
            ino,
            mode,
            nlink,
            uid,
            gid,
            size,
            mtime_ms,
            ctime_ms,
            rdev,
        }
    }
}

/// The number of the machine's disk as a device that files are on. Others are the kernel's, volumes come after.
const DISK_DEVICE: u64 = 1;
/// That of the first volume.
const FIRST_VOLUME_DEVICE: u64 = 16;

/// The device that an inode is on: of two files that are on one, a rename moves, and a hard link may be made.
pub(crate) const fn device_of(ino: u64) -> u64 {
    match volume_of(ino) {
        0 => DISK_DEVICE,
        volume => FIRST_VOLUME_DEVICE + volume as u64 - 1,
    }
}

/// Virtual time as files carry it, in milliseconds since the Unix epoch.
pub(crate) fn now_ms(world: &World) -> u64 {
    world
        .resource::<WorldEpoch>()
        .unix_ms_at(world.resource::<Clock>().tick)
}

pub(crate) fn base(world: &World) -> &BaseImage {
    &world.resource::<Base>().0
}

/// The overlay's row of an inode, if it has one.
pub(crate) fn row(world: &World, node: NodeId, ino: u64) -> Option<&Inode> {
    let entity = *world.resource::<FsIndex>().inodes.get(&(node, ino))?;
    world.get::<Inode>(entity)
}

/// Tells of an inode; `None` if there is none.
pub(crate) fn meta(world: &World, node: NodeId, ino: u64) -> Option<Meta> {
    let Some(inode) = row(world, node, ino) else {
        return lower_meta(world, node, ino);
    };
    let Inode {
        ino,
        mode,
        uid,
        gid,
        nlink,
        mtime_ms,
        ctime_ms,
        ref body,
    } = *inode;
    let (size, rdev) = match body {
        Body::Dir => (0, 0),
        Body::Base => (lower_meta(world, node, ino).map_or(0, |meta| meta.size), 0),
        Body::File(data) => (data.size, 0),
        Body::Symlink(target) => (target.len() as u64, 0),
        Body::Device(rdev) => (0, *rdev),
    };
    Some(Meta {
        ino,
        mode,
        uid,
        gid,
        nlink,
        mtime_ms,
        ctime_ms,
        size,
        rdev,
    })
}

/// Tells of an inode that something open or named refers to.
pub(crate) fn meta_of(world: &World, node: NodeId, ino: u64) -> Meta {
    meta(world, node, ino).unwrap_or_else(|| panic!("inode {ino} of node {node} is referred to and exists"))
}

fn lower_meta(world: &World, node: NodeId, ino: u64) -> Option<Meta> {
    let found = lower(world, node, ino).node(ino)?;
    let rdev = match found.body {
        LowerBody::Device(rdev) => rdev,
        _ => 0,
    };
    Some(Meta {
        ino,
        mode: found.mode,
        uid: found.uid,
        gid: found.gid,
        nlink: found.nlink,
        mtime_ms: found.mtime_ms,
        ctime_ms: found.mtime_ms,
        size: found.size(),
        rdev,
    })
}

/// What the layer below a volume's rows charges for an inode.
fn lower_charge(world: &World, node: NodeId, ino: u64) -> LowerCharge {
    if volume_of(ino) == 0 {
        return None;
    }
    let found = lower(world, node, ino).node(ino)?;
    Some((found.uid, found.size()))
}

/// What a symbolic link says; `None` if the inode is none.
pub(crate) fn link_target(world: &World, node: NodeId, ino: u64) -> Option<String> {
    match row(world, node, ino).map(|inode| &inode.body) {
        Some(Body::Symlink(target)) => Some(target.clone()),
        Some(_) => None,
        None => match lower(world, node, ino).node(ino)?.body {
            LowerBody::Symlink(target) => Some(target.to_owned()),
            _ => None,
        },
    }
}

/// The inode that a directory names so.
pub(crate) fn lookup(world: &World, node: NodeId, dir: u64, name: &str) -> Option<u64> {
    match world.resource::<FsIndex>().entry(node, dir, name) {
        Some(entry) => entry.ino,
        None => lower(world, node, dir).entry(dir, name),
    }
}

/// The entries of a directory, by name.
pub(crate) fn entries(world: &World, node: NodeId, dir: u64) -> Vec<(String, u64)> {
    let overlay = world.resource::<FsIndex>().entries.get(&(node, dir));
    let hidden = |name: &str| overlay.is_some_and(|overlay| overlay.contains_key(name));
    let below = lower(world, node, dir)
        .entries(dir)
        .filter(|(name, _)| !hidden(name))
        .map(|(name, ino)| (name.to_owned(), ino));
    let above = overlay
        .into_iter()
        .flatten()
        .filter_map(|(name, entry)| Some((name.clone(), entry.ino?)));
    let mut all: Vec<_> = below.chain(above).collect();
    all.sort();
    all
}

/// Whether a directory has no entry.
pub(crate) fn is_empty(world: &World, node: NodeId, dir: u64) -> bool {
    let overlay = world.resource::<FsIndex>().entries.get(&(node, dir));
    let added = overlay.is_some_and(|overlay| overlay.values().any(|entry| entry.ino.is_some()));
    let hidden = |name: &str| overlay.is_some_and(|overlay| overlay.contains_key(name));
    !added && lower(world, node, dir).entries(dir).all(|(name, _)| hidden(name))
}

/// The directory that holds a directory, and its name there; `None` of the root and of what was removed.
pub(crate) fn parent(world: &World, node: NodeId, dir: u64) -> Option<(u64, String)> {
    if let Some(found) = world.resource::<FsIndex>().parents.get(&(node, dir)) {
        return Some(found.clone());
    }
    let (above, name) = lower(world, node, dir).names(dir).into_iter().next()?;
    // The image's answer holds only while nothing covers that entry.
    let covered = world.resource::<FsIndex>().entry(node, above, name).is_some();
    (!covered).then(|| (above, name.to_owned()))
}

/// Whether `dir` is `inside`, or lies below it.
pub(crate) fn is_within(world: &World, node: NodeId, dir: u64, inside: u64) -> bool {
    let mut at = dir;
    while at != inside {
        match parent(world, node, at) {
            Some((above, _)) => at = above,
            None => return false,
        }
    }
    true
}

/// Gives an inode a row, if it has none: under its own number, its contents still the image's.
pub(crate) fn copy_up(world: &mut World, node: NodeId, ino: u64) -> Entity {
    if let Some(entity) = world.resource::<FsIndex>().inodes.get(&(node, ino)) {
        return *entity;
    }
    let meta = meta_of(world, node, ino);
    let body = match lower(world, node, ino)
        .node(ino)
        .expect("an inode without a row is the image's")
        .body
    {
        LowerBody::Dir => Body::Dir,
        LowerBody::File { .. } => Body::Base,
        LowerBody::Symlink(target) => Body::Symlink(target.to_owned()),
        LowerBody::Device(rdev) => Body::Device(rdev),
    };
    let Meta {
        mode,
        uid,
        gid,
        nlink,
        mtime_ms,
        ctime_ms,
        ..
    } = meta;
    insert(
        world,
        node,
        Inode {
            ino,
            mode,
            uid,
            gid,
            nlink,
            mtime_ms,
            ctime_ms,
            body,
        },
    )
}

fn insert(world: &mut World, node: NodeId, inode: Inode) -> Entity {
    let lower = lower_charge(world, node, inode.ino);
    let (entity, _) = spawn_row(world, node, inode.clone());
    world.resource_mut::<FsIndex>().add_inode(node, &inode, entity, lower);
    entity
}

/// Changes an inode, copied up if it must be, and keeps the books of its bytes.
pub(crate) fn change<T>(world: &mut World, node: NodeId, ino: u64, with: impl FnOnce(&mut Inode) -> T) -> T {
    let entity = copy_up(world, node, ino);
    let lower = lower_charge(world, node, ino);
    let mut inode = world.get_mut::<Inode>(entity).expect("indexed");
    let before = (inode.uid, charged(&inode, lower));
    let answer = with(&mut inode);
    let after = (inode.uid, charged(&inode, lower));
    if before != after {
        let volume = (node, volume_of(ino));
        let mut index = world.resource_mut::<FsIndex>();
        index.refund(volume, before.0, before.1);
        index.charge(volume, after.0, after.1);
    }
    answer
}

/// Says whether `uid` may have `more` bytes where the inode `on` is: how many of them, at least one, or why none.
pub(crate) fn room(world: &World, node: NodeId, on: u64, uid: u32, more: u64) -> Result<u64, SysError> {
    let Some(limits) = limits_of(world, node, on) else {
        return Err(Errno::ENODEV.into());
    };
    let usage = world.resource::<FsIndex>().usage.get(&(node, volume_of(on)));
    let left = limits.disk_bytes.saturating_sub(usage.map_or(0, |usage| usage.bytes));
    if left == 0 && more > 0 {
        return Err(SysError::new(
            Errno::ENOSPC,
            format!("the disk of {} bytes is full", limits.disk_bytes),
        ));
    }
    let own = match limits.user_bytes {
        Some(quota) if uid != 0 => {
            let used = usage.and_then(|usage| usage.by_user.get(&uid)).copied().unwrap_or(0);
            if used >= quota && more > 0 {
                return Err(SysError::new(
                    Errno::EDQUOT,
                    format!("user {uid} has used its quota of {quota} bytes"),
                ));
            }
            quota.saturating_sub(used)
        }
        _ => u64::MAX,
    };
    Ok(more.min(left).min(own))
}

/// What the disk or the volume that an inode is on may hold.
pub(crate) fn limits_of(world: &World, node: NodeId, ino: u64) -> Option<DiskLimits> {
    match volume_of(ino) {
        0 => world
            .get::<Disk>(*world.resource::<FsIndex>().disks.get(&node)?)
            .map(|disk| disk.limits),
        volume => volume::row(world, node, volume).map(Volume::limits),
    }
}

/// The number of a new inode where `on` is.
fn next_ino(world: &mut World, node: NodeId, on: u64) -> Result<u64, SysError> {
    let volume = volume_of(on);
    let limits = limits_of(world, node, on).ok_or(Errno::ENODEV)?;
    let index = world.resource::<FsIndex>();
    let used = index.usage.get(&(node, volume)).map_or(0, |usage| usage.inodes);
    let limit = limits.inodes;
    let full = format!("the disk has {limit} inodes, all of them in use");
    if used >= limit {
        return Err(SysError::new(Errno::ENOSPC, full));
    }
    if volume == 0 {
        let entity = index.disks[&node];
        let mut disk = world.get_mut::<Disk>(entity).expect("indexed");
        disk.next_ino += 1;
        return Ok(disk.next_ino - 1);
    }
    let entity = index.volumes[&(node, volume)].entity;
    let mut row = world.get_mut::<Volume>(entity).expect("indexed");
    if !inos_of(volume).contains(&row.next_ino) {
        return Err(SysError::new(Errno::ENOSPC, "the volume has used up its inode numbers"));
    }
    row.next_ino += 1;
    Ok(row.next_ino - 1)
}

/// What a new inode is.
pub(crate) struct NewInode {
    pub(crate) mode: u32,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
    pub(crate) body: Body,
}

/// Makes an inode and names it `name` in `dir`.
pub(crate) fn create(world: &mut World, node: NodeId, dir: u64, name: &str, new: NewInode) -> Result<u64, SysError> {
    let NewInode { mode, uid, gid, body } = new;
    check_entry_room(world, node, dir, name)?;
    let now = now_ms(world);
    let is_dir = body == Body::Dir;
    if is_dir && meta_of(world, node, dir).nlink >= LINKS {
        return Err(Errno::EMLINK.into());
    }
    let mut inode = Inode {
        ino: 0,
        mode,
        uid,
        gid,
        nlink: 1 + u32::from(is_dir),
        mtime_ms: now,
        ctime_ms: now,
        body,
    };
    let bytes = inode.charged_bytes();
    if room(world, node, dir, uid, bytes)? < bytes {
        return Err(Errno::ENOSPC.into());
    }
    inode.ino = next_ino(world, node, dir)?;
    let ino = inode.ino;
    insert(world, node, inode);
    put_entry(world, node, dir, name, ino);
    Ok(ino)
}

/// Says whether `dir` may get one more entry.
pub(crate) fn check_entry_room(world: &World, node: NodeId, dir: u64, name: &str) -> Result<(), SysError> {
    let overlay = world.resource::<FsIndex>().entries.get(&(node, dir));
    let full = overlay.is_some_and(|overlay| overlay.len() >= DIRECTORY_ENTRIES && !overlay.contains_key(name));
    if !full {
        return Ok(());
    }
    Err(SysError::new(
        Errno::ENOSPC,
        format!("a directory holds at most {DIRECTORY_ENTRIES} new entries"),
    ))
}

/// Names an inode, in place of whatever the name meant, and counts a directory among its parent's links.
pub(crate) fn put_entry(world: &mut World, node: NodeId, dir: u64, name: &str, ino: u64) {
    set_entry(world, node, dir, name, Some(ino));
    let is_dir = meta_of(world, node, ino).is_dir();
    if is_dir {
        // Gives a base directory its row: that it moved is seen from there after a restore.
        copy_up(world, node, ino);
        let mut index = world.resource_mut::<FsIndex>();
        if index.entry(node, dir, name).is_some() {
            index.parents.insert((node, ino), (dir, name.to_owned()));
        }
    }
    touch_dir(world, node, dir, i32::from(is_dir));
}

/// Takes a name away. The inode stays as it is.
pub(crate) fn take_entry(world: &mut World, node: NodeId, dir: u64, name: &str) {
    let ino = lookup(world, node, dir, name).expect("the entry was looked up");
    let is_dir = meta_of(world, node, ino).is_dir();
    set_entry(world, node, dir, name, None);
    if is_dir {
        world.resource_mut::<FsIndex>().parents.remove(&(node, ino));
    }
    touch_dir(world, node, dir, -i32::from(is_dir));
}

fn touch_dir(world: &mut World, node: NodeId, dir: u64, dirs: i32) {
    let now = now_ms(world);
    change(world, node, dir, |inode| {
        inode.mtime_ms = now;
        inode.ctime_ms = now;
        inode.nlink = inode
            .nlink
            .checked_add_signed(dirs)
            .expect("links of a directory are counted");
    });
}

/// Sets what the overlay says of a name; with `None` a whiteout where the image has the name, else no row at all.
fn set_entry(world: &mut World, node: NodeId, dir: u64, name: &str, ino: Option<u64>) {
    let in_base = lower(world, node, dir).entry(dir, name);
    let before = world.resource::<FsIndex>().entry(node, dir, name);
    // The row form is a function of what the directory holds, not of how it came to: an entry that says again what the
    // image says has no row.
    let wanted = if ino == in_base { None } else { Some(ino) };
    match (before, wanted) {
        (Some(entry), Some(ino)) => {
            world.get_mut::<Dentry>(entry.entity).expect("indexed").ino = ino;
            add_to_index(world, node, dir, name, Entry { ino, ..entry });
        }
        (Some(entry), None) => {
            world.despawn(entry.entity);
            let mut index = world.resource_mut::<FsIndex>();
            let entries = index.entries.get_mut(&(node, dir)).expect("indexed");
            entries.remove(name);
            if entries.is_empty() {
                index.entries.remove(&(node, dir));
            }
        }
        (None, Some(ino)) => {
            let (entity, _) = spawn_row(
                world,
                node,
                Dentry {
                    parent: dir,
                    name: name.to_owned(),
                    ino,
                },
            );
            add_to_index(world, node, dir, name, Entry { ino, entity });
        }
        (None, None) => {}
    }
}

fn add_to_index(world: &mut World, node: NodeId, dir: u64, name: &str, entry: Entry) {
    world
        .resource_mut::<FsIndex>()
        .entries
        .entry((node, dir))
        .or_default()
        .insert(name.to_owned(), entry);
}

/// Takes one name from the inode's count; with the last one, and nobody who has it open, the inode goes.
///
/// A directory loses all of them: nothing is in it.
pub(crate) fn unlink_inode(world: &mut World, node: NodeId, ino: u64) {
    let meta = meta_of(world, node, ino);
    let nlink = if meta.is_dir() { 0 } else { meta.nlink - 1 };
    let open = world.resource::<FsIndex>().opens.contains_key(&(node, ino));
    if nlink == 0 && !open {
        remove(world, node, ino);
        return;
    }
    let now = now_ms(world);
    change(world, node, ino, |inode| {
        inode.nlink = nlink;
        inode.ctime_ms = now;
    });
}

/// Drops an inode that nothing names. Of one of the image's nothing is left but its whiteout.
fn remove(world: &mut World, node: NodeId, ino: u64) {
    assert_ne!(ino, ROOT_INO, "the root stays");
    assert!(!is_volume_root(ino), "the root of a volume goes with it");
    let lower = lower_charge(world, node, ino);
    let Some(entity) = world.resource::<FsIndex>().inodes.get(&(node, ino)).copied() else {
        if let Some((uid, bytes)) = lower {
            let volume = (node, volume_of(ino));
            world.resource_mut::<FsIndex>().remove_lower(volume, uid, bytes);
        }
        return;
    };
    let inode = world.get::<Inode>(entity).expect("indexed").clone();
    drop_whiteouts(world, node, ino);
    world.resource_mut::<FsIndex>().remove_inode(node, &inode, lower);
    world.despawn(entity);
}

/// Whiteouts in a directory that goes have nothing to hide any more.
fn drop_whiteouts(world: &mut World, node: NodeId, dir: u64) {
    let Some(entries) = world.resource_mut::<FsIndex>().entries.remove(&(node, dir)) else {
        return;
    };
    for entry in entries.into_values() {
        assert!(entry.ino.is_none(), "a directory that goes is empty");
        world.despawn(entry.entity);
    }
}

/// One open-file description more.
pub(crate) fn opened(world: &mut World, node: NodeId, ino: u64) {
    world.resource_mut::<FsIndex>().open(node, ino);
}

/// One open-file description less; an inode without a name goes with the last.
pub(crate) fn closed(world: &mut World, node: NodeId, ino: u64) {
    let left = world.resource_mut::<FsIndex>().close(node, ino);
    if left == 0 && row(world, node, ino).is_some_and(|inode| inode.nlink == 0) {
        remove(world, node, ino);
    }
}
