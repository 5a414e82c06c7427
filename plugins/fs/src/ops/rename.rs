//! `rename`, with everything that POSIX says of it.

use bevy_ecs::prelude::*;
use helios_abi::calls::Rename;
use helios_abi::{Errno, SysError};

use super::{existing, may_change_dir, may_remove, not_busy};
use crate::access::WRITE;
use crate::lower::volume_of;
use crate::proc;
use crate::store::{self, change, is_empty, is_within, meta_of, now_ms};
use crate::walk::{Actor, Found, Last, Target, fail, walk, without_slashes};

/// Moves `old` to `new`, replacing what is there; nothing happens where both name the same inode.
pub(crate) fn rename(world: &mut World, actor: &Actor, call: &Rename) -> Result<(), SysError> {
    let old = end(world, actor, &call.old)?;
    let new = end(world, actor, &call.new)?;
    if proc::covers(world, &old) || proc::covers(world, &new) {
        return Err(fail(Errno::EXDEV, &call.old));
    }
    let node = actor.node;
    let ino = existing(&old, &call.old)?;
    if volume_of(old.dir) != volume_of(new.dir) {
        return Err(fail(Errno::EXDEV, &call.old));
    }
    let file = may_remove(world, actor, &old)?;
    if (old.slash || new.slash) && !file.is_dir() {
        return Err(fail(Errno::ENOTDIR, if old.slash { &call.old } else { &call.new }));
    }
    may_change_dir(world, actor, &new)?;
    actor.require("write", &old.path)?;
    actor.require("write", &new.path)?;
    if file.is_dir() && is_within(world, node, new.dir, ino) {
        return Err(SysError::new(
            Errno::EINVAL,
            format!("{}: cannot move into itself", call.old),
        ));
    }
    // Another directory over a directory changes what `..` says in it.
    if file.is_dir() && old.dir != new.dir {
        actor.permit(&file, WRITE, &call.old)?;
    }
    let replaced = match new.target {
        Some(Target::Inode(there)) if there == ino => return Ok(()),
        Some(Target::Inode(there)) => Some(there),
        _ => None,
    };
    match replaced {
        Some(there) => may_replace(world, actor, &new, there, file.is_dir(), &call.new)?,
        None => store::check_entry_room(world, node, new.dir, &new.name)?,
    }
    if file.is_dir() && replaced.is_none() && old.dir != new.dir {
        let links = meta_of(world, node, new.dir).nlink;
        if links >= crate::limits::LINKS {
            return Err(fail(Errno::EMLINK, &call.new));
        }
    }
    store::take_entry(world, node, old.dir, &old.name);
    if let Some(there) = replaced {
        store::take_entry(world, node, new.dir, &new.name);
        store::unlink_inode(world, node, there);
    }
    store::put_entry(world, node, new.dir, &new.name, ino);
    let now = now_ms(world);
    change(world, node, ino, |inode| inode.ctime_ms = now);
    Ok(())
}

/// Resolves one of the two paths: the last component is a name, and no mount point.
fn end(world: &World, actor: &Actor, path: &str) -> Result<Found, SysError> {
    let mut found = walk(world, actor, without_slashes(path), false)?;
    found.slash = path.len() > 1 && path.ends_with('/');
    not_busy(world, &found)?;
    if found.last == Last::Itself {
        let busy = path.ends_with("..") || found.path == "/";
        return Err(fail(if busy { Errno::EBUSY } else { Errno::EINVAL }, path));
    }
    Ok(found)
}

fn may_replace(
    world: &World,
    actor: &Actor,
    new: &Found,
    there: u64,
    by_dir: bool,
    path: &str,
) -> Result<(), SysError> {
    let target = may_remove(world, actor, new)?;
    match (by_dir, target.is_dir()) {
        (true, false) => Err(fail(Errno::ENOTDIR, path)),
        (false, true) => Err(fail(Errno::EISDIR, path)),
        (true, true) if !is_empty(world, actor.node, there) => Err(fail(Errno::ENOTEMPTY, path)),
        _ => Ok(()),
    }
}
