//! `mount`: what is to be mounted where, and whether it may be.

use std::collections::BTreeMap;
use std::sync::Arc;

use bevy_ecs::prelude::*;
use helios_abi::calls::{Mount, mode};
use helios_abi::{Errno, NodeId, SysError};
use helios_engine::blobs::Blobs;
use helios_engine::ids::spawn_row;

use super::{
    DEPTH, MOUNTED_BYTES, Options, Source, VOLUME_INODES, VOLUMES, Volume, all, check_present, drives, of, power_since,
    row, with_drives,
};
use crate::data;
use crate::disk::media::{self, Contents};
use crate::disk::tree::{Tree, TreeNode};
use crate::disk::{IMAGE_BYTES, Image, ImageError, ImageRef, io_error, iso, open_tree, store};
use crate::index::{FsIndex, Mounted};
use crate::inode::ROOT_INO;
use crate::lower::{VOLUMES_EVER, ino_in, is_volume_root};
use crate::store::{meta_of, now_ms, opened};
use crate::walk::{Actor, Found, Target, fail, walk};

/// Reads options as `mount -o` has them. Of removable things programs are not trusted unless somebody says so.
pub(crate) fn parse_options(text: &str) -> Result<(Options, bool), SysError> {
    let mut options = Options {
        read_only: false,
        nosuid: true,
        nodev: true,
        noexec: false,
    };
    let mut said_rw = false;
    for word in text.split(',').filter(|word| !word.is_empty()) {
        match word {
            "ro" => options.read_only = true,
            "rw" => (options.read_only, said_rw) = (false, true),
            "suid" => options.nosuid = false,
            "nosuid" => options.nosuid = true,
            "dev" => options.nodev = false,
            "nodev" => options.nodev = true,
            "exec" => options.noexec = false,
            "noexec" => options.noexec = true,
            "defaults" | "loop" | "auto" | "noauto" => {}
            _ => {
                let word: String = word.chars().take(32).collect();
                return Err(SysError::new(
                    Errno::EINVAL,
                    format!("there is no mount option {word:?}"),
                ));
            }
        }
    }
    Ok((options, said_rw && !options.read_only))
}

/// An image that is to be mounted, read and found sound.
struct Ready {
    tree: Arc<Tree>,
    image: ImageRef,
    kind: &'static str,
    capacity_bytes: u64,
    read_only: bool,
}

/// `mount`.
pub(crate) fn mount(world: &mut World, actor: &Actor, call: &Mount) -> Result<(), SysError> {
    let (mut options, must_write) = parse_options(call.options.as_deref().unwrap_or_default())?;
    if !actor.creds.is_root() {
        return Err(SysError::new(Errno::EPERM, "only root may mount"));
    }
    let node = actor.node;
    let point = mount_point(world, actor, &call.path)?;
    let (source, name) = source_of(world, actor, &call.source)?;
    let volumes = all(world, node);
    if volumes.len() >= VOLUMES {
        let why = format!("a machine has at most {VOLUMES} volumes mounted");
        return Err(SysError::new(Errno::ENOSPC, why));
    }
    check_depth(world, node, source)?;
    let ready = read_source(world, node, source).map_err(|error| on(error, &call.source))?;
    if ready.read_only && must_write {
        return Err(fail(Errno::EROFS, &call.source));
    }
    options.read_only |= ready.read_only;
    for volume in volumes.iter().filter_map(|volume| row(world, node, *volume)) {
        if volume.source == source && !volume.gone && !(volume.options.read_only && options.read_only) {
            return Err(SysError::new(Errno::EBUSY, format!("{}: it is mounted", call.source)));
        }
    }
    let mounted: u64 = volumes
        .iter()
        .map(|volume| {
            world.resource::<FsIndex>().volumes[&(node, *volume)]
                .tree
                .content_bytes()
        })
        .sum();
    if source != Source::Disk && mounted + ready.tree.content_bytes() > MOUNTED_BYTES {
        let why = format!(
            "{}: the images that are mounted have at most {MOUNTED_BYTES} bytes",
            call.source
        );
        return Err(SysError::new(Errno::ENOSPC, why));
    }
    let number = take_number(world, node)?;
    if let Source::File(ino) = source {
        opened(world, node, ino);
    }
    let medium = match source {
        Source::Medium(number) => media::row(world, node, number).map(|medium| medium.cargo().hash()),
        Source::File(_) | Source::Disk => None,
    };
    let volume = Volume {
        number,
        point,
        source,
        name,
        kind: ready.kind.to_owned(),
        options,
        gone: false,
        image: ready.image,
        medium,
        next_ino: ino_in(number, ready.tree.len() + 1),
        capacity_bytes: ready.capacity_bytes,
        since_tick: power_since(world, node),
    };
    let (entity, _) = spawn_row(world, node, volume);
    let tree = ready.tree;
    let mut index = world.resource_mut::<FsIndex>();
    index.add_volume((node, number), point, Mounted { entity, tree });
    Ok(())
}

