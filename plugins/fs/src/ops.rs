//! What the calls on paths do, under the permission bits and capabilities of whoever makes them.
//!
//! Each function takes an [`Actor`]; the syscalls are thin wrappers ([`crate::calls`]), and so are the functions that the
//! world itself uses ([`crate::setup`]).

mod attr;
mod names;
mod open;
mod rename;

pub(crate) use attr::{chmod, chown, stat, statfs, truncate, utimes};
pub(crate) use names::{link, mkdir, readdir, readlink, realpath, symlink, unlink};
pub(crate) use open::{Opened, open};
pub(crate) use rename::rename;

use bevy_ecs::prelude::*;
use helios_abi::calls::mode;
use helios_abi::{Errno, SysError};

use crate::access::{EXEC, WRITE, sticky_forbids};
use crate::disk::volume;
use crate::inode::Body;
use crate::lower::is_volume_root;
use crate::proc;
use crate::store::{self, Meta, NewInode, meta_of};
use crate::walk::{Actor, Found, Last, Target, fail};

/// Says whether the actor may change the entries of the directory that `found` is in.
fn may_change_dir(world: &World, actor: &Actor, found: &Found) -> Result<Meta, SysError> {
    if proc::covers(world, found) {
        return Err(fail(Errno::EROFS, &found.path));
    }
    let dir = meta_of(world, actor.node, found.dir);
    actor.permit(&dir, WRITE | EXEC, &found.path)?;
    volume::check_writable(world, actor.node, found.dir, &found.path)?;
    Ok(dir)
}

/// Says whether the actor may take the entry `found` out of its directory.
fn may_remove(world: &World, actor: &Actor, found: &Found) -> Result<Meta, SysError> {
    let dir = may_change_dir(world, actor, found)?;
    let file = meta_of(world, actor.node, found.inode()?);
    if sticky_forbids(&dir, &file, &actor.creds) {
        let why = format!("{}: only its owner removes it from a sticky directory", found.path);
        return Err(SysError::new(Errno::EPERM, why));
    }
    Ok(file)
}

/// Makes an inode where `found` found nothing.
fn make(world: &mut World, actor: &Actor, found: &Found, word: u32, body: Body) -> Result<u64, SysError> {
    if found.target.is_some() {
        return Err(fail(Errno::EEXIST, &found.path));
    }
    let dir = may_change_dir(world, actor, found)?;
    actor.require("write", &found.path)?;
    let inherits = dir.mode & mode::SETGID != 0;
    let gid = if inherits { dir.gid } else { actor.creds.egid };
    let inherited = if inherits && body == Body::Dir { mode::SETGID } else { 0 };
    let new = NewInode {
        mode: word | inherited,
        uid: actor.creds.euid,
        gid,
        body,
    };
    store::create(world, actor.node, found.dir, &found.name, new).map_err(|error| on_path(error, &found.path))
}

/// Puts the path in front of a message that does not name one.
fn on_path(error: SysError, path: &str) -> SysError {
    let shown: String = path.chars().take(256).collect();
    SysError::new(error.errno, format!("{shown}: {}", error.message))
}

/// The inode of a path that must exist, or the answer for what is below `/proc`.
fn existing(found: &Found, path: &str) -> Result<u64, SysError> {
    match &found.target {
        Some(Target::Inode(ino)) => Ok(*ino),
        Some(Target::Proc(_)) => Err(fail(Errno::EROFS, path)),
        None => Err(fail(Errno::ENOENT, path)),
    }
}

/// A mount point and the root are in use by the machine itself.
fn not_busy(world: &World, found: &Found) -> Result<(), SysError> {
    let mounted = matches!(&found.target, Some(Target::Proc(_)));
    let root = matches!(found.target, Some(Target::Inode(crate::inode::ROOT_INO)));
    let volume = matches!(found.target, Some(Target::Inode(ino)) if is_volume_root(ino));
    if (mounted && !proc::covers(world, found)) || (root && found.last == Last::Itself) || volume {
        return Err(fail(Errno::EBUSY, &found.path));
    }
    Ok(())
}
