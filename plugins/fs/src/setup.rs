//! What a new machine's disk holds: the sections `disk`, `users` and `files` of a world file.

mod media;

use std::collections::BTreeMap;

use bevy_app::App;
use bevy_ecs::prelude::*;
use helios_abi::calls::{Chmod, Chown, Mkdir, Open, Symlink, mode, open_flags};
use helios_abi::{Errno, MAX_SAFE, NodeId, SysError};
use helios_engine::ids::{Node, NodeKind, Nodes};
use helios_engine::worlds::{Section, Spanned, WorldError, WorldText, WorldsAppExt};
use helios_kernel::KernelIndex;
use helios_kernel::machine::machine;
use serde::Deserialize;

use crate::disk::sync::{self, DEFAULT_SYNC_MINUTES, SYNC_MINUTES};
use crate::disk::{Drives, volume};
use crate::index::FsIndex;
use crate::inode::Disk;
use crate::limits::DiskLimits;
use crate::ops::{self, Opened};
use crate::walk::{Actor, Target, walk};
use crate::{base, data};

/// Places among the sections of a node: after the kernel's `machine`, in the order in which they build on one another.
mod order {
    pub(super) const DISK: u32 = 100;
    pub(super) const USERS: u32 = 110;
    pub(super) const FILES: u32 = 120;
    pub(super) const MEDIA: u32 = 130;
    pub(super) const FINISH: u32 = 100;
}

pub(crate) fn register(app: &mut App) {
    app.register_world_section("disk", order::DISK, build_disk)
        .register_world_section("users", order::USERS, build_users)
        .register_world_section("files", order::FILES, build_files)
        .register_world_section("media", order::MEDIA, media::build_media)
        .register_world_finisher(order::FINISH, finish);
}

/// Gives a machine an empty disk over the base image, if it has none. Machines made by hand call this once.
///
/// # Panics
/// If there is no such node.
pub fn create_disk(world: &mut World, node: NodeId, limits: DiskLimits) {
    base::ensure(world);
    if world.resource::<FsIndex>().disks.contains_key(&node) {
        return;
    }
    let entity = world.resource::<Nodes>().get(node).expect("the node exists");
    let drives = Drives {
        sync_minutes: DEFAULT_SYNC_MINUTES,
        ..Drives::default()
    };
    world.entity_mut(entity).insert((Disk::new(limits), drives));
    world.resource_mut::<FsIndex>().disks.insert(node, entity);
    sync::schedule(world, node);
}

/// Every machine has a disk, and a name that programs find in `/etc/hostname`.
fn finish(world: &mut World, file: &WorldText<'_>) -> Result<(), WorldError> {
    let nodes: Vec<(NodeId, Entity)> = world.resource::<Nodes>().iter().collect();
    for (node, entity) in nodes {
        let Some(row) = world.get::<Node>(entity).filter(|row| row.kind == NodeKind::Machine) else {
            continue;
        };
        let name = row.name.clone();
        let limits = default_limits(world, node);
        create_disk(world, node, limits);
        if !exists(world, node, "/etc/hostname") {
            write_file(world, node, "/etc/hostname", format!("{name}\n").as_bytes(), 0o644)
                .map_err(|error| file.error(error.to_string()))?;
        }
    }
    data::seal_world(world);
    Ok(())
}

/// The `disk` section: what differs from the defaults. The size may as well stand in the `machine` section.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DiskSection {
    #[serde(default)]
    disk_bytes: Option<u64>,
    #[serde(default)]
    inodes: Option<u64>,
    #[serde(default)]
    user_bytes: Option<u64>,
    #[serde(default)]
    sync_minutes: Option<Spanned<u32>>,
}

fn build_disk(world: &mut World, node: NodeId, section: &Section) -> Result<(), WorldError> {
    let read: DiskSection = section.read()?;
    let default = default_limits(world, node);
    let limits = DiskLimits {
        disk_bytes: read.disk_bytes.unwrap_or(default.disk_bytes),
        inodes: read.inodes.unwrap_or(default.inodes),
        user_bytes: read.user_bytes.or(default.user_bytes),
    };
    if limits.disk_bytes >= MAX_SAFE
        || limits.inodes >= MAX_SAFE
        || limits.user_bytes.is_some_and(|most| most >= MAX_SAFE)
    {
        return Err(section.error("limits are below 2^53"));
    }
    create_disk(world, node, limits);
    if let Some(minutes) = read.sync_minutes {
        if minutes.value > SYNC_MINUTES {
            return Err(section.error_at(
                &minutes,
                format!("a disk is synced every 1 to {SYNC_MINUTES} minutes, or never (0)"),
            ));
        }
        volume::with_drives(world, node, |drives| drives.sync_minutes = minutes.value);
        sync::unschedule(world, node);
        sync::schedule(world, node);
    }
    Ok(())
}

