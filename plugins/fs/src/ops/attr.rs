//! Reading and changing what an inode says of itself.

use bevy_ecs::prelude::*;
use helios_abi::calls::{Chmod, Chown, FsInfo, Stat, StatPath, Utimes, mode};
use helios_abi::{Errno, ProcKey, SysError};
use helios_kernel::files;

use super::{existing, on_path};
use crate::access::{WRITE, owns, permits, without_set_id};
use crate::disk::volume;
use crate::index::{FsIndex, Usage};
use crate::limits::DiskLimits;
use crate::lower::volume_of;
use crate::proc::ProcNode;
use crate::store::{change, limits_of, meta_of, now_ms};
use crate::walk::{Actor, Found, Target, fail, walk};
use crate::{data, proc};

/// `stat` and `lstat`.
pub(crate) fn stat(world: &mut World, actor: &Actor, call: &StatPath) -> Result<Stat, SysError> {
    let follow = !call.nofollow.unwrap_or(false);
    let found = walk(world, actor, &call.path, follow)?;
    let target = found.target.as_ref().ok_or_else(|| fail(Errno::ENOENT, &call.path))?;
    actor.require("read", &found.path)?;
    Ok(match target {
        Target::Inode(ino) => meta_of(world, actor.node, *ino).stat(),
        // What a descriptor is open on is no place in the tree: it tells of itself.
        Target::Proc(node @ ProcNode::Descriptor(pid, fd, _, false)) if follow => {
            proc::permit(world, actor, node, &call.path)?;
            let key = ProcKey {
                node: actor.node,
                pid: *pid,
            };
            let file = files::lookup(world, key, *fd)?;
            files::ops(world, &file).stat(world, &file)?
        }
        Target::Proc(node) => proc::stat(world, actor.node, node),
    })
}

/// `statfs`.
pub(crate) fn statfs(world: &World, actor: &Actor, path: &str) -> Result<FsInfo, SysError> {
    let found = walk(world, actor, path, true)?;
    let target = found.target.as_ref().ok_or_else(|| fail(Errno::ENOENT, path))?;
    actor.require("read", &found.path)?;
    let (at, kind, usage, limits) = match target {
        Target::Proc(_) => {
            let mount = proc::Mount::of(&found.path).map_or(proc::Mount::Proc, |(mount, _)| mount);
            let kind = match mount {
                proc::Mount::Proc => "proc",
                proc::Mount::Pts => "devpts",
            };
            (mount.path().to_owned(), kind.to_owned(), Usage::default(), None)
        }
        Target::Inode(ino) => {
            let usage = world.resource::<FsIndex>().usage_of((actor.node, volume_of(*ino)));
            let limits = limits_of(world, actor.node, *ino);
            match volume::of(world, actor.node, *ino) {
                None => ("/".to_owned(), "overlay".to_owned(), usage, limits),
                Some(volume) => {
                    // What is pressed is full: nothing can be added.
                    let full = DiskLimits {
                        disk_bytes: usage.bytes,
                        inodes: usage.inodes,
                        user_bytes: None,
                    };
                    let limits = limits.map(|limits| if volume.options.read_only { full } else { limits });
                    (
                        volume::path_of(world, actor.node, volume),
                        volume.kind.clone(),
                        usage,
                        limits,
                    )
                }
            }
        }
    };
    Ok(FsInfo {
        path: at,
        kind,
        total_bytes: limits.map_or(0, |limits| limits.disk_bytes),
        used_bytes: usage.bytes,
        total_inodes: limits.map_or(0, |limits| limits.inodes),
        used_inodes: usage.inodes,
    })
}

/// Finds a file whose inode the actor wants to change.
fn to_change(world: &World, actor: &Actor, path: &str, follow: bool) -> Result<(Found, u64), SysError> {
    let found = walk(world, actor, path, follow)?;
    let ino = existing(&found, path)?;
    actor.require("write", &found.path)?;
    volume::check_writable(world, actor.node, ino, path)?;
    Ok((found, ino))
}

