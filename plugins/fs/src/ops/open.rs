//! `open`: what it finds or makes, and what it then is open on.

use bevy_ecs::prelude::*;
use helios_abi::calls::{Open, mode, open_flags};
use helios_abi::{Errno, SysError};
use helios_kernel::files::tty;

use super::{make, on_path};
use crate::access::{READ, WRITE};
use crate::data;
use crate::disk::volume;
use crate::inode::{Body, FileData};
use crate::proc::ProcNode;
use crate::store::meta_of;
use crate::walk::{Actor, Found, Last, Target, fail, walk};

/// What `open` found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    /// An inode: a file, a directory, a device.
    Inode {
        /// Its number.
        ino: u64,
        /// Its canonical path.
        path: String,
    },
    /// A file or directory of `/proc`, by its canonical path.
    Proc(String),
    /// A pseudo-terminal, by its number among the machine's objects and its canonical path.
    Terminal(u64, String),
    /// One of the caller's own descriptors, through `/proc/self/fd` or `/dev/stdin`.
    Own(i32),
}

/// Opens, makes or cuts a file.
pub(crate) fn open(world: &mut World, actor: &Actor, call: &Open) -> Result<Opened, SysError> {
    let flags = call.flags;
    let has = |bits: u32| flags & bits != 0;
    if has(!open_flags::ALL) || !has(open_flags::READ | open_flags::WRITE) {
        return Err(SysError::new(
            Errno::EINVAL,
            format!("open flags {flags}: unknown, or neither read nor write"),
        ));
    }
    if has(open_flags::TRUNCATE | open_flags::APPEND) && !has(open_flags::WRITE) {
        return Err(SysError::new(
            Errno::EINVAL,
            "truncating and appending need a file open for writing",
        ));
    }
    if has(open_flags::CREATE) && has(open_flags::DIRECTORY) {
        return Err(SysError::new(Errno::EINVAL, "directories are made by mkdir"));
    }
    let exclusive = has(open_flags::CREATE) && has(open_flags::EXCLUSIVE);
    let found = walk(world, actor, &call.path, !exclusive && !has(open_flags::NOFOLLOW))?;
    let (opened, new) = match (&found.target, has(open_flags::CREATE)) {
        (Some(_), true) if exclusive => return Err(fail(Errno::EEXIST, &call.path)),
        (Some(Target::Proc(node)), _) => return open_proc(world, actor, call, node, found.path.clone()),
        (Some(Target::Inode(ino)), _) => (*ino, false),
        (None, false) => return Err(fail(Errno::ENOENT, &call.path)),
        (None, true) => (create(world, actor, call, &found)?, true),
    };
    if !new {
        check_open(world, actor, call, &found, opened)?;
    } else if has(open_flags::READ) {
        actor.require("read", &found.path)?;
    }
    if has(open_flags::TRUNCATE) && meta_of(world, actor.node, opened).kind() == mode::FILE {
        data::truncate(world, actor.node, opened, 0).map_err(|error| on_path(error, &found.path))?;
    }
    Ok(Opened::Inode {
        ino: opened,
        path: found.path,
    })
}

fn create(world: &mut World, actor: &Actor, call: &Open, found: &Found) -> Result<u64, SysError> {
    if found.slash || found.last == Last::Itself {
        return Err(fail(Errno::EISDIR, &call.path));
    }
    if crate::proc::covers(world, found) {
        return Err(fail(Errno::ENOENT, &call.path));
    }
    // Checked before anything is made: a failed open leaves no file behind.
    if call.flags & open_flags::READ != 0 {
        actor.require("read", &found.path)?;
    }
    let bits = call.mode.unwrap_or(0o666) & mode::PERMS & !actor.umask;
    make(world, actor, found, mode::FILE | bits, Body::File(FileData::default()))
}

fn check_open(world: &World, actor: &Actor, call: &Open, found: &Found, ino: u64) -> Result<(), SysError> {
    let meta = meta_of(world, actor.node, ino);
    let writes = call.flags & open_flags::WRITE != 0;
    let volume = volume::of(world, actor.node, ino);
    if meta.kind() == mode::DEVICE && volume.is_some_and(|volume| volume.options.nodev) {
        let why = format!("{}: devices of what is mounted there do not open", call.path);
        return Err(SysError::new(Errno::EACCES, why));
    }
    match meta.kind() {
        mode::SYMLINK => return Err(fail(Errno::ELOOP, &call.path)),
        mode::DIR if writes || call.flags & open_flags::CREATE != 0 => return Err(fail(Errno::EISDIR, &call.path)),
        mode::DIR => {}
        _ if call.flags & open_flags::DIRECTORY != 0 => return Err(fail(Errno::ENOTDIR, &call.path)),
        _ => {}
    }
    if call.flags & open_flags::READ != 0 {
        actor.permit(&meta, READ, &call.path)?;
        actor.require("read", &found.path)?;
    }
    if writes {
        actor.permit(&meta, WRITE, &call.path)?;
        actor.require("write", &found.path)?;
        if meta.kind() == mode::FILE {
            volume::check_writable(world, actor.node, ino, &call.path)?;
        }
    }
    Ok(())
}

fn open_proc(world: &World, actor: &Actor, call: &Open, node: &ProcNode, path: String) -> Result<Opened, SysError> {
    crate::proc::permit(world, actor, node, &call.path)?;
    match node {
        ProcNode::Descriptor(pid, fd, _, false)
            if actor.pid == Some(*pid) && call.flags & open_flags::NOFOLLOW == 0 =>
        {
            if call.flags & open_flags::DIRECTORY != 0 {
                return Err(fail(Errno::ENOTDIR, &call.path));
            }
            return Ok(Opened::Own(*fd));
        }
        ProcNode::Terminal(id) => return open_terminal(world, actor, call, *id, path),
        _ if node.link().is_some() => return Err(fail(Errno::ELOOP, &call.path)),
        _ => {}
    }
    if call.flags & open_flags::WRITE != 0 {
        return Err(fail(
            if node.is_dir() { Errno::EISDIR } else { Errno::EACCES },
            &call.path,
        ));
    }
    if call.flags & open_flags::DIRECTORY != 0 && !node.is_dir() {
        return Err(fail(Errno::ENOTDIR, &call.path));
    }
    actor.require("read", &path)?;
    Ok(Opened::Proc(path))
}

/// Opens a pseudo-terminal: its owner and root may read and write, its group may write (`mesg` and `wall`).
fn open_terminal(world: &World, actor: &Actor, call: &Open, id: u64, path: String) -> Result<Opened, SysError> {
    if call.flags & open_flags::DIRECTORY != 0 {
        return Err(fail(Errno::ENOTDIR, &call.path));
    }
    let row = tty::row(world, actor.node, id);
    let owner = actor.creds.is_root() || actor.creds.euid == row.owner;
    let writes_only = call.flags & open_flags::READ == 0 && actor.creds.in_group(tty::TTY_GROUP);
    if !owner && !writes_only {
        return Err(fail(Errno::EACCES, &call.path));
    }
    for (bit, verb) in [(open_flags::READ, "read"), (open_flags::WRITE, "write")] {
        if call.flags & bit != 0 {
            actor.require(verb, &path)?;
        }
    }
    Ok(Opened::Terminal(id, path))
}