fn on(error: SysError, path: &str) -> SysError {
    let shown: String = path.chars().take(256).collect();
    SysError::new(error.errno, format!("{shown}: {}", error.message))
}

/// The directory that is to be covered.
fn mount_point(world: &World, actor: &Actor, path: &str) -> Result<u64, SysError> {
    let found = walk(world, actor, path, true)?;
    let ino = match &found.target {
        None => return Err(fail(Errno::ENOENT, path)),
        Some(Target::Proc(_)) => return Err(SysError::new(Errno::EBUSY, format!("{path}: the kernel's own"))),
        Some(Target::Inode(ino)) => *ino,
    };
    if !meta_of(world, actor.node, ino).is_dir() {
        return Err(fail(Errno::ENOTDIR, path));
    }
    if ino == ROOT_INO {
        return Err(SysError::new(Errno::EBUSY, "/: the machine's disk is mounted there"));
    }
    if is_volume_root(ino) {
        return Err(SysError::new(
            Errno::EBUSY,
            format!("{path}: something is mounted there"),
        ));
    }
    // What the kernel mounts is found by its path, and a volume above it would hide it.
    if ["/proc", "/dev"].iter().any(|own| found.path == *own) {
        return Err(SysError::new(Errno::EBUSY, format!("{path}: the kernel's own")));
    }
    actor.require("write", &found.path)?;
    Ok(ino)
}

/// What is to be mounted.
fn source_of(world: &World, actor: &Actor, path: &str) -> Result<(Source, String), SysError> {
    let found: Found = walk(world, actor, path, true)?;
    let ino = match found.target {
        None => return Err(fail(Errno::ENOENT, path)),
        Some(Target::Proc(_)) => return Err(fail(Errno::EINVAL, path)),
        Some(Target::Inode(ino)) => ino,
    };
    actor.require("read", &found.path)?;
    check_present(world, actor.node, ino)?;
    let meta = meta_of(world, actor.node, ino);
    let source = match meta.kind() {
        mode::FILE => Source::File(ino),
        mode::DEVICE if meta.rdev == media::DISK_DEVICE => Source::Disk,
        mode::DEVICE => {
            let slot = media::slot_of(meta.rdev)
                .ok_or_else(|| SysError::new(Errno::EINVAL, format!("{path}: not a drive")))?;
            let medium = media::in_slot(world, actor.node, slot);
            let none = || SysError::new(Errno::ENXIO, format!("{path}: there is nothing in it"));
            Source::Medium(medium.ok_or_else(none)?.number)
        }
        mode::DIR => return Err(fail(Errno::EISDIR, path)),
        _ => {
            return Err(SysError::new(
                Errno::EINVAL,
                format!("{path}: neither an image nor a drive"),
            ));
        }
    };
    Ok((source, found.path))
}

