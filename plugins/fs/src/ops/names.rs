//! Making, listing and removing names.

use bevy_ecs::prelude::*;
use helios_abi::calls::{DirEntry, Link, Mkdir, Readlink, Symlink, Unlink, mode};
use helios_abi::{Errno, SysError};

use super::{existing, make, may_change_dir, may_remove, not_busy};
use crate::access::READ;
use crate::inode::Body;
use crate::limits::{LINKS, PATH_BYTES};
use crate::lower::volume_of;
use crate::proc;
use crate::store::{self, change, link_target, meta_of, now_ms};
use crate::walk::{Actor, Last, Target, fail, walk, without_slashes};

/// `mkdir`.
pub(crate) fn mkdir(world: &mut World, actor: &Actor, call: &Mkdir) -> Result<(), SysError> {
    let found = walk(world, actor, without_slashes(&call.path), false)?;
    let bits = call.mode.unwrap_or(0o777) & (mode::PERMS & !(mode::SETUID | mode::SETGID)) & !actor.umask;
    make(world, actor, &found, mode::DIR | bits, Body::Dir).map(drop)
}

/// `readdir`, sorted by name.
pub(crate) fn readdir(world: &World, actor: &Actor, path: &str) -> Result<Vec<DirEntry>, SysError> {
    let found = walk(world, actor, path, true)?;
    let target = found.target.as_ref().ok_or_else(|| fail(Errno::ENOENT, path))?;
    actor.require("read", &found.path)?;
    let ino = match target {
        Target::Inode(ino) => *ino,
        Target::Proc(node) => return proc::readdir(world, actor, node, path),
    };
    let meta = meta_of(world, actor.node, ino);
    if !meta.is_dir() {
        return Err(fail(Errno::ENOTDIR, path));
    }
    actor.permit(&meta, READ, path)?;
    let entry = |(name, ino)| DirEntry {
        kind: meta_of(world, actor.node, ino).kind(),
        name,
        ino,
    };
    Ok(store::entries(world, actor.node, ino).into_iter().map(entry).collect())
}

/// `unlink` and `rmdir`.
pub(crate) fn unlink(world: &mut World, actor: &Actor, call: &Unlink) -> Result<(), SysError> {
    let directory = call.directory.unwrap_or(false);
    let path = if directory {
        without_slashes(&call.path)
    } else {
        &call.path
    };
    let found = walk(world, actor, path, false)?;
    not_busy(world, &found)?;
    if found.last == Last::Itself {
        let dots = path.ends_with("..");
        return Err(fail(if dots { Errno::ENOTEMPTY } else { Errno::EINVAL }, &call.path));
    }
    let ino = existing(&found, &call.path)?;
    let file = may_remove(world, actor, &found)?;
    actor.require("write", &found.path)?;
    match (directory, file.is_dir()) {
        (false, true) => return Err(fail(Errno::EISDIR, &call.path)),
        (true, false) => return Err(fail(Errno::ENOTDIR, &call.path)),
        (true, true) if !store::is_empty(world, actor.node, ino) => return Err(fail(Errno::ENOTEMPTY, &call.path)),
        _ => {}
    }
    store::take_entry(world, actor.node, found.dir, &found.name);
    store::unlink_inode(world, actor.node, ino);
    Ok(())
}

/// `link`: another name for the same inode. The capability is needed on both names: a scope must not leak by a new name.
pub(crate) fn link(world: &mut World, actor: &Actor, call: &Link) -> Result<(), SysError> {
    let old = walk(world, actor, &call.old, false)?;
    if matches!(old.target, Some(Target::Proc(_))) {
        return Err(fail(Errno::EXDEV, &call.old));
    }
    let ino = existing(&old, &call.old)?;
    let meta = meta_of(world, actor.node, ino);
    if meta.is_dir() {
        return Err(SysError::new(
            Errno::EPERM,
            format!("{}: directories have one name", call.old),
        ));
    }
    let new = walk(world, actor, &call.new, false)?;
    if new.target.is_some() {
        return Err(fail(Errno::EEXIST, &call.new));
    }
    if proc::covers(world, &new) {
        return Err(fail(Errno::EXDEV, &call.new));
    }
    if new.slash {
        return Err(fail(Errno::ENOENT, &call.new));
    }
    if volume_of(ino) != volume_of(new.dir) {
        return Err(fail(Errno::EXDEV, &call.new));
    }
    may_change_dir(world, actor, &new)?;
    actor.require("write", &old.path)?;
    actor.require("write", &new.path)?;
    if meta.nlink >= LINKS {
        return Err(SysError::new(
            Errno::EMLINK,
            format!("{}: a file has at most {LINKS} names", call.old),
        ));
    }
    store::check_entry_room(world, actor.node, new.dir, &new.name)?;
    let now = now_ms(world);
    change(world, actor.node, ino, |inode| {
        inode.nlink += 1;
        inode.ctime_ms = now;
    });
    store::put_entry(world, actor.node, new.dir, &new.name, ino);
    Ok(())
}

/// `symlink`.
pub(crate) fn symlink(world: &mut World, actor: &Actor, call: &Symlink) -> Result<(), SysError> {
    if call.target.is_empty() {
        return Err(SysError::new(Errno::ENOENT, "a symbolic link says something"));
    }
    if call.target.len() >= PATH_BYTES {
        return Err(SysError::new(
            Errno::ENAMETOOLONG,
            format!("a link says less than {PATH_BYTES} bytes"),
        ));
    }
    if call.target.contains('\0') {
        return Err(SysError::new(Errno::EINVAL, "a path holds no zero byte"));
    }
    let found = walk(world, actor, &call.path, false)?;
    if found.slash && found.target.is_none() {
        return Err(fail(Errno::ENOENT, &call.path));
    }
    make(
        world,
        actor,
        &found,
        mode::SYMLINK | 0o777,
        Body::Symlink(call.target.clone()),
    )
    .map(drop)
}

/// `readlink`.
pub(crate) fn readlink(world: &World, actor: &Actor, call: &Readlink) -> Result<String, SysError> {
    let found = walk(world, actor, &call.path, false)?;
    let target = found.target.as_ref().ok_or_else(|| fail(Errno::ENOENT, &call.path))?;
    actor.require("read", &found.path)?;
    let says = match target {
        Target::Inode(ino) => link_target(world, actor.node, *ino),
        Target::Proc(node) => {
            proc::permit(world, actor, node, &call.path)?;
            node.link().map(str::to_owned)
        }
    };
    says.ok_or_else(|| SysError::new(Errno::EINVAL, format!("{}: not a symbolic link", call.path)))
}

/// `realpath`.
pub(crate) fn realpath(world: &World, actor: &Actor, path: &str) -> Result<String, SysError> {
    let found = walk(world, actor, path, true)?;
    if found.target.is_none() {
        return Err(fail(Errno::ENOENT, path));
    }
    actor.require("read", &found.path)?;
    Ok(found.path)
}
