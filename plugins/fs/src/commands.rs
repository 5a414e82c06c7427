//! Commands of the log that change files from outside, and what a host may read of a tree: for folders that are kept the
//! same on a host and on a machine.
//!
//! | command | payload | what it does |
//! |---|---|---|
//! | `fs.put` | `{root, path, bytes, append?, mode?}` (base64) | writes a file below `root`, and directories on the way |
//! | `fs.remove` | `{root, path}` | removes a file below `root` |
//!
//! They act as the owner of `root`, under its permissions, and follow no symbolic link in the last place: what a program
//! of the machine puts in the way leads nowhere that its owner could not go.

use bevy_app::App;
use bevy_ecs::prelude::*;
use helios_abi::calls::{Mkdir, Open, Stat, Unlink, mode, open_flags};
use helios_abi::{Bytes, Errno, NodeId, SysError};
use helios_engine::prelude::{CommandError, LogAppExt};
use helios_kernel::{CapSet, Creds};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::data;
use crate::index::FsIndex;
use crate::ops::{self, Opened};
use crate::store::{self, meta_of};
use crate::walk::{Actor, Target, fail, walk};

/// Registers the commands.
pub(crate) fn register(app: &mut App) {
    app.register_command("fs.put", |world, node, payload| on_disk(world, node, payload, put))
        .register_command("fs.remove", |world, node, payload| {
            on_disk(world, node, payload, |world, node, Remove { root, path }| {
                let (actor, path) = below(world, node, &root, &path)?;
                let call = Unlink { path, directory: None };
                ops::unlink(world, &actor, &call)
            })
        });
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Put {
    root: String,
    path: String,
    bytes: Bytes,
    #[serde(default)]
    append: bool,
    mode: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Remove {
    root: String,
    path: String,
}

/// Runs a command of a machine that has a disk.
pub(crate) fn on_disk<T: DeserializeOwned>(
    world: &mut World,
    node: NodeId,
    payload: &Value,
    apply: impl FnOnce(&mut World, NodeId, T) -> Result<(), SysError>,
) -> Result<(), CommandError> {
    let payload = T::deserialize(payload)?;
    if !world.resource::<FsIndex>().disks.contains_key(&node) {
        return Err(CommandError::new("is addressed to a node without a disk"));
    }
    apply(world, node, payload).map_err(|error| CommandError::new(error.message))
}

/// Who acts on a tree: its owner, with every capability.
fn owner_of(world: &World, node: NodeId, root: &str) -> Result<Actor, SysError> {
    let found = walk(world, &Actor::root(node), root, true)?;
    let Some(Target::Inode(ino)) = found.target else {
        return Err(fail(Errno::ENOENT, root));
    };
    let meta = meta_of(world, node, ino);
    if !meta.is_dir() {
        return Err(fail(Errno::ENOTDIR, root));
    }
    let creds = Creds {
        uid: meta.uid,
        gid: meta.gid,
        euid: meta.uid,
        egid: meta.gid,
        groups: Vec::new(),
        caps: CapSet::all(),
    };
    Ok(Actor {
        creds,
        ..Actor::root(node)
    })
}

fn below(world: &World, node: NodeId, root: &str, path: &str) -> Result<(Actor, String), SysError> {
    if path.is_empty() || path.split('/').any(|name| matches!(name, "" | "." | "..")) {
        return Err(SysError::new(
            Errno::EINVAL,
            format!("{path}: a path below a folder has no empty, `.` and `..` components"),
        ));
    }
    let actor = owner_of(world, node, root)?;
    Ok((actor, format!("{}/{path}", root.trim_end_matches('/'))))
}

fn put(world: &mut World, node: NodeId, put: Put) -> Result<(), SysError> {
    let (actor, path) = below(world, node, &put.root, &put.path)?;
    for (at, _) in path
        .match_indices('/')
        .filter(|(at, _)| *at > put.root.trim_end_matches('/').len())
    {
        let call = Mkdir {
            path: path[..at].to_owned(),
            mode: None,
        };
        match ops::mkdir(world, &actor, &call) {
            Err(error) if error.errno != Errno::EEXIST => return Err(error),
            _ => {}
        }
    }
    let more = if put.append {
        open_flags::APPEND
    } else {
        open_flags::TRUNCATE
    };
    let call = Open {
        path: path.clone(),
        flags: open_flags::WRITE | open_flags::CREATE | open_flags::NOFOLLOW | more,
        mode: put.mode,
    };
    let Opened::Inode { ino, .. } = ops::open(world, &actor, &call)? else {
        return Err(fail(Errno::EINVAL, &path));
    };
    let meta = meta_of(world, node, ino);
    if meta.kind() != mode::FILE {
        return Err(fail(Errno::EINVAL, &path));
    }
    let at = if put.append { meta.size } else { 0 };
    let written = data::write(world, node, ino, at, &put.bytes.0)?;
    if written as usize == put.bytes.0.len() {
        Ok(())
    } else {
        Err(fail(Errno::ENOSPC, &path))
    }
}

/// The regular files below a directory of a machine, by their paths below it, in order; directories that its owner may
/// not read are left out.
///
/// # Errors
/// ENOENT, ENOTDIR; EMFILE where there are more than `limit`.
pub fn tree(world: &World, node: NodeId, root: &str, limit: usize) -> Result<Vec<(String, Stat)>, SysError> {
    let actor = owner_of(world, node, root)?;
    let mut files = Vec::new();
    let mut todo = vec![String::new()];
    while let Some(dir) = todo.pop() {
        let path = format!("{}/{dir}", root.trim_end_matches('/'));
        let Ok(entries) = ops::readdir(world, &actor, &path) else {
            continue;
        };
        for entry in entries {
            let path = format!("{dir}{}", entry.name);
            match entry.kind {
                mode::DIR => todo.push(format!("{path}/")),
                mode::FILE => files.push((path, store::meta_of(world, node, entry.ino).stat())),
                _ => {}
            }
            if files.len() + todo.len() > limit {
                return Err(SysError::new(Errno::EMFILE, format!("{root}: more than {limit} files")));
            }
        }
    }
    files.sort_by(|left, right| left.0.cmp(&right.0));
    Ok(files)
}
