//! After a restore: the base image opened, the index rebuilt, and whether the rows fit together.
//!
//! A save is data from outside. Rows are read one by one; here they are checked against each other, so that nothing later
//! meets an entry without an inode or a directory inside itself. Where they do not fit the world stands still and
//! [`Halted`] says why.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::prelude::*;
use helios_abi::calls::mode;
use helios_abi::{MAX_SAFE, NodeId};
use helios_engine::blobs::Blobs;
use helios_engine::ids::RowId;
use helios_kernel::files::OpenFile;
use helios_kernel::host::Halted;

use crate::base::{Base, BaseBody, BaseImage, BaseRow, built_in, open_named, valid_name};
use crate::files::KIND;
use crate::index::{Entry, FsIndex};
use crate::inode::{Body, Dentry, Disk, FIRST_OWN_INO, Inode, ROOT_INO};
use crate::limits::{CHUNK_BYTES, FILE_BYTES, PATH_BYTES};

/// Opens the image and rebuilds the index, in `Rebuild`, after the kernel's.
pub(crate) fn rebuild(world: &mut World) {
    let row = world.resource::<BaseRow>().clone();
    if row == BaseRow::default() {
        world.insert_resource(FsIndex::default());
        return;
    }
    let opened = open_named(&row, world.resource::<Blobs>()).map_err(|error| error.to_string());
    let image = opened.as_ref().unwrap_or(&built_in().0).clone();
    let checked = opened.and_then(|image| Rows::gather(world).check(&image));
    world.insert_resource(Base(image));
    match checked {
        Ok(index) => world.insert_resource(index),
        Err(problem) => {
            world.insert_resource(FsIndex::default());
            Halted::set(world, &format!("the save is not sound: {problem}"));
        }
    }
}

/// Every row of every file system.
struct Rows {
    disks: BTreeMap<NodeId, (Entity, Disk)>,
    inodes: Vec<(NodeId, Entity, Inode)>,
    dentries: Vec<(NodeId, Entity, Dentry)>,
    opens: Vec<(NodeId, u64)>,
    unsealed: BTreeSet<(NodeId, u64)>,
}

impl Rows {
    fn gather(world: &mut World) -> Self {
        let unsealed = world.resource::<FsIndex>().unsealed.clone();
        let mut disks = world.query::<(Entity, &RowId, &Disk)>();
        let disks = disks
            .iter(world)
            .map(|(entity, row, disk)| (row.node, (entity, disk.clone())))
            .collect();
        let mut query = world.query::<(Entity, &RowId, &Inode)>();
        let mut inodes: Vec<_> = query
            .iter(world)
            .map(|(entity, row, inode)| (*row, entity, inode.clone()))
            .collect();
        inodes.sort_by_key(|(row, ..)| *row);
        let mut query = world.query::<(Entity, &RowId, &Dentry)>();
        let mut dentries: Vec<_> = query
            .iter(world)
            .map(|(entity, row, entry)| (*row, entity, entry.clone()))
            .collect();
        dentries.sort_by_key(|(row, ..)| *row);
        let mut query = world.query::<(&RowId, &OpenFile)>();
        let files = query.iter(world).filter(|(_, file)| file.kind == KIND);
        let opens = files.map(|(row, file)| (row.node, file.object)).collect();
        Self {
            disks,
            inodes: inodes
                .into_iter()
                .map(|(row, entity, inode)| (row.node, entity, inode))
                .collect(),
            dentries: dentries
                .into_iter()
                .map(|(row, entity, entry)| (row.node, entity, entry))
                .collect(),
            opens,
            unsealed,
        }
    }