/// A machine's limits where its world says nothing of its disk but the size.
fn default_limits(world: &World, node: NodeId) -> DiskLimits {
    let row = world
        .resource::<KernelIndex>()
        .machine(node)
        .map(|_| machine(world, node));
    let disk_bytes = row.map_or(DiskLimits::default().disk_bytes, |row| row.disk_bytes);
    DiskLimits {
        disk_bytes,
        ..DiskLimits::default()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct User {
    name: Spanned<String>,
    uid: u32,
    gid: u32,
    #[serde(default)]
    full_name: Option<String>,
    #[serde(default)]
    home: Option<String>,
    #[serde(default)]
    shell: Option<String>,
    /// A hash in the PHC format, as `passwd` writes it; without one nobody logs in by a password.
    #[serde(default)]
    password_hash: Option<String>,
    /// Further groups, by name: each is made with the number given at its first mention.
    #[serde(default)]
    groups: Vec<(String, u32)>,
}

/// Users become lines of `/etc/passwd`, `/etc/group` and `/etc/shadow`, over those of the base image, and home
/// directories with what `/etc/skel` holds.
fn build_users(world: &mut World, node: NodeId, section: &Section) -> Result<(), WorldError> {
    let users: Vec<User> = section.read()?;
    let limits = default_limits(world, node);
    create_disk(world, node, limits);
    let mut passwd = Table::read(world, node, "/etc/passwd");
    let mut shadow = Table::read(world, node, "/etc/shadow");
    let mut groups: BTreeMap<(u32, String), Vec<String>> = BTreeMap::new();
    let mut names = std::collections::BTreeSet::new();
    for user in &users {
        let name = user.name.value.as_str();
        let valid = !name.is_empty()
            && name.len() <= 32
            && name
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'));
        if !valid {
            return Err(section.error_at(
                &user.name,
                "a user's name is 1 to 32 characters out of a-z, 0-9, '_' and '-'",
            ));
        }
        if !names.insert(name) {
            return Err(section.error_at(&user.name, format!("there are two users named {name}")));
        }
        let home = user.home.clone().unwrap_or_else(|| format!("/home/{name}"));
        let shell = user.shell.as_deref().unwrap_or("/bin/sh");
        if [home.as_str(), shell]
            .iter()
            .any(|path| !path.starts_with('/') || path.contains([':', '\n']))
        {
            return Err(section.error_at(&user.name, "home and shell are absolute paths without ':'"));
        }
        let full_name = user.full_name.as_deref().unwrap_or_default();
        let password = user.password_hash.as_deref().unwrap_or("!");
        if [full_name, password].iter().any(|text| text.contains([':', '\n'])) {
            return Err(section.error_at(&user.name, "a full name and a password hash have no ':'"));
        }
        passwd.put(name, format!("x:{}:{}:{full_name}:{home}:{shell}", user.uid, user.gid));
        let day = crate::store::now_ms(world) / MS_PER_DAY;
        shadow.put(name, format!("{password}:{day}:0:99999:7:::"));
        groups.entry((user.gid, name.to_owned())).or_default();
        for (group, gid) in &user.groups {
            groups.entry((*gid, group.clone())).or_default().push(name.to_owned());
        }
        let failed = |error: SysError| section.error_at(&user.name, error.to_string());
        make_dirs(world, node, &home).map_err(failed)?;
        let bits = if user.uid == 0 { 0o700 } else { 0o755 };
        set_attributes(world, node, &home, Some(bits), user.uid, user.gid).map_err(failed)?;
        copy_skeleton(world, node, &home, user.uid, user.gid).map_err(failed)?;
    }
    let mut group = Table::read(world, node, "/etc/group");
    for ((gid, name), members) in &groups {
        let before = group.field(name, 3);
        let before = before
            .iter()
            .flat_map(|members| members.split(','))
            .filter(|member| !member.is_empty());
        let mut all: Vec<&str> = before.chain(members.iter().map(String::as_str)).collect();
        let mut once = std::collections::BTreeSet::new();
        all.retain(|member| once.insert(*member));
        let line = format!("x:{gid}:{}", all.join(","));
        group.put(name, line);
    }
    let failed = |error: SysError| section.error(error.to_string());
    write_file(world, node, "/etc/passwd", passwd.text().as_bytes(), 0o644).map_err(failed)?;
    write_file(world, node, "/etc/group", group.text().as_bytes(), 0o644).map_err(failed)?;
    write_file(world, node, "/etc/shadow", shadow.text().as_bytes(), 0o600).map_err(failed)
}

const MS_PER_DAY: u64 = 86_400_000;

/// A file of lines whose first field, up to a colon, is a name.
struct Table(Vec<(String, String)>);

impl Table {
    /// Reads a machine's file; one that is not there has no lines.
    fn read(world: &World, node: NodeId, path: &str) -> Self {
        let text = read_text(world, node, path).unwrap_or_default();
        let lines = text.lines().filter_map(|line| line.split_once(':'));
        Self(lines.map(|(name, rest)| (name.to_owned(), rest.to_owned())).collect())
    }

    /// A field of a name's line, the name itself being field 0.
    fn field(&self, name: &str, field: usize) -> Option<String> {
        let (_, rest) = self.0.iter().find(|(known, _)| known == name)?;
        rest.split(':').nth(field - 1).map(str::to_owned)
    }

    /// Replaces a name's line, or adds one.
    fn put(&mut self, name: &str, rest: String) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, line)) => *line = rest,
            None => self.0.push((name.to_owned(), rest)),
        }
    }

    fn text(&self) -> String {
        self.0.iter().map(|(name, rest)| format!("{name}:{rest}\n")).collect()
    }
}

