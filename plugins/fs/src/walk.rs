//! From a path to an inode, component by component.
//!
//! Every directory on the way must let the caller search it. Symbolic links are followed, at most 40. What comes out
//! carries its *canonical* path, the names that were really walked: capabilities are checked against that path, so a link
//! does not lead out of a scope. A mount point hands over to what is mounted there: the root of a volume, or the kernel's
//! `/proc` and `/dev/pts`.

use std::sync::OnceLock;

use bevy_ecs::prelude::*;
use helios_abi::{Errno, NodeId, Pid, SysError};
use helios_kernel::{Caller, Creds, Env, Scope};

use crate::access::{EXEC, permits};
use crate::disk::volume::cover;
use crate::inode::ROOT_INO;
use crate::limits::{NAME_BYTES, PATH_BYTES, SYMLINK_DEPTH};
use crate::proc::{self, Mount, ProcNode};
use crate::store::{Meta, base, link_target, lookup, meta_of};

/// Who asks for a path, and from where.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The machine.
    pub node: NodeId,
    /// The process; absent for the world's own hand.
    pub pid: Option<Pid>,
    /// Whose permission bits and capabilities apply.
    pub creds: Creds,
    /// Where relative paths start, canonical.
    pub cwd: String,
    /// Bits that new files do not get.
    pub umask: u32,
    /// The first capability that was missing: whoever made the actor writes it to the kernel's log.
    pub(crate) refused: OnceLock<Refusal>,
}

/// `fs:verb` on a canonical path, which an actor does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// `read` or `write`.
    pub(crate) verb: &'static str,
    /// The path.
    pub(crate) path: String,
}

impl Actor {
    /// Root of a machine, at `/`, with every capability.
    #[must_use]
    pub fn root(node: NodeId) -> Self {
        Self {
            node,
            pid: None,
            creds: Creds::root(),
            cwd: "/".to_owned(),
            umask: 0o022,
            refused: OnceLock::new(),
        }
    }

    /// The process that makes a call.
    pub(crate) fn of(world: &World, caller: &Caller) -> Self {
        let env = world.get::<Env>(caller.entity).expect("a caller has its surroundings");
        let (cwd, umask) = (env.cwd.clone(), env.umask);
        Self {
            node: caller.node(),
            pid: Some(caller.key.pid),
            creds: caller.creds(world).clone(),
            cwd,
            umask,
            refused: OnceLock::new(),
        }
    }

    /// Says whether the actor holds `fs:verb` on a canonical path; what is missing is kept for the log.
    pub(crate) fn require(&self, verb: &'static str, path: &str) -> Result<(), SysError> {
        if self.creds.caps.allows("fs", verb, Scope::Path(path)) {
            return Ok(());
        }
        let refusal = || Refusal {
            verb,
            path: path.to_owned(),
        };
        self.refused.get_or_init(refusal);
        Err(SysError::new(
            Errno::EPERM,
            format!("{path}: the program does not hold the capability fs:{verb} for it"),
        ))
    }

    /// Says whether the permission bits of `meta` let the actor do `want`.
    pub(crate) fn permit(&self, meta: &Meta, want: u32, path: &str) -> Result<(), SysError> {
        if permits(meta, &self.creds, want) {
            Ok(())
        } else {
            Err(fail(Errno::EACCES, path))
        }
    }
}

/// An error on a path: `path: what it is`.
pub(crate) fn fail(errno: Errno, path: &str) -> SysError {
    let shown: String = path.chars().take(256).collect();
    SysError::new(errno, format!("{shown}: {}", errno.text()))
}

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// An inode of the machine.
    Inode(u64),
    /// Something of the kernel's `/proc` or `/dev/pts`.
    Proc(ProcNode),
}

/// How the last component was written, which decides what may be done to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Last {
    /// A name.
    Name,
    /// `.`, `..` or nothing: the directory itself, under no name of it.
    Itself,
}

/// Where a path leads.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// The directory that holds the last component; the directory itself where [`Last::Itself`].
    pub(crate) dir: u64,
    /// The last component's name in it; empty of the root.
    pub(crate) name: String,
    /// What it is; absent if the directory has no such entry.
    pub(crate) target: Option<Target>,
    /// Canonical path.
    pub(crate) path: String,
    /// How it was written.
    pub(crate) last: Last,
    /// A slash followed it: it must be a directory.
    pub(crate) slash: bool,
}

impl Found {
    /// The inode, or why there is none.
    pub(crate) fn inode(&self) -> Result<u64, SysError> {
        match &self.target {
            Some(Target::Inode(ino)) => Ok(*ino),
            Some(Target::Proc(_)) => Err(fail(Errno::EROFS, &self.path)),
            None => Err(fail(Errno::ENOENT, &self.path)),
        }
    }
}

