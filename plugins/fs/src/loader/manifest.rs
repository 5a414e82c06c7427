//! Manifests: `/etc/caps/NAME.json` of the program `/bin/NAME`, and the user set `/etc/caps/user.json`.

use bevy_ecs::prelude::*;
use helios_abi::calls::mode;
use helios_abi::{Errno, NodeId, SysError};
use helios_kernel::CapSet;
use serde::Deserialize;

use super::{PROGRAM_DIRS, ProgramFile};
use crate::data;
use crate::store::{Meta, meta_of};
use crate::walk::{Actor, Target, walk};

/// Largest manifest that is read, in bytes.
const MANIFEST_BYTES: u64 = 64 << 10;
/// What a program without a manifest may do at most, on a machine without a user set of its own.
const DEFAULT_USER_SET: &[&str] = &["fs", "ipc", "net:tcp", "net:udp", "proc", "ui"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Text {
    #[serde(default)]
    name: Option<String>,
    caps: Vec<String>,
    #[serde(default)]
    quota_ms: Option<u64>,
    #[serde(default)]
    quota_mem: Option<u64>,
}

/// A manifest that was found.
pub(super) struct Found {
    pub(super) caps: CapSet,
    pub(super) root_owned: bool,
    pub(super) quota_ms: Option<u64>,
    pub(super) quota_mem: Option<u64>,
}

/// Whether only root can have written the file.
const fn of_root(meta: &Meta) -> bool {
    meta.uid == 0 && meta.mode & 0o022 == 0
}

/// The manifest of a program.
///
/// Only programs in the program directories have one, so that nobody takes another program's by its name; and it exceeds
/// the spawner's set only if both files are root's.
pub(super) fn of_program(world: &World, node: NodeId, file: &ProgramFile) -> Result<Option<Found>, SysError> {
    let (dir, name) = file.path.rsplit_once('/').unwrap_or_default();
    if !PROGRAM_DIRS.contains(&dir) {
        return Ok(None);
    }
    let path = format!("/etc/caps/{}.json", name.strip_suffix(".ts").unwrap_or(name));
    let Some((meta, text, caps)) = read(world, node, &path)? else {
        return Ok(None);
    };
    let root_owned = of_root(&meta) && of_root(&file.meta);
    Ok(Some(Found {
        caps,
        root_owned,
        quota_ms: text.quota_ms,
        quota_mem: text.quota_mem,
    }))
}

/// What programs without a manifest may do at most. A file that is not root's, or is malformed, allows nothing.
pub(super) fn user_set(world: &World, node: NodeId) -> CapSet {
    match read(world, node, "/etc/caps/user.json") {
        Ok(None) => CapSet::parse(DEFAULT_USER_SET).expect("the default set is well-formed"),
        Ok(Some((meta, _, caps))) if of_root(&meta) => caps,
        Ok(Some(_)) | Err(_) => CapSet::default(),
    }
}

fn read(world: &World, node: NodeId, path: &str) -> Result<Option<(Meta, Text, CapSet)>, SysError> {
    let found = match walk(world, &Actor::root(node), path, true) {
        Ok(found) => found,
        Err(error) if matches!(error.errno, Errno::ENOENT | Errno::ENOTDIR) => return Ok(None),
        Err(error) => return Err(error),
    };
    let Some(Target::Inode(ino)) = found.target else {
        return Ok(None);
    };
    let meta = meta_of(world, node, ino);
    let bad = |why: String| SysError::new(Errno::ENOEXEC, format!("manifest {path}: {why}"));
    if meta.kind() != mode::FILE || meta.size > MANIFEST_BYTES {
        return Err(bad(format!("not a file of at most {MANIFEST_BYTES} bytes")));
    }
    let bytes = data::read(world, node, ino, 0, meta.size)?;
    let text: Text = serde_json::from_slice(&bytes).map_err(|error| bad(error.to_string()))?;
    let caps = CapSet::parse(&text.caps).map_err(|error| bad(error.to_string()))?;
    let _ = &text.name;
    Ok(Some((meta, text, caps)))
}