/// Gives a new home what every new home has.
fn copy_skeleton(world: &mut World, node: NodeId, home: &str, uid: u32, gid: u32) -> Result<(), SysError> {
    const SKELETON: &str = "/etc/skel";
    let root = Actor::root(node);
    let Ok(entries) = ops::readdir(world, &root, SKELETON) else {
        return Ok(());
    };
    for entry in entries.into_iter().filter(|entry| entry.kind == mode::FILE) {
        let to = format!("{}/{}", home.trim_end_matches('/'), entry.name);
        if exists(world, node, &to) {
            continue;
        }
        let bytes = read_file(world, node, &format!("{SKELETON}/{}", entry.name))?;
        write_file(world, node, &to, &bytes, 0o644)?;
        set_attributes(world, node, &to, None, uid, gid)?;
    }
    Ok(())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    path: Spanned<String>,
    #[serde(default)]
    mode: Option<u32>,
    #[serde(default)]
    owner: Option<Spanned<String>>,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    link: Option<String>,
}

/// Files become overlay rows; a path that ends with a slash is a directory, `link` makes a symbolic link.
fn build_files(world: &mut World, node: NodeId, section: &Section) -> Result<(), WorldError> {
    let files: Vec<File> = section.read()?;
    let limits = default_limits(world, node);
    create_disk(world, node, limits);
    for file in &files {
        let path = file.path.value.as_str();
        if !path.starts_with('/') {
            return Err(section.error_at(&file.path, "a file's path is absolute"));
        }
        if file.mode.is_some_and(|bits| bits & !mode::PERMS != 0) {
            return Err(section.error_at(&file.path, "a mode is at most 0o7777"));
        }
        let (uid, gid) = match &file.owner {
            None => (0, 0),
            Some(owner) => owner_ids(world, node, owner)
                .ok_or_else(|| section.error_at(owner, format!("there is no user {:?}", owner.value)))?,
        };
        build_file(world, node, file, uid, gid).map_err(|error| section.error_at(&file.path, error.to_string()))?;
    }
    Ok(())
}

fn build_file(world: &mut World, node: NodeId, file: &File, uid: u32, gid: u32) -> Result<(), SysError> {
    let path = file.path.value.as_str();
    let is_dir = path.ends_with('/');
    let trimmed = path.trim_end_matches('/');
    make_dirs(
        world,
        node,
        if is_dir {
            trimmed
        } else {
            trimmed.rsplit_once('/').map_or("/", |(dir, _)| dir)
        },
    )?;
    match (&file.link, &file.text, is_dir) {
        (Some(_), Some(_), _) | (Some(_), _, true) | (_, Some(_), true) => Err(SysError::new(
            Errno::EINVAL,
            "a file has either text or link, and a directory has neither",
        )),
        (Some(target), None, false) => {
            let call = Symlink {
                target: target.clone(),
                path: path.to_owned(),
            };
            ops::symlink(world, &Actor::root(node), &call)?;
            set_attributes(world, node, path, None, uid, gid)
        }
        (None, _, true) => set_attributes(world, node, trimmed, file.mode.or(Some(0o755)), uid, gid),
        (None, text, false) => {
            let bits = file.mode.unwrap_or(0o644);
            write_file(world, node, path, text.as_deref().unwrap_or_default().as_bytes(), bits)?;
            set_attributes(world, node, path, Some(bits), uid, gid)
        }
    }
}