struct Walk<'w, 'a> {
    world: &'w World,
    actor: &'a Actor,
    /// Directories from the root to here, with their names; the root has none.
    stack: Vec<(u64, String)>,
    /// Components still to walk, the next one last.
    todo: Vec<String>,
    /// Below a mount point of the kernel's: which, and the components inside it.
    mounted: Option<(Mount, Vec<String>)>,
    links: u32,
    shown: &'a str,
}

/// Resolves `path`; a symbolic link in the last place is followed where `follow` says so.
pub(crate) fn walk(world: &World, actor: &Actor, path: &str, follow: bool) -> Result<Found, SysError> {
    check_path(path)?;
    let mut walk = Walk {
        world,
        actor,
        stack: Vec::new(),
        todo: Vec::new(),
        mounted: None,
        links: 0,
        shown: path,
    };
    if !path.starts_with('/') {
        walk.enter_cwd()?;
    }
    walk.push(path);
    let slash = path.ends_with('/');
    let found = walk.run(follow || slash, slash)?;
    if found.slash
        && let Some(target) = &found.target
        && !is_dir(world, actor.node, target)
    {
        return Err(fail(Errno::ENOTDIR, path));
    }
    Ok(found)
}

pub(crate) fn is_dir(world: &World, node: NodeId, target: &Target) -> bool {
    match target {
        Target::Inode(ino) => meta_of(world, node, *ino).is_dir(),
        Target::Proc(node) => node.is_dir(),
    }
}

/// A path without the slashes that end it, where a directory is meant anyway; of nothing but slashes one stays.
pub(crate) fn without_slashes(path: &str) -> &str {
    match path.trim_end_matches('/') {
        "" if !path.is_empty() => "/",
        trimmed => trimmed,
    }
}

fn check_path(path: &str) -> Result<(), SysError> {
    if path.is_empty() {
        return Err(SysError::new(Errno::ENOENT, "the path is empty"));
    }
    if path.len() > PATH_BYTES {
        return Err(SysError::new(
            Errno::ENAMETOOLONG,
            format!("a path has at most {PATH_BYTES} bytes"),
        ));
    }
    if path.contains('\0') {
        return Err(SysError::new(Errno::EINVAL, "a path holds no zero byte"));
    }
    if path.split('/').any(|name| name.len() > NAME_BYTES) {
        return Err(SysError::new(
            Errno::ENAMETOOLONG,
            format!("a name has at most {NAME_BYTES} bytes"),
        ));
    }
    Ok(())
}

impl Walk<'_, '_> {
    fn push(&mut self, path: &str) {
        self.todo
            .extend(path.split('/').rev().filter(|name| !name.is_empty()).map(str::to_owned));
    }

    /// Starts at the working directory. Its path is canonical and was searched when it was entered.
    fn enter_cwd(&mut self) -> Result<(), SysError> {
        let gone = || SysError::new(Errno::ENOENT, "the working directory was removed");
        for name in self.actor.cwd.split('/').filter(|name| !name.is_empty()) {
            if let Some((_, inside)) = &mut self.mounted {
                inside.push(name.to_owned());
                continue;
            }
            let ino = lookup(self.world, self.actor.node, self.here(), name).ok_or_else(gone)?;
            if !meta_of(self.world, self.actor.node, ino).is_dir() {
                return Err(gone());
            }
            self.enter(cover(self.world, self.actor.node, ino), name.to_owned());
        }
        Ok(())
    }

    fn here(&self) -> u64 {
        self.stack.last().map_or(ROOT_INO, |(ino, _)| *ino)
    }

    fn path(&self, name: &str) -> String {
        let names = self.stack.iter().map(|(_, name)| name.as_str());
        let inside = self.mounted.iter().flat_map(|(_, inside)| inside).map(String::as_str);
        let last = Some(name).filter(|name| !name.is_empty());
        let mut path = String::new();
        for name in names.chain(inside).chain(last) {
            path.push('/');
            path.push_str(name);
        }
        if path.is_empty() { "/".to_owned() } else { path }
    }

    fn enter(&mut self, ino: u64, name: String) {
        self.stack.push((ino, name));
        if ino < crate::inode::FIRST_OWN_INO {
            let base = base(self.world);
            let mount = Mount::ALL
                .into_iter()
                .find(|mount| base.find(mount.path()) == Some(ino));
            self.mounted = mount.map(|mount| (mount, Vec::new()));
        }
    }