/// An image in an image in an image: each is mounted from the one before, and that has an end.
fn check_depth(world: &World, node: NodeId, source: Source) -> Result<(), SysError> {
    let (mut depth, mut at) = (1, source);
    while let Source::File(ino) = at {
        let Some(below) = of(world, node, ino) else {
            return Ok(());
        };
        depth += 1;
        if depth > DEPTH {
            let why = format!("images are mounted from within images at most {DEPTH} deep");
            return Err(SysError::new(Errno::ELOOP, why));
        }
        at = below.source;
    }
    Ok(())
}

fn read_source(world: &mut World, node: NodeId, source: Source) -> Result<Ready, SysError> {
    match source {
        Source::Disk => {
            let synced = drives(world, node).and_then(|drives| drives.synced.as_ref());
            let none = || SysError::new(Errno::ENXIO, "the disk has not been synced yet");
            let image = synced.ok_or_else(none)?.image.clone();
            let tree = image.open(world.resource::<Blobs>()).map_err(io_error)?;
            let capacity_bytes = tree.content_bytes();
            Ok(Ready {
                tree,
                image,
                kind: "helios",
                capacity_bytes,
                read_only: true,
            })
        }
        Source::File(ino) => {
            let meta = meta_of(world, node, ino);
            if meta.size > IMAGE_BYTES {
                let why = format!("an image file has at most {IMAGE_BYTES} bytes");
                return Err(SysError::new(Errno::EFBIG, why));
            }
            let bytes = data::read(world, node, ino, 0, meta.size)?;
            let read_only = of(world, node, ino).is_some_and(|below| below.options.read_only);
            ready(world, &bytes, IMAGE_BYTES, read_only)
        }
        Source::Medium(number) => {
            let medium = media::row(world, node, number)
                .expect("it was found in its slot")
                .clone();
            let read_only = medium.read_only;
            match &medium.contents {
                Contents::Raw(_) => {
                    let bytes = media::bytes(world, node, number)?;
                    ready(world, &bytes, medium.capacity_bytes, read_only)
                }
                Contents::Image(image) => Ok(Ready {
                    tree: open_tree(world.resource::<Blobs>(), image.id).map_err(io_error)?,
                    image: image.clone(),
                    kind: "helios",
                    capacity_bytes: medium.capacity_bytes,
                    read_only,
                }),
                Contents::Blank => {
                    let root = TreeNode::root(0o755, now_ms(world));
                    let tree = Tree::new(&medium.label, vec![root]).map_err(io_error)?;
                    let image = Image {
                        tree,
                        chunks: BTreeMap::new(),
                    };
                    Ok(Ready {
                        image: store(world, &image)?,
                        tree: Arc::new(image.tree),
                        kind: "helios",
                        capacity_bytes: medium.capacity_bytes,
                        read_only,
                    })
                }
            }
        }
    }
}

/// Reads the bytes of an image or a disc, and puts what they hold into the content store.
fn ready(world: &mut World, bytes: &[u8], capacity_bytes: u64, read_only: bool) -> Result<Ready, SysError> {
    let bad = |error: ImageError| SysError::new(Errno::EINVAL, error.to_string());
    let (image, kind) = if iso::is_iso(bytes) {
        (iso::read(bytes).map_err(bad)?, "iso9660")
    } else {
        (Image::read(bytes).map_err(bad)?, "helios")
    };
    if image.tree.inodes() > VOLUME_INODES {
        let why = format!("a volume has at most {VOLUME_INODES} inodes");
        return Err(SysError::new(Errno::EFBIG, why));
    }
    Ok(Ready {
        image: store(world, &image)?,
        tree: Arc::new(image.tree),
        kind,
        capacity_bytes,
        // A disc is pressed once.
        read_only: read_only || kind == "iso9660",
    })
}

fn take_number(world: &mut World, node: NodeId) -> Result<u32, SysError> {
    with_drives(world, node, |drives| {
        if drives.volumes >= VOLUMES_EVER {
            return Err(SysError::new(
                Errno::ENOSPC,
                "the machine has used up its volume numbers",
            ));
        }
        drives.volumes += 1;
        Ok(drives.volumes)
    })
}