    /// The index of the rows, or the first thing about them that does not fit.
    fn check(self, base: &BaseImage) -> Result<FsIndex, String> {
        let mut index = FsIndex {
            unsealed: self.unsealed,
            ..FsIndex::default()
        };
        let mut modes: BTreeMap<(NodeId, u64), (u32, u32)> = BTreeMap::new();
        for (node, entity, inode) in &self.inodes {
            let at = |why: &str| format!("node {node}: inode {}: {why}", inode.ino);
            let (_, disk) = self.disks.get(node).ok_or_else(|| at("the node has no disk"))?;
            check_inode(inode, disk, base).map_err(at)?;
            if modes.insert((*node, inode.ino), (inode.mode, inode.nlink)).is_some() {
                return Err(at("there are two of it"));
            }
            index.add_inode(*node, inode, *entity);
        }
        index.disks = self.disks.iter().map(|(node, (entity, _))| (*node, *entity)).collect();
        let mode_of = |node: NodeId, ino: u64| {
            modes
                .get(&(node, ino))
                .map(|(mode, _)| *mode)
                .or_else(|| base.node(ino).map(|node| node.mode))
        };
        let is_dir = |node, ino| mode_of(node, ino).is_some_and(|word| word & mode::TYPE == mode::DIR);
        for (node, entity, entry) in &self.dentries {
            let at = |why: &str| {
                format!(
                    "node {node}: entry {:?} of directory {}: {why}",
                    entry.name, entry.parent
                )
            };
            if !self.disks.contains_key(node) || !is_dir(*node, entry.parent) {
                return Err(at("there is no such directory"));
            }
            if !valid_name(&entry.name) {
                return Err(at("not a name"));
            }
            let in_base = base.entry(entry.parent, &entry.name);
            if entry.ino == in_base {
                return Err(at("it says what the base image says"));
            }
            if let Some(ino) = entry.ino {
                if ino == ROOT_INO || mode_of(*node, ino).is_none() {
                    return Err(at("it names no inode"));
                }
                if is_dir(*node, ino) {
                    if !modes.contains_key(&(*node, ino)) {
                        return Err(at("a directory that moved has a row"));
                    }
                    let before = index.parents.insert((*node, ino), (entry.parent, entry.name.clone()));
                    if before.is_some() {
                        return Err(at("the directory has another name"));
                    }
                }
            }
            let entries = index.entries.entry((*node, entry.parent)).or_default();
            if entries
                .insert(
                    entry.name.clone(),
                    Entry {
                        ino: entry.ino,
                        entity: *entity,
                    },
                )
                .is_some()
            {
                return Err(at("there are two of it"));
            }
        }
        for (node, ino) in &self.opens {
            if !self.disks.contains_key(node) || mode_of(*node, *ino).is_none() {
                return Err(format!("node {node}: an open file has no inode {ino}"));
            }
            index.open(*node, *ino);
        }
        check_links(&index, &modes, base)?;
        Ok(index)
    }
}

fn check_inode(inode: &Inode, disk: &Disk, base: &BaseImage) -> Result<(), &'static str> {
    let below = base.node(inode.ino).filter(|_| inode.ino < FIRST_OWN_INO);
    if below.is_none() && !(FIRST_OWN_INO..disk.next_ino).contains(&inode.ino) || disk.next_ino >= MAX_SAFE {
        return Err("its number is neither the base image's nor one that the disk gave");
    }
    let kind = match &inode.body {
        Body::Dir => mode::DIR,
        Body::Base | Body::File(_) => mode::FILE,
        Body::Symlink(_) => mode::SYMLINK,
        Body::Device(_) => mode::DEVICE,
    };
    if inode.mode & mode::TYPE != kind || inode.mode & !(mode::TYPE | mode::PERMS) != 0 {
        return Err("mode and body do not fit");
    }
    if below.is_some_and(|node| node.mode & mode::TYPE != kind) {
        return Err("it is of another type than in the base image");
    }
    match &inode.body {
        Body::Base if !below.is_some_and(|node| matches!(node.body, BaseBody::File { .. })) => {
            Err("the base image has no contents for it")
        }
        Body::File(data) if data.size > FILE_BYTES || data.chunks.len() as u64 != data.size.div_ceil(CHUNK_BYTES) => {
            Err("size and pieces do not fit")
        }
        Body::Symlink(target) if target.is_empty() || target.len() >= PATH_BYTES => {
            Err("a link says nothing, or too much")
        }
        _ => Ok(()),
    }
}

/// Names are counted as the inodes say, directories hang together, and what has no name is open.
fn check_links(index: &FsIndex, modes: &BTreeMap<(NodeId, u64), (u32, u32)>, base: &BaseImage) -> Result<(), String> {
    let mut names: BTreeMap<(NodeId, u64), u32> = BTreeMap::new();
    for ((node, _), entries) in &index.entries {
        for ino in entries.values().filter_map(|entry| entry.ino) {
            *names.entry((*node, ino)).or_default() += 1;
        }
    }
    let base_name = |node: NodeId, ino: u64| {
        base.parent(ino)
            .filter(|(parent, name)| index.entry(node, *parent, name).is_none())
    };
    for (&(node, ino), &(word, nlink)) in modes {
        let named = names.get(&(node, ino)).copied().unwrap_or(0) + u32::from(base_name(node, ino).is_some());
        let at = |why: String| Err(format!("node {node}: inode {ino}: {why}"));
        if word & mode::TYPE != mode::DIR {
            if nlink != named {
                return at(format!("it says that it has {nlink} names, and has {named}"));
            }
        } else if named > 1 || (ino != ROOT_INO && (named == 0) != (nlink == 0)) {
            return at(format!("a directory with {named} names and {nlink} links"));
        }
        if nlink == 0 && !index.opens.contains_key(&(node, ino)) {
            return at("it has no name and is not open".to_owned());
        }
        let mut above = ino;
        let steps = modes.len() + base.len();
        for step in 0.. {
            if word & mode::TYPE != mode::DIR || above == ROOT_INO {
                break;
            }
            let overlay = index.parents.get(&(node, above)).map(|(parent, _)| *parent);
            match overlay.or_else(|| base_name(node, above).map(|(parent, _)| parent)) {
                Some(_) if step > steps => return at("a directory inside itself".to_owned()),
                Some(parent) => above = parent,
                None => break,
            }
        }
    }
    Ok(())
}