    fn run(&mut self, follow: bool, slash: bool) -> Result<Found, SysError> {
        while let Some(name) = self.todo.pop() {
            let last = self.todo.is_empty();
            if self.mounted.is_some() {
                if let Some(found) = self.step_proc(name, last, follow, slash)? {
                    return Ok(found);
                }
                continue;
            }
            let here = meta_of(self.world, self.actor.node, self.here());
            self.actor.permit(&here, EXEC, self.shown)?;
            match name.as_str() {
                "." => continue,
                ".." => {
                    self.stack.pop();
                    continue;
                }
                _ => {}
            }
            let target =
                lookup(self.world, self.actor.node, here.ino, &name).map(|ino| cover(self.world, self.actor.node, ino));
            let meta = target.map(|ino| meta_of(self.world, self.actor.node, ino));
            match meta {
                Some(meta) if meta.is_symlink() && (follow || !last) => self.follow(meta.ino)?,
                Some(meta) if meta.is_dir() && !last => self.enter(meta.ino, name),
                Some(_) if !last => return Err(fail(Errno::ENOTDIR, self.shown)),
                None if !last => return Err(fail(Errno::ENOENT, self.shown)),
                _ => return Ok(self.finish(name, target, slash)),
            }
        }
        Ok(self.itself())
    }

    /// The last component is a name.
    fn finish(&mut self, name: String, target: Option<u64>, slash: bool) -> Found {
        let (dir, path) = (self.here(), self.path(&name));
        let mut target = target.map(Target::Inode);
        if let Some(Target::Inode(ino)) = target {
            self.enter(ino, name.clone());
            if let Some((mount, _)) = &self.mounted {
                target = Some(Target::Proc(mount.root()));
            }
        }
        Found {
            dir,
            name,
            target,
            path,
            last: Last::Name,
            slash,
        }
    }

    /// Nothing is left to walk: the path means the directory itself.
    fn itself(&self) -> Found {
        let target = match &self.mounted {
            Some((mount, inside)) => proc::find(self.world, self.actor, *mount, inside).map(Target::Proc),
            None => Some(Target::Inode(self.here())),
        };
        let name = self.stack.last().map_or_else(String::new, |(_, name)| name.clone());
        Found {
            dir: self.here(),
            name,
            target,
            path: self.path(""),
            last: Last::Itself,
            slash: false,
        }
    }

    fn follow(&mut self, ino: u64) -> Result<(), SysError> {
        let target = link_target(self.world, self.actor.node, ino).expect("a symbolic link says something");
        self.follow_to(&target)
    }

    fn follow_to(&mut self, target: &str) -> Result<(), SysError> {
        self.links += 1;
        if self.links > SYMLINK_DEPTH {
            return Err(fail(Errno::ELOOP, self.shown));
        }
        if target.starts_with('/') {
            self.stack.clear();
            self.mounted = None;
        }
        self.push(target);
        // Links that name links must not make the list of what is left longer than any path may be.
        if self.todo.iter().map(|name| name.len() + 1).sum::<usize>() > 2 * PATH_BYTES {
            return Err(fail(Errno::ENAMETOOLONG, self.shown));
        }
        Ok(())
    }

    /// One component below a mount point of the kernel's; answers where the path ends.
    fn step_proc(&mut self, name: String, last: bool, follow: bool, slash: bool) -> Result<Option<Found>, SysError> {
        let (mount, inside) = self.mounted.as_mut().expect("below the mount point");
        let mount = *mount;
        match name.as_str() {
            "." => return Ok(None),
            ".." => {
                if inside.pop().is_none() {
                    self.mounted = None;
                    self.stack.pop();
                }
                return Ok(None);
            }
            _ => inside.push(name.clone()),
        }
        let found = proc::find(self.world, self.actor, mount, inside);
        match found {
            Some(node) if node.link_path().is_some() && (follow || !last) => {
                proc::permit(self.world, self.actor, &node, self.shown)?;
                let (_, inside) = self.mounted.as_mut().expect("below the mount point");
                inside.pop();
                let target = node.link_path().expect("matched above").to_owned();
                self.follow_to(&target)?;
                Ok(None)
            }
            Some(node) if !last && node.is_dir() => {
                proc::permit(self.world, self.actor, &node, self.shown).map(|()| None)
            }
            Some(_) if !last => Err(fail(Errno::ENOTDIR, self.shown)),
            None if !last => Err(fail(Errno::ENOENT, self.shown)),
            target => {
                let (dir, path) = (self.here(), self.path(""));
                Ok(Some(Found {
                    dir,
                    name,
                    target: target.map(Target::Proc),
                    path,
                    last: Last::Name,
                    slash,
                }))
            }
        }
    }
}

/// The canonical path of a directory, for messages and for the kernel's working directory.
pub(crate) fn resolve_dir(world: &World, actor: &Actor, path: &str) -> Result<String, SysError> {
    let found = walk(world, actor, path, true)?;
    match &found.target {
        None => Err(fail(Errno::ENOENT, path)),
        Some(target) if !is_dir(world, actor.node, target) => Err(fail(Errno::ENOTDIR, path)),
        Some(Target::Inode(ino)) => {
            actor.permit(&meta_of(world, actor.node, *ino), EXEC, path)?;
            Ok(found.path)
        }
        Some(Target::Proc(node)) => proc::permit(world, actor, node, path).map(|()| found.path),
    }
}
