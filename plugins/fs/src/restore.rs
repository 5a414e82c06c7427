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

use crate::base::{Base, BaseImage, BaseRow, built_in, open_named, valid_name};
use crate::disk::media::{self, Contents, MEDIA, Medium};
use crate::disk::volume::{Source, VOLUMES, Volume};
use crate::disk::{Drives, IMAGE_BYTES, sync};
use crate::files::KIND;
use crate::index::{Entry, FsIndex, LowerCharge, Mounted};
use crate::inode::{Body, Dentry, Disk, FIRST_OWN_INO, Inode, ROOT_INO};
use crate::limits::{CHUNK_BYTES, FILE_BYTES, PATH_BYTES};
use crate::lower::{Lower, LowerBody, ino_in, inos_of, is_volume_root, lower_of, volume_of};

/// Opens the image and rebuilds the index, in `Rebuild`, after the kernel's.
pub(crate) fn rebuild(world: &mut World) {
    let row = world.resource::<BaseRow>().clone();
    if row == BaseRow::default() {
        world.insert_resource(FsIndex::default());
        return;
    }
    let opened = open_named(&row, world.resource::<Blobs>()).map_err(|error| error.to_string());
    let image = opened.as_ref().unwrap_or(&built_in().0).clone();
    let checked = opened.and_then(|image| Rows::gather(world).check(&image, world.resource::<Blobs>()));
    world.insert_resource(Base(image));
    match checked {
        Ok(index) => {
            world.insert_resource(index);
            sync::schedule_all(world);
        }
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
    drives: BTreeMap<NodeId, Drives>,
    /// By machine and number.
    volumes: Vec<(NodeId, Entity, Volume)>,
    media: Vec<(NodeId, Entity, Medium)>,
}

/// Rows of one kind, in the order of their numbers.
fn rows<T: Component + Clone>(world: &mut World) -> Vec<(NodeId, Entity, T)> {
    let mut query = world.query::<(Entity, &RowId, &T)>();
    let mut found: Vec<_> = query
        .iter(world)
        .map(|(entity, row, value)| (*row, entity, value.clone()))
        .collect();
    found.sort_by_key(|(row, ..)| *row);
    found
        .into_iter()
        .map(|(row, entity, value)| (row.node, entity, value))
        .collect()
}

impl Rows {
    fn gather(world: &mut World) -> Self {
        let unsealed = world.resource::<FsIndex>().unsealed.clone();
        let mut disks = world.query::<(Entity, &RowId, &Disk)>();
        let disks = disks
            .iter(world)
            .map(|(entity, row, disk)| (row.node, (entity, disk.clone())))
            .collect();
        let inodes = rows::<Inode>(world);
        let dentries = rows::<Dentry>(world);
        let drives = rows::<Drives>(world);
        let drives = drives.into_iter().map(|(node, _, drives)| (node, drives)).collect();
        let mut volumes = rows::<Volume>(world);
        volumes.sort_by_key(|(node, _, volume)| (*node, volume.number));
        let mut media = rows::<Medium>(world);
        media.sort_by_key(|(node, _, medium)| (*node, medium.number));
        let mut query = world.query::<(&RowId, &OpenFile)>();
        let files = query.iter(world).filter(|(_, file)| file.kind == KIND);
        let opens = files.map(|(row, file)| (row.node, file.object)).collect();
        Self {
            disks,
            inodes,
            dentries,
            drives,
            volumes,
            media,
            opens,
            unsealed,
        }
    }

    /// The index of the rows, or the first thing about them that does not fit.
    fn check(self, base: &BaseImage, blobs: &Blobs) -> Result<FsIndex, String> {
        let mut index = FsIndex {
            unsealed: self.unsealed.clone(),
            ..FsIndex::default()
        };
        index.disks = self.disks.iter().map(|(node, (entity, _))| (*node, *entity)).collect();
        self.check_media(&mut index)?;
        self.check_volumes(&mut index, blobs)?;
        let mut modes: BTreeMap<(NodeId, u64), (u32, u32)> = BTreeMap::new();
        let mut added: Vec<(&(NodeId, Entity, Inode), LowerCharge)> = Vec::new();
        for row in &self.inodes {
            let (node, _, inode) = row;
            let at = |why: &str| format!("node {node}: inode {}: {why}", inode.ino);
            let (_, disk) = self.disks.get(node).ok_or_else(|| at("the node has no disk"))?;
            let lower = lower_of(base, &index, *node, inode.ino);
            let next_ino = match (lower, volume_of(inode.ino)) {
                (Lower::Base(_), 0) => disk.next_ino,
                (Lower::Image(..), volume) => self.volume(*node, volume).next_ino,
                (Lower::Base(_), _) => return Err(at("its volume is not mounted")),
            };
            check_inode(inode, next_ino, lower).map_err(at)?;
            if modes.insert((*node, inode.ino), (inode.mode, inode.nlink)).is_some() {
                return Err(at("there are two of it"));
            }
            let charge = match lower {
                Lower::Base(_) => None,
                Lower::Image(..) => lower.node(inode.ino).map(|below| (below.uid, below.size())),
            };
            added.push((row, charge));
        }
        for ((node, entity, inode), charge) in added {
            index.add_inode(*node, inode, *entity, charge);
        }
        // The index is filled below; what lies below rows is settled.
        let volumes_of = FsIndex {
            volumes: index.volumes.clone(),
            ..FsIndex::default()
        };
        let mode_of = |node: NodeId, ino: u64| {
            modes
                .get(&(node, ino))
                .map(|(mode, _)| *mode)
                .or_else(|| lower_of(base, &volumes_of, node, ino).node(ino).map(|node| node.mode))
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
            let in_base = lower_of(base, &volumes_of, *node, entry.parent).entry(entry.parent, &entry.name);
            if entry.ino == in_base {
                return Err(at("it says what the base image says"));
            }
            if let Some(ino) = entry.ino {
                if is_root(ino) || mode_of(*node, ino).is_none() || volume_of(ino) != volume_of(entry.parent) {
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
        for (node, _, volume) in &self.volumes {
            let at = |why: &str| format!("node {node}: volume {}: {why}", volume.number);
            if !is_dir(*node, volume.point) {
                return Err(at("it is not mounted on a directory"));
            }
            if let Source::File(ino) = volume.source {
                if mode_of(*node, ino).is_none_or(|word| word & mode::TYPE != mode::FILE) {
                    return Err(at("its file is none"));
                }
                index.open(*node, ino);
            }
        }
        check_links(&index, &modes, base)?;
        for (node, _, volume) in &self.volumes {
            forget_removed(&mut index, base, *node, volume.number);
        }
        Ok(index)
    }

    fn volume(&self, node: NodeId, number: u32) -> &Volume {
        let found = self
            .volumes
            .iter()
            .find(|(of, _, row)| (*of, row.number) == (node, number));
        &found.expect("the index has volumes of rows alone").2
    }

    fn check_media(&self, index: &mut FsIndex) -> Result<(), String> {
        let mut counts: BTreeMap<NodeId, usize> = BTreeMap::new();
        let mut slots = BTreeSet::new();
        for (node, entity, medium) in &self.media {
            let at = |why: &str| Err(format!("node {node}: medium {}: {why}", medium.number));
            let drives = self.drives.get(node);
            if drives.is_none_or(|drives| medium.number == 0 || medium.number > drives.media) {
                return at("the machine gave no such number");
            }
            if index.media.insert((*node, medium.number), *entity).is_some() {
                return at("there are two of it");
            }
            let count = counts.entry(*node).or_default();
            *count += 1;
            if *count > MEDIA || !self.disks.contains_key(node) {
                return at("the machine has no place for it");
            }
            if !media::is_slot(&medium.slot) || (medium.inserted && !slots.insert((*node, medium.slot.as_str()))) {
                return at("there is no such slot, or something else is in it");
            }
            if medium.capacity_bytes > IMAGE_BYTES || crate::disk::tree::check_label(&medium.label).is_err() {
                return at("a label or a capacity that media do not have");
            }
            if let Contents::Raw(data) = &medium.contents
                && let Err(why) = media::check_raw(data, medium.capacity_bytes)
            {
                return at(why);
            }
        }
        Ok(())
    }

    /// Volumes in the order of their numbers: each is mounted on, and comes from, what is older.
    fn check_volumes(&self, index: &mut FsIndex, blobs: &Blobs) -> Result<(), String> {
        let mut counts: BTreeMap<NodeId, usize> = BTreeMap::new();
        for (node, entity, volume) in &self.volumes {
            let at = |why: &str| Err(format!("node {node}: volume {}: {why}", volume.number));
            let drives = self.drives.get(node);
            if drives.is_none_or(|drives| volume.number == 0 || volume.number > drives.volumes) {
                return at("the machine gave no such number");
            }
            if index.volumes.contains_key(&(*node, volume.number)) {
                return at("there are two of it");
            }
            let count = counts.entry(*node).or_default();
            *count += 1;
            if *count > VOLUMES || !self.disks.contains_key(node) || volume.capacity_bytes >= MAX_SAFE {
                return at("the machine has no place for it");
            }
            let older = |ino: u64| {
                let below = volume_of(ino);
                below < volume.number && (below == 0 || index.volumes.contains_key(&(*node, below)))
            };
            if is_root(volume.point) || !older(volume.point) || index.covers.contains_key(&(*node, volume.point)) {
                return at("it covers a root, or what is not there or is covered");
            }
            let must_read = match volume.source {
                Source::Disk => true,
                Source::File(ino) if !older(ino) => return at("its file is on no older volume"),
                Source::File(_) => false,
                Source::Medium(number) => {
                    let medium = self
                        .media
                        .iter()
                        .find(|(of, _, row)| (*of, row.number) == (*node, number));
                    let inside = medium.filter(|(_, _, medium)| medium.inserted);
                    if inside.is_none() && !volume.gone {
                        return at("its medium is in no slot");
                    }
                    inside.is_some_and(|(_, _, medium)| medium.read_only)
                }
            };
            if !volume.options.read_only && (must_read && !volume.gone || volume.kind != "helios") {
                return at("it is read-only by what it is");
            }
            let tree = match volume.image.open(blobs) {
                Ok(tree) => tree,
                Err(error) => return at(&error.to_string()),
            };
            let (first, inos) = (ino_in(volume.number, tree.len() + 1), inos_of(volume.number));
            if !(first..=inos.end).contains(&volume.next_ino) {
                return at("its next inode is none of its own");
            }
            let mounted = Mounted { entity: *entity, tree };
            index.add_volume((*node, volume.number), volume.point, mounted);
        }
        Ok(())
    }
}

/// Whether an inode is the root of the disk or of a volume.
const fn is_root(ino: u64) -> bool {
    ino == ROOT_INO || is_volume_root(ino)
}

/// Whether a directory is in the tree. One that has a row is; of one that has none, the layer below has the only name.
fn is_alive(index: &FsIndex, lower: Lower<'_>, node: NodeId, dir: u64) -> bool {
    let mut at = dir;
    loop {
        if is_root(at) || index.inodes.contains_key(&(node, at)) {
            return true;
        }
        match lower.names(at).first() {
            Some((above, name)) if index.entry(node, *above, name).is_none() => at = *above,
            _ => return false,
        }
    }
}

/// The names that an inode still has in the layer below.
fn lower_names(index: &FsIndex, base: &BaseImage, node: NodeId, ino: u64) -> Vec<u64> {
    let lower = lower_of(base, index, node, ino);
    let names = lower.names(ino).into_iter();
    let kept =
        names.filter(|(dir, name)| index.entry(node, *dir, name).is_none() && is_alive(index, lower, node, *dir));
    kept.map(|(dir, _)| dir).collect()
}

/// What is of a volume's tree and has neither a row nor a name was removed: it takes no room.
fn forget_removed(index: &mut FsIndex, base: &BaseImage, node: NodeId, number: u32) {
    let tree = index.volumes[&(node, number)].tree.clone();
    let removed: Vec<(u32, u64)> = (2..=tree.len())
        .filter_map(|place| Some((ino_in(number, place), tree.inode(place)?)))
        .filter(|(ino, _)| !index.inodes.contains_key(&(node, *ino)))
        .filter(|(ino, _)| lower_names(index, base, node, *ino).is_empty())
        .map(|(_, below)| (below.uid, below.size()))
        .collect();
    for (uid, bytes) in removed {
        index.remove_lower((node, number), uid, bytes);
    }
}

/// The first number that is not the disk's own any more: those of `/proc` begin there.
const LAST_OWN_INO: u64 = 1 << 45;

fn check_inode(inode: &Inode, next_ino: u64, lower: Lower<'_>) -> Result<(), &'static str> {
    let below = lower.node(inode.ino);
    let first = match lower {
        Lower::Base(_) => FIRST_OWN_INO,
        Lower::Image(tree, volume) => ino_in(volume, tree.len() + 1),
    };
    // Beyond are the numbers of other file systems.
    let last = match lower {
        Lower::Base(_) => LAST_OWN_INO,
        Lower::Image(_, volume) => inos_of(volume).end,
    };
    if below.is_none() && !(first..next_ino).contains(&inode.ino) || next_ino > last {
        return Err("its number is neither the image's nor one that the disk gave");
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
    if below.as_ref().is_some_and(|node| node.mode & mode::TYPE != kind) {
        return Err("it is of another type than in the image");
    }
    match &inode.body {
        Body::Base if !below.is_some_and(|node| matches!(node.body, LowerBody::File { .. })) => {
            Err("the image has no contents for it")
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
    let trees: u64 = index.volumes.values().map(|mounted| mounted.tree.len()).sum();
    for (&(node, ino), &(word, nlink)) in modes {
        let named = names.get(&(node, ino)).copied().unwrap_or(0) + lower_names(index, base, node, ino).len() as u32;
        let at = |why: String| Err(format!("node {node}: inode {ino}: {why}"));
        if word & mode::TYPE != mode::DIR {
            if nlink != named {
                return at(format!("it says that it has {nlink} names, and has {named}"));
            }
        } else if named > 1 || (!is_root(ino) && (named == 0) != (nlink == 0)) {
            return at(format!("a directory with {named} names and {nlink} links"));
        }
        if nlink == 0 && !index.opens.contains_key(&(node, ino)) {
            return at("it has no name and is not open".to_owned());
        }
        let mut above = ino;
        let steps = modes.len() + base.len() + trees as usize;
        for step in 0.. {
            if word & mode::TYPE != mode::DIR || is_root(above) {
                break;
            }
            let overlay = index.parents.get(&(node, above)).map(|(parent, _)| *parent);
            match overlay.or_else(|| lower_names(index, base, node, above).first().copied()) {
                Some(_) if step > steps => return at("a directory inside itself".to_owned()),
                Some(parent) => above = parent,
                None => break,
            }
        }
    }
    Ok(())
}