/// User and group of a name in `/etc/passwd`, or of `root` without one.
fn owner_ids(world: &mut World, node: NodeId, owner: &str) -> Option<(u32, u32)> {
    use helios_kernel::loader::Accounts;
    if owner == "root" {
        return Some((0, 0));
    }
    crate::loader::FsAccounts
        .find(world, node, owner)
        .map(|account| (account.uid, account.gid))
}

fn set_attributes(
    world: &mut World,
    node: NodeId,
    path: &str,
    bits: Option<u32>,
    uid: u32,
    gid: u32,
) -> Result<(), SysError> {
    let root = Actor::root(node);
    let chown = Chown {
        path: path.to_owned(),
        uid: Some(uid),
        gid: Some(gid),
        nofollow: Some(bits.is_none()),
    };
    ops::chown(world, &root, &chown)?;
    match bits {
        Some(bits) => ops::chmod(
            world,
            &root,
            &Chmod {
                path: path.to_owned(),
                mode: bits,
            },
        ),
        None => Ok(()),
    }
}

/// Whether a machine has something at `path`.
#[must_use]
pub fn exists(world: &World, node: NodeId, path: &str) -> bool {
    walk(world, &Actor::root(node), path, true).is_ok_and(|found| found.target.is_some())
}

/// Makes a directory and those above it, as root.
///
/// # Errors
/// As `mkdir`; what exists is no error.
pub fn make_dirs(world: &mut World, node: NodeId, path: &str) -> Result<(), SysError> {
    let root = Actor::root(node);
    let ends = path
        .match_indices('/')
        .map(|(at, _)| at)
        .chain([path.len()])
        .filter(|at| *at > 0);
    for end in ends {
        match ops::mkdir(
            world,
            &root,
            &Mkdir {
                path: path[..end].to_owned(),
                mode: Some(0o755),
            },
        ) {
            Err(error) if error.errno != Errno::EEXIST => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Writes a whole file, as root; `mode` is for a file that is not there yet.
///
/// # Errors
/// As `open` and `write`.
pub fn write_file(world: &mut World, node: NodeId, path: &str, bytes: &[u8], mode: u32) -> Result<(), SysError> {
    let flags = open_flags::WRITE | open_flags::CREATE | open_flags::TRUNCATE;
    let call = Open {
        path: path.to_owned(),
        flags,
        mode: Some(mode),
    };
    let actor = Actor {
        umask: 0,
        ..Actor::root(node)
    };
    let Opened::Inode { ino, .. } = ops::open(world, &actor, &call)? else {
        return Err(Errno::EINVAL.into());
    };
    let written = data::write(world, node, ino, 0, bytes)?;
    if written as usize != bytes.len() {
        return Err(Errno::ENOSPC.into());
    }
    Ok(())
}

/// Reads a whole file, as root.
///
/// # Errors
/// ENOENT, EISDIR, ENOTDIR, ELOOP.
pub fn read_file(world: &World, node: NodeId, path: &str) -> Result<Vec<u8>, SysError> {
    let found = walk(world, &Actor::root(node), path, true)?;
    match found.target {
        Some(Target::Inode(ino)) => {
            let meta = crate::store::meta_of(world, node, ino);
            match meta.kind() {
                mode::FILE => data::read(world, node, ino, 0, meta.size),
                mode::DIR => Err(crate::walk::fail(Errno::EISDIR, path)),
                _ => Err(crate::walk::fail(Errno::EINVAL, path)),
            }
        }
        Some(Target::Proc(proc)) => crate::proc::text(world, node, &proc).map(String::into_bytes),
        None => Err(crate::walk::fail(Errno::ENOENT, path)),
    }
}

/// Reads a whole text file, as root.
///
/// # Errors
/// As [`read_file`]; EINVAL where it is not UTF-8.
pub fn read_text(world: &World, node: NodeId, path: &str) -> Result<String, SysError> {
    String::from_utf8(read_file(world, node, path)?)
        .map_err(|_| SysError::new(Errno::EINVAL, format!("{path}: not UTF-8 text")))
}
