//! The overlay's primitives: one view of base image and rows, and the only code that adds, changes and removes rows.

use bevy_ecs::prelude::*;
use helios_abi::calls::{Stat, mode};
use helios_abi::{Errno, NodeId, SysError};
use helios_engine::ids::spawn_row;
use helios_engine::time::{Clock, WorldEpoch};

use crate::base::{Base, BaseBody, BaseImage};
use crate::index::{Entry, FsIndex};
use crate::inode::{Body, Dentry, Disk, Inode, ROOT_INO};
use crate::limits::{DIRECTORY_ENTRIES, DiskLimits, LINKS};

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
        return base_meta(base(world), ino);
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
        Body::Base => (base_meta(base(world), ino).map_or(0, |meta| meta.size), 0),
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

fn base_meta(base: &BaseImage, ino: u64) -> Option<Meta> {
    let found = base.node(ino)?;
    let (size, rdev) = match &found.body {
        BaseBody::Dir => (0, 0),
        BaseBody::File { size, .. } => (*size, 0),
        BaseBody::Symlink(target) => (target.len() as u64, 0),
        BaseBody::Device(rdev) => (0, *rdev),
    };
    let time = base.mtime_ms();
    Some(Meta {
        ino,
        mode: found.mode,
        uid: found.uid,
        gid: found.gid,
        nlink: base.nlink(ino),
        mtime_ms: time,
        ctime_ms: time,
        size,
        rdev,
    })
}

/// What a symbolic link says; `None` if the inode is none.
pub(crate) fn link_target(world: &World, node: NodeId, ino: u64) -> Option<String> {
    match row(world, node, ino).map(|inode| &inode.body) {
        Some(Body::Symlink(target)) => Some(target.clone()),
        Some(_) => None,
        None => match &base(world).node(ino)?.body {
            BaseBody::Symlink(target) => Some(target.clone()),
            _ => None,
        },
    }
}

/// The inode that a directory names so.
pub(crate) fn lookup(world: &World, node: NodeId, dir: u64, name: &str) -> Option<u64> {
    match world.resource::<FsIndex>().entry(node, dir, name) {
        Some(entry) => entry.ino,
        None => base(world).entry(dir, name),
    }
}

/// The entries of a directory, by name.
pub(crate) fn entries(world: &World, node: NodeId, dir: u64) -> Vec<(String, u64)> {
    let overlay = world.resource::<FsIndex>().entries.get(&(node, dir));
    let hidden = |name: &str| overlay.is_some_and(|overlay| overlay.contains_key(name));
    let below = base(world)
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
    !added && base(world).entries(dir).all(|(name, _)| hidden(name))
}

/// The directory that holds a directory, and its name there; `None` of the root and of what was removed.
pub(crate) fn parent(world: &World, node: NodeId, dir: u64) -> Option<(u64, String)> {
    if let Some(found) = world.resource::<FsIndex>().parents.get(&(node, dir)) {
        return Some(found.clone());
    }
    let (above, name) = base(world).parent(dir)?;
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
    let body = match &base(world)
        .node(ino)
        .expect("an inode without a row is the image's")
        .body
    {
        BaseBody::Dir => Body::Dir,
        BaseBody::File { .. } => Body::Base,
        BaseBody::Symlink(target) => Body::Symlink(target.clone()),
        BaseBody::Device(rdev) => Body::Device(*rdev),
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
    let (entity, _) = spawn_row(world, node, inode.clone());
    world.resource_mut::<FsIndex>().add_inode(node, &inode, entity);
    entity
}

/// Changes an inode, copied up if it must be, and keeps the books of its bytes.
pub(crate) fn change<T>(world: &mut World, node: NodeId, ino: u64, with: impl FnOnce(&mut Inode) -> T) -> T {
    let entity = copy_up(world, node, ino);
    let mut inode = world.get_mut::<Inode>(entity).expect("indexed");
    let before = (inode.uid, inode.charged_bytes());
    let answer = with(&mut inode);
    let after = (inode.uid, inode.charged_bytes());
    if before != after {
        let mut index = world.resource_mut::<FsIndex>();
        index.refund(node, before.0, before.1);
        index.charge(node, after.0, after.1);
    }
    answer
}

/// Says whether `uid` may have `more` bytes on the machine's disk: how many of them, at least one, or why none.
pub(crate) fn room(world: &World, node: NodeId, uid: u32, more: u64) -> Result<u64, SysError> {
    let Some(disk) = disk(world, node) else {
        return Err(Errno::ENODEV.into());
    };
    let usage = world.resource::<FsIndex>().usage.get(&node);
    let left = disk
        .limits
        .disk_bytes
        .saturating_sub(usage.map_or(0, |usage| usage.bytes));
    if left == 0 && more > 0 {
        return Err(SysError::new(
            Errno::ENOSPC,
            format!("the disk of {} bytes is full", disk.limits.disk_bytes),
        ));
    }
    let own = match disk.limits.user_bytes {
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

/// What a machine's disk may hold.
pub(crate) fn disk_limits(world: &World, node: NodeId) -> Option<DiskLimits> {
    disk(world, node).map(|disk| disk.limits)
}

fn disk(world: &World, node: NodeId) -> Option<&Disk> {
    world.get::<Disk>(*world.resource::<FsIndex>().disks.get(&node)?)
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
    if room(world, node, uid, bytes)? < bytes {
        return Err(Errno::ENOSPC.into());
    }
    let used = world
        .resource::<FsIndex>()
        .usage
        .get(&node)
        .map_or(0, |usage| usage.inodes);
    let entity = *world.resource::<FsIndex>().disks.get(&node).ok_or(Errno::ENODEV)?;
    let mut disk = world.get_mut::<Disk>(entity).expect("indexed");
    if used >= disk.limits.inodes {
        let limit = disk.limits.inodes;
        return Err(SysError::new(
            Errno::ENOSPC,
            format!("the disk has {limit} inodes, all of them in use"),
        ));
    }
    inode.ino = disk.next_ino;
    disk.next_ino += 1;
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
    let in_base = base(world).entry(dir, name);
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
    let Some(entity) = world.resource::<FsIndex>().inodes.get(&(node, ino)).copied() else {
        return;
    };
    let inode = world.get::<Inode>(entity).expect("indexed").clone();
    drop_whiteouts(world, node, ino);
    world.resource_mut::<FsIndex>().remove_inode(node, &inode);
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