/// `chmod`.
pub(crate) fn chmod(world: &mut World, actor: &Actor, call: &Chmod) -> Result<(), SysError> {
    if call.mode & !mode::PERMS != 0 {
        return Err(SysError::new(
            Errno::EINVAL,
            format!("{:o} has bits that are not permissions", call.mode),
        ));
    }
    let (_, ino) = to_change(world, actor, &call.path, true)?;
    let meta = meta_of(world, actor.node, ino);
    if !owns(&meta, &actor.creds) {
        return Err(fail(Errno::EPERM, &call.path));
    }
    // Nobody gives away the rights of a group that is not theirs.
    let foreign = !actor.creds.is_root() && !actor.creds.in_group(meta.gid);
    let bits = if foreign && !meta.is_dir() {
        call.mode & !mode::SETGID
    } else {
        call.mode
    };
    let now = now_ms(world);
    change(world, actor.node, ino, |inode| {
        inode.mode = (inode.mode & mode::TYPE) | bits;
        inode.ctime_ms = now;
    });
    Ok(())
}

/// `chown` and `lchown`: root gives files to anybody, an owner to a group of theirs.
pub(crate) fn chown(world: &mut World, actor: &Actor, call: &Chown) -> Result<(), SysError> {
    let (_, ino) = to_change(world, actor, &call.path, !call.nofollow.unwrap_or(false))?;
    let meta = meta_of(world, actor.node, ino);
    let creds = &actor.creds;
    let keeps_owner = call.uid.is_none_or(|uid| uid == meta.uid);
    let own_group = call.gid.is_none_or(|gid| gid == meta.gid || creds.in_group(gid));
    if !(creds.is_root() || creds.euid == meta.uid && keeps_owner && own_group) {
        return Err(fail(Errno::EPERM, &call.path));
    }
    let now = now_ms(world);
    change(world, actor.node, ino, |inode| {
        inode.uid = call.uid.unwrap_or(inode.uid);
        inode.gid = call.gid.unwrap_or(inode.gid);
        inode.mode = without_set_id(inode.mode);
        inode.ctime_ms = now;
    });
    Ok(())
}

/// `truncate` by path.
pub(crate) fn truncate(world: &mut World, actor: &Actor, path: &str, size: u64) -> Result<(), SysError> {
    let (found, ino) = to_change(world, actor, path, true)?;
    let meta = meta_of(world, actor.node, ino);
    match meta.kind() {
        mode::DIR => return Err(fail(Errno::EISDIR, path)),
        mode::FILE => actor.permit(&meta, WRITE, path)?,
        _ => return Err(fail(Errno::EINVAL, path)),
    }
    data::truncate(world, actor.node, ino, size).map_err(|error| on_path(error, &found.path))
}

/// `utimes`: a time of one's choosing is the owner's to set; the present, whoever may write.
pub(crate) fn utimes(world: &mut World, actor: &Actor, call: &Utimes) -> Result<(), SysError> {
    let (_, ino) = to_change(world, actor, &call.path, true)?;
    let meta = meta_of(world, actor.node, ino);
    if !owns(&meta, &actor.creds) {
        if call.mtime_ms.is_some() {
            return Err(fail(Errno::EPERM, &call.path));
        }
        if !permits(&meta, &actor.creds, WRITE) {
            return Err(fail(Errno::EACCES, &call.path));
        }
    }
    if call.mtime_ms.is_some_and(|time| time >= helios_abi::MAX_SAFE) {
        return Err(SysError::new(Errno::EINVAL, "a time is below 2^53 milliseconds"));
    }
    let now = now_ms(world);
    change(world, actor.node, ino, |inode| {
        inode.mtime_ms = call.mtime_ms.unwrap_or(now);
        inode.ctime_ms = now;
    });
    Ok(())
}
